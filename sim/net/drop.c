/* Why packets do not arrive; see the header. */
#include "routesim/net/drop.h"

#include <string.h>

static const DropReason reasons[] = {
    {DROP_NO_ROUTE,
     "no route covers the destination; or the other end was never reached, so there is "
     "nothing to answer over"},
    {DROP_NEXT_HOP_DOWN, "the route points at an appliance or gateway that does not forward"},
    {DROP_NEXT_HOP_PASSIVE, "the route points at a passive member of a cluster"},
    {DROP_BLACKHOLE,
     "the route says to drop: `via: none`, or the cloud's routes for private ranges outside "
     "the network (AZ-6.6)"},
    {DROP_LINK_DOWN, "the link between an element and the site is cut"},
    {DROP_SITE_DOWN, "the site's own router does not work"},
    {DROP_LOOP, "an element, but for a transit gateway, would pass the packet twice"},
    {DROP_TOO_MANY_HOPS, "more than 8 elements"},
    {DROP_ASYMMETRIC,
     "both directions would arrive, but through different firewalls, so the session never "
     "opens"},
    {DROP_NOT_ANNOUNCED, "site to site: no element with a working link knows of the other site"},
    {DROP_SOURCE_DEST_CHECK,
     "the appliance's network interface has the source/destination check on"},
    {DROP_NOT_ATTACHED, "sent to a transit gateway that the network is not attached to"},
    {DROP_NO_ATTACHMENT_IN_ZONE,
     "sent to a transit gateway from, or by, a zone without an attachment"},
    {DROP_HOST_DOWN, "the hosts at one end have no power, or are cut off with their zone"},
    {DROP_NO_BACKEND, "no backend of the load balancer lives"},
    {DROP_NO_HEALTHY_MEMBER,
     "the load balancer has no member that its health check calls healthy (AZ-10.4)"},
    {DROP_CAPACITY,
     "more than an appliance or gateway can pass (`capacity`): the flows stand with their "
     "way, only bits are here"},
    {DROP_TUNNEL_DOWN, "the table of the subnet does not reach the far end of the tunnel"},
    {DROP_NO_SUCH_NEXT_HOP, "the route's next hop is an address where nothing stands"},
    {DROP_NEXT_HOP_IS_A_HOST, "the route's next hop is an address of hosts, which pass nothing on"},
    {DROP_NOT_ON_INTERNET,
     "sent to the Internet, but the destination is private or somewhere else"},
    {DROP_NOT_TRANSLATED,
     "sent to the Internet, or from there, by who has no address of its own there that the "
     "way out or in translates"},
    {DROP_NEXT_HOP_OUT_OF_REACH,
     "the route's next hop stands in another network, or in a part of it, that no peering "
     "joins to this one (AZ-6.23)"},
    {DROP_PEERING_REFUSES,
     "the peering does not carry it: not made yet, or without this range, or it comes from "
     "beyond the network on this side (AZ-6.23)"},
    {DROP_NO_HOST,
     "the destination is an address of the network that no host, appliance or gateway has"},
};

guint drop_reason_count(void) { return G_N_ELEMENTS(reasons); }
const DropReason *drop_reason_at(guint index) { return &reasons[index]; }

gboolean drop_reason_is_known(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(reasons); i++)
    if (strcmp(reasons[i].name, name) == 0)
      return TRUE;
  return FALSE;
}
