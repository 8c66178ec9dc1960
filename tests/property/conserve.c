/* What must hold of every scenario of the tree, whatever it is about: all flows are somewhere
 * at every moment, the bytes that events lost are those that traffic shows as dropped, and
 * every change of a table goes back to an event. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/scenarios.h"

typedef struct {
  const Scenario *scenario;
  const CloudClass *cloud;
  RunResult *result;
} Case;
typedef void (*CaseCheck)(const Case *one);

/* `data`: the CaseCheck *. */
static void each_model(const Scenario *scenario, gpointer data) {
  const CaseCheck check = *(CaseCheck *)data;
  for (guint c = 0; c < cloud_count(); c++) {
    if (!scenario->design->models[c])
      continue;
    for (guint run = 0; run < 2; run++) {
      const RunOptions options = {.seed = 7, .run = run, .detail = TRUE};
      g_autoptr(RunResult) result = run_scenario(scenario, cloud_at(c), &options);
      const Case one = {scenario, cloud_at(c), result};
      check(&one);
    }
  }
}

/* Every run of the tree's scenarios: of how many files. */
static guint each_file(CaseCheck check) { return scenarios_each("scenarios", each_model, &check); }

/* ---- flows --------------------------------------------------------------------------------- */

/* Flows of one traffic and direction that rows place at `at`, and what they offer. */
static guint flows_at(const RunResult *result, const char *traffic, const char *direction,
                      SimTime at, gint64 *bits_per_second) {
  guint flows = 0;
  *bits_per_second = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (strcmp(row->traffic, traffic) == 0 &&
        strcmp(flow_directions[row->direction], direction) == 0 && row->from.ns <= at.ns &&
        at.ns < row->to.ns) {
      flows += row->flows;
      *bits_per_second += row->bits_per_second;
      cr_assert_geq(row->bits_per_second, 0);
    }
  }
  return flows;
}

static void all_flows_are_somewhere(const Case *one) {
  static const char *const directions[] = {"forward", "reverse"};
  const Design *body = one->scenario->design;
  for (guint t = 0; t < body->traffic->len; t++) {
    const DesignTraffic *traffic = body->traffic->pdata[t];
    for (guint d = 0; d < G_N_ELEMENTS(directions); d++)
      for (guint i = 0; i < one->result->traffic_count; i++) {
        /* Just at and just before the start of every interval there is. */
        const SimTime from = one->result->traffic[i].from;
        for (gint64 ns = MAX(from.ns - 1, 0); ns <= from.ns; ns++) {
          gint64 bits;
          cr_assert_eq(
              flows_at(one->result, traffic->head.name, directions[d], sim_time_ns(ns), &bits),
              traffic->flows, "%s %s: %s %s at %" G_GINT64_FORMAT " ns", body->name,
              one->cloud->name, traffic->head.name, directions[d], ns);
          cr_assert_eq(bits, traffic->rate,
                       "%s %s: %s %s at %" G_GINT64_FORMAT " ns: %" G_GINT64_FORMAT " bit/s",
                       body->name, one->cloud->name, traffic->head.name, directions[d], ns, bits);
        }
      }
  }
}

/* Delivered and dropped is what is offered, to the bit. */
Test(conserve, all_flows_are_somewhere_at_every_moment) {
  cr_assert_geq(each_file(all_flows_are_somewhere), 10);
}

/* ---- bytes ---------------------------------------------------------------------------------- */

static gboolean is_dropped(const RunTrafficRow *row) {
  return g_str_has_prefix(row->via, "dropped:") && strcmp(row->via, "dropped:host-down") != 0;
}

/* Bytes of the rows of one direction that show as dropped; -1 where something is so from the
 * start, for which no event is to blame. */
static double dropped_bytes(const Case *one, const char *direction) {
  double bytes = 0;
  for (guint i = 0; i < one->result->traffic_count; i++) {
    const RunTrafficRow *row = &one->result->traffic[i];
    if (strcmp(flow_directions[row->direction], direction) != 0 || !is_dropped(row))
      continue;
    if (row->from.ns == 0)
      return -1;
    bytes += (double)row->bits_per_second / 8 * sim_time_seconds(sim_time_sub(row->to, row->from));
  }
  return bytes;
}

static gboolean has_appliances_in_a_row(const Design *body) {
  for (guint i = 0; i < body->nvas->len; i++) {
    const DesignNva *nva = body->nvas->pdata[i];
    for (guint j = 0; j < nva->peers->len; j++)
      if (design_find(body->nvas, ((const DesignPeer *)nva->peers->pdata[j])->head.name) != NULL)
        return TRUE;
  }
  return FALSE;
}

/* Only between two sites, or where a site's router or each of two appliances in a row chooses its
 * own way, can one direction be lost alone; otherwise one follows the other. */
static gboolean directions_are_apart(const Design *body) {
  if (has_appliances_in_a_row(body))
    return TRUE;
  for (guint i = 0; i < body->sites->len; i++)
    if (((const DesignSite *)body->sites->pdata[i])->via.links != NULL)
      return TRUE;
  if (body->circuits->len > 0)
    return TRUE;
  for (guint i = 0; i < body->traffic->len; i++) {
    const DesignTraffic *traffic = body->traffic->pdata[i];
    if (strchr(traffic->from.text, '/') == NULL && strchr(traffic->to.text, '/') == NULL)
      return TRUE;
  }
  return FALSE;
}

/* Offered and not delivered: by the rows of traffic.csv, and by the rows of events. */
static void lost_bytes_agree(const Case *one) {
  const double forward = dropped_bytes(one, "forward"), reverse = dropped_bytes(one, "reverse");
  const double most = directions_are_apart(one->scenario->design) ? forward + reverse : forward;
  double by_events = 0;
  if (forward < 0 || reverse < 0)
    return;
  for (guint i = 0; i < one->result->row_count; i++)
    by_events += (double)one->result->rows[i].lost_bytes;
  /* Rates are rounded down to whole bits for each row and class. */
  const double rounding = 1e-6 * most + 100 * (one->result->traffic_count + 1);
  cr_assert(by_events >= MAX(forward, reverse) - rounding && by_events <= most + rounding,
            "%s %s %s: %.0f bytes forward, %.0f reverse, %.0f by events",
            one->scenario->design->name, one->scenario->variant->name, one->cloud->name, forward,
            reverse, by_events);
}

Test(conserve, bytes_lost_by_events_are_bytes_dropped_by_traffic) {
  cr_assert_geq(each_file(lost_bytes_agree), 10);
}

/* ---- causes ---------------------------------------------------------------------------------- */

static void routes_have_causes(const Case *one) {
  for (guint i = 0; i < one->result->route_count; i++)
    cr_assert(g_str_has_prefix(one->result->routes[i].cause, "event "), "%s: %s because of %s",
              one->scenario->design->name, one->result->routes[i].table,
              one->result->routes[i].cause);
  for (RecordId id = 1; id <= engine_record_count(one->result->engine); id++) {
    const TraceRecord *record = engine_record_get(one->result->engine, id);
    cr_assert_lt(record->cause, id, "a cause comes before what it causes");
    if (record->cause != 0)
      cr_assert_leq(engine_record_get(one->result->engine, record->cause)->at.ns, record->at.ns);
  }
}

Test(conserve, every_change_of_a_table_goes_back_to_an_event) {
  cr_assert_geq(each_file(routes_have_causes), 10);
}

/* ---- order of the measures ------------------------------------------------------------------- */

static void measures_are_in_order(const Case *one) {
  for (guint i = 0; i < one->result->row_count; i++) {
    const MetricRow *row = &one->result->rows[i];
    cr_assert_leq(row->flows_interrupted, row->flows);
    cr_assert_leq(row->flows_moved, row->flows);
    cr_assert_geq(row->session_outage.ns, row->outage.ns);
    cr_assert(row->flows_interrupted > 0 || row->outage.ns == 0);
    if (!sim_time_is_never(row->programmed) && !sim_time_is_never(row->decided))
      cr_assert(row->programmed.ns >= 0 && row->decided.ns >= 0);
    if (row->censored)
      cr_assert(sim_time_is_never(row->restored), "what is not over has no end");
  }
}

Test(conserve, measures_of_one_row_fit_together) {
  cr_assert_geq(each_file(measures_are_in_order), 10);
}
