/* open.c - press_open(): what a paper is about, and whether whoever asks may see that. */
#include "server/office/api/caller.h"
#include "server/office/papers/press.h"

#include "core/calendar/calendar.h"
#include "core/register/access.h"

static int absent(struct err *e)
{
        return err_key(e, ERR_ABSENT, "paper.absent", "about", (char *)NULL);
}

static int open_application(struct press *p, struct str id, struct err *e)
{
        struct case_facts *f = arena_new(p->rq->arena, struct case_facts);
        int r = f ? facts_load(f, &p->pack, p->rq->office, p->rq->db, id, p->rq->now, p->rq->arena, e) : err_set(e, ERR_NOMEM, "application");

        if (r == ERR_OK && !caller_sees_case(p->rq, p->pack, f))
                r = err_key(e, ERR_ABSENT, "application.absent", "", (char *)NULL);
        return r == ERR_OK ? case_view_init(&p->view, p->rq, p->pack, f, e) : r;
}

static int open_service(struct press *p, struct str id, struct err *e)
{
        struct uuid uuid;
        int r;

        if (!uuid_parse(id, &uuid))
                return absent(e);
        r = store_row(&p->service, p->rq->db, TABLE_SERVICE, word_of(p->rq, id), NULL, p->rq->arena, e);
        if (r == ERR_OK && !p->service.rev)
                r = err_key(e, ERR_ABSENT, "service.absent", "", (char *)NULL);
        p->manages = access_manages(&p->service, &p->rq->session.who);
        p->inside = p->manages || access_inside(p->rq->office->pack, &p->rq->session.who);
        return r;
}

static int open_register(struct press *p, struct str id, struct err *e)
{
        struct str of;
        struct uuid uuid;

        if (str_cut(id, ':', &id, &of)) {
                if (!uuid_parse(of, &uuid))
                        return absent(e);
                p->of = of;
        }
        p->list = register_find(id);
        if (!p->list)
                return absent(e);
        return access_sees(p->list, p->rq->office->pack, &p->rq->session.who, true) ? ERR_OK : err_key(e, ERR_FORBIDDEN, "error.forbidden", "", (char *)NULL);
}

static int open_incident(struct press *p, struct str id, struct err *e)
{
        const struct register_info *r = register_of_table(TABLE_INCIDENT);
        struct uuid uuid;
        int bad;

        if (!uuid_parse(id, &uuid))
                return absent(e);
        if (!access_sees(r, p->rq->office->pack, &p->rq->session.who, false))
                return err_key(e, ERR_FORBIDDEN, "error.forbidden", "", (char *)NULL);
        bad = store_row(&p->incident, p->rq->db, TABLE_INCIDENT, word_of(p->rq, id), NULL, p->rq->arena, e);
        return bad == ERR_OK && !p->incident.rev ? absent(e) : bad;
}

static int open_year(struct press *p, struct str id, struct err *e)
{
        uint64_t year;

        if (!str_u64(id, 2200, &year) || year < 2000)
                return absent(e);
        p->year = (int)year;
        return ERR_OK;
}

static int open_whole(struct press *p, struct str id, struct err *e)
{
        return id.n ? absent(e) : ERR_OK;
}

int press_open(struct press *p, struct request *rq, struct str about, struct err *e)
{
        static const struct { const char *word; int (*open)(struct press *, struct str, struct err *); } rows[PAPER_ABOUTS_COUNT] = {
                [ABOUT_APPLICATION] = { "application", open_application }, [ABOUT_SERVICE] = { "service", open_service }, [ABOUT_REGISTER] = { "register", open_register },
                [ABOUT_INCIDENT] = { "incident", open_incident },          [ABOUT_YEAR] = { "year", open_year },          [ABOUT_HANDOVER] = { "handover", open_whole },
                [ABOUT_POLICY] = { "policy", open_whole },                 [ABOUT_LOG] = { "log", open_whole },
        };
        struct str what = about, id = STR("");
        size_t i = 0;

        (void)str_cut(about, ':', &what, &id);
        while (i < countof(rows) && !str_is(what, rows[i].word))
                i++;
        if (i == countof(rows))
                return absent(e);
        *p = (struct press){ .rq = rq, .pack = rq->office->pack, .today = utime_date_jst(rq->now), .about = (enum paper_about)i };
        p->year = calendar_fiscal_year(rq->now);
        return rows[i].open(p, id, e);
}
