/* posts.c - 人と役職: which roles stand empty, who holds the others since when, and what would be nobody's without one person. */
#include "server/office/api/posts.h"

#include <stdlib.h>

#include "server/office/api/caller.h"
#include "server/office/api/duties.h"
#include "server/office/api/handlers.h"
#include "server/office/command/appoint.h"
#include "server/office/store/query_home.h"

enum { VACANCIES_MAX = 1000, DUTIES_SHOWN = 100 };

static const utime_t leaves_soon = 90 * UTIME_DAY;

/* ---- which there are ---- */

static bool has_word(const json_t *list, const char *word)
{
        const json_t *v;
        size_t i;

        json_array_foreach(list, i, v)
                if (strcmp(json_string_value(v), word) == 0)
                        return true;
        return false;
}

static void add_word(json_t *list, const char *word)
{
        if (word && !has_word(list, word))
                (void)json_array_append_new(list, json_string(word));
}

void posts_done(struct posts *p)
{
        for (size_t i = 0; i < countof(p->scope); i++)
                json_decref(p->scope[i]);
        json_decref(p->apply);
}

void posts_read(struct posts *out, const struct pack *pack)
{
        out->apply = json_array();
        for (size_t i = 0; i < countof(out->scope); i++)
                out->scope[i] = json_array();
        for (size_t i = 0; i < pack->procedures_count; i++) {
                const struct pack_procedure *p = &pack->procedures[i];

                add_word(out->apply, p->apply_role);
                for (size_t k = 0; k < p->steps_count; k++)
                        add_word(out->scope[p->steps[k].scope], p->steps[k].role);
        }
}

struct str posts_words(json_t *list, struct arena *a)
{
        char *text = json_dumps(list, JSON_COMPACT);
        struct str out = str_of(text ? arena_text(a, text) : NULL);

        free(text);
        return out;
}

/* ---- which nobody holds ---- */

static void add_vacancy(struct vacancy *list, size_t *n, const char *role, struct str section, struct arena *a)
{
        if (*n < VACANCIES_MAX)
                list[(*n)++] = (struct vacancy){ arena_text(a, role), section };
}

static int look_for(struct vacancy *list, size_t *n, struct request *rq, const struct posts *posts, struct err *e)
{
        const json_t *role;
        int r = ERR_OK;
        size_t i;

        json_array_foreach(posts->scope[SCOPE_BODY], i, role) {
                bool held = true;

                r = query_role_held(&held, rq->db, json_string_value(role), e);
                if (r < 0)
                        return r;
                if (!held)
                        add_vacancy(list, n, json_string_value(role), STR(""), rq->arena);
        }
        json_array_foreach(posts->scope[SCOPE_SECTION], i, role) {
                struct str *sections = NULL;
                size_t missed = 0;

                r = query_role_missed(&sections, &missed, rq->db, json_string_value(role), posts_words(posts->apply, rq->arena), rq->arena, e);
                if (r < 0)
                        return r;
                for (size_t k = 0; k < missed; k++)
                        add_vacancy(list, n, json_string_value(role), sections[k], rq->arena);
        }
        return ERR_OK;
}

int vacant_posts(struct vacancy **out, size_t *n, struct request *rq, struct err *e)
{
        struct posts posts;
        int r;

        *n = 0;
        *out = arena_array(rq->arena, VACANCIES_MAX, sizeof(**out));
        if (!*out)
                return err_set(e, ERR_NOMEM, "vacancies");
        posts_read(&posts, rq->office->pack);
        r = look_for(*out, n, rq, &posts, e);
        posts_done(&posts);
        return r;
}

/* ---- who holds them ---- */

static json_t *vacancy_json(const struct request *rq, const struct vacancy *v)
{
        json_t *o = json_pack("{s:s, s:o}", "role", v->role, "role_name", role_name(rq->office->pack, v->role));

        if (o)
                (void)put_str(o, "section", v->section);
        return o;
}

static json_t *holder_json(const struct post_line *p)
{
        json_t *o = json_pack("{s:o, s:o, s:o, s:[]}", "id", json_of(p->id), "name", json_of(p->name), "section", json_of(p->section), "roles");

        if (o)
                (void)(put_str(o, "post", p->post) && put_time(o, "leaves_at", p->leaves));
        return o;
}

static json_t *held_json(struct request *rq, const struct post_line *p)
{
        const char *role = word_of(rq, p->role);
        json_t *o = json_pack("{s:s, s:o, s:o, s:b, s:b, s:I}", "role", role, "role_name", role_name(rq->office->pack, role), "since", json_time(p->since), "alone", p->alone, "post",
                              appoint_is_post(rq->office->pack, role), "rev", (json_int_t)p->rev);

        if (o)
                (void)put_time(o, "until", p->until);
        return o;
}

/* Lines of one person stand together: the first makes them, each with a role adds it. */
static int holders(json_t *out, struct request *rq, const struct post_line *lines, size_t n, struct err *e)
{
        json_t *o = NULL;

        for (size_t i = 0; i < n; i++) {
                const struct post_line *p = &lines[i];

                if (!o || !str_eq(p->id, lines[i - 1].id)) {
                        o = holder_json(p);
                        if (json_array_append_new(out, o) < 0)
                                return err_set(e, ERR_NOMEM, "holders");
                }
                if (p->role.n)
                        (void)json_array_append_new(json_object_get(o, "roles"), held_json(rq, p));
        }
        return ERR_OK;
}

/* Whoever may apply holds no post for that. */
static struct str mere_applying(const struct posts *posts, struct arena *a)
{
        scoped(json_decref) json_t *but = json_array();
        const json_t *role;
        size_t i;

        json_array_foreach(posts->apply, i, role) {
                bool step = false;

                for (size_t k = 0; k < countof(posts->scope); k++)
                        step |= has_word(posts->scope[k], json_string_value(role));
                if (!step)
                        add_word(but, json_string_value(role));
        }
        return posts_words(but, a);
}

static int read_holders(json_t *out, struct request *rq, struct str person, struct err *e)
{
        struct post_line *lines = NULL;
        struct posts posts;
        size_t n = 0;
        int r;

        posts_read(&posts, rq->office->pack);
        r = query_posts(&lines, &n, rq->db, person, mere_applying(&posts, rq->arena), posts_words(posts.scope[SCOPE_SECTION], rq->arena), rq->now + leaves_soon, rq->arena, e);
        posts_done(&posts);
        return r == ERR_OK ? holders(out, rq, lines, n, e) : r;
}

/* ---- appointments ---- */

static int put_appointments(json_t *o, const char *key, struct request *rq, enum rows_by by, struct str person, struct err *e)
{
        json_t *items = json_array();
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, rq->db, by, person, rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                (void)json_array_append_new(items, appointment_json(rq, &rows[i]));
        return json_put(o, key, items) || r < 0 ? r : err_set(e, ERR_NOMEM, "appointments");
}

/* What the form offers: each role that may be appointed. */
static json_t *posts_json(const struct request *rq)
{
        const struct pack *pack = rq->office->pack;
        json_t *list = json_array();

        for (size_t i = 0; i < pack->roles_count; i++)
                if (appoint_is_post(pack, pack->roles[i].id))
                        (void)json_array_append_new(list, json_pack("{s:s, s:o, s:b}", "role", pack->roles[i].id, "role_name", role_name(pack, pack->roles[i].id), "two",
                                                                    appoint_needs_two(pack, pack->roles[i].id)));
        return list;
}

int list_posts(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array(), *vacant = json_array();
        struct vacancy *list = NULL;
        size_t n = 0;
        bool may = caller_sees_all(rq) || appoint_may_confirm(&rq->session.who);
        int r = may ? vacant_posts(&list, &n, rq, e) : err_key(e, ERR_FORBIDDEN, "error.forbidden", "", NULL);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (json_array_append_new(vacant, vacancy_json(rq, &list[i])) < 0)
                        r = err_set(e, ERR_NOMEM, "vacant");
        if (r == ERR_OK)
                r = read_holders(items, rq, STR(""), e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:o, s:O, s:O, s:o, s:b}", "at", json_time(rq->now), "vacant", vacant, "items", items, "posts", posts_json(rq), "may_appoint",
                              appoint_may_ask(&rq->session.who));
        return out->json ? put_appointments(out->json, "open", rq, APPOINTMENTS_OPEN, STR(""), e) : err_set(e, ERR_NOMEM, "posts");
}

/* ---- one person ---- */

static int put_services(json_t *o, struct request *rq, struct err *e)
{
        struct home_case *list = NULL;
        json_t *items = json_array();
        size_t n = 0;
        int r = query_home_mine(&list, &n, rq->db, MY_SERVICES, rq->param, rq->now, rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                (void)json_array_append_new(items, json_pack("{s:o, s:o, s:o}", "id", json_of(list[i].id), "name", json_of(list[i].name), "as", json_of(list[i].form)));
        return json_put(o, "services", items) || r < 0 ? r : err_set(e, ERR_NOMEM, "services");
}

static int put_cases(json_t *o, struct request *rq, struct err *e)
{
        struct home_case *list = NULL;
        json_t *items = json_array();
        size_t n = 0;
        int r = query_home_mine(&list, &n, rq->db, MY_CASES, rq->param, rq->now, rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                (void)json_array_append_new(items, json_pack("{s:o, s:o, s:o, s:o}", "id", json_of(list[i].id), "number", json_of(list[i].number), "title",
                                                             form_title(rq->office->pack, list[i].form), "submitted_at", json_time(list[i].at)));
        return json_put(o, "applications", items) || r < 0 ? r : err_set(e, ERR_NOMEM, "applications");
}

static int put_duties(json_t *o, struct request *rq, struct err *e)
{
        struct duty_filter f = { .limit = DUTIES_SHOWN, .now = rq->now, .after_at = INT64_MIN, .person = rq->param, .section = STR(""), .roles = STR("[]") };
        json_t *items = json_array();
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_duties(&rows, &n, rq->db, &f, rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                (void)json_array_append_new(items, duty_json(rq, &rows[i]));
        return json_put(o, "duties", items) || r < 0 ? r : err_set(e, ERR_NOMEM, "duties");
}

int get_posts_of(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *who = json_array(), *o = json_object();
        struct uuid id;
        int r;

        if (!uuid_parse(rq->param, &id) || !(caller_sees_all(rq) || appoint_may_confirm(&rq->session.who) || str_is(rq->param, rq->session.who.person)))
                return err_key(e, ERR_ABSENT, "record.absent", "", NULL);
        r = read_holders(who, rq, rq->param, e);
        if (r == ERR_OK && json_array_size(who) != 1)
                r = err_key(e, ERR_ABSENT, "record.absent", "", NULL);
        if (r == ERR_OK && !json_put(o, "person", json_incref(json_array_get(who, 0))))
                r = err_set(e, ERR_NOMEM, "person");
        if (r == ERR_OK)
                r = put_services(o, rq, e);
        if (r == ERR_OK)
                r = put_cases(o, rq, e);
        if (r == ERR_OK)
                r = put_duties(o, rq, e);
        if (r == ERR_OK)
                r = put_appointments(o, "appointments", rq, APPOINTMENTS_OF, rq->param, e);
        if (r == ERR_OK)
                out->json = json_incref(o);
        return r;
}
