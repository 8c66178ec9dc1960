/* What sites announce apart from where their hosts are, and whose an address is then. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/replay.h"

#define HUB                                                                                        \
  "name: x\nduration: 5m\nlink_delay: 1ms\n"                                                       \
  "networks: {hub: {prefixes: [10.1.0.0/16], subnets: {app: {prefix: 10.1.0.0/24, vms: 10}, nva: " \
  "{prefix: 10.1.1.0/24, vms: 0}}}}\n"
#define RS "route_servers: {rs: {network: hub, azure: {branch_to_branch: on}}}\n"
#define VPN "gateways: {g: {kind: vpn, network: hub}}\n"
#define CIRCUIT                                                                                    \
  "gateways: {g: {kind: circuit, network: hub, circuits: [c1]}}\ncircuits: {c1: {site: dc}}\n"

/* A default route from on-premises is taken and programmed, over every kind of gateway, beside a
 * route server and without, whether it stands among the prefixes or is announced; the VNet's own
 * range stays its own. What nobody owns leaves by the site's way out, and comes back. */
Test(site_announcements, a_default_route_from_on_premises) {
  static const struct {
    const char *gateways, *site, *internet, *model;
  } cases[] = {
      {VPN, "prefixes: [192.168.0.0/16, 0.0.0.0/0], via: {g: {}}", "g/0+dc g/1+dc", "azure"},
      {VPN, "prefixes: [0.0.0.0/0, 192.168.0.0/16], via: {g: {}}", "g/0+dc g/1+dc", "azure"},
      {RS VPN, "prefixes: [192.168.0.0/16, 0.0.0.0/0], via: {g: {}}", "g/0+dc g/1+dc", "azure"},
      {VPN,
       "prefixes: [192.168.0.0/16], advertise: [{prefix: 192.168.0.0/16}, {prefix: 0.0.0.0/0}], "
       "via: {g: {}}",
       "g/0+dc g/1+dc", "azure"},
      {VPN, "prefixes: [192.168.0.0/16, 0.0.0.0/0], via: [g]", "g/0 g/1", "azure"},
      {VPN, "prefixes: [192.168.0.0/16, 0.0.0.0/0], via: {g: {bgp: off}}", "g/0+dc g/1+dc",
       "azure"},
      {CIRCUIT, "prefixes: [192.168.0.0/16, 0.0.0.0/0]", "g/0+c1/0+dc g/1+c1/1+dc", "azure"},
      {RS CIRCUIT, "prefixes: [192.168.0.0/16, 0.0.0.0/0]", "g/0+c1/0+dc g/1+c1/1+dc", "azure"},
      {VPN, "prefixes: [192.168.0.0/16, 0.0.0.0/0], via: {g: {}}", "g/0+dc", "aws"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB "models: %s\n%ssites: {dc: {%s}}\n"
            "traffic: {i: {from: hub/app, to: 8.8.8.8, flows: 200}, h: {from: hub/app, to: "
            "hub/nva2, flows: 10}, d: {from: dc, to: hub/app, flows: 200}}\n",
        cases[i].model, cases[i].gateways, cases[i].site);
    g_autofree char *with = NULL;
    char **parts = g_strsplit(text, "nva: {prefix: 10.1.1.0/24, vms: 0}", 2);
    with = g_strjoin("nva: {prefix: 10.1.1.0/24, vms: 0}, nva2: {prefix: 10.1.2.0/24, vms: 1}",
                     parts[0], parts[1], NULL);
    g_strfreev(parts);
    g_autoptr(Replay) replay = replay_new(with, cases[i].model);
    replay_assert_ways(replay, "i", "forward", 10, cases[i].internet);
    g_autofree char *back = replay_ways(replay, "i", "reverse", 10);
    cr_assert(!g_str_has_prefix(back, "dropped:"), "case %u: %s", i, back);
    replay_assert_ways(replay, "h", "forward", 10, "direct");
    g_autofree char *in = replay_ways(replay, "d", "forward", 10);
    cr_assert(!g_str_has_prefix(in, "dropped:"), "case %u: %s", i, in);
  }
  FACTS("AZ-8.19");
}

/* A summary around the VNet is taken; the VNet's longer range wins, on both sides, and all else in
 * it is the site's, whose traffic goes to its first own address. */
Test(site_announcements, a_summary_from_on_premises) {
  static const struct {
    const char *gateways, *via, *ways, *back;
  } cases[] = {
      {VPN, ", via: {g: {}}", "g/0 g/1", "g/0 g/1"},
      {VPN, ", via: [g]", "g/0 g/1", "g/0 g/1"},
      {RS VPN, ", via: {g: {}}", "g/0 g/1", "g/0 g/1"},
      {CIRCUIT, "", "g/0+c1/0 g/1+c1/1", "c1/0+g/0 c1/1+g/1"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB "models: azure\n%ssites: {dc: {prefixes: [10.0.0.0/8]%s}}\n"
            "traffic: {a: {from: hub/app, to: 10.200.0.1, flows: 200}, t: {from: hub/app, to: dc, "
            "flows: 200}, v: {from: hub/app, to: 10.1.1.77, flows: 10}}\n",
        cases[i].gateways, cases[i].via);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    replay_assert_ways(replay, "a", "forward", 10, cases[i].ways);
    replay_assert_ways(replay, "t", "forward", 10, cases[i].ways);
    replay_assert_ways(replay, "t", "reverse", 10, cases[i].back);
    g_autofree char *vacant = replay_ways(replay, "v", "forward", 10);
    cr_assert(g_str_has_prefix(vacant, "dropped:"), "%s", vacant);
  }
  FACTS("AZ-8.19");
}

/* The first address of 10.0.0.0/8 is one of a network's: traffic to the site goes behind it. */
Test(site_announcements, traffic_goes_to_an_own_address) {
  g_autoptr(Replay) replay = replay_new(
      "name: x\nduration: 1m\nmodels: azure\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24, vms: 10}}}}\n"
      "gateways: {g: {kind: vpn, network: hub}}\n"
      "sites: {dc: {prefixes: [10.0.0.0/8], via: {g: {}}}, branch: {prefixes: [10.1.0.0/16], asn: "
      "65101, via: {g: {}}}}\n"
      "traffic: {t: {from: hub/app, to: dc, flows: 100}, b: {from: hub/app, to: branch, flows: "
      "100}}\n",
      "azure");
  replay_assert_ways(replay, "t", "forward", 10, "g/0 g/1");
  replay_assert_ways(replay, "b", "forward", 10, "g/0 g/1");
}

#define TWO_CIRCUITS                                                                               \
  "gateways: {g: {kind: circuit, network: hub, circuits: [c1, c2]}}\n"                             \
  "circuits: {c1: {site: dc}, c2: {site: dc}}\n"                                                   \
  "traffic: {t: {from: hub/app, to: dc, flows: 200}}\n"

/* RFC 4271 5.1.2, RFC 1997: each link has a list of its own, in place of the site's; prepends and
 * communities do what they do, and an empty list announces nothing. */
Test(site_announcements, each_link_has_a_list) {
  static const struct {
    const char *site, *ways;
  } cases[] = {
      {"via: {}", "g/0+c1/0 g/0+c2/0 g/1+c1/1 g/1+c2/1"},
      {"via: {c1: {advertise: [{prefix: 192.168.0.0/16, prepend: 1}]}}", "g/0+c2/0 g/1+c2/1"},
      {"via: {c2: {advertise: [{prefix: 192.168.0.0/16, prepend: 1}]}}", "g/0+c1/0 g/1+c1/1"},
      {"advertise: [{prefix: 192.168.0.0/16, prepend: 3}], via: {c1: {advertise: [{prefix: "
       "192.168.0.0/16}]}}",
       "g/0+c1/0 g/1+c1/1"},
      {"via: {c1: {advertise: []}}", "g/0+c2/0 g/1+c2/1"},
      {"via: {c1: {advertise: [{prefix: 192.168.0.0/16}, {prefix: 192.168.0.0/17}]}}",
       "g/0+c1/0 g/1+c1/1"},
      {"via: {c1: {advertise: [{prefix: 192.168.0.0/17, count: 2}]}}", "g/0+c1/0 g/1+c1/1"},
      {"via: {c1: {advertise: [{prefix: 192.168.0.0/16, community: [no-advertise]}]}}",
       "g/0+c2/0 g/1+c2/1"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(HUB "models: azure\n" TWO_CIRCUITS
                                                "sites: {dc: {prefixes: [192.168.0.0/16], %s}}\n",
                                            cases[i].site);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    replay_assert_ways(replay, "t", "forward", 10, cases[i].ways);
  }
}

/* A router whose process starts anew announces what it did. */
Test(site_announcements, a_router_that_comes_back_announces_the_same) {
  g_autoptr(Replay) replay = replay_new(
      HUB
      "models: azure\n" TWO_CIRCUITS
      "sites: {dc: {prefixes: [192.168.0.0/16], via: {c1: {advertise: [{prefix: 192.168.0.0/16, "
      "prepend: 1, med: 50}]}}}}\n"
      "events: [{at: 30s, fail: dc, how: crash}, {at: 90s, restore: dc}]\n",
      "azure");
  replay_assert_ways(replay, "t", "forward", 10, "g/0+c2/0 g/1+c2/1");
  replay_assert_ways(replay, "t", "forward", 290, "g/0+c2/0 g/1+c2/1");
}

/* An appliance announces of a site what the site announces to it. */
Test(site_announcements, an_appliance_passes_them_on) {
  static const char *const vias[] = {"via: [n]", "via: {n: {}}"};
  for (guint i = 0; i < G_N_ELEMENTS(vias); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB RS
        "models: azure\n"
        "nvas: {n: {kind: router, subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: "
        "dc}]}}\n"
        "sites: {dc: {prefixes: [192.168.0.0/16], advertise: [{prefix: 192.168.0.0/16}, {prefix: "
        "0.0.0.0/0}], %s}}\n"
        "traffic: {i: {from: hub/app, to: 8.8.8.8, flows: 100}, t: {from: hub/app, to: dc, flows: "
        "100}}\n",
        vias[i]);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    replay_assert_ways(replay, "t", "forward", 10, "n");
    g_autofree char *out = replay_ways(replay, "i", "forward", 10);
    cr_assert(g_str_has_prefix(out, "n"), "%s", out);
  }
}

/* What a site cannot have or announce. */
Test(site_announcements, mistakes) {
  static const struct {
    const char *site, *said;
  } cases[] = {
      {"prefixes: [10.1.0.0/16], via: {g: {}}", "the prefix lies in one of network 'hub'"},
      {"prefixes: [10.1.7.0/24], via: {g: {}}", "the prefix lies in one of network 'hub'"},
      {"prefixes: [0.0.0.0/0], via: {g: {}}", "a default route is no place"},
      {"prefixes: [192.168.0.0/16], advertise: [{prefix: 10.0.0.0/8, prepend: 1}], via: [g]",
       "nothing speaks BGP here"},
      {"prefixes: [192.168.0.0/16], via: {g: {bgp: off, advertise: [{prefix: 10.0.0.0/8, med: "
       "1}]}}",
       "nothing speaks BGP here"},
      {"prefixes: [192.168.0.0/16], advertise: [{prefix: 10.0.0.0/8}, {prefix: 10.0.0.0/8}], via: "
       "{g: {}}",
       "the prefix is announced twice"},
      {"prefixes: [192.168.0.0/16], advertise: [{prefix: 255.255.0.0/16, count: 2}], via: {g: {}}",
       "there are no 2 prefixes of this length"},
      {"prefixes: [192.168.0.0/16], advertise: [{prefix: 10.0.0.0/8, community: [x]}], via: {g: "
       "{}}",
       "a community is"},
      {"prefixes: [192.168.0.0/16], advertise: [{}], via: {g: {}}", "the key 'prefix' is missing"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text =
        g_strdup_printf(HUB "models: azure\n" VPN "sites: {dc: {%s}}\n"
                            "traffic: {t: {from: hub/app, to: dc, flows: 10}}\n",
                        cases[i].site);
    g_autofree char *trouble = replay_trouble(text);
    cr_assert(strstr(trouble, cases[i].said) != NULL, "case %u: %s", i, trouble);
  }
}
