#include "routesim/base/time.h"

#include <criterion/criterion.h>
#include <string.h>

#define DAY (86400 * SIM_SECOND)
#define LONGEST (250 * 365 * DAY)

static void assert_text(void (*append)(SimTime, GString *), gint64 ns, const char *expected) {
  g_autoptr(GString) out = g_string_new(">");
  append(sim_time_ns(ns), out);
  cr_assert_str_eq(out->str + 1, expected, "%" G_GINT64_FORMAT " ns gave %s, not %s", ns,
                   out->str + 1, expected);
}

Test(time, arithmetic) {
  const SimTime a = sim_time_s(2), b = sim_time_ms(300);
  cr_assert_eq(sim_time_add(a, b).ns, 2300000000);
  cr_assert_eq(sim_time_sub(b, a).ns, -1700000000);
  cr_assert_eq(sim_time_max(a, b).ns, a.ns);
  cr_assert_eq(sim_time_min(a, b).ns, b.ns);
  cr_assert(sim_time_is_never(SIM_TIME_NEVER));
  cr_assert_not(sim_time_is_never(sim_time_ns(LONGEST)));
  cr_assert_eq(sim_time_seconds(sim_time_ms(1500)), 1.5);
}

Test(time, seconds_with_six_decimals_half_up) {
  static const struct {
    gint64 ns;
    const char *text;
  } cases[] = {
      {0, "0.000000"},
      {12500000000, "12.500000"},
      {499, "0.000000"},
      {500, "0.000001"},
      {1499, "0.000001"},
      {1500, "0.000002"},
      {999999499, "0.999999"},
      {999999500, "1.000000"},
      {-499, "0.000000"},
      {-500, "0.000000"},
      {-501, "-0.000001"},
      {-1500, "-0.000001"},
      {-1501, "-0.000002"},
      {-2000, "-0.000002"},
      {-12500000000, "-12.500000"},
      {-999999501, "-1.000000"},
      {LONGEST, "7884000000.000000"},
      {G_MAXINT64, "9223372036.854776"},
      {G_MININT64, "-9223372036.854776"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_text(sim_time_append, cases[i].ns, cases[i].text);
}

Test(time, human) {
  static const struct {
    gint64 ns;
    const char *text;
  } cases[] = {
      {0, "0s"},
      {1, "1ns"},
      {999, "999ns"},
      {1000, "1us"},
      {1500, "1500ns"},
      {250000, "250us"},
      {300000000, "300ms"},
      {1500000000, "1500ms"},
      {SIM_SECOND, "1s"},
      {90 * SIM_SECOND, "90s"},
      {600 * SIM_SECOND, "10m"},
      {5400 * SIM_SECOND, "90m"},
      {7200 * SIM_SECOND, "2h"},
      {DAY, "1d"},
      {7 * DAY, "7d"},
      {365 * DAY, "365d"},
      {-1500000000, "-1500ms"},
      {LONGEST, "91250d"},
      {G_MAXINT64 - 1, "9223372036854775806ns"},
      {G_MAXINT64, "never"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_text(sim_time_append_human, cases[i].ns, cases[i].text);
}

Test(time, parse) {
  static const struct {
    const char *text;
    gint64 ns;
  } good[] = {
      {"0s", 0},
      {"1ns", 1},
      {"2us", 2000},
      {"300ms", 300000000},
      {"1.5s", 1500000000},
      {"0.25ms", 250000},
      {"0.000000001s", 1},
      {"1.500000000000000000000000000000s", 1500000000},
      {"0007s", 7 * SIM_SECOND},
      {"10m", 600 * SIM_SECOND},
      {"0.5m", 30 * SIM_SECOND},
      {"2h", 7200 * SIM_SECOND},
      {"0.125h", 450 * SIM_SECOND},
      {"90d", 90 * DAY},
      {"1w", 7 * DAY},
      {"1y", 365 * DAY},
      {"0.0000000000005y", 15768},
      {"123456789.123456789s", 123456789123456789},
      {"0.1s", 100000000}, /* not exact in binary */
      {"4.35s", 4350000000},
      {"250y", LONGEST},
      {"91250d", LONGEST},
      {"249.5y", LONGEST - 365 * DAY / 2},
      {"7884000000000000000ns", LONGEST},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
    SimTime t = sim_time_ns(-1);
    const char *why = NULL;
    cr_assert(sim_time_parse(good[i].text, &t, &why), "%s: %s", good[i].text, why);
    cr_assert_eq(t.ns, good[i].ns, "%s gave %" G_GINT64_FORMAT, good[i].text, t.ns);
  }
  static const struct {
    const char *text, *why;
  } bad[] = {
      {"", "a number and a unit"},
      {"s", "a number and a unit"},
      {".5s", "a number and a unit"},
      {"1.s", "a number and a unit"},
      {"+1s", "a number and a unit"},
      {" 1s", "a number and a unit"},
      {"inf", "a number and a unit"},
      {"10", "needs a unit"},
      {"0", "needs a unit"},
      {"1.5", "needs a unit"},
      {"-1s", "negative"},
      {"1 s", "unknown unit"},
      {"1sec", "unknown unit"},
      {"1S", "unknown unit"},
      {"1e3s", "unknown unit"},
      {"1m30s", "unknown unit"},
      {"1.5.5s", "unknown unit"},
      {"1s ", "unknown unit"},
      {"0.5ns", "finer than a nanosecond"},
      {"1.0000000001s", "finer than a nanosecond"},
      {"0.0000000000001y", "finer than a nanosecond"},
      {"0.3333333333333333h", "finer than a nanosecond"},
      {"251y", "250 years"},
      {"250.1y", "250 years"},
      {"7884000000000000001ns", "250 years"},
      {"7884000000.000000001s", "250 years"},
      {"99999999999999999999999999s", "250 years"},
      {"18446744073709551617ns", "250 years"}, /* 2^64 + 1 */
  };
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    SimTime t = sim_time_ns(-1);
    const char *why = NULL;
    cr_assert_not(sim_time_parse(bad[i].text, &t, &why), "%s was taken", bad[i].text);
    cr_assert_not_null(why);
    cr_assert_not_null(strstr(why, bad[i].why), "%s: %s", bad[i].text, why);
    cr_assert_eq(t.ns, -1, "%s: a failure leaves the result alone", bad[i].text);
  }
}

Test(time, human_form_reads_back) {
  guint64 bits = 1;
  for (guint i = 0; i < 20000; i++) {
    bits = bits * G_GUINT64_CONSTANT(6364136223846793005) + 1442695040888963407;
    const gint64 ns = (gint64)((bits >> 1) % ((guint64)LONGEST >> (i % 60)) / 1000 * 1000);
    g_autoptr(GString) text = g_string_new(NULL);
    sim_time_append_human(sim_time_ns(ns), text);
    SimTime back;
    cr_assert(sim_time_parse(text->str, &back, NULL), "%s", text->str);
    cr_assert_eq(back.ns, ns, "%s", text->str);
  }
}
