/* Who reaches whom: a new session, both directions. */
#include "walk.h"

gboolean oracle_holds(const char *fact) {
  const char *without = g_getenv("ORACLE_WITHOUT");
  if (without == NULL)
    return TRUE;
  g_auto(GStrv) facts = g_strsplit(without, ",", -1);
  return !g_strv_contains((const char *const *)facts, fact);
}

Oracle *oracle_new(const Design *design) {
  Oracle *oracle = g_new0(Oracle, 1);
  oracle->design = *design;
  oracle_ribs(oracle);
  if (design->cloud == DESIGN_AZURE)
    oracle_azure_tables(oracle);
  else
    oracle_aws_tables(oracle);
  return oracle;
}

#define ON_THE_INTERNET 0x08080808

static guint32 address_of(const Design *design, OraclePlace place) {
  if (place.kind == PLACE_HOSTS)
    return design_subnet(design, place.index, place.subnet).at + 100;
  if (place.kind == PLACE_INTERNET)
    return ON_THE_INTERNET;
  if (place.kind == PLACE_ADDRESS)
    return design_asked[place.index];
  const Range range = design->sites[place.index].range;
  return range.length == 32 ? range.at : range.at + 1;
}

typedef struct {
  const Oracle *oracle;
  guint bad, unsaid;
  OracleReach *reach;
} Count;

static void count_bad(Count *count, const char *why) {
  if (why == walk_unsaid)
    count->unsaid++;
  count->bad++;
  if (count->reach->why == NULL)
    count->reach->why = why;
}

/* Both directions arrived: do those in the middle know the session? What keeps state has to see
 * both (AZ-6.14), and what translated has to see the answer: so has whoever it came in by, to a
 * public address that is not the destination's (AZ-6.26). */
static void count_pair(Count *count, const Packet *there, const Ending *back) {
  if (back->why != NULL)
    count_bad(count, back->why);
  else if (there->stateful != back->packet.stateful || back->packet.translators != 0 ||
           back->packet.translated_count != 0 || (there->entered & ~back->packet.passed) != 0)
    count_bad(count, "asymmetric");
  else if (count->reach->count < MOST_WAYS)
    count->reach->ways[count->reach->count++] = (OracleWay){there->way, back->packet.way};
}

/* The answer to what arrived. */
static Packet answer_to(const Ending *ending) {
  Packet packet = {.source = ending->packet.target,
                   .target = ending->packet.source,
                   .answers = ending->packet.passed | 1u << 31,
                   .translated_count = ending->packet.translated_count,
                   .hashes = ALL_HASHES,
                   .last = NOWHERE};
  for (guint i = 0; i < MOST_TRANSLATED; i++)
    packet.translated[i] = ending->packet.translated[i];
  return packet;
}

/* `instance`: only from hosts that it feeds; INSTANCES: from all. */
static void start(Walk *walk, const Packet *packet, OraclePlace from, guint instance) {
  const guint instances = walk->design->cloud == DESIGN_AZURE ? INSTANCES : 1;
  for (guint i = 0; from.kind == PLACE_HOSTS && i < instances; i++)
    if (instance == INSTANCES || instance == i)
      walk_from_hosts(walk, *packet, from.index, from.subnet, i);
}

/* A site with a router of its own sends by its own table. */
static void start_from_router(Walk *walk, const Packet *packet, guint site) {
  SiteLink links[MOST_LINKS];
  if (oracle_announced_by_a_site(walk->design, site, packet->target)) {
    walk_drop(walk, packet, walk_unsaid);
    return;
  }
  const guint count = oracle_site_links(walk->oracle, site, packet->target, links);
  if (count == 0)
    walk_drop(walk, packet, "the site knows of no way");
  for (guint i = 0; i < count; i++)
    if (links[i].class == PATH_NVA)
      walk_into_nva(walk, *packet, links[i].index);
    else
      walk_from_gateway(walk, *packet, links[i].index);
}

static gboolean has_router(const Design *design, OraclePlace place) {
  return place.kind == PLACE_SITE && design->sites[place.index].router;
}

/* From the place where `ending` arrived, over the element that it came through. */
static void start_back(Walk *walk, const Packet *packet, const Ending *ending, OraclePlace place,
                       guint instance) {
  if (place.kind == PLACE_SITE && ending->packet.translators != 0 && !oracle_holds("translated")) {
    walk_drop(walk, packet, walk_unsaid);
    return;
  }
  if (has_router(walk->design, place)) {
    start_from_router(walk, packet, place.index);
    return;
  }
  switch (ending->door) {
  case DOOR_HOSTS:
    start(walk, packet, place, instance);
    break;
  case DOOR_ITSELF:
    walk_from_nva(walk, *packet, ending->index);
    break;
  case DOOR_NVA:
    walk_into_nva(walk, *packet, ending->index);
    break;
  case DOOR_GATEWAY:
    walk_from_gateway(walk, *packet, ending->index);
    break;
  case DOOR_INTERNET: {
    const AddressOwner owner = oracle_owner(walk->design, packet->target);
    walk_from_internet(walk, *packet,
                       walk->design->cloud == DESIGN_AZURE ? owner.index : ending->index);
    break;
  }
  case DOOR_NONE:
    break;
  }
}

static gboolean leaves_alike(const Ending *a, const Ending *b) {
  return a->door == b->door && a->index == b->index;
}

/* Every answer to every way that arrived; of those that arrive too only such as leave like `by`,
 * where that is given. */
static void count_answers(Count *count, const Walk *there, OraclePlace to, guint instance,
                          const Ending *way) {
  for (guint i = 0; i < there->endings->len; i++) {
    const Ending *ending = &g_array_index(there->endings, Ending, i);
    const Ending *by = way;
    if (ending->why != NULL) {
      count_bad(count, ending->why);
      continue;
    }
    Walk back = walk_new(count->oracle);
    Packet answer = answer_to(ending);
    if (ending->packet.translators != 0)
      by = NULL; /* it is for who translated */
    if (by != NULL)
      answer.hashes = by->packet.hashes;
    start_back(&back, &answer, ending, to, instance);
    for (guint j = 0; j < back.endings->len; j++) {
      const Ending *answered = &g_array_index(back.endings, Ending, j);
      if (by == NULL || answered->why != NULL || leaves_alike(answered, by))
        count_pair(count, &ending->packet, answered);
    }
    walk_clear(&back);
  }
}

/* From what sends by a table of its own: hosts, and a site with a router. */
static void from_inside(Count *count, OraclePlace from, OraclePlace to) {
  const Design *design = &count->oracle->design;
  const Packet packet = {.source = address_of(design, from),
                         .target = address_of(design, to),
                         .hashes = ALL_HASHES,
                         .last = NOWHERE};
  Walk there = walk_new(count->oracle);
  if (has_router(design, from))
    start_from_router(&there, &packet, from.index);
  else
    start(&there, &packet, from, INSTANCES);
  count_answers(count, &there, to, INSTANCES, NULL);
  walk_clear(&there);
}

/* Does what this appliance itself sends to the Internet leave there, by its own public address?
 * *unsaid becomes TRUE where no fact tells. */
static gboolean is_public(const Oracle *oracle, guint index, guint32 internet, gboolean *unsaid) {
  const DesignNva *nva = &oracle->design.nvas[index];
  const Packet out = {.source = design_nva_address(&oracle->design, index,
                                                   nva->out != NOWHERE ? nva->out : nva->in),
                      .target = internet,
                      .hashes = ALL_HASHES,
                      .last = NOWHERE};
  Walk aside = walk_new(oracle);
  gboolean leaves = TRUE;
  walk_from_nva(&aside, out, index);
  for (guint i = 0; i < aside.endings->len; i++) {
    const Ending *ending = &g_array_index(aside.endings, Ending, i);
    *unsaid |= ending->why == walk_unsaid;
    leaves &= ending->why == NULL && ending->door == DOOR_INTERNET && ending->packet.last == index;
  }
  walk_clear(&aside);
  return leaves;
}

/* Under azure the Internet comes in to the public address of an appliance that translates all, and
 * that reaches the host (AZ-6.26); of several no fact tells which. */
static void start_at_public_address(Walk *walk, const Packet *packet) {
  Walk inwards = walk_new(walk->oracle);
  guint found = 0;
  gboolean unsaid = FALSE;
  for (guint i = 0; i < MOST_NVAS; i++) {
    const DesignNva *nva = &walk->design->nvas[i];
    if (!nva->used || nva->snat != SNAT_ON || !is_public(walk->oracle, i, packet->source, &unsaid))
      continue;
    gboolean reaches = FALSE;
    const guint before = inwards.endings->len;
    walk_into_nva(&inwards, *packet, i);
    for (guint j = before; j < inwards.endings->len; j++) {
      const Ending *ending = &g_array_index(inwards.endings, Ending, j);
      reaches |= ending->why == NULL;
      unsaid |= ending->why == walk_unsaid;
    }
    found += reaches;
    if (!reaches)
      g_array_set_size(inwards.endings, before);
  }
  if (unsaid || found > 1)
    walk_drop(walk, packet, walk_unsaid);
  else if (inwards.endings->len > 0)
    g_array_append_vals(walk->endings, inwards.endings->data, inwards.endings->len);
  walk_clear(&inwards);
}

/* By what it sends where it is reached by nothing. */
static void start_unrouted(Walk *walk, const Packet *packet, OraclePlace from, OraclePlace to) {
  SiteLink link;
  if (from.kind == PLACE_SITE) {
    if (!oracle_first_link(walk->oracle, from.index, packet->target, &link))
      return;
    if (link.class == PATH_NVA)
      walk_into_nva(walk, *packet, link.index);
    else
      walk_from_gateway(walk, *packet, link.index);
  } else if (walk->design->cloud == DESIGN_AZURE) {
    start_at_public_address(walk, packet);
  } else if (walk->design->networks[to.index].internet) {
    walk_from_internet(walk, *packet, to.index);
  }
}

/* What failed for `why`, for want of a way back or of one in: where what is sent is translated, the
 * answers find their way by that. */
static void count_translated(Count *count, const Packet *packet, OraclePlace from, OraclePlace to,
                             guint instance, const char *why) {
  Walk there = walk_new(count->oracle), translated = walk_new(count->oracle);
  gboolean bad = FALSE;
  start_unrouted(&there, packet, from, to);
  for (guint i = 0; i < there.endings->len; i++) {
    const Ending *ending = &g_array_index(there.endings, Ending, i);
    if (ending->why == walk_unsaid)
      count_bad(count, walk_unsaid);
    else if (ending->why == NULL && ending->packet.translators != 0 && oracle_holds("translated"))
      g_array_append_val(translated.endings, *ending);
    else
      bad = TRUE;
  }
  if (bad || there.endings->len == 0)
    count_bad(count, why);
  count_answers(count, &translated, to, instance, NULL);
  walk_clear(&there);
  walk_clear(&translated);
}

/* A site without a router, and the Internet, send over what they would be reached by: so the way of
 * the host's own packets comes first, and the answer leaves as they do; but that to a session which
 * came in by an appliance's public address hashes on its own (AZ-6.14, AZ-6.26). */
static void from_outside(Count *count, OraclePlace from, OraclePlace to, guint instance) {
  const Design *design = &count->oracle->design;
  const Packet wanted = {.source = address_of(design, to),
                         .target = address_of(design, from),
                         .hashes = ALL_HASHES,
                         .last = NOWHERE};
  Walk ways = walk_new(count->oracle);
  start(&ways, &wanted, to, instance);
  for (guint i = 0; i < ways.endings->len; i++) {
    Ending way = g_array_index(ways.endings, Ending, i);
    const Ending by = way;
    Packet packet = {
        .source = wanted.target, .target = wanted.source, .hashes = ALL_HASHES, .last = NOWHERE};
    if (way.why == walk_unsaid) {
      count_bad(count, walk_unsaid);
      continue;
    }
    if (way.why != NULL) {
      count_translated(count, &packet, from, to, instance, way.why);
      continue;
    }
    if (way.door == DOOR_INTERNET && design->cloud == DESIGN_AZURE && way.packet.last == NOWHERE) {
      count->unsaid++; /* whether it has a public address is for no fact to say */
      continue;
    }
    if (way.door == DOOR_INTERNET && design->cloud == DESIGN_AZURE && way.packet.last != NOWHERE) {
      way.door = DOOR_NVA; /* its public address is the appliance's (AZ-6.26) */
      way.index = way.packet.last;
      packet.entered = 1u << way.index;
    }
    Walk there = walk_new(count->oracle);
    start_back(&there, &packet, &way, from, INSTANCES);
    for (guint j = there.endings->len; j-- > 0;) {
      const Ending *ending = &g_array_index(there.endings, Ending, j);
      const Packet missed = {.source = packet.source,
                             .target = packet.target,
                             .hashes = ending->packet.hashes,
                             .last = NOWHERE};
      if (ending->why == NULL || ending->why == walk_unsaid)
        continue;
      count_translated(count, &missed, from, to, instance, ending->why);
      g_array_remove_index(there.endings, j);
    }
    count_answers(count, &there, to, instance, packet.entered == 0 ? &by : NULL);
    walk_clear(&there);
  }
  walk_clear(&ways);
}

static gboolean shares_links(const Oracle *oracle, OraclePlace place, guint32 address) {
  SiteLink links[MOST_LINKS];
  return has_router(&oracle->design, place) &&
         oracle_site_links(oracle, place.index, address, links) > 1;
}

static gboolean tells_something_else(const DesignSite *site) {
  gboolean tells = design_tells(site->told);
  for (guint i = 0; i < MOST_LINKS; i++)
    tells |= design_tells(site->over[i]);
  return tells;
}

/* Two sites at the virtual private gateway of one VPC, with dynamic routing and AS numbers of their
 * own, reach each other (AWS-11.14). */
static gboolean meet_at_a_vgw(const Design *design, OraclePlace from, OraclePlace to) {
  const DesignSite *a = &design->sites[from.index], *b = &design->sites[to.index];
  const guint links_a = a->vpns | a->circuits, links_b = b->vpns | b->circuits;
  return design->cloud == DESIGN_AWS && from.kind == PLACE_SITE && to.kind == PLACE_SITE &&
         !tells_something_else(a) && !tells_something_else(b) && a->router && b->router &&
         a->nvas == 0 && b->nvas == 0 && links_a == links_b && (links_a & (links_a - 1)) == 0 &&
         !range_covers(a->range, b->range) && !range_covers(b->range, a->range);
}

Verdict oracle_reach(const Oracle *oracle, OraclePlace from, OraclePlace to, OracleReach *reach) {
  Count count = {.oracle = oracle, .reach = reach};
  *reach = (OracleReach){0};
  reach->loose = shares_links(oracle, from, address_of(&oracle->design, to)) ||
                 shares_links(oracle, to, address_of(&oracle->design, from));
  if (from.kind == PLACE_ADDRESS || (to.kind == PLACE_ADDRESS && from.kind != PLACE_HOSTS))
    return VERDICT_UNSAID;
  if ((from.kind == PLACE_SITE && oracle_site_unsaid(oracle, from.index)) ||
      (to.kind == PLACE_SITE && oracle_site_unsaid(oracle, to.index)))
    return VERDICT_UNSAID;
  if (from.kind == PLACE_HOSTS || (to.kind == PLACE_HOSTS && has_router(&oracle->design, from)))
    from_inside(&count, from, to);
  else if (to.kind == PLACE_HOSTS)
    for (guint i = 0; i < (oracle->design.cloud == DESIGN_AZURE ? INSTANCES : 1); i++)
      from_outside(&count, from, to, i);
  else
    return meet_at_a_vgw(&oracle->design, from, to) && oracle_holds("AWS-11.14") ? VERDICT_YES
                                                                                 : VERDICT_UNSAID;
  if (count.unsaid > 0)
    return VERDICT_UNSAID;
  return reach->count == 0 ? VERDICT_NO : count.bad > 0 ? VERDICT_PARTLY : VERDICT_YES;
}
