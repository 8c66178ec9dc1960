/* What is missing from a design in which nothing is wrong: parts that are paid for and do nothing.
 * Each is a warning. */
#include <string.h>

#include "check_private.h"

/* ---- circuits ------------------------------------------------------------------------------- */

static gboolean is_connected(const Design *design, const DesignCircuit *circuit) {
  for (guint i = 0; i < design->gateways->len; i++)
    if (design_names_hold(((const DesignGateway *)design->gateways->pdata[i])->circuits,
                          circuit->head.name))
      return TRUE;
  return FALSE;
}

static void check_circuits(DesignCheck *check) {
  for (guint i = 0; i < check->design->circuits->len; i++) {
    const DesignCircuit *circuit = check->design->circuits->pdata[i];
    if (!is_connected(check->design, circuit))
      tell_warning(check, circuit->head.mark,
                   "no gateway is connected to the circuit: it leads nowhere");
  }
}

/* ---- route servers -------------------------------------------------------------------------- */

static void check_unused_under(DesignCheck *check, const DesignRouteServer *server,
                               const CloudClass *cloud) {
  cloud_ask(check, cloud);
  cloud->checks->unused(check, server);
  cloud_ask(check, NULL);
}

static void check_servers(DesignCheck *check) {
  const Design *design = check->design;
  for (guint c = 0; design->failover == FAILOVER_ROUTE_SERVER && c < cloud_count(); c++)
    for (guint i = 0; design->models[c] && i < design->route_servers->len; i++)
      if (cloud_at(c)->checks->unused != NULL)
        check_unused_under(check, design->route_servers->pdata[i], cloud_at(c));
}

/* ---- sites ----------------------------------------------------------------------------------- */

/* `by` is the name of the appliance whose list it is. */
typedef gboolean (*AnnouncementTest)(const DesignAnnouncement *announcement, const Design *design,
                                     const char *by, gconstpointer data);

typedef struct {
  AnnouncementTest test;
  const Design *design;
  gconstpointer data;
} Search;

static gboolean any_in(const Search *search, const GPtrArray *list, const char *by) {
  for (guint i = 0; i < list->len; i++)
    if (search->test(list->pdata[i], search->design, by, search->data))
      return TRUE;
  return FALSE;
}

static gboolean any_to_peer(const Search *search, const DesignPeer *peer, const char *by) {
  gboolean any = any_in(search, peer->advertise, by);
  for (guint i = 0; !any && i < peer->part_lists->len; i++)
    any = any_in(search, ((const DesignPartList *)peer->part_lists->pdata[i])->advertise, by);
  return any;
}

/* Lists that an event brings count too. */
static gboolean any_announcement(const Design *design, AnnouncementTest test, gconstpointer data) {
  const Search search = {test, design, data};
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    if (any_in(&search, nva->advertise, nva->head.name))
      return TRUE;
    for (guint j = 0; j < nva->peers->len; j++)
      if (any_to_peer(&search, nva->peers->pdata[j], nva->head.name))
        return TRUE;
  }
  for (guint i = 0; i < design->events->len; i++) {
    const DesignEvent *event = design->events->pdata[i];
    if (event->advertise != NULL && any_in(&search, event->advertise, event->ends[0]))
      return TRUE;
  }
  return FALSE;
}

/* TRUE where `count` consecutive prefixes from `first` on meet a range of the site, whichever is
 * inside. */
static gboolean touches(Prefix first, guint64 count, const DesignSite *site) {
  Prefix last = first;
  prefix_following(first, count - 1, &last);
  for (guint i = 0; i < site->prefixes->len; i++) {
    const Prefix range = ((const PrefixValue *)site->prefixes->pdata[i])->value;
    if (prefix_overlaps(first, range) || prefix_overlaps(last, range) ||
        (first.address.family == range.address.family && prefix_compare(first, range) < 0 &&
         prefix_compare(range, last) < 0))
      return TRUE;
  }
  return FALSE;
}

/* A site is found by what covers it as well: another site's range around it, say. */
static gboolean tells_of_site(const DesignAnnouncement *announcement, const Design *design,
                              const char *by, gconstpointer data) {
  const DesignSite *site = data;
  if (announcement->prefix.given)
    return touches(announcement->prefix.value, (guint64)announcement->count, site);
  const DesignSite *other =
      announcement->site.text != NULL ? design_find(design->sites, announcement->site.text) : NULL;
  if (other == NULL || other == site)
    return other == site;
  g_autoptr(GArray) told = design_site_told(design, other, by);
  for (guint i = 0; i < told->len; i++)
    if (touches(g_array_index(told, DesignTold, i).prefix, 1, site))
      return TRUE;
  return FALSE;
}

/* An appliance, or a gateway that may lead on to one; not the Internet, nor a peering, which
 * carries what lies in its networks and nothing else. */
static gboolean may_lead_to_a_site(const Design *design, const char *via) {
  const DesignGateway *gateway = design_find(design->gateways, via);
  IpAddress address;
  if (gateway != NULL)
    return gateway->kind != DESIGN_GATEWAY_INTERNET && gateway->kind != DESIGN_GATEWAY_NAT;
  return design_find(design->nvas, via) != NULL || ip_address_parse(via, &address);
}

static gboolean routes_lead_to(const Design *design, const GPtrArray *routes,
                               const DesignSite *site) {
  for (guint i = 0; routes != NULL && i < routes->len; i++) {
    const DesignRoute *route = routes->pdata[i];
    for (guint j = 0; may_lead_to_a_site(design, route->via.text) && j < site->prefixes->len; j++)
      if (prefix_overlaps(route->to.value, ((const PrefixValue *)site->prefixes->pdata[j])->value))
        return TRUE;
  }
  return FALSE;
}

static gboolean any_route_to(const Design *design, const DesignSite *site) {
  for (guint i = 0; i < design->route_tables->len; i++)
    if (routes_lead_to(design, ((const DesignRouteTable *)design->route_tables->pdata[i])->routes,
                       site))
      return TRUE;
  for (guint i = 0; i < design->events->len; i++)
    if (routes_lead_to(design, ((const DesignEvent *)design->events->pdata[i])->routes, site))
      return TRUE;
  return FALSE;
}

/* A site needs telling that is behind appliances alone, which pass on what its router tells only if
 * their lists say so; gateways do without being asked. */
static gboolean needs_telling(const Design *design, const DesignSite *site) {
  for (guint i = 0; i < site->via.names->len; i++)
    if (design_find(design->nvas, ((const NameRef *)site->via.names->pdata[i])->text) == NULL)
      return FALSE;
  for (guint i = 0; i < design->circuits->len; i++)
    if (strcmp(((const DesignCircuit *)design->circuits->pdata[i])->site.text, site->head.name) ==
        0)
      return FALSE;
  return site->via.names->len > 0;
}

/* Sessions that begin there need no route to it where all that it sends is translated. */
static gboolean only_opens_sessions(const Design *design, const DesignSite *site) {
  for (guint i = 0; i < site->via.names->len; i++) {
    const DesignNva *nva =
        design_find(design->nvas, ((const NameRef *)site->via.names->pdata[i])->text);
    if (nva == NULL || nva->snat != SNAT_ON)
      return FALSE;
  }
  for (guint i = 0; i < design->traffic->len; i++)
    if (strcmp(((const DesignTraffic *)design->traffic->pdata[i])->to.text, site->head.name) == 0)
      return FALSE;
  for (guint i = 0; i < design->probes->len; i++)
    if (strcmp(((const DesignProbe *)design->probes->pdata[i])->to.text, site->head.name) == 0)
      return FALSE;
  return TRUE;
}

static void check_site(DesignCheck *check, const DesignSite *site) {
  if (needs_telling(check->design, site) && !any_announcement(check->design, tells_of_site, site) &&
      !any_route_to(check->design, site) && !only_opens_sessions(check->design, site))
    tell_warning(check, site->head.mark,
                 "nobody announces site '%s', and no route leads to it: nothing finds it "
                 "(`advertise: [{site: %s}]`)",
                 site->head.name, site->head.name);
}

static void check_links_of(DesignCheck *check, const DesignNva *nva, const GPtrArray *list) {
  for (guint i = 0; i < list->len; i++) {
    const DesignAnnouncement *announcement = list->pdata[i];
    const DesignSite *site = announcement->site.text != NULL
                                 ? design_find(check->design->sites, announcement->site.text)
                                 : NULL;
    if (site != NULL && !design_names_hold(site->via.names, nva->head.name))
      tell_warning(check, announcement->site.mark,
                   "'%s' has no link to site '%s' (`via`), so it never announces it",
                   nva->head.name, site->head.name);
  }
}

static void check_links(DesignCheck *check) {
  const Design *design = check->design;
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    check_links_of(check, nva, nva->advertise);
    for (guint j = 0; j < nva->peers->len; j++)
      check_links_of(check, nva, ((const DesignPeer *)nva->peers->pdata[j])->advertise);
  }
  for (guint i = 0; i < design->events->len; i++) {
    const DesignEvent *event = design->events->pdata[i];
    const DesignNva *nva =
        event->advertise != NULL ? design_find(design->nvas, event->ends[0]) : NULL;
    if (nva != NULL)
      check_links_of(check, nva, event->advertise);
  }
}

/* ---- addresses ------------------------------------------------------------------------------- */

static gboolean holds_address(const DesignAnnouncement *announcement, const Design *design,
                              const char *by, gconstpointer data) {
  (void)design;
  (void)by;
  return announcement->vip.given ||
         (announcement->prefix.given &&
          prefix_contains(announcement->prefix.value, *(const IpAddress *)data));
}

/* Appliances and front ends have addresses of their own in subnets without hosts. */
static gboolean stands_in(const Design *design, const DesignSubnet *subnet) {
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    if (strcmp(nva->subnet.text, subnet->full_name) == 0 ||
        (nva->interfaces != NULL && strcmp(nva->interfaces->out.text, subnet->full_name) == 0))
      return TRUE;
  }
  for (guint i = 0; i < design->load_balancers->len; i++)
    if (prefix_contains(
            subnet->prefix.value,
            ((const DesignLoadBalancer *)design->load_balancers->pdata[i])->address.value))
      return TRUE;
  return FALSE;
}

static void check_address(DesignCheck *check, const NameRef *end) {
  const Design *design = check->design;
  IpAddress address;
  if (!ip_address_parse(end->text, &address) || address.family != IP_V4 ||
      any_announcement(design, holds_address, &address))
    return;
  const char *network = design_network_of_address(design, address);
  const DesignSubnet *subnet = design_subnet_of_address(design, address);
  const gboolean kept = subnet != NULL && subnet_keeps(subnet->prefix.value, address);
  if (network == NULL || design_is_given(design, address) ||
      (subnet != NULL && !kept &&
       (subnet->vms > 0 || stands_in(design, subnet) || cloud_keeps_subnet(design, subnet))))
    return;
  if (kept)
    tell_warning(check, end->mark,
                 "nobody stands at %s: clouds keep the first four addresses of a subnet, here "
                 "'%s', and its last",
                 end->text, subnet->full_name);
  else if (subnet == NULL)
    tell_warning(check, end->mark,
                 "nobody stands at %s: it is in network '%s', but in none of its "
                 "subnets",
                 end->text, network);
  else
    tell_warning(check, end->mark, "nobody stands at %s: subnet '%s' has no vms and no appliance",
                 end->text, subnet->full_name);
}

static void check_destinations(DesignCheck *check) {
  const Design *design = check->design;
  for (guint i = 0; i < design->traffic->len; i++)
    check_address(check, &((const DesignTraffic *)design->traffic->pdata[i])->to);
  for (guint i = 0; i < design->probes->len; i++)
    check_address(check, &((const DesignProbe *)design->probes->pdata[i])->to);
}

void check_whole(DesignCheck *check) {
  check_circuits(check);
  check_servers(check);
  for (guint i = 0; i < check->design->sites->len; i++)
    check_site(check, check->design->sites->pdata[i]);
  check_links(check);
  check_destinations(check);
}
