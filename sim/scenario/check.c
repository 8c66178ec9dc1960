/* Checks of a scenario that need more than one key. All of them run on whatever could be read, so
 * that a user sees all that is wrong at once. What hangs from something wrong is not told a second
 * time: a block knows which of its keys could not be understood (keys_sound()), a name that could
 * not be read is "", which nothing is called, and a name is not called unknown where the place that
 * would define it could not be read itself. What is missing from the whole file (nobody announces
 * the site) is asked only where nothing is wrong. */
#include <string.h>

#include "scenario_private.h"

void check_error(Check *check, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  diagnostics_add(check->reader->diagnostics, SEVERITY_ERROR, mark, "%s", text);
}

void check_warn(Check *check, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, mark, "%s", text);
}

const char *check_cite(const Check *check, const char *facts) {
  g_autoptr(GString) cited = g_string_new(NULL);
  g_auto(GStrv) ids = g_strsplit(facts, ", ", -1);
  for (guint i = 0; ids[i] != NULL; i++)
    for (guint c = 0; c < cloud_count(); c++)
      if (check->body->models[c] && cloud_at(c)->facts != NULL &&
          g_str_has_prefix(ids[i], cloud_at(c)->facts))
        g_string_append_printf(cited, "%s%s", cited->len == 0 ? " (" : ", ", ids[i]);
  if (cited->len > 0)
    g_string_append_c(cited, ')');
  return arena_strdup(check->reader->arena, cited->str);
}

void check_under(Check *check, const CloudClass *cloud) {
  guint models = 0;
  for (guint c = 0; c < cloud_count(); c++)
    models += check->body->models[c] ? 1 : 0;
  const gboolean tells = cloud != NULL && models > 1;
  diagnostics_set_under(check->reader->diagnostics, tells ? cloud->name : NULL);
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

/* ---- names ------------------------------------------------------------------------------------ */

/* Where the names of a scenario are made. */
static const struct {
  gsize offset;
  const char *key;
} sections[] = {
    {G_STRUCT_OFFSET(ScenarioBody, networks), "networks"},
    {G_STRUCT_OFFSET(ScenarioBody, route_servers), "route_servers"},
    {G_STRUCT_OFFSET(ScenarioBody, nvas), "nvas"},
    {G_STRUCT_OFFSET(ScenarioBody, sites), "sites"},
    {G_STRUCT_OFFSET(ScenarioBody, peerings), "peerings"},
    {G_STRUCT_OFFSET(ScenarioBody, gateways), "gateways"},
    {G_STRUCT_OFFSET(ScenarioBody, circuits), "circuits"},
    {G_STRUCT_OFFSET(ScenarioBody, route_tables), "route_tables"},
    {G_STRUCT_OFFSET(ScenarioBody, load_balancers), "load_balancers"},
    {G_STRUCT_OFFSET(ScenarioBody, route_maps), "route_maps"},
    {G_STRUCT_OFFSET(ScenarioBody, traffic), "traffic"},
    {G_STRUCT_OFFSET(ScenarioBody, probes), "probes"},
};

static gboolean is_read(const ScenarioBody *body, const GPtrArray *blocks) {
  for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
    if (G_STRUCT_MEMBER(const GPtrArray *, body, sections[i].offset) == blocks)
      return keys_sound(&body->head, sections[i].key);
  return TRUE;
}

/* "hub/app", where the subnets of `hub` could not be read. */
static gboolean is_in_unread_network(const ScenarioBody *body, const char *name) {
  for (guint i = 0; i < body->networks->len; i++) {
    const BlockHead *head = body->networks->pdata[i];
    const gsize length = strlen(head->name);
    if (strncmp(head->name, name, length) == 0 && name[length] == '/' &&
        !keys_sound(head, "subnets"))
      return TRUE;
  }
  return FALSE;
}

/* "unknown X 'y'", with the nearest of the names. */
void check_unknown(Check *check, const char *what, const NameRef *name, GPtrArray *names) {
  const gboolean partial = check->names_partial;
  check->names_partial = FALSE;
  if (name->text[0] == '\0' || partial || is_in_unread_network(check->body, name->text))
    return; /* told where it could not be read */
  g_ptr_array_add(names, NULL);
  const char *near = closest_name(name->text, (const char *const *)names->pdata);
  if (near == NULL) {
    check_error(check, name->mark, "unknown %s '%s'", what, name->text);
    return;
  }
  check_error(check, name->mark, "unknown %s '%s' (did you mean '%s'?)", what, name->text, near);
  diagnostics_hint(check->reader->diagnostics, "did you mean '%s'?", near);
}

void check_add_names(Check *check, GPtrArray *names, const GPtrArray *blocks) {
  check->names_partial |= !is_read(check->body, blocks);
  for (guint i = 0; i < blocks->len; i++)
    g_ptr_array_add(names, (gpointer)((BlockHead *)blocks->pdata[i])->name);
}

void check_add_subnet_names(Check *check, GPtrArray *names) {
  const ScenarioBody *body = check->body;
  check->names_partial |= !is_read(body, body->networks);
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
    check_add_names(check, names, blocks);
    check_unknown(check, what, name, names);
  }
  return found;
}

ScenarioSubnet *check_need_subnet(Check *check, const NameRef *name, ScenarioNetwork **network) {
  ScenarioSubnet *subnet = check_find_subnet(check->body, name->text, network);
  if (subnet == NULL) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    check_add_subnet_names(check, names);
    check_unknown(check, "subnet", name, names);
  }
  return subnet;
}

/* ---- networks ----------------------------------------------------------------------------- */

static void check_subnet(Check *check, const ScenarioNetwork *network, guint index) {
  const ScenarioSubnet *subnet = network->subnets->pdata[index];
  gboolean inside = !keys_sound(&network->head, "prefixes");
  for (guint i = 0; i < network->prefixes->len; i++)
    inside |=
        prefix_covers(((PrefixValue *)network->prefixes->pdata[i])->value, subnet->prefix.value);
  if (!inside)
    check_error(check, subnet->prefix.mark, "the subnet is not inside the prefixes of network '%s'",
                network->head.name);
  for (guint i = 0; i < index; i++) {
    const ScenarioSubnet *other = network->subnets->pdata[i];
    if (other->prefix.given && prefix_overlaps(other->prefix.value, subnet->prefix.value))
      check_error(check, subnet->prefix.mark, "the prefix overlaps that of subnet '%s'",
                  other->full_name);
  }
}

static void check_networks(Check *check) {
  const GPtrArray *networks = check->body->networks;
  if (networks->len == 0 && is_read(check->body, networks))
    check_error(check, check->body->head.mark, "a scenario needs at least one network");
  for (guint i = 0; i < networks->len; i++) {
    ScenarioNetwork *network = networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      ScenarioSubnet *subnet = network->subnets->pdata[j];
      if (!subnet->prefix.given)
        continue;
      check_subnet(check, network, j);
      if (subnet->prefix.value.address.family == IP_V6)
        check_error(check, subnet->prefix.mark,
                    "a subnet is named by its IPv4 prefix; put IPv6 into the network's prefixes");
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
  if (keys_sound(&body->head, "duration") &&
      (body->duration.law.kind != DISTRIBUTION_CONSTANT || body->duration.law.a.ns <= 0))
    check_error(check, body->duration.mark, "'duration' is one duration, more than 0");
  if (body->month.law.kind != DISTRIBUTION_CONSTANT)
    check_error(check, body->month.mark, "'month' is one duration");
  if (body->tcp_timeout.law.kind != DISTRIBUTION_CONSTANT ||
      body->tcp_timeout.law.a.ns < SIM_SECOND / 1000)
    check_error(check, body->tcp_timeout.mark, "'tcp_timeout' is one duration, at least 1ms");
}

static void check_scenario_name(Check *check) {
  const ScenarioBody *body = check->body;
  if (keys_sound(&body->head, "name") &&
      (body->name[0] == '\0' ||
       strspn(body->name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(body->name)))
    check_error(check, node_get(body->head.node, "name")->mark,
                "the name of a scenario is of a-z, 0-9 and -");
}

/* Their full names, and that the default of `vms` is not for a subnet where no VM may stand. */
static void complete_subnets(KeyReader *reader, ScenarioBody *body) {
  for (guint i = 0; i < body->networks->len; i++) {
    const ScenarioNetwork *network = body->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      ScenarioSubnet *subnet = network->subnets->pdata[j];
      subnet->full_name =
          arena_printf(reader->arena, "%s/%s", network->head.name, subnet->head.name);
      if (check_is_of_cloud(body, subnet) && node_get(subnet->head.node, "vms") == NULL)
        subnet->vms = 0;
    }
  }
}

void scenario_check(KeyReader *reader, ScenarioBody *body, gboolean sound) {
  Check check = {reader, body, FALSE};
  const guint told = diagnostics_told(reader->diagnostics);
  check_scenario_name(&check);
  check_run(&check);
  complete_subnets(reader, body);
  check_networks(&check);
  for (guint i = 0; i < body->route_servers->len; i++)
    check_server(&check, body->route_servers->pdata[i]);
  for (guint i = 0; i < body->nvas->len; i++)
    check_nva(&check, body->nvas->pdata[i]);
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
  check_targets(&check, sound && diagnostics_told(reader->diagnostics) == told);
  if (sound && diagnostics_told(reader->diagnostics) == told)
    check_whole(&check);
}

