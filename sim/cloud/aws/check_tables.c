/* What AWS refuses of route tables and NAT gateways, with the fact and the way round it. */
#include <string.h>

#include "check.h"
#include "routesim/design/tell.h"

/* A table, and what it is associated with. */
typedef struct {
  DesignCheck *check;
  const DesignRouteTable *table;
  const DesignNetwork *network;
  const DesignGateway *gateway; /* NULL: none */
  DesignHopKind of;             /* DESIGN_HOP_NONE: no gateway */
} TableCheck;

static gboolean is_block(const DesignNetwork *network, Prefix prefix) {
  for (guint i = 0; i < network->prefixes->len; i++)
    if (prefix_equal(((const PrefixValue *)network->prefixes->pdata[i])->value, prefix))
      return TRUE;
  return FALSE;
}

static gboolean is_whole_subnet(const DesignNetwork *network, Prefix prefix) {
  for (guint i = 0; i < network->subnets->len; i++)
    if (prefix_equal(((const DesignSubnet *)network->subnets->pdata[i])->prefix.value, prefix))
      return TRUE;
  return FALSE;
}

/* The table of a gateway takes destinations in the VPC only; a virtual private gateway's takes the
 * same as an internet gateway's, but no IPv6. Facts: AWS-5.15, AWS-5.19, AWS-5.27. */
static void check_gateway_route(const TableCheck *in, const DesignRoute *route, DesignHopKind via) {
  const gboolean internet = in->of == DESIGN_HOP_INTERNET;
  const char *kind = internet ? "an internet gateway" : "a virtual private gateway";
  const char *fact = internet ? "AWS-5.15" : "AWS-5.27";
  const char *whole = internet ? "AWS-5.19" : "AWS-5.27";
  const Prefix to = route->to.value;
  const Mark mark = route->to.mark;
  if (!design_hop_is_interface(via) && via != DESIGN_HOP_LOCAL)
    tell_error(in->check, route->via.mark,
               "in the route table of %s a route goes to a network interface or local (%s)", kind,
               fact);
  if (route->prefix_list.text != NULL)
    tell_error(in->check, mark, "the route table of %s takes no prefix list (%s)", kind, whole);
  if (!internet && to.address.family == IP_V6)
    tell_error(in->check, mark, "the route table of %s takes no IPv6 (%s)", kind, fact);
  if (!design_ranges_cover(in->network->prefixes, to))
    tell_error(in->check, mark, "the route table of %s takes destinations in its VPC only (%s)",
               kind, fact);
  else if (!is_block(in->network, to) && !is_whole_subnet(in->network, to))
    tell_error(in->check, mark,
               "the route table of %s takes a block of the VPC or the range of a subnet, each "
               "whole (%s)",
               kind, whole);
}

/* A route inside the VPC's range has the prefix of a whole subnet, or of one of the blocks, whose
 * local route it replaces. Facts: AWS-5.14, AWS-5.20. */
static void check_subnet_route(const TableCheck *in, const DesignRoute *route, DesignHopKind via) {
  const gboolean block = is_block(in->network, route->to.value);
  if (!design_ranges_cover(in->network->prefixes, route->to.value) ||
      (block && (via == DESIGN_HOP_LOCAL || route->prefix_list.text != NULL)))
    return;
  if (!block && !is_whole_subnet(in->network, route->to.value))
    tell_error(in->check, route->to.mark,
               "a route inside the VPC's own range has the prefix of a whole subnet (AWS-5.14)");
  if (!design_hop_is_interface(via) && via != DESIGN_HOP_NAT)
    tell_error(in->check, route->via.mark,
               block ? "the local route's target is replaced by a network interface or a NAT "
                       "gateway (AWS-5.20)"
                     : "a route inside the VPC's own range goes to a network interface or a NAT "
                       "gateway (AWS-5.14)");
}

/* What stands in another network than the table's is no target. Facts: AWS-8.6. */
static void tell_foreign(const TableCheck *in, const NameRef *via, const DesignHop *hop) {
  if (design_hop_is_interface(hop->kind))
    tell_error(in->check, via->mark,
               "'%s' stands in network '%s': a route goes to network interfaces of its own VPC, "
               "and a peering carries nothing on to a third party (AWS-8.6); use a transit gateway",
               via->text, hop->network);
  else if (hop->kind == DESIGN_HOP_PEERING)
    tell_error(in->check, via->mark,
               "peering '%s' does not join network '%s': a route goes over the peerings of its own "
               "VPC, and these carry nothing on to a third party (AWS-8.6); use a transit gateway",
               via->text, in->network->head.name);
  else
    tell_error(in->check, via->mark,
               "gateway '%s' belongs to network '%s': there is no edge-to-edge routing through "
               "another VPC's gateway (AWS-8.6)",
               via->text, hop->network);
}

/* What a route names belongs to the table's own VPC. Facts: AWS-8.6. */
static void check_target(const TableCheck *in, const NameRef *via, const DesignHop *hop) {
  const char *own = in->network->head.name;
  const char *beyond = design_hop_is_interface(hop->kind) && hop->network == NULL
                           ? cloud_table_hop_beyond(in->check, in->table, via->text)
                           : NULL;
  if (beyond != NULL)
    tell_error(in->check, via->mark,
               "'%s' %s: a route goes to network interfaces of its own VPC (AWS-8.6)", via->text,
               beyond);
  if (hop->kind == DESIGN_HOP_INTERNET && hop->network == NULL)
    tell_error(in->check, via->mark,
               "network '%s' has no internet gateway, and nothing else leads to the Internet "
               "(AWS-5.21): `gateways: {igw: {kind: internet, network: %s}}`",
               own, own);
  if (hop->network != NULL && strcmp(hop->network, own) != 0)
    tell_foreign(in, via, hop);
}

static gboolean is_of_gateway(const TableCheck *in) {
  return in->of == DESIGN_HOP_INTERNET || in->of == DESIGN_HOP_GATEWAY;
}

/* 64:ff9b::/96, whose addresses stand for IPv4 ones (RFC 6052 2.1): all of IPv6 that a NAT gateway
 * translates. */
static gboolean is_translated(Prefix to) {
  Prefix nat64;
  return to.address.family == IP_V4 ||
         (prefix_parse("64:ff9b::/96", &nat64, NULL) && prefix_covers(nat64, to));
}

static void check_route(const TableCheck *in, const DesignRoute *route) {
  const DesignHop hop = design_hop(in->check->design, in->network->head.name, &route->via);
  check_target(in, &route->via, &hop);
  if (hop.kind == DESIGN_HOP_NAT && !is_translated(route->to.value))
    tell_error(in->check, route->to.mark,
               "NAT gateway '%s' takes IPv4, and of IPv6 only 64:ff9b::/96 (NAT64)",
               route->via.text);
  if (is_of_gateway(in))
    check_gateway_route(in, route, hop.kind);
  else
    check_subnet_route(in, route, hop.kind);
}

/* A table is associated with a gateway of its own VPC, or with none. */
static void check_association(const TableCheck *in) {
  const Mark mark = in->table->gateway.mark;
  const char *network = in->gateway != NULL ? in->gateway->network.text : NULL;
  if (is_of_gateway(in) && network != NULL && strcmp(network, in->network->head.name) != 0)
    tell_error(in->check, mark,
               "gateway '%s' belongs to network '%s': the route table of a gateway is one of its "
               "own VPC (%s)",
               in->gateway->head.name, network,
               in->of == DESIGN_HOP_INTERNET ? "AWS-5.15, AWS-5.19" : "AWS-5.27");
  if (in->of == DESIGN_HOP_GATEWAY && in->table->propagate &&
      node_get(in->table->head.node, "propagate") != NULL)
    tell_error(in->check, mark,
               "a route table into which a gateway propagates cannot be associated with a virtual "
               "private gateway (AWS-5.27): leave `propagate` out");
  if (in->of == DESIGN_HOP_TRANSIT)
    tell_error(in->check, mark,
               "a transit gateway has route tables of its own: `aws: {routes: [...]}` of the "
               "gateway (AWS-8.5)");
  if (in->of == DESIGN_HOP_NAT)
    tell_error(in->check, mark,
               "a NAT gateway has no route table of its own: it follows that of its subnet "
               "(AWS-11.2)");
  if (in->of != DESIGN_HOP_NONE && in->table->subnets->len > 0)
    tell_error(in->check, mark,
               "a route table is associated with subnets or with a gateway, not with both "
               "(AWS-5.15)");
}

void aws_check_table(DesignCheck *check, const DesignRouteTable *table, const GPtrArray *routes) {
  const Design *design = check->design;
  const DesignRouteServer *around = design_server_in(design, table->network.text);
  const AwsConfig *server = around != NULL ? cloud_config(check, around->configs) : NULL;
  const DesignGateway *gateway =
      table->gateway.text != NULL ? design_find(design->gateways, table->gateway.text) : NULL;
  const TableCheck in = {check, table, design_find(design->networks, table->network.text), gateway,
                         gateway != NULL ? design_gateway_hop(gateway) : DESIGN_HOP_NONE};
  const guint most =
      server != NULL ? (guint)server->limits->static_routes : (guint)AWS_STATIC_ROUTES;
  guint counts[2] = {0, 0}; /* IPv4, IPv6 */
  for (guint i = 0; i < routes->len; i++) {
    const DesignRoute *route = routes->pdata[i];
    if (!design_route_is_sound(design, route))
      continue; /* told */
    check_route(&in, route);
    counts[route->to.value.address.family == IP_V6]++;
  }
  for (guint i = 0; i < 2; i++)
    if (counts[i] > most)
      tell_error(check, table->head.mark, "a route table has at most %u static %s routes (AWS-9.8)",
                 most, i == 0 ? "IPv4" : "IPv6");
  check_association(&in);
}

/* ---- NAT gateways -------------------------------------------------------------------------- */

/* A route leads out to an internet gateway, or to an interface that may lead on to one. */
static gboolean leads_out(const Design *design, const char *network, const DesignRoute *route) {
  const DesignHopKind via = design_hop(design, network, &route->via).kind;
  return design_route_is_sound(design, route) &&
         (via == DESIGN_HOP_INTERNET || design_hop_is_interface(via));
}

static gboolean is_propagated_to(const DesignCheck *check, const char *network, const char *subnet,
                                 const DesignRouteTable *table) {
  for (guint i = 0; i < check->design->route_servers->len; i++) {
    const DesignRouteServer *server = check->design->route_servers->pdata[i];
    const AwsConfig *config = cloud_config(check, server->configs);
    if (config != NULL && g_strcmp0(server->network.text, network) == 0 &&
        (design_names_hold(config->propagate_to, subnet) ||
         (table != NULL && design_names_hold(config->propagate_to, table->head.name))))
      return TRUE;
  }
  return FALSE;
}

void aws_check_nat(DesignCheck *check, const DesignGateway *gateway) {
  const Design *design = check->design;
  const DesignNetwork *owner = NULL;
  const DesignSubnet *subnet = design_find_subnet(design, gateway->subnet.text, &owner);
  const DesignRouteTable *table = design_table_of(design, owner->head.name, subnet);
  for (guint i = 0; table != NULL && i < table->routes->len; i++)
    if (leads_out(design, owner->head.name, table->routes->pdata[i]))
      return;
  if (!is_propagated_to(check, gateway->network.text, subnet->full_name, table))
    tell_warning(check, gateway->head.mark,
                 "the route table of subnet '%s' has no way to an internet gateway, so nothing "
                 "that NAT gateway '%s' translates gets out (AWS-5.21)",
                 subnet->full_name, gateway->head.name);
}
