/* IPv4 and IPv6 addresses and prefixes as values. Bits count from the most
 * significant one; an IPv4 address stands in the top 32 bits of `hi`. */
#pragma once
#include <glib.h>

typedef enum { IP_NONE = 0, IP_V4 = 4, IP_V6 = 6 } IpFamily;

typedef struct {
  guint64 hi, lo;
  guint8 family; /* an IpFamily */
} IpAddress;

typedef struct {
  IpAddress address; /* bits beyond `length` are zero */
  guint8 length;
} Prefix;

IpAddress ip_address_v4(guint32 host_order);
/* FALSE for anything that is not one plain address. */
gboolean ip_address_parse(const char *text, IpAddress *out);
/* Text as RFC 5952 wants it; dotted quad for IPv4. */
void ip_address_append(IpAddress address, GString *out);
/* Total order: IPv4 before IPv6, then numeric. */
int ip_address_compare(IpAddress a, IpAddress b);
static inline gboolean ip_address_equal(IpAddress a, IpAddress b) {
  return a.hi == b.hi && a.lo == b.lo && a.family == b.family;
}
/* The address `offset` above `address` (carries; wraps at the family's end). */
IpAddress ip_address_add(IpAddress address, guint64 offset);
/* Bit `index`, counted from the top. */
static inline gboolean ip_address_bit(IpAddress address, guint index) {
  g_assert(index < 128);
  return (index < 64 ? address.hi >> (63 - index) : address.lo >> (127 - index)) & 1;
}

/* Could it be an address of the Internet? Not private, shared, loopback, link-local, multicast or
 * reserved space (RFC 6890); documentation space is taken for what it stands for in examples. */
gboolean ip_address_is_public(IpAddress address);

guint ip_family_bits(IpFamily family); /* 32 or 128 */

/* The text is such as "10.0.0.0/16"; *why says what is wrong (static text), for example bits
 * set beyond the length. */
gboolean prefix_parse(const char *text, Prefix *out, const char **why);
Prefix prefix_make(IpAddress address, guint length); /* masks */
Prefix prefix_host(IpAddress address);               /* /32 or /128 */
void prefix_append(Prefix prefix, GString *out);
char *prefix_to_string(Prefix prefix); /* caller frees */
/* Total order: family, address, then shorter before longer. */
int prefix_compare(Prefix a, Prefix b);
gboolean prefix_equal(Prefix a, Prefix b);
gboolean prefix_contains(Prefix prefix, IpAddress address);
/* TRUE where `outer` is equal to `inner` or holds it. */
gboolean prefix_covers(Prefix outer, Prefix inner);
gboolean prefix_overlaps(Prefix a, Prefix b);
/* Number of addresses, capped at G_MAXUINT64. */
guint64 prefix_size(Prefix prefix);
/* The n-th prefix of the same length behind `prefix` (0: itself); FALSE where the family, or with
 * more than 64 bits the /64, ends before it. */
gboolean prefix_following(Prefix prefix, guint64 n, Prefix *out);
