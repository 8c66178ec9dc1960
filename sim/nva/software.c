/* What the software on an appliance does by default, as data. A scenario's own word wins, as
 * these only take the place of the language's defaults. */
#include <string.h>

#include "nva_private.h"

static const NvaDefault bird[] = {
    {"peers.*.hold", "240s", BASIS_DOCUMENTED, "BIRD 2 manual, BGP"},
    {"peers.*.keepalive", "80s", BASIS_DOCUMENTED, "BIRD 2 manual, BGP"},
    {"peers.*.keepalive_jitter", "rfc", BASIS_MEASURED, "D-2"},
    {"crash_forwards", "on", BASIS_MEASURED, "D-13"}, /* the kernel keeps its routes */
    {"stop", "notification", BASIS_MEASURED, "D-7"},
};

static const NvaDefault exabgp[] = {
    {"peers.*.hold", "180s", BASIS_DOCUMENTED, "ExaBGP manual, neighbor"},
    {"peers.*.keepalive", "60s", BASIS_DOCUMENTED, "ExaBGP manual, neighbor"},
    {"crash_forwards", "on", BASIS_ASSUMED, "AZ-11.3"}, /* it installs no routes at all */
    {"loop_check", "off", BASIS_ASSUMED, "AZ-4.17"},
};

static const NvaDefault frr[] = {
    {"peers.*.hold", "180s", BASIS_ASSUMED, "AWS-3.4"},
    {"peers.*.keepalive", "60s", BASIS_ASSUMED, "AWS-3.4"},
    {"peers.*.keepalive_jitter", "off", BASIS_MEASURED, "D-2"},
    {"peers.*.first_update", "1.15s", BASIS_MEASURED, "D-12"},
    {"crash_forwards", "15ms", BASIS_MEASURED, "D-13"}, /* zebra takes the routes out */
    {"stop", "notification", BASIS_MEASURED, "D-7"},
};

static const NvaDefault ios_xe[] = {
    {"peers.*.hold", "180s", BASIS_DOCUMENTED, "Cisco IOS BGP, timers bgp"},
    {"peers.*.keepalive", "60s", BASIS_DOCUMENTED, "Cisco IOS BGP, timers bgp"},
    {"update_delay", "uniform 66s 83s", BASIS_MEASURED, "AWS-6.15"},
    {"boot", "180s", BASIS_MEASURED, "AWS-12.7"},
    {"stop", "notification", BASIS_MEASURED, "AWS-3.16"},
};

static const NvaSoftware software[] = {
    {.name = "generic", .title = "as the RFCs say"},
    {.name = "bird", .title = "BIRD 2.0", .defaults = NVA_DEFAULTS(bird)},
    {.name = "exabgp", .title = "ExaBGP 4", .defaults = NVA_DEFAULTS(exabgp)},
    {.name = "frr", .title = "FRR 8", .defaults = NVA_DEFAULTS(frr)},
    {.name = "ios-xe", .title = "Cisco IOS XE (C8000V)", .defaults = NVA_DEFAULTS(ios_xe)},
};

guint nva_software_count(void) { return G_N_ELEMENTS(software); }
const NvaSoftware *nva_software_at(guint index) { return &software[index]; }

const NvaSoftware *nva_software_find(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(software); i++)
    if (strcmp(software[i].name, name) == 0)
      return &software[i];
  return NULL;
}

const KeyTable *nva_defaults_apply(const NvaDefaults *defaults, const KeyTable *table,
                                   const char *prefix, Arena *arena) {
  KeySpec *specs = arena_array(arena, KeySpec, table->count);
  KeyTable *copy = arena_new0(arena, KeyTable);
  memcpy(specs, table->keys, table->count * sizeof *specs);
  for (guint i = 0; i < defaults->count; i++) {
    const NvaDefault *value = &defaults->rows[i];
    if (!g_str_has_prefix(value->key, prefix))
      continue;
    for (guint j = 0; j < table->count; j++)
      if (strcmp(specs[j].name, value->key + strlen(prefix)) == 0) {
        specs[j].fallback = value->value;
        specs[j].basis = value->basis;
        specs[j].fact = value->fact;
      }
  }
  *copy = *table;
  copy->keys = specs;
  return copy;
}
