/* mail.h - a notice as a mail message (RFC 5322, MIME), byte for byte.
 *
 * Does      headers in ASCII (RFC 2047 where a word is not), the body as Base64 of UTF-8 with CRLF lines.
 * Layer     core; pure.
 * Trusts    nothing: whatever stands in a subject or a name, it cannot begin a header or end the headers; no line is longer than 78.
 * Fails     ERR_INPUT an address that is none, ERR_NOMEM.
 *
 * Automatic answers are not wanted (Auto-Submitted, RFC 3834). Message-ID is made of what the message says and whom it goes to, so a
 * second copy of the same has the same one and a receiver may drop it.
 */
#ifndef CORE_NOTICE_MAIL_H
#define CORE_NOTICE_MAIL_H

#include "base/err.h"
#include "base/utime.h"
#include "core/text/text.h"

enum { MAIL_ADDRESS_MAX = 254 };

struct mail {
        const char *from, *from_name;         /* name "" : none */
        const char *to;
        const char *host;                     /* right of the @ in Message-ID and List-Id; a name of letters, digits, '-', '.' */
        const char *id;                       /* left of it: letters, digits, '.', '-' */
        struct str  subject, body;            /* UTF-8; the body's lines end in LF */
        utime_t     at;
        enum lang   lang;
};

int  mail_format(struct buf *out, const struct mail *m, struct err *e);
bool mail_address_ok(struct str address);      /* local@domain of plain atoms; no quotes, no comments, no routes, ASCII */

#endif
