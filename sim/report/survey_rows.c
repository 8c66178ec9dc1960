/* The columns of survey.csv and survey_totals.csv, how a row fills them, and how it is read back;
 * scripts rely on the columns. */
#include "routesim/report/survey_rows.h"

#include <math.h>
#include <string.h>

#include "routesim/report/csv.h"

static const Column row_columns[] = {
    {"scenario", COLUMN_TEXT, "`name` of the file"},
    {"model", COLUMN_TEXT, "the cloud, as in `models`"},
    {"variant", COLUMN_TEXT, "`base` for the file as it stands"},
    {"first", COLUMN_TEXT, "what fails, as `fail:` takes it"},
    {"second", COLUMN_TEXT, "what fails when the network has settled; empty: nothing"},
    {"how", COLUMN_TEXT, "kind of failure, of both"},
    {"runs", COLUMN_COUNT, "all of them"},
    {"detected_p50_s", COLUMN_NUMBER, "median: when anybody noticed the last failure"},
    {"outage_p50_s", COLUMN_NUMBER,
     "median of the longest interruption of any flow; empty where it falls among runs in which "
     "only the restoration ended one"},
    {"outage_p95_s", COLUMN_NUMBER, "95th percentile of the same"},
    {"lost_for_good_share", COLUMN_NUMBER,
     "of flows: undeliverable when the network had settled; all shares are of the flows whose own "
     "hosts did not fail, means over the runs"},
    {"flows_interrupted_share", COLUMN_NUMBER, "of flows: undeliverable for a time, or for good"},
    {"sessions_broken_share", COLUMN_NUMBER, "of flows: whose session broke"},
    {"return_sessions_broken_share", COLUMN_NUMBER,
     "of flows: whose session broke when what failed came back; empty for pairs"},
    {"load_most", COLUMN_NUMBER,
     "when settled: what is offered to the busiest element over what it can pass, the most of any "
     "run; may exceed 1; empty where nothing has a capacity"},
    {"load_most_at", COLUMN_TEXT, "that element"},
    {"flows_gone_share", COLUMN_NUMBER, "of all flows: those whose own hosts failed"},
    {"runs_losing", COLUMN_COUNT, "runs in which some flow was lost for good"},
    {"runs_unsettled", COLUMN_COUNT, "runs in which the network still changed a day later"},
};

static const Column totals_columns[] = {
    {"scenario", COLUMN_TEXT, "`name` of the file"},
    {"model", COLUMN_TEXT, "the cloud, as in `models`"},
    {"variant", COLUMN_TEXT, "`base` for the file as it stands"},
    {"elements", COLUMN_COUNT, "that can fail"},
    {"failures", COLUMN_COUNT, "of an element in one way"},
    {"pairs", COLUMN_COUNT, "ordered pairs that were asked for"},
    {"pair_runs_made", COLUMN_COUNT, "runs of pairs"},
    {"pair_runs_proven", COLUMN_COUNT,
     "runs of pairs that need not be made: it is proven that the second failure changes nothing"},
};

static const struct {
  const char *name;
  const Column *columns;
  guint count;
} tables[] = {
    [SURVEY_TABLE_ROWS] = {"survey", row_columns, G_N_ELEMENTS(row_columns)},
    [SURVEY_TABLE_TOTALS] = {"survey_totals", totals_columns, G_N_ELEMENTS(totals_columns)},
};

const char *survey_table_name(SurveyTable table) { return tables[table].name; }

const Column *survey_table_columns(SurveyTable table, guint *count) {
  *count = tables[table].count;
  return tables[table].columns;
}

/* ---- writing -------------------------------------------------------------------------------- */

void survey_table_begin(Report *report, SurveyTable table) {
  report_begin(report, tables[table].name, NULL, tables[table].columns, tables[table].count);
}

static void add_key(Report *report, const RowKey *key) {
  report_text(report, key->scenario);
  report_text(report, key->model);
  report_text(report, key->variant);
}

void survey_rows_add(Report *report, const RowKey *key, guint runs, const SurveyOutcome *outcome,
                     const char *load_at) {
  const SurveySummary *summary = &outcome->summary;
  add_key(report, key);
  report_text(report, outcome->first->target);
  report_text(report, outcome->second != NULL ? outcome->second->target : NULL);
  report_text(report, outcome->first->how->name);
  report_count(report, runs);
  report_number(report, summary->detected.p50);
  report_number(report, summary->outage.p50);
  report_number(report, summary->outage.p95);
  report_number(report, summary->lost);
  report_number(report, summary->interrupted);
  report_number(report, summary->sessions_broken);
  report_number(report, outcome->second == NULL ? summary->returning_broken : NAN);
  report_number(report, load_at != NULL ? summary->load : NAN);
  report_text(report, load_at);
  report_number(report, summary->gone);
  report_count(report, summary->losing);
  report_count(report, summary->unsettled);
}

void survey_totals_add(Report *report, const RowKey *key, guint elements, guint failures,
                       const SurveyTotals *totals) {
  add_key(report, key);
  report_count(report, elements);
  report_count(report, failures);
  report_count(report, totals->pairs);
  report_count(report, totals->runs_made);
  report_count(report, totals->runs_proven);
}

/* ---- reading -------------------------------------------------------------------------------- */

static const char *text_of(Arena *arena, const CsvRecords *records, const char *column) {
  const char *field = csv_text(records, column);
  return field[0] != '\0' ? arena_strdup(arena, field) : NULL;
}

static const GPtrArray *fields_of(Arena *arena, const CsvRecords *records) {
  GPtrArray *fields = arena_ptr_array(arena);
  for (guint i = 0; i < records->fields->len; i++)
    g_ptr_array_add(fields, arena_strdup(arena, records->fields->pdata[i]));
  return fields;
}

static SurveyFound *read_totals(Arena *arena, const CsvRecords *records) {
  SurveyFound *found = arena_new0(arena, SurveyFound);
  *found = (SurveyFound){.scenario = text_of(arena, records, "scenario"),
                         .model = text_of(arena, records, "model"),
                         .variant = text_of(arena, records, "variant"),
                         .elements = (guint)csv_count(records, "elements"),
                         .failures = (guint)csv_count(records, "failures"),
                         .pairs = (guint)csv_count(records, "pairs"),
                         .runs_made = csv_count(records, "pair_runs_made"),
                         .runs_proven = csv_count(records, "pair_runs_proven"),
                         .lines = arena_ptr_array(arena)};
  return found;
}

static SurveyLine *read_line(Arena *arena, const CsvRecords *records) {
  SurveyLine *line = arena_new0(arena, SurveyLine);
  *line = (SurveyLine){.scenario = text_of(arena, records, "scenario"),
                       .model = text_of(arena, records, "model"),
                       .variant = text_of(arena, records, "variant"),
                       .first = text_of(arena, records, "first"),
                       .second = text_of(arena, records, "second"),
                       .how = text_of(arena, records, "how"),
                       .runs = (guint)csv_count(records, "runs"),
                       .losing = (guint)csv_count(records, "runs_losing"),
                       .unsettled = (guint)csv_count(records, "runs_unsettled"),
                       .outage_p50 = csv_number(records, "outage_p50_s"),
                       .outage_p95 = csv_number(records, "outage_p95_s"),
                       .lost = csv_number(records, "lost_for_good_share"),
                       .interrupted = csv_number(records, "flows_interrupted_share"),
                       .sessions_broken = csv_number(records, "sessions_broken_share"),
                       .returning_broken = csv_number(records, "return_sessions_broken_share"),
                       .gone = csv_number(records, "flows_gone_share"),
                       .load = csv_number(records, "load_most"),
                       .fields = fields_of(arena, records)};
  return line;
}

static gboolean is_of(const SurveyLine *line, const SurveyFound *found) {
  return strcmp(line->scenario, found->scenario) == 0 && strcmp(line->model, found->model) == 0 &&
         strcmp(line->variant, found->variant) == 0;
}

/* Lines of one variant and model stand together, in the order of the totals. */
GPtrArray *survey_tables_read(Arena *arena, const char *rows, const char *totals) {
  GPtrArray *all = arena_ptr_array(arena);
  CsvRecords records = csv_records(totals);
  guint place = 0;
  while (csv_records_next(&records))
    g_ptr_array_add(all, read_totals(arena, &records));
  csv_records_end(&records);
  records = csv_records(rows);
  while (csv_records_next(&records)) {
    SurveyLine *line = read_line(arena, &records);
    while (place < all->len && !is_of(line, all->pdata[place]))
      place++;
    if (place == all->len)
      break;
    g_ptr_array_add(((SurveyFound *)all->pdata[place])->lines, line);
  }
  csv_records_end(&records);
  return all;
}
