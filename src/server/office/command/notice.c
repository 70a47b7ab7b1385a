/* notice.c - see notice.h. */
#include "server/office/command/notice.h"

#include "server/office/store/outbox.h"

SCOPED(json_decref, json_t *)

static json_t *text(struct str s)
{
        return json_stringn(s.p ? s.p : "", s.n);
}

/* ---- one notice ---- */

static void add(json_t *to, struct str id)
{
        const json_t *v;
        size_t i;

        json_array_foreach(to, i, v)
                if (str_is(id, json_string_value(v)))
                        return;
        if (id.n)
                (void)json_array_append_new(to, text(id));
}

void notice_to_person(struct notice_to *to, struct str person)   { add(to->people, person); }
void notice_to_contact(struct notice_to *to, struct str contact) { add(to->contacts, contact); }

void notice_to_done(struct notice_to *to)
{
        json_decref(to->people);
        json_decref(to->contacts);
        *to = (struct notice_to){ NULL, NULL };
}

static bool stands_in(const struct row *deputy, struct str principal, const char *role, utime_t now)
{
        struct str only = row_get_text(deputy, DEPUTY_role);

        return str_is(principal, deputy->id) && deputy_holds(deputy, now) && (!only.n || str_is(only, role));
}

int notice_to_role(struct notice_to *to, struct act *act, const char *role, struct str section, struct err *e)
{
        struct person_line *people = NULL;
        size_t n = 0;
        int r = query_holders(&people, &n, act->db, role, section, act->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                struct row *rows = NULL;
                size_t m = 0;

                notice_to_person(to, people[i].id);
                r = query_rows(&rows, &m, act->db, DEPUTIES_OF, people[i].id, act->arena, e);
                for (size_t k = 0; r == ERR_OK && k < m; k++)
                        if (stands_in(&rows[k], people[i].id, role, act->now))
                                notice_to_person(to, str_of(rows[k].k));
        }
        return r;
}

static json_t *arg_json(const struct notice_arg *a)
{
        const char *ja = a->words ? a->words->in[LANG_JA] : NULL, *en = a->words ? a->words->in[LANG_EN] : NULL;

        return a->words ? json_pack("{s:s, s:s}", "ja", ja ? ja : "", "en", en ? en : ja ? ja : "") : text(a->text);
}

int notice_put(struct act *act, const struct notice *n, const struct notice_to *to, struct err *e)
{
        scoped(json_decref) json_t *args = json_array();
        scoped(json_decref) json_t *o = NULL;
        size_t last = NOTICE_ARGS_MAX;
        char *body;
        int r;

        while (last && !n->args[last - 1].text.p && !n->args[last - 1].words)
                last--;
        for (size_t i = 0; i < last; i++)
                (void)json_array_append_new(args, arg_json(&n->args[i]));
        o = json_pack("{s:i, s:s, s:O, s:O, s:O, s:s, s:s, s:b}", "v", 1, "key", n->key, "to", to->people, "contacts", to->contacts, "args", args,
                      "page", n->page ? n->page : "applications", "ref", n->ref ? n->ref : "", "daily", n->daily && !n->urgent);
        body = o && json_array_size(args) == last ? json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
        r = body ? outbox_put(act->db, act->now, str_of(n->once), n->urgent, str_of(body), e) : err_set(e, ERR_NOMEM, "notice");
        free(body);
        return r;
}

/* About an application: {0} its number, {1} its form's title. page NULL: its screen. */
static int put(struct act *act, const char *key, const char *page, const struct notice_to *to, const struct pack *pack, const struct row *app, struct str more, struct err *e)
{
        struct str id = row_get_text(app, APPLICATION_form);
        const char *form_id = arena_copy(act->arena, id.p, id.n);
        const struct pack_form *form = form_id ? pack_find_form(pack, form_id) : NULL;

        return notice_put(act, &(struct notice){ .key = key, .args = { { row_get_text(app, APPLICATION_number) }, { id, form ? &form->title : NULL }, { more } },
                                                 .page = page, .ref = app->id }, to, e);
}

/* ---- who is next ---- */

static int add_if_may(struct notice_to *to, struct act *act, const struct flow *w, size_t step, struct str person, bool confirming, struct err *e)
{
        struct actor who;
        int r = query_actor(&who, act->db, arena_copy(act->arena, person.p, person.n), act->now, act->arena, e);

        if (r == ERR_OK && flow_standing(w, step, &who, confirming, NULL).capacity != CAPACITY_NONE)
                notice_to_person(to, person);
        if (r == ERR_ABSENT)
                err_clear(e);
        return r == ERR_ABSENT ? ERR_OK : r;
}

/* Holders of a role, and those who stand in for them now. */
static int add_holders(struct notice_to *to, struct act *act, const struct flow *w, size_t step, const char *role, struct str section, bool confirming, struct err *e)
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

int notice_to_step(struct notice_to *to, struct act *act, const struct flow *w, size_t step, struct err *e)
{
        const struct pack_step *s = &w->procedure->steps[step];
        const struct case_facts *f = w->facts;
        struct str section = s->scope == SCOPE_SECTION ? row_get_text(&f->application, APPLICATION_section) : STR("");
        bool confirming = row_is(&f->steps[step], STEP_state, "entered");
        int r = ERR_OK;

        if (s->scope == SCOPE_SERVICE)
                for (size_t i = 0; r == ERR_OK && i < 2; i++) {
                        struct str person = row_get_text(&f->service, i ? SERVICE_deputy : SERVICE_manager);

                        r = person.n ? add_if_may(to, act, w, step, person, confirming, e) : ERR_OK;
                }
        else
                r = add_holders(to, act, w, step, confirming && s->confirm_role ? s->confirm_role : s->role, section, confirming, e);
        return r == ERR_OK ? add_holders(to, act, w, step, s->substitute, STR(""), confirming, e) : r;
}

const char *notice_step_page(const struct pack_step *step)
{
        return step_is_plain(step->kind) ? "decide" : NULL;
}

static int tell_next(struct act *act, const struct flow *w, size_t step, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        int r = notice_to_step(&to, act, w, step, e);

        return r < 0 ? r : put(act, "notice.waiting", notice_step_page(&w->procedure->steps[step]), &to, w->pack, &w->facts->application, row_get_text(&w->facts->application, APPLICATION_section), e);
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

static int tell_decided(struct act *act, const struct case_facts *before, const struct pack *pack, const struct row *app, struct err *e)
{
        static const char *const states[] = { "approved", "rejected", "returned" };
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        struct str state;
        bool tell = false;
        char word[64];

        for (size_t i = 0; before && i < countof(states); i++)
                tell |= row_is(app, APPLICATION_state, states[i]) && !row_is(&before->application, APPLICATION_state, states[i]);
        if (!tell)
                return ERR_OK;
        notice_to_person(&to, row_get_text(app, APPLICATION_applicant));
        notice_to_person(&to, row_get_text(app, APPLICATION_drafter));
        state = row_get_text(app, APPLICATION_state);
        (void)snprintf(word, sizeof(word), "@state.application.%.*s", (int)state.n, state.p);
        return put(act, "notice.decided", NULL, &to, pack, app, str_of(word), e);
}

/* New in the register: the manager is told, not asked. */
static int tell_appointed(struct act *act, const struct row *service, const struct pack *pack, const struct row *app, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;

        notice_to_person(&to, row_get_text(service, SERVICE_manager));
        notice_to_person(&to, row_get_text(service, SERVICE_deputy));
        return json_array_size(to.people) ? put(act, "notice.appointed", NULL, &to, pack, app, row_get_text(service, SERVICE_name), e) : ERR_OK;
}

static int tell_bound(struct act *act, const struct row *duty, const struct pack *pack, const struct row *app, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        struct str role = row_get_text(duty, DUTY_role);
        struct date due = utime_date_jst(row_get_int(duty, DUTY_due_at) - 1);
        char day[40];
        int r = ERR_OK;

        (void)snprintf(day, sizeof(day), "%04d-%02d-%02d", due.year, due.month, due.day);
        notice_to_person(&to, row_get_text(duty, DUTY_person));
        if (!row_get_text(duty, DUTY_person).n && role.n)
                r = notice_to_role(&to, act, arena_copy(act->arena, role.p, role.n), row_get_text(duty, DUTY_section), e);
        return r < 0 ? r : put(act, "notice.duty", NULL, &to, pack, app, str_of(day), e);
}

static int tell_rows(struct act *act, const struct changes *c, const struct pack *pack, const struct row *app, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; c && r == ERR_OK && i < c->rows_count; i++)
                if (c->rows[i].table == TABLE_SERVICE && row_is(&c->rows[i], SERVICE_application, app->id))
                        r = tell_appointed(act, &c->rows[i], pack, app, e);
                else if (c->rows[i].rev == 1 && c->rows[i].table == TABLE_DUTY)
                        r = tell_bound(act, &c->rows[i], pack, app, e);
        return r;
}

int notice_case(struct act *act, const struct case_facts *before, const struct pack *pack, const struct changes *c, const struct changes *then, struct err *e)
{
        struct case_facts *after = arena_new(act->arena, struct case_facts);
        int r = after ? facts_load(after, &pack, act->office, act->db, str_of(c->ref), act->now, act->arena, e) : err_set(e, ERR_NOMEM, "notice");

        if (r == ERR_OK)
                r = tell_decided(act, before, pack, &after->application, e);
        if (r == ERR_OK)
                r = tell_rows(act, c, pack, &after->application, e);
        if (r == ERR_OK)
                r = tell_rows(act, then, pack, &after->application, e);
        return r == ERR_OK ? tell_all_next(act, before, after, pack, e) : r;
}
