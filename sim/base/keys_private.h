/* What the files that read keys share. */
#pragma once
#include "routesim/base/keys.h"

void key_error(KeyReader *reader, Mark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* Digits with at most `places` decimals are an integer of 10^-places; *end is
 * where the number stops. */
gboolean key_read_decimal(const char *text, guint places, gint64 *out, const char **end);
int key_compare_times(gconstpointer a, gconstpointer b);

/* The hint about a key that the table does not have, NULL: none. A word may mean one thing here and
 * another there: what stands in the table itself comes before what stands below it, and that before
 * the rest. */
const KeyHint *key_hint_for(const KeyReader *reader, const KeyTable *table, const char *word);
/* "here that is 'prefix'", "here that is `aws: {asn: ...}`", "here that is `nvas.*.asn`"; the
 * caller frees. */
char *key_hint_text(const KeyTable *table, const KeyHint *hint);
/* The key of this very table that is meant, or NULL. */
const char *key_hint_beside(const KeyTable *table, const KeyHint *hint);
