/* test_hash.c - published answers: FIPS 180-4, RFC 4231, RFC 6962's empty leaf; and threads that share nothing. */
#include <pthread.h>

#include "base/codec.h"
#include "core/journal/hash.h"

#include "unit.h"

static void assert_hash(struct hash got, const char *want)
{
        char text[2 * HASH_SIZE + 1];

        hex_text(text, got.b, HASH_SIZE);
        assert_text(text, want);
}

static void sha256_answers_are_the_published_ones(void **state)
{
        assert_hash(hash_bytes(STR("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_hash(hash_bytes(STR("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_hash(hash_bytes(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
                    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void runs_hash_like_their_concatenation(void **state)
{
        struct str runs[] = { STR("ab"), STR(""), STR("c") };
        struct hash a = hash_runs(runs, countof(runs)), b = hash_bytes(STR("abc"));

        assert_true(hash_eq(&a, &b));
        assert_hash(hash_runs(NULL, 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void leaf_and_node_are_told_apart(void **state)
{
        struct hash a = hash_leaf(STR("")), b = hash_leaf(STR("\0"));
        char both[2 * HASH_SIZE];
        struct hash node = hash_node(&a, &b), leaf;

        assert_hash(a, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assert_hash(node, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        memcpy(both, a.b, HASH_SIZE);
        memcpy(both + HASH_SIZE, b.b, HASH_SIZE);
        leaf = hash_leaf((struct str){ both, sizeof(both) });
        assert_false(hash_eq(&node, &leaf));
}

static void hmac_answers_are_the_published_ones(void **state)
{
        char long_key[131], key_1[20];

        memset(key_1, 0x0b, sizeof(key_1));
        memset(long_key, 0xaa, sizeof(long_key));
        assert_hash(hash_hmac((struct str){ key_1, sizeof(key_1) }, STR("Hi There")),
                    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        assert_hash(hash_hmac(STR("Jefe"), STR("what do ya want for nothing?")),
                    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert_hash(hash_hmac((struct str){ long_key, sizeof(long_key) },
                              STR("Test Using Larger Than Block-Size Key - Hash Key First")),
                    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
        assert_hash(hash_hmac(STR(""), STR("")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void *hash_many(void *want)
{
        for (int i = 0; i < 2000; i++) {
                struct hash h = hash_bytes(STR("abc"));

                if (!hash_eq(&h, want))
                        return want;
        }
        return NULL;
}

static void threads_do_not_disturb_each_other(void **state)
{
        struct hash want = hash_bytes(STR("abc"));
        pthread_t t[4];

        for (size_t i = 0; i < countof(t); i++)
                assert_int_equal(pthread_create(&t[i], NULL, hash_many, &want), 0);
        for (size_t i = 0; i < countof(t); i++) {
                void *bad;

                assert_int_equal(pthread_join(t[i], &bad), 0);
                assert_null(bad);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(sha256_answers_are_the_published_ones),
                cmocka_unit_test(runs_hash_like_their_concatenation),
                cmocka_unit_test(leaf_and_node_are_told_apart),
                cmocka_unit_test(hmac_answers_are_the_published_ones),
                cmocka_unit_test(threads_do_not_disturb_each_other),
        };

        return unit_run("hash", tests);
}
