/* A bar while many runs go on. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli_private.h"

#define INTERVAL_US 100000
#define QUIET_US 500000 /* what ends sooner shows no bar */
#define MOST_WIDTH 60
/* Where nobody watches, a line now and then tells a log that it goes on. */
#define LINE_US 10000000

void progress_begin(Progress *progress, const Options *options, guint64 all) {
  *progress = (Progress){.enabled = !options->quiet,
                         .is_terminal = isatty(STDERR_FILENO),
                         .all = all,
                         .started = g_get_monotonic_time()};
}

static guint bar_width(gsize text) {
  struct winsize size = {0};
  const guint columns =
      ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  return columns > text + 4 ? MIN(columns - (guint)text - 4, MOST_WIDTH) : 0;
}

/* " 1200 of 4000 runs, 410 a second, 7 s left, interval 2.10 s wide" */
static char *figures(const Progress *progress, guint64 done, gint64 now) {
  const double seconds = (double)(now - progress->started) / 1e6;
  const double rate = seconds > 0 ? (double)done / seconds : 0;
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, " %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " %s", done,
                         progress->all, progress->what != NULL ? progress->what : "runs");
  if (done > 0 && rate > 0) {
    if (rate >= 1)
      g_string_append_printf(out, ", %.0f a second", rate);
    else
      g_string_append_printf(out, ", %.1f a minute", 60 * rate);
    g_string_append_printf(out, ", %.0f s left", (double)(progress->all - done) / rate);
  }
  if (progress->note != NULL && progress->note[0] != '\0')
    g_string_append_printf(out, ", %s", progress->note);
  return g_string_free(out, FALSE);
}

static void show_bar(const Progress *progress, guint64 done, const char *text) {
  char bar[MOST_WIDTH + 1];
  const guint width = bar_width(strlen(text));
  const guint filled = (guint)(progress->all > 0 ? width * done / progress->all : 0);
  memset(bar, ' ', width);
  memset(bar, '#', filled);
  bar[width] = '\0';
  fprintf(stderr, "\r\033[K[%s]%s", bar, text);
  fflush(stderr);
}

void progress_update(gpointer data, guint64 done, guint64 all) {
  Progress *progress = data;
  const gint64 now = g_get_monotonic_time();
  const gint64 least = progress->is_terminal ? QUIET_US : LINE_US;
  const gint64 interval = progress->is_terminal ? INTERVAL_US : LINE_US;
  if (progress->all == 0)
    progress->all = all;
  if (!progress->enabled || now - progress->started < least || now - progress->last < interval)
    return;
  progress->last = now;
  done = MIN(done + progress->before, progress->all);
  g_autofree char *text = figures(progress, done, now);
  if (progress->is_terminal)
    show_bar(progress, done, text);
  else
    complain("%s", text + 1);
  progress->shown = progress->is_terminal;
}

void progress_end(Progress *progress) {
  if (progress->shown)
    fputs("\r\033[K", stderr);
  progress->shown = FALSE;
}
