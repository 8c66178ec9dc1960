/* Hashes of flows, and counting them by residue. */
#include "routesim/flow/traffic.h"

#include <criterion/criterion.h>
#include <math.h>

Test(flow, residues_are_those_of_the_modulo) {
  static const guint moduli[] = {1,   2,    3,    4,     5,     6,     7,      8,
                                 9,   12,   16,   24,    60,    255,   256,    257,
                                 840, 1000, 4096, 65535, 65536, 65537, 705600, 1u << 20};
  const guint count = 20000;
  g_autofree guint32 *hashes = g_new(guint32, count);
  RandomStream random = random_stream(1, 0, "residues");
  for (guint m = 0; m < G_N_ELEMENTS(moduli); m++) {
    const guint modulus = moduli[m];
    g_autofree guint *counts = g_new0(guint, modulus), *naive = g_new0(guint, modulus);
    for (guint i = 0; i < count; i++) /* at and around multiples, where a remainder can go wrong */
      hashes[i] = i < 1000   ? (guint32)(i * (guint64)modulus)
                  : i < 2000 ? (guint32)(i * (guint64)modulus - 1)
                  : i < 3000 ? G_MAXUINT32 - (i - 2000)
                             : (guint32)random_bits(&random);
    for (guint i = 0; i < count; i++)
      naive[hashes[i] % modulus]++;
    flow_count_residues(hashes, count, modulus, counts);
    cr_assert_arr_eq(counts, naive, modulus * sizeof *counts, "modulus %u", modulus);
    flow_count_residues(hashes, count, modulus, counts); /* adds to what is there */
    for (guint i = 0; i < modulus; i++)
      cr_assert_eq(counts[i], 2 * naive[i]);
  }
}

Test(flow, hashes_are_even_and_belong_to_their_name) {
  guint32 first[4096], other[4096];
  flow_hashes(1, 0, "web/0", 0, first, 4096);
  flow_hashes(1, 0, "web/0", 0, other, 4096);
  cr_assert_arr_eq(first, other, sizeof first);
  static const struct {
    guint64 seed;
    guint32 run;
    const char *name;
    guint direction;
  } others[] = {{2, 0, "web/0", 0}, {1, 1, "web/0", 0}, {1, 0, "web/1", 0}, {1, 0, "web/0", 1}};
  for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
    guint same = 0;
    flow_hashes(others[i].seed, others[i].run, others[i].name, others[i].direction, other, 4096);
    for (guint j = 0; j < 4096; j++)
      same += first[j] == other[j];
    cr_assert_leq(same, 1);
  }
  /* A prefix of a longer list: growing a traffic moves nobody. */
  flow_hashes(1, 0, "web/0", 0, other, 100);
  cr_assert_arr_eq(first, other, 100 * sizeof *first);
  for (guint modulus = 2; modulus <= 8; modulus++) {
    guint counts[8] = {0};
    double chi = 0;
    flow_count_residues(first, 4096, modulus, counts);
    for (guint i = 0; i < modulus; i++)
      chi += pow(counts[i] - 4096.0 / modulus, 2) / (4096.0 / modulus);
    cr_assert_lt(chi, modulus - 1 + 5 * sqrt(2 * (modulus - 1)), "modulus %u: chi %g", modulus,
                 chi);
  }
}
