/* What an appliance announces, and for how long one that failed forwards. */
#include "language_private.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)

static void read_vip(KeyReader *reader, const Node *node, gpointer field) {
  static const KeySpec choice = {
      .name = "vip", .type = KEY_CHOICE, .choices = design_announce_times};
  DesignVip *vip = field;
  vip->given = node != NULL && keys_read_value(reader, &choice, node, &vip->when);
}

static const KeySpec announcement_specs[] = {
    {"prefix", KEY_PREFIX, KEY_ONE, OFFSET(DesignAnnouncement, prefix),
     .doc = "prefix to announce"},
    {"count", KEY_COUNT, KEY_ONE, OFFSET(DesignAnnouncement, count), .fallback = "1",
     .doc = "so many consecutive prefixes of the same length, from `prefix` on", .least = 1,
     .most = 100000},
    {"site", KEY_NAME, KEY_ONE, OFFSET(DesignAnnouncement, site),
     .doc = "in place of `prefix`: the prefixes of this site, while the link to it is up"},
    {"prepend", KEY_COUNT, KEY_ONE, OFFSET(DesignAnnouncement, prepend), .fallback = "0",
     .fact = "RFC 4271 5.1.2", .doc = "how often its own AS number is added to the AS path",
     .least = 0, .most = 20},
    {"med", KEY_COUNT, KEY_ONE, OFFSET(DesignAnnouncement, med), .fallback = "-1",
     .fact = "RFC 4271 5.1.4", .doc = "MULTI_EXIT_DISC; -1: none", .least = -1,
     .most = G_MAXUINT32},
    {"community", KEY_NAME, KEY_LIST, OFFSET(DesignAnnouncement, communities), .fact = "RFC 1997",
     .doc = "communities: no-advertise, no-export, no-export-subconfed, or AS:VALUE"},
    {"next_hop", KEY_NAME, KEY_ONE, OFFSET(DesignAnnouncement, next_hop), .fact = "AZ-5.13",
     .doc = "an address or another appliance, in place of itself"},
    {"vip", KEY_CUSTOM, KEY_ONE, OFFSET(DesignAnnouncement, vip), .fact = "AZ-9.9",
     .doc = "in place of `prefix`: the appliance's virtual address; healthy, or always",
     .read = read_vip},
    {"when", KEY_CHOICE, KEY_ONE, OFFSET(DesignAnnouncement, when), .fallback = "always",
     .fact = "AZ-7.3, AWS-6.18",
     .doc = "always, or only while the health checks of the appliance say so",
     .choices = design_announce_times},
};
const KeyTable scenario_announcement_keys =
    KEY_TABLE("nvas.*.advertise", DesignAnnouncement, announcement_specs);

void scenario_read_forwards(KeyReader *reader, const char *key, const NameRef *name,
                            DesignForwards *forwards) {
  const char *why;
  if (name->text == NULL)
    return;
  forwards->given = TRUE;
  forwards->on = strcmp(name->text, "on") == 0 || strcmp(name->text, "true") == 0;
  if (forwards->on || strcmp(name->text, "off") == 0 || strcmp(name->text, "false") == 0)
    return;
  forwards->on = TRUE;
  forwards->ground = (Ground){BASIS_SET, key};
  if (!sim_time_parse(name->text, &forwards->span, &why))
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, name->mark,
                    "'%s' is on, off or a duration: %s", key, why);
}
