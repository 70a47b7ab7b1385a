/* test_grants.c - the grant table: exact layout, nothing malformed gets in, a delta leads exactly where its header says. */
#include <openssl/evp.h>

#include "base/cursor.h"
#include "wire/grants.h"

#include "unit.h"

enum { MAX_ROWS = 60 };

static const uint8_t seed[32] = "a test key, never a real one....";

static EVP_PKEY *signing_key(uint8_t public[ED25519_KEY])
{
        size_t n = ED25519_KEY;
        EVP_PKEY *k = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof(seed));

        assert_non_null(k);
        assert_int_equal(EVP_PKEY_get_raw_public_key(k, public, &n), 1);
        return k;
}

static void table_sign(struct grants *t)
{
        uint8_t head[GRANT_HEADER_BYTES], public[ED25519_KEY];
        size_t n = ED25519_SIG;
        EVP_PKEY *k = signing_key(public);
        EVP_MD_CTX *c = EVP_MD_CTX_new();

        grant_header_encode(head, &t->head);
        assert_int_equal(EVP_DigestSignInit(c, NULL, NULL, NULL, k), 1);
        assert_int_equal(EVP_DigestSign(c, t->sig, &n, head, sizeof(head)), 1);
        EVP_MD_CTX_free(c);
        EVP_PKEY_free(k);
}

static const uint8_t *public_key(void)
{
        static uint8_t key[ED25519_KEY];

        EVP_PKEY_free(signing_key(key));
        return key;
}

static struct grant a_row(unsigned mac, unsigned variant)
{
        struct grant g = {
                .key = { GRANT_MAC, { 2, 0, 0, 0, (uint8_t)(mac >> 8), (uint8_t)mac } },
                .verdict = GRANT_ALLOW, .zone = 1, .reason = 7,
                .from = 1000 * UTIME_S, .until = 2000 * UTIME_S + variant, .posture_until = GRANT_NO_POSTURE, .generation = 5,
        };

        g.subject.b[0] = 0xaa;
        g.permit.b[15] = 0xbb;
        return g;
}

static struct grants *a_table(uint64_t seq, const struct grant *rows, size_t n, struct str side)
{
        struct grants *t;
        struct err e = { 0 };

        assert_ok(grants_new(&t, rows, n, side, &e), e);
        t->head.epoch = 1;
        t->head.install.b[0] = 0x11;
        t->head.seq = seq;
        t->head.made_at = 1500 * UTIME_S;
        t->head.valid_until = 9000 * UTIME_S;
        assert_ok(grants_seal(t, &e), e);
        table_sign(t);
        return t;
}

static void table_bytes(struct buf *out, const struct grants *t)
{
        struct err e = { 0 };

        assert_ok(grants_encode(out, t, &e), e);
}

static void assert_same_table(const struct grants *a, const struct grants *b)
{
        scoped(buf_done) struct buf x = BUF_INIT;
        scoped(buf_done) struct buf y = BUF_INIT;

        table_bytes(&x, a);
        table_bytes(&y, b);
        assert_int_equal(x.n, y.n);
        assert_memory_equal(x.p, y.p, x.n);
}

static void layout_is_the_documented_one(void **state)
{
        struct grant rows[] = { a_row(1, 0), a_row(2, 0) };
        scoped(grants_free) struct grants *t = a_table(9, rows, 2, STR("side"));
        scoped(buf_done) struct buf b = BUF_INIT;
        struct cursor c;

        table_bytes(&b, t);
        assert_int_equal(b.n, 160 + 64 + 2 * 128 + 4);
        assert_memory_equal(b.p, "SEKIGRNT\1\0\0\0\1\0\0\0\x11", 17);
        c = cursor_of(b.p + 32, 28);
        assert_int_equal(get_u64(&c), 9);
        assert_int_equal(get_i64(&c), 1500 * UTIME_S);
        assert_int_equal(get_i64(&c), 9000 * UTIME_S);
        assert_int_equal(get_u32(&c), 2);
        c = cursor_of(b.p + 224 + 128, 128);
        assert_memory_equal(b.p + 224 + 128, "\1\1\0\0\1\0\7\0\2\0\0\0\0\2", 14);
        get_run(&c, 72);
        assert_int_equal(get_i64(&c), 1000 * UTIME_S);
        assert_int_equal(get_i64(&c), 2000 * UTIME_S);
        assert_int_equal(get_i64(&c), INT64_MAX);
        assert_int_equal(get_u64(&c), 5);
        assert_true(get_zeros(&c, 24));
        assert_memory_equal(b.p + b.n - 4, "side", 4);
}

static void every_flipped_bit_and_every_cut_is_refused(void **state)
{
        struct grant rows[] = { a_row(1, 0), a_row(2, 0) };
        scoped(grants_free) struct grants *t = a_table(9, rows, 2, STR("side"));
        scoped(buf_done) struct buf b = BUF_INIT;
        struct err e = { 0 };

        table_bytes(&b, t);
        for (size_t bit = 0; bit < 8 * b.n; bit++) {
                struct grants *got = NULL;

                b.p[bit / 8] ^= (char)(1 << bit % 8);
                if (grants_decode(&got, buf_view(&b), &e) == ERR_OK && grants_verify(got, public_key(), &e) == ERR_OK)
                        fail_msg("bit %zu flipped, and the table still holds", bit);
                grants_free(got);
                b.p[bit / 8] ^= (char)(1 << bit % 8);
        }
        for (size_t n = 0; n < b.n; n++) {
                struct grants *got = NULL;

                if (grants_decode(&got, (struct str){ b.p, n }, &e) == ERR_OK)
                        fail_msg("cut to %zu bytes, and the table still decodes", n);
        }
}

/* Signed and hashed well, but not what version 1 may hold: the writer's fault must not become the gate's. */
static void malformed_rows_are_refused(void **state)
{
        static const struct { const char *name; size_t at; uint8_t value; } cases[] = {
                { "unknown kind", 0, 5 }, { "kind zero", 0, 0 }, { "unknown verdict", 1, 4 }, { "class", 2, 1 }, { "flags", 3, 1 },
                { "MAC longer than six bytes", 8 + 6, 1 }, { "end before begin", 80 + 7, 0x80 }, { "padding", 104, 1 },
                { "last byte", 127, 1 },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct grant row = a_row(1, 0);
                scoped(grants_free) struct grants *t = a_table(9, &row, 1, STR(""));
                scoped(grants_free) struct grants *got = NULL;
                scoped(buf_done) struct buf b = BUF_INIT;
                struct err e = { 0 };

                table_bytes(&b, t);
                b.p[224 + cases[i].at] = (char)cases[i].value;
                t->head.content = hash_bytes((struct str){ b.p + 224, b.n - 224 });
                grant_header_encode((uint8_t *)b.p, &t->head);
                if (grants_decode(&got, buf_view(&b), &e) != ERR_INPUT)
                        fail_msg("%s: wanted ERR_INPUT, got %d %s", cases[i].name, e.code, e.text);
        }
}

static void unsorted_and_double_rows_are_refused(void **state)
{
        struct grant twice[] = { a_row(1, 0), a_row(1, 1) }, back[] = { a_row(2, 0), a_row(1, 0) };
        struct grants *t;
        struct err e = { 0 };

        assert_ok(grants_new(&t, twice, 2, STR(""), &e), e);
        assert_int_equal(grants_seal(t, &e), ERR_BUG);
        grants_free(t);
        assert_ok(grants_new(&t, back, 2, STR(""), &e), e);
        assert_int_equal(grants_seal(t, &e), ERR_BUG);
        grants_free(t);
}

static unsigned dice(unsigned *s)
{
        *s = *s * 1103515245u + 12345u;
        return *s >> 16;
}

static size_t random_rows(struct grant *rows, unsigned *s)
{
        size_t n = 0;

        for (unsigned mac = 0; mac < MAX_ROWS; mac++)
                if (dice(s) % 3)
                        rows[n++] = a_row(mac, dice(s) % 2);
        return n;
}

static void a_delta_leads_from_any_table_to_any_other(void **state)
{
        unsigned s = 1;

        for (int round = 0; round < 300; round++) {
                struct grant rows[MAX_ROWS];
                size_t n = random_rows(rows, &s);
                scoped(grants_free) struct grants *from = a_table(4, rows, round % 7 ? n : 0, STR("old"));
                scoped(grants_free) struct grants *to = NULL, *got = NULL;
                scoped(buf_done) struct buf b = BUF_INIT;
                struct grant_delta d;
                struct err e = { 0 };

                n = random_rows(rows, &s);
                to = a_table(4 + 1 + dice(&s) % 3, rows, round % 11 ? n : 0, STR("newer"));
                to->head.previous = grant_header_hash(&from->head);
                table_sign(to);
                assert_ok(grants_delta(&b, from, to, &e), e);
                assert_ok(grant_delta_decode(&d, buf_view(&b), &e), e);
                assert_ok(grants_apply(&got, from, &d, public_key(), &e), e);
                assert_same_table(got, to);
        }
}

static void a_delta_for_another_table_asks_for_a_snapshot(void **state)
{
        struct grant rows[] = { a_row(1, 0), a_row(2, 0), a_row(3, 0) };
        scoped(grants_free) struct grants *from = a_table(4, rows, 2, STR(""));
        scoped(grants_free) struct grants *to = a_table(5, rows, 3, STR(""));
        scoped(grants_free) struct grants *other = a_table(3, rows, 2, STR(""));
        scoped(grants_free) struct grants *got = NULL;
        scoped(buf_done) struct buf b = BUF_INIT;
        struct grant_delta d;
        struct err e = { 0 };

        to->head.previous = grant_header_hash(&from->head);
        table_sign(to);
        assert_ok(grants_delta(&b, from, to, &e), e);
        assert_ok(grant_delta_decode(&d, buf_view(&b), &e), e);

        assert_int_equal(grants_apply(&got, other, &d, public_key(), &e), ERR_CONFLICT);          /* another seq */
        other->head.seq = 4;
        other->head.made_at++;
        assert_int_equal(grants_apply(&got, other, &d, public_key(), &e), ERR_CONFLICT);          /* same seq, other header */
        other->head = from->head;
        other->head.install.b[0] ^= 1;
        assert_int_equal(grants_apply(&got, other, &d, public_key(), &e), ERR_CONFLICT);          /* another install */
        assert_int_equal(grants_delta(&b, to, from, &e), ERR_CONFLICT);                           /* backwards */
        assert_null(got);
}

static void a_forged_or_wrong_delta_is_refused(void **state)
{
        struct grant rows[] = { a_row(1, 0), a_row(2, 0), a_row(3, 0) };
        scoped(grants_free) struct grants *from = a_table(4, rows, 2, STR(""));
        scoped(grants_free) struct grants *to = a_table(6, rows + 1, 2, STR(""));
        scoped(buf_done) struct buf b = BUF_INIT;
        struct err e = { 0 };

        assert_ok(grants_delta(&b, from, to, &e), e);
        for (size_t bit = 0; bit < 8 * b.n; bit++) {
                struct grants *got = NULL;
                struct grant_delta d;

                b.p[bit / 8] ^= (char)(1 << bit % 8);
                if (grant_delta_decode(&d, buf_view(&b), &e) == ERR_OK && grants_apply(&got, from, &d, public_key(), &e) == ERR_OK)
                        fail_msg("bit %zu flipped, and the delta still applies", bit);
                b.p[bit / 8] ^= (char)(1 << bit % 8);
        }
}

struct seen { int n; uint16_t type[8]; utime_t at[8]; size_t bytes[8]; };

static int see(void *ctx, const struct frame *f, struct err *e)
{
        struct seen *s = ctx;

        s->type[s->n] = f->type;
        s->at[s->n] = f->server_time;
        s->bytes[s->n++] = f->body.n;
        return ERR_OK;
}

static void frames_arrive_whole_in_any_portions(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        frame_heartbeat(&b, 77, 12);
        frame_head(&b, FRAME_DELTA, 78, 300);
        put_zeros(&b, 300);
        frame_head(&b, FRAME_SNAPSHOT, 79, 0);
        for (size_t portion = 1; portion <= b.n; portion++) {
                struct frame_reader r = { 0 };
                struct seen s = { 0 };
                struct err e = { 0 };

                for (size_t at = 0; at < b.n; at += portion)
                        assert_ok(frame_feed(&r, (struct str){ b.p + at, b.n - at < portion ? b.n - at : portion }, see, &s, &e), e);
                frame_reader_done(&r);
                assert_int_equal(s.n, 3);
                assert_int_equal(s.type[0], FRAME_HEARTBEAT);
                assert_int_equal(s.at[1], 78);
                assert_int_equal(s.bytes[1], 300);
                assert_int_equal(s.bytes[2], 0);
        }
}

static void bad_frames_end_the_stream(void **state)
{
        static const struct { const char *name; uint16_t type; uint32_t bytes; utime_t at; int want; } cases[] = {
                { "unknown type", 4, 0, 1, ERR_INPUT }, { "type zero", 0, 0, 1, ERR_INPUT }, { "time before 1970", 1, 0, -1, ERR_INPUT },
                { "longer than the maximum", 1, FRAME_BODY_MAX + 1, 1, ERR_TOO_BIG },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf b = BUF_INIT;
                struct frame_reader r = { 0 };
                struct seen s = { 0 };
                struct err e = { 0 };

                frame_head(&b, cases[i].type, cases[i].at, cases[i].bytes);
                if (frame_feed(&r, buf_view(&b), see, &s, &e) != cases[i].want)
                        fail_msg("%s: got %d %s", cases[i].name, e.code, e.text);
                frame_reader_done(&r);
        }
}

static void macs_are_read_in_one_spelling(void **state)
{
        static const char *const bad[] = { "", "02:00:00:00:00", "02-00-00-00-00-01", "02:00:00:00:00:0g", "0200:00:00:00:01:",
                                           "02:00:00:00:00:01:" };
        struct grant_key k, same;

        assert_true(grant_key_from_mac(&k, STR("02:00:5e:AB:cd:01")));
        assert_true(grant_key_from_mac(&same, STR("02:00:5E:ab:CD:01")));
        assert_int_equal(grant_key_cmp(&k, &same), 0);
        assert_memory_equal(k.key, "\x02\0\x5e\xab\xcd\x01", 6);
        for (size_t i = 0; i < countof(bad); i++)
                if (grant_key_from_mac(&k, str_of(bad[i])))
                        fail_msg("'%s' was taken for a MAC", bad[i]);
}

static void higher_epoch_then_higher_seq_is_newer(void **state)
{
        struct grant_header a = { .epoch = 1, .seq = 9 }, b = { .epoch = 2, .seq = 1 };

        assert_true(grants_newer(&b, &a));
        assert_false(grants_newer(&a, &b));
        assert_false(grants_newer(&a, &a));
        b = (struct grant_header){ .epoch = 1, .seq = 10 };
        assert_true(grants_newer(&b, &a));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(layout_is_the_documented_one),
                cmocka_unit_test(every_flipped_bit_and_every_cut_is_refused),
                cmocka_unit_test(malformed_rows_are_refused),
                cmocka_unit_test(unsorted_and_double_rows_are_refused),
                cmocka_unit_test(a_delta_leads_from_any_table_to_any_other),
                cmocka_unit_test(a_delta_for_another_table_asks_for_a_snapshot),
                cmocka_unit_test(a_forged_or_wrong_delta_is_refused),
                cmocka_unit_test(frames_arrive_whole_in_any_portions),
                cmocka_unit_test(bad_frames_end_the_stream),
                cmocka_unit_test(macs_are_read_in_one_spelling),
                cmocka_unit_test(higher_epoch_then_higher_seq_is_newer),
        };

        return unit_run("grants", tests);
}
