/* A scenario written in a test, run under one model: what went where, and when. */
#pragma once
#include "routesim/run/run.h"

typedef struct {
  ScenarioFile *file;
  RunResult *result;
} Replay;

/* `text` is loaded and run (run 0 with detail); the test fails where it has errors. */
Replay *replay_new(const char *text, const char *model);
void replay_free(Replay *replay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Replay, replay_free)
/* Ways of a traffic's direction ("forward") at a moment, by name: "er/0+c1/0 er/1+c1/1"; the test
 * frees. */
char *replay_ways(const Replay *replay, const char *traffic, const char *direction, double at);
void replay_assert_ways(const Replay *replay, const char *traffic, const char *direction, double at,
                        const char *expected);
/* Seconds of the first change of `table` to `prefix` from `since` on, and its next hops in *hops
 * (may be NULL); -1: none. */
double replay_change(const Replay *replay, const char *table, const char *prefix, double since,
                     const char **hops);
/* Records of a kind, and seconds of the first one from `since` on (-1: none). */
guint replay_count(const Replay *replay, const TraceKind *kind, const char *subject);
double replay_first(const Replay *replay, const TraceKind *kind, const char *subject, double since);
/* What is wrong with a scenario, as text; the test frees. */
char *replay_trouble(const char *text);
