/* Probes, which the traffic starts and ends. */
#pragma once
#include "traffic_private.h"

typedef struct {
  ProbeConfig config;
  ProbeResult result;
  gboolean in_gap;
  SimTime gap_since;
  Timer *timer;
  RandomStream stream;
  Traffic *traffic;
} Probe;

void probe_begin(Probe *probe);
void probe_end(Probe *probe);
