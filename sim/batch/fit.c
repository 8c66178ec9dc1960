/* Laws fitted to gaps, by likelihood. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calibrate_private.h"

#define KNOTS_LEAST 200
#define AGAIN 200      /* times that data and runs are drawn anew */
#define SHORT_LIST 3   /* kinds of laws that are tried then ... */
#define HARDLY_WORSE 4 /* ... of a criterion that is so much greater at the most */

/* ---- one kind of law --------------------------------------------------------------------- */

typedef struct {
  const Response *response;
  const Sample *sample;
  const Distribution *own;
  LawKind kind;
  const guint *runs; /* that count, with repeats; NULL: each once */
  double *gaps;      /* room for those of all runs */
} Search;

static double unlikeliness_at(const double *place, gpointer data) {
  const Search *search = data;
  const Law law = law_at(search->kind, search->own, place);
  const guint runs = response_runs(search->response);
  for (guint i = 0; i < runs; i++)
    search->gaps[i] =
        response_gap_of(search->response, search->runs != NULL ? search->runs[i] : i, &law);
  return sample_unlikeliness(search->sample, search->gaps, runs);
}

/* Schwarz's criterion of the kind at its best place. */
static double try_kind(Search *search, double *place) {
  const guint numbers = law_numbers(search->kind);
  const double least = find_least(unlikeliness_at, search, place, numbers, 0.2);
  return 2 * least + numbers * portable_log(sample_count(search->sample));
}

/* Seven numbers are not asked of few values. */
static gboolean is_possible(LawKind kind, const Distribution *own, guint values) {
  if (kind == LAW_KNOTS)
    return values >= KNOTS_LEAST;
  return kind != LAW_OWN ||
         (own != NULL && own->kind != DISTRIBUTION_CONSTANT && distribution_mean(own).ns > 0 &&
          distribution_quantile(own, 0.5).ns > 0);
}

typedef struct {
  LawKind kind;
  double criterion, place[LAW_NUMBERS];
} Tried;

static int compare_tried(const void *a, const void *b) {
  const Tried *left = a, *right = b;
  return (left->criterion > right->criterion) - (left->criterion < right->criterion);
}

/* Where to begin: the trait is about what the gaps are more than without it. */
static void find_start(Search *search, double *place) {
  const guint runs = response_runs(search->response), n = sample_count(search->sample);
  const double *least = response_least(search->response), *gaps = sample_sorted(search->sample);
  const double low = gaps[n / 4] - least[runs / 4], middle = gaps[n / 2] - least[runs / 2];
  const double high = gaps[n - 1 - n / 4] - least[runs - 1 - runs / 4];
  const double floor = 0.02 * gaps[n / 2];
  const double median = fmax(middle, floor);
  law_start(search->kind, search->own, CLAMP(low, 0.2 * median, median), median,
            fmax(high, 1.2 * median), place);
}

/* What has any form begins where the best of the others is. */
static void start_knots(const Distribution *own, const Tried *tried, guint count, double *place) {
  guint best = 0;
  for (guint i = 1; i < count; i++)
    if (tried[i].criterion < tried[best].criterion)
      best = i;
  const Law law = law_at(tried[best].kind, own, tried[best].place);
  law_start_knots(&law, place);
}

/* The law that the scenario has may be the right one: it is tried from there as well. */
static void try_own_as_it_is(Search *search, Tried *one) {
  double place[LAW_NUMBERS] = {0}; /* the factor 1 */
  const double criterion = try_kind(search, place);
  if (criterion >= one->criterion)
    return;
  one->criterion = criterion;
  memcpy(one->place, place, sizeof one->place);
}

/* All kinds, the best first; the number of those that are possible. */
static guint try_all(Search *search, Tried *tried) {
  guint count = 0;
  for (guint kind = 0; kind < LAW_KINDS; kind++) {
    if (!is_possible((LawKind)kind, search->own, sample_count(search->sample)))
      continue;
    Tried *one = &tried[count++];
    search->kind = one->kind = (LawKind)kind;
    if (kind == LAW_KNOTS)
      start_knots(search->own, tried, count - 1, one->place);
    else
      find_start(search, one->place);
    one->criterion = try_kind(search, one->place);
    if (kind == LAW_OWN)
      try_own_as_it_is(search, one);
  }
  qsort(tried, count, sizeof *tried, compare_tried);
  return count;
}

Law fit_law(const Response *response, const Sample *sample, const Distribution *own) {
  g_autofree double *gaps = g_new(double, response_runs(response));
  Search search = {response, sample, own, LAW_CONSTANT, NULL, gaps};
  Tried tried[LAW_KINDS];
  try_all(&search, tried);
  return law_at(tried[0].kind, own, tried[0].place);
}

/* ---- how sure
 * ------------------------------------------------------------------------------------ */

static guint draw_below(RandomStream *stream, guint count) {
  return (guint)(random_uniform(stream) * count);
}

/* Medians of each kind on the list, fitted to data and runs that are drawn anew. */
static void medians_anew(const Search *whole, const Tried *list, guint count, RandomStream *stream,
                         double (*medians)[AGAIN], guint again) {
  const guint n = sample_count(whole->sample), runs = response_runs(whole->response);
  g_autofree double *gaps = g_new(double, n);
  g_autofree guint *which = g_new(guint, runs);
  for (guint i = 0; i < n; i++)
    gaps[i] = sample_sorted(whole->sample)[draw_below(stream, n)];
  for (guint i = 0; i < runs; i++)
    which[i] = draw_below(stream, runs);
  g_autoptr(Sample) sample = sample_new(gaps, n);
  Search search = *whole;
  search.sample = sample;
  search.runs = which;
  for (guint i = 0; i < count; i++) {
    Tried one = list[i];
    search.kind = one.kind;
    try_kind(&search, one.place);
    const Law law = law_at(one.kind, search.own, one.place);
    medians[i][again] = law_median(&law);
  }
}

static guint short_list(const Tried *tried, guint all) {
  guint count = 1;
  while (count < MIN(all, SHORT_LIST) && tried[count].criterion < tried[0].criterion + HARDLY_WORSE)
    count++;
  return count;
}

/* What no kind on the list excludes is not excluded. */
void fit_interval(const Response *response, const Sample *sample, const Distribution *own,
                  guint64 seed, double *low, double *high) {
  g_autofree double *gaps = g_new(double, response_runs(response));
  Search search = {response, sample, own, LAW_CONSTANT, NULL, gaps};
  RandomStream stream = random_stream(seed, 0, "calibrate/again");
  const guint tail = (guint)(AGAIN * (1 - CALIBRATION_LEVEL) / 2);
  Tried tried[LAW_KINDS];
  double medians[SHORT_LIST][AGAIN];
  const guint count = short_list(tried, try_all(&search, tried));
  for (guint i = 0; i < AGAIN; i++)
    medians_anew(&search, tried, count, &stream, medians, i);
  *low = HUGE_VAL;
  *high = 0;
  for (guint i = 0; i < count; i++) {
    qsort(medians[i], AGAIN, sizeof **medians, double_compare);
    *low = fmin(*low, medians[i][tail]);
    *high = fmax(*high, medians[i][AGAIN - 1 - tail]);
  }
}
