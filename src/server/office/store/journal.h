/* journal.h (store) - the log as rows: append an act, replay, prove.
 *
 * Does      turn changes into one canonical entry, its payloads, its leaf, its tree nodes and the rows it sets; read entries;
 *           rebuild the projections; compare everything with everything.
 * Clause    DESIGN §5 (an entry carries the result; replay never calls decide()), docs/formats/journal.md.
 * Layer     server/office/store.
 * Owns      texts live in the arena.
 * Threads   appending happens on the writer's connection only.
 * Fails     as db.h.
 */
#ifndef OFFICE_STORE_JOURNAL_H
#define OFFICE_STORE_JOURNAL_H

#include "core/journal/note.h"
#include "server/office/store/rows.h"

struct receipt { uint64_t index; struct hash leaf; };

/* Inside a transaction. `now` is raised to the last entry's time if the clock went back; Each of people's
 * texts goes under the retention unit of its table and of `now`'s fiscal year (core/register/retention.h); `unit` not NULL: under that one (tests). */
int journal_append(struct receipt *out, struct db *db, const struct changes *c, utime_t now, const char *unit, struct err *e);

int journal_size(uint64_t *size, utime_t *last_at, struct db *db, struct err *e);
int journal_entry(struct str *out, struct db *db, uint64_t index, struct arena *a, struct err *e);       /* ERR_ABSENT */

/* Entries [from, until) in order, with the leaf that is stored; the bytes live until the next one. Whoever is not called `until - from` times
 * misses some. */
typedef int journal_entry_fn(void *ctx, uint64_t index, struct str entry, const struct hash *leaf, struct err *e);
int journal_walk(struct db *db, uint64_t from, uint64_t until, journal_entry_fn *see, void *ctx, struct err *e);

struct journal_line { uint64_t index; utime_t at; struct str type, actor; struct hash leaf; };
int journal_lines_of(struct journal_line **out, size_t *n, struct db *db, const char *ref, struct arena *a, struct err *e);

/* One line by itself: canonical, with its leaf hash, and columns that say the same. ERR_TAMPERED. */
int journal_check_one(struct db *db, uint64_t index, struct err *e);
/* What an entry made of one row. ERR_ABSENT: nothing, or there is no such entry. */
int journal_image(struct row *out, struct db *db, uint64_t index, enum table t, const char *id, const char *k, struct arena *a, struct err *e);

/* What happened to one row that people see in a register: newest first, before index `before`. `row`: what stood there afterwards. */
struct history_line { uint64_t index; utime_t at; struct str type, actor; struct row row; };
int journal_history(struct history_line **out, size_t *n, struct db *db, enum table t, const char *id, uint64_t before, size_t limit, struct arena *a, struct err *e);

/* Drops the projections and replays every entry, in one transaction that the caller began. `progress` may be NULL. */
typedef void journal_progress_fn(void *ctx, uint64_t done, uint64_t total);
int journal_rebuild(struct db *db, journal_progress_fn *progress, void *ctx, struct err *e);

/* Recomputes leaf hashes, index columns and the tree against the entries; names the first row that differs. */
int journal_check(struct hash *root, uint64_t *size, struct db *db, journal_progress_fn *progress, void *ctx, struct err *e);

#endif
