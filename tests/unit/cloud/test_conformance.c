/* What must hold of every cloud: of those that scenarios may name, and of a toy. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "routesim/cloud/gateway.h"
#include "support/cloud_lab.h"
#include "support/cloud_settings.h"
#include "support/story.h"
#include "support/toy_cloud.h"

typedef struct {
  const CloudClass *class;
  const char *settings; /* for a lab: appliances in hub/nva, tables of hub/app; 1 s to program */
} Subject;

#define MOST_SUBJECTS (CLOUD_MOST + 1)

/* No draw is below it where the law is a table or has bounds; of other laws it is the middle. */
static gint64 least_of(const Distribution *law) {
  gint64 least = law->kind == DISTRIBUTION_TABLE ? G_MAXINT64 : law->a.ns;
  for (guint i = 0; law->kind == DISTRIBUTION_TABLE && i < law->count; i++)
    least = MIN(least, law->table[i].ns);
  return least;
}

/* Each registered cloud, then the toy. */
static guint subjects(Subject *out) {
  guint count = 0;
  for (guint i = 0; i < cloud_count(); i++)
    out[count++] = (Subject){cloud_at(i), cloud_settings(cloud_at(i), SETTINGS_OF_ONE_SUBNET)};
  out[count++] = (Subject){&toy_cloud, cloud_settings(&toy_cloud, SETTINGS_OF_ONE_SUBNET)};
  return count;
}

static CloudLab *lab_of(Bed *bed, const Subject *subject, guint appliances) {
  return cloud_lab_new(bed, subject->class, subject->settings, appliances);
}

/* ---- the class itself -------------------------------------------------------------- */

/* What must be there is asserted where clouds are registered, and here of the toy. */
Test(conformance, every_class_is_whole) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  for (guint i = 0; i < count; i++) {
    const CloudClass *class = list[i].class;
    const BgpProfile *profile = class->server->profile;
    cloud_assert_whole(class);
    cr_assert_str_not_empty(class->name);
    cr_assert_str_not_empty(class->title);
    for (guint rule = 0; rule < profile->rule_count; rule++) {
      cr_assert_str_not_empty(profile->rules[rule].name);
      cr_assert_str_not_empty(profile->rules[rule].clause);
    }
  }
}

Test(conformance, a_class_without_a_plan_is_not_registered, .signal = SIGABRT) {
  RouteServerClass server = *toy_cloud.server;
  CloudClass broken = toy_cloud;
  server.plan = NULL;
  broken.server = &server;
  cloud_register(&broken);
}

Test(conformance, a_reason_for_full_tables_needs_a_rule, .signal = SIGABRT) {
  RouteServerClass server = *toy_cloud.server;
  CloudClass broken = toy_cloud;
  server.table_full = "no room";
  broken.server = &server;
  cloud_register(&broken);
}

Test(conformance, the_registry) {
  cr_assert_geq(cloud_count(), 2);
  for (guint i = 0; i < cloud_count(); i++) {
    cr_assert_eq(cloud_find(cloud_at(i)->name), cloud_at(i));
    for (guint j = 0; j < i; j++)
      cr_assert_str_neq(cloud_at(i)->name, cloud_at(j)->name);
  }
  cr_assert_null(cloud_find("toy"), "the toy lives in tests only");
  cr_assert_null(cloud_find(""));
}

/* A cloud that comes later must not change what scenarios give that name no models. */
Test(conformance, who_names_no_models_gets_the_clouds_that_were_first) {
  cloud_register(&toy_cloud);
  g_autoptr(Story) story = story_text("name: s\nduration: 1m\nnetworks: {n: {prefixes: "
                                      "[10.0.0.0/8], subnets: {a: {prefix: 10.0.0.0/24}}}}\n");
  for (guint i = 0; i < cloud_count(); i++) {
    const char *name = cloud_at(i)->name;
    cr_assert_eq(story_body(story)->models[i],
                 strcmp(name, "azure") == 0 || strcmp(name, "aws") == 0, "%s", name);
  }
}

/* A rule is told of whoever has it, and by the facts of no cloud that the scenario does not name.
 */
Test(conformance, what_is_wrong_under_a_cloud_is_told_by_its_own_facts) {
  static const struct {
    const char *models, *failover, *facts[4];
  } rows[] = {
      {"toy", "load-balancer", {NULL}},
      {"azure", "load-balancer", {"(AZ-6.10)", "(AZ-5.13)", "(AZ-9.15)", "(AZ-10.5)"}},
      {"aws", "load-balancer", {"(AWS-4.6)", "(AWS-6.18)", "(AWS-11.10)"}},
      {"azure, aws, toy", "api", {"(AZ-6.10, AWS-4.6)", "(AZ-5.13)", "(AZ-9.15, AWS-6.18)"}},
  };
  cloud_register(&toy_cloud);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *text = g_strdup_printf(
        "name: s\nduration: 1m\nmodels: [%s]\nfailover: %s\n"
        "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24, vms: 1}, "
        "nva: {prefix: 10.0.1.0/24}, RouteServerSubnet: {prefix: 10.0.2.0/26}}}}\n"
        "route_servers: {rs: {network: hub, toy: {program: 1s}, aws: {asn: 65000, endpoints: {e1: "
        "hub/nva, e2: hub/nva}, propagate_to: [hub/app]}}}\n"
        "route_tables: {t: {network: hub, subnets: [app], routes: [{to: 10.9.0.0/16, via: fw}, "
        "{to: 10.9.0.0/16, via: none}]}}\n"
        "nvas: {fw: {subnet: hub/nva, asn: 65010, peers: {rs: {}}, health: {target: dc}, "
        "advertise: "
        "[{prefix: 192.168.0.0/16, next_hop: 10.0.1.9, prepend: 1, when: healthy}]}}\n"
        "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw]}}\n",
        rows[i].models, rows[i].failover);
    g_autofree char *said = story_diagnostics(text);
    cr_expect_not_null(strstr(said, "two static routes never share it"), "%s", said);
    cr_expect_not_null(strstr(said, "a next hop in its place"), "%s", said);
    cr_expect_not_null(strstr(said, "takes back what it announces"), "%s", said);
    for (guint j = 0; j < G_N_ELEMENTS(rows[i].facts) && rows[i].facts[j] != NULL; j++)
      cr_expect_not_null(strstr(said, rows[i].facts[j]), "no %s in: %s", rows[i].facts[j], said);
    if (rows[i].facts[0] == NULL)
      cr_expect(strstr(said, "AZ-") == NULL && strstr(said, "AWS-") == NULL, "%s", said);
  }
}

typedef struct {
  const CloudClass *class;
  guint seen;
} Traits;

static void check_trait(const char *path, const KeySpec *spec, gpointer data) {
  Traits *traits = data;
  g_autofree char *own = g_strdup_printf(".*.%s.%s", traits->class->name, "");
  g_autofree char *dotted = g_strdup_printf("%s.", path);
  cr_assert(strstr(dotted, own) != NULL, "%s does not stand under '%s'", path, traits->class->name);
  cr_assert_not_null(spec->doc, "%s: nothing said for people", path);
  cr_assert_str_not_empty(spec->doc);
  traits->seen++;
  if (spec->type == KEY_BLOCK)
    return;
  cr_assert_neq(spec->basis, BASIS_NONE, "%s rests on nothing", path);
  cr_assert(spec->fact != NULL && strchr(spec->fact, '-') != NULL, "%s has no fact id", path);
}

Test(conformance, traits_have_basis_and_fact) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  for (guint i = 0; i < count; i++) {
    Traits traits = {list[i].class, 0};
    keys_foreach(list[i].class->server->keys, check_trait, &traits);
    cr_assert_gt(traits.seen, 2);
  }
}

Test(conformance, appliances_may_peer) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  for (guint i = 0; i < count; i++) {
    g_autoptr(Bed) bed = bed_new();
    const CloudClass *class = list[i].class;
    CloudLab *lab = lab_of(bed, &list[i], 1);
    gconstpointer config = route_server_config(lab->server)->config;
    cr_assert_null(class->checks->refuse_asn(config, 65010), "%s", class->name);
    cr_assert(class->peers->refuse == NULL ||
              class->peers->refuse(config, "hub/nva", NULL) == NULL);
    cr_assert_geq(lab->appliances[0].sessions->len, 1, "%s: check and world disagree", class->name);
    /* Its own AS number is never an appliance's. */
    const BgpSpeaker *speaker = route_server_unit_speaker(route_server_unit(lab->server, 0));
    cr_assert_not_null(class->checks->refuse_asn(config, bgp_speaker_asn(speaker)), "%s",
                       class->name);
  }
}

/* Events name parts before any world has them. */
Test(conformance, parts_are_those_that_a_design_is_told_of) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  for (guint i = 0; i < count; i++) {
    g_autoptr(Bed) bed = bed_new();
    const CloudClass *class = list[i].class;
    const RouteServer *server = lab_of(bed, &list[i], 1)->server;
    gconstpointer config = route_server_config(server)->config;
    DesignNetwork hub = {.head.name = "hub", .subnets = arena_ptr_array(bed->arena)};
    const DesignRouteServer said = {.head.name = "rs", .network.text = "hub"};
    const Design design = {.networks = arena_ptr_array(bed->arena)};
    const guint parts = route_server_part_count(server);
    guint peers = 0;
    CloudPart part;
    g_ptr_array_add(design.networks, &hub);
    for (guint j = 0; j < parts; j++) {
      cr_assert(class->peers->part_at(&design, &said, config, j, &part), "%s: %u", class->name, j);
      g_autofree char *name = g_strdup_printf("rs/%s", part.name);
      cr_assert_str_eq(name, route_server_part_name(route_server_part(server, j)));
      peers += class->peers->peers_with(config, j, "hub/nva", NULL);
    }
    cr_assert_not(class->peers->part_at(&design, &said, config, parts, &part), "%s", class->name);
    cr_assert_geq(peers, 1, "%s", class->name);
  }
}

Test(conformance, liveness_and_boot_make_sense) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  for (guint i = 0; i < count; i++) {
    g_autoptr(Bed) bed = bed_new();
    const CloudClass *class = list[i].class;
    CloudLab *lab = lab_of(bed, &list[i], 1);
    const CloudLiveness liveness = class->server->liveness(lab->server);
    cr_assert(liveness.hold.ns == 0 || liveness.hold.ns >= sim_time_s(3).ns, "RFC 4271 4.2");
    cr_assert_gt(liveness.keepalive.ns, 0);
    cr_assert_eq(liveness.bfd, class->peers->bfd_refusal == NULL, "%s", class->name);
    if (liveness.bfd)
      cr_assert(liveness.bfd_interval.ns > 0 && liveness.bfd_multiplier >= 1);
    const Distribution boot = class->server->boot(route_server_config(lab->server)->config);
    cr_assert_geq(least_of(&boot), 0);
    /* The same settings give the same numbers. */
    const CloudLiveness again = class->server->liveness(lab->server);
    cr_assert_eq(again.hold.ns, liveness.hold.ns);
    cr_assert_eq(again.keepalive.ns, liveness.keepalive.ns);
  }
}

Test(conformance, parts_and_units) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  for (guint i = 0; i < count; i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_of(bed, &list[i], 1);
    const RouteServer *server = lab->server;
    cr_assert_eq(route_server_class(server), list[i].class);
    cr_assert_str_eq(route_server_name(server), "rs");
    cr_assert_geq(route_server_unit_count(server), 1);
    cr_assert_geq(route_server_part_count(server), 1);
    for (guint j = 0; j < route_server_part_count(server); j++) {
      RouteServerPart *part = route_server_part(server, j);
      const char *name = route_server_part_name(part);
      cr_assert(g_str_has_prefix(name, "rs/"), "%s", name);
      cr_assert(network_contains(lab->hub->network, route_server_part_address(part)));
      cr_assert_eq(route_server_unit_server(route_server_part_unit(part)), server);
      if (j > 0)
        cr_assert_lt(strcmp(route_server_part_name(route_server_part(server, j - 1)), name), 0,
                     "parts stand in the order of their names");
      for (guint k = 0; k < j; k++)
        cr_assert_not(ip_address_equal(route_server_part_address(part),
                                       route_server_part_address(route_server_part(server, k))));
    }
  }
}

/* What stands in for a route server reads these structs whatever the cloud has keys for. */
Test(conformance, what_people_use_instead_has_numbers) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  for (guint i = 0; i < count; i++) {
    g_autoptr(Bed) bed = bed_new();
    const char *name = list[i].class->name;
    const FailoverClass *failover = list[i].class->failover;
    const LoadBalancerConfig *balancer = cloud_lab_read(bed, failover->load_balancer_keys, "{}");
    const ApiFailoverConfig *api = cloud_lab_read(bed, failover->api_keys, "{}");
    cr_assert_gt(least_of(&balancer->interval.law), 0, "%s: no probes", name);
    cr_assert(balancer->unhealthy >= 1 && balancer->healthy >= 1, "%s: decided by none", name);
    cr_assert_gt(least_of(&api->poll.law), 0, "%s: no polls", name);
    cr_assert_gt(least_of(&api->heartbeat.law), 0, "%s: no heartbeats", name);
    cr_assert(api->failures >= 1 && api->successes >= 1 && api->misses >= 1, "%s", name);
  }
}

static void assert_same_columns(const CloudListing *a, const CloudListing *b, const char *name) {
  cr_assert_eq(a->column_count, b->column_count, "%s: another cloud's '%s' has other columns", name,
               a->key);
  for (guint i = 0; i < a->column_count; i++)
    cr_assert_str_eq(a->columns[i], b->columns[i], "%s: another cloud's '%s' has other columns",
                     name, a->key);
}

static gboolean leads_to(const GPtrArray *listings, guint from, const char *name) {
  for (guint i = from; i < listings->len; i++)
    if (g_ptr_array_find_with_equal_func(((const CloudListing *)listings->pdata[i])->names, name,
                                         g_str_equal, NULL))
      return TRUE;
  return FALSE;
}

/* For programs the listings of one key are one table, whichever cloud they come from. */
Test(conformance, listings_of_one_key_have_the_same_columns) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  g_autoptr(Bed) bed = bed_new();
  g_autoptr(GPtrArray) all = g_ptr_array_new();
  for (guint i = 0; i < count; i++) {
    CloudLab *lab = lab_of(bed, &list[i], 1);
    g_autoptr(GPtrArray) servers = g_ptr_array_new();
    const guint before = all->len;
    g_ptr_array_add(servers, lab->server);
    cloud_lab_begin(lab);
    if (list[i].class->telling->describe != NULL)
      list[i].class->telling->describe(&lab->topology, servers, all);
    cr_assert(list[i].class->telling->describe == NULL || leads_to(all, before, "hub/app"), "%s",
              list[i].class->name);
    for (guint j = before; j < all->len; j++)
      for (guint k = 0; k < j; k++) {
        const CloudListing *own = all->pdata[j], *other = all->pdata[k];
        if (strcmp(own->key, other->key) == 0)
          assert_same_columns(own, other, list[i].class->name);
      }
  }
  cr_assert_geq(all->len, 2);
}

/* ---- plan and advertise ------------------------------------------------------------ */

static void count_call(gpointer data) { ++*(guint *)data; }

typedef struct {
  const CloudLab *lab;
  guint plans;
} Planner;

static void plan_twice(const BgpEntry *entry, gpointer data) {
  Planner *planner = data;
  const CloudLab *lab = planner->lab;
  RoutePlan first = {.count = 0}, second = {.count = 0};
  guint changes = 0;
  if (entry->selected_count == 0)
    return;
  fabric_watch(lab->fabric, count_call, &changes);
  const guint records = engine_record_count(lab->bed->engine);
  BgpEntry copy = *entry;
  lab->class->server->plan(lab->server, entry, &first);
  lab->class->server->plan(lab->server, &copy, &second);
  cr_assert_eq(engine_record_count(lab->bed->engine), records, "plan makes records");
  cr_assert_eq(changes, 0, "plan changes tables");
  cr_assert(memcmp(&copy, entry, sizeof copy) == 0, "plan changes its input");
  cr_assert_eq(first.count, second.count);
  cr_assert_leq(first.count, PLAN_MOST_HOPS);
  cr_assert_eq(first.rejected, second.rejected);
  for (guint i = 0; i < first.count; i++) {
    gboolean announced = FALSE;
    cr_assert_eq(first.hops[i].kind, second.hops[i].kind);
    cr_assert(ip_address_equal(first.hops[i].address, second.hops[i].address));
    for (guint j = 0; j < entry->selected_count; j++)
      announced |=
          ip_address_equal(entry->selected[j]->attributes->next_hop, first.hops[i].address);
    cr_assert(first.hops[i].kind != HOP_ELEMENT || announced,
              "%s: a next hop that nobody announced", lab->class->name);
    for (guint j = 0; j < i; j++)
      cr_assert_not(ip_address_equal(first.hops[i].address, first.hops[j].address));
  }
  planner->plans++;
}

/* That of the selection, whatever order a cloud's plan has. */
static void assert_in_order(const BgpEntry *entry, gpointer unit) {
  const RoutePlan *wanted = route_server_wanted(unit, entry->prefix);
  guint seen = 0;
  for (guint i = 0; i < entry->selected_count && seen < wanted->count; i++)
    seen += ip_address_equal(entry->selected[i]->attributes->next_hop, wanted->hops[seen].address);
  cr_assert_eq(seen, wanted->count, "hops are not in the order of the selection");
}

Test(conformance, plan_is_pure) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  for (guint i = 0; i < count; i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_of(bed, &list[i], 4);
    for (guint j = 0; j < 4; j++) {
      cloud_lab_say(lab, j, "192.168.0.0/16", cloud_lab_attributes(lab, j, j / 2, -1));
      cloud_lab_say(lab, j, "10.0.1.0/24", cloud_lab_attributes(lab, j, 0, j));
    }
    cloud_lab_begin(lab);
    Planner planner = {lab, 0};
    for (guint u = 0; u < route_server_unit_count(lab->server); u++) {
      RouteServerUnit *unit = route_server_unit(lab->server, u);
      bgp_foreach(route_server_unit_speaker(unit), plan_twice, &planner);
      bgp_foreach(route_server_unit_speaker(unit), assert_in_order, unit);
    }
    cr_assert_geq(planner.plans, 2);
  }
}

/* Nobody is told what it told itself, through any instance, while routes come, change and go. */
Test(conformance, nothing_goes_back_where_it_came_from) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  for (guint i = 0; i < count; i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_of(bed, &list[i], 3);
    cloud_lab_begin(lab);
    for (guint j = 0; j < 3; j++) {
      const char *prefix = arena_printf(bed->arena, "192.168.%u.0/24", j);
      cloud_lab_say_at(lab, 1000, j, prefix, cloud_lab_attributes(lab, j, 0, -1));
      cloud_lab_say_at(lab, 2000, j, prefix, cloud_lab_attributes(lab, j, 1, -1));
    }
    bed_run(bed, sim_time_s(100));
    /* What comes back has the receiver's own AS number in its path, and is refused. (A route
     * that an appliance learned from one instance may well be refused by another.) */
    for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
      const TraceRecord *record = engine_record_get(bed->engine, id);
      cr_assert(record->kind != &BGP_REFUSED || !g_str_has_prefix(record->subject, "fw-"),
                "%s: %s is told its own route by %s", list[i].class->name, record->subject,
                record->object);
    }
    for (guint j = 0; j < 3; j++) {
      const BgpEntry *entry = bgp_find(lab->appliances[j].speaker,
                                       bed_prefix(arena_printf(bed->arena, "192.168.%u.0/24", j)));
      cr_assert_eq(entry->candidates->len, 1, "%s", list[i].class->name);
    }
  }
}

/* ---- coming and going -------------------------------------------------------------- */

#define PREFIX "192.168.0.0/16"

Test(conformance, a_route_is_installed_replaced_and_removed) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  for (guint i = 0; i < count; i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_of(bed, &list[i], 2);
    cloud_lab_begin(lab);
    cloud_lab_say_at(lab, 100000, 0, PREFIX, cloud_lab_attributes(lab, 0, 1, -1));
    cloud_lab_say_at(lab, 200000, 1, PREFIX, cloud_lab_attributes(lab, 1, 0, -1));
    cloud_lab_say_at(lab, 300000, 1, PREFIX, NULL);
    cloud_lab_say_at(lab, 400000, 0, PREFIX, NULL);
    static const char *const expected[] = {"none", "fw-a", "fw-b", "fw-a", "none"};
    for (guint step = 0; step < 5; step++) {
      bed_run(bed, sim_time_s(150 + 100 * ((gint64)step - 1)));
      for (guint table = 0; table < cloud_lab_table_count(lab); table++)
        cloud_lab_assert_hops(lab, table, PREFIX, expected[step]);
    }
    /* What was programmed goes back to the appliance's UPDATE. */
    const TraceRecord *changed;
    cr_assert_geq(bed_count(bed, &CLOUD_PROGRAMMED, &changed), 4);
    const TraceRecord *root = engine_record_get(bed->engine, changed->root);
    cr_assert_eq(root->kind, &BED_EVENT);
    cr_assert_eq(root->at.ns, sim_time_s(400).ns);
    cr_assert_str_eq(changed->stage->name, list[i].class->server->program_stage->name);
    cr_assert_neq(changed->stage->basis, BASIS_NONE);
    cr_assert_eq(changed->at.ns, sim_time_ms(401001).ns);
  }
}

Test(conformance, a_server_with_several_parts_survives_the_loss_of_one) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  guint tried = 0;
  for (guint i = 0; i < count; i++) {
    for (guint part = 0; part < 2; part++) {
      g_autoptr(Bed) bed = bed_new();
      CloudLab *lab = lab_of(bed, &list[i], 2);
      if (route_server_part_count(lab->server) < 2)
        continue;
      tried++;
      cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
      cloud_lab_say(lab, 1, PREFIX, cloud_lab_attributes(lab, 1, 1, -1));
      cloud_lab_begin(lab);
      bed_run(bed, sim_time_s(100));
      cloud_lab_lose_part(lab, part);
      bed_run(bed, sim_time_s(200));
      for (guint table = 0; table < cloud_lab_table_count(lab); table++)
        cloud_lab_assert_hops(lab, table, PREFIX, "fw-a");
      cloud_lab_say_at(lab, 210000, 0, PREFIX, NULL); /* and still does its work */
      bed_run(bed, sim_time_s(300));
      for (guint table = 0; table < cloud_lab_table_count(lab); table++)
        cloud_lab_assert_hops(lab, table, PREFIX, "fw-b");
      cloud_lab_return_part(lab, part);
      cloud_lab_say_at(lab, 400000, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
      bed_run(bed, sim_time_s(500));
      for (guint table = 0; table < cloud_lab_table_count(lab); table++)
        cloud_lab_assert_hops(lab, table, PREFIX, "fw-a");
    }
  }
  cr_assert_geq(tried, 4);
}

Test(conformance, a_server_that_lost_all_parts_comes_back) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  for (guint i = 0; i < count; i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_of(bed, &list[i], 1);
    cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_begin(lab);
    bed_run(bed, sim_time_s(100));
    for (guint part = 0; part < route_server_part_count(lab->server); part++)
      cloud_lab_lose_part(lab, part);
    bed_run(bed, sim_time_s(400));
    cloud_lab_say(lab, 0, "192.168.7.0/24", cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_say(lab, 0, PREFIX, NULL);
    for (guint part = 0; part < route_server_part_count(lab->server); part++)
      cloud_lab_return_part(lab, part);
    bed_run(bed, sim_time_s(1000));
    for (guint table = 0; table < cloud_lab_table_count(lab); table++) {
      g_autofree char *stale = cloud_lab_hops(lab, table, PREFIX);
      cr_assert_str_eq(stale, "none", "%s: table %u still has %s by %s", list[i].class->name, table,
                       PREFIX, stale);
      cloud_lab_assert_hops(lab, table, "192.168.7.0/24", "fw-a");
    }
  }
}

/* Whatever happened: when all are back and nothing moves any more, the tables are those of a
 * network that never knew anything else. */
#define APPLIANCES 3
#define PREFIXES 3

typedef struct {
  const BgpAttributes *said[APPLIANCES][PREFIXES];
} Last;

static void live_through(CloudLab *lab, RandomStream *random, Last *last) {
  gboolean stopped[APPLIANCES] = {FALSE}, lost[4] = {FALSE};
  const guint parts = route_server_part_count(lab->server);
  for (guint i = 0; i < 60; i++) {
    const guint64 bits = random_bits(random);
    const guint who = (guint)(bits % APPLIANCES), what = (guint)((bits >> 8) % PREFIXES);
    const guint part = (guint)((bits >> 16) % parts);
    bed_run(lab->bed, sim_time_ms(engine_now(lab->bed->engine).ns / 1000000 + 1 +
                                  (gint64)((bits >> 24) % 25000)));
    switch (bits >> 40 & 7) {
    case 0:
      (stopped[who] ? cloud_lab_start : cloud_lab_stop)(lab, who);
      stopped[who] = !stopped[who];
      break;
    case 1:
      (lost[part] ? cloud_lab_return_part : cloud_lab_lose_part)(lab, part);
      lost[part] = !lost[part];
      break;
    default:
      last->said[who][what] = (bits >> 44 & 3) == 0
                                  ? NULL
                                  : cloud_lab_attributes(lab, who, bits >> 46 & 1, bits >> 47 & 3);
      cloud_lab_say(lab, who, arena_printf(lab->bed->arena, "192.168.%u.0/24", what),
                    last->said[who][what]);
    }
  }
  for (guint i = 0; i < APPLIANCES; i++)
    if (stopped[i])
      cloud_lab_start(lab, i);
  for (guint i = 0; i < parts; i++)
    if (lost[i])
      cloud_lab_return_part(lab, i);
  bed_run(lab->bed, sim_time_add(engine_now(lab->bed->engine), sim_time_s(1000)));
}

Test(conformance, after_any_history_tables_are_as_after_none) {
  Subject list[MOST_SUBJECTS];
  const guint count = subjects(list);
  for (guint i = 0; i < count; i++)
    for (guint64 round = 0; round < 40; round++) {
      g_autoptr(Bed) bed = bed_new();
      g_autoptr(Bed) fresh_bed = bed_new();
      RandomStream random = random_stream(round, 0, "histories");
      Last last = {{{NULL}}};
      CloudLab *lab = lab_of(bed, &list[i], APPLIANCES);
      cloud_lab_begin(lab);
      live_through(lab, &random, &last);
      CloudLab *fresh = lab_of(fresh_bed, &list[i], APPLIANCES);
      for (guint who = 0; who < APPLIANCES; who++)
        for (guint what = 0; what < PREFIXES; what++)
          if (last.said[who][what] != NULL)
            cloud_lab_say(fresh, who, arena_printf(fresh_bed->arena, "192.168.%u.0/24", what),
                          last.said[who][what]);
      cloud_lab_begin(fresh);
      for (guint u = 0; u < route_server_unit_count(lab->server); u++)
        cr_assert_eq(route_server_unit_established(route_server_unit(lab->server, u)),
                     route_server_unit_established(route_server_unit(fresh->server, u)),
                     "%s, round %u: sessions are missing", list[i].class->name, (guint)round);
      for (guint table = 0; table < cloud_lab_table_count(lab); table++)
        for (guint what = 0; what < PREFIXES; what++) {
          const char *prefix = arena_printf(bed->arena, "192.168.%u.0/24", what);
          g_autofree char *is = cloud_lab_hops(lab, table, prefix);
          g_autofree char *should = cloud_lab_hops(fresh, table, prefix);
          cr_assert_str_eq(is, should, "%s, round %u, table %u: %s goes by %s, not by %s",
                           list[i].class->name, (guint)round, table, prefix, is, should);
        }
    }
}
