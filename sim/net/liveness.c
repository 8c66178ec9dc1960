/* Liveness of one direction; see the header for the two implementations. They are
 * one piece of code: lazy is packet with its timers put away while the path is
 * steady, which is why they agree. */
#include "routesim/net/liveness.h"

#include <math.h>

/* Beyond so many periods a renewal process with this jitter has forgotten where it
 * began: the stationary law replaces drawing them one by one. */
#define PERIODS_DRAWN 64

/* A message that did not arrive when it would have, were nothing amiss. */
typedef struct {
  SimTime nominal;
  SimTime arrival;  /* NEVER: it does not */
  RecordId because; /* it was sent */
  guint count;
  Hindrance first; /* of `count`: nearly always the only one ... */
  Hindrance *all;  /* ... or else all of them are here; owned */
} Missed;

const char *const liveness_modes[] = {[LIVENESS_LAZY] = "lazy", [LIVENESS_PACKET] = "packet", NULL};
const char *const liveness_jitters[] = {
    [LIVENESS_JITTER_RFC] = "rfc", [LIVENESS_JITTER_OFF] = "off", NULL};

struct Liveness {
  Engine *engine;
  Path *path;
  guint from;
  LivenessMode mode;
  LivenessJitter jitter;
  RandomStream stream;
  const LivenessEvents *events;
  gpointer data;
  gboolean sending, listening;
  gboolean quiet;      /* the timers are put away ... */
  SimTime unseen;      /* ... before this message, the first that was not really sent ... */
  SimTime quiet_delay; /* ... and while the path had this delay */
  SimTime interval, timeout;
  SimTime last, next; /* sender: last message, next one */
  SimTime heard;      /* receiver: arrival of the last message ... */
  GArray *borne;      /* Hindrance: ... which came in spite of these */
  GArray *standing;   /* Hindrance: what is sent while all is quiet comes in spite of these */
  Timer *send_timer, *expiry_timer;
  const Stage *stage; /* of the expiry */
  GArray *missed;     /* Missed, while it listens: since what it heard last ... */
  SimTime most_late;  /* ... the latest of those that came, or will */
  gboolean ghost;     /* the sender has ended; what it would send is told as missed */
  RecordId ended_by;
  RandomStream ended_at; /* its draws until then */
};

static gboolean has_jitter(const Liveness *liveness) { return liveness->jitter.low < 1; }

static SimTime scaled(SimTime interval, double factor) {
  return sim_time_max(sim_time_ns((gint64)floor((double)interval.ns * factor + 0.5)),
                      sim_time_ns(1));
}

static SimTime draw_period(Liveness *liveness) {
  if (!has_jitter(liveness))
    return liveness->interval;
  const LivenessJitter jitter = liveness->jitter;
  const double u = random_uniform(&liveness->stream);
  return scaled(liveness->interval, jitter.low + (jitter.high - jitter.low) * u);
}

/* The period that holds `now` is longer than others in proportion to its length
 * (inspection paradox); `now` lies anywhere in it. */
static void draw_stationary(Liveness *liveness, SimTime now) {
  const LivenessJitter jitter = liveness->jitter;
  const double position = random_uniform(&liveness->stream);
  SimTime period = liveness->interval;
  if (has_jitter(liveness)) {
    const double low = jitter.low * jitter.low, high = jitter.high * jitter.high;
    period = scaled(period, sqrt(low + (high - low) * random_uniform(&liveness->stream)));
  }
  const SimTime age = scaled(period, position);
  liveness->last = sim_time_sub(now, age);
  liveness->next = sim_time_add(liveness->last, period);
}

static void note_missed(Liveness *liveness, const GArray *hindrances, SimTime nominal,
                        SimTime arrival, RecordId because) {
  const Hindrance *met = (const Hindrance *)(gconstpointer)hindrances->data;
  const guint count = hindrances->len;
  if (!liveness->listening || liveness->timeout.ns == 0)
    return;
  const Missed missed = {.nominal = nominal,
                         .arrival = arrival,
                         .because = because,
                         .count = count,
                         .first = met[0],
                         .all = count > 1 ? g_memdup2(met, count * sizeof *met) : NULL};
  g_array_append_val(liveness->missed, missed);
  if (!sim_time_is_never(arrival))
    liveness->most_late = sim_time_max(liveness->most_late, sim_time_sub(arrival, nominal));
}

static void bear(Liveness *liveness, const Hindrance *all, guint count) {
  g_array_set_size(liveness->borne, 0);
  if (count > 0)
    g_array_append_vals(liveness->borne, all, count);
}

/* What was sent then, while all was quiet, has arrived: FALSE where it is still under way. */
static gboolean has_arrived(Liveness *liveness, SimTime sent) {
  const SimTime arrival = sim_time_add(sent, liveness->quiet_delay);
  if (!engine_is_past(liveness->engine, arrival, PHASE_DELIVER))
    return FALSE;
  if (arrival.ns > liveness->heard.ns)
    bear(liveness, (const Hindrance *)(gconstpointer)liveness->standing->data,
         liveness->standing->len);
  liveness->heard = sim_time_max(liveness->heard, arrival);
  return TRUE;
}

/* A message that is late by what stood all the while is told of as such. */
static void put_under_way(Liveness *liveness, SimTime sent) {
  const SimTime arrival = sim_time_add(sent, liveness->quiet_delay);
  if (liveness->standing->len > 0) {
    const SimTime late = hindrances_lateness(liveness->standing);
    note_missed(liveness, liveness->standing, sim_time_sub(arrival, late), arrival, 0);
  }
  liveness->events->under_way(liveness->data, arrival);
}

/* The messages before the last one went a period apart each. */
static void look_back(Liveness *liveness, SimTime since) {
  if (liveness->last.ns < since.ns || has_arrived(liveness, liveness->last))
    return; /* as nearly always: what is under way is there for a moment */
  g_autoptr(GArray) sent = g_array_new(FALSE, FALSE, sizeof(SimTime));
  SimTime at = liveness->last;
  while (at.ns >= since.ns && !has_arrived(liveness, at)) {
    g_array_append_val(sent, at);
    at = sim_time_sub(at, draw_period(liveness));
  }
  for (guint i = sent->len; i > 0; i--)
    put_under_way(liveness, g_array_index(sent, SimTime, i - 1));
}

/* Afterwards last <= until < next holds, where `until` is the last moment whose messages are sent;
 * what went meanwhile has arrived, or is put under way. */
static void roll(Liveness *liveness) {
  const SimTime now = engine_now(liveness->engine);
  const gint64 until = engine_is_past(liveness->engine, now, PHASE_TIMER) ? now.ns : now.ns - 1;
  const gint64 interval = liveness->interval.ns;
  if (interval == 0 || liveness->next.ns > until)
    return;
  if (!has_jitter(liveness)) {
    const gint64 periods = (until - liveness->next.ns) / interval;
    liveness->last = sim_time_ns(liveness->next.ns + periods * interval);
    liveness->next = sim_time_ns(liveness->last.ns + interval);
    look_back(liveness, liveness->unseen);
    return;
  }
  if ((until - liveness->next.ns) / interval > PERIODS_DRAWN) {
    draw_stationary(liveness, now);
    look_back(liveness, liveness->unseen);
    return;
  }
  while (liveness->next.ns <= until) {
    liveness->last = liveness->next;
    liveness->next = sim_time_add(liveness->last, draw_period(liveness));
    if (!has_arrived(liveness, liveness->last))
      put_under_way(liveness, liveness->last);
  }
}

/* A quiet direction gets to where it would be, had every message until now really been sent. */
static void settle(Liveness *liveness) {
  roll(liveness);
  liveness->unseen = liveness->next;
}

/* ---- what was missed ------------------------------------------------------------------- */

static void clear_missed(gpointer data) { g_free(((Missed *)data)->all); }

static const Hindrance *hindrances_of(const Missed *missed) {
  return missed->all != NULL ? missed->all : &missed->first;
}

/* The message that is heard now: late ones were told of. What was told of several that come at one
 * moment may be forgotten with the first of them, and then that one speaks for all. */
static void bear_what_it_met(Liveness *liveness) {
  const gint64 now = engine_now(liveness->engine).ns;
  if (liveness->heard.ns != now)
    bear(liveness, NULL, 0);
  for (guint i = 0; i < liveness->missed->len; i++) {
    const Missed *missed = &g_array_index(liveness->missed, Missed, i);
    if (missed->arrival.ns == now)
      bear(liveness, hindrances_of(missed), missed->count);
  }
}

/* Of interest is only what would have been heard since, be everything as late as the latest. */
static void forget_missed(Liveness *liveness, SimTime until) {
  const gint64 before = until.ns - liveness->most_late.ns;
  for (guint i = liveness->missed->len; i > 0; i--)
    if (g_array_index(liveness->missed, Missed, i - 1).nominal.ns <= before)
      g_array_remove_index_fast(liveness->missed, i - 1);
}

void liveness_missed(Liveness *liveness, const Trip *trip, RecordId because) {
  const SimTime now = engine_now(liveness->engine);
  note_missed(liveness, trip->hindrances, sim_time_add(now, trip->nominal),
              trip->arrives ? sim_time_add(now, trip->delay) : SIM_TIME_NEVER, because);
}

/* How much a message that was missed tells of what is to blame, the least first. */
typedef enum {
  NO_CHANCE,              /* it would not have been in time, had nothing been amiss */
  CHANCE_BY_NEWS,         /* it is sent only because of what kept it away */
  CHANCE_BUT_FOR_SEVERAL, /* several events would have to be away */
  CHANCE_BUT_FOR_ONE,
} ChanceKind;

/* A message that would still have been heard in time. */
typedef struct {
  ChanceKind kind;
  SimTime at;  /* when */
  RecordId by; /* what kept it away */
  GArray *met; /* Hindrance, owned: beyond what the listener bears anyway */
  SimTime slack;
} Chance;

static void clear_chance(gpointer data) { g_array_unref(((Chance *)data)->met); }

static ChanceKind kind_of(const Liveness *liveness, const Missed *missed, Chance *chance) {
  const Engine *engine = liveness->engine;
  if (chance->slack.ns < 0 || chance->at.ns <= liveness->heard.ns)
    return NO_CHANCE;
  const PacketFate fate = packet_fate(engine, chance->met, chance->slack, &chance->by);
  if (fate == PACKET_IN_TIME)
    return NO_CHANCE;
  if (missed->because != 0 &&
      packet_is_kept_by(engine, chance->met, missed->because, chance->slack))
    return CHANCE_BY_NEWS;
  return fate == KEPT_BY_ONE ? CHANCE_BUT_FOR_ONE : CHANCE_BUT_FOR_SEVERAL;
}

static gint compare_chances(gconstpointer a, gconstpointer b) {
  const Chance *left = a, *right = b;
  return left->at.ns != right->at.ns ? (left->at.ns < right->at.ns ? 1 : -1)
                                     : (left->by > right->by) - (left->by < right->by);
}

/* All chances, to a listener that bears so much: the last one first; of those at one moment, the
 * one whose blame began first. */
static GArray *chances_of(const Liveness *liveness, const GArray *borne) {
  const SimTime now = engine_now(liveness->engine);
  GArray *chances = g_array_new(FALSE, FALSE, sizeof(Chance));
  g_array_set_clear_func(chances, clear_chance);
  for (guint i = 0; i < liveness->missed->len; i++) {
    const Missed *missed = &g_array_index(liveness->missed, Missed, i);
    Chance chance = {.met = g_array_new(FALSE, FALSE, sizeof(Hindrance))};
    const SimTime later =
        hindrances_beyond(hindrances_of(missed), missed->count, borne, chance.met);
    chance.at = sim_time_add(missed->nominal, later);
    chance.slack = sim_time_sub(now, chance.at);
    chance.kind = kind_of(liveness, missed, &chance);
    if (chance.kind == NO_CHANCE)
      clear_chance(&chance);
    else
      g_array_append_val(chances, chance);
  }
  g_array_sort(chances, compare_chances);
  return chances;
}

static const Chance *chance_at(const GArray *chances, guint i) {
  return &g_array_index(chances, Chance, i);
}

static guint last_chance(const GArray *chances) {
  guint i = 0;
  while (i < chances->len && chance_at(chances, i)->kind == CHANCE_BY_NEWS)
    i++;
  return i;
}

/* How many chances, from the last one back, what led to `since` kept away all by itself. */
static guint kept_away(const Liveness *liveness, const GArray *chances, RecordId since) {
  guint count = 0;
  for (guint i = 0; i < chances->len; i++) {
    const Chance *chance = chance_at(chances, i);
    if (chance->kind == CHANCE_BY_NEWS)
      continue;
    if (!packet_is_kept_by(liveness->engine, chance->met, since, chance->slack))
      break;
    count++;
  }
  return count;
}

/* Each of several kept the last chance away: it is the one that had kept away most of those before
 * it, and so the one whose silence this is; of equal ones the first. */
static RecordId silenced_by_several(const Liveness *liveness, const GArray *chances,
                                    const Chance *last) {
  RecordId by = last->by;
  guint most = 0;
  for (guint i = 0; i < last->met->len; i++) {
    const RecordId since = g_array_index(last->met, Hindrance, i).since;
    const guint count = kept_away(liveness, chances, since);
    by = count > most ? since : by;
    most = MAX(most, count);
  }
  return by;
}

static RecordId kept_away_by(const Liveness *liveness, const GArray *borne) {
  g_autoptr(GArray) chances = chances_of(liveness, borne);
  const guint i = last_chance(chances);
  if (chances->len == 0)
    return 0;
  const Chance *last = chance_at(chances, i < chances->len ? i : 0);
  return last->kind == CHANCE_BUT_FOR_SEVERAL ? silenced_by_several(liveness, chances, last)
                                              : last->by;
}

/* What kept away the last message that would still have come in time: beyond what the listener
 * bears, or else that as well. Nothing did where the timers cannot agree; news of an event saves
 * nobody from that, and tells of it only where nothing else does. */
static RecordId silenced_by(const Liveness *liveness) {
  g_autoptr(GArray) nothing = g_array_new(FALSE, FALSE, sizeof(Hindrance));
  const RecordId by = kept_away_by(liveness, liveness->borne);
  return by != 0 ? by : kept_away_by(liveness, nothing);
}

/* ---- timers ----------------------------------------------------------------------------- */

static void arm_expiry(Liveness *liveness) {
  if (liveness->listening && liveness->timeout.ns > 0)
    timer_arm(liveness->expiry_timer, sim_time_add(liveness->heard, liveness->timeout));
}

static void become_loud(Liveness *liveness) {
  if (!liveness->quiet)
    return;
  liveness->quiet = FALSE;
  settle(liveness);
  if (liveness->sending)
    timer_arm(liveness->send_timer, liveness->next);
  arm_expiry(liveness);
}

static void be_quiet(Liveness *liveness) {
  liveness->quiet = TRUE;
  liveness->unseen = liveness->next;
  liveness->quiet_delay = path_steady_delay(liveness->path);
  g_array_set_size(liveness->standing, 0);
  path_standing_hindrances(liveness->path, liveness->standing);
  timer_cancel(liveness->send_timer);
  timer_cancel(liveness->expiry_timer);
}

static void become_quiet_if_steady(Liveness *liveness) {
  if (liveness->quiet || liveness->mode == LIVENESS_PACKET || !liveness->sending ||
      !liveness->listening || !path_is_steady(liveness->path))
    return;
  const SimTime arrival = sim_time_add(liveness->next, path_steady_delay(liveness->path));
  if (liveness->events->clear != NULL && !liveness->events->clear(liveness->data, arrival))
    return;
  if (liveness->timeout.ns > 0) {
    if (liveness->interval.ns == 0 || liveness->interval.ns >= liveness->timeout.ns)
      return; /* it will expire all by itself */
    if (arrival.ns >= liveness->heard.ns + liveness->timeout.ns)
      return; /* the next message would come too late */
  }
  be_quiet(liveness);
}

static void path_changed(gpointer data) {
  Liveness *liveness = data;
  become_loud(liveness); /* settles what went at the old delay */
  become_quiet_if_steady(liveness);
}

static void send_due(gpointer data) {
  Liveness *liveness = data;
  const LivenessEvents *events = liveness->events;
  liveness->last = engine_now(liveness->engine);
  liveness->next = sim_time_add(liveness->last, draw_period(liveness));
  engine_set_cause(liveness->engine, 0); /* the next one is due to nothing either */
  timer_arm(liveness->send_timer, liveness->next);
  if (liveness->ghost) {
    Trip trip;
    if (events->would != NULL)
      events->would(liveness->data, liveness->ended_by, &trip);
    else
      path_would_transmit_but(liveness->path, liveness->from, liveness->ended_by, &trip);
    liveness_missed(liveness, &trip, 0);
    return;
  }
  engine_blame(liveness->engine, events->meets != NULL ? events->meets(liveness->data) : 0);
  events->emit(liveness->data);
}

/* What a listener finds out that has failed itself rests on something else. */
static const Stage *expiry_stage(const Liveness *liveness) {
  const Ground sight = net_node_sight(path_node(liveness->path, !liveness->from));
  if (sight.basis == BASIS_NONE || liveness->stage == NULL)
    return liveness->stage;
  return stage_new(engine_arena(liveness->engine), liveness->stage->name, sight, NULL);
}

static void expiry_due(gpointer data) {
  Liveness *liveness = data;
  timer_set_stage(liveness->expiry_timer, expiry_stage(liveness));
  engine_blame(liveness->engine, silenced_by(liveness));
  liveness->events->expired(liveness->data);
}

Liveness *liveness_new(Owner *owner, Path *path, guint from, LivenessMode mode,
                       LivenessJitter jitter, const char *name, guint64 seed, guint32 run,
                       const LivenessEvents *events, gpointer data) {
  Engine *engine = owner_engine(owner);
  Liveness *liveness = arena_new0(engine_arena(engine), Liveness);
  liveness->engine = engine;
  liveness->path = path;
  liveness->from = from;
  liveness->mode = mode;
  liveness->jitter = jitter;
  liveness->stream = random_stream(seed, run, name);
  liveness->events = events;
  liveness->data = data;
  liveness->send_timer = timer_new(owner, PHASE_TIMER, send_due, liveness);
  liveness->expiry_timer = timer_new(owner, PHASE_TIMER, expiry_due, liveness);
  liveness->borne = arena_growing_array(engine_arena(engine), sizeof(Hindrance));
  liveness->standing = arena_growing_array(engine_arena(engine), sizeof(Hindrance));
  liveness->missed = arena_growing_array(engine_arena(engine), sizeof(Missed));
  g_array_set_clear_func(liveness->missed, clear_missed);
  path_watch(path, path_changed, liveness);
  return liveness;
}

void liveness_set_stages(Liveness *liveness, const Stage *sends, const Stage *expires) {
  liveness->stage = expires;
  timer_set_stage(liveness->send_timer, sends);
  timer_set_stage(liveness->expiry_timer, expires);
}

void liveness_begin_steady(Liveness *liveness, SimTime interval, SimTime timeout) {
  const SimTime now = engine_now(liveness->engine);
  liveness->interval = interval;
  liveness->timeout = timeout;
  liveness->sending = interval.ns > 0;
  liveness->listening = TRUE;
  liveness->last = liveness->next = liveness->heard = now;
  if (liveness->sending) {
    draw_stationary(liveness, now);
    liveness->heard = sim_time_ns(G_MININT64); /* before the start, as look_back() finds */
  }
  be_quiet(liveness);
  if (liveness->sending)
    look_back(liveness, sim_time_ns(G_MININT64));
  if (liveness->mode == LIVENESS_PACKET || !path_is_steady(liveness->path))
    become_loud(liveness);
}

static void end_ghost(Liveness *liveness) {
  if (!liveness->ghost)
    return;
  liveness->ghost = FALSE;
  liveness->stream = liveness->ended_at; /* what it drew shifts nobody's luck */
  timer_cancel(liveness->send_timer);
}

void liveness_begin_sending(Liveness *liveness, SimTime interval) {
  become_loud(liveness);
  end_ghost(liveness);
  liveness->interval = interval;
  liveness->sending = interval.ns > 0;
  if (liveness->sending)
    liveness_sent(liveness);
}

/* The sender ended before anybody listened, and somebody does now: a message of before came late.
 */
static void haunt(Liveness *liveness) {
  const SimTime now = engine_now(liveness->engine);
  if ((now.ns - liveness->next.ns) / liveness->interval.ns > PERIODS_DRAWN)
    draw_stationary(liveness, now);
  while (liveness->next.ns <= now.ns)
    liveness->next = sim_time_add(liveness->next, draw_period(liveness));
  timer_arm(liveness->send_timer, liveness->next);
}

void liveness_begin_listening(Liveness *liveness, SimTime timeout) {
  become_loud(liveness);
  liveness->timeout = timeout;
  liveness->listening = TRUE;
  if (liveness->ghost && !timer_is_armed(liveness->send_timer))
    haunt(liveness);
  liveness_heard(liveness);
}

void liveness_sent(Liveness *liveness) {
  if (!liveness->sending)
    return;
  if (liveness->quiet)
    settle(liveness);
  liveness->last = engine_now(liveness->engine);
  liveness->next = sim_time_add(liveness->last, draw_period(liveness));
  if (liveness->quiet)
    liveness->unseen = liveness->next; /* this one is really sent */
  else
    timer_arm(liveness->send_timer, liveness->next);
}

void liveness_heard(Liveness *liveness) {
  if (!liveness->listening)
    return;
  bear_what_it_met(liveness);
  liveness->heard = sim_time_max(liveness->heard, engine_now(liveness->engine));
  forget_missed(liveness, liveness->heard);
  if (liveness->quiet)
    return;
  arm_expiry(liveness);
  become_quiet_if_steady(liveness);
}

void liveness_end_sending(Liveness *liveness) {
  become_loud(liveness);
  if (liveness->sending) {
    liveness->ghost = TRUE;
    liveness->ended_by = engine_cause(liveness->engine);
    liveness->ended_at = liveness->stream;
  }
  if (!liveness->listening)
    timer_cancel(liveness->send_timer);
  liveness->sending = FALSE;
}

void liveness_end_listening(Liveness *liveness) {
  become_loud(liveness);
  if (!liveness->sending)
    timer_cancel(liveness->send_timer); /* nobody misses a ghost until somebody listens again */
  liveness->listening = FALSE;
  timer_cancel(liveness->expiry_timer);
  g_array_set_size(liveness->missed, 0);
  g_array_set_size(liveness->borne, 0);
  liveness->most_late = SIM_TIME_ZERO;
}

void liveness_look(Liveness *liveness, SimTime *last, SimTime *next) {
  g_assert(liveness->sending);
  if (liveness->quiet)
    settle(liveness);
  *last = liveness->last;
  *next = liveness->next;
}
