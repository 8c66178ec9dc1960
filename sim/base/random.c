/* Named random streams over Philox4x32-10, and log, exp and the normal quantile without libm.
 *
 * The cipher's key is the seed. The counter's words are: the low 32 bits of the number of draws;
 * the run; then the low and the high half of the 64-bit name hash, to which the high 32 bits of
 * the number of draws are added, times an odd constant. So 2^32 draws change one word only, and
 * a longer stream walks through other names' counters in no order that a name could share. */
#include "routesim/base/random.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { ROUNDS = 10 };

void philox4x32_10(const guint32 counter[4], const guint32 key[2], guint32 out[4]) {
  guint32 c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  guint32 k0 = key[0], k1 = key[1];
#pragma GCC unroll 10
  for (guint round = 0; round < ROUNDS; round++) {
    const guint64 p0 = G_GUINT64_CONSTANT(0xd2511f53) * c0;
    const guint64 p1 = G_GUINT64_CONSTANT(0xcd9e8d57) * c2;
    c0 = (guint32)(p1 >> 32) ^ c1 ^ k0;
    c1 = (guint32)p1;
    c2 = (guint32)(p0 >> 32) ^ c3 ^ k1;
    c3 = (guint32)p0;
    k0 += 0x9e3779b9; /* Weyl steps: the golden ratio and sqrt(3) - 1 */
    k1 += 0xbb67ae85;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

guint64 random_hash_name(const char *name) {
  guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325);
  for (; *name != '\0'; name++)
    hash = (hash ^ (guint8)*name) * G_GUINT64_CONSTANT(0x100000001b3);
  return random_mix64(hash);
}

RandomStream random_stream(guint64 seed, guint32 run, const char *name) {
  return (RandomStream){.seed = seed, .name_hash = random_hash_name(name), .run = run};
}

guint64 random_bits(RandomStream *stream) {
  const guint64 name =
      stream->name_hash + (stream->draws >> 32) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
  const guint32 counter[4] = {(guint32)stream->draws, stream->run, (guint32)name,
                              (guint32)(name >> 32)};
  const guint32 key[2] = {(guint32)stream->seed, (guint32)(stream->seed >> 32)};
  guint32 block[4];
  philox4x32_10(counter, key, block);
  stream->draws++;
  return (guint64)block[1] << 32 | block[0];
}

/* The midpoints of 2^52 equal cells. With 2^53 cells the last midpoint would need 54 bits and
 * round to 1, which is outside the open interval. */
double random_uniform(RandomStream *stream) {
  return ((double)(random_bits(stream) >> 12) + 0.5) * 0x1p-52;
}

typedef struct {
  double key;
  guint stratum;
} Shuffled;

static int compare_shuffled(const void *a, const void *b) {
  const Shuffled *left = a, *right = b;
  const int order = (left->key > right->key) - (left->key < right->key);
  return order != 0 ? order : (left->stratum > right->stratum) - (left->stratum < right->stratum);
}

void random_strata(RandomStream *stream, guint count, double *places) {
  static const double below_one = 1 - 0x1p-53; /* where the last stratum's sum would round to it */
  g_autofree Shuffled *order = g_new(Shuffled, count);
  for (guint i = 0; i < count; i++)
    order[i] = (Shuffled){random_uniform(stream), i};
  qsort(order, count, sizeof *order, compare_shuffled);
  for (guint i = 0; i < count; i++) {
    const double place = (order[i].stratum + random_uniform(stream)) / count;
    places[i] = MIN(place, below_one);
  }
}

/* ln 2 in two parts: the first has its last 20 bits zero, so that k * ln2_high is exact. */
static const double ln2_high = 6.93147180369123816490e-01;
static const double ln2_low = 1.90821492927058770002e-10;

/* fdlibm's e_log.c (Sun Microsystems 1993): x = 2^k (1 + f) with 1 + f within a factor sqrt(2)
 * of 1, then log(1 + f) by a minimax polynomial in s = f / (2 + f). */
double portable_log(double x) {
  g_assert(x > 0 && x <= DBL_MAX);
  int k;
  double fraction = frexp(x, &k);
  if (fraction < 0x1.6a09e667f3bcdp-1) { /* sqrt(1/2) */
    fraction *= 2;
    k--;
  }
  const double f = fraction - 1;
  const double s = f / (2 + f), z = s * s, w = z * z;
  const double even = w * (3.999999999940941908e-01 +
                           w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const double odd = z * (6.666666666666735130e-01 +
                          w * (2.857142874366239149e-01 +
                               w * (1.818357216161805012e-01 + w * 1.479819860510658591e-01)));
  const double half_square = 0.5 * f * f;
  return k * ln2_high - ((half_square - (s * (half_square + (odd + even)) + k * ln2_low)) - f);
}

/* fdlibm's e_exp.c: x = k ln 2 + r with |r| <= ln 2 / 2, then a rational form of exp(r). */
double portable_exp(double x) {
  g_assert(x == x);
  if (x > 709.782712893383973096)
    return INFINITY;
  if (x < -745.133219101941108420)
    return 0;
  const double k = floor(x * 1.44269504088896338700 + 0.5);
  const double high = x - k * ln2_high, low = k * ln2_low;
  const double r = high - low, t = r * r;
  const double c =
      r - t * (1.66666666666666019037e-01 +
               t * (-2.77777777770155933842e-03 +
                    t * (6.61375632143793436117e-05 +
                         t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
  const double y = 1 - ((low - (r * c) / (2 - c)) - high);
  return ldexp(y, (int)k);
}

enum { TERMS = 8 };

typedef struct {
  double above[TERMS], below[TERMS]; /* coefficients of r^0, r^1, ... */
} Rational;

/* Wichura (1988), "Algorithm AS 241: The percentage points of the normal distribution", Applied
 * Statistics 37, 477-484; the routine PPND16. */
static const Rational as241_middle = {
    {3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3,
     1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
     3.3430575583588128105e+4, 2.5090809287301226727e+3},
    {1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
     2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4,
     5.2264952788528545610e+3},
};
static const Rational as241_tail = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9},
};
static const Rational as241_far_tail = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15},
};

static double polynomial(const double coefficients[TERMS], double x) {
  double sum = coefficients[TERMS - 1];
  for (int i = TERMS - 2; i >= 0; i--)
    sum = sum * x + coefficients[i];
  return sum;
}

static double rational(const Rational *form, double x) {
  return polynomial(form->above, x) / polynomial(form->below, x);
}

double portable_normal_quantile(double p) {
  g_assert(p > 0 && p < 1);
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425)
    return q * rational(&as241_middle, 0.180625 - q * q);
  const double r = sqrt(-portable_log(q < 0 ? p : 1 - p));
  const double x = r <= 5 ? rational(&as241_tail, r - 1.6) : rational(&as241_far_tail, r - 5);
  return q < 0 ? -x : x;
}
