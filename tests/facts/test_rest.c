/* Facts that no other suite asserts: what peers are, prices, alarms, defaults that two facts share.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "support/cloud_lab.h"
#include "support/facts.h"
#include "support/story.h"

#define BFD "{keepalive: 10s, hold: 30s, bfd: {interval: 300ms, multiplier: 3}}"
#define STANDBY ", prepend: 2"
#define SILENT "events:\n  - {at: 60s, fail: fw-a, how: silent}\n"

static void find_spec(const char *path, const KeySpec *spec, gpointer data) {
  const KeySpec **found = ((gpointer *)data)[1];
  if (strcmp(path, ((gpointer *)data)[0]) == 0)
    *found = spec;
}

/* Each default as the fact has it; a changed default goes red here. */
Test(rest_facts, defaults) {
  static const struct {
    const char *fact, *path, *value;
  } cases[] = {
      {"AWS-13.1", "route_servers.*.aws.keepalive", "10s"},
      {"AWS-13.1", "route_servers.*.aws.hold", "30s"},
      {"AWS-13.2", "route_servers.*.aws.bfd.interval", "300ms"},
      {"AWS-13.2", "route_servers.*.aws.bfd.multiplier", "3"},
      {"AWS-13.4", "route_servers.*.aws.program", "uniform 500ms 5500ms"},
      {"AWS-13.9", "route_servers.*.aws.persist_routes", "off"},
      {"AWS-13.11", "route_servers.*.aws.limits.routes_per_peer", "100"},
      {"AWS-13.11", "route_servers.*.aws.limits.fib_routes", "100"},
      {"AWS-13.11", "route_servers.*.aws.limits.propagated_routes", "100"},
      {"AWS-13.12", "route_servers.*.aws.limits.endpoints_per_subnet", "2"},
      {"AWS-13.12", "route_servers.*.aws.limits.endpoints", "10"},
      {"AWS-13.12, AWS-9.4", "route_servers.*.aws.limits.sessions_per_interface", "20"},
      {"AWS-9.8", "route_servers.*.aws.limits.static_routes", "500"},
      {"AWS-13.12", "route_servers.*.aws.limits.route_servers", "5"},
      {"AWS-13.5, AWS-2.9", "nvas.*.establish", "uniform 1s 3s"},
      {"AZ-14.3", "route_servers.*.azure.keepalive", "60s"},
      {"AZ-14.3", "route_servers.*.azure.hold", "180s"},
      {"AZ-14.5", "route_servers.*.azure.max_peers", "8"},
      {"AZ-14.5, AZ-13.1", "route_servers.*.azure.max_routes_per_peer", "4000"},
      {"AZ-14.5", "route_servers.*.azure.max_routes_total", "10000"},
      {"AZ-14.9", "route_servers.*.azure.change_interval", "30s"},
      {"AZ-14.10", "route_servers.*.azure.max_paths", "8"},
      {"AZ-14.12", "route_servers.*.azure.branch_to_branch", "off"},
      {"AZ-14.13", "route_servers.*.azure.routing_preference", "expressroute"},
      {"AZ-14.15", "route_servers.*.azure.total_loss", "freeze"},
      {"AZ-14.16", "route_servers.*.azure.nic_share", "50%"},
      {"AZ-14.19, AZ-13.8", "load_balancer.azure.probe", "5s"},
      {"AZ-14.19, AZ-13.9", "load_balancer.azure.threshold", "3"},
      {"AWS-11.9", "load_balancer.aws.interval", "10s"},
      {"AWS-12.15", "api_failover.aws.poll", "60s"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const KeySpec *spec = NULL;
    gpointer question[2] = {(gpointer)cases[i].path, &spec};
    scenario_keys_foreach(find_spec, question);
    cr_assert_not_null(spec, "%s: no key %s", cases[i].fact, cases[i].path);
    cr_assert_str_eq(spec->fallback, cases[i].value, "%s: %s is %s", cases[i].fact, cases[i].path,
                     spec->fallback);
  }
  FACTS("AWS-9.4", "AWS-9.8", "AWS-13.5", "AWS-13.11", "AWS-13.12", "AZ-13.8", "AZ-13.9", "AZ-14.9",
        "AZ-14.12", "AZ-14.13");
}

Test(rest_facts, prices) {
  CloudPrice prices[CLOUD_MOST_PRICES];
  g_autoptr(Story) story = story_new(STORY_PAIR("router", "{}", ""), SILENT);
  const DesignRouteServer *server = story_body(story)->route_servers->pdata[0];
  const CloudClass *aws = cloud_find("aws"), *azure = cloud_find("azure");
  /* AWS-10.4: 0.75 USD an hour for each endpoint, the server itself free. */
  cr_assert_eq(aws->telling->prices(server->configs[cloud_place(aws)], prices), 2);
  cr_assert_eq(prices[0].cents, 0);
  cr_assert(prices[1].cents == 75 && prices[1].count == 4);
  /* AZ-12.5, for want of AZ-12.2: 0.45 USD an hour with two routing units; AZ-12.1: 0.10 USD an
   * hour for each further one. */
  cr_assert_eq(azure->telling->prices(server->configs[cloud_place(azure)], prices), 1);
  cr_assert(prices[0].cents == 45 && prices[0].count == 1);
  g_autoptr(Story) more = story_new_set(STORY_PAIR("router", "{}", ""), SILENT,
                                        "route_servers.rs.azure.routing_infrastructure_units=5");
  server = story_body(more)->route_servers->pdata[0];
  cr_assert_eq(azure->telling->prices(server->configs[cloud_place(azure)], prices), 2);
  cr_assert(prices[0].cents == 45 && prices[1].cents == 10 && prices[1].count == 3);
  FACTS("AWS-10.4", "AZ-12.1", "AZ-12.5");
}

/* The session metric is looked at every 5 minutes; event log and SNS tell at once. */
Test(rest_facts, alarms) {
  g_autoptr(Story) story = story_new(STORY_PAIR("router", BFD, STANDBY), SILENT);
  const StoryRange azure = story_range(story, "azure", 0, "alarm", 60);
  cr_assert(azure.least >= 20 && azure.greatest <= 30 + 300.01);
  cr_assert_gt(azure.greatest - azure.least, 200, "the look comes at any time of the five minutes");
  for (guint run = 0; run < 5; run++) {
    g_autoptr(RunResult) result = story_run(story, "aws", run);
    cr_assert_eq(result->rows[0].alarm.ns, result->rows[0].detected.ns);
  }
  FACTS("AWS-10.1", "AWS-10.2", "AZ-2.21");
}

/* A route server that was told another AS number refuses the session (RFC 4271 6.2). */
Test(rest_facts, a_wrong_as_number_is_refused) {
  static const char nvas[] = "  fw-a: {subnet: hub/a, asn: 65010, peers: {rs: {asn: 65099}}, "
                             "advertise: [{prefix: 192.168.0.0/16}]}\n"
                             "  fw-b: {subnet: hub/b, asn: 65010, peers: {rs: {asn: 65010}}, "
                             "advertise: [{prefix: 192.168.0.0/16, prepend: 2}]}\n";
  static const char *const models[] = {"azure", "aws"};
  g_autoptr(Story) story = story_new(nvas, "events:\n  - {at: 60s, fail: fw-b, how: crash}\n");
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(RunResult) result = story_run(story, models[m], 0);
    cr_assert_str_eq(result->traffic[0].via, "fw-b", "fw-a's better path never arrived");
    cr_assert_str_eq(story_hops(result, m == 0 ? "hub/app@rs/0" : "hub/app", "192.168.0.0/16"), "",
                     "and nothing takes over");
  }
  FACTS("AWS-2.4");
}

/* The appliance opens the session: after its crash it is back no earlier than it tries. A peer is
 * one appliance at one endpoint: with two endpoints in its subnet it has two. BFD is chosen peer by
 * peer. */
Test(rest_facts, peers) {
  static const char nvas[] =
      "  fw-a: {subnet: hub/a, asn: 65010, peers: {rs: " BFD
      "}, advertise: [{prefix: 192.168.0.0/16}]}\n"
      "  fw-b: {subnet: hub/b, asn: 65011, peers: {rs: {keepalive: 10s, hold: 30s}}, "
      "advertise: [{prefix: 172.16.0.0/16}]}\n";
  g_autoptr(Story) story = story_new(nvas, "models: [aws]\nevents:\n"
                                           "  - {at: 60s, fail: fw-a, how: silent}\n"
                                           "  - {at: 60s, fail: fw-b, how: silent}\n"
                                           "  - {at: 3m, restore: fw-a}\n");
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  guint down[2] = {0, 0};
  for (RecordId id = 1; id <= engine_record_count(result->engine); id++) {
    const TraceRecord *record = engine_record_get(result->engine, id);
    if (record->kind == &BGP_SESSION_DOWN && g_str_has_prefix(record->subject, "rs/"))
      down[strcmp(record->object, "fw-b") == 0]++;
  }
  cr_assert(down[0] == 2 && down[1] == 2);
  cr_assert(result->rows[0].detected.ns < SIM_SECOND, "BFD");
  cr_assert(result->rows[1].detected.ns >= 20 * SIM_SECOND - SIM_SECOND / 100, "the hold timer");
  /* 180 s of boot, then the appliance's own wait of 1 to 3 s (AWS-2.9). */
  cr_assert(result->rows[2].detected.ns >= 181 * SIM_SECOND &&
            result->rows[2].detected.ns <= 184 * SIM_SECOND);
  FACTS("AWS-1.6", "AWS-1.13", "AWS-2.9", "AWS-3.1");
}

/* No flow ever passes an endpoint. One next hop for each prefix, though two appliances have equal
 * paths. Hosts of a subnet follow its table. */
Test(rest_facts, one_target) {
  g_autoptr(Story) story = story_new(STORY_PAIR("router", "{}", ""), "models: [aws]\n");
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  cr_assert_eq(result->traffic_count, 2);
  for (guint i = 0; i < result->traffic_count; i++) {
    cr_assert_eq(result->traffic[i].flows, 1000);
    cr_assert_str_eq(result->traffic[i].via, "fw-a");
  }
  FACTS("AWS-1.14", "AWS-4.2", "AWS-4.6", "AWS-11.2");
}

/* Within a subnet no route table is asked, not even for a route to the subnet itself that leads to
 * an appliance; from another subnet it is. */
Test(rest_facts, within_a_subnet_no_table_is_asked) {
  static const char *const settings[] = {"{}", "{asn: 64512, endpoints: {e1: hub/nva}, "
                                               "propagate_to: [hub/app]}"};
  static const char *const models[] = {"azure", "aws"};
  static const RouteOrigin origin = {"test", 0, FALSE, FALSE};
  const NextHop nowhere = {.kind = HOP_NONE};
  const Packet packet = {.to = bed_address("10.0.1.77"), .hash = {0, 1}};
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = cloud_lab_new(bed, cloud_find(models[m]), settings[m], 1);
    RouteTable *table = lab->app->tables->pdata[0];
    Passage passage;
    route_table_put(table, bed_prefix("10.0.1.0/24"), &origin, &nowhere, 1);
    fabric_walk_from_subnet(lab->fabric, lab->app->subnet, table, &packet, &passage);
    /* A user route of Azure applies within a subnet too. */
    cr_assert_eq(passage.delivered, m == 1);
    fabric_walk_from_subnet(lab->fabric, lab->nva->subnet, table, &packet, &passage);
    cr_assert(!passage.delivered);
  }
  FACTS("AWS-11.3");
}

/* No password, and no change of a peer. */
Test(rest_facts, what_an_aws_peer_cannot_have) {
  static const char text[] =
      "name: wishes\nduration: 2m\nmodels: [aws]\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {n: {prefix: 10.0.1.0/24}}}}\n"
      "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/n}, "
      "propagate_to: [hub/n]}}}\n"
      "nvas: {r: {subnet: hub/n, asn: 65010, peers: {rs: {%s}}}}\n%s";
  static const struct {
    const char *peer, *more, *said;
  } cases[] = {{"aws: {password: x}", "", "(AWS-2.7)"},
               {"", "events: [{at: 60s, set: nvas.r.peers.rs.hold, to: [9s]}]\n", "AWS-1.8)"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *whole = g_strdup_printf(text, cases[i].peer, cases[i].more);
    g_autofree char *said = story_diagnostics(whole);
    cr_assert(strstr(said, "error: ") != NULL && strstr(said, cases[i].said) != NULL, "%s", said);
  }
  FACTS("AWS-1.8", "AWS-2.7");
}

/* Defaults of circuits and of route health injection. Direct Connect finds out within 90 s, with
 * BFD within 0.9 s. */
Test(rest_facts, defaults_of_gateways_and_health) {
  static const struct {
    const char *path, *value;
  } cases[] = {{"circuits.*.azure.keepalive", "60s"},
               {"circuits.*.azure.hold", "180s"},
               {"circuits.*.azure.bfd_interval", "300ms"},
               {"circuits.*.aws.hold", "90s"},
               {"circuits.*.aws.bfd_interval", "300ms"},
               {"nvas.*.health.poll", "1s"},
               {"nvas.*.health.poll_fall", "3"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const KeySpec *spec = NULL;
    gpointer question[2] = {(gpointer)cases[i].path, &spec};
    scenario_keys_foreach(find_spec, question);
    cr_assert_not_null(spec, "no key %s", cases[i].path);
    cr_assert_str_eq(spec->fallback, cases[i].value, "%s", cases[i].path);
  }
  FACTS("AWS-12.19", "AZ-14.21", "AZ-14.23");
}

/* A path with the route server's own AS number is a loop (RFC 4271 9.1.2), so the longer path
 * without it wins; an endpoint stands in its subnet, at an address of that. */
Test(rest_facts, own_as_number_and_addresses_of_endpoints) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, cloud_find("aws"),
                                "{asn: 64512, endpoints: {e1: hub/nva, e2: hub/nva}, "
                                "propagate_to: [hub/app], program: 1s}",
                                2);
  const BgpAttributes *own = cloud_lab_attributes(lab, 0, 0, -1);
  cloud_lab_say(lab, 0, "192.168.0.0/16",
                bgp_attributes_prepend(lab->topology.arena, own, 64512, 1));
  cloud_lab_say(lab, 1, "192.168.0.0/16", cloud_lab_attributes(lab, 1, 5, -1));
  cloud_lab_begin(lab);
  cloud_lab_assert_hops(lab, 0, "192.168.0.0/16", "fw-b");
  for (guint i = 0; i < route_server_part_count(lab->server); i++) {
    const IpAddress address = route_server_part_address(route_server_part(lab->server, i));
    cr_assert(prefix_contains(subnet_prefix(lab->nva->subnet), address));
    for (guint j = 0; j < i; j++)
      cr_assert(
          !ip_address_equal(address, route_server_part_address(route_server_part(lab->server, j))));
  }
  FACTS("AWS-1.4", "AWS-4.17");
}

/* Peering with one instance only: the half of the VMs that the other one feeds miss the routes, and
 * their traffic is dropped. */
Test(rest_facts, one_instance_feeds_half_of_the_vms) {
  static const char nvas[] =
      "  fw-a: {subnet: hub/a, asn: 65010, peers: {rs: {azure: {instances: [0]}}}, "
      "advertise: [{prefix: 192.168.0.0/16}]}\n"
      "  fw-b: {subnet: hub/b, asn: 65010}\n";
  g_autoptr(Story) story = story_new(nvas, "models: [azure]\n");
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  guint over = 0, dropped = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->direction == FLOW_FORWARD)
      *(strcmp(row->via, "fw-a") == 0 ? &over : &dropped) += row->flows;
  }
  cr_assert(over == 500 && dropped == 500);
  FACTS("AZ-2.7", "AZ-14.16");
}

/* A default route of an appliance takes the place of the system's way to the Internet, and a more
 * specific route of a gateway still wins. */
Test(rest_facts, a_default_route_replaces_the_internet) {
  static const char text[] =
      "name: default\nduration: 1m\nmodels: [azure]\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "
      "n: {prefix: 10.0.1.0/24, vms: 0}}}}\n"
      "route_servers: {rs: {network: hub, azure: {branch_to_branch: on}}}\n"
      "gateways: {er: {kind: circuit, network: hub}}\n"
      "sites: {dc: {prefixes: [192.168.0.0/16], via: [er]}}\n"
      "nvas: {fw: {subnet: hub/n, asn: 65010, peers: {rs: {}}%s}}\n"
      "traffic: {out: {from: hub/app, to: internet, flows: 10}, "
      "dc: {from: hub/app, to: dc, flows: 10}}\n";
  static const char *const advertise[] = {"", ", advertise: [{prefix: 0.0.0.0/0}]"};
  for (guint with = 0; with < 2; with++) {
    g_autofree char *whole = g_strdup_printf(text, advertise[with]);
    g_autoptr(Story) story = story_text(whole);
    g_autoptr(RunResult) result = story_run(story, "azure", 0);
    for (guint i = 0; i < result->traffic_count; i++) {
      const RunTrafficRow *row = &result->traffic[i];
      if (row->direction != FLOW_FORWARD)
        continue;
      if (strcmp(row->traffic, "out") == 0)
        cr_assert_eq(strcmp(row->via, "direct") == 0, !with, "%s", row->via);
      else
        cr_assert(g_str_has_prefix(row->via, "er/"), "%s", row->via);
    }
  }
  FACTS("AZ-6.5");
}
