/* drafts.c - what somebody has begun to write, and what was filed before with the same form. */
#include "server/office/api/answers.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/command/drafts.h"

enum { VALUES_MAX = 2 * FORM_ANSWERS_MAX, NAME_BYTES = 2 * PACK_ID_MAX, PREVIOUS_MAX = 10 };

/* The case, if this person may see it; NULL else. */
static struct case_facts *case_seen(struct request *rq, struct str id)
{
        struct case_facts *f = arena_new(rq->arena, struct case_facts);
        const struct pack *pack;

        return f && facts_load(f, &pack, rq->office, rq->db, id, rq->now, rq->arena, NULL) == ERR_OK && caller_sees_case(rq, pack, f) ? f : NULL;
}

/* ---- saving ---- */

/* As it was typed, right or wrong: names of fields and texts, no more. */
static int values_tidy(json_t **out, json_t *in, struct request *rq, struct err *e)
{
        scoped(json_decref) json_t *tidy = json_object();
        const char *name;
        json_t *v;

        if (json_object_size(in) > VALUES_MAX)
                return err_key(e, ERR_TOO_BIG, "draft.big", "answers", NULL);
        json_object_foreach(in, name, v) {
                struct str text;
                int r;

                if (!json_is_string(v) || strlen(name) > NAME_BYTES)
                        return err_key(e, ERR_INPUT, "common.member.type", "answers", "answers", NULL);
                r = shape_text(&text, (struct str){ json_string_value(v), json_string_length(v) }, "answers", rq->arena, e);
                if (r < 0)
                        return r;
                if (text.n && !json_put(tidy, name, json_of(text)))
                        return err_set(e, ERR_NOMEM, "draft");
        }
        *out = take(tidy);
        return ERR_OK;
}

static int body_make(struct str *out, json_t *answers, struct str applicant, struct request *rq, struct err *e)
{
        scoped(json_decref) json_t *tidy = NULL, *body = NULL;
        char *text;
        int r = values_tidy(&tidy, answers, rq, e);

        if (r < 0)
                return r;
        body = json_pack("{s:O, s:o}", "answers", tidy, "applicant", json_of(applicant));
        text = body ? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
        if (text)
                out->p = arena_text(rq->arena, text);
        out->n = text ? strlen(text) : 0;
        free(text);
        if (!out->p)
                return err_set(e, ERR_NOMEM, "draft");
        return out->n > DRAFT_BYTES_MAX ? err_key(e, ERR_TOO_BIG, "draft.big", "", NULL) : ERR_OK;
}

static int saved(struct reply *out, const struct act_draft *act, struct str id, struct err *e)
{
        out->json = json_pack("{s:o, s:I, s:o}", "id", json_of(id), "rev", (json_int_t)act->rev_after, "saved_at", json_time(act->saved_at));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "draft");
}

int add_own_draft(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "form", MEMBER_TEXT, ID_BYTES, false }, { "about", MEMBER_TEXT, ID_BYTES, true },
                                                 { "answers", MEMBER_OBJECT, 0, false }, { "applicant", MEMBER_TEXT, ID_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_draft act = { .person = rq->session.who.person };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && v[1].text.n && !case_seen(rq, v[1].text))
                r = err_key(e, ERR_ABSENT, "application.absent", "about", NULL);
        if (r == ERR_OK && !v[1].text.n && !form_in(rq->office->pack, v[0].text))
                r = err_key(e, ERR_INPUT, "form.absent", "form", NULL);
        if (r == ERR_OK)
                r = body_make(&act.body, v[2].object, v[3].text, rq, e);
        act.form = v[0].text;
        act.about = v[1].text;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_save_draft, &act, e);
        if (r < 0)
                return r;
        out->status = 201;
        return saved(out, &act, str_of(act.new_id), e);
}

int save_own_draft(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "answers", MEMBER_OBJECT, 0, false }, { "applicant", MEMBER_TEXT, ID_BYTES, true }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_draft act = { .person = rq->session.who.person, .id = rq->param };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        act.rev = v[2].i;
        if (r == ERR_OK)
                r = body_make(&act.body, v[0].object, v[1].text, rq, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_save_draft, &act, e);
        return r < 0 ? r : saved(out, &act, rq->param, e);
}

int drop_own_draft(struct request *rq, struct reply *out, struct err *e)
{
        struct act_draft_drop act = { rq->session.who.person, rq->param };
        scoped(json_decref) json_t *doc = NULL;
        int r = shape_read(&doc, NULL, rq->scgi->body, NULL, 0, rq->arena, e);

        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_drop_draft, &act, e);
        if (r == ERR_OK)
                out->json = json_object();
        return r;
}

/* ---- reading ---- */

/* Which of many: the first line of text that was typed. */
static json_t *headline(const struct pack_form *form, const json_t *answers)
{
        for (size_t i = 0; form && i < form->fields_count; i++) {
                json_t *v = json_object_get(answers, form->fields[i].id);

                if (form->fields[i].type == FIELD_TEXT && v)
                        return json_incref(v);
        }
        return json_string("");
}

/* Where it goes on: a new application; or the sheet, the mending or the correction of a case. */
static const char *kind_of(const struct draft *d, const struct pack_form *form, const struct case_facts *f)
{
        if (!d->about.n)
                return "new";
        if (form && form->sheet)
                return "sheet";
        return f && row_is(&f->application, APPLICATION_state, "returned") ? "mend" : "correct";
}

static json_t *draft_json(struct request *rq, const struct draft *d, bool whole)
{
        scoped(json_decref) json_t *body = json_loadb(d->body.p, d->body.n, 0, NULL);
        json_t *answers = json_object_get(body, "answers"), *applicant = json_object_get(body, "applicant");
        const struct case_facts *f = d->about.n ? case_seen(rq, d->about) : NULL;
        const struct pack_form *form = form_in(rq->office->pack, d->form);
        json_t *o = json_pack("{s:o, s:o, s:o, s:s, s:I, s:o, s:I, s:o}", "id", json_of(d->id), "form", json_of(d->form), "title", form_title(rq->office->pack, d->form),
                              "kind", kind_of(d, form, f), "rev", (json_int_t)d->rev, "saved_at", json_time(d->saved_at), "answered",
                              (json_int_t)json_object_size(answers), "headline", headline(form, answers));

        if (o && d->about.n)
                (void)json_put(o, "about", json_of(d->about));
        if (o && f)
                (void)json_put(o, "number", json_of(row_get_text(&f->application, APPLICATION_number)));
        if (o && json_string_length(applicant))
                (void)json_put(o, "applicant", person_json(rq, str_of(json_string_value(applicant))));
        if (o && whole)
                (void)json_put(o, "answers", answers ? json_incref(answers) : json_object());
        return o;
}

int list_own_drafts(struct request *rq, struct reply *out, struct err *e)
{
        struct draft *drafts = arena_array(rq->arena, DRAFTS_MAX, sizeof(*drafts));
        scoped(json_decref) json_t *items = json_array();
        size_t n = 0;
        int r = drafts ? draft_list(drafts, &n, rq->db, str_of(rq->session.who.person), rq->arena, e) : err_set(e, ERR_NOMEM, "drafts");

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (json_array_append_new(items, draft_json(rq, &drafts[i], false)) < 0)
                        r = err_set(e, ERR_NOMEM, "drafts");
        if (r < 0)
                return r;
        out->json = json_pack("{s:O, s:i, s:i}", "items", items, "max", DRAFTS_MAX, "days", (int)rq->office->pack->settings.draft_days);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "drafts");
}

int get_own_draft(struct request *rq, struct reply *out, struct err *e)
{
        struct draft d;
        int r = draft_get(&d, rq->db, rq->param, rq->arena, e);

        if (r == ERR_ABSENT || (r == ERR_OK && !str_is(d.person, rq->session.who.person)))
                return err_key(e, ERR_ABSENT, "draft.absent", "", NULL);
        if (r == ERR_OK)
                out->json = draft_json(rq, &d, true);
        return r < 0 || out->json ? r : err_set(e, ERR_NOMEM, "draft");
}

/* ---- what was filed before ---- */

static json_t *previous_json(struct request *rq, const struct case_facts *f, const struct pack_form *form)
{
        json_t *answers = json_object();
        const struct row *app = &f->application;

        for (size_t i = 0; i < form->fields_count; i++) {
                const struct answer *a = facts_answer(f, form->fields[i].id);

                if (a && a->value.n)
                        (void)json_put(answers, form->fields[i].id, json_of(a->value));
        }
        return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id", app->id, "number", json_of(row_get_text(app, APPLICATION_number)), "state",
                         json_of(row_get_text(app, APPLICATION_state)), "submitted_at", json_time(row_get_int(app, APPLICATION_submitted_at)), "applicant",
                         person_name(rq, row_get_text(app, APPLICATION_applicant)), "headline", headline(form, answers), "answers", answers);
}

/* Newest first; only cases that this person may open anyhow. */
int list_previous(struct request *rq, struct reply *out, struct err *e)
{
        const struct pack_form *form = form_in(rq->office->pack, rq->param);
        scoped(json_decref) json_t *items = json_array();
        struct row *apps = NULL;
        size_t n = 0;
        int r;

        if (!form || form->sheet)
                return err_key(e, ERR_ABSENT, "form.absent", "", NULL);
        r = query_apps_of_form(&apps, &n, rq->db, str_of(rq->session.who.person), rq->session.who.section, rq->param, rq->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n && json_array_size(items) < PREVIOUS_MAX; i++) {
                const struct case_facts *f = case_seen(rq, str_of(apps[i].id));

                if (f && json_array_append_new(items, previous_json(rq, f, form)) < 0)
                        r = err_set(e, ERR_NOMEM, "previous");
        }
        if (r < 0)
                return r;
        out->json = json_pack("{s:O}", "items", items);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "previous");
}
