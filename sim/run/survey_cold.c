/* Proof that a failure changes nothing for any flow. See survey.h.
 *
 * Who fails can matter in four ways: traffic meets it, or would if it were another (it was asked by
 * some walk); it has state of sessions, also of such as do not pass just now; somebody watches it
 * (health checks, clusters, gateways and route servers do); or somebody uses a route that came over
 * a session of it. What has none of these is cold. Whatever holds places or readiness of others
 * (parts of route servers and gateways, edges of circuits, hosts, members of balancers) is never
 * taken for cold, and nothing is in a design whose appliances look at others at times of their own.
 */
#include "survey_private.h"

/* Appliances that check others, and scripts that ask the API, look when their time comes. */
static gboolean looks_by_itself(const Design *design) {
  gboolean looks = design->failover != FAILOVER_ROUTE_SERVER;
  for (guint i = 0; i < design->nvas->len; i++)
    looks |= ((const DesignNva *)design->nvas->pdata[i])->health != NULL;
  return looks;
}

static gboolean is_link(const World *world, const FaultVictim *victim) {
  for (guint i = 0; i < world->sites->len; i++) {
    const WorldSite *site = world->sites->pdata[i];
    if (g_ptr_array_find(site->links, victim->node, NULL))
      return TRUE;
  }
  return FALSE;
}

/* An appliance, a site's router or a link: what fails for itself alone. */
static gboolean is_simple(const World *world, const FaultVictim *victim) {
  gboolean simple = is_link(world, victim);
  for (guint i = 0; i < world->nvas->len; i++)
    simple |= ((const WorldNva *)world->nvas->pdata[i])->victim == victim;
  for (guint i = 0; i < world->sites->len; i++)
    simple |= ((const WorldSite *)world->sites->pdata[i])->victim == victim;
  return simple && victim->node != NULL && victim->subnets->len == 0;
}

/* The fabric itself watches every element and link, and walks them anew. */
static gboolean is_watched(const FaultVictim *victim) {
  return net_node_watch_count(victim->node) > 1 || victim->stops_changed != NULL;
}

/* What lives on at either end of a session must use nothing that came over it. */
static gboolean carries_routes(const WorldSession *session, const FaultVictim *victim) {
  for (guint side = 0; session->bgp != NULL && side < 2; side++) {
    const BgpPeer *peer = bgp_session_peer(session->bgp, side);
    if (path_node(session->path, side) != victim->node &&
        bgp_speaker_uses(bgp_peer_speaker(peer), peer))
      return TRUE;
  }
  return FALSE;
}

static gboolean has_used_routes(const World *world, const FaultVictim *victim) {
  for (guint i = 0; i < world->sessions->len; i++) {
    const WorldSession *session = world->sessions->pdata[i];
    if (path_touches(session->path, victim->node) && carries_routes(session, victim))
      return TRUE;
  }
  return FALSE;
}

static gboolean is_cold(const World *world, const FaultVictim *victim) {
  return is_simple(world, victim) && !is_watched(victim) && !net_node_was_asked(victim->node) &&
         !traffic_has_state_at(world->traffic, victim->node) && !has_used_routes(world, victim);
}

void survey_ask(SurveyWorld *survey) {
  for (guint i = 0; i < survey->world->victims->len; i++) {
    const FaultVictim *victim = survey->world->victims->pdata[i];
    if (victim->node != NULL)
      net_node_forget_asked(victim->node);
  }
  traffic_walk(survey->world->traffic);
}

gboolean survey_is_cold(const SurveyWorld *survey, guint number) {
  const WorldEvent *failure = survey->failures->pdata[number];
  gboolean cold = !looks_by_itself(survey->world->design) && failure->victims->len > 0;
  for (guint i = 0; cold && i < failure->victims->len; i++)
    cold = is_cold(survey->world, failure->victims->pdata[i]);
  return cold;
}
