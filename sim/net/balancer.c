/* Balancers: a next hop that is one of several elements; see fabric.h. */
#include "fabric_private.h"

Balancer *balancer_new(Fabric *fabric, const char *name, gboolean pins, gboolean fails_open) {
  Balancer *balancer = arena_new0(fabric->arena, Balancer);
  balancer->fabric = fabric;
  balancer->name = arena_strdup(fabric->arena, name);
  balancer->pins = pins;
  balancer->fails_open = fails_open;
  balancer->members = arena_own(fabric->arena, g_array_new(FALSE, TRUE, sizeof(BalancerMember)),
                                (GDestroyNotify)g_array_unref);
  return balancer;
}

const char *balancer_name(const Balancer *balancer) { return balancer->name; }

void balancer_add(Balancer *balancer, Element *element) {
  const BalancerMember member = {element, TRUE};
  g_array_append_val(balancer->members, member);
  balancer->healthy++;
}

void balancer_set_address(Balancer *balancer, IpAddress address) {
  trie_set(balancer->fabric->balancers, prefix_host(address), balancer);
}

void balancer_set_healthy(Balancer *balancer, const Element *element, gboolean healthy) {
  for (guint i = 0; i < balancer->members->len; i++) {
    BalancerMember *member = &g_array_index(balancer->members, BalancerMember, i);
    if (member->element != element || member->healthy == healthy)
      continue;
    member->healthy = healthy;
    balancer->healthy = healthy ? balancer->healthy + 1 : balancer->healthy - 1;
    balancer->changed_by = engine_cause(balancer->fabric->engine);
    fabric_changed(balancer->fabric);
  }
}

/* Members that take new flows: the healthy ones, or all where it fails open. */
static gboolean takes_flows(const Balancer *balancer, const BalancerMember *member) {
  return balancer->healthy > 0 ? member->healthy : balancer->fails_open;
}

const Element *balancer_choose(const Balancer *balancer, HashClass hash, Passage *passage) {
  const guint count = balancer->healthy > 0    ? balancer->healthy
                      : balancer->fails_open ? balancer->members->len
                                             : 0;
  passage->changed_by = MAX(passage->changed_by, balancer->changed_by);
  if (count == 0)
    return NULL;
  for (guint i = 0; hash.pinned != NULL && i < balancer->members->len; i++) {
    const BalancerMember *member = &g_array_index(balancer->members, BalancerMember, i);
    if (member->element == hash.pinned && takes_flows(balancer, member))
      return member->element;
  }
  if (MAX(hash.pin_modulus, 1) % count != 0) {
    passage->split = count;
    passage->split_pin = TRUE;
    return NULL;
  }
  guint index = hash.pin_residue % count;
  for (guint i = 0;; i++) {
    const BalancerMember *member = &g_array_index(balancer->members, BalancerMember, i);
    if (takes_flows(balancer, member) && index-- == 0)
      return member->element;
  }
}
