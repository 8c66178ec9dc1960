/* What a design costs a month, where a fact tells the price, and who holds a public address after
 * a failover. */
#include <string.h>

#include "compare_private.h"

static const Column price_columns[] = {
    {"scenario", COLUMN_TEXT},
    {"model", COLUMN_TEXT},
    {"variant", COLUMN_TEXT, .usual = SCENARIO_BASE},
    {"part", COLUMN_TEXT},
    {"count", COLUMN_COUNT},
    {"usd_a_month", COLUMN_FIGURE},
    {"fact", COLUMN_TEXT},
};
const CompareTable compare_price_table = {"price", price_columns, G_N_ELEMENTS(price_columns)};

typedef struct {
  CloudPrice prices[64];
  guint count;
} PriceList;

static void add_price(PriceList *list, CloudPrice price) {
  for (guint i = 0; i < list->count; i++)
    if (strcmp(list->prices[i].what, price.what) == 0 && list->prices[i].cents == price.cents) {
      list->prices[i].count += price.count;
      return;
    }
  if (list->count < G_N_ELEMENTS(list->prices))
    list->prices[list->count++] = price;
}

/* What stands in place of the route servers, and what each of them costs. */
static PriceList prices_of(const BatchCell *cell) {
  const Design *body = cell->scenario->design;
  PriceList list = {.count = 0};
  for (guint i = 0; i < body->route_servers->len; i++) {
    const DesignRouteServer *server = body->route_servers->pdata[i];
    CloudPrice prices[CLOUD_MOST_PRICES];
    if (body->failover == FAILOVER_LOAD_BALANCER)
      add_price(&list, (CloudPrice){"load balancer", 1, -1, NULL});
    else if (body->failover == FAILOVER_API)
      add_price(&list, (CloudPrice){"script", 1, -1, NULL});
    else if (cell->cloud->telling->prices != NULL) {
      const guint count =
          cell->cloud->telling->prices(server->configs[cloud_place(cell->cloud)], prices);
      for (guint j = 0; j < count; j++)
        add_price(&list, prices[j]);
    }
  }
  return list;
}

char *compare_month_price(const CloudPrice *price, SimTime month) {
  if (price->cents < 0)
    return g_strdup("not known");
  const gint64 cents =
      (gint64)((__int128)price->cents * price->count * month.ns / ((__int128)3600 * SIM_SECOND));
  return g_strdup_printf("%" G_GINT64_FORMAT ".%02d", cents / 100, (int)(cents % 100));
}

static gboolean same_prices(const PriceList *a, const PriceList *b) {
  gboolean same = a->count == b->count;
  for (guint i = 0; same && i < a->count; i++)
    same = strcmp(a->prices[i].what, b->prices[i].what) == 0 &&
           a->prices[i].count == b->prices[i].count && a->prices[i].cents == b->prices[i].cents;
  return same;
}

/* A variant that costs the same as the file as it stands is not told again. */
static gboolean is_told(const Batch *batch, guint index) {
  const BatchCell *cell = batch_cell(batch, index);
  const PriceList own = prices_of(cell);
  for (guint i = 0; i < index; i++) {
    const BatchCell *other = batch_cell(batch, i);
    const PriceList list = prices_of(other);
    if (other->cloud == cell->cloud && same_prices(&list, &own))
      return TRUE;
  }
  return FALSE;
}

static void add_rows(Report *report, const Batch *batch, gboolean names_file) {
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    const PriceList list = prices_of(cell);
    if (is_told(batch, i))
      continue;
    for (guint j = 0; j < list.count; j++) {
      g_autofree char *month =
          compare_month_price(&list.prices[j], cell->scenario->design->month.law.a);
      if (names_file)
        report_text(report, cell->scenario->design->name);
      report_text(report, cell->cloud->name);
      report_text(report, cell->scenario->variant->name);
      report_text(report, list.prices[j].what);
      report_count(report, list.prices[j].count);
      report_text(report, month);
      report_text(report, list.prices[j].fact);
    }
  }
}

void compare_add_price(Report *report, const Batch *batch) { add_rows(report, batch, TRUE); }

/* A route server moves routes, not addresses; a script may move both; a balancer keeps its own. */
static void tell_public_address(Report *report, const Batch *batch) {
  static const char *const holders[] = {
      [FAILOVER_ROUTE_SERVER] =
          ("it stays with the appliance that failed, out of reach until that is back: a route "
           "server moves routes, no addresses (AWS-5.1, AZ-5.8)"),
      [FAILOVER_LOAD_BALANCER] = "the load balancer keeps it, whichever member is up (AZ-10.5)",
      [FAILOVER_API] = "the script moves it to the other appliance by the same API (AZ-10.8)",
  };
  gboolean told[G_N_ELEMENTS(holders)] = {FALSE};
  for (guint i = 0; i < batch_count(batch); i++) {
    const Design *body = batch_cell(batch, i)->scenario->design;
    gboolean from_internet = FALSE;
    for (guint j = 0; j < body->traffic->len; j++)
      from_internet |=
          strcmp(((const DesignTraffic *)body->traffic->pdata[j])->from.text, "internet") == 0;
    if (!from_internet || told[body->failover])
      continue;
    told[body->failover] = TRUE;
    g_autofree char *note = g_strdup_printf(
        "Public address, %s: %s", failover_methods[body->failover], holders[body->failover]);
    report_note(report, note);
  }
}

void compare_price(Report *report, const Batch *batch) {
  const PriceList first = prices_of(batch_cell(batch, 0));
  if (first.count > 0) {
    report_begin(report, "price",
                 "What it costs a month, in US dollars, without appliances and traffic",
                 price_columns + 1, G_N_ELEMENTS(price_columns) - 1);
    add_rows(report, batch, FALSE);
    report_end(report);
  }
  tell_public_address(report, batch);
}
