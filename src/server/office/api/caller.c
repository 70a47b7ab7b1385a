/* caller.c - see caller.h. */
#include "server/office/api/caller.h"

#include "base/codec.h"
#include "plain_pages.h"
#include "server/office/command/facts.h"

enum { PEM_MAX = 3 * 8192, DER_MAX = 4096 };

bool caller_sees(const struct request *rq, const char *role)
{
        return actor_has(&rq->session.who, role);
}

bool caller_sees_all(const struct request *rq)
{
        return actor_sees_all(&rq->session.who);
}

bool caller_sees_case(const struct request *rq, const struct pack *pack, const struct case_facts *f)
{
        return facts_seen_by(pack, f, &rq->session.who, rq->now);
}

enum lang caller_lang(const struct scgi_request *r)
{
        struct str cookie = scgi_cookie(r->cookie, "sekisho_lang");

        /* A browser says what its owner reads; Japanese unless it says English first. */
        return lang_of(cookie.n ? cookie : r->accept_language);
}

/* Browsers send "Origin: null" for forms under strict referrer policies; then Sec-Fetch-Site has to say it. */
bool caller_same_origin(const struct scgi_request *r)
{
        bool said = str_is(r->fetch_site, "same-origin");
        struct str host;

        if (r->fetch_site.n && !said && !str_is(r->fetch_site, "none"))
                return false;
        if (!r->origin.n)
                return true;
        if (str_is(r->origin, "null"))
                return said;
        host = (struct str){ r->origin.p + 8, r->origin.n > 8 ? r->origin.n - 8 : 0 };
        return str_starts(r->origin, "https://") && str_eq(host, r->host);
}

static int check_session(struct request *rq, const struct route *route, struct err *e)
{
        static const char *const roles[AUTH_COUNT] = { [AUTH_KEEPER] = "secretariat", [AUTH_SYSTEM] = "system_manager" },
                          *const or_roles[AUTH_COUNT] = { [AUTH_KEEPER] = "system_manager" };
        struct str cookie = scgi_cookie(rq->scgi->cookie, "__Host-sekisho");
        struct str word = rq->scgi->csrf, field;
        int r = (route->auth == AUTH_HALF ? session_open_half : session_open)(&rq->session, rq->db, rq->office->pack, cookie, rq->now, rq->arena, e);

        if (r < 0)
                return r;
        if (route->method == METHOD_POST) {
                if (!word.n && scgi_field(&field, rq->scgi->body, "csrf", rq->arena, NULL) == ERR_OK)
                        word = field; /* forms of the pages without JavaScript */
                if (!caller_same_origin(rq->scgi) || !str_is(word, rq->session.csrf))
                        return err_key(e, ERR_FORBIDDEN, "error.csrf", "", NULL);
        }
        if (roles[route->auth] && !actor_has(&rq->session.who, roles[route->auth]) &&
            !(or_roles[route->auth] && actor_has(&rq->session.who, or_roles[route->auth])))
                return err_key(e, ERR_FORBIDDEN, "error.forbidden", "", NULL);
        return session_touch(rq->office, &rq->session, rq->now, e);
}

/* ---- gates ---- */

static bool unescape(struct buf *out, struct str s)
{
        for (size_t i = 0; i < s.n; i++) {
                uint8_t c = (uint8_t)s.p[i];
                char low[2];

                if (c == '%') {
                        if (i + 2 >= s.n)
                                return false;
                        for (int k = 0; k < 2; k++)
                                low[k] = s.p[i + 1 + (size_t)k] >= 'A' && s.p[i + 1 + (size_t)k] <= 'F' ? (char)(s.p[i + 1 + (size_t)k] + 32) : s.p[i + 1 + (size_t)k];
                        if (!hex_decode((struct str){ low, 2 }, &c, 1))
                                return false;
                        i += 2;
                }
                buf_char(out, (char)c);
        }
        return !buf_bad(out);
}

/* nginx has verified the chain; what counts here is which certificate it is: SHA-256 of its DER. The DER itself is not parsed:
 * the process that holds the database reads no ASN.1 from outside. */
static bool cert_hash(struct hash *out, struct str escaped)
{
        scoped(buf_done) struct buf pem = BUF_INIT;
        uint8_t der[DER_MAX];
        size_t n = 0;

        if (!escaped.n || escaped.n > PEM_MAX || !unescape(&pem, escaped) || !pem_decode(buf_view(&pem), "CERTIFICATE", der, sizeof(der), &n))
                return false;
        *out = hash_bytes((struct str){ (const char *)der, n });
        return true;
}

static int check_gate(struct request *rq, struct err *e)
{
        struct hash h;
        char hex[2 * HASH_SIZE + 1];
        struct str id;
        int r;

        if (!str_is(rq->scgi->wire_version, "1"))
                return err_key(e, ERR_INPUT, "gate.wire.version", "", "1", NULL);
        if (!str_is(rq->scgi->client_verify, "SUCCESS") || !cert_hash(&h, rq->scgi->client_cert))
                return err_key(e, ERR_UNKNOWN, "gate.certificate.missing", "", NULL);
        hex_text(hex, h.b, HASH_SIZE);
        r = query_gate_by_cert(&id, rq->db, str_of(hex), rq->arena, e);
        if (r == ERR_ABSENT)
                return err_key(e, ERR_FORBIDDEN, "gate.certificate.unknown", "", NULL);
        return r < 0 ? r : store_row(&rq->gate, rq->db, TABLE_GATE, id.p, NULL, rq->arena, e);
}

int caller_check(struct request *rq, const struct route *route, struct err *e)
{
        switch (route->auth) {
        case AUTH_NONE:
                if (route->method == METHOD_POST && !caller_same_origin(rq->scgi))
                        return err_key(e, ERR_FORBIDDEN, "error.csrf", "", NULL);
                return ERR_OK;
        case AUTH_CODE:
        case AUTH_COURIER: /* its own socket, mode 0600 */
                return ERR_OK;
        case AUTH_GATE:
                return check_gate(rq, e);
        default:
                return check_session(rq, route, e);
        }
}

void caller_error_page(struct request *rq, struct reply *out, const struct err *e, int code)
{
        scoped(buf_done) struct buf words = BUF_INIT;

        if (*e->key)
                text_err(&words, rq->lang, e);
        else
                buf_text(&words, text_get(rq->lang, "error.internal")); /* the log has the words; a stranger gets none */
        out->status = err_status(code);
        out->type = "text/html; charset=utf-8";
        buf_clear(&out->text);
        plain_error(&out->text, rq->lang, &(struct plain_error){ .title = text_get(rq->lang, "error.title"), .text = words.p });
}

void caller_to_sign_in(struct request *rq, struct reply *out)
{
        out->status = 303;
        out->type = "text/html; charset=utf-8";
        buf_clear(&out->text);
        if (str_starts(rq->scgi->path, "/sign-"))
                buf_text(&out->headers, "Location: /sign-in\r\n"); /* its pages belong to a session that is gone */
        else
                buf_printf(&out->headers, "Location: /sign-in?next=%.*s\r\n", (int)rq->scgi->path.n, rq->scgi->path.p); /* needs no escape (scgi.h) */
}
