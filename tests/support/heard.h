/* What the code under test says on standard error. */
#pragma once
#include <glib.h>

/* From here on standard error is kept, until heard_end() gives it back. */
void heard_begin(void);
/* All that was said since; the caller frees. */
char *heard_end(void);
