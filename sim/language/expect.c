/* Expectations and published measurements, with bounds that depend on a measure. */
#include <string.h>

#include "language_private.h"
#include "routesim/metric/survey_measures.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)

/* ---- expectations -------------------------------------------------------------------------- */

/* Those of summary.csv. */
static gboolean read_measure_of_event(KeyReader *reader, const Node *node, int *measure) {
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
  *measure = MEASURE_OUTAGE;
  if (node == NULL)
    return TRUE;
  const gboolean read = keys_read_value(reader, &choice, node, &place);
  if (read)
    *measure = (int)meant[place];
  return read;
}

static void read_measure(KeyReader *reader, const Node *node, gpointer field) {
  read_measure_of_event(reader, node, field);
}

static void read_survey(KeyReader *reader, const Node *node, gpointer field) {
  static const char *const words[] = {"single", "pairs", NULL};
  const KeySpec choice = {.name = "survey", .type = KEY_CHOICE, .choices = words};
  int place = 0;
  if (node != NULL && keys_read_value(reader, &choice, node, &place))
    *(int *)field = EXPECT_SURVEY_SINGLE + place;
}

static void read_statistic(KeyReader *reader, const Node *node, gpointer field) {
  const KeySpec choice = {.name = "stat", .type = KEY_CHOICE, .choices = summary_statistics};
  if (node != NULL)
    keys_read_value(reader, &choice, node, field);
}

typedef enum { BOUND_TIME, BOUND_COUNT, BOUND_SHARE } BoundKind;

/* Seconds, a count, or a share. */
static gboolean read_bound(KeyReader *reader, const Node *node, BoundKind kind, double *value) {
  if (node == NULL)
    return FALSE;
  if (kind == BOUND_TIME) {
    Duration duration;
    if (!keys_read_duration(reader, node, &duration))
      return FALSE;
    if (duration.law.kind != DISTRIBUTION_CONSTANT) {
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                      "a bound is one duration, not a distribution");
      return FALSE;
    }
    *value = sim_time_seconds(duration.law.a);
  } else if (kind == BOUND_SHARE) {
    static const KeySpec share_spec = {.name = "bound", .type = KEY_SHARE};
    if (!keys_read_value(reader, &share_spec, node, value))
      return FALSE;
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
                              BoundKind kind, double *value) {
  const gboolean read = read_bound(reader, node, kind, value);
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
    {"measure", KEY_NODE, KEY_ONE, OFFSET(DesignExpect, measure_node),
     .doc = "a measure of summary.csv; of a survey detected, outage, lost_for_good_share, "
            "flows_interrupted_share, sessions_broken_share, return_sessions_broken_share or "
            "load_most"},
    {"stat", KEY_CUSTOM, KEY_ONE, OFFSET(DesignExpect, stat), .fallback = "mean",
     .doc = "mean, min, p50, median, p95, p99 or max, over the runs; of a survey what survey.csv "
            "has, by default the highest",
     .read = read_statistic},
    {"at_most", KEY_NODE, KEY_ONE, OFFSET(DesignExpect, at_most_node),
     .doc = "upper bound: a duration, a count, or of a survey a share"},
    {"at_least", KEY_NODE, KEY_ONE, OFFSET(DesignExpect, at_least_node), .doc = "lower bound"},
    {"reach", KEY_NAME, KEY_LIST, OFFSET(DesignExpect, reach), .flags = KEY_ENDS,
     .doc = "in place of a measure: two places, from and to", .choices = design_end_words},
    {"is", KEY_BOOL, KEY_ONE, OFFSET(DesignExpect, is), .fallback = "on",
     .doc = "whether the first reaches the second, in both directions"},
    {"at", KEY_DURATION, KEY_ONE, OFFSET(DesignExpect, reach_at), .fallback = "0s",
     .doc = "moment of the run at which it does"},
    {"survey", KEY_CUSTOM, KEY_ONE, OFFSET(DesignExpect, survey),
     .doc = "in place of an event: every element that fails (single), or every pair of which "
            "survey.csv tells (pairs); judged by routesim survey alone",
     .read = read_survey},
    {"how", KEY_NAME, KEY_ONE, OFFSET(DesignExpect, how),
     .doc = "of a survey: the kind of failure; by default whatever was surveyed"},
    {"except", KEY_NAME, KEY_LIST, OFFSET(DesignExpect, except),
     .doc = "of a survey: elements that this is not about"},
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

static gboolean read_measure_of_survey(KeyReader *reader, DesignExpect *expect) {
  static const KeySpec choice = {
      .name = "measure", .type = KEY_CHOICE, .choices = survey_measure_names};
  if (expect->measure_node == NULL)
    return FALSE;
  if (!keys_read_value(reader, &choice, expect->measure_node, &expect->measure))
    return FALSE;
  if (node_get(expect->head.node, "stat") == NULL)
    expect->stat = survey_measure_usual((SurveyMeasure)expect->measure);
  return TRUE;
}

static BoundKind kind_of(const DesignExpect *expect) {
  if (expect->survey != EXPECT_NO_SURVEY)
    return survey_measure_is_time((SurveyMeasure)expect->measure) ? BOUND_TIME : BOUND_SHARE;
  return measure_is_time((Measure)expect->measure) ? BOUND_TIME : BOUND_COUNT;
}

/* What is expected of what: the measure first, then its bounds in its unit. */
static void read_expect(KeyReader *reader, DesignExpect *expect) {
  BlockHead *head = &expect->head;
  const gboolean read = expect->survey != EXPECT_NO_SURVEY
                            ? read_measure_of_survey(reader, expect)
                            : read_measure_of_event(reader, expect->measure_node, &expect->measure);
  if (!read && expect->measure_node != NULL)
    keys_set_unsound(reader->arena, head, "measure");
  if (!read || !keys_sound(head, "measure") || !keys_sound(head, "survey"))
    return; /* nobody knows the unit */
  const BoundKind kind = kind_of(expect);
  expect->has_at_most =
      read_bound_of(reader, head, "at_most", expect->at_most_node, kind, &expect->at_most);
  expect->has_at_least =
      read_bound_of(reader, head, "at_least", expect->at_least_node, kind, &expect->at_least);
}

void scenario_read_bounds(KeyReader *reader, Design *design) {
  for (guint i = 0; i < design->expect->len; i++)
    read_expect(reader, design->expect->pdata[i]);
  for (guint i = 0; i < design->measured->len; i++) {
    DesignMeasured *measured = design->measured->pdata[i];
    const BoundKind kind =
        measured->probe.text != NULL || measure_is_time((Measure)measured->measure) ? BOUND_TIME
                                                                                    : BOUND_COUNT;
    if (!keys_sound(&measured->head, "measure"))
      continue;
    read_bound_of(reader, &measured->head, "low", measured->low_node, kind, &measured->low);
    read_bound_of(reader, &measured->head, "high", measured->high_node, kind, &measured->high);
  }
}
