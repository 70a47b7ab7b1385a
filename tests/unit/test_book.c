/* test_book.c - whose grant tables a gate obeys while keys of the office hand over to the next. */
#include <openssl/evp.h>
#include <unistd.h>

#include "base/cursor.h"
#include "gate/book.h"

#include "unit.h"

enum { GENERATIONS = 6 };

#define T0 (1767225600 * UTIME_S)

static EVP_PKEY *key[GENERATIONS + 2];
static uint8_t   public[GENERATIONS + 2][ED25519_KEY];
static char      dir[64];
static struct settings set;

static const struct uuid here = { { 1, 0x96, 9 } }, elsewhere = { { 1, 0x96, 8 } };

static void sign(uint8_t sig[ED25519_SIG], size_t by, struct str message)
{
        EVP_MD_CTX *c = EVP_MD_CTX_new();
        size_t n = ED25519_SIG;

        assert_int_equal(EVP_DigestSignInit(c, NULL, NULL, NULL, key[by]), 1);
        assert_int_equal(EVP_DigestSign(c, sig, &n, (const uint8_t *)message.p, message.n), 1);
        EVP_MD_CTX_free(c);
}

/* A link to `generation` (its key is key[generation - 1]), signed by key[by]. */
static void link_put(struct buf *to, uint32_t generation, size_t by, struct uuid install)
{
        struct keylink l = { .use = KEYLINK_TABLE, .generation = generation, .install = install };
        uint8_t sig[ED25519_SIG];
        size_t from = to->n;

        memcpy(l.current, public[generation - 1], ED25519_KEY);
        memcpy(l.next, public[generation], ED25519_KEY);
        keylink_encode(to, &l);
        sign(sig, by, (struct str){ to->p + from, KEYLINK_BODY });
        put_run(to, sig, sizeof(sig));
}

/* The links 2..generation, honest. */
static void side_put(struct buf *to, uint32_t generation)
{
        keylinks_begin(to, generation - 1);
        for (uint32_t g = 2; g <= generation; g++)
                link_put(to, g, g - 1, here);
}

static struct grants *table(uint64_t seq, size_t by, struct str side)
{
        struct grants *t = NULL;
        uint8_t head[GRANT_HEADER_BYTES];
        struct err e = { 0 };

        assert_ok(grants_new(&t, NULL, 0, side, &e), e);
        t->head.epoch = 1;
        t->head.install = here;
        t->head.seq = seq;
        t->head.made_at = T0;
        t->head.valid_until = T0 + UTIME_DAY;
        assert_ok(grants_seal(t, &e), e);
        grant_header_encode(head, &t->head);
        sign(t->sig, by, (struct str){ (char *)head, sizeof(head) });
        return t;
}

static int take_table(struct book *b, uint64_t seq, size_t by, struct str side)
{
        scoped(grants_free) struct grants *t = table(seq, by, side);
        scoped(buf_done) struct buf file = BUF_INIT;
        struct err e = { 0 };
        int r;

        assert_ok(grants_encode(&file, t, &e), e);
        r = book_take(b, FRAME_SNAPSHOT, buf_view(&file), &e);
        if (r == 1)
                assert_ok(book_save(b, &e), e);
        return r;
}

static void forget(const char *file)
{
        char path[SETTINGS_PATH];

        assert_int_equal(settings_path(path, dir, file, NULL), ERR_OK);
        (void)unlink(path);
}

static struct book begun(void)
{
        struct book b;
        struct err e = { 0 };

        forget("table");
        forget("trust");
        assert_ok(book_open(&b, &set, &e), e);
        return b;
}

static void current_and_next_are_obeyed_and_nobody_else(void **state)
{
        struct book b = begun();

        assert_int_equal(take_table(&b, 1, 0, STR("")), 1);
        assert_int_equal(take_table(&b, 2, 1, STR("")), 1);
        assert_int_equal(take_table(&b, 3, 2, STR("")), ERR_TAMPERED);
        assert_int_equal(take_table(&b, 3, 0, STR("what is no list of links is not read")), 1);
        book_done(&b);
}

static void a_link_leads_on_and_the_key_before_is_over(void **state)
{
        struct book b = begun();
        scoped(buf_done) struct buf side = BUF_INIT;

        side_put(&side, 2);
        assert_int_equal(take_table(&b, 1, 0, STR("")), 1);
        assert_int_equal(take_table(&b, 2, 1, buf_view(&side)), 1);
        assert_int_equal(b.trust.generation, 2);
        assert_int_equal(take_table(&b, 3, 0, buf_view(&side)), ERR_TAMPERED);
        assert_int_equal(take_table(&b, 3, 0, STR("")), ERR_TAMPERED);
        assert_int_equal(take_table(&b, 3, 2, buf_view(&side)), 1);
        book_done(&b);
}

static void who_slept_through_many_rotations_follows_them_all(void **state)
{
        struct book b = begun(), again;
        scoped(buf_done) struct buf side = BUF_INIT;
        struct err e = { 0 };

        side_put(&side, GENERATIONS);
        assert_int_equal(take_table(&b, 9, GENERATIONS - 1, buf_view(&side)), 1);
        assert_int_equal(b.trust.generation, GENERATIONS);
        book_done(&b);

        assert_ok(book_open(&again, &set, &e), e);              /* a restart: the table on disk is still ours */
        assert_ok(book_load(&again, &e), e);
        assert_int_equal(again.trust.generation, GENERATIONS);
        book_done(&again);

        forget("table");                                        /* a disk that forgets the table does not forget whom we left */
        assert_ok(book_open(&again, &set, &e), e);
        assert_int_equal(book_load(&again, &e), ERR_ABSENT);
        assert_int_equal(take_table(&again, 10, 0, STR("")), ERR_TAMPERED);
        assert_int_equal(take_table(&again, 10, GENERATIONS - 1, STR("")), 1);
        book_done(&again);
}

static void a_delta_may_bring_the_link_that_its_own_key_needs(void **state)
{
        struct book b = begun();
        scoped(buf_done) struct buf side = BUF_INIT, delta = BUF_INIT;
        scoped(grants_free) struct grants *first = table(1, 0, STR("")), *second = NULL;
        uint8_t head[GRANT_HEADER_BYTES];
        struct err e = { 0 };

        side_put(&side, 4);
        second = table(2, 3, buf_view(&side));
        second->head.previous = grant_header_hash(&first->head);
        grant_header_encode(head, &second->head);
        sign(second->sig, 3, (struct str){ (char *)head, sizeof(head) });
        assert_int_equal(take_table(&b, 1, 0, STR("")), 1);
        assert_ok(grants_delta(&delta, first, second, &e), e);
        assert_int_equal(book_take(&b, FRAME_DELTA, buf_view(&delta), &e), 1);
        assert_int_equal(b.trust.generation, 4);
        book_done(&b);
}

/* Each is a table with sequence 5 signed by the key that it wants us to believe. */
static void false_links_move_nobody(void **state)
{
        enum { SELF, STRANGER, SKIP, OTHER_INSTALL, OLD_KEY, BIT, CUT, MANY, CASES };
        static const struct { const char *name; size_t by; int want; } cases[CASES] = {
                [SELF]          = { "the current key names another as the next", 5, ERR_TAMPERED },
                [STRANGER]      = { "a key that nobody named names itself", 5, ERR_TAMPERED },
                [SKIP]          = { "links are missing in between", 3, ERR_CONFLICT },
                [OTHER_INSTALL] = { "another install's", 1, ERR_TAMPERED },
                [OLD_KEY]       = { "signed by the key it leaves", 1, ERR_TAMPERED },
                [BIT]           = { "one bit of the next key changed", 1, ERR_TAMPERED },
                [CUT]           = { "cut", 1, ERR_INPUT },
                [MANY]          = { "counts more than it may", 1, ERR_TOO_BIG },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct book b = begun();
                scoped(buf_done) struct buf side = BUF_INIT;
                int got;

                keylinks_begin(&side, i == MANY ? KEYLINKS_MAX + 1 : 1);
                if (i == SELF || i == STRANGER) {
                        struct keylink l = { .use = KEYLINK_TABLE, .generation = 2, .install = here };
                        uint8_t sig[ED25519_SIG];

                        memcpy(l.current, public[5], ED25519_KEY);
                        memcpy(l.next, public[6], ED25519_KEY);
                        keylink_encode(&side, &l);
                        sign(sig, i == SELF ? 0 : 5, (struct str){ side.p + side.n - KEYLINK_BODY, KEYLINK_BODY });
                        put_run(&side, sig, sizeof(sig));
                } else {
                        link_put(&side, i == SKIP ? 4 : 2, i == OLD_KEY ? 0 : i == SKIP ? 3 : 1, i == OTHER_INSTALL ? elsewhere : here);
                }
                if (i == BIT)
                        side.p[side.n - ED25519_SIG - 1] ^= 1;
                if (i == CUT)
                        side.n--;
                got = take_table(&b, 5, cases[i].by, buf_view(&side));
                if (got != cases[i].want || b.trust.generation != 1 || b.table)
                        fail_msg("%s: %d instead of %d, generation %u", cases[i].name, got, cases[i].want, b.trust.generation);
                book_done(&b);
        }
}

/* A gate of an office that had no next key: zeros are none, and never a key that somebody could sign for. */
static void no_next_key_is_nobodys(void **state)
{
        struct settings alone = set;
        struct book b;
        scoped(buf_done) struct buf side = BUF_INIT;
        struct err e = { 0 };

        memset(alone.table.key[1], 0, ED25519_KEY);
        forget("table");
        forget("trust");
        assert_ok(book_open(&b, &alone, &e), e);
        side_put(&side, 2);
        assert_int_equal(take_table(&b, 1, 1, buf_view(&side)), ERR_TAMPERED);
        assert_int_equal(take_table(&b, 1, 0, STR("")), 1);
        book_done(&b);
}

static void a_damaged_memory_falls_back_to_the_enrolment_and_says_so(void **state)
{
        struct book b = begun();
        scoped(buf_done) struct buf side = BUF_INIT, link = BUF_INIT;
        char path[SETTINGS_PATH];
        struct err e = { 0 };

        side_put(&side, 2);
        assert_int_equal(take_table(&b, 1, 1, buf_view(&side)), 1);
        book_done(&b);
        assert_int_equal(settings_path(path, dir, "trust", NULL), ERR_OK);
        assert_ok(file_read(&link, path, 4096, &e), e);
        for (size_t at = 0; at < link.n; at++) {
                link.p[at] ^= 1;
                assert_ok(file_replace(path, buf_view(&link), 0600, &e), e);
                assert_true(book_open(&b, &set, &e) < 0);
                assert_int_equal(b.trust.generation, 1);
                link.p[at] ^= 1;
        }
}

static int setup(void **state)
{
        (void)snprintf(dir, sizeof(dir), "/tmp/book-test.XXXXXX");
        if (!mkdtemp(dir))
                return -1;
        for (size_t i = 0; i < countof(key); i++) {
                uint8_t seed[ED25519_KEY] = { (uint8_t)(i + 1) };
                size_t n = ED25519_KEY;

                key[i] = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof(seed));
                if (!key[i] || EVP_PKEY_get_raw_public_key(key[i], public[i], &n) != 1)
                        return -1;
        }
        (void)snprintf(set.dir, sizeof(set.dir), "%s", dir);
        set.install = here;
        set.epoch = 1;
        set.table.generation = 1;
        memcpy(set.table.key, public, sizeof(set.table.key));
        return 0;
}

static int teardown(void **state)
{
        forget("table");
        forget("trust");
        for (size_t i = 0; i < countof(key); i++)
                EVP_PKEY_free(key[i]);
        return rmdir(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(current_and_next_are_obeyed_and_nobody_else),
                cmocka_unit_test(a_link_leads_on_and_the_key_before_is_over),
                cmocka_unit_test(who_slept_through_many_rotations_follows_them_all),
                cmocka_unit_test(a_delta_may_bring_the_link_that_its_own_key_needs),
                cmocka_unit_test(false_links_move_nobody),
                cmocka_unit_test(no_next_key_is_nobodys),
                cmocka_unit_test(a_damaged_memory_falls_back_to_the_enrolment_and_says_so),
        };

        cmocka_set_message_output(CM_OUTPUT_TAP);
        return cmocka_run_group_tests_name("book", tests, setup, teardown);
}
