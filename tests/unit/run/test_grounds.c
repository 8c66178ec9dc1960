/* What each number of a cause chain rests on: the default's fact, what the scenario sets, or what
 * is assumed of a part that has failed itself. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/run/explain.h"
#include "support/facts.h"
#include "support/replay.h"

/* The first record of a kind about a subject, from `since` on. */
static const TraceRecord *first_record(const Replay *replay, const TraceKind *kind,
                                       const char *subject, double since) {
  const Engine *engine = replay->result->engine;
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    if (record->kind == kind && strcmp(record->subject, subject) == 0 &&
        sim_time_seconds(record->at) >= since)
      return record;
  }
  cr_assert_fail("there is no %s of %s", kind->name, subject);
  return NULL;
}

static void assert_ground(const TraceRecord *record, Basis basis, const char *fact) {
  cr_assert_not_null(record->stage, "%s of %s", record->kind->name, record->subject);
  cr_assert_eq(record->stage->basis, basis, "%s of %s: %s", record->kind->name, record->subject,
               basis_name(record->stage->basis));
  cr_assert_str_eq(record->stage->fact, fact);
}

/* The step of an outage's end that this stage took; NULL: none. */
static const ExplainedStep *step_of(const Explanation *outage, const char *stage) {
  for (guint i = 0; i < outage->restored->len; i++) {
    const ExplainedStep *step = outage->restored->pdata[i];
    if (step->stage != NULL && strcmp(step->stage->name, stage) == 0 && step->took.ns > 0 &&
        !sim_time_is_never(step->took))
      return step;
  }
  return NULL;
}

/* Two zones with an appliance and an endpoint each. */
#define AWS_ZONES(bfd)                                                                             \
  "name: x\nmodels: aws\nduration: 10m\n"                                                          \
  "networks: {v: {prefixes: [10.0.0.0/16], region: r, subnets: {app: {prefix: 10.0.0.0/24, zone: " \
  "b}, a: {prefix: 10.0.1.0/24, zone: a, vms: 0}, b: {prefix: 10.0.2.0/24, zone: b, vms: 0}}}}\n"  \
  "route_servers: {rs: {network: v, aws: {asn: 65000, endpoints: {ea: v/a, eb: v/b}, "             \
  "propagate_to: [v/app]}}}\n"                                                                     \
  "nvas:\n"                                                                                        \
  "  fa: {subnet: v/a, asn: 65001, peers: {rs: {" bfd "}}, advertise: [{site: dc}]}\n"             \
  "  fb: {subnet: v/b, asn: 65001, peers: {rs: {" bfd "}}, advertise: [{site: dc, prepend: 1}]}\n" \
  "sites: {dc: {prefixes: [192.168.0.0/16], via: [fa, fb]}}\n"                                     \
  "traffic: {t: {from: v/app, to: dc}}\n"

/* What becomes of the sessions of endpoints that are lost is not documented, so what a dead one
 * itself sees is an assumption, whichever timer tells; RFC 5880 6.8.4 and RFC 4271 6.5 say what a
 * living one does. */
Test(grounds, what_a_dead_endpoint_sees_is_assumed) {
  static const char *const fails[] = {"zone/r/a", "rs/ea"};
  for (guint i = 0; i < G_N_ELEMENTS(fails); i++) {
    g_autofree char *with_bfd =
        g_strdup_printf(AWS_ZONES("bfd: {}") "events: [{at: 1m, fail: %s}]\n", fails[i]);
    g_autofree char *without = g_strdup_printf(
        AWS_ZONES("hold: 9s, keepalive: 3s") "events: [{at: 1m, fail: %s, how: cut}]\n", fails[i]);
    g_autoptr(Replay) silent = replay_new(with_bfd, "aws"), cut = replay_new(without, "aws");
    assert_ground(first_record(silent, &BFD_SESSION_DOWN, "rs/ea", 60), BASIS_ASSUMED, "AWS-6.4");
    assert_ground(first_record(cut, &BGP_SESSION_DOWN, "rs/ea", 60), BASIS_ASSUMED, "AWS-6.4");
  }
  g_autoptr(Replay) living =
      replay_new(AWS_ZONES("bfd: {}") "events: [{at: 1m, fail: fa}]\n", "aws");
  assert_ground(first_record(living, &BFD_SESSION_DOWN, "rs/ea", 60), BASIS_DOCUMENTED,
                "RFC 5880 6.8.4");
  g_autoptr(Replay) slow =
      replay_new(AWS_ZONES("hold: 9s, keepalive: 3s") "events: [{at: 1m, fail: fa}]\n", "aws");
  assert_ground(first_record(slow, &BGP_SESSION_DOWN, "rs/ea", 60), BASIS_DOCUMENTED,
                "RFC 4271 6.5");
  FACTS("AWS-6.4");
}

/* Nobody says what the endpoints offer, so a timer that is theirs is assumed. */
Test(grounds, a_timer_that_a_cloud_is_assumed_to_offer_is_assumed) {
  g_autoptr(Replay) hold = replay_new(AWS_ZONES("") "events: [{at: 1m, fail: fa}]\n", "aws");
  assert_ground(first_record(hold, &BGP_SESSION_DOWN, "rs/ea", 60), BASIS_ASSUMED, "AWS-3.7");
  g_autoptr(Replay) bfd =
      replay_new(AWS_ZONES("bfd: {}") "events: [{at: 1m, fail: rs/ea}]\n", "aws");
  assert_ground(first_record(bfd, &BFD_SESSION_DOWN, "fa", 60), BASIS_ASSUMED, "AWS-3.11");
  FACTS("AWS-3.7", "AWS-3.11");
}

#define AZURE_HUB                                                                                  \
  "name: x\nmodels: azure\nduration: 15m\n"                                                        \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, nva: {prefix: " \
  "10.0.1.0/24, vms: 0}}}}\n"                                                                      \
  "route_servers: {rs: {network: hub, azure: {branch_to_branch: on}}}\n"                           \
  "nvas: {fw: {subnet: hub/nva, asn: 65001, peers: {rs: {hold: 30s, keepalive: 10s}}, "            \
  "advertise: [{prefix: 10.9.0.0/16}]}}\n"                                                         \
  "sites: {dc: {prefixes: [192.168.0.0/16]}}\ncircuits: {c1: {site: dc}}\n"                        \
  "gateways: {er: {kind: circuit, network: hub, circuits: [c1]}}\n"                                \
  "traffic: {t: {from: hub/app, to: dc}}\n"

/* Of an instance that is cut off itself; of an instance of a gateway. */
Test(grounds, what_a_dead_instance_sees_is_assumed) {
  g_autoptr(Replay) server =
      replay_new(AZURE_HUB "events: [{at: 1m, fail: rs/0, how: cut}]\n", "azure");
  assert_ground(first_record(server, &BGP_SESSION_DOWN, "rs/0", 60), BASIS_ASSUMED, "AZ-7.6");
  assert_ground(first_record(server, &BGP_SESSION_DOWN, "fw", 60), BASIS_DOCUMENTED,
                "RFC 4271 6.5");
  g_autoptr(Replay) gateway =
      replay_new(AZURE_HUB "events: [{at: 1m, fail: er/0, how: isolate}]\n", "azure");
  assert_ground(first_record(gateway, &BGP_SESSION_DOWN, "er/0", 60), BASIS_ASSUMED, "AZ-8.17");
  FACTS("AZ-7.6", "AZ-8.17");
}

/* The delay of a message, the wait before a connection, and a boot: by default, and set. */
Test(grounds, waits_and_messages_have_a_ground_and_set_ones_say_so) {
  static const struct {
    const char *set;
    Basis basis;
  } cases[] = {{"", BASIS_ASSUMED}, {"link_delay: 2ms\n", BASIS_SET}};
  for (guint i = 0; i < 2; i++) {
    g_autofree char *text = g_strdup_printf(
        "name: x\nmodels: aws\nduration: 15m\n%s"
        "networks: {v: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, n: {prefix: "
        "10.0.1.0/24, vms: 0}}}}\n"
        "route_servers: {rs: {network: v, aws: {asn: 65000, endpoints: {e: v/n}, propagate_to: "
        "[v/app]}}}\n"
        "nvas: {f: {subnet: v/n, asn: 65001, peers: {rs: {}}%s, advertise: [{site: dc}]}}\n"
        "sites: {dc: {prefixes: [192.168.0.0/16], via: [f]}}\ntraffic: {t: {from: v/app, to: "
        "dc}}\nevents: [{at: 1m, fail: f}, {at: 5m, restore: f}]\n",
        cases[i].set, i == 0 ? "" : ", boot: 60s, establish: 2s");
    g_autoptr(Replay) replay = replay_new(text, "aws");
    Explanation outage;
    cr_assert(explain_outage(replay->result, 0, NULL, &outage));
    const ExplainedStep *message = step_of(&outage, "message on its way");
    const ExplainedStep *wait = step_of(&outage, "wait before connecting");
    const ExplainedStep *boot = step_of(&outage, "boot");
    cr_assert(message != NULL && wait != NULL && boot != NULL);
    cr_assert_eq(message->stage->basis, cases[i].basis);
    cr_assert_eq(wait->stage->basis, cases[i].basis);
    cr_assert_eq(boot->stage->basis, i == 0 ? BASIS_MEASURED : BASIS_SET);
    cr_assert_str_eq(message->fact, "link_delay");
    cr_assert_str_eq(wait->fact, "AWS-2.9", "another cloud's facts are left out");
    cr_assert(i == 0 || wait->took.ns == sim_time_s(2).ns);
  }
}

/* The word of an appliance that withdraws is lost with its path, and told again a first timeout
 * later.
 */
Test(grounds, a_retransmission_rests_on_its_timeout) {
  static const struct {
    const char *set;
    Basis basis;
  } cases[] = {{"", BASIS_DOCUMENTED}, {"tcp_timeout: 3s\n", BASIS_SET}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        AWS_ZONES("hold: 90s") "%sevents: [{at: 1m, impair: [fa, rs], loss: 100%%, for: 500ms}, "
                               "{at: 60.2s, fail: fa, how: withdraw, forwards: off}]\n",
        cases[i].set);
    g_autoptr(Replay) replay = replay_new(text, "aws");
    Explanation outage;
    cr_assert(explain_outage(replay->result, 1, NULL, &outage));
    const ExplainedStep *again = step_of(&outage, "TCP retransmission");
    cr_assert_not_null(again);
    cr_assert_eq(again->took.ns, sim_time_s(i == 0 ? 1 : 3).ns, "%.6f s",
                 sim_time_seconds(again->took));
    cr_assert_eq(again->stage->basis, cases[i].basis);
  }
}

/* The split of an outage is read off the same stretches: it sums to the outage, and none is without
 * a basis. */
Test(grounds, the_split_of_an_outage_sums_to_it) {
  g_autoptr(Replay) replay = replay_new(
      AZURE_HUB "events: [{at: 1m, fail: er, how: cut}, {at: 8m, restore: er}]\n", "azure");
  const MetricRow *row = &replay->result->rows[0];
  SimTime sum = SIM_TIME_ZERO;
  for (guint i = 0; i < BASIS_COUNT; i++)
    sum = sim_time_add(sum, row->outage_basis.by_basis[i]);
  cr_assert_gt(row->outage.ns, 0);
  cr_assert_eq(row->outage_basis.by_basis[BASIS_NONE].ns, 0);
  cr_assert_gt(sum.ns, 0);
}

/* A stage of a cloud names that cloud's facts. */
Test(grounds, a_stage_names_the_facts_of_its_cloud) {
  g_autoptr(Replay) azure = replay_new(AZURE_HUB "events: [{at: 1m, fail: fw}]\n", "azure");
  g_autoptr(Replay) aws = replay_new(AWS_ZONES("") "events: [{at: 1m, fail: fa}]\n", "aws");
  assert_ground(first_record(azure, &BGP_SELECTED, "rs/0", 60), BASIS_ASSUMED, "AZ-14.7");
  assert_ground(first_record(aws, &BGP_SELECTED, "rs", 60), BASIS_ASSUMED, "AWS-7.4");
  FACTS("AWS-7.4");
}

/* A stop of forwarding that comes later than the failure is a step of its own. */
Test(grounds, forwarding_that_goes_on_is_a_stage) {
  g_autoptr(Replay) usual =
      replay_new(AWS_ZONES("") "events: [{at: 1m, fail: fa, how: shutdown}]\n", "aws");
  assert_ground(first_record(usual, &FAULT_STOPPED, "fa", 60), BASIS_MEASURED, "AWS-7.3");
  g_autoptr(Replay) set = replay_new(
      AWS_ZONES("") "events: [{at: 1m, fail: fa, how: shutdown, forwards: 1s}]\n", "aws");
  assert_ground(first_record(set, &FAULT_STOPPED, "fa", 60), BASIS_SET, "forwards");
  FACTS("AWS-7.3");
}
