/* What the block of a cloud in a route server says in tests that run every cloud there is. */
#pragma once
#include "routesim/cloud/cloud.h"

typedef enum {
  SETTINGS_OF_ONE_SUBNET, /* appliances stand in hub/nva, hosts in hub/app */
  SETTINGS_OF_TWO_ZONES,  /* appliances stand in hub/a and hub/b, hosts in hub/app */
} CloudSettingsFor;

const char *cloud_settings(const CloudClass *cloud, CloudSettingsFor test);
