/* Where a packet goes; see the header. */
#include "walk.h"

#define IP(a, b, c, d) (((guint32)(a) << 24) | ((guint32)(b) << 16) | ((guint32)(c) << 8) | (d))

const char walk_unsaid[] = "no fact tells";

Walk walk_new(const Oracle *oracle) {
  return (Walk){oracle, &oracle->design, g_array_new(FALSE, TRUE, sizeof(Ending))};
}

void walk_clear(Walk *walk) { g_array_unref(walk->endings); }

static void end(Walk *walk, const Packet *packet, Ending ending) {
  ending.packet = *packet;
  g_array_append_val(walk->endings, ending);
}

void walk_drop(Walk *walk, const Packet *packet, const char *why) {
  end(walk, packet, (Ending){.why = why});
}

/* ---- owners ---------------------------------------------------------------------------------- */

static gboolean is_private(guint32 address) {
  static const struct {
    guint32 at;
    guint8 length;
  } ranges[] = {{IP(10, 0, 0, 0), 8},
                {IP(172, 16, 0, 0), 12},
                {IP(192, 168, 0, 0), 16},
                {IP(100, 64, 0, 0), 10}};
  for (guint i = 0; i < G_N_ELEMENTS(ranges); i++)
    if (range_holds(range_make(ranges[i].at, ranges[i].length), address))
      return TRUE;
  return FALSE;
}

AddressOwner oracle_owner(const Design *design, guint32 address) {
  AddressOwner owner = {.kind = is_private(address) ? OWNER_NOBODY : OWNER_INTERNET,
                        .subnet = NOWHERE,
                        .nva = NOWHERE};
  int longest = -1;
  for (guint s = 0; s < MOST_SITES; s++)
    if (design->sites[s].used && range_holds(design->sites[s].range, address) &&
        design->sites[s].range.length > longest) {
      longest = design->sites[s].range.length;
      owner.kind = OWNER_SITE;
      owner.index = s;
    }
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint i = 0; design->networks[n].used && i < design->networks[n].range_count; i++)
      if (range_holds(design->networks[n].ranges[i], address)) {
        owner = (AddressOwner){.kind = OWNER_NETWORK, .index = n, .subnet = NOWHERE};
        for (guint s = 0; s < MOST_SUBNETS; s++)
          if (range_holds(design_subnet(design, n, s), address))
            owner.subnet = s;
        owner.nva = design_nva_at(design, address);
      }
  return owner;
}

/* ---- steps
 * ---------------------------------------------------------------------------------------
 */

static gboolean own_range(const Design *design, guint network, guint32 address) {
  for (guint i = 0; i < design->networks[network].range_count; i++)
    if (range_holds(design->networks[network].ranges[i], address))
      return TRUE;
  return FALSE;
}

static void into_nat(Walk *walk, Packet packet, guint network);

/* The first four addresses of a subnet and its last. */
static gboolean is_kept(Range subnet, guint32 address) {
  return !range_holds(subnet, address - 4) || !range_holds(subnet, address + 1);
}

/* The network hands it to whoever has the address. */
static void deliver_in(Walk *walk, const Packet *packet, guint network) {
  const AddressOwner owner = oracle_owner(walk->design, packet->target);
  if (owner.kind != OWNER_NETWORK || owner.index != network)
    walk_drop(walk, packet, "not of this network");
  else if (owner.nva != NOWHERE)
    walk_into_nva(walk, *packet, owner.nva);
  else if (walk->design->networks[network].nat != NOWHERE &&
           packet->target == design_nat_address(walk->design, network))
    into_nat(walk, *packet, network);
  else if (owner.subnet == NOWHERE ||
           !(walk->design->networks[network].hosts >> owner.subnet & 1) ||
           is_kept(design_subnet(walk->design, network, owner.subnet), packet->target))
    walk_drop(walk, packet, "nobody there");
  else
    end(walk, packet, (Ending){.door = DOOR_HOSTS});
}

/* Towards the Internet, from a network. What leaves must have a source that the cloud translates:
 * under azure the sender's own (AZ-6.26), under aws one of the VPC's own (AWS-5.21). */
static void to_internet(Walk *walk, const Packet *packet, guint network) {
  const AddressOwner source = oracle_owner(walk->design, packet->source);
  if (oracle_owner(walk->design, packet->target).kind != OWNER_INTERNET) {
    walk_drop(walk, packet, "not on the Internet");
  } else if (walk->design->cloud == DESIGN_AWS) {
    if (!own_range(walk->design, network, packet->source) && oracle_holds("AWS-5.21"))
      walk_drop(walk, packet, "AWS-5.21");
    else
      end(walk, packet, (Ending){.door = DOOR_INTERNET, .index = network});
  } else if (packet->answers != 0) { /* an answer: who opened the session sees it come back */
    end(walk, packet, (Ending){.door = DOOR_INTERNET, .index = network});
  } else if (packet->last != source.nva && oracle_holds("AZ-6.26")) {
    walk_drop(walk, packet, "AZ-6.26");
  } else {
    end(walk, packet, (Ending){.door = DOOR_INTERNET, .index = network});
  }
}

/* Did it take this range (AZ-8.4)? */
static gboolean gateway_learned(const Walk *walk, guint network, PathClass class, Range range) {
  const OracleRib *rib = &walk->oracle->ribs[network][0];
  if (walk->design->cloud == DESIGN_AWS)
    return TRUE;
  for (guint i = 0; i < rib->count; i++)
    if (rib->paths[i].class == class && range_equal(rib->paths[i].to, range))
      return TRUE;
  return FALSE;
}

/* What is behind no link of the gateway: GatewaySubnet's table leads on to networks and appliances
 * (AZ-5.10), never back, nor itself to the Internet, since nothing translates (AZ-6.26). A virtual
 * private gateway knows no more than its links and its VPC (AWS-5.26). */
static void beyond_gateway(Walk *walk, Packet *packet, guint network) {
  if (walk->design->cloud == DESIGN_AWS || packet->gateways != 0) {
    walk_drop(walk, packet, "not behind the gateway");
    return;
  }
  packet->gateways |= 1u << network;
  packet->last = BY_A_GATEWAY;
  walk_from_subnet(walk, *packet, network, GATEWAY_SUBNET);
}

/* Who told the gateway the longest range that holds the address: a bit each. */
static guint told_by(const Walk *walk, guint network, PathClass class, guint32 address) {
  guint sites = 0;
  int longest = -1;
  for (guint s = 0; s < MOST_SITES; s++) {
    const DesignSite *site = &walk->design->sites[s];
    const gboolean aws = walk->design->cloud == DESIGN_AWS; /* AWS-11.14 */
    for (PathClass each = PATH_CIRCUIT; site->used && each <= PATH_VPN; each++) {
      const guint links = each == PATH_VPN ? site->vpns : site->circuits;
      if ((!aws && each != class) || !(links >> network & 1))
        continue;
      const DesignTold *told = design_told(
          walk->design, s, each == PATH_VPN ? LINK_VPN(network) : LINK_CIRCUIT(network));
      for (guint i = 0; i <= MOST_TOLD; i++) {
        const gboolean is_told = i < MOST_TOLD ? told[i].used : !design_tells(told);
        const Range range = i < MOST_TOLD ? told[i].to : site->range;
        if (!is_told || !range_holds(range, address) ||
            !gateway_learned(walk, network, class, range))
          continue;
        if ((int)range.length > longest)
          sites = 0;
        if ((int)range.length >= longest) {
          longest = range.length;
          sites |= 1u << s;
        }
      }
    }
  }
  return sites;
}

/* Is it one site, whose hosts answer over the link that they were reached by? */
static gboolean is_lone_without_router(const Design *design, guint sites) {
  for (guint s = 0; s < MOST_SITES; s++)
    if (sites == 1u << s)
      return !design->sites[s].router && design->sites[s].circuits == 0;
  return FALSE;
}

static void into_gateway(Walk *walk, const Packet *packet, guint network, PathClass class) {
  const AddressOwner owner = oracle_owner(walk->design, packet->target);
  const guint sites = told_by(walk, network, class, packet->target);
  Packet beyond = *packet;
  if (sites == 0)
    beyond_gateway(walk, &beyond, network);
  else if (owner.kind == OWNER_SITE && sites == 1u << owner.index)
    end(walk, packet, (Ending){.door = DOOR_GATEWAY, .index = network, .gateway = class});
  else if (owner.kind == OWNER_NOBODY && is_lone_without_router(walk->design, sites))
    walk_drop(walk, packet, "nobody at the site");
  else /* the site that announced it is not where it is: does its router pass it on? */
    walk_drop(walk, packet, walk_unsaid);
}

/* The network that the transit gateway's table names; NOWHERE: none. Longest prefix; a static route
 * goes before the same range of a VPC (AWS-8.5, AWS-11.7). */
static guint transit_network(const Walk *walk, guint from, guint32 address) {
  const Design *design = walk->design;
  const DesignTransit *transit = &design->transit;
  const gboolean second = transit->follows >> from & 1;
  const UserRoute *routes = second ? transit->second : transit->routes;
  guint to = NOWHERE;
  int longest = -1;
  for (guint i = 0; i < MOST_ROUTES; i++)
    if (routes[i].used && range_holds(routes[i].to, address) && routes[i].to.length > longest) {
      longest = routes[i].to.length;
      to = routes[i].kind == TARGET_NONE ? NOWHERE : routes[i].index;
    }
  for (guint n = 0; n < MOST_NETWORKS && (!second || transit->propagate); n++)
    for (guint i = 0; design_attached(design, n) && i < design->networks[n].range_count; i++)
      if (range_holds(design->networks[n].ranges[i], address) &&
          design->networks[n].ranges[i].length > longest) {
        longest = design->networks[n].ranges[i].length;
        to = n;
      }
  return to;
}

static void into_transit(Walk *walk, const Packet *packet, guint network) {
  const DesignTransit *transit = &walk->design->transit;
  if (!transit->used || transit->attached[network][packet->zone] == NOWHERE) { /* AWS-11.4 */
    walk_drop(walk, packet, "AWS-11.4");
    return;
  }
  const guint to = transit_network(walk, network, packet->target);
  if (to == NOWHERE)
    walk_drop(walk, packet, "no route of the transit gateway");
  else if (transit->attached[to][packet->zone] != NOWHERE)
    walk_from_subnet(walk, *packet, to, transit->attached[to][packet->zone]);
  else
    walk_from_subnet(walk, *packet, to, transit->attached[to][1 - packet->zone]);
}

static guint leg_at(const Design *design, guint nva, guint32 address) {
  const DesignNva *of = &design->nvas[nva];
  return design_nva_address(design, nva, of->in) == address ? of->in : of->out;
}

static void follow(Walk *walk, const Packet *packet, guint network, const OracleRoute *route) {
  const Design *design = walk->design;
  guint nva;
  switch (route->kind) {
  case VIA_LOCAL:
    deliver_in(walk, packet, network);
    return;
  case VIA_PEER: /* not transitive (AWS-8.6) */
    if (design->cloud == DESIGN_AWS && oracle_holds("AWS-8.6") &&
        (!own_range(design, network, packet->source) ||
         !own_range(design, route->index, packet->target)))
      walk_drop(walk, packet, "AWS-8.6");
    else
      deliver_in(walk, packet, route->index);
    return;
  case VIA_INTERNET:
    to_internet(walk, packet, network);
    return;
  case VIA_NONE:
    walk_drop(walk, packet, "none");
    return;
  case VIA_ADDRESS:
    nva = design_nva_at(design, route->address);
    if (nva == NOWHERE)
      walk_drop(walk, packet, "nobody is the next hop");
    else if (design->nvas[nva].network == network || !oracle_holds("AZ-6.23"))
      walk_into_nva(walk, *packet, nva);
    else if (packet->subnet == GATEWAY_SUBNET &&
             design_limited(design, network, design->nvas[nva].network))
      walk_drop(walk, packet, walk_unsaid);
    else if (!design_joined(design, network, packet->subnet, design->nvas[nva].network,
                            leg_at(design, nva, route->address)))
      walk_drop(walk, packet, "AZ-6.23");
    else
      walk_into_nva(walk, *packet, nva);
    return;
  case VIA_GATEWAY:
    if (design_limited(design, route->index, network)) /* is GatewaySubnet in it? */
      walk_drop(walk, packet, walk_unsaid);
    else
      into_gateway(walk, packet, route->index, route->gateway);
    return;
  case VIA_TRANSIT:
    into_transit(walk, packet, network);
    return;
  case VIA_NAT:
    into_nat(walk, *packet, network);
    return;
  }
}

/* Equal next hops stand in the order of their addresses; those of gateways are the highest. */
static gboolean comes_first(const OracleRoute *a, const OracleRoute *b) {
  if (a->kind != b->kind)
    return a->kind != VIA_GATEWAY;
  return a->kind == VIA_GATEWAY ? a->instance < b->instance : a->address < b->address;
}

guint oracle_find(const OracleTable *table, guint32 address, const OracleRoute **found,
                  guint most) {
  int longest = -1;
  guint count = 0;
  for (guint i = 0; i < table->count; i++)
    if (table->routes[i].out == NULL && range_holds(table->routes[i].to, address))
      longest = MAX(longest, table->routes[i].to.length);
  for (guint i = 0; i < table->count && count < most; i++)
    if (table->routes[i].out == NULL && range_holds(table->routes[i].to, address) &&
        table->routes[i].to.length == longest) {
      guint at = count++;
      for (; at > 0 && comes_first(&table->routes[i], found[at - 1]); at--)
        found[at] = found[at - 1];
      found[at] = &table->routes[i];
    }
  return count;
}

#define MOST_FOUND 16

static void by_table(Walk *walk, const Packet *packet, guint network, const OracleTable *table) {
  const OracleRoute *found[MOST_FOUND];
  const guint count = oracle_find(table, packet->target, found, MOST_FOUND);
  const AddressOwner owner = oracle_owner(walk->design, packet->target);
  if (packet->subnet == GATEWAY_SUBNET && owner.kind == OWNER_NETWORK &&
      design_limited(walk->design, network, owner.index)) { /* is GatewaySubnet in it? */
    walk_drop(walk, packet, walk_unsaid);
    return;
  }
  if (count == 0)
    walk_drop(walk, packet, "no route");
  for (guint i = 0; i < count; i++) {
    Packet some = *packet;
    for (guint hash = 0; hash < HASHES; hash++)
      if (hash % count != i)
        some.hashes &= ~(G_GUINT64_CONSTANT(1) << hash);
    if (some.hashes != 0)
      follow(walk, &some, network, found[i]);
  }
}

/* ---- from where
 * ----------------------------------------------------------------------------------
 */

/* Do the NICs of both instances send it alike? Which one feeds an appliance or a gateway is for no
 * fact to say. */
static gboolean both_alike(const OracleTable *tables, guint32 address) {
  const OracleRoute *a[MOST_FOUND], *b[MOST_FOUND];
  const guint count = oracle_find(&tables[0], address, a, MOST_FOUND);
  if (oracle_find(&tables[1], address, b, MOST_FOUND) != count)
    return FALSE;
  for (guint i = 0; i < count; i++)
    if (!range_equal(a[i]->to, b[i]->to) || a[i]->kind != b[i]->kind ||
        a[i]->address != b[i]->address || a[i]->source != b[i]->source)
      return FALSE;
  return TRUE;
}

void walk_from_hosts(Walk *walk, Packet packet, guint network, guint subnet, guint instance) {
  if (walk->design->cloud == DESIGN_AWS)
    walk_from_subnet(walk, packet, network, subnet);
  else {
    packet.subnet = subnet;
    by_table(walk, &packet, network, &walk->oracle->tables[network][subnet][instance]);
  }
}

void walk_from_subnet(Walk *walk, Packet packet, guint network, guint subnet) {
  if (packet.steps++ > MOST_STEPS) {
    walk_drop(walk, &packet, "loop");
    return;
  }
  packet.zone = subnet < MOST_SUBNETS ? design_zone(walk->design, subnet) : 0;
  packet.subnet = subnet;
  if (walk->design->cloud == DESIGN_AWS && subnet < MOST_SUBNETS &&
      range_holds(design_subnet(walk->design, network, subnet), packet.target))
    deliver_in(walk, &packet, network); /* AWS-11.3 */
  else if (walk->design->cloud == DESIGN_AZURE &&
           !both_alike(walk->oracle->tables[network][subnet], packet.target))
    walk_drop(walk, &packet, walk_unsaid);
  else
    by_table(walk, &packet, network, &walk->oracle->tables[network][subnet][0]);
}

/* Two legs: the networks' ranges by the inner one, the rest by the outer one. */
static guint leg_for(const Walk *walk, const DesignNva *nva, guint32 target) {
  if (nva->out == NOWHERE || oracle_owner(walk->design, target).kind == OWNER_NETWORK)
    return nva->in;
  return nva->out;
}

/* RFC 1918, RFC 6598 and the like are not (AZ-6.26). */
static gboolean is_public(guint32 address) {
  static const Range others[] = {
      {0x0A000000, 8}, {0xAC100000, 12}, {0xC0A80000, 16}, {0x64400000, 10}, {0xA9FE0000, 16}};
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    if (range_holds(others[i], address))
      return FALSE;
  return TRUE;
}

static gboolean translates(const DesignNva *nva, const Packet *packet) {
  return nva->snat == SNAT_ON || (nva->snat == SNAT_INTERNET && is_public(packet->target));
}

/* An answer that is for the appliance is for who stands behind its translation. */
static gboolean translate_back(Packet *packet, guint nva) {
  if (packet->translated_count == 0 || packet->translated[packet->translated_count - 1].nva != nva)
    return FALSE;
  packet->target = packet->translated[--packet->translated_count].source;
  return TRUE;
}

/* Does a site that it has a link to announce the address without having it? Whether that site
 * passes it on is for no fact to say. */
static gboolean told_by_another(const Design *design, guint index, guint32 address) {
  const AddressOwner owner = oracle_owner(design, address);
  for (guint s = 0; s < MOST_SITES; s++) {
    const DesignTold *told = design_told(design, s, LINK_NVA(index));
    for (guint i = 0; i < MOST_TOLD; i++)
      if (design->sites[s].used && design->sites[s].nvas >> index & 1 && told[i].used &&
          range_holds(told[i].to, address) && !(owner.kind == OWNER_SITE && owner.index == s))
        return TRUE;
  }
  return FALSE;
}

typedef enum { ENDS_NO, ENDS_YES, ENDS_UNSAID } Ends;

/* Announcing is not owning; but what nobody owns ends at who announces a range around it, no wider
 * than a /8: a host's always, a wider one unless the table of its leg leads on, to somebody else,
 * by a longer one. */
static Ends ends_at(const Walk *walk, guint index, guint32 address) {
  const DesignNva *nva = &walk->design->nvas[index];
  const OracleRoute *found[MOST_FOUND];
  int longest = -1;
  for (guint i = 0; i < MOST_ANNOUNCED; i++)
    if (nva->announced[i].used && nva->announced[i].to.length >= 8 &&
        range_holds(nva->announced[i].to, address))
      longest = MAX(longest, nva->announced[i].to.length);
  for (guint s = 0; s < MOST_SITES; s++)
    for (guint i = 0; i < MOST_TOLD; i++)
      if (nva->told[s][i].used && nva->told[s][i].to.length >= 8 &&
          range_holds(nva->told[s][i].to, address))
        longest = MAX(longest, nva->told[s][i].to.length);
  if (longest < 0 || oracle_owner(walk->design, address).kind != OWNER_NOBODY)
    return ENDS_NO;
  const OracleTable *tables = walk->oracle->tables[nva->network][leg_for(walk, nva, address)];
  const guint count = oracle_find(&tables[0], address, found, MOST_FOUND);
  if (longest == 32 || count == 0 || found[0]->to.length <= longest)
    return ENDS_YES;
  if (found[0]->kind == VIA_NONE)
    return ENDS_UNSAID;
  guint own = 0;
  for (guint i = 0; i < count; i++)
    own += found[i]->kind == VIA_ADDRESS && design_nva_at(walk->design, found[i]->address) == index;
  return own == 0 ? ENDS_NO : own == count ? ENDS_YES : ENDS_UNSAID;
}

/* In the subnet of its outer leg: is that one of the networks' ranges, or next door? No fact tells.
 */
static gboolean next_door(const Design *design, const DesignNva *nva, guint32 address) {
  return nva->out != NOWHERE && range_holds(design_subnet(design, nva->network, nva->out), address);
}

/* The appliance's own answer. */
void walk_from_nva(Walk *walk, Packet packet, guint index) {
  const DesignNva *nva = &walk->design->nvas[index];
  packet.passed |= 1u << index;
  packet.stateful |= nva->firewall ? 1u << index : 0;
  packet.last = index;
  packet.way = index + 1;
  if (next_door(walk->design, nva, packet.target))
    walk_drop(walk, &packet, walk_unsaid);
  else
    walk_from_subnet(walk, packet, nva->network, leg_for(walk, nva, packet.target));
}

void walk_into_nva(Walk *walk, Packet packet, guint index) {
  const DesignNva *nva = &walk->design->nvas[index];
  if (packet.passed >> index & 1) {
    walk_drop(walk, &packet, "loop");
    return;
  }
  packet.passed |= 1u << index;
  packet.stateful |= nva->firewall ? 1u << index : 0;
  packet.last = index;
  packet.way = packet.way * 8 + index + 1;
  if (oracle_owner(walk->design, packet.target).nva == index && !translate_back(&packet, index)) {
    walk_drop(walk, &packet, "nobody listens on the appliance");
    return;
  }
  const AddressOwner owner = oracle_owner(walk->design, packet.target);
  const gboolean keeps = packet.answers >> index & 1;
  if (told_by_another(walk->design, index, packet.target)) {
    walk_drop(walk, &packet, walk_unsaid);
    return;
  }
  const Ends ends = ends_at(walk, index, packet.target);
  if (ends == ENDS_YES)
    end(walk, &packet, (Ending){.door = DOOR_ITSELF, .index = index});
  else if (ends == ENDS_UNSAID)
    walk_drop(walk, &packet, walk_unsaid);
  if (ends != ENDS_NO)
    return;
  if (!keeps && packet.answers != 0 && translates(nva, &packet)) {
    /* A session that it did not see: is the answer translated, or left alone? */
    walk_drop(walk, &packet, nva->firewall ? "asymmetric" : walk_unsaid);
    return;
  }
  if (!keeps && translates(nva, &packet)) {
    const guint leg = nva->out != NOWHERE ? nva->out : nva->in;
    packet.translators |= 1u << index;
    if (packet.translated_count < MOST_TRANSLATED) {
      packet.translated[packet.translated_count].nva = index;
      packet.translated[packet.translated_count++].source = packet.source;
    }
    packet.source = design_nva_address(walk->design, index, leg);
  }
  const gboolean linked =
      owner.kind == OWNER_SITE && walk->design->sites[owner.index].nvas >> index & 1;
  if (next_door(walk->design, nva, packet.target))
    walk_drop(walk, &packet, walk_unsaid);
  else if (linked)
    end(walk, &packet, (Ending){.door = DOOR_NVA, .index = index});
  else
    walk_from_subnet(walk, packet, nva->network, leg_for(walk, nva, packet.target));
}

/* It gives what it passes on its own address, by the table of its subnet; nobody else gets in. */
static void into_nat(Walk *walk, Packet packet, guint network) {
  const guint id = MOST_NVAS + network, subnet = walk->design->networks[network].nat;
  if (packet.passed >> id & 1) {
    walk_drop(walk, &packet, "loop");
    return;
  }
  packet.passed |= 1u << id;
  if (packet.target == design_nat_address(walk->design, network)) {
    if (!translate_back(&packet, id)) {
      walk_drop(walk, &packet, "nobody listens on the NAT gateway");
      return;
    }
  } else if (packet.answers != 0) { /* a session that it did not see */
    walk_drop(walk, &packet, "asymmetric");
    return;
  } else {
    packet.translators |= 1u << id;
    if (packet.translated_count < MOST_TRANSLATED) {
      packet.translated[packet.translated_count].nva = id;
      packet.translated[packet.translated_count++].source = packet.source;
    }
    packet.source = design_nat_address(walk->design, network);
  }
  walk_from_subnet(walk, packet, network, subnet);
}

/* Azure: GatewaySubnet has a table of its own (AZ-5.10); a virtual private gateway knows its VPC
 * and nothing behind it (AWS-8.6). */
void walk_from_gateway(Walk *walk, Packet packet, guint network) {
  if (walk->design->cloud == DESIGN_AZURE)
    walk_from_subnet(walk, packet, network, GATEWAY_SUBNET);
  else
    by_table(walk, &packet, network, &walk->oracle->vgws[network]);
}

void walk_from_internet(Walk *walk, Packet packet, guint network) {
  if (walk->design->cloud == DESIGN_AZURE)
    deliver_in(walk, &packet, network); /* its public address */
  else
    by_table(walk, &packet, network, &walk->oracle->edges[network]);
}
