/* Checks of gateways that are one with others, and of the routes and tables that name them. */
#include <string.h>

#include "check_private.h"

/* ---- one gateway of a network --------------------------------------------------------------- */

/* Its other side, where that comes before `gateway`. */
static const DesignGateway *side_before(const Design *design, const CloudClass *cloud,
                                        const DesignGateway *gateway) {
  const DesignGateway *other = cloud_other_side(design, cloud, gateway);
  return other != NULL && strcmp(other->head.name, gateway->head.name) < 0 ? other : NULL;
}

/* A side that says nothing has the AS number of the other. */
static void check_asn(DesignCheck *check, guint c, const DesignGateway *gateway) {
  const DesignGateway *other = side_before(check->design, cloud_at(c), gateway);
  if (other == NULL || gateway->configs[c] == NULL || other->configs[c] == NULL)
    return;
  const gint64 unsaid = cloud_at(c)->gateways->asn;
  const gint64 own = ((const GatewayTraits *)gateway->configs[c])->asn;
  const gint64 theirs = ((const GatewayTraits *)other->configs[c])->asn;
  if (own != theirs && own != unsaid && theirs != unsaid)
    tell_error(check, gateway->head.mark,
               "'%s' and '%s' are one %s, and have different AS numbers%s", other->head.name,
               gateway->head.name, cloud_at(c)->gateways->one_a_network,
               cloud_cite(cloud_at(c), check->reader->arena, RULE_ONE_A_NETWORK));
}

/* ---- their neighbors ------------------------------------------------------------------------- */

/* Of a gateway and a router of one AS neither would take what the other tells. */
static void check_neighbor(DesignCheck *check, guint c, const DesignSite *site,
                           const DesignGateway *gateway, const char *over) {
  const CircuitClass *circuits = cloud_at(c)->circuits;
  if (cloud_gateway_kind(cloud_at(c), gateway) == NULL || gateway->configs[c] == NULL)
    return;
  const gboolean edge =
      gateway->kind == DESIGN_GATEWAY_CIRCUIT && circuits != NULL && circuits->asn != 0;
  const guint32 asn = edge ? circuits->asn : cloud_gateway_asn(check->design, cloud_at(c), gateway);
  const Node *said = node_get(site->head.node, "asn");
  if ((guint32)site->asn == asn)
    tell_error(check, said != NULL ? said->mark : site->head.mark,
               "the far end of '%s' has AS number %u too under %s: neither would take a path with "
               "its own AS in it (RFC 4271 9.1.2)",
               over, asn, cloud_at(c)->name);
}

static gboolean speaks_bgp_with(const Design *design, const DesignSite *site,
                                const DesignGateway *gateway) {
  return design_names_hold(site->via.names, gateway->head.name) && gateway->circuits->len == 0 &&
         design_link_speaks_bgp(design_site_link(design, site, gateway->head.name));
}

static void check_neighbors(DesignCheck *check, guint c, const DesignSite *site) {
  const Design *design = check->design;
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    if (speaks_bgp_with(design, site, gateway))
      check_neighbor(check, c, site, gateway, gateway->head.name);
    for (guint j = 0; j < gateway->circuits->len; j++) {
      const DesignCircuit *circuit =
          design_find(design->circuits, ((const NameRef *)gateway->circuits->pdata[j])->text);
      if (circuit != NULL && g_strcmp0(circuit->site.text, site->head.name) == 0)
        check_neighbor(check, c, site, gateway, circuit->head.name);
    }
  }
}

/* ---- what names them ------------------------------------------------------------------------- */

static void check_ipv4_targets(DesignCheck *check, guint c, const GPtrArray *routes) {
  const char *ipv4_only = cloud_at(c)->gateways->ipv4_only;
  for (guint i = 0; ipv4_only != NULL && i < routes->len; i++) {
    const DesignRoute *route = routes->pdata[i];
    const DesignGateway *gateway = design_find(check->design->gateways, route->via.text);
    if (gateway != NULL && cloud_gateway_kind(cloud_at(c), gateway) != NULL &&
        route->to.value.address.family == IP_V6)
      tell_error(check, route->to.mark, "gateway '%s' carries no IPv6 (%s)", route->via.text,
                 ipv4_only);
  }
}

/* A site may have IPv6 behind a gateway that takes none of it. */
static void check_ipv4_sites(DesignCheck *check, guint c, const DesignGateway *gateway) {
  const Design *design = check->design;
  const char *ipv4_only = cloud_at(c)->gateways->ipv4_only;
  if (ipv4_only == NULL || cloud_gateway_kind(cloud_at(c), gateway) == NULL)
    return;
  for (guint i = 0; i < design->sites->len; i++) {
    const DesignSite *site = design->sites->pdata[i];
    for (guint j = 0; j < site->prefixes->len; j++) {
      const PrefixValue *prefix = site->prefixes->pdata[j];
      if (prefix->value.address.family == IP_V6 &&
          (design_names_hold(site->via.names, gateway->head.name) ||
           design_circuit_leads_to(design, gateway, site)))
        tell_warning(check, prefix->mark,
                     "gateway '%s' carries no IPv6: nobody reaches this of '%s' by it (%s)",
                     gateway->head.name, site->head.name, ipv4_only);
    }
  }
}

/* A gateway follows one table, so that a second one is an error. */
static void check_followed_once(DesignCheck *check, guint c, const DesignRouteTable *table) {
  const Design *design = check->design;
  const DesignGateway *gateway =
      table->gateway.text != NULL ? design_find(design->gateways, table->gateway.text) : NULL;
  for (guint i = 0; gateway != NULL && i < design->route_tables->len; i++) {
    const DesignRouteTable *before = design->route_tables->pdata[i];
    const DesignGateway *other =
        before->gateway.text != NULL ? design_find(design->gateways, before->gateway.text) : NULL;
    if (before == table)
      return;
    if (other == NULL || (other != gateway && other != side_before(design, cloud_at(c), gateway) &&
                          gateway != side_before(design, cloud_at(c), other)))
      continue;
    tell_error(check, table->gateway.mark, "gateway '%s' follows route table '%s' already",
               gateway->head.name, before->head.name);
    return;
  }
}

static void check_sides_under(DesignCheck *check, guint c) {
  const Design *design = check->design;
  for (guint i = 0; i < design->gateways->len; i++) {
    check_asn(check, c, design->gateways->pdata[i]);
    check_ipv4_sites(check, c, design->gateways->pdata[i]);
  }
  for (guint i = 0; i < design->sites->len; i++) {
    const DesignSite *site = design->sites->pdata[i];
    if (keys_sound(&site->head, "asn") && design_site_has_router(design, site))
      check_neighbors(check, c, site);
  }
  for (guint i = 0; i < design->route_tables->len; i++) {
    const DesignRouteTable *table = design->route_tables->pdata[i];
    check_ipv4_targets(check, c, table->routes);
    if (cloud_at(c)->edges != NULL)
      check_followed_once(check, c, table);
  }
  for (guint i = 0; i < design->events->len; i++) {
    const DesignEvent *event = design->events->pdata[i];
    if (event->action == EVENT_SET_ROUTES)
      check_ipv4_targets(check, c, event->routes);
  }
}

void check_sides(DesignCheck *check) {
  for (guint c = 0; c < cloud_count(); c++)
    if (check->design->models[c])
      check_sides_under(check, c);
}
