/* What people use on AWS in place of a route server: a Gateway Load Balancer with an endpoint in
 * each zone, or a function that replaces routes. Facts: AWS-11.9 to AWS-11.11, AWS-11.13. */
#include "aws_private.h"

#include "routesim/cloud/failover.h"

#define BALANCER(name) G_STRUCT_OFFSET(LoadBalancerConfig, name)
#define API(name) G_STRUCT_OFFSET(ApiFailoverConfig, name)

static const KeySpec load_balancer_specs[] = {
    {"interval", KEY_DURATION, KEY_ONE, BALANCER(interval), .fallback = "10s",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-11.9", .doc = "interval of the health check"},
    {"timeout", KEY_DURATION, KEY_ONE, BALANCER(timeout), .fallback = "5s",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-11.9",
     .doc = "from a check without an answer until that counts as a miss"},
    {"unhealthy", KEY_COUNT, KEY_ONE, BALANCER(unhealthy), .fallback = "2",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-11.9",
     .doc = "misses in a row until a target is unhealthy", .least = 1, .most = 100},
    {"healthy", KEY_COUNT, KEY_ONE, BALANCER(healthy), .fallback = "5", .basis = BASIS_DOCUMENTED,
     .fact = "AWS-11.9", .doc = "answers in a row until a target is healthy again", .least = 1,
     .most = 100},
    {"existing_flows", KEY_CHOICE, KEY_ONE, BALANCER(existing_flows), .fallback = "stay",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-11.10",
     .doc = "flows of a target that failed: stay with it, or move (`rebalance`)",
     .choices = load_balancer_flows},
    {"deregistration_delay", KEY_DURATION, KEY_ONE, BALANCER(deregistration_delay),
     .fallback = "300s", .basis = BASIS_DOCUMENTED, .fact = "AWS-11.13",
     .doc = "with `existing_flows: move`: from taking a target out (`drain`) until its open "
            "sessions move"},
    {"flow_sync", KEY_DURATION, KEY_ONE, BALANCER(flow_sync), .fallback = "60s",
     .basis = BASIS_MEASURED, .fact = "AWS-12.18",
     .doc = "... and from there until they have moved: an example took 120s with a delay of 60s",
     .low = "10s", .high = "120s",
     .why = "judgement: the one example leaves about 60 s (AWS-12.18); the flows hardly move "
            "sooner than one health check of 10 s (AWS-11.9), and hardly take twice as long."},
    {"all_down", KEY_CHOICE, KEY_ONE, BALANCER(all_down), .fallback = "open",
     .basis = BASIS_MEASURED, .fact = "AWS-11.11",
     .doc = "when every target of the zone is unhealthy: drop, or open (as if all were healthy)",
     .low = "drop", .high = "open",
     .why = "judgement: a vendor tells that it is open (AWS-11.11), and a load balancer of another "
            "cloud drops what is new.",
     .choices = load_balancer_all_down},
    {"cross_zone", KEY_BOOL, KEY_ONE, BALANCER(cross_zone), .fallback = "off",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-11.11",
     .doc = "targets of other zones take flows too"},
};
const KeyTable aws_load_balancer_keys =
    KEY_TABLE("load_balancer.aws", LoadBalancerConfig, load_balancer_specs);

static const KeySpec api_specs[] = {
    {"trigger", KEY_CHOICE, KEY_ONE, API(trigger), .fallback = "poll",
     .fact = "AWS-12.15, AWS-12.22",
     .doc =
         "poll: a function polls the appliances; device: they watch each other and call themselves",
     .choices = api_triggers},
    {"poll", KEY_DURATION, KEY_ONE, API(poll), .fallback = "60s", .basis = BASIS_DOCUMENTED,
     .fact = "AWS-12.15", .doc = "how often the function checks an appliance"},
    {"timeout", KEY_DURATION, KEY_ONE, API(timeout), .fallback = "5s", .basis = BASIS_ASSUMED,
     .fact = "AWS-12.15", .doc = "from a check without an answer until that counts as a miss",
     .low = "1s", .high = "10s",
     .why = "judgement: a function that checks once a minute (AWS-12.15) waits at least 1 s for an "
            "answer from another zone, and hardly longer than twice the 5.5 s of one log "
            "(AWS-12.21)."},
    {"failures", KEY_COUNT, KEY_ONE, API(failures), .fallback = "1", .basis = BASIS_ASSUMED,
     .fact = "AWS-12.15", .doc = "misses in a row until it acts", .low = "1", .high = "3",
     .why = "judgement: one miss is the least that there is, and with one check a minute "
            "(AWS-12.15) more than three take longer than people wait.",
     .least = 1, .most = 100},
    {"successes", KEY_COUNT, KEY_ONE, API(successes), .fallback = "1", .basis = BASIS_ASSUMED,
     .fact = "AWS-12.15", .doc = "answers in a row until an appliance is good again", .low = "1",
     .high = "5",
     .why = "judgement: one answer is the least that there is, and five is what AWS's load "
            "balancers ask for (AWS-11.9).",
     .least = 1, .most = 100},
    {"heartbeat", KEY_DURATION, KEY_ONE, API(heartbeat), .fallback = "1s", .basis = BASIS_ASSUMED,
     .fact = "AWS-12.22", .doc = "device: interval of the heartbeats between two appliances",
     .low = "200ms", .high = "2s",
     .why = "judgement: clusters of appliances beat every 0.2 s at the fastest in use, and every 1 "
            "s to 2 s where a cloud's network may jitter."},
    {"misses", KEY_COUNT, KEY_ONE, API(misses), .fallback = "3", .basis = BASIS_ASSUMED,
     .fact = "AWS-12.22",
     .doc = "device: heartbeats in a row that an appliance misses until it acts", .low = "2",
     .high = "10",
     .why = "judgement: two is the least that outlives one lost heartbeat, and vendors go up to "
            "about ten in clouds, so that a pause of the host moves nothing.",
     .least = 1, .most = 255},
    {"call", KEY_DURATION, KEY_ONE, API(call), .fallback = "0s", .basis = BASIS_ASSUMED,
     .fact = "AWS-12.16", .doc = "until the API has taken the call; 0: part of `propagate`",
     .low = "0s", .high = "740ms",
     .why = "AWS-12.21: from the decision to a replaced route in one log; at 0 it is part of "
            "`propagate`"},
    {"propagate", KEY_DURATION, KEY_ONE, API(propagate), .fallback = "uniform 500ms 5500ms",
     .basis = BASIS_ASSUMED, .fact = "AWS-7.2, AWS-7.3",
     .doc = "from there until a route table carries traffic anew; as the route server",
     .low = "500ms", .high = "20s",
     .why = "judgement: a route that a script replaces is in force no sooner than one of the route "
            "server (AWS-7.4: 0.5 s), and no later than the 20 s from which a vendor counts the "
            "move of an interface (AWS-12.12)."},
    {"preempt", KEY_BOOL, KEY_ONE, API(preempt), .fallback = "off", .basis = BASIS_ASSUMED,
     .fact = "AWS-12.16", .doc = "back to the preferred appliance when it is good again",
     .low = "off", .high = "on",
     .why = "judgement: scripts of either kind are in use: some go back at once to what they "
            "prefer, others leave that to people."},
};
const KeyTable aws_api_failover_keys = KEY_TABLE("api_failover.aws", ApiFailoverConfig, api_specs);
