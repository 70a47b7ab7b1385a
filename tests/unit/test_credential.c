/* What stands between a password and a session: codes, a password of one's own, an authenticator; and one-time codes by others. */
#include "server/office/session/credential.h"

#include <liboath/oath.h>

#include "server/office/session/password.h"
#include "server/office/session/totp.h"
#include "server/office/store/secret.h"
#include "sys/clock.h"
#include "small_store.h"

#include "unit.h"

static const char *const staff_roles[] = { "staff", NULL };
static const struct pack_link staff_link = { .id = "staff" };

/* A house whose pack asks staff for an authenticator, if `totp`; sato's password is "right", perhaps one to be changed. */
static struct small_store *house(const char **person, bool totp, bool must)
{
        struct small_store *s = store_make();
        char phc[PASSWORD_PHC_MAX];
        struct credential c = { .login = STR("sato"), .must_change = must };
        struct err e = { 0 };

        *person = store_person(s, "sato", "産業振興課", staff_roles);
        assert_ok(password_hash(phc, STR("right"), &e), e);
        c.person = str_of(*person);
        c.phc = str_of(phc);
        assert_ok(credential_put(s->db, &c, &e), e);
        if (totp) {
                s->office.pack->settings.totp_roles = &staff_link;
                s->office.pack->settings.totp_roles_count = 1;
        }
        assert_ok(writer_start(&s->office.writer, &s->office, &e), e);
        return s;
}

static int sign_in(struct session_made *out, struct small_store *s, const char *password, struct err *e)
{
        return session_sign_in(out, &s->office, s->db, STR("sato"), str_of(password), clock_now(), e);
}

static struct session half_of(struct small_store *s, const struct session_made *made)
{
        struct session half = { 0 };
        struct err e = { 0 };

        assert_ok(session_open_half(&half, s->db, s->office.pack, str_of(made->token), clock_now(), &s->arena, &e), e);
        assert_int_equal(half.stage, made->stage);
        return half;
}

/* The code that the app would show `steps` from now; -1 and 1 are taken, too. */
static void shown(char to[16], struct small_store *s, int steps)
{
        struct credential c;
        struct str secret;
        struct err e = { 0 };

        assert_ok(credential_find(&c, s->db, STR("sato"), &s->arena, &e), e);
        assert_ok(secret_open(&secret, s->db, c.login, c.totp, &s->arena, &e), e);
        assert_int_equal(oath_totp_generate(secret.p, secret.n, (time_t)(clock_now() / UTIME_S + steps * 30), 30, 0, 6, to), OATH_OK);
}

static void enrol(struct small_store *s, char codes[RECOVERY_CODES][RECOVERY_TEXT])
{
        struct session_made made;
        struct session half;
        struct err e = { 0 };
        char code[16];

        assert_ok(sign_in(&made, s, "right", &e), e);
        assert_int_equal(made.stage, STAGE_TOTP);
        half = half_of(s, &made);
        shown(code, s, -1);
        assert_ok(credential_enrol(&made, codes, &s->office, &half, str_of(code), &e), e);
        assert_int_equal(made.stage, STAGE_WHOLE);
}

static void forget_pause(struct small_store *s)
{
        struct credential c;
        struct err e = { 0 };

        assert_ok(credential_find(&c, s->db, STR("sato"), &s->arena, &e), e);
        c.next_at = 0;
        assert_ok(credential_put(s->db, &c, &e), e);
}

static void a_half_session_opens_nothing_but_its_page(void **state)
{
        const char *person;
        struct small_store *s = house(&person, false, true);
        struct session_made made;
        struct session out;
        struct err e = { 0 };

        assert_ok(sign_in(&made, s, "right", &e), e);
        assert_int_equal(made.stage, STAGE_PASSWORD);
        assert_int_equal(session_open(&out, s->db, s->office.pack, str_of(made.token), clock_now(), &s->arena, &e), ERR_UNKNOWN);
        (void)half_of(s, &made);
        assert_int_equal(session_open_half(&out, s->db, s->office.pack, str_of(made.token), clock_now() + SESSION_HALF_MIN * UTIME_MIN, &s->arena, &e), ERR_UNKNOWN);
        assert_text(e.key, "session.over");
        store_end(s);
}

static void a_given_password_is_changed_before_anything_else(void **state)
{
        static const struct { const char *password, *key; } bad[] = {
                { "short", "password.short" }, { "sato-is-my-login", "password.easy" }, { "aaaaaaaaaaaaaa", "password.easy" }, { "right", "password.short" },
        };
        const char *person;
        struct small_store *s = house(&person, false, true);
        struct session_made made, after;
        struct session half, out;
        struct err e = { 0 };

        assert_ok(sign_in(&made, s, "right", &e), e);
        half = half_of(s, &made);
        for (size_t i = 0; i < countof(bad); i++) {
                assert_int_equal(credential_choose(&after, &s->office, s->db, &half, str_of(bad[i].password), &e), ERR_RULE);
                assert_text(e.key, bad[i].key);
        }
        assert_ok(credential_choose(&after, &s->office, s->db, &half, STR("十二文字よりも長い合言葉です"), &e), e);
        assert_int_equal(after.stage, STAGE_WHOLE);
        assert_ok(session_open(&out, s->db, s->office.pack, str_of(after.token), clock_now(), &s->arena, &e), e);
        assert_int_equal(credential_choose(&after, &s->office, s->db, &half, STR("another password 2"), &e), ERR_UNKNOWN);      /* the half one is over */
        assert_int_equal(sign_in(&made, s, "right", &e), ERR_UNKNOWN);
        assert_ok(sign_in(&made, s, "十二文字よりも長い合言葉です", &e), e);
        assert_int_equal(made.stage, STAGE_WHOLE);
        store_end(s);
}

static void an_authenticator_is_proven_then_asked_for(void **state)
{
        char codes[RECOVERY_CODES][RECOVERY_TEXT], code[16];
        const char *person;
        struct small_store *s = house(&person, true, false);
        struct session_made made, whole;
        struct session half, out;
        struct err e = { 0 };

        assert_ok(sign_in(&made, s, "right", &e), e);
        half = half_of(s, &made);
        assert_int_equal(credential_enrol(&whole, codes, &s->office, &half, STR("000000"), &e), ERR_UNKNOWN);
        assert_text(e.key, "sign-in.totp-wrong");
        enrol(s, codes);

        assert_ok(sign_in(&made, s, "right", &e), e);
        assert_int_equal(made.stage, STAGE_CODE);
        half = half_of(s, &made);
        shown(code, s, -1);                                                     /* the one that was used to enrol */
        assert_int_equal(credential_prove(&whole, &s->office, &half, str_of(code), &e), ERR_UNKNOWN);
        assert_text(e.key, "sign-in.code-wrong");
        shown(code, s, 0);
        assert_ok(credential_prove(&whole, &s->office, &half, str_of(code), &e), e);
        assert_ok(session_open(&out, s->db, s->office.pack, str_of(whole.token), clock_now(), &s->arena, &e), e);

        assert_ok(sign_in(&made, s, "right", &e), e);                          /* replayed by who looked over the shoulder */
        half = half_of(s, &made);
        assert_int_equal(credential_prove(&whole, &s->office, &half, str_of(code), &e), ERR_UNKNOWN);
        store_end(s);
}

static void a_recovery_code_works_once(void **state)
{
        char codes[RECOVERY_CODES][RECOVERY_TEXT], upper[RECOVERY_TEXT + 1] = " ";
        const char *person;
        struct small_store *s = house(&person, true, false);
        struct session_made made, whole;
        struct session half;
        struct credential c;
        struct err e = { 0 };

        enrol(s, codes);
        for (size_t i = 0; codes[3][i]; i++)                                   /* as people type it */
                upper[i + 1] = codes[3][i] == '-' ? ' ' : codes[3][i] >= 'a' && codes[3][i] <= 'z' ? (char)(codes[3][i] - 32) : codes[3][i];
        assert_ok(sign_in(&made, s, "right", &e), e);
        half = half_of(s, &made);
        assert_ok(credential_prove(&whole, &s->office, &half, (struct str){ upper, strlen(codes[3]) + 1 }, &e), e);
        assert_ok(sign_in(&made, s, "right", &e), e);
        half = half_of(s, &made);
        assert_int_equal(credential_prove(&whole, &s->office, &half, str_of(codes[3]), &e), ERR_UNKNOWN);
        assert_ok(credential_prove(&whole, &s->office, &half, str_of(codes[9]), &e), e);
        assert_ok(credential_find(&c, s->db, STR("sato"), &s->arena, &e), e);
        assert_int_equal(c.codes.n, 8 * 65 - 1);
        for (size_t i = 0; i < RECOVERY_CODES; i++)
                assert_null(strstr(c.codes.p, codes[i]));
        store_end(s);
}

/* Else whoever has the password would guess at codes as fast as the machine answers, by signing in again after each three. */
static void guesses_at_codes_are_slowed_down_over_several_sign_ins(void **state)
{
        char codes[RECOVERY_CODES][RECOVERY_TEXT], code[16];
        const char *person;
        struct small_store *s = house(&person, true, false);
        struct session_made made, whole;
        struct session half;
        struct err e = { 0 };

        enrol(s, codes);
        for (int i = 0; i < 3; i++) {
                assert_ok(sign_in(&made, s, "right", &e), e);
                half = half_of(s, &made);
                assert_int_equal(credential_prove(&whole, &s->office, &half, STR("000000"), &e), ERR_UNKNOWN);
        }
        assert_int_equal(credential_prove(&whole, &s->office, &half, STR("000000"), &e), ERR_BUSY);
        assert_int_equal(sign_in(&made, s, "right", &e), ERR_BUSY);
        shown(code, s, 1);
        assert_int_equal(credential_prove(&whole, &s->office, &half, str_of(code), &e), ERR_BUSY);      /* not even the right one */
        forget_pause(s);
        assert_ok(credential_prove(&whole, &s->office, &half, str_of(code), &e), e);
        store_end(s);
}

struct give { struct row person; struct str phc; utime_t until; };

static int give_act(struct act *act, void *arg, struct err *e)
{
        struct give *in = arg;

        return credential_give_code(act, &in->person, in->phc, &in->until, e);
}

static void give(struct small_store *s, const char *person, const char *code, utime_t *until)
{
        char phc[PASSWORD_PHC_MAX];
        struct give in = { 0 };
        struct err e = { 0 };

        assert_ok(store_row(&in.person, s->db, TABLE_PERSON, person, NULL, &s->arena, &e), e);
        assert_ok(password_hash(phc, str_of(code), &e), e);
        in.phc = str_of(phc);
        assert_ok(writer_run(s->office.writer, give_act, &in, &e), e);
        *until = in.until;
}

static void a_one_time_code_ends_everything_and_lives_a_day(void **state)
{
        char codes[RECOVERY_CODES][RECOVERY_TEXT];
        const char *person;
        struct small_store *s = house(&person, true, false);
        struct session_made made, after;
        struct session half, out;
        struct credential c;
        struct err e = { 0 };
        utime_t until;

        enrol(s, codes);
        assert_ok(sign_in(&made, s, "right", &e), e);
        give(s, person, "abcde-fghjk", &until);
        assert_in_range(until, clock_now() + 23 * UTIME_HOUR, clock_now() + RESET_CODE_HOURS * UTIME_HOUR);
        assert_int_equal(session_open_half(&out, s->db, s->office.pack, str_of(made.token), clock_now(), &s->arena, &e), ERR_UNKNOWN);
        assert_int_equal(sign_in(&made, s, "right", &e), ERR_UNKNOWN);
        assert_int_equal(session_sign_in(&made, &s->office, s->db, STR("sato"), STR("abcde-fghjk"), until, &e), ERR_UNKNOWN);
        assert_text(e.key, "sign-in.code-over");
        assert_ok(credential_find(&c, s->db, STR("sato"), &s->arena, &e), e);
        assert_true(!c.totp_at && !c.totp.n && !c.codes.n);

        assert_ok(sign_in(&made, s, "abcde-fghjk", &e), e);
        assert_int_equal(made.stage, STAGE_PASSWORD);
        half = half_of(s, &made);
        assert_ok(credential_choose(&after, &s->office, s->db, &half, STR("a sentence of mine 7"), &e), e);
        assert_int_equal(after.stage, STAGE_TOTP);                             /* the authenticator has to be set up anew */
        assert_int_equal(sign_in(&made, s, "abcde-fghjk", &e), ERR_UNKNOWN);   /* used */
        assert_text(e.key, "sign-in.wrong");
        store_end(s);
}

static void a_change_ends_the_other_sessions_only(void **state)
{
        const char *person;
        struct small_store *s = house(&person, false, false);
        struct session_made here, there;
        struct session mine, out;
        struct receipt receipt;
        struct err e = { 0 };

        assert_ok(sign_in(&here, s, "right", &e), e);
        assert_ok(sign_in(&there, s, "right", &e), e);
        assert_ok(session_open(&mine, s->db, s->office.pack, str_of(here.token), clock_now(), &s->arena, &e), e);
        assert_int_equal(credential_change(&receipt, &s->office, s->db, &mine, STR("wrong"), STR("a sentence of mine 7"), clock_now(), &e), ERR_INPUT);
        assert_text(e.key, "password.old");
        assert_text(e.field, "old");
        assert_ok(credential_change(&receipt, &s->office, s->db, &mine, STR("right"), STR("a sentence of mine 7"), clock_now(), &e), e);
        assert_ok(session_open(&out, s->db, s->office.pack, str_of(here.token), clock_now(), &s->arena, &e), e);
        assert_int_equal(session_open(&out, s->db, s->office.pack, str_of(there.token), clock_now(), &s->arena, &e), ERR_UNKNOWN);
        for (int i = 0; i < 3; i++)
                (void)credential_change(&receipt, &s->office, s->db, &mine, STR("wrong"), STR("another sentence 8"), clock_now(), &e);
        assert_int_equal(credential_change(&receipt, &s->office, s->db, &mine, STR("wrong"), STR("another sentence 8"), clock_now(), &e), ERR_BUSY);
        store_end(s);
}

static void a_sealed_secret_opens_for_its_row_only(void **state)
{
        struct small_store *s = store_make(), *other = store_make();
        struct str sealed, text;
        struct err e = { 0 };

        assert_ok(secret_seal(&sealed, s->db, STR("sato"), STR("secret"), STORE_NOW, &s->arena, &e), e);
        assert_null(memmem(sealed.p, sealed.n, "secret", 6));
        assert_ok(secret_open(&text, s->db, STR("sato"), sealed, &s->arena, &e), e);
        assert_text(text.p, "secret");
        assert_int_equal(secret_open(&text, s->db, STR("mori"), sealed, &s->arena, &e), ERR_TAMPERED);
        assert_int_equal(secret_open(&text, other->db, STR("sato"), sealed, &s->arena, &e), ERR_TAMPERED);
        ((char *)(uintptr_t)sealed.p)[sealed.n - 1] ^= 1;
        assert_int_equal(secret_open(&text, s->db, STR("sato"), sealed, &s->arena, &e), ERR_TAMPERED);
        assert_int_equal(secret_open(&text, s->db, STR("sato"), STR("short"), &s->arena, &e), ERR_TAMPERED);
        store_end(s);
        store_end(other);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_half_session_opens_nothing_but_its_page),
                cmocka_unit_test(a_given_password_is_changed_before_anything_else),
                cmocka_unit_test(an_authenticator_is_proven_then_asked_for),
                cmocka_unit_test(a_recovery_code_works_once),
                cmocka_unit_test(guesses_at_codes_are_slowed_down_over_several_sign_ins),
                cmocka_unit_test(a_one_time_code_ends_everything_and_lives_a_day),
                cmocka_unit_test(a_change_ends_the_other_sessions_only),
                cmocka_unit_test(a_sealed_secret_opens_for_its_row_only),
        };

        return unit_run("credential", tests);
}
