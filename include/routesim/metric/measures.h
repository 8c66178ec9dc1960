/* The measures of an event: one row each, and all that there is to know of one stands in its row.
 *
 * A measure is a number that a run gives for each of its events: a time from the event on, bytes,
 * or flows. Its row makes a field of MetricRow, a name of the enum Measure, a column of
 * failovers.csv and rows of summary.csv, in the order of this list. Scripts rely on that order, so
 * a new one goes to the end. The same row says whether `expect` and `measured` may name it, and
 * which tables and pictures for people show it. Whoever adds a measure writes
 *
 *   its row, here;
 *   its fold in sim/metric/folds.c, metric_fold_FIELD(), which works the field out of the trace;
 *   its line in scenarios/README.md, which a test compares with the row.
 *
 * ROW(ID, field, UNIT, meaning, ...): UNIT is SECONDS (the field is a SimTime, SIM_TIME_NEVER where
 * this never happened), BYTES or FLOWS (a guint64); `meaning` is the sentence of the reference;
 * what follows are members of MeasureSpec, in metric.h. */
#pragma once

#define METRIC_MEASURES(ROW)                                                                       \
  ROW(DETECTED, detected, SECONDS,                                                                 \
      "the first moment at which any end of a session left Established, BFD left Up, a "           \
      "withdrawal arrived, or a probe or poller gave the target up; of a restoration, at which a " \
      "session was Established, or a route announced, again",                                      \
      .files = MEASURE_IN_BOTH, .bounds = TRUE, .compared = TRUE, .run_rank = 1, .curve_rank = 5,  \
      .curve = "time to detection")                                                                \
  ROW(WITHDRAWN, withdrawn, SECONDS,                                                               \
      "when the last instance of a route server stopped using the target (of a zone: every "       \
      "appliance in it) in a best path; empty where none did or one never stops, and of a "        \
      "restoration",                                                                               \
      .files = MEASURE_IN_BOTH, .bounds = TRUE, .compared = TRUE, .run_rank = 1)                   \
  ROW(DECIDED, decided, SECONDS, "the last change of best paths that the event caused",            \
      .files = MEASURE_IN_BOTH, .bounds = TRUE)                                                    \
  ROW(PROGRAMMED, programmed, SECONDS,                                                             \
      "the last change of a route table, or of a NIC's routes, that it caused; empty "             \
      "where none",                                                                                \
      .files = MEASURE_IN_BOTH, .bounds = TRUE, .compared = TRUE, .run_rank = 1, .curve_rank = 4,  \
      .curve = "time to the last change of a route")                                               \
  ROW(RESTORED, restored, SECONDS,                                                                 \
      "when the last interrupted flow could be delivered again; empty where none was "             \
      "interrupted, or one still is",                                                              \
      .files = MEASURE_IN_BOTH, .bounds = TRUE, .cut_off_with = MEASURE_FLOWS_OUT)                 \
  ROW(OUTAGE, outage, SECONDS,                                                                     \
      "the longest interruption of any flow because of the event; 0 where none",                   \
      .files = MEASURE_IN_BOTH, .bounds = TRUE, .compared = TRUE, .run_rank = 1,                   \
      .cut_off_with = MEASURE_FLOWS_OUT, .curve_rank = 1, .curve = "outage")                       \
  ROW(SESSION_OUTAGE, session_outage, SECONDS,                                                     \
      "the same as a user feels it: until broken sessions are open again",                         \
      .files = MEASURE_IN_BOTH, .bounds = TRUE, .compared = TRUE, .run_rank = 1,                   \
      .cut_off_with = MEASURE_FLOWS_OUT | MEASURE_SESSIONS_OUT, .curve_rank = 3,                   \
      .curve = "outage of sessions")                                                               \
  ROW(LOST_BYTES, lost_bytes, BYTES, "offered and not delivered because of the event",             \
      .files = MEASURE_IN_BOTH, .bounds = TRUE, .compared = TRUE, .run_rank = 2,                   \
      .cut_off_with = MEASURE_FLOWS_OUT)                                                           \
  ROW(FLOWS, flows, FLOWS, "all of them", .files = MEASURE_IN_BOTH, .bounds = TRUE)                \
  ROW(FLOWS_INTERRUPTED, flows_interrupted, FLOWS, "undeliverable for a time",                     \
      .files = MEASURE_IN_BOTH, .bounds = TRUE, .compared = TRUE, .run_rank = 1)                   \
  ROW(FLOWS_MOVED, flows_moved, FLOWS,                                                             \
      "whose `via` differs, in either direction, between just before this event and just before "  \
      "the next",                                                                                  \
      .files = MEASURE_IN_BOTH, .bounds = TRUE, .compared = TRUE, .run_rank = 1)                   \
  ROW(FLOWS_GONE, flows_gone, FLOWS,                                                               \
      "whose own host, at either end, failed: counted nowhere else", .files = MEASURE_IN_BOTH,     \
      .bounds = TRUE, .compared = TRUE)                                                            \
  ROW(SESSIONS_BROKEN, sessions_broken, FLOWS,                                                     \
      "whose state died with its holder, or whose packets reach a stateful appliance that lacks "  \
      "it; once an event",                                                                         \
      .files = MEASURE_IN_BOTH, .bounds = TRUE, .compared = TRUE, .run_rank = 1, .curve_rank = 2,  \
      .curve = "sessions broken")                                                                  \
  ROW(ALARM, alarm, SECONDS,                                                                       \
      "when a rule that watches the sessions of the route server would ring: its first look "      \
      "after a BGP or BFD session ended there because of the event; empty where none did",         \
      .files = MEASURE_IN_BOTH, .bounds = TRUE, .compared = TRUE, .run_rank = 3)
