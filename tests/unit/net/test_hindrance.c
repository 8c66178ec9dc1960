/* What makes a packet late: ways, graces, and what a listener bears. */
#include "routesim/net/hindrance.h"

#include <criterion/criterion.h>

static SimTime s(gint64 seconds) { return sim_time_s(seconds); }

static GArray *none(void) { return g_array_new(FALSE, FALSE, sizeof(Hindrance)); }

/* An engine whose records 1 to 3 are events of their own. */
static Engine *with_records(Arena *arena) {
  static const TraceKind kind = {"event"};
  Engine *engine = engine_new(arena);
  for (RecordId id = 1; id <= 3; id++) {
    engine_set_cause(engine, 0);
    cr_assert_eq(engine_record(engine, &kind, "x", NULL, 0, NULL), id);
  }
  return engine;
}

static gint64 seconds_of(const GArray *all) { return hindrances_lateness(all).ns / SIM_SECOND; }

Test(hindrance, one_way_adds_up) {
  g_autoptr(GArray) all = none();
  hinder(all, 2, s(5), s(5));
  hinder(all, 1, s(7), s(0));
  hinder(all, 2, s(1), s(1));
  cr_assert_eq(all->len, 2);
  cr_assert_eq(g_array_index(all, Hindrance, 0).since, 1, "in the order in which they began");
  cr_assert_eq(g_array_index(all, Hindrance, 1).by.ns, s(6).ns);
  cr_assert_eq(g_array_index(all, Hindrance, 1).steadily.ns, s(6).ns);
  cr_assert_eq(seconds_of(all), 13);
  hinder_for_ever(all, 1);
  cr_assert(sim_time_is_never(hindrances_lateness(all)));
  cr_assert_eq(all->len, 2);
}

/* Behind a packet that is 12 s late, sent 3 s after it: 9 s late, whatever else. */
Test(hindrance, the_latest_way_counts) {
  g_autoptr(GArray) first = none();
  g_autoptr(GArray) all = none();
  hinder(first, 1, s(5), s(5));
  hinder(first, 2, s(7), s(7));
  hinder(all, 1, s(5), s(5));
  hindrances_join(all, first, s(3));
  cr_assert_eq(seconds_of(all), 9);
  /* Without 1 the wait behind the other is 7 - 3; without 2 its own 5 s are more than 5 - 3. */
  g_autoptr(Arena) arena = arena_new();
  const Engine *engine = with_records(arena);
  static const struct {
    gint64 slack;
    PacketFate fate;
    RecordId by;
  } fates[] = {{9, PACKET_IN_TIME, 0},
               {8, KEPT_BY_ONE, 1},
               {5, KEPT_BY_ONE, 1},
               {4, KEPT_BY_ONE, 1},
               {3, KEPT_BY_SEVERAL, 1}};
  for (guint i = 0; i < G_N_ELEMENTS(fates); i++) {
    RecordId by = 0;
    const PacketFate fate = packet_fate(engine, all, s(fates[i].slack), &by);
    cr_assert_eq(fate, fates[i].fate, "slack %d s: %d", (int)fates[i].slack, fate);
    cr_assert_eq(by, fates[i].by, "slack %d s: by %u", (int)fates[i].slack, by);
  }
  cr_assert(packet_is_kept_by(engine, all, 1, s(4)), "its own 5 s");
  cr_assert_not(packet_is_kept_by(engine, all, 1, s(5)));
  cr_assert(packet_is_kept_by(engine, all, 2, s(3)), "7 - 3 s behind the other");
  cr_assert_not(packet_is_kept_by(engine, all, 2, s(4)));
}

/* A way that makes nothing late, and one that another covers, are no ways. */
Test(hindrance, ways_that_matter_to_nobody_are_dropped) {
  g_autoptr(GArray) first = none();
  g_autoptr(GArray) all = none();
  hinder(first, 1, s(5), s(0));
  hindrances_join(all, first, s(5));
  cr_assert_eq(all->len, 0, "it would have passed anyway");
  hinder(all, 1, s(5), s(0));
  hindrances_join(all, first, s(1));
  hindrances_join(all, first, s(0));
  cr_assert_eq(all->len, 1, "its own way is as late");
  hinder(first, 2, s(1), s(0));
  hindrances_join(all, first, s(1));
  cr_assert_eq(all->len, 4, "without either it is another matter");
  cr_assert_eq(seconds_of(all), 5);
  hindrances_join(all, NULL, s(0));
  cr_assert_eq(all->len, 4);
}

/* What is lost waits for ever, with any grace; what else holds it up shows when that is away. */
Test(hindrance, a_loss_has_no_grace) {
  g_autoptr(Arena) arena = arena_new();
  const Engine *engine = with_records(arena);
  g_autoptr(GArray) first = none();
  g_autoptr(GArray) all = none();
  hinder(first, 1, s(30), s(30));
  hinder_for_ever(first, 2);
  hindrances_join(all, first, s(6));
  cr_assert(sim_time_is_never(hindrances_lateness(all)));
  cr_assert(packet_is_kept_by(engine, all, 1, s(23)));
  cr_assert_not(packet_is_kept_by(engine, all, 1, s(24)));
  RecordId by = 0;
  cr_assert_eq(packet_fate(engine, all, s(10), &by), KEPT_BY_SEVERAL);
  cr_assert_eq(by, 1, "of two that are each enough the first");
  cr_assert_eq(packet_fate(engine, all, s(24), &by), KEPT_BY_ONE);
  cr_assert_eq(by, 2);
}

static SimTime beyond(const GArray *all, const GArray *borne, GArray *left) {
  return hindrances_beyond((const Hindrance *)(gconstpointer)all->data, all->len, borne, left);
}

/* A listener that hears everything 5 s later is put off by what comes on top of that. */
Test(hindrance, what_is_borne_puts_nothing_off) {
  g_autoptr(GArray) all = none();
  g_autoptr(GArray) borne = none();
  g_autoptr(GArray) left = none();
  hinder(all, 1, s(6), s(5));
  hinder(all, 2, s(7), s(7));
  cr_assert_eq(beyond(all, borne, left).ns, 0, "nothing is borne");
  cr_assert_eq(seconds_of(left), 13);
  hinder(borne, 1, s(8), s(5)); /* 3 s of that were chance */
  hinder(borne, 3, s(9), s(9)); /* over since */
  cr_assert_eq(beyond(all, borne, left).ns, s(5).ns);
  cr_assert_eq(seconds_of(left), 8, "7 s, and the 1 s of the first that is chance");
  hinder_for_ever(all, 1);
  cr_assert_eq(beyond(all, borne, left).ns, s(5).ns);
  cr_assert(sim_time_is_never(hindrances_lateness(left)));
}

/* Later by as much, on every way: here 5 s late itself, and 12 - 3 s late behind another. */
Test(hindrance, what_is_borne_is_borne_on_every_way) {
  g_autoptr(GArray) first = none();
  g_autoptr(GArray) all = none();
  g_autoptr(GArray) borne = none();
  g_autoptr(GArray) left = none();
  hinder(first, 1, s(5), s(5));
  hinder(first, 2, s(7), s(7));
  hinder(all, 1, s(5), s(5));
  hindrances_join(all, first, s(3));
  hinder(borne, 1, s(5), s(5));
  cr_assert_eq(beyond(all, borne, left).ns, s(5).ns);
  cr_assert_eq(seconds_of(left), 4, "9 s in all, as before");
}

/* What came in line behind a late one is late by the same, and as steadily: 5 s of these 6. */
Test(hindrance, what_is_steady_ahead_is_steady_behind) {
  g_autoptr(GArray) ahead = none();
  g_autoptr(GArray) behind = none();
  g_autoptr(GArray) all = none();
  g_autoptr(GArray) left = none();
  hinder(ahead, 1, s(6), s(5));
  hindrances_join(behind, ahead, s(0));
  cr_assert_eq(seconds_of(behind), 6);
  hinder(all, 1, s(7), s(5));
  cr_assert_eq(beyond(all, behind, left).ns, s(5).ns);
  cr_assert_eq(seconds_of(left), 2);
}
