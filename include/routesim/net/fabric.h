/* The cloud-neutral data plane: networks, subnets, route tables, the elements that
 * pass traffic on (appliances, gateways) and the sites behind them, and the walk of
 * a packet through all of it.
 *
 *     Network "hub" --------------- Peering --------------- Network "spoke"
 *       Subnet "hub/fw"   hosts in groups, each with a RouteTable
 *         Element "fw-a"  a NetNode, an interface here (a second leg elsewhere), perhaps a table
 *           |
 *         Link ----- Site "dc"  with a router (an Element) or without
 *
 *     table --look up--> route --choose by hash--> NextHop --boundary?--> element --> its table ...
 *
 * The things of this folder are of two kinds. What stands here (fabric.c, place.c, route_table.c,
 * balancer.c) says where a packet goes; it changes at once when somebody writes to it, and tells
 * whoever watches the fabric. What carries news (path.h) has time: a NetNode has power or not, a
 * Path between two nodes delays, loses or cuts, and on it run TCP (stream.h) and repeated messages
 * with their silence (liveness.h). An Element is both: what passes packets on, and a node that can
 * fail. Clouds and the world build all of it; BGP fills tables through its owners.
 *
 * Every address has one owner: an element's interface, a host of a subnet, a site, or the
 * Internet, which has what nobody else owns. A packet is always somewhere: at a host or at a leg
 * of an element in a network, or at a site. Each boundary on its way (a peering, a way out to the
 * Internet, a link) is asked whether it carries this packet from here, so a walk (walk.c) ends
 * where the owner is, or where the packet is dropped, and not because something announced a range.
 * A walk takes no time and changes nothing. Where it meets several next hops and does not know
 * enough of the flow's hash, it stops and asks the caller to split its flows.
 *
 * A route table holds, for each prefix, at most one route of each origin; of those that may be
 * used the origin of the lowest rank wins, the longest prefix first. Whatever changes remembers
 * the record that changed it, so that a walk can say what made it end as it did. */
#pragma once
#include "routesim/base/trie.h"
#include "routesim/net/path.h"

typedef struct Fabric Fabric;
typedef struct Network Network;
typedef struct Subnet Subnet;
typedef struct RouteTable RouteTable;
typedef struct Element Element;
typedef struct Site Site;
typedef struct Peering Peering;

Fabric *fabric_new(Engine *engine);
/* A handler is called after anything changed that a walk could meet. */
void fabric_watch(Fabric *fabric, ChangeHandler handler, gpointer data);
/* Something that a walk could meet changed outside this module. */
void fabric_touch(Fabric *fabric);

/* Which parts of the fabric an answer was worked out from: it holds as long as none of them
 * changes, so that who asks often need not walk again. Zeroes at first, which hold for nothing. */
typedef guint FabricPart;
typedef struct {
  FabricPart *parts; /* the fabric's arena's */
  guint count, room;
  guint64 at; /* the fabric's changes so far */
} FabricReads;
/* Whatever is asked in between belongs to one answer; answers do not nest. */
void fabric_reads_begin(Fabric *fabric, FabricReads *reads);
void fabric_reads_end(Fabric *fabric);
gboolean fabric_reads_hold(const Fabric *fabric, const FabricReads *reads);
Engine *fabric_engine(const Fabric *fabric);

/* ---- networks ------------------------------------------------------------------- */

Network *network_new(Fabric *fabric, const char *name);
void network_add_prefix(Network *network, Prefix prefix);
const char *network_name(const Network *network);
guint network_prefix_count(const Network *network);
Prefix network_prefix(const Network *network, guint index);
gboolean network_contains(const Network *network, IpAddress address);

/* `name` is the full one, "hub/app". */
Subnet *subnet_new(Network *network, const char *name, Prefix prefix);
const char *subnet_name(const Subnet *subnet);
Prefix subnet_prefix(const Subnet *subnet);
/* The first four addresses of a subnet and its last, which every cloud keeps: hosts have the rest.
 * A cloud that keeps others makes this a matter of its class. */
gboolean subnet_keeps(Prefix subnet, IpAddress address);
/* How many it hands out. */
guint64 subnet_room(Prefix subnet);
/* Hosts share a table in groups: all of a subnet in one, or each NIC by the instance
 * that programs it. Group i takes `count` hosts. */
void subnet_add_group(Subnet *subnet, RouteTable *table, guint count);
/* One more host, whose address matters: it stands there, whatever the groups count. */
void subnet_add_host(Subnet *subnet, IpAddress address);
/* The address of one of its hosts: which one it is does not matter to any rule. */
IpAddress subnet_host_address(const Subnet *subnet);
guint subnet_group_count(const Subnet *subnet);
RouteTable *subnet_group_table(const Subnet *subnet, guint group);
guint subnet_group_hosts(const Subnet *subnet, guint group);
/* The availability zone that it lies in, borrowed; NULL: none. */
void subnet_set_zone(Subnet *subnet, const char *zone);
const char *subnet_zone(const Subnet *subnet);
/* Its hosts reach each other without a route table; off at first. */
void subnet_set_on_link(Subnet *subnet, gboolean on_link);
/* The hosts of the subnet go away (+1) or come back (-1). */
void subnet_adjust_dark(Subnet *subnet, int by);
gboolean subnet_is_dark(const Subnet *subnet);
/* The record that last took them away or gave them back; 0: none. */
RecordId subnet_changed_by(const Subnet *subnet);

/* ---- peerings ------------------------------------------------------------------------ */

/* A peering joins two networks: it carries packets from the one for what lies in the other, and for
 * nothing beyond. It is up at first. */
Peering *peering_new(Fabric *fabric, const char *name, Network *a, Network *b);
void peering_set_up(Peering *peering, gboolean up);
/* It carries only what comes from the network on its own side, nothing that passes through there.
 * Facts: AWS-8.6. */
void peering_set_no_transit(Peering *peering);
/* It is limited to named subnets of that side (of `subnet`'s network); this is one of them. */
void peering_limit(Peering *peering, Subnet *subnet);
/* A peering that is up joins them; NULL: none. */
const Peering *fabric_peering(const Fabric *fabric, const Network *a, const Network *b);

/* ---- owners ---------------------------------------------------------------------------- */

typedef enum {
  OWNER_INTERNET, /* nobody else, and public */
  OWNER_NOBODY,   /* nobody at all: private space that lies nowhere */
  OWNER_HOST,     /* a host of `subnet` (NULL: of a range of `network` without subnets) */
  OWNER_VACANT,   /* it lies in `network`, but nothing stands there */
  OWNER_ELEMENT,  /* an interface of `element`, in `network` (NULL: outside all of them) */
  OWNER_BALANCER, /* the front end of `balancer`, in `network` */
  OWNER_SITE,     /* a host of `site` */
} OwnerKind;

typedef struct Balancer Balancer;

typedef struct {
  OwnerKind kind;
  const Network *network;
  const Subnet *subnet;
  const Element *element;
  const Balancer *balancer;
  const Site *site; /* of the Internet its site, where there is one */
} AddressOwner;

/* The longest claim decides: an interface, a subnet, a network's or a site's range. What an
 * element merely announces is no claim. */
AddressOwner fabric_owner(const Fabric *fabric, IpAddress address);

/* ---- route tables ------------------------------------------------------------------ */

/* Where a route comes from; static objects, compared by address. Facts: AZ-6.20. */
typedef struct RouteOrigin {
  const char *name;              /* as the cloud shows it: "Advertisement", "VNetLocal" */
  guint rank;                    /* lower wins among routes to one prefix */
  gboolean dynamic;              /* from BGP */
  gboolean beats_longer_dynamic; /* dynamic routes to its prefix, or inside it, are not used ... */
  gboolean keeps_longest;        /* ... but for those of this origin */
  gboolean yields_to_default;    /* is not used once 0.0.0.0/0 leads through an element */
  gboolean leaves_to_dynamic;    /* is not listed under a dynamic route to the same prefix */
  gboolean written;              /* a user wrote it */
  const struct RouteOrigin *counts_as; /* dynamic: shares a place with those of this origin to the
                                          same prefix; NULL: it counts for itself */
} RouteOrigin;

/* The origin whose place one of `origin` takes. */
const RouteOrigin *route_origin_counted(const RouteOrigin *origin);

typedef enum {
  HOP_LOCAL,    /* to what lies in `network`: the packet's own, or one that a peering joins */
  HOP_ELEMENT,  /* handed to the element that has `address` */
  HOP_TUNNEL,   /* the same in a tunnel, which the table of the sender's subnet carries */
  HOP_INTERNET, /* the cloud's own way out */
  HOP_NONE,     /* dropped on purpose */
  HOP_BALANCER, /* handed to one of the members of `balancer` */
  HOP_SITE,     /* over the element's own link to `site` */
  HOP_ONWARD,   /* a router's own table leaves it to the table of the subnet it stands in */
} HopKind;

typedef struct {
  HopKind kind;
  IpAddress address;  /* HOP_ELEMENT, HOP_TUNNEL */
  Network *network;   /* HOP_LOCAL */
  Balancer *balancer; /* HOP_BALANCER */
  Site *site;         /* HOP_SITE */
} NextHop;

RouteTable *route_table_new(Fabric *fabric, const char *name);
const char *route_table_name(const RouteTable *table);
/* Resilient hashing over so many buckets (a divisor of 840, so that whoever knows a hash modulo 840
 * can follow it); 0, as at first: modulo the number of next hops. Before any route. */
void route_table_set_buckets(RouteTable *table, guint buckets);
/* A watcher is called after the route of one origin to a prefix changed. A handler may change the
 * table itself; it is called again for that. */
typedef void (*RouteTableChanged)(gpointer data, Prefix prefix, const RouteOrigin *origin);
void route_table_watch(RouteTable *table, RouteTableChanged handler, gpointer data);
/* A route that is there is replaced; FALSE: nothing changed. `hops` are copied. */
gboolean route_table_put(RouteTable *table, Prefix prefix, const RouteOrigin *origin,
                         const NextHop *hops, guint count);
/* FALSE: there was none. */
gboolean route_table_drop(RouteTable *table, Prefix prefix, const RouteOrigin *origin);

/* A table may have a quota of places for dynamic routes. Whoever has such a route asks for a place
 * (putting it asks too) until it gives that up (dropping it does). Of all that ask the first have
 * one: by the time of asking and, at the same instant, by prefix. Who is kept out stays in its
 * turn, and the handlers hear when it has got a place, as they hear who has lost one to a prefix
 * before it that asks at the same instant. To obey is theirs. */
typedef void (*RoutePlaceChanged)(gpointer data, RouteTable *table, Prefix prefix,
                                  const RouteOrigin *counted);
/* `quota` at least 1; without it there are places for all. */
void route_table_set_quota(RouteTable *table, guint quota);
void route_table_watch_places(RouteTable *table, RoutePlaceChanged handler, gpointer data);
/* TRUE where it is new. */
gboolean route_table_ask(RouteTable *table, Prefix prefix, const RouteOrigin *origin);
void route_table_give_up(RouteTable *table, Prefix prefix, const RouteOrigin *origin);
gboolean route_table_has_place(const RouteTable *table, Prefix prefix, const RouteOrigin *origin);
/* The route that asks on goes out of the table. */
gboolean route_table_put_aside(RouteTable *table, Prefix prefix, const RouteOrigin *origin);
/* Is there one that would lead `address`, and has no place? */
gboolean route_table_lacks_place(const RouteTable *table, IpAddress address);

/* Would a route of this origin be used, were it the only one to its prefix? Routes to shorter
 * prefixes may forbid it. */
gboolean route_table_would_use(const RouteTable *table, Prefix prefix, const RouteOrigin *origin);

typedef struct {
  Prefix prefix;
  const RouteOrigin *origin;
  const NextHop *hops;
  guint hop_count;
  gboolean active; /* the one to its prefix that is used; FALSE: another is, or none may be */
  gboolean hidden; /* ... and the rule that forbids its use takes it out of the table's listing */
  const guint8 *buckets; /* resilient hashing: index in `hops` that serves each; or NULL */
  guint bucket_count;
} RouteView;
typedef void (*RouteVisit)(const RouteView *route, gpointer data);
void route_table_foreach(const RouteTable *table, RouteVisit visit, gpointer data);
/* The route of one origin; FALSE where there is none. */
gboolean route_table_find(const RouteTable *table, Prefix prefix, const RouteOrigin *origin,
                          RouteView *out);
/* The route that `address` takes. */
gboolean route_table_match(const RouteTable *table, IpAddress address, RouteView *out);

/* ---- elements and sites ----------------------------------------------------------- */

/* Never, to the Internet, always; with the words for it in a scenario, NULL-terminated. */
typedef enum { SNAT_OFF, SNAT_INTERNET, SNAT_ON } SourceTranslation;
extern const char *const source_translations[];

typedef struct {
  const char *name; /* "fw-a", "er/0": what `via` shows */
  NetNode *node;
  IpAddress address; /* of the interface that next hops name */
  Network *network;
  RouteTable *table;      /* that its own packets follow */
  gboolean stateful;      /* drops what belongs to no session it knows */
  RouteTable *onward;     /* where `table` has no route or says HOP_ONWARD; or NULL */
  RouteTable *outer;      /* the table of a second leg's subnet, by which it sends all that does not
                             belong to the networks; or NULL */
  SourceTranslation snat; /* of what it passes on: its own address as source */
  gboolean internet_exit; /* it is its network's way out to the Internet and in from there, for
                             interfaces of that network alone. Facts: AWS-5.21. */
  const char *state_group;    /* elements of one group hold their sessions in common; or NULL */
  gint64 capacity;            /* bits per second through it; 0: no limit */
  DropReason refuses_transit; /* why it passes on no traffic of others; DROP_NONE: it does */
  const char *zone;           /* availability zone, or NULL */
} ElementConfig;

/* Has the element heard of a way to `address`, so that it can have told a site? *known becomes the
 * range that it would tell. `last`: where its process is gone, had it when that ended? */
typedef gboolean (*ElementKnows)(gpointer data, IpAddress address, gboolean last, Prefix *known);

/* Why the element cannot answer for what it serves just now (static), or NULL; *changed_by
 * becomes the record that made it so. */
typedef DropReason (*ElementRefuses)(gpointer data, RecordId *changed_by);

Element *element_new(Fabric *fabric, const ElementConfig *config);
/* A second interface, before any traffic: packets may be handed to it, and sources are translated
 * to its address. */
void element_add_address(Element *element, IpAddress address);
/* May a session from the Internet come in by it? A gateway to the Internet, or what translates. */
gboolean element_lets_in(const Element *element);
IpAddress element_nat_address(const Element *element);
/* Has every session that it passes on its own address as source? */
gboolean element_translates(const Element *element);
/* It is set before there is any traffic. */
void element_set_capacity(Element *element, gint64 capacity);
gint64 element_capacity(const Element *element);
/* The sessions of one are known to the other: the same element, or one state group. */
gboolean element_shares_state(const Element *a, const Element *b);
/* All that hold the element's sessions have lost power; *cause becomes what took the last one. */
gboolean element_state_is_lost(const Element *element, RecordId *cause);
/* Whether that state is with what stands at this node, alone or also there. */
gboolean element_state_is_at(const Element *element, const NetNode *node);
const char *element_name(const Element *element);
const char *element_zone(const Element *element); /* NULL: none */
NetNode *element_node(const Element *element);
gboolean element_is_stateful(const Element *element);
IpAddress element_address(const Element *element);
void element_set_knows(Element *element, ElementKnows knows, gpointer data);
/* What it knows of `prefix` has changed. */
void element_heard(Element *element, Prefix prefix);
/* It knows nothing of any any more. */
void element_forgot(Element *element);
void element_set_refuses(Element *element, ElementRefuses refuses, gpointer data);
/* The element announces `prefix`, or no longer does. Addresses in it that nobody else owns end at
 * the element, unless it has a longer route that leads on. A range wider than a /8 is no place but
 * a direction, and nothing ends there: no one was ever given more (IANA's IPv4 registry, RFC 1918).
 */
void element_serve(Element *element, Prefix prefix, gboolean serve);
/* `prefix` is the element's own, like an address of its interface, though others may have it too:
 * an anycast or virtual address. */
void element_own(Element *element, Prefix prefix, gboolean own);
/* It has a way by a link or tunnel of its own, not by what the table of its subnet says. `because`:
 * the record that keeps it from that, or else the latest change to it; 0 for none. */
gboolean element_has_own_way(const Element *element, IpAddress to, RecordId *because);
Element *fabric_element_at(const Fabric *fabric, IpAddress address);

Site *site_new(Fabric *fabric, const char *name);
/* Its hosts have this range, but for what lies in a longer range of somebody else. The default
 * route is no range: it means site_add_exit(). */
void site_add_prefix(Site *site, Prefix prefix);
/* Is this range, and not one around it or inside, the site's? */
gboolean site_has(const Site *site, Prefix prefix);
/* The site takes packets to addresses of the Internet in this range, and sends them out over a
 * line of its own, translated. */
void site_add_exit(Site *site, Prefix prefix);
/* The site announced these ranges over its link to `element`, and no others: so that one takes the
 * link as a way out to nothing else. Who was told nothing so takes it to all exits. */
void site_tell(Site *site, Element *element, const Prefix *ranges, guint count);
/* This site is the Internet: all that nobody else owns, and that is public. */
void fabric_set_internet(Fabric *fabric, Site *site);
gboolean site_is_internet(const Site *site);
const char *site_name(const Site *site);
/* The first address of the first prefix. */
IpAddress site_address(const Site *site);
/* The link that joins a site to an element is a node of its own ("link/dc/fw-a"), up
 * unless NODE_CUT. */
NetNode *site_link(Site *site, Element *element);
/* The same where the element has a routing table that tells it what to send over the link: by next
 * hops that are the site's router, or the site. */
NetNode *site_routed_link(Site *site, Element *element);
/* The site's own router decides where its packets go: by the router's table, whose next hops
 * are elements that links join to the site. It also passes packets of others on. */
void site_set_router(Site *site, Element *router);
Element *site_router(const Site *site); /* NULL: it answers over what it was reached by */

/* ---- walking ---------------------------------------------------------------------- */

/* The member that a balancer chose for some flows. */
typedef struct {
  const Balancer *balancer; /* NULL: none was met */
  const Element *element;
} BalancerPin;

typedef struct Passage Passage;

/* What is known of the hash of the flows that walk together. */
typedef struct {
  guint32 residue, modulus; /* hash % modulus == residue; modulus 1: nothing is known */
  /* The same of a hash that both directions of a flow share; modulus 0 counts as 1. */
  guint32 pin_residue, pin_modulus;
  BalancerPin pinned;   /* of open sessions, in this direction */
  const Passage *other; /* the way of the other direction; NULL: that is walked after this one */
} HashClass;

#define PASSAGE_MOST_ELEMENTS 8
#define PASSAGE_MOST_LOOK_UPS (2 * PASSAGE_MOST_ELEMENTS + 2)

/* One table that was asked for a way. */
typedef struct {
  const RouteTable *table;
  IpAddress to;
  guint passed; /* elements of `via` that the packet had passed by then */
  guint hop;    /* which of the next hops of the route that it found, where it found one */
} PassageLookUp;

struct Passage {
  gboolean delivered;
  DropReason reason;      /* where not delivered */
  DropPlace where;        /* likewise: what it ends at */
  guint split;            /* not 0: the walk met so many equal next hops, and `modulus` does not
                             tell which; nothing else is set */
  gboolean split_pin;     /* ... and it is `pin_modulus` that does not */
  IpAddress to;           /* that the last part of the way was for */
  gboolean down;          /* it ends at what is out of order, and not for want of a way ... */
  const NetNode *failed;  /* ... which is this node; NULL: none, or more than one */
  gboolean masked;        /* it met what puts its own address as source, in order or not */
  const Network *network; /* where the packet is; NULL: nobody knows */
  const Subnet *subnet;   /* likewise */
  const char *zone;
  gboolean in_transit;     /* a peering refused it because it comes from beyond that network */
  const Element *ended_at; /* the element that the packet is for, where it is delivered to one */
  const Element
      *entered_by;     /* whose public address a session from the Internet opened to; or NULL */
  RecordId changed_by; /* the latest change to anything that the walk met ... */
  RecordId met_last;   /* ... and to what it met last: where it ended, if not delivered */
  RecordId chosen_by;  /* the latest change to a table, balancer or relay that chose its way */
  guint via_count;     /* elements that it went through, in order */
  guint look_up_count; /* tables that were asked, in order */
  guint pin_count;     /* balancers that chose, in order */
  /* Beyond their counts these hold nothing, and are not cleared: a run makes many walks. */
  const Element *via[PASSAGE_MOST_ELEMENTS];
  gboolean translated[PASSAGE_MOST_ELEMENTS]; /* each of `via` put its own address as source */
  PassageLookUp look_ups[PASSAGE_MOST_LOOK_UPS];
  BalancerPin pins[PASSAGE_MOST_ELEMENTS];
};

/* The record that keeps the packet from its end, where a node does that; or else the latest change
 * to anything that the walk met. */
RecordId passage_because(const Passage *passage);
/* The same; or else the latest change to what it ended at, and not to what led it there. */
RecordId passage_ended_by(const Passage *passage);

/* A balancer hands each flow to one of its members that are healthy and in use, both directions of
 * a session that meet it to the same, and keeps it there while that is. What only one direction
 * meets it chooses for alone, whatever another balancer chose for the other direction.
 * Where no member is healthy and in use, it drops, or (`fails_open`) goes on as if all were. Open
 * sessions that it keeps stay with their member whatever becomes of it: they go on where it passes
 * them on, and die with it even where another one could take them over. Facts: AZ-10.6. */
typedef struct {
  const char *name;
  gboolean keeps_tcp, keeps_udp; /* open sessions */
  gboolean fails_open;
  gconstpointer part_of; /* parts of one choose as one, by whichever a packet comes; NULL: whole */
} BalancerConfig;

Balancer *balancer_new(Fabric *fabric, const BalancerConfig *config);
const char *balancer_name(const Balancer *balancer);
gboolean balancer_has(const Balancer *balancer, const Element *element);
/* Healthy and in use at first; in the order of these calls. */
void balancer_add(Balancer *balancer, Element *element);
/* Next hops that name `address`, at which no element stands, mean this balancer. */
void balancer_set_address(Balancer *balancer, IpAddress address);
void balancer_set_healthy(Balancer *balancer, const Element *element, gboolean healthy);
/* An operator takes a member out of use for new flows, or puts it back. */
void balancer_take_out(Balancer *balancer, const Element *element, gboolean out);
/* Open sessions move off a member even where the balancer keeps them, or no longer do. */
void balancer_release(Balancer *balancer, const Element *element, gboolean released);
gboolean balancer_keeps(const Balancer *balancer, const Element *element, gboolean udp);

/* A relay is a managed router of the cloud that chooses by more than the destination: by where
 * the packet comes from, and by its flow. A packet may pass it more than once. */
typedef struct {
  IpAddress to;
  const Network *network; /* where the packet comes from; NULL: nobody knows */
  const char *zone;
  HashClass hash;
} RelayRequest;

/* What becomes of it: a split (see Passage), or the table that it follows next and where. */
typedef struct {
  guint split;
  gboolean split_pin;
  const RouteTable *table; /* NULL: it ends here */
  DropReason reason;       /* why */
  const Network *network;
  const Subnet *subnet; /* where it comes out; or NULL */
  const char *zone;
  RecordId changed_by;
} RelayAnswer;

typedef void (*ElementRelay)(gpointer data, const RelayRequest *request, RelayAnswer *answer);
void element_set_relay(Element *element, ElementRelay relay, gpointer data);

/* A packet that is sent. */
typedef struct {
  IpAddress from; /* IP_NONE: nobody asks; no way out to the Internet does then */
  IpAddress to;
  HashClass hash;
  gboolean answers; /* it belongs to a session that the other end opened: nothing translates it */
  gboolean hosts_aside; /* the way is asked for: hosts without power take the packet all the same */
} Packet;

/* The places that packets may end at, as a passage has them. */
DropPlace drop_at_table(const RouteTable *table);
DropPlace drop_at_element(const Element *element);
DropPlace drop_at_link(const NetNode *node);
DropPlace drop_at_balancer(const Balancer *balancer);
DropPlace drop_at_site(const Site *site);
DropPlace drop_at_subnet(const Subnet *subnet);
DropPlace drop_at_network(const Network *network);

/* The walk begins at a host that follows `table`, and of whose place nothing is known: tests of
 * tables need no place. */
void fabric_walk_from_table(const Fabric *fabric, const RouteTable *table, const Packet *packet,
                            Passage *passage);
/* It begins at the element itself, which is the first of `via`. */
void fabric_walk_from_element(const Fabric *fabric, const Element *element, const Packet *packet,
                              Passage *passage);
/* It begins at a host of `subnet`. */
void fabric_walk_from_subnet(const Fabric *fabric, const Subnet *subnet, const RouteTable *table,
                             const Packet *packet, Passage *passage);
/* The first element, by the order of the links, whose link to `site` is up and which
 * knows a way to `address`; NULL for none. *changed_by becomes the latest change to any that was
 * asked. */
const Element *site_way_to(const Site *site, IpAddress address, RecordId *changed_by);
/* Why site_way_to() is NULL, as a walk would say: a link or an element is down, or nobody told the
 * site of a way. *where lives as long as the fabric. */
DropReason site_why_no_way(const Site *site, IpAddress address, DropPlace *where);
/* Has it a way of its own out to this address of the Internet? */
gboolean site_goes_out(const Site *site, IpAddress to);
/* Is all that it sends translated, so that no answer needs a way to it? */
gboolean site_is_masked(const Site *site);
/* By whom a packet comes in from the Internet, whatever way leads back there: the gateway to the
 * Internet of the network that has its destination, ... */
const Element *fabric_gateway_into(const Fabric *fabric, IpAddress to);
/* ... or, one after the other, each element that translates all it passes on, and goes out to the
 * Internet by itself, under a public address of its own. *next: 0 at first. NULL: no more. */
const Element *fabric_next_published(const Fabric *fabric, IpAddress from, guint *next);
/* It begins at a site with a router of its own. */
void fabric_walk_from_router(const Fabric *fabric, const Site *site, const Packet *packet,
                             Passage *passage);
/* It goes from `site` over its link to `element`; from the Internet, which has none, to the public
 * address that the element translates to. */
void fabric_walk_from_site(const Fabric *fabric, const Site *site, const Element *element,
                           const Packet *packet, Passage *passage);
