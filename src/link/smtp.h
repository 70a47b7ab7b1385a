/* smtp.h - hand mail to a server (RFC 5321), several over one connection.
 *
 * Does      one message to one receiver a call; TLS from the first byte, by STARTTLS (demanded, not hoped for), or none; sign-in when a
 *           user is given. The connection is kept for the next message.
 * Layer     link; libcurl speaks and parses.
 * Owns      struct smtp: smtp_close().
 * Threads   one.
 * Trusts    a server by the given CA and its name, TLS 1.2 or newer. Its words are shown, shortened, and decide nothing: its codes do.
 * Fails     ERR_OK means the server has said 250 to the whole message. See enum smtp_said for what else there is; ERR_NOMEM.
 *
 * A server that dies between the last byte of a message and its answer leaves open whether it took the message: SMTP cannot tell. That is
 * SMTP_AWAY; whoever sends again sends the same Message-ID.
 */
#ifndef LINK_SMTP_H
#define LINK_SMTP_H

#include <stdatomic.h>

#include "base/err.h"
#include "base/str.h"
#include "base/utime.h"

enum smtp_security { SMTP_PLAIN, SMTP_STARTTLS, SMTP_TLS };

struct smtp_setup {
        const char        *host;
        uint16_t           port;
        enum smtp_security security;
        const char        *hello;             /* what we call ourselves */
        struct str         ca;                /* PEM */
        const char        *user, *password;   /* "" none */
        const char        *from;
        utime_t            patience;          /* for one message, connecting included */
        const atomic_bool *stop;              /* looked at about once a second; NULL: never */
};

/* Who is meant by the server's no: nobody (it could not be reached, or does not want us), this message, this receiver; for now or for good. */
enum smtp_said { SMTP_TAKEN, SMTP_AWAY, SMTP_LATER, SMTP_REFUSED };

struct smtp;

int          smtp_open(struct smtp **out, const struct smtp_setup *s, struct err *e);
struct smtp *smtp_close(struct smtp *s);
int          smtp_send(struct smtp *s, const char *to, struct str message, enum smtp_said *said, struct err *e);

static inline void smtp_close_at(struct smtp **s)
{
        (void)smtp_close(*s);
}

#endif
