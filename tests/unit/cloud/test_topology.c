/* The topology that clouds build on, gateways, and the tables that each cloud makes of it. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/cloud/shipped.h"
#include "routesim/cloud/gateway.h"
#include "routesim/design/tell.h"
#include "support/cloud_lab.h"
#include "support/facts.h"

/* ---- free prefixes and settings ---------------------------------------------------- */

Test(topology, free_prefixes_overlap_nothing_and_come_from_the_top) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &aws_cloud, "{asn: 64512, endpoints: {e1: hub/nva}}", 0);
  Prefix given[300];
  guint count = 0;
  cr_assert(cloud_free_prefix(&lab->topology, lab->hub, 26, &given[0]));
  cr_assert(prefix_equal(given[count++], bed_prefix("10.0.255.192/26")));
  cr_assert(cloud_free_prefix(&lab->topology, lab->hub, 24, &given[1]));
  cr_assert(prefix_equal(given[count++], bed_prefix("10.0.254.0/24")));
  while (count < 300 && cloud_free_prefix(&lab->topology, lab->hub, 24, &given[count]))
    count++;
  /* 256 of /24, but for two subnets and the one that holds the /26. */
  cr_assert_eq(count, 1 + 256 - 3, "%u given", count);
  for (guint i = 0; i < count; i++) {
    cr_assert(prefix_covers(bed_prefix("10.0.0.0/16"), given[i]));
    cr_assert_not(prefix_overlaps(given[i], bed_prefix("10.0.1.0/24")));
    cr_assert_not(prefix_overlaps(given[i], bed_prefix("10.0.2.0/24")));
    for (guint j = 0; j < i; j++)
      cr_assert_not(prefix_overlaps(given[i], given[j]));
  }
  cr_assert_not(cloud_free_prefix(&lab->topology, lab->hub, 15, &given[0]),
                "larger than the space");
}

Test(topology, a_setting_is_drawn_once_a_run_by_its_name) {
  CloudTopology topology = {.seed = 1, .run = 0};
  const Duration fixed = {.law = distribution_constant(sim_time_s(7))};
  const Duration wide = {
      .law = {.kind = DISTRIBUTION_UNIFORM, .a = sim_time_s(1), .b = sim_time_s(100)}};
  cr_assert_eq(cloud_draw_setting(&topology, "rs", "hold", &fixed).ns, sim_time_s(7).ns);
  const SimTime first = cloud_draw_setting(&topology, "rs", "hold", &wide);
  cr_assert_eq(cloud_draw_setting(&topology, "rs", "hold", &wide).ns, first.ns);
  cr_assert_neq(cloud_draw_setting(&topology, "rs", "boot", &wide).ns, first.ns);
  cr_assert_neq(cloud_draw_setting(&topology, "rt", "hold", &wide).ns, first.ns);
  topology.run = 1;
  cr_assert_neq(cloud_draw_setting(&topology, "rs", "hold", &wide).ns, first.ns);
}

/* ---- tables ------------------------------------------------------------------------ */

/* What a host of hub/app does with a packet: "local", "internet", "none", "fw-a" or "no-route". */
static void assert_way(const CloudLab *lab, const RouteTable *table, const char *to,
                       const char *expected) {
  RouteView view;
  const char *way = "no-route";
  if (route_table_match(table, bed_address(to), &view)) {
    static const char *const kinds[] = {
        [HOP_LOCAL] = "local", [HOP_INTERNET] = "internet", [HOP_NONE] = "none"};
    way = view.hops[0].kind == HOP_ELEMENT
              ? element_name(fabric_element_at(lab->fabric, view.hops[0].address))
              : kinds[view.hops[0].kind];
  }
  cr_assert_str_eq(way, expected, "%s goes %s, not %s", to, way, expected);
}

Test(topology, azure_system_routes) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &azure_cloud, "{}", 1);
  const RouteTable *table = lab->app->tables->pdata[0];
  assert_way(lab, table, "10.0.9.9", "local");
  assert_way(lab, table, "8.8.8.8", "internet"); /* AZ-6.5 */
  static const char *const dropped[] = {"10.1.0.1", "172.16.0.1", "172.31.255.1", "192.168.0.1",
                                        "100.64.0.1"};
  for (guint i = 0; i < G_N_ELEMENTS(dropped); i++)
    assert_way(lab, table, dropped[i], "none"); /* AZ-6.6 */
  assert_way(lab, table, "172.32.0.1", "internet");
  cloud_lab_say(lab, 0, "0.0.0.0/0", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 0, "192.168.0.0/16", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  assert_way(lab, table, "8.8.8.8", "fw-a");
  assert_way(lab, table, "192.168.0.1", "fw-a"); /* BGP beats the system route */
  assert_way(lab, table, "10.1.0.1", "fw-a"); /* AZ-6.20: the drop routes leave with the default */
  assert_way(lab, table, "10.0.9.9", "local");
  FACTS("AZ-6.5", "AZ-6.6", "AZ-6.20");
}

Test(topology, aws_tables_know_their_own_network_only) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(
      bed, &aws_cloud, "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [hub/app]}", 1);
  const RouteTable *table = lab->app->tables->pdata[0];
  assert_way(lab, table, "10.0.9.9", "local");
  assert_way(lab, table, "8.8.8.8", "no-route");
  /* AWS-11.1: a longer route wins over the local one; one to the same prefix does not. In the
   * table of a subnet it has the prefix of a whole subnet (AWS-5.14). */
  cloud_lab_say(lab, 0, "10.0.2.0/24", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 0, "10.0.9.0/24", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 0, "10.0.0.0/16", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  assert_way(lab, table, "10.0.2.9", "fw-a");
  assert_way(lab, table, "10.0.9.9", "local");
  assert_way(lab, table, "10.0.8.9", "local");
  FACTS("AWS-5.14", "AWS-11.1");
}

/* A hub and a spoke that uses its route server (or not). The class builds its tables anew. */
typedef struct {
  CloudNetwork *spoke;
  CloudSubnet *subnet;
  CloudPeering *peering;
} Spoke;

static Spoke add_spoke(CloudLab *lab, CloudTopology *topology, gboolean uses) {
  Arena *arena = lab->bed->arena;
  Spoke made = {arena_new0(arena, CloudNetwork), arena_new0(arena, CloudSubnet),
                arena_new0(arena, CloudPeering)};
  *made.spoke = (CloudNetwork){.name = "spoke",
                               .network = network_new(lab->fabric, "spoke"),
                               .subnets = arena_ptr_array(arena),
                               .zones = arena_ptr_array(arena)};
  network_add_prefix(made.spoke->network, bed_prefix("10.7.0.0/16"));
  *made.subnet = (CloudSubnet){
      .name = "spoke/app",
      .subnet = subnet_new(made.spoke->network, "spoke/app", bed_prefix("10.7.1.0/24")),
      .network = made.spoke,
      .hosts = 4,
      .tables = arena_ptr_array(arena)};
  g_ptr_array_add(made.spoke->subnets, made.subnet);
  *made.peering = (CloudPeering){"hub-spoke", made.spoke, lab->hub, uses};
  g_ptr_array_add(topology->networks, made.spoke);
  g_ptr_array_add(topology->peerings, made.peering);
  return made;
}

typedef struct {
  gboolean uses;
  Spoke spoke;
} SpokeSetup;

static void set_up_spoke(CloudLab *lab, gpointer data) {
  SpokeSetup *setup = data;
  setup->spoke = add_spoke(lab, &lab->topology, setup->uses);
}

Test(topology, azure_programs_spokes_that_use_its_route_server) {
  for (guint uses = 0; uses < 2; uses++) {
    g_autoptr(Bed) bed = bed_new();
    SpokeSetup setup = {.uses = uses};
    CloudLab *lab = cloud_lab_new_with(bed, &azure_cloud, "{}", 1, set_up_spoke, &setup);
    cloud_lab_say(lab, 0, "192.168.0.0/16", cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_say(lab, 0, "10.7.3.0/24", cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_begin(lab);
    const CloudSubnet *subnet = setup.spoke.subnet;
    cr_assert_eq(subnet->tables->len, uses ? 2 : 1);
    for (guint i = 0; i < subnet->tables->len; i++)
      assert_way(lab, subnet->tables->pdata[i], "192.168.0.1", uses ? "fw-a" : "none");
    assert_way(lab, subnet->tables->pdata[0], "10.0.9.9", "local"); /* the peering */
    assert_way(lab, lab->app->tables->pdata[0], "10.7.9.9", "local");
    /* AZ-6.4: inside a peered network nothing is injected. */
    cloud_lab_assert_hops(lab, 0, "10.7.3.0/24", "none");
    /* AZ-5.1, AZ-6.8, AZ-13.12: the appliance hears of a spoke that uses the route server. */
    const BgpEntry *entry = bgp_find(lab->appliances[0].speaker, bed_prefix("10.7.0.0/16"));
    cr_assert_eq(entry != NULL && entry->selected_count > 0, uses);
  }
  FACTS("AZ-5.1", "AZ-6.4", "AZ-6.8", "AZ-13.12");
}

/* A user's table for hub/app. */
typedef struct {
  gboolean propagate;
  CloudUserTable table;
} TableSetup;

static void set_up_table(CloudLab *lab, gpointer data) {
  TableSetup *setup = data;
  Arena *arena = lab->bed->arena;
  const CloudUserRoute route = {bed_prefix("192.168.7.0/24"), {.kind = HOP_NONE}};
  setup->table = (CloudUserTable){.name = "mine",
                                  .network = lab->hub,
                                  .propagate = setup->propagate,
                                  .routes = g_array_new(FALSE, FALSE, sizeof route)};
  arena_own(arena, setup->table.routes, (GDestroyNotify)g_array_unref);
  g_array_append_val(setup->table.routes, route);
  g_ptr_array_add(lab->topology.user_tables, &setup->table);
  lab->app->user_table = &setup->table;
}

Test(topology, user_tables) {
  static const struct {
    const CloudClass *class;
    const char *settings;
    gboolean propagate, gets;
  } cases[] = {
      {&azure_cloud, "{}", TRUE, TRUE},
      {&azure_cloud, "{}", FALSE, FALSE}, /* AZ-6.7 */
      {&aws_cloud, "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [mine]}", TRUE, TRUE},
      {&aws_cloud, "{asn: 64512, endpoints: {e1: hub/nva}}", TRUE, FALSE}, /* AWS-1.9 */
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    TableSetup setup = {.propagate = cases[i].propagate};
    CloudLab *lab =
        cloud_lab_new_with(bed, cases[i].class, cases[i].settings, 1, set_up_table, &setup);
    cloud_lab_say(lab, 0, "192.168.0.0/16", cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_say(lab, 0, "192.168.7.0/24", cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_begin(lab);
    const RouteTable *table = lab->app->tables->pdata[0];
    assert_way(lab, table, "192.168.7.1", "none"); /* the user's route comes first */
    assert_way(lab, table, "192.168.6.1",
               cases[i].gets                    ? "fw-a"
               : cases[i].class == &azure_cloud ? "none"
                                                : "no-route");
  }
  FACTS("AWS-1.9", "AZ-6.7");
}

/* ---- programming, table by table --------------------------------------------------- */

Test(topology, each_group_of_nics_may_have_its_own_delay) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(
      bed, &azure_cloud, "{program: 1s, nic_share: 100%, table_jitter: {uniform: [0s, 2s]}}", 1);
  cloud_lab_begin(lab);
  for (guint i = 0; i < 30; i++)
    cloud_lab_say_at(lab, 1000 + 40000 * (gint64)i, 0, "10.9.0.0/16",
                     i % 2 == 0 ? cloud_lab_attributes(lab, 0, 0, -1) : NULL);
  bed_run(bed, sim_time_s(2000));
  gint64 least = G_MAXINT64, most = 0;
  guint changes = 0;
  for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    if (record->kind != &CLOUD_PROGRAMMED)
      continue;
    const gint64 after = (record->at.ns - sim_time_ms(1001).ns) % sim_time_s(40).ns;
    least = MIN(least, after);
    most = MAX(most, after);
    changes++;
  }
  cr_assert_eq(changes, 60, "%u: hub/app and hub/nva, thirty times", changes);
  cr_assert_geq(least, sim_time_s(1).ns);
  cr_assert_leq(most, sim_time_s(3).ns);
  cr_assert_lt(least, sim_time_ms(1300).ns);
  cr_assert_gt(most, sim_time_ms(2700).ns);
}

static void set_luck(CloudLab *lab, gpointer data) {
  const RandomStream *luck = data;
  lab->topology.seed = luck->seed;
  lab->topology.run = luck->run;
}

/* When the tables of a lab with this luck change, in ns. */
static gint64 programmed_at(const char *settings, guint64 seed, guint32 run) {
  g_autoptr(Bed) bed = bed_new();
  RandomStream luck = {.seed = seed, .run = run};
  CloudLab *lab = cloud_lab_new_with(bed, &azure_cloud, settings, 1, set_luck, &luck);
  const TraceRecord *record;
  cloud_lab_begin(lab);
  cloud_lab_say_at(lab, 1000, 0, "10.9.0.0/16", cloud_lab_attributes(lab, 0, 0, -1));
  bed_run(bed, sim_time_s(100));
  cr_assert_gt(bed_count(bed, &CLOUD_PROGRAMMED, &record), 0u);
  return record->at.ns;
}

/* Whatever is drawn has the luck of the seed, all 64 bits of it, and of the run: one and the same
 * time again by the same two, another by another. */
Test(topology, every_draw_is_by_seed_and_run) {
  static const char *const drawn[] = {
      "{program: {uniform: [1s, 60s]}}",
      "{program: 1s, table_jitter: {uniform: [0s, 60s]}}",
      "{program: 1s, process: {uniform: [1s, 60s]}}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(drawn); i++) {
    const gint64 at = programmed_at(drawn[i], 7, 3);
    cr_expect_eq(programmed_at(drawn[i], 7, 3), at, "%s", drawn[i]);
    cr_expect_neq(programmed_at(drawn[i], 8, 3), at, "%s", drawn[i]);
    cr_expect_neq(programmed_at(drawn[i], 7, 4), at, "%s", drawn[i]);
    cr_expect_neq(programmed_at(drawn[i], 7 + ((guint64)1 << 32), 3), at, "%s", drawn[i]);
    cr_expect_neq(programmed_at(drawn[i], 7 + ((guint64)1 << 63), 3), at, "%s", drawn[i]);
  }
}

/* ---- gateways ---------------------------------------------------------------------- */

static Gateway *add_gateway(CloudLab *lab, GatewayKind kind) {
  const GatewayConfig config = {
      .name = kind == GATEWAY_VPN ? "vpn" : "er",
      .kind = kind,
      .subnet = lab->nva,
      .traits = cloud_lab_read(lab->bed, lab->class->gateways->kinds[kind].keys, "{}"),
      .active_active = TRUE};
  return gateway_new(lab->class, &lab->topology, &config);
}

Test(topology, gateways_by_cloud) {
  static const struct {
    const CloudClass *class;
    const char *settings;
    guint instances;
    gboolean speaks;
  } cases[] = {{&azure_cloud, "{}", 2, TRUE},
               {&aws_cloud, "{asn: 64512, endpoints: {e1: hub/nva}}", 1, FALSE}};
  for (guint i = 0; i < 2; i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = cloud_lab_new(bed, cases[i].class, cases[i].settings, 0);
    Gateway *gateway = add_gateway(lab, GATEWAY_CIRCUIT);
    cr_assert_str_eq(gateway_name(gateway), "er");
    cr_assert_eq(gateway_role(gateway), &gateway_role_circuit);
    cr_assert_eq(gateway_network(gateway), lab->hub);
    cr_assert_eq(gateway_instance_count(gateway), cases[i].instances);
    for (guint j = 0; j < cases[i].instances; j++) {
      cr_assert_eq(gateway_instance_speaker(gateway, j) != NULL, cases[i].speaks);
      cr_assert_eq(element_node(gateway_instance_element(gateway, j)),
                   gateway_instance_node(gateway, j));
    }
    gateway_reach(gateway, site_new(lab->fabric, "dc"), bed_prefix("192.168.0.0/16"), 65100, FALSE);
    if (cases[i].speaks) { /* AZ-8.3: over ExpressRoute the path has 12076 in front */
      BgpSpeaker *speaker = gateway_instance_speaker(gateway, 1);
      bgp_decide_now(speaker);
      const BgpEntry *entry = bgp_find(speaker, bed_prefix("192.168.0.0/16"));
      const BgpAttributes *attributes = entry->selected[0]->attributes;
      cr_assert_eq(attributes->as_path_length, 2);
      cr_assert_eq(attributes->as_path[0], 12076);
      cr_assert_eq(attributes->as_path[1], 65100);
    } else { /* AWS-8.7: the cloud itself puts the route into the tables */
      assert_way(lab, lab->app->tables->pdata[0], "192.168.0.1", "er/0");
    }
  }
  FACTS("AWS-8.7", "AZ-8.3");
}

/* A site can be told of the gateway's own network always, of others as the gateway learns. */
Test(topology, what_a_gateway_knows) {
  RecordId changed_by = 0;
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &azure_cloud, "{}", 0);
  Gateway *gateway = add_gateway(lab, GATEWAY_VPN);
  Site *dc = site_new(lab->fabric, "dc");
  site_add_prefix(dc, bed_prefix("192.168.0.0/16"));
  site_link(dc, gateway_instance_element(gateway, 0));
  const Element *element = gateway_instance_element(gateway, 0);
  cr_assert_eq(site_way_to(dc, bed_address("10.0.9.9"), &changed_by), element);
  cr_assert_null(site_way_to(dc, bed_address("10.99.0.1"), &changed_by));
  bgp_originate(gateway_instance_speaker(gateway, 0), bed_prefix("10.99.0.0/16"),
                arena_new0(bed->arena, BgpAttributes));
  bgp_decide_now(gateway_instance_speaker(gateway, 0));
  cr_assert_eq(site_way_to(dc, bed_address("10.99.0.1"), &changed_by), element);
}

/* ---- checks ------------------------------------------------------------------------ */

static DesignNetwork *add_network(Bed *bed, Design *design, const char *name) {
  DesignNetwork *network = arena_new0(bed->arena, DesignNetwork);
  network->head.name = name;
  network->prefixes = arena_ptr_array(bed->arena);
  network->subnets = arena_ptr_array(bed->arena);
  g_ptr_array_add(design->networks, network);
  return network;
}

static void add_subnet(Bed *bed, DesignNetwork *network, const char *name) {
  DesignSubnet *subnet = arena_new0(bed->arena, DesignSubnet);
  subnet->head.name = name;
  subnet->full_name = arena_printf(bed->arena, "%s/%s", network->head.name, name);
  subnet->prefix.value = bed_prefix("10.0.0.0/24");
  g_ptr_array_add(network->subnets, subnet);
}

/* A hub with subnets and a route table, a spoke, and route servers of the hub, the first of which
 * is configured. */
static Design *design_of(Bed *bed, const CloudClass *class, gpointer config, guint siblings) {
  Design *design = arena_new0(bed->arena, Design);
  GPtrArray **const lists[] = {&design->networks,       &design->route_servers, &design->nvas,
                               &design->sites,          &design->peerings,      &design->gateways,
                               &design->circuits,       &design->route_tables,  &design->traffic,
                               &design->load_balancers, &design->probes};
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
    *lists[i] = arena_ptr_array(bed->arena);
  DesignNetwork *hub = add_network(bed, design, "hub");
  for (const char *name = "abcdefghijkx"; *name != '\0'; name++)
    add_subnet(bed, hub, arena_printf(bed->arena, "%c", *name));
  add_subnet(bed, add_network(bed, design, "spoke"), "x");
  DesignRouteTable *table = arena_new0(bed->arena, DesignRouteTable);
  table->head.name = "mine";
  table->network.text = "hub";
  table->subnets = arena_ptr_array(bed->arena);
  NameRef *follower = arena_new0(bed->arena, NameRef);
  follower->text = "hub/x";
  g_ptr_array_add(table->subnets, follower);
  g_ptr_array_add(design->route_tables, table);
  for (guint i = 0; i <= siblings; i++) {
    DesignRouteServer *server = arena_new0(bed->arena, DesignRouteServer);
    server->head.name = arena_printf(bed->arena, "rs%u", i);
    server->network.text = "hub";
    server->configs[cloud_place(class)] = i == 0 ? config : NULL;
    g_ptr_array_add(design->route_servers, server);
  }
  return design;
}

Test(topology, late_checks) {
  static const struct {
    const CloudClass *class;
    const char *settings;
    guint siblings, errors;
    const char *fact;
  } cases[] = {
      {&azure_cloud, "{}", 0, 0, NULL},
      {&azure_cloud, "{}", 1, 1, "AZ-1.1"},
      {&aws_cloud, "{asn: 64512, endpoints: {a: hub/x, b: hub/x}, propagate_to: [mine]}", 4, 0,
       NULL},
      {&aws_cloud, "{asn: 64512, endpoints: {a: hub/x}}", 5, 1, "AWS-9.1"},
      {&aws_cloud, "{asn: 64512, endpoints: {a: hub/x, b: hub/x, c: hub/x}}", 0, 1, "AWS-9.3"},
      {&aws_cloud, "{asn: 64512, endpoints: {a: spoke/x}}", 0, 1, "AWS-1.3"},
      {&aws_cloud, "{asn: 64512, endpoints: {a: nowhere}}", 0, 1, "unknown subnet"},
      {&aws_cloud, "{asn: 64512, endpoints: {a: hub/x}, propagate_to: [spoke/x]}", 0, 1, "AWS-8.4"},
      {&aws_cloud, "{asn: 64512, endpoints: {a: hub/x}, propagate_to: [theirs]}", 0, 1,
       "unknown route"},
      {&aws_cloud,
       "{asn: 64512, endpoints: {a: hub/a, b: hub/b, c: hub/c, d: hub/d, e: hub/e, f: hub/f, g: "
       "hub/g, "
       "h: hub/h, i: hub/i, j: hub/j, k: hub/k}}",
       0, 1, "AWS-9.2"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    gpointer config = cloud_lab_read(bed, cases[i].class->server->keys, cases[i].settings);
    const Design *design = design_of(bed, cases[i].class, config, cases[i].siblings);
    KeyReader reader = {bed->arena, diagnostics};
    DesignCheck check = {.reader = &reader,
                         .design = design,
                         .cloud = cases[i].class,
                         .place = cloud_place(cases[i].class)};
    cases[i].class->checks->server(&check, design->route_servers->pdata[0]);
    cr_assert_eq(diagnostics_errors(diagnostics), cases[i].errors, "%s", cases[i].settings);
    if (cases[i].fact != NULL)
      cr_assert(strstr(diagnostics_get(diagnostics, 0)->message, cases[i].fact) != NULL, "%s",
                diagnostics_get(diagnostics, 0)->message);
  }
  FACTS("AWS-9.1", "AWS-9.2", "AWS-9.3");
}
