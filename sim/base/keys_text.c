/* What every reader of a value needs: see keys_private.h. */
#include "keys_private.h"

void key_error(KeyReader *reader, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  diagnostics_add(reader->diagnostics, SEVERITY_ERROR, mark, "%s", text);
}

gboolean key_read_decimal(const char *text, guint places, gint64 *out, const char **end) {
  gint64 value = 0;
  guint digits = 0, decimals = 0;
  gboolean point = FALSE;
  for (; g_ascii_isdigit(*text) || (*text == '.' && !point); text++) {
    if (*text == '.') {
      point = TRUE;
      continue;
    }
    const gint64 digit = *text - '0';
    if ((point && decimals == places) || value > (G_MAXINT64 - digit) / 10)
      return FALSE;
    value = value * 10 + digit;
    digits++;
    decimals += point;
  }
  for (; decimals < places; decimals++) {
    if (value > G_MAXINT64 / 10)
      return FALSE;
    value *= 10;
  }
  *out = value;
  *end = text;
  return digits > 0 && text[-1] != '.';
}
