/* Expectations and published measurements, with bounds that depend on a measure. */
#include <string.h>

#include "language_private.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)

/* ---- expectations -------------------------------------------------------------------------- */

static void read_measure(KeyReader *reader, const Node *node, gpointer field) {
  const char *names[MEASURE_COUNT + 1] = {NULL};
  const KeySpec choice = {.name = "measure", .type = KEY_CHOICE, .choices = names};
  Measure meant[MEASURE_COUNT];
  guint count = 0;
  int place = 0;
  for (guint i = 0; i < MEASURE_COUNT; i++)
    if (measure_spec((Measure)i)->bounds) {
      names[count] = measure_name((Measure)i);
      meant[count++] = (Measure)i;
    }
  *(int *)field = MEASURE_OUTAGE;
  if (node != NULL && keys_read_value(reader, &choice, node, &place))
    *(int *)field = (int)meant[place];
}

static void read_statistic(KeyReader *reader, const Node *node, gpointer field) {
  const KeySpec choice = {.name = "stat", .type = KEY_CHOICE, .choices = summary_statistics};
  if (node != NULL)
    keys_read_value(reader, &choice, node, field);
}

/* Seconds for a measure of time, else a count. */
static gboolean read_bound(KeyReader *reader, const Node *node, int measure, double *value) {
  if (node == NULL)
    return FALSE;
  if (measure_is_time((Measure)measure)) {
    Duration duration;
    if (!keys_read_duration(reader, node, &duration))
      return FALSE;
    if (duration.law.kind != DISTRIBUTION_CONSTANT) {
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                      "a bound is one duration, not a distribution");
      return FALSE;
    }
    *value = sim_time_seconds(duration.law.a);
  } else {
    static const KeySpec count_spec = {.name = "bound", .type = KEY_COUNT};
    gint64 count = 0;
    if (!keys_read_value(reader, &count_spec, node, &count))
      return FALSE;
    *value = (double)count;
  }
  return TRUE;
}

static gboolean read_bound_of(KeyReader *reader, BlockHead *head, const char *key, const Node *node,
                              int measure, double *value) {
  const gboolean read = read_bound(reader, node, measure, value);
  if (node != NULL && !read)
    keys_set_unsound(reader->arena, head, key);
  return read;
}

static const KeySpec expect_specs[] = {
    {"model", KEY_NAME, KEY_ONE, OFFSET(DesignExpect, model), .doc = "model; by default every one"},
    {"event", KEY_COUNT, KEY_ONE, OFFSET(DesignExpect, event), .fallback = "0",
     .doc = "number of the event, from 0", .least = 0, .most = 100000},
    {"variant", KEY_NAME, KEY_ONE, OFFSET(DesignExpect, variant),
     .doc = "variant; by default base, the file as it stands"},
    {"measure", KEY_CUSTOM, KEY_ONE, OFFSET(DesignExpect, measure),
     .doc = "a measure of summary.csv", .read = read_measure},
    {"stat", KEY_CUSTOM, KEY_ONE, OFFSET(DesignExpect, stat), .fallback = "mean",
     .doc = "mean, min, p50, median, p95, p99 or max, over the runs", .read = read_statistic},
    {"at_most", KEY_NODE, KEY_ONE, OFFSET(DesignExpect, at_most_node),
     .doc = "upper bound: a duration, or a count"},
    {"at_least", KEY_NODE, KEY_ONE, OFFSET(DesignExpect, at_least_node), .doc = "lower bound"},
    {"reach", KEY_NAME, KEY_LIST, OFFSET(DesignExpect, reach), .flags = KEY_ENDS,
     .doc = "in place of a measure: two places, from and to", .choices = design_end_words},
    {"is", KEY_BOOL, KEY_ONE, OFFSET(DesignExpect, is), .fallback = "on",
     .doc = "whether the first reaches the second, in both directions"},
    {"at", KEY_DURATION, KEY_ONE, OFFSET(DesignExpect, reach_at), .fallback = "0s",
     .doc = "moment of the run at which it does"},
};
const KeyTable scenario_expect_keys = KEY_TABLE("expect", DesignExpect, expect_specs);

static const KeySpec measured_specs[] = {
    {"model", KEY_NAME, KEY_ONE, OFFSET(DesignMeasured, model), .flags = KEY_REQUIRED,
     .doc = "model that it was measured on"},
    {"event", KEY_COUNT, KEY_ONE, OFFSET(DesignMeasured, event), .fallback = "0",
     .doc = "number of the event, from 0", .least = 0, .most = 100000},
    {"variant", KEY_NAME, KEY_ONE, OFFSET(DesignMeasured, variant),
     .doc = "variant; by default base, the file as it stands"},
    {"measure", KEY_CUSTOM, KEY_ONE, OFFSET(DesignMeasured, measure), .fallback = "outage",
     .doc = "a measure of summary.csv", .read = read_measure},
    {"probe", KEY_NAME, KEY_ONE, OFFSET(DesignMeasured, probe),
     .doc = "in place of a measure: the longest gap of this probe"},
    {"low", KEY_NODE, KEY_ONE, OFFSET(DesignMeasured, low_node), .flags = KEY_REQUIRED,
     .doc = "lower end of what was measured"},
    {"high", KEY_NODE, KEY_ONE, OFFSET(DesignMeasured, high_node), .flags = KEY_REQUIRED,
     .doc = "upper end of what was measured"},
    {"source", KEY_TEXT, KEY_ONE, OFFSET(DesignMeasured, source), .flags = KEY_REQUIRED,
     .doc = "fact id of the measurement, or other words"},
    {"used_to_set", KEY_NAME, KEY_LIST, OFFSET(DesignMeasured, used_to_set),
     .doc = "traits that it fixed: then it calibrates and does not validate"},
    {"note", KEY_TEXT, KEY_ONE, OFFSET(DesignMeasured, note),
     .doc = "why the result differs, where it does"},
};
const KeyTable scenario_measured_keys = KEY_TABLE("measured", DesignMeasured, measured_specs);

void scenario_read_bounds(KeyReader *reader, Design *design) {
  for (guint i = 0; i < design->expect->len; i++) {
    DesignExpect *expect = design->expect->pdata[i];
    if (!keys_sound(&expect->head, "measure"))
      continue; /* whose unit nobody knows */
    expect->has_at_most = read_bound_of(reader, &expect->head, "at_most", expect->at_most_node,
                                        expect->measure, &expect->at_most);
    expect->has_at_least = read_bound_of(reader, &expect->head, "at_least", expect->at_least_node,
                                         expect->measure, &expect->at_least);
  }
  for (guint i = 0; i < design->measured->len; i++) {
    DesignMeasured *measured = design->measured->pdata[i];
    const int measure = measured->probe.text != NULL ? MEASURE_OUTAGE : measured->measure;
    if (!keys_sound(&measured->head, "measure"))
      continue;
    read_bound_of(reader, &measured->head, "low", measured->low_node, measure, &measured->low);
    read_bound_of(reader, &measured->head, "high", measured->high_node, measure, &measured->high);
  }
}
