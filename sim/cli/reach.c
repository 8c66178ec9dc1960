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
  for (guint i = 1; options->arguments[i] != NULL; i++)
    inspection_add_address(matrix->inspection, options->arguments[i]); /* checked */
  const guint count = inspection_place_count(matrix->inspection);
  matrix->cells = g_new0(Reachability, (gsize)count * count);
  for (guint from = 0; from < count; from++)
    for (guint to = 0; to < count; to++)
      if (inspection_is_pair(matrix->inspection, from, to))
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
  return cell->rule != NULL ? cell->rule : drop_reason_name(cell->reason);
}

/* ---- the matrix ---------------------------------------------------------------------------- */

/* The elements of a way in the opposite order. */
static char *turned(const char *way) {
  g_auto(GStrv) names = g_strsplit(way, "+", -1);
  for (guint i = 0, j = g_strv_length(names); i + 1 < j; i++, j--) {
    char *name = names[i];
    names[i] = names[j - 1];
    names[j - 1] = name;
  }
  return g_strjoinv("+", names);
}

/* Does a way back pass what a way there passed? Where flows are shared out, the ways that a return
 * may take as well say nothing new; where one breaks sessions, the verdict says so. */
static gboolean is_mirrored(const Reachability *cell) {
  g_auto(GStrv) there = g_strsplit(cell->forward, " or ", -1);
  g_auto(GStrv) back = g_strsplit(cell->reverse, " or ", -1);
  for (guint i = 0; there[i] != NULL; i++) {
    g_autofree char *way = turned(there[i]);
    if (g_strv_contains((const char *const *)back, way))
      return TRUE;
  }
  return FALSE;
}

static char *ways_of(const Reachability *cell) {
  return is_mirrored(cell) ? g_strdup(cell->forward)
                           : g_strdup_printf("%s, back %s", cell->forward, cell->reverse);
}

static void add_cell(Report *report, const Reachability *cell) {
  g_autofree char *ways = cell->verdict != REACH_NO ? ways_of(cell) : NULL;
  g_autofree char *text = NULL;
  if (cell->verdict == REACH_YES)
    text = g_strdup(ways);
  else if (cell->verdict == REACH_NO)
    text = g_strdup_printf("no: %s", why_not(cell));
  else
    text = g_strdup_printf("partly: %s; else no: %s", ways, why_not(cell));
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
    if (!inspection_place_sends(matrix->inspection, from))
      continue;
    report_text(report, inspection_place(matrix->inspection, from));
    for (guint to = 0; to < count; to++)
      if (!inspection_is_pair(matrix->inspection, from, to))
        report_empty(report);
      else
        add_cell(report, cell_of(matrix, from, to));
  }
  report_end(report);
}

/* ---- why not, and what the rules say --------------------------------------------------------- */

static void append_verdict(GString *out, const Matrix *matrix, const Reachability *cell,
                           gboolean with_sentences) {
  g_string_append_printf(out, "%s ", matrix->cloud->name);
  if (cell->verdict != REACH_NO) {
    g_autofree char *ways = ways_of(cell);
    g_string_append_printf(out, "%s%s%s", cell->verdict == REACH_PARTLY ? "in part " : "",
                           cell->direct ? "" : "via ", ways);
  }
  if (cell->verdict == REACH_PARTLY)
    g_string_append(out, ", else ");
  if (cell->verdict == REACH_YES)
    return;
  g_string_append_printf(out, "no: %s", cell->because);
  if (cell->rule != NULL) {
    g_autofree char *sentences = fact_sentences(cell->rule);
    g_string_append_printf(out, with_sentences ? ": %s" : " (%s)",
                           with_sentences ? sentences : cell->rule);
  }
}

typedef gboolean (*CellFilter)(const GPtrArray *all, guint from, guint to);

static gboolean differs(const GPtrArray *all, guint from, guint to) {
  for (guint i = 1; i < all->len; i++)
    if (cell_of(all->pdata[i], from, to)->verdict != cell_of(all->pdata[0], from, to)->verdict)
      return TRUE;
  return FALSE;
}

static gboolean is_hindered(const GPtrArray *all, guint from, guint to) {
  gboolean hindered = FALSE;
  for (guint i = 0; i < all->len; i++)
    hindered |= cell_of(all->pdata[i], from, to)->verdict != REACH_YES;
  return hindered && !differs(all, from, to);
}

/* Each id is kept once. */
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
  if (ids->len > 0)
    report_heading(report, "What these rules say");
  for (guint i = 0; i < ids->len; i++) {
    g_autofree char *sentence = fact_sentences(ids->pdata[i]);
    report_note(report, sentence);
  }
}

/* What one line tells, and of which pairs. */
typedef struct {
  GString *pairs;
  char *verdicts;
} Line;

static void line_free(gpointer data) {
  Line *line = data;
  g_string_free(line->pairs, TRUE);
  g_free(line->verdicts);
  g_free(line);
}

static Line *line_for(GPtrArray *lines, char *verdicts) {
  for (guint i = 0; i < lines->len; i++)
    if (strcmp(((Line *)lines->pdata[i])->verdicts, verdicts) == 0) {
      g_free(verdicts);
      return lines->pdata[i];
    }
  Line *line = g_new0(Line, 1);
  line->pairs = g_string_new(NULL);
  line->verdicts = verdicts;
  g_ptr_array_add(lines, line);
  return line;
}

static char *verdicts_of(const GPtrArray *all, guint from, guint to, gboolean with_sentences) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < all->len; i++) {
    g_string_append(text, i > 0 ? "; " : "");
    append_verdict(text, all->pdata[i], cell_of(all->pdata[i], from, to), with_sentences);
  }
  return g_string_free(text, FALSE);
}

/* `with_sentences`: each line tells what its rules say; else each rule is told once, below. */
static void print_lines(Report *report, const GPtrArray *all, const char *heading,
                        CellFilter filter, gboolean with_sentences) {
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(line_free);
  const Inspection *inspection = ((const Matrix *)all->pdata[0])->inspection;
  const guint count = inspection_place_count(inspection);
  for (guint from = 0; from < count; from++)
    for (guint to = 0; to < count; to++) {
      if (!inspection_is_pair(inspection, from, to) || !filter(all, from, to))
        continue;
      Line *line = line_for(lines, verdicts_of(all, from, to, with_sentences));
      g_string_append_printf(line->pairs, "%s%s -> %s", line->pairs->len > 0 ? ", " : "",
                             place(all, from), place(all, to));
      collect_rules(all, from, to, ids);
    }
  if (lines->len > 0)
    report_heading(report, heading);
  for (guint i = 0; i < lines->len; i++) {
    const Line *line = lines->pdata[i];
    g_autofree char *text = g_strdup_printf("%s: %s", line->pairs->str, line->verdicts);
    report_note(report, text);
  }
  if (!with_sentences)
    print_rules(report, ids);
}

static void print_for_people(Report *report, const Inspected *inspected, const SimTime *at,
                             const GPtrArray *all) {
  g_autofree char *title = inspected_title(inspected, at);
  for (guint i = 0; i < all->len; i++)
    print_matrix(report, all->pdata[i], title);
  print_lines(report, all, "Where the models differ", differs, TRUE);
  print_lines(report, all,
              all->len > 1 ? "What does not get through under any model"
                           : "What does not get through",
              is_hindered, FALSE);
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
  report_text(report, inspected->scenario->design->name);
  report_text(report, matrix->cloud->name);
  report_text(report, inspected->scenario->variant->name);
  report_time(report, at);
  report_text(report, inspection_place(matrix->inspection, from));
  report_text(report, inspection_place(matrix->inspection, to));
  report_text(report, verdicts[cell->verdict]);
  report_text(report, cell->forward);
  report_text(report, cell->reverse);
  report_text(report, drop_reason_name(cell->reason));
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
        if (inspection_is_pair(matrix->inspection, from, to))
          print_row(report, inspected, at, matrix, from, to);
  }
  report_end(report);
}

/* ---- the command --------------------------------------------------------------------------- */

static Status check_addresses(const Options *options) {
  IpAddress ignored;
  for (guint i = 1; options->arguments[i] != NULL; i++)
    if (!ip_address_parse(options->arguments[i], &ignored)) {
      complain("'%s' is no IP address: reach takes one scenario, and addresses behind it",
               options->arguments[i]);
      return STATUS_CALL;
    }
  return STATUS_DONE;
}

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
  Status status = check_addresses(options);
  if (status != STATUS_DONE)
    return status;
  status = inspected_load(options, &inspected);
  if (status == STATUS_DONE)
    status = reach(options, &inspected);
  inspected_clear(&inspected);
  return status;
}

const Command command_reach = {
    .name = "reach",
    .arguments = "FILE [ADDRESS...]",
    .summary = "Who reaches whom, and which rule of the cloud forbids the rest",
    .description =
        "A cell is the way of a new session, `no` with the rule that forbids it, or\n"
        "`partly` where only some hosts or some choices among equal next hops get\n"
        "through. Below stands why, and what each rule says. An ADDRESS is one more place\n"
        "to reach, beside those that the scenario sends to.",
    .options = OPTION_FORMAT | OPTION_LOAD | OPTION_QUIET | OPTION_ONE | OPTION_AT,
    .least = 1,
    .most = 64,
    .run = run,
};
