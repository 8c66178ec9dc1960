/* Peer event logs: see the header. */
#include "routesim/report/peer_log.h"

#include <string.h>

#include "format_private.h"

/* An announcement that replaces another is an update. Facts: AWS-10.1. */
static const struct {
  const TraceKind *kind;
  const char *type, *status, *again;
} events[] = {
    {.kind = &BGP_ANNOUNCED, .type = "RouteStatus", .status = "ADVERTISED", .again = "UPDATED"},
    {.kind = &BGP_WITHDRAWN, .type = "RouteStatus", .status = "WITHDRAWN"},
    {.kind = &BGP_SESSION_UP, .type = "BGPStatus", .status = "UP"},
    {.kind = &BGP_SESSION_DOWN, .type = "BGPStatus", .status = "DOWN"},
    {.kind = &BGP_SESSION_ENDED, .type = "BGPStatus", .status = "DOWN"},
    {.kind = &BFD_SESSION_UP, .type = "BFDStatus", .status = "UP"},
    {.kind = &BFD_SESSION_DOWN, .type = "BFDStatus", .status = "DOWN"},
    {.kind = &BFD_SESSION_ENDED, .type = "BFDStatus", .status = "DOWN"},
};

/* "rs/a1" is a part of route server "rs". */
static gboolean is_endpoint(const Design *body, const char *name) {
  for (guint i = 0; i < body->route_servers->len; i++) {
    const char *server = ((const BlockHead *)body->route_servers->pdata[i])->name;
    const gsize length = strlen(server);
    if (strncmp(name, server, length) == 0 && name[length] == '/')
      return TRUE;
  }
  return FALSE;
}

static void append_field(GString *out, const char *name, const char *value) {
  g_string_append_printf(out, "\"%s\": ", name);
  json_append_string(out, value);
}

static void append_route(GString *out, Prefix prefix, const BgpAttributes *attributes) {
  g_autofree char *text = prefix_to_string(prefix);
  append_field(out, "prefix", text);
  if (attributes == NULL)
    return;
  g_string_append(out, ", \"asPath\": \"");
  for (guint i = 0; i < attributes->as_path_length; i++)
    g_string_append_printf(out, "%s%u", i > 0 ? " " : "", attributes->as_path[i]);
  g_string_append_c(out, '"');
  if (attributes->has_med)
    g_string_append_printf(out, ", \"med\": %u", attributes->med);
  g_string_append(out, ", \"nextHopIp\": \"");
  ip_address_append(attributes->next_hop, out);
  g_string_append_c(out, '"');
}

static void append_message(GString *out, const TraceRecord *record) {
  g_string_append(out, ", \"message\": {");
  if (record->kind == &BGP_ANNOUNCED) {
    const BgpAnnouncement *announcement = record->detail;
    append_route(out, announcement->prefix, announcement->attributes);
  } else if (record->kind == &BGP_WITHDRAWN) {
    append_route(out, *(const Prefix *)record->detail, NULL);
  }
  g_string_append(out, "}");
}

static void append_event(GString *out, const TraceRecord *record, guint event) {
  const gboolean again = record->kind == &BGP_ANNOUNCED && record->value == BGP_ARRIVED_AGAIN;
  g_string_append_printf(out, "{\"event_timestamp\": %" G_GINT64_FORMAT ", ",
                         record->at.ns / (SIM_SECOND / 1000));
  append_field(out, "type", events[event].type);
  g_string_append(out, ", ");
  append_field(out, "status", again ? events[event].again : events[event].status);
  g_string_append(out, ", ");
  append_field(out, "endpoint", record->subject);
  g_string_append(out, ", ");
  append_field(out, "peer", record->object);
  append_message(out, record);
  g_string_append(out, "}\n");
}

void peer_log_append(const RunResult *result, const Design *body, GString *out) {
  const guint count = engine_record_count(result->engine);
  for (RecordId id = 1; id <= count; id++) {
    const TraceRecord *record = engine_record_get(result->engine, id);
    for (guint i = 0; i < G_N_ELEMENTS(events); i++)
      if (record->kind == events[i].kind && is_endpoint(body, record->subject))
        append_event(out, record, i);
  }
}
