/* Random scenarios; see the header. */
#include "support/topology.h"

#include <criterion/criterion.h>
#include <string.h>

#include "routesim/base/random.h"

#define MOST_NETWORKS 4
#define MOST_APPLIANCES 8
#define MOST_SITES 3

typedef struct {
  RandomStream stream;
  const TopologyOptions *options;
  GString *out;
  guint networks, servers, appliances, sites;
  guint homes[MOST_APPLIANCES]; /* network of each appliance */
  gboolean behind[MOST_SITES][MOST_APPLIANCES];
  gboolean circuit, vpn, internet, pending;
  gboolean persists[2];
  guint busy, end; /* seconds in which things begin; of the run */
} Draft;

static guint draw(Draft *draft, guint below) {
  return (guint)(random_bits(&draft->stream) % below);
}

static gboolean chance(Draft *draft, guint percent) { return draw(draft, 100) < percent; }

#define PICK(draft, list) ((list)[draw((draft), G_N_ELEMENTS(list))])

/* ---- networks ----------------------------------------------------------------------------- */

static void add_networks(Draft *draft) {
  g_string_append(draft->out, "networks:\n");
  for (guint i = 0; i < draft->networks; i++) {
    g_string_append_printf(
        draft->out, "  n%u:\n    prefixes: [10.%u.0.0/16]\n    region: west\n    subnets:\n", i, i);
    g_string_append_printf(draft->out, "      app: {prefix: 10.%u.0.0/24, zone: a, vms: %u}\n", i,
                           1 + draw(draft, 4));
    g_string_append_printf(draft->out, "      web: {prefix: 10.%u.1.0/24, zone: b, vms: %u}\n", i,
                           1 + draw(draft, 3));
    g_string_append_printf(draft->out, "      fa: {prefix: 10.%u.2.0/24, zone: a, vms: 0}\n", i);
    g_string_append_printf(draft->out, "      fb: {prefix: 10.%u.3.0/24, zone: b, vms: 0}\n", i);
  }
  if (draft->networks > 1)
    g_string_append(draft->out, "peerings:\n");
  for (guint i = 1; i < draft->networks; i++) {
    const gboolean remote = draft->servers > 0 && i >= draft->servers && chance(draft, 60);
    const gboolean later = !draft->options->only_failures && chance(draft, 20);
    g_string_append_printf(draft->out, "  p%u: {from: n%u, to: n0, use_remote_gateway: %s%s}\n", i,
                           i, remote ? "on" : "off", later ? ", connected: off" : "");
    draft->pending |= later && i == 1;
  }
}

static void add_servers(Draft *draft) {
  static const char *const preferences[] = {"expressroute", "vpn", "aspath"};
  static const char *const intervals[] = {"0s", "5s", "30s"};
  static const char *const programs[] = {"0s", "1s", "{uniform: [500ms, 5500ms]}"};
  static const char *const jitters[] = {"0s", "0s", "{uniform: [0s, 2s]}"};
  if (draft->servers > 0)
    g_string_append(draft->out, "route_servers:\n");
  for (guint i = 0; i < draft->servers; i++) {
    draft->persists[i] = !draft->options->only_failures && chance(draft, 30);
    g_string_append_printf(draft->out, "  r%u:\n    network: n%u\n", i, i);
    g_string_append_printf(
        draft->out,
        "    azure: {branch_to_branch: %s, routing_preference: %s, change_interval: %s, program: "
        "%s, table_jitter: %s, nic_share: %u%%, total_loss: %s, takeover: %us}\n",
        chance(draft, 50) ? "on" : "off", PICK(draft, preferences), PICK(draft, intervals),
        PICK(draft, programs), PICK(draft, jitters), draw(draft, 101),
        chance(draft, 50) ? "freeze" : "flush", draw(draft, 3));
    g_string_append_printf(
        draft->out,
        "    aws: {asn: %u, endpoints: {e1: n%u/fa, e2: n%u/fa, e3: n%u/fb, e4: n%u/fb}, "
        "propagate_to: [n%u/app, n%u/web%s], program: %s, table_jitter: %s, persist_routes: %s, "
        "fail_back: %us}\n",
        64600 + i, i, i, i, i, i, i, chance(draft, 30) ? (i == 0 ? ", n0/fa" : ", n1/fa") : "",
        PICK(draft, programs), PICK(draft, jitters), draft->persists[i] ? "1m" : "off",
        chance(draft, 30) ? draw(draft, 20) : 0);
  }
}

/* ---- appliances and sites -------------------------------------------------------------------- */

static void add_peers(Draft *draft, guint network) {
  static const char *const timers[] = {"", "hold: 9s, keepalive: 3s, ", "hold: 30s, ",
                                       "hold: 180s, keepalive: 60s, ", "hold: 0s, "};
  static const char *const bfds[] = {"", "", "bfd: {interval: 300ms, multiplier: 3}, ",
                                     "bfd: {interval: 1s, multiplier: 5, jitter: off}, "};
  /* Without a hold timer an end never learns that the other one lost power, and refuses its new
   * connections (RFC 4271 6.8): nothing brings such a session back. */
  const guint timer_count = G_N_ELEMENTS(timers) - (draft->options->only_failures ? 1 : 0);
  if (network >= draft->servers)
    return;
  const char *const endpoints[] = {"", "aws: {endpoints: [e1]}, ", "aws: {endpoints: [e2, e3]}, "};
  g_string_append_printf(
      draft->out, "    peers: {r%u: {%s%s%skeepalive_jitter: %s, route_refresh: %s}}\n", network,
      timers[draw(draft, timer_count)], PICK(draft, bfds), PICK(draft, endpoints),
      chance(draft, 50) ? "rfc" : "off", chance(draft, 80) ? "on" : "off");
}

static void append_attributes(Draft *draft) {
  static const char *const communities[] = {"no-advertise", "no-export", "65010:1"};
  if (chance(draft, 40))
    g_string_append_printf(draft->out, ", prepend: %u", draw(draft, 4));
  if (chance(draft, 30))
    g_string_append_printf(draft->out, ", med: %u", draw(draft, 3) * 50);
  if (chance(draft, 15))
    g_string_append_printf(draft->out, ", community: [%s]", PICK(draft, communities));
}

/* Nested, overlapping, a default, virtual addresses, and what lies in a network. */
static const char *const announced[] = {"0.0.0.0/0",     "10.0.0.0/8",    "172.16.0.0/12",
                                        "172.16.0.0/16", "172.16.1.0/24", "10.250.0.1/32",
                                        "198.18.0.0/15", "10.0.0.0/16",   "10.1.0.0/24"};

static void add_announcements(Draft *draft, guint appliance, const char *indent) {
  for (guint i = 0; i < G_N_ELEMENTS(announced); i++)
    if (chance(draft, 25)) {
      g_string_append_printf(draft->out, "%s- {prefix: %s", indent, announced[i]);
      append_attributes(draft);
      g_string_append(draft->out, "}\n");
    }
  for (guint i = 0; i < draft->sites; i++)
    if (draft->behind[i][appliance] && chance(draft, 85)) {
      g_string_append_printf(draft->out, "%s- {site: s%u", indent, i);
      append_attributes(draft);
      g_string_append(draft->out, "}\n");
    }
}

static void add_appliances(Draft *draft) {
  g_string_append(draft->out, "nvas:\n");
  for (guint i = 0; i < draft->appliances; i++) {
    const guint home = draft->homes[i];
    const NvaClass *class = nva_class_at(draw(draft, nva_class_count()));
    g_string_append_printf(draft->out,
                           "  v%u:\n    kind: %s\n    subnet: n%u/%s\n    asn: %u\n", i, class->name,
                           home, chance(draft, 50) ? "fa" : "fb", 65010 + draw(draft, 4));
    if (class->virtual_address != NULL)
      g_string_append_printf(draft->out,
                             "    vip: 10.252.%u.1/32\n    backends: {in: n%u/app, count: 2}\n",
                             draw(draft, 2), home);
    if (chance(draft, 50))
      g_string_append_printf(draft->out, "    boot: %us\n", 1 + draw(draft, 60));
    if (chance(draft, 50))
      g_string_append_printf(draft->out, "    connect_retry: %us\n", 2 + draw(draft, 60));
    add_peers(draft, home);
    g_string_append(draft->out, "    advertise:\n");
    g_string_append_printf(draft->out, "    - {prefix: 10.251.%u.1/32}\n", i);
    if (class->virtual_address != NULL)
      g_string_append(draft->out, "    - {vip: healthy}\n");
    add_announcements(draft, i, "    ");
  }
}

static void add_sites(Draft *draft) {
  /* Each inside the one before. */
  static const char *const ranges[MOST_SITES] = {"192.168.0.0/16", "192.168.8.0/21",
                                                 "192.168.9.0/24"};
  if (draft->sites > 0)
    g_string_append(draft->out, "sites:\n");
  for (guint i = 0; i < draft->sites; i++) {
    const char *between = "";
    g_string_append_printf(draft->out, "  s%u: {prefixes: [%s], via: [", i, ranges[i]);
    for (guint j = 0; j < draft->appliances; j++)
      if (draft->behind[i][j]) {
        g_string_append_printf(draft->out, "%sv%u", between, j);
        between = ", ";
      }
    if (draft->circuit && i == 0)
      g_string_append_printf(draft->out, "%scg", between);
    if (draft->vpn && i == 1)
      g_string_append_printf(draft->out, "%svg", between);
    g_string_append(draft->out, "]}\n");
  }
}

static void add_surroundings(Draft *draft) {
  if (draft->circuit || draft->vpn || draft->internet)
    g_string_append(draft->out, "gateways:\n");
  if (draft->circuit)
    g_string_append(draft->out, "  cg: {kind: circuit, network: n0}\n");
  if (draft->vpn)
    g_string_append(draft->out, "  vg: {kind: vpn, network: n0}\n");
  if (draft->internet)
    g_string_append(draft->out, "  ig: {kind: internet, network: n0}\n");
  if (!chance(draft, 50))
    return;
  const guint network = draft->networks - 1;
  g_string_append_printf(draft->out,
                         "route_tables:\n  t%u:\n    network: n%u\n    subnets: [fa]\n"
                         "    routes:\n    - {to: 203.0.113.0/24, via: none}\n",
                         network, network);
  for (guint i = 0; i < draft->appliances; i++)
    if (draft->homes[i] == network && chance(draft, 40)) {
      g_string_append_printf(draft->out, "    - {to: 198.51.100.%u/32, via: v%u}\n", i, i);
    }
  if (draft->internet && network == 0)
    g_string_append(draft->out, "    - {to: 0.0.0.0/0, via: ig}\n");
}

/* ---- traffic -------------------------------------------------------------------------------- */

static char *draw_end(Draft *draft) {
  if (draft->sites > 0 && chance(draft, 40))
    return g_strdup_printf("s%u", draw(draft, draft->sites));
  return g_strdup_printf("n%u/%s", draw(draft, draft->networks), chance(draft, 50) ? "app" : "web");
}

static void add_traffic(Draft *draft) {
  static const char *const addresses[] = {"172.16.1.5", "10.250.0.1", "10.251.0.1", "8.8.8.8"};
  const guint count = 1 + draw(draft, 3);
  g_string_append(draft->out, "traffic:\n");
  for (guint i = 0; i < count; i++) {
    g_autofree char *from = draw_end(draft), *to = draw_end(draft);
    const char *address = PICK(draft, addresses);
    const gboolean to_address = from[0] == 'n' && (chance(draft, 20) || strcmp(from, to) == 0);
    if (!to_address && strcmp(from, to) == 0) { /* from a site to itself */
      g_free(to);
      to = g_strdup("n0/app");
    }
    g_string_append_printf(
        draft->out, "  f%u: {from: %s, to: %s, flows: %u, rate: %uMbps, reconnect: %us}\n", i, from,
        to_address ? address : to, 1 + draw(draft, 30), 1 + draw(draft, 1000), 1 + draw(draft, 9));
  }
}

/* ---- what happens ------------------------------------------------------------------------------
 */

/* Appends a name that may fail; TRUE where every kind of failure may befall it. */
static gboolean append_target(Draft *draft, gboolean *link) {
  const guint choice = draw(draft, 100);
  *link = FALSE;
  if (choice < 15) {
    g_string_append_printf(draft->out, "zone/west/%s", chance(draft, 50) ? "a" : "b");
  } else if (choice < 45 && draft->servers > 0) {
    static const char *const parts[] = {"", "/#0", "/#1"};
    g_string_append_printf(draft->out, "r%u%s", draw(draft, draft->servers), PICK(draft, parts));
  } else if (choice < 52 && draft->circuit) {
    g_string_append(draft->out, "cg");
  } else if (choice < 70 && draft->sites > 0) {
    const guint site = draw(draft, draft->sites);
    for (guint i = 0; i < draft->appliances; i++)
      if (draft->behind[site][i]) {
        *link = TRUE;
        g_string_append_printf(draft->out, "link/s%u/v%u", site, i);
        return FALSE;
      }
    g_string_append(draft->out, "v0");
    return TRUE;
  } else {
    g_string_append_printf(draft->out, "v%u", draw(draft, draft->appliances));
    return TRUE;
  }
  return FALSE;
}

static const char *draw_kind(Draft *draft, gboolean appliance, gboolean link) {
  static const char *const of_links[] = {"silent", "cut"};
  static const char *const of_all[] = {"silent", "cut", "crash", "shutdown", "drain", "isolate"};
  if (link)
    return PICK(draft, of_links);
  if (appliance)
    return fault_kind_at(draw(draft, fault_kind_count()))->name;
  return PICK(draft, of_all);
}

/* A failure and its repair, or one that flaps. */
static void add_failure(Draft *draft, guint at) {
  const gsize start = draft->out->len;
  gboolean link;
  const gboolean appliance = append_target(draft, &link);
  g_autofree char *target = g_strdup(draft->out->str + start);
  const char *how = draw_kind(draft, appliance, link);
  g_string_truncate(draft->out, start);
  if (chance(draft, 25) && at + 360 < draft->end) {
    g_string_append_printf(
        draft->out, "- {at: %us, flap: %s, how: %s, down: %us, up: %us, times: %u}\n", at, target,
        how, 1 + draw(draft, 60), 1 + draw(draft, 60), 1 + draw(draft, 3));
    return;
  }
  static const char *const forwards[] = {"", "", ", forwards: on", ", forwards: off",
                                         ", forwards: 7s"};
  g_string_append_printf(draft->out, "- {at: %us, fail: %s, how: %s%s}\n", at, target, how,
                         PICK(draft, forwards));
  const guint repaired = at + 1 + draw(draft, 200);
  if (draft->options->only_failures || (chance(draft, 80) && repaired < draft->end))
    g_string_append_printf(draft->out, "- {at: %us, restore: %s}\n", repaired, target);
}

static void add_impairment(Draft *draft, guint at) {
  const guint appliance = draw(draft, draft->appliances);
  if (draft->homes[appliance] < draft->servers)
    g_string_append_printf(draft->out,
                           "- {at: %us, impair: [v%u, r%u], loss: %u%%, delay: %ums, jitter: %ums, "
                           "for: %us}\n",
                           at, appliance, draft->homes[appliance], draw(draft, 60),
                           draw(draft, 300), draw(draft, 100), 1 + draw(draft, 90));
}

static void add_change(Draft *draft, guint at) {
  static const char *const actions[] = {"enable", "disable", "reset"};
  const guint choice = draw(draft, 100);
  if (choice < 35) {
    const guint appliance = draw(draft, draft->appliances);
    g_string_append_printf(draft->out, "- at: %us\n  set: nvas.v%u.advertise\n  to:\n", at,
                           appliance);
    g_string_append_printf(draft->out, "  - {prefix: 10.251.%u.1/32}\n", appliance);
    add_announcements(draft, appliance, "  ");
  } else if (choice < 55 && draft->servers > 0 && draft->persists[0]) {
    g_string_append_printf(draft->out, "- {at: %us, persist: r0, action: %s}\n", at,
                           PICK(draft, actions));
  } else if (draft->pending) {
    g_string_append_printf(draft->out, "- {at: %us, connect: p1}\n", at);
    draft->pending = FALSE;
  }
}

static void add_events(Draft *draft) {
  const guint count = 1 + draw(draft, 5);
  g_string_append(draft->out, "events:\n");
  add_failure(draft, 1 + draw(draft, draft->busy));
  for (guint i = 1; i < count; i++) {
    const guint at = 1 + draw(draft, draft->busy), choice = draw(draft, 100);
    if (choice < 65)
      add_failure(draft, at);
    else if (choice < 80)
      add_impairment(draft, at);
    else if (!draft->options->only_failures)
      add_change(draft, at);
  }
}

/* ---- whole
 * --------------------------------------------------------------------------------------- */

char *topology_text(guint64 seed, const TopologyOptions *options) {
  Draft draft = {.stream = random_stream(seed, 0, "topology"), .options = options};
  draft.out = g_string_new(NULL);
  draft.networks = 1 + draw(&draft, MOST_NETWORKS);
  const guint servers = chance(&draft, 5) ? 0 : chance(&draft, 70) ? 1 : 2;
  draft.servers = MIN(draft.networks, servers);
  draft.appliances = 1 + draw(&draft, MOST_APPLIANCES);
  draft.sites = draw(&draft, MOST_SITES + 1);
  draft.circuit = draft.sites > 0 && chance(&draft, 25);
  draft.vpn = draft.sites > 1 && chance(&draft, 20);
  draft.internet = chance(&draft, 20);
  for (guint i = 0; i < draft.appliances; i++)
    draft.homes[i] =
        chance(&draft, 85) ? draw(&draft, MAX(draft.servers, 1)) : draw(&draft, draft.networks);
  for (guint i = 0; i < draft.sites; i++)
    for (guint j = 0; j < draft.appliances; j++)
      draft.behind[i][j] = chance(&draft, 40);
  draft.busy = options->quiet_end ? 300 : 10 + draw(&draft, 300);
  draft.end = options->quiet_end ? 1800 : draft.busy + 1 + draw(&draft, 400);
  g_string_append_printf(draft.out, "name: random-%" G_GUINT64_FORMAT "\nduration: %us\nseed: 1\n",
                         seed, draft.end);
  if (chance(&draft, 20))
    g_string_append_printf(draft.out, "link_delay: %ums\n", 1 + draw(&draft, 30));
  add_networks(&draft);
  add_servers(&draft);
  add_appliances(&draft);
  add_sites(&draft);
  add_surroundings(&draft);
  add_traffic(&draft);
  add_events(&draft);
  return g_string_free(draft.out, FALSE);
}

ScenarioFile *topology_load(const char *text, char **why) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  ScenarioFile *file =
      scenario_file_read("topology.yaml", g_strdup(text), strlen(text), NULL, 0, diagnostics);
  if (diagnostics_errors(diagnostics) == 0)
    return file;
  if (why != NULL) {
    GString *said = g_string_new(NULL);
    diagnostics_append(diagnostics, FALSE, said);
    *why = g_string_free(said, FALSE);
  }
  scenario_file_free(file);
  return NULL;
}

char *topology_without_events(const char *text) {
  const char *events = strstr(text, "\nevents:\n");
  return events != NULL ? g_strndup(text, (gsize)(events + 1 - text)) : g_strdup(text);
}

/* ---- checking and shrinking
 * ------------------------------------------------------------------------ */

static guint indent_of(const char *line) {
  guint indent = (guint)strspn(line, " ");
  /* Items of a list stand as deep as the key of the list, and belong to it. */
  return 2 * indent + (line[indent] == '-' ? 1 : 0);
}

/* Without line `at` and what belongs to it. */
static char *without(char **lines, guint at) {
  GString *text = g_string_new(NULL);
  guint next = at + 1;
  while (lines[next] != NULL && lines[next][0] != '\0' &&
         indent_of(lines[next]) > indent_of(lines[at]))
    next++;
  for (guint i = 0; lines[i] != NULL; i++)
    if ((i < at || i >= next) && lines[i][0] != '\0')
      g_string_append_printf(text, "%s\n", lines[i]);
  return g_string_free(text, FALSE);
}

static char *complaint_about(const char *text, const CloudClass *cloud, guint64 seed,
                             TopologyProperty property) {
  g_autoptr(ScenarioFile) file = topology_load(text, NULL);
  return file == NULL ? NULL : property(text, scenario_file_get(file, 0), cloud, seed);
}

/* Leaves out line after line, as long as the property still fails. */
static char *shrink(const char *text, const CloudClass *cloud, guint64 seed,
                    TopologyProperty property) {
  char *least = g_strdup(text);
  gboolean smaller = TRUE;
  while (smaller) {
    g_auto(GStrv) lines = g_strsplit(least, "\n", -1);
    smaller = FALSE;
    for (guint i = g_strv_length(lines); i-- > 0 && !smaller;) {
      if (lines[i][0] == '\0')
        continue;
      char *candidate = without(lines, i);
      g_autofree char *complaint = complaint_about(candidate, cloud, seed, property);
      if (complaint != NULL) {
        g_free(least);
        least = g_steal_pointer(&candidate);
        smaller = TRUE;
      }
      g_free(candidate);
    }
  }
  return least;
}

void topology_check(guint64 first, guint count, const TopologyOptions *options,
                    TopologyProperty property) {
  for (guint64 seed = first; seed < first + count; seed++) {
    g_autofree char *text = topology_text(seed, options), *why = NULL;
    g_autoptr(ScenarioFile) file = topology_load(text, &why);
    cr_assert_not_null(file, "seed %" G_GUINT64_FORMAT " is no scenario:\n%s\n%s", seed, why, text);
    for (guint i = 0; i < cloud_count(); i++) {
      g_autofree char *complaint = property(text, scenario_file_get(file, 0), cloud_at(i), seed);
      if (complaint == NULL)
        continue;
      g_autofree char *least = shrink(text, cloud_at(i), seed, property);
      g_autofree char *last = complaint_about(least, cloud_at(i), seed, property);
      cr_assert_fail("seed %" G_GUINT64_FORMAT ", %s: %s; of what is left: %s\n%s", seed,
                     cloud_at(i)->name, complaint, last, least);
    }
  }
}
