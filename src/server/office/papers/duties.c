/* duties.c - what is due, on paper: of a case or a service, of whoever asks, and what ends within some days. */
#include <stdlib.h>

#include "server/office/api/caller.h"
#include "server/office/api/waiting.h"
#include "server/office/papers/rows.h"

#include "core/register/access.h"
#include "server/office/store/query_incident.h"

enum { PAGE = 500, DUTIES_MAX = 5000, WAITING = 200 };

static void duties_begin(struct press *p)
{
        paper_table(&p->m);
        paper_column(&p->m, press_word(p, "paper.duty"), 38, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.about"), 20, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.who"), 14, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.due"), 20, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.step.state"), 12, PAPER_CENTER);
}

static struct str service_called(const struct press *p, struct str id)
{
        struct row row;

        return id.n && store_row(&row, p->rq->db, TABLE_SERVICE, word_of(p->rq, id), NULL, p->rq->arena, NULL) == ERR_OK ? row_get_text(&row, SERVICE_name) : STR("");
}

static void duty_row(struct press *p, const struct row *d)
{
        bool open = row_is(d, DUTY_state, "open"), over = open && p->rq->now >= row_get_int(d, DUTY_due_at);
        struct str person = row_get_text(d, DUTY_person);

        paper_row(&p->m);
        paper_cell(&p->m, row_get_text(d, DUTY_text));
        paper_cell(&p->m, service_called(p, row_get_text(d, DUTY_service)));
        paper_cell(&p->m, person.n ? press_person(p, person) : press_role(p, row_get_text(d, DUTY_role)));
        paper_cell(&p->m, press_last_day(p, row_get_int(d, DUTY_due_at)));
        paper_cell(&p->m, press_state(p, "duty", over ? STR("overdue") : row_get_text(d, DUTY_state)));
}

/* The same rows print the same, whatever their ids. */
static int by_day(const void *a, const void *b)
{
        const struct row *x = a, *y = b;
        int64_t d = row_get_int(x, DUTY_due_at) - row_get_int(y, DUTY_due_at);

        return d ? (d > 0) - (d < 0) : str_cmp(row_get_text(x, DUTY_text), row_get_text(y, DUTY_text));
}

int part_duties(struct press *p, const struct pack_part *part, struct err *e)
{
        bool of_case = p->view.facts != NULL;
        struct row *rows = NULL;
        size_t n = 0;
        int r = ERR_OK;

        press_title(p, part, "paper.duties");
        if (p->about == ABOUT_INCIDENT)
                r = query_incident_rows(&rows, &n, p->rq->db, CLOCKS_OF_INCIDENT, str_of(p->incident.id), p->rq->arena, e);
        else if (of_case || (p->about == ABOUT_SERVICE && p->inside))
                r = query_rows(&rows, &n, p->rq->db, of_case ? DUTIES_OF_APP : DUTIES_OF_SERVICE, str_of(of_case ? p->view.facts->application.id : p->service.id),
                               p->rq->arena, e);
        if (r < 0)
                return r;
        if (n) {
                qsort(rows, n, sizeof(*rows), by_day);
                duties_begin(p);
        } else {
                press_none(p);
        }
        for (size_t i = 0; i < n; i++)
                duty_row(p, &rows[i]);
        return ERR_OK;
}

/* The roles of whoever asks, as the statement wants them. */
static struct str roles_of(const struct press *p)
{
        scoped(json_decref) json_t *list = json_array();
        const struct actor *who = &p->rq->session.who;
        struct str out;
        char *text;

        for (size_t i = 0; i < who->roles_count; i++)
                (void)json_array_append_new(list, json_string(who->roles[i]));
        text = json_dumps(list, JSON_COMPACT);
        out = text ? str_of(arena_text(p->rq->arena, text)) : STR("[]");
        free(text);
        return out;
}

/* Open duties in the order of their day; `mine`: only of whoever asks. */
static int open_duties(struct press *p, bool mine, bool late, size_t *made, struct err *e)
{
        struct duty_filter f = { .limit = PAGE, .after_at = INT64_MIN, .state = STR("open") };
        size_t n = PAGE, total = 0;
        struct row *rows = NULL;
        int r = ERR_OK;

        if (mine) {
                f.person = str_of(p->rq->session.who.person);
                f.section = p->rq->session.who.section;
                f.roles = roles_of(p);
        }
        while (r == ERR_OK && n == PAGE && total < DUTIES_MAX) {
                r = query_duties(&rows, &n, p->rq->db, &f, p->rq->arena, e);
                for (size_t i = 0; r == ERR_OK && i < n; i++) {
                        if (late && p->rq->now < row_get_int(&rows[i], DUTY_due_at))
                                return ERR_OK;
                        if (!(*made)++)
                                duties_begin(p);
                        duty_row(p, &rows[i]);
                }
                total += n;
                if (r == ERR_OK && n) {
                        f.after_at = row_get_int(&rows[n - 1], DUTY_due_at);
                        f.after_id = str_of(rows[n - 1].id);
                }
        }
        return r;
}

int part_late(struct press *p, const struct pack_part *part, struct err *e)
{
        size_t made = 0;
        int r;

        press_title(p, part, "paper.late");
        r = open_duties(p, p->about == ABOUT_HANDOVER || !caller_sees_all(p->rq), true, &made, e);
        if (r == ERR_OK && !made)
                press_none(p);
        return r;
}

/* Cases that wait for whoever asks, then their duties. */
int part_tasks(struct press *p, const struct pack_part *part, struct err *e)
{
        struct app_filter f = { .list = APPS_WAITING, .before_at = INT64_MAX, .limit = WAITING + 1, .person = str_of(p->rq->session.who.person), .section = p->rq->session.who.section };
        struct app_line *lines = NULL;
        size_t n = 0, made = 0;
        uint64_t total = 0;
        bool more = false;
        int r = waiting_list(&lines, &n, &total, &more, p->rq, &f, WAITING, WAITING_SCAN, e);

        if (r < 0)
                return r;
        press_title(p, part, "paper.tasks");
        paper_heading(&p->m, 2, str_of(press_word(p, "paper.tasks.cases")));
        if (n) {
                paper_table(&p->m);
                paper_column(&p->m, press_word(p, "paper.number"), 24, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.form"), 36, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.applicant"), 20, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.submitted"), 20, PAPER_LEFT);
        } else {
                press_none(p);
        }
        for (size_t i = 0; i < n; i++) {
                const struct pack_form *form = form_in(p->pack, lines[i].form);

                paper_row(&p->m);
                paper_cell(&p->m, lines[i].number);
                paper_cell(&p->m, form ? press_text(p, &form->title) : lines[i].form);
                paper_cell(&p->m, lines[i].applicant_name);
                paper_cell(&p->m, press_day_of(p, lines[i].submitted_at));
        }
        paper_heading(&p->m, 2, str_of(press_word(p, "paper.duties")));
        r = open_duties(p, true, false, &made, e);
        if (r == ERR_OK && !made)
                press_none(p);
        return r;
}

/* ---- what ends soon ---- */

static const struct { const char *id; enum table table; int name, day, state; const char *live, *what; } ends[] = {
        { "service",     TABLE_SERVICE,     SERVICE_name,       SERVICE_until_at,     SERVICE_state,     "approved", "until_at" },
        { "service",     TABLE_SERVICE,     SERVICE_name,       SERVICE_review_at,    SERVICE_state,     "approved", "review_at" },
        { "service",     TABLE_SERVICE,     SERVICE_name,       SERVICE_apply_by_at,  SERVICE_state,     "transitional", "apply_by_at" },
        { "contract",    TABLE_CONTRACT,    CONTRACT_name,      CONTRACT_until_at,    CONTRACT_state,    "active",   "until_at" },
        { "certificate", TABLE_CERTIFICATE, CERTIFICATE_number, CERTIFICATE_until_at, CERTIFICATE_state, "valid",    "until_at" },
};

struct expiring { struct press *p; size_t which, made; utime_t until; struct records *x; };

static int expiring_row(void *ctx, const struct row *row, struct err *e)
{
        struct expiring *x = ctx;
        const struct register_info *r = register_find(str_of(ends[x->which].id));
        utime_t day = row_get_int(row, ends[x->which].day);

        if (!day || day > x->until || !row_is(row, ends[x->which].state, ends[x->which].live))
                return ERR_OK;
        if (!x->made++) {
                paper_table(&x->p->m);
                paper_column(&x->p->m, press_word(x->p, "paper.register"), 22, PAPER_LEFT);
                paper_column(&x->p->m, press_word(x->p, "paper.name"), 40, PAPER_LEFT);
                paper_column(&x->p->m, press_word(x->p, "paper.what"), 20, PAPER_LEFT);
                paper_column(&x->p->m, press_word(x->p, "paper.until"), 18, PAPER_LEFT);
        }
        paper_row(&x->p->m);
        paper_cell(&x->p->m, str_of(rows_label(x->p, r, "caption")));
        paper_cell(&x->p->m, rows_cell(x->p, row, register_name_column(r), &x->x->env));
        paper_cell(&x->p->m, str_of(rows_label(x->p, r, ends[x->which].what)));
        paper_cell(&x->p->m, press_last_day(x->p, day));
        return ERR_OK;
}

int part_expiries(struct press *p, const struct pack_part *part, struct err *e)
{
        bool all = access_inside(p->rq->office->pack, &p->rq->session.who);
        struct expiring x = { .p = p, .until = p->rq->now + part->days * UTIME_DAY, .x = arena_new(p->rq->arena, struct records) };
        int r = x.x ? records_init(x.x, p->pack, p->lang, p->rq->db, p->rq->arena, e) : err_set(e, ERR_NOMEM, "expiries");

        press_title(p, part, "paper.expiries");
        for (x.which = 0; r == ERR_OK && x.which < countof(ends); x.which++)
                r = rows_each(p, register_find(str_of(ends[x.which].id)), (struct register_filter){ .person = all ? NULL : p->rq->session.who.person, .state = str_of(ends[x.which].live) },
                              expiring_row, &x, e);
        if (r == ERR_OK && !x.made)
                press_none(p);
        return r;
}
