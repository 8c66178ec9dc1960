/* Whole BGP and BFD sessions over real paths and streams: packet and lazy tell the same
 * story, to the nanosecond, when there is no jitter. */
#include "routesim/bfd/bfd.h"

#include <criterion/criterion.h>

#include "support/duo.h"

typedef enum { CUT, MEND, LOSS, NO_LOSS, ANNOUNCE, WITHDRAW } Kind;

typedef struct {
  Kind kind;
  SimTime at;
} Happening;

#define MOST 40

typedef struct {
  SimTime keepalive, hold, delay;
  gboolean established; /* from the start; otherwise it starts at 0 */
  Happening list[MOST];
  guint count;
  SimTime end;
} History;

static const Impairment loss = {.loss = 0.3};

typedef struct {
  Bed *bed;
  Path *path;
  BgpSpeaker *speaker;
  const Happening *what;
} Item;

static void happen(gpointer data) {
  const Item *item = data;
  const Prefix prefix = bed_prefix("10.9.0.0/16");
  switch (item->what->kind) {
  case CUT:
    path_cut(item->path, +1);
    break;
  case MEND:
    path_cut(item->path, -1);
    break;
  case LOSS:
    path_impair(item->path, &loss);
    break;
  case NO_LOSS:
    path_unimpair(item->path, &loss);
    break;
  case ANNOUNCE:
  case WITHDRAW:
    if (item->speaker != NULL)
      bgp_originate(item->speaker, prefix,
                    item->what->kind == ANNOUNCE ? arena_new0(item->bed->arena, BgpAttributes)
                                                 : NULL);
    break;
  }
}

static guint64 below(RandomStream *random, gint64 limit) {
  return random_bits(random) % (guint64)MAX(limit, 1);
}

static void add(History *history, Kind kind, gint64 ns) {
  if (history->count < MOST)
    history->list[history->count++] = (Happening){kind, sim_time_ns(ns)};
}

static History random_history(guint64 number, gboolean lossy) {
  RandomStream random = random_stream(number, 0, "sessions");
  History history = {.established = below(&random, 4) > 0};
  const gint64 keepalive = 1 + (gint64)below(&random, 20);
  const gint64 hold = keepalive * 3 + (gint64)below(&random, 20);
  gint64 at = (gint64)below(&random, 100 * SIM_SECOND);
  history.keepalive = sim_time_s(keepalive);
  history.hold = sim_time_s(hold);
  history.delay = sim_time_ns(1 + (gint64)below(&random, 50000000));
  const guint spells = 1 + (guint)below(&random, 5);
  for (guint i = 0; i < spells; i++) {
    const gint64 longest = hold * SIM_SECOND * (below(&random, 4) == 0 ? 4 : 1);
    const gint64 spell = (gint64)below(&random, longest);
    const gboolean loses = lossy && below(&random, 4) == 0;
    add(&history, loses ? LOSS : CUT, at);
    add(&history, loses ? NO_LOSS : MEND, at + spell);
    if (below(&random, 3) == 0)
      add(&history, below(&random, 2) ? ANNOUNCE : WITHDRAW,
          at + (gint64)below(&random, longest * 2));
    at += spell + (gint64)below(&random, hold * 2 * SIM_SECOND);
  }
  history.end = sim_time_ns(at + 3 * hold * SIM_SECOND);
  return history;
}

static void script(Bed *bed, const History *history, Path *path, BgpSpeaker *speaker) {
  for (guint i = 0; i < history->count; i++) {
    Item *item = arena_new0(bed->arena, Item);
    *item = (Item){bed, path, speaker, &history->list[i]};
    bed_at(bed, history->list[i].at, happen, item);
  }
}

/* The story: every record of these kinds, with its moment. */
static char *story_of(const Bed *bed, const TraceKind *const *kinds, guint count) {
  GString *out = g_string_new(NULL);
  for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    for (guint i = 0; i < count; i++)
      if (record->kind == kinds[i])
        g_string_append_printf(out, "  %14.9f %s: %s (%d)\n", sim_time_seconds(record->at),
                               record->subject, record->kind->name, (int)record->value);
  }
  return g_string_free(out, FALSE);
}

static char *bgp_story(const History *history, LivenessMode mode, guint64 seed, guint64 *events) {
  static const TraceKind *const kinds[] = {&BGP_SESSION_UP, &BGP_SESSION_DOWN, &BGP_ANNOUNCED,
                                           &BGP_WITHDRAWN};
  g_autoptr(Bed) bed = bed_new();
  DuoConfig config = duo_default();
  config.mode = mode;
  config.seed = seed;
  config.delay = history->delay;
  for (guint i = 0; i < 2; i++) {
    config.ends[i].keepalive = history->keepalive;
    config.ends[i].hold = history->hold;
  }
  Duo *duo = duo_new(bed, &config);
  if (history->established) {
    bgp_session_begin_established(duo->session);
  } else {
    bgp_peer_start(duo->peers[1]);
    bgp_peer_start(duo->peers[0]);
  }
  script(bed, history, duo->path, duo->speakers[0]);
  bed_run(bed, history->end);
  *events += engine_events(bed->engine);
  return story_of(bed, kinds, G_N_ELEMENTS(kinds));
}

static char *bfd_story(const History *history, LivenessMode mode, guint64 seed, guint64 *events) {
  static const TraceKind *const kinds[] = {&BFD_SESSION_UP, &BFD_SESSION_DOWN};
  g_autoptr(Bed) bed = bed_new();
  NetNode *nodes[2] = {net_node_new(bed->engine, "a"), net_node_new(bed->engine, "b")};
  Path *path =
      path_new(bed->engine, "a~b", nodes[0], nodes[1], bed_constant(bed, history->delay), seed, 0);
  const BfdEnd ends[2] = {{"a", history->keepalive, 3, .jitter_off = TRUE},
                          {"b", history->keepalive, 4, .jitter_off = TRUE}};
  BfdSession *session = bfd_session_new(bed->engine, path, ends, "duo", mode, seed, 0);
  if (history->established) {
    bfd_session_begin_up(session);
  } else {
    bfd_session_start(session, 0);
    bfd_session_start(session, 1);
  }
  script(bed, history, path, NULL);
  bed_run(bed, history->end);
  *events += engine_events(bed->engine);
  return story_of(bed, kinds, G_N_ELEMENTS(kinds));
}

typedef char *(*Story)(const History *history, LivenessMode mode, guint64 seed, guint64 *events);

static void compare_stories(Story story, guint64 count, gboolean lossy) {
  guint64 packet_events = 0, lazy_events = 0;
  guint silent = 0;
  for (guint64 number = 1; number <= count; number++) {
    const History history = random_history(number, lossy);
    g_autofree char *packet = story(&history, LIVENESS_PACKET, number, &packet_events);
    g_autofree char *lazy = story(&history, LIVENESS_LAZY, number, &lazy_events);
    g_autoptr(GString) what = g_string_new(NULL);
    static const char *const names[] = {"cut", "mend", "loss", "no loss", "announce", "withdraw"};
    for (guint i = 0; i < history.count; i++)
      g_string_append_printf(what, " %s@%.6f", names[history.list[i].kind],
                             sim_time_seconds(history.list[i].at));
    cr_assert_str_eq(packet, lazy,
                     "history %" G_GUINT64_FORMAT
                     ", keepalive %.0f s, hold %.0f s, delay %" G_GINT64_FORMAT
                     " ns:%s\npacket:\n%slazy:\n%s",
                     number, sim_time_seconds(history.keepalive), sim_time_seconds(history.hold),
                     history.delay.ns, what->str, packet, lazy);
    silent += packet[0] == '\0';
  }
  cr_assert_gt(silent, count / 50, "%u histories without a record", silent);
  cr_assert_lt(silent, count / 2, "%u histories without a record", silent);
  cr_assert_lt(lazy_events, packet_events);
}

Test(session_modes, bgp_with_cuts) { compare_stories(bgp_story, 1500, FALSE); }
Test(session_modes, bgp_with_cuts_and_loss) { compare_stories(bgp_story, 1500, TRUE); }
Test(session_modes, bfd_with_cuts) { compare_stories(bfd_story, 1500, FALSE); }
Test(session_modes, bfd_with_cuts_and_loss) { compare_stories(bfd_story, 1500, TRUE); }
