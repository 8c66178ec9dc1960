/* Checks of what belongs to appliances alone: their kind's keys, health, legs, and sessions with
 * each other. */
#include <string.h>

#include "check_private.h"

/* What belongs to appliances alone (nvas.c). */
static void check_announcement_of(DesignCheck *check, const DesignNva *nva,
                                  const DesignAnnouncement *announcement) {
  if (nva == NULL)
    return;
  const NvaClass *class = nva->kind;
  if (announcement->vip.given && class->virtual_address == NULL && keys_sound(&nva->head, "kind"))
    tell_error(check, announcement->head.mark, "a %s has no virtual address: announce a `prefix`",
               class->name);
  if (design_is_conditional(announcement) && nva->health == NULL &&
      keys_sound(&nva->head, "health") && keys_sound(&nva->head, "kind"))
    tell_error(check, announcement->head.mark,
               "'%s' checks nothing: an announcement `when: healthy` needs `health:`",
               nva->head.name);
}

/* ---- peers -------------------------------------------------------------------------------- */

static void check_only_for(DesignCheck *check, const DesignPeer *peer, const char *key,
                           const char *what) {
  const Node *value = node_get(peer->head.node, key);
  if (value != NULL)
    tell_error(check, value->mark, "'%s' has no meaning for a session with %s", key, what);
}

static void check_same_asn(DesignCheck *check, const DesignNva *nva, const DesignPeer *peer,
                           const DesignNva *other) {
  if (peer->asn != 0 && peer->asn != other->asn && keys_sound(&other->head, "asn"))
    tell_error(check, peer->head.mark,
               "'%s' has AS number %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, other->head.name,
               other->asn, peer->asn);
  if (other == nva)
    tell_error(check, peer->head.mark, "an appliance cannot peer with itself");
}

void check_nva_peer(DesignCheck *check, const DesignNva *nva, const DesignPeer *peer,
                    const DesignRouteServer *server) {
  const DesignNva *other = design_find(check->design->nvas, peer->head.name);
  if (server != NULL) {
    check_only_for(check, peer, "tunnel", "a route server");
    return;
  }
  if (other == NULL) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const NameRef name = {peer->head.name, peer->head.mark};
    tell_add_names(check, names, check->design->route_servers);
    tell_add_names(check, names, check->design->nvas);
    tell_unknown(check, "route server or appliance", &name, names);
    return;
  }
  for (guint c = 0; c < cloud_count(); c++)
    check_only_for(check, peer, cloud_at(c)->name, "another appliance");
  check_same_asn(check, nva, peer, other);
  if (peer->bfd != NULL) {
    const DesignPeer *back = design_find(other->peers, nva->head.name);
    if (back != NULL && back->bfd == NULL)
      diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, peer->bfd->head.mark,
                      "'%s' has no `bfd` for this session: both ends have to speak it (RFC 5882 "
                      "4.1)",
                      other->head.name);
  }
}

/* ---- the rest ------------------------------------------------------------------------------ */

static void check_legs(DesignCheck *check, const DesignInterfaces *legs) {
  const DesignNetwork *in = NULL, *out = NULL;
  if (design_find_subnet(check->design, legs->in.text, &in) == NULL)
    return; /* told as the subnet */
  if (tell_need_subnet(check, &legs->out, &out) != NULL &&
      strcmp(legs->in.text, legs->out.text) == 0)
    tell_error(check, legs->out.mark, "both legs stand in subnet '%s'", legs->in.text);
}

static void check_health(DesignCheck *check, const DesignNva *nva) {
  const NameRef *target = &nva->health->target;
  const NvaClass *class = nva->kind;
  IpAddress address;
  if (check_least_of(&nva->health->check).ns <= 0)
    tell_error(check, nva->health->check.mark, "the interval of a check is more than 0");
  if (nva->health->poll.given && check_least_of(&nva->health->poll).ns <= 0)
    tell_error(check, nva->health->poll.mark, "the interval of a poll is more than 0");
  if (target->text == NULL)
    return;
  if (!keys_sound(&nva->head, "kind"))
    return;
  if (class->checks_parts) {
    tell_error(check, target->mark, "a %s checks what stands behind it: `target` has no meaning",
               class->name);
    return;
  }
  if (check_word(check, target,
                 design_find(check->design->sites, target->text) != NULL ||
                     design_find(check->design->nvas, target->text) != NULL) ||
      ip_address_parse(target->text, &address) ||
      design_find(check->design->sites, target->text) != NULL ||
      strcmp(target->text, nva->head.name) == 0)
    return;
  if (design_find(check->design->nvas, target->text) == NULL) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    tell_add_names(check, names, check->design->nvas);
    tell_add_names(check, names, check->design->sites);
    g_ptr_array_add(names, (gpointer)design_check_words[DESIGN_CHECKS_DATA_PLANE - 1]);
    tell_unknown(check, "target", target, names);
  }
}

/* A list of its own needs a session that it goes over. */
static void check_told_site(DesignCheck *check, const DesignNva *nva, const DesignNvaSite *told) {
  const NameRef name = {told->head.name, told->head.mark};
  const DesignSite *site = tell_need(check, "site", &name, check->design->sites);
  check_announcements(check, nva, told->advertise);
  if (site != NULL && (!design_site_has_router(check->design, site) ||
                       !design_names_hold(site->via.names, nva->head.name)))
    tell_error(check, told->head.mark,
               "nothing is told to '%s' by '%s': that needs a session with a router of the site, "
               "which a mapping in its `via` gives",
               told->head.name, nva->head.name);
}

static void check_state_sync(DesignCheck *check, const DesignNva *nva) {
  const char *name = nva->state_sync.text;
  for (guint i = 0; i < check->design->nvas->len; i++) {
    const DesignNva *other = check->design->nvas->pdata[i];
    if (other != nva &&
        (strcmp(other->head.name, name) == 0 || g_strcmp0(other->state_sync.text, name) == 0))
      return;
  }
  diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, nva->state_sync.mark,
                  "nobody else is called '%s' or synchronises under that name: '%s' holds its "
                  "sessions alone",
                  name, nva->head.name);
}

static gboolean is_first_of_cluster(const Design *design, const DesignNva *nva) {
  for (guint i = 0; design->nvas->pdata[i] != nva; i++) {
    const DesignNva *other = design->nvas->pdata[i];
    if (other->cluster != NULL && strcmp(other->cluster->name.text, nva->cluster->name.text) == 0)
      return FALSE;
  }
  return TRUE;
}

static void check_cluster(DesignCheck *check, const DesignNva *nva) {
  const char *name = nva->cluster->name.text;
  const DesignNva *active = NULL;
  guint count = 0;
  for (guint i = 0; i < check->design->nvas->len; i++) {
    const DesignNva *member = check->design->nvas->pdata[i];
    if (member->cluster == NULL || strcmp(member->cluster->name.text, name) != 0)
      continue;
    count++;
    if (member->cluster->state == DESIGN_CLUSTER_ACTIVE && active != NULL)
      tell_error(check, member->cluster->head.mark,
                 "'%s' is active in cluster '%s', and so is '%s': one member is", member->head.name,
                 name, active->head.name);
    if (member->cluster->state == DESIGN_CLUSTER_ACTIVE && active == NULL)
      active = member;
  }
  if (active == NULL)
    tell_error(check, nva->cluster->head.mark, "no member of cluster '%s' is active", name);
  if (count == 1)
    diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, nva->cluster->name.mark,
                    "nobody else belongs to cluster '%s': nobody takes over", name);
}

void check_nva_parts(DesignCheck *check, const DesignNva *nva) {
  const NvaClass *class = nva->kind;
  if (nva->interfaces != NULL)
    check_legs(check, nva->interfaces);
  if (nva->health != NULL)
    check_health(check, nva);
  for (guint i = 0; i < nva->sites->len; i++)
    check_told_site(check, nva, nva->sites->pdata[i]);
  if (nva->cluster != NULL && is_first_of_cluster(check->design, nva))
    check_cluster(check, nva);
  if (nva->state_sync.text != NULL)
    check_state_sync(check, nva);
  if (class->check != NULL && keys_sound(&nva->head, "kind"))
    class->check(check, nva);
}

static void check_announcement(DesignCheck *check, const DesignNva *nva,
                               const DesignAnnouncement *announcement) {
  IpAddress address;
  Prefix last;
  const gboolean has_prefix = announcement->prefix.given,
                 has_site = announcement->site.text != NULL;
  const BlockHead *head = &announcement->head;
  const gboolean what_known =
      keys_sound(head, "prefix") && keys_sound(head, "site") && keys_sound(head, "vip");
  if (what_known && has_prefix + has_site + announcement->vip.given != 1)
    tell_error(check, announcement->head.mark,
               "an announcement has one of `prefix`, `site` and `vip`");
  check_announcement_of(check, nva, announcement);
  if (has_site && announcement->count > 1)
    tell_error(check, announcement->head.mark, "`count` goes with `prefix`, not with `site`");
  if (has_prefix &&
      !prefix_following(announcement->prefix.value, (guint64)announcement->count - 1, &last))
    tell_error(check, announcement->prefix.mark,
               "there are no %" G_GINT64_FORMAT " prefixes of this length from here on",
               announcement->count);
  if (has_site)
    tell_need(check, "site", &announcement->site, check->design->sites);
  if (announcement->next_hop.text != NULL &&
      !ip_address_parse(announcement->next_hop.text, &address) &&
      design_find(check->design->load_balancers, announcement->next_hop.text) == NULL)
    tell_need(check, "appliance or load balancer", &announcement->next_hop, check->design->nvas);
  for (guint i = 0; i < announcement->communities->len; i++) {
    const NameRef *name = announcement->communities->pdata[i];
    guint32 ignored;
    if (!bgp_community_parse(name->text, &ignored))
      tell_error(check, name->mark,
                 "a community is no-advertise, no-export, no-export-subconfed, or two numbers "
                 "as in 65010:1");
  }
}

/* TRUE where both have one length and their ranges meet. */
static gboolean announces_same(const DesignAnnouncement *a, const DesignAnnouncement *b) {
  Prefix last_of_a, last_of_b;
  return a->prefix.given && b->prefix.given && a->prefix.value.length == b->prefix.value.length &&
         prefix_following(a->prefix.value, (guint64)a->count - 1, &last_of_a) &&
         prefix_following(b->prefix.value, (guint64)b->count - 1, &last_of_b) &&
         prefix_compare(a->prefix.value, last_of_b) <= 0 &&
         prefix_compare(b->prefix.value, last_of_a) <= 0;
}

void check_announcements(DesignCheck *check, const DesignNva *nva, const GPtrArray *announcements) {
  for (guint i = 0; i < announcements->len; i++) {
    const DesignAnnouncement *announcement = announcements->pdata[i];
    check_announcement(check, nva, announcement);
    for (guint j = 0; j < i; j++) {
      const DesignAnnouncement *other = announcements->pdata[j];
      if (announces_same(announcement, other))
        tell_error(check, announcement->prefix.mark, "the prefix is announced twice");
    }
  }
}
