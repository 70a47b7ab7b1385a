/* encoding.c - whatever a spreadsheet saved, as UTF-8.
 *
 * Excel in Japan saves CSV in CP932 (Shift_JIS with 機種依存文字: ①, ㈱, 髙), on demand in UTF-8 with BOM, and "Unicode text" in UTF-16.
 * 外字 of the range F040 to F9FC become private use characters, which a pack may hold.
 */
#include <errno.h>
#include <iconv.h>

#include "server/render/kinds.h"

static iconv_t cp932 = (iconv_t)-1, utf16 = (iconv_t)-1;      /* one job a process; opened before the sandbox, since libc loads a table from a file */

int encoding_prepare(struct err *e)
{
        cp932 = iconv_open("UTF-8", "CP932");
        utf16 = iconv_open("UTF-8", "UTF-16");
        return cp932 == (iconv_t)-1 || utf16 == (iconv_t)-1 ? err_errno(e, "iconv") : 0;
}

static int convert(struct buf *out, iconv_t cd, struct str in, struct err *e)
{
        char *from = (char *)(uintptr_t)in.p;
        size_t left = in.n;

        while (left) {
                char room[4096], *to = room;
                size_t free_room = sizeof(room);
                size_t n = iconv(cd, &from, &left, &to, &free_room);

                buf_add(out, room, sizeof(room) - free_room);
                if (n == (size_t)-1 && errno != E2BIG)
                        return err_key(e, ERR_INPUT, "grid.csv.encoding", "", (char *)NULL);
        }
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "no memory to read a file") : 0;
}

int encoding_to_utf8(struct buf *out, struct str in, struct err *e)
{
        if (str_starts(in, "\xff\xfe") || str_starts(in, "\xfe\xff"))
                return convert(out, utf16, in, e);
        if (!utf8_ok(in))
                return convert(out, cp932, in, e);
        buf_str(out, in);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "no memory to read a file") : 0;
}
