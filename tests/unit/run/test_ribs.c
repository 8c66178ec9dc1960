/* What speakers of whole designs use and tell: next hops within reach, communities, and what an
 * appliance originates for one of its peers. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/cloud/cloud.h"
#include "routesim/run/inspect.h"
#include "support/facts.h"
#include "support/story.h"

/* "10.1.0.12 65002 65002": next hop and AS path of the route that `speaker` uses at a moment, or
 * "none". */
static char *route_of(const Story *story, const char *model, gint64 seconds, const char *speaker,
                      const char *prefix) {
  enum { PREFIX_CELL, NEXT_HOP, FROM, AS_PATH, MED, COMMUNITIES, USE };
  const RunOptions options = {.seed = 1};
  g_autoptr(Inspection) inspection =
      inspection_new(story_scenario(story), cloud_find(model), &options, sim_time_s(seconds));
  const GPtrArray *listings = inspection_listings(inspection, speaker);
  for (guint i = 0; i < listings->len; i++) {
    const CloudListing *listing = listings->pdata[i];
    if (strcmp(listing->key, "rib") != 0)
      continue;
    for (guint j = 0; j < listing->rows->len; j++) {
      const char *const *cells = listing->rows->pdata[j];
      if (strcmp(cells[PREFIX_CELL], prefix) == 0 && g_strcmp0(cells[USE], "best") == 0)
        return g_strdup_printf("%s %s", cells[NEXT_HOP] != NULL ? cells[NEXT_HOP] : "self",
                               cells[AS_PATH] != NULL ? cells[AS_PATH] : "-");
    }
  }
  return g_strdup("none");
}

static void assert_uses(const Story *story, gint64 seconds, const char *speaker, const char *prefix,
                        const char *expected) {
  g_autofree char *text = route_of(story, "azure", seconds, speaker, prefix);
  cr_assert_str_eq(text, expected, "%s at %d s: %s by %s, not by %s", speaker, (int)seconds, prefix,
                   text, expected);
}

#define HUB                                                                                        \
  "name: x\nmodels: [azure]\nduration: 10m\nlink_delay: 1us\n"                                     \
  "networks:\n"                                                                                    \
  "  hub: {prefixes: [10.1.0.0/16], subnets: {nva: {prefix: 10.1.0.0/24}}}\n"                      \
  "  near: {prefixes: [10.2.0.0/16], subnets: {s: {prefix: 10.2.0.0/24}}}\n"                       \
  "  far: {prefixes: [10.3.0.0/16], subnets: {s: {prefix: 10.3.0.0/24}}}\n"                        \
  "peerings:\n  p: {from: near, to: hub}\n  q: {from: far, to: near}\n"                            \
  "  later: {from: far, to: hub, connected: off}\n"                                                \
  "events: [{at: 60s, connect: later}]\n"

/* `a` names a next hop, `b` itself and a longer path. */
#define PAIR(next_hop)                                                                             \
  HUB "nvas:\n"                                                                                    \
      "  dut: {subnet: hub/nva, address: 10.1.0.10, asn: 65000, peers: {}}\n"                      \
      "  a: {subnet: hub/nva, address: 10.1.0.11, asn: 65001, peers: {dut: }, "                    \
      "advertise: [{prefix: 10.100.0.0/16, next_hop: " next_hop "}]}\n"                            \
      "  b: {subnet: hub/nva, address: 10.1.0.12, asn: 65002, peers: {dut: }, "                    \
      "advertise: [{prefix: 10.100.0.0/16, prepend: 2}]}\n"                                        \
      "  out: {subnet: hub/nva, address: 10.1.0.20, asn: 65100, peers: {dut: }}\n"

/* RFC 4271 9.1.2: an appliance reaches its own network and those peered with it directly, as soon
 * as they are; not itself (D-18). */
Test(ribs, an_appliance_uses_next_hops_within_reach) {
  static const struct {
    const char *text, *before, *after;
  } cases[] = {
      {PAIR("192.0.2.1"), "10.1.0.12 65002 65002 65002", "10.1.0.12 65002 65002 65002"},
      {PAIR("10.1.0.77"), "10.1.0.77 65001", "10.1.0.77 65001"},
      {PAIR("10.2.0.77"), "10.2.0.77 65001", "10.2.0.77 65001"},
      {PAIR("10.3.0.77"), "10.1.0.12 65002 65002 65002", "10.3.0.77 65001"},
      {PAIR("10.1.0.10"), "10.1.0.12 65002 65002 65002", "10.1.0.12 65002 65002 65002"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Story) story = story_text(cases[i].text);
    assert_uses(story, 30, "dut", "10.100.0.0/16", cases[i].before);
    assert_uses(story, 90, "dut", "10.100.0.0/16", cases[i].after);
    /* What is used is what is passed on. */
    g_autofree char *told = g_strdup_printf("10.1.0.10 65000 %s", strchr(cases[i].after, ' ') + 1);
    assert_uses(story, 90, "out", "10.100.0.0/16", told);
  }
}

/* The route server takes the shorter path whatever its next hop. */
Test(ribs, a_route_server_does_not_ask) {
  g_autoptr(Story) story = story_text(
      "name: x\nmodels: [azure]\nduration: 10m\n"
      "networks: {hub: {prefixes: [10.1.0.0/16], subnets: {nva: {prefix: 10.1.0.0/24}}}}\n"
      "route_servers: {rs: {network: hub}}\n"
      "nvas:\n"
      "  a: {subnet: hub/nva, asn: 65001, peers: {rs: }, "
      "advertise: [{prefix: 10.100.0.0/16, next_hop: 192.0.2.1}]}\n"
      "  b: {subnet: hub/nva, address: 10.1.0.12, asn: 65002, peers: {rs: }, "
      "advertise: [{prefix: 10.100.0.0/16, prepend: 2}]}\n");
  assert_uses(story, 0, "rs", "10.100.0.0/16", "192.0.2.1 65001");
  FACTS("AZ-6.23");
}

/* RFC 1997. */
Test(ribs, no_export_subconfed) {
  static const char *const words[] = {"no-export-subconfed", "'65535:65283'"};
  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB "nvas:\n"
            "  dut: {subnet: hub/nva, address: 10.1.0.10, asn: 65000, peers: {}}\n"
            "  a: {subnet: hub/nva, address: 10.1.0.11, asn: 65001, peers: {dut: }, "
            "advertise: [{prefix: 10.100.0.0/16, community: [%s]}]}\n"
            "  outside: {subnet: hub/nva, asn: 65100, peers: {dut: }}\n"
            "  inside: {subnet: hub/nva, asn: 65000, peers: {dut: }}\n",
        words[i]);
    g_autoptr(Story) story = story_text(text);
    assert_uses(story, 0, "dut", "10.100.0.0/16", "10.1.0.11 65001");
    assert_uses(story, 0, "outside", "10.100.0.0/16", "none");
    assert_uses(story, 0, "inside", "10.100.0.0/16", "10.1.0.11 65001");
  }
}

/* ---- what an appliance originates for one peer --------------------------------------------- */

#define EDGE(other)                                                                                \
  "name: x\nmodels: [azure]\nduration: 1m\n"                                                       \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "               \
  "nva: {prefix: 10.0.1.0/24, vms: 0}}}}\n"                                                        \
  "route_servers: {rs: {network: hub}}\n"                                                          \
  "nvas:\n"                                                                                        \
  "  edge: {kind: sd-wan, subnet: hub/nva, asn: 65401, peers: {rs: , other: " other "}, "          \
  "advertise: [{site: branch}]}\n"                                                                 \
  "  other: {kind: sd-wan, subnet: hub/nva, asn: 65402, peers: {edge: }}\n"                        \
  "sites: {branch: {prefixes: [172.16.0.0/24], asn: 65403, via: {edge: {}}}}\n"

/* That it tells the network's range to one peer takes from the branch nothing of what the route
 * server told. */
Test(ribs, own_prefix_to_one_peer) {
  static const struct {
    const char *text, *other;
  } cases[] = {
      {EDGE("{}"), "10.0.1.4 65401 65515"},
      {EDGE("{advertise: [{site: branch}, {prefix: 10.0.0.0/16}]}"), "10.0.1.4 65401"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Story) story = story_text(cases[i].text);
    assert_uses(story, 0, "other", "10.0.0.0/16", cases[i].other);
    assert_uses(story, 0, "branch", "10.0.0.0/16", "10.0.1.4 65401 65515");
  }
}

/* ---- lists of one site, and of one endpoint -------------------------------------------------- */

#define TWO_WAYS(peers, sites)                                                                     \
  "name: x\nduration: 5m\n"                                                                        \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "               \
  "a: {prefix: 10.0.1.0/24, vms: 0}, b: {prefix: 10.0.2.0/24, vms: 0}}}}\n"                        \
  "route_servers: {rs: {network: hub, aws: {asn: 65001, endpoints: {a1: hub/a, b1: hub/b}, "       \
  "propagate_to: [hub/app]}}}\n"                                                                   \
  "nvas:\n"                                                                                        \
  "  fw:\n    kind: sd-wan\n    subnet: hub/a\n    asn: 65010\n"                                   \
  "    advertise: [{site: dc, prepend: 1}, {prefix: 172.20.0.0/16, next_hop: 10.0.1.99}]\n"        \
  "    peers: {rs: " peers "}\n" sites                                                             \
  "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65100, via: {fw: {}}}}\n"

static void assert_model_uses(const char *text, const char *model, const char *speaker,
                              const char *prefix, const char *expected) {
  g_autoptr(Story) story = story_text(text);
  g_autofree char *found = route_of(story, model, 0, speaker, prefix);
  cr_assert_str_eq(found, expected, "%s, %s: %s by %s, not by %s", model, speaker, prefix, found,
                   expected);
}

/* By default a site is told what the appliance announces and learned, or its network, with the
 * appliance as the way there (RFC 4271 5.1.3); with a list of its own, that alone. */
Test(ribs, a_site_is_told_a_list_of_its_own) {
  static const char without[] = TWO_WAYS("{}", "");
  static const char with[] =
      TWO_WAYS("{}", "    sites: {dc: {advertise: [{prefix: 10.0.0.0/8, prepend: 1}, "
                     "{prefix: 172.21.0.0/16}]}}\n");
  static const char nothing[] = TWO_WAYS("{}", "    sites: {dc: {advertise: []}}\n");
  static const struct {
    const char *text, *prefix, *azure, *aws;
  } cases[] = {
      {without, "10.0.0.0/16", "10.0.1.4 65010 65515", "10.0.1.4 65010"},
      {without, "172.20.0.0/16", "10.0.1.4 65010", "10.0.1.4 65010"},
      {without, "10.0.0.0/8", "none", "none"},
      {with, "10.0.0.0/16", "none", "none"},
      {with, "172.20.0.0/16", "none", "none"},
      {with, "10.0.0.0/8", "10.0.1.4 65010 65010", "10.0.1.4 65010 65010"},
      {with, "172.21.0.0/16", "10.0.1.4 65010", "10.0.1.4 65010"},
      {nothing, "10.0.0.0/16", "none", "none"},
      {nothing, "172.20.0.0/16", "none", "none"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    assert_model_uses(cases[i].text, "azure", "dc", cases[i].prefix, cases[i].azure);
    assert_model_uses(cases[i].text, "aws", "dc", cases[i].prefix, cases[i].aws);
  }
  /* The route server is told what it was before. */
  assert_model_uses(with, "azure", "rs", "172.20.0.0/16", "10.0.1.99 65010");
  assert_model_uses(with, "azure", "rs", "172.21.0.0/16", "none");
  FACTS("AWS-8.3");
}

/* What is announced can differ by endpoint; without a list of its own an endpoint is told the
 * peer's, or else the appliance's. azure has no endpoints. */
Test(ribs, lists_of_endpoints) {
  static const struct {
    const char *text, *aws;
  } cases[] = {
      {TWO_WAYS("{aws: {endpoints: [a1, b1]}}", ""), "10.0.1.4 65010 65010"},
      {TWO_WAYS("{aws: {endpoints: {a1: , b1: }}}", ""), "10.0.1.4 65010 65010"},
      {TWO_WAYS("{aws: {endpoints: {a1: , b1: {advertise: [{site: dc}]}}}}", ""), "10.0.1.4 65010"},
      {TWO_WAYS("{aws: {endpoints: {a1: {advertise: []}, b1: {advertise: [{site: dc, prepend: "
                "4}]}}}}",
                ""),
       "10.0.1.4 65010 65010 65010 65010 65010"},
      {TWO_WAYS("{advertise: [{site: dc, prepend: 2}], "
                "aws: {endpoints: {a1: {advertise: []}, b1: }}}",
                ""),
       "10.0.1.4 65010 65010 65010"},
      {TWO_WAYS("{aws: {endpoints: {a1: {advertise: []}}}}", ""), "none"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_model_uses(cases[i].text, "aws", "rs", "192.168.0.0/16", cases[i].aws);
  assert_model_uses(cases[2].text, "azure", "rs", "192.168.0.0/16", "10.0.1.4 65010 65010");
  FACTS("AWS-2.8", "AWS-5.5");
}
