/* Gaps in bins; see the header. */
#include "sample_private.h"

#include <gsl/gsl_multimin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "routesim/base/random.h"
#include "routesim/base/statistics.h"

#define MOST_BINS 60
#define MOST_DIGITS 5
#define STEPS 120  /* of the search for a number, at the most */
#define CLOSE 1e-3 /* how near it comes */

/* ---- looking for the least --------------------------------------------------------------- */

typedef struct {
  double (*function)(const double *place, gpointer data);
  gpointer data;
} Wrapped;

static double call(const gsl_vector *place, void *data) {
  const Wrapped *wrapped = data;
  return wrapped->function(place->data, wrapped->data);
}

double find_least(double (*function)(const double *place, gpointer data), gpointer data,
                  double *place, guint count, double step) {
  Wrapped wrapped = {function, data};
  gsl_multimin_function whole = {call, count, &wrapped};
  gsl_multimin_fminimizer *search =
      gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, count);
  gsl_vector_view start = gsl_vector_view_array(place, count);
  gsl_vector *steps = gsl_vector_alloc(count);
  gsl_vector_set_all(steps, step);
  gsl_multimin_fminimizer_set(search, &whole, &start.vector, steps);
  for (guint i = 0; i < STEPS * count && gsl_multimin_fminimizer_size(search) > CLOSE; i++)
    if (gsl_multimin_fminimizer_iterate(search) != 0)
      break;
  const double least = gsl_multimin_fminimizer_minimum(search);
  memcpy(place, gsl_multimin_fminimizer_x(search)->data, count * sizeof *place);
  gsl_vector_free(steps);
  gsl_multimin_fminimizer_free(search);
  return least;
}

/* ---- two distribution functions ---------------------------------------------------------- */

static double ks_uniform(const double *sorted, guint count) {
  double most = 0;
  for (guint i = 0; i < count; i++)
    most = fmax(most, fmax(sorted[i] - (double)i / count, (double)(i + 1) / count - sorted[i]));
  return most;
}

double ks_distance(const double *a, guint a_count, const double *b, guint b_count) {
  guint i = 0, j = 0;
  double most = 0;
  if (b_count == 0)
    return ks_uniform(a, a_count);
  while (i < a_count && j < b_count) {
    const double at = fmin(a[i], b[j]);
    while (i < a_count && a[i] <= at)
      i++;
    while (j < b_count && b[j] <= at)
      j++;
    most = fmax(most, fabs((double)i / a_count - (double)j / b_count));
  }
  return most;
}

/* Stephens 1970: good from some five values on. */
double ks_critical(guint a_count, guint b_count) {
  const double n = b_count == 0 ? a_count : (double)a_count * b_count / ((double)a_count + b_count);
  return 1.358 / (sqrt(n) + 0.12 + 0.11 / sqrt(n));
}

/* ---- data in bins ------------------------------------------------------------------------ */

struct Sample {
  guint count, edges;
  double *sorted;
  double edge[MOST_BINS]; /* of bins 0 .. edges */
  guint in_bin[MOST_BINS + 1];
  double scale; /* all values are whole numbers of one over it; 0: they are finer than that */
  double width; /* over which an edge is blurred, so that a little change changes a little */
};

guint sample_count(const Sample *sample) { return sample->count; }
const double *sample_sorted(const Sample *sample) { return sample->sorted; }

static guint bin_of(const Sample *sample, double value) {
  guint low = 0, high = sample->edges;
  while (low < high) {
    const guint middle = (low + high) / 2;
    if (sample->edge[middle] <= value)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* As many values in each, as far as equal ones let them; edges lie halfway between two. */
static void cut(Sample *sample) {
  const guint wanted = (guint)CLAMP(3 * portable_exp(0.4 * portable_log(sample->count)), 4,
                                    MIN(MOST_BINS, sample->count));
  for (guint i = 1; i < wanted; i++) {
    guint k = i * sample->count / wanted;
    while (k < sample->count && k > 0 && sample->sorted[k] <= sample->sorted[k - 1])
      k++;
    if (k == 0 || k >= sample->count)
      continue;
    const double edge = (sample->sorted[k - 1] + sample->sorted[k]) / 2;
    if (sample->edges == 0 || edge > sample->edge[sample->edges - 1])
      sample->edge[sample->edges++] = edge;
  }
  for (guint i = 0; i < sample->count; i++)
    sample->in_bin[bin_of(sample, sample->sorted[i])]++;
}

/* Digits that values were written with, up to the fifth behind the point. */
static double scale_of(const double *values, guint count) {
  double scale = 1;
  for (guint digits = 0; digits <= MOST_DIGITS; digits++, scale *= 10) {
    guint whole = 0;
    while (whole < count && fabs(values[whole] * scale - floor(values[whole] * scale + 0.5)) <
                                1e-9 * fmax(values[whole] * scale, 1))
      whole++;
    if (whole == count)
      return scale;
  }
  return 0;
}

double sample_step(const Sample *sample) { return sample->scale > 0 ? 1 / sample->scale : 0; }

void sample_round(const Sample *sample, double *gaps, guint count) {
  for (guint i = 0; sample->scale > 0 && i < count; i++)
    gaps[i] = floor(gaps[i] * sample->scale + 0.5) / sample->scale;
}

Sample *sample_new(const double *gaps, guint count) {
  Sample *sample = g_new0(Sample, 1);
  sample->count = count;
  sample->sorted = g_memdup2(gaps, count * sizeof *gaps);
  qsort(sample->sorted, count, sizeof *sample->sorted, double_compare);
  cut(sample);
  sample->scale = scale_of(sample->sorted, count);
  const double spread = sample->sorted[count - 1 - count / 4] - sample->sorted[count / 4];
  sample->width = fmax(0.05 * spread, 1e-6);
  return sample;
}

void sample_free(Sample *sample) {
  if (sample == NULL)
    return;
  g_free(sample->sorted);
  g_free(sample);
}

/* A value near an edge counts on both sides of it. */
static void count_in(const Sample *sample, double value, double *mass) {
  guint bin = bin_of(sample, value - sample->width / 2);
  double rest = 1;
  while (bin < sample->edges && sample->edge[bin] < value + sample->width / 2) {
    const double above = (value + sample->width / 2 - sample->edge[bin]) / sample->width;
    mass[bin] += rest - above;
    rest = above;
    bin++;
  }
  mass[bin] += rest;
}

/* One more value, spread over all bins, keeps what no run gave from being impossible. */
static double unlikeliness_of(const Sample *sample, const double *mass, guint runs) {
  double sum = 0;
  for (guint bin = 0; bin <= sample->edges; bin++)
    if (sample->in_bin[bin] > 0)
      sum -= sample->in_bin[bin] *
             portable_log((mass[bin] + 1. / (sample->edges + 1)) / ((double)runs + 1));
  return sum;
}

double sample_unlikeliness(const Sample *sample, const double *gaps, guint count) {
  double mass[MOST_BINS + 1] = {0};
  for (guint i = 0; i < count; i++)
    count_in(sample, gaps[i], mass);
  return unlikeliness_of(sample, mass, count);
}
