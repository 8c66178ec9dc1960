#include "routesim/base/random.h"

#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

Test(random, known_answers_of_the_cipher) {
  /* Random123 (Salmon et al. 2011), kat_vectors, philox4x32 10. */
  static const struct {
    guint32 counter[4], key[2], answer[4];
  } vectors[] = {
      {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
       {0xffffffff, 0xffffffff},
       {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(vectors); i++) {
    guint32 out[4];
    philox4x32_10(vectors[i].counter, vectors[i].key, out);
    cr_assert_arr_eq(out, vectors[i].answer, sizeof out, "vector %zu", i);
  }
}

Test(random, streams_are_what_the_comment_says) {
  const guint64 seed = G_GUINT64_CONSTANT(0x0123456789abcdef);
  const guint64 draws[] = {0, 1, 0xffffffff, G_GUINT64_CONSTANT(0x100000000),
                           G_GUINT64_CONSTANT(0x300000005)};
  for (gsize i = 0; i < G_N_ELEMENTS(draws); i++) {
    RandomStream stream = random_stream(seed, 7, "program/rs");
    cr_assert_eq(stream.name_hash, random_hash_name("program/rs"));
    stream.draws = draws[i];
    const guint64 name =
        stream.name_hash + (draws[i] >> 32) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    const guint32 counter[4] = {(guint32)draws[i], 7, (guint32)name, (guint32)(name >> 32)};
    const guint32 key[2] = {0x89abcdef, 0x01234567};
    guint32 block[4];
    philox4x32_10(counter, key, block);
    cr_assert_eq(random_bits(&stream), (guint64)block[1] << 32 | block[0]);
    cr_assert_eq(stream.draws, draws[i] + 1, "one draw, one block");
  }
  /* FNV-1a of "" is its offset basis, of "a" a published value. */
  cr_assert_eq(random_hash_name(""), random_mix64(G_GUINT64_CONSTANT(0xcbf29ce484222325)));
  cr_assert_eq(random_hash_name("a"), random_mix64(G_GUINT64_CONSTANT(0xaf63dc4c8601ec8c)));
  cr_assert_eq(random_mix64(G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)),
               G_GUINT64_CONSTANT(0xe220a8397b1dcdaf), "splitmix64's first output for seed 0");

  /* Every part of the name counts, each bit of the seed too, and no two streams share a start. */
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  guint count = 0;
  for (guint bit = 0; bit < 64; bit++)
    for (guint32 run = 0; run < 50; run++)
      for (guint name = 0; name < 10; name++, count++) {
        char text[] = "fw-0";
        text[3] = (char)('0' + name);
        RandomStream stream = random_stream(G_GUINT64_CONSTANT(1) << bit, run, text);
        const guint64 bits = random_bits(&stream);
        g_hash_table_add(seen, g_memdup2(&bits, sizeof bits));
      }
  cr_assert_eq(g_hash_table_size(seen), count);
}

Test(random, uniforms) {
  RandomStream stream = random_stream(42, 0, "uniform");
  enum { COUNT = 1000000, CELLS = 1000 };
  static guint cells[CELLS];
  double sum = 0, product = 0, before = 0.5;
  for (guint i = 0; i < COUNT; i++) {
    RandomStream copy = stream;
    const double u = random_uniform(&stream);
    cr_assert(u > 0 && u < 1);
    cr_assert_eq(u, ((double)(random_bits(&copy) >> 12) + 0.5) * 0x1p-52);
    cr_assert_lt(1 - u, 1.0, "1 - u is exact and inside as well");
    cells[(guint)(u * CELLS)]++;
    sum += u;
    product += (u - 0.5) * (before - 0.5);
    before = u;
  }
  cr_assert_float_eq(sum / COUNT, 0.5, 4 * 0.2887 / sqrt(COUNT));
  cr_assert_float_eq(product / COUNT * 12, 0, 4 / sqrt(COUNT), "serial correlation");
  double chi_squared = 0;
  for (guint i = 0; i < CELLS; i++)
    chi_squared += pow(cells[i] - (double)COUNT / CELLS, 2) / ((double)COUNT / CELLS);
  cr_assert(gsl_cdf_chisq_Q(chi_squared, CELLS - 1) > 1e-4, "chi squared %g", chi_squared);
  /* The ends of the interval, which no test draws: the smallest and the largest cell. */
  cr_assert_gt((0 + 0.5) * 0x1p-52, 0);
  cr_assert_lt(((double)(G_MAXUINT64 >> 12) + 0.5) * 0x1p-52, 1);
}

static double ulp(double x) { return nextafter(fabs(x), INFINITY) - fabs(x); }

Test(random, portable_functions_against_libm) {
  RandomStream stream = random_stream(1, 0, "arguments");
  for (guint i = 0; i < 300000; i++) {
    const double u = random_uniform(&stream);
    const int exponent = (int)(random_bits(&stream) % 2000) - 1000;
    const double x = i % 3 == 0 ? ldexp(u + 0.5, exponent) : i % 3 == 1 ? u : u * 3;
    cr_assert(fabs(portable_log(x) - log(x)) <= ulp(log(x)), "log of %a", x);
    const double y = i % 2 == 0 ? (u - 0.5) * 1400 : u * 4 - 2;
    cr_assert(fabs(portable_exp(y) - exp(y)) <= ulp(exp(y)), "exp of %a", y);
    const double p = i % 2 == 0 ? u : exp(-u * 36);
    const double quantile = gsl_cdf_ugaussian_Pinv(p);
    cr_assert(fabs(portable_normal_quantile(p) - quantile) <= 1e-15 * fabs(quantile),
              "quantile of %a", p);
    if (p > 1e-8)
      cr_assert_float_eq(gsl_cdf_ugaussian_P(portable_normal_quantile(p)), p, 4e-16);
  }
  cr_assert_eq(portable_log(1), 0);
  cr_assert_eq(portable_log(0x1p-1074), log(0x1p-1074));
  cr_assert_eq(portable_log(0x1.fffffffffffffp+1023), log(0x1.fffffffffffffp+1023));
  cr_assert_eq(portable_exp(0), 1);
  cr_assert_eq(portable_exp(-0.0), 1);
  cr_assert_eq(portable_exp(709.79), INFINITY);
  cr_assert_eq(portable_exp(INFINITY), INFINITY);
  cr_assert(portable_exp(709.78) < INFINITY);
  cr_assert_eq(portable_exp(-745.14), 0);
  cr_assert_eq(portable_exp(-INFINITY), 0);
  cr_assert_eq(portable_exp(-745), 0x1p-1074);
  cr_assert_eq(portable_normal_quantile(0.5), 0);
}

typedef struct {
  double x, y;
} Golden;

/* Held against 90 digits: log within 0.5, exp within 0.7, quantile within 3.5 units of the last
 * place. */
static const Golden logs[] = {
    {0x1.56e1fc2f8f359p-997, -0x1.5963447f87fb5p+9},
    {0x0.0000000000001p-1022, -0x1.74385446d71c3p+9},
    {0x1p-53, -0x1.25e4f7b2737fap+5},
    {0x1.999999999999ap-4, -0x1.26bb1bbb55515p+1},
    {0x1p-1, -0x1.62e42fefa39efp-1},
    {0x1.6a09e667f3bccp-1, -0x1.62e42fefa39f1p-2},
    {0x1.6a09e667f3bcdp-1, -0x1.62e42fefa39eep-2},
    {0x1.ffffffffea028p-1, -0x1.5fd80000078e5p-37},
    {0x1p+0, 0x0p+0},
    {0x1.000000006df38p+0, 0x1.b7cdffffa18d8p-34},
    {0x1.8p+0, 0x1.9f323ecbf984cp-2},
    {0x1p+1, 0x1.62e42fefa39efp-1},
    {0x1.5bf0a8b145769p+1, 0x1p+0},
    {0x1.4p+3, 0x1.26bb1bbb55516p+1},
    {0x1.81cd6c8b43958p+13, 0x1.2d79559791e31p+3},
    {0x1.7e43c8800759cp+996, 0x1.5963447f87fb5p+9},
};
static const Golden exps[] = {
    {-0x1.748p+9, 0x0.0000000000001p-1022},
    {-0x1.624p+9, 0x0.e6cf6d08897acp-1022},
    {-0x1.91p+6, 0x1.4acd31e167ebbp-145},
    {-0x1p+0, 0x1.78b56362cef38p-2},
    {-0x1p-40, 0x1.fffffffffep-1},
    {0x0p+0, 0x1p+0},
    {0x1p-30, 0x1.00000004p+0},
    {0x1.3333333333333p-2, 0x1.599058c8c1a96p+0},
    {0x1.62e42fefa39efp-2, 0x1.6a09e667f3bccp+0},
    {0x1p-1, 0x1.a61298e1e069cp+0},
    {0x1p+0, 0x1.5bf0a8b14576ap+1},
    {0x1p+1, 0x1.d8e64b8d4ddaep+2},
    {0x1.4333333333333p+3, 0x1.7c5c09a68d572p+14},
    {0x1.92ccccccccccdp+6, 0x1.36b3df32523b5p+145},
    {0x1.5ep+9, 0x1.d945df4f8ec8ep+1009},
    {0x1.62e3d70a3d70ap+9, 0x1.fe9ce5c4c52b4p+1023},
};
static const Golden quantiles[] = {
    {0x1p-53, -0x1.06b48528cea51p+3},
    {0x1.19799812dea11p-40, -0x1.c234fba57a32ap+2},
    {0x1.0c6f7a0b5ed8dp-20, -0x1.30381a9799f7ep+2},
    {0x1.0624dd2f1a9fcp-10, -0x1.8b8cbb720447p+1},
    {0x1.999999999999ap-6, -0x1.f5c0331eeff83p+0},
    {0x1.999999999999ap-5, -0x1.a515209676abdp+0},
    {0x1.2f1a9fbe76c8bp-4, -0x1.72567aa9caedap+0},
    {0x1.374bc6a7ef9dbp-4, -0x1.6eb87f9160bc9p+0},
    {0x1p-2, -0x1.5956b87528a49p-1},
    {0x1.999999999999ap-2, -0x1.036d6c4a04b59p-2},
    {0x1p-1, 0x0p+0},
    {0x1.3333333333333p-1, 0x1.036d6c4a04b59p-2},
    {0x1.999999999999ap-1, 0x1.aee8fa73a1335p-1},
    {0x1.d916872b020c5p-1, 0x1.6eb87f9160bccp+0},
    {0x1.da1cac083126fp-1, 0x1.72567aa9caedap+0},
    {0x1.e666666666666p-1, 0x1.a515209676ab8p+0},
    {0x1.f333333333333p-1, 0x1.f5c0331eeff82p+0},
    {0x1.ff7ced916872bp-1, 0x1.8b8cbb720447p+1},
    {0x1.fffffffffffffp-1, 0x1.06b48528cea51p+3},
};

static void assert_golden(double (*function)(double), const Golden *golden, gsize count) {
  for (gsize i = 0; i < count; i++) {
    const double y = function(golden[i].x);
    cr_assert(memcmp(&y, &golden[i].y, sizeof y) == 0, "at %a: %a, not %a", golden[i].x, y,
              golden[i].y);
  }
}

static guint64 fold(guint64 hash, double value) {
  guint64 bits;
  memcpy(&bits, &value, sizeof bits);
  return random_mix64(hash ^ bits);
}

/* A last bit that differs on some CPU or compiler turns this red: single values catch a wrong
 * constant, the folds a contraction that shows once in ten thousand. */
Test(random, golden_bits) {
  assert_golden(portable_log, logs, G_N_ELEMENTS(logs));
  assert_golden(portable_exp, exps, G_N_ELEMENTS(exps));
  assert_golden(portable_normal_quantile, quantiles, G_N_ELEMENTS(quantiles));

  static const double uniforms[] = {
      0x1.644bce7696dd8p-4, 0x1.da05e385244c4p-3, 0x1.380332936770ap-2,
      0x1.5eb658b550db3p-1, 0x1.69d82e2b152a7p-1, 0x1.cbd56f91a38bap-2,
  };
  RandomStream stream = random_stream(42, 7, "program/rs");
  cr_assert_eq(stream.name_hash, G_GUINT64_CONSTANT(0x0d8d0d390bdc816a));
  for (gsize i = 0; i < G_N_ELEMENTS(uniforms); i++)
    cr_assert_eq(random_uniform(&stream), uniforms[i], "draw %zu", i);

  guint64 log_fold = 0, exp_fold = 0, quantile_fold = 0;
  for (guint i = 0; i < 200000; i++) {
    const double u = random_uniform(&stream);
    log_fold = fold(log_fold, portable_log(u));
    exp_fold = fold(exp_fold, portable_exp(20 * u - 10));
    quantile_fold = fold(quantile_fold, portable_normal_quantile(u));
  }
  cr_expect_eq(log_fold, G_GUINT64_CONSTANT(0xfe0494ca5844879f), "log: %" G_GINT64_MODIFIER "x",
               log_fold);
  cr_expect_eq(exp_fold, G_GUINT64_CONSTANT(0x3fca37f8e448589a), "exp: %" G_GINT64_MODIFIER "x",
               exp_fold);
  cr_expect_eq(quantile_fold, G_GUINT64_CONSTANT(0x1f6a383331caf233),
               "quantile: %" G_GINT64_MODIFIER "x", quantile_fold);
}
