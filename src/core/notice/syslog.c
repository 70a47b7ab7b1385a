/* syslog.c - see syslog.h. */
#include "core/notice/syslog.h"

enum { LOCAL0 = 16 * 8, ALERT = 1, NOTICE = 5, MSGID_MAX = 32 };

/* Printable ASCII without blanks, RFC 5424 6.2: HOSTNAME and MSGID. */
static void name(struct buf *out, const char *s, size_t max)
{
        size_t n = 0;

        for (; *s && n < max; s++, n++)
                buf_char(out, *s > 0x20 && *s < 0x7f ? *s : '?');
        if (!n)
                buf_char(out, '-');
}

/* 6.3.3: quote, backslash and closing bracket are escaped. */
static void value(struct buf *out, const char *s)
{
        for (; *s; s++) {
                if (strchr("\"\\]", *s))
                        buf_char(out, '\\');
                buf_char(out, (unsigned char)*s < 0x20 || *s == 0x7f ? '?' : *s);
        }
}

void syslog_format(struct buf *out, const struct notice_item *n, const char *host, bool practice)
{
        scoped(buf_done) struct buf words = BUF_INIT;
        char at[UTIME_TEXT];
        bool ascii = !practice;

        notice_subject(&words, n, LANG_EN);
        for (size_t i = 0; i < words.n; i++) {
                ascii &= !(words.p[i] & 0x80);
                if ((unsigned char)words.p[i] < 0x20 || words.p[i] == 0x7f)
                        words.p[i] = ' ';
        }
        utime_text(at, n->at);
        buf_printf(out, "<%d>1 %s ", LOCAL0 + (n->urgent ? ALERT : NOTICE), at);
        name(out, host, 255);
        buf_text(out, " sekisho-courier - ");
        name(out, n->key, MSGID_MAX);
        buf_text(out, " [notice@32473 ref=\"");
        value(out, n->ref);
        buf_printf(out, "\" id=\"%lld\"] %s%s", (long long)n->id, ascii ? "" : "\xef\xbb\xbf", practice ? "[練習 practice] " : "");
        buf_str(out, buf_view(&words));
        out->bad |= words.bad;
}

void syslog_frame(struct buf *out, struct str message)
{
        buf_printf(out, "%zu ", message.n);
        buf_str(out, message);
}
