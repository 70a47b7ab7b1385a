/* Whatever people do in whatever order to packs/mic-r4's service-use, an approved service is one that may be approved.
 *
 * Thousands of random acts (of the right people and the wrong ones, on time and not, sensible and not) on random cases; after each act
 * that was taken, an oracle that knows flow.c not at all reads the rows alone. SEKISHO_SEED plays one run again. */
#include "world.h"

#include <jansson.h>

#include "mic_r4_pack.h"

#include "unit.h"

enum { SEQUENCES = 400, ACTS = 100, APPROVED_AT_LEAST = 120, COUNCIL_AT_LEAST = 15, EXCEPTED_AT_LEAST = 3 };

#define START (20544 * UTIME_DAY)                  /* 2026-04-01 09:00 JST */

static struct pack *pack;
static json_t *data;
static struct world world;

static const struct resident people[] = {
        { "sato", "sangyo", { "staff" } },
        { "yamada", "sangyo", { "staff" } },
        { "suzuki", "sangyo", { "staff", "section_manager" } },
        { "mori", "sangyo", { "section_manager" } },
        { "ito", "zei", { "staff", "section_manager" } },
        { "kato", "joho", { "staff", "secretariat" } },
        { "abe", "joho", { "secretariat", "dept_officer" } },
        { "ono", "joho", { "secretariat", "section_manager", "approving_authority" } },
        { "hara", "kikaku", { "staff", "dept_officer" } },
        { "doi", "kikaku", { "dept_officer", "approving_authority" } },
        { "sano", "kikaku", { "senior_officer" } },
        { "ueda", "kikaku", { "staff", "senior_officer", "approving_authority" } },
        { "mita", "kikaku", { "approving_authority" } },
        { "kubo", "kikaku", { "ciso" } },
        { "nagai", "zei", { "staff" } },
};

/* ---- chance ---- */

static uint64_t seed;

static uint32_t chance(uint32_t n)
{
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (uint32_t)(seed >> 33) % n;
}

static bool one_in(uint32_t n)
{
        return chance(n) == 0;
}

/* ---- answers ---- */

static const char *text_of(struct arena *a, const json_t *value)
{
        char *dumped = NULL;
        const char *out;

        if (json_is_string(value))
                return arena_text(a, json_string_value(value));
        dumped = json_dumps(value, JSON_COMPACT);
        out = arena_text(a, dumped);
        free(dumped);
        return out;
}

static const char *random_choices(struct arena *a, const struct pack_field *f, bool several)
{
        const char *one = f->choices[chance((uint32_t)f->choices_count)].id;

        return several && one_in(2) ? arena_printf(a, "%s %s", one, f->choices[chance((uint32_t)f->choices_count)].id) : one;
}

/* Another answer than the complete case has; NULL: leave it. */
static const char *other_answer(struct arena *a, const struct pack_field *f)
{
        static const char *const countries[] = { "JP", "US", "JP US" };

        switch (f->type) {
        case FIELD_CHOICE:
                return random_choices(a, f, false);
        case FIELD_CHOICES:
                return random_choices(a, f, true);
        case FIELD_YES_NO:
                return one_in(2) ? "true" : "false";
        case FIELD_COUNTRY:
                return countries[chance(2)];
        case FIELD_COUNTRIES:
                return countries[chance(3)];
        case FIELD_INTEGER:
                return one_in(2) ? "1" : "400";
        case FIELD_PERSON:
                return world.person[chance(countof(people))];
        default:
                return NULL;
        }
}

/* The complete case's answers to a form, as `kind` has them, some of them changed; NULL: the form refuses them. */
static struct answer *answers_of(struct arena *a, const struct pack_form *form, const char *kind, const struct expr_env *outer, uint32_t changes)
{
        const json_t *base = json_object_get(json_object_get(data, "forms"), form->id);
        const json_t *instead = json_object_get(json_object_get(json_object_get(data, "cases"), kind), form->id);
        struct given *given = arena_array(a, form->fields_count, sizeof(*given));
        struct answer *out = arena_array(a, form->fields_count, sizeof(*out));
        struct date today = utime_date_jst(world.now);
        struct form_context ctx = { .pack = pack, .today = &today, .outer = outer };
        size_t n = 0;

        for (size_t i = 0; i < form->fields_count; i++) {
                const char *id = form->fields[i].id;
                const json_t *value = json_object_get(instead, id) ? json_object_get(instead, id) : json_object_get(base, id);
                const char *text = value ? text_of(a, value) : NULL;
                const char *other = changes && chance((uint32_t)form->fields_count) < changes ? other_answer(a, &form->fields[i]) : NULL;

                if (text && strcmp(text, "@manager") == 0)
                        text = world.person[1];
                if (text && strcmp(text, "@deputy") == 0)
                        text = world.person[2];
                if (other)
                        text = other;
                if (text)
                        given[n++] = (struct given){ str_of(id), str_of(text) };
        }
        return form_check(out, form, given, n, &ctx, a, NULL) == ERR_OK ? out : NULL;
}

/* ---- the oracle: reads rows, knows the law, knows nothing of flow.c ---- */

struct oracle { struct arena *a; const char *app; const char *applicant, *drafter; };

static const char *answer(struct oracle *o, const char *field)
{
        const struct row *row = world_find(&world, TABLE_ANSWER, o->app, field);

        return row ? world_text(o->a, row, ANSWER_value) : "";
}

static bool has_word(const char *list, const char *word)
{
        for (const char *p = strstr(list, word); p; p = strstr(p + 1, word))
                if ((p == list || p[-1] == ' ') && (p[strlen(word)] == ' ' || !p[strlen(word)]))
                        return true;
        return false;
}

static bool only_word(const char *list, const char *word)
{
        return strcmp(list, word) == 0;
}

static const char *level(struct oracle *o, const char *id, const char *axis)
{
        const struct row *row = world_find(&world, TABLE_RATING, id, axis);

        return row ? world_text(o->a, row, RATING_level) : "";
}

static bool is_conf2(struct oracle *o)
{
        return strcmp(level(o, o->app, "confidentiality"), "c1") != 0;
}

static bool excepted(struct oracle *o, const char *item)
{
        const struct row *x = world_find(&world, TABLE_EXCEPTION, o->app, item);

        return x && row_is(x, EXCEPTION_state, "active") && row_get_int(x, EXCEPTION_from_at) <= world.now && world.now < row_get_int(x, EXCEPTION_until_at);
}

/* The conditions of the pack's criteria in C. A new one in the pack must be written here too. */
static bool is_asked(struct oracle *o, const struct pack_criterion *c)
{
        const char *when = c->when.source;

        if (!when)
                return true;
        if (strcmp(when, "conf2plus") == 0)
                return is_conf2(o);
        if (strcmp(when, "has_certificates") == 0 || strcmp(when, "has_subcontractors") == 0)
                return strcmp(answer(o, when), "true") == 0;
        if (strcmp(when, "integrity >= i2") == 0)
                return strcmp(level(o, o->app, "integrity"), "i2") == 0;
        if (strcmp(when, "mynumber in info_kinds") == 0)
                return has_word(answer(o, "info_kinds"), "mynumber");
        if (strcmp(when, "service_type == generative-ai") == 0)
                return strcmp(answer(o, "service_type"), "generative-ai") == 0;
        fail_msg("criterion %s: the oracle does not know the condition %s", c->id, when);
        return true;
}

static bool is_given(const struct row *row, int col)
{
        return row_get_text(row, col).n > 0;
}

static void criterion_holds(struct oracle *o, const struct pack_criterion *c, utime_t concluded)
{
        const struct row *row = world_find(&world, TABLE_CRITERION, o->app, c->id);
        bool binds = c->strength == STRENGTH_MUST || c->strength == STRENGTH_NECESSARY;
        bool met = row && (row_is(row, CRITERION_result, "met") || row_is(row, CRITERION_result, "substitute"));

        if (!is_asked(o, c) || c->strength == STRENGTH_INFORMATION)
                return;
        if (!row)
                fail_msg("approved, and %s was never judged", c->id);
        if (binds && row_is(row, CRITERION_result, "unmet"))
                fail_msg("approved, and %s is not met", c->id);
        if (row_is(row, CRITERION_result, "not-applicable") && (c->always || !is_given(row, CRITERION_reason)))
                fail_msg("approved, and %s is not applicable without a reason, or never so", c->id);
        if ((row_is(row, CRITERION_result, "substitute") || row_is(row, CRITERION_result, "unmet")) && !is_given(row, CRITERION_reason))
                fail_msg("approved, and %s has no reason", c->id);
        if (row_is(row, CRITERION_result, "exception") && (!c->exception || !excepted(o, c->id)))
                fail_msg("approved, and %s stands on an exception that is none", c->id);
        if (met && ((c->article && !is_given(row, CRITERION_article)) || (c->document && !is_given(row, CRITERION_document))))
                fail_msg("approved, and %s does not say where", c->id);
        if (row_get_int(row, CRITERION_judged_at) > concluded)
                fail_msg("approved, and %s was judged after the judge had concluded", c->id);
}

static void criteria_hold(struct oracle *o)
{
        static const char *const lists[][2] = { { "usage", "usage-criteria" }, { "conditions", "selection-conditions" }, { "trust", "trustworthiness" } };

        for (size_t i = 0; i < countof(lists); i++) {
                const struct pack_criteria *list = pack_find_criteria(pack, lists[i][1]);
                utime_t at = row_get_int(world_find(&world, TABLE_STEP, o->app, lists[i][0]), STEP_decided_at);

                for (size_t k = 0; k < list->criteria_count; k++)
                        criterion_holds(o, &list->criteria[k], at);
        }
}

/* What the law says of places, courts and terms. */
static void rules_hold(struct oracle *o)
{
        bool abroad = !only_word(answer(o, "data_countries"), "JP") || (strcmp(answer(o, "has_dr"), "true") == 0 && !only_word(answer(o, "dr_countries"), "JP"));
        const char *court = answer(o, "court_kind");

        if (strcmp(answer(o, "terms_only"), "true") == 0 && is_conf2(o) && !excepted(o, "terms-only"))
                fail_msg("approved: standard terms for class 2 without an exception");
        if (abroad && !excepted(o, "foreign-data-centre"))
                fail_msg("approved: a data centre abroad without an exception");
        if (strcmp(court, "local-court") != 0 && strcmp(court, "japanese-court") != 0 && !excepted(o, "foreign-court"))
                fail_msg("approved: a foreign court without an exception");
        if (strcmp(answer(o, "conditions_in_spec"), "true") != 0 && !excepted(o, "conditions-written"))
                fail_msg("approved: conditions that are not written down");
        if (!strstr(answer(o, "candidates"), "\"adopted\""))
                fail_msg("approved: no candidate was chosen");
        if (strcmp(level(o, o->app, "confidentiality"), "c3") == 0 && strcmp(answer(o, "requirement_set"), "strict") != 0 && !excepted(o, "requirement-level"))
                fail_msg("approved: class 3 on lesser requirements");
}

static bool has_role(const char *person, const char *role, const char *section)
{
        int i = world_person(&world, person);

        for (size_t r = 0; i >= 0 && r < 4 && people[i].roles[r]; r++)
                if (strcmp(people[i].roles[r], role) == 0 && (!section || strcmp(people[i].section, section) == 0))
                        return true;
        return false;
}

struct desk { const char *step, *role, *substitute, *confirm; bool section; const char *not_same[2]; };
static const struct desk desks[] = {
        { "usage", "secretariat", NULL, NULL, false, { NULL } },
        { "conditions", "secretariat", NULL, NULL, false, { NULL } },
        { "select", "dept_officer", "senior_officer", NULL, false, { "usage", "conditions" } },
        { "trust", "senior_officer", "ciso", NULL, false, { NULL } },
        { "consent", "section_manager", "dept_officer", NULL, true, { NULL } },
        { "council", "secretariat", NULL, "senior_officer", false, { NULL } },
        { "decide", "approving_authority", "ciso", NULL, false, { "usage", "conditions" } },
};

static void not_a_party(struct oracle *o, const char *step, const char *person)
{
        if (*person && (strcmp(person, o->applicant) == 0 || strcmp(person, o->drafter) == 0))
                fail_msg("approved: %s was decided by who applied or drafted, or for them", step);
}

static void is_entitled(struct oracle *o, const struct desk *d, const char *role, const char *person, const char *principal)
{
        const char *section = world_text(o->a, world_find(&world, TABLE_APPLICATION, o->app, ""), APPLICATION_section);
        const char *holder = *principal ? principal : person;
        const struct row *named = *principal ? world_find(&world, TABLE_DEPUTY, principal, person) : NULL;
        bool stands_in = d->substitute && (has_role(o->applicant, role, d->section ? section : NULL) || has_role(o->drafter, role, d->section ? section : NULL));

        not_a_party(o, d->step, person);
        not_a_party(o, d->step, principal);
        if (!has_role(holder, role, d->section ? section : NULL) && !(stands_in && has_role(holder, d->substitute, NULL)))
                fail_msg("approved: %s was decided by somebody who does not hold %s there", d->step, role);
        if (*principal && !named)
                fail_msg("approved: %s was decided for somebody who had named no deputy", d->step);
}

static bool any_of(const char *x, const struct row *step, struct arena *a)
{
        static const int cols[] = { STEP_decider, STEP_principal, STEP_entered_by, STEP_entered_for };

        for (size_t i = 0; *x && i < countof(cols); i++)
                if (strcmp(x, world_text(a, step, cols[i])) == 0)
                        return true;
        return false;
}

static utime_t step_holds(struct oracle *o, const struct desk *d, utime_t before)
{
        const struct row *step = world_find(&world, TABLE_STEP, o->app, d->step);
        const char *who = world_text(o->a, step, STEP_decider), *principal = world_text(o->a, step, STEP_principal);
        const char *entered = world_text(o->a, step, STEP_entered_by), *entered_for = world_text(o->a, step, STEP_entered_for);
        bool needed = strcmp(d->step, "council") != 0 || strcmp(level(o, o->app, "confidentiality"), "c3") == 0;

        if (!needed) {
                if (!row_is(step, STEP_state, "skipped"))
                        fail_msg("approved: %s was not needed and is not skipped", d->step);
                return before;
        }
        if (!row_is(step, STEP_state, "approved"))
                fail_msg("approved: %s was not", d->step);
        if (row_get_int(step, STEP_decided_at) < before)
                fail_msg("approved: %s was decided before the step before it", d->step);
        is_entitled(o, d, d->confirm ? d->confirm : d->role, who, principal);
        if (d->confirm) {
                is_entitled(o, d, d->role, entered, entered_for);
                if (!*entered || strcmp(entered, who) == 0 || strcmp(entered, principal) == 0 || strcmp(entered_for, who) == 0 ||
                    (*principal && strcmp(entered_for, principal) == 0))
                        fail_msg("approved: %s was confirmed by who entered it", d->step);
        }
        for (size_t i = 0; i < 2 && d->not_same[i]; i++) {
                const struct row *other = world_find(&world, TABLE_STEP, o->app, d->not_same[i]);

                if (any_of(who, other, o->a) || any_of(principal, other, o->a))
                        fail_msg("approved: %s and %s by the same person", d->step, d->not_same[i]);
        }
        return row_get_int(step, STEP_decided_at);
}

static void sheets_hold(struct oracle *o)
{
        static const char *const sheets[] = { "service-use", "service-provider", "service-secretariat" };

        for (size_t s = 0; s < countof(sheets); s++) {
                const struct pack_form *form = pack_find_form(pack, sheets[s]);

                for (size_t i = 0; i < form->fields_count; i++)
                        if (form->fields[i].required && !form->fields[i].visible_when.source && !*answer(o, form->fields[i].id))
                                fail_msg("approved: nobody answered %s", form->fields[i].id);
        }
}

/* Of the moment in which an application became approved. */
static void oracle_approved(struct arena *a, const char *app)
{
        const struct row *row = world_find(&world, TABLE_APPLICATION, app, "");
        const char *service = world_text(a, row, APPLICATION_service);
        struct oracle o = { a, app, world_text(a, row, APPLICATION_applicant), world_text(a, row, APPLICATION_drafter) };
        const struct row *s = world_find(&world, TABLE_SERVICE, service, "");
        utime_t at = 0;
        int manager;

        if (!s)
                fail_msg("approved, and no service stands in the register");
        manager = world_person(&world, world_text(a, s, SERVICE_manager));
        if (manager < 0 || world.left[manager])
                fail_msg("approved: no service manager who works here");
        assert_int_equal(row_get_int(s, SERVICE_conf2plus), is_conf2(&o));
        assert_text(level(&o, service, "confidentiality"), level(&o, app, "confidentiality"));
        assert_true(row_get_int(s, SERVICE_review_at) > world.now && row_get_int(s, SERVICE_until_at) > world.now);
        if (has_word(answer(&o, "info_kinds"), "mynumber") && strcmp(level(&o, app, "confidentiality"), "c3") != 0 &&
            !is_given(world_find(&world, TABLE_RATING, app, "confidentiality"), RATING_reason))
                fail_msg("approved: my number below class 3, and nobody says why");
        for (size_t i = 0; i < countof(desks); i++)
                at = step_holds(&o, &desks[i], at);
        assert_true(at == world.now);
        sheets_hold(&o);
        criteria_hold(&o);
        rules_hold(&o);
}

/* A condition of an approval binds somebody by a day. */
static size_t conditions_hold(struct arena *a, const char *app)
{
        size_t n = 0;

        for (size_t i = 0; i < countof(desks); i++)
                n += is_given(world_find(&world, TABLE_STEP, app, desks[i].step), STEP_condition);
        for (size_t i = 0; i < world.n; i++)
                if (world.rows[i].table == TABLE_DUTY && row_is(&world.rows[i], DUTY_kind, "condition")) {
                        assert_true(is_given(&world.rows[i], DUTY_person) && row_get_int(&world.rows[i], DUTY_due_at) > world.now);
                        assert_true(n > 0);
                        n--;
                }
        assert_int_equal(n, 0);
        return n;
}

/* ---- acts ---- */

/* due: the step of desks[] that a sensible town would see to now. */
struct play { char app[UUID_TEXT]; const char *kind; size_t due, taken, refused; };

static struct str words(void)
{
        return one_in(9) ? STR("") : STR("理由");
}

static int act_decide(struct changes *c, const struct case_facts *f, const struct actor *who, bool sensible)
{
        static const char *const steps[] = { "usage", "conditions", "select", "trust", "consent", "council", "decide", "nowhere" };
        struct verdict_in in = { .decision = DECISION_APPROVE, .seen_rev = f->application.rev, .reason = words() };

        world_fresh(&world, in.ids);
        in.paper = (struct ruling){ STR("7情第12号"), STR("2026-04-01"), STR("final"), STR("市長") };
        if (!sensible || one_in(25)) {
                in.decision = (enum decision)chance(3);
                in.to = in.decision == DECISION_RETURN && !one_in(3) ? steps[chance(countof(steps))] : NULL;
                in.step = one_in(3) ? steps[chance(countof(steps))] : NULL;
                in.seen_rev -= one_in(9);
        }
        if (one_in(8)) {
                in.condition = STR("認証の更新を確かめる");
                in.condition_due = one_in(3) ? STR("2026-03-01") : STR("2026-09-30");
        }
        return procedure_decide(c, pack, f, &in, who, world.now, NULL);
}

static int act_fill(struct changes *c, struct arena *a, const struct case_facts *f, const struct actor *who, const char *kind)
{
        static const char *const sheets[] = { "service-provider", "service-secretariat" };
        const struct pack_form *form = pack_find_form(pack, sheets[chance(2)]);
        struct facts_env *ctx = arena_new(a, struct facts_env);
        struct expr_env env;
        struct answer *answers;

        facts_env_init(ctx, &env, pack, pack_find_procedure(pack, "service-use"), f, world.now);
        answers = answers_of(a, form, kind, &env, one_in(3) ? 1 : 0);
        return answers ? procedure_fill_sheet(c, pack, f, form, answers, f->application.rev, who, world.now, NULL) : ERR_INPUT;
}

static int act_judge(struct changes *c, struct arena *a, const struct case_facts *f, const struct actor *who, size_t due, bool sensible)
{
        static const char *const lists[] = { "usage-criteria", "selection-conditions", "trustworthiness" };
        struct oracle o = { a, f->application.id, "", "" };
        const struct pack_criteria *list = pack_find_criteria(pack, lists[!sensible ? chance(3) : due == 3 ? 2 : due == 1]);
        struct judgement *in = arena_array(a, list->criteria_count, sizeof(*in));
        size_t n = 0;

        for (size_t i = 0; i < list->criteria_count; i++) {
                const struct pack_criterion *x = &list->criteria[i];
                bool odd = !sensible || one_in(40);

                if (sensible ? !is_asked(&o, x) : one_in(2))
                        continue;
                in[n] = (struct judgement){ .criterion = x->id, .result = odd ? (enum result)chance(RESULTS_COUNT) : RESULT_MET };
                in[n].reason = odd ? words() : STR("");
                in[n].article = odd && one_in(2) ? STR("") : STR("仕様書 第5条");
                in[n].document = odd && one_in(2) ? STR("") : STR("回答シート 添付1");
                n++;
        }
        return procedure_judge(c, pack, f, in, n, f->application.rev, who, world.now, NULL);
}

static int act_rate(struct changes *c, const struct case_facts *f, const struct actor *who)
{
        const struct pack_axis *axis = &pack->axes[one_in(2) ? 0 : chance((uint32_t)pack->axes_count)];

        return procedure_rate(c, pack, f, axis->id, axis->levels[chance((uint32_t)axis->levels_count)].id, words(), f->application.rev, who, world.now, NULL);
}

static int act_again(struct changes *c, struct arena *a, const struct case_facts *f, const struct actor *who, const char *kind)
{
        const struct pack_form *form = pack_find_form(pack, "service-use");
        struct answer *answers = answers_of(a, form, kind, NULL, one_in(2) ? 1 : 0);
        bool correct = row_is(&f->application, APPLICATION_state, "submitted");

        return answers ? procedure_resubmit(c, pack, f, form, answers, f->application.rev, correct ? STR("誤記") : STR(""), who, world.now, NULL) : ERR_INPUT;
}

/* The person whom a sensible town would send now, mostly. */
static size_t who_is_due(const struct case_facts *f, struct play *p)
{
        size_t i = chance(countof(people));

        for (size_t s = 0; s < f->steps_count; s++) {
                const struct row *step = &f->steps[s];
                bool entered = row_is(step, STEP_state, "entered");

                if (row_is(step, STEP_state, "approved") || (strcmp(step->k, "council") == 0 && !row_is(facts_row(f->ratings, "confidentiality"), RATING_level, "c3")))
                        continue;
                p->due = s;
                for (size_t tries = 0; tries < 30; tries++, i = chance(countof(people)))
                        if (has_role(world.person[i], entered && desks[s].confirm ? desks[s].confirm : desks[s].role, NULL))
                                return i;
                break;
        }
        return i;
}

/* What this step is waiting for. */
static int sensible_act(struct changes *c, struct arena *a, const struct case_facts *f, const struct actor *who, const struct play *p)
{
        bool judges = p->due == 0 || p->due == 1 || p->due == 3;

        if (row_is(&f->application, APPLICATION_state, "returned"))
                return act_again(c, a, f, &f->applicant, p->kind);
        if (p->due == 1 && one_in(2))
                return act_fill(c, a, f, who, p->kind);
        if ((p->due == 2 || p->due == 6) && one_in(5))
                return act_rate(c, f, who);
        return judges && one_in(2) ? act_judge(c, a, f, who, p->due, true) : act_decide(c, f, who, true);
}

static int odd_act(struct changes *c, struct arena *a, const struct case_facts *f, const struct actor *who, const char *kind)
{
        struct uuid ids[PROCEDURE_IDS];

        switch (chance(24)) {
        case 0:
                return act_judge(c, a, f, who, 0, false);
        case 1:
                return act_fill(c, a, f, who, kind);
        case 2:
        case 3:
                return act_rate(c, f, who);
        case 4:
                return one_in(4) ? act_again(c, a, f, who, kind) : act_again(c, a, f, &f->applicant, kind);
        case 5:
                return one_in(6) ? procedure_withdraw(c, f, words(), f->application.rev, who, world.now, NULL) : ERR_INPUT;
        case 6:
                world_fresh(&world, ids);
                return procedure_tick(c, pack, f, ids, world.now, NULL);
        default:
                return act_decide(c, f, who, one_in(2));
        }
}

/* What happens around a case: exceptions are permitted and end, people name deputies, somebody leaves. */
static void something_else(struct arena *a, struct play *p)
{
        static const char *const items[] = { "terms-only", "foreign-data-centre", "foreign-court", "condition-purpose", "conditions-written", "requirement-level" };
        const char *k = items[chance(countof(items))];
        struct row *old = world_find(&world, TABLE_EXCEPTION, p->app, k), x;
        struct actor principal = world_actor(&world, chance(countof(people)), a), who = world_actor(&world, chance(countof(people)), a);
        struct changes c;
        struct uuid id;

        if (one_in(2)) {
                (void)uuid_parse(str_of(p->app), &id);
                x = old ? *old : row_new(TABLE_EXCEPTION, id, k);
                x.rev++;
                row_text(&x, EXCEPTION_state, STR("active"));
                row_int(&x, EXCEPTION_from_at, world.now);
                row_int(&x, EXCEPTION_until_at, world.now + (utime_t)chance(40) * UTIME_HOUR);
                world_put(&world, &x);
        } else if (principal.person && who.person) {
                struct row deputy = *world_get(&world, TABLE_PERSON, world.person[chance(countof(people))], "");
                struct row *there = world_find(&world, TABLE_DEPUTY, principal.person, deputy.id), none = { 0 };

                changes_init(&c, a, "deputy.named", principal.person);
                if (deputy_name(&c, &principal, &deputy, NULL, world.now, world.now + 10 * UTIME_DAY, there ? there : &none,
                                one_in(2) ? &principal : &who, world.now, NULL) == ERR_OK)
                        world_apply(&world, &c);
        }
        if (one_in(60))
                world_leave(&world, one_in(2) ? 1 : 14);
}

static bool submit(struct play *p)
{
        static const char *const kinds[] = { "plain", "plain", "plain", "published", "mynumber", "terms-only", "foreign-centre", "foreign-court", "foreign-office" };
        scoped(arena_done) struct arena a = ARENA_INIT;
        size_t by = chance(countof(people));
        struct submission in = { .form = pack_find_form(pack, "service-use"), .id = world_id(&world), .body = "SHI" };
        struct actor who = world_actor(&world, by, &a);
        struct changes c;

        p->kind = kinds[chance(countof(kinds))];
        in.answers = answers_of(&a, in.form, p->kind, NULL, one_in(3) ? 1 : 0);
        in.counter = row_new(TABLE_COUNTER, in.id, "SHI-EXT-2026");
        if (one_in(3))
                in.applicant = world_actor(&world, chance(countof(people)), &a);
        changes_init(&c, &a, "application.submitted", "");
        if (!in.answers || procedure_submit(&c, pack, &in, &who, world.now, NULL) < 0)
                return false;
        world_apply(&world, &c);
        uuid_text(p->app, in.id);
        return true;
}

/* One act; true when the case has become approved by it. */
static bool step_on(struct play *p)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        const struct case_facts *f = world_facts(&world, p->app, &a);
        bool over = !row_is(&f->application, APPLICATION_state, "submitted") && !row_is(&f->application, APPLICATION_state, "returned");
        bool sensible = !one_in(5);
        struct actor who = world_actor(&world, sensible ? who_is_due(f, p) : chance(countof(people)), &a);
        struct changes c;
        int r;

        world.now += 1 + (utime_t)chance(1000) * UTIME_S;
        if (one_in(15))
                something_else(&a, p);
        if (!who.person)
                return false;
        f = world_facts(&world, p->app, &a);
        changes_init(&c, &a, "application.changed", p->app);
        r = sensible ? sensible_act(&c, &a, f, &who, p) : odd_act(&c, &a, f, &who, p->kind);
        if (r < 0) {
                p->refused++;
                return false;
        }
        for (size_t i = 0; i < c.rows_count; i++)
                if (over && (c.rows[i].table == TABLE_APPLICATION || c.rows[i].table == TABLE_STEP || c.rows[i].table == TABLE_CRITERION))
                        fail_msg("a case that was over has changed");
        p->taken += c.rows_count > 0;
        world_apply(&world, &c);
        return !over && row_is(world_find(&world, TABLE_APPLICATION, p->app, ""), APPLICATION_state, "approved");
}

static void whatever_people_do_only_what_may_be_approved_is(void **state)
{
        const char *given = getenv("SEKISHO_SEED");
        size_t approved = 0, cases = 0, council = 0, excepted_cases = 0;
        struct play all = { .taken = 0 };
        uint64_t first = given ? strtoull(given, NULL, 10) : 20260401;

        seed = first;
        print_message("# seed %llu\n", (unsigned long long)first);
        for (size_t s = 0; s < SEQUENCES; s++) {
                struct play p = { .taken = 0 };

                world_init(&world, pack, people, countof(people), START);
                for (size_t i = 0; submit(&p) ? false : i < 20; i++)
                        ;
                for (size_t i = 0; *p.app && i < ACTS; i++) {
                        scoped(arena_done) struct arena a = ARENA_INIT;

                        if (!step_on(&p))
                                continue;
                        oracle_approved(&a, p.app);
                        (void)conditions_hold(&a, p.app);
                        approved++;
                        council += row_is(world_find(&world, TABLE_STEP, p.app, "council"), STEP_state, "approved");
                        excepted_cases += strcmp(p.kind, "terms-only") == 0 || strcmp(p.kind, "foreign-centre") == 0 || strcmp(p.kind, "foreign-court") == 0;
                }
                cases += *p.app != 0;
                all.taken += p.taken;
                all.refused += p.refused;
                arena_done(&world.arena);
        }
        print_message("# %zu cases, %zu acts taken, %zu refused; %zu approved, %zu of them by the council, %zu under an exception\n", cases, all.taken,
                      all.refused, approved, council, excepted_cases);
        assert_true(approved >= APPROVED_AT_LEAST);
        assert_true(council >= COUNCIL_AT_LEAST);
        assert_true(excepted_cases >= EXCEPTED_AT_LEAST);
        assert_true(all.refused > all.taken / 4);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(whatever_people_do_only_what_may_be_approved_is) };
        FILE *f = tree_open("tests/lib/service_use.json");
        struct err e = { 0 };
        size_t n;
        const struct pack_file *files = mic_r4_pack(&n);
        int r;

        data = f ? json_loadf(f, 0, NULL) : NULL;
        if (f)
                (void)fclose(f);
        if (!data || pack_load(&pack, files, n, NULL, NULL, &e) < 0) {
                printf("Bail out! %s\n", data ? e.text : "tests/lib/service_use.json is not found from here");
                return 1;
        }
        r = unit_run("procedure_property", tests);
        json_decref(data);
        pack_free(pack);
        return r;
}
