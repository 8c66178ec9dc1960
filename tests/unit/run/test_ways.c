/* What `explain` and `reach` tell of flows that get nowhere: both directions, always. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/run/inspect.h"
#include "support/replay.h"

#define DESIGN                                                                                     \
  "name: ways\nduration: 200s\n"                                                                   \
  "networks:\n"                                                                                    \
  "  hub:\n"                                                                                       \
  "    prefixes: [10.0.0.0/16]\n"                                                                  \
  "    region: west\n"                                                                             \
  "    subnets:\n"                                                                                 \
  "      app: {prefix: 10.0.0.0/24, zone: a, vms: 4}\n"                                            \
  "      nva: {prefix: 10.0.1.0/24, zone: b}\n"                                                    \
  "route_servers:\n"                                                                               \
  "  rs: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/nva}, propagate_to: [hub/app]}}\n"   \
  "nvas:\n"                                                                                        \
  "  a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: dc}]}\n"                   \
  "sites: {dc: {prefixes: [192.168.0.0/16], via: [a]}}\n"

static const char *const models[] = {"azure", "aws"};

/* One step at least for each direction, and every way is `way`. */
static void assert_ways(Inspection *inspection, const char *traffic, const char *way) {
  const GPtrArray *steps = inspection_ways(inspection, traffic);
  guint count[2] = {0, 0};
  for (guint i = 0; i < steps->len; i++) {
    const WayStep *step = steps->pdata[i];
    count[step->direction == FLOW_REVERSE]++;
    cr_assert_str_eq(step->way, way, "%s", flow_directions[step->direction]);
    cr_assert_not_null(step->at);
  }
  cr_assert(count[0] > 0 && count[1] > 0, "%u steps forward, %u reverse", count[0], count[1]);
}

Test(ways, nobody_answers_and_that_is_told) {
  static const char *const dropped[] = {"dropped:blackhole", "dropped:no-route"};
  static const char text[] = DESIGN "traffic: {t: {from: hub/app, to: 172.16.1.5, flows: 10}}\n";
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(Replay) replay = replay_new(text, models[m]);
    const RunOptions options = {.seed = 1, .detail = TRUE};
    g_autoptr(Inspection) inspection = inspection_new(
        scenario_file_get(replay->file, 0), cloud_find(models[m]), &options, SIM_TIME_ZERO);
    assert_ways(inspection, "t", dropped[m]);
  }
}

/* Whatever way there would be for them. */
Test(ways, of_dead_hosts_none_is_told) {
  static const char text[] = DESIGN "traffic: {t: {from: hub/app, to: dc, flows: 10}}\n"
                                    "events: [{at: 60s, fail: zone/west/a, how: silent}]\n";
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(Replay) replay = replay_new(text, models[m]);
    const RunOptions options = {.seed = 1, .detail = TRUE};
    g_autoptr(Inspection) inspection = inspection_new(
        scenario_file_get(replay->file, 0), cloud_find(models[m]), &options, sim_time_s(100));
    assert_ways(inspection, "t", "dropped:host-down");
    replay_assert_ways(replay, "t", "forward", 100, "dropped:host-down");
    replay_assert_ways(replay, "t", "reverse", 100, "dropped:host-down");
  }
}

/* The next hop is a balancer, which has no address of its own, and its member stands in a subnet
 * that the peering leaves out. */
Test(ways, a_balancer_beyond_a_limited_peering_is_out_of_reach) {
  static const char text[] =
      "name: limited\nduration: 10s\nmodels: [azure]\nfailover: load-balancer\n"
      "networks:\n"
      "  hub:\n"
      "    prefixes: [10.0.0.0/16]\n"
      "    subnets:\n"
      "      app: {prefix: 10.0.0.0/24}\n"
      "      nva: {prefix: 10.0.1.0/24}\n"
      "  spoke: {prefixes: [10.1.0.0/16], subnets: {app: {prefix: 10.1.0.0/24}}}\n"
      "peerings:\n"
      "  p: {from: spoke, to: hub, use_remote_gateway: on, azure: {remote_subnets: [app]}}\n"
      "route_servers: {rs: {network: hub}}\n"
      "nvas: {a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{prefix: "
      "172.16.0.0/12}]}}\n"
      "traffic: {t: {from: spoke/app, to: 172.16.1.5, flows: 10}}\n";
  g_autoptr(Replay) replay = replay_new(text, "azure");
  const RunOptions options = {.seed = 1};
  g_autoptr(Inspection) inspection = inspection_new(scenario_file_get(replay->file, 0),
                                                    cloud_find("azure"), &options, SIM_TIME_ZERO);
  assert_ways(inspection, "t", "dropped:next-hop-out-of-reach");
}
