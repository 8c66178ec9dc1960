/* BGP speakers, their RIBs, and the sessions between them (RFC 4271).
 *
 *     BgpSpeaker "fw-a"                                  BgpSpeaker "rs/0"
 *       RIB: a BgpEntry for each prefix                    RIB
 *         candidates -> BgpProfile -> selected               ^
 *            ^                           | export            | import
 *            |            route map, outbound                | loop check, route map, inbound
 *            |                           v                   |
 *       BgpPeer "fw-a>rs/0" -- Stream over a Path -- BgpPeer "rs/0>fw-a"
 *         state machine, keepalives and hold timer as a Liveness each way
 *
 * A speaker is a process with one RIB; it has peers. A session joins two peers over a path, and
 * each of them is one end with a state machine, timers and messages as RFC 4271 section 8 has them
 * (session.c). What a peer announces becomes a candidate of an entry, and the entry dirty. A
 * decision, at once or `process` later, asks the speaker's profile, a table of rules (decision.h),
 * which candidates are selected; each peer is then sent the difference to what it was sent
 * (export.c). What a speaker accepts, uses and passes on beyond that is its BgpPolicy's business:
 * a handful of hooks, which is how route servers, appliances and routers differ.
 *
 * Ends are data: timers, jitter, stages, limits and what is done to AS paths stand in BgpEnd, so
 * that either end of a session can be any software.
 *
 * A run starts converged: sessions begin Established, and bgp_converge() carries announcements
 * around until nothing changes, without time and without records. From then on faults and timers
 * move everything. When a process ends, bgp_speaker_clear() forgets what it knew.
 *
 * Everything is the run's arena's. Nothing here draws on wall clock or order of
 * construction: peers rank by name. */
#pragma once
#include "routesim/base/trie.h"
#include "routesim/bgp/decision.h"
#include "routesim/bgp/route_map.h"
#include "routesim/net/liveness.h"
#include "routesim/net/stream.h"

typedef struct BgpSpeaker BgpSpeaker;
typedef struct BgpPeer BgpPeer;

/* One prefix in the Loc-RIB. */
typedef struct {
  Prefix prefix;
  GPtrArray *candidates;         /* BgpCandidate *, in the order of the peers' names; `source` is
                                    the BgpPeer they came from, NULL for originated ones */
  const BgpCandidate **selected; /* the routes in use, the best first */
  guint selected_count;
  const BgpCandidate *learned;  /* the best that a peer told, whatever is originated; or NULL */
  const BgpCandidate *external; /* see BgpEnd.best_external; NULL: none */
  const BgpCandidate **last;    /* `selected` when the process last ended */
  guint last_count;
  const BgpRule *rule;  /* what decided */
  RecordId dirty_cause; /* what made a decision due */
  gboolean lost;        /* something of what is selected is no candidate any more ... */
  RecordId lost_cause;  /* ... because of this */
  guint64 decided;      /* age of what came last before the last decision */
  gboolean dirty;
  gboolean reoriginated; /* see bgp_reoriginate() */
} BgpEntry;

typedef enum {
  BGP_IDLE,
  BGP_CONNECT,
  BGP_ACTIVE,
  BGP_OPEN_SENT,
  BGP_OPEN_CONFIRM,
  BGP_ESTABLISHED,
} BgpState;
const char *bgp_state_name(BgpState state);

/* NOTIFICATION codes (RFC 4271 section 4.5; subcodes of Cease: RFC 4486). */
typedef enum { BGP_ERROR_OPEN = 2, BGP_ERROR_HOLD_TIMER = 4, BGP_CEASE = 6 } BgpErrorCode;
enum {
  BGP_OPEN_BAD_PEER_AS = 2,
  BGP_CEASE_MAXIMUM_PREFIXES = 1,
  BGP_CEASE_SHUTDOWN = 2,
  BGP_CEASE_RESET = 4,
  BGP_CEASE_BFD_DOWN = 10,
};

/* What a speaker does with routes. Any hook may be NULL. */
typedef struct {
  /* NULL accepts, otherwise the reason for refusal (static text). The loop check of
   * RFC 4271 9.1.2 comes first. */
  const char *(*import)(gpointer data, BgpPeer *peer, Prefix prefix,
                        const BgpAttributes *attributes);
  /* May `entry`'s best route go to `peer`? The rules of RFC 4271 9.2 come first. */
  gboolean (*export)(gpointer data, BgpPeer *peer, const BgpEntry *entry);
  /* The selection of `entry` changed. The current cause is the record of it. */
  void (*selected)(gpointer data, const BgpEntry *entry);
  /* A session came up or went down. Returns FALSE, when down, to keep its routes; when up, to tell
   * them later: bgp_peer_end_first_updates() follows. */
  gboolean (*session)(gpointer data, BgpPeer *peer, gboolean up);
  /* All that the peer announces at the start of a session has arrived (End-of-RIB, RFC
   * 4724 section 2). */
  void (*synced)(gpointer data, BgpPeer *peer);
  /* What goes to `peer` in place of `attributes`, those of `entry`'s best route as they would be
   * sent; may return `attributes` themselves. */
  const BgpAttributes *(*rewrite)(gpointer data, BgpPeer *peer, const BgpEntry *entry,
                                  const BgpAttributes *attributes);
  /* The candidates of `entry` were looked at, whether or not the selection changed. */
  void (*decided)(gpointer data, const BgpEntry *entry);
  /* What a route originated here looks like to `peer`, before the rules of RFC 4271 5.1; NULL:
   * it is not announced to that one, which is told the best learned route, if there is one.
   * Without this hook: as it stands in the RIB. */
  const BgpAttributes *(*originated)(gpointer data, BgpPeer *peer, const BgpEntry *entry);
  /* Can it send packets to the next hop of a route from `peer`, which is not that peer itself? What
   * it cannot reach, or what is one of its own addresses, it does not use (RFC 4271 9.1.2, 5.1.3).
   * Without this hook nobody asks. See bgp_recheck_next_hops(). */
  gboolean (*reaches)(gpointer data, const BgpPeer *peer, IpAddress next_hop);
  /* Its process ended: it knows nothing any more, and tells nobody so. */
  void (*cleared)(gpointer data);
  /* May `peer` be told what others told? Without this hook it may. */
  gboolean (*relays)(gpointer data, BgpPeer *peer);
} BgpPolicy;

typedef struct {
  const char *name;
  guint32 asn;
  IpAddress router_id;
  const BgpProfile *profile;
  gboolean obeys_no_advertise, obeys_no_export; /* RFC 1997 */
  gboolean reflects;                            /* passes iBGP routes to iBGP peers (RFC 4456) */
  gboolean allows_own_as;                       /* takes routes with its own AS in the path */
  gboolean next_hop_self;      /* its own address as next hop of what it passes on, on iBGP too */
  const Distribution *process; /* from a change to the decision; NULL: at once */
  const Stage *process_stage;
  /* Of one peer only so many routes are eligible: the first to come. More stay in the RIB and
   * take the place of those that go. 0: any number. */
  guint peer_routes;
} BgpSpeakerConfig;

BgpSpeaker *bgp_speaker_new(Engine *engine, const BgpSpeakerConfig *config, const BgpPolicy *policy,
                            gpointer data, guint64 seed, guint32 run);
const char *bgp_speaker_name(const BgpSpeaker *speaker);
guint32 bgp_speaker_asn(const BgpSpeaker *speaker);
/* Does it use a route that it heard from `peer`, alone or beside others? */
gboolean bgp_speaker_uses(const BgpSpeaker *speaker, const BgpPeer *peer);
/* Why it prefers one candidate to another: the rule that keeps the first alone; NULL: none does. */
const BgpRule *bgp_speaker_prefers(const BgpSpeaker *speaker, const BgpCandidate *candidate,
                                   const BgpCandidate *other);
GPtrArray *bgp_speaker_peers(const BgpSpeaker *speaker); /* BgpPeer *, by name */

/* A route is originated or replaced (attributes given), or withdrawn (NULL). The next hop
 * IP_NONE stands for the speaker's own address on each session. */
void bgp_originate(BgpSpeaker *speaker, Prefix prefix, const BgpAttributes *attributes);
/* A prefix is decided on anew, and what goes to every peer is looked at, although no route to it
 * changed: what `originated` says of it did. */
void bgp_reoriginate(BgpSpeaker *speaker, Prefix prefix);
const BgpEntry *bgp_find(const BgpSpeaker *speaker, Prefix prefix);
/* The entry with a route of the longest prefix that holds `address`, or NULL. */
const BgpEntry *bgp_match(const BgpSpeaker *speaker, IpAddress address);
/* Into *out, the same of when its process ended. FALSE: there was none, or the process runs. */
gboolean bgp_match_last(const BgpSpeaker *speaker, IpAddress address, BgpEntry *out);
/* The one of the next shorter prefix, or NULL. */
const BgpEntry *bgp_match_wider(const BgpSpeaker *speaker, IpAddress address, const BgpEntry *than);
/* Do the communities of its best route let the speaker pass it on, to its own autonomous system
 * (`internal`) or to another one (RFC 1997)? */
gboolean bgp_may_pass_on(const BgpSpeaker *speaker, const BgpEntry *entry, gboolean internal);
/* The place of the route from `source` among those in use, 0 the best; -1: not in use. */
int bgp_entry_place(const BgpEntry *entry, gconstpointer source);
typedef void (*BgpEntryVisit)(const BgpEntry *entry, gpointer data);
void bgp_foreach(const BgpSpeaker *speaker, BgpEntryVisit visit, gpointer data);
/* All that is due is decided now, for the converged start. FALSE when nothing
 * was due. */
gboolean bgp_decide_now(BgpSpeaker *speaker);
/* When the decision that is due will be made; NEVER where none is. */
SimTime bgp_decision_due(const BgpSpeaker *speaker);
/* An export policy changed: what goes to every peer is looked at again. */
void bgp_refresh_exports(BgpSpeaker *speaker);
/* All of a session's first UPDATEs are out: End-of-RIB follows them (RFC 4724 section 2). */
void bgp_peer_end_first_updates(BgpPeer *peer);
/* What `reaches` says may have changed: looks at every next hop again. */
void bgp_recheck_next_hops(BgpSpeaker *speaker);
/* While a peer settles, what it announces is marked unsettled; afterwards it counts as any
 * (see bgp_filter_settled()). What is chosen all the same, as there is nothing else, counts as any
 * from then on, and so does what has the next hop of what is chosen. */
void bgp_peer_settle(BgpPeer *peer, gboolean settling);
/* What a lost session left behind goes (see BgpPolicy.session): routes older than
 * the session with `peer` that is up now, or all of its routes when none is. */
void bgp_flush(BgpSpeaker *speaker, BgpPeer *peer);

/* ---- sessions ------------------------------------------------------------------- */

/* How many routes an end takes from the far end (RFC 4271 6.7; the session ends with Cease,
 * Maximum Number of Prefixes Reached: RFC 4486), and what counts. */
typedef enum {
  BGP_COUNT_HELD,              /* those it would hold then */
  BGP_COUNT_HELD_AND_INCOMING, /* those it holds, and all that the UPDATE brings */
} BgpPrefixCount;
typedef struct {
  guint most; /* 0: any number */
  BgpPrefixCount count;
  /* whose limit it is, also where another than the far end's count decides; or NULL */
  const char *fact;
} BgpPrefixLimit;

/* One end of a session, as configured. */
typedef struct {
  BgpSpeaker *speaker;
  const char *name;    /* of this end: node the session stands on, "rs/a1" */
  const BgpRole *role; /* what the far end is to this one, for its decisions; or NULL */
  /* What the session belongs to with others, told apart by address: the line or gateway that they
   * all go over; NULL: nothing. */
  gconstpointer connection;
  IpAddress address;
  SimTime keepalive, hold;       /* offered; hold 0 or at least 3 s */
  gboolean keepalive_jitter_off; /* of what this end sends (RFC 4271 section 10) */
  Ground hold_ground;            /* what the hold time rests on */
  gboolean passive;              /* waits for the other end to connect */
  const Distribution *establish; /* from ready (or failed) to the next attempt to connect */
  SimTime connect_retry;         /* RFC 4271 section 10 */
  Ground connect_retry_ground;
  guint32 weight;         /* of routes from the far end: local to the speaker, highest wins */
  gboolean fixed_timers;  /* goes by its own timers whatever the far end offers */
  gboolean next_hop_self; /* names itself as next hop also within its AS */
  /* A far end of its own AS hears the best of what was not heard there, also where this end uses
   * another route itself: so what the far end chooses does not depend on who spoke first
   * (draft-ietf-idr-best-external). */
  gboolean best_external;
  gboolean keeps_next_hop;    /* leaves the next hop of what it learned, also towards another AS */
  gboolean as_override;       /* puts its own AS number in place of the far end's in AS paths */
  gboolean remove_private_as; /* strips private AS numbers (RFC 6996) from what it sends */
  const guint32 *strip_as;    /* AS numbers that it takes out of AS paths */
  guint strip_as_count;
  guint32 remote_asn;          /* that the far end is expected to have; 0: what it has */
  BgpPrefixLimit prefix_limit; /* on what the far end announces */
  gboolean no_route_refresh;   /* does not know ROUTE-REFRESH (RFC 2918) */
  const BgpRouteMap *inbound;  /* before the decision, after the check for loops; or NULL */
  /* On what is passed on, after the decision and before the own AS number; what the speaker itself
   * originates goes as it is. Or NULL. */
  const BgpRouteMap *outbound;
} BgpEnd;

typedef struct {
  const char *stream; /* names the session's random streams, free of the model's names */
  LivenessMode liveness;
  SimTime tcp_timeout; /* first retransmission, RFC 6298 */
  Ground tcp_timeout_ground;
  guint64 seed;
  guint32 run;
} BgpSessionConfig;

typedef struct BgpSession BgpSession;
/* End 0 stands on side 0 of the path. */
BgpSession *bgp_session_new(Engine *engine, Path *path, const BgpEnd ends[2],
                            const BgpSessionConfig *config);
BgpPeer *bgp_session_peer(const BgpSession *session, guint side);
/* Established since long; announcements are exchanged by bgp_converge(). One whose timers
 * do not let it last starts to open instead. */
void bgp_session_begin_established(BgpSession *session);
/* The session has been down for long: `peer` ended it, for too many prefixes. The far end tries on,
 * and so does `peer` unless it is `stopped`. Before bgp_converge(), in place of what became of
 * bgp_session_begin_established(). */
void bgp_peer_begin_ended(BgpPeer *peer, gboolean stopped);
/* All announcements cross all established sessions until nothing changes: the
 * state that the speakers (in this order) would settle in, without the sessions that bring more
 * than their limits. No simulated time passes. */
void bgp_converge(BgpSpeaker *const *speakers, guint count);

const char *bgp_peer_name(const BgpPeer *peer);        /* "fw-a>rs/a1": end and far end */
const char *bgp_peer_local_name(const BgpPeer *peer);  /* "fw-a" */
const char *bgp_peer_remote_name(const BgpPeer *peer); /* "rs/a1" */
/* Routes that the far end has announced and this end has not refused. */
guint bgp_peer_route_count(const BgpPeer *peer);
IpAddress bgp_peer_remote_address(const BgpPeer *peer);
IpAddress bgp_peer_local_address(const BgpPeer *peer);
BgpState bgp_peer_state(const BgpPeer *peer);
/* The fact of the limit for which this end ended the session, which is down since; NULL: none. */
const char *bgp_peer_broken_limit(const BgpPeer *peer);
/* Established, and End-of-RIB has arrived. */
gboolean bgp_peer_is_synced(const BgpPeer *peer);
BgpSpeaker *bgp_peer_speaker(const BgpPeer *peer);
BgpPeer *bgp_peer_far(const BgpPeer *peer);
/* Negotiated; only while Established. */
SimTime bgp_peer_hold(const BgpPeer *peer);
const BgpRole *bgp_peer_role(const BgpPeer *peer); /* of the far end */
gconstpointer bgp_peer_connection(const BgpPeer *peer);
/* What the peer was last sent of the prefix (Adj-RIB-Out); NULL: nothing. */
const BgpAttributes *bgp_peer_sent(const BgpPeer *peer, Prefix prefix);
/* May its far end be told what others told this one? */
gboolean bgp_peer_relays(BgpPeer *peer);
/* The peer's own route map would drop this: inbound on its way in, outbound on its way out. */
gboolean bgp_peer_drops_inbound(const BgpPeer *peer, Prefix prefix,
                                const BgpAttributes *attributes);
gboolean bgp_peer_drops_outbound(const BgpPeer *peer, Prefix prefix,
                                 const BgpAttributes *attributes);

/* ManualStart, after `establish` unless passive. */
void bgp_peer_start(BgpPeer *peer);
/* ManualStop: NOTIFICATION Cease with `subcode`, then TCP closes. */
void bgp_peer_stop(BgpPeer *peer, guint subcode);
/* The peer is asked for everything anew: ROUTE-REFRESH (RFC 2918 section 4), or a reset of the
 * session (Cease, Administrative Reset: RFC 4486) where the far end does not know it. Nothing
 * happens unless Established. */
void bgp_peer_ask_refresh(BgpPeer *peer);
/* The process ended without a word: the kernel closes TCP (RFC 9293), or nothing can
 * be sent any more where power is lost. */
void bgp_peer_die(BgpPeer *peer, gboolean kernel_lives);
/* BFD went down (RFC 5882 section 4.3): the session is reset at once. */
void bgp_peer_bfd_down(BgpPeer *peer);
/* The own AS number is so many times more in front of what goes to a peer of another AS. */
void bgp_peer_prepend(BgpPeer *peer, guint times);
/* No route is announced to the peer (TRUE), or again all that should be; the session stays. */
void bgp_peer_hold_back(BgpPeer *peer, gboolean hold_back);
/* A speaker whose process ended has no learned and sent routes any more. */
void bgp_speaker_clear(BgpSpeaker *speaker);

/* Trace. Subject is the end, object the far end. */
extern const TraceKind BGP_SESSION_UP;    /* value: unused */
extern const TraceKind BGP_SESSION_DOWN;  /* value: a BgpDownReason */
extern const TraceKind BGP_SESSION_ENDED; /* the end died or was stopped: nothing follows from it */
extern const TraceKind BGP_ANNOUNCED; /* an announcement arrived; detail: const BgpAnnouncement *,
                                         which starts with the Prefix; value: a BgpArrival */
extern const TraceKind BGP_WITHDRAWN; /* a withdrawal arrived; detail: const Prefix * */
extern const TraceKind BGP_REFRESH_ASKED; /* value: 1 where the session is reset instead */
extern const TraceKind BGP_REFUSED;       /* detail: const char *, the reason */
extern const TraceKind BGP_SELECTED;      /* subject: speaker; detail: const BgpSelection * */

/* Whether the peer had announced the prefix before. */
typedef enum { BGP_ARRIVED_NEW, BGP_ARRIVED_AGAIN } BgpArrival;

typedef enum {
  BGP_DOWN_HOLD_TIMER,
  BGP_DOWN_NOTIFICATION,
  BGP_DOWN_TCP_CLOSED,
  BGP_DOWN_TCP_RESET,
  BGP_DOWN_BFD,
  BGP_DOWN_PREFIX_LIMIT,
  BGP_DOWN_RESET,
} BgpDownReason;
const char *bgp_down_reason_name(BgpDownReason reason);

/* What a change of selection chose. */
typedef struct {
  Prefix prefix;
  guint count;             /* 0: the prefix is gone */
  const char *const *ends; /* far end that each chosen route came from ("fw-a") */
  const BgpRule *rule;
} BgpSelection;
