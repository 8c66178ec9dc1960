/* Sweeps: every combination of the values of several paths, or a Latin hypercube over them.
 *
 *     sweep: path -- list, range, distribution --> Axis
 *       full: the product of all axes, each with values --> Variant
 *       latin-hypercube: N points, one in each Nth of every axis --> Variant
 *
 * An axis is drawn by a stream named after its path, from the seed of the file: so neither the
 * order of keys nor another axis changes what it draws. `--seed` is for the luck of the runs and
 * moves no point: variants keep their names. */
#include <string.h>

#include "variants_private.h"

/* ---- keys -------------------------------------------------------------------------------- */

enum { SCALE_LINEAR, SCALE_LOG };
static const char *const scales[] = {[SCALE_LINEAR] = "linear", [SCALE_LOG] = "log", NULL};
enum { SAMPLING_FULL, SAMPLING_LATIN };
static const char *const samplings[] = {
    [SAMPLING_FULL] = "full", [SAMPLING_LATIN] = "latin-hypercube", NULL};

typedef struct {
  BlockHead head;
  const Node *from, *to;
  gint64 points; /* 0: none given */
  int scale;
} Range;

static const KeySpec range_specs[] = {
    {"from", KEY_NODE, KEY_ONE, G_STRUCT_OFFSET(Range, from), .flags = KEY_REQUIRED,
     .doc = "least value: a duration, a rate, a share or a number"},
    {"to", KEY_NODE, KEY_ONE, G_STRUCT_OFFSET(Range, to), .flags = KEY_REQUIRED,
     .doc = "greatest value"},
    {"points", KEY_COUNT, KEY_ONE, G_STRUCT_OFFSET(Range, points),
     .doc = "how many values, both ends among them; without it the range is drawn from", .least = 2,
     .most = MOST_VARIANTS},
    {"scale", KEY_CHOICE, KEY_ONE, G_STRUCT_OFFSET(Range, scale), .fallback = "linear",
     .doc = "linear: equal steps; log: each value is the one before times the same factor",
     .choices = scales},
};
const KeyTable scenario_range_keys = KEY_TABLE("sweep.*", Range, range_specs);

typedef struct {
  BlockHead head;
  int method;
  gint64 points; /* 0: none given */
} Sampling;

static const KeySpec sampling_specs[] = {
    {"method", KEY_CHOICE, KEY_ONE, G_STRUCT_OFFSET(Sampling, method), .fallback = "full",
     .doc = "full: every combination; latin-hypercube: as many points as `points` says",
     .choices = samplings},
    {"points", KEY_COUNT, KEY_ONE, G_STRUCT_OFFSET(Sampling, points),
     .doc = "how many variants a Latin hypercube makes", .least = 1, .most = MOST_VARIANTS},
};
const KeyTable scenario_sampling_keys = KEY_TABLE("sampling", Sampling, sampling_specs);

/* ---- axes -------------------------------------------------------------------------------- */

typedef struct {
  const Node *path;
  const char *label;       /* the end of the path that no other has */
  const GPtrArray *values; /* Node *; NULL: drawn from a range or a law */
  const Range *range;      /* NULL: from a law */
  Quantity from, to;       /* of a range */
  Distribution law;
  Quantity like;  /* as which a drawn value is written */
  double *places; /* of the points of a Latin hypercube */
} Axis;

typedef struct {
  KeyReader *reader;
  GArray *axes; /* Axis, by path */
  const Sampling *sampling;
  guint64 seed;
  gboolean wrong;
} Sweep;

static void complain(Sweep *sweep, Mark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void complain(Sweep *sweep, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  diagnostics_add(sweep->reader->diagnostics, SEVERITY_ERROR, mark, "%s", text);
  sweep->wrong = TRUE;
}

static gboolean is_latin(const Sweep *sweep) { return sweep->sampling->method == SAMPLING_LATIN; }

static double between(const Axis *axis, double place) {
  const double from = axis->from.value, to = axis->to.value;
  return axis->range->scale == SCALE_LINEAR ? from + place * (to - from)
                                            : from * portable_exp(portable_log(to / from) * place);
}

static const Node *value_at(const Sweep *sweep, const Axis *axis, double place) {
  Arena *arena = sweep->reader->arena;
  if (axis->values != NULL) {
    const guint index = (guint)(place * axis->values->len);
    return axis->values->pdata[MIN(index, axis->values->len - 1)];
  }
  const double value = axis->range != NULL ? between(axis, place)
                                           : (double)distribution_quantile(&axis->law, place).ns;
  return node_new_scalar(arena, quantity_text(arena, &axis->like, value), axis->path->mark);
}

/* ---- ranges ------------------------------------------------------------------------------ */

static gboolean read_end(Sweep *sweep, const Node *node, Quantity *out) {
  if (node->kind == NODE_SCALAR && quantity_read(node->text, out))
    return TRUE;
  complain(sweep, node->mark, "an end of a range is a duration, a rate, a share or a number");
  return FALSE;
}

static gboolean check_range(Sweep *sweep, const Axis *axis) {
  const Range *range = axis->range;
  if (axis->from.kind != axis->to.kind)
    complain(sweep, range->to->mark, "'%s' and '%s' are not of one kind", range->from->text,
             range->to->text);
  else if (axis->from.value >= axis->to.value)
    complain(sweep, range->to->mark, "'to' is above 'from', and %s is not above %s",
             range->to->text, range->from->text);
  else if (range->scale == SCALE_LOG && axis->from.value <= 0)
    complain(sweep, range->from->mark,
             "a range of scale 'log' begins above 0: no factor leads away from there");
  else if (range->points == 0 && !is_latin(sweep))
    complain(sweep, range->head.mark,
             "how many 'points' has this range? Without them it is drawn from, by `sampling: "
             "{method: latin-hypercube, points: N}`");
  else
    return TRUE;
  return FALSE;
}

static void take_points(Sweep *sweep, Axis *axis) {
  GPtrArray *values = arena_ptr_array(sweep->reader->arena);
  const Range *range = axis->range;
  for (gint64 i = 0; i < range->points; i++) {
    const Node *value = value_at(sweep, axis, (double)i / (double)(range->points - 1));
    const Node *last = i > 0 ? values->pdata[i - 1] : NULL;
    if (last != NULL && strcmp(last->text, value->text) == 0) {
      complain(sweep, range->head.mark,
               "%d points are not as many values: two of them are %s. Values are rounded to the "
               "last place of the ends, so write those in a finer unit, or ask for fewer",
               (int)range->points, value->text);
      return;
    }
    g_ptr_array_add(values, (gpointer)value);
  }
  axis->values = values;
}

static void read_range(Sweep *sweep, Axis *axis, const Node *node) {
  const guint told = diagnostics_told(sweep->reader->diagnostics);
  const Range *range = keys_read(sweep->reader, &scenario_range_keys, node);
  axis->range = range;
  if (diagnostics_told(sweep->reader->diagnostics) > told) {
    sweep->wrong = TRUE;
    return;
  }
  const gboolean from = read_end(sweep, range->from, &axis->from);
  if (!read_end(sweep, range->to, &axis->to) || !from || !check_range(sweep, axis))
    return;
  axis->like = axis->from.size <= axis->to.size ? axis->from : axis->to;
  if (range->points > 0)
    take_points(sweep, axis);
}

/* ---- distributions ----------------------------------------------------------------------- */

/* The smallest place that any value of the law is written with. */
static void find_finest(const Node *node, Quantity *finest) {
  Quantity own;
  if (node->kind == NODE_SCALAR && quantity_read(node->text, &own) &&
      (finest->size <= 0 || own.size < finest->size))
    *finest = own;
  for (guint i = 0; node->kind != NODE_SCALAR && i < node->values->len; i++)
    find_finest(node->values->pdata[i], finest);
}

static void read_law(Sweep *sweep, Axis *axis, const Node *node) {
  Duration duration = {.given = FALSE};
  if (!keys_read_duration(sweep->reader, node, &duration)) {
    sweep->wrong = TRUE;
    return;
  }
  axis->law = duration.law;
  find_finest(node, &axis->like);
  if (!is_latin(sweep))
    complain(sweep, node->mark,
             "a distribution has no end of values: it is drawn from, by `sampling: {method: "
             "latin-hypercube, points: N}`");
}

/* ---- reading ----------------------------------------------------------------------------- */

static void read_axis(Sweep *sweep, Axis *axis, const Node *node) {
  variant_check_path(sweep->reader, axis->path);
  if (keys_looks_like_law(node))
    read_law(sweep, axis, node);
  else if (node->kind == NODE_MAPPING)
    read_range(sweep, axis, node);
  else if (node->kind != NODE_SEQUENCE)
    complain(sweep, node->mark,
             "expected a list of values, a range such as {from: 9s, to: 90s, points: 4} or a "
             "distribution, found %s",
             node_is_absent(node) ? "nothing" : node_kind_name(node));
  else if (node->values->len == 0)
    complain(sweep, node->mark, "the list of '%s' is empty: a sweep needs a value of each path",
             axis->path->text);
  else
    axis->values = node->values;
}

static int compare_axes(gconstpointer a, gconstpointer b) {
  return strcmp(((const Axis *)a)->path->text, ((const Axis *)b)->path->text);
}

static const char *last_steps(const char *path, guint count) {
  const char *at = path + strlen(path);
  for (; at > path; at--)
    if (at[-1] == '.' && --count == 0)
      break;
  return at;
}

/* As many steps from the end as tell the path from all others. */
static const char *label_of(const GArray *axes, guint index) {
  const char *path = g_array_index(axes, Axis, index).path->text;
  for (guint count = 1;; count++) {
    const char *label = last_steps(path, count);
    gboolean is_own = TRUE;
    for (guint i = 0; i < axes->len; i++)
      is_own &= i == index ||
                strcmp(label, last_steps(g_array_index(axes, Axis, i).path->text, count)) != 0;
    if (is_own)
      return label;
  }
}

static void read_axes(Sweep *sweep, const Node *node) {
  for (guint i = 0; i < node->keys->len; i++) {
    Axis axis = {.path = node->keys->pdata[i]};
    read_axis(sweep, &axis, node->values->pdata[i]);
    g_array_append_val(sweep->axes, axis);
  }
  g_array_sort(sweep->axes, compare_axes);
  for (guint i = 0; i < sweep->axes->len; i++)
    g_array_index(sweep->axes, Axis, i).label = label_of(sweep->axes, i);
}

static void read_sampling(Sweep *sweep, const Node *node) {
  const guint told = diagnostics_told(sweep->reader->diagnostics);
  const Sampling *sampling =
      keys_read(sweep->reader, &scenario_sampling_keys, node_is_absent(node) ? NULL : node);
  sweep->sampling = sampling;
  if (diagnostics_told(sweep->reader->diagnostics) > told)
    sweep->wrong = TRUE;
  else if (is_latin(sweep) && sampling->points == 0)
    complain(sweep, sampling->head.mark, "a Latin hypercube needs 'points': how many variants");
  else if (!is_latin(sweep) && sampling->points > 0)
    complain(sweep, sampling->head.mark,
             "'points' is of `method: latin-hypercube`: the full product has a variant for each "
             "combination");
}

/* ---- variants ---------------------------------------------------------------------------- */

static void add_variant(const Sweep *sweep, GPtrArray *variants, Mark mark,
                        const Node *const *values) {
  g_autoptr(GString) name = g_string_new(NULL);
  Variant *variant = variant_new(sweep->reader->arena, variants, NULL);
  for (guint i = 0; i < sweep->axes->len; i++) {
    const Axis *axis = &g_array_index(sweep->axes, Axis, i);
    const Setting setting = {axis->path->text, values[i], axis->path->mark};
    g_string_append_printf(name, "%s%s=", i > 0 ? "," : "", axis->label);
    node_append_flow(values[i], name);
    g_array_append_val(variant->settings, setting);
  }
  variant->name = arena_strdup(sweep->reader->arena, name->str);
  variant->mark = mark;
  variant->is_swept = TRUE;
}

static void add_product(Sweep *sweep, GPtrArray *variants, const Node *node) {
  g_autofree const Node **values = g_new0(const Node *, sweep->axes->len);
  guint64 all = 1;
  for (guint i = 0; i < sweep->axes->len; i++) {
    all *= g_array_index(sweep->axes, Axis, i).values->len;
    if (all > MOST_VARIANTS) {
      complain(sweep, node->mark, "the sweep has more than %d combinations", MOST_VARIANTS);
      return;
    }
  }
  for (guint64 combination = 0; combination < all; combination++) {
    guint64 rest = combination;
    for (guint i = sweep->axes->len; i-- > 0;) { /* the last path varies fastest */
      const GPtrArray *own = g_array_index(sweep->axes, Axis, i).values;
      values[i] = own->pdata[rest % own->len];
      rest /= own->len;
    }
    add_variant(sweep, variants, node->mark, values);
  }
}

static void draw_places(const Sweep *sweep, Axis *axis) {
  const guint points = (guint)sweep->sampling->points;
  g_autofree char *name = g_strconcat("sweep/", axis->path->text, NULL);
  RandomStream stream = random_stream(sweep->seed, 0, name);
  axis->places = arena_array(sweep->reader->arena, double, points);
  random_strata(&stream, points, axis->places);
}

/* Rounding, and lists of few values, can make two points the same: they are no two variants. */
static void check_points(Sweep *sweep, GPtrArray *variants, guint first) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = first; i < variants->len; i++) {
    const Variant *variant = variants->pdata[i];
    if (g_hash_table_add(seen, (gpointer)variant->name))
      continue;
    complain(sweep, sweep->sampling->head.mark,
             "two of %d points are '%s': ask for fewer, or write values in a finer unit, to whose "
             "last place draws are rounded",
             (int)sweep->sampling->points, variant->name);
    g_ptr_array_set_size(variants, (gint)first);
    return;
  }
}

static void add_points(Sweep *sweep, GPtrArray *variants, const Node *node) {
  g_autofree const Node **values = g_new0(const Node *, sweep->axes->len);
  const guint first = variants->len;
  for (guint i = 0; i < sweep->axes->len; i++)
    draw_places(sweep, &g_array_index(sweep->axes, Axis, i));
  for (gint64 point = 0; point < sweep->sampling->points; point++) {
    for (guint i = 0; i < sweep->axes->len; i++) {
      const Axis *axis = &g_array_index(sweep->axes, Axis, i);
      values[i] = value_at(sweep, axis, axis->places[point]);
    }
    add_variant(sweep, variants, node->mark, values);
  }
  check_points(sweep, variants, first);
}

/* As the design will have it; what is wrong with it is told there. */
static guint64 seed_of(const Node *root) {
  const Node *node = node_get(root, "seed");
  guint64 seed = 1;
  if (!node_is_absent(node) && node->kind == NODE_SCALAR)
    g_ascii_string_to_unsigned(node->text, 10, 0, G_MAXINT64, &seed, NULL);
  return seed;
}

void scenario_read_sweep(KeyReader *reader, const Node *root, GPtrArray *variants) {
  const Node *node = node_get(root, "sweep"), *sampling = node_get(root, "sampling");
  g_autoptr(GArray) axes = g_array_new(FALSE, FALSE, sizeof(Axis));
  Sweep sweep = {.reader = reader, .axes = axes, .seed = seed_of(root)};
  read_sampling(&sweep, sampling);
  if (!node_is_absent(node) && node->kind != NODE_MAPPING) {
    complain(&sweep, node->mark, "expected a mapping of paths to lists, found %s",
             node_kind_name(node));
  } else if (node_is_absent(node) || node->keys->len == 0) {
    if (!node_is_absent(sampling))
      complain(&sweep, sampling->mark, "there is no sweep to sample: `sweep` has no path");
  } else {
    read_axes(&sweep, node);
    if (!sweep.wrong && is_latin(&sweep))
      add_points(&sweep, variants, node);
    else if (!sweep.wrong)
      add_product(&sweep, variants, node);
  }
}
