/* test_arena.c - memory that dies together. */
#include "base/arena.h"

#include "unit.h"

static void memory_is_zero_and_aligned(void **state)
{
        static const size_t sizes[] = { 1, 15, 16, 17, 1000, ARENA_BLOCK - 1, ARENA_BLOCK, ARENA_BLOCK + 1, 1 << 20 };
        scoped(arena_done) struct arena a = ARENA_INIT;

        for (int round = 0; round < 3; round++)
                for (size_t i = 0; i < countof(sizes); i++) {
                        unsigned char *p = arena_alloc(&a, sizes[i]);

                        assert_non_null(p);
                        assert_int_equal((uintptr_t)p % 16, 0);
                        for (size_t k = 0; k < sizes[i]; k++)
                                if (p[k])
                                        fail_msg("size %zu: byte %zu is %d, want 0", sizes[i], k, p[k]);
                        memset(p, 0xee, sizes[i]); /* the next one must not see this */
                }
}

static void pieces_do_not_overlap(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        unsigned char *p[200];

        for (size_t i = 0; i < countof(p); i++) {
                p[i] = arena_alloc(&a, 7 + i);
                assert_non_null(p[i]);
                memset(p[i], (int)i, 7 + i);
        }
        for (size_t i = 0; i < countof(p); i++)
                for (size_t k = 0; k < 7 + i; k++)
                        assert_int_equal(p[i][k], i);
}

static void too_much_is_refused_and_the_rest_stays(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        char *kept = arena_text(&a, "kept");

        assert_null(arena_alloc(&a, SIZE_MAX));
        assert_null(arena_alloc(&a, SIZE_MAX - 15));
        assert_null(arena_alloc(&a, (size_t)ARENA_MAX + 1));
        assert_null(arena_array(&a, SIZE_MAX / 2, 3));
        assert_null(arena_array(&a, (size_t)1 << 33, (size_t)1 << 33));
        assert_text(kept, "kept");
        assert_non_null(arena_alloc(&a, 10));
}

static void copies_end_in_nul(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        char *c = arena_copy(&a, "abc\0def", 5);

        assert_memory_equal(c, "abc\0d", 6);
        assert_null(arena_text(&a, NULL));
        assert_text(arena_text(&a, ""), "");
        assert_text(arena_printf(&a, "%s-%d", "関所", 7), "関所-7");
}

static void an_arena_serves_again_after_done(void **state)
{
        struct arena a = ARENA_INIT;

        arena_done(&a); /* empty is fine */
        assert_non_null(arena_alloc(&a, 5));
        arena_done(&a);
        assert_int_equal(a.total_bytes, 0);
        assert_non_null(arena_alloc(&a, 5));
        arena_done(&a);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(memory_is_zero_and_aligned),
                cmocka_unit_test(pieces_do_not_overlap),
                cmocka_unit_test(too_much_is_refused_and_the_rest_stays),
                cmocka_unit_test(copies_end_in_nul),
                cmocka_unit_test(an_arena_serves_again_after_done),
        };

        return unit_run("arena", tests);
}
