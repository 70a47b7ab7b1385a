/* test_tile.c - which tiles a size asks for, what they are called, and bundles with every small lie. */
#include "core/journal/tile.h"

#include "unit.h"

static void paths_are_those_of_tlog_tiles(void **state)
{
        static const struct { struct tile t; const char *want; } cases[] = {
                { { 0, 0, 256 }, "tile/0/000" },
                { { 0, 5, 1 }, "tile/0/005.p/1" },
                { { 1, 999, 256 }, "tile/1/999" },
                { { 0, 1000, 255 }, "tile/0/x001/000.p/255" },
                { { TILE_ENTRIES, 1234067, 256 }, "tile/entries/x001/x234/067" },      /* the specification's own example */
                { { TILE_ENTRIES, 39062, 128 }, "tile/entries/x039/062.p/128" },
                { { 0, (TREE_SIZE_MAX >> 8) - 1, 256 }, "tile/0/x004/x294/x967/295" },
        };
        char got[TILE_PATH];

        for (size_t i = 0; i < countof(cases); i++) {
                tile_path(got, cases[i].t);
                assert_string_equal(got, cases[i].want);
        }
}

/* Each size's tiles, counted from the definition alone: level L holds size / 256^L hashes. */
static void a_size_asks_for_so_many_tiles(void **state)
{
        static const uint64_t sizes[] = { 0, 1, 255, 256, 257, 65535, 65536, 65537, 1000000, 16777216, TREE_SIZE_MAX };

        for (size_t i = 0; i < countof(sizes); i++) {
                uint64_t hashes = sizes[i];

                assert_true(tile_count(sizes[i], TILE_ENTRIES) == tile_count(sizes[i], 0));
                for (int level = 0; level < TILE_LEVELS + 1; level++, hashes /= 256) {
                        uint64_t n = tile_count(sizes[i], level), sum = 0;

                        if (n)
                                sum = (n - 1) * 256 + tile_at(sizes[i], level, n - 1).width;
                        assert_true(sum == (level < TILE_LEVELS ? hashes : 0));
                        assert_true(n < 2 || tile_at(sizes[i], level, 0).width == 256);
                }
        }
}

static struct str view(const struct buf *b)
{
        return buf_view(b);
}

static void what_was_put_into_a_bundle_comes_out(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT, big = BUF_INIT;
        struct bundle cut = { 0 };
        struct str got;
        struct err e = { 0 };

        while (big.n < ENTRY_MAX)
                buf_char(&big, 'x');
        assert_ok(bundle_add(&b, STR("{}"), &e), e);
        assert_ok(bundle_add(&b, STR(""), &e), e);
        assert_ok(bundle_add(&b, view(&big), &e), e);
        cut.rest = view(&b);
        assert_ok(bundle_next(&got, &cut, &e), e);
        assert_true(str_is(got, "{}"));
        assert_ok(bundle_next(&got, &cut, &e), e);
        assert_int_equal(got.n, 0);
        assert_ok(bundle_next(&got, &cut, &e), e);
        assert_true(str_eq(got, view(&big)));
        assert_int_equal(bundle_next(&got, &cut, &e), ERR_ABSENT);
        assert_int_equal(cut.seen, 3);
        buf_char(&big, 'x');
        assert_int_equal(bundle_add(&b, view(&big), &e), ERR_TOO_BIG);
}

static void a_bundle_cut_anywhere_is_refused(void **state)
{
        static const char whole[] = "\0\2{}\0\3abc";

        for (size_t n = 1; n < sizeof(whole) - 1; n++) {
                struct bundle b = { .rest = { whole, n } };
                struct str got;
                struct err e = { 0 };
                int r;

                do
                        r = bundle_next(&got, &b, &e);
                while (r == ERR_OK);
                assert_int_equal(r, n == 4 ? ERR_ABSENT : ERR_INPUT);   /* after 4 bytes the first entry is whole: the count tells */
                assert_true(n != 4 || b.seen == 1);
        }
}

static void a_bundle_holds_at_most_256(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct bundle cut = { 0 };
        struct str got;
        struct err e = { 0 };

        for (int i = 0; i < 257; i++)
                assert_ok(bundle_add(&b, STR("{}"), &e), e);
        cut.rest = view(&b);
        for (int i = 0; i < 256; i++)
                assert_ok(bundle_next(&got, &cut, &e), e);
        assert_int_equal(bundle_next(&got, &cut, &e), ERR_INPUT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(paths_are_those_of_tlog_tiles), cmocka_unit_test(a_size_asks_for_so_many_tiles),
                cmocka_unit_test(what_was_put_into_a_bundle_comes_out), cmocka_unit_test(a_bundle_cut_anywhere_is_refused),
                cmocka_unit_test(a_bundle_holds_at_most_256),
        };

        return unit_run("tile", tests);
}
