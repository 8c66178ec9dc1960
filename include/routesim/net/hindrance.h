/* What makes a packet late, or keeps it away, and which of it is to blame.
 *
 * Hindrances of one way add up. A packet may be held up in several ways at once: by what it meets
 * itself, and by what holds up the packet before it, behind which it waits; it is as late as the
 * latest of its ways makes it. What would have passed anyway is taken off a way as a grace, which
 * no event has.
 *
 * One event is to blame where without it the packet would have been in time: without all that it
 * led to, that is. */
#pragma once
#include "routesim/engine/engine.h"

typedef struct {
  RecordId since; /* that began it */
  SimTime by;     /* all by itself; SIM_TIME_NEVER: it would not arrive; below 0: a grace */
  guint way;
  SimTime steadily; /* so much of that it does to every packet alike */
} Hindrance;

/* Some more of it. */
void hinder(GArray *all, RecordId since, SimTime by, SimTime steadily);
void hinder_for_ever(GArray *all, RecordId since);
/* `to` gets the ways of `from` (or NULL), each with so much grace, but for those that another way
 * covers or that make nothing late. */
void hindrances_join(GArray *to, const GArray *from, SimTime grace);

/* What all of them come to. */
SimTime hindrances_lateness(const GArray *all);

/* What is left of them for a listener that heard a message in spite of `borne`: what steadily held
 * that one up as well puts none off any more. Returns how much later everything comes because of
 * that. */
SimTime hindrances_beyond(const Hindrance *all, guint count, const GArray *borne, GArray *left);

/* Was a packet late by more than `slack`, and because of what? One event is to blame where without
 * it the packet would have been in time: *by is the first such. Of several that would all have to
 * be away, *by is the first that is enough. */
typedef enum { PACKET_IN_TIME, KEPT_BY_SEVERAL, KEPT_BY_ONE } PacketFate;
PacketFate packet_fate(const Engine *engine, const GArray *all, SimTime slack, RecordId *by);
/* What led to the record `since` would have made it so late all by itself. */
gboolean packet_is_kept_by(const Engine *engine, const GArray *all, RecordId since, SimTime slack);
