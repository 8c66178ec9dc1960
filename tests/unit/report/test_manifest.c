/* The manifest, byte for byte. The SHA-256 sums of "" and "x" are as sha256sum prints them. */
#include <criterion/criterion.h>

#include "routesim/report/manifest.h"

#define PROGRAM                                                                                    \
  "\"format\": " G_STRINGIFY(MANIFEST_FORMAT) ", \"program\": \"routesim " ROUTESIM_VERSION "\""
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define X "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"

static const ManifestScenario scenarios[] = {{"one", "x", 1, G_MAXUINT64, 2, 3},
                                             {"two", "xyz", 0, 1, 0, 100}};

Test(manifest, options) {
  static const char *const settings[] = {"a=1", "b=\"2\"", NULL};
  const ManifestOptions options = {
      .model = "aws", .liveness = "packet", .detail_all = TRUE, .settings = settings};
  g_autofree char *text = manifest_text(&options, scenarios, 1);
  cr_assert_str_eq(text,
                   "{\n  " PROGRAM ",\n  \"options\": {\"model\": \"aws\", \"liveness\": "
                   "\"packet\", \"detail\": \"all\", \"set\": [\"a=1\", \"b=\\\"2\\\"\"]},\n"
                   "  \"scenarios\": [\n"
                   "    {\"name\": \"one\", \"seed\": 18446744073709551615, \"first_run\": 2, "
                   "\"runs\": 3, \"sha256\": \"" X "\"}\n  ]\n}\n",
                   "%s", text);
}

Test(manifest, a_file) {
  const ManifestOptions options = {0};
  g_autofree char *text = manifest_text(&options, scenarios, G_N_ELEMENTS(scenarios));
  cr_assert_str_eq(
      text,
      "{\n  " PROGRAM ",\n  \"options\": {\"model\": null, \"liveness\": null, \"detail\": "
      "\"first\", \"set\": []},\n  \"scenarios\": [\n"
      "    {\"name\": \"one\", \"seed\": 18446744073709551615, \"first_run\": 2, \"runs\": 3, "
      "\"sha256\": \"" X "\"},\n"
      "    {\"name\": \"two\", \"seed\": 1, \"first_run\": 0, \"runs\": 100, \"sha256\": \"" EMPTY
      "\"}\n  ]\n}\n",
      "%s", text);
}
