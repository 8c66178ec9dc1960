/* What the files of the data plane share. */
#pragma once
#include "routesim/net/fabric.h"

typedef struct {
  ChangeHandler handler;
  gpointer data;
} FabricWatch;

struct Fabric {
  Engine *engine;
  Arena *arena;
  GPtrArray *watches;
  GPtrArray *sites;
  GPtrArray *element_list; /* Element *, all */
  Trie *elements;          /* by host prefix of their address */
  Trie *balancers;         /* likewise */
  Trie *site_index;        /* Site * by prefix */
};

struct Network {
  Fabric *fabric;
  const char *name;
  GArray *prefixes;
};

typedef struct {
  RouteTable *table;
  guint hosts;
} HostGroup;

struct Subnet {
  Network *network;
  const char *name;
  Prefix prefix;
  GArray *groups; /* HostGroup */
  guint dark;
  RecordId changed_by;
  const char *zone;
  gboolean on_link;
};

typedef struct {
  const RouteOrigin *origin;
  NextHop *hops;
  guint hop_count;
  const guint8 *buckets; /* index in `hops` that serves each; NULL: the table hashes modulo */
} TableRoute;

/* All routes to one prefix; stays when the last one goes, to remember who took it. */
typedef struct {
  Prefix prefix;
  GArray *routes; /* TableRoute, by rank */
  RecordId changed_by;
} TableSlot;

struct RouteTable {
  Fabric *fabric;
  const char *name;
  Trie *slots;
  guint buckets; /* 0: flows are shared out modulo the number of next hops */
  guint dynamic; /* routes of dynamic origins */
};

typedef struct {
  Site *site;
  Element *element;
  NetNode *node;
  gboolean routed; /* a routing table decides whether packets take it */
} Link;

struct Element {
  ElementConfig config;
  Fabric *fabric;
  GPtrArray *links; /* Link * */
  Trie *served;     /* prefixes that end here */
  Site *router_of;  /* or NULL */
  ElementKnows knows;
  gpointer knows_data;
  ElementRefuses refuses;
  gpointer refuses_data;
  IpAddress nat_address;
  ElementRelay relay;
  gpointer relay_data;
};

struct Site {
  Fabric *fabric;
  const char *name;
  GArray *prefixes;
  GPtrArray *links; /* Link * */
  Element *router;  /* or NULL */
};

typedef struct {
  Element *element;
  gboolean healthy, taken_out, released;
} BalancerMember;

struct Balancer {
  Fabric *fabric;
  BalancerConfig config;
  GArray *members; /* BalancerMember */
  RecordId changed_by;
};

/* Which next hop serves each of `size` buckets, after `before` (NULL: nothing) served them. */
const guint8 *buckets_assign(Arena *arena, guint size, const TableRoute *before,
                             const NextHop *hops, guint count);

void fabric_changed(Fabric *fabric);
/* The member for these flows; NULL where there is none, or where `passage` says that the flows
 * must split first. */
const Element *balancer_choose(const Balancer *balancer, HashClass hash, Passage *passage);
