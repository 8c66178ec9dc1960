/* See the header. */
#include "support/beat.h"

static void arrive(gpointer data, gpointer item) {
  Beat *beat = data;
  (void)item;
  if (net_node_is(beat->nodes[1], NODE_DARK))
    return;
  beat->heard++;
  if (beat->awaited.ns == 0) {
    liveness_heard(beat->liveness);
    return;
  }
  beat->listening = TRUE;
  liveness_begin_listening(beat->liveness, beat->awaited);
  beat->awaited = SIM_TIME_ZERO;
}

static void transmit(Beat *beat) {
  Trip trip;
  beat->emitted++;
  const gboolean arrives = path_transmit(beat->path, 0, &trip);
  if (trip.hindrances != NULL)
    liveness_missed(beat->liveness, &trip, 0);
  if (arrives)
    agenda_add(beat->in_flight, sim_time_add(engine_now(beat->bed->engine), trip.delay), beat);
}

static void emit(gpointer data) { transmit(data); }

static void expired(gpointer data) {
  Beat *beat = data;
  const gint64 now = engine_now(beat->bed->engine).ns;
  g_array_append_val(beat->expiries, now);
  beat->silenced_by = engine_cause(beat->bed->engine);
  beat->listening = FALSE;
  liveness_end_listening(beat->liveness);
}

static void under_way(gpointer data, SimTime arrival) {
  Beat *beat = data;
  agenda_add(beat->in_flight, arrival, beat);
}

static const LivenessEvents events = {.emit = emit, .expired = expired, .under_way = under_way};

Beat *beat_new(Bed *bed, const char *name, const BeatConfig *config) {
  Beat *beat = arena_new0(bed->arena, Beat);
  Owner *owner = engine_owner(bed->engine, name);
  beat->bed = bed;
  for (guint side = 0; side < 2; side++)
    beat->nodes[side] = net_node_new(bed->engine, arena_printf(bed->arena, "%s/%u", name, side));
  beat->path = path_new(bed->engine, name, beat->nodes[0], beat->nodes[1],
                        bed_constant(bed, config->delay), config->seed, config->run);
  beat->liveness = liveness_new(owner, beat->path, 0, config->mode, config->jitter, name,
                                config->seed, config->run, &events, beat);
  beat->in_flight = agenda_new(owner, PHASE_DELIVER, arrive, beat);
  beat->expiries = arena_own(bed->arena, g_array_new(FALSE, FALSE, sizeof(gint64)),
                             (GDestroyNotify)g_array_unref);
  return beat;
}

void beat_begin_steady(Beat *beat, SimTime interval, SimTime timeout) {
  beat->listening = TRUE;
  liveness_begin_steady(beat->liveness, interval, timeout);
}

void beat_begin(Beat *beat, SimTime interval, SimTime timeout) {
  beat->awaited = timeout;
  liveness_begin_sending(beat->liveness, interval);
  transmit(beat);
}

void beat_send_other(Beat *beat) {
  transmit(beat);
  liveness_sent(beat->liveness);
}
