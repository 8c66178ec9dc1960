/* Route servers and their peers: blocks that each cloud defines a part of. */
#include <string.h>

#include "language_private.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)

/* ---- route servers and peers -------------------------------------------------------------- */

static const KeySpec server_specs[] = {
    {"network", KEY_NAME, KEY_ONE, OFFSET(DesignRouteServer, network), .flags = KEY_REQUIRED,
     .doc = "network that it serves"},
};
const KeyTable scenario_server_keys = KEY_TABLE("route_servers.*", DesignRouteServer, server_specs);

static const KeySpec bfd_specs[] = {
    {"interval", KEY_DURATION, KEY_ONE, OFFSET(DesignBfd, interval), .fallback = "300ms",
     .basis = BASIS_MEASURED, .fact = "AWS-3.9",
     .doc = "transmit and receive interval of the appliance", .low = "100ms", .high = "1s",
     .why = "judgement: a software router on a shared CPU hardly keeps up with less than 100 ms, "
            "and beyond 1 s BFD gains little on keepalives of 1 s, which are in use."},
    {"multiplier", KEY_COUNT, KEY_ONE, OFFSET(DesignBfd, multiplier), .fallback = "3",
     .basis = BASIS_MEASURED, .fact = "AWS-3.9", .doc = "detection multiplier of the appliance",
     .low = "2", .high = "5",
     .why = "judgement: with 1 a single lost packet ends the session, and more than 5 gives away "
            "what BFD is for.",
     .least = 1, .most = 255},
    {"jitter", KEY_CHOICE, KEY_ONE, OFFSET(DesignBfd, jitter), .fallback = "rfc",
     .basis = BASIS_DOCUMENTED, .fact = "RFC 5880 6.8.7",
     .doc = "of the packets of the appliance: rfc, or off", .choices = liveness_jitters},
};
static const KeyTable bfd_keys = KEY_TABLE("nvas.*.peers.*.bfd", DesignBfd, bfd_specs);

/* That next_hop_self is absent is a value of its own. */
static void read_next_hop_self(KeyReader *reader, const Node *node, gpointer field) {
  static const KeySpec flag = {.name = "next_hop_self", .type = KEY_BOOL};
  gboolean on = FALSE;
  if (node != NULL && keys_read_value(reader, &flag, node, &on))
    *(NextHopChoice *)field = on ? NEXT_HOP_SELF : NEXT_HOP_KEPT;
}

static const KeySpec peer_specs[] = {
    {"keepalive", KEY_DURATION, KEY_ONE, OFFSET(DesignPeer, keepalive), .fallback = "30s",
     .basis = BASIS_DOCUMENTED, .fact = "RFC 4271 10",
     .doc = "keepalive interval of the appliance"},
    {"hold", KEY_DURATION, KEY_ONE, OFFSET(DesignPeer, hold), .fallback = "90s",
     .basis = BASIS_DOCUMENTED, .fact = "RFC 4271 10",
     .doc = "hold time that the appliance offers: 0, or at least 3s"},
    {"keepalive_jitter", KEY_CHOICE, KEY_ONE, OFFSET(DesignPeer, keepalive_jitter),
     .fallback = "rfc", .basis = BASIS_DOCUMENTED, .fact = "RFC 4271 10",
     .doc = "of the KEEPALIVEs of the appliance: rfc (0.75 to 1 of the interval), or off",
     .choices = liveness_jitters},
    {"bfd", KEY_BLOCK, KEY_ONE, OFFSET(DesignPeer, bfd), .fact = "AWS-3.1",
     .doc = "BFD beside BGP, where the cloud has it", .table = &bfd_keys},
    {"advertise", KEY_BLOCK, KEY_LIST, OFFSET(DesignPeer, advertise),
     .doc = "what is announced to this peer, in place of the appliance's own list",
     .table = &scenario_announcement_keys},
    {"asn", KEY_COUNT, KEY_ONE, OFFSET(DesignPeer, asn), .fallback = "0", .fact = "RFC 6793",
     .doc = "the AS number that a route server was told for this appliance, or that another "
            "appliance is "
            "expected to have; 0: the right one",
     .least = 0, .most = 4294967294},
    {"next_hop_self", KEY_CUSTOM, KEY_ONE, OFFSET(DesignPeer, next_hop_self),
     .basis = BASIS_DOCUMENTED, .fact = "RFC 4271 5.1.3, AZ-9.6, AZ-9.11",
     .doc =
         "on: itself as next hop, also within its AS; off: the next hop it learned, also towards "
         "another AS; by default itself towards another AS only",
     .read = read_next_hop_self},
    {"as_override", KEY_BOOL, KEY_ONE, OFFSET(DesignPeer, as_override), .fallback = "off",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-4.16",
     .doc = "its own AS number in place of the peer's in the AS paths it sends"},
    {"strip_as", KEY_COUNT, KEY_LIST, OFFSET(DesignPeer, strip_as), .basis = BASIS_DOCUMENTED,
     .fact = "AZ-4.16", .doc = "AS numbers that it takes out of the AS paths it sends", .least = 1,
     .most = 4294967294},
    {"tunnel", KEY_BOOL, KEY_ONE, OFFSET(DesignPeer, tunnel), .fallback = "off",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-5.12",
     .doc = "another appliance: traffic to what is learned there goes in a tunnel, not by the "
            "subnet's "
            "table"},
    {"establish", KEY_DURATION, KEY_ONE, OFFSET(DesignPeer, establish),
     .doc = "as the appliance's `establish`, for this peer", .least = KEY_RETRY_LEAST},
    {"first_update", KEY_DURATION, KEY_ONE, OFFSET(DesignPeer, first_update), .fallback = "0s",
     .basis = BASIS_ASSUMED, .fact = "D-12", .doc = "from Established to the first UPDATE",
     .low = "0s", .high = "1150ms",
     .why = "D-12: FRR's first UPDATE comes 1.15 s after Established; a daemon that sends at once "
            "bounds the other side"},
    {"route_refresh", KEY_BOOL, KEY_ONE, OFFSET(DesignPeer, route_refresh), .fallback = "on",
     .basis = BASIS_DOCUMENTED, .fact = "RFC 2918, AZ-2.16",
     .doc = "the appliance knows ROUTE-REFRESH; off: it is reset where others are asked"},
};
const KeyTable scenario_peer_keys = KEY_TABLE("nvas.*.peers.*", DesignPeer, peer_specs);

const KeyTable *scenario_with_clouds(Arena *arena, const KeyTable *table, gsize offset) {
  KeySpec *specs = arena_array(arena, KeySpec, table->count + cloud_count());
  memcpy(specs, table->keys, table->count * sizeof *specs);
  for (guint i = 0; i < cloud_count(); i++)
    specs[table->count + i] = (KeySpec){.name = cloud_at(i)->name,
                                        .type = KEY_NODE,
                                        .offset = offset + i * sizeof(const Node *),
                                        .doc = "what only this model has"};
  KeyTable *both = arena_new0(arena, KeyTable);
  *both = *table;
  both->keys = specs;
  both->count = table->count + cloud_count();
  return both;
}

GPtrArray *scenario_read_map_with_clouds(KeyReader *reader, const KeyTable *table, gsize offset,
                                         const Node *node) {
  GPtrArray *blocks = arena_ptr_array(reader->arena);
  if (node == NULL)
    return blocks;
  if (node->kind != NODE_MAPPING) {
    g_auto(GStrv) steps = g_strsplit(table->path, ".", -1); /* "nvas.*.peers.*" */
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "'%s' expects a mapping of names, found %s", steps[g_strv_length(steps) - 2],
                    node_kind_name(node));
    return blocks;
  }
  const KeyTable *full = scenario_with_clouds(reader->arena, table, offset);
  for (guint i = 0; i < node->keys->len; i++) {
    const Node *key = node->keys->pdata[i], *value = node->values->pdata[i];
    g_ptr_array_add(blocks, keys_read_named(reader, full, key, value));
  }
  g_ptr_array_sort(blocks, block_head_compare);
  return blocks;
}

void scenario_read_route_servers(KeyReader *reader, const Node *node, gpointer field) {
  GPtrArray *servers = scenario_read_map_with_clouds(reader, &scenario_server_keys,
                                                     OFFSET(DesignRouteServer, clouds), node);
  for (guint i = 0; i < servers->len; i++) {
    DesignRouteServer *server = servers->pdata[i];
    for (guint c = 0; c < cloud_count(); c++)
      if (server->clouds[c] != NULL)
        server->configs[c] = keys_read(reader, cloud_at(c)->server->keys, server->clouds[c]);
  }
  *(GPtrArray **)field = servers;
}

/* The lists of parts that a peer's block of one cloud names. */
static void read_part_lists(KeyReader *reader, DesignPeer *peer, guint place) {
  static const KeySpec specs[] = {
      {"advertise", KEY_BLOCK, KEY_LIST, OFFSET(DesignNvaSite, advertise),
       .table = &scenario_announcement_keys},
  };
  static const KeyTable table = KEY_TABLE("nvas.*.peers.*", DesignNvaSite, specs);
  const CloudClass *cloud = cloud_at(place);
  const char *part;
  const Node *block;
  for (guint i = 0; cloud->peers->named_part != NULL && peer->configs[place] != NULL &&
                    cloud->peers->named_part(peer->configs[place], i, &part, &block);
       i++) {
    if (block == NULL || node_get(block, "advertise") == NULL)
      continue;
    const DesignNvaSite *read = keys_read(reader, &table, block);
    DesignPartList *list = arena_new0(reader->arena, DesignPartList);
    *list = (DesignPartList){cloud, part, read->advertise};
    g_ptr_array_add(peer->part_lists, list);
  }
}

GPtrArray *scenario_read_peers(KeyReader *reader, const NvaSoftware *software, const Node *node) {
  const KeyTable *table =
      nva_defaults_apply(&software->defaults, &scenario_peer_keys, "peers.*.", reader->arena);
  GPtrArray *peers = scenario_read_map_with_clouds(reader, table, OFFSET(DesignPeer, clouds), node);
  for (guint i = 0; i < peers->len; i++) {
    DesignPeer *peer = peers->pdata[i];
    peer->part_lists = arena_ptr_array(reader->arena);
    for (guint c = 0; c < cloud_count(); c++) {
      const CloudClass *cloud = cloud_at(c);
      if (peer->clouds[c] == NULL)
        continue;
      if (cloud->peers->keys != NULL)
        peer->configs[c] = keys_read(reader, cloud->peers->keys, peer->clouds[c]);
      else if (node_get(peer->clouds[c], "bfd") != NULL && cloud->peers->bfd_refusal != NULL)
        diagnostics_add(reader->diagnostics, SEVERITY_ERROR, peer->clouds[c]->mark, "%s",
                        cloud->peers->bfd_refusal);
      else
        diagnostics_add(reader->diagnostics, SEVERITY_ERROR, peer->clouds[c]->mark,
                        "%s has no settings of its own for a peer", cloud->title);
      read_part_lists(reader, peer, c);
    }
  }
  return peers;
}

/* A block of one thing that only some clouds have settings for. */
gpointer scenario_read_cloud_block(KeyReader *reader, const CloudClass *cloud, const KeyTable *keys,
                                   const Node *block, const char *thing) {
  if (keys != NULL)
    return keys_read(reader, keys, block);
  if (block != NULL)
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, block->mark,
                    "%s has no settings of its own for %s", cloud->title, thing);
  return NULL;
}
