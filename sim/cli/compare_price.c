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

static void add_price(GArray *list, CloudPrice price) {
  for (guint i = 0; i < list->len; i++) {
    CloudPrice *other = &g_array_index(list, CloudPrice, i);
    if (strcmp(other->what, price.what) == 0 && other->cents == price.cents) {
      other->count += price.count;
      return;
    }
  }
  g_array_append_val(list, price);
}

/* What stands in place of the route servers, and what each of them costs (CloudPrice). The caller
 * frees. */
static GArray *prices_of(const BatchCell *cell) {
  const Design *body = cell->scenario->design;
  GArray *list = g_array_new(FALSE, FALSE, sizeof(CloudPrice));
  for (guint i = 0; i < body->route_servers->len; i++) {
    const DesignRouteServer *server = body->route_servers->pdata[i];
    CloudPrice prices[CLOUD_MOST_PRICES];
    if (body->failover == FAILOVER_LOAD_BALANCER)
      add_price(list, (CloudPrice){"load balancer", 1, -1, NULL});
    else if (body->failover == FAILOVER_API)
      add_price(list, (CloudPrice){"script", 1, -1, NULL});
    else if (cell->cloud->telling->prices != NULL) {
      const guint count =
          cell->cloud->telling->prices(server->configs[cloud_place(cell->cloud)], prices);
      for (guint j = 0; j < count; j++)
        add_price(list, prices[j]);
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

static gboolean same_price(const CloudPrice *a, const CloudPrice *b) {
  return strcmp(a->what, b->what) == 0 && a->count == b->count && a->cents == b->cents;
}

static gboolean same_prices(const GArray *a, const GArray *b) {
  gboolean same = a->len == b->len;
  for (guint i = 0; same && i < a->len; i++)
    same = same_price(&g_array_index(a, CloudPrice, i), &g_array_index(b, CloudPrice, i));
  return same;
}

/* A variant that costs the same as the file as it stands is not told again. */
static gboolean is_told(const Batch *batch, guint index) {
  const BatchCell *cell = batch_cell(batch, index);
  g_autoptr(GArray) own = prices_of(cell);
  for (guint i = 0; i < index; i++) {
    const BatchCell *other = batch_cell(batch, i);
    g_autoptr(GArray) list = prices_of(other);
    if (other->cloud == cell->cloud && same_prices(list, own))
      return TRUE;
  }
  return FALSE;
}

static void add_rows(Report *report, const Batch *batch, gboolean names_file) {
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    g_autoptr(GArray) list = prices_of(cell);
    const gboolean told = is_told(batch, i);
    for (guint j = 0; !told && j < list->len; j++) {
      const CloudPrice *price = &g_array_index(list, CloudPrice, j);
      g_autofree char *month = compare_month_price(price, cell->scenario->design->month.law.a);
      if (names_file)
        report_text(report, cell->scenario->design->name);
      report_text(report, cell->cloud->name);
      report_text(report, cell->scenario->variant->name);
      report_text(report, price->what);
      report_count(report, price->count);
      report_text(report, month);
      report_text(report, price->fact);
    }
  }
}

void compare_add_price(Report *report, const Batch *batch) { add_rows(report, batch, TRUE); }

static gboolean is_called_from_internet(const Design *body) {
  for (guint i = 0; i < body->traffic->len; i++)
    if (((const DesignTraffic *)body->traffic->pdata[i])->from.word == DESIGN_END_INTERNET)
      return TRUE;
  return FALSE;
}

/* By which facts the clouds that were run with this kind of failover have the rule. */
static const char *cite_compared(const Batch *batch, Arena *arena, FailoverMethod failover,
                                 CloudRule rule) {
  gboolean compared[CLOUD_MOST] = {FALSE};
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    compared[cloud_place(cell->cloud)] |= cell->scenario->design->failover == failover;
  }
  return clouds_cite(compared, arena, rule);
}

/* A route server moves routes, not addresses; a script may move both; a balancer keeps its own. */
static void tell_public_address(Report *report, const Batch *batch) {
  static const char *const holders[] = {
      [FAILOVER_ROUTE_SERVER] =
          ("it stays with the appliance that failed, out of reach until that is back: a route "
           "server moves routes, no addresses"),
      [FAILOVER_LOAD_BALANCER] = "the load balancer keeps it, whichever member is up",
      [FAILOVER_API] = "the script moves it to the other appliance by the same API",
  };
  static const CloudRule rules[] = {
      [FAILOVER_ROUTE_SERVER] = RULE_MOVES_NO_ADDRESS,
      [FAILOVER_LOAD_BALANCER] = RULE_BALANCER_KEEPS_ADDRESS,
      [FAILOVER_API] = RULE_API_MOVES_ADDRESS,
  };
  g_autoptr(Arena) arena = arena_new();
  gboolean told[G_N_ELEMENTS(holders)] = {FALSE};
  for (guint i = 0; i < batch_count(batch); i++) {
    const Design *body = batch_cell(batch, i)->scenario->design;
    const FailoverMethod failover = body->failover;
    if (told[failover] || !is_called_from_internet(body))
      continue;
    told[failover] = TRUE;
    report_note(report, arena_printf(arena, "Public address, %s: %s%s", failover_methods[failover],
                                     holders[failover],
                                     cite_compared(batch, arena, failover, rules[failover])));
  }
}

static gboolean any_has_a_price(const Batch *batch) {
  for (guint i = 0; i < batch_count(batch); i++) {
    g_autoptr(GArray) list = prices_of(batch_cell(batch, i));
    if (list->len > 0)
      return TRUE;
  }
  return FALSE;
}

void compare_price(Report *report, const Batch *batch) {
  if (any_has_a_price(batch)) {
    report_begin(report, "price",
                 "What it costs a month, in US dollars, without appliances and traffic",
                 price_columns + 1, G_N_ELEMENTS(price_columns) - 1);
    add_rows(report, batch, FALSE);
    report_end(report);
  }
  tell_public_address(report, batch);
}
