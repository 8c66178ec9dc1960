/* What the files that write random scenarios share. */
#pragma once
#include "routesim/base/random.h"
#include "support/topology.h"

#define MOST_NETWORKS 4
#define MOST_APPLIANCES 8
#define MOST_SITES 3

typedef struct {
  RandomStream stream;
  const TopologyOptions *options;
  GString *out;
  guint networks, servers, appliances, sites;
  guint homes[MOST_APPLIANCES]; /* network of each appliance */
  guint kinds[MOST_APPLIANCES];
  gboolean behind[MOST_SITES][MOST_APPLIANCES];
  gboolean routed[MOST_SITES]; /* has a router of its own, for a mapping in `via` */
  gboolean circuit, vpn, internet[MOST_NETWORKS], transit, nat[MOST_NETWORKS], balancer;
  gboolean azure_alone;
  guint hubs[MOST_NETWORKS]; /* that its peering joins each network with */
  gboolean line;             /* the circuit gateway has a circuit, which ends at site 0 */
  guint circuit_home, vpn_home;
  gboolean table[MOST_NETWORKS]; /* a table of the user's, "t0" */
  guint failover;                /* index in `failover_words` */
  gboolean pending;
  gboolean persists[2];
  gboolean coarse;              /* events stand on a grid */
  int friends[MOST_APPLIANCES]; /* the appliance that each peers with; -1: none */
  char *last_target;            /* of the last failure; NULL: there was none */
  int last_failing;
  gboolean clustered; /* the first appliances of a network work one at a time */
  guint busy, end;    /* seconds in which things begin; of the run */
} Draft;

static inline guint draw(Draft *draft, guint below) {
  return (guint)(random_bits(&draft->stream) % below);
}

static inline gboolean chance(Draft *draft, guint percent) { return draw(draft, 100) < percent; }

/* Where the designs are to be wide ones. */
static inline gboolean wide_chance(Draft *draft, guint percent) {
  return draft->options->wide && chance(draft, percent);
}

/* Where much is to happen. */
static inline gboolean story_chance(Draft *draft, guint percent) {
  return draft->options->eventful && chance(draft, percent);
}

/* Where a key that has no jitter is to say so. */
static inline const char *without_jitter(const Draft *draft, const char *text) {
  return draft->options->exact ? text : "";
}

#define PICK(draft, list) ((list)[draw((draft), G_N_ELEMENTS(list))])

/* Nothing that depends on a route server is announced without one. */
static inline gboolean has_bgp(const Draft *draft) { return draft->failover == 0; }

void draft_appliances(Draft *draft);
void draft_sites(Draft *draft);
/* What an appliance announces, each on a line of its own. */
void draft_announcements(Draft *draft, guint appliance, const char *indent);
void draft_gateways(Draft *draft);
void draft_tables(Draft *draft);
/* Routes of the table of a network, each on a line of its own. */
void draft_routes(Draft *draft, guint network, const char *indent);
void draft_events(Draft *draft);
