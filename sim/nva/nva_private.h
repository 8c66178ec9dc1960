/* What the files of this folder share. */
#pragma once
#include "routesim/nva/nva.h"

/* Every kind that a scenario may name, in the order of messages: each is a nva_class_KIND. */
#define NVA_KINDS(ROW) ROW(router) ROW(firewall) ROW(sd_wan) ROW(load_balancer)
#define ROW(kind) extern const NvaClass nva_class_##kind;
NVA_KINDS(ROW)
#undef ROW

typedef struct NvaMonitor NvaMonitor;

typedef struct {
  gconstpointer scope; /* see nva_announce() */
  NvaAnnouncement *announcements;
  guint count;
  Trie *all, *steady; /* the first announcement of each prefix; of those whatever the health */
} NvaList;

struct Nva {
  NvaConfig config;
  Engine *engine;
  Fabric *fabric;
  guint64 seed;
  guint32 run;
  NetNode *node;
  Element *element;
  BgpSpeaker *speaker;
  RouteTable *routes; /* of its own, where it has tunnels; or NULL */
  GPtrArray *peers;   /* Peer *, see nva.c */
  Agenda *first_updates;
  gboolean fresh;      /* its process started, and has announced nothing yet */
  SimTime update_wait; /* `update_delay`, as drawn at that start for all its sessions */
  RandomStream update_stream;
  GPtrArray *lists;            /* NvaList * */
  GArray *originated;          /* Prefix, sorted */
  NvaMonitor *monitor;         /* NULL: nothing is checked */
  gboolean healthy;            /* what the announcements go by */
  ChangeHandler sites_changed; /* see nva_watch_sites() */
  gpointer sites_data;
  gboolean tells_network; /* see nva_tell_network() */
};

/* What a peer of this scope is told of a prefix; NULL: nothing. */
const BgpAttributes *nva_originated(const Nva *nva, const BgpEntry *entry, gconstpointer scope);
/* The longest range around it in the list for everybody; FALSE: none. */
gboolean nva_announces(const Nva *nva, IpAddress address, Prefix *out);
void nva_monitor_begin(NvaMonitor *monitor, gboolean cold);
/* The lists changed, or the health did: what is announced is looked at again. */
void nva_refresh_announcements(Nva *nva);
