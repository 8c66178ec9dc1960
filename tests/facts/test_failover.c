/* What the facts say of load balancers and of scripts in place of a route server. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/story.h"

#define RUNS 60
#define PEERS "{keepalive: 10s, hold: 30s}"
#define STANDBY ", prepend: 2"
#define BALANCER "failover: load-balancer\nload_balancer: {aws: {cross_zone: on}}\n"
#define FAIL(how) "events:\n  - {at: 60s, fail: fw-a, how: " how "}\n"

/* 3 probes 5 s apart: 10 to 15 s. 2 checks 10 s apart and the time-out: 15 to 25 s. A probe sees
 * the data plane, so a freeze too. */
Test(failover_facts, a_load_balancer_finds_out_by_its_probe) {
  static const char *const how[] = {FAIL("silent"), FAIL("freeze"), FAIL("cut")};
  for (guint i = 0; i < G_N_ELEMENTS(how); i++) {
    g_autofree char *more = g_strconcat(BALANCER, how[i], NULL);
    g_autoptr(Story) story = story_new(STORY_PAIR("firewall", PEERS, STANDBY), more);
    story_assert_range(story_range(story, "azure", 0, "outage", RUNS), 10, 15);
    story_assert_range(story_range(story, "aws", 0, "outage", RUNS), 15, 25);
    story_assert_range(story_range(story, "azure", 0, "detected", RUNS), 10, 15);
    cr_assert(story_never(story, "azure", 0, "programmed", 5), "it changes no table");
  }
  FACTS("AWS-11.9", "AZ-10.1", "AZ-10.2", "AZ-10.3", "AZ-14.19");
}

/* A dead BGP process is none of its business. */
Test(failover_facts, a_load_balancer_does_not_notice_a_dead_bgp_process) {
  g_autoptr(Story) story =
      story_new(STORY_PAIR("firewall", PEERS, STANDBY), BALANCER FAIL("crash"));
  story_assert_range(story_range(story, "azure", 0, "outage", 10), 0, 0);
  story_assert_range(story_range(story, "aws", 0, "outage", 10), 0, 0);
}

/* Established TCP stays pinned to the failed member; new flows go to healthy ones. The same, unless
 * existing flows are moved (`rebalance`). Sessions of a router hold no state, so only the pin can
 * break them. */
Test(failover_facts, established_sessions_stay_with_the_dead_member) {
  g_autoptr(Story) story = story_new(STORY_PAIR("router", PEERS, ""), BALANCER FAIL("freeze"));
  g_autoptr(Story) moved = story_new_set(STORY_PAIR("router", PEERS, ""), BALANCER FAIL("freeze"),
                                         "load_balancer.aws.existing_flows=move");
  for (guint run = 0; run < 5; run++) {
    g_autoptr(RunResult) azure = story_run(story, "azure", run);
    g_autoptr(RunResult) aws = story_run(story, "aws", run);
    g_autoptr(RunResult) rebalanced = story_run(moved, "aws", run);
    const MetricRow *row = &azure->rows[0];
    /* AZ-10.5: about half of the flows were its own; each of them breaks once. */
    cr_assert(row->sessions_broken > 400 && row->sessions_broken < 600);
    cr_assert_eq(row->sessions_broken, row->flows_interrupted);
    cr_assert_eq(row->flows_moved, row->flows_interrupted, "the others stay where they are");
    cr_assert_eq(aws->rows[0].sessions_broken, aws->rows[0].flows_interrupted);
    cr_assert_eq(rebalanced->rows[0].sessions_broken, 0);
    cr_assert_eq(rebalanced->rows[0].flows_moved, rebalanced->rows[0].flows_interrupted);
  }
  FACTS("AWS-11.10", "AZ-10.4", "AZ-10.5", "AZ-14.20");
}

/* Between two networks that follow one load balancer, each by tables of its own, both directions of
 * a session take the same member: stateful firewalls drop nothing. As next hops of a route server
 * they drop about half. */
Test(failover_facts, one_load_balancer_is_symmetric_between_networks) {
  static const char text[] =
      "name: east-west\nduration: 2m\nmodels: [azure]\n"
      "networks:\n"
      "  hub: {prefixes: [10.0.0.0/16], subnets: {n: {prefix: 10.0.1.0/24, vms: 0}}}\n"
      "  red: {prefixes: [10.1.0.0/16], subnets: {app: {prefix: 10.1.0.0/24}}}\n"
      "  blue: {prefixes: [10.2.0.0/16], subnets: {app: {prefix: 10.2.0.0/24}}}\n"
      "peerings:\n"
      "  red-hub: {from: red, to: hub, use_remote_gateway: on}\n"
      "  blue-hub: {from: blue, to: hub, use_remote_gateway: on}\n"
      "route_servers: {rs: {network: hub}}\n"
      "nvas:\n"
      "  fw-a: {kind: firewall, subnet: hub/n, asn: 65010, peers: {rs: {}}, "
      "advertise: [{prefix: 10.0.0.0/8}]}\n"
      "  fw-b: {kind: firewall, subnet: hub/n, asn: 65010, peers: {rs: {}}, "
      "advertise: [{prefix: 10.0.0.0/8}]}\n"
      "traffic: {flows: {from: red/app, to: blue/app, flows: 1000}}\n%s";
  static const char *const kinds[] = {"failover: route-server\n", "failover: load-balancer\n"};
  guint dropped[2];
  for (guint i = 0; i < 2; i++) {
    g_autofree char *whole = g_strdup_printf(text, kinds[i]);
    g_autoptr(Story) story = story_text(whole);
    g_autoptr(RunResult) result = story_run(story, "azure", 0);
    dropped[i] = story_flows(result, NULL, 0, "forward", "dropped:asymmetric");
    cr_assert_eq(dropped[i] + story_flows(result, NULL, 0, "forward", "fw-a") +
                     story_flows(result, NULL, 0, "forward", "fw-b"),
                 1000);
  }
  cr_assert(dropped[0] > 400 && dropped[0] < 600, "%u", dropped[0]);
  cr_assert_eq(dropped[1], 0);
  FACTS("AZ-6.14", "AZ-10.6", "AZ-13.7");
}

/* Behind two load balancers each direction of a session has a firewall of its own, so that of three
 * about two thirds are dropped; with translated sources none. */
Test(failover_facts, two_load_balancers_need_source_translation) {
  static const char text[] =
      "name: sandwich\nduration: 1m\nmodels: [azure]\n"
      "networks:\n"
      "  hub: {prefixes: [10.0.0.0/16], subnets: {n: {prefix: 10.0.1.0/24, vms: 0}}}\n"
      "  red: {prefixes: [10.1.0.0/16], subnets: {app: {prefix: 10.1.0.0/24}}}\n"
      "  blue: {prefixes: [10.2.0.0/16], subnets: {app: {prefix: 10.2.0.0/24}}}\n"
      "peerings: {a: {from: red, to: hub}, b: {from: blue, to: hub}}\n"
      "load_balancers:\n"
      "  front: {address: 10.0.1.100, members: [fw-a, fw-b, fw-c]}\n"
      "  back: {address: 10.0.1.101, members: [fw-a, fw-b, fw-c]}\n"
      "nvas:\n"
      "  fw-a: {kind: firewall, subnet: hub/n, asn: 65010%s}\n"
      "  fw-b: {kind: firewall, subnet: hub/n, asn: 65010%s}\n"
      "  fw-c: {kind: firewall, subnet: hub/n, asn: 65010%s}\n"
      "route_tables:\n"
      "  red: {network: red, subnets: [app], routes: [{to: 0.0.0.0/0, via: 10.0.1.100}]}\n"
      "  blue: {network: blue, subnets: [app], routes: [{to: 0.0.0.0/0, via: 10.0.1.101}]}\n"
      "traffic: {flows: {from: red/app, to: blue/app, flows: 900}}\n";
  static const char *const settings[] = {"", ", snat: on"};
  guint dropped[2];
  for (guint i = 0; i < 2; i++) {
    g_autofree char *whole = g_strdup_printf(text, settings[i], settings[i], settings[i]);
    g_autoptr(Story) story = story_text(whole);
    g_autoptr(RunResult) result = story_run(story, "azure", 0);
    dropped[i] = 0;
    for (guint j = 0; j < result->traffic_count; j++)
      if (strcmp(result->traffic[j].via, "dropped:asymmetric") == 0 &&
          result->traffic[j].direction == FLOW_FORWARD)
        dropped[i] += result->traffic[j].flows;
  }
  cr_assert(dropped[0] > 540 && dropped[0] < 660, "%u", dropped[0]);
  cr_assert_eq(dropped[1], 0);
  FACTS("AZ-10.6");
}

/* A site answers over the member that it was reached by. By 5-tuple, and sticky. */
Test(failover_facts, both_directions_take_the_same_member) {
  static const char text[] =
      "name: east-west\nduration: 2m\nfailover: load-balancer\n"
      "load_balancer: {aws: {cross_zone: on}}\n"
      "networks:\n"
      "  west: {prefixes: [10.1.0.0/16], subnets: {app: {prefix: 10.1.0.0/24}, "
      "n: {prefix: 10.1.1.0/24, vms: 0}}}\n"
      "route_servers:\n"
      "  rs: {network: west, aws: {asn: 65000, endpoints: {e1: west/n, e2: west/n}, "
      "propagate_to: [west/app]}}\n"
      "nvas:\n"
      "  fw-a: {kind: firewall, subnet: west/n, asn: 65010, peers: {rs: {}}, "
      "advertise: [{prefix: 192.168.0.0/16}]}\n"
      "  fw-b: {kind: firewall, subnet: west/n, asn: 65010, peers: {rs: {}}, "
      "advertise: [{prefix: 192.168.0.0/16}]}\n"
      "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw-a, fw-b]}}\n"
      "traffic: {flows: {from: west/app, to: dc, flows: 1000}}\n";
  static const char *const models[] = {"azure", "aws"};
  g_autoptr(Story) story = story_text(text);
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(RunResult) result = story_run(story, models[m], 0);
    guint by_a[2] = {0, 0};
    for (guint i = 0; i < result->traffic_count; i++) {
      const RunTrafficRow *row = &result->traffic[i];
      cr_assert(!g_str_has_prefix(row->via, "dropped"), "%s", row->via);
      if (strcmp(row->via, "fw-a") == 0)
        by_a[row->direction == FLOW_REVERSE] += row->flows;
    }
    cr_assert(by_a[0] > 400 && by_a[0] < 600);
    cr_assert_eq(by_a[0], by_a[1]);
  }
}

/* With all down no new flows. A zone whose targets are all down goes on sending to them;
 * cross-zone, which would help, is off by default. */
Test(failover_facts, all_members_down) {
  g_autoptr(Story) both = story_new(STORY_PAIR("router", PEERS, ""),
                                    BALANCER "events:\n  - {at: 60s, fail: fw-a, how: freeze}\n"
                                             "  - {at: 60s, fail: fw-b, how: freeze}\n");
  g_autoptr(Story) zonal =
      story_new(STORY_PAIR("router", PEERS, ""), "failover: load-balancer\n" FAIL("freeze"));
  g_autoptr(RunResult) azure = story_run(both, "azure", 0);
  g_autoptr(RunResult) aws = story_run(both, "aws", 0);
  g_autoptr(RunResult) zone = story_run(zonal, "aws", 0);
  cr_assert_str_eq(azure->traffic[azure->traffic_count - 1].via, "dropped:no-healthy-member");
  cr_assert_str_eq(aws->traffic[aws->traffic_count - 1].via, "dropped:next-hop-down");
  cr_assert(zone->rows[0].censored);
  cr_assert_str_eq(zone->traffic[zone->traffic_count - 1].via, "dropped:next-hop-down");
  FACTS("AWS-11.11", "AZ-10.4");
}

/* 3 polls 10 s apart, then 10 to 60 s until the user route is in force: between 30 and 90 s, 60 in
 * the middle. A check each minute and a replaced route: up to 70.5 s with the check's time-out. */
Test(failover_facts, a_script_is_the_sum_of_its_parts) {
  g_autoptr(Story) story =
      story_new(STORY_PAIR("firewall", PEERS, STANDBY), "failover: api\n" FAIL("silent"));
  story_assert_range(story_range(story, "azure", 0, "detected", RUNS), 20, 30);
  story_assert_range(story_range(story, "azure", 0, "outage", RUNS), 30, 90);
  story_assert_range(story_range(story, "aws", 0, "detected", RUNS), 5, 65);
  story_assert_range(story_range(story, "aws", 0, "outage", RUNS), 5.5, 70.5);
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  cr_assert_str_eq(story_hops(result, "hub/app", "192.168.0.0/16"), "fw-b");
  FACTS("AWS-12.15", "AWS-12.16", "AZ-10.8", "AZ-11.8", "AZ-13.10");
}

/* One call changes its tables at one instant. */
Test(failover_facts, a_call_of_the_api_is_in_force_everywhere_at_once) {
  static const char *const models[] = {"azure", "aws"};
  g_autoptr(Story) story =
      story_new(STORY_PAIR("router", PEERS, STANDBY), "failover: api\n" FAIL("silent"));
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(RunResult) result = story_run(story, models[m], 0);
    cr_assert_gt(result->route_count, 0u);
    for (guint i = 0; i < result->route_count; i++)
      cr_assert_eq(result->routes[i].at.ns, result->routes[0].at.ns);
  }
  FACTS("AWS-7.5", "AZ-10.8");
}

/* Calls take 10 to 60 s, so a later one may overtake an earlier one. The last one made is the one
 * that stays; where it is first, no table ever changes. */
Test(failover_facts, an_overtaken_call_changes_nothing) {
  g_autoptr(Story) story = story_new(
      STORY_PAIR("router", PEERS, STANDBY),
      "failover: api\nmodels: [azure]\n"
      "api_failover: {azure: {poll: 1s, failures: 1, successes: 1, preempt: on}}\nevents:\n"
      "  - {at: 60s, fail: fw-a, how: freeze}\n  - {at: 63s, restore: fw-a}\n");
  guint overtaken = 0;
  for (guint run = 0; run < 20; run++) {
    g_autoptr(RunResult) result = story_run(story, "azure", run);
    const char *hops = story_hops(result, "hub/app@rs/0", "192.168.0.0/16");
    overtaken += hops == NULL;
    cr_assert(hops == NULL || strcmp(hops, "fw-a") == 0, "run %u: %s", run, hops);
    cr_assert_eq(hops == NULL, result->route_count == 0);
  }
  cr_assert(overtaken > 0 && overtaken < 20, "%u", overtaken);
  FACTS("AZ-10.8");
}

/* The preferred appliance is the one with the better announcement; it gets the traffic back only
 * where the script preempts. */
Test(failover_facts, a_script_goes_back_only_where_it_preempts) {
  static const char more[] =
      "failover: api\nmodels: [aws]\napi_failover: {aws: {preempt: %s}}\nevents:\n"
      "  - {at: 60s, fail: fw-b, how: freeze}\n  - {at: 5m, restore: fw-b}\n";
  static const char nvas[] = "  fw-a: {subnet: hub/a, asn: 65010, peers: {rs: {}}, "
                             "advertise: [{prefix: 192.168.0.0/16, med: 20}]}\n"
                             "  fw-b: {subnet: hub/b, asn: 65010, peers: {rs: {}}, "
                             "advertise: [{prefix: 192.168.0.0/16, med: 10}]}\n";
  for (guint preempt = 0; preempt < 2; preempt++) {
    g_autofree char *whole = g_strdup_printf(more, preempt ? "on" : "off");
    g_autoptr(Story) story = story_new(nvas, whole);
    g_autoptr(RunResult) result = story_run(story, "aws", 0);
    cr_assert_str_eq(story_hops(result, "hub/app", "192.168.0.0/16"), preempt ? "fw-b" : "fw-a");
  }
}

/* ---- open sessions ------------------------------------------------------------------------- */

/* UDP moves to healthy members, so a router's UDP flows lose only what was on the way; a Gateway
 * Load Balancer keeps flows of any protocol. */
Test(failover_facts, open_udp_sessions_move_on_azure_only) {
  g_autoptr(Story) story = story_new_set(STORY_PAIR("router", PEERS, ""), BALANCER FAIL("freeze"),
                                         "traffic.flows.protocol=udp");
  g_autoptr(RunResult) azure = story_run(story, "azure", 0);
  g_autoptr(RunResult) aws = story_run(story, "aws", 0);
  cr_assert(azure->rows[0].flows_interrupted > 400);
  cr_assert_eq(azure->rows[0].sessions_broken, 0);
  cr_assert(aws->rows[0].sessions_broken > 400);
  FACTS("AWS-11.10", "AZ-10.4");
}

/* TCP stays pinned to the failed member even where its firewall shares all state with the other
 * one: to a route server's next hop the sessions would move unharmed. */
Test(failover_facts, shared_state_does_not_help_pinned_sessions) {
  g_autoptr(Story) balancer = story_new_set(STORY_PAIR("firewall", PEERS, ""),
                                            BALANCER FAIL("silent"), "nvas.fw-a.state_sync=fw-b");
  g_autoptr(Story) script =
      story_new_set(STORY_PAIR("firewall", PEERS, ""), "failover: api\n" FAIL("silent"),
                    "nvas.fw-a.state_sync=fw-b");
  g_autoptr(RunResult) pinned = story_run(balancer, "azure", 0);
  g_autoptr(RunResult) moved = story_run(script, "azure", 0);
  cr_assert_eq(pinned->rows[0].sessions_broken, pinned->rows[0].flows_interrupted);
  cr_assert_eq(moved->rows[0].sessions_broken, 0);
  FACTS("AZ-10.4");
}

/* What moved to the other member stays there: no second break when the first one is back. */
Test(failover_facts, the_return_of_a_member_moves_nothing) {
  static const char *const models[] = {"azure", "aws"};
  g_autoptr(Story) story = story_new(STORY_PAIR("firewall", PEERS, ""),
                                     BALANCER FAIL("freeze") "  - {at: 3m, restore: fw-a}\n");
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(RunResult) result = story_run(story, models[m], 0);
    cr_assert(!sim_time_is_never(result->rows[1].detected), "the checks find out");
    cr_assert_eq(result->rows[1].flows_moved, 0);
    cr_assert_eq(result->rows[1].sessions_broken, 0);
  }
}

/* ---- planned work ---------------------------------------------------------------------------- */

#define DRAIN(wait) "events:\n  - {at: 60s, fail: fw-a, how: drain, wait: " wait "}\n"

/* When sessions broke first, in seconds; 0: never. */
static double broken_at(const RunResult *result) {
  for (RecordId id = 1; id <= engine_record_count(result->engine); id++) {
    const TraceRecord *record = engine_record_get(result->engine, id);
    if (record->kind == &FLOW_BROKEN)
      return sim_time_seconds(record->at);
  }
  return 0;
}

/* An appliance that is taken out gets no new flow at once, and open sessions go on through it until
 * it stops. With `rebalance` they leave it after the deregistration delay, 300 s by default, and
 * AWS-12.18 a while later (a delay of 60 s: about 120 s): to a router unharmed, to a firewall that
 * does not know them broken. */
Test(failover_facts, planned_work) {
  static const struct {
    const char *kind, *model, *set, *wait;
    double broken;
  } cases[] = {
      {"router", "azure", "seed=1", "2m", 180},
      {"firewall", "azure", "seed=1", "2m", 180},
      {"router", "aws", "seed=1", "8m", 540},
      {"firewall", "aws", "load_balancer.aws.existing_flows=move", "10m", 420},
      {"firewall", "aws",
       "load_balancer.aws={cross_zone: on, existing_flows: move, "
       "deregistration_delay: 60s}",
       "10m", 180},
      {"router", "aws", "load_balancer.aws.existing_flows=move", "10m", 0},
      {"firewall", "azure", "load_balancer.azure={existing_flows: move}", "2m", 60},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *nvas = g_strdup_printf(
        "  fw-a: {kind: %s, subnet: hub/a, asn: 65010, peers: {rs: {}}, advertise: [{prefix: "
        "192.168.0.0/16}]}\n  fw-b: {kind: %s, subnet: hub/b, asn: 65010, peers: {rs: {}}, "
        "advertise: [{prefix: 192.168.0.0/16}]}\n",
        cases[i].kind, cases[i].kind);
    g_autofree char *more = g_strdup_printf(BALANCER DRAIN("%s"), cases[i].wait);
    g_autoptr(Story) story = story_new_set(nvas, more, cases[i].set);
    g_autoptr(RunResult) result = story_run(story, cases[i].model, 0);
    cr_assert_float_eq(broken_at(result), cases[i].broken, 0.01, "case %u: %g", i,
                       broken_at(result));
    cr_assert_eq(result->rows[0].flows_interrupted, 0, "new flows pass throughout");
    cr_assert_eq(result->rows[0].detected.ns, 0);
  }
  FACTS("AWS-11.10", "AWS-11.13", "AWS-12.18", "AZ-10.4");
}

/* A script does not wait for its polls then: only the call and its way into the tables are left. */
Test(failover_facts, a_script_is_told_of_planned_work) {
  g_autoptr(Story) story =
      story_new(STORY_PAIR("firewall", PEERS, STANDBY), "failover: api\n" DRAIN("3m"));
  story_assert_range(story_range(story, "azure", 0, "programmed", RUNS), 10, 60);
  story_assert_range(story_range(story, "aws", 0, "programmed", RUNS), 0.5, 5.5);
  story_assert_range(story_range(story, "aws", 0, "outage", RUNS), 0, 0);
}

/* ---- routes ---------------------------------------------------------------------------------- */

/* A route that the user wrote stays, as it does beside a route server. */
Test(failover_facts, the_users_own_route_wins) {
  static const char *const kinds[] = {"failover: load-balancer\n", "failover: api\n"};
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    g_autofree char *more =
        g_strconcat(kinds[i],
                    "models: [azure]\nroute_tables: {own: {network: hub, subnets: [app], routes: "
                    "[{to: 192.168.0.0/16, via: fw-b}]}}\n" FAIL("silent"),
                    NULL);
    g_autoptr(Story) story = story_new(STORY_PAIR("router", PEERS, STANDBY), more);
    g_autoptr(RunResult) result = story_run(story, "azure", 0);
    cr_assert_eq(result->rows[0].flows_interrupted, 0);
    for (guint j = 0; j < result->traffic_count; j++)
      cr_assert_str_eq(result->traffic[j].via, "fw-b");
  }
  FACTS("AZ-6.2");
}

/* More members than a probe's hash is known by at first. */
Test(failover_facts, eleven_targets) {
  GString *nvas = g_string_new(NULL);
  for (guint i = 0; i < 11; i++)
    g_string_append_printf(nvas,
                           "  fw-%c: {subnet: hub/a, asn: 65010, peers: {rs: {}}, advertise: "
                           "[{prefix: 192.168.0.0/16}]}\n",
                           'a' + i);
  g_autoptr(Story) story =
      story_new(nvas->str, BALANCER "models: [aws]\nprobes: {curl: {from: hub/app, to: dc, every: "
                                    "100ms}}\nevents: []\n");
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  /* Two of the eleven reach the site. */
  cr_assert(result->probes[0].lost > result->probes[0].sent * 7 / 11 &&
            result->probes[0].lost < result->probes[0].sent * 10 / 11);
  g_string_free(nvas, TRUE);
}

/* ---- wishes ---------------------------------------------------------------------------------- */

/* No probe below 5 s; a next hop in place of the appliance needs BGP. */
Test(failover_facts, what_cannot_be) {
  static const char text[] =
      "name: wishes\nduration: 1m\nfailover: load-balancer\nmodels: [azure]\n"
      "load_balancer: {azure: {probe: %s}}\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {n: {prefix: 10.0.1.0/24}}}}\n"
      "route_servers: {rs: {network: hub}}\n"
      "nvas: {r: {subnet: hub/n, asn: 65010, peers: {rs: {}}, "
      "advertise: [{prefix: 10.9.0.0/16%s}]}}\n";
  static const struct {
    const char *probe, *more, *said;
  } cases[] = {{"4s", "", "(AZ-10.1)"}, {"5s", ", next_hop: 10.0.1.9", "(AZ-5.13)"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *whole = g_strdup_printf(text, cases[i].probe, cases[i].more);
    g_autofree char *said = story_diagnostics(whole);
    cr_assert(strstr(said, "error: ") != NULL && strstr(said, cases[i].said) != NULL, "%s", said);
  }
  FACTS("AZ-5.13", "AZ-10.1");
}
