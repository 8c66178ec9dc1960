/* `failures`: what fails at random. A duration that is one number is the mean of an exponential law
 * here, as the memory of components is short; a promised availability gives the time between. */
#include "language_private.h"
#include "routesim/design/failures.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)

static gboolean read_kind(KeyReader *reader, const Node *node, const FaultKind **kind) {
  const NameRef name = {node->text, node->mark, 0};
  *kind = NULL;
  if (node->kind == NODE_SCALAR)
    scenario_read_fault_kind(reader, &name, kind);
  else
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "expected a kind of failure, found %s", node_kind_name(node));
  return *kind != NULL;
}

static void add_share(KeyReader *reader, const Node *key, const Node *value, GArray *shares) {
  static const KeySpec share = {.name = "share", .type = KEY_SHARE};
  DesignHowShare one = {NULL, 0};
  if (read_kind(reader, key, &one.kind) && keys_read_value(reader, &share, value, &one.share))
    g_array_append_val(shares, one);
}

/* One kind, or kinds with their shares. */
static void read_how(KeyReader *reader, const Node *node, gpointer field) {
  GArray *shares = arena_growing_array(reader->arena, sizeof(DesignHowShare));
  DesignHowShare all = {fault_kind_find("silent"), 1};
  *(GArray **)field = shares;
  if (node != NULL && node->kind == NODE_MAPPING) {
    for (guint i = 0; i < node->keys->len; i++)
      add_share(reader, node->keys->pdata[i], node->values->pdata[i], shares);
    return;
  }
  if (node == NULL || read_kind(reader, node, &all.kind))
    g_array_append_val(shares, all);
}

static const char *const orders[] = {"one-by-one", "together", NULL};

static const KeySpec maintenance_specs[] = {
    {"every", KEY_DURATION, KEY_ONE, OFFSET(DesignMaintenance, every), .flags = KEY_REQUIRED,
     .doc = "from one window to the next"},
    {"takes", KEY_DURATION, KEY_ONE, OFFSET(DesignMaintenance, takes), .flags = KEY_REQUIRED,
     .doc = "until what was taken down is brought back"},
    {"pause", KEY_DURATION, KEY_ONE, OFFSET(DesignMaintenance, pause), .fallback = "15m",
     .doc = "one by one: from there to the next one"},
    {"how", KEY_NAME, KEY_ONE, OFFSET(DesignMaintenance, how_name), .fallback = "drain",
     .doc = "how it is taken down"},
    {"order", KEY_CHOICE, KEY_ONE, OFFSET(DesignMaintenance, order), .fallback = "one-by-one",
     .doc = "of all that the target matches: one-by-one, or together", .choices = orders},
};
static const KeyTable maintenance_keys =
    KEY_TABLE("failures.maintenance", DesignMaintenance, maintenance_specs);

static const KeySpec failure_specs[] = {
    {"target", KEY_NAME, KEY_ONE, OFFSET(DesignFailure, target),
     .doc = "what fails, as `fail:` takes it; with '*' each that matches, by itself"},
    {"together", KEY_NAME, KEY_LIST, OFFSET(DesignFailure, together),
     .doc = "in place of `target`: these fail at one moment, of one cause"},
    {"mtbf", KEY_DURATION, KEY_ONE, OFFSET(DesignFailure, mtbf),
     .doc = "from a repair to the next failure; one number is the mean of an exponential law"},
    {"mttr", KEY_DURATION, KEY_ONE, OFFSET(DesignFailure, mttr),
     .doc = "from a failure to its repair; one number is the mean of an exponential law"},
    {"availability", KEY_SHARE, KEY_ONE, OFFSET(DesignFailure, availability),
     .doc = "in place of `mtbf`: a promise, from which it follows as mttr * A / (1 - A)"},
    {"how", KEY_CUSTOM, KEY_ONE, OFFSET(DesignFailure, how), .fallback = "silent",
     .doc = "a kind of failure, or kinds with their shares", .read = read_how},
    {"maintenance", KEY_BLOCK, KEY_ONE, OFFSET(DesignFailure, maintenance),
     .doc = "windows in which it is taken down on purpose", .table = &maintenance_keys},
};
const KeyTable scenario_failure_keys = KEY_TABLE("failures", DesignFailure, failure_specs);

static void make_exponential(Duration *duration) {
  if (duration->given && duration->law.kind == DISTRIBUTION_CONSTANT)
    duration->law.kind = DISTRIBUTION_EXPONENTIAL;
}

/* Who is up for a share A of the time, and down for `mttr` each time, is up for so long between. */
static void follow_promise(DesignFailure *failure) {
  const double share = failure->availability;
  const double up = (double)distribution_mean(&failure->mttr.law).ns * share / (1 - share);
  failure->mtbf.law =
      (Distribution){.kind = DISTRIBUTION_EXPONENTIAL, .a = sim_time_ns((gint64)MIN(up, 0x1p62))};
}

void scenario_read_failures(KeyReader *reader, Design *design) {
  for (guint i = 0; i < design->failures->len; i++) {
    DesignFailure *failure = design->failures->pdata[i];
    make_exponential(&failure->mtbf);
    make_exponential(&failure->mttr);
    if (failure->availability > 0 && failure->availability < 1)
      follow_promise(failure);
    if (failure->maintenance != NULL && failure->maintenance->how_name.text != NULL)
      scenario_read_fault_kind(reader, &failure->maintenance->how_name, &failure->maintenance->how);
  }
}
