/* How many questions a person is asked by a form of packs/mic-r4: the most over all answers that decide which questions stand. */
#include "core/form/form.h"
#include "core/pack/load.h"

#include "mic_r4_pack.h"
#include "unit.h"

enum { DECIDERS_MAX = 12, VALUES_MAX = 24, PATHS_MAX = 200000 };

static struct pack *pack;

static int load_all(void **state)
{
        size_t n;
        const struct pack_file *files = mic_r4_pack(&n);
        struct err e;

        assert_ok(pack_load(&pack, files, n, NULL, NULL, &e), e);
        return 0;
}

static int free_all(void **state)
{
        pack = pack_free(pack);
        return 0;
}

/* A field that some condition looks at, and the answers that a condition could tell apart. */
struct decider { const struct pack_field *field; struct str values[VALUES_MAX]; size_t n; };

static void value(struct decider *d, const char *text)
{
        assert_true(d->n < VALUES_MAX);
        d->values[d->n++] = str_of(text);
}

static const char *one_row(const struct pack_field *table, struct arena *a)
{
        const char *row = "";

        for (const struct pack_field *c = table->columns; c < table->columns + table->columns_count; c++) {
                const char *cell = c->choices_count ? c->choices[0].id : c->type == FIELD_DATE ? "2026-04-01" : c->type == FIELD_COUNTRY ? "JP" :
                                   c->type == FIELD_YES_NO ? "true" : "1";

                row = arena_printf(a, "%s%s\"%s\":\"%s\"", row, *row ? "," : "", c->id, cell);
        }
        return arena_printf(a, "[{%s}]", row);
}

static void decide(struct decider *d, struct arena *a)
{
        const struct pack_field *f = d->field;

        if (!f->required || f->type == FIELD_TABLE)
                value(d, "");                        /* what must be answered is not left empty for good */
        switch (f->type) {
        case FIELD_YES_NO:    value(d, "true"), value(d, "false"); break;
        case FIELD_COUNTRY:
        case FIELD_COUNTRIES: value(d, "JP"), value(d, "US"); break;
        case FIELD_INTEGER:   value(d, "0"), value(d, "1"); break;
        case FIELD_TABLE:     value(d, one_row(f, a)); break;
        case FIELD_CHOICE:
        case FIELD_CHOICES:
                for (size_t i = 0; i < f->choices_count; i++)
                        value(d, f->choices[i].id);
                break;
        default:
                fail_msg("%s decides what is asked: say here with which answers", f->id);
        }
}

/* "certificates.kind" is asked of the table. */
static const struct pack_field *field_named(const struct pack_form *form, const char *name, struct arena *a)
{
        return form_find_field(form, arena_copy(a, name, strcspn(name, ".")));
}

static size_t deciders_of(struct decider *out, const struct pack_form *form, struct arena *a)
{
        size_t n = 0;

        for (const struct pack_field *f = form->fields; f < form->fields + form->fields_count; f++) {
                size_t used = 0;
                const struct expr_name *const *names = f->visible_when.tree ? expr_names_used(f->visible_when.tree, &used) : NULL;

                for (size_t i = 0; i < used; i++) {
                        const struct pack_field *by = field_named(form, names[i]->id, a);
                        size_t known = 0;

                        assert_non_null(by);
                        while (known < n && out[known].field != by)
                                known++;
                        if (known == n) {
                                assert_true(n < DECIDERS_MAX);
                                out[n] = (struct decider){ .field = by };
                                decide(&out[n++], a);
                        }
                }
        }
        return n;
}

/* What stands before the person with these answers: one for each field, a table's columns each. `but`: answered on the way in. */
static size_t asked(const struct pack_form *form, const struct given *given, size_t n, const char *but, struct arena *a)
{
        struct form_context ctx = { .pack = pack };
        struct field_state *states = arena_array(a, form->fields_count, sizeof(*states));
        struct err e = { 0 };
        size_t sum = 0;

        assert_non_null(states);
        assert_ok(form_state(states, form, given, n, &ctx, a, &e), e);
        for (size_t i = 0; i < form->fields_count; i++)
                if (states[i].visible && !(but && strcmp(but, form->fields[i].id) == 0))
                        sum += form->fields[i].columns_count ? form->fields[i].columns_count : 1;
        return sum;
}

static size_t asked_at_most(const char *id, const char *but)
{
        const struct pack_form *form = pack_find_form(pack, id);
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct decider d[DECIDERS_MAX];
        size_t at[DECIDERS_MAX] = { 0 }, most = 0, paths = 0, n, i;

        assert_non_null(form);
        n = deciders_of(d, form, &a);
        do {
                scoped(arena_done) struct arena path = ARENA_INIT;
                struct given given[DECIDERS_MAX];
                size_t sum;

                for (i = 0; i < n; i++)
                        given[i] = (struct given){ str_of(d[i].field->id), d[i].values[at[i]] };
                sum = asked(form, given, n, but, &path);
                most = sum > most ? sum : most;
                assert_true(++paths <= PATHS_MAX);
                for (i = 0; i < n && ++at[i] == d[i].n; i++)
                        at[i] = 0;
        } while (i < n);
        printf("# %s: %zu questions at most, on %zu paths\n", id, most, paths);
        return most;
}

/* practice.md: the section answers fifteen questions, whoever joins in five: 「使っていい？」 has named the service. */
static void a_section_is_asked_little(void **state)
{
        static const struct { const char *form; size_t most; const char *but; } forms[] = {
                { "service-use", 15, NULL },
                { "service-addition", 5, "ext_service" },
                { "service-light", 15, NULL },
                { "service-terms", 15, NULL },
        };

        for (size_t i = 0; i < countof(forms); i++) {
                size_t most = asked_at_most(forms[i].form, forms[i].but);

                if (most > forms[i].most)
                        fail_msg("%s asks %zu questions, more than %zu", forms[i].form, most, forms[i].most);
        }
}

/* The control: questions that stand in each other's place count once, those that come with an answer count. */
static void paths_are_walked_not_lists_counted(void **state)
{
        const struct pack_form *review = pack_find_form(pack, "service-review");
        const struct pack_field *certificates = form_find_field(review, "certificates");
        size_t all = review->fields_count - 1 + certificates->columns_count;

        assert_int_equal(asked_at_most("service-review", NULL), all - 1);            /* the first expiry, or why there is no certificate */
        assert_int_equal(asked_at_most("service-use", "users"), asked_at_most("service-use", NULL) - 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_section_is_asked_little),
                cmocka_unit_test(paths_are_walked_not_lists_counted),
        };

        (void)setvbuf(stdout, NULL, _IOLBF, 0);
        cmocka_set_message_output(CM_OUTPUT_TAP);
        return cmocka_run_group_tests_name("asked", tests, load_all, free_all);
}
