/* Scenario files: text to tree, tree to one Design for each variant.
 *
 *     file --compose.h--> Node tree --+-- as it stands ------------> Design --> checker
 *          (with what `traits` set) --+-- copy + variant's values --> Design --> checker
 *                                     +-- copy + sweep's values ----> Design --> checker
 *                          (and into each: --set of the command line)
 *
 * A file is read once into a tree of nodes (compose.c), which bounds what a hostile file can cost.
 * Each variant is a copy of the tree with some values set anew (variants.c, sweep.c), read through
 * the same tables (tables.c, nvas.c, sites.c, ...): a variant can set whatever a file can say. A
 * file of traits does the same once, before all variants (traits.c): what somebody measured of
 * their cloud is kept apart from the stories that it is tried on. A block that a cloud owns stays a
 * raw node until the cloud's own table reads it. In the end complete.c fills in what follows from
 * the rest (full names, addresses, what a cloud has where nothing is said).
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

/* A file of traits: `text` ends with NUL. */
typedef struct {
  const char *name; /* as messages show it */
  const char *text;
  gsize length;
} ScenarioTraits;

/* What a call does to every file that it reads. All is borrowed, and must outlive the files. */
typedef struct {
  const ScenarioSetting *settings; /* of --set */
  guint count;
  const ScenarioTraits *traits; /* of --traits, set in their order after those of the file itself */
  guint traits_count;
  gboolean base_only; /* variants are left out */
} ScenarioChanges;

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
 * the text over (g_free()). `path` names it in messages, and what its `traits` names is looked for
 * beside it. `changes` are the call's, applied to every variant. What is wrong goes to
 * `diagnostics`: look at diagnostics_errors() before running anything. Free with
 * scenario_file_free(). */
ScenarioFile *scenario_file_read(const char *path, char *text, gsize length,
                                 const ScenarioChanges *changes, ScenarioChecker checker,
                                 Diagnostics *diagnostics);
void scenario_file_free(ScenarioFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScenarioFile, scenario_file_free)
/* The file as it stands comes first, then its named variants by name, then those of its sweep by
 * the values that they set, path by path. */
guint scenario_file_count(const ScenarioFile *file);
const Scenario *scenario_file_get(const ScenarioFile *file, guint index);
/* The bytes as read, for a checksum. */
const char *scenario_file_text(const ScenarioFile *file, gsize *length);

/* What its own `traits` names; NULL: nothing, or what could not be read ... */
const ScenarioTraits *scenario_file_traits(const ScenarioFile *file);
/* ... which then was told, and is an error of the system's, not of the file's content. */
gboolean scenario_file_lacks_traits(const ScenarioFile *file);

/* Where a trait stands. */
typedef struct {
  const char *key;   /* its path in the reference: "route_servers.*.azure.program" */
  const char *path;  /* the same, or a narrower one that a user wrote in full */
  guint places;      /* of this scenario that the path leads to */
  const Node *value; /* of the first of them; NULL: the default */
} ScenarioTraitPlace;

/* What `name` means, in full or by the end of its path, where this scenario has only one that ends
 * so. NULL, and *wrong says why. The texts are the arena's. */
const KeySpec *scenario_find_trait(Arena *arena, const Design *design, const char *name,
                                   ScenarioTraitPlace *place, const char **wrong);

/* A failure or a restoration (EVENT_FAIL, EVENT_RESTORE) as a file would have it that says no more
 * of it than this; `how` NULL: a restoration. Its `at` means nothing. It hangs off the arena, and
 * `target` stays the caller's. */
const DesignEvent *scenario_event(Arena *arena, EventAction action, const char *target,
                                  const struct FaultKind *how);

/* Every key of every table, from the top: the scenario's and each cloud's. For documentation and
 * its test. */
void scenario_keys_foreach(KeyVisit visit, gpointer data);

/* Words of Terraform and of the clouds' command lines, and what they are called here. */
extern const KeyHints scenario_hints;
