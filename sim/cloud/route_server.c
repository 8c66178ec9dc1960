/* The machine that all route servers share: selection to plan, plan to change, change
 * to tables. See route_server.h. */
#include <string.h>

#include "route_server_private.h"

const TraceKind CLOUD_DAMPED = {"change-waits"};
const TraceKind CLOUD_RELEASED = {"change-goes-on"};
const TraceKind CLOUD_PERSISTED = {"routes-persisted"};
const TraceKind CLOUD_UNIT_LOST = {"instance-lost"};

/* ---- from selection to change ------------------------------------------------------- */

static Want *want_for(RouteServerUnit *unit, Prefix prefix) {
  Want *want = trie_get(unit->wants, prefix);
  if (want == NULL) {
    want = arena_new0(unit->server->topology->arena, Want);
    want->unit = unit;
    want->prefix = prefix;
    trie_set(unit->wants, prefix, want);
    g_ptr_array_add(unit->want_list, want);
  }
  return want;
}

/* Does any table follow the unit in its present life? */
static gboolean is_followed(const RouteServerUnit *unit) {
  for (guint i = 0; i < unit->server->feeds->len; i++) {
    const Feed *feed = unit->server->feeds->pdata[i];
    if (feed->unit == unit && feed->life == unit->life)
      return TRUE;
  }
  return FALSE;
}

/* A unit is lost that has no process, or reaches no table. */
static gboolean is_lost(const RouteServerUnit *unit) { return unit->dead || unit->cut_off; }

static void note_change(Want *want) {
  want->changed_at = engine_now(want->unit->server->topology->engine);
  want->changed_before = TRUE;
}

static void set_wanted(Want *want, const RoutePlan *plan) {
  Engine *engine = want->unit->server->topology->engine;
  if (!route_plan_equal(&want->wanted, plan))
    want->turned = (Turn){engine_now(engine), engine_cause(engine)};
  want->wanted = *plan;
}

static void set_given(Want *want, Turn turn) {
  if (!route_plan_equal(&want->given, &want->wanted))
    want->given_turn = turn;
  want->given = want->wanted;
  want->sequence = ++want->unit->server->sequence;
}

static void give_out(Want *want) {
  const Engine *engine = want->unit->server->topology->engine;
  set_given(want, (Turn){engine_now(engine), engine_cause(engine)});
  note_change(want);
  route_server_push(want->unit, want, NULL, 0);
}

/* A change is immediate unless the prefix changed less than the interval before on this
 * unit; then it waits for the end of it, and the latest state is given out. The interval lies
 * between changes of what is programmed. A unit that no table follows programs nothing,
 * so nothing changes: it gives out what it wants when a table begins to follow it. */
static void consider(Want *want) {
  RouteServerUnit *unit = want->unit;
  Engine *engine = unit->server->topology->engine;
  const SimTime interval = unit->server->times.change_interval;
  if (unit->frozen || is_lost(unit) || want->waiting || !is_followed(unit) ||
      route_plan_equal(&want->wanted, &want->given))
    return;
  const SimTime free_at = sim_time_add(want->changed_at, interval);
  if (interval.ns == 0 || !want->changed_before || free_at.ns <= engine_now(engine).ns) {
    give_out(want);
    return;
  }
  want->waiting = TRUE;
  ENGINE_DUE_TO(engine, engine_record(engine, &CLOUD_DAMPED, unit->name, NULL,
                                      free_at.ns - engine_now(engine).ns, &want->prefix));
  want->wanted_cause = engine_cause(engine);
  agenda_add(unit->waits, free_at, want);
}

/* The record keeps the interval apart from the programming behind it. */
static void wait_over(gpointer data, gpointer item) {
  Want *want = item;
  const RouteServerUnit *unit = data;
  Engine *engine = unit->server->topology->engine;
  want->waiting = FALSE;
  engine_blame(engine, want->wanted_cause); /* a later change may have joined the wait */
  if (!route_plan_equal(&want->wanted, &want->given))
    engine_go_on(engine, &CLOUD_RELEASED, unit->name, NULL, 0, &want->prefix);
  consider(want);
}

/* Room came free: the prefix that has waited longest takes it. */
static void fill_fib(RouteServerUnit *unit) {
  while (unit->beyond->len > 0 && unit->fib_count < unit->server->limits.fib_routes) {
    Want *want = g_ptr_array_remove_index(unit->beyond, 0);
    want->in_fib = TRUE;
    unit->fib_count++;
    set_wanted(want, &want->beyond);
    consider(want);
  }
}

/* What the limit of the FIB leaves of `plan`; the prefix may wait for room. */
static RoutePlan within_fib(Want *want, const RoutePlan *plan, gboolean selected) {
  RouteServerUnit *unit = want->unit;
  RouteServer *server = unit->server;
  const gboolean waits = g_ptr_array_find(unit->beyond, want, NULL);
  if (server->limits.fib_routes == 0)
    return *plan;
  if (!selected && waits)
    g_ptr_array_remove(unit->beyond, want);
  if (selected && !want->in_fib && unit->fib_count >= server->limits.fib_routes) {
    want->beyond = *plan;
    if (!waits) {
      g_ptr_array_add(unit->beyond, want);
      if (engine_now(server->topology->engine).ns > 0) /* while it converges nothing is final */
        route_server_reject(server, NULL, want->prefix, server->limits.fib_reason);
    }
    return (RoutePlan){.count = 0};
  }
  unit->fib_count += (selected ? 1 : 0) - (want->in_fib ? 1 : 0);
  want->in_fib = selected;
  return *plan;
}

/* The place of a next hop among the routes that were selected. */
static guint place_of(const BgpEntry *entry, IpAddress next_hop) {
  guint place = 0;
  while (place < entry->selected_count &&
         !ip_address_equal(entry->selected[place]->attributes->next_hop, next_hop))
    place++;
  return place;
}

/* Hops stand in the order of the selection, whatever the cloud has found: flows depend on it. */
static void put_in_order(RoutePlan *plan, const BgpEntry *entry) {
  for (guint i = 1; i < plan->count; i++) {
    const NextHop hop = plan->hops[i];
    const guint own = place_of(entry, hop.address);
    guint place = i;
    for (; place > 0 && place_of(entry, plan->hops[place - 1].address) > own; place--)
      plan->hops[place] = plan->hops[place - 1];
    plan->hops[place] = hop;
  }
}

static void unit_selected(gpointer data, const BgpEntry *entry) {
  RouteServerUnit *unit = data;
  RouteServer *server = unit->server;
  Want *want = want_for(unit, entry->prefix);
  RoutePlan plan = {.count = 0};
  if (entry->selected_count > 0)
    server->class->server->plan(server, entry, &plan);
  put_in_order(&plan, entry);
  plan = within_fib(want, &plan, entry->selected_count > 0);
  set_wanted(want, &plan);
  fill_fib(unit);
  want->wanted_cause = engine_cause(server->topology->engine);
  consider(want);
}

static const char *unit_import(gpointer data, BgpPeer *peer, Prefix prefix,
                               const BgpAttributes *attributes) {
  RouteServerUnit *unit = data;
  const RouteServerClass *class = unit->server->class->server;
  return class->import == NULL ? NULL : class->import(unit->server, unit, peer, prefix, attributes);
}

static gboolean unit_export(gpointer data, BgpPeer *peer, const BgpEntry *entry) {
  RouteServerUnit *unit = data;
  return unit->server->class->server->advertise(unit->server, unit, peer, entry);
}

static const BgpAttributes *unit_rewrite(gpointer data, BgpPeer *peer, const BgpEntry *entry,
                                         const BgpAttributes *attributes) {
  RouteServerUnit *unit = data;
  const RouteServerClass *class = unit->server->class->server;
  return class->rewrite == NULL ? attributes
                                : class->rewrite(unit->server, unit, peer, entry, attributes);
}

static void assign_feeds(RouteServer *server);

/* What a lost session took along is decided anew at once, whatever was lost (a peer, a zone, or
 * all), unless the cloud keeps it: nobody here restarts gracefully. A unit that came back need not
 * wait any longer for what this one has lost. */
static gboolean unit_session(gpointer data, BgpPeer *peer, gboolean up) {
  RouteServerUnit *unit = data;
  const RouteServerClass *class = unit->server->class->server;
  if (!up)
    assign_feeds(unit->server);
  return class->session == NULL || class->session(unit->server, unit, peer, up);
}

static void unit_synced(gpointer data, BgpPeer *peer) {
  RouteServerUnit *unit = data;
  (void)peer;
  assign_feeds(unit->server);
}

static const BgpPolicy unit_policy = {.import = unit_import,
                                      .export = unit_export,
                                      .selected = unit_selected,
                                      .session = unit_session,
                                      .synced = unit_synced,
                                      .rewrite = unit_rewrite};

/* ---- making -------------------------------------------------------------------------- */

static void part_reach_changed(gpointer data);
static void handover_due(gpointer data, gpointer item);

RouteServer *route_server_new(const CloudClass *class, CloudTopology *topology,
                              const RouteServerConfig *config) {
  RouteServer *server = arena_new0(topology->arena, RouteServer);
  server->class = class;
  server->topology = topology;
  server->config = *config;
  server->units = arena_ptr_array(topology->arena);
  server->parts = arena_ptr_array(topology->arena);
  server->feeds = arena_ptr_array(topology->arena);
  const char *name = arena_concat(topology->arena, "route-server/", config->name, NULL);
  server->handovers =
      agenda_new(engine_owner(topology->engine, name), PHASE_PROGRAM, handover_due, server);
  class->server->build(server, topology);
  agenda_set_stage(server->handovers, stage_new(topology->arena, "takeover by another instance",
                                                server->times.takeover_ground, NULL));
  return server;
}

/* A stage of a cloud rests on what its own number does. */
static const Stage *stage_for(const RouteServer *server, const Stage *usual, Ground ground) {
  return ground.basis == BASIS_NONE ? usual
                                    : stage_new(server->topology->arena, usual->name, ground, NULL);
}

static const Stage *process_stage(const RouteServer *server) {
  const Distribution *law = server->times.process;
  return law != NULL
             ? stage_new(server->topology->arena, "route server processing", law->ground, NULL)
             : NULL;
}

RouteServerUnit *route_server_add_unit(RouteServer *server, const char *name, guint32 asn,
                                       IpAddress router_id, const BgpProfile *profile) {
  CloudTopology *topology = server->topology;
  const RouteServerClass *class = server->class->server;
  RouteServerUnit *unit = arena_new0(topology->arena, RouteServerUnit);
  unit->server = server;
  unit->name = arena_strdup(topology->arena, name);
  unit->wants = trie_new(topology->arena);
  unit->want_list = arena_ptr_array(topology->arena);
  unit->beyond = arena_ptr_array(topology->arena);
  unit->batch_at = unit->followed_from = SIM_TIME_NEVER;
  const Distribution *process = server->times.process;
  const gboolean at_once =
      process == NULL || (process->kind == DISTRIBUTION_CONSTANT && process->a.ns == 0);
  const BgpSpeakerConfig speaker = {.name = unit->name,
                                    .asn = asn,
                                    .router_id = router_id,
                                    .profile = profile != NULL ? profile : class->profile,
                                    .obeys_no_advertise = TRUE,
                                    .obeys_no_export = server->speech.obeys_no_export,
                                    .next_hop_self = server->speech.next_hop_self,
                                    .reflects = TRUE,
                                    .process = at_once ? NULL : process,
                                    .process_stage = process_stage(server),
                                    .peer_routes = server->limits.peer_routes};
  unit->speaker = bgp_speaker_new(topology->engine, &speaker, &unit_policy, unit, topology->seed,
                                  topology->run);
  Owner *owner =
      engine_owner(topology->engine, arena_concat(topology->arena, "route-server/", name, NULL));
  unit->pushes = agenda_new(owner, PHASE_PROGRAM, route_server_push_due, unit);
  agenda_set_stage(unit->pushes,
                   stage_for(server, class->program_stage, server->times.program->ground));
  unit->waits = agenda_new(owner, PHASE_DECIDE, wait_over, unit);
  if (class->interval_stage != NULL)
    agenda_set_stage(unit->waits, stage_for(server, class->interval_stage,
                                            server->times.change_interval_ground));
  /* By number, not by name: the first unit meets the same luck under every model. */
  Arena *arena = topology->arena;
  const char *number = arena_decimal(arena, server->units->len);
  const char *own = arena_concat(arena, server->config.name, "/", number, NULL);
  unit->program_stream =
      random_stream(topology->seed, topology->run, arena_concat(arena, "program/", own, NULL));
  unit->jitter_stream =
      random_stream(topology->seed, topology->run, arena_concat(arena, "table-jitter/", own, NULL));
  g_ptr_array_add(server->units, unit);
  return unit;
}

static int compare_parts(gconstpointer a, gconstpointer b) {
  return strcmp((*(RouteServerPart *const *)a)->name, (*(RouteServerPart *const *)b)->name);
}

RouteServerPart *route_server_add_part(RouteServer *server, RouteServerUnit *unit, const char *name,
                                       IpAddress address, const char *zone, gboolean own_process) {
  RouteServerPart *part = arena_new0(server->topology->arena, RouteServerPart);
  part->server = server;
  part->unit = unit;
  part->name = arena_strdup(server->topology->arena, name);
  part->zone = zone;
  part->node = net_node_new(server->topology->engine, name);
  net_node_set_sight(part->node, server->class->server->part_sight);
  part->address = address;
  part->own_process = own_process;
  if (own_process)
    net_node_watch(part->node, part_reach_changed, part);
  g_ptr_array_add(server->parts, part);
  g_ptr_array_sort(server->parts, compare_parts);
  return part;
}

static RouteServerUnit *unit_to_feed(const Feed *feed);
static void hand_over(Feed *feed, RouteServerUnit *unit);

/* While nothing is decided yet there is nothing to hand over either. */
void route_server_feed(RouteServer *server, RouteServerUnit *unit, RouteTable *table) {
  Feed *feed = arena_new0(server->topology->arena, Feed);
  feed->server = server;
  feed->table = table;
  feed->home = feed->unit = unit;
  feed->lost_at = SIM_TIME_NEVER;
  feed->placements = arena_hash_table(server->topology->arena, NULL, NULL);
  feed->placement_list = arena_ptr_array(server->topology->arena);
  g_ptr_array_add(server->feeds, feed);
  if (server->class->server->admit != NULL) {
    route_table_watch(table, feed_look_again, feed);
    route_table_watch_places(table, feed_look_for_place, feed);
  }
  feed->unit = unit_to_feed(feed);
  if (feed->unit != NULL)
    hand_over(feed, feed->unit);
}

/* ---- steering ------------------------------------------------------------------------- */

void route_server_begin(RouteServer *server) {
  for (guint u = 0; u < server->units->len; u++) {
    RouteServerUnit *unit = server->units->pdata[u];
    agenda_clear(unit->pushes);
    agenda_clear(unit->waits);
    for (guint i = 0; i < unit->want_list->len; i++) {
      Want *want = unit->want_list->pdata[i];
      want->given = want->wanted;
      want->changed_before = FALSE; /* the network has been up for long */
      want->waiting = FALSE;
      RoutePlan *plan = arena_new0(server->topology->arena, RoutePlan);
      *plan = want->given;
      for (guint f = 0; f < server->feeds->len; f++) {
        Feed *feed = server->feeds->pdata[f];
        if (feed->unit == unit)
          feed_apply(feed, want, plan, want->sequence, TRUE);
      }
    }
    for (guint i = 0; i < unit->beyond->len; i++)
      route_server_reject(server, NULL, ((const Want *)unit->beyond->pdata[i])->prefix,
                          server->limits.fib_reason);
  }
}

void route_server_freeze(RouteServerUnit *unit, gboolean frozen) {
  unit->frozen = frozen;
  for (guint i = 0; !frozen && i < unit->want_list->len; i++)
    consider(unit->want_list->pdata[i]);
}

static void plan_entry(const BgpEntry *entry, gpointer data) { unit_selected(data, entry); }

void route_server_plan_anew(RouteServer *server) {
  for (guint i = 0; i < server->units->len; i++) {
    RouteServerUnit *unit = server->units->pdata[i];
    bgp_foreach(unit->speaker, plan_entry, unit);
  }
}

gboolean route_server_is_frozen(const RouteServerUnit *unit) { return unit->frozen; }

/* Has another living unit a session with the far end of `peer`? */
static gboolean others_have(const RouteServerUnit *unit, const BgpPeer *peer) {
  for (guint i = 0; i < unit->server->units->len; i++) {
    const RouteServerUnit *other = unit->server->units->pdata[i];
    const GPtrArray *peers = bgp_speaker_peers(other->speaker);
    for (guint j = 0; j < peers->len && other != unit && !is_lost(other); j++)
      if (bgp_peer_state(peers->pdata[j]) == BGP_ESTABLISHED &&
          strcmp(bgp_peer_remote_name(peers->pdata[j]), bgp_peer_remote_name(peer)) == 0)
        return TRUE;
  }
  return FALSE;
}

/* A unit is ready that has heard all that another one could tell, or, where it came back empty, has
 * heard anything. */
gboolean route_server_unit_is_ready(const RouteServerUnit *unit) {
  const GPtrArray *peers = bgp_speaker_peers(unit->speaker);
  guint synced = 0;
  if (is_lost(unit))
    return FALSE;
  for (guint i = 0; i < peers->len; i++)
    if (bgp_peer_is_synced(peers->pdata[i]))
      synced++;
    else if (others_have(unit, peers->pdata[i]))
      return FALSE;
  return synced > 0 || !unit->reborn;
}

/* The table is fed by its own unit where that is ready, by another that is, or by none: then it
 * keeps what it has. A unit that merely lost sessions keeps its tables. */
static RouteServerUnit *unit_to_feed(const Feed *feed) {
  if (route_server_unit_is_ready(feed->home) ||
      (feed->unit == feed->home && !is_lost(feed->home) && !feed->home->reborn))
    return feed->home;
  for (guint i = 0; i < feed->server->units->len; i++) {
    RouteServerUnit *unit = feed->server->units->pdata[i];
    if (unit != feed->home && route_server_unit_is_ready(unit))
      return unit;
  }
  return feed->unit != NULL && (is_lost(feed->unit) || feed->unit->reborn) ? NULL : feed->unit;
}

/* A table follows the unit from now on, as none did before. */
static void take_up(RouteServerUnit *unit) {
  unit->followed_from = engine_now(unit->server->topology->engine);
  agenda_clear(unit->pushes);
  agenda_clear(unit->waits);
  for (guint i = 0; i < unit->want_list->len; i++) {
    Want *want = unit->want_list->pdata[i];
    want->waiting = FALSE;
    if (!unit->frozen)
      set_given(want, want->turned);
  }
}

/* From here on the table follows `unit`: everything that any unit ever gave out is set to
 * what this one gives out, so that nothing of another, or of an earlier life, stays. For a unit
 * that takes up its work this is a change where the table held something else. What it changed
 * since the other one was lost is due to what changed it, and came late by the takeover. */
static void hand_over(Feed *feed, RouteServerUnit *unit) {
  Engine *engine = feed->server->topology->engine;
  const SimTime lost_at = feed->unit != unit ? feed->lost_at : SIM_TIME_NEVER;
  for (guint u = 0; u < feed->server->units->len; u++) {
    const RouteServerUnit *other = feed->server->units->pdata[u];
    for (guint i = 0; i < other->want_list->len; i++)
      want_for(unit, ((const Want *)other->want_list->pdata[i])->prefix);
  }
  if (!is_followed(unit))
    take_up(unit);
  feed->unit = unit;
  feed->life = unit->life;
  feed->lost_at = SIM_TIME_NEVER;
  unit->reborn = FALSE;
  const SimTime now = engine_now(engine);
  for (guint i = 0; i < unit->want_list->len; i++) {
    Want *want = unit->want_list->pdata[i];
    if (unit->followed_from.ns == now.ns && !feed_holds(feed, want->prefix, &want->given))
      note_change(want);
    ENGINE_KEEP_CAUSE(engine);
    if (want->given_turn.at.ns > lost_at.ns)
      engine_set_cause_on_the_way(engine, want->given_turn.cause);
    route_server_push(unit, want, feed, 0);
  }
}

/* When the table may follow `unit`, or none: what a lost unit programmed is left to another one
 * when the takeover is over, whatever else is lost meanwhile. Its own tables a unit
 * programs as soon as it is ready. */
static SimTime handover_from(const Feed *feed, const RouteServerUnit *unit) {
  const SimTime now = engine_now(feed->server->topology->engine);
  if (unit == feed->home || unit == feed->unit || sim_time_is_never(feed->lost_at))
    return now;
  return sim_time_max(now, sim_time_add(feed->lost_at, feed->server->times.takeover));
}

static gboolean follows(const Feed *feed, const RouteServerUnit *unit) {
  return unit == feed->unit && (unit == NULL || feed->life == unit->life);
}

static void handover_due(gpointer data, gpointer item) {
  RouteServer *server = data;
  Feed *feed = item;
  RouteServerUnit *unit = unit_to_feed(feed);
  const SimTime now = engine_now(server->topology->engine);
  if (follows(feed, unit) || handover_from(feed, unit).ns > now.ns)
    return; /* or later: the loss is noted too */
  if (unit == NULL) {
    feed->unit = NULL;
    feed->lost_at = SIM_TIME_NEVER;
    return;
  }
  const SimTime due = bgp_decision_due(unit->speaker);
  if (!sim_time_is_never(due)) { /* what it has learned is not decided yet */
    agenda_add(server->handovers, due, feed);
    return;
  }
  hand_over(feed, unit);
}

static void assign_feeds(RouteServer *server) {
  for (guint i = 0; i < server->feeds->len; i++) {
    Feed *feed = server->feeds->pdata[i];
    const RouteServerUnit *unit = unit_to_feed(feed);
    if (!follows(feed, unit))
      agenda_add(server->handovers, handover_from(feed, unit), feed);
  }
}

/* From here on the unit programs nothing, and its tables go to another one. */
static void lose_tables(RouteServerUnit *unit) {
  const SimTime now = engine_now(unit->server->topology->engine);
  agenda_clear(unit->pushes);
  agenda_clear(unit->waits);
  for (guint i = 0; i < unit->want_list->len; i++)
    ((Want *)unit->want_list->pdata[i])->waiting = FALSE;
  for (guint i = 0; i < unit->server->feeds->len; i++) {
    Feed *feed = unit->server->feeds->pdata[i];
    if (feed->unit == unit)
      feed->lost_at = sim_time_min(feed->lost_at, now);
  }
  assign_feeds(unit->server);
}

/* Where the cloud wants it so, a table keeps nothing of a server that is lost as a whole. */
static void flush_if_all_lost(RouteServer *server) {
  static const RoutePlan nothing = {.count = 0};
  if (!server->flushes)
    return;
  for (guint i = 0; i < server->units->len; i++)
    if (!is_lost(server->units->pdata[i]))
      return;
  for (guint u = 0; u < server->units->len; u++) {
    const RouteServerUnit *unit = server->units->pdata[u];
    for (guint i = 0; i < unit->want_list->len; i++)
      for (guint f = 0; f < server->feeds->len; f++)
        feed_apply(server->feeds->pdata[f], unit->want_list->pdata[i], &nothing, ++server->sequence,
                   FALSE);
  }
}

/* The tables are reached over the paths to the peers: a unit that is cut off programs nothing, and
 * another one programs its tables. What it knows lives on; who has lost all sessions
 * meanwhile knows no more than one that came back empty. */
static void part_reach_changed(gpointer data) {
  RouteServerPart *part = data;
  RouteServer *server = part->server;
  RouteServerUnit *unit = part->unit;
  const gboolean cut_off =
      net_node_is(part->node, NODE_CUT) || net_node_is(part->node, NODE_CONTROL_CUT);
  if (cut_off == unit->cut_off)
    return;
  unit->cut_off = cut_off;
  if (cut_off) {
    lose_tables(unit);
  } else {
    unit->life++; /* what was on its way has not come to any table */
    unit->reborn |= route_server_unit_established(unit) == 0;
    assign_feeds(server);
  }
  if (cut_off)
    flush_if_all_lost(server);
}

void route_server_part_lost(RouteServerPart *part) {
  RouteServer *server = part->server;
  if (part->own_process) {
    RouteServerUnit *unit = part->unit;
    unit->dead = TRUE;
    engine_record(server->topology->engine, &CLOUD_UNIT_LOST, unit->name, NULL, 0, NULL);
    lose_tables(unit);
  }
  flush_if_all_lost(server);
}

void route_server_part_back(RouteServerPart *part) {
  RouteServer *server = part->server;
  if (part->own_process) {
    RouteServerUnit *unit = part->unit;
    unit->dead = FALSE;
    unit->reborn = TRUE;
    unit->life++;
    for (guint i = 0; i < unit->want_list->len; i++) {
      Want *want = unit->want_list->pdata[i];
      want->given = want->wanted = (RoutePlan){.count = 0};
      want->changed_before = FALSE;
      want->in_fib = FALSE;
      want->sequence = ++server->sequence;
    }
    unit->fib_count = 0;
    g_ptr_array_set_size(unit->beyond, 0);
  }
}
