/* What route servers put into tables, and what tables do not take. See route_server.h. */
#include <string.h>

#include "route_server_private.h"

const TraceKind CLOUD_PROGRAMMED = {"table-changed"};
const TraceKind CLOUD_REJECTED = {"route-rejected"};

gboolean route_plan_equal(const RoutePlan *a, const RoutePlan *b) {
  if (a->count != b->count || g_strcmp0(a->rejected, b->rejected) != 0)
    return FALSE;
  for (guint i = 0; i < a->count; i++)
    if (a->hops[i].kind != b->hops[i].kind || a->hops[i].network != b->hops[i].network ||
        !ip_address_equal(a->hops[i].address, b->hops[i].address))
      return FALSE;
  return TRUE;
}

void route_plan_add(RoutePlan *plan, NextHop hop) {
  for (guint i = 0; i < plan->count; i++)
    if (ip_address_equal(plan->hops[i].address, hop.address))
      return; /* one appliance may be heard over several parts */
  if (plan->count < PLAN_MOST_HOPS)
    plan->hops[plan->count++] = hop;
}

/* ---- tables ------------------------------------------------------------------------- */

static void record_change(Feed *feed, Prefix prefix, const char *action, const RoutePlan *plan) {
  RouteServer *server = feed->server;
  Engine *engine = server->topology->engine;
  TableChange *change = arena_new0(server->topology->arena, TableChange);
  NextHop *hops = arena_array(server->topology->arena, NextHop, plan->count + 1);
  memcpy(hops, plan->hops, plan->count * sizeof *hops);
  *change = (TableChange){route_table_name(feed->table),      prefix, action, plan->count, hops,
                          server->class->server->origin->name};
  engine_go_on(engine, &CLOUD_PROGRAMMED, server->config.name, change->table, 0, change);
}

static Placement *placement_for(Feed *feed, Want *want) {
  Placement *placement = g_hash_table_lookup(feed->placements, want);
  if (placement == NULL) {
    placement = arena_new0(feed->server->topology->arena, Placement);
    placement->want = want;
    g_hash_table_insert(feed->placements, want, placement);
    g_ptr_array_add(feed->placement_list, placement);
  }
  return placement;
}

void route_server_reject(RouteServer *server, const char *table, Prefix prefix,
                         const char *reason) {
  RouteRejection *rejection = arena_new0(server->topology->arena, RouteRejection);
  *rejection = (RouteRejection){prefix, reason};
  engine_record(server->topology->engine, &CLOUD_REJECTED, server->config.name, table, 0,
                rejection);
}

/* Why the table does not take what the placement should have there now, or NULL. What nothing else
 * is against asks for one of the table's places, and has its turn from then on. */
static const char *refusal(const Feed *feed, const Placement *placement) {
  const RouteServerClass *class = feed->server->class->server;
  const Prefix prefix = placement->want->prefix;
  const RoutePlan *plan = placement->plan;
  if (plan->rejected != NULL || plan->count == 0 || class->admit == NULL)
    return plan->rejected;
  const char *why = class->admit(feed->server, feed->table, prefix, plan);
  if (why != NULL)
    return why;
  route_table_ask(feed->table, prefix, class->origin);
  return route_table_has_place(feed->table, prefix, class->origin) ? NULL : class->table_full;
}

/* What the table has of the server for `prefix`. */
static RoutePlan held_by(const Feed *feed, Prefix prefix) {
  RouteView view;
  RoutePlan held = {.count = 0};
  if (route_table_find(feed->table, prefix, feed->server->class->server->origin, &view)) {
    held.count = view.hop_count;
    memcpy(held.hops, view.hops, view.hop_count * sizeof *held.hops);
  }
  return held;
}

gboolean feed_holds(const Feed *feed, Prefix prefix, const RoutePlan *plan) {
  static const RoutePlan nothing = {.count = 0};
  const RoutePlan held = held_by(feed, prefix);
  return route_plan_equal(&held, plan->rejected != NULL ? &nothing : plan);
}

static void bring_in_line(Feed *feed, Prefix prefix, const RoutePlan *plan, gboolean silent) {
  const RouteOrigin *origin = feed->server->class->server->origin;
  const RoutePlan now = held_by(feed, prefix);
  if (route_plan_equal(&now, plan))
    return;
  if (!silent)
    record_change(feed, prefix,
                  plan->count == 0 ? "remove"
                  : now.count > 0  ? "replace"
                                   : "install",
                  plan);
  if (plan->count > 0)
    route_table_put(feed->table, prefix, origin, plan->hops, plan->count);
  else
    route_table_put_aside(feed->table, prefix, origin);
}

/* The table comes in line with the placement's plan as far as the cloud lets it. */
static void settle(Feed *feed, Placement *placement, gboolean silent) {
  static const RoutePlan nothing = {.count = 0};
  RouteServer *server = feed->server;
  const Prefix prefix = placement->want->prefix;
  ENGINE_KEEP_CAUSE(server->topology->engine);
  const char *why = refusal(feed, placement);
  const RoutePlan *plan = why != NULL ? &nothing : placement->plan;
  if (why != NULL && why != placement->rejected)
    route_server_reject(server, route_table_name(feed->table), prefix, why);
  placement->rejected = why;
  placement->entry = 0;
  bring_in_line(feed, prefix, plan, silent);
  if (plan->count == 0 && (why == NULL || why != server->class->server->table_full))
    route_table_give_up(feed->table, prefix, server->class->server->origin);
}

void feed_apply(Feed *feed, Want *want, const RoutePlan *plan, guint64 sequence, gboolean silent) {
  Placement *placement = placement_for(feed, want);
  if (placement->sequence > sequence)
    return;
  placement->sequence = sequence;
  placement->plan = plan;
  placement->pushed_at = engine_now(feed->server->topology->engine);
  settle(feed, placement, silent);
}

/* ---- pushes: on their way into the tables -------------------------------------------------- */

/* Does the table still wait for the push of this number? */
static gboolean awaits(const Feed *feed, const Want *want, guint entry) {
  const Placement *placement = g_hash_table_lookup(feed->placements, want);
  return placement != NULL && placement->entry == entry;
}

void route_server_push_due(gpointer data, gpointer item) {
  const RouteServerUnit *unit = data;
  const Push *push = item;
  for (guint i = 0; i < unit->server->feeds->len; i++) {
    Feed *feed = unit->server->feeds->pdata[i];
    if (feed->unit != unit || (push->only != NULL && push->only != feed) ||
        (push->entry > 0 && !awaits(feed, push->want, push->entry)))
      continue;
    feed_apply(feed, push->want, &push->plan, push->sequence, FALSE);
  }
}

/* Each batch has one draw: what one unit gives out at one instant travels together. */
static SimTime program_delay(RouteServerUnit *unit) {
  const SimTime now = engine_now(unit->server->topology->engine);
  if (unit->batch_at.ns != now.ns) {
    unit->batch_at = now;
    unit->batch_delay = distribution_draw(unit->server->times.program, &unit->program_stream);
  }
  return unit->batch_delay;
}

void route_server_push(RouteServerUnit *unit, Want *want, Feed *only, guint entry) {
  RouteServer *server = unit->server;
  const SimTime due = sim_time_add(engine_now(server->topology->engine), program_delay(unit));
  const Distribution *jitter = server->times.table_jitter;
  const gboolean each =
      jitter != NULL && (jitter->kind != DISTRIBUTION_CONSTANT || jitter->a.ns > 0);
  for (guint i = 0; i < (each && only == NULL ? server->feeds->len : 1); i++) {
    Push *item = arena_new0(server->topology->arena, Push);
    *item = (Push){want, want->given, want->sequence, only, entry};
    if (each && only == NULL)
      item->only = server->feeds->pdata[i];
    agenda_add(unit->pushes,
               each ? sim_time_add(due, distribution_draw(jitter, &unit->jitter_stream)) : due,
               item);
  }
}

/* ---- what enters and leaves without a word from BGP ----------------------------------- */

/* What a push of this very instant brought does not wait for another. */
static void judge_again(Feed *feed, Placement *placement) {
  const SimTime now = engine_now(feed->server->topology->engine);
  if (refusal(feed, placement) != NULL ||
      (placement->rejected != NULL && placement->pushed_at.ns == now.ns))
    settle(feed, placement, FALSE);
  else if (placement->rejected != NULL && placement->entry == 0) {
    placement->entry = ++feed->entries;
    route_server_push(feed->unit, placement->want, feed, placement->entry);
  }
}

/* A route that is not from BGP may decide about all that lie inside its prefix. */
static void judge_inside(Feed *feed, Prefix prefix) {
  for (guint i = 0; i < feed->placement_list->len; i++) {
    Placement *placement = feed->placement_list->pdata[i];
    if (placement->want->unit == feed->unit && prefix_covers(prefix, placement->want->prefix))
      judge_again(feed, placement);
  }
}

static void judge_one(Feed *feed, Prefix prefix) {
  Want *want = feed->unit != NULL ? trie_get(feed->unit->wants, prefix) : NULL;
  Placement *placement = want != NULL ? g_hash_table_lookup(feed->placements, want) : NULL;
  if (placement != NULL)
    judge_again(feed, placement);
}

/* A route that was kept out enters when what kept it out goes, a static one for example.
 * What the server writes itself was judged before it was written. */
void feed_look_again(gpointer data, Prefix prefix, const RouteOrigin *origin) {
  Feed *feed = data;
  if (!origin->dynamic)
    judge_inside(feed, prefix);
  else if (origin != feed->server->class->server->origin)
    judge_one(feed, prefix);
}

void feed_look_for_place(gpointer data, RouteTable *table, Prefix prefix,
                         const RouteOrigin *counted) {
  Feed *feed = data;
  (void)table;
  if (counted == feed->server->class->server->origin)
    judge_one(feed, prefix);
}

/* ---- the database of routes, as the cloud's own tools list it ------------------------- */

typedef struct {
  const RouteServer *server;
  RouteServerUnit *unit;
  RouteInstallationVisit visit;
  gpointer data;
} DatabaseVisit;

static const RoutePlan *fib_of(const RouteServerUnit *unit, const Want *want) {
  return unit->frozen ? &want->given : &want->wanted;
}

/* There is one call for each table; FALSE: there is none. */
static gboolean visit_tables(const DatabaseVisit *visit, RouteInstallation *installation,
                             Want *want) {
  const RouteServer *server = visit->server;
  gboolean any = FALSE;
  for (guint i = 0; i < server->feeds->len; i++) {
    const Feed *feed = server->feeds->pdata[i];
    if (feed->unit != visit->unit)
      continue;
    const Placement *placement = g_hash_table_lookup(feed->placements, want);
    installation->table = route_table_name(feed->table);
    const RoutePlan held = held_by(feed, want->prefix);
    const RoutePlan *fib = fib_of(visit->unit, want);
    installation->installed = held.count > 0 && route_plan_equal(&held, fib);
    installation->reason = fib->rejected != NULL ? fib->rejected
                           : placement != NULL   ? placement->rejected
                                                 : NULL;
    visit->visit(installation, visit->data);
    any = TRUE;
  }
  return any;
}

static gboolean is_selected(const BgpEntry *entry, const BgpCandidate *candidate) {
  for (guint i = 0; i < entry->selected_count; i++)
    if (entry->selected[i]->source == candidate->source)
      return TRUE;
  return FALSE;
}

static gboolean plan_leads_to(const RoutePlan *plan, IpAddress next_hop) {
  for (guint i = 0; i < plan->count; i++)
    if (ip_address_equal(plan->hops[i].address, next_hop))
      return TRUE;
  return FALSE;
}

/* NULL: nobody announces it. */
static const BgpCandidate *first_to(const BgpEntry *entry, IpAddress next_hop) {
  for (guint i = 0; i < entry->candidates->len; i++) {
    const BgpCandidate *candidate = entry->candidates->pdata[i];
    if (candidate->source != NULL && ip_address_equal(candidate->attributes->next_hop, next_hop))
      return candidate;
  }
  return NULL;
}

/* What a frozen FIB holds on to, although nobody announces it any longer. */
static void visit_kept(const DatabaseVisit *visit, const BgpEntry *entry, Want *want) {
  for (guint i = 0; i < want->given.count; i++) {
    const BgpAttributes bare = {.next_hop = want->given.hops[i].address};
    RouteInstallation installation = {
        .unit = visit->unit, .prefix = want->prefix, .attributes = &bare, .in_fib = TRUE};
    if (first_to(entry, bare.next_hop) == NULL && !visit_tables(visit, &installation, want))
      visit->visit(&installation, visit->data);
  }
}

static void visit_entry(const BgpEntry *entry, gpointer data) {
  const DatabaseVisit *visit = data;
  const RouteServerLimits *limits = &visit->server->limits;
  Want *want = trie_get(visit->unit->wants, entry->prefix);
  const gboolean waits = g_ptr_array_find(visit->unit->beyond, want, NULL);
  const gboolean follows =
      want == NULL || route_plan_equal(fib_of(visit->unit, want), &want->wanted);
  if (!follows)
    visit_kept(visit, entry, want);
  for (guint i = 0; i < entry->candidates->len; i++) {
    const BgpCandidate *candidate = entry->candidates->pdata[i];
    const gboolean selected = is_selected(entry, candidate), chosen = selected && !waits;
    const IpAddress next_hop = candidate->attributes->next_hop;
    const gboolean in_fib =
        follows ? chosen
                : plan_leads_to(&want->given, next_hop) && first_to(entry, next_hop) == candidate;
    RouteInstallation installation = {.unit = visit->unit,
                                      .prefix = entry->prefix,
                                      .attributes = candidate->attributes,
                                      .source = candidate->source,
                                      .in_fib = in_fib,
                                      .passed_over = chosen && !in_fib,
                                      .reason = candidate->excess   ? limits->peer_reason
                                                : selected && waits ? limits->fib_reason
                                                                    : NULL};
    if (candidate->source == NULL)
      continue; /* the route server's own: no entry of the database */
    if (!installation.in_fib || want == NULL || !visit_tables(visit, &installation, want))
      visit->visit(&installation, visit->data);
  }
}

void route_server_foreach_installation(const RouteServer *server, RouteInstallationVisit visit,
                                       gpointer data) {
  for (guint i = 0; i < server->units->len; i++) {
    DatabaseVisit all = {server, server->units->pdata[i], visit, data};
    bgp_foreach(all.unit->speaker, visit_entry, &all);
  }
}
