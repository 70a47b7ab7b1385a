/* sign_in.h - what the pages on the way in share: cookies, where it goes on, one page after the other.
 *
 * Layer     server/office/api; sign_in.c: the first page; sign_in_on.c: what a half session still lacks.
 */
#ifndef OFFICE_API_SIGN_IN_H
#define OFFICE_API_SIGN_IN_H

#include "server/office/api/route.h"

void        sign_in_cookie(struct reply *out, const char *name, const char *value, const char *rest);
const char *sign_in_next(struct str next, struct arena *a);        /* a path of ours, else "/" */
int         sign_in_field(struct str *out, struct request *rq, const char *name, struct err *e);      /* of the form; ERR_INPUT when it is not there */
const char *sign_in_page_of(enum session_stage stage);             /* "/sign-in/code"; whole: NULL */
/* The new session's cookie, and on to what it lacks, or to `next`. */
void        sign_in_go(struct reply *out, const struct session_made *made, const char *next);

#endif
