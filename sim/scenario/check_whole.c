/* What is missing from a design in which nothing is wrong: parts that are paid for and do nothing.
 * Each is a warning. */
#include <string.h>

#include "scenario_private.h"

/* ---- circuits ------------------------------------------------------------------------------- */

static gboolean is_connected(const ScenarioBody *body, const ScenarioCircuit *circuit) {
  for (guint i = 0; i < body->gateways->len; i++)
    if (scenario_names_hold(((const ScenarioGateway *)body->gateways->pdata[i])->circuits,
                            circuit->head.name))
      return TRUE;
  return FALSE;
}

static void check_circuits(Check *check) {
  for (guint i = 0; i < check->body->circuits->len; i++) {
    const ScenarioCircuit *circuit = check->body->circuits->pdata[i];
    if (!is_connected(check->body, circuit))
      check_warn(check, circuit->head.mark,
                 "no gateway is connected to the circuit: it leads nowhere");
  }
}

void check_whole(Check *check) {
  check_circuits(check);
}
