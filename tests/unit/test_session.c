/* Sessions: how long they live, whom they stand for, and what wrong passwords cost (ASVS V3.5, V7). */
#include "server/office/session/session.h"

#include "base/codec.h"
#include "server/office/session/password.h"
#include "server/office/store/journal.h"
#include "sys/clock.h"
#include "small_store.h"

#include "unit.h"

static const char *const staff_roles[] = { "staff", NULL };

static struct small_store *with_sato(const char **person)
{
        struct small_store *s = store_make();
        char phc[PASSWORD_PHC_MAX];
        struct credential c = { .login = STR("sato") };
        struct err e = { 0 };

        *person = store_person(s, "sato", "産業振興課", staff_roles);
        assert_ok(password_hash(phc, STR("right"), &e), e);
        c.person = str_of(*person);
        c.phc = str_of(phc);
        assert_ok(credential_put(s->db, &c, &e), e);
        assert_ok(writer_start(&s->office.writer, &s->office, &e), e);
        return s;
}

static int sign_in(struct small_store *s, const char *login, const char *password, char token[SESSION_TOKEN], struct err *e)
{
        struct session_made made = { .stage = STAGE_WHOLE };
        int r = session_sign_in(&made, &s->office, s->db, str_of(login), str_of(password), clock_now(), e);

        if (r == ERR_OK)
                memcpy(token, made.token, SESSION_TOKEN);
        return r;
}

static void a_session_ends_when_idle_and_for_good(void **state)
{
        static const struct { const char *name; utime_t made, seen, now; const char *want; } cases[] = {
                { "just made", 0, 0, 0, "" },
                { "29 minutes idle", 0, 0, 29 * UTIME_MIN, "" },
                { "30 minutes idle", 0, 0, 30 * UTIME_MIN, "session.over" },
                { "used in between", 0, 25 * UTIME_MIN, 54 * UTIME_MIN, "" },
                { "at work all day", 0, 10 * UTIME_HOUR - UTIME_MIN, 10 * UTIME_HOUR - 1, "" },
                { "ten hours", 0, 10 * UTIME_HOUR - UTIME_MIN, 10 * UTIME_HOUR, "session.over" },
        };
        const char *person;
        struct small_store *s = with_sato(&person);
        const char *cookie = "0000000000000000000000000000000000000000000000000000000000000001";
        uint8_t raw[32] = { [31] = 1 };
        struct hash token = hash_bytes((struct str){ (const char *)raw, 32 });

        for (size_t i = 0; i < countof(cases); i++) {
                struct session_row row = { token, str_of(person), cases[i].made, cases[i].seen };
                struct session out;
                struct err e = { 0 };

                (void)session_end(s->db, &token, NULL);
                assert_ok(session_put(s->db, &row, &e), e);
                (void)session_open(&out, s->db, s->office.pack, str_of(cookie), cases[i].now, &s->arena, &e);
                if (strcmp(e.key, cases[i].want) != 0)
                        fail_msg("%s: got '%s', want '%s'", cases[i].name, e.key, cases[i].want);
                if (!*e.key) {
                        assert_text(out.who.person, person);
                        assert_true(actor_has(&out.who, "staff") && !actor_has(&out.who, "section_manager") && str_is(out.who.section, "産業振興課"));
                }
        }
        store_end(s);
}

static void only_the_whole_cookie_opens_it(void **state)
{
        static const char *const cookies[] = {
                "", "1", "0000000000000000000000000000000000000000000000000000000000000002", "000000000000000000000000000000000000000000000000000000000000001",
                "00000000000000000000000000000000000000000000000000000000000000010", "000000000000000000000000000000000000000000000000000000000000000G",
                "000000000000000000000000000000000000000000000000000000000000000\xc3",
        };
        const char *person;
        struct small_store *s = with_sato(&person);

        for (size_t i = 0; i < countof(cookies); i++) {
                struct session out;
                struct err e = { 0 };

                assert_int_equal(session_open(&out, s->db, s->office.pack, str_of(cookies[i]), STORE_NOW, &s->arena, &e), ERR_UNKNOWN);
                assert_text(e.key, "session.none");
        }
        store_end(s);
}

static void signing_in_makes_a_token_that_the_database_does_not_hold(void **state)
{
        const char *person;
        struct small_store *s = with_sato(&person);
        char token[SESSION_TOKEN], second[SESSION_TOKEN], word[SESSION_CSRF];
        struct session out, other;
        struct session_row row;
        struct hash as_is;
        uint64_t before = 0, after = 0;
        struct err e = { 0 };

        assert_ok(journal_size(&before, NULL, s->db, &e), e);
        assert_ok(sign_in(s, "sato", "right", token, &e), e);
        assert_ok(sign_in(s, "sato", "right", second, &e), e);
        assert_ok(journal_size(&after, NULL, s->db, &e), e);
        assert_int_equal(after, before + 2);
        assert_int_equal(strlen(token), 64);
        assert_string_not_equal(token, second);
        assert_ok(session_open(&out, s->db, s->office.pack, str_of(token), clock_now(), &s->arena, &e), e);
        assert_text(out.who.person, person);
        assert_true(hex_decode(str_of(token), as_is.b, HASH_SIZE));
        assert_int_equal(session_find(&row, s->db, &as_is, &s->arena, NULL), ERR_ABSENT);

        session_csrf(word, str_of(token));                                     /* the word: fixed for a session, another's is another */
        assert_text(out.csrf, word);
        assert_ok(session_open(&other, s->db, s->office.pack, str_of(second), clock_now(), &s->arena, &e), e);
        assert_string_not_equal(out.csrf, other.csrf);
        assert_string_not_equal(out.csrf, token);

        assert_ok(session_sign_out(&s->office, &out.token, &e), e);
        assert_int_equal(session_open(&out, s->db, s->office.pack, str_of(token), clock_now(), &s->arena, NULL), ERR_UNKNOWN);
        assert_ok(session_open(&other, s->db, s->office.pack, str_of(second), clock_now(), &s->arena, &e), e);
        store_end(s);
}

static void who_left_is_out_at_once(void **state)
{
        const char *person;
        struct small_store *s = with_sato(&person);
        char token[SESSION_TOKEN];
        struct row row;
        struct changes c;
        struct receipt receipt;
        struct session out;
        struct err e = { 0 };

        assert_ok(sign_in(s, "sato", "right", token, &e), e);
        assert_ok(store_row(&row, s->db, TABLE_PERSON, person, NULL, &s->arena, &e), e);
        row_text(&row, PERSON_state, STR("left"));
        changes_init(&c, &s->arena, "person.added", person);
        assert_ok(changes_add(&c, &row, &e), e);
        assert_ok(store_append(&receipt, s, &c, STORE_NOW, "people", &e), e);
        assert_int_equal(session_open(&out, s->db, s->office.pack, str_of(token), clock_now(), &s->arena, &e), ERR_UNKNOWN);
        assert_text(e.key, "session.none");
        store_end(s);
}

static void wrong_passwords_slow_down_and_a_right_one_forgets_them(void **state)
{
        const char *person;
        struct small_store *s = with_sato(&person);
        char token[SESSION_TOKEN];
        struct credential c;
        struct err e = { 0 };
        uint64_t before = 0, after = 0;

        assert_ok(journal_size(&before, NULL, s->db, &e), e);
        for (int i = 0; i < 3; i++) {
                assert_int_equal(sign_in(s, "sato", "wrong", token, &e), ERR_UNKNOWN);
                assert_text(e.key, "sign-in.wrong");
        }
        assert_int_equal(sign_in(s, "sato", "wrong", token, &e), ERR_BUSY);
        assert_text(e.key, "sign-in.slow");
        assert_int_equal(sign_in(s, "sato", "right", token, &e), ERR_BUSY);        /* not even the right one */
        assert_ok(credential_find(&c, s->db, STR("sato"), &s->arena, &e), e);
        assert_int_equal(c.fails, 3);
        assert_in_range(c.next_at, clock_now() - UTIME_MIN, clock_now() + UTIME_S);
        c.next_at = 0;
        assert_ok(credential_put(s->db, &c, &e), e);
        assert_ok(sign_in(s, "sato", "right", token, &e), e);
        assert_ok(credential_find(&c, s->db, STR("sato"), &s->arena, &e), e);
        assert_int_equal(c.fails, 0);
        assert_ok(journal_size(&after, NULL, s->db, &e), e);
        assert_int_equal(after, before + 1);                                   /* only the session that came to be */
        store_end(s);
}

static void the_pause_grows_and_has_an_end(void **state)
{
        static const struct { int64_t fails; int64_t pause_s; } cases[] = { { 0, 0 }, { 1, 0 }, { 2, 1 }, { 3, 2 }, { 4, 4 }, { 11, 512 }, { 12, 900 }, { 29, 900 }, { 30, 900 } };
        const char *person;
        struct small_store *s = with_sato(&person);

        for (size_t i = 0; i < countof(cases); i++) {
                char token[SESSION_TOKEN];
                struct credential c;
                struct err e = { 0 };
                utime_t before, after;

                assert_ok(credential_find(&c, s->db, STR("sato"), &s->arena, &e), e);
                c.fails = cases[i].fails;
                c.next_at = 0;
                assert_ok(credential_put(s->db, &c, &e), e);
                before = clock_now();
                assert_int_equal(sign_in(s, "sato", "wrong", token, &e), ERR_UNKNOWN);
                after = clock_now();
                assert_ok(credential_find(&c, s->db, STR("sato"), &s->arena, &e), e);
                if (c.next_at < before + cases[i].pause_s * UTIME_S || c.next_at > after + cases[i].pause_s * UTIME_S)
                        fail_msg("after %lld more than %lld us", (long long)cases[i].fails, (long long)(c.next_at - before));
        }
        store_end(s);
}

/* What is asked for an unknown login and a wrong password must not differ. */
static void an_unknown_login_is_answered_like_a_wrong_password(void **state)
{
        const char *person;
        struct small_store *s = with_sato(&person);
        char token[SESSION_TOKEN], long_login[LOGIN_MAX + 2], long_password[PASSWORD_MAX + 2];
        struct err a = { 0 }, b = { 0 };

        memset(long_login, 'x', sizeof(long_login));
        long_login[LOGIN_MAX + 1] = 0;
        memset(long_password, 'y', sizeof(long_password));
        long_password[PASSWORD_MAX + 1] = 0;
        assert_int_equal(sign_in(s, "nobody", "wrong", token, &a), sign_in(s, "sato", "wrong", token, &b));
        assert_text(a.key, b.key);
        assert_int_equal(sign_in(s, long_login, "wrong", token, &a), ERR_UNKNOWN);
        assert_text(a.key, "sign-in.wrong");
        assert_int_equal(sign_in(s, "sato", long_password, token, &a), ERR_UNKNOWN);
        assert_text(a.key, "sign-in.wrong");
        store_end(s);
}

static void guesses_at_any_login_are_slowed_down_alike(void **state)
{
        const char *person;
        struct small_store *s = with_sato(&person);
        char token[SESSION_TOKEN];

        for (int i = 0; i < 6; i++) {
                struct err a = { 0 }, b = { 0 };

                (void)sign_in(s, "sato", "wrong", token, &a);
                (void)sign_in(s, "nobody", "wrong", token, &b);
                if (strcmp(a.key, b.key) != 0)
                        fail_msg("guess %d: a login that exists says '%s', one that does not says '%s'", i + 1, a.key, b.key);
        }
        store_end(s);
}

static void a_touch_is_written_at_most_once_a_minute(void **state)
{
        const char *person;
        struct small_store *s = with_sato(&person);
        char token[SESSION_TOKEN];
        struct session open;
        struct session_row row;
        utime_t seen;
        struct err e = { 0 };

        assert_ok(sign_in(s, "sato", "right", token, &e), e);
        assert_ok(session_open(&open, s->db, s->office.pack, str_of(token), clock_now(), &s->arena, &e), e);
        seen = open.seen_at;
        assert_ok(session_touch(&s->office, &open, seen + 59 * UTIME_S, &e), e);
        assert_ok(session_find(&row, s->db, &open.token, &s->arena, &e), e);
        assert_int_equal(row.seen_at, seen);
        assert_ok(session_touch(&s->office, &open, seen + 60 * UTIME_S, &e), e);
        assert_ok(session_find(&row, s->db, &open.token, &s->arena, &e), e);
        assert_true(row.seen_at > seen);
        assert_ok(session_sign_out(&s->office, &open.token, &e), e);
        assert_ok(session_touch(&s->office, &open, seen + 600 * UTIME_S, &e), e);      /* signed out meanwhile: not made again */
        assert_int_equal(session_find(&row, s->db, &open.token, &s->arena, NULL), ERR_ABSENT);
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_session_ends_when_idle_and_for_good),
                cmocka_unit_test(only_the_whole_cookie_opens_it),
                cmocka_unit_test(signing_in_makes_a_token_that_the_database_does_not_hold),
                cmocka_unit_test(who_left_is_out_at_once),
                cmocka_unit_test(wrong_passwords_slow_down_and_a_right_one_forgets_them),
                cmocka_unit_test(the_pause_grows_and_has_an_end),
                cmocka_unit_test(an_unknown_login_is_answered_like_a_wrong_password),
                cmocka_unit_test(guesses_at_any_login_are_slowed_down_alike),
                cmocka_unit_test(a_touch_is_written_at_most_once_a_minute),
        };

        return unit_run("session", tests);
}
