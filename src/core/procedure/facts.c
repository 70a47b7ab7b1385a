/* facts.c - see facts.h. */
#include "core/procedure/facts.h"

#include "core/procedure/flow.h"

static const struct expr_value open_value = { .state = EXPR_OPEN };

const struct answer *facts_answer(const struct case_facts *f, const char *field)
{
        for (size_t i = 0; i < f->answers_count; i++)
                if (strcmp(f->answers[i].field->id, field) == 0)
                        return &f->answers[i];
        return NULL;
}

const struct row *facts_row(struct row_list list, const char *k)
{
        for (size_t i = 0; i < list.n; i++)
                if (strcmp(list.rows[i].k, k) == 0)
                        return &list.rows[i];
        return NULL;
}

const struct row *facts_step(const struct case_facts *f, const char *step)
{
        return facts_row((struct row_list){ f->steps, f->steps_count }, step);
}

const struct row *facts_exception(const struct case_facts *f, const char *item, utime_t now)
{
        for (size_t i = 0; i < f->exceptions.n; i++) {
                const struct row *x = &f->exceptions.rows[i];

                if (strcmp(x->k, item) == 0 && row_is(x, EXCEPTION_state, "active") && row_get_int(x, EXCEPTION_from_at) <= now &&
                    now < row_get_int(x, EXCEPTION_until_at))
                        return x;
        }
        return NULL;
}

/* ---- what conditions see ---- */

/* A sheet was handed in when its mark is stored, or anything of it, or stands there to be. */
static bool sheet_given(const struct facts_env *x, const struct pack_form *sheet)
{
        struct row_list stored = { x->facts->answer_rows, x->facts->answer_rows_count };
        char mark[SHEET_MARK_MAX];

        flow_sheet_mark(mark, sheet);
        if (facts_row(stored, mark))
                return true;
        for (size_t i = 0; i < x->facts->answers_count; i++)
                if (x->facts->answers[i].value.n && form_find_field(sheet, x->facts->answers[i].field->id))
                        return true;
        for (size_t i = 0; i < sheet->fields_count; i++)
                if (facts_row(stored, sheet->fields[i].id))
                        return true;
        return false;
}

/* A case has its form from the start. */
static bool handed_in(const struct facts_env *x, const struct pack_field *field)
{
        for (size_t i = 0; i < x->procedure->sheets_count; i++) {
                const struct pack_form *sheet = pack_find_form(x->pack, x->procedure->sheets[i].id);

                if (sheet && form_find_field(sheet, field->id))
                        return sheet_given(x, sheet);
        }
        return true;
}

static struct expr_value answer_value(const struct facts_env *x, const struct expr_name *name)
{
        const struct answer *a = facts_answer(x->facts, name->id);

        return a && handed_in(x, a->field) ? value_of(a->field, name->is_list, a->value, x->room) : open_value;
}

static struct expr_value column_value(const struct facts_env *x, struct str table, struct str column)
{
        const struct answer *a = NULL;

        for (size_t i = 0; i < x->facts->answers_count; i++)
                if (str_is(table, x->facts->answers[i].field->id))
                        a = &x->facts->answers[i];
        if (!a || !handed_in(x, a->field))
                return open_value;
        for (size_t i = 0; i < a->field->columns_count; i++)
                if (str_is(column, a->field->columns[i].id))
                        return value_of_column(&a->field->columns[i], a->value, x->room);
        return open_value;
}

static struct expr_value rating_value(struct row_list ratings, const char *axis)
{
        const struct row *r = facts_row(ratings, axis);
        struct str level = r ? row_get_text(r, RATING_level) : (struct str){ "", 0 };

        return level.n ? (struct expr_value){ .state = EXPR_KNOWN, .text = level } : open_value;
}

static const char *level_id(const struct pack_axis *axis, struct str level)
{
        for (size_t i = 0; i < axis->levels_count; i++)
                if (str_is(level, axis->levels[i].id))
                        return axis->levels[i].id;
        return NULL;
}

static struct expr_value conf2plus_value(const struct facts_env *x)
{
        const char *levels[RATING_AXES_MAX] = { NULL };
        enum truth t;

        if (x->pack->axes_count > RATING_AXES_MAX)
                return open_value;
        for (size_t i = 0; i < x->pack->axes_count; i++)
                levels[i] = level_id(&x->pack->axes[i], rating_value(x->facts->ratings, x->pack->axes[i].id).text);
        t = rating_conf2plus_truth(x->pack, levels);
        return t == TRUTH_UNKNOWN ? open_value : (struct expr_value){ .state = EXPR_KNOWN, .number = t == TRUTH_TRUE };
}

static struct expr_value service_value(const struct facts_env *x, struct str column)
{
        char axis[PACK_ID_MAX];

        if (!x->facts->service.rev || column.n >= sizeof(axis))
                return open_value;
        if (str_is(column, "conf2plus"))
                return x->facts->service.v[SERVICE_conf2plus].kind != VALUE_INT ? open_value :
                       (struct expr_value){ .state = EXPR_KNOWN, .number = row_get_int(&x->facts->service, SERVICE_conf2plus) != 0 };
        (void)snprintf(axis, sizeof(axis), "%.*s", (int)column.n, column.p);
        return rating_value(x->facts->service_ratings, axis);
}

static struct expr_value facts_get(const void *ctx, const struct expr_name *name)
{
        const struct facts_env *x = ctx;
        struct str left, right;

        if (str_cut(str_of(name->id), '.', &left, &right))
                return str_is(left, "service") ? service_value(x, right) : column_value(x, left, right);
        if (strcmp(name->id, "conf2plus") == 0)
                return conf2plus_value(x);
        return pack_find_axis(x->pack, name->id) ? rating_value(x->facts->ratings, name->id) : answer_value(x, name);
}

void facts_env_init(struct facts_env *ctx, struct expr_env *env, const struct pack *pack, const struct pack_procedure *p,
                    const struct case_facts *f, utime_t now)
{
        ctx->pack = pack;
        ctx->procedure = p;
        ctx->facts = f;
        ctx->today = utime_date_jst(now);
        ctx->room = &ctx->own_room;
        *env = (struct expr_env){ facts_get, ctx, &ctx->today };
}

enum truth facts_holds(const struct pack_condition *c, const struct expr_env *env)
{
        return c->tree ? expr_eval(c->tree, env) : TRUTH_TRUE;
}
