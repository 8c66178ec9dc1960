/* Text of others is made harmless, one character after the other; a byte that is none counts as
 * one. */
#include "routesim/base/shown.h"

#include <string.h>

#define REPLACEMENT 0xFFFD

gboolean shown_is_control(gunichar character) {
  const GUnicodeType type = g_unichar_type(character);
  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
         type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR ||
         (character & 0xFFFE) == 0xFFFE;
}

void shown_append(GString *out, const char *text, gssize length) {
  const char *end = text + (length < 0 ? strlen(text) : (gsize)length);
  while (text < end) {
    const gunichar character = g_utf8_get_char_validated(text, end - text);
    if (character == (gunichar)-1 || character == (gunichar)-2) {
      g_string_append_unichar(out, REPLACEMENT);
      text++;
    } else {
      g_string_append_unichar(out, shown_is_control(character) ? REPLACEMENT : character);
      text = g_utf8_next_char(text);
    }
  }
}

char *shown_text(const char *text) {
  GString *out = g_string_sized_new(strlen(text));
  shown_append(out, text, -1);
  return g_string_free(out, FALSE);
}
