/* test_note.c - signed notes: a published one is believed, ours are too, and every changed byte is refused. */
#include <openssl/evp.h>

#include "core/journal/note.h"

#include "unit.h"

/* The example in the documentation of Go's x/mod/sumdb/note. */
#define NEUMANN_KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define NEUMANN_TEXT "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
#define NEUMANN_LINE "\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

static struct vkey ours;
static struct checkpoint head = { .size = 5 };
static char note_bytes[1024];
static struct str note;

static void sign(uint8_t sig[ED25519_SIG], struct str text)
{
        static const uint8_t seed[ED25519_KEY] = { 7 };
        EVP_PKEY *k = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof(seed));
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        size_t n = ED25519_SIG;

        assert_int_equal(EVP_DigestSignInit(ctx, NULL, NULL, NULL, k), 1);
        assert_int_equal(EVP_DigestSign(ctx, sig, &n, (const uint8_t *)text.p, text.n), 1);
        n = ED25519_KEY;
        assert_int_equal(EVP_PKEY_get_raw_public_key(k, ours.key, &n), 1);
        EVP_MD_CTX_free(ctx);
        EVP_PKEY_free(k);
}

static int note_make(void **state)
{
        scoped(buf_done) struct buf text = BUF_INIT, whole = BUF_INIT;
        uint8_t sig[ED25519_SIG];

        note_origin(ours.name, (struct uuid){ { 1, 0x95 } }, 3);
        note_origin(head.origin, (struct uuid){ { 1, 0x95 } }, 3);
        head.root = hash_bytes(STR("root"));
        checkpoint_text(&text, &head);
        sign(sig, buf_view(&text));
        checkpoint_note(&whole, &head, &ours, sig);
        memcpy(note_bytes, whole.p, whole.n);
        note = (struct str){ note_bytes, whole.n };
        return 0;
}

static void origin_names_install_and_epoch(void **state)
{
        assert_text(ours.name, "sekisho/01950000-0000-0000-0000-000000000000/3");
}

static void a_published_note_is_believed(void **state)
{
        struct checkpoint c;
        struct vkey k;
        struct err e = { 0 };
        scoped(buf_done) struct buf b = BUF_INIT;

        assert_ok(vkey_parse(&k, str_of(NEUMANN_KEY), &e), e);
        assert_text(k.name, "PeterNeumann");
        vkey_format(&b, &k);
        assert_text(b.p, NEUMANN_KEY);
        /* signed, but no checkpoint: the words say which of the two it was */
        assert_int_equal(checkpoint_open(&c, str_of(NEUMANN_TEXT "\n" NEUMANN_LINE), &k, &e), ERR_INPUT);
        assert_non_null(strstr(e.text, "not a checkpoint"));
        assert_int_equal(checkpoint_open(&c, str_of("X" NEUMANN_TEXT "\n" NEUMANN_LINE), &k, &e), ERR_TAMPERED);
        assert_non_null(strstr(e.text, "signature"));
}

static void verifier_keys_have_one_spelling(void **state)
{
        static const char *const bad[] = {
                "", "PeterNeumann", "PeterNeumann+c74f20a3", "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",    /* id of another key */
                "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW=",
                "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10QW",    /* other key */
                "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
        };
        struct vkey k;

        for (size_t i = 0; i < countof(bad); i++)
                if (vkey_parse(&k, str_of(bad[i]), NULL) != ERR_INPUT)
                        fail_msg("taken: %s", bad[i]);
        assert_int_equal(vkey_parse(&k, str_of("PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), NULL), ERR_VERSION);
}

static void fingerprint_is_eight_groups(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        vkey_fingerprint(&b, &ours);
        assert_int_equal(b.n, 8 * 4 + 7);
        for (size_t i = 4; i < b.n; i += 5)
                assert_int_equal(b.p[i], ' ');
}

static void our_checkpoint_is_believed(void **state)
{
        struct checkpoint c;
        struct err e = { 0 };

        assert_ok(checkpoint_open(&c, note, &ours, &e), e);
        assert_text(c.origin, head.origin);
        assert_int_equal(c.size, 5);
        assert_true(hash_eq(&c.root, &head.root));
}

static void every_changed_or_missing_byte_is_refused(void **state)
{
        char bytes[sizeof(note_bytes)];
        struct checkpoint c;

        for (size_t i = 0; i < note.n; i++)
                for (unsigned bit = 0; bit < 8; bit++) {
                        memcpy(bytes, note.p, note.n);
                        bytes[i] = (char)(bytes[i] ^ 1 << bit);
                        if (checkpoint_open(&c, (struct str){ bytes, note.n }, &ours, NULL) >= 0)
                                fail_msg("believed with bit %u of byte %zu changed", bit, i);
                }
        for (size_t n = 0; n < note.n; n++)
                assert_true(checkpoint_open(&c, (struct str){ note.p, n }, &ours, NULL) < 0);
}

static void other_peoples_signatures_are_ignored_but_ours_must_be_there(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct checkpoint c;
        struct vkey other = ours;

        buf_str(&b, note);
        buf_text(&b, NEUMANN_LINE);
        assert_int_equal(checkpoint_open(&c, buf_view(&b), &ours, NULL), ERR_OK);
        other.key[0] ^= 1;
        assert_int_equal(checkpoint_open(&c, buf_view(&b), &other, NULL), ERR_TAMPERED);
        other = ours;
        other.name[0] = 'x';
        assert_int_equal(checkpoint_open(&c, buf_view(&b), &other, NULL), ERR_TAMPERED);
        buf_text(&b, "not a signature line\n");
        assert_int_equal(checkpoint_open(&c, buf_view(&b), &ours, NULL), ERR_INPUT);
        buf_clear(&b);
        buf_text(&b, NEUMANN_TEXT "\n" NEUMANN_LINE);
        assert_int_equal(checkpoint_open(&c, buf_view(&b), &ours, NULL), ERR_TAMPERED);
        buf_clear(&b);
        for (size_t i = 0; i < NOTE_MAX; i++)
                buf_char(&b, '\n');
        buf_char(&b, '\n');
        assert_int_equal(checkpoint_open(&c, buf_view(&b), &ours, NULL), ERR_TOO_BIG);
}

/* Properly signed, but not what a checkpoint of ours looks like. */
static void signed_text_of_another_shape_is_refused(void **state)
{
        static const char *const shapes[] = {
                "%s\n05\n%s\n", "%s\n5\n%s\nextension\n", "%s\n5\n", "%s\n-5\n%s\n", "%s\n99999999999999999999\n%s\n", "%s \n5\n%s\n", "%s/4\n5\n%s\n",
        };

        for (size_t i = 0; i < countof(shapes); i++) {
                scoped(buf_done) struct buf text = BUF_INIT, whole = BUF_INIT, root = BUF_INIT;
                struct str shape = str_of(shapes[i]);
                struct checkpoint c;
                uint8_t sig[ED25519_SIG];
                struct str line;

                checkpoint_text(&root, &head);
                line = (struct str){ root.p + root.n - 45, 44 };
                for (size_t at = 0, filled = 0; at < shape.n; at++) {
                        if (shape.p[at] != '%') {
                                buf_char(&text, shape.p[at]);
                                continue;
                        }
                        buf_str(&text, filled++ ? line : str_of(head.origin));
                        at++;
                }
                sign(sig, buf_view(&text));
                checkpoint_note(&whole, &head, &ours, sig);
                buf_str(&text, (struct str){ whole.p + root.n, whole.n - root.n });
                if (checkpoint_open(&c, buf_view(&text), &ours, NULL) >= 0)
                        fail_msg("believed: %s", text.p);
        }
}

static void proof_files_come_back_and_are_strict(void **state)
{
        static const char *const bad[] = {
                "", "c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\nindex 0\n\nx\n",
                "c2sp.org/tlog-proof@v1\nextra AA==\n", "c2sp.org/tlog-proof@v1\nextra \nindex 0\n\nx\n",
                "c2sp.org/tlog-proof@v1\nextra AB==\nindex 0\n\nx\n", "c2sp.org/tlog-proof@v1\nextra AA==\nindex 01\n\nx\n",
                "c2sp.org/tlog-proof@v1\nextra AA==\nindex 0\n", "c2sp.org/tlog-proof@v1\nextra AA==\nindex 0\n\n",
                "c2sp.org/tlog-proof@v1\nextra AA==\nindex 0\nAAAA\n\nx\n", "c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\nx\n",
                "c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n\nx\n", "c2sp.org/tlog-proof@v1\r\nindex 0\n\nx\n",
                "c2sp.org/tlog-proof@v1\nextra AA==\nindex 18446744073709551616\n\nx\n",
        };
        scoped(buf_done) struct buf file = BUF_INIT, room = BUF_INIT;
        struct proof p = { .n = 2, .hash = { hash_bytes(STR("a")), hash_bytes(STR("b")) } };
        struct entry_proof got;
        struct err e = { 0 };

        proof_format(&file, STR("{\"v\":1}"), 4, &p, note);
        assert_ok(proof_parse(&got, buf_view(&file), &room, &e), e);
        assert_true(str_is(got.entry, "{\"v\":1}"));
        assert_int_equal(got.index, 4);
        assert_int_equal(got.proof.n, 2);
        assert_true(hash_eq(&got.proof.hash[1], &p.hash[1]));
        assert_true(str_eq(got.checkpoint, note));
        for (size_t i = 0; i < countof(bad); i++)
                if (proof_parse(&got, str_of(bad[i]), &room, NULL) >= 0)
                        fail_msg("taken: %s", bad[i]);
        assert_int_equal(proof_parse(&got, str_of("c2sp.org/tlog-proof@v1\nindex 0\n\nx\n"), &room, NULL), ERR_OK);
        assert_int_equal(got.entry.n, 0);
}

static void the_largest_entry_travels_in_a_proof(void **state)
{
        for (size_t over = 0; over <= 1; over++) {
                scoped(buf_done) struct buf file = BUF_INIT, room = BUF_INIT, entry = BUF_INIT;
                struct proof p = { 0 };
                struct entry_proof got;

                for (size_t i = 0; i < ENTRY_MAX + over; i++)
                        buf_char(&entry, (char)('a' + i % 26));
                proof_format(&file, buf_view(&entry), 0, &p, note);
                assert_int_equal(proof_parse(&got, buf_view(&file), &room, NULL), over ? ERR_TOO_BIG : ERR_OK);
                if (!over)
                        assert_true(str_eq(got.entry, buf_view(&entry)));
        }
}

static void consistency_files_come_back_and_are_strict(void **state)
{
        static const char *const bad[] = {
                "", "sekisho-consistency@v1\n", "sekisho-consistency@v1\nfrom 1\n", "sekisho-consistency@v1\nfrom 1\n\n",
                "sekisho-consistency@v1\nfrom 01\n\nx\n", "sekisho-consistency@v1\nfrom x\n\nx\n", "sekisho-consistency@v1\nfrom 1\nAA\n\nx\n",
        };
        scoped(buf_done) struct buf file = BUF_INIT, many = BUF_INIT;
        struct proof p = { .n = 1, .hash = { hash_bytes(STR("a")) } };
        struct consistency got;
        struct err e = { 0 };

        consistency_format(&file, 3, &p, note);
        assert_ok(consistency_parse(&got, buf_view(&file), &e), e);
        assert_int_equal(got.from, 3);
        assert_int_equal(got.proof.n, 1);
        assert_true(str_eq(got.checkpoint, note));
        for (size_t i = 0; i < countof(bad); i++)
                if (consistency_parse(&got, str_of(bad[i]), NULL) >= 0)
                        fail_msg("taken: %s", bad[i]);
        buf_text(&many, "sekisho-consistency@v1\nfrom 1\n");
        for (size_t i = 0; i <= TREE_PROOF_MAX; i++)
                buf_text(&many, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
        buf_text(&many, "\nx\n");
        assert_int_equal(consistency_parse(&got, buf_view(&many), NULL), ERR_INPUT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(origin_names_install_and_epoch),
                cmocka_unit_test(a_published_note_is_believed),
                cmocka_unit_test(verifier_keys_have_one_spelling),
                cmocka_unit_test(fingerprint_is_eight_groups),
                cmocka_unit_test(our_checkpoint_is_believed),
                cmocka_unit_test(every_changed_or_missing_byte_is_refused),
                cmocka_unit_test(other_peoples_signatures_are_ignored_but_ours_must_be_there),
                cmocka_unit_test(signed_text_of_another_shape_is_refused),
                cmocka_unit_test(proof_files_come_back_and_are_strict),
                cmocka_unit_test(the_largest_entry_travels_in_a_proof),
                cmocka_unit_test(consistency_files_come_back_and_are_strict),
        };

        note_make(NULL);
        return unit_run("note", tests);
}
