/* The decision process: each rule alone, their order, and that no order of the candidates
 * matters but where a tie is left. */
#include "routesim/bgp/decision.h"

#include <criterion/criterion.h>
#include <string.h>

#include "routesim/base/random.h"
#include "routesim/cloud/shipped.h"
#include "routesim/cloud/gateway.h"
#include "support/bed.h"
#include "support/facts.h"

#define MOST 7

typedef struct {
  BgpAttributes attributes[MOST];
  BgpCandidate candidates[MOST];
  guint count;
} Set;

static const guint32 path_words[16] = {65001, 65001, 65001, 65001, 65001, 65001};

/* Candidates alike in all but what breaks the last tie. */
static void set_init(Set *set, guint count) {
  static const char *const endpoints[] = {"rs/a", "rs/b", "rs/c", "rs/d", "rs/e", "rs/f", "rs/g"};
  memset(set, 0, sizeof *set);
  set->count = count;
  for (guint i = 0; i < count; i++) {
    set->attributes[i] = (BgpAttributes){.as_path = path_words, .as_path_length = 2};
    set->candidates[i] = (BgpCandidate){.attributes = &set->attributes[i],
                                        .neighbor_asn = 65001,
                                        .router_id = 100 + i,
                                        .peer_address = ip_address_v4(0x0A000001 + i),
                                        .endpoint = endpoints[i],
                                        .age = i + 1};
  }
}

/* The candidates come in their order; the result is the index of the best. */
static guint decide(const BgpProfile *profile, const Set *set, BgpDecision *decision) {
  const BgpCandidate *list[MOST];
  for (guint i = 0; i < set->count; i++)
    list[i] = &set->candidates[i];
  *decision = bgp_decide(profile, list, set->count);
  cr_assert_eq(decision->best, list[0]);
  return (guint)(decision->best - set->candidates);
}

static void assert_wins(const BgpProfile *profile, const Set *set, guint winner, const char *rule) {
  BgpDecision decision;
  cr_assert_eq(decide(profile, set, &decision), winner, "%s: another one wins", rule);
  cr_assert_not_null(decision.rule, "%s: no rule decided", rule);
  cr_assert_str_eq(decision.rule->name, rule, "decided by %s, not by %s", decision.rule->name,
                   rule);
  cr_assert(decision.rule->clause != NULL && decision.rule->clause[0] != '\0');
  cr_assert_eq(decision.paths, 1);
}

Test(decision, no_candidate_and_one) {
  Set set;
  BgpDecision decision = bgp_decide(&bgp_profile_rfc4271, NULL, 0);
  cr_assert_null(decision.best);
  cr_assert_eq(decision.paths, 0);
  set_init(&set, 1);
  cr_assert_eq(decide(&bgp_profile_rfc4271, &set, &decision), 0);
  cr_assert_eq(decision.paths, 1);
  cr_assert_null(decision.rule, "nothing had to decide");
}

/* ---- RFC 4271, each rule ----------------------------------------------------------- */

/* Candidate 1 of three is made better by one measure; the last rules would prefer 0. */
Test(decision, rfc4271_local_preference) {
  Set set;
  set_init(&set, 3);
  for (guint i = 0; i < 3; i++)
    set.attributes[i].has_local_pref = TRUE;
  set.attributes[0].local_pref = 100;
  set.attributes[1].local_pref = 101;
  set.attributes[2].local_pref = 99;
  assert_wins(&bgp_profile_rfc4271, &set, 1, "highest local preference");
  /* None given counts as 100. */
  set.attributes[1].has_local_pref = FALSE;
  set.attributes[1].local_pref = 0;
  set.attributes[0].local_pref = 50;
  assert_wins(&bgp_profile_rfc4271, &set, 1, "highest local preference");
}

Test(decision, rfc4271_as_path_length) {
  Set set;
  set_init(&set, 3);
  set.attributes[1].as_path_length = 1;
  assert_wins(&bgp_profile_rfc4271, &set, 1, "shortest AS path");
  set.attributes[1].as_path_length = 0;
  assert_wins(&bgp_profile_rfc4271, &set, 1, "shortest AS path");
}

Test(decision, rfc4271_origin) {
  Set set;
  set_init(&set, 3);
  set.attributes[0].origin = BGP_ORIGIN_INCOMPLETE;
  set.attributes[1].origin = BGP_ORIGIN_IGP;
  set.attributes[2].origin = BGP_ORIGIN_EGP;
  assert_wins(&bgp_profile_rfc4271, &set, 1, "lowest origin");
  set.attributes[1].origin = BGP_ORIGIN_INCOMPLETE;
  assert_wins(&bgp_profile_rfc4271, &set, 2, "lowest origin");
}

static void set_med(Set *set, guint index, guint32 med) {
  set->attributes[index].has_med = TRUE;
  set->attributes[index].med = med;
}

Test(decision, rfc4271_med_of_one_neighboring_as) {
  Set set;
  set_init(&set, 3);
  for (guint i = 0; i < 3; i++)
    set_med(&set, i, 10 - i % 2);
  assert_wins(&bgp_profile_rfc4271, &set, 1, "lowest MED of one neighboring AS");
  /* None given counts as 0 (RFC 4271 9.1.2.2 c). */
  set.attributes[2].has_med = FALSE;
  set.attributes[2].med = 0;
  assert_wins(&bgp_profile_rfc4271, &set, 2, "lowest MED of one neighboring AS");
  /* Another AS's lower MED takes nobody out. */
  set_med(&set, 2, 1);
  set.candidates[2].neighbor_asn = 65002;
  set_med(&set, 1, 10);
  assert_wins(&bgp_profile_rfc4271, &set, 0, "lowest router id");
}

/* The example for which MED has a bad name: A beats B by router id, B beats C by router id, C
 * beats A by MED. Looking at pairs, the result depends on the order. */
Test(decision, rfc4271_med_does_not_depend_on_the_order) {
  static const guint orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (guint i = 0; i < 6; i++) {
    Set set;
    set_init(&set, 3);
    for (guint j = 0; j < 3; j++) {
      static const guint32 asn[] = {65001, 65002, 65001}, meds[] = {20, 0, 10}, id[] = {1, 2, 3};
      const guint at = orders[i][j];
      set_med(&set, at, meds[j]);
      set.candidates[at].neighbor_asn = asn[j];
      set.candidates[at].router_id = id[j];
    }
    /* The first (MED 20) is out; of the others the router id decides. */
    assert_wins(&bgp_profile_rfc4271, &set, orders[i][1], "lowest router id");
  }
}

Test(decision, rfc4271_external_over_internal) {
  Set set;
  set_init(&set, 3);
  set.candidates[0].internal = set.candidates[2].internal = TRUE;
  assert_wins(&bgp_profile_rfc4271, &set, 1, "external over internal");
}

Test(decision, rfc4271_router_id_and_address) {
  Set set;
  set_init(&set, 3);
  set.candidates[1].router_id = 1;
  assert_wins(&bgp_profile_rfc4271, &set, 1, "lowest router id");
  for (guint i = 0; i < 3; i++)
    set.candidates[i].router_id = 1;
  set.candidates[1].peer_address = ip_address_v4(0x09FFFFFF);
  assert_wins(&bgp_profile_rfc4271, &set, 1, "lowest peer address");
}

/* Is candidate `index` the worse one by `measure`? By those before `rule` neither is, by `rule`
 * the second, by those behind it the first. */
static gboolean worse(guint rule, guint measure, guint index) {
  return measure == rule ? index == 1 : measure > rule && index == 0;
}

/* What is better by an early rule wins though it is worse by all later ones. */
Test(decision, rfc4271_rules_stand_in_their_order) {
  static const char *const names[] = {"highest local preference",
                                      "shortest AS path",
                                      "lowest origin",
                                      "lowest MED of one neighboring AS",
                                      "external over internal",
                                      "lowest router id",
                                      "lowest peer address"};
  cr_assert_eq(bgp_profile_rfc4271.rule_count, G_N_ELEMENTS(names));
  for (guint rule = 0; rule < G_N_ELEMENTS(names); rule++) {
    Set set;
    set_init(&set, 2);
    for (guint i = 0; i < 2; i++) {
      set.attributes[i].has_local_pref = TRUE;
      set.attributes[i].local_pref = worse(rule, 0, i) ? 100 : 200;
      set.attributes[i].as_path_length = worse(rule, 1, i) ? 3 : 2;
      set.attributes[i].origin = worse(rule, 2, i) ? BGP_ORIGIN_EGP : BGP_ORIGIN_IGP;
      set_med(&set, i, worse(rule, 3, i) ? 5 : 1);
      set.candidates[i].internal = worse(rule, 4, i);
      set.candidates[i].router_id = worse(rule, 5, i) ? 9 : 1;
      set.candidates[i].peer_address = ip_address_v4(0x0A000000u + (worse(rule, 6, i) ? 9 : 1));
    }
    assert_wins(&bgp_profile_rfc4271, &set, 0, names[rule]);
  }
}

/* ---- the clouds' profiles ---------------------------------------------------------- */

/* AS path, then MED whoever the neighbor, then addresses. */
Test(decision, aws_rules) {
  const BgpProfile *profile = aws_cloud.server->profile;
  Set set;
  set_init(&set, 3);
  set.attributes[1].as_path_length = 1;
  set_med(&set, 1, 100);
  assert_wins(profile, &set, 1, "shortest AS path");
  set_init(&set, 3);
  set_med(&set, 0, 10);
  set_med(&set, 1, 5);
  set_med(&set, 2, 7);
  set.candidates[1].neighbor_asn = 65002;  /* MED counts between ASes */
  set.attributes[0].has_local_pref = TRUE; /* and local preference does not count */
  set.attributes[0].local_pref = 1000;
  assert_wins(profile, &set, 1, "lowest MED, always compared");
  set_init(&set, 3);
  set.candidates[1].peer_address = ip_address_v4(0x0A000000);
  set.candidates[1].router_id = 1000; /* does not count */
  set.candidates[1].age = 1000;       /* nor does age */
  set.attributes[1].origin = BGP_ORIGIN_INCOMPLETE;
  assert_wins(profile, &set, 1, "lowest appliance address");
  set_init(&set, 3);
  for (guint i = 0; i < 3; i++)
    set.candidates[i].peer_address = ip_address_v4(0x0A000001);
  set.candidates[1].endpoint = "rs/0";
  assert_wins(profile, &set, 1, "lowest endpoint");
  FACTS("AWS-4.7", "AWS-4.8", "AWS-4.9", "AWS-4.10", "AWS-4.11", "AWS-4.12", "AWS-4.13", "AWS-4.14",
        "AWS-4.15", "AWS-4.16");
}

/* The AS path alone; whoever is equal shares. */
Test(decision, azure_shares_what_is_equal) {
  const BgpProfile *profile = azure_cloud.server->profile;
  BgpDecision decision;
  Set set;
  set_init(&set, 5);
  set_med(&set, 0, 500); /* carried, not compared */
  set.attributes[1].has_local_pref = TRUE;
  set.attributes[1].local_pref = 500;
  set.attributes[2].as_path_length = 3;
  set.attributes[3].origin = BGP_ORIGIN_INCOMPLETE;
  cr_assert_eq(decide(profile, &set, &decision), 0);
  cr_assert_eq(decision.paths, 4);
  cr_assert_null(decision.rule, "no rule left a single one");
  set.attributes[4].as_path_length = 1;
  assert_wins(profile, &set, 4, "shortest AS path");
  set.candidates[2].role = &gateway_role_circuit; /* the longest path, but ExpressRoute */
  assert_wins(profile, &set, 2, "hub routing preference: ExpressRoute");
  set.candidates[2].role = &gateway_role_vpn;
  assert_wins(profile, &set, 4, "shortest AS path");
  FACTS("AZ-4.1", "AZ-4.2", "AZ-4.3");
}

static guint keep_path(const BgpCandidate **candidates, guint count) {
  return bgp_filter_as_path_length(candidates, count);
}

/* Rules behind the multipath grade choose the best among those used together. */
Test(decision, multipath_grade_and_limit) {
  static const BgpRule rules[] = {{"path", "x", keep_path},
                                  {"address", "x", bgp_filter_peer_address}};
  BgpProfile profile = {"test", rules, 2, 1, 3};
  BgpDecision decision;
  Set set;
  set_init(&set, 6);
  set.attributes[0].as_path_length = 3;
  set.candidates[3].peer_address = ip_address_v4(1);
  const BgpCandidate *list[MOST];
  for (guint i = 0; i < 6; i++)
    list[i] = &set.candidates[i];
  decision = bgp_decide(&profile, list, 6);
  cr_assert_eq(decision.best, &set.candidates[3]);
  cr_assert_eq(decision.paths, 3);
  cr_assert_str_eq(decision.rule->name, "address");
  cr_assert_eq(list[0], &set.candidates[3], "the best comes first");
  cr_assert_eq(list[1], &set.candidates[1], "then the others in their given order");
  cr_assert_eq(list[2], &set.candidates[2]);
  profile.max_paths = 8;
  cr_assert_eq(decide(&profile, &set, &decision), 3);
  cr_assert_eq(decision.paths, 5, "not the longer path");
  profile.multipath_rules = 2;
  cr_assert_eq(decide(&profile, &set, &decision), 3);
  cr_assert_eq(decision.paths, 1);
  profile.multipath_rules = 0;
  cr_assert_eq(decide(&profile, &set, &decision), 3);
  cr_assert_eq(decision.paths, 1);
}

/* What a neighbor is, is told by the role's address: two roles may have one name. */
Test(decision, roles) {
  static const BgpRole wanted = {"role"}, other = {"role"}, nobody = {"role"};
  Set set;
  const BgpCandidate *list[MOST];
  set_init(&set, 4);
  set.candidates[0].role = &other;
  set.candidates[1].role = &wanted;
  set.candidates[3].role = &wanted;
  for (guint i = 0; i < 4; i++)
    list[i] = &set.candidates[i];
  cr_assert_eq(bgp_keep_role(list, 4, &wanted, TRUE), 2);
  cr_assert_eq(list[0], &set.candidates[1]);
  cr_assert_eq(list[1], &set.candidates[3]);
  for (guint i = 0; i < 4; i++)
    list[i] = &set.candidates[i];
  cr_assert_eq(bgp_keep_role(list, 4, &wanted, FALSE), 2);
  cr_assert_eq(list[0], &set.candidates[0]);
  cr_assert_eq(list[1], &set.candidates[2]);
  cr_assert_eq(bgp_keep_role(list, 2, &nobody, TRUE), 2, "none has it: all stay");
}

/* The sessions of one connection stay together; one of another role is another one. */
Test(decision, connections) {
  static const BgpRole edge = {"edge"}, site = {"site"};
  static const char first[] = "line", second[] = "line";
  Set set;
  const BgpCandidate *list[MOST];
  set_init(&set, 5);
  for (guint i = 0; i < 5; i++) {
    set.candidates[i].role = i == 4 ? &site : &edge;
    set.candidates[i].connection = i == 1 ? second : first;
    list[i] = &set.candidates[i];
  }
  cr_assert_eq(bgp_filter_first_connection(list, 5), 3);
  cr_assert_eq(list[0], &set.candidates[0]);
  cr_assert_eq(list[1], &set.candidates[2]);
  cr_assert_eq(list[2], &set.candidates[3]);
  FACTS("AZ-8.13");
}

Test(decision, oldest) {
  Set set;
  const BgpCandidate *list[MOST];
  set_init(&set, 3);
  set.candidates[2].age = 0;
  for (guint i = 0; i < 3; i++)
    list[i] = &set.candidates[i];
  cr_assert_eq(bgp_filter_oldest(list, 3), 1);
  cr_assert_eq(list[0], &set.candidates[2]);
}

/* ---- all orders of random sets ----------------------------------------------------- */

static gboolean next_order(guint *order, guint count) {
  guint i = count - 1;
  while (i > 0 && order[i - 1] >= order[i])
    i--;
  if (i == 0)
    return FALSE;
  guint j = count - 1;
  while (order[j] <= order[i - 1])
    j--;
  const guint swap = order[i - 1];
  order[i - 1] = order[j];
  order[j] = swap;
  for (guint a = i, b = count - 1; a < b; a++, b--) {
    const guint other = order[a];
    order[a] = order[b];
    order[b] = other;
  }
  return TRUE;
}

/* Few distinct values, so that every rule is reached. */
static void randomise(Set *set, RandomStream *random) {
  static const guint32 asns[] = {65001, 65002, 65003};
  static const BgpRole *const roles[] = {NULL, NULL, &gateway_role_vpn, &gateway_role_circuit};
  set_init(set, 2 + (guint)(random_bits(random) % 5));
  for (guint i = 0; i < set->count; i++) {
    const guint64 bits = random_bits(random);
    BgpAttributes *attributes = &set->attributes[i];
    attributes->has_local_pref = bits & 1;
    attributes->local_pref = attributes->has_local_pref ? 100 + (bits >> 1 & 1) : 0;
    attributes->as_path_length = 1 + (bits >> 2 & 1);
    attributes->origin = (BgpOrigin)(bits >> 3 & 1);
    attributes->has_med = bits >> 4 & 1;
    attributes->med = attributes->has_med ? bits >> 5 & 3 : 0;
    set->candidates[i].neighbor_asn = asns[(bits >> 8) % 3];
    set->candidates[i].internal = bits >> 16 & 1;
    set->candidates[i].router_id = 1 + (bits >> 17 & 1);
    set->candidates[i].role = roles[bits >> 18 & 3];
  }
}

/* `unique`: the rules leave no tie, so the best is the same whatever the order. Otherwise
 * what is used together is the same set. */
static void try_all_orders(const BgpProfile *profile, gboolean unique) {
  RandomStream random = random_stream(3, 0, profile->name);
  guint rules_seen = 0;
  for (guint round = 0; round < 250; round++) {
    Set set;
    guint order[MOST] = {0, 1, 2, 3, 4, 5, 6};
    BgpDecision first = {NULL};
    guint first_set = 0;
    randomise(&set, &random);
    do {
      const BgpCandidate *list[MOST];
      guint used = 0;
      for (guint i = 0; i < set.count; i++)
        list[i] = &set.candidates[order[i]];
      const BgpDecision decision = bgp_decide(profile, list, set.count);
      for (guint i = 0; i < decision.paths; i++)
        used |= 1u << (list[i] - set.candidates);
      if (first.best == NULL) {
        first = decision;
        first_set = used;
      }
      cr_assert_eq(decision.rule, first.rule, "%s: another rule decides", profile->name);
      cr_assert_eq(decision.paths, first.paths);
      cr_assert_eq(used, first_set, "%s: other routes are used", profile->name);
      if (unique)
        cr_assert_eq(decision.best, first.best, "%s: another one is best", profile->name);
    } while (next_order(order, set.count));
    if (first.rule != NULL)
      rules_seen |= 1u << (first.rule - profile->rules);
  }
  cr_assert_geq((guint)__builtin_popcount(rules_seen), MIN(profile->rule_count, 3),
                "%s: rules reached: %x", profile->name, rules_seen);
}

Test(decision, no_order_of_the_candidates_matters) {
  try_all_orders(&bgp_profile_rfc4271, TRUE);
  try_all_orders(aws_cloud.server->profile, TRUE);
  try_all_orders(azure_cloud.server->profile, FALSE);
}
