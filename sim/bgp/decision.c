/* The decision process, and the profile of RFC 4271 section 9.1. */
#include "routesim/bgp/decision.h"

#include <string.h>

/* Candidate `from` gets to place `to`, in front of it; the order of the others stays. */
static void move_up(const BgpCandidate **candidates, guint from, guint to) {
  const BgpCandidate *candidate = candidates[from];
  memmove(&candidates[to + 1], &candidates[to], (from - to) * sizeof *candidates);
  candidates[to] = candidate;
}

guint bgp_keep_best(const BgpCandidate **candidates, guint count, BgpCompare compare) {
  const BgpCandidate *best = candidates[0];
  for (guint i = 1; i < count; i++)
    if (compare(candidates[i], best) < 0)
      best = candidates[i];
  guint kept = 0;
  for (guint i = 0; i < count; i++)
    if (compare(candidates[i], best) == 0)
      move_up(candidates, i, kept++);
  return kept;
}

guint bgp_keep_role(const BgpCandidate **candidates, guint count, const BgpRole *role,
                    gboolean with) {
  guint kept = 0;
  for (guint i = 0; i < count; i++)
    if ((candidates[i]->role == role) == with)
      move_up(candidates, i, kept++);
  return kept > 0 ? kept : count;
}

guint bgp_filter_first_connection(const BgpCandidate **candidates, guint count) {
  const BgpCandidate *first = candidates[0];
  guint kept = 0;
  for (guint i = 0; i < count; i++)
    if (candidates[i]->role == first->role && candidates[i]->connection == first->connection)
      move_up(candidates, i, kept++);
  return kept;
}

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static guint32 local_pref(const BgpCandidate *candidate) {
  return candidate->attributes->has_local_pref ? candidate->attributes->local_pref : 100;
}

static guint32 med(const BgpCandidate *candidate) {
  return candidate->attributes->has_med ? candidate->attributes->med : 0;
}

static int by_local_pref(const BgpCandidate *a, const BgpCandidate *b) {
  return COMPARE(local_pref(b), local_pref(a));
}
static int by_weight(const BgpCandidate *a, const BgpCandidate *b) {
  return COMPARE(b->weight, a->weight);
}
static int by_as_path_length(const BgpCandidate *a, const BgpCandidate *b) {
  return COMPARE(a->attributes->as_path_length, b->attributes->as_path_length);
}
static int by_origin(const BgpCandidate *a, const BgpCandidate *b) {
  return COMPARE(a->attributes->origin, b->attributes->origin);
}
static int by_med(const BgpCandidate *a, const BgpCandidate *b) { return COMPARE(med(a), med(b)); }
static int by_session_type(const BgpCandidate *a, const BgpCandidate *b) {
  return COMPARE(a->internal, b->internal);
}
static int by_router_id(const BgpCandidate *a, const BgpCandidate *b) {
  return COMPARE(a->router_id, b->router_id);
}
static int by_peer_address(const BgpCandidate *a, const BgpCandidate *b) {
  return ip_address_compare(a->peer_address, b->peer_address);
}
static int by_endpoint(const BgpCandidate *a, const BgpCandidate *b) {
  return strcmp(a->endpoint, b->endpoint);
}
static int by_age(const BgpCandidate *a, const BgpCandidate *b) { return COMPARE(a->age, b->age); }
static int by_settled(const BgpCandidate *a, const BgpCandidate *b) {
  return COMPARE(a->unsettled, b->unsettled);
}

static guint filter_local_pref(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_local_pref);
}
guint bgp_filter_weight(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_weight);
}
guint bgp_filter_external(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_session_type);
}
guint bgp_filter_as_path_length(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_as_path_length);
}
static guint filter_origin(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_origin);
}
guint bgp_filter_med_always(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_med);
}
static guint filter_router_id(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_router_id);
}
guint bgp_filter_peer_address(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_peer_address);
}
guint bgp_filter_endpoint(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_endpoint);
}
guint bgp_filter_oldest(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_age);
}
guint bgp_filter_settled(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_settled);
}

/* MED compares only routes of one neighboring AS. A route leaves where another of
 * its AS has a lower one; all are looked at before any leaves, so that the order of
 * arrival cannot matter (RFC 4271 9.1.2.2 c). */
guint bgp_filter_med_same_as(const BgpCandidate **candidates, guint count) {
  g_autofree gboolean *beaten = g_new0(gboolean, count);
  for (guint i = 0; i < count; i++)
    for (guint j = 0; j < count; j++)
      if (candidates[j]->neighbor_asn == candidates[i]->neighbor_asn &&
          med(candidates[j]) < med(candidates[i]))
        beaten[i] = TRUE;
  /* What is moved up leaves those behind it where they are, so `beaten` keeps its places. */
  guint kept = 0;
  for (guint i = 0; i < count; i++)
    if (!beaten[i])
      move_up(candidates, i, kept++);
  return kept;
}

static const BgpRule rfc4271_rules[] = {
    {"highest local preference", "RFC 4271 9.1.1", filter_local_pref},
    {"shortest AS path", "RFC 4271 9.1.2.2 a", bgp_filter_as_path_length},
    {"lowest origin", "RFC 4271 9.1.2.2 b", filter_origin},
    {"lowest MED of one neighboring AS", "RFC 4271 9.1.2.2 c", bgp_filter_med_same_as},
    {"external over internal", "RFC 4271 9.1.2.2 d", bgp_filter_external},
    {"lowest router id", "RFC 4271 9.1.2.2 f", filter_router_id},
    {"lowest peer address", "RFC 4271 9.1.2.2 g", bgp_filter_peer_address},
};

const BgpProfile bgp_profile_rfc4271 = {
    .name = "rfc4271",
    .rules = rfc4271_rules,
    .rule_count = G_N_ELEMENTS(rfc4271_rules),
};

BgpDecision bgp_decide(const BgpProfile *profile, const BgpCandidate **candidates, guint count) {
  BgpDecision decision = {.best = count > 0 ? candidates[0] : NULL, .paths = MIN(count, 1)};
  guint left = count;
  for (guint i = 0; i < profile->rule_count; i++) {
    if (left > 1) {
      left = profile->rules[i].filter(candidates, left);
      g_assert(left >= 1);
      if (left == 1)
        decision.rule = &profile->rules[i];
    }
    if (i + 1 == profile->multipath_rules)
      decision.paths = MIN(left, profile->max_paths);
  }
  decision.best = count > 0 ? candidates[0] : NULL;
  return decision;
}
