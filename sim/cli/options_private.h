/* The call as typed values. */
#pragma once
#include "routesim/batch/batch.h"
#include "routesim/report/format.h"

/* Groups of options; which a command takes. */
enum {
  OPTION_FORMAT = 1, /* --format, --json */
  OPTION_LOAD = 2,   /* --set, --traits */
  OPTION_RUNS =
      4, /* --model, --seed, --runs, --run, --jobs, --detail, --liveness, --quiet, --out, --plots */
  OPTION_RESUME = 8,    /* --resume */
  OPTION_TRACE = 16,    /* --trace, --peer-log */
  OPTION_ONE = 32,      /* of one run: --model, --seed, --run, --liveness, --variant */
  OPTION_AT = 64,       /* --at */
  OPTION_WHY = 128,     /* --event, --traffic */
  OPTION_QUIET = 256,   /* --quiet, where there is no progress to show */
  OPTION_SURVEY = 512,  /* --how, --pairs */
  OPTION_YEARS = 1024,  /* --years, --method */
  OPTION_ANSWER = 2048, /* --event, --measure, --stat, --range */
  OPTION_DETAIL = 4096, /* --detail */
  OPTION_UNTIL = 8192,  /* --until-ci, --measure, --stat */
  OPTION_SPAN = 16384,  /* --ranges */
  OPTION_FIT = 32768, /* --data, --fit, --measure, --event, and of runs those that make sense there:
                        --model, --seed, --runs, --jobs, --liveness, --quiet, --out */
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
  char *how;    /* as given, or NULL */
  guint method; /* a CampaignMethod */
  Measure measure;
  Statistic statistic;
  char **ranges;           /* as given, or NULL */
  char *until;             /* --until-ci as given, or NULL */
  char *most;              /* --runs as given, or NULL */
  double until_width;      /* in seconds or counts, or of the value ... */
  gboolean until_is_share; /* ... a share */
  gboolean spans;          /* --ranges */
  char *data, *fit, *gaps; /* as given, or NULL; `gaps`: --measure of calibrate */
  gboolean resume, quiet, trace, pairs, help;
  char **set;                /* "PATH=VALUE", NULL-terminated, or NULL */
  ScenarioSetting *settings; /* the same, split */
  guint setting_count;
  char *traits_file;     /* as given, or NULL */
  ScenarioTraits traits; /* what it holds */
  char **arguments;      /* NULL-terminated */
} Options;
