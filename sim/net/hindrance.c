/* What makes a packet late, and which of it is to blame; see the header. */
#include "routesim/net/hindrance.h"

static Hindrance *at(const GArray *all, guint i) { return &g_array_index(all, Hindrance, i); }

static gboolean is_grace(const Hindrance *one) { return one->by.ns < 0; }

static SimTime together(SimTime a, SimTime b) {
  return sim_time_is_never(a) || sim_time_is_never(b) ? SIM_TIME_NEVER : sim_time_add(a, b);
}

/* Hindrances stand by record, as the first is asked for, then by way. */
static Hindrance *hindrance_at(GArray *all, guint way, RecordId since) {
  const Hindrance fresh = {.since = since, .way = way};
  guint i = 0;
  while (i < all->len &&
         (at(all, i)->since < since || (at(all, i)->since == since && at(all, i)->way < way)))
    i++;
  if (i == all->len || at(all, i)->since != since || at(all, i)->way != way)
    g_array_insert_val(all, i, fresh);
  return at(all, i);
}

void hinder(GArray *all, RecordId since, SimTime by, SimTime steadily) {
  Hindrance *one = hindrance_at(all, 0, since);
  one->by = together(one->by, by);
  one->steadily = sim_time_add(one->steadily, steadily);
}

void hinder_for_ever(GArray *all, RecordId since) {
  hinder(all, since, SIM_TIME_NEVER, SIM_TIME_ZERO);
}

/* ---- ways ----------------------------------------------------------------------------------- */

static guint ways_of(const GArray *all) {
  guint ways = 0;
  for (guint i = 0; i < all->len; i++)
    ways = MAX(ways, at(all, i)->way + 1);
  return ways;
}

static SimTime way_total(const GArray *all, guint way) {
  SimTime total = SIM_TIME_ZERO;
  for (guint i = 0; i < all->len; i++)
    if (at(all, i)->way == way)
      total = together(total, at(all, i)->by);
  return total;
}

static SimTime on_way(const GArray *all, guint way, RecordId since) {
  for (guint i = 0; i < all->len; i++)
    if (at(all, i)->way == way && at(all, i)->since == since)
      return at(all, i)->by;
  return SIM_TIME_ZERO;
}

/* TRUE where `way`, whatever were away, would make it no later than the other does. */
static gboolean is_covered(const GArray *all, guint way, const GArray *by, guint other) {
  for (guint i = 0; i < all->len; i++)
    if (at(all, i)->way == way && at(all, i)->by.ns > on_way(by, other, at(all, i)->since).ns)
      return FALSE;
  for (guint i = 0; i < by->len; i++)
    if (at(by, i)->way == other && is_grace(at(by, i)) &&
        at(by, i)->by.ns < on_way(all, way, at(by, i)->since).ns)
      return FALSE;
  return TRUE;
}

static void copy_way(GArray *to, const GArray *from, guint way, guint as) {
  for (guint i = 0; i < from->len; i++)
    if (at(from, i)->way == way) {
      Hindrance *copy = hindrance_at(to, as, at(from, i)->since);
      copy->by = at(from, i)->by;
      copy->steadily = at(from, i)->steadily;
    }
}

/* Record 0 is no event: what has it, and takes off, is the grace of a way. */
static void give_grace(GArray *all, guint way, SimTime grace) {
  if (grace.ns == 0)
    return;
  Hindrance *one = hindrance_at(all, way, 0);
  one->by = sim_time_is_never(one->by) ? one->by : sim_time_sub(one->by, grace);
}

static void drop_way(GArray *all, guint way) {
  for (guint i = all->len; i-- > 0;)
    if (at(all, i)->way == way)
      g_array_remove_index(all, i);
}

void hindrances_join(GArray *to, const GArray *from, SimTime grace) {
  for (guint way = 0; from != NULL && way < ways_of(from); way++) {
    const guint as = ways_of(to);
    copy_way(to, from, way, as);
    give_grace(to, as, grace);
    gboolean covered = way_total(to, as).ns <= 0;
    for (guint other = 0; other < as && !covered; other++)
      covered = is_covered(to, as, to, other);
    if (covered)
      drop_way(to, as);
  }
}

/* ---- what a listener bears ------------------------------------------------------------------- */

static SimTime borne_of(const GArray *borne, RecordId since) {
  SimTime most = SIM_TIME_ZERO;
  for (guint i = 0; i < borne->len; i++)
    if (at(borne, i)->since == since)
      most = sim_time_max(most, at(borne, i)->steadily);
  return most;
}

/* How much of a way puts nothing off any more. */
static SimTime borne_on(const GArray *all, guint way, const GArray *borne) {
  SimTime total = SIM_TIME_ZERO;
  for (guint i = 0; i < all->len; i++)
    if (at(all, i)->way == way)
      total = sim_time_add(total,
                           is_grace(at(all, i))
                               ? at(all, i)->by
                               : sim_time_min(at(all, i)->by, borne_of(borne, at(all, i)->since)));
  return total;
}

SimTime hindrances_beyond(const Hindrance *all, guint count, const GArray *borne, GArray *left) {
  SimTime later = SIM_TIME_ZERO;
  g_array_set_size(left, 0);
  g_array_append_vals(left, all, count);
  if (borne->len == 0)
    return later;
  const guint ways = ways_of(left);
  g_autofree SimTime *on_ways = g_new(SimTime, ways + 1);
  for (guint way = 0; way < ways; way++) {
    on_ways[way] = borne_on(left, way, borne);
    later = sim_time_max(later, on_ways[way]);
  }
  for (guint i = left->len; i-- > 0;) {
    Hindrance *one = at(left, i);
    if (is_grace(one))
      g_array_remove_index(left, i);
    else if (!sim_time_is_never(one->by))
      one->by = sim_time_sub(one->by, sim_time_min(one->by, borne_of(borne, one->since)));
  }
  for (guint way = 0; way < ways; way++)
    give_grace(left, way, sim_time_sub(later, on_ways[way]));
  return later;
}

/* ---- blame ----------------------------------------------------------------------------------- */

typedef enum { OF_ALL, OF_ROOT, OF_THE_REST } Share;

/* How late a packet is made by everything, by what `root` led to, or by all else. */
static SimTime lateness(const Engine *engine, const GArray *all, RecordId root, Share share) {
  SimTime most = SIM_TIME_ZERO;
  for (guint way = 0; way < ways_of(all); way++) {
    SimTime total = SIM_TIME_ZERO;
    for (guint i = 0; i < all->len; i++)
      if (at(all, i)->way == way &&
          (share == OF_ALL || is_grace(at(all, i)) ||
           (engine_record_root(engine, at(all, i)->since) == root) == (share == OF_ROOT)))
        total = together(total, at(all, i)->by);
    most = sim_time_max(most, total);
  }
  return most;
}

SimTime hindrances_lateness(const GArray *all) { return lateness(NULL, all, 0, OF_ALL); }

gboolean packet_is_kept_by(const Engine *engine, const GArray *all, RecordId since, SimTime slack) {
  const RecordId root = engine_record_root(engine, since);
  return lateness(engine, all, root, OF_ROOT).ns > slack.ns;
}

PacketFate packet_fate(const Engine *engine, const GArray *all, SimTime slack, RecordId *by) {
  const Hindrance *first = NULL, *alone = NULL, *enough = NULL; /* the first of each */
  if (hindrances_lateness(all).ns <= slack.ns)
    return PACKET_IN_TIME;
  for (guint i = all->len; i-- > 0;) {
    const Hindrance *one = at(all, i);
    if (is_grace(one))
      continue;
    first = one;
    if (lateness(engine, all, engine_record_root(engine, one->since), OF_THE_REST).ns <= slack.ns)
      alone = one;
    if (packet_is_kept_by(engine, all, one->since, slack))
      enough = one;
  }
  g_assert(first != NULL); /* graces alone make nothing late */
  *by = (alone != NULL ? alone : enough != NULL ? enough : first)->since;
  return alone != NULL ? KEPT_BY_ONE : KEPT_BY_SEVERAL;
}
