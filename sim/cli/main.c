/* routesim: finds the command and runs it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli_private.h"
#include "routesim/base/memory.h"
#include "routesim/cloud/cloud.h"
#include "routesim/report/manifest.h"

static const Command *const commands[] = {
    &command_run,    &command_batch,    &command_compare,     &command_check,
    &command_show,   &command_reach,    &command_explain,     &command_facts,
    &command_survey, &command_campaign, &command_sensitivity, &command_calibrate};

static const Command *find_command(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
    if (strcmp(commands[i]->name, name) == 0)
      return commands[i];
  return NULL;
}

static Status complain_about_command(const char *name) {
  const char *names[G_N_ELEMENTS(commands) + 1] = {NULL};
  for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
    names[i] = commands[i]->name;
  g_autofree char *near = suggestion(name, names);
  complain("unknown command '%s'%s; see routesim --help", name, near);
  return STATUS_CALL;
}

static Status print_version(void) {
  Output *output = output_stdout();
  output_text(output, "routesim " ROUTESIM_VERSION "\n");
  return finish_stdout(output);
}

static char *command_list(void) {
  GString *out = g_string_new("Commands:\n");
  for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
    g_autofree char *call = g_strdup_printf("%s %s", commands[i]->name, commands[i]->arguments);
    g_string_append_printf(out, "  %-17s %s\n", call, commands[i]->summary);
  }
  g_string_append(
      out, "\n'routesim COMMAND --help' tells its options.\n"
           "Exit status: 0 done; 1 an expectation did not hold; 2 the call or a "
           "scenario is wrong;\n3 something could not be read or written, or memory or threads "
           "ran out.");
  return g_string_free(out, FALSE);
}

static Status run_command(const Command *command, int argc, char **argv) {
  g_autofree char *name = g_strdup_printf("routesim %s", command->name);
  Options options;
  Status status;
  g_set_prgname(name);
  if (options_parse(command, argc, argv, &options, &status))
    status = command->run(&options);
  options_clear(&options);
  return status;
}

/* A file that is opened later must not get the number of a stream that was closed, or it would hold
 * what we print. Each is opened the wrong way round, so that using it stays an error. */
static void open_standard_streams(void) {
  for (int number = STDIN_FILENO; number <= STDERR_FILENO; number++)
    if (fcntl(number, F_GETFD) < 0 &&
        open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY) != number)
      _exit(STATUS_IO);
}

/* "Simulates how A, B and C fail over." */
static char *summary_of_clouds(void) {
  g_autoptr(GString) titles = g_string_new(NULL);
  for (guint i = 0; i < cloud_count(); i++)
    g_string_append_printf(titles, "%s%s",
                           i == 0                   ? ""
                           : i + 1 == cloud_count() ? " and "
                                                    : ", ",
                           cloud_at(i)->title);
  return g_strdup_printf("Simulates how %s fail over.", titles->str);
}

int main(int argc, char **argv) {
  gboolean version = FALSE, help = FALSE;
  const GOptionEntry entries[] = {
      {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version and end", NULL},
      {"help", 'h', 0, G_OPTION_ARG_NONE, &help, "Print this and end", NULL},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new("COMMAND [ARGUMENT...]");
  g_autofree char *list = command_list();
  g_autofree char *summary = summary_of_clouds();
  open_standard_streams();
  memory_watch();
  signal(SIGPIPE, SIG_IGN); /* a reader that leaves is an error of write() */
  signal(SIGXFSZ, SIG_IGN); /* and so is a file that may grow no further */
  g_set_prgname("routesim");
  g_option_context_set_strict_posix(context, TRUE);
  g_option_context_set_help_enabled(context, FALSE);
  g_option_context_set_summary(context, summary);
  g_option_context_set_description(context, list);
  g_option_context_add_main_entries(context, entries, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error)) {
    complain("%s; see routesim --help", error->message);
    return STATUS_CALL;
  }
  if (version)
    return print_version();
  if (argc > 1 && strcmp(argv[1], "--") == 0) {
    argc--;
    argv++;
  }
  if (help || (argc == 2 && strcmp(argv[1], "help") == 0))
    return print_help(context);
  if (argc < 2) {
    complain("no command given; see routesim --help");
    return STATUS_CALL;
  }
  const Command *command = find_command(argv[1]);
  if (command == NULL)
    return complain_about_command(argv[1]);
  return run_command(command, argc - 1, argv + 1);
}
