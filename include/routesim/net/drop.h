/* Why packets do not arrive: one list of reasons, each with the word that stands behind `dropped:`
 * and its meaning. Whoever adds one gives it a name here, a row in drop.c and a line in the
 * reference; inspect_reasons.c has the sentence that tells it. */
#pragma once
#include <glib.h>

#define DROPPED "dropped:"

/* In the order of the reference. */
typedef enum {
  DROP_NONE, /* they arrive, or nobody has asked yet */
  DROP_NO_ROUTE,
  DROP_NEXT_HOP_DOWN,
  DROP_NEXT_HOP_PASSIVE,
  DROP_BLACKHOLE,
  DROP_LINK_DOWN,
  DROP_SITE_DOWN,
  DROP_LOOP,
  DROP_TOO_MANY_HOPS,
  DROP_ASYMMETRIC,
  DROP_NOT_ANNOUNCED,
  DROP_SOURCE_DEST_CHECK,
  DROP_NOT_ATTACHED,
  DROP_NO_ATTACHMENT_IN_ZONE,
  DROP_HOST_DOWN,
  DROP_NO_BACKEND,
  DROP_NO_HEALTHY_MEMBER,
  DROP_CAPACITY,
  DROP_TUNNEL_DOWN,
  DROP_NO_SUCH_NEXT_HOP,
  DROP_NEXT_HOP_IS_A_HOST,
  DROP_NOT_ON_INTERNET,
  DROP_NOT_TRANSLATED,
  DROP_NEXT_HOP_OUT_OF_REACH,
  DROP_PEERING_REFUSES,
  DROP_NO_HOST,
  DROP_REASONS
} DropReason;

/* What kind of thing it was that packets ended at. Names are the user's, so that two things of
 * different kinds may have the same: whoever asks which thing it was compares kind and address. */
typedef enum {
  AT_NOTHING, /* nobody knows */
  AT_TABLE,
  AT_ELEMENT,
  AT_LINK, /* by its node */
  AT_BALANCER,
  AT_SITE,
  AT_SUBNET,
  AT_NETWORK,
  AT_PEERING,
  AT_LOOP,    /* several elements, which `name` has all */
  AT_ADDRESS, /* of which nobody knows whose it is */
} DropPlaceKind;

typedef struct {
  DropPlaceKind kind;
  gconstpointer thing; /* RouteTable *, Element * ...; NULL where the kind has none */
  const char *name;    /* for people; NULL: AT_NOTHING */
} DropPlace;
/* Are both the same place? Where the kind has no thing, what it is called is what it is. */
gboolean drop_place_is(DropPlace a, DropPlace b);

/* "no-route": as behind `dropped:`. NULL of DROP_NONE. */
const char *drop_reason_name(DropReason reason);
/* "dropped:no-route": in place of a way. */
const char *drop_reason_label(DropReason reason);
/* As the reference has it: a test holds the words there to these. */
const char *drop_reason_meaning(DropReason reason);
