/* Azure as the az command line shows it. */
#include "describe.h"

#include <string.h>

#include "azure_private.h"

/* ---- az network nic show-effective-route-table ---------------------------------------- */

static const char *const route_columns[] = {"Source", "State", "Address Prefix", "Next Hop Type",
                                            "Next Hop IP"};

static const char *hop_type(const CloudTopology *topology, const NextHop *hop) {
  switch (hop->kind) {
  case HOP_LOCAL:
    return "VnetLocal";
  case HOP_INTERNET:
    return "Internet";
  case HOP_NONE:
    return "None";
  case HOP_ELEMENT:
    if (cloud_target_at(topology, hop->address) != NULL) /* Facts: AZ-6.25. */
      return "VirtualNetworkGateway";
    /* fall through */
  case HOP_BALANCER: /* its front end */
  case HOP_TUNNEL:
    return "VirtualAppliance";
  case HOP_SITE:
  case HOP_ONWARD:
    break; /* in tables of appliances and gateways only */
  }
  g_assert_not_reached();
}

typedef struct {
  const CloudTopology *topology;
  Arena *arena;
  CloudListing *listing;
} RouteListing;

/* Each next hop has a row; what a better source hides is Invalid. What a route server programs is
 * shown as a gateway's. Facts: AZ-5.8, AZ-5.9, AZ-6.2. */
static void add_route(const RouteView *route, gpointer data) {
  const RouteListing *to = data;
  const RouteOrigin *origin = route->origin;
  const char *source = origin->rank >= AZURE_RANK_NETWORK ? "Default" : origin->name;
  const gboolean by_origin = origin->dynamic || origin == &azure_peering_origin;
  if (route->hidden)
    return;
  for (guint i = 0; i < route->hop_count; i++) {
    const NextHop *hop = &route->hops[i];
    const char *const cells[] = {
        source, route->active ? "Active" : "Invalid", cloud_text_prefix(to->arena, route->prefix),
        by_origin ? origin->name : hop_type(to->topology, hop),
        hop->kind == HOP_ELEMENT ? cloud_text_address(to->arena, hop->address) : NULL};
    cloud_listing_add(to->arena, to->listing, cells);
  }
}

static char *nic_title(const CloudSubnet *subnet, guint hosts, const char *fed_by) {
  GString *title = g_string_new("az network nic show-effective-route-table: ");
  g_string_append_printf(title, "%s, ", subnet->name);
  if (hosts == 0)
    g_string_append(title, "NICs of what stands there");
  else
    g_string_append_printf(title, "%u NIC%s", hosts, hosts == 1 ? "" : "s");
  if (fed_by != NULL)
    g_string_append_printf(title, " programmed by %s", fed_by);
  return g_string_free(title, FALSE);
}

/* Each group of NICs that sees something else has a listing. Facts: AZ-1.5. */
static void describe_nics(const CloudTopology *topology, const GPtrArray *servers,
                          const CloudSubnet *subnet, GPtrArray *listings) {
  const CloudListing *first = NULL;
  for (guint i = 0; i < subnet->tables->len; i++) {
    g_autoptr(GPtrArray) aside = g_ptr_array_new();
    const RouteTable *table = subnet->tables->pdata[i];
    const RouteServerUnit *unit = route_servers_unit_of(servers, table);
    CloudListing *listing =
        cloud_listing_new(topology->arena, aside, "effective-routes", subnet->name, NULL,
                          route_columns, G_N_ELEMENTS(route_columns));
    RouteListing to = {topology, topology->arena, listing};
    route_table_foreach(table, add_route, &to);
    const gboolean alike = first != NULL && cloud_listing_same_rows(first, listing);
    g_autofree char *title =
        nic_title(subnet, alike ? subnet->hosts : subnet_group_hosts(subnet->subnet, i),
                  unit != NULL && !alike ? route_server_unit_name(unit) : NULL);
    if (alike) {
      ((CloudListing *)first)->title = arena_strdup(topology->arena, title);
      continue;
    }
    listing->title = arena_strdup(topology->arena, title);
    if (subnet->user_table != NULL)
      g_ptr_array_add(listing->names, (gpointer)subnet->user_table->name);
    g_ptr_array_add(listings, listing);
    first = listing;
  }
}

/* ---- az network routeserver peering list-learned-routes, list-advertised-routes ---------- */

static const char *const peer_columns[] = {"Instance",   "LocalAddress", "Network", "NextHop",
                                           "SourcePeer", "Origin",       "AsPath",  "Weight"};

typedef struct {
  Arena *arena;
  CloudListing *listing;
  const char *instance; /* "RouteServiceRole_IN_0" */
  const BgpPeer *peer;
} PeerListing;

static void add_peer_route(const PeerListing *to, Prefix prefix, const BgpAttributes *attributes,
                           gboolean learned) {
  const char *const cells[] = {
      to->instance,
      cloud_text_address(to->arena, bgp_peer_local_address(to->peer)),
      cloud_text_prefix(to->arena, prefix),
      cloud_text_address(to->arena, attributes->next_hop),
      learned ? cloud_text_address(to->arena, bgp_peer_remote_address(to->peer)) : NULL,
      learned ? "EBgp" : "Igp",
      cloud_text_as_path(to->arena, attributes, "-"),
      learned ? "32768" : "0"};
  cloud_listing_add(to->arena, to->listing, cells);
}

static void add_learned(const BgpEntry *entry, gpointer data) {
  const PeerListing *to = data;
  for (guint i = 0; i < entry->candidates->len; i++) {
    const BgpCandidate *candidate = entry->candidates->pdata[i];
    if (candidate->source == (gconstpointer)to->peer)
      add_peer_route(to, entry->prefix, candidate->attributes, TRUE);
  }
}

static void add_advertised(const BgpEntry *entry, gpointer data) {
  const PeerListing *to = data;
  const BgpAttributes *sent = bgp_peer_sent(to->peer, entry->prefix);
  if (sent != NULL)
    add_peer_route(to, entry->prefix, sent, FALSE);
}

/* The sessions of both instances with one appliance. */
static void describe_peer(const CloudTopology *topology, const RouteServer *server,
                          const char *name, gboolean learned, GPtrArray *listings) {
  const char *title =
      arena_printf(topology->arena, "az network routeserver peering list-%s-routes: %s of %s",
                   learned ? "learned" : "advertised", name, route_server_name(server));
  PeerListing to = {.arena = topology->arena};
  to.listing =
      cloud_listing_new(topology->arena, listings, learned ? "learned-routes" : "advertised-routes",
                        name, title, peer_columns, G_N_ELEMENTS(peer_columns));
  g_ptr_array_add(to.listing->names, (gpointer)route_server_name(server));
  for (guint u = 0; u < route_server_unit_count(server); u++) {
    const BgpSpeaker *speaker = route_server_unit_speaker(route_server_unit(server, u));
    const GPtrArray *peers = bgp_speaker_peers(speaker);
    to.instance = arena_printf(topology->arena, "RouteServiceRole_IN_%u", u);
    for (guint i = 0; i < peers->len; i++) {
      to.peer = peers->pdata[i];
      if (strcmp(bgp_peer_remote_name(to.peer), name) == 0)
        bgp_foreach(speaker, learned ? add_learned : add_advertised, &to);
    }
  }
}

/* Gateways are not listed among the peers. Facts: AZ-8.2. */
static void describe_server(const CloudTopology *topology, const RouteServer *server,
                            GPtrArray *listings) {
  g_autoptr(GPtrArray) seen = g_ptr_array_new();
  for (guint u = 0; u < route_server_unit_count(server); u++) {
    const GPtrArray *peers =
        bgp_speaker_peers(route_server_unit_speaker(route_server_unit(server, u)));
    for (guint i = 0; i < peers->len; i++) {
      const char *name = bgp_peer_remote_name(peers->pdata[i]);
      if (bgp_peer_role(peers->pdata[i]) == NULL &&
          !g_ptr_array_find_with_equal_func(seen, name, g_str_equal, NULL))
        g_ptr_array_add(seen, (gpointer)name);
    }
  }
  for (guint i = 0; i < seen->len; i++) {
    describe_peer(topology, server, seen->pdata[i], TRUE, listings);
    describe_peer(topology, server, seen->pdata[i], FALSE, listings);
  }
}

void azure_describe(const CloudTopology *topology, const GPtrArray *servers, GPtrArray *listings) {
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++)
      describe_nics(topology, servers, network->subnets->pdata[j], listings);
  }
  for (guint i = 0; i < servers->len; i++)
    describe_server(topology, servers->pdata[i], listings);
}
