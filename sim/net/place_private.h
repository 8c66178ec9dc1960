/* Who owns an address, and what of that is kept for the next who asks. */
#pragma once
#include "fabric_private.h"

/* Who has a range: a site, or a network, a subnet of it, or one host in that. */
typedef struct {
  const Network *network;
  const Subnet *subnet;
  const Site *site;
  gboolean host;
} Claim;

/* What fabric_owner() said before: walks ask for the same few addresses again and again. */
struct KnownOwner {
  guint claimed; /* as of so many claims; 0: nothing yet */
  IpAddress address;
  AddressOwner owner;
};

enum { KNOWN_OWNERS = 16 };

/* The address of a subnet's host, looked for once for so many claims. */
struct HostPlace {
  guint claimed;
  IpAddress address;
};

/* Where its interfaces stand, looked up once for so many claims. */
struct ElementPlace {
  guint claimed;
  const Claim *address, *nat_address;
};

const Balancer *fabric_balancer_at(const Fabric *fabric, IpAddress address); /* NULL: none */
Claim *fabric_claim(Fabric *fabric, Prefix prefix);
/* Does anything stand between the two places? NULL networks: nobody knows, and nothing does. */
gboolean fabric_joins(const Fabric *fabric, const Network *a, const Subnet *in_a, const Network *b,
                      const Subnet *in_b, RecordId *changed_by);
/* Where the element's interface at `address` stands; NULL: in no network. */
const Claim *element_place(const Element *element, IpAddress address);
