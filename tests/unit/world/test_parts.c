/* What a world hands on to the parts that it is made of: to each its own settings and orders. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/cloud/cloud.h"
#include "routesim/run/inspect.h"
#include "support/facts.h"
#include "support/replay.h"

#define HUB(models)                                                                                \
  "name: x\nduration: 10m\nlink_delay: 1ms\nmodels: [" models "]\n"                                \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "               \
  "nva: {prefix: 10.0.1.0/24, vms: 0}}}}\n"

/* In ten minutes each of two appliances sends 600 heartbeats. Told to send every message, a run
 * has that many handlers more than one in which quiet sessions cost nothing. */
Test(parts, heartbeats_are_sent_as_the_run_is_told) {
#define HEARTBEATS                                                                                 \
  HUB("aws")                                                                                       \
  "failover: api\napi_failover: {aws: {trigger: device, heartbeat: 1s}}\n"                         \
  "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e: hub/nva}, propagate_to: "   \
  "[hub/app]}}}\n"                                                                                 \
  "nvas: {a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: dc}]}, "              \
  "b: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: dc, prepend: 1}]}}\n"        \
  "sites: {dc: {prefixes: [192.168.0.0/16], via: [a, b]}}\n"
  g_autoptr(Replay) lazy = replay_new(HEARTBEATS "liveness: lazy\n", "aws");
  g_autoptr(Replay) packet = replay_new(HEARTBEATS "liveness: packet\n", "aws");
  cr_assert_lt(lazy->result->events, 100u, "%u", (guint)lazy->result->events);
  cr_assert_geq(packet->result->events, 1200u, "%u", (guint)packet->result->events);
}

/* A timer that is drawn is drawn for each peering by itself: an appliance with two servers holds
 * either session for a time of its own. */
Test(parts, each_peering_draws_its_own_timers) {
  static const char text[] = HUB(
      "aws") "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e: hub/nva}}}, "
             "rt: {network: hub, aws: {asn: 65002, endpoints: {e: hub/nva}}}}\n"
             "nvas: {a: {subnet: hub/nva, asn: 65010, peers: {rs: {hold: {uniform: [10s, 29s]}}, "
             "rt: {hold: {uniform: [10s, 29s]}}}}}\n";
  enum { END, FAR_END, BGP, FAR_BGP, HOLD_TIME };
  g_autoptr(Replay) replay = replay_new(text, "aws");
  const RunOptions options = {.seed = 1};
  g_autoptr(Inspection) inspection = inspection_new(scenario_file_get(replay->file, 0),
                                                    cloud_find("aws"), &options, SIM_TIME_ZERO);
  const GPtrArray *listings = inspection_listings(inspection, "a");
  const CloudListing *sessions = NULL;
  for (guint i = 0; i < listings->len; i++) {
    const CloudListing *listing = listings->pdata[i];
    if (strcmp(listing->key, "sessions") == 0)
      sessions = listing;
  }
  cr_assert_not_null(sessions);
  cr_assert_eq(sessions->rows->len, 2);
  const char *const *one = sessions->rows->pdata[0], *const *other = sessions->rows->pdata[1];
  cr_assert_str_eq(one[FAR_END], "rs/e");
  cr_assert_str_eq(other[FAR_END], "rt/e");
  cr_assert_str_neq(one[HOLD_TIME], other[HOLD_TIME], "%s", one[HOLD_TIME]);
}

/* An operator acts on the routes of the one server that is named: those of the other stay when the
 * appliance is lost. */
Test(parts, an_operator_acts_on_one_server) {
  g_autoptr(Replay) replay = replay_new(
      HUB("aws") "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e: hub/nva}, "
                 "persist_routes: on}}, rt: {network: hub, aws: {asn: 65002, endpoints: {e: "
                 "hub/nva}, persist_routes: on}}}\n"
                 "nvas: {a: {subnet: hub/nva, asn: 65010, peers: {rs: , rt: }, advertise: "
                 "[{prefix: 172.16.0.0/16}]}}\n"
                 "events: [{at: 60s, persist: rs, action: disable}, {at: 120s, fail: a, how: "
                 "crash}]\n",
      "aws");
  cr_assert_eq(replay_count(replay, &CLOUD_PERSISTED, "rs"), 0u);
  cr_assert_eq(replay_count(replay, &CLOUD_PERSISTED, "rt"), 1u);
  FACTS("AWS-6.11");
}
