/* What the windows of the program say of one design, held to each other: see windows.c. */
#pragma once
#include "routesim/run/inspect.h"

typedef struct {
  const Scenario *scenario;
  const CloudClass *cloud;
  const RunResult *result;  /* the whole run, with detail */
  Inspection *start, *look; /* at 0, and at `at` */
  SimTime at;
  guint64 checks; /* made so far */
} Windows;

/* So many flows that each choice among equal next hops has some. */
#define MANY_FLOWS 20000

/* Each says what disagrees, or NULL; the caller frees. */
/* traffic.csv, `explain` and `reach` at a moment. */
char *windows_ways(Windows *windows);
/* Where `run` says that packets ended, and `reach`, at the start. */
char *windows_stops(Windows *windows);
/* What `show` lists at a moment, what look-ups use, and what `explain` calls the route. */
char *windows_tables(Windows *windows);
/* routes.csv from the start, and the tables at a moment. */
char *windows_replay(Windows *windows);
/* failovers.csv, and traffic.csv and routes.csv. */
char *windows_events(Windows *windows);

/* The number of the place of this name; -1: there is none. */
int windows_place(const Inspection *inspection, const char *name);
/* The number of the event that a record goes back to; -1: none. */
int windows_event_of(const Engine *engine, RecordId id);
/* What two sides say of an event, which do not agree. The caller frees. */
char *windows_complain(const MetricRow *row, guint event, const char *what, double left,
                       double right);
