/* Appliances that cannot pass everything: what is delivered, what is dropped, and whose fault it
 * is. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/story.h"

static gint64 bits(const RunResult *result, const char *via, SimTime at) {
  gint64 sum = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (strcmp(row->direction, "forward") == 0 && row->from.ns <= at.ns && at.ns < row->to.ns &&
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
      "traffic: {flows: {from: hub/app, to: dc, flows: 1200, rate: 1200Mbps}}\n%s",
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
  cr_assert_float_eq((double)aws->rows[0].lost_bytes, outage * 150e6, 1e3);
  /* The survivor's drops are the failure's, until the end of the run. */
  const double since = 600 - 60 - sim_time_seconds(azure->rows[0].outage);
  cr_assert_gt((double)azure->rows[0].lost_bytes, since * 25e6);
  cr_assert_lt((double)azure->rows[0].lost_bytes,
               since * 25e6 + sim_time_seconds(azure->rows[0].outage) * 150e6);
}
