/* One record after the other. */
#include "routesim/report/csv.h"

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
