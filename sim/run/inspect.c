/* The state of a run at a moment, as tables: the cloud's own, sessions and RIBs. */
#include "routesim/run/inspect.h"

#include <string.h>

#include "inspect_private.h"
#include "run_private.h"

Inspection *inspection_new(const Scenario *scenario, const CloudClass *cloud,
                           const RunOptions *options, SimTime at) {
  Arena *arena = arena_new();
  Inspection *inspection = arena_new0(arena, Inspection);
  RunOptions *kept = arena_new0(arena, RunOptions);
  *kept = *options;
  inspection->arena = arena;
  inspection->world = world_begin(arena, scenario->design, cloud, kept);
  engine_run(inspection->world->engine, sim_time_min(at, scenario->design->duration.law.a));
  inspection->places = arena_ptr_array(arena);
  inspection_find_places(inspection);
  return inspection;
}

void inspection_free(Inspection *inspection) {
  if (inspection != NULL)
    arena_free(inspection->arena);
}

const CloudTopology *inspection_topology(const Inspection *inspection) {
  return &inspection->world->topology;
}

/* ---- sessions ---------------------------------------------------------------------------- */

/* Appliances, gateways, and sites with a router of their own: who opens sessions. */
static GPtrArray *names_with_sessions(const World *world) {
  GPtrArray *names = g_ptr_array_new();
  for (guint i = 0; i < world->nvas->len; i++)
    g_ptr_array_add(names, (gpointer)nva_name(((const WorldNva *)world->nvas->pdata[i])->nva));
  for (guint i = 0; i < world->gateways->len; i++)
    g_ptr_array_add(names, (gpointer)gateway_name(world->gateways->pdata[i]));
  for (guint i = 0; i < world->sites->len; i++)
    if (((const WorldSite *)world->sites->pdata[i])->router != NULL)
      g_ptr_array_add(names,
                      (gpointer)site_name(((const WorldSite *)world->sites->pdata[i])->site));
  return names;
}

static void describe_sessions(const World *world, GPtrArray *listings) {
  static const char *const columns[] = {"End", "FarEnd", "BGP", "FarBGP", "HoldTime", "BFD"};
  g_autoptr(GPtrArray) names = names_with_sessions(world);
  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i];
    CloudListing *listing = NULL;
    for (guint j = 0; j < world->sessions->len; j++) {
      const WorldSession *session = world->sessions->pdata[j];
      const gsize length = strlen(name);
      const char *end = session->ends[0];
      if (strncmp(end, name, length) != 0 || (end[length] != '\0' && end[length] != '/'))
        continue;
      if (listing == NULL)
        listing = cloud_listing_new(world->arena, listings, "sessions", name,
                                    arena_printf(world->arena, "Sessions of %s", name), columns,
                                    G_N_ELEMENTS(columns));
      const BgpPeer *near = bgp_session_peer(session->bgp, 0);
      const BgpPeer *far = bgp_session_peer(session->bgp, 1);
      GString *hold = g_string_new(NULL);
      if (bgp_peer_state(near) == BGP_ESTABLISHED)
        sim_time_append_human(bgp_peer_hold(near), hold);
      const char *const cells[] = {
          end,
          session->ends[1],
          bgp_state_name(bgp_peer_state(near)),
          bgp_state_name(bgp_peer_state(far)),
          hold->len > 0 ? arena_strdup(world->arena, hold->str) : NULL,
          session->bfd != NULL ? bfd_state_name(bfd_session_state(session->bfd, 0)) : NULL};
      g_string_free(hold, TRUE);
      cloud_listing_add(world->arena, listing, cells);
    }
  }
}

/* ---- RIBs ---------------------------------------------------------------------------------- */

typedef struct {
  const World *world;
  CloudListing *listing;
} RibListing;

static const char *communities_of(Arena *arena, const BgpAttributes *attributes) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < attributes->community_count; i++) {
    const guint32 community = attributes->communities[i];
    g_string_append(text, i > 0 ? " " : "");
    const char *name = bgp_community_name(community);
    if (name != NULL)
      g_string_append(text, name);
    else
      g_string_append_printf(text, "%u:%u", community >> 16, community & 0xFFFF);
  }
  const char *kept = text->len > 0 ? arena_strdup(arena, text->str) : NULL;
  g_string_free(text, TRUE);
  return kept;
}

static void add_entry(const BgpEntry *entry, gpointer data) {
  const RibListing *to = data;
  Arena *arena = to->world->arena;
  for (guint i = 0; i < entry->candidates->len; i++) {
    const BgpCandidate *candidate = entry->candidates->pdata[i];
    const BgpAttributes *attributes = candidate->attributes;
    const int use = bgp_entry_place(entry, candidate->source);
    const char *const cells[] = {
        cloud_text_prefix(arena, entry->prefix),
        attributes->next_hop.family != IP_NONE ? cloud_text_address(arena, attributes->next_hop)
                                               : NULL,
        candidate->source != NULL ? bgp_peer_remote_name(candidate->source) : "itself",
        cloud_text_as_path(arena, attributes, " "),
        attributes->has_med ? arena_printf(arena, "%u", attributes->med) : NULL,
        communities_of(arena, attributes),
        use < 0    ? NULL
        : use == 0 ? "best"
                   : "multipath",
        candidate->unreachable ? "next hop out of reach (RFC 4271 9.1.2)"
        : use == 0 && entry->rule != NULL
            ? arena_printf(arena, "%s (%s)", entry->rule->name, entry->rule->clause)
            : NULL};
    cloud_listing_add(arena, to->listing, cells);
  }
}

static void describe_rib(const World *world, const BgpSpeaker *speaker, GPtrArray *listings) {
  static const char *const columns[] = {"Prefix", "NextHop",     "From", "AsPath",
                                        "Med",    "Communities", "Use",  "Rule"};
  const char *name = bgp_speaker_name(speaker);
  RibListing to = {world, cloud_listing_new(world->arena, listings, "rib", name,
                                            arena_printf(world->arena, "RIB of %s (AS %u)", name,
                                                         bgp_speaker_asn(speaker)),
                                            columns, G_N_ELEMENTS(columns))};
  bgp_foreach(speaker, add_entry, &to);
}

static void describe_ribs(const World *world, GPtrArray *listings) {
  for (guint i = 0; i < world->servers->len; i++)
    for (guint j = 0; j < route_server_unit_count(world->servers->pdata[i]); j++)
      describe_rib(world, route_server_unit_speaker(route_server_unit(world->servers->pdata[i], j)),
                   listings);
  for (guint i = 0; i < world->nvas->len; i++)
    describe_rib(world, nva_speaker(((const WorldNva *)world->nvas->pdata[i])->nva), listings);
  for (guint i = 0; i < world->gateways->len; i++)
    for (guint j = 0; j < gateway_instance_count(world->gateways->pdata[i]); j++)
      if (gateway_instance_speaker(world->gateways->pdata[i], j) != NULL)
        describe_rib(world, gateway_instance_speaker(world->gateways->pdata[i], j), listings);
  for (guint i = 0; i < world->circuits->len; i++) {
    const Circuit *circuit = ((const WorldCircuit *)world->circuits->pdata[i])->circuit;
    for (guint j = 0; j < circuit_edge_count(circuit); j++)
      describe_rib(world, router_speaker(circuit_edge(circuit, j)), listings);
  }
  for (guint i = 0; i < world->sites->len; i++)
    if (((const WorldSite *)world->sites->pdata[i])->router != NULL)
      describe_rib(world, router_speaker(((const WorldSite *)world->sites->pdata[i])->router),
                   listings);
}

/* ---- all, or what a name leads to ------------------------------------------------------------ */

static gboolean leads_to(const char *name, const CloudListing *listing) {
  const gsize length = strlen(name);
  for (guint i = 0; i < listing->names->len; i++) {
    const char *what = listing->names->pdata[i];
    if (strncmp(what, name, length) == 0 && (what[length] == '\0' || what[length] == '/'))
      return TRUE;
  }
  return FALSE;
}

GPtrArray *inspection_listings(Inspection *inspection, const char *name) {
  World *world = inspection->world;
  g_autoptr(GPtrArray) all = g_ptr_array_new();
  GPtrArray *wanted = arena_ptr_array(inspection->arena);
  if (world->cloud->telling->describe != NULL)
    world->cloud->telling->describe(&world->topology, world->servers, all);
  describe_sessions(world, all);
  describe_ribs(world, all);
  for (guint i = 0; i < all->len; i++)
    if (name == NULL || leads_to(name, all->pdata[i]))
      g_ptr_array_add(wanted, all->pdata[i]);
  return wanted;
}
