/* The full product; see the header.
 *
 * Azure: a hub (n0) with a route server, an appliance and perhaps a gateway; a spoke (n1), from
 * whose or the hub's hosts packets come; a network (n2) that they are for, served or not, peered
 * with the spoke or not; one (n3) that only the hub is peered with, with an appliance that nobody
 * else may use. AWS: a VPC (n0) with everything, one behind its transit gateway (n1), one behind a
 * peering (n2). A site of one address makes its range a host's. */
#include "oracle/product.h"

#include <string.h>

#define IP(a, b, c, d) (((guint32)(a) << 24) | ((guint32)(b) << 16) | ((guint32)(c) << 8) | (d))

/* One digit of the index. */
static guint digit(guint64 *index, guint base) {
  const guint value = (guint)(*index % base);
  *index /= base;
  return value;
}

static Design blank(DesignCloud cloud, guint networks) {
  Design design;
  memset(&design, 0, sizeof design);
  design.cloud = cloud;
  for (guint n = 0; n < MOST_NETWORKS; n++) {
    design.networks[n].used = n < networks;
    design.networks[n].ranges[0] = range_make(IP(10, n, 0, 0), 16);
    design.networks[n].range_count = 1;
    design.networks[n].nat = NOWHERE;
    design.networks[n].hosts = 1u << SUBNET_APP;
    design.transit.attached[n][0] = design.transit.attached[n][1] = NOWHERE;
  }
  for (guint i = 0; i < MOST_NVAS; i++)
    for (guint j = 0; j < MOST_ANNOUNCED; j++) {
      design.nvas[i].announced[j].site = NOWHERE;
      design.nvas[i].announced[j].med = -1;
    }
  for (guint i = 0; i < MOST_SITES; i++)
    for (guint j = 0; j < MOST_NETWORKS; j++)
      design.sites[i].prefer_nva[j] = design.sites[i].prefer_vpn[j] =
          design.sites[i].prefer_circuit[j] = 100;
  return design;
}

static void add_nva(Design *design, guint index, guint network) {
  DesignNva *nva = &design->nvas[index];
  nva->used = TRUE;
  nva->network = network;
  nva->in = SUBNET_FA;
  nva->out = NOWHERE;
  nva->asn = 65010 + index;
  nva->instances = BOTH_INSTANCES;
}

static void add_peering(Design *design, guint index, guint from, guint to, gboolean remote) {
  design->peerings[index] = (DesignPeering){.used = TRUE, .from = from, .to = to, .remote = remote};
}

static void announce(DesignNva *nva, guint index, Range to) {
  nva->announced[index].used = TRUE;
  nva->announced[index].to = to;
}

static void add_site(Design *design) {
  DesignSite *site = &design->sites[0];
  site->used = TRUE;
  site->range = range_make(IP(192, 168, 0, 9), 32);
  site->asn = 65101;
}

/* Ranges around and in a network's first subnet, and a site's one address. */
#define LENGTHS 8
static Range range_at(guint network, guint choice) {
  static const guint8 lengths[] = {0, 8, 13, 15, 16, 24, 25};
  return choice < G_N_ELEMENTS(lengths) ? range_make(IP(10, network, 0, 0), lengths[choice])
                                        : range_make(IP(192, 168, 0, 9), 32);
}

/* 0: nothing; then a range, or the default in two halves. */
#define ANNOUNCED (LENGTHS + 2)
static void announce_choice(DesignNva *nva, guint network, guint choice) {
  if (choice == 0)
    return;
  if (choice <= LENGTHS) {
    announce(nva, 0, range_at(network, choice - 1));
    return;
  }
  announce(nva, 0, range_make(0, 1));
  announce(nva, 1, range_make(IP(128, 0, 0, 0), 1));
}

/* ---- azure ----------------------------------------------------------------------------------- */

enum { AZURE_TARGETS = 6, AZURE_ENDS = 4, AZURE_EXCEPTIONS = 3 };

static guint64 azure_count(void) {
  return (guint64)(1 + AZURE_TARGETS * LENGTHS) * ANNOUNCED * AZURE_ENDS * AZURE_EXCEPTIONS * 2 *
         2 * 2 * 2 * 2;
}

static void azure_user_route(Design *design, guint network, guint choice) {
  static const TargetKind kinds[AZURE_TARGETS] = {TARGET_NVA,      TARGET_NVA,   TARGET_NONE,
                                                  TARGET_INTERNET, TARGET_LOCAL, TARGET_GATEWAY};
  UserRoute *route = &design->networks[network].tables[0].routes[0];
  if (choice == 0)
    return;
  route->used = TRUE;
  route->kind = kinds[(choice - 1) / LENGTHS];
  route->index = (choice - 1) / LENGTHS; /* v0, or v1: in a network that may not be peered */
  route->to = range_at(2, (choice - 1) % LENGTHS);
}

static Design azure_design(guint64 index) {
  Design design = blank(DESIGN_AZURE, 4);
  const guint source = digit(&index, 2), user = digit(&index, 1 + AZURE_TARGETS * LENGTHS);
  const guint announced = digit(&index, ANNOUNCED), ends = digit(&index, AZURE_ENDS);
  const guint exception = digit(&index, AZURE_EXCEPTIONS);
  const gboolean propagate = digit(&index, 2), remote = digit(&index, 2);
  const gboolean served = digit(&index, 2), direct = digit(&index, 2);
  design.networks[0].server = TRUE;
  add_nva(&design, 0, 0);
  add_nva(&design, 1, 3);
  add_peering(&design, 0, 1, 0, remote);
  add_peering(&design, 1, 2, 0, served);
  add_peering(&design, 2, 3, 0, FALSE);
  if (direct)
    add_peering(&design, 3, 1, 2, FALSE);
  design.nvas[0].peers = 1;
  announce_choice(&design.nvas[0], 2, announced);
  for (guint i = 0; i < 2; i++) {
    DesignAnnouncement *item = &design.nvas[0].announced[i];
    item->community = exception == 1 ? COMMUNITY_NO_ADVERTISE : COMMUNITY_NONE;
    item->hop = exception == 2 ? NEXT_HOP_NVA : NEXT_HOP_ITSELF;
    item->hop_nva = 1;
  }
  add_site(&design);
  design.sites[0].nvas = 1;
  design.networks[0].vpn = ends == 1;
  design.networks[0].circuit = ends == 2;
  design.sites[0].vpns = ends == 1;
  design.sites[0].circuits = ends == 2;
  if (ends == 3) /* the appliance announces it too */
    announce(&design.nvas[0], 2, design.sites[0].range);
  UserTable *table = &design.networks[source].tables[0];
  table->used = user > 0 || !propagate;
  table->subnets = 1u << SUBNET_APP;
  table->propagate = propagate;
  azure_user_route(&design, source, user);
  design_tidy(&design);
  return design;
}

/* ---- aws
 * ------------------------------------------------------------------------------------------
 */

enum { AWS_TARGETS = 6, AWS_PROPAGATED = 3, AWS_ENDS = 4, AWS_EDGES = 4 };

static guint64 aws_count(void) {
  return (guint64)(1 + AWS_TARGETS * LENGTHS) * ANNOUNCED * AWS_PROPAGATED * AWS_ENDS * AWS_EDGES *
         2 * 2 * 2;
}

static void aws_user_route(Design *design, guint choice, gboolean other) {
  static const TargetKind kinds[AWS_TARGETS] = {TARGET_NVA,     TARGET_NONE,    TARGET_INTERNET,
                                                TARGET_GATEWAY, TARGET_PEERING, TARGET_TRANSIT};
  UserRoute *route = &design->networks[0].tables[0].routes[0];
  if (choice == 0)
    return;
  route->used = TRUE;
  route->kind = kinds[(choice - 1) / LENGTHS];
  route->index = 0;
  route->to = range_at(!other ? 0 : route->kind == TARGET_PEERING ? 2 : 1, (choice - 1) % LENGTHS);
}

static Design aws_design(guint64 index) {
  Design design = blank(DESIGN_AWS, 3);
  DesignNetwork *vpc = &design.networks[0];
  const guint user = digit(&index, 1 + AWS_TARGETS * LENGTHS);
  const guint announced = digit(&index, ANNOUNCED), propagated = digit(&index, AWS_PROPAGATED);
  const guint ends = digit(&index, AWS_ENDS), edge = digit(&index, AWS_EDGES);
  const gboolean other = digit(&index, 2);
  vpc->rs_vs_vgw = digit(&index, 2);
  const gboolean prefix_list = digit(&index, 2);
  vpc->server = vpc->internet = TRUE;
  vpc->hosts |= 1u << SUBNET_WEB;
  vpc->propagate_to = propagated == 0 ? 0 : propagated == 1 ? 1 : 1 | 1u << MOST_SUBNETS;
  add_nva(&design, 0, 0);
  design.nvas[0].peers = 1;
  design.nvas[0].firewall = TRUE;
  announce_choice(&design.nvas[0], other ? 1 : 0, announced);
  add_peering(&design, 0, 2, 0, FALSE);
  design.transit.used = TRUE;
  design.transit.attached[0][0] = design.transit.attached[1][0] = SUBNET_FB;
  add_site(&design);
  vpc->vpn = ends & 1;
  vpc->circuit = ends >> 1;
  design.sites[0].vpns = ends & 1;
  design.sites[0].circuits = ends >> 1;
  design.sites[0].nvas = 1;
  vpc->tables[0].used = TRUE;
  vpc->tables[0].propagate = TRUE;
  vpc->tables[0].subnets = 1u << SUBNET_APP;
  aws_user_route(&design, user, other);
  vpc->tables[0].routes[0].prefix_list = prefix_list;
  vpc->tables[1] = (UserTable){.used = TRUE, .propagate = TRUE, .subnets = 1u << SUBNET_FA};
  vpc->tables[1].routes[0] = (UserRoute){.used = TRUE, .kind = TARGET_INTERNET};
  vpc->tables[EDGE_TABLE].used = edge > 0;
  if (edge > 1)
    vpc->tables[EDGE_TABLE].routes[0] =
        (UserRoute){.used = TRUE,
                    .kind = TARGET_NVA,
                    .to = edge == 2 ? design_subnet(&design, 0, SUBNET_APP) : vpc->ranges[0]};
  for (guint n = 1; n < 3; n++) { /* the way back */
    UserTable *table = &design.networks[n].tables[0];
    *table = (UserTable){.used = TRUE, .propagate = TRUE, .subnets = 1u << SUBNET_APP};
    table->routes[0] = (UserRoute){.used = TRUE, .kind = n == 1 ? TARGET_TRANSIT : TARGET_PEERING};
  }
  design_tidy(&design);
  return design;
}

guint64 product_count(DesignCloud cloud) {
  return cloud == DESIGN_AZURE ? azure_count() : aws_count();
}

Design product_design(DesignCloud cloud, guint64 index) {
  return cloud == DESIGN_AZURE ? azure_design(index) : aws_design(index);
}
