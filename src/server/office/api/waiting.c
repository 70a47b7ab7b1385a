/* waiting.c - see waiting.h. */
#include "server/office/api/waiting.h"

#include "server/office/api/shape.h"
#include "server/office/command/facts.h"

enum { CHUNK = 50, ACTS = MAY_DECIDE | MAY_FILL | MAY_JUDGE | MAY_CONFIRM };

/* ---- which roles of steps to look for ---- */

struct roles { json_t *anywhere, *in_section, *of_service; };

static void add(json_t *list, const char *role)
{
        const json_t *v;
        size_t i;

        json_array_foreach(list, i, v)
                if (strcmp(json_string_value(v), role) == 0)
                        return;
        (void)json_array_append_new(list, json_string(role));
}

static bool stands_in_for(const struct actor *who, const char *role)
{
        for (size_t i = 0; i < who->deputises_count; i++)
                if (strcmp(who->deputises[i].role, role) == 0)
                        return true;
        return false;
}

/* As substitute, as the second person of a paper decision, or as somebody's deputy: then the section may be any. */
static bool by_another_way(const struct pack_step *s, const struct actor *who)
{
        return (s->substitute && actor_has(who, s->substitute)) || (s->confirm_role && actor_has(who, s->confirm_role)) || stands_in_for(who, s->role);
}

static void look_at_step(struct roles *out, const struct pack_step *s, const struct actor *who)
{
        if (!s->role)
                return;
        if (s->scope == SCOPE_SERVICE)
                add(out->of_service, s->role);
        if (by_another_way(s, who) || (s->scope == SCOPE_BODY && actor_has(who, s->role)))
                add(out->anywhere, s->role);
        if (s->scope == SCOPE_SECTION && actor_has(who, s->role))
                add(out->in_section, s->role);
}

/* A sheet is filled in while its step is active: that step's role is what the row shows. */
static void look_at_sheet(struct roles *out, const struct pack_procedure *p, const struct pack_sheet *sheet, const struct actor *who)
{
        const struct pack_step *s = procedure_find_step(p, sheet->step);

        if (!s || !s->role)
                return;
        if (sheet->scope == SCOPE_SERVICE)
                add(out->of_service, s->role);
        if (stands_in_for(who, sheet->role) || (sheet->scope == SCOPE_BODY && actor_has(who, sheet->role)))
                add(out->anywhere, s->role);
        if (sheet->scope == SCOPE_SECTION && actor_has(who, sheet->role))
                add(out->in_section, s->role);
}

static struct str json_in(json_t *list, struct arena *a)
{
        char *text = json_dumps(list, JSON_COMPACT);
        struct str out = str_of(text ? arena_text(a, text) : NULL);

        free(text);
        return out;
}

static int roles_for(struct app_filter *f, struct request *rq, struct err *e)
{
        const struct pack *pack = rq->office->pack;
        scoped(json_decref) json_t *anywhere = json_array(), *in_section = json_array(), *of_service = json_array();
        struct roles roles = { anywhere, in_section, of_service };

        if (!anywhere || !in_section || !of_service)
                return err_set(e, ERR_NOMEM, "roles");
        for (size_t i = 0; i < pack->procedures_count; i++) {
                for (size_t s = 0; s < pack->procedures[i].steps_count; s++)
                        look_at_step(&roles, &pack->procedures[i].steps[s], &rq->session.who);
                for (size_t s = 0; s < pack->procedures[i].sheets_count; s++)
                        look_at_sheet(&roles, &pack->procedures[i], &pack->procedures[i].sheets[s], &rq->session.who);
        }
        f->anywhere = json_in(anywhere, rq->arena);
        f->in_section = json_in(in_section, rq->arena);
        f->of_service = json_in(of_service, rq->arena);
        f->list = json_array_size(anywhere) || json_array_size(of_service) ? APPS_WAITING : APPS_WAITING_SECTION;
        return ERR_OK;
}

/* ---- which of the candidates ---- */

/* A step decided on paper or by a meeting waits: for whoever enters it, or for the second person. */
static bool waits_for_paper(const struct pack *pack, const struct case_facts *f, const struct request *rq, struct arena *a)
{
        struct flow *w = arena_new(a, struct flow);

        if (!w || flow_init(w, pack, f, rq->now, NULL) < 0)
                return false;
        for (size_t i = 0; i < w->procedure->steps_count; i++) {
                enum step_kind kind = w->procedure->steps[i].kind;

                if ((kind == STEP_COUNCIL || kind == STEP_EXTERNAL) && w->active[i] &&
                    flow_standing(w, i, &rq->session.who, row_is(&f->steps[i], STEP_state, "entered"), NULL).capacity != CAPACITY_NONE)
                        return true;
        }
        return false;
}

static int may_act(bool *out, struct request *rq, struct str id, bool papers, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;      /* a case is forgotten before the next is read */
        struct case_facts *f = arena_new(&a, struct case_facts);
        const struct pack *pack;
        int r = f ? facts_load(f, &pack, rq->office, rq->db, id, rq->now, &a, e) : err_set(e, ERR_NOMEM, "case");

        if (r == ERR_OK)
                *out = (procedure_may(pack, f, &rq->session.who, rq->now) & ACTS) && (!papers || waits_for_paper(pack, f, rq, &a));
        return r < 0 ? r : a.refused ? err_set(e, ERR_NOMEM, "case") : ERR_OK;
}

int waiting_list(struct app_line **out, size_t *n, uint64_t *total, bool *more, struct request *rq, struct app_filter *f, size_t page, size_t scan, struct err *e)
{
        struct app_line *lines = arena_array(rq->arena, page, sizeof(*lines));
        struct app_filter walk;
        size_t have = 0, seen = 0, got = CHUNK;
        int r = lines ? roles_for(f, rq, e) : err_set(e, ERR_NOMEM, "list");

        f->person = str_of(rq->session.who.person);
        f->section = rq->session.who.section;
        f->limit = CHUNK;
        walk = *f;
        *total = 0;
        while (r == ERR_OK && seen < scan && got == CHUNK) {
                struct app_line *chunk = NULL;

                r = query_applications(&chunk, &got, rq->db, &walk, rq->arena, e);
                for (size_t i = 0; r == ERR_OK && i < got; i++) {
                        bool mine = false;

                        r = may_act(&mine, rq, chunk[i].id, walk.papers, e);
                        if (mine && have < page)
                                lines[have++] = chunk[i];
                        *total += mine;
                        walk.before_at = chunk[i].submitted_at;
                        walk.before_id = chunk[i].id;
                        if (have < page || (mine && *total == page))
                                *f = walk; /* the page goes on behind the last line shown, or where the walk stopped */
                        seen++;
                }
        }
        *more = *total > have || got == CHUNK;
        *out = lines;
        *n = have;
        return r < 0 ? r : ERR_OK;
}
