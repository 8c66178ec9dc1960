/* What sites announce: the language, and what it means for each of their links. */
#include <string.h>

#include "scenario_private.h"

#define OFFSET(field) G_STRUCT_OFFSET(ScenarioSiteAnnouncement, field)
static const KeySpec announcement_specs[] = {
    {"prefix", KEY_PREFIX, KEY_ONE, OFFSET(prefix), KEY_REQUIRED, NULL, BASIS_NONE, "AZ-8.19",
     "prefix to announce: also a default route or a summary of what lies elsewhere", 0},
    {"count", KEY_COUNT, KEY_ONE, OFFSET(count), 0, "1", BASIS_NONE, NULL,
     "so many consecutive prefixes of the same length, from `prefix` on", .least = 1,
     .most = 100000},
    {"prepend", KEY_COUNT, KEY_ONE, OFFSET(prepend), 0, "0", BASIS_NONE, "RFC 4271 5.1.2",
     "how often the site's AS number is added to the AS path", .least = 0, .most = 20},
    {"med", KEY_COUNT, KEY_ONE, OFFSET(med), 0, "-1", BASIS_NONE, "RFC 4271 5.1.4",
     "MULTI_EXIT_DISC; -1: none", .least = -1, .most = G_MAXUINT32},
    {"community", KEY_NAME, KEY_LIST, OFFSET(communities), 0, NULL, BASIS_NONE, "RFC 1997",
     "communities: no-advertise, no-export, or AS:VALUE", 0},
};
const KeyTable scenario_site_announcement_keys =
    KEY_TABLE("sites.*.advertise", ScenarioSiteAnnouncement, announcement_specs);

gboolean scenario_says_advertise(const BlockHead *head) {
  return head->node != NULL && node_get(head->node, "advertise") != NULL;
}

static void add_list(GArray *told, const GPtrArray *announcements) {
  for (guint i = 0; i < announcements->len; i++) {
    const ScenarioSiteAnnouncement *how = announcements->pdata[i];
    for (gint64 j = 0; j < how->count; j++) {
      ScenarioTold one = {.how = how};
      if (prefix_following(how->prefix.value, (guint64)j, &one.prefix))
        g_array_append_val(told, one);
    }
  }
}

GArray *scenario_site_told(const ScenarioBody *body, const ScenarioSite *site, const char *link) {
  GArray *told = g_array_new(FALSE, FALSE, sizeof(ScenarioTold));
  const ScenarioSiteLink *said = link != NULL ? scenario_site_link(body, site, link) : NULL;
  if (said != NULL && scenario_says_advertise(&said->head))
    add_list(told, said->advertise);
  else if (scenario_says_advertise(&site->head))
    add_list(told, site->advertise);
  else
    for (guint i = 0; i < site->prefixes->len; i++) {
      const ScenarioTold one = {((const PrefixValue *)site->prefixes->pdata[i])->value, NULL};
      g_array_append_val(told, one);
    }
  return told;
}
