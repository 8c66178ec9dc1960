/* The columns of what a campaign writes, and how a row fills them; scripts rely on them. */
#include "routesim/report/campaign_rows.h"

static const Column row_columns[] = {
    {"scenario", COLUMN_TEXT, "`name` of the file"},
    {"model", COLUMN_TEXT, "the cloud, as in `models`"},
    {"variant", COLUMN_TEXT, "`base` for the file as it stands"},
    {"years", COLUMN_COUNT, "independent of each other"},
    {"measure", COLUMN_TEXT,
     "of a year: downtime_any (of at least one flow), downtime_weighted (by what flows offer), "
     "downtime_all (of all at once), availability and nines (of the weighted one), failures, "
     "sessions_broken, worst_outage (the longest); downtime_weighted:minus:base is a variant's "
     "less "
     "the file's as it stands, with the same luck"},
    {"unit", COLUMN_TEXT, "of estimate, low and high: `min`, `s`, `share`, or what is counted"},
    {"estimate", COLUMN_NUMBER,
     "mean over the years, or what follows from it; empty: more nines than can be told"},
    {"low", COLUMN_NUMBER, "from here ..."},
    {"high", COLUMN_NUMBER, "... up to here lies the true mean, with probability `level`"},
    {"level", COLUMN_NUMBER, "of that interval"},
    {"method", COLUMN_TEXT, "how years were drawn: `plain`, `biased` or `split`"},
};

static const Column cause_columns[] = {
    {"scenario", COLUMN_TEXT, "`name` of the file"},
    {"model", COLUMN_TEXT, "the cloud, as in `models`"},
    {"variant", COLUMN_TEXT, "`base` for the file as it stands"},
    {"component", COLUMN_TEXT, "whose failure, maintenance or return stopped the flows"},
    {"how", COLUMN_TEXT, "kind of that failure"},
    {"with", COLUMN_TEXT, "what else was down when they stopped, the longest; empty: nothing"},
    {"minutes", COLUMN_NUMBER, "of weighted downtime in a year"},
    {"share", COLUMN_NUMBER, "of all weighted downtime"},
};

static const Column worst_columns[] = {
    {"scenario", COLUMN_TEXT, "`name` of the file"},
    {"model", COLUMN_TEXT, "the cloud, as in `models`"},
    {"variant", COLUMN_TEXT, "`base` for the file as it stands"},
    {"seed", COLUMN_COUNT, "of the campaign"},
    {"year", COLUMN_COUNT, "number of the year, from 0"},
    {"downtime", COLUMN_NUMBER, "minutes of it, weighted"},
    {"command", COLUMN_TEXT, "shows that year alone"},
};

static const struct {
  const char *name;
  const Column *columns;
  guint count;
} tables[] = {
    [CAMPAIGN_TABLE_ROWS] = {"campaign", row_columns, G_N_ELEMENTS(row_columns)},
    [CAMPAIGN_TABLE_CAUSES] = {"causes", cause_columns, G_N_ELEMENTS(cause_columns)},
    [CAMPAIGN_TABLE_WORST] = {"worst", worst_columns, G_N_ELEMENTS(worst_columns)},
};

const char *campaign_table_name(CampaignTable table) { return tables[table].name; }

const Column *campaign_table_columns(CampaignTable table, guint *count) {
  *count = tables[table].count;
  return tables[table].columns;
}

void campaign_table_begin(Report *report, CampaignTable table) {
  report_begin(report, tables[table].name, NULL, tables[table].columns, tables[table].count);
}

static void add_key(Report *report, const RowKey *key) {
  report_text(report, key->scenario);
  report_text(report, key->model);
  report_text(report, key->variant);
}

void campaign_rows_add(Report *report, const RowKey *key, const CampaignRow *row) {
  add_key(report, key);
  report_count(report, row->years);
  report_text(report, row->measure);
  report_text(report, row->unit);
  report_number(report, row->estimate);
  report_number(report, row->low);
  report_number(report, row->high);
  report_number(report, row->level);
  report_text(report, row->method);
}

void campaign_causes_add(Report *report, const RowKey *key, const char *component, const char *how,
                         const char *with, double minutes, double share) {
  add_key(report, key);
  report_text(report, component);
  report_text(report, how);
  report_text(report, with);
  report_number(report, minutes);
  report_number(report, share);
}

void campaign_worst_add(Report *report, const RowKey *key, double downtime, const char *command) {
  add_key(report, key);
  report_count(report, key->seed);
  report_count(report, key->run);
  report_number(report, downtime);
  report_text(report, command);
}
