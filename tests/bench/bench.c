/* Speed, as ratios measured in one run: each row pairs two things that do the same work,
 * alternates them, and gives the median of the paired ratios. Writes CSV to stdout.
 *
 *   bare heap   a 4-ary heap of 16-byte keys in the hold model, nothing else
 *   engine      the real one: causes, phases, assertions, handlers
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "routesim/check/check.h"
#include "routesim/batch/batch.h"
#include "routesim/flow/traffic.h"
#include "routesim/run/run.h"

#define ROUNDS 7

static double now_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double cpu_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int compare_doubles(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, guint count) {
  qsort(values, count, sizeof *values, compare_doubles);
  return values[count / 2];
}

static void row(const char *what, const char *parameter, double value, const char *unit,
                const char *bar) {
  printf("%s,%s,%.3f,%s,%s\n", what, parameter, value, unit, bar);
  fflush(stdout);
}

/* ---- delays ------------------------------------------------------------------------------ */

typedef struct {
  gint64 *values;
  guint mask, next;
} Delays;

/* Uniform: 1 to 2,000 us. Mixed: nine in ten near 300 ms (BFD), the rest near 30 s (hold
 * timers), each with the jitter of its kind. Drawn beforehand, so that neither side pays. */
static Delays make_delays(gboolean mixed) {
  Delays delays = {g_new(gint64, 1 << 16), (1 << 16) - 1, 0};
  RandomStream stream = random_stream(1, 0, mixed ? "mixed" : "uniform");
  for (guint i = 0; i <= delays.mask; i++) {
    const double u = random_uniform(&stream), v = random_uniform(&stream);
    if (!mixed)
      delays.values[i] = 1000 + (gint64)(u * 2e6);
    else
      delays.values[i] = (gint64)((u < 0.9 ? 3e8 : 3e10) * (0.75 + 0.25 * v));
  }
  return delays;
}

static inline gint64 next_delay(Delays *delays) {
  return delays->values[delays->next++ & delays->mask];
}

/* ---- bare heap ------------------------------------------------------------------------------ */

typedef struct {
  gint64 time;
  guint64 order;
} BareKey;

static inline gboolean bare_before(BareKey a, BareKey b) {
  const unsigned __int128 left = ((unsigned __int128)(guint64)a.time << 64) | a.order;
  const unsigned __int128 right = ((unsigned __int128)(guint64)b.time << 64) | b.order;
  return left < right;
}

static void bare_sift_down(BareKey *heap, guint32 count, BareKey key) {
  guint32 index = 0;
  for (;;) {
    const guint32 first = index * 4 + 1;
    guint32 least = first;
    if (first >= count)
      break;
    if (G_LIKELY(first + 4 <= count)) {
      const guint32 a = first + (bare_before(heap[first + 1], heap[first]) ? 1 : 0);
      const guint32 b = first + 2 + (bare_before(heap[first + 3], heap[first + 2]) ? 1 : 0);
      least = bare_before(heap[b], heap[a]) ? b : a;
    } else {
      for (guint32 child = first + 1; child < count; child++)
        if (bare_before(heap[child], heap[least]))
          least = child;
    }
    if (!bare_before(heap[least], key))
      break;
    heap[index] = heap[least];
    index = least;
  }
  heap[index] = key;
}

static int compare_keys(const void *a, const void *b) {
  const BareKey *x = a, *y = b;
  return bare_before(*x, *y) ? -1 : bare_before(*y, *x);
}

/* Both sides run so many events before the clock starts: until then a heap that was built
 * in order is better laid out than one in use. */
#define WARM_UP(pending) ((guint64)(pending)*3)

static double bare_heap(guint pending, guint64 events, Delays delays) {
  BareKey *block = g_aligned_alloc(pending + 3, sizeof(BareKey), 64);
  BareKey *heap = block + 3;
  for (guint i = 0; i < pending; i++)
    heap[i] = (BareKey){next_delay(&delays), i};
  qsort(heap, pending, sizeof *heap, compare_keys); /* a sorted array is a heap */
  double start = 0;
  for (guint64 i = 0; i < events + WARM_UP(pending); i++) {
    if (i == WARM_UP(pending))
      start = cpu_seconds();
    bare_sift_down(heap, pending, (BareKey){heap[0].time + next_delay(&delays), heap[0].order});
  }
  const double spent = cpu_seconds() - start;
  g_aligned_free(block);
  return spent;
}

/* ---- engine ---------------------------------------------------------------------------------- */

/* One for all timers: like the bare heap's, these events carry no data of their own. */
typedef struct {
  Engine *engine;
  Delays *delays;
  guint64 left, timed;
  double start, end;
} Holder;

static void hold(gpointer data) {
  Holder *holder = data;
  if (holder->left == 0)
    return;
  if (holder->left-- == holder->timed)
    holder->start = cpu_seconds();
  if (holder->left == 0) /* from here on the queue only drains */
    holder->end = cpu_seconds();
  timer_arm_after(engine_current_timer(holder->engine), sim_time_ns(next_delay(holder->delays)));
}

static double real_engine(guint pending, guint64 events, Delays delays) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Owner *owner = engine_owner(engine, "bench");
  Holder holder = {engine, &delays, events + WARM_UP(pending), events, 0, 0};
  for (guint i = 0; i < pending; i++)
    timer_arm(timer_new(owner, PHASE_TIMER, hold, &holder), sim_time_ns(next_delay(&delays)));
  engine_seal(engine);
  while (holder.left > 0)
    engine_run(engine, sim_time_add(engine_now(engine), sim_time_s(1)));
  return holder.end - holder.start;
}

static void bench_engine(void) {
  static const struct {
    guint pending;
    guint64 events;
    const char *bar;
  } sizes[] = {{100, 4000000, "0.70"}, {10000, 3000000, "0.85"}, {1000000, 2000000, "0.85"}};
  for (guint mixed = 0; mixed < 2; mixed++) {
    const Delays delays = make_delays(mixed);
    for (guint s = 0; s < G_N_ELEMENTS(sizes); s++) {
      double ratios[ROUNDS], rates[ROUNDS];
      g_autofree char *parameter =
          g_strdup_printf("%u pending %s", sizes[s].pending, mixed ? "mixed" : "uniform");
      for (guint i = 0; i < ROUNDS; i++) {
        const double bare = bare_heap(sizes[s].pending, sizes[s].events, delays);
        const double real = real_engine(sizes[s].pending, sizes[s].events, delays);
        ratios[i] = bare / real;
        rates[i] = (double)sizes[s].events / real / 1e6;
      }
      row("engine/bare heap", parameter, median(ratios, ROUNDS), "ratio", sizes[s].bar);
      row("engine", parameter, median(rates, ROUNDS), "million events/s", "");
    }
    g_free(delays.values);
  }
}

/* ---- scenarios
 * ----------------------------------------------------------------------------------- */

static ScenarioFile *load(const char *path, const ScenarioSetting *settings, guint count) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(GError) error = NULL;
  ScenarioFile *file = check_load(path, settings, count, diagnostics, &error);
  if (file == NULL || diagnostics_errors(diagnostics) > 0) {
    fprintf(stderr, "bench: cannot load %s\n", path);
    exit(3);
  }
  return file;
}

static void bench_pair(void) {
  g_autoptr(ScenarioFile) file = load("scenarios/compare/firewall-pair.yaml", NULL, 0);
  double rates[2][ROUNDS], efficiency[ROUNDS];
  for (guint i = 0; i < ROUNDS; i++) {
    for (guint jobs = 1; jobs <= 2; jobs++) {
      const BatchOptions options = {.jobs = jobs, .runs = 2000, .no_detail = TRUE};
      const double start = now_seconds();
      g_autoptr(Batch) batch = batch_run(file, &options, NULL);
      guint64 runs = 0;
      for (guint c = 0; c < batch_count(batch); c++)
        runs += batch_cell(batch, c)->run_count;
      rates[jobs - 1][i] = (double)runs / (now_seconds() - start);
    }
    efficiency[i] = rates[1][i] / rates[0][i] / 2;
  }
  row("firewall pair", "1 thread", median(rates[0], ROUNDS), "runs/s", "3000");
  row("firewall pair", "2 threads", median(rates[1], ROUNDS), "runs/s", "");
  row("firewall pair", "2 threads", median(efficiency, ROUNDS), "efficiency", "0.9");
}

/* A simulated day of the firewall pair under aws with BFD: the failure, the repair, and
 * quiet for the rest of it. */
static void bench_liveness(void) {
  static const ScenarioSetting day[] = {{"duration", "1d"}};
  g_autoptr(ScenarioFile) file = load("scenarios/compare/firewall-pair.yaml", day, 1);
  const Scenario *scenario = scenario_file_get(file, 0);
  double ratios[3];
  for (guint i = 0; i < G_N_ELEMENTS(ratios); i++) {
    double spent[2];
    for (guint mode = 0; mode < 2; mode++) {
      const guint repeat = mode == LIVENESS_LAZY ? 200 : 1;
      const double start = cpu_seconds();
      for (guint run = 0; run < repeat; run++) {
        const RunOptions options = {
            .seed = 1, .run = run, .liveness_given = TRUE, .liveness = (LivenessMode)mode};
        run_result_free(run_scenario(scenario, cloud_find("aws"), &options));
      }
      spent[mode] = (cpu_seconds() - start) / repeat;
    }
    ratios[i] = spent[LIVENESS_PACKET] / spent[LIVENESS_LAZY];
  }
  row("packet/lazy", "aws with BFD one day", median(ratios, G_N_ELEMENTS(ratios)), "ratio", "1000");
}

/* ---- flows
 * ------------------------------------------------------------------------------------------ */

static void bench_flows(void) {
  const guint count = 1000000;
  g_autofree guint32 *hashes = g_new(guint32, count);
  double ratios[ROUNDS], times[ROUNDS];
  flow_hashes(1, 0, "bench", 0, hashes, count);
  for (guint i = 0; i < ROUNDS; i++) {
    guint counts[8] = {0};
    volatile guint64 sink = 0;
    guint64 sum = 0;
    const guint repeat = 50;
    double start = cpu_seconds();
    for (guint r = 0; r < repeat; r++) {
      for (guint j = 0; j < count; j++)
        sum += hashes[j];
      sink = sum;
    }
    const double plain = cpu_seconds() - start;
    start = cpu_seconds();
    for (guint r = 0; r < repeat; r++)
      flow_count_residues(hashes, count, 2 + r % 7, counts);
    const double rehash = cpu_seconds() - start;
    (void)sink;
    ratios[i] = rehash / plain;
    times[i] = rehash / repeat * 1e3;
  }
  row("re-hash/plain pass", "1000000 flows", median(ratios, ROUNDS), "ratio", "");
  row("re-hash", "1000000 flows", median(times, ROUNDS), "ms", "");
}

int main(void) {
  printf("what,parameter,value,unit,bar\n");
  bench_engine();
  bench_pair();
  bench_liveness();
  bench_flows();
  return 0;
}
