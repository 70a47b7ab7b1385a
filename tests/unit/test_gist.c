/* What an approver reads first: every effect of the base pack has words, and what differs is exactly what is not the same. */
#include "core/procedure/gist.h"

#include "mic_r4_pack.h"

#include "unit.h"

#define NOW (20604 * UTIME_DAY)                    /* 2026-05-31 09:00 JST */
#define SOMEBODY "01890000-0000-7000-8000-000000000001"
#define SERVICE_ID "01890000-0000-7000-8000-000000000003"
#define TARGET_ID "01890000-0000-7000-8000-000000000004"

enum { ROUNDS = 40, CASE_ANSWERS = 400 };

static struct pack *pack;

struct town { struct arena arena; uint32_t dice; };

static uint32_t roll(struct town *t, uint32_t n)
{
        t->dice = t->dice * 1664525u + 1013904223u;
        return (t->dice >> 8) % n;
}

/* ---- answers of any field, in their stored spelling ---- */

static struct str kept(struct town *t, const char *fmt, uint32_t n)
{
        char text[64];

        (void)snprintf(text, sizeof(text), "%s%u", fmt, n);
        return str_of(arena_text(&t->arena, text));
}

static struct str plain_answer(struct town *t, const struct pack_field *f)
{
        uint32_t n = roll(t, 3);

        switch (f->type) {
        case FIELD_CHOICE:
        case FIELD_CHOICES:   return f->choices_count ? str_of(f->choices[roll(t, (uint32_t)f->choices_count)].id) : STR("");
        case FIELD_COUNTRY:
        case FIELD_COUNTRIES: return str_of(pack->countries[roll(t, 3)].id);
        case FIELD_YES_NO:    return n ? STR("true") : STR("false");
        case FIELD_PLEDGE:    return STR("true");
        case FIELD_INTEGER:   return kept(t, "", n);
        case FIELD_DATE:      return kept(t, "2027-03-1", n);
        case FIELD_MOMENT:    return n ? STR("2027-03-31T15:00:00.000000Z") : STR("2026-06-10T15:00:00.000000Z");
        case FIELD_MAC:       return kept(t, "02:00:5e:10:00:0", n);
        case FIELD_PERSON:    return STR(SOMEBODY);
        case FIELD_SERVICE:   return STR(SERVICE_ID);
        case FIELD_APPLICATION: return STR(TARGET_ID);
        case FIELD_DOMAINS:   return n ? STR("a.example.jp\nb.example.jp") : STR("a.example.jp");
        default:              return kept(t, "言葉", n);
        }
}

static struct str table_answer(struct town *t, const struct pack_field *f)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        uint32_t rows = 1 + roll(t, 3);

        buf_text(&b, "[");
        for (uint32_t i = 0; i < rows; i++) {
                buf_text(&b, i ? ",{" : "{");
                for (size_t c = 0; c < f->columns_count; c++) {
                        struct str v = plain_answer(t, &f->columns[c]);

                        buf_printf(&b, "%s\"%s\":\"%.*s\"", c ? "," : "", f->columns[c].id, (int)v.n, v.p);
                }
                buf_text(&b, "}");
        }
        buf_text(&b, "]");
        return str_of(arena_copy(&t->arena, b.p, b.n));
}

/* ---- a case of a procedure, all of it answered ---- */

struct played { struct case_facts facts; struct flow flow; const struct pack_procedure *p; };

static const struct pack_form *form_of(const struct pack_procedure *p)
{
        for (size_t i = 0; i < pack->forms_count; i++)
                if (pack->forms[i].procedure && strcmp(pack->forms[i].procedure, p->id) == 0)
                        return &pack->forms[i];
        fail_msg("no form for %s", p->id);
        return NULL;
}

static void add_form(struct case_facts *f, struct answer *answers, struct row *rows, const struct pack_form *form, struct town *t, bool filled)
{
        struct uuid id = { { 1 } };

        for (size_t i = 0; i < form->fields_count; i++) {
                struct answer *a = &answers[f->answers_count++];

                *a = (struct answer){ &form->fields[i], !filled ? STR("") : form->fields[i].type == FIELD_TABLE ? table_answer(t, &form->fields[i]) : plain_answer(t, &form->fields[i]) };
                if (!a->value.n)
                        continue;
                rows[f->answer_rows_count] = row_new(TABLE_ANSWER, id, form->fields[i].id);
                row_personal(&rows[f->answer_rows_count++], ANSWER_value, a->value);
        }
        if (form->sheet && filled) {
                char mark[SHEET_MARK_MAX];

                flow_sheet_mark(mark, form);
                rows[f->answer_rows_count++] = row_new(TABLE_ANSWER, id, mark);
        }
}

static void rate(struct case_facts *f, struct town *t)
{
        struct row *rows = arena_array(&t->arena, pack->axes_count, sizeof(*rows));

        for (size_t i = 0; rows && i < pack->axes_count; i++) {
                rows[i] = row_new(TABLE_RATING, (struct uuid){ { 1 } }, pack->axes[i].id);
                row_text(&rows[i], RATING_level, str_of(pack->axes[i].levels[0].id));
        }
        f->ratings = (struct row_list){ rows, pack->axes_count };
}

static struct row named_row(enum table t, const char *id, int col, const char *name)
{
        struct row row;
        struct uuid u;

        assert_true(uuid_parse(str_of(id), &u));
        row = row_new(t, u, "");
        row.rev = 1;
        row_personal(&row, col, str_of(name));
        return row;
}

static struct played *play(struct town *t, const struct pack_procedure *p, bool sheets)
{
        struct played *x = arena_new(&t->arena, struct played);
        struct answer *answers = arena_array(&t->arena, CASE_ANSWERS, sizeof(*answers));
        struct row *rows = arena_array(&t->arena, CASE_ANSWERS + 10, sizeof(*rows));
        const struct pack_form *form = form_of(p);
        struct err e = { 0 };

        if (!x || !answers || !rows)
                abort();
        x->p = p;
        x->facts.answers = answers;
        x->facts.answer_rows = rows;
        x->facts.application = row_new(TABLE_APPLICATION, (struct uuid){ { 1 } }, "");
        row_text(&x->facts.application, APPLICATION_state, STR("submitted"));
        row_text(&x->facts.application, APPLICATION_procedure, str_of(p->id));
        row_text(&x->facts.application, APPLICATION_form, str_of(form->id));
        row_personal(&x->facts.application, APPLICATION_section, STR("産業課"));
        add_form(&x->facts, answers, rows, form, t, true);
        for (size_t i = 0; i < p->sheets_count; i++)
                add_form(&x->facts, answers, rows, pack_find_form(pack, p->sheets[i].id), t, sheets);
        assert_true(x->facts.answers_count < CASE_ANSWERS);
        if (form->classified)
                rate(&x->facts, t);
        x->facts.service = named_row(TABLE_SERVICE, SERVICE_ID, SERVICE_name, "施設予約システム");
        row_int(&x->facts.service, SERVICE_from_at, NOW - 400 * UTIME_DAY);
        x->facts.target = named_row(TABLE_APPLICATION, TARGET_ID, APPLICATION_number, "SHI-EXT-R8-0001");
        for (size_t i = 0; i < p->steps_count; i++) {
                x->facts.steps[i] = row_new(TABLE_STEP, (struct uuid){ { 1 } }, p->steps[i].id);
                row_text(&x->facts.steps[i], STEP_state, STR("waiting"));
        }
        x->facts.steps_count = p->steps_count;
        assert_ok(flow_init(&x->flow, pack, &x->facts, NOW, &e), e);
        return x;
}

/* ---- what approval does ---- */

static const char *called(void *ctx, enum field_type type, struct str id)
{
        return type == FIELD_PERSON ? "上田 花子" : type == FIELD_SERVICE ? "施設予約システム" : "SHI-EXT-R8-0001";
}

static bool gated(void *ctx, const struct pack_zone *zone)
{
        return ctx != NULL;
}

static struct gist_env env_of(struct town *t, void *ctx)
{
        return (struct gist_env){ pack, NOW, &t->arena, called, gated, ctx };
}

static void assert_said(const struct gist_text *t)
{
        for (int l = 0; l < LANG_COUNT; l++) {
                assert_non_null(t->in[l]);
                assert_true(*t->in[l]);
                if (strchr(t->in[l], '{') || strncmp(t->in[l], "gist.", 5) == 0)
                        fail_msg("not filled in: %s", t->in[l]);
        }
}

/* All rows of other registers stand in one line: each of its registers is named there. */
static bool names(const struct gist_will *will, const struct pack_effect *fx)
{
        char key[64];

        (void)snprintf(key, sizeof(key), "register.%s.caption", effect_register_names[fx->reg]);
        return strstr(will->text.in[LANG_JA], text_get(LANG_JA, key)) && strstr(will->text.in[LANG_EN], text_get(LANG_EN, key));
}

static void each_effect_of_the_base_pack_has_words(void **state)
{
        bool seen[EFFECT_KINDS_COUNT] = { false };

        for (size_t i = 0; i < pack->procedures_count; i++) {
                struct town t = { ARENA_INIT, 7 };
                struct played *x = play(&t, &pack->procedures[i], true);
                struct gist_env env = env_of(&t, NULL);
                struct gist_wills wills;
                struct err e = { 0 };

                assert_ok(gist_will(&wills, &x->flow, &env, &e), e);
                for (size_t k = 0; k < x->p->effects_count; k++) {
                        const struct pack_effect *fx = &x->p->effects[k];
                        size_t said = 0;

                        for (size_t j = 0; j < wills.n; j++)
                                said += wills.items[j].effect == fx || (fx->kind == EFFECT_ROWS && wills.items[j].effect->kind == EFFECT_ROWS && names(&wills.items[j], fx));
                        if (!said && facts_holds(&fx->when, &x->flow.env) != TRUTH_FALSE)
                                fail_msg("%s.%s says nothing", x->p->id, fx->id);
                        seen[fx->kind] |= said > 0;
                }
                for (size_t j = 0; j < wills.n; j++)
                        assert_said(&wills.items[j].text);
                arena_done(&t.arena);
        }
        for (size_t i = 0; i < EFFECT_KINDS_COUNT; i++)
                if (!seen[i])
                        fail_msg("no effect of kind %zu in the base pack: it was not looked at", i);
}

/* 3 ドメインを 12 か月: the sentence of practice.md. */
static void domains_and_period_are_counted(void **state)
{
        struct town t = { ARENA_INIT, 7 };
        struct played *x = play(&t, pack_find_procedure(pack, "service-use"), true);
        struct gist_env env = env_of(&t, NULL);
        struct gist_wills wills;
        struct answer *answers = (struct answer *)(uintptr_t)x->facts.answers;
        struct err e = { 0 };
        bool found = false;

        for (size_t i = 0; i < x->facts.answers_count; i++) {
                if (answers[i].field->type == FIELD_DOMAINS)
                        answers[i].value = STR("a.example.jp\nb.example.jp\n*.c.example.jp");
                if (strcmp(answers[i].field->id, "use_until") == 0)
                        answers[i].value = STR("2027-05-30");
        }
        assert_ok(gist_will(&wills, &x->flow, &env, &e), e);
        for (size_t i = 0; i < wills.n; i++)
                found |= strstr(wills.items[i].text.in[LANG_JA], "3 ドメイン") && strstr(wills.items[i].text.in[LANG_JA], "12か月") && wills.items[i].hold == GIST_RECORD;
        assert_true(found);
        arena_done(&t.arena);
}

/* A zone without a gate is never said to be enforced. */
static void only_a_zone_with_a_gate_is_called_enforced(void **state)
{
        for (int with = 0; with < 2; with++) {
                struct town t = { ARENA_INIT, 7 };
                struct played *x = play(&t, pack_find_procedure(pack, "network-connection"), true);
                struct gist_env env = env_of(&t, with ? &t : NULL);
                struct gist_wills wills;
                struct err e = { 0 };

                assert_ok(gist_will(&wills, &x->flow, &env, &e), e);
                assert_int_equal(wills.n, 1);
                assert_int_equal(wills.items[0].hold, with ? GIST_GATE : GIST_RECORD);
                assert_int_equal(strstr(wills.items[0].text.in[LANG_JA], "自動で切ります") != NULL, with);
                arena_done(&t.arena);
        }
}

static void the_step_that_comes_next_is_named(void **state)
{
        struct town t = { ARENA_INIT, 7 };
        struct played *x = play(&t, pack_find_procedure(pack, "exception"), true);
        struct gist_env env = env_of(&t, NULL);
        struct gist_text next;
        struct err e = { 0 };

        assert_ok(gist_next(&next, &x->flow, 0, &env, &e), e);
        assert_string_equal(next.in[LANG_JA], x->p->steps[1].title.in[LANG_JA]);
        row_text(&x->facts.steps[0], STEP_state, STR("approved"));
        row_int(&x->facts.steps[0], STEP_decided_at, NOW);
        assert_ok(flow_init(&x->flow, pack, &x->facts, NOW, &e), e);
        assert_ok(gist_next(&next, &x->flow, 1, &env, &e), e);
        assert_string_equal(next.in[LANG_JA], "");
        arena_done(&t.arena);
}

/* ---- what differs ---- */

static const struct gist_differ *differs_at(const struct gist_differs *d, const char *field)
{
        const struct gist_differ *found = NULL;

        for (size_t i = 0; i < d->n; i++)
                if (strcmp(d->items[i].field->id, field) == 0) {
                        assert_null(found);              /* once at most */
                        found = &d->items[i];
                }
        return found;
}

static void what_is_the_same_never_appears_and_what_is_not_does(void **state)
{
        for (uint32_t round = 0; round < ROUNDS; round++) {
                struct town t = { ARENA_INIT, round };
                const struct pack_procedure *p = &pack->procedures[round % pack->procedures_count];
                struct played *before = play(&t, p, true), *now = play(&t, p, round % 5 != 0);
                struct gist_env env = env_of(&t, NULL);
                struct gist_differs d;
                struct err e = { 0 };

                assert_ok(gist_differs(&d, &(struct gist_case){ pack, &before->facts }, &(struct gist_case){ pack, &now->facts }, &env, &e), e);
                for (size_t i = 0; i < now->facts.answers_count; i++) {
                        const struct answer *a = &now->facts.answers[i], *b = &before->facts.answers[i];
                        const struct gist_differ *said = differs_at(&d, a->field->id);
                        bool waits = round % 5 == 0 && !form_find_field(form_of(p), a->field->id);

                        if (said && (str_eq(a->value, b->value) || waits))
                                fail_msg("round %u: %s is the same and stands there", round, a->field->id);
                        if (!said && !waits && !str_eq(a->value, b->value) && a->field->type != FIELD_TABLE)
                                fail_msg("round %u: %s differs and does not stand there", round, a->field->id);
                }
                assert_ok(gist_differs(&d, &(struct gist_case){ pack, &now->facts }, &(struct gist_case){ pack, &now->facts }, &env, &e), e);
                assert_int_equal(d.n, 0);
                arena_done(&t.arena);
        }
}

static struct answer *table_in(struct played *x)
{
        struct answer *answers = (struct answer *)(uintptr_t)x->facts.answers;

        for (size_t i = 0; i < x->facts.answers_count; i++)
                if (strcmp(answers[i].field->id, "responsibility") == 0)
                        return &answers[i];
        abort();
}

/* Only the line that is new and the line that is gone; the order of lines says nothing. */
static void a_table_shows_its_new_and_lost_lines(void **state)
{
        static const struct { const char *before, *now, *lost, *fresh; } rows[] = {
                { "[{\"task\":\"甲\"},{\"task\":\"乙\"}]", "[{\"task\":\"乙\"},{\"task\":\"甲\"}]", NULL, NULL },
                { "[{\"task\":\"甲\"},{\"task\":\"乙\"}]", "[{\"task\":\"乙\"},{\"task\":\"丙\"}]", "甲", "丙" },
                { "[{\"task\":\"甲\"}]", "[{\"task\":\"甲\"},{\"task\":\"甲\"}]", "", "甲" },
                { "[{\"task\":\"甲\"}]", "", "甲", "" },
        };
        struct town t = { ARENA_INIT, 3 };
        struct played *a = play(&t, pack_find_procedure(pack, "service-use"), true), *b = arena_new(&t.arena, struct played);
        struct answer *copy = arena_array(&t.arena, CASE_ANSWERS, sizeof(*copy));
        struct gist_env env = env_of(&t, NULL);

        if (!b || !copy)
                abort();
        *b = *a;
        memcpy(copy, a->facts.answers, a->facts.answers_count * sizeof(*copy));
        b->facts.answers = copy;
        for (size_t i = 0; i < countof(rows); i++) {
                struct gist_differs d;
                struct err e = { 0 };

                table_in(a)->value = str_of(rows[i].before);
                table_in(b)->value = str_of(rows[i].now);
                assert_ok(gist_differs(&d, &(struct gist_case){ pack, &a->facts }, &(struct gist_case){ pack, &b->facts }, &env, &e), e);
                assert_int_equal(d.n, rows[i].lost != NULL);
                if (d.n) {
                        assert_string_equal(d.items[0].before.in[LANG_JA], rows[i].lost);
                        assert_string_equal(d.items[0].now.in[LANG_JA], rows[i].fresh);
                }
        }
        arena_done(&t.arena);
}

static const struct answer *answer_to(struct played *x, const char *field, const char *stored)
{
        struct answer *answers = (struct answer *)(uintptr_t)x->facts.answers;

        for (size_t i = 0; i < x->facts.answers_count; i++)
                if (strcmp(answers[i].field->id, field) == 0) {
                        answers[i].value = str_of(stored);
                        return &answers[i];
                }
        fail_msg("no field %s in %s", field, x->p->id);
        abort();
}

/* A review asks fewer columns of a certificate than the application did: what it does not ask has not changed. */
static void a_column_that_one_form_lacks_is_no_difference(void **state)
{
        static const struct { const char *before, *now; size_t differs; } rows[] = {
                { "[{\"kind\":\"iso27017\",\"number\":\"IC1\",\"scope\":\"甲\"}]", "[{\"kind\":\"iso27017\",\"number\":\"IC1\"}]", 0 },
                { "[{\"kind\":\"iso27017\",\"number\":\"IC1\",\"scope\":\"甲\"}]", "[{\"kind\":\"iso27017\",\"number\":\"IC2\"}]", 1 },
        };

        for (size_t i = 0; i < countof(rows); i++) {
                struct town t = { ARENA_INIT, 3 };
                struct played *a = play(&t, pack_find_procedure(pack, "service-use"), true), *b = play(&t, pack_find_procedure(pack, "service-review"), true);
                struct gist_env env = env_of(&t, NULL);
                struct gist_differs d;
                struct err e = { 0 };

                assert_null(strstr(answer_to(b, "certificates", rows[i].now)->field->columns[1].id, "scope"));
                (void)answer_to(a, "certificates", rows[i].before);
                assert_ok(gist_differs(&d, &(struct gist_case){ pack, &a->facts }, &(struct gist_case){ pack, &b->facts }, &env, &e), e);
                assert_int_equal(differs_at(&d, "certificates") != NULL, rows[i].differs);
                arena_done(&t.arena);
        }
}

/* The end of a service asks nothing that its application asked: there is no "as last time". */
static void forms_without_a_common_question_are_not_compared(void **state)
{
        struct town t = { ARENA_INIT, 3 };
        struct played *a = play(&t, pack_find_procedure(pack, "service-use"), true), *b = play(&t, pack_find_procedure(pack, "service-end"), true);
        struct gist_env env = env_of(&t, NULL);
        struct gist_differs d;
        struct err e = { 0 };

        assert_ok(gist_differs(&d, &(struct gist_case){ pack, &a->facts }, &(struct gist_case){ pack, &b->facts }, &env, &e), e);
        assert_int_equal(d.compared, 0);
        assert_int_equal(d.n, 0);
        arena_done(&t.arena);
}

/* What was erased is not told as a change, from either side. */
static void an_erased_answer_is_not_compared(void **state)
{
        struct town t = { ARENA_INIT, 3 };
        struct played *a = play(&t, pack_find_procedure(pack, "network-connection"), true), *b = play(&t, a->p, true);
        struct gist_env env = env_of(&t, NULL);
        struct row *rows = (struct row *)(uintptr_t)b->facts.answer_rows;
        struct answer *answers = (struct answer *)(uintptr_t)b->facts.answers;
        struct gist_differs d;
        struct err e = { 0 };

        for (size_t i = 0; i < b->facts.answer_rows_count; i++)
                rows[i].v[ANSWER_value] = (struct value){ .kind = VALUE_ERASED };
        for (size_t i = 0; i < b->facts.answers_count; i++)
                answers[i].value = STR("");
        assert_ok(gist_differs(&d, &(struct gist_case){ pack, &a->facts }, &(struct gist_case){ pack, &b->facts }, &env, &e), e);
        assert_int_equal(d.n, 0);
        assert_ok(gist_differs(&d, &(struct gist_case){ pack, &b->facts }, &(struct gist_case){ pack, &a->facts }, &env, &e), e);
        assert_int_equal(d.n, 0);
        arena_done(&t.arena);
}

/* ---- opinions ---- */

static void an_opinion_stands_there_once_it_is_written(void **state)
{
        for (int filled = 0; filled < 2; filled++) {
                struct town t = { ARENA_INIT, 3 };
                struct played *x = play(&t, pack_find_procedure(pack, "service-use"), filled);
                struct gist_env env = env_of(&t, NULL);
                struct gist_opinions o;
                struct err e = { 0 };
                bool found = false;

                assert_ok(gist_opinions(&o, &(struct gist_case){ pack, &x->facts }, &env, &e), e);
                for (size_t i = 0; i < o.n; i++)
                        found |= strcmp(o.items[i].field->id, "opinion") == 0;
                assert_int_equal(found, filled);
                arena_done(&t.arena);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_effect_of_the_base_pack_has_words),
                cmocka_unit_test(domains_and_period_are_counted),
                cmocka_unit_test(only_a_zone_with_a_gate_is_called_enforced),
                cmocka_unit_test(the_step_that_comes_next_is_named),
                cmocka_unit_test(what_is_the_same_never_appears_and_what_is_not_does),
                cmocka_unit_test(a_table_shows_its_new_and_lost_lines),
                cmocka_unit_test(a_column_that_one_form_lacks_is_no_difference),
                cmocka_unit_test(forms_without_a_common_question_are_not_compared),
                cmocka_unit_test(an_erased_answer_is_not_compared),
                cmocka_unit_test(an_opinion_stands_there_once_it_is_written),
        };
        const struct pack_file *files;
        struct err e = { 0 };
        size_t n;
        int r;

        files = mic_r4_pack(&n);
        if (pack_load(&pack, files, n, NULL, NULL, &e) < 0) {
                printf("Bail out! %s\n", e.text);
                return 1;
        }
        r = unit_run("gist", tests);
        pack_free(pack);
        return r;
}
