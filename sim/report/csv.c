/* One record after the other. */
#include "routesim/report/csv.h"

#include <math.h>

#include <string.h>

static const char *read_quoted(const char *c, GString *field) {
  for (c++; *c != '\0'; c++) {
    if (*c != '"')
      g_string_append_c(field, *c);
    else if (c[1] == '"')
      g_string_append_c(field, *c++);
    else
      return c + 1;
  }
  return c;
}

gboolean csv_next(const char **cursor, GPtrArray *fields) {
  const char *c = *cursor;
  g_ptr_array_set_size(fields, 0);
  if (*c == '\0')
    return FALSE;
  for (;;) {
    GString *field = g_string_new(NULL);
    if (*c == '"')
      c = read_quoted(c, field);
    const gsize plain = strcspn(c, ",\r\n");
    g_string_append_len(field, c, (gssize)plain);
    c += plain;
    g_ptr_array_add(fields, g_string_free(field, FALSE));
    if (*c != ',')
      break;
    c++;
  }
  if (*c == '\r')
    c++;
  if (*c == '\n')
    c++;
  *cursor = c;
  return TRUE;
}

int csv_column(const GPtrArray *header, const char *name) {
  for (guint i = 0; i < header->len; i++)
    if (strcmp(header->pdata[i], name) == 0)
      return (int)i;
  return -1;
}

CsvRecords csv_records(const char *csv) {
  CsvRecords records = {.cursor = csv,
                        .header = g_ptr_array_new_with_free_func(g_free),
                        .fields = g_ptr_array_new_with_free_func(g_free)};
  csv_next(&records.cursor, records.header);
  return records;
}

void csv_records_end(CsvRecords *records) {
  g_ptr_array_unref(records->header);
  g_ptr_array_unref(records->fields);
}

gboolean csv_records_next(CsvRecords *records) {
  return csv_next(&records->cursor, records->fields) &&
         records->fields->len >= records->header->len;
}

const char *csv_text(const CsvRecords *records, const char *column) {
  const int place = csv_column(records->header, column);
  g_assert(place >= 0);
  return records->fields->pdata[place];
}

double csv_number(const CsvRecords *records, const char *column) {
  const char *field = csv_text(records, column);
  return field[0] != '\0' ? g_ascii_strtod(field, NULL) : NAN;
}

guint64 csv_count(const CsvRecords *records, const char *column) {
  return g_ascii_strtoull(csv_text(records, column), NULL, 10);
}
