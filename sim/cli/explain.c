/* routesim explain FILE [--event N] [--traffic NAME]: why flows take their way, and what led to an
 * outage, cause by cause.
 *
 * For each model it runs one replication and prints
 * - each way of the traffic just before the event, and again before the next one: every table that
 *   is asked, the route that matches, and for a route of the route server which candidates it had
 *   and which rule of the decision process chose;
 * - the longest interruption that the event caused, from the event to the restoration: when each
 *   step happened, how long it took after its cause, which stage that was, and what its length
 *   rests on (documented, measured, assumed; by which fact). The steps sum to the outage.
 * It reads the cause tree of a run; the same seed and run number give the run of `run` and `batch`.
 * csv and json have the tables `ways`, `outages` and `steps`. */
#include <string.h>

#include "inspect_private.h"
#include "results_private.h"
#include "routesim/run/explain.h"

typedef struct {
  const CloudClass *cloud;
  RunResult *result;
  Inspection *moments[2]; /* just before the event, and after it; NULL: no such moment */
  SimTime at[2];
  gboolean interrupted;
  Explanation outage;
} Explained;

static const char *const moment_names[] = {"before", "after"};

static void explained_free(gpointer data) {
  Explained *explained = data;
  inspection_free(explained->moments[0]);
  inspection_free(explained->moments[1]);
  run_result_free(explained->result);
  g_free(explained);
}

/* The last moment before the next event, or the end of the run. */
static SimTime before_next(const Explained *explained, guint event, SimTime end) {
  const SimTime own = explained->result->rows[event].at;
  SimTime next = sim_time_add(end, sim_time_ns(1));
  for (guint i = 0; i < explained->result->row_count; i++)
    if (explained->result->rows[i].at.ns > own.ns)
      next = sim_time_min(next, explained->result->rows[i].at);
  return sim_time_sub(next, sim_time_ns(1));
}

static Explained *explained_new(const Options *options, const Inspected *inspected,
                                const CloudClass *cloud) {
  Explained *explained = g_new0(Explained, 1);
  const Scenario *scenario = inspected->scenario;
  guint moments = 1;
  explained->cloud = cloud;
  explained->result = run_scenario(scenario, cloud, &inspected->run);
  const RunResult *result = explained->result;
  if (result->row_count > 0 && !result->rows[options->event].never_happened) {
    const SimTime at = explained->result->rows[options->event].at;
    explained->at[0] = sim_time_max(sim_time_sub(at, sim_time_ns(1)), SIM_TIME_ZERO);
    explained->at[1] = before_next(explained, options->event, scenario->design->duration.law.a);
    explained->interrupted =
        explain_outage(explained->result, options->event, options->traffic, &explained->outage);
    moments = 2;
  }
  for (guint i = 0; i < moments; i++)
    explained->moments[i] = inspection_new(scenario, cloud, &inspected->run, explained->at[i]);
  return explained;
}

/* ---- ways ---------------------------------------------------------------------------------- */

static const Column way_columns[] = {
    {"model", COLUMN_TEXT},    {"traffic", COLUMN_TEXT},   {"moment", COLUMN_TEXT},
    {"at_s", COLUMN_TIME},     {"direction", COLUMN_TEXT}, {"way", COLUMN_TEXT},
    {"step", COLUMN_COUNT},    {"asked", COLUMN_TEXT},     {"route", COLUMN_TEXT},
    {"next_hop", COLUMN_TEXT}, {"origin", COLUMN_TEXT},    {"why", COLUMN_TEXT},
};
#define WAY_FOR_PEOPLE 4 /* the columns before stand in the heading */

static void add_way_cells(Report *report, const WayStep *step) {
  report_text(report, flow_directions[step->direction]);
  report_text(report, step->way);
  report_count(report, step->step);
  report_text(report, step->at);
  report_text(report, step->prefix);
  report_text(report, step->next_hop);
  report_text(report, step->origin);
  report_text(report, step->why);
}

static gboolean is_asked(const Options *options, const char *traffic) {
  return options->traffic == NULL || strcmp(options->traffic, traffic) == 0;
}

typedef void (*WayVisit)(Report *report, const Explained *explained, guint moment,
                         const char *traffic, const GPtrArray *steps);

static void foreach_way(Report *report, const Options *options, const Inspected *inspected,
                        const Explained *explained, WayVisit visit) {
  const GPtrArray *traffic = inspected->scenario->design->traffic;
  for (guint i = 0; i < traffic->len; i++) {
    const char *name = ((const DesignTraffic *)traffic->pdata[i])->head.name;
    for (guint m = 0; is_asked(options, name) && m < G_N_ELEMENTS(explained->moments); m++)
      if (explained->moments[m] != NULL)
        visit(report, explained, m, name, inspection_ways(explained->moments[m], name));
  }
}

static void add_ways(Report *report, const Explained *explained, guint moment, const char *traffic,
                     const GPtrArray *steps) {
  for (guint i = 0; i < steps->len; i++) {
    report_text(report, explained->cloud->name);
    report_text(report, traffic);
    report_text(report, moment_names[moment]);
    report_time(report, explained->at[moment]);
    add_way_cells(report, steps->pdata[i]);
  }
}

static void print_ways(Report *report, const Explained *explained, guint moment,
                       const char *traffic, const GPtrArray *steps) {
  g_autoptr(GString) heading = g_string_new("Why ");
  g_string_append_printf(heading, "%s goes its way ", traffic);
  if (explained->moments[1] == NULL)
    g_string_append(heading, "at the start");
  else
    g_string_append_printf(heading, "%s the event", moment_names[moment]);
  g_string_append(heading, " (at ");
  append_seconds(heading, sim_time_seconds(explained->at[moment]));
  g_string_append_c(heading, ')');
  report_begin(report, "ways", heading->str, way_columns + WAY_FOR_PEOPLE,
               G_N_ELEMENTS(way_columns) - WAY_FOR_PEOPLE);
  for (guint i = 0; i < steps->len; i++)
    add_way_cells(report, steps->pdata[i]);
  report_end(report);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static const Column step_columns[] = {
    {"model", COLUMN_TEXT}, {"part", COLUMN_TEXT},  {"at_s", COLUMN_TIME},  {"took_s", COLUMN_TIME},
    {"what", COLUMN_TEXT},  {"stage", COLUMN_TEXT}, {"basis", COLUMN_TEXT}, {"fact", COLUMN_TEXT},
};
#define STEP_FOR_PEOPLE 2

static Basis basis_of(const ExplainedStep *step) {
  return step->stage != NULL ? step->stage->basis : BASIS_NONE;
}

static void add_step_cells(Report *report, const ExplainedStep *step) {
  const Stage *stage = step->stage;
  report_time(report, step->at);
  report_time(report, step->took);
  report_text(report, step->what);
  const gboolean took = !sim_time_is_never(step->took) && (step->took.ns > 0 || stage != NULL);
  report_text(report, took ? step->passed : NULL);
  report_text(report, basis_of(step) != BASIS_NONE ? basis_name(basis_of(step)) : NULL);
  report_text(report, step->fact);
}

static void print_steps(Report *report, const char *heading, const GPtrArray *steps) {
  report_begin(report, "steps", heading, step_columns + STEP_FOR_PEOPLE,
               G_N_ELEMENTS(step_columns) - STEP_FOR_PEOPLE);
  for (guint i = 0; i < steps->len; i++)
    add_step_cells(report, steps->pdata[i]);
  report_end(report);
}

static void add_steps(Report *report, const Explained *explained, const char *part,
                      const GPtrArray *steps) {
  for (guint i = 0; i < steps->len; i++) {
    report_text(report, explained->cloud->name);
    report_text(report, part);
    add_step_cells(report, steps->pdata[i]);
  }
}

/* ---- the outage, for people ---------------------------------------------------------------- */

static void append_exact_seconds(GString *out, SimTime time) {
  sim_time_append(time, out);
  g_string_append(out, " s");
}

/* The time of the steps, and what of it the flows were down: the sum agrees to the digit. */
static void print_sum(Report *report, const Explanation *outage) {
  const ExplainedStep *first = outage->restored->pdata[0];
  const SimTime steps = sim_time_sub(outage->until, first->at);
  const SimTime length = sim_time_sub(outage->until, outage->since);
  g_autoptr(GString) line = g_string_new("The steps take ");
  append_exact_seconds(line, steps);
  if (outage->repaired)
    g_string_append_printf(line, " from event %u on", outage->repaired_by);
  if (outage->waited.ns > 0) {
    g_string_append(line, ", which came ");
    append_exact_seconds(line, outage->waited);
    g_string_append(line, " after the flows had stopped");
  } else if (outage->since.ns > first->at.ns) {
    g_string_append(line, "; for the first ");
    append_exact_seconds(line, sim_time_sub(outage->since, first->at));
    g_string_append(line, " of it the flows still passed");
  }
  g_string_append(line, ": outage ");
  append_exact_seconds(line, length);
  g_string_append_c(line, '.');
  report_note(report, line->str);
}

/* What counts of all steps like step `index`; zero where an earlier one has told it. */
static SimTime stage_total(const GPtrArray *steps, guint index) {
  const ExplainedStep *first = steps->pdata[index];
  SimTime total = SIM_TIME_ZERO;
  for (guint i = 0; i < steps->len; i++) {
    const ExplainedStep *step = steps->pdata[i];
    if (sim_time_is_never(step->took) || g_strcmp0(step->passed, first->passed) != 0 ||
        basis_of(step) != basis_of(first))
      continue;
    if (i < index)
      return SIM_TIME_ZERO;
    total = sim_time_add(total, step->counts);
  }
  return total;
}

/* "28.1 s hold timer (documented), 1.8 s programming of NICs (assumed)": the outage by stage, but
 * for what no printed digit would show. */
static void print_stages(Report *report, const Explanation *outage) {
  const GPtrArray *steps = outage->restored;
  g_autoptr(GString) line = g_string_new(NULL);
  if (outage->waited.ns > 0) {
    g_string_append(line, "Of it ");
    append_seconds(line, sim_time_seconds(outage->waited));
    g_string_append_printf(line, " until event %u", outage->repaired_by);
  }
  for (guint i = 0; i < steps->len; i++) {
    const ExplainedStep *step = steps->pdata[i];
    const SimTime total = stage_total(steps, i);
    if (sim_time_is_never(step->took) || total.ns < SIM_SECOND / 1000000)
      continue;
    g_string_append(line, line->len == 0 ? "Of it " : ", ");
    append_seconds(line, sim_time_seconds(total));
    g_string_append_printf(line, " %s", step->passed != NULL ? step->passed : "in other ways");
    if (basis_of(step) != BASIS_NONE)
      g_string_append_printf(line, " (%s)", basis_name(basis_of(step)));
  }
  if (line->len == 0)
    return;
  g_string_append_c(line, '.');
  report_note(report, line->str);
}

static void print_interruption(Report *report, const Explained *explained, guint event) {
  const Explanation *outage = &explained->outage;
  const SimTime event_at = explained->result->rows[event].at;
  g_autoptr(GString) line = g_string_new(NULL);
  g_string_append_printf(line, "The longest interruption: %u flows of %s, ", outage->flows,
                         outage->traffic);
  append_exact_seconds(line, sim_time_sub(outage->since, event_at));
  g_string_append_printf(line, " after the event (%s%s%s), ", drop_reason_name(outage->reason),
                         outage->where != NULL ? " at " : "",
                         outage->where != NULL ? outage->where : "");
  g_string_append(line, outage->censored ? "not over at the end of the run, after "
                        : outage->gone   ? "until their own host failed, after "
                                         : "for ");
  append_exact_seconds(line, sim_time_sub(outage->until, outage->since));
  g_string_append_c(line, '.');
  report_note(report, line->str);
  if (outage->censored || outage->gone || outage->repaired || outage->since.ns > event_at.ns)
    print_steps(report, "What stopped the flows", outage->stopped);
  if (outage->censored || outage->gone)
    return;
  print_steps(report, "What brought them back", outage->restored);
  print_sum(report, outage);
  print_stages(report, outage);
}

/* What the event cost beside the interruption. */
static void print_losses(Report *report, const MetricRow *row) {
  g_autoptr(GString) line = g_string_new(NULL);
  if (row->lost_bytes > 0) {
    append_bytes(line, (double)row->lost_bytes);
    g_string_append(line, " were lost because of the event");
  }
  if (row->sessions_broken > 0) {
    g_string_append_printf(line, "%s%" G_GUINT64_FORMAT " sessions broke",
                           line->len > 0 ? "; " : "", row->sessions_broken);
    if (row->session_outage.ns > 0) {
      g_string_append(line, ", the last was open again after ");
      append_seconds(line, sim_time_seconds(row->session_outage));
    }
  }
  if (line->len > 0) {
    g_string_append_c(line, '.');
    report_note(report, line->str);
  }
}

static void print_outage(Report *report, const Explained *explained, const Options *options) {
  const guint event = options->event;
  const MetricRow *row = &explained->result->rows[event];
  MetricRow losses;
  g_autoptr(GString) heading = g_string_new(explained->cloud->name);
  g_string_append_printf(heading, ": what event %u (%s %s at ", event, row->target, row->how);
  append_seconds(heading, sim_time_seconds(row->at));
  g_string_append(heading, ") led to");
  report_heading(report, heading->str);
  if (row->never_happened) {
    report_note(report, "It never happened: it was due when the run was over.");
    return;
  }
  explain_losses(explained->result, event, options->traffic, &losses);
  if (explained->interrupted) {
    print_interruption(report, explained, event);
    print_losses(report, &losses);
    return;
  }
  const GPtrArray *steps = explain_last_change(explained->result, event);
  g_autoptr(GString) none = g_string_new("No flow");
  if (options->traffic != NULL)
    g_string_append_printf(none, " of %s", options->traffic);
  g_string_append(none, " was interrupted.");
  report_note(report, none->str);
  print_losses(report, &losses);
  if (steps->len > 0)
    print_steps(report, "The last change of a route table because of it", steps);
}

static void print_for_people(Report *report, const Options *options, const Inspected *inspected,
                             const Explained *explained) {
  g_autofree char *title = inspected_title(inspected, NULL);
  g_autofree char *heading = g_strdup_printf("%s: %s", explained->cloud->name, title);
  report_heading(report, heading);
  foreach_way(report, options, inspected, explained, print_ways);
  if (explained->result->row_count > 0)
    print_outage(report, explained, options);
}

/* ---- for programs -------------------------------------------------------------------------- */

static const Column outage_columns[] = {
    {"scenario", COLUMN_TEXT}, {"model", COLUMN_TEXT},     {"variant", COLUMN_TEXT},
    {"event", COLUMN_COUNT},   {"traffic", COLUMN_TEXT},   {"flows", COLUMN_COUNT},
    {"reason", COLUMN_TEXT},   {"since_s", COLUMN_TIME},   {"until_s", COLUMN_TIME},
    {"outage_s", COLUMN_TIME}, {"censored", COLUMN_COUNT}, {"where", COLUMN_TEXT},
};

static void add_outage(Report *report, const Inspected *inspected, const Explained *explained,
                       guint event) {
  const Explanation *outage = &explained->outage;
  if (!explained->interrupted)
    return;
  report_text(report, inspected->scenario->design->name);
  report_text(report, explained->cloud->name);
  report_text(report, inspected->scenario->variant->name);
  report_count(report, event);
  report_text(report, outage->traffic);
  report_count(report, outage->flows);
  report_text(report, drop_reason_name(outage->reason));
  report_time(report, outage->since);
  report_time(report, outage->until);
  report_time(report, sim_time_sub(outage->until, outage->since));
  report_count(report, outage->censored ? 1 : 0);
  report_text(report, outage->where);
}

static void print_for_programs(Report *report, const Options *options, const Inspected *inspected,
                               const GPtrArray *all) {
  report_begin(report, "ways", NULL, way_columns, G_N_ELEMENTS(way_columns));
  for (guint i = 0; i < all->len; i++)
    foreach_way(report, options, inspected, all->pdata[i], add_ways);
  report_end(report);
  report_begin(report, "outages", NULL, outage_columns, G_N_ELEMENTS(outage_columns));
  for (guint i = 0; i < all->len; i++)
    add_outage(report, inspected, all->pdata[i], options->event);
  report_end(report);
  report_begin(report, "steps", NULL, step_columns, G_N_ELEMENTS(step_columns));
  for (guint i = 0; i < all->len; i++) {
    const Explained *explained = all->pdata[i];
    if (!explained->interrupted)
      continue;
    add_steps(report, explained, "stopped", explained->outage.stopped);
    add_steps(report, explained, "restored", explained->outage.restored);
  }
  report_end(report);
}

/* ---- the command --------------------------------------------------------------------------- */

static Status check_names(const Options *options, const Design *body) {
  g_autofree const char **names = g_new0(const char *, body->traffic->len + 1);
  gboolean known = options->traffic == NULL;
  for (guint i = 0; i < body->traffic->len; i++) {
    names[i] = ((const DesignTraffic *)body->traffic->pdata[i])->head.name;
    known |= g_strcmp0(options->traffic, names[i]) == 0;
  }
  if (!known) {
    g_autofree char *near = suggestion(options->traffic, names);
    complain("the scenario has no traffic '%s'%s", options->traffic, near);
    return STATUS_CALL;
  }
  if (options->event_given && options->event >= body->events->len) {
    complain("the scenario has no event %u: it has %u", options->event, body->events->len);
    return STATUS_CALL;
  }
  return STATUS_DONE;
}

static Status explain(const Options *options, const Inspected *inspected) {
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(explained_free);
  for (guint i = 0; i < cloud_count(); i++)
    if (inspected_wants(options, inspected, cloud_at(i)))
      g_ptr_array_add(all, explained_new(options, inspected, cloud_at(i)));
  Output *output = output_stdout();
  Report *report = report_new(options->format, output);
  if (report_format_is_data(options->format))
    print_for_programs(report, options, inspected, all);
  else
    for (guint i = 0; i < all->len; i++)
      print_for_people(report, options, inspected, all->pdata[i]);
  report_finish(report);
  return finish_stdout(output);
}

static Status run(const Options *options) {
  Inspected inspected;
  Status status = inspected_load(options, &inspected);
  if (status == STATUS_DONE)
    status = check_names(options, inspected.scenario->design);
  if (status == STATUS_DONE)
    status = explain(options, &inspected);
  inspected_clear(&inspected);
  return status;
}

const Command command_explain = {
    .name = "explain",
    .arguments = "FILE",
    .summary = "Why flows take their way, and what led to an outage, cause by cause",
    .description = "The ways stand before and after the event; the steps from the event to the\n"
                   "restoration sum to the outage, each with what its length rests on.",
    .options = OPTION_FORMAT | OPTION_LOAD | OPTION_QUIET | OPTION_ONE | OPTION_WHY,
    .least = 1,
    .most = 1,
    .run = run,
};
