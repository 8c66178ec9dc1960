/* What a cloud may ask about the rest of a scenario when it checks a route server; peerings. */
#include <string.h>

#include "check_private.h"

#define MOST_PEERED_SUBNETS 200 /* AZ-5.16 */

static void check_peering_limits(DesignCheck *check, const DesignPeering *peering) {
  const NameRef *sides[2] = {&peering->from, &peering->to};
  for (guint c = 0; c < cloud_count(); c++)
    for (guint side = 0; peering->configs[c] != NULL && side < 2; side++) {
      const GPtrArray *names = cloud_at(c)->peering_subnets(peering->configs[c], side);
      for (guint i = 0; i < names->len; i++) {
        const NameRef *name = names->pdata[i];
        g_autofree char *full = g_strdup_printf("%s/%s", sides[side]->text, name->text);
        const DesignNetwork *owner = NULL;
        if (design_find_subnet(check->design, full, NULL) == NULL &&
            tell_need_subnet(check, name, &owner) != NULL &&
            strcmp(owner->head.name, sides[side]->text) != 0)
          tell_error(check, name->mark, "subnet '%s' is not in network '%s'", name->text,
                     sides[side]->text);
      }
      if (names->len > MOST_PEERED_SUBNETS)
        tell_error(check, peering->head.mark,
                   "a peering joins at most 200 subnets of a side%s",
                   check_cite(check, "AZ-5.16"));
    }
}

/* AZ-5.16: one link for each pair; a VPC has no second one either. */
static void check_twins(DesignCheck *check, const DesignPeering *a, const DesignPeering *b) {
  const gboolean same =
      strcmp(a->from.text, b->from.text) == 0 && strcmp(a->to.text, b->to.text) == 0;
  const gboolean turned =
      strcmp(a->from.text, b->to.text) == 0 && strcmp(a->to.text, b->from.text) == 0;
  if (same || turned)
    tell_error(check, b->head.mark, "peering '%s' joins these two networks already%s",
               a->head.name, check_cite(check, "AZ-5.16"));
}

/* Where nothing that the scenario runs under knows of it, the key is a mistake. */
static void check_remote_gateway(DesignCheck *check, const DesignPeering *peering) {
  const CloudClass *refuses = NULL;
  for (guint c = 0; c < cloud_count(); c++) {
    if (check->design->models[c] && cloud_at(c)->lends_nothing == NULL)
      return;
    if (check->design->models[c])
      refuses = cloud_at(c);
  }
  if (peering->use_remote_gateway && refuses != NULL)
    tell_warning(check, peering->head.mark,
                 "no peering of %s lends the gateways of the far network (%s): "
                 "`use_remote_gateway` is ignored",
                 refuses->name, refuses->lends_nothing);
}

void check_peerings(DesignCheck *check) {
  const Design *design = check->design;
  for (guint i = 0; i < design->peerings->len; i++) {
    const DesignPeering *peering = design->peerings->pdata[i];
    tell_need(check, "network", &peering->from, design->networks);
    tell_need(check, "network", &peering->to, design->networks);
    if (strcmp(peering->from.text, peering->to.text) == 0)
      tell_error(check, peering->to.mark, "a network cannot be peered with itself");
    check_peering_limits(check, peering);
    check_remote_gateway(check, peering);
    for (guint j = 0; j < i; j++)
      check_twins(check, design->peerings->pdata[j], peering);
    for (guint c = 0; c < cloud_count() && !peering->connected; c++)
      if (design->models[c] && cloud_at(c)->connect == NULL)
        diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, peering->head.mark,
                        "under %s peering '%s' is there from the start: `connected` and `connect` "
                        "have no effect",
                        cloud_at(c)->name, peering->head.name);
  }
}

/* ---- networks ----------------------------------------------------------------------------- */

/* Of `network` and the route server's: 2 a peering from the start, 1 one made later, 0 none. */
static guint peered(const Design *design, const char *network, const char *own) {
  guint how = keys_sound(&design->head, "peerings") ? 0 : 2; /* what could not be read may be there */
  for (guint i = 0; i < design->peerings->len; i++) {
    const DesignPeering *peering = design->peerings->pdata[i];
    if (design_peering_joins(peering, network, own))
      how = MAX(how, peering->connected ? 2u : 1u);
  }
  return how;
}

static GArray *kept(Arena *arena, GArray *array) {
  return arena_own(arena, array, (GDestroyNotify)g_array_unref);
}

/* Of a network's ranges, what that of the route server knows of it. */
static GArray *known_ranges(DesignCheck *check, guint cloud, const DesignNetwork *from,
                            const DesignPeering *peering) {
  GArray *known = arena_growing_array(check->reader->arena, sizeof(Prefix));
  const gboolean limited =
      peering != NULL && cloud_peering_limits(peering, cloud, from->head.name) != NULL;
  for (guint i = 0; !limited && i < from->prefixes->len; i++)
    g_array_append_val(known, ((PrefixValue *)from->prefixes->pdata[i])->value);
  for (guint i = 0; limited && i < from->subnets->len; i++) {
    const DesignSubnet *subnet = from->subnets->pdata[i];
    if (cloud_peering_includes(peering, cloud, from->head.name, subnet))
      g_array_append_vals(known, &subnet->prefix.value, 1);
  }
  return known;
}

static CloudCheckNetwork network_of(DesignCheck *check, guint cloud, const DesignNetwork *from,
                                    const char *own) {
  Arena *arena = check->reader->arena;
  const guint how =
      strcmp(from->head.name, own) == 0 ? 2 : peered(check->design, from->head.name, own);
  const DesignPeering *peering = design_peering_between(check->design, from->head.name, own);
  const GArray *known = known_ranges(check, cloud, from, peering);
  Prefix *prefixes = arena_array(arena, Prefix, from->prefixes->len + 1);
  CloudCheckSubnet *subnets = arena_array(arena, CloudCheckSubnet, from->subnets->len + 1);
  for (guint i = 0; i < from->prefixes->len; i++)
    prefixes[i] = ((PrefixValue *)from->prefixes->pdata[i])->value;
  for (guint i = 0; i < from->subnets->len; i++) {
    const DesignSubnet *subnet = from->subnets->pdata[i];
    const DesignRouteTable *table = design_table_of(check->design, from->head.name, subnet);
    subnets[i] = (CloudCheckSubnet){subnet->full_name,
                                    subnet->head.mark,
                                    subnet->prefix.value,
                                    (guint64)subnet->vms,
                                    check_inhabitants(check->design, subnet),
                                    table != NULL ? table->head.name : NULL,
                                    (table == NULL || table->propagate) &&
                                        cloud_peering_includes(peering, cloud, from->head.name, subnet)};
  }
  return (CloudCheckNetwork){.name = from->head.name,
                             .mark = from->head.mark,
                             .region = from->region.text,
                             .near = how > 0,
                             .joins_later = how == 1,
                             .served = design_is_served(check->design, from->head.name, own),
                             .prefixes = prefixes,
                             .prefix_count = from->prefixes->len,
                             .known = (const Prefix *)known->data,
                             .known_count = known->len,
                             .subnets = subnets,
                             .subnet_count = from->subnets->len};
}

/* ---- peers -------------------------------------------------------------------------------- */

static void add_routes(GArray *routes, const Design *design, const DesignNva *nva,
                       const DesignAnnouncement *announcement) {
  const DesignSite *site =
      announcement->site.text != NULL ? design_find(design->sites, announcement->site.text) : NULL;
  const gboolean said = announcement->next_hop.text != NULL;
  const char *hop = said ? announcement->next_hop.text : nva->head.name;
  const Mark prefix = announcement->prefix.mark, name = announcement->site.mark;
  CloudCheckRoutes virtual = {.count = 1,
                              .mark = announcement->head.mark,
                              .hop = hop,
                              .hop_mark = said ? announcement->next_hop.mark
                                               : announcement->head.mark};
  if (announcement->vip >= 0 && check_virtual_address(nva, &virtual.first))
    g_array_append_val(routes, virtual);
  if (announcement->prefix.given) {
    const CloudCheckRoutes one = {announcement->prefix.value, (guint64)announcement->count, prefix,
                                  hop, said ? announcement->next_hop.mark : prefix};
    g_array_append_val(routes, one);
  }
  if (site == NULL)
    return;
  g_autoptr(GArray) told = design_site_told(design, site, nva->head.name);
  for (guint i = 0; i < told->len; i++) {
    const CloudCheckRoutes one = {g_array_index(told, DesignTold, i).prefix, 1, name, hop,
                                  said ? announcement->next_hop.mark : name};
    g_array_append_val(routes, one);
  }
}

/* Of those that parts of the peer are announced. */
static const GPtrArray *longest_list(const DesignNva *nva, const DesignPeer *peer,
                                     const CloudClass *cloud) {
  const GPtrArray *longest = design_has_own_list(peer) ? peer->advertise : nva->advertise;
  for (guint i = 0; i < peer->part_lists->len; i++) {
    const DesignPartList *list = peer->part_lists->pdata[i];
    if (list->cloud == cloud && list->advertise->len > longest->len)
      longest = list->advertise;
  }
  return longest;
}

static void add_peer(DesignCheck *check, GArray *peers, const DesignNva *nva, const DesignPeer *peer,
                     guint cloud, gconstpointer server_config) {
  Arena *arena = check->reader->arena;
  const Design *design = check->design;
  GArray *routes = kept(arena, g_array_new(FALSE, FALSE, sizeof(CloudCheckRoutes)));
  GArray *user_routes = NULL;
  const DesignNetwork *network = NULL, *outer = NULL;
  const DesignSubnet *subnet = design_find_subnet(design, nva->subnet.text, &network);
  if (subnet == NULL)
    return; /* an error of its own */
  if (nva->interfaces != NULL)
    design_find_subnet(design, nva->interfaces->out.text, &outer);
  const DesignRouteTable *table = design_table_of(design, network->head.name, subnet);
  if (table != NULL)
    user_routes = kept(arena, check_user_routes(design, network->head.name, table->routes));
  const GPtrArray *advertise = longest_list(nva, peer, cloud_at(cloud));
  for (guint i = 0; i < advertise->len; i++)
    add_routes(routes, design, nva, advertise->pdata[i]);
  const char *why;
  const CloudCheckPeer one = {
      .appliance = nva->head.name,
      .mark = peer->head.mark,
      .network = network->head.name,
      .subnet = subnet->full_name,
      .outer_network = outer != NULL ? outer->head.name : NULL,
      .outer_subnet = outer != NULL ? nva->interfaces->out.text : NULL,
      .config = peer->configs[cloud],
      .no_route_refresh = !peer->route_refresh,
      .translates = design_nva_translates(design, nva),
      .user_routes = user_routes != NULL ? (const CloudRouteCheck *)user_routes->data : NULL,
      .user_route_count = user_routes != NULL ? user_routes->len : 0,
      .sessions = cloud_at(cloud)->count_peer_parts(server_config, nva->subnet.text,
                                                    peer->configs[cloud], &why),
      .routes = (const CloudCheckRoutes *)routes->data,
      .route_count = routes->len};
  g_array_append_val(peers, one);
}

static guint64 gateway_routes(const Design *design, const char *network) {
  guint64 count = 0;
  for (guint i = 0; i < design->sites->len; i++) {
    const DesignSite *site = design->sites->pdata[i];
    g_autoptr(GArray) told = design_site_told(design, site, NULL);
    count += design_site_is_behind(design, site, network) ? told->len : 0;
  }
  return count;
}

static const char *balancer_region(gpointer data, const char *hop) {
  const Design *design = ((const DesignCheck *)data)->design;
  for (guint i = 0; i < design->load_balancers->len; i++) {
    const DesignLoadBalancer *balancer = design->load_balancers->pdata[i];
    IpAddress address;
    if (!balancer->address.given ||
        (strcmp(balancer->head.name, hop) != 0 &&
         !(ip_address_parse(hop, &address) && ip_address_equal(address, balancer->address.value))))
      continue;
    const char *name = design_network_of_address(design, balancer->address.value);
    const DesignNetwork *network = name != NULL ? design_find(design->networks, name) : NULL;
    return network != NULL ? network->region.text : NULL;
  }
  return NULL;
}

static void add_addressed(GArray *addresses, const NameRef *end) {
  AddressValue address = {.mark = end->mark, .given = TRUE};
  if (ip_address_parse(end->text, &address.value))
    g_array_append_val(addresses, address);
}

static GArray *addressed_by(Arena *arena, const Design *design) {
  GArray *addresses = kept(arena, g_array_new(FALSE, FALSE, sizeof(AddressValue)));
  for (guint i = 0; i < design->traffic->len; i++)
    add_addressed(addresses, &((DesignTraffic *)design->traffic->pdata[i])->to);
  for (guint i = 0; i < design->probes->len; i++)
    add_addressed(addresses, &((DesignProbe *)design->probes->pdata[i])->to);
  return addresses;
}

static const char *hop_beyond(gpointer data, const CloudClass *cloud, const char *subnet_name,
                              const char *hop) {
  const DesignCheck *check = data;
  const DesignNetwork *network = NULL;
  const DesignSubnet *subnet = design_find_subnet(check->design, subnet_name, &network);
  return cloud_hop_beyond(check->reader->arena, check->design, cloud_place(cloud),
                          network->head.name, subnet, hop);
}

static gboolean is_interface(gpointer data, const char *network, const char *hop) {
  return check_is_interface(((const DesignCheck *)data)->design, network, hop);
}

void check_surroundings(DesignCheck *check, const DesignRouteServer *server, const CloudClass *cloud,
                        CloudCheck *question) {
  const Design *design = check->design;
  Arena *arena = check->reader->arena;
  GArray *peers = kept(arena, g_array_new(FALSE, FALSE, sizeof(CloudCheckPeer)));
  CloudCheckNetwork *networks = arena_array(arena, CloudCheckNetwork, design->networks->len + 1);
  for (guint i = 0; i < design->networks->len; i++)
    networks[i] =
        network_of(check, cloud_place(cloud), design->networks->pdata[i], server->network.text);
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    const DesignPeer *peer = design_find(nva->peers, server->head.name);
    if (peer != NULL)
      add_peer(check, peers, nva, peer, cloud_place(cloud), question->config);
  }
  question->cloud = cloud;
  question->hop_beyond = hop_beyond;
  question->is_interface = is_interface;
  question->internet_asked = design_asks_internet(design);
  question->networks = networks;
  question->network_count = design->networks->len;
  question->peers = (const CloudCheckPeer *)peers->data;
  question->peer_count = peers->len;
  question->gateway_routes = gateway_routes(design, server->network.text);
  const GArray *addressed = addressed_by(arena, design);
  question->addressed = (const AddressValue *)addressed->data;
  question->addressed_count = addressed->len;
  question->balancer_region = balancer_region;
}
