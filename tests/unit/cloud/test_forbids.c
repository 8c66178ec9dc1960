/* Which rule of a cloud is blamed for what does not arrive: each rule with the question that it
 * answers, and one beside it that it does not. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/cloud/shipped.h"
#include "support/cloud_lab.h"
#include "support/facts.h"

/* hub (the lab's) with db, whose table takes nothing; east peered without, west with the use of
 * the hub's route server; far peered with nobody. */
typedef struct {
  CloudLab *lab;
  CloudSubnet *db, *east, *west, *far;
  GPtrArray *servers;
} World;

static CloudSubnet *add_subnet(CloudLab *lab, CloudNetwork *network, const char *name,
                               const char *prefix) {
  CloudSubnet *subnet = arena_new0(lab->bed->arena, CloudSubnet);
  subnet->name = name;
  subnet->subnet = subnet_new(network->network, name, bed_prefix(prefix));
  subnet->network = network;
  subnet->hosts = 2;
  subnet->tables = arena_ptr_array(lab->bed->arena);
  g_ptr_array_add(network->subnets, subnet);
  return subnet;
}

static CloudSubnet *add_network(CloudLab *lab, const char *name, const char *space) {
  Arena *arena = lab->bed->arena;
  CloudNetwork *network = arena_new0(arena, CloudNetwork);
  network->name = name;
  network->network = network_new(lab->fabric, name);
  network_add_prefix(network->network, bed_prefix(space));
  network->subnets = arena_ptr_array(arena);
  network->zones = arena_ptr_array(arena);
  g_ptr_array_add(lab->topology.networks, network);
  return add_subnet(lab, network, arena_printf(arena, "%s/web", name), space);
}

static void add_peering(CloudLab *lab, CloudNetwork *from, gboolean use) {
  CloudPeering *peering = arena_new0(lab->bed->arena, CloudPeering);
  *peering = (CloudPeering){from->name, from, lab->hub, use};
  g_ptr_array_add(lab->topology.peerings, peering);
}

static void set_up(CloudLab *lab, gpointer data) {
  World *world = data;
  CloudUserTable *table = arena_new0(lab->bed->arena, CloudUserTable);
  *table = (CloudUserTable){.name = "db",
                            .network = lab->hub,
                            .routes = arena_own(lab->bed->arena,
                                                g_array_new(FALSE, FALSE, sizeof(CloudUserRoute)),
                                                (GDestroyNotify)g_array_unref)};
  g_ptr_array_add(lab->topology.user_tables, table);
  world->db = add_subnet(lab, lab->hub, "hub/db", "10.0.9.0/24");
  world->db->user_table = table;
  world->east = add_network(lab, "east", "10.1.0.0/16");
  world->far = add_network(lab, "far", "10.3.0.0/16");
  world->west = add_network(lab, "west", "10.2.0.0/16");
  add_peering(lab, world->east->network, FALSE);
  add_peering(lab, world->west->network, TRUE);
}

static World world_of(Bed *bed, const CloudClass *class, const char *settings) {
  World world = {NULL};
  world.lab = cloud_lab_new_with(bed, class, settings, 2, set_up, &world);
  world.servers = arena_ptr_array(bed->arena);
  g_ptr_array_add(world.servers, world.lab->server);
  return world;
}

static CloudPlace hosts(const CloudSubnet *subnet) {
  return (CloudPlace){
      .subnet = subnet, .network = subnet->network, .address = subnet_host_address(subnet->subnet)};
}
static CloudPlace site(const World *world, CloudPeerKind door) {
  return (CloudPlace){
      .network = world->lab->hub, .door = door, .address = bed_address("192.168.0.1")};
}
#define APPLIANCE site(&world, CLOUD_PEER_APPLIANCE)
#define GATEWAY site(&world, CLOUD_PEER_GATEWAY)
#define INTERNET ((CloudPlace){.internet = TRUE, .address = bed_address("203.0.113.1")})

static void assert_block(const World *world, const CloudBlock *block, const char *expected) {
  const char *rule =
      world->lab->class->telling->forbids(&world->lab->topology, world->servers, block);
  cr_assert_eq(g_strcmp0(rule, expected), 0, "%s: %s, not %s", drop_reason_name(block->reason),
               rule != NULL ? rule : "none", expected != NULL ? expected : "none");
}

static void assert_rule(const World *world, CloudPlace from, CloudPlace to, DropReason reason,
                        const CloudSubnet *at, const char *expected) {
  const CloudBlock block = {.from = from,
                            .to = to,
                            .reason = reason,
                            .at = at,
                            .table = at != NULL ? at->tables->pdata[0] : NULL,
                            .speaker = from.speaker};
  assert_block(world, &block, expected);
}

/* fw-a tells the route server of the sites' range, marked by `community` or (0) not. */
static void announce(const World *world, guint32 community) {
  guint32 *marks = arena_array(world->lab->bed->arena, guint32, 1);
  BgpAttributes *attributes = arena_new0(world->lab->bed->arena, BgpAttributes);
  *attributes = *cloud_lab_attributes(world->lab, 0, 0, -1);
  marks[0] = community;
  attributes->communities = marks;
  attributes->community_count = community != 0;
  cloud_lab_say(world->lab, 0, "192.168.0.0/16", attributes);
  cloud_lab_begin(world->lab);
}

/* The same where packets followed a route of `origin`, chosen among equals or not. */
static void assert_rule_by(const World *world, DropReason reason, const RouteOrigin *origin,
                           gboolean by_hash, const char *expected) {
  const CloudBlock block = {.from = hosts(world->west),
                            .to = hosts(world->lab->app),
                            .reason = reason,
                            .at = world->west,
                            .origin = origin,
                            .by_appliances = TRUE,
                            .by_hash = by_hash};
  assert_block(world, &block, expected);
}

static const RouteOrigin written = {.name = "written", .written = TRUE};
static const RouteOrigin learned = {.name = "learned", .dynamic = TRUE};

/* A site behind fw-b, which is told nothing. */
static CloudPlace second_site(const World *world) {
  CloudPlace place = site(world, CLOUD_PEER_APPLIANCE);
  place.speaker = world->lab->appliances[1].speaker;
  return place;
}

/* What needs a gateway stands in tests/cases. */
Test(forbids, azure_between_sites) {
  g_autoptr(Bed) bed = bed_new();
  const World world = world_of(bed, &azure_cloud, "{branch_to_branch: off}");
  const CloudPlace from = second_site(&world);
  assert_rule(&world, from, APPLIANCE, DROP_NOT_ANNOUNCED, NULL, NULL); /* nobody has a way there */
  announce(&world, 0);
  assert_rule(&world, from, APPLIANCE, DROP_NOT_ANNOUNCED, NULL, "AZ-5.4");
  assert_rule(&world, from, APPLIANCE, DROP_NO_ROUTE, NULL, "AZ-5.4"); /* it has a router */
  assert_rule(&world, from, INTERNET, DROP_NOT_ANNOUNCED, NULL, "AZ-5.1");
  assert_rule(&world, APPLIANCE, INTERNET, DROP_NOT_ANNOUNCED, NULL, NULL); /* without a session */
  assert_rule(&world, INTERNET, APPLIANCE, DROP_NOT_ANNOUNCED, NULL, NULL);
  assert_rule(&world, from, GATEWAY, DROP_NEXT_HOP_DOWN, world.lab->nva, NULL);
  FACTS("AZ-5.1", "AZ-5.4");
}

/* With branch-to-branch only the mark keeps the route from fw-b. */
Test(forbids, azure_no_advertise) {
  g_autoptr(Bed) bed = bed_new();
  const World world = world_of(bed, &azure_cloud, "{branch_to_branch: on}");
  announce(&world, 0);
  assert_rule(&world, second_site(&world), APPLIANCE, DROP_NOT_ANNOUNCED, NULL, NULL);
  g_autoptr(Bed) other = bed_new();
  const World marked = world_of(other, &azure_cloud, "{branch_to_branch: on}");
  announce(&marked, BGP_NO_ADVERTISE);
  assert_rule(&marked, second_site(&marked), site(&marked, CLOUD_PEER_APPLIANCE),
              DROP_NOT_ANNOUNCED, NULL, "AZ-4.7");
  FACTS("AZ-4.7");
}

Test(forbids, azure_from_hosts) {
  g_autoptr(Bed) bed = bed_new();
  const World world = world_of(bed, &azure_cloud, "{}");
  /* While nobody has a route, nothing keeps it back. */
  assert_rule(&world, hosts(world.db), APPLIANCE, DROP_BLACKHOLE, world.db, "AZ-6.6");
  assert_rule(&world, hosts(world.east), APPLIANCE, DROP_BLACKHOLE, world.east, "AZ-6.6");
  assert_rule(&world, hosts(world.far), APPLIANCE, DROP_BLACKHOLE, world.far, "AZ-6.6");
  announce(&world, 0);
  assert_rule(&world, hosts(world.db), APPLIANCE, DROP_BLACKHOLE, world.db, "AZ-6.7");
  assert_rule(&world, hosts(world.east), APPLIANCE, DROP_BLACKHOLE, world.east, "AZ-6.8");
  assert_rule(&world, hosts(world.west), APPLIANCE, DROP_NO_ROUTE, world.west, NULL);
  assert_rule(&world, hosts(world.far), APPLIANCE, DROP_BLACKHOLE, world.far, "AZ-6.1");
  assert_rule(&world, hosts(world.far), hosts(world.west), DROP_NO_ROUTE, world.far, NULL);
  assert_rule(&world, hosts(world.lab->app), APPLIANCE, DROP_NO_ROUTE, world.lab->app, NULL);
  assert_rule(&world, hosts(world.east), hosts(world.west), DROP_BLACKHOLE, world.east, "AZ-6.6");
  assert_rule(&world, hosts(world.far), hosts(world.west), DROP_BLACKHOLE, world.far, "AZ-6.6");
  /* What a user wrote decides by itself; a rule only where BGP, or a choice by hash, led there. */
  static const struct {
    DropReason reason;
    const RouteOrigin *origin;
    gboolean by_hash;
    const char *expected;
  } cases[] = {{DROP_BLACKHOLE, &written, FALSE, NULL},
               {DROP_NO_SUCH_NEXT_HOP, &learned, FALSE, "AZ-5.13"},
               {DROP_NO_SUCH_NEXT_HOP, &written, FALSE, NULL},
               {DROP_LOOP, &learned, FALSE, "AZ-5.12"},
               {DROP_LOOP, &written, FALSE, NULL},
               {DROP_ASYMMETRIC, &learned, TRUE, "AZ-6.14"},
               {DROP_ASYMMETRIC, &learned, FALSE, NULL},
               {DROP_NEXT_HOP_OUT_OF_REACH, &written, FALSE, "AZ-6.23"},
               {DROP_PEERING_REFUSES, &written, FALSE, "AZ-6.23"},
               {DROP_NOT_TRANSLATED, &written, FALSE, "AZ-6.26"},
               {DROP_NEXT_HOP_DOWN, &written, FALSE, NULL}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_rule_by(&world, cases[i].reason, cases[i].origin, cases[i].by_hash, cases[i].expected);
  FACTS("AZ-5.12", "AZ-5.13", "AZ-6.1", "AZ-6.4", "AZ-6.7", "AZ-6.8", "AZ-6.14");
}

/* Where load balancers chose both ways, each for itself, that is what to tell. */
Test(forbids, azure_between_load_balancers) {
  g_autoptr(Bed) bed = bed_new();
  const World world = world_of(bed, &azure_cloud, "{}");
  const CloudBlock block = {.from = hosts(world.west),
                            .to = hosts(world.lab->app),
                            .reason = DROP_ASYMMETRIC,
                            .at = world.west,
                            .origin = &written,
                            .by_hash = TRUE,
                            .by_balancers = TRUE};
  assert_block(&world, &block, "AZ-10.6");
  FACTS("AZ-10.6");
}

/* Rules about appliances say nothing of gateways. */
Test(forbids, azure_what_gateways_do) {
  static const DropReason reasons[] = {DROP_LOOP, DROP_NOT_TRANSLATED};
  g_autoptr(Bed) bed = bed_new();
  const World world = world_of(bed, &azure_cloud, "{}");
  for (guint i = 0; i < G_N_ELEMENTS(reasons); i++) {
    const CloudBlock block = {
        .from = hosts(world.west), .to = APPLIANCE, .reason = reasons[i], .origin = &learned};
    assert_block(&world, &block, NULL);
  }
  FACTS("AZ-5.12", "AZ-6.26");
}

/* A user's route to a gateway that the network does not use. */
Test(forbids, azure_a_gateway_that_is_not_used) {
  g_autoptr(Bed) bed = bed_new();
  const World world = world_of(bed, &azure_cloud, "{}");
  CloudBlock block = {.from = hosts(world.east),
                      .to = APPLIANCE,
                      .reason = DROP_BLACKHOLE,
                      .at = world.east,
                      .origin = &written};
  assert_block(&world, &block, NULL);
  block.refused_gateway = TRUE;
  assert_block(&world, &block, "AZ-6.8, AZ-6.25");
  FACTS("AZ-6.8", "AZ-6.25");
}

/* The rule is blamed where an appliance told the route server of a range that it serves. */
Test(forbids, azure_a_range_that_is_never_injected) {
  g_autoptr(Bed) bed = bed_new();
  const World world = world_of(bed, &azure_cloud, "{}");
  CloudPlace app = hosts(world.lab->app);
  app.address = bed_address("10.0.9.7");
  assert_rule(&world, hosts(world.west), app, DROP_BLACKHOLE, world.west, "AZ-6.6");
  cloud_lab_say(world.lab, 0, "10.0.9.0/24", cloud_lab_attributes(world.lab, 0, 0, -1));
  cloud_lab_begin(world.lab);
  assert_rule(&world, hosts(world.west), app, DROP_BLACKHOLE, world.west, "AZ-6.4");
  FACTS("AZ-6.4");
}

#define AWS_SETTINGS "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [hub/app]}"

Test(forbids, aws_between_sites) {
  g_autoptr(Bed) bed = bed_new();
  const World world = world_of(bed, &aws_cloud, AWS_SETTINGS);
  assert_rule(&world, APPLIANCE, APPLIANCE, DROP_NOT_ANNOUNCED, NULL, NULL); /* nobody has a way */
  assert_rule(&world, GATEWAY, APPLIANCE, DROP_NOT_ANNOUNCED, NULL, NULL);
  announce(&world, 0);
  assert_rule(&world, second_site(&world), GATEWAY, DROP_NOT_ANNOUNCED, NULL, "AWS-8.1");
  assert_rule(&world, second_site(&world), APPLIANCE, DROP_NOT_ANNOUNCED, NULL, "AWS-8.1");
  assert_rule(&world, APPLIANCE, APPLIANCE, DROP_NOT_ANNOUNCED, NULL, NULL); /* without a session */
  assert_rule(&world, second_site(&world), APPLIANCE, DROP_NO_ROUTE, NULL, "AWS-8.1");
  assert_rule(&world, APPLIANCE, INTERNET, DROP_NOT_ANNOUNCED, NULL, NULL);
  assert_rule(&world, GATEWAY, APPLIANCE, DROP_NOT_ANNOUNCED, NULL, "AWS-5.3, AWS-8.7");
  assert_rule(&world, GATEWAY, INTERNET, DROP_NOT_ANNOUNCED, NULL, NULL);
  assert_rule(&world, INTERNET, APPLIANCE, DROP_NOT_ANNOUNCED, NULL, NULL);
  FACTS("AWS-5.3", "AWS-8.1", "AWS-8.7");
}

Test(forbids, aws_from_hosts) {
  g_autoptr(Bed) bed = bed_new();
  const World world = world_of(bed, &aws_cloud, AWS_SETTINGS);
  const CloudPlace appliance = APPLIANCE, gateway = GATEWAY;
  /* While nobody has a route, nothing keeps it back. */
  assert_rule(&world, hosts(world.db), appliance, DROP_NO_ROUTE, world.db, NULL);
  assert_rule(&world, hosts(world.east), appliance, DROP_NO_ROUTE, world.east, NULL);
  assert_rule(&world, hosts(world.far), appliance, DROP_NO_ROUTE, world.far, NULL);
  assert_rule(&world, hosts(world.far), appliance, DROP_NO_ROUTE, NULL, NULL);
  assert_rule(&world, hosts(world.east), gateway, DROP_NO_ROUTE, world.east, NULL);
  announce(&world, 0);
  assert_rule(&world, hosts(world.db), appliance, DROP_NO_ROUTE, world.db, "AWS-1.9");
  assert_rule(&world, hosts(world.lab->app), appliance, DROP_NO_ROUTE, world.lab->app, NULL);
  assert_rule(&world, hosts(world.east), appliance, DROP_NO_ROUTE, world.east, "AWS-8.4, AWS-8.6");
  assert_rule(&world, hosts(world.far), appliance, DROP_NO_ROUTE, world.far, "AWS-8.4");
  assert_rule(&world, hosts(world.east), gateway, DROP_NO_ROUTE, world.east, "AWS-8.6");
  assert_rule(&world, hosts(world.far), gateway, DROP_NO_ROUTE, world.far, NULL);
  assert_rule(&world, hosts(world.east), hosts(world.lab->app), DROP_NO_ROUTE, world.east,
              "AWS-8.6");
  assert_rule(&world, hosts(world.east), hosts(world.west), DROP_NO_ROUTE, world.east, "AWS-8.6");
  assert_rule(&world, hosts(world.far), hosts(world.west), DROP_NO_ROUTE, world.far, NULL);
  assert_rule(&world, hosts(world.far), INTERNET, DROP_NO_ROUTE, world.far, NULL);
  assert_rule(&world, hosts(world.east), appliance, DROP_NEXT_HOP_DOWN, world.east, NULL);
  const CloudBlock transit = {.from = hosts(world.far),
                              .to = appliance,
                              .reason = DROP_NO_ROUTE,
                              .table = route_table_new(world.lab->fabric, "tgw")};
  assert_block(&world, &transit, "AWS-8.5");
  assert_rule(&world, hosts(world.far), hosts(world.west), DROP_NO_ROUTE, NULL, NULL);
  assert_rule_by(&world, DROP_PEERING_REFUSES, &written, FALSE, "AWS-8.6");
  assert_rule_by(&world, DROP_NOT_TRANSLATED, &written, FALSE, "AWS-5.21");
  assert_rule_by(&world, DROP_BLACKHOLE, &written, FALSE, NULL);
  FACTS("AWS-1.9", "AWS-5.21", "AWS-8.4", "AWS-8.5", "AWS-8.6");
}

/* The route server knows a route to the site, whose next hop is nobody's. */
Test(forbids, aws_next_hop_that_is_no_interface) {
  g_autoptr(Bed) bed = bed_new();
  const World world = world_of(bed, &aws_cloud, AWS_SETTINGS);
  BgpAttributes *attributes = arena_new0(bed->arena, BgpAttributes);
  attributes->next_hop = bed_address("10.0.2.200");
  cloud_lab_say(world.lab, 0, "192.168.0.0/16", attributes);
  cloud_lab_begin(world.lab);
  assert_rule(&world, hosts(world.lab->app), APPLIANCE, DROP_NO_ROUTE, world.lab->app, "AWS-4.19");
  cloud_lab_assert_hops(world.lab, 0, "192.168.0.0/16", "none");
  FACTS("AWS-4.19");
}

Test(forbids, every_cloud_describes_itself_in_whole_rows) {
  static const struct {
    const CloudClass *class;
    const char *settings;
  } subjects[] = {{&azure_cloud, "{}"}, {&aws_cloud, AWS_SETTINGS}};
  for (guint i = 0; i < G_N_ELEMENTS(subjects); i++) {
    g_autoptr(Bed) bed = bed_new();
    g_autoptr(GPtrArray) listings = g_ptr_array_new();
    const World world = world_of(bed, subjects[i].class, subjects[i].settings);
    cloud_lab_say(world.lab, 0, "192.168.0.0/16", cloud_lab_attributes(world.lab, 0, 0, -1));
    cloud_lab_begin(world.lab);
    world.lab->class->telling->describe(&world.lab->topology, world.servers, listings);
    cr_assert_gt(listings->len, 5, "%s", subjects[i].class->name);
    for (guint j = 0; j < listings->len; j++) {
      const CloudListing *listing = listings->pdata[j];
      cr_assert_str_not_empty(listing->key);
      cr_assert_str_not_empty(listing->title);
      cr_assert_geq(listing->names->len, 1);
      cr_assert_gt(listing->column_count, 3);
      cr_assert(cloud_listing_same_rows(listing, listing));
    }
  }
}
