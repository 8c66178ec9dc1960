/* The commands, and what they share: the call as typed values, the way to the exit status.
 *
 *     main() -> Command (a row) -> options_parse() -> Options
 *       -> load_scenarios(): read, checked, told on standard error -> Loaded
 *       -> run_and_print(): for each file a Batch -> a print hook -> Report on standard output
 *                                                 -> ResultFolder, pictures, expectations
 *       -> the worst Status
 *
 * A command is a file here and a Command: its name, its arguments, which groups of options it
 * takes, and a function. main.c finds it by name in a table. Nobody else in sim/ prints, but for
 * the one message where memory ends: standard output is an Output that the command opens and ends
 * with finish_stdout(); what is told of the call, of files and of progress goes to standard error,
 * through complain() and its sisters, which make text of others safe for a terminal.
 *
 * `run`, `batch` and `compare` make runs. They share execute.c, which makes a batch of one file at
 * a time, so that memory holds the rows of one file and a process that is killed loses one; with
 * --out a ResultFolder (folder.c) keeps finished pieces and a journal, by which --resume goes on.
 * `show`, `reach` and `explain` look into one run (inspect_private.h), `check` reads files and adds
 * advice, `facts` prints the table that is built in.
 *
 * An exit status is a Status, and a worse one wins: 1 an expectation did not hold, 2 the call or a
 * scenario is wrong, 3 something could not be read or written. */
#pragma once
#include "options_private.h"

/* Exit statuses; a worse one wins over a better one. */
typedef enum {
  STATUS_DONE = 0,
  STATUS_EXPECT = 1, /* an `expect` did not hold */
  STATUS_CALL = 2,   /* the call or a scenario's content is wrong */
  STATUS_IO = 3,     /* something could not be read or written */
} Status;

static inline Status status_worse(Status a, Status b) { return a > b ? a : b; }

/* ---- commands ----------------------------------------------------------------------- */

typedef struct {
  const char *name, *arguments; /* "run", "FILE" */
  const char *summary;          /* one line */
  const char *description;      /* for --help; may be NULL */
  guint options;                /* OPTION_ bits */
  guint least, most;            /* arguments */
  Status (*run)(const Options *options);
} Command;

extern const Command command_run, command_batch, command_compare, command_check, command_facts;
extern const Command command_survey, command_campaign, command_sensitivity, command_calibrate,
    command_show, command_reach, command_explain;

/* argv has the words behind the command's name. FALSE: nothing is to be run (help was
 * printed, or the call is wrong) and *status says with which status to end. */
gboolean options_parse(const Command *command, int argc, char **argv, Options *options,
                       Status *status);
void options_clear(Options *options);
/* What `--help` says, to standard output. */
Status print_help(GOptionContext *context);

/* ---- messages ----------------------------------------------------------------------- */

/* "routesim: ..." and a line end, to standard error, safe for a terminal whatever it quotes. */
void complain(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* The same without a name before it: a line with a place of its own. */
void tell_line(const char *text);
/* TRUE where standard error is a terminal that wants colours. */
gboolean colour_wanted(void);
/* " (did you mean 'x'?)" or "". Caller frees. */
char *suggestion(const char *word, const char *const *names);
/* Standard output ends; a reader that left (EPIPE) is no reason for a message. */
Status finish_stdout(Output *output);

/* ---- loading ------------------------------------------------------------------------ */

/* Files by path, loaded and right: ScenarioFile *, freed with the array. */
typedef struct {
  GPtrArray *files;
  GPtrArray *paths; /* char * */
} Loaded;

/* What the call does to every file: --set and --traits. Borrowed from the options. */
ScenarioChanges scenario_changes(const Options *options);
/* What is wrong goes to standard error. `folders`: folders stand for all *.yaml in them. */
Status load_scenarios(const Options *options, gboolean folders, Loaded *loaded);
void loaded_clear(Loaded *loaded);
/* They are loaded, worked on where nothing is wrong, and cleared. */
Status with_scenarios(const Options *options, gboolean folders,
                      Status (*work)(const Options *options, const Loaded *loaded));
/* One file; what is said about it goes to `diagnostics`, and *file may be there though it is wrong.
 * Tells on standard error only that the file cannot be read. */
Status load_diagnosed(const Options *options, const char *path, ScenarioFile **file,
                      Diagnostics *diagnostics);
/* They go to standard error; with --quiet errors alone. */
void tell_diagnostics(const Options *options, Diagnostics *diagnostics);
/* One file. What is wrong stands on standard error; *file may be there all the same. */
Status load_file(const Options *options, const char *path, ScenarioFile **file);

/* ---- progress ----------------------------------------------------------------------- */

/* A bar on standard error, where that is a terminal, else a line of figures now and then; nothing
 * of what is soon over. */
typedef struct {
  gboolean enabled, is_terminal, shown;
  guint64 before, all; /* done before this batch, and of all batches; 0: as it is told first */
  gint64 started, last;
  const char *what; /* is counted; NULL: "runs" */
  char *note;       /* what else there is to say of it, or NULL; the caller's */
} Progress;

void progress_begin(Progress *progress, const Options *options, guint64 all);
void progress_update(gpointer progress, guint64 done, guint64 all);
/* The bar goes, so that something can be told; the next update brings it back. */
void progress_end(Progress *progress);
