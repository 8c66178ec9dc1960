/* What is wrong with a design, and what a scenario file is read with.
 *
 *     language/ -- Design --> check_design() --+-- check_SUBJECT()   about the design itself
 *                                              +-- ChecksClass, once for each model of the file
 *                                              +-- Diagnostics at the marks of what is wrong
 *
 * A check reads a Design, and never changes it nor builds a world. Each file has the checks of one
 * subject (addresses, sites, gateways, events, ...), and check.c calls them in one order. All of
 * them run on whatever could be read, so that a user sees all that is wrong at once, each at its
 * place in the file. What a cloud has to say of its own things, its class says (cloud/checks.h),
 * and a message that holds under one model only names it.
 *
 * One mistake is told once. A block knows which of its keys could not be understood
 * (keys_sound()), a name that could not be read is "", which nothing is called, and where a place
 * that might define a name could not be read, the name is not called unknown. Two kinds of checks
 * wait until nothing else is wrong: whether every name of an event means something under every
 * model (targets.c, by names.h, which must know the names that a world would have), and what is
 * missing from the whole (whole.c): parts that are paid for and do nothing.
 *
 * An error keeps the file from being run; a warning does not. What only shows when a design runs is
 * no check but advice (run/advise.h). */
#pragma once
#include "routesim/language/scenario.h"

/* A ScenarioChecker with the checks that need more than one key. */
void check_design(KeyReader *reader, const Design *design, gboolean sound);

/* The file ("-": standard input) is read and checked with all its variants; see
 * scenario_file_read(). An unreadable file is a GError (then NULL). */
ScenarioFile *check_load(const char *path, const ScenarioSetting *settings, guint count,
                         Diagnostics *diagnostics, GError **error);
/* The same with all that a call changes. */
ScenarioFile *check_load_changed(const char *path, const ScenarioChanges *changes,
                                 Diagnostics *diagnostics, GError **error);
ScenarioFile *check_read_changed(const char *path, char *text, gsize length,
                                 const ScenarioChanges *changes, Diagnostics *diagnostics);
/* The same from a text that is in memory already. */
ScenarioFile *check_read(const char *path, char *text, gsize length,
                         const ScenarioSetting *settings, guint count, Diagnostics *diagnostics);
