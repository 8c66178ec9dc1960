/* routesim show FILE [NAME] --at T: the state of one run at a moment, as the clouds' own tools
 * print it.
 *
 * Under azure the effective routes of NICs (az network nic show-effective-route-table) and what
 * each instance of a route server learned from and advertised to its peers (az network routeserver
 * peering list-learned-routes, list-advertised-routes); under aws the route tables (aws ec2
 * describe-route-tables) and the routing database (aws ec2 get-route-server-routing-database).
 * Then the sessions of appliances and gateways, and the RIB of every speaker with the rule that
 * chose its best route. NAME leaves only what is about it: a subnet, network, route table, route
 * server, appliance or gateway. In csv and json the tables of one kind are one table, with the
 * columns `model` and `about` in front. */
#include <string.h>

#include "inspect_private.h"

typedef struct {
  const CloudClass *cloud;
  Inspection *inspection;
  GPtrArray *listings; /* CloudListing *, the inspection's */
} Shown;

static void shown_free(gpointer data) {
  Shown *shown = data;
  inspection_free(shown->inspection);
  g_free(shown);
}

/* ---- for people: a table for each listing ---------------------------------------------- */

static void add_rows(Report *report, const CloudListing *listing, const char *model) {
  for (guint i = 0; i < listing->rows->len; i++) {
    const char *const *cells = listing->rows->pdata[i];
    if (model != NULL) {
      report_text(report, model);
      report_text(report, listing->names->pdata[0]);
    }
    for (guint j = 0; j < listing->column_count; j++)
      report_text(report, cells[j]);
  }
}

static Column *columns_of(const CloudListing *listing, guint first) {
  Column *columns = g_new0(Column, first + listing->column_count);
  for (guint i = 0; i < listing->column_count; i++)
    columns[first + i] = (Column){listing->columns[i], COLUMN_TEXT};
  return columns;
}

static void print_listing(Report *report, const CloudListing *listing) {
  g_autofree Column *columns = columns_of(listing, 0);
  report_begin(report, listing->key, listing->title, columns, listing->column_count);
  add_rows(report, listing, NULL);
  report_end(report);
}

static void print_for_people(Report *report, const Inspected *inspected, const SimTime *at,
                             const GPtrArray *all) {
  for (guint i = 0; i < all->len; i++) {
    const Shown *shown = all->pdata[i];
    if (shown->listings->len == 0)
      continue;
    g_autofree char *title = inspected_title(inspected, at);
    g_autofree char *heading = g_strdup_printf("%s: %s", shown->cloud->name, title);
    report_heading(report, heading);
    for (guint j = 0; j < shown->listings->len; j++)
      print_listing(report, shown->listings->pdata[j]);
  }
}

/* ---- for programs: a table for each kind ------------------------------------------------ */

static void print_kind(Report *report, const GPtrArray *all, const CloudListing *first) {
  g_autofree Column *columns = columns_of(first, 2);
  columns[0] = (Column){"model", COLUMN_TEXT};
  columns[1] = (Column){"about", COLUMN_TEXT};
  report_begin(report, first->key, NULL, columns, first->column_count + 2);
  for (guint i = 0; i < all->len; i++) {
    const Shown *shown = all->pdata[i];
    for (guint j = 0; j < shown->listings->len; j++) {
      const CloudListing *listing = shown->listings->pdata[j];
      if (strcmp(listing->key, first->key) == 0)
        add_rows(report, listing, shown->cloud->name);
    }
  }
  report_end(report);
}

static void print_for_programs(Report *report, const GPtrArray *all) {
  g_autoptr(GPtrArray) kinds = g_ptr_array_new();
  for (guint i = 0; i < all->len; i++) {
    const Shown *shown = all->pdata[i];
    for (guint j = 0; j < shown->listings->len; j++) {
      const CloudListing *listing = shown->listings->pdata[j];
      if (g_ptr_array_find_with_equal_func(kinds, listing->key, g_str_equal, NULL))
        continue;
      g_ptr_array_add(kinds, (gpointer)listing->key);
      print_kind(report, all, listing);
    }
  }
}

/* ---- the command -------------------------------------------------------------------------- */

static Status complain_about_name(const char *name, const GPtrArray *all) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < all->len; i++) {
    const GPtrArray *listings = inspection_listings(((Shown *)all->pdata[i])->inspection, NULL);
    for (guint j = 0; j < listings->len; j++)
      g_ptr_array_add(names, ((const CloudListing *)listings->pdata[j])->names->pdata[0]);
  }
  g_ptr_array_add(names, NULL);
  g_autofree char *near = suggestion(name, (const char *const *)names->pdata);
  complain("there is nothing to show about '%s'%s", name, near);
  return STATUS_CALL;
}

static Status show(const Options *options, const Inspected *inspected) {
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(shown_free);
  const char *name = options->arguments[1];
  guint found = 0;
  for (guint i = 0; i < cloud_count(); i++) {
    if (!inspected_wants(options, inspected, cloud_at(i)))
      continue;
    Shown *shown = g_new0(Shown, 1);
    shown->cloud = cloud_at(i);
    shown->inspection =
        inspection_new(inspected->scenario, cloud_at(i), &inspected->run, options->at);
    shown->listings = inspection_listings(shown->inspection, name);
    found += shown->listings->len;
    g_ptr_array_add(all, shown);
  }
  if (name != NULL && found == 0)
    return complain_about_name(name, all);
  Output *output = output_stdout();
  Report *report = report_new(options->format, output);
  if (report_format_is_data(options->format))
    print_for_programs(report, all);
  else
    print_for_people(report, inspected, &options->at, all);
  report_finish(report);
  return finish_stdout(output);
}

static Status run(const Options *options) {
  Inspected inspected;
  Status status = inspected_load(options, &inspected);
  if (status == STATUS_DONE)
    status = show(options, &inspected);
  inspected_clear(&inspected);
  return status;
}

const Command command_show = {
    .name = "show",
    .arguments = "FILE [NAME]",
    .summary = "Route tables, effective routes and RIBs, as the clouds' own tools print them",
    .description = "NAME leaves only what is about it: a subnet, network, route table, route\n"
                   "server, appliance or gateway.",
    .options = OPTION_FORMAT | OPTION_LOAD | OPTION_QUIET | OPTION_ONE | OPTION_AT,
    .least = 1,
    .most = 2,
    .run = run,
};
