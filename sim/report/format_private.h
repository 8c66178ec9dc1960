/* What the renderers of this folder share. */
#pragma once
#include "routesim/report/format.h"

typedef struct {
  GString *text; /* plain, not quoted for any format */
  gboolean empty;
} Cell;

struct Report {
  const ReportFormat *format;
  Output *output;
  const char *key, *heading;
  Column *columns; /* NULL: between tables */
  guint column_count;
  guint filled;  /* cells of the present row */
  GArray *cells; /* Cell, reused from row to row */
  guint tables;  /* begun so far */
  guint blocks;  /* tables and notes so far */
  gboolean after_note;
  guint rows;      /* of the present table */
  GString *line;   /* scratch */
  GPtrArray *kept; /* char *: cells of a table that is aligned at its end */
};

struct ReportFormat {
  const char *name;
  gboolean is_data;
  void (*begin)(Report *report);
  void (*row)(Report *report, const Cell *cells);
  void (*end)(Report *report);
  void (*heading)(Report *report, const char *text);
  void (*note)(Report *report, const char *text);
  void (*finish)(Report *report);
};

extern const ReportFormat report_csv, report_json, report_markdown, report_table;

/* Quoted and escaped as RFC 8259 wants it. */
void json_append_string(GString *line, const char *text);
