/* Named random streams, counter based (Philox4x32-10; Salmon et al. 2011).
 *
 * A stream is named by (seed, run, name) and by nothing else: adding an object
 * shifts nobody else's draws, and both models meet the same luck. Seeding costs
 * one hash of the name. One draw is one block of the cipher and one uniform; a
 * distribution is drawn through its inverse, so streams stay in step.
 *
 * No libm: glibc's log and exp differ in the last bit between CPUs. The
 * functions here use + - * / sqrt frexp ldexp only, and are bit-identical on
 * any IEEE 754 machine when compiled with -ffp-contract=off. */
#pragma once
#include <glib.h>

typedef struct {
  guint64 seed;      /* the cipher's key */
  guint64 name_hash; /* upper half of its counter */
  guint64 draws;     /* how many were taken */
  guint32 run;
} RandomStream;

RandomStream random_stream(guint64 seed, guint32 run, const char *name);
/* 64 uniform bits. */
guint64 random_bits(RandomStream *stream);
/* One uniform in the open interval (0, 1): an odd multiple of 2^-53. */
double random_uniform(RandomStream *stream);

/* One axis of a Latin hypercube: `places` gets `count` numbers in the open interval (0, 1), one in
 * each of as many strata of the same width, in an order that the stream draws. It takes two
 * uniforms for each. */
void random_strata(RandomStream *stream, guint count, double *places);

/* The bare cipher, for the known-answer test. */
void philox4x32_10(const guint32 counter[4], const guint32 key[2], guint32 out[4]);

/* FNV-1a of the text, then finalised so that each bit depends on all. */
guint64 random_hash_name(const char *name);
/* The finaliser alone (splitmix64). */
static inline guint64 random_mix64(guint64 x) {
  x ^= x >> 30;
  x *= G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
  x ^= x >> 27;
  x *= G_GUINT64_CONSTANT(0x94d049bb133111eb);
  return x ^ (x >> 31);
}

double portable_log(double x); /* x > 0; within 1 ulp of libm */
double portable_exp(double x);
/* Inverse of the standard normal distribution function, 0 < p < 1 (Wichura's
 * AS 241, relative error below 1e-15). */
double portable_normal_quantile(double p);
