/* What can fail under a cloud, and what has sessions with what; see the header. sim/world/names.c
 * finds the same in a built world: to derive the one from the other, either a check would build a
 * world, or a run would break what was foretold in place of what is there. A test holds both to
 * each other on every name. */
#include "routesim/check/names.h"

#include <string.h>

#include "check_private.h"

typedef struct {
  const char *name, *group; /* "lb-w/backend/0" of "lb-w/backends" */
} Member;

typedef struct {
  const char *ends[2];
} Session;

/* A part of a route server. */
typedef struct {
  const DesignRouteServer *server;
  guint index; /* among the server's */
  const char *name, *zone;
} Part;

struct CheckNames {
  Arena *arena;
  const Design *design;
  const CloudClass *cloud;
  guint place;
  GPtrArray *things; /* const char * */
  GArray *members;   /* Member */
  GArray *parts;     /* Part: by server, then by name */
  GArray *sessions;  /* Session */
};

static void add_thing(CheckNames *names, const char *name) {
  g_ptr_array_add(names->things, (gpointer)name);
}

static void add_session(CheckNames *names, const char *a, const char *b) {
  const Session session = {{a, b}};
  g_array_append_val(names->sessions, session);
}

/* An instance of a gateway, or an edge of a circuit, is called as "er/0". */
static const char *numbered(const CheckNames *names, const char *name, guint index) {
  return arena_printf(names->arena, "%s/%u", name, index);
}

/* How many instances the gateway has; 0: it is of a kind that no site is behind. */
static guint count_instances(const CheckNames *names, const DesignGateway *gateway) {
  return cloud_gateway_kind(names->cloud, gateway) != NULL
             ? gateway_class_instances(names->cloud->gateways, gateway->active_active)
             : 0;
}

/* How many edges the circuit has; 0: nothing is connected to it, or the cloud has no circuits. */
static guint count_edges(const CheckNames *names, const DesignCircuit *circuit) {
  return names->cloud->circuits != NULL && design_gateway_on(names->design, circuit) != NULL
             ? names->cloud->circuits->edges
             : 0;
}

/* ---- appliances and route servers --------------------------------------------------------- */

static void add_appliance(CheckNames *names, const DesignNva *nva) {
  const NvaClass *class = nva->kind;
  Member member;
  add_thing(names, nva->head.name);
  for (guint i = 0;
       class->part_at != NULL && class->part_at(nva->head.name, nva->class_keys, i, names->arena,
                                                &member.name, &member.group);
       i++) {
    add_thing(names, member.name);
    g_array_append_val(names->members, member);
  }
}

static void add_server(CheckNames *names, const DesignRouteServer *server) {
  CloudPart part;
  const PeersClass *peers = names->cloud->peers;
  for (guint i = 0; peers->part_at(names->design, server, server->configs[names->place], i, &part);
       i++) {
    const Part made = {server, i, arena_printf(names->arena, "%s/%s", server->head.name, part.name),
                       part.zone};
    add_thing(names, made.name);
    g_array_append_val(names->parts, made);
  }
}

/* The appliance has sessions with the parts that its interface in `subnet` reaches; FALSE: none. */
static gboolean add_peer_sessions(CheckNames *names, const DesignNva *nva, const DesignPeer *peer,
                                  const char *subnet) {
  gboolean any = FALSE;
  for (guint i = 0; i < names->parts->len; i++) {
    const Part *part = &g_array_index(names->parts, Part, i);
    if (strcmp(part->server->head.name, peer->head.name) != 0 ||
        !names->cloud->peers->peers_with(part->server->configs[names->place], part->index, subnet,
                                         peer->configs[names->place]))
      continue;
    add_session(names, nva->head.name, part->name);
    any = TRUE;
  }
  return any;
}

static void add_server_sessions(CheckNames *names, const DesignNva *nva) {
  for (guint i = 0; i < nva->peers->len; i++) {
    const DesignPeer *peer = nva->peers->pdata[i];
    if (!add_peer_sessions(names, nva, peer, nva->subnet.text) && nva->interfaces != NULL)
      add_peer_sessions(names, nva, peer, nva->interfaces->out.text);
  }
}

/* Between two appliances there is one session, whether one of them or both speak of it. */
static void add_sessions_between(CheckNames *names) {
  const GPtrArray *nvas = names->design->nvas;
  for (guint i = 0; i < nvas->len; i++)
    for (guint j = i + 1; j < nvas->len; j++) {
      const DesignNva *a = nvas->pdata[i], *b = nvas->pdata[j];
      if (design_find(a->peers, b->head.name) != NULL ||
          design_find(b->peers, a->head.name) != NULL)
        add_session(names, a->head.name, b->head.name);
    }
}

/* Where no route server moves traffic, devices that would peer with it may watch each other. */
static void add_heartbeats(CheckNames *names) {
  const Design *design = names->design;
  const ApiFailoverConfig *config = design->api_failover[names->place];
  if (design->failover != FAILOVER_API || config->trigger == API_TRIGGER_POLL)
    return;
  for (guint s = 0; s < design->route_servers->len; s++) {
    const char *server = ((const BlockHead *)design->route_servers->pdata[s])->name;
    for (guint i = 0; i < design->nvas->len; i++)
      for (guint j = 0; j < i; j++) {
        const DesignNva *a = design->nvas->pdata[j], *b = design->nvas->pdata[i];
        if (design_find(a->peers, server) != NULL && design_find(b->peers, server) != NULL)
          add_session(names, a->head.name, b->head.name);
      }
  }
}

/* ---- gateways and circuits ---------------------------------------------------------------- */

static void add_gateway(CheckNames *names, const DesignGateway *gateway) {
  const guint instances = count_instances(names, gateway);
  for (guint i = 0; i < instances; i++)
    add_thing(names, numbered(names, gateway->head.name, i));
  if (instances == 2 && cloud_gateway_has_neighbors(names->design, names->cloud, gateway))
    add_session(names, numbered(names, gateway->head.name, 0),
                numbered(names, gateway->head.name, 1));
  if (gateway->kind == DESIGN_GATEWAY_NAT && names->cloud->edges != NULL)
    add_thing(names, gateway->head.name);
}

/* Two sides of one gateway have a session, which is added once for each two. */
static void add_side_session(CheckNames *names, const DesignGateway *gateway) {
  const DesignGateway *other = cloud_other_side(names->design, names->cloud, gateway);
  if (other != NULL && strcmp(other->head.name, gateway->head.name) < 0 &&
      cloud_gateway_has_neighbors(names->design, names->cloud, gateway))
    add_session(names, numbered(names, other->head.name, 0),
                numbered(names, gateway->head.name, 0));
}

static void add_gateway_sessions(CheckNames *names, const DesignGateway *gateway) {
  const gboolean meet = names->cloud->gateways->server_profile != NULL;
  for (guint i = 0; meet && i < names->parts->len; i++) {
    const Part *part = &g_array_index(names->parts, Part, i);
    for (guint j = 0; j < count_instances(names, gateway) &&
                      strcmp(part->server->network.text, gateway->network.text) == 0;
         j++)
      add_session(names, numbered(names, gateway->head.name, j), part->name);
  }
}

/* An edge fails as "circuit/c1/0", and has its sessions as "c1/0". */
static void add_edge(CheckNames *names, const DesignCircuit *circuit, const char *edge) {
  const GPtrArray *gateways = names->design->gateways;
  add_thing(names, arena_printf(names->arena, "circuit/%s", edge));
  add_thing(names, arena_printf(names->arena, "link/%s/%s", circuit->site.text, edge));
  add_session(names, circuit->site.text, edge);
  for (guint i = 0; i < gateways->len; i++) {
    const DesignGateway *gateway = gateways->pdata[i];
    for (guint j = 0; gateway->kind == DESIGN_GATEWAY_CIRCUIT &&
                      design_names_hold(gateway->circuits, circuit->head.name) &&
                      j < count_instances(names, gateway);
         j++)
      add_session(names, numbered(names, gateway->head.name, j), edge);
  }
}

static void add_circuit(CheckNames *names, const DesignCircuit *circuit) {
  for (guint i = 0; i < count_edges(names, circuit); i++)
    add_edge(names, circuit, numbered(names, circuit->head.name, i));
}

/* ---- sites -------------------------------------------------------------------------------- */

static void add_link(CheckNames *names, const DesignSite *site, const char *far_end) {
  add_thing(names, arena_printf(names->arena, "link/%s/%s", site->head.name, far_end));
  if (design_site_has_router(names->design, site))
    add_session(names, site->head.name, far_end);
}

/* A gateway on circuits is reached over these. */
static void add_way(CheckNames *names, const DesignSite *site, const char *via) {
  const DesignNva *nva = design_find(names->design->nvas, via);
  const DesignGateway *gateway = nva == NULL ? design_find(names->design->gateways, via) : NULL;
  if (nva != NULL)
    add_link(names, site, nva->head.name);
  if (gateway != NULL && gateway->circuits->len == 0)
    for (guint i = 0; i < count_instances(names, gateway); i++)
      add_link(names, site, numbered(names, gateway->head.name, i));
}

static void add_site(CheckNames *names, const DesignSite *site) {
  if (design_site_has_router(names->design, site))
    add_thing(names, site->head.name);
  for (guint i = 0; i < site->via.names->len; i++)
    add_way(names, site, ((const NameRef *)site->via.names->pdata[i])->text);
}

CheckNames *check_names_new(Arena *arena, const Design *design, const CloudClass *cloud) {
  CheckNames *names = arena_new0(arena, CheckNames);
  *names = (CheckNames){.arena = arena,
                        .design = design,
                        .cloud = cloud,
                        .place = cloud_place(cloud),
                        .things = arena_ptr_array(arena),
                        .members = arena_growing_array(arena, sizeof(Member)),
                        .parts = arena_growing_array(arena, sizeof(Part)),
                        .sessions = arena_growing_array(arena, sizeof(Session))};
  for (guint i = 0; i < design->nvas->len; i++)
    add_appliance(names, design->nvas->pdata[i]);
  for (guint i = 0; i < design->route_servers->len; i++)
    add_server(names, design->route_servers->pdata[i]);
  for (guint i = 0; i < design->gateways->len; i++) {
    add_gateway(names, design->gateways->pdata[i]);
    add_side_session(names, design->gateways->pdata[i]);
  }
  for (guint i = 0; i < design->sites->len; i++)
    add_site(names, design->sites->pdata[i]);
  for (guint i = 0; i < design->circuits->len; i++)
    add_circuit(names, design->circuits->pdata[i]);
  for (guint i = 0; design->failover == FAILOVER_ROUTE_SERVER && i < design->nvas->len; i++)
    add_server_sessions(names, design->nvas->pdata[i]);
  for (guint i = 0; design->failover == FAILOVER_ROUTE_SERVER && i < design->gateways->len; i++)
    add_gateway_sessions(names, design->gateways->pdata[i]);
  add_sessions_between(names);
  add_heartbeats(names);
  return names;
}

/* ---- what a name means -------------------------------------------------------------------- */

static gboolean take(GPtrArray *things, const char *name) {
  g_ptr_array_add(things, (gpointer)name);
  return TRUE;
}

/* Where an appliance has its zone from: its own word, or its subnet. */
static const char *zone_of(const Design *design, const DesignNva *nva, const char **network) {
  const DesignNetwork *owner = NULL;
  const DesignSubnet *subnet = design_find_subnet(design, nva->subnet.text, &owner);
  *network = owner->head.name;
  return nva->zone.text != NULL ? nva->zone.text : subnet->zone.text;
}

static gboolean add_zone_of(const CheckNames *names, const DesignNetwork *network, const char *zone,
                            GPtrArray *things) {
  const Design *design = names->design;
  const char *own = network->head.name, *owner;
  gboolean found = FALSE;
  for (guint i = 0; i < network->subnets->len; i++)
    found |= g_strcmp0(((const DesignSubnet *)network->subnets->pdata[i])->zone.text, zone) == 0;
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    if (g_strcmp0(zone_of(design, nva, &owner), zone) == 0 && strcmp(owner, own) == 0)
      found = take(things, nva->head.name);
  }
  for (guint i = 0; names->cloud->edges != NULL && i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    const DesignSubnet *subnet =
        gateway->kind == DESIGN_GATEWAY_NAT && g_strcmp0(gateway->network.text, own) == 0
            ? design_find_subnet(design, gateway->subnet.text, NULL)
            : NULL;
    if (subnet != NULL && g_strcmp0(subnet->zone.text, zone) == 0)
      take(things, gateway->head.name);
  }
  for (guint i = 0; i < names->parts->len; i++) {
    const Part *part = &g_array_index(names->parts, Part, i);
    if (strcmp(part->server->network.text, own) == 0 && g_strcmp0(part->zone, zone) == 0)
      take(things, part->name);
  }
  return found;
}

/* Names such as "zone/west/a" have a region or network, then a zone. The hosts there are one more
 * thing. */
static gboolean add_zone(const CheckNames *names, const char *name, GPtrArray *things) {
  const DesignTarget target = design_target(names->design, name);
  gboolean found = FALSE;
  for (guint i = 0; target.kind == DESIGN_TARGET_ZONE && i < names->design->networks->len; i++) {
    const DesignNetwork *network = names->design->networks->pdata[i];
    if (design_place_has_network(&target.place, network))
      found |= add_zone_of(names, network, target.zone, things);
  }
  return found && take(things, arena_strdup(names->arena, name));
}

static gboolean add_single(const CheckNames *names, const char *name, GPtrArray *things) {
  guint index;
  return g_ptr_array_find_with_equal_func(names->things, name, g_str_equal, &index) &&
         take(things, names->things->pdata[index]);
}

/* "rs" means all parts, "rs/#0" the first by name. */
static gboolean add_parts(const CheckNames *names, const char *name, GPtrArray *things) {
  const DesignTarget target = design_target(names->design, name);
  const DesignRouteServer *whole = design_find(names->design->route_servers, name);
  gboolean found = FALSE;
  for (guint i = 0; i < names->parts->len; i++) {
    const Part *part = &g_array_index(names->parts, Part, i);
    if (part->server == whole || (target.kind == DESIGN_TARGET_PART &&
                                  part->server == target.server && part->index == target.number))
      found = take(things, part->name);
  }
  return found;
}

static gboolean add_instances(const CheckNames *names, const char *name, GPtrArray *things) {
  const DesignGateway *gateway = design_find(names->design->gateways, name);
  gboolean found = FALSE;
  for (guint i = 0; gateway != NULL && i < count_instances(names, gateway); i++)
    found = take(things, numbered(names, name, i));
  return found;
}

/* "circuit/c1" means the links between the site and the circuit's edges. */
static gboolean add_lines(const CheckNames *names, const char *name, GPtrArray *things) {
  const DesignTarget target = design_target(names->design, name);
  const DesignCircuit *circuit = target.kind == DESIGN_TARGET_CIRCUIT
                                     ? design_find(names->design->circuits, target.rest)
                                     : NULL;
  gboolean found = FALSE;
  for (guint i = 0; circuit != NULL && i < count_edges(names, circuit); i++)
    found = take(things, arena_printf(names->arena, "link/%s/%s/%u", circuit->site.text,
                                      circuit->head.name, i));
  return found;
}

static gboolean add_group(const CheckNames *names, const char *name, GPtrArray *things) {
  gboolean found = FALSE;
  for (guint i = 0; i < names->members->len; i++) {
    const Member *member = &g_array_index(names->members, Member, i);
    if (g_strcmp0(member->group, name) == 0)
      found = take(things, member->name);
  }
  return found;
}

gboolean check_names_resolve(const CheckNames *names, const char *name, GPtrArray *things) {
  return add_zone(names, name, things) || add_single(names, name, things) ||
         add_parts(names, name, things) || add_instances(names, name, things) ||
         add_lines(names, name, things) || add_group(names, name, things);
}

const GPtrArray *check_names_things(const CheckNames *names) { return names->things; }

static gboolean holds(const GPtrArray *things, const char *name) {
  return g_ptr_array_find_with_equal_func((GPtrArray *)things, name, g_str_equal, NULL);
}

gboolean check_names_have_session(const CheckNames *names, const char *a, const char *b) {
  g_autoptr(GPtrArray) here = g_ptr_array_new();
  g_autoptr(GPtrArray) there = g_ptr_array_new();
  check_names_resolve(names, a, here);
  check_names_resolve(names, b, there);
  for (guint i = 0; i < names->sessions->len; i++) {
    const char *const *ends = g_array_index(names->sessions, Session, i).ends;
    if ((holds(here, ends[0]) && holds(there, ends[1])) ||
        (holds(there, ends[0]) && holds(here, ends[1])))
      return TRUE;
  }
  return FALSE;
}

/* ---- everything that can fail ------------------------------------------------------------- */

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The things of a name as one text, by which two names are known to mean the same. */
static char *meaning_of(const CheckNames *names, const char *name) {
  g_autoptr(GPtrArray) things = g_ptr_array_new();
  check_names_resolve(names, name, things);
  g_ptr_array_sort(things, compare_names);
  g_ptr_array_add(things, NULL);
  return g_strjoinv(" ", (char **)things->pdata);
}

static void add_element(const CheckNames *names, const char *name, GHashTable *meanings,
                        GPtrArray *elements) {
  char *meaning = meaning_of(names, name);
  guint place;
  const char *known = g_hash_table_lookup(meanings, meaning);
  if (known == NULL) {
    g_ptr_array_add(elements, (gpointer)name);
  } else if (strlen(name) < strlen(known) && g_ptr_array_find(elements, known, &place)) {
    elements->pdata[place] = (gpointer)name;
  } else {
    g_free(meaning);
    return;
  }
  g_hash_table_replace(meanings, meaning, (gpointer)name);
}

static void add_zones(const CheckNames *names, const DesignNetwork *network, GHashTable *meanings,
                      GPtrArray *elements) {
  const Design *design = names->design;
  g_autoptr(GPtrArray) zones = g_ptr_array_new();
  const char *place = network->region.text != NULL ? network->region.text : network->head.name,
             *owner;
  for (guint i = 0; i < network->subnets->len; i++)
    g_ptr_array_add(zones, (gpointer)((DesignSubnet *)network->subnets->pdata[i])->zone.text);
  for (guint i = 0; i < design->nvas->len; i++) {
    const char *zone = zone_of(design, design->nvas->pdata[i], &owner);
    if (strcmp(owner, network->head.name) == 0)
      g_ptr_array_add(zones, (gpointer)zone);
  }
  for (guint i = 0; i < zones->len; i++)
    if (zones->pdata[i] != NULL)
      add_element(names, arena_printf(names->arena, "zone/%s/%s", place, (char *)zones->pdata[i]),
                  meanings, elements);
}

GPtrArray *check_names_elements(const CheckNames *names) {
  const Design *design = names->design;
  GPtrArray *elements = arena_ptr_array(names->arena);
  g_autoptr(GHashTable) meanings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < names->things->len; i++)
    add_element(names, names->things->pdata[i], meanings, elements);
  for (guint i = 0; i < names->parts->len; i++) {
    const DesignRouteServer *server = g_array_index(names->parts, Part, i).server;
    add_element(names, server->head.name, meanings, elements);
  }
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    if (count_instances(names, gateway) > 0)
      add_element(names, gateway->head.name, meanings, elements);
  }
  for (guint i = 0; i < design->circuits->len; i++) {
    const DesignCircuit *circuit = design->circuits->pdata[i];
    if (count_edges(names, circuit) > 0)
      add_element(names, arena_printf(names->arena, "circuit/%s", circuit->head.name), meanings,
                  elements);
  }
  for (guint i = 0; i < names->members->len; i++) {
    const Member *member = &g_array_index(names->members, Member, i);
    if (member->group != NULL)
      add_element(names, member->group, meanings, elements);
  }
  for (guint i = 0; i < design->networks->len; i++)
    add_zones(names, design->networks->pdata[i], meanings, elements);
  g_ptr_array_sort(elements, compare_names);
  return elements;
}

void check_names_match(const CheckNames *names, const GPtrArray *elements, const char *pattern,
                       GPtrArray *matched) {
  g_autoptr(GPtrArray) things = g_ptr_array_new();
  if (strchr(pattern, '*') == NULL && check_names_resolve(names, pattern, things))
    g_ptr_array_add(matched, (gpointer)pattern);
  for (guint i = 0; strchr(pattern, '*') != NULL && i < elements->len; i++)
    if (g_pattern_match_simple(pattern, elements->pdata[i]))
      g_ptr_array_add(matched, elements->pdata[i]);
}
