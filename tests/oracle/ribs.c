/* Best paths at the route servers (AZ-4, AWS-4). */
#include <string.h>

#include "oracle/oracle.h"

static OraclePath *add_path(OracleRib *rib, OraclePath path) {
  g_assert(rib->count < MOST_PATHS);
  rib->paths[rib->count] = path;
  return &rib->paths[rib->count++];
}

/* ---- what comes in --------------------------------------------------------------------------- */

static void add_announcement(Oracle *oracle, guint server, guint instance, guint nva,
                             const DesignAnnouncement *item, Range to) {
  const Design *design = &oracle->design;
  const DesignNva *from = &design->nvas[nva];
  OraclePath path = {.to = to,
                     .class = PATH_NVA,
                     .nva = nva,
                     .site = NOWHERE,
                     .length = 1 + item->prepend,
                     .med = item->med,
                     .community = item->community};
  const guint endpoints = design->cloud == DESIGN_AWS ? 2 : 1;
  for (path.endpoint = 0; path.endpoint < endpoints; path.endpoint++) {
    if (design->cloud == DESIGN_AWS)
      path.length = 1 + item->prepend + from->endpoint_prepend[path.endpoint];
    /* The leg in the endpoint's subnet. */
    const guint leg = design->cloud == DESIGN_AZURE ? from->in
                      : path.endpoint == 0          ? SUBNET_FA
                                                    : SUBNET_FB;
    path.peer = from->in == leg || from->out == leg ? design_nva_address(design, nva, leg)
                                                    : design_nva_hop(design, nva);
    path.hop = item->hop == NEXT_HOP_NVA       ? design_nva_hop(design, item->hop_nva) /* AZ-5.13 */
               : item->hop == NEXT_HOP_ADDRESS ? item->hop_address
                                               : path.peer; /* AZ-5.8, AWS-5.1 */
    add_path(&oracle->ribs[server][instance], path);
  }
}

static void add_announced(Oracle *oracle, guint server, guint instance, guint nva) {
  const Design *design = &oracle->design;
  for (guint i = 0; i < MOST_ANNOUNCED; i++) {
    const DesignAnnouncement *item = &design->nvas[nva].announced[i];
    if (!item->used)
      continue;
    const DesignTold *told =
        item->site != NOWHERE ? design_told(design, item->site, LINK_NVA(nva)) : NULL;
    if (told == NULL || !design_tells(told))
      add_announcement(oracle, server, instance, nva, item, item->to);
    for (guint j = 0; told != NULL && j < MOST_TOLD; j++) /* what the site announces */
      if (told[j].used)
        add_announcement(oracle, server, instance, nva, item, told[j].to);
  }
}

/* Does the VPN gateway take this range from a site? Not what is equal to, or inside, its own
 * network or one with gateway transit (AZ-8.4); what is wider passes (AZ-8.19). */
static gboolean gateway_takes(const Design *design, guint network, Range range) {
  for (guint n = 0; n < MOST_NETWORKS; n++) {
    Range known;
    if (!design->networks[n].used || design_serving(design, n) != network)
      continue;
    for (guint i = 0; design_known(design, network, n, i, &known); i++)
      if (range_covers(known, range))
        return FALSE;
  }
  return TRUE;
}

/* A range that the gateway announces on its own: that route goes first (RFC 4271 9.1). */
static gboolean is_told_itself(const Design *design, guint network, Range range) {
  Range known;
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint i = 0; design_known(design, network, n, i, &known); i++)
      if (design_serving(design, n) == network && range_equal(known, range))
        return TRUE;
  return FALSE;
}

static void add_learned(Oracle *oracle, guint network, guint instance, OraclePath path) {
  if (path.class == PATH_VPN && !gateway_takes(&oracle->design, network, path.to))
    return;
  if (is_told_itself(&oracle->design, network, path.to))
    return;
  for (path.instance = 0; path.instance < 2; path.instance++) /* AZ-5.9 */
    add_path(&oracle->ribs[network][instance], path);
}

static void add_gateway(Oracle *oracle, guint network, guint instance, PathClass class) {
  const Design *design = &oracle->design;
  for (guint s = 0; s < MOST_SITES; s++) {
    const DesignSite *site = &design->sites[s];
    const guint links = class == PATH_VPN ? site->vpns : site->circuits;
    if (!site->used || !(links >> network & 1))
      continue;
    OraclePath path = {.to = site->range,
                       .class = class,
                       .nva = NOWHERE,
                       .site = s,
                       .length = class == PATH_CIRCUIT ? 2
                                 : site->router        ? 1
                                                       : 0, /* AZ-8.1 */
                       .med = -1};
    const DesignTold *told =
        design_told(design, s, class == PATH_VPN ? LINK_VPN(network) : LINK_CIRCUIT(network));
    if (!design_tells(told))
      add_learned(oracle, network, instance, path);
    for (guint i = 0; i < MOST_TOLD; i++)
      if (told[i].used) { /* AZ-8.19 */
        OraclePath other = path;
        other.to = told[i].to;
        other.length += told[i].prepend;
        add_learned(oracle, network, instance, other);
      }
  }
}

/* ---- the choice ------------------------------------------------------------------------------ */

/* TRUE where `a` goes before `b` at an Azure route server (AZ-4.10); equal ones share (AZ-4.1). */
static gboolean azure_prefers(const DesignNetwork *network, const OraclePath *a,
                              const OraclePath *b) {
  const gboolean circuit_a = a->class == PATH_CIRCUIT, circuit_b = b->class == PATH_CIRCUIT;
  if (!network->server && circuit_a != circuit_b) /* AZ-8.20 */
    return circuit_a;
  if (network->preference == PREFER_EXPRESSROUTE && circuit_a != circuit_b)
    return circuit_a;
  if (network->preference == PREFER_VPN && circuit_a != circuit_b)
    return circuit_b;
  if (a->length != b->length) /* AZ-4.1, AZ-4.12 */
    return a->length < b->length;
  return circuit_a && !circuit_b; /* AZ-4.13 */
}

/* AWS-4.7 to AWS-4.11, AWS-4.16. */
static gboolean aws_prefers(const OraclePath *a, const OraclePath *b) {
  if (a->length != b->length)
    return a->length < b->length;
  if (MAX(a->med, 0) != MAX(b->med, 0))
    return MAX(a->med, 0) < MAX(b->med, 0);
  if (a->peer != b->peer)
    return a->peer < b->peer;
  return a->endpoint < b->endpoint;
}

static void choose(Oracle *oracle, guint network, guint instance) {
  OracleRib *rib = &oracle->ribs[network][instance];
  const Design *design = &oracle->design;
  for (guint i = 0; i < rib->count; i++) {
    OraclePath *path = &rib->paths[i];
    path->best = TRUE;
    for (guint j = 0; j < rib->count && path->best; j++) {
      const OraclePath *other = &rib->paths[j];
      if (j != i && range_equal(other->to, path->to))
        path->best = design->cloud == DESIGN_AZURE
                         ? !azure_prefers(&design->networks[network], other, path)
                         : !aws_prefers(other, path);
    }
  }
}

static void work_out(Oracle *oracle, guint network, guint instance) {
  const Design *design = &oracle->design;
  for (guint i = 0; i < MOST_NVAS; i++)
    if (design->nvas[i].used && design->nvas[i].peers >> network & 1 &&
        (design->cloud == DESIGN_AWS || design->nvas[i].instances >> instance & 1)) /* AZ-2.7 */
      add_announced(oracle, network, instance, i);
  if (design->cloud == DESIGN_AZURE && design->networks[network].vpn)
    add_gateway(oracle, network, instance, PATH_VPN);
  if (design->cloud == DESIGN_AZURE && design->networks[network].circuit)
    add_gateway(oracle, network, instance, PATH_CIRCUIT);
  choose(oracle, network, instance);
}

void oracle_ribs(Oracle *oracle) {
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint i = 0; oracle->design.networks[n].used && i < INSTANCES; i++)
      work_out(oracle, n, i);
}
