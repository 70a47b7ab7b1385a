/* A form as a spreadsheet and back: the sample answers of packs/mic-r4 come back as they are stored; each slip is named by its cell. */
#include "core/form/form_sheet.h"
#include "core/pack/load.h"

#include "mic_r4_pack.h"

#include <jansson.h>

#include "unit.h"

static const struct date today = { 2026, 6, 1 };
static struct pack *pack;
static const struct pack_form *form;
static json_t *data;

static int load_all(void **state)
{
        size_t n;
        const struct pack_file *files = mic_r4_pack(&n);
        struct err e;
        FILE *f = tree_open("tests/lib/service_use.json");

        assert_ok(pack_load(&pack, files, n, NULL, NULL, &e), e);
        form = pack_find_form(pack, "service-provider");
        assert_non_null(f);
        data = json_loadf(f, 0, NULL);
        (void)fclose(f);
        assert_non_null(data);
        return 0;
}

static int free_all(void **state)
{
        json_decref(data);
        pack = pack_free(pack);
        return 0;
}

/* The sample answers as they are stored. */
static size_t stored(struct given *out, struct arena *a)
{
        struct answer *answers = arena_array(a, form->fields_count, sizeof(*answers));
        json_t *all = json_object_get(json_object_get(data, "forms"), "service-provider"), *v;
        struct form_context ctx = { .pack = pack, .today = &today };
        struct given given[FORM_ANSWERS_MAX];
        struct err e = { 0 };
        const char *key;
        size_t n = 0, have = 0;

        json_object_foreach(all, key, v) {
                char *text = json_is_string(v) ? NULL : json_dumps(v, JSON_COMPACT);

                given[n++] = (struct given){ str_of(key), str_of(arena_text(a, text ? text : json_string_value(v))) };
                free(text);
        }
        assert_ok(form_check(answers, form, given, n, &ctx, a, &e), e);
        for (size_t i = 0; i < form->fields_count; i++)
                if (answers[i].value.n)
                        out[have++] = (struct given){ str_of(form->fields[i].id), answers[i].value };
        assert_true(have > 40);
        return have;
}

static struct grid_sheet *sheet_of(struct grid *g, const char *name)
{
        for (size_t i = 0; i < g->n; i++)
                if (strcmp(g->sheets[i].name, name) == 0)
                        return &g->sheets[i];
        fail_msg("no sheet %s", name);
        abort();
}

static const char **cell_of(struct grid *g, const char *field)
{
        struct grid_sheet *s = sheet_of(g, "service-provider");

        for (size_t i = 0; i < s->rows_count; i++)
                if (strcmp(s->rows[i].cells[0], field) == 0)
                        return &s->rows[i].cells[6];
        fail_msg("no row %s", field);
        abort();
}

static void read_back(struct form_sheet *x, const struct grid *g, struct arena *a)
{
        struct form_context ctx = { .pack = pack, .today = &today };
        struct err e = { 0 };

        assert_ok(form_sheet_read(x, g, form, pack, LANG_JA, a, &e), e);
        assert_ok(form_sheet_check(x, &ctx, a, &e), e);
}

/* By way of JSON, as it travels; in either language; titles instead of ids, as a file brings them. */
static void answers_go_out_and_come_back_as_they_are_stored(void **state)
{
        for (int lang = 0; lang < LANG_COUNT; lang++)
                for (int titles = 0; titles < 2; titles++) {
                        scoped(arena_done) struct arena a = ARENA_INIT;
                        scoped(grid_done) struct grid g = GRID_INIT, back = GRID_INIT;
                        struct given given[FORM_ANSWERS_MAX];
                        size_t n = stored(given, &a);
                        struct form_sheet x;
                        struct err e = { 0 };
                        json_t *j;

                        assert_ok(form_sheet_write(&g, form, given, n, pack, (enum lang)lang, &e), e);
                        assert_int_equal(g.n, 3);
                        assert_int_equal(g.sheets[0].rows_count, form->fields_count);
                        for (size_t i = 0; titles && i < g.n; i++)
                                for (size_t c = 0; c < g.sheets[i].columns_count; c++)
                                        g.sheets[i].columns[c].id = g.sheets[i].columns[c].title[lang];
                        j = grid_json(&g);
                        assert_ok(grid_take(&back, j, &e), e);
                        json_decref(j);
                        read_back(&x, &back, &a);
                        for (size_t i = 0; i < x.slips.n; i++)
                                fail_msg("%s %s", x.slips.at[i].cell, x.slips.at[i].what.key);
                        assert_int_equal(x.unasked.total, 0);
                        assert_int_equal(x.answers_n, n);
                        for (size_t i = 0; i < n; i++)
                                if (!str_is(given[i].field, x.answers[i].field->id) || !str_eq(given[i].value, x.answers[i].value))
                                        fail_msg("%s: %.*s, not %.*s", x.answers[i].field->id, (int)x.answers[i].value.n, x.answers[i].value.p, (int)given[i].value.n, given[i].value.p);
                }
}

static const struct { const char *field, *said, *want; } spellings[] = {
        { "answered_on", "令和８年５月１５日", "2026-05-15" },
        { "answered_on", "R8.5.15", "2026-05-15" },
        { "answered_on", "20260515", "2026-05-15" },
        { "head_office_country", "us", "US" },
        { "head_office_country", " アメリカ合衆国 ", "US" },
        { "head_office_country", "ｱﾒﾘｶ合衆国", "US" },
        { "data_countries", "日本、アメリカ合衆国", "JP US" },
        { "data_countries", "US,JP", "JP US" },
        { "data_countries", "・日本\n・カナダ", "JP CA" },
        { "measures", "通信の暗号化、tls, 不正プログラム対策", "tls malware" },
        { "measures", "操作の記録とその提供\n改ざんの検知", "access-log tamper-check" },
        { "deletion_certificate", "YES", "true" },
        { "deletion_certificate", "無し", "false" },
        { "deletion_certificate", "○", "true" },
        { "incident_hours", "７２", "72" },
        { "incident_hours", "1,000", "1000" },
        { "domains", "a.example.jp、B.example.jp", "a.example.jp\nb.example.jp" },
        { "facilities", "東京都\r\n大阪府", "東京都\n大阪府" },
};

static void answers_are_read_as_people_write_them(void **state)
{
        for (size_t k = 0; k < countof(spellings); k++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                scoped(grid_done) struct grid g = GRID_INIT;
                struct given given[FORM_ANSWERS_MAX];
                size_t n = stored(given, &a);
                const char *got = "";
                struct form_sheet x;
                struct err e = { 0 };

                assert_ok(form_sheet_write(&g, form, given, n, pack, LANG_JA, &e), e);
                *cell_of(&g, spellings[k].field) = spellings[k].said;
                read_back(&x, &g, &a);
                for (size_t i = 0; i < x.answers_n; i++)
                        if (strcmp(x.answers[i].field->id, spellings[k].field) == 0)
                                got = arena_copy(&a, x.answers[i].value.p, x.answers[i].value.n);
                if (strcmp(got, spellings[k].want) != 0)
                        fail_msg("%s \"%s\": %s, not %s", spellings[k].field, spellings[k].said, got, spellings[k].want);
        }
}

/* One cell is bent: sheet, row from 1 as people count, column; what is said, where. `unasked` in front: no mistake, but told. */
static const struct { const char *name, *sheet; size_t line, column; const char *said, *want; } slips[] = {
        { "no day", "service-provider", 3, 6, "昨日", "service-provider!G3 wareki.unreadable answered_on" },
        { "no country", "service-provider", 5, 6, "火星", "service-provider!G5 form.choice head_office_country" },
        { "one choice of several is none", "service-provider", 24, 6, "通信の暗号化、祈り", "service-provider!G24 form.choice measures" },
        { "left empty", "service-provider", 2, 6, "　", "service-provider!G2 form.required answered_by" },
        { "neither yes nor no", "service-provider", 9, 6, "たぶん", "service-provider!G9 form.yes-no has_dr" },
        { "a number with its unit", "service-provider", 30, 6, "24時間", "service-provider!G30 form.integer incident_hours" },
        { "another question", "service-provider", 29, 0, "phone", "service-provider!A29 form.sheet.row-unknown -,service-provider!G47 form.sheet.row-missing incident_contact" },
        { "no question", "service-provider", 29, 0, "", "service-provider!A29 form.sheet.row-nameless -,service-provider!G47 form.sheet.row-missing incident_contact" },
        { "a question twice", "service-provider", 29, 0, "domains", "service-provider!A29 form.sheet.row-twice -,service-provider!G47 form.sheet.row-missing incident_contact" },
        { "a table in a cell", "service-provider", 44, 6, "２社", "service-provider!G44 form.sheet.elsewhere subcontractors" },
        { "no country, in a table", "subcontractors", 2, 1, "どこか", "subcontractors!B2 form.choice subcontractors" },
        { "left empty, in a table", "subcontractors", 2, 2, "", "subcontractors!C2 form.required subcontractors" },
        { "no day, in the second row", "certificates", 3, 4, "R99.99.1", "certificates!E3 wareki.no-such-day certificates" },
        { "no such column", "certificates", 1, 1, "値段", "certificates!B1 grid.header.unknown certificates" },
        { "a column twice", "certificates", 1, 1, "body", "certificates!D1 grid.header.twice certificates" },
        { "a table nobody asks for", "service-provider", 43, 6, "いいえ", "unasked subcontractors!A2 form.sheet.unasked subcontractors" },
};

static void say(struct buf *b, const char *front, const struct form_slips *s)
{
        for (size_t i = 0; i < s->n; i++)
                buf_printf(b, "%s%s%s %s %s", b->n ? "," : "", front, s->at[i].cell, s->at[i].what.key, s->at[i].field ? s->at[i].field->id : "-");
}

static void each_slip_is_named_by_its_cell(void **state)
{
        for (size_t k = 0; k < countof(slips); k++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                scoped(grid_done) struct grid g = GRID_INIT;
                scoped(buf_done) struct buf b = BUF_INIT;
                struct given given[FORM_ANSWERS_MAX];
                size_t n = stored(given, &a);
                struct grid_sheet *s;
                struct form_sheet x;
                struct err e = { 0 };

                assert_ok(form_sheet_write(&g, form, given, n, pack, LANG_JA, &e), e);
                s = sheet_of(&g, slips[k].sheet);
                if (slips[k].line == 1)
                        s->columns[slips[k].column].id = slips[k].said;
                else
                        s->rows[slips[k].line - 2].cells[slips[k].column] = slips[k].said;
                read_back(&x, &g, &a);
                say(&b, "", &x.slips);
                say(&b, "unasked ", &x.unasked);
                if (!str_is(buf_view(&b), slips[k].want))
                        fail_msg("%s: %s, not %s", slips[k].name, b.p ? b.p : "nothing", slips[k].want);
        }
}

static void all_mistakes_are_said_at_once(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(grid_done) struct grid g = GRID_INIT;
        struct given given[FORM_ANSWERS_MAX];
        size_t n = stored(given, &a);
        struct form_sheet x;
        struct err e = { 0 };

        assert_ok(form_sheet_write(&g, form, given, n, pack, LANG_JA, &e), e);
        *cell_of(&g, "answered_on") = "?";
        *cell_of(&g, "uptime") = "?";
        for (size_t c = 0; c < 6; c++)
                sheet_of(&g, "certificates")->rows[1].cells[c] = "\x01";
        read_back(&x, &g, &a);
        assert_int_equal(x.slips.total, 8);
        for (size_t i = 0; i < 70; i++)
                sheet_of(&g, "service-provider")->rows[i % 40].cells[0] = "x";
        read_back(&x, &g, &a);
        assert_int_equal(x.slips.n, FORM_SLIPS_MAX);
        assert_true(x.slips.total > FORM_SLIPS_MAX);
}

/* A CSV has one sheet and its own name for it; with another header it is none of ours. */
static void a_sheet_alone_may_have_any_name(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(grid_done) struct grid g = GRID_INIT;
        struct form_sheet x;
        struct err e = { 0 };

        assert_ok(form_sheet_write(&g, form, NULL, 0, pack, LANG_EN, &e), e);
        g.sheets[0].name = "list";
        assert_int_equal(form_sheet_read(&x, &g, form, pack, LANG_JA, &a, &e), ERR_INPUT);
        assert_string_equal(e.key, "grid.sheet.missing");
        g.n = 1;
        g.sheets[0].rows[0].cells[6] = "山田";
        read_back(&x, &g, &a);
        assert_int_equal(x.answers_n, 1);
        g.sheets[0].columns[6].id = "x";
        assert_int_equal(form_sheet_read(&x, &g, form, pack, LANG_JA, &a, &e), ERR_INPUT);
        assert_string_equal(e.key, "grid.header.missing");
        assert_string_equal(e.args[1], "回答");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(answers_go_out_and_come_back_as_they_are_stored),
                cmocka_unit_test(answers_are_read_as_people_write_them),
                cmocka_unit_test(each_slip_is_named_by_its_cell),
                cmocka_unit_test(all_mistakes_are_said_at_once),
                cmocka_unit_test(a_sheet_alone_may_have_any_name),
        };

        (void)setvbuf(stdout, NULL, _IOLBF, 0);
        cmocka_set_message_output(CM_OUTPUT_TAP);
        return cmocka_run_group_tests_name("form_sheet", tests, load_all, free_all);
}
