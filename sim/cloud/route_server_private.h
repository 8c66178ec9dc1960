/* What the files of the route-server machine share. */
#pragma once
#include "routesim/cloud/cloud.h"

/* When something became another, and because of what. */
typedef struct {
  SimTime at;
  RecordId cause;
} Turn;

/* What a unit wants in its tables for one prefix, and what it last gave out. */
typedef struct {
  RouteServerUnit *unit;
  Prefix prefix;
  RoutePlan wanted, given;
  Turn turned, given_turn; /* of each */
  RecordId wanted_cause;
  gboolean changed_before; /* `changed_at` means something */
  SimTime changed_at;
  gboolean waiting; /* for the change interval */
  guint64 sequence; /* of the last change given out */
  gboolean in_fib;
  RoutePlan beyond; /* what it would have if the FIB had room */
} Want;

/* A change on its way into the tables. */
typedef struct {
  Want *want;
  RoutePlan plan;
  guint64 sequence;
  struct Feed *only; /* one table, or NULL for all that the unit feeds */
  guint entry;       /* see Placement; 0: it goes in whatever became of the last one */
} Push;

/* What one table made of a prefix. */
typedef struct {
  Want *want;
  const RoutePlan *plan; /* of the last push applied */
  guint64 sequence;      /* its number: a late push must not undo a newer one */
  const char *rejected;  /* why it is not in the table; NULL: it is, or nothing is wanted */
  SimTime pushed_at;     /* ... the last push */
  guint entry;           /* number of the push under way that will let the prefix in; 0: none */
} Placement;

typedef struct Feed {
  RouteServer *server;
  RouteTable *table;
  RouteServerUnit *home, *unit; /* unit NULL: keeps what it has */
  guint life;                   /* of `unit`, when the table began to follow it */
  SimTime lost_at;              /* that life of `unit` ended then; NEVER: it goes on */
  GHashTable *placements;       /* Want * to Placement *; look-up only: never iterated */
  GPtrArray *placement_list;    /* the same, as they came */
  guint entries;                /* so many were let in later */
} Feed;

struct RouteServerUnit {
  RouteServer *server;
  const char *name;
  BgpSpeaker *speaker;
  Trie *wants; /* Want * */
  GPtrArray *want_list;
  Agenda *pushes;    /* Push * */
  Agenda *waits;     /* Want * */
  GPtrArray *beyond; /* Want *: without room in the FIB, as they came */
  guint fib_count;
  RandomStream program_stream, jitter_stream;
  SimTime batch_at, batch_delay;
  gboolean frozen, dead;
  gboolean cut_off;      /* from its peers and its tables */
  gboolean reborn;       /* it came back empty, and no table has followed it since */
  SimTime followed_from; /* when a table began to follow it that none had followed before */
  guint life;            /* how often it came back */
};

struct RouteServerPart {
  RouteServer *server;
  RouteServerUnit *unit;
  const char *name, *zone;
  NetNode *node;
  IpAddress address;
  gboolean own_process;
};

struct RouteServer {
  const CloudClass *class;
  CloudTopology *topology;
  RouteServerConfig config;
  RouteServerTimes times;
  RouteServerLimits limits;
  RouteServerSpeech speech;
  GPtrArray *units, *parts, *feeds;
  gboolean flushes; /* the tables, when no unit is left */
  gpointer data;
  Agenda *handovers; /* Feed *: tables that follow another unit from then on */
  guint64 sequence;
};

gboolean route_plan_equal(const RoutePlan *a, const RoutePlan *b);
/* The table comes in line with `plan`, which lives as long as the run, unless a newer one
 * was applied. `silent`: without records of changes. */
void feed_apply(Feed *feed, Want *want, const RoutePlan *plan, guint64 sequence, gboolean silent);
/* Is this what the table has of the server for `prefix`, be it nothing? */
gboolean feed_holds(const Feed *feed, Prefix prefix, const RoutePlan *plan);
/* The routes to `prefix` in the feed's table changed, by whomever: what the table does not take
 * any longer leaves it at once, and what it takes now is on its way. */
void feed_look_again(gpointer feed, Prefix prefix, const RouteOrigin *origin);
/* The same of the table's places: the route to `prefix` has got one, or has lost it. */
void feed_look_for_place(gpointer feed, RouteTable *table, Prefix prefix,
                         const RouteOrigin *counted);
/* What the unit gave out last goes on its way into the tables; `entry` as in Push. */
void route_server_push(RouteServerUnit *unit, Want *want, Feed *only, guint entry);
/* The handler of what has arrived, for the agenda of a unit (data), whose items are Push *. */
void route_server_push_due(gpointer data, gpointer item);
/* A record says that `table` (NULL: the FIB) does not take a route. */
void route_server_reject(RouteServer *server, const char *table, Prefix prefix, const char *reason);
