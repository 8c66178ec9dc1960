/* What the tables of keys of aws fill, each the struct of its name: its blocks in a design. */
#pragma once
#include "routesim/cloud/design.h"

/* How far traits that several things of AWS have can plausibly lie to either side. */
#define AWS_BOOT_RANGE                                                                             \
  .low = "10s", .high = "5m",                                                                      \
  .why = "judgement: AWS does not tell how it repairs what it manages: a process starts anew "     \
         "within 10 s, and a virtual machine in its place takes up to 5 min."
#define AWS_PROGRAM_RANGE                                                                          \
  .low = "500ms", .high = "6s",                                                                    \
  .why =                                                                                           \
      "AWS-7.4, AWS-7.2: from the least of the default to the most that the lab with BFD leaves"

typedef struct {
  const char *name;
  Mark mark;
  const char *subnet;
  Mark subnet_mark;
} AwsEndpoint;

typedef struct {
  gboolean on;
  Duration wait; /* after BGP is back */
} AwsPersist;

typedef struct {
  BlockHead head;
  Duration interval;
  gint64 multiplier;
  LivenessJitterKind jitter;
} AwsBfd;

/* Quotas. Facts: AWS-9. */
typedef struct {
  BlockHead head;
  gint64 routes_per_peer, fib_routes, propagated_routes, static_routes;
  gint64 endpoints, endpoints_per_subnet, sessions_per_interface, route_servers;
} AwsLimits;

/* Whose route of two to one prefix a table holds. */
typedef enum { AWS_ROUTE_SERVER_WINS, AWS_VGW_WINS } AwsPrecedence;

typedef struct {
  BlockHead head;
  gint64 asn;
  GPtrArray *endpoints;    /* AwsEndpoint *, by name */
  GPtrArray *propagate_to; /* NameRef * */
  AwsPersist persist_routes;
  Duration keepalive, hold;
  LivenessJitterKind keepalive_jitter;
  AwsBfd *bfd;
  Duration process, program, table_jitter, boot;
  Duration alarm_interval;
  gint64 endpoint_price;
  gboolean prefer_oldest;
  Duration fail_back, modify;
  AwsPrecedence rs_vs_vgw;
  gboolean multipath, inner_host_routes, explicit_association;
  AwsLimits *limits;
} AwsConfig;

typedef struct {
  BlockHead head;
  GPtrArray *endpoints; /* NameRef *, by name where `blocks` has something */
  GPtrArray *blocks;    /* const Node *: what is said of each; empty where only names are given */
} AwsPeerConfig;

/* An appliance's network interface. */
typedef struct {
  BlockHead head;
  gboolean source_dest_check;
} AwsApplianceConfig;

typedef struct {
  BlockHead head;
  Duration boot;
} AwsNatConfig;

/* What a table holds that no route server's `limits` speak of; and how many peers may announce one
 * prefix to one table. Facts: AWS-9.7, AWS-9.8, AWS-9.11. */
#define AWS_PROPAGATED_ROUTES 100
#define AWS_STATIC_ROUTES 500
#define AWS_MOST_PEERS 32
