/* What people use on Azure in place of a route server: an internal load balancer with HA ports
 * in front of the appliances, or a script that replaces user routes. Facts: AZ-10.1 to AZ-10.6. */
#include "azure_private.h"

#include "routesim/cloud/failover.h"

#define BALANCER(name) G_STRUCT_OFFSET(LoadBalancerConfig, name)
#define API(name) G_STRUCT_OFFSET(ApiFailoverConfig, name)

static const KeySpec load_balancer_specs[] = {
    {"probe", KEY_DURATION, KEY_ONE, BALANCER(interval), 0, "5s", BASIS_DOCUMENTED,
     "AZ-10.1, AZ-13.8, AZ-14.19", "interval of the health probe: at least 5s", 0},
    {"timeout", KEY_DURATION, KEY_ONE, BALANCER(timeout), 0, "0s", BASIS_ASSUMED, "AZ-10.3",
     "from a probe without an answer until that counts as a miss", 0},
    {"threshold", KEY_COUNT, KEY_ONE, BALANCER(unhealthy), 0, "3", BASIS_DOCUMENTED,
     "AZ-10.2, AZ-10.3, AZ-13.9, AZ-14.19", "misses in a row until a member is down", .least = 1,
     .most = 100},
    {"recovery_threshold", KEY_COUNT, KEY_ONE, BALANCER(healthy), 0, "3", BASIS_ASSUMED, "AZ-10.2",
     "answers in a row until a member is up again", .least = 1, .most = 100},
    {"existing_flows", KEY_CHOICE, KEY_ONE, BALANCER(existing_flows), 0, "stay", BASIS_DOCUMENTED,
     "AZ-10.4, AZ-14.20",
     "established TCP of a member that is down: stay (pinned to it until it ends), or move",
     .choices = load_balancer_flows},
    {"existing_udp", KEY_CHOICE, KEY_ONE, BALANCER(existing_udp), 0, "move", BASIS_DOCUMENTED,
     "AZ-10.4", "the same for UDP: stay, or move to where new flows go",
     .choices = load_balancer_flows},
    {"flap_window", KEY_DURATION, KEY_ONE, BALANCER(flap_window), 0, "5m", BASIS_ASSUMED, "AZ-10.7",
     "a member that was lost n times within it needs n times as many answers to be up again", 0},
    {"all_down", KEY_CHOICE, KEY_ONE, BALANCER(all_down), 0, "drop", BASIS_DOCUMENTED, "AZ-10.4",
     "new flows when every member is down: drop, or open (as if all were up)",
     .choices = load_balancer_all_down},
    {"cross_zone", KEY_BOOL, KEY_ONE, BALANCER(cross_zone), 0, "on", BASIS_DOCUMENTED, "AZ-10.5",
     "members of every zone take flows; one rule for all ports and protocols", 0},
};
const KeyTable azure_load_balancer_keys =
    KEY_TABLE("load_balancer.azure", LoadBalancerConfig, load_balancer_specs);

static const KeySpec api_specs[] = {
    {"trigger", KEY_CHOICE, KEY_ONE, API(trigger), 0, "poll", BASIS_NONE, "AZ-10.8, AZ-10.11",
     "poll: a function polls the appliances; device: they watch each other and call themselves",
     .choices = api_triggers},
    {"poll", KEY_DURATION, KEY_ONE, API(poll), 0, "10s", BASIS_ASSUMED, "AZ-13.10",
     "how often the script polls an appliance", 0},
    {"timeout", KEY_DURATION, KEY_ONE, API(timeout), 0, "0s", BASIS_ASSUMED, "AZ-13.10",
     "from a poll without an answer until that counts as a miss", 0},
    {"failures", KEY_COUNT, KEY_ONE, API(failures), 0, "3", BASIS_ASSUMED, "AZ-13.10",
     "misses in a row until it acts", .least = 1, .most = 100},
    {"successes", KEY_COUNT, KEY_ONE, API(successes), 0, "3", BASIS_ASSUMED, "AZ-13.10",
     "answers in a row until an appliance is good again", .least = 1, .most = 100},
    {"heartbeat", KEY_DURATION, KEY_ONE, API(heartbeat), 0, "1s", BASIS_ASSUMED, "AWS-12.22",
     "device: interval of the heartbeats between two appliances", 0},
    {"misses", KEY_COUNT, KEY_ONE, API(misses), 0, "3", BASIS_ASSUMED, "AWS-12.22",
     "device: heartbeats in a row that an appliance misses until it acts", .least = 1, .most = 255},
    {"call", KEY_DURATION, KEY_ONE, API(call), 0, "0s", BASIS_ASSUMED, "AZ-10.8",
     "until the API has taken the call; 0: part of `propagate`", 0},
    {"propagate", KEY_DURATION, KEY_ONE, API(propagate), 0, "uniform 10s 60s", BASIS_ASSUMED,
     "AZ-10.8, AZ-11.8", "from there until a user route is in force, one draw for each call", 0},
    {"preempt", KEY_BOOL, KEY_ONE, API(preempt), 0, "off", BASIS_ASSUMED, "AZ-10.8",
     "back to the preferred appliance when it is good again", 0},
};
const KeyTable azure_api_failover_keys =
    KEY_TABLE("api_failover.azure", ApiFailoverConfig, api_specs);
