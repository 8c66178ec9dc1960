/* Checks of what sites have and what they announce. */
#include <string.h>

#include "check_private.h"

/* ---- what they have -------------------------------------------------------------------------- */

/* Ranges may nest (the longest counts), but one range cannot be in two places. A default route is
 * no place: each of several sites may have a way out. */
static void check_against_site(DesignCheck *check, const DesignSite *site,
                               const DesignSite *other) {
  for (guint i = 0; i < site->prefixes->len; i++)
    for (guint j = 0; j < other->prefixes->len; j++) {
      const PrefixValue *mine = site->prefixes->pdata[i];
      if (mine->value.length > 0 &&
          prefix_equal(mine->value, ((PrefixValue *)other->prefixes->pdata[j])->value))
        tell_error(check, mine->mark, "the prefix is that of site '%s' already", other->head.name);
    }
}

/* A range around networks is the site's but for these. Facts: AZ-8.19. */
static void check_against_networks(DesignCheck *check, const PrefixValue *prefix) {
  for (guint i = 0; i < check->design->networks->len; i++) {
    const DesignNetwork *network = check->design->networks->pdata[i];
    for (guint j = 0; j < network->prefixes->len; j++)
      if (prefix_covers(((PrefixValue *)network->prefixes->pdata[j])->value, prefix->value))
        tell_error(check, prefix->mark, "the prefix lies in one of network '%s'",
                   network->head.name);
  }
}

void check_site_ranges(DesignCheck *check, const DesignSite *site) {
  const GPtrArray *sites = check->design->sites;
  gboolean place = site->prefixes->len == 0;
  for (guint i = 0; i < sites->len && sites->pdata[i] != site; i++)
    check_against_site(check, site, sites->pdata[i]);
  for (guint i = 0; i < site->prefixes->len; i++) {
    const PrefixValue *prefix = site->prefixes->pdata[i];
    place |= prefix->value.length > 0;
    check_against_networks(check, prefix);
  }
  if (!place)
    tell_error(check, ((const PrefixValue *)site->prefixes->pdata[0])->mark,
               "a default route is no place: site '%s' has no range where its hosts are",
               site->head.name);
}

/* ---- what they announce ---------------------------------------------------------------------- */

static gboolean announce_same(const DesignSiteAnnouncement *a, const DesignSiteAnnouncement *b) {
  Prefix last_of_a, last_of_b;
  return a->prefix.value.length == b->prefix.value.length &&
         prefix_following(a->prefix.value, (guint64)a->count - 1, &last_of_a) &&
         prefix_following(b->prefix.value, (guint64)b->count - 1, &last_of_b) &&
         prefix_compare(a->prefix.value, last_of_b) <= 0 &&
         prefix_compare(b->prefix.value, last_of_a) <= 0;
}

static void check_one(DesignCheck *check, const DesignSiteAnnouncement *one, gboolean speaks_bgp) {
  Prefix last;
  if (!prefix_following(one->prefix.value, (guint64)one->count - 1, &last))
    tell_error(check, one->prefix.mark,
               "there are no %" G_GINT64_FORMAT " prefixes of this length from here on",
               one->count);
  for (guint i = 0; i < one->communities->len; i++) {
    const NameRef *name = one->communities->pdata[i];
    guint32 ignored;
    if (!bgp_community_parse(name->text, &ignored))
      tell_error(check, name->mark,
                 "a community is no-advertise, no-export, or two numbers as in 65010:1");
  }
  if (!speaks_bgp && (one->prepend > 0 || one->med >= 0 || one->communities->len > 0))
    tell_error(check, one->head.mark,
               "nothing speaks BGP here: a static prefix has no `prepend`, `med` or `community`");
}

static void check_list(DesignCheck *check, const GPtrArray *list, gboolean speaks_bgp) {
  for (guint i = 0; i < list->len; i++) {
    const DesignSiteAnnouncement *one = list->pdata[i];
    check_one(check, one, speaks_bgp);
    for (guint j = 0; j < i; j++)
      if (announce_same(one, list->pdata[j]))
        tell_error(check, one->prefix.mark, "the prefix is announced twice");
  }
}

void check_site_announcements(DesignCheck *check, const DesignSite *site) {
  check_list(check, site->advertise, design_site_has_router(check->design, site));
  for (guint i = 0; site->via.links != NULL && i < site->via.links->len; i++) {
    const DesignSiteLink *link = site->via.links->pdata[i];
    check_list(check, link->advertise, link->bgp && !link->clients);
  }
}
