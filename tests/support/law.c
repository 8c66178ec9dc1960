/* Laws; see the header. */
#include "support/law.h"

#include <criterion/criterion.h>
#include <math.h>

double age_distribution(const AgeLaw *law, double a) {
  const double mean = (law->low + law->high) / 2;
  if (a <= 0)
    return 0;
  if (a <= law->low)
    return a / mean;
  if (a >= law->high)
    return 1;
  const double beyond = a - law->low;
  return (a - beyond * beyond / (2 * (law->high - law->low))) / mean;
}

/* P(extreme > a). */
static double survival(const AgeLaw *law, guint count, gboolean least, double a) {
  const double below = age_distribution(law, a);
  return least ? pow(1 - below, count) : 1 - pow(below, count);
}

/* Simpson's rule; the integrand is smooth on each side of `low`. */
static double integrate(const AgeLaw *law, guint count, gboolean least, gboolean weighted,
                        double from, double to) {
  const guint steps = 2000;
  const double width = (to - from) / steps;
  double sum = 0;
  for (guint i = 0; i <= steps; i++) {
    const double a = from + i * width;
    const double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
    sum += weight * survival(law, count, least, a) * (weighted ? 2 * a : 1);
  }
  return sum * width / 3;
}

Moments age_moments(const AgeLaw *law, guint count, gboolean least) {
  /* E X = integral of P(X > a); E X^2 = integral of 2 a P(X > a). */
  const double mean = integrate(law, count, least, FALSE, 0, law->low) +
                      integrate(law, count, least, FALSE, law->low, law->high);
  const double square = integrate(law, count, least, TRUE, 0, law->low) +
                        integrate(law, count, least, TRUE, law->low, law->high);
  return (Moments){mean, square - mean * mean};
}

void assert_mean(const double *values, guint count, Moments moments, const char *what) {
  double sum = 0;
  for (guint i = 0; i < count; i++)
    sum += values[i];
  const double mean = sum / count, error = sqrt(moments.variance / count);
  cr_assert_leq(fabs(mean - moments.mean), 4 * error,
                "%s: the mean of %u is %.4f, not %.4f +- 4 * %.4f", what, count, mean, moments.mean,
                error);
}

static int compare_doubles(gconstpointer a, gconstpointer b) {
  const double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

/* Kolmogorov's limit law: P(D sqrt(n) > c) = 2 exp(-2 c^2) = 0.001. */
#define CRITICAL 1.9495

void assert_same_law(double *a, guint a_count, double *b, guint b_count, const char *what) {
  double most = 0;
  guint i = 0, j = 0;
  qsort(a, a_count, sizeof *a, compare_doubles);
  qsort(b, b_count, sizeof *b, compare_doubles);
  while (i < a_count && j < b_count) {
    const double at = MIN(a[i], b[j]);
    while (i < a_count && a[i] <= at)
      i++;
    while (j < b_count && b[j] <= at)
      j++;
    most = MAX(most, fabs((double)i / a_count - (double)j / b_count));
  }
  const double critical = CRITICAL * sqrt(1.0 / a_count + 1.0 / b_count);
  cr_assert_leq(most, critical, "%s: Kolmogorov-Smirnov distance %.4f, at most %.4f at 0.001", what,
                most, critical);
}

void assert_has_law(double *values, guint count, double (*distribution)(double x, gpointer data),
                    gpointer data, const char *what) {
  double most = 0;
  qsort(values, count, sizeof *values, compare_doubles);
  for (guint i = 0; i < count; i++) {
    const double at = distribution(values[i], data);
    most = MAX(most, MAX(fabs(at - (double)i / count), fabs((double)(i + 1) / count - at)));
  }
  cr_assert_leq(most, CRITICAL / sqrt(count), "%s: Kolmogorov-Smirnov distance %.4f, at most %.4f",
                what, most, CRITICAL / sqrt(count));
}
