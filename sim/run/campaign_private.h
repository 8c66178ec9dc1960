/* What the files of a campaign share. */
#pragma once
#include "routesim/run/campaign.h"

/* Something is down, from its failure to its repair. */
typedef struct {
  gint64 at, over_at;
  guint source;
  const char *target; /* of a maintenance; NULL: all that the source has */
  const FaultKind *how;
} Outage;

/* One end of a time in which a target is down. */
typedef struct {
  gint64 at;
  guint source;
  gboolean begins;
  gint64 over_at; /* of what begins */
  const char *target;
  const FaultKind *how; /* of what begins or ends: what either sets off goes back to that */
  guint period;
} Moment;

/* All that happens in a year, or in what is tried beside it. */
typedef struct {
  GArray *moments; /* Moment, in their order */
  GArray *weights; /* double, by period: what it costs counts so much */
  gint64 until;    /* the run ends here */
} YearDraw;

/* ---- campaign_draw.c ---- */

/* Of this seed and year: YearDraw, of which the first is the year itself. The caller frees. */
GArray *campaign_draw_year(const RunOptions *options, const CampaignPlan *plan);
void campaign_draw_free(GArray *years);

/* ---- campaign_outage.c ---- */

/* Nothing happens in it, and it has no period. Borrowed from `years`, until the next one. */
YearDraw *campaign_draw_new(GArray *years, gint64 until);
/* Both ends of an outage, as far as they lie before the end, in the last period. */
void campaign_draw_add(YearDraw *year, const CampaignPlan *plan, const Outage *outage);
/* In ns; time never stands still. */
gint64 campaign_draw(const Duration *duration, RandomStream *stream);
/* The source fails at that time: how, and how long. */
Outage campaign_draw_outage(const CampaignPlan *plan, guint source, gint64 at,
                            RandomStream *stream);
/* Failures in a ns, of a source whose times between them are exponential; of maintenance none. */
double campaign_rate(const CampaignSource *source);

/* ---- campaign_split.c ---- */

/* The year of these outages (Outage, in their order, which is changed), and the copies that are
 * tried beside it. */
void campaign_split(const CampaignPlan *plan, const RunOptions *options, GArray *outages,
                    GArray *years);
