/* Tables of typed cells, rendered as they come: one vtable, a renderer for each format.
 *
 *     rows.h, cli/ -- cells --> Report --> ReportFormat: csv, json, table, markdown --> Output
 *     findings.h, manifest.h, journal.h, peer_log.h, svg.h -- bytes -----------------> Output
 *
 * The folder turns what a run left into bytes; it works out nothing that the rows do not say, and
 * the same input gives the same bytes. A report is a document of tables. Columns are data; a table
 * is begun, its cells are added row by row in the order of the columns, and it is ended. CSV and
 * JSON stream; the formats for people keep a table until its end, to align it. rows.h has the
 * tables that users' scripts rely on, column by column.
 *
 * Where the bytes go an Output knows (output.h): a file is written beside its place and renamed
 * when it is closed, so that it is whole or not there. Beside the tables stand pictures as SVG
 * (svg.h), what is said of files for editors (findings.h), the event log in a cloud's own words
 * (peer_log.h), and for a result folder the manifest of what could change its rows (manifest.h) and
 * the journal by which a killed batch goes on (journal.h).
 *
 * Times are written as seconds with six decimals from whole nanoseconds, numbers with
 * six decimals too; what never happened is an empty cell (null in JSON). CSV is RFC 4180
 * with LF line ends, quoted only where it must be. */
#pragma once
#include "routesim/base/time.h"
#include "routesim/report/output.h"

typedef enum {
  COLUMN_TEXT,
  COLUMN_FIGURE, /* text that people compare: aligned to the right */
  COLUMN_COUNT,
  COLUMN_TIME,
  COLUMN_NUMBER,
} ColumnType;

/* A row of a table of columns gives name, type and, where there is one, meaning by their places;
 * `usual` is named. */
typedef struct {
  const char *name;
  ColumnType type;
  const char *meaning; /* as the reference has it; NULL: the heading says it */
  const char *usual;   /* on a terminal the column is left out where every row holds this text */
} Column;

typedef struct Report Report;
typedef struct ReportFormat ReportFormat;

/* "table", "csv", "json", "markdown"; NULL for any other. */
const ReportFormat *report_format_find(const char *name);
extern const char *const report_format_names[]; /* NULL-terminated */
const char *report_format_name(const ReportFormat *format);
/* TRUE for csv and json: what programs read, with rows and nothing beside them. */
gboolean report_format_is_data(const ReportFormat *format);

/* `output` stays the caller's. */
Report *report_new(const ReportFormat *format, Output *output);
/* The document ends, and the report is freed. */
void report_finish(Report *report);
const ReportFormat *report_format(const Report *report);

/* `key` names the table for programs, `heading` for people (NULL: none). The columns are copied,
 * their texts are borrowed until report_end(). */
void report_begin(Report *report, const char *key, const char *heading, const Column *columns,
                  guint count);
void report_end(Report *report);
/* For people, nothing in csv and json: a heading over what follows, and a paragraph. */
void report_heading(Report *report, const char *text);
void report_note(Report *report, const char *text);

/* The next cell of the row; its kind must be that of the column. The last one of a row
 * ends it. */
void report_text(Report *report, const char *text); /* NULL: empty; TEXT or FIGURE */
void report_count(Report *report, guint64 count);
void report_time(Report *report, SimTime time);    /* NEVER: empty */
void report_number(Report *report, double number); /* NaN: empty */
void report_empty(Report *report);
/* A cell of any type, as another report wrote it: "" is an empty one. */
void report_raw(Report *report, const char *text);

/* "12.500000": as in a cell, for messages that must agree with one. Rounded half up to
 * nanoseconds first, so that a time gives the same text as the double of its seconds. */
void report_append_number(double number, GString *out);
