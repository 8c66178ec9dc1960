/* Why packets do not arrive, in a sentence: first what a user or nature did (a route of one's own,
 * a failure, a way back that passes a firewall by), told from where the walk ended. Which rule of
 * the cloud is behind it, where one is, the cloud says (TellingClass.forbids). */
#include <string.h>

#include "inspect_private.h"

typedef struct {
  const World *world;
  const FlowFate *fate;
  const Passage *leg;      /* that did not arrive */
  const RouteTable *table; /* that was asked last; NULL: none */
  RouteView route;         /* that it had; hop_count 0: none */
  const NextHop *hop;      /* of that, which they took; NULL: none */
  GString *text;
} Telling;

/* ---- what was looked up ------------------------------------------------------------------- */

static const RouteTable *last_table(const Passage *leg) {
  return leg->look_up_count > 0 ? leg->look_ups[leg->look_up_count - 1].table : NULL;
}

static gboolean match(const RouteTable *table, IpAddress to, RouteView *route) {
  *route = (RouteView){.hop_count = 0};
  return table != NULL && route_table_match(table, to, route);
}

/* The next hop, of equal ones, that these packets took; `route` is of the last table. */
static const NextHop *hop_taken(const Passage *leg, const RouteView *route) {
  return route->hop_count > 0 ? &route->hops[leg->look_ups[leg->look_up_count - 1].hop] : NULL;
}

static gboolean leads_to(const World *world, const RouteView *route, const char *name) {
  for (guint i = 0; i < route->hop_count; i++) {
    const Element *element = fabric_element_at(world->fabric, route->hops[i].address);
    if (element != NULL && g_strcmp0(element_name(element), name) == 0)
      return TRUE;
  }
  return FALSE;
}

/* What flows share by their hash: equal next hops, or the members of a balancer. */
typedef struct {
  const World *world;
  const RouteView *route;
  const Balancer *balancer; /* in place of the route's next hops; or NULL */
} Choice;

static gboolean is_among(const Choice *choice, const Element *element) {
  return choice->balancer != NULL ? balancer_has(choice->balancer, element)
                                  : leads_to(choice->world, choice->route, element_name(element));
}

/* Another hash would have led elsewhere than over where it ended, and both directions pass what it
 * is chosen among: a direction that passes none of that passes it by whatever the hash. */
static gboolean is_between_ways(const Choice *choice, const FlowFate *fate) {
  gboolean named = FALSE, passes[2] = {FALSE, FALSE};
  for (guint leg = 0; leg < 2; leg++)
    for (guint i = 0; i < fate->legs[leg].via_count; i++) {
      const Element *element = fate->legs[leg].via[i];
      if (!is_among(choice, element))
        continue;
      passes[leg] = TRUE;
      named |= element == fate->where.thing;
    }
  return named && passes[0] && passes[1];
}

static gboolean chose_among_equals(const World *world, const FlowFate *fate, const Passage *leg) {
  RouteView route;
  for (guint i = 0; i < leg->look_up_count; i++)
    if (match(leg->look_ups[i].table, leg->look_ups[i].to, &route) && route.hop_count > 1 &&
        is_between_ways(&(Choice){.world = world, .route = &route}, fate))
      return TRUE;
  for (guint i = 0; i < leg->pin_count; i++)
    if (is_between_ways(&(Choice){.world = world, .balancer = leg->pins[i].balancer}, fate))
      return TRUE;
  return FALSE;
}

const CloudSubnet *inspection_subnet_of(const World *world, const RouteTable *table) {
  for (guint i = 0; i < world->topology.networks->len; i++) {
    const CloudNetwork *network = world->topology.networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      if (g_ptr_array_find(subnet->tables, table, NULL))
        return subnet;
    }
  }
  return NULL;
}

/* A walk ends in a table where it says that it ended there, or behind it at a boundary. */
static gboolean ended_in_table(const FlowFate *fate, const RouteTable *table) {
  return table != NULL && (fate->where.thing == table || fate->reason == DROP_PEERING_REFUSES);
}

/* Its entries are what this speaker chose; NULL: nobody's choice. */
static BgpSpeaker *speaker_behind(const World *world, const RouteTable *table) {
  const RouteServerUnit *unit = route_servers_unit_of(world->servers, table);
  if (unit != NULL)
    return route_server_unit_speaker(unit);
  for (guint i = 0; i < world->sites->len; i++) {
    const Router *router = ((const WorldSite *)world->sites->pdata[i])->router;
    if (router != NULL && router_table(router) == table)
      return router_speaker(router);
  }
  for (guint i = 0; i < world->circuits->len; i++) {
    const Circuit *circuit = ((const WorldCircuit *)world->circuits->pdata[i])->circuit;
    for (guint j = 0; j < circuit_edge_count(circuit); j++)
      if (router_table(circuit_edge(circuit, j)) == table)
        return router_speaker(circuit_edge(circuit, j));
  }
  for (guint i = 0; i < world->gateways->len; i++)
    for (guint j = 0; j < gateway_instance_count(world->gateways->pdata[i]); j++) {
      const Router *router = gateway_instance_router(world->gateways->pdata[i], j);
      if (router != NULL && router_table(router) == table)
        return router_speaker(router);
    }
  return NULL;
}

/* The network that the route names, or where its next hop stands. */
static const Network *network_of_hop(const World *world, const NextHop *hop) {
  if (hop == NULL)
    return NULL;
  if (hop->network != NULL || hop->address.family == IP_NONE)
    return hop->network; /* a balancer's members have no address in common */
  return fabric_owner(world->fabric, hop->address).network;
}

static const CloudNetwork *cloud_network_of(const World *world, const Network *network) {
  for (guint i = 0; network != NULL && i < world->topology.networks->len; i++) {
    const CloudNetwork *one = world->topology.networks->pdata[i];
    if (one->network == network)
      return one;
  }
  return NULL;
}

/* The gateway that a user's route names, though the network does not use it; NULL: none. */
static const CloudTarget *refused_gateway(const World *world, const RouteTable *table,
                                          const RouteView *route) {
  const CloudSubnet *subnet = inspection_subnet_of(world, table);
  const CloudUserTable *user = subnet != NULL ? subnet->user_table : NULL;
  for (guint i = 0; user != NULL && route->origin->written && i < user->routes->len; i++) {
    const CloudUserRoute *written = &g_array_index(user->routes, CloudUserRoute, i);
    if (prefix_equal(written->to, route->prefix))
      return written->refused;
  }
  return NULL;
}

static gboolean is_appliance(const World *world, const Element *element) {
  for (guint i = 0; i < world->nvas->len; i++)
    if (nva_element(((const WorldNva *)world->nvas->pdata[i])->nva) == element)
      return TRUE;
  return FALSE;
}

/* Are they all appliances that packets have passed since they came to where the walk ended first?
 * Those of a loop are, or the one that it ended at. */
static gboolean ended_by_appliances(const World *world, const Passage *leg) {
  gboolean within = FALSE, all = TRUE;
  for (guint i = 0; i < leg->via_count; i++) {
    within |= leg->via[i] == leg->where.thing;
    all &= !within || is_appliance(world, leg->via[i]);
  }
  return within && all;
}

static CloudBlock block_of(const World *world, const FlowFate *fate, CloudPlace from,
                           CloudPlace to) {
  const Passage *leg = &fate->legs[fate->broken];
  const RouteTable *table = last_table(leg);
  RouteView route = {.hop_count = 0};
  CloudBlock block = {.from = from, .to = to, .gateways = world->gateways, .reason = fate->reason};
  if (match(table, leg->to, &route)) {
    block.origin = route.origin;
    block.by_default = route.prefix.length == 0;
    block.refused_gateway = refused_gateway(world, table, &route) != NULL;
  }
  if (ended_in_table(fate, table)) {
    block.table = table;
    block.at = inspection_subnet_of(world, table);
    block.speaker = speaker_behind(world, table);
    block.hop_network = cloud_network_of(world, network_of_hop(world, hop_taken(leg, &route)));
  } else if (fate->reason == DROP_NOT_ANNOUNCED)
    block.speaker = from.speaker;
  block.by_hash = chose_among_equals(world, fate, &fate->legs[0]) ||
                  chose_among_equals(world, fate, &fate->legs[1]);
  block.passed = leg->via_count > 0 ? leg->via[leg->via_count - 1] : NULL;
  block.by_appliances = ended_by_appliances(world, leg);
  block.by_balancers = block.by_hash && fate->legs[0].pin_count > 0 && fate->legs[1].pin_count > 0;
  return block;
}

/* Whom packets of the leg were for at last: answers to what was translated are for who did it. */
static CloudPlace place_at_last(const World *world, const CloudPlace *end, IpAddress address) {
  if (address.family == IP_NONE || ip_address_equal(address, end->address))
    return *end;
  const Subnet *subnet = fabric_owner(world->fabric, address).subnet;
  CloudPlace place = {.subnet = inspection_cloud_subnet(world, subnet), .address = address};
  place.network = place.subnet != NULL ? place.subnet->network : NULL;
  return place;
}

/* Who lacks the way: a site by whose table it ended, wherever the packets came from. */
static CloudPlace place_that_lacks(const World *world, const FlowFate *fate, CloudPlace from) {
  const RouteTable *table = last_table(&fate->legs[fate->broken]);
  for (guint i = 0; ended_in_table(fate, table) && i < world->sites->len; i++) {
    const WorldSite *site = world->sites->pdata[i];
    if (site->router != NULL && router_table(site->router) == table)
      return inspection_place_of(world, &(TrafficEnd){.site = site->site});
  }
  return from;
}

const char *inspection_rule(const World *world, const FlowFate *fate, CloudPlace from,
                            CloudPlace to) {
  const CloudPlace at_last = place_at_last(world, &to, fate->legs[fate->broken].to);
  const CloudBlock block = block_of(world, fate, place_that_lacks(world, fate, from), at_last);
  return world->cloud->telling->forbids != NULL
             ? world->cloud->telling->forbids(&world->topology, world->servers, &block)
             : NULL;
}

/* ---- sentences ------------------------------------------------------------------------------ */

static void append_address(GString *out, IpAddress address) { ip_address_append(address, out); }

/* "your own route 10.2.0.0/16 of route table spoke", "route 10.0.0.0/8 of hub/app". */
static void append_route(const Telling *telling) {
  const gboolean own = telling->route.origin->written;
  const CloudSubnet *subnet = inspection_subnet_of(telling->world, telling->table);
  const CloudUserTable *table = own && subnet != NULL ? subnet->user_table : NULL;
  g_string_append(telling->text, own ? "your own route " : "route ");
  prefix_append(telling->route.prefix, telling->text);
  g_string_append_printf(telling->text, " of %s%s", table != NULL ? "route table " : "",
                         table != NULL ? table->name : route_table_name(telling->table));
}

static void append_way(GString *out, const Passage *leg) {
  for (guint i = 0; i < leg->via_count; i++)
    g_string_append_printf(out, "%s%s", i > 0 ? "+" : "", element_name(leg->via[i]));
  g_string_append(out, leg->via_count == 0 ? "direct" : "");
}

static void tell_blackhole(const Telling *telling) {
  const CloudTarget *refused = refused_gateway(telling->world, telling->table, &telling->route);
  append_route(telling);
  if (refused == NULL)
    g_string_append(telling->text, " leads to none");
  else
    g_string_append_printf(telling->text, " leads to %s, a gateway that %s does not use",
                           refused->name, network_name(telling->leg->network));
}

static void tell_no_route(const Telling *telling) {
  if (telling->hop != NULL && telling->hop->kind == HOP_LOCAL) {
    append_route(telling);
    g_string_append_printf(telling->text, " leads to what lies in %s itself, and ",
                           network_name(telling->hop->network));
    append_address(telling->text, telling->leg->to);
    g_string_append(telling->text, " does not");
    return;
  }
  if (telling->table != NULL)
    g_string_append_printf(telling->text, "no route of %s leads to ",
                           route_table_name(telling->table));
  else
    g_string_append_printf(telling->text, "%s knows no way to ", telling->fate->where.name);
  append_address(telling->text, telling->leg->to);
}

static void tell_next_hop(const Telling *telling, const char *what) {
  g_string_append(telling->text, "the next hop of ");
  append_route(telling);
  g_string_append_printf(telling->text, ", %s, %s",
                         cloud_text_hop(&telling->world->topology, telling->hop), what);
}

static void tell_nobody(const Telling *telling) { tell_next_hop(telling, "is nobody's address"); }

static void tell_hosts_hop(const Telling *telling) {
  const AddressOwner owner = fabric_owner(telling->world->fabric, telling->hop->address);
  const char *where =
      owner.subnet != NULL ? subnet_name(owner.subnet) : network_name(owner.network);
  g_autofree char *what =
      g_strdup_printf("is an address of hosts of %s, which pass nothing on", where);
  tell_next_hop(telling, what);
}

static void tell_out_of_reach(const Telling *telling) {
  const Network *hop = network_of_hop(telling->world, telling->hop);
  const Network *here = telling->leg->network;
  if (hop == NULL || here == NULL) {
    tell_next_hop(telling, "is of another network");
    return;
  }
  const World *world = telling->world;
  const CloudPeering *peering = cloud_peering_between(
      &world->topology, cloud_network_of(world, here), cloud_network_of(world, hop));
  g_autofree char *what =
      peering != NULL
          ? g_strdup_printf("stands in %s, and peering %s with it is limited to other subnets",
                            network_name(hop), peering->name)
          : g_strdup_printf("stands in %s, with which no peering joins %s", network_name(hop),
                            network_name(here));
  tell_next_hop(telling, what);
}

static void tell_peering(const Telling *telling) {
  const Network *to = telling->hop->network;
  if (telling->fate->where.kind == AT_TABLE) {
    g_string_append_printf(telling->text, "no peering joins %s with %s",
                           network_name(telling->leg->network), network_name(to));
    return;
  }
  g_string_append_printf(telling->text, "peering %s does not carry ", telling->fate->where.name);
  append_address(telling->text, telling->leg->to);
  if (telling->leg->in_transit)
    g_string_append_printf(telling->text, ": the packets come from outside %s",
                           network_name(telling->leg->network));
  else if (network_contains(to, telling->leg->to))
    g_string_append(telling->text, ": it is limited to other subnets");
  else
    g_string_append_printf(telling->text, ", which lies outside %s", network_name(to));
}

static void tell_not_on_internet(const Telling *telling) {
  append_address(telling->text, telling->leg->to);
  g_string_append_printf(telling->text, " is sent to the Internet by %s, and is not there",
                         telling->fate->where.name);
}

/* What stands before the way out and would have put its own source; NULL: nothing. */
static const Element *translator_before(const Telling *telling) {
  const Element *found = NULL;
  for (guint i = 0; i < telling->leg->via_count; i++) {
    if (telling->leg->via[i] == telling->fate->where.thing)
      break;
    found = element_translates(telling->leg->via[i]) ? telling->leg->via[i] : found;
  }
  return found;
}

static void tell_not_translated(const Telling *telling) {
  const Element *translator = translator_before(telling);
  if (translator != NULL)
    g_string_append_printf(telling->text, "%s translates only sessions that begin behind it: ",
                           element_name(translator));
  g_string_append_printf(telling->text,
                         "at %s packets leave for the Internet with the source of another, and "
                         "nothing comes back",
                         telling->fate->where.name);
}

static void tell_no_host(const Telling *telling) {
  g_string_append(telling->text, "no host stands at ");
  append_address(telling->text, telling->leg->to);
  g_string_append_printf(telling->text, " in %s", telling->fate->where.name);
}

static gboolean is_on(const Passage *leg, gconstpointer element) {
  for (guint i = 0; i < leg->via_count; i++)
    if (leg->via[i] == element)
      return TRUE;
  return FALSE;
}

/* The route that leads the way without the firewall past it. */
static void append_passing_route(const Telling *telling, const Passage *leg) {
  Telling passing = *telling;
  passing.table = leg->look_up_count > 0 ? leg->look_ups[0].table : NULL;
  if (passing.table == NULL || !match(passing.table, leg->look_ups[0].to, &passing.route))
    return;
  g_string_append(telling->text, " by ");
  append_route(&passing);
}

static void tell_asymmetric(const Telling *telling) {
  static const char *const names[] = {"the way there", "the way back"};
  const guint with = is_on(&telling->fate->legs[0], telling->fate->where.thing) ? 0 : 1;
  const Passage *past = &telling->fate->legs[!with];
  g_string_append_printf(telling->text, "%s passes %s, %s passes it by: it goes ", names[with],
                         telling->fate->where.name, names[!with]);
  append_way(telling->text, past);
  append_passing_route(telling, past);
}

static void tell_not_announced(const Telling *telling) {
  if (telling->fate->where.kind == AT_SITE && site_is_internet(telling->fate->where.thing))
    g_string_append(telling->text, "the Internet knows no way to ");
  else
    g_string_append_printf(telling->text, "nobody told %s of a way to ", telling->fate->where.name);
  append_address(telling->text, telling->leg->to);
}

/* How each reason is told; one that has no row stands with its own word. */
static const struct {
  void (*tell)(const Telling *telling);
  gboolean needs_route;        /* ... that the table had; without it the word alone stands */
  const char *before, *behind; /* in place of `tell`: around `where`, as in "NAME is down" */
} tellers[DROP_REASONS] = {
    [DROP_BLACKHOLE] = {.tell = tell_blackhole, .needs_route = TRUE},
    [DROP_NO_ROUTE] = {.tell = tell_no_route},
    [DROP_NO_SUCH_NEXT_HOP] = {.tell = tell_nobody, .needs_route = TRUE},
    [DROP_NEXT_HOP_IS_A_HOST] = {.tell = tell_hosts_hop, .needs_route = TRUE},
    [DROP_NEXT_HOP_OUT_OF_REACH] = {.tell = tell_out_of_reach, .needs_route = TRUE},
    [DROP_PEERING_REFUSES] = {.tell = tell_peering, .needs_route = TRUE},
    [DROP_NOT_ON_INTERNET] = {.tell = tell_not_on_internet},
    [DROP_NOT_TRANSLATED] = {.tell = tell_not_translated},
    [DROP_NO_HOST] = {.tell = tell_no_host},
    [DROP_ASYMMETRIC] = {.tell = tell_asymmetric},
    [DROP_NOT_ANNOUNCED] = {.tell = tell_not_announced},
    [DROP_LOOP] = {.before = "packets go round by ", .behind = ""},
    [DROP_NEXT_HOP_DOWN] = {.before = "", .behind = " is down"},
    [DROP_NEXT_HOP_PASSIVE] = {.before = "", .behind = " is a passive member of its cluster"},
    [DROP_HOST_DOWN] = {.before = "the hosts of ", .behind = " are down"},
    [DROP_LINK_DOWN] = {.before = "", .behind = " is down"},
    [DROP_SITE_DOWN] = {.before = "the router of ", .behind = " is down"},
    [DROP_TUNNEL_DOWN] = {.before = "the tunnel of ", .behind = " has no way beneath it"},
    [DROP_NO_HEALTHY_MEMBER] = {.before = "", .behind = " has no healthy member"},
    [DROP_NO_BACKEND] = {.before = "", .behind = " has no backend"},
    [DROP_NOT_ATTACHED] = {.before = "the network is not attached to ", .behind = ""},
    [DROP_NO_ATTACHMENT_IN_ZONE] = {.before = "", .behind = " has no attachment in the zone"},
    [DROP_TOO_MANY_HOPS] = {.before = "the way is too long at ", .behind = ""},
};

const char *inspection_because(const World *world, const FlowFate *fate) {
  g_autoptr(GString) text = g_string_new(NULL);
  Telling telling = {.world = world, .fate = fate, .leg = &fate->legs[fate->broken], .text = text};
  const RouteTable *table = last_table(telling.leg);
  telling.table = ended_in_table(fate, table) ? table : NULL;
  if (match(telling.table, telling.leg->to, &telling.route))
    telling.hop = hop_taken(telling.leg, &telling.route);
  if (fate->broken == 1 && fate->reason != DROP_ASYMMETRIC)
    g_string_append(text, "on the way back ");
  const gboolean is_mute = tellers[fate->reason].needs_route && telling.hop == NULL;
  if (!is_mute && tellers[fate->reason].tell != NULL)
    tellers[fate->reason].tell(&telling);
  else if (!is_mute && tellers[fate->reason].before != NULL)
    g_string_append_printf(text, "%s%s%s", tellers[fate->reason].before, fate->where.name,
                           tellers[fate->reason].behind);
  else
    g_string_append_printf(text, "%s at %s", drop_reason_name(fate->reason), fate->where.name);
  return arena_strdup(world->arena, text->str);
}
