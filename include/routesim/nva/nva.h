/* Network virtual appliances: what stands in the cloud, speaks BGP with route servers
 * and passes traffic on. A kind is a class: what it holds of the sessions that pass,
 * and how its software behaves. */
#pragma once
#include "routesim/base/keys.h"
#include "routesim/bfd/bfd.h"
#include "routesim/bgp/speaker.h"
#include "routesim/net/fabric.h"

typedef struct {
  const char *name;  /* "firewall": as in `kind` */
  const char *title;
  gboolean stateful; /* drops packets of sessions whose opening it did not see */
} NvaClass;

guint nva_class_count(void);
const NvaClass *nva_class_at(guint index);
const NvaClass *nva_class_find(const char *name);

/* One thing that it announces. */
typedef struct {
  Prefix prefix;
  guint prepend;
  gboolean has_med;
  guint32 med;
  const guint32 *communities;
  guint community_count;
  IpAddress next_hop; /* IP_NONE: itself */
} NvaAnnouncement;

typedef struct Nva Nva;

typedef struct {
  const char *name;
  const NvaClass *class;
  guint32 asn;
  IpAddress address;
  Network *network;
  RouteTable *table;
  const char *refuses_transit; /* see ElementConfig */
  const char *zone;
} NvaConfig;

Nva *nva_new(Engine *engine, Fabric *fabric, const NvaConfig *config, guint64 seed, guint32 run);
const char *nva_name(const Nva *nva);
const NvaClass *nva_class(const Nva *nva);
NetNode *nva_node(const Nva *nva);
Element *nva_element(const Nva *nva);
BgpSpeaker *nva_speaker(const Nva *nva);
IpAddress nva_address(const Nva *nva);
/* Replaces all that it announces: one UPDATE with what changed, so a route whose
 * attributes change is replaced implicitly. Packets to an announced prefix that belongs
 * to no site behind the appliance end at the appliance itself (a VIP). */
void nva_announce(Nva *nva, const NvaAnnouncement *announcements, guint count);

/* Tag of an appliance's sessions with routers of sites. What such a router says is not
 * taken: a site is announced by `advertise`, while its session is up. */
extern const char nva_tag_site[];
/* Called when a session with a site's router came up or went down. */
void nva_watch_sites(Nva *nva, ChangeHandler handler, gpointer data);
/* It has static routes to its own network, and tells sites of it: where no route server
 * does (AWS-8.3). */
void nva_tell_network(Nva *nva);
