/* Standard error into a file and back. */
#include "support/heard.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

static FILE *kept;
static int before;

void heard_begin(void) {
  fflush(stderr);
  kept = tmpfile();
  cr_assert_not_null(kept);
  before = dup(STDERR_FILENO);
  cr_assert_geq(dup2(fileno(kept), STDERR_FILENO), 0);
}

char *heard_end(void) {
  GString *said = g_string_new(NULL);
  char bytes[4096];
  gsize length;
  fflush(stderr);
  dup2(before, STDERR_FILENO);
  close(before);
  rewind(kept);
  while ((length = fread(bytes, 1, sizeof bytes, kept)) > 0)
    g_string_append_len(said, bytes, (gssize)length);
  fclose(kept);
  return g_string_free(said, FALSE);
}
