/* See the header. */
#include "support/cloud_lab.h"

#include <criterion/criterion.h>
#include <string.h>

#include "routesim/language/compose.h"

static CloudSubnet *add_subnet(CloudLab *lab, const char *name, const char *prefix, guint hosts) {
  CloudSubnet *subnet = arena_new0(lab->bed->arena, CloudSubnet);
  *subnet = (CloudSubnet){.name = name,
                          .subnet = subnet_new(lab->hub->network, name, bed_prefix(prefix)),
                          .network = lab->hub,
                          .hosts = hosts,
                          .tables = arena_ptr_array(lab->bed->arena)};
  g_ptr_array_add(lab->hub->subnets, subnet);
  return subnet;
}

static void build_network(CloudLab *lab) {
  Arena *arena = lab->bed->arena;
  lab->fabric = fabric_new(lab->bed->engine);
  lab->topology = (CloudTopology){.engine = lab->bed->engine,
                                  .fabric = lab->fabric,
                                  .arena = arena,
                                  .seed = 1,
                                  .run = 0,
                                  .networks = arena_ptr_array(arena),
                                  .peerings = arena_ptr_array(arena),
                                  .user_tables = arena_ptr_array(arena),
                                  .edges = arena_ptr_array(arena),
                                  .route_servers = arena_ptr_array(arena)};
  lab->hub = arena_new0(arena, CloudNetwork);
  *lab->hub = (CloudNetwork){.name = "hub",
                             .network = network_new(lab->fabric, "hub"),
                             .subnets = arena_ptr_array(arena),
                             .zones = arena_ptr_array(arena),
                             .has_route_server = TRUE};
  network_add_prefix(lab->hub->network, bed_prefix("10.0.0.0/16"));
  g_ptr_array_add(lab->topology.networks, lab->hub);
  lab->app = add_subnet(lab, "hub/app", "10.0.1.0/24", 10);
  lab->nva = add_subnet(lab, "hub/nva", "10.0.2.0/24", 0);
}

gpointer cloud_lab_read(Bed *bed, const KeyTable *keys, const char *settings) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  KeyReader reader = {bed->arena, diagnostics};
  const Node *node = compose_value(bed->arena, "--set", settings, diagnostics);
  gpointer config = keys_read(&reader, keys, node);
  if (diagnostics_errors(diagnostics) > 0) {
    g_autoptr(GString) text = g_string_new(NULL);
    diagnostics_append(diagnostics, FALSE, text);
    cr_assert_fail("%s", text->str);
  }
  return config;
}

static void build_appliance(CloudLab *lab, guint index) {
  static const char *const names[LAB_MOST] = {"fw-a", "fw-b", "fw-c", "fw-d", "fw-e"};
  LabAppliance *appliance = &lab->appliances[index];
  *appliance = (LabAppliance){.name = names[index],
                              .asn = 65010 + index,
                              .address = ip_address_v4(0x0A000200u + 40 - index),
                              .node = net_node_new(lab->bed->engine, names[index]),
                              .sessions = arena_ptr_array(lab->bed->arena),
                              .paths = arena_ptr_array(lab->bed->arena)};
  const ElementConfig element = {.name = appliance->name,
                                 .node = appliance->node,
                                 .address = appliance->address,
                                 .network = lab->hub->network,
                                 .table = lab->nva->tables->pdata[0]};
  appliance->element = element_new(lab->fabric, &element);
  const BgpSpeakerConfig speaker = {.name = appliance->name,
                                    .asn = appliance->asn,
                                    .router_id = appliance->address,
                                    .profile = &bgp_profile_rfc4271,
                                    .obeys_no_advertise = TRUE,
                                    .obeys_no_export = TRUE};
  appliance->speaker = bgp_speaker_new(lab->bed->engine, &speaker, NULL, NULL, 1, 0);
}

static void join(CloudLab *lab, LabAppliance *appliance, RouteServerPart *part) {
  Bed *bed = lab->bed;
  const char *name =
      arena_printf(bed->arena, "%s~%s", appliance->name, route_server_part_name(part));
  const CloudLiveness far = lab->class->server->liveness(lab->server);
  Path *path = path_new(bed->engine, name, appliance->node, route_server_part_node(part),
                        bed_constant(bed, sim_time_ms(1)), 1, 0);
  const BgpEnd ends[2] = {
      {.speaker = appliance->speaker,
       .name = appliance->name,
       .address = appliance->address,
       .keepalive = sim_time_s(5),
       .hold = sim_time_s(15),
       .keepalive_jitter_off = TRUE,
       .connect_retry = sim_time_s(120),
       .establish = bed_constant(bed, sim_time_s(2))},
      {.speaker = route_server_unit_speaker(route_server_part_unit(part)),
       .name = route_server_part_name(part),
       .address = route_server_part_address(part),
       .keepalive = far.keepalive,
       .hold = far.hold,
       .keepalive_jitter_off = TRUE,
       .passive = TRUE,
       .connect_retry = sim_time_s(120),
       .prefix_limit = far.prefix_limit},
  };
  const BgpSessionConfig config = {
      .stream = name, .liveness = LIVENESS_LAZY, .tcp_timeout = sim_time_s(1), .seed = 1};
  g_ptr_array_add(appliance->sessions, bgp_session_new(bed->engine, path, ends, &config));
  g_ptr_array_add(appliance->paths, path);
}

CloudLab *cloud_lab_new(Bed *bed, const CloudClass *class, const char *settings, guint appliances) {
  return cloud_lab_new_with(bed, class, settings, appliances, NULL, NULL);
}

CloudLab *cloud_lab_new_with(Bed *bed, const CloudClass *class, const char *settings,
                             guint appliances, void (*set_up)(CloudLab *lab, gpointer data),
                             gpointer data) {
  CloudLab *lab = arena_new0(bed->arena, CloudLab);
  RouteServerConfig *config = arena_new0(bed->arena, RouteServerConfig);
  lab->bed = bed;
  lab->class = class;
  lab->count = appliances;
  build_network(lab);
  *config = (RouteServerConfig){"rs", lab->hub, cloud_lab_read(bed, class->server->keys, settings)};
  g_ptr_array_add(lab->topology.route_servers, config);
  if (set_up != NULL)
    set_up(lab, data);
  class->fabric->build_tables(&lab->topology);
  for (guint i = 0; i < appliances; i++)
    build_appliance(lab, i);
  lab->server = route_server_new(class, &lab->topology, config);
  for (guint i = 0; i < appliances; i++) {
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    route_server_parts_for(lab->server, lab->nva->name, NULL, parts);
    for (guint j = 0; j < parts->len; j++)
      join(lab, &lab->appliances[i], parts->pdata[j]);
  }
  return lab;
}

void cloud_lab_say(CloudLab *lab, guint appliance, const char *prefix,
                   const BgpAttributes *attributes) {
  bgp_originate(lab->appliances[appliance].speaker, bed_prefix(prefix), attributes);
}

typedef struct {
  CloudLab *lab;
  guint appliance;
  const char *prefix;
  const BgpAttributes *attributes;
} Saying;

static void say(gpointer data) {
  const Saying *saying = data;
  cloud_lab_say(saying->lab, saying->appliance, saying->prefix, saying->attributes);
}

void cloud_lab_say_at(CloudLab *lab, gint64 at_ms, guint appliance, const char *prefix,
                      const BgpAttributes *attributes) {
  Saying *saying = arena_new0(lab->bed->arena, Saying);
  *saying = (Saying){lab, appliance, prefix, attributes};
  bed_at(lab->bed, sim_time_ms(at_ms), say, saying);
}

void cloud_lab_begin(CloudLab *lab) {
  g_autoptr(GPtrArray) speakers = g_ptr_array_new();
  for (guint i = 0; i < lab->count; i++) {
    const LabAppliance *appliance = &lab->appliances[i];
    for (guint j = 0; j < appliance->sessions->len; j++)
      bgp_session_begin_established(appliance->sessions->pdata[j]);
    g_ptr_array_add(speakers, appliance->speaker);
  }
  for (guint i = 0; i < route_server_unit_count(lab->server); i++)
    g_ptr_array_add(speakers, route_server_unit_speaker(route_server_unit(lab->server, i)));
  bgp_converge((BgpSpeaker *const *)speakers->pdata, speakers->len);
  route_server_begin(lab->server);
}

void cloud_lab_stop(CloudLab *lab, guint appliance) {
  const GPtrArray *sessions = lab->appliances[appliance].sessions;
  for (guint i = 0; i < sessions->len; i++)
    bgp_peer_stop(bgp_session_peer(sessions->pdata[i], 0), BGP_CEASE_SHUTDOWN);
}

void cloud_lab_start(CloudLab *lab, guint appliance) {
  const GPtrArray *sessions = lab->appliances[appliance].sessions;
  for (guint i = 0; i < sessions->len; i++)
    bgp_peer_start(bgp_session_peer(sessions->pdata[i], 0));
}

static void each_peer_of(CloudLab *lab, const RouteServerPart *part, void (*act)(BgpPeer *peer)) {
  for (guint i = 0; i < lab->count; i++) {
    const GPtrArray *sessions = lab->appliances[i].sessions;
    for (guint j = 0; j < sessions->len; j++) {
      BgpPeer *peer = bgp_session_peer(sessions->pdata[j], 1);
      if (strcmp(bgp_peer_local_name(peer), route_server_part_name(part)) == 0)
        act(peer);
    }
  }
}

static void die(BgpPeer *peer) { bgp_peer_die(peer, FALSE); }

/* As the fault "silent" does: a part that shares its process with others only goes dark. */
void cloud_lab_lose_part(CloudLab *lab, guint index) {
  RouteServerPart *part = route_server_part(lab->server, index);
  const gboolean own = route_server_part_owns_process(part);
  if (own)
    each_peer_of(lab, part, die);
  if (own)
    bgp_speaker_clear(route_server_unit_speaker(route_server_part_unit(part)));
  route_server_part_lost(part);
  net_node_adjust(route_server_part_node(part), NODE_DARK, NULL, +1);
}

static void start_if_down(BgpPeer *peer) {
  if (bgp_peer_state(peer) != BGP_ESTABLISHED)
    bgp_peer_start(peer);
}

void cloud_lab_return_part(CloudLab *lab, guint index) {
  RouteServerPart *part = route_server_part(lab->server, index);
  net_node_adjust(route_server_part_node(part), NODE_DARK, NULL, -1);
  route_server_part_back(part);
  each_peer_of(lab, part, start_if_down);
}

/* ---- looking ----------------------------------------------------------------------- */

guint cloud_lab_table_count(const CloudLab *lab) { return lab->app->tables->len; }

static void append_hops(const CloudLab *lab, const NextHop *hops, guint count, GString *out) {
  for (guint i = 0; i < count; i++) {
    const Element *element = fabric_element_at(lab->fabric, hops[i].address);
    g_string_append(out, i > 0 ? " " : "");
    if (element != NULL)
      g_string_append(out, element_name(element));
    else
      ip_address_append(hops[i].address, out);
  }
}

char *cloud_lab_hops(const CloudLab *lab, guint table, const char *prefix) {
  RouteView view;
  GString *out = g_string_new(NULL);
  if (route_table_find(lab->app->tables->pdata[table], bed_prefix(prefix),
                       lab->class->server->origin, &view))
    append_hops(lab, view.hops, view.hop_count, out);
  else
    g_string_append(out, "none");
  return g_string_free(out, FALSE);
}

void cloud_lab_assert_hops(const CloudLab *lab, guint table, const char *prefix,
                           const char *expected) {
  g_autofree char *hops = cloud_lab_hops(lab, table, prefix);
  cr_assert_str_eq(hops, expected, "%.3f s: table %u has %s by %s, not by %s",
                   sim_time_seconds(engine_now(lab->bed->engine)), table, prefix, hops, expected);
}

const BgpAttributes *cloud_lab_attributes(CloudLab *lab, guint appliance, guint prepend,
                                          gint64 med) {
  static const BgpAttributes bare = {.origin = BGP_ORIGIN_IGP};
  BgpAttributes *attributes =
      bgp_attributes_prepend(lab->bed->arena, &bare, lab->appliances[appliance].asn, prepend);
  attributes->has_med = med >= 0;
  attributes->med = med >= 0 ? (guint32)med : 0;
  return attributes;
}

char *cloud_lab_changes(const CloudLab *lab, SimTime since) {
  GString *out = g_string_new(NULL);
  for (RecordId id = 1; id <= engine_record_count(lab->bed->engine); id++) {
    const TraceRecord *record = engine_record_get(lab->bed->engine, id);
    if (record->kind != &CLOUD_PROGRAMMED || record->at.ns < since.ns)
      continue;
    const TableChange *change = record->detail;
    if (!g_str_has_prefix(change->table, "hub/app"))
      continue;
    g_string_append_printf(out, "%.3f %s %s", sim_time_seconds(record->at), change->table,
                           change->action);
    g_string_append(out, change->hop_count > 0 ? " " : "");
    append_hops(lab, change->hops, change->hop_count, out);
    g_string_append(out, ", ");
  }
  return g_string_free(out, FALSE);
}

void cloud_lab_assert_changes(const CloudLab *lab, gint64 since_ms, const char *expected) {
  g_autofree char *changes = cloud_lab_changes(lab, sim_time_ms(since_ms));
  cr_assert_str_eq(changes, expected, "\nis:     %s\nshould: %s", changes, expected);
}
