/* What capacity does not let pass, and whose fault that is. */
#pragma once
#include "traffic_private.h"

/* Bits per second that go back to `of`. */
typedef struct {
  RecordId of;
  RecordId by; /* took them off there; 0: they are there */
  gint64 bits_per_second;
} Account;

/* Flows that lack capacity there. */
typedef struct {
  const Element *element;
  guint flows;
} FullElement;

/* Capacity is shared among all classes anew, after their fates. */
void overload_share(Traffic *traffic);
/* Whose fault it is that something of a traffic does not fit; after the sharing. */
void blame_take_stock(const Traffic *traffic, TrafficItem *item);
void blame_end(Traffic *traffic);
