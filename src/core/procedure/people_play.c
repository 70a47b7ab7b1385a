/* people_play.c - see people_play.h. */
#include "core/procedure/people_play.h"

enum { NODES_MAX = 200000 };

static bool is_same(const char *a, const char *b)
{
        return a && b && strcmp(a, b) == 0;
}

bool person_holds(const struct person *p, const char *role)
{
        if (!role)
                return true;
        for (size_t i = 0; i < p->roles_count; i++)
                if (is_same(p->roles[i], role))
                        return true;
        return false;
}

static bool is_deputy_of(const struct person *p, const struct person *principal)
{
        for (size_t i = 0; principal && i < principal->deputies_count; i++)
                if (is_same(principal->deputies[i], p->id))
                        return true;
        return false;
}

/* ---- the people as actors ---- */

static struct actor actor_of(const struct person *p)
{
        struct actor a = { .person = p->id, .section = p->section, .roles_count = p->roles_count };

        memcpy(a.roles, p->roles, sizeof(a.roles));
        return a;
}

void trial_absent(struct trial *t, const struct person *absent)
{
        size_t n = absent ? absent->roles_count : 0;

        t->absent = absent;
        for (size_t i = 0; i < n; i++)
                t->principals[i] = (struct principal){ .person = absent->id, .section = absent->section, .role = absent->roles[i] };
        for (size_t i = 0; i < t->people->n; i++) {
                bool stands_in = is_deputy_of(&t->people->rows[i], absent);

                t->actors[i].deputises = stands_in ? t->principals : NULL;
                t->actors[i].deputises_count = stands_in ? n : 0;
        }
}

/* ---- a case before any step ---- */

/* Each step behind those it comes after. */
static void order_steps(struct trial *t)
{
        const struct pack_procedure *p = t->procedure;
        uint32_t placed = 0;
        size_t n = 0;

        for (size_t round = 0; round < p->steps_count; round++)
                for (size_t i = 0; i < p->steps_count; i++)
                        if (!(placed >> i & 1) && (!(t->flow.before[i] & ~placed) || round + 1 == p->steps_count)) {
                                placed |= UINT32_C(1) << i;
                                t->order[n++] = i;
                        }
}

/* Where it matters who decided: whichever of two steps names the other, and where the service's manager comes to be known. */
static void mark_shared(struct trial *t)
{
        const struct pack_procedure *p = t->procedure;

        memset(t->shared, 0, sizeof(t->shared));
        for (size_t i = 0; i < p->steps_count; i++) {
                const struct pack_step *s = &p->steps[i];

                t->shared[i] = t->shared[i] || s->not_same_as_count || s->scope == SCOPE_SERVICE;
                for (size_t k = 0; k < s->not_same_as_count; k++) {
                        const struct pack_step *other = procedure_find_step(p, s->not_same_as[k].id);

                        if (other)
                                t->shared[other - p->steps] = true;
                }
        }
}

struct trial *trial_new(const struct pack *pack, const struct pack_procedure *p, const struct people *people, const size_t *kinds, struct arena *a)
{
        struct trial *t = arena_new(a, struct trial);
        struct actor *actors = arena_array(a, people->n, sizeof(*actors));

        if (!t || !actors)
                return NULL;
        for (size_t i = 0; i < 2 * p->steps_count; i++) {
                t->tried[i] = arena_array(a, people->n, sizeof(bool));
                if (!t->tried[i])
                        return NULL;
        }
        for (size_t i = 0; i < people->n; i++)
                actors[i] = actor_of(&people->rows[i]);
        t->pack = pack;
        t->procedure = p;
        t->people = people;
        t->kinds = kinds;
        t->actors = actors;
        mark_shared(t);
        return t;
}

static struct row case_row(const struct trial *t, const struct person *applicant, const struct person *drafter)
{
        struct row r = row_new(TABLE_APPLICATION, (struct uuid){ { 1 } }, "");

        r.rev = 1;
        row_text(&r, APPLICATION_procedure, str_of(t->procedure->id));
        row_text(&r, APPLICATION_state, STR("submitted"));
        row_text(&r, APPLICATION_applicant, str_of(applicant->id));
        row_text(&r, APPLICATION_section, applicant->section);
        if (drafter)
                row_text(&r, APPLICATION_drafter, str_of(drafter->id));
        return r;
}

static void set_waiting(struct trial *t, size_t step)
{
        t->facts.steps[step] = row_new(TABLE_STEP, (struct uuid){ { 1 } }, t->procedure->steps[step].id);
        t->facts.steps[step].rev = 1;
        row_text(&t->facts.steps[step], STEP_state, STR("waiting"));
        t->entered[step] = t->decided[step] = t->people->n;
}

static int case_start(struct trial *t, const struct person *applicant, const struct person *drafter, struct err *e)
{
        const struct pack_procedure *p = t->procedure;
        int r;

        t->facts = (struct case_facts){ .application = case_row(t, applicant, drafter), .steps_count = p->steps_count,
                                        .applicant = actor_of(applicant) };
        if (drafter)
                t->facts.drafter = actor_of(drafter);
        for (size_t i = 0; i < p->steps_count; i++)
                set_waiting(t, i);
        t->facts.service = row_new(TABLE_SERVICE, (struct uuid){ { 2 } }, "");
        t->facts.service.rev = 1;
        if (p->apply_scope == SCOPE_SERVICE)
                row_text(&t->facts.service, SERVICE_manager, str_of(applicant->id));
        t->nodes = 0;
        t->far = 0;
        r = flow_init(&t->flow, t->pack, &t->facts, 0, e);
        if (r == ERR_OK)
                order_steps(t);
        return r;
}

/* ---- who may act ---- */

/* Whoever did another step as the service's manager is the manager here too. */
static bool manager_is_known(const struct trial *t)
{
        for (size_t i = 0; i < t->procedure->steps_count; i++)
                if (t->procedure->steps[i].scope == SCOPE_SERVICE && t->decided[i] < t->people->n)
                        return true;
        return false;
}

/* Whoever flow_standing() would refuse for want of any role, told apart quickly. */
static bool comes_into_question(const struct trial *t, const struct pack_step *s, size_t person)
{
        const struct person *p = &t->people->rows[person];

        if (s->scope == SCOPE_SERVICE)
                return !manager_is_known(t) || t->actors[person].deputises_count || row_is(&t->facts.service, SERVICE_manager, p->id) ||
                       row_is(&t->facts.service, SERVICE_deputy, p->id);
        return t->actors[person].deputises_count || person_holds(p, s->role) ||
               (s->substitute && person_holds(p, s->substitute)) || (s->confirm_role && person_holds(p, s->confirm_role));
}

static bool may_act(struct trial *t, size_t step, size_t person, bool confirming)
{
        const struct pack_step *s = &t->procedure->steps[step];
        const struct person *p = &t->people->rows[person];

        if (p == t->absent || !comes_into_question(t, s, person))
                return false;
        if (s->scope == SCOPE_SERVICE && !manager_is_known(t))
                row_text(&t->facts.service, t->procedure->apply_scope == SCOPE_SERVICE ? SERVICE_deputy : SERVICE_manager, str_of(p->id));
        t->standing = flow_standing(&t->flow, step, &t->actors[person], confirming, NULL);
        return t->standing.capacity != CAPACITY_NONE;
}

/* As the office would set it down, in the capacity that may_act() has just found. */
static void set_entered(struct trial *t, size_t step, size_t person)
{
        struct row *r = &t->facts.steps[step];

        t->entered[step] = person;
        row_text(r, STEP_state, STR("entered"));
        row_text(r, STEP_entered_by, str_of(t->people->rows[person].id));
        row_text(r, STEP_entered_for, t->standing.principal);
}

static void set_decided(struct trial *t, size_t step, size_t person)
{
        struct row *r = &t->facts.steps[step];

        t->decided[step] = person;
        row_text(r, STEP_state, STR("approved"));
        row_text(r, STEP_decider, str_of(t->people->rows[person].id));
        row_text(r, STEP_principal, t->standing.principal);
}

static bool sheet_can_be_filled(const struct trial *t, const struct pack_sheet *sheet)
{
        for (size_t i = 0; i < t->people->n; i++)
                if (&t->people->rows[i] != t->absent && flow_holds(&t->flow, sheet->role, sheet->scope, &t->actors[i]))
                        return true;
        return false;
}

/* The first sheet of the step that nobody may fill in; NULL: none. The manager of a service fills in what is theirs. */
static const struct pack_sheet *sheet_unfilled(const struct trial *t, size_t step)
{
        for (size_t i = 0; i < t->procedure->sheets_count; i++) {
                const struct pack_sheet *sheet = &t->procedure->sheets[i];

                if (is_same(sheet->step, t->procedure->steps[step].id) && sheet->scope != SCOPE_SERVICE && !sheet_can_be_filled(t, sheet))
                        return sheet;
        }
        return NULL;
}

/* ---- why it stops ---- */

static bool has_applied(const struct trial *t, const struct person *p)
{
        return is_same(t->facts.applicant.person, p->id) || is_same(t->facts.drafter.person, p->id);
}

/* Of those who hold the role where the step or sheet looks for it (a service's manager may be anybody): how many, how many are there, did not apply, did not enter it. */
static void explain(struct trial *t, size_t step, const struct pack_sheet *sheet, bool confirming)
{
        const struct pack_step *s = &t->procedure->steps[step];
        const char *role = sheet ? sheet->role : confirming && s->confirm_role ? s->confirm_role : s->role;
        enum scope scope = sheet ? sheet->scope : s->scope;
        size_t all = 0, there = 0, others = 0, seconds = 0;

        for (size_t i = 0; i < t->people->n; i++) {
                const struct person *p = &t->people->rows[i];
                bool in = scope == SCOPE_SERVICE || (person_holds(p, role) && (scope != SCOPE_SECTION || str_eq(p->section, t->facts.applicant.section)));

                all += in;
                there += in && p != t->absent;
                others += in && p != t->absent && !has_applied(t, p);
                seconds += in && p != t->absent && !has_applied(t, p) && !(confirming && t->entered[step] == i);
        }
        t->stop.step = s;
        t->stop.sheet = sheet;
        t->stop.role = role;
        t->stop.why = !all ? PEOPLE_NOBODY : !there ? PEOPLE_AWAY : !others ? PEOPLE_SELF : !seconds ? PEOPLE_SECOND : PEOPLE_SAME;
}

/* The farthest stop is what is told: everything before it can be done. */
static void stopped(struct trial *t, size_t k, const struct pack_sheet *sheet, bool confirming)
{
        size_t far = 2 * k + (confirming ? 1 : 0) + 1;

        if (far <= t->far)
                return;
        t->far = far;
        explain(t, t->order[k], sheet, confirming);
}

/* ---- the search ---- */

static bool play(struct trial *t, size_t k);

static bool has_a_part(const struct trial *t, size_t person)
{
        for (size_t i = 0; i < t->procedure->steps_count; i++)
                if (t->decided[i] == person || t->entered[i] == person)
                        return true;
        return has_applied(t, &t->people->rows[person]);
}

/* Of people who are alike, stand in for nobody and had no part so far, what one cannot bring to an end the next cannot either. */
static bool is_plain(const struct trial *t, size_t person)
{
        return !t->actors[person].deputises_count && !has_a_part(t, person);
}

/* Whether it is no use to try this one; if it is, that is noted. `tried` is of this place in the order. */
static bool is_tried(const struct trial *t, bool *tried, size_t person)
{
        bool before = tried[t->kinds[person]];

        if (!is_plain(t, person))
                return false;
        tried[t->kinds[person]] = true;
        return before;
}

static bool play_second(struct trial *t, size_t k, size_t first)
{
        bool any = false, *tried = t->tried[2 * k + 1];
        size_t step = t->order[k];

        memset(tried, 0, t->people->n * sizeof(*tried));
        for (size_t i = 0; i < t->people->n && t->nodes < NODES_MAX; i++) {
                if (i == first || !may_act(t, step, i, true) || is_tried(t, tried, i))
                        continue;
                any = true;
                t->nodes++;
                set_decided(t, step, i);
                if (play(t, k + 1))
                        return true;
                t->decided[step] = t->people->n;
                row_text(&t->facts.steps[step], STEP_state, STR("entered"));
                row_text(&t->facts.steps[step], STEP_decider, STR(""));
                row_text(&t->facts.steps[step], STEP_principal, STR(""));
                if (!t->shared[step])
                        return false;
        }
        if (!any)
                stopped(t, k, NULL, true);
        return false;
}

static bool play_first(struct trial *t, size_t k, size_t person)
{
        size_t step = t->order[k];
        bool done;

        t->nodes++;
        if (t->procedure->steps[step].kind == STEP_COUNCIL || t->procedure->steps[step].kind == STEP_EXTERNAL) {
                set_entered(t, step, person);
                done = play_second(t, k, person);
        } else {
                set_decided(t, step, person);
                done = play(t, k + 1);
        }
        if (!done)
                set_waiting(t, step);
        return done;
}

/* Recursion ends at the number of steps, the whole search at NODES_MAX. */
static bool play(struct trial *t, size_t k)
{
        const struct pack_sheet *sheet;
        const struct pack_step *s;
        bool any = false, *tried;

        if (k == t->procedure->steps_count)
                return true;
        s = &t->procedure->steps[t->order[k]];
        if (s->kind == STEP_MACHINE || t->skip[t->order[k]])
                return play(t, k + 1);
        sheet = sheet_unfilled(t, t->order[k]);
        if (sheet) {
                stopped(t, k, sheet, false);
                return false;
        }
        tried = t->tried[2 * k];
        memset(tried, 0, t->people->n * sizeof(*tried));
        for (size_t i = 0; i < t->people->n && t->nodes < NODES_MAX; i++) {
                if (!may_act(t, t->order[k], i, false) || is_tried(t, tried, i))
                        continue;
                if (play_first(t, k, i))
                        return true;
                any = true;
                if (!t->shared[t->order[k]] && s->kind != STEP_COUNCIL && s->kind != STEP_EXTERNAL)
                        return false;
        }
        if (!any)
                stopped(t, k, NULL, false);
        return false;
}

int trial_play(bool *done, struct trial *t, const struct person *applicant, const struct person *drafter, struct err *e)
{
        int r = case_start(t, applicant, drafter, e);

        if (r < 0)
                return r;
        *done = play(t, 0);
        t->stop.procedure = t->procedure;
        t->stop.applicant = applicant;
        t->stop.drafter = drafter;
        t->stop.absent = t->absent;
        if (!*done && t->nodes >= NODES_MAX)
                t->stop.why = PEOPLE_LONG;
        return ERR_OK;
}
