/* Each field type of docs/formats/pack.md: the one stored spelling, or the refusal. */
#include "core/form/form.h"

#include "unit.h"

#define SERVICE "0190a0b0-c0d0-7000-8000-000000000001"
#define NOBODY  "0190a0b0-c0d0-7000-8000-000000000002"

static const struct pack_choice use[] = { { .id = "mail" }, { .id = "storage" }, { .id = "meeting" } };
static const struct pack_choice kind[] = { { .id = "data" }, { .id = "support" } };
static const struct pack_field columns[] = {
        { .id = "name", .type = FIELD_TEXT, .required = true, .max_chars = 10, .label = { .in = { "名称", "Name" } } },
        { .id = "country", .type = FIELD_COUNTRY, .label = { .in = { "国", "Country" } } },
        { .id = "kind", .type = FIELD_CHOICE, .choices = kind, .choices_count = countof(kind) },
        { .id = "since", .type = FIELD_DATE },
        { .id = "seats", .type = FIELD_INTEGER, .high = 9 },
        { .id = "listed", .type = FIELD_YES_NO },
        { .id = "note", .type = FIELD_LINES },
};
static const struct pack_field fields[] = {
        { .id = "use", .type = FIELD_CHOICES, .choices = use, .choices_count = countof(use) },
        { .id = "agreed", .type = FIELD_YES_NO },
        { .id = "pledge", .type = FIELD_PLEDGE },
        { .id = "seats", .type = FIELD_INTEGER, .low = 2, .high = 500 },
        { .id = "any", .type = FIELD_INTEGER },
        { .id = "day", .type = FIELD_DATE },
        { .id = "country", .type = FIELD_COUNTRY },
        { .id = "places", .type = FIELD_COUNTRIES },
        { .id = "person", .type = FIELD_PERSON },
        { .id = "service", .type = FIELD_SERVICE },
        { .id = "application", .type = FIELD_APPLICATION },
        { .id = "domains", .type = FIELD_DOMAINS },
        { .id = "subs", .type = FIELD_TABLE, .low = 1, .high = 3, .columns = columns, .columns_count = countof(columns) },
        { .id = "pairs", .type = FIELD_TABLE, .low = 2, .columns = columns, .columns_count = 2 },
};
static const struct pack_form form = { .id = "types", .fields = fields, .fields_count = countof(fields) };

static const struct pack_country countries[] = { { .id = "JP", .domestic = true }, { .id = "US" }, { .id = "IN" } };
static const struct pack_era eras[] = { { .id = "S", .first_year = 1926, .name = { .in = { "昭和", "Showa" } } },
                                        { .id = "H", .first_year = 1989, .name = { .in = { "平成", "Heisei" } } },
                                        { .id = "R", .first_year = 2019, .name = { .in = { "令和", "Reiwa" } } } };
static const struct pack pack = { .countries = countries, .countries_count = countof(countries), .eras = eras, .eras_count = countof(eras) };

static int one_service(void *ctx, const struct pack_field *field, struct str id, struct err *e)
{
        return str_is(id, SERVICE) ? ERR_OK : str_is(id, NOBODY) ? ERR_ABSENT : err_set(e, ERR_IO, "the register is away");
}

static const struct form_context context = { .pack = &pack, .lookup = one_service };

/* The stored spelling, or "key field arg arg"; the pledge is given unless it is what is asked. */
static void answer_of(char *to, size_t size, const char *field, const char *value)
{
        struct given given[] = { { str_of(field), str_of(value) }, { STR("pledge"), STR("true") } };
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct answer out[countof(fields)] = { 0 };
        struct err e = { 0 };
        size_t n = strcmp(field, "pledge") == 0 ? 1 : 2;
        int r = form_check(out, &form, given, n, &context, &a, &e);

        if (r < 0) {
                (void)snprintf(to, size, "%s %s", r == ERR_INPUT ? e.key : err_name(r), e.field);
                for (int i = 0; i < e.nargs && e.args[i][0]; i++)
                        (void)snprintf(to + strlen(to), size - strlen(to), " %s", e.args[i]);
                return;
        }
        for (size_t i = 0; i < countof(out); i++)
                if (strcmp(out[i].field->id, field) == 0)
                        (void)snprintf(to, size, "%.*s", (int)out[i].value.n, out[i].value.p);
}

static const struct { const char *field, *value, *want; } cases[] = {
        { "use", "meeting mail", "mail meeting" },                         /* the list's order */
        { "use", " mail\nmail\tmail ", "mail" },
        { "use", "mail phone", "form.choice use" },
        { "use", "mail,storage", "form.choice use" },
        { "use", "  ", "" },
        { "agreed", "true", "true" },
        { "agreed", "false", "false" },
        { "agreed", "yes", "form.yes-no agreed" },
        { "pledge", "true", "true" },
        { "pledge", "false", "form.pledge pledge" },
        { "pledge", "", "form.pledge pledge" },
        { "seats", "120", "120" },
        { "seats", "１２０", "120" },
        { "seats", "1２0", "120" },
        { "seats", "007", "7" },
        { "seats", "1", "form.integer-range seats 2 500" },
        { "seats", "501", "form.integer-range seats 2 500" },
        { "seats", "-3", "form.integer seats" },
        { "seats", "1,000", "form.integer seats" },
        { "seats", "十", "form.integer seats" },
        { "seats", "1 2", "form.integer seats" },
        { "any", "0", "0" },
        { "any", "1000000000", "1000000000" },
        { "any", "1000000001", "form.integer-range any 0 1000000000" },
        { "any", "99999999999999999999999999999999", "form.integer-range any 0 1000000000" },
        { "day", "2026-04-01", "2026-04-01" },
        { "day", "令和8年4月1日", "2026-04-01" },
        { "day", "令和元年5月1日", "2019-05-01" },
        { "day", "R8.4.1", "2026-04-01" },
        { "day", "ｒ８．４．１", "2026-04-01" },
        { "day", "20260401", "2026-04-01" },
        { "day", "平成31年4月30日", "2019-04-30" },
        { "day", "8.4.1", "wareki.era-missing day 8.4.1" },
        { "day", "2026-02-30", "wareki.no-such-day day 2026-02-30" },
        { "day", "tomorrow", "wareki.unreadable day tomorrow" },
        { "country", "JP", "JP" },
        { "country", "jp", "form.choice country" },
        { "country", "FR", "form.choice country" },
        { "places", "IN JP", "JP IN" },
        { "service", SERVICE, SERVICE },
        { "service", NOBODY, "form.service service" },
        { "person", NOBODY, "form.person person" },
        { "application", NOBODY, "form.application application" },
        { "application", "12", "form.application application" },
        { "service", "0190A0B0-C0D0-7000-8000-000000000001", "form.service service" },
        { "service", "0190a0b0-c0d0-7000-8000-000000000003", "io " },      /* not a word about the answer */
        { "domains", "Example.LG.jp\r\n*.example.jp\r\n\r\nexample.lg.jp.", "example.lg.jp\n*.example.jp" },
        { "domains", "localhost", "form.domain domains localhost" },
        { "domains", "https://example.jp/", "form.domain domains https://example.jp/" },
        { "domains", "192.0.2.1", "form.domain domains 192.0.2.1" },
        { "domains", "*.jp", "form.domain domains *.jp" },
        { "domains", "a.*.jp", "form.domain domains a.*.jp" },
        { "domains", "-a.jp", "form.domain domains -a.jp" },
        { "domains", "a-.jp", "form.domain domains a-.jp" },
        { "domains", "a..jp", "form.domain domains a..jp" },
        { "domains", "例え.jp", "form.domain domains 例え.jp" },
        { "domains", "ab\xe2\x80\xae.jp", "form.domain domains ab" },      /* what cannot be seen is not shown */
        { "domains", "xn--r8jz45g.jp", "xn--r8jz45g.jp" },
        { "subs", "[]", "" },
        { "subs", " [ { \"country\": \"US\" , \"name\":\" 甲 \" } ] ", "[{\"name\":\"甲\",\"country\":\"US\"}]" },
        { "subs", "[{\"name\":\"a\\\"b\\\\c\",\"note\":\"x\\r\\ny\"}]", "[{\"name\":\"a\\\"b\\\\c\",\"note\":\"x\\ny\"}]" },
        { "subs", "[{\"name\":\"a\",\"kind\":\"data\",\"since\":\"R8.4.1\",\"seats\":\"０９\",\"listed\":\"true\"}]",
                  "[{\"name\":\"a\",\"kind\":\"data\",\"since\":\"2026-04-01\",\"seats\":\"9\",\"listed\":\"true\"}]" },
        { "subs", "[{\"name\":\"a\"},{},{\"name\":\"\",\"country\":\" \"},{\"name\":\"b\"}]", "[{\"name\":\"a\"},{\"name\":\"b\"}]" },
        { "subs", "[{},{}]", "" },
        { "subs", "[{\"country\":\"US\"}]", "form.required subs.1.name" },
        { "subs", "[{},{\"name\":\"a\",\"country\":\"FR\"}]", "form.choice subs.2.country" },
        { "subs", "[{\"name\":\"a\",\"since\":\"8.4.1\"}]", "wareki.era-missing subs.1.since 8.4.1" },
        { "subs", "[{\"name\":\"12345678901\"}]", "form.too-long subs.1.name 10" },
        { "subs", "[{\"name\":\"a\\u0007b\"}]", "form.hidden-character subs.1.name U+0007" },
        { "subs", "[{\"name\":\"a\\u202eb\"}]", "form.hidden-character subs.1.name U+202E" },
        { "subs", "[{\"name\":\"a\\u0000b\"}]", "form.table subs" },
        { "subs", "[{\"name\":\"a\",\"seats\":3}]", "form.table subs.1.seats" },
        { "subs", "[{\"name\":\"a\",\"nam\":\"b\"}]", "form.unknown-column subs.1 nam" },
        { "subs", "[{\"name\":\"a\",\"\\n\":\"b\"}]", "form.unknown-column subs.1 ?" },
        { "subs", "[{\"name\":\"a\",\"name\":\"b\"}]", "form.table subs" },
        { "subs", "[\"a\"]", "form.table subs.1" },
        { "subs", "{\"name\":\"a\"}", "form.table subs" },
        { "subs", "[{\"name\":\"a\"}", "form.table subs" },
        { "subs", "[{\"name\":\"a\"}]x", "form.table subs" },
        { "subs", "[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"},{\"name\":\"d\"}]", "form.rows-many subs 3" },
        { "pairs", "[{\"name\":\"a\"}]", "form.rows-few pairs 2" },
        { "pairs", "", "" },
};

static void each_type_has_one_stored_spelling(void **state)
{
        char got[600];

        for (size_t i = 0; i < countof(cases); i++) {
                answer_of(got, sizeof(got), cases[i].field, cases[i].value);
                if (strcmp(got, cases[i].want) != 0)
                        fail_msg("%s = \"%s\": got \"%s\", want \"%s\"", cases[i].field, cases[i].value, got, cases[i].want);
        }
}

/* What is stored is read again as itself: a returned application is mended from what it was. */
static void what_is_stored_is_taken_again_as_it_is(void **state)
{
        char once[600], twice[600];

        for (size_t i = 0; i < countof(cases); i++) {
                answer_of(once, sizeof(once), cases[i].field, cases[i].value);
                if (strncmp(cases[i].want, "form.", 5) == 0 || strncmp(cases[i].want, "wareki.", 7) == 0 || strcmp(cases[i].want, "io ") == 0)
                        continue;
                if (strcmp(cases[i].field, "pledge") == 0 && !once[0])
                        continue;
                answer_of(twice, sizeof(twice), cases[i].field, once);
                assert_text(twice, once);
        }
}

static void a_table_has_an_end(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        char got[600];

        buf_text(&b, "[");
        for (int i = 0; i <= FORM_ROWS_MAX; i++)
                buf_printf(&b, "%s{\"name\":\"a\"}", i ? "," : "");
        buf_text(&b, "]");
        answer_of(got, sizeof(got), "pairs", b.p);
        assert_text(got, "form.rows-many pairs 100");

        buf_clear(&b);
        while (b.n <= FORM_TABLE_BYTES_MAX)
                buf_text(&b, "                                ");
        buf_text(&b, "x");
        b.p[0] = '[';
        answer_of(got, sizeof(got), "pairs", b.p);
        assert_text(got, "form.table-long pairs");
}

static void domains_have_an_end(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        char got[4000];

        for (int i = 0; i < FORM_DOMAINS_MAX; i++)
                buf_printf(&b, "h%d.example.jp\n", i);
        answer_of(got, sizeof(got), "domains", b.p);
        assert_int_equal(strlen(got), b.n - 1);
        buf_text(&b, "one.more.jp");
        answer_of(got, sizeof(got), "domains", b.p);
        assert_text(got, "form.domains-many domains 50");
}

/* A person reads row and column, not a path. */
static void a_refusal_in_a_table_names_row_and_column(void **state)
{
        static const struct { const char *value; enum lang lang; const char *want; } says[] = {
                { "[{\"name\":\"a\"},{\"name\":\"b\",\"country\":\"FR\"}]", LANG_JA, "2行目の「国」：選択肢から選んでください。" },
                { "[{\"name\":\"a\"},{\"name\":\"b\",\"country\":\"FR\"}]", LANG_EN, "Row 2, “Country”: Choose one of the answers listed." },
                { "[[]]", LANG_JA, "1行目：表を読み取れません。画面を読み直してください。" },
                { "[", LANG_JA, "表を読み取れません。画面を読み直してください。" },
        };

        for (size_t i = 0; i < countof(says); i++) {
                struct given given[] = { { STR("subs"), str_of(says[i].value) }, { STR("pledge"), STR("true") } };
                scoped(arena_done) struct arena a = ARENA_INIT;
                scoped(buf_done) struct buf b = BUF_INIT;
                struct answer out[countof(fields)];
                struct err e;

                assert_int_equal(form_check(out, &form, given, 2, &context, &a, &e), ERR_INPUT);
                form_say(&b, says[i].lang, &form, &e);
                assert_text(b.p, says[i].want);
        }
}

static void every_type_is_tried(void **state)
{
        bool seen[FIELD_TYPES_COUNT] = { [FIELD_TEXT] = true, [FIELD_LINES] = true, [FIELD_MAC] = true, [FIELD_MOMENT] = true, [FIELD_CHOICE] = true };

        for (size_t i = 0; i < countof(fields); i++)
                seen[fields[i].type] = true;
        for (int t = 0; t < FIELD_TYPES_COUNT; t++)
                if (!seen[t])
                        fail_msg("field type %d is tried neither here nor in test_form.c", t);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_type_has_one_stored_spelling),
                cmocka_unit_test(what_is_stored_is_taken_again_as_it_is),
                cmocka_unit_test(a_table_has_an_end),
                cmocka_unit_test(domains_have_an_end),
                cmocka_unit_test(a_refusal_in_a_table_names_row_and_column),
                cmocka_unit_test(every_type_is_tried),
        };

        return unit_run("form_types", tests);
}
