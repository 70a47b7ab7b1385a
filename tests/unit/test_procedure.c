/* Procedures: each refusal by name, in the promised order, and what an act that is allowed changes.
 * 8.2(2)7, 6.1(19) note 16: permission by the authority named; nobody decides on their own application. */
#include "core/procedure/procedure.h"

#include "thread_pack.h"

#include "unit.h"

#define NOW    (20544 * UTIME_DAY)                 /* 2026-04-01 09:00 JST */
#define FORM   "network-connection"

static struct pack *pack;
static const struct uuid app_id = { { 1, 1 } }, permit_id = { { 2, 2 } }, subject_id = { { 3, 3 } };

static const struct actor staff = { "sato", { "sangyo", 6 }, { "staff" }, 1 };
static const struct actor manager = { "suzuki", { "sangyo", 6 }, { "section_manager" }, 1 };

/* Answers as form_check() leaves them. */
static const struct answer *answers_of(struct arena *a, const char *until)
{
        static const char *const ids[] = { "device_name", "mac", "purpose", "until" };
        const struct pack_form *form = pack_find_form(pack, FORM);
        struct answer *out = arena_array(a, form->fields_count, sizeof(*out));
        struct given given[countof(ids)];
        const char *values[] = { "PC", "02:00:00:00:00:01", "why", until };
        struct err e = { 0 };

        for (size_t i = 0; i < countof(ids); i++)
                given[i] = (struct given){ str_of(ids[i]), str_of(values[i]) };
        assert_ok(form_check(out, form, given, countof(ids), NULL, a, &e), e);
        return out;
}

static int submit(struct changes *c, struct arena *a, const struct actor *who, const char *until, struct err *e)
{
        struct submission s = { .form = pack_find_form(pack, FORM), .answers = answers_of(a, until), .id = app_id, .body = "SHI",
                                .counter = row_new(TABLE_COUNTER, app_id, "SHI-NET-2026") };

        changes_init(c, a, "application.submitted", "");
        return procedure_submit(c, pack, &s, who, NOW, e);
}

/* The stored case after a submission by sato: rows as they would be read back. */
static struct case_facts *submitted(struct arena *a)
{
        struct case_facts *f = arena_new(a, struct case_facts);
        struct row *answers = arena_array(a, 16, sizeof(*answers));
        struct changes c;
        struct err e = { 0 };

        assert_ok(submit(&c, a, &staff, "2026-04-30", &e), e);
        for (size_t i = 0; i < c.rows_count; i++) {
                if (c.rows[i].table == TABLE_APPLICATION)
                        f->application = c.rows[i];
                if (c.rows[i].table == TABLE_STEP)
                        f->steps[f->steps_count++] = c.rows[i];
                if (c.rows[i].table == TABLE_ANSWER)
                        answers[f->answer_rows_count++] = c.rows[i];
        }
        f->answer_rows = answers;
        f->answers = answers_of(a, "2026-04-30");
        f->answers_count = pack_find_form(pack, FORM)->fields_count;
        return f;
}

static void a_submission_makes_application_answers_steps_and_a_number(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct changes c;
        struct err e = { 0 };
        size_t personal = 0;

        assert_ok(submit(&c, &a, &staff, "2026-04-30", &e), e);
        assert_int_equal(c.rows_count, 7);         /* application, four answers, one step, counter */
        assert_true(row_is(&c.rows[0], APPLICATION_number, "SHI-NET-R8-0001"));
        assert_true(row_is(&c.rows[0], APPLICATION_state, "submitted"));
        assert_true(row_is(&c.rows[0], APPLICATION_applicant, "sato"));
        assert_true(row_is(&c.rows[0], APPLICATION_section, "sangyo"));
        assert_text(c.actor, "sato");
        assert_int_equal(c.pack.n, 64);
        assert_int_equal(c.form.n, 64);
        for (size_t i = 1; i < 5; i++)
                personal += c.rows[i].v[ANSWER_value].personal;
        assert_int_equal(personal, 3);             /* all but the end */
        assert_true(row_is(&c.rows[5], STEP_role, "section_manager") && row_is(&c.rows[5], STEP_state, "waiting"));
        assert_int_equal(row_get_int(&c.rows[6], COUNTER_value), 1);
}

static void a_submission_is_refused_by_role_then_by_period(void **state)
{
        static const struct { const char *name; const char *role, *until, *want; } cases[] = {
                { "staff", "staff", "2026-04-30", "" },
                { "until today", "staff", "2026-04-01", "" },
                { "another role", "section_manager", "2026-04-30", "apply.role" },
                { "yesterday", "staff", "2026-03-31", "permit.period.past until" },
                { "longest", "staff", "2027-04-02", "" },
                { "too long", "staff", "2027-04-03", "permit.period.long until" },
                { "another role and yesterday", "system_manager", "2026-03-31", "apply.role" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct actor who = { "sato", STR("sangyo"), { cases[i].role }, 1 };
                struct changes c;
                struct err e = { 0 };
                char got[160];

                (void)submit(&c, &a, &who, cases[i].until, &e);
                (void)snprintf(got, sizeof(got), "%s%s%s", e.key, *e.field ? " " : "", e.field);
                if (strcmp(got, cases[i].want) != 0)
                        fail_msg("%s: got '%s', want '%s'", cases[i].name, got, cases[i].want);
                if (*e.key && c.rows_count)
                        fail_msg("%s: refused, and yet rows changed", cases[i].name);
        }
}

/* Bends of one stored case. */
enum bend { NONE, ENDED = 1, NO_ANSWERS = 2, NO_PROCEDURE = 4, LATE = 8 };

static int decide(struct changes *c, struct case_facts *f, unsigned bend, enum decision d, const char *reason, int64_t rev, const struct actor *who,
                  struct arena *a, struct err *e)
{
        struct verdict_in in;

        if (bend & ENDED) {
                row_text(&f->application, APPLICATION_state, STR("approved"));
                row_text(&f->steps[0], STEP_state, STR("approved"));
        }
        if (bend & NO_ANSWERS)
                f->answers_count = 0;
        if (bend & NO_PROCEDURE)
                row_text(&f->application, APPLICATION_procedure, STR("gone"));
        changes_init(c, a, "application.decided", "");
        in = (struct verdict_in){ .decision = d, .reason = str_of(reason), .seen_rev = rev, .ids = { permit_id, subject_id } };
        return procedure_decide(c, pack, f, &in, who, bend & LATE ? NOW + 60 * UTIME_DAY : NOW, e);
}

/* The order: role and section, oneself, state, revision, reason, and last what only an approval needs. */
static void a_decision_is_refused_in_the_promised_order(void **state)
{
        static const struct { const char *name, *person, *section, *role; unsigned bend; enum decision d; const char *reason; int64_t rev; const char *want; } cases[] = {
                { "approve", "suzuki", "sangyo", "section_manager", NONE, DECISION_APPROVE, "", 1, "" },
                { "approve with a remark", "suzuki", "sangyo", "section_manager", NONE, DECISION_APPROVE, "ok", 1, "" },
                { "reject", "suzuki", "sangyo", "section_manager", NONE, DECISION_REJECT, "no", 1, "" },
                { "return", "suzuki", "sangyo", "section_manager", NONE, DECISION_RETURN, "more", 1, "" },
                { "staff", "yamada", "sangyo", "staff", NONE, DECISION_APPROVE, "", 1, "decide.role" },
                { "system manager", "tanaka", "sangyo", "system_manager", NONE, DECISION_APPROVE, "", 1, "decide.role" },
                { "another section", "ito", "zei", "section_manager", NONE, DECISION_APPROVE, "", 1, "decide.role" },
                { "no section", "x", "", "section_manager", NONE, DECISION_APPROVE, "", 1, "decide.role" },
                { "oneself", "sato", "sangyo", "section_manager", NONE, DECISION_APPROVE, "", 1, "decide.self" },
                { "oneself, to reject", "sato", "sangyo", "section_manager", NONE, DECISION_REJECT, "no", 1, "decide.self" },
                { "decided already", "suzuki", "sangyo", "section_manager", ENDED, DECISION_APPROVE, "", 1, "decide.over" },
                { "stale", "suzuki", "sangyo", "section_manager", NONE, DECISION_APPROVE, "", 0, "common.rev.moved" },
                { "from the future", "suzuki", "sangyo", "section_manager", NONE, DECISION_APPROVE, "", 2, "common.rev.moved" },
                { "reject without reason", "suzuki", "sangyo", "section_manager", NONE, DECISION_REJECT, "", 1, "common.reason.missing" },
                { "return without reason", "suzuki", "sangyo", "section_manager", NONE, DECISION_RETURN, "", 1, "common.reason.missing" },
                { "answers erased", "suzuki", "sangyo", "section_manager", NO_ANSWERS, DECISION_APPROVE, "", 1, "decide.answers.gone" },
                { "answers erased, to reject", "suzuki", "sangyo", "section_manager", NO_ANSWERS, DECISION_REJECT, "no", 1, "" },
                { "procedure gone", "suzuki", "sangyo", "section_manager", NO_PROCEDURE, DECISION_APPROVE, "", 1, "decide.procedure.gone" },
                { "waited too long", "suzuki", "sangyo", "section_manager", LATE, DECISION_APPROVE, "", 1, "permit.period.past" },
                { "waited too long, to return", "suzuki", "sangyo", "section_manager", LATE, DECISION_RETURN, "late", 1, "" },
                { "stranger, ended", "ito", "zei", "section_manager", ENDED, DECISION_APPROVE, "", 1, "decide.role" },
                { "staff, ended", "yamada", "sangyo", "staff", ENDED, DECISION_APPROVE, "", 1, "decide.role" },
                { "oneself, ended", "sato", "sangyo", "section_manager", ENDED, DECISION_APPROVE, "", 1, "decide.self" },
                { "ended, stale, no reason", "suzuki", "sangyo", "section_manager", ENDED, DECISION_REJECT, "", 0, "decide.over" },
                { "stale, no reason", "suzuki", "sangyo", "section_manager", NONE, DECISION_REJECT, "", 0, "common.rev.moved" },
                { "stale, late", "suzuki", "sangyo", "section_manager", LATE, DECISION_APPROVE, "", 0, "common.rev.moved" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct actor who = { cases[i].person, str_of(cases[i].section), { cases[i].role }, 1 };
                struct changes c;
                struct err e = { 0 };
                int r = decide(&c, submitted(&a), cases[i].bend, cases[i].d, cases[i].reason, cases[i].rev, &who, &a, &e);

                if (strcmp(e.key, cases[i].want) != 0 || (r < 0) != (*cases[i].want != 0))
                        fail_msg("%s: got '%s' (%d), want '%s'", cases[i].name, e.key, r, cases[i].want);
        }
}

static void an_approval_opens_a_permit_and_nothing_else_does(void **state)
{
        static const struct { enum decision d; const char *state; size_t rows; } cases[] = {
                { DECISION_APPROVE, "approved", 3 }, { DECISION_REJECT, "rejected", 2 }, { DECISION_RETURN, "returned", 2 },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct changes c;
                struct err e = { 0 };
                const struct row *app;

                assert_ok(decide(&c, submitted(&a), NONE, cases[i].d, "because", 1, &manager, &a, &e), e);
                assert_int_equal(c.rows_count, cases[i].rows);
                app = &c.rows[c.rows_count - 1];
                assert_int_equal(c.rows[0].table, TABLE_STEP);
                assert_true(row_is(&c.rows[0], STEP_state, cases[i].state) && row_is(&c.rows[0], STEP_decider, "suzuki"));
                assert_true(c.rows[0].v[STEP_reason].personal);
                assert_true(app->table == TABLE_APPLICATION && row_is(app, APPLICATION_state, cases[i].state) && app->rev == 2);
                assert_int_equal(row_get_int(app, APPLICATION_ended_at), NOW);
                assert_text(c.actor, "suzuki");
                assert_text(c.post, "section_manager");
                if (cases[i].d != DECISION_APPROVE) {
                        assert_int_equal(row_get_text(app, APPLICATION_permit).n, 0);
                        continue;
                }
                assert_int_equal(c.rows[1].table, TABLE_PERMIT);
                assert_text(c.rows[1].id, "02020000-0000-0000-0000-000000000000");
                assert_true(row_is(app, APPLICATION_permit, c.rows[1].id));
                assert_true(row_is(&c.rows[1], PERMIT_key, "02:00:00:00:00:01") && c.rows[1].v[PERMIT_key].personal);
                assert_true(row_is(&c.rows[1], PERMIT_state, "active"));
                assert_int_equal(row_get_int(&c.rows[1], PERMIT_zone), 1);
                assert_int_equal(row_get_int(&c.rows[1], PERMIT_from_at), NOW);
                assert_int_equal(row_get_int(&c.rows[1], PERMIT_until_at), utime_from_jst((struct date){ 2026, 5, 1 }));
        }
}

/* The thread pack with a second step for another role. */
static struct pack *pack_of_two(struct pack_file files[THREAD_FILES])
{
        static const char title[] = "procedure.network-connection.step.decide.title:";
        static const char both[] = "procedure.network-connection.step.second.title: \"2\"\nprocedure.network-connection.step.decide.title:";
        struct pack *two = NULL;
        struct err e = { 0 };

        memcpy(files, thread_pack(), THREAD_FILES * sizeof(*files));
        files[2] = bent(files[2], "effects:", "  - id: second\n    kind: approve\n    role: system_manager\n\neffects:");
        files[3] = bent(files[3], title, both);
        files[4] = bent(files[4], title, both);
        assert_ok(pack_load(&two, files, THREAD_FILES, NULL, NULL, &e), e);
        return two;
}

static void two_steps_need_two_decisions(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct pack_file files[THREAD_FILES];
        struct pack *one = pack;
        struct case_facts *f;
        struct changes c;
        struct err e = { 0 };

        pack = pack_of_two(files);
        f = submitted(&a);
        assert_int_equal(f->steps_count, 2);
        assert_ok(decide(&c, f, NONE, DECISION_APPROVE, "", 1, &manager, &a, &e), e);
        assert_int_equal(c.rows_count, 2);
        assert_true(row_is(&c.rows[1], APPLICATION_state, "submitted"));
        f->steps[0] = c.rows[0];
        f->application = c.rows[1];
        assert_int_equal(decide(&c, f, NONE, DECISION_APPROVE, "", 2, &manager, &a, &e), ERR_FORBIDDEN);   /* the first one's role is not the second's */
        pack_free(pack);
        pack = one;
        for (size_t i = 2; i < THREAD_FILES; i++)
                free((void *)(uintptr_t)files[i].bytes.p);
}

static void a_withdrawal_is_the_applicants_before_the_end(void **state)
{
        static const struct { const char *name, *person, *state, *reason; int64_t rev; const char *want; } cases[] = {
                { "in time", "sato", "submitted", "not needed", 1, "" },
                { "a returned one", "sato", "returned", "not needed", 1, "" },
                { "a colleague", "yamada", "submitted", "not needed", 1, "withdraw.role" },
                { "the manager", "suzuki", "submitted", "not needed", 1, "withdraw.role" },
                { "approved", "sato", "approved", "not needed", 1, "withdraw.over" },
                { "rejected", "sato", "rejected", "not needed", 1, "withdraw.over" },
                { "twice", "sato", "withdrawn", "not needed", 1, "withdraw.over" },
                { "stale", "sato", "submitted", "not needed", 2, "common.rev.moved" },
                { "no reason", "sato", "submitted", "", 1, "common.reason.missing" },
                { "a colleague, stale", "yamada", "approved", "", 9, "withdraw.role" },
                { "stale, approved", "sato", "approved", "", 9, "common.rev.moved" },
                { "approved, no reason", "sato", "approved", "", 1, "withdraw.over" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct case_facts *f = submitted(&a);
                struct actor who = { cases[i].person, STR("sangyo"), { "staff" }, 1 };
                struct changes c;
                struct err e = { 0 };

                row_text(&f->application, APPLICATION_state, str_of(cases[i].state));
                changes_init(&c, &a, "application.withdrawn", "");
                (void)procedure_withdraw(&c, f, str_of(cases[i].reason), cases[i].rev, &who, NOW, &e);
                if (strcmp(e.key, cases[i].want) != 0 || c.rows_count != (*cases[i].want ? 0 : 1))
                        fail_msg("%s: got '%s', want '%s'", cases[i].name, e.key, cases[i].want);
                if (!*e.key)
                        assert_true(row_is(&c.rows[0], APPLICATION_state, "withdrawn") && c.rows[0].v[APPLICATION_reason].personal);
        }
}

/* A returned application goes back to its first step under the same number; only what differs is written. */
static void sending_in_again_is_the_applicants_after_a_return(void **state)
{
        static const struct { const char *name, *person, *role, *state, *until; int64_t rev; const char *want; } cases[] = {
                { "mended", "sato", "staff", "returned", "2026-05-31", 1, "" },
                { "unchanged", "sato", "staff", "returned", "2026-04-30", 1, "" },
                { "a colleague", "yamada", "staff", "returned", "2026-05-31", 1, "resubmit.role" },
                { "the manager", "suzuki", "section_manager", "returned", "2026-05-31", 1, "resubmit.role" },
                { "stale", "sato", "staff", "returned", "2026-05-31", 2, "common.rev.moved" },
                { "still waiting", "sato", "staff", "submitted", "2026-05-31", 1, "resubmit.over" },
                { "approved", "sato", "staff", "approved", "2026-05-31", 1, "resubmit.over" },
                { "withdrawn", "sato", "staff", "withdrawn", "2026-05-31", 1, "resubmit.over" },
                { "no longer staff", "sato", "section_manager", "returned", "2026-05-31", 1, "apply.role" },
                { "in the past", "sato", "staff", "returned", "2026-03-31", 1, "permit.period.past" },
                { "too long", "sato", "staff", "returned", "2027-04-04", 1, "permit.period.long" },
                { "a colleague, approved", "yamada", "staff", "approved", "2026-05-31", 9, "resubmit.role" },
                { "stale, approved", "sato", "staff", "approved", "2026-05-31", 9, "common.rev.moved" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct case_facts *f = submitted(&a);
                struct actor who = { cases[i].person, STR("sangyo"), { cases[i].role }, 1 };
                struct changes c;
                struct err e = { 0 };
                bool mended = strcmp(cases[i].until, "2026-04-30") != 0;

                row_text(&f->application, APPLICATION_state, str_of(cases[i].state));
                row_text(&f->steps[0], STEP_state, STR("returned"));
                row_text(&f->steps[0], STEP_decider, STR("suzuki"));
                row_personal(&f->steps[0], STEP_reason, STR("more"));
                changes_init(&c, &a, "application.resubmitted", "");
                (void)procedure_resubmit(&c, pack, f, pack_find_form(pack, FORM), answers_of(&a, cases[i].until), cases[i].rev, STR(""), &who, NOW + UTIME_DAY, &e);
                if (strcmp(e.key, cases[i].want) != 0)
                        fail_msg("%s: got '%s', want '%s'", cases[i].name, e.key, cases[i].want);
                if (*e.key)
                        continue;
                assert_int_equal(c.rows_count, mended ? 3 : 2);                          /* the answer that differs, the step, the application */
                assert_true(!mended || (c.rows[0].table == TABLE_ANSWER && strcmp(c.rows[0].k, "until") == 0 && c.rows[0].rev == 2));
                assert_true(row_is(&c.rows[c.rows_count - 2], STEP_state, "waiting"));
                assert_int_equal(row_get_text(&c.rows[c.rows_count - 2], STEP_decider).n, 0);
                assert_int_equal(c.rows[c.rows_count - 2].v[STEP_reason].kind, VALUE_NULL);
                assert_true(row_is(&c.rows[c.rows_count - 1], APPLICATION_state, "submitted"));
                assert_true(row_is(&c.rows[c.rows_count - 1], APPLICATION_number, "SHI-NET-R8-0001"));
                assert_int_equal(c.rows[c.rows_count - 1].v[APPLICATION_ended_at].kind, VALUE_NULL);
                assert_int_equal(row_get_int(&c.rows[c.rows_count - 1], APPLICATION_submitted_at), NOW + UTIME_DAY);
        }
}

/* What people are offered is what would not be refused: the two must never drift apart. */
static void what_is_offered_is_what_is_allowed(void **state)
{
        static const char *const states[] = { "submitted", "returned", "approved", "rejected", "withdrawn" };
        static const struct { const char *person, *section, *role; } people[] = {
                { "sato", "sangyo", "staff" },             { "yamada", "sangyo", "staff" },       { "suzuki", "sangyo", "section_manager" },
                { "sato", "sangyo", "section_manager" },   { "ito", "zei", "section_manager" },   { "tanaka", "joho", "system_manager" },
        };

        for (size_t s = 0; s < countof(states); s++)
                for (size_t p = 0; p < countof(people); p++) {
                        scoped(arena_done) struct arena a = ARENA_INIT;
                        struct case_facts *f = submitted(&a);
                        struct actor who = { people[p].person, str_of(people[p].section), { people[p].role }, 1 };
                        struct changes c;
                        unsigned may, did;

                        row_text(&f->application, APPLICATION_state, str_of(states[s]));
                        may = procedure_may(pack, f, &who, NOW);
                        did = decide(&c, f, NONE, DECISION_APPROVE, "", 1, &who, &a, NULL) == ERR_OK ? MAY_DECIDE : 0;
                        did |= procedure_withdraw(&c, f, STR("x"), 1, &who, NOW, NULL) == ERR_OK ? MAY_WITHDRAW : 0;
                        did |= procedure_resubmit(&c, pack, f, pack_find_form(pack, FORM), f->answers, 1, STR(""), &who, NOW, NULL) == ERR_OK ? MAY_RESUBMIT : 0;
                        if ((may & (MAY_DECIDE | MAY_WITHDRAW | MAY_RESUBMIT)) != did)
                                fail_msg("%s as %s, %s: offered %u, allowed %u", people[p].person, people[p].role, states[s], may, did);
                        assert_int_equal((may & MAY_SEE) != 0, p == 0 || p == 2 || p == 3 || p == 5);
                        assert_int_equal(may & (MAY_REVOKE | MAY_CHANGE_UNTIL), 0);      /* there is no permit */
                }
}

static void decisions_have_three_names(void **state)
{
        enum decision d;

        assert_true(decision_find(STR("approve"), &d) && d == DECISION_APPROVE);
        assert_true(decision_find(STR("reject"), &d) && d == DECISION_REJECT);
        assert_true(decision_find(STR("return"), &d) && d == DECISION_RETURN);
        assert_false(decision_find(STR("Approve"), &d) || decision_find(STR(""), &d) || decision_find(STR("approved"), &d));
}

/* Entries hold ASCII only; a pack that forgets `personal` must not make a form that no Japanese answer fits. */
static void what_people_write_is_a_payload_whatever_the_pack_says(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        static const struct { enum field_type type; bool personal; } cases[] = { { FIELD_TEXT, true }, { FIELD_LINES, true }, { FIELD_CHOICE, false } };

        for (size_t i = 0; i < countof(cases); i++) {
                struct pack_field field = { .id = "remark", .type = cases[i].type };
                struct pack_form form = *pack_find_form(pack, FORM);
                struct answer answer = { &field, STR("備考") };
                struct submission s = { .form = &form, .answers = &answer, .id = app_id, .body = "SHI", .counter = row_new(TABLE_COUNTER, app_id, "SHI-NET-2026") };
                struct changes c;
                struct err e = { 0 };

                form.fields = &field;
                form.fields_count = 1;
                changes_init(&c, &a, "application.submitted", "");
                assert_ok(procedure_submit(&c, pack, &s, &staff, NOW, &e), e);
                for (size_t k = 0; k < c.rows_count; k++)
                        if (c.rows[k].table == TABLE_ANSWER)
                                assert_int_equal(c.rows[k].v[ANSWER_value].personal, cases[i].personal);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_submission_makes_application_answers_steps_and_a_number),
                cmocka_unit_test(what_people_write_is_a_payload_whatever_the_pack_says),
                cmocka_unit_test(a_submission_is_refused_by_role_then_by_period),
                cmocka_unit_test(a_decision_is_refused_in_the_promised_order),
                cmocka_unit_test(an_approval_opens_a_permit_and_nothing_else_does),
                cmocka_unit_test(two_steps_need_two_decisions),
                cmocka_unit_test(a_withdrawal_is_the_applicants_before_the_end),
                cmocka_unit_test(sending_in_again_is_the_applicants_after_a_return),
                cmocka_unit_test(what_is_offered_is_what_is_allowed),
                cmocka_unit_test(decisions_have_three_names),
        };
        struct err e = { 0 };
        int r;

        if (pack_load(&pack, thread_pack(), THREAD_FILES, NULL, NULL, &e) < 0) {
                printf("Bail out! %s\n", e.text);
                return 1;
        }
        r = unit_run("procedure", tests);
        pack_free(pack);
        return r;
}
