/* The ground that all else stands on, and the key tables that turn a file into structs.
 *
 * base/ knows no network. It has the values that everybody passes around (SimTime, IpAddress and
 * Prefix, a Trie of them, Distribution and RandomStream), the Arena that owns whatever lives as
 * long as a run or a file, and the way from a text to typed C:
 *
 *     text --(language/)--> Node --(KeyTable)--> struct with a BlockHead --> checks, world
 *                             |        |                      |
 *                             +--------+---- Diagnostics -----+     all errors, each at its Mark
 *
 * Every Node has a Mark, the place in the file that it came from; the BlockHead of a struct keeps
 * its node, so that a check that comes much later can still point there. A number that rests on
 * something says on what: its Ground is a Basis (documented, measured, assumed, set) and the id of
 * a fact. Randomness is a stream with a name: whoever draws names what it draws for, and nobody
 * else's luck depends on that.
 *
 * Beside keys, from the bottom up: time.h is simulated time in whole nanoseconds, random.h the
 * streams and the arithmetic that is the same on every CPU, distribution.h the laws drawn from them
 * with what a number rests on, prefix.h and trie.h addresses, prefixes and the longest match,
 * statistics.h quantiles over runs with what was never over, arena.h the one owner of a run's or a
 * file's memory, memory.h what happens when there is none left, node.h and source.h the file as a
 * tree and what is said about it, shown.h text of others on its way to people.
 *
 * A key table says what keys a block of a scenario may have, of which type, with which default,
 * resting on which fact. A number of the model that a key sets is a trait. A table binds a mapping
 * node to a C struct, field by field, by offset; the same table feeds the error messages, the list
 * of traits with their basis, and the test that every key is documented. A module that owns keys (a
 * cloud, say) owns its table. Everything read lives in the reader's arena.
 *
 * What a field's C type must be, by type and arity:
 *   KEY_TEXT     const char *                 KEY_NAME     NameRef (`choices`: see there)
 *   KEY_BOOL     gboolean                     KEY_COUNT    gint64
 *   KEY_DURATION Duration                     KEY_RATE     gint64 (bits per second)
 *   KEY_SHARE    double (0.05 for "5%")       KEY_ADDRESS  AddressValue
 *   KEY_PREFIX   PrefixValue                  KEY_CHOICE   an enum (place in `choices`)
 *   KEY_BLOCK    pointer to the table's struct (NULL when absent and not KEY_ALWAYS)
 *   KEY_NODE     const Node * (raw, NULL when absent)
 *   KEY_CUSTOM   whatever `read` fills
 * With arity KEY_LIST or KEY_MAP the field is a GPtrArray * of pointers to these
 * (never NULL). A KEY_LIST also accepts one bare item. A KEY_MAP's elements must be
 * KEY_BLOCKs whose struct starts with a BlockHead; they are sorted by name with
 * strcmp(), so the order of keys in a file cannot matter. */
#pragma once
#include "routesim/base/distribution.h"
#include "routesim/base/node.h"
#include "routesim/base/prefix.h"

/* A name that a user gave, or a word of ours that may stand in its place: which of the two it is,
 * `word` says, so that nobody compares a name with a word. */
typedef struct {
  const char *text; /* NULL when absent */
  Mark mark;
  int word; /* an enum of the key's words, whose first is 1; 0: a name */
} NameRef;

typedef struct {
  Distribution law;
  Mark mark;
  gboolean given; /* FALSE: absent and without default, or defaulted */
} Duration;

typedef struct {
  IpAddress value;
  Mark mark;
  gboolean given;
} AddressValue;

typedef struct {
  Prefix value;
  Mark mark;
  gboolean given;
} PrefixValue;

/* First member of every struct that a KEY_BLOCK fills. */
typedef struct {
  const char *name; /* the key it stood under in a KEY_MAP; NULL otherwise */
  Mark mark;        /* of the key, or of the block where it has none */
  const Node *node;
  GPtrArray *unsound; /* const char *: keys that were told to be wrong; NULL: none (keys_sound()) */
} BlockHead;
/* For g_ptr_array_sort() of blocks that have names: in the order of these. */
int block_head_compare(gconstpointer a, gconstpointer b);

typedef enum {
  KEY_TEXT,
  KEY_NAME,
  KEY_BOOL,
  KEY_COUNT,
  KEY_DURATION,
  KEY_RATE,
  KEY_SHARE,
  KEY_ADDRESS,
  KEY_PREFIX,
  KEY_CHOICE,
  KEY_BLOCK,
  KEY_NODE,
  KEY_CUSTOM,
} KeyType;

typedef enum { KEY_ONE, KEY_LIST, KEY_MAP } KeyArity;

enum {
  KEY_REQUIRED = 1,
  KEY_ALWAYS = 2, /* a block exists, with defaults, when absent */
  KEY_NESTED = 4, /* KEY_CUSTOM that fills a GPtrArray * of blocks, which know themselves what in
                     them is wrong */
  KEY_ENDS = 8,   /* KEY_LIST of names that are ends of one thing: who reads them tells that two are
                     the same. In any other list of names the second is a warning */
};

typedef struct KeyTable KeyTable;
typedef struct KeyReader KeyReader;

/* The least, in ns, that may be drawn for a wait before the same is tried again. */
#define KEY_RETRY_LEAST (SIM_SECOND / 1000)

/* A row of a key table gives the first four by their places (name, type, arity, offset: what every
 * key has); all that follows has its name. */
typedef struct {
  const char *name; /* "*" is the one spec of a table whose keys are free names */
  KeyType type;
  KeyArity arity;
  gsize offset;
  guint flags;
  const char *fallback;       /* default, read as if it stood in the file (YAML flow syntax
                                 is not available: scalars only, except durations, which may
                                 be "uniform 500ms 5500ms" or "table 900ms 1s ...") */
  Basis basis;                /* of the default */
  const char *fact;           /* id or clause: "AZ-2.8", "RFC 4271 10"; several with ", " */
  const char *doc;            /* one line for people */
  const char *low, *high;     /* how far a trait whose basis is not documented can plausibly
                                 lie to either side: values that `--set` takes */
  const char *why;            /* "AZ-11.6: " (facts that give the range) or "judgement: ", and
                                 what bounds it */
  const KeyTable *table;      /* KEY_BLOCK */
  const char *const *choices; /* KEY_CHOICE, NULL-terminated; KEY_NAME: the words that may stand in
                                 place of a name, the first of which is word 1; NULL: none */
  gint64 least, most;         /* KEY_COUNT: inclusive bounds; both 0: none. KEY_DURATION after
                                 which the same is done again: the least, in ns, that may be
                                 drawn; 0: none */
  void (*read)(KeyReader *reader, const Node *node, gpointer field); /* KEY_CUSTOM */
} KeySpec;

struct KeyTable {
  const char *path; /* where it stands, as users write it: "nvas.*.peers.*" */
  gsize size;       /* of the struct */
  const KeySpec *keys;
  guint count;
};

/* A word that people bring from elsewhere, and what it is called here. */
typedef struct {
  const char *word;
  const char *path; /* of the key that it means: "nvas.*.asn"; NULL: there is none */
  const char *says; /* what else there is to say, or NULL */
} KeyHint;
/* The same for values: of the key `key`, or of any key (NULL). */
typedef struct {
  const char *word, *key, *value;
} ValueHint;
typedef struct {
  const KeyHint *keys;
  guint key_count;
  const ValueHint *values;
  guint value_count;
} KeyHints;

struct KeyReader {
  Arena *arena;
  Diagnostics *diagnostics;
  const KeyHints *hints; /* or NULL */
};

/* FALSE where an error was told about this key of the block: a value that is none, a name misspelt,
 * a required key that is missing; or where the block itself could not be read. What a check finds
 * out by way of such a value would be told twice. */
gboolean keys_sound(const BlockHead *head, const char *key);
/* ... about none of them. */
gboolean keys_all_sound(const BlockHead *head);
/* A value of the block is wrong, which checks that come later want to know. */
void keys_set_unsound(Arena *arena, BlockHead *head, const char *key);
/* What a word stands for as the value of `key`, or NULL. */
const char *keys_value_hint(const KeyReader *reader, const char *key, const char *word);

/* A new struct of the table's size, filled. Unknown keys (with a suggestion),
 * wrong types, missing required keys and bad values become diagnostics, all of
 * them; what could be read is there. `node` may be NULL: all defaults. */
gpointer keys_read(KeyReader *reader, const KeyTable *table, const Node *node);
/* An element of a mapping of names: checks the name, fills the BlockHead from `key`. An
 * element without a value (`rs:`) is an empty block, at the key. */
gpointer keys_read_named(KeyReader *reader, const KeyTable *table, const Node *key,
                         const Node *value);
/* One value of a scalar type, as a table would read it; for KEY_CUSTOM readers.
 * `what` names it in messages. Returns FALSE after a diagnostic. */
gboolean keys_read_value(KeyReader *reader, const KeySpec *spec, const Node *node, gpointer field);
/* A duration or a distribution in block form, {uniform: [60s, 90s]} and so on. */
gboolean keys_read_duration(KeyReader *reader, const Node *node, Duration *out);

/* A mapping of one key that is the name of a distribution, or nearly so. */
gboolean keys_looks_like_law(const Node *node);

/* The law that the default of a KEY_DURATION stands for; `arena` owns its table. */
Distribution keys_default_law(Arena *arena, const KeySpec *spec);

/* A visit is one call for every spec of a table and, depth first, of its sub-tables,
 * with the full dotted path ("nvas.*.peers.*.hold"). */
typedef void (*KeyVisit)(const char *path, const KeySpec *spec, gpointer data);
void keys_foreach(const KeyTable *table, KeyVisit visit, gpointer data);

/* The fact that a table cites for a key that it has; NULL: the table has no such key. */
const char *keys_fact(const KeyTable *table, const char *key);
/* What the default of a key rests on; where no source gives it, the key's name tells that. */
Ground key_spec_ground(const KeySpec *spec);
/* What a number rests on that follows from several keys of a block (NULL: all defaults): the
 * weakest of their grounds, an assumption before a measurement before what the block sets. `names`
 * ends with NULL. */
Ground keys_ground(Arena *arena, const KeyTable *table, const Node *block,
                   const char *const *names);

#define KEY_TABLE(path_, Struct, specs)                                                            \
  { .path = (path_), .size = sizeof(Struct), .keys = (specs), .count = G_N_ELEMENTS(specs) }
