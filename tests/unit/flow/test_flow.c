/* Traffic as classes of flows: splitting, interruptions, sessions, probes. */
#include "routesim/flow/traffic.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/bed.h"

/* ---- a lab ------------------------------------------------------------------------- */

static const RouteOrigin bgp = {"BGP", 2, TRUE, FALSE};

#define ELEMENTS 8

typedef struct {
  Bed *bed;
  Fabric *fabric;
  Network *hub;
  Subnet *app;
  RouteTable *tables[2]; /* of the two groups of hosts */
  NetNode *nodes[ELEMENTS];
  Element *elements[ELEMENTS];
  RouteTable *element_tables[ELEMENTS];
  NetNode *links[ELEMENTS];
  Site *dc;
  Traffic *traffic;
} Lab;

static void set_route(RouteTable *table, const char *prefix, guint first, guint count) {
  NextHop hops[ELEMENTS];
  for (guint i = 0; i < count; i++)
    hops[i] = (NextHop){.kind = HOP_ELEMENT, .address = ip_address_v4(0x0A000104u + first + i)};
  if (count > 0)
    route_table_put(table, bed_prefix(prefix), &bgp, hops, count);
  else
    route_table_drop(table, bed_prefix(prefix), &bgp);
}

/* Hosts hub/app, two groups; the site "dc" behind all the elements, which send what is for
 * the hub straight to it. */
static Lab *lab_new(Bed *bed, guint hosts0, guint hosts1, gboolean stateful) {
  Lab *lab = arena_new0(bed->arena, Lab);
  lab->bed = bed;
  lab->fabric = fabric_new(bed->engine);
  lab->hub = network_new(lab->fabric, "hub");
  network_add_prefix(lab->hub, bed_prefix("10.0.0.0/16"));
  lab->app = subnet_new(lab->hub, "hub/app", bed_prefix("10.0.2.0/24"));
  for (guint i = 0; i < 2; i++) {
    lab->tables[i] = route_table_new(lab->fabric, i == 0 ? "app/0" : "app/1");
    if ((i == 0 ? hosts0 : hosts1) > 0)
      subnet_add_group(lab->app, lab->tables[i], i == 0 ? hosts0 : hosts1);
  }
  lab->dc = site_new(lab->fabric, "dc");
  site_add_prefix(lab->dc, bed_prefix("192.168.0.0/16"));
  const NextHop local = {.kind = HOP_LOCAL, .network = lab->hub};
  for (guint i = 0; i < ELEMENTS; i++) {
    const char *name = arena_printf(bed->arena, "fw-%c", 'a' + (char)i);
    lab->nodes[i] = net_node_new(bed->engine, name);
    lab->element_tables[i] = route_table_new(lab->fabric, name);
    route_table_put(lab->element_tables[i], bed_prefix("10.0.0.0/16"), &bgp, &local, 1);
    const ElementConfig config = {name,     lab->nodes[i],          ip_address_v4(0x0A000104u + i),
                                  lab->hub, lab->element_tables[i], stateful};
    lab->elements[i] = element_new(lab->fabric, &config);
    lab->links[i] = site_link(lab->dc, lab->elements[i]);
  }
  lab->traffic = traffic_new(lab->fabric, TRUE, 1, 0);
  return lab;
}

static void add_web(Lab *lab, guint flows, SimTime reconnect) {
  const TrafficConfig config = {.name = "web",
                                .from = {.subnet = lab->app},
                                .to = {.site = lab->dc},
                                .flows = flows,
                                .bits_per_second = 1000000007,
                                .reconnect = reconnect};
  traffic_add(lab->traffic, &config);
}

typedef struct {
  Lab *lab;
  guint table, first, count;
} Change;

static void change_route(gpointer data) {
  const Change *change = data;
  set_route(change->lab->tables[change->table], "192.168.0.0/16", change->first, change->count);
}

/* Routes of group `table` to the site go to elements first, first + 1, ... from then on. */
static void route_at(Lab *lab, gint64 at_ms, guint table, guint first, guint count) {
  Change *change = arena_new0(lab->bed->arena, Change);
  *change = (Change){lab, table, first, count};
  bed_at(lab->bed, sim_time_ms(at_ms), change_route, change);
}

/* The latest shares of a direction: "fw-a 3, fw-b 7, ", and their sum. */
static guint64 last_shares(const Lab *lab, const char *direction, GString *out) {
  guint64 sum = 0;
  for (RecordId id = engine_record_count(lab->bed->engine); id > 0; id--) {
    const TraceRecord *record = engine_record_get(lab->bed->engine, id);
    if (record->kind != &FLOW_SHARES || strcmp(record->object, direction) != 0)
      continue;
    const FlowShares *shares = record->detail;
    for (guint i = 0; i < shares->count; i++) {
      g_string_append_printf(out, "%s %u, ", shares->shares[i].way->text, shares->shares[i].flows);
      sum += shares->shares[i].flows;
    }
    cr_assert_eq(sum, shares->flows);
    break;
  }
  return sum;
}

static void assert_shares(const Lab *lab, const char *direction, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  last_shares(lab, direction, out);
  cr_assert_str_eq(out->str, expected, "%s: %s, not %s", direction, out->str, expected);
}

/* ---- splitting --------------------------------------------------------------------- */

/* Whatever number of next hops came before: each flow takes hash % n, and none is lost. */
Test(flow, classes_conserve_flows_for_any_sequence_of_moduli) {
  const guint flows = 5000;
  guint32 hashes[5000];
  flow_hashes(1, 0, "web/0", 0, hashes, flows);
  for (guint64 round = 0; round < 12; round++) {
    g_autoptr(Bed) bed = bed_new();
    RandomStream random = random_stream(round, 0, "moduli");
    Lab *lab = lab_new(bed, 10, 0, FALSE);
    guint counts[20], firsts[20];
    add_web(lab, flows, SIM_TIME_ZERO);
    for (guint i = 0; i < 20; i++) {
      counts[i] = 1 + (guint)(random_bits(&random) % 8);
      firsts[i] = (guint)(random_bits(&random) % (8 - counts[i] + 1));
      route_at(lab, 1000 * (i + 1), 0, firsts[i], counts[i]);
    }
    traffic_begin(lab->traffic);
    for (guint i = 0; i < 20; i++) {
      guint naive[8] = {0};
      g_autoptr(GString) expected = g_string_new(NULL);
      bed_run(bed, sim_time_s(i + 1));
      for (guint j = 0; j < flows; j++)
        naive[firsts[i] + hashes[j] % counts[i]]++;
      for (guint j = 0; j < 8; j++)
        if (naive[j] > 0)
          g_string_append_printf(expected, "fw-%c %u, ", 'a' + (char)j, naive[j]);
      assert_shares(lab, "forward", expected->str);
      assert_shares(lab, "reverse", expected->str);
    }
  }
}

/* Both directions have hashes of their own: elements send back over four more. */
Test(flow, the_way_back_splits_by_its_own_hash) {
  const guint flows = 5000;
  guint32 there[5000], back[5000];
  guint naive[2][3] = {{0}};
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, FALSE);
  flow_hashes(1, 0, "web/0", 0, there, flows);
  flow_hashes(1, 0, "web/0", 1, back, flows);
  add_web(lab, flows, SIM_TIME_ZERO);
  for (guint i = 0; i < 2; i++)
    set_route(lab->element_tables[i], "10.0.0.0/16", 2, 3);
  set_route(lab->tables[0], "192.168.0.0/16", 0, 2);
  traffic_begin(lab->traffic);
  for (guint i = 0; i < flows; i++)
    naive[there[i] % 2][back[i] % 3]++;
  g_autoptr(GString) expected = g_string_new(NULL);
  for (guint i = 0; i < 2; i++)
    for (guint j = 0; j < 3; j++)
      g_string_append_printf(expected, "fw-%c+fw-%c %u, ", 'a' + (char)i, 'c' + (char)j,
                             naive[i][j]);
  assert_shares(lab, "reverse", expected->str);
}

Test(flow, groups_of_hosts_share_flows_by_their_number) {
  static const struct {
    guint hosts[2], flows, shares[2];
  } cases[] = {{{30, 10}, 1000, {750, 250}},
               {{1, 2}, 10, {3, 7}},
               {{1, 1}, 1, {0, 1}},
               {{7, 0}, 99, {99, 0}},
               {{3, 3}, 7, {3, 4}}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    g_autoptr(GString) expected = g_string_new(NULL);
    Lab *lab = lab_new(bed, cases[i].hosts[0], cases[i].hosts[1], FALSE);
    add_web(lab, cases[i].flows, SIM_TIME_ZERO);
    cr_assert_eq(traffic_flows(lab->traffic), cases[i].flows);
    for (guint group = 0; group < 2; group++) {
      set_route(lab->tables[group], "192.168.0.0/16", group, 1);
      if (cases[i].shares[group] > 0)
        g_string_append_printf(expected, "fw-%c %u, ", 'a' + (char)group, cases[i].shares[group]);
    }
    traffic_begin(lab->traffic);
    assert_shares(lab, "forward", expected->str);
  }
}

Test(flow, a_million_flows_in_one_class) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, FALSE);
  g_autoptr(GString) out = g_string_new(NULL);
  add_web(lab, 1000000, SIM_TIME_ZERO);
  set_route(lab->tables[0], "192.168.0.0/16", 0, 7);
  traffic_begin(lab->traffic);
  cr_assert_eq(last_shares(lab, "forward", out), 1000000);
}

/* ---- interruptions ----------------------------------------------------------------- */

typedef struct {
  guint interrupted, restored, broken, gone, records;
  gint64 bits;
  guint censored, again;
} Sums;

static Sums sums_of(const Lab *lab) {
  Sums sums = {0};
  for (RecordId id = 1; id <= engine_record_count(lab->bed->engine); id++) {
    const TraceRecord *record = engine_record_get(lab->bed->engine, id);
    if (record->kind == &FLOW_INTERRUPTED)
      sums.interrupted += (guint)record->value;
    if (record->kind == &FLOW_BROKEN)
      sums.broken += (guint)record->value;
    if (record->kind == &FLOW_GONE)
      sums.gone += (guint)record->value;
    if (record->kind != &FLOW_RESTORED)
      continue;
    const FlowInterruption *over = record->detail;
    cr_assert_eq(over->flows, record->value);
    sums.records++;
    sums.restored += over->flows;
    sums.bits += over->bits_per_second;
    sums.censored += over->censored ? over->flows : 0;
    sums.again += over->again ? over->flows : 0;
  }
  return sums;
}

Test(flow, an_interruption_from_the_change_to_the_repair) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, FALSE);
  add_web(lab, 1000, SIM_TIME_ZERO);
  set_route(lab->tables[0], "192.168.0.0/16", 0, 1);
  traffic_begin(lab->traffic);
  route_at(lab, 10000, 0, 0, 0);
  route_at(lab, 12500, 0, 1, 1);
  bed_run(bed, sim_time_s(20));
  const TraceRecord *down, *up, *event;
  cr_assert_eq(bed_count(bed, &FLOW_INTERRUPTED, &down), 1);
  cr_assert_eq(bed_count(bed, &FLOW_RESTORED, &up), 1);
  bed_count(bed, &BED_EVENT, &event);
  cr_assert_eq(down->at.ns, sim_time_ms(10000).ns);
  cr_assert_eq(down->value, 1000);
  cr_assert_str_eq(down->subject, "web");
  cr_assert_eq(((const FlowStop *)down->detail)->reason, DROP_NO_ROUTE);
  const TraceRecord *cause = engine_record_get(bed->engine, down->cause);
  cr_assert_eq(cause->kind, &BED_EVENT); /* of what took the route away */
  cr_assert_eq(cause->at.ns, down->at.ns);
  cr_assert_eq(up->at.ns, sim_time_ms(12500).ns);
  cr_assert_eq(engine_record_get(bed->engine, up->cause), event);
  const FlowInterruption *over = up->detail;
  cr_assert_eq(over->since.ns, sim_time_ms(10000).ns);
  cr_assert_eq(engine_record_get(bed->engine, over->down), down);
  cr_assert_eq(over->bits_per_second, 1000000007);
  cr_assert_not(over->again || over->censored);
  assert_shares(lab, "forward", "fw-b 1000, ");
}

Test(flow, only_the_flows_of_the_failed_way_are_interrupted) {
  guint32 hashes[1000];
  guint odd = 0;
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, FALSE);
  flow_hashes(1, 0, "web/0", 0, hashes, 1000);
  for (guint i = 0; i < 1000; i++)
    odd += hashes[i] % 2;
  add_web(lab, 1000, SIM_TIME_ZERO);
  set_route(lab->tables[0], "192.168.0.0/16", 0, 2);
  traffic_begin(lab->traffic);
  bed_run(bed, sim_time_s(1));
  net_node_adjust(lab->nodes[1], NODE_NOT_FORWARDING, NULL, +1);
  bed_run(bed, sim_time_s(2));
  Sums sums = sums_of(lab);
  cr_assert_eq(sums.interrupted, odd);
  cr_assert_eq(sums.restored, 0);
  net_node_adjust(lab->nodes[1], NODE_NOT_FORWARDING, NULL, -1);
  bed_run(bed, sim_time_s(3));
  sums = sums_of(lab);
  cr_assert_eq(sums.restored, odd);
}

/* Every random history: what is interrupted is restored or censored, flow by flow, and the
 * rates of the parts add up to the whole but for rounding. */
Test(flow, interruptions_add_up) {
  for (guint64 round = 0; round < 30; round++) {
    g_autoptr(Bed) bed = bed_new();
    RandomStream random = random_stream(round, 0, "interruptions");
    Lab *lab = lab_new(bed, 10, 5, FALSE);
    add_web(lab, 3000, SIM_TIME_ZERO);
    for (guint group = 0; group < 2; group++)
      set_route(lab->tables[group], "192.168.0.0/16", 0, 4);
    traffic_begin(lab->traffic);
    for (guint i = 0; i < 40; i++) {
      const guint64 bits = random_bits(&random);
      if (bits & 1)
        route_at(lab, 1000 + 100 * i, bits >> 1 & 1, bits >> 2 & 3, bits >> 4 & 3);
      else
        route_at(lab, 1000 + 100 * i, bits >> 1 & 1, 0, 1 + (bits >> 4) % 8);
    }
    for (guint i = 0; i < 40; i++) {
      NetNode *node = (random_bits(&random) & 1 ? lab->nodes : lab->links)[i % ELEMENTS];
      const NodeReason reason = node == lab->nodes[i % ELEMENTS] ? NODE_NOT_FORWARDING : NODE_CUT;
      bed_run(bed, sim_time_ms(1000 + 100 * i + 50));
      net_node_adjust(node, reason, NULL, net_node_is(node, reason) ? -1 : +1);
    }
    bed_run(bed, sim_time_s(10));
    Sums sums = sums_of(lab);
    cr_assert_leq(sums.restored, sums.interrupted);
    const guint open = sums.interrupted - sums.restored;
    traffic_end(lab->traffic);
    sums = sums_of(lab);
    cr_assert_eq(sums.restored, sums.interrupted, "round %u", (guint)round);
    cr_assert_eq(sums.censored, open);
    /* Each record rounds down by less than 1 bit/s. */
    const __int128 exact = (__int128)1000000007 * sums.restored / 3000;
    cr_assert_leq(sums.bits, (gint64)exact);
    cr_assert_geq(sums.bits, (gint64)exact - (gint64)sums.records);
  }
}

Test(flow, what_was_down_from_the_start_is_told_once) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, FALSE);
  add_web(lab, 1200, SIM_TIME_ZERO);
  /* The first of two ways ends nowhere; behind the second one three more ways open, which
   * splits all classes again. */
  net_node_adjust(lab->nodes[0], NODE_NOT_FORWARDING, NULL, +1);
  net_node_adjust(lab->links[1], NODE_CUT, NULL, +1);
  set_route(lab->tables[0], "192.168.0.0/16", 0, 2);
  for (guint i = 0; i < 2; i++)
    set_route(lab->element_tables[i], "10.0.0.0/16", 3, 3);
  net_node_adjust(lab->links[1], NODE_CUT, NULL, -1);
  traffic_begin(lab->traffic);
  const guint interrupted = sums_of(lab).interrupted;
  cr_assert_lt(interrupted, 700, "%u of 1200 flows", interrupted);
  traffic_end(lab->traffic);
  cr_assert_eq(sums_of(lab).restored, interrupted);
}

Test(flow, a_second_fall_by_the_same_event_is_marked) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, FALSE);
  add_web(lab, 100, SIM_TIME_ZERO);
  set_route(lab->tables[0], "192.168.0.0/16", 0, 1);
  traffic_begin(lab->traffic);
  bed_run(bed, sim_time_s(1));
  const RecordId event = engine_record(bed->engine, &BED_EVENT, "test", NULL, 0, NULL);
  for (guint i = 0; i < 3; i++) { /* down and up twice because of one event, then of another */
    if (i == 2) {
      engine_set_cause(bed->engine, 0);
      engine_set_cause(bed->engine, engine_record(bed->engine, &BED_EVENT, "x", NULL, 0, NULL));
    } else {
      engine_set_cause(bed->engine, event);
    }
    set_route(lab->tables[0], "192.168.0.0/16", 0, 0);
    bed_run(bed, sim_time_s(2 + 2 * i));
    engine_set_cause(bed->engine, event);
    set_route(lab->tables[0], "192.168.0.0/16", 0, 1);
    bed_run(bed, sim_time_s(3 + 2 * i));
  }
  const Sums sums = sums_of(lab);
  cr_assert_eq(sums.interrupted, 300);
  cr_assert_eq(sums.again, 100);
}

/* ---- sessions ---------------------------------------------------------------------- */

static void fail_a(gpointer data) {
  Lab *lab = data;
  net_node_adjust(lab->nodes[0], NODE_DARK, NULL, +1);
  net_node_adjust(lab->nodes[0], NODE_NOT_FORWARDING, NULL, +1);
}

/* Over a firewall that loses power the sessions break: applications notice at their next
 * attempt, every 3 s from the moment that packets stopped. */
Test(flow, sessions_break_with_the_state_and_reopen_at_the_next_attempt) {
  static const struct {
    gint64 moved_ms, session_ms;
  } cases[] = {{500, 3000}, {3000, 3000}, {3001, 6000}, {8999, 9000}, {10000, 12000}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    Lab *lab = lab_new(bed, 10, 0, TRUE);
    add_web(lab, 100, sim_time_s(3));
    set_route(lab->tables[0], "192.168.0.0/16", 0, 1);
    traffic_begin(lab->traffic);
    const TraceRecord *up, *broken;
    bed_at(bed, sim_time_s(10), fail_a, lab);
    bed_run(bed, sim_time_ms(10000 + cases[i].moved_ms));
    /* What moves the route follows from the failure: it breaks nothing a second time. */
    cr_assert_eq(bed_count(bed, &FLOW_BROKEN, &broken), 1);
    engine_set_cause(bed->engine, broken->root);
    set_route(lab->tables[0], "192.168.0.0/16", 1, 1);
    bed_run(bed, sim_time_s(100));
    cr_assert_eq(bed_count(bed, &FLOW_RESTORED, &up), 1);
    cr_assert_eq(bed_count(bed, &FLOW_BROKEN, &broken), 1);
    cr_assert_eq(broken->value, 100);
    const FlowInterruption *over = up->detail;
    cr_assert_eq(sim_time_sub(up->at, over->since).ns, sim_time_ms(cases[i].moved_ms).ns,
                 "packets pass again");
    cr_assert_eq(over->session_outage.ns, sim_time_ms(cases[i].session_ms).ns,
                 "%" G_GINT64_FORMAT " ms: %g s", cases[i].moved_ms,
                 sim_time_seconds(over->session_outage));
  }
}

Test(flow, moving_to_another_firewall_breaks_sessions_without_an_interruption) {
  for (guint stateful = 0; stateful < 2; stateful++) {
    g_autoptr(Bed) bed = bed_new();
    Lab *lab = lab_new(bed, 10, 0, stateful);
    add_web(lab, 100, sim_time_s(3));
    set_route(lab->tables[0], "192.168.0.0/16", 0, 1);
    traffic_begin(lab->traffic);
    route_at(lab, 10000, 0, 1, 1);
    bed_run(bed, sim_time_s(20));
    const Sums sums = sums_of(lab);
    cr_assert_eq(sums.interrupted, 0);
    cr_assert_eq(sums.broken, stateful ? 100 : 0);
    cr_assert_eq(sums.records, stateful); /* a session outage alone */
    const TraceRecord *up;
    bed_count(bed, &FLOW_RESTORED, &up);
    if (stateful)
      cr_assert_eq(((const FlowInterruption *)up->detail)->session_outage.ns, sim_time_s(3).ns);
    if (stateful)
      cr_assert_eq(((const FlowInterruption *)up->detail)->down, 0);
  }
}

/* The site answers over the element that it was reached by; here that element sends the
 * answer over another firewall, which never saw the opening. */
Test(flow, asymmetric_ways_through_firewalls_do_not_pass) {
  for (guint stateful = 0; stateful < 2; stateful++) {
    g_autoptr(Bed) bed = bed_new();
    Lab *lab = lab_new(bed, 10, 0, stateful);
    add_web(lab, 100, sim_time_s(3));
    set_route(lab->tables[0], "192.168.0.0/16", 0, 1);
    set_route(lab->element_tables[0], "10.0.0.0/16", 1, 1);
    traffic_begin(lab->traffic);
    assert_shares(lab, "forward", stateful ? "dropped:asymmetric 100, " : "fw-a 100, ");
    assert_shares(lab, "reverse", stateful ? "dropped:asymmetric 100, " : "fw-a+fw-b 100, ");
  }
}

/* Why flows do not pass, and where: the last of the trace. */
static const FlowStop *last_stop(const Bed *bed, const TraceKind *kind) {
  const TraceRecord *record = NULL;
  cr_assert_gt(bed_count(bed, kind, &record), 0);
  return record->detail;
}

/* "REASON at WHERE" */
static void assert_stop(const FlowStop *stop, const char *expected) {
  g_autofree char *text =
      g_strdup_printf("%s at %s", drop_reason_name(stop->reason), stop->where.name);
  cr_assert_str_eq(text, expected);
}

Test(flow, what_does_not_pass_has_a_place) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, TRUE);
  const TrafficConfig config = {.name = "lost",
                                .from = {.subnet = lab->app},
                                .to = {.address = bed_address("172.16.0.1")},
                                .flows = 100,
                                .bits_per_second = 1000};
  traffic_add(lab->traffic, &config);
  set_route(lab->tables[0], "172.16.0.0/12", 0, 1);
  set_route(lab->element_tables[0], "172.16.0.0/12", 1, 1);
  set_route(lab->element_tables[1], "172.16.0.0/12", 0, 1);
  traffic_begin(lab->traffic);
  assert_stop(last_stop(bed, &FLOW_INTERRUPTED), "loop at fw-a > fw-b > fw-a");
  /* What ends elsewhere later is told, and is the same interruption. */
  set_route(lab->element_tables[1], "172.16.0.0/12", 0, 0);
  bed_run(bed, sim_time_s(1));
  assert_stop(last_stop(bed, &FLOW_STOP_MOVED), "no-route at fw-b");
  net_node_adjust(lab->nodes[1], NODE_NOT_FORWARDING, NULL, +1);
  bed_run(bed, sim_time_s(2));
  assert_stop(last_stop(bed, &FLOW_STOP_MOVED), "next-hop-down at fw-b");
  const NextHop nowhere = {.kind = HOP_NONE};
  route_table_put(lab->tables[0], bed_prefix("172.16.0.1/32"), &bgp, &nowhere, 1);
  bed_run(bed, sim_time_s(3));
  assert_stop(last_stop(bed, &FLOW_STOP_MOVED), "blackhole at app/0");
  const TraceRecord *record;
  cr_assert_eq(bed_count(bed, &FLOW_INTERRUPTED, &record), 1);
  cr_assert_eq(bed_count(bed, &FLOW_STOP_MOVED, &record), 3);
}

/* Of two firewalls on the way back the one that saw no opening drops; where the way back leaves
 * one out, that one will not see the session grow. */
Test(flow, an_asymmetric_way_ends_at_the_stranger) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, TRUE);
  add_web(lab, 100, sim_time_s(3));
  set_route(lab->tables[0], "192.168.0.0/16", 0, 1);
  set_route(lab->element_tables[0], "10.0.0.0/16", 1, 1);
  traffic_begin(lab->traffic);
  assert_stop(last_stop(bed, &FLOW_INTERRUPTED), "asymmetric at fw-b");
}

/* ---- hosts that fail, marks, probes ------------------------------------------------ */

Test(flow, flows_of_failed_hosts_are_gone_and_not_interrupted) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, TRUE);
  add_web(lab, 100, sim_time_s(3));
  set_route(lab->tables[0], "192.168.0.0/16", 0, 1);
  traffic_begin(lab->traffic);
  bed_run(bed, sim_time_s(1));
  subnet_adjust_dark(lab->app, +1);
  bed_run(bed, sim_time_s(2));
  assert_shares(lab, "forward", "dropped:host-down 100, ");
  set_route(lab->tables[0], "192.168.0.0/16", 0, 0); /* nobody is there to miss it */
  bed_run(bed, sim_time_s(3));
  Sums sums = sums_of(lab);
  cr_assert_eq(sums.gone, 100);
  cr_assert_eq(sums.interrupted, 0);
  subnet_adjust_dark(lab->app, -1); /* back, into a broken network */
  bed_run(bed, sim_time_s(4));
  sums = sums_of(lab);
  cr_assert_eq(sums.interrupted, 100);
  set_route(lab->tables[0], "192.168.0.0/16", 0, 1);
  bed_run(bed, sim_time_s(5));
  sums = sums_of(lab);
  cr_assert_eq(sums.restored, 100);
  cr_assert_eq(sums.gone, 100);
}

Test(flow, moved_flows_are_counted_between_marks) {
  guint32 hashes[1000];
  guint odd = 0;
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, FALSE);
  flow_hashes(1, 0, "web/0", 0, hashes, 1000);
  for (guint i = 0; i < 1000; i++)
    odd += hashes[i] % 2;
  add_web(lab, 1000, SIM_TIME_ZERO);
  set_route(lab->tables[0], "192.168.0.0/16", 0, 1);
  traffic_begin(lab->traffic);
  bed_run(bed, sim_time_s(1));
  const RecordId event = engine_record(bed->engine, &BED_EVENT, "test", NULL, 0, NULL);
  static const struct { guint first, count; } ways[] = {{0, 1}, {0, 2}, {0, 1}, {1, 1}};
  const guint moved[] = {0, odd, odd, 1000};
  for (guint i = 0; i < 4; i++) {
    const TraceRecord *record;
    set_route(lab->tables[0], "192.168.0.0/16", ways[i].first, ways[i].count);
    bed_run(bed, sim_time_s(2 + i));
    traffic_mark(lab->traffic, event);
    cr_assert_eq(bed_count(bed, &FLOW_MOVED, &record), i + 1);
    cr_assert_eq(record->value, moved[i], "step %u: %d", i, (int)record->value);
    cr_assert_eq(record->cause, event);
  }
  traffic_mark(lab->traffic, 0);
  cr_assert_eq(bed_count(bed, &FLOW_MOVED, NULL), 4, "no event, no record");
}

/* Nobody here keeps elements from having one name: what is compared is whom packets pass. */
Test(flow, ways_are_told_apart_by_what_is_passed) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, FALSE);
  const IpAddress address = ip_address_v4(0x0A000150u);
  const ElementConfig config = {.name = element_name(lab->elements[0]),
                                .node = net_node_new(bed->engine, "twin"),
                                .address = address,
                                .network = lab->hub,
                                .table = lab->element_tables[0]};
  const NextHop hops[] = {{.kind = HOP_ELEMENT, .address = address},
                          {.kind = HOP_ELEMENT, .address = element_address(lab->elements[0])}};
  g_autoptr(GString) shares = g_string_new(NULL);
  const TraceRecord *record;
  guint by_twin, by_itself;
  site_link(lab->dc, element_new(lab->fabric, &config));
  add_web(lab, 1000, SIM_TIME_ZERO);
  set_route(lab->tables[0], "192.168.0.0/16", 0, 1);
  traffic_begin(lab->traffic);
  route_table_put(lab->tables[0], bed_prefix("192.168.0.0/16"), &bgp, hops, 2);
  bed_run(bed, sim_time_s(1));
  last_shares(lab, "forward", shares);
  cr_assert_eq(sscanf(shares->str, "fw-a %u, fw-a %u, ", &by_twin, &by_itself), 2, "%s",
               shares->str);
  traffic_mark(lab->traffic, engine_record(bed->engine, &BED_EVENT, "test", NULL, 0, NULL));
  cr_assert_eq(bed_count(bed, &FLOW_MOVED, &record), 1);
  cr_assert(record->value == by_twin || record->value == by_itself, "%d", (int)record->value);
}

Test(flow, a_probe_sees_gaps_on_its_own_grid) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, FALSE);
  const ProbeConfig config = {.name = "curl",
                              .from = {.subnet = lab->app},
                              .to = {.site = lab->dc},
                              .every = sim_time_ms(100)};
  traffic_add_probe(lab->traffic, &config);
  set_route(lab->tables[0], "192.168.0.0/16", 0, 1);
  traffic_begin(lab->traffic);
  route_at(lab, 10000, 0, 0, 0);
  route_at(lab, 12550, 0, 0, 1);
  route_at(lab, 20000, 0, 0, 0);
  route_at(lab, 20300, 0, 0, 1);
  bed_run(bed, sim_time_ms(29999));
  cr_assert_eq(traffic_probe_count(lab->traffic), 1);
  ProbeResult result = traffic_probe(lab->traffic, 0);
  cr_assert_str_eq(result.name, "curl");
  cr_assert_geq(result.sent, 299);
  cr_assert_leq(result.sent, 300);
  /* 2.55 s hold 25 or 26 probes, 0.3 s hold 3. */
  cr_assert_geq(result.lost, 28);
  cr_assert_leq(result.lost, 29);
  cr_assert(result.longest_gap.ns == sim_time_ms(2500).ns ||
            result.longest_gap.ns == sim_time_ms(2600).ns);
  set_route(lab->tables[0], "192.168.0.0/16", 0, 0);
  bed_run(bed, sim_time_ms(39999));
  traffic_end(lab->traffic);
  result = traffic_probe(lab->traffic, 0);
  cr_assert_geq(result.longest_gap.ns, sim_time_ms(9899).ns, "a gap that the run ended in counts");
  cr_assert_leq(result.longest_gap.ns, sim_time_ms(10000).ns);
}

/* Each probe is a connection of its own: it meets both ways, one of them dead. */
Test(flow, probes_have_hashes_of_their_own) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10, 0, FALSE);
  const ProbeConfig config = {.name = "curl",
                              .from = {.subnet = lab->app},
                              .to = {.site = lab->dc},
                              .every = sim_time_ms(10)};
  traffic_add_probe(lab->traffic, &config);
  set_route(lab->tables[0], "192.168.0.0/16", 0, 4);
  net_node_adjust(lab->nodes[2], NODE_NOT_FORWARDING, NULL, +1);
  traffic_begin(lab->traffic);
  bed_run(bed, sim_time_s(100));
  const ProbeResult result = traffic_probe(lab->traffic, 0);
  cr_assert_float_eq((double)result.lost / (double)result.sent, 0.25,
                     4 * sqrt(0.25 * 0.75 / 10000));
}
