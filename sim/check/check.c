/* The order of all checks, and those of networks and of the run itself; see the header. */
#include <string.h>

#include "check_private.h"

/* ---- networks ----------------------------------------------------------------------------- */

static void check_subnet(DesignCheck *check, const DesignNetwork *network, guint index) {
  const DesignSubnet *subnet = network->subnets->pdata[index];
  gboolean inside = !keys_sound(&network->head, "prefixes");
  for (guint i = 0; i < network->prefixes->len; i++)
    inside |=
        prefix_covers(((PrefixValue *)network->prefixes->pdata[i])->value, subnet->prefix.value);
  if (!inside)
    tell_error(check, subnet->prefix.mark, "the subnet is not inside the prefixes of network '%s'",
               network->head.name);
  for (guint i = 0; i < index; i++) {
    const DesignSubnet *other = network->subnets->pdata[i];
    if (other->prefix.given && prefix_overlaps(other->prefix.value, subnet->prefix.value))
      tell_error(check, subnet->prefix.mark, "the prefix overlaps that of subnet '%s'",
                 other->full_name);
  }
}

static void check_networks(DesignCheck *check) {
  const GPtrArray *networks = check->design->networks;
  if (networks->len == 0 && design_is_read(check->design, networks))
    tell_error(check, check->design->head.mark, "a scenario needs at least one network");
  for (guint i = 0; i < networks->len; i++) {
    DesignNetwork *network = networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const DesignSubnet *subnet = network->subnets->pdata[j];
      if (!subnet->prefix.given)
        continue;
      check_subnet(check, network, j);
      if (subnet->prefix.value.address.family == IP_V6)
        tell_error(check, subnet->prefix.mark,
                   "a subnet is named by its IPv4 prefix; put IPv6 into the network's prefixes");
    }
    for (guint j = 0; j < i; j++) {
      const DesignNetwork *other = networks->pdata[j];
      for (guint a = 0; a < network->prefixes->len; a++)
        for (guint b = 0; b < other->prefixes->len; b++) {
          const PrefixValue *mine = network->prefixes->pdata[a];
          if (prefix_overlaps(mine->value, ((PrefixValue *)other->prefixes->pdata[b])->value))
            tell_error(check, mine->mark, "the prefix overlaps one of network '%s'",
                       other->head.name);
        }
    }
  }
}

static void check_run(DesignCheck *check) {
  const Design *design = check->design;
  if (keys_sound(&design->head, "duration") &&
      (design->duration.law.kind != DISTRIBUTION_CONSTANT || design->duration.law.a.ns <= 0))
    tell_error(check, design->duration.mark, "'duration' is one duration, more than 0");
  if (design->month.law.kind != DISTRIBUTION_CONSTANT)
    tell_error(check, design->month.mark, "'month' is one duration");
  if (design->tcp_timeout.law.kind != DISTRIBUTION_CONSTANT ||
      design->tcp_timeout.law.a.ns < SIM_SECOND / 1000)
    tell_error(check, design->tcp_timeout.mark, "'tcp_timeout' is one duration, at least 1ms");
}

static void check_scenario_name(DesignCheck *check) {
  const Design *design = check->design;
  if (keys_sound(&design->head, "name") &&
      (design->name[0] == '\0' ||
       strspn(design->name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(design->name)))
    tell_error(check, node_get(design->head.node, "name")->mark,
               "the name of a scenario is of a-z, 0-9 and -");
}

void check_design(KeyReader *reader, const Design *design, gboolean sound) {
  g_autoptr(GHashTable) trusted = g_hash_table_new(NULL, NULL);
  DesignCheck check = {.reader = reader, .design = design, .trusted = trusted};
  const guint told = diagnostics_told(reader->diagnostics);
  check_scenario_name(&check);
  check_run(&check);
  check_networks(&check);
  for (guint i = 0; i < design->route_servers->len; i++)
    check_server(&check, design->route_servers->pdata[i]);
  for (guint i = 0; i < design->nvas->len; i++)
    check_nva(&check, design->nvas->pdata[i]);
  check_addresses(&check);
  check_sites(&check);
  check_tables(&check);
  check_gateways(&check);
  check_peerings(&check);
  check_route_maps(&check);
  check_traffic(&check);
  check_clouds(&check);
  check_failover(&check);
  check_events(&check);
  check_expected(&check);
  check_failures(&check);
  check_targets(&check, sound && diagnostics_told(reader->diagnostics) == told);
  if (sound && diagnostics_told(reader->diagnostics) == told)
    check_whole(&check);
}
