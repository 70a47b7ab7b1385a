/* papers.c - which papers there are about something, and one of them: as PDF, as text to paste, as a sheet, as the document itself. */
#include <stdlib.h>

#include "core/grid/grid.h"
#include "link/render_call.h"
#include "server/office/api/handlers.h"
#include "server/office/office.h"
#include "server/office/papers/press.h"
#include "sys/clock.h"

enum { RENDER_WAIT_S = 25 };

static int about_of(struct str *about, struct request *rq, struct err *e)
{
        int r = scgi_field(about, rq->scgi->query, "about", rq->arena, e);

        return r == ERR_ABSENT ? err_key(e, ERR_INPUT, "common.member.missing", "about", "about", (char *)NULL) : r;
}

/* Papers are in Japanese whatever the browser prefers; English is asked for. */
static int lang_asked(enum lang *lang, struct request *rq, struct err *e)
{
        struct str word = STR("ja");
        int r = scgi_field(&word, rq->scgi->query, "lang", rq->arena, e);

        if (r == ERR_OK && !str_is(word, "ja") && !str_is(word, "en"))
                return err_key(e, ERR_INPUT, "paper.lang", "lang", (char *)NULL);
        *lang = str_is(word, "en") ? LANG_EN : LANG_JA;
        return r == ERR_ABSENT ? ERR_OK : r;
}

/* ---- which there are ---- */

/* Titles name the form or the service: filled in, in each language. */
static json_t *title_of(struct press *p, const struct pack_paper *paper)
{
        struct str in[LANG_COUNT];

        for (int lang = 0; lang < LANG_COUNT; lang++) {
                p->lang = (enum lang)lang;
                in[lang] = press_said(p, &paper->title);
        }
        return json_pack("{s:o, s:o}", "ja", json_of(in[LANG_JA]), "en", json_of(in[LANG_EN]));
}

static int list_of(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        scoped(press_done) struct press p = { 0 };
        struct str about;
        int r = about_of(&about, rq, e);

        if (r == ERR_OK)
                r = press_open(&p, rq, about, e);
        for (size_t i = 0; r == ERR_OK && i < p.pack->papers_count; i++) {
                const struct pack_paper *paper = &p.pack->papers[i];

                if (press_offers(&p, paper) &&
                    json_array_append_new(items, json_pack("{s:s, s:o, s:b}", "id", paper->id, "title", title_of(&p, paper), "text", paper->plain)) < 0)
                        r = err_set(e, ERR_NOMEM, "papers");
        }
        if (r < 0)
                return r;
        out->json = json_pack("{s:O}", "items", items);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "papers");
}

int list_papers(struct request *rq, struct reply *out, struct err *e)
{
        int r = db_begin_read(rq->db, e);

        if (r < 0)
                return r;
        r = list_of(rq, out, e);
        db_rollback(rq->db);
        return r;
}

/* ---- as a sheet: block under block, as wide as the widest ---- */

static size_t widest(const struct paper *p)
{
        size_t n = 2;

        for (size_t i = 0; i < p->blocks_count; i++)
                n = p->blocks[i].kind == PAPER_TABLE && p->blocks[i].columns_count > n ? p->blocks[i].columns_count : n;
        return n;
}

static bool put_row(struct grid *g, const struct str *cells, size_t n)
{
        struct grid_row *row = grid_add_row(g, &g->sheets[0]);

        for (size_t i = 0; row && i < n; i++)
                row->cells[i] = arena_copy(&g->arena, cells[i].p ? cells[i].p : "", cells[i].n);
        return row != NULL;
}

static bool put_block(struct grid *g, const struct paper_block *b)
{
        struct str titles[PAPER_COLUMNS_MAX];
        size_t wide = b->kind == PAPER_TABLE ? b->columns_count : 2;
        bool ok = true;

        if (b->kind == PAPER_HEADING || b->kind == PAPER_TEXT || b->kind == PAPER_NOTE)
                return put_row(g, &b->text, 1);
        for (size_t i = 0; b->kind == PAPER_TABLE && i < wide; i++)
                titles[i] = b->columns[i].title;
        if (b->kind == PAPER_TABLE)
                ok = put_row(g, titles, wide);
        for (size_t i = 0; ok && i < b->rows_count; i++)
                ok = put_row(g, b->cells + i * wide, wide);
        return ok;
}

static int sheet_of(struct buf *out, struct request *rq, const struct paper *p, struct err *e)
{
        scoped(grid_done) struct grid g = GRID_INIT;
        scoped(json_decref) json_t *j = NULL;
        struct grid_sheet *s = &g.sheets[0];
        char *text;
        bool ok;

        g.n = 1;
        *s = (struct grid_sheet){ .name = "paper", .columns_count = widest(p) };
        s->columns = arena_array(&g.arena, s->columns_count, sizeof(*s->columns));
        ok = s->columns != NULL;
        for (size_t i = 0; ok && i < s->columns_count; i++) {
                const char *id = arena_printf(&g.arena, "c%zu", i + 1), *title = i ? " " : arena_copy(&g.arena, p->title.p, p->title.n);

                s->columns[i] = (struct grid_column){ .id = id, .title = { title, title } };
        }
        for (size_t i = 0; ok && i < p->blocks_count; i++)
                ok = put_block(&g, &p->blocks[i]);
        j = ok ? grid_json(&g) : NULL;
        text = j ? json_dumps(j, JSON_COMPACT) : NULL;
        if (text)
                buf_text(out, text);
        free(text);
        return text && !buf_bad(out) ? ERR_OK : err_set(e, ERR_NOMEM, "sheet");
}

/* ---- one of them ---- */

static int rendered(struct buf *out, struct request *rq, const char *kind, struct str in, struct err *e)
{
        char socket[OFFICE_PATH_MAX + 32];
        struct err why = { 0 };
        int r;

        (void)snprintf(socket, sizeof(socket), "%s/run/render.sock", rq->office->dir);
        r = render_call(out, socket, kind, in, clock_boot() + RENDER_WAIT_S * UTIME_S, &why);
        if (r == ERR_ABSENT || r == ERR_IO || r == ERR_TIMEOUT)
                return err_key(e, ERR_BUSY, "grid.render.absent", "", (char *)NULL);
        if (r < 0 && e)
                *e = why;
        return r;
}

static const struct format { const char *name, *kind, *type, *ending; } formats[] = {
        { "pdf",  "paper-to-pdf", "application/pdf", "pdf" },
        { "xlsx", "grid-to-xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx" },
        { "text", NULL,           "text/plain; charset=utf-8", "txt" },
        { "json", NULL,           NULL, NULL },
};

static int format_asked(const struct format **out, struct request *rq, struct err *e)
{
        struct str word = STR("pdf");
        int r = scgi_field(&word, rq->scgi->query, "format", rq->arena, e);

        for (size_t i = 0; (r == ERR_OK || r == ERR_ABSENT) && i < countof(formats); i++)
                if (str_is(word, formats[i].name)) {
                        *out = &formats[i];
                        return ERR_OK;
                }
        return r == ERR_OK || r == ERR_ABSENT ? err_key(e, ERR_INPUT, "paper.format", "format", (char *)NULL) : r;
}

/* The document, from one snapshot of the rows; rendering waits for nobody's transaction. */
static int compose(json_t **doc, const struct pack_paper **paper, struct request *rq, struct err *e)
{
        scoped(press_done) struct press p = { 0 };
        struct str about;
        enum lang lang;
        int r = about_of(&about, rq, e);

        if (r == ERR_OK)
                r = lang_asked(&lang, rq, e);
        if (r == ERR_OK)
                r = press_open(&p, rq, about, e);
        if (r < 0)
                return r;
        p.lang = lang;
        *paper = pack_find_paper(p.pack, word_of(rq, rq->param));
        if (!*paper || !press_offers(&p, *paper))
                return err_key(e, ERR_ABSENT, "paper.absent", "", (char *)NULL);
        return press_run(doc, &p, *paper, e);
}

static int print(struct reply *out, struct request *rq, const struct format *f, const json_t *doc, struct err *e)
{
        scoped(paper_done) struct paper p = PAPER_INIT;
        scoped(buf_done) struct buf grid = BUF_INIT;
        char *text = NULL;
        int r = paper_take(&p, doc, e);      /* too long, and people hear of it before render does */

        if (r < 0)
                return r;
        out->type = f->type;
        if (strcmp(f->name, "text") == 0) {
                paper_plain(&out->text, &p);
                return buf_bad(&out->text) ? err_set(e, ERR_NOMEM, "paper") : ERR_OK;
        }
        if (strcmp(f->name, "xlsx") == 0) {
                r = sheet_of(&grid, rq, &p, e);
                return r < 0 ? r : rendered(&out->text, rq, f->kind, buf_view(&grid), e);
        }
        text = json_dumps(doc, JSON_COMPACT);
        r = text ? rendered(&out->text, rq, f->kind, str_of(text), e) : err_set(e, ERR_NOMEM, "paper");
        free(text);
        return r;
}

int get_paper(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *doc = NULL;
        const struct pack_paper *paper = NULL;
        const struct format *f;
        int r = format_asked(&f, rq, e);

        if (r == ERR_OK)
                r = db_begin_read(rq->db, e);
        if (r < 0)
                return r;
        r = compose(&doc, &paper, rq, e);
        db_rollback(rq->db);
        if (r < 0)
                return r;
        if (!f->type) {
                out->json = take(doc);
                return ERR_OK;
        }
        r = print(out, rq, f, doc, e);
        if (r == ERR_OK)
                buf_printf(&out->headers, "Content-Disposition: %s; filename=\"%s.%s\"\r\n", f->kind ? "attachment" : "inline", paper->id, f->ending);
        return r;
}
