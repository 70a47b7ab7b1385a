/* filetype.c - what a file is by its bytes, and whether it is whole: an allow list.
 *
 * pdf, png, jpeg, xlsx, docx, pptx, text (txt, csv, in any encoding that render reads). Everything else is refused, a plain zip too: what lies
 * in it nobody has looked at. Office files are zips: each member is inflated (and thrown away), because a size that is only declared says
 * nothing of what opening it costs. Macros (VBA, Excel 4.0) and ActiveX are refused, and so is what hides from this look: encryption,
 * ZIP64, members that overlap, two spellings of a member's name.
 */
#include <stdlib.h>
#include <zlib.h>

#include "base/cursor.h"
#include "server/render/kinds.h"

enum {
        ZIP_MEMBERS_MAX = 5000, ZIP_LOCAL = 30, ZIP_CENTRAL = 46, ZIP_END = 22, ZIP_COMMENT_MAX = 65535,
        UNPACKED_MAX = 256 * 1024 * 1024,      /* of all members together */
        PDF_TAIL = 2048, WORD_MAX = 100, PNG_SIDE_MAX = 30000,
};

static int broken(struct err *e, const char *type)
{
        return err_key(e, ERR_INPUT, "file.type.broken", "", type, (char *)NULL);
}

/* ---- zip ---- */

struct member { struct str name, data; uint16_t method; };

static bool str_ends(struct str s, const char *end)
{
        size_t n = strlen(end);

        return s.n >= n && strncasecmp(s.p + s.n - n, end, n) == 0;
}

static bool has_part(struct str s, const char *part)
{
        size_t n = strlen(part);

        for (size_t i = 0; i + n <= s.n; i++)
                if (strncasecmp(s.p + i, part, n) == 0)
                        return true;
        return false;
}

/* The record at the end of a zip: where the list of members lies. It must be the last thing in the file. */
static bool zip_end(struct str in, struct cursor *list, size_t *n, size_t *list_at)
{
        size_t most = in.n < ZIP_END + ZIP_COMMENT_MAX ? in.n : ZIP_END + ZIP_COMMENT_MAX;

        for (size_t back = ZIP_END; back <= most; back++) {
                struct cursor c = cursor_of(in.p + in.n - back, back);
                uint32_t size, at;
                uint16_t here, all;

                if (get_u32(&c) != 0x06054b50 || get_u16(&c) || get_u16(&c))
                        continue;
                here = get_u16(&c);
                all = get_u16(&c);
                size = get_u32(&c);
                at = get_u32(&c);
                if (get_u16(&c) != back - ZIP_END || here != all || all > ZIP_MEMBERS_MAX)
                        continue;
                if (at > in.n - back || size != in.n - back - at)
                        return false;
                *list = cursor_of(in.p + at, size);
                *list_at = at;
                *n = all;
                return true;
        }
        return false;
}

/* One line of the list and the member it points to; both must say the same. */
static bool zip_member(struct member *out, struct cursor *list, struct str in, size_t list_at, bool *locked)
{
        struct cursor local;
        uint32_t packed, at;
        uint16_t flags, name_n, extra_n, comment_n;
        const uint8_t *name, *again;

        if (get_u32(list) != 0x02014b50 || !get_run(list, 4))
                return false;
        flags = get_u16(list);
        out->method = get_u16(list);
        if (!get_run(list, 8))
                return false;
        packed = get_u32(list);
        (void)get_u32(list);                     /* unpacked size as declared: inflating says what it is */
        name_n = get_u16(list);
        extra_n = get_u16(list);
        comment_n = get_u16(list);
        if (!get_run(list, 8))
                return false;
        at = get_u32(list);
        name = get_run(list, name_n);
        if (!name || (extra_n && !get_run(list, extra_n)) || (comment_n && !get_run(list, comment_n)) || at > list_at || packed == UINT32_MAX)
                return false;
        *locked |= (flags & 1) != 0;
        local = cursor_of(in.p + at, list_at - at);
        if (get_u32(&local) != 0x04034b50 || !get_run(&local, 22) || get_u16(&local) != name_n)
                return false;
        extra_n = get_u16(&local);
        again = get_run(&local, name_n);
        if (!again || memcmp(again, name, name_n) != 0 || (extra_n && !get_run(&local, extra_n)) || packed > local.left)
                return false;
        out->name = (struct str){ (const char *)name, name_n };
        out->data = (struct str){ (const char *)local.p, packed };
        return true;
}

/* How much comes out, at most `left`; false: it does not unpack. */
static bool unpacked(const struct member *m, size_t left, size_t *total)
{
        static uint8_t room[256 * 1024];
        z_stream z = { .next_in = (Bytef *)(uintptr_t)m->data.p, .avail_in = (uInt)m->data.n };
        int r = Z_OK;

        if (m->method == 0) {
                *total = m->data.n;
                return true;
        }
        *total = 0;
        if (m->method != 8 || inflateInit2(&z, -MAX_WBITS) != Z_OK)
                return false;
        while (r == Z_OK && *total <= left) {
                z.next_out = room;
                z.avail_out = sizeof(room);
                r = inflate(&z, Z_NO_FLUSH);
                *total += sizeof(room) - z.avail_out;
        }
        (void)inflateEnd(&z);
        return r == Z_STREAM_END || *total > left;
}

static int zip_refused(const struct member *m, struct err *e)
{
        static const char *const parts[] = { "macrosheets/", "activex/", "xl/macro" };
        char name[WORD_MAX + 1];
        bool bad = str_ends(m->name, "vbaproject.bin") || str_ends(m->name, "vbadata.xml");

        for (size_t i = 0; i < countof(parts); i++)
                bad |= has_part(m->name, parts[i]);
        if (!bad)
                return ERR_OK;
        (void)snprintf(name, sizeof(name), "%.*s", utf8_ok(m->name) && m->name.n < sizeof(name) ? (int)m->name.n : 0, m->name.p);
        return err_key(e, ERR_INPUT, "file.type.macro", "", name, (char *)NULL);
}

static int look_zip(const char **type, struct str in, struct err *e)
{
        static const struct { const char *type, *member; } kinds[] = {
                { "xlsx", "xl/workbook.xml" }, { "docx", "word/document.xml" }, { "pptx", "ppt/presentation.xml" },
        };
        struct cursor list;
        size_t n = 0, at = 0, all = 0, packed = 0, found = 0;
        bool locked = false, content_types = false;
        const char *what = NULL;

        if (!zip_end(in, &list, &n, &at))
                return broken(e, "zip");
        for (size_t i = 0; i < n; i++) {
                struct member m;
                size_t size;
                int r;

                if (!zip_member(&m, &list, in, at, &locked))
                        return broken(e, "zip");
                if (locked)
                        return err_key(e, ERR_INPUT, "file.type.locked", "", (char *)NULL);
                r = zip_refused(&m, e);
                if (r < 0)
                        return r;
                packed += ZIP_LOCAL + m.name.n + m.data.n;
                if (packed > at)                 /* members that lie over each other */
                        return err_key(e, ERR_INPUT, "file.type.bomb", "", (char *)NULL);
                if (!unpacked(&m, UNPACKED_MAX - all, &size))
                        return broken(e, "zip");
                all += size;
                if (all > UNPACKED_MAX)
                        return err_key(e, ERR_INPUT, "file.type.bomb", "", (char *)NULL);
                content_types |= str_is(m.name, "[Content_Types].xml");
                for (size_t k = 0; k < countof(kinds); k++)
                        if (str_is(m.name, kinds[k].member)) {
                                what = kinds[k].type;
                                found++;
                        }
        }
        if (list.left || found > 1)
                return broken(e, "zip");
        if (!content_types || !what)
                return err_key(e, ERR_INPUT, "file.type.zip", "", (char *)NULL);
        *type = what;
        return ERR_OK;
}

/* ---- the others ---- */

static uint32_t be32(const char *p)
{
        const uint8_t *b = (const uint8_t *)p;

        return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int look_png(const char **type, struct str in, struct err *e)
{
        size_t at = 8;
        bool head = false;

        while (in.n - at >= 12) {
                uint32_t n = be32(in.p + at);
                const char *name = in.p + at + 4;

                if (n > in.n - at - 12 || be32(in.p + at + 8 + n) != crc32(0, (const Bytef *)name, n + 4))
                        return broken(e, "png");
                if (!head && (memcmp(name, "IHDR", 4) != 0 || n != 13 || be32(name + 4) > PNG_SIDE_MAX || be32(name + 8) > PNG_SIDE_MAX))
                        return broken(e, "png");
                head = true;
                at += 12 + n;
                if (memcmp(name, "IEND", 4) == 0 && at == in.n) {      /* nothing behind the picture */
                        *type = "png";
                        return ERR_OK;
                }
        }
        return broken(e, "png");
}

/* Segments up to the picture itself, and an end. */
static int look_jpeg(const char **type, struct str in, struct err *e)
{
        const uint8_t *p = (const uint8_t *)in.p;
        size_t at = 2;
        bool frame = false;

        while (at + 4 <= in.n && p[at] == 0xff) {
                size_t n = (size_t)(p[at + 2] << 8 | p[at + 3]);
                uint8_t mark = p[at + 1];

                if (mark == 0xff) {              /* a filling byte */
                        at++;
                        continue;
                }
                if (n < 2 || n > in.n - at - 2)
                        break;
                frame |= mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc;
                if (mark == 0xda && frame && memmem(in.p + at, in.n - at, "\xff\xd9", 2)) {
                        *type = "jpeg";
                        return ERR_OK;
                }
                at += 2 + n;
        }
        return broken(e, "jpeg");
}

static int look_pdf(const char **type, struct str in, struct err *e)
{
        size_t tail = in.n < PDF_TAIL ? in.n : PDF_TAIL;
        const char *p = in.p + in.n - tail;

        if (in.n < 32 || (in.p[5] != '1' && in.p[5] != '2') || in.p[6] != '.' || !memmem(p, tail, "startxref", 9) || !memmem(p, tail, "%%EOF", 5))
                return broken(e, "pdf");
        *type = "pdf";
        return ERR_OK;
}

/* Office files of before 2007, and new ones under a password. */
static int look_ole(const char **type, struct str in, struct err *e)
{
        return err_key(e, ERR_INPUT, "file.type.locked", "", (char *)NULL);
}

/* Text in an encoding that people here save in, without control characters but for blanks. */
static int look_text(const char **type, struct str in, struct err *e)
{
        scoped(buf_done) struct buf utf8 = BUF_INIT;
        int r = memchr(in.p, 0, in.n) && !str_starts(in, "\xff\xfe") && !str_starts(in, "\xfe\xff") ? ERR_INPUT : encoding_to_utf8(&utf8, in, NULL);

        for (size_t i = 0; r == ERR_OK && i < utf8.n; i++) {
                unsigned char c = (unsigned char)utf8.p[i];

                if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7f)
                        r = ERR_INPUT;
        }
        if (r == ERR_NOMEM)
                return err_set(e, r, "no memory to read a file");
        if (r < 0)
                return err_key(e, ERR_INPUT, "file.type.unknown", "", (char *)NULL);
        *type = "text";
        return ERR_OK;
}

int file_type(struct buf *out, struct str in, struct err *e)
{
        static const struct { const char *magic; size_t n; int (*look)(const char **type, struct str in, struct err *e); } kinds[] = {
                { "%PDF-", 5, look_pdf },
                { "\x89PNG\r\n\x1a\n", 8, look_png },
                { "\xff\xd8\xff", 3, look_jpeg },
                { "PK\3\4", 4, look_zip },
                { "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, look_ole },
                { "", 0, look_text },
        };
        const char *type = NULL;

        if (!in.n)
                return err_key(e, ERR_INPUT, "file.type.empty", "", (char *)NULL);
        for (size_t i = 0; i < countof(kinds); i++) {
                int r;

                if (in.n < kinds[i].n || memcmp(in.p, kinds[i].magic, kinds[i].n) != 0)
                        continue;
                r = kinds[i].look(&type, in, e);
                if (r < 0)
                        return r;
                break;
        }
        buf_printf(out, "{\"type\":\"%s\"}", type);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "no memory for an answer") : ERR_OK;
}
