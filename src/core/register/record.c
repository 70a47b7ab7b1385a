/* record.c - values as people read them, and what holds for a whole row; see record.h. */
#include "core/register/record.h"

#include "core/register/record_type.h"

bool record_same(const struct value *a, const struct value *b)
{
        if (a->kind != b->kind)
                return false;
        switch (a->kind) {
        case VALUE_NULL:
                return true;
        case VALUE_INT:
                return a->i == b->i;
        case VALUE_TEXT:
                return str_eq(a->s, b->s);
        case VALUE_ERASED:
                return hash_eq(&a->commit, &b->commit);
        }
        return false;
}

/* ---- showing ---- */

static void show_day(struct buf *out, struct date d)
{
        buf_printf(out, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static void show_moment(struct buf *out, utime_t t)
{
        int64_t minutes = (t + UTIME_JST) / UTIME_MIN % (24 * 60);

        show_day(out, utime_date_jst(t));
        buf_printf(out, " %02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

static void show_int(struct buf *out, int64_t i, enum register_type type, enum lang lang)
{
        switch (type) {
        case REGISTER_DAY:
                show_day(out, utime_date_jst(i));
                break;
        case REGISTER_LAST_DAY:
                show_day(out, period_last_day(i));
                break;
        case REGISTER_MOMENT:
                show_moment(out, i);
                break;
        case REGISTER_YES_NO:
                buf_text(out, text_get(lang, i ? "field.yes" : "field.no"));
                break;
        default:
                buf_printf(out, "%lld", (long long)i);
                break;
        }
}

const struct pack_list *record_list(const struct pack *p, const char *id)
{
        for (size_t i = 0; p && i < p->lists_count; i++)
                if (strcmp(p->lists[i].id, id) == 0)
                        return &p->lists[i];
        return NULL;
}

static const char *label_of(const struct register_column *c, const struct pack *p, struct str id, enum lang lang)
{
        const struct pack_list *list = c->type == REGISTER_LIST ? record_list(p, c->words) : NULL;

        for (size_t i = 0; list && i < list->choices_count; i++)
                if (str_is(id, list->choices[i].id))
                        return list->choices[i].label.in[lang];
        for (size_t i = 0; c->type == REGISTER_COUNTRY && p && i < p->countries_count; i++)
                if (str_is(id, p->countries[i].id))
                        return p->countries[i].name.in[lang];
        return NULL;
}

void record_word_key(char to[RECORD_KEY_MAX], const struct row *row, const struct register_column *c, struct str word)
{
        const struct register_info *r = register_of_table(row->table);

        (void)snprintf(to, RECORD_KEY_MAX, "register.%s.%s.%.*s", r ? r->id : "", c->id, (int)word.n, word.n ? word.p : "");
}

static void show_text(struct buf *out, const struct row *row, const struct register_column *c, struct str s, const struct record_env *env, enum lang lang)
{
        const struct register_info *other = c->type == REGISTER_ROW ? register_find(str_of(c->words)) : NULL;
        const char *label = label_of(c, env->pack, s, lang);
        char key[RECORD_KEY_MAX];
        struct str name;
        bool ended;

        if (c->type == REGISTER_WORD) {
                record_word_key(key, row, c, s);
                label = text_known(key) ? text_get(lang, key) : NULL;
        }
        if (label)
                buf_text(out, label);
        else if (other && env->name && env->name(env->ctx, other, s, &name, &ended, NULL) == ERR_OK && name.n)
                buf_str(out, name);
        else
                buf_str(out, s);
}

void record_show(struct buf *out, const struct row *row, const struct register_column *c, const struct record_env *env, enum lang lang)
{
        const struct value *v = &row->v[c->col];

        switch (v->kind) {
        case VALUE_NULL:
                break;
        case VALUE_INT:
                show_int(out, v->i, c->type, lang);
                break;
        case VALUE_TEXT:
                show_text(out, row, c, v->s, env, lang);
                break;
        case VALUE_ERASED:
                buf_text(out, text_get(lang, "answers.erased"));
                break;
        }
}

/* ---- whole rows ---- */

int record_period(const struct row *row, const struct register_info *r, struct err *e)
{
        const struct register_column *from = register_column_find(r, STR("from_at")), *until = register_column_find(r, STR("until_at"));

        if (from && until && row->v[from->col].kind == VALUE_INT && row->v[until->col].kind == VALUE_INT && row->v[until->col].i <= row->v[from->col].i)
                return err_key(e, ERR_INPUT, "record.until-before-from", until->id, "", (char *)NULL);
        return ERR_OK;
}

int record_complete(const struct row *row, const struct register_info *r, struct err *e)
{
        for (size_t i = 0; i < r->columns_count; i++) {
                const struct register_column *c = &r->columns[i];

                if ((c->flags & REGISTER_REQUIRED) && !(c->flags & REGISTER_FIXED) && row->v[c->col].kind == VALUE_NULL)
                        return err_key(e, ERR_INPUT, "record.required", c->id, "", (char *)NULL);
        }
        return record_period(row, r, e);
}

/* 8.2(4): which information, which domains, until when is what was approved; who keeps the register cannot approve more. */
int record_decided(const struct row *before, const struct row *after, const struct register_info *r, struct err *e)
{
        if (r->table != TABLE_SERVICE || row_is(before, SERVICE_state, "transitional"))
                return ERR_OK;
        for (size_t i = 0; i < r->columns_count; i++) {
                const struct register_column *c = &r->columns[i];

                if ((c->flags & REGISTER_DECIDED) && !record_same(&before->v[c->col], &after->v[c->col]))
                        return err_key(e, ERR_RULE, "record.decided", c->id, (char *)NULL);
        }
        return ERR_OK;
}
