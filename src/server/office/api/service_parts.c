/* service_parts.c - see service_parts.h. */
#include "server/office/api/service_parts.h"

#include "base/codec.h"
#include "server/office/store/journal.h"

enum { GATES_MAX = 256, TIMELINE_MAX = 400 };

/* ---- what is enforced ---- */

json_t *permit_gates(struct request *rq, const struct row *p)
{
        json_t *list = json_array();
        struct row *rows = NULL;
        size_t n = 0;

        if (store_rows_of(&rows, &n, rq->db, TABLE_ENFORCEMENT, p->id, GATES_MAX, rq->arena, NULL) < 0)
                n = 0;
        for (size_t i = 0; i < n; i++) {
                struct row gate;

                /* A report about an older revision of the permit is not shown as today's enforcement. */
                if (row_get_int(&rows[i], ENFORCEMENT_seq) < row_get_int(p, PERMIT_table_seq) || !row_get_int(p, PERMIT_table_seq) ||
                    store_row(&gate, rq->db, TABLE_GATE, rows[i].k, NULL, rq->arena, NULL) < 0)
                        continue;
                (void)json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:I}", "gate", rows[i].k, "gate_name", json_of(row_get_text(&gate, GATE_name)),
                                                            "at", json_time(row_get_int(&rows[i], ENFORCEMENT_at)),
                                                            "seq", (json_int_t)row_get_int(&rows[i], ENFORCEMENT_seq)));
        }
        return list;
}

static void add_enforced(json_t *list, const char *kind, struct str what, json_t *gates)
{
        (void)json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "kind", kind, "what", json_of(what), "gates", gates));
}

json_t *service_enforced(struct request *rq, const struct row *service, const struct row *apps, size_t n)
{
        struct str line, rest = row_get_text(service, SERVICE_domains);
        json_t *list = json_array();

        while (rest.n) {
                if (!str_cut(rest, '\n', &line, &rest)) {
                        line = rest;
                        rest = STR("");
                }
                if (line.n)
                        add_enforced(list, "domain", line, json_array());      /* no gate knows domains yet */
        }
        for (size_t i = 0; i < n; i++) {
                struct str id = row_get_text(&apps[i], APPLICATION_permit);
                struct row permit;

                if (id.n && store_row(&permit, rq->db, TABLE_PERMIT, word_of(rq, id), NULL, rq->arena, NULL) == ERR_OK && row_is(&permit, PERMIT_state, "active"))
                        add_enforced(list, "permit", row_get_text(&permit, PERMIT_key), permit_gates(rq, &permit));
        }
        return list;
}

/* ---- who works for whom ---- */

static bool is_known(const struct row *subs, size_t n, struct str id)
{
        for (size_t i = 0; i < n; i++)
                if (str_is(id, subs[i].id))
                        return true;
        return false;
}

/* Each row is put once: a ring of parents ends in rows that nobody reaches, which stand below the provider. */
static json_t *branch(const struct row *subs, size_t n, const char *under, bool *put)
{
        json_t *list = json_array();

        for (size_t i = 0; i < n; i++) {
                struct str parent = row_get_text(&subs[i], SUBCONTRACTOR_parent);
                bool here = under ? str_is(parent, under) : !parent.n || !is_known(subs, n, parent);

                if (!here || put[i])
                        continue;
                put[i] = true;
                (void)json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "id", subs[i].id, "name", json_of(row_get_text(&subs[i], SUBCONTRACTOR_name)),
                                                            "country", json_of(row_get_text(&subs[i], SUBCONTRACTOR_country)), "work",
                                                            json_of(row_get_text(&subs[i], SUBCONTRACTOR_work)), "state", json_of(row_get_text(&subs[i], SUBCONTRACTOR_state)),
                                                            "under", branch(subs, n, subs[i].id, put)));
        }
        return list;
}

json_t *service_tree(struct request *rq, const struct row *service)
{
        struct row *subs = NULL, provider = { .rev = 0 };
        struct str id = row_get_text(service, SERVICE_provider);
        json_t *below;
        bool *put;
        size_t n = 0;

        if (query_rows(&subs, &n, rq->db, SUBS_OF_SERVICE, str_of(service->id), rq->arena, NULL) < 0)
                n = 0;
        if (id.n)
                (void)store_row(&provider, rq->db, TABLE_PROVIDER, word_of(rq, id), NULL, rq->arena, NULL);
        put = arena_array(rq->arena, n + 1, sizeof(*put));
        below = put ? branch(subs, n, NULL, put) : NULL;
        for (size_t i = 0; below && i < n; i++)
                if (!put[i])
                        (void)json_array_extend(below, branch(&subs[i], 1, NULL, &put[i]));
        return json_pack("{s:o, s:o, s:o, s:s, s:s, s:o}", "id", json_of(id), "name", json_of(provider.rev ? row_get_text(&provider, PROVIDER_name) : STR("")), "country",
                         json_of(provider.rev ? row_get_text(&provider, PROVIDER_country) : STR("")), "work", "", "state", "approved", "under", below);
}

/* ---- what happened ---- */

struct told { struct journal_line line; const char *number; };

static int by_index(const void *a, const void *b)
{
        const struct told *x = a, *y = b;

        return x->line.index < y->line.index ? -1 : x->line.index > y->line.index;
}

static size_t add_lines(struct told *all, size_t have, struct request *rq, const char *ref, const char *number)
{
        struct journal_line *lines = NULL;
        size_t n = 0;

        if (journal_lines_of(&lines, &n, rq->db, ref, rq->arena, NULL) < 0)
                return have;
        for (size_t i = 0; i < n && have < TIMELINE_MAX; i++)
                all[have++] = (struct told){ lines[i], number };
        return have;
}

json_t *service_timeline(struct request *rq, const struct row *service, const struct row *apps, size_t n)
{
        struct told *all = arena_array(rq->arena, TIMELINE_MAX, sizeof(*all));
        json_t *list = json_array();
        size_t have = all ? add_lines(all, 0, rq, service->id, "") : 0;

        for (size_t i = 0; all && i < n; i++)
                have = add_lines(all, have, rq, apps[i].id, word_of(rq, row_get_text(&apps[i], APPLICATION_number)));
        if (have)
                qsort(all, have, sizeof(*all), by_index);
        for (size_t i = 0; i < have; i++) {
                char hash[2 * sizeof(all[i].line.leaf.b) + 1];
                json_t *o;

                hex_text(hash, all[i].line.leaf.b, sizeof(all[i].line.leaf.b));
                o = json_pack("{s:I, s:o, s:o, s:s}", "index", (json_int_t)all[i].line.index, "at", json_time(all[i].line.at), "type", json_of(all[i].line.type), "leaf", hash);
                if (o && all[i].line.actor.n)
                        (void)json_put(o, "actor", person_name(rq, all[i].line.actor));
                if (o && *all[i].number)
                        (void)json_put(o, "number", json_string(all[i].number));
                (void)json_array_append_new(list, o);
        }
        return list;
}
