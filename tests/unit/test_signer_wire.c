/* test_signer_wire.c - the signer's messages: what is encoded comes back; short, long, padded or too large is refused. */
#include "wire/grants.h"
#include "wire/signer.h"
#include "wire/signer_state.h"

#include "unit.h"

static char entry[200];
static struct evidence evidence = { .index = 7, .proof.n = 3, .digest_at = 10, .entry = { entry, sizeof(entry) } };

/* Each decoder behind one face, for the tests that hold for all of them. */
static int try_append(struct str s)   { struct signer_append m; return signer_append_decode(&m, s, NULL); }
static int try_head(struct str s)     { struct signer_head m; return signer_head_decode(&m, s, NULL); }
static int try_info(struct str s)     { struct signer_info m; return signer_info_decode(&m, s, NULL); }
static int try_cert(struct str s)     { struct signer_cert m; return signer_cert_decode(&m, s, NULL); }
static int try_crl(struct str s)      { struct signer_crl m; return signer_crl_decode(&m, s, NULL); }
static int try_order(struct str s)    { struct signer_order m; return signer_order_decode(&m, s, NULL); }
static int try_der(struct str s)      { struct str der; return signer_der_decode(&der, s, NULL); }
static int try_frame(struct str s)    { struct signer_frame f; return signer_frame_decode(&f, s, NULL); }
static int try_made(struct str s)     { struct order o; return order_decode(&o, s, NULL); }
static int try_ordered(struct str s)  { struct str o; uint8_t sig[ED25519_SIG]; return signer_ordered_decode(&o, sig, s, NULL); }
static int try_evidence(struct str s)
{
        struct cursor c = cursor_of(s.p, s.n);
        struct evidence ev;
        int r = evidence_decode(&ev, &c, NULL);

        return r < 0 ? r : c.left ? ERR_INPUT : ERR_OK;
}

static void put_append(struct buf *b)
{
        struct hash h[2] = { hash_bytes(STR("a")), hash_bytes(STR("b")) };

        signer_append_encode(b, 41, h, 2);
}

static void put_head(struct buf *b)
{
        signer_head_encode(b, &(struct signer_head){ .size = 9, .sig = { 1 } });
}

static void put_info(struct buf *b)
{
        signer_info_encode(b, &(struct signer_info){ .epoch = 2, .head.size = 5, .table_seq = 3, .crl_number = 4, .ca = STR("der"),
                                   .table_generation = 7, .ca_generation = 8, .table_next = { { 1 }, { 2 } }, .ca_next = STR("next"), .root = STR("root") });
}

static void put_cert(struct buf *b)
{
        signer_cert_encode(b, &(struct signer_cert){ .point = { 4 }, .serial = { 1 }, .from = 1, .until = 2 });
}

static void put_crl(struct buf *b)
{
        struct revoked rows[2] = { { .serial = { 1 }, .at = 5, .reason = 1 }, { .serial = { 2 }, .at = 6, .reason = 4 } };

        signer_crl_encode(b, 8, 100, 200, rows, 2);
}

static void put_order(struct buf *b)
{
        signer_order_encode(b, &(struct signer_order){ .kind = 2, .until = 77 });
}

static void put_der(struct buf *b)
{
        signer_der_encode(b, STR("certificate"));
}

static void put_frame(struct buf *b)
{
        signer_frame_encode(b, SIGNER_INFO, 0, STR(""));
}

static void put_made(struct buf *b)
{
        uint8_t bytes[ORDER_BYTES];

        order_encode(bytes, &(struct order){ .kind = 3, .epoch = 1, .until = 9, .index = 12 });
        buf_add(b, bytes, sizeof(bytes));
}

static void put_ordered(struct buf *b)
{
        signer_ordered_encode(b, STR("order"), (const uint8_t[ED25519_SIG]){ 5 });
}

static void put_evidence(struct buf *b)
{
        evidence_encode(b, &evidence);
}

static const struct { const char *name; void (*put)(struct buf *b); int (*try)(struct str s); } messages[] = {
        { "append", put_append, try_append },       { "head", put_head, try_head },          { "info", put_info, try_info },
        { "cert", put_cert, try_cert },             { "crl", put_crl, try_crl },             { "order", put_order, try_order },
        { "der", put_der, try_der },                { "frame", put_frame, try_frame },       { "made order", put_made, try_made },
        { "ordered", put_ordered, try_ordered },    { "evidence", put_evidence, try_evidence },
};

static void every_message_has_exactly_one_length(void **state)
{
        for (size_t i = 0; i < countof(messages); i++) {
                scoped(buf_done) struct buf b = BUF_INIT;
                size_t whole;

                messages[i].put(&b);
                whole = b.n;
                if (messages[i].try(buf_view(&b)) != ERR_OK)
                        fail_msg("%s: does not come back", messages[i].name);
                for (size_t n = 0; n < whole; n++)
                        if (messages[i].try((struct str){ b.p, n }) >= 0)
                                fail_msg("%s: taken with %zu of %zu bytes", messages[i].name, n, whole);
                buf_char(&b, 0);
                if (messages[i].try(buf_view(&b)) >= 0)
                        fail_msg("%s: taken with a byte too many", messages[i].name);
        }
}

static void fields_come_back_as_they_went(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct signer_append append;
        struct signer_info info;
        struct signer_crl crl;
        struct revoked row;
        struct order order;
        struct signer_frame frame;
        struct hash h = hash_bytes(STR("b"));

        put_append(&b);
        assert_int_equal(signer_append_decode(&append, buf_view(&b), NULL), ERR_OK);
        assert_int_equal(append.first, 41);
        assert_int_equal(append.n, 2);
        assert_true(hash_eq(&append.leaves[1], &h));
        buf_clear(&b);
        put_info(&b);
        assert_int_equal(signer_info_decode(&info, buf_view(&b), NULL), ERR_OK);
        assert_int_equal(info.table_seq, 3);
        assert_int_equal(info.crl_number, 4);
        assert_true(str_is(info.ca, "der"));
        assert_int_equal(info.table_generation, 7);
        assert_int_equal(info.ca_generation, 8);
        assert_int_equal(info.table_next[1][0], 2);
        assert_true(str_is(info.ca_next, "next"));
        assert_true(str_is(info.root, "root"));
        buf_clear(&b);
        put_crl(&b);
        assert_int_equal(signer_crl_decode(&crl, buf_view(&b), NULL), ERR_OK);
        row = signer_crl_row(&crl, 1);
        assert_int_equal(row.serial[0], 2);
        assert_int_equal(row.at, 6);
        assert_int_equal(row.reason, 4);
        buf_clear(&b);
        put_made(&b);
        assert_int_equal(b.n, ORDER_BYTES);
        assert_int_equal(order_decode(&order, buf_view(&b), NULL), ERR_OK);
        assert_int_equal(order.kind, 3);
        assert_int_equal(order.index, 12);
        buf_clear(&b);
        signer_frame_encode(&b, SIGNER_TABLE, ERR_CONFLICT, STR(""));
        assert_int_equal(signer_frame_decode(&frame, buf_view(&b), NULL), ERR_OK);
        assert_int_equal(frame.status, ERR_CONFLICT);
        assert_int_equal(frame.verb, SIGNER_TABLE);
}

static void frames_of_other_kinds_are_refused(void **state)
{
        static const struct { const char *name; size_t at; char byte; int want; } rows[] = {
                { "another magic", 0, 'X', ERR_INPUT },
                { "another version", 4, 2, ERR_VERSION },
                { "a body above the maximum", 10, 3, ERR_TOO_BIG },
                { "a positive status", 12, 1, ERR_INPUT },
        };

        for (size_t i = 0; i < countof(rows); i++) {
                scoped(buf_done) struct buf b = BUF_INIT;

                put_frame(&b);
                b.p[rows[i].at] = rows[i].byte;
                if (try_frame(buf_view(&b)) != rows[i].want)
                        fail_msg("%s: %d", rows[i].name, try_frame(buf_view(&b)));
        }
}

static void counts_above_their_maximum_are_refused_before_use(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        put_u64(&b, 0);
        put_u32(&b, SIGNER_LEAVES_MAX + 1);
        assert_int_equal(try_append(buf_view(&b)), ERR_TOO_BIG);
        buf_clear(&b);
        put_u64(&b, 0);
        put_u32(&b, 0);
        assert_int_equal(try_append(buf_view(&b)), ERR_TOO_BIG);
        buf_clear(&b);
        put_zeros(&b, 24);
        put_u32(&b, SIGNER_REVOKED_MAX + 1);
        assert_int_equal(try_crl(buf_view(&b)), ERR_TOO_BIG);
        buf_clear(&b);
        put_u64(&b, 0);
        put_u8(&b, SIGNER_PROOF_MAX + 1);
        put_zeros(&b, 7);
        assert_int_equal(try_evidence(buf_view(&b)), ERR_TOO_BIG);
        buf_clear(&b);
        put_zeros(&b, 16);
        put_u32(&b, 0);
        put_u32(&b, ENTRY_MAX + 1);
        assert_int_equal(try_evidence(buf_view(&b)), ERR_TOO_BIG);
}

static void the_digest_must_lie_within_the_entry(void **state)
{
        static const struct { uint32_t at; size_t n; int want; } rows[] = {
                { 0, 64, ERR_OK }, { 1, 64, ERR_INPUT }, { 0, 63, ERR_INPUT }, { 136, 200, ERR_OK }, { 137, 200, ERR_INPUT },
                { UINT32_MAX, 200, ERR_INPUT },
        };

        for (size_t i = 0; i < countof(rows); i++) {
                scoped(buf_done) struct buf b = BUF_INIT;
                struct evidence ev = { .digest_at = rows[i].at, .entry = { entry, rows[i].n } };

                evidence_encode(&b, &ev);
                assert_int_equal(try_evidence(buf_view(&b)), rows[i].want);
        }
}

static void padding_must_be_zero(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        put_evidence(&b);
        b.p[12] = 1;
        assert_int_equal(try_evidence(buf_view(&b)), ERR_INPUT);
        buf_clear(&b);
        put_info(&b);
        b.p[21] = 1;
        assert_int_equal(try_info(buf_view(&b)), ERR_INPUT);
}

static void the_digest_is_found_where_the_entry_names_it(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct hash h = hash_bytes(STR("fixed part"));
        uint32_t at = 99;

        buf_text(&b, "{\"note\":{\"digest\":\"");
        for (size_t i = 0; i < HASH_SIZE; i++)
                buf_printf(&b, "%02x", h.b[i]);
        buf_text(&b, "\"}}");
        assert_int_equal(evidence_digest_find(&at, buf_view(&b), STR("fixed part"), NULL), ERR_OK);
        assert_int_equal(at, 19);
        assert_int_equal(evidence_digest_find(&at, buf_view(&b), STR("other part"), NULL), ERR_ABSENT);
        assert_int_equal(evidence_digest_find(&at, STR(""), STR("fixed part"), NULL), ERR_ABSENT);
        assert_int_equal(at, 19);
}

/* A digest names bytes, not a verb: it must never be possible to present one verb's bytes to another. */
static void no_two_verbs_share_a_length_of_their_fixed_part(void **state)
{
        size_t cert = POINT_BYTES + SERIAL_BYTES + 16 + 16, order = 26, table = GRANT_HEADER_BYTES;

        assert_true(cert != order && cert != table && order != table);
        for (size_t n = 0; n <= SIGNER_REVOKED_MAX; n++) {
                size_t crl = 28 + 29 * n;

                assert_true(crl != cert && crl != order && crl != table);
        }
}

static struct signer_state state_of(uint64_t counter, uint64_t leaves)
{
        struct signer_state s = { .counter = counter, .epoch = 1, .table_seq = 5 };
        struct hash h = hash_bytes(STR("leaf"));

        for (uint64_t i = 0; i < leaves; i++)
                assert_int_equal(edge_append(&s.edge, &h, NULL), ERR_OK);
        s.root = edge_root(&s.edge);
        return s;
}

static void state_slots_survive_one_torn_write(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct signer_state old = state_of(7, 700), new = state_of(8, 701), got;

        signer_state_encode(&b, &old);
        signer_state_encode(&b, &new);
        assert_int_equal(b.n, 2 * SIGNER_SLOT_BYTES);
        assert_int_equal(signer_state_decode(&got, buf_view(&b), NULL), ERR_OK);
        assert_int_equal(got.counter, 8);
        assert_int_equal(got.edge.size, 701);
        for (size_t at = SIGNER_SLOT_BYTES; at < b.n; at += 97) {
                b.p[at] ^= 1;
                assert_int_equal(signer_state_decode(&got, buf_view(&b), NULL), ERR_OK);
                assert_int_equal(got.counter, 7);
                b.p[at] ^= 1;
        }
        b.p[100] ^= 1;
        b.p[5000] ^= 1;
        assert_int_equal(signer_state_decode(&got, buf_view(&b), NULL), ERR_TAMPERED);
        assert_int_equal(signer_state_decode(&got, (struct str){ b.p, SIGNER_SLOT_BYTES }, NULL), ERR_TAMPERED);
        assert_int_equal(signer_state_decode(&got, STR(""), NULL), ERR_TAMPERED);
}

/* A slot with a fitting checksum whose root does not follow from its edge was not written by us. */
static void a_root_that_does_not_follow_from_the_edge_is_refused(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct signer_state bad = state_of(1, 5), got;

        bad.root.b[0] ^= 1;
        signer_state_encode(&b, &bad);
        put_zeros(&b, SIGNER_SLOT_BYTES);
        assert_int_equal(signer_state_decode(&got, buf_view(&b), NULL), ERR_TAMPERED);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_message_has_exactly_one_length),
                cmocka_unit_test(fields_come_back_as_they_went),
                cmocka_unit_test(frames_of_other_kinds_are_refused),
                cmocka_unit_test(counts_above_their_maximum_are_refused_before_use),
                cmocka_unit_test(the_digest_must_lie_within_the_entry),
                cmocka_unit_test(padding_must_be_zero),
                cmocka_unit_test(the_digest_is_found_where_the_entry_names_it),
                cmocka_unit_test(no_two_verbs_share_a_length_of_their_fixed_part),
                cmocka_unit_test(state_slots_survive_one_torn_write),
                cmocka_unit_test(a_root_that_does_not_follow_from_the_edge_is_refused),
        };

        memset(entry, 'e', sizeof(entry));
        return unit_run("signer_wire", tests);
}
