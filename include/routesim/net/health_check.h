/* A health check of a node's data plane, as a load balancer's probe or a script's poller does
 * it: one probe each interval, given up after so many misses in a row, good again after so many
 * answers.
 *
 * A probe is answered where the node passes traffic on at that moment; that a BGP process died
 * meanwhile does not matter to it. Nothing ties its clock to the failure, so its phase is drawn.
 * While what is reported is what is so, nothing is scheduled: a healthy year costs nothing. */
#pragma once
#include "routesim/net/path.h"

typedef struct HealthCheck HealthCheck;

typedef struct {
  SimTime interval; /* more than 0 */
  SimTime timeout;  /* from a probe that is not answered until that is known; not above interval */
  guint unhealthy;  /* misses in a row, at least 1 */
  guint healthy;    /* answers in a row, at least 1 ... */
  SimTime flap_window; /* ... and as many again for each loss before the last within it; 0: none */
} HealthCheckTimes;

/* What was reported changed. */
typedef void (*HealthCheckChanged)(gpointer data, gboolean healthy);

/* Healthy at first. `name` says who checks what, and names the stream of the phase; `stages` are
 * borrowed: what passes until it gives the target up, and until it is good again. Made before
 * engine_seal(), and after what makes the target passive: it has been so for long. */
HealthCheck *health_check_new(Engine *engine, const char *name, NetNode *target,
                              const HealthCheckTimes *times, const Stage *const stages[2],
                              guint64 seed, guint32 run, HealthCheckChanged changed, gpointer data);
/* As reported last. */
gboolean health_check_is_healthy(const HealthCheck *check);

/* Subject: the check; object: its target. */
extern const TraceKind HEALTH_CHECK_GAVE_UP;
extern const TraceKind HEALTH_CHECK_GOOD_AGAIN;
