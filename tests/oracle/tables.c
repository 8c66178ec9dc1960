/* What the tables of both clouds share: candidates, and the rules that leave some of them out. */
#include "oracle/oracle.h"

void oracle_add(OracleHolder *holder, OracleRoute route) {
  g_assert(holder->table->count < MOST_TABLE_ROUTES);
  holder->table->routes[holder->table->count++] = route;
}

void oracle_leave_out(OracleHolder *holder, const OracleRule *rules, guint count) {
  for (const OracleRule *rule = rules; rule < rules + count; rule++)
    for (guint i = 0; oracle_holds(rule->fact) && i < holder->table->count; i++) {
      OracleRoute *route = &holder->table->routes[i];
      if (route->out == NULL && rule->leaves_out(holder, route)) {
        route->out = rule->fact;
        route->unlisted = rule->unlisted;
        route->may_be_listed = rule->may_be_listed;
      }
    }
}
