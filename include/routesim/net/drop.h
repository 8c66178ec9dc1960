/* Why packets do not arrive: the one list of the words that stand behind `dropped:`. */
#pragma once
#include <glib.h>

#define DROPPED "dropped:"

#define DROP_NO_ROUTE "no-route"
#define DROP_NEXT_HOP_DOWN "next-hop-down"
#define DROP_NEXT_HOP_PASSIVE "next-hop-passive"
#define DROP_BLACKHOLE "blackhole"
#define DROP_LINK_DOWN "link-down"
#define DROP_SITE_DOWN "site-down"
#define DROP_LOOP "loop"
#define DROP_TOO_MANY_HOPS "too-many-hops"
#define DROP_ASYMMETRIC "asymmetric"
#define DROP_NOT_ANNOUNCED "not-announced"
#define DROP_SOURCE_DEST_CHECK "source-dest-check"
#define DROP_NOT_ATTACHED "not-attached"
#define DROP_NO_ATTACHMENT_IN_ZONE "no-attachment-in-zone"
#define DROP_HOST_DOWN "host-down"
#define DROP_NO_BACKEND "no-backend"
#define DROP_NO_HEALTHY_MEMBER "no-healthy-member"
#define DROP_CAPACITY "capacity"
#define DROP_TUNNEL_DOWN "tunnel-down"
#define DROP_NO_SUCH_NEXT_HOP "no-such-next-hop"
#define DROP_NEXT_HOP_IS_A_HOST "next-hop-is-a-host"
#define DROP_NOT_ON_INTERNET "not-on-internet"
#define DROP_NOT_TRANSLATED "not-translated"
#define DROP_NEXT_HOP_OUT_OF_REACH "next-hop-out-of-reach"
#define DROP_PEERING_REFUSES "peering-refuses"
#define DROP_NO_HOST "no-host"

typedef struct {
  const char *name, *meaning; /* as the reference has them */
} DropReason;

guint drop_reason_count(void);
const DropReason *drop_reason_at(guint index);
gboolean drop_reason_is_known(const char *name);
