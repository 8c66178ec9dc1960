/* What happens where memory ends: one message on standard error and exit status 3, at once.
 * Nothing is freed, flushed or finished: files are whole or not there at any moment. */
#pragma once
#include <glib.h>

/* The process ends as it stands; this needs no memory itself. */
G_NORETURN void memory_exhausted(void);
/* From here on an allocation that GLib or GSL cannot make ends the process in the same way. GLib
 * says so in a log message of its own before it aborts, which is the only moment that it gives
 * anybody; other messages go where they went, and other aborts end as they did. GSL's other errors
 * are programmers' mistakes: they abort, named. For main() alone: it takes SIGABRT and SIGTRAP. */
void memory_watch(void);
/* To be called before `count` threads start: where the address space is limited (ulimit -v) and too
 * small for a heap a thread, all share one. glibc reserves 128 MiB for each heap, and serves a
 * thread that gets none by a system call an allocation: a hundred times slower, for ever. */
void memory_expect_threads(guint count);
