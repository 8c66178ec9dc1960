/* Sites of a world, their routers and links. */
#include <string.h>

#include "world_private.h"

/* Routers outside the networks have link-local addresses (RFC 3927), which nothing routes. */
#define ROUTER_ADDRESSES 0xA9FE0000u

/* ---- sites and their routers --------------------------------------------------------------- */

/* The user's own router: links of equal preference share. */
static const BgpRule site_rules[] = {
    {"highest preference", "sites.*.via.*.prefer", bgp_filter_weight},
    {"shortest AS path", "RFC 4271 9.1.2.2 a", bgp_filter_as_path_length},
};
static const BgpProfile site_profile = {.name = "site",
                                        .rules = site_rules,
                                        .rule_count = G_N_ELEMENTS(site_rules),
                                        .multipath_rules = G_N_ELEMENTS(site_rules),
                                        .max_paths = 8};

static const BgpAnnouncement *find_told(const WorldTelling *telling, Prefix prefix) {
  for (guint i = 0; i < telling->told->len; i++) {
    const BgpAnnouncement *told = telling->told->pdata[i];
    if (prefix_equal(told->prefix, prefix))
      return told;
  }
  return NULL;
}

/* A site takes from nobody what it announces itself; longer routes inside it are somebody else's.
 * Facts: AZ-8.19. */
static const char *site_import(gpointer data, BgpPeer *peer, Prefix prefix,
                               const BgpAttributes *attributes) {
  const WorldSite *site = data;
  (void)peer;
  (void)attributes;
  for (guint i = 0; i < site->config->prefixes->len; i++)
    if (prefix_equal(((PrefixValue *)site->config->prefixes->pdata[i])->value, prefix))
      return "its own";
  for (guint i = 0; i < site->tellings->len; i++)
    if (find_told(site->tellings->pdata[i], prefix) != NULL)
      return "its own";
  return NULL;
}

static const BgpAttributes *site_originated(gpointer data, BgpPeer *peer, const BgpEntry *entry) {
  const WorldSite *site = data;
  for (guint i = 0; i < site->tellings->len; i++) {
    const WorldTelling *telling = site->tellings->pdata[i];
    if (telling->connection != bgp_peer_connection(peer))
      continue;
    const BgpAnnouncement *told = find_told(telling, entry->prefix);
    return told != NULL ? told->attributes : NULL;
  }
  return NULL;
}

/* A site sends what it announces itself; where it is a WAN that joins its links, also what it
 * learned over one to the others. Facts: AZ-5.6. */
static gboolean site_export(gpointer data, BgpPeer *peer, const BgpEntry *entry) {
  const WorldSite *site = data;
  const BgpCandidate *best = entry->selected[0];
  return best->source == NULL ||
         (site->config->transit && best->connection != bgp_peer_connection(peer));
}

static const BgpPolicy site_policy = {
    .import = site_import, .export = site_export, .originated = site_originated};

static const BgpAttributes bare = {.origin = BGP_ORIGIN_IGP};

static void originate_told(const WorldSite *site) {
  for (guint i = 0; i < site->tellings->len; i++) {
    const GPtrArray *told = ((const WorldTelling *)site->tellings->pdata[i])->told;
    for (guint j = 0; j < told->len; j++)
      bgp_originate(router_speaker(site->router), ((const BgpAnnouncement *)told->pdata[j])->prefix,
                    &bare);
  }
}

static const BgpAttributes *attributes_of(const World *world, const DesignSite *config,
                                          const DesignSiteAnnouncement *how) {
  if (how == NULL)
    return &bare;
  guint32 *communities = arena_array(world->arena, guint32, how->communities->len + 1);
  for (guint i = 0; i < how->communities->len; i++)
    bgp_community_parse(((const NameRef *)how->communities->pdata[i])->text, &communities[i]);
  const BgpAttributes base = {.origin = BGP_ORIGIN_IGP,
                              .has_med = how->med >= 0,
                              .med = how->med >= 0 ? (guint32)how->med : 0,
                              .communities = communities,
                              .community_count = how->communities->len};
  return bgp_attributes_prepend(world->arena, &base, (guint32)config->asn, (guint)how->prepend);
}

void world_tell(World *world, WorldSite *site, gconstpointer connection, const char *name) {
  for (guint i = 0; i < site->tellings->len; i++)
    if (((const WorldTelling *)site->tellings->pdata[i])->connection == connection)
      return;
  WorldTelling *telling = arena_new0(world->arena, WorldTelling);
  g_autoptr(GArray) told = design_site_told(world->design, site->config, name);
  *telling = (WorldTelling){connection, arena_ptr_array(world->arena)};
  for (guint i = 0; i < told->len; i++) {
    const DesignTold *from = &g_array_index(told, DesignTold, i);
    BgpAnnouncement *announcement = arena_new0(world->arena, BgpAnnouncement);
    *announcement = (BgpAnnouncement){from->prefix, attributes_of(world, site->config, from->how)};
    g_ptr_array_add(telling->told, announcement);
  }
  g_ptr_array_add(site->tellings, telling);
  originate_told(site);
}

static void router_started(gpointer data) {
  const WorldSite *site = data;
  originate_told(site);
  router_restarted(site->router);
}

static void add_router(World *world, WorldSite *site, guint number) {
  const DesignSite *config = site->config;
  const RouterConfig router = {.name = config->head.name,
                               .asn = (guint32)config->asn,
                               .address = ip_address_v4(ROUTER_ADDRESSES + 4 * number),
                               .profile = &site_profile,
                               .policy = &site_policy,
                               .data = site,
                               .seed = world->options->seed,
                               .run = world->options->run};
  site->router = router_new(world->fabric, &router);
  site->victim =
      world_add_victim(world, config->head.name, router_node(site->router),
                       router_speaker(site->router), distribution_constant(SIM_TIME_ZERO));
  site->victim->process_started = router_started;
  site->victim->data = site;
  site_set_router(site->site, router_element(site->router));
}

static WorldSite *add_site(World *world, const char *name) {
  WorldSite *site = arena_new0(world->arena, WorldSite);
  site->site = site_new(world->fabric, name);
  site->links = arena_ptr_array(world->arena);
  site->link_names = arena_ptr_array(world->arena);
  site->tellings = arena_ptr_array(world->arena);
  g_ptr_array_add(world->sites, site);
  return site;
}

/* ---- where its hosts are -------------------------------------------------------------------- */

/* The longest of a list of ranges around an address; FALSE: none. */
static gboolean longest_around(const GPtrArray *prefixes, IpAddress address, Prefix *out) {
  gboolean found = FALSE;
  for (guint i = 0; i < prefixes->len; i++) {
    const Prefix prefix = ((const PrefixValue *)prefixes->pdata[i])->value;
    if (!prefix_contains(prefix, address) || (found && prefix.length <= out->length))
      continue;
    *out = prefix;
    found = TRUE;
  }
  return found;
}

/* The range of somebody else, longer than the site's own, that has the address; FALSE: none. */
static gboolean is_elsewhere(const World *world, const DesignSite *site, IpAddress address,
                             Prefix *out) {
  const Design *design = world->design;
  Prefix own = {.length = 0}, theirs;
  gboolean found = FALSE;
  longest_around(site->prefixes, address, &own);
  *out = own;
  for (guint i = 0; i < design->networks->len + design->sites->len; i++) {
    const GPtrArray *prefixes =
        i < design->networks->len
            ? ((const DesignNetwork *)design->networks->pdata[i])->prefixes
            : ((const DesignSite *)design->sites->pdata[i - design->networks->len])->prefixes;
    if (prefixes == site->prefixes || !longest_around(prefixes, address, &theirs) ||
        theirs.length <= out->length)
      continue;
    *out = theirs;
    found = TRUE;
  }
  return found;
}

/* Whoever announces more than the own ranges takes what nobody owns to the Internet.
 * Facts: AZ-8.19. */
static void add_exits(const WorldSite *site, const GPtrArray *announcements) {
  for (guint i = 0; i < announcements->len; i++) {
    const DesignSiteAnnouncement *from = announcements->pdata[i];
    Prefix prefix;
    for (gint64 j = 0; j < from->count; j++)
      if (prefix_following(from->prefix.value, (guint64)j, &prefix))
        site_add_exit(site->site, prefix);
  }
}

/* Every address belongs to the longest range around it. Where the first address of the site is thus
 * somebody else's, its traffic goes to the next one that is its own. A default route is no place,
 * but a way out. */
static void add_claims(const World *world, const WorldSite *site) {
  gboolean first = TRUE;
  for (guint i = 0; i < site->config->prefixes->len; i++) {
    const Prefix prefix = ((const PrefixValue *)site->config->prefixes->pdata[i])->value;
    Prefix theirs;
    if (prefix.length == 0) {
      site_add_exit(site->site, prefix);
      continue;
    }
    IpAddress address = ip_address_add(prefix.address, prefix_size(prefix) > 1);
    gboolean moved = FALSE;
    while (first && prefix_contains(prefix, address) &&
           is_elsewhere(world, site->config, address, &theirs)) {
      address = ip_address_add(theirs.address, prefix_size(theirs) + 1);
      moved = TRUE;
    }
    if (moved && prefix_contains(prefix, address))
      site_add_prefix(site->site, prefix_host(address));
    site_add_prefix(site->site, prefix);
    first = FALSE;
  }
  add_exits(site, site->config->advertise);
  for (guint i = 0; site->config->via.links != NULL && i < site->config->via.links->len; i++)
    add_exits(site, ((const DesignSiteLink *)site->config->via.links->pdata[i])->advertise);
}

/* ---- links --------------------------------------------------------------------------------- */

typedef struct {
  World *world;
  WorldNva *nva;
} LinkWatch;

/* A site is announced only while its link is up. */
static void link_changed(gpointer data) {
  const LinkWatch *watch = data;
  world_announce(watch->world, watch->nva, watch->nva->advertise);
}

static NetNode *keep_link(World *world, WorldSite *site, NetNode *link, const char *name) {
  g_ptr_array_add(site->links, link);
  g_ptr_array_add(site->link_names, (gpointer)name);
  world_add_victim(world, net_node_name(link), link, NULL, distribution_constant(SIM_TIME_ZERO));
  return link;
}

/* The session of a site's router over one link of the way to `far`, but for the far end. */
static WorldJoin join_from(World *world, WorldSite *site, const char *name, gconstpointer far,
                           NetNode *link, SimTime keepalive, SimTime hold, Ground hold_ground) {
  const DesignSiteLink *said = design_site_link(world->design, site->config, name);
  const DesignDetect *detect = said != NULL ? said->detect : NULL;
  const char *own = site->config->head.name;
  const char *setting = arena_printf(world->arena, "sites.%s.via.%s", own, name);
  WorldJoin join = {.victims = {site->victim}, .link = link};
  join.places[0].site = site->config;
  join.bfd = detect != NULL ? detect->bfd : NULL;
  world_tell(world, site, far, name);
  join.ends[0] = (BgpEnd){
      .speaker = router_speaker(site->router),
      .name = own,
      .connection = far,
      .address = element_address(router_element(site->router)),
      .keepalive = detect != NULL && detect->keepalive.given
                       ? world_draw(world, setting, "keepalive", &detect->keepalive)
                       : keepalive,
      .hold = detect != NULL && detect->hold.given
                  ? world_draw(world, setting, "hold", &detect->hold)
                  : hold,
      .hold_ground = detect != NULL && detect->hold.given ? detect->hold.law.ground : hold_ground,
      .keepalive_jitter_off = detect != NULL && detect->keepalive_jitter == LIVENESS_JITTER_OFF,
      .establish = &site->config->establish.law,
      .connect_retry = world_draw(world, own, "connect_retry", &site->config->connect_retry),
      .connect_retry_ground = site->config->connect_retry.law.ground,
      .weight = said != NULL ? (guint32)said->prefer : 100,
      .as_override = site->config->transit};
  return join;
}

/* An appliance's end is configured like the site's. */
static void join_nva(World *world, WorldSite *site, WorldNva *nva, NetNode *link) {
  const char *name = nva_name(nva->nva);
  WorldJoin join = join_from(world, site, name, nva->nva, link, sim_time_s(30), sim_time_s(90),
                             (Ground){BASIS_DOCUMENTED, "RFC 4271 10"});
  LinkWatch *watch = arena_new0(world->arena, LinkWatch);
  join.victims[1] = nva->victim;
  join.places[1].network = nva->subnet->network;
  join.stream = arena_printf(world->arena, "%s/%s", site->config->head.name, name);
  join.bfd_interval = join.bfd != NULL
                          ? world_draw(world, join.stream, "bfd.interval", &join.bfd->interval)
                          : SIM_TIME_ZERO;
  join.ends[1] = (BgpEnd){.speaker = nva_speaker(nva->nva),
                          .name = name,
                          .role = &nva_role_site,
                          .address = nva_address(nva->nva),
                          .keepalive = join.ends[0].keepalive,
                          .hold = join.ends[0].hold,
                          .hold_ground = join.ends[0].hold_ground,
                          .keepalive_jitter_off = join.ends[0].keepalive_jitter_off,
                          .passive = TRUE,
                          .connect_retry = join.ends[0].connect_retry};
  *watch = (LinkWatch){world, nva};
  nva_watch_sites(nva->nva, link_changed, watch);
  if (!world->cloud->server->advertises_networks || nva->config->peers->len == 0)
    nva_tell_network(nva->nva);
  const WorldSession *session = world_join(world, &join);
  const DesignNvaSite *told = design_find(nva->config->sites, site->config->head.name);
  if (told == NULL)
    return;
  const NvaPeerConfig own = {
      .peer = bgp_session_peer(session->bgp, 1), .scope = told->advertise, .only_list = TRUE};
  nva_add_peer(nva->nva, &own);
}

/* The site's way out is known to those whom it told of it. */
static void tell_end(const World *world, const WorldSite *site, Element *element,
                     const char *name) {
  g_autoptr(GArray) told = design_site_told(world->design, site->config, name);
  g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(Prefix));
  for (guint i = 0; i < told->len; i++)
    g_array_append_val(ranges, g_array_index(told, DesignTold, i).prefix);
  site_tell(site->site, element, (const Prefix *)ranges->data, ranges->len);
}

static void link_nva(World *world, WorldSite *site, WorldNva *nva) {
  NetNode *link =
      keep_link(world, site, site_link(site->site, nva_element(nva->nva)), nva_name(nva->nva));
  tell_end(world, site, nva_element(nva->nva), nva_name(nva->nva));
  if (site->router != NULL) {
    join_nva(world, site, nva, link);
    return;
  }
  LinkWatch *watch = arena_new0(world->arena, LinkWatch);
  *watch = (LinkWatch){world, nva};
  net_node_watch(link, link_changed, watch);
}

static void reach_from(const World *world, const WorldSite *site, Gateway *gateway,
                       gboolean alone) {
  g_autoptr(GArray) told = design_site_told(world->design, site->config, gateway_name(gateway));
  for (guint i = 0; i < told->len; i++)
    gateway_reach(gateway, site->site, g_array_index(told, DesignTold, i).prefix,
                  (guint32)site->config->asn, alone);
}

/* A site has a tunnel to each instance. Facts: AZ-8.5, AZ-8.6, AZ-8.8. */
static void join_gateway(World *world, WorldSite *site, Gateway *gateway, guint index,
                         const DesignSiteLink *said) {
  const GatewayTraits *traits = gateway_config(gateway)->traits;
  const gboolean bgp = design_link_speaks_bgp(said);
  const char *instance = gateway_instance_name(gateway, index);
  Element *element = gateway_instance_element(gateway, index);
  const GatewayTimers timers = gateway_site_timers(gateway);
  NetNode *link = keep_link(world, site, site_routed_link(site->site, element), instance);
  WorldJoin join = join_from(world, site, gateway_name(gateway), gateway, link, timers.keepalive,
                             timers.hold, timers.hold_ground);
  join.victims[1] = world_victim(world, instance);
  join.places[1].network = gateway_network(gateway);
  join.stream = arena_printf(world->arena, "%s/%s", site->config->head.name, instance);
  join.bfd_interval = join.bfd != NULL
                          ? world_draw(world, join.stream, "bfd.interval", &join.bfd->interval)
                          : SIM_TIME_ZERO;
  if (gateway_kind(gateway)->bfd_refusal != NULL)
    join.bfd = NULL;
  join.ends[1] =
      (BgpEnd){.speaker = gateway_instance_speaker(gateway, index),
               .name = instance,
               .role = bgp             ? &gateway_role_site
                       : said->clients ? &gateway_role_clients
                                       : &gateway_role_static,
               .address = element_address(element),
               .keepalive = timers.keepalive,
               .hold = timers.hold,
               .hold_ground = timers.hold_ground,
               .keepalive_jitter_off = traits->keepalive_jitter == LIVENESS_JITTER_OFF,
               .fixed_timers = timers.fixed,
               .passive = TRUE,
               .connect_retry = join.ends[0].connect_retry,
               .prefix_limit = {.most = (guint)traits->most_learned,
                                .fact = keys_fact(gateway_kind(gateway)->keys, "most_learned")}};
  const WorldSession *session = world_join(world, &join);
  if (!bgp)
    gateway_watch_tunnel(gateway, index, site->site, bgp_session_peer(session->bgp, 1));
}

static void link_gateway(World *world, WorldSite *site, Gateway *gateway) {
  const DesignGateway *from = design_find(world->design->gateways, gateway_name(gateway));
  const DesignSiteLink *said = design_site_link(world->design, site->config, gateway_name(gateway));
  if (from->circuits->len > 0)
    return; /* reached over these */
  for (guint i = 0; i < gateway_instance_count(gateway); i++) {
    if (site->router != NULL)
      join_gateway(world, site, gateway, i, said);
    else
      keep_link(world, site, site_routed_link(site->site, gateway_instance_element(gateway, i)),
                gateway_instance_name(gateway, i));
    tell_end(world, site, gateway_instance_element(gateway, i), gateway_name(gateway));
  }
  if (site->router == NULL || !design_link_speaks_bgp(said))
    reach_from(world, site, gateway, said != NULL && said->clients);
}

static void link_site(World *world, WorldSite *site, const char *name) {
  WorldNva *nva = world_nva(world, name);
  if (nva != NULL)
    link_nva(world, site, nva);
  for (guint i = 0; nva == NULL && i < world->gateways->len; i++)
    if (strcmp(gateway_name(world->gateways->pdata[i]), name) == 0)
      link_gateway(world, site, world->gateways->pdata[i]);
}

void world_build_sites(World *world) {
  for (guint i = 0; i < world->design->sites->len; i++) {
    const DesignSite *config = world->design->sites->pdata[i];
    WorldSite *site = add_site(world, config->head.name);
    site->config = config;
    add_claims(world, site);
    if (design_site_has_router(world->design, config))
      add_router(world, site, i);
    for (guint j = 0; j < config->via.names->len; j++)
      link_site(world, site, ((NameRef *)config->via.names->pdata[j])->text);
  }
  /* Everything that is nowhere else; traffic goes to an address for documentation (RFC
   * 5737). */
  WorldSite *internet = add_site(world, DESIGN_INTERNET_SITE);
  site_add_prefix(internet->site, prefix_host(ip_address_v4(0xCB007101)));
  fabric_set_internet(world->fabric, internet->site);
  for (guint i = 0; i < world->topology.edges->len; i++) {
    const CloudEdge *edge = world->topology.edges->pdata[i];
    if (edge->kind == CLOUD_EDGE_INTERNET && edge->element != NULL)
      site_link(internet->site, edge->element);
  }
}
