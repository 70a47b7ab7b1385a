/* sign_in_on.c - what a session lacks after the password: a code, a password of one's own, an authenticator. Pages without JavaScript.
 *
 * Each page belongs to one stage (session.h); whoever is at another is sent there. What was wrong stands on the page; nothing that was
 * typed is shown again, since all of it is secret.
 */
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/sign_in.h"
#include "server/office/api/words.h"
#include "server/office/session/credential.h"
#include "server/office/session/password.h"
#include "server/office/session/totp.h"

#include "plain_pages.h"

static const char html[] = "text/html; charset=utf-8";

/* What a page shows besides its own: where it goes on, and what was wrong. */
struct shown { const char *next, *error; };
typedef int show_fn(struct request *rq, struct reply *out, const struct shown *s, struct err *e);

static int go_to_stage(struct request *rq, struct reply *out)
{
        out->status = 303;
        out->type = html;
        buf_printf(&out->headers, "Location: %s\r\n", sign_in_page_of(rq->session.stage));
        return ERR_OK;
}

static int page(struct request *rq, struct reply *out, enum session_stage stage, show_fn *show, struct err *e)
{
        struct str next = STR("");
        int r = scgi_field(&next, rq->scgi->query, "next", rq->arena, e);

        if (r < 0 && r != ERR_ABSENT)
                return r;
        err_clear(e);
        if (rq->session.stage != stage)
                return go_to_stage(rq, out);
        out->type = html;
        return show(rq, out, &(struct shown){ sign_in_next(next, rq->arena), NULL }, e);
}

/* A refusal that a person can mend is said on the page; a session that is gone leads to the first page (serve.c). */
static int refused(struct request *rq, struct reply *out, int r, const struct err *why, const char *next, show_fn *show, struct err *e)
{
        scoped(buf_done) struct buf words = BUF_INIT;

        if (!*why->key || str_starts(str_of(why->key), "session.")) {
                *e = *why;
                return r;
        }
        text_err(&words, rq->lang, why);
        out->status = err_status(r);
        out->type = html;
        return show(rq, out, &(struct shown){ next, word_of(rq, buf_view(&words)) }, e);
}

/* The fields of a form, csrf and next besides; *next is a path of ours. */
static int read_form(struct str *out, const char *const *fields, size_t n, const char **next, struct request *rq, struct err *e)
{
        const char *names[5] = { "csrf", "next" };
        struct str to;
        int r;

        for (size_t i = 0; i < n && i + 3 < countof(names); i++)
                names[i + 2] = fields[i];
        r = scgi_fields_known(rq->scgi->body, names, e);
        if (r == ERR_OK)
                r = sign_in_field(&to, rq, "next", e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = sign_in_field(&out[i], rq, fields[i], e);
        if (r == ERR_OK)
                *next = sign_in_next(to, rq->arena);
        return r;
}

/* ---- code ---- */

static int show_code(struct request *rq, struct reply *out, const struct shown *s, struct err *e)
{
        plain_sign_in_code(&out->text, rq->lang, &(struct plain_sign_in_code){ .csrf = rq->session.csrf, .next = s->next, .error = s->error });
        return ERR_OK;
}

int page_code(struct request *rq, struct reply *out, struct err *e)
{
        return page(rq, out, STAGE_CODE, show_code, e);
}

int act_code(struct request *rq, struct reply *out, struct err *e)
{
        static const char *const fields[] = { "code" };
        struct session_made made;
        struct err why = { 0 };
        struct str code;
        const char *next;
        int r = read_form(&code, fields, 1, &next, rq, e);

        if (r < 0)
                return r;
        r = credential_prove(&made, rq->office, &rq->session, code, &why);
        if (r < 0)
                return refused(rq, out, r, &why, next, show_code, e);
        sign_in_go(out, &made, next);
        return ERR_OK;
}

/* ---- a password of one's own ---- */

static int show_choose(struct request *rq, struct reply *out, const struct shown *s, struct err *e)
{
        scoped(buf_done) struct buf rule = BUF_INIT;
        uint32_t min = rq->office->pack->settings.password_min_chars;
        const char *args[] = { arena_printf(rq->arena, "%u", min ? min : PASSWORD_MIN_CHARS) };

        text_format(&rule, rq->lang, "password.rule", args, 1);
        plain_sign_in_password(&out->text, rq->lang, &(struct plain_sign_in_password){ .csrf = rq->session.csrf, .next = s->next, .error = s->error,
                                                                                       .rule = word_of(rq, buf_view(&rule)) });
        return ERR_OK;
}

int page_choose(struct request *rq, struct reply *out, struct err *e)
{
        return page(rq, out, STAGE_PASSWORD, show_choose, e);
}

int act_choose(struct request *rq, struct reply *out, struct err *e)
{
        static const char *const fields[] = { "new", "again" };
        struct session_made made;
        struct err why = { 0 };
        struct str typed[2];
        const char *next;
        int r = read_form(typed, fields, 2, &next, rq, e);

        if (r < 0)
                return r;
        r = str_eq(typed[0], typed[1]) ? credential_choose(&made, rq->office, rq->db, &rq->session, typed[0], &why)
                                       : err_key(&why, ERR_RULE, "password.differs", "again", NULL);
        if (r < 0)
                return refused(rq, out, r, &why, next, show_choose, e);
        sign_in_go(out, &made, next);
        return ERR_OK;
}

/* ---- an authenticator ---- */

static int show_enrol(struct request *rq, struct reply *out, const struct shown *s, struct err *e)
{
        scoped(buf_done) struct buf secret = BUF_INIT;
        struct totp_offer offer;
        int r = credential_offer(&offer, rq->db, &rq->session, rq->arena, e);

        if (r < 0)
                return r;
        totp_secret_text(&secret, offer.secret);
        plain_sign_in_totp(&out->text, rq->lang, &(struct plain_sign_in_totp){ .csrf = rq->session.csrf, .next = s->next, .error = s->error,
                                                                               .secret = word_of(rq, buf_view(&secret)) });
        return ERR_OK;
}

int page_enrol(struct request *rq, struct reply *out, struct err *e)
{
        return page(rq, out, STAGE_TOTP, show_enrol, e);
}

/* The only picture that C writes: bytes that change with each secret, in a type of its own, for the half session that owns it. */
int get_totp_picture(struct request *rq, struct reply *out, struct err *e)
{
        scoped(buf_done) struct buf uri = BUF_INIT;
        struct totp_offer offer;
        int r = credential_offer(&offer, rq->db, &rq->session, rq->arena, e);

        if (r < 0)
                return r;
        totp_uri(&uri, offer.secret, rq->office->name, offer.login);
        if (buf_bad(&uri))
                return err_set(e, ERR_NOMEM, "QR picture");
        out->type = "image/svg+xml";
        return totp_picture(&out->text, uri.p, e);
}

int act_enrol_totp(struct request *rq, struct reply *out, struct err *e)
{
        static const char *const fields[] = { "code" };
        char codes[RECOVERY_CODES][RECOVERY_TEXT];
        struct plain_sign_in_codes_codes rows[RECOVERY_CODES];
        struct session_made made;
        struct err why = { 0 };
        struct str code;
        const char *next;
        int r = read_form(&code, fields, 1, &next, rq, e);

        if (r < 0)
                return r;
        r = credential_enrol(&made, codes, rq->office, &rq->session, code, &why);
        if (r < 0)
                return refused(rq, out, r, &why, next, show_enrol, e);
        for (size_t i = 0; i < RECOVERY_CODES; i++)
                rows[i].code = codes[i];
        out->type = html;
        sign_in_cookie(out, "__Host-sekisho", made.token, "; HttpOnly");
        plain_sign_in_codes(&out->text, rq->lang, &(struct plain_sign_in_codes){ .codes = rows, .codes_count = RECOVERY_CODES,
                                                                                 .next = sign_in_page_of(made.stage) ? sign_in_page_of(made.stage) : next });
        return ERR_OK;
}
