/* Numbers with units, of whatever kind a key takes, for who does not know the key: a path of a
 * sweep leads into a tree that is not read yet. */
#include <math.h>
#include <string.h>

#include "variants_private.h"

/* Digits that a double tells apart. */
#define MOST_DIGITS 15

/* What one of a unit is, as a key would read it. */
static gboolean read_unit(const char *unit, Quantity *out) {
  static const KeySpec rate = {.name = "rate", .type = KEY_RATE};
  g_autoptr(Diagnostics) unheard = diagnostics_new();
  g_autoptr(Arena) arena = arena_new();
  g_autofree char *text = g_strconcat("1", unit, NULL);
  KeyReader reader = {arena, unheard, NULL};
  const char *why;
  SimTime time;
  gint64 bits;
  if (unit[0] == '\0' || strcmp(unit, "%") == 0) {
    out->kind = unit[0] == '\0' ? QUANTITY_NUMBER : QUANTITY_SHARE;
    out->size = 1;
  } else if (sim_time_parse(text, &time, &why)) {
    out->kind = QUANTITY_TIME;
    out->size = (double)time.ns;
  } else if (keys_read_value(&reader, &rate, node_new_scalar(arena, text, (Mark){NULL}), &bits)) {
    out->kind = QUANTITY_RATE;
    out->size = (double)bits;
  } else {
    return FALSE;
  }
  return TRUE;
}

gboolean quantity_read(const char *text, Quantity *out) {
  static const char digits[] = "0123456789";
  const gsize whole = strspn(text, digits);
  const char *behind = text + whole;
  const gsize decimals = *behind == '.' ? strspn(behind + 1, digits) : 0;
  const char *unit = decimals > 0 ? behind + 1 + decimals : behind;
  *out = (Quantity){.unit = unit, .decimals = (guint)decimals};
  if (whole == 0 || whole + decimals > MOST_DIGITS || !read_unit(unit, out))
    return FALSE;
  for (gsize i = 0; i < decimals; i++)
    out->size /= 10;
  for (const char *at = text; at != unit; at++)
    if (*at != '.')
      out->value = out->value * 10 + (*at - '0');
  out->value *= out->size;
  return TRUE;
}

char *quantity_text(Arena *arena, const Quantity *like, double value) {
  const gint64 places = (gint64)floor(value / like->size + 0.5);
  g_autofree char *digits = g_strdup_printf("%0*" G_GINT64_FORMAT, (int)like->decimals + 1, places);
  const gsize whole = strlen(digits) - like->decimals;
  gsize length = strlen(digits); /* without zeros at the end */
  while (length > whole && digits[length - 1] == '0')
    length--;
  return arena_printf(arena, "%.*s%s%.*s%s", (int)whole, digits, length > whole ? "." : "",
                      (int)(length - whole), digits + whole, like->unit);
}

static int compare_texts(const Node *a, const Node *b) {
  g_autoptr(GString) left = g_string_new(NULL);
  g_autoptr(GString) right = g_string_new(NULL);
  node_append_flow(a, left);
  node_append_flow(b, right);
  return strcmp(left->str, right->str);
}

int quantity_compare_nodes(const Node *a, const Node *b) {
  Quantity left, right;
  const gboolean is_left = a->kind == NODE_SCALAR && quantity_read(a->text, &left);
  const gboolean is_right = b->kind == NODE_SCALAR && quantity_read(b->text, &right);
  if (!is_left || !is_right)
    return is_left != is_right ? (is_left ? -1 : 1) : compare_texts(a, b);
  if (left.kind != right.kind)
    return left.kind < right.kind ? -1 : 1;
  return (left.value > right.value) - (left.value < right.value);
}
