/* Telling what is wrong with a design: what checks, clouds and kinds of appliances have in hand.
 *
 * A check reads the Design and tells at the marks of its blocks. What hangs from something wrong is
 * not told a second time: a block knows which of its keys could not be understood (keys_sound()), a
 * name that could not be read is "", which nothing is called, and a name is not called unknown
 * where the place that would define it could not be read itself. */
#pragma once
#include "routesim/design/design.h"

struct DesignCheck {
  KeyReader *reader; /* its arena, its diagnostics */
  const Design *design;
  const struct CloudClass *cloud; /* that is asked now; NULL: none */
  guint place;                    /* its own, in `configs` */
  GHashTable *trusted;            /* configs of route servers in which nothing is wrong */
  gboolean names_partial;         /* of the names collected now, some could not be read */
};

void tell_error(DesignCheck *check, Mark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);
void tell_warning(DesignCheck *check, Mark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* Until the next call, warnings say that they hold under this model, where there are others; NULL:
 * no more. Called by cloud_ask(). */
void tell_under(DesignCheck *check, const char *model);

/* "unknown WHAT 'name'", with the nearest of the names; nothing where the name, or a place that
 * defines such names, could not be read. */
void tell_unknown(DesignCheck *check, const char *what, const NameRef *name, GPtrArray *names);
/* `names` is for that. */
void tell_add_names(DesignCheck *check, GPtrArray *names, const GPtrArray *blocks);
void tell_add_subnet_names(DesignCheck *check, GPtrArray *names);
/* The block or subnet of this name; NULL with an error where there is none. */
gpointer tell_need(DesignCheck *check, const char *what, const NameRef *name,
                   const GPtrArray *blocks);
const DesignSubnet *tell_need_subnet(DesignCheck *check, const NameRef *name,
                                     const DesignNetwork **network);
