/* Exact laws and tests of samples, for the property tests. */
#pragma once
#include <glib.h>

/* The age of a renewal process long after its start: the time since the last message when
 * periods are uniform from `low` to `high` (Cox 1962, section 5.2: its density is the share
 * of periods longer than the age, over their mean). */
typedef struct {
  double low, high;
} AgeLaw;

/* P(age <= a). */
double age_distribution(const AgeLaw *law, double a);
/* Mean and variance of the age, and of the smallest (`least`) or largest of `count`
 * independent ages, by numeric integration. */
typedef struct {
  double mean, variance;
} Moments;
Moments age_moments(const AgeLaw *law, guint count, gboolean least);

/* The test fails unless the mean of `values` lies within 4 standard errors of the law. */
void assert_mean(const double *values, guint count, Moments moments, const char *what);
/* Two-sample Kolmogorov-Smirnov at alpha 0.001; sorts both. Fails the test. */
void assert_same_law(double *a, guint a_count, double *b, guint b_count, const char *what);
/* One-sample, against a distribution function; sorts. */
void assert_has_law(double *values, guint count, double (*distribution)(double x, gpointer data),
                    gpointer data, const char *what);
