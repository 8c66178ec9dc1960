/* The clouds that scenarios may name: a row each, in the order of output. A row `name` stands for
 * the CloudClass `name_cloud` of sim/cloud/name/. */
#pragma once
#include "routesim/cloud/cloud.h"

#define CLOUDS_SHIPPED(CLOUD)                                                                      \
  CLOUD(azure)                                                                                     \
  CLOUD(aws)

#define CLOUD_DECLARE(name) extern const CloudClass name##_cloud;
CLOUDS_SHIPPED(CLOUD_DECLARE)
