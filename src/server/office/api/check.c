/* check.c - a form while it is being filled in: what is shown and demanded, what is wrong, which classes follow, what would stand in the
 * way. Nothing is stored. What is said here is what handing in says: the same functions of core are asked.
 */
#include "server/office/api/answers.h"
#include "server/office/api/caller.h"
#include "server/office/api/case_parts.h"
#include "server/office/api/handlers.h"

struct check {
        struct request        *rq;
        struct setting         in;
        struct answers_context ctx;
        struct field_state    *states;
        struct form_env        env;
        struct expr_env        names;
        struct row             ratings[RATING_AXES_MAX];
};

/* ---- fields ---- */

static json_t *error_json(const struct check *c, const struct err *why)
{
        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;
        json_t *args = json_array();

        for (int i = 0; i < why->nargs; i++)
                (void)json_array_append_new(args, json_string(why->args[i]));
        form_say(&ja, LANG_JA, c->in.form, why);
        form_say(&en, LANG_EN, c->in.form, why);
        return json_pack("{s:s, s:s, s:o, s:{s:o, s:o}}", "key", why->key, "field", why->field, "args", args, "message", "ja", json_of(buf_view(&ja)), "en", json_of(buf_view(&en)));
}

static json_t *fields_json(const struct check *c)
{
        json_t *list = json_array();

        for (size_t i = 0; i < c->in.form->fields_count; i++) {
                const struct field_state *s = &c->states[i];
                json_t *o = json_pack("{s:s, s:b, s:b}", "id", s->field->id, "visible", s->visible, "required", s->required);

                if (o && s->error)
                        (void)json_put(o, "error", error_json(c, s->error));
                (void)json_array_append_new(list, o);
        }
        return list;
}

/* ---- classes ---- */

static json_t *ratings_json(const struct check *c)
{
        json_t *list = json_array();

        for (size_t i = 0; c->in.form->classified && i < c->in.pack->axes_count; i++) {
                const struct rating *x = &c->env.ratings[i];
                const struct pack_level *level = x->level ? x->level : &x->axis->levels[0];
                json_t *o = json_pack("{s:s, s:o, s:s, s:o}", "axis", x->axis->id, "name", json_text(&x->axis->name), "level", level->id, "level_name", json_text(&level->name));

                if (o && x->because)
                        (void)put_text(o, "because", &x->because->because);
                (void)json_array_append_new(list, o);
        }
        return list;
}

static bool conf2plus(const struct check *c)
{
        const char *levels[RATING_AXES_MAX];

        for (size_t i = 0; i < c->in.pack->axes_count; i++)
                levels[i] = c->env.ratings[i].level ? c->env.ratings[i].level->id : NULL;
        return rating_conf2plus(c->in.pack, levels);
}

/* ---- what would stand in the way ---- */

/* The case as it would be stored. */
static int facts_as_filed(struct case_facts *f, struct check *c, const struct pack_procedure *p, struct err *e)
{
        const struct pack_form *form = c->in.form;
        struct answer *answers = arena_array(c->rq->arena, form->fields_count + f->answers_count + 1, sizeof(*answers));
        struct uuid none = { { 0 } };
        size_t n = 0;

        if (!answers)
                return err_set(e, ERR_NOMEM, "answers");
        for (size_t i = 0; i < form->fields_count; i++)
                answers[n++] = (struct answer){ &form->fields[i], c->states[i].value };
        for (size_t i = 0; i < f->answers_count; i++)
                if (!form_find_field(form, f->answers[i].field->id))
                        answers[n++] = f->answers[i];
        f->answers = answers;
        f->answers_count = n;
        if (!f->application.rev)
                f->application = row_new(TABLE_APPLICATION, none, NULL);
        row_text(&f->application, APPLICATION_procedure, str_of(p->id));
        row_text(&f->application, APPLICATION_form, str_of(form->id));
        row_text(&f->application, APPLICATION_state, STR("submitted"));
        for (size_t i = 0; !f->steps_count && i < p->steps_count; i++) {
                f->steps[i] = row_new(TABLE_STEP, none, p->steps[i].id);
                row_text(&f->steps[i], STEP_state, STR("waiting"));
        }
        f->steps_count = p->steps_count;
        for (size_t i = 0; form->classified && i < c->in.pack->axes_count; i++) {
                c->ratings[i] = row_new(TABLE_RATING, none, c->in.pack->axes[i].id);
                if (c->env.ratings[i].level)
                        row_text(&c->ratings[i], RATING_level, str_of(c->env.ratings[i].level->id));
        }
        if (form->classified)
                f->ratings = (struct row_list){ c->ratings, c->in.pack->axes_count };
        return ERR_OK;
}

/* Sheets are looked at with the step they belong to, not here. */
static int put_open(json_t *o, struct check *c, struct err *e)
{
        const struct pack_procedure *p = c->in.form->sheet ? NULL : pack_find_procedure(c->in.pack, c->in.form->procedure);
        struct open_list *open = arena_new(c->rq->arena, struct open_list);
        struct flow *w = arena_new(c->rq->arena, struct flow);
        int r = open && w ? ERR_OK : err_set(e, ERR_NOMEM, "open");

        if (r == ERR_OK && p) {
                r = facts_as_filed(&c->ctx.facts, c, p, e);
                if (r == ERR_OK)
                        r = flow_init(w, c->in.pack, &c->ctx.facts, c->rq->now, e);
                if (r == ERR_OK)
                        flow_open(open, w, NULL);
        }
        if (r == ERR_OK)
                (void)json_put(o, "open", p ? open_json(p, open) : json_array());
        return r;
}

/* ---- the answer ---- */

/* The form of the pack in force, or, within a case, of the pack that the case lives under. */
static int read_setting(struct check *c, struct str application, struct err *e)
{
        struct case_facts *f = arena_new(c->rq->arena, struct case_facts);
        int r = f ? ERR_OK : err_set(e, ERR_NOMEM, "case");

        c->in.pack = c->rq->office->pack;
        if (r == ERR_OK && application.n) {
                r = facts_load(f, &c->in.pack, c->rq->office, c->rq->db, application, c->rq->now, c->rq->arena, e);
                if (r == ERR_OK && !caller_sees_case(c->rq, c->in.pack, f))
                        r = err_key(e, ERR_ABSENT, "application.absent", "", NULL);
                c->in.facts = f;
        }
        if (r < 0)
                return r;
        c->in.form = form_in(c->in.pack, c->rq->param);
        return c->in.form ? ERR_OK : err_key(e, ERR_ABSENT, "form.absent", "", NULL);
}

static int run_check(struct check *c, json_t *answers, struct err *e)
{
        struct given *given = NULL;
        size_t n = 0;
        int r = answers_read(&given, &n, answers, c->in.form, c->rq->arena, e);

        if (r == ERR_OK)
                r = answers_context(&c->ctx, c->rq, &c->in, given, n, e);
        if (r < 0)
                return r;
        c->states = arena_array(c->rq->arena, c->in.form->fields_count + 1, sizeof(*c->states));
        r = c->states ? form_state(c->states, c->in.form, given, n, &c->ctx.form, c->rq->arena, e) : err_set(e, ERR_NOMEM, "fields");
        if (r == ERR_OK)
                form_env_init(&c->env, &c->names, c->in.form, c->states, &c->ctx.form);
        return r;
}

int check_form(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "answers", MEMBER_OBJECT, 0, false }, { "application", MEMBER_TEXT, ID_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct check *c = arena_new(rq->arena, struct check);
        int r = c ? shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e) : err_set(e, ERR_NOMEM, "check");

        if (r < 0)
                return r;
        c->rq = rq;
        r = read_setting(c, v[1].text, e);
        if (r == ERR_OK)
                r = run_check(c, v[0].object, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:o, s:o}", "fields", fields_json(c), "ratings", ratings_json(c));
        if (!out->json)
                return err_set(e, ERR_NOMEM, "check");
        if (c->in.form->classified)
                (void)json_put(out->json, "conf2plus", json_boolean(conf2plus(c)));
        return put_open(out->json, c, e);
}
