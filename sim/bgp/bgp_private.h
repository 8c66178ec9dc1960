/* What the speaker's RIBs and the sessions' state machine share. */
#pragma once
#include "routesim/bgp/speaker.h"

typedef struct {
  GPtrArray *announced; /* BgpAnnouncement * */
  GArray *withdrawn;    /* Prefix */
} BgpUpdate;

/* Routes of one direction of a session that has a route map. */
typedef struct BgpMapped BgpMapped;
BgpMapped *bgp_mapped_new(Arena *arena);
guint bgp_mapped_count(const BgpMapped *mapped); /* routes as they were */
/* `source` has become `target` with these attributes, or is no more (NULL). Returns how many
 * targets that affects, at most two. */
guint bgp_mapped_set(BgpMapped *mapped, Prefix source, Prefix target,
                     const BgpAttributes *attributes, Prefix affected[2]);
/* What stands for all that has become `target`; NULL: nothing has. */
const BgpAttributes *bgp_mapped_get(const BgpMapped *mapped, Prefix target);

/* What the state machine tells the speaker, which is the one way up. */
typedef struct {
  void (*up)(BgpPeer *peer);
  void (*down)(BgpPeer *peer);
  /* FALSE, at the latest when the withdrawals are taken, where the announcements exceed the peer's
   * prefix limit. */
  gboolean (*receive)(BgpPeer *peer, const BgpUpdate *update);
  void (*refresh)(BgpPeer *peer); /* RFC 2918 */
} BgpSessionEvents;

struct BgpSpeaker {
  Engine *engine;
  const BgpSessionEvents *session;
  BgpSpeakerConfig config;
  const BgpPolicy *policy;
  gpointer data;
  RandomStream process_stream;
  Trie *rib;          /* BgpEntry * */
  GPtrArray *entries; /* BgpEntry *, all, in order of first use */
  GPtrArray *dirty;   /* BgpEntry * */
  GPtrArray *peers;   /* BgpPeer *, by name */
  Timer *decide_timer;
  guint64 clock;           /* counts routes learned: their age */
  gboolean tells_external; /* one of its ends does: see BgpEnd.best_external */
  gboolean direct;         /* during bgp_converge(): no messages, no records */
  gboolean gone;           /* its process ended, and has chosen nothing since */
};

struct BgpPeer {
  BgpSpeaker *speaker;
  BgpEnd end;
  BgpPeer *far;
  Path *path;
  Stream *stream;
  guint side;
  const char *name;
  BgpState state;
  Liveness *keepalives; /* that this end sends */
  Liveness *hold;       /* the far end's, listened to here */
  Timer *start_timer;   /* IdleHoldTimer: ends with AutomaticStart */
  Timer *connect_retry_timer;
  Timer *open_timer; /* the HoldTimer of OpenSent and OpenConfirm */
  const Stage *establish_stage, *retry_stage;
  RandomStream random;
  SimTime hold_time, keepalive_time; /* negotiated */
  Trie *sent;                        /* Adj-RIB-Out: const BgpAttributes * */
  guint held;                        /* routes of the far end among the candidates */
  BgpMapped *mapped_in, *mapped_out; /* where a route map is bound; or NULL */
  BgpUpdate pending;                 /* changes to send when the decision is over */
  guint64 up_since;                  /* the speaker's clock when the session came up */
  EngineWay ready;                   /* what let it wait for a connection, or try one */
  SimTime refused_at;                /* its last attempt that the far end was not ready for */
  Relief opened;                     /* the session, the last time */
  Relief returned;                   /* its process, or what had stopped it is over */
  gboolean synced;                   /* End-of-RIB has arrived */
  gboolean held_back;
  guint prepend;        /* more than once, towards another AS */
  gboolean settling;    /* what it announces stands back, for now */
  guint excess;         /* of `held`: beyond the speaker's limit of routes in use */
  gboolean broke_limit; /* it is down because this end had too many prefixes */
  gboolean stopped;     /* by ManualStop, or the process is gone: no automatic start */
};

/* The RIB's side: queues for `peer` what the selection of `entry` changes in its Adj-RIB-Out. */
void bgp_peer_export(BgpPeer *peer, const BgpEntry *entry);
/* Everything is sent anew, whatever was sent before. */
void bgp_speaker_send_all(BgpPeer *peer);
/* What a session has learned and sent through route maps is forgotten. */
void bgp_peer_clear_mapped(BgpPeer *peer);
void bgp_speaker_add_peer(BgpSpeaker *speaker, BgpPeer *peer);
/* TRUE where neither came, or both are the same peer's and have the same attributes. */
gboolean bgp_is_same_route(const BgpCandidate *a, const BgpCandidate *b);
/* A decision on `entry` is due. */
void bgp_speaker_touch(BgpSpeaker *speaker, BgpEntry *entry);
/* Whether the next hop of a route from `source` (NULL: originated) may be used. */
gboolean bgp_speaker_reaches(const BgpSpeaker *speaker, const BgpPeer *source, IpAddress next_hop);
/* A new candidate of `source`: in use, or beyond what the speaker uses of one peer. */
void bgp_peer_count_route(BgpPeer *source, BgpCandidate *candidate);
/* Routes of `peer` (NULL: originated ones) went: those beyond the limit take their place, in the
 * order of their coming. */
void bgp_peer_fill_up(BgpPeer *peer);
/* The first `count` of `chosen` are in use from now on: neither they nor others to the same next
 * hop replace anything, so none of these waits any longer. TRUE where one of the others waited. */
gboolean bgp_entry_settle(const BgpEntry *entry, const BgpCandidate *const *chosen, guint count);
/* The session's side: sends and empties `peer->pending`. */
void bgp_peer_send_pending(BgpPeer *peer);
void bgp_peer_send_end_of_rib(BgpPeer *peer);
