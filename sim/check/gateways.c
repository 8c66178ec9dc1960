/* Checks of gateways, circuits, the routers of sites, and distances. */
#include <string.h>

#include "check_private.h"

static gboolean is_vpn(const DesignGateway *gateway) {
  return gateway != NULL && gateway->kind == DESIGN_GATEWAY_VPN;
}

/* ---- gateways ----------------------------------------------------------------------------- */

static void check_gateway_circuits(DesignCheck *check, const DesignGateway *gateway) {
  if (gateway->circuits->len > 0 && gateway->kind != DESIGN_GATEWAY_CIRCUIT)
    tell_error(check, gateway->head.mark, "only a gateway of kind circuit has `circuits`");
  if (gateway->capacity > 0 && gateway->kind != DESIGN_GATEWAY_VPN &&
      gateway->kind != DESIGN_GATEWAY_CIRCUIT && gateway->kind != DESIGN_GATEWAY_NAT)
    tell_error(check, gateway->head.mark,
               "only a gateway of kind vpn, circuit or nat has a `capacity`; those of the cloud's "
               "own fabric have none that anybody tells");
  for (guint i = 0; i < gateway->circuits->len; i++) {
    const NameRef *name = gateway->circuits->pdata[i];
    tell_need(check, "circuit", name, check->design->circuits);
    for (guint j = 0; j < i; j++)
      if (g_strcmp0(((const NameRef *)gateway->circuits->pdata[j])->text, name->text) == 0)
        tell_error(check, name->mark, "'%s' stands twice", name->text);
  }
}

/* Circuits of the gateway that share the location of circuit `name`. */
static guint count_in_location(const DesignCheck *check, const DesignGateway *gateway,
                               const char *name) {
  const DesignCircuit *one = design_find(check->design->circuits, name);
  guint count = 0;
  for (guint i = 0; one != NULL && one->location.text != NULL && i < gateway->circuits->len; i++) {
    const DesignCircuit *other =
        design_find(check->design->circuits, ((const NameRef *)gateway->circuits->pdata[i])->text);
    count += other != NULL && g_strcmp0(other->location.text, one->location.text) == 0;
  }
  return count;
}

static void check_circuit_counts(DesignCheck *check, const DesignGateway *gateway,
                                 const CircuitClass *class) {
  if (class->most_on_gateway > 0 && gateway->circuits->len > class->most_on_gateway)
    tell_error(check, gateway->head.mark, "a gateway takes at most %u circuits (%s)",
               class->most_on_gateway, class->most_fact);
  for (guint i = 0; class->most_in_location > 0 && i < gateway->circuits->len; i++) {
    const NameRef *name = gateway->circuits->pdata[i];
    if (count_in_location(check, gateway, name->text) <= class->most_in_location)
      continue;
    tell_error(check, name->mark, "a gateway takes at most %u circuits of one location (%s)",
               class->most_in_location, class->most_fact);
    return;
  }
}

/* Timers of a cloud's own block; keys that it has not are never given. */
static void check_own_timers(DesignCheck *check, const Duration *keepalive, const Duration *hold) {
  if (keepalive->given || hold->given)
    check_session_timers(check, keepalive, hold);
}

static void check_gateway(DesignCheck *check, const DesignGateway *gateway) {
  if (!keys_sound(&gateway->head, "kind"))
    return;
  check_gateway_circuits(check, gateway);
  for (guint c = 0; c < cloud_count(); c++) {
    const GatewayTraits *traits = gateway->configs[c];
    if (cloud_gateway_kind(cloud_at(c), gateway) == NULL)
      return;
    check_own_timers(check, &traits->keepalive, &traits->hold);
    check_own_timers(check, &traits->site_keepalive, &traits->site_hold);
  }
  for (guint c = 0; c < cloud_count(); c++) {
    const GatewayKindClass *kind = cloud_gateway_kind(cloud_at(c), gateway);
    if (!check->design->models[c])
      continue;
    if (gateway->kind == DESIGN_GATEWAY_CIRCUIT && cloud_at(c)->circuits != NULL)
      check_circuit_counts(check, gateway, cloud_at(c)->circuits);
    cloud_ask(check, cloud_at(c));
    if (kind->check != NULL)
      kind->check(check, gateway);
    cloud_ask(check, NULL);
  }
}

/* ---- circuits ------------------------------------------------------------------------------- */

/* The general timers may be shorter than a provider goes down to. Facts: AZ-8.9, AWS-3.5. */
static void check_least(DesignCheck *check, const DesignCircuit *circuit, guint cloud) {
  const CircuitTraits *traits = circuit->configs[cloud];
  const KeyTable *keys = cloud_at(cloud)->circuits->keys;
  const struct {
    const char *name, *trait;
    const Duration *said, *least;
  } timers[] = {{"keepalive", "least_keepalive", &circuit->keepalive, &traits->least_keepalive},
                {"hold", "least_hold", &circuit->hold, &traits->least_hold}};
  for (guint i = 0; i < G_N_ELEMENTS(timers); i++) {
    const SimTime least = check_least_of(timers[i].least);
    if (timers[i].said->given && check_least_of(timers[i].said).ns < least.ns)
      tell_warning(check, timers[i].said->mark, "under %s a %s below %.0f s does not count (%s)",
                   cloud_at(cloud)->name, timers[i].name, sim_time_seconds(least),
                   keys_fact(keys, timers[i].trait));
  }
}

static void check_given_timers(DesignCheck *check, const Duration *keepalive,
                               const Duration *hold) {
  const Duration long_enough = {.law = distribution_constant(sim_time_s(30))};
  check_session_timers(check, keepalive->given ? keepalive : &long_enough,
                       hold->given ? hold : &long_enough);
}

static void check_circuit(DesignCheck *check, const DesignCircuit *circuit) {
  tell_need(check, "site", &circuit->site, check->design->sites);
  check_given_timers(check, &circuit->keepalive, &circuit->hold);
  if (circuit->bfd != NULL)
    check_bfd_interval(check, &circuit->bfd->interval);
  for (guint c = 0; c < cloud_count(); c++) {
    const CircuitTraits *traits = circuit->configs[c];
    if (traits == NULL)
      continue;
    check_own_timers(check, &traits->keepalive, &traits->hold);
    check_whole_seconds(check, &traits->least_hold);
    if (traits->bfd_interval.given)
      check_bfd_interval(check, &traits->bfd_interval);
    if (check->design->models[c])
      check_least(check, circuit, c);
  }
}

/* ---- sites --------------------------------------------------------------------------------- */

/* The link is a tunnel to the gateway, as one cloud has them. */
static void check_tunnel(DesignCheck *check, const DesignSiteLink *link,
                         const DesignGateway *gateway, guint cloud) {
  const GatewayKindClass *kind = &cloud_at(cloud)->gateways->kinds[GATEWAY_VPN];
  const GatewayTraits *traits = gateway->configs[cloud];
  if (link->detect->bfd != NULL && kind->bfd_refusal != NULL)
    tell_warning(check, link->detect->bfd->head.mark, "%s: ignored under %s", kind->bfd_refusal,
                 cloud_at(cloud)->name);
  if (!traits->negotiates && link->detect->hold.given &&
      check_least_of(&link->detect->hold).ns < check_least_of(&traits->site_hold).ns)
    tell_warning(
        check, link->detect->hold.mark,
        "under %s the gateway keeps to its own timers, so the session flaps where they do not fit "
        "(%s)",
        cloud_at(cloud)->name, keys_fact(kind->keys, "negotiates"));
}

static void check_site_link(DesignCheck *check, const DesignSiteLink *link) {
  const DesignGateway *gateway = design_find(check->design->gateways, link->head.name);
  check_given_timers(check, &link->detect->keepalive, &link->detect->hold);
  if (link->detect->bfd != NULL)
    check_bfd_interval(check, &link->detect->bfd->interval);
  const gboolean known = gateway == NULL ? design_find(check->design->nvas, link->head.name) != NULL
                                         : keys_sound(&gateway->head, "kind");
  if (!link->bgp && known && !is_vpn(gateway))
    tell_error(check, link->head.mark, "`bgp: off` is for links to vpn gateways%s",
               check_cite(check, RULE_STATIC_SITES));
  if (link->clients && known && !is_vpn(gateway))
    tell_error(check, link->head.mark, "`clients: on` is for links to vpn gateways%s",
               check_cite(check, RULE_VPN_CLIENTS));
  for (guint c = 0; is_vpn(gateway) && c < cloud_count(); c++)
    if (check->design->models[c])
      check_tunnel(check, link, gateway, c);
}

/* A circuit in `via` ends at the site; a gateway with circuits is reached over these. */
static void check_way(DesignCheck *check, const DesignSite *site, const NameRef *name) {
  const Design *design = check->design;
  const DesignCircuit *circuit = design_find(design->circuits, name->text);
  const DesignGateway *gateway = design_find(design->gateways, name->text);
  gboolean leads =
      gateway == NULL || gateway->circuits->len == 0 || !keys_sound(&gateway->head, "circuits");
  if (circuit != NULL && circuit->site.text[0] != '\0' &&
      g_strcmp0(circuit->site.text, site->head.name) != 0)
    tell_error(check, name->mark, "circuit '%s' ends at site '%s'", name->text, circuit->site.text);
  for (guint i = 0; gateway != NULL && i < gateway->circuits->len; i++) {
    const DesignCircuit *one =
        design_find(design->circuits, ((const NameRef *)gateway->circuits->pdata[i])->text);
    leads |=
        one == NULL || one->site.text[0] == '\0' || strcmp(one->site.text, site->head.name) == 0;
  }
  if (!leads)
    tell_error(check, name->mark, "no circuit of gateway '%s' ends at site '%s'", name->text,
               site->head.name);
}

/* Things that fail, and routers, share names. */
static void check_name(DesignCheck *check, const BlockHead *head, gboolean site) {
  const Design *design = check->design;
  if (design_find(design->nvas, head->name) != NULL ||
      design_find(design->gateways, head->name) != NULL ||
      design_find(design->route_servers, head->name) != NULL ||
      (site && design_find(design->circuits, head->name) != NULL))
    tell_error(check, head->mark, "'%s' is the name of something else already", head->name);
}

static void check_router(DesignCheck *check, const DesignSite *site) {
  check_name(check, &site->head, TRUE);
  for (guint i = 0; site->via.links != NULL && i < site->via.links->len; i++)
    check_site_link(check, site->via.links->pdata[i]);
}

/* ---- distances ----------------------------------------------------------------------------- */

/* A region or location that could not be read may be what is meant. */
static gboolean has_unread_place(const Design *design) {
  for (guint i = 0; i < design->networks->len; i++)
    if (!keys_sound(design->networks->pdata[i], "region"))
      return TRUE;
  for (guint i = 0; i < design->circuits->len; i++)
    if (!keys_sound(design->circuits->pdata[i], "location"))
      return TRUE;
  return FALSE;
}

static void check_distance(DesignCheck *check, const DesignLink *link) {
  if (link->between->len != 2 && keys_sound(&link->head, "between"))
    tell_error(check, link->head.mark, "a link is between two places");
  for (guint i = 0; i < link->between->len; i++) {
    const NameRef *name = link->between->pdata[i];
    if (check_place(check, name->text, name->mark, DESIGN_PLACES) ||
        design_place_kinds(check->design, name->text, DESIGN_PLACES) != 0 ||
        has_unread_place(check->design))
      continue;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    tell_add_names(check, names, check->design->networks);
    tell_add_names(check, names, check->design->sites);
    tell_add_names(check, names, check->design->circuits);
    tell_unknown(check, "network, region, site, circuit or location", name, names);
  }
}

void check_gateways(DesignCheck *check) {
  const Design *design = check->design;
  for (guint i = 0; i < design->gateways->len; i++)
    check_gateway(check, design->gateways->pdata[i]);
  for (guint i = 0; i < design->circuits->len; i++) {
    const DesignCircuit *circuit = design->circuits->pdata[i];
    check_name(check, &circuit->head, FALSE);
    check_circuit(check, circuit);
  }
  for (guint i = 0; i < design->sites->len; i++) {
    const DesignSite *site = design->sites->pdata[i];
    for (guint j = 0; j < site->via.names->len; j++)
      check_way(check, site, site->via.names->pdata[j]);
    if (design_site_has_router(design, site))
      check_router(check, site);
  }
  for (guint i = 0; i < design->links->len; i++)
    check_distance(check, design->links->pdata[i]);
  check_hearing(check);
  check_sides(check);
}
