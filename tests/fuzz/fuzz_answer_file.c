/* Exchanged answer sheets: whatever is taken is signed and has one spelling only, so nothing but its sender's file is ever taken. */
#include "wire/answer_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf content = BUF_INIT;
        struct answer_file f;
        char print[FINGERPRINT_TEXT];

        (void)fingerprint_parse(print, (struct str){ (const char *)data, size });
        if (answer_file_open(&f, (struct str){ (const char *)data, size }, &a, NULL) != ERR_OK)
                return 0;
        if (answer_content_encode(&content, &f, f.key.name, NULL) != ERR_OK)
                __builtin_trap();
        struct hash h = hash_bytes(buf_view(&content));

        if (!hash_eq(&h, &f.digest))
                __builtin_trap();
        return 0;
}
