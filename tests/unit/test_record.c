/* A cell of a register: what people type, what stands in the row, what they read, and that what they read is taken back. */
#include "core/register/record.h"

#include "mic_r4_pack.h"

#include "unit.h"

#define SATO_ID    "01920000-0000-7000-8000-000000000001"
#define SUZUKI_ID  "01920000-0000-7000-8000-000000000002"
#define LEFT_ID    "01920000-0000-7000-8000-000000000003"
#define TWIN_ID    "01920000-0000-7000-8000-000000000004"
#define NOBODY_ID  "01920000-0000-7000-8000-000000000009"

static const struct { const char *of, *id, *name; bool ended; } rows[] = {
        { "person", SATO_ID, "佐藤 花子", false },   { "person", SUZUKI_ID, "鈴木 一郎", false }, { "person", LEFT_ID, "田中 退", true },
        { "person", TWIN_ID, "鈴木 一郎", false },   { "section", SATO_ID, "総務課", false },     { "section", LEFT_ID, "旧秘書課", true },
};

static int find(void *ctx, const struct register_info *r, struct str of, struct str name, struct record_found *out, struct err *e)
{
        *out = (struct record_found){ 0 };
        for (size_t i = 0; i < countof(rows); i++)
                if (strcmp(rows[i].of, r->id) == 0 && str_is(name, rows[i].name))
                        *out = (struct record_found){ out->n + 1, str_of(rows[i].id), rows[i].ended };
        return ERR_OK;
}

static int name(void *ctx, const struct register_info *r, struct str id, struct str *to, bool *ended, struct err *e)
{
        for (size_t i = 0; i < countof(rows); i++)
                if (strcmp(rows[i].of, r->id) == 0 && str_is(id, rows[i].id)) {
                        *to = str_of(rows[i].name);
                        *ended = rows[i].ended;
                        return ERR_OK;
                }
        return ERR_ABSENT;
}

static const struct pack *pack(void)
{
        static struct pack *p;
        size_t n;
        const struct pack_file *files = mic_r4_pack(&n);
        struct err e;

        if (!p)
                assert_ok(pack_load(&p, files, n, NULL, NULL, &e), e);
        return p;
}

/* shown: in Japanese; NULL: refused with `key`. */
static const struct { const char *reg, *column, *cell, *shown, *key; } cases[] = {
        { "contract", "from_at", "2026-04-01", "2026-04-01", NULL },
        { "contract", "from_at", "R8.4.1", "2026-04-01", NULL },
        { "contract", "from_at", "令和8年4月1日", "2026-04-01", NULL },
        { "contract", "from_at", "　令和８年４月１日 ", "2026-04-01", NULL },
        { "contract", "from_at", "20260401", "2026-04-01", NULL },
        { "contract", "from_at", "平成40年3月31日", "2028-03-31", NULL },
        { "contract", "until_at", "2027/3/31", "2027-03-31", NULL },
        { "contract", "until_at", "", "", NULL },
        { "contract", "from_at", "", NULL, "record.required" },
        { "contract", "until_at", "8.4.1", NULL, "wareki.era-missing" },
        { "contract", "until_at", "令和8年2月30日", NULL, "wareki.no-such-day" },
        { "contract", "until_at", "来年", NULL, "wareki.unreadable" },
        { "contract", "number", "７総情第12号", "７総情第12号", NULL },
        { "contract", "number", "一行\n二行", NULL, "record.one-line" },
        { "contract", "damages", "一行\r\n二行", "一行\n二行", NULL },
        { "contract", "damages", "見え\u200bない", NULL, "record.hidden-character" },
        { "contract", "rto_hours", "２４", "24", NULL },
        { "contract", "rto_hours", "1,000", "1000", NULL },
        { "contract", "rto_hours", "1000000001", NULL, "record.integer" },
        { "contract", "rto_hours", "99999999999999999999999", NULL, "record.integer" },
        { "contract", "rto_hours", "-1", NULL, "record.integer" },
        { "contract", "rto_hours", ",", NULL, "record.integer" },
        { "contract", "law", "JP", "日本", NULL },
        { "contract", "law", "jp", "日本", NULL },
        { "contract", "law", "日本", "日本", NULL },
        { "contract", "law", "Japan", "日本", NULL },
        { "contract", "law", "アトランティス", NULL, "record.country" },
        { "contract", "kind", "nonesuch", NULL, "record.choice" },
        { "contract", "state", "ended", NULL, "record.fixed" },
        { "account", "kind", "administrator", "管理者", NULL },
        { "account", "kind", "管理者", "管理者", NULL },
        { "account", "kind", "Administrator", "管理者", NULL },
        { "account", "kind", "王様", NULL, "record.choice" },
        { "account", "person", "佐藤 花子", "佐藤 花子", NULL },
        { "account", "person", SATO_ID, "佐藤 花子", NULL },
        { "account", "person", SUZUKI_ID, "鈴木 一郎", NULL },
        { "account", "person", "鈴木 一郎", NULL, "record.row.several" },
        { "account", "person", "田中 退", NULL, "record.row.ended" },
        { "account", "person", LEFT_ID, NULL, "record.row.ended" },
        { "account", "person", "佐藤", NULL, "record.row.absent" },
        { "account", "person", NOBODY_ID, NULL, "record.row.absent" },
        { "account", "section", "総務課", "総務課", NULL },
        { "account", "section", "旧秘書課", NULL, "record.row.ended" },
        { "account", "section", "宇宙課", NULL, "record.section" },
        { "service", "conf2plus", "はい", "はい", NULL },
        { "service", "conf2plus", "０", "いいえ", NULL },
        { "service", "conf2plus", "TRUE", "はい", NULL },
        { "service", "conf2plus", "無", "いいえ", NULL },
        { "service", "conf2plus", "たぶん", NULL, "record.yes-no" },
        { "attachment", "dated_on", "R8.4.1", "2026-04-01", NULL },
};

static struct record_env env_of(struct arena *a)
{
        return (struct record_env){ .pack = pack(), .lang = LANG_JA, .arena = a, .find = find, .name = name };
}

static const struct register_column *column(const struct register_info *r, const char *id)
{
        const struct register_column *c = register_column_find(r, str_of(id));

        assert_non_null(c);
        return c;
}

static void cells_are_taken_and_shown_so(void **state)
{
        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                const struct register_info *r = register_find(str_of(cases[i].reg));
                const struct register_column *c = column(r, cases[i].column);
                struct record_env env = env_of(&a);
                scoped(buf_done) struct buf shown = BUF_INIT;
                struct row row = { .table = r->table };
                struct err e = { 0 };
                int got = record_take(&row, r, c, str_of(cases[i].cell), &env, &e);

                if (!cases[i].shown) {
                        if (got != ERR_INPUT || strcmp(e.key, cases[i].key) != 0 || strcmp(e.field, cases[i].column) != 0)
                                fail_msg("%s.%s '%s': %d %s at %s, want %s", cases[i].reg, cases[i].column, cases[i].cell, got, e.key, e.field, cases[i].key);
                        assert_true(text_known(e.key));
                        assert_int_equal(row.v[c->col].kind, VALUE_NULL);
                        continue;
                }
                if (got < 0)
                        fail_msg("%s.%s '%s': %s", cases[i].reg, cases[i].column, cases[i].cell, e.text);
                record_show(&shown, &row, c, &env, LANG_JA);
                if (strcmp(shown.p ? shown.p : "", cases[i].shown) != 0)
                        fail_msg("%s.%s '%s': shown as '%s', want '%s'", cases[i].reg, cases[i].column, cases[i].cell, shown.p, cases[i].shown);
        }
}

/* In either language, into a new row too unless several go by the name. */
static void what_is_shown_is_taken_back(void **state)
{
        for (size_t i = 0; i < countof(cases); i++)
                for (int lang = 0; lang < LANG_COUNT && cases[i].shown; lang++) {
                        scoped(arena_done) struct arena a = ARENA_INIT;
                        const struct register_info *r = register_find(str_of(cases[i].reg));
                        const struct register_column *c = column(r, cases[i].column);
                        struct record_env env = env_of(&a);
                        scoped(buf_done) struct buf shown = BUF_INIT;
                        struct row row = { .table = r->table }, again = row, same;
                        struct err e = { 0 };

                        assert_ok(record_take(&row, r, c, str_of(cases[i].cell), &env, &e), e);
                        record_show(&shown, &row, c, &env, (enum lang)lang);
                        same = row;
                        assert_ok(record_take(&same, r, c, buf_view(&shown), &env, &e), e);
                        assert_true(record_same(&same.v[c->col], &row.v[c->col]));
                        if (strcmp(cases[i].cell, SUZUKI_ID) == 0)
                                continue;
                        assert_ok(record_take(&again, r, c, buf_view(&shown), &env, &e), e);
                        assert_true(record_same(&again.v[c->col], &row.v[c->col]));
                }
}

/* A person who left, a choice the pack dropped, a moment to the second, an erased text, what only decisions set: kept when it comes back. */
static void what_could_not_be_typed_stays_when_it_comes_back(void **state)
{
        static const struct { const char *reg, *column; struct value v; const char *cell; } kept[] = {
                { "account", "person", { .kind = VALUE_TEXT, .s = { LEFT_ID, sizeof(LEFT_ID) - 1 } }, "田中 退" },
                { "account", "person", { .kind = VALUE_TEXT, .s = { TWIN_ID, sizeof(TWIN_ID) - 1 } }, "鈴木 一郎" },
                { "contract", "kind", { .kind = VALUE_TEXT, .s = { "dropped", 7 } }, "dropped" },
                { "contract", "damages", { .kind = VALUE_ERASED }, "（消去済み）" },
                { "contract", "state", { .kind = VALUE_TEXT, .s = { "active", 6 } }, "有効" },
                { "service", "suspended_at", { .kind = VALUE_INT, .i = 1775008765000001 }, "2026-04-01 10:59" },
        };

        for (size_t i = 0; i < countof(kept); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                const struct register_info *r = register_find(str_of(kept[i].reg));
                const struct register_column *c = column(r, kept[i].column);
                struct record_env env = env_of(&a);
                scoped(buf_done) struct buf shown = BUF_INIT;
                struct row row = { .table = r->table, .rev = 1 };
                struct err e = { 0 };

                row.v[c->col] = kept[i].v;
                record_show(&shown, &row, c, &env, LANG_JA);
                assert_text(shown.p, kept[i].cell);
                assert_ok(record_take(&row, r, c, str_of(kept[i].cell), &env, &e), e);
                assert_true(record_same(&row.v[c->col], &kept[i].v));
        }
}

static void an_unchanged_text_keeps_its_commitment(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        const struct register_info *r = register_find(STR("contract"));
        const struct register_column *c = column(r, "name");
        struct record_env env = env_of(&a);
        struct row row = { .table = r->table, .rev = 1 };
        struct err e = { 0 };

        row_personal(&row, c->col, STR("保守契約"));
        row.v[c->col].committed = true;
        assert_ok(record_take(&row, r, c, STR(" 保守契約 "), &env, &e), e);
        assert_true(row.v[c->col].committed);
        assert_ok(record_take(&row, r, c, STR("賃貸契約"), &env, &e), e);
        assert_false(row.v[c->col].committed);
        assert_true(row.v[c->col].personal);
}

static void a_long_text_is_refused_by_characters(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        const struct register_info *r = register_find(STR("contract"));
        struct record_env env = env_of(&a);
        struct row row = { .table = r->table };
        scoped(buf_done) struct buf b = BUF_INIT;
        struct err e = { 0 };

        for (int i = 0; i < 400; i++)
                buf_text(&b, "鬱");
        assert_ok(record_take(&row, r, column(r, "name"), buf_view(&b), &env, &e), e);
        buf_text(&b, "鬱");
        assert_int_equal(record_take(&row, r, column(r, "name"), buf_view(&b), &env, &e), ERR_INPUT);
        assert_text(e.key, "record.too-long");
        assert_int_equal(record_take(&row, r, column(r, "kind"), buf_view(&b), &env, &e), ERR_INPUT);
        assert_true(utf8_ok(str_of(e.args[0])));
}

static void a_new_row_must_be_whole_and_end_after_it_begins(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        const struct register_info *r = register_find(STR("contract"));
        struct record_env env = env_of(&a);
        struct row row = { .table = r->table };
        struct err e = { 0 };

        assert_int_equal(record_complete(&row, r, &e), ERR_INPUT);
        assert_text(e.key, "record.required");
        assert_text(e.field, "name");
        assert_ok(record_take(&row, r, column(r, "name"), STR("保守契約"), &env, &e), e);
        assert_ok(record_take(&row, r, column(r, "from_at"), STR("2026-04-01"), &env, &e), e);
        assert_ok(record_take(&row, r, column(r, "until_at"), STR("2026-03-31"), &env, &e), e);
        assert_int_equal(record_complete(&row, r, &e), ERR_INPUT);
        assert_text(e.key, "record.until-before-from");
        assert_ok(record_take(&row, r, column(r, "until_at"), STR("2026-04-01"), &env, &e), e);
        assert_ok(record_complete(&row, r, &e), e);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(cells_are_taken_and_shown_so),
                cmocka_unit_test(what_is_shown_is_taken_back),
                cmocka_unit_test(what_could_not_be_typed_stays_when_it_comes_back),
                cmocka_unit_test(an_unchanged_text_keeps_its_commitment),
                cmocka_unit_test(a_long_text_is_refused_by_characters),
                cmocka_unit_test(a_new_row_must_be_whole_and_end_after_it_begins),
        };

        return unit_run("record", tests);
}
