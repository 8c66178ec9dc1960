/* Balancers: next hops that choose among elements; see fabric.h. */
#include "fabric_private.h"

typedef struct {
  Element *element;
  gboolean healthy, taken_out, released;
} BalancerMember;

struct Balancer {
  Fabric *fabric;
  FabricPart part;
  BalancerConfig config;
  GArray *members; /* BalancerMember */
  RecordId changed_by;
};

Balancer *balancer_new(Fabric *fabric, const BalancerConfig *config) {
  Balancer *balancer = arena_new0(fabric->arena, Balancer);
  balancer->fabric = fabric;
  balancer->part = fabric_part_new(fabric);
  balancer->config = *config;
  balancer->config.name = arena_strdup(fabric->arena, config->name);
  balancer->members = arena_growing_array(fabric->arena, sizeof(BalancerMember));
  return balancer;
}

const char *balancer_name(const Balancer *balancer) { return balancer->config.name; }

void balancer_add(Balancer *balancer, Element *element) {
  const BalancerMember member = {.element = element, .healthy = TRUE};
  g_array_append_val(balancer->members, member);
}

static BalancerMember *member_at(const Balancer *balancer, guint index) {
  return &g_array_index(balancer->members, BalancerMember, index);
}

static BalancerMember *member_of(const Balancer *balancer, const Element *element) {
  for (guint i = 0; i < balancer->members->len; i++)
    if (member_at(balancer, i)->element == element)
      return member_at(balancer, i);
  g_assert_not_reached();
}

gboolean balancer_has(const Balancer *balancer, const Element *element) {
  for (guint i = 0; i < balancer->members->len; i++)
    if (member_at(balancer, i)->element == element)
      return TRUE;
  return FALSE;
}

static void change(Balancer *balancer, gboolean *what, gboolean to) {
  if (*what == to)
    return;
  *what = to;
  balancer->changed_by = engine_cause(balancer->fabric->engine);
  fabric_changed(balancer->fabric, balancer->part);
}

void balancer_set_address(Balancer *balancer, IpAddress address) {
  trie_set(balancer->fabric->balancers, prefix_host(address), balancer);
  fabric_owners_changed(balancer->fabric);
}

void balancer_set_healthy(Balancer *balancer, const Element *element, gboolean healthy) {
  change(balancer, &member_of(balancer, element)->healthy, healthy);
}

void balancer_take_out(Balancer *balancer, const Element *element, gboolean out) {
  change(balancer, &member_of(balancer, element)->taken_out, out);
}

void balancer_release(Balancer *balancer, const Element *element, gboolean released) {
  change(balancer, &member_of(balancer, element)->released, released);
}

gboolean balancer_keeps(const Balancer *balancer, const Element *element, gboolean udp) {
  return (udp ? balancer->config.keeps_udp : balancer->config.keeps_tcp) &&
         !member_of(balancer, element)->released;
}

static gboolean is_good(const BalancerMember *member) {
  return member->healthy && !member->taken_out;
}

/* The good members take new flows, or all where it fails open. */
static gboolean takes_flows(const Balancer *balancer, const BalancerMember *member, guint good) {
  return good > 0 ? is_good(member) : balancer->config.fails_open;
}

static gboolean is_same(const Balancer *a, const Balancer *b) {
  return a == b ||
         (a != NULL && a->config.part_of != NULL && a->config.part_of == b->config.part_of);
}

/* Does the other direction, where its way is known, miss this balancer? */
static gboolean is_alone(const Balancer *balancer, const Passage *other) {
  for (guint i = 0; other != NULL && i < other->pin_count; i++)
    if (is_same(other->pins[i].balancer, balancer))
      return FALSE;
  return other != NULL;
}

static const Element *keep(const Balancer *balancer, const BalancerPin *pin, guint good) {
  for (guint i = 0; is_same(pin->balancer, balancer) && i < balancer->members->len; i++) {
    const BalancerMember *member = member_at(balancer, i);
    if (member->element == pin->element && takes_flows(balancer, member, good))
      return member->element;
  }
  return NULL;
}

/* The member that has the other direction of these flows, or had them so far; NULL: none that
 * takes flows. */
static const Element *keeper(const Balancer *balancer, const HashClass *hash, guint good) {
  const Element *element = NULL;
  for (guint i = 0; hash->other != NULL && element == NULL && i < hash->other->pin_count; i++)
    element = keep(balancer, &hash->other->pins[i], good);
  return element != NULL ? element : keep(balancer, &hash->pinned, good);
}

const Element *balancer_choose(const Balancer *balancer, HashClass hash, Passage *passage) {
  guint good = 0, count = 0;
  for (guint i = 0; i < balancer->members->len; i++)
    good += is_good(member_at(balancer, i));
  for (guint i = 0; i < balancer->members->len; i++)
    count += takes_flows(balancer, member_at(balancer, i), good);
  fabric_note(balancer->fabric, balancer->part);
  passage->changed_by = MAX(passage->changed_by, balancer->changed_by);
  passage->chosen_by = MAX(passage->chosen_by, balancer->changed_by);
  passage->met_last = balancer->changed_by;
  if (count == 0)
    return NULL;
  const Element *kept = keeper(balancer, &hash, good);
  if (kept != NULL)
    return kept;
  const gboolean alone = is_alone(balancer, hash.other);
  if (MAX(alone ? hash.modulus : hash.pin_modulus, 1) % count != 0) {
    passage->split = count;
    passage->split_pin = !alone;
    return NULL;
  }
  guint index = (alone ? hash.residue : hash.pin_residue) % count;
  for (guint i = 0;; i++) {
    const BalancerMember *member = member_at(balancer, i);
    if (takes_flows(balancer, member, good) && index-- == 0)
      return member->element;
  }
}
