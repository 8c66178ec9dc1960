/* Reading CSV back: RFC 4180, with LF or CRLF.
 *
 * What a batch wrote is what is read, be it in this call or in one that went before: expectations
 * are judged by the rows of summary.csv, not by numbers kept beside them, and `batch` prints from
 * them too. So this reads what format.h writes, quotes included; text that is no CSV becomes some
 * fields or other, and nothing is an error. */
#pragma once
#include <glib.h>

/* The record that starts at *cursor becomes `fields` (char *, owned by the array), and
 * *cursor stands behind it. FALSE at the end of the text. */
gboolean csv_next(const char **cursor, GPtrArray *fields);
/* The place of `name` among the fields of a header; -1 where it is not there. */
int csv_column(const GPtrArray *header, const char *name);

/* The records of a table, by the names of their columns. */
typedef struct {
  const char *cursor;
  GPtrArray *header, *fields; /* char * */
} CsvRecords;
CsvRecords csv_records(const char *csv);
void csv_records_end(CsvRecords *records);
/* FALSE at the end, and at a record that is cut. */
gboolean csv_records_next(CsvRecords *records);
/* Of the record; the column is there. Borrowed up to the next one. */
const char *csv_text(const CsvRecords *records, const char *column);
double csv_number(const CsvRecords *records, const char *column); /* NaN where it is empty */
guint64 csv_count(const CsvRecords *records, const char *column);
