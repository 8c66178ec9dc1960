/* Random scenarios as text: networks, route servers and traffic, and the whole. */
#include <string.h>

#include "topology_draft.h"

/* ---- networks ----------------------------------------------------------------------------- */

static void add_subnets(Draft *draft, guint network) {
  g_string_append_printf(draft->out,
                         "  n%u:\n    prefixes: [10.%u.0.0/16]\n    region: west\n    subnets:\n",
                         network, network);
  g_string_append_printf(draft->out, "      app: {prefix: 10.%u.0.0/24, zone: a, vms: %u}\n",
                         network, 1 + draw(draft, 4));
  g_string_append_printf(draft->out, "      web: {prefix: 10.%u.1.0/24, zone: b, vms: %u}\n",
                         network, 1 + draw(draft, 3));
  g_string_append_printf(draft->out, "      fa: {prefix: 10.%u.2.0/24, zone: a, vms: 0}\n",
                         network);
  g_string_append_printf(draft->out, "      fb: {prefix: 10.%u.3.0/24, zone: b, vms: 0}\n",
                         network);
  if (draft->options->wide)
    g_string_append_printf(draft->out, "      pub: {prefix: 10.%u.4.0/24, zone: a, vms: 0}\n",
                           network);
}

static gboolean has_gateway(const Draft *draft, guint network) {
  return (draft->vpn && draft->vpn_home == network) ||
         (draft->circuit && draft->circuit_home == network);
}

/* A peering of whole networks, or of named subnets of either side (AZ-5.16). */
static void append_limits(Draft *draft) {
  static const char *const limits[] = {"local_subnets: [app, fa]", "remote_subnets: [app, web, fb]",
                                       "local_subnets: [web, fa, fb], remote_subnets: [app]"};
  if (wide_chance(draft, 25))
    g_string_append_printf(draft->out, ", azure: {%s}", PICK(draft, limits));
}

/* Most are spokes of the first network; in wide designs some join two others, or the other way
 * about. */
static void add_peering(Draft *draft, guint network) {
  const guint hub = wide_chance(draft, 30) ? draw(draft, network) : 0;
  draft->hubs[network] = hub;
  const gboolean remote = network >= draft->servers && hub < MAX(draft->servers, 1) &&
                          (draft->servers > 0 || has_gateway(draft, hub)) &&
                          !has_gateway(draft, network) && chance(draft, 60);
  const gboolean later = !draft->options->only_failures && chance(draft, 20);
  const gboolean turned = !remote && wide_chance(draft, 30);
  g_string_append_printf(draft->out, "  p%u: {from: n%u, to: n%u, use_remote_gateway: %s%s",
                         network, turned ? hub : network, turned ? network : hub,
                         remote ? "on" : "off", later ? ", connected: off" : "");
  append_limits(draft);
  g_string_append(draft->out, "}\n");
  draft->pending |= later && network == 1;
}

static void add_networks(Draft *draft) {
  g_string_append(draft->out, "networks:\n");
  for (guint i = 0; i < draft->networks; i++)
    add_subnets(draft, i);
  if (draft->networks > 1)
    g_string_append(draft->out, "peerings:\n");
  for (guint i = 1; i < draft->networks; i++)
    add_peering(draft, i);
}

static void add_servers(Draft *draft) {
  static const char *const preferences[] = {"expressroute", "vpn", "aspath"};
  static const char *const intervals[] = {"0s", "5s", "30s"};
  static const char *const programs[] = {"0s", "1s", "{uniform: [500ms, 5500ms]}"};
  static const char *const jitters[] = {"0s", "0s", "{uniform: [0s, 2s]}"};
  const guint laws = draft->options->exact ? 2 : 3; /* the last ones are spread */
  if (draft->servers > 0)
    g_string_append(draft->out, "route_servers:\n");
  for (guint i = 0; i < draft->servers; i++) {
    draft->persists[i] = !draft->options->only_failures && chance(draft, 30);
    g_string_append_printf(draft->out, "  r%u:\n    network: n%u\n", i, i);
    g_string_append_printf(
        draft->out,
        "    azure: {branch_to_branch: %s, routing_preference: %s, change_interval: %s, program: "
        "%s, table_jitter: %s, nic_share: %u%%, total_loss: %s, takeover: %us%s}\n",
        chance(draft, 50) ? "on" : "off", PICK(draft, preferences), PICK(draft, intervals),
        programs[draw(draft, laws)], jitters[draw(draft, laws)], draw(draft, 101),
        chance(draft, 50) ? "freeze" : "flush", draw(draft, 3),
        without_jitter(draft, ", keepalive_jitter: off"));
    g_string_append_printf(
        draft->out,
        "    aws: {asn: %u, endpoints: {e1: n%u/fa, e2: n%u/fa, e3: n%u/fb, e4: n%u/fb}, "
        "propagate_to: [n%u/app, n%u/web%s], program: %s, table_jitter: %s, persist_routes: %s, "
        "fail_back: %us%s%s}\n",
        64600 + i, i, i, i, i, i, i, chance(draft, 30) ? (i == 0 ? ", n0/fa" : ", n1/fa") : "",
        programs[draw(draft, laws)], jitters[draw(draft, laws)], draft->persists[i] ? "1m" : "off",
        chance(draft, 30) ? draw(draft, 20) : 0, wide_chance(draft, 20) ? ", multipath: on" : "",
        without_jitter(draft, ", keepalive_jitter: off, bfd: {jitter: off}"));
  }
}

/* ---- traffic -------------------------------------------------------------------------------- */

static char *draw_end(Draft *draft) {
  if (draft->sites > 0 && chance(draft, 40))
    return g_strdup_printf("s%u", draw(draft, draft->sites));
  if (wide_chance(draft, 10))
    return g_strdup("internet");
  return g_strdup_printf("n%u/%s", draw(draft, draft->networks), chance(draft, 50) ? "app" : "web");
}

static void add_traffic(Draft *draft) {
  static const char *const addresses[] = {"172.16.1.5", "10.250.0.1", "10.251.0.1", "8.8.8.8"};
  const guint count = 1 + draw(draft, draft->options->wide ? 5 : 3);
  g_string_append(draft->out, "traffic:\n");
  for (guint i = 0; i < count; i++) {
    g_autofree char *from = draw_end(draft), *to = draw_end(draft);
    const char *address = PICK(draft, addresses);
    const gboolean to_address = from[0] == 'n' && (chance(draft, 20) || strcmp(from, to) == 0);
    const guint flows = wide_chance(draft, 60) ? 20000 : 1 + draw(draft, 30);
    if (!to_address && strcmp(from, to) == 0) { /* from a site to itself */
      g_free(to);
      to = g_strdup("n0/app");
    }
    g_string_append_printf(
        draft->out, "  f%u: {from: %s, to: %s, flows: %u, rate: %uMbps, reconnect: %us}\n", i, from,
        to_address ? address : to, flows, 1 + draw(draft, 1000), 1 + draw(draft, 9));
  }
}

/* ---- whole
 * --------------------------------------------------------------------------------------- */

static const char *const failover_words[] = {"route-server", "load-balancer", "api"};

static void draw_surroundings(Draft *draft) {
  draft->circuit = draft->sites > 0 && chance(draft, 25);
  draft->vpn = draft->sites > 1 && chance(draft, 20);
  draft->internet[0] = chance(draft, 20);
  if (!draft->options->wide)
    return;
  for (guint i = 0; i < draft->networks; i++) {
    draft->internet[i] = chance(draft, 40);
    draft->nat[i] = draft->internet[i] && chance(draft, 40);
  }
  draft->transit = draft->networks > 1 && chance(draft, 30);
  draft->azure_alone = !draft->transit && wide_chance(draft, 25);
  if (draft->options->exact) { /* sessions of Azure's gateways always have jitter */
    draft->circuit = FALSE;
    draft->vpn &= draft->transit;
  }
  draft->circuit_home = draw(draft, draft->networks);
  draft->vpn_home = draw(draft, draft->networks);
  draft->line = draft->circuit && chance(draft, 60);
  for (guint i = 0; i < draft->sites; i++)
    draft->routed[i] = chance(draft, 35);
  draft->failover = chance(draft, 20) && draft->servers > 0 ? 1 + draw(draft, 2) : 0;
  for (guint i = 0; i < draft->appliances; i++)
    draft->balancer |= draft->homes[i] == 0;
  draft->balancer &= chance(draft, 15);
}

static void draw_appliances(Draft *draft) {
  for (guint i = 0; i < draft->appliances; i++)
    draft->homes[i] =
        chance(draft, 85) ? draw(draft, MAX(draft->servers, 1)) : draw(draft, draft->networks);
  for (guint i = 0; i < draft->sites; i++)
    for (guint j = 0; j < draft->appliances; j++)
      draft->behind[i][j] = chance(draft, 40);
  for (guint i = 0; i < draft->appliances; i++)
    draft->kinds[i] = draw(draft, nva_class_count());
}

static void add_head(Draft *draft, guint64 seed) {
  g_string_append_printf(draft->out, "name: random-%" G_GUINT64_FORMAT "\nduration: %us\nseed: 1\n",
                         seed, draft->end);
  if (draft->transit || draft->azure_alone)
    g_string_append_printf(draft->out, "models: [%s]\n", draft->transit ? "aws" : "azure");
  if (draft->failover > 0)
    g_string_append_printf(draft->out, "failover: %s\n", failover_words[draft->failover]);
  if (draft->options->exact)
    g_string_append(draft->out, "api_failover: {azure: {propagate: 20s}, aws: {propagate: 3s}}\n");
  if (story_chance(draft, 10))
    g_string_append(draft->out, "start: cold\n");
  if (story_chance(draft, 20))
    g_string_append_printf(draft->out, "tcp_timeout: %ums\n", 200 * (1 + draw(draft, 15)));
  if (chance(draft, 20))
    g_string_append_printf(draft->out, "link_delay: %ums\n", 1 + draw(draft, 30));
}

char *topology_text(guint64 seed, const TopologyOptions *options) {
  Draft draft = {.stream = random_stream(seed, 0, "topology"), .options = options};
  draft.out = g_string_new(NULL);
  draft.networks = 1 + draw(&draft, MOST_NETWORKS);
  const guint servers = chance(&draft, options->wide ? 15 : 5) ? 0 : chance(&draft, 70) ? 1 : 2;
  draft.servers = MIN(draft.networks, servers);
  draft.appliances = 1 + draw(&draft, MOST_APPLIANCES);
  draft.sites = draw(&draft, MOST_SITES + 1);
  draw_appliances(&draft);
  draw_surroundings(&draft);
  draft.busy = options->quiet_end ? 300 : 10 + draw(&draft, options->eventful ? 150 : 300);
  draft.end = options->quiet_end ? 1800 : draft.busy + 1 + draw(&draft, 400);
  add_head(&draft, seed);
  add_networks(&draft);
  add_servers(&draft);
  draft_appliances(&draft);
  draft_sites(&draft);
  draft_gateways(&draft);
  draft_tables(&draft);
  add_traffic(&draft);
  draft_events(&draft);
  return g_string_free(draft.out, FALSE);
}
