/* Random designs; and plainer ones of a design. */
#include <string.h>

#include "oracle/design.h"
#include "routesim/base/random.h"

typedef struct {
  RandomStream stream;
  Design *design;
} Draft;

static guint draw(Draft *draft, guint below) {
  return (guint)(random_bits(&draft->stream) % below);
}
static gboolean chance(Draft *draft, guint percent) { return draw(draft, 100) < percent; }

#define IP(a, b, c, d) (((guint32)(a) << 24) | ((guint32)(b) << 16) | ((guint32)(c) << 8) | (d))

/* ---- ranges that matter: of what there is, around it, inside it ------------------------------ */

/* Neither the program's address in a network or site nor that on the Internet may lie on one side
 * of a range by luck: so a range holds a whole subnet, or nothing of it that is ever asked. */
static Range draw_range(Draft *draft) {
  const Design *design = draft->design;
  const guint n = draw(draft, MOST_NETWORKS), s = draw(draft, MOST_SITES);
  const guint32 asked = design_asked[draw(draft, MOST_ASKED)];
  switch (draw(draft, 19)) {
  case 0:
  case 1:
  case 2:
    return range_make(0, 0);
  case 3:
    return range_make(IP(10, 0, 0, 0), 8);
  case 4:
    return range_make(IP(10, 0, 0, 0), 13);
  case 5:
    return range_make(IP(192, 168, 0, 0), 16);
  case 6:
    return range_make(IP(172, 16, 0, 0), 12);
  case 7:
  case 8:
    return design->networks[n].ranges[0];
  case 9:
    return range_make(design->networks[n].ranges[0].at, design->networks[n].ranges[0].length - 1);
  case 10:
  case 11:
    return design_subnet(design, n, draw(draft, MOST_SUBNETS));
  case 12:
    return range_make(design->networks[n].ranges[0].at + (draw(draft, 2) << 9), 23);
  case 18:
    return range_make(design_subnet(design, n, draw(draft, MOST_SUBNETS)).at + 250, 32);
  case 14:
    return range_make(asked, 32);
  case 15:
    return range_make(asked, 24);
  case 13:
    return range_make(design->sites[s].range.at, design->sites[s].range.length - 1);
  default:
    return design->sites[s].range;
  }
}

/* ---- elements ------------------------------------------------------------------------------- */

static void draw_network(Draft *draft, guint n) {
  Design *design = draft->design;
  DesignNetwork *network = &design->networks[n];
  const guint kind = draw(draft, 100);
  network->used = TRUE;
  network->range_count = chance(draft, 10) ? 2 : 1;
  network->ranges[0] = kind < 88   ? range_make(IP(10, n, 0, 0), 16)
                       : kind < 94 ? range_make(IP(30, n, 0, 0), 16)
                                   : range_make(IP(172, 20 + n, 0, 0), 16);
  network->ranges[1] = range_make(IP(10, 100 + n, 0, 0), 16);
  network->hosts = 1u << SUBNET_APP;
  network->hosts |= chance(draft, 50) ? 1u << SUBNET_WEB : 0;
  network->hosts |= chance(draft, 15) ? 1u << SUBNET_FA : 0;
  network->hosts |= chance(draft, 10) ? 1u << SUBNET_FB : 0;
  network->internet = chance(draft, 50);
  network->nat = chance(draft, 25) ? draw(draft, MOST_SUBNETS) : NOWHERE;
  network->branch_to_branch = chance(draft, 40);
  network->preference = draw(draft, 3);
  network->propagate_to = draw(draft, 1u << (MOST_SUBNETS + 1));
  network->rs_vs_vgw = chance(draft, 30);
  network->inner_hosts = chance(draft, 30);
}

static void draw_table(Draft *draft, guint n, guint t) {
  Design *design = draft->design;
  UserTable *table = &design->networks[n].tables[t];
  table->used = TRUE;
  table->propagate = chance(draft, 75);
  table->subnets = 1 + draw(draft, (1u << MOST_SUBNETS) - 1);
  for (guint i = 0; i < MOST_ROUTES; i++) {
    UserRoute *route = &table->routes[i];
    const guint kind = draw(draft, 100);
    route->used = chance(draft, 50);
    route->to = draw_range(draft);
    if (t >= MOST_TABLES)
      route->to = chance(draft, 70) ? design_subnet(design, n, draw(draft, MOST_SUBNETS))
                                    : design->networks[n].ranges[0];
    route->kind = t >= MOST_TABLES || kind < 50   ? TARGET_NVA
                  : kind < 60                     ? TARGET_NONE
                  : kind < 75                     ? TARGET_INTERNET
                  : design->cloud == DESIGN_AZURE ? (kind < 83   ? TARGET_LOCAL
                                                     : kind < 92 ? TARGET_ADDRESS
                                                                 : TARGET_GATEWAY)
                  : kind < 83                     ? TARGET_PEERING
                  : kind < 90                     ? TARGET_TRANSIT
                  : kind < 97                     ? TARGET_NAT
                                                  : TARGET_GATEWAY;
    route->index =
        route->kind == TARGET_PEERING ? draw(draft, MOST_PEERINGS) : draw(draft, MOST_NVAS);
    route->address = design_subnet(design, draw(draft, MOST_NETWORKS), SUBNET_FA).at + 99;
    route->prefix_list = design->cloud == DESIGN_AWS && t < MOST_TABLES && chance(draft, 10);
  }
}

static void draw_told(Draft *draft, DesignTold *told, guint percent) {
  for (guint i = 0; i < MOST_TOLD; i++) {
    told[i].used = chance(draft, percent);
    told[i].to = draw_range(draft);
    told[i].prepend = chance(draft, 30) ? 1 + draw(draft, 2) : 0;
  }
}

static void draw_nva(Draft *draft, guint index, guint networks) {
  Design *design = draft->design;
  DesignNva *nva = &design->nvas[index];
  nva->used = TRUE;
  nva->network = chance(draft, 70) ? 0 : draw(draft, networks);
  nva->in = chance(draft, 60) ? SUBNET_FA : SUBNET_FB;
  nva->out = NOWHERE;
  if (chance(draft, 25))
    nva->out = nva->in == SUBNET_FA ? SUBNET_FB : SUBNET_FA;
  if (chance(draft, 5))
    nva->in = SUBNET_APP;
  nva->firewall = chance(draft, 50);
  nva->asn = 65010 + draw(draft, 3);
  nva->snat = chance(draft, 60) ? SNAT_OFF : chance(draft, 50) ? SNAT_ON : SNAT_INTERNET;
  nva->instances = chance(draft, 85) ? BOTH_INSTANCES : 1 + draw(draft, 2);
  nva->peers = chance(draft, 85) ? draw(draft, 1u << MOST_NETWORKS) | 1u << nva->network : 0;
  for (guint i = 0; i < 2; i++)
    nva->endpoint_prepend[i] = chance(draft, 15) ? draw(draft, 3) : 0;
  for (guint i = 0; i < MOST_SITES; i++)
    draw_told(draft, nva->told[i], 20);
  for (guint i = 0; i < MOST_ANNOUNCED; i++) {
    DesignAnnouncement *item = &nva->announced[i];
    item->used = chance(draft, 40);
    item->to = draw_range(draft);
    item->site = chance(draft, 35) ? draw(draft, MOST_SITES) : NOWHERE;
    item->prepend = chance(draft, 30) ? draw(draft, 3) : 0;
    item->med = chance(draft, 30) ? (int)draw(draft, 3) * 50 : -1;
    item->community = chance(draft, 20) ? 1 + draw(draft, 3) : COMMUNITY_NONE;
    item->hop = chance(draft, 88)   ? NEXT_HOP_ITSELF
                : chance(draft, 60) ? NEXT_HOP_NVA
                                    : NEXT_HOP_ADDRESS;
    item->hop_nva = draw(draft, MOST_NVAS);
    item->hop_address = design_subnet(design, draw(draft, MOST_NETWORKS), SUBNET_FA).at + 99;
  }
}

static void draw_site(Draft *draft, guint index, guint networks) {
  /* The last one lies inside the first, past its beginning. */
  static const struct {
    guint32 at;
    guint8 length;
  } ranges[MOST_SITES] = {
      {IP(192, 168, 0, 0), 16}, {IP(172, 16, 8, 0), 24}, {IP(192, 168, 200, 0), 24}};
  DesignSite *site = &draft->design->sites[index];
  site->used = TRUE;
  site->range = range_make(ranges[index].at, ranges[index].length);
  site->asn = 65101 + index;
  site->nvas = chance(draft, 75) ? draw(draft, 1u << MOST_NVAS) : 0;
  site->vpns = chance(draft, 50) ? draw(draft, 1u << networks) : 0;
  site->circuits = chance(draft, 50) ? draw(draft, 1u << networks) : 0;
  site->router = chance(draft, 40);

  for (guint i = 0; i < MOST_NVAS; i++)
    site->prefer_nva[i] = 100 * (1 + draw(draft, 2));
  for (guint i = 0; i < MOST_NETWORKS; i++) {
    site->prefer_vpn[i] = 100 * (1 + draw(draft, 2));
    site->prefer_circuit[i] = 100 * (1 + draw(draft, 2));
  }
}

static void draw_peerings(Draft *draft, guint networks) {
  for (guint i = 0; i < MOST_PEERINGS; i++) {
    DesignPeering *peering = &draft->design->peerings[i];
    peering->used = networks > 1 && (i + 1 < networks ? chance(draft, 85) : chance(draft, 25));
    peering->from = i + 1 < networks ? i + 1 : draw(draft, networks);
    peering->to = i + 1 < networks ? 0 : draw(draft, networks);
    peering->remote = chance(draft, 65);
    for (guint side = 0; side < 2; side++)
      peering->limits[side] = chance(draft, 12) ? draw(draft, 1u << MOST_SUBNETS) : 0;
  }
}

static void draw_transit_routes(Draft *draft, UserRoute *routes, guint networks) {
  for (guint i = 0; i < MOST_ROUTES; i++) {
    routes[i].used = chance(draft, 35);
    routes[i].to = draw_range(draft);
    routes[i].kind = chance(draft, 85) ? TARGET_TRANSIT : TARGET_NONE;
    routes[i].index = draw(draft, networks);
  }
}

static void draw_transit(Draft *draft, guint networks) {
  DesignTransit *transit = &draft->design->transit;
  transit->used = chance(draft, 50);
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint zone = 0; zone < ZONES; zone++)
      transit->attached[n][zone] =
          n < networks && chance(draft, 75) ? draw(draft, MOST_SUBNETS) : NOWHERE;
  draw_transit_routes(draft, transit->routes, networks);
  transit->follows = chance(draft, 30) ? draw(draft, 1u << MOST_NETWORKS) : 0;
  transit->propagate = chance(draft, 60);
  draw_transit_routes(draft, transit->second, networks);
}

Design design_draw(guint64 seed, DesignCloud cloud) {
  Design design;
  memset(&design, 0, sizeof design);
  design.cloud = cloud;
  Draft draft = {.stream = random_stream(seed, cloud, "oracle"), .design = &design};
  const guint networks = 1 + draw(&draft, MOST_NETWORKS);
  const guint servers = chance(&draft, 12) ? 0 : chance(&draft, 75) ? 1 : 2;
  const guint nvas = draw(&draft, MOST_NVAS), sites = draw(&draft, MOST_SITES + 1);
  for (guint n = 0; n < MOST_NETWORKS; n++)
    draw_network(&draft, n);
  for (guint i = 0; i < MOST_SITES; i++)
    draw_site(&draft, i, networks);
  for (guint i = 0; i < MOST_SITES; i++)
    draw_told(&draft, design.sites[i].told, 30);
  for (guint i = 0; i < MOST_SITES; i++)
    for (guint j = 0; j < MOST_LINKS; j++)
      draw_told(&draft, design.sites[i].over[j], 8);
  for (guint n = 0; n < MOST_NETWORKS; n++) {
    design.networks[n].server = n < servers;
    design.networks[n].vpn = chance(&draft, n == 0 ? 30 : 8);
    design.networks[n].circuit = chance(&draft, n == 0 ? 30 : 8);
  }
  for (guint i = 0; i < MOST_NVAS; i++)
    draw_nva(&draft, i, networks);
  draw_peerings(&draft, networks);
  design.zoned = chance(&draft, 30);
  draw_transit(&draft, networks);
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint t = 0; t < ALL_TABLES; t++)
      if (chance(&draft, 45))
        draw_table(&draft, n, t);
  for (guint n = networks; n < MOST_NETWORKS; n++)
    design.networks[n].used = FALSE;
  for (guint i = nvas; i < MOST_NVAS; i++)
    design.nvas[i].used = FALSE;
  for (guint i = sites; i < MOST_SITES; i++)
    design.sites[i].used = FALSE;
  design_tidy(&design);
  return design;
}

/* ---- plainer --------------------------------------------------------------------------------- */

/* Each step is counted; the n-th is done. */
typedef struct {
  guint left;
  gboolean done;
} Steps;

static gboolean step(Steps *steps) {
  if (steps->done || steps->left-- > 0)
    return FALSE;
  return steps->done = TRUE;
}

#define STEP_OFF(steps, value, off)                                                                \
  do {                                                                                             \
    if ((value) != (off) && step(steps))                                                           \
      (value) = (off);                                                                             \
  } while (0)

static void step_bits(Steps *steps, guint *bits) {
  for (guint i = 0; i < 8; i++)
    if (*bits >> i & 1 && step(steps))
      *bits &= ~(1u << i);
}

static void simplify_told(DesignTold *told, Steps *steps) {
  for (guint i = 0; i < MOST_TOLD; i++)
    if (told[i].used) {
      STEP_OFF(steps, told[i].used, FALSE);
      STEP_OFF(steps, told[i].prepend, 0);
    }
}

static void simplify_nva(Design *design, Steps *steps, guint index) {
  DesignNva *nva = &design->nvas[index];
  for (guint i = 0; i < MOST_ANNOUNCED; i++) {
    DesignAnnouncement *item = &nva->announced[i];
    if (!item->used)
      continue;
    STEP_OFF(steps, item->used, FALSE);
    STEP_OFF(steps, item->prepend, 0);
    STEP_OFF(steps, item->med, -1);
    STEP_OFF(steps, item->community, COMMUNITY_NONE);
    STEP_OFF(steps, item->hop, NEXT_HOP_ITSELF);
  }
  for (guint i = 0; i < 2; i++)
    STEP_OFF(steps, nva->endpoint_prepend[i], 0);
  for (guint i = 0; i < MOST_SITES; i++)
    simplify_told(nva->told[i], steps);
  STEP_OFF(steps, nva->out, NOWHERE);
  STEP_OFF(steps, nva->snat, SNAT_OFF);
  STEP_OFF(steps, nva->firewall, FALSE);
  STEP_OFF(steps, nva->instances, BOTH_INSTANCES);
  step_bits(steps, &nva->peers);
}

static void simplify_table(UserTable *table, Steps *steps) {
  for (guint i = 0; i < MOST_ROUTES; i++)
    if (table->routes[i].used) {
      STEP_OFF(steps, table->routes[i].used, FALSE);
      STEP_OFF(steps, table->routes[i].prefix_list, FALSE);
    }
  STEP_OFF(steps, table->propagate, TRUE);
  step_bits(steps, &table->subnets);
}

static void simplify_network(Design *design, Steps *steps, guint n) {
  DesignNetwork *network = &design->networks[n];
  STEP_OFF(steps, network->server, FALSE);
  STEP_OFF(steps, network->internet, FALSE);
  STEP_OFF(steps, network->nat, NOWHERE);
  STEP_OFF(steps, network->vpn, FALSE);
  STEP_OFF(steps, network->circuit, FALSE);
  STEP_OFF(steps, network->branch_to_branch, FALSE);
  STEP_OFF(steps, network->preference, PREFER_EXPRESSROUTE);
  STEP_OFF(steps, network->rs_vs_vgw, FALSE);
  STEP_OFF(steps, network->inner_hosts, FALSE);
  STEP_OFF(steps, network->range_count, 1);
  step_bits(steps, &network->propagate_to);
  for (guint t = 0; t < ALL_TABLES; t++)
    if (network->tables[t].used) {
      STEP_OFF(steps, network->tables[t].used, FALSE);
      simplify_table(&network->tables[t], steps);
    }
  step_bits(steps, &network->hosts);
}

static void simplify_site(DesignSite *site, Steps *steps) {
  step_bits(steps, &site->nvas);
  step_bits(steps, &site->vpns);
  step_bits(steps, &site->circuits);
  simplify_told(site->told, steps);
  for (guint i = 0; i < MOST_LINKS; i++)
    simplify_told(site->over[i], steps);
  STEP_OFF(steps, site->router, FALSE);
  for (guint i = 0; i < MOST_NVAS; i++)
    STEP_OFF(steps, site->prefer_nva[i], 100);
  for (guint i = 0; i < MOST_NETWORKS; i++) {
    STEP_OFF(steps, site->prefer_vpn[i], 100);
    STEP_OFF(steps, site->prefer_circuit[i], 100);
  }
}

static void simplify_transit(DesignTransit *transit, Steps *steps) {
  for (guint i = 0; i < MOST_ROUTES; i++) {
    STEP_OFF(steps, transit->routes[i].used, FALSE);
    STEP_OFF(steps, transit->second[i].used, FALSE);
  }
  step_bits(steps, &transit->follows);
  for (guint i = 0; i < MOST_NETWORKS; i++)
    for (guint zone = 0; zone < ZONES; zone++)
      STEP_OFF(steps, transit->attached[i][zone], NOWHERE);
}

gboolean design_simplify(Design *design, guint n) {
  Steps steps = {.left = n};
  guint networks = 0;
  for (guint i = 0; i < MOST_NETWORKS; i++)
    networks += design->networks[i].used;
  for (guint i = MOST_NETWORKS; networks > 1 && i-- > 0;)
    STEP_OFF(&steps, design->networks[i].used, FALSE);
  for (guint i = 0; i < MOST_NVAS; i++)
    STEP_OFF(&steps, design->nvas[i].used, FALSE);
  for (guint i = 0; i < MOST_SITES; i++)
    STEP_OFF(&steps, design->sites[i].used, FALSE);
  STEP_OFF(&steps, design->transit.used, FALSE);
  for (guint i = 0; i < MOST_PEERINGS; i++)
    if (design->peerings[i].used) {
      STEP_OFF(&steps, design->peerings[i].used, FALSE);
      STEP_OFF(&steps, design->peerings[i].remote, FALSE);
      for (guint side = 0; side < 2; side++)
        STEP_OFF(&steps, design->peerings[i].limits[side], 0);
    }
  for (guint i = 0; i < MOST_NETWORKS; i++)
    if (design->networks[i].used)
      simplify_network(design, &steps, i);
  for (guint i = 0; i < MOST_NVAS; i++)
    if (design->nvas[i].used)
      simplify_nva(design, &steps, i);
  for (guint i = 0; i < MOST_SITES; i++)
    if (design->sites[i].used)
      simplify_site(&design->sites[i], &steps);
  STEP_OFF(&steps, design->zoned, FALSE);
  if (design->transit.used)
    simplify_transit(&design->transit, &steps);
  return steps.done;
}
