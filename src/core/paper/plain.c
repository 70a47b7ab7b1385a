/* plain.c - paper_plain(): a document as text. */
#include "core/paper/paper.h"

static void line(struct buf *out, struct str s)
{
        buf_str(out, s);
        buf_char(out, '\n');
}

/* Several cells on one line: a line end within a cell would begin another. */
static void cell(struct buf *out, struct str s)
{
        for (size_t i = 0; i < s.n; i++)
                buf_char(out, s.p[i] == '\n' ? ' ' : s.p[i]);
}

static void rows(struct buf *out, const struct paper_block *b, size_t wide, const char *between)
{
        for (size_t i = 0; i < b->rows_count; i++) {
                for (size_t c = 0; c < wide; c++) {
                        buf_text(out, c ? between : "");
                        cell(out, b->cells[i * wide + c]);
                }
                buf_char(out, '\n');
        }
}

static void table(struct buf *out, const struct paper_block *b)
{
        for (size_t c = 0; c < b->columns_count; c++) {
                buf_text(out, c ? "\t" : "");
                cell(out, b->columns[c].title);
        }
        buf_char(out, '\n');
        rows(out, b, b->columns_count, "\t");
}

static void checks(struct buf *out, const struct paper_block *b)
{
        for (size_t i = 0; i < b->rows_count; i++) {
                buf_text(out, str_is(b->cells[2 * i], "yes") ? "☑ " : "□ ");
                cell(out, b->cells[2 * i + 1]);
                buf_char(out, '\n');
        }
}

static void block(struct buf *out, const struct paper_block *b)
{
        switch (b->kind) {
        case PAPER_HEADING:
                buf_text(out, b->level == 1 ? "\n■ " : b->level == 2 ? "\n● " : "\n・");
                line(out, b->text);
                break;
        case PAPER_TEXT:
        case PAPER_NOTE:
                for (int i = 0; i < b->indent; i++)
                        buf_text(out, "　");
                line(out, b->text);
                break;
        case PAPER_PAIRS:
        case PAPER_SIGNATURE:
                rows(out, b, 2, "：");
                break;
        case PAPER_TABLE:
                table(out, b);
                break;
        case PAPER_CHECKS:
                checks(out, b);
                break;
        default:                                  /* what only paper has */
                break;
        }
}

void paper_plain(struct buf *out, const struct paper *p)
{
        if (p->mark.n)
                buf_printf(out, "【%.*s】\n", (int)p->mark.n, p->mark.p);
        for (size_t i = 0; i < p->head_count; i++)
                buf_printf(out, "%.*s %.*s\n", (int)p->head[i].label.n, p->head[i].label.p, (int)p->head[i].text.n, p->head[i].text.p);
        if (p->dated.n)
                line(out, p->dated);
        line(out, p->title);
        buf_char(out, '\n');
        for (size_t i = 0; i < p->blocks_count; i++)
                block(out, &p->blocks[i]);
}
