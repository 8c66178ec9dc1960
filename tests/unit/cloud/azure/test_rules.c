/* What Azure Route Server takes, chooses, passes on and limits, rule by rule. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/cloud/shipped.h"
#include "routesim/cloud/gateway.h"
#include "support/cloud_lab.h"
#include "support/duo.h"
#include "support/facts.h"

#define PREFIX "10.9.0.0/16"

static CloudLab *lab_of(Bed *bed, const char *settings, guint appliances) {
  return cloud_lab_new(bed, &azure_cloud, settings, appliances);
}

static BgpAttributes *with_path(CloudLab *lab, const guint32 *path, guint length) {
  BgpAttributes *attributes = arena_new0(lab->bed->arena, BgpAttributes);
  attributes->as_path = path;
  attributes->as_path_length = length;
  return attributes;
}

static BgpAttributes *with_community(CloudLab *lab, guint32 community) {
  BgpAttributes *attributes = arena_new0(lab->bed->arena, BgpAttributes);
  guint32 *communities = arena_array(lab->bed->arena, guint32, 1);
  communities[0] = community;
  attributes->communities = communities;
  attributes->community_count = 1;
  return attributes;
}

/* ---- what is taken ----------------------------------------------------------------------- */

/* 65515 in the path, not installed, not passed on; without it, it is. */
Test(azure_rules, loops_are_refused) {
  static const guint32 looped[] = {65515, 65020}, stripped[] = {65020};
  for (guint i = 0; i < 2; i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_of(bed, "{branch_to_branch: on}", 2);
    cloud_lab_say(lab, 0, PREFIX, i == 0 ? with_path(lab, looped, 2) : with_path(lab, stripped, 1));
    cloud_lab_begin(lab);
    cloud_lab_assert_hops(lab, 0, PREFIX, i == 0 ? "none" : "fw-a");
    cr_assert_eq(bgp_find(lab->appliances[1].speaker, bed_prefix(PREFIX)) != NULL, i);
  }
  FACTS("AZ-2.1", "AZ-4.15", "AZ-4.16");
}

/* Local preference is not taken from another AS; nor does MED decide. */
Test(azure_rules, local_preference_and_med_do_not_decide) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_of(bed, "{}", 2);
  BgpAttributes *loud = arena_new0(bed->arena, BgpAttributes);
  *loud = (BgpAttributes){.has_local_pref = TRUE, .local_pref = 500, .has_med = TRUE, .med = 10};
  cloud_lab_say(lab, 0, PREFIX, loud);
  cloud_lab_say(lab, 1, PREFIX, cloud_lab_attributes(lab, 1, 0, 50));
  cloud_lab_begin(lab);
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a fw-b");
  FACTS("AZ-4.3", "AZ-4.4");
}

/* ---- what is passed on ---------------------------------------------------------------------- */

/* NO_ADVERTISE is programmed, but goes nowhere. NO_EXPORT is a community like any other, unless the
 * switch is on. */
Test(azure_rules, well_known_communities) {
  static const struct {
    const char *settings;
    guint32 community;
    gboolean passed;
  } cases[] = {
      {"{branch_to_branch: on}", BGP_NO_ADVERTISE, FALSE},
      {"{branch_to_branch: on}", BGP_NO_EXPORT, TRUE},
      {"{branch_to_branch: on, obey_no_export: on}", BGP_NO_EXPORT, FALSE},
      {"{branch_to_branch: on, obey_no_export: on}", 65010u << 16 | 1, TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_of(bed, cases[i].settings, 2);
    cloud_lab_begin(lab);
    cloud_lab_say_at(lab, 1000, 0, "10.8.0.0/16", with_community(lab, cases[i].community));
    bed_run(bed, sim_time_s(60));
    const GPtrArray *peers =
        bgp_speaker_peers(route_server_unit_speaker(route_server_unit(lab->server, 0)));
    gboolean sent = FALSE;
    for (guint j = 0; j < peers->len; j++)
      sent |= bgp_peer_sent(peers->pdata[j], bed_prefix("10.8.0.0/16")) != NULL;
    cr_assert_eq(sent, cases[i].passed, "case %u", i);
    for (guint table = 0; table < 2; table++)
      cloud_lab_assert_hops(lab, table, "10.8.0.0/16", "fw-a");
  }
  FACTS("AZ-4.7", "AZ-4.8");
}

static const BgpAttributes *received(const CloudLab *lab, guint appliance, const char *prefix) {
  const BgpEntry *entry = bgp_find(lab->appliances[appliance].speaker, bed_prefix(prefix));
  cr_assert(entry != NULL && entry->selected_count > 0, "%s has no route", prefix);
  return entry->selected[0]->attributes;
}

/* The path is kept, with 65515 in front; 4-byte AS numbers too; so are communities; 65517:65517 is
 * added from appliance to appliance, and only there. */
Test(azure_rules, path_and_communities_are_kept) {
  static const guint32 behind[] = {4200000000u, 65030};
  for (guint on = 0; on < 2; on++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_of(
        bed, on ? "{branch_to_branch: on}" : "{branch_to_branch: on, relay_community: off}", 2);
    BgpAttributes *attributes = with_community(lab, 65010u << 16 | 7);
    attributes->as_path = behind;
    attributes->as_path_length = 2;
    cloud_lab_say(lab, 0, PREFIX, attributes);
    cloud_lab_begin(lab);
    net_assert_route(lab->appliances[1].speaker, PREFIX,
                     "10.0.255.196 65515 65010 4200000000 65030");
    const BgpAttributes *got = received(lab, 1, PREFIX);
    cr_assert(bgp_attributes_has_community(got, 65010u << 16 | 7));
    cr_assert_eq(bgp_attributes_has_community(got, 65517u << 16 | 65517), on, "AZ-4.9");
    cr_assert_eq(got->community_count, 1 + on);
    cr_assert_eq(received(lab, 1, "10.0.0.0/16")->community_count, 0);
  }
  FACTS("AZ-2.4", "AZ-4.5", "AZ-4.6", "AZ-4.9");
}

/* Reflection among appliances. */
Test(azure_rules, reflection) {
  static const struct {
    const char *settings;
    gboolean told;
  } cases[] = {{"{}", FALSE},
               {"{branch_to_branch: on}", TRUE},
               {"{reflect: on}", TRUE},
               {"{reflect: off}", FALSE},
               {"{reflect: off, branch_to_branch: on}", FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_of(bed, cases[i].settings, 2);
    cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_begin(lab);
    const BgpEntry *entry = bgp_find(lab->appliances[1].speaker, bed_prefix(PREFIX));
    cr_assert_eq(entry != NULL && entry->selected_count > 0, cases[i].told, "%s",
                 cases[i].settings);
  }
  FACTS("AZ-5.4", "AZ-13.3");
}

/* What an instance tells has the instance as next hop, .4 and .5 of its subnet, two copies and no
 * third; towards gateways too, though they are of its own AS. On NICs it is what the appliance
 * gave. */
Test(azure_rules, next_hops) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_of(bed, "{branch_to_branch: on}", 2);
  BgpSpeaker *gateway = net_speaker(bed, "vpn/0", 65515, NULL);
  BgpSession *session = net_join_named(bed, gateway, "vpn/0", "10.0.255.4",
                                       route_server_unit_speaker(route_server_unit(lab->server, 1)),
                                       "rs/1", "10.0.255.197", &gateway_role_vpn);
  bgp_session_begin_established(session);
  cloud_lab_begin(lab);
  cloud_lab_say_at(lab, 1000, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  bed_run(bed, sim_time_s(30));
  const BgpEntry *entry = bgp_find(lab->appliances[1].speaker, bed_prefix(PREFIX));
  cr_assert_eq(entry->candidates->len, 2);
  for (guint i = 0; i < 2; i++) {
    const BgpCandidate *copy = entry->candidates->pdata[i];
    cr_assert(ip_address_equal(copy->attributes->next_hop,
                               bed_address(i == 0 ? "10.0.255.196" : "10.0.255.197")));
  }
  net_assert_route(gateway, PREFIX, "10.0.255.197 65010"); /* iBGP: no 65515 in front */
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
  FACTS("AZ-1.3", "AZ-5.7", "AZ-5.8", "AZ-8.2", "AZ-14.1");
}

/* ---- hub routing preference ------------------------------------------------------------------ */

/* A gateway instance that the first instance of the route server has a session with. */
static BgpSpeaker *join_gateway(CloudLab *lab, const char *name, const char *address,
                                const BgpRole *role) {
  BgpSpeaker *gateway = net_speaker(lab->bed, name, 65515, NULL);
  BgpSession *session = net_join_named(lab->bed, gateway, name, address,
                                       route_server_unit_speaker(route_server_unit(lab->server, 0)),
                                       "rs/0", "10.0.255.196", role);
  bgp_session_begin_established(session);
  return gateway;
}

/* Lengths of the AS path as the route server sees it; 0: no route from there. */
typedef struct {
  const char *preference;
  guint circuit, vpn, appliance;
  const char *ways;
  const char *fact;
} Preference;

static void originate_of_length(CloudLab *lab, BgpSpeaker *speaker, guint length) {
  const BgpAttributes bare = {.origin = BGP_ORIGIN_IGP};
  if (length > 0)
    bgp_originate(speaker, bed_prefix(PREFIX),
                  bgp_attributes_prepend(lab->bed->arena, &bare, 65100, length));
}

Test(azure_rules, hub_routing_preference) {
  static const Preference cases[] = {
      {"expressroute", 5, 1, 1, "er", "AZ-4.10"},
      {"expressroute", 5, 0, 1, "er", "AZ-4.14"},
      {"expressroute", 0, 3, 2, "fw-a", "AZ-4.10: between VPN and NVA the path decides"},
      {"expressroute", 0, 2, 3, "vpn", "AZ-4.10"},
      {"vpn", 1, 5, 0, "vpn", "AZ-4.10"},
      {"vpn", 1, 0, 5, "fw-a", "AZ-4.10"},
      {"vpn", 1, 4, 3, "fw-a", "AZ-4.12: then the path"},
      {"vpn", 1, 3, 3, "fw-a vpn", "AZ-4.12: then both"},
      {"aspath", 3, 2, 4, "vpn", "AZ-4.10"},
      {"aspath", 4, 0, 2, "fw-a", "AZ-4.10"},
      {"aspath", 2, 0, 2, "er", "AZ-4.13"},
      {"aspath", 2, 2, 2, "er", "AZ-4.13"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    const Preference *want = &cases[i];
    /* AZ-4.11, AZ-13.5: branch-to-branch is off, and it counts all the same. */
    CloudLab *lab =
        lab_of(bed, arena_printf(bed->arena, "{routing_preference: %s}", want->preference), 1);
    BgpSpeaker *circuit = join_gateway(lab, "er", "10.0.3.4", &gateway_role_circuit);
    BgpSpeaker *vpn = join_gateway(lab, "vpn", "10.0.3.5", &gateway_role_vpn);
    originate_of_length(lab, circuit, want->circuit);
    originate_of_length(lab, vpn, want->vpn);
    if (want->appliance > 0)
      cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, want->appliance - 1, -1));
    cloud_lab_begin(lab);
    bed_run(bed, sim_time_s(10));
    const BgpEntry *entry =
        bgp_find(route_server_unit_speaker(route_server_unit(lab->server, 0)), bed_prefix(PREFIX));
    g_autoptr(GString) ways = g_string_new(NULL);
    for (guint j = 0; j < entry->selected_count; j++)
      g_string_append_printf(ways, "%s%s", j > 0 ? " " : "",
                             bgp_peer_remote_name(entry->selected[j]->source));
    cr_assert_str_eq(ways->str, want->ways, "case %u (%s): %s, not %s", i, want->fact, ways->str,
                     want->ways);
  }
  for (guint i = 0; i < azure_cloud.server->profile->rule_count; i++)
    cr_assert_null(strstr(azure_cloud.server->profile->rules[i].name, "static"),
                   "AZ-13.4: no rung of it");
  FACTS("AZ-4.10", "AZ-4.11", "AZ-4.12", "AZ-4.13", "AZ-13.4", "AZ-13.5");
}

/* Gateways and appliances exchange nothing until branch-to-branch is on; then the path is kept,
 * with 65515 in front. */
Test(azure_rules, branch_to_branch) {
  for (guint on = 0; on < 2; on++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_of(bed, on ? "{branch_to_branch: on}" : "{}", 1);
    BgpSpeaker *circuit = join_gateway(lab, "er", "10.0.3.4", &gateway_role_circuit);
    cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_begin(lab);
    const BgpAttributes bare = {.origin = BGP_ORIGIN_IGP};
    bgp_originate(circuit, bed_prefix("192.168.0.0/16"),
                  bgp_attributes_prepend(bed->arena, &bare, 12076, 1));
    bed_run(bed, sim_time_s(10));
    net_assert_route(lab->appliances[0].speaker, "192.168.0.0/16",
                     on ? "10.0.255.196 65515 12076" : "none");
    net_assert_route(circuit, PREFIX, on ? "10.0.255.196 65010" : "none");
    net_assert_route(circuit, "10.0.0.0/16", "none"); /* it knows its own network */
  }
  FACTS("AZ-5.2", "AZ-5.3");
}

/* ---- NICs ------------------------------------------------------------------------------------ */

/* The appliance's own NIC has its default route too. */
Test(azure_rules, the_appliances_own_nic) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_of(bed, "{}", 1);
  RouteView route;
  cloud_lab_say(lab, 0, "0.0.0.0/0", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  cr_assert(route_table_match(lab->nva->tables->pdata[0], bed_address("8.8.8.8"), &route));
  cr_assert_eq(route.origin, azure_cloud.server->origin); /* AZ-6.5: no longer the system's */
  cr_assert(ip_address_equal(route.hops[0].address, lab->appliances[0].address));
  FACTS("AZ-5.11", "AZ-6.5");
}

/* For the same prefix UDR, then BGP, then system. The VNet's own range beats longer BGP routes,
 * whoever put them there; so nothing within it can be steered. */
Test(azure_rules, order_of_origins) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_of(bed, "{}", 1);
  RouteTable *table = lab->app->tables->pdata[0];
  const NextHop bgp = {.kind = HOP_ELEMENT, .address = bed_address("10.0.2.40")};
  static const RouteOrigin user = {"User", 1, FALSE, FALSE};
  const NextHop none = {.kind = HOP_NONE};
  RouteView route;
  cr_assert(route_table_match(table, bed_address("10.5.0.1"), &route));
  cr_assert_str_eq(route.origin->name, "Default");
  route_table_put(table, bed_prefix("10.0.0.0/8"), azure_cloud.server->origin, &bgp, 1);
  cr_assert(route_table_match(table, bed_address("10.5.0.1"), &route));
  cr_assert_eq(route.origin, azure_cloud.server->origin);
  route_table_put(table, bed_prefix("10.0.0.0/8"), &user, &none, 1);
  cr_assert(route_table_match(table, bed_address("10.5.0.1"), &route));
  cr_assert_eq(route.origin, &user);
  route_table_put(table, bed_prefix("10.0.1.0/24"), azure_cloud.server->origin, &bgp, 1);
  cr_assert(route_table_match(table, bed_address("10.0.1.9"), &route));
  cr_assert_str_eq(route.origin->name, "VNetLocal");
  FACTS("AZ-6.2", "AZ-6.3", "AZ-6.9");
}

/* ---- defaults
 * ------------------------------------------------------------------------------------ */

/* What stands in the table where a scenario says nothing. */
Test(azure_rules, defaults) {
  static const struct {
    const char *key, *value, *fact;
  } defaults[] = {
      {"keepalive", "60s", "AZ-2.8, AZ-14.3"},
      {"hold", "180s", "AZ-2.8, AZ-14.3"},
      {"max_peers", "8", "AZ-14.5"},
      {"max_routes_per_peer", "4000", "AZ-14.5"},
      {"max_routes_total", "10000", "AZ-14.5"},
      {"limit_count", "incoming", "AZ-14.6"},
      {"process", "0s", "AZ-14.7: part of what AZ-11.6 measured"},
      {"change_interval", "30s", "AZ-14.9"},
      {"max_paths", "8", "AZ-14.10"},
      {"branch_to_branch", "off", "AZ-1.9, AZ-14.12"},
      {"routing_preference", "expressroute", "AZ-1.9, AZ-14.13"},
      {"total_loss", "freeze", "AZ-14.15"},
      {"nic_share", "50%", "AZ-14.16"},
      {"routing_infrastructure_units", "2", "AZ-1.15"},
      {"max_networks", "500", "AZ-3.9"},
      {"reflect", "branch-to-branch", "AZ-13.3"},
      {"obey_no_export", "off", "AZ-4.8"},
      {"relay_community", "on", "AZ-4.9"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(defaults); i++) {
    const char *value = NULL;
    for (guint j = 0; j < azure_cloud.server->keys->count; j++)
      if (strcmp(azure_cloud.server->keys->keys[j].name, defaults[i].key) == 0)
        value = azure_cloud.server->keys->keys[j].fallback;
    cr_assert_str_eq(value, defaults[i].value, "%s (%s)", defaults[i].key, defaults[i].fact);
  }
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_of(bed, "{}", 1);
  cr_assert_eq(route_server_unit_count(lab->server), 2, "AZ-14.1");
  cr_assert_eq(bgp_speaker_asn(route_server_unit_speaker(route_server_unit(lab->server, 0))), 65515,
               "AZ-14.2");
  FACTS("AZ-14.2", "AZ-14.9", "AZ-14.12", "AZ-14.13");
}

/* The programming delay is one of thirteen values, whose median is 1.77 s, from 0.9 to 5.6 s. */
Test(azure_rules, programming_delay) {
  for (guint j = 0; j < azure_cloud.server->keys->count; j++) {
    const KeySpec *spec = &azure_cloud.server->keys->keys[j];
    if (strcmp(spec->name, "program") != 0)
      continue;
    g_autoptr(Bed) bed = bed_new();
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    KeyReader reader = {bed->arena, diagnostics};
    Duration *program =
        G_STRUCT_MEMBER_P(keys_read(&reader, azure_cloud.server->keys, NULL), spec->offset);
    cr_assert_eq(distribution_quantile(&program->law, 0.5).ns, sim_time_ms(1770).ns);
    cr_assert_eq(distribution_quantile(&program->law, 0.001).ns, sim_time_ms(900).ns);
    cr_assert_eq(distribution_quantile(&program->law, 0.999).ns, sim_time_ms(5600).ns);
  }
  FACTS("AZ-11.6", "AZ-14.8");
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void say_many(CloudLab *lab, guint appliance, guint count, guint prepend) {
  const BgpAttributes *attributes = cloud_lab_attributes(lab, appliance, prepend, -1);
  for (guint i = 0; i < count; i++)
    bgp_originate(lab->appliances[appliance].speaker,
                  prefix_make(ip_address_v4(0xAC100000u + (appliance << 18) + (i << 8)), 24),
                  attributes);
}

typedef struct {
  CloudLab *lab;
  guint count;
} Resend;
static void resend(gpointer data) {
  const Resend *what = data;
  say_many(what->lab, 0, what->count, 1);
}

static guint established(const CloudLab *lab, guint appliance) {
  const GPtrArray *sessions = lab->appliances[appliance].sessions;
  guint count = 0;
  for (guint i = 0; i < sessions->len; i++)
    count += bgp_peer_state(bgp_session_peer(sessions->pdata[i], 1)) == BGP_ESTABLISHED;
  return count;
}

/* Held and incoming are counted together: 2,001 known ones again are 4,002, and at the limit of
 * 1,000 500 are fine and 501 are not. Both sessions fall; those of other peers stand; it comes
 * back, and stays. */
Test(azure_rules, too_many_routes) {
  static const struct {
    const char *settings;
    guint count;
    gboolean falls;
  } cases[] = {{"{max_routes_per_peer: 1000}", 500, FALSE},
               {"{max_routes_per_peer: 1000}", 501, TRUE},
               {"{max_routes_per_peer: 1000, limit_count: held}", 501, FALSE},
               {"{}", 501, FALSE},
               {"{}", 2000, FALSE},
               {"{}", 2001, TRUE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_of(bed, cases[i].settings, 2);
    Resend what = {lab, cases[i].count};
    say_many(lab, 0, cases[i].count, 0);
    say_many(lab, 1, 1000, 0);
    cloud_lab_begin(lab);
    bed_at(bed, sim_time_s(60), resend, &what);
    bed_run(bed, sim_time_s(61));
    cr_assert_eq(established(lab, 0), cases[i].falls ? 0 : 2, "case %u", i);
    cr_assert_eq(established(lab, 1), 2, "AZ-3.5");
    bed_run(bed, sim_time_s(400));
    cr_assert_eq(established(lab, 0), 2, "AZ-3.7");
    cloud_lab_assert_hops(lab, 0, "172.16.5.0/24", "fw-a");
  }
  FACTS("AZ-3.2", "AZ-3.3", "AZ-3.4", "AZ-3.5", "AZ-3.7", "AZ-11.12", "AZ-14.6");
}

/* 4,001 routes never fit: the session loops. */
Test(azure_rules, more_routes_than_ever_fit) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_of(bed, "{}", 1);
  say_many(lab, 0, 4001, 0);
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(700));
  cr_assert_eq(established(lab, 0), 0);
  const guint downs = bed_count(bed, &BGP_SESSION_DOWN, NULL);
  cr_assert(downs >= 20 && downs <= 32, "%u ends went down", downs);
  FACTS("AZ-3.2", "AZ-3.7", "AZ-13.1");
}

/* ---- one instance only ----------------------------------------------------------------------- */

/* Both instances, unless the peer's block says otherwise. */
Test(azure_rules, instances_of_a_peer) {
  static const struct {
    const char *block, *parts;
  } cases[] = {{"{}", "rs/0 rs/1 "},
               {"{instances: [0]}", "rs/0 "},
               {"{instances: 1}", "rs/1 "},
               {"{instances: [1, 0]}", "rs/0 rs/1 "}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_of(bed, "{}", 1);
    gconstpointer peer = cloud_lab_read(bed, azure_cloud.peers->keys, cases[i].block);
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    g_autoptr(GString) names = g_string_new(NULL);
    route_server_parts_for(lab->server, lab->nva->name, peer, parts);
    for (guint j = 0; j < parts->len; j++)
      g_string_append_printf(names, "%s ", route_server_part_name(parts->pdata[j]));
    cr_assert_str_eq(names->str, cases[i].parts, "%s", cases[i].block);
  }
  FACTS("AZ-2.6");
}

/* and the machine's part of it: an instance that never had a session with an appliance
 * waits for none, so it has its NICs back when its own appliances have told all. */
Test(azure_rules, an_instance_waits_for_its_own_appliances_only) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_of(bed, "{program: 1s}", 1);
  BgpSpeaker *single = net_speaker(bed, "single", 65020, NULL);
  BgpSession *session = net_join_named(bed, single, "single", "10.0.2.50",
                                       route_server_unit_speaker(route_server_unit(lab->server, 0)),
                                       "rs/0", "10.0.255.196", NULL);
  bgp_session_begin_established(session);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  bgp_originate(single, bed_prefix("10.8.0.0/16"), arena_new0(bed->arena, BgpAttributes));
  bed_run(bed, sim_time_s(60));
  cloud_lab_assert_hops(lab, 0, "10.8.0.0/16", "10.0.2.50");
  cloud_lab_assert_hops(lab, 1, "10.8.0.0/16", "none"); /* AZ-2.7 */
  cloud_lab_lose_part(lab, 1);
  bed_run(bed, sim_time_s(120));
  cloud_lab_assert_hops(lab, 1, "10.8.0.0/16", "10.0.2.50"); /* AZ-7.7: the survivor's */
  cloud_lab_return_part(lab, 1);
  bed_run(bed, sim_time_s(400));
  cloud_lab_assert_hops(lab, 1, PREFIX, "fw-a");
  cloud_lab_assert_hops(lab, 1, "10.8.0.0/16", "none");
  FACTS("AZ-2.7", "AZ-7.7");
}

/* An appliance that is nowhere up keeps nobody waiting. */
Test(azure_rules, an_instance_does_not_wait_for_the_dead) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_of(bed, "{program: 1s}", 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(10));
  cloud_lab_stop(lab, 1);
  cloud_lab_lose_part(lab, 0);
  bed_run(bed, sim_time_s(60));
  cloud_lab_return_part(lab, 0);
  bed_run(bed, sim_time_s(300));
  /* Only rs/1 loses fw-a, and it has its own half of the NICs only. */
  bgp_peer_stop(bgp_session_peer(lab->appliances[0].sessions->pdata[1], 0), BGP_CEASE_SHUTDOWN);
  bed_run(bed, sim_time_s(400));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
  cloud_lab_assert_hops(lab, 1, PREFIX, "none");
}
