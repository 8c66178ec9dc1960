/* See the header. */
#include "support/duo.h"

#include <criterion/criterion.h>

DuoConfig duo_default(void) {
  const DuoEnd end = {.keepalive = sim_time_s(5),
                      .hold = sim_time_s(15),
                      .obeys_no_advertise = TRUE,
                      .obeys_no_export = TRUE};
  DuoConfig config = {.mode = LIVENESS_PACKET,
                      .delay = sim_time_ms(1),
                      .establish = sim_time_s(2),
                      .connect_retry = sim_time_s(120),
                      .seed = 1,
                      .ends = {end, end}};
  config.ends[0].asn = 65001;
  config.ends[1].asn = 65002;
  config.ends[1].passive = TRUE;
  return config;
}

Duo *duo_new(Bed *bed, const DuoConfig *config) {
  static const char *const names[] = {"a", "b"};
  Duo *duo = arena_new0(bed->arena, Duo);
  BgpEnd ends[2];
  duo->bed = bed;
  for (guint i = 0; i < 2; i++) {
    const DuoEnd *end = &config->ends[i];
    const BgpSpeakerConfig speaker = {
        .name = names[i],
        .asn = end->asn,
        .router_id = ip_address_v4(0x0A000001u + i),
        .profile = end->profile != NULL ? end->profile : &bgp_profile_rfc4271,
        .obeys_no_advertise = end->obeys_no_advertise,
        .obeys_no_export = end->obeys_no_export,
        .reflects = end->reflects,
        .next_hop_self = end->next_hop_self,
    };
    duo->nodes[i] = net_node_new(bed->engine, names[i]);
    duo->speakers[i] =
        bgp_speaker_new(bed->engine, &speaker, end->policy, end->data, config->seed, 0);
    ends[i] = (BgpEnd){.speaker = duo->speakers[i],
                       .name = names[i],
                       .address = ip_address_v4(0x0A000001u + i),
                       .keepalive = end->keepalive,
                       .hold = end->hold,
                       .passive = end->passive,
                       .establish = bed_constant(bed, config->establish),
                       .connect_retry = config->connect_retry,
                       .no_route_refresh = end->no_route_refresh,
                       .fixed_timers = end->fixed_timers,
                       .keepalive_jitter_off = !end->jitter,
                       .prefix_limit = end->prefix_limit,
                       .inbound = end->inbound,
                       .outbound = end->outbound};
  }
  duo->path = path_new(bed->engine, "a~b", duo->nodes[0], duo->nodes[1],
                       bed_constant(bed, config->delay), config->seed, 0);
  const BgpSessionConfig session = {.stream = "duo",
                                    .liveness = config->mode,
                                    .tcp_timeout = sim_time_s(1),
                                    .seed = config->seed};
  duo->session = bgp_session_new(bed->engine, duo->path, ends, &session);
  for (guint i = 0; i < 2; i++)
    duo->peers[i] = bgp_session_peer(duo->session, i);
  return duo;
}

/* ---- larger nets ------------------------------------------------------------------- */

BgpSpeaker *net_speaker_with(Bed *bed, const BgpSpeakerConfig *config, const BgpPolicy *policy,
                             gpointer data) {
  return bgp_speaker_new(bed->engine, config, policy, data, 1, 0);
}

BgpSpeaker *net_speaker(Bed *bed, const char *name, guint32 asn, const BgpProfile *profile) {
  const BgpSpeakerConfig config = {.name = name,
                                   .asn = asn,
                                   .router_id = ip_address_v4((guint32)g_str_hash(name)),
                                   .profile = profile != NULL ? profile : &bgp_profile_rfc4271,
                                   .obeys_no_advertise = TRUE,
                                   .obeys_no_export = TRUE};
  return net_speaker_with(bed, &config, NULL, NULL);
}

BgpSession *net_join_named(Bed *bed, BgpSpeaker *active, const char *active_name,
                           const char *active_address, BgpSpeaker *passive,
                           const char *passive_name, const char *passive_address,
                           const BgpRole *passive_role) {
  const char *name = arena_printf(bed->arena, "%s~%s", active_name, passive_name);
  Path *path =
      path_new(bed->engine, name, net_node_new(bed->engine, active_name),
               net_node_new(bed->engine, passive_name), bed_constant(bed, sim_time_ms(1)), 1, 0);
  const BgpEnd ends[2] = {
      {.speaker = active,
       .name = active_name,
       .address = bed_address(active_address),
       .keepalive = sim_time_s(5),
       .hold = sim_time_s(15),
       .keepalive_jitter_off = TRUE,
       .connect_retry = sim_time_s(120),
       .establish = bed_constant(bed, sim_time_s(2))},
      {.speaker = passive,
       .name = passive_name,
       .address = bed_address(passive_address),
       .keepalive = sim_time_s(5),
       .hold = sim_time_s(15),
       .keepalive_jitter_off = TRUE,
       .passive = TRUE,
       .role = passive_role,
       .connect_retry = sim_time_s(120)},
  };
  const BgpSessionConfig config = {
      .stream = name, .liveness = LIVENESS_LAZY, .tcp_timeout = sim_time_s(1), .seed = 1};
  return bgp_session_new(bed->engine, path, ends, &config);
}

BgpSession *net_join(Bed *bed, BgpSpeaker *active, const char *active_address, BgpSpeaker *passive,
                     const char *passive_address) {
  return net_join_named(bed, active, bgp_speaker_name(active), active_address, passive,
                        bgp_speaker_name(passive), passive_address, NULL);
}

/* ---- saying and looking --------------------------------------------------------------- */

typedef struct {
  BgpSpeaker *speaker;
  const char *prefix;
  const BgpAttributes *attributes;
} Saying;

static void say(gpointer data) {
  const Saying *saying = data;
  bgp_originate(saying->speaker, bed_prefix(saying->prefix), saying->attributes);
}

void net_say_at(Bed *bed, gint64 at_ms, BgpSpeaker *speaker, const char *prefix,
                const BgpAttributes *attributes) {
  Saying *saying = arena_new0(bed->arena, Saying);
  *saying = (Saying){speaker, prefix, attributes};
  bed_at(bed, sim_time_ms(at_ms), say, saying);
}

char *net_route_text(const BgpSpeaker *speaker, const char *prefix) {
  const BgpEntry *entry = bgp_find(speaker, bed_prefix(prefix));
  GString *out = g_string_new(NULL);
  if (entry == NULL || entry->selected_count == 0)
    g_string_append(out, "none");
  for (guint i = 0; entry != NULL && i < entry->selected_count; i++) {
    const BgpAttributes *attributes = entry->selected[i]->attributes;
    g_string_append(out, i > 0 ? "; " : "");
    if (attributes->next_hop.family != IP_NONE)
      ip_address_append(attributes->next_hop, out);
    else
      g_string_append(out, "self");
    for (guint j = 0; j < attributes->as_path_length; j++)
      g_string_append_printf(out, " %u", attributes->as_path[j]);
    if (attributes->has_med)
      g_string_append_printf(out, " med %u", attributes->med);
    if (attributes->has_local_pref)
      g_string_append_printf(out, " pref %u", attributes->local_pref);
  }
  return g_string_free(out, FALSE);
}

void net_assert_route(const BgpSpeaker *speaker, const char *prefix, const char *expected) {
  g_autofree char *is = net_route_text(speaker, prefix);
  cr_assert_str_eq(is, expected, "%s has '%s' for %s, not '%s'", bgp_speaker_name(speaker), is,
                   prefix, expected);
}
