/* Whose fault it is that something does not fit: what is lost at any moment, beyond what did not
 * fit from the start, is the sum of what interruptions stop that passed before, and of overloads,
 * each of which goes back to what brought it. */
#include "overload_private.h"

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

/* ---- accounts -------------------------------------------------------------------------------- */

static Account *account_at(const GArray *accounts, guint i) {
  return &g_array_index(accounts, Account, i);
}

static gint64 total_of(const GArray *accounts) {
  gint64 total = 0;
  for (guint i = 0; i < accounts->len; i++)
    total += account_at(accounts, i)->bits_per_second;
  return total;
}

/* The place of what goes back to `of` itself; the array's length where it is new. */
static guint place_of(const GArray *accounts, RecordId of) {
  guint i = 0;
  while (i < accounts->len && account_at(accounts, i)->of != of)
    i++;
  return i;
}

/* The account of `of`, opened where there is none. */
static Account *account_of(GArray *accounts, RecordId of) {
  const Account opened = {.of = of};
  const guint i = place_of(accounts, of);
  if (i == accounts->len)
    g_array_append_val(accounts, opened);
  return account_at(accounts, i);
}

static void close_empty(GArray *accounts) {
  for (guint i = accounts->len; i-- > 0;)
    if (account_at(accounts, i)->bits_per_second == 0)
      g_array_remove_index(accounts, i);
}

/* ---- what was lost --------------------------------------------------------------------------- */

static void record_bytes(const Traffic *traffic, const TrafficItem *item, RecordId cause,
                         gint64 bytes) {
  ENGINE_DUE_TO(traffic->engine, cause);
  engine_record(traffic->engine, &FLOW_OVERLOAD, item->config.name, NULL, bytes, NULL);
}

/* What was lost since the last look, by what made it so. */
static void account(const Traffic *traffic, TrafficItem *item) {
  const SimTime now = engine_now(traffic->engine);
  const SimTime span = sim_time_sub(now, item->overload_since);
  item->overload_since = now;
  for (guint i = 0; i < item->overloads->len && span.ns > 0; i++) {
    const Account *overload = account_at(item->overloads, i);
    record_bytes(traffic, item, overload->of, flow_bytes(overload->bits_per_second, span));
  }
  for (guint i = 0; i < item->spared->len && span.ns > 0; i++) {
    const Account *spared = account_at(item->spared, i);
    record_bytes(traffic, item, spared->of, -flow_bytes(spared->bits_per_second, span));
  }
}

/* ---- it gets worse --------------------------------------------------------------------------- */

static void add_overload(const Traffic *traffic, TrafficItem *item, RecordId cause, gint64 by) {
  RecordId of = cause;
  for (guint i = 0; i < item->overloads->len; i++)
    if (same_root(traffic, account_at(item->overloads, i)->of, cause))
      of = account_at(item->overloads, i)->of;
  account_of(item->overloads, of)->bits_per_second += by;
}

/* What returns brings back, beside itself, what it had taken away: that stays with its cause. */
static gint64 bring_back(const Traffic *traffic, TrafficItem *item, gint64 by) {
  const RecordId cause = engine_cause(traffic->engine);
  for (guint i = item->spared->len; i-- > 0 && by > 0;) {
    Account *spared = account_at(item->spared, i);
    const gint64 less = MIN(by, spared->bits_per_second);
    if (!is_own(traffic, spared->of, cause))
      continue;
    spared->bits_per_second -= less;
    by -= less;
  }
  for (guint i = item->eased->len; i-- > 0 && by > 0;) {
    Account *eased = account_at(item->eased, i);
    const gint64 less = MIN(by, eased->bits_per_second);
    if (!is_own(traffic, eased->by, cause))
      continue;
    add_overload(traffic, item, eased->of, less);
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

/* Flows that are interrupted leave room to others: they cost so much less, and never less than
 * nothing. `own`: only those of what happens now. */
static gint64 spare(const Traffic *traffic, TrafficItem *item, const GArray *stopped, gboolean own,
                    gint64 by) {
  const RecordId cause = engine_cause(traffic->engine);
  for (guint i = stopped->len; i-- > 0 && by > 0;) {
    const Account *one = account_at(stopped, i);
    if (own && !same_root(traffic, one->of, cause))
      continue;
    Account *spared = account_of(item->spared, one->of);
    const gint64 more = MIN(by, one->bits_per_second - spared->bits_per_second);
    spared->bits_per_second += more;
    by -= more;
  }
  return by;
}

/* `own`: what the return of a thing takes off of what its failure had brought, for good. */
static gint64 take_off(const Traffic *traffic, TrafficItem *item, gboolean own, gint64 by) {
  const RecordId cause = engine_cause(traffic->engine);
  for (guint i = item->overloads->len; i-- > 0 && by > 0;) {
    Account *overload = account_at(item->overloads, i);
    if (own && !is_own(traffic, overload->of, cause))
      continue;
    const gint64 less = MIN(by, overload->bits_per_second);
    const Account eased = {overload->of, cause, less};
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
  gint64 lacking[FLOW_DIRECTIONS]; /* of flows that pass */
  gint64 anyway;                   /* of those that are interrupted, before they were */
  gint64 interrupted;              /* ... and what they lost with it */
  GArray *stopped;                 /* Account: the same by interruption */
} Stock;

static void add_stopped(Stock *stock, const TrafficItem *item, const FlowClass *class) {
  const gint64 lost = traffic_offered(&item->config, class->flows) - class->missed_anyway;
  stock->anyway += class->missed_anyway;
  stock->interrupted += lost;
  account_of(stock->stopped, class->down)->bits_per_second += lost;
}

static gboolean passes(const FlowClass *class) { return !class->gone && class->fate->deliverable; }

static Stock count_stock(const TrafficItem *item) {
  Stock stock = {.stopped = g_array_new(FALSE, FALSE, sizeof(Account))};
  for (guint s = 0; s < item->sets->len; s++) {
    const FlowSet *set = item->sets->pdata[s];
    for (guint c = 0; c < set->classes->len; c++) {
      const FlowClass *class = set->classes->pdata[c];
      if (class->down != 0)
        add_stopped(&stock, item, class);
      for (guint direction = 0; direction < FLOW_DIRECTIONS && passes(class); direction++)
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
  const guint i = place_of(stock->stopped, down);
  return i < stock->stopped->len ? account_at(stock->stopped, i)->bits_per_second : 0;
}

/* What the interruptions that are over had spared others is theirs no more. */
static gint64 let_go(TrafficItem *item, const Stock *stock, gboolean really) {
  gint64 gone = 0;
  for (guint i = 0; i < item->spared->len; i++) {
    Account *spared = account_at(item->spared, i);
    const gint64 over = MAX(spared->bits_per_second - stopped_by(stock, spared->of), 0);
    spared->bits_per_second -= really ? over : 0;
    gone += over;
  }
  return gone;
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
  const gint64 over = let_go(item, &stock, FALSE);
  const gint64 known = total_of(item->overloads) - total_of(item->spared) + over;
  if (beyond != known || over != 0) {
    account(traffic, item);
    let_go(item, &stock, TRUE);
    if (beyond > known)
      worsen(traffic, item, beyond - known);
    else
      relieve(traffic, item, stock.stopped, known - beyond);
    close_empty(item->overloads);
    close_empty(item->spared);
    close_empty(item->eased);
  }
  g_array_unref(stock.stopped);
}

void blame_end(Traffic *traffic) {
  for (guint i = 0; i < traffic->items->len; i++)
    account(traffic, traffic->items->pdata[i]);
}
