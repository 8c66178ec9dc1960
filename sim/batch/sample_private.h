/* Data beside which the gaps of runs are laid, and how far two samples are apart. */
#pragma once
#include <glib.h>

/* Data, in bins. */
typedef struct Sample Sample;

Sample *sample_new(const double *gaps, guint count);
void sample_free(Sample *sample);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sample, sample_free)
guint sample_count(const Sample *sample);
const double *sample_sorted(const Sample *sample);
/* To how many seconds the values are known, by their digits; 0: better than it matters. Gaps of
 * runs are rounded to that before they are compared. */
double sample_step(const Sample *sample);
void sample_round(const Sample *sample, double *gaps, guint count);
/* Less the logarithm of the likelihood where `count` runs give these gaps. */
double sample_unlikeliness(const Sample *sample, const double *gaps, guint count);

/* The least of a function of `count` numbers, from `place` on, which becomes where it is. */
double find_least(double (*function)(const double *place, gpointer data), gpointer data,
                  double *place, guint count, double step);
/* Kolmogorov's and Smirnov's distance of two sorted samples, and what it stays under in 95 of 100
 * cases where they are of one law. A `count` of 0 of the second: it is the uniform law. */
double ks_distance(const double *a, guint a_count, const double *b, guint b_count);
double ks_critical(guint a_count, guint b_count);
