/* rows.c - registers on paper: a list, what hangs on a service, a service or an incident at one look. */
#include "server/office/papers/rows.h"

#include <stdlib.h>

#include "core/calendar/calendar.h"
#include "core/period/wareki.h"
#include "core/register/access.h"
#include "server/office/store/query_incident.h"

enum { PAGE = 1000, ROWS_MAX = 20000, KEY_ROOM = 120 };

const char *rows_label(const struct press *p, const struct register_info *r, const char *column)
{
        const char *key = arena_printf(p->rq->arena, "register.%s.%s", r->id, column);

        return key ? press_word(p, key) : "";
}

static struct str short_day(const struct press *p, struct date d)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct era rows[CALENDAR_ERAS_MAX];
        struct eras eras = calendar_eras(rows, p->pack);

        if (p->lang == LANG_JA)
                wareki_format(&b, d, &eras, WAREKI_SHORT);
        else
                buf_printf(&b, "%04d-%02d-%02d", d.year, d.month, d.day);
        return str_of(word_of(p->rq, buf_view(&b)));
}

struct str rows_cell(const struct press *p, const struct row *row, const struct register_column *c, const struct record_env *env)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        const struct value *v = &row->v[c->col];
        struct date d;

        if (v->kind == VALUE_INT && c->type == REGISTER_DAY)
                return short_day(p, utime_date_jst(v->i));
        if (v->kind == VALUE_INT && c->type == REGISTER_LAST_DAY)
                return short_day(p, period_last_day(v->i));
        if (v->kind == VALUE_TEXT && c->type == REGISTER_DATE && date_parse(v->s, &d))
                return short_day(p, d);
        record_show(&b, row, c, env, p->lang);
        return str_of(word_of(p->rq, buf_view(&b)));
}

int rows_each(struct press *p, const struct register_info *r, struct register_filter f, rows_fn *fn, void *ctx, struct err *e)
{
        struct arena page = ARENA_INIT;
        int bad = ERR_OK;
        size_t n = PAGE, total = 0;
        char last[UUID_TEXT];

        f.limit = PAGE;
        while (bad == ERR_OK && n == PAGE && total < ROWS_MAX) {
                struct row *rows = NULL;

                bad = query_register(&rows, &n, p->rq->db, r, &f, &page, e);
                for (size_t i = 0; bad == ERR_OK && i < n; i++)
                        bad = fn(ctx, &rows[i], e);
                if (bad == ERR_OK && n) {
                        memcpy(last, rows[n - 1].id, sizeof(last));
                        f.after = str_of(last);
                }
                total += n;
                arena_done(&page);
        }
        arena_done(&page);
        return bad;
}

/* ---- a list ---- */

static int width_of(const struct register_column *c)
{
        static const int widths[] = {
                [REGISTER_TEXT] = 20,     [REGISTER_LINES] = 28, [REGISTER_INTEGER] = 8,  [REGISTER_YES_NO] = 9, [REGISTER_DAY] = 11,     [REGISTER_LAST_DAY] = 11,
                [REGISTER_MOMENT] = 15,   [REGISTER_DATE] = 11,  [REGISTER_WORD] = 11,    [REGISTER_LIST] = 14,  [REGISTER_COUNTRY] = 11, [REGISTER_SECTION] = 14,
                [REGISTER_ROW] = 16,
        };

        return c->flags & REGISTER_NAME ? widths[c->type] + 4 : widths[c->type];
}

static enum paper_align align_of(const struct register_column *c)
{
        return c->type == REGISTER_INTEGER ? PAPER_RIGHT : c->type == REGISTER_YES_NO || c->type == REGISTER_WORD ? PAPER_CENTER : PAPER_LEFT;
}

struct listing { struct press *p; const struct register_info *r; const struct register_column *columns[PAPER_COLUMNS_MAX]; size_t n, made; struct records *x; };

static int list_row(void *ctx, const struct row *row, struct err *e)
{
        struct listing *l = ctx;

        if (!l->made++) {
                paper_table(&l->p->m);
                for (size_t i = 0; i < l->n; i++)
                        paper_column(&l->p->m, rows_label(l->p, l->r, l->columns[i]->id), width_of(l->columns[i]), align_of(l->columns[i]));
        }
        paper_row(&l->p->m);
        for (size_t i = 0; i < l->n; i++)
                paper_cell(&l->p->m, rows_cell(l->p, row, l->columns[i], &l->x->env));
        return ERR_OK;
}

/* By whom: only rows of services that whoever asks looks after, when that is all they see. */
static bool filter_of(struct register_filter *f, struct press *p, const struct register_info *r)
{
        const struct actor *who = &p->rq->session.who;

        if (access_sees(r, p->rq->office->pack, who, p->about == ABOUT_SERVICE && p->manages))
                return true;
        f->person = who->person;
        return p->about != ABOUT_SERVICE && access_sees(r, p->rq->office->pack, who, true);
}

int part_rows(struct press *p, const struct pack_part *part, struct err *e)
{
        const struct register_info *r = part->of ? register_find(str_of(part->of)) : p->list;
        struct register_filter f = { .of = p->about == ABOUT_SERVICE ? str_of(p->service.id) : p->of };
        struct listing l = { .p = p, .r = r, .x = arena_new(p->rq->arena, struct records) };
        int bad;

        if (!r || !filter_of(&f, p, r))
                return ERR_OK;
        if (!l.x)
                return err_set(e, ERR_NOMEM, "rows");
        for (size_t i = 0; i < r->columns_count && l.n < PAPER_COLUMNS_MAX; i++)
                if (r->columns[i].flags & (REGISTER_LISTED | REGISTER_NAME) && access_column(r, &r->columns[i], &p->rq->session.who, p->manages || f.person))
                        l.columns[l.n++] = &r->columns[i];
        paper_heading(&p->m, 1, part->title.key ? press_text(p, &part->title) : p->list ? STR("") : str_of(rows_label(p, r, "caption")));      /* a list's title says it */
        bad = records_init(l.x, p->pack, p->lang, p->rq->db, p->rq->arena, e);
        if (bad == ERR_OK)
                bad = rows_each(p, r, f, list_row, &l, e);
        if (bad == ERR_OK && !l.made)
                press_none(p);
        return bad;
}

/* ---- one row at one look ---- */

static int pairs_of(struct press *p, const struct register_info *r, const struct row *row, struct err *e)
{
        struct records *x = arena_new(p->rq->arena, struct records);
        int bad = x ? records_init(x, p->pack, p->lang, p->rq->db, p->rq->arena, e) : err_set(e, ERR_NOMEM, "row");

        if (bad < 0)
                return bad;
        paper_rows(&p->m, PAPER_PAIRS, NULL);
        for (size_t i = 0; i < r->columns_count; i++) {
                struct str text = access_column(r, &r->columns[i], &p->rq->session.who, p->manages) ? rows_cell(p, row, &r->columns[i], &x->env) : STR("");

                if (text.n)
                        paper_row2(&p->m, rows_label(p, r, r->columns[i].id), text);
        }
        return ERR_OK;
}

int part_service_subject(struct press *p, const struct pack_part *part, struct err *e)
{
        press_title(p, part, NULL);
        return pairs_of(p, register_of_table(TABLE_SERVICE), &p->service, e);
}

int part_incident_subject(struct press *p, const struct pack_part *part, struct err *e)
{
        press_title(p, part, NULL);
        return pairs_of(p, register_of_table(TABLE_INCIDENT), &p->incident, e);
}

/* When it happened, to the minute: the order of minutes is what such a report is about. */
static struct str minute_of(const struct press *p, utime_t t)
{
        int minutes = (int)((t + UTIME_JST) / UTIME_MIN % (24 * 60));
        const char *text = arena_printf(p->rq->arena, "%s %d:%02d", word_of(p->rq, press_day_of(p, t)), minutes / 60, minutes % 60);

        return text ? str_of(text) : STR("");
}

static int by_moment(const void *a, const void *b)
{
        int64_t d = row_get_int(a, INCIDENTLOG_at) - row_get_int(b, INCIDENTLOG_at);

        return (d > 0) - (d < 0);
}

int part_log(struct press *p, const struct pack_part *part, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_incident_rows(&rows, &n, p->rq->db, LOG_OF_INCIDENT, str_of(p->incident.id), p->rq->arena, e);

        if (r < 0)
                return r;
        press_title(p, part, "paper.log");
        if (n) {
                qsort(rows, n, sizeof(*rows), by_moment);
                paper_table(&p->m);
                paper_column(&p->m, press_word(p, "paper.log.at"), 24, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.log.text"), 58, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.log.person"), 18, PAPER_LEFT);
        } else {
                press_none(p);
        }
        for (size_t i = 0; i < n; i++) {
                paper_row(&p->m);
                paper_cell(&p->m, minute_of(p, row_get_int(&rows[i], INCIDENTLOG_at)));
                paper_cell(&p->m, row_get_text(&rows[i], INCIDENTLOG_text));
                paper_cell(&p->m, press_person(p, row_get_text(&rows[i], INCIDENTLOG_person)));
        }
        return ERR_OK;
}
