/* Variants before they are read: what each of them sets in the tree of its file. */
#pragma once
#include "language_private.h"

/* A sweep of more combinations than this is surely a mistake. */
#define MOST_VARIANTS 10000

/* One value to set at a path of the tree. */
typedef struct {
  const char *path;
  const Node *value;
  Mark mark;
} Setting;

typedef struct {
  const char *name;
  Mark mark;
  gboolean is_swept; /* made by a sweep, whose variants all set the same paths */
  GArray *settings;  /* Setting, in the order in which they take effect */
} Variant;

/* `name` may follow later. */
Variant *variant_new(Arena *arena, GPtrArray *variants, const char *name);
/* Changes take effect in the order of their paths, so that the order of keys in the file
 * cannot matter; a '*' comes before every name, so the special wins over the general. */
int setting_compare(gconstpointer a, gconstpointer b);
/* What makes a file the file that it is, and what is said once, of all its variants: an error
 * where a variant would change it. */
void variant_check_path(KeyReader *reader, const Node *path);

/* Named ones come first, by name; those of a sweep by the values of their paths. For
 * g_ptr_array_sort(). */
int variant_compare(gconstpointer a, gconstpointer b);

/* `variants` of a file. */
void scenario_read_variants(KeyReader *reader, const Node *node, GPtrArray *variants);
/* The variants of `sweep` and `sampling` of a file (sweep.c). */
void scenario_read_sweep(KeyReader *reader, const Node *root, GPtrArray *variants);
extern const KeyTable scenario_range_keys, scenario_sampling_keys;

/* ---- quantities (quantity.c) ----------------------------------------------------------------- */

/* A number as a scenario has it, with how it was written: 1.5s is 15 tenths of a second. */
typedef enum { QUANTITY_NUMBER, QUANTITY_TIME, QUANTITY_RATE, QUANTITY_SHARE } QuantityKind;
typedef struct {
  QuantityKind kind;
  const char *unit; /* in the text that was read */
  double size;      /* of a last place: of 1.5s a tenth of a second, in ns */
  guint decimals;
  double value; /* ns, bits per second, percent, or a bare number */
} Quantity;

/* FALSE for a text that is none, or one of more digits than a double holds. */
gboolean quantity_read(const char *text, Quantity *out);
/* `value`, rounded to the last place of `like` and written as that is. */
char *quantity_text(Arena *arena, const Quantity *like, double value);
/* By kind, then by value; what is no quantity comes last, by its text. 0: neither differs. */
int quantity_compare_nodes(const Node *a, const Node *b);
