/* What the software on an appliance does by default, as data. A scenario's own word wins, as
 * these only take the place of the language's defaults. */
#include <string.h>

#include "nva_private.h"

static const NvaDefault bird[] = {
    {.key = "peers.*.hold",
     .value = "240s",
     .basis = BASIS_DOCUMENTED,
     .fact = "BIRD 2 manual, BGP"},
    {.key = "peers.*.keepalive",
     .value = "80s",
     .basis = BASIS_DOCUMENTED,
     .fact = "BIRD 2 manual, BGP"},
    {.key = "peers.*.keepalive_jitter", .value = "rfc", .basis = BASIS_MEASURED, .fact = "D-2"},
    /* the kernel keeps its routes */
    {.key = "crash_forwards", .value = "on", .basis = BASIS_MEASURED, .fact = "D-13"},
    {.key = "stop", .value = "notification", .basis = BASIS_MEASURED, .fact = "D-7"},
};

static const NvaDefault exabgp[] = {
    {.key = "peers.*.hold",
     .value = "180s",
     .basis = BASIS_DOCUMENTED,
     .fact = "ExaBGP manual, neighbor"},
    {.key = "peers.*.keepalive",
     .value = "60s",
     .basis = BASIS_DOCUMENTED,
     .fact = "ExaBGP manual, neighbor"},
    /* it installs no routes at all */
    {.key = "crash_forwards", .value = "on", .basis = BASIS_ASSUMED, .fact = "AZ-11.3"},
    {.key = "loop_check", .value = "off", .basis = BASIS_ASSUMED, .fact = "AZ-4.17"},
};

static const NvaDefault frr[] = {
    {.key = "peers.*.hold", .value = "180s", .basis = BASIS_ASSUMED, .fact = "AWS-3.4"},
    {.key = "peers.*.keepalive", .value = "60s", .basis = BASIS_ASSUMED, .fact = "AWS-3.4"},
    {.key = "peers.*.keepalive_jitter", .value = "off", .basis = BASIS_MEASURED, .fact = "D-2"},
    {.key = "peers.*.first_update", .value = "1.15s", .basis = BASIS_MEASURED, .fact = "D-12"},
    /* zebra takes the routes out */
    {.key = "crash_forwards", .value = "15ms", .basis = BASIS_MEASURED, .fact = "D-13"},
    {.key = "stop", .value = "notification", .basis = BASIS_MEASURED, .fact = "D-7"},
};

static const NvaDefault ios_xe[] = {
    {.key = "peers.*.hold",
     .value = "180s",
     .basis = BASIS_DOCUMENTED,
     .fact = "Cisco IOS BGP, timers bgp"},
    {.key = "peers.*.keepalive",
     .value = "60s",
     .basis = BASIS_DOCUMENTED,
     .fact = "Cisco IOS BGP, timers bgp"},
    {.key = "update_delay",
     .value = "uniform 66s 83s",
     .basis = BASIS_MEASURED,
     .fact = "AWS-6.15"},
    {.key = "boot", .value = "180s", .basis = BASIS_MEASURED, .fact = "AWS-12.7"},
    {.key = "stop", .value = "notification", .basis = BASIS_MEASURED, .fact = "AWS-3.16"},
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
