/* Simulated time: whole nanoseconds, in a struct so that a bare number of some
 * other unit cannot slip in. One type serves instants (since the start of the
 * run) and spans. Doubles appear only in statistics and where rates are shared out. */
#pragma once
#include <glib.h>

typedef struct {
  gint64 ns;
} SimTime;

#define SIM_TIME_NEVER ((SimTime){G_MAXINT64})
#define SIM_TIME_ZERO ((SimTime){0})
#define SIM_SECOND G_GINT64_CONSTANT(1000000000)

static inline SimTime sim_time_ns(gint64 ns) { return (SimTime){ns}; }
static inline SimTime sim_time_ms(gint64 ms) { return (SimTime){ms * 1000000}; }
static inline SimTime sim_time_s(gint64 s) { return (SimTime){s * SIM_SECOND}; }
/* The sum stops short of SIM_TIME_NEVER: a run of 250 years and a delay of as many fit nowhere. */
static inline SimTime sim_time_add(SimTime a, SimTime b) {
  gint64 sum;
  if (G_UNLIKELY(__builtin_add_overflow(a.ns, b.ns, &sum)) || G_UNLIKELY(sum == G_MAXINT64))
    sum = G_MAXINT64 - 1;
  return (SimTime){sum};
}
static inline SimTime sim_time_sub(SimTime a, SimTime b) { return (SimTime){a.ns - b.ns}; }
static inline SimTime sim_time_max(SimTime a, SimTime b) { return a.ns > b.ns ? a : b; }
static inline SimTime sim_time_min(SimTime a, SimTime b) { return a.ns < b.ns ? a : b; }
static inline gboolean sim_time_is_never(SimTime t) { return t.ns == G_MAXINT64; }

/* Seconds as a double, for statistics only. */
static inline double sim_time_seconds(SimTime t) { return (double)t.ns / 1e9; }

/* `out` gets seconds with six decimals ("12.500000"), rounded half up, by integer
 * arithmetic: no locale, no libm. */
void sim_time_append(SimTime t, GString *out);

/* The text is a duration with its unit ("300ms", "1.5s", "10m", "90d": ns us ms s m h
 * d w y, a year being 365 days). FALSE, with a reason in *why (static
 * text), for a bare number, an unknown unit, a negative value or an overflow
 * beyond 250 years. */
gboolean sim_time_parse(const char *text, SimTime *out, const char **why);

/* `out` gets the shortest exact form with one unit ("90s", "1500ms"). */
void sim_time_append_human(SimTime t, GString *out);
