/* What `show` tells of sessions, of whoever opens them, and in which order a run's rows stand. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/cloud/cloud.h"
#include "routesim/run/inspect.h"
#include "support/replay.h"

/* "dc-a dc-b", the ends of each session in the listing of `name`; "": there is none. */
static char *sessions_of(const char *text, const char *model, const char *name) {
  g_autoptr(Replay) replay = replay_new(text, model);
  const RunOptions options = {.seed = 1};
  g_autoptr(Inspection) inspection = inspection_new(scenario_file_get(replay->file, 0),
                                                    cloud_find(model), &options, SIM_TIME_ZERO);
  const GPtrArray *listings = inspection_listings(inspection, NULL);
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < listings->len; i++) {
    const CloudListing *listing = listings->pdata[i];
    if (strcmp(listing->key, "sessions") != 0 || strcmp(listing->names->pdata[0], name) != 0)
      continue;
    for (guint j = 0; j < listing->rows->len; j++) {
      const char *const *cells = listing->rows->pdata[j];
      g_string_append_printf(out, "%s%s-%s", out->len > 0 ? " " : "", cells[0], cells[1]);
    }
  }
  return g_string_free(out, FALSE);
}

static void assert_sessions(const char *text, const char *model, const char *name,
                            const char *expected) {
  g_autofree char *sessions = sessions_of(text, model, name);
  cr_assert_str_eq(sessions, expected, "%s of %s: '%s'", name, model, sessions);
}

#define HUB                                                                                        \
  "name: x\nduration: 10m\nlink_delay: 1ms\n"                                                      \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "               \
  "nva: {prefix: 10.0.1.0/24, vms: 0}}}}\n"

/* A router of the site's own does, whatever it speaks with; a site without one has no session. */
Test(sessions, a_router_of_a_site_opens_its_sessions) {
  static const char text[] =
      HUB "models: [aws, azure]\n"
          "nvas: {a: {kind: sd-wan, subnet: hub/nva, asn: 65010}, "
          "b: {kind: sd-wan, subnet: hub/nva, asn: 65010}}\n"
          "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65101, via: {a: {}, b: {}}}, "
          "shop: {prefixes: [172.16.0.0/16], via: [a]}}\n";
  static const char *const models[] = {"aws", "azure"};
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    assert_sessions(text, models[m], "dc", "dc-a dc-b");
    assert_sessions(text, models[m], "a", "");
    assert_sessions(text, models[m], "shop", "");
  }
}

/* One virtual private gateway has two sides. The one with the first name opens the session between
 * them, as among appliances, in whichever order the file tells them. */
Test(sessions, the_side_of_a_gateway_with_the_first_name_opens) {
#define SIDES(first, second, vpn)                                                                  \
  HUB "models: [aws]\ngateways: {" first ", " second "}\ncircuits: {c1: {site: office}}\n"         \
      "sites: {branch: {prefixes: [192.168.1.0/24], asn: 65001, via: {" vpn ": {}}}, "             \
      "office: {prefixes: [192.168.2.0/24], asn: 65002}}\n"
#define VPN(name) name ": {kind: vpn, network: hub}"
#define LINES "dx: {kind: circuit, network: hub, circuits: [c1]}"
  static const struct {
    const char *text, *of_dx, *vpn, *of_vpn;
  } cases[] = {
      {SIDES(VPN("vpn"), LINES, "vpn"), "dx/0-vpn/0 dx/0-c1/0", "vpn", ""},
      {SIDES(LINES, VPN("vpn"), "vpn"), "dx/0-vpn/0 dx/0-c1/0", "vpn", ""},
      {SIDES(VPN("a"), LINES, "a"), "dx/0-c1/0", "a", "a/0-dx/0"},
      {SIDES(LINES, VPN("a"), "a"), "dx/0-c1/0", "a", "a/0-dx/0"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    assert_sessions(cases[i].text, "aws", "dx", cases[i].of_dx);
    assert_sessions(cases[i].text, "aws", cases[i].vpn, cases[i].of_vpn);
  }
}

/* Time, then the traffic's name, then there before back, whatever the ways are called. */
Test(sessions, rows_of_traffic_stand_in_order) {
  g_autoptr(Replay) replay = replay_new(
      HUB "models: [azure]\nsites: {dc: {prefixes: [192.168.0.0/16]}}\n"
          "circuits: {c1: {site: dc}}\ngateways: {er: {kind: circuit, network: hub, circuits: "
          "[c1]}}\n"
          "traffic: {u: {from: hub/app, to: dc, flows: 200}, t: {from: hub/app, to: dc, flows: "
          "200}}\n",
      "azure");
  static const struct {
    const char *traffic;
    FlowDirection direction;
    const char *via;
  } expected[] = {
      {"t", FLOW_FORWARD, "er/0+c1/0"}, {"t", FLOW_FORWARD, "er/1+c1/1"},
      {"t", FLOW_REVERSE, "c1/0+er/0"}, {"t", FLOW_REVERSE, "c1/1+er/1"},
      {"u", FLOW_FORWARD, "er/0+c1/0"}, {"u", FLOW_FORWARD, "er/1+c1/1"},
      {"u", FLOW_REVERSE, "c1/0+er/0"}, {"u", FLOW_REVERSE, "c1/1+er/1"},
  };
  cr_assert_eq(replay->result->traffic_count, G_N_ELEMENTS(expected));
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
    const RunTrafficRow *row = &replay->result->traffic[i];
    cr_assert_str_eq(row->traffic, expected[i].traffic);
    cr_assert_eq(row->direction, expected[i].direction, "row %u", i);
    cr_assert_str_eq(row->via, expected[i].via);
  }
}
