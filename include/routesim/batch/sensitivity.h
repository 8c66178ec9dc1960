/* What an answer hangs on: every trait that nobody has published is moved through its range.
 *
 *     key tables: ranges -- those whose blocks the design has --> SensitivityTrait
 *       low and high of each, all else as it stands --> the file read anew with that setting
 *         --> a batch of the same seed and runs --> the answer there: SensitivityEffect
 *       64 points over all ranges at once (Latin hypercube) --> the joint range
 *
 * The answer is one statistic of one measure of one event over the runs, for each variant under
 * each model. Each point meets the same luck as the base, so that what differs is due to the trait.
 * A trait that the scenario sets is moved around its value, by the factors that its range has
 * around its default. What a check refuses is not run, and told. */
#pragma once
#include "routesim/batch/batch.h"

/* A trait of the design, and how it is moved. */
typedef struct {
  const char *path; /* as the reference has it: "route_servers.*.azure.program" */
  const KeySpec *spec;
  gboolean is_set;        /* by the scenario */
  const char *low, *high; /* values that --set takes */
  GPtrArray *places;      /* char *: where in this scenario it stands, as a path of --set */
  GPtrArray *blocks;   /* char **: the keys from there to the value, whose blocks are not written */
  const char *refused; /* why neither end is possible in this scenario; NULL: it is */
} SensitivityTrait;

typedef struct {
  const SensitivityTrait *trait;
  double at_low, at_high; /* the answer; infinite: not over; NaN: it never happened, or refused */
} SensitivityEffect;

/* The answer as the file stands, and the least and the most of that and the joint points; infinite:
 * not over; NaN: it never happened. */
typedef struct {
  double base, least, most;
} SensitivityRange;

/* One variant under one model. */
typedef struct {
  const Scenario *scenario;
  const CloudClass *cloud;
  guint event_count;
  SensitivityRange *ranges; /* by event */
  GArray *effects; /* SensitivityEffect of the traits of this model, the strongest first; empty
                      where only the joint points were asked for */
} SensitivityCell;

typedef struct {
  guint event;
  Measure measure;
  Statistic statistic;
  /* "PATH=LOW..HIGH": in place of a trait's own range; NULL-terminated, or NULL. */
  const char *const *ranges;
  const BatchOptions *batch;
  const ScenarioChanges *changes; /* of the call, below those of a point; NULL: none */
  gboolean joint_only;            /* no trait is moved alone; `event` does not matter then */
  const Batch *base; /* the file as it stands has run already, as `batch` says; NULL: it has not */
} SensitivityOptions;

#define SENSITIVITY_POINTS 64
#define SENSITIVITY_POINT_RUNS 50 /* at the most */

typedef struct Sensitivity Sensitivity;

/* NULL and a GError: threads cannot be had (G_THREAD_ERROR), or a range is wrong (G_OPTION_ERROR).
 * All are borrowed. */
Sensitivity *sensitivity_run(ScenarioFile *file, const SensitivityOptions *options, GError **error);
void sensitivity_free(Sensitivity *sensitivity);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sensitivity, sensitivity_free)
guint sensitivity_count(const Sensitivity *sensitivity);
const SensitivityCell *sensitivity_cell(const Sensitivity *sensitivity, guint index);
/* Of the event of the options. */
const SensitivityRange *sensitivity_range(const Sensitivity *sensitivity,
                                          const SensitivityCell *cell);
/* Traits that were moved, or refused: SensitivityTrait *. */
const GPtrArray *sensitivity_traits(const Sensitivity *sensitivity);
/* How many of the joint points a check did not let pass, and why the first of them; NULL: all did.
 */
guint sensitivity_refused(const Sensitivity *sensitivity, const char **why);
/* How far the answer moves between both ends of a trait; infinite where one end is not over. */
double sensitivity_span(const SensitivityEffect *effect);
