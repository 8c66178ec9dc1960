/* Appliances that cannot pass everything: what is delivered, what is dropped, and whose fault it
 * is. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/story.h"

static gint64 bits(const RunResult *result, const char *via, SimTime at) {
  gint64 sum = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->direction == FLOW_FORWARD && row->from.ns <= at.ns && at.ns < row->to.ns &&
        (via == NULL || strcmp(row->via, via) == 0))
      sum += row->bits_per_second;
  }
  return sum;
}

static Story *two_routers(const char *events) {
  g_autofree char *text = g_strdup_printf(
      "name: overload\nduration: 10m\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "
      "n: {prefix: 10.0.1.0/24, vms: 0}}}}\n"
      "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/n, e2: hub/n}, "
      "propagate_to: [hub/app]}}}\n"
      "nvas:\n"
      "  r1: {subnet: hub/n, asn: 65010, capacity: 1Gbps, peers: {rs: {keepalive: 1s, hold: 3s}}, "
      "advertise: [{prefix: 192.168.0.0/16}]}\n"
      "  r2: {subnet: hub/n, asn: 65010, capacity: 1Gbps, peers: {rs: {keepalive: 1s, hold: 3s}}, "
      "advertise: [{prefix: 192.168.0.0/16}]}\n"
      "sites: {dc: {prefixes: [192.168.0.0/16], via: [r1, r2]}}\n"
      "traffic:\n"
      "  one: {from: hub/app, to: dc, flows: 400, rate: 400Mbps}\n"
      "  two: {from: hub/app, to: dc, flows: 800, rate: 800Mbps}\n%s",
      events);
  return story_text(text);
}

Test(overload, a_survivor_drops_what_does_not_fit) {
  g_autoptr(Story) story = two_routers("events: [{at: 60s, fail: r1, how: silent}]\n");
  g_autoptr(RunResult) azure = story_run(story, "azure", 0), aws = story_run(story, "aws", 0);
  const SimTime before = sim_time_s(10), after = sim_time_s(300);
  cr_assert_eq(bits(azure, "dropped:capacity", before), 0);
  cr_assert_eq(bits(azure, "r2", after), 1000000000);
  cr_assert_eq(bits(azure, "dropped:capacity", after), 200000000);
  cr_assert_eq(bits(aws, "r1", before), 1000000000, "AWS-4.3: one next hop has it all");
  cr_assert_eq(bits(aws, "dropped:capacity", before), 200000000);
  for (guint i = 0; i < azure->traffic_count; i++)
    cr_assert_eq(bits(azure, NULL, azure->traffic[i].from), 1200000000);
  /* What was dropped before the failure too is not its fault. */
  const double outage = sim_time_seconds(aws->rows[0].outage);
  cr_assert_float_eq((double)aws->rows[0].lost_bytes, outage * 125e6, 1e3);
  /* The survivor's drops are the failure's, until the end of the run. */
  const double since = 600 - 60 - sim_time_seconds(azure->rows[0].outage);
  cr_assert_gt((double)azure->rows[0].lost_bytes, since * 25e6);
  cr_assert_lt((double)azure->rows[0].lost_bytes,
               since * 25e6 + sim_time_seconds(azure->rows[0].outage) * 150e6);
}

/* Bytes that the rows show as dropped one way, of one kind or (NULL) of all. */
static double dropped(const RunResult *result, const char *via) {
  double bytes = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->direction == FLOW_FORWARD && g_str_has_prefix(row->via, "dropped:") &&
        (via == NULL || strcmp(row->via, via) == 0))
      bytes +=
          (double)row->bits_per_second / 8 * sim_time_seconds(sim_time_sub(row->to, row->from));
  }
  return bytes;
}

/* Three routers of 500 Mbps carry 1.2 Gbps. Without r1 200 Mbps do not fit, without r2 too 700.
 * Whatever comes back takes off its own part: what is lost after that is the other's. */
Test(overload, a_repair_takes_off_what_its_failure_brought) {
  for (guint order = 0; order < 2; order++) {
    g_autoptr(GString) text = g_string_new(
        "name: overload\nduration: 20m\nmodels: [azure]\n"
        "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "
        "n: {prefix: 10.0.1.0/24, vms: 0}}}}\n"
        "route_servers: {rs: {network: hub}}\n"
        "sites: {dc: {prefixes: [192.168.0.0/16], via: [r1, r2, r3]}}\n"
        "traffic: {flows: {from: hub/app, to: dc, flows: 1200, rate: 1200Mbps}}\n");
    g_string_append_printf(
        text,
        "events: [{at: 60s, fail: r1, how: crash}, {at: 160s, fail: r2, how: crash}, "
        "{at: 400s, restore: %s}, {at: 800s, restore: %s}]\nnvas:\n",
        order == 0 ? "r1" : "r2", order == 0 ? "r2" : "r1");
    for (guint i = 1; i <= 3; i++)
      g_string_append_printf(text,
                             "  r%u: {subnet: hub/n, asn: 65010, capacity: 500Mbps, "
                             "peers: {rs: {}}, advertise: [{prefix: 192.168.0.0/16}]}\n",
                             i);
    g_autoptr(Story) story = story_text(text->str);
    g_autoptr(RunResult) result = story_run(story, "azure", 0);
    const MetricRow *rows = result->rows;
    const double all = dropped(result, "dropped:capacity");
    cr_assert_eq(bits(result, "dropped:capacity", sim_time_s(120)), 200000000);
    cr_assert_eq(bits(result, "dropped:capacity", sim_time_s(300)), 700000000);
    cr_assert_eq(bits(result, "dropped:capacity", sim_time_s(790)), 200000000);
    cr_assert_eq(bits(result, "dropped:capacity", sim_time_s(1190)), 0);
    /* Seconds that a router was out of the tables, by its own events. */
    double out[2];
    for (guint i = 0; i < 2; i++) {
      const MetricRow *back = &rows[(i == order) ? 2 : 3];
      out[i] = sim_time_seconds(sim_time_add(back->at, back->programmed)) -
               sim_time_seconds(sim_time_add(rows[i].at, rows[i].programmed));
    }
    /* 25e6 bytes a second are 200 Mbps. Tables change in two steps, one for each instance. */
    const double step = 6 * 62.5e6;
    cr_assert_eq(rows[2].lost_bytes, 0, "order %u: %g", order, (double)rows[2].lost_bytes);
    cr_assert_eq(rows[3].lost_bytes, 0, "order %u: %g", order, (double)rows[3].lost_bytes);
    cr_assert_float_eq((double)(rows[0].lost_bytes + rows[1].lost_bytes), all, 1e3);
    const double both = sim_time_seconds(sim_time_add(rows[2].at, rows[2].programmed)) -
                        sim_time_seconds(sim_time_add(rows[1].at, rows[1].programmed));
    const double first = out[0] * 25e6;
    const double second = order == 0 ? both * 62.5e6 + (out[1] - both) * 25e6 : both * 62.5e6;
    cr_assert_float_eq((double)rows[0].lost_bytes, first, step, "order %u", order);
    cr_assert_float_eq((double)rows[1].lost_bytes, second, step, "order %u", order);
  }
}

/* A gateway has a limit for each instance: with two that work, both carry; the standby of one that
 * does not carries nothing meanwhile. */
Test(overload, a_gateway_is_limited_by_the_instance) {
  for (guint active = 0; active < 2; active++) {
    g_autofree char *text = g_strdup_printf(
        "name: narrow\nduration: 5m\nmodels: [azure]\n"
        "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}}}}\n"
        "gateways: {vpn: {kind: vpn, network: hub, active_active: %s, capacity: 300Mbps}}\n"
        "sites: {dc: {prefixes: [192.168.0.0/16], via: [vpn]}}\n"
        "traffic: {flows: {from: hub/app, to: dc, flows: 1000, rate: 1Gbps}}\n",
        active ? "on" : "off");
    g_autoptr(Story) story = story_text(text);
    g_autoptr(RunResult) result = story_run(story, "azure", 0);
    cr_assert_eq(bits(result, "vpn/0", SIM_TIME_ZERO), 300000000);
    cr_assert_eq(bits(result, "vpn/1", SIM_TIME_ZERO), active ? 300000000 : 0);
    cr_assert_eq(bits(result, "dropped:capacity", SIM_TIME_ZERO), active ? 400000000 : 700000000);
  }
}
