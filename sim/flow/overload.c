/* What classes of flows get where elements can pass only so much: capacity is shared max-min fairly
 * among the flows that cross an element in the same direction; what does not fit is dropped. */
#include <string.h>

#include "routesim/flow/fair_share.h"
#include "overload_private.h"

const TraceKind FLOW_FULL = {"flows-lack-capacity"};

/* ---- what is offered, to the bit ------------------------------------------------------------- */

typedef struct {
  const FlowWay *way;
  guint place; /* in the order of classes */
  FlowClass *class;
} Offer;

static int compare_offers(gconstpointer a, gconstpointer b) {
  const Offer *left = a, *right = b;
  const int by_way = way_compare(left->way, right->way);
  return by_way != 0 ? by_way : (left->place > right->place) - (left->place < right->place);
}

/* Rates are rounded in the order of ways, as the rows that show them are: so what classes of one
 * way offer is what its row says. */
static void offer(Traffic *traffic, TrafficItem *item, guint direction) {
  g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(Offer));
  guint flows = 0;
  for (guint s = 0; s < item->sets->len; s++) {
    const FlowSet *set = item->sets->pdata[s];
    for (guint c = 0; c < set->classes->len; c++) {
      FlowClass *class = set->classes->pdata[c];
      const Offer one = {way_shown(traffic, class, direction), offers->len, class};
      g_array_append_val(offers, one);
    }
  }
  g_array_sort(offers, compare_offers);
  for (guint i = 0; i < offers->len; i++) {
    FlowClass *class = g_array_index(offers, Offer, i).class;
    class->offered[direction] = traffic_offered(&item->config, flows + class->flows) -
                                traffic_offered(&item->config, flows);
    class->lacking[direction] = 0;
    class->full[direction] = NULL;
    flows += class->flows;
  }
}

/* ---- sharing --------------------------------------------------------------------------------- */

/* A class in one direction, on a way with a capacity. */
typedef struct {
  FlowClass *class;
  guint direction;
  gint64 passed;            /* bits per second */
  guint uses[MOST_HOLDERS]; /* indices of crossings */
} Load;

typedef struct {
  GArray *crossings; /* Crossing: each is shared for itself, in the order of meeting them */
  GArray *loads;     /* Load */
  GArray *demands;   /* FairDemand, by load */
  gint64 *room;      /* bits per second, by crossing */
} Sharing;

static guint index_of(GArray *crossings, Crossing crossing) {
  for (guint i = 0; i < crossings->len; i++) {
    const Crossing *known = &g_array_index(crossings, Crossing, i);
    if (known->element == crossing.element && known->outward == crossing.outward)
      return i;
  }
  g_array_append_val(crossings, crossing);
  return crossings->len - 1;
}

/* Load is open-loop: what arrives uses capacity, whether or not the other direction does. */
static void add_load(Sharing *sharing, const TrafficItem *item, FlowClass *class, guint direction) {
  Crossing crossings[MOST_HOLDERS];
  Load load = {.class = class, .direction = direction};
  FairDemand demand = {.demand = (double)item->config.bits_per_second / item->config.flows,
                       .flows = class->flows};
  if (class->gone || class->flows == 0)
    return;
  demand.use_count =
      fate_crossings(&item->config.from, &item->config.to, class->fate, direction, crossings);
  if (demand.use_count == 0)
    return;
  for (guint i = 0; i < demand.use_count; i++)
    load.uses[i] = index_of(sharing->crossings, crossings[i]);
  g_array_append_val(sharing->loads, load);
  g_array_append_val(sharing->demands, demand);
}

static void add_loads(Traffic *traffic, Sharing *sharing, TrafficItem *item) {
  for (guint direction = 0; direction < FLOW_DIRECTIONS; direction++) {
    offer(traffic, item, direction);
    for (guint s = 0; s < item->sets->len; s++) {
      const FlowSet *set = item->sets->pdata[s];
      for (guint c = 0; c < set->classes->len; c++)
        add_load(sharing, item, set->classes->pdata[c], direction);
    }
  }
}

static void solve(Sharing *sharing) {
  const guint count = sharing->crossings->len;
  g_autofree double *capacity = g_new0(double, count + 1);
  for (guint i = 0; i < count; i++) {
    const Crossing *crossing = &g_array_index(sharing->crossings, Crossing, i);
    sharing->room[i] = element_capacity(crossing->element);
    capacity[i] = (double)sharing->room[i];
  }
  for (guint i = 0; i < sharing->loads->len; i++)
    g_array_index(sharing->demands, FairDemand, i).uses =
        g_array_index(sharing->loads, Load, i).uses;
  fair_share_solve((FairDemand *)sharing->demands->data, sharing->demands->len, capacity, count);
}

/* As much of `most` passes as there is room for. */
static void let_pass(Sharing *sharing, Load *load, guint use_count, gint64 most) {
  for (guint i = 0; i < use_count; i++)
    most = MIN(most, sharing->room[load->uses[i]]);
  for (guint i = 0; i < use_count; i++)
    sharing->room[load->uses[i]] -= most;
  load->passed += most;
}

static gint64 fair_part(const Load *load, const FairDemand *demand) {
  const gint64 offered = load->class->offered[load->direction];
  return demand->rate >= demand->demand
             ? offered
             : (gint64)((double)offered * (demand->rate / demand->demand));
}

/* Loads get whole bits, and never more than there is room for; what rounding down has left over
 * goes to the first that lack something, so that what is full is full. */
static void take_answers(Sharing *sharing) {
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < sharing->loads->len; i++) {
      Load *load = &g_array_index(sharing->loads, Load, i);
      const FairDemand *demand = &g_array_index(sharing->demands, FairDemand, i);
      const gint64 lacking = load->class->offered[load->direction] - load->passed;
      let_pass(sharing, load, demand->use_count,
               round == 0 ? fair_part(load, demand) : MIN(lacking, 1));
    }
  for (guint i = 0; i < sharing->loads->len; i++) {
    const Load *load = &g_array_index(sharing->loads, Load, i);
    const guint full = g_array_index(sharing->demands, FairDemand, i).full;
    FlowClass *class = load->class;
    class->lacking[load->direction] = class->offered[load->direction] - load->passed;
    if (class->lacking[load->direction] > 0)
      class->full[load->direction] =
          g_array_index(sharing->crossings, Crossing, full == FAIR_SHARE_MET ? load->uses[0] : full)
              .element;
  }
}

static void share(Traffic *traffic) {
  Sharing sharing = {.crossings = g_array_new(FALSE, FALSE, sizeof(Crossing)),
                     .loads = g_array_new(FALSE, FALSE, sizeof(Load)),
                     .demands = g_array_new(FALSE, FALSE, sizeof(FairDemand))};
  for (guint i = 0; i < traffic->items->len; i++)
    add_loads(traffic, &sharing, traffic->items->pdata[i]);
  sharing.room = g_new0(gint64, sharing.crossings->len + 1);
  solve(&sharing);
  take_answers(&sharing);
  g_array_unref(sharing.crossings);
  g_array_unref(sharing.loads);
  g_array_unref(sharing.demands);
  g_free(sharing.room);
}

/* ---- who is busiest -------------------------------------------------------------------------- */

static void add_crossings(const TrafficItem *item, const FlowClass *class, GArray *crossings,
                          GArray *loads) {
  for (guint direction = 0; direction < FLOW_DIRECTIONS && !class->gone; direction++) {
    Crossing own[MOST_HOLDERS];
    const guint count =
        fate_crossings(&item->config.from, &item->config.to, class->fate, direction, own);
    for (guint i = 0; i < count; i++) {
      const guint index = index_of(crossings, own[i]);
      g_array_set_size(loads, crossings->len);
      g_array_index(loads, gint64, index) += traffic_offered(&item->config, class->flows);
    }
  }
}

const Element *traffic_busiest(const Traffic *traffic, double *load) {
  g_autoptr(GArray) crossings = g_array_new(FALSE, FALSE, sizeof(Crossing));
  g_autoptr(GArray) loads = g_array_new(FALSE, TRUE, sizeof(gint64));
  const Element *busiest = NULL;
  for (guint i = 0; i < traffic->items->len; i++) {
    const TrafficItem *item = traffic->items->pdata[i];
    for (guint s = 0; s < item->sets->len; s++) {
      const FlowSet *set = item->sets->pdata[s];
      for (guint c = 0; c < set->classes->len; c++)
        add_crossings(item, set->classes->pdata[c], crossings, loads);
    }
  }
  *load = 0;
  for (guint i = 0; i < crossings->len; i++) {
    const Element *element = g_array_index(crossings, Crossing, i).element;
    const double own = (double)g_array_index(loads, gint64, i) / (double)element_capacity(element);
    if (busiest == NULL || own > *load) {
      busiest = element;
      *load = own;
    }
  }
  return busiest;
}

/* ---- what is full ---------------------------------------------------------------------------- */

static guint *flows_at(GArray *full, const Element *element) {
  for (guint i = 0; i < full->len; i++)
    if (g_array_index(full, FullElement, i).element == element)
      return &g_array_index(full, FullElement, i).flows;
  const FullElement one = {element, 0};
  g_array_append_val(full, one);
  return &g_array_index(full, FullElement, full->len - 1).flows;
}

static void add_lacking(TrafficItem *item, const FlowClass *class, GArray *full) {
  for (guint direction = 0; direction < FLOW_DIRECTIONS; direction++) {
    item->lacking[direction] += class->lacking[direction];
    if (class->full[direction] != NULL && (direction == 0 || class->full[1] != class->full[0]))
      *flows_at(full, class->full[direction]) += class->flows;
  }
}

static void record_full(const Traffic *traffic, const TrafficItem *item, const FullElement *full) {
  FlowStop *stop = arena_new0(traffic->arena, FlowStop);
  *stop = (FlowStop){DROP_CAPACITY, drop_at_element(full->element)};
  engine_record(traffic->engine, &FLOW_FULL, item->config.name, NULL, full->flows, stop);
}

/* A record tells where flows of a traffic lack capacity, and how many, as that changes. */
static void sum_up(const Traffic *traffic, TrafficItem *item) {
  g_autoptr(GArray) full = g_array_new(FALSE, FALSE, sizeof(FullElement));
  item->lacking[0] = item->lacking[1] = 0;
  for (guint s = 0; s < item->sets->len; s++) {
    const FlowSet *set = item->sets->pdata[s];
    for (guint c = 0; c < set->classes->len; c++)
      add_lacking(item, set->classes->pdata[c], full);
  }
  for (guint i = 0; i < full->len; i++) {
    const FullElement *one = &g_array_index(full, FullElement, i);
    if (*flows_at(item->full, one->element) != one->flows)
      record_full(traffic, item, one);
  }
  g_array_set_size(item->full, 0);
  g_array_append_vals(item->full, full->data, full->len);
}

void overload_share(Traffic *traffic) {
  if (!traffic->limited)
    return;
  share(traffic);
  for (guint i = 0; i < traffic->items->len; i++) {
    sum_up(traffic, traffic->items->pdata[i]);
    blame_take_stock(traffic, traffic->items->pdata[i]);
  }
}
