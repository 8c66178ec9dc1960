/* Transit gateways: attachments of VPCs, route tables of their own, and the zone that a packet
 * leaves by. A route server's routes never get here: into these tables come static routes and the
 * ranges of attached VPCs only. Facts: AWS-8.5. */
#include "transit.h"

#include <string.h>

#include "aws_private.h"
#include "routesim/design/tell.h"

/* ---- traits ---------------------------------------------------------------------------------- */

#define TRANSIT(name) G_STRUCT_OFFSET(AwsTransitConfig, name)
#define ROUTE(name) G_STRUCT_OFFSET(DesignRoute, name)
#define TABLE(name) G_STRUCT_OFFSET(AwsTransitTable, name)

enum { VIA_NONE = 1 }; /* NameRef.word */
static const char *const via_words[] = {[VIA_NONE - 1] = "none", NULL};

static const KeySpec route_specs[] = {
    {"to", KEY_PREFIX, KEY_ONE, ROUTE(to), .flags = KEY_REQUIRED, .doc = "destination"},
    {"via", KEY_NAME, KEY_ONE, ROUTE(via), .flags = KEY_REQUIRED,
     .doc = "an attached network, or none: a blackhole", .choices = via_words},
    {"prefix_list", KEY_NAME, KEY_ONE, ROUTE(prefix_list), .basis = BASIS_DOCUMENTED,
     .fact = "AWS-11.7", .doc = "prefix list that it comes from: such routes yield to static ones"},
};
static const KeyTable default_route_keys =
    KEY_TABLE("gateways.*.aws.routes", DesignRoute, route_specs);
static const KeyTable route_keys =
    KEY_TABLE("gateways.*.aws.tables.*.routes", DesignRoute, route_specs);

static const KeySpec table_specs[] = {
    {"attachments", KEY_NAME, KEY_LIST, TABLE(attachments), .flags = KEY_REQUIRED,
     .doc = "networks whose traffic follows it"},
    {"propagate", KEY_BOOL, KEY_ONE, TABLE(propagate), .fallback = "on", .basis = BASIS_DOCUMENTED,
     .fact = "AWS-8.5", .doc = "the ranges of all attached networks enter it"},
    {"routes", KEY_BLOCK, KEY_LIST, TABLE(routes), .doc = "static routes", .table = &route_keys},
};
static const KeyTable table_keys =
    KEY_TABLE("gateways.*.aws.tables.*", AwsTransitTable, table_specs);

static const KeySpec transit_specs[] = {
    {"attach", KEY_NAME, KEY_LIST, TRANSIT(attach), .flags = KEY_REQUIRED,
     .basis = BASIS_DOCUMENTED, .fact = "AWS-11.4",
     .doc = "what it joins: a subnet for each zone, or a network, which means its first subnet in "
            "each"},
    {"appliance_mode", KEY_BOOL, KEY_ONE, TRANSIT(appliance_mode), .fallback = "off",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-11.5",
     .doc = "a flow keeps to one zone of an attachment, in both directions"},
    {"routes", KEY_BLOCK, KEY_LIST, TRANSIT(routes), .basis = BASIS_DOCUMENTED, .fact = "AWS-8.5",
     .doc = "static routes of its default table", .table = &default_route_keys},
    {"tables", KEY_BLOCK, KEY_MAP, TRANSIT(tables),
     .doc = "more route tables; a network in none of them follows the default one",
     .table = &table_keys},
};
const KeyTable aws_transit_keys = KEY_TABLE("gateways.*.aws", AwsTransitConfig, transit_specs);

/* The order of a transit gateway, as far as one with VPCs alone gets: static, prefix list, VPC.
 * Facts: AWS-11.7. */
static const RouteOrigin static_origin = {.name = "static", .rank = 0};
static const RouteOrigin prefix_list_origin = {.name = "prefix list", .rank = 1};
static const RouteOrigin vpc_origin = {.name = "propagated (vpc)", .rank = 2, .dynamic = TRUE};

/* ---- the gateway --------------------------------------------------------------------------- */

typedef struct {
  CloudNetwork *network;
  GPtrArray *subnets; /* CloudSubnet *, one for each zone, by zone */
  RouteTable *table;  /* that its traffic follows in the gateway */
} Attachment;

typedef struct {
  CloudTopology *topology;
  const AwsTransitConfig *config;
  GPtrArray *attachments; /* Attachment * */
} Transit;

static Attachment *attachment_of(const Transit *transit, const Network *network) {
  for (guint i = 0; i < transit->attachments->len; i++) {
    Attachment *attachment = transit->attachments->pdata[i];
    if (attachment->network->network == network)
      return attachment;
  }
  return NULL;
}

static CloudSubnet *subnet_in_zone(const Attachment *attachment, const char *zone) {
  for (guint i = 0; i < attachment->subnets->len; i++) {
    CloudSubnet *subnet = attachment->subnets->pdata[i];
    if (g_strcmp0(subnet->zone, zone) == 0)
      return subnet;
  }
  return NULL;
}

static int compare_zones(gconstpointer a, gconstpointer b) {
  return g_strcmp0((*(CloudSubnet *const *)a)->zone, (*(CloudSubnet *const *)b)->zone);
}

static void attach_subnet(Transit *transit, CloudSubnet *subnet) {
  Attachment *attachment = attachment_of(transit, subnet->network->network);
  if (attachment == NULL) {
    attachment = arena_new0(transit->topology->arena, Attachment);
    attachment->network = subnet->network;
    attachment->subnets = arena_ptr_array(transit->topology->arena);
    g_ptr_array_add(transit->attachments, attachment);
  }
  if (subnet_in_zone(attachment, subnet->zone) != NULL)
    return;
  g_ptr_array_add(attachment->subnets, subnet);
  g_ptr_array_sort(attachment->subnets, compare_zones);
}

/* The name of a network stands for its first subnet in each zone, or without zones for its first.
 */
static void attach_named(Transit *transit, const char *name) {
  CloudSubnet *subnet = cloud_find_subnet(transit->topology, name);
  if (subnet != NULL)
    attach_subnet(transit, subnet);
  for (guint i = 0; i < transit->topology->networks->len; i++) {
    const CloudNetwork *network = transit->topology->networks->pdata[i];
    for (guint j = 0; strcmp(network->name, name) == 0 && j < network->subnets->len; j++) {
      subnet = network->subnets->pdata[j];
      if (subnet->zone != NULL || network->zones->len == 0)
        attach_subnet(transit, subnet);
    }
  }
}

static void put_routes(const Transit *transit, RouteTable *table, const GPtrArray *routes,
                       gboolean propagate) {
  for (guint i = 0; propagate && i < transit->attachments->len; i++) {
    const Attachment *attachment = transit->attachments->pdata[i];
    const Network *network = attachment->network->network;
    const NextHop hop = {.kind = HOP_LOCAL, .network = attachment->network->network};
    for (guint j = 0; j < network_prefix_count(network); j++)
      route_table_put(table, network_prefix(network, j), &vpc_origin, &hop, 1);
  }
  for (guint i = 0; i < routes->len; i++) {
    const DesignRoute *route = routes->pdata[i];
    NextHop hop = {.kind = HOP_NONE};
    for (guint j = 0; route->via.word != VIA_NONE && j < transit->attachments->len; j++) {
      const Attachment *attachment = transit->attachments->pdata[j];
      if (strcmp(attachment->network->name, route->via.text) == 0)
        hop = (NextHop){.kind = HOP_LOCAL, .network = attachment->network->network};
    }
    route_table_put(table, route->to.value,
                    route->prefix_list.text != NULL ? &prefix_list_origin : &static_origin, &hop,
                    1);
  }
}

/* ---- a packet -------------------------------------------------------------------------------- */

/* One of `count` is chosen by a hash; the answer asks for a split where it is not known well
 * enough. */
static gboolean choose(const HashClass *hash, gboolean pin, guint count, RelayAnswer *answer,
                       guint *index) {
  const guint32 modulus = pin ? MAX(hash->pin_modulus, 1) : hash->modulus;
  *index = (pin ? hash->pin_residue : hash->residue) % count;
  if (modulus % count == 0)
    return TRUE;
  answer->split = count;
  answer->split_pin = pin;
  return FALSE;
}

static guint living_subnets(const Attachment *attachment, CloudSubnet **living,
                            RecordId *changed_by) {
  guint count = 0;
  for (guint i = 0; i < attachment->subnets->len; i++) {
    CloudSubnet *subnet = attachment->subnets->pdata[i];
    *changed_by = MAX(*changed_by, subnet_changed_by(subnet->subnet));
    if (!subnet_is_dark(subnet->subnet))
      living[count++] = subnet;
  }
  return count;
}

/* A packet leaves in the zone that it comes from where the attachment is in it, else in any; in
 * appliance mode in the one that the flow's hash names, and who loses that one takes one that is
 * left. NULL: none is, or a split is asked for. Facts: AWS-11.4, AWS-11.5. */
static CloudSubnet *way_out(const Transit *transit, const Attachment *attachment,
                            const RelayRequest *request, RelayAnswer *answer) {
  const gboolean pin = transit->config->appliance_mode;
  g_autofree CloudSubnet **living = g_new0(CloudSubnet *, attachment->subnets->len + 1);
  const guint count = living_subnets(attachment, living, &answer->changed_by);
  CloudSubnet *own = subnet_in_zone(attachment, request->zone);
  guint index;
  answer->reason = DROP_NO_ATTACHMENT_IN_ZONE;
  if (count == 0)
    return NULL;
  if (!pin && own != NULL && !subnet_is_dark(own->subnet))
    return own;
  if (pin) {
    if (!choose(&request->hash, TRUE, attachment->subnets->len, answer, &index))
      return NULL;
    CloudSubnet *named = attachment->subnets->pdata[index];
    if (!subnet_is_dark(named->subnet))
      return named;
  }
  return choose(&request->hash, pin, count, answer, &index) ? living[index] : NULL;
}

/* A prefix has one target, so that nothing is shared over attachments; behind it hosts of the
 * attachment's own subnet are next door. Facts: AWS-11.3, AWS-11.4, AWS-11.6. */
static void relay(gpointer data, const RelayRequest *request, RelayAnswer *answer) {
  const Transit *transit = data;
  const Attachment *from = attachment_of(transit, request->network);
  RouteView route;
  if (from == NULL) {
    answer->reason = DROP_NOT_ATTACHED;
    return;
  }
  if (subnet_in_zone(from, request->zone) == NULL) {
    answer->reason = DROP_NO_ATTACHMENT_IN_ZONE;
    return;
  }
  answer->reason = DROP_NO_ROUTE;
  if (!route_table_match(from->table, request->to, &route))
    return;
  if (route.hops[0].kind != HOP_LOCAL) {
    answer->reason = DROP_BLACKHOLE;
    return;
  }
  const Attachment *to = attachment_of(transit, route.hops[0].network);
  const CloudSubnet *subnet = way_out(transit, to, request, answer);
  if (subnet == NULL)
    return;
  answer->table = subnet->tables->pdata[0];
  answer->network = to->network->network;
  answer->subnet = subnet->subnet;
  answer->zone = subnet->zone;
}

void aws_build_transit(CloudTopology *topology, CloudEdge *edge) {
  const AwsTransitConfig *config = edge->config;
  Transit *transit = arena_new0(topology->arena, Transit);
  *transit = (Transit){topology, config, arena_ptr_array(topology->arena)};
  const ElementConfig element = {.name = edge->name,
                                 .node = net_node_new(topology->engine, edge->name),
                                 .address = edge->address};
  edge->element = element_new(topology->fabric, &element);
  element_set_relay(edge->element, relay, transit);
  for (guint i = 0; i < config->attach->len; i++)
    attach_named(transit, ((const NameRef *)config->attach->pdata[i])->text);
  RouteTable *shared = route_table_new(topology->fabric, edge->name);
  put_routes(transit, shared, config->routes, TRUE);
  for (guint i = 0; i < transit->attachments->len; i++)
    ((Attachment *)transit->attachments->pdata[i])->table = shared;
  for (guint i = 0; i < config->tables->len; i++) {
    const AwsTransitTable *own = config->tables->pdata[i];
    RouteTable *table = route_table_new(
        topology->fabric, arena_printf(topology->arena, "%s/%s", edge->name, own->head.name));
    put_routes(transit, table, own->routes, own->propagate);
    for (guint j = 0; j < transit->attachments->len; j++) {
      Attachment *attachment = transit->attachments->pdata[j];
      for (guint k = 0; k < own->attachments->len; k++)
        if (strcmp(((const NameRef *)own->attachments->pdata[k])->text,
                   attachment->network->name) == 0)
          attachment->table = table;
    }
  }
}

/* ---- checks ---------------------------------------------------------------------------------- */

static void complain(DesignCheck *check, Mark mark, const char *what, const char *name) {
  tell_error(check, mark, "transit gateway: %s '%s'", what, name);
}

/* The network that is attached by this name, its own or a subnet's; NULL: there is no such thing.
 */
static const char *network_of(const Design *design, const char *name) {
  const DesignNetwork *owner = NULL;
  if (design_find_subnet(design, name, &owner) == NULL)
    owner = design_find(design->networks, name);
  return owner != NULL ? owner->head.name : NULL;
}

static gboolean is_attached(const Design *design, const AwsTransitConfig *config,
                            const char *network) {
  for (guint i = 0; i < config->attach->len; i++)
    if (g_strcmp0(network_of(design, ((const NameRef *)config->attach->pdata[i])->text), network) ==
        0)
      return TRUE;
  return FALSE;
}

static void check_attached(DesignCheck *check, const AwsTransitConfig *config,
                           const NameRef *name) {
  if (name->text[0] != '\0' && keys_sound(&config->head, "attach") &&
      !is_attached(check->design, config, name->text))
    complain(check, name->mark, "it is not attached to network", name->text);
}

static void check_routes(DesignCheck *check, const AwsTransitConfig *config,
                         const GPtrArray *routes) {
  for (guint i = 0; i < routes->len; i++) {
    const DesignRoute *route = routes->pdata[i];
    for (guint j = 0; j < i; j++)
      if (design_routes_clash(route, routes->pdata[j]))
        tell_error(check, route->to.mark,
                   "transit gateway: the table has a route to this prefix already");
    if (route->via.word != VIA_NONE)
      check_attached(check, config, &route->via);
    else if (is_attached(check->design, config, route->via.text))
      complain(check, route->via.mark,
               "a network is called by the word for a route that drops:", route->via.text);
  }
}

/* An attachment has an interface in one subnet of each zone that it serves. Facts: AWS-11.4. */
static void check_zone(DesignCheck *check, const AwsTransitConfig *config, guint index) {
  const Design *design = check->design;
  const NameRef *name = config->attach->pdata[index];
  const DesignNetwork *network = NULL, *other_network = NULL;
  const DesignSubnet *subnet = design_find_subnet(design, name->text, &network);
  if (subnet == NULL)
    return;
  for (guint i = 0; i < index; i++) {
    const char *other_name = ((const NameRef *)config->attach->pdata[i])->text;
    const DesignSubnet *other = design_find_subnet(design, other_name, &other_network);
    if (other == subnet)
      complain(check, name->mark, "twice there is subnet", name->text);
    else if (subnet->zone.text != NULL && other != NULL && network == other_network &&
             g_strcmp0(subnet->zone.text, other->zone.text) == 0)
      complain(check, name->mark,
               "an attachment has one subnet of a zone (AWS-11.4), and another one is there beside",
               name->text);
  }
}

static void check_tables(DesignCheck *check, const AwsTransitConfig *config) {
  for (guint i = 0; i < config->tables->len; i++) {
    const AwsTransitTable *table = config->tables->pdata[i];
    check_routes(check, config, table->routes);
    for (guint j = 0; j < table->attachments->len; j++) {
      const NameRef *name = table->attachments->pdata[j];
      check_attached(check, config, name);
      for (guint k = 0; k < i; k++) {
        const AwsTransitTable *other = config->tables->pdata[k];
        for (guint l = 0; l < other->attachments->len; l++)
          if (strcmp(((const NameRef *)other->attachments->pdata[l])->text, name->text) == 0)
            complain(check, name->mark, "another of its tables has the attachment of", name->text);
      }
    }
  }
}

void aws_check_transit(DesignCheck *check, const DesignGateway *gateway) {
  const AwsTransitConfig *config = cloud_config(check, gateway->configs);
  for (guint i = 0; i < config->attach->len; i++) {
    const NameRef *name = config->attach->pdata[i];
    if (network_of(check->design, name->text) == NULL)
      complain(check, name->mark, "there is no network or subnet", name->text);
    check_zone(check, config, i);
  }
  check_routes(check, config, config->routes);
  check_tables(check, config);
}
