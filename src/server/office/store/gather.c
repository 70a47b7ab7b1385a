/* gather.c - see gather.h. */
#include "server/office/store/gather.h"

#include <stdlib.h>

#include "server/office/store/stmt.h"

/* ---- a set of numbers ---- */

int index_set_add(struct index_set *s, uint64_t index, struct err *e)
{
        size_t room = s->room ? s->room * 2 : 1024;
        uint64_t *v;

        if (s->n < s->room) {
                s->v[s->n++] = index;
                return ERR_OK;
        }
        if (s->n >= INDEX_SET_MAX)
                return err_key(e, ERR_TOO_BIG, "evidence.big", "", NULL);
        v = reallocarray(s->v, room, sizeof(*v));
        if (!v)
                return err_set(e, ERR_NOMEM, "entries");
        s->v = v;
        s->room = room;
        s->v[s->n++] = index;
        return ERR_OK;
}

static int by_number(const void *a, const void *b)
{
        uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

        return x < y ? -1 : x > y;
}

void index_set_settle(struct index_set *s)
{
        size_t n = 0;

        if (s->n)
                qsort(s->v, s->n, sizeof(*s->v), by_number);
        for (size_t i = 0; i < s->n; i++)
                if (!n || s->v[n - 1] != s->v[i])
                        s->v[n++] = s->v[i];
        s->n = n;
}

void index_set_done(struct index_set *s)
{
        free(s->v);
        *s = INDEX_SET_INIT;
}

/* ---- periods ---- */

int gather_first(uint64_t *index, struct db *db, utime_t at, uint64_t size, struct err *e)
{
        uint64_t low = 0, high = size;

        while (low < high) {
                uint64_t middle = low + (high - low) / 2;
                struct stmt s = stmt_of(db, SQL_GATHER_AT);
                int r;
                bool before;

                bind_int(&s, (int64_t)middle);
                r = stmt_row(&s, e);
                before = r == 1 && col_int(&s, 0) < at;
                stmt_end(&s);
                if (r < 1)
                        return r < 0 ? r : err_set(e, ERR_TAMPERED, "journal entry %llu is missing", (unsigned long long)middle);
                low = before ? middle + 1 : low;
                high = before ? high : middle;
        }
        *index = low;
        return ERR_OK;
}

/* ---- rows ---- */

static int id_room(struct id_list *to, struct arena *a, struct err *e)
{
        size_t room = to->room ? to->room * 2 : 64;
        struct str *more;

        if (to->n < to->room)
                return ERR_OK;
        if (to->n >= GATHER_IDS_MAX)
                return err_key(e, ERR_TOO_BIG, "evidence.big", "", NULL);
        more = arena_array(a, room, sizeof(*more));
        if (!more)
                return err_set(e, ERR_NOMEM, "ids");
        if (to->n)
                memcpy(more, to->v, to->n * sizeof(*more));
        to->v = more;
        to->room = room;
        return ERR_OK;
}

int gather_ids(struct id_list *to, struct db *db, enum gather_ids what, struct str of, struct entry_range in, struct str body, struct str own, struct arena *a, struct err *e)
{
        static const enum sql sqls[] = {
                [GATHER_CASES] = SQL_GATHER_CASES,           [GATHER_CASES_OF] = SQL_GATHER_CASES_OF,     [GATHER_DUTIES_BY] = SQL_GATHER_DUTIES_BY,
                [GATHER_DUTIES_OF] = SQL_GATHER_DUTIES_OF,   [GATHER_DUTIES_APP] = SQL_GATHER_DUTIES_APP, [GATHER_OPENED] = SQL_GATHER_OPENED,
        };
        struct stmt s = stmt_of(db, sqls[what]);
        int r;

        bind_text(&s, of);
        bind_int(&s, (int64_t)in.from);
        bind_int(&s, (int64_t)in.before);
        bind_text(&s, body);
        bind_text(&s, own);
        while ((r = stmt_row(&s, e)) == 1) {
                r = id_room(to, a, e);
                if (r == ERR_OK)
                        r = col_text(&to->v[to->n], &s, 0, a, e);
                if (r < 0)
                        break;
                to->n++;
        }
        stmt_end(&s);
        return r;
}

/* ---- entries ---- */

int gather_entries(struct index_set *to, struct db *db, enum gather_entries what, struct str of, struct str id, struct entry_range in, struct err *e)
{
        static const enum sql sqls[] = { [GATHER_REF] = SQL_GATHER_REF, [GATHER_TYPE] = SQL_GATHER_TYPE, [GATHER_REGISTER] = SQL_GATHER_REGISTER, [GATHER_ROW] = SQL_GATHER_ROW };
        struct stmt s = stmt_of(db, sqls[what]);
        int r;

        bind_text(&s, of);
        bind_int(&s, (int64_t)in.from);
        bind_int(&s, (int64_t)in.before);
        if (what == GATHER_ROW)
                bind_text(&s, id);
        while ((r = stmt_row(&s, e)) == 1) {
                r = index_set_add(to, (uint64_t)col_int(&s, 0), e);
                if (r < 0)
                        break;
        }
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int gather_entry(struct gathered_entry *out, struct db *db, uint64_t index, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_GATHER_ENTRIES);
        struct gathered_entry x = { .index = index };
        int r;

        bind_int(&s, (int64_t)index);
        r = stmt_row(&s, e);
        if (r == 1) {
                x.at = col_int(&s, 1);
                r = col_text(&x.type, &s, 2, a, e);
                if (r == ERR_OK)
                        r = col_text(&x.ref, &s, 3, a, e);
                if (r == ERR_OK && !col_null(&s, 4))
                        r = col_text(&x.actor, &s, 4, a, e);
                if (r == ERR_OK && !col_hash(&x.leaf, &s, 5))
                        r = err_set(e, ERR_TAMPERED, "leaf of entry %llu", (unsigned long long)index);
                if (r == ERR_OK)
                        r = col_blob(&x.bytes, &s, 6, a, e);
        } else if (r == 0) {
                r = err_set(e, ERR_TAMPERED, "journal entry %llu is missing", (unsigned long long)index);
        }
        stmt_end(&s);
        if (r == ERR_OK)
                *out = x;
        return r;
}

int gather_attached(bool *kept, bool *erased, struct db *db, struct str hash, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct stmt s = stmt_of(db, SQL_GATHER_STATE);
        struct str state = STR("");
        int r;

        bind_text(&s, hash);
        r = stmt_row(&s, e);
        if (r == 1) {
                *erased = col_int(&s, 1) != 0;
                r = col_text(&state, &s, 0, &a, e);
                *kept = str_is(state, "kept");
        } else if (r == 0) {
                r = err_set(e, ERR_ABSENT, "attachment");
        }
        stmt_end(&s);
        return r;
}
