/* Route maps: what a rule matches and does, and how sessions use them. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/duo.h"
#include "support/facts.h"

#define WORDS(...)                                                                                 \
  { (const guint32[]){__VA_ARGS__}, G_N_ELEMENTS(((const guint32[]){__VA_ARGS__})) }
#define COMMUNITY(high, low) ((guint32)(high) << 16 | (low))

/* 10.9.0.0/16, AS path 65001 65009, communities 1:1 and 2:2. */
static const guint32 path[] = {65001, 65009};
static const guint32 communities[] = {COMMUNITY(1, 1), COMMUNITY(2, 2)};
static const BgpAttributes route = {
    .as_path = path, .as_path_length = 2, .communities = communities, .community_count = 2};

static char *outcome(Arena *arena, const BgpRouteMapRule *rules, guint count) {
  const BgpRouteMap map = {"map", rules, count};
  Prefix prefix = bed_prefix("10.9.0.0/16");
  const BgpAttributes *attributes = &route;
  GString *text = g_string_new(NULL);
  if (!bgp_route_map_apply(&map, arena, &prefix, &attributes)) {
    g_string_append(text, "dropped");
    return g_string_free(text, FALSE);
  }
  prefix_append(prefix, text);
  for (guint i = 0; i < attributes->as_path_length; i++)
    g_string_append_printf(text, " %u", attributes->as_path[i]);
  g_string_append(text, " |");
  for (guint i = 0; i < attributes->community_count; i++)
    g_string_append_printf(text, " %u:%u", attributes->communities[i] >> 16,
                           attributes->communities[i] & 0xFFFF);
  return g_string_free(text, FALSE);
}

static void assert_outcome(const BgpRouteMapRule *rules, guint count, const char *expected) {
  g_autoptr(Arena) arena = arena_new();
  g_autofree char *is = outcome(arena, rules, count);
  cr_assert_str_eq(is, expected, "is '%s', should be '%s'", is, expected);
}

#define AS_IT_WAS "10.9.0.0/16 65001 65009 | 1:1 2:2"

Test(route_map, conditions) {
  const Prefix same = bed_prefix("10.9.0.0/16"), wide = bed_prefix("10.8.0.0/15"),
               narrow = bed_prefix("10.9.1.0/24");
  const struct {
    BgpRouteMapRule rule;
    gboolean matches;
  } cases[] = {
      {{.drop = TRUE}, TRUE}, /* no condition */
      {{.prefix_equals = {&same, 1}, .drop = TRUE}, TRUE},
      {{.prefix_equals = {&wide, 1}, .drop = TRUE}, FALSE},
      {{.prefix_contains = {&wide, 1}, .drop = TRUE}, TRUE},
      {{.prefix_contains = {&same, 1}, .drop = TRUE}, TRUE},
      {{.prefix_contains = {&narrow, 1}, .drop = TRUE}, FALSE},
      {{.community_contains = WORDS(COMMUNITY(2, 2), COMMUNITY(9, 9)), .drop = TRUE}, TRUE},
      {{.community_contains = WORDS(COMMUNITY(9, 9)), .drop = TRUE}, FALSE},
      {{.community_equals = WORDS(COMMUNITY(2, 2), COMMUNITY(1, 1)), .drop = TRUE}, TRUE},
      {{.community_equals = WORDS(COMMUNITY(2, 2)), .drop = TRUE}, FALSE},
      {{.as_path_contains = WORDS(65009), .drop = TRUE}, TRUE},
      {{.as_path_contains = WORDS(65008), .drop = TRUE}, FALSE},
      {{.as_path_equals = WORDS(65001, 65009), .drop = TRUE}, TRUE},
      {{.as_path_equals = WORDS(65009, 65001), .drop = TRUE}, FALSE},
      /* all must hold */
      {{.prefix_equals = {&same, 1}, .as_path_contains = WORDS(65008), .drop = TRUE}, FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_outcome(&cases[i].rule, 1, cases[i].matches ? "dropped" : AS_IT_WAS);
}

Test(route_map, actions) {
  const Prefix other = bed_prefix("10.0.0.0/8");
  const struct {
    BgpRouteMapRule rule;
    const char *outcome;
  } cases[] = {
      {{.replaces_prefix = TRUE, .prefix = other}, "10.0.0.0/8 65001 65009 | 1:1 2:2"},
      {{.replaces_prefix = TRUE, .summarizes = TRUE, .prefix = other}, "10.0.0.0/8 |"},
      {{.as_path = WORDS(7, 8)}, "10.9.0.0/16 7 8 65001 65009 | 1:1 2:2"},
      {{.replaces_as_path = TRUE, .as_path = WORDS(7)}, "10.9.0.0/16 7 | 1:1 2:2"},
      {{.communities = WORDS(COMMUNITY(3, 3), COMMUNITY(1, 1))},
       "10.9.0.0/16 65001 65009 | 1:1 2:2 3:3"},
      {{.communities_removed = WORDS(COMMUNITY(1, 1))}, "10.9.0.0/16 65001 65009 | 2:2"},
      {{.replaces_communities = TRUE, .communities = WORDS(COMMUNITY(3, 3))},
       "10.9.0.0/16 65001 65009 | 3:3"},
      {{.drop = TRUE, .as_path = WORDS(7)}, "dropped"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_outcome(&cases[i].rule, 1, cases[i].outcome);
}

Test(route_map, rules_in_order) {
  const BgpRouteMapRule stops[] = {{.as_path = WORDS(7)}, {.drop = TRUE}};
  assert_outcome(stops, 2, "10.9.0.0/16 7 65001 65009 | 1:1 2:2");
  const BgpRouteMapRule goes_on[] = {{.as_path = WORDS(7), .goes_on = TRUE},
                                     {.as_path_contains = WORDS(7), .communities = WORDS(5)}};
  assert_outcome(goes_on, 2, "10.9.0.0/16 7 65001 65009 | 1:1 2:2 0:5");
  const BgpRouteMapRule none[] = {{.as_path_contains = WORDS(7), .drop = TRUE}};
  assert_outcome(none, 1, AS_IT_WAS); /* no match: permit */
  assert_outcome(NULL, 0, AS_IT_WAS);
}

static const BgpAttributes bare = {.origin = BGP_ORIGIN_IGP};

Test(route_map, inbound_follows_what_the_far_end_says) {
  g_autoptr(Bed) bed = bed_new();
  const Prefix gone = bed_prefix("10.5.0.0/16");
  const BgpRouteMapRule rules[] = {{.prefix_equals = {&gone, 1}, .drop = TRUE},
                                   {.as_path = WORDS(7)}};
  const BgpRouteMap map = {"map", rules, 2};
  DuoConfig config = duo_default();
  config.ends[1].inbound = &map;
  Duo *duo = duo_new(bed, &config);
  bgp_session_begin_established(duo->session);
  net_say_at(bed, 1000, duo->speakers[0], "10.5.0.0/16", &bare);
  net_say_at(bed, 1000, duo->speakers[0], "10.6.0.0/16", &bare);
  net_say_at(bed, 3000, duo->speakers[0], "10.6.0.0/16", NULL);
  bed_run(bed, sim_time_s(2));
  net_assert_route(duo->speakers[1], "10.5.0.0/16", "none");
  net_assert_route(duo->speakers[1], "10.6.0.0/16", "10.0.0.1 7 65001");
  cr_assert_eq(bed_count(bed, &BGP_REFUSED, NULL), 1);
  bed_run(bed, sim_time_s(4));
  net_assert_route(duo->speakers[1], "10.6.0.0/16", "none");
}

/* The check for loops comes first: a map that would take the own AS number away never sees it. */
Test(route_map, loops_are_found_before_the_map) {
  g_autoptr(Bed) bed = bed_new();
  const BgpRouteMapRule rule = {.replaces_as_path = TRUE, .as_path = WORDS(7)};
  const BgpRouteMap map = {"map", &rule, 1};
  DuoConfig config = duo_default();
  config.ends[1].inbound = &map;
  Duo *duo = duo_new(bed, &config);
  bgp_session_begin_established(duo->session);
  net_say_at(bed, 1000, duo->speakers[0], "10.5.0.0/16",
             bgp_attributes_prepend(bed->arena, &bare, 65002, 1));
  net_say_at(bed, 1000, duo->speakers[0], "10.6.0.0/16", &bare);
  bed_run(bed, sim_time_s(2));
  net_assert_route(duo->speakers[1], "10.5.0.0/16", "none");
  net_assert_route(duo->speakers[1], "10.6.0.0/16", "10.0.0.1 7");
  FACTS("AZ-9.23");
}

/* A summary lives as long as any of what became it, inbound and outbound, and a session that
 * comes back starts anew. */
Test(route_map, a_summary_lives_as_long_as_any_of_its_routes) {
  for (guint outbound = 0; outbound < 2; outbound++) {
    g_autoptr(Bed) bed = bed_new();
    const Prefix summary = bed_prefix("10.0.0.0/8");
    const BgpRouteMapRule rule = {.prefix_contains = {&summary, 1},
                                  .replaces_prefix = TRUE,
                                  .summarizes = TRUE,
                                  .prefix = summary};
    const BgpRouteMap map = {"map", &rule, 1};
    /* c announces to a, which passes on to b. */
    DuoConfig config = duo_default();
    if (outbound)
      config.ends[0].outbound = &map;
    else
      config.ends[1].inbound = &map;
    Duo *duo = duo_new(bed, &config);
    BgpSpeaker *c = net_speaker(bed, "c", 65003, NULL);
    BgpSession *behind = net_join(bed, c, "10.1.1.3", duo->speakers[0], "10.1.1.1");
    bgp_session_begin_established(duo->session);
    bgp_session_begin_established(behind);
    const char *const text = outbound ? "10.0.0.1 65001" : "10.0.0.1";
    net_say_at(bed, 1000, c, "10.5.0.0/16", &bare);
    net_say_at(bed, 2000, c, "10.6.0.0/16", &bare);
    net_say_at(bed, 3000, c, "10.5.0.0/16", NULL);
    net_say_at(bed, 4000, c, "10.6.0.0/16", NULL);
    net_say_at(bed, 5000, c, "10.7.0.0/16", &bare);
    net_say_at(bed, 5000, c, "192.168.0.0/16", &bare);
    for (guint second = 1; second <= 3; second++) {
      bed_run(bed, sim_time_ms(1000 * second + 500));
      net_assert_route(duo->speakers[1], "10.0.0.0/8", text);
      net_assert_route(duo->speakers[1], "10.5.0.0/16", "none");
      net_assert_route(duo->speakers[1], "10.6.0.0/16", "none");
    }
    bed_run(bed, sim_time_ms(4500));
    net_assert_route(duo->speakers[1], "10.0.0.0/8", "none");
    bed_run(bed, sim_time_ms(5500));
    net_assert_route(duo->speakers[1], "10.0.0.0/8", text);
    net_assert_route(duo->speakers[1], "192.168.0.0/16", "10.0.0.1 65001 65003");
    bgp_peer_stop(duo->peers[0], BGP_CEASE_SHUTDOWN);
    bed_run(bed, sim_time_s(10));
    net_assert_route(duo->speakers[1], "10.0.0.0/8", "none");
    bgp_peer_start(duo->peers[0]);
    bed_run(bed, sim_time_s(20));
    net_assert_route(duo->speakers[1], "10.0.0.0/8", text);
  }
}

/* The lowest of the routes speaks for all, in whatever order they came. */
Test(route_map, the_lowest_route_speaks_for_the_summary) {
  static const BgpAttributes five = {.has_med = TRUE, .med = 5}, six = {.has_med = TRUE, .med = 6};
  for (guint order = 0; order < 2; order++) {
    g_autoptr(Bed) bed = bed_new();
    const Prefix summary = bed_prefix("10.0.0.0/8");
    const BgpRouteMapRule rule = {.replaces_prefix = TRUE, .summarizes = TRUE, .prefix = summary};
    const BgpRouteMap map = {"map", &rule, 1};
    DuoConfig config = duo_default();
    config.ends[1].inbound = &map;
    Duo *duo = duo_new(bed, &config);
    bgp_session_begin_established(duo->session);
    net_say_at(bed, order == 0 ? 1000 : 2000, duo->speakers[0], "10.5.0.0/16", &five);
    net_say_at(bed, order == 0 ? 2000 : 1000, duo->speakers[0], "10.6.0.0/16", &six);
    net_say_at(bed, 3000, duo->speakers[0], "10.5.0.0/16", NULL);
    bed_run(bed, sim_time_ms(2500));
    net_assert_route(duo->speakers[1], "10.0.0.0/8", "10.0.0.1 med 5");
    bed_run(bed, sim_time_ms(3500));
    net_assert_route(duo->speakers[1], "10.0.0.0/8", "10.0.0.1 med 6");
  }
}

/* What the speaker itself originates is not the outbound map's business. */
Test(route_map, outbound_is_for_what_is_passed_on) {
  g_autoptr(Bed) bed = bed_new();
  const BgpRouteMapRule rule = {.drop = TRUE};
  const BgpRouteMap map = {"map", &rule, 1};
  DuoConfig config = duo_default();
  config.ends[0].outbound = &map;
  Duo *duo = duo_new(bed, &config);
  BgpSpeaker *c = net_speaker(bed, "c", 65003, NULL);
  BgpSession *behind = net_join(bed, c, "10.1.1.3", duo->speakers[0], "10.1.1.1");
  bgp_session_begin_established(duo->session);
  bgp_session_begin_established(behind);
  net_say_at(bed, 1000, c, "10.5.0.0/16", &bare);
  net_say_at(bed, 1000, duo->speakers[0], "10.6.0.0/16", &bare);
  bed_run(bed, sim_time_s(2));
  net_assert_route(duo->speakers[0], "10.5.0.0/16", "10.1.1.3 65003"); /* the own choice stands */
  net_assert_route(duo->speakers[1], "10.5.0.0/16", "none");
  net_assert_route(duo->speakers[1], "10.6.0.0/16", "10.0.0.1 65001");
}

/* ---- next hop ------------------------------------------------------------------------------ */

Test(updates, next_hop_self_within_the_as) {
  for (guint self = 0; self < 2; self++) {
    g_autoptr(Bed) bed = bed_new();
    DuoConfig config = duo_default();
    config.ends[1].asn = 65001;
    config.ends[0].next_hop_self = self;
    Duo *duo = duo_new(bed, &config);
    BgpSpeaker *c = net_speaker(bed, "c", 65003, NULL);
    BgpSession *behind = net_join(bed, c, "10.1.1.3", duo->speakers[0], "10.1.1.1");
    bgp_session_begin_established(duo->session);
    bgp_session_begin_established(behind);
    net_say_at(bed, 1000, c, "10.5.0.0/16", &bare);
    bed_run(bed, sim_time_s(2));
    net_assert_route(duo->speakers[1], "10.5.0.0/16", self ? "10.0.0.1 65003" : "10.1.1.3 65003");
  }
}
