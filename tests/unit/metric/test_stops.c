/* Where packets ended: the fold over the trace, by hand and in a whole run. */
#include "routesim/metric/stops.h"

#include <criterion/criterion.h>

#include "support/bed.h"
#include "support/story.h"

typedef struct {
  Bed *bed;
  const TraceKind *kind;
  gint64 flows;
  FlowStop stop;
} Stop;

static void stops_now(gpointer data) {
  const Stop *stop = data;
  engine_record(stop->bed->engine, stop->kind, "web", NULL, stop->flows, &stop->stop);
}

Test(stops, the_most_at_one_moment_and_the_first_time) {
  g_autoptr(Bed) bed = bed_new();
  static const char things[2]; /* two places may have one name */
  Stop stops[] = {{bed, &FLOW_INTERRUPTED, 100, {DROP_LOOP, {AT_LOOP, NULL, "a > b > a"}}},
                  {bed, &FLOW_INTERRUPTED, 50, {DROP_LOOP, {AT_LOOP, NULL, "a > b > a"}}},
                  {bed, &FLOW_INTERRUPTED, 60, {DROP_LOOP, {AT_LOOP, NULL, "a > b > a"}}},
                  {bed, &FLOW_STOP_MOVED, 60, {DROP_BLACKHOLE, {AT_TABLE, &things[0], "hub/app"}}},
                  {bed, &FLOW_STOP_MOVED, 7, {DROP_BLACKHOLE, {AT_SUBNET, &things[1], "hub/app"}}},
                  {bed, &FLOW_STOP_MOVED, 5, {DROP_BLACKHOLE, {AT_NOTHING, NULL, NULL}}}};
  static const guint at[] = {1, 1, 2, 2, 2, 2};
  for (guint i = 0; i < G_N_ELEMENTS(stops); i++)
    bed_at(bed, sim_time_s(at[i]), stops_now, &stops[i]);
  bed_run(bed, sim_time_s(3));
  g_autoptr(GArray) found = metric_stops(bed->engine, &BED_EVENT);
  const MetricStop *rows = (const MetricStop *)found->data;
  cr_assert_eq(found->len, 4);
  cr_assert_str_eq(rows[0].where.name, "a > b > a");
  cr_assert_eq(rows[0].flows, 150);
  cr_assert_eq(rows[0].since.ns, sim_time_s(1).ns);
  cr_assert_str_eq(rows[1].where.name, "hub/app");
  cr_assert_eq(rows[1].flows, 60);
  cr_assert_str_eq(rows[2].where.name, "hub/app");
  cr_assert_eq(rows[2].flows, 7);
  cr_assert_eq(rows[3].where.kind, AT_NOTHING);
}

static const MetricStop *find(const GArray *stops, DropReason reason, const char *where) {
  for (guint i = 0; i < stops->len; i++) {
    const MetricStop *stop = &g_array_index(stops, MetricStop, i);
    if (stop->reason == reason && g_strcmp0(stop->where.name, where) == 0)
      return stop;
  }
  return NULL;
}

/* A frozen appliance is a blackhole that no session tells of. */
Test(stops, a_run_names_its_dead_next_hop_and_its_cut_link) {
  g_autoptr(Story) story =
      story_text("name: stops\nduration: 10m\nmodels: [azure]\n"
                 "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "
                 "n: {prefix: 10.0.1.0/24, vms: 0}}}}\n"
                 "route_servers: {rs: {network: hub}}\n"
                 "nvas: {r1: {subnet: hub/n, asn: 65010, peers: {rs: {}}, "
                 "advertise: [{prefix: 172.16.0.0/12}, {prefix: 192.168.0.0/16}]}}\n"
                 "sites: {dc: {prefixes: [192.168.0.0/16], via: [r1]}, "
                 "far: {prefixes: [172.16.0.0/16], via: [r1]}}\n"
                 "traffic: {flows: {from: hub/app, to: dc, flows: 100}, "
                 "lost: {from: hub/app, to: far, flows: 7}}\n"
                 "events: [{at: 60s, fail: r1, how: freeze}, {at: 120s, restore: r1}, "
                 "{at: 180s, fail: link/far/r1, how: cut}]\n");
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  g_autoptr(GArray) stops = metric_stops(result->engine, &FAULT_EVENT);
  const MetricStop *dead = find(stops, DROP_NEXT_HOP_DOWN, "r1");
  cr_assert(dead != NULL && dead->event == 0 && dead->since.ns == sim_time_s(60).ns);
  cr_assert_eq(stops->len, 3, "both at r1, and the cut link");
  const MetricStop *cut = find(stops, DROP_LINK_DOWN, "link/far/r1");
  cr_assert(cut != NULL && cut->event == 2 && cut->flows == 7);
}
