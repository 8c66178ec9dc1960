/* Scenario files: text to tree, tree to one Design for each variant.
 *
 * A file is read once into a tree of nodes. Each variant is a copy of the tree with
 * some values set anew, read through the same tables. A Scenario is immutable and may
 * be run by many threads at once. What needs more than one key to be found wrong is for
 * check/ to tell, which is handed in: reading knows no check. */
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

/* Tells the reader's diagnostics what is wrong with a design. `sound`: nothing was wrong with its
 * keys. */
typedef void (*ScenarioChecker)(KeyReader *reader, const Design *design, gboolean sound);

/* Reads a text with all its variants, each of which `checker` sees in its turn; the file takes the
 * text over (g_free()), and `path` only names it in messages. `settings` are the command line's,
 * applied to every variant. What is wrong goes to `diagnostics`: look at diagnostics_errors()
 * before running anything. Free with scenario_file_free(). */
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

/* All key tables, from the top: for documentation and its test. */
extern const KeyTable scenario_keys;
/* Every table that hangs below: the scenario's and each cloud's. */
void scenario_keys_foreach(KeyVisit visit, gpointer data);

/* Words of Terraform and of the clouds' command lines, and what they are called here. */
extern const KeyHints scenario_hints;
