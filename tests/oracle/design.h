/* A small design, as plain data: what the oracle reads, and what is written out as a scenario for
 * the program. Its names are fixed by its places (n0/app, v1, s0), so nothing is looked up by text.
 *
 * A design is a value: copying one and taking an element out of it is how it shrinks. What refers
 * to an element that is not there is put right by design_tidy(), so that any smaller design is a
 * scenario too. */
#pragma once
#include <glib.h>

typedef struct {
  guint32 at;
  guint8 length;
} Range;

Range range_make(guint32 at, guint length); /* masks */
gboolean range_equal(Range a, Range b);
gboolean range_holds(Range range, guint32 address);
gboolean range_covers(Range outer, Range inner); /* equal or wider */
void range_append(Range range, GString *out);
void address_append(guint32 address, GString *out);

#define MOST_NETWORKS 4
#define MOST_SUBNETS 4 /* app, fa, fb and web */
#define MOST_RANGES 2
#define MOST_TABLES 2
#define EDGE_TABLE MOST_TABLES      /* the table of the network's internet gateway */
#define VGW_TABLE (MOST_TABLES + 1) /* of its virtual private gateway */
#define ALL_TABLES (MOST_TABLES + 2)
#define MOST_ROUTES 5
#define MOST_PEERINGS 5
#define MOST_NVAS 4
#define MOST_ANNOUNCED 5
#define MOST_SITES 3
#define MOST_TOLD 2
#define INSTANCES 2 /* of an Azure route server: each feeds half of the NICs (AZ-7.6, AZ-14.16) */
#define BOTH_INSTANCES 3u
#define ZONES 2
#define NOWHERE G_MAXUINT
#define GATEWAY_SUBNET MOST_SUBNETS

/* Links of a site, by what is at the other end. */
#define MOST_LINKS (MOST_NVAS + 2 * MOST_NETWORKS)
#define LINK_NVA(nva) (nva)
#define LINK_VPN(network) (MOST_NVAS + (network))
#define LINK_CIRCUIT(network) (MOST_NVAS + MOST_NETWORKS + (network))

typedef enum { DESIGN_AZURE, DESIGN_AWS } DesignCloud;
extern const char *const design_clouds[];  /* "azure", "aws" */
extern const char *const design_subnets[]; /* MOST_SUBNETS, by name */
enum { SUBNET_APP, SUBNET_FA, SUBNET_FB, SUBNET_WEB };

typedef enum {
  TARGET_NVA, /* index: of the appliance */
  TARGET_NONE,
  TARGET_INTERNET, /* under aws: the internet gateway of the network */
  TARGET_LOCAL,
  TARGET_ADDRESS,
  TARGET_PEERING, /* index; aws */
  TARGET_TRANSIT, /* aws */
  TARGET_NAT,     /* aws: the NAT gateway of the network */
  TARGET_GATEWAY, /* the vpn gateway (azure) or virtual private gateway (aws) of the network */
} TargetKind;

typedef struct {
  gboolean used;
  Range to;
  TargetKind kind;
  guint index;
  guint32 address;
  gboolean prefix_list; /* aws */
} UserRoute;

typedef struct {
  gboolean used;
  guint subnets; /* bits */
  gboolean propagate;
  UserRoute routes[MOST_ROUTES];
} UserTable;

typedef enum { PREFER_EXPRESSROUTE, PREFER_VPN, PREFER_ASPATH } RoutingPreference;

typedef struct {
  gboolean used;
  Range ranges[MOST_RANGES]; /* the subnets stand in the first */
  guint range_count;
  guint hosts; /* bits: subnets with hosts */
  UserTable tables[ALL_TABLES];
  gboolean server;
  gboolean branch_to_branch;
  RoutingPreference preference;
  guint propagate_to;   /* aws: bits of subnets; 1 << MOST_SUBNETS: the table of the gateway */
  gboolean rs_vs_vgw;   /* aws: the virtual private gateway wins */
  gboolean inner_hosts; /* aws: a /32 inside the VPC's range is taken */
  gboolean internet;    /* aws: it has an internet gateway */
  gboolean vpn, circuit;
  guint nat; /* aws: the subnet of its NAT gateway; NOWHERE: none */
} DesignNetwork;

typedef struct {
  gboolean used;
  guint from, to;
  gboolean remote; /* use_remote_gateway */
  guint limits[2]; /* azure: bits of subnets of `from` and of `to`; none: all */
} DesignPeering;

typedef enum {
  COMMUNITY_NONE,
  COMMUNITY_NO_ADVERTISE,
  COMMUNITY_NO_EXPORT,
  COMMUNITY_OTHER
} Community;
typedef enum { NEXT_HOP_ITSELF, NEXT_HOP_NVA, NEXT_HOP_ADDRESS } NextHopKind;

typedef struct {
  gboolean used;
  Range to;
  guint site; /* in place of `to`; NOWHERE: none */
  guint prepend;
  int med; /* -1: none */
  Community community;
  NextHopKind hop;
  guint hop_nva;
  guint32 hop_address;
} DesignAnnouncement;

/* What is told in place of what would be told by itself. */
typedef struct {
  gboolean used;
  Range to;
  guint prepend;
} DesignTold;

typedef enum { SNAT_OFF, SNAT_ON, SNAT_INTERNET } Snat;

typedef struct {
  gboolean used;
  guint network, in, out; /* `out` NOWHERE: one leg */
  gboolean firewall;
  guint asn;
  Snat snat;
  guint peers;     /* bits: networks whose route server it peers with */
  guint instances; /* azure: bits of the instances that it peers with */
  DesignAnnouncement announced[MOST_ANNOUNCED];
  guint endpoint_prepend[2];              /* aws: more of it towards the first, the last endpoint */
  DesignTold told[MOST_SITES][MOST_TOLD]; /* to a site's router; none used: what it knows */
} DesignNva;

typedef struct {
  gboolean used;
  Range range;
  guint asn;
  DesignTold told[MOST_TOLD];             /* what it announces; none used: its range */
  DesignTold over[MOST_LINKS][MOST_TOLD]; /* ... over one link; none used: the same */
  guint nvas;                             /* bits: appliances with a link to it */
  guint vpns;                             /* bits: networks whose vpn gateway has one */
  guint circuits;                         /* bits: networks whose circuit gateway has one */
  gboolean router; /* its own router chooses; where a circuit ends there always is one */
  guint prefer_nva[MOST_NVAS], prefer_vpn[MOST_NETWORKS], prefer_circuit[MOST_NETWORKS];
} DesignSite;

typedef struct {
  gboolean used;
  guint attached[MOST_NETWORKS][ZONES]; /* subnet in that zone, or NOWHERE */
  UserRoute routes[MOST_ROUTES];        /* index: network; kind TARGET_NONE: a blackhole */
  guint follows;                        /* bits: networks that follow the second table */
  gboolean propagate;                   /* the ranges of all attached networks enter that one */
  UserRoute second[MOST_ROUTES];
} DesignTransit;

typedef struct {
  DesignCloud cloud;
  DesignNetwork networks[MOST_NETWORKS];
  DesignPeering peerings[MOST_PEERINGS];
  DesignNva nvas[MOST_NVAS];
  DesignSite sites[MOST_SITES];
  DesignTransit transit; /* aws */
  gboolean zoned;        /* fb and web stand in zone b, and not in a */
} Design;

/* Addresses that no network and no site has, which traffic goes to: two private ones. */
#define MOST_ASKED 2
extern const guint32 design_asked[MOST_ASKED];

/* ---- making one ---------------------------------------------------------------------- */

/* The design of a number: the same on any machine. */
Design design_draw(guint64 seed, DesignCloud cloud);
gboolean design_tells(const DesignTold *told); /* MOST_TOLD: is any used? */
/* What refers to nothing goes, and what the clouds refuse. */
void design_tidy(Design *design);
/* The n-th element goes out, or becomes plainer; FALSE where there are no so many. The design may
 * be the same afterwards. */
gboolean design_simplify(Design *design, guint n);
/* A scenario of it; the caller frees. */
char *design_text(const Design *design, const char *name);

/* ---- what all readers of a design need ------------------------------------------------- */

Range design_subnet(const Design *design, guint network, guint subnet);
/* Of the leg in this subnet: the fourth address of the subnet, then on by name. */
guint32 design_nva_address(const Design *design, guint nva, guint subnet);
/* That by which tables name it: of its only or inner leg. */
guint32 design_nva_hop(const Design *design, guint nva);
/* That of the network's NAT gateway. */
guint32 design_nat_address(const Design *design, guint network);
/* NOWHERE where no appliance has it. */
guint design_nva_at(const Design *design, guint32 address);
guint design_zone(const Design *design, guint subnet);
gboolean design_attached(const Design *design, guint network);
gboolean design_peered(const Design *design, guint a, guint b);
/* Does a peering join these two subnets (AZ-5.16)? GATEWAY_SUBNET is in none of the limits. */
gboolean design_joined(const Design *design, guint a, guint subnet_a, guint b, guint subnet_b);
/* Is a peering of the two limited on the side of `a`? */
gboolean design_limited(const Design *design, guint a, guint b);
/* The n-th range of a network that `from` knows of: its own all, of a peered one that of the
 * peering, else none; FALSE where there are no so many. */
gboolean design_known(const Design *design, guint from, guint network, guint n, Range *range);
/* What a site announces over a link; none used: its range. */
const DesignTold *design_told(const Design *design, guint site, guint link);
/* The network whose route server and gateways `network` uses, itself included; NOWHERE: none. */
guint design_serving(const Design *design, guint network);
/* The same for the NICs of a subnet. */
guint design_serving_subnet(const Design *design, guint network, guint subnet);
