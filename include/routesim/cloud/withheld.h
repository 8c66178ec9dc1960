/* Where news of a way ends: sessions whose one end knows a way to an address, while the other end,
 * and everybody from there to who lacks it, knows none, or none of so long a prefix, though they
 * would all have passed it on. A rule is to blame for what somebody lacks only where it holds back,
 * or refuses, what is there; these are the places to ask. */
#pragma once
#include "routesim/bgp/speaker.h"

typedef struct {
  BgpPeer *peer;             /* the end that knows a way */
  const BgpEntry *entry;     /* what it knows */
  const BgpAttributes *sent; /* what it told, and the far end refused; NULL: it told nothing */
} CloudWithheld;

/* CloudWithheld, the nearest to `speaker` first. The caller frees. */
GArray *cloud_find_withheld(BgpSpeaker *speaker, IpAddress address);
/* The far end refused it for its own AS number in the path (RFC 4271 9.1.2). */
gboolean cloud_withheld_as_loop(const CloudWithheld *withheld);
/* The nearest session to `speaker`, over sessions that are up, that ended for too many prefixes and
 * whose far end knows a way to the address where all on this side know none, or the other way
 * round: the fact of the limit; NULL: there is none. */
const char *cloud_find_broken_limit(BgpSpeaker *speaker, IpAddress address);
