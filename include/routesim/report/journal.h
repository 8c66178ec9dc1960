/* The journal of a result folder: which call a batch was begun with, and what it has finished.
 *
 * It is the file .journal in the folder (commands that came later have their own beside it), text
 * of lines with fields between tabs:
 *
 *   routesim journal 1
 *   fact <label> <value>              what the call was: equal facts mean equal bytes
 *   begun
 *   file <name> <bytes> <SHA-256>     below the folder
 *   picture <name> <bytes> <SHA-256>  below the folder of pictures
 *   end <piece>                       the files above it are whole: this piece is done
 *
 * A line is written after the disk has what it tells of, and counts once the disk has the line.
 * What stands behind the last "begun" or "end" is of a process that was killed, and dropped. Who
 * has the journal open holds a lock on it, which ends with the process however that ends, so that a
 * folder has one writer. The file stays when the batch is done, to prove what the folder holds. */
#pragma once
#include "routesim/report/output.h"

typedef struct Journal Journal;

typedef struct {
  char *name;
  gboolean is_picture;
  FileProof proof;
} JournalFile;

/* The folder must exist; the journal, a file of this name, is made where there is none. NULL and a
 * GError (G_FILE_ERROR) where another process has it, or it cannot be written, or is no journal. */
Journal *journal_open(const char *directory, const char *name, GError **error);
/* The folder is released. NULL is nothing. */
void journal_free(Journal *journal);

/* What this call is: facts in order. `label` is unique. */
void journal_state(Journal *journal, const char *label, const char *value);
/* The folder is left as it was: a journal that journal_open() made goes. */
void journal_discard(Journal *journal);
/* TRUE where a batch was begun whose facts are known. */
gboolean journal_is_begun(const Journal *journal);
/* What is wrong with it, as a sentence, or NULL; it can only be begun anew. Borrowed. */
const char *journal_damage(const Journal *journal);
/* NULL where it was begun with the facts that were stated; otherwise the first that differs, as a
 * sentence: "seed of scenario one was 1, now it is 2". Caller frees. */
char *journal_refute(const Journal *journal);
/* What there is is forgotten; the journal begins with the facts that were stated. */
gboolean journal_begin(Journal *journal, GError **error);

/* The piece is done; `files` (JournalFile *) are on the disk. The array becomes its own. */
gboolean journal_add(Journal *journal, const char *piece, GPtrArray *files, GError **error);
/* The files of a piece that is done (JournalFile *, borrowed), or NULL. */
const GPtrArray *journal_piece(const Journal *journal, const char *piece);
/* For arrays of JournalFile. */
JournalFile *journal_file_new(const char *name, gboolean is_picture, const FileProof *proof);
void journal_file_free(gpointer file);
