/* What happens in random scenarios. */
#include <string.h>

#include "fault_kinds.h"
#include "topology_draft.h"

/* Seconds between two moments that things coincide at. */
#define GRID 5

typedef struct {
  guint seconds;
  char rest[8]; /* ".250", or "" */
} Moment;

/* ---- what fails --------------------------------------------------------------------------- */

typedef enum { FAILS_AS_PART, FAILS_AS_APPLIANCE, FAILS_AS_LINK } Failing;

/* Of gateways and what belongs to them. FALSE: nothing was appended. */
static gboolean append_surrounding(Draft *draft, Failing *failing) {
  static const char *const lines[] = {"circuit/c1", "circuit/c1/0", "link/s0/c1/0"};
  const guint network = draw(draft, draft->networks);
  *failing = FAILS_AS_PART;
  switch (draw(draft, 6)) {
  case 0:
    if (draft->vpn)
      g_string_append(draft->out, chance(draft, 50) ? "vg" : "vg/0");
    return draft->vpn;
  case 1:
    if (draft->circuit)
      g_string_append(draft->out, chance(draft, 50) ? "cg" : "cg/0");
    return draft->circuit;
  case 2:
    if (draft->line)
      g_string_append(draft->out, PICK(draft, lines));
    *failing = FAILS_AS_LINK;
    return draft->line;
  case 3:
    if (draft->nat[network])
      g_string_append_printf(draft->out, "na%u", network);
    return draft->nat[network];
  case 4:
    for (guint i = 0; i < draft->sites; i++)
      if (draft->routed[i] || (draft->line && i == 0)) {
        g_string_append_printf(draft->out, "s%u", i);
        return TRUE;
      }
    return FALSE;
  default:
    for (guint i = 0; i < draft->appliances; i++)
      if (nva_class_at(draft->kinds[i])->virtual_address != NULL) {
        g_string_append_printf(draft->out, "v%u/%s", i,
                               chance(draft, 50) ? "backends" : "backend/0");
        return TRUE;
      }
    return FALSE;
  }
}

/* The draft gets a name that may fail. */
static Failing append_target(Draft *draft) {
  const guint choice = draw(draft, 100);
  Failing failing;
  if (draft->options->wide && chance(draft, 40) && append_surrounding(draft, &failing))
    return failing;
  if (choice < 15) {
    g_string_append_printf(draft->out, "zone/west/%s", chance(draft, 50) ? "a" : "b");
  } else if (choice < 45 && draft->servers > 0) {
    static const char *const parts[] = {"", "/#0", "/#1"};
    g_string_append_printf(draft->out, "r%u%s", draw(draft, draft->servers), PICK(draft, parts));
  } else if (choice < 52 && draft->circuit) {
    g_string_append(draft->out, "cg");
  } else if (choice < 70 && draft->sites > 0) {
    const guint site = draw(draft, draft->sites);
    for (guint i = 0; i < draft->appliances; i++)
      if (draft->behind[site][i]) {
        g_string_append_printf(draft->out, "link/s%u/v%u", site, i);
        return FAILS_AS_LINK;
      }
    g_string_append(draft->out, "v0");
    return FAILS_AS_APPLIANCE;
  } else {
    g_string_append_printf(draft->out, "v%u", draw(draft, draft->appliances));
    return FAILS_AS_APPLIANCE;
  }
  return FAILS_AS_PART;
}

static const FaultKind *draw_kind(Draft *draft, Failing failing) {
  static const FaultKindFits fits[] = {[FAILS_AS_PART] = fault_fits_parts,
                                       [FAILS_AS_APPLIANCE] = fault_fits_appliances,
                                       [FAILS_AS_LINK] = fault_fits_links};
  return fault_that_fits(fits[failing], draw(draft, fault_fitting(fits[failing])));
}

/* A target, which is the last one's now and then where much is to happen. */
static char *draw_target_of(Draft *draft, Failing *failing) {
  const gsize start = draft->out->len;
  if (draft->last_target != NULL && story_chance(draft, 35)) {
    *failing = (Failing)draft->last_failing;
    return g_strdup(draft->last_target);
  }
  *failing = append_target(draft);
  g_free(draft->last_target);
  draft->last_target = g_strdup(draft->out->str + start);
  draft->last_failing = (int)*failing;
  g_string_truncate(draft->out, start);
  return g_strdup(draft->last_target);
}

/* Up to `most` seconds. */
static guint draw_span(Draft *draft, guint most) {
  return draft->coarse ? GRID * (1 + draw(draft, most / GRID)) : 1 + draw(draft, most);
}

/* A failure and its repair, or one that flaps. */
static void add_failure(Draft *draft, Moment at) {
  Failing failing;
  g_autofree char *target = draw_target_of(draft, &failing);
  const FaultKind *kind = draw_kind(draft, failing);
  const char *how = kind->name;
  if (chance(draft, 25) && at.seconds + 360 < draft->end) {
    g_string_append_printf(
        draft->out, "- {at: %u%ss, flap: %s, how: %s, down: %us, up: %us, times: %u}\n", at.seconds,
        at.rest, target, how, draw_span(draft, 60), draw_span(draft, 60), 1 + draw(draft, 3));
    return;
  }
  static const char *const forwards[] = {"", "", ", forwards: on", ", forwards: off",
                                         ", forwards: 7s"};
  g_string_append_printf(
      draft->out, "- {at: %u%ss, fail: %s, how: %s%s%s}\n", at.seconds, at.rest, target, how,
      PICK(draft, forwards),
      kind->calls_standby == STANDBY_LATER && story_chance(draft, 50) ? ", wait: 10s" : "");
  const guint repaired = at.seconds + draw_span(draft, draft->options->eventful ? 90 : 200);
  if (draft->options->only_failures || (chance(draft, 80) && repaired < draft->end))
    g_string_append_printf(draft->out, "- {at: %us, restore: %s}\n", repaired, target);
}

/* ---- what else happens ----------------------------------------------------------------------- */

/* Other pairs that have sessions, losses of all, delays longer than timers, and no end. */
static void add_hard_impairment(Draft *draft, Moment at) {
  static const char *const losses[] = {"0%", "100%", "30%", "5%"};
  static const char *const delays[] = {"0s", "250ms", "2s", "12s"};
  const guint appliance = draw(draft, draft->appliances);
  const gboolean served = draft->homes[appliance] < draft->servers && has_bgp(draft);
  if (!served && draft->friends[appliance] < 0)
    return;
  g_string_append_printf(draft->out, "- {at: %u%ss, impair: [v%u, ", at.seconds, at.rest,
                         appliance);
  if (draft->friends[appliance] >= 0 && (!served || chance(draft, 30)))
    g_string_append_printf(draft->out, "v%d", draft->friends[appliance]);
  else
    g_string_append_printf(draft->out, "r%u", draft->homes[appliance]);
  g_string_append_printf(draft->out, "], loss: %s, delay: %s",
                         losses[draw(draft, draft->options->exact ? 2 : 4)], PICK(draft, delays));
  if (!draft->options->exact && chance(draft, 40))
    g_string_append(draft->out, ", jitter: 1500ms");
  if (chance(draft, 80))
    g_string_append_printf(draft->out, ", for: %us", draw_span(draft, chance(draft, 50) ? 8 : 90));
  g_string_append(draft->out, "}\n");
}

static void add_impairment(Draft *draft, Moment at) {
  if (draft->options->eventful) {
    add_hard_impairment(draft, at);
    return;
  }
  const guint appliance = draw(draft, draft->appliances);
  if (draft->homes[appliance] < draft->servers)
    g_string_append_printf(draft->out,
                           "- {at: %us, impair: [v%u, r%u], loss: %u%%, delay: %ums, jitter: %ums, "
                           "for: %us}\n",
                           at.seconds, appliance, draft->homes[appliance], draw(draft, 60),
                           draw(draft, 300), draw(draft, 100), 1 + draw(draft, 90));
}

static void set_announcements(Draft *draft, Moment at) {
  const guint appliance = draw(draft, draft->appliances);
  g_string_append_printf(draft->out, "- at: %u%ss\n  set: nvas.v%u.advertise\n  to:\n", at.seconds,
                         at.rest, appliance);
  g_string_append_printf(draft->out, "  - {prefix: 10.251.%u.1/32}\n", appliance);
  draft_announcements(draft, appliance, "  ");
}

/* TRUE where some network has a table of the user's. */
static gboolean set_routes(Draft *draft, Moment at) {
  for (guint i = 0; i < draft->networks; i++)
    if (draft->table[i]) {
      g_string_append_printf(draft->out, "- at: %u%ss\n  set: route_tables.t%u.routes\n  to:\n",
                             at.seconds, at.rest, i);
      draft_routes(draft, i, "  ");
      return TRUE;
    }
  return FALSE;
}

static void add_change(Draft *draft, Moment at) {
  static const char *const actions[] = {"enable", "disable", "reset"};
  const guint choice = draw(draft, 100);
  if (draft->options->wide && chance(draft, 40) && set_routes(draft, at))
    return;
  if (choice < 35) {
    set_announcements(draft, at);
  } else if (choice < 55 && draft->servers > 0 && draft->persists[0]) {
    g_string_append_printf(draft->out, "- {at: %u%ss, persist: r0, action: %s}\n", at.seconds,
                           at.rest, PICK(draft, actions));
  } else if (draft->pending) {
    g_string_append_printf(draft->out, "- {at: %u%ss, connect: p1}\n", at.seconds, at.rest);
    draft->pending = FALSE;
  }
}

static Moment draw_moment(Draft *draft) {
  Moment at = {.seconds = 1 + draw(draft, draft->busy), .rest = ""};
  if (draft->coarse)
    at.seconds = MIN(GRID * (1 + at.seconds / GRID), draft->end);
  else if (draft->options->eventful)
    g_snprintf(at.rest, sizeof at.rest, ".%03u", draw(draft, 1000));
  return at;
}

void draft_events(Draft *draft) {
  const guint count = draft->options->eventful ? 3 + draw(draft, 8) : 1 + draw(draft, 5);
  g_string_append(draft->out, "events:\n");
  draft->coarse = story_chance(draft, 50);
  add_failure(draft, draw_moment(draft));
  for (guint i = 1; i < count; i++) {
    const Moment at = draw_moment(draft);
    const guint choice = draw(draft, 100);
    if (choice < 65)
      add_failure(draft, at);
    else if (choice < 80)
      add_impairment(draft, at);
    else if (!draft->options->only_failures)
      add_change(draft, at);
  }
  g_free(draft->last_target);
}
