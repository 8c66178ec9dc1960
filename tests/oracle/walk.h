/* One packet on its way, and all the ways that it may take. */
#pragma once
#include "oracle/oracle.h"

#define BY_A_GATEWAY (NOWHERE - 1)
#define MOST_TRANSLATED 4
#define MOST_STEPS 24

/* A flow has one hash for each direction, and where n next hops are equal the hash modulo n picks
 * one, at every table: a multiple of every such n. */
#define HASHES 60
#define ALL_HASHES ((G_GUINT64_CONSTANT(1) << HASHES) - 1)

typedef struct {
  guint32 source, target;
  guint passed;      /* bits: appliances, then NAT gateways by network */
  guint stateful;    /* bits: of those, firewalls */
  guint translators; /* bits: appliances that changed the source */
  guint answers;     /* bits: appliances that keep the session already; 0: it is new */
  guint entered;     /* bit: the appliance to whose public address it came from the Internet */
  struct {
    guint nva; /* MOST_NVAS and more: NAT gateways */
    guint32 source;
  } translated[MOST_TRANSLATED]; /* in order */
  guint translated_count;
  guint gateways; /* bits: networks whose gateway passed it on */
  guint64 hashes; /* bits: the hashes, modulo HASHES, that take this way */
  guint steps;
  guint zone, subnet; /* where it is */
  guint last;         /* the appliance passed last; NOWHERE: none; BY_A_GATEWAY */
  guint64 way;        /* the appliances in order, each by its number and one, in base 8 */
} Packet;

/* DOOR_ITSELF: the appliance has the address. */
typedef enum { DOOR_NONE, DOOR_HOSTS, DOOR_NVA, DOOR_GATEWAY, DOOR_INTERNET, DOOR_ITSELF } DoorKind;

/* How one way ends. */
typedef struct {
  const char *why; /* what ended it; NULL: it arrived */
  DoorKind door;   /* by what it left for the site or the Internet */
  guint index;     /* of the appliance, or the network of the gateway */
  PathClass gateway;
  Packet packet; /* as it arrived */
} Ending;

extern const char walk_unsaid[]; /* as `why`: no fact tells what becomes of it */

typedef struct {
  const Oracle *oracle;
  const Design *design;
  GArray *endings; /* Ending */
} Walk;

Walk walk_new(const Oracle *oracle);
void walk_clear(Walk *walk);
void walk_drop(Walk *walk, const Packet *packet, const char *why);
/* From the hosts of a subnet that this instance feeds. */
void walk_from_hosts(Walk *walk, Packet packet, guint network, guint subnet, guint instance);
/* From what else stands in a subnet; azure: GATEWAY_SUBNET too. */
void walk_from_subnet(Walk *walk, Packet packet, guint network, guint subnet);
/* Into an appliance, from whatever. */
void walk_into_nva(Walk *walk, Packet packet, guint nva);
/* From the appliance itself. */
void walk_from_nva(Walk *walk, Packet packet, guint nva);
/* From the sites behind a gateway. */
void walk_from_gateway(Walk *walk, Packet packet, guint network);
/* From the Internet, to an address of this network. */
void walk_from_internet(Walk *walk, Packet packet, guint network);
