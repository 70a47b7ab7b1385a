/* syslog.h - a notice as one message of RFC 5424, and its frame of RFC 5425.
 *
 *      <133>1 2026-04-01T00:00:00.000000Z HOST sekisho-courier - notice.waiting [notice@32473 ref="…" id="7"] words
 *
 * Does      facility local0, severity alert (urgent) or notice; words in English; a byte order mark before words that are not ASCII.
 * Layer     core; pure.
 * Trusts    nothing: no value ends the structured data, no control character gets into the line.
 */
#ifndef CORE_NOTICE_SYSLOG_H
#define CORE_NOTICE_SYSLOG_H

#include "core/notice/item.h"

/* host: "-" when it is not to be told. practice: the words begin with it. No line end behind it. */
void syslog_format(struct buf *out, const struct notice_item *n, const char *host, bool practice);
void syslog_frame(struct buf *out, struct str message);          /* "LENGTH SP message" */

#endif
