/* ics.c - see ics.h. */
#include "core/calendar/ics.h"

enum { LINE_OCTETS = 75 };

/* RFC 5545 3.1: no line is longer than 75 octets without its CRLF; what goes on begins with a blank, which counts. */
static void put_folded(struct buf *out, struct str line)
{
        size_t room = LINE_OCTETS;

        while (line.n > room) {
                size_t n = room;

                while (n && ((unsigned char)line.p[n] & 0xc0) == 0x80)      /* not within a character */
                        n--;
                buf_add(out, line.p, n);
                buf_text(out, "\r\n ");
                line = (struct str){ line.p + n, line.n - n };
                room = LINE_OCTETS - 1;
        }
        buf_add(out, line.p, line.n);
        buf_text(out, "\r\n");
}

static void put_escaped(struct buf *out, struct str text)
{
        for (size_t i = 0; i < text.n; i++) {
                unsigned char c = (unsigned char)text.p[i];

                if (c == '\n')
                        buf_text(out, "\\n");
                else if (c < ' ' || c == 0x7f)
                        buf_char(out, ' ');
                else if (strchr("\\;,", c))
                        buf_printf(out, "\\%c", c);
                else
                        buf_char(out, (char)c);
        }
}

static void put_text(struct buf *out, const char *name, struct str text)
{
        scoped(buf_done) struct buf line = BUF_INIT;

        buf_printf(&line, "%s:", name);
        put_escaped(&line, text);
        put_folded(out, buf_view(&line));
}

static void put_day(struct buf *out, const char *name, struct date d)
{
        buf_printf(out, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, d.year, d.month, d.day);
}

void ics_begin(struct buf *out, struct str name)
{
        buf_text(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Sekisho//duties//EN\r\nCALSCALE:GREGORIAN\r\n");
        put_text(out, "X-WR-CALNAME", name);
        buf_text(out, "X-WR-TIMEZONE:Asia/Tokyo\r\n");
}

void ics_event(struct buf *out, const struct ics_event *e, utime_t stamp)
{
        char at[UTIME_TEXT];

        utime_text(at, stamp); /* 2026-11-22T12:34:56.123456Z */
        buf_text(out, "BEGIN:VEVENT\r\n");
        put_text(out, "UID", e->uid);
        buf_printf(out, "DTSTAMP:%.4s%.2s%.2sT%.2s%.2s%.2sZ\r\n", at, at + 5, at + 8, at + 11, at + 14, at + 17);
        put_day(out, "DTSTART", e->day);
        put_day(out, "DTEND", date_from_days(date_days(e->day) + 1)); /* exclusive */
        put_text(out, "SUMMARY", e->summary);
        if (e->url.n) {
                scoped(buf_done) struct buf line = BUF_INIT;

                buf_printf(&line, "URL:%.*s", (int)e->url.n, e->url.p); /* a URI is not escaped as text is */
                put_folded(out, buf_view(&line));
        }
        buf_text(out, "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
}

void ics_end(struct buf *out)
{
        buf_text(out, "END:VCALENDAR\r\n");
}
