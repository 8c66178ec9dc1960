/* Buffered writing that keeps its first error. */
#include "routesim/report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE 65536

struct Output {
  int descriptor;   /* -1: memory */
  gboolean is_file; /* to be renamed from `temporary` to `path` */
  gboolean durable;
  char *path, *temporary;
  GString *buffer;   /* for memory: the caller's */
  int error;         /* errno of the first failure */
  const char *doing; /* what failed */
};

static Output *output_new(int descriptor) {
  Output *output = g_new0(Output, 1);
  output->descriptor = descriptor;
  return output;
}

static void fail(Output *output, const char *doing) {
  if (output->error != 0)
    return;
  output->error = errno != 0 ? errno : EIO;
  output->doing = doing;
}

Output *output_stdout(void) {
  Output *output = output_new(STDOUT_FILENO);
  output->path = g_strdup("standard output");
  output->buffer = g_string_sized_new(BUFFER_SIZE);
  return output;
}

Output *output_memory(GString *memory) {
  Output *output = output_new(-1);
  output->buffer = memory;
  return output;
}

Output *output_file(const char *directory, const char *name, gboolean durable) {
  Output *output = output_new(-1);
  g_autofree char *hidden = g_strdup_printf(".%s.tmp", name);
  output->is_file = TRUE;
  output->durable = durable;
  output->path = g_build_filename(directory, name, NULL);
  output->temporary = g_build_filename(directory, hidden, NULL);
  output->buffer = g_string_sized_new(BUFFER_SIZE);
  output->descriptor = g_open(output->temporary, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (output->descriptor < 0)
    fail(output, "write");
  return output;
}

static void flush(Output *output) {
  gsize written = 0;
  while (output->error == 0 && written < output->buffer->len) {
    const ssize_t step =
        write(output->descriptor, output->buffer->str + written, output->buffer->len - written);
    if (step >= 0)
      written += (gsize)step;
    else if (errno != EINTR)
      fail(output, "write");
  }
  g_string_truncate(output->buffer, 0);
}

static gboolean is_memory(const Output *output) { return output->path == NULL; }

void output_write(Output *output, const char *bytes, gsize length) {
  if (output->error != 0)
    return;
  g_string_append_len(output->buffer, bytes, (gssize)length);
  if (!is_memory(output) && output->buffer->len >= BUFFER_SIZE)
    flush(output);
}

void output_text(Output *output, const char *text) { output_write(output, text, strlen(text)); }

gboolean output_failed(const Output *output) { return output->error != 0; }

static void output_free(Output *output) {
  if (!is_memory(output))
    g_string_free(output->buffer, TRUE);
  g_free(output->path);
  g_free(output->temporary);
  g_free(output);
}

static void finish_file(Output *output) {
  if (output->descriptor < 0)
    return;
  /* A file system that cannot synchronise says EINVAL: then closing is all there is. */
  if (output->error == 0 && output->durable && fsync(output->descriptor) != 0 && errno != EINVAL)
    fail(output, "write");
  if (close(output->descriptor) != 0)
    fail(output, "write");
  if (output->error == 0 && g_rename(output->temporary, output->path) != 0)
    fail(output, "rename to");
  if (output->error != 0)
    g_unlink(output->temporary);
}

gboolean output_close(Output *output, GError **error) {
  if (!is_memory(output))
    flush(output);
  if (output->is_file)
    finish_file(output);
  const gboolean done = output->error == 0;
  if (!done)
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(output->error),
                "cannot %s %s: %s", output->doing, output->path, g_strerror(output->error));
  output_free(output);
  return done;
}

void output_abandon(Output *output) {
  if (output->is_file && output->descriptor >= 0) {
    close(output->descriptor);
    g_unlink(output->temporary);
  }
  output_free(output);
}

gboolean output_write_file(const char *directory, const char *name, gboolean durable,
                           const char *text, GError **error) {
  Output *output = output_file(directory, name, durable);
  output_text(output, text);
  return output_close(output, error);
}
