/* What the program says of a scenario text, as plain text: so that the oracle shares no type, and
 * no word, with what it judges. */
#pragma once
#include <glib.h>

typedef struct Program Program;

/* The text is read, and its run under this cloud looked into, one second after the start; NULL
 * where it is refused, then *why says with what words (the caller frees). */
Program *program_new(const char *text, const char *cloud, char **why);
void program_free(Program *program);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Program, program_free)

/* The tables that `show` prints. */
guint program_listing_count(const Program *program);
gboolean program_listing_is(const Program *program, guint listing, const char *key,
                            const char *name);
const char *program_listing_title(const Program *program, guint listing);
const char *program_listing_name(const Program *program, guint listing); /* the first; or "" */
guint program_row_count(const Program *program, guint listing);
const char *program_cell(const Program *program, guint listing, guint row, const char *column);

/* What `reach` says; NULL where a text means nothing. */
guint program_place_count(const Program *program);
const char *program_place(const Program *program, guint place);
/* Can a session from one to the other be asked for? An address only receives. */
gboolean program_is_pair(const Program *program, guint from, guint to);
typedef struct {
  guint verdict; /* 0: no, 1: partly, 2: yes */
  const char *there, *back, *reason, *where;
} ProgramReach;
ProgramReach program_reach(Program *program, guint from, guint to);

/* Of the flows of a traffic, how many get through in both directions, in thousandths. */
guint program_delivered(Program *program, const char *traffic);

/* How many answers the commands `show` and `reach` print otherwise in JSON than they were told
 * here: *why names the first (the caller frees). `routesim`: the program. */
guint program_compare_commands(Program *program, const char *routesim, char **why);
