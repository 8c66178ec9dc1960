/* Advice that only the network shows when it runs. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/check/check.h"
#include "routesim/run/advise.h"

#include "support/facts.h"

/* One line for each piece; the caller frees. */
static char *advice_of(const char *text) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(ScenarioFile) file =
      check_read("x.yaml", g_strdup(text), strlen(text), NULL, 0, diagnostics);
  GString *out = g_string_new(NULL);
  g_autoptr(GString) wrong = g_string_new(NULL);
  diagnostics_append(diagnostics, FALSE, wrong);
  cr_assert_eq(diagnostics_errors(diagnostics), 0, "%s", wrong->str);
  scenario_file_advise(file, diagnostics);
  for (guint i = 0; i < diagnostics_count(diagnostics); i++)
    if (diagnostics_get(diagnostics, i)->severity == SEVERITY_ADVICE)
      g_string_append_printf(out, "%u: %s\n", diagnostics_get(diagnostics, i)->mark.line,
                             diagnostics_get(diagnostics, i)->message);
  return g_string_free(out, FALSE);
}

static void assert_advice(const char *text, const char *expected) {
  g_autofree char *said = advice_of(text);
  if (expected == NULL)
    cr_assert_str_eq(said, "");
  else
    cr_assert(strstr(said, expected) != NULL, "'%s' not in:\n%s", expected, said);
}

#define DESIGN(events, more)                                                                       \
  "name: x\nduration: 10m\nmodels: [aws]\n"                                                        \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "               \
  "fw: {prefix: 10.0.1.0/24, vms: 0}}}}\n"                                                         \
  "nvas: {fw: {subnet: hub/fw, asn: 65010}}\n"                                                     \
  "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw]}, far: {prefixes: [172.16.0.0/16], via: "    \
  "[]}}\n"                                                                                         \
  "route_tables: {t: {network: hub, subnets: [app], routes: [{to: 192.168.0.0/16, via: fw}]}}\n"   \
  "traffic:\n  good: {from: hub/app, to: dc}\n" more "events: [" events "]\n"

Test(advise, nothing_where_all_arrives) { assert_advice(DESIGN("", ""), NULL); }

Test(advise, traffic_that_arrives_at_no_time) {
  assert_advice(DESIGN("", "  lost: {from: hub/app, to: far}\n"),
                "10: no flow of 'lost' arrives, neither at the start nor at the end: ");
}

/* What works at either moment is no advice: a failure is what the scenario is about. */
Test(advise, what_a_failure_ends_did_work) {
  assert_advice(DESIGN("{at: 60s, fail: fw}", ""), NULL);
}

/* What the design expects not to work is meant. */
Test(advise, what_is_meant) {
  assert_advice(
      DESIGN("",
             "  lost: {from: hub/app, to: far}\n") "expect: [{reach: [hub/app, far], is: off}]\n",
      NULL);
}

/* A route whose appliance passes nothing on, though no traffic of the file takes it. */
Test(advise, routes_that_carry_nothing) {
  const char *const text =
      "name: x\nduration: 10m\nmodels: [aws]\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "
      "fw: {prefix: 10.0.1.0/24, vms: 0}}}}\n"
      "nvas: {fw: {subnet: hub/fw, asn: 65010}}\n"
      "sites: {dc: {prefixes: [192.168.0.0/16], via: []}}\n"
      "route_tables: {t: {network: hub, subnets: [app], routes: [{to: 192.168.0.0/16, via: "
      "fw}]}}\n";
  assert_advice(text, "7: the route to 192.168.0.0/16 by fw carries nothing");
}

/* Told once, however many ask for BFD. */
Test(advise, bfd_needs_two_ports) {
  g_autofree char *said = advice_of(
      "name: x\nduration: 10m\nmodels: [azure, aws]\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}}}}\n"
      "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {a: hub/app}}}}\n"
      "nvas:\n  a: {subnet: hub/app, asn: 65010, peers: {rs: {bfd: {}}}}\n"
      "  b: {subnet: hub/app, asn: 65011, peers: {rs: {bfd: {}}}}\n"
      "variants: {slow: {nvas.*.peers.rs.hold: 90s}}\n");
  const char *first = strstr(said, "AWS-3.13");
  cr_assert_not_null(first, "%s", said);
  cr_assert_null(strstr(first + 1, "AWS-3.13"), "%s", said);
  FACTS("AWS-3.13");
}

#define HUB                                                                                        \
  "name: x\nduration: 10m\nmodels: [aws]\n"                                                        \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "               \
  "web: {prefix: 10.0.2.0/24}, fw: {prefix: 10.0.1.0/24, vms: 0}}}}\n"
#define SERVER(tables, announced, routes)                                                          \
  HUB "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {a: hub/fw, b: hub/fw}, "   \
      "propagate_to: [" tables "]}}}\n"                                                            \
      "nvas: {fw: {subnet: hub/fw, asn: 65010, peers: {rs: {}}, advertise: [" announced "]}}\n"    \
      "route_tables: {t: {network: hub, subnets: [app], routes: [" routes "]}}\n"

/* What no table takes is told with its reason; what one of them takes is not. */
Test(advise, routes_that_no_table_takes) {
  assert_advice(SERVER("t", "{prefix: 172.16.0.0/16}, {prefix: 10.0.0.0/16}", ""),
                "6: no route table takes 10.0.0.0/16 of 'fw' from 'rs', neither at the start nor "
                "at the end: the local route has the same prefix (AWS-11.1)");
  assert_advice(SERVER("t", "{prefix: 172.16.0.0/16}, {prefix: 172.17.0.0/16}",
                       "{to: 172.16.0.0/16, via: fw}, {to: 172.17.0.0/16, via: fw}"),
                "no route table takes 172.16.0.0/16 and 1 more prefix of 'fw' from 'rs', neither "
                "at the start nor at the end: a static route has the same prefix (AWS-5.8)");
  g_autofree char *taken =
      advice_of(SERVER("t, hub/web", "{prefix: 172.16.0.0/16}", "{to: 172.16.0.0/16, via: fw}"));
  cr_assert_null(strstr(taken, "takes"), "%s", taken);
  FACTS("AWS-5.8", "AWS-11.1");
}

/* The piece is told where it is announced: an entry of a list is what its count says, and no more,
 * so that its neighbour is not blamed. */
Test(advise, the_entry_that_announces_it_is_told) {
  static const char *const before[] = {"9.255.0.0/16}", "9.254.0.0/16, count: 2}"};
  for (guint i = 0; i < G_N_ELEMENTS(before); i++) {
    g_autofree char *text =
        g_strdup_printf(SERVER("t", "{prefix: %s,\n{prefix: 10.0.0.0/16}", ""), before[i]);
    g_autofree char *said = advice_of(text);
    cr_assert(g_str_has_prefix(said, "7: no route table takes 10.0.0.0/16 of 'fw' from 'rs', "),
              "%s", said);
  }
}

/* Gateways cost money whether or not anything goes through them. */
Test(advise, gateways_that_nobody_uses) {
  static const char idle[] = "it is paid for and does nothing";
  assert_advice(HUB "gateways: {vpn: {kind: vpn, network: hub}}\n",
                "5: no site is behind vpn gateway 'vpn': it is paid for and does nothing");
  assert_advice(HUB "gateways: {igw: {kind: internet, network: hub}, "
                    "nat: {kind: nat, subnet: hub/web}}\n"
                    "route_tables: {p: {network: hub, subnets: [web], "
                    "routes: [{to: 0.0.0.0/0, via: igw}]}}\n",
                "5: no route leads to NAT gateway 'nat': it is paid for and does nothing");
  g_autofree char *used = advice_of(
      HUB "gateways: {igw: {kind: internet, network: hub}, vpn: {kind: vpn, network: hub}, "
          "nat: {kind: nat, subnet: hub/web}}\n"
          "sites: {dc: {prefixes: [192.168.0.0/16], via: [vpn]}}\n"
          "route_tables: {p: {network: hub, subnets: [web], routes: [{to: 0.0.0.0/0, via: igw}]}, "
          "q: {network: hub, subnets: [app], routes: [{to: 0.0.0.0/0, via: nat}]}}\n");
  cr_assert_null(strstr(used, idle), "%s", used);
}

/* Each variant is looked at, and says so. */
Test(advise, variants) {
  assert_advice(DESIGN("", "") "variants: {cut: {route_tables.t.routes: []}}\n",
                "'good' arrives, neither at the start nor at the end: no-route");
  assert_advice(DESIGN("", "") "variants: {cut: {route_tables.t.routes: []}}\n",
                "(in variant 'cut')");
}
