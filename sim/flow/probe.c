/* Probes: what a person with curl in a loop would see. Each one is a new connection
 * with a source port, and so a hash, of its own. */
#include "probe_private.h"

/* Least common multiple of 1 to 8: tells the choice among up to so many next hops at once. */
#define PROBE_MODULUS 840

/* What becomes of a new connection of these hashes, known ever finer until every choice on its
 * way is told. */
static void ask_fate(Traffic *traffic, const ProbeConfig *config, const RouteTable *const tables[2],
                     const guint32 hashes[FLOW_DIRECTIONS], Fate *fate) {
  HashClass hash[FLOW_DIRECTIONS] = {{hashes[0] % PROBE_MODULUS, PROBE_MODULUS},
                                     {hashes[1] % PROBE_MODULUS, PROBE_MODULUS}};
  guint split, direction;
  while ((split = fate_find(traffic, &config->from, &config->to, tables[0], tables[1], hash, fate,
                            &direction)) != 0) {
    HashClass *finer = &hash[direction];
    finer->modulus *= split; /* any multiple of both tells */
    finer->residue = hashes[direction] % finer->modulus;
  }
}

static void probe_due(gpointer data) {
  Probe *probe = data;
  Traffic *traffic = probe->traffic;
  const ProbeConfig *config = &probe->config;
  const SimTime now = engine_now(traffic->engine);
  const guint64 bits = random_bits(&probe->stream);
  const guint32 hashes[FLOW_DIRECTIONS] = {(guint32)bits, (guint32)(bits >> 32)};
  const RouteTable *tables[2] = {NULL, NULL};
  const TrafficEnd *ends[2] = {&config->from, &config->to};
  gboolean dark = FALSE;
  for (guint i = 0; i < 2; i++)
    if (ends[i]->subnet != NULL) {
      tables[i] = subnet_group_table(ends[i]->subnet, 0);
      dark |= subnet_is_dark(ends[i]->subnet);
    }
  Fate fate = {.deliverable = FALSE};
  ask_fate(traffic, config, tables, hashes, &fate);
  probe->result.sent++;
  if (fate.deliverable && !dark) {
    if (probe->in_gap)
      probe->result.longest_gap =
          sim_time_max(probe->result.longest_gap, sim_time_sub(now, probe->gap_since));
    probe->in_gap = FALSE;
  } else {
    probe->result.lost++;
    if (!probe->in_gap)
      probe->gap_since = now;
    probe->in_gap = TRUE;
  }
  timer_arm_after(probe->timer, config->every);
}

void traffic_add_probe(Traffic *traffic, const ProbeConfig *config) {
  Probe *probe = arena_new0(traffic->arena, Probe);
  const char *name = arena_printf(traffic->arena, "probe/%s", config->name);
  probe->traffic = traffic;
  probe->config = *config;
  probe->result.name = config->name;
  probe->stream = random_stream(traffic->seed, traffic->run, name);
  probe->timer = timer_new(engine_owner(traffic->engine, name), PHASE_PROBE, probe_due, probe);
  g_ptr_array_add(traffic->probes, probe);
}

/* The first one goes at a phase of its own, as nothing ties it to the failure. */
void probe_begin(Probe *probe) {
  const Distribution phase = {.kind = DISTRIBUTION_UNIFORM, .b = probe->config.every};
  timer_arm(probe->timer, distribution_draw(&phase, &probe->stream));
}

void probe_end(Probe *probe) {
  if (!probe->in_gap)
    return;
  const SimTime gap = sim_time_sub(engine_now(probe->traffic->engine), probe->gap_since);
  probe->result.longest_gap = sim_time_max(probe->result.longest_gap, gap);
}

guint traffic_probe_count(const Traffic *traffic) { return traffic->probes->len; }
ProbeResult traffic_probe(const Traffic *traffic, guint index) {
  return ((const Probe *)traffic->probes->pdata[index])->result;
}
