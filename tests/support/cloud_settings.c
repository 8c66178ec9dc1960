/* See the header. */
#include "support/cloud_settings.h"

#include <string.h>

/* Only a cloud whose block has required keys, or that should do more than by default, has a row. */
static const struct {
  const char *name;
  const char *settings[2]; /* by CloudSettingsFor */
} particular[] = {
    {.name = "azure",
     .settings = {[SETTINGS_OF_ONE_SUBNET] = "{program: 1s, branch_to_branch: on}",
                  [SETTINGS_OF_TWO_ZONES] = "{program: 1s}"}},
    {.name = "aws",
     .settings = {[SETTINGS_OF_ONE_SUBNET] = "{asn: 64512, endpoints: {e1: hub/nva, e2: hub/nva}, "
                                             "propagate_to: [hub/app], program: 1s}",
                  [SETTINGS_OF_TWO_ZONES] = "{asn: 64512, endpoints: {a1: hub/a, b1: hub/b}, "
                                            "propagate_to: [hub/app], program: 1s}"}},
};

const char *cloud_settings(const CloudClass *cloud, CloudSettingsFor test) {
  for (guint i = 0; i < G_N_ELEMENTS(particular); i++)
    if (strcmp(particular[i].name, cloud->name) == 0)
      return particular[i].settings[test];
  return "{program: 1s}";
}
