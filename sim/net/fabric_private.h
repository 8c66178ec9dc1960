/* What the files of the data plane share. */
#pragma once
#include "routesim/net/fabric.h"

/* What is kept of owners and places, in place_private.h. */
typedef struct KnownOwner KnownOwner;
typedef struct HostPlace HostPlace;
typedef struct ElementPlace ElementPlace;

/* When a part of the fabric changed last, and in which answer it was noted last. */
typedef struct {
  guint64 changed_at, noted_in;
} PartState;

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
  GArray *parts;           /* PartState, by FabricPart */
  FabricPart peered;       /* which networks are joined */
  FabricReads *reading;    /* of the answer that is being worked out; or NULL */
  guint64 answers;         /* so far */
  guint64 changes;         /* so far */
  guint64 touched_at;      /* ... up to one of which nobody knows what it changed */
  KnownOwner *known;       /* by address */
};

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

struct Subnet {
  Network *network;
  FabricPart part;
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
  FabricPart part; /* with its node and what is told */
  Site *site;
  Element *element;
  NetNode *node;
  gboolean routed; /* a routing table decides whether packets take it */
  Trie *told;      /* ranges that the site announced over it; NULL: all that it sends out */
} Link;

struct Element {
  FabricPart part; /* with its node */
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

/* The first part stands for all: of an answer that others than the fabric have a say in. */
#define FABRIC_ANYTHING 0
FabricPart fabric_part_new(Fabric *fabric);
void fabric_changed(Fabric *fabric, FabricPart part);
/* The answer that is being worked out rests on this part. */
void fabric_note(const Fabric *fabric, FabricPart part);
/* Somebody came to own an address: what was worked out of owners before is void. */
void fabric_owners_changed(Fabric *fabric);
/* The latest change to what the element serves or owns at `address`; 0: none. */
RecordId element_changed_by(const Element *element, IpAddress address);
const Link *element_link_to(const Element *element, const Site *site);
gboolean link_is_up(const Link *link);
/* The member for these flows; NULL where there is none, or where `passage` says that the flows
 * must split first. */
const Element *balancer_choose(const Balancer *balancer, HashClass hash, Passage *passage);
