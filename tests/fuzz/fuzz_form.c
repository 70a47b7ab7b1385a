/* Answers from bytes, one type at a time and a whole form with conditions: what is taken is taken again as it is stored, what is
 * handed in is what the live check said, and a hidden field holds nothing. */
#include "core/form/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct pack_choice choices[] = { { .id = "a" }, { .id = "b" } };
static const struct pack_field columns[] = { { .id = "c", .type = FIELD_TEXT }, { .id = "d", .type = FIELD_COUNTRY } };
static const struct pack_country countries[] = { { .id = "JP", .domestic = true }, { .id = "US" } };
static const struct pack_era eras[] = { { .id = "H", .first_year = 1989, .name = { .in = { "平成" } } }, { .id = "R", .first_year = 2019, .name = { .in = { "令和" } } } };
static const struct pack pack = { .countries = countries, .countries_count = 2, .eras = eras, .eras_count = 2 };
static const struct date today = { 2026, 11, 23 };
static const struct form_context context = { .pack = &pack, .today = &today };

static void one_type(struct str bytes, enum field_type type)
{
        struct pack_field field = { .id = "f", .type = type, .choices = choices, .choices_count = 2, .columns = columns, .columns_count = 2 };
        struct pack_form form = { .id = "x", .fields = &field, .fields_count = 1 };
        struct given given = { STR("f"), bytes };
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct answer once, twice;

        if (form_check(&once, &form, &given, 1, &context, &a, NULL) < 0)
                return;
        given.value = once.value;
        if (form_check(&twice, &form, &given, 1, &context, &a, NULL) < 0 || !str_eq(once.value, twice.value))
                __builtin_trap();
}

static const struct expr_choice ids[] = { { .id = "a" }, { .id = "b" } }, codes[] = { { .id = "JP" }, { .id = "US" } };
static const struct expr_choices id_list = { ids, 2, EXPR_LOWEST_FIRST }, country_list = { codes, 2, EXPR_UNORDERED };
static const struct expr_name name_rows[] = {
        { .id = "yes", .type = EXPR_BOOL },  { .id = "one", .type = EXPR_CHOICE, .choices = &id_list },
        { .id = "day", .type = EXPR_DATE },  { .id = "n", .type = EXPR_INT }, { .id = "rows.d", .type = EXPR_CHOICE, .is_list = true, .choices = &country_list },
        { .id = "places", .type = EXPR_CHOICE, .is_list = true, .choices = &country_list }, { .id = "hosts", .type = EXPR_TEXT },
};
static const struct expr_names names = { name_rows, countof(name_rows) };

/* A field a line of the input, in this order; what hangs on what makes chains and a circle. */
static const struct { const char *id; enum field_type type; const char *visible, *required; } plan[] = {
        { "yes", FIELD_YES_NO, NULL, NULL },
        { "one", FIELD_CHOICE, "yes", NULL },
        { "many", FIELD_CHOICES, "one >= b", NULL },
        { "day", FIELD_DATE, "not answered(n)", "n > 3" },
        { "n", FIELD_INTEGER, "days_until(day) < 30", NULL },
        { "rows", FIELD_TABLE, "yes or answered(hosts)", "count(places) > 1" },
        { "places", FIELD_COUNTRIES, "any rows.d != JP", NULL },
        { "hosts", FIELD_DOMAINS, NULL, "US in places" },
        { "person", FIELD_PERSON, "one != a", NULL },
        { "pledge", FIELD_PLEDGE, "answered(hosts)", NULL },
        { "mac", FIELD_MAC, NULL, NULL },
        { "until", FIELD_MOMENT, "yes", NULL },
        { "why", FIELD_TEXT, NULL, "yes" },
};
enum { FIELDS = countof(plan) };

static bool form_build(struct pack_field fields[FIELDS], struct arena *a)
{
        for (size_t i = 0; i < FIELDS; i++) {
                struct expr *visible = NULL, *required = NULL;

                if ((plan[i].visible && expr_parse(&visible, str_of(plan[i].visible), &names, a, NULL) < 0) ||
                    (plan[i].required && expr_parse(&required, str_of(plan[i].required), &names, a, NULL) < 0))
                        return false;
                fields[i] = (struct pack_field){ .id = plan[i].id, .type = plan[i].type, .choices = choices, .choices_count = 2, .columns = columns,
                                                 .columns_count = 2, .visible_when = { "", visible }, .required_when = { "", required } };
        }
        return true;
}

static void whole_form(struct str bytes)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct pack_field fields[FIELDS];
        struct pack_form form = { .id = "x", .fields = fields, .fields_count = FIELDS };
        struct field_state states[FIELDS], again[FIELDS];
        struct answer out[FIELDS];
        struct given given[FIELDS];
        struct str line;
        bool bad = false;

        if (!form_build(fields, &a))
                __builtin_trap();
        for (size_t i = 0; i < FIELDS; i++) {
                if (!str_cut(bytes, '\n', &line, &bytes)) {
                        line = bytes;
                        bytes.n = 0;
                }
                given[i] = (struct given){ str_of(plan[i].id), line };
        }
        if (form_state(states, &form, given, FIELDS, &context, &a, NULL) < 0)
                __builtin_trap();
        for (size_t i = 0; i < FIELDS; i++) {
                bad = bad || states[i].error;
                if ((!states[i].visible && (states[i].value.n || states[i].error || states[i].required)) || (states[i].value.n && states[i].error))
                        __builtin_trap();
                given[i].value = states[i].value;
        }
        if (bad)
                return;
        if (form_check(out, &form, given, FIELDS, &context, &a, NULL) < 0 || form_state(again, &form, given, FIELDS, &context, &a, NULL) < 0)
                __builtin_trap();
        for (size_t i = 0; i < FIELDS; i++)
                if (!str_eq(again[i].value, states[i].value))
                        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct str bytes = { (const char *)data, size };

        for (unsigned type = 0; type < FIELD_TYPES_COUNT; type++)
                one_type(bytes, (enum field_type)type);
        whole_form(bytes);
        return 0;
}
