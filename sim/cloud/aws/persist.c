/* Persisted routes, and how sessions return. Facts: AWS-6.7 to AWS-6.13. */
#include "persist.h"

static const char *const state_names[] = {[AWS_PERSIST_DISABLED] = "disabled",
                                          [AWS_PERSIST_ENABLING] = "enabling",
                                          [AWS_PERSIST_ENABLED] = "enabled",
                                          [AWS_PERSIST_RESETTING] = "resetting",
                                          [AWS_PERSIST_DISABLING] = "disabling"};

const char *aws_persist_state_name(AwsPersistState state) { return state_names[state]; }

gboolean aws_routes_are_persisted(const RouteServer *server) {
  return ((const AwsState *)route_server_data(server))->persisted;
}

static void record_persisted(RouteServer *server, gboolean persisted) {
  Engine *engine = route_server_topology(server)->engine;
  engine_go_on(engine, &CLOUD_PERSISTED, route_server_name(server), NULL, persisted, NULL);
}

/* The persisted copy is no longer in force: what it kept goes, live routes decide. */
static void end_persistence(RouteServer *server, AwsState *state) {
  RouteServerUnit *unit = route_server_unit(server, 0);
  BgpSpeaker *speaker = route_server_unit_speaker(unit);
  const GPtrArray *peers = bgp_speaker_peers(speaker);
  state->persisted = FALSE;
  timer_cancel(state->persist_timer);
  record_persisted(server, FALSE);
  for (guint i = 0; i < peers->len; i++)
    bgp_flush(speaker, peers->pdata[i]);
  route_server_freeze(unit, FALSE);
}

/* The wait after BGP came back is over. Facts: AWS-6.10. */
static void wait_over(gpointer data) { end_persistence(data, route_server_data(data)); }

/* ---- actions --------------------------------------------------------------------------------- */

/* `disable` ends what is persisted, and so does `reset`, at once; `reset` leaves persistence on
 * for the next time. Routes announced since BGP came back are the peers' own and stay.
 * Facts: AWS-6.11, AWS-6.12. */
static void modified(gpointer data) {
  static const AwsPersistState results[] = {[DESIGN_PERSIST_ENABLE] = AWS_PERSIST_ENABLED,
                                            [DESIGN_PERSIST_DISABLE] = AWS_PERSIST_DISABLED,
                                            [DESIGN_PERSIST_RESET] = AWS_PERSIST_ENABLED};
  RouteServer *server = data;
  AwsState *state = route_server_data(server);
  state->persist = results[state->action];
  if (state->action != DESIGN_PERSIST_ENABLE && state->persisted)
    end_persistence(server, state);
}

void aws_persist(RouteServer *server, DesignPersist action) {
  static const AwsPersistState passing[] = {[DESIGN_PERSIST_ENABLE] = AWS_PERSIST_ENABLING,
                                            [DESIGN_PERSIST_DISABLE] = AWS_PERSIST_DISABLING,
                                            [DESIGN_PERSIST_RESET] = AWS_PERSIST_RESETTING};
  AwsState *state = route_server_data(server);
  const AwsConfig *config = route_server_config(server)->config;
  if (action == DESIGN_PERSIST_RESET && state->persist == AWS_PERSIST_DISABLED)
    return; /* nothing can be persisted */
  state->action = action;
  state->persist = passing[action];
  timer_arm_after(state->modify_timer,
                  distribution_draw(&config->modify.law, &state->modify_stream));
}

/* ---- sessions -------------------------------------------------------------------------------- */

static void settled(gpointer data, gpointer item) {
  BgpPeer *peer = item;
  const AwsState *state = route_server_data(data);
  const SimTime now = engine_now(route_server_topology(data)->engine);
  const SimTime *until = g_hash_table_lookup(state->settles_until, peer);
  if (until->ns <= now.ns && bgp_peer_state(peer) == BGP_ESTABLISHED)
    bgp_peer_settle(peer, FALSE);
}

/* Who returns takes over as soon as its routes win; with `fail_back`, that much later, counted from
 * its latest return. What is in use has nothing to wait for, whoever else waits; and an appliance
 * that is in use over another endpoint never ceased to be reachable.
 * Facts: AWS-6.3, AWS-6.14, AWS-6.15. */
static void begin_to_settle(RouteServer *server, AwsState *state, BgpPeer *peer) {
  CloudTopology *topology = route_server_topology(server);
  const AwsConfig *config = route_server_config(server)->config;
  const SimTime now = engine_now(topology->engine);
  const SimTime wait = distribution_draw(&config->fail_back.law, &state->fail_back_stream);
  const gboolean waits = wait.ns > 0 && now.ns > 0; /* at the start it has been up for long */
  SimTime *until = arena_new0(topology->arena, SimTime);
  *until = sim_time_add(now, wait);
  g_hash_table_insert(state->settles_until, peer, until);
  bgp_peer_settle(peer, waits);
  if (waits)
    agenda_add(state->settling, *until, peer);
}

/* Routes are kept, frozen and without limit, when the last session has ended; one that ends while
 * others live is an ordinary withdrawal. Facts: AWS-6.7, AWS-6.8, AWS-6.9, AWS-6.13. */
gboolean aws_session(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer, gboolean up) {
  AwsState *state = route_server_data(server);
  if (up) {
    begin_to_settle(server, state, peer);
    if (state->persisted && !timer_is_armed(state->persist_timer))
      timer_arm_after(state->persist_timer, state->persist_wait);
    return TRUE;
  }
  const gboolean on = state->persist == AWS_PERSIST_ENABLED ||
                      state->persist == AWS_PERSIST_RESETTING ||
                      state->persist == AWS_PERSIST_DISABLING;
  if (!on || route_server_unit_established(unit) > 0)
    return !state->persisted;
  timer_cancel(state->persist_timer); /* all down again within the wait: it starts anew */
  if (!state->persisted) {
    state->persisted = TRUE;
    route_server_freeze(unit, TRUE);
    record_persisted(server, TRUE);
  }
  return FALSE;
}

void aws_persist_begin(RouteServer *server, AwsState *state) {
  CloudTopology *topology = route_server_topology(server);
  const RouteServerConfig *own = route_server_config(server);
  const AwsConfig *config = own->config;
  Owner *owner =
      engine_owner(topology->engine, arena_printf(topology->arena, "persist/%s", own->name));
  state->persist = config->persist_routes.on ? AWS_PERSIST_ENABLED : AWS_PERSIST_DISABLED;
  state->persist_wait =
      cloud_draw_setting(topology, own->name, "aws.persist_routes", &config->persist_routes.wait);
  state->persist_timer = timer_new(owner, PHASE_TIMER, wait_over, server);
  state->modify_timer = timer_new(owner, PHASE_TIMER, modified, server);
  state->settling = agenda_new(owner, PHASE_TIMER, settled, server);
  state->settles_until = arena_hash_table(topology->arena, NULL, NULL);
  timer_set_stage(state->persist_timer,
                  stage_new(topology->arena, "wait for persisted routes",
                            config->persist_routes.wait.law.ground, "AWS-6.10"));
  timer_set_stage(state->modify_timer,
                  stage_new(topology->arena, "modification of the route server",
                            config->modify.law.ground, NULL));
  agenda_set_stage(state->settling, stage_new(topology->arena, "wait before falling back",
                                              config->fail_back.law.ground, NULL));
  state->modify_stream = random_stream(topology->seed, topology->run,
                                       arena_printf(topology->arena, "modify/%s", own->name));
  state->fail_back_stream = random_stream(topology->seed, topology->run,
                                          arena_printf(topology->arena, "fail-back/%s", own->name));
}
