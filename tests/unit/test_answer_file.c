/* test_answer_file.c - an exchanged answer sheet: what its sender wrote is read, and every changed byte is refused. */
#include <openssl/evp.h>

#include "wire/answer_file.h"

#include "base/codec.h"
#include "unit.h"

static struct answer_line lines[] = { { { "recovery_hours", 14 }, { "4", 1 } }, { { "said_by", 7 }, { "営業部\n担当", 16 } } };
static const struct answer_file sheet = {
        .install = { "関所市", 9 }, .post = { "secretariat", 11 }, .provider = { "例", 3 }, .country = { "JP", 2 }, .subject = { "会議サービス", 18 },
        .form = { "provider-sheet", 14 }, .form_hash = { "ab", 2 }, .answered_on = { "2026-04-01", 10 }, .answers = lines, .n = countof(lines),
};
static struct buf file;

static void sign(struct vkey *k, uint8_t sig[ED25519_SIG], struct str text)
{
        static const uint8_t seed[ED25519_KEY] = { 9 };
        EVP_PKEY *p = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof(seed));
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        size_t n = ED25519_SIG;

        assert_int_equal(EVP_DigestSignInit(ctx, NULL, NULL, NULL, p), 1);
        assert_int_equal(EVP_DigestSign(ctx, sig, &n, (const uint8_t *)text.p, text.n), 1);
        n = ED25519_KEY;
        assert_int_equal(EVP_PKEY_get_raw_public_key(p, k->key, &n), 1);
        EVP_MD_CTX_free(ctx);
        EVP_PKEY_free(p);
}

/* The second of two entries is of that type and names the digest of `named`. */
static void file_make(struct buf *out, struct str content, const char *origin, const char *type, struct str named)
{
        scoped(buf_done) struct buf entry = BUF_INIT, text = BUF_INIT, note = BUF_INIT, proof = BUF_INIT, hex = BUF_INIT;
        struct checkpoint head = { .size = 2 };
        struct proof path = { .n = 1 };
        struct vkey k = { 0 };
        struct hash leaf, digest = hash_bytes(named);
        uint8_t sig[ED25519_SIG];

        hex_encode(&hex, digest.b, HASH_SIZE);
        buf_printf(&entry, "{\"at\":1,\"note\":{\"digest\":\"%s\"},\"set\":[],\"type\":\"%s\",\"v\":1}", hex.p, type);
        leaf = hash_leaf(buf_view(&entry));
        path.hash[0] = hash_leaf(STR("before"));
        head.root = hash_node(&path.hash[0], &leaf);
        (void)snprintf(head.origin, sizeof(head.origin), "%s", origin);
        (void)snprintf(k.name, sizeof(k.name), "%s", origin);
        checkpoint_text(&text, &head);
        sign(&k, sig, buf_view(&text));
        checkpoint_note(&note, &head, &k, sig);
        proof_format(&proof, buf_view(&entry), 1, &path, buf_view(&note));
        answer_file_format(out, &k, content, buf_view(&proof));
        assert_false(buf_bad(out));
}

#define ORIGIN "sekisho/01950000-0000-0000-0000-000000000000/1"

static void make(void)
{
        scoped(buf_done) struct buf content = BUF_INIT;

        assert_int_equal(answer_content_encode(&content, &sheet, ORIGIN, NULL), ERR_OK);
        file_make(&file, buf_view(&content), ORIGIN, ANSWER_FILE_ENTRY, buf_view(&content));
}

static void what_was_sent_is_read(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct answer_file f;
        struct err e = { 0 };

        assert_ok(answer_file_open(&f, buf_view(&file), &a, &e), e);
        assert_true(str_eq(f.install, sheet.install) && str_eq(f.post, sheet.post) && str_eq(f.provider, sheet.provider) && str_eq(f.subject, sheet.subject));
        assert_true(str_eq(f.form, sheet.form) && str_eq(f.answered_on, sheet.answered_on) && !f.corporate_number.n && f.index == 1);
        assert_int_equal(f.n, countof(lines));
        for (size_t i = 0; i < f.n; i++)
                assert_true(str_eq(f.answers[i].field, lines[i].field) && str_eq(f.answers[i].value, lines[i].value));
}

static void every_changed_bit_and_every_cut_is_refused(void **state)
{
        scoped(buf_done) struct buf bent = BUF_INIT;

        buf_str(&bent, buf_view(&file));
        for (size_t i = 0; i < bent.n; i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct answer_file f;
                struct err e = { 0 };

                if (answer_file_open(&f, (struct str){ file.p, i }, &a, &e) >= 0 || strncmp(e.key, "answer-file.", 12) != 0)
                        fail_msg("cut to %zu bytes: '%s'", i, e.key);
                for (int bit = 0; bit < 8; bit++) {
                        bent.p[i] = (char)(bent.p[i] ^ 1 << bit);
                        err_clear(&e);
                        if (answer_file_open(&f, buf_view(&bent), &a, &e) >= 0 || strncmp(e.key, "answer-file.", 12) != 0)
                                fail_msg("byte %zu, bit %d turned: '%s' %s", i, bit, e.key, e.text);
                        bent.p[i] = (char)(bent.p[i] ^ 1 << bit);
                }
        }
}

/* All of it properly signed. */
static void what_the_journal_does_not_name_is_refused(void **state)
{
        scoped(buf_done) struct buf good = BUF_INIT;
        static const struct { const char *name, *content, *origin, *type, *want, *named; } cases[] = {
                { "an entry of another type", NULL, ORIGIN, "answer-sheet.recorded", "answer-file.content", NULL },
                { "an entry of another content", NULL, ORIGIN, ANSWER_FILE_ENTRY, "answer-file.content", "another" },
                { "another log than the content says", NULL, "sekisho/01950000-0000-0000-0000-000000000001/1", ANSWER_FILE_ENTRY, "answer-file.origin" },
                { "no JSON", "x", ORIGIN, ANSWER_FILE_ENTRY, "answer-file.format" },
                { "a list", "[]", ORIGIN, ANSWER_FILE_ENTRY, "answer-file.format" },
                { "a blank too many", "{ \"v\":1}", ORIGIN, ANSWER_FILE_ENTRY, "answer-file.format" },
                { "another version", "{\"v\":2}", ORIGIN, ANSWER_FILE_ENTRY, "answer-file.version" },
                { "a member nobody knows", "{\"v\":1,\"x\":1}", ORIGIN, ANSWER_FILE_ENTRY, "answer-file.format" },
                { "no answers", "{\"origin\":\"" ORIGIN "\",\"v\":1}", ORIGIN, ANSWER_FILE_ENTRY, "answer-file.format" },
        };

        assert_int_equal(answer_content_encode(&good, &sheet, ORIGIN, NULL), ERR_OK);
        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                scoped(buf_done) struct buf b = BUF_INIT;
                struct answer_file f;
                struct err e = { 0 };

                struct str content = cases[i].content ? str_of(cases[i].content) : buf_view(&good);

                file_make(&b, content, cases[i].origin, cases[i].type, cases[i].named ? str_of(cases[i].named) : content);
                if (answer_file_open(&f, buf_view(&b), &a, &e) != ERR_INPUT || strcmp(e.key, cases[i].want) != 0)
                        fail_msg("%s: got '%s', want '%s'", cases[i].name, e.key, cases[i].want);
        }
}

static void a_fingerprint_is_read_as_people_type_it(void **state)
{
        static const struct { const char *in, *want; } cases[] = {
                { "0123 4567 89ab cdef 0123 4567 89ab cdef", "0123 4567 89ab cdef 0123 4567 89ab cdef" },
                { "0123456789ABCDEF0123456789abcdef", "0123 4567 89ab cdef 0123 4567 89ab cdef" },
                { "01:23:45:67-89ab cdef 0123 4567 89AB cdef ", "0123 4567 89ab cdef 0123 4567 89ab cdef" },
                { "0123 4567 89ab cdef 0123 4567 89ab cde", NULL }, { "0123 4567 89ab cdef 0123 4567 89ab cdef0", NULL },
                { "g123 4567 89ab cdef 0123 4567 89ab cdef", NULL }, { "", NULL },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                char to[FINGERPRINT_TEXT] = "";
                bool is = fingerprint_parse(to, str_of(cases[i].in));

                if (is != (cases[i].want != NULL) || (is && strcmp(to, cases[i].want) != 0))
                        fail_msg("'%s': '%s'", cases[i].in, to);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_was_sent_is_read),
                cmocka_unit_test(every_changed_bit_and_every_cut_is_refused),
                cmocka_unit_test(what_the_journal_does_not_name_is_refused),
                cmocka_unit_test(a_fingerprint_is_read_as_people_type_it),
        };

        int r;

        make();
        r = unit_run("answer_file", tests);
        buf_done(&file);
        return r;
}
