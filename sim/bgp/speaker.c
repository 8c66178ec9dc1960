/* A speaker's Adj-RIB-In and Loc-RIB, as one table of candidates by prefix (RFC 4271 sections 3.2
 * and 9.1). Its Adj-RIB-Out: export.c. */
#include "routesim/bgp/speaker.h"

#include <string.h>

#include "bgp_private.h"

const TraceKind BGP_ANNOUNCED = {"route-announced"};
const TraceKind BGP_WITHDRAWN = {"route-withdrawn"};
const TraceKind BGP_REFUSED = {"route-refused"};
const TraceKind BGP_SELECTED = {"route-selected"};

const char *bgp_speaker_name(const BgpSpeaker *speaker) { return speaker->config.name; }
guint32 bgp_speaker_asn(const BgpSpeaker *speaker) { return speaker->config.asn; }
GPtrArray *bgp_speaker_peers(const BgpSpeaker *speaker) { return speaker->peers; }

/* ---- candidates --------------------------------------------------------------- */

static BgpEntry *entry_for(BgpSpeaker *speaker, Prefix prefix) {
  BgpEntry *entry = trie_get(speaker->rib, prefix);
  if (entry == NULL) {
    Arena *arena = engine_arena(speaker->engine);
    entry = arena_new0(arena, BgpEntry);
    entry->prefix = prefix;
    entry->candidates = arena_ptr_array(arena);
    trie_set(speaker->rib, prefix, entry);
    g_ptr_array_add(speaker->entries, entry);
  }
  return entry;
}

/* Originated routes stand first, then peers by name. */
static const char *candidate_rank(const BgpCandidate *candidate) {
  return candidate->source == NULL ? "" : ((const BgpPeer *)candidate->source)->name;
}

static void remove_candidate(BgpSpeaker *speaker, BgpEntry *entry, guint index) {
  const BgpCandidate *candidate = entry->candidates->pdata[index];
  BgpPeer *source = candidate->source;
  if (source != NULL) {
    source->held--;
    source->excess -= candidate->excess;
  }
  g_ptr_array_remove_index(entry->candidates, index);
  bgp_speaker_touch(speaker, entry);
}

static gboolean put_candidate(BgpSpeaker *speaker, BgpEntry *entry, BgpPeer *source,
                              const BgpAttributes *attributes) {
  GPtrArray *candidates = entry->candidates;
  guint index = 0;
  const char *rank = source == NULL ? "" : source->name;
  while (index < candidates->len && strcmp(candidate_rank(candidates->pdata[index]), rank) < 0)
    index++;
  BgpCandidate *candidate = NULL;
  if (index < candidates->len &&
      ((BgpCandidate *)candidates->pdata[index])->source == (gpointer)source) {
    candidate = candidates->pdata[index];
    candidate->age = ++speaker->clock;
    if (bgp_attributes_equal(candidate->attributes, attributes))
      return FALSE;
  } else {
    candidate = arena_new0(engine_arena(speaker->engine), BgpCandidate);
    candidate->source = source;
    candidate->age = ++speaker->clock;
    candidate->endpoint = "";
    if (source != NULL) {
      candidate->neighbor_asn = source->far->speaker->config.asn;
      candidate->internal = candidate->neighbor_asn == speaker->config.asn;
      candidate->router_id = (guint32)(source->far->speaker->config.router_id.hi >> 32);
      candidate->peer_address = source->far->end.address;
      candidate->endpoint = source->end.name;
      candidate->role = source->end.role;
      candidate->connection = source->end.connection;
      candidate->weight = source->end.weight;
      candidate->unsettled = source->settling;
      bgp_peer_count_route(source, candidate);
    }
    g_ptr_array_insert(candidates, (gint)index, candidate);
  }
  candidate->attributes = attributes;
  candidate->cause = engine_cause(speaker->engine);
  candidate->unreachable = !bgp_speaker_reaches(speaker, source, attributes->next_hop);
  bgp_speaker_touch(speaker, entry);
  return TRUE;
}

static gboolean drop_candidate(BgpSpeaker *speaker, BgpEntry *entry, BgpPeer *source) {
  for (guint i = 0; i < entry->candidates->len; i++) {
    const BgpCandidate *candidate = entry->candidates->pdata[i];
    if (candidate->source == (gconstpointer)source) {
      remove_candidate(speaker, entry, i);
      bgp_peer_fill_up(source);
      return TRUE;
    }
  }
  return FALSE;
}

void bgp_originate(BgpSpeaker *speaker, Prefix prefix, const BgpAttributes *attributes) {
  BgpEntry *entry = entry_for(speaker, prefix);
  if (attributes != NULL)
    put_candidate(speaker, entry, NULL, attributes);
  else
    drop_candidate(speaker, entry, NULL);
}

void bgp_reoriginate(BgpSpeaker *speaker, Prefix prefix) {
  BgpEntry *entry = entry_for(speaker, prefix);
  entry->reoriginated = TRUE;
  bgp_speaker_touch(speaker, entry);
}

/* ---- receiving ------------------------------------------------------------------ */

guint bgp_peer_route_count(const BgpPeer *peer) {
  return peer->mapped_in != NULL ? bgp_mapped_count(peer->mapped_in) : peer->held;
}

static gboolean bgp_peer_is_over_limit(const BgpPeer *peer) {
  const guint most = peer->end.prefix_limit.most;
  return most > 0 && bgp_peer_route_count(peer) > most;
}

/* RFC 4271 9.1.2 refuses a path with the own AS number; for want of other word the clouds do too.
 * Facts: AWS-4.17, AZ-4.15. */
static gboolean is_loop(const BgpPeer *peer, const BgpAttributes *attributes) {
  return !peer->speaker->config.allows_own_as &&
         bgp_attributes_path_has(attributes, peer->speaker->config.asn);
}

/* What the limit counts may be known before anything is taken; loops are no routes. */
static gboolean brings_too_many(const BgpPeer *peer, const BgpUpdate *update) {
  const BgpPrefixLimit *limit = &peer->end.prefix_limit;
  guint count = bgp_peer_route_count(peer);
  if (limit->most == 0 || limit->count != BGP_COUNT_HELD_AND_INCOMING)
    return FALSE;
  for (guint i = 0; i < update->announced->len; i++)
    count += !is_loop(peer, ((BgpAnnouncement *)update->announced->pdata[i])->attributes);
  return count > limit->most;
}

static const char *refusal(BgpPeer *peer, Prefix prefix, const BgpAttributes *attributes) {
  const BgpSpeaker *speaker = peer->speaker;
  if (speaker->policy != NULL && speaker->policy->import != NULL)
    return speaker->policy->import(speaker->data, peer, prefix, attributes);
  return NULL;
}

static void record_route(BgpPeer *peer, const TraceKind *kind, gconstpointer detail) {
  if (!peer->speaker->direct)
    engine_record(peer->speaker->engine, kind, peer->end.name, peer->far->end.name, 0, detail);
}

static gboolean has_candidate(const BgpEntry *entry, const BgpPeer *source) {
  for (guint i = 0; i < entry->candidates->len; i++)
    if (((const BgpCandidate *)entry->candidates->pdata[i])->source == (gconstpointer)source)
      return TRUE;
  return FALSE;
}

static const Prefix *keep_prefix(BgpSpeaker *speaker, Prefix prefix) {
  Prefix *copy = arena_new0(engine_arena(speaker->engine), Prefix);
  *copy = prefix;
  return copy;
}

/* The far end's route, or none (NULL), is now this. */
static void take_route(BgpPeer *peer, Prefix prefix, const BgpAttributes *attributes) {
  BgpSpeaker *speaker = peer->speaker;
  if (attributes != NULL)
    put_candidate(speaker, entry_for(speaker, prefix), peer, attributes);
  else
    drop_candidate(speaker, entry_for(speaker, prefix), peer);
}

/* The peer may have a route map, which makes `target` of `source`. */
static void take_mapped(BgpPeer *peer, Prefix source, Prefix target,
                        const BgpAttributes *attributes) {
  Prefix affected[2];
  if (peer->mapped_in == NULL) {
    take_route(peer, target, attributes);
    return;
  }
  const guint count = bgp_mapped_set(peer->mapped_in, source, target, attributes, affected);
  for (guint i = 0; i < count; i++)
    take_route(peer, affected[i], bgp_mapped_get(peer->mapped_in, affected[i]));
}

static const char *const dropped_by_map = "dropped by a route map";

static void take_announcement(BgpPeer *peer, const BgpAnnouncement *announcement) {
  BgpSpeaker *speaker = peer->speaker;
  Engine *engine = speaker->engine;
  Prefix prefix = announcement->prefix;
  const BgpAttributes *attributes = announcement->attributes;
  const char *reason = NULL;
  ENGINE_KEEP_CAUSE(engine);
  if (is_loop(peer, attributes))
    reason = "own AS number in the AS path (RFC 4271 9.1.2)";
  else if (peer->end.inbound != NULL &&
           !bgp_route_map_apply(peer->end.inbound, engine_arena(engine), &prefix, &attributes))
    reason = dropped_by_map;
  else
    reason = refusal(peer, prefix, attributes);
  if (reason != NULL)
    record_route(peer, &BGP_REFUSED, reason);
  else if (!speaker->direct)
    engine_go_on(engine, &BGP_ANNOUNCED, peer->end.name, peer->far->end.name,
                 has_candidate(entry_for(speaker, prefix), peer) ? BGP_ARRIVED_AGAIN
                                                                 : BGP_ARRIVED_NEW,
                 announcement);
  take_mapped(peer, announcement->prefix, prefix, reason == NULL ? attributes : NULL);
}

static gboolean receive(BgpPeer *peer, const BgpUpdate *update) {
  BgpSpeaker *speaker = peer->speaker;
  Engine *engine = speaker->engine;
  for (guint i = 0; i < update->withdrawn->len; i++) {
    const Prefix prefix = g_array_index(update->withdrawn, Prefix, i);
    ENGINE_KEEP_CAUSE(engine);
    if (!speaker->direct)
      engine_go_on(engine, &BGP_WITHDRAWN, peer->end.name, peer->far->end.name, 0,
                   keep_prefix(speaker, prefix));
    take_mapped(peer, prefix, prefix, NULL);
  }
  if (!speaker->direct && brings_too_many(peer, update))
    return FALSE;
  for (guint i = 0; i < update->announced->len; i++)
    take_announcement(peer, update->announced->pdata[i]);
  return speaker->direct || !bgp_peer_is_over_limit(peer);
}

/* ---- deciding ------------------------------------------------------------------- */

static void record_selection(BgpSpeaker *speaker, const BgpEntry *entry) {
  Arena *arena = engine_arena(speaker->engine);
  BgpSelection *selection = arena_new0(arena, BgpSelection);
  const char **ends = arena_array(arena, const char *, entry->selected_count + 1);
  for (guint i = 0; i < entry->selected_count; i++) {
    const BgpPeer *source = entry->selected[i]->source;
    ends[i] = source != NULL ? source->far->end.name : speaker->config.name;
  }
  *selection = (BgpSelection){entry->prefix, entry->selected_count, ends, entry->rule};
  engine_go_on(speaker->engine, &BGP_SELECTED, speaker->config.name, NULL, 0, selection);
}

/* A candidate that is replaced later must show as a change. */
static const BgpCandidate *copy_candidate(const BgpSpeaker *speaker,
                                          const BgpCandidate *candidate) {
  BgpCandidate *copy = arena_new0(engine_arena(speaker->engine), BgpCandidate);
  *copy = *candidate;
  return copy;
}

static void store_selection(BgpSpeaker *speaker, BgpEntry *entry, const BgpCandidate **candidates,
                            const BgpDecision *decision) {
  Arena *arena = engine_arena(speaker->engine);
  const BgpCandidate **selected = arena_array(arena, const BgpCandidate *, decision->paths + 1);
  for (guint i = 0; i < decision->paths; i++)
    selected[i] = copy_candidate(speaker, candidates[i]);
  entry->selected = selected;
  entry->selected_count = decision->paths;
  speaker->gone &= decision->paths == 0;
}

/* `out` gets the candidates that take part; the result is how many they are. */
static guint eligible(const BgpEntry *entry, gboolean learned, const BgpCandidate **out) {
  guint count = 0;
  for (guint i = 0; i < entry->candidates->len; i++) {
    const BgpCandidate *candidate = entry->candidates->pdata[i];
    if (!candidate->excess && !candidate->unreachable && (!learned || candidate->source != NULL))
      out[count++] = candidate;
  }
  return count;
}

/* The entry keeps the best learned route; TRUE where it is another one than before. */
static gboolean note_learned(const BgpSpeaker *speaker, BgpEntry *entry, const BgpCandidate *best) {
  if (best != NULL && best->source == NULL) {
    g_autofree const BgpCandidate **others =
        g_new(const BgpCandidate *, entry->candidates->len + 1);
    const guint count = eligible(entry, TRUE, others);
    best = bgp_decide(speaker->config.profile, others, count).best;
  }
  if (bgp_is_same_route(entry->learned, best))
    return FALSE;
  entry->learned = best != NULL ? copy_candidate(speaker, best) : NULL;
  return TRUE;
}

/* The best of what was not heard in the own AS, where the best of all was; TRUE where that
 * changed. */
static gboolean choose_external(const BgpSpeaker *speaker, BgpEntry *entry,
                                const BgpCandidate *best) {
  const BgpCandidate *external = NULL;
  if (!speaker->tells_external)
    return FALSE;
  if (best != NULL && best->internal) {
    g_autofree const BgpCandidate **others = g_new(const BgpCandidate *, entry->candidates->len);
    guint count = eligible(entry, FALSE, others), kept = 0;
    for (guint i = 0; i < count; i++)
      if (!others[i]->internal)
        others[kept++] = others[i];
    external = kept > 0 ? bgp_decide(speaker->config.profile, others, kept).best : NULL;
  }
  if (bgp_is_same_route(entry->external, external))
    return FALSE;
  entry->external = external != NULL ? copy_candidate(speaker, external) : NULL;
  return TRUE;
}

static void export_to_all(BgpSpeaker *speaker, const BgpEntry *entry) {
  for (guint i = 0; i < speaker->peers->len; i++)
    bgp_peer_export(speaker->peers->pdata[i], entry);
}

static gboolean was_selected(const BgpEntry *entry, const BgpCandidate *candidate) {
  for (guint i = 0; i < entry->selected_count; i++)
    if (bgp_is_same_route(entry->selected[i], candidate))
      return TRUE;
  return FALSE;
}

/* What made the choice another one, of all that came together: what took away what was selected, or
 * else what brought what is. Before the new selection is stored. */
static RecordId what_turned(const BgpEntry *entry, const BgpCandidate *const *candidates,
                            guint paths) {
  if (entry->lost)
    return entry->lost_cause;
  for (guint i = 0; i < paths; i++)
    if (candidates[i]->age > entry->decided && !was_selected(entry, candidates[i]))
      return candidates[i]->cause;
  return entry->dirty_cause;
}

/* Who need not wait any longer, because of what is chosen, takes part. */
static BgpDecision decide(const BgpSpeaker *speaker, const BgpEntry *entry,
                          const BgpCandidate **candidates, guint count) {
  BgpDecision decision;
  do
    decision = bgp_decide(speaker->config.profile, candidates, count);
  while (bgp_entry_settle(entry, candidates, decision.paths));
  return decision;
}

static void decide_entry(BgpSpeaker *speaker, BgpEntry *entry) {
  const BgpPolicy *policy = speaker->policy;
  const BgpCandidate **candidates =
      arena_array(engine_arena(speaker->engine), const BgpCandidate *, entry->candidates->len + 1);
  const guint count = eligible(entry, FALSE, candidates);
  const BgpDecision decision = decide(speaker, entry, candidates, count);
  gboolean changed = entry->selected_count != decision.paths;
  for (guint i = 0; i < decision.paths && !changed; i++)
    changed = !bgp_is_same_route(entry->selected[i], candidates[i]);
  /* Who is not told what is originated is told what is learned. */
  const gboolean learned = note_learned(speaker, entry, decision.best);
  const gboolean external = choose_external(speaker, entry, decision.best);
  const gboolean again = learned || external || entry->reoriginated;
  entry->reoriginated = FALSE;
  entry->rule = decision.rule;
  if (policy != NULL && policy->decided != NULL)
    policy->decided(speaker->data, entry);
  if (!changed) {
    if (again)
      export_to_all(speaker, entry);
    return;
  }
  if (!speaker->direct)
    engine_set_cause(speaker->engine, what_turned(entry, candidates, decision.paths));
  store_selection(speaker, entry, candidates, &decision);
  if (!speaker->direct)
    record_selection(speaker, entry);
  if (policy != NULL && policy->selected != NULL) {
    ENGINE_KEEP_CAUSE(speaker->engine);
    policy->selected(speaker->data, entry);
  }
  export_to_all(speaker, entry);
}

static int compare_entries(gconstpointer a, gconstpointer b) {
  return prefix_compare((*(BgpEntry *const *)a)->prefix, (*(BgpEntry *const *)b)->prefix);
}

static gboolean decide_all(BgpSpeaker *speaker) {
  if (speaker->dirty->len == 0)
    return FALSE;
  g_ptr_array_sort(speaker->dirty, compare_entries);
  for (guint i = 0; i < speaker->dirty->len; i++) {
    BgpEntry *entry = speaker->dirty->pdata[i];
    entry->dirty = FALSE;
    engine_set_cause(speaker->engine, entry->dirty_cause);
    decide_entry(speaker, entry);
    entry->lost = FALSE;
    entry->decided = speaker->clock;
  }
  g_ptr_array_set_size(speaker->dirty, 0);
  for (guint i = 0; i < speaker->peers->len; i++)
    bgp_peer_send_pending(speaker->peers->pdata[i]);
  return TRUE;
}

gboolean bgp_decide_now(BgpSpeaker *speaker) {
  timer_cancel(speaker->decide_timer);
  return decide_all(speaker);
}

/* Sessions that bring more than their limit have ended long ago. */
static gboolean end_excessive(const BgpSpeaker *speaker) {
  gboolean any = FALSE;
  for (guint i = 0; i < speaker->peers->len; i++) {
    BgpPeer *peer = speaker->peers->pdata[i];
    if (peer->state != BGP_ESTABLISHED || !bgp_peer_is_over_limit(peer))
      continue;
    bgp_peer_begin_ended(peer, FALSE);
    any = TRUE;
  }
  return any;
}

void bgp_converge(BgpSpeaker *const *speakers, guint count) {
  gboolean busy = TRUE;
  for (guint i = 0; i < count; i++) {
    speakers[i]->direct = TRUE;
    timer_cancel(speakers[i]->decide_timer); /* what was originated while being built */
  }
  while (busy) {
    busy = FALSE;
    for (guint i = 0; i < count; i++)
      busy |= decide_all(speakers[i]);
    for (guint i = 0; !busy && i < count; i++)
      busy = end_excessive(speakers[i]);
  }
  for (guint i = 0; i < count; i++)
    speakers[i]->direct = FALSE;
}

/* ---- queries and sessions coming and going -------------------------------------- */

const BgpEntry *bgp_find(const BgpSpeaker *speaker, Prefix prefix) {
  return trie_get(speaker->rib, prefix);
}

static const BgpEntry *match(const BgpSpeaker *speaker, IpAddress address, const BgpEntry *than,
                             gboolean last) {
  gpointer entries[TRIE_DEEPEST];
  const guint count = trie_match_all(speaker->rib, address, entries, G_N_ELEMENTS(entries));
  for (guint i = 0; i < count; i++) {
    const BgpEntry *entry = entries[i];
    if ((last ? entry->last_count : entry->selected_count) > 0 &&
        (than == NULL || entry->prefix.length < than->prefix.length))
      return entry;
  }
  return NULL;
}

const BgpEntry *bgp_match_wider(const BgpSpeaker *speaker, IpAddress address,
                                const BgpEntry *than) {
  return match(speaker, address, than, FALSE);
}

const BgpEntry *bgp_match(const BgpSpeaker *speaker, IpAddress address) {
  return match(speaker, address, NULL, FALSE);
}

gboolean bgp_match_last(const BgpSpeaker *speaker, IpAddress address, BgpEntry *out) {
  const BgpEntry *entry = speaker->gone ? match(speaker, address, NULL, TRUE) : NULL;
  if (entry == NULL)
    return FALSE;
  *out = *entry;
  out->selected = entry->last;
  out->selected_count = entry->last_count;
  return TRUE;
}

static void peer_up(BgpPeer *peer) {
  BgpSpeaker *speaker = peer->speaker;
  peer->up_since = speaker->clock;
  bgp_peer_clear_mapped(peer);
  const gboolean told = speaker->policy == NULL || speaker->policy->session == NULL ||
                        speaker->policy->session(speaker->data, peer, TRUE);
  bgp_speaker_send_all(peer);
  if (told)
    bgp_peer_send_end_of_rib(peer);
}

void bgp_peer_end_first_updates(BgpPeer *peer) {
  bgp_peer_send_pending(peer);
  bgp_peer_send_end_of_rib(peer);
}

SimTime bgp_decision_due(const BgpSpeaker *speaker) {
  return timer_is_armed(speaker->decide_timer) ? timer_deadline(speaker->decide_timer)
                                               : SIM_TIME_NEVER;
}

void bgp_flush(BgpSpeaker *speaker, BgpPeer *peer) {
  const gboolean up = peer->state == BGP_ESTABLISHED;
  for (guint i = 0; i < speaker->entries->len; i++) {
    BgpEntry *entry = speaker->entries->pdata[i];
    for (guint j = 0; j < entry->candidates->len; j++) {
      const BgpCandidate *candidate = entry->candidates->pdata[j];
      if (candidate->source == (gconstpointer)peer && (!up || candidate->age <= peer->up_since)) {
        remove_candidate(speaker, entry, j);
        break;
      }
    }
  }
  bgp_peer_fill_up(peer);
}

static void peer_down(BgpPeer *peer) {
  BgpSpeaker *speaker = peer->speaker;
  if (speaker->policy != NULL && speaker->policy->session != NULL &&
      !speaker->policy->session(speaker->data, peer, FALSE))
    return;
  bgp_flush(speaker, peer);
}

/* ---- making ------------------------------------------------------------------------- */

static const BgpSessionEvents session_events = {
    .up = peer_up, .down = peer_down, .receive = receive, .refresh = bgp_speaker_send_all};

static void decide_due(gpointer data) { decide_all(data); }

BgpSpeaker *bgp_speaker_new(Engine *engine, const BgpSpeakerConfig *config, const BgpPolicy *policy,
                            gpointer data, guint64 seed, guint32 run) {
  Arena *arena = engine_arena(engine);
  BgpSpeaker *speaker = arena_new0(arena, BgpSpeaker);
  speaker->engine = engine;
  speaker->session = &session_events;
  speaker->config = *config;
  speaker->policy = policy;
  speaker->data = data;
  speaker->rib = trie_new(arena);
  speaker->entries = arena_ptr_array(arena);
  speaker->dirty = arena_ptr_array(arena);
  speaker->peers = arena_ptr_array(arena);
  const char *stream = arena_concat(arena, "process/", config->name, NULL);
  speaker->process_stream = random_stream(seed, run, stream);
  const char *owner = arena_concat(arena, "speaker/", config->name, NULL);
  speaker->decide_timer = timer_new(engine_owner(engine, owner), PHASE_DECIDE, decide_due, speaker);
  timer_set_stage(speaker->decide_timer, config->process_stage);
  return speaker;
}

/* ---- the end of its process --------------------------------------------------------- */

static void keep_last(BgpSpeaker *speaker) {
  for (guint i = 0; i < speaker->entries->len; i++) {
    BgpEntry *entry = speaker->entries->pdata[i];
    entry->last = entry->selected;
    entry->last_count = entry->selected_count;
  }
}

/* A process that is gone decides nothing: no hook hears of it, no record is made. */
void bgp_speaker_clear(BgpSpeaker *speaker) {
  const BgpPolicy *policy = speaker->policy;
  if (!speaker->gone)
    keep_last(speaker);
  speaker->policy = NULL;
  speaker->direct = TRUE;
  for (guint i = 0; i < speaker->peers->len; i++)
    bgp_flush(speaker, speaker->peers->pdata[i]);
  bgp_decide_now(speaker);
  speaker->direct = FALSE;
  speaker->policy = policy;
  speaker->gone = TRUE;
  if (policy != NULL && policy->cleared != NULL)
    policy->cleared(speaker->data);
}

int bgp_entry_place(const BgpEntry *entry, gconstpointer source) {
  for (guint i = 0; i < entry->selected_count; i++)
    if (entry->selected[i]->source == source)
      return (int)i;
  return -1;
}

typedef struct {
  gconstpointer peer;
  gboolean used;
} Use;

static void note_use(const BgpEntry *entry, gpointer data) {
  Use *use = data;
  use->used |= bgp_entry_place(entry, use->peer) >= 0;
}

gboolean bgp_speaker_uses(const BgpSpeaker *speaker, const BgpPeer *peer) {
  Use use = {peer, FALSE};
  bgp_foreach(speaker, note_use, &use);
  return use.used;
}

const BgpRule *bgp_speaker_prefers(const BgpSpeaker *speaker, const BgpCandidate *candidate,
                                   const BgpCandidate *other) {
  const BgpCandidate *pair[] = {candidate, other};
  const BgpDecision decision = bgp_decide(speaker->config.profile, pair, G_N_ELEMENTS(pair));
  return decision.best == candidate ? decision.rule : NULL;
}
