/* home_wrong.c - what is wrong: one function a kind, and the table says who is shown it; see home.h. */
#include "core/incident/incident.h"
#include "core/procedure/flow.h"
#include "core/register/access.h"
#include "server/office/api/caller.h"
#include "server/office/api/home.h"
#include "server/office/api/posts.h"
#include "server/office/command/notice.h"
#include "server/office/grants/issue.h"
#include "server/office/office_time.h"
#include "server/office/store/outbox.h"
#include "server/office/store/query.h"
#include "sys/clock.h"

enum { NAMES_SHOWN = 5, CLAUSES_SHOWN = 3 };

static const utime_t notice_patience = 30 * UTIME_MIN;

/* ---- who ---- */

struct home_scope home_scope_of(struct request *rq)
{
        const struct actor *who = &rq->session.who;

        return (struct home_scope){
                .all = access_inside(rq->office->pack, who),
                .section = actor_has(who, "section_manager") ? who->section : STR(""),
                .person = str_of(who->person),
        };
}

static bool anybody(const struct request *rq)      { (void)rq; return true; }
static bool oversees(const struct request *rq)     { return caller_sees_all(rq) || caller_sees(rq, "ciso"); }      /* not who only decides: it is not theirs to mend */
static bool keeps_house(const struct request *rq)  { return caller_sees(rq, "secretariat") || caller_sees(rq, "system_manager"); }
static bool keeps_gates(const struct request *rq)  { return caller_sees(rq, "system_manager"); }
static bool handles(const struct request *rq)      { return incident_sees(&(struct row){ .table = TABLE_INCIDENT }, &rq->session.who); }

/* ---- clauses ---- */

json_t *clause_json(const struct pack *pack, const char *id)
{
        json_t *o = json_pack("{s:s}", "id", id);

        for (size_t i = 0; i < pack->clauses_count; i++)
                if (strcmp(pack->clauses[i].id, id) == 0)
                        (void)put_text(o, "text", &pack->clauses[i].text);
        return o;
}

static bool listed(const json_t *list, const char *id)
{
        const json_t *v;
        size_t i;

        json_array_foreach(list, i, v)
                if (strcmp(json_string_value(json_object_get(v, "id")), id) == 0)
                        return true;
        return false;
}

static void add_clauses(json_t *list, const struct pack *pack, enum carrier carrier, const char *where)
{
        for (size_t i = 0; i < pack->mechanisms_count; i++) {
                const struct pack_mechanism *m = &pack->mechanisms[i];

                if (m->carrier != carrier || strcmp(m->where, where) != 0)
                        continue;
                for (size_t k = 0; k < m->clauses_count && json_array_size(list) < CLAUSES_SHOWN; k++)
                        if (!listed(list, m->clauses[k].id))
                                (void)json_array_append_new(list, clause_json(pack, m->clauses[k].id));
        }
}

json_t *clauses_of(const struct pack *pack, enum carrier carrier, const char *where)
{
        json_t *list = json_array();

        add_clauses(list, pack, carrier, where);
        return list;
}

json_t *clauses_of_duty(const struct pack *pack, const char *rule)
{
        return clauses_of(pack, CARRIER_DUTY, rule);
}

json_t *clauses_of_trigger(const struct pack *pack, int trigger)
{
        json_t *list = json_array();

        for (size_t i = 0; trigger >= 0 && i < pack->duties_count; i++)
                if ((int)pack->duties[i].trigger == trigger)
                        add_clauses(list, pack, CARRIER_DUTY, pack->duties[i].id);
        return list;
}

/* ---- what was found of one kind ---- */

struct found {
        uint64_t   n;
        utime_t    since;
        struct str about, id, name;        /* about: register of the oldest one; empty: none is named */
        struct str names[NAMES_SHOWN];     /* of what is wrong, when there is no row to name */
        size_t     names_count;
};

static void name(struct found *f, struct str text)
{
        if (f->names_count < NAMES_SHOWN)
                f->names[f->names_count++] = text;
}

static struct found of_count(const struct home_count *c, const char *about)
{
        return (struct found){ .n = c->n, .since = c->since, .about = str_of(about), .id = c->id, .name = c->name };
}

/* Of the service that it is or is about. */
static int name_of(struct str *out, struct request *rq, enum home_wrong what, struct str id, struct err *e)
{
        struct row duty, service;
        int r = what == WRONG_DUTY ? store_row(&duty, rq->db, TABLE_DUTY, word_of(rq, id), NULL, rq->arena, e) : ERR_OK;

        if (r == ERR_OK && what == WRONG_DUTY)
                id = row_get_text(&duty, DUTY_service);
        if (r < 0 || !id.n || what == WRONG_FINDING || what == WRONG_ALARM)
                return r;
        r = store_row(&service, rq->db, TABLE_SERVICE, word_of(rq, id), NULL, rq->arena, e);
        if (r == ERR_OK)
                *out = row_get_text(&service, SERVICE_name);
        return r;
}

static int counted(struct found *f, struct request *rq, const struct home_scope *scope, enum home_wrong what, const char *about, struct err *e)
{
        struct home_count c = { 0 };
        int r = query_wrong(&c, rq->db, what, scope, rq->now, rq->arena, e);

        if (r == ERR_OK && c.id.n && !c.name.n)
                r = name_of(&c.name, rq, what, c.id, e);
        if (r == ERR_OK)
                *f = of_count(&c, about);
        return r;
}

static const struct home_scope everything = { .all = true };

static int find_transitional(struct found *f, struct request *rq, const struct home_scope *s, struct err *e) { return counted(f, rq, s, WRONG_TRANSITIONAL, "service", e); }
static int find_unreviewed(struct found *f, struct request *rq, const struct home_scope *s, struct err *e)   { return counted(f, rq, s, WRONG_UNREVIEWED, "service", e); }
static int find_certificate(struct found *f, struct request *rq, const struct home_scope *s, struct err *e)  { return counted(f, rq, s, WRONG_CERTIFICATE, "certificate", e); }
static int find_duty(struct found *f, struct request *rq, const struct home_scope *s, struct err *e)         { (void)s; return counted(f, rq, &everything, WRONG_DUTY, "duty", e); }
static int find_finding(struct found *f, struct request *rq, const struct home_scope *s, struct err *e)      { (void)s; return counted(f, rq, &everything, WRONG_FINDING, "finding", e); }
static int find_alarm(struct found *f, struct request *rq, const struct home_scope *s, struct err *e)        { (void)s; return counted(f, rq, &everything, WRONG_ALARM, "incident", e); }

/* ---- roles that nobody holds ---- */

static struct str role_word(struct request *rq, const char *role, struct str of)
{
        const struct pack_role *r = pack_find_role(rq->office->pack, role);
        const char *word = r && r->name.in[rq->lang] ? r->name.in[rq->lang] : role;

        return str_of(of.n ? arena_printf(rq->arena, "%.*s %s", (int)of.n, of.p, word) : arena_text(rq->arena, word));
}

static int find_vacant(struct found *f, struct request *rq, const struct home_scope *s, struct err *e)
{
        struct vacancy *list = NULL;
        size_t n = 0;
        int r = vacant_posts(&list, &n, rq, e);

        (void)s;
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                name(f, role_word(rq, list[i].role, list[i].section));
                f->n++;
        }
        return r;
}

/* ---- cases that nobody can finish ---- */

/* A step still to come for which there are no hands: by name, not by role (core/procedure/standing.c). */
static int is_stuck(bool *out, struct request *rq, const struct flow *w, struct err *e)
{
        struct act look = { .office = rq->office, .db = rq->db, .arena = rq->arena, .now = rq->now };
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && !*out && i < w->procedure->steps_count; i++) {
                scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;

                if (!w->needed[i] || w->done[i] || w->procedure->steps[i].kind == STEP_MACHINE)
                        continue;
                r = notice_to_step(&to, &look, w, i, e);
                *out = r == ERR_OK && json_array_size(to.people) == 0;
        }
        return r;
}

static int look_at_case(struct found *f, struct request *rq, struct str id, struct err *e)
{
        struct case_facts *facts = arena_new(rq->arena, struct case_facts);
        struct flow *w = arena_new(rq->arena, struct flow);
        const struct pack *pack;
        bool stuck = false;
        int r = facts && w ? facts_load(facts, &pack, rq->office, rq->db, id, rq->now, rq->arena, e) : err_set(e, ERR_NOMEM, "case");

        if (r < 0 || flow_init(w, pack, facts, rq->now, NULL) < 0)
                return r;                                    /* without its procedure it says so on its own page */
        r = is_stuck(&stuck, rq, w, e);
        if (r < 0 || !stuck)
                return r;
        if (!f->n++)
                *f = (struct found){ .n = 1, .since = row_get_int(&facts->application, APPLICATION_submitted_at), .about = STR("application"), .id = id,
                                     .name = row_get_text(&facts->application, APPLICATION_number) };
        return ERR_OK;
}

static int find_stuck(struct found *f, struct request *rq, const struct home_scope *s, struct err *e)
{
        struct posts posts;
        struct str *ids = NULL;
        size_t n = 0;
        int r;

        (void)s;
        posts_read(&posts, rq->office->pack);
        r = query_stuck(&ids, &n, rq->db, posts_words(posts.scope[SCOPE_BODY], rq->arena), posts_words(posts.scope[SCOPE_SECTION], rq->arena), posts_words(posts.scope[SCOPE_SERVICE], rq->arena),
                        rq->arena, e);
        posts_done(&posts);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = look_at_case(f, rq, ids[i], e);
        return r;
}

/* ---- machines ---- */

static int find_clock(struct found *f, struct request *rq, const struct home_scope *s, struct err *e)
{
        struct time_state t = { 0 };

        (void)s;
        (void)e;
        if (rq->office->time)
                office_time_state(&t, rq->office->time, 0, clock_boot());
        *f = (struct found){ .n = t.hold != TIME_RUNS, .since = t.since };
        return ERR_OK;
}

static int find_gate(struct found *f, struct request *rq, const struct home_scope *s, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = rq->office->practice ? ERR_OK : query_gates(&rows, &n, rq->db, rq->arena, e);

        (void)s;
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                utime_t last = row_get_int(&rows[i], GATE_applied_at);

                if (!row_is(&rows[i], GATE_state, "enrolled") || issuer_is_connected(rq->office->issuer, rows[i].id))
                        continue;
                if (last && (!f->since || last < f->since))
                        f->since = last;
                name(f, row_get_text(&rows[i], GATE_name));
                f->n++;
        }
        return r;
}

/* A way out that waits for half an hour, or notices that were given up. */
static int find_notice(struct found *f, struct request *rq, const struct home_scope *s, struct err *e)
{
        struct sink_row sinks[SINKS_MAX];
        size_t n = 0;
        int r = sinks_list(sinks, &n, rq->db, rq->arena, e);

        (void)s;
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                struct sink_count c = { 0 };
                bool late;

                if (str_is(sinks[i].state, "removed"))
                        continue;
                r = sink_count(&c, rq->db, sinks[i].id, e);
                late = c.waiting && c.oldest_at && rq->now - c.oldest_at > notice_patience;
                if (r < 0 || !(late || c.failed))
                        continue;
                if (late && (!f->since || c.oldest_at < f->since))
                        f->since = c.oldest_at;
                name(f, sinks[i].id);
                f->n += (late ? c.waiting : 0) + c.failed;
        }
        return r;
}

/* ---- the kinds ---- */

static const struct kind {
        const char *name;
        bool      (*shown)(const struct request *rq);
        int       (*find)(struct found *f, struct request *rq, const struct home_scope *s, struct err *e);
        int         trigger;                     /* whose clauses; -1: none */
        const char *href;                        /* the list of all; NULL: the one that is named */
} kinds[] = {                                    /* the worst first */
        { "alarm",        handles,     find_alarm,        -1,                  "/incidents" },
        { "finding",      handles,     find_finding,      -1,                  "/incidents" },
        { "clock",        keeps_house, find_clock,        -1,                  "/installation" },
        { "gate",         keeps_gates, find_gate,         -1,                  "/gates" },
        { "stuck",        oversees,    find_stuck,        -1,                  NULL },
        { "vacant",       oversees,    find_vacant,       -1,                  "/people" },
        { "notice",       keeps_house, find_notice,       -1,                  "/installation" },
        { "duty",         oversees,    find_duty,         -1,                  "/duties?view=all" },
        { "transitional", anybody,     find_transitional, TRIGGER_APPLY_BY,    "/registers/service?state=transitional" },
        { "certificate",  anybody,     find_certificate,  TRIGGER_CERTIFICATE, "/registers/certificate?state=valid&sort=until_at" },
        { "unreviewed",   anybody,     find_unreviewed,   TRIGGER_REVIEW,      "/registers/service?state=approved&sort=review_at" },
};

static const char *href_of(struct request *rq, const struct kind *k, const struct found *f)
{
        static const struct { const char *about, *page; } pages[] = { { "service", "/services/" }, { "application", "/applications/" }, { "certificate", "/rows/certificate/" },
                                                                      { "incident", "/incidents/" } };

        for (size_t i = 0; (f->n == 1 || !k->href) && i < countof(pages); i++)
                if (f->id.n && str_is(f->about, pages[i].about))
                        return arena_printf(rq->arena, "%s%.*s", pages[i].page, (int)f->id.n, f->id.p);
        return k->href ? k->href : "/";
}

static json_t *line(struct request *rq, const struct kind *k, const struct found *f)
{
        const char *href = href_of(rq, k, f);
        json_t *names = json_array();
        json_t *o = json_pack("{s:s, s:I, s:s, s:o, s:o}", "kind", k->name, "count", (json_int_t)f->n, "href", href ? href : "/", "clauses",
                              clauses_of_trigger(rq->office->pack, k->trigger), "names", names);

        for (size_t i = 0; o && i < f->names_count; i++)
                (void)json_array_append_new(names, json_of(f->names[i]));
        if (o && f->about.n && f->id.n)
                (void)json_put(o, "about", json_pack("{s:o, s:o, s:o}", "kind", json_of(f->about), "id", json_of(f->id), "name", json_of(f->name)));
        if (o)
                (void)put_time(o, "since", f->since);
        return o;
}

int wrong_list(json_t *out, struct request *rq, const struct home_scope *scope, struct err *e)
{
        for (size_t i = 0; i < countof(kinds); i++) {
                struct found f = { 0 };
                int r;

                if (!kinds[i].shown(rq))
                        continue;
                r = kinds[i].find(&f, rq, scope, e);
                if (r < 0)
                        return r;
                if (f.n && json_array_append_new(out, line(rq, &kinds[i], &f)) < 0)
                        return err_set(e, ERR_NOMEM, "wrong");
        }
        return ERR_OK;
}
