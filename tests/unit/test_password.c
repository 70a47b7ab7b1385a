/* Passwords: Argon2id as OWASP's minimum says, at most two at a time, and an unknown login costs the same work. */
#include "server/office/session/password.h"

#include <pthread.h>
#include <sodium.h>

#include "unit.h"

/* The linker sends libsodium's verify through here: what is counted is the work that is asked for. */
int __real_crypto_pwhash_str_verify(const char *phc, const char *password, unsigned long long n);
int __wrap_crypto_pwhash_str_verify(const char *phc, const char *password, unsigned long long n);

static struct { pthread_mutex_t lock; char params[64]; int calls, now, most; } seen = { .lock = PTHREAD_MUTEX_INITIALIZER };

int __wrap_crypto_pwhash_str_verify(const char *phc, const char *password, unsigned long long n)
{
        int r;

        (void)pthread_mutex_lock(&seen.lock);
        seen.calls++;
        seen.most = ++seen.now > seen.most ? seen.now : seen.most;
        (void)snprintf(seen.params, sizeof(seen.params), "%.30s", phc); /* "$argon2id$v=19$m=19456,t=2,p=1" */
        (void)pthread_mutex_unlock(&seen.lock);
        r = __real_crypto_pwhash_str_verify(phc, password, n);
        (void)pthread_mutex_lock(&seen.lock);
        seen.now--;
        (void)pthread_mutex_unlock(&seen.lock);
        return r;
}

static void a_password_is_taken_exactly_as_typed(void **state)
{
        static const struct { const char *try; bool want; } cases[] = {
                { "合言葉 Aa", true }, { "合言葉 aa", false }, { "合言葉 Aa ", false }, { "", false }, { "合言葉　Aa", false },
        };
        char phc[PASSWORD_PHC_MAX], again[PASSWORD_PHC_MAX];
        struct err e = { 0 };

        assert_ok(password_hash(phc, STR("合言葉 Aa"), &e), e);
        assert_ok(password_hash(again, STR("合言葉 Aa"), &e), e);
        assert_string_not_equal(phc, again);                                   /* a salt of its own */
        assert_memory_equal(phc, "$argon2id$v=19$m=19456,t=2,p=1$", 31);       /* 19 MiB, two passes, one lane */
        for (size_t i = 0; i < countof(cases); i++) {
                bool ok = !cases[i].want;

                assert_ok(password_verify(&ok, phc, str_of(cases[i].try), &e), e);
                if (ok != cases[i].want)
                        fail_msg("'%s' was %s", cases[i].try, ok ? "taken" : "refused");
        }
}

static void an_unknown_login_takes_the_same_work(void **state)
{
        char phc[PASSWORD_PHC_MAX], known[sizeof(seen.params)];
        bool ok = true;
        struct err e = { 0 };

        assert_ok(password_hash(phc, STR("x"), &e), e);
        seen.calls = 0;
        assert_ok(password_verify(&ok, phc, STR("wrong"), &e), e);
        assert_int_equal(seen.calls, 1);
        memcpy(known, seen.params, sizeof(known));
        ok = true;
        assert_ok(password_verify(&ok, NULL, STR("wrong"), &e), e);
        assert_int_equal(seen.calls, 2);
        assert_false(ok);
        assert_text(seen.params, known);                                       /* memory, passes and lanes are the same */
}

/* The decoy's string must be one that libsodium really computes: a malformed one would answer at once. */
static void the_decoy_is_really_computed(void **state)
{
        struct timespec a, b, c;
        char phc[PASSWORD_PHC_MAX];
        bool ok;
        struct err e = { 0 };
        long known, unknown;

        assert_ok(password_hash(phc, STR("x"), &e), e);
        (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
        assert_ok(password_verify(&ok, phc, STR("wrong"), &e), e);
        (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
        assert_ok(password_verify(&ok, NULL, STR("wrong"), &e), e);
        (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &c);
        known = (b.tv_sec - a.tv_sec) * 1000000 + (b.tv_nsec - a.tv_nsec) / 1000;
        unknown = (c.tv_sec - b.tv_sec) * 1000000 + (c.tv_nsec - b.tv_nsec) / 1000;
        if (unknown * 4 < known)        /* work done, not seconds: a refused string costs a thousandth */
                fail_msg("known login %ld us of work, unknown %ld us", known, unknown);
}

static void *verify_one(void *arg)
{
        bool ok;

        (void)password_verify(&ok, arg, STR("wrong"), NULL);
        return NULL;
}

static void no_more_than_two_work_at_once(void **state)
{
        char phc[PASSWORD_PHC_MAX];
        pthread_t threads[8];
        struct err e = { 0 };

        assert_ok(password_hash(phc, STR("x"), &e), e);
        seen.most = seen.calls = 0;
        for (size_t i = 0; i < countof(threads); i++)
                assert_int_equal(pthread_create(&threads[i], NULL, verify_one, phc), 0);
        for (size_t i = 0; i < countof(threads); i++)
                (void)pthread_join(threads[i], NULL);
        assert_int_equal(seen.calls, 8);
        assert_in_range(seen.most, 1, 2);
}

static void a_made_password_can_be_read_out(void **state)
{
        char one[24], two[24];

        password_make(one);
        password_make(two);
        assert_int_equal(strlen(one), 23);
        assert_string_not_equal(one, two);
        assert_int_equal(strspn(one, "abcdefghjkmnpqrstuvwxyz23456789-"), 23);
        assert_true(one[5] == '-' && one[11] == '-' && one[17] == '-');
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_password_is_taken_exactly_as_typed),
                cmocka_unit_test(an_unknown_login_takes_the_same_work),
                cmocka_unit_test(the_decoy_is_really_computed),
                cmocka_unit_test(no_more_than_two_work_at_once),
                cmocka_unit_test(a_made_password_can_be_read_out),
        };

        return unit_run("password", tests);
}
