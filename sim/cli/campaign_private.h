/* What `campaign` prints. */
#pragma once
#include "results_private.h"
#include "routesim/batch/campaign.h"
#include "routesim/report/campaign_rows.h"

/* For people: of each model a sentence, the designs beside each other, and the causes. The texts
 * are the three CSV files. */
void campaign_print(Report *report, const char *rows, const char *causes, const char *worst);
/* The same as a picture: the downtime of each design, with its interval. */
void campaign_picture(GString *out, const Design *design, const char *rows);
/* All that happened in the one year of a cell. */
void campaign_print_year(Report *report, const CampaignCell *cell);
