/* test_uuid.c - UUIDv7 (RFC 9562 §5.7 and its example in A.6). */
#include "base/uuid.h"

#include "unit.h"

static void example_of_the_rfc(void **state)
{
        /* A.6: 2022-02-22T19:22:22Z, rand_a CC3, rand_b 18C4DC0C0C07398F */
        static const uint8_t fresh[UUID_RANDOM] = { 0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f };
        struct uuid id = uuid_make(1645557742000000, fresh);
        char text[UUID_TEXT];

        uuid_text(text, id);
        assert_text(text, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

static void text_and_back(void **state)
{
        struct uuid id, other;
        char text[UUID_TEXT];

        assert_true(uuid_parse(STR("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"), &id));
        uuid_text(text, id);
        assert_text(text, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
        assert_true(uuid_parse(str_of(text), &other));
        assert_true(uuid_eq(id, other));
        assert_false(uuid_is_zero(id));
        assert_true(uuid_is_zero((struct uuid){ 0 }));
        other.b[15] ^= 1;
        assert_false(uuid_eq(id, other));
}

static void only_the_canonical_spelling(void **state)
{
        static const char *const bad[] = {
                "", "017F22E2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e279b07cc398c4dc0c0c07398f", "{017f22e2-79b0-7cc3-98c4-dc0c0c07398}",
                "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398fa", "017f22e2_79b0-7cc3-98c4-dc0c0c07398f",
                "017f22e-279b0-7cc3-98c4-dc0c0c07398f", "g17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        };

        for (size_t i = 0; i < countof(bad); i++) {
                struct uuid id = { { 7 } };

                if (uuid_parse(str_of(bad[i]), &id) || id.b[0] != 7)
                        fail_msg("'%s' was accepted or left a trace", bad[i]);
        }
}

static void later_ids_sort_later(void **state)
{
        static const uint8_t high[UUID_RANDOM] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, low[UUID_RANDOM] = { 0 };
        char a[UUID_TEXT], b[UUID_TEXT];

        uuid_text(a, uuid_make(1645557742000000, high));
        uuid_text(b, uuid_make(1645557742001000, low));
        assert_true(str_cmp(str_of(a), str_of(b)) < 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(example_of_the_rfc),
                cmocka_unit_test(text_and_back),
                cmocka_unit_test(only_the_canonical_spelling),
                cmocka_unit_test(later_ids_sort_later),
        };

        return unit_run("uuid", tests);
}
