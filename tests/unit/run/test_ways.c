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

/* A site without a router sends to the appliance that it is behind, and that is told though nothing
 * else is on the way. */
Test(ways, a_site_names_whom_it_sends_to) {
  static const char text[] = DESIGN "traffic: {t: {from: hub/app, to: dc, flows: 10}}\n";
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(Replay) replay = replay_new(text, models[m]);
    const RunOptions options = {.seed = 1};
    g_autoptr(Inspection) inspection = inspection_new(
        scenario_file_get(replay->file, 0), cloud_find(models[m]), &options, SIM_TIME_ZERO);
    const GPtrArray *steps = inspection_ways(inspection, "t");
    guint told = 0;
    for (guint i = 0; i < steps->len; i++) {
      const WayStep *step = steps->pdata[i];
      if (step->direction != FLOW_REVERSE || step->step != 0)
        continue;
      cr_assert_str_eq(step->at, "dc");
      cr_assert_str_eq(step->why, "sends to a");
      told++;
    }
    cr_assert_eq(told, 1);
  }
}

/* The route of the subnet led to the transit gateway, and there packets end: what is told is the
 * transit gateway's, and not that the subnet's table lacked a route or has one to nowhere. */
Test(ways, what_a_transit_gateway_lacks_no_table_of_a_subnet_is_told_to_lack) {
  static const struct {
    const char *gateway, *because;
  } cases[] = {
      {"attach: [one]", "tgw knows no way to 10.2.0.4"},
      {"attach: [one, two], routes: [{to: 10.2.0.0/24, via: none}]", "blackhole at tgw"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        "name: x\nduration: 10m\nmodels: [aws]\n"
        "networks: {one: {prefixes: [10.1.0.0/16], subnets: {app: {prefix: 10.1.0.0/24}}}, "
        "two: {prefixes: [10.2.0.0/16], subnets: {app: {prefix: 10.2.0.0/24}}}}\n"
        "gateways: {tgw: {kind: transit, aws: {%s}}}\n"
        "route_tables: {t: {network: one, subnets: [app], routes: [{to: 10.2.0.0/16, via: "
        "tgw}]}}\n",
        cases[i].gateway);
    g_autoptr(Replay) replay = replay_new(text, "aws");
    const RunOptions options = {.seed = 1};
    g_autoptr(Inspection) inspection = inspection_new(scenario_file_get(replay->file, 0),
                                                      cloud_find("aws"), &options, SIM_TIME_ZERO);
    guint from = G_MAXUINT, to = G_MAXUINT;
    for (guint j = 0; j < inspection_place_count(inspection); j++) {
      from = strcmp(inspection_place(inspection, j), "one/app") == 0 ? j : from;
      to = strcmp(inspection_place(inspection, j), "two/app") == 0 ? j : to;
    }
    const Reachability reach = inspection_reach(inspection, from, to);
    cr_assert_str_eq(reach.where, "tgw");
    cr_assert_str_eq(reach.because, cases[i].because);
  }
}
