/* manifest.json: what can change results, and nothing else, so that two folders with
 * equal manifests hold equal rows. */
#pragma once
#include <glib.h>

#ifndef ROUTESIM_VERSION
#define ROUTESIM_VERSION "0.1.0"
#endif
/* This number counts up when columns or their meaning change: --resume mixes no rows of two
 * formats. */
#define MANIFEST_FORMAT 2

typedef struct {
  const char *model;    /* --model, or NULL */
  const char *liveness; /* --liveness, or NULL */
  gboolean detail_all;
  const char *const *settings; /* --set PATH=VALUE, NULL-terminated */
} ManifestOptions;

typedef struct {
  const char *name; /* of the scenario */
  const char *text; /* its file, as given */
  gsize length;
  guint64 seed;
  guint32 first_run, runs;
} ManifestScenario;

/* The whole file. Caller frees. */
char *manifest_text(const ManifestOptions *options, const ManifestScenario *scenarios, guint count);
