/* Checks of a scenario that need more than one key. All of them run, so that a user sees
 * all that is wrong at once. */
#include <string.h>

#include "scenario_private.h"

void check_error(Check *check, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  diagnostics_add(check->reader->diagnostics, SEVERITY_ERROR, mark, "%s", text);
}

gpointer scenario_find(const GPtrArray *blocks, const char *name) {
  for (guint i = 0; i < blocks->len; i++)
    if (strcmp(((BlockHead *)blocks->pdata[i])->name, name) == 0)
      return blocks->pdata[i];
  return NULL;
}

ScenarioSubnet *check_find_subnet(const ScenarioBody *body, const char *full_name,
                                  ScenarioNetwork **network) {
  for (guint i = 0; i < body->networks->len; i++) {
    ScenarioNetwork *candidate = body->networks->pdata[i];
    for (guint j = 0; j < candidate->subnets->len; j++) {
      ScenarioSubnet *subnet = candidate->subnets->pdata[j];
      if (strcmp(subnet->full_name, full_name) == 0) {
        if (network != NULL)
          *network = candidate;
        return subnet;
      }
    }
  }
  return NULL;
}

/* "unknown X 'y'", with the nearest of the names. */
void check_unknown(Check *check, const char *what, const NameRef *name, GPtrArray *names) {
  g_ptr_array_add(names, NULL);
  const char *near = closest_name(name->text, (const char *const *)names->pdata);
  if (near != NULL)
    check_error(check, name->mark, "unknown %s '%s' (did you mean '%s'?)", what, name->text, near);
  else
    check_error(check, name->mark, "unknown %s '%s'", what, name->text);
}

void check_add_names(GPtrArray *names, const GPtrArray *blocks) {
  for (guint i = 0; i < blocks->len; i++)
    g_ptr_array_add(names, (gpointer)((BlockHead *)blocks->pdata[i])->name);
}

void check_add_subnet_names(GPtrArray *names, const ScenarioBody *body) {
  for (guint i = 0; i < body->networks->len; i++) {
    const ScenarioNetwork *network = body->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++)
      g_ptr_array_add(names, (gpointer)((ScenarioSubnet *)network->subnets->pdata[j])->full_name);
  }
}

gpointer check_need(Check *check, const char *what, const NameRef *name, const GPtrArray *blocks) {
  gpointer found = scenario_find(blocks, name->text);
  if (found == NULL) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    check_add_names(names, blocks);
    check_unknown(check, what, name, names);
  }
  return found;
}

ScenarioSubnet *check_need_subnet(Check *check, const NameRef *name, ScenarioNetwork **network) {
  ScenarioSubnet *subnet = check_find_subnet(check->body, name->text, network);
  if (subnet == NULL) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    check_add_subnet_names(names, check->body);
    check_unknown(check, "subnet", name, names);
  }
  return subnet;
}

/* ---- networks ----------------------------------------------------------------------------- */

static void check_subnet(Check *check, const ScenarioNetwork *network, guint index) {
  const ScenarioSubnet *subnet = network->subnets->pdata[index];
  gboolean inside = FALSE;
  for (guint i = 0; i < network->prefixes->len; i++)
    inside |=
        prefix_covers(((PrefixValue *)network->prefixes->pdata[i])->value, subnet->prefix.value);
  if (!inside)
    check_error(check, subnet->prefix.mark, "the subnet is not inside the prefixes of network '%s'",
                network->head.name);
  for (guint i = 0; i < index; i++) {
    const ScenarioSubnet *other = network->subnets->pdata[i];
    if (prefix_overlaps(other->prefix.value, subnet->prefix.value))
      check_error(check, subnet->prefix.mark, "the prefix overlaps that of subnet '%s'",
                  other->full_name);
  }
}

/* Appliances take addresses from the fourth on; the last one of a subnet is nobody's. */
static void check_room(Check *check, const ScenarioSubnet *subnet) {
  guint64 appliances = 0;
  gboolean automatic = FALSE;
  for (guint i = 0; i < check->body->nvas->len; i++) {
    const ScenarioNva *nva = check->body->nvas->pdata[i];
    if (strcmp(nva->subnet.text, subnet->full_name) != 0)
      continue;
    appliances++;
    automatic |= !nva->address.given;
  }
  if (automatic && prefix_size(subnet->prefix.value) < appliances + 5)
    check_error(check, subnet->prefix.mark,
                "the subnet is too small for its appliances: its first four addresses and its last "
                "are taken");
}

static void check_networks(Check *check) {
  const GPtrArray *networks = check->body->networks;
  if (networks->len == 0)
    check_error(check, check->body->head.mark, "a scenario needs at least one network");
  for (guint i = 0; i < networks->len; i++) {
    ScenarioNetwork *network = networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      ScenarioSubnet *subnet = network->subnets->pdata[j];
      check_subnet(check, network, j);
      if (subnet->prefix.value.address.family == IP_V6)
        check_error(check, subnet->prefix.mark,
                    "a subnet is named by its IPv4 prefix; put IPv6 into the network's prefixes");
      check_room(check, subnet);
    }
    for (guint j = 0; j < i; j++) {
      const ScenarioNetwork *other = networks->pdata[j];
      for (guint a = 0; a < network->prefixes->len; a++)
        for (guint b = 0; b < other->prefixes->len; b++) {
          const PrefixValue *mine = network->prefixes->pdata[a];
          if (prefix_overlaps(mine->value, ((PrefixValue *)other->prefixes->pdata[b])->value))
            check_error(check, mine->mark, "the prefix overlaps one of network '%s'",
                        other->head.name);
        }
    }
  }
}

static void check_run(Check *check) {
  const ScenarioBody *body = check->body;
  if (body->duration.law.kind != DISTRIBUTION_CONSTANT || body->duration.law.a.ns <= 0)
    check_error(check, body->duration.mark, "'duration' is one duration, more than 0");
  if (body->month.law.kind != DISTRIBUTION_CONSTANT)
    check_error(check, body->month.mark, "'month' is one duration");
  if (body->tcp_timeout.law.kind != DISTRIBUTION_CONSTANT ||
      body->tcp_timeout.law.a.ns < SIM_SECOND / 1000)
    check_error(check, body->tcp_timeout.mark, "'tcp_timeout' is one duration, at least 1ms");
}

void scenario_check(KeyReader *reader, ScenarioBody *body) {
  Check check = {reader, body};
  const guint before = diagnostics_errors(reader->diagnostics);
  if (body->name[0] == '\0' ||
      strspn(body->name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(body->name))
    check_error(&check, node_get(body->head.node, "name")->mark,
                "the name of a scenario is of a-z, 0-9 and -");
  check_run(&check);
  for (guint i = 0; i < body->networks->len; i++) {
    const ScenarioNetwork *network = body->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      ScenarioSubnet *subnet = network->subnets->pdata[j];
      subnet->full_name =
          arena_printf(reader->arena, "%s/%s", network->head.name, subnet->head.name);
      for (guint c = 0; c < cloud_count(); c++)
        if (g_strcmp0(cloud_at(c)->dedicated_subnet, subnet->head.name) == 0 &&
            body->models[c] && node_get(subnet->head.node, "vms") == NULL)
          subnet->vms = 0; /* the default is not for a subnet where no VM may stand */
    }
  }
  check_networks(&check);
  for (guint i = 0; i < body->route_servers->len; i++)
    check_server(&check, body->route_servers->pdata[i]);
  for (guint i = 0; i < body->nvas->len; i++)
    check_nva(&check, body->nvas->pdata[i]);
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
  if (diagnostics_errors(reader->diagnostics) == before)
    check_targets(&check);
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
