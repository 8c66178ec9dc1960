/* Years of random failures against closed forms.
 *
 * A unit that is up for an exponential time of mean 1/l and down for one of mean 1/m is down at
 * time t, up at first, with probability U(t) = l/(l+m) * (1 - exp(-(l+m)t)); two of them at once
 * with the square of that. So the downtime of a year of one appliance, and of the pair of two that
 * stand in for each other, is known: the 95 % interval holds it in at least 90 of 100 seeds. */
#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "../../../sim/run/campaign_private.h"
#include "routesim/batch/campaign.h"
#include "routesim/check/check.h"
#include "support/effort.h"
#include "support/story.h"

#define SEEDS 100
#define FAILURE_DAYS 20.0
#define REPAIR_DAYS 0.5
#define YEAR_DAYS 365.0
#define MINUTES_OF_A_DAY 1440.0

#define NETWORK                                                                                    \
  "name: x\nduration: 10m\nmodels: [aws]\n"                                                        \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24, vms: 10}, "      \
  "nva: {prefix: 10.0.1.0/24, vms: 0}}}}\n"                                                        \
  "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {a: hub/nva}, "                 \
  "propagate_to: [hub/app]}}}\n"                                                                   \
  "traffic: {d: {from: hub/app, to: dc, flows: 100}}\n"
#define APPLIANCE(name, asn)                                                                       \
  "  " name ": {subnet: hub/nva, asn: " asn ", boot: 0s, peers: {rs: }, "                          \
  "advertise: [{prefix: 192.168.0.0/16}]}\n"
#define ONE                                                                                        \
  NETWORK "nvas:\n" APPLIANCE("fw-a",                                                              \
                              "65010") "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw-a]}}\n"
#define TWO                                                                                        \
  NETWORK "nvas:\n" APPLIANCE("fw-a", "65010")                                                     \
      APPLIANCE("fw-b", "65011") "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw-a, fw-b]}}\n"
#define APPLIANCES_FAIL                                                                            \
  "failures: [{target: fw-a, mtbf: 20d, mttr: 12h, how: crash}, "                                  \
  "{target: fw-b, mtbf: 20d, mttr: 12h, how: crash}]\n"

static CampaignSource source_of(const Design *design, guint number) {
  static const char *const targets[][1] = {{"fw-a"}, {"fw-b"}};
  return (CampaignSource){targets[number][0], design->failures->pdata[number], targets[number], 1,
                          FALSE};
}

/* Minutes of a year in which so many units are all down. */
static double closed_form(guint units) {
  const double l = 1 / FAILURE_DAYS, m = 1 / REPAIR_DAYS, s = l + m, u = l / s;
  const double once = (1 - exp(-s * YEAR_DAYS)) / s, twice = (1 - exp(-2 * s * YEAR_DAYS)) / 2 / s;
  return MINUTES_OF_A_DAY *
         (units == 1 ? u * (YEAR_DAYS - once) : u * u * (YEAR_DAYS - 2 * once + twice));
}

typedef struct {
  double mean, width; /* half of a 95 % interval */
  double weighted;    /* the mean of what all flows share here: nearly the same */
} Estimate;

static Estimate estimate(const Story *story, const CampaignPlan *plan, guint64 seed, guint years) {
  double sum = 0, squares = 0, weighted = 0;
  for (guint i = 0; i < years; i++) {
    const RunOptions options = {
        .seed = seed, .run = i, .liveness_given = TRUE, .liveness = LIVENESS_LAZY};
    const CampaignYear year = campaign_year(story_body(story), cloud_find("aws"), &options, plan);
    const double minutes = year.all / 60;
    sum += minutes;
    squares += minutes * minutes;
    weighted += year.weighted / 60;
    g_free(year.causes);
  }
  const double mean = sum / years;
  return (Estimate){mean,
                    gsl_cdf_tdist_Pinv(0.975, years - 1) *
                        sqrt((squares / years - mean * mean) / (years - 1)),
                    weighted / years};
}

/* In at least 90 of 100 seeds the interval holds it, and their mean is near it. */
static void assert_holds(const Story *story, const CampaignPlan *plan, guint years,
                         double expected) {
  guint covered = 0;
  double sum = 0;
  for (guint64 seed = 1; seed <= SEEDS; seed++) {
    const Estimate found = estimate(story, plan, seed, years);
    covered += fabs(found.mean - expected) <= found.width;
    sum += found.mean;
    cr_assert_leq(fabs(found.weighted - found.mean), 0.01 * found.mean + 1, "%g min by weight, %g",
                  found.weighted, found.mean);
  }
  cr_assert_geq(covered, 90u, "%u of %u intervals hold %g min a year", covered, SEEDS, expected);
  cr_assert_leq(fabs(sum / SEEDS / expected - 1), 0.05, "%g in the mean, not %g", sum / SEEDS,
                expected);
}

static void assert_covers(const char *text, guint units, CampaignMethod method, guint years) {
  g_autoptr(Story) story = story_text(text);
  CampaignSource sources[2];
  const CampaignPlan plan = {sources, units, method};
  for (guint i = 0; i < units; i++)
    sources[i] = source_of(story_body(story), i);
  assert_holds(story, &plan, years, closed_form(units));
}

Test(campaign, the_year_of_one_appliance, .disabled = UNDER_SANITIZERS) {
  assert_covers(ONE "failures: [{target: fw-a, mtbf: 20d, mttr: 12h, how: crash}]\n", 1,
                CAMPAIGN_PLAIN, 30);
}

/* A pair is down together some 270 min a year, in five years of ten. */
Test(campaign, the_year_of_a_pair, .disabled = UNDER_SANITIZERS) {
  assert_covers(TWO APPLIANCES_FAIL, 2, CAMPAIGN_PLAIN, 60);
}

Test(campaign, the_year_of_a_pair_biased, .disabled = UNDER_SANITIZERS) {
  assert_covers(TWO APPLIANCES_FAIL, 2, CAMPAIGN_BIASED, 20);
}

Test(campaign, the_year_of_one_appliance_split, .disabled = UNDER_SANITIZERS) {
  assert_covers(ONE "failures: [{target: fw-a, mtbf: 20d, mttr: 12h, how: crash}]\n", 1,
                CAMPAIGN_SPLIT, 30);
}

Test(campaign, the_year_of_a_pair_split, .disabled = UNDER_SANITIZERS) {
  assert_covers(TWO APPLIANCES_FAIL, 2, CAMPAIGN_SPLIT, 20);
}

/* ---- what is rare ---------------------------------------------------------------------- */

#define SELDOM                                                                                     \
  "failures: [{target: fw-a, mtbf: 200d, mttr: 2h, how: crash}, "                                  \
  "{target: fw-b, mtbf: 200d, mttr: 2h, how: crash}]\n"

/* A repair that takes no time comes after its failure all the same, as often as its law has it. */
Test(campaign, a_law_is_drawn_from_once) {
  static const SimTime values[] = {{0}, {20 * 60 * SIM_SECOND}};
  const Duration duration = {.law = {.kind = DISTRIBUTION_TABLE, .count = 2, .table = values}};
  RandomStream stream = random_stream(1, 0, "repairs"), copy = stream;
  guint long_ones = 0;
  for (guint i = 0; i < 1000; i++) {
    const gint64 drawn = campaign_draw(&duration, &stream);
    const gint64 once = distribution_draw(&duration.law, &copy).ns;
    cr_assert_eq(drawn, MAX(once, 1));
    copy = stream;
    cr_assert_eq(stream.draws, i + 1);
    long_ones += drawn > 1;
  }
  cr_assert(long_ones > 420 && long_ones < 580, "%u", long_ones); /* five deviations of 15.8 */
}

/* Both are down for 0.091 min a year, once in some 650 years: so thirty years of twenty find it in
 * one case of ten. */
Test(campaign, a_pair_that_hardly_ever_is_down) {
  g_autoptr(Story) story = story_text(TWO SELDOM);
  const double u = 2. / (200 * 24 + 2), expected = YEAR_DAYS * MINUTES_OF_A_DAY * u * u;
  const CampaignSource sources[] = {source_of(story_body(story), 0),
                                    source_of(story_body(story), 1)};
  for (guint method = CAMPAIGN_BIASED; method <= CAMPAIGN_SPLIT; method++) {
    const CampaignPlan plan = {sources, 2, (CampaignMethod)method};
    const Estimate found = estimate(story, &plan, 1, 400);
    cr_assert_leq(fabs(found.mean - expected), found.width, "%s: %g, not %g +- %g",
                  campaign_methods[method], found.mean, expected, found.width);
    cr_assert_leq(found.width, 0.3 * expected, "%s: %g +- %g", campaign_methods[method], found.mean,
                  found.width);
  }
}

/* fw-a is taken down for 12 h, for the k-th time after k times 30 days and what the k - 1 before
 * took; both are down where fw-b has failed by then. */
static double closed_form_of_windows(void) {
  const double l = 1 / 200., m = 1 / REPAIR_DAYS, s = l + m, takes = 0.5;
  double days = 0;
  for (guint k = 1; k <= 11; k++) {
    const double from = 30. * k + takes * (k - 1), to = from + takes;
    days += l / s * (to - from - (exp(-s * from) - exp(-s * to)) / s);
  }
  return days * MINUTES_OF_A_DAY;
}

/* Windows lie where they lie in every copy; what fails in them is split. */
Test(campaign, maintenance_split, .disabled = UNDER_SANITIZERS) {
  g_autoptr(Story) story =
      story_text(TWO "failures: [{target: fw-b, mtbf: 200d, mttr: 12h, how: crash}, "
                     "{target: fw-a, maintenance: {every: {table: [30d]}, takes: {table: [12h]}, "
                     "how: crash}}]\n");
  static const char *const a[] = {"fw-a"}, *const b[] = {"fw-b"};
  const GPtrArray *failures = story_body(story)->failures;
  const CampaignSource sources[] = {{"fw-b", failures->pdata[0], b, 1, FALSE},
                                    {"fw-a", failures->pdata[1], a, 1, TRUE}};
  const CampaignPlan plan = {sources, 2, CAMPAIGN_SPLIT};
  assert_holds(story, &plan, 20, closed_form_of_windows());
}

/* The weights of a cycle and of its copies add up to 1, and the year itself is that of
 * CAMPAIGN_PLAIN.
 */
Test(campaign, weights_of_copies_add_up) {
  g_autoptr(Story) story = story_text(TWO APPLIANCES_FAIL);
  const CampaignSource sources[] = {source_of(story_body(story), 0),
                                    source_of(story_body(story), 1)};
  const CampaignPlan split = {sources, 2, CAMPAIGN_SPLIT}, plain = {sources, 2, CAMPAIGN_PLAIN};
  guint apart = 0;
  for (guint run = 0; run < 100; run++) {
    const RunOptions options = {.seed = 1, .run = run};
    GArray *years = campaign_draw_year(&options, &split);
    GArray *alone = campaign_draw_year(&options, &plain);
    const YearDraw *year = &g_array_index(years, YearDraw, 0);
    const YearDraw *other = &g_array_index(alone, YearDraw, 0);
    double sum = 0;
    for (guint i = 0; i < years->len; i++) {
      const GArray *weights = g_array_index(years, YearDraw, i).weights;
      for (guint j = 0; j < weights->len; j++)
        sum += g_array_index(weights, double, j);
    }
    cr_assert(fabs(sum - year->weights->len) < 1e-9, "year %u: %g, not %u", run, sum,
              year->weights->len);
    cr_assert_eq(year->moments->len, other->moments->len);
    for (guint i = 0; i < year->moments->len; i++)
      cr_assert_eq(g_array_index(year->moments, Moment, i).at,
                   g_array_index(other->moments, Moment, i).at);
    apart += years->len > 2;
    campaign_draw_free(years);
    campaign_draw_free(alone);
  }
  cr_assert_gt(apart, 0u, "no copy was cut by the end of its year");
}

/* ---- what is drawn -------------------------------------------------------------------- */

static Campaign *campaign_of(const char *text, ScenarioFile **file, const BatchOptions *options) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  *file = check_read("x.yaml", g_strdup(text), strlen(text), NULL, 0, diagnostics);
  g_autoptr(GString) wrong = g_string_new(NULL);
  diagnostics_append(diagnostics, FALSE, wrong);
  cr_assert_eq(diagnostics_errors(diagnostics), 0, "%s", wrong->str);
  Campaign *campaign = campaign_new(file, 1, CAMPAIGN_PLAIN, options);
  g_autoptr(GError) error = NULL;
  cr_assert(campaign_run(campaign, 0, campaign_count(campaign), &error));
  return campaign;
}

/* By what follows from the years: availability, nines, and failures by the renewal theorem. */
Test(campaign, estimates_follow_from_years) {
  const BatchOptions options = {.jobs = 2, .runs = 200};
  ScenarioFile *file;
  g_autoptr(Campaign) campaign = campaign_of(
      ONE "failures: [{target: fw-a, mtbf: 20d, mttr: 12h, how: crash}]\n", &file, &options);
  const CampaignCell *cell = campaign_cell(campaign, 0);
  const CampaignEstimate down = campaign_estimate(cell, CAMPAIGN_DOWNTIME_WEIGHTED);
  const CampaignEstimate share = campaign_estimate(cell, CAMPAIGN_AVAILABILITY);
  const CampaignEstimate nines = campaign_estimate(cell, CAMPAIGN_NINES);
  const CampaignEstimate failures = campaign_estimate(cell, CAMPAIGN_FAILURES);
  cr_assert(fabs(share.estimate - (1 - down.estimate / 525600)) < 1e-12);
  cr_assert(fabs(share.low - (1 - down.high / 525600)) < 1e-12);
  cr_assert(fabs(nines.estimate + log10(down.estimate / 525600)) < 1e-12);
  const double expected = YEAR_DAYS / (FAILURE_DAYS + REPAIR_DAYS);
  cr_assert_leq(fabs(failures.estimate - expected), 1.0, "%g failures, not %g", failures.estimate,
                expected);
  g_autoptr(GArray) causes = campaign_causes(cell);
  cr_assert_eq(causes->len, 1u);
  cr_assert(fabs(g_array_index(causes, CampaignCause, 0).weighted / 60 / 200 - down.estimate) <
            1e-9);
  scenario_file_free(file);
}

/* What a watcher is told at the end is the width of the interval, and before there are two years
 * nothing. */
Test(campaign, the_width_so_far_is_that_of_the_years_that_ended) {
  const BatchOptions options = {.jobs = 2, .runs = 50}, one = {.jobs = 1, .runs = 1};
  ScenarioFile *file, *other;
  g_autoptr(Campaign) campaign = campaign_of(
      ONE "failures: [{target: fw-a, mtbf: 20d, mttr: 12h, how: crash}]\n", &file, &options);
  const CampaignEstimate down =
      campaign_estimate(campaign_cell(campaign, 0), CAMPAIGN_DOWNTIME_WEIGHTED);
  const double width = campaign_width_so_far(campaign);
  cr_expect(fabs(width - (down.high - down.low)) < 1e-6 * width, "%g, not %g", width,
            down.high - down.low);
  g_autoptr(Campaign) year = campaign_of(
      ONE "failures: [{target: fw-a, mtbf: 20d, mttr: 12h, how: crash}]\n", &other, &one);
  cr_expect(isnan(campaign_width_so_far(year)));
  scenario_file_free(file);
  scenario_file_free(other);
}

/* Variants share their luck: the same design has the same years, and no difference at all. */
Test(campaign, variants_share_their_luck) {
  const BatchOptions options = {.jobs = 1, .runs = 20};
  ScenarioFile *file;
  g_autoptr(Campaign) campaign = campaign_of(
      TWO APPLIANCES_FAIL "variants: {twin: {traffic.d.reconnect: 1s}}\n", &file, &options);
  cr_assert_eq(campaign_count(campaign), 2u);
  const CampaignEstimate difference =
      campaign_difference(campaign_cell(campaign, 1), campaign_cell(campaign, 0));
  cr_assert_eq(difference.estimate, 0);
  cr_assert_eq(difference.low, 0);
  cr_assert_gt(campaign_estimate(campaign_cell(campaign, 0), CAMPAIGN_DOWNTIME_ALL).estimate, 0);
  scenario_file_free(file);
}

/* Two are taken down one after the other, and with enough of a pause nobody notices; together both
 * are gone for as long as it takes: twelve windows of 20 min in a year of 365 days, every 30 days.
 */
Test(campaign, maintenance) {
  static const char *const orders[] = {"one-by-one", "together"};
  const BatchOptions options = {.jobs = 1, .runs = 2};
  for (guint i = 0; i < G_N_ELEMENTS(orders); i++) {
    ScenarioFile *file;
    g_autofree char *text = g_strdup_printf("%sfailures: [{target: \"fw-*\", maintenance: {every: "
                                            "30d, takes: 20m, how: crash, order: %s}}]\n",
                                            TWO, orders[i]);
    g_autoptr(Campaign) campaign = campaign_of(text, &file, &options);
    const double down =
        campaign_estimate(campaign_cell(campaign, 0), CAMPAIGN_DOWNTIME_ALL).estimate;
    if (i == 0)
      cr_assert_leq(down, 1.0, "one by one: %g min", down);
    else
      cr_assert(down >= 12 * 20.0 && down <= 12 * 20.0 * 1.1, "together: %g min", down);
    scenario_file_free(file);
  }
}
