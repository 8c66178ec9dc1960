/* A design as a scenario text. */
#include "oracle/design.h"

static void append_subnets(const Design *design, guint n, GString *out) {
  const DesignNetwork *network = &design->networks[n];
  g_string_append_printf(out, "  n%u: {prefixes: [", n);
  for (guint i = 0; i < network->range_count; i++) {
    g_string_append(out, i > 0 ? ", " : "");
    range_append(network->ranges[i], out);
  }
  g_string_append(out, "], region: west, subnets: {");
  for (guint i = 0; i < MOST_SUBNETS; i++) {
    g_string_append_printf(out, "%s%s: {prefix: ", i > 0 ? ", " : "", design_subnets[i]);
    range_append(design_subnet(design, n, i), out);
    g_string_append_printf(out, ", zone: %c, vms: %u}", design_zone(design, i) == 0 ? 'a' : 'b',
                           network->hosts >> i & 1 ? 2 : 0);
  }
  g_string_append(out, "}}\n");
}

static void append_servers(const Design *design, GString *out) {
  static const char *const preferences[] = {"expressroute", "vpn", "aspath"};
  gboolean any = FALSE;
  for (guint n = 0; n < MOST_NETWORKS; n++) {
    const DesignNetwork *network = &design->networks[n];
    if (!network->used || !network->server)
      continue;
    g_string_append_printf(out, "%s  r%u:\n    network: n%u\n", any ? "" : "route_servers:\n", n,
                           n);
    any = TRUE;
    if (design->cloud == DESIGN_AZURE) {
      g_string_append_printf(out, "    azure: {branch_to_branch: %s, routing_preference: %s}\n",
                             network->branch_to_branch ? "on" : "off",
                             preferences[network->preference]);
      continue;
    }
    g_string_append_printf(out,
                           "    aws: {asn: %u, endpoints: {e1: n%u/fa, e2: n%u/fa, e3: n%u/fb}, "
                           "rs_vs_vgw: %s, inner_host_routes: %s, propagate_to: [",
                           64600 + n, n, n, n, network->rs_vs_vgw ? "vgw" : "rs",
                           network->inner_hosts ? "on" : "off");
    const char *between = "";
    guint told = 0; /* tables that stand there already */
    for (guint i = 0; i <= MOST_SUBNETS; i++) {
      guint table = i == MOST_SUBNETS ? EDGE_TABLE : NOWHERE;
      if (!(network->propagate_to >> i & 1))
        continue;
      for (guint t = 0; t < MOST_TABLES && i < MOST_SUBNETS; t++)
        if (network->tables[t].used && network->tables[t].subnets >> i & 1)
          table = t;
      if (table == EDGE_TABLE && !network->tables[EDGE_TABLE].used)
        continue;
      if (table != NOWHERE && told >> table & 1)
        continue;
      if (table == NOWHERE)
        g_string_append_printf(out, "%sn%u/%s", between, n, design_subnets[i]);
      else
        g_string_append_printf(out, "%st%u-%u", between, n, table);
      told |= table == NOWHERE ? 0 : 1u << table;
      between = ", ";
    }
    g_string_append(out, "]}\n");
  }
}

static void append_limits(const DesignPeering *peering, GString *out) {
  static const char *const keys[] = {"local_subnets", "remote_subnets"};
  const char *between = ", azure: {";
  for (guint side = 0; side < 2; side++) {
    if (peering->limits[side] == 0)
      continue;
    g_string_append_printf(out, "%s%s: [", between, keys[side]);
    between = "";
    for (guint s = 0; s < MOST_SUBNETS; s++)
      if (peering->limits[side] >> s & 1) {
        g_string_append_printf(out, "%s%s", between, design_subnets[s]);
        between = ", ";
      }
    g_string_append(out, "]");
    between = ", ";
  }
  g_string_append(out, "}");
}

static void append_peerings(const Design *design, GString *out) {
  gboolean any = FALSE;
  for (guint i = 0; i < MOST_PEERINGS; i++) {
    const DesignPeering *peering = &design->peerings[i];
    if (!peering->used)
      continue;
    g_string_append_printf(out, "%s  p%u: {from: n%u, to: n%u, use_remote_gateway: %s",
                           any ? "" : "peerings:\n", i, peering->from, peering->to,
                           peering->remote ? "on" : "off");
    if (peering->limits[0] != 0 || peering->limits[1] != 0)
      append_limits(peering, out);
    g_string_append(out, "}\n");
    any = TRUE;
  }
}

static void append_item(const DesignAnnouncement *item, guint more, GString *out) {
  static const char *const communities[] = {"", "no-advertise", "no-export", "65010:1"};
  g_string_append(out, "{");
  if (item->site != NOWHERE) {
    g_string_append_printf(out, "site: s%u", item->site);
  } else {
    g_string_append(out, "prefix: ");
    range_append(item->to, out);
  }
  if (item->prepend + more > 0)
    g_string_append_printf(out, ", prepend: %u", item->prepend + more);
  if (item->med >= 0)
    g_string_append_printf(out, ", med: %d", item->med);
  if (item->community != COMMUNITY_NONE)
    g_string_append_printf(out, ", community: [%s]", communities[item->community]);
  if (item->hop == NEXT_HOP_NVA)
    g_string_append_printf(out, ", next_hop: v%u", item->hop_nva);
  if (item->hop == NEXT_HOP_ADDRESS) {
    g_string_append(out, ", next_hop: ");
    address_append(item->hop_address, out);
  }
  g_string_append(out, "}");
}

static void append_endpoints(const DesignNva *nva, GString *out) {
  static const char *const names[] = {"e1", "e3"};
  if (nva->endpoint_prepend[0] == 0 && nva->endpoint_prepend[1] == 0) {
    g_string_append(out, "aws: {endpoints: [e1, e3]}");
    return;
  }
  g_string_append(out, "aws: {endpoints: {");
  for (guint i = 0; i < 2; i++) {
    const char *between = "";
    g_string_append_printf(out, "%s%s: {advertise: [", i > 0 ? ", " : "", names[i]);
    for (guint j = 0; j < MOST_ANNOUNCED; j++)
      if (nva->announced[j].used) {
        g_string_append(out, between);
        append_item(&nva->announced[j], nva->endpoint_prepend[i], out);
        between = ", ";
      }
    g_string_append(out, "]}");
  }
  g_string_append(out, "}}");
}

/* "advertise: [...]"; nothing where none is used. */
static void append_told(const DesignTold *told, GString *out) {
  const char *between = "advertise: [";
  for (guint i = 0; i < MOST_TOLD; i++)
    if (told[i].used) {
      g_string_append_printf(out, "%s{prefix: ", between);
      range_append(told[i].to, out);
      if (told[i].prepend > 0)
        g_string_append_printf(out, ", prepend: %u", told[i].prepend);
      g_string_append(out, "}");
      between = ", ";
    }
  g_string_append(out, "]");
}

static void append_told_sites(const DesignNva *nva, GString *out) {
  gboolean any = FALSE;
  for (guint i = 0; i < MOST_SITES; i++)
    if (design_tells(nva->told[i])) {
      g_string_append_printf(out, "%s      s%u: {", any ? "" : "    sites:\n", i);
      append_told(nva->told[i], out);
      g_string_append(out, "}\n");
      any = TRUE;
    }
}

static void append_nva(const Design *design, guint index, GString *out) {
  static const char *const translations[] = {"off", "on", "internet"};
  const DesignNva *nva = &design->nvas[index];
  g_string_append_printf(out, "  v%u:\n    kind: %s\n    asn: %u\n", index,
                         nva->firewall ? "firewall" : "router", nva->asn);
  if (nva->out == NOWHERE)
    g_string_append_printf(out, "    subnet: n%u/%s\n", nva->network, design_subnets[nva->in]);
  else
    g_string_append_printf(out, "    interfaces: {in: n%u/%s, out: n%u/%s}\n", nva->network,
                           design_subnets[nva->in], nva->network, design_subnets[nva->out]);
  if (nva->snat != SNAT_OFF)
    g_string_append_printf(out, "    snat: %s\n", translations[nva->snat]);
  if (nva->peers != 0) {
    g_string_append(out, "    peers: {");
    const char *between = "";
    for (guint n = 0; n < MOST_NETWORKS; n++)
      if (nva->peers >> n & 1) {
        g_string_append_printf(out, "%sr%u: {", between, n);
        if (design->cloud == DESIGN_AWS)
          append_endpoints(nva, out);
        else if (nva->instances != BOTH_INSTANCES)
          g_string_append_printf(out, "azure: {instances: [%u]}", nva->instances - 1);
        g_string_append_c(out, '}');
        between = ", ";
      }
    g_string_append(out, "}\n");
  }
  append_told_sites(nva, out);
  gboolean any = FALSE;
  for (guint i = 0; i < MOST_ANNOUNCED; i++)
    if (nva->announced[i].used) {
      g_string_append(out, any ? "" : "    advertise:\n");
      any = TRUE;
      g_string_append(out, "    - ");
      append_item(&nva->announced[i], 0, out);
      g_string_append_c(out, '\n');
    }
}

static void append_nvas(const Design *design, GString *out) {
  gboolean any = FALSE;
  for (guint i = 0; i < MOST_NVAS; i++)
    if (design->nvas[i].used) {
      g_string_append(out, any ? "" : "nvas:\n");
      any = TRUE;
      append_nva(design, i, out);
    }
}

static void append_link(const DesignSite *site, guint link, guint prefer, GString *out) {
  if (!site->router)
    return;
  g_string_append_printf(out, ": {prefer: %u", prefer);
  if (design_tells(site->over[link])) {
    g_string_append(out, ", ");
    append_told(site->over[link], out);
  }
  g_string_append(out, "}");
}

static void append_sites(const Design *design, GString *out) {
  gboolean any = FALSE;
  for (guint i = 0; i < MOST_SITES; i++) {
    const DesignSite *site = &design->sites[i];
    const char *between = "";
    if (!site->used)
      continue;
    g_string_append_printf(out, "%s  s%u: {asn: %u, prefixes: [", any ? "" : "sites:\n", i,
                           site->asn);
    any = TRUE;
    range_append(site->range, out);
    g_string_append(out, "], ");
    if (design_tells(site->told)) {
      append_told(site->told, out);
      g_string_append(out, ", ");
    }
    g_string_append_printf(out, "via: %c", site->router ? '{' : '[');
    for (guint n = 0; n < MOST_NVAS; n++)
      if (site->nvas >> n & 1) {
        g_string_append_printf(out, "%sv%u", between, n);
        append_link(site, LINK_NVA(n), site->prefer_nva[n], out);
        between = ", ";
      }
    for (guint n = 0; n < MOST_NETWORKS; n++) {
      if (site->vpns >> n & 1) {
        g_string_append_printf(out, "%sg%u", between, n);
        append_link(site, LINK_VPN(n), site->prefer_vpn[n], out);
        between = ", ";
      }
      if (site->circuits >> n & 1) {
        g_string_append_printf(out, "%sk%u-%u", between, i, n);
        append_link(site, LINK_CIRCUIT(n), site->prefer_circuit[n], out);
        between = ", ";
      }
    }
    g_string_append_printf(out, "%c}\n", site->router ? '}' : ']');
  }
  any = FALSE;
  for (guint i = 0; i < MOST_SITES; i++)
    for (guint n = 0; n < MOST_NETWORKS; n++)
      if (design->sites[i].used && design->sites[i].circuits >> n & 1) {
        g_string_append_printf(out, "%s  k%u-%u: {site: s%u}\n", any ? "" : "circuits:\n", i, n, i);
        any = TRUE;
      }
}

static void append_target(const UserRoute *route, guint network, gboolean aws, GString *out) {
  switch (route->kind) {
  case TARGET_NVA:
    g_string_append_printf(out, "v%u", route->index);
    break;
  case TARGET_NONE:
    g_string_append(out, "none");
    break;
  case TARGET_INTERNET:
    if (aws && network % 2 == 0) /* the word means the same gateway (AWS-5.21) */
      g_string_append_printf(out, "i%u", network);
    else
      g_string_append(out, "internet");
    break;
  case TARGET_LOCAL:
    g_string_append(out, "local");
    break;
  case TARGET_ADDRESS:
    address_append(route->address, out);
    break;
  case TARGET_PEERING:
    g_string_append_printf(out, "p%u", route->index);
    break;
  case TARGET_TRANSIT:
    g_string_append(out, "tgw");
    break;
  case TARGET_NAT:
    g_string_append_printf(out, "x%u", network);
    break;
  case TARGET_GATEWAY:
    g_string_append_printf(out, "g%u", network);
    break;
  }
}

static void append_table(const Design *design, guint n, guint t, GString *out) {
  const UserTable *table = &design->networks[n].tables[t];
  g_string_append_printf(out, "  t%u-%u:\n    network: n%u\n", n, t, n);
  if (t >= MOST_TABLES) {
    g_string_append_printf(out, "    gateway: %c%u\n",
                           t == EDGE_TABLE           ? 'i'
                           : design->networks[n].vpn ? 'g'
                                                     : 'c',
                           n);
  } else {
    const char *between = "";
    g_string_append(out, "    subnets: [");
    for (guint i = 0; i < MOST_SUBNETS; i++)
      if (table->subnets >> i & 1) {
        g_string_append_printf(out, "%s%s", between, design_subnets[i]);
        between = ", ";
      }
    g_string_append_printf(out, "]\n%s", table->propagate ? "" : "    propagate: off\n");
  }
  g_string_append(out, "    routes:\n");
  gboolean any = FALSE;
  for (guint i = 0; i < MOST_ROUTES; i++) {
    const UserRoute *route = &table->routes[i];
    if (!route->used)
      continue;
    any = TRUE;
    g_string_append(out, "    - {to: ");
    range_append(route->to, out);
    g_string_append(out, ", via: ");
    append_target(route, n, design->cloud == DESIGN_AWS, out);
    g_string_append(out, route->prefix_list ? ", prefix_list: pl}\n" : "}\n");
  }
  if (!any)
    g_string_truncate(out, out->len - sizeof "    routes:\n" + 1);
}

static void append_tables(const Design *design, GString *out) {
  gboolean any = FALSE;
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint t = 0; t < ALL_TABLES; t++)
      if (design->networks[n].used && design->networks[n].tables[t].used) {
        g_string_append(out, any ? "" : "route_tables:\n");
        any = TRUE;
        append_table(design, n, t, out);
      }
}

static void append_transit_routes(const UserRoute *routes, const char *indent, GString *out) {
  const gsize before = out->len;
  gboolean any = FALSE;
  g_string_append_printf(out, "%sroutes:\n", indent);
  for (guint i = 0; i < MOST_ROUTES; i++) {
    if (!routes[i].used)
      continue;
    any = TRUE;
    g_string_append_printf(out, "%s- {to: ", indent);
    range_append(routes[i].to, out);
    if (routes[i].kind == TARGET_NONE)
      g_string_append(out, ", via: none}\n");
    else
      g_string_append_printf(out, ", via: n%u}\n", routes[i].index);
  }
  if (!any)
    g_string_truncate(out, before);
}

static void append_transit(const Design *design, GString *out) {
  const DesignTransit *transit = &design->transit;
  const char *between = "";
  g_string_append(out, "  tgw:\n    kind: transit\n    aws:\n      attach: [");
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint zone = 0; zone < ZONES; zone++)
      if (transit->attached[n][zone] != NOWHERE) {
        g_string_append_printf(out, "%sn%u/%s", between, n,
                               design_subnets[transit->attached[n][zone]]);
        between = ", ";
      }
  g_string_append(out, "]\n");
  append_transit_routes(transit->routes, "      ", out);
  if (transit->follows == 0)
    return;
  g_string_append(out, "      tables:\n        second:\n          attachments: [");
  between = "";
  for (guint n = 0; n < MOST_NETWORKS; n++)
    if (transit->follows >> n & 1) {
      g_string_append_printf(out, "%sn%u", between, n);
      between = ", ";
    }
  g_string_append_printf(out, "]\n          propagate: %s\n", transit->propagate ? "on" : "off");
  append_transit_routes(transit->second, "          ", out);
}

static void append_gateways(const Design *design, GString *out) {
  const gsize before = out->len;
  g_string_append(out, "gateways:\n");
  const gsize start = out->len;
  for (guint n = 0; n < MOST_NETWORKS; n++) {
    const DesignNetwork *network = &design->networks[n];
    if (network->used && network->internet)
      g_string_append_printf(out, "  i%u: {kind: internet, network: n%u}\n", n, n);
    if (network->used && network->nat != NOWHERE)
      g_string_append_printf(out, "  x%u: {kind: nat, subnet: n%u/%s}\n", n, n,
                             design_subnets[network->nat]);
    if (network->used && network->vpn)
      g_string_append_printf(out, "  g%u: {kind: vpn, network: n%u}\n", n, n);
    if (!network->used || !network->circuit)
      continue;
    g_string_append_printf(out, "  c%u: {kind: circuit, network: n%u, circuits: [", n, n);
    const char *between = "";
    for (guint i = 0; i < MOST_SITES; i++)
      if (design->sites[i].used && design->sites[i].circuits >> n & 1) {
        g_string_append_printf(out, "%sk%u-%u", between, i, n);
        between = ", ";
      }
    g_string_append(out, "]}\n");
  }
  if (design->transit.used)
    append_transit(design, out);
  if (out->len == start)
    g_string_truncate(out, before);
}

/* From the first subnet of each network to what nobody owns. */
static void append_traffic(const Design *design, GString *out) {
  gboolean any = FALSE;
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint i = 0; i < MOST_ASKED; i++)
      if (design->networks[n].used && design->networks[n].hosts >> SUBNET_APP & 1) {
        g_string_append_printf(out, "%s  a%u-%u: {from: n%u/app, to: ", any ? "" : "traffic:\n", n,
                               i, n);
        address_append(design_asked[i], out);
        g_string_append(out, ", flows: 60}\n");
        any = TRUE;
      }
}

char *design_text(const Design *design, const char *name) {
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, "name: %s\nmodels: [%s]\nduration: 1m\nnetworks:\n", name,
                         design_clouds[design->cloud]);
  for (guint n = 0; n < MOST_NETWORKS; n++)
    if (design->networks[n].used)
      append_subnets(design, n, out);
  append_peerings(design, out);
  append_servers(design, out);
  append_gateways(design, out);
  append_tables(design, out);
  append_nvas(design, out);
  append_sites(design, out);
  append_traffic(design, out);
  return g_string_free(out, FALSE);
}
