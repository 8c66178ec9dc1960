/* Appliances of a world, what can fail in it, and what appliances announce. */
#include <string.h>

#include "scenario_private.h"

/* ---- victims ------------------------------------------------------------------------------------
 */

FaultVictim *world_add_victim(World *world, const char *name, NetNode *node, BgpSpeaker *speaker,
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

FaultVictim *world_victim(const World *world, const char *name) {
  for (guint i = 0; i < world->victims->len; i++) {
    FaultVictim *victim = world->victims->pdata[i];
    if (strcmp(victim->name, name) == 0)
      return victim;
  }
  return NULL;
}

/* ---- appliances and sites
 * ------------------------------------------------------------------------- */

static const char *transit_refusal(const World *world, const ScenarioNva *config) {
  const CloudClass *cloud = world->cloud;
  return cloud->transit_refusal != NULL
             ? cloud->transit_refusal(config->configs[scenario_cloud_index(cloud)])
             : NULL;
}

void world_build_nva(World *world, const ScenarioNva *config) {
  WorldNva *nva = arena_new0(world->arena, WorldNva);
  nva->config = config;
  nva->subnet = cloud_find_subnet(&world->topology, config->subnet.text);
  const NvaConfig made = {.name = config->head.name,
                          .class = nva_class_at((guint)config->kind),
                          .asn = (guint32)config->asn,
                          .address = world_nva_address(world, config),
                          .network = nva->subnet->network->network,
                          .table = nva->subnet->tables->pdata[0],
                          .refuses_transit = transit_refusal(world, config),
                          .zone = config->zone.text != NULL ? config->zone.text
                                                            : nva->subnet->zone};
  nva->nva =
      nva_new(world->engine, world->fabric, &made, world->options->seed, world->options->run);
  nva->victim = world_add_victim(world, config->head.name, nva_node(nva->nva),
                                 nva_speaker(nva->nva), config->boot.law);
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

static NvaAnnouncement announcement_of(const World *world, const ScenarioAnnouncement *from,
                                       Prefix prefix) {
  NvaAnnouncement to = {.prefix = prefix,
                        .prepend = (guint)from->prepend,
                        .has_med = from->med >= 0,
                        .med = from->med >= 0 ? (guint32)from->med : 0};
  guint32 *communities = arena_array(world->arena, guint32, from->communities->len + 1);
  for (guint i = 0; i < from->communities->len; i++)
    scenario_parse_community(((NameRef *)from->communities->pdata[i])->text, &communities[i]);
  to.communities = communities;
  to.community_count = from->communities->len;
  if (from->next_hop.text != NULL && !ip_address_parse(from->next_hop.text, &to.next_hop))
    to.next_hop = world_nva_address(world, scenario_find(world->body->nvas, from->next_hop.text));
  return to;
}

void world_announce(World *world, WorldNva *nva, const GPtrArray *advertise) {
  g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(NvaAnnouncement));
  nva->advertise = advertise;
  for (guint i = 0; i < advertise->len; i++) {
    const ScenarioAnnouncement *from = advertise->pdata[i];
    if (from->site.text == NULL) {
      for (gint64 j = 0; j < from->count; j++) {
        Prefix prefix = from->prefix.value;
        prefix_following(from->prefix.value, (guint64)j, &prefix);
        const NvaAnnouncement announcement = announcement_of(world, from, prefix);
        g_array_append_val(list, announcement);
      }
      continue;
    }
    const ScenarioSite *site = scenario_find(world->body->sites, from->site.text);
    for (guint j = 0;
         j < site->prefixes->len && world_site_is_near(world, from->site.text, nva_name(nva->nva)); j++) {
      const NvaAnnouncement announcement =
          announcement_of(world, from, ((PrefixValue *)site->prefixes->pdata[j])->value);
      g_array_append_val(list, announcement);
    }
  }
  nva_announce(nva->nva, (const NvaAnnouncement *)list->data, list->len);
}
