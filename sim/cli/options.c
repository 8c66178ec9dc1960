/* The options that commands share, as one table. */
#include <errno.h>
#include <string.h>

#include "cli_private.h"
#include "routesim/language/compose.h"
#include "routesim/run/campaign.h"

/* The options as GOption reads them; what they mean is checked after. */
typedef struct {
  char *format, *model, *seed, *runs, *run, *jobs, *detail, *liveness, *out, *plots;
  char *variant, *at, *event, *traffic, *peer_log, *how, *years, *method, *measure, *stat, *until;
  char *traits, *data, *fit;
  char **set, **ranges, **rest;
  gboolean json, resume, quiet, trace, pairs, spans, help;
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
    {.group = OPTION_RUNS | OPTION_ONE | OPTION_FIT,
     .name = "model",
     .letter = 'm',
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(model),
     .doc = "Only this model",
     .value = "MODEL"},
    {.group = OPTION_RUNS | OPTION_ONE | OPTION_FIT,
     .name = "seed",
     .letter = 's',
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(seed),
     .doc = "Seed, in place of the scenario's",
     .value = "SEED"},
    {.group = OPTION_RUNS | OPTION_FIT,
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
    {.group = OPTION_UNTIL,
     .name = "until-ci",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(until),
     .doc = "Go on until every interval is no wider: 500ms, or 5% of the value; --runs is the most",
     .value = "WIDTH"},
    {.group = OPTION_UNTIL,
     .name = "measure",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(measure),
     .doc = "Of which measure (default: outage)",
     .value = "MEASURE"},
    {.group = OPTION_UNTIL,
     .name = "stat",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(stat),
     .doc = "Of which statistic of it (default: mean)",
     .value = "STAT"},
    {.group = OPTION_SPAN,
     .name = "ranges",
     .type = G_OPTION_ARG_NONE,
     .offset = RAW(spans),
     .doc = "How far the median outage can lie over what nobody has published"},
    {.group = OPTION_ANSWER,
     .name = "measure",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(measure),
     .doc = "A measure of summary.csv (default: outage)",
     .value = "MEASURE"},
    {.group = OPTION_ANSWER,
     .name = "stat",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(stat),
     .doc = "Of the measure over the runs (default: p50)",
     .value = "STAT"},
    {.group = OPTION_ANSWER,
     .name = "range",
     .type = G_OPTION_ARG_STRING_ARRAY,
     .offset = RAW(ranges),
     .doc = "Another range of a trait; may be repeated",
     .value = "TRAIT=LOW..HIGH"},
    {.group = OPTION_WHY | OPTION_ANSWER | OPTION_FIT,
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
    {.group = OPTION_RUNS | OPTION_FIT,
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
    {.group = OPTION_FIT,
     .name = "out",
     .letter = 'o',
     .type = G_OPTION_ARG_FILENAME,
     .offset = RAW(out),
     .doc = "Write traits.yaml into DIR",
     .value = "DIR"},
    {.group = OPTION_FIT,
     .name = "data",
     .type = G_OPTION_ARG_FILENAME,
     .offset = RAW(data),
     .doc = "What was measured: a column of seconds, or what ping -D or fping -l -D printed",
     .value = "DATA"},
    {.group = OPTION_FIT,
     .name = "fit",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(fit),
     .doc = "Traits to be fitted, in full or short, such as azure.program",
     .value = "TRAIT,..."},
    {.group = OPTION_FIT,
     .name = "measure",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(measure),
     .doc = "What the data are of (default: outage), or a measure in seconds",
     .value = "outage|probe:NAME"},
    {.group = OPTION_DETAIL,
     .name = "detail",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(detail),
     .doc = "Traffic and routes of the first run (default) or of all",
     .value = "first|all"},
    {.group = OPTION_RUNS | OPTION_ONE | OPTION_FIT,
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
    {.group = OPTION_SURVEY,
     .name = "how",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(how),
     .doc = "Kinds of failure, separated by commas, or all (default: silent)",
     .value = "KIND,..."},
    {.group = OPTION_SURVEY,
     .name = "pairs",
     .type = G_OPTION_ARG_NONE,
     .offset = RAW(pairs),
     .doc = "After each failure, when the network has settled, each other element fails too"},
    {.group = OPTION_YEARS,
     .name = "method",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(method),
     .doc = "How years are drawn: plain, or so that rare double failures are found",
     .value = "plain|biased|split"},
    {.group = OPTION_YEARS,
     .name = "years",
     .type = G_OPTION_ARG_STRING,
     .offset = RAW(years),
     .doc = "Years of random failures (default: 100); each is a replication of --runs",
     .value = "N"},
    {.group = OPTION_LOAD,
     .name = "set",
     .type = G_OPTION_ARG_FILENAME_ARRAY,
     .offset = RAW(set),
     .doc = "Change a value of the scenario, as a variant does; may be repeated",
     .value = "PATH=VALUE"},
    {.group = OPTION_LOAD,
     .name = "traits",
     .type = G_OPTION_ARG_FILENAME,
     .offset = RAW(traits),
     .doc = "Set what FILE says of your cloud, before variants, as calibrate writes it",
     .value = "FILE"},
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
    {.group = OPTION_RUNS | OPTION_FIT,
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
                   raw->variant, raw->at,     raw->event,    raw->traffic, raw->peer_log,
                   raw->how,     raw->years,  raw->method,   raw->measure, raw->stat,
                   raw->until,   raw->traits, raw->data,     raw->fit};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_strfreev(raw->set);
  g_strfreev(raw->ranges);
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
  if (raw->years != NULL && !read_number("years", raw->years, 1, 10000000, &runs))
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
  options->method = 0;
  if (raw->method != NULL && !read_word("method", raw->method, campaign_methods, &options->method))
    return FALSE;
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

/* Which answer is asked for. */
static gboolean read_answer(const Command *command, const Raw *raw, Options *options) {
  const char *names[MEASURE_COUNT + 1] = {NULL};
  Measure meant[MEASURE_COUNT];
  guint count = 0, measure = 0;
  guint statistic = raw->until != NULL ? STATISTIC_MEAN : STATISTIC_P50;
  options->measure = MEASURE_OUTAGE;
  if ((command->options & (OPTION_ANSWER | OPTION_UNTIL)) == 0)
    return TRUE;
  for (guint i = 0; i < MEASURE_COUNT; i++)
    if (measure_stands_in((Measure)i, MEASURE_IN_SUMMARY)) {
      meant[count] = (Measure)i;
      names[count++] = measure_name((Measure)i);
    }
  if (raw->measure != NULL && !read_word("measure", raw->measure, names, &measure))
    return FALSE;
  if (raw->measure != NULL)
    options->measure = meant[measure];
  if (raw->stat != NULL && !read_word("stat", raw->stat, summary_statistics, &statistic))
    return FALSE;
  options->statistic = (Statistic)statistic;
  return TRUE;
}

/* "5%" of the value, or an amount of the measure: a duration, or a number of what is counted. */
static gboolean read_width(const Raw *raw, Options *options) {
  const gboolean is_time = measure_is_time(options->measure);
  const char *text = raw->until, *why;
  char *end = NULL;
  SimTime time;
  if (text == NULL)
    return TRUE;
  if (is_time && sim_time_parse(text, &time, &why)) {
    options->until_width = sim_time_seconds(time);
  } else {
    const gboolean is_number = g_ascii_isdigit(text[0]);
    options->until_width = g_ascii_strtod(text, &end);
    options->until_is_share = strcmp(end, "%") == 0;
    if (options->until_is_share)
      options->until_width /= 100;
    if (!is_number || (!options->until_is_share && (is_time || *end != '\0')))
      options->until_width = 0;
  }
  if (options->until_width > 0 && options->until_width < G_MAXDOUBLE)
    return TRUE;
  complain("--until-ci takes a width above 0, such as %s or 5%%, not '%s'",
           is_time ? "500ms" : "10", text);
  return FALSE;
}

static gboolean check_statistic(const Command *command, const Raw *raw, const Options *options) {
  if ((command->options & OPTION_UNTIL) == 0)
    return TRUE;
  if (raw->until == NULL && (raw->measure != NULL || raw->stat != NULL)) {
    complain("--%s is for --until-ci WIDTH: it says whose interval that is",
             raw->measure != NULL ? "measure" : "stat");
    return FALSE;
  }
  if (raw->until == NULL ||
      (options->statistic != STATISTIC_MIN && options->statistic != STATISTIC_MAX))
    return TRUE;
  complain("--until-ci: '%s' has no interval; mean, p50, p95 and p99 have one", raw->stat);
  return FALSE;
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
  const char *const names[][2] = {{"out", raw->out},
                                  {"plots", raw->plots},
                                  {"peer-log", raw->peer_log},
                                  {"traits", raw->traits},
                                  {"data", raw->data}};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (names[i][1] != NULL && names[i][1][0] == '\0') {
      complain("--%s takes a name, not an empty one", names[i][0]);
      return FALSE;
    }
  return TRUE;
}

static gboolean check_together(const Raw *raw) {
  if (raw->years != NULL && raw->runs != NULL) {
    complain("--years and --runs are the same: one of them is enough");
    return FALSE;
  }
  if (raw->until != NULL && raw->run != NULL) {
    complain("--until-ci and --run contradict each other: one replication has no interval");
    return FALSE;
  }
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
      !read_answer(command, raw, options) || !read_width(raw, options) ||
      !check_statistic(command, raw, options) || !read_settings(raw, options))
    return FALSE;
  options->liveness = g_steal_pointer(&raw->liveness);
  options->out = g_steal_pointer(&raw->out);
  options->plots = g_steal_pointer(&raw->plots);
  options->variant = g_steal_pointer(&raw->variant);
  options->traffic = g_steal_pointer(&raw->traffic);
  options->peer_log = g_steal_pointer(&raw->peer_log);
  options->set = g_steal_pointer(&raw->set);
  options->traits_file = g_steal_pointer(&raw->traits);
  options->data = g_steal_pointer(&raw->data);
  options->fit = g_steal_pointer(&raw->fit);
  options->gaps = g_steal_pointer(&raw->measure);
  options->how = g_steal_pointer(&raw->how);
  options->ranges = g_steal_pointer(&raw->ranges);
  options->until = g_steal_pointer(&raw->until);
  options->most = g_steal_pointer(&raw->runs);
  options->spans = raw->spans;
  options->resume = raw->resume;
  options->pairs = raw->pairs;
  options->quiet = raw->quiet;
  options->trace = raw->trace;
  options->arguments = raw->rest != NULL ? g_steal_pointer(&raw->rest) : g_new0(char *, 1);
  return check_arguments(command, options);
}

/* A file of the call is read once, whatever it is said of. */
static Status read_traits(Options *options) {
  g_autoptr(GError) error = NULL;
  gsize length;
  if (options->traits_file == NULL)
    return STATUS_DONE;
  char *text = compose_read_file(options->traits_file, &length, &error);
  if (text == NULL) {
    complain("cannot read %s: %s", options->traits_file, error->message);
    return STATUS_IO;
  }
  options->traits = (ScenarioTraits){options->traits_file, text, length};
  return STATUS_DONE;
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
    *status = take_values(command, &raw, options) ? read_traits(options) : STATUS_CALL;
    go_on = *status == STATUS_DONE;
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
  g_free(options->how);
  g_free(options->until);
  g_free(options->most);
  g_free(options->traits_file);
  g_free(options->data);
  g_free(options->fit);
  g_free(options->gaps);
  g_free((char *)options->traits.text);
  g_strfreev(options->set);
  g_strfreev(options->ranges);
  g_strfreev(options->arguments);
}
