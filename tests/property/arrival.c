/* The order in which routes arrive does not change where they end: appliances announce the same
 * routes in random orders, some with other attributes before, some announced and withdrawn, and the
 * tables, the RIBs of the route server (its cloud's profile) and those of the appliances (RFC 4271,
 * which here has no rule by age: 9.1.2.2 knows none) are those of one fixed order.
 *
 * The exception is aws with prefer_oldest (AWS-4.16), where the age of a route decides by
 * definition; it is tested to be one. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/base/random.h"
#include "support/cloud_lab.h"
#include "support/facts.h"
#include "support/topology.h"

/* Sets of routes of one test, at -O2. */
#define SETS TOPOLOGY_COUNT(500)
#define ORDERS 3
#define PREFIXES 4
#define SETTLED_MS 300000

static const char *const prefixes[PREFIXES] = {"0.0.0.0/0", "192.168.0.0/16", "192.168.1.0/24",
                                               "172.16.0.0/12"};

static const struct {
  const char *cloud, *settings, *other;
} settings[] = {
    {"azure", "{branch_to_branch: on}", "{branch_to_branch: on, change_interval: 0s, program: 0s}"},
    {"aws", "{asn: 65000, endpoints: {e1: hub/nva, e2: hub/nva}, propagate_to: [hub/app]}",
     "{asn: 65000, endpoints: {e1: hub/nva}, propagate_to: [hub/app], program: 0s}"},
};

typedef struct {
  gboolean announced;
  guint prepend;
  gint64 med;
} Say;

/* What each appliance announces in the end. */
typedef struct {
  Say says[LAB_MOST][PREFIXES];
} RouteSet;

static Say draw_say(RandomStream *stream) {
  return (Say){random_bits(stream) % 4 > 0, (guint)(random_bits(stream) % 3),
               (gint64)(random_bits(stream) % 3) * 10 - 10};
}

static void say(CloudLab *lab, gint64 at_ms, guint appliance, guint prefix, const Say *what) {
  cloud_lab_say_at(lab, at_ms, appliance, prefixes[prefix],
                   what->announced ? cloud_lab_attributes(lab, appliance, what->prepend, what->med)
                                   : NULL);
}

static void say_selected(const BgpEntry *entry, gpointer data) {
  GString *text = data;
  if (entry->selected_count == 0)
    return;
  prefix_append(entry->prefix, text);
  for (guint i = 0; i < entry->selected_count; i++) {
    const BgpPeer *source = entry->selected[i]->source;
    g_string_append_printf(text, " %s", source != NULL ? bgp_peer_name(source) : "itself");
  }
  g_string_append_c(text, '\n');
}

static char *state_of(const CloudLab *lab) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < cloud_lab_table_count(lab); i++)
    for (guint j = 0; j < PREFIXES; j++) {
      g_autofree char *hops = cloud_lab_hops(lab, i, prefixes[j]);
      g_string_append_printf(text, "table %u: %s by %s\n", i, prefixes[j], hops);
    }
  for (guint i = 0; i < route_server_unit_count(lab->server); i++)
    bgp_foreach(route_server_unit_speaker(route_server_unit(lab->server, i)), say_selected, text);
  for (guint i = 0; i < lab->count; i++)
    bgp_foreach(lab->appliances[i].speaker, say_selected, text);
  return g_string_free(text, FALSE);
}

/* `order` 0: each one's last word, one after another; otherwise a random order, with up to two
 * other words before the last one. */
static char *state_after(const RouteSet *set, const CloudClass *cloud, const char *block,
                         guint64 seed, guint32 order) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, cloud, block, LAB_MOST);
  RandomStream stream = random_stream(seed, order, "arrival/order");
  cloud_lab_begin(lab);
  for (guint i = 0; i < LAB_MOST; i++)
    for (guint j = 0; j < PREFIXES; j++) {
      gint64 at_ms = 1000 + (gint64)(i * PREFIXES + j) * 700;
      for (guint k = order == 0 ? 0 : (guint)(random_bits(&stream) % 3); k > 0; k--) {
        const Say other = draw_say(&stream);
        say(lab, 1000 + (gint64)(random_bits(&stream) % 10000), i, j, &other);
      }
      if (order > 0)
        at_ms = 12000 + (gint64)(random_bits(&stream) % 40000);
      say(lab, at_ms, i, j, &set->says[i][j]);
    }
  bed_run(bed, sim_time_ms(SETTLED_MS));
  return state_of(lab);
}

static void order_cannot_matter(guint64 seed, guint which, gboolean other) {
  const CloudClass *cloud = cloud_find(settings[which].cloud);
  const char *block = other ? settings[which].other : settings[which].settings;
  RandomStream stream = random_stream(seed, 0, "arrival/set");
  RouteSet set;
  for (guint i = 0; i < LAB_MOST; i++)
    for (guint j = 0; j < PREFIXES; j++)
      set.says[i][j] = draw_say(&stream);
  g_autofree char *first = state_after(&set, cloud, block, seed, 0);
  for (guint32 order = 1; order <= ORDERS; order++) {
    g_autofree char *next = state_after(&set, cloud, block, seed, order);
    cr_assert_str_eq(next, first, "set %" G_GUINT64_FORMAT ", order %u, %s:\n%s\nnot\n%s", seed,
                     order, cloud->name, next, first);
  }
}

static void check_part(guint part) {
  cr_assert_eq(G_N_ELEMENTS(settings), cloud_count(), "a cloud is missing here");
  for (guint64 seed = 1; seed <= SETS; seed++)
    order_cannot_matter(part * SETS + seed, part % 2, part >= 2);
}

Test(arrival, order_cannot_matter_under_azure) { check_part(0); }
Test(arrival, order_cannot_matter_under_aws) { check_part(1); }
Test(arrival, order_cannot_matter_under_azure_at_once) { check_part(2); }
Test(arrival, order_cannot_matter_under_aws_with_one_endpoint) { check_part(3); }

Test(arrival, but_aws_may_prefer_the_oldest) {
  static const char block[] = "{asn: 65000, endpoints: {e1: hub/nva}, propagate_to: [hub/app], "
                              "prefer_oldest: on}";
  for (guint first = 0; first < 2; first++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = cloud_lab_new(bed, cloud_find("aws"), block, 2);
    const Say plain = {TRUE, 0, -1};
    cloud_lab_begin(lab);
    say(lab, 1000, first, 0, &plain);
    say(lab, 2000, !first, 0, &plain);
    bed_run(bed, sim_time_ms(SETTLED_MS));
    cloud_lab_assert_hops(lab, 0, prefixes[0], lab->appliances[first].name); /* AWS-4.16 */
  }
  FACTS("AWS-4.16");
}
