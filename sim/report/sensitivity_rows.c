/* The columns of sensitivity.csv, and how a row fills them; scripts rely on them. */
#include "routesim/report/sensitivity_rows.h"

#include <math.h>

const Column sensitivity_columns[] = {
    {"scenario", COLUMN_TEXT, "`name` of the file"},
    {"model", COLUMN_TEXT, "the cloud, as in `models`"},
    {"variant", COLUMN_TEXT, "`base` for the file as it stands"},
    {"event", COLUMN_COUNT, "number of the event, from 0"},
    {"measure", COLUMN_TEXT, "of summary.csv"},
    {"stat", COLUMN_TEXT, "of the measure over the runs"},
    {"trait", COLUMN_TEXT, "what is moved, by its path; `all` of all of them together"},
    {"basis", COLUMN_TEXT, "of its value: assumed, measured, or set by the scenario"},
    {"fact", COLUMN_TEXT, "what the value rests on"},
    {"low", COLUMN_TEXT, "its lower end, as `--set` takes it"},
    {"high", COLUMN_TEXT, "its upper end"},
    {"at_low", COLUMN_NUMBER,
     "the answer there; empty: not over, or it never happened; of `all` the least of the joint "
     "sample and the base"},
    {"at_high", COLUMN_NUMBER, "the answer at the upper end; of `all` the greatest"},
    {"share", COLUMN_NUMBER, "of the distances between both ends of all traits, summed"},
};
const guint sensitivity_column_count = G_N_ELEMENTS(sensitivity_columns);

void sensitivity_rows_begin(Report *report) {
  report_begin(report, "sensitivity", NULL, sensitivity_columns, sensitivity_column_count);
}

static void add_number(Report *report, double number) {
  report_number(report, isinf(number) ? NAN : number);
}

void sensitivity_rows_add(Report *report, const RowKey *key, const SensitivityRow *row) {
  report_text(report, key->scenario);
  report_text(report, key->model);
  report_text(report, key->variant);
  report_count(report, row->event);
  report_text(report, row->measure);
  report_text(report, row->stat);
  report_text(report, row->trait);
  report_text(report, row->basis);
  report_text(report, row->fact);
  report_text(report, row->low);
  report_text(report, row->high);
  add_number(report, row->at_low);
  add_number(report, row->at_high);
  add_number(report, row->share);
}
