/* The full product of what may lead to a destination: origins, lengths and exceptions, in one small
 * design for each combination. */
#pragma once
#include "oracle/design.h"

guint64 product_count(DesignCloud cloud);
Design product_design(DesignCloud cloud, guint64 index);
