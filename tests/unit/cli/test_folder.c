/* A folder of results: what is done stays done, what is proven is not done again, and nothing else
 * is taken for it. */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "workspace.h"
#include "support/heard.h"

typedef struct {
  Options options;
  Loaded loaded;
} Call;

static void make(void) {
  workspace_make();
  g_autofree char *one = workspace_scenario("one", ""), *two = workspace_scenario("two", "");
  workspace_write("1.yaml", one);
  workspace_write("2.yaml", two);
}

TestSuite(folder, .init = make, .fini = workspace_remove);

static Call call_of(const char *arguments, gboolean resume) {
  Call call = {.options = workspace_options(arguments)};
  call.options.out = workspace_path("out");
  call.options.resume = resume;
  call.loaded = workspace_load(&call.options);
  return call;
}

static void call_clear(Call *call) {
  loaded_clear(&call->loaded);
  options_clear(&call->options);
}

static ResultFolder *opened(const Call *call) {
  Status status;
  ResultFolder *folder = batch_folder_open(&call->options, &call->loaded, &status);
  cr_assert_eq(status, STATUS_DONE);
  cr_assert_not_null(folder);
  return folder;
}

static void assert_refused(const Call *call, Status expected, const char *why) {
  Status status;
  heard_begin();
  ResultFolder *folder = batch_folder_open(&call->options, &call->loaded, &status);
  g_autofree char *said = heard_end();
  cr_assert_null(folder);
  cr_assert_eq(status, expected, "%s", said);
  cr_assert(strstr(said, why) != NULL, "'%s' not in: %s", why, said);
}

static void write_file(const Call *call, ResultFolder *folder, guint file) {
  g_autoptr(Batch) batch = workspace_run(&call->options, &call->loaded, file);
  cr_assert_eq(write_results(folder, &call->options, &call->loaded, file, batch), STATUS_DONE);
}

/* Both files, as one batch. */
static void write_whole(void) {
  Call call = call_of("1.yaml 2.yaml", FALSE);
  ResultFolder *folder = opened(&call);
  write_file(&call, folder, 0);
  write_file(&call, folder, 1);
  cr_assert_eq(result_folder_finish(folder), STATUS_DONE);
  result_folder_free(folder);
  call_clear(&call);
}

/* The first of two files, and then its process is gone. */
static void write_half(void) {
  Call call = call_of("1.yaml 2.yaml", FALSE);
  ResultFolder *folder = opened(&call);
  write_file(&call, folder, 0);
  result_folder_free(folder);
  call_clear(&call);
}

Test(folder, without_a_name_there_is_none) {
  Options options = workspace_options("1.yaml");
  Loaded loaded = workspace_load(&options);
  Status status = STATUS_IO;
  cr_assert_null(batch_folder_open(&options, &loaded, &status));
  cr_assert_eq(status, STATUS_DONE);
  loaded_clear(&loaded);
  options_clear(&options);
}

/* A row for each file below one header. */
Test(folder, parts_are_joined) {
  write_whole();
  g_autofree char *rows = workspace_read("out/failovers.csv");
  g_auto(GStrv) lines = g_strsplit(rows, "\n", -1);
  cr_assert_eq(g_strv_length(lines), 4, "%s", rows);
  cr_assert(g_str_has_prefix(lines[0], "scenario,model,"));
  cr_assert(g_str_has_prefix(lines[1], "one,aws,base,0,"));
  cr_assert(g_str_has_prefix(lines[2], "two,aws,base,0,"));
  cr_assert_str_eq(lines[3], "");
  cr_assert(workspace_has("out/manifest.json"));
  cr_assert_not(workspace_has("out/.parts"));
}

Test(folder, what_is_done_is_not_done_again) {
  write_half();
  cr_assert(workspace_has("out/.parts/one.failovers.csv"));
  cr_assert_not(workspace_has("out/failovers.csv"));
  Call call = call_of("1.yaml 2.yaml", TRUE);
  ResultFolder *folder = opened(&call);
  cr_assert(result_folder_has(folder, 0));
  cr_assert_not(result_folder_has(folder, 1));
  cr_assert_not(result_folder_is_complete(folder));
  write_file(&call, folder, 1);
  cr_assert_eq(result_folder_finish(folder), STATUS_DONE);
  cr_assert(result_folder_is_complete(folder));
  result_folder_free(folder);
  call_clear(&call);
  g_autofree char *resumed = workspace_read("out/summary.csv");
  write_whole();
  g_autofree char *at_once = workspace_read("out/summary.csv");
  cr_assert_str_eq(resumed, at_once);
}

/* The summary is told from memory by whoever finished it, and from the file by who came later. */
Test(folder, the_summary_of_a_whole_folder) {
  write_whole();
  g_autofree char *expected = workspace_read("out/summary.csv");
  Call call = call_of("1.yaml 2.yaml", TRUE);
  ResultFolder *folder = opened(&call);
  Status status = STATUS_DONE;
  cr_assert(result_folder_is_complete(folder));
  g_autofree char *summary = result_folder_text(folder, ROWS_SUMMARY, &status);
  cr_assert_str_eq(summary, expected);
  result_folder_free(folder);
  call_clear(&call);
}

Test(folder, without_resume_it_begins_anew) {
  write_half();
  Call call = call_of("1.yaml 2.yaml", FALSE);
  ResultFolder *folder = opened(&call);
  cr_assert_not(result_folder_has(folder, 0));
  cr_assert_not(workspace_has("out/.parts/one.failovers.csv"));
  result_folder_free(folder);
  call_clear(&call);
}

Test(folder, another_call_does_not_go_on) {
  write_half();
  Call call = call_of("1.yaml 2.yaml", TRUE);
  call.options.batch.runs = 7;
  assert_refused(&call, STATUS_CALL, "number of runs of scenario one was 1, now it is 7");
  call.options.batch.runs = 0;
  call.options.batch.seed_given = TRUE;
  call.options.batch.seed = 8;
  assert_refused(&call, STATUS_CALL, "seed of scenario one was 1, now it is 8");
  call.options.batch.seed_given = FALSE;
  call.options.batch.only_run_given = TRUE;
  call.options.batch.only_run = 3;
  assert_refused(&call, STATUS_CALL, "first run of scenario one was 0, now it is 3");
  call_clear(&call);
  Call less = call_of("1.yaml", TRUE);
  assert_refused(&less, STATUS_CALL, "scenario two was given, now it is not given");
  call_clear(&less);
}

Test(folder, a_changed_file_does_not_go_on) {
  write_half();
  g_autofree char *text = workspace_scenario("one", "# now with a comment\n");
  workspace_write("1.yaml", text);
  Call call = call_of("1.yaml 2.yaml", TRUE);
  assert_refused(&call, STATUS_CALL, "SHA-256 of scenario one was ");
  call_clear(&call);
}

Test(folder, a_damaged_part_does_not_go_on) {
  write_half();
  workspace_write("out/.parts/one.failovers.csv", "scenario\n");
  Call call = call_of("1.yaml 2.yaml", TRUE);
  assert_refused(&call, STATUS_IO, "out/.parts/one.failovers.csv has 9 bytes, not the ");
  call_clear(&call);
}

Test(folder, results_without_a_journal_do_not_go_on) {
  workspace_write("out/routes.csv", "scenario\n");
  Call call = call_of("1.yaml", TRUE);
  assert_refused(&call, STATUS_IO, "it has results, but no journal that proves them");
  call_clear(&call);
}

/* Nothing was begun there: there is nothing to prove. */
Test(folder, resuming_from_nothing_begins) {
  workspace_write("out/notes.txt", "mine\n");
  Call call = call_of("1.yaml", TRUE);
  ResultFolder *folder = opened(&call);
  cr_assert_not(result_folder_has(folder, 0));
  result_folder_free(folder);
  call_clear(&call);
  cr_assert(workspace_has("out/notes.txt"));
}

Test(folder, one_writer_at_a_time) {
  Call call = call_of("1.yaml", FALSE);
  ResultFolder *folder = opened(&call);
  assert_refused(&call, STATUS_IO, "out is in use: another process writes its results there");
  result_folder_free(folder);
  folder = opened(&call);
  result_folder_free(folder);
  call_clear(&call);
}

/* What a link leads to is not this folder's. */
Test(folder, parts_are_no_link) {
  workspace_write("elsewhere/mine.csv", "mine\n");
  workspace_write("out/notes.txt", "");
  g_autofree char *link = workspace_path("out/.parts");
  cr_assert_eq(symlink("../elsewhere", link), 0);
  Call call = call_of("1.yaml", FALSE);
  ResultFolder *folder = opened(&call);
  g_autoptr(Batch) batch = workspace_run(&call.options, &call.loaded, 0);
  heard_begin();
  cr_assert_eq(write_results(folder, &call.options, &call.loaded, 0, batch), STATUS_IO);
  g_autofree char *said = heard_end();
  cr_assert(strstr(said, "out/.parts: it is a link\n") != NULL, "%s", said);
  result_folder_free(folder);
  call_clear(&call);
  cr_assert(workspace_has("elsewhere/mine.csv"));
}

Test(folder, pictures_have_one_writer_at_a_time) {
  Options options = workspace_options("1.yaml");
  int first, second;
  cr_assert_eq(plots_folder_hold(&options, &first), STATUS_DONE);
  cr_assert_eq(first, -1, "without --plots nothing is held");
  options.plots = workspace_path("plots");
  cr_assert_eq(plots_folder_hold(&options, &first), STATUS_DONE);
  heard_begin();
  cr_assert_eq(plots_folder_hold(&options, &second), STATUS_IO);
  g_autofree char *said = heard_end();
  cr_assert(strstr(said, "plots is in use: another process writes its pictures there") != NULL);
  plots_folder_release(first);
  cr_assert_eq(plots_folder_hold(&options, &second), STATUS_DONE);
  plots_folder_release(second);
  options_clear(&options);
}
