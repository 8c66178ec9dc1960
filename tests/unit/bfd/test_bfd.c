/* BFD in asynchronous mode, RFC 5880. */
#include "routesim/bfd/bfd.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support/bed.h"

/* ---- the state machine ------------------------------------------------------------- */

/* RFC 5880 6.8.6, the last third of the procedure, as it stands there. */
static BfdState rfc5880_6_8_6(BfdState state, BfdState received, BfdDiagnostic *diagnostic) {
  *diagnostic = BFD_DIAG_NONE;
  if (state == BFD_ADMIN_DOWN)
    return state; /* discard the packet */
  if (received == BFD_ADMIN_DOWN) {
    if (state != BFD_DOWN) {
      *diagnostic = BFD_DIAG_NEIGHBOR_DOWN;
      state = BFD_DOWN;
    }
  } else {
    if (state == BFD_DOWN) {
      if (received == BFD_DOWN)
        state = BFD_INIT;
      else if (received == BFD_INIT)
        state = BFD_UP;
    } else if (state == BFD_INIT) {
      if (received == BFD_INIT || received == BFD_UP)
        state = BFD_UP;
    } else { /* Up */
      if (received == BFD_DOWN) {
        *diagnostic = BFD_DIAG_NEIGHBOR_DOWN;
        state = BFD_DOWN;
      }
    }
  }
  return state;
}

Test(bfd, transitions_are_those_of_the_rfc) {
  for (BfdState local = BFD_ADMIN_DOWN; local <= BFD_UP; local++)
    for (BfdState received = BFD_ADMIN_DOWN; received <= BFD_UP; received++) {
      BfdDiagnostic expected, diagnostic = BFD_DIAG_ADMIN_DOWN;
      const BfdState state = rfc5880_6_8_6(local, received, &expected);
      cr_assert_eq(bfd_transition(local, received, &diagnostic), state, "%s receives %s: %s",
                   bfd_state_name(local), bfd_state_name(received),
                   bfd_state_name(bfd_transition(local, received, &diagnostic)));
      cr_assert_eq(diagnostic, expected, "%s receives %s: diagnostic %d, not %d",
                   bfd_state_name(local), bfd_state_name(received), (int)diagnostic, (int)expected);
    }
}

Test(bfd, names_and_numbers_are_those_of_the_wire) {
  static const char *const names[] = {"AdminDown", "Down", "Init", "Up"};
  for (BfdState state = BFD_ADMIN_DOWN; state <= BFD_UP; state++)
    cr_assert_str_eq(bfd_state_name(state), names[state]);
  cr_assert_eq(BFD_UP, 3); /* 4.1 */
  cr_assert_eq(BFD_DIAG_TIME_EXPIRED, 1);
  cr_assert_eq(BFD_DIAG_NEIGHBOR_DOWN, 3);
  cr_assert_eq(BFD_DIAG_ADMIN_DOWN, 7);
}

/* 6.8.4: the remote multiplier times the larger of own RequiredMinRx and remote DesiredMinTx. */
Test(bfd, detection_time) {
  static const struct {
    gint64 receive_ms, sender_ms;
    guint multiplier;
    gint64 expected_ms;
  } cases[] = {
      {300, 300, 3, 900},  {300, 1000, 3, 3000},  {1000, 300, 3, 3000},
      {10, 10, 255, 2550}, {1000, 1000, 1, 1000}, {3000000, 1, 255, 765000000},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    cr_assert_eq(bfd_detection_time(sim_time_ms(cases[i].receive_ms),
                                    sim_time_ms(cases[i].sender_ms), cases[i].multiplier)
                     .ns,
                 sim_time_ms(cases[i].expected_ms).ns);
}

/* ---- sessions ---------------------------------------------------------------------- */

typedef struct {
  Bed *bed;
  NetNode *nodes[2];
  Path *path;
  BfdSession *session;
  GString *log; /* "1.002 a Up 0, " */
} Wire;

typedef struct {
  Wire *wire;
  const char *name;
} Subscriber;

static void hear(gpointer data, BfdState state, BfdDiagnostic diagnostic) {
  const Subscriber *subscriber = data;
  const gint64 ms = engine_now(subscriber->wire->bed->engine).ns / 1000000;
  g_string_append_printf(subscriber->wire->log, "%d.%03d %s %s %d, ", (int)(ms / 1000),
                         (int)(ms % 1000), subscriber->name, bfd_state_name(state),
                         (int)diagnostic);
}

static void free_string(gpointer data) { g_string_free(data, TRUE); }

typedef struct {
  gint64 interval_ms[2];
  guint multiplier[2];
  LivenessMode mode;
  gboolean jitter; /* of both ends */
  guint64 seed;
} WireConfig;

static const WireConfig plain = {{300, 300}, {3, 3}, LIVENESS_PACKET, FALSE, 1};
static const WireConfig plain_lazy = {{300, 300}, {3, 3}, LIVENESS_LAZY, FALSE, 1};
static const WireConfig jittered_lazy = {{300, 300}, {3, 3}, LIVENESS_LAZY, TRUE, 1};

static const WireConfig *plain_of(LivenessMode mode) {
  return mode == LIVENESS_LAZY ? &plain_lazy : &plain;
}

static Wire *wire_new(Bed *bed, const WireConfig *config) {
  static const char *const names[] = {"a", "b"};
  Wire *wire = arena_new0(bed->arena, Wire);
  BfdEnd ends[2];
  wire->bed = bed;
  wire->log = arena_own(bed->arena, g_string_new(NULL), free_string);
  for (guint i = 0; i < 2; i++) {
    wire->nodes[i] = net_node_new(bed->engine, names[i]);
    ends[i] = (BfdEnd){names[i], sim_time_ms(config->interval_ms[i]), config->multiplier[i],
                       .jitter_off = !config->jitter};
  }
  wire->path = path_new(bed->engine, "a~b", wire->nodes[0], wire->nodes[1],
                        bed_constant(bed, sim_time_ms(1)), config->seed, 0);
  wire->session =
      bfd_session_new(bed->engine, wire->path, ends, "a~b", config->mode, config->seed, 0);
  for (guint i = 0; i < 2; i++) {
    Subscriber *subscriber = arena_new0(bed->arena, Subscriber);
    *subscriber = (Subscriber){wire, names[i]};
    bfd_session_subscribe(wire->session, i, hear, subscriber);
  }
  return wire;
}

static void start_0(gpointer data) { bfd_session_start(((Wire *)data)->session, 0); }
static void start_1(gpointer data) { bfd_session_start(((Wire *)data)->session, 1); }
static void stop_0(gpointer data) { bfd_session_stop(((Wire *)data)->session, 0, FALSE); }
static void admin_down_0(gpointer data) { bfd_session_stop(((Wire *)data)->session, 0, TRUE); }
static void cut(gpointer data) { path_cut(((Wire *)data)->path, +1); }
static void mend(gpointer data) { path_cut(((Wire *)data)->path, -1); }
static void darken_0(gpointer data) {
  net_node_adjust(((Wire *)data)->nodes[0], NODE_DARK, NULL, +1);
}
static const Impairment lateness = {.delay = {200000000}};
static void delay_more(gpointer data) { path_impair(((Wire *)data)->path, &lateness); }
static void delay_less(gpointer data) { path_unimpair(((Wire *)data)->path, &lateness); }
static const Impairment long_way = {.delay = {2500000000}};
static void lengthen(gpointer data) { path_impair(((Wire *)data)->path, &long_way); }
static void shorten(gpointer data) { path_unimpair(((Wire *)data)->path, &long_way); }
static void lighten_0(gpointer data) {
  net_node_adjust(((Wire *)data)->nodes[0], NODE_DARK, NULL, -1);
}

typedef struct {
  gint64 at_ms;
  BedAct act;
} Line;

/* Every record, with what caused it and what passed since then. */
static char *told_by(const Engine *engine) {
  GString *told = g_string_new(NULL);
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    g_autoptr(GArray) passed = engine_record_passed(engine, id);
    g_string_append_printf(told, "%u at %" G_GINT64_FORMAT " %s of %u:", id, record->at.ns,
                           record->kind->name, record->cause);
    for (guint i = 0; i < passed->len; i++) {
      const Passed *part = &g_array_index(passed, Passed, i);
      g_string_append_printf(told, " %s from %" G_GINT64_FORMAT,
                             part->stage != NULL ? part->stage->name : "-", part->from.ns);
    }
    g_string_append_c(told, '\n');
  }
  return g_string_free(told, FALSE);
}

/* The script is played in both modes (without jitter they are one); the subscribers' log must read
 * `expected`, and the traces must tell the same. */
static void play(const WireConfig *config, const Line *lines, guint count, const char *expected) {
  g_autofree char *told_by_lazy = NULL;
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
    g_autoptr(Bed) bed = bed_new();
    WireConfig with_mode = *config;
    with_mode.mode = mode;
    Wire *wire = wire_new(bed, &with_mode);
    for (guint i = 0; i < count; i++)
      bed_at(bed, sim_time_ms(lines[i].at_ms), lines[i].act, wire);
    bed_run(bed, sim_time_s(100));
    cr_assert_str_eq(wire->log->str, expected, "%s\nis:     %s\nshould: %s",
                     mode == LIVENESS_LAZY ? "lazy" : "packet", wire->log->str, expected);
    guint told = 0;
    for (const char *at = expected; *at != '\0'; at++)
      told += *at == ',';
    cr_assert_eq(bed_count(bed, &BFD_SESSION_UP, NULL) + bed_count(bed, &BFD_SESSION_DOWN, NULL),
                 told);
    g_autofree char *record = told_by(bed->engine);
    if (mode == LIVENESS_LAZY)
      told_by_lazy = g_steal_pointer(&record);
    else
      cr_assert_str_eq(record, told_by_lazy, "lazy tells\n%spacket tells\n%s", told_by_lazy,
                       record);
  }
}
#define PLAY(config, expected, ...)                                                                \
  do {                                                                                             \
    static const Line lines[] = {__VA_ARGS__};                                                     \
    play(config, lines, G_N_ELEMENTS(lines), expected);                                            \
  } while (0)

/* 6.8.3: at least one second between packets while not Up. At 1 s both say Down, at 1.001 both
 * become Init and say so at once, at 1.002 both are Up (b first: what a sent ranks first). */
Test(bfd, three_way_start) {
  PLAY(&plain, "1.002 b Up 0, 1.002 a Up 0, ", {0, start_0}, {0, start_1});
}

Test(bfd, started_one_after_the_other) {
  /* a says Down each second; at 11.001 b is Init, at 11.002 a is Up, at 11.003 b is. */
  PLAY(&plain, "11.002 a Up 0, 11.003 b Up 0, ", {0, start_0}, {10300, start_1});
}

Test(bfd, an_interval_above_one_second_is_kept_while_not_up) {
  const WireConfig slow = {{2500, 300}, {3, 3}, LIVENESS_PACKET, FALSE, 1};
  PLAY(&slow, "2.502 b Up 0, 2.502 a Up 0, ", {0, start_0}, {0, start_1});
}

Test(bfd, alone_it_stays_down) { PLAY(&plain, "", {0, start_0}); }

/* Each end expects the other's multiplier of the larger interval: a hears 5 x 1 s, b 3 x 1 s. */
Test(bfd, each_end_has_its_own_detection_time) {
  const WireConfig config = {{300, 1000}, {3, 5}, LIVENESS_PACKET, FALSE, 1};
  /* Packets at 1.002 + n s: the last one before the cut arrives at 9.003. */
  PLAY(&config, "1.002 b Up 0, 1.002 a Up 0, 12.003 b Down 1, 14.003 a Down 1, ", {0, start_0},
       {0, start_1}, {9500, cut});
}

Test(bfd, the_end_that_noticed_tells_the_other) {
  const WireConfig config = {{300, 1000}, {3, 5}, LIVENESS_PACKET, FALSE, 1};
  /* b is Down at 12.003 and says so each second. At 13.003 it is heard again; both come up by
   * the three-way start: a says Down at once. */
  PLAY(&config,
       "1.002 b Up 0, 1.002 a Up 0, 12.003 b Down 1, 13.004 a Down 3, 13.006 a Up 0, "
       "13.007 b Up 0, ",
       {0, start_0}, {0, start_1}, {9500, cut}, {12500, mend});
}

Test(bfd, comes_back_by_itself) {
  PLAY(&plain,
       "1.002 b Up 0, 1.002 a Up 0, 10.603 b Down 1, 10.603 a Down 1, 20.605 b Up 0, "
       "20.605 a Up 0, ",
       {0, start_0}, {0, start_1}, {9800, cut}, {20000, mend});
}

Test(bfd, a_cut_shorter_than_the_detection_time_is_not_noticed) {
  /* Packets at 9.702, 10.002, 10.302, 10.602: two are lost, the third comes in time. */
  PLAY(&plain, "1.002 b Up 0, 1.002 a Up 0, ", {0, start_0}, {0, start_1}, {9800, cut},
       {10500, mend});
}

Test(bfd, two_short_cuts_add_up) {
  /* Packets at 9.702 (heard 9.703), 10.002 and 10.302 lost, path whole from 10.4 to 10.6, 10.602
   * lost: detection at 10.603. */
  PLAY(&plain, "1.002 b Up 0, 1.002 a Up 0, 10.603 b Down 1, 10.603 a Down 1, ", {0, start_0},
       {0, start_1}, {9800, cut}, {10400, mend}, {10600, cut});
}

/* ---- packets that nobody hears, or nearly nobody ------------------------------------- */

/* a says Down each second, and what it said at 10 s is under way when b starts. */
Test(bfd, a_packet_under_way_meets_who_starts) {
  PLAY(&plain, "10.002 a Up 0, 10.003 b Up 0, ", {0, start_0}, {10001, start_1});
  PLAY(&plain, "10.402 a Up 0, 10.603 b Up 0, ", {0, start_0}, {0, delay_more}, {10150, start_1});
}

/* It takes as long as things stood when it left. */
Test(bfd, a_packet_under_way_keeps_its_delay) {
  PLAY(&plain, "10.202 a Up 0, 10.203 b Up 0, ", {0, start_0}, {0, delay_more}, {10100, delay_less},
       {10150, start_1});
  /* What went at 10 s came at once. b is Init by what went at 11 s, at 11.201; a is Init by b's
   * first Down, sent at 11.150, and so says Init at 11.351 before it hears that b is. */
  PLAY(&plain, "11.402 a Up 0, 11.552 b Up 0, ", {0, start_0}, {10100, delay_more},
       {10150, start_1});
}

/* a loses its power at 9.9; b says Down at 10.603 and each second from then on, and each word
 * comes 2.501 s later. What it says at 11.603 brings both Up at 14.105, when the delay is over;
 * what it says at 12.603 and 13.603 takes them down again, because of the delay and not because
 * nobody was there when it was said: then b answers a's Down, and the three-way start takes 4 ms.
 */
Test(bfd, a_packet_under_way_is_late_by_the_delay_alone) {
  PLAY(&plain,
       "1.002 b Up 0, 1.002 a Up 0, 10.603 b Down 1, 14.105 b Up 0, 14.106 a Up 0, "
       "15.104 a Down 3, 15.105 b Down 3, 15.107 b Up 0, 15.108 a Up 0, "
       "16.104 a Down 3, 16.105 b Down 3, 16.107 b Up 0, 16.108 a Up 0, ",
       {0, start_0}, {0, start_1}, {9900, stop_0}, {9900, darken_0}, {10700, lengthen},
       {14000, lighten_0}, {14000, start_0}, {14100, shorten});
}

/* That a ends, at 20.06, is heard before the last Up of before, which left at 19.902 and takes 201
 * ms: b is Down by then, and stays so (6.8.6). It expects nothing because of that, and says nothing
 * more than its Down each second from 20.061 on, by which a comes up again that starts at 20.95. */
Test(bfd, a_late_up_packet_wakes_nobody) {
  PLAY(&plain, "1.002 b Up 0, 1.002 a Up 0, 20.061 b Down 3, 21.063 b Up 0, 21.064 a Up 0, ",
       {0, start_0}, {0, start_1}, {10000, delay_more}, {20050, delay_less}, {20060, admin_down_0},
       {20950, start_0});
}

/* What was said while the path was cut never left. */
Test(bfd, a_packet_that_never_left_meets_nobody) {
  PLAY(&plain, "11.002 b Up 0, 11.002 a Up 0, ", {0, start_0}, {0, start_1}, {0, cut},
       {10001, mend});
  PLAY(&plain, "11.002 a Up 0, 11.003 b Up 0, ", {0, start_0}, {0, cut}, {10001, mend},
       {10001, start_1});
}

/* The process of the far end starts before its power is there, or after. */
Test(bfd, a_far_end_without_power_hears_nothing) {
  PLAY(&plain, "20.002 b Up 0, 20.003 a Up 0, ", {0, start_1}, {0, darken_0}, {5000, start_0},
       {5000, stop_0}, {19900, lighten_0}, {19900, start_0});
}

Test(bfd, an_end_that_stops_asleep_says_nothing_more) {
  PLAY(&plain, "30.002 b Up 0, 30.003 a Up 0, ", {0, start_0}, {10000, stop_0}, {20000, start_1},
       {29500, start_0});
}

/* ---- ending ------------------------------------------------------------------------ */

Test(bfd, administratively_down_is_told_and_not_a_failure_of_the_own_end) {
  PLAY(&plain, "1.002 b Up 0, 1.002 a Up 0, 10.001 b Down 3, ", {0, start_0}, {0, start_1},
       {10000, admin_down_0});
  /* Started again it comes up; b said Down at 11.001 + n. */
  PLAY(&plain, "1.002 b Up 0, 1.002 a Up 0, 10.001 b Down 3, 20.003 b Up 0, 20.004 a Up 0, ",
       {0, start_0}, {0, start_1}, {10000, admin_down_0}, {19500, start_0});
}

Test(bfd, a_process_that_ends_without_a_word_is_noticed_by_time) {
  /* The last packet went at 9.702. */
  PLAY(&plain, "1.002 b Up 0, 1.002 a Up 0, 10.603 b Down 1, ", {0, start_0}, {0, start_1},
       {9900, stop_0});
  PLAY(&plain, "1.002 b Up 0, 1.002 a Up 0, 10.603 b Down 1, ", {0, start_0}, {0, start_1},
       {9900, stop_0}, {9900, darken_0}, {50000, lighten_0});
}

/* A new process says Down: b hears it before its time is over (6.8.6). */
Test(bfd, a_restart_is_told_by_the_new_process) {
  const WireConfig config = {{1000, 1000}, {3, 3}, LIVENESS_PACKET, FALSE, 1};
  PLAY(&config, "1.002 b Up 0, 1.002 a Up 0, 11.401 b Down 3, 11.403 b Up 0, 11.404 a Up 0, ",
       {0, start_0}, {0, start_1}, {10100, stop_0}, {10400, start_0});
}

Test(bfd, stopping_twice_and_states) {
  g_autoptr(Bed) bed = bed_new();
  Wire *wire = wire_new(bed, &plain);
  cr_assert_not(bfd_session_runs(wire->session, 0));
  bfd_session_begin_up(wire->session);
  cr_assert(bfd_session_runs(wire->session, 0));
  cr_assert_eq(bfd_session_state(wire->session, 1), BFD_UP);
  bed_run(bed, sim_time_s(1));
  bfd_session_stop(wire->session, 0, TRUE);
  bfd_session_stop(wire->session, 0, TRUE);
  cr_assert_eq(bfd_session_state(wire->session, 0), BFD_ADMIN_DOWN);
  cr_assert_not(bfd_session_runs(wire->session, 0));
  bed_run(bed, sim_time_s(100));
  cr_assert_eq(bfd_session_state(wire->session, 0), BFD_ADMIN_DOWN);
  cr_assert_eq(bfd_session_state(wire->session, 1), BFD_DOWN);
  cr_assert_str_eq(wire->log->str, "1.001 b Down 3, ");
}

/* ---- cost and cause ---------------------------------------------------------------- */

Test(bfd, a_quiet_lazy_session_costs_nothing) {
  g_autoptr(Bed) bed = bed_new();
  Wire *wire = wire_new(bed, &jittered_lazy);
  bfd_session_begin_up(wire->session);
  bed_run(bed, sim_time_s(365 * 86400));
  cr_assert_eq(engine_events(bed->engine), 0);
  bed_at(bed, sim_time_s(365 * 86400 + 1), cut, wire);
  bed_run(bed, sim_time_s(365 * 86400 + 3));
  cr_assert_eq(bed_count(bed, &BFD_SESSION_DOWN, NULL), 2);
}

/* Nor does one that came up while it ran: what it sent while it was Down ends with that. */
Test(bfd, a_lazy_session_that_came_up_costs_nothing) {
  g_autoptr(Bed) bed = bed_new();
  Wire *wire = wire_new(bed, &jittered_lazy);
  bed_at(bed, SIM_TIME_ZERO, start_0, wire);
  bed_at(bed, sim_time_s(5), start_1, wire);
  bed_run(bed, sim_time_s(60));
  cr_assert_eq(bed_count(bed, &BFD_SESSION_UP, NULL), 2);
  const guint64 until_now = engine_events(bed->engine);
  bed_run(bed, sim_time_s(365 * 86400));
  cr_assert_eq(engine_events(bed->engine), until_now);
}

/* Nor does a process that ended while nobody heard it, whatever happens around it. */
Test(bfd, a_process_that_ended_asleep_sends_nothing) {
  g_autoptr(Bed) bed = bed_new();
  Wire *wire = wire_new(bed, &plain_lazy);
  bed_at(bed, SIM_TIME_ZERO, start_0, wire);
  bed_at(bed, sim_time_s(10), stop_0, wire);
  bed_at(bed, sim_time_s(15), start_1, wire);
  bed_at(bed, sim_time_s(20), cut, wire);
  bed_at(bed, sim_time_s(30), mend, wire);
  bed_run(bed, sim_time_s(365 * 86400));
  cr_assert_leq(engine_events(bed->engine), 8); /* the script, and what was on its way */
}

/* So does one that says Down year after year to a far end that is away, or behind a cut. */
Test(bfd, a_lazy_end_that_nobody_hears_costs_nothing) {
  g_autoptr(Bed) bed = bed_new();
  Wire *wire = wire_new(bed, &jittered_lazy);
  bed_at(bed, SIM_TIME_ZERO, start_0, wire);
  bed_run(bed, sim_time_s(365 * 86400));
  cr_assert_leq(engine_events(bed->engine), 2);
  const guint64 alone = engine_events(bed->engine);
  bed_at(bed, sim_time_s(365 * 86400 + 1), cut, wire);
  bed_at(bed, sim_time_s(365 * 86400 + 2), start_1, wire);
  bed_run(bed, sim_time_s(2 * 365 * 86400));
  cr_assert_leq(engine_events(bed->engine), alone + 4);
  bed_at(bed, sim_time_s(2 * 365 * 86400 + 1), mend, wire);
  bed_run(bed, sim_time_s(2 * 365 * 86400 + 3));
  cr_assert_eq(bed_count(bed, &BFD_SESSION_UP, NULL), 2);
}

/* Both ends run from the start, due to nothing or to an event each. What they said at 1 s comes
 * at 3.501, when what they said at 2 s has made them Up long since: that is due to what made it
 * late. */
static void check_late_down(LivenessMode mode, gboolean by_events) {
  g_autoptr(Bed) bed = bed_new();
  Wire *wire = wire_new(bed, plain_of(mode));
  if (by_events) {
    bed_at(bed, SIM_TIME_ZERO, start_0, wire);
    bed_at(bed, SIM_TIME_ZERO, start_1, wire);
  } else {
    bfd_session_start(wire->session, 0);
    bfd_session_start(wire->session, 1);
  }
  bed_at(bed, sim_time_ms(500), lengthen, wire);
  bed_at(bed, sim_time_ms(1500), shorten, wire);
  bed_run(bed, sim_time_ms(3502));
  const TraceRecord *down;
  cr_assert_eq(bed_count(bed, &BFD_SESSION_UP, NULL), 2, "%s", wire->log->str);
  cr_assert_eq(bed_count(bed, &BFD_SESSION_DOWN, &down), 2, "%s", wire->log->str);
  cr_assert_eq(down->at.ns, sim_time_ms(3501).ns);
  cr_assert_eq(down->cause, by_events ? 3 : 1, "the cause is record %u", down->cause);
}

Test(bfd, a_late_down_packet_is_due_to_what_made_it_late) {
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++)
    for (gboolean by_events = FALSE; by_events <= TRUE; by_events++)
      check_late_down(mode, by_events);
}

/* It comes late too, but its sender says it still: that b goes Down is due to what a did, which
 * said so at 11 s, and not to the delay since 10 s. */
Test(bfd, a_late_down_packet_that_still_holds_is_due_to_its_sender) {
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
    g_autoptr(Bed) bed = bed_new();
    Wire *wire = wire_new(bed, plain_of(mode));
    const TraceRecord *down;
    bfd_session_start(wire->session, 0);
    bfd_session_start(wire->session, 1);
    bed_at(bed, sim_time_s(10), delay_more, wire);
    bed_at(bed, sim_time_s(11), admin_down_0, wire);
    bed_run(bed, sim_time_s(12));
    cr_assert_eq(bed_count(bed, &BFD_SESSION_DOWN, &down), 1, "%s", wire->log->str);
    cr_assert_eq(down->at.ns, sim_time_ms(11201).ns);
    const TraceRecord *root = engine_record_get(bed->engine, down->root);
    cr_assert_eq(root->at.ns, sim_time_s(11).ns, "it is due to what happened at %.3f s",
                 sim_time_seconds(root->at));
  }
}

/* b is told that a is Up only by a's next packet after the cut, 300 ms after the one that was lost.
 */
Test(bfd, a_wait_for_a_packet_is_a_stage) {
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
    g_autoptr(Bed) bed = bed_new();
    Wire *wire = wire_new(bed, plain_of(mode));
    bed_at(bed, SIM_TIME_ZERO, start_0, wire);
    bed_at(bed, sim_time_ms(300), start_1, wire);
    bed_at(bed, sim_time_ms(1002), cut, wire);
    bed_at(bed, sim_time_ms(1100), mend, wire);
    bed_run(bed, sim_time_ms(1350));
    const TraceRecord *up;
    cr_assert_eq(bed_count(bed, &BFD_SESSION_UP, &up), 2, "%s", wire->log->str);
    g_autoptr(GArray) passed = engine_record_passed(bed->engine, engine_record_count(bed->engine));
    cr_assert_eq(passed->len, 2);
    const Stage *wait = g_array_index(passed, Passed, 0).stage;
    cr_assert_str_eq(wait->name, "wait for a BFD packet");
    cr_assert_eq(wait->basis, BASIS_DOCUMENTED);
    cr_assert_str_eq(wait->fact, "RFC 5880 6.8.7");
  }
}

/* Under packet every packet is sent, whoever hears it: one a second. */
Test(bfd, an_end_that_nobody_hears_sends_under_packet) {
  g_autoptr(Bed) bed = bed_new();
  Wire *wire = wire_new(bed, &plain);
  bed_at(bed, SIM_TIME_ZERO, start_0, wire);
  bed_run(bed, sim_time_ms(100500));
  cr_assert_eq(engine_events(bed->engine), 1 + 2 * 100); /* sent, and on its way to nobody */
}

/* `stage` is that of a detector of its own; NULL: the RFC's. */
static void check_cause(LivenessMode mode, const Stage *stage) {
  g_autoptr(Bed) bed = bed_new();
  Wire *wire = wire_new(bed, plain_of(mode));
  if (stage != NULL)
    bfd_session_set_stage(wire->session, stage);
  bfd_session_begin_up(wire->session);
  bed_at(bed, sim_time_s(100), cut, wire);
  bed_run(bed, sim_time_s(101));
  cr_assert_eq(engine_record_count(bed->engine), 3);
  for (RecordId id = 2; id <= 3; id++) {
    const TraceRecord *down = engine_record_get(bed->engine, id);
    cr_assert_eq(down->kind, &BFD_SESSION_DOWN);
    cr_assert_eq(down->root, 1);
    cr_assert_eq(down->cause, 1, "%s: the cause is record %u, not the cut", down->subject,
                 down->cause);
    cr_assert_not_null(down->stage, "%s: nothing says that a detection time passed", down->subject);
    cr_assert_str_eq(down->stage->name, stage != NULL ? stage->name : "BFD detection time");
    cr_assert_eq(down->stage->basis, stage != NULL ? stage->basis : BASIS_DOCUMENTED);
  }
}

Test(bfd, records_know_cause_and_stage_with_lazy) { check_cause(LIVENESS_LAZY, NULL); }
Test(bfd, records_know_cause_and_stage_with_packet) { check_cause(LIVENESS_PACKET, NULL); }

Test(bfd, both_ends_of_another_detector_have_its_stage) {
  static const Stage heartbeat = {"heartbeat", BASIS_ASSUMED, "here"};
  check_cause(LIVENESS_PACKET, &heartbeat);
}

/* 6.8.7: reduced by up to a quarter; with a multiplier of 1 by 10 to 25 %. The first packet
 * goes one interval of 1 s after the start. */
Test(bfd, transmission_has_jitter) {
  for (guint multiplier = 1; multiplier <= 3; multiplier += 2) {
    gint64 least = G_MAXINT64, most = 0;
    for (guint64 seed = 1; seed <= 400; seed++) {
      g_autoptr(Bed) bed = bed_new();
      WireConfig config = plain;
      config.jitter = TRUE;
      config.seed = seed;
      config.multiplier[0] = config.multiplier[1] = multiplier;
      Wire *wire = wire_new(bed, &config);
      bed_at(bed, SIM_TIME_ZERO, start_0, wire);
      bfd_session_start(wire->session, 1);
      /* b starts to run, but nothing of it passes before the packet of a. */
      bed_run(bed, sim_time_s(2));
      const TraceRecord *up;
      cr_assert_eq(bed_count(bed, &BFD_SESSION_UP, &up), 2);
      least = MIN(least, up->at.ns);
      most = MAX(most, up->at.ns);
    }
    cr_assert_geq(least, sim_time_ms(750).ns);
    cr_assert_lt(least, sim_time_ms(770).ns);
    cr_assert_leq(most, sim_time_ms(multiplier == 1 ? 904 : 1004).ns);
  }
}
