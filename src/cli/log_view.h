/* log_view.h - a log directory that was read and checked: full (tiles and bundles) or partial (a subset with proofs).
 *
 * Does      recompute everything that is there; then answer whether a state of some size is the beginning of this log.
 * Source    docs/formats/log.md.
 * Layer     cli.
 * Owns      log_view_open()'s result: log_view_free(). `files` and `report` outlive it.
 * Threads   one caller; a full log is read by as many threads as there are processors, eight at most.
 * Trusts    nothing. What is wrong is said and counted in `report`, each with the file's name.
 */
#ifndef CLI_LOG_VIEW_H
#define CLI_LOG_VIEW_H

#include "base/arena.h"
#include "cli/anchor.h"
#include "cli/log_files.h"
#include "cli/report.h"
#include "core/journal/logdir.h"

enum { LOG_SPECIALS_MAX = 1024, LOG_FILE_MAX = 1 << 20 };

/* An entry that says something about the log itself: epoch.opened, key.rotated. */
struct log_special { uint64_t index; bool opens; struct str entry; };

/* How epoch i of `epochs` began; the first one with all zero. */
struct log_opening { uint64_t index, known_size; struct hash known_root; bool has_sig; char reason[16]; };

struct log_walk;
struct log_subset;

struct log_view {
        const struct log_files *files;
        struct report          *report;
        struct arena            arena;
        struct log_epochs       epochs;
        struct log_opening      opening[LOG_EPOCHS_MAX];
        struct buf              note;                   /* `checkpoint` */
        struct point            head;
        struct log_special      special[LOG_SPECIALS_MAX];
        size_t                  n_special;
        struct log_walk        *walk;                   /* one of the two */
        struct log_subset      *subset;
};

/* NULL: it cannot be looked at any further; the report says why. */
struct log_view *log_view_open(const struct log_files *files, struct report *r);
struct log_view *log_view_free(struct log_view *v);
SCOPED(log_view_free, struct log_view *)

/* ERR_OK: the first p->size leaves have that root. ERR_TAMPERED: another. ERR_ABSENT: a partial log without that consistency file.
 * p->size is at most the log's. */
int log_view_agrees(struct log_view *v, const struct point *p, struct err *e);

/* Entries that are there with an index of at least `from`. */
uint64_t log_view_from(const struct log_view *v, uint64_t from);

/* Epochs, their gaps and their last checkpoints; fills v->opening. */
void log_epochs_check(struct log_view *v);

/* Do the typed keys (verifier keys, or fingerprints) reach the newest epoch? */
void log_keys_check(struct log_view *v, const char *const *typed, size_t n);

/* ---- for log_view.c: the two kinds ---- */

/* false: not to be looked at any further. */
bool log_walk_read(struct log_view *v);
int  log_walk_agrees(struct log_view *v, const struct point *p, struct err *e);
struct log_walk *log_walk_free(struct log_walk *w);

bool log_subset_read(struct log_view *v, struct str subset);
int  log_subset_agrees(struct log_view *v, const struct point *p, struct err *e);
uint64_t log_subset_from(const struct log_subset *s, uint64_t from);
struct log_subset *log_subset_free(struct log_subset *s);

/* What a failed read says: missing, too large, not to be read. */
void log_file_failed(struct report *r, const char *path, int code, const struct err *e);

/* Remembers a copy of the entry if it is one about the log itself. ERR_TOO_BIG: more of them than there may be. */
bool log_is_special(struct str type);
int  log_special_add(struct log_view *v, uint64_t index, struct str type, struct str entry);

#endif
