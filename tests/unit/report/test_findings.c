/* Findings as JSON for editors and CI: valid whatever names hold, with places, facts and hints. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/check/check.h"
#include "routesim/report/findings.h"
#include "routesim/language/scenario.h"

/* ---- a reader of JSON (RFC 8259) that only says whether a text is some ---------------------- */

static const char *skip_value(const char *at);

static const char *skip_space(const char *at) { return at + strspn(at, " \t\r\n"); }

static const char *skip_string(const char *at) {
  cr_assert_eq(*at, '"', "no string at: %.20s", at);
  for (at++; *at != '"'; at++) {
    cr_assert_geq((guchar)*at, 0x20, "a raw control character, or no end");
    if (*at != '\\')
      continue;
    at++;
    cr_assert_not_null(strchr("\"\\/bfnrtu", *at), "\\%c", *at);
    for (guint i = 0; *at == 'u' && i < 4; i++)
      cr_assert(g_ascii_isxdigit(at[1 + i]));
  }
  return at + 1;
}

/* `close` ends a list of items; `named`: each has a name. */
static const char *skip_items(const char *at, char close, gboolean named) {
  at = skip_space(at + 1);
  while (*at != close) {
    if (named) {
      at = skip_space(skip_string(at));
      cr_assert_eq(*at++, ':');
    }
    at = skip_space(skip_value(skip_space(at)));
    cr_assert(*at == close || *at == ',', "at: %.20s", at);
    if (*at == ',') {
      at = skip_space(at + 1);
      cr_assert_neq(*at, close, "a comma before the end");
    }
  }
  return at + 1;
}

static const char *skip_value(const char *at) {
  if (*at == '{' || *at == '[')
    return skip_items(at, *at == '{' ? '}' : ']', *at == '{');
  if (*at == '"')
    return skip_string(at);
  const gsize length = strspn(at, "-+.0123456789eE");
  if (length > 0)
    return at + length;
  cr_assert(g_str_has_prefix(at, "null"), "no value at: %.20s", at);
  return at + strlen("null");
}

static void assert_json(const char *text) {
  cr_assert(g_utf8_validate(text, -1, NULL));
  cr_assert_eq(*skip_space(skip_value(skip_space(text))), '\0');
}

/* ---- cases ----------------------------------------------------------------------------------- */

/* The findings about a scenario of this text, as an array. */
static char *findings_of(const char *name, const char *text) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(ScenarioFile) file =
      check_read(name, g_strdup(text), strlen(text), NULL, 0, diagnostics);
  cr_assert_not_null(file);
  GString *out = g_string_new("[");
  guint count = 0;
  findings_append_json(diagnostics, name, &count, out);
  cr_assert_eq(count, diagnostics_count(diagnostics));
  g_string_append(out, "]");
  return g_string_free(out, FALSE);
}

Test(findings, an_object_has_all_that_an_editor_asks) {
  g_autofree char *json = findings_of(
      "x.yaml",
      "name: x\nduration: 1m\nmodels: [azure]\nnetworks: {a: {prefixes: [10.0.0.0/16]}, "
      "b: {prefixes: [10.1.0.0/16]}}\n"
      "peerings: {p: {from: b, to: a, use_remote_gateway: on, vpc_id: 1}, q: {from: bb, to: a}}\n");
  assert_json(json);
  static const char *const parts[] = {
      ("{\"file\": \"x.yaml\", \"line\": 5, \"column\": 12, \"end_line\": 5, \"end_column\": 13, "
       "\"severity\": \"error\", \"message\": \"network 'a' has no gateway"),
      "\"facts\": [\"AZ-1.17\"], \"hint\": null}",
      "\"hint\": \"did you mean 'b'?\"}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    cr_assert(strstr(json, parts[i]) != NULL, "%s\nnot in\n%s", parts[i], json);
}

Test(findings, json_is_valid_whatever_names_hold) {
  static const char *const texts[] = {
      "",
      "name: \"q\\\"uo\\\\te\"\nduration: 1m\nnetworks: {\"a\\tb\\x01\": {}}\n",
      "name: x\nduration: \"\\u2028\\u007f\"\n\"k\\\"ey\\\\\": 1\nnetworks: {}\n",
      "name: \xf0\x9f\x98\x80\nduration: 5\nnetworks: {\xc3\xa9: {prefixes: [\xe2\x80\xae]}}\n",
      "a: [\n",
      "name: \xff\n",
      "- x\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *json = findings_of("f\xff\"ile\n.yaml", texts[i]);
    assert_json(json);
    cr_assert_str_neq(json, "[]");
  }
}

/* A name that looks like a fact is none; a fact is told once, in the order of the message. */
Test(findings, facts_of_a_message) {
  static const struct {
    const char *message, *facts;
  } cases[] = {
      {"nothing", ""},
      {"the subnet is a /28: azure needs a /26 or larger (AZ-1.2)", "AZ-1.2"},
      {"two (AZ-1.2, AWS-2.1) and again AZ-1.2; or AZ-2.8", "AZ-1.2 AWS-2.1 AZ-2.8"},
      {"unknown subnet 'AZ-1.2'", ""},
      {"unknown subnet 'hub/AZ-1.2' (did you mean 'AZ-1.3'?)", ""},
      {"no such fact (XY-1.1)", ""},
      {"x-AZ-1.2 and AZ-1.2x", ""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GPtrArray) ids = findings_facts(cases[i].message);
    g_ptr_array_add(ids, NULL);
    g_autofree char *joined = g_strjoinv(" ", (char **)ids->pdata);
    cr_assert_str_eq(joined, cases[i].facts, "%s: %s", cases[i].message, joined);
  }
}
