/* What a cloud tells people: listings of its own tools, rules behind lost packets, alarms, prices.
 *
 * `show` and `explain` read a world that stands still: they ask `describe` for tables as the
 * cloud's tools print them, and `forbids` which rule keeps packets from arriving. `alarm_interval`
 * is asked once for each route server when the world is made, `prices` of a configuration alone.
 * None of them changes anything. Every member may be NULL: the cloud has nothing to say there. */
#pragma once
#include "routesim/bgp/speaker.h"
#include "routesim/cloud/topology.h"

typedef struct RouteServer RouteServer;

/* What an element is to a route server. */
typedef enum { CLOUD_PEER_APPLIANCE, CLOUD_PEER_GATEWAY } CloudPeerKind;

/* A table as one of the cloud's own tools prints it, of text cells. */
typedef struct {
  const char *key;            /* what kind of table, for programs: "effective-routes". Whatever has
                                 the same key has the same columns, under all clouds: for programs
                                 they are one table */
  GPtrArray *names;           /* const char *: what it is about, then others that lead to it */
  const char *title;          /* the tool's call, and what it is asked about */
  const char *const *columns; /* static */
  guint column_count;
  GPtrArray *rows; /* const char *const *: column_count cells; NULL: empty */
} CloudListing;

/* An empty listing, behind those in `listings`; all is the arena's. More names may be added. */
CloudListing *cloud_listing_new(Arena *arena, GPtrArray *listings, const char *key,
                                const char *about, const char *title, const char *const *columns,
                                guint column_count);
/* The pointers of `cells`, one for each column, are copied. */
void cloud_listing_add(Arena *arena, CloudListing *listing, const char *const *cells);
/* TRUE where both have the same rows. */
gboolean cloud_listing_same_rows(const CloudListing *a, const CloudListing *b);
/* Text of the arena's, for cells. */
const char *cloud_text_address(Arena *arena, IpAddress address);
const char *cloud_text_prefix(Arena *arena, Prefix prefix);
const char *cloud_text_as_path(Arena *arena, const BgpAttributes *attributes, const char *between);
/* What a next hop names: the element there, the network, or "internet" and "none". */
const char *cloud_text_hop(const CloudTopology *topology, const NextHop *hop);
/* All of a route's, with `between` them. */
const char *cloud_text_hops(const CloudTopology *topology, Arena *arena, const NextHop *hops,
                            guint count, const char *between);

/* One end of a question about reachability: hosts of a subnet, a site behind an element, or
 * the Internet. */
typedef struct {
  const CloudSubnet *subnet;   /* the hosts'; NULL: a site */
  const CloudNetwork *network; /* of the hosts, or of the element before the site; NULL: none */
  CloudPeerKind door;          /* what that element is */
  BgpSpeaker *speaker;         /* of that element; NULL: it speaks no BGP */
  gboolean internet;
  IpAddress address; /* that packets to it are for */
} CloudPlace;

/* Packets that do not arrive. */
typedef struct {
  CloudPlace from, to;       /* who sends them, or whose router ends it; whom they are for */
  const GPtrArray *gateways; /* Gateway *, all that there are (gateway.h); NULL: none */
  DropReason reason;         /* of the walk */
  const CloudSubnet *at;     /* whose table ended it; NULL: an element did, or they never
                                entered the cloud */
  const RouteTable *table;   /* that ended it; NULL: none did */
  const Element *passed;     /* the last element that they passed; NULL: none */
  BgpSpeaker *speaker;       /* by whom that table, or the site, would know a way; NULL: nobody */
  const CloudNetwork *hop_network; /* of the next hop that they could not be handed to, or of the
                                      network that the route names; NULL: nobody knows */
  const RouteOrigin *origin;       /* of the route that they followed last; NULL: none matched */
  gboolean by_default;             /* that route is the default one */
  gboolean by_hash;         /* where it ended is one of equal next hops, or of the members of a
                               balancer, and both directions pass one of these */
  gboolean by_balancers;    /* likewise, and each direction met a load balancer */
  gboolean by_appliances;   /* one ended it, or they go round between appliances alone */
  gboolean refused_gateway; /* that route is a user's, to a gateway that the network does not use */
} CloudBlock;
/* TRUE where a table has no way and no user said so: a route of one's own to nowhere is no rule of
 * the cloud. */
gboolean cloud_table_knows_no_way(const CloudBlock *block);
/* A site, or whoever leads its packets into the cloud, was told of no way. */
gboolean cloud_site_knows_no_way(const CloudBlock *block);

/* Something of a design that is paid by the hour. */
typedef struct {
  const char *what; /* static */
  guint64 count;
  gint64 cents;     /* US cents an hour for each; -1: no fact tells */
  const char *fact; /* static */
} CloudPrice;
#define CLOUD_MOST_PRICES 4

typedef struct {
  /* `listings` gets what the cloud's own tools print now (CloudListing *, of the topology's arena).
   * `servers`: RouteServer *, by name. The name of each subnet of a user's leads to the routes that
   * its hosts follow. */
  void (*describe)(const CloudTopology *topology, const GPtrArray *servers, GPtrArray *listings);
  /* The rule that keeps packets from arriving: fact ids, separated by ", " (static), or NULL where
   * no rule of the cloud does. */
  const char *(*forbids)(const CloudTopology *topology, const GPtrArray *servers,
                         const CloudBlock *block);
  /* What a route server costs; fills at most CLOUD_MOST_PRICES, and says how many. */
  guint (*prices)(gconstpointer config, CloudPrice *prices);
  /* How often a monitoring rule looks at its sessions; 0: it is told at once. NULL: never. */
  SimTime (*alarm_interval)(RouteServer *server);
  /* For how long gateways beside its route server are cut off from on-premises while that is made
   * or deleted, "about 10 minutes"; NULL: they are not. */
  const char *deletion_cuts;
  gboolean peer_log;      /* it keeps an event log of its route servers' peers */
  const char *bfd_advice; /* what BFD with its route server asks of firewalls, with fact id */
} TellingClass;
