/* The journal; see the header for its lines. */
#include "routesim/report/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define TITLE "routesim journal "
#define FORMAT "1"
#define MOST_BYTES ((off_t)256 << 20) /* of a journal: what is larger is none */

typedef struct {
  char *label, *value;
} Fact;

struct Journal {
  char *path;
  int descriptor;
  gboolean is_new, is_begun;
  GPtrArray *found, *stated; /* Fact * */
  GHashTable *pieces;        /* name to GPtrArray of JournalFile * */
  gsize length;              /* up to the last line that counts */
  char *damage;              /* why it cannot be read, or NULL */
};

static void fact_free(gpointer data) {
  Fact *fact = data;
  g_free(fact->label);
  g_free(fact->value);
  g_free(fact);
}

static void add_fact(GPtrArray *facts, const char *label, const char *value) {
  Fact *fact = g_new0(Fact, 1);
  *fact = (Fact){g_strdup(label), g_strdup(value)};
  g_ptr_array_add(facts, fact);
}

JournalFile *journal_file_new(const char *name, gboolean is_picture, const FileProof *proof) {
  JournalFile *file = g_new0(JournalFile, 1);
  *file = (JournalFile){g_strdup(name), is_picture, *proof};
  return file;
}

void journal_file_free(gpointer data) {
  JournalFile *file = data;
  g_free(file->name);
  g_free(file);
}

static GPtrArray *new_files(void) { return g_ptr_array_new_with_free_func(journal_file_free); }
static void free_files(gpointer files) { g_ptr_array_unref(files); }

static gboolean fail(const Journal *journal, GError **error, const char *doing) {
  const int number = errno;
  g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(number), "cannot %s %s: %s", doing,
              journal->path, g_strerror(number));
  return FALSE;
}

static gboolean refuse(const Journal *journal, GError **error) {
  g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
              "%s is not a journal of routesim: it stays as it is", journal->path);
  return FALSE;
}

/* ---- reading ------------------------------------------------------------------------ */

/* What is read before "begun" or "end" tells that it counts. */
typedef struct {
  Journal *journal;
  GPtrArray *files; /* of the piece that has not ended */
  gsize at;
} Reader;

static gboolean read_file_line(Reader *reader, char **fields) {
  FileProof proof = {.known = TRUE};
  if (!g_ascii_string_to_unsigned(fields[2], 10, 0, G_MAXUINT64, &proof.size, NULL) ||
      g_strlcpy(proof.sha256, fields[3], sizeof proof.sha256) != sizeof proof.sha256 - 1)
    return FALSE;
  g_autofree char *name = g_strcompress(fields[1]);
  g_ptr_array_add(reader->files, journal_file_new(name, strcmp(fields[0], "picture") == 0, &proof));
  return TRUE;
}

static void count_up_to_here(Reader *reader) { reader->journal->length = reader->at; }

static gboolean read_line(Reader *reader, char **fields, guint count) {
  Journal *journal = reader->journal;
  if (count == 3 && strcmp(fields[0], "fact") == 0 && !journal->is_begun) {
    g_autofree char *label = g_strcompress(fields[1]), *value = g_strcompress(fields[2]);
    add_fact(journal->found, label, value);
    return TRUE;
  }
  if (count == 1 && strcmp(fields[0], "begun") == 0 && !journal->is_begun) {
    journal->is_begun = TRUE;
    count_up_to_here(reader);
    return TRUE;
  }
  if (!journal->is_begun)
    return FALSE;
  if (count == 4 && (strcmp(fields[0], "file") == 0 || strcmp(fields[0], "picture") == 0))
    return read_file_line(reader, fields);
  if (count != 2 || strcmp(fields[0], "end") != 0)
    return FALSE;
  g_hash_table_replace(journal->pieces, g_strcompress(fields[1]), g_steal_pointer(&reader->files));
  reader->files = new_files();
  count_up_to_here(reader);
  return TRUE;
}

/* Only whole lines count, because the last one may be torn. */
static void read_lines(Journal *journal, const char *text) {
  Reader reader = {journal, new_files(), 0};
  const char *end;
  for (guint number = 1; journal->damage == NULL && (end = strchr(text, '\n')) != NULL;
       number++, text = end + 1) {
    g_autofree char *line = g_strndup(text, (gsize)(end - text));
    g_auto(GStrv) fields = g_strsplit(line, "\t", -1);
    reader.at += (gsize)(end + 1 - text);
    if (number > 1 /* the title */ && !read_line(&reader, fields, g_strv_length(fields)))
      journal->damage = g_strdup_printf("%s:%u is not a line that a batch writes: it was changed",
                                        journal->path, number);
  }
  g_ptr_array_unref(reader.files);
}

/* A title that was torn is one of a batch that had done nothing yet. */
static gboolean read_text(Journal *journal, const char *text, GError **error) {
  const gsize length = MIN(strlen(text), strlen(TITLE));
  if (strncmp(text, TITLE, length) != 0)
    return refuse(journal, error);
  const char *end = strchr(text, '\n');
  if (end == NULL)
    return TRUE;
  g_autofree char *format = g_strndup(text + strlen(TITLE), (gsize)(end - text) - strlen(TITLE));
  add_fact(journal->found, "format of the journal", format);
  if (strcmp(format, FORMAT) == 0)
    read_lines(journal, text);
  else
    journal->is_begun = TRUE; /* by whoever writes that format: refuted by the fact above */
  return TRUE;
}

static gboolean read_journal(Journal *journal, const struct stat *status, GError **error) {
  if (status->st_size > MOST_BYTES)
    return refuse(journal, error);
  const gsize size = (gsize)status->st_size;
  g_autofree char *text = g_malloc0(size + 1);
  gsize got = 0;
  while (got < size) {
    const ssize_t step = pread(journal->descriptor, text + got, size - got, (off_t)got);
    if (step == 0)
      break;
    if (step > 0)
      got += (gsize)step;
    else if (errno != EINTR)
      return fail(journal, error, "read");
  }
  return strlen(text) == got ? read_text(journal, text, error) : refuse(journal, error);
}

/* ---- opening ------------------------------------------------------------------------ */

static gboolean open_locked(Journal *journal, struct stat *status, GError **error) {
  const int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  journal->descriptor = g_open(journal->path, flags, 0);
  if (journal->descriptor < 0 && errno == ENOENT) {
    journal->descriptor = g_open(journal->path, flags | O_CREAT, 0666);
    journal->is_new = TRUE;
  }
  if (journal->descriptor < 0)
    return fail(journal, error, "write");
  if (flock(journal->descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return fail(journal, error, "lock");
    g_autofree char *directory = g_path_get_dirname(journal->path);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN,
                "%s is in use: another process writes its results there", directory);
    return FALSE;
  }
  if (fstat(journal->descriptor, status) != 0)
    return fail(journal, error, "read");
  return S_ISREG(status->st_mode) || refuse(journal, error);
}

Journal *journal_open(const char *directory, const char *name, GError **error) {
  struct stat status;
  Journal *journal = g_new0(Journal, 1);
  journal->path = g_build_filename(directory, name, NULL);
  journal->found = g_ptr_array_new_with_free_func(fact_free);
  journal->stated = g_ptr_array_new_with_free_func(fact_free);
  journal->pieces = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_files);
  add_fact(journal->stated, "format of the journal", FORMAT);
  if (open_locked(journal, &status, error) && read_journal(journal, &status, error))
    return journal;
  journal_free(journal);
  return NULL;
}

void journal_free(Journal *journal) {
  if (journal == NULL)
    return;
  if (journal->descriptor >= 0)
    close(journal->descriptor);
  g_ptr_array_unref(journal->found);
  g_ptr_array_unref(journal->stated);
  g_hash_table_unref(journal->pieces);
  g_free(journal->damage);
  g_free(journal->path);
  g_free(journal);
}

/* ---- facts -------------------------------------------------------------------------- */

void journal_state(Journal *journal, const char *label, const char *value) {
  add_fact(journal->stated, label, value);
}

void journal_discard(Journal *journal) {
  if (journal->is_new)
    g_unlink(journal->path);
}

gboolean journal_is_begun(const Journal *journal) { return journal->is_begun; }

const char *journal_damage(const Journal *journal) { return journal->damage; }

static GHashTable *by_label(const GPtrArray *facts) {
  GHashTable *values = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < facts->len; i++) {
    const Fact *fact = facts->pdata[i];
    g_hash_table_insert(values, fact->label, fact->value);
  }
  return values;
}

static const char *value_of(GHashTable *facts, const char *label) {
  const char *value = g_hash_table_lookup(facts, label);
  return value != NULL ? value : "not given";
}

char *journal_refute(const Journal *journal) {
  const GPtrArray *const sides[] = {journal->stated, journal->found};
  g_autoptr(GHashTable) stated = by_label(journal->stated), found = by_label(journal->found);
  for (guint side = 0; side < G_N_ELEMENTS(sides); side++)
    for (guint i = 0; i < sides[side]->len; i++) {
      const char *label = ((const Fact *)sides[side]->pdata[i])->label;
      const char *was = value_of(found, label), *is = value_of(stated, label);
      if (strcmp(was, is) != 0)
        return g_strdup_printf("%s was %s, now it is %s", label, was, is);
    }
  return NULL;
}

/* ---- writing ------------------------------------------------------------------------ */

/* The lines go behind what counts, in one go; they are on the disk when this returns. */
static gboolean append(Journal *journal, const GString *lines, GError **error) {
  gsize written = 0;
  if (ftruncate(journal->descriptor, (off_t)journal->length) != 0)
    return fail(journal, error, "write");
  while (written < lines->len) {
    const ssize_t step = pwrite(journal->descriptor, lines->str + written, lines->len - written,
                                (off_t)(journal->length + written));
    if (step >= 0)
      written += (gsize)step;
    else if (errno != EINTR)
      return fail(journal, error, "write");
  }
  if (fsync(journal->descriptor) != 0 && errno != EINVAL)
    return fail(journal, error, "write");
  journal->length += lines->len;
  return TRUE;
}

static void append_field(GString *lines, const char *text) {
  g_autofree char *escaped = g_strescape(text, NULL);
  g_string_append_c(lines, '\t');
  g_string_append(lines, escaped);
}

gboolean journal_begin(Journal *journal, GError **error) {
  g_autoptr(GString) lines = g_string_new(TITLE FORMAT "\n");
  for (guint i = 1; i < journal->stated->len; i++) { /* the first is the title's */
    const Fact *fact = journal->stated->pdata[i];
    g_string_append(lines, "fact");
    append_field(lines, fact->label);
    append_field(lines, fact->value);
    g_string_append_c(lines, '\n');
  }
  g_string_append(lines, "begun\n");
  g_hash_table_remove_all(journal->pieces);
  journal->length = 0;
  return append(journal, lines, error);
}

gboolean journal_add(Journal *journal, const char *piece, GPtrArray *files, GError **error) {
  g_autoptr(GString) lines = g_string_new(NULL);
  for (guint i = 0; i < files->len; i++) {
    const JournalFile *file = files->pdata[i];
    if (!file->proof.known)
      continue;
    g_string_append(lines, file->is_picture ? "picture" : "file");
    append_field(lines, file->name);
    g_string_append_printf(lines, "\t%" G_GUINT64_FORMAT "\t%s\n", file->proof.size,
                           file->proof.sha256);
  }
  g_string_append(lines, "end");
  append_field(lines, piece);
  g_string_append_c(lines, '\n');
  g_hash_table_replace(journal->pieces, g_strdup(piece), files);
  return append(journal, lines, error);
}

const GPtrArray *journal_piece(const Journal *journal, const char *piece) {
  return g_hash_table_lookup(journal->pieces, piece);
}
