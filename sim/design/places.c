/* What names mean that may be of several kinds of things: places, and what fails. */
#include <string.h>

#include "routesim/design/design.h"

/* ---- places -------------------------------------------------------------------------------- */

static gboolean is_in_region(const DesignNetwork *network, const char *region) {
  return g_strcmp0(network->region.text, region) == 0;
}

static gboolean is_at_location(const DesignCircuit *circuit, const char *location) {
  return g_strcmp0(circuit->location.text, location) == 0;
}

/* The first network of the region, and how many it has. */
static const DesignNetwork *find_in_region(const Design *design, const char *name, guint *count) {
  const DesignNetwork *first = NULL;
  *count = 0;
  for (guint i = design->networks->len; i-- > 0;)
    if (is_in_region(design->networks->pdata[i], name)) {
      first = design->networks->pdata[i];
      ++*count;
    }
  return first;
}

static const DesignCircuit *find_at_location(const Design *design, const char *name, guint *count) {
  const DesignCircuit *first = NULL;
  *count = 0;
  for (guint i = design->circuits->len; i-- > 0;)
    if (is_at_location(design->circuits->pdata[i], name)) {
      first = design->circuits->pdata[i];
      ++*count;
    }
  return first;
}

/* What the name is of under each kind; of a region or location the first thing there. NULL: nothing
 * is called so, or only what is the same place under another kind. */
typedef struct {
  const DesignNetwork *network, *in_region;
  const DesignSite *site;
  const DesignCircuit *circuit, *at_location;
} Meanings;

static Meanings meanings_of(const Design *design, const char *name) {
  guint networks, circuits;
  Meanings all = {.network = design_find(design->networks, name),
                  .in_region = find_in_region(design, name, &networks),
                  .site = design_find(design->sites, name),
                  .circuit = design_find(design->circuits, name),
                  .at_location = find_at_location(design, name, &circuits)};
  if (networks == 1 && all.in_region == all.network)
    all.in_region = NULL;
  if (circuits == 1 && all.at_location == all.circuit)
    all.at_location = NULL;
  return all;
}

guint design_place_kinds(const Design *design, const char *name, guint kinds) {
  const Meanings all = meanings_of(design, name);
  return kinds & ((all.network != NULL ? DESIGN_PLACE_NETWORK : 0) |
                  (all.in_region != NULL ? DESIGN_PLACE_REGION : 0) |
                  (all.site != NULL ? DESIGN_PLACE_SITE : 0) |
                  (all.circuit != NULL ? DESIGN_PLACE_CIRCUIT : 0) |
                  (all.at_location != NULL ? DESIGN_PLACE_LOCATION : 0));
}

DesignPlace design_place(const Design *design, const char *name, guint kinds) {
  const Meanings all = meanings_of(design, name);
  const guint said = design_place_kinds(design, name, kinds);
  if (said & DESIGN_PLACE_NETWORK)
    return (DesignPlace){DESIGN_PLACE_NETWORK, all.network, all.network->head.name};
  if (said & DESIGN_PLACE_REGION)
    return (DesignPlace){DESIGN_PLACE_REGION, NULL, all.in_region->region.text};
  if (said & DESIGN_PLACE_SITE)
    return (DesignPlace){DESIGN_PLACE_SITE, all.site, all.site->head.name};
  if (said & DESIGN_PLACE_CIRCUIT)
    return (DesignPlace){DESIGN_PLACE_CIRCUIT, all.circuit, all.circuit->head.name};
  if (said & DESIGN_PLACE_LOCATION)
    return (DesignPlace){DESIGN_PLACE_LOCATION, NULL, all.at_location->location.text};
  return (DesignPlace){.kind = DESIGN_PLACE_NONE};
}

gboolean design_place_has_network(const DesignPlace *place, const DesignNetwork *network) {
  return place->kind == DESIGN_PLACE_REGION
             ? is_in_region(network, place->name)
             : place->kind == DESIGN_PLACE_NETWORK && place->thing == network;
}

gboolean design_place_has_site(const DesignPlace *place, const DesignSite *site) {
  return place->kind == DESIGN_PLACE_SITE && place->thing == site;
}

gboolean design_place_has_circuit(const DesignPlace *place, const DesignCircuit *circuit) {
  return place->kind == DESIGN_PLACE_LOCATION
             ? is_at_location(circuit, place->name)
             : place->kind == DESIGN_PLACE_CIRCUIT && place->thing == circuit;
}

/* ---- what fails ---------------------------------------------------------------------------- */

/* With as many steps behind it as a name of this kind has: "link/a1" is the endpoint of a route
 * server called link. */
static const struct {
  const char *word; /* with its slash */
  guint least, most;
} words[] = {[DESIGN_TARGET_ZONE] = {"zone/", 2, 2},
             [DESIGN_TARGET_LINK] = {"link/", 2, G_MAXUINT},
             [DESIGN_TARGET_CIRCUIT] = {"circuit/", 1, G_MAXUINT}};

static guint count_steps(const char *name) {
  guint steps = 1;
  for (; *name != '\0'; name++)
    steps += *name == '/' ? 1 : 0;
  return steps;
}

/* What stands before the first slash, where there is one. */
static char *first_step(const char *name) { return g_strndup(name, strcspn(name, "/")); }

/* No name begins with the sign, so that nothing else is called as a part is by its number. */
static gboolean names_part(const Design *design, const char *name, DesignTarget *target) {
  g_autofree char *server = first_step(name);
  const char *number = name + strlen(server);
  guint64 value;
  if (!g_str_has_prefix(number, "/#") ||
      !g_ascii_string_to_unsigned(number + 2, 10, 0, 1000, &value, NULL))
    return FALSE;
  target->server = design_find(design->route_servers, server);
  target->number = (guint)value;
  return target->server != NULL;
}

static void find_zone(const Design *design, DesignTarget *target) {
  g_autofree char *place = first_step(target->rest);
  target->place = design_place(design, place, DESIGN_PLACES_OF_ZONES);
  target->zone = target->rest + strlen(place) + 1;
}

DesignTarget design_target(const Design *design, const char *name) {
  DesignTarget target = {.rest = name};
  if (names_part(design, name, &target)) {
    target.kind = DESIGN_TARGET_PART;
    return target;
  }
  for (guint kind = DESIGN_TARGET_ZONE; kind < G_N_ELEMENTS(words); kind++) {
    if (!g_str_has_prefix(name, words[kind].word))
      continue;
    const char *rest = name + strlen(words[kind].word);
    const guint steps = count_steps(rest);
    if (steps < words[kind].least || steps > words[kind].most)
      continue;
    target.kind = (DesignTargetKind)kind;
    target.rest = rest;
  }
  if (target.kind == DESIGN_TARGET_ZONE)
    find_zone(design, &target);
  return target;
}
