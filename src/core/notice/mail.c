/* mail.c - see mail.h. */
#include "core/notice/mail.h"

#include "base/codec.h"

enum { LOCAL_MAX = 64, LABEL_MAX = 63, WORD_BYTES = 39, BODY_BYTES = 57 };     /* 57 bytes are 76 characters of Base64 */

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
static const char marks[] = "!#$%&'*+-/=?^_`{|}~";

static bool is_of(char c, const char *set, const char *more)
{
        return c && (strchr(set, c) || strchr(more, c));
}

/* Atoms with single points between them. */
static bool atoms_ok(struct str s, const char *more, size_t atom_max)
{
        size_t run = 0;

        for (size_t i = 0; i < s.n; i++) {
                if (s.p[i] == '.' ? !run : !is_of(s.p[i], letters, more) || run == atom_max)
                        return false;
                run = s.p[i] == '.' ? 0 : run + 1;
        }
        return run > 0;
}

bool mail_address_ok(struct str address)
{
        struct str local, domain;

        return address.n <= MAIL_ADDRESS_MAX && str_cut(address, '@', &local, &domain) && local.n <= LOCAL_MAX && atoms_ok(local, marks, LOCAL_MAX) &&
               atoms_ok(domain, "-", LABEL_MAX) && domain.p[0] != '-';
}

static bool is_plain(struct str s)
{
        for (size_t i = 0; i < s.n; i++)
                if (s.p[i] < 0x20 || s.p[i] > 0x7e)
                        return false;
        return s.n <= 60 && !memmem(s.p, s.n, "=?", 2);
}

/* As much of `s` as one encoded word holds, ending with a whole character. */
static size_t word_length(struct str s)
{
        size_t n = s.n < WORD_BYTES ? s.n : WORD_BYTES;

        while (n > 1 && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
                n--;
        return n;
}

/* RFC 2047: encoded words, one a line. Line ends and other controls became blanks before. */
static void encode_words(struct buf *out, struct str s)
{
        while (s.n) {
                size_t n = word_length(s);

                buf_text(out, "=?UTF-8?B?");
                base64_encode(out, s.p, n);
                buf_text(out, s.n > n ? "?=\r\n " : "?=");
                s = (struct str){ s.p + n, s.n - n };
        }
}

static void unstructured(struct buf *out, struct str s)
{
        scoped(buf_done) struct buf one = BUF_INIT;

        for (size_t i = 0; i < s.n; i++)
                buf_char(&one, (unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f ? ' ' : s.p[i]);
        if (is_plain(buf_view(&one)))
                buf_str(out, buf_view(&one));
        else
                encode_words(out, buf_view(&one));
        out->bad |= one.bad;
}

static void from(struct buf *out, const struct mail *m)
{
        struct str name = str_of(m->from_name);

        buf_text(out, "From: ");
        if (name.n && is_plain(name) && !strpbrk(m->from_name, "\"\\")) {
                buf_printf(out, "\"%s\" ", m->from_name);
        } else if (name.n) {
                encode_words(out, name);
                buf_text(out, "\r\n ");
        }
        buf_printf(out, "<%s>\r\n", m->from);
}

/* "Mon, 23 Nov 2026 13:58:01 +0900" */
static void date(struct buf *out, utime_t at)
{
        static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
        struct date d = utime_date_jst(at);
        int64_t second = (at - utime_from_jst(d)) / UTIME_S;
        int64_t weekday = (date_days(d) % 7 + 7 + 4) % 7; /* 1970-01-01 was a Thursday */

        buf_printf(out, "Date: %.3s, %d %.3s %04d %02d:%02d:%02d +0900\r\n", days + 3 * weekday, d.day, months + 3 * (d.month - 1), d.year,
                   (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

static void body(struct buf *out, struct str text)
{
        scoped(buf_done) struct buf lines = BUF_INIT;
        struct str rest;

        for (size_t i = 0; i < text.n; i++) {
                if (text.p[i] == '\n')
                        buf_char(&lines, '\r');
                if (text.p[i] != '\r')
                        buf_char(&lines, text.p[i]);
        }
        for (rest = buf_view(&lines); rest.n;) {
                size_t n = rest.n < BODY_BYTES ? rest.n : BODY_BYTES;

                base64_encode(out, rest.p, n);
                buf_text(out, "\r\n");
                rest = (struct str){ rest.p + n, rest.n - n };
        }
        out->bad |= lines.bad;
}

int mail_format(struct buf *out, const struct mail *m, struct err *e)
{
        if (!mail_address_ok(str_of(m->from)) || !mail_address_ok(str_of(m->to)))
                return err_set(e, ERR_INPUT, "not a mail address");
        if (!atoms_ok(str_of(m->host), "-", LABEL_MAX) || !atoms_ok(str_of(m->id), "-", LABEL_MAX))
                return err_set(e, ERR_INPUT, "not a name for Message-ID");
        date(out, m->at);
        from(out, m);
        buf_printf(out, "To: <%s>\r\nSubject: ", m->to);
        unstructured(out, m->subject);
        buf_printf(out, "\r\nMessage-ID: <%s@%s>\r\nList-Id: <sekisho.%s>\r\n", m->id, m->host, m->host);
        buf_text(out, "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n");
        buf_printf(out, "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\nContent-Language: %s\r\n\r\n", m->lang == LANG_EN ? "en" : "ja");
        body(out, m->body);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "mail") : ERR_OK;
}
