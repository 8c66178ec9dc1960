/* What sites announce: the language, and what it means for each of their links. */
#include <string.h>

#include "language_private.h"

#define OFFSET(field) G_STRUCT_OFFSET(DesignSiteAnnouncement, field)
static const KeySpec announcement_specs[] = {
    {"prefix", KEY_PREFIX, KEY_ONE, OFFSET(prefix), .flags = KEY_REQUIRED, .fact = "AZ-8.19",
     .doc = "prefix to announce: also a default route or a summary of what lies elsewhere"},
    {"count", KEY_COUNT, KEY_ONE, OFFSET(count), .fallback = "1",
     .doc = "so many consecutive prefixes of the same length, from `prefix` on", .least = 1,
     .most = 100000},
    {"prepend", KEY_COUNT, KEY_ONE, OFFSET(prepend), .fallback = "0", .fact = "RFC 4271 5.1.2",
     .doc = "how often the site's AS number is added to the AS path", .least = 0, .most = 20},
    {"med", KEY_COUNT, KEY_ONE, OFFSET(med), .fallback = "-1", .fact = "RFC 4271 5.1.4",
     .doc = "MULTI_EXIT_DISC; -1: none", .least = -1, .most = G_MAXUINT32},
    {"community", KEY_NAME, KEY_LIST, OFFSET(communities), .fact = "RFC 1997",
     .doc = "communities: no-advertise, no-export, or AS:VALUE"},
};
const KeyTable scenario_site_announcement_keys =
    KEY_TABLE("sites.*.advertise", DesignSiteAnnouncement, announcement_specs);
