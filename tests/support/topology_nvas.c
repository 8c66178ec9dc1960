/* Appliances and sites of random scenarios. */
#include "topology_draft.h"

/* ---- peers ------------------------------------------------------------------------------- */

static void add_peers(Draft *draft, guint appliance) {
  static const char *const timers[] = {"", "hold: 9s, keepalive: 3s, ", "hold: 30s, ",
                                       "hold: 180s, keepalive: 60s, ", "hold: 0s, "};
  static const char *const bfds[] = {"", "", "bfd: {interval: 300ms, multiplier: 3}, ",
                                     "bfd: {interval: 1s, multiplier: 5, jitter: off}, "};
  static const char *const exact_bfds[] = {"", "",
                                           "bfd: {interval: 300ms, multiplier: 3, jitter: off}, ",
                                           "bfd: {interval: 1s, multiplier: 5, jitter: off}, "};
  /* Without a hold timer an end never learns that the other one lost power, and refuses its new
   * connections (RFC 4271 6.8): nothing brings such a session back. */
  const guint timer_count = G_N_ELEMENTS(timers) - (draft->options->only_failures ? 1 : 0);
  const guint network = draft->homes[appliance];
  const char *const endpoints[] = {"", "aws: {endpoints: [e1]}, ", "aws: {endpoints: [e2, e3]}, "};
  const gboolean beside = appliance > 0 && wide_chance(draft, 20);
  if (network < draft->servers || beside)
    g_string_append(draft->out, "    peers:\n");
  if (network < draft->servers)
    g_string_append_printf(
        draft->out, "      r%u: {%s%s%skeepalive_jitter: %s, route_refresh: %s}\n", network,
        timers[draw(draft, timer_count)],
        (draft->options->exact ? exact_bfds : bfds)[draw(draft, G_N_ELEMENTS(bfds))],
        PICK(draft, endpoints), chance(draft, 50) && !draft->options->exact ? "rfc" : "off",
        chance(draft, 80) ? "on" : "off");
  const gboolean tunnel = beside && chance(draft, 50);
  draft->friends[appliance] = beside ? (int)draw(draft, appliance) : -1;
  if (beside)
    g_string_append_printf(draft->out, "      v%d: {tunnel: %s%s}\n", draft->friends[appliance],
                           tunnel ? "on" : "off", without_jitter(draft, ", keepalive_jitter: off"));
}

/* ---- announcements -------------------------------------------------------------------------- */

static void append_attributes(Draft *draft, guint appliance) {
  static const char *const communities[] = {"no-advertise", "no-export", "65010:1"};
  if (chance(draft, 40))
    g_string_append_printf(draft->out, ", prepend: %u", draw(draft, 4));
  if (chance(draft, 30))
    g_string_append_printf(draft->out, ", med: %u", draw(draft, 3) * 50);
  if (chance(draft, 15))
    g_string_append_printf(draft->out, ", community: [%s]", PICK(draft, communities));
  if (draft->balancer && has_bgp(draft) && draft->homes[appliance] == 0 && chance(draft, 30))
    g_string_append(draft->out, ", next_hop: lb");
}

/* Nested, overlapping, a default, virtual addresses, and what lies in a network. */
static const char *const announced[] = {"0.0.0.0/0",     "10.0.0.0/8",    "172.16.0.0/12",
                                        "172.16.0.0/16", "172.16.1.0/24", "10.250.0.1/32",
                                        "198.18.0.0/15", "10.0.0.0/16",   "10.1.0.0/24"};

void draft_announcements(Draft *draft, guint appliance, const char *indent) {
  for (guint i = 0; i < G_N_ELEMENTS(announced); i++)
    if (chance(draft, 25)) {
      g_string_append_printf(draft->out, "%s- {prefix: %s", indent, announced[i]);
      append_attributes(draft, appliance);
      g_string_append(draft->out, "}\n");
    }
  for (guint i = 0; i < draft->sites; i++)
    if (draft->behind[i][appliance] && chance(draft, 85)) {
      g_string_append_printf(draft->out, "%s- {site: s%u", indent, i);
      append_attributes(draft, appliance);
      g_string_append(draft->out, "}\n");
    }
}

/* ---- appliances ------------------------------------------------------------------------------ */

static void add_place(Draft *draft, guint appliance) {
  const guint home = draft->homes[appliance];
  const char *subnet = chance(draft, 50) ? "fa" : "fb";
  const guint other = wide_chance(draft, 25) ? draw(draft, draft->networks) : home;
  if (wide_chance(draft, 30))
    g_string_append_printf(draft->out, "    interfaces: {in: n%u/%s, out: n%u/pub}\n", home, subnet,
                           other);
  else
    g_string_append_printf(draft->out, "    subnet: n%u/%s\n", home, subnet);
}

/* Those of the first one's network that can pass packets on are a cluster, the first one active. */
static void add_membership(Draft *draft, guint appliance) {
  if (appliance == 0)
    draft->clustered = story_chance(draft, 25);
  if (draft->clustered && draft->homes[appliance] == draft->homes[0] && appliance < 4)
    g_string_append_printf(draft->out, "    cluster: {name: c, state: %s, takes_over: %ums}\n",
                           appliance == 0 ? "active" : "passive", 1000 * draw(draft, 4));
}

static void add_traits(Draft *draft, guint appliance) {
  static const char *const translations[] = {"off", "internet", "on"};
  if (chance(draft, 50))
    g_string_append_printf(draft->out, "    boot: %us\n", 1 + draw(draft, 60));
  if (chance(draft, 50))
    g_string_append_printf(draft->out, "    connect_retry: %us\n", 2 + draw(draft, 60));
  if (wide_chance(draft, 50))
    g_string_append_printf(draft->out, "    snat: %s\n", PICK(draft, translations));
  if (wide_chance(draft, 20))
    g_string_append_printf(draft->out, "    capacity: %uMbps\n", 1 + draw(draft, 800));
  if (appliance > 0 && wide_chance(draft, 15))
    g_string_append_printf(draft->out, "    state_sync: v%u\n", draw(draft, appliance));
  g_string_append(draft->out, without_jitter(draft, "    establish: 1s\n"));
  if (story_chance(draft, 20))
    g_string_append_printf(draft->out, "    update_delay: %us\n", 1 + draw(draft, 30));
  if (story_chance(draft, 20))
    g_string_append(draft->out, "    crash_forwards: 5s\n");
  if (story_chance(draft, 20))
    g_string_append(draft->out, "    stop: close\n");
  add_membership(draft, appliance);
}

/* TRUE where it has health checks that announcements may hang on. */
static gboolean add_health(Draft *draft, const NvaClass *class) {
  if (class->virtual_address != NULL || !wide_chance(draft, 20))
    return FALSE;
  g_string_append_printf(draft->out, "    health: {target: %s, check: %us, fall: %u, rise: %u}\n",
                         draft->sites > 0 && chance(draft, 50) ? "s0" : "data-plane",
                         1 + draw(draft, 5), 1 + draw(draft, 3), 1 + draw(draft, 3));
  return has_bgp(draft);
}

void draft_appliances(Draft *draft) {
  g_string_append(draft->out, "nvas:\n");
  for (guint i = 0; i < draft->appliances; i++) {
    const guint home = draft->homes[i];
    const NvaClass *class = nva_class_at(draft->kinds[i]);
    g_string_append_printf(draft->out, "  v%u:\n    kind: %s\n    asn: %u\n", i, class->name,
                           65010 + draw(draft, 4));
    add_place(draft, i);
    if (class->virtual_address != NULL)
      g_string_append_printf(draft->out,
                             "    vip: 10.252.%u.1/32\n    backends: {in: n%u/app, count: 2}\n",
                             draw(draft, 2), home);
    add_traits(draft, i);
    const gboolean checked = add_health(draft, class);
    add_peers(draft, i);
    g_string_append(draft->out, "    advertise:\n");
    g_string_append_printf(draft->out, "    - {prefix: 10.251.%u.1/32}\n", i);
    if (class->virtual_address != NULL && has_bgp(draft))
      g_string_append(draft->out, "    - {vip: healthy}\n");
    if (checked)
      g_string_append_printf(draft->out, "    - {prefix: 172.20.%u.0/24, when: healthy}\n",
                             draw(draft, 2));
    draft_announcements(draft, i, "    ");
  }
}

/* ---- sites ----------------------------------------------------------------------------------- */

/* What the site is linked to, separated. */
static GPtrArray *links_of(const Draft *draft, guint site) {
  GPtrArray *links = g_ptr_array_new_with_free_func(g_free);
  for (guint j = 0; j < draft->appliances; j++)
    if (draft->behind[site][j])
      g_ptr_array_add(links, g_strdup_printf("v%u", j));
  if (draft->circuit && site == 0)
    g_ptr_array_add(links, g_strdup(draft->line ? "c1" : "cg"));
  if (draft->vpn && site == 1)
    g_ptr_array_add(links, g_strdup("vg"));
  return links;
}

static void add_list(Draft *draft, const GPtrArray *links) {
  g_string_append(draft->out, "[");
  for (guint i = 0; i < links->len; i++)
    g_string_append_printf(draft->out, "%s%s", i > 0 ? ", " : "", (const char *)links->pdata[i]);
  g_string_append(draft->out, "]}\n");
}

static void add_mapping(Draft *draft, const GPtrArray *links) {
  static const char *const spread[] = {"", ", detect: {keepalive: 3s, hold: 9s}",
                                       ", detect: {bfd: {interval: 300ms, multiplier: 3}}"};
  static const char *const exact[] = {
      ", detect: {keepalive_jitter: off}",
      ", detect: {keepalive: 3s, hold: 9s, keepalive_jitter: off}",
      ", detect: {keepalive_jitter: off, bfd: {interval: 300ms, multiplier: 3, jitter: off}}"};
  const char *const *detects = draft->options->exact ? exact : spread;
  g_string_append(draft->out, "{");
  for (guint i = 0; i < links->len; i++)
    g_string_append_printf(
        draft->out, "%s%s: {prefer: %u%s}", i > 0 ? ", " : "", (const char *)links->pdata[i],
        100 * (1 + draw(draft, 2)),
        strcmp(links->pdata[i], "c1") != 0 ? detects[draw(draft, G_N_ELEMENTS(spread))] : "");
  g_string_append(draft->out, "}}\n");
}

void draft_sites(Draft *draft) {
  /* Each inside the one before. */
  static const char *const ranges[MOST_SITES] = {"192.168.0.0/16", "192.168.8.0/21",
                                                 "192.168.9.0/24"};
  if (draft->sites > 0)
    g_string_append(draft->out, "sites:\n");
  for (guint i = 0; i < draft->sites; i++) {
    g_autoptr(GPtrArray) links = links_of(draft, i);
    g_string_append_printf(draft->out, "  s%u: {prefixes: [%s], ", i, ranges[i]);
    if (draft->options->wide)
      g_string_append_printf(draft->out, "asn: %u, ", 65100 + draw(draft, 3));
    g_string_append(draft->out, without_jitter(draft, "establish: 1s, "));
    g_string_append(draft->out, "via: ");
    if (draft->routed[i])
      add_mapping(draft, links);
    else
      add_list(draft, links);
  }
}
