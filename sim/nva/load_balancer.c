/* A load balancer with route health injection: a full proxy that answers for a virtual
 * address while it has a backend, and checks its backends. A session ends in it, so it lives and
 * dies with it. A request to a dead backend is given to another one (HAProxy's `option
 * redispatch`), so one backend is enough. Facts: AZ-9.9, AZ-9.12. */
#include "nva_private.h"
#include "routesim/design/tell.h"

typedef struct {
  BlockHead head;
  NameRef in;
  gint64 count;
  Duration boot;
} Backends;

typedef struct {
  PrefixValue vip;
  Backends *backends;
} LoadBalancerKeys;

#define BACKENDS(name) G_STRUCT_OFFSET(Backends, name)
static const KeySpec backend_specs[] = {
    {"in", KEY_NAME, KEY_ONE, BACKENDS(in), .flags = KEY_REQUIRED,
     .doc = "subnet that they stand in"},
    {"count", KEY_COUNT, KEY_ONE, BACKENDS(count), .fallback = "2",
     .doc = "how many; each can fail, as NAME/backend/0", .least = 1, .most = 64},
    {"boot", KEY_DURATION, KEY_ONE, BACKENDS(boot), .fallback = "0s", .basis = BASIS_ASSUMED,
     .fact = "AZ-9.17", .doc = "from power back to a backend that answers", .low = "0s",
     .high = "3m",
     .why =
         "judgement: a backend that only lost its network answers at once, a virtual machine boots "
         "within 1 min, and an application that warms up first is rarely later than 3 min."},
};
static const KeyTable backend_keys = KEY_TABLE("nvas.*.backends", Backends, backend_specs);

#define FIELD(name) G_STRUCT_OFFSET(LoadBalancerKeys, name)
static const KeySpec specs[] = {
    {"vip", KEY_PREFIX, KEY_ONE, FIELD(vip), .flags = KEY_REQUIRED, .fact = "AZ-9.9",
     .doc = "load-balancer: virtual address that it answers for, a /32 or /128"},
    {"backends", KEY_BLOCK, KEY_ONE, FIELD(backends), .flags = KEY_REQUIRED, .fact = "AZ-9.15",
     .doc = "load-balancer: the servers behind it", .table = &backend_keys},
};
static const KeyTable keys = KEY_TABLE("nvas.*", LoadBalancerKeys, specs);

typedef struct {
  const Nva *nva;
  NetNode *node;
  IpAddress address;
  Subnet *subnet;
  gboolean stopped;    /* its process */
  RecordId stopped_by; /* what last ended or started that */
} Backend;

typedef struct {
  guint count;
  Backend *backends;
} LoadBalancer;

static gboolean is_alive(const Backend *backend) {
  return !backend->stopped && net_node_forwards(backend->node) &&
         !net_node_is(backend->node, NODE_CUT) && !subnet_is_dark(backend->subnet);
}

/* The first of what keeps it from answering; where it answers, the last that ended. */
static RecordId down_since(const Backend *backend) {
  const gboolean fails = !net_node_forwards(backend->node) || net_node_is(backend->node, NODE_CUT);
  const RecordId since[] = {fails ? net_node_fails_since(backend->node)
                                  : net_node_changed_by(backend->node),
                            backend->stopped_by, subnet_changed_by(backend->subnet)};
  const gboolean holds[] = {fails, backend->stopped, subnet_is_dark(backend->subnet)};
  RecordId first = G_MAXUINT32, last = 0;
  for (guint i = 0; i < G_N_ELEMENTS(since); i++) {
    first = holds[i] ? MIN(first, since[i]) : first;
    last = MAX(last, since[i]);
  }
  return is_alive(backend) ? last : first;
}

/* A check is a request from the load balancer. */
static gboolean answers(gpointer data, RecordId *because) {
  const Backend *backend = data;
  const HashClass any = {.modulus = 1};
  Passage passage;
  *because = down_since(backend);
  if (!is_alive(backend))
    return FALSE;
  const Packet packet = {nva_address(backend->nva), backend->address, any, FALSE};
  fabric_walk_from_element(nva_fabric(backend->nva), nva_element(backend->nva), &packet, &passage);
  const gboolean comes = passage.delivered || passage.split > 0;
  *because = comes ? MAX(*because, passage_because(&passage)) : passage_because(&passage);
  return comes;
}

static DropReason refuses(gpointer data, RecordId *changed_by) {
  const LoadBalancer *balancer = data;
  gboolean any = FALSE;
  for (guint i = 0; i < balancer->count; i++) {
    const Backend *backend = &balancer->backends[i];
    *changed_by = MAX(*changed_by, net_node_changed_by(backend->node));
    *changed_by = MAX(*changed_by, subnet_changed_by(backend->subnet));
    *changed_by = MAX(*changed_by, backend->stopped_by);
    any |= is_alive(backend);
  }
  return any ? DROP_NONE : DROP_NO_BACKEND;
}

static void changed(gpointer data) { fabric_touch(nva_fabric(((const Backend *)data)->nva)); }

static void stop(Backend *backend, gboolean stopped) {
  backend->stopped = stopped;
  backend->stopped_by = engine_cause(nva_engine(backend->nva));
  changed(backend);
}

static void process_ended(gpointer data) { stop(data, TRUE); }
static void process_started(gpointer data) { stop(data, FALSE); }

static gboolean part_at(const char *nva, gconstpointer keys_of_it, guint index, Arena *arena,
                        const char **name, const char **group) {
  const LoadBalancerKeys *config = keys_of_it;
  if (index >= (guint64)config->backends->count)
    return FALSE;
  *name = arena_printf(arena, "%s/backend/%u", nva, index);
  *group = arena_printf(arena, "%s/backends", nva);
  return TRUE;
}

static const char *parts_stand_in(gconstpointer keys_of_it) {
  return ((const LoadBalancerKeys *)keys_of_it)->backends->in.text;
}

static void add_backend(Nva *nva, Backend *backend, guint number, const LoadBalancerKeys *config,
                        GPtrArray *parts) {
  Engine *engine = nva_engine(nva);
  Arena *arena = engine_arena(engine);
  const char *name = NULL, *group = NULL;
  part_at(nva_name(nva), config, number, arena, &name, &group);
  backend->nva = nva;
  backend->node = net_node_new(engine, name);
  /* The upper half of the subnet: appliances and endpoints stand in the lower one. */
  const Prefix range = subnet_prefix(backend->subnet);
  backend->address = ip_address_add(range.address, prefix_size(range) / 2 + number);
  subnet_add_host(backend->subnet, backend->address);
  net_node_watch(backend->node, changed, backend);
  NvaPart *part = arena_new0(arena, NvaPart);
  *part = (NvaPart){.name = name,
                    .group = group,
                    .node = backend->node,
                    .boot = config->backends->boot.law,
                    .process_ended = process_ended,
                    .process_started = process_started,
                    .data = backend};
  g_ptr_array_add(parts, part);
  const NvaTarget target = {name, answers, backend};
  nva_add_target(nva, &target);
}

static void build(Nva *nva, Subnet *subnet, GPtrArray *parts) {
  const LoadBalancerKeys *config = nva_config(nva)->design->class_keys;
  LoadBalancer *balancer = arena_new0(engine_arena(nva_engine(nva)), LoadBalancer);
  balancer->count = (guint)config->backends->count;
  balancer->backends = arena_array(engine_arena(nva_engine(nva)), Backend, balancer->count);
  for (guint i = 0; i < balancer->count; i++) {
    balancer->backends[i].subnet = subnet;
    add_backend(nva, &balancer->backends[i], i, config, parts);
  }
  element_set_refuses(nva_element(nva), refuses, balancer);
  element_own(nva_element(nva), config->vip.value, TRUE);
}

static void check(DesignCheck *tell, const DesignNva *nva) {
  const LoadBalancerKeys *config = nva->class_keys;
  const Prefix vip = config->vip.value;
  if (config->vip.given && vip.length != ip_family_bits(vip.address.family))
    tell_error(tell, config->vip.mark, "a virtual address is one address: a /32, or a /128");
  if (config->backends != NULL && config->backends->in.text != NULL)
    tell_need_subnet(tell, &config->backends->in, NULL);
}

static gboolean virtual_address(gconstpointer data, Prefix *out) {
  const LoadBalancerKeys *config = data;
  *out = config->vip.value;
  return config->vip.given;
}

const NvaClass nva_class_load_balancer = {.name = "load-balancer",
                                          .meaning = "answers for a virtual address: "
                                                     "[load balancers](#load-balancers)",
                                          .stateful = TRUE,
                                          .keys = &keys,
                                          .check = check,
                                          .build = build,
                                          .parts_stand_in = parts_stand_in,
                                          .part_at = part_at,
                                          .checks_parts = TRUE,
                                          .virtual_address = virtual_address};
