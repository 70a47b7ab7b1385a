/* test_cosign.c - cosignatures: the example of the specification is believed, ours is too, every changed byte is refused. */
#include <openssl/evp.h>

#include "core/journal/cosign.h"

#include "unit.h"

static struct vkey log_key, witness = { .name = "witness.example/w1" };
static struct checkpoint head = { .size = 7 };

static void sign(uint8_t sig[ED25519_SIG], struct vkey *k, uint8_t first, struct str text)
{
        uint8_t seed[ED25519_KEY] = { first };
        EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof(seed));
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        size_t n = ED25519_SIG;

        assert_int_equal(EVP_DigestSignInit(ctx, NULL, NULL, NULL, key), 1);
        assert_int_equal(EVP_DigestSign(ctx, sig, &n, (const uint8_t *)text.p, text.n), 1);
        n = ED25519_KEY;
        assert_int_equal(EVP_PKEY_get_raw_public_key(key, k->key, &n), 1);
        EVP_MD_CTX_free(ctx);
        EVP_PKEY_free(key);
}

/* A note of the log, cosigned at each of the times, ended by 0. */
static void note_make(struct buf *note, const uint64_t *times)
{
        scoped(buf_done) struct buf text = BUF_INIT;
        uint8_t sig[ED25519_SIG];

        note_origin(log_key.name, (struct uuid){ { 1, 0x95 } }, 1);
        note_origin(head.origin, (struct uuid){ { 1, 0x95 } }, 1);
        head.root = hash_bytes(STR("root"));
        checkpoint_text(&text, &head);
        sign(sig, &log_key, 7, buf_view(&text));
        checkpoint_note(note, &head, &log_key, sig);
        for (; *times; times++) {
                scoped(buf_done) struct buf said = BUF_INIT;

                cosign_text(&said, *times, &head);
                sign(sig, &witness, 9, buf_view(&said));
                cosign_line(note, &witness, *times, sig);
        }
}

static void the_text_is_that_of_the_specification(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        scoped(buf_done) struct buf want = BUF_INIT;
        struct checkpoint c = { .size = 20852163 };

        (void)snprintf(c.origin, sizeof(c.origin), "example.com/behind-the-sofa");
        checkpoint_text(&want, &c);
        cosign_text(&b, 1679315147, &c);
        assert_true(str_starts(buf_view(&b), "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"));
        assert_int_equal(b.n, want.n + strlen("cosignature/v1\ntime 1679315147\n"));
}

static void a_cosigned_note_is_believed_by_both_keys(void **state)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        uint8_t sig[ED25519_SIG];
        struct checkpoint c;
        struct err e = { 0 };
        uint64_t at = 0;

        note_make(&note, (const uint64_t[]){ 1800000000, 1900000000, 1850000000, 0 });
        assert_ok(checkpoint_open(&c, buf_view(&note), &log_key, &e), e);
        assert_ok(cosign_check(&at, sig, buf_view(&note), &witness, &e), e);
        assert_int_equal(at, 1900000000);
}

static void every_changed_byte_is_refused(void **state)
{
        scoped(buf_done) struct buf note = BUF_INIT, plain = BUF_INIT;
        uint8_t sig[ED25519_SIG];
        uint64_t at;
        size_t text, own;

        note_make(&plain, (const uint64_t[]){ 0 });
        note_make(&note, (const uint64_t[]){ 1800000000, 0 });
        own = plain.n;
        text = (size_t)((char *)memmem(plain.p, plain.n, "\n\n", 2) - plain.p) + 2;
        for (size_t i = 0; i < note.n; i++)
                for (unsigned bit = 0; bit < 8; bit++) {
                        note.p[i] = (char)(note.p[i] ^ 1 << bit);
                        if (cosign_check(&at, sig, buf_view(&note), &witness, NULL) == ERR_OK && (i < text || i >= own)   /* between them: the log's own line, checkpoint_open()'s */)
                                fail_msg("believed with bit %u of byte %zu changed", bit, i);
                        note.p[i] = (char)(note.p[i] ^ 1 << bit);
                }
}

static void without_its_line_it_is_absent_not_wrong(void **state)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        struct vkey other = witness;
        uint8_t sig[ED25519_SIG];
        uint64_t at;

        note_make(&note, (const uint64_t[]){ 0 });
        assert_int_equal(cosign_check(&at, sig, buf_view(&note), &witness, NULL), ERR_ABSENT);
        buf_clear(&note);
        note_make(&note, (const uint64_t[]){ 5, 0 });
        (void)snprintf(other.name, sizeof(other.name), "witness.example/w2");
        assert_int_equal(cosign_check(&at, sig, buf_view(&note), &other, NULL), ERR_ABSENT);
}

static void keys_of_witnesses_are_not_keys_of_logs(void **state)
{
        scoped(buf_done) struct buf text = BUF_INIT, log = BUF_INIT;
        struct vkey k;
        struct err e = { 0 };

        witness_key_format(&text, &witness);
        assert_ok(witness_key_parse(&k, buf_view(&text), &e), e);
        assert_memory_equal(k.key, witness.key, ED25519_KEY);
        assert_int_equal(vkey_parse(&k, buf_view(&text), &e), ERR_VERSION);
        vkey_format(&log, &witness);
        assert_int_equal(witness_key_parse(&k, buf_view(&log), &e), ERR_VERSION);
}

static void a_request_has_one_spelling(void **state)
{
        static const char *const bad[] = {
                "", "old 3", "old 3\n", "old 03\n\nx\n", "old -1\n\nx\n", "new 3\n\nx\n", "old 3\nAAAA\n\nx\n", "old 3\n\n",
        };
        scoped(buf_done) struct buf body = BUF_INIT;
        struct proof p = { .n = 2, .hash = { { { 1 } }, { { 2 } } } };
        struct witness_ask ask;
        struct err e = { 0 };

        witness_ask_format(&body, 3, &p, STR("a note\n"));
        assert_ok(witness_ask_parse(&ask, buf_view(&body), &e), e);
        assert_int_equal(ask.old, 3);
        assert_int_equal(ask.proof.n, 2);
        assert_true(hash_eq(&ask.proof.hash[1], &p.hash[1]));
        assert_true(str_is(ask.note, "a note\n"));
        for (size_t i = 0; i < countof(bad); i++)
                if (witness_ask_parse(&ask, str_of(bad[i]), NULL) == ERR_OK)
                        fail_msg("taken: %s", bad[i]);
        buf_clear(&body);
        p.n = 64;
        witness_ask_format(&body, 3, &p, STR("a note\n"));
        assert_int_equal(witness_ask_parse(&ask, buf_view(&body), NULL), ERR_INPUT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_text_is_that_of_the_specification),
                cmocka_unit_test(a_cosigned_note_is_believed_by_both_keys),
                cmocka_unit_test(every_changed_byte_is_refused),
                cmocka_unit_test(without_its_line_it_is_absent_not_wrong),
                cmocka_unit_test(keys_of_witnesses_are_not_keys_of_logs),
                cmocka_unit_test(a_request_has_one_spelling),
        };

        return unit_run("cosign", tests);
}
