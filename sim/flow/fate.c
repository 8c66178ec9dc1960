/* What becomes of a flow: both walks, and whether a new session would pass. */
#include <string.h>

#include "traffic_private.h"

const char *traffic_label(Traffic *traffic, const char *text) {
  const char *known = g_hash_table_lookup(traffic->labels, text);
  if (known == NULL) {
    known = arena_strdup(traffic->arena, text);
    g_hash_table_add(traffic->labels, (gpointer)known);
  }
  return known;
}

IpAddress traffic_end_address(const TrafficEnd *end) {
  if (end->address.family != IP_NONE)
    return end->address;
  if (end->site != NULL)
    return site_address(end->site);
  /* The fourth address is the first that both clouds hand out; which host it is does
   * not matter to any rule. */
  return ip_address_add(subnet_prefix(end->subnet).address, 4);
}

static const char *label_of(Traffic *traffic, const Passage *passage) {
  char text[200];
  gsize length = 0;
  if (!passage->delivered) {
    g_snprintf(text, sizeof text, "dropped:%s", passage->reason);
    return traffic_label(traffic, text);
  }
  if (passage->via_count == 0)
    return "direct";
  if (passage->via_count == 1)
    return element_name(passage->via[0]);
  for (guint i = 0; i < passage->via_count && length < sizeof text; i++)
    length += (gsize)g_snprintf(text + length, sizeof text - length, "%s%s", i > 0 ? "+" : "",
                                element_name(passage->via[i]));
  return traffic_label(traffic, text);
}

static guint stateful_on(const Passage *passage, const Element **out) {
  guint count = 0;
  for (guint i = 0; i < passage->via_count; i++)
    if (element_is_stateful(passage->via[i]))
      out[count++] = passage->via[i];
  return count;
}

static gboolean same_set(const Element *const *a, guint a_count, const Element *const *b,
                         guint b_count) {
  if (a_count != b_count)
    return FALSE;
  for (guint i = 0; i < a_count; i++) {
    gboolean found = FALSE;
    for (guint j = 0; j < b_count; j++)
      found |= a[i] == b[j];
    if (!found)
      return FALSE;
  }
  return TRUE;
}

/* A site without routers of its own answers over the element that it was reached by
 * (and sends over the one that it would be reached by). */
static void walk_from_site(Traffic *traffic, const Site *site, const Passage *towards,
                           IpAddress to, HashClass hash, Passage *passage) {
  if (!towards->delivered || towards->via_count == 0) {
    *passage = (Passage){.reason = towards->delivered ? "no-route" : towards->reason,
                         .changed_by = towards->changed_by};
    return;
  }
  fabric_walk_from_site(traffic->fabric, site, towards->via[towards->via_count - 1], to, hash,
                        passage);
}

/* Between two sites nothing can be followed: each sends to whoever told it of a way. */
static void walk_between_sites(Traffic *traffic, const Site *site, IpAddress to, HashClass hash,
                               Passage *passage) {
  const Element *element = site_way_to(site, to);
  if (element == NULL)
    *passage = (Passage){.reason = "not-announced", .changed_by = engine_cause(traffic->engine)};
  else
    fabric_walk_from_site(traffic->fabric, site, element, to, hash, passage);
}

/* What an element itself answers (a VIP): its own routes apply. */
static void walk_from_element(Traffic *traffic, const Passage *towards, IpAddress to,
                              HashClass hash, Passage *passage) {
  if (!towards->delivered || towards->via_count == 0) {
    *passage = (Passage){.reason = towards->delivered ? "no-route" : towards->reason,
                         .changed_by = towards->changed_by};
    return;
  }
  const Element *element = towards->via[towards->via_count - 1];
  fabric_walk_from_table(traffic->fabric, element_table(element), to, hash, passage);
  if (passage->delivered && passage->via_count == 0)
    passage->via[passage->via_count++] = element;
}

static void walk_leg(Traffic *traffic, const TrafficEnd *from, const TrafficEnd *to,
                     const RouteTable *from_table, const Passage *towards, HashClass hash,
                     Passage *passage) {
  const IpAddress address = traffic_end_address(to);
  if (from->site != NULL && site_router(from->site) != NULL)
    fabric_walk_from_router(traffic->fabric, from->site, address, hash, passage);
  else if (from_table != NULL)
    fabric_walk_from_table(traffic->fabric, from_table, address, hash, passage);
  else if (from->site != NULL && to->site != NULL)
    walk_between_sites(traffic, from->site, address, hash, passage);
  else if (from->site != NULL)
    walk_from_site(traffic, from->site, towards, address, hash, passage);
  else
    walk_from_element(traffic, towards, address, hash, passage);
}

guint fate_find(Traffic *traffic, const TrafficEnd *from, const TrafficEnd *to,
                const RouteTable *from_table, const RouteTable *to_table,
                const HashClass hash[DIRECTIONS], Fate *fate, guint *direction) {
  Passage legs[DIRECTIONS];
  const Element *stateful[DIRECTIONS][MOST_HOLDERS];
  guint stateful_count[DIRECTIONS];
  /* A leg that starts in the cloud, or at a site's router, knows its own way; the other one may
   * follow it. */
  const gboolean routed = from->site != NULL && site_router(from->site) != NULL;
  const guint first = from_table != NULL || routed ? 0 : 1;
  for (guint step = 0; step < DIRECTIONS; step++) {
    const guint leg = step == 0 ? first : !first;
    const TrafficEnd *ends[DIRECTIONS] = {from, to};
    walk_leg(traffic, ends[leg], ends[!leg], leg == 0 ? from_table : to_table, &legs[!leg],
             hash[leg], &legs[leg]);
    if (legs[leg].split != 0) {
      *direction = leg;
      return legs[leg].split;
    }
    stateful_count[leg] = stateful_on(&legs[leg], stateful[leg]);
  }
  fate->deliverable = legs[0].delivered && legs[1].delivered;
  fate->changed_by = MAX(legs[0].changed_by, legs[1].changed_by);
  fate->reason = !legs[first].delivered ? legs[first].reason : legs[!first].reason;
  if (fate->deliverable &&
      !same_set(stateful[0], stateful_count[0], stateful[1], stateful_count[1])) {
    fate->deliverable = FALSE;
    fate->reason = "asymmetric";
    legs[0].delivered = legs[1].delivered = FALSE;
    legs[0].reason = legs[1].reason = "asymmetric";
  }
  for (guint leg = 0; leg < DIRECTIONS; leg++)
    fate->via[leg] = label_of(traffic, &legs[leg]);
  fate->holder_count = stateful_count[first];
  memcpy(fate->holders, stateful[first], stateful_count[first] * sizeof *fate->holders);
  return 0;
}
