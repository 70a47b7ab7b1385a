/* ics.h - whole days as a calendar file that groupware and telephones read.
 *
 * Does      write a VCALENDAR of all-day events: RFC 5545, CRLF, lines folded at 75 octets between characters, text escaped.
 * Layer     core; pure.
 * Owns      nothing; what is written goes into the caller's buf.
 * Units     a day is a DATE without a time zone: in Japan it is that day, wherever the file is read.
 * Trusts    UTF-8; control characters become blanks.
 */
#ifndef CORE_CALENDAR_ICS_H
#define CORE_CALENDAR_ICS_H

#include "base/str.h"
#include "base/utime.h"

/* uid: the same each time the file is made, so that a reader changes the event instead of adding one. url: empty: none. */
struct ics_event { struct str uid, summary, url; struct date day; };

void ics_begin(struct buf *out, struct str name);
void ics_event(struct buf *out, const struct ics_event *e, utime_t stamp);
void ics_end(struct buf *out);

#endif
