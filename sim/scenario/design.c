/* What everybody asks of a scenario: who is where, who leads to whom, and what is told to whom. */
#include <string.h>

#include "scenario_private.h"

gpointer scenario_find(const GPtrArray *blocks, const char *name) {
  for (guint i = 0; i < blocks->len; i++)
    if (strcmp(((BlockHead *)blocks->pdata[i])->name, name) == 0)
      return blocks->pdata[i];
  return NULL;
}

gboolean scenario_names_hold(const GPtrArray *names, const char *name) {
  for (guint i = 0; i < names->len; i++)
    if (g_strcmp0(((const NameRef *)names->pdata[i])->text, name) == 0)
      return TRUE;
  return FALSE;
}

gboolean scenario_parse_community(const char *text, guint32 *out) {
  guint64 high, low;
  if (bgp_community_find(text, out))
    return TRUE;
  g_auto(GStrv) parts = g_strsplit(text, ":", -1);
  if (g_strv_length(parts) != 2 ||
      !g_ascii_string_to_unsigned(parts[0], 10, 0, 65535, &high, NULL) ||
      !g_ascii_string_to_unsigned(parts[1], 10, 0, 65535, &low, NULL))
    return FALSE;
  *out = (guint32)(high << 16 | low);
  return TRUE;
}

const GatewayClass *scenario_gateway_class(const CloudClass *cloud,
                                           const ScenarioGateway *gateway) {
  switch (gateway->kind) {
  case SCENARIO_VPN:
    return &cloud->gateways[GATEWAY_VPN];
  case SCENARIO_CIRCUIT:
    return &cloud->gateways[GATEWAY_CIRCUIT];
  default:
    return NULL;
  }
}

const ScenarioGateway *scenario_other_side(const ScenarioBody *body, const CloudClass *cloud,
                                           const ScenarioGateway *gateway) {
  const GatewayClass *class = scenario_gateway_class(cloud, gateway);
  for (guint i = 0; class != NULL && class->one_a_network && i < body->gateways->len; i++) {
    const ScenarioGateway *other = body->gateways->pdata[i];
    if (other != gateway && scenario_gateway_class(cloud, other) != NULL &&
        g_strcmp0(other->network.text, gateway->network.text) == 0)
      return other;
  }
  return NULL;
}

/* The number that either side says, where the other says nothing. */
guint32 scenario_gateway_asn(const ScenarioBody *body, const CloudClass *cloud,
                             const ScenarioGateway *gateway) {
  const guint c = cloud_place(cloud);
  const ScenarioGateway *other = scenario_other_side(body, cloud, gateway);
  const guint32 unsaid = scenario_gateway_class(cloud, gateway)->asn;
  const GatewayTraits *own = gateway->configs[c];
  const GatewayTraits *theirs = other != NULL ? other->configs[c] : own;
  const gint64 asn = own->asn != unsaid ? own->asn : theirs->asn;
  return asn != 0 ? (guint32)asn : unsaid;
}

const ScenarioSiteLink *scenario_site_link(const ScenarioBody *body, const ScenarioSite *site,
                                           const char *name) {
  for (guint i = 0; site->via.links != NULL && i < site->via.links->len; i++) {
    const ScenarioSiteLink *link = site->via.links->pdata[i];
    const ScenarioGateway *gateway = scenario_find(body->gateways, link->head.name);
    if (strcmp(link->head.name, name) == 0 ||
        (gateway != NULL && scenario_names_hold(gateway->circuits, name)))
      return link;
  }
  return NULL;
}

gboolean scenario_link_speaks_bgp(const ScenarioSiteLink *link) {
  return link == NULL || (link->bgp && !link->clients);
}

gboolean scenario_site_has_router(const ScenarioBody *body, const ScenarioSite *site) {
  if (site->via.links != NULL)
    return TRUE;
  for (guint i = 0; i < body->circuits->len; i++)
    if (g_strcmp0(((const ScenarioCircuit *)body->circuits->pdata[i])->site.text,
                  site->head.name) == 0)
      return TRUE;
  return FALSE;
}

gboolean scenario_circuit_leads_to(const ScenarioBody *body, const ScenarioGateway *gateway,
                                   const ScenarioSite *site) {
  for (guint i = 0; i < body->circuits->len; i++) {
    const ScenarioCircuit *circuit = body->circuits->pdata[i];
    if (g_strcmp0(circuit->site.text, site->head.name) == 0 &&
        scenario_names_hold(gateway->circuits, circuit->head.name))
      return TRUE;
  }
  return FALSE;
}

gboolean scenario_site_is_behind(const ScenarioBody *body, const ScenarioSite *site,
                                 const char *network) {
  for (guint i = 0; i < body->gateways->len; i++) {
    const ScenarioGateway *gateway = body->gateways->pdata[i];
    if (g_strcmp0(gateway->network.text, network) == 0 &&
        (scenario_names_hold(site->via.names, gateway->head.name) ||
         scenario_circuit_leads_to(body, gateway, site)))
      return TRUE;
  }
  return FALSE;
}

gboolean scenario_has_own_list(const ScenarioPeer *peer) {
  return peer->head.node != NULL && node_get(peer->head.node, "advertise") != NULL;
}

const GPtrArray *scenario_list_for(const ScenarioPeer *peer, const CloudClass *cloud,
                                   const char *part) {
  for (guint i = 0; i < peer->part_lists->len; i++) {
    const ScenarioPartList *list = peer->part_lists->pdata[i];
    if (list->cloud == cloud && strcmp(list->part, part) == 0)
      return list->advertise;
  }
  return scenario_has_own_list(peer) ? peer->advertise : NULL;
}

gboolean scenario_says_advertise(const BlockHead *head) {
  return head->node != NULL && node_get(head->node, "advertise") != NULL;
}

static void add_list(GArray *told, const GPtrArray *announcements) {
  for (guint i = 0; i < announcements->len; i++) {
    const ScenarioSiteAnnouncement *how = announcements->pdata[i];
    for (gint64 j = 0; j < how->count; j++) {
      ScenarioTold one = {.how = how};
      if (prefix_following(how->prefix.value, (guint64)j, &one.prefix))
        g_array_append_val(told, one);
    }
  }
}

GArray *scenario_site_told(const ScenarioBody *body, const ScenarioSite *site, const char *link) {
  GArray *told = g_array_new(FALSE, FALSE, sizeof(ScenarioTold));
  const ScenarioSiteLink *said = link != NULL ? scenario_site_link(body, site, link) : NULL;
  if (said != NULL && scenario_says_advertise(&said->head))
    add_list(told, said->advertise);
  else if (scenario_says_advertise(&site->head))
    add_list(told, site->advertise);
  else
    for (guint i = 0; i < site->prefixes->len; i++) {
      const ScenarioTold one = {((const PrefixValue *)site->prefixes->pdata[i])->value, NULL};
      g_array_append_val(told, one);
    }
  return told;
}
