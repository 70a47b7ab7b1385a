/* records.c - see records.h. */
#include "server/office/command/records.h"

static int find(void *ctx, const struct register_info *r, struct str of, struct str name, struct record_found *out, struct err *e)
{
        struct records *x = ctx;

        return query_named(out, x->db, r, of, name, x->env.arena, e);
}

/* FNV-1a over the id; two that meet take turns. */
static size_t slot_of(struct str id)
{
        uint32_t h = 2166136261u;

        for (size_t i = 0; i < id.n; i++)
                h = (h ^ (uint8_t)id.p[i]) * 16777619u;
        return h % RECORDS_NAMES;
}

static int name_of(void *ctx, const struct register_info *r, struct str id, struct str *name, bool *ended, struct err *e)
{
        struct records *x = ctx;
        size_t i = slot_of(id);
        int err;

        if (id.n >= UUID_TEXT)
                return err_set(e, ERR_ABSENT, "no id of a row");
        if (x->names[i].r != r || !str_is(id, x->names[i].id)) {
                struct str text;
                bool over;

                err = query_name(&text, &over, x->db, r, id, x->env.arena, e);
                if (err < 0)
                        return err;
                x->names[i].r = r;
                (void)snprintf(x->names[i].id, sizeof(x->names[i].id), "%.*s", (int)id.n, id.n ? id.p : "");
                x->names[i].name = text;
                x->names[i].over = over;
        }
        *name = x->names[i].name;
        *ended = x->names[i].over;
        return ERR_OK;
}

int records_init(struct records *x, const struct pack *pack, enum lang lang, struct db *db, struct arena *a, struct err *e)
{
        const struct register_filter all = { .limit = 1 };
        struct row *rows = NULL;
        size_t sections = 0;
        int r = query_register(&rows, &sections, db, register_of_table(TABLE_SECTION), &all, a, e);

        if (r < 0)
                return r;
        *x = (struct records){ .env = { .pack = pack, .lang = lang, .arena = a, .find = find, .name = name_of, .ctx = x, .any_section = sections == 0 }, .db = db };
        return ERR_OK;
}
