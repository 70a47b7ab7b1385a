/* Whether the people of a list can finish what they may file: who is missing, at which step, and that nobody is missed needlessly. */
#include "core/procedure/people.h"

#include "unit.h"

#define TITLE(text) { .key = "x", .in = { text, text } }
#define HEAD "sekisho-people,1\nid,name,section,roles,deputies\n"

static const struct pack_role roles[] = {
        { "staff", TITLE("職員等") }, { "boss", TITLE("課長") }, { "chief", TITLE("部長") }, { "officer", TITLE("責任者") }, { "expert", TITLE("専門") }, { "clerk", TITLE("事務局") },
};

static const struct pack_link not_a[] = { { "a" } }, start[] = { { "start" } };
static const struct pack_step boss_alone[] = { { .id = "decide", .role = "boss", .title = TITLE("決定") } };
static const struct pack_step boss_or_chief[] = { { .id = "decide", .role = "boss", .substitute = "chief", .title = TITLE("決定") } };
static const struct pack_step no_deputy[] = { { .id = "decide", .role = "boss", .no_deputy = true, .title = TITLE("決定") } };
static const struct pack_step two_hands[] = {
        { .id = "a", .role = "officer", .scope = SCOPE_BODY, .title = TITLE("甲") },
        { .id = "b", .role = "expert", .scope = SCOPE_BODY, .not_same_as = not_a, .not_same_as_count = 1, .title = TITLE("乙") },
};
static const struct pack_step two_hands_parallel[] = {
        { .id = "b", .role = "expert", .scope = SCOPE_BODY, .not_same_as = not_a, .not_same_as_count = 1, .title = TITLE("乙") },
        { .id = "a", .role = "officer", .scope = SCOPE_BODY, .after = start, .after_count = 1, .title = TITLE("甲") },
};
static const struct pack_step meeting[] = {
        { .id = "wait", .kind = STEP_MACHINE, .title = TITLE("待つ") },
        { .id = "a", .kind = STEP_COUNCIL, .role = "clerk", .scope = SCOPE_BODY, .title = TITLE("会議") },
        { .id = "b", .role = "clerk", .scope = SCOPE_BODY, .not_same_as = not_a, .not_same_as_count = 1, .title = TITLE("乙") },
};
static const struct pack_step manager[] = {
        { .id = "a", .role = "boss", .scope = SCOPE_SERVICE, .title = TITLE("管理者") },
        { .id = "b", .role = "boss", .scope = SCOPE_SERVICE, .not_same_as = not_a, .not_same_as_count = 1, .title = TITLE("管理者") },
};
static const struct pack_sheet sheets[] = { { .id = "survey", .role = "clerk", .scope = SCOPE_BODY, .step = "decide" } };

#define STEPS(s) .steps = (s), .steps_count = countof(s), .apply_role = "staff", .apply_scope = SCOPE_BODY, .title = TITLE("手続")
static const struct pack_procedure procedures[] = {
        { .id = "alone", STEPS(boss_alone) },
        { .id = "chief", STEPS(boss_or_chief) },
        { .id = "no-deputy", STEPS(no_deputy) },
        { .id = "two", STEPS(two_hands) },
        { .id = "parallel", STEPS(two_hands_parallel) },
        { .id = "meeting", STEPS(meeting) },
        { .id = "manager", STEPS(manager) },
        { .id = "sheet", STEPS(boss_alone), .sheets = sheets, .sheets_count = 1 },
        { .id = "drafted", STEPS(boss_alone), .draft_role = "clerk" },
};

/* A pack with only this procedure. */
static struct pack pack_of(const char *procedure)
{
        struct pack p = { .roles = roles, .roles_count = countof(roles) };

        for (size_t i = 0; i < countof(procedures); i++)
                if (strcmp(procedures[i].id, procedure) == 0) {
                        p.procedures = &procedures[i];
                        p.procedures_count = 1;
                }
        assert_non_null(p.procedures);
        return p;
}

/* "step why applicant[*alike][ -absent][ +drafter]", a finding each, "; " between; "?" for a procedure that nobody may file. */
static void findings_of(struct buf *out, const struct pack *pack, const char *csv)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct people people;
        struct people_report r;
        struct err e = { 0 };
        size_t stuck = 0;

        assert_ok(people_read(&people, pack, "x", str_of(csv), &a, NULL, NULL, &e), e);
        assert_ok(people_check(&r, pack, &people, &a, &e), e);
        buf_add(out, "", 0);
        for (size_t i = 0; i < r.n; i++) {
                const struct people_finding *f = &r.rows[i];

                buf_printf(out, "%s%s", out->n ? "; " : "", f->step ? f->step->id : "?");
                if (!f->step)
                        continue;
                buf_printf(out, "%s%s %s %s", f->sheet ? "/" : "", f->sheet ? f->sheet->id : "", people_why_name(f->why), f->applicant->id);
                if (f->alike > 1)
                        buf_printf(out, "*%zu", f->alike);
                if (f->absent)
                        buf_printf(out, " -%s", f->absent->id);
                if (f->drafter)
                        buf_printf(out, " +%s", f->drafter->id);
                stuck += !f->absent && !f->drafter;
        }
        assert_int_equal(stuck, r.stuck);
}

static void what_cannot_be_finished_is_found_and_nothing_else(void **state)
{
        static const struct { const char *procedure, *csv, *want; } cases[] = {
                { "alone", HEAD "s,,x,staff,\nb,,x,boss,\nc,,x,boss,\n", "" },
                { "alone", HEAD "s,,x,staff,\n", "decide nobody s" },
                { "alone", HEAD "s,,x,staff,\nb,,y,boss,\n", "decide nobody s" },                     /* of another section */
                { "alone", HEAD "s,,x,staff,\nt,,x,staff,\nu,,y,staff,\n", "decide nobody s*2; decide nobody u" },
                { "alone", HEAD "b,,x,staff;boss,\nc,,x,boss,\n", "decide self b -c" },
                { "alone", HEAD "b,,x,staff;boss,\n", "decide self b" },
                { "alone", HEAD "b,,x,staff;boss,\nc,,x,staff;boss,\n", "decide self b*2 -c" },        /* each decides on the other's */
                { "alone", HEAD "s,,x,staff,\nb,,x,boss,\n", "decide away s -b" },
                { "alone", HEAD "s,,x,staff,\nb,,x,boss,d\nd,,y,,\n", "" },                            /* somebody stands in */
                { "alone", HEAD "s,,x,staff,\nb,,x,boss,s\n", "decide away s -b" },                    /* but not for their own */
                { "no-deputy", HEAD "s,,x,staff,\nb,,x,boss,d\nd,,y,,\n", "decide away s -b" },
                { "alone", HEAD "b,,x,boss,\n", "?" },
                { "chief", HEAD "b,,x,staff;boss,\nc,,y,chief,\nd,,z,chief,\n", "" },
                { "chief", HEAD "b,,x,staff;boss,\nc,,y,chief,\n", "decide self b -c" },
                { "chief", HEAD "s,,x,staff,\nc,,y,chief,\n", "decide nobody s" },                     /* no boss at all: nobody to stand in for */
                { "two", HEAD "s,,x,staff,\no,,y,officer;expert,\n", "b same s; a away s -o" },
                { "two", HEAD "s,,x,staff,\no,,y,officer;expert,\np,,y,officer,\nq,,y,expert,\n", "" },
                /* the first who comes to mind must not be taken: o is the only expert */
                { "two", HEAD "s,,x,staff,\no,,y,officer;expert,\np,,y,officer,\n", "b same s -p; b away s -o" },
                { "parallel", HEAD "s,,x,staff,\no,,y,officer;expert,\n", "a same s; b away s -o" },
                /* whichever is decided first, and whichever names the other */
                { "parallel", HEAD "s,,x,staff,\no,,y,officer;expert,\nq,,y,expert,\n", "a same s -q; a away s -o" },
                { "meeting", HEAD "s,,x,staff,\nc,,y,clerk,\n", "a second s; b away s -c" },
                { "meeting", HEAD "s,,x,staff,\nc,,y,clerk,\nd,,y,clerk,\ne,,y,clerk,\n", "b same s -c; b same s -d; b same s -e" },
                { "meeting", HEAD "s,,x,staff,\nc,,y,clerk,\nd,,y,clerk,\ne,,y,clerk,\nf,,y,clerk,\n", "" },
                { "meeting", HEAD "s,,x,staff;clerk,\nc,,y,clerk,\nd,,y,clerk,\n", "b same s; a second s -c; a second s -d" },
                { "manager", HEAD "s,,x,staff,\nb,,y,,\nc,,y,,\n", "b same s" },                       /* one manager cannot be two */
                { "sheet", HEAD "s,,x,staff,\nb,,x,boss,\nc,,x,boss,\n", "decide/survey nobody s" },
                { "sheet", HEAD "s,,x,staff;clerk,\nb,,x,boss,\nc,,x,boss,\n", "" },                   /* who applied may fill in a sheet */
                { "drafted", HEAD "s,,x,staff,\nb,,x,boss,\nc,,x,boss;clerk,\n", "" },
                { "drafted", HEAD "s,,x,staff,\nb,,x,boss;clerk,d\nd,,x,,\n", "decide self s +b" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf got = BUF_INIT;
                struct pack pack = pack_of(cases[i].procedure);

                findings_of(&got, &pack, cases[i].csv);
                if (strcmp(got.p, cases[i].want) != 0)
                        fail_msg("%s\n%s got  %s\n want %s", cases[i].procedure, cases[i].csv, got.p, cases[i].want);
        }
}

/* Half of the roles by id, half by name; cells as spreadsheets write them. */
static void a_list_is_read_as_spreadsheets_write_it(void **state)
{
        static const char csv[] = "\xef\xbb\xbfsekisho-people,1,,\r\n所属,職員ID,氏名,職,代決者\r\n\"総務課,本庁\",sato,\"佐藤 \"\"一郎\"\"\",職員等；boss, suzuki \r\n,,,,\r\n総務課,suzuki,,,";
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct pack pack = pack_of("alone");
        struct people people;
        struct err e = { 0 };

        assert_ok(people_read(&people, &pack, "x", str_of(csv), &a, NULL, NULL, &e), e);
        assert_int_equal(people.n, 2);
        assert_text(people.rows[0].id, "sato");
        assert_text(people.rows[0].name, "佐藤 \"一郎\"");
        assert_true(str_is(people.rows[0].section, "総務課,本庁"));
        assert_int_equal(people.rows[0].roles_count, 2);
        assert_text(people.rows[0].roles[0], "staff");
        assert_text(people.rows[0].roles[1], "boss");
        assert_text(people.rows[0].deputies[0], "suzuki");
        assert_int_equal(people.rows[1].roles_count, 0);
}

static void put_key(void *ctx, const struct err *mistake)
{
        struct buf *b = ctx;

        buf_printf(b, "%s%s %s %s", b->n ? "; " : "", mistake->key + strlen("people."), mistake->args[0], mistake->args[1]);
}

static void a_mistake_is_told_with_its_line(void **state)
{
        static const struct { const char *csv, *want; } cases[] = {
                { "", "format x:1 " },
                { "id,name,section,roles\n", "format x:1 " },
                { "sekisho-people,2\n", "format x:1 " },
                { "sekisho-people,1\nid,name,section\n", "heading-missing x:2 roles" },
                { "sekisho-people,1\nid,name,section,roles,deputy,id\n", "heading x:2 deputy; heading x:2 id" },
                { HEAD, "none x:2 " },
                { HEAD "a b,,x,,\n\xe5\x94\x90,,x,,\n", "id x:3 a b; id x:4 \xe5\x94\x90" },
                { HEAD "a,,x,,\na,,x,,\n", "twice x:4 a" },
                { HEAD "a,,,,\n", "section x:3 a" },
                { HEAD "a,,x,staff;head,\n", "role x:3 head" },
                { HEAD "a,,x,,a;z\n", "deputy x:3 a; deputy x:3 z" },
                { HEAD "a,\"two\nlines\",x,,\nb,,x,head,\n", "role x:5 head" },
                { HEAD "a,\"open,x,,\n", "quote x:3 " },
                { HEAD "a,\"b\"c,x,,\n", "quote x:3 " },
                { HEAD "a,\xff,x,,\n", "utf8 x:1 " },
        };
        struct pack pack = pack_of("alone");

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                scoped(buf_done) struct buf got = BUF_INIT;
                struct people people = { NULL, 0 };
                struct err e = { 0 };

                assert_int_equal(people_read(&people, &pack, "x", str_of(cases[i].csv), &a, put_key, &got, &e), ERR_INPUT);
                assert_null(people.rows);
                if (strcmp(got.p, cases[i].want) != 0)
                        fail_msg("%s\n got  %s\n want %s", cases[i].csv, got.p, cases[i].want);
        }
}

static void a_finding_says_who_where_why_and_what_would_mend_it(void **state)
{
        static const struct { const char *procedure, *csv, *what, *mend; } cases[] = {
                { "alone", HEAD "s,佐藤,総務課,staff,\n", "手続「手続」：佐藤（総務課）が申請すると「決定」で止まります。「課長」の職の人が総務課にいません。",
                  "「課長」の職の人を総務課に置いてください。" },
                { "chief", HEAD "s,,総務課,staff;boss,\n", "手続「手続」：s（総務課）が申請すると「決定」で止まります。総務課にいる「課長」の職の人は申請者か起案者だけです。自分の申請は処理できません。",
                  "申請者や起案者とは別に、「部長」の職の人を庁内に置いてください。" },
                { "alone", HEAD "s,佐藤,総務課,staff,\nb,鈴木,総務課,boss,\n",
                  "手続「手続」：鈴木（総務課）が不在のとき、佐藤（総務課）が申請すると「決定」で止まります。「課長」の職の人が総務課に1人もいなくなります。",
                  "不在になる人の代決者を決めるか、「課長」の職の人を総務課にもう1人置いてください。" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                scoped(buf_done) struct buf what = BUF_INIT, mend = BUF_INIT;
                struct pack pack = pack_of(cases[i].procedure);
                struct people people;
                struct people_report r;
                struct err e;

                assert_ok(people_read(&people, &pack, "x", str_of(cases[i].csv), &a, NULL, NULL, &e), e);
                assert_ok(people_check(&r, &pack, &people, &a, &e), e);
                assert_int_equal(r.n, 1);
                people_say(&what, &mend, LANG_JA, &pack, &r.rows[0]);
                assert_text(what.p, cases[i].what);
                assert_text(mend.p, cases[i].mend);
        }
}

/* A city: 1500 people in 60 sections, each step with an officer to spare. */
static void a_city_is_checked_too(void **state)
{
        scoped(buf_done) struct buf csv = BUF_INIT, got = BUF_INIT;
        struct pack pack = { .roles = roles, .roles_count = countof(roles), .procedures = procedures, .procedures_count = countof(procedures) };

        buf_text(&csv, HEAD);
        for (int i = 0; i < 1500; i++)
                buf_printf(&csv, "p%d,,s%d,%s,\n", i, i % 60, i < 180 ? "staff;boss" : i < 190 ? "officer;expert" : i < 200 ? "clerk" : i < 205 ? "chief" : "staff");
        findings_of(&got, &pack, csv.p);
        assert_text(got.p, "b same p0*1475");        /* procedure "manager": the same manager twice, whoever it is */
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_cannot_be_finished_is_found_and_nothing_else),
                cmocka_unit_test(a_list_is_read_as_spreadsheets_write_it),
                cmocka_unit_test(a_mistake_is_told_with_its_line),
                cmocka_unit_test(a_finding_says_who_where_why_and_what_would_mend_it),
                cmocka_unit_test(a_city_is_checked_too),
        };

        return unit_run("people", tests);
}
