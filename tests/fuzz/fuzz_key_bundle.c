/* fuzz_key_bundle.c - what decodes is encoded to the same bytes, and names nothing outside its four places. */
#include "wire/key_bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        static struct key_bundle b;
        scoped(buf_done) struct buf again = BUF_INIT;
        struct str input = { (const char *)data, n };

        if (key_bundle_decode(&b, input, NULL) < 0)
                return 0;
        key_bundle_encode(&again, &b);
        if (!str_eq(buf_view(&again), input))
                __builtin_trap();
        for (size_t i = 0; i < b.n; i++) {
                if (memchr(b.file[i].path.p, 0, b.file[i].path.n) || b.file[i].path.p[0] == '/')
                        __builtin_trap();
                for (size_t k = 0; k + 1 < b.file[i].path.n; k++)
                        if (b.file[i].path.p[k] == '/' && b.file[i].path.p[k + 1] == '.')
                                __builtin_trap();
        }
        return 0;
}
