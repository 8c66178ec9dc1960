/* What the files of a survey share. */
#pragma once
#include "routesim/run/survey.h"

struct SurveyWorld {
  Arena *arena;
  World *world;
  RunOptions options;
  GPtrArray *failures, *restorations; /* WorldEvent *, by number of the case */
  gboolean settled;
  gint64 longest; /* that a failure has to settle, in ns */
  SimTime at;
  guint64 lost;
  double load;
  IpAddress load_at;
};
