#include "routesim/base/prefix.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <string.h>

static IpAddress address(const char *text) {
  IpAddress result;
  cr_assert(ip_address_parse(text, &result), "%s", text);
  return result;
}

static Prefix prefix(const char *text) {
  Prefix result;
  const char *why = NULL;
  cr_assert(prefix_parse(text, &result, &why), "%s: %s", text, why);
  return result;
}

static void assert_prints(const char *text, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  ip_address_append(address(text), out);
  cr_assert_str_eq(out->str, expected, "%s gave %s, not %s", text, out->str, expected);
}

Test(prefix, addresses_in_and_out) {
  static const char *const same[] = {
      "0.0.0.0",
      "10.1.2.3",
      "255.255.255.255",
      "::",
      "::1",
      "1::",
      "2001:db8::1",
      "2001:db8:0:1:1:1:1:1", /* RFC 5952 section 4.2.2: no :: for a single group */
      "2001:0:0:1::1",        /* 4.2.3: the longest run ... */
      "2001:db8::1:0:0:1",    /* ... the first of equals */
      "1:2:3:4:5:6:7:8",
      "1:2:3:4:5:6::",
      "::3:4:5:6:7:8",
      "fe80::",
      "::ffff:192.0.2.1",
      "::ffff:0.0.0.0",
      "::1:0:0:0",
      "::102:304", /* IPv4-compatible is no known prefix */
      "0:1::",
      "1:0:0:2::",
      "64:ff9b::c000:201",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(same); i++)
    assert_prints(same[i], same[i]);
  assert_prints("2001:DB8:0000:0:0:0:0:00A1", "2001:db8::a1");
  assert_prints("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1");
  assert_prints("0:0:0:0:0:0:0:0", "::");
  assert_prints("::FFFF:c000:0201", "::ffff:192.0.2.1");
  static const char *const bad[] = {
      "",
      "10",
      "10.0.0",
      "10.0.0.0.0",
      "256.0.0.1",
      "010.0.0.1",
      "10.0.0.01",
      "0x0a.0.0.1",
      "10.0.0.1 ",
      " 10.0.0.1",
      "10.0.0.0/8",
      "localhost",
      "a.b.c.d",
      ":",
      ":::",
      "1::2::3",
      "12345::",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "fe80::1%eth0",
      "g::",
      "[::1]",
      "1.2.3.4:80",
      "-1.0.0.0",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    IpAddress result;
    cr_assert_not(ip_address_parse(bad[i], &result), "%s was taken", bad[i]);
  }

  /* Against the C library, over patterns with many zeros. Mixed notation is apart: glibc also
   * uses it for deprecated IPv4-compatible addresses. */
  guint64 bits = 7;
  for (guint i = 0; i < 20000; i++) {
    guint8 bytes[16];
    for (guint j = 0; j < 16; j += 2) {
      bits = bits * G_GUINT64_CONSTANT(6364136223846793005) + 1442695040888963407;
      const guint group = (bits >> 60) < 9 ? 0 : (bits >> 40 & 0xffff) >> (bits >> 36 & 15);
      bytes[j] = (guint8)(group >> 8);
      bytes[j + 1] = (guint8)group;
    }
    char expected[INET6_ADDRSTRLEN];
    cr_assert_not_null(inet_ntop(AF_INET6, bytes, expected, sizeof expected));
    if (strchr(expected, '.') == NULL)
      assert_prints(expected, expected);
  }
}

Test(prefix, address_order_and_arithmetic) {
  static const char *const ascending[] = {
      "0.0.0.0",
      "0.0.0.1",
      "10.0.0.0",
      "127.255.255.255",
      "128.0.0.0",
      "255.255.255.255",
      "::",
      "::1",
      "::8000:0:0:0",
      "::ffff:ffff:ffff:ffff",
      "0:0:0:1::",
      "8000::",
      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(ascending); i++)
    for (gsize j = 0; j < G_N_ELEMENTS(ascending); j++) {
      const int order = ip_address_compare(address(ascending[i]), address(ascending[j]));
      cr_assert_eq((order > 0) - (order < 0), (i > j) - (i < j), "%s %s", ascending[i],
                   ascending[j]);
      cr_assert_eq(ip_address_equal(address(ascending[i]), address(ascending[j])), i == j);
    }
  cr_assert(ip_address_equal(ip_address_v4(0x0a010203), address("10.1.2.3")));
  cr_assert_not(ip_address_equal(address("0.0.0.0"), address("::")));

  static const struct {
    const char *from;
    guint64 offset;
    const char *to;
  } sums[] = {
      {"10.0.0.0", 4, "10.0.0.4"},
      {"10.0.255.255", 1, "10.1.0.0"},
      {"255.255.255.255", 1, "0.0.0.0"},
      {"10.0.0.0", G_GUINT64_CONSTANT(0x100000001), "10.0.0.1"},
      {"2001:db8::", 10, "2001:db8::a"},
      {"::ffff:ffff:ffff:ffff", 1, "0:0:0:1::"},
      {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1, "::"},
      {"::2", G_MAXUINT64, "0:0:0:1::1"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(sums); i++)
    cr_assert(ip_address_equal(ip_address_add(address(sums[i].from), sums[i].offset),
                               address(sums[i].to)),
              "%s", sums[i].from);

  cr_assert(ip_address_bit(address("128.0.0.0"), 0));
  cr_assert(ip_address_bit(address("0.0.0.1"), 31));
  cr_assert_not(ip_address_bit(address("0.0.0.1"), 30));
  for (guint i = 0; i < 128; i++)
    for (guint j = 0; j < 128; j++) {
      IpAddress one = {.family = IP_V6};
      *(i < 64 ? &one.hi : &one.lo) = G_GUINT64_CONSTANT(1) << (63 - i % 64);
      cr_assert_eq(ip_address_bit(one, j), i == j);
    }
  cr_assert_eq(ip_family_bits(IP_V4), 32);
  cr_assert_eq(ip_family_bits(IP_V6), 128);
}

Test(prefix, parse_and_print) {
  static const char *const good[] = {
      "0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16",   "10.1.2.3/32",   "128.0.0.0/1",
      "::/0",      "::1/128",    "2001:db8::/32", "2001:db8::/64", "2001:db8:0:0:8000::/65",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *text = prefix_to_string(prefix(good[i]));
    g_autofree char *again = prefix_to_string(prefix(text));
    cr_assert_str_eq(again, text);
    cr_assert_str_eq(text, good[i]);
  }
  cr_assert_eq(prefix("10.0.0.0/16").length, 16);
  cr_assert_eq(prefix("10.0.0.0/16").address.family, IP_V4);
  static const struct {
    const char *text, *why;
  } bad[] = {
      {"10.0.0.0", "a prefix has a length, as in 10.0.0.0/16"},
      {"::1", "a prefix has a length, as in 10.0.0.0/16"},
      {"", "not a prefix"},
      {"any", "not a prefix"},
      {"/8", "no IPv4 or IPv6 address"},
      {"localhost/8", "no IPv4 or IPv6 address"},
      {"10.0.0/8", "no IPv4 or IPv6 address"},
      {"010.0.0.0/8", "no IPv4 or IPv6 address"},
      {"1111111111111111111111111111111111111111111111111111/8", "no IPv4 or IPv6 address"},
      {"10.0.0.0/", "not a plain number"},
      {"10.0.0.0/x", "not a plain number"},
      {"10.0.0.0/8 ", "not a plain number"},
      {"10.0.0.0/+8", "not a plain number"},
      {"10.0.0.0/08", "not a plain number"},
      {"10.0.0.0/8/8", "not a plain number"},
      {"10.0.0.0/255.0.0.0", "not a plain number"},
      {"10.0.0.0/33", "at most 32"},
      {"10.0.0.0/4294967304", "at most 32"},
      {"::/129", "at most 128"},
      {"10.0.0.1/16", "bits are set beyond the length"},
      {"10.0.0.0/6", "bits are set beyond the length"},
      {"0.0.0.1/0", "bits are set beyond the length"},
      {"2001:db8::1/64", "bits are set beyond the length"},
      {"2001:db8:0:1::/63", "bits are set beyond the length"},
      {"::1/127", "bits are set beyond the length"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    Prefix result;
    const char *why = NULL;
    cr_assert_not(prefix_parse(bad[i].text, &result, &why), "%s was taken", bad[i].text);
    cr_assert_not_null(why);
    cr_assert_not_null(strstr(why, bad[i].why), "%s: %s", bad[i].text, why);
  }
}

Test(prefix, algebra) {
  cr_assert(prefix_equal(prefix_make(address("10.1.2.3"), 16), prefix("10.1.0.0/16")));
  cr_assert(prefix_equal(prefix_make(address("10.1.2.3"), 0), prefix("0.0.0.0/0")));
  cr_assert(prefix_equal(prefix_host(address("10.1.2.3")), prefix("10.1.2.3/32")));
  cr_assert(prefix_equal(prefix_host(address("::1")), prefix("::1/128")));
  cr_assert_not(prefix_equal(prefix("10.0.0.0/8"), prefix("10.0.0.0/9")));
  cr_assert_not(prefix_equal(prefix("0.0.0.0/0"), prefix("::/0")));

  static const char *const ascending[] = {
      "0.0.0.0/0",   "0.0.0.0/1", "10.0.0.0/8", "10.0.0.0/9", "10.0.0.0/32", "10.0.0.1/32",
      "10.1.0.0/16", "::/0",      "::/128",     "::1/128",    "8000::/1",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(ascending); i++)
    for (gsize j = 0; j < G_N_ELEMENTS(ascending); j++) {
      const int order = prefix_compare(prefix(ascending[i]), prefix(ascending[j]));
      cr_assert_eq((order > 0) - (order < 0), (i > j) - (i < j), "%s %s", ascending[i],
                   ascending[j]);
    }

  static const struct {
    const char *outer, *inner;
    gboolean covers, overlaps;
  } pairs[] = {
      {"10.0.0.0/8", "10.0.0.0/8", TRUE, TRUE},
      {"10.0.0.0/8", "10.255.0.0/16", TRUE, TRUE},
      {"10.255.0.0/16", "10.0.0.0/8", FALSE, TRUE},
      {"10.0.0.0/16", "10.0.0.0/8", FALSE, TRUE},
      {"10.0.0.0/8", "11.0.0.0/8", FALSE, FALSE},
      {"10.0.0.0/9", "10.128.0.0/9", FALSE, FALSE},
      {"0.0.0.0/0", "10.0.0.0/8", TRUE, TRUE},
      {"0.0.0.0/0", "::/0", FALSE, FALSE},
      {"::/0", "10.0.0.0/8", FALSE, FALSE},
      {"2001:db8::/64", "2001:db8::8000:0:0:0/65", TRUE, TRUE},
      {"2001:db8:0:0:8000::/65", "2001:db8::/65", FALSE, FALSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
    const Prefix outer = prefix(pairs[i].outer), inner = prefix(pairs[i].inner);
    cr_assert_eq(prefix_covers(outer, inner), pairs[i].covers, "%s %s", pairs[i].outer,
                 pairs[i].inner);
    cr_assert_eq(prefix_overlaps(outer, inner), pairs[i].overlaps);
    cr_assert_eq(prefix_overlaps(inner, outer), pairs[i].overlaps);
  }
  cr_assert(prefix_contains(prefix("10.0.0.0/16"), address("10.0.255.255")));
  cr_assert_not(prefix_contains(prefix("10.0.0.0/16"), address("10.1.0.0")));
  cr_assert_not(prefix_contains(prefix("::/0"), address("10.1.0.0")));
  cr_assert(prefix_contains(prefix("10.0.0.1/32"), address("10.0.0.1")));

  cr_assert_eq(prefix_size(prefix("10.0.0.1/32")), 1);
  cr_assert_eq(prefix_size(prefix("10.0.0.0/24")), 256);
  cr_assert_eq(prefix_size(prefix("0.0.0.0/0")), G_GUINT64_CONSTANT(1) << 32);
  cr_assert_eq(prefix_size(prefix("::/65")), G_GUINT64_CONSTANT(1) << 63);
  cr_assert_eq(prefix_size(prefix("::/64")), G_MAXUINT64);
  cr_assert_eq(prefix_size(prefix("::/0")), G_MAXUINT64);

  static const struct {
    const char *from;
    guint64 n;
    const char *there; /* NULL: there is none */
  } following[] = {
      {"10.0.0.0/24", 0, "10.0.0.0/24"},
      {"10.0.0.0/24", 1, "10.0.1.0/24"},
      {"10.0.255.0/24", 1, "10.1.0.0/24"},
      {"10.0.0.1/32", 3, "10.0.0.4/32"},
      {"255.255.254.0/24", 1, "255.255.255.0/24"},
      {"255.255.254.0/24", 2, NULL},
      {"128.0.0.0/1", 1, NULL},
      {"0.0.0.0/0", 0, "0.0.0.0/0"},
      {"0.0.0.0/0", 1, NULL},
      {"2001:db8::/48", 2, "2001:db8:2::/48"},
      {"2001:db8::/64", 65536, "2001:db8:1::/64"},
      {"2001:db8::/128", 5, "2001:db8::5/128"},
      {"2001:db8:0:0:ffff::/80", 1, NULL}, /* the /64 ends */
      {"10.0.0.0/24", G_MAXUINT64, NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(following); i++) {
    Prefix out;
    const gboolean there = prefix_following(prefix(following[i].from), following[i].n, &out);
    cr_assert_eq(there, following[i].there != NULL, "%s", following[i].from);
    cr_assert(!there || prefix_equal(out, prefix(following[i].there)), "%s", following[i].from);
  }

  /* Every length of both families against the definition, bit by bit. */
  for (guint round = 0; round < 2; round++) {
    const IpAddress ones =
        address(round == 0 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    const guint bits = ip_family_bits(ones.family);
    for (guint length = 0; length <= bits; length++) {
      const Prefix masked = prefix_make(ones, length);
      for (guint i = 0; i < 128; i++)
        cr_assert_eq(ip_address_bit(masked.address, i), i < length, "/%u bit %u", length, i);
    }
  }
}
