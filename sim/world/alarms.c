/* When somebody would be told: a monitoring rule looks at the sessions of a route server now and
 * then, or is told of each event. Facts: AZ-2.21, AWS-10.1, AWS-10.2. */
#include <string.h>

#include "world_private.h"

/* The route server whose part stands at this end of a session; NULL: none. */
static RouteServer *server_at(const World *world, const char *end) {
  for (guint i = 0; i < world->servers->len; i++) {
    RouteServer *server = world->servers->pdata[i];
    for (guint j = 0; j < route_server_part_count(server); j++)
      if (strcmp(route_server_part_name(route_server_part(server, j)), end) == 0)
        return server;
  }
  return NULL;
}

/* The first look at or after `moment`; looks come each interval, at a phase that nothing ties to
 * the failure. */
static SimTime look_after(const World *world, RouteServer *server, SimTime moment) {
  const SimTime interval = world->cloud->telling->alarm_interval(server);
  if (interval.ns == 0)
    return moment;
  const char *name = arena_printf(world->arena, "alarm/%s", route_server_name(server));
  RandomStream stream = random_stream(world->options->seed, world->options->run, name);
  const Distribution law = {.kind = DISTRIBUTION_UNIFORM, .b = interval};
  const gint64 phase = distribution_draw(&law, &stream).ns;
  const gint64 looks = moment.ns <= phase ? 0 : (moment.ns - phase + interval.ns - 1) / interval.ns;
  return sim_time_ns(phase + looks * interval.ns);
}

SimTime world_alarm_at(gconstpointer data, const TraceRecord *down) {
  const World *world = data;
  RouteServer *server = server_at(world, down->subject);
  return server != NULL && world->cloud->telling->alarm_interval != NULL
             ? look_after(world, server, down->at)
             : SIM_TIME_NEVER;
}
