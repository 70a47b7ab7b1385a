/* notice.c - see notice.h. */
#include "server/office/command/notice.h"

#include <jansson.h>

#include "server/office/store/local.h"

SCOPED(json_decref, json_t *)

static json_t *text(struct str s)
{
        return json_stringn(s.p ? s.p : "", s.n);
}

/* Each person once. */
static void add(json_t *to, struct str person)
{
        const json_t *v;
        size_t i;

        json_array_foreach(to, i, v)
                if (str_is(person, json_string_value(v)))
                        return;
        if (person.n)
                (void)json_array_append_new(to, text(person));
}

/* The list is put even when nobody is on it: that an application waits for nobody must be seen. */
static int put(struct act *act, const char *key, json_t *to, struct str word, const struct row *app, struct err *e)
{
        scoped(json_decref) json_t *o = json_pack("{s:i, s:s, s:O, s:[o, o], s:s}", "v", 1, "key", key, "to", to, "args",
                                                  text(row_get_text(app, APPLICATION_number)), text(word), "ref", app->id);
        char *body = o ? json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
        int r = body ? outbox_put(act->db, act->now, str_of(body), e) : err_set(e, ERR_NOMEM, "notice");

        free(body);
        return r;
}

/* ---- who is next ---- */

static int add_if_may(json_t *to, struct act *act, const struct flow *w, size_t step, struct str person, bool confirming, struct err *e)
{
        struct actor who;
        int r = query_actor(&who, act->db, arena_copy(act->arena, person.p, person.n), act->now, act->arena, e);

        if (r == ERR_OK && flow_standing(w, step, &who, confirming, NULL).capacity != CAPACITY_NONE)
                add(to, person);
        if (r == ERR_ABSENT)
                err_clear(e);
        return r == ERR_ABSENT ? ERR_OK : r;
}

/* Holders of a role, and those who stand in for them now. */
static int add_holders(json_t *to, struct act *act, const struct flow *w, size_t step, const char *role, struct str section, bool confirming, struct err *e)
{
        struct person_line *people = NULL;
        size_t n = 0;
        int r = role ? query_holders(&people, &n, act->db, role, section, act->arena, e) : ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                struct row *rows = NULL;
                size_t m = 0;

                r = add_if_may(to, act, w, step, people[i].id, confirming, e);
                if (r == ERR_OK)
                        r = query_rows(&rows, &m, act->db, DEPUTIES_OF, people[i].id, act->arena, e);
                for (size_t k = 0; r == ERR_OK && k < m; k++)
                        if (str_is(people[i].id, rows[k].id) && deputy_holds(&rows[k], act->now))
                                r = add_if_may(to, act, w, step, str_of(rows[k].k), confirming, e);
        }
        return r;
}

static int tell_next(struct act *act, const struct flow *w, size_t step, struct err *e)
{
        const struct pack_step *s = &w->procedure->steps[step];
        const struct case_facts *f = w->facts;
        struct str section = s->scope == SCOPE_SECTION ? row_get_text(&f->application, APPLICATION_section) : STR("");
        bool confirming = row_is(&f->steps[step], STEP_state, "entered");
        json_t *to = json_array();
        int r = to ? ERR_OK : err_set(e, ERR_NOMEM, "notice");

        if (r == ERR_OK && s->scope == SCOPE_SERVICE)
                for (size_t i = 0; r == ERR_OK && i < 2; i++) {
                        struct str person = row_get_text(&f->service, i ? SERVICE_deputy : SERVICE_manager);

                        r = person.n ? add_if_may(to, act, w, step, person, confirming, e) : ERR_OK;
                }
        else if (r == ERR_OK)
                r = add_holders(to, act, w, step, confirming && s->confirm_role ? s->confirm_role : s->role, section, confirming, e);
        if (r == ERR_OK)
                r = add_holders(to, act, w, step, s->substitute, STR(""), confirming, e);
        if (r == ERR_OK)
                r = put(act, "notice.waiting", to, row_get_text(&f->application, APPLICATION_state), &f->application, e);
        json_decref(to);
        return r;
}

static bool is_new(const struct flow *before, const struct flow *after, size_t step)
{
        if (!before || !before->active[step])
                return true;
        return row_is(&after->facts->steps[step], STEP_state, "entered") && !row_is(&before->facts->steps[step], STEP_state, "entered");
}

/* Sent in again, everybody who is next looks at it anew. */
static int tell_all_next(struct act *act, const struct case_facts *before, const struct case_facts *after, const struct pack *pack, struct err *e)
{
        struct flow *was = arena_new(act->arena, struct flow), *is = arena_new(act->arena, struct flow);
        bool again = before && row_get_int(&before->application, APPLICATION_submitted_at) != row_get_int(&after->application, APPLICATION_submitted_at);
        int r = was && is ? flow_init(is, pack, after, act->now, NULL) : err_set(e, ERR_NOMEM, "notice");

        if (r < 0)
                return r == ERR_CONFLICT ? ERR_OK : r; /* no procedure, no next step */
        if (!before || again || flow_init(was, pack, before, act->now, NULL) < 0)
                was = NULL;
        for (size_t i = 0; r == ERR_OK && i < is->procedure->steps_count; i++)
                if (is->active[i] && is->procedure->steps[i].kind != STEP_MACHINE && is_new(was, is, i))
                        r = tell_next(act, is, i, e);
        return r;
}

/* ---- what came of it ---- */

static int tell_decided(struct act *act, const struct case_facts *before, const struct row *app, struct err *e)
{
        static const char *const states[] = { "approved", "rejected", "returned" };
        scoped(json_decref) json_t *to = json_array();
        bool tell = false;

        for (size_t i = 0; before && i < countof(states); i++)
                tell |= row_is(app, APPLICATION_state, states[i]) && !row_is(&before->application, APPLICATION_state, states[i]);
        if (!tell)
                return ERR_OK;
        add(to, row_get_text(app, APPLICATION_applicant));
        add(to, row_get_text(app, APPLICATION_drafter));
        return put(act, "notice.decided", to, row_get_text(app, APPLICATION_state), app, e);
}

/* New in the register: the manager is told, not asked. */
static int tell_appointed(struct act *act, const struct row *service, const struct row *app, struct err *e)
{
        scoped(json_decref) json_t *to = json_array();

        add(to, row_get_text(service, SERVICE_manager));
        add(to, row_get_text(service, SERVICE_deputy));
        return json_array_size(to) ? put(act, "notice.appointed", to, STR(""), app, e) : ERR_OK;
}

static int tell_bound(struct act *act, const struct row *duty, const struct row *app, struct err *e)
{
        scoped(json_decref) json_t *to = json_array();
        struct person_line *people = NULL;
        struct str role = row_get_text(duty, DUTY_role);
        size_t n = 0;
        int r = ERR_OK;

        add(to, row_get_text(duty, DUTY_person));
        if (!row_get_text(duty, DUTY_person).n && role.n)
                r = query_holders(&people, &n, act->db, arena_copy(act->arena, role.p, role.n), row_get_text(duty, DUTY_section), act->arena, e);
        for (size_t i = 0; i < n; i++)
                add(to, people[i].id);
        return r < 0 ? r : put(act, "notice.duty", to, STR(""), app, e);
}

static int tell_rows(struct act *act, const struct changes *c, const struct row *app, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; c && r == ERR_OK && i < c->rows_count; i++)
                if (c->rows[i].rev == 1 && c->rows[i].table == TABLE_SERVICE)
                        r = tell_appointed(act, &c->rows[i], app, e);
                else if (c->rows[i].rev == 1 && c->rows[i].table == TABLE_DUTY)
                        r = tell_bound(act, &c->rows[i], app, e);
        return r;
}

int notice_case(struct act *act, const struct case_facts *before, const struct pack *pack, const struct changes *c, const struct changes *then, struct err *e)
{
        struct case_facts *after = arena_new(act->arena, struct case_facts);
        int r = after ? facts_load(after, &pack, act->office, act->db, str_of(c->ref), act->now, act->arena, e) : err_set(e, ERR_NOMEM, "notice");

        if (r == ERR_OK)
                r = tell_decided(act, before, &after->application, e);
        if (r == ERR_OK)
                r = tell_rows(act, c, &after->application, e);
        if (r == ERR_OK)
                r = tell_rows(act, then, &after->application, e);
        return r == ERR_OK ? tell_all_next(act, before, after, pack, e) : r;
}
