#include "routesim/base/trie.h"

#include "routesim/base/random.h"
#include <criterion/criterion.h>

static Prefix prefix(const char *text) {
  Prefix result;
  const char *why = NULL;
  cr_assert(prefix_parse(text, &result, &why), "%s: %s", text, why);
  return result;
}

static void print_prefix(Prefix prefix, gpointer value, gpointer data) {
  GString *out = data;
  prefix_append(prefix, out);
  g_string_append_printf(out, "=%s ", (const char *)value);
}

Test(trie, by_example) {
  g_autoptr(Arena) arena = arena_new();
  Trie *trie = trie_new(arena);
  IpAddress inside, v6;
  cr_assert(ip_address_parse("10.1.2.3", &inside));
  cr_assert(ip_address_parse("2001:db8::1", &v6));
  cr_assert_null(trie_match(trie, inside, NULL));
  cr_assert_null(trie_get(trie, prefix("0.0.0.0/0")));
  cr_assert_null(trie_remove(trie, prefix("0.0.0.0/0")));

  char a[] = "a", b[] = "b", c[] = "c", d[] = "d", e[] = "e", f[] = "f";
  trie_set(trie, prefix("10.1.0.0/16"), a);
  trie_set(trie, prefix("10.1.2.3/32"), b);
  trie_set(trie, prefix("2001:db8::/32"), e);
  trie_set(trie, prefix("0.0.0.0/0"), c);
  trie_set(trie, prefix("10.2.0.0/16"), d); /* forks at 10.0.0.0/14 */
  trie_set(trie, prefix("10.1.0.0/16"), f); /* replaces */
  cr_assert_eq(trie_size(trie), 5);

  g_autoptr(GString) text = g_string_new(NULL);
  trie_foreach(trie, print_prefix, text);
  cr_assert_str_eq(text->str, "0.0.0.0/0=c 10.1.0.0/16=f 10.1.2.3/32=b 10.2.0.0/16=d "
                              "2001:db8::/32=e ");

  Prefix matched;
  cr_assert_eq(trie_match(trie, inside, &matched), b);
  cr_assert(prefix_equal(matched, prefix("10.1.2.3/32")));
  cr_assert_eq(trie_match(trie, ip_address_v4(0x0a010204), &matched), f);
  cr_assert(prefix_equal(matched, prefix("10.1.0.0/16")));
  cr_assert_eq(trie_match(trie, ip_address_v4(0x0a030000), &matched), c, "a fork has no value");
  cr_assert(prefix_equal(matched, prefix("0.0.0.0/0")));
  cr_assert_eq(trie_match(trie, v6, &matched), e);
  cr_assert(prefix_equal(matched, prefix("2001:db8::/32")));
  cr_assert_null(trie_get(trie, prefix("10.0.0.0/14")), "a fork is no entry");
  cr_assert_null(trie_remove(trie, prefix("10.0.0.0/14")));

  gpointer values[3] = {NULL};
  cr_assert_eq(trie_match_all(trie, inside, values, 2), 3, "all are counted");
  cr_assert_eq(values[0], b);
  cr_assert_eq(values[1], f);
  cr_assert_null(values[2], "no more than asked for are written");
  cr_assert_eq(trie_match_all(trie, inside, NULL, 0), 3);

  cr_assert_eq(trie_remove(trie, prefix("10.1.0.0/16")), f);
  cr_assert_null(trie_remove(trie, prefix("10.1.0.0/16")));
  cr_assert_eq(trie_size(trie), 4);
  cr_assert_eq(trie_match(trie, ip_address_v4(0x0a010204), NULL), c);
  cr_assert_eq(trie_match(trie, inside, NULL), b);
}

enum { DEEPEST = 129 };

/* The model that the trie is held against: a list. */
typedef struct {
  Prefix prefix;
  gpointer value;
} Entry;

static Entry *list_find(GArray *list, Prefix prefix) {
  for (guint i = 0; i < list->len; i++)
    if (prefix_equal(g_array_index(list, Entry, i).prefix, prefix))
      return &g_array_index(list, Entry, i);
  return NULL;
}

static int compare_entries(gconstpointer a, gconstpointer b) {
  return prefix_compare(((const Entry *)a)->prefix, ((const Entry *)b)->prefix);
}

/* Few distinct bits, at the top, about the middle of IPv6 and at the end: many collisions, nested
 * prefixes and full paths. */
static IpAddress random_address(RandomStream *stream) {
  const guint64 bits = random_bits(stream);
  if (bits & 1)
    return ip_address_v4(
        (guint32)((bits >> 8 & 3) << 30 | (bits >> 16 & 7) << 14 | (bits >> 24 & 3)));
  return (IpAddress){.hi = (bits >> 8 & 3) << 62 | (bits >> 16 & 3),
                     .lo = (bits >> 24 & 3) << 62 | (bits >> 32 & 3),
                     .family = IP_V6};
}

static Prefix random_prefix(RandomStream *stream) {
  static const guint v4[] = {0, 1, 2, 8, 15, 16, 17, 18, 24, 30, 31, 32};
  static const guint v6[] = {0, 1, 2, 48, 62, 63, 64, 65, 66, 100, 126, 127, 128};
  const IpAddress address = random_address(stream);
  const guint64 bits = random_bits(stream);
  return prefix_make(address, address.family == IP_V4 ? v4[bits % G_N_ELEMENTS(v4)]
                                                      : v6[bits % G_N_ELEMENTS(v6)]);
}

typedef struct {
  GArray *sorted;
  guint next;
} Expected;

static void expect_next(Prefix prefix, gpointer value, gpointer data) {
  Expected *expected = data;
  cr_assert_lt(expected->next, expected->sorted->len);
  const Entry *entry = &g_array_index(expected->sorted, Entry, expected->next++);
  cr_assert(prefix_equal(entry->prefix, prefix));
  cr_assert_eq(entry->value, value);
}

static void assert_lookups_agree(const Trie *trie, GArray *list, IpAddress address) {
  const Entry *path[DEEPEST];
  guint count = 0;
  g_array_sort(list, compare_entries);
  for (guint i = list->len; i-- > 0;) /* of nested prefixes the longer sorts later */
    if (prefix_contains(g_array_index(list, Entry, i).prefix, address))
      path[count++] = &g_array_index(list, Entry, i);
  Prefix matched;
  const gpointer best = trie_match(trie, address, &matched);
  cr_assert_eq(best, count > 0 ? path[0]->value : NULL);
  cr_assert(count == 0 || prefix_equal(matched, path[0]->prefix));
  cr_assert_eq(trie_shortest_match(trie, address, DEEPEST),
               count > 0 ? path[count - 1]->prefix.length : DEEPEST);
  gpointer values[DEEPEST];
  cr_assert_eq(trie_match_all(trie, address, values, G_N_ELEMENTS(values)), count);
  for (guint i = 0; i < count; i++)
    cr_assert_eq(values[i], path[i]->value);
}

Test(trie, agrees_with_a_list) {
  static char values[1000];
  for (guint round = 0; round < 40; round++) {
    RandomStream stream = random_stream(round, 0, "trie");
    g_autoptr(Arena) arena = arena_new();
    Trie *trie = trie_new(arena);
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Entry));
    /* Rounds grow, shrink again and end about empty; small tries see more forks come and go. */
    for (guint step = 0; step < 1500; step++) {
      const gboolean grow = random_bits(&stream) % 100 < (step < 700 ? 70 - round : 15 + round / 2);
      const Prefix prefix = random_prefix(&stream);
      Entry *entry = list_find(list, prefix);
      if (grow) {
        const gpointer value = &values[step % G_N_ELEMENTS(values)];
        trie_set(trie, prefix, value);
        if (entry != NULL)
          entry->value = value;
        else
          g_array_append_vals(list, &(Entry){prefix, value}, 1);
      } else {
        cr_assert_eq(trie_remove(trie, prefix), entry != NULL ? entry->value : NULL);
        if (entry != NULL)
          g_array_remove_index_fast(list, (guint)(entry - (Entry *)(gpointer)list->data));
      }
      cr_assert_eq(trie_size(trie), list->len);
      const Prefix other = random_prefix(&stream);
      entry = list_find(list, other);
      cr_assert_eq(trie_get(trie, other), entry != NULL ? entry->value : NULL);
      assert_lookups_agree(trie, list, random_address(&stream));
      if (step % 16 == 0) {
        Expected expected = {list, 0}; /* sorted by the lookups */
        trie_foreach(trie, expect_next, &expected);
        cr_assert_eq(expected.next, list->len);
      }
    }
    while (list->len > 0) {
      const Entry *last = &g_array_index(list, Entry, list->len - 1);
      cr_assert_eq(trie_remove(trie, last->prefix), last->value);
      g_array_set_size(list, list->len - 1);
    }
    cr_assert_eq(trie_size(trie), 0);
    cr_assert_null(trie_match(trie, ip_address_v4(0), NULL));
  }
}

static void count_ascending(Prefix prefix, gpointer value, gpointer data) {
  guint *next = data;
  (void)value;
  cr_assert(prefix_equal(prefix, prefix_make(ip_address_v4(*next << 12), 24)));
  ++*next;
}

Test(trie, large_and_recycled) {
  enum { COUNT = 10000 };
  g_autoptr(Arena) arena = arena_new();
  Trie *trie = trie_new(arena);
  static char values[COUNT];
  for (guint i = 0; i < COUNT; i++) {
    const guint at = i * 7919u % COUNT; /* a prime: each once, in no order */
    trie_set(trie, prefix_make(ip_address_v4(at << 12), 24), &values[at]);
  }
  cr_assert_eq(trie_size(trie), COUNT);
  for (guint i = 0; i < COUNT; i++)
    cr_assert_eq(trie_match(trie, ip_address_v4((i << 12) + 77), NULL), &values[i]);
  guint seen = 0;
  trie_foreach(trie, count_ascending, &seen);
  cr_assert_eq(seen, COUNT);

  /* Routes that come and go for a simulated year take no new memory. */
  const char *before = NULL;
  for (guint i = 0; i < COUNT; i++) {
    const Prefix passing = prefix_make(ip_address_v4(i << 12 | 0x800), 22 + i % 11);
    trie_set(trie, passing, values);
    cr_assert_eq(trie_remove(trie, passing), values);
    if (i == 10)
      before = arena_alloc(arena, 16);
  }
  const char *after = arena_alloc(arena, 16);
  cr_assert_eq(after - before, 16, "the arena grew");
  for (guint i = 0; i < COUNT; i++)
    cr_assert_eq(trie_remove(trie, prefix_make(ip_address_v4(i << 12), 24)), &values[i]);
  cr_assert_eq(trie_size(trie), 0);

  /* The deepest path there is. */
  IpAddress address;
  cr_assert(ip_address_parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", &address));
  for (guint length = 0; length <= 128; length++)
    trie_set(trie, prefix_make(address, length), &values[length]);
  gpointer found[129];
  cr_assert_eq(trie_match_all(trie, address, found, 129), 129);
  for (guint i = 0; i <= 128; i++)
    cr_assert_eq(found[i], &values[128 - i]);
}
