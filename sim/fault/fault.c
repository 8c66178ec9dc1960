/* Failures; see the header. Each kind is a pair of functions in one table. */
#include "routesim/fault/fault.h"

#include <string.h>

const TraceKind FAULT_EVENT = {"event"};
const TraceKind FAULT_STANDBY = {"standby-works"};
const TraceKind FAULT_BOOTED = {"process-started"};
const TraceKind FAULT_STOPPED = {"work-stopped"};

/* What one fault did to one victim, to be taken back. */
typedef struct Effect {
  Fault *fault;
  FaultVictim *victim;
  gboolean not_forwarding;
  gboolean process_ended;
  gboolean dark, hosts_away;
  gboolean held_back;
  Timer *forward_timer; /* the data plane stops */
  Timer *stop_timer;    /* drain: the orderly stop */
  Timer *boot_timer;
  struct Effect *booted_before; /* the boot of its victim that began before this one */
  Timer *standby_timer;         /* another one stands in: as if the failure were over */
  gboolean stood_in;   /* since then it is the former one, out of use, that this fault is at */
  gboolean lost_power; /* ... which boots when that is over */
  struct Effect *next; /* on the same victim */
  RandomStream stream;
} Effect;

struct Fault {
  Engine *engine;
  FaultConfig config;
  GPtrArray *effects;
  gboolean active;
};

static Effect *effect_on(Fault *fault, const FaultVictim *victim) {
  for (guint i = 0; i < fault->effects->len; i++) {
    Effect *effect = fault->effects->pdata[i];
    if (effect->victim == victim)
      return effect;
  }
  g_assert_not_reached();
}

/* ---- what kinds are made of --------------------------------------------------------------- */

static void adjust(const Effect *effect, NodeReason reason, int by) {
  if (effect->victim->node != NULL)
    net_node_adjust(effect->victim->node, reason, effect, by);
}

/* Hosts without power or paths neither send nor receive. All else that can fail, or be stopped in
 * good order, is a process that speaks BGP or a data plane for others, which they do not have. */
static void take_hosts(Effect *effect, gboolean away) {
  const GPtrArray *subnets = effect->victim->subnets;
  for (guint i = 0; effect->hosts_away != away && i < subnets->len; i++)
    subnet_adjust_dark(subnets->pdata[i], away ? 1 : -1);
  effect->hosts_away = away;
}

static void stop_forwarding(Effect *effect) {
  if (!effect->not_forwarding && effect->victim->node != NULL) {
    effect->not_forwarding = TRUE;
    adjust(effect, NODE_NOT_FORWARDING, 1);
  }
}

/* The victim stops what it still did; what follows is due to this record. */
static void record_stop(const Effect *effect, FaultStop what) {
  Engine *engine = effect->fault->engine;
  engine_go_on(engine, &FAULT_STOPPED, effect->victim->name, NULL, what, NULL);
}

static void forward_due(gpointer data) {
  record_stop(data, FAULT_STOPPED_FORWARDING);
  stop_forwarding(data);
}

/* What counts is the event's own word, the victim's of a crash, or the kind's default. */
static void begin_forwarding_rule(Effect *effect) {
  const FaultConfig *config = &effect->fault->config;
  DesignForwards forwards = {TRUE, config->kind->forwards, config->kind->forwards_for,
                             config->kind->forwards_ground};
  if (config->kind->is_crash && effect->victim->crash_forwards.given)
    forwards = effect->victim->crash_forwards;
  if (config->forwards.given)
    forwards = config->forwards;
  timer_set_stage(effect->forward_timer, stage_new(engine_arena(effect->fault->engine),
                                                   "forwarding goes on", forwards.ground, NULL));
  if (forwards.span.ns > 0)
    timer_arm_after(effect->forward_timer, forwards.span);
  else if (!forwards.on)
    stop_forwarding(effect);
}

static void resume_forwarding(Effect *effect) {
  timer_cancel(effect->forward_timer);
  if (effect->not_forwarding) {
    effect->not_forwarding = FALSE;
    adjust(effect, NODE_NOT_FORWARDING, -1);
  }
}

typedef enum { END_WITHOUT_POWER, END_BY_CRASH, END_ORDERLY } ProcessEnd;

static void end_peer(const FaultVictim *victim, BgpPeer *peer, ProcessEnd how) {
  if (how == END_ORDERLY && !victim->stops_silently)
    bgp_peer_stop(peer, BGP_CEASE_SHUTDOWN);
  else if (how == END_BY_CRASH || how == END_ORDERLY)
    bgp_peer_die(peer, TRUE);
  else if (!victim->shared_process)
    bgp_peer_die(peer, FALSE);
}

static void tell_stops(Engine *engine, const FaultVictim *victim) {
  ENGINE_KEEP_CAUSE(engine);
  if (victim->stops_changed != NULL)
    victim->stops_changed(victim->stops_data);
}

static void end_process_of(Engine *engine, FaultVictim *victim, ProcessEnd how) {
  ENGINE_KEEP_CAUSE(engine);
  victim->stops++;
  for (guint i = 0; i < victim->peers->len; i++)
    end_peer(victim, victim->peers->pdata[i], how);
  /* A crash of the BGP process leaves BFD alone: the kernel or a daemon of its own runs it. */
  for (guint i = 0; i < victim->bfd_ends->len && how != END_BY_CRASH; i++) {
    const BfdSessionEnd *end = &g_array_index(victim->bfd_ends, BfdSessionEnd, i);
    if (how == END_ORDERLY || !victim->shared_process)
      bfd_session_stop(end->session, end->side, how == END_ORDERLY);
  }
  if (victim->speaker != NULL)
    bgp_speaker_clear(victim->speaker);
  if (victim->process_ended != NULL)
    victim->process_ended(victim->data);
  tell_stops(engine, victim);
}

static void start_process_of(Engine *engine, FaultVictim *victim) {
  ENGINE_KEEP_CAUSE(engine);
  victim->stops--;
  tell_stops(engine, victim);
  if (victim->stops > 0)
    return; /* something else still keeps it down */
  if (victim->process_started != NULL)
    victim->process_started(victim->data);
  for (guint i = 0; i < victim->peers->len; i++)
    if (bgp_peer_state(victim->peers->pdata[i]) != BGP_ESTABLISHED)
      bgp_peer_start(victim->peers->pdata[i]);
  for (guint i = 0; i < victim->bfd_ends->len; i++) {
    const BfdSessionEnd *end = &g_array_index(victim->bfd_ends, BfdSessionEnd, i);
    if (!bfd_session_runs(end->session, end->side))
      bfd_session_start(end->session, end->side);
  }
}

static void end_process(Effect *effect, ProcessEnd how) {
  effect->process_ended = TRUE;
  end_process_of(effect->fault->engine, effect->victim, how);
}

static void start_process(Effect *effect) {
  if (!effect->process_ended)
    return;
  effect->process_ended = FALSE;
  start_process_of(effect->fault->engine, effect->victim);
}

void fault_hold_process(Engine *engine, FaultVictim *victim) {
  if (victim->stops == 0) {
    end_process_of(engine, victim, END_ORDERLY);
    return;
  }
  victim->stops++;
  tell_stops(engine, victim);
}

void fault_release_process(Engine *engine, FaultVictim *victim) {
  g_assert(victim->stops > 0);
  start_process_of(engine, victim);
}

/* Failures may overlap: it announces again when none holds it back any more. */
static void hold_back(Effect *effect, gboolean on) {
  FaultVictim *victim = effect->victim;
  const guint before = victim->holds;
  if (effect->held_back == on)
    return;
  effect->held_back = on;
  victim->holds += on ? 1 : -1;
  for (guint i = 0; (before == 0 || victim->holds == 0) && i < victim->peers->len; i++)
    if (victim->drain_prepend > 0)
      bgp_peer_prepend(victim->peers->pdata[i], on ? victim->drain_prepend : 0);
    else
      bgp_peer_hold_back(victim->peers->pdata[i], on);
  if (victim->held_back != NULL)
    victim->held_back(victim->held_back_data, on);
}

/* ---- standing in ----------------------------------------------------------------------------- */

static Effect *effects_on(const FaultVictim *victim) { return victim->effects; }

/* TRUE where the fault keeps the one that works, or should, from its work. */
static gboolean is_at_work(const Effect *effect) {
  return timer_is_armed(effect->boot_timer) || (effect->fault->active && !effect->stood_in);
}

/* Whether the other one is well: no failure is at it any more, and it has booted since. */
static gboolean standby_is_ready(const FaultVictim *victim, SimTime now) {
  for (const Effect *one = effects_on(victim); one != NULL; one = one->next)
    if (one->stood_in && one->fault->active)
      return FALSE;
  return victim->standby_from.ns <= now.ns;
}

static gboolean standby_is_called(const FaultVictim *victim) {
  for (const Effect *one = effects_on(victim); one != NULL; one = one->next)
    if (timer_is_armed(one->standby_timer))
      return TRUE;
  return FALSE;
}

/* This is called when the victim stopped working, and once only: what else hits the one that failed
 * does not keep the standby from coming, nor makes it late. */
static void call_standby(Effect *effect, gboolean planned) {
  const FaultVictim *victim = effect->victim;
  Engine *engine = effect->fault->engine;
  const Distribution *law = planned ? victim->standby_planned : victim->standby_unplanned;
  if (law == NULL || standby_is_called(victim) || !standby_is_ready(victim, engine_now(engine)))
    return;
  timer_set_stage(effect->standby_timer,
                  stage_new(engine_arena(engine), "failover to the standby", law->ground, NULL));
  timer_arm_after(effect->standby_timer, distribution_draw(law, &effect->stream));
}

/* It works again before the standby came: nobody needs that any more. */
static void need_no_standby(const FaultVictim *victim) {
  for (const Effect *one = effects_on(victim); one != NULL; one = one->next)
    if (is_at_work(one))
      return;
  for (const Effect *one = effects_on(victim); one != NULL; one = one->next)
    timer_cancel(one->standby_timer);
}

static void run_again(Effect *effect) {
  if (effect->dark)
    adjust(effect, NODE_DARK, -1);
  effect->dark = FALSE;
  resume_forwarding(effect);
  start_process(effect);
}

/* Who loses power while it boots boots anew when power is back: the boot that began last starts it,
 * however long an earlier one would have taken, and nothing does while another fault keeps power
 * away. */
static void boot_due(gpointer data) {
  Effect *effect = data;
  const FaultVictim *victim = effect->victim;
  Engine *engine = effect->fault->engine;
  const gboolean boots = victim->booting == effect && victim->powerless == 0;
  for (Effect *one = effect->booted_before; boots && one != NULL; one = one->booted_before)
    if (timer_is_armed(one->boot_timer)) {
      timer_cancel(one->boot_timer);
      run_again(one);
    }
  if (boots && victim->stops == 1)
    engine_go_on(engine, &FAULT_BOOTED, victim->name, NULL, 0, NULL);
  run_again(effect);
  need_no_standby(victim);
}

/* The effect stays with the one that failed, and is none on the one that stands in. Power that is
 * back already boots the former one, which is the standby from then on. */
static void leave_behind(Effect *effect) {
  Fault *fault = effect->fault;
  FaultVictim *victim = effect->victim;
  if (timer_is_armed(effect->boot_timer)) {
    victim->standby_from = sim_time_max(victim->standby_from, timer_deadline(effect->boot_timer));
  } else {
    effect->stood_in = TRUE;
    effect->lost_power = effect->dark;
    resume_forwarding(effect);
    fault->config.kind->end(fault, victim);
  }
  timer_cancel(effect->boot_timer);
  run_again(effect);
}

/* The one that stands in has its own power and process, empty of state. What the other one knew,
 * cut off as it may live on, ends without a word. */
static void standby_due(gpointer data) {
  const Effect *effect = data;
  FaultVictim *victim = effect->victim;
  Engine *engine = effect->fault->engine;
  engine_go_on(engine, &FAULT_STANDBY, victim->name, NULL, 0, NULL);
  end_process_of(engine, victim, END_WITHOUT_POWER);
  for (Effect *one = effects_on(victim); one != NULL; one = one->next)
    if (is_at_work(one))
      leave_behind(one);
  start_process_of(engine, victim);
}

/* The fault at the former one is over. */
static void repair_former(Effect *effect) {
  FaultVictim *victim = effect->victim;
  effect->stood_in = FALSE;
  if (!effect->lost_power)
    return;
  const SimTime boot = distribution_draw(&victim->boot, &effect->stream);
  const SimTime booted = sim_time_add(engine_now(effect->fault->engine), boot);
  victim->standby_from = sim_time_max(victim->standby_from, booted);
}

/* ---- the kinds ------------------------------------------------------------------------------ */

static void silent_begin(Fault *fault, FaultVictim *victim) {
  Effect *effect = effect_on(fault, victim);
  victim->powerless++;
  end_process(effect, END_WITHOUT_POWER);
  effect->dark = TRUE;
  adjust(effect, NODE_DARK, 1);
  take_hosts(effect, TRUE);
}

static void silent_end(Fault *fault, FaultVictim *victim) {
  Effect *effect = effect_on(fault, victim);
  take_hosts(effect, FALSE);
  victim->powerless--;
  effect->booted_before = victim->booting;
  victim->booting = effect;
  timer_arm_after(effect->boot_timer, distribution_draw(&victim->boot, &effect->stream));
}

static void cut_begin(Fault *fault, FaultVictim *victim) {
  take_hosts(effect_on(fault, victim), TRUE);
  adjust(effect_on(fault, victim), NODE_CUT, 1);
}
static void cut_end(Fault *fault, FaultVictim *victim) {
  take_hosts(effect_on(fault, victim), FALSE);
  adjust(effect_on(fault, victim), NODE_CUT, -1);
}

static void crash_begin(Fault *fault, FaultVictim *victim) {
  end_process(effect_on(fault, victim), END_BY_CRASH);
}
static void shutdown_begin(Fault *fault, FaultVictim *victim) {
  end_process(effect_on(fault, victim), END_ORDERLY);
}
static void process_end(Fault *fault, FaultVictim *victim) {
  start_process(effect_on(fault, victim));
}

static void drain_begin(Fault *fault, FaultVictim *victim) {
  Effect *effect = effect_on(fault, victim);
  hold_back(effect, TRUE);
  timer_arm_after(effect->stop_timer, fault->config.drain_wait);
}
static void stop_due(gpointer data) {
  Effect *effect = data;
  record_stop(effect, FAULT_STOPPED_ALL);
  end_process(effect, END_ORDERLY);
  stop_forwarding(effect);
  call_standby(effect, TRUE);
}
static void drain_end(Fault *fault, FaultVictim *victim) {
  Effect *effect = effect_on(fault, victim);
  timer_cancel(effect->stop_timer);
  hold_back(effect, FALSE);
  start_process(effect);
}

static void withdraw_begin(Fault *fault, FaultVictim *victim) {
  hold_back(effect_on(fault, victim), TRUE);
}
static void withdraw_end(Fault *fault, FaultVictim *victim) {
  hold_back(effect_on(fault, victim), FALSE);
}

/* There is nothing to begin, as all of it is in `forwards`. */
static void freeze_begin(Fault *fault, FaultVictim *victim) {
  (void)fault;
  (void)victim;
}
static void freeze_end(Fault *fault, FaultVictim *victim) {
  (void)fault;
  (void)victim;
}

static void isolate_begin(Fault *fault, FaultVictim *victim) {
  adjust(effect_on(fault, victim), NODE_CONTROL_CUT, 1);
}
static void isolate_end(Fault *fault, FaultVictim *victim) {
  adjust(effect_on(fault, victim), NODE_CONTROL_CUT, -1);
}

/* Whether a failure is heard is not the cloud's to say but the kind's: a kernel that lives closes
 * the TCP connection of a process that died. An orderly stop takes two seconds, because the
 * interfaces of an appliance that was measured went down that long after the call.
 * Facts: AWS-3.17, AWS-7.3, AZ-14.18. */
static const FaultKind kinds[] = {
    {.name = "silent",
     .takes_power = TRUE,
     .what = "power is lost; comes back with empty state after `boot`",
     .seen = "nothing, until hold timer or BFD expires",
     .for_links = TRUE,
     .begin = silent_begin,
     .end = silent_end},
    {.name = "cut",
     .what = "every path to it; process and state live on",
     .seen = "the same; sessions may survive a short cut",
     .for_links = TRUE,
     .begin = cut_begin,
     .end = cut_end},
    {.name = "crash",
     .what = "the BGP process dies, the kernel lives",
     .seen = "TCP closes at once",
     .forwards = TRUE,
     .is_crash = TRUE,
     .begin = crash_begin,
     .end = process_end},
    {.name = "shutdown",
     .what = "orderly stop",
     .seen = "NOTIFICATION Cease, then TCP closes",
     .forwards = TRUE,
     .forwards_for = {2 * SIM_SECOND},
     .forwards_ground = {BASIS_MEASURED, "AWS-7.3"},
     .begin = shutdown_begin,
     .end = process_end,
     .calls_standby = STANDBY_PLANNED},
    {.name = "drain",
     .what = "planned maintenance: withdraws, waits (`wait`), stops",
     .seen = "withdrawal, later Cease",
     .forwards = TRUE,
     .begin = drain_begin,
     .end = drain_end,
     .calls_standby = STANDBY_LATER},
    {.name = "withdraw",
     .what = "stops announcing, the session stays up",
     .seen = "UPDATE with withdrawn routes",
     .scope = FAULT_OF_APPLIANCES,
     .forwards = TRUE,
     .begin = withdraw_begin,
     .end = withdraw_end},
    {.name = "freeze",
     .what = "the data plane is dead; BGP and BFD live",
     .seen = "nothing: a blackhole that no protocol reports",
     .scope = FAULT_OF_APPLIANCES,
     .begin = freeze_begin,
     .end = freeze_end},
    {.name = "isolate",
     .what = "the control plane is cut; the data plane works",
     .seen = "as `cut`",
     .forwards = TRUE,
     .begin = isolate_begin,
     .end = isolate_end},
};

guint fault_kind_count(void) { return G_N_ELEMENTS(kinds); }
const FaultKind *fault_kind_at(guint index) { return &kinds[index]; }

const FaultKind *fault_kind_find(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (strcmp(kinds[i].name, name) == 0)
      return &kinds[i];
  return NULL;
}

/* ---- faults ---------------------------------------------------------------------------------- */

/* Only a standby has to know of all. */
static void tell_standby(Effect *effect) {
  FaultVictim *victim = effect->victim;
  if (victim->standby_planned == NULL && victim->standby_unplanned == NULL)
    return;
  effect->next = victim->effects;
  victim->effects = effect;
}

static void add_effect(Fault *fault, Owner *owner, FaultVictim *victim) {
  const FaultConfig *config = &fault->config;
  Arena *arena = engine_arena(fault->engine);
  Effect *effect = arena_new0(arena, Effect);
  effect->fault = fault;
  effect->victim = victim;
  effect->forward_timer = timer_new(owner, PHASE_FAULT, forward_due, effect);
  effect->stop_timer = timer_new(owner, PHASE_FAULT, stop_due, effect);
  effect->boot_timer = timer_new(owner, PHASE_FAULT, boot_due, effect);
  effect->standby_timer = timer_new(owner, PHASE_FAULT, standby_due, effect);
  timer_set_stage(effect->stop_timer,
                  stage_new(arena, "wait before the stop", config->drain_ground, NULL));
  timer_set_stage(effect->boot_timer, stage_new(arena, "boot", victim->boot.ground, NULL));
  tell_standby(effect);
  effect->stream =
      random_stream(config->seed, config->run,
                    arena_concat(arena, "boot/", config->name, "/", victim->name, NULL));
  g_ptr_array_add(fault->effects, effect);
}

Fault *fault_new(Engine *engine, const FaultConfig *config, GPtrArray *victims) {
  Arena *arena = engine_arena(engine);
  Fault *fault = arena_new0(arena, Fault);
  fault->engine = engine;
  fault->config = *config;
  fault->effects = arena_ptr_array(arena);
  Owner *owner = engine_owner(engine, arena_concat(arena, "fault/", config->name, NULL));
  for (guint i = 0; i < victims->len; i++) {
    FaultVictim *victim = victims->pdata[i];
    const GPtrArray *tenants = config->kind->takes_power ? victim->tenants : NULL;
    add_effect(fault, owner, victim);
    for (guint j = 0; tenants != NULL && j < tenants->len; j++)
      add_effect(fault, owner, tenants->pdata[j]);
  }
  return fault;
}

void fault_begin(Fault *fault) {
  g_assert(!fault->active);
  fault->active = TRUE;
  for (guint i = 0; i < fault->effects->len; i++) {
    Effect *effect = fault->effects->pdata[i];
    ENGINE_KEEP_CAUSE(fault->engine);
    timer_cancel(effect->boot_timer);
    begin_forwarding_rule(effect);
    fault->config.kind->begin(fault, effect->victim);
    if (fault->config.kind->calls_standby != STANDBY_LATER)
      call_standby(effect, fault->config.kind->calls_standby == STANDBY_PLANNED);
  }
}

void fault_end(Fault *fault) {
  if (!fault->active)
    return;
  fault->active = FALSE;
  for (guint i = 0; i < fault->effects->len; i++) {
    Effect *effect = fault->effects->pdata[i];
    ENGINE_KEEP_CAUSE(fault->engine);
    if (effect->stood_in) {
      repair_former(effect);
      continue;
    }
    /* `forwards` is there for every kind; what has no power does nothing until it has booted. */
    if (!effect->dark)
      resume_forwarding(effect);
    fault->config.kind->end(fault, effect->victim);
    need_no_standby(effect->victim);
  }
}
