/* Canonical JSON: what is parsed encodes to the very bytes it came from. */
#include "core/journal/canon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        scoped(buf_done) struct buf again = BUF_INIT;
        struct str in = { (const char *)data, size };
        json_t *j = NULL;

        if (canon_parse(&j, in, NULL) == ERR_OK && (canon_encode(&again, j, NULL) < 0 || !str_eq(buf_view(&again), in)))
                __builtin_trap();
        json_decref(j);
        return 0;
}
