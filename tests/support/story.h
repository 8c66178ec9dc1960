/* A scenario written in a test, run under one model: what went where, and when. */
#pragma once
#include "routesim/scenario/run.h"

typedef struct {
  ScenarioFile *file;
  RunResult *result;
} Story;

/* Loads and runs `text` (run 0 with detail); fails the test where it has errors. */
Story *story_new(const char *text, const char *model);
void story_free(Story *story);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Story, story_free)
/* Ways of a traffic's direction ("forward") at a moment, by name: "er/0+c1/0 er/1+c1/1"; the test
 * frees. */
char *story_ways(const Story *story, const char *traffic, const char *direction, double at);
void story_assert_ways(const Story *story, const char *traffic, const char *direction, double at,
                       const char *expected);
/* Seconds of the first change of `table` to `prefix` from `since` on, and its next hops in *hops
 * (may be NULL); -1: none. */
double story_change(const Story *story, const char *table, const char *prefix, double since,
                    const char **hops);
/* Records of a kind, and seconds of the first one from `since` on (-1: none). */
guint story_count(const Story *story, const TraceKind *kind, const char *subject);
double story_first(const Story *story, const TraceKind *kind, const char *subject, double since);
/* What is wrong with a scenario, as text; the test frees. */
char *story_trouble(const char *text);
