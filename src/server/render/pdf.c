/* pdf.c - see pdf.h. */
#include "server/render/pdf.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdlib.h>

enum { GETA = 0x3013, UNITS = 100 /* of a point, in marks */ };

/* `glyphs` and `clusters` have room for the longest text so far. */
struct pdf {
        cairo_t              *cr;
        const struct font    *fonts;
        cairo_glyph_t        *glyphs;
        cairo_text_cluster_t *clusters;
        size_t                room;
        struct buf            text;
        struct err           *e;
};

static int no_memory(struct err *e)
{
        return err_set(e, ERR_NOMEM, "no memory for a page");
}

/* ---- characters ---- */

/* What is shown for a character, and with which glyph. */
static unsigned shown(const struct font *f, struct paper_char *c)
{
        unsigned g = font_glyph(f, c->base, c->variant);

        if (g || c->base == ' ')
                return g;
        *c = (struct paper_char){ GETA, 0 };
        return font_glyph(f, GETA, 0);
}

int pdf_advance(const void *fonts, enum paper_font font, struct paper_char c)
{
        const struct font *f = (const struct font *)fonts + font;

        return font_advance(f, shown(f, &c));
}

static void put_utf8(struct buf *to, uint32_t c)
{
        static const unsigned char first[] = { 0, 0xc0, 0xe0, 0xf0 };
        int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;

        buf_char(to, (char)(first[more] | c >> 6 * more));
        while (more-- > 0)
                buf_char(to, (char)(0x80 | (c >> 6 * more & 0x3f)));
}

static bool make_room(struct pdf *d, size_t n)
{
        void *glyphs = n > d->room ? realloc(d->glyphs, n * sizeof(*d->glyphs)) : d->glyphs, *clusters;

        if (glyphs)
                d->glyphs = glyphs;
        clusters = n > d->room ? realloc(d->clusters, n * sizeof(*d->clusters)) : d->clusters;
        if (clusters)
                d->clusters = clusters;
        if (!glyphs || !clusters)
                return false;
        d->room = n > d->room ? n : d->room;
        return true;
}

/* At the origin, along the x axis. Each cluster tells a reader which characters its glyph stands for. */
static int say(struct pdf *d, const struct paper_mark *m)
{
        const struct font *f = &d->fonts[m->font];
        struct str rest = m->text;
        double x = 0, size = (double)m->size / UNITS;
        size_t n = 0, before;

        if (!make_room(d, m->text.n + 1))
                return no_memory(d->e);
        buf_clear(&d->text);
        while (rest.n) {
                struct paper_char c = paper_char_next(&rest);
                unsigned glyph = shown(f, &c);

                before = d->text.n;
                put_utf8(&d->text, c.base);
                if (c.variant)
                        put_utf8(&d->text, c.variant);
                d->glyphs[n] = (cairo_glyph_t){ glyph, x, 0 };
                d->clusters[n++] = (cairo_text_cluster_t){ (int)(d->text.n - before), 1 };
                x += font_advance(f, glyph) * size / 1000;
        }
        if (buf_bad(&d->text))
                return no_memory(d->e);
        cairo_set_font_face(d->cr, f->cairo);
        cairo_set_font_size(d->cr, size);
        cairo_show_text_glyphs(d->cr, buf_view(&d->text).p, (int)d->text.n, d->glyphs, (int)n, d->clusters, (int)n, 0);
        return ERR_OK;
}

/* ---- pages ---- */

/* From the lower left corner upwards, its middle on (x, y): along the diagonal of the sheet. */
static int say_across(struct pdf *d, const struct paper_pages *pages, const struct paper_mark *m)
{
        cairo_rotate(d->cr, -atan2(pages->height, pages->width));
        cairo_translate(d->cr, -(double)m->x2 / 2 / UNITS, (double)m->size * 35 / 100 / UNITS);
        return say(d, m);
}

static int mark(struct pdf *d, const struct paper_pages *pages, const struct paper_mark *m)
{
        double gray = m->gray / 100.0, x = (double)m->x / UNITS, y = (double)m->y / UNITS, x2 = (double)m->x2 / UNITS, y2 = (double)m->y2 / UNITS;
        int r = ERR_OK;

        cairo_save(d->cr);
        cairo_set_source_rgb(d->cr, gray, gray, gray);
        switch (m->kind) {
        case PAPER_SAYS:
        case PAPER_ACROSS:
                cairo_translate(d->cr, x, y);
                r = m->kind == PAPER_SAYS ? say(d, m) : say_across(d, pages, m);
                break;
        case PAPER_LINE:
                cairo_set_line_cap(d->cr, CAIRO_LINE_CAP_SQUARE); /* so that corners close */
                cairo_set_line_width(d->cr, (double)m->size / UNITS);
                cairo_move_to(d->cr, x, y);
                cairo_line_to(d->cr, x2, y2);
                cairo_stroke(d->cr);
                break;
        case PAPER_FILL:
                cairo_rectangle(d->cr, x, y, x2 - x, y2 - y);
                cairo_fill(d->cr);
                break;
        }
        cairo_restore(d->cr);
        return r;
}

static int pages_write(struct pdf *d, const struct paper_pages *pages)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < pages->n; i++) {
                for (size_t k = 0; r == ERR_OK && k < pages->pages[i].n; k++)
                        r = mark(d, pages, &pages->pages[i].marks[k]);
                cairo_show_page(d->cr);
        }
        return r;
}

/* ---- the file ---- */

static cairo_status_t write_bytes(void *to, const unsigned char *bytes, unsigned n)
{
        buf_add(to, bytes, n);
        return buf_bad(to) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void say_metadata(cairo_surface_t *s, const struct paper *p, struct buf *room)
{
        char at[24];
        const char *t = p->made_at; /* 20260401090000 */

        (void)snprintf(at, sizeof(at), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", t, t + 4, t + 6, t + 8, t + 10, t + 12);
        cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, at);
        cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_MOD_DATE, at);
        cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "Sekisho");
        buf_clear(room);
        buf_add(room, p->title.p, p->title.n);
        if (!buf_bad(room))
                cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, buf_view(room).p);
}

static int draw(struct pdf *d, cairo_surface_t *s, const struct paper *p, const struct paper_pages *pages)
{
        cairo_font_options_t *plain = cairo_font_options_create();
        int r;

        cairo_font_options_set_hint_metrics(plain, CAIRO_HINT_METRICS_OFF);
        cairo_font_options_set_hint_style(plain, CAIRO_HINT_STYLE_NONE);
        d->cr = cairo_create(s);
        cairo_set_font_options(d->cr, plain);
        say_metadata(s, p, &d->text);
        r = pages_write(d, pages);
        if (r == ERR_OK && cairo_status(d->cr) != CAIRO_STATUS_SUCCESS)
                r = no_memory(d->e);
        cairo_destroy(d->cr);
        cairo_font_options_destroy(plain);
        return r;
}

int pdf_write(struct buf *out, const struct paper *p, const struct paper_pages *pages, const struct font fonts[PAPER_FONTS], struct err *e)
{
        struct pdf d = { .fonts = fonts, .text = BUF_INIT, .e = e };
        cairo_surface_t *s = cairo_pdf_surface_create_for_stream(write_bytes, out, (double)pages->width / UNITS, (double)pages->height / UNITS);
        int r = draw(&d, s, p, pages);

        cairo_surface_finish(s);
        if (r == ERR_OK && (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS || buf_bad(out)))
                r = no_memory(e);
        cairo_surface_destroy(s);
        buf_done(&d.text);
        free(d.glyphs);
        free(d.clusters);
        return r;
}
