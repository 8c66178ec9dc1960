/* How checks tell what is wrong, and find what a name means. */
#include "routesim/design/tell.h"

#include <string.h>

static void tell(DesignCheck *check, Severity severity, Mark mark, const char *format,
                 va_list arguments) G_GNUC_PRINTF(4, 0);
static void tell(DesignCheck *check, Severity severity, Mark mark, const char *format,
                 va_list arguments) {
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  diagnostics_add(check->reader->diagnostics, severity, mark, "%s", text);
}

void tell_error(DesignCheck *check, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tell(check, SEVERITY_ERROR, mark, format, arguments);
  va_end(arguments);
}

void tell_warning(DesignCheck *check, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tell(check, SEVERITY_WARNING, mark, format, arguments);
  va_end(arguments);
}

void tell_under(DesignCheck *check, const char *model) {
  guint models = 0;
  for (guint i = 0; i < G_N_ELEMENTS(check->design->models); i++)
    models += check->design->models[i] ? 1 : 0;
  diagnostics_set_under(check->reader->diagnostics, models > 1 ? model : NULL);
}

/* ---- names ---------------------------------------------------------------------------------- */

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
void tell_unknown(DesignCheck *check, const char *what, const NameRef *name, GPtrArray *names) {
  const gboolean partial = check->names_partial;
  check->names_partial = FALSE;
  if (name->text[0] == '\0' || partial || is_in_unread_network(check->design, name->text))
    return; /* told where it could not be read */
  g_ptr_array_add(names, NULL);
  const char *near = closest_name(name->text, (const char *const *)names->pdata);
  if (near == NULL) {
    tell_error(check, name->mark, "unknown %s '%s'", what, name->text);
    return;
  }
  tell_error(check, name->mark, "unknown %s '%s' (did you mean '%s'?)", what, name->text, near);
  diagnostics_hint(check->reader->diagnostics, "did you mean '%s'?", near);
}

void tell_add_names(DesignCheck *check, GPtrArray *names, const GPtrArray *blocks) {
  check->names_partial |= !design_is_read(check->design, blocks);
  for (guint i = 0; i < blocks->len; i++)
    g_ptr_array_add(names, (gpointer)((BlockHead *)blocks->pdata[i])->name);
}

void tell_add_subnet_names(DesignCheck *check, GPtrArray *names) {
  const Design *design = check->design;
  check->names_partial |= !design_is_read(design, design->networks);
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++)
      g_ptr_array_add(names, (gpointer)((DesignSubnet *)network->subnets->pdata[j])->full_name);
  }
}

gpointer tell_need(DesignCheck *check, const char *what, const NameRef *name,
                   const GPtrArray *blocks) {
  gpointer found = design_find(blocks, name->text);
  if (found == NULL) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    tell_add_names(check, names, blocks);
    tell_unknown(check, what, name, names);
  }
  return found;
}

const DesignSubnet *tell_need_subnet(DesignCheck *check, const NameRef *name,
                                     const DesignNetwork **network) {
  const DesignSubnet *subnet = design_find_subnet(check->design, name->text, network);
  if (subnet == NULL) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    tell_add_subnet_names(check, names);
    tell_unknown(check, "subnet", name, names);
  }
  return subnet;
}
