/* What the names of events mean, asked in two ways: of the Design and the cloud, as checks do, and
 * of a world that is built of both, as runs do. They agree on every name, and on whether a session
 * stands between two. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/check/names.h"
#include "routesim/world/world.h"
#include "support/scenarios.h"
#include "support/story.h"
#include "support/topology.h"

#define MOST_PAIRS 600 /* that are asked of one world */

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *joined(GPtrArray *names) {
  GString *text = g_string_new(NULL);
  g_ptr_array_sort(names, compare_names);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf(text, "%s ", (const char *)names->pdata[i]);
  return g_string_free(text, FALSE);
}

/* ---- names to ask about ---------------------------------------------------------------------- */

static void add_heads(Arena *arena, GPtrArray *names, const GPtrArray *blocks) {
  static const char *const forms[] = {"%s",         "%s/0",         "%s/#0",
                                      "%s/#1",      "%s/#9",        "%s/backends",
                                      "circuit/%s", "circuit/%s/0", "link/%s"};
  for (guint i = 0; i < blocks->len; i++)
    for (guint j = 0; j < G_N_ELEMENTS(forms); j++) {
      g_auto(GStrv) parts = g_strsplit(forms[j], "%s", 2);
      g_ptr_array_add(names, (gpointer)arena_concat(arena, parts[0],
                                                    ((const BlockHead *)blocks->pdata[i])->name,
                                                    parts[1], NULL));
    }
}

/* By its network and its region, and with more behind it than a zone has. */
static void add_zone(Arena *arena, GPtrArray *names, const DesignNetwork *network,
                     const char *zone) {
  g_ptr_array_add(names, arena_printf(arena, "zone/%s/%s/0", network->head.name, zone));
  g_ptr_array_add(names, arena_printf(arena, "zone/%s/%s", network->head.name, zone));
  if (network->region.text != NULL)
    g_ptr_array_add(names, arena_printf(arena, "zone/%s/%s", network->region.text, zone));
}

static void add_zones(Arena *arena, GPtrArray *names, const Design *design) {
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    add_zone(arena, names, network, "nowhere");
    for (guint j = 0; j < network->subnets->len; j++) {
      const DesignSubnet *subnet = network->subnets->pdata[j];
      if (subnet->zone.text != NULL)
        add_zone(arena, names, network, subnet->zone.text);
    }
    for (guint j = 0; j < design->nvas->len; j++) {
      const DesignNva *nva = design->nvas->pdata[j];
      if (nva->zone.text != NULL)
        add_zone(arena, names, network, nva->zone.text);
    }
  }
}

/* Whatever the world has, whatever the design names in any form, and what neither knows. */
static GPtrArray *names_of(Arena *arena, const World *world) {
  const Design *design = world->design;
  GPtrArray *names = arena_ptr_array(arena);
  const GPtrArray *const sections[] = {design->nvas,     design->route_servers, design->gateways,
                                       design->circuits, design->sites,         design->networks};
  for (guint i = 0; i < world->victims->len; i++) {
    const char *name = ((const FaultVictim *)world->victims->pdata[i])->name;
    g_ptr_array_add(names, (gpointer)name);
    g_ptr_array_add(names, arena_printf(arena, "%s/9", name));
  }
  for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
    add_heads(arena, names, sections[i]);
  add_zones(arena, names, design);
  g_ptr_array_add(names, "internet");
  g_ptr_array_add(names, "");
  return names;
}

/* ---- both windows ---------------------------------------------------------------------------- */

/* What the world means by the name. */
static char *in_world(World *world, const char *name) {
  g_autoptr(GPtrArray) victims = g_ptr_array_new();
  g_autoptr(GPtrArray) things = g_ptr_array_new();
  const gboolean found = world_resolve(world, name, victims);
  for (guint i = 0; i < victims->len; i++)
    g_ptr_array_add(things, (gpointer)((const FaultVictim *)victims->pdata[i])->name);
  char *text = joined(things);
  return found ? text : (g_free(text), g_strdup("nothing"));
}

static char *in_design(const CheckNames *names, const char *name) {
  g_autoptr(GPtrArray) things = g_ptr_array_new();
  return check_names_resolve(names, name, things) ? joined(things) : g_strdup("nothing");
}

/* How the two differ; NULL: not at all. */
static char *difference(const Design *design, const CloudClass *cloud, guint *told) {
  g_autoptr(Arena) arena = arena_new();
  const RunOptions options = {.seed = 1};
  World *world = world_new(arena, design, cloud, &options);
  const CheckNames *names = check_names_new(arena, design, cloud);
  const GPtrArray *asked = names_of(arena, world);
  g_autoptr(GPtrArray) known = g_ptr_array_new();
  for (guint i = 0; i < asked->len; i++) {
    const char *name = asked->pdata[i];
    g_autofree char *there = in_world(world, name), *here = in_design(names, name);
    if (strcmp(there, here) != 0)
      return g_strdup_printf("'%s' is %s in the world and %s in the design", name, there, here);
    if (strcmp(there, "nothing") != 0)
      g_ptr_array_add(known, (gpointer)name);
  }
  const guint pairs = known->len * known->len, step = pairs / MOST_PAIRS + 1;
  for (guint i = 0; i < pairs; i += step) {
    const char *a = known->pdata[i / known->len], *b = known->pdata[i % known->len];
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    world_paths_between(world, a, b, paths);
    if ((paths->len > 0) != check_names_have_session(names, a, b))
      return g_strdup_printf("between '%s' and '%s' the world has %u sessions", a, b, paths->len);
    *told += paths->len > 0;
  }
  for (guint i = 0; i < world->sessions->len; i++) {
    const WorldSession *session = world->sessions->pdata[i];
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    world_paths_between(world, session->ends[0], session->ends[1], paths);
    if ((paths->len > 0) != check_names_have_session(names, session->ends[0], session->ends[1]))
      return g_strdup_printf("'%s' and '%s' have a session in one alone", session->ends[0],
                             session->ends[1]);
    *told += paths->len > 0;
  }
  return NULL;
}

static void check_scenario(const Scenario *scenario, gpointer data) {
  for (guint c = 0; c < cloud_count(); c++) {
    if (!scenario->design->models[c])
      continue;
    g_autofree char *why = difference(scenario->design, cloud_at(c), data);
    cr_assert_null(why, "%s, %s: %s", scenario->design->name, cloud_at(c)->name, why);
  }
}

Test(names, of_every_shipped_scenario_are_those_of_its_world) {
  guint told = 0;
  cr_assert_gt(scenarios_each("scenarios", check_scenario, &told), 30);
  cr_assert_gt(told, 500, "hardly any session was asked about: %u", told);
}

static char *agree(const char *text, const Scenario *scenario, const CloudClass *cloud,
                   guint64 seed) {
  guint told = 0;
  (void)text;
  (void)seed;
  return difference(scenario->design, cloud, &told);
}

Test(names, of_random_designs_are_those_of_their_worlds) {
  const TopologyOptions plain = {0}, wide = {.wide = TRUE};
  topology_check(1, 40, &plain, agree);
  topology_check(1000, 80, &wide, agree);
}

/* What hardly any of these has: sides of one gateway, devices that watch each other, a NAT gateway,
 * zones that come from a region. */
Test(names, of_rare_things_are_those_of_their_worlds) {
  static const char base[] =
      "name: rare\nduration: 20m\nlink_delay: 1ms\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], region: west, subnets: {"
      "app: {prefix: 10.0.0.0/24, zone: b, vms: 10}, "
      "fw: {prefix: 10.0.1.0/24, zone: a, vms: 0}}}}\n"
      "route_servers: {rs: {network: hub, azure: {}, aws: {asn: 65000, endpoints: {a: hub/fw, "
      "b: hub/app}, propagate_to: [hub/app]}}}\n"
      "nvas:\n  x: {kind: firewall, subnet: hub/fw, asn: 65010, peers: {rs: {}}, "
      "advertise: [{prefix: 172.16.0.0/16}]}\n"
      "  y: {kind: router, subnet: hub/fw, zone: c, asn: 65011, peers: {rs: {}}}\n"
      "traffic: {t: {from: hub/app, to: office, flows: 10}}\n"
      "sites: {office: {prefixes: [192.168.1.0/24], asn: 65001}, branch: {prefixes: "
      "[192.168.2.0/24], asn: 65002, via: {vpn: {}}}}\ncircuits: {c1: {site: office}}\n"
      "gateways: {vpn: {kind: vpn, network: hub}, dx: {kind: circuit, network: hub, "
      "circuits: [c1]}%s}\n%s";
  static const char *const more[][2] = {
      {"", ""},
      {", igw: {kind: internet, network: hub}, nat: {kind: nat, subnet: hub/app}", ""},
      {"", "failover: api\napi_failover: {aws: {trigger: device}, azure: {trigger: device}}\n"},
      {"", "failover: api\napi_failover: {aws: {trigger: poll}, azure: {trigger: poll}}\n"},
      {"", "failover: load-balancer\n"}};
  for (guint i = 0; i < G_N_ELEMENTS(more); i++) {
    g_autofree char *text = g_strdup_printf(base, more[i][0], more[i][1]);
    g_autoptr(Story) story = story_text(text);
    guint told = 0;
    check_scenario(story_scenario(story), &told);
    cr_assert_gt(told, 10, "case %u: %u", i, told);
  }
}
