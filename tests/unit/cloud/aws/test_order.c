/* Precedence in AWS route tables is rank and never an accident of order: what is kept out enters
 * when its obstacle goes, what stands there leaves when something stronger comes. */
#include <criterion/criterion.h>
#include <string.h>

#include "../../../../sim/cloud/aws/aws_private.h"
#include "support/cloud_lab.h"
#include "support/facts.h"

#define PREFIX "192.168.0.0/16"
#define PROGRAM_MS 1000

typedef struct {
  CloudLab *lab;
  CloudUserTable *user;
  gboolean said, written, propagated; /* what stands now, or is announced */
} Order;

static GArray *routes_of(const Order *design, gboolean written) {
  GArray *routes =
      arena_own(design->lab->bed->arena, g_array_new(FALSE, FALSE, sizeof(CloudUserRoute)),
                (GDestroyNotify)g_array_unref);
  const CloudUserRoute route = {bed_prefix(PREFIX), {.kind = HOP_NONE}, FALSE};
  if (written)
    g_array_append_val(routes, route);
  return routes;
}

static void add_table(CloudLab *lab, gpointer data) {
  Order *design = data;
  design->lab = lab;
  design->user = arena_new0(lab->bed->arena, CloudUserTable);
  *design->user = (CloudUserTable){
      .name = "own", .network = lab->hub, .propagate = TRUE, .routes = routes_of(design, FALSE)};
  lab->app->user_table = design->user;
  g_ptr_array_add(lab->topology.user_tables, design->user);
}

static void begin(Order *design, Bed *bed, const char *settings) {
  cloud_lab_new_with(bed, &aws_cloud, settings, 1, add_table, design);
  cloud_lab_begin(design->lab);
}

/* ---- what happens -------------------------------------------------------------------------- */

static void say(gpointer data) {
  Order *design = data;
  design->said = !design->said;
  cloud_lab_say(design->lab, 0, PREFIX,
                design->said ? cloud_lab_attributes(design->lab, 0, 0, -1) : NULL);
}

static void write_route(gpointer data) {
  Order *design = data;
  design->written = !design->written;
  aws_cloud.fabric->set_user_routes(&design->lab->topology, design->user,
                                    routes_of(design, design->written));
}

static void propagate(gpointer data) {
  Order *design = data;
  const NextHop hop = {.kind = HOP_NONE};
  design->propagated = !design->propagated;
  if (design->propagated)
    route_table_put(design->user->table, bed_prefix(PREFIX), &aws_vpn_bgp_origin, &hop, 1);
  else
    route_table_drop(design->user->table, bed_prefix(PREFIX), &aws_vpn_bgp_origin);
}

/* ---- what should stand there ---------------------------------------------------------------- */

static gboolean has_advertisement(const Order *design) {
  RouteView view;
  return route_table_find(design->user->table, bed_prefix(PREFIX), &aws_advertisement_origin,
                          &view);
}

static const char *active_origin(const Order *design) {
  RouteView view;
  return route_table_match(design->user->table, bed_address("192.168.1.1"), &view)
             ? view.origin->name
             : "none";
}

static gboolean is_kept_out(const Order *design, gboolean vgw_wins) {
  return design->written || (design->propagated && vgw_wins);
}

static const char *should_be(const Order *design, gboolean vgw_wins) {
  if (design->written)
    return aws_static_origin.name;
  if (design->said && !is_kept_out(design, vgw_wins))
    return aws_advertisement_origin.name;
  return design->propagated ? aws_vpn_bgp_origin.name : "none";
}

/* ---- every order ----------------------------------------------------------------------------- */

#define MOST_STEPS 7

static const BedAct acts[] = {say, write_route, propagate};

/* `order` holds so many digits, each an act that turns something on or off. */
static void try_order(const guint *order, guint count, gint64 gap_ms, gboolean vgw_wins) {
  g_autoptr(Bed) bed = bed_new();
  Order design = {0};
  gint64 at = 10000;
  begin(&design, bed,
        vgw_wins ? "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [own], program: 1s, "
                   "rs_vs_vgw: vgw}"
                 : "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [own], program: 1s}");
  for (guint i = 0; i < count; i++, at += gap_ms) {
    bed_at(bed, sim_time_ms(at), acts[order[i]], &design);
    bed_run(bed, sim_time_ms(at));
    cr_assert_not(is_kept_out(&design, vgw_wins) && has_advertisement(&design),
                  "it leaves at once");
  }
  bed_run(bed, sim_time_ms(at + 2 * PROGRAM_MS + 100));
  cr_assert_str_eq(active_origin(&design), should_be(&design, vgw_wins), "after %u steps", count);
  cr_assert_eq(has_advertisement(&design), design.said && !is_kept_out(&design, vgw_wins));
}

/* All sequences of announcing, writing and propagating (and taking each back) come to the table
 * that what is left of them says, whatever the time between. */
Test(aws_order, any_order_gives_one_table) {
  static const gint64 gaps[] = {1, 400, PROGRAM_MS, 5000};
  guint tried = 0;
  for (guint length = 1; length <= 5; length++) {
    guint sequences = 1;
    for (guint i = 0; i < length; i++)
      sequences *= G_N_ELEMENTS(acts);
    for (guint sequence = 0; sequence < sequences; sequence++) {
      guint order[MOST_STEPS], rest = sequence;
      for (guint i = 0; i < length; i++, rest /= G_N_ELEMENTS(acts))
        order[i] = rest % G_N_ELEMENTS(acts);
      for (guint i = 0; i < G_N_ELEMENTS(gaps); i++)
        for (guint vgw = 0; vgw < 2; vgw++, tried++)
          try_order(order, length, gaps[i], vgw);
    }
  }
  cr_assert_eq(tried, 2904);
  FACTS("AWS-5.8", "AWS-5.10", "AWS-5.24");
}

/* After the usual programming time, and after the latest obstacle. */
Test(aws_order, it_enters_a_programming_time_after_its_obstacle_went) {
  g_autoptr(Bed) bed = bed_new();
  Order design = {0};
  begin(&design, bed, "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [own], program: 1s}");
  bed_at(bed, sim_time_ms(5000), write_route, &design);
  bed_at(bed, sim_time_ms(6000), say, &design);
  bed_at(bed, sim_time_ms(10000), write_route, &design); /* it goes, comes back and goes */
  bed_at(bed, sim_time_ms(10300), write_route, &design);
  bed_at(bed, sim_time_ms(10600), write_route, &design);
  bed_run(bed, sim_time_ms(11599));
  cr_assert_not(has_advertisement(&design));
  bed_run(bed, sim_time_ms(11600));
  cr_assert(has_advertisement(&design));
  FACTS("AWS-5.24");
}

/* What drove a route out, or let it in, is the cause of that. */
Test(aws_order, the_obstacle_is_the_cause) {
  g_autoptr(Bed) bed = bed_new();
  Order design = {0};
  begin(&design, bed, "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [own], program: 1s}");
  bed_at(bed, sim_time_s(5), say, &design);
  bed_at(bed, sim_time_s(10), write_route, &design);
  bed_at(bed, sim_time_s(20), write_route, &design);
  bed_run(bed, sim_time_s(30));
  static const gint64 roots[] = {5, 10, 20};
  guint count = 0;
  for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    if (record->kind != &CLOUD_PROGRAMMED)
      continue;
    cr_assert_lt(count, G_N_ELEMENTS(roots));
    const TraceRecord *root = engine_record_get(bed->engine, record->root);
    cr_assert_eq(root->at.ns, roots[count] * SIM_SECOND);
    count++;
  }
  cr_assert_eq(count, G_N_ELEMENTS(roots));
  FACTS("AWS-5.8");
}

/* ---- room in the table (AWS-9.7, AWS-5.24) --------------------------------------------------- */

static void drop_other(gpointer data) {
  route_table_drop(((Order *)data)->user->table, bed_prefix("30.0.0.0/24"), &aws_vgw_origin);
}

Test(aws_order, room_that_comes_free_is_taken) { /* AWS-9.7 */
  g_autoptr(Bed) bed = bed_new();
  Order design = {0};
  const NextHop hop = {.kind = HOP_NONE};
  cloud_lab_new_with(bed, &aws_cloud,
                     "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [own], program: 1s, "
                     "limits: {propagated_routes: 1}}",
                     1, add_table, &design);
  route_table_put(design.user->table, bed_prefix("30.0.0.0/24"), &aws_vgw_origin, &hop, 1);
  cloud_lab_say(design.lab, 0, PREFIX, cloud_lab_attributes(design.lab, 0, 0, -1));
  cloud_lab_begin(design.lab);
  cr_assert_not(has_advertisement(&design));
  bed_at(bed, sim_time_s(10), drop_other, &design);
  bed_run(bed, sim_time_ms(10999));
  cr_assert_not(has_advertisement(&design));
  bed_run(bed, sim_time_s(11));
  cr_assert(has_advertisement(&design));
  FACTS("AWS-9.7");
}

/* The converged start comes to what any other order does. */
Test(aws_order, a_route_of_a_gateway_after_the_converged_start) {
  g_autoptr(Bed) bed = bed_new();
  Order design = {0};
  cloud_lab_new_with(bed, &aws_cloud,
                     "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [own], program: 1s, "
                     "rs_vs_vgw: vgw}",
                     1, add_table, &design);
  cloud_lab_say(design.lab, 0, PREFIX, cloud_lab_attributes(design.lab, 0, 0, -1));
  cloud_lab_begin(design.lab);
  cr_assert_str_eq(active_origin(&design), "Advertisement");
  propagate(&design);
  cr_assert_str_eq(active_origin(&design), "EnableVgwRoutePropagation (VPN)");
  cr_assert_not(has_advertisement(&design));
  FACTS("AWS-5.10");
}
