/* applications.c - the list of applications, by view. */
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/turn.h"
#include "server/office/api/waiting.h"
#include "server/office/api/words.h"
#include "server/office/command/facts.h"

enum { PAGE = 50 };

/* Which of many: the device, or the first words of a form that has none. */
static struct str headline(struct request *rq, const struct app_line *l)
{
        const struct pack_form *form = form_in(rq->office->pack, l->form);
        struct row row;

        for (size_t i = 0; !l->device.n && form && i < form->fields_count; i++)
                if (form->fields[i].type == FIELD_TEXT)
                        return store_row(&row, rq->db, TABLE_ANSWER, word_of(rq, l->id), form->fields[i].id, rq->arena, NULL) < 0 ? STR("") : row_get_text(&row, ANSWER_value);
        return l->device;
}

/* turn: the list is of cases that concern who asks, and says whose turn each is. */
static json_t *line_json(struct request *rq, const struct app_line *l, bool turn)
{
        json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "id", json_of(l->id), "number", json_of(l->number), "form", json_of(l->form),
                              "title", form_title(rq->office->pack, l->form), "state", json_of(l->state), "applicant", json_of(l->applicant_name),
                              "device", json_of(headline(rq, l)), "submitted_at", json_time(l->submitted_at), "rev", (json_int_t)l->rev);

        if (o && l->permit_state.n)
                (void)json_put(o, "permit_state", json_of(l->permit_state));
        if (o && put_time(o, "until", l->until_at))
                (void)put_time(o, "enforced_at", l->enforced_at);
        if (o && turn)
                turn_put(o, rq, l->id);
        return o;
}

/* view → filter. Everything is for those who see to all of it; a section manager sees the section. */
static int filter_of(struct app_filter *f, struct request *rq, struct str view, struct err *e)
{
        static const struct { const char *view; enum app_list list; } views[] = {
                { "mine", APPS_MINE }, { "drafted", APPS_DRAFTED }, { "waiting", APPS_WAITING }, { "papers", APPS_WAITING }, { "all", APPS_SEEN },
        };

        *f = (struct app_filter){ .limit = PAGE + 1, .before_at = INT64_MAX, .person = str_of(rq->session.who.person), .section = rq->session.who.section };
        for (size_t i = 0; i < countof(views); i++) {
                if (!str_is(view, views[i].view))
                        continue;
                f->list = views[i].list;
                f->papers = str_is(view, "papers");
                if (f->list == APPS_SEEN && caller_sees_all(rq))
                        f->list = APPS_ALL;
                else if (f->list == APPS_SEEN && caller_sees(rq, "section_manager"))
                        f->list = APPS_SECTION;
                return ERR_OK;
        }
        return err_key(e, ERR_INPUT, "list.view.bad", "view", NULL);
}

static int set_states(struct app_filter *f, struct str state, struct err *e)
{
        static const struct { const char *state, *states; } kinds[] = { { "open", " submitted returned " }, { "done", " approved rejected withdrawn " } };

        for (size_t i = 0; state.n && i < countof(kinds); i++)
                if (str_is(state, kinds[i].state))
                        f->states = str_of(kinds[i].states);
        return state.n && !f->states.n ? err_key(e, ERR_INPUT, "list.state.bad", "state", NULL) : ERR_OK;
}

/* `after` is "<microseconds>.<id>" of the last line seen. */
static int set_after(struct app_filter *f, struct str after, struct err *e)
{
        struct str at, id;
        struct uuid check;
        uint64_t t;

        if (!str_cut(after, '.', &at, &id) || !str_u64(at, INT64_MAX, &t) || !uuid_parse(id, &check))
                return err_key(e, ERR_INPUT, "list.after.bad", "after", NULL);
        f->before_at = (utime_t)t;
        f->before_id = id;
        return ERR_OK;
}

/* What the list is asked for, and what it gives. */
struct page { struct app_filter filter; struct app_line *lines; size_t n; uint64_t total; bool more; };

static int read_query(struct page *p, struct request *rq, struct err *e)
{
        struct str view = STR(""), after = STR(""), state = STR("");
        int r = scgi_field(&view, rq->scgi->query, "view", rq->arena, e);

        if (r == ERR_ABSENT)
                view = STR("mine");
        if (r == ERR_OK || r == ERR_ABSENT)
                r = scgi_field(&after, rq->scgi->query, "after", rq->arena, e);
        if (r == ERR_OK || r == ERR_ABSENT)
                r = scgi_field(&state, rq->scgi->query, "state", rq->arena, e);
        if (r < 0 && r != ERR_ABSENT)
                return r;
        r = filter_of(&p->filter, rq, view, e);
        if (r == ERR_OK)
                r = set_states(&p->filter, state, e);
        return r == ERR_OK && after.n ? set_after(&p->filter, after, e) : r;
}

/* One line more than a page holds says whether another follows. */
static int read_page(struct page *p, struct request *rq, struct err *e)
{
        int r = query_applications(&p->lines, &p->n, rq->db, &p->filter, rq->arena, e);

        if (r == ERR_OK)
                r = query_applications_count(&p->total, rq->db, &p->filter, e);
        if (r < 0)
                return r;
        p->more = p->n > PAGE;
        p->n = p->more ? PAGE : p->n;
        if (p->n) {
                p->filter.before_at = p->lines[p->n - 1].submitted_at;
                p->filter.before_id = p->lines[p->n - 1].id;
        }
        return ERR_OK;
}

int list_applications(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct page p = { 0 };
        int r = read_query(&p, rq, e);

        if (r == ERR_OK)
                r = p.filter.list == APPS_WAITING ? waiting_list(&p.lines, &p.n, &p.total, &p.more, rq, &p.filter, PAGE, WAITING_SCAN, e) : read_page(&p, rq, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < p.n; i++)
                if (json_array_append_new(items, line_json(rq, &p.lines[i], p.filter.list != APPS_ALL && p.filter.list != APPS_SECTION)) < 0)
                        return err_set(e, ERR_NOMEM, "list");
        out->json = json_pack("{s:O, s:I}", "items", items, "total", (json_int_t)p.total);
        if (p.more && out->json)
                (void)json_put(out->json, "next", json_string(arena_printf(rq->arena, "%lld.%.*s", (long long)p.filter.before_at, (int)p.filter.before_id.n, p.filter.before_id.p)));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "list");
}
