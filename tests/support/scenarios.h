/* The scenarios of the tree, for what must hold of each of them. */
#pragma once
#include "routesim/run/run.h"

/* Paths of the scenario files in a folder and in those below it, in the order of their names; the
 * test frees. Fails the test where the folder cannot be read. */
GPtrArray *scenarios_find(const char *folder);
/* All variants of a file; fails the test where it has errors. The test frees. */
ScenarioFile *scenarios_load(const char *path);
/* All variants of all files in a folder and in those below it are visited: of how many files. */
typedef void (*ScenariosVisit)(const Scenario *scenario, gpointer data);
guint scenarios_each(const char *folder, ScenariosVisit visit, gpointer data);
