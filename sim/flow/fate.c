/* What becomes of a flow: both walks, and whether a new session would pass. */
#include <string.h>

#include "traffic_private.h"

static const char *traffic_label(Traffic *traffic, const char *text) {
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
  return subnet_host_address(end->subnet);
}

/* Does it change the source of what goes this way, or, come in by its public address, the
 * destination? */
static gboolean translates(const Passage *passage, const Element *element) {
  for (guint i = 0; i < passage->via_count; i++)
    if (passage->via[i] == element && passage->translated[i])
      return TRUE;
  return passage->entered_by == element;
}

/* Those on the way of `passage` that hold the state of a session whose first packets went
 * `forward`: a translation is a state too. */
static guint stateful_on(const Passage *passage, const Passage *forward, const Element **out) {
  guint count = 0;
  for (guint i = 0; i < passage->via_count; i++)
    if (element_is_stateful(passage->via[i]) || translates(forward, passage->via[i]))
      out[count++] = passage->via[i];
  return count;
}

/* The first of `a` that shares its sessions with none of `b`; NULL: each does with one. */
static const Element *stranger(const Element *const *a, guint a_count, const Element *const *b,
                               guint b_count) {
  for (guint i = 0; i < a_count; i++) {
    gboolean found = FALSE;
    for (guint j = 0; j < b_count; j++)
      found |= element_shares_state(a[i], b[j]);
    if (!found)
      return a[i];
  }
  return NULL;
}

/* Whom the packets go round by, as "fw-a > fw-b > fw-a". */
static const char *loop_of(Traffic *traffic, const Passage *passage) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < passage->via_count; i++)
    if (text->len > 0 || passage->via[i] == passage->where.thing)
      g_string_append_printf(text, "%s > ", element_name(passage->via[i]));
  g_string_append(text, passage->where.name);
  return traffic_label(traffic, text->str);
}

/* The firewall that drops what belongs to no session it knows: on the way back, or where that
 * leaves out one that it should meet, that one. NULL: all meet the same. */
static const Element *missed(const Element *const *there, guint there_count,
                             const Element *const *back, guint back_count) {
  const Element *element = stranger(back, back_count, there, there_count);
  return element != NULL ? element : stranger(there, there_count, back, back_count);
}

/* One leg of a session: `from` sends to `to`. */
typedef struct {
  Traffic *traffic;
  const TrafficEnd *from, *to;
  const RouteTable *table; /* that hosts at `from` follow */
  const Passage *towards;  /* the other leg, where that was walked before; else undelivered */
  Packet packet;
} Leg;

/* Nothing is walked: it ends, or does not, as the other leg did. */
static void end_as_other(const Leg *leg, Passage *passage, DropReason reason, DropPlace where) {
  *passage = (Passage){.delivered = reason == DROP_NONE,
                       .reason = reason,
                       .where = where,
                       .to = leg->packet.to,
                       .failed = leg->towards->failed,
                       .changed_by = leg->towards->changed_by,
                       .chosen_by = leg->towards->chosen_by,
                       .met_last = leg->towards->met_last};
}

/* The Internet opens a session, and no address of whom it would come in by is its own: a line of a
 * site takes out what leaves, and nothing in. */
static gboolean is_uninvited(const Leg *leg) {
  const Passage *towards = leg->towards;
  return site_is_internet(leg->from->site) && !leg->packet.answers &&
         !element_lets_in(towards->via[towards->via_count - 1]);
}

/* The packet leaves over the site's own line to the Internet, as the router of a site that has one
 * sends by it. */
static void walk_out(const Leg *leg, Passage *passage) {
  *passage = (Passage){.delivered = TRUE, .to = leg->packet.to};
}

/* A site without routers of its own answers over the element that it was reached by
 * (and sends over the one that it would be reached by). The Internet, reached over the
 * cloud's own way out, answers by it; it opens sessions by the gateway of the network that has the
 * address, whoever stands there and whatever way leads back, and knows no other way in by itself.
 */
static void walk_from_site(const Leg *leg, Passage *passage) {
  const Passage *towards = leg->towards;
  const Fabric *fabric = leg->traffic->fabric;
  const Site *site = leg->from->site;
  const DropPlace own = drop_at_site(site);
  const Element *gateway = site_is_internet(site) && !leg->packet.answers
                               ? fabric_gateway_into(fabric, leg->packet.to)
                               : NULL;
  if (gateway != NULL)
    fabric_walk_from_site(fabric, site, gateway, &leg->packet, passage);
  else if (!towards->delivered)
    end_as_other(leg, passage, towards->reason, towards->where.name != NULL ? towards->where : own);
  else if (towards->via_count > 0 && !is_uninvited(leg))
    fabric_walk_from_site(fabric, site, towards->via[towards->via_count - 1], &leg->packet,
                          passage);
  else if (leg->packet.answers)
    end_as_other(leg, passage, DROP_NONE, (DropPlace){.kind = AT_NOTHING});
  else
    end_as_other(leg, passage, DROP_NOT_ANNOUNCED, own);
}

/* To another site, or what is no place of its own, nothing can be followed: the site sends to
 * whoever told it of a way. */
static void walk_between_sites(const Leg *leg, Passage *passage) {
  const Site *site = leg->from->site;
  RecordId changed_by = 0;
  const Element *element = site_way_to(site, leg->packet.to, &changed_by);
  if (element == NULL) {
    *passage = (Passage){.to = leg->packet.to, .changed_by = engine_cause(leg->traffic->engine)};
    passage->reason = site_why_no_way(site, leg->packet.to, &passage->where);
  } else
    fabric_walk_from_site(leg->traffic->fabric, site, element, &leg->packet, passage);
  passage->changed_by = MAX(passage->changed_by, changed_by);
  passage->chosen_by = MAX(passage->chosen_by, changed_by);
}

static const char *address_label(const Leg *leg) {
  g_autoptr(GString) text = g_string_new(NULL);
  ip_address_append(traffic_end_address(leg->from), text);
  return traffic_label(leg->traffic, text->str);
}

/* What an element itself answers (a VIP): its own routes apply. */
static void walk_from_element(const Leg *leg, Passage *passage) {
  const Passage *towards = leg->towards;
  if (!towards->delivered || towards->ended_at == NULL)
    end_as_other(leg, passage, towards->delivered ? DROP_NO_ROUTE : towards->reason,
                 towards->where.name != NULL
                     ? towards->where
                     : (DropPlace){.kind = AT_ADDRESS, .name = address_label(leg)});
  else
    fabric_walk_from_element(leg->traffic->fabric, towards->ended_at, &leg->packet, passage);
}

static void walk_leg(const Leg *leg, Passage *passage) {
  const TrafficEnd *from = leg->from;
  Fabric *fabric = leg->traffic->fabric;
  const gboolean answers = from->subnet == NULL && leg->towards->delivered &&
                           leg->towards->ended_at != NULL; /* an element does, for its address */
  if (answers || (from->site == NULL && leg->table == NULL))
    walk_from_element(leg, passage);
  else if (from->site != NULL && site_router(from->site) != NULL)
    fabric_walk_from_router(fabric, from->site, &leg->packet, passage);
  else if (leg->table != NULL)
    fabric_walk_from_subnet(fabric, from->subnet, leg->table, &leg->packet, passage);
  else if (site_goes_out(from->site, leg->packet.to))
    walk_out(leg, passage);
  else if (leg->to->subnet == NULL && !site_is_internet(from->site) &&
           !(leg->to->site == NULL && leg->towards->delivered))
    walk_between_sites(leg, passage);
  else
    walk_from_site(leg, passage);
}

/* The direction that is walked first: one that starts in the cloud, or at a site's router, knows
 * its own way; the other one may follow it. */
static guint first_of(const TrafficEnd *from, const TrafficEnd *to, const RouteTable *from_table) {
  if (from_table != NULL || from->site == NULL || site_router(from->site) != NULL)
    return 0;
  return to->subnet != NULL || (site_is_internet(from->site) && to->site != NULL) ? 1 : 0;
}

static gboolean is_translated(const Passage *passage) {
  for (guint i = 0; passage->delivered && i < passage->via_count; i++)
    if (passage->translated[i])
      return TRUE;
  return FALSE;
}

/* `next` begins where `passage` ended. */
static void go_on(Passage *passage, const Passage *next) {
  guint from = passage->via_count > 0 && next->via_count > 0 &&
               passage->via[passage->via_count - 1] == next->via[0];
  const guint before = passage->via_count - from;
  passage->delivered = next->delivered;
  passage->reason = next->reason;
  passage->where = next->where;
  passage->split = next->split;
  passage->split_pin = next->split_pin;
  passage->ended_at = next->ended_at;
  passage->to = next->to;
  passage->network = next->network;
  for (guint i = 0; i < next->look_up_count; i++) {
    PassageLookUp look_up = next->look_ups[i];
    look_up.passed += before;
    if (passage->look_up_count < PASSAGE_MOST_LOOK_UPS)
      passage->look_ups[passage->look_up_count++] = look_up;
  }
  passage->changed_by = MAX(passage->changed_by, next->changed_by);
  passage->chosen_by = MAX(passage->chosen_by, next->chosen_by);
  passage->met_last = next->met_last;
  passage->failed = next->failed;
  for (guint i = 0; i < next->pin_count && passage->pin_count < PASSAGE_MOST_ELEMENTS; i++)
    passage->pins[passage->pin_count++] = next->pins[i];
  for (; from < next->via_count && passage->via_count < PASSAGE_MOST_ELEMENTS; from++)
    passage->via[passage->via_count++] = next->via[from];
}

/* Answers to translated packets go to the element that translated them, and on from there:
 * so they meet the elements that the session passed. Facts: AZ-6.14. */
static void walk_back(const Leg *leg, Passage *passage) {
  const Passage *towards = leg->towards;
  Fabric *fabric = leg->traffic->fabric;
  gboolean begun = FALSE;
  for (guint i = towards->via_count; i-- > 0;) {
    const Element *element = towards->via[i];
    if (!towards->translated[i])
      continue;
    const TrafficEnd stop = {.address = element_nat_address(element)};
    Leg part = *leg;
    Passage next;
    part.to = &stop;
    part.packet.to = stop.address;
    if (begun)
      fabric_walk_from_element(fabric, passage->via[passage->via_count - 1], &part.packet, &next);
    else if (part.from->site != NULL && site_router(part.from->site) == NULL)
      walk_from_site(&part, &next);
    else
      walk_leg(&part, &next);
    if (begun)
      go_on(passage, &next);
    else
      *passage = next;
    begun = TRUE;
    if (!passage->delivered)
      return;
  }
  Passage last;
  fabric_walk_from_element(fabric, passage->via[passage->via_count - 1], &leg->packet, &last);
  go_on(passage, &last);
}

/* ---- what is translated needs no way back ----------------------------------------------- */

/* Both legs of a session while they are walked. */
typedef struct {
  Traffic *traffic;
  const TrafficEnd *ends[FLOW_DIRECTIONS];
  const RouteTable *tables[FLOW_DIRECTIONS];
  const HashClass *hash; /* by direction */
  guint first;           /* the leg that is walked first */
  guint pinned_by;       /* whose hash it is that pins a flow, in both directions */
  Passage *legs;
} Session;

/* `hashed`: the direction whose hash chooses. `towards`: the other leg; NULL: not walked yet. */
static Leg leg_of(const Session *session, guint leg, guint hashed, const Passage *towards) {
  static const Passage unknown = {.reason = DROP_NOT_ANNOUNCED};
  const TrafficEnd *from = session->ends[leg], *to = session->ends[!leg];
  HashClass both = session->hash[hashed];
  both.pin_residue = session->hash[session->pinned_by].residue;
  both.pin_modulus = session->hash[session->pinned_by].modulus;
  both.other = towards;
  return (Leg){session->traffic,
               from,
               to,
               session->tables[leg],
               towards != NULL ? towards : &unknown,
               {traffic_end_address(from), traffic_end_address(to), both, leg == 1, TRUE}};
}

/* The element that the site sends by where it is reached by nobody. */
static const Element *way_in(const Session *session, RecordId *changed_by) {
  const Site *site = session->ends[0]->site;
  const IpAddress to = traffic_end_address(session->ends[1]);
  return site_is_internet(site)  ? fabric_gateway_into(session->traffic->fabric, to)
         : session->legs[1].down ? NULL
                                 : site_way_to(site, to, changed_by);
}

/* The first leg is sent in by `element`. */
static void enter(const Session *session, const Element *element, Passage *next) {
  const Leg leg = leg_of(session, 0, 0, &session->legs[1]);
  fabric_walk_from_site(session->traffic->fabric, leg.from->site, element, &leg.packet, next);
}

/* The Internet comes in by the public address of whoever passes the session on and gets its
 * answers; of several, the first that does, or, where none does, the first that might: it passes
 * the session on, or is down. */
static gboolean enter_published(const Session *session, Passage *kept, RecordId *changed_by) {
  const Fabric *fabric = session->traffic->fabric;
  const IpAddress from = traffic_end_address(session->ends[0]);
  const Element *element;
  gboolean found = FALSE;
  for (guint i = 0; (element = fabric_next_published(fabric, from, &i)) != NULL;) {
    Passage next, answer = {.delivered = FALSE};
    enter(session, element, &next);
    if (next.delivered) {
      const Leg back = leg_of(session, 1, 1, &next);
      walk_back(&back, &answer);
    }
    *changed_by = MAX(*changed_by, MAX(next.changed_by, answer.changed_by));
    const gboolean might = next.delivered || next.down || next.split != 0;
    const gboolean passes =
        next.split != 0 || (next.delivered && (answer.delivered || answer.split != 0));
    if (passes || (might && !found))
      *kept = next;
    found |= might;
    if (passes)
      break;
  }
  return found;
}

/* Whoever translates gets the answers, so these need no way back to the site. Returns TRUE where
 * what the site sends meets such a one, or would; then that is the leg, whatever becomes of it.
 * What is out of order on the way back keeps its place: who sent over it hears of nothing else. */
static gboolean walk_masked(const Session *session) {
  Passage *passage = &session->legs[0];
  RecordId changed_by = passage->changed_by;
  const Element *element = way_in(session, &changed_by);
  Passage next = {.split = 0};
  gboolean taken = FALSE;
  const Site *site = session->ends[0]->site;
  if (element != NULL) {
    enter(session, element, &next);
    changed_by = MAX(changed_by, next.changed_by);
    taken = next.masked || next.split != 0;
  } else if (session->legs[1].down) {
    taken = FALSE;
  } else if (site_is_internet(site)) {
    taken = enter_published(session, &next, &changed_by);
  } else if (site_is_masked(site)) {
    next.to = traffic_end_address(session->ends[1]);
    next.reason = site_why_no_way(site, next.to, &next.where);
    taken = TRUE;
  }
  if (taken)
    *passage = next;
  passage->changed_by = changed_by;
  return taken;
}

/* ---- both legs ---------------------------------------------------------------------------- */

/* Does leg 1, walked first, only tell where the session comes in? The Internet opens it at any
 * appliance that its packets could leave by, and the answers choose for themselves.
 * Facts: AZ-6.14, AZ-6.26. */
static gboolean tells_the_way_in(const Session *session) {
  return session->first == 1 && site_is_internet(session->ends[0]->site);
}

/* The third step walks the first leg again, where the other one has changed its way. */
static void walk_step(const Session *session, guint step, guint leg, guint hashed) {
  Passage *legs = session->legs;
  const Leg walked = leg_of(session, leg, hashed, step > 0 ? &legs[!leg] : NULL);
  /* The first walk of this leg told the session where to come in: what changed it counts as well.
   */
  const RecordId followed = step == FLOW_DIRECTIONS ? legs[leg].changed_by : 0;
  if (step > 0 && leg == 1 && is_translated(&legs[0]))
    walk_back(&walked, &legs[1]);
  else if (step < FLOW_DIRECTIONS || (tells_the_way_in(session) && legs[0].delivered))
    walk_leg(&walked, &legs[leg]);
  legs[leg].changed_by = MAX(legs[leg].changed_by, followed);
}

guint fate_walk(Traffic *traffic, const TrafficEnd *from, const TrafficEnd *to,
                const RouteTable *from_table, const RouteTable *to_table,
                const HashClass hash[FLOW_DIRECTIONS], Passage legs[FLOW_DIRECTIONS],
                guint *direction) {
  Session session = {
      traffic, {from, to}, {from_table, to_table}, hash, first_of(from, to, from_table), 0, legs};
  const guint first = session.first;
  guint tells = first;
  session.pinned_by = tells_the_way_in(&session) ? 0 : first;
  for (guint step = 0; step < FLOW_DIRECTIONS + (first == 1); step++) {
    const guint leg = step == 1 ? !first : first;
    const guint hashed = step == 0 ? session.pinned_by : leg;
    walk_step(&session, step, leg, hashed);
    if (leg == 0 && first == 1 && !legs[0].delivered && legs[0].split == 0 && walk_masked(&session))
      tells = 0;
    if (legs[leg].split != 0) {
      *direction = legs[leg].split_pin ? session.pinned_by : hashed;
      return legs[leg].split;
    }
  }
  *direction = tells;
  return 0;
}

void fate_judge(Traffic *traffic, guint first, Passage legs[FLOW_DIRECTIONS], Fate *fate) {
  const Element *stateful[FLOW_DIRECTIONS][MOST_HOLDERS];
  guint stateful_count[FLOW_DIRECTIONS];
  for (guint leg = 0; leg < FLOW_DIRECTIONS; leg++)
    stateful_count[leg] = stateful_on(&legs[leg], &legs[0], stateful[leg]);
  fate->deliverable = legs[0].delivered && legs[1].delivered;
  fate->changed_by = MAX(legs[0].changed_by, legs[1].changed_by);
  fate->chosen_by = MAX(legs[0].chosen_by, legs[1].chosen_by);
  const Passage *broken = &legs[legs[first].delivered ? !first : first];
  const Element *asymmetric =
      missed(stateful[first], stateful_count[first], stateful[!first], stateful_count[!first]);
  fate->reason = broken->reason;
  fate->where = broken->reason == DROP_LOOP
                    ? (DropPlace){.kind = AT_LOOP, .name = loop_of(traffic, broken)}
                    : broken->where;
  fate->end_count = 0;
  for (guint leg = 0; leg < FLOW_DIRECTIONS; leg++)
    if (!legs[leg].delivered)
      fate->ends[fate->end_count++] = (WayEnd){passage_ended_by(&legs[leg]), legs[leg].changed_by};
  if (fate->deliverable && asymmetric != NULL) {
    fate->deliverable = FALSE;
    fate->reason = DROP_ASYMMETRIC;
    fate->where = drop_at_element(asymmetric);
    fate->ends[fate->end_count++] = (WayEnd){0, fate->changed_by};
    legs[0].delivered = legs[1].delivered = FALSE;
    legs[0].reason = legs[1].reason = DROP_ASYMMETRIC;
  }
  for (guint leg = 0; leg < FLOW_DIRECTIONS; leg++)
    fate->ways[leg] = way_of(traffic, &legs[leg]);
  fate->holder_count = stateful_count[first];
  memcpy(fate->holders, stateful[first], stateful_count[first] * sizeof *fate->holders);
  for (guint leg = 0; leg < FLOW_DIRECTIONS; leg++)
    fate->pinned[leg] = legs[leg].pin_count > 0 ? legs[leg].pins[legs[leg].pin_count - 1]
                                                : (BalancerPin){.balancer = NULL};
}

/* ---- capacity on the way ------------------------------------------------------------------- */

/* How far from the middle of the cloud a place is: hosts of a network, what passes packets on (and
 * answers for addresses of its own), and what lies outside. */
typedef enum { PLACE_HOSTS, PLACE_ELEMENT, PLACE_OUTSIDE } Place;

static Place place_of(const TrafficEnd *end) {
  return end->site != NULL ? PLACE_OUTSIDE : end->subnet != NULL ? PLACE_HOSTS : PLACE_ELEMENT;
}

/* In which direction packets cross element `i` of their way: the places just before and behind it
 * tell what they come from and go to; where these are alike, both ends of the way do. Between ends
 * that are alike too nothing is further out, and the order of their addresses keeps one direction
 * apart from the other, for all traffic alike. */
static gboolean goes_outward(const TrafficEnd *from, const TrafficEnd *to, const FlowWay *way,
                             guint i, guint leg) {
  Place before = i == 0 ? place_of(from) : PLACE_ELEMENT;
  Place behind = i + 1 == way->count ? place_of(to) : PLACE_ELEMENT;
  if (before == behind) {
    before = place_of(from);
    behind = place_of(to);
  }
  if (before != behind)
    return before < behind;
  const int order = ip_address_compare(traffic_end_address(from), traffic_end_address(to));
  return order != 0 ? order < 0 : leg == 0;
}

guint fate_crossings(const TrafficEnd *from, const TrafficEnd *to, const Fate *fate, guint leg,
                     Crossing crossings[MOST_HOLDERS]) {
  const FlowWay *way = fate->ways[leg];
  const TrafficEnd *const ends[FLOW_DIRECTIONS] = {from, to};
  guint count = 0;
  for (guint i = 0; i < way->count; i++)
    if (element_capacity(way->elements[i]) > 0)
      crossings[count++] =
          (Crossing){way->elements[i], goes_outward(ends[leg], ends[!leg], way, i, leg)};
  return count;
}

guint fate_find(Traffic *traffic, const TrafficEnd *from, const TrafficEnd *to,
                const RouteTable *from_table, const RouteTable *to_table,
                const HashClass hash[FLOW_DIRECTIONS], Fate *fate, guint *direction) {
  Passage legs[FLOW_DIRECTIONS];
  const guint split = fate_walk(traffic, from, to, from_table, to_table, hash, legs, direction);
  if (split != 0)
    return split;
  fate_judge(traffic, *direction, legs, fate);
  for (guint leg = 0; leg < FLOW_DIRECTIONS; leg++) {
    Crossing crossings[MOST_HOLDERS];
    traffic->limited |= fate_crossings(from, to, fate, leg, crossings) > 0;
  }
  return 0;
}
