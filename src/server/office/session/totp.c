/* totp.c - see totp.h. */
#include "server/office/session/totp.h"

#include <liboath/oath.h>
#include <pthread.h>
#include <qrencode.h>

#include "base/codec.h"

enum { STEP_S = 30, WINDOW = 1, QUIET = 4 };       /* QUIET: ISO/IEC 18004: four modules of white around */

/* liboath wants to be begun once for the process; what it answers then is the same for all. */
static pthread_once_t begun = PTHREAD_ONCE_INIT;

static void begin(void)
{
        (void)oath_init(); /* checks its own version; nothing depends on it that a failing check of a code would not show */
}

static bool is_code(struct str code)
{
        for (size_t i = 0; i < code.n; i++)
                if (code.p[i] < '0' || code.p[i] > '9')
                        return false;
        return code.n == TOTP_DIGITS;
}

int64_t totp_step(struct str secret, struct str code, utime_t now, int64_t after)
{
        char digits[TOTP_DIGITS + 1] = { 0 };
        uint64_t step = 0;
        int off = 0;

        if (!is_code(code) || secret.n != TOTP_SECRET || now < 0)
                return -1;
        memcpy(digits, code.p, TOTP_DIGITS);
        (void)pthread_once(&begun, begin);
        if (oath_totp_validate4(secret.p, secret.n, (time_t)(now / UTIME_S), STEP_S, 0, WINDOW, &off, &step, 0, digits) < 0)
                return -1;
        return (int64_t)step > after ? (int64_t)step : -1;
}

void totp_secret_text(struct buf *out, struct str secret)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        base32_encode(&b, secret.p, secret.n);
        for (size_t i = 0; i < b.n; i++) {
                if (i && i % 4 == 0)
                        buf_char(out, ' ');
                buf_char(out, b.p[i]);
        }
}

/* RFC 3986: what is not unreserved stands as %XX. */
static void put_part(struct buf *out, struct str s)
{
        for (size_t i = 0; i < s.n; i++) {
                unsigned char c = (unsigned char)s.p[i];

                if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c))
                        buf_char(out, (char)c);
                else
                        buf_printf(out, "%%%02X", c);
        }
}

void totp_uri(struct buf *out, struct str secret, const char *install, struct str login)
{
        buf_text(out, "otpauth://totp/Sekisho%20");
        put_part(out, str_of(install));
        buf_text(out, ":");
        put_part(out, login);
        buf_text(out, "?secret=");
        base32_encode(out, secret.p, secret.n);
        buf_text(out, "&issuer=Sekisho%20");
        put_part(out, str_of(install));
        buf_text(out, "&algorithm=SHA1&digits=6&period=30");
}

/* A run of dark modules is a rectangle of the one path. */
static void put_row(struct buf *svg, const unsigned char *row, int width, int y)
{
        for (int x = 0; x < width; x++) {
                int n = 0;

                while (x + n < width && (row[x + n] & 1))
                        n++;
                if (n)
                        buf_printf(svg, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, n, n);
                x += n;
        }
}

int totp_picture(struct buf *svg, const char *uri, struct err *e)
{
        QRcode *q = QRcode_encodeString8bit(uri, 0, QR_ECLEVEL_M);

        if (!q)
                return err_set(e, ERR_NOMEM, "QR picture");
        buf_printf(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\"><rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
                   q->width + 2 * QUIET, q->width + 2 * QUIET);
        for (int y = 0; y < q->width; y++)
                put_row(svg, q->data + (size_t)y * (size_t)q->width, q->width, y);
        buf_text(svg, "\"/></svg>");
        QRcode_free(q);
        return buf_bad(svg) ? err_set(e, ERR_NOMEM, "QR picture") : ERR_OK;
}
