/* A block of cells as it comes from a spreadsheet, and what it would do to a register. */
#include "core/register/import.h"

#include "core/grid/csv.h"
#include "core/register/import_names.h"
#include "core/register/posting.h"
#include "core/text/fold.h"
#include "mic_r4_pack.h"

#include "unit.h"

static utime_t day_of(const char *s)
{
        struct date d;

        assert_true(date_parse(str_of(s), &d));
        return utime_from_jst(d);
}

static struct uuid id_of(unsigned n)
{
        struct uuid u = { { 1, [6] = 0x70, [8] = 0x80, [14] = (uint8_t)(n >> 8), [15] = (uint8_t)n } };

        return u;
}

static struct arena arena;      /* of one test */

static struct str id_text(unsigned n)
{
        char text[UUID_TEXT];

        uuid_text(text, id_of(n));
        return str_of(arena_text(&arena, text));
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

/* ---- a small town ---- */

enum { ROWS_MAX = 32 };

struct small_town {
        struct row people[ROWS_MAX], sections[ROWS_MAX], providers[ROWS_MAX], services[ROWS_MAX], postings[ROWS_MAX], holders[ROWS_MAX];
        size_t     people_n, sections_n, providers_n, services_n, postings_n, holders_n;
};

static struct row *add(struct row *rows, size_t *n, enum table t, unsigned id)
{
        rows[*n] = row_new(t, id_of(id), NULL);
        rows[*n].rev = 1;
        return &rows[(*n)++];
}

static void person(struct small_town *t, unsigned id, const char *name, const char *number, const char *login, const char *section, const char *state)
{
        struct row *p = add(t->people, &t->people_n, TABLE_PERSON, id);

        row_personal(p, PERSON_name, str_of(name));
        row_personal(p, PERSON_number, str_of(number));
        row_personal(p, PERSON_login, str_of(login));
        row_personal(p, PERSON_section, str_of(section));
        row_text(p, PERSON_state, str_of(state));
}

static void build(struct small_town *t)
{
        static const char *const sections[] = { "総務課", "税務課", "福祉課" };
        struct row *r;

        *t = (struct small_town){ 0 };
        for (unsigned i = 0; i < countof(sections); i++) {
                r = add(t->sections, &t->sections_n, TABLE_SECTION, 100 + i);
                row_personal(r, SECTION_name, str_of(sections[i]));
                row_text(r, SECTION_state, STR("active"));
        }
        person(t, 1, "佐藤 花子", "000101", "sato", "総務課", "active");
        person(t, 2, "鈴木 一郎", "000102", "", "税務課", "active");
        person(t, 3, "鈴木 一郎", "000103", "", "福祉課", "active");
        person(t, 4, "田中 退", "000104", "", "税務課", "left");
        person(t, 5, "高橋 無番", "", "taka", "総務課", "active");
        r = add(t->providers, &t->providers_n, TABLE_PROVIDER, 200);
        row_personal(r, PROVIDER_name, STR("株式会社ひかり"));
        r = add(t->services, &t->services_n, TABLE_SERVICE, 300);
        row_personal(r, SERVICE_name, STR("ひかりメール"));
        row_text(r, SERVICE_provider, id_text(200));
        row_personal(r, SERVICE_section, STR("総務課"));
        row_text(r, SERVICE_manager, id_text(1));
        row_text(r, SERVICE_state, STR("transitional"));
        row_int(r, SERVICE_apply_by_at, day_of("2026-10-01"));
        r = add(t->postings, &t->postings_n, TABLE_POSTING, 400);
        row_text(r, POSTING_person, id_text(2));
        row_personal(r, POSTING_section, STR("税務課"));
        row_text(r, POSTING_kind, STR("main"));
        row_text(r, POSTING_state, STR("active"));
        r = add(t->holders, &t->holders_n, TABLE_HOLDER, 2);
        (void)snprintf(r->k, sizeof(r->k), "section_manager");
        row_text(r, HOLDER_state, STR("active"));
}

/* ---- planning ---- */

static const char *said(struct buf *out, const struct import_plan *p)
{
        const struct import_counts *c = &p->counts;
        const struct { const char *name; size_t n; } counts[] = {
                { "new", c->fresh }, { "changed", c->changed }, { "same", c->same }, { "moved", c->moved }, { "leaving", c->leaving },
                { "unread", c->unreadable }, { "sections", c->sections }, { "providers", c->providers }, { "skipped", p->skipped_n },
        };
        char cell[GRID_CELL_NAME_MAX];

        buf_clear(out);
        for (size_t i = 0; i < countof(counts); i++)
                if (counts[i].n)
                        buf_printf(out, "%s%s %zu", out->n ? " " : "", counts[i].name, counts[i].n);
        for (size_t i = 0; i < p->mistakes_n; i++) {
                const struct import_mistake *m = &p->mistakes[i];
                const char *bang = m->column == IMPORT_WHOLE_LINE ? NULL : strchr(grid_cell_name(cell, "", m->line, m->column), '!');

                if (bang)
                        buf_printf(out, " | %s %s", bang + 1, m->what.key);
                else
                        buf_printf(out, " | %zu %s", m->line, m->what.key);
        }
        if (p->stopped)
                buf_printf(out, " | stopped %u", p->percent_changed);
        return out->p ? out->p : "";
}

struct how { const char *apply_by, *effective, *of; bool whole, accepted; uint32_t percent; const char *const *mapping; size_t header; const char *now; };

static void plan(struct import_plan *p, struct small_town *t, const char *reg, const char *tsv, struct how how)
{
        static struct uuid ids[4000];
        struct grid *g = arena_new(&arena, struct grid);
        struct record_env *env = arena_new(&arena, struct record_env);
        struct import_in *in = arena_new(&arena, struct import_in);
        struct err e = { 0 };

        for (unsigned i = 0; i < countof(ids); i++)
                ids[i] = id_of(10000 + i);
        *env = (struct record_env){ .pack = pack(), .lang = LANG_JA, .arena = &arena };
        *in = (struct import_in){
                .reg = register_find(str_of(reg)), .mapping = how.mapping, .header = how.mapping ? how.header : IMPORT_HEADER_FIND, .of = how.of,
                .now = day_of(how.now ? how.now : "2026-05-11") + UTIME_HOUR, .apply_by = how.apply_by ? day_of(how.apply_by) : 0,
                .effective = how.effective ? day_of(how.effective) : 0, .whole = how.whole, .accepted = how.accepted, .percent = how.percent, .ids = ids,
                .ids_count = countof(ids), .env = env, .rows = { t->services, t->services_n }, .people = { t->people, t->people_n },
                .sections = { t->sections, t->sections_n }, .providers = { t->providers, t->providers_n }, .postings = { t->postings, t->postings_n },
                .holders = { t->holders, t->holders_n },
        };
        if (strcmp(reg, "person") == 0)
                in->rows = in->people;
        assert_ok(csv_read_list(g, "list", str_of(tsv), '\t', &e), e);
        in->sheet = &g->sheets[0];
        assert_ok(import_plan(p, in, &e), e);
        assert_false(arena.refused);
        grid_done(g);      /* the plan keeps none of it */
}

/* ---- services ---- */

#define HEAD "サービス名\t提供事業者\t所管課\t管理者\n"

static const struct { const char *name, *tsv, *want; bool no_date; } services[] = {
        { "one new, its provider made",          HEAD "ほしぞら\t(株)ほし\t総務課\t佐藤花子\n",                          "new 1 providers 1", false },
        { "one provider for two",                HEAD "甲\tホシ\t総務課\t佐藤花子\n乙\tﾎｼ\t総務課\t佐藤花子\n",           "new 2 providers 1", false },
        { "a provider in other widths",          HEAD "甲\t株式会社　ひかり\t総務課\t佐藤花子\n",                        "new 1", false },
        { "the same again",                      HEAD "ひかりメール\t株式会社ひかり\t総務課\t佐藤　花子\n",               "same 1", false },
        { "known in other widths",               HEAD "ひかりﾒｰﾙ\t株式会社ひかり\t総務課\t佐藤 花子\n",                      "same 1", false },
        { "a manager by number",                 HEAD "甲\tほし\t税務課\t０００１０３\n",                                 "new 1 providers 1", false },
        { "a manager by login",                  HEAD "甲\tほし\t税務課\tSATO\n",                                         "new 1 providers 1", false },
        { "two of that name",                    HEAD "甲\t株式会社ひかり\t税務課\t鈴木一郎\n",                                         " | D2 import.person.several", false },
        { "nobody of that name",                 HEAD "甲\t株式会社ひかり\t税務課\t山本\n",                                             " | D2 record.row.absent", false },
        { "somebody who left",                   HEAD "甲\t株式会社ひかり\t税務課\t田中退\n",                                           " | D2 record.row.ended", false },
        { "no such section",                     HEAD "甲\t株式会社ひかり\tゼイム課\t佐藤花子\n",                                       " | C2 record.section", false },
        { "a section in other widths",           HEAD "甲\t株式会社ひかり\t 税 務 課\xc2\xa0\t佐藤花子\n",                              "new 1", false },
        { "no name",                             HEAD "\tほし\t総務課\t佐藤花子\n",                                       "providers 1 | A2 record.required", false },
        { "twice in the sheet",                  HEAD "甲\t株式会社ひかり\t総務課\t佐藤花子\n甲 \t株式会社ひかり\t税務課\t佐藤花子\n",                 "new 1 | A3 import.line.twice", false },
        { "an existing one twice",               HEAD "ひかりメール\t株式会社ひかり\t総務課\t佐藤花子\nひかりメール\t株式会社ひかり\t総務課\t佐藤花子\n", "same 1 | A3 import.line.twice", false },
        { "titles, blanks, a total",             "サービス一覧\n令和8年5月現在\n\n" HEAD "甲\t株式会社ひかり\t総務課\t佐藤花子\n\n合計\t1\n", "new 1 skipped 1", false },
        { "the header once more",                HEAD "甲\t株式会社ひかり\t総務課\t佐藤花子\n" HEAD "乙\t株式会社ひかり\t総務課\t佐藤花子\n",         "new 2 skipped 1", false },
        { "no header at all",                    "甲\t乙\t丙\n1\t2\t3\n",                                                " | 1 import.header.absent", false },
        { "without the sections' column",        "サービス名\t事業者\t管理者\n甲\t株式会社ひかり\t佐藤花子\n乙\t株式会社ひかり\t佐藤花子\n",                      "new 2 | 1 import.column.missing", false },
        { "no day to apply by, told once",       HEAD "甲\t株式会社ひかり\t総務課\t佐藤花子\n乙\t株式会社ひかり\t総務課\t佐藤花子\n",                 " | 2 import.apply-by.missing", true },
        { "a day of its own",                    "サービス名\t事業者\t所管課\t管理者\t申請期限\n甲\t株式会社ひかり\t総務課\t佐藤花子\tR8.9.30\n", "new 1", true },
        { "three styles of dates",               "サービス名\t事業者\t課名\t管理者氏名\t契約開始日\t契約終了日（予定）\n甲\t株式会社ひかり\t総務課\t佐藤花子\t2026/4/1\t令和９年３月３１日\n"
                                                 "乙\t株式会社ひかり\t総務課\t佐藤花子\t20260401\tR9.3.31\n丙\t株式会社ひかり\t総務課\t佐藤花子\t2026/04/01 0:00:00\t－\n", "new 3", false },
        { "no date",                             "サービス名\t事業者\t課名\t管理者\t契約終了日\n甲\t株式会社ひかり\t総務課\t佐藤花子\t2026/2/30\n", " | E2 wareki.no-such-day", false },
        { "ends before it begins",               "サービス名\t事業者\t課名\t管理者\t開始日\t終了日\n甲\t株式会社ひかり\t総務課\t佐藤花子\t2026/4/1\t2026/3/1\n", "new 1 | F2 record.until-before-from", false },
        { "a column of somebody's own",          "№\tサービス名\t事業者\t課名\t管理者\t備考\t状態\n1\t甲\t株式会社ひかり\t総務課\t佐藤花子\tメモ\t利用中\n", "new 1", false },
        { "lines in a cell",                     "サービス名\t事業者\t課名\t管理者\t用途\n甲\t株式会社ひかり\t総務課\t佐藤花子\t\"一つ\n二つ\"\n", "new 1", false },
        { "lines where one is meant",            "サービス名\t事業者\t課名\t管理者\n\"甲\n乙\"\t株式会社ひかり\t総務課\t佐藤花子\n",              " | A2 record.one-line", false },
        { "a yes that is none",                  "サービス名\t事業者\t課名\t管理者\t機密性２以上\n甲\t株式会社ひかり\t総務課\t佐藤花子\tたぶん\n", " | E2 record.yes-no", false },
        { "not an id",                           "ID\tサービス名\tx\n01920000-0000-7000-8000-00000000ffff\t甲\n",         " | A2 import.id.absent", false },
};

static void each_slip_by_its_cell(void **state)
{
        scoped(buf_done) struct buf got = BUF_INIT;

        for (size_t i = 0; i < countof(services); i++) {
                struct small_town t;
                struct import_plan p;

                build(&t);
                plan(&p, &t, "service", services[i].tsv, (struct how){ .apply_by = services[i].no_date ? NULL : "2026-12-01" });
                if (strcmp(said(&got, &p), services[i].want) != 0)
                        fail_msg("%s: got '%s', want '%s'", services[i].name, got.p, services[i].want);
                arena_done(&arena);
        }
}

static void a_new_service_is_transitional(void **state)
{
        struct small_town t;
        struct import_plan p;

        build(&t);
        plan(&p, &t, "service", HEAD "甲\tほし\t総務課\t佐藤花子\n", (struct how){ .apply_by = "2026-12-01" });
        assert_int_equal(p.entries_n, 2);                      /* the provider first */
        assert_int_equal(p.rows[0].table, TABLE_PROVIDER);
        assert_true(row_is(&p.rows[1], SERVICE_state, "transitional"));
        assert_int_equal(row_get_int(&p.rows[1], SERVICE_apply_by_at), day_of("2026-12-01"));
        assert_true(str_is(row_get_text(&p.rows[1], SERVICE_provider), p.rows[0].id));
        arena_done(&arena);
}

static void a_mapping_by_hand_needs_no_header(void **state)
{
        scoped(buf_done) struct buf got = BUF_INIT;
        static const char *const mapping[] = { NULL, "manager", "name", "section", "provider" };
        struct small_town t;
        struct import_plan p;

        build(&t);
        plan(&p, &t, "service", "1\t佐藤花子\t甲\t総務課\t株式会社ひかり\n2\t佐藤花子\t乙\t総務課\t株式会社ひかり\n", (struct how){ .apply_by = "2026-12-01", .mapping = mapping });
        assert_text(said(&got, &p), "new 2");
        arena_done(&arena);
}

/* ---- people ---- */

#define PEOPLE "職員番号\t氏名\t所属\t職名\n"
#define ALL    "000101\t佐藤 花子\t総務課\t\n000102\t鈴木 一郎\t税務課\t\n000103\t鈴木 一郎\t福祉課\t\n"

static const struct { const char *name, *tsv, *want; struct how how; } lists[] = {
        { "nothing new",                   PEOPLE ALL,                                                     "same 3", { .whole = true } },
        { "one new",                       PEOPLE ALL "000200\t新人 一\t税務課\t主事\n",                    "new 1 same 3", { 0 } },
        { "one moves today",               PEOPLE "000101\t佐藤 花子\t税務課\t\n",                          "moved 1", { 0 } },
        { "one moves in time",             PEOPLE "000101\t佐藤 花子\t税務課\t\n",                          "moved 1", { .effective = "2026-06-01" } },
        { "one is promoted",               PEOPLE "000101\t佐藤 花子\t総務課\t係長\n",                      "moved 1", { 0 } },
        { "one married",                   PEOPLE "000101\t山田 花子\t総務課\t\n",                          "changed 1", { 0 } },
        { "not in the list: stays",        PEOPLE "000101\t佐藤 花子\t総務課\t\n",                          "same 1", { 0 } },
        { "not in the whole list: leaves", PEOPLE "000101\t佐藤 花子\t総務課\t\n",                          "same 1 leaving 2", { .whole = true } },
        { "too many",                      PEOPLE "000101\t佐藤 花子\t総務課\t\n",                          "same 1 leaving 2 | stopped 66", { .whole = true, .percent = 50 } },
        { "too many, and meant",           PEOPLE "000101\t佐藤 花子\t総務課\t\n",                          "same 1 leaving 2", { .whole = true, .percent = 50, .accepted = true } },
        { "a section that is new",         PEOPLE "000101\t佐藤 花子\tデジタル課\t\n000102\t鈴木 一郎\tデジタル課\t\n", "moved 2 sections 1", { 0 } },
        { "zeros lost",                    PEOPLE "101\t佐藤 花子\t総務課\t\n",                             " | A2 import.person.zeros", { 0 } },
        { "no number",                     PEOPLE "\t佐藤 花子\t総務課\t\n",                                " | A2 import.person.number", { 0 } },
        { "a number for one without",      PEOPLE "000105\t高橋　無番\t総務課\t\n",                         "changed 1", { 0 } },
        { "same name, another section",    PEOPLE "000105\t高橋 無番\t税務課\t\n",                          "new 1", { 0 } },
        { "a character nobody can read",   PEOPLE "000200\t〓田 一\t税務課\t\n",                            "new 1 unread 1", { 0 } },
        { "somebody comes back",           PEOPLE "000104\t田中 退\t税務課\t\n",                            "new 1", { 0 } },
        { "two postings of one",           PEOPLE "000101\t佐藤 花子\t総務課\t\n000101\t佐藤 花子\t税務課\t\n", "moved 1", { 0 } },
        { "the very line twice",           PEOPLE "000101\t佐藤 花子\t総務課\t\n000101\t佐藤 花子\t総務課\t\n", " | 3 import.line.twice", { 0 } },
        { "one number, two names",         PEOPLE "000101\t佐藤 花子\t総務課\t\n000101\t佐藤 桃子\t税務課\t\n", " | B3 import.person.names-differ", { 0 } },
        { "兼務 said, first",              "職員番号\t氏名\t所属\t本務兼務\n000101\t佐藤 花子\t税務課\t兼務\n000101\t佐藤 花子\t総務課\t本務\n", "moved 1", { 0 } },
        { "兼務 of somebody new, alone",   "職員番号\t氏名\t所属\t本務兼務\n000200\t新人 一\t税務課\t併任\n",  " | A2 import.person.no-main", { 0 } },
        { "main twice",                    "職員番号\t氏名\t所属\t本務兼務\n000101\t佐藤 花子\t税務課\t本務\n000101\t佐藤 花子\t総務課\t主\n", " | A3 import.person.main-twice", { 0 } },
        { "kinds as people write them",    "職員番号\t氏名\t所属\t雇用区分\n000200\t甲\t税務課\t会計年度任用職員\n000201\t乙\t税務課\t正規職員\n", "new 2", { 0 } },
        { "a kind that is none",           "職員番号\t氏名\t所属\t雇用区分\n000200\t甲\t税務課\t幽霊\n",      " | D2 record.choice", { 0 } },
        { "an end of term is no leaving",  "職員番号\t氏名\t所属\t任期満了日\n000200\t甲\t税務課\tR9.3.31\n",  "new 1", { 0 } },
        { "a day of leaving",              "職員番号\t氏名\t所属\t退職日\n000101\t佐藤 花子\t総務課\t2026/5/31\n", "leaving 1", { .effective = "2026-06-01" } },
        { "a login that is taken",         "職員番号\t氏名\t所属\tログインID\n000200\t甲\t税務課\tSato\n",    "new 1 | D2 import.person.login-taken", { 0 } },
        { "a login twice in the list",     "職員番号\t氏名\t所属\tログインID\n000200\t甲\t税務課\tko\n000201\t乙\t税務課\tko\n", "new 2 | D3 import.person.login-taken", { 0 } },
        { "no column of names",            "職員番号\t所属\n000200\t税務課\n",                               "new 1 | 1 import.column.missing", { 0 } },
};

static void a_personnel_list(void **state)
{
        scoped(buf_done) struct buf got = BUF_INIT;

        for (size_t i = 0; i < countof(lists); i++) {
                struct small_town t;
                struct import_plan p;

                build(&t);
                plan(&p, &t, "person", lists[i].tsv, lists[i].how);
                if (strcmp(said(&got, &p), lists[i].want) != 0)
                        fail_msg("%s: got '%s', want '%s'", lists[i].name, got.p, lists[i].want);
                arena_done(&arena);
        }
}

static const struct import_note *note_of(const struct import_plan *p, enum import_note_kind kind)
{
        for (size_t i = 0; i < p->notes_n; i++)
                if (p->notes[i].kind == kind)
                        return &p->notes[i];
        return NULL;
}

static void roles_stay_and_are_told(void **state)
{
        struct small_town t;
        struct import_plan p;
        const struct import_note *n;

        build(&t);
        plan(&p, &t, "person", PEOPLE "000101\t佐藤 花子\t総務課\t\n000103\t鈴木 一郎\t福祉課\t\n", (struct how){ .whole = true });
        n = note_of(&p, IMPORT_HOLDS_ROLES);
        assert_true(n && str_is(n->more, "section_manager"));
        for (size_t i = 0; i < p.rows_n; i++)
                assert_int_not_equal(p.rows[i].table, TABLE_HOLDER);
        arena_done(&arena);
}

/* Applies a plan to the town, as the store would. */
static void apply(struct small_town *t, const struct row *rows, size_t rows_n)
{
        const struct { enum table table; struct row *rows; size_t *n; } tables[] = {
                { TABLE_PERSON, t->people, &t->people_n }, { TABLE_SECTION, t->sections, &t->sections_n }, { TABLE_POSTING, t->postings, &t->postings_n },
        };

        for (size_t i = 0; i < rows_n; i++)
                for (size_t k = 0; k < countof(tables); k++) {
                        struct row *at = tables[k].rows;

                        if (tables[k].table != rows[i].table)
                                continue;
                        while (at < tables[k].rows + *tables[k].n && strcmp(at->id, rows[i].id) != 0)
                                at++;
                        if (at == tables[k].rows + *tables[k].n)
                                ++*tables[k].n;
                        *at = rows[i];
                        at->rev++;
                }
}

static const struct row *named(const struct small_town *t, const char *number)
{
        for (size_t i = 0; i < t->people_n; i++)
                if (row_is(&t->people[i], PERSON_number, number))
                        return &t->people[i];
        fail_msg("nobody has the number %s", number);
        return t->people;
}

static void tick(struct small_town *t, const char *day)
{
        for (size_t i = 0; i < t->people_n; i++) {
                struct changes c;
                struct err e;

                changes_init(&c, &arena, "posting.begun", t->people[i].id);
                assert_ok(posting_tick(&c, &t->people[i], t->postings, t->postings_n, day_of(day), &e), e);
                for (size_t k = 0; k < c.rows_count; k++)
                        c.rows[k].rev--;      /* apply() counts it */
                apply(t, c.rows, c.rows_count);
        }
}

static void a_list_loaded_in_march_holds_from_april(void **state)
{
        static const char list[] = PEOPLE "000101\t佐藤 花子\t税務課\t係長\n000103\t鈴木 一郎\t福祉課\t\n000200\t新人 一\t総務課\t主事\n000200\t新人 一\t税務課\t主事\n";
        const struct how how = { .whole = true, .effective = "2027-04-01", .now = "2027-03-20" };
        struct small_town t;
        struct import_plan p;

        build(&t);
        plan(&p, &t, "person", list, how);
        assert_int_equal(p.mistakes_total, 0);
        assert_int_equal(p.counts.moved + p.counts.fresh + p.counts.leaving + p.counts.same, 4);
        apply(&t, p.rows, p.rows_n);
        assert_true(row_is(named(&t, "000101"), PERSON_section, "総務課"));
        assert_true(row_is(named(&t, "000102"), PERSON_state, "active"));
        assert_true(row_is(named(&t, "000200"), PERSON_state, "coming"));

        plan(&p, &t, "person", list, how);      /* the same list again changes nothing */
        assert_int_equal(p.counts.same, 3);
        assert_int_equal(p.rows_n, 0);

        tick(&t, "2027-03-31");
        assert_true(row_is(named(&t, "000101"), PERSON_section, "総務課"));
        tick(&t, "2027-04-01");
        assert_true(row_is(named(&t, "000101"), PERSON_section, "税務課"));
        assert_true(row_is(named(&t, "000101"), PERSON_post, "係長"));
        assert_true(row_is(named(&t, "000102"), PERSON_state, "left"));
        assert_true(row_is(named(&t, "000200"), PERSON_state, "active"));
        for (size_t i = 0; i < t.postings_n; i++)
                assert_false(row_is(&t.postings[i], POSTING_state, "coming"));
        plan(&p, &t, "person", list, (struct how){ .whole = true, .now = "2027-04-02" });
        assert_int_equal(p.counts.same, 3);
        assert_int_equal(p.rows_n, 0);
        arena_done(&arena);
}

/* ---- words ---- */

static void other_words_are_spelled_folded_and_mean_one_column(void **state)
{
        for (size_t i = 0; i < import_names_count; i++) {
                const struct import_name *n = &import_names[i];
                const struct register_info *r = register_find(str_of(n->reg));
                struct str rest = str_of(n->words), word;

                assert_non_null(r);
                if (strcmp(n->column, "posting") != 0 && !register_column_find(r, str_of(n->column)))
                        fail_msg("%s has no column %s", n->reg, n->column);
                while (rest.n) {
                        scoped(buf_done) struct buf folded = BUF_INIT;

                        if (!str_cut(rest, ' ', &word, &rest)) {
                                word = rest;
                                rest = STR("");
                        }
                        fold_word(&folded, word);
                        if (!str_eq(buf_view(&folded), word))
                                fail_msg("%s.%s: '%.*s' is not folded: %s", n->reg, n->column, (int)word.n, word.p, folded.p);
                        for (size_t k = i + 1; k < import_names_count; k++)
                                for (struct str others = str_of(import_names[k].words), other; others.n && strcmp(import_names[k].reg, n->reg) == 0;) {
                                        if (!str_cut(others, ' ', &other, &others)) {
                                                other = others;
                                                others = STR("");
                                        }
                                        if (str_eq(other, word))
                                                fail_msg("%s: '%.*s' means %s and %s", n->reg, (int)word.n, word.p, n->column, import_names[k].column);
                                }
                }
        }
}

static void what_was_shown_is_what_is_saved(void **state)
{
        struct small_town t;
        struct import_plan p;
        struct record_env env = { .arena = &arena };
        struct import_in in = { .env = &env };
        struct hash a, b;
        struct err e;
        const char *tsv = HEAD "甲\tほし\t総務課\t佐藤花子\nひかりメール\t株式会社ひかり\t税務課\t佐藤 花子\n";

        build(&t);
        plan(&p, &t, "service", tsv, (struct how){ .apply_by = "2026-12-01" });
        assert_ok(import_digest(&a, &p, &in, &e), e);
        for (size_t i = 0; i < p.rows_n; i++)      /* other fresh ids */
                if (!p.rows[i].rev)
                        p.rows[i].id[35] = (char)(p.rows[i].id[35] == 'f' ? 'e' : 'f');
        row_text(&p.rows[1], SERVICE_provider, str_of(p.rows[0].id));
        assert_ok(import_digest(&b, &p, &in, &e), e);
        assert_true(hash_eq(&a, &b));
        t.services[0].rev++;                       /* somebody touched the row in between */
        plan(&p, &t, "service", tsv, (struct how){ .apply_by = "2026-12-01" });
        assert_ok(import_digest(&b, &p, &in, &e), e);
        assert_false(hash_eq(&a, &b));
        t.services[0].rev--;
        row_personal(&t.people[0], PERSON_name, STR("佐藤 桃子"));      /* and now that name is somebody else's */
        person(&t, 9, "佐藤 花子", "000900", "", "総務課", "active");
        plan(&p, &t, "service", tsv, (struct how){ .apply_by = "2026-12-01" });
        assert_ok(import_digest(&b, &p, &in, &e), e);
        assert_false(hash_eq(&a, &b));
        arena_done(&arena);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_slip_by_its_cell),
                cmocka_unit_test(a_new_service_is_transitional),
                cmocka_unit_test(a_mapping_by_hand_needs_no_header),
                cmocka_unit_test(a_personnel_list),
                cmocka_unit_test(roles_stay_and_are_told),
                cmocka_unit_test(a_list_loaded_in_march_holds_from_april),
                cmocka_unit_test(other_words_are_spelled_folded_and_mean_one_column),
                cmocka_unit_test(what_was_shown_is_what_is_saved),
        };

        return unit_run("import", tests);
}
