/* test_logdir.c - sekisho-log and subset: out and in again, and every small lie. */
#include "core/journal/logdir.h"

#include "unit.h"

static struct log_epochs made, read_back;

static void make(uint32_t n)
{
        memset(&made, 0, sizeof(made));
        for (size_t i = 0; i < sizeof(made.install.b); i++)
                made.install.b[i] = (uint8_t)(0x11 * i);
        for (made.n = 0; made.n < n; made.n++) {
                made.number[made.n] = made.n + 1 + made.n / 2;          /* 1 2 4 5 7: an epoch that left no entry has no line */
                note_origin(made.key[made.n].name, made.install, made.number[made.n]);
                memset(made.key[made.n].key, (int)made.n + 7, ED25519_KEY);
        }
}

static void what_was_written_is_read(void **state)
{
        static const uint32_t counts[] = { 1, 2, LOG_EPOCHS_MAX };
        struct err e = { 0 };

        for (size_t i = 0; i < countof(counts); i++) {
                scoped(buf_done) struct buf b = BUF_INIT;

                make(counts[i]);
                log_epochs_format(&b, &made);
                assert_ok(log_epochs_parse(&read_back, buf_view(&b), &e), e);
                assert_int_equal(read_back.n, counts[i]);
                for (uint32_t k = 0; k < made.n; k++)
                        assert_memory_equal(read_back.key[k].key, made.key[k].key, ED25519_KEY);
        }
}

/* No file but the one that is written is believed: each changed byte is refused, or is the key of somebody else's. */
static void each_changed_byte_is_refused(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct err e = { 0 };

        make(2);
        log_epochs_format(&b, &made);
        for (size_t i = 0; i < b.n; i++) {
                b.p[i] ^= 1;
                assert_int_equal(log_epochs_parse(&read_back, buf_view(&b), &e), ERR_INPUT);
                b.p[i] ^= 1;
        }
        for (size_t n = 0; n < b.n; n++) {
                struct str line, rest, part = { b.p, n };
                bool whole_line = n && b.p[n - 1] == '\n' && str_cut(part, '\n', &line, &rest) && str_cut(rest, '\n', &line, &rest) && rest.n;

                assert_int_equal(log_epochs_parse(&read_back, part, &e), whole_line ? ERR_OK : ERR_INPUT);  /* fewer epochs: the checkpoint tells */
        }
}

static void a_checkpoint_says_its_epoch(void **state)
{
        make(3);
        assert_int_equal(log_epoch_of(&made, STR("sekisho/00112233-4455-6677-8899-aabbccddeeff/2\n5\n")), 1);
        assert_int_equal(log_epoch_of(&made, STR("sekisho/00112233-4455-6677-8899-aabbccddeeff/4\n5\n")), 2);
        assert_int_equal(log_epoch_of(&made, STR("sekisho/00112233-4455-6677-8899-aabbccddeeff/3\n5\n")), -1);
        assert_int_equal(log_epoch_of(&made, STR("sekisho/00112233-4455-6677-8899-aabbccddeeff/2")), -1);
}

static void subsets(void **state)
{
        static const struct { const char *file; int want; unsigned lines; } cases[] = {
                { "sekisho-subset@v1\n10\n", ERR_ABSENT, 0 },
                { "sekisho-subset@v1\n10\n0\n3\n9\n", ERR_ABSENT, 3 },
                { "sekisho-subset@v1\n10\n0\n3\n9", ERR_INPUT, 2 },
                { "sekisho-subset@v1\n10\n3\n3\n", ERR_INPUT, 1 },
                { "sekisho-subset@v1\n10\n3\n2\n", ERR_INPUT, 1 },
                { "sekisho-subset@v1\n10\n10\n", ERR_INPUT, 0 },
                { "sekisho-subset@v1\n10\n03\n", ERR_INPUT, 0 },
                { "sekisho-subset@v1\n10\n\n", ERR_INPUT, 0 },
                { "sekisho-subset@v1\n010\n", ERR_INPUT, 0 },
                { "sekisho-subset@v1\n", ERR_INPUT, 0 },
                { "sekisho-subset@v2\n10\n", ERR_INPUT, 0 },
                { "", ERR_INPUT, 0 },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct subset s = { 0 };
                uint64_t index = 0;
                struct err e = { 0 };
                int r = subset_open(&s, str_of(cases[i].file), &e);

                while (r == ERR_OK)
                        r = subset_next(&index, &s, &e);
                assert_int_equal(r, cases[i].want);
                assert_int_equal(s.seen, cases[i].lines);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_was_written_is_read), cmocka_unit_test(each_changed_byte_is_refused),
                cmocka_unit_test(a_checkpoint_says_its_epoch), cmocka_unit_test(subsets),
        };

        return unit_run("logdir", tests);
}
