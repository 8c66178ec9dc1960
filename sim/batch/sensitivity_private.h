/* What the files of sensitivity share. */
#pragma once
#include "routesim/batch/sensitivity.h"

/* The traits of a design that have a range, with theirs or that of `ranges`: SensitivityTrait *,
 * the arena's. NULL and a GError (G_OPTION_ERROR) where one of `ranges` is none, or of no trait. */
GPtrArray *sensitivity_find_traits(Arena *arena, const Design *design, const char *const *ranges,
                                   GError **error);
/* The cloud whose block the path stands in; NULL: none. */
const CloudClass *sensitivity_cloud_of(const char *path);
/* The value at `place` of the range, 0 < place < 1: what has an order in proportion, of two words
 * the nearer; of counts, between which not every number need be one, either end or the default. */
const char *sensitivity_value_at(Arena *arena, const SensitivityTrait *trait, double place);
/* Values at places, as settings: what is written into one place is written at once. */
typedef struct ValueTree ValueTree;
ValueTree *value_tree_new(Arena *arena);
void value_tree_add(ValueTree *tree, const SensitivityTrait *trait, const char *value);
/* ScenarioSetting, in the order in which places came; the texts are the arena's. Caller frees. */
GArray *value_tree_settings(const ValueTree *tree);
