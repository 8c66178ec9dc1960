/* Words behind a command's name: what they come to, and what is refused in which words. */
#include <criterion/criterion.h>
#include <string.h>

#include "../../../sim/cli/cli_private.h"
#include "support/heard.h"

/* The call is "runs words"; what is said goes to *said, the caller frees. */
static gboolean parse(const Command *command, const char *line, Options *options, Status *status,
                      char **said) {
  g_auto(GStrv) words = g_strsplit(line, " ", -1);
  const guint count = g_strv_length(words);
  g_autofree char **argv = g_new0(char *, count + 2); /* of which options may be taken out */
  argv[0] = (char *)command->name;
  for (guint i = 0; i < count; i++)
    argv[i + 1] = words[i];
  heard_begin();
  const gboolean go_on = options_parse(command, (int)count + 1, argv, options, status);
  *said = heard_end();
  return go_on;
}

static void assert_parsed(const Command *command, const char *line, Options *options) {
  Status status = STATUS_IO;
  g_autofree char *said = NULL;
  cr_assert(parse(command, line, options, &status, &said), "%s: %s", line, said);
  cr_assert_eq(status, STATUS_DONE);
  cr_assert_str_eq(said, "");
}

static void assert_refused(const Command *command, const char *line, const char *message) {
  Options options;
  Status status = STATUS_DONE;
  g_autofree char *said = NULL, *expected = g_strdup_printf("routesim: %s\n", message);
  cr_assert_not(parse(command, line, &options, &status, &said), "%s", line);
  cr_assert_eq(status, STATUS_CALL, "%s", line);
  cr_assert_str_eq(said, expected, "%s: %s", line, said);
  options_clear(&options);
}

Test(options, what_nobody_said) {
  Options options;
  assert_parsed(&command_run, "a.yaml", &options);
  cr_assert_not(options.batch.seed_given);
  cr_assert_eq(options.batch.runs, 0, "as the scenario says");
  cr_assert_not(options.batch.only_run_given);
  cr_assert_geq(options.batch.jobs, 1);
  cr_assert_null(options.batch.model);
  cr_assert_not(options.batch.detail_all);
  cr_assert_not(options.batch.liveness_given);
  cr_assert_not(options.format_given);
  cr_assert_str_eq(report_format_name(options.format), "table");
  cr_assert(options.out == NULL && options.plots == NULL && options.set == NULL);
  cr_assert_eq(options.setting_count, 0);
  cr_assert_str_eq(options.arguments[0], "a.yaml");
  cr_assert_null(options.arguments[1]);
  options_clear(&options);
}

Test(options, values) {
  Options options;
  assert_parsed(&command_run,
                "-m aws --seed 18446744073709551615 -n 7 --run 4 -j 3 --detail all "
                "--liveness packet -o out --plots plots -q --json a.yaml",
                &options);
  cr_assert_str_eq(options.batch.model->name, "aws");
  cr_assert_eq(options.batch.seed, G_MAXUINT64);
  cr_assert(options.batch.seed_given && options.batch.only_run_given);
  cr_assert_eq(options.batch.runs, 7);
  cr_assert_eq(options.batch.only_run, 4);
  cr_assert_eq(options.batch.jobs, 3);
  cr_assert(options.batch.detail_all && options.batch.liveness_given);
  cr_assert_eq(options.batch.liveness, LIVENESS_PACKET);
  cr_assert_str_eq(options.liveness, "packet");
  cr_assert_str_eq(options.out, "out");
  cr_assert_str_eq(options.plots, "plots");
  cr_assert(options.quiet && options.format_given && !options.resume);
  cr_assert_str_eq(report_format_name(options.format), "json");
  cr_assert_eq(g_strv_length(options.arguments), 1);
  options_clear(&options);
}

Test(options, of_one_run) {
  Options options;
  assert_parsed(&command_explain, "--variant slow --event 2 --traffic t a.yaml", &options);
  cr_assert_str_eq(options.variant, "slow");
  cr_assert(options.event_given);
  cr_assert_eq(options.event, 2);
  cr_assert_str_eq(options.traffic, "t");
  options_clear(&options);
  assert_parsed(&command_show, "a.yaml fw-a --at 1.5m", &options);
  cr_assert_eq(options.at.ns, sim_time_s(90).ns);
  options_clear(&options);
}

/* Said twice the last word counts, but of --set every one does, in its order. */
Test(options, repeated) {
  Options options;
  assert_parsed(&command_run, "-n 3 --runs 5 --set b=1 --format csv --set a=2 --format json x",
                &options);
  cr_assert_eq(options.batch.runs, 5);
  cr_assert_str_eq(report_format_name(options.format), "json");
  cr_assert_eq(options.setting_count, 2);
  cr_assert_str_eq(options.settings[0].path, "b");
  cr_assert_str_eq(options.settings[1].path, "a");
  options_clear(&options);
}

/* The first equals sign ends the path. */
Test(options, settings) {
  Options options;
  assert_parsed(&command_check, "--set nvas.*.boot=1s --set a=b=c --set d= x", &options);
  static const char *const expected[][2] = {{"nvas.*.boot", "1s"}, {"a", "b=c"}, {"d", ""}};
  cr_assert_eq(options.setting_count, G_N_ELEMENTS(expected));
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
    cr_assert_str_eq(options.settings[i].path, expected[i][0]);
    cr_assert_str_eq(options.settings[i].value, expected[i][1]);
  }
  options_clear(&options);
  const char *const takes = "--set takes PATH=VALUE, as in nvas.*.peers.rs.hold=30s, not ";
  for (guint i = 0; i < 2; i++) {
    const char *const wrong[] = {"boot", "=1s"};
    g_autofree char *line = g_strdup_printf("--set %s x", wrong[i]);
    g_autofree char *message = g_strdup_printf("%s'%s'", takes, wrong[i]);
    assert_refused(&command_check, line, message);
  }
  assert_refused(&command_check, "--set a=\xff x", "--set takes UTF-8 text");
}

/* Both ends of each range are in it. */
Test(options, numbers) {
  Options options;
  assert_parsed(&command_run, "--seed 0 --runs 1 --run 0 --jobs 1 x", &options);
  options_clear(&options);
  assert_parsed(&command_run, "--runs 10000000 --run 4294967295 --jobs 1024 x", &options);
  options_clear(&options);
  static const struct {
    const char *option, *value, *range;
  } wrong[] = {{"seed", "-1", "0 to 18446744073709551615"},
               {"seed", "18446744073709551616", "0 to 18446744073709551615"},
               {"runs", "0", "1 to 10000000"},
               {"runs", "10000001", "1 to 10000000"},
               {"runs", "3x", "1 to 10000000"},
               {"run", "4294967296", "0 to 4294967295"},
               {"jobs", "0", "1 to 1024"},
               {"jobs", "1025", "1 to 1024"}};
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autofree char *line = g_strdup_printf("--%s=%s x", wrong[i].option, wrong[i].value);
    g_autofree char *message = g_strdup_printf("--%s takes a whole number from %s, not '%s'",
                                               wrong[i].option, wrong[i].range, wrong[i].value);
    assert_refused(&command_run, line, message);
  }
  assert_refused(&command_explain, "--event 100001 x",
                 "--event takes a whole number from 0 to 100000, not '100001'");
}

Test(options, words_that_are_none) {
  assert_refused(&command_run, "--detail frist x",
                 "--detail does not take 'frist' (did you mean 'first'?); there are: first, all");
  assert_refused(&command_run, "--model gcp x",
                 "--model does not take 'gcp'; there are: azure, aws");
  assert_refused(
      &command_run, "--liveness lazzy x",
      "--liveness does not take 'lazzy' (did you mean 'lazy'?); there are: lazy, packet");
  assert_refused(
      &command_show, "--at 5 x",
      "--at takes a time such as 90s, not '5': a duration needs a unit, as in 300ms or 1.5s");
}

Test(options, what_does_not_go_together) {
  Options options;
  assert_refused(&command_run, "--json --format csv x",
                 "--json and --format csv contradict each other");
  assert_parsed(&command_run, "--json --format json x", &options);
  options_clear(&options);
  assert_refused(&command_batch, "--resume x",
                 "--resume needs --out DIR: it goes on with what is there");
  assert_parsed(&command_batch, "--resume --out d x", &options);
  cr_assert(options.resume);
  options_clear(&options);
}

Test(options, empty_names) {
  assert_refused(&command_batch, "--out= x", "--out takes a name, not an empty one");
  assert_refused(&command_batch, "--plots= x", "--plots takes a name, not an empty one");
  assert_refused(&command_run, "--peer-log= x", "--peer-log takes a name, not an empty one");
}

/* Near names are suggested, those of other commands are not. */
Test(options, unknown) {
  assert_refused(&command_run, "--detial all x",
                 "Unknown option --detial (did you mean 'detail'?); see routesim run --help");
  assert_refused(&command_check, "--detail all x",
                 "Unknown option --detail; see routesim check --help");
}

static gboolean takes(const Command *command, const char *line) {
  Options options;
  Status status = STATUS_DONE;
  g_autofree char *said = NULL;
  parse(command, line, &options, &status, &said);
  options_clear(&options);
  return strstr(said, "Unknown option") == NULL;
}

/* Each option belongs to the commands that can heed it: how many runs there are to those that do
 * more than one, what is meant by one run to those that look into one. */
Test(options, each_command_takes_what_it_heeds) {
#define RUNS "run batch compare "
#define ONE "explain reach show "
  static const struct {
    const char *line, *commands;
  } cases[] = {
      {"--model aws", RUNS ONE},
      {"--seed 1", RUNS ONE},
      {"--run 1", RUNS ONE},
      {"--liveness packet", RUNS ONE},
      {"--runs 2", RUNS},
      {"--jobs 1", RUNS},
      {"--out d", RUNS},
      {"--plots d", RUNS},
      {"--detail all", RUNS},
      {"--variant v", ONE},
      {"--at 1s", "reach show "},
      {"--event 0", "explain "},
      {"--traffic t", "explain "},
      {"--resume", "batch "},
      {"--trace d", "run "},
      {"--peer-log d", "run "},
      {"--set a=b", RUNS ONE "check "},
      {"--quiet", RUNS ONE "check "},
      {"--json", RUNS ONE "check facts "},
      {"--format csv", RUNS ONE "check facts "},
  };
  const Command *const commands[] = {&command_run,     &command_batch, &command_compare,
                                     &command_explain, &command_reach, &command_show,
                                     &command_check,   &command_facts};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (guint j = 0; j < G_N_ELEMENTS(commands); j++) {
      g_autofree char *word = g_strconcat(commands[j]->name, " ", NULL);
      cr_assert_eq(takes(commands[j], cases[i].line), strstr(cases[i].commands, word) != NULL,
                   "%s %s", commands[j]->name, cases[i].line);
    }
}

Test(options, how_many_arguments) {
  assert_refused(&command_batch, "--quiet",
                 "batch takes at least one argument: usage: routesim batch [OPTION...] PATH...");
  g_autofree char *message =
      g_strdup_printf("explain takes one argument: usage: routesim explain [OPTION...] %s",
                      command_explain.arguments);
  assert_refused(&command_explain, "a b", message);
}

/* Behind "--" a name may begin with a dash. */
Test(options, names_that_look_like_options) {
  Options options;
  assert_parsed(&command_run, "--quiet -- --json", &options);
  cr_assert_str_eq(options.arguments[0], "--json");
  cr_assert_str_eq(report_format_name(options.format), "table");
  options_clear(&options);
}
