/* Tables of text cells that clouds describe their state with; see telling.h. */
#include <string.h>

#include "routesim/cloud/cloud.h"

CloudListing *cloud_listing_new(Arena *arena, GPtrArray *listings, const char *key,
                                const char *about, const char *title, const char *const *columns,
                                guint column_count) {
  CloudListing *listing = arena_new0(arena, CloudListing);
  *listing = (CloudListing){.key = key,
                            .names = arena_ptr_array(arena),
                            .title = title,
                            .columns = columns,
                            .column_count = column_count,
                            .rows = arena_ptr_array(arena)};
  g_ptr_array_add(listing->names, (gpointer)about);
  g_ptr_array_add(listings, listing);
  return listing;
}

void cloud_listing_add(Arena *arena, CloudListing *listing, const char *const *cells) {
  const char **row = arena_array(arena, const char *, listing->column_count);
  memcpy(row, cells, listing->column_count * sizeof *row);
  g_ptr_array_add(listing->rows, row);
}

gboolean cloud_listing_same_rows(const CloudListing *a, const CloudListing *b) {
  if (a->rows->len != b->rows->len || a->column_count != b->column_count)
    return FALSE;
  for (guint i = 0; i < a->rows->len; i++) {
    const char *const *left = a->rows->pdata[i], *const *right = b->rows->pdata[i];
    for (guint j = 0; j < a->column_count; j++)
      if (g_strcmp0(left[j], right[j]) != 0)
        return FALSE;
  }
  return TRUE;
}

static const char *keep(Arena *arena, GString *text) {
  const char *kept = arena_strdup(arena, text->str);
  g_string_free(text, TRUE);
  return kept;
}

const char *cloud_text_address(Arena *arena, IpAddress address) {
  GString *text = g_string_new(NULL);
  ip_address_append(address, text);
  return keep(arena, text);
}

const char *cloud_text_prefix(Arena *arena, Prefix prefix) {
  GString *text = g_string_new(NULL);
  prefix_append(prefix, text);
  return keep(arena, text);
}

const char *cloud_text_as_path(Arena *arena, const BgpAttributes *attributes, const char *between) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < attributes->as_path_length; i++)
    g_string_append_printf(text, "%s%u", i > 0 ? between : "", attributes->as_path[i]);
  return keep(arena, text);
}

const char *cloud_text_hop(const CloudTopology *topology, const NextHop *hop) {
  const Element *element;
  switch (hop->kind) {
  case HOP_LOCAL:
    return network_name(hop->network);
  case HOP_INTERNET:
    return "internet";
  case HOP_NONE:
    return "none";
  case HOP_BALANCER:
    return balancer_name(hop->balancer);
  case HOP_SITE:
    return site_name(hop->site);
  case HOP_ONWARD:
    return "subnet";
  case HOP_TUNNEL:
  case HOP_ELEMENT:
    element = fabric_element_at(topology->fabric, hop->address);
    return element != NULL ? element_name(element)
                           : cloud_text_address(topology->arena, hop->address);
  }
  g_assert_not_reached();
}

const char *cloud_text_hops(const CloudTopology *topology, Arena *arena, const NextHop *hops,
                            guint count, const char *between) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < count; i++)
    g_string_append_printf(text, "%s%s", i > 0 ? between : "", cloud_text_hop(topology, &hops[i]));
  return keep(arena, text);
}
