/* What a cloud may ask about a scenario when it checks it, besides its route servers: one
 * struct for each kind of thing, in neutral words. Each check reports at the marks it gets. */
#pragma once
#include "routesim/base/keys.h"

/* What a table or gateway stands for. */
typedef enum {
  CLOUD_VIA_APPLIANCE,
  CLOUD_VIA_ADDRESS,
  CLOUD_VIA_PEERING,
  CLOUD_VIA_INTERNET, /* an internet gateway, or the word `internet` */
  CLOUD_VIA_GATEWAY,  /* VPN or circuit */
  CLOUD_VIA_TRANSIT,
  CLOUD_VIA_NAT, /* a NAT gateway */
  CLOUD_VIA_LOCAL,
  CLOUD_VIA_NONE,
} CloudVia;

typedef struct {
  Prefix to;
  Mark to_mark, via_mark;
  CloudVia via;
  const char *via_text;
  const char *via_network; /* that it belongs to: of a peering the table's, where it joins that, and
                              one of its own where not; of the word
                              `internet` the table's, if that has an internet gateway; NULL: none */
  /* Why packets of those who follow the table cannot go straight to an appliance or an address:
   * "lies in network 'b', which is not peered with 'a'"; NULL: they can, or nobody knows. */
  const char *via_beyond;
  gboolean via_circuit;    /* a gateway of kind circuit ... */
  gboolean via_beside;     /* ... with one of the other kind in the same network */
  gboolean via_used;       /* it is the network's own, or one that it uses over a peering */
  gboolean via_translates; /* an appliance: what it passes on to the Internet, or it has another way
                              there */
  gboolean prefix_list;    /* it comes from a managed prefix list */
} CloudRouteCheck;

/* A route table that a user wrote. */
typedef struct {
  const char *name;
  Mark mark;
  const char *network;
  const Prefix *prefixes; /* of the network */
  guint prefix_count;
  const Prefix *subnets; /* all of the network */
  guint subnet_count;
  const Prefix *dedicated; /* its subnet for a route server (`dedicated_subnet`); NULL: not written */
  CloudVia gateway; /* what it is associated with; CLOUD_VIA_NONE: with no gateway */
  const char *gateway_name, *gateway_network; /* or NULL */
  Mark gateway_mark;
  guint followers; /* subnets that follow it */
  const char *const *follower_names; /* without their network's: "app" */
  gboolean may_use_remote; /* the network has no gateway or route server of its own, and uses none of
                              another network yet */
  gboolean propagate; /* routes of gateways and route servers enter it ... */
  gboolean propagate_said; /* ... by the word of the scenario */
  const CloudRouteCheck *routes;
  guint route_count;
  gconstpointer server_config; /* of a route server in the network, or NULL */
  gboolean internet_asked;     /* something of the scenario is about the Internet */
  Diagnostics *diagnostics;
} CloudTableCheck;

/* A peering by which a network uses the gateways and route server of another. */
typedef struct {
  const char *to;
  Mark mark;
  gboolean to_has_gateway; /* or a route server */
} CloudRemoteCheck;

typedef struct {
  const char *name;   /* of an appliance or a load balancer; NULL: the VMs of the subnet */
  const char *subnet; /* without its network's name: "app" */
  Mark mark;
} CloudDweller;

typedef struct {
  const char *name;
  const char *gateway;      /* of kind VPN or circuit that stands in it, or NULL */
  const char *route_server; /* or NULL */
  Mark gateway_mark, server_mark;
  const Prefix *prefixes; /* of the network; none where nobody knows what is free there */
  guint prefix_count;
  const Prefix *subnets;           /* all of the network ... */
  const char *const *subnet_names; /* ... without its name: "app" */
  guint subnet_count;
  const CloudRemoteCheck *remote;
  guint remote_count;
  const CloudDweller *dwellers; /* appliances, front ends and VMs that stand in it */
  guint dweller_count;
  Diagnostics *diagnostics;
} CloudNetworkCheck;

/* An appliance and its sessions. */
typedef struct {
  const char *name;
  Mark mark;
  gint64 asn; /* 0: not known */
  AddressValue address;
  gboolean forwards; /* a next hop names it, or it announces something with itself as next hop */
  guint sessions; /* of its interface, with parts of all route servers */
  gconstpointer server_config; /* of the first route server it peers with, or NULL */
  gconstpointer config;        /* the struct of the class's `appliance_keys` */
  const Prefix *announced; /* by it, and ... */
  guint announced_count;
  const Prefix *behind_gateways; /* ... of sites behind VPN and circuit gateways of its network */
  guint behind_gateways_count;
  /* Do routes of gateways enter the table of this name, or that of the subnet? */
  gboolean (*propagates)(gpointer data, const char *name);
  gpointer data;
  Diagnostics *diagnostics;
} CloudApplianceCheck;

/* A NAT gateway and the routes of the table that its subnet follows. */
typedef struct {
  const char *name;
  Mark mark;
  const char *subnet;        /* "hub/pub" */
  const char *table;         /* written, that the subnet follows; NULL: one of its own */
  const CloudRouteCheck *routes;
  guint route_count;
  const GPtrArray *server_configs; /* gconstpointer: of the route servers of its network */
  Diagnostics *diagnostics;
} CloudNatCheck;
