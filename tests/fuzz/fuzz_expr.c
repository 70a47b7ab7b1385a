/* A condition against a few names: what is read is written out, and reads back as the same. */
#include "core/expr/expr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const struct expr_choice ids[] = { { "a" }, { "b" } };
        static const struct expr_choices choices = { ids, countof(ids), EXPR_LOWEST_FIRST };
        static const struct expr_name rows[] = { { "c", EXPR_CHOICE, false, &choices, { 0 } }, { "l", EXPR_CHOICE, true, &choices, { 0 } },
                { "y", EXPR_BOOL, false, NULL, { 0 } }, { "n", EXPR_INT, false, NULL, { 0 } }, { "t", EXPR_TEXT, false, NULL, { 0 } },
                { "d", EXPR_DATE, false, NULL, { 0 } } };
        static const struct expr_names names = { rows, countof(rows) };
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf out = BUF_INIT;
        struct expr *once, *twice;

        if (expr_parse(&once, (struct str){ (const char *)data, size }, &names, &a, NULL) < 0)
                return 0;
        expr_format(&out, once);
        if (out.n <= EXPR_BYTES_MAX && (expr_parse(&twice, buf_view(&out), &names, &a, NULL) < 0 || !expr_equal(once, twice)))
                __builtin_trap();
        return 0;
}
