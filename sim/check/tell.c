/* How checks tell what is wrong, and find what a name means. */
#include <string.h>

#include "check_private.h"

static void tell(Check *check, Severity severity, Mark mark, const char *format,
                 va_list arguments) G_GNUC_PRINTF(4, 0);
static void tell(Check *check, Severity severity, Mark mark, const char *format,
                 va_list arguments) {
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  diagnostics_add(check->reader->diagnostics, severity, mark, "%s", text);
}

void check_error(Check *check, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tell(check, SEVERITY_ERROR, mark, format, arguments);
  va_end(arguments);
}

void check_warn(Check *check, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tell(check, SEVERITY_WARNING, mark, format, arguments);
  va_end(arguments);
}

const char *check_cite(const Check *check, const char *facts) {
  g_autoptr(GString) cited = g_string_new(NULL);
  g_auto(GStrv) ids = g_strsplit(facts, ", ", -1);
  for (guint i = 0; ids[i] != NULL; i++)
    for (guint c = 0; c < cloud_count(); c++)
      if (check->design->models[c] && cloud_at(c)->facts != NULL &&
          g_str_has_prefix(ids[i], cloud_at(c)->facts))
        g_string_append_printf(cited, "%s%s", cited->len == 0 ? " (" : ", ", ids[i]);
  if (cited->len > 0)
    g_string_append_c(cited, ')');
  return arena_strdup(check->reader->arena, cited->str);
}

void check_under(Check *check, const CloudClass *cloud) {
  guint models = 0;
  for (guint c = 0; c < cloud_count(); c++)
    models += check->design->models[c] ? 1 : 0;
  const gboolean tells = cloud != NULL && models > 1;
  diagnostics_set_under(check->reader->diagnostics, tells ? cloud->name : NULL);
}

/* ---- names ------------------------------------------------------------------------------------ */

/* Where the names of a scenario are made. */
static const struct {
  gsize offset;
  const char *key;
} sections[] = {
    {G_STRUCT_OFFSET(Design, networks), "networks"},
    {G_STRUCT_OFFSET(Design, route_servers), "route_servers"},
    {G_STRUCT_OFFSET(Design, nvas), "nvas"},
    {G_STRUCT_OFFSET(Design, sites), "sites"},
    {G_STRUCT_OFFSET(Design, peerings), "peerings"},
    {G_STRUCT_OFFSET(Design, gateways), "gateways"},
    {G_STRUCT_OFFSET(Design, circuits), "circuits"},
    {G_STRUCT_OFFSET(Design, route_tables), "route_tables"},
    {G_STRUCT_OFFSET(Design, load_balancers), "load_balancers"},
    {G_STRUCT_OFFSET(Design, route_maps), "route_maps"},
    {G_STRUCT_OFFSET(Design, traffic), "traffic"},
    {G_STRUCT_OFFSET(Design, probes), "probes"},
};

gboolean check_is_read(const Design *design, const GPtrArray *blocks) {
  for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
    if (G_STRUCT_MEMBER(const GPtrArray *, design, sections[i].offset) == blocks)
      return keys_sound(&design->head, sections[i].key);
  return TRUE;
}

/* "hub/app", where the subnets of `hub` could not be read. */
static gboolean is_in_unread_network(const Design *design, const char *name) {
  for (guint i = 0; i < design->networks->len; i++) {
    const BlockHead *head = design->networks->pdata[i];
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
  if (name->text[0] == '\0' || partial || is_in_unread_network(check->design, name->text))
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
  check->names_partial |= !check_is_read(check->design, blocks);
  for (guint i = 0; i < blocks->len; i++)
    g_ptr_array_add(names, (gpointer)((BlockHead *)blocks->pdata[i])->name);
}

void check_add_subnet_names(Check *check, GPtrArray *names) {
  const Design *design = check->design;
  check->names_partial |= !check_is_read(design, design->networks);
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++)
      g_ptr_array_add(names, (gpointer)((DesignSubnet *)network->subnets->pdata[j])->full_name);
  }
}

gpointer check_need(Check *check, const char *what, const NameRef *name, const GPtrArray *blocks) {
  gpointer found = design_find(blocks, name->text);
  if (found == NULL) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    check_add_names(check, names, blocks);
    check_unknown(check, what, name, names);
  }
  return found;
}

const DesignSubnet *check_need_subnet(Check *check, const NameRef *name, const DesignNetwork **network) {
  const DesignSubnet *subnet = design_find_subnet(check->design, name->text, network);
  if (subnet == NULL) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    check_add_subnet_names(check, names);
    check_unknown(check, "subnet", name, names);
  }
  return subnet;
}

/* The ends of what a duration can be in a run. */
SimTime check_least_of(const Duration *duration) {
  return distribution_quantile(&duration->law, 0x1p-53);
}

gboolean check_word(Check *check, const NameRef *name, const char *word, gboolean named) {
  if (strcmp(name->text, word) != 0)
    return FALSE;
  if (named)
    check_error(check, name->mark,
                "'%s' is a word of the language here, and something is called so: give that "
                "another name",
                word);
  return TRUE;
}
