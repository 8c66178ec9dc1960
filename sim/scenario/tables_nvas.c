/* Key tables of appliances and of what they announce. */
#include <string.h>

#include "scenario_private.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)

/* ---- appliances, sites, routes --------------------------------------------------------------- */

static void read_kind(KeyReader *reader, const Node *node, gpointer field) {
  const char *names[16] = {NULL};
  const KeySpec choice = {.name = "kind", .type = KEY_CHOICE, .choices = names};
  for (guint i = 0; i < nva_class_count(); i++)
    names[i] = nva_class_at(i)->name;
  if (node != NULL)
    keys_read_value(reader, &choice, node, field);
}

static const KeySpec announcement_specs[] = {
    {"prefix", KEY_PREFIX, KEY_ONE, OFFSET(ScenarioAnnouncement, prefix), 0, NULL, BASIS_NONE, NULL,
     "prefix to announce", 0},
    {"count", KEY_COUNT, KEY_ONE, OFFSET(ScenarioAnnouncement, count), 0, "1", BASIS_NONE, NULL,
     "so many consecutive prefixes of the same length, from `prefix` on", .least = 1,
     .most = 100000},
    {"site", KEY_NAME, KEY_ONE, OFFSET(ScenarioAnnouncement, site), 0, NULL, BASIS_NONE, NULL,
     "in place of `prefix`: the prefixes of this site, while the link to it is up", 0},
    {"prepend", KEY_COUNT, KEY_ONE, OFFSET(ScenarioAnnouncement, prepend), 0, "0", BASIS_NONE,
     "RFC 4271 5.1.2", "how often its own AS number is added to the AS path", .least = 0,
     .most = 20},
    {"med", KEY_COUNT, KEY_ONE, OFFSET(ScenarioAnnouncement, med), 0, "-1", BASIS_NONE,
     "RFC 4271 5.1.4", "MULTI_EXIT_DISC; -1: none", .least = -1, .most = G_MAXUINT32},
    {"community", KEY_NAME, KEY_LIST, OFFSET(ScenarioAnnouncement, communities), 0, NULL,
     BASIS_NONE, "RFC 1997", "communities: no-advertise, no-export, or AS:VALUE", 0},
    {"next_hop", KEY_NAME, KEY_ONE, OFFSET(ScenarioAnnouncement, next_hop), 0, NULL, BASIS_NONE,
     "AZ-5.13", "an address or another appliance, in place of itself", 0},
};
const KeyTable scenario_announcement_keys =
    KEY_TABLE("nvas.*.advertise", ScenarioAnnouncement, announcement_specs);

static const KeySpec nva_specs[] = {
    {"kind", KEY_CUSTOM, KEY_ONE, OFFSET(ScenarioNva, kind), 0, "router", BASIS_NONE, NULL,
     "router, firewall (stateful), sd-wan", .read = read_kind},
    {"subnet", KEY_NAME, KEY_ONE, OFFSET(ScenarioNva, subnet), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "subnet of its interface", 0},
    {"address", KEY_ADDRESS, KEY_ONE, OFFSET(ScenarioNva, address), 0, NULL, BASIS_NONE, NULL,
     "address of its interface; by default the fourth of the subnet, then on by name", 0},
    {"asn", KEY_COUNT, KEY_ONE, OFFSET(ScenarioNva, asn), KEY_REQUIRED, NULL, BASIS_NONE,
     "RFC 6793", "its AS number", .least = 1, .most = 4294967294},
    {"zone", KEY_NAME, KEY_ONE, OFFSET(ScenarioNva, zone), 0, NULL, BASIS_NONE, NULL,
     "availability zone; by default its subnet's", 0},
    {"peers", KEY_CUSTOM, KEY_ONE, OFFSET(ScenarioNva, peers), 0, NULL, BASIS_NONE, NULL,
     "route servers that it peers with", .read = scenario_read_peers},
    {"advertise", KEY_BLOCK, KEY_LIST, OFFSET(ScenarioNva, advertise), 0, NULL, BASIS_NONE, NULL,
     "what it announces", .table = &scenario_announcement_keys},
    {"establish", KEY_DURATION, KEY_ONE, OFFSET(ScenarioNva, establish), 0, "uniform 1s 3s",
     BASIS_ASSUMED, "AWS-2.9, AZ-2.17",
     "from ready (or a failed session) to the next attempt to connect", 0},
    {"connect_retry", KEY_DURATION, KEY_ONE, OFFSET(ScenarioNva, connect_retry), 0, "120s",
     BASIS_DOCUMENTED, "RFC 4271 10", "ConnectRetryTimer, with jitter 0.75 to 1", 0},
    {"boot", KEY_DURATION, KEY_ONE, OFFSET(ScenarioNva, boot), 0, "180s", BASIS_MEASURED,
     "AWS-12.7", "from power back to a running BGP process", 0},
};
const KeyTable scenario_nva_keys = KEY_TABLE("nvas.*", ScenarioNva, nva_specs);
