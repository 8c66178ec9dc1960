/* Next hops that cannot be reached, and who is told what where a route is originated for some. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/duo.h"

#define PREFIX "10.9.0.0/16"

/* What the speaker in the middle reaches beside its neighbors, and whom it tells its own route. */
typedef struct {
  IpAddress reached;
  const BgpSpeaker *told; /* NULL: everybody */
  gboolean asks;
} Middle;

static gboolean reaches(gpointer data, const BgpPeer *peer, IpAddress next_hop) {
  (void)peer;
  return ip_address_equal(next_hop, ((const Middle *)data)->reached);
}

static const BgpAttributes *originated(gpointer data, BgpPeer *peer, const BgpEntry *entry) {
  const Middle *middle = data;
  const gboolean told =
      middle->told == NULL || bgp_peer_speaker(bgp_peer_far(peer)) == middle->told;
  return told ? entry->selected[0]->attributes : NULL;
}

static const BgpPolicy asking = {.reaches = reaches}, choosing = {.originated = originated};

/* "near" and "far" tell the middle one of a prefix, near with the shorter path; "listener" hears.
 */
typedef struct {
  Bed *bed;
  Middle middle;
  BgpSpeaker *speaker, *near, *far, *listener;
} Net;

static Net *net_new(Bed *bed, const BgpPolicy *policy) {
  Net *net = arena_new0(bed->arena, Net);
  const BgpSpeakerConfig config = {.name = "middle",
                                   .asn = 65000,
                                   .router_id = bed_address("10.0.0.1"),
                                   .profile = &bgp_profile_rfc4271};
  net->bed = bed;
  net->speaker = net_speaker_with(bed, &config, policy, &net->middle);
  net->near = net_speaker(bed, "near", 65001, NULL);
  net->far = net_speaker(bed, "far", 65002, NULL);
  net->listener = net_speaker(bed, "listener", 65003, NULL);
  BgpSpeaker *const others[] = {net->near, net->far, net->listener};
  const char *const addresses[] = {"10.0.0.2", "10.0.0.3", "10.0.0.4"};
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    bgp_session_begin_established(net_join(bed, others[i], addresses[i], net->speaker, "10.0.0.1"));
  return net;
}

static const BgpAttributes *with(const Net *net, const char *next_hop, guint prepend) {
  const BgpAttributes bare = {.origin = BGP_ORIGIN_IGP,
                              .next_hop = next_hop != NULL ? bed_address(next_hop)
                                                           : (IpAddress){.family = IP_NONE}};
  return bgp_attributes_prepend(net->bed->arena, &bare, 65009, prepend);
}

/* RFC 4271 9.1.2, D-18: the shorter path is not used while its next hop is out of reach, and is as
 * soon as that changes; a next hop that is its own address never is (5.1.3). Whoever does not ask
 * uses it. */
Test(next_hops, only_those_within_reach) {
  static const struct {
    const char *next_hop, *expected, *later;
  } cases[] = {
      {NULL, "10.0.0.2 65001", "10.0.0.2 65001"},
      {"192.0.2.1", "10.0.0.3 65002 65009 65009", "192.0.2.1 65001"},
      {"192.0.2.2", "10.0.0.3 65002 65009 65009", "10.0.0.3 65002 65009 65009"},
      {"10.0.0.1", "10.0.0.3 65002 65009 65009", "10.0.0.3 65002 65009 65009"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (guint asks = 0; asks < 2; asks++) {
      g_autoptr(Bed) bed = bed_new();
      Net *net = net_new(bed, asks ? &asking : NULL);
      net_say_at(bed, 1000, net->near, PREFIX, with(net, cases[i].next_hop, 0));
      net_say_at(bed, 1000, net->far, PREFIX, with(net, NULL, 2));
      bed_run(bed, sim_time_ms(2000));
      g_autofree char *any =
          g_strdup_printf("%s 65001", cases[i].next_hop != NULL ? cases[i].next_hop : "10.0.0.2");
      net_assert_route(net->speaker, PREFIX, asks ? cases[i].expected : any);
      net->middle.reached = bed_address("192.0.2.1");
      bgp_recheck_next_hops(net->speaker);
      bed_run(bed, sim_time_ms(3000));
      net_assert_route(net->speaker, PREFIX, asks ? cases[i].later : any);
      net->middle.reached = (IpAddress){.family = IP_NONE};
      bgp_recheck_next_hops(net->speaker);
      bed_run(bed, sim_time_ms(4000));
      net_assert_route(net->speaker, PREFIX, asks ? cases[i].expected : any);
    }
}

/* All that is left is out of reach: there is no route, and none is passed on. */
Test(next_hops, no_route_is_left) {
  g_autoptr(Bed) bed = bed_new();
  Net *net = net_new(bed, &asking);
  net_say_at(bed, 1000, net->near, PREFIX, with(net, "192.0.2.1", 0));
  bed_run(bed, sim_time_ms(2000));
  net_assert_route(net->speaker, PREFIX, "none");
  net_assert_route(net->listener, PREFIX, "none");
  cr_assert_eq(bgp_find(net->speaker, bed_prefix(PREFIX))->candidates->len, 1, "the RIB keeps it");
  net->middle.reached = bed_address("192.0.2.1");
  bgp_recheck_next_hops(net->speaker);
  bed_run(bed, sim_time_ms(3000));
  net_assert_route(net->listener, PREFIX, "10.0.0.1 65000 65001");
}

/* What is originated for one peer alone takes from the others nothing of what was learned, and
 * they follow each change of it. */
Test(next_hops, own_route_for_one_peer) {
  g_autoptr(Bed) bed = bed_new();
  Net *net = net_new(bed, &choosing);
  net->middle.told = net->far;
  net_say_at(bed, 1000, net->near, PREFIX, with(net, NULL, 0));
  bed_run(bed, sim_time_ms(2000));
  net_assert_route(net->listener, PREFIX, "10.0.0.1 65000 65001");
  net_say_at(bed, 2100, net->speaker, PREFIX, with(net, NULL, 0));
  bed_run(bed, sim_time_ms(3000));
  net_assert_route(net->speaker, PREFIX, "self");
  net_assert_route(net->far, PREFIX, "10.0.0.1 65000");
  net_assert_route(net->listener, PREFIX, "10.0.0.1 65000 65001");
  net_assert_route(net->near, PREFIX, "self"); /* not back to where it came from */
  net_say_at(bed, 3100, net->near, PREFIX, with(net, NULL, 1));
  bed_run(bed, sim_time_ms(4000));
  net_assert_route(net->far, PREFIX, "10.0.0.1 65000");
  net_assert_route(net->listener, PREFIX, "10.0.0.1 65000 65001 65009");
  net_say_at(bed, 4100, net->near, PREFIX, NULL);
  bed_run(bed, sim_time_ms(5000));
  net_assert_route(net->far, PREFIX, "10.0.0.1 65000");
  net_assert_route(net->listener, PREFIX, "none");
}

/* RFC 1997: the two keep a route within the AS, the third from everybody; by their names too. */
Test(next_hops, well_known_communities) {
  static const struct {
    const char *name;
    guint32 value;
    gboolean inside;
  } cases[] = {{"no-export", 0xFFFFFF01, TRUE},
               {"no-advertise", 0xFFFFFF02, FALSE},
               {"no-export-subconfed", 0xFFFFFF03, TRUE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    guint32 value = 0;
    cr_assert(bgp_community_find(cases[i].name, &value) && value == cases[i].value);
    cr_assert_str_eq(bgp_community_name(value), cases[i].name);
    BgpAttributes marked = {.communities = &value, .community_count = 1};
    const BgpSpeakerConfig config = {.name = "middle",
                                     .asn = 65000,
                                     .router_id = bed_address("10.0.0.1"),
                                     .profile = &bgp_profile_rfc4271,
                                     .obeys_no_advertise = TRUE,
                                     .obeys_no_export = TRUE};
    BgpSpeaker *middle = net_speaker_with(bed, &config, NULL, NULL);
    BgpSpeaker *source = net_speaker(bed, "source", 65001, NULL);
    BgpSpeaker *outside = net_speaker(bed, "outside", 65002, NULL);
    BgpSpeaker *inside = net_speaker(bed, "inside", 65000, NULL);
    bgp_session_begin_established(net_join(bed, source, "10.0.0.2", middle, "10.0.0.1"));
    bgp_session_begin_established(net_join(bed, outside, "10.0.0.3", middle, "10.0.0.1"));
    bgp_session_begin_established(net_join(bed, inside, "10.0.0.4", middle, "10.0.0.1"));
    net_say_at(bed, 1000, source, PREFIX, &marked);
    bed_run(bed, sim_time_ms(2000));
    net_assert_route(middle, PREFIX, "10.0.0.2 65001");
    net_assert_route(outside, PREFIX, "none");
    net_assert_route(inside, PREFIX, cases[i].inside ? "10.0.0.2 65001" : "none");
  }
  cr_assert_null(bgp_community_name(0xFFFFFF04));
  cr_assert(!bgp_community_find("no-peer", &(guint32){0}));
}
