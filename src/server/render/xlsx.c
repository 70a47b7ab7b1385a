/* xlsx.c - a grid as an Excel file, by libxlsxwriter.
 *
 * Every cell is text ("@"), so that 0012 and 2026-04-01 stay what they are. The header is frozen and locked, and so are the cells that say
 * which record a row is; the sheet is protected without a password: who wants to rename or remove a record lifts the protection first.
 *
 * The library writes parts to temporary files and the whole to a named one; a render job has neither. So its lxw_tmpfile() is replaced
 * by ours (a symbol of the program wins over the library's), which keeps the part in memory, and the named file is a memory descriptor
 * that was made before the sandbox.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <xlsxwriter.h>

#include "core/grid/grid.h"
#include "server/render/kinds.h"

enum { WIDTH_MIN = 8, WIDTH_MAX = 60, SPARE_ROWS = 1000, LIST_TEXT_MAX = 255 };

static int memory = -1;      /* one job a process */

/* ---- a temporary file that is none ---- */

struct part { struct buf bytes; size_t at; };

static ssize_t part_read(void *cookie, char *to, size_t n)
{
        struct part *p = cookie;
        size_t left = p->at < p->bytes.n ? p->bytes.n - p->at : 0;

        n = n < left ? n : left;
        if (n)
                memcpy(to, p->bytes.p + p->at, n);
        p->at += n;
        return (ssize_t)n;
}

static ssize_t part_write(void *cookie, const char *from, size_t n)
{
        struct part *p = cookie;
        size_t over = p->at < p->bytes.n ? p->bytes.n - p->at : 0;

        over = n < over ? n : over;
        if (over)
                memcpy(p->bytes.p + p->at, from, over);
        buf_add(&p->bytes, from + over, n - over);
        p->at += n;
        return buf_bad(&p->bytes) ? 0 : (ssize_t)n;
}

static int part_seek(void *cookie, off64_t *to, int whence)
{
        struct part *p = cookie;
        off64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (off64_t)p->at : (off64_t)p->bytes.n;

        if (*to > BUF_MAX || base + *to < 0 || base + *to > (off64_t)p->bytes.n)
                return -1;
        p->at = (size_t)(base + *to);
        *to = base + *to;
        return 0;
}

static int part_close(void *cookie)
{
        struct part *p = cookie;

        buf_done(&p->bytes);
        free(p);
        return 0;
}

FILE *lxw_tmpfile(char *tmpdir)
{
        static const cookie_io_functions_t io = { part_read, part_write, part_seek, part_close };
        struct part *p = calloc(1, sizeof(*p));
        FILE *f = p ? fopencookie(p, "w+", io) : NULL;

        if (!f)
                free(p);
        return f;
}

/* ---- the sheets ---- */

struct book { lxw_workbook *book; lxw_format *head, *open, *locked; };

/* Width in columns of ASCII: a full-width character counts two. */
static double width_of(const struct grid_sheet *s, size_t column, int lang)
{
        size_t widest = 0;

        for (size_t i = 0; i <= s->rows_count; i++) {
                const char *p = i ? s->rows[i - 1].cells[column] : s->columns[column].title[lang];
                size_t n = 0;

                for (; *p && *p != '\n'; p++)
                        n += (unsigned char)*p < 0x80 ? 1 : (unsigned char)*p >= 0xe0 ? 2 : 0;
                widest = n > widest ? n : widest;
        }
        return (double)(widest < WIDTH_MIN ? WIDTH_MIN : widest > WIDTH_MAX ? WIDTH_MAX : widest) + 2;
}

static void choices_write(lxw_worksheet *w, const struct grid_sheet *s, size_t column)
{
        const struct grid_column *c = &s->columns[column];
        char **list = calloc(c->choices_count + 1, sizeof(*list));
        lxw_data_validation v = { .validate = LXW_VALIDATION_TYPE_LIST, .value_list = list, .ignore_blank = LXW_VALIDATION_ON };
        size_t length = 0;

        for (size_t i = 0; list && i < c->choices_count; i++) {
                list[i] = (char *)(uintptr_t)c->choices[i];      /* the library only reads it */
                length += strlen(c->choices[i]) + 1;
        }
        if (list && length <= LIST_TEXT_MAX)      /* a longer list Excel does not take; the check says what may stand there */
                (void)worksheet_data_validation_range(w, 1, (lxw_col_t)column, (lxw_row_t)(s->rows_count + SPARE_ROWS), (lxw_col_t)column, &v);
        free(list);
}

static lxw_error sheet_write(struct book *b, const struct grid_sheet *s, int lang)
{
        static const lxw_protection may = { .format_columns = 1, .format_rows = 1, .format_cells = 1, .insert_rows = 1, .delete_rows = 1, .sort = 1, .autofilter = 1 };
        lxw_protection allowed = may;
        lxw_worksheet *w = workbook_add_worksheet(b->book, s->name);
        lxw_error no = w ? LXW_NO_ERROR : LXW_ERROR_MEMORY_MALLOC_FAILED;

        for (size_t c = 0; no == LXW_NO_ERROR && c < s->columns_count; c++) {
                no = worksheet_set_column(w, (lxw_col_t)c, (lxw_col_t)c, width_of(s, c, lang), b->open);
                if (no == LXW_NO_ERROR)
                        no = worksheet_write_string(w, 0, (lxw_col_t)c, s->columns[c].title[lang], b->head);
                if (no == LXW_NO_ERROR && s->columns[c].choices_count)
                        choices_write(w, s, c);
        }
        for (size_t i = 0; no == LXW_NO_ERROR && i < s->rows_count; i++)
                for (size_t c = 0; no == LXW_NO_ERROR && c < s->columns_count; c++)
                        no = worksheet_write_string(w, (lxw_row_t)i + 1, (lxw_col_t)c, s->rows[i].cells[c], s->columns[c].readonly ? b->locked : b->open);
        if (no != LXW_NO_ERROR)
                return no;
        worksheet_freeze_panes(w, 1, 0);
        worksheet_protect(w, NULL, &allowed);
        return LXW_NO_ERROR;
}

static lxw_format *format_of(lxw_workbook *book, bool bold, bool open)
{
        lxw_format *f = workbook_add_format(book);

        if (!f)
                return NULL;
        format_set_num_format(f, "@");
        format_set_text_wrap(f);
        format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
        if (bold) {
                format_set_bold(f);
                format_set_bg_color(f, 0xE8F1FE);
        } else if (!open) {
                format_set_bg_color(f, 0xF2F2F2);
        }
        if (open)
                format_set_unlocked(f);
        return f;
}

static int memory_take(struct buf *out, struct err *e)
{
        char room[64 * 1024];
        ssize_t n;

        if (lseek(memory, 0, SEEK_SET) < 0)
                return err_errno(e, "memory");
        while ((n = read(memory, room, sizeof(room))) > 0)
                buf_add(out, room, (size_t)n);
        return n < 0 ? err_errno(e, "memory") : buf_bad(out) ? err_set(e, ERR_NOMEM, "no memory for a file") : 0;
}

int xlsx_prepare(struct err *e)
{
        memory = memfd_create("xlsx", MFD_CLOEXEC);
        return memory < 0 ? err_errno(e, "memory") : 0;
}

int xlsx_write(struct buf *out, const struct grid *g, int lang, struct err *e)
{
        char name[32];
        lxw_doc_properties about = { .title = (char *)(uintptr_t)"sekisho" };
        struct book b;
        lxw_error no = LXW_NO_ERROR;

        (void)snprintf(name, sizeof(name), "/proc/self/fd/%d", memory);
        b.book = workbook_new(name);
        if (!b.book)
                return err_set(e, ERR_NOMEM, "no memory for a workbook");
        about.created = (time_t)1648771200;      /* the same grid gives the same bytes */
        (void)workbook_set_properties(b.book, &about);
        b.head = format_of(b.book, true, false);
        b.open = format_of(b.book, false, true);
        b.locked = format_of(b.book, false, false);
        for (size_t i = 0; no == LXW_NO_ERROR && i < g->n; i++)
                no = sheet_write(&b, &g->sheets[i], lang);
        if (no == LXW_NO_ERROR)
                no = workbook_close(b.book);      /* frees the book in any case */
        else
                lxw_workbook_free(b.book);
        if (no != LXW_NO_ERROR)
                return err_set(e, ERR_IO, "workbook: %s", lxw_strerror(no));
        return memory_take(out, e);
}
