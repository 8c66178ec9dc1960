/* The line that a passing test leaves behind; see the header. */
#include "support/facts.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#define ROWS "scenarios/facts.md"

static void assert_known(const char *rows, const char *id) {
  g_autofree char *row = g_strdup_printf("\n| %s |", id);
  cr_assert_not_null(strstr(rows, row), "%s is no fact of " ROWS, id);
}

/* Tests run side by side: one write() of a whole line to a file that is open for appending is never
 * torn by another process. */
static void append(const char *path, const GString *line) {
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  cr_assert_geq(file, 0, "cannot open %s", path);
  ssize_t written = write(file, line->str, line->len);
  cr_assert_eq(written, (ssize_t)line->len, "cannot write %s", path);
  close(file);
}

void facts_held(const char *file, const char *const *ids) {
  g_autofree char *rows = NULL;
  g_autoptr(GString) line = g_string_new(NULL);
  cr_assert(g_file_get_contents(ROWS, &rows, NULL, NULL), "cannot read " ROWS);
  g_string_printf(line, "%s %s::%s\t", file, criterion_current_test->category,
                  criterion_current_test->name);
  for (; *ids != NULL; ids++) {
    assert_known(rows, *ids);
    g_string_append_printf(line, "%s%s", *ids, ids[1] != NULL ? " " : "\n");
  }
  const char *folder = g_getenv("ROUTESIM_FACTS");
  if (folder == NULL || *folder == '\0')
    return;
  g_autofree char *path = g_build_filename(folder, "ran", NULL);
  append(path, line);
}
