/* session.c - see session.h. */
#include "server/office/session/session.h"

#include "base/codec.h"
#include "server/office/session/password.h"
#include "server/office/session/totp.h"
#include "server/office/store/secret.h"
#include "sys/entropy.h"

enum { TOUCH_S = 60, FAILS_FREE = 3, DELAY_MAX_S = 15 * 60, FAILS_MAX = 30, GUESS_SLOTS = 512 };

static bool token_hash(struct hash *out, struct str cookie)
{
        uint8_t raw[32];

        if (!hex_decode(cookie, raw, sizeof(raw)))
                return false;
        *out = hash_bytes((struct str){ (const char *)raw, sizeof(raw) });
        return true;
}

void session_csrf(char to[SESSION_CSRF], struct str cookie)
{
        struct hash h = hash_hmac(cookie, STR("sekisho csrf v1"));

        hex_text(to, h.b, HASH_SIZE);
}

static bool is_over(const struct session_row *row, const struct pack_settings *s, utime_t now)
{
        if (row->stage != STAGE_WHOLE)
                return now >= row->made_at + SESSION_HALF_MIN * UTIME_MIN;
        return now >= row->made_at + s->session_hours * UTIME_HOUR || now >= row->seen_at + s->session_idle_minutes * UTIME_MIN;
}

static int open_one(struct session *out, bool half, struct db *db, const struct pack *pack, struct str cookie, utime_t now, struct arena *a, struct err *e)
{
        struct session_row row;
        struct session s = { 0 };
        int r;

        if (!cookie.n || !token_hash(&s.token, cookie))
                return err_key(e, ERR_UNKNOWN, "session.none", "", NULL);
        r = session_find(&row, db, &s.token, a, e);
        if (r == ERR_ABSENT || (r == ERR_OK && half != (row.stage != STAGE_WHOLE)))
                return err_key(e, ERR_UNKNOWN, "session.none", "", NULL);
        if (r < 0)
                return r;
        if (is_over(&row, &pack->settings, now))
                return err_key(e, ERR_UNKNOWN, "session.over", "", NULL);
        r = query_actor(&s.who, db, arena_printf(a, "%.*s", (int)row.person.n, row.person.p), now, a, e);
        if (r == ERR_ABSENT)
                return err_key(e, ERR_UNKNOWN, "session.none", "", NULL);
        if (r < 0)
                return r;
        s.seen_at = row.seen_at;
        s.stage = (enum session_stage)row.stage;
        session_csrf(s.csrf, cookie);
        *out = s;
        return ERR_OK;
}

int session_open(struct session *out, struct db *db, const struct pack *pack, struct str cookie, utime_t now, struct arena *a, struct err *e)
{
        return open_one(out, false, db, pack, cookie, now, a, e);
}

int session_open_half(struct session *out, struct db *db, const struct pack *pack, struct str cookie, utime_t now, struct arena *a, struct err *e)
{
        return open_one(out, true, db, pack, cookie, now, a, e);
}

/* ---- what is still missing ---- */

static bool wants_totp(const struct pack *pack, const struct actor *who)
{
        for (size_t i = 0; i < pack->settings.totp_roles_count; i++)
                if (actor_has(who, pack->settings.totp_roles[i].id))
                        return true;
        return false;
}

static enum session_stage stage_of(const struct credential *c, bool proven, const struct pack *pack, const struct actor *who)
{
        return c->totp_at && !proven          ? STAGE_CODE
             : c->must_change                 ? STAGE_PASSWORD
             : wants_totp(pack, who) && !c->totp_at ? STAGE_TOTP
                                              : STAGE_WHOLE;
}

/* A fresh one each time the page is reached: what was shown and not proven is worth nothing. */
static int make_secret(struct credential *c, struct act *act, struct err *e)
{
        uint8_t raw[TOTP_SECRET];

        entropy_fill(raw, sizeof(raw));
        c->totp_step = 0;
        return secret_seal(&c->totp, act->db, c->login, (struct str){ (const char *)raw, sizeof(raw) }, act->now, act->arena, e);
}

static int append_opened(struct act *act, const char *person, struct err *e)
{
        struct changes changes;
        struct receipt receipt;

        changes_init(&changes, act->arena, "session.opened", person);
        changes.actor = person;
        return act_append(&receipt, act, &changes, e);
}

int session_advance(struct session_made *out, struct act *act, struct credential *c, bool proven, const struct hash *old, struct err *e)
{
        const struct pack *pack = act->office->pack;
        struct session_row row = { .person = c->person, .made_at = act->now, .seen_at = act->now };
        char *person = arena_copy(act->arena, c->person.p, c->person.n);
        struct actor who;
        uint8_t raw[32];
        int r = person ? query_actor(&who, act->db, person, act->now, act->arena, e) : err_set(e, ERR_NOMEM, "sign-in");

        if (r < 0)
                return r;
        out->stage = stage_of(c, proven, pack, &who);
        if (out->stage == STAGE_TOTP)
                r = make_secret(c, act, e);
        if (r == ERR_OK)
                r = credential_put(act->db, c, e);
        if (r == ERR_OK && old)
                r = session_end(act->db, old, e);
        if (r == ERR_OK)
                r = session_sweep(act->db, act->now - pack->settings.session_hours * UTIME_HOUR, act->now - pack->settings.session_idle_minutes * UTIME_MIN, e);
        entropy_fill(raw, sizeof(raw));
        hex_text(out->token, raw, sizeof(raw));
        row.token = hash_bytes((struct str){ (const char *)raw, sizeof(raw) });
        row.stage = out->stage;
        if (r == ERR_OK)
                r = session_put(act->db, &row, e);
        return r == ERR_OK && out->stage == STAGE_WHOLE ? append_opened(act, person, e) : r;
}

/* ---- sign-in ---- */

/* cred.login: as it was typed, whether or not somebody has it. */
struct sign_in { struct credential cred; bool ok; struct session_made made; };

/* 1, 2, 4 … seconds after the third wrong password in a row: slow for a guesser, no lock-out of an office. */
static utime_t delay_after(int64_t fails)
{
        int64_t s = fails < FAILS_FREE ? 0 : fails - FAILS_FREE >= 10 ? DELAY_MAX_S : (int64_t)1 << (fails - FAILS_FREE);

        return (s > DELAY_MAX_S ? DELAY_MAX_S : s) * UTIME_S;
}

/* A login that nobody has is slowed down like one that somebody has, or the pause would tell which is which. It counts in one of
 * GUESS_SLOTS rows, by its hash only (people type passwords into the wrong field); a row whose hash is another's starts anew. The
 * blank in front keeps such a row from ever being a person's. */
static int guess_find(struct credential *out, struct db *db, struct str login, struct arena *a, struct err *e)
{
        struct hash h = hash_bytes(login);
        char *hex = arena_alloc(a, 2 * HASH_SIZE + 1), *slot = arena_printf(a, " unknown-%u", (h.b[0] | (unsigned)h.b[1] << 8) % GUESS_SLOTS);
        int r = hex && slot ? credential_find(out, db, str_of(slot), a, e) : err_set(e, ERR_NOMEM, "sign-in");

        if (r < 0 && r != ERR_ABSENT)
                return r;
        hex_text(hex, h.b, HASH_SIZE);
        if (r == ERR_ABSENT || !str_is(out->phc, hex))
                *out = (struct credential){ .login = str_of(slot), .person = STR("-"), .phc = str_of(hex) };
        return ERR_OK;
}

static int load_login(struct credential *out, bool *known, struct db *db, struct str login, struct arena *a, struct err *e)
{
        int r = !login.n || login.n > LOGIN_MAX || login.p[0] == ' ' ? ERR_ABSENT : credential_find(out, db, login, a, e);

        *known = r == ERR_OK;
        return r == ERR_ABSENT ? guess_find(out, db, login, a, e) : r;
}

void session_count(struct credential *c, bool right, utime_t now)
{
        c->fails = right ? 0 : c->fails < FAILS_MAX ? c->fails + 1 : c->fails;
        c->next_at = right ? 0 : now + delay_after(c->fails);
}

static int sign_in_act(struct act *act, void *arg, struct err *e)
{
        struct sign_in *in = arg;
        struct credential c;
        bool known;
        int r = load_login(&c, &known, act->db, in->cred.login, act->arena, e); /* anew: guesses may run side by side */

        if (r < 0)
                return r;
        in->ok = in->ok && known && str_eq(c.phc, in->cred.phc); /* or it was changed while this one was checked */
        if (!in->ok || !c.totp_at) /* with an authenticator only a code ends the count: else each sign-in would give guesses at codes anew */
                session_count(&c, in->ok, act->now);
        if (in->ok) {
                r = session_advance(&in->made, act, &c, false, NULL, e);
                if (r != ERR_ABSENT)
                        return r;
                err_clear(e);
                in->ok = false;                        /* left: as if there were no such login */
                session_count(&c, false, act->now);
        }
        return credential_put(act->db, &c, e);
}

int session_sign_in(struct session_made *out, struct office *o, struct db *db, struct str login, struct str password, utime_t now, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct sign_in in = { 0 };
        bool known, too_long = password.n > PASSWORD_MAX;
        int r = load_login(&in.cred, &known, db, login, &a, e);

        if (r < 0)
                return r;
        if (now < in.cred.next_at)
                return err_key(e, ERR_BUSY, "sign-in.slow", "", NULL);
        if (too_long)
                password.n = PASSWORD_MAX;
        r = password_verify(&in.ok, known ? in.cred.phc.p : NULL, password, e);
        if (r < 0)
                return r;
        in.ok = in.ok && !too_long;
        if (in.ok && in.cred.until_at && now >= in.cred.until_at)
                return err_key(e, ERR_UNKNOWN, "sign-in.code-over", "", NULL);
        in.cred.login = login;
        r = writer_run(o->writer, sign_in_act, &in, e); /* known or not: the same work, also on the disk */
        if (r < 0)
                return r;
        if (!in.ok)
                return err_key(e, ERR_UNKNOWN, "sign-in.wrong", "", NULL);
        *out = in.made;
        return ERR_OK;
}

static int sign_out_act(struct act *act, void *arg, struct err *e)
{
        return session_end(act->db, arg, e);
}

int session_sign_out(struct office *o, const struct hash *token, struct err *e)
{
        struct hash copy = *token;

        return writer_run(o->writer, sign_out_act, &copy, e);
}

static int touch_act(struct act *act, void *arg, struct err *e)
{
        struct session_row row;
        int r = session_find(&row, act->db, arg, act->arena, e);

        if (r == ERR_ABSENT)
                return ERR_OK; /* signed out meanwhile */
        if (r < 0)
                return r;
        row.seen_at = act->now;
        return session_put(act->db, &row, e);
}

int session_touch(struct office *o, const struct session *s, utime_t now, struct err *e)
{
        struct hash copy = s->token;

        return now < s->seen_at + TOUCH_S * UTIME_S ? ERR_OK : writer_run(o->writer, touch_act, &copy, e);
}
