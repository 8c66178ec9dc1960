/* A year of random failures.
 *
 *     failures: of the design --> CampaignSource: one that fails by itself, its things, its laws
 *       campaign_year(year): from its own stream each source draws when it fails, how, and for how
 *         long; all of that are the events of a run of 365 days
 *           trace --> CampaignYear: how long flows were undeliverable, and because of whom
 *
 * Every year starts converged and whole. What a source draws depends on seed, year and its own name
 * alone: so designs that are compared share their luck, and the difference of a year is one of
 * designs. Whoever's own hosts are gone is not down: no design of a network brings them back. What
 * does not fit a capacity is load and no downtime.
 *
 * A year that ends in an outage counts it up to there.
 *
 * CAMPAIGN_BIASED makes the rare common: while something is down, all else fails B times as often,
 * until the second failure or for eight mean repairs, and what that busy period costs counts by its
 * likelihood ratio W. A busy period begins with everything up, and what is up has no memory, so
 * that each has a weight of its own, and the sum of W times cost has the mean that the cost has
 * with nothing biased (failure biasing over regenerative cycles; Heidelberger 1995). It needs
 * exponential times between failures and no maintenance: campaign_refuses().
 *
 * CAMPAIGN_SPLIT draws the year as it is, and beside it copies of each busy period from the moment
 * at which one more thing is down: few of many go farther, one of these is run, and counts by their
 * share (importance splitting over regenerative cycles; sim/run/campaign_split.c). What is common
 * it tells as CAMPAIGN_PLAIN does; it needs exponential times between failures. */
#pragma once
#include "routesim/design/failures.h"
#include "routesim/run/run.h"

#define CAMPAIGN_YEAR (SIM_SECOND * 86400 * 365)
#define CAMPAIGN_MINUTES (365 * 1440.0)

typedef struct {
  const char *name; /* of what fails: of its stream, and in causes.csv */
  const DesignFailure *failure;
  const char *const *targets; /* fail at one moment */
  guint target_count;
  /* What is taken down on purpose, window by window, one target after the other; else it fails. */
  gboolean is_maintenance;
} CampaignSource;

/* Downtime because of one source's failures of one kind, while another source was down, or none. */
typedef struct {
  guint source;
  const FaultKind *how;
  gint64 other;    /* a source; -1: none */
  double weighted; /* seconds */
} CampaignCause;

/* Seconds of a year in which flows could not pass. */
typedef struct {
  double any;      /* at least one */
  double all;      /* every one at once */
  double weighted; /* by what they offer; by their number where nothing is offered */
  double worst;    /* the longest without a break; NaN: the method cannot tell */
  double failures;
  double sessions_broken;
  guint cause_count;
  CampaignCause *causes; /* by source, kind and other; the caller frees */
} CampaignYear;

typedef enum { CAMPAIGN_PLAIN, CAMPAIGN_BIASED, CAMPAIGN_SPLIT } CampaignMethod;
extern const char *const campaign_methods[]; /* "plain" ..., NULL-terminated */

/* All that may fail, and how years are drawn. */
typedef struct {
  const CampaignSource *sources;
  guint count;
  CampaignMethod method;
} CampaignPlan;

/* The first source that the method cannot draw; NULL: it can draw all. */
const CampaignSource *campaign_refuses(const CampaignPlan *plan);
/* Year `options->run` of the design. All are borrowed. */
CampaignYear campaign_year(const Design *design, const CloudClass *cloud, const RunOptions *options,
                           const CampaignPlan *plan);
/* The events of that year, without copies, in their order: DesignEvent *, the arena's. */
GPtrArray *campaign_events(Arena *arena, const RunOptions *options, const CampaignPlan *plan);
