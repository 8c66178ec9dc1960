/* Columns of seconds and logs of ping and fping; see the header. */
#include "routesim/batch/gaps.h"

#include <math.h>
#include <string.h>

#include "routesim/base/time.h"

#define LONGEST (250. * 365 * 86400) /* as durations of scenarios */
#define SHOWN 40                     /* characters of what is quoted */

typedef struct {
  const char *name;
  Gaps *gaps;
  guint line;
  GError **error;
  /* Of a log: the last answer, and the gaps of the event that is not over yet. */
  gboolean heard;
  double last_at, longest, ended;
  guint64 last_sequence;
  guint longest_line;
  double spacing_sum;
  guint64 spacings;
} Reader;

void gaps_free(Gaps *gaps) {
  if (gaps == NULL)
    return;
  g_array_unref(gaps->seconds);
  g_array_unref(gaps->lines);
  g_free(gaps);
}

static void add(Reader *reader, double seconds, guint line) {
  g_array_append_val(reader->gaps->seconds, seconds);
  g_array_append_val(reader->gaps->lines, line);
}

static gboolean refuse(const Reader *reader, const char *text, const char *why) {
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  const gboolean is_long = g_utf8_strlen(valid, -1) > SHOWN;
  g_autofree char *shown = g_utf8_substring(valid, 0, is_long ? SHOWN : -1);
  g_set_error(reader->error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s:%u: '%s%s' %s",
              reader->name, reader->line, shown, is_long ? "..." : "", why);
  return FALSE;
}

/* ---- a column ------------------------------------------------------------------------------- */

static gboolean is_heading(const Reader *reader, const char *text) {
  return reader->gaps->seconds->len == 0 && reader->line == 1 &&
         (g_ascii_isalpha(text[0]) || (guchar)text[0] >= 0x80) && strchr(text, ',') == NULL;
}

static gboolean read_value(Reader *reader, char *text) {
  char *end;
  const gsize length = strlen(text);
  if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
    text[length - 1] = '\0';
    text++;
  }
  const double value = g_ascii_strtod(text, &end);
  if (end == text || *end != '\0') {
    if (is_heading(reader, text))
      return TRUE;
    return refuse(reader, text, "is not one number of seconds");
  }
  if (isnan(value) || isinf(value))
    return refuse(reader, text, "is no length of a gap: a gap that did not end was not measured");
  if (value < 0)
    return refuse(reader, text, "is negative, which no gap can be");
  if (value <= 0)
    return refuse(reader, text, "is no gap: leave out what was not interrupted");
  if (value > LONGEST)
    return refuse(reader, text, "is longer than 250 years");
  add(reader, value, reader->line);
  return TRUE;
}

/* ---- a log ---------------------------------------------------------------------------------- */

static void end_event(Reader *reader) {
  if (reader->longest > 0)
    add(reader, reader->longest, reader->longest_line);
  reader->longest = 0;
}

/* Packets between two answers were due one after the other, evenly. */
static void hear(Reader *reader, double at, guint64 sequence) {
  const guint64 missed = reader->heard ? sequence - reader->last_sequence - 1 : 0;
  const double spacing = missed + 1 > 0 ? (at - reader->last_at) / (double)(missed + 1) : 0;
  if (reader->heard && missed == 0) {
    reader->spacing_sum += spacing;
    reader->spacings++;
  }
  if (missed == 1)
    reader->gaps->stray++;
  if (reader->longest > 0 && at - reader->ended > GAPS_APART && missed < 2)
    end_event(reader);
  if (missed >= 2) {
    const double gap = at - reader->last_at - spacing, began = at - gap;
    if (reader->longest > 0 && began - reader->ended > GAPS_APART)
      end_event(reader);
    if (gap > reader->longest) {
      reader->longest = gap;
      reader->longest_line = reader->line;
    }
    reader->ended = at;
  }
  reader->heard = TRUE;
  reader->last_at = at;
  reader->last_sequence = sequence;
}

static void begin_log(Reader *reader) {
  end_event(reader);
  reader->heard = FALSE;
}

/* ping counts with 16 bits: a small step back is an answer out of order or twice, any other a new
 * log behind the last one. */
static void answer(Reader *reader, double at, guint64 sequence, gboolean wraps) {
  const guint64 modulus = 65536;
  if (reader->heard && wraps) {
    const guint64 before = reader->last_sequence % modulus;
    const guint64 step = (sequence + modulus - before) % modulus;
    if (step == 0 || step > modulus - 1000)
      return;
    if (sequence < before && (before < modulus - 2000 || at < reader->last_at))
      begin_log(reader);
    else
      sequence = reader->last_sequence + step;
  } else if (reader->heard && sequence <= reader->last_sequence) {
    if (at - reader->last_at < GAPS_APART && reader->last_sequence - sequence < 1000 &&
        sequence != 0)
      return;
    begin_log(reader);
  }
  if (reader->heard && at < reader->last_at)
    begin_log(reader);
  hear(reader, at, sequence);
}

/* "[1700000000.123456] rest" */
static const char *read_stamp(const char *line, double *at) {
  char *end;
  if (line[0] != '[')
    return NULL;
  *at = g_ascii_strtod(line + 1, &end);
  return end != line + 1 && end[0] == ']' && end[1] == ' ' ? end + 2 : NULL;
}

static void read_ping(Reader *reader, double at, const char *rest) {
  static const char key[] = " icmp_seq=";
  const char *sequence = strstr(rest, key);
  const gboolean is_answer = g_ascii_isdigit(rest[0]) && strstr(rest, " bytes from ") != NULL;
  if (is_answer && sequence != NULL)
    answer(reader, at, g_ascii_strtoull(sequence + sizeof key - 1, NULL, 10), TRUE);
}

/* "10.0.0.4 : [17], 64 bytes, 0.50 ms (...)" */
static void read_fping(Reader *reader, double at, const char *rest) {
  const char *sequence = strstr(rest, " : [");
  char *end;
  if (sequence == NULL)
    return;
  const guint64 number = g_ascii_strtoull(sequence + 4, &end, 10);
  if (g_str_has_prefix(end, "], ") && strstr(end, " bytes, ") != NULL)
    answer(reader, at, number, FALSE);
}

static void read_log_line(Reader *reader, const char *line) {
  double at;
  const char *rest = read_stamp(line, &at);
  if (g_str_has_prefix(line, "PING "))
    begin_log(reader);
  else if (rest != NULL && reader->gaps->form == GAPS_PING)
    read_ping(reader, at, rest);
  else if (rest != NULL)
    read_fping(reader, at, rest);
}

static gboolean end_log(Reader *reader) {
  end_event(reader);
  if (reader->spacings == 0) {
    g_set_error(reader->error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "%s: a log of %s with no two answers in a row", reader->name,
                reader->gaps->form == GAPS_PING ? "ping -D" : "fping -l -D");
    return FALSE;
  }
  reader->gaps->interval = reader->spacing_sum / (double)reader->spacings;
  return TRUE;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static GapsForm form_of(char **lines) {
  for (guint i = 0; lines[i] != NULL; i++) {
    double at;
    const char *rest = read_stamp(lines[i], &at);
    if (g_str_has_prefix(lines[i], "PING "))
      return GAPS_PING;
    if (rest != NULL)
      return strstr(rest, " : [") != NULL ? GAPS_FPING : GAPS_PING;
  }
  return GAPS_COLUMN;
}

static gboolean read_lines(Reader *reader, char **lines) {
  for (guint i = 0; lines[i] != NULL; i++) {
    char *line = g_strstrip(lines[i]);
    reader->line = i + 1;
    if (reader->gaps->form != GAPS_COLUMN)
      read_log_line(reader, line);
    else if (line[0] != '\0' && !read_value(reader, line))
      return FALSE;
  }
  return reader->gaps->form == GAPS_COLUMN || end_log(reader);
}

Gaps *gaps_read(const char *name, const char *text, gsize length, GError **error) {
  const gsize mark = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  if (memchr(text, '\0', length) != NULL) {
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s is no text", name);
    return NULL;
  }
  g_auto(GStrv) lines = g_strsplit(text + mark, "\n", -1);
  Gaps *gaps = g_new0(Gaps, 1);
  *gaps = (Gaps){form_of(lines), g_array_new(FALSE, FALSE, sizeof(double)),
                 g_array_new(FALSE, FALSE, sizeof(guint)), 0, 0};
  Reader reader = {.name = name, .gaps = gaps, .error = error};
  if (read_lines(&reader, lines))
    return gaps;
  gaps_free(gaps);
  return NULL;
}
