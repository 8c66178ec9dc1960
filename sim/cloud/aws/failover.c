/* What people use on AWS in place of a route server: a Gateway Load Balancer with an endpoint in
 * each zone, or a function that replaces routes. Facts: AWS-11.9 to AWS-11.13. */
#include "aws_private.h"

#include "routesim/cloud/failover.h"

#define BALANCER(name) G_STRUCT_OFFSET(LoadBalancerConfig, name)
#define API(name) G_STRUCT_OFFSET(ApiFailoverConfig, name)

static const KeySpec load_balancer_specs[] = {
    {"interval", KEY_DURATION, KEY_ONE, BALANCER(interval), 0, "10s", BASIS_DOCUMENTED, "AWS-11.9",
     "interval of the health check", 0},
    {"timeout", KEY_DURATION, KEY_ONE, BALANCER(timeout), 0, "5s", BASIS_DOCUMENTED, "AWS-11.9",
     "from a check without an answer until that counts as a miss", 0},
    {"unhealthy", KEY_COUNT, KEY_ONE, BALANCER(unhealthy), 0, "2", BASIS_DOCUMENTED, "AWS-11.9",
     "misses in a row until a target is unhealthy", .least = 1, .most = 100},
    {"healthy", KEY_COUNT, KEY_ONE, BALANCER(healthy), 0, "5", BASIS_DOCUMENTED, "AWS-11.9",
     "answers in a row until a target is healthy again", .least = 1, .most = 100},
    {"existing_flows", KEY_CHOICE, KEY_ONE, BALANCER(existing_flows), 0, "stay", BASIS_DOCUMENTED,
     "AWS-11.10, AWS-11.12",
     "flows (by 5-tuple) of a target that failed: stay with it, or move (`rebalance`)",
     .choices = load_balancer_flows},
    {"deregistration_delay", KEY_DURATION, KEY_ONE, BALANCER(deregistration_delay), 0, "300s",
     BASIS_DOCUMENTED, "AWS-11.13",
     "with `existing_flows: move`: from taking a target out (`drain`) until its open sessions move",
     0},
    {"flow_sync", KEY_DURATION, KEY_ONE, BALANCER(flow_sync), 0, "60s", BASIS_MEASURED, "AWS-12.18",
     "... and from there until they have moved: an example took 120s with a delay of 60s", 0},
    {"all_down", KEY_CHOICE, KEY_ONE, BALANCER(all_down), 0, "open", BASIS_MEASURED, "AWS-11.11",
     "when every target of the zone is unhealthy: drop, or open (as if all were healthy)",
     .choices = load_balancer_all_down},
    {"cross_zone", KEY_BOOL, KEY_ONE, BALANCER(cross_zone), 0, "off", BASIS_DOCUMENTED, "AWS-11.11",
     "targets of other zones take flows too", 0},
};
const KeyTable aws_load_balancer_keys =
    KEY_TABLE("load_balancer.aws", LoadBalancerConfig, load_balancer_specs);

static const KeySpec api_specs[] = {
    {"trigger", KEY_CHOICE, KEY_ONE, API(trigger), 0, "poll", BASIS_NONE, "AWS-12.15, AWS-12.22",
     "poll: a function polls the appliances; device: they watch each other and call themselves",
     .choices = api_triggers},
    {"poll", KEY_DURATION, KEY_ONE, API(poll), 0, "60s", BASIS_DOCUMENTED, "AWS-12.15",
     "how often the function checks an appliance", 0},
    {"timeout", KEY_DURATION, KEY_ONE, API(timeout), 0, "5s", BASIS_ASSUMED, "AWS-12.15",
     "from a check without an answer until that counts as a miss", 0},
    {"failures", KEY_COUNT, KEY_ONE, API(failures), 0, "1", BASIS_ASSUMED, "AWS-12.15",
     "misses in a row until it acts", .least = 1, .most = 100},
    {"successes", KEY_COUNT, KEY_ONE, API(successes), 0, "1", BASIS_ASSUMED, "AWS-12.15",
     "answers in a row until an appliance is good again", .least = 1, .most = 100},
    {"heartbeat", KEY_DURATION, KEY_ONE, API(heartbeat), 0, "1s", BASIS_ASSUMED, "AWS-12.22",
     "device: interval of the heartbeats between two appliances", 0},
    {"misses", KEY_COUNT, KEY_ONE, API(misses), 0, "3", BASIS_ASSUMED, "AWS-12.22",
     "device: heartbeats in a row that an appliance misses until it acts", .least = 1, .most = 255},
    {"call", KEY_DURATION, KEY_ONE, API(call), 0, "0s", BASIS_ASSUMED, "AWS-12.16",
     "until the API has taken the call; 0: part of `propagate`", 0},
    {"propagate", KEY_DURATION, KEY_ONE, API(propagate), 0, "uniform 500ms 5500ms", BASIS_ASSUMED,
     "AWS-7.2, AWS-7.3", "from there until a route table carries traffic anew; as the route server",
     0},
    {"preempt", KEY_BOOL, KEY_ONE, API(preempt), 0, "off", BASIS_ASSUMED, "AWS-12.16",
     "back to the preferred appliance when it is good again", 0},
};
const KeyTable aws_api_failover_keys = KEY_TABLE("api_failover.aws", ApiFailoverConfig, api_specs);
