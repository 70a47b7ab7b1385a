/* test_cursor.c - fixed layouts in bytes that nobody vouches for. */
#include "base/cursor.h"

#include "unit.h"

static void what_is_put_is_got(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct cursor c;
        char word[4];

        put_u8(&b, 0xfe);
        put_u16(&b, 0xfedc);
        put_u32(&b, 0xfedcba98);
        put_u64(&b, 0xfedcba9876543210);
        put_i64(&b, INT64_MIN);
        put_run(&b, "word", 4);
        put_zeros(&b, 130);
        assert_memory_equal(b.p, "\xfe\xdc\xfe\x98\xba\xdc\xfe\x10\x32\x54\x76\x98\xba\xdc\xfe", 15); /* little-endian on every machine */

        c = cursor_of(b.p, b.n);
        assert_int_equal(get_u8(&c), 0xfe);
        assert_int_equal(get_u16(&c), 0xfedc);
        assert_int_equal(get_u32(&c), 0xfedcba98);
        assert_true(get_u64(&c) == 0xfedcba9876543210);
        assert_true(get_i64(&c) == INT64_MIN);
        assert_true(get_copy(&c, word, 4));
        assert_memory_equal(word, "word", 4);
        assert_true(get_zeros(&c, 130));
        assert_int_equal(c.left, 0);
        assert_false(c.bad);
}

static void every_short_length_is_bad_and_never_read_past(void **state)
{
        for (size_t n = 0; n < 15; n++) {
                unsigned char *exact = malloc(n ? n : 1); /* so that ASan sees one byte too far */
                struct cursor c = cursor_of(exact, n);

                memset(exact, 0xff, n ? n : 1);
                (void)get_u8(&c);
                (void)get_u16(&c);
                (void)get_u32(&c);
                (void)get_u64(&c);
                assert_true(c.bad);
                free(exact);
        }
}

static void bad_stays_bad_and_gives_zero(void **state)
{
        struct cursor c = cursor_of("\x01\x02\x03", 3);
        char to[2] = "x";

        assert_int_equal(get_u32(&c), 0);
        assert_true(c.bad);
        assert_int_equal(get_u8(&c), 0);
        assert_null(get_run(&c, 1));
        assert_false(get_copy(&c, to, 1));
        assert_int_equal(to[0], 0);
        assert_null(get_run(&c, SIZE_MAX));
}

static void padding_must_be_zero(void **state)
{
        struct cursor good = cursor_of("\0\0\0\0", 4), bad = cursor_of("\0\0\1\0", 4), short_ = cursor_of("\0\0", 2);

        assert_true(get_zeros(&good, 4));
        assert_false(get_zeros(&bad, 4));
        assert_true(bad.bad);
        assert_false(get_zeros(&short_, 3));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_put_is_got),
                cmocka_unit_test(every_short_length_is_bad_and_never_read_past),
                cmocka_unit_test(bad_stays_bad_and_gives_zero),
                cmocka_unit_test(padding_must_be_zero),
        };

        return unit_run("cursor", tests);
}
