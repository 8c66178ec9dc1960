/* Scenario files: text to tree, tree to one Design for each variant.
 *
 *     file --compose.h--> Node tree --+-- as it stands ------------> Design --> checker
 *                                     +-- copy + variant's values --> Design --> checker
 *                                     +-- copy + sweep's values ----> Design --> checker
 *                          (and into each: --set of the command line)
 *
 * A file is read once into a tree of nodes (compose.c), which bounds what a hostile file can cost.
 * Each variant is a copy of the tree with some values set anew (load.c), read through the same
 * tables (tables.c, nvas.c, sites.c, ...): a variant can set whatever a file can say. A block that
 * a cloud owns stays a raw node until the cloud's own table reads it. In the end complete.c fills
 * in what follows from the rest (full names, addresses, what a cloud has where nothing is said).
 *
 * Everything that is wrong becomes a diagnostic, and reading goes on, so that a file tells all its
 * errors in one pass; what could be read is in the Design. Words of other tools get a hint
 * (hints.c). What needs more than one key to be found wrong is for check/ to tell, which is handed
 * in as the checker: reading knows no check. The keys of one event that go together are the
 * exception, and told at once.
 *
 * A Scenario is a Design, its variant and its path. It is immutable, lives as long as its file, and
 * may be run by many threads at once. */
#pragma once
#include "routesim/cloud/cloud.h"
#include "routesim/design/design.h"

/* ---- files, variants --------------------------------------------------------------------- */

typedef struct ScenarioFile ScenarioFile;

typedef struct {
  const char *path, *value; /* --set PATH=VALUE, or what a variant sets */
} ScenarioSetting;

/* What users call the file as it stands; no variant has this name. */
#define SCENARIO_BASE "base"

typedef struct {
  const char *name; /* SCENARIO_BASE for the file as it stands; never empty */
  gboolean is_base;
  const ScenarioSetting *settings;
  guint count;
} ScenarioVariant;

/* The name of the variant that a user means by `word`; NULL or "": the file as it stands. */
const char *scenario_variant_meant(const char *word);

/* One variant of a file, typed and checked. */
typedef struct {
  const Design *design;
  const ScenarioVariant *variant;
  const char *path; /* of the file, as the user named it */
} Scenario;

/* A checker tells the reader's diagnostics what is wrong with a design. `sound`: nothing was wrong
 * with its keys. */
typedef void (*ScenarioChecker)(KeyReader *reader, const Design *design, gboolean sound);

/* The text is read with all its variants, each of which `checker` sees in its turn; the file takes
 * the text over (g_free()), and `path` only names it in messages. `settings` are the command
 * line's, applied to every variant. What is wrong goes to `diagnostics`: look at
 * diagnostics_errors() before running anything. Free with scenario_file_free(). */
ScenarioFile *scenario_file_read(const char *path, char *text, gsize length,
                                 const ScenarioSetting *settings, guint count,
                                 ScenarioChecker checker, Diagnostics *diagnostics);
void scenario_file_free(ScenarioFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScenarioFile, scenario_file_free)
/* The file as it stands comes first, then its variants by name. */
guint scenario_file_count(const ScenarioFile *file);
const Scenario *scenario_file_get(const ScenarioFile *file, guint index);
/* The bytes as read, for a checksum. */
const char *scenario_file_text(const ScenarioFile *file, gsize *length);

/* Every key of every table, from the top: the scenario's and each cloud's. For documentation and
 * its test. */
void scenario_keys_foreach(KeyVisit visit, gpointer data);

/* Words of Terraform and of the clouds' command lines, and what they are called here. */
extern const KeyHints scenario_hints;
