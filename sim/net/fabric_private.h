/* What the files of the data plane share. */
#pragma once
#include "routesim/net/fabric.h"

typedef struct {
  ChangeHandler handler;
  gpointer data;
} FabricWatch;

/* What fabric_owner() said before: walks ask for the same few addresses again and again. */
typedef struct {
  guint claimed; /* as of so many claims; 0: nothing yet */
  IpAddress address;
  AddressOwner owner;
} KnownOwner;

enum { KNOWN_OWNERS = 16 };

struct Fabric {
  Engine *engine;
  Arena *arena;
  GPtrArray *watches;
  GPtrArray *sites;
  GPtrArray *element_list; /* Element *, all */
  GPtrArray *peerings;     /* Peering * */
  Trie *elements;          /* by host prefix of their address */
  Trie *balancers;         /* likewise */
  Trie *claims;            /* Claim * by prefix */
  const Site *internet;    /* or NULL */
  guint claimed;           /* how often somebody came to own something */
  KnownOwner *known;       /* KNOWN_OWNERS, by address */
};

/* Who has a range: a site, or a network, a subnet of it, or one host in that. */
typedef struct {
  const Network *network;
  const Subnet *subnet;
  const Site *site;
  gboolean host;
} Claim;

struct Peering {
  Fabric *fabric;
  const char *name;
  Network *ends[2];
  GPtrArray *limits[2]; /* Subnet *; empty: the whole network */
  gboolean up;
  gboolean no_transit;
  RecordId changed_by;
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

/* The address of a subnet's host, looked for once for so many claims. */
typedef struct {
  guint claimed;
  IpAddress address;
} HostPlace;

struct Subnet {
  Network *network;
  const char *name;
  Prefix prefix;
  GArray *groups; /* HostGroup */
  guint dark;
  RecordId changed_by;
  const char *zone;
  gboolean on_link;
  guint hosts;     /* of all groups */
  HostPlace *host; /* see subnet_host_address() */
};

typedef struct {
  const RouteOrigin *origin;
  NextHop *hops;
  guint hop_count;
  const guint8 *buckets; /* index in `hops` that serves each; NULL: the table hashes modulo */
} TableRoute;

/* What asks for one place of a table: the routes to one prefix that count as one. */
typedef struct PlaceClaim {
  SimTime at;
  Prefix prefix;
  const RouteOrigin *origin; /* that they count as */
  guint32 ranks;             /* of the origins that ask; 0: none does, and it stands in no queue */
  struct PlaceClaim *next;   /* of the same prefix */
} PlaceClaim;

/* All routes to one prefix; stays when the last one goes, to remember who took it. */
typedef struct {
  Prefix prefix;
  GArray *routes; /* TableRoute, by rank */
  RecordId changed_by;
  PlaceClaim *claims; /* or NULL */
} TableSlot;

typedef struct {
  RouteTableChanged handler;
  gpointer data;
} RouteTableWatch;

typedef struct {
  RoutePlaceChanged handler;
  gpointer data;
} RoutePlaceWatch;

struct RouteTable {
  Fabric *fabric;
  const char *name;
  Trie *slots;
  guint buckets;         /* 0: flows are shared out modulo the number of next hops */
  guint quota;           /* places for dynamic routes; 0: any number */
  GPtrArray *claims;     /* PlaceClaim *, all that ask, in the order in which they have places; NULL
                            without a quota */
  Trie *shields;         /* by prefix: the slots whose routes keep longer dynamic ones out */
  GArray *watches;       /* RouteTableWatch, in the order of their coming; NULL: none */
  GArray *place_watches; /* RoutePlaceWatch, likewise */
};

/* The slot of a prefix, made where there is none. */
TableSlot *route_table_slot(RouteTable *table, Prefix prefix);

typedef struct {
  Site *site;
  Element *element;
  NetNode *node;
  gboolean routed; /* a routing table decides whether packets take it */
  Trie *told;      /* ranges that the site announced over it; NULL: all that it sends out */
} Link;

/* Where its interfaces stand, looked up once for so many claims. */
typedef struct {
  guint claimed;
  const Claim *address, *nat_address;
} ElementPlace;

struct Element {
  ElementConfig config;
  Fabric *fabric;
  GPtrArray *links; /* Link * */
  Trie *served;     /* prefixes that it announces */
  Trie *owned;      /* prefixes that are its own; NULL: none was ever */
  /* RecordId *, of what last changed the prefix: in the two above, and in what it knows of. */
  Trie *changes, *heard; /* NULL: nothing did */
  Site *router_of;       /* or NULL */
  ElementKnows knows;
  gpointer knows_data;
  ElementRefuses refuses;
  gpointer refuses_data;
  IpAddress nat_address; /* of its last interface */
  ElementPlace *place;   /* see element_place() */
  ElementRelay relay;
  gpointer relay_data;
};

struct Site {
  Fabric *fabric;
  const char *name;
  GArray *prefixes;
  GPtrArray *links; /* Link * */
  Trie *exits;      /* by prefix: what it sends to the Internet itself */
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
const Balancer *fabric_balancer_at(const Fabric *fabric, IpAddress address); /* NULL: none */
/* Somebody came to own an address: what was worked out of owners before is void. */
void fabric_owners_changed(Fabric *fabric);
Claim *fabric_claim(Fabric *fabric, Prefix prefix);
/* The subnet that `address` lies in, and its network; NULL: none. */
const Claim *fabric_place(const Fabric *fabric, IpAddress address);
/* Does anything stand between the two places? NULL networks: nobody knows, and nothing does. */
gboolean fabric_joins(const Fabric *fabric, const Network *a, const Subnet *in_a, const Network *b,
                      const Subnet *in_b, RecordId *changed_by);
/* The longest prefix with a route that may be used. *changed_by becomes the latest change to any
 * prefix that covers `address`, also one that has no route left. */
gboolean route_table_look_up(const RouteTable *table, IpAddress address, RouteView *out,
                             RecordId *changed_by);
/* The latest change to what the element serves or owns at `address`; 0: none. */
RecordId element_changed_by(const Element *element, IpAddress address);
/* Where the element's interface at `address` stands; NULL: in no network. */
const Claim *element_place(const Element *element, IpAddress address);
const Link *element_link_to(const Element *element, const Site *site);
gboolean link_is_up(const Link *link);
/* The member for these flows; NULL where there is none, or where `passage` says that the flows
 * must split first. */
const Element *balancer_choose(const Balancer *balancer, HashClass hash, Passage *passage);
