/* What the facts say about a design: the routes of each table and why some are not used, the best
 * paths of a route server, and who reaches whom. Written from scenarios/facts.md and RFC 4271, and
 * from nothing else: where the program says otherwise, one of the two is wrong by the text of a
 * fact. Simple and slow on purpose: sets of routes, rules that leave out, longest prefix. */
#pragma once
#include "oracle/design.h"

/* ---- best paths of route servers ------------------------------------------------------------ */

typedef enum { PATH_CIRCUIT, PATH_VPN, PATH_NVA } PathClass;

typedef struct {
  Range to;
  PathClass class;
  guint nva;         /* PATH_NVA: who announces it */
  guint instance;    /* PATH_VPN, PATH_CIRCUIT: of the gateway */
  guint site;        /* ... of who told it */
  guint endpoint;    /* aws */
  guint32 hop, peer; /* PATH_NVA: next hop, and the address of the session */
  guint length;      /* of the AS path */
  int med;           /* -1: none */
  Community community;
  gboolean best; /* programmed into the tables */
} OraclePath;

#define MOST_PATHS 128
typedef struct {
  OraclePath paths[MOST_PATHS];
  guint count;
} OracleRib;

/* ---- tables ---------------------------------------------------------------------------------- */

typedef enum { FROM_SYSTEM, FROM_BGP, FROM_USER, FROM_VGW } RouteSource;
typedef enum {
  VIA_LOCAL,    /* the network itself */
  VIA_PEER,     /* index: the network behind a peering */
  VIA_INTERNET, /* aws: the internet gateway */
  VIA_NONE,
  VIA_ADDRESS, /* an appliance, or nobody */
  VIA_GATEWAY, /* index: the network whose gateway; instance */
  VIA_TRANSIT,
  VIA_NAT,
} ViaKind;

typedef struct {
  Range to;
  RouteSource source;
  ViaKind kind;
  guint index;
  guint instance;
  PathClass gateway; /* VIA_GATEWAY */
  guint32 address;
  gboolean prefix_list, persistent;
  const char *out;        /* the fact that leaves it out of use; NULL: active */
  gboolean unlisted;      /* ... and out of what the cloud's tool lists */
  gboolean may_be_listed; /* no fact says whether the tool lists it, though it is not used */
} OracleRoute;

#define MOST_TABLE_ROUTES 192
typedef struct {
  OracleRoute routes[MOST_TABLE_ROUTES];
  guint count;
} OracleTable;

typedef struct {
  Design design;
  OracleRib ribs[MOST_NETWORKS][INSTANCES]; /* aws: the first */
  /* By the instance that feeds the NIC (aws: the first). Azure: the last is GatewaySubnet's. */
  OracleTable tables[MOST_NETWORKS][MOST_SUBNETS + 1][INSTANCES];
  OracleTable edges[MOST_NETWORKS], vgws[MOST_NETWORKS]; /* aws: of internet gateways */
} Oracle;

/* Whose table is worked out: that of a subnet's NICs (azure), or one of a VPC (aws). */
typedef struct {
  const Oracle *oracle;
  const Design *design;
  guint network;
  const UserTable *user;  /* or NULL */
  guint subnet, instance; /* azure */
  gboolean edge;          /* aws: of the internet gateway */
  gboolean propagated;    /* aws: the route server writes to it */
  gboolean vgw;           /* aws: the virtual private gateway does */
  OracleTable *table;
} OracleHolder;

/* What keeps a route out of use, and what the cloud's tool then lists (see OracleRoute). */
typedef struct {
  const char *fact;
  gboolean (*leaves_out)(const OracleHolder *holder, const OracleRoute *route);
  gboolean unlisted, may_be_listed;
} OracleRule;

void oracle_add(OracleHolder *holder, OracleRoute route);
/* Rule after rule, each on the routes that none before it left out. */
void oracle_leave_out(OracleHolder *holder, const OracleRule *rules, guint count);

/* FALSE for a fact named in the environment's ORACLE_WITHOUT ("AZ-6.20,AWS-5.21"): to look behind a
 * fault that is known, and to see that a rule matters. */
gboolean oracle_holds(const char *fact);

/* The caller frees (g_free()). */
Oracle *oracle_new(const Design *design);
void oracle_azure_tables(Oracle *oracle);
void oracle_aws_tables(Oracle *oracle);
void oracle_ribs(Oracle *oracle);
/* The active routes of the longest prefix that holds the address, at most `most`, in order. */
guint oracle_find(const OracleTable *table, guint32 address, const OracleRoute **found, guint most);

/* ---- a site's own router --------------------------------------------------------------------- */

/* A link by which it sends. */
typedef struct {
  PathClass class;
  guint index;  /* of the appliance, or the network of the gateway */
  guint length; /* of the prefix that it was told */
  guint hops;   /* of the AS path */
  guint prefer;
} SiteLink;

/* The links by which the site's router sends to an address: how many. */
guint oracle_site_links(const Oracle *oracle, guint site, guint32 address, SiteLink *links);
/* The first link, in the order of `via`, over which a site without a router was told of a way to
 * the address: an appliance always tells of the network that it stands in. */
gboolean oracle_first_link(const Oracle *oracle, guint site, guint32 address, SiteLink *link);
/* What a site announces and does not have: where does its own router send that, and one that hears
 * of it by a virtual private gateway? */
gboolean oracle_announced_by_a_site(const Design *design, guint site, guint32 address);
/* TRUE where what it is told hangs on what no fact says. */
gboolean oracle_site_unsaid(const Oracle *oracle, guint site);

/* ---- who owns an address
 * ---------------------------------------------------------------------------
 */

typedef enum { OWNER_INTERNET, OWNER_NOBODY, OWNER_SITE, OWNER_NETWORK } OwnerKind;
typedef struct {
  OwnerKind kind;
  guint index;  /* of the site or network */
  guint subnet; /* NOWHERE: none of its subnets */
  guint nva;    /* whose address it is, or NOWHERE */
} AddressOwner;
AddressOwner oracle_owner(const Design *design, guint32 address);

/* ---- who reaches whom
 * ------------------------------------------------------------------------------
 */

/* PLACE_ADDRESS: one of design_asked, to be reached only. */
typedef enum { PLACE_HOSTS, PLACE_SITE, PLACE_INTERNET, PLACE_ADDRESS } PlaceKind;
typedef struct {
  PlaceKind kind;
  guint index; /* network, site or asked address */
  guint subnet;
} OraclePlace;

typedef enum { VERDICT_NO, VERDICT_PARTLY, VERDICT_YES, VERDICT_UNSAID } Verdict;

/* Appliances in the order in which they are passed, each by its number and one, in base 8. */
typedef struct {
  guint64 there, back;
} OracleWay;

#define MOST_WAYS 256
typedef struct {
  OracleWay ways[MOST_WAYS]; /* of what gets through */
  guint count;
  const char *why; /* of the first that does not */
  gboolean
      loose; /* how a site's router shares among links is unknown: of the ways some may be none */
} OracleReach;

/* VERDICT_UNSAID: no fact tells. */
Verdict oracle_reach(const Oracle *oracle, OraclePlace from, OraclePlace to, OracleReach *reach);
