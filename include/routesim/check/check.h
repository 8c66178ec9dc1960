/* What is wrong with a design, and what a scenario file is read with.
 *
 * A check reads a Design, and never changes it nor builds a world. All of them run on whatever
 * could be read, so that a user sees all that is wrong at once, each at its place in the file. What
 * a cloud has to say of its own things, its class says. */
#pragma once
#include "routesim/language/scenario.h"

/* Checks that need more than one key; a ScenarioChecker. */
void check_design(KeyReader *reader, const Design *design, gboolean sound);

/* Reads and checks a file ("-": standard input) with all its variants; see scenario_file_read(). An
 * unreadable file is a GError (then NULL). */
ScenarioFile *check_load(const char *path, const ScenarioSetting *settings, guint count,
                         Diagnostics *diagnostics, GError **error);
/* The same from a text that is in memory already. */
ScenarioFile *check_read(const char *path, char *text, gsize length,
                         const ScenarioSetting *settings, guint count, Diagnostics *diagnostics);
