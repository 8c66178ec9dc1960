/* A bar while many runs go on. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli_private.h"

#define INTERVAL_US 100000
#define QUIET_US 500000 /* what ends sooner shows no bar */
#define MOST_WIDTH 60

void progress_begin(Progress *progress, const Options *options, guint64 all) {
  *progress = (Progress){.enabled = !options->quiet && isatty(STDERR_FILENO),
                         .all = all,
                         .started = g_get_monotonic_time()};
}

static guint bar_width(gsize text) {
  struct winsize size = {0};
  const guint columns =
      ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  return columns > text + 4 ? MIN(columns - (guint)text - 4, MOST_WIDTH) : 0;
}

void progress_update(gpointer data, guint64 done, guint64 all) {
  Progress *progress = data;
  const gint64 now = g_get_monotonic_time();
  (void)all;
  if (!progress->enabled || now - progress->started < QUIET_US ||
      now - progress->last < INTERVAL_US)
    return;
  progress->last = now;
  done += progress->before;
  g_autofree char *text =
      g_strdup_printf(" %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " runs", done, progress->all);
  char bar[MOST_WIDTH + 1];
  const guint width = bar_width(strlen(text));
  const guint filled = (guint)(progress->all > 0 ? width * done / progress->all : 0);
  memset(bar, ' ', width);
  memset(bar, '#', filled);
  bar[width] = '\0';
  fprintf(stderr, "\r\033[K[%s]%s", bar, text);
  fflush(stderr);
  progress->shown = TRUE;
}

void progress_end(Progress *progress) {
  if (progress->shown)
    fputs("\r\033[K", stderr);
  progress->shown = FALSE;
}
