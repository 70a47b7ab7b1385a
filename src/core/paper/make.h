/* make.h - write a paper's JSON piece by piece.
 *
 * Does      append blocks and rows; paper_take() is what checks the whole.
 * Layer     core; pure, jansson.
 * Owns      a maker owns its document until paper_make_end() hands it on.
 * Fails     a maker that could not grow is `bad` and stays so; paper_make_end() answers NULL then.
 */
#ifndef CORE_PAPER_MAKE_H
#define CORE_PAPER_MAKE_H

#include "core/paper/paper.h"

struct paper_maker { json_t *doc, *blocks, *rows, *row, *columns; bool bad; };

void    paper_make(struct paper_maker *m);
void    paper_put(struct paper_maker *m, const char *member, struct str text);         /* title, form_number, dated …; empty: left out */
void    paper_landscape(struct paper_maker *m);
void    paper_head(struct paper_maker *m, const char *label, struct str text);
void    paper_heading(struct paper_maker *m, int level, struct str text);              /* empty: left out, as paragraphs and notes are */
void    paper_text(struct paper_maker *m, struct str text, enum paper_align align, int indent);
void    paper_note(struct paper_maker *m, struct str text);
void    paper_seals(struct paper_maker *m, const char *text);
void    paper_seal(struct paper_maker *m, const char *title);
void    paper_break(struct paper_maker *m);
/* pairs, checks, signature, receipt; then paper_row2() for each row. */
void    paper_rows(struct paper_maker *m, enum paper_kind kind, const char *text);
void    paper_row2(struct paper_maker *m, const char *label, struct str text);
/* A table: its columns, then rows of cells. */
void    paper_table(struct paper_maker *m);
void    paper_column(struct paper_maker *m, const char *title, int width, enum paper_align align);
void    paper_row(struct paper_maker *m);
void    paper_cell(struct paper_maker *m, struct str text);
size_t  paper_rows_made(const struct paper_maker *m);                                  /* of the block being written */

json_t *paper_make_end(struct paper_maker *m);                                         /* the document; the maker is empty then */
void    paper_make_done(struct paper_maker *m);
static inline void paper_make_done_at(struct paper_maker *m)
{
        paper_make_done(m);
}

#endif
