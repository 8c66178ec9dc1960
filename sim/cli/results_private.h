/* Result folders, expectations and pictures. */
#pragma once
#include "cli_private.h"
#include "text_private.h"
#include "routesim/report/manifest.h"
#include "routesim/report/rows.h"

/* ---- rows --------------------------------------------------------------------------- */

/* All rows of one kind of a batch, as a table of `report`. */
void write_rows(Report *report, RowsKind kind, const Batch *batch);
/* summary.csv of a batch. Caller frees. */
char *summary_text(const Batch *batch);
/* The rows of CSV text, without its header, go as written to a table that was begun. */
void copy_csv(Report *report, const char *csv);
/* `all` gets the CSV text; its header only where there is none yet. */
void join_csv(GString *all, const char *csv);

/* FALSE where it never happened, or was 0, in every run of every cell; that there was no
 * outage says something where there are flows. */
gboolean says_something(const Batch *batch, guint event, Measure measure);
/* How many replications a call asks for. */
guint32 planned_runs(const Options *options, const Design *body);

/* The longest gap of a probe, in seconds, over the runs of a cell. */
Summary probe_gap(const BatchCell *cell, const char *probe);
/* Not once, in any run of the cell. */
gboolean probe_is_never_answered(const BatchCell *cell, const char *probe);
/* A row for each probe and cell, for people; nothing where there is none. */
void print_probes(Report *report, const Batch *batch);

/* Where packets ended in the first run, and why: of the file as it stands for people, of every
 * variant for programs. Needs detail. */
void print_stops(Report *report, const Batch *batch);
/* What did not pass in the first run just before the event (MetricStop); nothing where that run's
 * detail was not asked for. Caller frees. */
GArray *stops_before(const BatchCell *cell, guint event);
/* How many flows these are, and why: "no-route at hub/app". */
guint64 count_stopped(const GArray *stops);
void append_reasons(GString *out, const GArray *stops);

/* ---- folders ------------------------------------------------------------------------ */

/* What a command keeps in a folder: tables, of rows that come piece by piece. */
typedef struct {
  const char *word;              /* in the names of its journal, parts and manifest; or NULL */
  const char *const *tables;     /* each is NAME.csv; NULL-terminated */
  guint copied;                  /* bits of the tables that result_folder_text() is asked for */
  GPtrArray *pieces;             /* char * that may stand in a file's name, in the rows' order */
  const ManifestOption *options; /* of this command alone, that can change rows; or NULL */
} FolderPlan;
typedef void (*TableWriter)(Report *report, guint table, gconstpointer rows);

/* A folder of results, locked for as long as it is open. Each piece's rows are kept below
 * .parts/ as soon as they are there, and the journal then says so; at the end they are joined, so
 * that a command that was killed can go on. */
typedef struct ResultFolder ResultFolder;

/* NULL without --out (then *status is STATUS_DONE), and after an error, which is told. With
 * --resume what the journal says is done is proven first: another call is STATUS_CALL, other files
 * than were written STATUS_IO. Without, the folder begins anew. */
ResultFolder *result_folder_open(const Options *options, const Loaded *loaded,
                                 const FolderPlan *plan, Status *status);
/* The same for all that makes batches: the tables of rows.h, and a piece for each file. */
ResultFolder *batch_folder_open(const Options *options, const Loaded *loaded, Status *status);
void result_folder_free(ResultFolder *folder);
/* All pieces are there already. */
gboolean result_folder_is_complete(const ResultFolder *folder);
/* The rows and pictures of this piece are. */
gboolean result_folder_has(const ResultFolder *folder, guint piece);
/* Rows of a piece go to the disk; `files` are its pictures, which are there. */
Status result_folder_add(ResultFolder *folder, guint piece, GPtrArray *files, TableWriter write,
                         gconstpointer rows);
/* No files yet; the caller's. */
GPtrArray *result_files_new(void);
/* The parts are joined piece by piece; the manifest is written last. */
Status result_folder_finish(ResultFolder *folder);
/* With --until-ci: how many runs were found to be enough, by this call or by one that was killed
 * behind that; 0: not yet. Once it is set the journal has it, and the manifest tells it. */
guint result_folder_runs(const ResultFolder *folder);
Status result_folder_set_runs(ResultFolder *folder, guint runs);
/* A table of the finished folder, one of the plan's `copied`; NULL after an error. Caller frees. */
char *result_folder_text(const ResultFolder *folder, guint table, Status *status);

/* The folder of pictures, if there shall be one, is locked until plots_folder_release(). */
Status plots_folder_hold(const Options *options, int *held);
void plots_folder_release(int held);
/* One picture into the folder of --plots, where that is asked for. */
Status write_one_picture(const Options *options, const char *name, const GString *text);
/* Pictures and rows of one file, on the disk; `folder` may be NULL. */
Status write_results(ResultFolder *folder, const Options *options, const Loaded *loaded, guint file,
                     const Batch *batch);

/* ---- expectations ------------------------------------------------------------------- */

/* Every `expect` of a file is judged by summary rows as they are written; told are those
 * that do not hold. */
Status check_expectations(const ScenarioFile *file, const char *summary);
/* Warns of bounds from above that hold because nothing arrived that an event could stop. Needs
 * detail. */
void warn_of_idle_expectations(const ScenarioFile *file, const Batch *batch);
/* The same for those about who reaches whom, each in a run of its own up to its moment. */
Status check_reach_expectations(const ScenarioFile *file);
/* Those about a survey are told as left to `survey`. */
void tell_survey_expectations(const ScenarioFile *file);
/* "FILE:LINE:COLUMN" of an expectation. */
void append_expect_place(GString *out, const Mark *mark, const ScenarioFile *file);

/* ---- pictures ----------------------------------------------------------------------- */

/* The callback gets one picture as text. */
typedef Status (*PictureDone)(gpointer data, const char *directory, const char *name,
                              const GString *text);

/* `done` gets every picture of a file, for --plots. */
Status write_plots(const ScenarioFile *file, const Options *options, const Batch *batch,
                   PictureDone done, gpointer data);

/* ---- runs until an interval is narrow enough (until.c)
 * ------------------------------------------- */

/* How many runs --until-ci looks at first, and then; the same again: there are no more. */
guint until_first(const Options *options);
guint until_next(const Options *options, guint runs);

/* The row whose interval is the widest, measured by what is asked for. */
typedef struct {
  const BatchCell *cell; /* NULL: no row has an interval to wait for */
  guint event;
  double width; /* infinite: it has none yet */
  double share; /* of the width that is allowed: enough where it is at most 1 */
} UntilWidest;
/* Over all batches (Batch *). Rows of what never happened have nothing to wait for, nor have those
 * whose mean can no longer be known since a run ended before it was over. */
UntilWidest until_widest(const Options *options, const GPtrArray *batches);
/* "interval 2.1 s wide"; "" where it has none yet. Caller frees. */
char *until_note(const Options *options, const UntilWidest *widest);
/* Tells what was not reached with the most runs, and rows that were not waited for. */
void until_tell(const Options *options, const GPtrArray *batches, const UntilWidest *widest);

/* ---- running files ------------------------------------------------------------------ */

/* Is called after the runs of one file, when standard error is free for messages. */
typedef Status (*FileDone)(gpointer data, guint file, const Batch *batch);

/* All files run one by one, with a bar; rows go to `folder` and pictures to --plots, where
 * these are asked for. `detail`: the callback wants traffic and routes of run 0. */
Status run_files(const Options *options, const Loaded *loaded, ResultFolder *folder,
                 gboolean detail, FileDone done, gpointer data);

/* What a command prints of the files that it ran. */
typedef struct {
  const Options *options;
  const Loaded *loaded;
  Report *report; /* on standard output */
  gpointer data;  /* the command's own */
} Printer;

typedef struct {
  gboolean folders; /* arguments may be folders */
  gboolean detail;  /* print() wants traffic and routes, or the trace, of run 0 */
  void (*print)(const Printer *printer, guint file, const Batch *batch);
  void (*finish)(const Printer *printer); /* after the last file; may be NULL */
  gpointer data;
} PrintHooks;

/* This is all of `run` and `compare`: to load, run, print, judge, and write --out. */
Status run_and_print(const Options *options, const PrintHooks *hooks);
