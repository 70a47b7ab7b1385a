/* case.c - an application on paper: its answers, who decided what, and what came of it. */
#include "server/office/papers/press.h"

#include "core/form/value.h"
#include "server/office/api/duties.h"

static const struct row *app(const struct press *p)
{
        return &p->view.facts->application;
}

static void pair(struct press *p, const char *key, struct str text)
{
        if (text.n)
                paper_row2(&p->m, press_word(p, key), text);
}

int part_case_subject(struct press *p, const struct pack_part *part, struct err *e)
{
        const struct row *a = app(p), *s = &p->view.facts->service;
        const struct pack_form *form = facts_form(p->pack, a);

        press_title(p, part, NULL);
        paper_rows(&p->m, PAPER_PAIRS, NULL);
        pair(p, "paper.form", form ? press_text(p, &form->title) : row_get_text(a, APPLICATION_form));
        pair(p, "paper.number", row_get_text(a, APPLICATION_number));
        pair(p, "paper.section", row_get_text(a, APPLICATION_section));
        pair(p, "paper.applicant", press_person(p, row_get_text(a, APPLICATION_applicant)));
        pair(p, "paper.drafter", press_person(p, row_get_text(a, APPLICATION_drafter)));
        pair(p, "paper.submitted", press_day_of(p, row_get_int(a, APPLICATION_submitted_at)));
        pair(p, "paper.service", s->rev ? row_get_text(s, SERVICE_name) : STR(""));
        pair(p, "paper.target", p->view.facts->target.rev ? row_get_text(&p->view.facts->target, APPLICATION_number) : STR(""));
        return ERR_OK;
}

/* ---- answers ---- */

static struct str label_of(const struct press *p, const struct pack_choice *choices, size_t n, struct str id)
{
        for (size_t i = 0; i < n; i++)
                if (str_is(id, choices[i].id))
                        return press_text(p, &choices[i].label);
        return id;
}

static struct str country_of(const struct press *p, struct str code)
{
        for (size_t i = 0; i < p->pack->countries_count; i++)
                if (str_is(code, p->pack->countries[i].id))
                        return press_text(p, &p->pack->countries[i].name);
        return code;
}

/* Several ids with blanks between, as their words. */
static struct str each_of(const struct press *p, const struct pack_field *f, struct str ids)
{
        scoped(buf_done) struct buf out = BUF_INIT;
        struct str id, rest = ids;

        while (rest.n) {
                if (!str_cut(rest, ' ', &id, &rest)) {
                        id = rest;
                        rest = STR("");
                }
                buf_text(&out, out.n ? press_word(p, "paper.and") : "");
                buf_str(&out, f->type == FIELD_COUNTRIES ? country_of(p, id) : label_of(p, f->choices, f->choices_count, id));
        }
        return str_of(word_of(p->rq, buf_view(&out)));
}

static struct str name_in(const struct press *p, enum table t, int col, struct str id)
{
        struct row row;

        return store_row(&row, p->rq->db, t, word_of(p->rq, id), NULL, p->rq->arena, NULL) == ERR_OK && row.rev ? row_get_text(&row, col) : id;
}

static struct str moment_of(const struct press *p, struct str stored)
{
        utime_t t;

        return utime_parse(stored, &t) ? press_last_day(p, t) : stored;
}

/* A stored answer as people read it. */
struct str press_answer(const struct press *p, const struct pack_field *f, struct str v)
{
        switch (f->type) {
        case FIELD_CHOICE:      return label_of(p, f->choices, f->choices_count, v);
        case FIELD_CHOICES:
        case FIELD_COUNTRIES:   return each_of(p, f, v);
        case FIELD_COUNTRY:     return country_of(p, v);
        case FIELD_YES_NO:      return str_of(press_word(p, str_is(v, "true") ? "field.yes" : "field.no"));
        case FIELD_PLEDGE:      return str_of(press_word(p, str_is(v, "true") ? "paper.pledged" : "field.no"));
        case FIELD_DATE:        return press_date(p, v);
        case FIELD_MOMENT:      return moment_of(p, v);
        case FIELD_PERSON:      return press_person(p, v);
        case FIELD_SERVICE:     return name_in(p, TABLE_SERVICE, SERVICE_name, v);
        case FIELD_APPLICATION: return name_in(p, TABLE_APPLICATION, APPLICATION_number, v);
        default:                return v;
        }
}

/* Wide columns for what is written at length. */
static int width_of(const struct pack_field *f)
{
        return f->type == FIELD_LINES || (f->type == FIELD_TEXT && (!f->max_chars || f->max_chars > 60)) ? 30 : f->type == FIELD_TEXT ? 20 : 15;
}

static void table(struct press *p, const struct pack_field *f, struct str stored)
{
        struct table_walk walk = { stored, 0 };
        struct table_cell cell;
        struct str *row = arena_array(p->rq->arena, f->columns_count + 1, sizeof(*row));
        size_t at = SIZE_MAX;
        bool more;

        paper_heading(&p->m, 3, press_text(p, &f->label));
        paper_table(&p->m);
        for (size_t i = 0; i < f->columns_count; i++)
                paper_column(&p->m, f->columns[i].label.in[p->lang], width_of(&f->columns[i]), PAPER_LEFT);
        do {
                more = row && table_next(&walk, &cell);
                if (row && at != SIZE_MAX && (!more || cell.row != at)) {
                        paper_row(&p->m);
                        for (size_t i = 0; i < f->columns_count; i++)
                                paper_cell(&p->m, row[i]);
                }
                if (more && cell.row != at)
                        memset(row, 0, f->columns_count * sizeof(*row));
                at = more ? cell.row : at;
                for (size_t i = 0; more && i < f->columns_count; i++)
                        if (str_is(cell.column, f->columns[i].id)) {
                                char *to = arena_alloc(p->rq->arena, cell.raw.n + 1);

                                row[i] = to ? press_answer(p, &f->columns[i], table_text(cell.raw, to)) : STR("");
                        }
        } while (more);
}

static const struct row *answer_row(const struct press *p, const char *field)
{
        for (size_t i = 0; i < p->view.facts->answer_rows_count; i++)
                if (strcmp(p->view.facts->answer_rows[i].k, field) == 0)
                        return &p->view.facts->answer_rows[i];
        return NULL;
}

/* Pairs as long as answers are one text each; a table stands by itself between them. */
struct answers { struct press *p; bool open; };

static void answer(struct answers *a, const struct pack_field *f, bool always)
{
        const struct row *row = answer_row(a->p, f->id);
        const struct value *v = row ? &row->v[ANSWER_value] : NULL;
        bool blank = !v || v->kind == VALUE_NULL;

        if (blank && !always)
                return;
        if (f->type == FIELD_TABLE && !blank && v->kind == VALUE_TEXT) {
                table(a->p, f, v->s);
                a->open = false;
                return;
        }
        if (!a->open)
                paper_rows(&a->p->m, PAPER_PAIRS, NULL);
        a->open = true;
        paper_row2(&a->p->m, f->label.in[a->p->lang],
                   blank ? STR("") : v->kind == VALUE_ERASED ? str_of(press_word(a->p, "answers.erased")) : press_answer(a->p, f, v->s));
}

int part_answers(struct press *p, const struct pack_part *part, struct err *e)
{
        const struct pack_form *form = part->form ? form_in(p->pack, str_of(part->form)) : facts_form(p->pack, app(p));
        struct answers a = { p, false };

        if (!form)
                return ERR_OK;
        paper_heading(&p->m, 1, part->title.key ? press_text(p, &part->title) : press_text(p, &form->title));
        for (size_t i = 0; !part->fields_count && i < form->fields_count; i++)
                answer(&a, &form->fields[i], false);
        for (size_t i = 0; i < part->fields_count; i++)
                for (size_t k = 0; k < form->fields_count; k++)
                        if (strcmp(part->fields[i].id, form->fields[k].id) == 0)
                                answer(&a, &form->fields[k], true);
        return ERR_OK;
}

/* ---- classes ---- */

static struct str level_name(const struct press *p, const struct pack_axis *axis, struct str level)
{
        for (size_t i = 0; i < axis->levels_count; i++)
                if (str_is(level, axis->levels[i].id))
                        return press_text(p, &axis->levels[i].name);
        return level;
}

static void ratings(struct press *p, const struct pack_part *part, struct row_list list)
{
        press_title(p, part, "paper.ratings");
        if (!list.n) {
                press_none(p);
                return;
        }
        paper_rows(&p->m, PAPER_PAIRS, NULL);
        for (size_t i = 0; i < p->pack->axes_count; i++) {
                const struct row *row = facts_row(list, p->pack->axes[i].id);

                if (row)
                        paper_row2(&p->m, p->pack->axes[i].name.in[p->lang], level_name(p, &p->pack->axes[i], row_get_text(row, RATING_level)));
        }
}

int part_case_ratings(struct press *p, const struct pack_part *part, struct err *e)
{
        ratings(p, part, p->view.facts->ratings);
        return ERR_OK;
}

int part_service_ratings(struct press *p, const struct pack_part *part, struct err *e)
{
        struct row_list list = { 0 };
        struct row *rows = NULL;
        int r = store_rows_of(&rows, &list.n, p->rq->db, TABLE_RATING, p->service.id, 100, p->rq->arena, e);

        list.rows = rows;
        if (r == ERR_OK)
                ratings(p, part, list);
        return r;
}

/* ---- steps ---- */

static struct str who_decided(const struct press *p, const struct row *s)
{
        struct str name = press_person(p, row_get_text(s, STEP_decider));

        if (row_get_text(s, STEP_authority).n)
                return row_get_text(s, STEP_authority);
        return row_get_text(s, STEP_principal).n ? press_both(p, "steps.deputy", name, press_person(p, row_get_text(s, STEP_principal))) : name;
}

static struct str when_decided(const struct press *p, const struct row *s)
{
        return row_get_text(s, STEP_decided_on).n ? press_date(p, row_get_text(s, STEP_decided_on)) : press_day_of(p, row_get_int(s, STEP_decided_at));
}

/* Document number, condition and reason, each on a line of its own. */
static struct str said_with(const struct press *p, const struct row *s)
{
        scoped(buf_done) struct buf out = BUF_INIT;

        buf_str(&out, row_get_text(s, STEP_document));
        if (row_get_text(s, STEP_condition).n) {
                buf_text(&out, out.n ? "\n" : "");
                buf_str(&out, press_both(p, "steps.condition", row_get_text(s, STEP_condition), press_date(p, row_get_text(s, STEP_condition_due))));
        }
        if (row_get_text(s, STEP_reason).n) {
                buf_text(&out, out.n ? "\n" : "");
                buf_str(&out, row_get_text(s, STEP_reason));
        }
        return str_of(word_of(p->rq, buf_view(&out)));
}

static bool step_counts(const struct press *p, size_t i)
{
        return !p->view.flow || i >= p->view.procedure->steps_count || p->view.flow->needed[i];
}

int part_steps(struct press *p, const struct pack_part *part, struct err *e)
{
        const struct case_facts *f = p->view.facts;

        press_title(p, part, "steps.title");
        paper_table(&p->m);
        paper_column(&p->m, press_word(p, "paper.step"), 20, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.step.role"), 17, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.step.state"), 10, PAPER_CENTER);
        paper_column(&p->m, press_word(p, "paper.step.who"), 12, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.step.when"), 20, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.step.said"), 22, PAPER_LEFT);
        for (size_t i = 0; i < f->steps_count; i++) {
                const struct row *s = &f->steps[i];
                const struct pack_step *step = p->view.procedure ? procedure_find_step(p->view.procedure, s->k) : NULL;

                if (!step_counts(p, i))
                        continue;
                paper_row(&p->m);
                paper_cell(&p->m, step ? press_text(p, &step->title) : str_of(s->k));
                paper_cell(&p->m, press_role(p, row_get_text(s, STEP_role)));
                paper_cell(&p->m, press_state(p, "step", row_get_text(s, STEP_state)));
                paper_cell(&p->m, who_decided(p, s));
                paper_cell(&p->m, when_decided(p, s));
                paper_cell(&p->m, said_with(p, s));
        }
        return ERR_OK;
}

/* ---- what came of it ---- */

/* The step that ended the case. */
static const struct row *last_step(const struct case_facts *f)
{
        const struct row *last = NULL;

        for (size_t i = 0; i < f->steps_count; i++)
                if (row_get_int(&f->steps[i], STEP_decided_at) && (!last || row_get_int(&f->steps[i], STEP_decided_at) >= row_get_int(last, STEP_decided_at)))
                        last = &f->steps[i];
        return last;
}

static void permit_period(struct press *p, const struct row *permit)
{
        if (permit->rev)
                paper_row2(&p->m, press_word(p, "paper.period"),
                           press_both(p, "paper.from-until", press_day_of(p, row_get_int(permit, PERMIT_from_at)), press_last_day(p, row_get_int(permit, PERMIT_until_at))));
}

int part_outcome(struct press *p, const struct pack_part *part, struct err *e)
{
        const struct case_facts *f = p->view.facts;
        const struct row *last = last_step(f), *s = &f->service;

        press_title(p, part, "paper.outcome");
        paper_rows(&p->m, PAPER_PAIRS, NULL);
        pair(p, "paper.decision", press_state(p, "application", row_get_text(app(p), APPLICATION_state)));
        pair(p, "paper.decided", last ? when_decided(p, last) : STR(""));
        pair(p, "paper.authority", last ? (row_get_text(last, STEP_authority).n ? row_get_text(last, STEP_authority) : press_role(p, row_get_text(last, STEP_role))) : STR(""));
        pair(p, "paper.document", last ? row_get_text(last, STEP_document) : STR(""));
        permit_period(p, &f->permit);
        if (s->rev && !f->permit.rev) {
                pair(p, "paper.service", row_get_text(s, SERVICE_name));
                if (row_get_int(s, SERVICE_until_at))
                        paper_row2(&p->m, press_word(p, "paper.period"),
                                   press_both(p, "paper.from-until", press_day_of(p, row_get_int(s, SERVICE_from_at)), press_last_day(p, row_get_int(s, SERVICE_until_at))));
                pair(p, "paper.manager", press_person(p, row_get_text(s, SERVICE_manager)));
                pair(p, "paper.review", press_last_day(p, row_get_int(s, SERVICE_review_at)));
        }
        pair(p, "paper.reason", last ? row_get_text(last, STEP_reason) : STR(""));
        return ERR_OK;
}

int part_conditions(struct press *p, const struct pack_part *part, struct err *e)
{
        const struct case_facts *f = p->view.facts;
        size_t n = 0;

        press_title(p, part, "paper.conditions");
        for (size_t i = 0; i < f->steps_count; i++) {
                const struct row *s = &f->steps[i];

                if (!row_get_text(s, STEP_condition).n || !row_is(s, STEP_state, "approved"))
                        continue;
                if (!n++)
                        paper_rows(&p->m, PAPER_PAIRS, NULL);
                paper_row2(&p->m, word_of(p->rq, press_both(p, "paper.by-day", press_date(p, row_get_text(s, STEP_condition_due)), STR(""))), row_get_text(s, STEP_condition));
        }
        if (!n)
                press_none(p);
        return ERR_OK;
}

/* To be written in by hand. */
int part_decision(struct press *p, const struct pack_part *part, struct err *e)
{
        static const struct { const char *label, *blank; } rows[] = {
                { "paper.document", "paper.document.blank" }, { "paper.decided", "paper.undated" }, { "paper.division", "paper.division.blank" }, { "paper.authority", NULL },
                { "paper.decision", "paper.decision.blank" },
        };

        press_title(p, part, NULL);
        paper_rows(&p->m, PAPER_PAIRS, NULL);
        for (size_t i = 0; i < countof(rows); i++)
                paper_row2(&p->m, press_word(p, rows[i].label), rows[i].blank ? str_of(press_word(p, rows[i].blank)) : STR(""));
        return ERR_OK;
}

/* ---- exceptions: of the case, or of all cases of a service ---- */

static int exceptions_add(struct press *p, const char *application, size_t *made, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = store_rows_of(&rows, &n, p->rq->db, TABLE_EXCEPTION, application, 1000, p->rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                const struct pack_text *text = exception_text(p->pack, rows[i].k);
                bool holds = row_is(&rows[i], EXCEPTION_state, "active") && p->rq->now < row_get_int(&rows[i], EXCEPTION_until_at);

                if (!(*made)++) {
                        paper_table(&p->m);
                        paper_column(&p->m, press_word(p, "paper.exception.from"), 50, PAPER_LEFT);
                        paper_column(&p->m, press_word(p, "paper.until"), 20, PAPER_LEFT);
                        paper_column(&p->m, press_word(p, "paper.step.state"), 12, PAPER_CENTER);
                }
                paper_row(&p->m);
                paper_cell(&p->m, text ? press_text(p, text) : str_of(rows[i].k));
                paper_cell(&p->m, press_last_day(p, row_get_int(&rows[i], EXCEPTION_until_at)));
                paper_cell(&p->m, press_state(p, "exception", holds ? STR("active") : STR("expired")));
        }
        return r;
}

int part_case_exceptions(struct press *p, const struct pack_part *part, struct err *e)
{
        struct row *apps = NULL;
        size_t made = 0, n = 0;
        int r = ERR_OK;

        press_title(p, part, "paper.exceptions");
        if (p->view.facts)
                r = exceptions_add(p, app(p)->id, &made, e);
        else if (p->inside)
                r = query_rows(&apps, &n, p->rq->db, APPS_OF_SERVICE, str_of(p->service.id), p->rq->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = exceptions_add(p, apps[i].id, &made, e);
        if (r == ERR_OK && !made)
                press_none(p);
        return r;
}
