/* Asking what would become of a session between two ends, whether or not any traffic flows
 * there: all groups of hosts, and all choices among equal next hops. */
#include "traffic_private.h"

typedef struct {
  Traffic *traffic;
  const TrafficEnd *from, *to;
  const RouteTable *tables[FLOW_DIRECTIONS];
  FlowFateVisit visit;
  gpointer data;
} Question;

static guint least_common_multiple(guint a, guint b) {
  guint multiple = a;
  while (multiple % b != 0)
    multiple += a;
  return multiple;
}

/* Hosts that are down neither send nor answer, whatever way there would be: as of flows that are
 * gone, no way of theirs is told. */
static void judge_hosts(Traffic *traffic, const TrafficEnd *end, Passage legs[FLOW_DIRECTIONS],
                        Fate *fate) {
  if (end->subnet == NULL || !subnet_is_dark(end->subnet))
    return;
  fate->deliverable = FALSE;
  fate->reason = DROP_HOST_DOWN;
  fate->where = drop_at_subnet(end->subnet);
  for (guint leg = 0; leg < FLOW_DIRECTIONS; leg++) {
    legs[leg].delivered = FALSE;
    legs[leg].reason = fate->reason;
    legs[leg].where = fate->where;
    legs[leg].via_count = legs[leg].look_up_count = 0;
    legs[leg].ended_at = NULL;
    fate->ways[leg] = way_dropped(traffic, DROP_HOST_DOWN);
  }
}

static void tell(const Question *question, guint first, Passage legs[FLOW_DIRECTIONS]) {
  Fate fate = {.deliverable = FALSE};
  FlowFate answer = {.tables = {question->tables[0], question->tables[1]}};
  fate_judge(question->traffic, first, legs, &fate);
  judge_hosts(question->traffic, question->to, legs, &fate);
  judge_hosts(question->traffic, question->from, legs, &fate);
  answer.broken = legs[first].delivered ? !first : first;
  answer.deliverable = fate.deliverable;
  answer.reason = fate.deliverable ? DROP_NONE : fate.reason;
  answer.where = fate.deliverable ? (DropPlace){.kind = AT_NOTHING} : fate.where;
  for (guint leg = 0; leg < FLOW_DIRECTIONS; leg++) {
    answer.legs[leg] = legs[leg];
    answer.ways[leg] = fate.ways[leg];
  }
  question->visit(&answer, question->data);
}

/* Where the walk meets equal next hops, once for each that this hash may choose. */
static void ask(const Question *question, const HashClass hash[FLOW_DIRECTIONS]) {
  Passage legs[FLOW_DIRECTIONS];
  guint direction = 0;
  const guint split = fate_walk(question->traffic, question->from, question->to,
                                question->tables[0], question->tables[1], hash, legs, &direction);
  if (split == 0) {
    tell(question, direction, legs);
    return;
  }
  const HashClass known = hash[direction];
  const guint modulus = least_common_multiple(known.modulus, split);
  for (guint residue = known.residue; residue < modulus; residue += known.modulus) {
    HashClass chosen[FLOW_DIRECTIONS] = {hash[0], hash[1]};
    chosen[direction] = (HashClass){residue, modulus};
    ask(question, chosen);
  }
}

/* A group without hosts sends nothing. */
static guint next_group(const TrafficEnd *end, guint group) {
  while (end->subnet != NULL && group < subnet_group_count(end->subnet) &&
         subnet_group_hosts(end->subnet, group) == 0)
    group++;
  return group;
}

static guint group_count(const TrafficEnd *end) {
  return end->subnet != NULL ? subnet_group_count(end->subnet) : 1;
}

void traffic_foreach_fate(Traffic *traffic, const TrafficEnd *from, const TrafficEnd *to,
                          FlowFateVisit visit, gpointer data) {
  static const HashClass unknown[FLOW_DIRECTIONS] = {{.modulus = 1}, {.modulus = 1}};
  Question question = {traffic, from, to, {NULL, NULL}, visit, data};
  for (guint i = next_group(from, 0); i < group_count(from); i = next_group(from, i + 1))
    for (guint j = next_group(to, 0); j < group_count(to); j = next_group(to, j + 1)) {
      question.tables[0] = from->subnet != NULL ? subnet_group_table(from->subnet, i) : NULL;
      question.tables[1] = to->subnet != NULL ? subnet_group_table(to->subnet, j) : NULL;
      ask(&question, unknown);
    }
}
