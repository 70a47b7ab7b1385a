/* caller.h - who asks: session, role, origin, CSRF word, gate certificate.
 *
 * Does      everything that a route's `auth` demands, before its handler runs.
 * Source    OWASP ASVS V3.5, V7, V8; docs/formats/machines.md.
 * Layer     server/office/api.
 * Fails     ERR_UNKNOWN, ERR_FORBIDDEN with keys `session.*`, `common.*`, `gate.*`.
 */
#ifndef OFFICE_API_CALLER_H
#define OFFICE_API_CALLER_H

#include "core/procedure/procedure.h"
#include "server/office/api/route.h"

int       caller_check(struct request *rq, const struct route *route, struct err *e);
enum lang caller_lang(const struct scgi_request *r);
/* True when the request was made by a page of ours (Origin, Sec-Fetch-Site). */
bool      caller_same_origin(const struct scgi_request *r);
void      caller_error_page(struct request *rq, struct reply *out, const struct err *e, int code);
void      caller_to_sign_in(struct request *rq, struct reply *out);      /* and back here afterwards */
bool      caller_sees(const struct request *rq, const char *role);      /* the signed-in person holds this role */
bool      caller_sees_all(const struct request *rq);                    /* secretariat, system manager, auditor: every case and register */
/* Whoever has or had a part in it: core's answer, who decided or entered something, the service's manager, who sees to all. */
bool      caller_sees_case(const struct request *rq, const struct pack *pack, const struct case_facts *f);

#endif
