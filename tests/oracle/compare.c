/* This file reads what the program says through its inspection of a run; see the header. */
#include "oracle/compare.h"

#include <stdio.h>
#include <string.h>

#include "oracle/program.h"

typedef struct {
  const Oracle *oracle;
  const Design *design;
  Program *program;
  Comparison result;
} Look;

static void complain(Look *look, const char *kind, char *text) {
  if (look->result.disagreement == NULL) {
    look->result.disagreement = text;
    look->result.kind = kind;
  } else {
    g_free(text);
  }
}

void comparison_clear(Comparison *comparison) { g_free(comparison->disagreement); }

/* ---- rows as sets of text -------------------------------------------------------------------- */

static GHashTable *rows_new(void) {
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void rows_add(GHashTable *rows, char *row) {
  g_hash_table_replace(rows, row,
                       GINT_TO_POINTER(GPOINTER_TO_INT(g_hash_table_lookup(rows, row)) + 1));
}

/* GHashTable of `a` that stand there more often than in `b`. */
static void append_missing(GHashTable *a, GHashTable *b, const char *said_by, GString *out) {
  GList *keys = g_list_sort(g_hash_table_get_keys(a), (GCompareFunc)strcmp);
  for (GList *at = keys; at != NULL; at = at->next)
    if (GPOINTER_TO_INT(g_hash_table_lookup(a, at->data)) >
        GPOINTER_TO_INT(g_hash_table_lookup(b, at->data)))
      g_string_append_printf(out, "\n  only by the %s: %s", said_by, (const char *)at->data);
  g_list_free(keys);
}

static void compare_rows(Look *look, const char *kind, const char *about, GHashTable *program,
                         GHashTable *oracle) {
  GString *text = g_string_new(about);
  const gsize before = text->len;
  append_missing(program, oracle, "program", text);
  append_missing(oracle, program, "oracle", text);
  look->result.checks += MAX(g_hash_table_size(program), g_hash_table_size(oracle));
  if (text->len > before)
    complain(look, kind, g_string_free(text, FALSE));
  else
    g_string_free(text, TRUE);
}

static char *row_text(Range to, const char *what, const char *address) {
  GString *out = g_string_new(NULL);
  range_append(to, out);
  g_string_append_printf(out, " %s %s", what, address);
  return g_string_free(out, FALSE);
}

/* ---- effective routes ------------------------------------------------------------------------ */

static char *azure_row(const OracleRoute *route) {
  static const char *const types[] = {"VnetLocal", "VNetPeering",      "Internet",
                                      "None",      "VirtualAppliance", "VirtualNetworkGateway"};
  static const char *const sources[] = {"Default", "VirtualNetworkGateway", "User"};
  g_autoptr(GString) address = g_string_new("-");
  if (route->kind == VIA_ADDRESS) {
    g_string_truncate(address, 0);
    address_append(route->address, address);
  }
  const char *type = route->source == FROM_BGP ? types[VIA_GATEWAY] : types[route->kind];
  g_autofree char *what = g_strdup_printf("%s %s", sources[route->source], type);
  return row_text(route->to, what, address->str);
}

/* The address of a gateway's instance is chosen by the program. */
static const char *hop_cell(const Look *look, guint listing, guint row) {
  const char *hop = program_cell(look->program, listing, row, "Next Hop IP");
  const char *type = program_cell(look->program, listing, row, "Next Hop Type");
  guint a, b, c, d;
  if (strcmp(type, "VirtualNetworkGateway") != 0)
    return hop;
  if (sscanf(hop, "%u.%u.%u.%u", &a, &b, &c, &d) != 4)
    return "-";
  const guint32 address = a << 24 | b << 16 | c << 8 | d;
  const AddressOwner owner = oracle_owner(look->design, address);
  const gboolean fabric = owner.kind == OWNER_NETWORK && owner.subnet == NOWHERE;
  return fabric ? "-" : hop;
}

static void compare_effective(Look *look, guint listing, const char *name,
                              const OracleTable *table) {
  g_autoptr(GHashTable) program = rows_new(), oracle = rows_new(), invalid = rows_new();
  for (guint i = 0; i < program_row_count(look->program, listing); i++) {
    char *row = g_strdup_printf(
        "%s %s %s %s", program_cell(look->program, listing, i, "Address Prefix"),
        program_cell(look->program, listing, i, "Source"),
        program_cell(look->program, listing, i, "Next Hop Type"), hop_cell(look, listing, i));
    rows_add(strcmp(program_cell(look->program, listing, i, "State"), "Active") == 0 ? program
                                                                                     : invalid,
             row);
  }
  for (guint i = 0; i < table->count; i++)
    if (table->routes[i].out == NULL)
      rows_add(oracle, azure_row(&table->routes[i]));
  g_autofree char *about = g_strdup_printf("active routes of %s", name);
  compare_rows(look, "table", about, program, oracle);
  for (guint i = 0; i < table->count; i++) {
    const OracleRoute *route = &table->routes[i];
    if (route->out == NULL || route->may_be_listed)
      continue;
    g_autofree char *row = azure_row(route);
    look->result.checks++;
    if (route->unlisted == g_hash_table_contains(invalid, row))
      complain(look, "table",
               g_strdup_printf("%s: %s, out of use by %s, is%s listed as Invalid", name, row,
                               route->out, route->unlisted ? "" : " not"));
  }
}

/* ---- route tables ---------------------------------------------------------------------------- */

static char *aws_row(const Design *design, const OracleRoute *route) {
  g_autoptr(GString) target = g_string_new(NULL);
  const char *state = "active";
  switch (route->kind) {
  case VIA_LOCAL:
    g_string_append(target, "local");
    break;
  case VIA_PEER:
    g_string_append_printf(target, "peering with n%u", route->index);
    break;
  case VIA_INTERNET:
    g_string_append_printf(target, "i%u", route->index);
    break;
  case VIA_NONE:
    g_string_append(target, "none");
    state = "blackhole";
    break;
  case VIA_ADDRESS:
    g_string_append_printf(target, "v%u", design_nva_at(design, route->address));
    break;
  case VIA_GATEWAY:
    g_string_append(target, "vgw");
    break;
  case VIA_TRANSIT:
    g_string_append(target, "tgw");
    break;
  case VIA_NAT:
    g_string_append_printf(target, "x%u", route->index);
    break;
  }
  return row_text(route->to, target->str, state);
}

static void compare_table(Look *look, guint listing, const char *name, const OracleTable *table) {
  g_autoptr(GHashTable) program = rows_new(), oracle = rows_new();
  for (guint i = 0; i < program_row_count(look->program, listing); i++) {
    const char *target = program_cell(look->program, listing, i, "Target");
    const gboolean gateway = (target[0] == 'g' || target[0] == 'c') && g_ascii_isdigit(target[1]);
    rows_add(program,
             g_strdup_printf("%s %s %s", program_cell(look->program, listing, i, "Destination"),
                             gateway ? "vgw" : target,
                             program_cell(look->program, listing, i, "State")));
  }
  for (guint i = 0; i < table->count; i++)
    if (table->routes[i].out == NULL)
      rows_add(oracle, aws_row(look->design, &table->routes[i]));
  g_autofree char *about = g_strdup_printf("routes of %s", name);
  compare_rows(look, "table", about, program, oracle);
}

static void compare_tables_of(Look *look, const char *name, const OracleTable *table) {
  const gboolean azure = look->design->cloud == DESIGN_AZURE;
  for (guint listing = 0; listing < program_listing_count(look->program); listing++) {
    if (azure && program_listing_is(look->program, listing, "effective-routes", name))
      compare_effective(
          look, listing, name,
          &table[strstr(program_listing_title(look->program, listing), "/1") != NULL ? 1 : 0]);
    if (!azure && program_listing_is(look->program, listing, "route-table", name))
      compare_table(look, listing, name, table);
  }
}

static void compare_tables(Look *look) {
  for (guint n = 0; n < MOST_NETWORKS; n++) {
    const DesignNetwork *network = &look->design->networks[n];
    if (!network->used)
      continue;
    for (guint s = 0; s < MOST_SUBNETS; s++) {
      g_autofree char *name = g_strdup_printf("n%u/%s", n, design_subnets[s]);
      compare_tables_of(look, name, look->oracle->tables[n][s]);
    }
    g_autofree char *edge = g_strdup_printf("t%u-%u", n, EDGE_TABLE);
    g_autofree char *vgw = g_strdup_printf("t%u-%u", n, VGW_TABLE);
    if (network->tables[VGW_TABLE].used)
      compare_tables_of(look, vgw, &look->oracle->vgws[n]);
    if (network->tables[EDGE_TABLE].used)
      compare_tables_of(look, edge, &look->oracle->edges[n]);
  }
}

/* ---- RIBs
 * ---------------------------------------------------------------------------------------- */

/* What a route server says of its own networks is no route of an appliance. */
static gboolean is_of_a_network(const Look *look, const char *prefix) {
  Range known;
  for (guint from = 0; from < MOST_NETWORKS; from++)
    for (guint n = 0; n < MOST_NETWORKS; n++)
      for (guint i = 0; design_known(look->design, from, n, i, &known); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        range_append(known, text);
        if (strcmp(text->str, prefix) == 0)
          return TRUE;
      }
  return FALSE;
}

static void compare_rib(Look *look, guint listing, guint network, guint instance) {
  const gboolean aws = look->design->cloud == DESIGN_AWS;
  const OracleRib *rib = &look->oracle->ribs[network][instance];
  g_autoptr(GHashTable) program = rows_new(), oracle = rows_new();
  for (guint i = 0; i < program_row_count(look->program, listing); i++) {
    const char *use = program_cell(look->program, listing, i, "Use"),
               *from = program_cell(look->program, listing, i, "From");
    if (from[0] == 'v' &&
        (aws || !is_of_a_network(look, program_cell(look->program, listing, i, "Prefix"))))
      rows_add(program,
               g_strdup_printf(
                   "%s from %s by %s%s", program_cell(look->program, listing, i, "Prefix"), from,
                   program_cell(look->program, listing, i, "NextHop"),
                   strcmp(use, "best") == 0 || strcmp(use, "multipath") == 0 ? ", used" : ""));
  }
  for (guint i = 0; i < rib->count; i++) {
    const OraclePath *path = &rib->paths[i];
    g_autoptr(GString) to = g_string_new(NULL), hop = g_string_new(NULL);
    range_append(path->to, to);
    address_append(path->hop, hop);
    if (path->class == PATH_NVA && (aws || !is_of_a_network(look, to->str)))
      rows_add(oracle, g_strdup_printf("%s from v%u by %s%s", to->str, path->nva, hop->str,
                                       path->best ? ", used" : ""));
  }
  g_autofree char *about = g_strdup_printf("RIB of r%u", network);
  compare_rows(look, "rib", about, program, oracle);
}

static void compare_ribs(Look *look) {
  for (guint n = 0; n < MOST_NETWORKS; n++) {
    g_autofree char *server = g_strdup_printf("r%u", n), *first = g_strdup_printf("r%u/0", n),
                    *second = g_strdup_printf("r%u/1", n);
    for (guint listing = 0; listing < program_listing_count(look->program); listing++) {
      const char *name = program_listing_name(look->program, listing);
      if (program_listing_is(look->program, listing, "rib", name) &&
          (strcmp(name, server) == 0 || strcmp(name, first) == 0 || strcmp(name, second) == 0))
        compare_rib(look, listing, n, strcmp(name, second) == 0);
    }
  }
}

/* ---- who reaches whom
 * ----------------------------------------------------------------------------- */

static OraclePlace place_of(const char *name) {
  OraclePlace place = {.kind = PLACE_INTERNET};
  if (g_ascii_isdigit(name[0])) {
    place.kind = PLACE_ADDRESS;
    place.index = strcmp(name, "10.250.0.9") == 0 ? 0 : 1;
  } else if (name[0] == 's') {
    place.kind = PLACE_SITE;
    place.index = (guint)(name[1] - '0');
  } else if (name[0] == 'n') {
    place.kind = PLACE_HOSTS;
    place.index = (guint)(name[1] - '0');
    for (guint s = 0; s < MOST_SUBNETS; s++)
      if (strcmp(name + 3, design_subnets[s]) == 0)
        place.subnet = s;
  }
  return place;
}

/* The appliances of each way that the program tells: "v1+g0/0 or v2". */
static void add_told(GHashTable *rows, const char *direction, const char *told) {
  g_auto(GStrv) ways = g_strsplit(told != NULL ? told : "", " or ", -1);
  for (guint i = 0; ways[i] != NULL; i++) {
    g_auto(GStrv) elements = g_strsplit(ways[i], "+", -1);
    GString *row = g_string_new(direction);
    for (guint j = 0; elements[j] != NULL; j++)
      if (elements[j][0] == 'v')
        g_string_append_printf(row, " %s", elements[j]);
    g_hash_table_add(rows, g_string_free(row, FALSE));
  }
}

static void add_way(GHashTable *rows, const char *direction, guint64 way) {
  GString *row = g_string_new(NULL);
  for (; way > 0; way /= 8) {
    g_autofree char *element = g_strdup_printf(" v%u", (guint)(way % 8) - 1);
    g_string_prepend(row, element);
  }
  g_string_prepend(row, direction);
  g_hash_table_add(rows, g_string_free(row, FALSE));
}

static void compare_ways(Look *look, const char *from, const char *to, const ProgramReach *reach,
                         const OracleReach *ways) {
  g_autoptr(GHashTable) program = rows_new(), oracle = rows_new();
  add_told(program, "there", reach->there);
  add_told(program, "back", reach->back);
  for (guint i = 0; i < ways->count; i++) {
    add_way(oracle, "there", ways->ways[i].there);
    add_way(oracle, "back", ways->ways[i].back);
  }
  GHashTableIter iter;
  gpointer row;
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint side = 0; side < 2; side++) {
    g_hash_table_iter_init(&iter, side == 0 ? program : oracle);
    while (g_hash_table_iter_next(&iter, &row, NULL))
      if (!g_hash_table_contains(side == 0 ? oracle : program, row))
        g_string_append_printf(text, "\n  only by the %s: %s", side == 0 ? "program" : "oracle",
                               (const char *)row);
  }
  look->result.checks++;
  if (text->len > 0)
    complain(look, "way", g_strdup_printf("ways of %s to %s%s", from, to, text->str));
}

static void compare_reach(Look *look) {
  static const char *const verdicts[] = {"no", "partly", "yes"};
  const guint count = program_place_count(look->program);
  for (guint i = 0; i < count; i++)
    for (guint j = 0; j < count; j++) {
      const char *from = program_place(look->program, i);
      const char *to = program_place(look->program, j);
      OracleReach ways;
      if (!program_is_pair(look->program, i, j))
        continue;
      const Verdict said = oracle_reach(look->oracle, place_of(from), place_of(to), &ways);
      if (said == VERDICT_UNSAID)
        continue;
      const ProgramReach reach = program_reach(look->program, i, j);
      look->result.checks++;
      if (reach.verdict != (guint)said)
        complain(look, "reach",
                 g_strdup_printf("%s to %s: the program says %s (%s; %s at %s), the oracle %s (%s)",
                                 from, to, verdicts[reach.verdict],
                                 reach.there != NULL ? reach.there : "-",
                                 reach.reason != NULL ? reach.reason : "-",
                                 reach.where != NULL ? reach.where : "-", verdicts[said],
                                 ways.why != NULL ? ways.why : "-"));
      else if (ways.count > 0 && !ways.loose)
        compare_ways(look, from, to, &reach, &ways);
    }
}

/* Addresses are asked for by traffic. */
static void compare_asked(Look *look) {
  static const char *const verdicts[] = {"no", "partly", "yes"};
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint i = 0; i < MOST_ASKED; i++) {
      const DesignNetwork *network = &look->design->networks[n];
      if (!network->used || !(network->hosts >> SUBNET_APP & 1))
        continue;
      g_autofree char *traffic = g_strdup_printf("a%u-%u", n, i);
      OracleReach ways;
      const Verdict said = oracle_reach(look->oracle, (OraclePlace){PLACE_HOSTS, n, SUBNET_APP},
                                        (OraclePlace){PLACE_ADDRESS, i, 0}, &ways);
      if (said == VERDICT_UNSAID)
        continue;
      const guint delivered = program_delivered(look->program, traffic);
      const guint verdict = delivered == 0 ? 0 : delivered == 1000 ? 2 : 1;
      look->result.checks++;
      if (verdict != said)
        complain(look, "address",
                 g_strdup_printf("n%u/app to %s: the program says %s, the oracle %s (%s)", n,
                                 i == 0 ? "10.250.0.9" : "172.31.9.1", verdicts[verdict],
                                 verdicts[said], ways.why != NULL ? ways.why : "-"));
    }
}

/* ---- whole
 * ------------------------------------------------------------------------------------------ */

Comparison compare_design(const Design *design, const char *routesim) {
  g_autofree char *text = design_text(design, "oracle"), *why = NULL;
  g_autoptr(Program) program = program_new(text, design_clouds[design->cloud], &why);
  if (program == NULL)
    return (Comparison){.disagreement = g_steal_pointer(&why), .kind = "refused"};
  g_autofree Oracle *oracle = oracle_new(design);
  Look look = {.oracle = oracle, .design = design, .program = program};
  compare_ribs(&look);
  compare_tables(&look);
  compare_reach(&look);
  compare_asked(&look);
  if (routesim != NULL && program_compare_commands(program, routesim, &why) > 0)
    complain(&look, "command", g_steal_pointer(&why));
  return look.result;
}

Design compare_shrink(const Design *design, const char *kind) {
  Design least = *design;
  gboolean smaller = TRUE;
  while (smaller) {
    smaller = FALSE;
    for (guint n = 0; !smaller; n++) {
      Design candidate = least;
      if (!design_simplify(&candidate, n))
        break;
      design_tidy(&candidate);
      if (memcmp(&candidate, &least, sizeof least) == 0)
        continue;
      Comparison comparison = compare_design(&candidate, NULL);
      smaller = g_strcmp0(comparison.kind, kind) == 0;
      if (smaller)
        least = candidate;
      comparison_clear(&comparison);
    }
  }
  return least;
}
