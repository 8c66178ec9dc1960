/* No order in which announcements arrive matters: four neighbors tell a hub of one prefix, in
 * all orders, under each profile. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/cloud/shipped.h"
#include "support/duo.h"

#define PREFIX "10.9.0.0/16"

static const BgpAttributes bare = {.origin = BGP_ORIGIN_IGP};

#define NEIGHBORS 4

typedef struct {
  guint delay[NEIGHBORS]; /* order of announcing */
  const BgpAttributes *attributes[NEIGHBORS];
  guint32 asns[NEIGHBORS];
  gboolean flap; /* the first one withdraws and announces again in between */
} Arrival;

/* A hub with four neighbors; returns what it selects, with the rule. */
static char *settle(const BgpProfile *profile, const Arrival *arrival) {
  static const char *const names[NEIGHBORS] = {"fw-a", "fw-b", "fw-c", "fw-d"};
  static const char *const ends[NEIGHBORS] = {"rs/2", "rs/1", "rs/2", "rs/1"};
  g_autoptr(Bed) bed = bed_new();
  BgpSpeaker *hub = net_speaker(bed, "rs", 65515, profile);
  for (guint i = 0; i < NEIGHBORS; i++) {
    BgpSpeaker *neighbor = net_speaker(bed, names[i], arrival->asns[i], NULL);
    g_autofree char *address = g_strdup_printf("10.0.0.%u", 40 - i);
    bgp_session_begin_established(net_join_named(bed, neighbor, names[i], address, hub,
                                                 arena_printf(bed->arena, "%s", ends[i]),
                                                 "10.0.1.1", NULL));
    net_say_at(bed, 1000 + 100 * arrival->delay[i], neighbor, PREFIX, arrival->attributes[i]);
    if (arrival->flap && i == 0) {
      net_say_at(bed, 1000 + 100 * arrival->delay[i] + 150, neighbor, PREFIX, NULL);
      net_say_at(bed, 1000 + 100 * arrival->delay[i] + 250, neighbor, PREFIX,
                 arrival->attributes[i]);
    }
  }
  bed_run(bed, sim_time_s(3));
  const BgpEntry *entry = bgp_find(hub, bed_prefix(PREFIX));
  g_autofree char *routes = net_route_text(hub, PREFIX);
  return g_strdup_printf("%s (%s, %u candidates)", routes,
                         entry->rule != NULL ? entry->rule->name : "no rule",
                         entry->candidates->len);
}

Test(updates, no_order_of_arrival_matters) {
  static const guint orders[24][4] = {
      {0, 1, 2, 3}, {0, 1, 3, 2}, {0, 2, 1, 3}, {0, 2, 3, 1}, {0, 3, 1, 2}, {0, 3, 2, 1},
      {1, 0, 2, 3}, {1, 0, 3, 2}, {1, 2, 0, 3}, {1, 2, 3, 0}, {1, 3, 0, 2}, {1, 3, 2, 0},
      {2, 0, 1, 3}, {2, 0, 3, 1}, {2, 1, 0, 3}, {2, 1, 3, 0}, {2, 3, 0, 1}, {2, 3, 1, 0},
      {3, 0, 1, 2}, {3, 0, 2, 1}, {3, 1, 0, 2}, {3, 1, 2, 0}, {3, 2, 0, 1}, {3, 2, 1, 0}};
  const BgpProfile *const profiles[] = {&bgp_profile_rfc4271, azure_cloud.server->profile,
                                        aws_cloud.server->profile};
  g_autoptr(Arena) arena = arena_new();
  for (guint p = 0; p < G_N_ELEMENTS(profiles); p++) {
    RandomStream random = random_stream(11, 0, profiles[p]->name);
    for (guint round = 0; round < 12; round++) {
      Arrival arrival = {.flap = round % 3 == 0};
      g_autofree char *first = NULL;
      for (guint i = 0; i < NEIGHBORS; i++) {
        const guint64 bits = random_bits(&random);
        BgpAttributes *attributes = bgp_attributes_prepend(arena, &bare, 65100, bits & 1);
        attributes->has_med = bits >> 1 & 1;
        attributes->med = attributes->has_med ? bits >> 2 & 3 : 0;
        attributes->origin = (BgpOrigin)(bits >> 4 & 1);
        arrival.attributes[i] = attributes;
        arrival.asns[i] = 65001 + (guint32)(bits >> 5 & 1);
      }
      for (guint order = 0; order < 24; order++) {
        memcpy(arrival.delay, orders[order], sizeof arrival.delay);
        g_autofree char *text = settle(profiles[p], &arrival);
        if (first == NULL)
          first = g_strdup(text);
        cr_assert_str_eq(text, first, "%s, round %u, order %u: %s, but %s", profiles[p]->name,
                         round, order, text, first);
      }
    }
  }
}
