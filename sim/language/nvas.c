/* Key tables of appliances and of what they announce. */
#include <string.h>

#include "language_private.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)

/* ---- appliances, sites, routes --------------------------------------------------------------- */

static void read_kind(KeyReader *reader, const Node *node, gpointer field) {
  g_autofree const char **names = g_new0(const char *, nva_class_count() + 1);
  const KeySpec choice = {.name = "kind", .type = KEY_CHOICE, .choices = names};
  int index = 0;
  for (guint i = 0; i < nva_class_count(); i++)
    names[i] = nva_class_at(i)->name;
  if (node != NULL)
    keys_read_value(reader, &choice, node, &index);
  *(const NvaClass **)field = nva_class_at((guint)index);
}

static const KeySpec interface_specs[] = {
    {"in", KEY_NAME, KEY_ONE, OFFSET(DesignInterfaces, in), .flags = KEY_REQUIRED,
     .doc = "subnet of the leg towards the network"},
    {"out", KEY_NAME, KEY_ONE, OFFSET(DesignInterfaces, out), .flags = KEY_REQUIRED,
     .doc = "subnet of the leg towards all that the table of `in` does not deliver itself"},
};
static const KeyTable interface_keys =
    KEY_TABLE("nvas.*.interfaces", DesignInterfaces, interface_specs);

/* The value is any, all, or how many. */
static void read_need(KeyReader *reader, const Node *node, gpointer field) {
  static const KeySpec number = {.name = "need", .type = KEY_COUNT, .least = 1, .most = 1000};
  *(gint64 *)field = HEALTH_NEED_ANY;
  if (node == NULL || (node->kind == NODE_SCALAR && strcmp(node->text, "any") == 0))
    return;
  if (node->kind == NODE_SCALAR && strcmp(node->text, "all") == 0)
    *(gint64 *)field = HEALTH_NEED_ALL;
  else
    keys_read_value(reader, &number, node, field);
}

#define HEALTH(field) OFFSET(DesignHealth, field)
static const KeySpec health_specs[] = {
    {"target", KEY_NAME, KEY_ONE, HEALTH(target), .fact = "AZ-7.3, AZ-7.4",
     .doc = "what is checked: data-plane, a site, another appliance or an address; by default the "
            "backends of a load balancer, of others the data plane",
     .choices = design_check_words},
    {"check", KEY_DURATION, KEY_ONE, HEALTH(check), .fallback = "2s", .basis = BASIS_ASSUMED,
     .fact = "AZ-9.16", .doc = "interval of the checks", .low = "1s", .high = "10s",
     .why = "judgement: people in a hurry halve the 2 s that HAProxy comes with, and 10 s is what "
            "a load balancer of a cloud comes with."},
    {"fall", KEY_COUNT, KEY_ONE, HEALTH(fall), .fallback = "3", .basis = BASIS_ASSUMED,
     .fact = "AZ-9.16", .doc = "failures in a row that take a target down", .low = "1", .high = "5",
     .why = "judgement: one failure is the least that there is, and probes that act on it exist; "
            "more than five hardly pay, as each costs an interval.",
     .least = 1, .most = 1000},
    {"rise", KEY_COUNT, KEY_ONE, HEALTH(rise), .fallback = "2", .basis = BASIS_ASSUMED,
     .fact = "AZ-9.17", .doc = "successes in a row that bring it up again", .low = "1", .high = "5",
     .why = "judgement: one success is the least that there is, and five is the most that load "
            "balancers come with.",
     .least = 1, .most = 1000},
    {"need", KEY_CUSTOM, KEY_ONE, HEALTH(need), .fallback = "any", .basis = BASIS_DOCUMENTED,
     .fact = "AZ-9.15", .doc = "how many targets must be up: any, all or a number",
     .read = read_need},
    /* One fact has the check and the poll in one. Facts: AZ-14.21. */
    {"poll", KEY_DURATION, KEY_ONE, HEALTH(poll), .fallback = "1s", .basis = BASIS_DOCUMENTED,
     .fact = "AZ-9.13",
     .doc = "how often a route daemon reads the outcome; without this key only where backends are "
            "checked"},
    {"poll_fall", KEY_COUNT, KEY_ONE, HEALTH(poll_fall), .fallback = "3", .basis = BASIS_DOCUMENTED,
     .fact = "AZ-9.14", .doc = "bad readings in a row until it withdraws", .least = 1,
     .most = 1000},
    {"poll_rise", KEY_COUNT, KEY_ONE, HEALTH(poll_rise), .fallback = "1", .basis = BASIS_ASSUMED,
     .fact = "AZ-9.17", .doc = "good readings in a row until it announces again", .low = "1",
     .high = "3",
     .why = "judgement: one good reading is the least that there is, and a daemon that withdraws "
            "after three bad ones hardly asks for more good ones.",
     .least = 1, .most = 1000},
};
static const KeyTable health_keys = KEY_TABLE("nvas.*.health", DesignHealth, health_specs);

static void read_software(KeyReader *reader, const Node *node, gpointer field) {
  g_autofree const char **names = g_new0(const char *, nva_software_count() + 1);
  const KeySpec choice = {.name = "software", .type = KEY_CHOICE, .choices = names};
  int index = 0;
  for (guint i = 0; i < nva_software_count(); i++)
    names[i] = nva_software_at(i)->name;
  if (node != NULL)
    keys_read_value(reader, &choice, node, &index);
  *(const NvaSoftware **)field = nva_software_at((guint)index);
}

static void read_crash_forwards(KeyReader *reader, const Node *node, gpointer field) {
  if (node != NULL && node->kind == NODE_SCALAR) {
    const NameRef name = {node->text, node->mark};
    scenario_read_forwards(reader, "crash_forwards", &name, field);
  }
}

static void read_stop(KeyReader *reader, const Node *node, gpointer field) {
  enum { NOTIFIES, CLOSES };
  static const char *const ways[] = {[NOTIFIES] = "notification", [CLOSES] = "close", NULL};
  static const KeySpec choice = {.name = "stop", .type = KEY_CHOICE, .choices = ways};
  int way = NOTIFIES;
  if (node != NULL && keys_read_value(reader, &choice, node, &way))
    *(gboolean *)field = way == CLOSES;
}

#define CLUSTER(field) OFFSET(DesignCluster, field)
static const KeySpec cluster_specs[] = {
    {"name", KEY_NAME, KEY_ONE, CLUSTER(name), .flags = KEY_REQUIRED,
     .doc = "the same for all members"},
    {"state", KEY_CHOICE, KEY_ONE, CLUSTER(state), .flags = KEY_REQUIRED,
     .doc = "at first: active (one member of each cluster), or passive",
     .choices = design_cluster_states},
    {"takes_over", KEY_DURATION, KEY_ONE, CLUSTER(takes_over), .fallback = "1200ms",
     .basis = BASIS_ASSUMED, .fact = "AWS-10.6",
     .doc = "from the failure of the active member until it works in its place", .low = "300ms",
     .high = "10s",
     .why = "judgement: BFD of 100 ms x 3 between two members is the fastest in use, VRRP with its "
            "defaults takes up to 4 s, and a member that starts services first needs some seconds "
            "more."},
};
static const KeyTable cluster_keys = KEY_TABLE("nvas.*.cluster", DesignCluster, cluster_specs);

static const KeySpec site_specs[] = {
    {"advertise", KEY_BLOCK, KEY_LIST, OFFSET(DesignNvaSite, advertise),
     .doc = "all that this site's router is told, as `advertise` of the appliance; by default "
            "that, what "
            "the appliance learned, and its network where no route server tells it",
     .table = &scenario_announcement_keys},
};
static const KeyTable site_keys = KEY_TABLE("nvas.*.sites.*", DesignNvaSite, site_specs);

static const KeySpec nva_specs[] = {
    {"kind", KEY_CUSTOM, KEY_ONE, OFFSET(DesignNva, kind), .fallback = "router",
     .doc = "what it is, of these kinds", .read = read_kind},
    {"software", KEY_CUSTOM, KEY_ONE, OFFSET(DesignNva, software), .fallback = "generic",
     .doc = "what runs on it: sets [defaults](#software)", .read = read_software},
    {"subnet", KEY_NAME, KEY_ONE, OFFSET(DesignNva, subnet),
     .doc = "subnet of its interface; required, unless `interfaces` is there"},
    {"interfaces", KEY_BLOCK, KEY_ONE, OFFSET(DesignNva, interfaces),
     .doc = "in place of `subnet`: two legs", .table = &interface_keys},
    {"address", KEY_ADDRESS, KEY_ONE, OFFSET(DesignNva, address),
     .doc = "address of its interface; by default the fourth of the subnet, then on by name"},
    {"asn", KEY_COUNT, KEY_ONE, OFFSET(DesignNva, asn), .flags = KEY_REQUIRED, .fact = "RFC 6793",
     .doc = "its AS number", .least = 1, .most = 4294967295},
    {"zone", KEY_NAME, KEY_ONE, OFFSET(DesignNva, zone),
     .doc = "availability zone; by default its subnet's"},
    {"peers", KEY_NODE, KEY_ONE, OFFSET(DesignNva, peers_node),
     .doc = "route servers and appliances that it peers with"},
    {"advertise", KEY_BLOCK, KEY_LIST, OFFSET(DesignNva, advertise), .doc = "what it announces",
     .table = &scenario_announcement_keys},
    {"sites", KEY_BLOCK, KEY_MAP, OFFSET(DesignNva, sites),
     .doc = "sites behind it, with routers, that are told something else", .table = &site_keys},
    {"establish", KEY_DURATION, KEY_ONE, OFFSET(DesignNva, establish), .fallback = "uniform 1s 3s",
     .basis = BASIS_ASSUMED, .fact = "AWS-2.9, AZ-2.17",
     .doc = "from ready (or a failed session) to the next attempt to connect",
     SCENARIO_ESTABLISH_RANGE, .least = KEY_RETRY_LEAST},
    {"connect_retry", KEY_DURATION, KEY_ONE, OFFSET(DesignNva, connect_retry), .fallback = "120s",
     .basis = BASIS_DOCUMENTED, .fact = "RFC 4271 10",
     .doc = "ConnectRetryTimer, with jitter 0.75 to 1", .least = KEY_RETRY_LEAST},
    {"boot", KEY_DURATION, KEY_ONE, OFFSET(DesignNva, boot), .fallback = "180s",
     .basis = BASIS_MEASURED, .fact = "AWS-12.7", .doc = "from power back to a running BGP process",
     .low = "30s", .high = "10m",
     .why = "judgement: a small Linux instance with a routing daemon is back within 30 s, about "
            "180 s were measured of a C8000V, and a virtual firewall that loads its policy first "
            "takes up to 10 min."},
    {"update_delay", KEY_DURATION, KEY_ONE, OFFSET(DesignNva, update_delay), .fallback = "0s",
     .basis = BASIS_ASSUMED, .fact = "AWS-6.15",
     .doc = "after a start of its BGP process: from Established to the first UPDATE", .low = "0s",
     .high = "83s",
     .why = "AWS-6.15"
            ": from none to the greatest delay that was seen, whose cause may as well be the route "
            "server"},
    {"crash_forwards", KEY_CUSTOM, KEY_ONE, OFFSET(DesignNva, crash_forwards), .fallback = "on",
     .basis = BASIS_ASSUMED, .fact = "AZ-7.1",
     .doc = "whether it forwards after a crash: on, off or for a duration", .low = "off",
     .high = "on",
     .why = "D-13: a killed BIRD leaves its routes in the kernel, whereas FRR's zebra takes them "
            "out within 18 ms",
     .read = read_crash_forwards},
    {"stop", KEY_CUSTOM, KEY_ONE, OFFSET(DesignNva, stop_is_silent), .fallback = "notification",
     .basis = BASIS_DOCUMENTED, .fact = "RFC 4271 6.7, AWS-3.16",
     .doc = "what an orderly stop of its BGP process sends: notification, or close (TCP only)",
     .read = read_stop},
    {"loop_check", KEY_BOOL, KEY_ONE, OFFSET(DesignNva, loop_check), .fallback = "on",
     .basis = BASIS_DOCUMENTED, .fact = "RFC 4271 9.1.2, AZ-4.17",
     .doc = "refuses routes with its own AS number in the AS path"},
    {"snat", KEY_CHOICE, KEY_ONE, OFFSET(DesignNva, snat), .fallback = "off",
     .fact = "AZ-6.14, AZ-6.26",
     .doc = "on: source addresses become its own, so answers come back to it; internet: of what "
            "leaves "
            "for public addresses only",
     .choices = source_translations},
    {"cluster", KEY_BLOCK, KEY_ONE, OFFSET(DesignNva, cluster), .fact = "AWS-10.6",
     .doc = "appliances of which one works at a time", .table = &cluster_keys},
    {"state_sync", KEY_NAME, KEY_ONE, OFFSET(DesignNva, state_sync), .fact = "AWS-6.2",
     .doc = "another appliance, or a name that several give: they hold sessions in common"},
    {"capacity", KEY_RATE, KEY_ONE, OFFSET(DesignNva, capacity), .fallback = "0bps",
     .doc = "what it can pass on in each direction in which packets cross it, shared max-min "
            "fairly among "
            "flows; 0: without limit"},
    {"health", KEY_BLOCK, KEY_ONE, OFFSET(DesignNva, health), .fact = "AZ-7.3, AWS-6.18",
     .doc = "health checks that announcements `when: healthy` depend on", .table = &health_keys},
};
const KeyTable scenario_nva_keys = KEY_TABLE("nvas.*", DesignNva, nva_specs);

/* ---- reading: the kind and the software say which keys there are, and their defaults --------- */

/* What a mapping says of a choice, or NULL. */
static const char *word_of(const Node *node, const char *key) {
  const Node *value = node->kind == NODE_MAPPING ? node_get(node, key) : NULL;
  return value != NULL && value->kind == NODE_SCALAR ? value->text : NULL;
}

static const NvaSoftware *software_of(const Node *node) {
  const char *name = word_of(node, "software");
  const NvaSoftware *software = name != NULL ? nva_software_find(name) : NULL;
  return software != NULL ? software : nva_software_at(0);
}

static const NvaClass *class_of(const Node *node) {
  static const NvaClass none = {.name = ""};
  const char *name = word_of(node, "kind");
  const NvaClass *class = name != NULL ? nva_class_find(name) : NULL;
  return class != NULL ? class : &none;
}

/* The keys of every appliance and those of its kind, whose struct stands behind; keys of other
 * kinds are read raw, so that they can be told from mistakes. */
static const KeyTable *table_for(Arena *arena, const KeyTable *common, const KeyTable *own) {
  g_autoptr(GArray) specs = g_array_new(FALSE, FALSE, sizeof(KeySpec));
  gsize size = common->size;
  g_array_append_vals(specs, common->keys, common->count);
  for (guint i = 0; own != NULL && i < own->count; i++) {
    KeySpec spec = own->keys[i];
    spec.offset += size;
    g_array_append_val(specs, spec);
  }
  size += own != NULL ? own->size : 0;
  for (guint i = 0; i < nva_class_count(); i++) {
    const KeyTable *other = nva_class_at(i)->keys;
    for (guint j = 0; other != NULL && other != own && j < other->count; j++) {
      const KeySpec raw = {.name = other->keys[j].name, .type = KEY_NODE, .offset = size};
      g_array_append_val(specs, raw);
      size += sizeof(const Node *);
    }
  }
  KeyTable *all = arena_new0(arena, KeyTable);
  KeySpec *keys = arena_array(arena, KeySpec, specs->len);
  memcpy(keys, specs->data, specs->len * sizeof *keys);
  *all = (KeyTable){common->path, size, keys, specs->len};
  return all;
}

static void refuse_keys_of_others(KeyReader *reader, const Node *node, const KeyTable *own) {
  for (guint i = 0; i < nva_class_count(); i++) {
    const NvaClass *class = nva_class_at(i);
    for (guint j = 0; class->keys != NULL && class->keys != own && j < class->keys->count; j++) {
      const Node *value = node_get(node, class->keys->keys[j].name);
      if (value != NULL)
        diagnostics_add(reader->diagnostics, SEVERITY_ERROR, value->mark,
                        "'%s' is a key of kind %s", class->keys->keys[j].name, class->name);
    }
  }
}

/* Defaults of keys with a reader of their own stand in the table as text. */
static void read_text_defaults(KeyReader *reader, const KeyTable *table, const Node *node,
                               DesignNva *nva) {
  for (guint i = 0; i < table->count; i++) {
    const KeySpec *spec = &table->keys[i];
    if (spec->type != KEY_CUSTOM || spec->fallback == NULL ||
        (node->kind == NODE_MAPPING && node_get(node, spec->name) != NULL))
      continue;
    spec->read(reader, node_new_scalar(reader->arena, spec->fallback, nva->head.mark),
               (char *)nva + spec->offset);
    if (spec->read == read_crash_forwards)
      nva->crash_forwards.ground = (Ground){spec->basis, spec->fact};
  }
}

static void note_grounds(KeyReader *reader, DesignHealth *health) {
  static const char *const keys[][3] = {{"check", "fall", NULL},
                                        {"check", "rise", NULL},
                                        {"poll", "poll_fall", NULL},
                                        {"poll", "poll_rise", NULL}};
  for (guint i = 0; health != NULL && i < G_N_ELEMENTS(keys); i++)
    health->grounds[i] = keys_ground(reader->arena, &health_keys, health->head.node, keys[i]);
}

static void read_nva(KeyReader *reader, const Node *key, const Node *value, GPtrArray *nvas) {
  const NvaSoftware *software = software_of(value);
  const NvaClass *class = class_of(value); /* none where that is misspelt */
  const KeyTable *own = class->keys;
  const KeyTable *common = nva_defaults_apply(
      &class->defaults,
      nva_defaults_apply(&software->defaults, &scenario_nva_keys, "", reader->arena), "",
      reader->arena);
  const KeyTable *table = scenario_with_clouds(reader->arena, table_for(reader->arena, common, own),
                                               OFFSET(DesignNva, clouds));
  DesignNva *nva = keys_read_named(reader, table, key, value);
  read_text_defaults(reader, common, value, nva);
  if (value->kind == NODE_MAPPING && keys_sound(&nva->head, "kind"))
    refuse_keys_of_others(reader, value, own);
  nva->class_keys = own != NULL ? (char *)nva + common->size : NULL;
  if (nva->health == NULL && nva->kind->checks_parts)
    nva->health = keys_read(reader, &health_keys, NULL);
  note_grounds(reader, nva->health);
  for (guint c = 0; c < cloud_count(); c++) {
    const ApplianceClass *appliances = cloud_at(c)->appliances;
    nva->configs[c] =
        scenario_read_cloud_block(reader, cloud_at(c), appliances != NULL ? appliances->keys : NULL,
                                  nva->clouds[c], "an appliance");
  }
  nva->peers = scenario_read_peers(reader, software, nva->peers_node);
  if (nva->interfaces != NULL && nva->subnet.text == NULL)
    nva->subnet = nva->interfaces->in;
  else if (nva->interfaces != NULL)
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, nva->subnet.mark,
                    "an appliance has either `subnet` or `interfaces`");
  else if (nva->subnet.text == NULL && keys_sound(&nva->head, "subnet") &&
           keys_sound(&nva->head, "interfaces"))
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, nva->head.node->mark,
                    "the key 'subnet' is missing");
  if (nva->subnet.text == NULL)
    nva->subnet.text = ""; /* told */
  g_ptr_array_add(nvas, nva);
}

void scenario_read_nvas(KeyReader *reader, const Node *node, gpointer field) {
  GPtrArray *nvas = arena_ptr_array(reader->arena);
  *(GPtrArray **)field = nvas;
  if (node == NULL || (node->kind == NODE_SCALAR && !node->quoted && node->text[0] == '\0'))
    return;
  if (node->kind != NODE_MAPPING) {
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "'nvas' expects a mapping of names, found %s", node_kind_name(node));
    return;
  }
  for (guint i = 0; i < node->keys->len; i++)
    read_nva(reader, node->keys->pdata[i], node->values->pdata[i], nvas);
  g_ptr_array_sort(nvas, block_head_compare);
}
