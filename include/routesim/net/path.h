/* Nodes that can break and the paths between two of them.
 *
 * A node is anything with power and a place in the network: an appliance, an
 * instance or endpoint of a route server, a gateway. Faults add and take away
 * reasons; a node is well again when no reason is left, so faults may overlap. A
 * path carries the control traffic of two nodes: it has a delay above 0, may be
 * cut or impaired, and tells its subscribers when anything about it changes. */
#pragma once
#include "routesim/base/distribution.h"
#include "routesim/engine/engine.h"
#include "routesim/net/drop.h"
#include "routesim/net/hindrance.h"

typedef enum {
  NODE_DARK,           /* no power, or not booted since */
  NODE_CUT,            /* no path of any kind */
  NODE_CONTROL_CUT,    /* no path for control traffic */
  NODE_NOT_FORWARDING, /* the data plane passes nothing */
  NODE_PASSIVE,        /* ... because another one works in its place */
} NodeReason;
#define NODE_REASONS 5

typedef struct NetNode NetNode;
typedef struct Path Path;
typedef void (*ChangeHandler)(gpointer data);

NetNode *net_node_new(Engine *engine, const char *name);
const char *net_node_name(const NetNode *node);
/* `holder`, whoever it is, adds a reason (+1) or takes the one away that it added (-1); then the
 * paths of the node and whoever watches it are told. */
void net_node_adjust(NetNode *node, NodeReason reason, gconstpointer holder, int by);
gboolean net_node_is(const NetNode *node, NodeReason reason);
/* The record that began the reason: of several that hold, the first. Only while it holds. */
RecordId net_node_since(const NetNode *node, NodeReason reason);
/* TRUE where the node passes traffic of others on. */
gboolean net_node_forwards(const NetNode *node);
/* Static: why one that does not is down, or passive. */
DropReason net_node_why_idle(const NetNode *node);
/* The record since which it does not: of several that keep it from it, the first. Where it does,
 * the record that ended the last of them; 0 for none. */
RecordId net_node_forwards_since(const NetNode *node);
/* The first record of all that keeps traffic from it, or it from passing any on; 0 where nothing
 * does. */
RecordId net_node_fails_since(const NetNode *node);
/* What it rests on that the node still finds out about others while it has failed itself: what a
 * provider runs behind a dead endpoint, say, is not for a protocol's clause to tell. */
void net_node_set_sight(NetNode *node, Ground sight);
/* The same, while it has failed; BASIS_NONE otherwise, and where nothing was set. */
Ground net_node_sight(const NetNode *node);
/* The record that last changed what the node does for traffic; 0 for none. Control traffic that is
 * cut off alone changes nothing of that. */
RecordId net_node_changed_by(const NetNode *node);
void net_node_watch(NetNode *node, ChangeHandler handler, gpointer data);
guint net_node_watch_count(const NetNode *node);
/* Did anybody ask what the node does for traffic since it forgot? Whoever did not cannot have
 * another answer because the node fails. */
gboolean net_node_was_asked(const NetNode *node);
void net_node_forget_asked(NetNode *node);

/* What an impairment adds to a path, in both directions. */
typedef struct {
  double loss;    /* probability for each packet */
  SimTime delay;  /* one way, constant */
  SimTime jitter; /* one way, uniform from 0 to this */
} Impairment;

/* `delay` is one way and stays borrowed; a draw of 0 counts as 1 ns. Random draws
 * come from streams named after the path and the direction. */
Path *path_new(Engine *engine, const char *name, NetNode *a, NetNode *b, const Distribution *delay,
               guint64 seed, guint32 run);
const char *path_name(const Path *path);
NetNode *path_node(const Path *path, guint side);
/* One of its nodes, or the link that it runs over. */
gboolean path_touches(const Path *path, const NetNode *node);
/* The path itself is cut (+1) or mended (-1). Tests of sessions do this: it ails both directions,
 * and neither end. In a world it is a link or an end that fails. */
void path_cut(Path *path, int by);
/* Both are borrowed until taken away; several may be active. */
void path_impair(Path *path, const Impairment *impairment);
void path_unimpair(Path *path, const Impairment *impairment);
/* The path runs over a link that can fail as a node of its own: dark or cut, nothing passes. */
void path_set_link(Path *path, NetNode *link);
void path_watch(Path *path, ChangeHandler handler, gpointer data);

/* What something that succeeds now is due to, where attempts before did not: `cause`, or the record
 * that took something away since that kept control traffic from passing, or slowed it. */
RecordId path_relieved_since(const Path *path, RecordId cause);

/* What was taken away that kept something from working, and when. The end of an event has the
 * record of its beginning, so that the greatest is not the latest. */
typedef struct {
  RecordId by;
  SimTime at;
} Relief;

/* What a session is due to that opens anew, `up` since when it did so before: what was mended since
 * then, and since the event that ended it began, be it before the session was known to have ended.
 * `returned`: the ends' own processes. Where nothing was, or by the same event: `cause`. */
RecordId path_reopened_by(const Path *path, RecordId cause, Relief up, const Relief returned[2]);
/* A packet sent now towards an end that lives would arrive, but for loss. */
gboolean path_is_usable(const Path *path);
/* Usable, both ends powered, nothing lost, the delay constant: whatever is sent
 * arrives after path_steady_delay(). */
gboolean path_is_steady(const Path *path);
SimTime path_steady_delay(const Path *path);
/* Nothing is drawn for a packet: none that leaves is lost, and all take path_steady_delay(). */
gboolean path_draws_nothing(const Path *path);

/* What the way of a packet that is sent now rests on. */
const Stage *path_stage(const Path *path);

/* ---- packets ---------------------------------------------------------------------------- */

/* How a packet fares. What was not drawn is what would have been: asking shifts no later draw. */
typedef struct {
  gboolean arrives;
  SimTime delay;   /* one way; where it does not arrive: were it not kept away */
  SimTime nominal; /* the same, were nothing amiss */
  /* Hindrance, in the order in which they began, of several that lose at random only the one that
   * loses most; NULL where nothing is amiss; until the next packet of this path. That the far end
   * has no power is one, though the packet leaves: it may have it again in time. */
  const GArray *hindrances;
} Trip;

/* One packet from `side`. FALSE where it is lost. */
gboolean path_transmit(Path *path, guint side, Trip *trip);
/* Does a packet of end `side` get away now? Whether it arrives says path_transmit(). */
gboolean path_leaves(const Path *path, guint side);
/* The packet that `side` would send now, were it to send one. */
void path_would_transmit(const Path *path, guint side, Trip *trip);
/* The same, which is lost because the sender ended at the record `ended_by`. */
void path_would_transmit_but(const Path *path, guint side, RecordId ended_by, Trip *trip);
/* `all` gets what makes every packet late by so much: Hindrance. */
void path_standing_hindrances(const Path *path, GArray *all);
/* Why a packet from `side` that is under way can no longer be taken at the other end: that has no
 * power. FALSE where it can. `trip` may be NULL. */
gboolean path_meets_nobody(const Path *path, guint side, Trip *trip);
