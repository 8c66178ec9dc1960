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
     .fact = "AZ-10.3", .doc = "from a probe without an answer until that counts as a miss",
     .low = "0s", .high = "5s",
     .why = "AZ-10.3: three probes of 5 s usually take 10 to 15 s, so a miss counts at once, or at "
            "the latest when the next probe goes out"},
    {"threshold", KEY_COUNT, KEY_ONE, BALANCER(unhealthy), .fallback = "3",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-10.2, AZ-10.3, AZ-13.9, AZ-14.19",
     .doc = "misses in a row until a member is down", .least = 1, .most = 100},
    {"recovery_threshold", KEY_COUNT, KEY_ONE, BALANCER(healthy), .fallback = "3",
     .basis = BASIS_ASSUMED, .fact = "AZ-10.2",
     .doc = "answers in a row until a member is up again", .low = "1", .high = "3",
     .why = "AZ-10.2, AZ-13.9: from the one probe of a concept page to the three that are usual",
     .least = 1, .most = 100},
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
     .doc = "a member that was lost n times within it needs n times as many answers to be up again",
     .low = "1m", .high = "30m",
     .why = "judgement: the waiting has no number (AZ-10.7): within less than 1 min a member is "
            "hardly lost twice, and losses half an hour apart are no flapping."},
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
     .fact = "AZ-13.10", .doc = "how often the script polls an appliance", .low = "5s",
     .high = "60s",
     .why = "judgement: the load balancer's own probes come every 5 s at the fastest (AZ-10.1), "
            "and a function that a timer starts polls once a minute at the slowest."},
    {"timeout", KEY_DURATION, KEY_ONE, API(timeout), .fallback = "0s", .basis = BASIS_ASSUMED,
     .fact = "AZ-13.10", .doc = "from a poll without an answer until that counts as a miss",
     .low = "0s", .high = "5s",
     .why = "judgement: a refused connection is known at once, and between polls of 5 s to 10 s a "
            "script waits for some 5 s at the most."},
    {"failures", KEY_COUNT, KEY_ONE, API(failures), .fallback = "3", .basis = BASIS_ASSUMED,
     .fact = "AZ-13.10", .doc = "misses in a row until it acts", .low = "1", .high = "5",
     .why = "judgement: one miss is the least that there is, and more than five polls of 10 s take "
            "longer than the change that they start (AZ-13.10).",
     .least = 1, .most = 100},
    {"successes", KEY_COUNT, KEY_ONE, API(successes), .fallback = "3", .basis = BASIS_ASSUMED,
     .fact = "AZ-13.10", .doc = "answers in a row until an appliance is good again", .low = "1",
     .high = "5",
     .why = "judgement: one answer is the least that there is, and five is the most that load "
            "balancers come with.",
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
     .fact = "AZ-10.8", .doc = "until the API has taken the call; 0: part of `propagate`",
     .low = "0s", .high = "10s",
     .why = "judgement: at 0 it is part of `propagate`, and in one setup the routes had changed "
            "within 10 s of the call (AZ-10.11)."},
    {"propagate", KEY_DURATION, KEY_ONE, API(propagate), .fallback = "uniform 10s 60s",
     .basis = BASIS_ASSUMED, .fact = "AZ-10.8, AZ-11.8",
     .doc = "from there until a user route is in force, one draw for each call", .low = "10s",
     .high = "120s", .why = "AZ-13.10: from a lab's least to Microsoft's most"},
    {"preempt", KEY_BOOL, KEY_ONE, API(preempt), .fallback = "off", .basis = BASIS_ASSUMED,
     .fact = "AZ-10.8", .doc = "back to the preferred appliance when it is good again",
     .low = "off", .high = "on",
     .why = "judgement: scripts of either kind are in use: some go back at once to what they "
            "prefer, others leave that to people."},
};
const KeyTable azure_api_failover_keys =
    KEY_TABLE("api_failover.azure", ApiFailoverConfig, api_specs);
