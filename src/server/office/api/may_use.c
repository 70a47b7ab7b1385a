/* may_use.c - 「このサービス、使っていい？」: what the register says to one section about the services that a word or an address names.
 *
 * What is typed may be a name in any spelling, its reading, a word of the purpose, a host or a whole address. The last line is the name
 * as it was typed, when no service bears it: it has to be applied for.
 */
#include "core/register/may_use.h"

#include <stdlib.h>

#include "core/search/readings.h"
#include "core/search/spelling.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/command/facts.h"
#include "server/office/store/query.h"
#include "server/office/store/search.h"

/* FOUND lines a question; LOOKED: rows looked at to find the best of them; CASES: refused ones looked at. */
enum { FOUND = 12, LOOKED = 60, CASES = 30, HOST_LABELS = 2 };

struct line { struct row service, use; bool has_use; struct may may; bool named; };
struct asked { struct str typed, folded, host; struct line lines[LOOKED]; size_t n; bool named; };      /* named: a service bears just this name */

/* ---- what was typed ---- */

/* "https://us02web.zoom.us/j/1" and "us02web.zoom.us" are the host; empty: it is none. */
static struct str host_of(struct str folded)
{
        struct str head, rest = folded;
        size_t dots = 0;

        for (size_t i = 0; i + 3 <= rest.n; i++)
                if (memcmp(rest.p + i, "://", 3) == 0) {
                        rest = (struct str){ rest.p + i + 3, rest.n - i - 3 };
                        break;
                }
        for (const char *end = "/?#:"; *end; end++)
                if (str_cut(rest, *end, &head, &folded))
                        rest = head;
        for (size_t i = 0; i < rest.n; i++) {
                char c = rest.p[i];

                if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'))
                        return STR("");
                dots += c == '.';
        }
        return dots && rest.p[0] != '.' && rest.p[rest.n - 1] != '.' ? rest : STR("");
}

static bool is_under(struct str host, struct str domain)
{
        if (domain.n > 2 && domain.p[0] == '*' && domain.p[1] == '.')
                domain = (struct str){ domain.p + 2, domain.n - 2 };
        return str_eq(host, domain) || (host.n > domain.n && domain.n && host.p[host.n - domain.n - 1] == '.' && memcmp(host.p + host.n - domain.n, domain.p, domain.n) == 0);
}

static bool serves_host(const struct row *service, struct str host)
{
        struct str line, rest = row_get_text(service, SERVICE_domains);

        while (rest.n) {
                if (!str_cut(rest, '\n', &line, &rest)) {
                        line = rest;
                        rest = STR("");
                }
                if (is_under(host, str_trim(line)))
                        return true;
        }
        return false;
}

/* ---- services ---- */

static bool known(const struct asked *q, struct str id)
{
        for (size_t i = 0; i < q->n; i++)
                if (str_is(id, q->lines[i].service.id))
                        return true;
        return false;
}

/* The section's own row: the active one, else the last that there was. */
static int read_use(struct line *l, struct request *rq, struct err *e)
{
        struct row *uses = NULL;
        size_t n = 0;
        int r = query_rows(&uses, &n, rq->db, USES_OF_SERVICE, str_of(l->service.id), rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (str_eq(row_get_text(&uses[i], USE_section), rq->session.who.section) && (!l->has_use || row_is(&uses[i], USE_state, "active"))) {
                        l->use = uses[i];
                        l->has_use = true;
                }
        return r;
}

static bool bears(struct str name, struct str folded)
{
        scoped(buf_done) struct buf f = BUF_INIT;

        spelling_fold(&f, NULL, name);
        return !buf_bad(&f) && str_eq(buf_view(&f), folded);
}

static int add_line(struct asked *q, struct request *rq, struct str id, struct err *e)
{
        struct line l = { 0 };
        scoped(buf_done) struct buf name = BUF_INIT;
        struct str other = reading_other(q->folded);
        int r;

        if (q->n == LOOKED || known(q, id))
                return ERR_OK;
        r = store_row(&l.service, rq->db, TABLE_SERVICE, word_of(rq, id), NULL, rq->arena, e);
        if (r == ERR_OK && q->host.n && !serves_host(&l.service, q->host))
                return ERR_OK;
        if (r == ERR_OK)
                r = read_use(&l, rq, e);
        if (r < 0)
                return r;
        spelling_fold(&name, NULL, row_get_text(&l.service, SERVICE_name));
        l.may = may_use(&l.service, l.has_use ? &l.use : NULL, rq->session.who.section, rq->now);
        l.named = q->host.n || search_find(buf_view(&name), q->folded) != SIZE_MAX || (other.n && search_find(buf_view(&name), other) != SIZE_MAX);
        q->named |= q->host.n || bears(row_get_text(&l.service, SERVICE_name), q->folded) || (other.n && str_eq(buf_view(&name), other));
        q->lines[q->n++] = l;
        return ERR_OK;
}

static int look_for(struct asked *q, struct request *rq, struct str word, struct err *e)
{
        struct search_terms terms;
        struct str *ids = NULL;
        size_t n = 0;
        int r = search_terms_read(&terms, word, rq->arena, e);

        if (r == ERR_OK)
                r = query_search_ids(&ids, &n, rq->db, "service", &terms, LOOKED, rq->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = add_line(q, rq, ids[i], e);
        return r;
}

/* The host, else what it stands under: a register says zoom.us, people have us02web.zoom.us before them. */
static int look_for_host(struct asked *q, struct request *rq, struct err *e)
{
        struct str host = q->host, label;
        size_t labels = 1;
        int r = ERR_OK;

        for (size_t i = 0; i < host.n; i++)
                labels += host.p[i] == '.';
        for (; r == ERR_OK && !q->n && labels >= HOST_LABELS; labels--) {
                r = look_for(q, rq, host, e);
                if (!str_cut(host, '.', &label, &host))
                        break;
        }
        return r;
}

/* What bears the name first; then what one may use at once; then the newest, as they were found. */
static int by_use(const void *a, const void *b)
{
        const struct line *x = a, *y = b;
        int rx = (x->named ? 0 : 10) + (int)x->may.answer, ry = (y->named ? 0 : 10) + (int)y->may.answer;

        return rx != ry ? rx - ry : strcmp(y->service.id, x->service.id);
}

/* ---- what is said of it ---- */

static const struct pack_axis *class_axis(const struct pack *pack)
{
        for (size_t i = 0; i < pack->axes_count; i++)
                for (size_t k = 0; k < pack->axes[i].levels_count; k++)
                        if (pack->axes[i].kind == AXIS_CLASS && pack->axes[i].levels[k].conf2plus)
                                return &pack->axes[i];
        return NULL;
}

static json_t *level_json(const struct pack_level *l)
{
        return json_pack("{s:s, s:o}", "id", l->id, "label", json_text(&l->name));
}

/* Up to which class: the service's own, and not above what this section may put there. */
static void put_class(json_t *o, struct request *rq, const struct line *l)
{
        const struct pack_axis *axis = class_axis(rq->office->pack);
        bool own = l->has_use && l->use.v[USE_conf2plus].kind == VALUE_INT;      /* not recorded: as the service */
        bool low = own ? !row_get_int(&l->use, USE_conf2plus) : !row_get_int(&l->service, SERVICE_conf2plus);
        const struct pack_level *best = NULL;
        struct row rating;

        if (!axis || store_row(&rating, rq->db, TABLE_RATING, l->service.id, axis->id, rq->arena, NULL) < 0)
                return;
        for (size_t i = 0; i < axis->levels_count; i++)
                if (row_is(&rating, RATING_level, axis->levels[i].id) && !(low && axis->levels[i].conf2plus))
                        best = &axis->levels[i];
        for (size_t i = axis->levels_count; rating.rev && !best && low && i-- > 0;)
                if (!axis->levels[i].conf2plus)
                        best = &axis->levels[i];
        if (best)
                (void)json_put(o, "for_class", level_json(best));
}

static json_t *restrictions_json(struct request *rq, const struct line *l)
{
        json_t *list = json_array();

        for (size_t i = 0; i < rq->office->pack->axes_count; i++) {
                const struct pack_axis *axis = &rq->office->pack->axes[i];
                struct row rating;

                if (axis->kind != AXIS_RESTRICTION || store_row(&rating, rq->db, TABLE_RATING, l->service.id, axis->id, rq->arena, NULL) < 0)
                        continue;
                for (size_t k = 1; k < axis->levels_count; k++)      /* the first restricts nothing */
                        if (row_is(&rating, RATING_level, axis->levels[k].id))
                                (void)json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "id", axis->id, "name", json_text(&axis->name), "label", json_text(&axis->levels[k].name)));
        }
        return list;
}

/* Under which it was approved. */
static json_t *conditions_json(struct request *rq, const struct line *l)
{
        json_t *list = json_array();
        struct str app = l->has_use ? row_get_text(&l->use, USE_application) : row_get_text(&l->service, SERVICE_application);
        struct row *steps = NULL;
        size_t n = 0;

        if (!app.n || store_rows_of(&steps, &n, rq->db, TABLE_STEP, word_of(rq, app), 100, rq->arena, NULL) < 0)
                return list;
        for (size_t i = 0; i < n; i++)
                if (row_get_text(&steps[i], STEP_condition).n)
                        (void)json_array_append_new(list, json_of(row_get_text(&steps[i], STEP_condition)));
        return list;
}

static bool has_effect(const struct pack_procedure *p, enum effect_kind effect)
{
        for (size_t k = 0; p && k < p->effects_count; k++)
                if (p->effects[k].kind == effect)
                        return true;
        return false;
}

/* The forms by which one asks, of those that this person may file: a pack may have one for each class of information. */
static json_t *forms_json(struct request *rq, enum may_answer answer)
{
        const struct pack *pack = rq->office->pack;
        json_t *list = json_array();

        for (size_t i = 0; (answer == MAY_ADD || answer == MAY_APPLY) && i < pack->forms_count; i++) {
                const struct pack_procedure *p = pack->forms[i].procedure ? pack_find_procedure(pack, pack->forms[i].procedure) : NULL;

                if (has_effect(p, answer == MAY_ADD ? EFFECT_REGISTER_USE : EFFECT_REGISTER_SERVICE) && actor_has(&rq->session.who, p->apply_role))
                        (void)json_array_append_new(list, json_pack("{s:s, s:o}", "id", pack->forms[i].id, "title", json_text(&pack->forms[i].title)));
        }
        return list;
}

static json_t *line_json(struct request *rq, const struct line *l)
{
        const struct row *s = &l->service;
        bool transitional = row_is(s, SERVICE_state, "transitional");
        utime_t until = l->has_use && row_get_int(&l->use, USE_until_at) ? row_get_int(&l->use, USE_until_at) : row_get_int(s, transitional ? SERVICE_apply_by_at : SERVICE_until_at);
        struct str manager = row_get_text(s, SERVICE_manager);
        struct row p = { 0 };
        json_t *o = json_pack("{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o}", "answer", may_answer_names[l->may.answer], "why", l->may.why, "name", json_of(row_get_text(s, SERVICE_name)),
                              "service", s->id, "section", json_of(row_get_text(s, SERVICE_section)), "restrictions", restrictions_json(rq, l), "conditions", conditions_json(rq, l),
                              "forms", forms_json(rq, l->may.answer));

        if (!o)
                return NULL;
        put_class(o, rq, l);
        if (row_get_text(s, SERVICE_provider).n && store_row(&p, rq->db, TABLE_PROVIDER, word_of(rq, row_get_text(s, SERVICE_provider)), NULL, rq->arena, NULL) == ERR_OK)
                (void)put_str(o, "provider", row_get_text(&p, PROVIDER_name));
        if (manager.n)
                (void)json_put(o, "manager", person_json(rq, manager));
        if (row_is(s, SERVICE_state, "suspended"))
                (void)put_str(o, "reason", row_get_text(s, SERVICE_reason));
        (void)put_time(o, "until", until);
        return o;
}

/* ---- what was refused ---- */

static const char *name_field(const struct pack_procedure *p)
{
        for (size_t i = 0; p && i < p->effects_count; i++)
                if (p->effects[i].kind == EFFECT_REGISTER_SERVICE)
                        return p->effects[i].name_field;
        return NULL;
}

/* Only to who may see the case: what another section was refused is its own business. */
static int add_refused(json_t *items, struct asked *q, struct request *rq, struct str id, struct err *e)
{
        struct case_facts *f = arena_new(rq->arena, struct case_facts);
        const struct pack *pack;
        struct row name = { 0 };
        const char *field;
        int r = f ? facts_load(f, &pack, rq->office, rq->db, id, rq->now, rq->arena, e) : err_set(e, ERR_NOMEM, "case");

        if (r < 0 || !row_is(&f->application, APPLICATION_state, "rejected") || !caller_sees_case(rq, pack, f))
                return r;
        field = name_field(facts_procedure(pack, &f->application));
        if (!field || store_row(&name, rq->db, TABLE_ANSWER, word_of(rq, id), field, rq->arena, NULL) < 0 || !bears(row_get_text(&name, ANSWER_value), q->folded))
                return ERR_OK;
        q->named = true;
        return json_array_append_new(items, json_pack("{s:s, s:s, s:o, s:o, s:o, s:[], s:[], s:[]}", "answer", may_answer_names[MAY_NO], "why", "rejected", "name",
                                                      json_of(row_get_text(&name, ANSWER_value)), "application", json_of(id), "number",
                                                      json_of(row_get_text(&f->application, APPLICATION_number)), "restrictions", "conditions", "forms")) < 0
                       ? err_set(e, ERR_NOMEM, "line") : ERR_OK;
}

static int look_for_refused(json_t *items, struct asked *q, struct request *rq, struct err *e)
{
        struct search_terms terms;
        struct str *ids = NULL;
        size_t n = 0;
        int r = search_terms_read(&terms, q->typed, rq->arena, e);

        if (r == ERR_OK)
                r = query_search_ids(&ids, &n, rq->db, "application", &terms, CASES, rq->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = add_refused(items, q, rq, ids[i], e);
        return r;
}

/* ---- the route ---- */

static int read_question(struct asked *q, struct request *rq, struct err *e)
{
        scoped(buf_done) struct buf folded = BUF_INIT;
        struct str typed = STR("");
        struct search_terms terms;
        int r = scgi_field(&typed, rq->scgi->query, "q", rq->arena, e);

        if (r == ERR_ABSENT)
                err_clear(e);
        r = r < 0 && r != ERR_ABSENT ? r : shape_text(&q->typed, str_trim(typed), "q", rq->arena, e);
        if (r == ERR_OK)
                r = search_terms_read(&terms, q->typed, rq->arena, e);      /* too short, too long */
        if (r < 0)
                return r;
        spelling_fold(&folded, NULL, q->typed);
        q->folded = str_trim(str_of(arena_copy(rq->arena, buf_view(&folded).p, buf_view(&folded).n)));
        q->host = host_of(q->folded);
        return ERR_OK;
}

static int ask_register(struct asked *q, struct request *rq, struct err *e)
{
        struct str other = reading_other(q->folded);
        int r = q->host.n ? look_for_host(q, rq, e) : look_for(q, rq, q->typed, e);

        if (r == ERR_OK && other.n)
                r = look_for(q, rq, other, e);
        qsort(q->lines, q->n, sizeof(q->lines[0]), by_use);
        return r;
}

static json_t *typed_json(struct request *rq, const struct asked *q)
{
        return json_pack("{s:s, s:s, s:o, s:[], s:[], s:o}", "answer", may_answer_names[MAY_APPLY], "why", "nobody", "name", json_of(q->host.n ? q->host : q->typed),
                         "restrictions", "conditions", "forms", forms_json(rq, MAY_APPLY));
}

int get_may_use(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct asked *q = arena_new(rq->arena, struct asked);
        int r = q && items ? read_question(q, rq, e) : err_set(e, ERR_NOMEM, "question");

        if (r == ERR_OK)
                r = ask_register(q, rq, e);
        for (size_t i = 0; r == ERR_OK && i < q->n && i < FOUND; i++)
                if (json_array_append_new(items, line_json(rq, &q->lines[i])) < 0)
                        r = err_set(e, ERR_NOMEM, "lines");
        if (r == ERR_OK && !q->named)
                r = look_for_refused(items, q, rq, e);
        if (r == ERR_OK && !q->named && json_array_append_new(items, typed_json(rq, q)) < 0)
                r = err_set(e, ERR_NOMEM, "lines");
        if (r < 0)
                return r;
        out->json = json_pack("{s:o, s:O, s:b, s:o, s:o}", "q", json_of(q->typed), "items", items, "more", q->n > FOUND, "section", json_of(rq->session.who.section),
                              "checked_at", json_time(rq->now));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}
