/* campaign.csv, causes.csv and worst.csv: what years of random failures come to. */
#pragma once
#include "routesim/report/rows.h"

typedef enum { CAMPAIGN_TABLE_ROWS, CAMPAIGN_TABLE_CAUSES, CAMPAIGN_TABLE_WORST } CampaignTable;
#define CAMPAIGN_TABLE_COUNT 3

/* "campaign": its file is NAME.csv. */
const char *campaign_table_name(CampaignTable table);
/* Column, in their order, each with its meaning. */
const Column *campaign_table_columns(CampaignTable table, guint *count);
void campaign_table_begin(Report *report, CampaignTable table);

/* The run of `key` does not matter in the first two. NaN is an empty field. */
typedef struct {
  guint years;
  const char *measure, *unit;
  double estimate, low, high, level;
  const char *method;
} CampaignRow;
void campaign_rows_add(Report *report, const RowKey *key, const CampaignRow *row);
/* `with`: what else was down; NULL: nothing. Minutes in a year. */
void campaign_causes_add(Report *report, const RowKey *key, const char *component, const char *how,
                         const char *with, double minutes, double share);
/* `key` has seed and year; minutes. */
void campaign_worst_add(Report *report, const RowKey *key, double downtime, const char *command);
