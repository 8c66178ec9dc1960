/* Where bytes go: standard output, or a file of a result folder.
 *
 * A file is written under a hidden temporary name, synchronised, and renamed when it is
 * closed, so that a kill or a full disk leaves whole files or none. The first error is
 * kept and told by output_close(); what is written after it is dropped. */
#pragma once
#include <glib.h>

typedef struct Output Output;

/* Never closes the descriptor. */
Output *output_stdout(void);
/* Appends to memory that the caller owns; never fails. */
Output *output_memory(GString *memory);
/* DIRECTORY/NAME; the folder must exist. An error shows at output_close(). `durable`: wait
 * until the disk has it. */
Output *output_file(const char *directory, const char *name, gboolean durable);

void output_write(Output *output, const char *bytes, gsize length);
void output_text(Output *output, const char *text);
/* TRUE once something could not be written: no use in going on. */
gboolean output_failed(const Output *output);

/* Writes what is left and frees the output. FALSE and a GError (G_FILE_ERROR) after any
 * failure since the start; a file is then not there, or as it was before. */
gboolean output_close(Output *output, GError **error);
/* Frees without finishing: a file is not written. */
void output_abandon(Output *output);

/* A whole file at once. */
gboolean output_write_file(const char *directory, const char *name, gboolean durable,
                           const char *text, GError **error);
