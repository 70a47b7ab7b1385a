/* font.c - see font.h. Tables and formats: ISO/IEC 14496-22. */
#include "server/render/font.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "sys/files.h"

enum { FONT_MAX = 64 * 1024 * 1024, PARTS_MAX = 4096 };

/* 0 beyond the end. */
static unsigned u16(struct str s, size_t at)
{
        const unsigned char *p = (const unsigned char *)s.p;

        return at + 2 <= s.n ? (unsigned)(p[at] << 8 | p[at + 1]) : 0;
}

static uint32_t u24(struct str s, size_t at)
{
        return at + 3 <= s.n ? (uint32_t)(unsigned char)s.p[at] << 16 | u16(s, at + 1) : 0;
}

static uint32_t u32(struct str s, size_t at)
{
        return (uint32_t)u16(s, at) << 16 | u16(s, at + 2);
}

static struct str part(struct str s, size_t at, size_t n)
{
        return at <= s.n && n <= s.n - at ? (struct str){ s.p + at, n } : STR("");
}

static struct str table(const struct font *f, const char *tag)
{
        unsigned n = u16(f->bytes, 4);

        for (unsigned i = 0; i < n; i++) {
                struct str row = part(f->bytes, 12 + 16 * (size_t)i, 16);

                if (row.n && memcmp(row.p, tag, 4) == 0)
                        return part(f->bytes, u32(row, 8), u32(row, 12));
        }
        return STR("");
}

/* ---- characters ---- */

static void find_cmaps(struct font *f)
{
        struct str cmap = table(f, "cmap");
        unsigned n = u16(cmap, 2);

        for (unsigned i = 0; i < n; i++) {
                uint32_t at = u32(cmap, 8 + 8 * (size_t)i);
                struct str rest = at < cmap.n ? part(cmap, at, cmap.n - at) : STR("");

                if (u16(rest, 0) == 4)
                        f->cmap4 = part(rest, 0, u16(rest, 2));
                else if (u16(rest, 0) == 12)
                        f->cmap12 = part(rest, 0, u32(rest, 4));
                else if (u16(rest, 0) == 14)
                        f->cmap14 = part(rest, 0, u32(rest, 2));
        }
}

static unsigned glyph_of_12(struct str t, uint32_t u)
{
        size_t low = 0, high = u32(t, 12);

        high = high < t.n / 12 ? high : t.n / 12;
        while (low < high) {
                size_t mid = (low + high) / 2, at = 16 + 12 * mid;

                if (u < u32(t, at))
                        high = mid;
                else if (u > u32(t, at + 4))
                        low = mid + 1;
                else
                        return u32(t, at + 8) + (u - u32(t, at));
        }
        return 0;
}

static unsigned glyph_of_4(struct str t, uint32_t u)
{
        size_t twice = u16(t, 6);

        for (size_t i = 0; u < 0x10000 && i + 2 <= twice; i += 2) {
                unsigned from = u16(t, 16 + twice + i), delta = u16(t, 16 + 2 * twice + i), offset = u16(t, 16 + 3 * twice + i), g;

                if (u > u16(t, 14 + i))
                        continue;
                if (u < from)
                        return 0;
                if (!offset)
                        return (u + delta) & 0xffff;
                g = u16(t, 16 + 3 * twice + i + offset + 2 * (size_t)(u - from));
                return g ? (g + delta) & 0xffff : 0;
        }
        return 0;
}

/* The glyph of a sequence; 0: the plain form serves, or there is none. */
static unsigned glyph_of_14(struct str t, uint32_t base, uint32_t variant)
{
        uint32_t n = u32(t, 6);

        for (uint32_t i = 0; i < n && 10 + 11 * (size_t)i + 11 <= t.n; i++) {
                size_t row = 10 + 11 * (size_t)i, other = u32(t, row + 7);

                if (u24(t, row) != variant || !other)
                        continue;
                for (uint32_t k = 0, m = u32(t, other); k < m && other + 4 + 5 * (size_t)k + 5 <= t.n; k++)
                        if (u24(t, other + 4 + 5 * (size_t)k) == base)
                                return u16(t, other + 4 + 5 * (size_t)k + 3);
        }
        return 0;
}

unsigned font_glyph(const struct font *f, uint32_t base, uint32_t variant)
{
        unsigned g = variant ? glyph_of_14(f->cmap14, base, variant) : 0;

        if (!g)
                g = f->cmap12.n ? glyph_of_12(f->cmap12, base) : glyph_of_4(f->cmap4, base);
        return g < f->glyphs ? g : 0;
}

int font_advance(const struct font *f, unsigned glyph)
{
        unsigned at = glyph < f->metrics ? glyph : f->metrics - 1;

        return (int)(u16(f->hmtx, 4 * (size_t)at) * 1000 / f->em);
}

/* ---- opening ---- */

static int thousandths(const struct font *f, unsigned raw)
{
        return (int16_t)raw * 1000 / (int)f->em;
}

int font_read(struct font *out, struct str bytes, struct err *e)
{
        struct font f = { .bytes = bytes };

        if (u32(bytes, 0) != 0x00010000)
                return err_set(e, ERR_INPUT, "no TrueType font");
        f.glyf = table(&f, "glyf"), f.loca = table(&f, "loca"), f.hmtx = table(&f, "hmtx"), f.head = table(&f, "head");
        f.hhea = table(&f, "hhea"), f.maxp = table(&f, "maxp"), f.cvt = table(&f, "cvt "), f.fpgm = table(&f, "fpgm"), f.prep = table(&f, "prep");
        find_cmaps(&f);
        f.glyphs = u16(f.maxp, 4);
        f.metrics = u16(f.hhea, 34);
        f.em = u16(f.head, 18);
        f.long_loca = u16(f.head, 50) == 1;
        if (!f.glyphs || !f.metrics || f.metrics > f.glyphs || f.em < 16 || f.head.n < 54 || f.hhea.n < 36 || f.maxp.n < 32 || f.hmtx.n < 4 * (size_t)f.metrics ||
            f.loca.n < ((size_t)f.glyphs + 1) * (f.long_loca ? 4 : 2) || !f.glyf.n || (!f.cmap4.n && !f.cmap12.n))
                return err_set(e, ERR_INPUT, "a TrueType font with parts missing");
        for (size_t i = 0; i < countof(f.box); i++)
                f.box[i] = thousandths(&f, u16(f.head, 36 + 2 * i));
        f.ascent = thousandths(&f, u16(f.hhea, 4));
        f.descent = thousandths(&f, u16(f.hhea, 6));
        *out = f;
        return ERR_OK;
}

int font_open(struct font *out, const char *path, struct err *e)
{
        scoped(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
        struct stat st;
        void *p;

        if (fd < 0 || fstat(fd, &st) < 0)
                return err_errno(e, "font '%s'", path);
        if (st.st_size <= 0 || st.st_size > FONT_MAX)
                return err_set(e, ERR_INPUT, "font '%s' has %lld bytes", path, (long long)st.st_size);
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (p == MAP_FAILED)
                return err_errno(e, "font '%s'", path);
        return font_read(out, (struct str){ p, (size_t)st.st_size }, e);
}

/* ---- a smaller font ---- */

static struct str outline(const struct font *f, unsigned g)
{
        size_t from = f->long_loca ? u32(f->loca, 4 * (size_t)g) : 2 * (size_t)u16(f->loca, 2 * (size_t)g);
        size_t to = f->long_loca ? u32(f->loca, 4 * (size_t)g + 4) : 2 * (size_t)u16(f->loca, 2 * (size_t)g + 2);

        return to > from ? part(f->glyf, from, to - from) : STR("");
}

struct shrinking { unsigned *glyphs; size_t n, room; };

/* Its number in the small font, added when it is not there yet; 0 when there is no room. */
static unsigned number_in(struct shrinking *s, unsigned glyph)
{
        for (size_t i = 1; i < s->n; i++)
                if (s->glyphs[i] == glyph)
                        return (unsigned)i;
        if (s->n == s->room)
                return 0;
        s->glyphs[s->n] = glyph;
        return (unsigned)s->n++;
}

/* A composed glyph names others: they get their new numbers. */
static void renumber(char *p, size_t n, struct shrinking *s, const struct font *f)
{
        struct str o = { p, n };
        size_t at = 10;
        unsigned flags = 0x20;

        if (n < 10 || (int16_t)u16(o, 0) >= 0)
                return;
        while ((flags & 0x20) && at + 4 <= n) {
                unsigned g = u16(o, at + 2), to;

                flags = u16(o, at);
                to = number_in(s, g < f->glyphs ? g : 0);
                p[at + 2] = (char)(to >> 8);
                p[at + 3] = (char)to;
                at += 4 + (flags & 1 ? 4 : 2) + (flags & 0x08 ? 2 : flags & 0x40 ? 4 : flags & 0x80 ? 8 : 0);
        }
}

static void add16(struct buf *b, unsigned v)
{
        buf_char(b, (char)(v >> 8));
        buf_char(b, (char)v);
}

static void add32(struct buf *b, uint32_t v)
{
        add16(b, v >> 16);
        add16(b, v & 0xffff);
}

static uint32_t sum_of(struct str s)
{
        uint32_t sum = 0;

        for (size_t at = 0; at < s.n; at += 4)
                for (size_t i = 0; i < 4; i++)
                        sum += (at + i < s.n ? (uint32_t)(unsigned char)s.p[at + i] : 0) << (24 - 8 * i);
        return sum;
}

struct tables { struct buf glyf, loca, hmtx, head, hhea, maxp; };

static void tables_done_at(struct tables *t)
{
        buf_done(&t->glyf), buf_done(&t->loca), buf_done(&t->hmtx), buf_done(&t->head), buf_done(&t->hhea), buf_done(&t->maxp);
}

/* Glyphs in their new order; the list grows by parts while it is walked. */
static void draw(struct tables *t, struct shrinking *s, const struct font *f)
{
        for (size_t i = 0; i < s->n; i++) {
                struct str o = outline(f, s->glyphs[i]);
                size_t from = t->glyf.n, at = s->glyphs[i] < f->metrics ? s->glyphs[i] : f->metrics - 1;

                add32(&t->loca, (uint32_t)from);
                buf_str(&t->glyf, o);
                if (!buf_bad(&t->glyf))
                        renumber(t->glyf.p + from, o.n, s, f);
                while (t->glyf.n % 4 && !buf_bad(&t->glyf))
                        buf_char(&t->glyf, 0);
                buf_str(&t->hmtx, part(f->hmtx, 4 * at, 2));
                add16(&t->hmtx, o.n ? u16(o, 2) : 0);      /* left side bearing: xMin, as the font's head says */
        }
        add32(&t->loca, (uint32_t)t->glyf.n);
}

static void put16(struct buf *b, size_t at, unsigned v)
{
        if (buf_bad(b) || at + 2 > b->n)
                return;
        b->p[at] = (char)(v >> 8);
        b->p[at + 1] = (char)v;
}

static void assemble(struct buf *out, const struct font *f, struct tables *t)
{
        const struct { const char *tag; struct str bytes; } rows[] = {
                { "cvt ", f->cvt },            { "fpgm", f->fpgm },           { "glyf", buf_view(&t->glyf) }, { "head", buf_view(&t->head) }, { "hhea", buf_view(&t->hhea) },
                { "hmtx", buf_view(&t->hmtx) }, { "loca", buf_view(&t->loca) }, { "maxp", buf_view(&t->maxp) }, { "prep", f->prep },
        };
        size_t n = countof(rows), at = 12 + 16 * n, head_at = 0;
        uint32_t sum;

        add32(out, 0x00010000);
        add16(out, (unsigned)n);
        add16(out, 128), add16(out, 3), add16(out, (unsigned)(16 * n - 128));      /* 8 is the power of two below 9 */
        for (size_t i = 0; i < n; i++) {
                buf_add(out, rows[i].tag, 4);
                add32(out, sum_of(rows[i].bytes));
                add32(out, (uint32_t)at);
                add32(out, (uint32_t)rows[i].bytes.n);
                if (strcmp(rows[i].tag, "head") == 0)
                        head_at = at;
                at += (rows[i].bytes.n + 3) / 4 * 4;
        }
        for (size_t i = 0; i < n; i++) {
                buf_str(out, rows[i].bytes);
                while (out->n % 4 && !buf_bad(out))
                        buf_char(out, 0);
        }
        sum = 0xb1b0afbau - sum_of(buf_view(out));
        put16(out, head_at + 8, sum >> 16);
        put16(out, head_at + 10, sum & 0xffff);
}

int font_subset(struct buf *out, const struct font *f, const unsigned *glyphs, size_t n, struct err *e)
{
        scoped(tables_done) struct tables t = { 0 };
        struct shrinking s = { .n = n, .room = n + PARTS_MAX };

        s.glyphs = calloc(s.room, sizeof(*s.glyphs));
        if (!s.glyphs)
                return err_set(e, ERR_NOMEM, "no memory for a font");
        memcpy(s.glyphs, glyphs, n * sizeof(*glyphs));
        draw(&t, &s, f);
        buf_str(&t.head, f->head), buf_str(&t.hhea, f->hhea), buf_str(&t.maxp, f->maxp);
        put16(&t.head, 8, 0), put16(&t.head, 10, 0), put16(&t.head, 50, 1);
        put16(&t.hhea, 34, (unsigned)s.n);
        put16(&t.maxp, 4, (unsigned)s.n);
        assemble(out, f, &t);
        free(s.glyphs);
        return buf_bad(out) || buf_bad(&t.glyf) || buf_bad(&t.head) || buf_bad(&t.hhea) || buf_bad(&t.maxp) || buf_bad(&t.hmtx) || buf_bad(&t.loca)
                       ? err_set(e, ERR_NOMEM, "no memory for a font") : ERR_OK;
}
