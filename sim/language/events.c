/* Events: one table, and the rules of which keys go together. */
#include <string.h>

#include "language_private.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)

/* ---- events -------------------------------------------------------------------------------- */

typedef struct {
  BlockHead head;
  Duration at;
  NameRef fail, restore, flap, how, set, forwards;
  DesignPlane plane;
  NameRef persist, action;
  NameRef connect;
  GPtrArray *impair; /* NameRef * */
  Duration wait, down, up, delay, jitter, span;
  gint64 times;
  double loss;
  const Node *to;
} RawEvent;

static const KeySpec event_specs[] = {
    {"at", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, at), .flags = KEY_REQUIRED,
     .doc = "when, from the start"},
    {"fail", KEY_NAME, KEY_ONE, OFFSET(RawEvent, fail), .doc = "what fails, by name"},
    {"how", KEY_NAME, KEY_ONE, OFFSET(RawEvent, how), .fallback = "silent",
     .doc = "kind of failure"},
    {"forwards", KEY_NAME, KEY_ONE, OFFSET(RawEvent, forwards),
     .doc =
         "whether the data plane goes on: on, off or for a duration; by default as the kind says"},
    {"wait", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, wait), .fallback = "30s",
     .basis = BASIS_ASSUMED, .fact = "AZ-6.18",
     .doc = "drain: from the withdrawal to the stop; the default lets a change interval pass",
     .low = "10s", .high = "60s",
     .why = "judgement: less than 10 s cuts into the slowest programming that was seen, and after "
            "60 s a whole change interval and the programming behind it are over."},
    {"restore", KEY_NAME, KEY_ONE, OFFSET(RawEvent, restore),
     .doc = "what is repaired: ends every failure of this name"},
    {"flap", KEY_NAME, KEY_ONE, OFFSET(RawEvent, flap),
     .doc = "what fails and is repaired several times; each stands as two events"},
    {"down", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, down), .fallback = "30s",
     .doc = "flap: time failed"},
    {"up", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, up), .fallback = "30s",
     .doc = "flap: time repaired"},
    {"times", KEY_COUNT, KEY_ONE, OFFSET(RawEvent, times), .fallback = "1",
     .doc = "flap: how often", .least = 1, .most = 1000},
    {"impair", KEY_NAME, KEY_LIST, OFFSET(RawEvent, impair), .flags = KEY_ENDS,
     .doc = "the two ends (an appliance and a route server) whose control traffic suffers"},
    {"loss", KEY_SHARE, KEY_ONE, OFFSET(RawEvent, loss), .fallback = "0%",
     .doc = "impair: share of packets lost, each way"},
    {"delay", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, delay), .fallback = "0s",
     .doc = "impair: added one-way delay"},
    {"jitter", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, jitter), .fallback = "0s",
     .doc = "impair: added one-way delay, uniform from 0 to this"},
    {"for", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, span),
     .doc = "impair: how long; without it, to the end"},
    {"plane", KEY_CHOICE, KEY_ONE, OFFSET(RawEvent, plane), .fallback = "control",
     .doc = "impair: control; data is refused, as that plane has how: freeze",
     .choices = design_planes},
    {"set", KEY_NAME, KEY_ONE, OFFSET(RawEvent, set),
     .doc = "a setting that changes: nvas.NAME.advertise, or route_tables.NAME.routes"},
    {"connect", KEY_NAME, KEY_ONE, OFFSET(RawEvent, connect), .fact = "AZ-2.16",
     .doc = "a peering with `connected: off`, which is made now"},
    {"to", KEY_NODE, KEY_ONE, OFFSET(RawEvent, to), .doc = "set: its new value"},
    {"persist", KEY_NAME, KEY_ONE, OFFSET(RawEvent, persist), .basis = BASIS_DOCUMENTED,
     .fact = "AWS-6.11",
     .doc = "a route server whose persisted routes, if it has any, an operator acts on"},
    {"action", KEY_NAME, KEY_ONE, OFFSET(RawEvent, action), .fallback = "enable",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-6.11", .doc = "persist: enable, disable or reset"},
};
const KeyTable scenario_event_keys = KEY_TABLE("events", RawEvent, event_specs);

static void event_error(KeyReader *reader, Mark mark, const char *text) {
  diagnostics_add(reader->diagnostics, SEVERITY_ERROR, mark, "%s", text);
}

void scenario_read_fault_kind(KeyReader *reader, const NameRef *name, const FaultKind **kind) {
  g_autofree const char **names = g_new0(const char *, fault_kind_count() + 1);
  *kind = fault_kind_find(name->text);
  if (*kind != NULL)
    return;
  for (guint i = 0; i < fault_kind_count(); i++)
    names[i] = fault_kind_at(i)->name;
  const char *near = closest_name(name->text, names);
  g_autofree char *all = g_strjoinv(", ", (char **)names);
  if (near != NULL)
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, name->mark,
                    "unknown kind of failure '%s' (did you mean '%s'?)", name->text, near);
  if (near != NULL)
    diagnostics_hint(reader->diagnostics, "did you mean '%s'?", near);
  else
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, name->mark,
                    "unknown kind of failure '%s'; there are: %s", name->text, all);
}

static DesignEvent *add_event(KeyReader *reader, GPtrArray *events, const RawEvent *raw,
                              EventAction action, const NameRef *target) {
  DesignEvent *event = arena_new0(reader->arena, DesignEvent);
  event->action = action;
  event->mark = raw->head.mark;
  event->at = raw->at;
  event->flap = events->len;
  event->target = target->text;
  event->target_mark = target->mark;
  g_ptr_array_add(events, event);
  return event;
}

/* An event about something without a name stands in for one that could not be read, so that the
 * numbers of the others are right in a file that is refused. */
static void add_unread(KeyReader *reader, GPtrArray *events, const RawEvent *raw) {
  const NameRef nothing = {"", raw->head.mark};
  add_event(reader, events, raw, EVENT_RESTORE, &nothing);
}

static void add_failure(KeyReader *reader, GPtrArray *events, const RawEvent *raw,
                        const NameRef *target) {
  DesignEvent *event = add_event(reader, events, raw, EVENT_FAIL, target);
  scenario_read_fault_kind(reader, &raw->how, &event->how);
  scenario_read_forwards(reader, "forwards", &raw->forwards, &event->forwards);
  event->forwards_mark = raw->forwards.mark;
  event->wait = raw->wait;
}

static void add_flap(KeyReader *reader, GPtrArray *events, const RawEvent *raw) {
  const guint first = events->len;
  gint64 later = 0;
  if (raw->down.law.kind != DISTRIBUTION_CONSTANT || raw->up.law.kind != DISTRIBUTION_CONSTANT) {
    add_unread(reader, events, raw);
    event_error(reader, raw->flap.mark, "'down' and 'up' are one duration each, no distributions");
    return;
  }
  if ((raw->down.law.a.ns / 2 + raw->up.law.a.ns / 2) > G_MAXINT64 / 4 / raw->times) {
    add_unread(reader, events, raw);
    event_error(reader, raw->flap.mark, "the flap takes longer than a run can");
    return;
  }
  for (gint64 i = 0; i < raw->times; i++) {
    add_failure(reader, events, raw, &raw->flap);
    ((DesignEvent *)events->pdata[events->len - 1])->later = sim_time_ns(later);
    later += raw->down.law.a.ns;
    add_event(reader, events, raw, EVENT_RESTORE, &raw->flap)->later = sim_time_ns(later);
    later += raw->up.law.a.ns;
  }
  for (guint i = first; i < events->len; i++)
    ((DesignEvent *)events->pdata[i])->flap = first;
}

static void add_impairment(KeyReader *reader, GPtrArray *events, const RawEvent *raw) {
  if (raw->impair->len != 2) {
    add_unread(reader, events, raw);
    event_error(reader, raw->head.mark, "'impair' takes two ends, as in [fw-a, rs]");
    return;
  }
  const NameRef *a = raw->impair->pdata[0], *b = raw->impair->pdata[1];
  DesignEvent *event = add_event(reader, events, raw, EVENT_IMPAIR, a);
  event->target = arena_printf(reader->arena, "%s~%s", a->text, b->text);
  event->ends[0] = a->text;
  event->ends[1] = b->text;
  event->loss = raw->loss;
  event->delay = raw->delay;
  event->jitter = raw->jitter;
  event->span = raw->span;
  if (raw->plane == DESIGN_PLANE_DATA)
    event_error(reader, node_get(raw->head.node, "plane")->mark,
                "only the control plane can be impaired in this version; for the data plane use "
                "how: freeze");
}

/* NAME of "nvas.NAME.advertise", which may have dots; NULL: the path is another. */
static const char *name_in(KeyReader *reader, const char *path, const char *first,
                           const char *last) {
  const gsize length = strlen(path), around = strlen(first) + strlen(last) + 2;
  const char *name = path + strlen(first) + 1;
  if (length <= around || !g_str_has_prefix(path, first) || name[-1] != '.' ||
      !g_str_has_suffix(path, last) || path[length - strlen(last) - 1] != '.')
    return NULL;
  char *copy = arena_strdup(reader->arena, name);
  copy[length - around] = '\0';
  return copy;
}

static void add_setting(KeyReader *reader, GPtrArray *events, const RawEvent *raw) {
  DesignEvent *event = add_event(reader, events, raw, EVENT_SET, &raw->set);
  event->ends[0] = "";
  static const struct {
    const char *first, *last, *what;
    EventAction action;
    const KeyTable *keys;
    gsize list;
  } settable[] = {{.first = "nvas",
                   .last = "advertise",
                   .what = "announcements",
                   .action = EVENT_SET,
                   .keys = &scenario_announcement_keys,
                   .list = OFFSET(DesignEvent, advertise)},
                  {.first = "route_tables",
                   .last = "routes",
                   .what = "routes",
                   .action = EVENT_SET_ROUTES,
                   .keys = &scenario_route_keys,
                   .list = OFFSET(DesignEvent, routes)}};
  guint which = 0;
  const char *name = NULL;
  while (which < G_N_ELEMENTS(settable) &&
         (name = name_in(reader, raw->set.text, settable[which].first, settable[which].last)) ==
             NULL)
    which++;
  if (name == NULL && g_str_has_prefix(raw->set.text, "nvas.") &&
      strstr(raw->set.text, ".peers") != NULL) {
    event_error(reader, raw->set.mark,
                arena_printf(reader->arena,
                             "a peer of a route server cannot be changed, only deleted and made "
                             "anew%s; use a variant",
                             clouds_cite(NULL, reader->arena, RULE_PEER_IS_FIXED)));
    return;
  }
  if (which == G_N_ELEMENTS(settable)) {
    event_error(reader, raw->set.mark,
                "what can change during a run is nvas.NAME.advertise and "
                "route_tables.NAME.routes; use a variant for the rest");
    return;
  }
  GPtrArray *list = arena_ptr_array(reader->arena);
  event->action = settable[which].action;
  event->ends[0] = name;
  *(GPtrArray **)((char *)event + settable[which].list) = list;
  if (raw->to == NULL || raw->to->kind != NODE_SEQUENCE) {
    g_autofree char *text =
        g_strdup_printf("'set' needs `to:` with a list of %s", settable[which].what);
    if (keys_all_sound(&raw->head))
      event_error(reader, raw->head.mark, text);
    return;
  }
  for (guint i = 0; i < raw->to->values->len; i++)
    g_ptr_array_add(list, keys_read(reader, settable[which].keys, raw->to->values->pdata[i]));
}

static void add_persist(KeyReader *reader, GPtrArray *events, const RawEvent *raw) {
  DesignEvent *event = add_event(reader, events, raw, EVENT_PERSIST, &raw->persist);
  for (guint i = 0; design_persist_actions[i] != NULL; i++)
    if (strcmp(raw->action.text, design_persist_actions[i]) == 0) {
      event->persist = (DesignPersist)i;
      return;
    }
  event_error(reader, raw->action.mark,
              arena_printf(reader->arena, "'action' is enable, disable or reset%s",
                           clouds_cite(NULL, reader->arena, RULE_PERSISTS)));
}

static void add_fail(KeyReader *reader, GPtrArray *events, const RawEvent *raw) {
  add_failure(reader, events, raw, &raw->fail);
}

static void add_restoration(KeyReader *reader, GPtrArray *events, const RawEvent *raw) {
  add_event(reader, events, raw, EVENT_RESTORE, &raw->restore);
}

static void add_connection(KeyReader *reader, GPtrArray *events, const RawEvent *raw) {
  add_event(reader, events, raw, EVENT_CONNECT, &raw->connect);
}

/* ---- what an event does ---------------------------------------------------------------------- */

typedef enum { FAIL, RESTORE, FLAP, IMPAIR, SET, CONNECT, PERSIST, VERBS } Verb;

/* By Verb. `target`: in RawEvent, a NameRef or (`two`) a list of them. */
static const struct {
  const char *key;
  gsize target;
  gboolean two;
  void (*add)(KeyReader *reader, GPtrArray *events, const RawEvent *raw);
} verbs[VERBS] = {
    [FAIL] = {.key = "fail", .target = OFFSET(RawEvent, fail), .add = add_fail},
    [RESTORE] = {.key = "restore", .target = OFFSET(RawEvent, restore), .add = add_restoration},
    [FLAP] = {.key = "flap", .target = OFFSET(RawEvent, flap), .add = add_flap},
    [IMPAIR] = {.key = "impair",
                .target = OFFSET(RawEvent, impair),
                .two = TRUE,
                .add = add_impairment},
    [SET] = {.key = "set", .target = OFFSET(RawEvent, set), .add = add_setting},
    [CONNECT] = {.key = "connect", .target = OFFSET(RawEvent, connect), .add = add_connection},
    [PERSIST] = {.key = "persist", .target = OFFSET(RawEvent, persist), .add = add_persist},
};

static gboolean says(const RawEvent *raw, Verb verb) {
  const gsize target = verbs[verb].target;
  return verbs[verb].two ? G_STRUCT_MEMBER(const GPtrArray *, raw, target)->len > 0
                         : G_STRUCT_MEMBER(NameRef, raw, target).text != NULL;
}

/* A key of another kind of event would be without effect: surely not what is meant. */
static void check_event_keys(KeyReader *reader, const Node *item, Verb verb) {
  static const struct {
    const char *key;
    guint verbs; /* a bit for each */
  } belongs[] = {{"how", 1 << FAIL | 1 << FLAP},
                 {"forwards", 1 << FAIL | 1 << FLAP},
                 {"wait", 1 << FAIL | 1 << FLAP},
                 {"down", 1 << FLAP},
                 {"up", 1 << FLAP},
                 {"times", 1 << FLAP},
                 {"loss", 1 << IMPAIR},
                 {"delay", 1 << IMPAIR},
                 {"jitter", 1 << IMPAIR},
                 {"for", 1 << IMPAIR},
                 {"plane", 1 << IMPAIR},
                 {"to", 1 << SET},
                 {"action", 1 << PERSIST}};
  for (guint i = 0; i < item->keys->len; i++) {
    const Node *key = item->keys->pdata[i];
    for (guint j = 0; j < G_N_ELEMENTS(belongs); j++)
      if (strcmp(key->text, belongs[j].key) == 0 && (belongs[j].verbs & 1u << verb) == 0)
        diagnostics_add(reader->diagnostics, SEVERITY_ERROR, key->mark,
                        "'%s' has no meaning beside '%s'", key->text, verbs[verb].key);
  }
}

static void tell_verbs(KeyReader *reader, Mark mark) {
  g_autoptr(GString) all = g_string_new(NULL);
  for (guint verb = 0; verb < VERBS; verb++)
    g_string_append_printf(all, "%s%s", verb > 0 ? ", " : "", verbs[verb].key);
  diagnostics_add(reader->diagnostics, SEVERITY_ERROR, mark, "an event does exactly one of: %s",
                  all->str);
}

static void read_event(KeyReader *reader, const Node *item, GPtrArray *events) {
  const RawEvent *raw = keys_read(reader, &scenario_event_keys, item);
  guint count = 0;
  Verb said = VERBS;
  for (guint verb = 0; verb < VERBS; verb++)
    if (says(raw, (Verb)verb)) {
      said = (Verb)verb;
      count++;
    }
  if (count == 1) {
    check_event_keys(reader, item, said);
    verbs[said].add(reader, events, raw);
    return;
  }
  add_unread(reader, events, raw);
  if (count > 1 || keys_all_sound(&raw->head))
    tell_verbs(reader, item->mark); /* else what happens is what could not be read */
}

void scenario_read_events(KeyReader *reader, const Node *node, gpointer field) {
  GPtrArray *events = arena_ptr_array(reader->arena);
  *(GPtrArray **)field = events;
  if (node == NULL)
    return;
  if (node->kind != NODE_SEQUENCE) {
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "expected a list of events, found %s", node_kind_name(node));
    return;
  }
  for (guint i = 0; i < node->values->len; i++)
    read_event(reader, node->values->pdata[i], events);
}

/* ---- events that no file has ----------------------------------------------------------------- */

const DesignEvent *scenario_event(Arena *arena, EventAction action, const char *target,
                                  const FaultKind *how) {
  g_autoptr(Diagnostics) nobody = diagnostics_new();
  KeyReader reader = {.arena = arena, .diagnostics = nobody};
  const RawEvent *raw = keys_read(&reader, &scenario_event_keys, NULL);
  DesignEvent *event = arena_new0(arena, DesignEvent);
  *event = (DesignEvent){
      .action = action, .target = target, .how = how, .at = raw->at, .wait = raw->wait};
  return event;
}
