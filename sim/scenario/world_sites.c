/* Sites of a world and their links. */
#include <string.h>

#include "scenario_private.h"

WorldSite *world_site(const World *world, const char *name) {
  for (guint i = 0; i < world->sites->len; i++) {
    WorldSite *site = world->sites->pdata[i];
    if (strcmp(site_name(site->site), name) == 0)
      return site;
  }
  return NULL;
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
  world_add_victim(world, net_node_name(link), link, NULL, distribution_constant(SIM_TIME_ZERO));
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

void world_build_sites(World *world) {
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
  for (guint i = 0; i < world->topology.edges->len; i++) {
    const CloudEdge *edge = world->topology.edges->pdata[i];
    if (edge->kind == CLOUD_EDGE_INTERNET && edge->element != NULL)
      site_link(internet->site, edge->element);
  }
}
