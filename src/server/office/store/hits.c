/* hits.c - see hits.h. */
#include "server/office/store/hits.h"

enum hit_column { HIT_ID, HIT_NAME, HIT_DAY, HIT_STATE, HIT_SECTION, HIT_FOLDED };

/* Borrowed until the next row. */
static struct str text_at(struct stmt *s, enum hit_column c)
{
        const char *p = (const char *)sqlite3_column_text(s->s, c);

        return p ? (struct str){ p, (size_t)sqlite3_column_bytes(s->s, c) } : STR("");
}

static int cmp_int(int64_t a, int64_t b)
{
        return (a > b) - (a < b);
}

/* As SQLite orders them. */
static int cmp_place(const struct hits *h, const struct place *a, const struct place *b)
{
        int way = h->ask.newest ? -1 : 1;
        int r = a->is_null || b->is_null ? b->is_null - a->is_null : h->ask.by_day ? cmp_int(a->i, b->i) : str_cmp(a->s, b->s);

        return way * (r ? r : str_cmp(a->id, b->id));
}

static struct place place_at(struct hits *h)
{
        enum hit_column c = h->ask.by_day ? HIT_DAY : HIT_NAME;
        struct place p = { .is_null = col_null(&h->stmt, c), .is_text = !h->ask.by_day, .id = text_at(&h->stmt, HIT_ID) };

        if (h->ask.by_day)
                p.i = col_int(&h->stmt, c);
        else
                p.s = text_at(&h->stmt, c);
        return p;
}

static bool is_hit(struct hits *h)
{
        return (!h->ask.by_day || !col_null(&h->stmt, HIT_DAY)) &&
               (!h->ask.state.n || h->ask.reg->state_col < 0 || str_eq(text_at(&h->stmt, HIT_STATE), h->ask.state)) &&
               (!h->ask.section.n || str_eq(text_at(&h->stmt, HIT_SECTION), h->ask.section)) && search_terms_in(h->ask.terms, text_at(&h->stmt, HIT_FOLDED));
}

static bool is_behind(const struct hits *h, const struct place *p)
{
        if (!h->ask.after)
                return true;
        if (h->ask.by_day && h->ask.after->is_null)        /* the row that was seen last has no day any more: behind it is nothing */
                return false;
        return cmp_place(h, p, h->ask.after) > 0;
}

/* The page is full: its last one goes. */
static int keep(struct hits *h, const struct place *p, struct err *e)
{
        struct place kept = *p;
        size_t at = h->n;

        while (at && cmp_place(h, p, &h->page[at - 1]) < 0)
                at--;
        if (at == h->ask.limit)
                return ERR_OK;
        kept.id.p = arena_copy(h->arena, p->id.p, p->id.n);
        kept.s.p = arena_copy(h->arena, p->s.p, p->s.n);
        if (!kept.id.p || !kept.s.p)
                return err_set(e, ERR_NOMEM, "hits");
        h->n += h->n < h->ask.limit;
        memmove(&h->page[at + 1], &h->page[at], (h->n - at - 1) * sizeof(*h->page));
        h->page[at] = kept;
        return ERR_OK;
}

int hits_begin(struct hits *h, struct db *db, const struct hits_ask *ask, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf grams = BUF_INIT;

        *h = (struct hits){ .ask = *ask, .arena = a, .page = arena_array(a, ask->limit + 1, sizeof(*h->page)) };
        grams_ask(&grams, str_of(ask->reg->id), ask->terms);
        if (!h->page || buf_bad(&grams))
                return err_set(e, ERR_NOMEM, "hits");
        h->stmt = stmt_of(db, SQL_HITS);
        bind_text(&h->stmt, buf_view(&grams));
        return ERR_OK;
}

int hits_walk(struct hits *h, size_t looked, uint64_t total, struct err *e)
{
        int r = 1;

        while (h->looked < looked && h->total < total && (r = stmt_row(&h->stmt, e)) == 1) {
                struct place p;

                h->looked++;
                if (!is_hit(h))
                        continue;
                h->total++;
                p = place_at(h);
                if (is_behind(h, &p) && keep(h, &p, e) < 0)
                        return ERR_NOMEM;
        }
        return r;
}

void hits_end(struct hits *h)
{
        stmt_end(&h->stmt);
}
