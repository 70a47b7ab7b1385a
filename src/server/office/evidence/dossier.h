/* dossier.h - an evidence pack being made: one zip that a stranger can check.
 *
 * Does      gather, write every member, list them in the manifest; say how far it is.
 * Clause    8.2 趣旨; DESIGN §7 (evidence pack); docs/formats/evidence.md is the format.
 * Layer     server/office/evidence. Each part is one file: texts.c, subset.c, tables.c, clause_paper.c, cover.c.
 * Owns      nothing: what it works with is its caller's. The zip is whole when dossier_make() answers 0, and else not there.
 * Units     times utime_t, sizes bytes.
 * Threads   one a job; it reads one snapshot on its own connection, and the office goes on.
 * Fails     as scope.h and zip.h; ERR_TAMPERED when the tree is not the checkpoint's; ERR_BUSY `evidence.stopped` when asked to stop.
 */
#ifndef OFFICE_EVIDENCE_DOSSIER_H
#define OFFICE_EVIDENCE_DOSSIER_H

#include <jansson.h>

#include "core/text/text.h"
#include "server/office/evidence/scope.h"
#include "server/office/evidence/zip.h"
#include "server/office/office.h"

enum { DOSSIER_TIES_MAX = 8 };

/* What it does now; the words are evidence.phase.*. */
#define DOSSIER_PHASES(X)            \
        X(PHASE_GATHER, "gather")    \
        X(PHASE_TABLES, "tables")    \
        X(PHASE_PAPERS, "papers")    \
        X(PHASE_TEXTS,  "texts")     \
        X(PHASE_FILES,  "files")     \
        X(PHASE_LOG,    "log")       \
        X(PHASE_WRITE,  "write")

enum dossier_phase {
#define X(id, name) id,
        DOSSIER_PHASES(X)
#undef X
        PHASES_COUNT
};
extern const char *const dossier_phase_names[PHASES_COUNT];

typedef bool dossier_progress_fn(void *ctx, enum dossier_phase phase, uint64_t done, uint64_t total);      /* false: stop */
typedef int  dossier_render_fn(struct buf *out, void *ctx, const char *kind, struct str in, struct err *e);

struct dossier_job {
        const struct office  *office;                  /* a view */
        struct db            *db;
        const char           *path;                    /* of the zip; must not be there */
        struct dossier_scope  scope;
        bool                  posts, withhold;         /* names as posts; 非開示 */
        enum lang             lang;                    /* of tables and papers */
        uint64_t              ties[DOSSIER_TIES_MAX];   /* earlier sizes that a consistency file leads from */
        size_t                ties_count;
        struct checkpoint     head;
        struct str            note;                    /* the checkpoint, signed */
        struct str            verify_page;             /* verify.html; empty: left out */
        utime_t               now;
        dossier_render_fn    *render;
        dossier_progress_fn  *progress;
        void                 *render_ctx, *progress_ctx;
};

struct dossier_made {
        struct hash manifest;
        uint64_t    entries, size, bytes, cases, duties, attachments, texts;
        uint64_t    left_names, left_withheld, left_erased, left_attachments;
};

int dossier_make(struct dossier_made *out, const struct dossier_job *job, struct err *e);

/* What there would be in it and what is missing, without making it: [{kind,about,count}], a new reference. Above LOOK_ENTRIES_MAX entries
 * what stands in them is not counted, and a gap says so. */
enum { LOOK_ENTRIES_MAX = 20000 };
int dossier_look(struct dossier_made *out, json_t **gaps, const struct dossier_job *job, struct err *e);

/* ---- inside ---- */

struct dossier_file { struct str hash, name; };

struct dossier {
        const struct dossier_job *job;
        struct arena             *arena;
        struct zip_out           *zip;                  /* NULL: only to look */
        struct gathered           gathered;
        struct dossier_made       made;
        struct dossier_file      *files;                /* attachments that entries of the pack name */
        size_t                    files_count, files_room;
        json_t                   *gaps;                 /* [{kind,about,count}] */
        unsigned                  papers;
};

int dossier_step(const struct dossier *d, enum dossier_phase phase, uint64_t done, uint64_t total, struct err *e);
int dossier_gather(struct dossier *d, struct err *e);
int dossier_find_gaps(struct dossier *d, struct err *e);         /* look.c */
int dossier_gaps_of_texts(struct dossier *d, struct err *e);
int dossier_gap(struct dossier *d, const char *kind, const char *about, uint64_t count, struct err *e);

int dossier_put_texts(struct dossier *d, struct err *e);         /* texts.json; finds the attachments */
int dossier_put_files(struct dossier *d, struct err *e);         /* attachments/ */
int dossier_put_log(struct dossier *d, struct err *e);           /* log/ */
int dossier_put_tables(struct dossier *d, struct err *e);        /* tables/ */
int dossier_put_papers(struct dossier *d, struct err *e);        /* clauses/ */
int dossier_put_words(struct dossier *d, struct err *e);         /* README.txt, index.css */
int dossier_put_cover(struct dossier *d, struct err *e);         /* index.html, verify.html */

#endif
