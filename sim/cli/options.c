/* The options that commands share, as one table. */
#include <errno.h>
#include <string.h>

#include "cli_private.h"

/* The options as GOption reads them; what they mean is checked after. */
typedef struct {
  char *format, *model, *seed, *runs, *run, *jobs, *detail, *liveness, *out, *plots;
  char *variant, *at, *event, *traffic, *peer_log;
  char **set, **rest;
  gboolean json, resume, quiet, trace, help;
} Raw;

typedef struct {
  guint group; /* OPTION_ bit; 0: every command */
  const char *name;
  char letter;
  GOptionArg type;
  gsize offset;
  const char *doc, *value;
} OptionSpec;

#define RAW(field) G_STRUCT_OFFSET(Raw, field)

static const OptionSpec specs[] = {
    {.group = OPTION_RUNS | OPTION_ONE,
     .name = "model",
     .letter = 'm',
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(model),
     .doc = "Only this model",
     .value = "MODEL"},
    {.group = OPTION_RUNS | OPTION_ONE,
     .name = "seed",
     .letter = 's',
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(seed),
     .doc = "Seed, in place of the scenario's",
     .value = "SEED"},
    {.group = OPTION_RUNS,
     .name = "runs",
     .letter = 'n',
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(runs),
     .doc = "Replications, in place of the scenario's",
     .value = "N"},
    {.group = OPTION_RUNS,
     .name = "run",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(run),
     .doc = "Only replication N, as it is in the batch; no expect is judged",
     .value = "N"},
    {.group = OPTION_ONE,
     .name = "run",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(run),
     .doc = "Replication N, as it is in the batch, in place of the first",
     .value = "N"},
    {.group = OPTION_ONE,
     .name = "variant",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(variant),
     .doc = "This variant (default: base, the file as it stands)",
     .value = "NAME"},
    {.group = OPTION_AT,
     .name = "at",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(at),
     .doc = "The moment, such as 90s (default: the start, 0s)",
     .value = "TIME"},
    {.group = OPTION_WHY,
     .name = "event",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(event),
     .doc = "Event N of the scenario (default: 0)",
     .value = "N"},
    {.group = OPTION_WHY,
     .name = "traffic",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(traffic),
     .doc = "Only this traffic (default: all)",
     .value = "NAME"},
    {.group = OPTION_RUNS,
     .name = "jobs",
     .letter = 'j',
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(jobs),
     .doc = "Threads (default: one a core); results do not depend on it",
     .value = "N"},
    {.group = OPTION_RUNS,
     .name = "out",
     .letter = 'o',
     .type = G_OPTION_ARG_FILENAME,
     .offset = RAW(out),
     .doc = "Write the CSV files into DIR",
     .value = "DIR"},
    {.group = OPTION_RUNS,
     .name = "detail",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(detail),
     .doc = "Traffic and routes of the first run (default) or of all",
     .value = "first|all"},
    {.group = OPTION_RUNS | OPTION_ONE,
     .name = "liveness",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(liveness),
     .doc = "How quiet sessions are simulated, in place of the scenario's",
     .value = "lazy|packet"},
    {.group = OPTION_RESUME,
     .name = "resume",
     .type = G_OPTION_ARG_NONE,
     .offset = RAW(resume),
     .doc = "Go on with what an ended batch left in DIR"},
    {.group = OPTION_RUNS,
     .name = "plots",
     .type = G_OPTION_ARG_FILENAME,
     .offset = RAW(plots),
     .doc = "Write SVG pictures into DIR",
     .value = "DIR"},
    {.group = OPTION_TRACE,
     .name = "trace",
     .type = G_OPTION_ARG_NONE,
     .offset = RAW(trace),
     .doc = "Print what happened in the first run, with causes"},
    {.group = OPTION_TRACE,
     .name = "peer-log",
     .type = G_OPTION_ARG_FILENAME,
     .offset = RAW(peer_log),
     .doc = "Write the event log of the peers, where the cloud keeps one, to FILE",
     .value = "FILE"},
    {.group = OPTION_LOAD,
     .name = "set",
     .type = G_OPTION_ARG_FILENAME_ARRAY,
     .offset = RAW(set),
     .doc = "Change a value of the scenario, as a variant does; may be repeated",
     .value = "PATH=VALUE"},
    {.group = OPTION_FORMAT,
     .name = "format",
     .letter = 'f',
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(format),
     .doc = "How to print the results",
     .value = "table|csv|json|markdown"},
    {.group = OPTION_FORMAT,
     .name = "json",
     .type = G_OPTION_ARG_NONE,
     .offset = RAW(json),
     .doc = "Short for --format json"},
    {.group = OPTION_RUNS,
     .name = "quiet",
     .letter = 'q',
     .type = G_OPTION_ARG_NONE,
     .offset = RAW(quiet),
     .doc = "No progress bar, no warnings"},
    {.group = OPTION_QUIET,
     .name = "quiet",
     .letter = 'q',
     .type = G_OPTION_ARG_NONE,
     .offset = RAW(quiet),
     .doc = "No warnings, no advice"},
    {.name = "help",
     .letter = 'h',
     .type = G_OPTION_ARG_NONE,
     .offset = RAW(help),
     .doc = "Print this and end"},
};

static void raw_clear(Raw *raw) {
  char *texts[] = {raw->format,  raw->model,  raw->seed,     raw->runs,    raw->run,
                   raw->jobs,    raw->detail, raw->liveness, raw->out,     raw->plots,
                   raw->variant, raw->at,     raw->event,    raw->traffic, raw->peer_log};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_strfreev(raw->set);
  g_strfreev(raw->rest);
}

/* ---- values ------------------------------------------------------------------------- */

static gboolean read_number(const char *option, const char *text, guint64 least, guint64 most,
                            guint64 *number) {
  g_autoptr(GError) error = NULL;
  if (g_ascii_string_to_unsigned(text, 10, least, most, number, &error))
    return TRUE;
  complain("--%s takes a whole number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
           ", not '%s'",
           option, least, most, text);
  return FALSE;
}

static gboolean read_word(const char *option, const char *text, const char *const *names,
                          guint *index) {
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp(names[i], text) == 0) {
      *index = i;
      return TRUE;
    }
  g_autofree char *all = g_strjoinv(", ", (char **)names);
  g_autofree char *near = suggestion(text, names);
  complain("--%s does not take '%s'%s; there are: %s", option, text, near, all);
  return FALSE;
}

static gboolean read_model(const Raw *raw, Options *options) {
  g_autofree const char **names = g_new0(const char *, cloud_count() + 1);
  guint index = 0;
  if (raw->model == NULL)
    return TRUE;
  for (guint i = 0; i < cloud_count(); i++)
    names[i] = cloud_at(i)->name;
  if (!read_word("model", raw->model, names, &index))
    return FALSE;
  options->batch.model = cloud_at(index);
  return TRUE;
}

static gboolean read_numbers(const Raw *raw, Options *options) {
  guint64 runs = 0, run = 0, jobs = g_get_num_processors();
  if (raw->seed != NULL && !read_number("seed", raw->seed, 0, G_MAXUINT64, &options->batch.seed))
    return FALSE;
  if (raw->runs != NULL && !read_number("runs", raw->runs, 1, 10000000, &runs))
    return FALSE;
  if (raw->run != NULL && !read_number("run", raw->run, 0, G_MAXUINT32, &run))
    return FALSE;
  if (raw->jobs != NULL && !read_number("jobs", raw->jobs, 1, 1024, &jobs))
    return FALSE;
  options->batch.seed_given = raw->seed != NULL;
  options->batch.runs = (guint)runs;
  options->batch.only_run_given = raw->run != NULL;
  options->batch.only_run = (guint32)run;
  options->batch.jobs = (guint)jobs;
  return TRUE;
}

/* A moment of the run and a number of an event. */
static gboolean read_moment(const Raw *raw, Options *options) {
  const char *why;
  guint64 event = 0;
  if (raw->at != NULL && !sim_time_parse(raw->at, &options->at, &why)) {
    complain("--at takes a time such as 90s, not '%s': %s", raw->at, why);
    return FALSE;
  }
  if (raw->event != NULL && !read_number("event", raw->event, 0, 100000, &event))
    return FALSE;
  options->event_given = raw->event != NULL;
  options->event = (guint)event;
  return TRUE;
}

static gboolean read_words(const Raw *raw, Options *options) {
  static const char *const details[] = {"first", "all", NULL};
  static const char *const modes[] = {"lazy", "packet", NULL};
  guint detail = 0, mode = 0, format = 0;
  if (raw->detail != NULL && !read_word("detail", raw->detail, details, &detail))
    return FALSE;
  if (raw->liveness != NULL && !read_word("liveness", raw->liveness, modes, &mode))
    return FALSE;
  if (raw->format != NULL && !read_word("format", raw->format, report_format_names, &format))
    return FALSE;
  options->batch.detail_all = detail == 1;
  options->batch.liveness_given = raw->liveness != NULL;
  options->batch.liveness = mode == 1 ? LIVENESS_PACKET : LIVENESS_LAZY;
  options->format = report_format_find(raw->json             ? "json"
                                       : raw->format != NULL ? raw->format
                                                             : "table");
  options->format_given = raw->json || raw->format != NULL;
  return TRUE;
}

static gboolean read_settings(const Raw *raw, Options *options) {
  const guint count = raw->set == NULL ? 0 : g_strv_length(raw->set);
  options->settings = g_new0(ScenarioSetting, count + 1);
  for (guint i = 0; i < count; i++) {
    char *equals = strchr(raw->set[i], '=');
    if (equals == NULL || equals == raw->set[i]) {
      complain("--set takes PATH=VALUE, as in nvas.*.peers.rs.hold=30s, not '%s'", raw->set[i]);
      return FALSE;
    }
    if (!g_utf8_validate(raw->set[i], -1, NULL)) {
      complain("--set takes UTF-8 text");
      return FALSE;
    }
    char *path = g_strndup(raw->set[i], (gsize)(equals - raw->set[i]));
    options->settings[i] = (ScenarioSetting){path, equals + 1};
    options->setting_count++;
  }
  return TRUE;
}

static gboolean check_arguments(const Command *command, const Options *options) {
  const guint count = g_strv_length(options->arguments);
  if (count >= command->least && count <= command->most)
    return TRUE;
  complain("%s takes %s: usage: routesim %s [OPTION...] %s", command->name,
           command->most == 1    ? "one argument"
           : command->least == 0 ? "fewer arguments"
                                 : "at least one argument",
           command->name, command->arguments);
  return FALSE;
}

static gboolean check_names(const Raw *raw) {
  const char *const names[][2] = {
      {"out", raw->out}, {"plots", raw->plots}, {"peer-log", raw->peer_log}};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (names[i][1] != NULL && names[i][1][0] == '\0') {
      complain("--%s takes a name, not an empty one", names[i][0]);
      return FALSE;
    }
  return TRUE;
}

static gboolean check_together(const Raw *raw) {
  if (raw->resume && raw->out == NULL) {
    complain("--resume needs --out DIR: it goes on with what is there");
    return FALSE;
  }
  if (raw->json && raw->format != NULL && strcmp(raw->format, "json") != 0) {
    complain("--json and --format %s contradict each other", raw->format);
    return FALSE;
  }
  return TRUE;
}

/* What is text moves from `raw`; the rest is read. */
static gboolean take_values(const Command *command, Raw *raw, Options *options) {
  if (!check_names(raw) || !check_together(raw) || !read_model(raw, options) ||
      !read_numbers(raw, options) || !read_moment(raw, options) || !read_words(raw, options) ||
      !read_settings(raw, options))
    return FALSE;
  options->liveness = g_steal_pointer(&raw->liveness);
  options->out = g_steal_pointer(&raw->out);
  options->plots = g_steal_pointer(&raw->plots);
  options->variant = g_steal_pointer(&raw->variant);
  options->traffic = g_steal_pointer(&raw->traffic);
  options->peer_log = g_steal_pointer(&raw->peer_log);
  options->set = g_steal_pointer(&raw->set);
  options->resume = raw->resume;
  options->quiet = raw->quiet;
  options->trace = raw->trace;
  options->arguments = raw->rest != NULL ? g_steal_pointer(&raw->rest) : g_new0(char *, 1);
  return check_arguments(command, options);
}

/* ---- GOption ------------------------------------------------------------------------ */

static GOptionContext *make_context(const Command *command, Raw *raw) {
  GOptionContext *context = g_option_context_new(command->arguments);
  GArray *entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
  for (guint i = 0; i < G_N_ELEMENTS(specs); i++) {
    const OptionSpec *spec = &specs[i];
    if (spec->group != 0 && (command->options & spec->group) == 0)
      continue;
    const GOptionEntry entry = {
        spec->name, spec->letter, 0, spec->type, G_STRUCT_MEMBER_P(raw, spec->offset),
        spec->doc,  spec->value};
    g_array_append_val(entries, entry);
  }
  const GOptionEntry rest = {G_OPTION_REMAINING, 0,    0,   G_OPTION_ARG_FILENAME_ARRAY,
                             &raw->rest,         NULL, NULL};
  g_array_append_val(entries, rest);
  g_option_context_set_help_enabled(context, FALSE); /* ours notices a full disk */
  g_option_context_set_summary(context, command->summary);
  if (command->description != NULL)
    g_option_context_set_description(context, command->description);
  g_option_context_add_main_entries(context, (const GOptionEntry *)entries->data, NULL);
  g_array_free(entries, TRUE);
  return context;
}

Status print_help(GOptionContext *context) {
  g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
  Output *output = output_stdout();
  output_text(output, help);
  return finish_stdout(output);
}

/* The option in a message of GOption, for a suggestion: what stands behind "--". */
static void complain_about(const Command *command, const GError *error) {
  const char *names[G_N_ELEMENTS(specs) + 1] = {NULL};
  const char *dashes = strstr(error->message, "--");
  g_autofree char *near = NULL;
  guint count = 0;
  for (guint i = 0; i < G_N_ELEMENTS(specs); i++)
    if (specs[i].group == 0 || (command->options & specs[i].group) != 0)
      names[count++] = specs[i].name;
  if (g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION) && dashes != NULL)
    near = suggestion(dashes + 2, names);
  complain("%s%s; see routesim %s --help", error->message, near != NULL ? near : "", command->name);
}

gboolean options_parse(const Command *command, int argc, char **argv, Options *options,
                       Status *status) {
  Raw raw = {NULL};
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = make_context(command, &raw);
  gboolean go_on = FALSE;
  *options = (Options){.batch = {.jobs = 1}};
  if (!g_option_context_parse(context, &argc, &argv, &error)) {
    complain_about(command, error);
    *status = STATUS_CALL;
  } else if (raw.help) {
    *status = print_help(context);
  } else {
    go_on = take_values(command, &raw, options);
    *status = go_on ? STATUS_DONE : STATUS_CALL;
  }
  raw_clear(&raw);
  return go_on;
}

void options_clear(Options *options) {
  for (guint i = 0; i < options->setting_count; i++)
    g_free((char *)options->settings[i].path);
  g_free(options->settings);
  g_free(options->liveness);
  g_free(options->out);
  g_free(options->plots);
  g_free(options->variant);
  g_free(options->traffic);
  g_free(options->peer_log);
  g_strfreev(options->set);
  g_strfreev(options->arguments);
}
