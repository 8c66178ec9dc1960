/* routesim facts: what a cited id says. */
#include "routesim/report/facts.h"

#include <string.h>

#include "cli_private.h"

static const Column columns[] = {
    {"id", COLUMN_TEXT},    {"fact", COLUMN_TEXT},   {"value", COLUMN_TEXT},
    {"basis", COLUMN_TEXT}, {"source", COLUMN_TEXT},
};

static Status complain_about_id(const char *id) {
  g_autofree const char **names = g_new0(const char *, fact_count() + 1);
  for (guint i = 0; i < fact_count(); i++)
    names[i] = fact_at(i)->id;
  g_autofree char *near = suggestion(id, names);
  complain("there is no fact '%s'%s; 'routesim facts' lists all", id, near);
  return STATUS_CALL;
}

static void print_block(Output *output, const FactRow *fact) {
  const char *const lines[][2] = {{"fact", fact->fact},
                                  {"value", fact->value},
                                  {"basis", fact->basis},
                                  {"source", fact->source}};
  output_text(output, fact->id);
  output_text(output, "\n");
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
    g_autofree char *line = g_strdup_printf("  %-7s %s\n", lines[i][0], lines[i][1]);
    output_text(output, line);
  }
}

static void add_row(Report *report, const FactRow *fact, gboolean with_source) {
  report_text(report, fact->id);
  report_text(report, fact->fact);
  report_text(report, fact->value);
  report_text(report, fact->basis);
  if (with_source)
    report_text(report, fact->source);
}

/* All facts, or those asked for; sources are too long for a table on a terminal. */
static void print_table(Output *output, const Options *options, GPtrArray *facts) {
  const gboolean with_source = options->format != report_format_find("table");
  Report *report = report_new(options->format, output);
  report_begin(report, "facts", NULL, columns, G_N_ELEMENTS(columns) - (with_source ? 0 : 1));
  for (guint i = 0; i < facts->len; i++)
    add_row(report, facts->pdata[i], with_source);
  report_end(report);
  report_finish(report);
}

static Status run(const Options *options) {
  g_autoptr(GPtrArray) facts = g_ptr_array_new();
  const gboolean all = options->arguments[0] == NULL;
  Status status = STATUS_DONE;
  for (guint i = 0; all && i < fact_count(); i++)
    g_ptr_array_add(facts, (gpointer)fact_at(i));
  for (guint i = 0; options->arguments[i] != NULL; i++) {
    g_autofree char *id = g_ascii_strup(options->arguments[i], -1);
    const FactRow *fact = fact_find(id);
    if (fact != NULL)
      g_ptr_array_add(facts, (gpointer)fact);
    else
      status = complain_about_id(options->arguments[i]);
  }
  Output *output = output_stdout();
  if (all || options->format_given)
    print_table(output, options, facts);
  else
    for (guint i = 0; i < facts->len; i++)
      print_block(output, facts->pdata[i]);
  return status_worse(status, finish_stdout(output));
}

const Command command_facts = {
    .name = "facts",
    .arguments = "[ID...]",
    .summary = "Tells what a cited id says, its value, basis and source",
    .options = OPTION_FORMAT,
    .least = 0,
    .most = G_MAXUINT,
    .run = run,
};
