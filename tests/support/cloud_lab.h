/* One network, one route server of any cloud, and appliances that peer with it: what the
 * scenario layer would build, without a scenario.
 *
 * Network "hub" 10.0.0.0/16; subnets "hub/app" 10.0.1.0/24 with 10 hosts and "hub/nva"
 * 10.0.2.0/24; appliances fw-a, fw-b ... at 10.0.2.40, .39 ... with AS numbers 65010, 65011 ...;
 * keepalive 5 s, hold 15 s, no jitter, 1 ms each way, 2 s to connect again. */
#pragma once
#include "routesim/cloud/cloud.h"
#include "support/bed.h"

#define LAB_MOST 5

typedef struct {
  const char *name;
  guint32 asn;
  IpAddress address;
  NetNode *node;
  Element *element;
  BgpSpeaker *speaker;
  GPtrArray *sessions; /* BgpSession *, in the order of the parts; side 0 is the appliance */
  GPtrArray *paths;    /* Path *, the same */
} LabAppliance;

typedef struct {
  Bed *bed;
  const CloudClass *class;
  Fabric *fabric;
  CloudTopology topology;
  CloudNetwork *hub;
  CloudSubnet *app, *nva;
  RouteServer *server;
  LabAppliance appliances[LAB_MOST];
  guint count;
} CloudLab;

/* `settings` is the class's block in YAML flow syntax: "{program: 1s}". */
CloudLab *cloud_lab_new(Bed *bed, const CloudClass *class, const char *settings, guint appliances);
/* The same, after `set_up` has added to the topology: before any table is built. */
CloudLab *cloud_lab_new_with(Bed *bed, const CloudClass *class, const char *settings,
                             guint appliances, void (*set_up)(CloudLab *lab, gpointer data),
                             gpointer data);
/* The block is read by a class's key table; the test fails where it has errors. */
gpointer cloud_lab_read(Bed *bed, const KeyTable *keys, const char *settings);
/* An appliance originates the route now. */
void cloud_lab_say(CloudLab *lab, guint appliance, const char *prefix,
                   const BgpAttributes *attributes);
/* The same at a moment; NULL withdraws. */
void cloud_lab_say_at(CloudLab *lab, gint64 at_ms, guint appliance, const char *prefix,
                      const BgpAttributes *attributes);
/* All sessions Established since long, everything converged. */
void cloud_lab_begin(CloudLab *lab);
/* All sessions of an appliance end (or begin again), as by its shutdown. */
void cloud_lab_stop(CloudLab *lab, guint appliance);
void cloud_lab_start(CloudLab *lab, guint appliance);
/* What the process of a part losing power, and getting it back, does. */
void cloud_lab_lose_part(CloudLab *lab, guint part);
void cloud_lab_return_part(CloudLab *lab, guint part);

guint cloud_lab_table_count(const CloudLab *lab); /* tables of hub/app */
/* Next hops that the route server put into a table of hub/app: "fw-a fw-b" or "none"; the test
 * frees. */
char *cloud_lab_hops(const CloudLab *lab, guint table, const char *prefix);
void cloud_lab_assert_hops(const CloudLab *lab, guint table, const char *prefix,
                           const char *expected);
/* Attributes with `prepend` own AS numbers more, and a MED where it is not below 0. */
const BgpAttributes *cloud_lab_attributes(CloudLab *lab, guint appliance, guint prepend,
                                          gint64 med);
/* Changes of the tables of hub/app from `since` on: "30.002 hub/app@rs/0 install fw-a, "; the
 * test frees. */
char *cloud_lab_changes(const CloudLab *lab, SimTime since);
/* The test fails where they are others. */
void cloud_lab_assert_changes(const CloudLab *lab, gint64 since_ms, const char *expected);
