/* What gateways put into tables; see gateway.h. */
#include <string.h>

#include "gateway_private.h"

/* ---- tables that the gateway itself programs --------------------------------------------- */

static NextHop hop_to(const GatewayInstance *instance) {
  return (NextHop){.kind = HOP_ELEMENT, .address = element_address(instance->element)};
}

static gboolean same_route(const RouteTable *table, Prefix prefix, const RouteOrigin *origin,
                           const GatewayHops *hops) {
  RouteView view = {.hop_count = 0};
  route_table_find(table, prefix, origin, &view);
  if (view.hop_count != hops->count)
    return FALSE;
  for (guint i = 0; i < hops->count; i++)
    if (!ip_address_equal(view.hops[i].address, hops->hops[i].address))
      return FALSE;
  return TRUE;
}

static void record_change(Gateway *gateway, RouteTable *table, Prefix prefix,
                          const RouteOrigin *origin, const GatewayHops *hops) {
  Arena *arena = gateway->topology->arena;
  Engine *engine = gateway->topology->engine;
  RouteView before;
  TableChange *change = arena_new0(arena, TableChange);
  NextHop *copy = arena_array(arena, NextHop, hops->count + 1);
  memcpy(copy, hops->hops, hops->count * sizeof *copy);
  const gboolean had = route_table_find(table, prefix, origin, &before);
  *change = (TableChange){route_table_name(table),
                          prefix,
                          hops->count == 0 ? "remove"
                          : had            ? "replace"
                                           : "install",
                          hops->count,
                          copy,
                          origin->name};
  engine_go_on(engine, &CLOUD_PROGRAMMED, gateway->config.name, change->table, 0, change);
}

static void bring_in_line(Gateway *gateway, RouteTable *table, Prefix prefix,
                          const RouteOrigin *origin, const GatewayHops *hops, gboolean silent) {
  if (same_route(table, prefix, origin, hops))
    return;
  if (!silent)
    record_change(gateway, table, prefix, origin, hops);
  if (hops->count > 0)
    route_table_put(table, prefix, origin, hops->hops, hops->count);
  else
    route_table_put_aside(table, prefix, origin);
}

static const GatewayHops no_hops = {.count = 0};

/* A record says that the table has no place for the prefix. */
static void reject(Gateway *gateway, const RouteTable *table, Prefix prefix) {
  RouteRejection *rejection = arena_new0(gateway->topology->arena, RouteRejection);
  *rejection = (RouteRejection){prefix, gateway->cloud->server->table_full};
  engine_record(gateway->topology->engine, &CLOUD_REJECTED, gateway->config.name,
                route_table_name(table), 0, rejection);
}

static void program_later(Gateway *gateway, const Prefix *prefix);

/* Who has got a place enters as any other change does; who has lost it leaves at once. */
static void place_changed(gpointer data, RouteTable *table, Prefix prefix,
                          const RouteOrigin *counted) {
  Gateway *gateway = data;
  Engine *engine = gateway->topology->engine;
  const RouteOrigin *origins[] = {gateway->kind->static_origin, gateway->kind->origin};
  const Prefix *known = trie_get(gateway->by_prefix, prefix);
  ENGINE_KEEP_CAUSE(engine);
  RouteView view;
  if (known == NULL || route_origin_counted(gateway->kind->origin) != counted)
    return;
  if (route_table_has_place(table, prefix, counted)) {
    program_later(gateway, known);
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS(origins); i++) {
    if (!route_table_find(table, prefix, origins[i], &view))
      continue;
    reject(gateway, table, prefix);
    const gboolean converging = engine_now(engine).ns == 0; /* nothing is final */
    bring_in_line(gateway, table, prefix, origins[i], &no_hops, converging);
  }
}

static void watch_places(Gateway *gateway, RouteTable *table) {
  if (gateway->cloud->server->table_full == NULL || g_ptr_array_find(gateway->crowded, table, NULL))
    return;
  g_ptr_array_add(gateway->crowded, table);
  route_table_watch_places(table, place_changed, gateway);
}

static void put_into_table(Gateway *gateway, RouteTable *table, Prefix prefix,
                           const RouteOrigin *origin, const GatewayHops *hops) {
  const gboolean wanted = hops->count > 0;
  ENGINE_KEEP_CAUSE(gateway->topology->engine);
  watch_places(gateway, table);
  const gboolean new = wanted &&route_table_ask(table, prefix, origin);
  const gboolean kept_out = wanted && !route_table_has_place(table, prefix, origin);
  if (new &&kept_out)
    reject(gateway, table, prefix);
  bring_in_line(gateway, table, prefix, origin, kept_out ? &no_hops : hops, !gateway->begun);
  if (!wanted)
    route_table_give_up(table, prefix, origin);
}

/* The route goes into the tables of the network, and of networks that use its gateways, unless
 * propagation is off. */
static void gateway_put(Gateway *gateway, Prefix prefix, const RouteOrigin *origin,
                        const GatewayHops *hops) {
  for (guint i = 0; i < gateway->topology->networks->len; i++) {
    const CloudNetwork *network = gateway->topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      if (!gateway_serves_subnet(gateway, subnet) || subnet == gateway->config.subnet ||
          subnet->hidden || (subnet->user_table != NULL && !subnet->user_table->propagate))
        continue;
      for (guint k = 0; k < subnet->tables->len; k++)
        put_into_table(gateway, subnet->tables->pdata[k], prefix, origin, hops);
    }
  }
}

/* ---- tables that name it ------------------------------------------------------------------ */

static gboolean works(const GatewayInstance *instance) {
  return !instance->down && instance->held == 0 && net_node_forwards(instance->node) &&
         !net_node_is(instance->node, NODE_CUT);
}

static void put_target(Gateway *gateway, const CloudUserTable *user, Prefix prefix,
                       const GatewayHops *hops) {
  const RouteOrigin *origin = gateway->cloud->fabric->static_origin;
  if (user->table != NULL)
    put_into_table(gateway, user->table, prefix, origin, hops);
  for (guint i = 0; user->table == NULL && i < user->network->subnets->len; i++) {
    const CloudSubnet *subnet = user->network->subnets->pdata[i];
    for (guint j = 0; subnet->user_table == user && j < subnet->tables->len; j++)
      put_into_table(gateway, subnet->tables->pdata[j], prefix, origin, hops);
  }
}

static GatewayHops working_hops(const Gateway *gateway) {
  GatewayHops hops = {0};
  for (guint i = 0; i < gateway->count; i++)
    if (works(&gateway->instances[i]))
      hops.hops[hops.count++] = hop_to(&gateway->instances[i]);
  return hops;
}

static void move_target(Gateway *gateway) {
  CloudTarget *target = gateway->target;
  GatewayHops hops = working_hops(gateway);
  if (hops.count == 0 && gateway->side != NULL)
    hops = working_hops(gateway->side);
  if (hops.count == 0 || target == NULL)
    return; /* as nobody is left to move to, it stays and drops */
  target->count = hops.count;
  memcpy(target->hops, hops.hops, sizeof hops.hops);
  for (guint i = 0; i < gateway->topology->user_tables->len; i++) {
    const CloudUserTable *user = gateway->topology->user_tables->pdata[i];
    for (guint j = 0; j < user->routes->len; j++) {
      const CloudUserRoute *route = &g_array_index(user->routes, CloudUserRoute, j);
      if (route->target == target)
        put_target(gateway, user, route->to, &hops);
    }
  }
}

/* What happens at one instant, an instance's node and its process, moves the routes once. */
static void move_later(Gateway *gateway) {
  const SimTime now = engine_now(gateway->topology->engine);
  if ((gateway->target == NULL && trie_size(gateway->fixed) == 0) ||
      gateway->move_asked.ns == now.ns)
    return;
  gateway->move_asked = now;
  agenda_add(gateway->moving,
             sim_time_add(now, distribution_draw(&gateway->config.traits->program.law,
                                                 &gateway->move_stream)),
             gateway);
}

void gateway_instance_moved(gpointer data) {
  Gateway *gateway = ((GatewayInstance *)data)->gateway;
  move_later(gateway);
  if (gateway->side != NULL)
    move_later(gateway->side);
}

/* ---- what it knows, into tables ------------------------------------------------------------ */

/* A static route that the instance has because it works and has the tunnel: it stands in tables no
 * longer than one by BGP does. Facts: AWS-11.15. */
static gboolean has_fixed_way(const GatewayInstance *instance, Prefix prefix) {
  return trie_get(instance->gateway->fixed, prefix) != NULL && works(instance) &&
         gateway_has_static(instance, prefix);
}

/* A route that the instance has from a site or a circuit, not from its sister, and that
 * planned work does not withdraw from the tables as it does from its neighbors. Which side
 * of one gateway is preferred the tables say, so that each has its routes there. */
static gboolean has_learned_way(const GatewayInstance *instance, Prefix prefix) {
  const BgpEntry *entry =
      instance->gateway->programs ? bgp_find(router_speaker(instance->router), prefix) : NULL;
  if (instance->held > 0 || entry == NULL || entry->selected_count == 0 ||
      entry->selected[0]->source == NULL)
    return FALSE;
  for (guint i = 0; entry->selected[0]->role == &gateway_role_side && i < entry->candidates->len;
       i++) {
    const BgpCandidate *candidate = entry->candidates->pdata[i];
    if (!candidate->excess && !candidate->unreachable && gateway_role_is_outside(candidate->role))
      return TRUE;
  }
  return gateway_role_is_outside(entry->selected[0]->role);
}

static gboolean leads(const Gateway *gateway, Prefix prefix) {
  for (guint i = 0; i < gateway->count; i++)
    if (has_fixed_way(&gateway->instances[i], prefix) ||
        has_learned_way(&gateway->instances[i], prefix))
      return TRUE;
  return FALSE;
}

gboolean gateway_leads(const Gateway *gateway, IpAddress address, Prefix *longest) {
  gboolean found = FALSE;
  for (guint i = 0; i < gateway->prefixes->len; i++) {
    const Prefix prefix = *(const Prefix *)gateway->prefixes->pdata[i];
    if (!prefix_contains(prefix, address) || (found && prefix.length <= longest->length) ||
        !leads(gateway, prefix))
      continue;
    *longest = prefix;
    found = TRUE;
  }
  return found;
}

/* Where static routes have an origin of their own, the table says which counts. */
static void program(Gateway *gateway, Prefix prefix) {
  const GatewayKindClass *kind = gateway->kind;
  const gboolean apart = kind->static_origin != kind->origin;
  GatewayHops fixed = {0}, hops = {0};
  for (guint i = 0; i < gateway->count; i++) {
    const GatewayInstance *instance = &gateway->instances[i];
    const gboolean by_hand = has_fixed_way(instance, prefix);
    if (by_hand && apart)
      fixed.hops[fixed.count++] = hop_to(instance);
    if (has_learned_way(instance, prefix) || (by_hand && !apart))
      hops.hops[hops.count++] = hop_to(instance);
  }
  if (apart && trie_get(gateway->fixed, prefix) != NULL)
    gateway_put(gateway, prefix, kind->static_origin, &fixed);
  gateway_put(gateway, prefix, kind->origin, &hops);
}

/* Written routes that name the gateway, and those to sites without BGP, lead to its instances that
 * work. */
void gateway_move_due(gpointer data, gpointer item) {
  Gateway *gateway = data;
  (void)item;
  move_target(gateway);
  for (guint i = 0; i < gateway->prefixes->len; i++) {
    const Prefix prefix = *(const Prefix *)gateway->prefixes->pdata[i];
    if (trie_get(gateway->fixed, prefix) != NULL)
      program(gateway, prefix);
  }
}

void gateway_program_due(gpointer data, gpointer item) { program(data, *(const Prefix *)item); }

static const Prefix *known_prefix(Gateway *gateway, Prefix prefix) {
  Prefix *known = trie_get(gateway->by_prefix, prefix);
  if (known == NULL) {
    known = arena_new0(gateway->topology->arena, Prefix);
    *known = prefix;
    trie_set(gateway->by_prefix, prefix, known);
    g_ptr_array_add(gateway->prefixes, known);
  }
  return known;
}

static void program_later(Gateway *gateway, const Prefix *prefix) {
  const Distribution *law = &gateway->config.traits->program.law;
  agenda_add(gateway->programming,
             sim_time_add(engine_now(gateway->topology->engine),
                          distribution_draw(law, &gateway->program_stream)),
             (gpointer)prefix);
}

void gateway_put_fixed(Gateway *gateway, Prefix prefix) {
  trie_set(gateway->fixed, prefix, gateway);
  program(gateway, *known_prefix(gateway, prefix));
}

void gateway_selected(Gateway *gateway, Prefix prefix) {
  if (!gateway->programs)
    return;
  const Prefix *known = known_prefix(gateway, prefix);
  if (gateway->begun)
    program_later(gateway, known);
}

void gateway_begin(Gateway *gateway) {
  for (guint i = 0; i < gateway->prefixes->len; i++)
    program(gateway, *(const Prefix *)gateway->prefixes->pdata[i]);
  gateway->begun = TRUE;
}

/* Those to sites without BGP move otherwise: see gateway_move_due(). */
static void program_learned_later(Gateway *gateway) {
  for (guint i = 0; gateway->programs && i < gateway->prefixes->len; i++) {
    const Prefix *prefix = gateway->prefixes->pdata[i];
    if (trie_get(gateway->fixed, *prefix) == NULL)
      program_later(gateway, prefix);
  }
}

void gateway_instance_changed(Gateway *gateway, guint index, gboolean up) {
  ENGINE_KEEP_CAUSE(gateway->topology->engine);
  gateway->instances[index].down = !up;
  gateway_instance_moved(&gateway->instances[index]);
  if (up && gateway->instances[index].router != NULL)
    router_restarted(gateway->instances[index].router);
  program_learned_later(gateway);
}

void gateway_instance_held(Gateway *gateway, guint index, gboolean on) {
  GatewayInstance *instance = &gateway->instances[index];
  instance->held += on ? 1 : -1;
  gateway_instance_moved(instance);
  program_learned_later(gateway);
}
