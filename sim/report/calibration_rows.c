/* The columns of what calibrate prints, and how a row fills them; scripts rely on them. */
#include "routesim/report/calibration_rows.h"

const Column calibration_columns[] = {
    {"scenario", COLUMN_TEXT, "`name` of the file"},
    {"model", COLUMN_TEXT, "the cloud, as in `models`"},
    {"measure", COLUMN_TEXT, "what the data are of"},
    {"event", COLUMN_COUNT, "number of the event, from 0"},
    {"trait", COLUMN_TEXT, "what was fitted, by its path"},
    {"before", COLUMN_TEXT, "its law in the scenario; empty: it has none"},
    {"law", COLUMN_TEXT, "the fitted law, as `--traits` and `--set` take it"},
    {"low_s", COLUMN_NUMBER, "from here ..."},
    {"median_s", COLUMN_NUMBER, "median of the fitted law"},
    {"high_s", COLUMN_NUMBER,
     "... up to here lies the true median, with probability `level`; empty: any length"},
    {"level", COLUMN_NUMBER, "of that interval"},
    {"n", COLUMN_COUNT, "values in the data"},
    {"fitted", COLUMN_COUNT, "of these, those that the law was fitted to"},
    {"judged", COLUMN_COUNT,
     "those that it was judged by; with fewer than 40 the same, each by "
     "what was fitted to the others"},
    {"ks_before", COLUMN_NUMBER,
     "greatest distance between the distribution functions of what was measured and of what the "
     "scenario gave"},
    {"ks_before_critical", COLUMN_NUMBER,
     "what that stays under in 95 of 100 cases where both are one law"},
    {"ks_after", COLUMN_NUMBER, "the same distance with the fitted law"},
    {"ks_after_critical", COLUMN_NUMBER,
     "what that stays under in 95 of 100 cases, the model being known no better than the fitted "
     "values tell it"},
};
const guint calibration_column_count = G_N_ELEMENTS(calibration_columns);

void calibration_rows_begin(Report *report) {
  report_begin(report, "calibration", NULL, calibration_columns, calibration_column_count);
}

void calibration_rows_add(Report *report, const RowKey *key, const CalibrationRow *row) {
  report_text(report, key->scenario);
  report_text(report, key->model);
  report_text(report, row->measure);
  report_count(report, row->event);
  report_text(report, row->trait);
  report_text(report, row->before);
  report_text(report, row->law);
  report_number(report, row->low);
  report_number(report, row->median);
  report_number(report, row->high);
  report_number(report, row->level);
  report_count(report, row->n);
  report_count(report, row->fitted);
  report_count(report, row->judged);
  report_number(report, row->distance_before);
  report_number(report, row->critical_before);
  report_number(report, row->distance);
  report_number(report, row->critical);
}
