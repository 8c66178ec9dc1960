/* Random scenarios, each a function of its seed alone: one to four networks with peerings, up to
 * two route servers, one to eight appliances of every kind, sites that nest, gateways, route
 * tables, traffic, and things that happen. They are right by construction (the loader agrees) and
 * say the same to every cloud; one entry stands in one line, so that lines can be left out. */
#pragma once
#include "routesim/run/run.h"
#include "support/count.h"

typedef struct {
  /* Only failures, and each is restored; then so long that all settles. */
  gboolean only_failures;
  gboolean quiet_end; /* nothing happens in the last 15 minutes */
  /* Of everything that the language has: more kinds of gateways, targets of routes, appliances with
   * two legs and with capacity, failover by other methods, sites with routers. Some of them say
   * something that the loader refuses; those are left out, and are few. */
  gboolean wide;
  /* Many things happen, of every kind that the language knows, so close that they overlap, and on
   * a coarse grid every other time, so that they coincide. With `wide`. */
  gboolean eventful;
  /* Nothing is drawn while it runs but the phases at the start and what connect_retry spreads: no
   * jitter and no distributions. */
  gboolean exact;
} TopologyOptions;

/* The caller frees. */
char *topology_text(guint64 seed, const TopologyOptions *options);
/* NULL where the text is wrong; then *why (may be NULL, the caller frees) has the errors. */
ScenarioFile *topology_load(const char *text, char **why);
/* The same text without its events. */
char *topology_without_events(const char *text);

/* The result says what is wrong with one run of the scenario, or NULL; the caller frees. */
typedef char *(*TopologyProperty)(const char *text, const Scenario *scenario,
                                  const CloudClass *cloud, guint64 seed);
/* `count` topologies from seed `first` on, under every cloud. Where the property fails, fails the
 * test with seed, cloud and the shortest text that still fails. */
void topology_check(guint64 first, guint count, const TopologyOptions *options,
                    TopologyProperty property);
/* Part `part` of `parts` of them: PROPERTY_DESIGNS=n tries n in place of `count` (`make check-all`
 * does), and PROPERTY_FIRST=n begins with that one. Returns how many this part has. */
guint topology_check_part(guint part, guint parts, guint64 first, guint count,
                          const TopologyOptions *options, TopologyProperty property);
/* Full length was asked for: then each part says what it did. */
gboolean topology_is_long(void);
