/* TCP as routing sees it. */
#include "routesim/net/stream.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support/bed.h"

typedef struct Wire Wire;

typedef struct {
  Wire *wire;
  guint side;
  gboolean refuses;
} Host;

struct Wire {
  Bed *bed;
  NetNode *nodes[2];
  Path *path;
  Stream *stream;
  Host hosts[2];
  GString *log; /* "0.020 0:opened " in seconds */
};

static void note(const Host *host, const char *what) {
  const gint64 ns = engine_now(host->wire->bed->engine).ns;
  g_string_append_printf(host->wire->log, "%" G_GINT64_FORMAT ".%03d %u:%s ", ns / SIM_SECOND,
                         (int)(ns % SIM_SECOND / 1000000), host->side, what);
}

static gboolean accepts(gpointer data) { return !((const Host *)data)->refuses; }
static void opened(gpointer data) { note(data, "opened"); }
static void received(gpointer data, gconstpointer message) { note(data, message); }
static void closed(gpointer data, StreamClose how) {
  note(data, how == STREAM_RESET ? "reset" : "closed");
}

static const StreamEvents events = {accepts, opened, received, closed};

static void free_string(gpointer data) { g_string_free(data, TRUE); }

static Wire *wire_new(Bed *bed, const Distribution *delay) {
  Wire *wire = arena_new0(bed->arena, Wire);
  wire->bed = bed;
  wire->nodes[0] = net_node_new(bed->engine, "a");
  wire->nodes[1] = net_node_new(bed->engine, "b");
  wire->path = path_new(bed->engine, "a~b", wire->nodes[0], wire->nodes[1], delay, 1, 0);
  wire->stream = stream_new(engine_owner(bed->engine, "s"), wire->path, sim_time_s(1));
  wire->log = arena_own(bed->arena, g_string_new(NULL), free_string);
  for (guint side = 0; side < 2; side++) {
    wire->hosts[side] = (Host){wire, side, FALSE};
    stream_attach(wire->stream, side, &events, &wire->hosts[side]);
  }
  return wire;
}

static void connect_0(gpointer data) { stream_connect(((Wire *)data)->stream, 0); }
static void connect_1(gpointer data) { stream_connect(((Wire *)data)->stream, 1); }
static void say_0(gpointer data) {
  stream_send(((Wire *)data)->stream, 0, "hello", PROVES_LIFE_BY_ITSELF);
}
static void say_1(gpointer data) {
  stream_send(((Wire *)data)->stream, 1, "hi", PROVES_LIFE_BY_ITSELF);
}
static void more_0(gpointer data) {
  stream_send(((Wire *)data)->stream, 0, "more", PROVES_LIFE_BY_ITSELF);
}
static void close_0(gpointer data) { stream_close(((Wire *)data)->stream, 0); }
static void close_1(gpointer data) { stream_close(((Wire *)data)->stream, 1); }
static void vanish_0(gpointer data) { stream_vanish(((Wire *)data)->stream, 0); }
static void vanish_1(gpointer data) { stream_vanish(((Wire *)data)->stream, 1); }
static void cut(gpointer data) { path_cut(((Wire *)data)->path, +1); }
static void mend(gpointer data) { path_cut(((Wire *)data)->path, -1); }
static void darken_1(gpointer data) {
  net_node_adjust(((Wire *)data)->nodes[1], NODE_DARK, NULL, +1);
}
static void lighten_1(gpointer data) {
  net_node_adjust(((Wire *)data)->nodes[1], NODE_DARK, NULL, -1);
}

typedef struct {
  gint64 at_ms;
  BedAct act;
} Line;

/* The script is played over 10 ms each way; the log must read `expected`. */
static void play(gboolean open, const Line *lines, guint count, const char *expected) {
  g_autoptr(Bed) bed = bed_new();
  Wire *wire = wire_new(bed, bed_constant(bed, sim_time_ms(10)));
  if (open)
    stream_begin_open(wire->stream);
  for (guint i = 0; i < count; i++)
    bed_at(bed, sim_time_ms(lines[i].at_ms), lines[i].act, wire);
  bed_run(bed, sim_time_s(2000));
  cr_assert_str_eq(wire->log->str, expected, "is:     %s\nshould: %s", wire->log->str, expected);
}
#define PLAY(open, expected, ...)                                                                  \
  do {                                                                                             \
    static const Line lines[] = {__VA_ARGS__};                                                     \
    play(open, lines, G_N_ELEMENTS(lines), expected);                                              \
  } while (0)

Test(stream, three_way_opening) {
  PLAY(FALSE, "0.020 0:opened 0.030 1:opened ", {0, connect_0});
  PLAY(FALSE, "1.020 1:opened 1.030 0:opened ", {1000, connect_1});
  /* Nothing can be sent before it is over; data stays behind the last ACK. */
  PLAY(FALSE, "0.020 0:opened 0.030 1:opened 0.031 1:hello ", {0, connect_0}, {15, say_0},
       {15, say_1}, {21, say_0}, {25, say_1});
}

/* The answer to an attempt that was given up is still on its way when the next one comes. */
Test(stream, a_half_open_connection_does_not_hinder_the_next) {
  PLAY(FALSE, "0.620 0:opened 0.630 1:opened ", {0, connect_0}, {5, cut}, {500, vanish_0},
       {550, mend}, {600, connect_0});
}

Test(stream, both_are_open_from_the_start) {
  play(TRUE, NULL, 0, "");
  PLAY(TRUE, "0.010 1:hello 0.010 0:hi ", {0, say_0}, {0, say_1});
}

Test(stream, refused_by_who_does_not_listen) {
  g_autoptr(Bed) bed = bed_new();
  Wire *wire = wire_new(bed, bed_constant(bed, sim_time_ms(10)));
  wire->hosts[1].refuses = TRUE;
  bed_at(bed, SIM_TIME_ZERO, connect_0, wire);
  bed_run(bed, sim_time_s(100));
  cr_assert_str_eq(wire->log->str, "0.020 0:reset ");
  wire->hosts[1].refuses = FALSE;
  bed_at(bed, sim_time_s(101), connect_0, wire);
  bed_run(bed, sim_time_s(200));
  cr_assert_str_eq(wire->log->str, "0.020 0:reset 101.020 0:opened 101.030 1:opened ");
}

Test(stream, an_open_end_refuses_a_second_connection_and_keeps_the_first) {
  /* The first one ends when what it sends meets a host that knows nothing of it. */
  PLAY(TRUE, "0.120 0:reset 0.220 1:reset ", {50, vanish_0}, {100, connect_0}, {200, say_1});
}

Test(stream, data_goes_both_ways) {
  PLAY(TRUE, "0.015 1:hello 0.015 0:hi 0.017 1:more ", {5, say_0}, {5, say_1}, {7, more_0});
}

Test(stream, what_is_not_open_sends_nothing) {
  PLAY(FALSE, "", {0, say_0}, {0, say_1}, {5, close_0}, {6, close_1});
}

/* RFC 6298 (5.5): each time-out doubles the next: attempts 1, 3, 7, 15, 31, 63 s after the
 * first one, then every 60 s (2.5). */
Test(stream, retransmission_times_double) {
  static const struct {
    gint64 mended_ms, arrives_ms; /* after the segment was lost */
  } cases[] = {
      {0, 1010},       {500, 1010},      {999, 1010},      {1001, 3010},   {2999, 3010},
      {3001, 7010},    {6999, 7010},     {7001, 15010},    {15001, 31010}, {31001, 63010},
      {63001, 123010}, {123001, 183010}, {183001, 243010},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    g_autoptr(GString) expected = g_string_new(NULL);
    Wire *wire = wire_new(bed, bed_constant(bed, sim_time_ms(10)));
    stream_begin_open(wire->stream);
    bed_at(bed, sim_time_s(5), cut, wire);
    bed_at(bed, sim_time_s(10), say_0, wire);
    bed_at(bed, sim_time_ms(10000 + cases[i].mended_ms), mend, wire);
    bed_run(bed, sim_time_s(1000));
    const gint64 at = 10000 + cases[i].arrives_ms;
    g_string_printf(expected, "%" G_GINT64_FORMAT ".%03d 1:hello ", at / 1000, (int)(at % 1000));
    cr_assert_str_eq(wire->log->str, expected->str, "mended after %" G_GINT64_FORMAT " ms: %s",
                     cases[i].mended_ms, wire->log->str);
  }
}

Test(stream, what_comes_later_waits_behind_what_was_lost) {
  PLAY(TRUE, "13.010 1:hello 13.010 1:more 13.010 1:hello 20.010 1:more ", {5000, cut},
       {10000, say_0}, {10500, more_0}, {11500, mend}, {12000, say_0}, {20000, more_0});
}

Test(stream, the_first_time_out_counts_again_after_success) {
  PLAY(TRUE, "17.010 1:hello 31.010 1:more ", {5000, cut}, {10000, say_0}, {16000, mend},
       {25000, cut}, {30000, more_0}, {30500, mend});
}

Test(stream, a_cut_in_between_starts_no_new_series) {
  /* Mended and cut again between attempts at 13 and 17 s: neither is noticed. */
  PLAY(TRUE, "25.010 1:hello ", {5000, cut}, {10000, say_0}, {14000, mend}, {15000, cut},
       {20000, mend});
}

Test(stream, the_other_direction_has_its_own_series) {
  PLAY(TRUE, "13.010 1:hello 13.610 0:hi ", {5000, cut}, {10000, say_0}, {12600, say_1},
       {12700, mend});
}

Test(stream, what_is_under_way_when_the_path_is_cut_arrives) {
  PLAY(TRUE, "1.010 1:hello ", {1000, say_0}, {1005, cut});
}

/* What went while the way was long, and is put under way only now, is not overtaken: it comes after
 * 2 s, and what is said meanwhile with it, not 10 ms after it was said. */
static void put_hi_under_way(gpointer data) {
  stream_put_under_way(((Wire *)data)->stream, 0, "hi", sim_time_ms(2000));
}

Test(stream, what_is_put_under_way_is_not_overtaken) {
  PLAY(TRUE, "1.110 0:hi 2.000 1:hi 2.000 1:hello 2.000 1:more 2.110 1:hello ",
       {1000, put_hi_under_way}, {1100, say_0}, {1100, say_1}, {1200, more_0}, {2100, say_0});
}

Test(stream, opening_is_retransmitted_too) {
  PLAY(FALSE, "3.020 0:opened 3.030 1:opened ", {0, cut}, {0, connect_0}, {2000, mend});
  /* SYN arrives at 10 ms, the SYN-ACK is lost and comes again after 1 s. */
  PLAY(FALSE, "1.020 0:opened 1.030 1:opened ", {0, connect_0}, {5, cut}, {500, mend});
}

Test(stream, a_new_attempt_forgets_the_old_one) {
  PLAY(FALSE, "4.020 0:opened 4.030 1:opened ", {0, cut}, {0, connect_0}, {3500, mend},
       {4000, connect_0});
}

/* ---- ends -------------------------------------------------------------------------- */

Test(stream, fin_comes_behind_the_data) {
  PLAY(TRUE, "0.110 1:hello 0.110 1:more 0.110 1:closed ", {100, say_0}, {100, more_0},
       {100, close_0});
  PLAY(TRUE, "13.010 1:hello 13.010 1:closed ", {5000, cut}, {10000, say_0}, {10100, close_0},
       {12000, mend});
}

Test(stream, who_closed_hears_nothing_more) {
  PLAY(TRUE, "0.110 1:closed ", {95, say_1}, {100, close_0}, {200, say_1}, {300, say_0});
}

Test(stream, both_close_at_once) { PLAY(TRUE, "", {100, close_0}, {100, close_1}); }

Test(stream, a_host_that_lost_its_state_answers_with_rst) {
  PLAY(TRUE, "1.020 0:reset ", {500, vanish_1}, {1000, say_0});
  /* A FIN for a connection that is gone is not answered. */
  PLAY(TRUE, "", {500, vanish_1}, {1000, close_0});
}

Test(stream, who_vanished_sends_and_retransmits_nothing) {
  PLAY(TRUE, "", {500, cut}, {600, say_0}, {700, vanish_0}, {800, mend}, {900, say_0});
  /* What was under way still arrives. */
  PLAY(TRUE, "0.510 1:hello ", {500, say_0}, {501, vanish_0});
}

Test(stream, a_host_without_power_is_met_again_by_retransmission) {
  /* Attempts at 10, 11, 13, 17 s; power is back at 15, without memory. */
  PLAY(TRUE, "17.020 0:reset ", {9000, vanish_1}, {9000, darken_1}, {10000, say_0},
       {15000, lighten_1});
}

Test(stream, what_arrives_at_a_host_without_power_is_lost) {
  PLAY(TRUE, "", {1000, say_0}, {1005, vanish_1}, {1005, darken_1}, {1500, lighten_1});
}

Test(stream, an_old_connection_does_not_disturb_a_new_one) {
  /* Side 0 forgets and opens anew after side 1 forgot as well; what side 1 sent on the old
   * connection, and the RST for it, do not touch the new one. */
  PLAY(TRUE, "0.120 0:opened 0.130 1:opened 0.210 1:hello ", {95, say_1}, {96, vanish_0},
       {97, vanish_1}, {100, connect_0}, {200, say_0});
}

Test(stream, reopened_by_the_other_side) {
  PLAY(TRUE, "1.010 1:closed 2.020 1:opened 2.030 0:opened 2.110 0:hi ", {1000, close_0},
       {2000, connect_1}, {2100, say_1});
}

/* ---- order under bad luck ---------------------------------------------------------- */

typedef struct {
  Wire *wire;
  guint next[2]; /* expected at each side */
  guint sent[2];
} Count;

static void received_number(gpointer data, gconstpointer message) {
  Count *count = *(Count **)data;
  const guint side = ((Count **)data)[1] == NULL ? 0 : 1;
  cr_assert_eq(GPOINTER_TO_UINT(message), count->next[side], "side %u: %u came, not %u", side,
               GPOINTER_TO_UINT(message), count->next[side]);
  count->next[side]++;
}

static void say_number(gpointer data) {
  Count *count = data;
  for (guint side = 0; side < 2; side++)
    stream_send(count->wire->stream, side, GUINT_TO_POINTER(count->sent[side]++),
                PROVES_LIFE_BY_ITSELF);
}

static gboolean accepts_all(gpointer data) {
  (void)data;
  return TRUE;
}
static void ignore(gpointer data) { (void)data; }
static void must_not_close(gpointer data, StreamClose how) {
  (void)data;
  cr_assert_fail("closed (%d)", (int)how);
}

Test(stream, order_and_number_survive_loss_jitter_and_cuts) {
  static const StreamEvents counting = {accepts_all, ignore, received_number, must_not_close};
  static const Impairment bad = {.loss = 0.4, .jitter = {80000000}};
  g_autoptr(Bed) bed = bed_new();
  Wire *wire = wire_new(bed, bed_uniform(bed, sim_time_ms(1), sim_time_ms(50)));
  Count count = {.wire = wire};
  gpointer data[2][2] = {{&count, NULL}, {&count, &count}};
  for (guint side = 0; side < 2; side++)
    stream_attach(wire->stream, side, &counting, data[side]);
  stream_begin_open(wire->stream);
  path_impair(wire->path, &bad);
  for (guint i = 0; i < 1000; i++)
    bed_at(bed, sim_time_ms(i * 7), say_number, &count);
  for (guint i = 0; i < 20; i++) {
    bed_at(bed, sim_time_ms(100 + i * 311), cut, wire);
    bed_at(bed, sim_time_ms(150 + i * 331), mend, wire);
  }
  bed_run(bed, sim_time_s(40000));
  cr_assert_eq(count.sent[0], 1000);
  cr_assert_eq(count.next[0], 1000, "%u arrived at side 0", count.next[0]);
  cr_assert_eq(count.next[1], 1000, "%u arrived at side 1", count.next[1]);
}
