/* What sites announce: the language, and what it means for each of their links. */
#include <string.h>

#include "language_private.h"

#define OFFSET(field) G_STRUCT_OFFSET(DesignSiteAnnouncement, field)
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
    KEY_TABLE("sites.*.advertise", DesignSiteAnnouncement, announcement_specs);
