/* pdf.c - see pdf.h. ISO 32000-1. */
#include "server/render/pdf.h"

#include <stdlib.h>
#include <zlib.h>

#include "core/journal/hash.h"

enum { GETA = 0x3013, SLOTS = 65536, OBJECTS_MAX = 3 + 5 * PAPER_FONTS + 2 * PAPER_PAGES_MAX + 1 };
enum { CATALOG = 1, PAGES, INFO, FIRST_FONT };

static const struct { const char *name, *base; int flags; } faces[PAPER_FONTS] = {
        [PAPER_MINCHO] = { "F1", "IPAexMincho", 6 }, [PAPER_GOTHIC] = { "F2", "IPAexGothic", 4 },      /* symbolic; serifs */
};

/* Characters of one font in the order of their first use: the number is glyph and CID of the subset. Open addressing. */
struct used { struct paper_char *chars; unsigned *glyphs; size_t n, room; uint16_t *slots; };

struct pdf { struct buf *out; const struct font *fonts; struct used used[PAPER_FONTS]; size_t objects[OBJECTS_MAX]; size_t count; struct err *e; };

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

static bool used_grow(struct used *u)
{
        size_t room = u->room ? 2 * u->room : 256;
        struct paper_char *chars = realloc(u->chars, room * sizeof(*chars));
        unsigned *glyphs;

        if (chars)
                u->chars = chars;
        glyphs = realloc(u->glyphs, room * sizeof(*glyphs));
        if (glyphs)
                u->glyphs = glyphs;
        if (!chars || !glyphs)
                return false;
        u->room = room;
        return true;
}

/* 0 when there is no memory (or, beyond 60,000 kinds of characters, no more room). */
static unsigned cid_of(struct used *u, const struct font *f, struct paper_char c)
{
        unsigned glyph = shown(f, &c);
        size_t at = (c.base * 2654435761u ^ c.variant * 40503u) % SLOTS;

        for (; u->slots[at]; at = (at + 1) % SLOTS)
                if (u->chars[u->slots[at]].base == c.base && u->chars[u->slots[at]].variant == c.variant)
                        return u->slots[at];
        if (u->n >= 60000 || (u->n == u->room && !used_grow(u)))
                return 0;
        u->slots[at] = (uint16_t)u->n;
        u->chars[u->n] = c;
        u->glyphs[u->n] = glyph;
        return (unsigned)u->n++;
}

static bool used_init(struct used *u)
{
        u->slots = calloc(SLOTS, sizeof(*u->slots));
        if (!u->slots || !used_grow(u))
                return false;
        u->chars[0] = (struct paper_char){ 0, 0 };
        u->glyphs[0] = 0;
        u->n = 1;
        return true;
}

static void used_done(struct used *u)
{
        free(u->chars), free(u->glyphs), free(u->slots);
}

/* ---- objects ---- */

static void begin(struct pdf *d, size_t object)
{
        d->objects[object] = d->out->n;
        d->count = object > d->count ? object : d->count;
        buf_printf(d->out, "%zu 0 obj\n", object);
}

static int stream(struct pdf *d, size_t object, const char *more, struct str bytes)
{
        uLongf n = compressBound(bytes.n);
        Bytef *packed = malloc(n);
        int bad = !packed || compress2(packed, &n, (const Bytef *)bytes.p, bytes.n, 6) != Z_OK;

        if (!bad) {
                begin(d, object);
                buf_printf(d->out, "<< /Length %lu /Filter /FlateDecode%s >>\nstream\n", (unsigned long)n, more);
                buf_add(d->out, packed, n);
                buf_text(d->out, "\nendstream\nendobj\n");
        }
        free(packed);
        return bad ? err_set(d->e, ERR_NOMEM, "no memory for a page") : ERR_OK;
}

static void utf16(struct buf *b, uint32_t u)
{
        if (u > 0xffff)
                buf_printf(b, "%04X%04X", 0xd800 + ((u - 0x10000) >> 10), 0xdc00 + ((u - 0x10000) & 0x3ff));
        else
                buf_printf(b, "%04X", u);
}

static void add_text(struct buf *b, struct str s)
{
        buf_text(b, "<FEFF");
        while (s.n) {
                struct paper_char c = paper_char_next(&s);

                utf16(b, c.base);
                if (c.variant)
                        utf16(b, c.variant);
        }
        buf_char(b, '>');
}

/* ---- pages ---- */

/* Hundredths as PDF writes numbers; the y axis of a page points up. */
static void number(struct buf *b, int64_t v)
{
        buf_printf(b, "%s%lld.%02lld ", v < 0 ? "-" : "", (long long)(v < 0 ? -v : v) / 100, (long long)(v < 0 ? -v : v) % 100);
}

static int say(struct pdf *d, struct buf *b, const struct paper_mark *m)
{
        struct str rest = m->text;

        buf_char(b, '<');
        while (rest.n) {
                unsigned cid = cid_of(&d->used[m->font], &d->fonts[m->font], paper_char_next(&rest));

                if (!cid)
                        return err_set(d->e, ERR_NOMEM, "no memory for a page");
                buf_printf(b, "%04X", cid);
        }
        buf_text(b, "> Tj ET\n");
        return ERR_OK;
}

static void gray(struct buf *b, int percent, const char *how)
{
        buf_printf(b, "%d.%02d %s ", percent / 100, percent % 100, how);
}

/* From the lower left corner upwards: turned by 45 degrees on a square, else less; sine and cosine in ten-thousandths. */
static int say_across(struct pdf *d, struct buf *b, const struct paper_pages *pages, const struct paper_mark *m)
{
        bool wide = pages->width > pages->height;
        int cosine = wide ? 8165 : 5774, sine = wide ? 5774 : 8165;      /* 1 : 1.414 */
        int64_t x = m->x - (int64_t)m->x2 / 2 * cosine / 10000 + (int64_t)m->size * 35 / 100 * sine / 10000;
        int64_t y = pages->height - m->y - (int64_t)m->x2 / 2 * sine / 10000 - (int64_t)m->size * 35 / 100 * cosine / 10000;

        gray(b, m->gray, "g");
        buf_printf(b, "BT /%s ", faces[m->font].name);
        number(b, m->size);
        buf_printf(b, "Tf 0.%04d 0.%04d -0.%04d 0.%04d ", cosine, sine, sine, cosine);
        number(b, x);
        number(b, y);
        buf_text(b, "Tm ");
        return say(d, b, m);
}

static int mark(struct pdf *d, struct buf *b, const struct paper_pages *pages, const struct paper_mark *m)
{
        int64_t y = pages->height - m->y, y2 = pages->height - m->y2;

        switch (m->kind) {
        case PAPER_ACROSS:
                return say_across(d, b, pages, m);
        case PAPER_SAYS:
                gray(b, m->gray, "g");
                buf_printf(b, "BT /%s ", faces[m->font].name);
                number(b, m->size);
                buf_text(b, "Tf 1 0 0 1 ");
                number(b, m->x);
                number(b, y);
                buf_text(b, "Tm ");
                return say(d, b, m);
        case PAPER_LINE:
                gray(b, m->gray, "G");
                number(b, m->size);
                buf_text(b, "w ");
                number(b, m->x);
                number(b, y);
                buf_text(b, "m ");
                number(b, m->x2);
                number(b, y2);
                buf_text(b, "l S\n");
                return ERR_OK;
        case PAPER_FILL:
                gray(b, m->gray, "g");
                number(b, m->x);
                number(b, y2);
                number(b, m->x2 - m->x);
                number(b, m->y2 - m->y);
                buf_text(b, "re f\n");
                return ERR_OK;
        }
        return ERR_OK;
}

static int pages_write(struct pdf *d, const struct paper_pages *pages)
{
        scoped(buf_done) struct buf content = BUF_INIT;
        size_t object = FIRST_FONT + 5 * PAPER_FONTS;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < pages->n; i++, object += 2) {
                buf_clear(&content);
                buf_text(&content, "2 J\n");      /* lines end square, so that corners close */
                for (size_t k = 0; r == ERR_OK && k < pages->pages[i].n; k++)
                        r = mark(d, &content, pages, &pages->pages[i].marks[k]);
                if (r < 0 || buf_bad(&content))
                        return r < 0 ? r : err_set(d->e, ERR_NOMEM, "no memory for a page");
                begin(d, object);
                buf_printf(d->out, "<< /Type /Page /Parent %d 0 R /Contents %zu 0 R >>\nendobj\n", PAGES, object + 1);
                r = stream(d, object + 1, "", buf_view(&content));
        }
        return r;
}

/* ---- fonts ---- */

static void to_unicode(struct buf *b, const struct used *u)
{
        buf_text(b, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
                    "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
        for (size_t i = 1; i < u->n; i++) {
                if (i % 100 == 1)
                        buf_printf(b, "%zu beginbfchar\n", u->n - i < 100 ? u->n - i : 100);
                buf_printf(b, "<%04zX> <", i);
                utf16(b, u->chars[i].base);
                if (u->chars[i].variant)
                        utf16(b, u->chars[i].variant);
                buf_text(b, ">\n");
                if (i % 100 == 0 || i + 1 == u->n)
                        buf_text(b, "endbfchar\n");
        }
        buf_text(b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
}

/* Six capitals that stand for this selection. */
static void tag_of(char to[7], const struct used *u)
{
        struct hash h = hash_bytes((struct str){ (const char *)u->chars, u->n * sizeof(*u->chars) });

        for (size_t i = 0; i < 6; i++)
                to[i] = (char)('A' + h.b[i] % 26);
        to[6] = 0;
}

static void font_objects(struct pdf *d, size_t o, const char *base, int flags, const struct font *f, const struct used *u)
{
        begin(d, o);
        buf_printf(d->out, "<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%zu 0 R] /ToUnicode %zu 0 R >>\nendobj\n", base, o + 1, o + 4);
        begin(d, o + 1);
        buf_printf(d->out, "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>\n"
                           "/FontDescriptor %zu 0 R /CIDToGIDMap /Identity /DW 1000 /W [", base, o + 2);
        for (size_t i = 1; i < u->n; i++)
                if (font_advance(f, u->glyphs[i]) != 1000)
                        buf_printf(d->out, "%zu [%d]\n", i, font_advance(f, u->glyphs[i]));
        buf_text(d->out, "] >>\nendobj\n");
        begin(d, o + 2);
        buf_printf(d->out, "<< /Type /FontDescriptor /FontName /%s /Flags %d /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %zu 0 R >>\nendobj\n",
                   base, flags, f->box[0], f->box[1], f->box[2], f->box[3], f->ascent, f->descent, f->ascent, o + 3);
}

static int font_write(struct pdf *d, int face)
{
        size_t o = FIRST_FONT + 5 * (size_t)face;
        const struct used *u = &d->used[face];
        scoped(buf_done) struct buf file = BUF_INIT, map = BUF_INIT;
        char tag[7], base[64], length[48];
        int r = font_subset(&file, &d->fonts[face], u->glyphs, u->n, d->e);

        if (r < 0)
                return r;
        tag_of(tag, u);
        (void)snprintf(base, sizeof(base), "%s+%s", tag, faces[face].base);
        font_objects(d, o, base, faces[face].flags, &d->fonts[face], u);
        (void)snprintf(length, sizeof(length), " /Length1 %zu", file.n);
        r = stream(d, o + 3, length, buf_view(&file));
        if (r < 0)
                return r;
        to_unicode(&map, u);
        return buf_bad(&map) ? err_set(d->e, ERR_NOMEM, "no memory for a font") : stream(d, o + 4, "", buf_view(&map));
}

/* ---- the file ---- */

static void roots_write(struct pdf *d, const struct paper *p, const struct paper_pages *pages)
{
        begin(d, CATALOG);
        buf_printf(d->out, "<< /Type /Catalog /Pages %d 0 R /Lang (%s) /ViewerPreferences << /DisplayDocTitle true >> >>\nendobj\n", PAGES, str_is(p->lang, "en") ? "en" : "ja-JP");
        begin(d, PAGES);
        buf_printf(d->out, "<< /Type /Pages /Count %zu /MediaBox [0 0 ", pages->n);
        number(d->out, pages->width);
        number(d->out, pages->height);
        buf_text(d->out, "] /Resources << /Font << ");
        for (int i = 0; i < PAPER_FONTS; i++)
                buf_printf(d->out, "/%s %d 0 R ", faces[i].name, FIRST_FONT + 5 * i);
        buf_text(d->out, ">> >>\n/Kids [");
        for (size_t i = 0; i < pages->n; i++)
                buf_printf(d->out, "%zu 0 R ", FIRST_FONT + 5 * PAPER_FONTS + 2 * i);
        buf_text(d->out, "] >>\nendobj\n");
        begin(d, INFO);
        buf_text(d->out, "<< /Title ");
        add_text(d->out, p->title);
        buf_printf(d->out, " /Producer (Sekisho) /Creator (Sekisho) /CreationDate (D:%sZ) /ModDate (D:%sZ) >>\nendobj\n", p->made_at, p->made_at);
}

static void end_write(struct pdf *d)
{
        struct hash h = hash_bytes(buf_view(d->out));
        size_t at = d->out->n;

        buf_printf(d->out, "xref\n0 %zu\n0000000000 65535 f \n", d->count + 1);
        for (size_t i = 1; i <= d->count; i++)
                buf_printf(d->out, "%010zu 00000 n \n", d->objects[i]);
        buf_printf(d->out, "trailer\n<< /Size %zu /Root %d 0 R /Info %d 0 R /ID [", d->count + 1, CATALOG, INFO);
        for (int twice = 0; twice < 2; twice++) {
                buf_char(d->out, '<');
                for (size_t i = 0; i < 16; i++)
                        buf_printf(d->out, "%02x", h.b[i]);
                buf_char(d->out, '>');
        }
        buf_printf(d->out, "] >>\nstartxref\n%zu\n%%%%EOF\n", at);
}

int pdf_write(struct buf *out, const struct paper *p, const struct paper_pages *pages, const struct font fonts[PAPER_FONTS], struct err *e)
{
        struct pdf *d = calloc(1, sizeof(*d));
        int r = d ? ERR_OK : err_set(e, ERR_NOMEM, "no memory for a paper");

        if (!d)
                return r;
        d->out = out;
        d->fonts = fonts;
        d->e = e;
        buf_text(out, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
        for (int i = 0; r == ERR_OK && i < PAPER_FONTS; i++)
                r = used_init(&d->used[i]) ? ERR_OK : err_set(e, ERR_NOMEM, "no memory for a paper");
        if (r == ERR_OK)
                roots_write(d, p, pages);
        if (r == ERR_OK)
                r = pages_write(d, pages);        /* before the fonts: it says which characters are used */
        for (int i = 0; r == ERR_OK && i < PAPER_FONTS; i++)
                r = font_write(d, i);
        if (r == ERR_OK)
                end_write(d);
        for (int i = 0; i < PAPER_FONTS; i++)
                used_done(&d->used[i]);
        free(d);
        return r == ERR_OK && buf_bad(out) ? err_set(e, ERR_NOMEM, "no memory for a paper") : r;
}
