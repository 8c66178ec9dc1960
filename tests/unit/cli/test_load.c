/* Which files a call means. */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "workspace.h"
#include "support/heard.h"

static void make(void) {
  static const char *const names[] = {"b.yaml", "a.yaml", "sub/deep/c.yaml", "sub/.hidden.yaml",
                                      ".git/d.yaml"};
  workspace_make();
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *name = g_path_get_basename(names[i]);
    name[strlen(name) - strlen(".yaml")] = '\0';
    g_autofree char *text = workspace_scenario(name[0] == '.' ? "hidden" : name, "");
    workspace_write(names[i], text);
  }
  workspace_write("sub/notes.txt", "name: notes\n");
}

TestSuite(load, .init = make, .fini = workspace_remove);

/* What was found and what was said are joined, with the folder's own name left out. */
static char *loads(const char *arguments, gboolean folders, const CloudClass *model,
                   Status expected) {
  Options options = workspace_options(arguments);
  Loaded loaded;
  options.batch.model = model;
  heard_begin();
  const Status status = load_scenarios(&options, folders, &loaded);
  g_autofree char *said = heard_end();
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < loaded.paths->len; i++)
    g_string_append_printf(text, "%s\n", (const char *)loaded.paths->pdata[i]);
  g_string_append(text, said);
  cr_assert_eq(status, expected, "status %d\n%s", status, text->str);
  loaded_clear(&loaded);
  options_clear(&options);
  return workspace_relative(text->str);
}

static void assert_loads(const char *arguments, const char *expected) {
  g_autofree char *said = loads(arguments, TRUE, NULL, STATUS_DONE);
  cr_assert_str_eq(said, expected, "%s", said);
}

static void assert_refuses(const char *arguments, Status status, const char *expected) {
  g_autofree char *said = loads(arguments, TRUE, NULL, status);
  cr_assert(strstr(said, expected) != NULL, "'%s' not in:\n%s", expected, said);
}

/* In the order of paths, whatever the order of arguments. */
Test(load, files) { assert_loads("b.yaml a.yaml", "a.yaml\nb.yaml\n"); }

Test(load, a_folder_stands_for_what_is_below_it) {
  assert_loads("sub", "sub/deep/c.yaml\n");
  assert_loads(".", "./a.yaml\n./b.yaml\n./sub/deep/c.yaml\n");
}

Test(load, a_file_that_is_named_twice_is_meant_once) {
  assert_loads("b.yaml b.yaml b.yaml", "b.yaml\n");
  assert_loads("sub sub/deep/c.yaml", "sub/deep/c.yaml\n");
}

/* A link to a folder is followed where it is named, and not below one, where it may lead back. */
Test(load, links) {
  g_autofree char *link = workspace_path("sub/again"), *named = workspace_path("link");
  cr_assert_eq(symlink("..", link), 0);
  cr_assert_eq(symlink("sub", named), 0);
  assert_loads("sub", "sub/deep/c.yaml\n");
  assert_loads("link", "link/deep/c.yaml\n");
}

Test(load, folders_where_files_are_asked_for) {
  g_autofree char *said = loads("sub", FALSE, NULL, STATUS_IO);
  cr_assert(strstr(said, "routesim: cannot read sub: ") != NULL, "%s", said);
}

Test(load, nothing_to_load) {
  workspace_write("empty/notes.txt", "");
  assert_refuses("empty", STATUS_CALL, "routesim: there is no *.yaml file in empty\n");
  assert_refuses("nowhere.yaml", STATUS_IO, "routesim: cannot read nowhere.yaml: No such file");
}

/* All of them are told in one pass, and the worst counts. */
Test(load, what_is_wrong_in_several) {
  workspace_write("wrong.yaml", "name: wrong\ndurations: 5m\n");
  g_autofree char *said = loads("nowhere.yaml wrong.yaml a.yaml", TRUE, NULL, STATUS_IO);
  cr_assert(strstr(said, "cannot read nowhere.yaml") != NULL, "%s", said);
  cr_assert(strstr(said, "wrong.yaml:2:1: error: unknown key 'durations'") != NULL, "%s", said);
}

/* Their rows could not be told apart. */
Test(load, two_of_one_name) {
  g_autofree char *text = workspace_scenario("a", "");
  workspace_write("z.yaml", text);
  assert_refuses("a.yaml b.yaml z.yaml", STATUS_CALL,
                 "routesim: a.yaml and z.yaml are both named 'a'\n");
}

Test(load, a_model_that_nothing_names) {
  g_autofree char *aws = loads("a.yaml", TRUE, cloud_find("aws"), STATUS_DONE);
  cr_assert_str_eq(aws, "a.yaml\n");
  g_autofree char *azure = loads("a.yaml", TRUE, cloud_find("azure"), STATUS_CALL);
  cr_assert(strstr(azure, "routesim: no scenario given names the model azure\n") != NULL, "%s",
            azure);
}
