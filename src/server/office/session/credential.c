/* credential.c - see credential.h. */
#include "server/office/session/credential.h"

#include "base/codec.h"
#include "server/office/session/password.h"
#include "server/office/session/totp.h"
#include "server/office/office_time.h"
#include "server/office/store/secret.h"
#include "sys/clock.h"

/* What all of them are about, and what comes of it. `refused`, `why`: a refusal that is counted, so that the act itself is stored. */
struct stage_act {
        const struct session *half;
        struct str            code, phc, checked;      /* checked: the hash that the old password was compared with */
        struct session_made   made;
        struct receipt        receipt;
        struct err            why;
        int                   refused;
        char                (*codes)[RECOVERY_TEXT];
};

static int load(struct credential *c, struct act *act, const struct stage_act *in, struct err *e)
{
        int r = credential_of(c, act->db, str_of(in->half->who.person), act->arena, e);

        return r == ERR_ABSENT ? err_key(e, ERR_UNKNOWN, "session.none", "", NULL) : r;
}

/* The half session must still be there: an act that was done ends it, so it is done once. */
static int check_half(struct act *act, const struct session *half, struct err *e)
{
        struct session_row row;
        int r = session_find(&row, act->db, &half->token, act->arena, e);

        return r == ERR_ABSENT || (r == ERR_OK && row.stage != half->stage) ? err_key(e, ERR_UNKNOWN, "session.none", "", NULL) : r;
}

static int say(struct act *act, struct receipt *out, const char *type, const char *person, const char *how, int64_t left, struct err *e)
{
        struct changes c;
        struct receipt receipt;

        changes_init(&c, act->arena, type, person);
        c.actor = person;
        if (how)
                changes_note(&c, "how", str_of(how));
        if (left >= 0)
                changes_note_int(&c, "left", left);
        return act_append(out ? out : &receipt, act, &c, e);
}

static int ended(int r, const struct stage_act *in, struct err *e)
{
        if (r == ERR_OK && in->refused && e)
                *e = in->why;
        return r == ERR_OK ? in->refused : r;
}

/* ---- recovery codes ---- */

/* Typed with or without its hyphens, in any case. */
static bool code_hash(char to[2 * HASH_SIZE + 1], struct str typed)
{
        char plain[RECOVERY_TEXT];
        struct hash h;
        size_t n = 0;

        for (size_t i = 0; i < typed.n; i++) {
                char c = typed.p[i];

                if (c == '-' || c == ' ')
                        continue;
                if (n == sizeof(plain))
                        return false;
                plain[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        }
        h = hash_bytes((struct str){ plain, n });
        hex_text(to, h.b, HASH_SIZE);
        return n > 0;
}

/* Takes it out of the list; -1: it is not there, else how many are left. */
static int64_t code_use(struct credential *c, struct str typed, struct arena *a)
{
        scoped(buf_done) struct buf left = BUF_INIT;
        char hex[2 * HASH_SIZE + 1];
        struct str one, rest = c->codes;
        int64_t n = 0;
        bool found = false;

        if (!code_hash(hex, typed))
                return -1;
        while (rest.n) {
                if (!str_cut(rest, ' ', &one, &rest)) {
                        one = rest;
                        rest = STR("");
                }
                if (str_is(one, hex)) {
                        found = true;
                        continue;
                }
                buf_text(&left, left.n ? " " : "");
                buf_str(&left, one);
                n++;
        }
        if (found)
                c->codes = str_of(arena_copy(a, left.p ? left.p : "", left.n));
        return found ? n : -1;
}

static int make_codes(struct credential *c, char codes[RECOVERY_CODES][RECOVERY_TEXT], struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf all = BUF_INIT;
        char hex[2 * HASH_SIZE + 1];

        for (size_t i = 0; i < RECOVERY_CODES; i++) {
                password_make(codes[i]); /* 100 bits: a plain hash of it is enough */
                (void)code_hash(hex, str_of(codes[i]));
                buf_text(&all, all.n ? " " : "");
                buf_text(&all, hex);
        }
        c->codes = str_of(arena_copy(a, all.p ? all.p : "", all.n));
        return c->codes.p ? ERR_OK : err_set(e, ERR_NOMEM, "codes");
}

/* ---- stage: code ---- */

static int prove_act(struct act *act, void *arg, struct err *e)
{
        struct stage_act *in = arg;
        struct credential c;
        struct str secret;
        int64_t step = -1, left = -1;
        int r = check_half(act, in->half, e);

        if (r == ERR_OK)
                r = load(&c, act, in, e);
        if (r < 0)
                return r;
        if (act->now < c.next_at)
                return err_key(e, ERR_BUSY, "sign-in.slow", "", NULL);
        if (c.totp_at) {
                r = secret_open(&secret, act->db, c.login, c.totp, act->arena, e);
                if (r < 0)
                        return r;
                step = totp_step(secret, in->code, act->now, c.totp_step);
                if (step < 0 && office_held(act->office) && totp_step(secret, in->code, clock_now(), 0) >= 0)
                        step = c.totp_step;            /* which of the two clocks is wrong nobody knows yet; who confirms it has to come in */
                left = step < 0 ? code_use(&c, in->code, act->arena) : -1;
        }
        session_count(&c, step >= 0 || left >= 0, act->now);
        if (step < 0 && left < 0) {
                in->refused = err_key(&in->why, ERR_UNKNOWN, "sign-in.code-wrong", "", NULL);
                return credential_put(act->db, &c, e);
        }
        c.totp_step = step >= 0 ? step : c.totp_step;
        r = left < 0 ? ERR_OK : say(act, NULL, "credential.recovered", in->half->who.person, NULL, left, e);
        return r < 0 ? r : session_advance(&in->made, act, &c, true, &in->half->token, e);
}

int credential_prove(struct session_made *out, struct office *o, const struct session *half, struct str code, struct err *e)
{
        struct stage_act in = { .half = half, .code = str_trim(code) };
        int r = half->stage == STAGE_CODE ? ended(writer_run(o->writer, prove_act, &in, e), &in, e) : err_key(e, ERR_UNKNOWN, "session.none", "", NULL);

        if (r == ERR_OK)
                *out = in.made;
        return r;
}

/* ---- a new password ---- */

/* What can be said before the slow part, and the slow part. */
static int prepare(char phc[PASSWORD_PHC_MAX], const struct office *o, const struct credential *c, struct str password, struct err *e)
{
        bool same = false;
        int r = password_check(password, c->login, o->pack->settings.password_min_chars, e);

        if (r == ERR_OK)
                r = password_verify(&same, c->phc.p, password, e);
        if (r == ERR_OK && same)
                r = err_key(e, ERR_RULE, "password.same", "new", NULL);
        return r < 0 ? r : password_hash(phc, password, e);
}

static void set_password(struct credential *c, struct str phc)
{
        c->phc = phc;
        c->until_at = 0;
        c->must_change = 0;
        c->fails = 0;
        c->next_at = 0;
}

static int choose_act(struct act *act, void *arg, struct err *e)
{
        struct stage_act *in = arg;
        const char *person = in->half->who.person;
        struct credential c;
        bool given;
        int r = check_half(act, in->half, e);

        if (r == ERR_OK)
                r = load(&c, act, in, e);
        if (r < 0)
                return r;
        if (!str_eq(c.phc, in->checked)) /* another code was given meanwhile */
                return err_key(e, ERR_UNKNOWN, "session.none", "", NULL);
        given = c.until_at;
        set_password(&c, in->phc);
        r = session_end_all(act->db, c.person, NULL, e);
        if (r == ERR_OK)
                r = say(act, NULL, "credential.changed", person, given ? "code" : "first", -1, e);
        return r < 0 ? r : session_advance(&in->made, act, &c, true, NULL, e); /* proven: the code stage came before this one */
}

int credential_choose(struct session_made *out, struct office *o, struct db *db, const struct session *half, struct str password, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct stage_act in = { .half = half };
        struct credential c;
        char phc[PASSWORD_PHC_MAX];
        int r = half->stage == STAGE_PASSWORD ? credential_of(&c, db, str_of(half->who.person), &a, e) : err_key(e, ERR_UNKNOWN, "session.none", "", NULL);

        if (r == ERR_OK)
                r = prepare(phc, o, &c, password, e);
        if (r < 0)
                return r;
        in.phc = str_of(phc);
        in.checked = c.phc;
        r = writer_run(o->writer, choose_act, &in, e);
        if (r == ERR_OK)
                *out = in.made;
        return r;
}

static int change_act(struct act *act, void *arg, struct err *e)
{
        struct stage_act *in = arg;
        struct credential c;
        int r = load(&c, act, in, e);

        if (r < 0)
                return r;
        if (in->refused) {                             /* the old password was wrong: counted like one at the door */
                session_count(&c, false, act->now);
                return credential_put(act->db, &c, e);
        }
        if (!str_eq(c.phc, in->checked))
                return err_key(e, ERR_CONFLICT, "error.conflict", "", NULL);
        set_password(&c, in->phc);
        r = credential_put(act->db, &c, e);
        if (r == ERR_OK)
                r = session_end_all(act->db, c.person, &in->half->token, e);
        return r < 0 ? r : say(act, &in->receipt, "credential.changed", in->half->who.person, "own", -1, e);
}

int credential_change(struct receipt *out, struct office *o, struct db *db, const struct session *s, struct str old, struct str password, utime_t now, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct stage_act in = { .half = s };
        char phc[PASSWORD_PHC_MAX];
        struct credential c;
        bool right = false;
        int r = credential_of(&c, db, str_of(s->who.person), &a, e);

        if (r < 0)
                return r == ERR_ABSENT ? err_key(e, ERR_CONFLICT, "password.none", "", NULL) : r;
        if (now < c.next_at)
                return err_key(e, ERR_BUSY, "sign-in.slow", "", NULL);
        if (old.n <= PASSWORD_MAX)
                r = password_verify(&right, c.phc.p, old, e);
        if (r == ERR_OK && right)
                r = prepare(phc, o, &c, password, e);
        if (r < 0)
                return r;
        if (right) {
                in.phc = str_of(phc);
                in.checked = c.phc;
        } else {
                in.refused = err_key(&in.why, ERR_INPUT, "password.old", "old", NULL);
        }
        r = ended(writer_run(o->writer, change_act, &in, e), &in, e);
        if (r == ERR_OK)
                *out = in.receipt;
        return r;
}

/* ---- stage: authenticator ---- */

int credential_offer(struct totp_offer *out, struct db *db, const struct session *half, struct arena *a, struct err *e)
{
        struct credential c;
        int r = half->stage == STAGE_TOTP ? credential_of(&c, db, str_of(half->who.person), a, e) : err_key(e, ERR_UNKNOWN, "session.none", "", NULL);

        if (r == ERR_OK && (c.totp_at || !c.totp.n))
                r = err_key(e, ERR_UNKNOWN, "session.none", "", NULL);
        if (r == ERR_OK)
                r = secret_open(&out->secret, db, c.login, c.totp, a, e);
        if (r == ERR_OK)
                out->login = c.login;
        return r;
}

static int enrol_act(struct act *act, void *arg, struct err *e)
{
        struct stage_act *in = arg;
        struct credential c;
        struct str secret;
        int r = check_half(act, in->half, e);

        if (r == ERR_OK)
                r = load(&c, act, in, e);
        if (r == ERR_OK && (c.totp_at || !c.totp.n))
                r = err_key(e, ERR_UNKNOWN, "session.none", "", NULL);
        if (r == ERR_OK)
                r = secret_open(&secret, act->db, c.login, c.totp, act->arena, e);
        if (r < 0)
                return r;
        c.totp_step = totp_step(secret, in->code, act->now, c.totp_step);
        if (c.totp_step < 0)
                return err_key(e, ERR_UNKNOWN, "sign-in.totp-wrong", "", NULL);        /* whoever sees the secret guesses nothing: not counted */
        c.totp_at = act->now;
        r = make_codes(&c, in->codes, act->arena, e);
        if (r == ERR_OK)
                r = say(act, NULL, "credential.enrolled", in->half->who.person, "totp", RECOVERY_CODES, e);
        return r < 0 ? r : session_advance(&in->made, act, &c, true, &in->half->token, e);
}

int credential_enrol(struct session_made *out, char codes[RECOVERY_CODES][RECOVERY_TEXT], struct office *o, const struct session *half, struct str code, struct err *e)
{
        struct stage_act in = { .half = half, .code = str_trim(code), .codes = codes };
        int r = half->stage == STAGE_TOTP ? writer_run(o->writer, enrol_act, &in, e) : err_key(e, ERR_UNKNOWN, "session.none", "", NULL);

        if (r == ERR_OK)
                *out = in.made;
        return r;
}

/* ---- by others ---- */

int credential_give_code(struct act *act, const struct row *person, struct str phc, utime_t *until, struct err *e)
{
        struct credential c = { .login = row_get_text(person, PERSON_login), .person = str_of(person->id), .phc = phc, .must_change = 1,
                                .until_at = act->now + RESET_CODE_HOURS * UTIME_HOUR };
        struct credential other;
        int r = c.login.n && c.login.n <= LOGIN_MAX && c.login.p[0] != ' ' ? credential_find(&other, act->db, c.login, act->arena, e) : ERR_BUG;

        if (r == ERR_BUG)
                return err_key(e, ERR_RULE, "reset.login", "person", NULL);
        if (r == ERR_OK && !str_eq(other.person, c.person))
                return err_key(e, ERR_CONFLICT, "reset.login.taken", "person", NULL);
        if (r < 0 && r != ERR_ABSENT)
                return r;
        err_clear(e);
        r = credential_drop(act->db, c.person, e);
        if (r == ERR_OK)
                r = credential_put(act->db, &c, e);
        if (r == ERR_OK)
                r = session_end_all(act->db, c.person, NULL, e);
        if (r == ERR_OK)
                *until = c.until_at;
        return r;
}
