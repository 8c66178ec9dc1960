/* A folder of small scenarios, and calls about them. */
#pragma once
#include "../../../sim/cli/results_private.h"

/* A new folder is the place where everything of a test stands; both are fixtures. */
void workspace_make(void);
void workspace_remove(void);
/* The caller frees. */
char *workspace_path(const char *name);
/* The file is written there, with the folders above it. */
void workspace_write(const char *name, const char *text);
/* What stands in a file there; the test fails without it, the caller frees. */
char *workspace_read(const char *name);
/* A message, with the name of the folder left out; the caller frees. */
char *workspace_relative(const char *said);
gboolean workspace_has(const char *name);

/* A pair of firewalls under aws, named `name`: fw-a is stopped in order at 60 s, of which rs hears
 * 500 us later, half of the default delay of a link. `more`: further lines. The caller frees. */
char *workspace_scenario(const char *name, const char *more);
/* All batch options as a call without any has them; arguments: names of files or folders there,
 * separated by a blank. Clear with options_clear(). */
Options workspace_options(const char *arguments);
/* What the options name is loaded; the test fails where something is wrong. */
Loaded workspace_load(const Options *options);
Batch *workspace_run(const Options *options, const Loaded *loaded, guint file);
