/* What the checks share. */
#pragma once
#include "routesim/check/check.h"
#include "routesim/cloud/design.h"
#include "routesim/cloud/failover.h"
#include "routesim/cloud/gateway.h"
#include "routesim/design/tell.h"
#include "routesim/fault/fault.h"
#include "routesim/metric/metric.h"
#include "routesim/nva/nva.h"

/* Is the design that of the variant which an expectation or a measured number is about? Each
 * variant has events, places and models of its own. */
gboolean check_is_of_variant(const DesignCheck *check, const NameRef *variant);
/* What is cited is by clouds_cite(), of the models that the scenario names. */
const char *check_cite(const DesignCheck *check, CloudRule rule);
/* The name of the first cloud of which this holds, of the scenario's models if it holds of one. */
const char *check_cloud_with(const DesignCheck *check, gboolean (*has)(const CloudClass *cloud));
/* The least that a law can draw. */
SimTime check_least_of(const Duration *duration);
/* Each address has one owner, and a subnet has room for all of its own (addresses.c). */
void check_addresses(DesignCheck *check);
void check_server(DesignCheck *check, const DesignRouteServer *server);
void check_nva(DesignCheck *check, const DesignNva *nva);
/* `nva`: whose they are; NULL: unknown. */
void check_announcements(DesignCheck *check, const DesignNva *nva, const GPtrArray *announcements);
void check_nva_peer(DesignCheck *check, const DesignNva *nva, const DesignPeer *peer,
                    const DesignRouteServer *server);
void check_nva_parts(DesignCheck *check, const DesignNva *nva);
/* What each cloud says of appliances and route tables (clouds.c). */
void check_clouds(DesignCheck *check);
void check_sites(DesignCheck *check);
/* Parts of check_sites(). */
void check_site_ranges(DesignCheck *check, const DesignSite *site);
void check_site_announcements(DesignCheck *check, const DesignSite *site);
/* Check `hold` and `keepalive` of either end of a session, and a BFD interval. */
void check_whole_seconds(DesignCheck *check, const Duration *hold);
void check_session_timers(DesignCheck *check, const Duration *keepalive, const Duration *hold);
void check_bfd_interval(DesignCheck *check, const Duration *interval);
void check_gateways(DesignCheck *check);
void check_sides(DesignCheck *check);   /* part of check_gateways() */
void check_hearing(DesignCheck *check); /* likewise */
void check_tables(DesignCheck *check);
void check_routes(DesignCheck *check, const GPtrArray *routes); /* DesignRoute *, of one table */
/* Whether a word of the language stands in place of a name; an error where something is called so
 * (`named`). */
gboolean check_word(DesignCheck *check, const NameRef *name, gboolean named);
/* TRUE after an error at the mark: places of several kinds are called so. */
gboolean check_place(DesignCheck *check, const char *name, Mark mark, guint kinds);
void check_traffic(DesignCheck *check);
/* An end of traffic: a subnet with hosts, a site, the Internet, or (not a source) an address. */
void check_end(DesignCheck *check, const NameRef *end, gboolean source);
void check_hosts(DesignCheck *check, const NameRef *end, const char *verb);
/* A link of a site, or a whole circuit, which means the links of its edges. */
gboolean check_is_link(const Design *design, const char *name);
void check_failures(DesignCheck *check);
/* ... of which each name must mean something under a model; `models` are the CheckNames * of each.
 */
void check_failing_names(DesignCheck *check, const GPtrArray *models);
/* TRUE: it is about a survey, and about no event. */
gboolean check_survey(DesignCheck *check, const DesignExpect *expect);
/* FALSE where the expectation is about a measure; else it is checked. */
gboolean check_reach(DesignCheck *check, const DesignExpect *expect);
void check_failover(DesignCheck *check);
void check_events(DesignCheck *check);
/* Could this be the name of something that fails? Parts of route servers are not looked at. */
gboolean check_is_target(const Design *design, const char *name);
/* What events name. `sound`: nothing is wrong, so that the names of each model can be asked. */
void check_targets(DesignCheck *check, gboolean sound);
/* What is missing from a file in which nothing is wrong (whole.c). */
void check_whole(DesignCheck *check);
void check_expected(DesignCheck *check);
/* The route maps that a peer's block names, under one cloud; each NULL where there is none. */
void check_route_maps_of_peer(DesignCheck *check, const CloudClass *cloud,
                              gconstpointer peer_config);
void check_route_maps(DesignCheck *check);
void check_peerings(DesignCheck *check);
