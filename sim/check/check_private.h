/* What the checks share. */
#pragma once
#include "routesim/check/check.h"
#include "routesim/cloud/design.h"
#include "routesim/cloud/failover.h"
#include "routesim/cloud/gateway.h"
#include "routesim/fault/fault.h"
#include "routesim/metric/metric.h"
#include "routesim/nva/nva.h"
#include "routesim/world/world.h"

typedef struct {
  KeyReader *reader;
  const Design *design;
  GHashTable *trusted;    /* configs of route servers in which nothing is wrong */
  gboolean names_partial; /* of the names collected now, some could not be read */
} Check;

void check_error(Check *check, Mark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);
void check_warn(Check *check, Mark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* " (AZ-5.16)": of these fact ids those about a model that the scenario names; "" where none is. */
const char *check_cite(const Check *check, const char *facts);
/* Until the next call, warnings say that they hold under this model, where there are others. */
void check_under(Check *check, const CloudClass *cloud);
/* "unknown WHAT 'name'", with the nearest of the names; nothing where the name, or a place that
 * defines such names, could not be read. */
void check_unknown(Check *check, const char *what, const NameRef *name, GPtrArray *names);
/* Could these blocks be read? */
gboolean check_is_read(const Design *design, const GPtrArray *blocks);
void check_add_names(Check *check, GPtrArray *names, const GPtrArray *blocks);
void check_add_subnet_names(Check *check, GPtrArray *names);
/* The least that a law can draw. */
SimTime check_least_of(const Duration *duration);
/* The block or subnet of this name; NULL with an error where there is none. */
gpointer check_need(Check *check, const char *what, const NameRef *name, const GPtrArray *blocks);
const DesignSubnet *check_need_subnet(Check *check, const NameRef *name,
                                      const DesignNetwork **network);
/* One owner for each address, and room for all of a subnet's (addresses.c). */
void check_addresses(Check *check);
/* That the appliance announces as its `vip`; FALSE: it has none. */
gboolean check_virtual_address(const DesignNva *nva, Prefix *out);
/* Does the scenario give it to an appliance or a front end? */
gboolean check_is_given(const Design *design, IpAddress address);
/* Is the next hop, an address, appliance or load balancer, an interface of an appliance in the network?
 * TRUE also where nobody knows. */
gboolean check_is_interface(const Design *design, const char *network, const char *hop);
/* How many addresses of the subnet are taken by what the scenario puts there. */
guint64 check_inhabitants(const Design *design, const DesignSubnet *subnet);
void check_server(Check *check, const DesignRouteServer *server);
void check_nva(Check *check, const DesignNva *nva);
/* `nva`: whose they are; NULL: unknown. */
void check_announcements(Check *check, const DesignNva *nva, const GPtrArray *announcements);
/* What belongs to appliances alone (nvas.c). */
void check_announcement_of(Check *check, const DesignNva *nva,
                           const DesignAnnouncement *announcement);
void check_nva_peer(Check *check, const DesignNva *nva, const DesignPeer *peer,
                    const DesignRouteServer *server);
void check_nva_parts(Check *check, const DesignNva *nva);
/* User routes of a table of `network` as a cloud asks about them: CloudRouteCheck without
 * `via_beyond`. Routes in which something is wrong are left out. The caller frees. */
GArray *check_user_routes(const Design *design, const char *network, const GPtrArray *routes);
/* What each cloud says of appliances and route tables (clouds.c). */
void check_clouds(Check *check);
void check_sites(Check *check);
/* Parts of check_sites(). */
void check_site_ranges(Check *check, const DesignSite *site);
void check_site_announcements(Check *check, const DesignSite *site);
/* `hold` and `keepalive` of either end of a session; a BFD interval. */
void check_session_timers(Check *check, const Duration *keepalive, const Duration *hold);
void check_bfd_interval(Check *check, const Duration *interval);
void check_gateways(Check *check);
void check_sides(Check *check); /* part of check_gateways() */
void check_hearing(Check *check); /* likewise */
void check_tables(Check *check);
void check_via(Check *check, const NameRef *via); /* of a route */
void check_routes(Check *check, const GPtrArray *routes); /* DesignRoute *, of one table */
/* Whether `name` is that word of the language; an error where something is called so (`named`). */
gboolean check_word(Check *check, const NameRef *name, const char *word, gboolean named);
void check_traffic(Check *check);
/* An end of traffic: a subnet with hosts, a site, the Internet, or (not a source) an address. */
void check_end(Check *check, const NameRef *end, gboolean source);
void check_hosts(Check *check, const NameRef *end, const char *verb);
/* FALSE where the expectation is about a measure; else it is checked. */
gboolean check_reach(Check *check, const DesignExpect *expect);
void check_failover(Check *check);
void check_events(Check *check);
/* Could this be the name of something that fails? Parts of route servers are not looked at. */
gboolean check_is_target(const Design *design, const char *target);
/* What events name. `sound`: nothing is wrong, so that a world can be asked. */
void check_targets(Check *check, gboolean sound);
/* What is missing from a file in which nothing is wrong (whole.c). */
void check_whole(Check *check);
void check_expected(Check *check);
/* Fills in what a cloud may ask about the rest of the scenario. */
void check_surroundings(Check *check, const DesignRouteServer *server, const CloudClass *cloud,
                        CloudCheck *question);
/* The route maps that a peer's block names, under one cloud; each NULL where there is none. */
void check_route_maps_of_peer(Check *check, const CloudClass *cloud, gconstpointer peer_config);
void check_route_maps(Check *check);
void check_peerings(Check *check);

