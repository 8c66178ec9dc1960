/* Path attributes and routes (RFC 4271 section 5). Both are immutable once made
 * and live in the run's arena, so they are passed around by pointer. */
#pragma once
#include "routesim/base/arena.h"
#include "routesim/base/prefix.h"

typedef enum { BGP_ORIGIN_IGP, BGP_ORIGIN_EGP, BGP_ORIGIN_INCOMPLETE } BgpOrigin;

/* Well-known communities (RFC 1997; IANA registry). */
#define BGP_NO_EXPORT 0xFFFFFF01u
#define BGP_NO_ADVERTISE 0xFFFFFF02u
#define BGP_NO_EXPORT_SUBCONFED 0xFFFFFF03u
/* "no-export"; NULL: not one of those above. */
const char *bgp_community_name(guint32 community);
gboolean bgp_community_find(const char *name, guint32 *out);
/* A word such as "no-export", or "65010:1". */
gboolean bgp_community_parse(const char *text, guint32 *out);

typedef struct {
  const guint32 *as_path; /* one AS_SEQUENCE, nearest AS first */
  guint as_path_length;
  BgpOrigin origin;
  IpAddress next_hop;
  gboolean has_med, has_local_pref;
  guint32 med, local_pref;
  const guint32 *communities;
  guint community_count;
} BgpAttributes;

typedef struct {
  Prefix prefix;
  const BgpAttributes *attributes;
} BgpAnnouncement;

gboolean bgp_attributes_equal(const BgpAttributes *a, const BgpAttributes *b);
gboolean bgp_attributes_has_community(const BgpAttributes *attributes, guint32 community);
gboolean bgp_attributes_path_has(const BgpAttributes *attributes, guint32 asn);
/* A copy with `asn` put in front `times` times. */
BgpAttributes *bgp_attributes_prepend(Arena *arena, const BgpAttributes *attributes, guint32 asn,
                                      guint times);
