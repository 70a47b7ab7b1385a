/* A frame, and every decoder of the signer's on its body: what is taken encodes to the same bytes. */
#include "wire/signer.h"
#include "wire/signer_state.h"
#include "wire/tombstones.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* True when `b` holds the same bytes; empties it. */
static bool same(struct buf *b, struct str in)
{
        bool yes = str_eq(buf_view(b), in);

        buf_clear(b);
        return yes;
}

/* Decodes `in` as `type`; what is taken must come back by `encode`. */
#define ROUND(type, decode, encode)                              \
        do {                                                     \
                struct type m;                                   \
                if (decode(&m, in, NULL) == ERR_OK) {            \
                        encode;                                  \
                        if (!same(&b, in))                       \
                                __builtin_trap();                \
                }                                                \
        } while (0)

static void tombs_try(struct str in)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf b = BUF_INIT;
        char unit[TOMBSTONE_UNIT];
        struct tombstone *list;
        size_t n, torn;

        if (tombstone_fixed_decode(unit, in, NULL) == ERR_OK) {
                tombstone_fixed_encode(&b, unit);
                if (!same(&b, in))
                        __builtin_trap();
        }
        if (tombstones_decode(&list, &n, &torn, in, &a, NULL) == ERR_OK) {
                tombstones_head_encode(&b);
                for (size_t i = 0; i < n; i++)
                        tombstone_encode(&b, &list[i]);
                if (!same(&b, (struct str){ in.p, in.n - torn }))
                        __builtin_trap();
        }
}

static void body_try(struct str in)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct cursor c = cursor_of(in.p, in.n);
        struct evidence ev;
        struct signer_state state;
        uint8_t sig[ED25519_SIG];

        ROUND(signer_append, signer_append_decode, signer_append_encode(&b, m.first, m.leaves, m.n));
        ROUND(signer_head, signer_head_decode, signer_head_encode(&b, &m));
        ROUND(signer_info, signer_info_decode, signer_info_encode(&b, &m));
        ROUND(signer_cert, signer_cert_decode, signer_cert_encode(&b, &m));
        ROUND(signer_order, signer_order_decode, signer_order_encode(&b, &m));
        ROUND(str, signer_der_decode, signer_der_encode(&b, m));
        ROUND(signer_crl, signer_crl_decode,
              for (uint32_t i = 0; i < m.n; i++) (void)signer_crl_row(&m, i);
              buf_str(&b, in));
        ROUND(order, order_decode, uint8_t o[ORDER_BYTES]; order_encode(o, &m); buf_add(&b, o, sizeof(o)));
        if (evidence_decode(&ev, &c, NULL) == ERR_OK) {
                evidence_encode(&b, &ev);
                if (!same(&b, (struct str){ in.p, in.n - c.left }))
                        __builtin_trap();
        }
        if (signer_ordered_decode(&ev.entry, sig, in, NULL) == ERR_OK && ev.entry.n > in.n)
                __builtin_trap();
        (void)signer_state_decode(&state, in, NULL);
        tombs_try(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct str in = { (const char *)data, size };
        struct signer_frame f;

        body_try(in);
        if (size >= SIGNER_HEAD_BYTES && signer_frame_decode(&f, (struct str){ in.p, SIGNER_HEAD_BYTES }, NULL) == ERR_OK)
                body_try((struct str){ in.p + SIGNER_HEAD_BYTES, size - SIGNER_HEAD_BYTES });
        return 0;
}
