/* Where bytes go: standard output, memory, or a file.
 *
 * A file that is one, has one name and is the user's own is written under a hidden temporary name
 * beside it and renamed when it is closed, so that a kill or a full disk leaves the whole new file
 * or the whole old one. Anything else that stands at that path (a device, a pipe, a link, a file
 * with several names, a mount, one's own standard output under any name) is written to and never
 * replaced. The first error is kept and told by output_close(); what is written after it is
 * dropped. */
#pragma once
#include <glib.h>

typedef struct Output Output;

/* What a file holds, to prove it later. */
typedef struct {
  gboolean known; /* FALSE: what went to a device or pipe cannot be read again */
  guint64 size;   /* bytes */
  char sha256[65];
} FileProof;

/* The descriptor is never closed. */
Output *output_stdout(void);
/* What is written goes behind `memory`, which stays the caller's; that never fails. */
Output *output_memory(GString *memory);
/* DIRECTORY/NAME in a folder that this process alone writes to, one file at a time; it must exist.
 * An error shows at output_close(). `durable`: output_close() waits until the disk has it. */
Output *output_file(const char *directory, const char *name, gboolean durable);
/* A file at any path, whoever else writes beside it. */
Output *output_path(const char *path);

void output_write(Output *output, const char *bytes, gsize length);
void output_text(Output *output, const char *text);
/* TRUE once something could not be written: no use in going on. */
gboolean output_failed(const Output *output);

/* What is left is written, and the output freed. FALSE and a GError (G_FILE_ERROR) after any
 * failure since the start; a file is then not there, or as it was before. */
gboolean output_close(Output *output, GError **error);
/* The same; `proof` says what the file holds. */
gboolean output_close_proved(Output *output, FileProof *proof, GError **error);
/* The output is freed unfinished: a file is not written. */
void output_abandon(Output *output);

/* Would a new file take the place of what stands at `path`, if anything does? */
gboolean output_replaces(const char *path);
/* Do both paths lead to one file? */
gboolean output_is(const char *path, const char *other);
/* Afterwards the disk has the names of all files in a folder; their bytes are another matter. */
gboolean output_sync_folder(const char *directory, GError **error);

/* Is this what stands at DIRECTORY/NAME now? NULL: yes. Otherwise why not, as the end of a
 * sentence: "is not there", "has 12 bytes, not 345". Caller frees. */
char *file_proof_refute(const FileProof *proof, const char *directory, const char *name);
