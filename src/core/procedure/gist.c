/* gist.c - what an approval does, in words; see gist.h. The sentences follow effects.c and effect_service.c one by one. */
#include "core/procedure/gist_inside.h"

#include "core/register/registers.h"

enum { LINES_MAX = 80, MONTH_DAYS = 31 };

struct saying {
        struct gist_wills        *out;
        const struct flow        *w;
        const struct pack_effect *fx;
        const struct gist_env    *env;
        struct gist_text          rows;               /* of other registers, so far */
        const struct pack_effect *first_rows;
        bool                      bad;                /* no memory */
};

/* ---- pieces ---- */

static struct str answer(const struct saying *s, const char *field)
{
        const struct answer *a = field ? facts_answer(s->w->facts, field) : NULL;

        return a ? a->value : STR("");
}

static struct gist_text plain(const struct saying *s, struct str text)
{
        return gist_plain(text, s->env);
}

static void line(struct saying *s, enum gist_hold hold, const char *key, const struct gist_text *args, size_t n)
{
        struct gist_will x = { s->fx, hold, gist_fill(key, args, n, s->env) };

        s->bad |= !gist_ok(&x.text);
        if (s->out->n < LINES_MAX)
                s->out->items[s->out->n++] = x;
}

#define LINE(s, hold, key, ...) line(s, hold, key, (struct gist_text[]){ __VA_ARGS__ }, sizeof((struct gist_text[]){ __VA_ARGS__ }) / sizeof(struct gist_text))

static struct gist_text service_name(const struct saying *s)
{
        return plain(s, row_get_text(&s->w->facts->service, SERVICE_name));
}

/* The end that the answer or the pack gives; false: until it is ended. */
static bool end_of(const struct saying *s, struct date *out)
{
        struct str said = answer(s, s->fx->until_field);
        struct period_day day;
        utime_t until;

        if (said.n && moment_parse(&until, said)) {
                *out = period_last_day(until);
                return true;
        }
        if (said.n || !s->fx->until.source || !period_day(&day, &s->fx->until.period, utime_date_jst(s->env->now), &s->env->pack->holidays))
                return false;
        *out = day.date;
        return true;
}

/* Both days count: from today until a day eleven months and thirty days on are twelve months. */
static struct gist_text span_until(const struct saying *s, struct date last)
{
        struct date from = utime_date_jst(s->env->now), end = date_from_days(date_days(last) + 1);
        int64_t days = date_days(end) - date_days(from), months = (int64_t)(end.year - from.year) * 12 + end.month - from.month;
        bool whole = end.day == from.day;

        if (days <= MONTH_DAYS && !whole)
                return gist_fill("gist.span.days", (struct gist_text[]){ gist_number(days, s->env) }, 1, s->env);
        if (end.day < from.day)
                months--;
        return gist_fill(whole ? "gist.span.months" : "gist.span.about", (struct gist_text[]){ gist_number(months, s->env) }, 1, s->env);
}

static size_t lines_in(struct str text)
{
        size_t n = text.n > 0;

        for (size_t i = 0; i < text.n; i++)
                n += text.p[i] == '\n';
        return n;
}

/* ---- permits ---- */

static void open_permit(struct saying *s)
{
        const struct pack_zone *zone = pack_find_zone(s->env->pack, s->fx->zone);
        struct str key = answer(s, s->fx->key_field);
        bool gated = zone && s->env->gated && s->env->gated(s->env->ctx, zone);
        struct date last;

        if (zone && key.n && end_of(s, &last))
                LINE(s, gated ? GIST_GATE : GIST_RECORD, gated ? "gist.permit" : "gist.permit.record", plain(s, key), gist_of(&zone->name), gist_day(last, s->env), span_until(s, last));
}

/* ---- the register of services ---- */

/* "機密性２、完全性２": the classes that the case has. */
static struct gist_text classes_of(const struct saying *s)
{
        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;
        struct buf *to[LANG_COUNT] = { [LANG_JA] = &ja, [LANG_EN] = &en };

        for (size_t i = 0; i < s->env->pack->axes_count; i++) {
                const struct pack_axis *axis = &s->env->pack->axes[i];
                const struct row *rating = axis->kind == AXIS_CLASS ? facts_row(s->w->facts->ratings, axis->id) : NULL;

                for (size_t k = 0; rating && k < axis->levels_count; k++)
                        for (int l = 0; row_is(rating, RATING_level, axis->levels[k].id) && l < LANG_COUNT; l++)
                                buf_printf(to[l], "%s%s", to[l]->n ? text_get((enum lang)l, "paper.and") : "", axis->levels[k].name.in[l]);
        }
        return gist_buf((struct buf[LANG_COUNT]){ ja, en }, s->env);
}

static void say_period(struct saying *s, size_t domains)
{
        struct gist_text n = gist_number((int64_t)domains, s->env);
        struct date last;

        if (end_of(s, &last) && domains)
                LINE(s, GIST_RECORD, "gist.domains", n, gist_day(last, s->env), span_until(s, last));
        else if (end_of(s, &last))
                LINE(s, GIST_RECORD, "gist.period", gist_day(last, s->env), span_until(s, last));
        else if (domains)
                LINE(s, GIST_RECORD, "gist.domains.open", n);
}

static void register_service(struct saying *s)
{
        struct str manager = answer(s, s->fx->manager_field), deputy = answer(s, s->fx->deputy_field);
        struct gist_text classes = classes_of(s);
        struct period_day review;

        LINE(s, GIST_REGISTER, "gist.service", plain(s, answer(s, s->fx->name_field)), plain(s, answer(s, s->fx->provider_field)));
        say_period(s, lines_in(answer(s, s->fx->domains_field)));
        if (classes.in[LANG_JA] && *classes.in[LANG_JA])
                LINE(s, GIST_REGISTER, "gist.classes", classes);
        if (manager.n && deputy.n)
                LINE(s, GIST_REGISTER, "gist.managers", gist_named(FIELD_PERSON, manager, s->env), gist_named(FIELD_PERSON, deputy, s->env));
        else if (manager.n)
                LINE(s, GIST_REGISTER, "gist.manager", gist_named(FIELD_PERSON, manager, s->env));
        if (period_day(&review, &s->fx->review.period, utime_date_jst(s->env->now), &s->env->pack->holidays) ||
            period_next(&review, &s->fx->review.period, utime_date_jst(s->env->now), utime_date_jst(s->env->now), &s->env->pack->holidays))
                LINE(s, GIST_TASK, "gist.review", gist_day(review.date, s->env));
}

static void register_use(struct saying *s)
{
        LINE(s, GIST_RECORD, "gist.use", plain(s, row_get_text(&s->w->facts->application, APPLICATION_section)), service_name(s));
}

static struct gist_text country_name(const struct saying *s, struct str code)
{
        for (size_t i = 0; i < s->env->pack->countries_count; i++)
                if (str_is(code, s->env->pack->countries[i].id))
                        return gist_of(&s->env->pack->countries[i].name);
        return plain(s, code);
}

static void register_sub(struct saying *s)
{
        LINE(s, GIST_REGISTER, "gist.sub", service_name(s), plain(s, answer(s, s->fx->name_field)), country_name(s, answer(s, s->fx->country_field)));
}

/* As effect_service_reviewed() counts. */
static void reviewed(struct saying *s)
{
        const struct row *service = &s->w->facts->service;
        utime_t due = row_get_int(service, SERVICE_review_at);
        struct period_day day;

        if (period_next(&day, &s->fx->review.period, utime_date_jst(row_get_int(service, SERVICE_from_at)), utime_date_jst(due > s->env->now ? due - 1 : s->env->now),
                        &s->env->pack->holidays))
                LINE(s, GIST_REGISTER, "gist.reviewed", service_name(s), gist_day(day.date, s->env));
}

static void end_service(struct saying *s)
{
        const struct case_facts *f = s->w->facts;
        struct str successor = answer(s, s->fx->successor_field);
        size_t uses = 0, subs = 0;

        for (size_t i = 0; i < f->hanging.n; i++)
                uses += f->hanging.rows[i].table == TABLE_USE && row_is(&f->hanging.rows[i], USE_state, "active");
        for (size_t i = 0; i < f->subcontractors.n; i++)
                subs += row_is(&f->subcontractors.rows[i], SUBCONTRACTOR_state, "approved");
        LINE(s, GIST_REGISTER, "gist.end", service_name(s), gist_number((int64_t)uses, s->env), gist_number((int64_t)subs, s->env));
        if (successor.n)
                LINE(s, GIST_REGISTER, "gist.successor", gist_named(FIELD_SERVICE, successor, s->env));
}

/* ---- others ---- */

static void grant_exception(struct saying *s)
{
        const struct answer *items = facts_answer(s->w->facts, s->fx->items_field);
        struct gist_text said = { { "", "" } };
        struct err none = { 0 };
        struct date last;

        if (!items || !end_of(s, &last))
                return;
        s->bad |= gist_say(&said, items->field, items->value, s->env, &none) < 0;
        LINE(s, GIST_REGISTER, "gist.exception", plain(s, row_get_text(&s->w->facts->target, APPLICATION_number)), said, gist_day(last, s->env));
}

static void open_duty(struct saying *s)
{
        const struct pack_role *role = pack_find_role(s->env->pack, s->fx->role);
        struct period_day day = { 0 };

        if (s->fx->due_field ? date_parse(answer(s, s->fx->due_field), &day.date)
                             : period_day(&day, &s->fx->due.period, utime_date_jst(s->env->now), &s->env->pack->holidays))
                LINE(s, GIST_TASK, "gist.duty", role ? gist_of(&role->name) : plain(s, str_of(s->fx->role)), gist_of(&s->fx->title), gist_day(day.date, s->env));
}

/* "契約 1 件、認証・監査報告 2 件"; a service's or a provider's own row is completed, not added. */
static void register_rows(struct saying *s)
{
        const char *caption = arena_printf(s->env->arena, "register.%s.caption", effect_register_names[s->fx->reg]);
        bool own = s->fx->reg == FILLED_PROVIDER || s->fx->reg == FILLED_SERVICE;
        size_t rows = s->fx->table_field ? table_rows(answer(s, s->fx->table_field)) : 1;
        struct gist_text args[2];

        s->bad |= !caption;
        if (!caption || !rows)
                return;
        args[0] = (struct gist_text){ { text_get(LANG_JA, caption), text_get(LANG_EN, caption) } };
        args[1] = gist_number((int64_t)rows, s->env);
        args[0] = gist_fill(own ? "gist.rows.own" : "gist.rows.some", args, own ? 1 : 2, s->env);
        s->first_rows = s->first_rows ? s->first_rows : s->fx;
        for (int l = 0; l < LANG_COUNT; l++) {
                const char *had = s->rows.in[l];

                s->rows.in[l] = had ? arena_printf(s->env->arena, "%s%s%s", had, text_get((enum lang)l, "paper.and"), args[0].in[l] ? args[0].in[l] : "") : args[0].in[l];
                s->bad |= !s->rows.in[l];
        }
}

static void (*const sayings[EFFECT_KINDS_COUNT])(struct saying *s) = {
        [EFFECT_OPEN_PERMIT] = open_permit, [EFFECT_REGISTER_SERVICE] = register_service, [EFFECT_REGISTER_USE] = register_use,
        [EFFECT_REGISTER_SUB] = register_sub, [EFFECT_REVIEWED] = reviewed,               [EFFECT_END_SERVICE] = end_service,
        [EFFECT_EXCEPTION] = grant_exception, [EFFECT_DUTY] = open_duty,                  [EFFECT_ROWS] = register_rows,
};

int gist_will(struct gist_wills *out, const struct flow *w, const struct gist_env *env, struct err *e)
{
        struct saying s = { .out = out, .w = w, .env = env };

        *out = (struct gist_wills){ arena_array(env->arena, LINES_MAX, sizeof(*out->items)), 0 };
        if (!out->items)
                return err_set(e, ERR_NOMEM, "gist");
        for (size_t i = 0; i < w->procedure->effects_count; i++) {
                s.fx = &w->procedure->effects[i];
                if (facts_holds(&s.fx->when, &w->env) != TRUTH_FALSE)
                        sayings[s.fx->kind](&s);
        }
        s.fx = s.first_rows;
        if (s.fx && !s.bad)
                LINE(&s, GIST_REGISTER, "gist.rows", s.rows);
        return s.bad ? err_set(e, ERR_NOMEM, "gist") : ERR_OK;
}

/* ---- what, until when ---- */

/* What a person would call it: the text in front of `key`, the device's address; else the first text there is. */
static struct str words_before(const struct case_facts *f, const char *key)
{
        struct str said = STR("");

        for (size_t i = 0; i < f->answers_count; i++) {
                const struct answer *a = &f->answers[i];

                if (key && strcmp(a->field->id, key) == 0)
                        break;
                if (a->field->type == FIELD_TEXT && a->value.n && (key || !said.n))
                        said = a->value;
        }
        return said;
}

int gist_outline(struct gist_outline *out, const struct flow *w, const struct gist_env *env, struct err *e)
{
        struct saying s = { .w = w, .env = env };
        struct str what = row_get_text(&w->facts->service, SERVICE_name);
        struct gist_text until = { { "", "" } };
        struct date last;

        for (size_t i = 0; i < w->procedure->effects_count; i++) {
                s.fx = &w->procedure->effects[i];
                if (facts_holds(&s.fx->when, &w->env) == TRUTH_FALSE)
                        continue;
                if (!what.n && s.fx->kind == EFFECT_REGISTER_SERVICE)
                        what = answer(&s, s.fx->name_field);
                if (!what.n && s.fx->kind == EFFECT_OPEN_PERMIT)
                        what = words_before(w->facts, s.fx->key_field);
                if (!*until.in[LANG_JA] && end_of(&s, &last)) {
                        until = gist_day(last, env);
                        if (!gist_ok(&until))
                                return err_set(e, ERR_NOMEM, "gist");
                }
        }
        if (!what.n && w->facts->target.rev)
                what = row_get_text(&w->facts->target, APPLICATION_number);
        *out = (struct gist_outline){ gist_plain(what.n ? what : words_before(w->facts, NULL), env), until };
        return gist_ok(&out->what) ? ERR_OK : err_set(e, ERR_NOMEM, "gist");
}

/* ---- what comes next ---- */

static bool waits_for(const struct flow *w, size_t step, size_t i)
{
        for (size_t j = 0; j < w->procedure->steps_count; j++)
                if ((w->before[step] >> j & 1) && j != i && w->needed[j] && !w->done[j])
                        return false;
        return w->before[step] >> i & 1;
}

int gist_next(struct gist_text *out, const struct flow *w, size_t i, const struct gist_env *env, struct err *e)
{
        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;
        struct buf *to[LANG_COUNT] = { [LANG_JA] = &ja, [LANG_EN] = &en };

        for (size_t k = 0; k < w->procedure->steps_count && !flow_is_last(w, i); k++) {
                const struct pack_step *step = &w->procedure->steps[k];

                if (!w->needed[k] || w->done[k] || k == i || (!w->active[k] && !waits_for(w, k, i)))
                        continue;
                for (int l = 0; l < LANG_COUNT; l++)
                        buf_printf(to[l], "%s%s", to[l]->n ? text_get((enum lang)l, "paper.and") : "", step->title.in[l]);
        }
        *out = gist_buf((struct buf[LANG_COUNT]){ ja, en }, env);
        return gist_ok(out) ? ERR_OK : err_set(e, ERR_NOMEM, "gist");
}
