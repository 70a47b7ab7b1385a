/* judge.c - what is done while a step is active, before it is decided: fill a sheet, judge lines, set a level. See procedure.h. */
#include "core/procedure/inside.h"

static const char *const results[] = {
#define X(id, name) [id] = name,
        RESULTS(X)
#undef X
};

bool result_find(struct str name, enum result *out)
{
        for (int i = 0; i < RESULTS_COUNT; i++)
                if (str_is(name, results[i])) {
                        *out = (enum result)i;
                        return true;
                }
        return false;
}

static int flow_new(struct flow **out, struct arena *a, const struct pack *pack, const struct case_facts *f, utime_t now, struct err *e)
{
        struct flow *w = arena_new(a, struct flow);
        int r = w ? flow_init(w, pack, f, now, e) : err_set(e, ERR_NOMEM, "flow");

        if (r == ERR_OK)
                *out = w;
        return r;
}

static size_t step_of(const struct pack_procedure *p, const char *id)
{
        for (size_t i = 0; i < p->steps_count; i++)
                if (strcmp(p->steps[i].id, id) == 0)
                        return i;
        return p->steps_count;
}

/* ---- sheets ---- */

const struct pack_sheet *sheet_for(size_t *step, const struct flow *w, const char *form, const struct actor *who, struct err *e)
{
        const struct pack_sheet *sheet = NULL;

        for (size_t i = 0; i < w->procedure->sheets_count; i++)
                if (strcmp(w->procedure->sheets[i].id, form) == 0)
                        sheet = &w->procedure->sheets[i];
        if (!sheet || !flow_holds(w, sheet->role, sheet->scope, who)) {
                (void)err_key(e, ERR_FORBIDDEN, "fill.role", "", NULL);
                return NULL;
        }
        *step = step_of(w->procedure, sheet->step);
        if (*step == w->procedure->steps_count || !w->active[*step] || row_is(&w->facts->steps[*step], STEP_state, "entered")) {
                (void)err_key(e, ERR_CONFLICT, "fill.over", "", NULL);
                return NULL;
        }
        return sheet;
}

/* What was concluded beside this step, on the sheet as it was, is concluded anew; the first filling changes nothing that anybody saw. */
int procedure_fill_sheet(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct pack_form *form,
                         const struct answer *answers, int64_t seen_rev, const struct actor *who, utime_t now, struct err *e)
{
        const struct pack_sheet *sheet;
        char mark[SHEET_MARK_MAX];
        struct flow *w = NULL;
        size_t step = 0, changed = 0;
        struct row by;
        int r = flow_new(&w, out->arena, pack, f, now, e);

        if (r < 0)
                return r;
        sheet = sheet_for(&step, w, form->id, who, e);
        if (!sheet)
                return e && e->code ? e->code : ERR_FORBIDDEN;
        r = application_seen(f, seen_rev, e);
        if (r < 0)
                return r;

        flow_sheet_mark(mark, form);
        by = answer_stored(f, mark);
        entry_begin(out, pack, &f->application, who, sheet->role);
        r = answers_mend(out, f, form, answers, &changed, e);
        if (r == ERR_OK && by.rev && changed)
                r = steps_reopen_beside(out, w, step, e);
        row_text(&by, ANSWER_value, str_of(who->person));
        if (r == ERR_OK)
                r = changes_add(out, &by, e);
        return r < 0 ? r : application_touch(out, f, e);
}

/* ---- lines of a judge ---- */

static const struct pack_criterion *criterion_of(const struct pack_criteria *list, const char *id)
{
        for (size_t i = 0; list && i < list->criteria_count; i++)
                if (strcmp(list->criteria[i].id, id) == 0)
                        return &list->criteria[i];
        return NULL;
}

/* The criterion, asked at an active judge step where `who` may act. Two steps may go through the same list. */
static const struct pack_criterion *line_of(struct standing *s, const struct flow *w, const char *criterion, const struct actor *who, struct err *e)
{
        bool over = false, known = false;

        for (size_t i = 0; i < w->procedure->steps_count; i++) {
                const struct pack_step *st = &w->procedure->steps[i];
                const struct pack_criterion *c = st->kind == STEP_JUDGE ? criterion_of(pack_find_criteria(w->pack, st->criteria), criterion) : NULL;

                if (!c)
                        continue;
                known = true;
                *s = flow_standing(w, i, who, false, e);
                if (s->capacity != CAPACITY_NONE && w->active[i])
                        return c;
                over |= s->capacity != CAPACITY_NONE;
        }
        if (over)
                (void)err_key(e, ERR_CONFLICT, "judge.over", "", NULL);
        else if (!known)
                (void)err_key(e, ERR_INPUT, "judge.criterion", "", criterion, NULL);
        return NULL;
}

static bool answer_known(struct str answer)
{
        return !answer.n || str_is(answer, "answered") || str_is(answer, "public") || str_is(answer, "none");
}

static int check_line(const struct flow *w, const struct pack_criterion *c, const struct judgement *in, const struct row *row, struct err *e)
{
        struct date d;

        if (!criterion_is_asked(w, c))
                return err_key(e, ERR_RULE, "judge.not-asked", "", c->id, NULL);
        if (!answer_known(in->answer) || (in->said_on.n && !date_parse(in->said_on, &d)))
                return err_key(e, ERR_INPUT, "judge.answer", "", c->id, NULL);
        return criterion_check(w, c, row, e);
}

static void write_line(struct row *row, const struct judgement *in, const struct actor *who, utime_t now)
{
        row_text(row, CRITERION_result, str_of(results[in->result]));
        row_personal(row, CRITERION_reason, in->reason);
        row_personal(row, CRITERION_article, in->article);
        if (in->answer.n)
                row_text(row, CRITERION_answer, in->answer);
        else
                row_null(row, CRITERION_answer);
        row_personal(row, CRITERION_said, in->said);
        if (in->said_on.n)
                row_text(row, CRITERION_said_on, in->said_on);
        else
                row_null(row, CRITERION_said_on);
        row_personal(row, CRITERION_document, in->document);
        row_text(row, CRITERION_person, str_of(who->person));
        row_int(row, CRITERION_judged_at, now);
}

static bool is_repeated(const struct judgement *in, size_t i)
{
        for (size_t k = 0; k < i; k++)
                if (strcmp(in[k].criterion, in[i].criterion) == 0)
                        return true;
        return false;
}

static int judge_line(struct changes *out, const struct flow *w, const struct judgement *in, const struct actor *who, struct err *e)
{
        struct standing s = { .capacity = CAPACITY_NONE };
        struct uuid id = { { 0 } };
        const struct row *old;
        struct row row;
        struct err why = { 0 };
        const struct pack_criterion *c = line_of(&s, w, in->criterion, who, &why);
        int r;

        if (!c) {
                if (e)
                        *e = why;
                return why.code;
        }
        (void)uuid_parse(str_of(w->facts->application.id), &id);
        old = facts_row(w->facts->criteria, c->id);
        row = old ? *old : row_new(TABLE_CRITERION, id, c->id);
        write_line(&row, in, who, w->now);
        r = check_line(w, c, in, &row, e);
        if (r < 0)
                return r;
        out->post = s.role;
        return changes_add(out, &row, e);
}

int procedure_judge(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct judgement *in, size_t n,
                    int64_t seen_rev, const struct actor *who, utime_t now, struct err *e)
{
        struct flow *w = NULL;
        int r = flow_new(&w, out->arena, pack, f, now, e);

        if (r == ERR_OK && !n)
                r = err_key(e, ERR_INPUT, "judge.none", "", NULL);
        if (r < 0)
                return r;
        entry_begin(out, pack, &f->application, who, NULL);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = is_repeated(in, i) ? err_key(e, ERR_INPUT, "judge.twice", "", in[i].criterion, NULL) : judge_line(out, w, &in[i], who, e);
        if (r == ERR_OK)
                r = application_seen(f, seen_rev, e);
        return r < 0 ? r : application_touch(out, f, e);
}

/* ---- levels ---- */

static const struct pack_level *level_of(const struct pack_axis *axis, const char *level)
{
        for (size_t i = 0; axis && i < axis->levels_count; i++)
                if (strcmp(axis->levels[i].id, level) == 0)
                        return &axis->levels[i];
        return NULL;
}

/* The active approve step where `who` may act. */
static int rating_step(size_t *step, struct standing *s, const struct flow *w, const struct actor *who, struct err *e)
{
        bool active = false;

        (void)err_key(e, ERR_FORBIDDEN, "decide.role", "", NULL);
        for (size_t i = 0; i < w->procedure->steps_count; i++) {
                if (w->procedure->steps[i].kind != STEP_APPROVE)
                        continue;
                *s = flow_standing(w, i, who, false, e);
                *step = i;
                if (s->capacity != CAPACITY_NONE && w->active[i])
                        return ERR_OK;
                active |= s->capacity != CAPACITY_NONE;
        }
        return active ? err_key(e, ERR_CONFLICT, "decide.over", "", NULL) : ERR_FORBIDDEN;
}

int rating_may(const struct flow *w, const struct actor *who)
{
        struct standing s;
        size_t step;

        return w->facts->ratings.n ? rating_step(&step, &s, w, who, NULL) : ERR_CONFLICT;
}

int procedure_rate(struct changes *out, const struct pack *pack, const struct case_facts *f, const char *axis, const char *level, struct str reason,
                   int64_t seen_rev, const struct actor *who, utime_t now, struct err *e)
{
        const struct pack_level *to = level_of(pack_find_axis(pack, axis), level);
        const struct row *old = facts_row(f->ratings, axis);
        struct flow *w = NULL;
        struct standing s;
        size_t step;
        struct row row;
        int r = flow_new(&w, out->arena, pack, f, now, e);

        if (r == ERR_OK)
                r = rating_step(&step, &s, w, who, e);
        if (r == ERR_OK)
                r = application_seen(f, seen_rev, e);
        if (r < 0)
                return r;
        if (!to || !old)
                return err_key(e, ERR_INPUT, "rate.level", "level", NULL);
        if (!reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);

        entry_begin(out, pack, &f->application, who, s.role);
        row = *old;
        row_text(&row, RATING_level, str_of(to->id));
        row_text(&row, RATING_person, str_of(who->person));
        row_personal(&row, RATING_reason, reason);
        r = changes_add(out, &row, e);
        if (r == ERR_OK)
                r = steps_reopen_beside(out, w, step, e);
        return r < 0 ? r : application_touch(out, f, e);
}
