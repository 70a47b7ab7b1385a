/* fuzz_shape.c - bodies of the API: what is taken is UTF-8 in NFC and within its size; a refusal can be said. */
#include "server/office/api/shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        static const struct member members[] = { { "name", MEMBER_TEXT, 40 }, { "rev", MEMBER_INT, 0 }, { "answers", MEMBER_OBJECT, 0 } };
        struct member_value v[countof(members)] = { 0 };
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(json_decref) json_t *doc = NULL, *said = NULL;
        struct err e = { 0 };
        struct str again;
        int r = shape_read(&doc, v, (struct str){ (const char *)data, n }, members, countof(members), &a, &e);

        if (r < 0)
                said = json_err(&e, r);
        if (r < 0 ? !said || json_array_size(json_object_get(json_object_get(said, "error"), "args")) != (size_t)e.nargs
                  : !utf8_ok(v[0].text) || !v[2].object || shape_text(&again, v[0].text, "name", &a, NULL) < 0 || !str_eq(again, v[0].text))
                __builtin_trap();
        return 0;
}
