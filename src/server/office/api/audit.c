/* audit.c - the auditor's populations, samples and exceptions. Nothing is written; docs/formats/audit-sample.md says how to draw the same sample elsewhere. */
#include "base/codec.h"
#include "core/grid/grid.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/home.h"
#include "server/office/api/sheets.h"
#include "server/office/store/audit.h"

#include <stdlib.h>

enum { SAMPLE_DEFAULT = 25, SAMPLE_MAX = 200, NEWEST = 20, DAYS_MAX = 4000, SEED_MAX = 64, HEX = 2 * HASH_SIZE + 1 };

/* ---- what was asked ---- */

static int read_day(struct date *out, struct request *rq, const char *name, struct date otherwise, struct err *e)
{
        struct str text;
        int r = scgi_field(&text, rq->scgi->query, name, rq->arena, e);

        *out = otherwise;
        if (r == ERR_ABSENT)
                return ERR_OK;
        return r < 0 || date_parse(text, out) ? r : err_key(e, ERR_INPUT, "calendar.day.bad", name, NULL);
}

struct asked { struct audit_scope scope; struct date from, to; };

static int read_period(struct asked *out, struct request *rq, struct err *e)
{
        struct date today = utime_date_jst(rq->now), april = { today.month < 4 ? today.year - 1 : today.year, 4, 1 };
        int64_t days;
        int r = read_day(&out->from, rq, "from", april, e);

        if (r == ERR_OK)
                r = read_day(&out->to, rq, "to", today, e);
        if (r < 0)
                return r;
        days = date_days(out->to) - date_days(out->from);
        if (days < 0 || days > DAYS_MAX)
                return err_key(e, ERR_INPUT, "audit.period", "to", NULL);
        out->scope = (struct audit_scope){ .from = utime_from_jst(out->from), .until = utime_from_jst(out->to) + UTIME_DAY, .now = rq->now, .own = str_of(rq->office->body) };
        r = scgi_field(&out->scope.body, rq->scgi->query, "body", rq->arena, e);
        if (r == ERR_OK && (!out->scope.body.n || out->scope.body.n > 15))
                return err_key(e, ERR_INPUT, "audit.body.bad", "body", NULL);
        return r == ERR_ABSENT ? ERR_OK : r;
}

static int may_audit(const struct request *rq, struct err *e)
{
        return caller_sees(rq, "auditor") || caller_sees(rq, "ciso") ? ERR_OK : err_key(e, ERR_FORBIDDEN, "error.forbidden", "", NULL);
}

static json_t *day_json(struct request *rq, struct date d)
{
        return json_string(arena_printf(rq->arena, "%04d-%02d-%02d", d.year, d.month, d.day));
}

static json_t *period_json(struct request *rq, const struct asked *q)
{
        return json_pack("{s:o, s:o}", "from", day_json(rq, q->from), "to", day_json(rq, q->to));
}

static json_t *bases_json(const uint64_t counts[BASES_COUNT])
{
        json_t *list = json_array();

        for (int i = 0; i < BASES_COUNT; i++)
                if (counts[i])
                        (void)json_array_append_new(list, json_pack("{s:s, s:I}", "id", basis_names[i], "count", (json_int_t)counts[i]));
        return list;
}

static uint64_t total_of(const uint64_t counts[BASES_COUNT])
{
        uint64_t sum = 0;

        for (int i = 0; i < BASES_COUNT; i++)
                sum += counts[i];
        return sum;
}

/* ---- one row in words ---- */

static json_t *both(const char *key)
{
        return json_pack("{s:s, s:s}", "ja", text_get(LANG_JA, key), "en", text_get(LANG_EN, key));
}

static json_t *word_json(struct request *rq, const char *area, struct str id)
{
        const char *key = arena_printf(rq->arena, "%s.%.*s", area, (int)id.n, id.p);

        return key && text_known(key) ? both(key) : json_pack("{s:o, s:o}", "ja", json_of(id), "en", json_of(id));
}

static const struct pack_rule *rule_in(const struct pack *pack, const char *id)
{
        for (size_t i = 0; i < pack->procedures_count; i++)
                for (size_t k = 0; k < pack->procedures[i].rules_count; k++)
                        if (strcmp(pack->procedures[i].rules[k].id, id) == 0)
                                return &pack->procedures[i].rules[k];
        return NULL;
}

static json_t *kind_json(struct request *rq, const struct audit_set *set, struct str kind)
{
        const struct pack *pack = rq->office->pack;
        const char *id = word_of(rq, kind);
        const struct pack_criterion *c = set->kind_of == KIND_OF_CRITERION || set->kind_of == KIND_OF_RULE ? pack_find_criterion(pack, id) : NULL;
        const struct pack_rule *rule = set->kind_of == KIND_OF_RULE ? rule_in(pack, id) : NULL;
        const struct pack_duty *duty = set->kind_of == KIND_OF_DUTY ? pack_find_duty(pack, id) : NULL;
        const struct pack_axis *axis = set->kind_of == KIND_OF_AXIS ? pack_find_axis(pack, id) : NULL;

        if (set->kind_of == KIND_OF_FORM)
                return form_title(pack, kind);
        if (set->kind_of == KIND_OF_ROLE)
                return role_name(pack, id);
        if (duty && duty->title.key)
                return json_text(&duty->title);
        if (rule)
                return json_text(&rule->message);
        if (c)
                return json_text(&c->text);
        if (axis)
                return json_text(&axis->name);
        return word_json(rq, set->kind_of == KIND_OF_DUTY ? "duty.kind" : "entry", kind);
}

static json_t *clauses_of_row(struct request *rq, const struct audit_set *set, struct str kind)
{
        const struct pack *pack = rq->office->pack;
        const char *id = word_of(rq, kind);
        const struct pack_rule *rule = set->kind_of == KIND_OF_RULE ? rule_in(pack, id) : NULL;
        const struct pack_criterion *c = set->kind_of == KIND_OF_CRITERION || (set->kind_of == KIND_OF_RULE && !rule) ? pack_find_criterion(pack, id) : NULL;
        const struct pack_link *links = rule ? rule->clauses : c ? c->clauses : NULL;
        size_t n = rule ? rule->clauses_count : c ? c->clauses_count : 0;
        json_t *list = set->kind_of == KIND_OF_DUTY ? clauses_of_duty(pack, id) : json_array();

        for (size_t i = 0; i < n; i++)
                (void)json_array_append_new(list, clause_json(pack, links[i].id));
        return list;
}

static json_t *level_json(const struct pack_axis *axis, struct str level)
{
        for (size_t i = 0; axis && i < axis->levels_count; i++)
                if (str_is(level, axis->levels[i].id))
                        return json_text(&axis->levels[i].name);
        return json_pack("{s:o, s:o}", "ja", json_of(level), "en", json_of(level));
}

static void put_state(json_t *o, struct request *rq, const struct audit_set *set, const struct audit_row *row)
{
        struct str from, to;

        if (set->kind_of == KIND_OF_AXIS && str_cut(row->state, ' ', &from, &to)) {
                const struct pack_axis *axis = pack_find_axis(rq->office->pack, word_of(rq, row->kind));

                (void)json_put(o, "change", json_pack("{s:o, s:o}", "from", level_json(axis, from), "to", level_json(axis, to)));
        } else if (row->state.n && set->states[0]) {
                (void)json_put(o, "state", word_json(rq, arena_printf(rq->arena, "state.%s", set->states), row->state));
        }
}

static const char *href_of(struct request *rq, const struct audit_set *set, struct str id)
{
        static const struct { const char *about, *page; } pages[] = { { "application", "/applications/" }, { "service", "/services/" }, { "incident", "/incidents/" },
                                                                      { "posting", "/rows/posting/" },     { "person", "/rows/person/" } };
        struct str about = str_of(set->about), left, right;

        if (strcmp(set->about, "duty") == 0 && str_cut(id, ' ', &left, &right)) {
                about = left;
                id = right;
        }
        for (size_t i = 0; id.n && i < countof(pages); i++)
                if (str_is(about, pages[i].about))
                        return arena_printf(rq->arena, "%s%.*s", pages[i].page, (int)id.n, id.p);
        return NULL;
}

static json_t *row_json(struct request *rq, const struct audit_set *set, const struct audit_row *row)
{
        const char *href = href_of(rq, set, row->about_id);
        json_t *o = json_pack("{s:o, s:o, s:s, s:o, s:o}", "id", json_of(row->id), "at", json_time(row->at), "basis", basis_names[row->basis], "section", json_of(row->section),
                              "name", json_of(row->title));

        if (!o)
                return NULL;
        if (row->kind.n)
                (void)json_put(o, "kind", kind_json(rq, set, row->kind));
        put_state(o, rq, set, row);
        if (href)
                (void)json_put(o, "href", json_string(href));
        if (set->exception)
                (void)json_put(o, "clauses", clauses_of_row(rq, set, row->kind));
        return o;
}

/* ---- lists ---- */

static int bodies_json(json_t **out, struct request *rq, struct err *e)
{
        json_t *list = json_array();
        struct str *bodies = NULL;
        bool own = false;
        size_t n = 0;
        int r = audit_bodies(&bodies, &n, rq->db, rq->arena, e);

        for (size_t i = 0; i < n; i++)
                own |= str_is(bodies[i], rq->office->body);
        if (!own)
                (void)json_array_append_new(list, json_string(rq->office->body));
        for (size_t i = 0; i < n; i++)
                (void)json_array_append_new(list, json_of(bodies[i]));
        if (r < 0)
                json_decref(list);
        else
                *out = list;
        return r;
}

static int newest_json(json_t *o, struct request *rq, const struct audit_set *set, const struct asked *q, uint64_t count, struct err *e)
{
        struct audit_row rows[NEWEST];
        json_t *list = json_array();
        size_t n = 0;
        int r = count ? audit_newest(rows, NEWEST, &n, rq->db, set, &q->scope, rq->arena, e) : ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                (void)json_array_append_new(list, row_json(rq, set, &rows[i]));
        (void)json_put(o, "rows", list);
        (void)json_put(o, "clauses", clauses_of_trigger(rq->office->pack, set->trigger));
        return r;
}

static int sets_json(json_t *items, struct request *rq, const struct asked *q, bool exceptions, struct err *e)
{
        for (size_t i = 0; i < audit_sets_count; i++) {
                const struct audit_set *set = &audit_sets[i];
                uint64_t counts[BASES_COUNT];
                json_t *o;
                int r = set->exception == exceptions ? audit_count(counts, rq->db, set, &q->scope, e) : 0;

                if (r < 0)
                        return r;
                if (set->exception != exceptions)
                        continue;
                o = json_pack("{s:s, s:I, s:o}", "id", set->name, "count", (json_int_t)total_of(counts), "basis", bases_json(counts));
                if (exceptions && o)
                        r = newest_json(o, rq, set, q, total_of(counts), e);
                if (json_array_append_new(items, o) < 0 && r == ERR_OK)
                        r = err_set(e, ERR_NOMEM, "audit");
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static int list_sets(struct request *rq, struct reply *out, bool exceptions, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        json_t *bodies = NULL;
        struct asked q = { 0 };
        int r = may_audit(rq, e);

        if (r == ERR_OK)
                r = read_period(&q, rq, e);
        if (r == ERR_OK)
                r = db_begin_read(rq->db, e);
        if (r < 0)
                return r;
        r = sets_json(items, rq, &q, exceptions, e);
        if (r == ERR_OK)
                r = bodies_json(&bodies, rq, e);
        db_rollback(rq->db);
        if (r < 0)
                return r;
        out->json = json_pack("{s:o, s:o, s:o, s:O, s:o}", "period", period_json(rq, &q), "body", json_of(q.scope.body), "bodies", bodies, "items", items, "checked_at", json_time(rq->now));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "audit");
}

int list_populations(struct request *rq, struct reply *out, struct err *e)      { return list_sets(rq, out, false, e); }
int list_audit_exceptions(struct request *rq, struct reply *out, struct err *e) { return list_sets(rq, out, true, e); }

/* ---- one population and its sample ---- */

struct draw { struct str seed; size_t size; struct str format; };

static int read_draw(struct draw *out, struct request *rq, struct err *e)
{
        uint64_t size = SAMPLE_DEFAULT;
        struct str text;
        int r = scgi_field(&out->seed, rq->scgi->query, "seed", rq->arena, e);

        if (r < 0 && r != ERR_ABSENT)
                return r;
        if (out->seed.n > SEED_MAX)
                return err_key(e, ERR_INPUT, "audit.seed", "seed", NULL);
        r = scgi_field(&text, rq->scgi->query, "size", rq->arena, e);
        if (r < 0 && r != ERR_ABSENT)
                return r;
        if (r == ERR_OK && (!str_u64(text, SAMPLE_MAX, &size) || !size))
                return err_key(e, ERR_INPUT, "audit.size", "size", NULL);
        out->size = (size_t)size;
        out->format = STR("json");
        r = scgi_field(&out->format, rq->scgi->query, "format", rq->arena, e);
        return r == ERR_ABSENT ? ERR_OK : r;
}

struct drawn { struct hash hash; struct str id; };

static int by_hash(const void *a, const void *b)
{
        return memcmp(((const struct drawn *)a)->hash.b, ((const struct drawn *)b)->hash.b, HASH_SIZE);
}

static int by_bytes(const void *a, const void *b)
{
        const struct str *x = a, *y = b;
        int r = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);

        return r ? r : x->n < y->n ? -1 : x->n > y->n;
}

/* The `size` rows with the smallest SHA-256(seed ‖ LF ‖ id), in that order. */
static size_t draw_rows(struct drawn *all, const struct str *ids, size_t n, const struct draw *d)
{
        for (size_t i = 0; i < n; i++) {
                const struct str runs[] = { d->seed, STR("\n"), ids[i] };

                all[i] = (struct drawn){ hash_runs(runs, countof(runs)), ids[i] };
        }
        qsort(all, n, sizeof(*all), by_hash);
        return n < d->size ? n : d->size;
}

/* One id a line, sorted by bytes: what `LC_ALL=C sort` gives. */
static int put_ids(struct buf *b, struct str *ids, size_t n, struct err *e)
{
        qsort(ids, n, sizeof(*ids), by_bytes);
        for (size_t i = 0; i < n; i++) {
                buf_str(b, ids[i]);
                buf_char(b, '\n');
        }
        return buf_bad(b) ? err_set(e, ERR_NOMEM, "ids") : ERR_OK;
}

static int sample_json(json_t *items, struct request *rq, const struct audit_set *set, const struct asked *q, const struct draw *d, const struct str *ids, size_t n, struct err *e)
{
        struct drawn *all = arena_array(rq->arena, n + 1, sizeof(*all));
        size_t take;
        int r = all ? ERR_OK : err_set(e, ERR_NOMEM, "sample");

        take = all ? draw_rows(all, ids, n, d) : 0;
        for (size_t i = 0; r == ERR_OK && i < take; i++) {
                struct audit_row row;
                char hex[HEX];
                json_t *o = NULL;

                r = audit_row(&row, rq->db, set, &q->scope, all[i].id, rq->arena, e);
                hex_text(hex, all[i].hash.b, HASH_SIZE);
                if (r == ERR_OK)
                        o = row_json(rq, set, &row);
                if (r == ERR_OK && (!o || !json_put(o, "hash", json_string(hex)) || json_array_append_new(items, o) < 0))
                        r = err_set(e, ERR_NOMEM, "sample");
        }
        return r;
}

/* The sample as a sheet, with an empty column for what the auditor finds. */
static const struct { const char *id, *member; } sheet_columns[] = { { "place", NULL }, { "id", "id" }, { "at", "at" }, { "section", "section" }, { "name", "name" }, { "kind", "kind" },
                                                                     { "state", "state" }, { "basis", "basis" }, { "hash", "hash" }, { "found", NULL } };

static const char *cell_of(struct grid *g, const json_t *item, const char *member, enum lang lang)
{
        const json_t *v = json_object_get(item, member);
        const char *text = json_string_value(json_is_object(v) ? json_object_get(v, lang == LANG_EN ? "en" : "ja") : v);

        if (text && strcmp(member, "basis") == 0) {
                const char *key = arena_printf(&g->arena, "audit.basis.%s", text);

                text = key && text_known(key) ? text_get(lang, key) : text;
        }
        return arena_text(&g->arena, text ? text : "");
}

static int send_sheet(struct request *rq, struct reply *out, const json_t *items, const struct audit_set *set, const char *ending, struct err *e)
{
        scoped(grid_done) struct grid g = GRID_INIT;
        scoped(json_decref) json_t *grid = NULL;
        struct grid_sheet *s = &g.sheets[0];
        size_t n = countof(sheet_columns), i;
        const json_t *item;

        g.n = 1;
        *s = (struct grid_sheet){ .name = "sample", .columns_count = n, .columns = arena_array(&g.arena, n, sizeof(*s->columns)) };
        for (size_t c = 0; s->columns && c < n; c++) {
                const char *key = arena_printf(&g.arena, "audit.column.%s", sheet_columns[c].id);

                s->columns[c] = (struct grid_column){ .id = sheet_columns[c].id, .title = { text_get(LANG_JA, key), text_get(LANG_EN, key) }, .readonly = true };
        }
        json_array_foreach(items, i, item) {
                struct grid_row *row = s->columns ? grid_add_row(&g, s) : NULL;

                for (size_t c = 0; row && c < n; c++)
                        if (sheet_columns[c].member)
                                row->cells[c] = cell_of(&g, item, sheet_columns[c].member, rq->lang);
                if (!row || !(row->cells[0] = arena_printf(&g.arena, "%zu", i + 1)))
                        return err_set(e, ERR_NOMEM, "sheet");
        }
        grid = s->columns ? grid_json(&g) : NULL;
        return grid ? sheets_send(rq, out, grid, set->name, str_of(ending), e) : err_set(e, ERR_NOMEM, "sheet");
}

static int answer(struct request *rq, struct reply *out, const struct audit_set *set, const struct asked *q, const struct draw *d, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        scoped(buf_done) struct buf list = BUF_INIT;
        uint64_t counts[BASES_COUNT];
        struct str *ids = NULL;
        struct hash digest;
        char hex[HEX];
        size_t n = 0;
        int r = audit_ids(&ids, &n, counts, rq->db, set, &q->scope, rq->arena, e);

        if (r == ERR_OK)
                r = put_ids(&list, ids, n, e);
        if (r == ERR_OK && str_is(d->format, "ids")) {
                out->type = "text/plain; charset=utf-8";
                buf_str(&out->text, buf_view(&list));
                return ERR_OK;
        }
        if (r == ERR_OK)
                r = sample_json(items, rq, set, q, d, ids, n, e);
        if (r < 0)
                return r;
        if (!str_is(d->format, "json"))
                return send_sheet(rq, out, items, set, str_is(d->format, "csv") ? ".csv" : ".xlsx", e);
        digest = hash_bytes(buf_view(&list));
        hex_text(hex, digest.b, HASH_SIZE);
        out->json = json_pack("{s:o, s:o, s:s, s:b, s:I, s:o, s:s, s:o, s:I, s:o, s:O, s:o}", "period", period_json(rq, q), "body", json_of(q->scope.body), "id", set->name,
                              "exception", set->exception, "count", (json_int_t)n, "basis", bases_json(counts), "digest", hex, "seed", json_of(d->seed), "size", (json_int_t)d->size,
                              "clauses", clauses_of_trigger(rq->office->pack, set->trigger), "items", items, "checked_at", json_time(rq->now));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "audit");
}

int get_population(struct request *rq, struct reply *out, struct err *e)
{
        const struct audit_set *set = audit_set_find(rq->param);
        struct asked q = { 0 };
        struct draw d = { 0 };
        int r = may_audit(rq, e);

        if (r == ERR_OK && !set)
                r = err_key(e, ERR_ABSENT, "audit.absent", "", NULL);
        if (r == ERR_OK)
                r = read_period(&q, rq, e);
        if (r == ERR_OK)
                r = read_draw(&d, rq, e);
        if (r == ERR_OK && !str_is(d.format, "json") && !str_is(d.format, "ids") && !str_is(d.format, "csv") && !str_is(d.format, "xlsx"))
                r = err_key(e, ERR_INPUT, "audit.format", "format", NULL);
        if (r == ERR_OK)
                r = db_begin_read(rq->db, e);
        if (r < 0)
                return r;
        r = answer(rq, out, set, &q, &d, e);
        db_rollback(rq->db);
        return r;
}
