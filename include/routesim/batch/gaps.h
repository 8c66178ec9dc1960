/* What a user measured: how long traffic was out, once for each event.
 *
 * Three forms are told apart by what stands in them: a column of seconds, with a header or without;
 * what `ping -D` prints; what `fping -l -D` prints. A log is gone through answer by answer: where
 * sequence numbers are missing, nothing was heard from the one that was due first until the next
 * answer. Such gaps that lie within GAPS_APART of each other are one event, of which the longest
 * counts. One missing answer alone is a lost packet, and no event. */
#pragma once
#include <glib.h>

/* Seconds between two gaps that make them two events. */
#define GAPS_APART 60

typedef enum { GAPS_COLUMN, GAPS_PING, GAPS_FPING } GapsForm;

typedef struct {
  GapsForm form;
  GArray *seconds; /* double, in the order of the file */
  GArray *lines;   /* guint, of each: where it stands, or where its gap ended */
  guint stray;     /* of a log: packets that were lost alone */
  double interval; /* of a log: seconds from one packet to the next; 0 of a column */
} Gaps;

/* NULL and a GError of G_OPTION_ERROR that names `name` and the line: text where a number is due,
 * a value that is not above 0, infinite, or above 250 years; or no answer in a log at all. */
Gaps *gaps_read(const char *name, const char *text, gsize length, GError **error);
void gaps_free(Gaps *gaps);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gaps, gaps_free)
