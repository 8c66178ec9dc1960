/* What people use on Azure in place of a route server: an internal load balancer with HA ports
 * in front of the appliances, or a script that replaces user routes. Facts: AZ-10.1 to AZ-10.6. */
#include "azure_private.h"

#include "routesim/cloud/failover.h"

#define BALANCER(name) G_STRUCT_OFFSET(LoadBalancerConfig, name)
#define API(name) G_STRUCT_OFFSET(ApiFailoverConfig, name)

static const KeySpec load_balancer_specs[] = {
    {"probe", KEY_DURATION, KEY_ONE, BALANCER(interval), .fallback = "5s",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-10.1, AZ-13.8, AZ-14.19",
     .doc = "interval of the health probe: at least 5s"},
    {"timeout", KEY_DURATION, KEY_ONE, BALANCER(timeout), .fallback = "0s", .basis = BASIS_ASSUMED,
     .fact = "AZ-10.3", .doc = "from a probe without an answer until that counts as a miss"},
    {"threshold", KEY_COUNT, KEY_ONE, BALANCER(unhealthy), .fallback = "3",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-10.2, AZ-10.3, AZ-13.9, AZ-14.19",
     .doc = "misses in a row until a member is down", .least = 1, .most = 100},
    {"recovery_threshold", KEY_COUNT, KEY_ONE, BALANCER(healthy), .fallback = "3",
     .basis = BASIS_ASSUMED, .fact = "AZ-10.2",
     .doc = "answers in a row until a member is up again", .least = 1, .most = 100},
    {"existing_flows", KEY_CHOICE, KEY_ONE, BALANCER(existing_flows), .fallback = "stay",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-10.4, AZ-14.20",
     .doc = "established TCP of a member that is down: stay (pinned to it until it ends), or move",
     .choices = load_balancer_flows},
    {"existing_udp", KEY_CHOICE, KEY_ONE, BALANCER(existing_udp), .fallback = "move",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-10.4",
     .doc = "the same for UDP: stay, or move to where new flows go",
     .choices = load_balancer_flows},
    {"flap_window", KEY_DURATION, KEY_ONE, BALANCER(flap_window), .fallback = "5m",
     .basis = BASIS_ASSUMED, .fact = "AZ-10.7",
     .doc =
         "a member that was lost n times within it needs n times as many answers to be up again"},
    {"all_down", KEY_CHOICE, KEY_ONE, BALANCER(all_down), .fallback = "drop",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-10.4",
     .doc = "new flows when every member is down: drop, or open (as if all were up)",
     .choices = load_balancer_all_down},
    {"cross_zone", KEY_BOOL, KEY_ONE, BALANCER(cross_zone), .fallback = "on",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-10.5",
     .doc = "members of every zone take flows; one rule for all ports and protocols"},
};
const KeyTable azure_load_balancer_keys =
    KEY_TABLE("load_balancer.azure", LoadBalancerConfig, load_balancer_specs);

static const KeySpec api_specs[] = {
    {"trigger", KEY_CHOICE, KEY_ONE, API(trigger), .fallback = "poll", .fact = "AZ-10.8, AZ-10.11",
     .doc =
         "poll: a function polls the appliances; device: they watch each other and call themselves",
     .choices = api_triggers},
    {"poll", KEY_DURATION, KEY_ONE, API(poll), .fallback = "10s", .basis = BASIS_ASSUMED,
     .fact = "AZ-13.10", .doc = "how often the script polls an appliance"},
    {"timeout", KEY_DURATION, KEY_ONE, API(timeout), .fallback = "0s", .basis = BASIS_ASSUMED,
     .fact = "AZ-13.10", .doc = "from a poll without an answer until that counts as a miss"},
    {"failures", KEY_COUNT, KEY_ONE, API(failures), .fallback = "3", .basis = BASIS_ASSUMED,
     .fact = "AZ-13.10", .doc = "misses in a row until it acts", .least = 1, .most = 100},
    {"successes", KEY_COUNT, KEY_ONE, API(successes), .fallback = "3", .basis = BASIS_ASSUMED,
     .fact = "AZ-13.10", .doc = "answers in a row until an appliance is good again", .least = 1,
     .most = 100},
    {"heartbeat", KEY_DURATION, KEY_ONE, API(heartbeat), .fallback = "1s", .basis = BASIS_ASSUMED,
     .fact = "AWS-12.22", .doc = "device: interval of the heartbeats between two appliances"},
    {"misses", KEY_COUNT, KEY_ONE, API(misses), .fallback = "3", .basis = BASIS_ASSUMED,
     .fact = "AWS-12.22",
     .doc = "device: heartbeats in a row that an appliance misses until it acts", .least = 1,
     .most = 255},
    {"call", KEY_DURATION, KEY_ONE, API(call), .fallback = "0s", .basis = BASIS_ASSUMED,
     .fact = "AZ-10.8", .doc = "until the API has taken the call; 0: part of `propagate`"},
    {"propagate", KEY_DURATION, KEY_ONE, API(propagate), .fallback = "uniform 10s 60s",
     .basis = BASIS_ASSUMED, .fact = "AZ-10.8, AZ-11.8",
     .doc = "from there until a user route is in force, one draw for each call"},
    {"preempt", KEY_BOOL, KEY_ONE, API(preempt), .fallback = "off", .basis = BASIS_ASSUMED,
     .fact = "AZ-10.8", .doc = "back to the preferred appliance when it is good again"},
};
const KeyTable azure_api_failover_keys =
    KEY_TABLE("api_failover.azure", ApiFailoverConfig, api_specs);
