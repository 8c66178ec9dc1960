/* Pictures: valid XML whatever names hold, every variant named, both directions drawn, what is gone
 * painted otherwise than what is lost, and words in place of one flat line. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/report/svg.h"

/* ---- reading a picture ----------------------------------------------------------------------- */

typedef struct {
  double top, height;
} Band;

/* What a picture shows, found by a parser of XML. */
typedef struct {
  GPtrArray *texts;  /* char *: of <text> */
  GPtrArray *titles; /* char *: of <title> */
  GPtrArray *fills;  /* char *: of <path>, "" where it has none */
  GArray *bands;     /* Band: of <rect> that others show through, beside those of a legend */
  double height;
  guint paths, patterns;
  GString *text; /* of the present element */
} Picture;

static double number_of(const char **names, const char **values, const char *name) {
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp(names[i], name) == 0)
      return g_ascii_strtod(values[i], NULL);
  return 0;
}

static void start(GMarkupParseContext *context, const char *element, const char **names,
                  const char **values, gpointer data, GError **error) {
  Picture *picture = data;
  const char *fill = "";
  (void)context;
  (void)error;
  g_string_truncate(picture->text, 0);
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp(names[i], "fill") == 0)
      fill = values[i];
  if (strcmp(element, "path") == 0) {
    picture->paths++;
    g_ptr_array_add(picture->fills, g_strdup(fill));
  }
  const Band band = {number_of(names, values, "y"), number_of(names, values, "height")};
  if (strcmp(element, "svg") == 0)
    picture->height = band.height;
  if (strcmp(element, "rect") == 0 && number_of(names, values, "fill-opacity") > 0 &&
      band.height > 14)
    g_array_append_val(picture->bands, band);
  picture->patterns += strcmp(element, "pattern") == 0 ? 1 : 0;
}

static void end(GMarkupParseContext *context, const char *element, gpointer data, GError **error) {
  Picture *picture = data;
  (void)context;
  (void)error;
  if (strcmp(element, "text") == 0)
    g_ptr_array_add(picture->texts, g_strdup(picture->text->str));
  if (strcmp(element, "title") == 0)
    g_ptr_array_add(picture->titles, g_strdup(picture->text->str));
  g_string_truncate(picture->text, 0);
}

static void characters(GMarkupParseContext *context, const char *text, gsize length, gpointer data,
                       GError **error) {
  (void)context;
  (void)error;
  g_string_append_len(((Picture *)data)->text, text, (gssize)length);
}

/* XML 1.0 has no other control characters than tab and line ends, not even as references. */
static void assert_allowed(const char *svg) {
  cr_assert(g_utf8_validate(svg, -1, NULL), "no UTF-8");
  for (const char *c = svg; *c != '\0'; c++)
    cr_assert((guchar)*c >= 0x20 || *c == '\n', "the byte %d at: %.30s", *c, c);
  cr_assert_null(strstr(svg, "&#"), "a character reference: %.30s", strstr(svg, "&#"));
}

static Picture *read_picture(const char *svg) {
  static const GMarkupParser parser = {
      .start_element = start, .end_element = end, .text = characters};
  g_autoptr(GError) error = NULL;
  Picture *picture = g_new0(Picture, 1);
  picture->texts = g_ptr_array_new_with_free_func(g_free);
  picture->titles = g_ptr_array_new_with_free_func(g_free);
  picture->fills = g_ptr_array_new_with_free_func(g_free);
  picture->bands = g_array_new(FALSE, FALSE, sizeof(Band));
  picture->text = g_string_new(NULL);
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&parser, 0, picture, NULL);
  assert_allowed(svg);
  cr_assert(g_markup_parse_context_parse(context, svg, (gssize)strlen(svg), &error) &&
                g_markup_parse_context_end_parse(context, &error),
            "no XML: %s", error != NULL ? error->message : "");
  return picture;
}

static void picture_free(Picture *picture) {
  g_ptr_array_unref(picture->texts);
  g_ptr_array_unref(picture->titles);
  g_ptr_array_unref(picture->fills);
  g_array_unref(picture->bands);
  g_string_free(picture->text, TRUE);
  g_free(picture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Picture, picture_free)

/* How many of the texts have this one in them. */
static guint count_of(const GPtrArray *texts, const char *text) {
  guint count = 0;
  for (guint i = 0; i < texts->len; i++)
    count += strstr(texts->pdata[i], text) != NULL ? 1 : 0;
  return count;
}

/* ---- lanes to draw --------------------------------------------------------------------------- */

/* The reason of what stands in place of a way. */
static DropReason dropped_by(const char *via) {
  guint reason = DROP_REASONS - 1;
  while (reason > DROP_NONE && strcmp(drop_reason_label((DropReason)reason), via) != 0)
    reason--;
  return (DropReason)reason;
}

static RunTrafficRow row(guint from_s, guint to_s, FlowDirection direction, const char *via,
                         guint64 flows) {
  return (RunTrafficRow){.from = sim_time_s(from_s),
                         .to = sim_time_s(to_s),
                         .traffic = "t",
                         .direction = direction,
                         .via = via,
                         .dropped = dropped_by(via),
                         .flows = flows,
                         .bits_per_second = (gint64)flows * 1000,
                         .share = 1};
}

static MetricRow event(guint at_s, const char *target, const char *how, guint outage_s) {
  return (MetricRow){.at = sim_time_s(at_s),
                     .target = target,
                     .how = how,
                     .outage = sim_time_s(outage_s),
                     .flows = 10};
}

static Picture *timeline(const char *title, const TimelineLane *lanes, guint count) {
  g_autoptr(GString) svg = g_string_new(NULL);
  svg_timeline("name", title, sim_time_s(100), 0, lanes, count, svg);
  return read_picture(svg->str);
}

#define ROWS(rows) (rows), G_N_ELEMENTS(rows)

/* One direction works, the other one does not: the way back is drawn, for as long as it is lost. */
Test(svg, draws_both_directions) {
  const RunTrafficRow rows[] = {
      row(0, 100, FLOW_FORWARD, "b", 10), row(0, 60, FLOW_REVERSE, "a", 10),
      row(60, 70, FLOW_REVERSE, "dropped:next-hop-down", 10), row(70, 100, FLOW_REVERSE, "b", 10)};
  const MetricRow events[] = {event(60, "a", "silent", 10)};
  const TimelineLane lane = {cloud_at(0), NULL, ROWS(rows), ROWS(events)};
  g_autoptr(Picture) picture = timeline("title", &lane, 1);
  cr_assert_eq(count_of(picture->titles, "forward: b from 0 s to 100.0 s"), 1);
  cr_assert_eq(count_of(picture->titles, "reverse: a from"), 1);
  cr_assert_eq(count_of(picture->titles, "reverse: dropped from 60.0 s to 70.0 s"), 1);
  cr_assert_eq(count_of(picture->titles, "forward: dropped"), 0);
  cr_assert_eq(count_of(picture->texts, "event 0: outage 10.0 s"), 1);
  cr_assert_eq(count_of(picture->texts, "base"), 0, "there are no variants to tell apart");
}

/* A way back over the same elements has the same name and colour. */
Test(svg, names_a_way_once) {
  const RunTrafficRow rows[] = {
      row(0, 50, FLOW_FORWARD, "igw+fw", 10), row(0, 50, FLOW_REVERSE, "fw+igw", 10),
      row(50, 100, FLOW_FORWARD, "direct", 10), row(50, 100, FLOW_REVERSE, "direct", 10)};
  const TimelineLane lane = {cloud_at(0), NULL, ROWS(rows), NULL, 0};
  g_autoptr(Picture) picture = timeline("title", &lane, 1);
  cr_assert_eq(count_of(picture->titles, "reverse: igw+fw from"), 1);
  cr_assert_eq(count_of(picture->texts, "fw+igw"), 0);
}

Test(svg, names_each_variant_and_what_it_breaks) {
  const RunTrafficRow rows[] = {
      row(0, 60, FLOW_FORWARD, "a", 10), row(60, 100, FLOW_FORWARD, "b", 10),
      row(0, 60, FLOW_REVERSE, "a", 10), row(60, 100, FLOW_REVERSE, "b", 10)};
  const MetricRow silent[] = {event(60, "a", "silent", 0)}, crash[] = {event(60, "a", "crash", 0)};
  const TimelineLane lanes[] = {
      {cloud_at(0), "base", ROWS(rows), ROWS(silent)},
      {cloud_at(1), "base", ROWS(rows), ROWS(silent)},
      {cloud_at(0), "dies-loudly", ROWS(rows), ROWS(crash)},
      {cloud_at(1), "dies-loudly", ROWS(rows), ROWS(crash)},
  };
  g_autoptr(Picture) picture = timeline("title", lanes, 4);
  cr_assert_eq(count_of(picture->texts, "base"), 2);
  cr_assert_eq(count_of(picture->texts, "dies-loudly"), 2);
  cr_assert_eq(count_of(picture->texts, "event 0 (a crash): no outage"), 2);
  cr_assert_eq(count_of(picture->titles, "forward: a from"), 4);
  cr_assert_eq(count_of(picture->titles, "reverse: b from"), 4);
}

/* On paper there is no <title> to point at: what has no room beside the names goes below them. */
Test(svg, cuts_no_caption) {
  const RunTrafficRow rows[] = {row(0, 60, FLOW_FORWARD, "a", 10),
                                row(60, 70, FLOW_FORWARD, "b", 10),
                                row(70, 100, FLOW_FORWARD, "dropped:no-route", 10)};
  MetricRow events[] = {event(60, "a", "silent", 10), event(70, "a", "restore", 0)};
  events[0].sessions_broken = 1234;
  events[1].sessions_broken = 567;
  const char *const name = "a-variant-of-a-long-name";
  const TimelineLane lanes[] = {{cloud_at(0), name, ROWS(rows), ROWS(events)},
                                {cloud_at(1), name, ROWS(rows), ROWS(events)}};
  g_autoptr(Picture) picture = timeline("title", lanes, 2);
  cr_assert_eq(count_of(picture->texts, "\u2026"), 0);
  cr_assert_eq(count_of(picture->texts, "event 0: outage 10.0 s,"), 2);
  cr_assert_eq(count_of(picture->texts, "1234 sessions broken; event 1: no outage"), 2);
  cr_assert_eq(count_of(picture->texts, "567 sessions broken"), 2, "an event without an outage");
}

/* Of very many events the last row has the rest, shortened. */
Test(svg, keeps_captions_low) {
  const RunTrafficRow rows[] = {row(0, 60, FLOW_FORWARD, "a", 10),
                                row(60, 99, FLOW_FORWARD, "b", 10)};
  MetricRow few[1], many[99];
  for (guint i = 0; i < G_N_ELEMENTS(many); i++)
    many[i] = event(i, "a", "silent", 1);
  few[0] = many[0];
  const TimelineLane one = {cloud_at(0), NULL, ROWS(rows), ROWS(few)};
  const TimelineLane other = {cloud_at(0), NULL, ROWS(rows), ROWS(many)};
  g_autoptr(Picture) low = timeline("title", &one, 1), high = timeline("title", &other, 1);
  cr_assert_lt(high->height, low->height + 100);
  cr_assert_eq(count_of(high->texts, "event 98"), 0);
  cr_assert_eq(count_of(high->titles, "event 98: outage 1.00 s"), 1);
}

/* "2:00" alone may be hours as well as minutes. */
Test(svg, tells_the_unit_of_time) {
  static const struct {
    guint change_s;
    const char *unit;
  } known[] = {
      {60, "seconds"}, {600, "minutes:seconds"}, {7200, "hours:minutes:seconds"}, {900000, "days"}};
  for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
    const guint at = known[i].change_s;
    const RunTrafficRow rows[] = {row(0, at, FLOW_FORWARD, "a", 10),
                                  row(at, 2 * at, FLOW_FORWARD, "b", 10)};
    const MetricRow events[] = {event(1, "a", "silent", 0)};
    const TimelineLane lane = {cloud_at(0), NULL, ROWS(rows), ROWS(events)};
    g_autoptr(GString) svg = g_string_new(NULL);
    svg_timeline("name", "title", sim_time_s(2 * at), 0, &lane, 1, svg);
    g_autoptr(Picture) picture = read_picture(svg->str);
    g_autofree char *title = g_strconcat("from the start of the run in ", known[i].unit, NULL);
    cr_assert_eq(count_of(picture->texts, title), 1, "%s", title);
  }
}

/* A way of a millisecond has a <title>, but no colour that a reader could look for. */
Test(svg, names_no_way_that_nobody_can_see) {
  RunTrafficRow rows[] = {row(0, 60, FLOW_FORWARD, "a", 10), row(60, 60, FLOW_FORWARD, "short", 10),
                          row(60, 100, FLOW_FORWARD, "b", 10)};
  rows[1].to = rows[2].from = sim_time_add(sim_time_s(60), sim_time_ms(1));
  const TimelineLane lane = {cloud_at(0), NULL, ROWS(rows), NULL, 0};
  g_autoptr(Picture) picture = timeline("title", &lane, 1);
  cr_assert_eq(count_of(picture->titles, "forward: short from"), 1);
  cr_assert_eq(count_of(picture->texts, "short"), 0);
  rows[1].via = "dropped:no-route";
  rows[1].dropped = DROP_NO_ROUTE;
  g_autoptr(Picture) lost = timeline("title", &lane, 1);
  cr_assert_eq(count_of(lost->texts, "dropped"), 1, "its outline is to be seen");
}

/* Of thousands, as many as can be read. */
Test(svg, tells_what_it_leaves_out) {
  const RunTrafficRow rows[] = {row(0, 60, FLOW_FORWARD, "a", 10),
                                row(60, 100, FLOW_FORWARD, "b", 10)};
  TimelineLane lanes[100];
  char names[100][8];
  for (guint i = 0; i < 100; i++) {
    g_snprintf(names[i], sizeof names[i], "v%u", i);
    lanes[i] = (TimelineLane){cloud_at(0), names[i], ROWS(rows), NULL, 0};
  }
  g_autoptr(Picture) picture = timeline("title", lanes, 100);
  cr_assert_eq(count_of(picture->texts, "60 more variants are not drawn"), 1);
}

/* More ways than paints: the least used share one, and are counted. */
Test(svg, has_a_paint_for_each_way) {
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(RunTrafficRow));
  char names[15][8];
  for (guint i = 0; i < 15; i++) {
    g_snprintf(names[i], sizeof names[i], "way-%c", 'a' + i);
    const RunTrafficRow one = row(i, i + 1, FLOW_FORWARD, names[i], 100 - i);
    g_array_append_val(rows, one);
  }
  const TimelineLane lane = {cloud_at(0), NULL, (RunTrafficRow *)rows->data, rows->len, NULL, 0};
  g_autoptr(Picture) picture = timeline("title", &lane, 1);
  g_autoptr(GHashTable) fills = g_hash_table_new(g_str_hash, g_str_equal);
  cr_assert_eq(count_of(picture->texts, "3 more ways"), 1);
  for (guint i = 0; i < picture->fills->len; i++)
    g_hash_table_add(fills, picture->fills->pdata[i]);
  cr_assert_geq(g_hash_table_size(fills), 13);
}

Test(svg, paints_what_is_gone_otherwise_than_what_is_lost) {
  const RunTrafficRow rows[] = {
      row(0, 60, FLOW_FORWARD, "a", 10), row(60, 100, FLOW_FORWARD, "dropped:host-down", 5),
      row(60, 80, FLOW_FORWARD, "dropped:next-hop-down", 5), row(80, 100, FLOW_FORWARD, "a", 5)};
  const TimelineLane lane = {cloud_at(0), NULL, ROWS(rows), NULL, 0};
  g_autoptr(Picture) picture = timeline("title", &lane, 1);
  cr_assert_eq(count_of(picture->fills, "url(#gone)"), 1);
  cr_assert_eq(count_of(picture->fills, "url(#lost)"), 1);
  cr_assert_eq(count_of(picture->titles, "gone with their hosts from 60.0 s to 100.0 s"), 1);
  cr_assert_eq(count_of(picture->titles, "dropped from 60.0 s to 80.0 s"), 1);
}

/* What an element has no room for is load: its flows go their way. */
Test(svg, shows_load_where_capacity_lacks) {
  RunTrafficRow rows[] = {row(0, 100, FLOW_FORWARD, "a", 10), row(60, 100, FLOW_FORWARD, "a", 10),
                          row(60, 100, FLOW_FORWARD, "dropped:capacity", 0)};
  rows[0].to = sim_time_s(60);
  rows[1].bits_per_second = 6000;
  rows[2].bits_per_second = 4000;
  const TimelineLane lane = {cloud_at(0), NULL, ROWS(rows), NULL, 0};
  g_autoptr(Picture) picture = timeline("title", &lane, 1);
  cr_assert_eq(count_of(picture->fills, "url(#lost)"), 1);
  cr_assert_eq(count_of(picture->texts, "Share of the offered load"), 1);
}

Test(svg, says_in_words_that_nothing_changes) {
  const RunTrafficRow rows[] = {row(0, 100, FLOW_FORWARD, "a", 10),
                                row(0, 100, FLOW_REVERSE, "a", 10)};
  const RunTrafficRow others[] = {row(0, 100, FLOW_FORWARD, "b", 10),
                                  row(0, 100, FLOW_REVERSE, "b", 10)};
  const TimelineLane same[] = {{cloud_at(0), NULL, ROWS(rows), NULL, 0}};
  const TimelineLane different[] = {{cloud_at(0), "base", ROWS(rows), NULL, 0},
                                    {cloud_at(0), "other", ROWS(others), NULL, 0}};
  g_autoptr(Picture) flat = timeline("title", same, 1);
  g_autoptr(Picture) compared = timeline("title", different, 2);
  cr_assert_eq(flat->paths, 0);
  cr_assert_eq(count_of(flat->texts, "No way of any flow changes"), 1);
  cr_assert_eq(count_of(flat->texts, "forward: 100 % a"), 1);
  cr_assert_eq(count_of(flat->texts, "reverse: 100 % a"), 1);
  cr_assert_eq(count_of(compared->titles, "forward: b from"), 1, "variants differ");
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* Markup, control characters (as such and as UTF-8), what turns lines around, and no UTF-8. */
static const char *const odd[] = {
    "<script>alert(\"1\")</script> & 'q' ]]>",
    "\x01\x02\x1b[31m\x7f",
    "a\tb\r\nc",
    "\xc2\x85\xc2\x9b\x31m",
    "\xe2\x80\xae\xe2\x80\xa8",
    "\xff\xfe\xc3(",
    "\xef\xbf\xbe\xef\xbf\xbf",
};

Test(svg, is_xml_whatever_names_hold) {
  for (guint i = 0; i < G_N_ELEMENTS(odd); i++) {
    const RunTrafficRow rows[] = {row(0, 60, FLOW_FORWARD, odd[i], 10),
                                  row(60, 100, FLOW_FORWARD, "b", 10)};
    const MetricRow events[] = {event(60, odd[i], odd[i], 1)};
    const TimelineLane lanes[] = {{cloud_at(0), "base", ROWS(rows), ROWS(events)},
                                  {cloud_at(0), odd[i], ROWS(rows), ROWS(events)}};
    g_autoptr(Picture) picture = timeline(odd[i], lanes, 2);
    cr_assert_eq(picture->paths, 4, "%u: %u paths", i, picture->paths);
  }
  const TimelineLane none = {cloud_at(0), NULL, NULL, 0, NULL, 0};
  g_autoptr(Picture) shown = timeline("a\x1b[31m<b>", &none, 1);
  cr_assert_eq(count_of(shown->texts, "a\ufffd[31m<b>"), 1, "shown, not dropped");
}

/* No text ends beyond the picture: it is shortened, and a <title> has it all. */
Test(svg, shortens_what_has_no_room) {
  char longest[400];
  memset(longest, 'W', sizeof longest - 1);
  longest[sizeof longest - 1] = '\0';
  const TimelineLane none = {cloud_at(0), NULL, NULL, 0, NULL, 0};
  g_autoptr(Picture) picture = timeline(longest, &none, 1);
  cr_assert_eq(count_of(picture->texts, longest), 0);
  cr_assert_eq(count_of(picture->texts, "WWW\u2026"), 1);
  cr_assert_eq(count_of(picture->titles, longest), 1);
}

/* ---- over runs ------------------------------------------------------------------------------- */

static RunPanel panel(const char *variant, const RunCurve *curves, guint count) {
  RunPanel made = {variant,
                   g_strdup("event 0: a silent"),
                   "outage",
                   UNIT_SECONDS,
                   g_array_new(FALSE, FALSE, sizeof(RunCurve)),
                   g_array_new(FALSE, FALSE, sizeof(RunBand))};
  g_array_append_vals(made.curves, curves, count);
  return made;
}

static Picture *run_columns(RunPanel *panels, guint count, guint columns, const char *note) {
  g_autoptr(GString) svg = g_string_new(NULL);
  const RunCurves all = {panels, count, columns, 0, note};
  svg_run_curves("name", "title", &all, svg);
  for (guint i = 0; i < count; i++) {
    g_free(panels[i].subject);
    g_array_unref(panels[i].curves);
    g_array_unref(panels[i].bands);
  }
  return read_picture(svg->str);
}

static Picture *run_curves(RunPanel *panels, guint count) {
  return run_columns(panels, count, 1, NULL);
}

Test(svg, draws_a_curve_for_each_variant_and_model) {
  double slow[] = {20, 30}, fast[] = {1, 2};
  const RunCurve base[] = {{cloud_at(0), slow, 2, 0, 2, 0}, {cloud_at(1), fast, 2, 0, 2, 0}};
  const RunCurve other[] = {{cloud_at(0), fast, 2, 1, 4, 0}, {cloud_at(1), NULL, 0, 3, 3, 0}};
  RunPanel panels[] = {panel("base", base, 2), panel("other", other, 2)};
  const RunBand band = {cloud_at(0), "AZ-1.1", 25, 28};
  g_array_append_val(panels[0].bands, band);
  g_autoptr(Picture) picture = run_curves(panels, 2);
  cr_assert_eq(picture->paths, 3);
  cr_assert_eq(count_of(picture->texts, "base"), 1);
  cr_assert_eq(count_of(picture->texts, "other"), 1);
  cr_assert_eq(count_of(picture->texts, "event 0: a silent"), 2);
  cr_assert_eq(count_of(picture->texts, "2 runs, median 25.0 s"), 1);
  cr_assert_eq(count_of(picture->texts, "; in 1 not over at the end; in 1 never"), 1);
  cr_assert_eq(count_of(picture->texts, "not over at the end in any of 3 runs"), 1);
  cr_assert_eq(count_of(picture->texts, "AZ-1.1: measured 25.0 s to 28.0 s"), 1);
}

/* Where no run was over there is nothing but these words: no empty axes. */
Test(svg, draws_no_empty_axes) {
  const RunCurve none[] = {{cloud_at(0), NULL, 0, 3, 3, 0}};
  RunPanel panels[] = {panel(NULL, none, 1)};
  g_autoptr(Picture) picture = run_curves(panels, 1);
  cr_assert_eq(picture->paths, 0);
  cr_assert_eq(count_of(picture->texts, "100 %"), 0);
  cr_assert_eq(count_of(picture->texts, "not over at the end in any of 3 runs"), 1);
}

/* Nor do panels of words alone take the room of panels. */
Test(svg, keeps_no_room_for_axes_that_it_does_not_draw) {
  double values[] = {20, 30};
  const RunCurve some[] = {{cloud_at(0), values, 2, 0, 2, 0}};
  const RunCurve none[] = {{cloud_at(0), NULL, 0, 2, 2, 0}};
  RunPanel over[] = {panel("base", some, 1), panel("other", some, 1)};
  RunPanel lasting[] = {panel("base", some, 1), panel("other", none, 1)};
  g_autoptr(Picture) full = run_curves(over, 2), words = run_curves(lasting, 2);
  cr_assert_lt(words->height, full->height - 100);
}

/* Bands over each other would mix to colours that the words beside them do not have. */
Test(svg, keeps_bands_apart) {
  double values[] = {20, 30};
  const RunCurve curve[] = {{cloud_at(0), values, 2, 0, 2, 0}};
  RunPanel panels[] = {panel(NULL, curve, 1)};
  const RunBand bands[] = {{cloud_at(0), "AZ-1.1", 20, 28}, {cloud_at(1), "AWS-1.1", 25, 30}};
  g_array_append_vals(panels[0].bands, bands, 2);
  g_autoptr(Picture) picture = run_curves(panels, 1);
  cr_assert_eq(picture->bands->len, 2);
  const Band *first = &g_array_index(picture->bands, Band, 0), *second = first + 1;
  cr_assert_leq(first->top + first->height, second->top);
}

/* No outage where nothing passed is no merit. */
Test(svg, tells_what_was_dropped_before) {
  const RunTrafficRow rows[] = {
      row(0, 60, FLOW_FORWARD, "a", 6), row(0, 100, FLOW_FORWARD, "dropped:no-route", 4),
      row(60, 100, FLOW_FORWARD, "dropped:next-hop-down", 6), row(0, 100, FLOW_REVERSE, "a", 10)};
  const TimelineLane lane = {cloud_at(0), NULL, ROWS(rows), NULL, 0};
  cr_assert_float_eq(svg_lost_before(&lane, sim_time_s(60)), 0.4, 1e-9);
  cr_assert_float_eq(svg_lost_before(&lane, sim_time_s(61)), 1, 1e-9);
  double none[] = {0, 0}, some[] = {1, 2};
  const RunCurve curves[] = {{cloud_at(0), none, 2, 0, 2, 0.4}, {cloud_at(1), some, 2, 0, 2, 0}};
  RunPanel panels[] = {panel(NULL, curves, 2)};
  g_autoptr(Picture) picture = run_curves(panels, 1);
  cr_assert_eq(count_of(picture->texts, "dropped before, in the first run: azure 40 %"), 1);
  cr_assert_eq(count_of(picture->texts, "aws 0 %"), 0);
}

/* Seconds and counts have an axis each, and each column says which. */
Test(svg, draws_seconds_beside_counts) {
  double seconds[] = {2, 3}, counts[] = {8000, 9000};
  const RunCurve left[] = {{cloud_at(0), seconds, 2, 0, 2, 0}};
  const RunCurve right[] = {{cloud_at(0), counts, 2, 0, 2, 0}};
  RunPanel panels[] = {panel(NULL, left, 1), panel(NULL, right, 1)};
  panels[1].quantity = "sessions broken";
  panels[1].unit = UNIT_FLOWS;
  g_autoptr(Picture) picture = run_columns(panels, 2, 2, "a note");
  cr_assert_eq(count_of(picture->texts, "Share of runs by outage in seconds, and by sessions"), 1);
  cr_assert_eq(count_of(picture->texts, "outage in seconds"), 2);
  cr_assert_eq(count_of(picture->texts, "sessions broken"), 2, "counts have no unit");
  cr_assert_eq(count_of(picture->texts, "median 2.50 s"), 1);
  cr_assert_eq(count_of(picture->texts, "median 8500,"), 1);
  cr_assert_eq(count_of(picture->texts, "3.0"), 1, "ticks of seconds");
  cr_assert_eq(count_of(picture->texts, "a note"), 1);
}
