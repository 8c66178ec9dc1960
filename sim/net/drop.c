/* Why packets do not arrive; see the header. */
#include "routesim/net/drop.h"

#include "routesim/net/fabric.h"

#define REASON(word, text)                                                                         \
  { .name = word, .label = DROPPED word, .meaning = (text) }
static const struct {
  const char *name, *label, *meaning;
} reasons[DROP_REASONS] = {
    [DROP_NO_ROUTE] =
        REASON("no-route",
               "no route covers the destination; or the other end was never reached, so there is "
               "nothing to answer over"),
    [DROP_NEXT_HOP_DOWN] = REASON(
        "next-hop-down", "the route points at an appliance or gateway that does not forward"),
    [DROP_NEXT_HOP_PASSIVE] =
        REASON("next-hop-passive", "the route points at a passive member of a cluster"),
    [DROP_BLACKHOLE] =
        REASON("blackhole",
               "the route says to drop: `via: none`, or the cloud's routes for private ranges "
               "outside the network"),
    [DROP_LINK_DOWN] = REASON("link-down", "the link between an element and the site is cut"),
    [DROP_SITE_DOWN] = REASON("site-down", "the site's own router does not work"),
    [DROP_LOOP] =
        REASON("loop", "an element, but for a transit gateway, would pass the packet twice"),
    [DROP_TOO_MANY_HOPS] = REASON("too-many-hops", "more than 8 elements"),
    [DROP_ASYMMETRIC] = REASON(
        "asymmetric",
        "both directions would arrive, but through different firewalls, so the session never "
        "opens"),
    [DROP_NOT_ANNOUNCED] = REASON(
        "not-announced", "site to site: no element with a working link knows of the other site"),
    [DROP_SOURCE_DEST_CHECK] =
        REASON("source-dest-check",
               "the appliance's network interface has the source/destination check on"),
    [DROP_NOT_ATTACHED] =
        REASON("not-attached", "sent to a transit gateway that the network is not attached to"),
    [DROP_NO_ATTACHMENT_IN_ZONE] =
        REASON("no-attachment-in-zone",
               "sent to a transit gateway from, or by, a zone without an attachment"),
    [DROP_HOST_DOWN] =
        REASON("host-down", "the hosts at one end have no power, or are cut off with their zone"),
    [DROP_NO_BACKEND] = REASON("no-backend", "no backend of the load balancer lives"),
    [DROP_NO_HEALTHY_MEMBER] = REASON(
        "no-healthy-member", "the load balancer has no member that its health check calls healthy"),
    [DROP_CAPACITY] = REASON(
        "capacity",
        "more than an appliance or gateway can pass (`capacity`): the flows stand with their "
        "way, only bits are here"),
    [DROP_TUNNEL_DOWN] =
        REASON("tunnel-down", "the table of the subnet does not reach the far end of the tunnel"),
    [DROP_NO_SUCH_NEXT_HOP] =
        REASON("no-such-next-hop", "the route's next hop is an address where nothing stands"),
    [DROP_NEXT_HOP_IS_A_HOST] = REASON(
        "next-hop-is-a-host", "the route's next hop is an address of hosts, which pass nothing on"),
    [DROP_NOT_ON_INTERNET] =
        REASON("not-on-internet",
               "sent to the Internet, but the destination is private or somewhere else"),
    [DROP_NOT_TRANSLATED] = REASON(
        "not-translated",
        "sent to the Internet, or from there, by who has no address of its own there that the"
        " way out or in translates"),
    [DROP_NEXT_HOP_OUT_OF_REACH] = REASON(
        "next-hop-out-of-reach",
        "the route's next hop stands in another network, or in a part of it, that no peering "
        "joins to this one"),
    [DROP_PEERING_REFUSES] = REASON(
        "peering-refuses",
        "the peering does not carry it: not made yet, or without this range, or it comes from"
        " beyond the network on this side"),
    [DROP_NO_HOST] = REASON(
        "no-host",
        "the destination is an address of the network that no host, appliance or gateway has"),
};

const char *drop_reason_name(DropReason reason) { return reasons[reason].name; }
const char *drop_reason_label(DropReason reason) { return reasons[reason].label; }
const char *drop_reason_meaning(DropReason reason) { return reasons[reason].meaning; }

gboolean drop_place_is(DropPlace a, DropPlace b) {
  return a.kind == b.kind && a.thing == b.thing &&
         (a.thing != NULL || g_strcmp0(a.name, b.name) == 0);
}

DropPlace drop_at_table(const RouteTable *table) {
  return (DropPlace){AT_TABLE, table, route_table_name(table)};
}

DropPlace drop_at_element(const Element *element) {
  return (DropPlace){AT_ELEMENT, element, element_name(element)};
}

DropPlace drop_at_link(const NetNode *node) {
  return (DropPlace){AT_LINK, node, net_node_name(node)};
}

DropPlace drop_at_balancer(const Balancer *balancer) {
  return (DropPlace){AT_BALANCER, balancer, balancer_name(balancer)};
}

DropPlace drop_at_site(const Site *site) { return (DropPlace){AT_SITE, site, site_name(site)}; }

DropPlace drop_at_subnet(const Subnet *subnet) {
  return (DropPlace){AT_SUBNET, subnet, subnet_name(subnet)};
}

DropPlace drop_at_network(const Network *network) {
  return (DropPlace){AT_NETWORK, network, network_name(network)};
}
