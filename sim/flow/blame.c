/* Whose fault it is that something does not fit: what is lost at any moment, beyond what did not
 * fit from the start, is the sum of what interruptions stop that passed before, and of overloads,
 * each of which goes back to what brought it. */
#include "traffic_private.h"

const TraceKind FLOW_OVERLOAD = {"overload"};

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

static gboolean is_own(const Traffic *traffic, RecordId a, RecordId b) {
  return same_root(traffic, a, b) || same_subject(traffic, a, b);
}

/* ---- what was lost --------------------------------------------------------------------------- */

static void record_bytes(const Traffic *traffic, const TrafficItem *item, RecordId cause,
                         gint64 bytes) {
  engine_set_cause(traffic->engine, cause);
  engine_record(traffic->engine, &FLOW_OVERLOAD, item->config.name, NULL, bytes, NULL);
}

/* What was lost since the last look, by what made it so. */
static void account(const Traffic *traffic, TrafficItem *item) {
  Engine *engine = traffic->engine;
  const SimTime span = sim_time_sub(engine_now(engine), item->overload_since);
  const RecordId cause = engine_cause(engine);
  item->overload_since = engine_now(engine);
  for (guint i = 0; i < item->overloads->len && span.ns > 0; i++) {
    const Overload *overload = &g_array_index(item->overloads, Overload, i);
    record_bytes(traffic, item, overload->cause, flow_bytes(overload->bits_per_second, span));
  }
  for (guint i = 0; i < item->spared->len && span.ns > 0; i++) {
    const Spared *spared = &g_array_index(item->spared, Spared, i);
    record_bytes(traffic, item, spared->down, -flow_bytes(spared->bits_per_second, span));
  }
  engine_set_cause(engine, cause);
}

/* ---- it gets worse --------------------------------------------------------------------------- */

static void add_overload(const Traffic *traffic, TrafficItem *item, RecordId cause, gint64 by) {
  const Overload more = {cause, by};
  for (guint i = 0; i < item->overloads->len; i++) {
    Overload *overload = &g_array_index(item->overloads, Overload, i);
    if (same_root(traffic, overload->cause, cause)) {
      overload->bits_per_second += by;
      return;
    }
  }
  g_array_append_val(item->overloads, more);
}

/* What returns brings back, beside itself, what it had taken away: that stays with its cause. */
static gint64 bring_back(const Traffic *traffic, TrafficItem *item, gint64 by) {
  const RecordId cause = engine_cause(traffic->engine);
  for (guint i = item->spared->len; i-- > 0 && by > 0;) {
    Spared *spared = &g_array_index(item->spared, Spared, i);
    const gint64 less = MIN(by, spared->bits_per_second);
    if (!is_own(traffic, spared->down, cause))
      continue;
    spared->bits_per_second -= less;
    by -= less;
  }
  for (guint i = item->eased->len; i-- > 0 && by > 0;) {
    Eased *eased = &g_array_index(item->eased, Eased, i);
    const gint64 less = MIN(by, eased->bits_per_second);
    if (!is_own(traffic, eased->by, cause))
      continue;
    add_overload(traffic, item, eased->cause, less);
    eased->bits_per_second -= less;
    by -= less;
  }
  return by;
}

static void worsen(const Traffic *traffic, TrafficItem *item, gint64 by) {
  const gint64 left = bring_back(traffic, item, by);
  if (left > 0)
    add_overload(traffic, item, engine_cause(traffic->engine), left);
}

/* ---- it gets better -------------------------------------------------------------------------- */

/* What an interruption stops that passed before. */
typedef struct {
  RecordId down;
  gint64 bits_per_second;
} Stopped;

static gint64 *spared_by(TrafficItem *item, RecordId down) {
  for (guint i = 0; i < item->spared->len; i++)
    if (g_array_index(item->spared, Spared, i).down == down)
      return &g_array_index(item->spared, Spared, i).bits_per_second;
  const Spared none = {down, 0};
  g_array_append_val(item->spared, none);
  return &g_array_index(item->spared, Spared, item->spared->len - 1).bits_per_second;
}

/* Flows that are interrupted leave room to others: they cost so much less, and never less than
 * nothing. `own`: only those of what happens now. */
static gint64 spare(const Traffic *traffic, TrafficItem *item, const GArray *stopped, gboolean own,
                    gint64 by) {
  const RecordId cause = engine_cause(traffic->engine);
  for (guint i = stopped->len; i-- > 0 && by > 0;) {
    const Stopped *one = &g_array_index(stopped, Stopped, i);
    if (own && !same_root(traffic, one->down, cause))
      continue;
    gint64 *spared = spared_by(item, one->down);
    const gint64 more = MIN(by, one->bits_per_second - *spared);
    *spared += more;
    by -= more;
  }
  return by;
}

/* `own`: what the return of a thing takes off of what its failure had brought, for good. */
static gint64 take_off(const Traffic *traffic, TrafficItem *item, gboolean own, gint64 by) {
  const RecordId cause = engine_cause(traffic->engine);
  for (guint i = item->overloads->len; i-- > 0 && by > 0;) {
    Overload *overload = &g_array_index(item->overloads, Overload, i);
    if (own && !is_own(traffic, overload->cause, cause))
      continue;
    const gint64 less = MIN(by, overload->bits_per_second);
    const Eased eased = {cause, overload->cause, less};
    if (!own && less > 0)
      g_array_append_val(item->eased, eased);
    overload->bits_per_second -= less;
    by -= less;
  }
  return by;
}

/* What returns takes off what its failure had brought; what stops flows leaves their room to
 * others; then what came last goes first. */
static void relieve(const Traffic *traffic, TrafficItem *item, const GArray *stopped, gint64 by) {
  by = take_off(traffic, item, TRUE, by);
  by = spare(traffic, item, stopped, TRUE, by);
  by = take_off(traffic, item, FALSE, by);
  spare(traffic, item, stopped, FALSE, by);
}

/* ---- taking stock ---------------------------------------------------------------------------- */

/* What is lost of a traffic now. */
typedef struct {
  gint64 lacking[DIRECTIONS]; /* of flows that pass */
  gint64 anyway;              /* of those that are interrupted, before they were */
  gint64 interrupted;         /* ... and what they lost with it */
  GArray *stopped;            /* Stopped: the same by interruption */
} Stock;

static void add_stopped(Stock *stock, const TrafficItem *item, const FlowClass *class) {
  const gint64 lost = traffic_offered(&item->config, class->flows) - class->missed_anyway;
  stock->anyway += class->missed_anyway;
  stock->interrupted += lost;
  for (guint i = 0; i < stock->stopped->len; i++) {
    Stopped *known = &g_array_index(stock->stopped, Stopped, i);
    if (known->down == class->down) {
      known->bits_per_second += lost;
      return;
    }
  }
  const Stopped one = {class->down, lost};
  g_array_append_val(stock->stopped, one);
}

static gboolean passes(const FlowClass *class) { return !class->gone && class->fate.deliverable; }

static Stock count_stock(const TrafficItem *item) {
  Stock stock = {.stopped = g_array_new(FALSE, FALSE, sizeof(Stopped))};
  for (guint s = 0; s < item->sets->len; s++) {
    const FlowSet *set = item->sets->pdata[s];
    for (guint c = 0; c < set->classes->len; c++) {
      const FlowClass *class = set->classes->pdata[c];
      if (class->down != 0)
        add_stopped(&stock, item, class);
      for (guint direction = 0; direction < DIRECTIONS && passes(class); direction++)
        stock.lacking[direction] += class->lacking[direction];
    }
  }
  return stock;
}

/* What each class would have missed, should it be interrupted next. */
static void note_missed(TrafficItem *item, guint direction) {
  for (guint s = 0; s < item->sets->len; s++) {
    const FlowSet *set = item->sets->pdata[s];
    for (guint c = 0; c < set->classes->len; c++) {
      FlowClass *class = set->classes->pdata[c];
      class->missed = passes(class) ? class->lacking[direction] : 0;
    }
  }
}

static gint64 stopped_by(const Stock *stock, RecordId down) {
  for (guint i = 0; i < stock->stopped->len; i++)
    if (g_array_index(stock->stopped, Stopped, i).down == down)
      return g_array_index(stock->stopped, Stopped, i).bits_per_second;
  return 0;
}

/* What the interruptions that are over had spared others is theirs no more. */
static gint64 let_go(TrafficItem *item, const Stock *stock, gboolean really) {
  gint64 gone = 0;
  for (guint i = 0; i < item->spared->len; i++) {
    Spared *spared = &g_array_index(item->spared, Spared, i);
    const gint64 over = MAX(spared->bits_per_second - stopped_by(stock, spared->down), 0);
    spared->bits_per_second -= really ? over : 0;
    gone += over;
  }
  return gone;
}

static gint64 known_of(const TrafficItem *item) {
  gint64 known = 0;
  for (guint i = 0; i < item->overloads->len; i++)
    known += g_array_index(item->overloads, Overload, i).bits_per_second;
  for (guint i = 0; i < item->spared->len; i++)
    known -= g_array_index(item->spared, Spared, i).bits_per_second;
  return known;
}

/* Only what is not nothing any more stays in the books. */
static void forget_nothing(TrafficItem *item) {
  for (guint i = item->overloads->len; i-- > 0;)
    if (g_array_index(item->overloads, Overload, i).bits_per_second == 0)
      g_array_remove_index(item->overloads, i);
  for (guint i = item->spared->len; i-- > 0;)
    if (g_array_index(item->spared, Spared, i).bits_per_second == 0)
      g_array_remove_index(item->spared, i);
  for (guint i = item->eased->len; i-- > 0;)
    if (g_array_index(item->eased, Eased, i).bits_per_second == 0)
      g_array_remove_index(item->eased, i);
}

/* What was lost from the start has no cause; what is lost beyond that is due to what made it so. It
 * counts once for both directions, as an interruption does; and what flows lost before one is no
 * part of it, and stays with its own cause. */
void blame_take_stock(const Traffic *traffic, TrafficItem *item) {
  const Stock stock = count_stock(item);
  const guint worse = stock.lacking[1] > stock.lacking[0];
  const gint64 lost = stock.lacking[worse] + stock.anyway;
  note_missed(item, worse);
  if (!traffic->begun)
    item->overload_at_start = lost;
  const gint64 beyond = MAX(lost - item->overload_at_start, -stock.interrupted);
  const gint64 over = let_go(item, &stock, FALSE), known = known_of(item) + over;
  if (beyond != known || over != 0) {
    account(traffic, item);
    let_go(item, &stock, TRUE);
    if (beyond > known)
      worsen(traffic, item, beyond - known);
    else
      relieve(traffic, item, stock.stopped, known - beyond);
    forget_nothing(item);
  }
  g_array_unref(stock.stopped);
}

void blame_end(Traffic *traffic) {
  for (guint i = 0; i < traffic->items->len; i++)
    account(traffic, traffic->items->pdata[i]);
}
