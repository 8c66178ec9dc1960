/* What is asked of a design: who is where, who has an address, and who leads to whom. The answers
 * stand in the text below, to be read off by hand. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/check/check.h"

static const char text[] =
    "name: x\n"
    "duration: 10m\n"
    "networks:\n"
    "  hub: {prefixes: [10.0.0.0/16, fd00::/48], region: north, subnets: {"
    "app: {prefix: 10.0.0.0/24, vms: 3}, fw: {prefix: 10.0.1.0/24, vms: 0}, "
    "out: {prefix: 10.0.2.0/24, vms: 0}}}\n"
    "  near: {prefixes: [10.1.0.0/16], subnets: {web: {prefix: 10.1.0.0/24}}}\n"
    "  later: {prefixes: [10.2.0.0/16], subnets: {web: {prefix: 10.2.0.0/24}}}\n"
    "  far: {prefixes: [10.3.0.0/16], subnets: {web: {prefix: 10.3.0.0/24}}}\n"
    "peerings:\n"
    "  near-hub: {from: near, to: hub, use_remote_gateway: on}\n"
    "  later-hub: {from: later, to: hub, connected: off}\n"
    "gateways:\n"
    "  igw: {kind: internet, network: hub}\n"
    "  vpn: {kind: vpn, network: hub}\n"
    "  er: {kind: circuit, network: hub, circuits: [c1]}\n"
    "circuits: {c1: {site: plant}, c2: {site: lab}}\n"
    "nvas:\n"
    "  fw: {address: 10.0.1.9, asn: 65010, interfaces: {in: hub/fw, out: hub/out}, "
    "advertise: [{prefix: 172.16.0.0/24, count: 3}, {site: dc}, "
    "{prefix: 172.31.0.0/16, next_hop: 10.0.2.77}]}\n"
    "  edge: {subnet: far/web, asn: 65011}\n"
    "sites:\n"
    "  dc: {prefixes: [192.168.0.0/16, 192.0.2.0/24], via: [fw]}\n"
    "  plant: {prefixes: [198.51.100.0/24], via: []}\n"
    "  lab: {prefixes: [203.0.113.0/24], via: []}\n"
    "  shop: {prefixes: [172.20.0.0/16], advertise: [{prefix: 172.20.8.0/24, count: 2}], "
    "via: {vpn: {prefer: 10, advertise: [{prefix: 172.20.0.0/17}]}}}\n"
    "route_tables:\n"
    "  t: {network: hub, subnets: [app], propagate: off, "
    "routes: [{to: 192.168.0.0/16, via: fw}]}\n"
    "traffic: {t: {from: hub/app, to: dc}}\n"
    "events: [{at: 60s, connect: later-hub}]\n";

static ScenarioFile *file;
static const Design *design;

static ScenarioFile *read_text(const char *scenario, const char **wrong) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(GString) said = g_string_new(NULL);
  ScenarioFile *read =
      check_read("x.yaml", g_strdup(scenario), strlen(scenario), NULL, 0, diagnostics);
  diagnostics_append(diagnostics, FALSE, said);
  if (wrong != NULL)
    *wrong = g_intern_string(said->str);
  else
    cr_assert_eq(diagnostics_errors(diagnostics), 0, "%s", said->str);
  return read;
}

static void read_design(void) {
  file = read_text(text, NULL);
  design = scenario_file_get(file, 0)->design;
}

static void free_design(void) { scenario_file_free(file); }

TestSuite(design, .init = read_design, .fini = free_design);

static IpAddress address(const char *word) {
  IpAddress read;
  cr_assert(ip_address_parse(word, &read), "%s", word);
  return read;
}

static const DesignSite *site(const char *name) { return design_find(design->sites, name); }
static const DesignGateway *gateway(const char *name) {
  return design_find(design->gateways, name);
}
static const DesignNva *nva(const char *name) { return design_find(design->nvas, name); }

/* ---- names -------------------------------------------------------------------------- */

Test(design, find) {
  cr_assert_str_eq(nva("edge")->head.name, "edge");
  cr_assert_null(design_find(design->nvas, "edg"));
  cr_assert_null(design_find(design->nvas, "hub"), "a network is no appliance");
  const DesignNetwork *network = NULL;
  const DesignSubnet *subnet = design_find_subnet(design, "far/web", &network);
  cr_assert_str_eq(subnet->full_name, "far/web");
  cr_assert_str_eq(network->head.name, "far");
  cr_assert_null(design_find_subnet(design, "web", NULL), "which of the three?");
  cr_assert_null(design_find_subnet(design, "hub/web", NULL));
}

/* Whatever the order in the file: blocks stand by name. */
Test(design, blocks_are_sorted) {
  static const char *const names[] = {"far", "hub", "later", "near"};
  cr_assert_eq(design->networks->len, G_N_ELEMENTS(names));
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    cr_assert_str_eq(((const BlockHead *)design->networks->pdata[i])->name, names[i]);
}

Test(design, names_held) {
  cr_assert(design_names_hold(site("dc")->via.names, "fw"));
  cr_assert_not(design_names_hold(site("dc")->via.names, "edge"));
  cr_assert_not(design_names_hold(site("plant")->via.names, "fw"));
}

/* ---- addresses ---------------------------------------------------------------------- */

static void assert_owner(const char *word, const char *network, const char *subnet) {
  const char *owner = design_network_of_address(design, address(word));
  const DesignSubnet *place = design_subnet_of_address(design, address(word));
  cr_assert_eq(g_strcmp0(owner, network), 0, "%s is of %s", word, owner);
  cr_assert_eq(g_strcmp0(place != NULL ? place->full_name : NULL, subnet), 0, "%s", word);
}

Test(design, owner_of_an_address) {
  assert_owner("10.0.0.0", "hub", "hub/app");
  assert_owner("10.0.0.255", "hub", "hub/app");
  assert_owner("10.0.1.0", "hub", "hub/fw");
  assert_owner("10.0.3.1", "hub", NULL); /* in no subnet */
  assert_owner("10.0.255.255", "hub", NULL);
  assert_owner("10.1.0.4", "near", "near/web");
  assert_owner("fd00::1", "hub", NULL);
  assert_owner("10.4.0.1", NULL, NULL);
  assert_owner("192.168.0.1", NULL, NULL); /* a site is no network */
}

Test(design, ranges_cover_what_is_all_in_one_of_them) {
  static const struct {
    const char *prefix;
    gboolean covered;
  } cases[] = {{"192.168.0.0/16", TRUE},
               {"192.168.7.0/24", TRUE},
               {"192.0.2.128/25", TRUE},
               {"192.168.0.0/15", FALSE},
               {"10.0.0.0/24", FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    Prefix prefix;
    const char *why;
    cr_assert(prefix_parse(cases[i].prefix, &prefix, &why));
    cr_assert_eq(design_ranges_cover(site("dc")->prefixes, prefix), cases[i].covered, "%s",
                 cases[i].prefix);
  }
}

/* The file gives one, the other is the first that is free: both clouds keep the first four of a
 * subnet for themselves. */
Test(design, addresses_given_and_said) {
  cr_assert(ip_address_equal(nva("fw")->legs[0], address("10.0.1.9")));
  cr_assert(ip_address_equal(nva("fw")->legs[1], address("10.0.2.4")));
  cr_assert(ip_address_equal(nva("edge")->legs[0], address("10.3.0.4")), "VMs come behind");
  cr_assert(design_is_given(design, address("10.0.1.9")));
  cr_assert_not(design_is_given(design, address("10.0.2.4")), "nobody says so");
}

/* Three VMs; one leg each of the firewall. */
Test(design, inhabitants) {
  static const struct {
    const char *subnet;
    guint64 count;
  } cases[] = {{"hub/app", 3}, {"hub/fw", 1}, {"hub/out", 1}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    cr_assert_eq(
        design_inhabitants(design, design_find_subnet(design, cases[i].subnet, NULL), FALSE),
        cases[i].count, "%s", cases[i].subnet);
}

Test(design, interfaces) {
  cr_assert(design_is_interface(design, "hub", "fw"));
  cr_assert_not(design_is_interface(design, "near", "fw"));
  cr_assert(design_is_interface(design, "hub", "10.0.1.9"));
  cr_assert(design_is_interface(design, "hub", "10.0.2.4"), "the second leg");
  cr_assert_not(design_is_interface(design, "hub", "10.0.1.10"), "nobody is there");
  cr_assert_not(design_is_interface(design, "near", "10.0.1.9"), "in another network");
  cr_assert_not(design_is_interface(design, "hub", "10.9.0.1"), "in none");
}

/* ---- networks ----------------------------------------------------------------------- */

Test(design, nearness) {
  cr_assert_eq(design_nearness(design, "hub", "hub"), DESIGN_NEAR);
  cr_assert_eq(design_nearness(design, "hub", "near"), DESIGN_NEAR);
  cr_assert_eq(design_nearness(design, "near", "hub"), DESIGN_NEAR);
  cr_assert_eq(design_nearness(design, "hub", "later"), DESIGN_NEAR_LATER);
  cr_assert_eq(design_nearness(design, "hub", "far"), DESIGN_FAR);
  cr_assert_eq(design_nearness(design, "near", "later"), DESIGN_FAR, "over the hub is no peering");
  cr_assert(design_are_peered(design, "later", "hub"), "at some time");
  cr_assert_not(design_are_peered(design, "near", "later"));
  cr_assert_str_eq(design_peering_between(design, "hub", "near")->head.name, "near-hub");
  cr_assert_null(design_peering_between(design, "hub", "hub"));
}

/* Only who uses the other's gateway gets its routes, and not the other way round. */
Test(design, who_is_served) {
  cr_assert(design_is_served(design, "hub", "hub"));
  cr_assert(design_is_served(design, "near", "hub"));
  cr_assert_not(design_is_served(design, "hub", "near"));
  cr_assert_not(design_is_served(design, "later", "hub"));
}

Test(design, lending_and_borrowing) {
  cr_assert(design_may_lend(design, "hub"), "it has gateways");
  cr_assert_not(design_may_lend(design, "near"));
  cr_assert(design_may_lend(design, "nowhere"), "who knows?");
  cr_assert_not(design_may_borrow(design, "near"), "it does already");
  cr_assert(design_may_borrow(design, "later"));
  cr_assert_not(design_may_borrow(design, "hub"), "it has its own");
}

/* ---- gateways and sites ------------------------------------------------------------- */

Test(design, gateways_of_a_network) {
  cr_assert_eq(design_gateway_in(design, "hub"), gateway("er"), "by name; igw is for no site");
  cr_assert_null(design_gateway_in(design, "near"));
  cr_assert_eq(design_gateway_beside(design, gateway("vpn")), gateway("er"));
  cr_assert_eq(design_gateway_beside(design, gateway("er")), gateway("vpn"));
  cr_assert_eq(design_gateway_on(design, design_find(design->circuits, "c1")), gateway("er"));
  cr_assert_null(design_gateway_on(design, design_find(design->circuits, "c2")));
}

/* The text with one thing in another's place. */
static ScenarioFile *read_changed(const char *what, const char *by) {
  g_autoptr(GString) changed = g_string_new(text);
  cr_assert_eq(g_string_replace(changed, what, by, 0), 1, "%s", what);
  return read_text(changed->str, NULL);
}

/* Blocks stand by name, and which comes first says nothing. */
Test(design, gateways_in_any_order) {
  g_autoptr(ScenarioFile) last = read_changed("  er: {kind", "  zr: {kind");
  const Design *of = scenario_file_get(last, 0)->design;
  const DesignGateway *zr = design_find(of->gateways, "zr"),
                      *vpn = design_find(of->gateways, "vpn");
  cr_assert_eq(design_gateway_in(of, "hub"), vpn, "igw, the first, is for no site");
  cr_assert_eq(design_gateway_beside(of, vpn), zr);
  cr_assert_eq(design_gateway_beside(of, zr), vpn);
  cr_assert_eq(design_gateway_on(of, design_find(of->circuits, "c1")), zr);
}

Test(design, sites_behind_a_network) {
  cr_assert(design_site_is_behind(design, site("plant"), "hub"), "over its circuit");
  cr_assert(design_site_is_behind(design, site("shop"), "hub"), "over the tunnel");
  cr_assert_not(design_site_is_behind(design, site("lab"), "hub"), "nothing is on its circuit");
  cr_assert_not(design_site_is_behind(design, site("dc"), "hub"), "an appliance is no gateway");
  cr_assert_not(design_site_is_behind(design, site("plant"), "near"));
}

Test(design, sites_with_a_router) {
  cr_assert(design_site_has_router(design, site("shop")), "its `via` is a mapping");
  cr_assert(design_site_has_router(design, site("lab")), "a circuit ends there");
  cr_assert_not(design_site_has_router(design, site("dc")));
}

/* A list of its own for the link, else its own list, else its prefixes. */
Test(design, what_a_site_tells) {
  static const struct {
    const char *site, *link, *told;
  } cases[] = {{"shop", "vpn", "172.20.0.0/17 "},
               {"shop", "er", "172.20.8.0/24 172.20.9.0/24 "},
               {"shop", NULL, "172.20.8.0/24 172.20.9.0/24 "},
               {"dc", "fw", "192.168.0.0/16 192.0.2.0/24 "}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GArray) told = design_site_told(design, site(cases[i].site), cases[i].link);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint j = 0; j < told->len; j++) {
      g_autofree char *prefix = prefix_to_string(g_array_index(told, DesignTold, j).prefix);
      g_string_append_printf(all, "%s ", prefix);
    }
    cr_assert_str_eq(all->str, cases[i].told, "%s over %s: %s", cases[i].site, cases[i].link,
                     all->str);
  }
  cr_assert_eq(design_site_link(design, site("shop"), "vpn")->prefer, 10);
  cr_assert_null(design_site_link(design, site("shop"), "er"));
  cr_assert(design_link_speaks_bgp(NULL), "nothing is said of it");
}

/* ---- routes ------------------------------------------------------------------------- */

/* As the language reads it: a word of ours, or a name. */
static NameRef via_of(const char *said) {
  NameRef via = {.text = said};
  for (guint i = 0; design_via_words[i] != NULL; i++)
    if (strcmp(design_via_words[i], said) == 0)
      via.word = (int)i + 1;
  return via;
}

static void assert_hop(const char *from, const char *via, DesignHopKind kind, const char *network) {
  const NameRef said = via_of(via);
  const DesignHop hop = design_hop(design, from, &said);
  cr_assert_eq(hop.kind, kind, "%s from %s is of kind %d", via, from, (int)hop.kind);
  cr_assert_eq(g_strcmp0(hop.network, network), 0, "%s from %s is of %s", via, from, hop.network);
}

Test(design, hops) {
  assert_hop("hub", "fw", DESIGN_HOP_APPLIANCE, "hub");
  assert_hop("near", "edge", DESIGN_HOP_APPLIANCE, "far");
  assert_hop("hub", "vpn", DESIGN_HOP_GATEWAY, "hub");
  assert_hop("hub", "er", DESIGN_HOP_GATEWAY, "hub");
  assert_hop("hub", "igw", DESIGN_HOP_INTERNET, "hub");
  assert_hop("hub", "internet", DESIGN_HOP_INTERNET, "hub");
  assert_hop("near", "internet", DESIGN_HOP_INTERNET, NULL); /* no gateway of that kind there */
  assert_hop("hub", "local", DESIGN_HOP_LOCAL, NULL);
  assert_hop("hub", "none", DESIGN_HOP_NONE, NULL);
  assert_hop("hub", "near-hub", DESIGN_HOP_PEERING, "hub");
  assert_hop("near", "near-hub", DESIGN_HOP_PEERING, "near");
  assert_hop("far", "near-hub", DESIGN_HOP_PEERING, "near"); /* joins others: its own `from` */
  assert_hop("hub", "10.1.0.9", DESIGN_HOP_ADDRESS, "near");
  assert_hop("hub", "10.9.0.9", DESIGN_HOP_ADDRESS, NULL);
  const NameRef fw = via_of("fw"), vpn = via_of("vpn");
  cr_assert_eq(design_hop(design, "hub", &fw).nva, nva("fw"));
  cr_assert_eq(design_hop(design, "hub", &vpn).gateway, gateway("vpn"));
  for (DesignHopKind kind = DESIGN_HOP_APPLIANCE; kind <= DESIGN_HOP_NONE; kind++)
    cr_assert_eq(design_hop_is_interface(kind),
                 kind == DESIGN_HOP_APPLIANCE || kind == DESIGN_HOP_ADDRESS);
}

/* An Internet gateway by its name is the Internet; another appliance may translate. */
Test(design, who_translates) {
  static const struct {
    const char *via;
    gboolean may;
  } cases[] = {{"internet", FALSE}, {"igw", FALSE}, {"10.0.0.77", TRUE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GString) changed = g_string_new(text);
    g_autofree char *table = g_strdup_printf(
        "route_tables:\n  o: {network: hub, subnets: [out], propagate: off, routes: [{to: "
        "0.0.0.0/0, via: %s}]}\n",
        cases[i].via);
    g_string_replace(changed, "route_tables:\n", table, 1);
    g_autoptr(ScenarioFile) read = read_text(changed->str, NULL);
    const Design *of = scenario_file_get(read, 0)->design;
    cr_assert_eq(design_nva_translates(of, design_find(of->nvas, "fw")), cases[i].may, "%s",
                 cases[i].via);
  }
}

Test(design, tables_of_subnets) {
  const DesignSubnet *app = design_find_subnet(design, "hub/app", NULL);
  cr_assert_str_eq(design_table_of(design, "hub", app)->head.name, "t");
  cr_assert_null(design_table_of(design, "hub", design_find_subnet(design, "hub/fw", NULL)));
  cr_assert_not(design_takes_gateway_routes(design, "t"));
  cr_assert_not(design_takes_gateway_routes(design, "hub/app"), "by its table");
  cr_assert(design_takes_gateway_routes(design, "hub/fw"), "the network's own");
}

/* ---- names of several kinds ---------------------------------------------------------- */

/* A network alone in its region, and one that is not; a circuit alone at its location. */
static const char places[] =
    "name: x\nduration: 10m\nmodels: [azure]\nnetworks:\n"
    "  east: {prefixes: [10.0.0.0/16], region: east, subnets: {a: {prefix: 10.0.0.0/24, zone: "
    "z}}}\n"
    "  south: {prefixes: [10.1.0.0/16], region: south}\n"
    "  spoke: {prefixes: [10.2.0.0/16], region: south}\n"
    "route_servers: {circuit: {network: spoke}, zone: {network: east}}\n"
    "gateways: {er: {kind: circuit, network: east, circuits: [bern, line, wien]}}\n"
    "circuits: {bern: {site: dc, location: bern}, line: {site: dc, location: wien}, "
    "wien: {site: dc, location: wien}}\n"
    "sites: {dc: {prefixes: [192.168.0.0/16]}, east-office: {prefixes: [172.20.0.0/16], via: []}}\n"
    "traffic: {t: {from: east/a, to: dc}}\n"
    "links: [{between: [dc, east], delay: 1ms}, {between: [bern, dc], delay: 1ms}]\n";

Test(design, kinds_of_places) {
  static const struct {
    const char *name;
    guint kinds;
  } cases[] = {{"east", DESIGN_PLACE_NETWORK},
               {"south", DESIGN_PLACE_NETWORK | DESIGN_PLACE_REGION},
               {"spoke", DESIGN_PLACE_NETWORK},
               {"bern", DESIGN_PLACE_CIRCUIT},
               {"wien", DESIGN_PLACE_CIRCUIT | DESIGN_PLACE_LOCATION},
               {"dc", DESIGN_PLACE_SITE},
               {"er", DESIGN_PLACE_NONE},
               {"", DESIGN_PLACE_NONE}};
  g_autoptr(ScenarioFile) read = read_text(places, NULL);
  const Design *of = scenario_file_get(read, 0)->design;
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    cr_assert_eq(design_place_kinds(of, cases[i].name, DESIGN_PLACES), cases[i].kinds, "%s",
                 cases[i].name);
    cr_assert_eq(design_place_kinds(of, cases[i].name, DESIGN_PLACES_OF_ZONES),
                 cases[i].kinds & DESIGN_PLACES_OF_ZONES, "%s", cases[i].name);
  }
}

Test(design, what_is_in_a_place) {
  g_autoptr(ScenarioFile) read = read_text(places, NULL);
  const Design *of = scenario_file_get(read, 0)->design;
  const DesignPlace south = design_place(of, "south", DESIGN_PLACE_REGION),
                    alone = design_place(of, "south", DESIGN_PLACES),
                    wien = design_place(of, "wien", DESIGN_PLACE_LOCATION),
                    line = design_place(of, "line", DESIGN_PLACES),
                    none = design_place(of, "er", DESIGN_PLACES);
  const DesignLink *link = of->links->pdata[0];
  for (guint i = 0; i < of->networks->len; i++) {
    const DesignNetwork *network = of->networks->pdata[i];
    const char *name = network->head.name;
    cr_assert_eq(design_place_has_network(&south, network), strcmp(name, "east") != 0);
    cr_assert_eq(design_place_has_network(&alone, network), strcmp(name, "south") == 0);
    cr_assert_eq(design_place_has_network(&link->ends[1], network), strcmp(name, "east") == 0);
    cr_assert_not(design_place_has_network(&wien, network));
    cr_assert_not(design_place_has_network(&none, network));
  }
  for (guint i = 0; i < of->circuits->len; i++) {
    const DesignCircuit *circuit = of->circuits->pdata[i];
    const char *name = circuit->head.name;
    cr_assert_eq(design_place_has_circuit(&wien, circuit), strcmp(name, "bern") != 0);
    cr_assert_eq(design_place_has_circuit(&line, circuit), strcmp(name, "line") == 0);
    cr_assert_not(design_place_has_circuit(&south, circuit));
    cr_assert_not(design_place_has_circuit(&none, circuit));
  }
  for (guint i = 0; i < of->sites->len; i++) {
    const DesignSite *site = of->sites->pdata[i];
    cr_assert_eq(design_place_has_site(&link->ends[0], site), strcmp(site->head.name, "dc") == 0);
    cr_assert_not(design_place_has_site(&link->ends[1], site));
  }
}

/* No word of ours is reserved: "circuit" and "zone" are route servers here. */
Test(design, what_names_of_targets_are_about) {
  static const struct {
    const char *name;
    DesignTargetKind kind;
    const char *rest, *server, *place, *zone;
    guint number;
  } cases[] = {{"fw-a", DESIGN_TARGET_THING, "fw-a", NULL, NULL, NULL, 0},
               {"zone/#0", DESIGN_TARGET_PART, "zone/#0", "zone", NULL, NULL, 0},
               {"circuit/#12", DESIGN_TARGET_PART, "circuit/#12", "circuit", NULL, NULL, 12},
               {"circuit/#1001", DESIGN_TARGET_CIRCUIT, "#1001", NULL, NULL, NULL, 0},
               {"zone/#1001", DESIGN_TARGET_THING, "zone/#1001", NULL, NULL, NULL, 0},
               {"zone/#", DESIGN_TARGET_THING, "zone/#", NULL, NULL, NULL, 0},
               {"zone/#0x", DESIGN_TARGET_THING, "zone/#0x", NULL, NULL, NULL, 0},
               {"rs/#0", DESIGN_TARGET_THING, "rs/#0", NULL, NULL, NULL, 0},
               {"zone/a", DESIGN_TARGET_THING, "zone/a", NULL, NULL, NULL, 0},
               {"zone/east/z", DESIGN_TARGET_ZONE, "east/z", NULL, "east", "z", 0},
               {"zone/east/z/0", DESIGN_TARGET_THING, "zone/east/z/0", NULL, NULL, NULL, 0},
               {"zone/dc/z", DESIGN_TARGET_ZONE, "dc/z", NULL, NULL, "z", 0},
               {"link/a1", DESIGN_TARGET_THING, "link/a1", NULL, NULL, NULL, 0},
               {"link/dc/line/0", DESIGN_TARGET_LINK, "dc/line/0", NULL, NULL, NULL, 0},
               {"circuit/line", DESIGN_TARGET_CIRCUIT, "line", NULL, NULL, NULL, 0}};
  g_autoptr(ScenarioFile) read = read_text(places, NULL);
  const Design *of = scenario_file_get(read, 0)->design;
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const DesignTarget target = design_target(of, cases[i].name);
    cr_assert_eq(target.kind, cases[i].kind, "%s: %d", cases[i].name, target.kind);
    cr_assert_str_eq(target.rest, cases[i].rest);
    cr_assert_eq(target.server,
                 cases[i].server != NULL ? design_find(of->route_servers, cases[i].server) : NULL);
    cr_assert(cases[i].server == NULL || target.number == cases[i].number);
    cr_assert(g_strcmp0(target.place.name, cases[i].place) == 0, "%s", cases[i].name);
    cr_assert(g_strcmp0(target.zone, cases[i].zone) == 0, "%s", cases[i].name);
  }
}

/* ---- appliances --------------------------------------------------------------------- */

/* In the order of the list: three of one entry, one for each of the site's, and one that names
 * another next hop. */
Test(design, what_an_appliance_announces) {
  static const struct {
    const char *first, *hop;
    guint64 count;
  } expected[] = {{"172.16.0.0/24", "fw", 3},
                  {"192.168.0.0/16", "fw", 1},
                  {"192.0.2.0/24", "fw", 1},
                  {"172.31.0.0/16", "10.0.2.77", 1}};
  g_autoptr(GArray) announced = design_announced(design, nva("fw"), nva("fw")->advertise);
  cr_assert_eq(announced->len, G_N_ELEMENTS(expected));
  for (guint i = 0; i < announced->len; i++) {
    const DesignAnnounced *one = &g_array_index(announced, DesignAnnounced, i);
    g_autofree char *first = prefix_to_string(one->first);
    cr_assert_str_eq(first, expected[i].first);
    cr_assert_str_eq(one->hop, expected[i].hop);
    cr_assert_eq(one->count, expected[i].count);
  }
}

Test(design, appliances_that_forward) {
  cr_assert(design_nva_forwards(design, nva("fw")), "a route, a site and its own list name it");
  cr_assert_not(design_nva_forwards(design, nva("edge")), "nothing does");
  cr_assert_not(design_asks_internet(design));
}

/* It hands on what it learned from an appliance, with itself as next hop: not to one of its own AS
 * (RFC 4271 5.1.3 1), nor where the next hop is kept, nor back to whom it came from. */
Test(design, appliances_that_relay) {
  static const struct {
    const char *peers, *asn_of_a, *asn_of_z;
    gboolean forwards;
  } cases[] = {
      {"{b-rs: , z: }", "65001", "65003", TRUE},
      {"{a: , b-rs: }", "65001", "65003", TRUE},
      {"{b-rs: {next_hop_self: off}, z: }", "65001", "65003", FALSE},
      {"{z: }", "65001", "65003", FALSE},
      {"{b-rs: }", "65001", "65003", FALSE},
      {"{a: , z: }", "65002", "65003", TRUE},
      {"{a: , z: }", "65001", "65002", TRUE},
      {"{a: , z: }", "65002", "65002", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *relays = g_strdup_printf(
        "name: x\nmodels: [azure]\nduration: 10m\n"
        "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {fw: {prefix: 10.0.1.0/24}}}}\n"
        "route_servers: {b-rs: {network: hub}}\n"
        "nvas:\n"
        "  a: {subnet: hub/fw, asn: %s, peers: {%s}}\n"
        "  m: {subnet: hub/fw, asn: 65002, peers: %s}\n"
        "  z: {subnet: hub/fw, asn: %s, peers: {%s}}\n",
        cases[i].asn_of_a, strstr(cases[i].peers, "a:") != NULL ? "m: " : "", cases[i].peers,
        cases[i].asn_of_z, strstr(cases[i].peers, "z:") != NULL ? "m: " : "");
    g_autoptr(ScenarioFile) read = read_text(relays, NULL);
    const Design *of = scenario_file_get(read, 0)->design;
    cr_expect_eq(design_nva_forwards(of, design_find(of->nvas, "m")), cases[i].forwards,
                 "with the peers %s", cases[i].peers);
  }
}

/* A public address is on the Internet unless something of the scenario has it. A default route is
 * a way to the Internet and not all that is there. */
Test(design, ends_on_the_internet) {
  static const struct {
    const char *what, *by;
    gboolean asks;
  } cases[] = {
      {"lab: {prefixes: [203.0.113.0/24]", "lab: {prefixes: [20.0.1.0/24]", TRUE},
      {"lab: {prefixes: [203.0.113.0/24]", "lab: {prefixes: [20.0.0.0/24]", FALSE},
      {"198.51.100.0/24]", "198.51.100.0/24, 20.0.0.0/24]", FALSE},
      {"asn: 65011}", "asn: 65011, advertise: [{prefix: 20.0.0.0/24}]}", FALSE},
      {"172.31.0.0/16, next_hop", "20.0.0.0/24, next_hop", FALSE},
      {"172.31.0.0/16, next_hop", "0.0.0.0/0, next_hop", TRUE},
      {"prefixes: [10.3.0.0/16]", "prefixes: [10.3.0.0/16, 20.0.0.0/16]", FALSE},
      {"to: 20.0.0.9", "to: internet", TRUE},
      {"to: 20.0.0.9", "to: near/web", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (guint probed = 0; probed < 2; probed++) {
      g_autoptr(GString) changed = g_string_new(text);
      g_string_replace(changed, "traffic: {t: {from: hub/app, to: dc}}\n",
                       probed ? "probes: {a: {from: hub/app, to: dc}, "
                                "b: {from: hub/app, to: 20.0.0.9}}\n"
                              : "traffic: {t: {from: hub/app, to: dc}, "
                                "u: {from: hub/app, to: 20.0.0.9}}\n",
                       1);
      cr_assert_eq(g_string_replace(changed, cases[i].what, cases[i].by, 0), 1);
      g_autoptr(ScenarioFile) read = read_text(changed->str, NULL);
      cr_expect_eq(design_asks_internet(scenario_file_get(read, 0)->design), cases[i].asks, "%s",
                   cases[i].by);
    }
}

/* ---- what could not be read --------------------------------------------------------- */

/* A gateway or route server of which nobody knows where it stands, or whether it serves sites, may
 * be what a network lends. */
Test(design, what_may_be_lent_where_one_could_not_be_read) {
  static const struct {
    const char *blocks;
    gboolean may;
  } cases[] = {
      {"gateways: {a: {kind: vpn, network: hub}, b: {kind: vpn, network: hub}}\n", FALSE},
      {"gateways: {a: {kind: vpn, network: hub}, b: {kind: [], network: hub}}\n", TRUE},
      {"gateways: {a: {kind: vpn, network: hub}, b: {kind: vpn, network: []}}\n", TRUE},
      {"gateways: {a: {kind: vpn, network: []}, b: {kind: vpn, network: hub}}\n", TRUE},
      {"route_servers: {a: {network: hub}, b: {network: hub}}\n", FALSE},
      {"route_servers: {a: {network: hub}, b: {network: []}}\n", TRUE},
      {"route_servers: {a: {network: []}, b: {network: hub}}\n", TRUE},
      {"gateways: 7\n", TRUE},
      {"route_servers: 7\n", TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *partly =
        g_strconcat("name: x\nmodels: [azure]\nduration: 10m\nnetworks:\n"
                    "  hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}}}\n"
                    "  far: {prefixes: [10.1.0.0/16], subnets: {app: {prefix: 10.1.0.0/24}}}\n",
                    cases[i].blocks, NULL);
    const char *wrong;
    g_autoptr(ScenarioFile) read = read_text(partly, &wrong);
    const Design *of = scenario_file_get(read, 0)->design;
    cr_expect_eq(design_may_lend(of, "far"), cases[i].may, "%s%s", cases[i].blocks, wrong);
    cr_expect_eq(design_may_borrow(of, "far"), !cases[i].may, "%s", cases[i].blocks);
  }
}

/* A list that could not be read may have held anything: nothing is told to be missing from it. */
Test(design, what_could_not_be_read) {
  static const char broken[] = "name: x\n"
                               "duration: 10m\n"
                               "networks:\n"
                               "  hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: ten}}}\n"
                               "peerings: 7\n"
                               "traffic: {t: {from: hub/app, to: nobody}}\n";
  const char *wrong;
  g_autoptr(ScenarioFile) read = read_text(broken, &wrong);
  const Design *partial = scenario_file_get(read, 0)->design;
  cr_assert(strstr(wrong, "x.yaml:5:") != NULL, "%s", wrong);
  cr_assert_not(design_is_read(partial, partial->peerings));
  cr_assert(design_is_read(partial, partial->networks));
  cr_assert(design_is_read(partial, partial->nvas), "it is not there, which is well");
  cr_assert(design_has_unread_ranges(partial), "of hub/app");
  cr_assert_not(design_has_unread_ranges(design));
  cr_assert_eq(design_nearness(partial, "hub", "elsewhere"), DESIGN_NEAR);
  cr_assert(design_are_peered(partial, "hub", "elsewhere"));
}
