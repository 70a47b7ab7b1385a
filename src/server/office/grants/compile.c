/* compile.c - see compile.h. */
#include "server/office/grants/compile.h"

#include "core/form/form.h"

static int by_key_then_end(const void *x, const void *y)
{
        const struct grant *a = x, *b = y;
        int c = grant_key_cmp(&a->key, &b->key);

        return c ? c : a->until < b->until ? 1 : a->until > b->until ? -1 : memcmp(&a->permit, &b->permit, sizeof(a->permit));
}

static bool grant_of(struct grant *g, const struct permit_line *p, uint64_t generation)
{
        *g = (struct grant){ .verdict = GRANT_ALLOW, .zone = p->zone, .from = p->from, .until = p->until,
                             .posture_until = GRANT_NO_POSTURE, .generation = generation };
        return p->kind == GRANT_MAC && grant_key_from_mac(&g->key, p->key) && uuid_parse(p->subject, &g->subject) && uuid_parse(p->id, &g->permit);
}

int compile_grants(struct grants **out, const struct permit_line *permits, size_t n, uint64_t generation, struct str side, struct err *e)
{
        struct grant *rows = calloc(n ? n : 1, sizeof(*rows));
        size_t have = 0, kept = 0;
        int r = ERR_OK;

        if (!rows)
                return err_set(e, ERR_NOMEM, "grants");
        for (size_t i = 0; i < n && r == ERR_OK; i++)
                if (!grant_of(&rows[have++], &permits[i], generation))
                        r = err_set(e, ERR_TAMPERED, "permit %.*s has a malformed key or id", (int)permits[i].id.n, permits[i].id.p);
        qsort(rows, have, sizeof(*rows), by_key_then_end);
        for (size_t i = 0; i < have; i++)
                if (!kept || grant_key_cmp(&rows[kept - 1].key, &rows[i].key) != 0)
                        rows[kept++] = rows[i];
        if (r == ERR_OK)
                r = grants_new(out, rows, kept, side, e);
        free(rows);
        return r;
}
