/* Checks of peerings: whom they join, and which subnets. */
#include <string.h>

#include "check_private.h"

static void check_peering_limits(DesignCheck *check, const DesignPeering *peering) {
  const NameRef *sides[2] = {&peering->from, &peering->to};
  for (guint c = 0; c < cloud_count(); c++)
    for (guint side = 0; peering->configs[c] != NULL && side < 2; side++) {
      const SubnetPeeringClass *class = cloud_at(c)->subnet_peering;
      const GPtrArray *names = class->subnets(peering->configs[c], side);
      for (guint i = 0; i < names->len; i++) {
        const NameRef *name = names->pdata[i];
        g_autofree char *full = g_strdup_printf("%s/%s", sides[side]->text, name->text);
        const DesignNetwork *owner = NULL;
        if (design_find_subnet(check->design, full, NULL) == NULL &&
            tell_need_subnet(check, name, &owner) != NULL &&
            strcmp(owner->head.name, sides[side]->text) != 0)
          tell_error(check, name->mark, "subnet '%s' is not in network '%s'", name->text,
                     sides[side]->text);
      }
      if (names->len > class->most_subnets)
        tell_error(check, peering->head.mark, "a peering joins at most %u subnets of a side (%s)",
                   class->most_subnets, class->fact);
    }
}

/* Each pair has one link; no cloud here has a second one. */
static void check_twins(DesignCheck *check, const DesignPeering *a, const DesignPeering *b) {
  const gboolean same =
      strcmp(a->from.text, b->from.text) == 0 && strcmp(a->to.text, b->to.text) == 0;
  const gboolean turned =
      strcmp(a->from.text, b->to.text) == 0 && strcmp(a->to.text, b->from.text) == 0;
  if (same || turned)
    tell_error(check, b->head.mark, "peering '%s' joins these two networks already%s", a->head.name,
               check_cite(check, RULE_PAIR_PEERS_ONCE));
}

/* Where nothing that the scenario runs under knows of it, the key is a mistake. */
static void check_remote_gateway(DesignCheck *check, const DesignPeering *peering) {
  const CloudClass *refuses = NULL;
  for (guint c = 0; c < cloud_count(); c++) {
    if (check->design->models[c] && cloud_at(c)->fabric->peerings_end == NULL)
      return;
    if (check->design->models[c])
      refuses = cloud_at(c);
  }
  if (peering->use_remote_gateway && refuses != NULL)
    tell_warning(check, peering->head.mark,
                 "no peering of %s lends the gateways of the far network (%s): "
                 "`use_remote_gateway` is ignored",
                 refuses->name, refuses->fabric->peerings_end);
}

void check_peerings(DesignCheck *check) {
  const Design *design = check->design;
  for (guint i = 0; i < design->peerings->len; i++) {
    const DesignPeering *peering = design->peerings->pdata[i];
    tell_need(check, "network", &peering->from, design->networks);
    tell_need(check, "network", &peering->to, design->networks);
    if (strcmp(peering->from.text, peering->to.text) == 0)
      tell_error(check, peering->to.mark, "a network cannot be peered with itself");
    check_peering_limits(check, peering);
    check_remote_gateway(check, peering);
    for (guint j = 0; j < i; j++)
      check_twins(check, design->peerings->pdata[j], peering);
    for (guint c = 0; c < cloud_count() && !peering->connected; c++)
      if (design->models[c] && cloud_at(c)->fabric->connect == NULL)
        diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, peering->head.mark,
                        "under %s peering '%s' is there from the start: `connected` and `connect` "
                        "have no effect",
                        cloud_at(c)->name, peering->head.name);
  }
}
