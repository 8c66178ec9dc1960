/* Buffered writing that keeps its first error. */
#include "routesim/report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE 65536
#define TEMPORARY ".routesim.tmp" /* one at a time: a folder has one writer */

typedef enum {
  TO_MEMORY,
  TO_STDOUT,
  TO_FILE, /* to be renamed from `temporary` to `path` */
  THROUGH, /* what stands at `path` stays what it is */
} Target;

struct Output {
  Target target;
  int descriptor; /* -1: none */
  gboolean durable;
  char *path, *temporary;
  GString *buffer;     /* for memory: the caller's */
  GChecksum *checksum; /* of what went to a file */
  guint64 size;
  int error; /* errno of the first failure */
};

static Output *output_new(Target target, int descriptor) {
  Output *output = g_new0(Output, 1);
  output->target = target;
  output->descriptor = descriptor;
  return output;
}

static void fail(Output *output) {
  if (output->error == 0)
    output->error = errno != 0 ? errno : EIO;
}

Output *output_stdout(void) {
  Output *output = output_new(TO_STDOUT, STDOUT_FILENO);
  output->path = g_strdup("standard output");
  output->buffer = g_string_sized_new(BUFFER_SIZE);
  return output;
}

Output *output_memory(GString *memory) {
  Output *output = output_new(TO_MEMORY, -1);
  output->buffer = memory;
  return output;
}

/* ---- opening ------------------------------------------------------------------------ */

static gboolean is_same_file(const struct stat *a, const struct stat *b) {
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

gboolean output_is(const char *path, const char *other) {
  struct stat a, b;
  return stat(path, &a) == 0 && stat(other, &b) == 0 && is_same_file(&a, &b);
}

/* The descriptor of our own that `path` is another name of, or -1. Opened again, it would start at
 * offset 0 and write over what is there, and a socket cannot be opened at all. */
static int own_descriptor(const char *path) {
  static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
  struct stat there, own;
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++)
    if (g_str_has_prefix(path, folders[i])) {
      guint64 number;
      if (g_ascii_string_to_unsigned(path + strlen(folders[i]), 10, 0, G_MAXINT, &number, NULL))
        return (int)number;
    }
  for (int number = STDOUT_FILENO; stat(path, &there) == 0 && number <= STDERR_FILENO; number++)
    if (fstat(number, &own) == 0 && is_same_file(&there, &own))
      return number;
  return -1;
}

/* Only a file that nobody else has a name for or a claim on can be replaced by another. */
gboolean output_replaces(const char *path) {
  struct stat status;
  if (lstat(path, &status) != 0)
    return errno == ENOENT;
  return S_ISREG(status.st_mode) && status.st_nlink == 1 && status.st_uid == geteuid() &&
         access(path, W_OK) == 0 && own_descriptor(path) < 0;
}

/* A link that leads nowhere yet makes what it leads to; what is there is opened without O_CREAT,
 * which Linux refuses for pipes and files of others in a sticky folder. */
static void open_through(Output *output) {
  const int own = own_descriptor(output->path);
  output->target = THROUGH;
  if (own >= 0)
    output->descriptor = fcntl(own, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  else
    output->descriptor = g_open(output->path, O_WRONLY | O_TRUNC | O_NOCTTY | O_CLOEXEC, 0);
  if (output->descriptor < 0 && own < 0 && errno == ENOENT)
    output->descriptor = g_open(output->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (output->descriptor < 0)
    fail(output);
}

/* In a folder that takes no new files, what is there can still be written to. */
static void open_file(Output *output, gboolean alone) {
  output->target = TO_FILE;
  if (alone) {
    g_unlink(output->temporary); /* of one that was killed */
    output->descriptor = g_open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } else {
    output->descriptor = g_mkstemp_full(output->temporary, O_WRONLY | O_CLOEXEC, 0666);
  }
  if (output->descriptor >= 0)
    return;
  const gboolean closed = errno == EACCES || errno == EPERM;
  fail(output);
  if (!closed || g_access(output->path, F_OK) != 0)
    return;
  output->error = 0;
  open_through(output);
}

/* A file that is replaced keeps who may read it; where no mode can be set, it has that of any other
 * new file there. */
static void keep_mode(const Output *output) {
  struct stat status;
  if (output->target == TO_FILE && output->descriptor >= 0 && stat(output->path, &status) == 0)
    (void)fchmod(output->descriptor, status.st_mode & 07777);
}

static Output *output_open(char *path, const char *folder, gboolean alone, gboolean durable) {
  Output *output = output_new(TO_FILE, -1);
  output->path = path;
  output->temporary = g_build_filename(folder, alone ? TEMPORARY : ".routesim-XXXXXX", NULL);
  output->durable = durable;
  output->buffer = g_string_sized_new(BUFFER_SIZE);
  output->checksum = g_checksum_new(G_CHECKSUM_SHA256);
  if (output_replaces(output->path))
    open_file(output, alone);
  else
    open_through(output);
  keep_mode(output);
  return output;
}

Output *output_file(const char *directory, const char *name, gboolean durable) {
  return output_open(g_build_filename(directory, name, NULL), directory, TRUE, durable);
}

Output *output_path(const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  return output_open(g_strdup(path), folder, FALSE, FALSE);
}

/* ---- writing ------------------------------------------------------------------------ */

/* Whoever started us may have made the descriptor one that does not wait. */
static gboolean is_passing(int descriptor) {
  struct pollfd ready = {descriptor, POLLOUT, 0};
  return errno == EINTR || ((errno == EAGAIN || errno == EWOULDBLOCK) &&
                            (poll(&ready, 1, -1) >= 0 || errno == EINTR));
}

static gboolean write_all(int descriptor, const char *bytes, gsize length) {
  gsize written = 0;
  while (written < length) {
    const ssize_t step = write(descriptor, bytes + written, length - written);
    if (step > 0)
      written += (gsize)step;
    else if (step == 0 || !is_passing(descriptor))
      return FALSE;
  }
  return TRUE;
}

static void flush(Output *output) {
  const GString *buffer = output->buffer;
  errno = 0;
  if (output->error == 0 && buffer->len > 0 &&
      !write_all(output->descriptor, buffer->str, buffer->len))
    fail(output);
  if (output->checksum != NULL)
    g_checksum_update(output->checksum, (const guchar *)buffer->str, (gssize)buffer->len);
  output->size += buffer->len;
  g_string_truncate(output->buffer, 0);
}

void output_write(Output *output, const char *bytes, gsize length) {
  if (output->error != 0)
    return;
  g_string_append_len(output->buffer, bytes, (gssize)length);
  if (output->target != TO_MEMORY && output->buffer->len >= BUFFER_SIZE)
    flush(output);
}

void output_text(Output *output, const char *text) { output_write(output, text, strlen(text)); }

gboolean output_failed(const Output *output) { return output->error != 0; }

/* ---- closing ------------------------------------------------------------------------ */

static void output_free(Output *output) {
  if (output->target != TO_MEMORY)
    g_string_free(output->buffer, TRUE);
  if (output->checksum != NULL)
    g_checksum_free(output->checksum);
  g_free(output->path);
  g_free(output->temporary);
  g_free(output);
}

/* Pipes, devices and some file systems cannot synchronise: then closing is all there is. */
static gboolean synchronise(int descriptor) {
  return fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS;
}

gboolean output_sync_folder(const char *directory, GError **error) {
  const int descriptor = g_open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (descriptor < 0 && errno == EACCES)
    return TRUE; /* one may write to a folder that one cannot read */
  const gboolean done = descriptor >= 0 && synchronise(descriptor);
  if (!done)
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "cannot write %s: %s",
                directory, g_strerror(errno));
  if (descriptor >= 0)
    close(descriptor);
  return done;
}

/* Copies, because onto a file that is mounted at its path none can be renamed. */
static void copy_through(Output *output) {
  const int from = g_open(output->temporary, O_RDONLY | O_CLOEXEC, 0);
  const int to = g_open(output->path, O_WRONLY | O_TRUNC | O_CLOEXEC, 0);
  char bytes[4096];
  ssize_t length = -1;
  while (from >= 0 && to >= 0 && (length = read(from, bytes, sizeof bytes)) > 0)
    if (!write_all(to, bytes, (gsize)length))
      break;
  if (from < 0 || to < 0 || length != 0)
    fail(output);
  if (from >= 0)
    close(from);
  if (to >= 0 && close(to) != 0)
    fail(output);
  g_unlink(output->temporary);
}

static void rename_file(Output *output) {
  if (g_rename(output->temporary, output->path) == 0)
    return;
  if (errno == EBUSY)
    copy_through(output);
  else
    fail(output);
}

static void finish_file(Output *output) {
  if (output->descriptor < 0)
    return;
  if (output->durable && output->error == 0 && !synchronise(output->descriptor))
    fail(output);
  if (close(output->descriptor) != 0)
    fail(output);
  if (output->target != TO_FILE)
    return;
  if (output->error == 0)
    rename_file(output);
  if (output->error != 0)
    g_unlink(output->temporary);
}

static FileProof proof_of(const Output *output) {
  struct stat status;
  FileProof proof = {.size = output->size};
  proof.known = output->error == 0 && stat(output->path, &status) == 0 && S_ISREG(status.st_mode);
  g_strlcpy(proof.sha256, g_checksum_get_string(output->checksum), sizeof proof.sha256);
  return proof;
}

gboolean output_close_proved(Output *output, FileProof *proof, GError **error) {
  const gboolean is_file = output->target == TO_FILE || output->target == THROUGH;
  if (output->target != TO_MEMORY)
    flush(output);
  if (is_file)
    finish_file(output);
  if (proof != NULL && is_file)
    *proof = proof_of(output);
  const gboolean done = output->error == 0;
  if (!done)
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(output->error),
                "cannot write %s: %s", output->path, g_strerror(output->error));
  output_free(output);
  return done;
}

gboolean output_close(Output *output, GError **error) {
  return output_close_proved(output, NULL, error);
}

void output_abandon(Output *output) {
  const gboolean is_file = output->target == TO_FILE || output->target == THROUGH;
  if (is_file && output->descriptor >= 0)
    close(output->descriptor);
  if (output->target == TO_FILE && output->descriptor >= 0)
    g_unlink(output->temporary);
  output_free(output);
}

/* ---- proof -------------------------------------------------------------------------- */

static char *checksum_of(int descriptor) {
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autofree char *bytes = g_malloc(BUFFER_SIZE);
  ssize_t length;
  while ((length = read(descriptor, bytes, BUFFER_SIZE)) > 0)
    g_checksum_update(checksum, (const guchar *)bytes, length);
  return length < 0 ? NULL : g_strdup(g_checksum_get_string(checksum));
}

static char *refute(const FileProof *proof, int descriptor) {
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
    return g_strdup("is no file");
  if ((guint64)status.st_size != proof->size)
    return g_strdup_printf("has %" G_GUINT64_FORMAT " bytes, not the %" G_GUINT64_FORMAT
                           " that were written",
                           (guint64)status.st_size, proof->size);
  g_autofree char *sha256 = checksum_of(descriptor);
  if (sha256 == NULL)
    return g_strdup_printf("cannot be read: %s", g_strerror(errno));
  return strcmp(sha256, proof->sha256) == 0
             ? NULL
             : g_strdup("is not what was written: its checksum differs");
}

char *file_proof_refute(const FileProof *proof, const char *directory, const char *name) {
  g_autofree char *path = g_build_filename(directory, name, NULL);
  const int descriptor = g_open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
  if (descriptor < 0)
    return errno == ENOENT ? g_strdup("is not there")
                           : g_strdup_printf("cannot be read: %s", g_strerror(errno));
  char *why = refute(proof, descriptor);
  close(descriptor);
  return why;
}
