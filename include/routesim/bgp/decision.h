/* The decision process as data: a table of filters over the routes to one prefix.
 *
 * Each rule keeps the candidates that are best by its measure. The first rule that
 * leaves one alone has decided, and is returned: whoever asks "why this way" gets
 * its name and clause. A profile is a table of rules; this folder holds the
 * mechanism and the profile of RFC 4271, each cloud its own. */
#pragma once
#include "routesim/bgp/route.h"
#include "routesim/engine/engine.h"

/* What kind of neighbor a peer is to a speaker. The objects are the speaker's owner's, and are told
 * apart by their address alone: the name is for people. */
typedef struct {
  const char *name;
} BgpRole;

typedef struct {
  const BgpAttributes *attributes;
  guint32 neighbor_asn; /* 0: originated here */
  gboolean internal;    /* learned over iBGP */
  guint32 router_id;    /* of the neighbor */
  IpAddress peer_address;
  const char *endpoint;     /* name of the local end the session stands on */
  guint64 age;              /* smaller: learned earlier */
  guint32 weight;           /* of the session that it came over */
  const BgpRole *role;      /* of the peer; or NULL */
  gconstpointer connection; /* that the session is one of; see BgpEnd */
  gboolean excess;          /* beyond what the peer may have in use: not looked at */
  gboolean unreachable;     /* its next hop cannot be reached: not looked at */
  gboolean unsettled;       /* its session is not back for long enough to replace what is in use */
  gpointer source;          /* the caller's; not looked at */
  RecordId cause;           /* what brought it as it is; likewise */
} BgpCandidate;

typedef struct {
  const char *name;   /* "shortest AS path" */
  const char *clause; /* "RFC 4271 9.1.2.2 a", a fact id, or the key that a user sets it by */
  /* The best candidates move to the front, their order kept; the result is how many.
   * `candidates` holds at least two. */
  guint (*filter)(const BgpCandidate **candidates, guint count);
} BgpRule;

typedef struct {
  const char *name;
  const BgpRule *rules;
  guint rule_count;
  /* Routes still equal after so many rules are used together, at most `max_paths`
   * of them (0 rules: one route only, and nobody asks how many). */
  guint multipath_rules;
  guint max_paths;
} BgpProfile;

typedef struct {
  const BgpCandidate *best; /* NULL: no candidate */
  guint paths;              /* candidates used together: the first ones of the array */
  const BgpRule *rule;      /* the one that left a single best; NULL where none had to */
} BgpDecision;

/* One of `count` candidates is chosen; the array is reordered so that the best comes first
 * and, behind it, the others used with it, in their given order. The given order
 * breaks a tie that the rules leave. */
BgpDecision bgp_decide(const BgpProfile *profile, const BgpCandidate **candidates, guint count);

extern const BgpProfile bgp_profile_rfc4271;

/* < 0: a is better. */
typedef int (*BgpCompare)(const BgpCandidate *a, const BgpCandidate *b);

/* Filters that profiles share. `keep_best` keeps those that no other beats, `keep_role` those from
 * such peers (or, not `with`, from all others), if there are any. */
guint bgp_keep_best(const BgpCandidate **candidates, guint count, BgpCompare compare);
guint bgp_keep_role(const BgpCandidate **candidates, guint count, const BgpRole *role,
                    gboolean with);
/* Those that came over the same connection as the first one. */
guint bgp_filter_first_connection(const BgpCandidate **candidates, guint count);
guint bgp_filter_weight(const BgpCandidate **candidates, guint count);
guint bgp_filter_external(const BgpCandidate **candidates, guint count);
guint bgp_filter_as_path_length(const BgpCandidate **candidates, guint count);
guint bgp_filter_med_same_as(const BgpCandidate **candidates, guint count); /* as RFC 4271 has it */
guint bgp_filter_med_always(const BgpCandidate **candidates, guint count);
guint bgp_filter_peer_address(const BgpCandidate **candidates, guint count);
guint bgp_filter_endpoint(const BgpCandidate **candidates, guint count);
guint bgp_filter_oldest(const BgpCandidate **candidates, guint count);
guint bgp_filter_settled(const BgpCandidate **candidates, guint count);
