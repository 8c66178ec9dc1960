/* The call as typed values. */
#pragma once
#include "routesim/batch/batch.h"
#include "routesim/report/format.h"

/* Groups of options; which a command takes. */
enum {
  OPTION_FORMAT = 1, /* --format, --json */
  OPTION_LOAD = 2,   /* --set */
  OPTION_RUNS =
      4, /* --model, --seed, --runs, --run, --jobs, --detail, --liveness, --quiet, --out, --plots */
  OPTION_RESUME = 8,  /* --resume */
  OPTION_TRACE = 16,  /* --trace, --peer-log */
  OPTION_ONE = 32,    /* of one run: --model, --seed, --run, --liveness, --variant */
  OPTION_AT = 64,     /* --at */
  OPTION_WHY = 128,   /* --event, --traffic */
  OPTION_QUIET = 256, /* --quiet, where there is no progress to show */
};

typedef struct {
  BatchOptions batch;
  const ReportFormat *format;
  gboolean format_given;
  char *liveness; /* as given, or NULL */
  char *out, *plots;
  char *variant, *traffic; /* as given, or NULL */
  char *peer_log;          /* as given, or NULL */
  SimTime at;              /* 0 unless given */
  gboolean event_given;
  guint event;
  gboolean resume, quiet, trace, help;
  char **set;                /* "PATH=VALUE", NULL-terminated, or NULL */
  ScenarioSetting *settings; /* the same, split */
  guint setting_count;
  char **arguments; /* NULL-terminated */
} Options;
