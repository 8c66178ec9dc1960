/* What names mean in a world: victims of events, ends of paths. How a name reads, and which place
 * it has in it, the design knows (design_target()). What it is the name of is looked up among what
 * was made; what sim/check/names.c foretells of a design is not asked, as it stands on a higher
 * level and a test holds the two to each other only while neither is made from the other. */
#include <string.h>

#include "world_private.h"

/* ---- names --------------------------------------------------------------------------------- */

static gboolean add_by_name(World *world, const char *name, GPtrArray *victims) {
  FaultVictim *victim = world_victim(world, name);
  if (victim != NULL)
    g_ptr_array_add(victims, victim);
  return victim != NULL;
}

/* Servers on hosts of the subnet boot when power is back, as they do by their own names. */
static void add_tenants(const World *world, const Subnet *subnet, GPtrArray *tenants) {
  for (guint i = 0; i < world->parts->len; i++) {
    const WorldPart *part = world->parts->pdata[i];
    if (part->subnet == subnet)
      g_ptr_array_add(tenants, part->victim);
  }
}

/* Only a zone that is there has hosts: one that is not is no victim for having been asked for. */
static FaultVictim *hosts_of_zone(World *world, const char *name, const GPtrArray *subnets) {
  FaultVictim *hosts = world_victim(world, name);
  if (hosts != NULL)
    return hosts;
  hosts = world_add_victim(world, arena_strdup(world->arena, name), NULL, NULL,
                           distribution_constant(SIM_TIME_ZERO));
  hosts->tenants = arena_ptr_array(world->arena);
  for (guint i = 0; i < subnets->len; i++) {
    g_ptr_array_add(hosts->subnets, subnets->pdata[i]);
    add_tenants(world, subnets->pdata[i], hosts->tenants);
  }
  return hosts;
}

/* Names such as "zone/west/a" have a region or network, then a zone. */
static gboolean add_zone_victims(World *world, const char *name, GPtrArray *victims) {
  const DesignTarget target = design_target(world->design, name);
  const char *zone = target.zone;
  gboolean found = FALSE;
  if (target.kind != DESIGN_TARGET_ZONE)
    return FALSE;
  g_autoptr(GPtrArray) subnets = g_ptr_array_new();
  for (guint i = 0; i < world->topology.networks->len; i++) {
    const CloudNetwork *network = world->topology.networks->pdata[i];
    if (!design_place_has_network(&target.place, network->config))
      continue;
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      if (g_strcmp0(subnet->zone, zone) != 0)
        continue;
      found = TRUE;
      g_ptr_array_add(subnets, subnet->subnet);
    }
    for (guint j = 0; j < world->nvas->len; j++) {
      const WorldNva *nva = world->nvas->pdata[j];
      const char *own = nva->config->zone.text != NULL ? nva->config->zone.text : nva->subnet->zone;
      if (nva->subnet->network == network && g_strcmp0(own, zone) == 0) {
        g_ptr_array_add(victims, nva->victim);
        found = TRUE;
      }
    }
    for (guint j = 0; j < world->topology.edges->len; j++) {
      const CloudEdge *edge = world->topology.edges->pdata[j];
      if (edge->kind == CLOUD_EDGE_NAT && edge->network == network &&
          g_strcmp0(edge->subnet->zone, zone) == 0)
        g_ptr_array_add(victims, world_victim(world, edge->name));
    }
    for (guint j = 0; j < world->servers->len; j++) {
      const RouteServer *server = world->servers->pdata[j];
      for (guint k = 0; k < route_server_part_count(server); k++) {
        const RouteServerPart *part = route_server_part(server, k);
        if (route_server_config(server)->network == network &&
            g_strcmp0(route_server_part_zone(part), zone) == 0)
          g_ptr_array_add(victims, world_victim(world, route_server_part_name(part)));
      }
    }
  }
  if (found)
    g_ptr_array_add(victims, hosts_of_zone(world, name, subnets));
  return found;
}

/* "rs" means all parts, "rs/#0" the first by name. */
static gboolean add_server_victims(World *world, const char *name, GPtrArray *victims) {
  const DesignTarget target = design_target(world->design, name);
  for (guint i = 0; i < world->servers->len; i++) {
    const RouteServer *server = world->servers->pdata[i];
    const guint parts = route_server_part_count(server);
    if (strcmp(route_server_name(server), name) == 0) {
      for (guint j = 0; j < parts; j++)
        add_by_name(world, route_server_part_name(route_server_part(server, j)), victims);
      return parts > 0;
    }
    if (target.kind == DESIGN_TARGET_PART && target.number < parts &&
        strcmp(route_server_name(server), target.server->head.name) == 0)
      return add_by_name(world, route_server_part_name(route_server_part(server, target.number)),
                         victims);
  }
  return FALSE;
}

static gboolean add_gateway_victims(World *world, const char *name, GPtrArray *victims) {
  for (guint i = 0; i < world->gateways->len; i++) {
    const Gateway *gateway = world->gateways->pdata[i];
    for (guint j = 0;
         strcmp(gateway_name(gateway), name) == 0 && j < gateway_instance_count(gateway); j++)
      add_by_name(world, gateway_instance_name(gateway, j), victims);
  }
  return victims->len > 0;
}

/* "circuit/c1" means the links between the site and the circuit's edges. */
static gboolean add_circuit_victims(World *world, const char *name, GPtrArray *victims) {
  const DesignTarget target = design_target(world->design, name);
  const gboolean is_circuit = target.kind == DESIGN_TARGET_CIRCUIT;
  for (guint i = 0; is_circuit && i < world->circuits->len; i++) {
    const WorldCircuit *circuit = world->circuits->pdata[i];
    if (strcmp(circuit->config->head.name, target.rest) != 0)
      continue;
    for (guint j = 0; j < circuit_edge_count(circuit->circuit); j++)
      add_by_name(world,
                  arena_printf(world->arena, "link/%s/%s", circuit->config->site.text,
                               router_name(circuit_edge(circuit->circuit, j))),
                  victims);
  }
  return victims->len > 0;
}

/* Names such as "lb-w/backends" mean all of a group. */
static gboolean add_group_victims(World *world, const char *name, GPtrArray *victims) {
  gboolean found = FALSE;
  for (guint i = 0; i < world->parts->len; i++) {
    const WorldPart *part = world->parts->pdata[i];
    if (g_strcmp0(part->group, name) != 0)
      continue;
    g_ptr_array_add(victims, part->victim);
    found = TRUE;
  }
  return found;
}

gboolean world_resolve(World *world, const char *name, GPtrArray *victims) {
  return add_zone_victims(world, name, victims) || add_by_name(world, name, victims) ||
         add_server_victims(world, name, victims) || add_gateway_victims(world, name, victims) ||
         add_circuit_victims(world, name, victims) || add_group_victims(world, name, victims);
}

void world_appliances_of(World *world, const char *target, GPtrArray *names) {
  g_autoptr(GPtrArray) victims = g_ptr_array_new();
  world_resolve(world, target, victims);
  for (guint i = 0; i < victims->len; i++) {
    const FaultVictim *victim = victims->pdata[i];
    const char *owner = world_nva(world, victim->name) != NULL ? victim->name : NULL;
    for (guint j = 0; owner == NULL && j < world->parts->len; j++)
      if (((WorldPart *)world->parts->pdata[j])->victim == victim)
        owner = nva_name(((WorldPart *)world->parts->pdata[j])->nva->nva);
    if (owner != NULL && !g_ptr_array_find_with_equal_func(names, owner, g_str_equal, NULL))
      g_ptr_array_add(names, (gpointer)owner);
  }
}

static gboolean names_end(World *world, const char *name, const char *end) {
  g_autoptr(GPtrArray) victims = g_ptr_array_new();
  world_resolve(world, name, victims);
  for (guint i = 0; i < victims->len; i++)
    if (strcmp(((FaultVictim *)victims->pdata[i])->name, end) == 0)
      return TRUE;
  return FALSE;
}

static void add_paths(World *world, const GPtrArray *sessions, const char *a, const char *b,
                      GPtrArray *paths) {
  for (guint i = 0; i < sessions->len; i++) {
    const WorldSession *session = sessions->pdata[i];
    if ((names_end(world, a, session->ends[0]) && names_end(world, b, session->ends[1])) ||
        (names_end(world, b, session->ends[0]) && names_end(world, a, session->ends[1])))
      g_ptr_array_add(paths, session->path);
  }
}

void world_paths_between(World *world, const char *a, const char *b, GPtrArray *paths) {
  add_paths(world, world->sessions, a, b, paths);
  add_paths(world, world->heartbeats, a, b, paths);
}
