/* A queue of items with their own due times and causes, served by one timer. Short
 * in practice (messages in flight, pushes under way), so a sorted array does. */
#include <string.h>

#include "engine_private.h"

typedef struct {
  SimTime due;
  gpointer item;
  RecordId cause;
  LegId leg;
} Entry;

struct Agenda {
  Engine *engine;
  Timer *timer;
  const Stage *stage;
  AgendaHandler handler;
  gpointer data;
  Entry *entries;
  guint first, end, room; /* entries[first..end) are waiting, in order */
};

static void arm_for_first(Agenda *agenda) {
  if (agenda->first == agenda->end) {
    agenda->first = agenda->end = 0;
    timer_cancel(agenda->timer);
    return;
  }
  const Entry *first = &agenda->entries[agenda->first];
  timer_arm_for(agenda->timer, first->due, first->cause, first->leg);
}

static void serve(gpointer data) {
  Agenda *agenda = data;
  const Entry entry = agenda->entries[agenda->first++];
  /* Re-armed before the handler, so that it may add to this agenda. */
  arm_for_first(agenda);
  agenda->handler(agenda->data, entry.item);
}

Agenda *agenda_new(Owner *owner, Phase phase, AgendaHandler handler, gpointer data) {
  Engine *engine = owner_engine(owner);
  Agenda *agenda = arena_new0(engine_arena(engine), Agenda);
  agenda->engine = engine;
  agenda->handler = handler;
  agenda->data = data;
  agenda->timer = timer_new(owner, phase, serve, agenda);
  return agenda;
}

void agenda_set_stage(Agenda *agenda, const Stage *stage) {
  agenda->stage = stage;
  timer_set_stage(agenda->timer, stage);
}

static void make_room(Agenda *agenda) {
  const guint length = agenda->end - agenda->first;
  if (agenda->end < agenda->room)
    return;
  Entry *entries = agenda->entries;
  if (length * 2 >= agenda->room) {
    agenda->room = MAX(8, agenda->room * 2);
    entries = arena_array(engine_arena(agenda->engine), Entry, agenda->room);
  }
  if (length > 0)
    memmove(entries, agenda->entries + agenda->first, length * sizeof(Entry));
  agenda->entries = entries;
  agenda->first = 0;
  agenda->end = length;
}

static void add(Agenda *agenda, Entry entry) {
  make_room(agenda);
  guint index = agenda->end++;
  for (; index > agenda->first && agenda->entries[index - 1].due.ns > entry.due.ns; index--)
    agenda->entries[index] = agenda->entries[index - 1];
  agenda->entries[index] = entry;
  if (index == agenda->first)
    arm_for_first(agenda);
}

void agenda_add(Agenda *agenda, SimTime due, gpointer item) {
  Engine *engine = agenda->engine;
  add(agenda,
      (Entry){due, item, engine_cause(engine), engine_begin_leg(engine, agenda->stage, due)});
}

void agenda_add_for(Agenda *agenda, const Timer *timer, SimTime from, SimTime due, gpointer item) {
  const LegId leg = engine_begin_leg_behind(timer, agenda->stage, from, due);
  add(agenda, (Entry){due, item, timer_cause(timer), leg});
}

void agenda_clear(Agenda *agenda) {
  for (guint i = agenda->first; i < agenda->end; i++)
    engine_leave_leg(agenda->engine, agenda->entries[i].leg);
  agenda->first = agenda->end = 0;
  timer_cancel(agenda->timer);
}
