/* Which sites hear of each other by BGP: what one's router tells is passed on, from speaker to
 * speaker, to the other's. Two of one AS number then drop each other's routes. */
#include <string.h>

#include "check_private.h"

/* Kinds stand by rank, which has_session() goes by. */
typedef enum { SPEAKER_SITE, SPEAKER_NVA, SPEAKER_GATEWAY, SPEAKER_SERVER } SpeakerKind;

typedef struct {
  SpeakerKind kind;
  gconstpointer block; /* Scenario... * */
} Speaker;

typedef struct {
  const Design *design;
  guint cloud;
  GArray *speakers;   /* Speaker, sites first, as in the design */
  gboolean *sessions; /* of each with each */
} Hearing;

/* ---- sessions ------------------------------------------------------------------------------- */

static gboolean site_speaks(const Hearing *hearing, const DesignSite *site, Speaker with) {
  const Design *design = hearing->design;
  const BlockHead *head = with.block;
  const DesignSiteLink *link = design_site_link(design, site, head->name);
  const gboolean linked =
      design_names_hold(site->via.names, head->name) && design_link_speaks_bgp(link);
  if (with.kind == SPEAKER_NVA)
    return linked;
  const DesignGateway *gateway = with.block;
  return with.kind == SPEAKER_GATEWAY &&
         (gateway->circuits->len > 0 ? design_circuit_leads_to(design, gateway, site) : linked);
}

static gboolean gateway_speaks(const Hearing *hearing, const DesignGateway *gateway, Speaker with) {
  const GatewayClass *class = cloud_at(hearing->cloud)->gateways;
  const NameRef *network = with.kind == SPEAKER_GATEWAY
                               ? &((const DesignGateway *)with.block)->network
                               : &((const DesignRouteServer *)with.block)->network;
  const gboolean meets =
      with.kind == SPEAKER_GATEWAY ? class->one_a_network != NULL : class->server_profile != NULL;
  return meets && g_strcmp0(gateway->network.text, network->text) == 0;
}

/* `a` is of no higher rank than `b`. */
static gboolean has_session(const Hearing *hearing, Speaker a, Speaker b) {
  const BlockHead *head_a = a.block, *head_b = b.block;
  if (a.kind == SPEAKER_SITE)
    return site_speaks(hearing, a.block, b);
  if (a.kind == SPEAKER_GATEWAY)
    return gateway_speaks(hearing, a.block, b);
  return a.kind == SPEAKER_NVA && b.kind != SPEAKER_GATEWAY &&
         (design_find(((const DesignNva *)a.block)->peers, head_b->name) != NULL ||
          (b.kind == SPEAKER_NVA &&
           design_find(((const DesignNva *)b.block)->peers, head_a->name) != NULL));
}

static void add_speakers(Hearing *hearing, SpeakerKind kind, const GPtrArray *blocks) {
  for (guint i = 0; i < blocks->len; i++) {
    const Speaker speaker = {kind, blocks->pdata[i]};
    if (kind != SPEAKER_GATEWAY ||
        cloud_gateway_kind(cloud_at(hearing->cloud), speaker.block) != NULL)
      g_array_append_val(hearing->speakers, speaker);
  }
}

static Speaker speaker_at(const Hearing *hearing, guint index) {
  return g_array_index(hearing->speakers, Speaker, index);
}

static Hearing hearing_of(DesignCheck *check, guint cloud) {
  const Design *design = check->design;
  Arena *arena = check->reader->arena;
  Hearing hearing = {design, cloud, arena_growing_array(arena, sizeof(Speaker)), NULL};
  add_speakers(&hearing, SPEAKER_SITE, design->sites);
  add_speakers(&hearing, SPEAKER_NVA, design->nvas);
  add_speakers(&hearing, SPEAKER_GATEWAY, design->gateways);
  add_speakers(&hearing, SPEAKER_SERVER, design->route_servers);
  const guint count = hearing.speakers->len;
  hearing.sessions = arena_array(arena, gboolean, (gsize)count * count + 1);
  for (guint i = 0; i < count; i++)
    for (guint j = i + 1; j < count; j++)
      hearing.sessions[i * count + j] = hearing.sessions[j * count + i] =
          has_session(&hearing, speaker_at(&hearing, i), speaker_at(&hearing, j));
  return hearing;
}

/* ---- what goes on --------------------------------------------------------------------------- */

/* Does `by` tell `to` what `from` told it? */
static gboolean passes_on(const Hearing *hearing, Speaker from, Speaker by, Speaker to) {
  const CloudClass *cloud = cloud_at(hearing->cloud);
  if (by.kind == SPEAKER_GATEWAY)
    return from.kind != SPEAKER_SITE || to.kind != SPEAKER_SITE ||
           cloud_gateway_kind(cloud, by.block)->exchanges_neighbors;
  if (by.kind != SPEAKER_SERVER)
    return TRUE;
  gconstpointer config = ((const DesignRouteServer *)by.block)->configs[hearing->cloud];
  return config != NULL && cloud->server->passes_on != NULL &&
         cloud->server->passes_on(config, from.kind == SPEAKER_NVA && to.kind == SPEAKER_NVA);
}

/* News goes on from speaker `by`, which `from` told; `told` is who told whom. */
static void spread(const Hearing *hearing, guint from, guint by, gboolean *told) {
  const guint count = hearing->speakers->len;
  for (guint to = 0; to < count; to++)
    if (to != from && hearing->sessions[by * count + to] && !told[by * count + to] &&
        (from == by || passes_on(hearing, speaker_at(hearing, from), speaker_at(hearing, by),
                                 speaker_at(hearing, to)))) {
      told[by * count + to] = TRUE;
      spread(hearing, by, to, told);
    }
}

/* Does what site `from` tells come to site `to`? */
static gboolean hears(const Hearing *hearing, guint from, guint to) {
  const guint count = hearing->speakers->len;
  g_autofree gboolean *told = g_new0(gboolean, (gsize)count * count);
  gboolean any = FALSE;
  spread(hearing, from, from, told);
  for (guint i = 0; i < count; i++)
    any |= told[i * count + to];
  return any;
}

static gboolean are_alike(const Design *design, const DesignSite *a, const DesignSite *b) {
  return a->asn == b->asn && design_site_has_router(design, a) && design_site_has_router(design, b);
}

static void warn(DesignCheck *check, const DesignSite *a, const DesignSite *b,
                 const CloudClass *under) {
  cloud_ask(check, under);
  tell_warning(check, b->head.mark,
               "sites '%s' and '%s' have the same AS number, so neither takes routes of the other "
               "(RFC 4271 9.1.2)",
               a->head.name, b->head.name);
  cloud_ask(check, NULL);
}

/* Which models it holds under is said where it does not hold under all. */
static void check_pair(DesignCheck *check, const GArray *hearings, guint a, guint b) {
  const GPtrArray *sites = check->design->sites;
  g_autoptr(GPtrArray) clouds = g_ptr_array_new();
  for (guint i = 0; i < hearings->len; i++) {
    const Hearing *hearing = &g_array_index(hearings, Hearing, i);
    if (hears(hearing, a, b))
      g_ptr_array_add(clouds, (gpointer)cloud_at(hearing->cloud));
  }
  if (clouds->len == hearings->len)
    warn(check, sites->pdata[a], sites->pdata[b], NULL);
  for (guint i = 0; clouds->len < hearings->len && i < clouds->len; i++)
    warn(check, sites->pdata[a], sites->pdata[b], clouds->pdata[i]);
}

static void hear_all(DesignCheck *check, GArray *hearings) {
  for (guint c = 0; c < cloud_count(); c++) {
    if (!check->design->models[c])
      continue;
    const Hearing hearing = hearing_of(check, c);
    g_array_append_val(hearings, hearing);
  }
}

void check_hearing(DesignCheck *check) {
  const Design *design = check->design;
  g_autoptr(GArray) hearings = g_array_new(FALSE, FALSE, sizeof(Hearing));
  for (guint i = 0; i < design->sites->len; i++)
    for (guint j = 0; j < i; j++) {
      if (!are_alike(design, design->sites->pdata[j], design->sites->pdata[i]))
        continue;
      if (hearings->len == 0)
        hear_all(check, hearings);
      check_pair(check, hearings, j, i);
    }
}
