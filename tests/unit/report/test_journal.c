/* The journal of a result folder: what counts after a kill, what is refuted, who may have it. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "routesim/report/journal.h"

static char *folder;

static void make_folder(void) { folder = g_dir_make_tmp("journal-XXXXXX", NULL); }

static char *path_of(const char *name) { return g_build_filename(folder, name, NULL); }

static void remove_folder(void) {
  static const char *const names[] = {".journal", "rows.csv"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = path_of(names[i]);
    g_unlink(path);
  }
  g_rmdir(folder);
  g_free(folder);
}

TestSuite(journal, .init = make_folder, .fini = remove_folder);

static Journal *opened(const char *seed) {
  g_autoptr(GError) error = NULL;
  Journal *journal = journal_open(folder, ".journal", &error);
  cr_assert_null(error);
  journal_state(journal, "seed", seed);
  return journal;
}

static FileProof write_rows(const char *text) {
  FileProof proof;
  Output *output = output_file(folder, "rows.csv", TRUE);
  output_text(output, text);
  cr_assert(output_close_proved(output, &proof, NULL));
  return proof;
}

static void add_piece(Journal *journal, const char *piece, const FileProof *proof) {
  GPtrArray *files = g_ptr_array_new_with_free_func(journal_file_free);
  g_ptr_array_add(files, journal_file_new("rows\t1.csv", FALSE, proof));
  cr_assert(journal_add(journal, piece, files, NULL));
}

/* A journal with one piece. */
static void write_journal(void) {
  const FileProof proof = write_rows("a,b\n");
  Journal *journal = opened("1");
  cr_assert(journal_begin(journal, NULL));
  add_piece(journal, "one", &proof);
  journal_free(journal);
}

static void change_journal(void (*change)(GString *)) {
  g_autofree char *path = path_of(".journal");
  char *text = NULL;
  cr_assert(g_file_get_contents(path, &text, NULL, NULL));
  g_autoptr(GString) changed = g_string_new(text);
  change(changed);
  cr_assert(g_file_set_contents(path, changed->str, (gssize)changed->len, NULL));
  g_free(text);
}

Test(journal, tells_what_is_done) {
  write_journal();
  Journal *journal = opened("1");
  const GPtrArray *files = journal_piece(journal, "one");
  cr_assert(journal_is_begun(journal));
  cr_assert_null(journal_refute(journal));
  cr_assert_not_null(files);
  const JournalFile *file = files->pdata[0];
  cr_assert_str_eq(file->name, "rows\t1.csv");
  cr_assert_eq(file->proof.size, 4);
  cr_assert_null(file_proof_refute(&file->proof, folder, "rows.csv"));
  cr_assert_null(journal_piece(journal, "two"));
  journal_free(journal);
}

Test(journal, refutes_another_call) {
  write_journal();
  Journal *journal = opened("2");
  g_autofree char *other = journal_refute(journal);
  cr_assert_str_eq(other, "seed was 1, now it is 2");
  journal_free(journal);
  journal = opened("1");
  journal_state(journal, "--model", "aws");
  g_autofree char *more = journal_refute(journal);
  cr_assert_str_eq(more, "--model was not given, now it is aws");
  journal_free(journal);
  g_autoptr(GError) error = NULL;
  journal = journal_open(folder, ".journal", &error);
  g_autofree char *less = journal_refute(journal);
  cr_assert_str_eq(less, "seed was 1, now it is not given");
  journal_free(journal);
}

Test(journal, refutes_other_bytes) {
  const FileProof proof = write_rows("a,b\n");
  write_rows("a,c\n");
  g_autofree char *changed = file_proof_refute(&proof, folder, "rows.csv");
  cr_assert_str_eq(changed, "is not what was written: its checksum differs");
  write_rows("a,b");
  g_autofree char *cut = file_proof_refute(&proof, folder, "rows.csv");
  cr_assert_str_eq(cut, "has 3 bytes, not the 4 that were written");
  g_autofree char *none = file_proof_refute(&proof, folder, "none.csv");
  cr_assert_str_eq(none, "is not there");
  g_autofree char *odd = file_proof_refute(&proof, folder, ".");
  cr_assert_str_eq(odd, "is no file");
}

static void tear(GString *text) { g_string_append(text, "file\ttwo.csv\t7\nend\ttw"); }
static void cut_title(GString *text) { g_string_truncate(text, 5); }
static void cut_facts(GString *text) {
  g_string_truncate(text, (gsize)(strstr(text->str, "begun") - text->str));
}
static void misspell(GString *text) { strstr(text->str, "fact")[0] = 'F'; }
static void renumber(GString *text) { strstr(text->str, "journal 1")[8] = '2'; }
static void write_a_diary(GString *text) { g_string_assign(text, "dear diary\n"); }

static void tear_after_two(GString *text) {
  g_string_append(text, "file\ttwo.csv\t7\t");
  for (guint i = 0; i < 64; i++)
    g_string_append_c(text, 'a');
  g_string_append(text, "\nend\ttw");
}

Test(journal, drops_what_was_torn) {
  write_journal();
  change_journal(tear_after_two);
  Journal *journal = opened("1");
  cr_assert_null(journal_damage(journal));
  cr_assert_not_null(journal_piece(journal, "one"));
  const FileProof proof = write_rows("c\n");
  add_piece(journal, "three", &proof);
  journal_free(journal);
  journal = opened("1");
  cr_assert_null(journal_damage(journal));
  cr_assert_not_null(journal_piece(journal, "three"));
  cr_assert_eq(journal_piece(journal, "three")->len, 1);
  journal_free(journal);
}

Test(journal, with_a_torn_beginning_is_not_begun) {
  void (*const changes[])(GString *) = {cut_facts, cut_title};
  for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
    write_journal();
    change_journal(changes[i]);
    Journal *journal = opened("1");
    cr_assert_null(journal_damage(journal));
    cr_assert_not(journal_is_begun(journal));
    cr_assert_null(journal_piece(journal, "one"));
    journal_free(journal);
  }
}

Test(journal, tells_its_damage) {
  void (*const changes[])(GString *) = {misspell, tear};
  for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
    write_journal();
    change_journal(changes[i]);
    Journal *journal = opened("1");
    cr_assert_not_null(strstr(journal_damage(journal), "is not a line that a batch writes"));
    cr_assert(journal_begin(journal, NULL));
    journal_free(journal);
    journal = opened("1");
    cr_assert_null(journal_damage(journal));
    cr_assert_null(journal_piece(journal, "one"));
    journal_free(journal);
  }
}

Test(journal, of_another_format_is_refuted) {
  write_journal();
  change_journal(renumber);
  Journal *journal = opened("1");
  g_autofree char *other = journal_refute(journal);
  cr_assert(journal_is_begun(journal));
  cr_assert_str_eq(other, "format of the journal was 2, now it is 1");
  journal_free(journal);
}

Test(journal, leaves_files_of_others_alone) {
  write_journal();
  change_journal(write_a_diary);
  g_autoptr(GError) error = NULL;
  cr_assert_null(journal_open(folder, ".journal", &error));
  cr_assert_not_null(strstr(error->message, "is not a journal of routesim"));
}

Test(journal, has_one_owner) {
  g_autoptr(GError) error = NULL;
  Journal *journal = opened("1");
  cr_assert_not(journal_is_begun(journal));
  cr_assert_null(journal_open(folder, ".journal", &error));
  cr_assert_not_null(strstr(error->message, "is in use"));
  journal_free(journal);
  journal_free(opened("1"));
}

/* The number that the next file to be opened gets: one that is left open would have it. */
static int next_descriptor(void) {
  const int descriptor = g_open("/dev/null", O_RDONLY | O_CLOEXEC, 0);
  close(descriptor);
  return descriptor;
}

/* A batch proves thousands of files before it goes on: one that was looked at is closed again,
 * whatever was found. */
Test(journal, keeps_no_file_open_that_it_proves) {
  const FileProof proof = write_rows("a,b\n");
  const int before = next_descriptor();
  static const char *const names[] = {"rows.csv", "none.csv", "."};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *why = file_proof_refute(&proof, folder, names[i]);
    cr_assert_eq(why == NULL, i == 0);
    cr_assert_eq(next_descriptor(), before, "%s", names[i]);
  }
  cr_assert(output_sync_folder(folder, NULL));
  cr_assert_eq(next_descriptor(), before);
}

/* No file may grow beyond `most` bytes: what goes beyond is refused with EFBIG, as a full disk
 * refuses it. */
static void limit_files(rlim_t most) {
  struct rlimit limit;
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = most;
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The disk takes a part of a piece, and no more: the piece is told to have failed, at once, and
 * who goes on later finds what stood there before, and adds it then. */
Test(journal, tells_that_the_disk_is_full, .timeout = 10) {
  write_journal();
  g_autofree char *path = path_of(".journal");
  GStatBuf status;
  cr_assert_eq(g_stat(path, &status), 0);
  g_autoptr(GError) error = NULL;
  const FileProof proof = write_rows("c\n");
  GPtrArray *files = g_ptr_array_new_with_free_func(journal_file_free);
  g_ptr_array_add(files, journal_file_new("rows\t1.csv", FALSE, &proof));
  Journal *journal = opened("1");
  limit_files((rlim_t)status.st_size + 5);
  cr_assert_not(journal_add(journal, "two", files, &error));
  cr_assert_not_null(strstr(error->message, g_strerror(EFBIG)), "%s", error->message);
  journal_free(journal);
  limit_files(RLIM_INFINITY);
  journal = opened("1");
  cr_assert_null(journal_damage(journal));
  cr_assert_not_null(journal_piece(journal, "one"));
  cr_assert_null(journal_piece(journal, "two"));
  add_piece(journal, "two", &proof);
  journal_free(journal);
}
