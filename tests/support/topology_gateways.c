/* Gateways and route tables of random scenarios. */
#include "topology_draft.h"

static void append_capacity(Draft *draft) {
  if (wide_chance(draft, 20))
    g_string_append_printf(draft->out, ", capacity: %uMbps", 1 + draw(draft, 900));
  g_string_append(draft->out, "}\n");
}

static void add_transit(Draft *draft) {
  g_string_append(draft->out, "  tg: {kind: transit, aws: {attach: [n0");
  for (guint i = 1; i < draft->networks; i++)
    if (i == 1 || chance(draft, 70))
      g_string_append_printf(draft->out, ", n%u%s", i, chance(draft, 30) ? "/app" : "");
  g_string_append_printf(draft->out, "], appliance_mode: %s", chance(draft, 50) ? "on" : "off");
  if (chance(draft, 60))
    g_string_append_printf(draft->out, ", routes: [{to: 0.0.0.0/0, via: n%u}]", draw(draft, 2));
  g_string_append(draft->out, "}}\n");
}

void draft_gateways(Draft *draft) {
  g_string_append(draft->out, "gateways:\n");
  const gsize none = draft->out->len;
  if (draft->circuit) {
    g_string_append_printf(draft->out, "  cg: {kind: circuit, network: n%u%s", draft->circuit_home,
                           draft->line ? ", circuits: [c1]" : "");
    append_capacity(draft);
  }
  if (draft->vpn) {
    g_string_append_printf(draft->out, "  vg: {kind: vpn, network: n%u, active_active: %s",
                           draft->vpn_home,
                           draft->vpn_home >= draft->servers && chance(draft, 50) ? "off" : "on");
    g_string_append(draft->out,
                    without_jitter(draft, ", aws: {program: 1s, keepalive_jitter: off}"));
    append_capacity(draft);
  }
  for (guint i = 0; i < draft->networks; i++) {
    if (draft->internet[i])
      g_string_append_printf(draft->out, "  ig%u: {kind: internet, network: n%u}\n", i, i);
    if (draft->nat[i]) {
      g_string_append_printf(draft->out, "  na%u: {kind: nat, subnet: n%u/pub", i, i);
      append_capacity(draft);
    }
  }
  if (draft->transit)
    add_transit(draft);
  if (draft->out->len == none)
    g_string_truncate(draft->out, none - strlen("gateways:\n"));
  if (draft->line)
    g_string_append_printf(draft->out, "circuits:\n  c1: {site: s0%s}\n",
                           chance(draft, 40) ? ", bfd: {interval: 300ms, multiplier: 3}" : "");
  if (draft->balancer) {
    g_string_append(draft->out, "load_balancers:\n  lb: {address: 10.0.2.200, members: [");
    const char *between = "";
    for (guint i = 0; i < draft->appliances; i++)
      if (draft->homes[i] == 0) {
        g_string_append_printf(draft->out, "%sv%u", between, i);
        between = ", ";
      }
    g_string_append(draft->out, "]}\n");
  }
}

/* ---- route tables ------------------------------------------------------------------------- */

/* One of the network: others are refused (AWS-8.6). */
static char *draw_appliance(Draft *draft, guint network, const char *otherwise) {
  const guint first = draw(draft, draft->appliances);
  for (guint i = 0; i < draft->appliances; i++) {
    const guint appliance = (first + i) % draft->appliances;
    if (draft->homes[appliance] == network)
      return g_strdup_printf("v%u", appliance);
  }
  return g_strdup(otherwise);
}

/* Every kind of target there is. */
static char *draw_target(Draft *draft, guint network) {
  const guint other = draw(draft, draft->networks);
  switch (draw(draft, 12)) {
  case 0:
    if (draft->transit)
      return g_strdup("tg");
    break;
  case 1:
    if (draft->nat[network])
      return g_strdup_printf("na%u", network);
    break;
  case 2:
    if (draft->internet[network])
      return g_strdup_printf("ig%u", network);
    break;
  case 3:
    if (draft->vpn && draft->vpn_home == network)
      return g_strdup("vg");
    break;
  case 4:
    if (draft->transit && draft->circuit && draft->circuit_home == network)
      return g_strdup("cg"); /* of AWS alone (AZ-6.25) */
    break;
  case 5:
    return g_strdup("none");
  case 6:
    return g_strdup("local");
  case 7:
    return g_strdup_printf("10.%u.2.%u", draft->azure_alone ? other : network, 4 + draw(draft, 3));
  case 8:
    if (network > 0) /* its own (AWS-8.6) */
      return g_strdup_printf("p%u", network);
    if (draft->networks > 1 && draft->hubs[1] == 0)
      return g_strdup("p1");
    break;
  case 9:
    if (chance(draft, 40) && (draft->azure_alone || draft->internet[network])) /* AWS-5.21 */
      return g_strdup("internet");
    break;
  default:
    break;
  }
  return draw_appliance(draft, network, "none");
}

void draft_routes(Draft *draft, guint network, const char *indent) {
  static const char *const wanted[] = {"0.0.0.0/0",     "10.0.0.0/8",     "192.168.0.0/16",
                                       "172.16.0.0/12", "203.0.113.0/24", "192.168.8.0/22"};
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
    if (chance(draft, 40)) {
      g_autofree char *to = draw_target(draft, network);
      g_string_append_printf(draft->out, "%s- {to: %s, via: %s}\n", indent, wanted[i], to);
    }
  for (guint i = 0; i < draft->networks; i++)
    if (chance(draft, i == network ? 15 : 50)) {
      g_autofree char *to =
          i == network ? draw_appliance(draft, network, "local") : draw_target(draft, network);
      g_string_append_printf(draft->out, "%s- {to: 10.%u.0.0/16, via: %s}\n", indent, i, to);
    }
  g_string_append_printf(draft->out, "%s- {to: 198.51.100.0/24, via: none}\n", indent);
}

static void add_wide_table(Draft *draft, guint network) {
  static const char *const subnets[] = {"app", "web", "fa", "fb", "pub"};
  g_string_append_printf(draft->out, "  t%u:\n    network: n%u\n    propagate: %s\n    subnets: [",
                         network, network, chance(draft, 80) ? "on" : "off");
  const guint first = draw(draft, G_N_ELEMENTS(subnets));
  g_string_append(draft->out, subnets[first]);
  for (guint i = 0; i < G_N_ELEMENTS(subnets); i++)
    if (i != first && chance(draft, 30))
      g_string_append_printf(draft->out, ", %s", subnets[i]);
  g_string_append(draft->out, "]\n    routes:\n");
  draft_routes(draft, network, "    ");
}

static void add_edge_table(Draft *draft, guint network) {
  g_autofree char *to = draw_appliance(draft, network, "local");
  g_string_append_printf(draft->out,
                         "  e%u:\n    network: n%u\n    gateway: ig%u\n    routes:\n"
                         "    - {to: 10.%u.%u.0/24, via: %s}\n",
                         network, network, network, network, draw(draft, 2), to);
}

static void add_plain_table(Draft *draft) {
  const guint network = draft->networks - 1;
  g_string_append_printf(draft->out,
                         "  t%u:\n    network: n%u\n    subnets: [fa]\n"
                         "    routes:\n    - {to: 203.0.113.0/24, via: none}\n",
                         network, network);
  for (guint i = 0; i < draft->appliances; i++)
    if (draft->homes[i] == network && chance(draft, 40))
      g_string_append_printf(draft->out, "    - {to: 198.51.100.%u/32, via: v%u}\n", i, i);
  if (draft->internet[0] && network == 0)
    g_string_append(draft->out, "    - {to: 0.0.0.0/0, via: ig0}\n");
}

void draft_tables(Draft *draft) {
  g_string_append(draft->out, "route_tables:\n");
  const gsize none = draft->out->len;
  if (!draft->options->wide && chance(draft, 50))
    add_plain_table(draft);
  for (guint i = 0; i < draft->networks && draft->options->wide; i++) {
    draft->table[i] = chance(draft, 50);
    if (draft->table[i])
      add_wide_table(draft, i);
    if (draft->internet[i] && chance(draft, 30))
      add_edge_table(draft, i);
  }
  if (draft->out->len == none)
    g_string_truncate(draft->out, none - strlen("route_tables:\n"));
}
