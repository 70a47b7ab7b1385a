/* sign_in.c - the sign-in and sign-out pages, without JavaScript.
 *
 * Before there is a session, the form carries a word bound to a cookie of its own (double submit), besides Origin and
 * Sec-Fetch-Site: nobody can sign a person in as somebody else from a foreign page.
 */
#include "server/office/api/sign_in.h"

#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/shape.h"

#include "base/codec.h"
#include "plain_pages.h"
#include "sys/entropy.h"

static const char html[] = "text/html; charset=utf-8";

void sign_in_cookie(struct reply *out, const char *name, const char *value, const char *rest)
{
        buf_printf(&out->headers, "Set-Cookie: %s=%s; Path=/; Secure; SameSite=Lax%s\r\n", name, value, rest);
}

/* Only a path of ours: "/", then no second slash or backslash. */
const char *sign_in_next(struct str next, struct arena *a)
{
        const char *copy;
        bool ok = next.n && next.n < SCGI_PATH_MAX && next.p[0] == '/' && (next.n == 1 || (next.p[1] != '/' && next.p[1] != '\\'));

        for (size_t i = 0; i < next.n; i++)
                ok = ok && (unsigned char)next.p[i] > ' ' && (unsigned char)next.p[i] < 0x7f && next.p[i] != '\\' && next.p[i] != '"';
        copy = ok ? arena_copy(a, next.p, next.n) : NULL;
        return copy ? copy : "/";
}

static void show(struct request *rq, struct reply *out, const char *error, const char *login, const char *next)
{
        uint8_t fresh[32];
        char pre[65], word[SESSION_CSRF];

        entropy_fill(fresh, sizeof(fresh));
        hex_text(pre, fresh, sizeof(fresh));
        session_csrf(word, str_of(pre));
        sign_in_cookie(out, "__Host-sekisho-pre", pre, "; HttpOnly");
        out->type = html;
        plain_sign_in(&out->text, rq->lang, &(struct plain_sign_in){ .csrf = word, .error = error, .install = rq->office->name, .login = login, .next = next });
}

int page_sign_in(struct request *rq, struct reply *out, struct err *e)
{
        struct str next = STR("/"), lang = STR("");
        int r = scgi_field(&next, rq->scgi->query, "next", rq->arena, e);

        if (r == ERR_OK || r == ERR_ABSENT)
                r = scgi_field(&lang, rq->scgi->query, "lang", rq->arena, e);
        if (r < 0 && r != ERR_ABSENT)
                return r;
        if (lang.n) {
                rq->lang = lang_of(lang);
                sign_in_cookie(out, "sekisho_lang", rq->lang == LANG_EN ? "en" : "ja", "; Max-Age=31536000");
        }
        err_clear(e);
        show(rq, out, NULL, "", sign_in_next(next, rq->arena));
        return ERR_OK;
}

int sign_in_field(struct str *out, struct request *rq, const char *name, struct err *e)
{
        int r = scgi_field(out, rq->scgi->body, name, rq->arena, e);

        return r == ERR_ABSENT ? err_key(e, ERR_INPUT, "common.member.missing", name, name, NULL) : r;
}

const char *sign_in_page_of(enum session_stage stage)
{
        static const char *const pages[] = { [STAGE_CODE] = "/sign-in/code", [STAGE_PASSWORD] = "/sign-in/password", [STAGE_TOTP] = "/sign-in/totp" };

        return stage < countof(pages) ? pages[stage] : NULL;
}

static void put_encoded(struct buf *out, const char *s)
{
        for (; *s; s++)
                if ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || strchr("-._/", *s))
                        buf_char(out, *s);
                else
                        buf_printf(out, "%%%02X", (unsigned char)*s);
}

void sign_in_go(struct reply *out, const struct session_made *made, const char *next)
{
        const char *page = sign_in_page_of(made->stage);

        out->status = 303;
        out->type = html;
        if (page) {
                buf_printf(&out->headers, "Location: %s?next=", page);
                put_encoded(&out->headers, next);
                buf_text(&out->headers, "\r\n");
        } else {
                buf_printf(&out->headers, "Location: %s\r\n", next);
        }
        sign_in_cookie(out, "__Host-sekisho", made->token, "; HttpOnly");
}

int act_sign_in(struct request *rq, struct reply *out, struct err *e)
{
        static const char *const names[] = { "csrf", "next", "login", "password", NULL };
        struct str csrf, next, login, password, pre = scgi_cookie(rq->scgi->cookie, "__Host-sekisho-pre");
        char word[SESSION_CSRF];
        struct session_made made;
        const char *to;
        int r = scgi_fields_known(rq->scgi->body, names, e);

        if (r == ERR_OK)
                r = sign_in_field(&csrf, rq, "csrf", e);
        if (r == ERR_OK)
                r = sign_in_field(&next, rq, "next", e);
        if (r == ERR_OK)
                r = sign_in_field(&login, rq, "login", e);
        if (r == ERR_OK)
                r = sign_in_field(&password, rq, "password", e);
        if (r < 0)
                return r;
        to = sign_in_next(next, rq->arena);
        login = str_trim(login);
        session_csrf(word, pre);
        if (!pre.n || !str_is(csrf, word))
                r = err_key(e, ERR_FORBIDDEN, "error.csrf", "", NULL);
        else
                r = session_sign_in(&made, rq->office, rq->db, login, password, rq->now, e);
        if (r == ERR_UNKNOWN || r == ERR_BUSY || r == ERR_FORBIDDEN) {
                const char *shown = utf8_ok(login) && login.n <= LOGIN_MAX ? arena_copy(rq->arena, login.p, login.n) : NULL;

                out->status = err_status(r);
                show(rq, out, e->key, shown ? shown : "", to);
                return ERR_OK;
        }
        if (r < 0)
                return r;
        sign_in_go(out, &made, to);
        sign_in_cookie(out, "__Host-sekisho-pre", "", "; HttpOnly; Max-Age=0");
        return ERR_OK;
}

int act_sign_out(struct request *rq, struct reply *out, struct err *e)
{
        int r = session_sign_out(rq->office, &rq->session.token, e);

        if (r < 0)
                return r;
        sign_in_cookie(out, "__Host-sekisho", "", "; HttpOnly; Max-Age=0");
        out->type = html;
        plain_signed_out(&out->text, rq->lang, &(struct plain_signed_out){ 0 });
        return ERR_OK;
}
