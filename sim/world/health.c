/* Health checks of appliances, and the parts that their kinds add. */
#include <string.h>

#include "world_private.h"

static void add_part(World *world, WorldNva *nva, const Subnet *subnet, const NvaPart *part) {
  WorldPart *made = arena_new0(world->arena, WorldPart);
  made->group = part->group;
  made->subnet = subnet;
  made->nva = nva;
  made->victim = world_add_victim(world, part->name, part->node, NULL, part->boot);
  made->victim->process_ended = part->process_ended;
  made->victim->process_started = part->process_started;
  made->victim->data = part->data;
  g_ptr_array_add(world->parts, made);
}

static void build_kind(World *world, WorldNva *nva) {
  const NvaClass *kind = nva_class(nva->nva);
  g_autoptr(GPtrArray) parts = g_ptr_array_new();
  if (kind->build == NULL)
    return;
  const char *name = kind->parts_stand_in(nva->config->class_keys);
  Subnet *subnet = cloud_find_subnet(&world->topology, name)->subnet;
  kind->build(nva->nva, subnet, parts);
  for (guint i = 0; i < parts->len; i++)
    add_part(world, nva, subnet, parts->pdata[i]);
}

/* ---- targets ------------------------------------------------------------------------------ */

typedef struct {
  const Nva *nva;
  const WorldNva *appliance; /* the target is another appliance; or NULL */
  IpAddress address;
  gboolean own_way; /* a site: what another appliance could do for it does not count */
} Target;

/* Of the target itself only the data plane counts. */
static gboolean passes_traffic(gpointer data, RecordId *because) {
  const Target *target = data;
  *because = net_node_forwards_since(nva_node(target->nva));
  return net_node_forwards(nva_node(target->nva));
}

/* TRUE where a packet from the appliance gets there. */
static gboolean is_reached(gpointer data, RecordId *because) {
  const Target *target = data;
  const HashClass any = {.modulus = 1};
  Passage passage;
  if (target->appliance != NULL) {
    const NetNode *node = nva_node(target->appliance->nva);
    *because = net_node_fails_since(node);
    if (!net_node_forwards(node) || net_node_is(node, NODE_CUT))
      return FALSE;
  }
  const Packet packet = {nva_address(target->nva), target->address, any, FALSE};
  fabric_walk_from_element(nva_fabric(target->nva), nva_element(target->nva), &packet, &passage);
  if (target->own_way && !element_has_own_way(nva_element(target->nva), target->address, because))
    return FALSE;
  *because = passage_because(&passage);
  return passage.delivered || passage.split > 0;
}

static void add_target(World *world, const WorldNva *nva, const NameRef *name) {
  Target *target = arena_new0(world->arena, Target);
  const gboolean own = name->text == NULL || name->word == DESIGN_CHECKS_DATA_PLANE;
  const NvaTarget made = {own ? design_check_words[DESIGN_CHECKS_DATA_PLANE - 1] : name->text,
                          own ? passes_traffic : is_reached, target};
  target->nva = nva->nva;
  if (!own && !ip_address_parse(name->text, &target->address)) {
    const WorldSite *site = world_site(world, name->text);
    target->appliance = world_nva(world, name->text);
    target->own_way = site != NULL;
    target->address = site != NULL ? site_address(site->site) : nva_address(target->appliance->nva);
  }
  nva_add_target(nva->nva, &made);
}

/* ---- building ------------------------------------------------------------------------------ */

static void set_health(World *world, const WorldNva *nva) {
  const DesignHealth *config = nva->config->health;
  const gboolean parts = nva_class(nva->nva)->checks_parts;
  const char *setting = arena_printf(world->arena, "nvas.%s", nva_name(nva->nva));
  const SimTime check = world_draw(world, setting, "health.check", &config->check);
  SimTime poll = SIM_TIME_ZERO;
  if (parts || config->poll.given)
    poll = world_draw(world, setting, "health.poll", &config->poll);
  nva_set_health(nva->nva, check, poll);
  if (!parts)
    add_target(world, nva, &config->target);
}

void world_build_health(World *world) {
  for (guint i = 0; i < world->nvas->len; i++) {
    WorldNva *nva = world->nvas->pdata[i];
    if (nva->config->health != NULL)
      set_health(world, nva);
    build_kind(world, nva);
  }
}
