/* With jitter `lazy` and `packet` agree in distribution: over many runs of a few stories, what
 * failovers.csv says of each event, from the first interval of a session on, through crashes,
 * flaps, impairments and UPDATEs. */
#include <criterion/criterion.h>

#include "support/count.h"
#include "support/law.h"
#include "support/replay.h"

/* Runs of a story in either mode. */
#define RUNS TOPOLOGY_COUNT(1000)

/* A pair of appliances, and one with BFD; sessions that are young, old, and opened anew. */
static const char design[] =
    "name: law\n"
    "duration: 4m\n"
    "networks:\n"
    "  hub:\n"
    "    prefixes: [10.0.0.0/16]\n"
    "    subnets: {app: {prefix: 10.0.0.0/24, vms: 4}, nva: {prefix: 10.0.1.0/24, vms: 0}}\n"
    "route_servers:\n"
    "  rs:\n"
    "    network: hub\n"
    "    azure: {program: 1s, change_interval: 0s}\n"
    "    aws: {asn: 65000, endpoints: {e1: hub/nva}, propagate_to: [hub/app], program: 1s}\n"
    "nvas:\n"
    "  a: {subnet: hub/nva, asn: 65010, boot: 5s, establish: 1s, advertise: [{site: dc}],\n"
    "      peers: {rs: {keepalive: 3s, hold: 9s}}}\n"
    "  b: {subnet: hub/nva, asn: 65010, establish: 1s, advertise: [{site: dc, prepend: 1}],\n"
    "      peers: {rs: {keepalive: 4s, hold: 20s, bfd: {interval: 1s, multiplier: 3}}}}\n"
    "sites: {dc: {prefixes: [192.168.0.0/16], via: [a, b]}}\n"
    "traffic: {t: {from: hub/app, to: dc, flows: 100}}\n"
    "events:\n";

static const char *const stories[] = {
    /* A session in its first intervals. */
    "- {at: 20s, fail: a, how: crash}\n- {at: 25s, restore: a}\n- {at: 31s, fail: a}\n",
    /* Boots, and is lost again while it is young. */
    "- {at: 20s, fail: a}\n- {at: 31s, restore: a}\n- {at: 42s, fail: a, how: cut}\n",
    /* Cuts that some hold timers survive, one after the other. */
    "- {at: 20s, flap: a, how: cut, down: 7s, up: 5s, times: 6}\n",
    "- {at: 20s, flap: b, how: isolate, down: 2s, up: 4s, times: 6}\n",
    /* Losses and delays that come and go before the end. */
    "- {at: 20s, impair: [a, rs], loss: 100%, for: 6s}\n"
    "- {at: 30s, impair: [b, rs], delay: 400ms, jitter: 300ms, for: 10s}\n"
    "- {at: 45s, fail: a}\n- {at: 47s, fail: b}\n",
    /* UPDATEs restart the timers. */
    "- {at: 20s, set: nvas.a.advertise, to: [{site: dc, med: 5}]}\n- {at: 24s, fail: a}\n"
    "- {at: 26s, set: nvas.b.advertise, to: [{site: dc}]}\n- {at: 28s, fail: b, how: cut}\n",
};

/* A value behind every other one stands for "never" and "not over". */
static double sample_of(const MetricRow *row, Measure measure) {
  double value;
  gboolean censored;
  return measure_value(row, measure, &value, &censored) && !censored ? value : 1e9;
}

typedef struct {
  double values[3][RUNS + 1]; /* by measure */
} Samples;

static const Measure measures[] = {MEASURE_DETECTED, MEASURE_WITHDRAWN, MEASURE_OUTAGE};

static Samples *draw_samples(const Scenario *scenario, const CloudClass *cloud, LivenessMode mode,
                             guint events) {
  Samples *samples = g_new0(Samples, events);
  for (guint run = 0; run < RUNS; run++) {
    /* Runs of their own: the modes share no luck. */
    const RunOptions options = {.seed = mode == LIVENESS_PACKET ? 1 : 2,
                                .run = run,
                                .liveness_given = TRUE,
                                .liveness = mode};
    g_autoptr(RunResult) result = run_scenario(scenario, cloud, &options);
    for (guint i = 0; i < events; i++)
      for (guint m = 0; m < G_N_ELEMENTS(measures); m++)
        samples[i].values[m][run] = sample_of(&result->rows[i], measures[m]);
  }
  return samples;
}

static void check_story(guint number, const char *model) {
  g_autofree char *text = g_strconcat(design, stories[number], NULL);
  g_autoptr(Replay) replay = replay_new(text, model);
  const Scenario *scenario = scenario_file_get(replay->file, 0);
  const guint events = replay->result->row_count;
  const CloudClass *cloud = cloud_find(model);
  g_autofree Samples *packet = draw_samples(scenario, cloud, LIVENESS_PACKET, events);
  g_autofree Samples *lazy = draw_samples(scenario, cloud, LIVENESS_LAZY, events);
  for (guint i = 0; i < events; i++)
    for (guint m = 0; m < G_N_ELEMENTS(measures); m++) {
      g_autofree char *what = g_strdup_printf("story %u, %s, event %u, %s", number, model, i,
                                              measure_name(measures[m]));
      assert_same_law(packet[i].values[m], RUNS, lazy[i].values[m], RUNS, what);
    }
}

Test(stories_law, lazy_and_packet_agree_under_azure) {
  for (guint i = 0; i < G_N_ELEMENTS(stories); i++)
    check_story(i, "azure");
}

Test(stories_law, lazy_and_packet_agree_under_aws) {
  for (guint i = 0; i < G_N_ELEMENTS(stories); i++)
    check_story(i, "aws");
}
