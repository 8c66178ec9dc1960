/* What must hold of any story: random designs in which much happens at once; see stories.c. */
#pragma once
#include "property/windows.h"

/* Each says what is wrong, or NULL; the caller frees. */
/* The numbers of failovers.csv among each other, and what its events are to blame for. */
char *stories_rows(Windows *windows, guint64 seed);
/* `lazy` tells the same as `packet`, to the byte: of designs without jitter. */
char *stories_modes(Windows *windows, guint64 seed);
/* A run that walks all flows at every change has the same trace, record by record. */
char *stories_walks(Windows *windows, guint64 seed);
