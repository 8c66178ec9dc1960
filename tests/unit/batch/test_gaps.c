/* What users measured, as they have it. */
#include "routesim/batch/gaps.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static Gaps *read(const char *text) {
  g_autoptr(GError) error = NULL;
  Gaps *gaps = gaps_read("d.csv", text, strlen(text), &error);
  cr_assert_not_null(gaps, "%s", error != NULL ? error->message : "");
  return gaps;
}

static void assert_seconds(const Gaps *gaps, const double *expected, guint count) {
  cr_assert_eq(gaps->seconds->len, count, "%u values", gaps->seconds->len);
  for (guint i = 0; i < count; i++)
    cr_assert(fabs(g_array_index(gaps->seconds, double, i) - expected[i]) < 1e-6, "%u: %g", i,
              g_array_index(gaps->seconds, double, i));
}

Test(gaps, column) {
  const double expected[] = {1.5, 2, 0.25};
  const char *const texts[] = {"1.5\n2\n0.25\n", "outage_s\n1.5\n2\n0.25",
                               "\xef\xbb\xbf"
                               "s\r\n1.5\r\n2\r\n\r\n0.25\r\n",
                               "\"gap\"\n\"1.5\"\n  2 \n2.5e-1\n"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(Gaps) gaps = read(texts[i]);
    cr_assert_eq(gaps->form, GAPS_COLUMN);
    assert_seconds(gaps, expected, G_N_ELEMENTS(expected));
  }
}

Test(gaps, nothing_but_a_heading) {
  g_autoptr(Gaps) gaps = read("outage\n");
  cr_assert_eq(gaps->seconds->len, 0u);
}

Test(gaps, refused_with_line_and_reason) {
  static const char *const cases[][2] = {{"1\n-2\n", "d.csv:2: '-2' is negative"},
                                         {"1\n0\n", "d.csv:2: '0' is no gap"},
                                         {"1\ninf\n", "d.csv:2: 'inf' is no length"},
                                         {"nan\n", "d.csv:1: 'nan' is no length"},
                                         {"1e999\n", "d.csv:1: '1e999' is no length"},
                                         {"1\nx\n", "d.csv:2: 'x' is not one number"},
                                         {"a\nb\n", "d.csv:2: 'b' is not one number"},
                                         {"1.5 s\n", "d.csv:1: '1.5 s' is not one number"},
                                         {"a,b\n1,2\n", "d.csv:1: 'a,b' is not one number"},
                                         {"1,5\n", "d.csv:1: '1,5' is not one"},
                                         {"1e10\n", "longer than 250 years"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    cr_assert_null(gaps_read("d.csv", cases[i][0], strlen(cases[i][0]), &error));
    cr_assert(g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE));
    cr_assert(strstr(error->message, cases[i][1]) != NULL, "%s", error->message);
  }
  g_autoptr(GError) error = NULL;
  cr_assert_null(gaps_read("d.csv",
                           "1\0"
                           "2",
                           3, &error));
}

/* ---- logs ------------------------------------------------------------------------------------ */

static void ping(GString *log, double at, guint sequence) {
  g_string_append_printf(log, "[%.6f] 64 bytes from 10.0.0.4: icmp_seq=%u ttl=63 time=0.611 ms\n",
                         at, sequence);
}

/* Packets 3 to 12 of a tenth of a second are lost: from the third on, which was due at 0.3, until
 * the answer at 1.3. Packet 20 alone is no outage, 25 and 26 belong to the same event, and those
 * after two minutes to another. */
Test(gaps, ping) {
  const double expected[] = {1.0, 0.3};
  g_autoptr(GString) log = g_string_new("PING 10.0.0.4 (10.0.0.4) 56(84) bytes of data.\n");
  for (guint i = 0; i < 1300; i++) {
    const gboolean lost =
        (i >= 3 && i < 13) || i == 20 || i == 25 || i == 26 || (i >= 1250 && i < 1253);
    if (!lost)
      ping(log, 1700000000 + 0.1 * i, i);
    else if (i == 4)
      g_string_append(log,
                      "[1700000000.4] From 10.0.0.1 icmp_seq=4 Destination Host Unreachable\n");
    else
      g_string_append_printf(log, "[%.6f] no answer yet for icmp_seq=%u\n", 1700000000 + 0.1 * i,
                             i);
  }
  g_string_append(log, "\n--- 10.0.0.4 ping statistics ---\n");
  g_autoptr(Gaps) gaps = read(log->str);
  cr_assert_eq(gaps->form, GAPS_PING);
  assert_seconds(gaps, expected, G_N_ELEMENTS(expected));
  cr_assert_eq(gaps->stray, 1u);
  cr_assert(fabs(gaps->interval - 0.1) < 1e-4);
}

/* Sequence numbers have 16 bits, answers come late or twice, and logs stand behind each other. */
Test(gaps, ping_goes_round_and_begins_anew) {
  const double expected[] = {3, 2};
  g_autoptr(GString) log = g_string_new(NULL);
  const guint sequences[] = {65533, 65534, 65534, 65533, 2, 3, 4};
  const double at[] = {100, 101, 101.1, 101.2, 105, 106, 107};
  for (guint i = 0; i < G_N_ELEMENTS(sequences); i++)
    ping(log, at[i], sequences[i]);
  g_string_append(log, "PING 10.0.0.4 (10.0.0.4) 56(84) bytes of data.\n");
  ping(log, 5000, 1);
  ping(log, 5001, 2);
  ping(log, 5004, 5);
  g_autoptr(Gaps) gaps = read(log->str);
  assert_seconds(gaps, expected, G_N_ELEMENTS(expected));
}

Test(gaps, fping) {
  const double expected[] = {0.2};
  g_autoptr(Gaps) gaps =
      read("[1700000000.000000] 10.0.0.4 : [0], 64 bytes, 0.50 ms (0.50 avg, 0% loss)\n"
           "[1700000000.100000] 10.0.0.4 : [1], 64 bytes, 0.50 ms (0.50 avg, 0% loss)\n"
           "[1700000000.700000] 10.0.0.4 : [2], timed out (0.50 avg, 33% loss)\n"
           "[1700000000.800000] 10.0.0.4 : [3], timed out (0.50 avg, 50% loss)\n"
           "[1700000000.400000] 10.0.0.4 : [4], 64 bytes, 0.51 ms (0.50 avg, 40% loss)\n");
  cr_assert_eq(gaps->form, GAPS_FPING);
  assert_seconds(gaps, expected, G_N_ELEMENTS(expected));
}

Test(gaps, log_without_two_answers) {
  g_autoptr(GError) error = NULL;
  const char *text = "PING 10.0.0.4 (10.0.0.4) 56(84) bytes of data.\n";
  cr_assert_null(gaps_read("p.log", text, strlen(text), &error));
  cr_assert(strstr(error->message, "no two answers") != NULL);
}
