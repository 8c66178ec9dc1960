/* Addresses and prefixes as two 64-bit halves, so that masking, comparing and counting are a few
 * shifts for either family. Text is read by inet_pton(), which takes no host names, no octal and
 * no shortened IPv4; it is written by hand, because inet_ntop() doesn't follow RFC 5952 in full. */
#include "routesim/base/prefix.h"

#include <arpa/inet.h>
#include <string.h>

enum { GROUPS = 8 }; /* of 16 bits, in an IPv6 address */

IpAddress ip_address_v4(guint32 host_order) {
  return (IpAddress){.hi = (guint64)host_order << 32, .family = IP_V4};
}

gboolean ip_address_is_public(IpAddress address) {
  static const struct {
    guint32 first;
    guint8 length;
  } special[] = {{0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10},
                 {0x7F000000, 8},  {0xA9FE0000, 16}, {0xAC100000, 12},
                 {0xC0A80000, 16}, {0xE0000000, 4},  {0xF0000000, 4}};
  if (address.family == IP_V6)
    return address.hi >> 61 == 1; /* 2000::/3 (RFC 4291 2.4) */
  for (guint i = 0; i < G_N_ELEMENTS(special); i++)
    if (prefix_contains(prefix_make(ip_address_v4(special[i].first), special[i].length), address))
      return FALSE;
  return address.family == IP_V4;
}

guint ip_family_bits(IpFamily family) { return family == IP_V4 ? 32 : family == IP_V6 ? 128 : 0; }

gboolean ip_address_parse(const char *text, IpAddress *out) {
  guint8 bytes[16] = {0};
  IpFamily family = IP_V4;
  if (strchr(text, ':') != NULL)
    family = IP_V6;
  if (inet_pton(family == IP_V4 ? AF_INET : AF_INET6, text, bytes) != 1)
    return FALSE;
  *out = (IpAddress){.family = (guint8)family};
  for (guint i = 0; i < 8; i++) {
    out->hi = out->hi << 8 | bytes[i];
    out->lo = out->lo << 8 | bytes[8 + i];
  }
  return TRUE;
}

static void append_dotted(guint32 bits, GString *out) {
  g_string_append_printf(out, "%u.%u.%u.%u", bits >> 24, bits >> 16 & 255, bits >> 8 & 255,
                         bits & 255);
}

static guint group_at(IpAddress address, guint index) {
  const guint64 half = index < GROUPS / 2 ? address.hi : address.lo;
  return half >> (48 - index % (GROUPS / 2) * 16) & 0xffff;
}

static void append_v6(IpAddress address, GString *out) {
  /* RFC 5952 section 5: mixed notation where the prefix tells that IPv4 is embedded. */
  const gboolean mapped = address.hi == 0 && address.lo >> 32 == 0xffff;
  const guint groups = mapped ? GROUPS - 2 : GROUPS;
  /* RFC 5952 section 4.2: the longest run of zeros, the first of equals, never a single one. */
  guint gap = 0, gap_length = 0;
  for (guint i = 0, run = 0; i < groups; i++) {
    run = group_at(address, i) == 0 ? run + 1 : 0;
    if (run > gap_length) {
      gap = i + 1 - run;
      gap_length = run;
    }
  }
  const guint gap_end = gap_length > 1 ? gap + gap_length : 0;
  for (guint i = 0; i < groups; i++) {
    if (gap_end > 0 && i == gap) {
      g_string_append(out, "::");
      i = gap_end - 1;
      continue;
    }
    g_string_append_printf(out, i == 0 || i == gap_end ? "%x" : ":%x", group_at(address, i));
  }
  if (mapped) {
    g_string_append_c(out, ':');
    append_dotted((guint32)address.lo, out);
  }
}

void ip_address_append(IpAddress address, GString *out) {
  if (address.family == IP_V4)
    append_dotted((guint32)(address.hi >> 32), out);
  else if (address.family == IP_V6)
    append_v6(address, out);
  else
    g_string_append(out, "none");
}

int ip_address_compare(IpAddress a, IpAddress b) {
  if (a.family != b.family)
    return a.family < b.family ? -1 : 1;
  if (a.hi != b.hi)
    return a.hi < b.hi ? -1 : 1;
  return a.lo < b.lo ? -1 : a.lo > b.lo;
}

IpAddress ip_address_add(IpAddress address, guint64 offset) {
  if (address.family == IP_V4) {
    address.hi += offset << 32;
  } else {
    address.lo += offset;
    address.hi += address.lo < offset;
  }
  return address;
}

static IpAddress masked(IpAddress address, guint length) {
  /* A shift by the full width is undefined, hence the cases. */
  if (length < 64)
    address.hi &= length == 0 ? 0 : G_MAXUINT64 << (64 - length);
  if (length < 128)
    address.lo &= length <= 64 ? 0 : G_MAXUINT64 << (128 - length);
  return address;
}

static const char *parse(const char *text, Prefix *out) {
  IpAddress address;
  const char *slash = strchr(text, '/');
  if (slash == NULL)
    return ip_address_parse(text, &address) ? "a prefix has a length, as in 10.0.0.0/16"
                                            : "not a prefix, as in 10.0.0.0/16 or 2001:db8::/32";
  char head[INET6_ADDRSTRLEN];
  const gsize head_length = (gsize)(slash - text);
  if (head_length >= sizeof head)
    return "no IPv4 or IPv6 address before the slash";
  memcpy(head, text, head_length);
  head[head_length] = '\0';
  if (!ip_address_parse(head, &address))
    return "no IPv4 or IPv6 address before the slash";
  const char *digits = slash + 1;
  const gsize count = strspn(digits, "0123456789");
  if (count == 0 || digits[count] != '\0' || (count > 1 && digits[0] == '0'))
    return "the length after the slash is not a plain number";
  const guint length = count > 3 ? G_MAXUINT : (guint)g_ascii_strtoull(digits, NULL, 10);
  if (length > ip_family_bits(address.family))
    return address.family == IP_V4 ? "the length of an IPv4 prefix is at most 32"
                                   : "the length of an IPv6 prefix is at most 128";
  if (!ip_address_equal(masked(address, length), address))
    return "bits are set beyond the length";
  *out = prefix_make(address, length);
  return NULL;
}

gboolean prefix_parse(const char *text, Prefix *out, const char **why) {
  const char *reason = parse(text, out);
  if (reason != NULL && why != NULL)
    *why = reason;
  return reason == NULL;
}

Prefix prefix_make(IpAddress address, guint length) {
  g_assert(length <= ip_family_bits(address.family));
  return (Prefix){.address = masked(address, length), .length = (guint8)length};
}

Prefix prefix_host(IpAddress address) {
  return prefix_make(address, ip_family_bits(address.family));
}

void prefix_append(Prefix prefix, GString *out) {
  ip_address_append(prefix.address, out);
  g_string_append_printf(out, "/%u", prefix.length);
}

char *prefix_to_string(Prefix prefix) {
  GString *text = g_string_new(NULL);
  prefix_append(prefix, text);
  return g_string_free(text, FALSE);
}

int prefix_compare(Prefix a, Prefix b) {
  const int order = ip_address_compare(a.address, b.address);
  return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

gboolean prefix_equal(Prefix a, Prefix b) {
  return a.length == b.length && ip_address_equal(a.address, b.address);
}

gboolean prefix_contains(Prefix prefix, IpAddress address) {
  return ip_address_equal(masked(address, prefix.length), prefix.address);
}

gboolean prefix_covers(Prefix outer, Prefix inner) {
  return outer.length <= inner.length && prefix_contains(outer, inner.address);
}

gboolean prefix_overlaps(Prefix a, Prefix b) { return prefix_covers(a, b) || prefix_covers(b, a); }

guint64 prefix_size(Prefix prefix) {
  const guint free_bits = ip_family_bits(prefix.address.family) - prefix.length;
  return free_bits >= 64 ? G_MAXUINT64 : G_GUINT64_CONSTANT(1) << free_bits;
}

gboolean prefix_following(Prefix prefix, guint64 n, Prefix *out) {
  const gboolean high = prefix.length <= 64;
  const guint bits = high ? prefix.length : prefix.length - 64u; /* that count, of one word */
  *out = prefix;
  if (n == 0)
    return TRUE;
  if (bits == 0)
    return FALSE;
  guint64 *word = high ? &out->address.hi : &out->address.lo;
  const guint64 most = G_MAXUINT64 >> (64 - bits), place = *word >> (64 - bits);
  if (n > most - place)
    return FALSE;
  *word = (place + n) << (64 - bits);
  return TRUE;
}
