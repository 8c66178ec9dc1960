/* Two BGP speakers and a session between them, for tests. */
#pragma once
#include "routesim/bgp/speaker.h"
#include "support/bed.h"

typedef struct {
  guint32 asn;
  SimTime keepalive, hold;
  gboolean passive;
  const BgpProfile *profile; /* NULL: RFC 4271 */
  const BgpPolicy *policy;
  gpointer data;
  gboolean obeys_no_advertise, obeys_no_export, reflects, next_hop_self, no_route_refresh;
  gboolean fixed_timers;
  gboolean jitter; /* of its keepalives */
  BgpPrefixLimit prefix_limit;
  const BgpRouteMap *inbound, *outbound;
} DuoEnd;

typedef struct {
  LivenessMode mode;
  SimTime delay, establish, connect_retry;
  guint64 seed;
  DuoEnd ends[2];
} DuoConfig;

typedef struct {
  Bed *bed;
  NetNode *nodes[2];
  Path *path;
  BgpSpeaker *speakers[2]; /* "a" at 10.0.0.1, "b" at 10.0.0.2 */
  BgpSession *session;
  BgpPeer *peers[2];
} Duo;

/* AS 65001 (active) and 65002 (passive), keepalive 5 s, hold 15 s, 1 ms each way, no jitter,
 * 2 s from start or failure to the next attempt, packet by packet. */
DuoConfig duo_default(void);
Duo *duo_new(Bed *bed, const DuoConfig *config);

/* A plain node, speaker or session, for larger nets. */
BgpSpeaker *net_speaker(Bed *bed, const char *name, guint32 asn, const BgpProfile *profile);
BgpSpeaker *net_speaker_with(Bed *bed, const BgpSpeakerConfig *config, const BgpPolicy *policy,
                             gpointer data);
BgpSession *net_join(Bed *bed, BgpSpeaker *active, const char *active_address, BgpSpeaker *passive,
                     const char *passive_address);
/* A session as `net_join`, with ends named by the caller. */
BgpSession *net_join_named(Bed *bed, BgpSpeaker *active, const char *active_name,
                           const char *active_address, BgpSpeaker *passive,
                           const char *passive_name, const char *passive_address,
                           const BgpRole *passive_role);

/* The route is originated, or withdrawn (NULL), at a moment. */
void net_say_at(Bed *bed, gint64 at_ms, BgpSpeaker *speaker, const char *prefix,
                const BgpAttributes *attributes);
/* What a speaker uses: "10.0.0.1 65001 65002 med 5", several routes with "; ", or "none"; the
 * test frees. */
char *net_route_text(const BgpSpeaker *speaker, const char *prefix);
/* The test fails where it is another. */
void net_assert_route(const BgpSpeaker *speaker, const char *prefix, const char *expected);
