/* fuzz_keylink.c - key links in a side section: what nobody signed moves nobody, and what is decoded is encoded the same again. */
#include "base/cursor.h"
#include "wire/keylink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct key_trust before = { .generation = 1, .key = { { 1 }, { 2 } } }, trust = before;
        struct str bytes = { (const char *)data, size };
        struct keylink l;

        if (keylinks_follow(&trust, (struct uuid){ { 1 } }, KEYLINK_TABLE, bytes, NULL, NULL) != 0 && memcmp(&trust, &before, sizeof(trust)))
                __builtin_trap();
        if (keylink_decode(&l, bytes, NULL) == ERR_OK) {
                scoped(buf_done) struct buf again = BUF_INIT;

                keylink_encode(&again, &l);
                if (again.n != size || memcmp(again.p, data, size))
                        __builtin_trap();
        }
        return 0;
}
