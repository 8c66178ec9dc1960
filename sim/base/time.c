/* Simulated time as text, both ways. Everything here is integer arithmetic: a duration that a
 * scenario writes with a decimal point is exact or refused, and what a report prints doesn't
 * depend on a locale or on how a C library rounds. */
#include "routesim/base/time.h"

#include <string.h>

typedef struct {
  char name[3];
  gint64 ns;
} Unit;

/* Units stand in ascending order. */
static const Unit units[] = {
    {"ns", 1},
    {"us", 1000},
    {"ms", 1000000},
    {"s", SIM_SECOND},
    {"m", 60 * SIM_SECOND},
    {"h", 3600 * SIM_SECOND},
    {"d", 86400 * SIM_SECOND},
    {"w", 604800 * SIM_SECOND},
    {"y", 31536000 * SIM_SECOND},
};

enum { LARGEST_PRINTED = 6 }; /* days: "52w" and "1y" say less than "364d" and "365d" */

static const gint64 longest_ns = SIM_SECOND * 86400 * 365 * 250;

void sim_time_append(SimTime t, GString *out) {
  gint64 us = t.ns / 1000, rest = t.ns % 1000;
  if (rest < 0) { /* C rounds towards zero; half up wants the floor */
    rest += 1000;
    us--;
  }
  if (rest >= 500)
    us++;
  const guint64 magnitude = us < 0 ? (guint64)-us : (guint64)us;
  g_string_append_printf(out, "%s%" G_GUINT64_FORMAT ".%06u", us < 0 ? "-" : "",
                         magnitude / 1000000, (guint)(magnitude % 1000000));
}

static const Unit *unit_find(const char *name) {
  for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
    if (strcmp(units[i].name, name) == 0)
      return &units[i];
  return NULL;
}

/* The decimals [first, end) of one unit become whole nanoseconds. From the last digit to the
 * first, each step divides by ten; the sum is whole if and only if every step is. */
static gboolean decimals_in_ns(const char *first, const char *end, gint64 unit, gint64 *ns) {
  *ns = 0;
  while (end > first) {
    *ns += (*--end - '0') * unit;
    if (*ns % 10 != 0)
      return FALSE;
    *ns /= 10;
  }
  return TRUE;
}

static const char *parse(const char *text, SimTime *out) {
  static const char no_number[] = "a duration is a number and a unit, as in 300ms or 1.5s";
  static const char too_long[] = "longer than 250 years";
  if (*text == '-')
    return "a duration cannot be negative";
  if (!g_ascii_isdigit(*text))
    return no_number;
  gint64 whole = 0; /* stays at a value above the cap once it is there */
  for (; g_ascii_isdigit(*text); text++)
    if (whole <= longest_ns / 10)
      whole = whole * 10 + (*text - '0');
    else
      whole = G_MAXINT64;
  const char *decimals = text;
  if (*text == '.') {
    decimals = ++text;
    while (g_ascii_isdigit(*text))
      text++;
    if (text == decimals)
      return no_number;
  }
  if (*text == '\0')
    return "a duration needs a unit, as in 300ms or 1.5s";
  const Unit *unit = unit_find(text);
  if (unit == NULL)
    return "unknown unit of time: the units are ns us ms s m h d w y";
  gint64 part;
  if (!decimals_in_ns(decimals, text, unit->ns, &part))
    return "finer than a nanosecond";
  if (whole > longest_ns / unit->ns || whole * unit->ns > longest_ns - part)
    return too_long;
  *out = sim_time_ns(whole * unit->ns + part);
  return NULL;
}

gboolean sim_time_parse(const char *text, SimTime *out, const char **why) {
  const char *reason = parse(text, out);
  if (reason != NULL && why != NULL)
    *why = reason;
  return reason == NULL;
}

void sim_time_append_human(SimTime t, GString *out) {
  if (sim_time_is_never(t)) {
    g_string_append(out, "never");
    return;
  }
  const Unit *unit = &units[t.ns == 0 ? 3 : LARGEST_PRINTED];
  while (t.ns % unit->ns != 0)
    unit--;
  g_string_append_printf(out, "%" G_GINT64_FORMAT "%s", t.ns / unit->ns, unit->name);
}
