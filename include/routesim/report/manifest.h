/* manifest.json: what can change results, and nothing else, so that two folders with
 * equal manifests hold equal rows. */
#pragma once
#include <glib.h>

#ifndef ROUTESIM_VERSION
#define ROUTESIM_VERSION "0.1.0"
#endif
/* This number counts up when columns or their meaning change: --resume mixes no rows of two
 * formats. */
#define MANIFEST_FORMAT 3

/* An option that one command alone takes, as given. */
typedef struct {
  const char *name, *value; /* "how"; a value of NULL is told as null */
} ManifestOption;

typedef struct {
  const char *model;    /* --model, or NULL */
  const char *liveness; /* --liveness, or NULL */
  gboolean detail_all;
  const ManifestOption *own;   /* the last one has no name; NULL: there are none */
  const char *const *settings; /* --set PATH=VALUE, NULL-terminated */
  const char *traits;          /* SHA-256 of --traits; NULL: not told */
} ManifestOptions;

typedef struct {
  const char *name; /* of the scenario */
  const char *text; /* its file, as given */
  gsize length;
  guint64 seed;
  guint32 first_run, runs;
  const char *traits; /* SHA-256 of what its `traits` names; NULL: not told */
} ManifestScenario;

/* The whole file. Caller frees. */
char *manifest_text(const ManifestOptions *options, const ManifestScenario *scenarios, guint count);
