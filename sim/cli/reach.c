/* routesim reach FILE [--at T]: who reaches whom, and which rule of the cloud forbids the rest.
 *
 * A matrix for each model: from every subnet with hosts, every site and the Internet (rows) to
 * every other (columns). A cell is the way that a new session takes (`direct`, or the elements
 * that it passes), where packets arrive in both directions; `no` with the rule that forbids it, or
 * with the reason where no rule of the cloud does; `partly` where only some hosts, or some choices
 * among equal next hops, get through. Below stands what the rule says, by the facts
 * (`routesim facts ID`), for each cell that differs between the models, then for what is forbidden
 * under all of them or under the only one. csv and json have a row for each cell.
 *
 * In a scenario, `expect: [{model: aws, reach: [branch, dc], is: off}]` makes a cell a test. */
#include <string.h>

#include "inspect_private.h"

typedef struct {
  const CloudClass *cloud;
  Inspection *inspection;
  Reachability *cells; /* row by row */
} Matrix;

static void matrix_free(gpointer data) {
  Matrix *matrix = data;
  inspection_free(matrix->inspection);
  g_free(matrix->cells);
  g_free(matrix);
}

static Matrix *matrix_new(const Options *options, const Inspected *inspected,
                          const CloudClass *cloud) {
  Matrix *matrix = g_new0(Matrix, 1);
  matrix->cloud = cloud;
  matrix->inspection = inspection_new(inspected->scenario, cloud, &inspected->run, options->at);
  const guint count = inspection_place_count(matrix->inspection);
  matrix->cells = g_new0(Reachability, (gsize)count * count);
  for (guint from = 0; from < count; from++)
    for (guint to = 0; to < count; to++)
      if (from != to)
        matrix->cells[from * count + to] = inspection_reach(matrix->inspection, from, to);
  return matrix;
}

static const Reachability *cell_of(const Matrix *matrix, guint from, guint to) {
  return &matrix->cells[from * inspection_place_count(matrix->inspection) + to];
}

static const char *place(const GPtrArray *all, guint index) {
  return inspection_place(((const Matrix *)all->pdata[0])->inspection, index);
}

static const char *why_not(const Reachability *cell) {
  return cell->rule != NULL ? cell->rule : cell->reason;
}

/* ---- the matrix ---------------------------------------------------------------------------- */

static void add_cell(Report *report, const Reachability *cell) {
  g_autofree char *text = NULL;
  if (cell->verdict == REACH_YES)
    text = g_strdup(cell->forward);
  else if (cell->verdict == REACH_NO)
    text = g_strdup_printf("no: %s", why_not(cell));
  else
    text = g_strdup_printf("partly: %s; else no: %s", cell->forward, why_not(cell));
  report_text(report, text);
}

static void print_matrix(Report *report, const Matrix *matrix, const char *title) {
  const guint count = inspection_place_count(matrix->inspection);
  g_autofree Column *columns = g_new0(Column, count + 1);
  g_autofree char *heading = g_strdup_printf("%s: %s", matrix->cloud->name, title);
  columns[0] = (Column){"from \\ to", COLUMN_TEXT};
  for (guint i = 0; i < count; i++)
    columns[i + 1] = (Column){inspection_place(matrix->inspection, i), COLUMN_TEXT};
  report_begin(report, "matrix", heading, columns, count + 1);
  for (guint from = 0; from < count; from++) {
    report_text(report, inspection_place(matrix->inspection, from));
    for (guint to = 0; to < count; to++)
      if (from == to)
        report_empty(report);
      else
        add_cell(report, cell_of(matrix, from, to));
  }
  report_end(report);
}

/* ---- what the rules say ---------------------------------------------------------------------- */

static void append_verdict(GString *out, const Matrix *matrix, const Reachability *cell,
                           gboolean with_sentences) {
  g_string_append_printf(out, "%s ", matrix->cloud->name);
  if (cell->verdict != REACH_NO)
    g_string_append_printf(out, "%s%s%s", cell->verdict == REACH_PARTLY ? "in part " : "",
                           strcmp(cell->forward, "direct") == 0 ? "" : "via ", cell->forward);
  if (cell->verdict == REACH_PARTLY)
    g_string_append(out, ", else ");
  if (cell->verdict == REACH_YES)
    return;
  g_string_append_printf(out, "%s (%s at %s)", cell->rule != NULL ? "forbidden" : "no",
                         cell->reason, cell->where);
  if (cell->rule != NULL) {
    g_autofree char *sentences = fact_sentences(cell->rule);
    g_string_append_printf(out, ": %s", with_sentences ? sentences : cell->rule);
  }
}

typedef gboolean (*CellFilter)(const GPtrArray *all, guint from, guint to);

static gboolean differs(const GPtrArray *all, guint from, guint to) {
  for (guint i = 1; i < all->len; i++)
    if (cell_of(all->pdata[i], from, to)->verdict != cell_of(all->pdata[0], from, to)->verdict)
      return TRUE;
  return FALSE;
}

static gboolean is_forbidden(const GPtrArray *all, guint from, guint to) {
  gboolean rule = FALSE;
  for (guint i = 0; i < all->len; i++)
    rule |= cell_of(all->pdata[i], from, to)->rule != NULL;
  return rule && !differs(all, from, to);
}

/* Keeps each id once. */
static void collect_rules(const GPtrArray *all, guint from, guint to, GPtrArray *ids) {
  for (guint i = 0; i < all->len; i++) {
    const char *rule = cell_of(all->pdata[i], from, to)->rule;
    g_auto(GStrv) words = g_strsplit(rule != NULL ? rule : "", ", ", -1);
    for (guint j = 0; words[j] != NULL; j++)
      if (!g_ptr_array_find_with_equal_func(ids, words[j], g_str_equal, NULL))
        g_ptr_array_add(ids, g_strdup(words[j]));
  }
}

static void print_rules(Report *report, const GPtrArray *ids) {
  report_heading(report, "What these rules say");
  for (guint i = 0; i < ids->len; i++) {
    g_autofree char *sentence = fact_sentences(ids->pdata[i]);
    report_note(report, sentence);
  }
}

/* `with_sentences`: each line tells what its rules say; else each rule is told once, below. */
static void print_lines(Report *report, const GPtrArray *all, const char *heading,
                        CellFilter filter, gboolean with_sentences) {
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
  const guint count = inspection_place_count(((const Matrix *)all->pdata[0])->inspection);
  gboolean any = FALSE;
  for (guint from = 0; from < count; from++)
    for (guint to = 0; to < count; to++) {
      if (from == to || !filter(all, from, to))
        continue;
      g_autoptr(GString) line = g_string_new(NULL);
      g_string_append_printf(line, "%s -> %s: ", place(all, from), place(all, to));
      for (guint i = 0; i < all->len; i++) {
        g_string_append(line, i > 0 ? "; " : "");
        append_verdict(line, all->pdata[i], cell_of(all->pdata[i], from, to), with_sentences);
      }
      collect_rules(all, from, to, ids);
      if (!any)
        report_heading(report, heading);
      report_note(report, line->str);
      any = TRUE;
    }
  if (any && !with_sentences)
    print_rules(report, ids);
}

static void print_for_people(Report *report, const Inspected *inspected, const SimTime *at,
                             const GPtrArray *all) {
  g_autofree char *title = inspected_title(inspected, at);
  for (guint i = 0; i < all->len; i++)
    print_matrix(report, all->pdata[i], title);
  print_lines(report, all, "Where the models differ", differs, TRUE);
  print_lines(report, all, all->len > 1 ? "Forbidden under every model" : "Forbidden", is_forbidden,
              FALSE);
}

/* ---- for programs -------------------------------------------------------------------------- */

static const Column columns[] = {
    {"scenario", COLUMN_TEXT}, {"model", COLUMN_TEXT},   {"variant", COLUMN_TEXT},
    {"at_s", COLUMN_TIME},     {"from", COLUMN_TEXT},    {"to", COLUMN_TEXT},
    {"reaches", COLUMN_TEXT},  {"forward", COLUMN_TEXT}, {"reverse", COLUMN_TEXT},
    {"reason", COLUMN_TEXT},   {"where", COLUMN_TEXT},   {"rule", COLUMN_TEXT},
    {"says", COLUMN_TEXT},
};

static void print_row(Report *report, const Inspected *inspected, SimTime at, const Matrix *matrix,
                      guint from, guint to) {
  static const char *const verdicts[] = {
      [REACH_NO] = "no", [REACH_PARTLY] = "partly", [REACH_YES] = "yes"};
  const Reachability *cell = cell_of(matrix, from, to);
  g_autofree char *says = cell->rule != NULL ? fact_sentences(cell->rule) : NULL;
  report_text(report, inspected->scenario->body->name);
  report_text(report, matrix->cloud->name);
  report_text(report, inspected->scenario->variant->name);
  report_time(report, at);
  report_text(report, inspection_place(matrix->inspection, from));
  report_text(report, inspection_place(matrix->inspection, to));
  report_text(report, verdicts[cell->verdict]);
  report_text(report, cell->forward);
  report_text(report, cell->reverse);
  report_text(report, cell->reason);
  report_text(report, cell->where);
  report_text(report, cell->rule);
  report_text(report, says);
}

static void print_for_programs(Report *report, const Inspected *inspected, SimTime at,
                               const GPtrArray *all) {
  report_begin(report, "reach", NULL, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < all->len; i++) {
    const Matrix *matrix = all->pdata[i];
    const guint count = inspection_place_count(matrix->inspection);
    for (guint from = 0; from < count; from++)
      for (guint to = 0; to < count; to++)
        if (from != to)
          print_row(report, inspected, at, matrix, from, to);
  }
  report_end(report);
}

/* ---- the command --------------------------------------------------------------------------- */

static Status reach(const Options *options, const Inspected *inspected) {
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(matrix_free);
  for (guint i = 0; i < cloud_count(); i++)
    if (inspected_wants(options, inspected, cloud_at(i)))
      g_ptr_array_add(all, matrix_new(options, inspected, cloud_at(i)));
  Output *output = output_stdout();
  Report *report = report_new(options->format, output);
  if (report_format_is_data(options->format))
    print_for_programs(report, inspected, options->at, all);
  else
    print_for_people(report, inspected, &options->at, all);
  report_finish(report);
  return finish_stdout(output);
}

static Status run(const Options *options) {
  Inspected inspected;
  Status status = inspected_load(options, &inspected);
  if (status == STATUS_DONE)
    status = reach(options, &inspected);
  inspected_clear(&inspected);
  return status;
}

const Command command_reach = {
    .name = "reach",
    .arguments = "FILE",
    .summary = "Who reaches whom, and which rule of the cloud forbids the rest",
    .description = "A cell is the way of a new session, `no` with the rule that forbids it, or\n"
                   "`partly` where only some hosts or some choices among equal next hops get\n"
                   "through. Below stands what each rule says.",
    .options = OPTION_FORMAT | OPTION_LOAD | OPTION_QUIET | OPTION_ONE | OPTION_AT,
    .least = 1,
    .most = 1,
    .run = run,
};
