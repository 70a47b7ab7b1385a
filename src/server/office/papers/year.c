/* year.c - a fiscal year in numbers, for the CISO and the council. Strengths and classes are counted apart, never added up. */
#include <stdlib.h>

#include "server/office/api/duties.h"
#include "server/office/papers/rows.h"

#include "core/calendar/calendar.h"

enum { KINDS_MAX = 64, PAGE = 500, CASES_MAX = 100000 };

/* How many of each word. */
struct counted { struct str word; uint64_t n; };
struct tally { struct counted rows[KINDS_MAX]; size_t n; };

/* Most first; the same rows print the same. */
static int by_count(const void *a, const void *b)
{
        const struct counted *x = a, *y = b;

        return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : str_cmp(x->word, y->word);
}

static void count(struct press *p, struct tally *t, struct str word)
{
        size_t i = 0;

        while (i < t->n && !str_eq(t->rows[i].word, word))
                i++;
        if (i == t->n && t->n == KINDS_MAX)
                i--;                              /* more kinds than a table should have: the last takes them */
        else if (i == t->n)
                t->rows[t->n++].word = str_of(word_of(p->rq, word));
        t->rows[i].n++;
}

static void tally_say(struct press *p, struct tally *t, const char *title, const char *label)
{
        paper_heading(&p->m, 2, str_of(press_word(p, title)));
        if (!t->n) {
                press_none(p);
                return;
        }
        qsort(t->rows, t->n, sizeof(*t->rows), by_count);
        paper_table(&p->m);
        paper_column(&p->m, press_word(p, label), 75, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.count"), 25, PAPER_RIGHT);
        for (size_t i = 0; i < t->n; i++) {
                paper_row(&p->m);
                paper_cell(&p->m, t->rows[i].word.n ? t->rows[i].word : str_of(press_word(p, "paper.unknown")));
                paper_cell(&p->m, press_number(p, (int64_t)t->rows[i].n));
        }
}

/* ---- services as they stand ---- */

struct services { struct press *p; struct tally state, kind, country, level; uint64_t late; struct records *x; };

static int service_row(void *ctx, const struct row *s, struct err *e)
{
        struct services *c = ctx;
        const struct register_info *r = register_of_table(TABLE_SERVICE), *of = register_of_table(TABLE_PROVIDER);
        const struct register_column *country = register_column_find(of, STR("country"));
        struct row provider = { 0 };
        bool closed = row_is(s, SERVICE_state, "closed");
        int bad = ERR_OK;

        count(c->p, &c->state, rows_cell(c->p, s, register_column_find(r, STR("state")), &c->x->env));
        if (closed)
                return ERR_OK;
        count(c->p, &c->kind, rows_cell(c->p, s, register_column_find(r, STR("kind")), &c->x->env));
        count(c->p, &c->level, str_of(press_word(c->p, row_get_int(s, SERVICE_conf2plus) ? "paper.conf2plus" : "paper.conf1")));
        if (row_get_text(s, SERVICE_provider).n)
                bad = store_row(&provider, c->p->rq->db, TABLE_PROVIDER, word_of(c->p->rq, row_get_text(s, SERVICE_provider)), NULL, c->p->rq->arena, e);
        if (bad == ERR_OK)
                count(c->p, &c->country, provider.rev ? rows_cell(c->p, &provider, country, &c->x->env) : STR(""));
        c->late += row_get_int(s, SERVICE_review_at) && row_get_int(s, SERVICE_review_at) <= c->p->rq->now;
        return bad;
}

/* ---- applications of the year ---- */

static int count_cases(struct press *p, struct tally *form, struct tally *state, struct err *e)
{
        utime_t from = calendar_fiscal_start(p->year), until = calendar_fiscal_start(p->year + 1);
        struct app_filter f = { .list = APPS_ALL, .before_at = until, .before_id = STR(""), .limit = PAGE };
        size_t n = PAGE, total = 0;
        int r = ERR_OK;

        while (r == ERR_OK && n == PAGE && total < CASES_MAX) {
                struct app_line *lines = NULL;

                r = query_applications(&lines, &n, p->rq->db, &f, p->rq->arena, e);
                for (size_t i = 0; r == ERR_OK && i < n; i++) {
                        const struct pack_form *is = form_in(p->pack, lines[i].form);

                        if (lines[i].submitted_at < from)
                                return ERR_OK;
                        count(p, form, is ? press_text(p, &is->title) : lines[i].form);
                        count(p, state, press_state(p, "application", lines[i].state));
                }
                total += n;
                if (r == ERR_OK && n) {
                        f.before_at = lines[n - 1].submitted_at;
                        f.before_id = lines[n - 1].id;
                }
        }
        return r;
}

int part_numbers(struct press *p, const struct pack_part *part, struct err *e)
{
        struct services *c = arena_new(p->rq->arena, struct services);
        struct tally *forms = arena_new(p->rq->arena, struct tally), *states = arena_new(p->rq->arena, struct tally);
        int r = c && forms && states ? ERR_OK : err_set(e, ERR_NOMEM, "numbers");

        if (r < 0)
                return r;
        c->p = p;
        c->x = arena_new(p->rq->arena, struct records);
        r = c->x ? records_init(c->x, p->pack, p->lang, p->rq->db, p->rq->arena, e) : err_set(e, ERR_NOMEM, "numbers");
        if (r == ERR_OK)
                r = rows_each(p, register_of_table(TABLE_SERVICE), (struct register_filter){ 0 }, service_row, c, e);
        if (r == ERR_OK)
                r = count_cases(p, forms, states, e);
        if (r < 0)
                return r;
        press_title(p, part, "paper.numbers");
        tally_say(p, &c->state, "paper.numbers.state", "paper.step.state");
        tally_say(p, &c->level, "paper.numbers.level", "paper.level");
        tally_say(p, &c->kind, "paper.numbers.kind", "paper.kind");
        tally_say(p, &c->country, "paper.numbers.country", "paper.country");
        tally_say(p, forms, "paper.numbers.forms", "paper.form");
        tally_say(p, states, "paper.numbers.cases", "paper.step.state");
        paper_heading(&p->m, 2, str_of(press_word(p, "paper.numbers.reviews")));
        paper_rows(&p->m, PAPER_PAIRS, NULL);
        paper_row2(&p->m, press_word(p, "paper.numbers.late"), press_number(p, (int64_t)c->late));
        return ERR_OK;
}

/* ---- exceptions and incidents ---- */

int part_year_exceptions(struct press *p, const struct pack_part *part, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_exceptions_of_year(&rows, &n, p->rq->db, calendar_fiscal_start(p->year), calendar_fiscal_start(p->year + 1), p->rq->arena, e);

        if (r < 0)
                return r;
        press_title(p, part, "paper.exceptions");
        if (n) {
                paper_table(&p->m);
                paper_column(&p->m, press_word(p, "paper.number"), 24, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.exception.from"), 52, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.until"), 24, PAPER_LEFT);
        } else {
                press_none(p);
        }
        for (size_t i = 0; i < n; i++) {
                const struct pack_text *text = exception_text(p->pack, rows[i].k);
                struct row app;

                r = store_row(&app, p->rq->db, TABLE_APPLICATION, rows[i].id, NULL, p->rq->arena, e);
                if (r < 0)
                        return r;
                paper_row(&p->m);
                paper_cell(&p->m, row_get_text(&app, APPLICATION_number));
                paper_cell(&p->m, text ? press_text(p, text) : str_of(rows[i].k));
                paper_cell(&p->m, press_last_day(p, row_get_int(&rows[i], EXCEPTION_until_at)));
        }
        return ERR_OK;
}

struct incidents { struct press *p; struct tally severity, leak, state; uint64_t n, drills; struct records *x; };

static int incident_row(void *ctx, const struct row *i, struct err *e)
{
        struct incidents *c = ctx;
        const struct register_info *r = register_of_table(TABLE_INCIDENT);
        utime_t found = row_get_int(i, INCIDENT_found_at);

        if (found < calendar_fiscal_start(c->p->year) || found >= calendar_fiscal_start(c->p->year + 1))
                return ERR_OK;
        if (row_get_int(i, INCIDENT_drill)) {
                c->drills++;
                return ERR_OK;
        }
        c->n++;
        count(c->p, &c->severity, rows_cell(c->p, i, register_column_find(r, STR("severity")), &c->x->env));
        count(c->p, &c->leak, rows_cell(c->p, i, register_column_find(r, STR("leak")), &c->x->env));
        count(c->p, &c->state, rows_cell(c->p, i, register_column_find(r, STR("state")), &c->x->env));
        return ERR_OK;
}

int part_year_incidents(struct press *p, const struct pack_part *part, struct err *e)
{
        struct incidents *c = arena_new(p->rq->arena, struct incidents);
        int r = c ? ERR_OK : err_set(e, ERR_NOMEM, "incidents");

        if (r < 0)
                return r;
        c->p = p;
        c->x = arena_new(p->rq->arena, struct records);
        r = c->x ? records_init(c->x, p->pack, p->lang, p->rq->db, p->rq->arena, e) : err_set(e, ERR_NOMEM, "incidents");
        if (r == ERR_OK)
                r = rows_each(p, register_of_table(TABLE_INCIDENT), (struct register_filter){ 0 }, incident_row, c, e);
        if (r < 0)
                return r;
        press_title(p, part, "paper.incidents");
        paper_rows(&p->m, PAPER_PAIRS, NULL);
        paper_row2(&p->m, press_word(p, "paper.incidents.n"), press_number(p, (int64_t)c->n));
        paper_row2(&p->m, press_word(p, "paper.incidents.drills"), press_number(p, (int64_t)c->drills));
        if (c->n) {
                tally_say(p, &c->severity, "paper.incidents.severity", "paper.kind");
                tally_say(p, &c->leak, "paper.incidents.leak", "paper.kind");
        }
        return ERR_OK;
}
