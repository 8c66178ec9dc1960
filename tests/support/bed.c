/* The bed; see the header. */
#include "support/bed.h"

#include <criterion/criterion.h>

const TraceKind BED_EVENT = {"test-event"};

typedef struct {
  Bed *bed;
  BedAct act;
  gpointer data;
} Act;

static void perform(gpointer data, gpointer item) {
  Engine *engine = ((Bed *)data)->engine;
  const Act *act = item;
  engine_set_cause(engine, 0);
  engine_set_cause(engine, engine_record(engine, &BED_EVENT, "test", NULL, 0, NULL));
  act->act(act->data);
}

typedef struct {
  Bed bed;
  gboolean sealed;
} Own;

Bed *bed_new(void) {
  Arena *arena = arena_new();
  Own *own = arena_new0(arena, Own);
  own->bed.arena = arena;
  own->bed.engine = engine_new(arena);
  own->bed.script = agenda_new(engine_owner(own->bed.engine, " script"), PHASE_FAULT, perform, own);
  return &own->bed;
}

void bed_free(Bed *bed) { arena_free(bed->arena); }

void bed_at(Bed *bed, SimTime at, BedAct act, gpointer data) {
  Act *item = arena_new0(bed->arena, Act);
  *item = (Act){bed, act, data};
  agenda_add(bed->script, at, item);
}

void bed_run(Bed *bed, SimTime until) {
  Own *own = (Own *)bed;
  if (!own->sealed)
    engine_seal(bed->engine);
  own->sealed = TRUE;
  engine_run(bed->engine, until);
}

const Distribution *bed_constant(Bed *bed, SimTime value) {
  Distribution *law = arena_new0(bed->arena, Distribution);
  *law = distribution_constant(value);
  return law;
}

const Distribution *bed_uniform(Bed *bed, SimTime low, SimTime high) {
  Distribution *law = arena_new0(bed->arena, Distribution);
  *law = (Distribution){.kind = DISTRIBUTION_UNIFORM, .a = low, .b = high};
  return law;
}

guint bed_count(const Bed *bed, const TraceKind *kind, const TraceRecord **last) {
  guint count = 0;
  if (last != NULL)
    *last = NULL;
  for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    if (record->kind != kind)
      continue;
    count++;
    if (last != NULL)
      *last = record;
  }
  return count;
}

Prefix bed_prefix(const char *text) {
  Prefix prefix;
  const char *why = NULL;
  cr_assert(prefix_parse(text, &prefix, &why), "%s: %s", text, why);
  return prefix;
}

IpAddress bed_address(const char *text) {
  IpAddress address;
  cr_assert(ip_address_parse(text, &address), "%s", text);
  return address;
}
