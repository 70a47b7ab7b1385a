/* fuzz_grants.c - table files: what decodes must encode to the same bytes. */
#include "wire/grants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        scoped(grants_free) struct grants *t = NULL;
        scoped(buf_done) struct buf copy = BUF_INIT, out = BUF_INIT;
        struct grant_header h;

        buf_add(&copy, data, n);
        /* The content hash is beyond any fuzzer's luck: set it right, so that the records behind it are reached. */
        if (n >= GRANT_HEADER_BYTES + ED25519_SIG && grant_header_decode(&h, (struct str){ copy.p, GRANT_HEADER_BYTES }, NULL) == ERR_OK) {
                h.content = hash_bytes((struct str){ copy.p + GRANT_HEADER_BYTES + ED25519_SIG, n - GRANT_HEADER_BYTES - ED25519_SIG });
                grant_header_encode((uint8_t *)copy.p, &h);
        }
        if (grants_decode(&t, buf_view(&copy), NULL) == ERR_OK && (grants_encode(&out, t, NULL) < 0 || !str_eq(buf_view(&out), buf_view(&copy))))
                __builtin_trap();
        return 0;
}
