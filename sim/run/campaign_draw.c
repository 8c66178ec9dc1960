/* What fails in a year, when, how and for how long; see the header. */
#include <math.h>
#include <string.h>

#include "campaign_private.h"

const char *const campaign_methods[] = {"plain", "biased", "split", NULL};

typedef struct {
  const CampaignPlan *plan;
  const RunOptions *options;
  GArray *years;         /* YearDraw */
  GArray *outages;       /* Outage, of those that draw each by itself */
  RandomStream *streams; /* by source */
} Draws;

/* ---- what a source draws ------------------------------------------------------------------------
 */

/* Two blocks about the same thing are two sources, each with its own luck. */
static RandomStream stream_of(const Draws *draws, guint number) {
  const CampaignSource *sources = draws->plan->sources, *source = &sources[number];
  guint before = 0;
  for (guint i = 0; i < number; i++)
    before += strcmp(sources[i].name, source->name) == 0 &&
              sources[i].is_maintenance == source->is_maintenance;
  g_autofree char *name = g_strdup_printf(
      "campaign/%s%s/%u", source->is_maintenance ? "maintenance/" : "", source->name, before);
  return random_stream(draws->options->seed, draws->options->run, name);
}

/* ---- each by itself
 * ------------------------------------------------------------------------------ */

static void draw_failures(Draws *draws, guint number) {
  const DesignFailure *failure = draws->plan->sources[number].failure;
  RandomStream *stream = &draws->streams[number];
  gint64 at = 0;
  while ((at += campaign_draw(&failure->mtbf, stream)) < CAMPAIGN_YEAR) {
    const Outage outage = campaign_draw_outage(draws->plan, number, at, stream);
    g_array_append_val(draws->outages, outage);
    at = outage.over_at;
  }
}

/* One window; returns its end. */
static gint64 draw_window(Draws *draws, guint number, gint64 at) {
  const CampaignSource *source = &draws->plan->sources[number];
  const DesignMaintenance *maintenance = source->failure->maintenance;
  RandomStream *stream = &draws->streams[number];
  gint64 end = at;
  for (guint i = 0; i < source->target_count; i++) {
    const gint64 back = at + campaign_draw(&maintenance->takes, stream);
    const gint64 next = back + campaign_draw(&maintenance->pause, stream);
    const Outage outage = {at, back, number, source->targets[i], maintenance->how};
    if (at < CAMPAIGN_YEAR)
      g_array_append_val(draws->outages, outage);
    end = MAX(end, back);
    if (maintenance->order == MAINTENANCE_ONE_BY_ONE)
      at = next;
  }
  return end;
}

static void draw_windows(Draws *draws, guint number) {
  const DesignMaintenance *maintenance = draws->plan->sources[number].failure->maintenance;
  gint64 at = 0;
  while ((at += campaign_draw(&maintenance->every, &draws->streams[number])) < CAMPAIGN_YEAR)
    at = draw_window(draws, number, at);
}

static int compare_outages(gconstpointer a, gconstpointer b) {
  const Outage *left = a, *right = b;
  int order = (left->at > right->at) - (left->at < right->at);
  if (order == 0)
    order = (left->source > right->source) - (left->source < right->source);
  return order != 0 ? order : g_strcmp0(left->target, right->target);
}

static void draw_each(Draws *draws) {
  for (guint i = 0; i < draws->plan->count; i++)
    (draws->plan->sources[i].is_maintenance ? draw_windows : draw_failures)(draws, i);
  g_array_sort(draws->outages, compare_outages);
}

static void draw_plain(Draws *draws) {
  const double one = 1;
  YearDraw *year = campaign_draw_new(draws->years, CAMPAIGN_YEAR);
  draw_each(draws);
  g_array_append_val(year->weights, one);
  for (guint i = 0; i < draws->outages->len; i++)
    campaign_draw_add(year, draws->plan, &g_array_index(draws->outages, Outage, i));
}

static void draw_split(Draws *draws) {
  draw_each(draws);
  campaign_split(draws->plan, draws->options, draws->outages, draws->years);
}

/* ---- all together, biased
 * ------------------------------------------------------------------------ */

#define AIM 0.7    /* second failures that a mean repair shall meet; fewer are left to chance */
#define REPAIRS 8. /* so many mean repairs long a busy period is biased, lest weights run away */

typedef struct {
  const CampaignPlan *plan;
  YearDraw *year;
  RandomStream stream, *streams; /* of all, and by source */
  gint64 *repaired_at;           /* by source; 0: it is up */
  guint down;
  gint64 at;
  double mean_repair; /* in ns, of all by their rates */
  double bias;        /* B */
  /* Of the busy period. */
  gint64 biased_until;
  double weight;
} Biased;

static double rate_of_up(const Biased *biased) {
  double rate = 0;
  for (guint i = 0; i < biased->plan->count; i++)
    if (biased->repaired_at[i] == 0)
      rate += campaign_rate(&biased->plan->sources[i]);
  return rate;
}

static gint64 next_repair(const Biased *biased, guint *number) {
  gint64 next = G_MAXINT64;
  for (guint i = 0; i < biased->plan->count; i++)
    if (biased->repaired_at[i] != 0 && biased->repaired_at[i] < next) {
      next = biased->repaired_at[i];
      *number = i;
    }
  return next;
}

static guint choose(Biased *biased, double rate) {
  const CampaignPlan *plan = biased->plan;
  double rest = random_uniform(&biased->stream) * rate;
  guint last = 0;
  for (guint i = 0; i < plan->count; i++) {
    if (biased->repaired_at[i] != 0)
      continue;
    last = i;
    if ((rest -= campaign_rate(&plan->sources[i])) < 0)
      break;
  }
  return last;
}

static void note_weight(Biased *biased) {
  GArray *weights = biased->year->weights;
  if (weights->len > 0 && (biased->down == 0 || biased->at >= CAMPAIGN_YEAR))
    g_array_index(weights, double, weights->len - 1) = biased->weight;
}

/* A failure, now. The first of a busy period begins it; the second one ends its bias. */
static void one_fails(Biased *biased, guint number) {
  if (biased->down == 0) {
    const double one = 1;
    biased->weight = 1;
    g_array_append_val(biased->year->weights, one);
    biased->biased_until = biased->at + (gint64)(REPAIRS * biased->mean_repair);
  } else if (biased->at < biased->biased_until) {
    biased->weight /= biased->bias;
    biased->biased_until = biased->at;
  }
  const Outage outage =
      campaign_draw_outage(biased->plan, number, biased->at, &biased->streams[number]);
  campaign_draw_add(biased->year, biased->plan, &outage);
  biased->repaired_at[number] = outage.over_at;
  biased->down++;
}

/* The next thing that happens. */
static void go_on(Biased *biased) {
  const double rate = rate_of_up(biased);
  const gboolean is_biased = biased->down > 0 && biased->at < biased->biased_until;
  guint number = 0;
  const gint64 repair = next_repair(biased, &number);
  const gint64 until = is_biased ? MIN(repair, biased->biased_until) : repair;
  const double u = random_uniform(&biased->stream);
  const double wait =
      rate > 0 ? -portable_log(u) / (rate * (is_biased ? biased->bias : 1)) : 0x1p62;
  const gint64 fails_at = wait < 0x1p61 ? biased->at + 1 + (gint64)wait : G_MAXINT64;
  const gint64 next = MIN(fails_at, until);
  if (is_biased)
    biased->weight *= portable_exp((biased->bias - 1) * rate * (double)(next - biased->at));
  biased->at = next;
  if (next < until) {
    if (next < CAMPAIGN_YEAR)
      one_fails(biased, choose(biased, rate));
  } else if (next == repair) {
    biased->repaired_at[number] = 0;
    biased->down--;
  }
  note_weight(biased);
}

static double mean_repair_of(const CampaignPlan *plan, double *all_rates) {
  double sum = 0;
  *all_rates = 0;
  for (guint i = 0; i < plan->count; i++) {
    const double rate = campaign_rate(&plan->sources[i]);
    sum += rate * (double)distribution_mean(&plan->sources[i].failure->mttr.law).ns;
    *all_rates += rate;
  }
  return sum / *all_rates;
}

static void draw_biased(Draws *draws) {
  const CampaignPlan *plan = draws->plan;
  double rates;
  const double repair = mean_repair_of(plan, &rates);
  Biased biased = {.plan = plan,
                   .year = campaign_draw_new(draws->years, CAMPAIGN_YEAR),
                   .stream =
                       random_stream(draws->options->seed, draws->options->run, "campaign/biased"),
                   .streams = draws->streams,
                   .repaired_at = g_new0(gint64, plan->count),
                   .mean_repair = repair,
                   .bias = MAX(1, AIM / (rates * repair))};
  while (biased.at < CAMPAIGN_YEAR)
    go_on(&biased);
  g_free(biased.repaired_at);
}

const CampaignSource *campaign_refuses(const CampaignPlan *plan) {
  for (guint i = 0; i < plan->count && plan->method != CAMPAIGN_PLAIN; i++) {
    const CampaignSource *source = &plan->sources[i];
    if (source->is_maintenance ? plan->method == CAMPAIGN_BIASED
                               : source->failure->mtbf.law.kind != DISTRIBUTION_EXPONENTIAL)
      return source;
  }
  return NULL;
}

/* ---- a year
 * --------------------------------------------------------------------------------------- */

/* Who comes back does so before another goes, at one moment. */
static int compare_moments(gconstpointer a, gconstpointer b) {
  const Moment *left = a, *right = b;
  int order = (left->at > right->at) - (left->at < right->at);
  if (order == 0)
    order = left->begins - right->begins;
  if (order == 0)
    order = (left->source > right->source) - (left->source < right->source);
  return order != 0 ? order : strcmp(left->target, right->target);
}

GArray *campaign_draw_year(const RunOptions *options, const CampaignPlan *plan) {
  static void (*const methods[])(Draws *) = {[CAMPAIGN_PLAIN] = draw_plain,
                                             [CAMPAIGN_BIASED] = draw_biased,
                                             [CAMPAIGN_SPLIT] = draw_split};
  Draws draws = {.plan = plan,
                 .options = options,
                 .years = g_array_new(FALSE, FALSE, sizeof(YearDraw)),
                 .outages = g_array_new(FALSE, FALSE, sizeof(Outage)),
                 .streams = g_new(RandomStream, plan->count + 1)};
  for (guint i = 0; i < plan->count; i++)
    draws.streams[i] = stream_of(&draws, i);
  methods[plan->method](&draws);
  for (guint i = 0; i < draws.years->len; i++)
    g_array_sort(g_array_index(draws.years, YearDraw, i).moments, compare_moments);
  g_array_unref(draws.outages);
  g_free(draws.streams);
  return draws.years;
}

void campaign_draw_free(GArray *years) {
  for (guint i = 0; i < years->len; i++) {
    g_array_unref(g_array_index(years, YearDraw, i).moments);
    g_array_unref(g_array_index(years, YearDraw, i).weights);
  }
  g_array_unref(years);
}
