/* Designs as data; see the header. */
#include "oracle/design.h"

const char *const design_clouds[] = {"azure", "aws"};
const char *const design_subnets[] = {"app", "fa", "fb", "web"};

const guint32 design_asked[MOST_ASKED] = {0x0afa0009 /* 10.250.0.9 */, 0xac1f0901 /* 172.31.9.1 */};

/* ---- ranges ---------------------------------------------------------------------------- */

static guint32 mask_of(guint length) { return length == 0 ? 0 : G_MAXUINT32 << (32 - length); }

Range range_make(guint32 at, guint length) {
  return (Range){.at = at & mask_of(length), .length = (guint8)length};
}

gboolean range_equal(Range a, Range b) { return a.at == b.at && a.length == b.length; }

gboolean range_holds(Range range, guint32 address) {
  return (address & mask_of(range.length)) == range.at;
}

gboolean range_covers(Range outer, Range inner) {
  return outer.length <= inner.length && range_holds(outer, inner.at);
}

void address_append(guint32 address, GString *out) {
  g_string_append_printf(out, "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
                         address & 255);
}

void range_append(Range range, GString *out) {
  address_append(range.at, out);
  g_string_append_printf(out, "/%u", range.length);
}

/* ---- queries ------------------------------------------------------------------------------ */

Range design_subnet(const Design *design, guint network, guint subnet) {
  return range_make(design->networks[network].ranges[0].at + (subnet << 8), 24);
}

/* By name; outer legs behind the others. */
guint32 design_nva_address(const Design *design, guint nva, guint subnet) {
  const guint network = design->nvas[nva].network;
  const gboolean outer = design->nvas[nva].in != subnet;
  guint before = 0;
  for (guint i = 0; i < MOST_NVAS; i++) {
    const DesignNva *other = &design->nvas[i];
    if (!other->used || other->network != network)
      continue;
    before += other->in == subnet && (outer || i < nva);
    before += other->out == subnet && outer && i < nva;
  }
  return design_subnet(design, network, subnet).at + 4 + before;
}

guint32 design_nva_hop(const Design *design, guint nva) {
  return design_nva_address(design, nva, design->nvas[nva].in);
}

guint32 design_nat_address(const Design *design, guint network) {
  return design_subnet(design, network, design->networks[network].nat).at + 200;
}

guint design_nva_at(const Design *design, guint32 address) {
  for (guint i = 0; i < MOST_NVAS; i++) {
    const DesignNva *nva = &design->nvas[i];
    if (nva->used && (design_nva_address(design, i, nva->in) == address ||
                      (nva->out != NOWHERE && design_nva_address(design, i, nva->out) == address)))
      return i;
  }
  return NOWHERE;
}

guint design_zone(const Design *design, guint subnet) {
  return design->zoned && (subnet == SUBNET_FB || subnet == SUBNET_WEB) ? 1 : 0;
}

gboolean design_attached(const Design *design, guint network) {
  const DesignTransit *transit = &design->transit;
  return transit->used &&
         (transit->attached[network][0] != NOWHERE || transit->attached[network][1] != NOWHERE);
}

static const DesignPeering *peering_of(const Design *design, guint a, guint b) {
  for (guint i = 0; i < MOST_PEERINGS; i++) {
    const DesignPeering *peering = &design->peerings[i];
    if (peering->used &&
        ((peering->from == a && peering->to == b) || (peering->from == b && peering->to == a)))
      return peering;
  }
  return NULL;
}

/* Of the side of `network`. */
static guint limit_of(const DesignPeering *peering, guint network) {
  return peering->limits[peering->from == network ? 0 : 1];
}

static gboolean has_subnet(const DesignPeering *peering, guint network, guint subnet) {
  const guint limit = limit_of(peering, network);
  return limit == 0 || limit >> subnet & 1;
}

gboolean design_peered(const Design *design, guint a, guint b) {
  return peering_of(design, a, b) != NULL;
}

gboolean design_joined(const Design *design, guint a, guint subnet_a, guint b, guint subnet_b) {
  const DesignPeering *peering = peering_of(design, a, b);
  return peering != NULL && has_subnet(peering, a, subnet_a) && has_subnet(peering, b, subnet_b);
}

gboolean design_limited(const Design *design, guint a, guint b) {
  const DesignPeering *peering = peering_of(design, a, b);
  return peering != NULL && limit_of(peering, a) != 0;
}

gboolean design_known(const Design *design, guint from, guint network, guint n, Range *range) {
  const DesignNetwork *of = &design->networks[network];
  if (!of->used || (from != network && !design_peered(design, from, network)))
    return FALSE;
  if (from == network || !design_limited(design, network, from)) {
    *range = of->ranges[MIN(n, MOST_RANGES - 1)];
    return n < of->range_count;
  }
  for (guint s = 0; s < MOST_SUBNETS; s++)
    if (limit_of(peering_of(design, from, network), network) >> s & 1 && n-- == 0) {
      *range = design_subnet(design, network, s);
      return TRUE;
    }
  return FALSE;
}

const DesignTold *design_told(const Design *design, guint site, guint link) {
  const DesignSite *of = &design->sites[site];
  return design_tells(of->over[link]) ? of->over[link] : of->told;
}

static gboolean has_edge(const DesignNetwork *network) {
  return network->server || network->vpn || network->circuit;
}

guint design_serving(const Design *design, guint network) {
  if (has_edge(&design->networks[network]))
    return network;
  for (guint i = 0; i < MOST_PEERINGS; i++)
    if (design->peerings[i].used && design->peerings[i].remote &&
        design->peerings[i].from == network)
      return design->peerings[i].to;
  return NOWHERE;
}

guint design_serving_subnet(const Design *design, guint network, guint subnet) {
  const guint serving = design_serving(design, network);
  const DesignPeering *peering = serving != NOWHERE ? peering_of(design, network, serving) : NULL;
  return peering == NULL || has_subnet(peering, network, subnet) ? serving : NOWHERE;
}

/* ---- putting right --------------------------------------------------------------------------- */

static gboolean network_is_there(const Design *design, guint network) {
  return network < MOST_NETWORKS && design->networks[network].used;
}

gboolean design_tells(const DesignTold *told) {
  for (guint i = 0; i < MOST_TOLD; i++)
    if (told[i].used)
      return TRUE;
  return FALSE;
}

/* No range twice. */
static void tidy_told(DesignTold *told, gboolean right) {
  for (guint i = 0; i < MOST_TOLD; i++) {
    told[i].used &= right;
    for (guint j = 0; j < i; j++)
      if (told[j].used && range_equal(told[j].to, told[i].to))
        told[i].used = FALSE;
  }
}

static void tidy_peerings(Design *design) {
  for (guint i = 0; i < MOST_PEERINGS; i++) {
    DesignPeering *peering = &design->peerings[i];
    gboolean right = network_is_there(design, peering->from) &&
                     network_is_there(design, peering->to) && peering->from != peering->to;
    for (guint j = 0; j < i; j++) {
      const DesignPeering *other = &design->peerings[j];
      if (!other->used)
        continue;
      right &= !(other->from == peering->from && other->to == peering->to) &&
               !(other->from == peering->to && other->to == peering->from);
      if (other->remote && other->from == peering->from) /* AZ-1.17 */
        peering->remote = FALSE;
    }
    peering->used &= right;
    for (guint side = 0; side < 2; side++)
      if (design->cloud != DESIGN_AZURE || !peering->used)
        peering->limits[side] = 0;
    if (peering->used && (has_edge(&design->networks[peering->from]) || /* AZ-1.17 */
                          !has_edge(&design->networks[peering->to])))
      peering->remote = FALSE;
  }
}

/* The n-th range that it stands for; FALSE where there are no so many. */
static gboolean announced_range(const Design *design, guint nva, const DesignAnnouncement *item,
                                guint n, Range *range) {
  const DesignTold *told =
      item->site != NOWHERE ? design_told(design, item->site, LINK_NVA(nva)) : NULL;
  *range = item->to;
  if (told == NULL || !design_tells(told))
    return n == 0;
  for (guint i = 0; i < MOST_TOLD; i++)
    if (told[i].used && n-- == 0) {
      *range = told[i].to;
      return TRUE;
    }
  return FALSE;
}

static gboolean announce_alike(const Design *design, guint nva, const DesignAnnouncement *a,
                               const DesignAnnouncement *b) {
  Range of_a, of_b;
  for (guint i = 0; announced_range(design, nva, a, i, &of_a); i++)
    for (guint j = 0; announced_range(design, nva, b, j, &of_b); j++)
      if (range_equal(of_a, of_b))
        return TRUE;
  return FALSE;
}

static void tidy_announcements(Design *design, guint index) {
  DesignNva *nva = &design->nvas[index];
  for (guint i = 0; i < MOST_ANNOUNCED; i++) {
    DesignAnnouncement *item = &nva->announced[i];
    if (!item->used)
      continue;
    if (item->site != NOWHERE) {
      const DesignSite *site = &design->sites[item->site];
      if (!site->used || !(site->nvas >> index & 1))
        item->used = FALSE;
      item->to = site->range;
    }
    if (item->hop == NEXT_HOP_NVA && !design->nvas[item->hop_nva].used)
      item->hop = NEXT_HOP_ITSELF;
    for (guint j = 0; j < i; j++)
      if (nva->announced[j].used && announce_alike(design, index, &nva->announced[j], item))
        item->used = FALSE;
  }
}

/* The Internet is asked for by an address that is the program's choice: both halves, or none. */
static void tidy_halves(DesignNva *nva) {
  guint halves = 0;
  for (guint i = 0; i < MOST_ANNOUNCED; i++)
    halves += nva->announced[i].used && nva->announced[i].to.length == 1;
  for (guint i = 0; i < MOST_ANNOUNCED; i++)
    nva->announced[i].used &= halves != 1 || nva->announced[i].to.length != 1;
}

static void tidy_nvas(Design *design) {
  for (guint i = 0; i < MOST_NVAS; i++) {
    DesignNva *nva = &design->nvas[i];
    nva->used &= network_is_there(design, nva->network);
    nva->instances &= BOTH_INSTANCES;
    if (nva->instances == 0)
      nva->instances = BOTH_INSTANCES;
    for (guint n = 0; n < MOST_NETWORKS; n++) {
      /* Whether a route server outside the limits of a peering is heard is for no fact to say. */
      const gboolean near =
          n == nva->network || (design->cloud == DESIGN_AZURE &&
                                design_joined(design, n, GATEWAY_SUBNET, nva->network, nva->in));
      if (!network_is_there(design, n) || !design->networks[n].server || !near)
        nva->peers &= ~(1u << n);
    }
  }
  for (guint i = 0; i < MOST_NVAS; i++) {
    tidy_announcements(design, i);
    tidy_halves(&design->nvas[i]);
  }
}

/* Two gateways of one network beside a route server: whose routes the server is told then is for no
 * fact to say (AZ-8.21 was measured without one). */
static void tidy_gateways(Design *design) {
  for (guint n = 0; n < MOST_NETWORKS; n++) {
    DesignNetwork *network = &design->networks[n];
    guint links = 0;
    for (guint i = 0; i < MOST_SITES; i++)
      links |= design->sites[i].used ? design->sites[i].circuits >> n & 1 : 0;
    network->circuit &= links != 0;
    if (network->server && network->circuit && design->cloud == DESIGN_AZURE)
      network->vpn = FALSE;
  }
}

/* Does an appliance announce this range to the route server? */
static gboolean is_announced_to(const Design *design, guint network, Range range) {
  Range announced;
  for (guint n = 0; n < MOST_NVAS; n++)
    for (guint i = 0; i < MOST_ANNOUNCED; i++) {
      const DesignAnnouncement *item = &design->nvas[n].announced[i];
      for (guint j = 0; design->nvas[n].used && design->nvas[n].peers >> network & 1 &&
                        item->used && announced_range(design, n, item, j, &announced);
           j++)
        if (range_equal(announced, range))
          return TRUE;
    }
  return FALSE;
}

/* With the exchange on, the provider's edge chooses between a site's longer path and what the route
 * server told of an appliance, and the route server chooses the other way: each of two states is
 * stable, and no fact says which one comes about. */
static void tidy_exchange(Design *design) {
  for (guint s = 0; s < MOST_SITES; s++)
    for (guint n = 0; n < MOST_NETWORKS && design->cloud == DESIGN_AZURE; n++) {
      const DesignNetwork *network = &design->networks[n];
      DesignSite *site = &design->sites[s];
      DesignTold *over = site->over[LINK_CIRCUIT(n)];
      DesignTold *told = design_tells(over) ? over : site->told;
      if (!network->server || !network->branch_to_branch || !(site->circuits >> n & 1))
        continue;
      for (guint i = 0; i < MOST_TOLD; i++)
        if (is_announced_to(design, n, told[i].to))
          told[i].prepend = 0;
    }
}

static void tidy_sites(Design *design) {
  for (guint i = 0; i < MOST_SITES; i++) {
    DesignSite *site = &design->sites[i];
    for (guint n = 0; n < MOST_NETWORKS; n++) {
      if (!network_is_there(design, n) || !design->networks[n].vpn)
        site->vpns &= ~(1u << n);
      if (!network_is_there(design, n) || !design->networks[n].circuit)
        site->circuits &= ~(1u << n);
    }
    for (guint n = 0; n < MOST_NVAS; n++)
      if (!design->nvas[n].used)
        site->nvas &= ~(1u << n);
    if (site->nvas == 0 && site->vpns == 0 && site->circuits == 0)
      site->used = FALSE;
    site->router |= site->circuits != 0;
    tidy_told(site->told, site->used);
    for (guint n = 0; n < MOST_NVAS; n++)
      tidy_told(site->over[LINK_NVA(n)], site->router && site->nvas >> n & 1);
    for (guint n = 0; n < MOST_NETWORKS; n++) {
      tidy_told(site->over[LINK_VPN(n)], site->router && site->vpns >> n & 1);
      tidy_told(site->over[LINK_CIRCUIT(n)], site->circuits >> n & 1);
    }
    for (guint t = 0; t < MOST_TOLD && !site->router; t++)
      site->told[t].prepend = 0; /* nothing speaks BGP there */
    for (guint n = 0; n < MOST_NVAS; n++)
      tidy_told(design->nvas[n].told[i], site->used && site->router && site->nvas >> n & 1);
  }
}

/* May an entry of a user's table in this network be like this? */
static gboolean route_is_right(const Design *design, guint network, const UserRoute *route,
                               gboolean edge) {
  const DesignNetwork *own = &design->networks[network];
  const gboolean aws = design->cloud == DESIGN_AWS;
  if (route->kind == TARGET_NVA && !design->nvas[route->index].used)
    return FALSE;
  if (aws && route->kind == TARGET_NVA && design->nvas[route->index].network != network)
    return FALSE; /* a target is an interface of the VPC */
  if (aws && route->kind == TARGET_INTERNET && !own->internet)
    return FALSE;
  if (route->kind == TARGET_NAT && own->nat == NOWHERE)
    return FALSE;
  if (route->kind == TARGET_PEERING) {
    const DesignPeering *peering = &design->peerings[route->index];
    if (!aws || !peering->used || (peering->from != network && peering->to != network))
      return FALSE;
  }
  if (route->kind == TARGET_TRANSIT && (!aws || !design_attached(design, network)))
    return FALSE;
  if (route->kind == TARGET_GATEWAY && (!own->vpn || (!aws && own->circuit))) /* AZ-6.25 */
    return FALSE;
  if (aws && (route->kind == TARGET_ADDRESS || route->kind == TARGET_LOCAL))
    return FALSE;
  gboolean inside = FALSE, whole = FALSE, block = FALSE;
  for (guint i = 0; i < own->range_count; i++) {
    inside |= range_covers(own->ranges[i], route->to);
    block |= range_equal(own->ranges[i], route->to);
  }
  for (guint i = 0; i < MOST_SUBNETS; i++)
    whole |= range_equal(design_subnet(design, network, i), route->to);
  if (edge) /* AWS-5.19 */
    return route->kind == TARGET_NVA && (whole || block);
  if (aws && inside) /* AWS-5.14, AWS-5.20 */
    return (route->kind == TARGET_NVA || route->kind == TARGET_NAT) && (whole || block) &&
           !route->prefix_list;
  return TRUE;
}

static gboolean has_vgw(const Design *design, guint network) {
  return design->networks[network].vpn || design->networks[network].circuit;
}

static void tidy_table(Design *design, guint network, guint index) {
  UserTable *table = &design->networks[network].tables[index];
  for (guint i = 0; i < index && index < MOST_TABLES; i++)
    if (design->networks[network].tables[i].used)
      table->subnets &= ~design->networks[network].tables[i].subnets;
  if (index == EDGE_TABLE && (!design->networks[network].internet || design->cloud != DESIGN_AWS))
    table->used = FALSE;
  if (index == VGW_TABLE && (!has_vgw(design, network) || design->cloud != DESIGN_AWS))
    table->used = FALSE;
  if (index < MOST_TABLES && table->subnets == 0)
    table->used = FALSE;
  for (guint i = 0; i < MOST_ROUTES; i++) {
    UserRoute *route = &table->routes[i];
    route->used &= route_is_right(design, network, route, index >= MOST_TABLES);
    for (guint j = 0; j < i; j++)
      if (table->routes[j].used && range_equal(table->routes[j].to, route->to)) /* AZ-6.10 */
        route->used = FALSE;
  }
}

static void tidy_transit_routes(Design *design, UserRoute *routes) {
  for (guint i = 0; i < MOST_ROUTES; i++) {
    UserRoute *route = &routes[i];
    if (route->kind != TARGET_NONE && !design_attached(design, route->index))
      route->used = FALSE;
    for (guint j = 0; j < i; j++)
      if (routes[j].used && range_equal(routes[j].to, route->to))
        route->used = FALSE;
  }
}

static void tidy_transit(Design *design) {
  DesignTransit *transit = &design->transit;
  guint attached = 0;
  for (guint n = 0; n < MOST_NETWORKS; n++) {
    for (guint zone = 0; zone < ZONES; zone++) {
      guint *subnet = &transit->attached[n][zone];
      if (!network_is_there(design, n) || *subnet >= MOST_SUBNETS ||
          design_zone(design, *subnet) != zone)
        *subnet = NOWHERE;
    }
    attached += design_attached(design, n);
    if (!design_attached(design, n))
      transit->follows &= ~(1u << n);
  }
  if (attached == 0 || design->cloud != DESIGN_AWS)
    transit->used = FALSE;
  tidy_transit_routes(design, transit->routes);
  tidy_transit_routes(design, transit->second);
}

void design_tidy(Design *design) {
  for (guint n = 0; n < MOST_NETWORKS; n++) {
    DesignNetwork *network = &design->networks[n];
    const gboolean nva_peers = network->used;
    network->server &= nva_peers;
    if (design->cloud == DESIGN_AZURE)
      network->internet = FALSE;
    if (design->cloud == DESIGN_AZURE || !network->used)
      network->nat = NOWHERE;
  }
  tidy_nvas(design);
  tidy_sites(design);
  tidy_gateways(design);
  tidy_peerings(design);
  tidy_nvas(design); /* peers over peerings that are gone */
  tidy_sites(design);
  tidy_nvas(design); /* announcements of sites that are gone */
  tidy_exchange(design);
  tidy_transit(design);
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint t = 0; t < ALL_TABLES; t++)
      tidy_table(design, n, t);
}
