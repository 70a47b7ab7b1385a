/* fuzz_sealed.c - sealed files and recovery codes: what parses prints to what parses to the same; nothing opens that was not sealed. */
#include "wire/sealed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const uint8_t secret[RECOVERY_BYTES] = { 1, 2, 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        scoped(buf_done) struct buf code = BUF_INIT, plain = BUF_INIT, again = BUF_INIT, back = BUF_INIT;
        struct str input = { (const char *)data, n }, about;
        uint8_t typed[RECOVERY_BYTES], twice[RECOVERY_BYTES];

        if (recovery_parse(typed, input, NULL) == ERR_OK) {
                recovery_print(&code, typed);
                if (recovery_parse(twice, buf_view(&code), NULL) < 0 || memcmp(typed, twice, sizeof(typed)) != 0)
                        __builtin_trap();
        }
        if (sealed_open(&plain, secret, input, NULL) == ERR_OK && (sealed_about(&about, input, NULL) < 0 || plain.n > n))
                __builtin_trap();
        /* The input as content: it comes back. */
        if (sealed_make(&again, secret, STR("fuzz"), input, (const uint8_t[SEALED_SALT]){ 5 }, NULL) < 0 || sealed_open(&back, secret, buf_view(&again), NULL) < 0 ||
            !str_eq(buf_view(&back), input))
                __builtin_trap();
        return 0;
}
