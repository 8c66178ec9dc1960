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
  return place.kind == PLACE_SITE ? design->sites[place.index].range.at + 1 : ON_THE_INTERNET;
}

typedef struct {
  const Oracle *oracle;
  guint good, bad, unsaid;
  const char *why; /* of the first bad one */
} Count;

static void count_bad(Count *count, const char *why) {
  count->bad++;
  if (count->why == NULL)
    count->why = why;
}

/* Both directions arrived: do those in the middle know the session? What keeps state has to see
 * both (AZ-6.14), and what translated has to see the answer. */
static void count_pair(Count *count, const Packet *there, const Ending *back) {
  if (back->why != NULL)
    count_bad(count, back->why);
  else if (there->stateful != back->packet.stateful || back->packet.translators != 0 ||
           back->packet.translated_count != 0)
    count_bad(count, "asymmetric");
  else
    count->good++;
}

/* The answer to what arrived. */
static Packet answer_to(const Ending *ending) {
  Packet packet = {.source = ending->packet.target,
                   .target = ending->packet.source,
                   .answers = ending->packet.passed | 1u << 31,
                   .translated_count = ending->packet.translated_count,
                   .last = NOWHERE};
  for (guint i = 0; i < MOST_TRANSLATED; i++)
    packet.translated[i] = ending->packet.translated[i];
  return packet;
}

static void start(Walk *walk, const Packet *packet, OraclePlace from) {
  if (from.kind == PLACE_HOSTS)
    walk_from_subnet(walk, *packet, from.index, from.subnet);
}

/* From the place where `ending` arrived, over the element that it came through. */
static void start_back(Walk *walk, const Packet *packet, const Ending *ending, OraclePlace place) {
  switch (ending->door) {
  case DOOR_HOSTS:
    start(walk, packet, place);
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

static void from_hosts(Count *count, OraclePlace from, OraclePlace to) {
  const Design *design = &count->oracle->design;
  const Packet packet = {
      .source = address_of(design, from), .target = address_of(design, to), .last = NOWHERE};
  Walk there = walk_new(count->oracle);
  start(&there, &packet, from);
  for (guint i = 0; i < there.endings->len; i++) {
    const Ending *ending = &g_array_index(there.endings, Ending, i);
    if (ending->why != NULL) {
      count_bad(count, ending->why);
      continue;
    }
    Walk back = walk_new(count->oracle);
    const Packet answer = answer_to(ending);
    start_back(&back, &answer, ending, to);
    for (guint j = 0; j < back.endings->len; j++)
      count_pair(count, &ending->packet, &g_array_index(back.endings, Ending, j));
    walk_clear(&back);
  }
  walk_clear(&there);
}

/* A site without a router, and the Internet, send over what they would be reached by. So the way of
 * the host's own packets comes first; the answer takes it. */
static void from_outside(Count *count, OraclePlace from, OraclePlace to) {
  const Design *design = &count->oracle->design;
  const Packet wanted = {
      .source = address_of(design, to), .target = address_of(design, from), .last = NOWHERE};
  Walk ways = walk_new(count->oracle);
  start(&ways, &wanted, to);
  for (guint i = 0; i < ways.endings->len; i++) {
    Ending way = g_array_index(ways.endings, Ending, i);
    if (way.why != NULL) {
      count_bad(count, way.why);
      continue;
    }
    const Packet packet = {.source = wanted.target, .target = wanted.source, .last = NOWHERE};
    if (way.door == DOOR_INTERNET && design->cloud == DESIGN_AZURE && way.packet.last == NOWHERE) {
      count->unsaid++; /* whether it has a public address is for no fact to say */
      continue;
    }
    if (way.door == DOOR_INTERNET && design->cloud == DESIGN_AZURE && way.packet.last != NOWHERE) {
      way.door = DOOR_NVA; /* its public address is the appliance's (AZ-6.26) */
      way.index = way.packet.last;
    }
    Walk there = walk_new(count->oracle);
    start_back(&there, &packet, &way, from);
    for (guint j = 0; j < there.endings->len; j++) {
      const Ending *ending = &g_array_index(there.endings, Ending, j);
      if (ending->why != NULL) {
        count_bad(count, ending->why);
        continue;
      }
      Walk back = walk_new(count->oracle);
      const Packet answer = answer_to(ending);
      start(&back, &answer, to);
      for (guint k = 0; k < back.endings->len; k++)
        count_pair(count, &ending->packet, &g_array_index(back.endings, Ending, k));
      walk_clear(&back);
    }
    walk_clear(&there);
  }
  walk_clear(&ways);
}

Verdict oracle_reach(const Oracle *oracle, OraclePlace from, OraclePlace to, const char **why) {
  Count count = {.oracle = oracle};
  if (from.kind == PLACE_HOSTS)
    from_hosts(&count, from, to);
  else if (to.kind == PLACE_HOSTS)
    from_outside(&count, from, to);
  else
    return VERDICT_UNSAID;
  if (why != NULL)
    *why = count.why;
  if (count.unsaid > 0)
    return VERDICT_UNSAID;
  return count.good == 0 ? VERDICT_NO : count.bad > 0 ? VERDICT_PARTLY : VERDICT_YES;
}
