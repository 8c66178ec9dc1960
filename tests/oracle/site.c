/* What a site's own router is told, and by which link it sends. */
#include "oracle/oracle.h"

typedef struct {
  const Oracle *oracle;
  const Design *design;
  guint32 address;
  SiteLink link; /* what it is told by one link, for the address; length G_MAXUINT: nothing */
} Told;

static void tell(Told *told, Range range, guint hops) {
  if (!range_holds(range, told->address))
    return;
  if (told->link.length == G_MAXUINT || range.length > told->link.length) {
    told->link.length = range.length;
    told->link.hops = hops;
  } else if (range.length == told->link.length) {
    told->link.hops = MIN(told->link.hops, hops);
  }
}

/* What an appliance announces on its own it tells with the attributes given there, and nothing that
 * it learned for the same prefix. */
static gboolean announces(const Told *told, Range range) {
  if (told->link.class != PATH_NVA)
    return FALSE;
  for (guint i = 0; i < MOST_ANNOUNCED; i++) {
    const DesignAnnouncement *item = &told->design->nvas[told->link.index].announced[i];
    if (item->used && range_equal(item->to, range))
      return TRUE;
  }
  return FALSE;
}

/* As far as `from` knows of it. */
static void tell_network(Told *told, guint from, guint network, guint hops) {
  Range known;
  for (guint i = 0; design_known(told->design, from, network, i, &known); i++)
    if (!announces(told, known))
      tell(told, known, hops);
}

/* The ranges of a network and of those that use its gateways and route server (AZ-5.1, AZ-6.8). */
static void tell_served(Told *told, guint network, guint hops) {
  for (guint n = 0; n < MOST_NETWORKS; n++)
    if (told->design->networks[n].used && design_serving(told->design, n) == network)
      tell_network(told, network, n, hops);
}

static gboolean inside_served(const Design *design, guint network, Range range) {
  Range known;
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint i = 0; design_known(design, network, n, i, &known); i++)
      if ((n == network || design_serving(design, n) == network) && range_covers(known, range))
        return TRUE;
  return FALSE;
}

/* The one path that a route server tells others: of equal ones that of the lowest router. */
static const OraclePath *told_path(const OracleRib *rib, Range to) {
  const OraclePath *best = NULL;
  for (guint i = 0; i < rib->count; i++) {
    const OraclePath *path = &rib->paths[i];
    if (path->best && range_equal(path->to, to) &&
        (best == NULL || path->class < best->class ||
         (path->class == best->class && path->peer < best->peer)))
      best = path;
  }
  return best;
}

/* What a route server with the exchange on tells of appliances (AZ-5.2 to AZ-5.4, AZ-4.7). */
static void tell_exchanged(Told *told, guint server, guint instance, guint to_nva) {
  const Design *design = told->design;
  const OracleRib *rib = &told->oracle->ribs[server][instance];
  if (!design->networks[server].server || !design->networks[server].branch_to_branch)
    return;
  for (guint i = 0; i < rib->count; i++) {
    const OraclePath *path = &rib->paths[i];
    if (path != told_path(rib, path->to) || path->community == COMMUNITY_NO_ADVERTISE ||
        inside_served(design, server, path->to))
      continue;
    if (to_nva == NOWHERE) {
      if (path->class != PATH_NVA || (told->link.class == PATH_VPN && path->to.length == 0))
        continue; /* AZ-8.4 */
      /* Private AS numbers are gone behind a circuit (AZ-8.14). */
      tell(told, path->to, told->link.class == PATH_CIRCUIT ? 1 : 1 + path->length);
    } else {
      if (path->class == PATH_NVA &&
          (path->nva == to_nva || design->nvas[path->nva].asn == design->nvas[to_nva].asn))
        continue; /* AZ-4.17 */
      if (path->community == COMMUNITY_NO_EXPORT || announces(told, path->to))
        continue; /* RFC 1997 */
      tell(told, path->to, 2 + path->length);
    }
  }
}

static void tell_by_nva(Told *told, guint site, guint nva) {
  const DesignTold *only = told->design->nvas[nva].told[site];
  gboolean any = FALSE;
  for (guint i = 0; i < MOST_TOLD; i++)
    if (only[i].used)
      tell(told, only[i].to, 1 + only[i].prepend);
  if (design_tells(only))
    return;
  for (guint i = 0; i < MOST_ANNOUNCED; i++) {
    const DesignAnnouncement *item = &told->design->nvas[nva].announced[i];
    const DesignTold *of =
        item->site != NOWHERE ? design_told(told->design, item->site, LINK_NVA(nva)) : NULL;
    /* Towards a peer on no subnet of the next hop's it names itself (RFC 4271 5.1.3). */
    if (!item->used || item->site == site)
      continue;
    if (of == NULL || !design_tells(of))
      tell(told, item->to, 1 + item->prepend);
    for (guint j = 0; of != NULL && j < MOST_TOLD; j++) /* what that site announces */
      if (of[j].used)
        tell(told, of[j].to, 1 + item->prepend);
  }
  for (guint n = 0; n < MOST_NETWORKS && told->design->cloud == DESIGN_AZURE; n++)
    if (told->design->nvas[nva].peers >> n & 1) {
      any = TRUE;
      tell_served(told, n, 2);
      for (guint i = 0; i < INSTANCES; i++)
        if (told->design->nvas[nva].instances >> i & 1)
          tell_exchanged(told, n, i, nva);
    }
  if (!any) /* AWS-8.3 */
    tell_network(told, told->design->nvas[nva].network, told->design->nvas[nva].network, 1);
}

static void tell_by_gateway(Told *told, guint network) {
  if (told->design->cloud == DESIGN_AWS) {
    tell_network(told, network, network, 1);
    return;
  }
  tell_served(told, network, 1);
  for (guint i = 0; i < INSTANCES; i++)
    tell_exchanged(told, network, i, NOWHERE);
}

gboolean oracle_announced_by_a_site(const Design *design, guint site, guint32 address) {
  for (guint s = 0; s < MOST_SITES; s++)
    for (guint link = 0; link < MOST_LINKS; link++) {
      const DesignTold *told = design_told(design, s, link);
      for (guint i = 0; i < MOST_TOLD; i++)
        if (design->sites[s].used && (s == site || design->cloud == DESIGN_AWS) && told[i].used &&
            range_holds(told[i].to, address))
          return TRUE;
    }
  return FALSE;
}

gboolean oracle_site_unsaid(const Oracle *oracle, guint site) {
  const Design *design = &oracle->design;
  const DesignSite *of = &design->sites[site];
  guint links = 0;
  for (guint i = 0; i < MOST_NVAS; i++)
    links += (of->nvas >> i & 1) + (of->vpns >> i & 1) + (of->circuits >> i & 1);
  if (!of->router || links < 2 || design->cloud == DESIGN_AWS)
    return FALSE;
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint j = 0; design->networks[n].branch_to_branch && j < INSTANCES; j++)
      for (guint i = 0; i < oracle->ribs[n][j].count; i++)
        if (inside_served(design, n, oracle->ribs[n][j].paths[i].to))
          return TRUE; /* is it told what AZ-6.4 keeps from NICs? */
  return FALSE;
}

/* What the site is told by link number `i`, where it has that; of length G_MAXUINT: nothing. */
static Told told_by_link(const Oracle *oracle, guint site, guint i, guint32 address) {
  const DesignSite *of = &oracle->design.sites[site];
  const PathClass class = i < MOST_NVAS                   ? PATH_NVA
                          : i < MOST_NVAS + MOST_NETWORKS ? PATH_VPN
                                                          : PATH_CIRCUIT;
  const guint index = i < MOST_NVAS ? i : (i - MOST_NVAS) % MOST_NETWORKS;
  const guint bits = class == PATH_NVA ? of->nvas : class == PATH_VPN ? of->vpns : of->circuits;
  Told told = {
      oracle, &oracle->design, address, {.class = class, .index = index, .length = G_MAXUINT}};
  told.link.prefer = class == PATH_NVA   ? of->prefer_nva[index]
                     : class == PATH_VPN ? of->prefer_vpn[index]
                                         : of->prefer_circuit[index];
  if (!(bits >> index & 1))
    return told;
  if (class == PATH_NVA)
    tell_by_nva(&told, site, index);
  else
    tell_by_gateway(&told, index);
  return told;
}

gboolean oracle_first_link(const Oracle *oracle, guint site, guint32 address, SiteLink *link) {
  const Design *design = &oracle->design;
  for (guint i = 0; i < MOST_LINKS; i++) {
    Told told = told_by_link(oracle, site, i, address);
    if (i < MOST_NVAS && design->sites[site].nvas >> i & 1)
      tell_network(&told, design->nvas[i].network, design->nvas[i].network, 1);
    *link = told.link;
    if (link->length != G_MAXUINT)
      return TRUE;
  }
  return FALSE;
}

guint oracle_site_links(const Oracle *oracle, guint site, guint32 address, SiteLink *links) {
  guint count = 0;
  for (guint i = 0; i < MOST_LINKS; i++) {
    const Told told = told_by_link(oracle, site, i, address);
    if (told.link.length == G_MAXUINT)
      continue;
    /* Longest prefix, then preference, then the AS path (RFC 4271 9.1). */
    const SiteLink *link = &told.link;
    if (count > 0 && (link->length != links[0].length   ? link->length > links[0].length
                      : link->prefer != links[0].prefer ? link->prefer > links[0].prefer
                                                        : link->hops < links[0].hops))
      count = 0;
    if (count == 0 || (link->length == links[0].length && link->prefer == links[0].prefer &&
                       link->hops == links[0].hops))
      links[count++] = told.link;
  }
  return count;
}
