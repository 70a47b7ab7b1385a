/* What people write is kept by rule: each table has its unit, each unit its April 1, and what is in use is not over. */
#include "core/register/retention.h"

#include "core/calendar/calendar.h"
#include "unit.h"

static struct pack_retention years[] = { { "cases", 3 }, { "incidents", 10 } };
static const struct pack pack = { .settings = { .retention_years = 5 }, .retention = years, .retention_count = countof(years) };

/* A table without a rule would put people's texts where no erasure finds them. */
static void each_table_belongs_somewhere(void **state)
{
        for (int t = 0; t < TABLE_COUNT; t++)
                if (retention_of((enum table)t, "x.y") == RETENTION_NONE)
                        fail_msg("table '%s' has no row in core/register/retention.c", table_infos[t].name);
}

static void a_unit_is_what_it_belongs_to_and_the_fiscal_year(void **state)
{
        static const struct { enum table t; const char *type; int year, month, day; const char *want; } cases[] = {
                { TABLE_APPLICATION, "application.submitted", 2026, 3, 31, "cases-2025" },
                { TABLE_APPLICATION, "application.submitted", 2026, 4, 1, "cases-2026" },
                { TABLE_PERSON, "person.added", 2026, 12, 1, "people-2026" },
                { TABLE_ANSWER, "application.submitted", 2026, 12, 1, "cases-2026" },
                { TABLE_ANSWER, "incident.filled", 2026, 12, 1, "incidents-2026" },
                { TABLE_ANSWER, "answer-sheet.recorded", 2026, 12, 1, "registers-2026" },
                { TABLE_ATTACHMENT, "attachment.added", 2026, 12, 1, "files-2026" },
                { TABLE_INSTALL, "pack.adopted", 2027, 1, 1, "house-2026" },
        };
        char unit[UNIT_NAME];

        for (size_t i = 0; i < countof(cases); i++) {
                retention_unit(unit, retention_of(cases[i].t, cases[i].type), utime_from_jst((struct date){ cases[i].year, cases[i].month, cases[i].day }));
                assert_string_equal(unit, cases[i].want);
        }
}

static void a_unit_is_due_on_the_april_first_after_its_years(void **state)
{
        static const struct { const char *name; int made, due; } cases[] = {      /* made: fiscal year of its key */
                { "cases-2020", 2020, 2024 },       /* 3 years */
                { "people-2020", 2020, 2026 },      /* 5: the settings */
                { "incidents-2020", 2020, 2031 },
                { "SHI-2020", 2020, 2031 },         /* of before: the longest */
                { "people", 2021, 2032 },
                { "install", 2021, 2032 },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct unit u;

                assert_true(unit_parse(&u, str_of(cases[i].name), calendar_fiscal_start(cases[i].made) + UTIME_DAY));
                if (unit_due(&pack, &u) != calendar_fiscal_start(cases[i].due))
                        fail_msg("%s is due elsewhere", cases[i].name);
        }
}

static void a_key_of_the_house_is_no_unit(void **state)
{
        struct unit u;

        assert_false(unit_parse(&u, STR("local-mac"), 0));
        assert_false(unit_parse(&u, STR("local-drafts"), 0));
}

static void what_is_in_use_is_not_over(void **state)
{
        static const struct { enum table t; int col; const char *word; enum in_use want; } cases[] = {
                { TABLE_PERSON, PERSON_state, "active", USE_NOW },
                { TABLE_PERSON, PERSON_state, "left", USE_OVER },
                { TABLE_PERSON, PERSON_state, "a word of tomorrow", USE_NOW },
                { TABLE_APPLICATION, APPLICATION_state, "submitted", USE_NOW },
                { TABLE_APPLICATION, APPLICATION_state, "rejected", USE_OVER },
                { TABLE_APPLICATION, APPLICATION_state, "approved", USE_CASE },
                { TABLE_STEP, STEP_state, "approved", USE_AS_OWNER },
                { TABLE_CONTRACT, CONTRACT_state, "active", USE_NOW },
                { TABLE_CONTRACT, CONTRACT_service, "s", USE_AS_OWNER },
                { TABLE_IMPORT, IMPORT_register, "person", USE_OVER },
                { TABLE_INSTALL, INSTALL_body, "SHI", USE_NOW },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct row row = row_new(cases[i].t, (struct uuid){ { 1 } }, NULL);
                const char *owner = NULL;
                enum table of = TABLE_COUNT;

                row_text(&row, cases[i].col, str_of(cases[i].word));
                if (retention_use(&owner, &of, &row) != cases[i].want)
                        fail_msg("%s %s", table_infos[cases[i].t].name, cases[i].word);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_table_belongs_somewhere),
                cmocka_unit_test(a_unit_is_what_it_belongs_to_and_the_fiscal_year),
                cmocka_unit_test(a_unit_is_due_on_the_april_first_after_its_years),
                cmocka_unit_test(a_key_of_the_house_is_no_unit),
                cmocka_unit_test(what_is_in_use_is_not_over),
        };

        return unit_run("retention", tests);
}
