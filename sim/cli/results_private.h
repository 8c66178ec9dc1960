/* Result folders, expectations and pictures. */
#pragma once
#include "cli_private.h"
#include "text_private.h"
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

/* A folder of results, locked for as long as it is open. Each scenario's rows are kept below
 * .parts/ as soon as they are there, and the journal then says so; at the end they are joined, so
 * that a batch that was killed can go on. */
typedef struct ResultFolder ResultFolder;

/* NULL without --out (then *status is STATUS_DONE), and after an error, which is told. With
 * --resume what the journal says is done is proven first: another call is STATUS_CALL, other files
 * than were written STATUS_IO. Without, the folder begins anew. */
ResultFolder *result_folder_open(const Options *options, const Loaded *loaded, Status *status);
void result_folder_free(ResultFolder *folder);
/* All files are there already. */
gboolean result_folder_is_complete(const ResultFolder *folder);
/* The rows and pictures of this file are. */
gboolean result_folder_has(const ResultFolder *folder, guint file);
/* The parts are joined file by file; manifest.json is written last. */
Status result_folder_finish(ResultFolder *folder);
/* summary.csv of the finished folder; NULL after an error. Caller frees. */
char *result_folder_summary(const ResultFolder *folder, Status *status);

/* The folder of pictures, if there shall be one, is locked until plots_folder_release(). */
Status plots_folder_hold(const Options *options, int *held);
void plots_folder_release(int held);
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
/* "FILE:LINE:COLUMN" of an expectation. */
void append_expect_place(GString *out, const Mark *mark, const ScenarioFile *file);

/* ---- pictures ----------------------------------------------------------------------- */

/* The callback gets one picture as text. */
typedef Status (*PictureDone)(gpointer data, const char *directory, const char *name,
                              const GString *text);

/* `done` gets every picture of a file, for --plots. */
Status write_plots(const ScenarioFile *file, const Options *options, const Batch *batch,
                   PictureDone done, gpointer data);

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
