/* What classes of flows get where elements can pass only so much: capacity is shared max-min fairly
 * among the flows that meet there, each direction for itself; what does not fit is dropped. */
#include "routesim/flow/fair_share.h"
#include "traffic_private.h"

const TraceKind FLOW_OVERLOAD = {"overload"};

typedef void (*LimitedVisit)(TrafficItem *item, const FlowSet *set, FlowClass *class,
                             gpointer data);

/* Classes that are delivered in a direction, in the order of traffic. */
static void foreach_delivered(const Traffic *traffic, LimitedVisit visit, gpointer data) {
  for (guint i = 0; i < traffic->items->len; i++) {
    TrafficItem *item = traffic->items->pdata[i];
    for (guint s = 0; s < item->sets->len; s++) {
      const FlowSet *set = item->sets->pdata[s];
      for (guint c = 0; c < set->classes->len; c++) {
        FlowClass *class = set->classes->pdata[c];
        if (!class->gone && class->fate.deliverable && class->flows > 0)
          visit(item, set, class, data);
      }
    }
  }
}

typedef struct {
  guint direction;
  GPtrArray *elements; /* that have a capacity, in the order of meeting them */
  GArray *uses;        /* guint: MOST_HOLDERS for each demand */
  GArray *demands;     /* FairDemand */
  guint next;
} Question;

static guint index_of(GPtrArray *elements, const Element *element) {
  guint index;
  if (!g_ptr_array_find(elements, element, &index)) {
    index = elements->len;
    g_ptr_array_add(elements, (gpointer)element);
  }
  return index;
}

static void add_demand(TrafficItem *item, const FlowSet *set, FlowClass *class, gpointer data) {
  Question *question = data;
  const Fate *fate = &class->fate;
  guint uses[MOST_HOLDERS] = {0};
  FairDemand demand = {.demand = (double)item->config.bits_per_second / item->config.flows,
                       .flows = class->flows};
  (void)set;
  for (guint i = 0; i < fate->limited_count[question->direction]; i++)
    uses[demand.use_count++] = index_of(question->elements, fate->limited[question->direction][i]);
  g_array_append_vals(question->uses, uses, MOST_HOLDERS);
  g_array_append_val(question->demands, demand);
}

static gint64 offered_by(const TrafficItem *item, guint flows) {
  return (gint64)((__int128)item->config.bits_per_second * flows / item->config.flows);
}

static void take_answer(TrafficItem *item, const FlowSet *set, FlowClass *class, gpointer data) {
  Question *question = data;
  const FairDemand *demand = &g_array_index(question->demands, FairDemand, question->next++);
  const gint64 offered = offered_by(item, class->flows);
  (void)set;
  class->lacking[question->direction] =
      demand->rate >= demand->demand
          ? 0
          : offered - (gint64)((double)offered * (demand->rate / demand->demand) + 0.5);
  item->lacking[question->direction] += class->lacking[question->direction];
}

static void share_direction(Traffic *traffic, guint direction) {
  Question question = {.direction = direction,
                       .elements = g_ptr_array_new(),
                       .uses = g_array_new(FALSE, FALSE, sizeof(guint)),
                       .demands = g_array_new(FALSE, FALSE, sizeof(FairDemand))};
  foreach_delivered(traffic, add_demand, &question);
  g_autofree double *capacity = g_new0(double, question.elements->len + 1);
  for (guint i = 0; i < question.elements->len; i++)
    capacity[i] = (double)element_capacity(question.elements->pdata[i]);
  for (guint i = 0; i < question.demands->len; i++)
    g_array_index(question.demands, FairDemand, i).uses =
        &g_array_index(question.uses, guint, i * MOST_HOLDERS);
  fair_share_solve((FairDemand *)question.demands->data, question.demands->len, capacity,
                   question.elements->len);
  foreach_delivered(traffic, take_answer, &question);
  g_ptr_array_unref(question.elements);
  g_array_unref(question.uses);
  g_array_unref(question.demands);
}

static gboolean same_root(const Traffic *traffic, RecordId a, RecordId b) {
  return engine_record_root(traffic->engine, a) == engine_record_root(traffic->engine, b);
}

/* Do both go back to something that befell the same thing: its failure, and its return? */
static gboolean same_subject(const Traffic *traffic, RecordId a, RecordId b) {
  const Engine *engine = traffic->engine;
  const RecordId roots[] = {engine_record_root(engine, a), engine_record_root(engine, b)};
  return roots[0] != 0 && roots[1] != 0 &&
         g_strcmp0(engine_record_get(engine, roots[0])->subject,
                   engine_record_get(engine, roots[1])->subject) == 0;
}

/* What was lost since the last look, by what made it so. */
static void account(const Traffic *traffic, TrafficItem *item) {
  Engine *engine = traffic->engine;
  const SimTime span = sim_time_sub(engine_now(engine), item->overload_since);
  const RecordId cause = engine_cause(engine);
  item->overload_since = engine_now(engine);
  for (guint i = 0; i < item->overloads->len && span.ns > 0; i++) {
    const Overload *overload = &g_array_index(item->overloads, Overload, i);
    engine_set_cause(engine, overload->cause);
    engine_record(engine, &FLOW_OVERLOAD, item->config.name, NULL,
                  (gint64)((__int128)overload->bits_per_second * span.ns / 8 / SIM_SECOND), NULL);
  }
  engine_set_cause(engine, cause);
}

static void worsen(const Traffic *traffic, TrafficItem *item, gint64 by) {
  const Overload more = {engine_cause(traffic->engine), by};
  for (guint i = 0; i < item->overloads->len; i++) {
    Overload *overload = &g_array_index(item->overloads, Overload, i);
    if (same_root(traffic, overload->cause, more.cause)) {
      overload->bits_per_second += by;
      return;
    }
  }
  g_array_append_val(item->overloads, more);
}

/* What returns takes off what its failure had brought; then what came last goes first. */
static void relieve(const Traffic *traffic, TrafficItem *item, gint64 by) {
  GArray *overloads = item->overloads;
  const RecordId cause = engine_cause(traffic->engine);
  for (gint own = 1; own >= 0; own--)
    for (guint i = overloads->len; i-- > 0 && by > 0;) {
      Overload *overload = &g_array_index(overloads, Overload, i);
      if (own == 1 && !same_subject(traffic, overload->cause, cause))
        continue;
      const gint64 less = MIN(by, overload->bits_per_second);
      by -= less;
      overload->bits_per_second -= less;
      if (overload->bits_per_second == 0)
        g_array_remove_index(overloads, i);
    }
}

/* What was lost from the start has no cause; what is lost beyond that is due to what made it so. As
 * an interruption it counts once for both directions. */
static void take_stock(const Traffic *traffic, TrafficItem *item) {
  const gint64 lacking = MAX(item->lacking[0], item->lacking[1]);
  if (!traffic->begun)
    item->overload_at_start = lacking;
  const gint64 beyond = MAX(lacking - item->overload_at_start, 0);
  gint64 known = 0;
  for (guint i = 0; i < item->overloads->len; i++)
    known += g_array_index(item->overloads, Overload, i).bits_per_second;
  if (beyond == known)
    return;
  account(traffic, item);
  if (beyond > known)
    worsen(traffic, item, beyond - known);
  else
    relieve(traffic, item, known - beyond);
}

void overload_share(Traffic *traffic) {
  if (!traffic->limited)
    return;
  for (guint i = 0; i < traffic->items->len; i++) {
    TrafficItem *item = traffic->items->pdata[i];
    item->lacking[0] = item->lacking[1] = 0;
    for (guint s = 0; s < item->sets->len; s++) {
      const FlowSet *set = item->sets->pdata[s];
      for (guint c = 0; c < set->classes->len; c++) {
        FlowClass *class = set->classes->pdata[c];
        class->lacking[0] = class->lacking[1] = 0;
      }
    }
  }
  for (guint direction = 0; direction < DIRECTIONS; direction++)
    share_direction(traffic, direction);
  for (guint i = 0; i < traffic->items->len; i++)
    take_stock(traffic, traffic->items->pdata[i]);
}

void overload_end(Traffic *traffic) {
  for (guint i = 0; i < traffic->items->len; i++)
    account(traffic, traffic->items->pdata[i]);
}
