/* Importance splitting of years over regenerative cycles.
 *
 *     a year of outages --> cycles: from the moment at which something goes down while all is well,
 *       until all is well again
 *         where a cycle reaches a level (so much is down at once), copies of it begin that share
 * its past, and draw their own future up to the end of the cycle of those that reach the next level
 * one stands for all, and of those that do not one
 *
 * So the two that are run count by the numbers of those that they stand for, over the number of
 * copies: the mean is that of the cycle with nothing split, and each step towards what is rare is
 * met in most cycles. The one that reaches the next level is split there again. The cycle of the
 * year itself is one of its copies, and the year goes on with it; the others end with the cycle
 * (RESTART: Villen-Altamirano and Villen-Altamirano 1991; L'Ecuyer, Demers and Tuffin 2007).
 *
 * A copy draws its future anew, so that whatever is up must have no memory: times between failures
 * are exponential. What is planned, maintenance, happens in all copies at the times of the year. It
 * counts as one that is down, however many windows follow each other, and from some time before, so
 * that also what fails shortly before it, and is down when it begins, is met in most cycles. */
#include "campaign_private.h"

/* After its repair: it boots, and sessions and routes come back. Until then it counts as down. */
#define SETTLES (600 * SIM_SECOND)
#define AHEAD 3. /* mean repairs in front of a maintenance, from which on it counts */
#define MOST_COPIES 4000
#define MOST_LEVELS 3 /* split; four at once are met, and what is rarer is left to chance */
#define APART (3600 * SIM_SECOND) /* between two cycles that are run one after the other */

typedef struct {
  const CampaignPlan *plan;
  RandomStream stream;
  GArray *outages; /* of the year, as they begin to count */
  gint64 ahead;    /* see AHEAD */
  guint copies;    /* of each splitting, with what is split */
  GArray *years;
  guint packed;        /* the one that takes copies, one after the other */
  gint64 *repaired_at; /* by source, of the copy that is drawn */
} Splitting;

static const Outage *outage_at(const GArray *cycle, guint index) {
  return &g_array_index(cycle, Outage, index);
}

static gboolean is_maintenance(const Splitting *splitting, const Outage *outage) {
  return splitting->plan->sources[outage->source].is_maintenance;
}

/* From here ... */
static gint64 counts_from(const Splitting *splitting, const Outage *outage) {
  return is_maintenance(splitting, outage) ? MAX(outage->at - splitting->ahead, 0) : outage->at;
}

/* ... up to here it counts as down. */
static gint64 well_at(const Outage *outage) { return outage->over_at + SETTLES; }

static gint64 end_of(const GArray *cycle) {
  gint64 end = 0;
  for (guint i = 0; i < cycle->len; i++)
    end = MAX(end, well_at(outage_at(cycle, i)));
  return end;
}

/* How much is down when this one begins to be. */
static guint level_at(const Splitting *splitting, const GArray *cycle, guint index) {
  const gint64 now = counts_from(splitting, outage_at(cycle, index));
  guint failures = 0;
  gboolean is_maintained = FALSE;
  for (guint i = 0; i <= index; i++) {
    const gboolean is_down = well_at(outage_at(cycle, i)) > now;
    if (is_maintenance(splitting, outage_at(cycle, i)))
      is_maintained |= is_down;
    else
      failures += is_down;
  }
  return failures + is_maintained;
}

/* The outage with which so much is down at once; the length of the cycle: none. */
static guint reaches(const Splitting *splitting, const GArray *cycle, guint level) {
  guint i = 0;
  while (i < cycle->len && level_at(splitting, cycle, i) < level)
    i++;
  return i;
}

/* ---- a copy -----------------------------------------------------------------------------------
 */

/* The first maintenance of the year that the cycle, which goes up to now, has not met. */
static guint next_window(const Splitting *splitting, const GArray *cycle) {
  guint met = 0, i = 0;
  for (guint j = 0; j < cycle->len; j++)
    met += is_maintenance(splitting, outage_at(cycle, j));
  for (; i < splitting->outages->len; i++) {
    const Outage *outage = outage_at(splitting->outages, i);
    if (is_maintenance(splitting, outage) &&
        counts_from(splitting, outage) >= counts_from(splitting, outage_at(cycle, 0)) && met-- == 0)
      break;
  }
  return i;
}

static guint following_window(const Splitting *splitting, guint window) {
  do
    window++;
  while (window < splitting->outages->len &&
         !is_maintenance(splitting, outage_at(splitting->outages, window)));
  return window;
}

static double rate_of_up(const Splitting *splitting, gint64 now) {
  double rate = 0;
  for (guint i = 0; i < splitting->plan->count; i++)
    if (splitting->repaired_at[i] <= now)
      rate += campaign_rate(&splitting->plan->sources[i]);
  return rate;
}

static guint choose(Splitting *splitting, gint64 now, double rate) {
  double rest = random_uniform(&splitting->stream) * rate;
  guint last = 0;
  for (guint i = 0; i < splitting->plan->count; i++) {
    const CampaignSource *source = &splitting->plan->sources[i];
    if (splitting->repaired_at[i] > now || source->is_maintenance)
      continue;
    last = i;
    if ((rest -= campaign_rate(source)) < 0)
      break;
  }
  return last;
}

static void add(Splitting *splitting, GArray *cycle, const Outage *outage) {
  g_array_append_vals(cycle, outage, 1);
  if (!is_maintenance(splitting, outage))
    splitting->repaired_at[outage->source] = outage->over_at;
}

/* The next time at which somebody is repaired, or all is well. */
static gint64 next_change(const Splitting *splitting, gint64 now, gint64 end) {
  gint64 next = end;
  for (guint i = 0; i < splitting->plan->count; i++)
    if (splitting->repaired_at[i] > now)
      next = MIN(next, splitting->repaired_at[i]);
  return next;
}

/* The cycle from its last outage on, drawn up to its end or that of the year. */
static void go_on(Splitting *splitting, GArray *cycle) {
  guint window = next_window(splitting, cycle);
  gint64 now = counts_from(splitting, outage_at(cycle, cycle->len - 1)), end = end_of(cycle);
  while (now < MIN(end, CAMPAIGN_YEAR)) {
    const double rate = rate_of_up(splitting, now);
    const gint64 planned = window < splitting->outages->len
                               ? counts_from(splitting, outage_at(splitting->outages, window))
                               : G_MAXINT64;
    const gint64 until = MIN(next_change(splitting, now, end), planned);
    const double wait =
        rate > 0 ? -portable_log(random_uniform(&splitting->stream)) / rate : 0x1p62;
    if (wait < (double)(until - now)) {
      now += 1 + (gint64)wait;
      const Outage outage = campaign_draw_outage(splitting->plan, choose(splitting, now, rate), now,
                                                 &splitting->stream);
      add(splitting, cycle, &outage);
    } else if (until == planned && planned < end) {
      now = until;
      add(splitting, cycle, outage_at(splitting->outages, window));
      window = following_window(splitting, window);
    } else {
      now = until;
    }
    end = end_of(cycle);
  }
}

/* What shares the past with the cycle up to this outage, which itself is drawn anew. */
static void draw_copy(Splitting *splitting, const GArray *cycle, guint entrance, GArray *copy) {
  g_array_set_size(copy, 0);
  for (guint i = 0; i < splitting->plan->count; i++)
    splitting->repaired_at[i] = 0;
  for (guint i = 0; i < entrance; i++)
    add(splitting, copy, outage_at(cycle, i));
  const Outage *last = outage_at(cycle, entrance);
  const Outage again =
      is_maintenance(splitting, last)
          ? *last
          : campaign_draw_outage(splitting->plan, last->source, last->at, &splitting->stream);
  add(splitting, copy, &again);
  go_on(splitting, copy);
}

/* ---- splitting --------------------------------------------------------------------------------
 */

static void add_cycle(YearDraw *year, const CampaignPlan *plan, const GArray *cycle, gint64 shift,
                      double weight) {
  g_array_append_val(year->weights, weight);
  for (guint i = 0; i < cycle->len; i++) {
    Outage outage = *outage_at(cycle, i);
    outage.at += shift;
    outage.over_at += shift;
    campaign_draw_add(year, plan, &outage);
  }
}

/* A copy is run behind the others, and in a year of its own where the end of the year cuts it. */
static void keep(Splitting *splitting, const GArray *cycle, double weight) {
  const gint64 end = end_of(cycle);
  if (end > CAMPAIGN_YEAR) {
    add_cycle(campaign_draw_new(splitting->years, CAMPAIGN_YEAR), splitting->plan, cycle, 0,
              weight);
    return;
  }
  YearDraw *packed = &g_array_index(splitting->years, YearDraw, splitting->packed);
  const gint64 shift = packed->until - counts_from(splitting, outage_at(cycle, 0));
  packed->until = end + shift + APART;
  add_cycle(packed, splitting->plan, cycle, shift, weight);
}

/* What the cycle counts, beside its copies. */
static double split(Splitting *splitting, const GArray *cycle, guint level, double weight) {
  const guint entrance = reaches(splitting, cycle, level);
  if (level > MOST_LEVELS || entrance == cycle->len)
    return weight;
  const gboolean is_high = reaches(splitting, cycle, level + 1) < cycle->len;
  guint counts[2] = {!is_high, is_high}; /* low, high */
  GArray *copy = g_array_new(FALSE, FALSE, sizeof(Outage));
  GArray *other = g_array_new(FALSE, FALSE, sizeof(Outage)); /* any of those of the other sort */
  for (guint i = 1; i < splitting->copies; i++) {
    draw_copy(splitting, cycle, entrance, copy);
    const gboolean high = reaches(splitting, copy, level + 1) < copy->len;
    counts[high]++;
    if (high != is_high && random_uniform(&splitting->stream) * counts[high] < 1) {
      GArray *chosen = copy;
      copy = other;
      other = chosen;
    }
  }
  const double each = weight / splitting->copies;
  if (counts[!is_high] > 0)
    keep(splitting, other,
         is_high ? each * counts[0] : split(splitting, other, level + 1, each * counts[1]));
  g_array_unref(copy);
  g_array_unref(other);
  return is_high ? split(splitting, cycle, level + 1, each * counts[1]) : each * counts[0];
}

/* From this outage on. */
static GArray *cycle_from(const Splitting *splitting, guint first) {
  GArray *cycle = g_array_new(FALSE, FALSE, sizeof(Outage));
  gint64 end = G_MAXINT64;
  for (guint i = first; i < splitting->outages->len; i++) {
    const Outage *outage = outage_at(splitting->outages, i);
    if (counts_from(splitting, outage) >= end)
      break;
    g_array_append_vals(cycle, outage, 1);
    end = end_of(cycle);
  }
  return cycle;
}

static void split_year(Splitting *splitting) {
  for (guint first = 0; first < splitting->outages->len;) {
    GArray *cycle = cycle_from(splitting, first);
    const double weight = split(splitting, cycle, 1, 1);
    add_cycle(&g_array_index(splitting->years, YearDraw, 0), splitting->plan, cycle, 0, weight);
    first += cycle->len;
    g_array_unref(cycle);
  }
}

static int compare_begins(gconstpointer a, gconstpointer b, gpointer splitting) {
  const gint64 left = counts_from(splitting, a), right = counts_from(splitting, b);
  return (left > right) - (left < right);
}

/* As many as it takes that one of them reaches the next level. */
static void count_copies(Splitting *splitting) {
  const CampaignPlan *plan = splitting->plan;
  double rate = 0, down = 0;
  for (guint i = 0; i < plan->count; i++) {
    const double own = campaign_rate(&plan->sources[i]);
    rate += own;
    if (own > 0)
      down += own * (double)(distribution_mean(&plan->sources[i].failure->mttr.law).ns + SETTLES);
  }
  splitting->copies = down > 0 ? (guint)CLAMP(1 / down + 0.5, 2, MOST_COPIES) : 2;
  splitting->ahead = rate > 0 ? (gint64)(AHEAD * down / rate) : 0;
}

void campaign_split(const CampaignPlan *plan, const RunOptions *options, GArray *outages,
                    GArray *years) {
  Splitting splitting = {.plan = plan,
                         .stream = random_stream(options->seed, options->run, "campaign/split"),
                         .outages = outages,
                         .years = years,
                         .packed = 1,
                         .repaired_at = g_new(gint64, plan->count + 1)};
  count_copies(&splitting);
  g_array_sort_with_data(outages, compare_begins, &splitting);
  campaign_draw_new(years, CAMPAIGN_YEAR);
  campaign_draw_new(years, APART);
  split_year(&splitting);
  g_free(splitting.repaired_at);
}
