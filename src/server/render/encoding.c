/* encoding.c - whatever a spreadsheet saved, as UTF-8.
 *
 * Excel in Japan saves CSV in CP932 (Shift_JIS with 機種依存文字: ①, ㈱, 髙), on demand in UTF-8 with BOM, and "Unicode text" in UTF-16.
 * 外字 of the range F040 to F9FC become private use characters, which a pack may hold.
 * A list of people holds names, and what nobody can read in them must not stop it: there 外字, and bytes that mean nothing, become 〓,
 * one each (encoding_of_list); whoever keeps the list is told where.
 */
#include <errno.h>
#include <iconv.h>

#include "core/text/fold.h"
#include "server/render/kinds.h"

static iconv_t cp932 = (iconv_t)-1, utf16 = (iconv_t)-1;      /* one job a process; opened before the sandbox, since libc loads a table from a file */

int encoding_prepare(struct err *e)
{
        cp932 = iconv_open("UTF-8", "CP932");
        utf16 = iconv_open("UTF-8", "UTF-16");
        return cp932 == (iconv_t)-1 || utf16 == (iconv_t)-1 ? err_errno(e, "iconv") : 0;
}

/* Bytes of the character that could not be read: two, when they look like one of CP932 or are half a surrogate pair. */
static size_t unread(iconv_t cd, const char *p, size_t n)
{
        unsigned char a = (unsigned char)p[0], b = n > 1 ? (unsigned char)p[1] : 0;
        bool lead = (a >= 0x81 && a <= 0x9f) || (a >= 0xe0 && a <= 0xfc), trail = b >= 0x40 && b <= 0xfc && b != 0x7f;

        return n > 1 && (cd == utf16 || (lead && trail)) ? 2 : 1;
}

static int convert(struct buf *out, iconv_t cd, struct str in, bool list, struct err *e)
{
        char *from = (char *)(uintptr_t)in.p;
        size_t left = in.n, skip;

        while (left) {
                char room[4096], *to = room;
                size_t free_room = sizeof(room);
                size_t n = iconv(cd, &from, &left, &to, &free_room);

                buf_add(out, room, sizeof(room) - free_room);
                if (n != (size_t)-1 || errno == E2BIG)
                        continue;
                if (!list)
                        return err_key(e, ERR_INPUT, "grid.csv.encoding", "", (char *)NULL);
                skip = unread(cd, from, left);
                buf_text(out, FOLD_UNREAD);
                from += skip;
                left -= skip;
        }
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "no memory to read a file") : 0;
}

static int to_utf8(struct buf *out, struct str in, bool list, struct err *e)
{
        if (str_starts(in, "\xff\xfe") || str_starts(in, "\xfe\xff"))
                return convert(out, utf16, in, list, e);
        if (!utf8_ok(in))
                return convert(out, cp932, in, list, e);
        buf_str(out, in);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "no memory to read a file") : 0;
}

int encoding_to_utf8(struct buf *out, struct str in, struct err *e)
{
        return to_utf8(out, in, false, e);
}

int encoding_of_list(struct buf *out, struct str in, struct err *e)
{
        scoped(buf_done) struct buf text = BUF_INIT;
        int r = to_utf8(&text, in, true, e);

        if (r < 0)
                return r;
        fold_unread(out, buf_view(&text));
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "no memory to read a file") : 0;
}
