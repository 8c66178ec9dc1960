/* The walk of a packet: from place to place, by tables, over boundaries; see fabric.h. */
#include <string.h>

#include "place_private.h"
#include "table_private.h"

typedef struct {
  const Fabric *fabric;
  const Packet *packet;
  Passage *passage;
  AddressOwner owner;      /* of the destination */
  IpAddress source;        /* as the packet has it now */
  const Element *at;       /* NULL: a host */
  const Element *began_at; /* that sent the packet itself; NULL: a host or a site did */
  const RouteTable *table; /* that it follows next */
} Walk;

static Walk begin(const Fabric *fabric, const Packet *packet, Passage *passage) {
  memset(passage, 0, G_STRUCT_OFFSET(Passage, via));
  passage->to = packet->to;
  return (Walk){.fabric = fabric,
                .packet = packet,
                .passage = passage,
                .owner = fabric_owner(fabric, packet->to),
                .source = packet->from};
}

/* ---- ends ---------------------------------------------------------------------------- */

/* Both functions return TRUE, which means that the walk is over. */
static gboolean deliver(Walk *walk) {
  walk->passage->delivered = TRUE;
  return TRUE;
}

static gboolean drop(Walk *walk, DropReason reason, DropPlace where) {
  walk->passage->delivered = FALSE;
  walk->passage->failed = NULL;
  walk->passage->reason = reason;
  walk->passage->where = where;
  return TRUE;
}

/* The walk ends for something that is out of order. */
static gboolean fail(Walk *walk, DropReason reason, DropPlace where) {
  walk->passage->down = TRUE;
  return drop(walk, reason, where);
}

static gboolean fail_at(Walk *walk, const NetNode *node, DropReason reason, DropPlace where) {
  fail(walk, reason, where);
  walk->passage->failed = node;
  return TRUE;
}

static void note_change(Walk *walk, RecordId record) {
  walk->passage->changed_by = MAX(walk->passage->changed_by, record);
  walk->passage->met_last = record;
}

static void note_choice(Walk *walk, RecordId record) {
  walk->passage->chosen_by = MAX(walk->passage->chosen_by, record);
  note_change(walk, record);
}

/* Every question to a table goes through here, as the walk notes what changed last. */
static gboolean ask(Walk *walk, const RouteTable *table, IpAddress to, RouteView *route) {
  RecordId changed_by = 0;
  const gboolean found = route_table_look_up(table, to, route, &changed_by);
  note_choice(walk, changed_by);
  return found;
}

/* Whether networks are joined is asked from where the packet is. */
static gboolean joins(Walk *walk, const Network *network, const Subnet *subnet) {
  const Passage *passage = walk->passage;
  RecordId changed_by = 0;
  const gboolean joined =
      fabric_joins(walk->fabric, passage->network, passage->subnet, network, subnet, &changed_by);
  if (changed_by != 0)
    note_change(walk, changed_by);
  return joined;
}

static void meet(Walk *walk, const NetNode *node, FabricPart part) {
  fabric_note(walk->fabric, part);
  note_change(walk, net_node_changed_by(node));
}

static void meet_element(Walk *walk, const Element *element) {
  meet(walk, element->config.node, element->part);
}

static void stand_in(Walk *walk, const Network *network, const Subnet *subnet) {
  walk->passage->network = network;
  walk->passage->subnet = subnet;
}

/* ---- links and sites ------------------------------------------------------------------ */

/* The packet takes `link`; where that is down, the walk is over. */
static gboolean cross(Walk *walk, const Link *link) {
  meet(walk, link->node, link->part);
  if (!link_is_up(link))
    fail_at(walk, link->node, DROP_LINK_DOWN, drop_at_link(link->node));
  return link_is_up(link);
}

/* The packet goes from one element to the next, over a link where one of them is a site's router.
 * Returns FALSE where the walk is over. */
static gboolean reach(Walk *walk, const Element *to) {
  const Element *from = walk->at;
  const Link *link = NULL;
  if (from == NULL)
    return TRUE;
  if (to->router_of != NULL)
    link = element_link_to(from, to->router_of);
  else if (from->router_of != NULL)
    link = element_link_to(to, from->router_of);
  else
    return TRUE;
  if (link == NULL)
    drop(walk, DROP_NO_SUCH_NEXT_HOP, drop_at_element(from));
  return link != NULL && cross(walk, link);
}

/* At a site its router, where it has one, takes the packet. */
static gboolean arrive(Walk *walk, const Site *site) {
  const NetNode *router = site->router != NULL ? site->router->config.node : NULL;
  if (router != NULL)
    meet_element(walk, site->router);
  if (router == NULL || net_node_forwards(router))
    return deliver(walk);
  return fail_at(walk, router, DROP_SITE_DOWN, drop_at_site(site));
}

/* Does what was told lead this packet out to the Internet? *length becomes that of the range. */
static gboolean has_exit(const Walk *walk, const Trie *exits, guint *length) {
  Prefix range;
  if (walk->owner.kind != OWNER_INTERNET || trie_match(exits, walk->packet->to, &range) == NULL)
    return FALSE;
  *length = range.length;
  return TRUE;
}

gboolean site_goes_out(const Site *site, IpAddress to) {
  return fabric_owner(site->fabric, to).kind == OWNER_INTERNET &&
         trie_match(site->exits, to, NULL) != NULL;
}

/* The link that leads from the element to where the packet belongs: the owner's site, or one that
 * sends it out to the Internet. */
static const Link *link_for(const Walk *walk, const Element *element) {
  const Link *link = NULL;
  guint longest = 0, length;
  if (walk->owner.kind == OWNER_SITE)
    return element_link_to(element, walk->owner.site);
  for (guint i = 0; i < element->links->len; i++) {
    const Link *each = element->links->pdata[i];
    const Trie *told = each->told != NULL ? each->told : each->site->exits;
    if (has_exit(walk, told, &length) && (link == NULL || length > longest)) {
      link = each;
      longest = length;
    }
  }
  return link;
}

/* The way on from `element` where its link to the site is down. */
static gboolean has_tunnel(const Element *element, IpAddress to, RecordId *changed_by) {
  RouteView route;
  return element->config.onward != NULL &&
         route_table_look_up(element->config.table, to, &route, changed_by) &&
         route.hops[0].kind == HOP_TUNNEL;
}

gboolean element_has_own_way(const Element *element, IpAddress to, RecordId *because) {
  const AddressOwner owner = fabric_owner(element->fabric, to);
  const Link *link = owner.site != NULL ? element_link_to(element, owner.site) : NULL;
  *because = link != NULL ? net_node_fails_since(link->node) : 0;
  return (link != NULL && link_is_up(link)) || has_tunnel(element, to, because);
}

RecordId passage_because(const Passage *passage) {
  return passage->failed != NULL ? net_node_fails_since(passage->failed) : passage->changed_by;
}

RecordId passage_ended_by(const Passage *passage) {
  return passage->failed != NULL ? net_node_fails_since(passage->failed) : passage->met_last;
}

/* ---- legs ------------------------------------------------------------------------------ */

/* Which leg of a two-legged appliance the packet leaves by: what belongs to the networks goes by
 * the inner one and the rest by the outer one, as its own static routes say. A network that only
 * the outer leg stands in is behind that one. */
static gboolean leaves_by_outer(const Walk *walk, const Claim *inner, const Claim *outer) {
  const AddressOwner *owner = &walk->owner;
  if (owner->subnet != NULL && outer != NULL && owner->subnet == outer->subnet)
    return TRUE;
  if (owner->subnet != NULL && inner != NULL && owner->subnet == inner->subnet)
    return FALSE;
  if (owner->network == NULL)
    return TRUE;
  return outer != NULL && owner->network == outer->network &&
         (inner == NULL || owner->network != inner->network);
}

/* The packet stands at the leg that it leaves by; returns the table of the subnet there. */
static const RouteTable *choose_leg(Walk *walk) {
  const Element *at = walk->at;
  const RouteTable *inner_table = at->config.onward != NULL ? at->config.onward : at->config.table;
  const Claim *inner = element_place(at, at->config.address);
  const Claim *outer = at->config.outer != NULL ? element_place(at, at->nat_address) : NULL;
  const gboolean by_outer = at->config.outer != NULL && leaves_by_outer(walk, inner, outer);
  const Claim *leg = by_outer ? outer : inner;
  if (leg != NULL)
    stand_in(walk, leg->network, leg->subnet);
  return by_outer ? at->config.outer : inner_table;
}

static gboolean is_on_link(const Walk *walk) {
  const Subnet *subnet = walk->passage->subnet;
  return subnet != NULL && subnet->on_link && prefix_contains(subnet->prefix, walk->packet->to);
}

typedef enum { LOOK_UP_NO_ROUTE, LOOK_UP_ROUTE, LOOK_UP_ON_LINK } LookUp;

/* A router's own table is asked first; where that leaves it to the subnet's, that of the leg. */
static LookUp look_up(Walk *walk, RouteView *route) {
  const Element *at = walk->at;
  const IpAddress to = walk->packet->to;
  if (at != NULL && at->relay != NULL && is_on_link(walk))
    return LOOK_UP_ON_LINK;
  if (at != NULL && at->relay == NULL) {
    if (at->config.onward != NULL && ask(walk, walk->table, to, route) &&
        route->hops[0].kind != HOP_ONWARD)
      return LOOK_UP_ROUTE;
    walk->table = choose_leg(walk);
    if (is_on_link(walk))
      return LOOK_UP_ON_LINK;
  }
  return ask(walk, walk->table, to, route) ? LOOK_UP_ROUTE : LOOK_UP_NO_ROUTE;
}

/* ---- at an element ---------------------------------------------------------------------- */

static gboolean is_own_address(const Element *element, IpAddress address) {
  return ip_address_equal(element->config.address, address) ||
         ip_address_equal(element->nat_address, address);
}

static gboolean has_own(const Element *element, IpAddress address) {
  return element->owned != NULL && trie_match(element->owned, address, NULL) != NULL;
}

/* What its own table has beyond the range that it announces. */
static gboolean leads_on(const Element *element, const RouteView *route, guint announced) {
  const NextHop *hop = &route->hops[0];
  if (hop->kind == HOP_TUNNEL)
    return route->prefix.length >= announced;
  return route->prefix.length > announced && hop->kind != HOP_NONE &&
         !(hop->kind == HOP_ELEMENT && is_own_address(element, hop->address));
}

#define WIDEST_PLACE 8 /* see element_serve() */

/* Is the packet for the element itself? */
static gboolean ends_at(Walk *walk, const Element *element) {
  const AddressOwner *owner = &walk->owner;
  const IpAddress to = walk->packet->to;
  Prefix announced;
  note_change(walk, element_changed_by(element, to));
  if (is_own_address(element, to) || has_own(element, to))
    return TRUE;
  if (owner->kind == OWNER_BALANCER)
    return balancer_has(owner->balancer, element);
  if (trie_match(element->served, to, &announced) == NULL || announced.length < WIDEST_PLACE)
    return FALSE;
  const Claim *leg = element_place(element, element->config.address);
  const gboolean host = announced.length == ip_family_bits(to.family);
  if (host && leg != NULL && owner->subnet == leg->subnet && owner->kind == OWNER_HOST)
    return TRUE; /* a further address of its interface */
  if (owner->kind != OWNER_INTERNET && owner->kind != OWNER_NOBODY &&
      !(host && owner->kind == OWNER_VACANT))
    return FALSE;
  if (host || element->config.table == NULL)
    return TRUE;
  Walk on = *walk;
  RouteView route;
  Passage aside = *walk->passage;
  on.at = element;
  on.table = element->config.table;
  on.passage = &aside;
  const LookUp found = look_up(&on, &route);
  note_change(walk, aside.changed_by);
  return found != LOOK_UP_ROUTE || !leads_on(element, &route, announced.length);
}

static gboolean end_at(Walk *walk, const Element *element) {
  const IpAddress to = walk->packet->to;
  const gboolean serves = trie_match(element->served, to, NULL) != NULL || has_own(element, to);
  RecordId changed_by = 0;
  if (element->refuses != NULL)
    fabric_note(walk->fabric, FABRIC_ANYTHING);
  const DropReason why = element->refuses != NULL && serves
                             ? element->refuses(element->refuses_data, &changed_by)
                             : DROP_NONE;
  note_change(walk, changed_by);
  if (why != DROP_NONE)
    return drop(walk, why, drop_at_element(element));
  walk->passage->ended_at = element;
  return deliver(walk);
}

/* The way out to the Internet of one network, and the way in: for interfaces of that network, whose
 * public addresses it translates, and for nobody else. */
static gboolean pass_exit(Walk *walk, const Element *element, gboolean inwards) {
  const AddressOwner owner = inwards ? walk->owner : fabric_owner(walk->fabric, walk->source);
  const gboolean interface = owner.kind == OWNER_HOST || owner.kind == OWNER_ELEMENT ||
                             owner.kind == OWNER_BALANCER || owner.kind == OWNER_VACANT;
  if (!inwards && walk->owner.kind != OWNER_INTERNET)
    return drop(walk, DROP_NOT_ON_INTERNET, drop_at_element(element));
  if ((inwards || walk->source.family != IP_NONE) &&
      !(interface && owner.network == element->config.network))
    return drop(walk, DROP_NOT_TRANSLATED, drop_at_element(element));
  return inwards ? FALSE : deliver(walk);
}

/* Does it pass the packet on with an address of its own? */
static gboolean translates(const Walk *walk, const Element *element) {
  const SourceTranslation snat = element->config.snat;
  return !walk->packet->answers &&
         (snat == SNAT_ON || (snat == SNAT_INTERNET && ip_address_is_public(walk->packet->to)));
}

/* The element puts its own address as source; answers come back to it. */
static void translate(Walk *walk, const Element *element) {
  if (!translates(walk, element))
    return;
  walk->passage->translated[walk->passage->via_count - 1] = TRUE;
  walk->source = element->nat_address;
}

/* The table that a packet at a relay, come from `network` and `zone`, follows next. */
static gboolean relay(Walk *walk, const Element *element, const Network *network,
                      const char *zone) {
  const RelayRequest request = {walk->packet->to, network, zone, walk->packet->hash};
  RelayAnswer answer = {.table = NULL};
  Passage *passage = walk->passage;
  fabric_note(walk->fabric, FABRIC_ANYTHING);
  element->relay(element->relay_data, &request, &answer);
  note_choice(walk, answer.changed_by);
  passage->split = answer.split;
  passage->split_pin = answer.split_pin;
  passage->zone = answer.zone;
  stand_in(walk, answer.network, answer.subnet);
  walk->table = answer.table;
  if (answer.table == NULL && answer.split == 0)
    drop(walk, answer.reason, drop_at_element(element));
  return answer.table == NULL;
}

/* The packet is at a site's router that is no end for it. Returns TRUE where the walk is over. */
static gboolean pass_router(Walk *walk, const Element *element) {
  if (element->router_of == NULL || !site_goes_out(element->router_of, walk->packet->to))
    return FALSE;
  return deliver(walk);
}

/* The packet is at `element`, handed to its interface at `address`. `from`: the site that it came
 * from over a link; or NULL. Returns TRUE where the walk is over. */
static gboolean pass_element(Walk *walk, const Element *element, IpAddress address,
                             const Site *from) {
  Passage *passage = walk->passage;
  const Network *network = passage->network;
  const char *zone = passage->zone;
  const ElementConfig *config = &element->config;
  meet_element(walk, element);
  passage->masked |= translates(walk, element);
  for (guint i = 0; i < passage->via_count; i++)
    if (passage->via[i] == element && element->relay == NULL)
      return drop(walk, DROP_LOOP, drop_at_element(element));
  if (!net_node_forwards(config->node))
    return fail_at(walk, config->node,
                   element->router_of != NULL ? DROP_SITE_DOWN : net_node_why_idle(config->node),
                   drop_at_element(element));
  if (passage->via_count == PASSAGE_MOST_ELEMENTS)
    return drop(walk, DROP_TOO_MANY_HOPS, drop_at_element(element));
  if (element->router_of != NULL && walk->owner.kind == OWNER_SITE &&
      walk->owner.site == element->router_of)
    return arrive(walk, element->router_of); /* the end is no way to it */
  passage->translated[passage->via_count] = FALSE;
  passage->via[passage->via_count++] = element;
  const Claim *leg = element_place(element, address);
  stand_in(walk, leg != NULL ? leg->network : config->network, leg != NULL ? leg->subnet : NULL);
  passage->zone = config->zone;
  walk->at = element;
  if (config->refuses_transit != DROP_NONE && !is_own_address(element, walk->packet->to) &&
      !is_own_address(element, walk->source))
    return drop(walk, config->refuses_transit, drop_at_element(element));
  if (ends_at(walk, element))
    return end_at(walk, element);
  if (config->internet_exit &&
      pass_exit(walk, element, from != NULL && from == walk->fabric->internet))
    return TRUE;
  translate(walk, element);
  const Link *link = link_for(walk, element);
  if (link != NULL && !link->routed) {
    if (cross(walk, link))
      return arrive(walk, link->site);
    if (!has_tunnel(element, walk->packet->to, &passage->changed_by))
      return TRUE;
  }
  if (pass_router(walk, element))
    return TRUE;
  if (element->relay != NULL)
    return relay(walk, element, network, zone);
  walk->table = config->table;
  return FALSE;
}

/* ---- next hops --------------------------------------------------------------------------- */

/* No element has the address of the next hop. In another network that matters as little as who
 * does. Facts: AZ-6.23. */
static DropReason why_nobody_takes(Walk *walk, IpAddress address) {
  const AddressOwner owner = fabric_owner(walk->fabric, address);
  if (!joins(walk, owner.network, owner.subnet))
    return DROP_NEXT_HOP_OUT_OF_REACH;
  return owner.kind == OWNER_HOST ? DROP_NEXT_HOP_IS_A_HOST : DROP_NO_SUCH_NEXT_HOP;
}

/* The element that a next hop names or chooses; NULL where the walk is over. */
static const Element *element_of(Walk *walk, const NextHop *hop) {
  const Balancer *balancer = hop->balancer;
  Passage *passage = walk->passage;
  if (hop->kind != HOP_BALANCER) {
    const Element *element = fabric_element_at(walk->fabric, hop->address);
    if (element != NULL)
      return element;
    balancer = fabric_balancer_at(walk->fabric, hop->address);
  }
  if (balancer == NULL) {
    drop(walk, why_nobody_takes(walk, hop->address), drop_at_table(walk->table));
    return NULL;
  }
  const Element *element = balancer_choose(balancer, walk->packet->hash, passage);
  if (element == NULL && passage->split == 0)
    fail(walk, DROP_NO_HEALTHY_MEMBER, drop_at_balancer(balancer));
  if (element != NULL && passage->pin_count < PASSAGE_MOST_ELEMENTS)
    passage->pins[passage->pin_count++] = (BalancerPin){balancer, element};
  return element;
}

/* A next hop is in the packet's own network, or in one that a peering joins to it.
 * Facts: AZ-6.23. */
static gboolean is_near(Walk *walk, const Element *element, IpAddress address) {
  const Passage *passage = walk->passage;
  const Claim *place = element_place(element, address);
  if (place != NULL)
    return joins(walk, place->network, place->subnet);
  return !element->config.internet_exit || passage->network == NULL ||
         passage->network == element->config.network;
}

static gboolean hand_over(Walk *walk, const NextHop *hop) {
  const Element *element = element_of(walk, hop);
  if (element == NULL)
    return TRUE;
  const IpAddress address = hop->kind == HOP_BALANCER ? element->config.address : hop->address;
  if (hop->kind != HOP_TUNNEL && !is_near(walk, element, address))
    return drop(walk, DROP_NEXT_HOP_OUT_OF_REACH, drop_at_table(walk->table));
  return !reach(walk, element) || pass_element(walk, element, address, NULL);
}

/* The tunnel's own packets go as any others: by the table of the subnet, at best directly. */
static gboolean carries_tunnel(Walk *walk, IpAddress end) {
  const Packet packet = {.to = end};
  Passage aside;
  RouteView route;
  Walk under = begin(walk->fabric, &packet, &aside);
  under.at = walk->at;
  under.table = choose_leg(&under);
  const gboolean found =
      is_on_link(&under) || route_table_look_up(under.table, end, &route, &aside.changed_by);
  note_change(walk, aside.changed_by);
  if (!found || is_on_link(&under))
    return found;
  const NextHop *hop = &route.hops[0];
  return (hop->kind == HOP_LOCAL
              ? network_contains(hop->network, end)
              : hop->kind == HOP_ELEMENT && ip_address_equal(hop->address, end)) &&
         fabric_joins(walk->fabric, aside.network, aside.subnet, under.owner.network,
                      under.owner.subnet, &walk->passage->changed_by);
}

/* The packet takes the site's own link. There it is what any that comes is: for a host of the site,
 * for whom its router knows, for the Internet, or for nobody. */
static gboolean go_to_site(Walk *walk, const Site *site) {
  const Element *router = site->router;
  if (!cross(walk, element_link_to(walk->at, site)))
    return TRUE;
  if (router != NULL)
    return pass_element(walk, router, router->config.address, NULL);
  return (walk->owner.kind == OWNER_SITE && walk->owner.site == site) ||
                 site_goes_out(site, walk->packet->to)
             ? deliver(walk)
             : drop(walk, DROP_NO_ROUTE, drop_at_site(site));
}

/* ---- in a network, and out of it ----------------------------------------------------------- */

/* What the packet is for stands in the network where it is now. */
static gboolean find_owner(Walk *walk) {
  const AddressOwner *owner = &walk->owner;
  const NextHop front = {.kind = HOP_ELEMENT, .address = walk->packet->to};
  if (owner->kind == OWNER_ELEMENT || owner->kind == OWNER_BALANCER)
    return hand_over(walk, &front);
  if (owner->kind != OWNER_HOST)
    return drop(walk, DROP_NO_HOST,
                owner->subnet != NULL    ? drop_at_subnet(owner->subnet)
                : owner->network != NULL ? drop_at_network(owner->network)
                                         : drop_at_network(walk->passage->network));
  if (owner->subnet == NULL || walk->packet->hosts_aside)
    return deliver(walk);
  fabric_note(walk->fabric, owner->subnet->part);
  note_change(walk, owner->subnet->changed_by);
  return owner->subnet->dark > 0 ? fail(walk, DROP_HOST_DOWN, drop_at_subnet(owner->subnet))
                                 : deliver(walk);
}

/* Some peerings do not take what comes from beyond the network on this side. */
static gboolean is_transit(const Walk *walk, const Peering *peering) {
  return peering->no_transit && walk->source.family != IP_NONE &&
         fabric_owner(walk->fabric, walk->source).network != walk->passage->network;
}

/* A peering carries what lies in the network behind it, and nothing else.
 * Facts: AWS-8.6, AZ-6.23. */
static gboolean go_to_network(Walk *walk, const Network *network) {
  const AddressOwner *owner = &walk->owner;
  const Network *here = walk->passage->network;
  const gboolean belongs = network_contains(network, walk->packet->to);
  if (here == NULL || here == network)
    return belongs ? find_owner(walk) : drop(walk, DROP_NO_ROUTE, drop_at_table(walk->table));
  const Peering *peering = fabric_peering(walk->fabric, here, network);
  const gboolean joined = joins(walk, network, owner->subnet);
  walk->passage->in_transit = belongs && joined && is_transit(walk, peering);
  return belongs && joined && !walk->passage->in_transit
             ? find_owner(walk)
             : drop(walk, DROP_PEERING_REFUSES,
                    peering != NULL ? (DropPlace){AT_PEERING, peering, peering->name}
                                    : drop_at_table(walk->table));
}

/* Does the packet leave with an address of the element that sends it? Its own packets do, those
 * that it translated, and answers to what came to its public address and was translated inwards. */
static gboolean has_own_source(const Walk *walk) {
  const Element *at = walk->at;
  return at == NULL || at == walk->began_at || is_own_address(at, walk->source) ||
         (walk->packet->answers && at->config.snat != SNAT_OFF);
}

/* The cloud's own way out translates the address of the interface that sends; what an appliance
 * passes on with the source of another is never answered. Facts: AZ-6.26. */
static gboolean go_to_internet(Walk *walk) {
  if (walk->owner.kind != OWNER_INTERNET)
    return drop(walk, DROP_NOT_ON_INTERNET, drop_at_table(walk->table));
  if (walk->source.family != IP_NONE && !has_own_source(walk))
    return drop(walk, DROP_NOT_TRANSLATED, drop_at_element(walk->at));
  return deliver(walk);
}

/* Among how many values of its hash a flow must be known to tell its next hop. Where hashes count
 * modulo the members, all flows are shared out anew when one leaves. Facts: AZ-6.13, AZ-14.11. */
static guint choices_of(const RouteView *route) {
  return route->hop_count == 1    ? 1
         : route->buckets != NULL ? route->bucket_count
                                  : route->hop_count;
}

/* Each flow keeps to one way. NULL: not enough is known of the hash. Facts: AZ-6.11. */
static const NextHop *hop_for(const RouteView *route, HashClass hash) {
  const guint choices = choices_of(route);
  if (choices == 1)
    return &route->hops[0];
  if (hash.modulus % choices != 0)
    return NULL;
  const guint choice = hash.residue % choices;
  return &route->hops[route->buckets != NULL ? route->buckets[choice] : choice];
}

/* TRUE where the walk is over. */
static gboolean step(Walk *walk) {
  RouteView route;
  Passage *passage = walk->passage;
  const LookUp found = look_up(walk, &route);
  if (found == LOOK_UP_ON_LINK)
    return find_owner(walk);
  passage->look_ups[passage->look_up_count++] =
      (PassageLookUp){walk->table, walk->packet->to, passage->via_count, 0};
  if (found == LOOK_UP_NO_ROUTE)
    return drop(walk, DROP_NO_ROUTE, drop_at_table(walk->table));
  const NextHop *hop = hop_for(&route, walk->packet->hash);
  if (hop == NULL) {
    passage->split = choices_of(&route);
    return TRUE;
  }
  passage->look_ups[passage->look_up_count - 1].hop = (guint)(hop - route.hops);
  switch (hop->kind) {
  case HOP_LOCAL:
    return go_to_network(walk, hop->network);
  case HOP_INTERNET:
    return go_to_internet(walk);
  case HOP_NONE:
  case HOP_ONWARD:
    return drop(walk, DROP_BLACKHOLE, drop_at_table(walk->table));
  case HOP_TUNNEL:
    if (!carries_tunnel(walk, hop->address))
      return fail(walk, DROP_TUNNEL_DOWN, drop_at_table(walk->table));
    return hand_over(walk, hop);
  case HOP_SITE:
    return go_to_site(walk, hop->site);
  case HOP_ELEMENT:
  case HOP_BALANCER:
    return hand_over(walk, hop);
  }
  g_assert_not_reached();
}

static void go(Walk *walk) {
  while (walk->table != NULL)
    if (step(walk))
      return;
  drop(walk, DROP_NO_ROUTE,
       walk->at != NULL ? drop_at_element(walk->at) : (DropPlace){.kind = AT_NOTHING});
}

/* ---- where walks begin ---------------------------------------------------------------------- */

void fabric_walk_from_table(const Fabric *fabric, const RouteTable *table, const Packet *packet,
                            Passage *passage) {
  Walk walk = begin(fabric, packet, passage);
  walk.table = table;
  go(&walk);
}

void fabric_walk_from_subnet(const Fabric *fabric, const Subnet *subnet, const RouteTable *table,
                             const Packet *packet, Passage *passage) {
  Walk walk = begin(fabric, packet, passage);
  stand_in(&walk, subnet->network, subnet);
  passage->zone = subnet->zone;
  walk.table = table;
  if (is_on_link(&walk))
    find_owner(&walk);
  else
    go(&walk);
}

void fabric_walk_from_element(const Fabric *fabric, const Element *element, const Packet *packet,
                              Passage *passage) {
  Walk walk = begin(fabric, packet, passage);
  walk.began_at = element;
  if (!pass_element(&walk, element, element->config.address, NULL))
    go(&walk);
}

void fabric_walk_from_router(const Fabric *fabric, const Site *site, const Packet *packet,
                             Passage *passage) {
  Walk walk = begin(fabric, packet, passage);
  const Element *router = site->router;
  meet_element(&walk, router);
  if (!net_node_forwards(router->config.node)) {
    fail(&walk, DROP_SITE_DOWN, drop_at_site(site));
    return;
  }
  walk.at = router;
  walk.table = router->config.table;
  if (!pass_router(&walk, router))
    go(&walk);
}

void fabric_walk_from_site(const Fabric *fabric, const Site *site, const Element *element,
                           const Packet *packet, Passage *passage) {
  Walk walk = begin(fabric, packet, passage);
  const Link *link = element_link_to(element, site);
  if (link == NULL && !site_is_internet(site)) {
    drop(&walk, DROP_NO_ROUTE, drop_at_site(site));
    return;
  }
  if (link != NULL && !cross(&walk, link))
    return;
  passage->entered_by = site_is_internet(site) && !packet->answers ? element : NULL;
  if (!pass_element(&walk, element, element->config.address, site))
    go(&walk);
}

const Element *fabric_gateway_into(const Fabric *fabric, IpAddress to) {
  const Network *network = fabric_owner(fabric, to).network;
  for (guint i = 0; network != NULL && i < fabric->internet->links->len; i++) {
    const Link *link = fabric->internet->links->pdata[i];
    if (link->element->config.network == network)
      return link->element;
  }
  return NULL;
}

/* The cloud's own way out takes what the element sends, and no link of its own does. */
static gboolean is_published(const Fabric *fabric, const Element *element, IpAddress from) {
  const Packet packet = {.from = element->nat_address, .to = from};
  Passage aside;
  RouteView route;
  Walk walk = begin(fabric, &packet, &aside);
  walk.at = element;
  walk.table = element->config.table;
  return walk.table != NULL && link_for(&walk, element) == NULL &&
         look_up(&walk, &route) == LOOK_UP_ROUTE && route.hops[0].kind == HOP_INTERNET;
}

const Element *fabric_next_published(const Fabric *fabric, IpAddress from, guint *next) {
  while (*next < fabric->element_list->len) {
    const Element *element = fabric->element_list->pdata[(*next)++];
    if (element->config.snat == SNAT_ON && is_published(fabric, element, from))
      return element;
  }
  return NULL;
}
