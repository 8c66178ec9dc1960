/* What is said on standard error, and how standard output ends. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli_private.h"
#include "routesim/base/shown.h"

/* It does without g_printerr(), which would turn what is not ASCII into question marks without a
 * locale. */
void complain(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autofree char *shown = shown_text(text);
  fprintf(stderr, "routesim: %s\n", shown);
}

void tell_line(const char *text) {
  g_autofree char *shown = shown_text(text);
  fprintf(stderr, "%s\n", shown);
}

/* Users turn colours off as https://no-color.org says. */
gboolean colour_wanted(void) {
  const char *no_colour = g_getenv("NO_COLOR"), *terminal = g_getenv("TERM");
  return isatty(STDERR_FILENO) && (no_colour == NULL || no_colour[0] == '\0') && terminal != NULL &&
         strcmp(terminal, "dumb") != 0;
}

char *suggestion(const char *word, const char *const *names) {
  const char *near = closest_name(word, names);
  return near != NULL ? g_strdup_printf(" (did you mean '%s'?)", near) : g_strdup("");
}

Status finish_stdout(Output *output) {
  g_autoptr(GError) error = NULL;
  if (output_close(output, &error))
    return STATUS_DONE;
  if (!g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_PIPE))
    complain("%s", error->message);
  return STATUS_IO;
}
