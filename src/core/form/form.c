/* form.c - see form.h. First every answer by its type, then which fields are shown, then what is missing. */
#include "core/form/form.h"

#include "core/form/types.h"
#include "core/pack/chars.h"

/* ---- what was given ---- */

/* The field's name came from outside: it is shown again only when it is one. */
static int refuse_given(struct err *e, const char *key, struct str field)
{
        char name[PACK_ID_MAX + 1] = "?";

        if (pack_id_ok(field)) {
                memcpy(name, field.p, field.n);
                name[field.n] = 0;
        }
        return err_key(e, ERR_INPUT, key, "", name, (char *)NULL);
}

/* The index of the field; fields_count when the form has none such. */
static size_t field_index(const struct pack_form *form, struct str id)
{
        size_t i = 0;

        while (i < form->fields_count && !str_is(id, form->fields[i].id))
                i++;
        return i;
}

/* Each given answer has a field, and no field has two. */
static int given_check(const struct pack_form *form, const struct given *given, size_t n, struct err *e)
{
        if (n > FORM_ANSWERS_MAX)
                return err_key(e, ERR_INPUT, "form.too-many", "", (char *)NULL);
        for (size_t i = 0; i < n; i++) {
                if (field_index(form, given[i].field) == form->fields_count)
                        return refuse_given(e, "form.unknown-field", given[i].field);
                for (size_t j = 0; j < i; j++)
                        if (str_eq(given[i].field, given[j].field))
                                return refuse_given(e, "form.twice", given[i].field);
        }
        return 0;
}

static struct str given_find(const struct given *given, size_t n, const char *id)
{
        for (size_t i = 0; i < n; i++)
                if (str_is(given[i].field, id))
                        return chars_trim(given[i].value);
        return (struct str){ "", 0 };
}

/* ---- what conditions see ---- */

static struct expr_value field_value(const struct form_env *x, size_t i, const struct expr_name *name, struct str column)
{
        const struct field_state *s = &x->fields[i];
        const struct pack_field *f = s->field;

        if (s->visible && s->error)
                return (struct expr_value){ .state = EXPR_OPEN };
        if (!column.n)
                return value_of(f, name->is_list, s->visible ? s->value : (struct str){ "", 0 }, x->room);
        for (size_t c = 0; c < f->columns_count; c++)
                if (str_is(column, f->columns[c].id))
                        return value_of_column(&f->columns[c], s->visible ? s->value : (struct str){ "", 0 }, x->room);
        return (struct expr_value){ .state = EXPR_OPEN };
}

static struct expr_value rated_value(const struct form_env *x, const struct expr_name *name)
{
        const struct pack *pack = x->ctx->pack;
        const char *levels[RATING_AXES_MAX] = { NULL };

        for (size_t i = 0; i < pack->axes_count; i++) {
                levels[i] = x->ratings[i].level->id;
                if (strcmp(name->id, pack->axes[i].id) == 0)
                        return (struct expr_value){ .state = EXPR_KNOWN, .text = str_of(levels[i]) };
        }
        if (strcmp(name->id, "conf2plus") == 0)
                return (struct expr_value){ .state = EXPR_KNOWN, .number = rating_conf2plus(pack, levels) };
        return (struct expr_value){ .state = EXPR_OPEN };
}

static struct expr_value form_get(const void *ctx, const struct expr_name *name)
{
        const struct form_env *x = ctx;
        struct str id = str_of(name->id), table, column = { "", 0 };
        struct expr_value v = { .state = EXPR_OPEN };
        size_t i = field_index(x->form, id);

        if (i == x->form->fields_count && str_cut(id, '.', &table, &column))
                i = field_index(x->form, table);
        if (i < x->form->fields_count)
                return field_value(x, i, name, column);
        if (x->rated)
                v = rated_value(x, name);
        if (v.state == EXPR_OPEN && x->ctx->outer)
                v = x->ctx->outer->get(x->ctx->outer->ctx, name);
        return v;
}

static bool can_rate(const struct form_env *x)
{
        return x->form->classified && x->ctx->pack && x->ctx->pack->axes_count <= RATING_AXES_MAX;
}

static void env_start(struct form_env *x, struct expr_env *env, const struct pack_form *form, const struct field_state *fields,
                      const struct form_context *ctx)
{
        x->form = form;
        x->ctx = ctx;
        x->fields = fields;
        x->rated = false;
        x->room = &x->own_room;
        *env = (struct expr_env){ form_get, x, ctx->today };
}

void form_env_init(struct form_env *x, struct expr_env *env, const struct pack_form *form, const struct field_state *fields,
                   const struct form_context *ctx)
{
        env_start(x, env, form, fields, ctx);
        if (can_rate(x))
                rating_derive(x->ratings, ctx->pack, env);
        x->rated = can_rate(x);
}

/* ---- which fields are shown ---- */

enum progress { PROGRESS_NONE, PROGRESS_BUSY, PROGRESS_DONE };

struct settling {
        struct form_env     x;
        struct expr_env     env;
        struct field_state *fields;
        uint8_t            *progress;        /* a field */
        bool                rating;          /* under way */
};

static void settle(struct settling *s, size_t i);

/* The axes hang on the questions of classes.yaml only. */
static void settle_ratings(struct settling *s)
{
        const struct pack *pack = s->x.ctx->pack;

        if (s->rating || s->x.rated || !can_rate(&s->x))
                return;
        s->rating = true;
        for (size_t q = 0; q < pack->questions_count; q++)
                settle(s, field_index(s->x.form, str_of(pack->questions[q].id)));
        rating_derive(s->x.ratings, pack, &s->env);
        s->rating = false;
        s->x.rated = true;
}

/* First what the condition looks at, so that reading a value never has to evaluate one; fields that wait for each other in a
 * circle are seen as they were given. Recursion ends at the number of fields. */
static void settle(struct settling *s, size_t i)
{
        const struct expr *when = i < s->x.form->fields_count ? s->x.form->fields[i].visible_when.tree : NULL;
        const struct expr_name *const *names;
        size_t n = 0;

        if (i >= s->x.form->fields_count || s->progress[i] != PROGRESS_NONE)
                return;
        s->progress[i] = PROGRESS_BUSY;
        names = when ? expr_names_used(when, &n) : NULL;
        for (size_t j = 0; j < n; j++) {
                struct str id = str_of(names[j]->id), table, column;
                size_t at = field_index(s->x.form, id);

                if (at == s->x.form->fields_count && str_cut(id, '.', &table, &column))
                        at = field_index(s->x.form, table);
                if (at < s->x.form->fields_count)
                        settle(s, at);
                else
                        settle_ratings(s);
        }
        s->fields[i].visible = !when || expr_eval(when, &s->env) != TRUTH_FALSE;
        s->progress[i] = PROGRESS_DONE;
}

/* A pledge that need not be given is none. */
static bool is_demanded(const struct pack_field *f)
{
        return f->required || f->type == FIELD_PLEDGE;
}

static int settle_all(struct field_state *out, const struct pack_form *form, const struct form_context *ctx, struct arena *a, struct err *e)
{
        struct settling *s = arena_new(a, struct settling);

        if (!s)
                return err_set(e, ERR_NOMEM, "form: no memory for its conditions");
        s->fields = out;
        s->progress = arena_array(a, form->fields_count, 1);
        if (!s->progress)
                return err_set(e, ERR_NOMEM, "form: no memory for its conditions");

        env_start(&s->x, &s->env, form, out, ctx);
        for (size_t i = 0; i < form->fields_count; i++)
                settle(s, i);
        settle_ratings(s);
        for (size_t i = 0; i < form->fields_count; i++) {
                const struct pack_condition *when = &form->fields[i].required_when;

                out[i].required = out[i].visible && (when->tree ? expr_eval(when->tree, &s->env) != TRUTH_FALSE : is_demanded(&form->fields[i]));
        }
        return 0;
}

/* ---- all of it ---- */

static int state_fail(struct field_state *s, const struct err *why, struct arena *a, struct err *e)
{
        struct err *copy = arena_new(a, struct err);

        if (!copy)
                return err_set(e, ERR_NOMEM, "form: no memory for a refusal");
        *copy = *why;
        s->error = copy;
        return 0;
}

/* A refusal belongs to its field; anything else ends the check. */
static int state_read(struct field_state *s, struct str given, const struct form_context *ctx, struct arena *a, struct err *e)
{
        struct err why = { 0 };
        int r = given.n ? field_normalise(&s->value, s->field, given, ctx, a, &why) : ERR_OK;

        if (r == ERR_INPUT)
                return state_fail(s, &why, a, e);
        if (r < 0 && e)
                *e = why;
        return r;
}

/* What is hidden is dropped. A pledge that nobody gave says so in its own words. */
static int state_finish(struct field_state *s, struct arena *a, struct err *e)
{
        struct err why = { 0 };

        if (!s->visible) {
                s->value = (struct str){ "", 0 };
                s->error = NULL;
                return 0;
        }
        if (!s->required || s->value.n || s->error)
                return 0;
        (void)field_refuse(&why, s->field, s->field->type == FIELD_PLEDGE ? "form.pledge" : "form.required", "", "");
        return state_fail(s, &why, a, e);
}

int form_state(struct field_state *out, const struct pack_form *form, const struct given *given, size_t n, const struct form_context *ctx,
               struct arena *a, struct err *e)
{
        static const struct form_context none;
        int r = given_check(form, given, n, e);

        ctx = ctx ? ctx : &none;
        for (size_t i = 0; r == 0 && i < form->fields_count; i++) {
                const struct pack_field *f = &form->fields[i];

                out[i] = (struct field_state){ .field = f, .visible = true, .value = { "", 0 } };
                r = state_read(&out[i], given_find(given, n, f->id), ctx, a, e);
        }
        if (r == 0)
                r = settle_all(out, form, ctx, a, e);
        for (size_t i = 0; r == 0 && i < form->fields_count; i++)
                r = state_finish(&out[i], a, e);
        return r;
}

int form_check(struct answer *out, const struct pack_form *form, const struct given *given, size_t n, const struct form_context *ctx,
               struct arena *a, struct err *e)
{
        struct field_state *states = arena_array(a, form->fields_count, sizeof(*states));
        int r = states ? form_state(states, form, given, n, ctx, a, e) : err_set(e, ERR_NOMEM, "form: no memory for %zu answers", form->fields_count);

        if (r < 0)
                return r;
        for (size_t i = 0; i < form->fields_count; i++)
                if (states[i].error) {
                        if (e)
                                *e = *states[i].error;
                        return ERR_INPUT;
                }
        for (size_t i = 0; i < form->fields_count; i++)
                out[i] = (struct answer){ states[i].field, states[i].value };
        return 0;
}

/* ---- words ---- */

/* <field>.<row>.<column> of an err; the column may be missing. */
static bool path_read(const struct pack_field **column, char row[16], const struct pack_form *form, const char *path)
{
        struct str field, rest, number, id = { "", 0 };
        size_t i;

        *column = NULL;
        if (!str_cut(str_of(path), '.', &field, &rest))
                return false;
        if (!str_cut(rest, '.', &number, &id))
                number = rest;
        i = field_index(form, field);
        if (i == form->fields_count)
                return false;
        for (size_t c = 0; c < form->fields[i].columns_count; c++)
                if (str_is(id, form->fields[i].columns[c].id))
                        *column = &form->fields[i].columns[c];
        (void)snprintf(row, 16, "%.*s", (int)number.n, number.p);
        return true;
}

void form_say(struct buf *out, enum lang lang, const struct pack_form *form, const struct err *e)
{
        scoped(buf_done) struct buf words = BUF_INIT;
        const struct pack_field *column;
        char row[16];

        text_err(&words, lang, e);
        if (!path_read(&column, row, form, e->field)) {
                buf_str(out, buf_view(&words));
        } else if (column) {
                const char *label = column->label.in[lang], *args[] = { row, label ? label : column->id, words.p ? words.p : "" };

                text_format(out, lang, "form.at-cell", args, countof(args));
        } else {
                const char *args[] = { row, words.p ? words.p : "" };

                text_format(out, lang, "form.at-row", args, countof(args));
        }
}
