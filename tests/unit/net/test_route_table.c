/* Route tables: rank among origins, the longest prefix, and who changed what. */
#include "routesim/net/fabric.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "support/bed.h"
#include "support/facts.h"

/* One cloud's order: user, BGP, system, where no BGP route into a network's own range is used. */
static const RouteOrigin user = {"User", 1, FALSE, FALSE};
static const RouteOrigin bgp = {"BGP", 2, TRUE, FALSE};
static const RouteOrigin local = {"Local", 3, FALSE, TRUE};
static const RouteOrigin fallback = {"Default", 4, FALSE, FALSE};

static NextHop via(const char *address) {
  return (NextHop){.kind = HOP_ELEMENT, .address = bed_address(address)};
}

static void put(RouteTable *table, const char *prefix, const RouteOrigin *origin,
                const char *address) {
  const NextHop hop = via(address);
  cr_assert(route_table_put(table, bed_prefix(prefix), origin, &hop, 1));
}

static void drop(RouteTable *table, const char *prefix, const RouteOrigin *origin) {
  cr_assert(route_table_drop(table, bed_prefix(prefix), origin), "%s", prefix);
}

/* "prefix origin", or "none". */
static void assert_match(const RouteTable *table, const char *address, const char *expected) {
  RouteView view;
  g_autoptr(GString) text = g_string_new("none");
  if (route_table_match(table, bed_address(address), &view)) {
    g_string_truncate(text, 0);
    prefix_append(view.prefix, text);
    g_string_append_printf(text, " %s", view.origin->name);
    cr_assert(view.active);
  }
  cr_assert_str_eq(text->str, expected, "%s goes by %s, not by %s", address, text->str, expected);
}

static RouteTable *new_table(Bed *bed, Fabric **fabric) {
  *fabric = fabric_new(bed->engine);
  return route_table_new(*fabric, "t");
}

Test(route_table, empty) {
  g_autoptr(Bed) bed = bed_new();
  Fabric *fabric;
  RouteTable *table = new_table(bed, &fabric);
  RouteView view;
  cr_assert_str_eq(route_table_name(table), "t");
  assert_match(table, "10.0.0.1", "none");
  cr_assert_not(route_table_find(table, bed_prefix("0.0.0.0/0"), &bgp, &view));
  cr_assert_not(route_table_drop(table, bed_prefix("0.0.0.0/0"), &bgp));
}

Test(route_table, the_lowest_rank_wins_whatever_the_order) {
  const RouteOrigin *const origins[] = {&user, &bgp, &local, &fallback};
  for (guint start = 0; start < 4; start++)
    for (guint step = 1; step < 4; step += 2) {
      g_autoptr(Bed) bed = bed_new();
      Fabric *fabric;
      RouteTable *table = new_table(bed, &fabric);
      for (guint i = 0; i < 4; i++)
        put(table, "10.0.0.0/8", origins[(start + i * step) % 4], "10.0.0.4");
      /* BGP comes before Local by rank, and is not used all the same (AZ-6.21). */
      static const char *const expected[] = {"10.0.0.0/8 User", "10.0.0.0/8 Local",
                                             "10.0.0.0/8 Local", "10.0.0.0/8 Default", "none"};
      for (guint i = 0; i < 4; i++) { /* as one goes, the next one is used */
        assert_match(table, "10.1.2.3", expected[i]);
        drop(table, "10.0.0.0/8", origins[i]);
      }
      assert_match(table, "10.1.2.3", expected[4]);
    }
  FACTS("AZ-6.21");
}

Test(route_table, the_longest_prefix_comes_before_the_rank) {
  g_autoptr(Bed) bed = bed_new();
  Fabric *fabric;
  RouteTable *table = new_table(bed, &fabric);
  put(table, "10.0.0.0/8", &user, "10.0.0.4");
  put(table, "10.1.0.0/16", &bgp, "10.0.0.5");
  put(table, "10.1.1.0/24", &fallback, "10.0.0.6");
  put(table, "0.0.0.0/0", &user, "10.0.0.7");
  assert_match(table, "10.1.1.9", "10.1.1.0/24 Default");
  assert_match(table, "10.1.2.9", "10.1.0.0/16 BGP");
  assert_match(table, "10.2.2.9", "10.0.0.0/8 User");
  assert_match(table, "11.2.2.9", "0.0.0.0/0 User");
  drop(table, "10.1.1.0/24", &fallback);
  assert_match(table, "10.1.1.9", "10.1.0.0/16 BGP");
}

Test(route_table, some_origins_beat_longer_dynamic_routes) {
  g_autoptr(Bed) bed = bed_new();
  Fabric *fabric;
  RouteTable *table = new_table(bed, &fabric);
  put(table, "10.0.0.0/16", &local, "10.0.0.4");
  put(table, "10.0.1.0/24", &bgp, "10.0.0.5");
  assert_match(table, "10.0.1.9", "10.0.0.0/16 Local");
  /* Not longer static ones. */
  put(table, "10.0.2.0/24", &user, "10.0.0.6");
  assert_match(table, "10.0.2.9", "10.0.2.0/24 User");
  put(table, "10.0.3.0/24", &fallback, "10.0.0.6");
  assert_match(table, "10.0.3.9", "10.0.3.0/24 Default");
  /* A user route inside the BGP route wins over it in the ordinary way, and stays. */
  put(table, "10.0.1.128/25", &user, "10.0.0.6");
  assert_match(table, "10.0.1.200", "10.0.1.128/25 User");
  /* Nor is a BGP route of the same prefix used (AZ-6.21), and none between a longer one and it. */
  put(table, "10.0.0.0/16", &bgp, "10.0.0.7");
  assert_match(table, "10.0.9.9", "10.0.0.0/16 Local");
  put(table, "10.0.1.0/25", &bgp, "10.0.0.7");
  put(table, "10.0.0.0/23", &user, "10.0.0.6");
  assert_match(table, "10.0.1.9", "10.0.0.0/23 User");
  drop(table, "10.0.0.0/23", &user);
  /* A user's route of the same prefix hides the local one; BGP inside is not used for that. */
  put(table, "10.0.0.0/16", &user, "10.0.0.7");
  assert_match(table, "10.0.1.9", "10.0.0.0/16 User");
  drop(table, "10.0.0.0/16", &user);
  drop(table, "10.0.0.0/16", &bgp);
  drop(table, "10.0.1.0/25", &bgp);
  assert_match(table, "10.0.1.9", "10.0.0.0/16 Local");
  /* A shorter one that beats nothing does not win. */
  drop(table, "10.0.0.0/16", &local);
  put(table, "10.0.0.0/16", &fallback, "10.0.0.8");
  assert_match(table, "10.0.1.9", "10.0.1.0/24 BGP");
  FACTS("AZ-6.21");
}

Test(route_table, ipv6_beside_ipv4) {
  g_autoptr(Bed) bed = bed_new();
  Fabric *fabric;
  RouteTable *table = new_table(bed, &fabric);
  put(table, "::/0", &bgp, "fd00::4");
  put(table, "fd00:1::/32", &user, "fd00::5");
  assert_match(table, "10.0.0.1", "none");
  assert_match(table, "fd00:1::9", "fd00:1::/32 User");
  assert_match(table, "fd00:2::9", "::/0 BGP");
}

Test(route_table, put_says_whether_anything_changed) {
  g_autoptr(Bed) bed = bed_new();
  Fabric *fabric;
  RouteTable *table = new_table(bed, &fabric);
  const Prefix prefix = bed_prefix("10.0.0.0/8");
  NextHop hops[3] = {via("10.0.0.4"), via("10.0.0.5"), {.kind = HOP_NONE}};
  RouteView view;
  cr_assert(route_table_put(table, prefix, &bgp, hops, 2));
  cr_assert_not(route_table_put(table, prefix, &bgp, hops, 2), "the same again");
  cr_assert(route_table_put(table, prefix, &bgp, hops, 3), "one more");
  cr_assert(route_table_put(table, prefix, &bgp, hops, 1), "fewer");
  cr_assert(route_table_put(table, prefix, &bgp, hops + 1, 1), "another address");
  cr_assert(route_table_put(table, prefix, &bgp, hops + 2, 1), "another kind");
  cr_assert(route_table_put(table, prefix, &user, hops + 2, 1), "another origin");
  cr_assert(route_table_put(table, prefix, &bgp, hops, 2));
  hops[0] = via("10.9.9.9"); /* they were copied */
  cr_assert(route_table_find(table, prefix, &bgp, &view));
  cr_assert_eq(view.hop_count, 2);
  cr_assert(ip_address_equal(view.hops[0].address, bed_address("10.0.0.4")));
  cr_assert_not(view.active, "the user's route is the active one");
  cr_assert_not(route_table_find(table, prefix, &local, &view));
  cr_assert_not(route_table_find(table, bed_prefix("10.0.0.0/9"), &bgp, &view));
}

Test(route_table, a_route_without_next_hop_aborts, .signal = SIGABRT) {
  g_autoptr(Bed) bed = bed_new();
  Fabric *fabric;
  RouteTable *table = new_table(bed, &fabric);
  const NextHop hop = via("10.0.0.4");
  route_table_put(table, bed_prefix("10.0.0.0/8"), &bgp, &hop, 0);
}

static void list_route(const RouteView *view, gpointer data) {
  GString *text = data;
  prefix_append(view->prefix, text);
  g_string_append_printf(text, " %s%s, ", view->origin->name,
                         view->active   ? "*"
                         : view->hidden ? "-"
                                        : "");
}

Test(route_table, foreach_lists_all_by_prefix_then_rank) {
  g_autoptr(Bed) bed = bed_new();
  g_autoptr(GString) text = g_string_new(NULL);
  Fabric *fabric;
  RouteTable *table = new_table(bed, &fabric);
  put(table, "10.1.0.0/16", &bgp, "10.0.0.4");
  put(table, "0.0.0.0/0", &fallback, "10.0.0.4");
  put(table, "10.0.0.0/8", &local, "10.0.0.4");
  put(table, "10.0.0.0/8", &user, "10.0.0.4");
  put(table, "9.0.0.0/8", &bgp, "10.0.0.4");
  drop(table, "9.0.0.0/8", &bgp);
  route_table_foreach(table, list_route, text);
  cr_assert_str_eq(text->str,
                   "0.0.0.0/0 Default*, 10.0.0.0/8 User*, 10.0.0.0/8 Local, 10.1.0.0/16 BGP-, ");
}

/* ---- telling and remembering ------------------------------------------------------- */

static void count_call(gpointer data) { ++*(guint *)data; }

Test(route_table, tells_of_real_changes_only) {
  g_autoptr(Bed) bed = bed_new();
  Fabric *fabric;
  RouteTable *table = new_table(bed, &fabric);
  guint calls = 0;
  fabric_watch(fabric, count_call, &calls);
  const NextHop hop = via("10.0.0.4");
  const Prefix prefix = bed_prefix("10.0.0.0/8");
  route_table_put(table, prefix, &bgp, &hop, 1);
  cr_assert_eq(calls, 1);
  route_table_put(table, prefix, &bgp, &hop, 1);
  cr_assert_eq(calls, 1);
  route_table_drop(table, prefix, &user);
  cr_assert_eq(calls, 1);
  route_table_drop(table, prefix, &bgp);
  cr_assert_eq(calls, 2);
  fabric_touch(fabric);
  cr_assert_eq(calls, 3);
}

typedef struct {
  RouteTable *table;
  const char *prefix;
  const RouteOrigin *origin;
  const char *address; /* NULL: drop */
} Change;

static void change(gpointer data) {
  const Change *what = data;
  if (what->address != NULL)
    put(what->table, what->prefix, what->origin, what->address);
  else
    drop(what->table, what->prefix, what->origin);
}

static RecordId walk_changed_by(const Fabric *fabric, const RouteTable *table, const char *to) {
  Passage passage;
  const Packet packet = {.to = bed_address(to), .hash = {0, 1}};
  fabric_walk_from_table(fabric, table, &packet, &passage);
  return passage.changed_by;
}

Test(route_table, a_walk_names_the_latest_change_of_any_prefix_that_covers_it) {
  g_autoptr(Bed) bed = bed_new();
  Fabric *fabric;
  RouteTable *table = new_table(bed, &fabric);
  Change changes[] = {
      {table, "10.0.0.0/8", &bgp, "10.0.0.4"},  /* record 1 */
      {table, "10.1.0.0/16", &bgp, "10.0.0.5"}, /* 2 */
      {table, "10.2.0.0/16", &bgp, "10.0.0.6"}, /* 3 */
      {table, "10.1.0.0/16", &bgp, NULL},       /* 4: the longer one is gone */
      {table, "0.0.0.0/0", &user, "10.0.0.7"},  /* 5 */
  };
  for (guint i = 0; i < G_N_ELEMENTS(changes); i++)
    bed_at(bed, sim_time_s(i + 1), change, &changes[i]);
  bed_run(bed, sim_time_s(3));
  cr_assert_eq(walk_changed_by(fabric, table, "10.9.0.1"), 1);
  cr_assert_eq(walk_changed_by(fabric, table, "10.1.0.1"), 2);
  cr_assert_eq(walk_changed_by(fabric, table, "10.2.0.1"), 3);
  cr_assert_eq(walk_changed_by(fabric, table, "11.0.0.1"), 0);
  bed_run(bed, sim_time_s(4));
  cr_assert_eq(walk_changed_by(fabric, table, "10.1.0.1"), 4, "what took a route away counts");
  cr_assert_eq(walk_changed_by(fabric, table, "10.2.0.1"), 3);
  bed_run(bed, sim_time_s(5));
  cr_assert_eq(walk_changed_by(fabric, table, "11.0.0.1"), 5);
}

/* Routes to nowhere leave the table when 0.0.0.0/0 leads through an element, and stay under one
 * that leads to the Internet or nowhere itself. */
Test(route_table, drop_routes_leave_with_the_default) {
  static const RouteOrigin drops = {
      .name = "Drop", .rank = 4, .yields_to_default = TRUE, .leaves_to_dynamic = TRUE};
  static const struct {
    const RouteOrigin *origin; /* of a default route over the system's */
    HopKind kind;
    const char *expected; /* the way of 10.1.1.1 */
  } cases[] = {{NULL, HOP_NONE, "10.0.0.0/8 Drop"},  {&user, HOP_ELEMENT, "0.0.0.0/0 User"},
               {&bgp, HOP_ELEMENT, "0.0.0.0/0 BGP"}, {&user, HOP_BALANCER, "0.0.0.0/0 User"},
               {&user, HOP_NONE, "10.0.0.0/8 Drop"}, {&user, HOP_INTERNET, "10.0.0.0/8 Drop"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    Fabric *fabric;
    RouteTable *table = new_table(bed, &fabric);
    const NextHop none = {.kind = HOP_NONE}, out = {.kind = HOP_INTERNET};
    const NextHop over = {.kind = cases[i].kind, .address = bed_address("10.0.0.4")};
    RouteView view;
    route_table_put(table, bed_prefix("0.0.0.0/0"), &fallback, &out, 1);
    route_table_put(table, bed_prefix("10.0.0.0/8"), &drops, &none, 1);
    if (cases[i].origin != NULL)
      route_table_put(table, bed_prefix("0.0.0.0/0"), cases[i].origin, &over, 1);
    assert_match(table, "10.1.1.1", cases[i].expected);
    cr_assert(route_table_find(table, bed_prefix("10.0.0.0/8"), &drops, &view));
    cr_assert_eq(view.hidden, g_str_has_prefix(cases[i].expected, "0.0.0.0"));
    cr_assert_eq(view.active, !view.hidden);
    if (cases[i].origin != NULL)
      route_table_drop(table, bed_prefix("0.0.0.0/0"), cases[i].origin);
    assert_match(table, "10.1.1.1", "10.0.0.0/8 Drop");
    put(table, "10.0.0.0/8", &bgp, "10.0.0.4"); /* listed no more under a BGP route */
    cr_assert(route_table_find(table, bed_prefix("10.0.0.0/8"), &drops, &view));
    cr_assert(view.hidden);
  }
  FACTS("AZ-6.20");
}

/* Where no default is left at all, what had yielded to one is used again. */
Test(route_table, drop_routes_return_when_the_only_default_is_gone) {
  static const RouteOrigin drops = {.name = "Drop", .rank = 4, .yields_to_default = TRUE};
  g_autoptr(Bed) bed = bed_new();
  Fabric *fabric;
  RouteTable *table = new_table(bed, &fabric);
  const NextHop none = {.kind = HOP_NONE};
  route_table_put(table, bed_prefix("10.0.0.0/8"), &drops, &none, 1);
  put(table, "0.0.0.0/0", &user, "10.0.0.4");
  assert_match(table, "10.1.1.1", "0.0.0.0/0 User");
  drop(table, "0.0.0.0/0", &user);
  assert_match(table, "10.1.1.1", "10.0.0.0/8 Drop");
}

/* Against the plain definition: of all covering prefixes, longest first, the first that has a route
 * which no local route to an equal or shorter one forbids. */
Test(route_table, random_tables_match_a_linear_search) {
  static const RouteOrigin *const origins[] = {&user, &bgp, &local, &fallback};
  RandomStream random = random_stream(7, 0, "tables");
  for (guint round = 0; round < 40; round++) {
    g_autoptr(Bed) bed = bed_new();
    Fabric *fabric;
    RouteTable *table = new_table(bed, &fabric);
    guint8 there[4][16][4]; /* length 24..27, subnet, origin */
    memset(there, 0, sizeof there);
    for (guint change = 0; change < 60; change++) {
      const guint64 bits = random_bits(&random);
      const guint length = 24 + bits % 4, origin = bits >> 8 & 3;
      const guint net = (bits >> 16) % (1u << (length - 24));
      const NextHop hop = via("10.0.0.4");
      const Prefix prefix =
          prefix_make(ip_address_v4(0x0A000000u + (net << (32 - length))), length);
      const gboolean was = there[length - 24][net][origin];
      if (bits >> 24 & 1) {
        cr_assert_eq(route_table_put(table, prefix, origins[origin], &hop, 1), !was);
        there[length - 24][net][origin] = 1;
      } else {
        cr_assert_eq(route_table_drop(table, prefix, origins[origin]), was);
        there[length - 24][net][origin] = 0;
      }
    }
    for (guint host = 0; host < 256; host++) {
      int best_length = -1, best_origin = -1;
      gboolean local_covers = FALSE;
      for (int length = 24; length <= 27; length++) {
        const guint net = host >> (32 - length);
        local_covers |= there[length - 24][net][2];
        for (int origin = 3; origin >= 0; origin--)
          if (there[length - 24][net][origin] && !(origin == 1 && local_covers)) {
            best_length = length;
            best_origin = origin;
          }
      }
      RouteView view;
      const gboolean found = route_table_match(table, ip_address_v4(0x0A000000u + host), &view);
      cr_assert_eq(found, best_length >= 0);
      if (found) {
        cr_assert_eq(view.prefix.length, best_length);
        cr_assert_eq(view.origin, origins[best_origin]);
      }
    }
  }
}

/* ---- places for dynamic routes (AWS-9.7) ----------------------------------------------------- */

#define PLACES 6

static const RouteOrigin other_bgp = {.name = "other-bgp", .rank = 9, .dynamic = TRUE};
static const RouteOrigin with_other = {
    .name = "with-other", .rank = 10, .dynamic = TRUE, .counts_as = &other_bgp};

typedef struct {
  RouteTable *table;
  Engine *engine;
  RandomStream random;
  gboolean asks[8][3]; /* prefix, origin */
  gint64 since[8][2];  /* prefix, counted origin: when the first of them asked */
} Crowd;

static const RouteOrigin *const crowd_origins[] = {&bgp, &other_bgp, &with_other};

static Prefix crowd_prefix(guint net) { return prefix_make(ip_address_v4(net << 24), 8); }

static gboolean any_asks(const Crowd *crowd, guint net, gboolean others) {
  return others ? crowd->asks[net][1] || crowd->asks[net][2] : crowd->asks[net][0];
}

/* It keeps to what it hears, as a source of routes does. */
static void obey(gpointer data, RouteTable *table, Prefix prefix, const RouteOrigin *counted) {
  const Crowd *crowd = data;
  const NextHop hop = via("10.0.0.4");
  for (guint i = 0; i < G_N_ELEMENTS(crowd_origins); i++) {
    if (route_origin_counted(crowd_origins[i]) != counted ||
        !crowd->asks[prefix.address.hi >> 56][i])
      continue;
    if (route_table_has_place(table, prefix, counted))
      route_table_put(table, prefix, crowd_origins[i], &hop, 1);
    else
      route_table_put_aside(table, prefix, crowd_origins[i]);
  }
}

/* Against the plain definition: fewer ask before it than there are places. */
static gboolean should_have_place(const Crowd *crowd, guint net, gboolean others) {
  const gint64 own = crowd->since[net][others];
  guint before = 0;
  for (guint i = 0; i < 16; i++) {
    const gint64 since = crowd->since[i / 2][i % 2];
    before += any_asks(crowd, i / 2, i % 2) &&
              (since < own || (since == own && i < net * 2 + (guint)others));
  }
  return before < PLACES;
}

static void check_crowd(const Crowd *crowd) {
  for (guint net = 0; net < 8; net++)
    for (guint i = 0; i < G_N_ELEMENTS(crowd_origins); i++) {
      RouteView view;
      cr_assert_eq(route_table_find(crowd->table, crowd_prefix(net), crowd_origins[i], &view),
                   crowd->asks[net][i] && should_have_place(crowd, net, i > 0));
    }
}

static void change_one(Crowd *crowd, guint net, guint origin) {
  const Prefix prefix = crowd_prefix(net);
  const NextHop hop = via("10.0.0.4");
  gboolean *asks = &crowd->asks[net][origin];
  if (*asks) {
    *asks = FALSE;
    route_table_drop(crowd->table, prefix, crowd_origins[origin]);
    return;
  }
  if (!any_asks(crowd, net, origin > 0))
    crowd->since[net][origin > 0] = engine_now(crowd->engine).ns;
  *asks = TRUE;
  route_table_ask(crowd->table, prefix, crowd_origins[origin]);
  if (route_table_has_place(crowd->table, prefix, crowd_origins[origin]))
    route_table_put(crowd->table, prefix, crowd_origins[origin], &hop, 1);
}

static void change_crowd(gpointer data) {
  Crowd *crowd = data;
  for (guint i = 0; i < 3; i++) {
    const guint64 bits = random_bits(&crowd->random);
    change_one(crowd, bits % 8, (bits >> 8) % 3);
  }
  check_crowd(crowd);
}

/* Whoever asks, the first have a place, by time and prefix, and nobody is passed by. */
Test(route_table, places_go_to_the_first_that_ask) {
  for (guint round = 0; round < 40; round++) {
    g_autoptr(Bed) bed = bed_new();
    Fabric *fabric;
    Crowd crowd = {.table = new_table(bed, &fabric),
                   .engine = bed->engine,
                   .random = random_stream(11, round, "places")};
    route_table_set_quota(crowd.table, PLACES);
    route_table_watch_places(crowd.table, obey, &crowd);
    for (guint i = 1; i <= 60; i++)
      bed_at(bed, sim_time_s(i), change_crowd, &crowd);
    bed_run(bed, sim_time_s(61));
  }
  FACTS("AWS-9.7", "AWS-9.9");
}
