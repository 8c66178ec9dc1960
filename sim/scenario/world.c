/* Building the world of one run: networks, tables, appliances, route servers, sites,
 * sessions; then the converged start. Things are made in the order of their names, so
 * the order of keys in a file cannot matter. */
#include <string.h>

#include "scenario_private.h"

static SimTime draw(const World *world, const char *name, const char *key,
                    const Duration *duration) {
  return cloud_draw_setting(&world->topology, name, key, duration);
}

/* ---- networks ------------------------------------------------------------------------- */

static int compare_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_zone(CloudNetwork *network, const char *zone) {
  for (guint i = 0; i < network->zones->len; i++)
    if (strcmp(network->zones->pdata[i], zone) == 0)
      return;
  g_ptr_array_add(network->zones, (gpointer)zone);
  g_ptr_array_sort(network->zones, compare_text);
}

static void build_network(World *world, const ScenarioNetwork *config) {
  CloudNetwork *network = arena_new0(world->arena, CloudNetwork);
  network->name = config->head.name;
  network->region = config->region.text;
  network->network = network_new(world->fabric, config->head.name);
  network->subnets = arena_ptr_array(world->arena);
  network->zones = arena_ptr_array(world->arena);
  for (guint i = 0; i < config->prefixes->len; i++)
    network_add_prefix(network->network, ((PrefixValue *)config->prefixes->pdata[i])->value);
  for (guint i = 0; i < config->subnets->len; i++) {
    const ScenarioSubnet *from = config->subnets->pdata[i];
    CloudSubnet *subnet = arena_new0(world->arena, CloudSubnet);
    subnet->name = from->full_name;
    subnet->zone = from->zone.text;
    subnet->subnet = subnet_new(network->network, from->full_name, from->prefix.value);
    subnet->network = network;
    subnet->hosts = (guint)from->vms;
    subnet->tables = arena_ptr_array(world->arena);
    if (subnet->zone != NULL)
      add_zone(network, subnet->zone);
    g_ptr_array_add(network->subnets, subnet);
  }
  g_ptr_array_add(world->topology.networks, network);
}

static CloudNetwork *find_network(const World *world, const char *name) {
  for (guint i = 0; i < world->topology.networks->len; i++) {
    CloudNetwork *network = world->topology.networks->pdata[i];
    if (strcmp(network->name, name) == 0)
      return network;
  }
  return NULL;
}

static void build_peerings(World *world) {
  for (guint i = 0; i < world->body->peerings->len; i++) {
    const ScenarioPeering *config = world->body->peerings->pdata[i];
    CloudPeering *peering = arena_new0(world->arena, CloudPeering);
    *peering = (CloudPeering){config->head.name, find_network(world, config->from.text),
                              find_network(world, config->to.text), config->use_remote_gateway};
    g_ptr_array_add(world->topology.peerings, peering);
  }
}

/* ---- addresses of appliances ------------------------------------------------------------- */

static gboolean address_taken(const World *world, IpAddress address, const ScenarioNva *but) {
  for (guint i = 0; i < world->body->nvas->len; i++) {
    const ScenarioNva *other = world->body->nvas->pdata[i];
    if (other != but && other->address.given && ip_address_equal(other->address.value, address))
      return TRUE;
  }
  return FALSE;
}

/* The fourth address is the first that both clouds hand out; appliances of one subnet
 * take the next ones, in the order of their names. */
static IpAddress nva_address_of(const World *world, const ScenarioNva *nva) {
  const CloudSubnet *subnet = cloud_find_subnet(&world->topology, nva->subnet.text);
  guint64 offset = 4;
  if (nva->address.given)
    return nva->address.value;
  for (guint i = 0; i < world->body->nvas->len; i++) {
    const ScenarioNva *other = world->body->nvas->pdata[i];
    IpAddress address = ip_address_add(subnet_prefix(subnet->subnet).address, offset);
    if (strcmp(other->subnet.text, nva->subnet.text) != 0 || other->address.given)
      continue;
    while (address_taken(world, address, nva))
      address = ip_address_add(subnet_prefix(subnet->subnet).address, ++offset);
    if (other == nva)
      return address;
    offset++;
  }
  g_assert_not_reached();
}

/* ---- user tables ----------------------------------------------------------------------------- */

static NextHop hop_via(const World *world, const CloudNetwork *network, const char *via) {
  IpAddress address;
  if (strcmp(via, "internet") == 0 || scenario_find(world->body->gateways, via) != NULL)
    return (NextHop){.kind = HOP_INTERNET};
  if (strcmp(via, "none") == 0)
    return (NextHop){.kind = HOP_NONE};
  if (strcmp(via, "local") == 0)
    return (NextHop){.kind = HOP_LOCAL, .network = network->network};
  if (ip_address_parse(via, &address))
    return (NextHop){.kind = HOP_ELEMENT, .address = address};
  const ScenarioNva *nva = scenario_find(world->body->nvas, via);
  if (nva != NULL)
    return (NextHop){.kind = HOP_ELEMENT, .address = nva_address_of(world, nva)};
  for (guint i = 0; i < world->topology.peerings->len; i++) {
    const CloudPeering *peering = world->topology.peerings->pdata[i];
    if (strcmp(peering->name, via) == 0)
      return (NextHop){.kind = HOP_LOCAL,
                       .network = peering->from == network ? peering->to->network
                                                           : peering->from->network};
  }
  g_assert_not_reached();
}

static void build_user_tables(World *world) {
  for (guint i = 0; i < world->body->route_tables->len; i++) {
    const ScenarioRouteTable *config = world->body->route_tables->pdata[i];
    CloudUserTable *table = arena_new0(world->arena, CloudUserTable);
    table->name = config->head.name;
    table->network = find_network(world, config->network.text);
    table->propagate = config->propagate;
    table->routes = arena_own(world->arena, g_array_new(FALSE, FALSE, sizeof(CloudUserRoute)),
                              (GDestroyNotify)g_array_unref);
    for (guint j = 0; j < config->routes->len; j++) {
      const ScenarioRoute *from = config->routes->pdata[j];
      const CloudUserRoute route = {from->to.value,
                                    hop_via(world, table->network, from->via.text)};
      g_array_append_val(table->routes, route);
    }
    for (guint j = 0; j < config->subnets->len; j++) {
      const char *name = ((NameRef *)config->subnets->pdata[j])->text;
      CloudSubnet *subnet = cloud_find_subnet(&world->topology, name);
      if (subnet == NULL)
        subnet = cloud_find_subnet(&world->topology,
                                   arena_printf(world->arena, "%s/%s", table->network->name, name));
      subnet->user_table = table;
    }
    g_ptr_array_add(world->topology.user_tables, table);
  }
}

/* ---- victims ------------------------------------------------------------------------------------ */

static FaultVictim *new_victim(World *world, const char *name, NetNode *node, BgpSpeaker *speaker,
                               Distribution boot) {
  FaultVictim *victim = arena_new0(world->arena, FaultVictim);
  victim->name = name;
  victim->node = node;
  victim->speaker = speaker;
  victim->boot = boot;
  victim->peers = arena_ptr_array(world->arena);
  victim->subnets = arena_ptr_array(world->arena);
  victim->bfd_ends = arena_own(world->arena, g_array_new(FALSE, FALSE, sizeof(BfdSessionEnd)),
                               (GDestroyNotify)g_array_unref);
  g_ptr_array_add(world->victims, victim);
  return victim;
}

static FaultVictim *find_victim(const World *world, const char *name) {
  for (guint i = 0; i < world->victims->len; i++) {
    FaultVictim *victim = world->victims->pdata[i];
    if (strcmp(victim->name, name) == 0)
      return victim;
  }
  return NULL;
}

/* ---- appliances and sites ------------------------------------------------------------------------- */

static void build_nva(World *world, const ScenarioNva *config) {
  WorldNva *nva = arena_new0(world->arena, WorldNva);
  nva->config = config;
  nva->subnet = cloud_find_subnet(&world->topology, config->subnet.text);
  const NvaConfig made = {.name = config->head.name,
                          .class = nva_class_at((guint)config->kind),
                          .asn = (guint32)config->asn,
                          .address = nva_address_of(world, config),
                          .network = nva->subnet->network->network,
                          .table = nva->subnet->tables->pdata[0]};
  nva->nva = nva_new(world->engine, world->fabric, &made, world->options->seed,
                     world->options->run);
  nva->victim = new_victim(world, config->head.name, nva_node(nva->nva), nva_speaker(nva->nva),
                           config->boot.law);
  g_ptr_array_add(world->nvas, nva);
}

WorldNva *world_nva(const World *world, const char *name) {
  for (guint i = 0; i < world->nvas->len; i++) {
    WorldNva *nva = world->nvas->pdata[i];
    if (strcmp(nva_name(nva->nva), name) == 0)
      return nva;
  }
  return NULL;
}

static WorldSite *find_site(const World *world, const char *name) {
  for (guint i = 0; i < world->sites->len; i++) {
    WorldSite *site = world->sites->pdata[i];
    if (strcmp(site_name(site->site), name) == 0)
      return site;
  }
  return NULL;
}

static gboolean link_is_up(const World *world, const char *site_name_text, const char *nva) {
  const WorldSite *site = find_site(world, site_name_text);
  for (guint i = 0; i < site->links->len; i++)
    if (strcmp(site->link_names->pdata[i], nva) == 0)
      return !net_node_is(site->links->pdata[i], NODE_CUT) &&
             !net_node_is(site->links->pdata[i], NODE_DARK);
  return FALSE;
}

static NvaAnnouncement announcement_of(const World *world, const ScenarioAnnouncement *from,
                                       Prefix prefix) {
  NvaAnnouncement to = {.prefix = prefix, .prepend = (guint)from->prepend,
                        .has_med = from->med >= 0, .med = from->med >= 0 ? (guint32)from->med : 0};
  guint32 *communities = arena_array(world->arena, guint32, from->communities->len + 1);
  for (guint i = 0; i < from->communities->len; i++)
    scenario_parse_community(((NameRef *)from->communities->pdata[i])->text, &communities[i]);
  to.communities = communities;
  to.community_count = from->communities->len;
  if (from->next_hop.text != NULL && !ip_address_parse(from->next_hop.text, &to.next_hop))
    to.next_hop = nva_address_of(world, scenario_find(world->body->nvas, from->next_hop.text));
  return to;
}

void world_announce(World *world, WorldNva *nva, const GPtrArray *advertise) {
  g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(NvaAnnouncement));
  nva->advertise = advertise;
  for (guint i = 0; i < advertise->len; i++) {
    const ScenarioAnnouncement *from = advertise->pdata[i];
    if (from->site.text == NULL) {
      const NvaAnnouncement announcement = announcement_of(world, from, from->prefix.value);
      g_array_append_val(list, announcement);
      continue;
    }
    const ScenarioSite *site = scenario_find(world->body->sites, from->site.text);
    for (guint j = 0;
         j < site->prefixes->len && link_is_up(world, from->site.text, nva_name(nva->nva)); j++) {
      const NvaAnnouncement announcement =
          announcement_of(world, from, ((PrefixValue *)site->prefixes->pdata[j])->value);
      g_array_append_val(list, announcement);
    }
  }
  nva_announce(nva->nva, (const NvaAnnouncement *)list->data, list->len);
}

typedef struct {
  World *world;
  WorldNva *nva;
} LinkWatch;

/* A site is announced only while its link is up. */
static void link_changed(gpointer data) {
  const LinkWatch *watch = data;
  world_announce(watch->world, watch->nva, watch->nva->advertise);
}

static WorldSite *add_site(World *world, const char *name) {
  WorldSite *site = arena_new0(world->arena, WorldSite);
  site->site = site_new(world->fabric, name);
  site->links = arena_ptr_array(world->arena);
  site->link_names = arena_ptr_array(world->arena);
  g_ptr_array_add(world->sites, site);
  return site;
}

static NetNode *add_link(World *world, WorldSite *site, Element *element, const char *name) {
  NetNode *link = site_link(site->site, element);
  g_ptr_array_add(site->links, link);
  g_ptr_array_add(site->link_names, (gpointer)name);
  new_victim(world, net_node_name(link), link, NULL, distribution_constant(SIM_TIME_ZERO));
  return link;
}

static void link_site(World *world, WorldSite *site, const char *name) {
  WorldNva *nva = world_nva(world, name);
  if (nva != NULL) {
    NetNode *link = add_link(world, site, nva_element(nva->nva), name);
    LinkWatch *watch = arena_new0(world->arena, LinkWatch);
    *watch = (LinkWatch){world, nva};
    net_node_watch(link, link_changed, watch);
    return;
  }
  for (guint i = 0; i < world->gateways->len; i++) {
    Gateway *gateway = world->gateways->pdata[i];
    if (strcmp(gateway_name(gateway), name) != 0)
      continue;
    for (guint j = 0; j < gateway_instance_count(gateway); j++)
      add_link(world, site, gateway_instance_element(gateway, j),
               gateway_instance_name(gateway, j));
    for (guint j = 0; j < site->config->prefixes->len; j++)
      gateway_reach(gateway, ((PrefixValue *)site->config->prefixes->pdata[j])->value,
                    (guint32)site->config->asn);
  }
}

static void build_sites(World *world) {
  for (guint i = 0; i < world->body->sites->len; i++) {
    const ScenarioSite *config = world->body->sites->pdata[i];
    WorldSite *site = add_site(world, config->head.name);
    site->config = config;
    for (guint j = 0; j < config->prefixes->len; j++)
      site_add_prefix(site->site, ((PrefixValue *)config->prefixes->pdata[j])->value);
    for (guint j = 0; j < config->via->len; j++)
      link_site(world, site, ((NameRef *)config->via->pdata[j])->text);
  }
  /* Everything that is nowhere else; traffic goes to an address for documentation (RFC
   * 5737). */
  WorldSite *internet = add_site(world, "internet");
  site_add_prefix(internet->site, prefix_host(ip_address_v4(0xCB007101)));
  site_add_prefix(internet->site, prefix_make(ip_address_v4(0), 0));
}

/* ---- route servers and sessions ---------------------------------------------------------------------- */

static void part_ended(gpointer data) { route_server_part_lost(data); }
static void part_started(gpointer data) { route_server_part_back(data); }

static void build_server(World *world, const RouteServerConfig *config) {
  RouteServer *server = route_server_new(world->cloud, &world->topology, config);
  g_ptr_array_add(world->servers, server);
  for (guint i = 0; i < route_server_part_count(server); i++) {
    RouteServerPart *part = route_server_part(server, i);
    const gboolean own = route_server_part_owns_process(part);
    FaultVictim *victim =
        new_victim(world, route_server_part_name(part), route_server_part_node(part),
                   own ? route_server_unit_speaker(route_server_part_unit(part)) : NULL,
                   world->cloud->boot(config->config));
    victim->shared_process = !own;
    victim->process_ended = part_ended;
    victim->process_started = part_started;
    victim->data = part;
  }
}

static void bfd_changed(gpointer data, BfdState state, BfdDiagnostic diagnostic) {
  (void)diagnostic;
  if (state == BFD_DOWN)
    bgp_peer_bfd_down(data);
}

static void add_bfd(World *world, WorldSession *session, const ScenarioBfd *bfd,
                    const char *setting, const char *stream, const CloudLiveness *far) {
  const BfdEnd ends[2] = {
      {session->ends[0], draw(world, setting, "bfd.interval", &bfd->interval),
       (guint)bfd->multiplier},
      {session->ends[1], far->bfd_interval, far->bfd_multiplier},
  };
  session->bfd = bfd_session_new(world->engine, session->path, ends, stream, world->liveness,
                                 !bfd->jitter_off, world->options->seed, world->options->run);
  for (guint side = 0; side < 2; side++) {
    const BfdSessionEnd end = {session->bfd, side};
    bfd_session_subscribe(session->bfd, side, bfd_changed,
                          bgp_session_peer(session->bgp, side));
    g_array_append_val(find_victim(world, session->ends[side])->bfd_ends, end);
  }
}

static void add_session(World *world, WorldNva *nva, const ScenarioPeer *peer,
                        RouteServerPart *part, guint number) {
  RouteServer *server = route_server_unit_server(route_server_part_unit(part));
  const CloudLiveness far = world->cloud->liveness(server);
  const guint64 seed = world->options->seed;
  const guint32 run = world->options->run;
  const char *setting = arena_printf(world->arena, "nvas.%s.peers.%s", nva_name(nva->nva),
                                     peer->head.name);
  WorldSession *session = arena_new0(world->arena, WorldSession);
  session->ends[0] = nva_name(nva->nva);
  session->ends[1] = route_server_part_name(part);
  session->path = path_new(
      world->engine, arena_printf(world->arena, "%s~%s", session->ends[0], session->ends[1]),
      nva_node(nva->nva), route_server_part_node(part), &world->body->link_delay.law, seed, run);
  /* The appliance opens the session (AWS-1.13, AZ-2.17). */
  const BgpEnd ends[2] = {
      {.speaker = nva_speaker(nva->nva), .name = session->ends[0],
       .address = nva_address(nva->nva),
       .keepalive = draw(world, setting, "keepalive", &peer->keepalive),
       .hold = draw(world, setting, "hold", &peer->hold),
       .establish = &nva->config->establish.law,
       .connect_retry = draw(world, nva_name(nva->nva), "connect_retry",
                             &nva->config->connect_retry)},
      {.speaker = route_server_unit_speaker(route_server_part_unit(part)),
       .name = session->ends[1], .address = route_server_part_address(part),
       .keepalive = far.keepalive, .hold = far.hold, .passive = TRUE,
       .connect_retry = sim_time_s(120)},
  };
  const gboolean jitter = peer->keepalive_jitter == 0;
  /* By number, not by the part's name: both models meet the same luck. */
  const char *stream = arena_printf(world->arena, "%s/%s/%u", session->ends[0],
                                    route_server_name(server), number);
  const BgpSessionConfig config = {.stream = stream,
                                   .liveness = world->liveness,
                                   .jitter = {jitter ? 0.75 : 1, 1},
                                   .tcp_timeout = world->body->tcp_timeout.law.a,
                                   .seed = seed, .run = run};
  session->bgp = bgp_session_new(world->engine, session->path, ends, &config);
  for (guint side = 0; side < 2; side++)
    g_ptr_array_add(find_victim(world, session->ends[side])->peers,
                    bgp_session_peer(session->bgp, side));
  if (peer->bfd != NULL && far.bfd)
    add_bfd(world, session, peer->bfd, setting, stream, &far);
  g_ptr_array_add(world->sessions, session);
}

static RouteServer *find_server(const World *world, const char *name) {
  for (guint i = 0; i < world->servers->len; i++) {
    RouteServer *server = world->servers->pdata[i];
    if (strcmp(route_server_name(server), name) == 0)
      return server;
  }
  return NULL;
}

static void build_sessions(World *world) {
  const guint cloud = scenario_cloud_index(world->cloud);
  for (guint i = 0; i < world->nvas->len; i++) {
    WorldNva *nva = world->nvas->pdata[i];
    for (guint j = 0; j < nva->config->peers->len; j++) {
      const ScenarioPeer *peer = nva->config->peers->pdata[j];
      RouteServer *server = find_server(world, peer->head.name);
      const PeerRequest request = {nva->subnet, peer->configs[cloud]};
      g_autoptr(GPtrArray) parts = g_ptr_array_new();
      world->cloud->peer_parts(server, &request, parts);
      for (guint k = 0; k < parts->len; k++)
        add_session(world, nva, peer, parts->pdata[k], k);
    }
  }
}

/* ---- gateways ------------------------------------------------------------------------ */

/* GatewaySubnet: the one of the scenario, or from free space (AZ-5.10). */
static CloudSubnet *gateway_subnet(World *world, CloudNetwork *network) {
  const char *name = arena_printf(world->arena, "%s/GatewaySubnet", network->name);
  CloudSubnet *subnet = cloud_find_subnet(&world->topology, name);
  Prefix prefix = network_prefix(network->network, 0);
  if (subnet != NULL)
    return subnet;
  cloud_free_prefix(&world->topology, network, 27, &prefix);
  subnet = arena_new0(world->arena, CloudSubnet);
  subnet->name = name;
  subnet->subnet = subnet_new(network->network, name, prefix);
  subnet->network = network;
  subnet->tables = arena_ptr_array(world->arena);
  g_ptr_array_add(network->subnets, subnet);
  return subnet;
}

static void reserve_gateway_subnets(World *world) {
  for (guint i = 0; i < world->body->gateways->len; i++) {
    const ScenarioGateway *config = world->body->gateways->pdata[i];
    if (config->kind != 0)
      gateway_subnet(world, find_network(world, config->network.text));
  }
}

static void build_gateways(World *world) {
  for (guint i = 0; i < world->body->gateways->len; i++) {
    const ScenarioGateway *from = world->body->gateways->pdata[i];
    if (from->kind == 0)
      continue;
    const GatewayConfig config = {
        from->head.name, from->kind == 1 ? GATEWAY_VPN : GATEWAY_CIRCUIT,
        gateway_subnet(world, find_network(world, from->network.text))};
    Gateway *gateway = gateway_new(world->cloud, &world->topology, &config);
    g_ptr_array_add(world->gateways, gateway);
    for (guint j = 0; j < gateway_instance_count(gateway); j++)
      new_victim(world, gateway_instance_name(gateway, j), gateway_instance_node(gateway, j),
                 gateway_instance_speaker(gateway, j), distribution_constant(sim_time_s(60)));
  }
}

/* The managed session between an instance of a gateway and a part of the route server
 * (AZ-8.2); its timers are those of AZ-8.5 and AZ-8.9. */
static void add_gateway_session(World *world, Gateway *gateway, guint index,
                                RouteServerPart *part) {
  static const Distribution at_once = {.kind = DISTRIBUTION_CONSTANT, .a = {SIM_SECOND}};
  const char *names[2] = {gateway_instance_name(gateway, index), route_server_part_name(part)};
  WorldSession *session = arena_new0(world->arena, WorldSession);
  session->ends[0] = names[0];
  session->ends[1] = names[1];
  session->path = path_new(world->engine, arena_printf(world->arena, "%s~%s", names[0], names[1]),
                           gateway_instance_node(gateway, index), route_server_part_node(part),
                           &world->body->link_delay.law, world->options->seed,
                           world->options->run);
  const BgpEnd ends[2] = {
      {.speaker = gateway_instance_speaker(gateway, index), .name = names[0],
       .address = element_address(gateway_instance_element(gateway, index)),
       .keepalive = sim_time_s(60), .hold = sim_time_s(180), .establish = &at_once,
       .connect_retry = sim_time_s(120)},
      {.speaker = route_server_unit_speaker(route_server_part_unit(part)), .name = names[1],
       .tag = gateway_tag(gateway), .address = route_server_part_address(part),
       .keepalive = sim_time_s(60), .hold = sim_time_s(180), .passive = TRUE,
       .connect_retry = sim_time_s(120)},
  };
  const BgpSessionConfig config = {.stream = path_name(session->path),
                                   .liveness = world->liveness, .jitter = {0.75, 1},
                                   .tcp_timeout = world->body->tcp_timeout.law.a,
                                   .seed = world->options->seed, .run = world->options->run};
  session->bgp = bgp_session_new(world->engine, session->path, ends, &config);
  for (guint side = 0; side < 2; side++)
    g_ptr_array_add(find_victim(world, names[side])->peers,
                    bgp_session_peer(session->bgp, side));
  g_ptr_array_add(world->sessions, session);
}

static void build_gateway_sessions(World *world) {
  for (guint i = 0; i < world->gateways->len; i++) {
    Gateway *gateway = world->gateways->pdata[i];
    for (guint j = 0; j < world->servers->len; j++) {
      const RouteServer *server = world->servers->pdata[j];
      if (route_server_config(server)->network != gateway_network(gateway))
        continue;
      for (guint k = 0; k < gateway_instance_count(gateway); k++)
        for (guint l = 0; l < route_server_part_count(server); l++)
          if (gateway_instance_speaker(gateway, k) != NULL)
            add_gateway_session(world, gateway, k, route_server_part(server, l));
    }
  }
}

/* ---- traffic ---------------------------------------------------------------------------------------- */

static TrafficEnd traffic_end_of(const World *world, const char *name) {
  TrafficEnd end = {.subnet = NULL};
  const CloudSubnet *subnet = cloud_find_subnet(&world->topology, name);
  const WorldSite *site = find_site(world, name);
  if (subnet != NULL)
    end.subnet = subnet->subnet;
  else if (site != NULL)
    end.site = site->site;
  else
    ip_address_parse(name, &end.address);
  return end;
}

static void build_traffic(World *world) {
  world->traffic = traffic_new(world->fabric, world->options->detail, world->options->seed,
                               world->options->run);
  for (guint i = 0; i < world->body->traffic->len; i++) {
    const ScenarioTraffic *from = world->body->traffic->pdata[i];
    const TrafficConfig config = {.name = from->head.name,
                                  .from = traffic_end_of(world, from->from.text),
                                  .to = traffic_end_of(world, from->to.text),
                                  .flows = (guint)from->flows,
                                  .bits_per_second = from->rate,
                                  .reconnect = draw(world, from->head.name, "reconnect",
                                                    &from->reconnect)};
    traffic_add(world->traffic, &config);
  }
  for (guint i = 0; i < world->body->probes->len; i++) {
    const ScenarioProbe *from = world->body->probes->pdata[i];
    const ProbeConfig config = {.name = from->head.name,
                                .from = traffic_end_of(world, from->from.text),
                                .to = traffic_end_of(world, from->to.text),
                                .every = draw(world, from->head.name, "every", &from->every)};
    traffic_add_probe(world->traffic, &config);
  }
}

/* ---- starting ----------------------------------------------------------------------------------------- */

static void converge(World *world) {
  g_autoptr(GPtrArray) speakers = g_ptr_array_new();
  for (guint i = 0; i < world->sessions->len; i++) {
    const WorldSession *session = world->sessions->pdata[i];
    bgp_session_begin_established(session->bgp);
    if (session->bfd != NULL)
      bfd_session_begin_up(session->bfd);
  }
  for (guint i = 0; i < world->nvas->len; i++)
    g_ptr_array_add(speakers, nva_speaker(((WorldNva *)world->nvas->pdata[i])->nva));
  for (guint i = 0; i < world->gateways->len; i++)
    for (guint j = 0; j < gateway_instance_count(world->gateways->pdata[i]); j++)
      if (gateway_instance_speaker(world->gateways->pdata[i], j) != NULL)
        g_ptr_array_add(speakers, gateway_instance_speaker(world->gateways->pdata[i], j));
  for (guint i = 0; i < world->servers->len; i++) {
    const RouteServer *server = world->servers->pdata[i];
    for (guint j = 0; j < route_server_unit_count(server); j++)
      g_ptr_array_add(speakers, route_server_unit_speaker(route_server_unit(server, j)));
  }
  bgp_converge((BgpSpeaker *const *)speakers->pdata, speakers->len);
  for (guint i = 0; i < world->servers->len; i++)
    route_server_begin(world->servers->pdata[i]);
}

static void start_cold(World *world) {
  for (guint i = 0; i < world->sessions->len; i++) {
    const WorldSession *session = world->sessions->pdata[i];
    for (guint side = 0; side < 2; side++) {
      bgp_peer_start(bgp_session_peer(session->bgp, side));
      if (session->bfd != NULL)
        bfd_session_start(session->bfd, side);
    }
  }
}

typedef struct {
  World *world;
  GPtrArray *selections;
} SelectionVisit;

static void note_selection(const BgpEntry *entry, gpointer data) {
  const SelectionVisit *visit = data;
  BgpSelection *selection = arena_new0(visit->world->arena, BgpSelection);
  const char **ends = arena_array(visit->world->arena, const char *, entry->selected_count + 1);
  guint count = 0;
  for (guint i = 0; i < entry->selected_count; i++)
    if (entry->selected[i]->source != NULL)
      ends[count++] = bgp_peer_remote_name(entry->selected[i]->source);
  *selection = (BgpSelection){entry->prefix, count, ends, entry->rule};
  g_ptr_array_add(visit->selections, selection);
}

static void note_units(World *world) {
  for (guint i = 0; i < world->servers->len; i++) {
    const RouteServer *server = world->servers->pdata[i];
    for (guint j = 0; j < route_server_unit_count(server); j++) {
      MetricUnit *unit = arena_new0(world->arena, MetricUnit);
      unit->unit = route_server_unit_name(route_server_unit(server, j));
      unit->selections = arena_ptr_array(world->arena);
      SelectionVisit visit = {world, unit->selections};
      bgp_foreach(route_server_unit_speaker(route_server_unit(server, j)), note_selection, &visit);
      g_ptr_array_add(world->units, unit);
    }
  }
}

static World *world_bare(Arena *arena, const ScenarioBody *body, const CloudClass *cloud,
                         const RunOptions *options) {
  World *world = arena_new0(arena, World);
  world->body = body;
  world->cloud = cloud;
  world->options = options;
  world->liveness = options->liveness_given ? options->liveness : body->liveness;
  world->arena = arena;
  world->engine = engine_new(arena);
  world->fabric = fabric_new(world->engine);
  world->topology = (CloudTopology){.engine = world->engine, .fabric = world->fabric,
                                    .arena = arena, .seed = options->seed, .run = options->run,
                                    .networks = arena_ptr_array(arena),
                                    .peerings = arena_ptr_array(arena),
                                    .user_tables = arena_ptr_array(arena),
                                    .route_servers = arena_ptr_array(arena)};
  world->servers = arena_ptr_array(arena);
  world->nvas = arena_ptr_array(arena);
  world->gateways = arena_ptr_array(arena);
  world->sites = arena_ptr_array(arena);
  world->sessions = arena_ptr_array(arena);
  world->victims = arena_ptr_array(arena);
  world->events = arena_ptr_array(arena);
  world->units = arena_ptr_array(arena);
  return world;
}

static void note_servers(World *world) {
  const guint cloud = scenario_cloud_index(world->cloud);
  for (guint i = 0; i < world->body->route_servers->len; i++) {
    const ScenarioRouteServer *from = world->body->route_servers->pdata[i];
    RouteServerConfig *config = arena_new0(world->arena, RouteServerConfig);
    *config = (RouteServerConfig){from->head.name, find_network(world, from->network.text),
                                  from->configs[cloud]};
    config->network->has_route_server = TRUE;
    g_ptr_array_add(world->topology.route_servers, config);
  }
}

World *world_new(Arena *arena, const ScenarioBody *body, const CloudClass *cloud,
                 const RunOptions *options) {
  World *world = world_bare(arena, body, cloud, options);
  for (guint i = 0; i < body->networks->len; i++)
    build_network(world, body->networks->pdata[i]);
  build_peerings(world);
  build_user_tables(world);
  note_servers(world);
  reserve_gateway_subnets(world);
  cloud->build_tables(&world->topology);
  for (guint i = 0; i < body->nvas->len; i++)
    build_nva(world, body->nvas->pdata[i]);
  build_gateways(world);
  build_sites(world);
  for (guint i = 0; i < world->topology.route_servers->len; i++)
    build_server(world, world->topology.route_servers->pdata[i]);
  build_sessions(world);
  build_gateway_sessions(world);
  for (guint i = 0; i < world->nvas->len; i++) {
    WorldNva *nva = world->nvas->pdata[i];
    world_announce(world, nva, nva->config->advertise);
  }
  build_traffic(world);
  if (body->cold_start)
    start_cold(world);
  else
    converge(world);
  note_units(world);
  return world;
}

/* ---- names ---------------------------------------------------------------------------------------------- */

static gboolean add_by_name(World *world, const char *name, GPtrArray *victims) {
  FaultVictim *victim = find_victim(world, name);
  if (victim != NULL)
    g_ptr_array_add(victims, victim);
  return victim != NULL;
}

/* "zone/west/a": region or network, then zone. */
static gboolean add_zone_victims(World *world, const char *name, GPtrArray *victims) {
  g_auto(GStrv) parts = g_strsplit(name, "/", -1);
  gboolean found = FALSE;
  if (g_strv_length(parts) != 3)
    return FALSE;
  FaultVictim *hosts = find_victim(world, name);
  if (hosts == NULL)
    hosts = new_victim(world, arena_strdup(world->arena, name), NULL, NULL,
                       distribution_constant(SIM_TIME_ZERO));
  const gboolean fresh = hosts->subnets->len == 0;
  for (guint i = 0; i < world->topology.networks->len; i++) {
    const CloudNetwork *network = world->topology.networks->pdata[i];
    if (g_strcmp0(network->region, parts[1]) != 0 && strcmp(network->name, parts[1]) != 0)
      continue;
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      if (g_strcmp0(subnet->zone, parts[2]) != 0)
        continue;
      found = TRUE;
      if (fresh)
        g_ptr_array_add(hosts->subnets, subnet->subnet);
    }
    for (guint j = 0; j < world->nvas->len; j++) {
      const WorldNva *nva = world->nvas->pdata[j];
      const char *zone = nva->config->zone.text != NULL ? nva->config->zone.text : nva->subnet->zone;
      if (nva->subnet->network == network && g_strcmp0(zone, parts[2]) == 0) {
        g_ptr_array_add(victims, nva->victim);
        found = TRUE;
      }
    }
    for (guint j = 0; j < world->servers->len; j++) {
      const RouteServer *server = world->servers->pdata[j];
      for (guint k = 0; k < route_server_part_count(server); k++) {
        const RouteServerPart *part = route_server_part(server, k);
        if (route_server_config(server)->network == network &&
            g_strcmp0(route_server_part_zone(part), parts[2]) == 0)
          g_ptr_array_add(victims, find_victim(world, route_server_part_name(part)));
      }
    }
  }
  if (found)
    g_ptr_array_add(victims, hosts);
  return found;
}

static gboolean add_server_victims(World *world, const char *name, GPtrArray *victims) {
  for (guint i = 0; i < world->servers->len; i++) {
    const RouteServer *server = world->servers->pdata[i];
    const char *own = route_server_name(server);
    const guint parts = route_server_part_count(server);
    const gsize length = strlen(own);
    if (strcmp(own, name) == 0) {
      for (guint j = 0; j < parts; j++)
        add_by_name(world, route_server_part_name(route_server_part(server, j)), victims);
      return parts > 0;
    }
    guint64 number; /* "rs/#0": the n-th part by name */
    if (strncmp(own, name, length) == 0 && g_str_has_prefix(name + length, "/#") &&
        g_ascii_string_to_unsigned(name + length + 2, 10, 0, 1000, &number, NULL) && number < parts)
      return add_by_name(world, route_server_part_name(route_server_part(server, (guint)number)),
                         victims);
  }
  return FALSE;
}

static gboolean add_gateway_victims(World *world, const char *name, GPtrArray *victims) {
  for (guint i = 0; i < world->gateways->len; i++) {
    const Gateway *gateway = world->gateways->pdata[i];
    for (guint j = 0; strcmp(gateway_name(gateway), name) == 0 && j < gateway_instance_count(gateway);
         j++)
      add_by_name(world, gateway_instance_name(gateway, j), victims);
  }
  return victims->len > 0;
}

gboolean world_resolve(World *world, const char *name, GPtrArray *victims) {
  if (g_str_has_prefix(name, "zone/"))
    return add_zone_victims(world, name, victims);
  return add_by_name(world, name, victims) || add_server_victims(world, name, victims) ||
         add_gateway_victims(world, name, victims);
}

void world_appliances_of(World *world, const char *target, GPtrArray *names) {
  g_autoptr(GPtrArray) victims = g_ptr_array_new();
  world_resolve(world, target, victims);
  for (guint i = 0; i < victims->len; i++) {
    const FaultVictim *victim = victims->pdata[i];
    if (world_nva(world, victim->name) != NULL)
      g_ptr_array_add(names, (gpointer)victim->name);
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

void world_paths_between(World *world, const char *a, const char *b, GPtrArray *paths) {
  for (guint i = 0; i < world->sessions->len; i++) {
    const WorldSession *session = world->sessions->pdata[i];
    if ((names_end(world, a, session->ends[0]) && names_end(world, b, session->ends[1])) ||
        (names_end(world, b, session->ends[0]) && names_end(world, a, session->ends[1])))
      g_ptr_array_add(paths, session->path);
  }
}

gboolean scenario_has_target(const ScenarioBody *body, const CloudClass *cloud, const char *name) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GPtrArray) victims = g_ptr_array_new();
  const RunOptions options = {.seed = (guint64)body->seed};
  return world_resolve(world_new(arena, body, cloud, &options), name, victims);
}
