/* evidence.c - evidence packs for auditors: what would be in one and what is missing, orders, how far they are, the zip. */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/codec.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/shape.h"
#include "server/office/api/words.h"
#include "server/office/evidence/jobs.h"
#include "server/office/seal.h"
#include "sys/files.h"

enum { DAYS_MAX = 4000, PIECE = 64 * 1024 };

static int may_ask(const struct request *rq, struct err *e)
{
        return caller_sees(rq, "auditor") || caller_sees(rq, "ciso") ? ERR_OK : err_key(e, ERR_FORBIDDEN, "error.forbidden", "", NULL);
}

/* ---- what was asked ---- */

static int take_text(char *to, size_t room, struct str text, const char *field, struct err *e)
{
        if (text.n >= room)
                return err_key(e, ERR_ABSENT, "evidence.scope.absent", field, field, "…", NULL);
        (void)snprintf(to, room, "%.*s", (int)text.n, text.p ? text.p : "");
        return ERR_OK;
}

static int take_kind(enum scope_kind *out, struct str text, struct err *e)
{
        for (int i = 0; i < DOSSIER_KINDS_COUNT; i++)
                if (str_is(text, scope_kind_names[i])) {
                        *out = (enum scope_kind)i;
                        return ERR_OK;
                }
        return err_key(e, ERR_INPUT, "evidence.kind", "kind", NULL);
}

/* People type inclusive days. */
static int take_period(struct job_ask *ask, struct str from, struct str to, struct err *e)
{
        struct date first, last;

        if (!date_parse(from, &first) || !date_parse(to, &last) || date_days(last) < date_days(first) || date_days(last) - date_days(first) > DAYS_MAX)
                return err_key(e, ERR_INPUT, "evidence.period", "to", NULL);
        ask->from = utime_from_jst(first);
        ask->until = utime_from_jst(last) + UTIME_DAY;
        return ERR_OK;
}

struct words { struct str kind, id, body, from, to, names; bool withhold; };

static int take_words(struct job_ask *ask, struct request *rq, const struct words *w, struct err *e)
{
        struct dossier_scope scope;
        int r = take_kind(&ask->kind, w->kind, e);

        if (r == ERR_OK)
                r = take_text(ask->id, sizeof(ask->id), w->id, "id", e);
        if (r == ERR_OK)
                r = take_text(ask->body, sizeof(ask->body), w->body, "body", e);
        if (r == ERR_OK)
                r = take_period(ask, w->from, w->to, e);
        if (r == ERR_OK && w->names.n && !str_is(w->names, "person") && !str_is(w->names, "post"))
                r = err_key(e, ERR_INPUT, "evidence.names", "names", NULL);
        ask->posts = str_is(w->names, "post");
        ask->withhold = w->withhold;
        ask->lang = rq->lang;
        scope = (struct dossier_scope){ ask->kind, ask->id, ask->body, ask->from, ask->until };
        return r < 0 ? r : scope_check(&scope, rq->office->pack, e);
}

/* ---- answers ---- */

static json_t *day_json(struct request *rq, utime_t t)
{
        struct date d = utime_date_jst(t);

        return json_string(arena_printf(rq->arena, "%04d-%02d-%02d", d.year, d.month, d.day));
}

static json_t *scope_json(struct request *rq, const struct job_ask *a)
{
        return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:b}", "kind", scope_kind_names[a->kind], "id", a->id, "body", a->body, "from", day_json(rq, a->from), "to", day_json(rq, a->until - 1),
                         "names", a->posts ? "post" : "person", "withhold", a->withhold);
}

static json_t *counts_json(const struct dossier_made *m)
{
        return json_pack("{s:I, s:I, s:I, s:I, s:I}", "entries", (json_int_t)m->entries, "cases", (json_int_t)m->cases, "duties", (json_int_t)m->duties, "attachments", (json_int_t)m->attachments,
                         "texts", (json_int_t)m->texts);
}

static json_t *job_json(struct request *rq, const struct job_seen *x)
{
        json_t *o = json_pack("{s:s, s:s, s:o, s:o}", "id", x->id, "state", job_state_names[x->state], "scope", scope_json(rq, &x->ask), "asked_at", json_time(x->asked_at));
        char hex[2 * HASH_SIZE + 1];

        if (o && x->state == JOB_MAKING)
                (void)json_put(o, "progress", json_pack("{s:s, s:I, s:I}", "phase", dossier_phase_names[x->phase], "done", (json_int_t)x->done, "total", (json_int_t)x->total));
        if (o && x->state == JOB_FAILED)
                (void)json_put(o, "why", json_pack("{s:s, s:s}", "ja", text_get(LANG_JA, x->why), "en", text_get(LANG_EN, x->why)));
        if (o && x->state == JOB_DONE) {
                hex_text(hex, x->made.manifest.b, HASH_SIZE);
                (void)(put_time(o, "made_at", x->made_at) && json_put(o, "counts", counts_json(&x->made)) && json_put(o, "manifest", json_string(hex)) &&
                       json_put(o, "size", json_integer((json_int_t)x->made.size)) && put_time(o, "until", x->made_at + JOB_KEPT_HOURS * UTIME_HOUR));
        }
        return o;
}

/* ---- before it is made ---- */

static json_t *gaps_said(const json_t *gaps)
{
        json_t *list = json_array(), *gap;
        size_t i;

        json_array_foreach(gaps, i, gap) {
                char key[64];

                (void)snprintf(key, sizeof(key), "evidence.gap.%s", json_string_value(json_object_get(gap, "kind")));
                (void)json_array_append_new(list, json_pack("{s:O, s:O, s:O, s:{s:s, s:s}}", "kind", json_object_get(gap, "kind"), "about", json_object_get(gap, "about"), "count",
                                                            json_object_get(gap, "count"), "what", "ja", text_known(key) ? text_get(LANG_JA, key) : key, "en",
                                                            text_known(key) ? text_get(LANG_EN, key) : key));
        }
        return list;
}

static int field(struct str *out, struct request *rq, const char *name, struct err *e)
{
        int r = scgi_field(out, rq->scgi->query, name, rq->arena, e);

        return r == ERR_ABSENT ? ERR_OK : r;
}

static int query_words(struct words *w, struct request *rq, struct err *e)
{
        struct str withhold = STR("");
        const struct { const char *name; struct str *to; } fields[] = {
                { "kind", &w->kind }, { "id", &w->id }, { "body", &w->body }, { "from", &w->from }, { "to", &w->to }, { "names", &w->names }, { "withhold", &withhold },
        };
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(fields); i++)
                r = field(fields[i].to, rq, fields[i].name, e);
        w->withhold = str_is(withhold, "true");
        return r;
}

int preview_dossier(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *gaps = NULL;
        scoped(buf_done) struct buf note = BUF_INIT;
        struct words w = { .names = STR("person") };
        struct job_ask ask = { .ties_count = 0 };
        struct dossier_made made = { 0 };
        struct dossier_job job;
        int r = may_ask(rq, e);

        if (r == ERR_OK)
                r = query_words(&w, rq, e);
        if (r == ERR_OK)
                r = take_words(&ask, rq, &w, e);
        if (r < 0)
                return r;
        job_of(&job, &ask);
        r = sealer_checkpoint(&job.head, &note, rq->office->sealer, e);
        job.office = rq->office;
        job.db = rq->db;
        job.now = rq->now;
        if (r == ERR_OK)
                r = dossier_look(&made, &gaps, &job, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:o, s:o, s:o, s:I, s:o}", "scope", scope_json(rq, &ask), "counts", counts_json(&made), "gaps", gaps_said(gaps), "size", (json_int_t)job.head.size, "checked_at",
                              json_time(rq->now));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "evidence");
}

/* ---- orders ---- */

static int take_ties(struct job_ask *ask, json_t *list, struct err *e)
{
        json_t *tie;
        size_t i;

        json_array_foreach(list, i, tie) {
                if (ask->ties_count == DOSSIER_TIES_MAX || !json_is_integer(tie) || json_integer_value(tie) < 1)
                        return err_key(e, ERR_INPUT, "proof.from.bad", "ties", NULL);
                ask->ties[ask->ties_count++] = (uint64_t)json_integer_value(tie);
        }
        return ERR_OK;
}

int order_dossier(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = {
                { "kind", MEMBER_TEXT, 20, false }, { "id", MEMBER_TEXT, SCOPE_ID_MAX, false }, { "body", MEMBER_TEXT, SCOPE_ID_MAX, true }, { "from", MEMBER_TEXT, 10, false },
                { "to", MEMBER_TEXT, 10, false }, { "names", MEMBER_TEXT, 10, true }, { "withhold", MEMBER_BOOL, 0, true }, { "ties", MEMBER_ARRAY, 0, true },
        };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct job_ask ask = { .ties_count = 0 };
        char id[UUID_TEXT];
        int r = may_ask(rq, e);

        if (r == ERR_OK)
                r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);
        if (r == ERR_OK)
                r = take_words(&ask, rq, &(struct words){ v[0].text, v[1].text, v[2].text, v[3].text, v[4].text, v[5].text, v[6].i != 0 }, e);
        if (r == ERR_OK && v[7].given)
                r = take_ties(&ask, v[7].object, e);
        if (r == ERR_OK)
                r = jobs_add(id, rq->office->dossiers, rq->session.who.person, &ask, rq->now, e);
        if (r < 0)
                return r;
        out->status = 202;
        out->json = json_pack("{s:s}", "id", id);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "evidence");
}

int list_dossiers(struct request *rq, struct reply *out, struct err *e)
{
        struct job_seen *jobs = arena_array(rq->arena, JOBS_MAX, sizeof(*jobs));
        json_t *items = json_array();
        size_t n;
        int r = may_ask(rq, e);

        if (r == ERR_OK && !jobs)
                r = err_set(e, ERR_NOMEM, "evidence");
        n = r == ERR_OK ? jobs_list(jobs, rq->office->dossiers, rq->session.who.person) : 0;
        for (size_t i = 0; i < n; i++)
                (void)json_array_append_new(items, job_json(rq, &jobs[i]));
        out->json = json_pack("{s:o}", "items", items);
        return r < 0 ? r : out->json ? ERR_OK : err_set(e, ERR_NOMEM, "evidence");
}

int get_dossier(struct request *rq, struct reply *out, struct err *e)
{
        struct job_seen *x = arena_new(rq->arena, struct job_seen);
        int r = may_ask(rq, e);

        if (r == ERR_OK)
                r = x ? jobs_get(x, rq->office->dossiers, rq->session.who.person, rq->param, e) : err_set(e, ERR_NOMEM, "evidence");
        if (r < 0)
                return r;
        out->json = job_json(rq, x);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "evidence");
}

/* ---- the zip ---- */

struct pouring { int fd; char piece[PIECE]; };

static int next_piece(void *ctx, struct str *out, struct err *e)
{
        struct pouring *p = ctx;
        ssize_t n = read(p->fd, p->piece, sizeof(p->piece));

        if (n < 0)
                return err_errno(e, "evidence pack");
        *out = (struct str){ p->piece, (size_t)n };
        return ERR_OK;
}

static void close_pouring(void *ctx)
{
        struct pouring *p = ctx;

        fd_close(p->fd);      /* the rest is the arena's */
}

int get_dossier_pack(struct request *rq, struct reply *out, struct err *e)
{
        struct pouring *p = arena_new(rq->arena, struct pouring);
        struct stat st;
        int fd = -1, r = may_ask(rq, e);

        if (r == ERR_OK)
                r = p ? jobs_open(&fd, rq->office->dossiers, rq->session.who.person, rq->param, e) : err_set(e, ERR_NOMEM, "evidence");
        if (r == ERR_OK && fstat(fd, &st) < 0)
                r = err_errno(e, "evidence pack");
        if (r < 0) {
                fd_close(fd);
                return r;
        }
        p->fd = fd;
        out->type = "application/zip";
        out->pour = (struct pour){ next_piece, close_pouring, p, (uint64_t)st.st_size };
        buf_printf(&out->headers, "Content-Disposition: attachment; filename=\"evidence-%.*s.zip\"\r\n", (int)rq->param.n, rq->param.p);
        return ERR_OK;
}
