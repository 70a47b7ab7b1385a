/* Procedures with every kind of step: who may act when, what stands in the way, what follows. 8.2(2), 8.2(4), 6.1(19) note 16. */
#include "world.h"

#include "flow_pack.h"

#include "unit.h"

#define START (20544 * UTIME_DAY)                  /* 2026-04-01 09:00 JST */

static const struct resident people[] = {
        { "sato", "sangyo", { "staff" } },          { "boss", "sangyo", { "staff" } },
        { "ueda", "sangyo", { "staff", "chief" } }, { "chief", "sangyo", { "chief" } },
        { "far", "zei", { "chief" } },              { "clerk", "joho", { "staff", "clerk" } },
        { "kato", "joho", { "clerk" } },            { "jurist", "soumu", { "jurist" } },
        { "both", "soumu", { "jurist", "treasurer" } }, { "coin", "zaisei", { "treasurer" } },
        { "mayor", "honcho", { "mayor" } },         { "vice", "honcho", { "mayor" } },
        { "proxy", "honcho", { "staff" } },         { "secretary", "joho", { "secretariat" } },
        { "heir", "sangyo", { "staff" } },
};

static struct pack *pack;
static struct world w;
static struct arena scratch;
static char app[UUID_TEXT];
static struct err last;

/* ---- words for acts: each gives the key of its refusal, "" when it was taken ---- */

static const char *done(int r, const struct changes *c)
{
        if (r == ERR_OK)
                world_apply(&w, c);
        w.now += UTIME_MIN;
        return r == ERR_OK ? "" : last.key;
}

static struct changes entry(void)
{
        struct changes c;

        last = (struct err){ 0 };
        changes_init(&c, &scratch, "application.changed", app);
        return c;
}

static const struct case_facts *facts(void) { return world_facts(&w, app, &scratch); }
static int64_t rev(void) { return world_get(&w, TABLE_APPLICATION, app, "")->rev; }

struct ask { const char *by, *for_whom, *kind, *country, *paid, *boss, *extra, *until; };
static const struct ask usual = { "sato", NULL, "open", "JP", "true", "boss", "false", "2027-03-31" };

static const struct answer *ask_answers(const struct ask *in)
{
        const struct pack_form *form = pack_find_form(pack, "ask");
        struct answer *out = arena_array(&scratch, form->fields_count, sizeof(*out));
        struct given given[8] = { { STR("kind"), str_of(in->kind) }, { STR("name"), STR("予約") }, { STR("vendor"), STR("甲社") }, { STR("country"), str_of(in->country) },
                                  { STR("paid"), str_of(in->paid) }, { STR("boss"), str_of(w.person[world_named(&w, in->boss)]) } };
        struct date today = utime_date_jst(w.now);
        struct form_context ctx = { .pack = pack, .today = &today };
        size_t n = 6;
        struct err e = { 0 };

        if (in->extra)
                given[n++] = (struct given){ STR("extra_wanted"), str_of(in->extra) };
        if (in->until)
                given[n++] = (struct given){ STR("until"), str_of(in->until) };
        assert_ok(form_check(out, form, given, n, &ctx, &scratch, &e), e);
        return out;
}

static const char *submit(struct ask in)
{
        struct actor who = world_who(&w, in.by, &scratch);
        struct submission s = { .form = pack_find_form(pack, "ask"), .answers = ask_answers(&in), .id = world_id(&w), .body = "SHI" };
        struct changes c = entry();

        s.counter = row_new(TABLE_COUNTER, s.id, "SHI-ASK-2026");
        if (in.for_whom)
                s.applicant = world_who(&w, in.for_whom, &scratch);
        uuid_text(app, s.id);
        return done(procedure_submit(&c, pack, &s, &who, w.now, &last), &c);
}

static const char *again(const char *by, struct ask in, const char *reason)
{
        struct actor who = world_who(&w, by, &scratch);
        struct changes c = entry();

        return done(procedure_resubmit(&c, pack, facts(), pack_find_form(pack, "ask"), ask_answers(&in), rev(), str_of(reason), &who, w.now, &last), &c);
}

static const char *decide(const char *by, struct verdict_in in)
{
        struct actor who = world_who(&w, by, &scratch);
        struct changes c = entry();

        in.seen_rev = rev();
        world_fresh(&w, in.ids);
        return done(procedure_decide(&c, pack, facts(), &in, &who, w.now, &last), &c);
}

static const char *approve(const char *by, const char *step)
{
        return decide(by, (struct verdict_in){ .decision = DECISION_APPROVE, .step = step });
}

static const char *send_back(const char *by, const char *step, const char *to)
{
        return decide(by, (struct verdict_in){ .decision = DECISION_RETURN, .step = step, .to = to, .reason = STR("直してください") });
}

static const struct ruling paper = { STR("12"), STR("2026-04-01"), STR("final"), STR("市長") };

static const char *enter(const char *by, enum decision d)
{
        return decide(by, (struct verdict_in){ .decision = d, .step = "council", .paper = paper, .reason = STR("会議") });
}

static const char *fill(const char *by, const char *remark)
{
        const struct pack_form *form = pack_find_form(pack, "paper");
        struct answer answers[2] = { { &form->fields[0], STR("true") }, { &form->fields[1], str_of(remark) } };
        struct actor who = world_who(&w, by, &scratch);
        struct changes c = entry();

        return done(procedure_fill_sheet(&c, pack, facts(), form, answers, rev(), &who, w.now, &last), &c);
}

static const char *judge(const char *by, const char *criterion, enum result result, const char *reason)
{
        struct judgement in = { .criterion = criterion, .result = result, .reason = str_of(reason), .article = STR("第5条") };
        struct actor who = world_who(&w, by, &scratch);
        struct changes c = entry();

        return done(procedure_judge(&c, pack, facts(), &in, 1, rev(), &who, w.now, &last), &c);
}

static const char *rate(const char *by, const char *level)
{
        struct actor who = world_who(&w, by, &scratch);
        struct changes c = entry();

        return done(procedure_rate(&c, pack, facts(), "level", level, STR("実態に合わせる"), rev(), &who, w.now, &last), &c);
}

static const char *tick(void)
{
        struct uuid ids[PROCEDURE_IDS];
        struct changes c = entry();

        world_fresh(&w, ids);
        return done(procedure_tick(&c, pack, facts(), ids, w.now, &last), &c);
}

static const char *deputise(const char *by, const char *principal, const char *deputy, const char *role, utime_t from, utime_t until)
{
        struct actor who = world_who(&w, by, &scratch), p = world_who(&w, principal, &scratch);
        struct row person = *world_get(&w, TABLE_PERSON, w.person[world_named(&w, deputy)], ""), none = { 0 };
        struct row *old = world_find(&w, TABLE_DEPUTY, p.person, person.id);
        struct changes c = entry();

        return done(deputy_name(&c, &p, &person, role, from, until, old ? old : &none, &who, w.now, &last), &c);
}

static void permit_exception(const char *item, utime_t until)
{
        struct row x;
        struct uuid id;

        (void)uuid_parse(str_of(app), &id);
        x = row_new(TABLE_EXCEPTION, id, item);
        x.rev = 1;
        row_text(&x, EXCEPTION_state, STR("active"));
        row_int(&x, EXCEPTION_from_at, w.now);
        row_int(&x, EXCEPTION_until_at, until);
        world_put(&w, &x);
}

static void judge_all(const char *by)
{
        static const char *const always[] = { "must", "ever", "wish", "place" };

        for (size_t i = 0; i < countof(always); i++)
                assert_text(judge(by, always[i], RESULT_MET, ""), "");
}

/* Up to where the chief decides. */
static void bring_to_chief(struct ask in)
{
        assert_text(submit(in), "");
        assert_text(fill("clerk", ""), "");
        judge_all("clerk");
        if (strcmp(in.kind, "secret") == 0)
                assert_text(judge("clerk", "hush", RESULT_MET, ""), "");
        assert_text(approve("clerk", NULL), "");
        assert_text(approve("jurist", "law"), "");
        assert_text(approve("coin", NULL), "");
}

static bool is_state(const char *step, const char *state)
{
        const struct row *row = *step ? world_get(&w, TABLE_STEP, app, step) : world_get(&w, TABLE_APPLICATION, app, "");

        return row_is(row, *step ? (int)STEP_state : (int)APPLICATION_state, state);
}

static const struct row *only(enum table t)
{
        const struct row *found = NULL;

        for (size_t i = 0; i < w.n; i++)
                if (w.rows[i].table == t) {
                        assert_null(found);
                        found = &w.rows[i];
                }
        return found;
}

static int begin(void **state)
{
        world_init(&w, pack, people, countof(people), START);
        scratch = ARENA_INIT;
        return 0;
}

static int end(void **state)
{
        arena_done(&w.arena);
        arena_done(&scratch);
        return 0;
}

/* ---- the way through ---- */

static void a_case_goes_from_judge_to_register(void **state)
{
        const struct row *service, *duty;

        bring_to_chief(usual);
        assert_true(is_state("extra", "waiting"));
        assert_text(approve("chief", NULL), "");
        assert_text(approve("mayor", NULL), "decide.early");          /* the machine has not passed yet */
        assert_text(tick(), "");
        assert_true(is_state("robot", "approved"));
        assert_text(approve("mayor", NULL), "");
        assert_true(is_state("", "approved") && is_state("extra", "skipped") && is_state("council", "skipped"));
        service = only(TABLE_SERVICE);
        assert_true(row_is(service, SERVICE_manager, w.person[1]) && row_is(service, SERVICE_state, "approved"));
        assert_int_equal(row_get_int(service, SERVICE_conf2plus), 0);
        assert_int_equal(row_get_int(service, SERVICE_until_at), utime_from_jst((struct date){ 2027, 4, 1 }));
        assert_int_equal(row_get_int(service, SERVICE_review_at), utime_from_jst((struct date){ 2027, 4, 2 }));
        assert_true(service->v[SERVICE_name].personal && row_is(only(TABLE_USE), USE_service, service->id) && only(TABLE_PROVIDER));
        assert_non_null(world_find(&w, TABLE_RATING, service->id, "level"));
        duty = only(TABLE_DUTY);
        assert_true(row_is(duty, DUTY_kind, "task") && row_is(duty, DUTY_person, w.person[1]) && row_is(duty, DUTY_service, service->id));
        assert_int_equal(row_get_int(duty, DUTY_due_at), utime_from_jst((struct date){ 2026, 5, 2 }));
        assert_text(approve("mayor", NULL), "decide.over");
        assert_text(again("sato", usual, "x"), "correct.over");
}

static void what_is_open_stops_a_step_and_all_after_it(void **state)
{
        static const struct { const char *criterion; enum result result; const char *reason, *want; } lines[] = {
                { "must", RESULT_SUBSTITUTE, "", "open.criterion.reason" },      { "must", RESULT_NOT_APPLICABLE, "", "open.criterion.reason" },
                { "ever", RESULT_NOT_APPLICABLE, "why", "open.criterion.always" }, { "must", RESULT_EXCEPTION, "", "open.criterion.exception" },
                { "hush", RESULT_MET, "", "judge.not-asked" },                   { "nothing", RESULT_MET, "", "judge.criterion" },
                { "must", RESULT_UNMET, "", "open.criterion.reason" },
        };

        assert_text(submit(usual), "");
        assert_text(approve("clerk", NULL), "decide.open");
        judge_all("clerk");
        assert_text(approve("clerk", NULL), "decide.open");           /* the sheet */
        assert_text(fill("sato", ""), "fill.role");
        assert_text(fill("clerk", ""), "");
        for (size_t i = 0; i < countof(lines); i++)
                assert_text(judge("clerk", lines[i].criterion, lines[i].result, lines[i].reason), lines[i].want);
        assert_text(judge("jurist", "must", RESULT_MET, ""), "decide.role");
        assert_text(judge("clerk", "must", RESULT_UNMET, "no"), "");
        assert_text(approve("clerk", NULL), "decide.open");           /* a must that is not met */
        assert_text(judge("clerk", "must", RESULT_NOT_APPLICABLE, "why"), "");
        assert_text(judge("clerk", "wish", RESULT_UNMET, "later"), "");  /* a recommendation is no stop */
        assert_text(decide("clerk", (struct verdict_in){ .decision = DECISION_REJECT, .reason = STR("no") }), "decide.kind");
        assert_text(approve("clerk", NULL), "");
        assert_text(judge("clerk", "must", RESULT_MET, ""), "judge.over");
        assert_text(fill("clerk", "late"), "fill.over");
}

static void parallel_steps_must_all_agree(void **state)
{
        bring_to_chief(usual);
        assert_text(send_back("chief", NULL, "law"), "");
        assert_true(is_state("law", "waiting") && is_state("money", "approved") && is_state("chief", "returned"));
        assert_text(approve("chief", NULL), "decide.early");
        assert_text(approve("jurist", NULL), "");
        assert_text(approve("chief", NULL), "");
        assert_text(approve("chief", NULL), "decide.role");           /* done, and what is due now is not theirs */
}

static void a_condition_that_is_unknown_skips_nothing(void **state)
{
        struct ask in = usual;

        in.extra = NULL;
        bring_to_chief(in);
        assert_text(approve("chief", NULL), "decide.early");
        assert_text(approve("jurist", NULL), "");                     /* extra is the only one left for them */
        assert_true(is_state("extra", "approved"));
        assert_text(approve("chief", NULL), "");
        assert_text(tick(), "");
        assert_text(approve("mayor", NULL), "decide.open");           /* nor is it true: the rule `sure` wants an answer */
}

/* ---- council and other papers ---- */

static void what_a_council_decided_counts_when_another_has_confirmed_it(void **state)
{
        struct ask in = usual;

        in.kind = "secret";
        bring_to_chief(in);
        assert_text(approve("chief", NULL), "");
        assert_text(decide("clerk", (struct verdict_in){ .decision = DECISION_APPROVE }), "decide.paper");
        assert_text(enter("clerk", DECISION_APPROVE), "");
        assert_true(is_state("council", "entered"));
        assert_text(tick(), "");
        assert_true(is_state("robot", "waiting"));
        assert_text(approve("kato", "council"), "decide.role");       /* another clerk does not confirm: the mayor's side does */
        assert_text(decide("vice", (struct verdict_in){ .decision = DECISION_REJECT, .reason = STR("x"), .step = "council" }), "decide.kind");
        assert_text(send_back("vice", "council", NULL), "");          /* a slip of the pen */
        assert_true(is_state("council", "waiting"));
        assert_text(deputise("vice", "vice", "kato", NULL, w.now, w.now + UTIME_DAY), "");
        assert_text(enter("kato", DECISION_APPROVE), "");
        assert_text(approve("kato", "council"), "decide.confirm.same"); /* as deputy of the vice mayor */
        assert_text(approve("mayor", "council"), "");
        assert_true(is_state("council", "approved"));
        assert_text(tick(), "");
        assert_text(approve("mayor", NULL), "");
        assert_int_equal(row_get_int(only(TABLE_SERVICE), SERVICE_conf2plus), 1);
}

static void a_council_may_reject_and_return(void **state)
{
        static const struct { enum decision d; const char *state; } cases[] = { { DECISION_REJECT, "rejected" }, { DECISION_RETURN, "returned" } };
        struct ask in = usual;

        in.kind = "secret";
        for (size_t i = 0; i < countof(cases); i++) {
                bring_to_chief(in);
                assert_text(approve("chief", NULL), "");
                assert_text(enter("clerk", cases[i].d), "");
                assert_text(approve("mayor", "council"), "");
                assert_true(is_state("", cases[i].state) && is_state("council", cases[i].state));
        }
}

/* ---- classes ---- */

static void a_class_that_is_raised_asks_more_and_calls_the_council(void **state)
{
        bring_to_chief(usual);
        assert_text(rate("clerk", "high"), "decide.role");
        assert_text(rate("chief", "highest"), "rate.level");
        assert_text(rate("chief", "high"), "");
        assert_text(approve("chief", NULL), "decide.open");           /* hush was never judged */
        assert_text(send_back("chief", NULL, "judge"), "");
        assert_text(judge("clerk", "hush", RESULT_MET, ""), "");
        assert_text(approve("clerk", NULL), "");
        assert_text(approve("jurist", "law"), "");
        assert_text(approve("coin", NULL), "");
        assert_text(approve("chief", NULL), "");
        assert_true(is_state("council", "waiting"));
        assert_text(enter("clerk", DECISION_APPROVE), "");
        assert_text(approve("vice", "council"), "");
        assert_text(tick(), "");
        assert_text(rate("mayor", "low"), "");                        /* the council is needed no more; the criterion neither */
        assert_text(rate("mayor", "high"), "");
        assert_text(approve("mayor", NULL), "");
        assert_int_equal(row_get_int(only(TABLE_SERVICE), SERVICE_conf2plus), 1);
}

static void a_class_raised_at_the_end_goes_to_the_council_first(void **state)
{
        bring_to_chief(usual);
        assert_text(judge("clerk", "hush", RESULT_MET, ""), "judge.over");
        assert_text(approve("chief", NULL), "");
        assert_text(tick(), "");
        assert_text(rate("mayor", "high"), "");
        assert_text(approve("mayor", NULL), "decide.early");          /* council is before it now, and so is the machine */
        assert_text(enter("clerk", DECISION_APPROVE), "");
        assert_text(approve("vice", "council"), "decide.open");       /* the judge's step before it has an open line */
}

/* An approval does not outlive what it was built on: what came after the council's place comes after the council. */
static void what_was_done_before_the_council_was_called_is_done_anew(void **state)
{
        struct ask in = usual;

        in.kind = "secret";
        bring_to_chief(in);
        assert_text(rate("chief", "low"), "");
        assert_text(approve("chief", NULL), "");
        assert_text(tick(), "");
        assert_true(is_state("robot", "approved"));
        assert_text(rate("mayor", "high"), "");
        assert_text(enter("clerk", DECISION_APPROVE), "");
        assert_text(approve("vice", "council"), "");
        assert_text(approve("mayor", NULL), "decide.early");          /* the machine passed before the council had spoken */
        assert_text(tick(), "");
        assert_text(approve("mayor", NULL), "");
}

static void a_correction_keeps_a_level_that_was_raised(void **state)
{
        bring_to_chief(usual);
        assert_text(rate("chief", "high"), "");
        assert_text(again("sato", usual, "誤記"), "");
        assert_true(row_is(world_get(&w, TABLE_RATING, app, "level"), RATING_level, "high"));
        assert_true(is_state("judge", "waiting") && is_state("law", "waiting"));
}

static void a_correction_raises_the_level_with_the_answers(void **state)
{
        struct ask in = usual;

        bring_to_chief(usual);
        assert_text(rate("chief", "low"), "");
        in.kind = "secret";
        assert_text(again("sato", in, "誤記"), "");
        assert_true(row_is(world_get(&w, TABLE_RATING, app, "level"), RATING_level, "high"));
}

static void a_line_stands_on_an_exception_only_while_there_is_one(void **state)
{
        struct judgement in = { .criterion = "place", .result = RESULT_MET };
        struct actor who = world_who(&w, "clerk", &scratch);
        struct ask secret = usual;
        struct changes c;

        secret.kind = "secret";
        assert_text(submit(secret), "");
        assert_text(fill("clerk", ""), "");
        judge_all("clerk");
        c = entry();
        assert_text(done(procedure_judge(&c, pack, facts(), &in, 1, rev(), &who, w.now, &last), &c), "open.criterion.article");
        assert_text(judge("clerk", "hush", RESULT_EXCEPTION, ""), "open.criterion.exception");
        permit_exception("hush", w.now + UTIME_HOUR);
        assert_text(judge("clerk", "hush", RESULT_EXCEPTION, ""), "");
        w.now += UTIME_HOUR;
        assert_text(approve("clerk", NULL), "decide.open");
}

/* ---- returns ---- */

static void what_was_sent_back_twice_is_decided_twice(void **state)
{
        bring_to_chief(usual);
        for (int i = 0; i < 2; i++) {
                assert_text(send_back("chief", NULL, "judge"), "");
                assert_true(is_state("judge", "waiting") && is_state("law", "waiting") && is_state("money", "waiting"));
                assert_text(approve("jurist", "law"), "decide.early");
                assert_text(approve("clerk", NULL), "");              /* the lines stand as proposals */
                assert_text(approve("jurist", "law"), "");
                assert_text(approve("coin", NULL), "");
        }
        assert_text(send_back("chief", NULL, "final"), "decide.to");
        assert_text(send_back("chief", NULL, "extra"), "decide.to");  /* not needed */
        assert_text(send_back("chief", NULL, "chief"), "decide.to");
        assert_text(send_back("chief", NULL, NULL), "");
        assert_true(is_state("", "returned"));
        assert_text(approve("clerk", NULL), "decide.over");
        assert_text(again("boss", usual, ""), "resubmit.role");
        assert_text(again("sato", usual, ""), "");
        assert_true(is_state("", "submitted") && is_state("chief", "waiting") && is_state("judge", "waiting"));
        assert_text(approve("chief", NULL), "decide.early");
}

/* ---- rules and exceptions ---- */

static void a_rule_is_passed_by_an_exception_while_it_lasts(void **state)
{
        struct ask in = usual;

        in.country = "US";
        assert_text(submit(in), "");
        assert_text(fill("clerk", ""), "");
        judge_all("clerk");
        assert_text(approve("clerk", NULL), "");                      /* the rule begins at law */
        assert_text(approve("jurist", "law"), "decide.open");
        permit_exception("home", w.now + UTIME_HOUR);
        assert_text(approve("jurist", "law"), "");
        assert_text(approve("coin", NULL), "");
        w.now += UTIME_HOUR;
        assert_text(approve("chief", NULL), "decide.open");           /* it has ended since */
        assert_text(tick(), "");
        assert_true(row_is(only(TABLE_EXCEPTION), EXCEPTION_state, "expired"));
        assert_null(only(TABLE_DUTY));                                /* nothing was approved on it */
}

static void an_exception_that_ends_leaves_a_duty(void **state)
{
        struct ask in = usual;
        size_t duties = 0;

        in.country = "US";
        assert_text(submit(in), "");
        permit_exception("home", w.now + 10 * UTIME_DAY);
        assert_text(fill("clerk", ""), "");
        judge_all("clerk");
        assert_text(approve("clerk", NULL), "");
        assert_text(approve("jurist", "law"), "");
        assert_text(approve("coin", NULL), "");
        assert_text(approve("chief", NULL), "");
        assert_text(tick(), "");
        assert_text(approve("mayor", NULL), "");
        w.now += 10 * UTIME_DAY;
        for (int i = 0; i < 2; i++)
                assert_text(tick(), "");                              /* the second finds nothing to do */
        for (size_t i = 0; i < w.n; i++)
                duties += w.rows[i].table == TABLE_DUTY && row_is(&w.rows[i], DUTY_kind, "exception") && row_is(&w.rows[i], DUTY_role, "mayor") &&
                          row_is(&w.rows[i], DUTY_what, "home");
        assert_int_equal(duties, 1);
}

static const char *wish(const char *by, const char *target)
{
        const struct pack_form *form = pack_find_form(pack, "wish");
        struct answer answers[3] = { { &form->fields[0], str_of(target) }, { &form->fields[1], STR("home hush") }, { &form->fields[2], STR("2026-05-31") } };
        struct actor who = world_who(&w, by, &scratch);
        struct submission s = { .form = form, .answers = answers, .id = world_id(&w), .body = "SHI" };
        struct changes c = entry();

        s.counter = row_new(TABLE_COUNTER, s.id, "SHI-WIS-2026");
        s.target = *world_get(&w, TABLE_APPLICATION, target, "");
        uuid_text(app, s.id);
        return done(procedure_submit(&c, pack, &s, &who, w.now, &last), &c);
}

/* The mayor may not permit an exception for what the mayor's deputy applied for in person; here: who applied for the target. */
static void an_exception_is_not_permitted_by_whom_it_serves(void **state)
{
        char target[UUID_TEXT];
        struct ask in = usual;

        in.by = "proxy";
        assert_text(submit(in), "");
        memcpy(target, app, sizeof(target));
        assert_text(deputise("mayor", "mayor", "proxy", NULL, w.now, w.now + UTIME_DAY), "");
        assert_text(wish("sato", target), "");
        assert_text(approve("proxy", NULL), "decide.self");
        assert_text(approve("vice", NULL), "");
        for (size_t i = 0; i < 2; i++) {
                const struct row *x = world_find(&w, TABLE_EXCEPTION, target, i ? "hush" : "home");

                assert_true(x && row_is(x, EXCEPTION_application, app));
                assert_int_equal(row_get_int(x, EXCEPTION_until_at), utime_from_jst((struct date){ 2026, 6, 1 }));
        }
        assert_int_equal(row_get_int(only(TABLE_DUTY), DUTY_due_at), utime_from_jst((struct date){ 2026, 6, 1 }));      /* due with the day that was answered */
        assert_text(wish("sato", target), "");                        /* once more: the same rows, longer */
        assert_text(approve("vice", NULL), "");
        assert_int_equal(world_get(&w, TABLE_EXCEPTION, target, "home")->rev, 2);
}

/* ---- four hands ---- */

static void nobody_decides_on_what_they_applied_for_or_drafted(void **state)
{
        struct ask in = usual;

        in.by = "clerk";
        in.for_whom = "sato";
        assert_text(submit(in), "");
        assert_text(judge("clerk", "must", RESULT_MET, ""), "decide.self");
        assert_text(approve("clerk", NULL), "decide.self");           /* drafted */
        in.by = "ueda";
        in.for_whom = NULL;
        bring_to_chief(in);
        assert_text(approve("ueda", NULL), "decide.self");            /* applied */
        assert_text(approve("far", NULL), "decide.role");             /* another section's chief */
        assert_text(approve("mayor", NULL), "");                      /* the substitute */
}

static void the_substitute_acts_only_when_it_must(void **state)
{
        bring_to_chief(usual);
        assert_text(approve("mayor", NULL), "decide.early");          /* theirs is the last step, not this one */
        assert_text(approve("chief", NULL), "");
}

static void drafting_takes_a_role_and_so_does_applying(void **state)
{
        struct ask in = usual;

        in.by = "sato";
        in.for_whom = "boss";
        assert_text(submit(in), "apply.draft.role");
        in.by = "mayor";
        in.for_whom = NULL;
        assert_text(submit(in), "apply.role");
        in.by = "kato";
        in.for_whom = "mayor";
        assert_text(submit(in), "apply.role");
        in.for_whom = "sato";
        assert_text(submit(in), "");
        assert_text(again("kato", usual, "誤記"), "");                /* who drafted may mend */
        assert_text(again("clerk", usual, "誤記"), "resubmit.role");
}

static void two_steps_that_may_not_be_one_persons_are_not(void **state)
{
        static const char *const orders[][2] = { { "law", "money" }, { "money", "law" } };

        for (size_t i = 0; i < countof(orders); i++) {                /* money names law; law names nobody */
                assert_text(submit(usual), "");
                assert_text(fill("clerk", ""), "");
                judge_all("clerk");
                assert_text(approve("clerk", NULL), "");
                assert_text(approve("both", NULL), "decide.step.which");
                assert_text(approve("both", orders[i][0]), "");
                assert_text(approve("both", orders[i][1]), "decide.same");
        }
        assert_text(deputise("both", "both", "proxy", NULL, w.now, w.now + UTIME_DAY), "");
        assert_text(approve("proxy", "law"), "decide.same");          /* for somebody who has decided the other */
        assert_text(approve("jurist", "law"), "");
}

static void a_deputy_acts_on_the_days_that_were_said(void **state)
{
        const struct row *step;

        bring_to_chief(usual);
        assert_text(deputise("proxy", "chief", "proxy", NULL, w.now, w.now + UTIME_DAY), "deputy.role");
        assert_text(deputise("chief", "chief", "chief", NULL, w.now, w.now + UTIME_DAY), "deputy.self");
        assert_text(deputise("secretary", "chief", "secretary", NULL, w.now, w.now + UTIME_DAY), "deputy.self");
        assert_text(deputise("chief", "chief", "proxy", "mayor", w.now, w.now + UTIME_DAY), "deputy.not-held");
        assert_text(deputise("chief", "chief", "proxy", NULL, w.now, w.now), "deputy.period");
        assert_text(deputise("secretary", "chief", "proxy", "chief", w.now + UTIME_DAY, w.now + 2 * UTIME_DAY), "");
        assert_text(approve("proxy", NULL), "decide.role");
        w.now += UTIME_DAY;
        assert_text(approve("proxy", NULL), "");
        step = world_get(&w, TABLE_STEP, app, "chief");
        assert_true(row_is(step, STEP_decider, w.person[12]) && row_is(step, STEP_principal, w.person[3]));
        assert_text(tick(), "");
        assert_text(deputise("mayor", "mayor", "proxy", NULL, w.now, w.now + UTIME_DAY), "");
        assert_text(approve("proxy", NULL), "decide.role");           /* no_deputy */
        w.now += UTIME_DAY;
        assert_text(approve("mayor", NULL), "");
}

static void nobody_deputises_for_who_applied_and_no_applicant_is_a_deputy(void **state)
{
        struct ask in = usual;

        in.by = "ueda";
        bring_to_chief(in);
        assert_text(deputise("ueda", "ueda", "proxy", NULL, w.now, w.now + UTIME_DAY), "");
        assert_text(approve("proxy", NULL), "decide.self.deputy");
        assert_text(deputise("chief", "chief", "proxy", NULL, w.now, w.now + UTIME_DAY), "");
        assert_text(approve("proxy", NULL), "");                      /* for the other chief they may */
        (void)end(NULL);
        (void)begin(NULL);
        assert_text(deputise("chief", "chief", "sato", NULL, w.now, w.now + UTIME_DAY), "");
        bring_to_chief(usual);
        assert_text(approve("sato", NULL), "decide.self");            /* a deputy who became the applicant */
}

static void who_left_is_no_manager_and_no_deputy(void **state)
{
        bring_to_chief(usual);
        assert_text(approve("chief", NULL), "");
        assert_text(tick(), "");
        world_leave(&w, 1);
        assert_text(approve("mayor", NULL), "decide.open");
        assert_text(deputise("mayor", "mayor", "boss", NULL, w.now, w.now + UTIME_DAY), "deputy.person");
}

/* ---- sheets that are filled in again ---- */

static void a_sheet_filled_in_again_reopens_nothing_before_it(void **state)
{
        assert_text(submit(usual), "");
        assert_text(fill("clerk", "a"), "");
        judge_all("clerk");
        assert_text(fill("kato", "b"), "");
        assert_non_null(world_find(&w, TABLE_CRITERION, app, "must"));
        assert_text(approve("clerk", NULL), "");
}

/* ---- conditions, duties ---- */

static void a_condition_binds_whoever_manages_the_service(void **state)
{
        struct verdict_in in = { .decision = DECISION_APPROVE, .condition = STR("認証を更新する"), .condition_due = STR("2026-03-31") };
        const struct row *duty = NULL;
        struct duty_facts f = { .duty.rev = 0 };
        struct actor who;
        struct changes c;

        bring_to_chief(usual);
        assert_text(decide("chief", in), "decide.condition.due");     /* past */
        in.condition_due = STR("2026-09-30");
        assert_text(decide("chief", in), "");
        assert_text(tick(), "");
        assert_text(decide("mayor", in), "decide.condition");         /* this step may not */
        assert_null(only(TABLE_DUTY));                                /* nothing is owed yet */
        assert_text(approve("mayor", NULL), "");
        for (size_t i = 0; i < w.n; i++)
                if (w.rows[i].table == TABLE_DUTY && row_is(&w.rows[i], DUTY_kind, "condition"))
                        duty = &w.rows[i];
        assert_true(duty && row_is(duty, DUTY_person, w.person[1]) && row_is(duty, DUTY_what, "chief") && duty->v[DUTY_text].personal);
        assert_int_equal(row_get_int(duty, DUTY_due_at), utime_from_jst((struct date){ 2026, 10, 1 }));
        f.duty = *world_get(&w, TABLE_DUTY, duty ? duty->id : "", "");
        f.person = *world_get(&w, TABLE_PERSON, w.person[1], "");
        who = world_who(&w, "chief", &scratch);
        c = entry();
        assert_int_equal(duty_close(&c, &f, STR("done"), f.duty.rev, &who, w.now, &last), ERR_FORBIDDEN);   /* who set it does not close it */
        who = world_who(&w, "boss", &scratch);
        assert_int_equal(duty_close(&c, &f, STR(""), f.duty.rev, &who, w.now, &last), ERR_INPUT);
        assert_int_equal(duty_close(&c, &f, STR("done"), f.duty.rev + 1, &who, w.now, &last), ERR_CONFLICT);
        assert_text(done(duty_close(&c, &f, STR("done"), f.duty.rev, &who, w.now, &last), &c), "");
        f.duty = *world_get(&w, TABLE_DUTY, f.duty.id, "");
        assert_int_equal(duty_close(&c, &f, STR("done"), f.duty.rev, &who, w.now, &last), ERR_CONFLICT);
}

/* ---- a service's later life ---- */

static const char *live_with(const char *by, const char *act, const char *service, const char *sub, const char *country, const char *over)
{
        const struct pack_form *form = pack_find_form(pack, "life");
        struct answer answers[5] = { { &form->fields[0], str_of(service) }, { &form->fields[1], str_of(act) }, { &form->fields[2], str_of(sub) },
                                     { &form->fields[3], str_of(country) }, { &form->fields[4], str_of(over) } };
        struct actor who = world_who(&w, by, &scratch);
        struct submission s = { .form = form, .answers = answers, .id = world_id(&w), .body = "SHI" };
        struct changes c = entry();
        const char *r;

        s.counter = row_new(TABLE_COUNTER, s.id, "SHI-LIF-2026");
        s.service = *world_get(&w, TABLE_SERVICE, service, "");
        uuid_text(app, s.id);
        r = done(procedure_submit(&c, pack, &s, &who, w.now, &last), &c);
        return *r ? r : approve("chief", NULL);
}

static const char *live(const char *by, const char *act, const char *service)
{
        return live_with(by, act, service, "乙社", "JP", "");
}

/* The id of the service that `usual` brings into the register. */
static const char *registered(struct ask in)
{
        const struct row *application;

        bring_to_chief(in);
        assert_text(approve("chief", NULL), "");
        assert_text(tick(), "");
        assert_text(approve("mayor", NULL), "");
        application = world_get(&w, TABLE_APPLICATION, app, "");
        return world_text(&scratch, application, APPLICATION_service);
}

static const struct row *subcontractor(const char *service, const char *name, const char *parent)
{
        struct row_list subs = world_rows(&w, &scratch, TABLE_SUBCONTRACTOR, service, SUBCONTRACTOR_service);
        const struct row *found = NULL;

        for (size_t i = 0; i < subs.n; i++)
                if (row_is(&subs.rows[i], SUBCONTRACTOR_name, name) && str_is(row_get_text(&subs.rows[i], SUBCONTRACTOR_parent), parent)) {
                        assert_null(found);
                        found = &subs.rows[i];
                }
        assert_non_null(found);
        return found;
}

static void a_service_is_used_reviewed_and_ended_by_approvals(void **state)
{
        const struct row *service;

        bring_to_chief(usual);
        assert_text(approve("chief", NULL), "");
        assert_text(tick(), "");
        assert_text(approve("mayor", NULL), "");
        service = only(TABLE_SERVICE);
        assert_text(live("sato", "use", service->id), "apply.role");  /* only its manager */
        assert_text(live("boss", "use", service->id), "");
        assert_int_equal(world_rows(&w, &scratch, TABLE_USE, service->id, USE_service).n, 2);
        assert_text(live("boss", "sub", service->id), "");
        assert_true(row_is(only(TABLE_SUBCONTRACTOR), SUBCONTRACTOR_state, "approved"));
        w.now += 380 * UTIME_DAY - 100 * UTIME_DAY;
        assert_text(live("boss", "review", service->id), "");         /* early: the next is a year after the one that was due */
        assert_int_equal(row_get_int(only(TABLE_SERVICE), SERVICE_review_at), utime_from_jst((struct date){ 2028, 4, 2 }));
        assert_text(live("boss", "close", service->id), "");
        assert_true(row_is(only(TABLE_SERVICE), SERVICE_state, "closed") && row_is(only(TABLE_SUBCONTRACTOR), SUBCONTRACTOR_state, "ended"));
        assert_text(live("boss", "use", service->id), "effect.service.over");
        assert_true(is_state("", "submitted"));
}

/* 8.2(6): what is to be done at the end can be done after the end. */
static void a_service_past_its_last_day_is_reviewed_and_ended_but_gains_nothing(void **state)
{
        static const char *const gains[] = { "use", "sub" };
        const char *service = registered(usual);

        w.now += 400 * UTIME_DAY;
        for (size_t i = 0; i < countof(gains); i++)
                assert_text(live("boss", gains[i], service), "effect.service.over");
        assert_text(live("boss", "review", service), "");
        assert_text(live("boss", "close", service), "");
        assert_true(row_is(only(TABLE_SERVICE), SERVICE_state, "closed"));
        assert_text(live("boss", "review", service), "effect.service.over");
        assert_text(live("boss", "close", service), "effect.service.over");
}

/* 8.2(2)⑥: a subcontractor's subcontractor stands below it, and a change is a change of the row there is. */
static void subcontractors_are_a_tree_and_a_change_replaces(void **state)
{
        const char *service = registered(usual), *otsu;

        assert_text(live_with("boss", "sub", service, "丙社", "JP", "乙社"), "effect.parent.absent");
        assert_text(live_with("boss", "sub", service, "乙社", "JP", ""), "");
        otsu = only(TABLE_SUBCONTRACTOR)->id;
        assert_text(live_with("boss", "sub", service, "丙社", "JP", "乙社"), "");
        assert_text(live_with("boss", "sub", service, "丙社", "JP", ""), "");
        assert_text(live_with("boss", "sub", service, "丙社", "US", "乙社"), "");
        assert_int_equal(world_rows(&w, &scratch, TABLE_SUBCONTRACTOR, service, SUBCONTRACTOR_service).n, 3);
        assert_true(row_is(subcontractor(service, "丙社", otsu), SUBCONTRACTOR_country, "US"));
        assert_true(row_is(subcontractor(service, "丙社", otsu), SUBCONTRACTOR_application, app));
        assert_true(row_is(subcontractor(service, "丙社", ""), SUBCONTRACTOR_country, "JP"));
}

static void services_of_one_provider_share_its_row(void **state)
{
        struct ask in = usual;
        const char *first = registered(usual), *second;
        const struct row *provider;

        second = registered(in);
        provider = only(TABLE_PROVIDER);
        assert_true(row_is(world_get(&w, TABLE_SERVICE, first, ""), SERVICE_provider, provider->id));
        assert_true(row_is(world_get(&w, TABLE_SERVICE, second, ""), SERVICE_provider, provider->id));
        assert_int_equal(provider->rev, 1);
        in.country = "US";                                            /* the head office has moved; rule `home` wants an exception */
        assert_text(submit(in), "");
        permit_exception("home", w.now + 10 * UTIME_DAY);
        assert_text(fill("clerk", ""), "");
        judge_all("clerk");
        assert_text(approve("clerk", NULL), "");
        assert_text(approve("jurist", "law"), "");
        assert_text(approve("coin", NULL), "");
        assert_text(approve("chief", NULL), "");
        assert_text(tick(), "");
        assert_text(approve("mayor", NULL), "");
        assert_true(row_is(only(TABLE_PROVIDER), PROVIDER_country, "US"));
}

/* Who is bound may leave, or hand the service on; the duty stays. */
static void a_duty_of_who_has_left_falls_to_the_role_or_the_managers_of_now(void **state)
{
        static const struct { const char *who; bool left, heir; int want; } cases[] = {
                { "boss", false, false, ERR_OK },        { "sato", false, false, ERR_FORBIDDEN },
                { "sato", true, false, ERR_OK },         { "proxy", true, false, ERR_FORBIDDEN },   /* another section */
                { "far", true, false, ERR_FORBIDDEN },   { "ueda", true, false, ERR_FORBIDDEN },    /* set it herself */
                { "heir", false, false, ERR_FORBIDDEN }, { "heir", false, true, ERR_OK },
        };
        struct verdict_in in = { .decision = DECISION_APPROVE, .condition = STR("認証を更新する"), .condition_due = STR("2026-09-30") };
        struct duty_facts f = { .duty.rev = 0 };

        bring_to_chief(usual);
        assert_text(decide("ueda", in), "");
        assert_text(tick(), "");
        assert_text(approve("mayor", NULL), "");
        for (size_t i = 0; i < w.n; i++)
                if (w.rows[i].table == TABLE_DUTY && row_is(&w.rows[i], DUTY_kind, "condition"))
                        f.duty = w.rows[i];
        f.person = *world_get(&w, TABLE_PERSON, w.person[1], "");
        f.step = *world_get(&w, TABLE_STEP, app, "chief");
        for (size_t i = 0; i < countof(cases); i++) {
                struct actor who = world_who(&w, cases[i].who, &scratch);
                struct changes c = entry();

                f.service = *world_get(&w, TABLE_SERVICE, row_get_text(&f.duty, DUTY_service).p, "");
                row_text(&f.service, SERVICE_deputy, cases[i].heir ? str_of(w.person[world_named(&w, "heir")]) : STR(""));
                row_text(&f.person, PERSON_state, cases[i].left ? STR("left") : STR("active"));
                if (duty_close(&c, &f, STR("done"), f.duty.rev, &who, w.now, &last) != cases[i].want)
                        fail_msg("%s: %s", cases[i].who, last.key);
        }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
        const struct CMUnitTest tests[] = {
                T(a_case_goes_from_judge_to_register),
                T(what_is_open_stops_a_step_and_all_after_it),
                T(parallel_steps_must_all_agree),
                T(a_condition_that_is_unknown_skips_nothing),
                T(what_a_council_decided_counts_when_another_has_confirmed_it),
                T(a_council_may_reject_and_return),
                T(a_class_that_is_raised_asks_more_and_calls_the_council),
                T(a_class_raised_at_the_end_goes_to_the_council_first),
                T(what_was_done_before_the_council_was_called_is_done_anew),
                T(a_correction_keeps_a_level_that_was_raised),
                T(a_correction_raises_the_level_with_the_answers),
                T(a_line_stands_on_an_exception_only_while_there_is_one),
                T(what_was_sent_back_twice_is_decided_twice),
                T(a_rule_is_passed_by_an_exception_while_it_lasts),
                T(an_exception_that_ends_leaves_a_duty),
                T(an_exception_is_not_permitted_by_whom_it_serves),
                T(nobody_decides_on_what_they_applied_for_or_drafted),
                T(the_substitute_acts_only_when_it_must),
                T(drafting_takes_a_role_and_so_does_applying),
                T(two_steps_that_may_not_be_one_persons_are_not),
                T(a_deputy_acts_on_the_days_that_were_said),
                T(nobody_deputises_for_who_applied_and_no_applicant_is_a_deputy),
                T(who_left_is_no_manager_and_no_deputy),
                T(a_sheet_filled_in_again_reopens_nothing_before_it),
                T(a_condition_binds_whoever_manages_the_service),
                T(a_service_is_used_reviewed_and_ended_by_approvals),
                T(a_service_past_its_last_day_is_reviewed_and_ended_but_gains_nothing),
                T(subcontractors_are_a_tree_and_a_change_replaces),
                T(services_of_one_provider_share_its_row),
                T(a_duty_of_who_has_left_falls_to_the_role_or_the_managers_of_now),
        };
        struct err e = { 0 };
        int r;

        if (flow_pack(&pack, NULL, &e) < 0) {
                printf("Bail out! %s\n", e.text);
                return 1;
        }
        r = unit_run("procedure_flow", tests);
        pack_free(pack);
        return r;
}
