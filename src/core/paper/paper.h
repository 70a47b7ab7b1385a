/* paper.h - a document on A4 as data: what the office composes and render prints.
 *
 * Does      hold one document; read and check its JSON (docs/formats/paper.md).
 * Clause    practice.md, Papers and decisions: every form, register and decision prints as A4 in the municipality's layout.
 * Layer     core; pure, jansson.
 * Owns      everything lives in the paper's arena: paper_done().
 * Trusts    nothing: counts and lengths are capped, text is UTF-8 without NUL, unknown members are refused.
 * Fails     ERR_INPUT with a key paper.*; ERR_NOMEM.
 *
 * The document knows no form, no register and no word of its own: every label in it was put there by whoever composed it.
 */
#ifndef CORE_PAPER_PAPER_H
#define CORE_PAPER_PAPER_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
        PAPER_BLOCKS_MAX = 20000, PAPER_COLUMNS_MAX = 16, PAPER_ROWS_MAX = 20000, PAPER_CELLS_MAX = 200000, PAPER_SEALS_MAX = 10, PAPER_HEAD_MAX = 8,
        PAPER_TEXT_MAX = 32767,          /* bytes of one text */
        PAPER_LINE_MAX = 400,            /* bytes of a title, label or mark */
        PAPER_BYTES_MAX = 16 * 1024 * 1024,
};

/* columns: how many cells a row of it has; 0: as many as it names columns; -1: it has no rows. */
#define PAPER_BLOCKS(X)                                                                   \
        X(PAPER_HEADING,   "heading",   -1)   /* level 1 to 3 */                          \
        X(PAPER_TEXT,      "text",      -1)   /* a paragraph; align, indent in characters */ \
        X(PAPER_NOTE,      "note",      -1)   /* small print */                           \
        X(PAPER_PAIRS,     "pairs",      2)   /* a form: label and what was written */    \
        X(PAPER_TABLE,     "table",      0)   /* its header stands on every page */       \
        X(PAPER_CHECKS,    "checks",     2)   /* "yes", "no" or "", and what it is */     \
        X(PAPER_SEALS,     "seals",     -1)   /* 決裁欄: a box for each post */           \
        X(PAPER_SIGNATURE, "signature",  2)   /* label and name over a line */            \
        X(PAPER_RECEIPT,   "receipt",    2)   /* where the journal shows it */            \
        X(PAPER_BREAK,     "break",     -1)   /* a new page */

enum paper_kind {
#define X(id, name, columns) id,
        PAPER_BLOCKS(X)
#undef X
        PAPER_KINDS_COUNT
};
extern const char *const paper_kind_names[PAPER_KINDS_COUNT];

enum paper_align { PAPER_LEFT, PAPER_CENTER, PAPER_RIGHT };

struct paper_column { struct str title; int width; enum paper_align align; };      /* width: share of the line */

struct paper_block {
        enum paper_kind      kind;
        struct str           text;             /* heading, text, note; seals, receipt: what stands in front */
        int                  level, indent;
        enum paper_align     align;
        struct paper_column *columns;          /* table; pairs: two, of which only the width counts */
        size_t               columns_count;
        struct str          *cells;            /* row by row */
        size_t               rows_count;
        struct str          *titles;           /* seals */
        size_t               titles_count;
};

struct paper_pair { struct str label, text; };

struct paper {
        struct arena        arena;
        struct str          title, lang, form_number, dated, footer, mark;     /* empty: none; mark: across each page */
        bool                landscape;
        char                made_at[15];       /* 20260401090000, UTC: the file's own date */
        struct paper_pair   head[PAPER_HEAD_MAX];
        size_t              head_count;
        struct paper_block *blocks;
        size_t              blocks_count;
};

#define PAPER_INIT ((struct paper){ 0 })

void paper_done(struct paper *p);
static inline void paper_done_at(struct paper *p)
{
        paper_done(p);
}

int  paper_take(struct paper *out, const json_t *j, struct err *e);
int  paper_parse(struct paper *out, struct str bytes, struct err *e);

/* The same words without a layout, to paste into mail and groupware: LF, no seals, no receipt. */
void paper_plain(struct buf *out, const struct paper *p);

#endif
