/* What is down from when to when, in what a campaign runs; see campaign_private.h. */
#include "campaign_private.h"

/* ---- what happens -------------------------------------------------------------------------------
 */

YearDraw *campaign_draw_new(GArray *years, gint64 until) {
  const YearDraw year = {g_array_new(FALSE, FALSE, sizeof(Moment)),
                         g_array_new(FALSE, FALSE, sizeof(double)), until};
  g_array_append_val(years, year);
  return &g_array_index(years, YearDraw, years->len - 1);
}

static void add_moment(YearDraw *year, const Moment *moment) {
  if (moment->at < year->until)
    g_array_append_vals(year->moments, moment, 1);
}

static void add_of_target(YearDraw *year, const Outage *outage, const char *target) {
  Moment moment = {.at = outage->at,
                   .source = outage->source,
                   .begins = TRUE,
                   .over_at = outage->over_at,
                   .target = target,
                   .how = outage->how,
                   .period = year->weights->len - 1};
  add_moment(year, &moment);
  moment.begins = FALSE;
  moment.at = moment.over_at;
  add_moment(year, &moment);
}

void campaign_draw_add(YearDraw *year, const CampaignPlan *plan, const Outage *outage) {
  const CampaignSource *source = &plan->sources[outage->source];
  if (outage->target != NULL)
    add_of_target(year, outage, outage->target);
  else
    for (guint i = 0; i < source->target_count; i++)
      add_of_target(year, outage, source->targets[i]);
}

/* ---- what a source draws ------------------------------------------------------------------------
 */

/* Time never stands still. */
gint64 campaign_draw(const Duration *duration, RandomStream *stream) {
  const gint64 drawn = distribution_draw(&duration->law, stream).ns; /* MAX() would draw twice */
  return MAX(drawn, 1);
}

static const FaultKind *draw_kind(const CampaignSource *source, RandomStream *stream) {
  const GArray *shares = source->failure->how;
  double rest = random_uniform(stream);
  guint i = 0;
  while (i + 1 < shares->len && rest >= g_array_index(shares, DesignHowShare, i).share)
    rest -= g_array_index(shares, DesignHowShare, i++).share;
  return g_array_index(shares, DesignHowShare, i).kind;
}

Outage campaign_draw_outage(const CampaignPlan *plan, guint number, gint64 at,
                            RandomStream *stream) {
  const CampaignSource *source = &plan->sources[number];
  Outage outage = {.at = at, .source = number, .how = draw_kind(source, stream)};
  outage.over_at = at + campaign_draw(&source->failure->mttr, stream);
  return outage;
}

double campaign_rate(const CampaignSource *source) {
  return source->is_maintenance ? 0 : 1 / (double)source->failure->mtbf.law.a.ns;
}
