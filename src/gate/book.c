/* book.c - see book.h. */
#include "gate/book.h"

static int path_of(char to[SETTINGS_PATH], const struct book *b, struct err *e)
{
        return settings_path(to, b->set->dir, "table", e);
}

static int check(const struct book *b, const struct grants *t, struct err *e)
{
        int r = grants_verify(t, b->set->table_key, e);

        if (r < 0)
                return r;
        if (!uuid_eq(t->head.install, b->set->install))
                return err_set(e, ERR_FORBIDDEN, "table %llu is another install's", (unsigned long long)t->head.seq);
        if (t->head.epoch < b->set->epoch)
                return err_set(e, ERR_CONFLICT, "table of epoch %u, this gate was enrolled in %u", t->head.epoch, b->set->epoch);
        return ERR_OK;
}

int book_load(struct book *b, struct err *e)
{
        scoped(buf_done) struct buf bytes = BUF_INIT;
        scoped(grants_free) struct grants *t = NULL;
        char path[SETTINGS_PATH];
        int r = path_of(path, b, e);

        if (r == ERR_OK)
                r = file_read(&bytes, path, GRANT_TABLE_MAX, e);
        if (r == ERR_OK)
                r = grants_decode(&t, buf_view(&bytes), e);
        if (r == ERR_OK)
                r = check(b, t, e);
        if (r < 0)
                return r;
        b->table = take(t);
        b->saved = true;
        return ERR_OK;
}

int book_save(struct book *b, struct err *e)
{
        scoped(buf_done) struct buf bytes = BUF_INIT;
        char path[SETTINGS_PATH];
        int r = path_of(path, b, e);

        if (r == ERR_OK)
                r = grants_encode(&bytes, b->table, e);
        if (r == ERR_OK)
                r = file_replace(path, buf_view(&bytes), 0600, e);
        b->saved = r == ERR_OK;
        return r;
}

static int open_body(struct grants **out, const struct book *b, uint32_t frame, struct str body, struct err *e)
{
        struct grant_delta d;
        int r;

        if (frame == FRAME_SNAPSHOT)
                return grants_decode(out, body, e);
        if (frame != FRAME_DELTA)
                return err_set(e, ERR_INPUT, "body of frame type %u", frame);
        if (!b->table)
                return err_set(e, ERR_CONFLICT, "a delta, and we have no table");
        r = grant_delta_decode(&d, body, e);
        return r < 0 ? r : grants_apply(out, b->table, &d, b->set->table_key, e);
}

/* The same table once more is fine (a snapshot after a lost delta); an older one, or another of the same number, never. */
static int newer(const struct book *b, const struct grants *t, struct err *e)
{
        struct hash ours, theirs;

        if (!b->table || grants_newer(&t->head, &b->table->head))
                return 1;
        ours = grant_header_hash(&b->table->head);
        theirs = grant_header_hash(&t->head);
        if (hash_eq(&ours, &theirs))
                return 0;
        return err_set(e, ERR_CONFLICT, "table %u/%llu is not newer than ours, %u/%llu", t->head.epoch, (unsigned long long)t->head.seq,
                       b->table->head.epoch, (unsigned long long)b->table->head.seq);
}

int book_take(struct book *b, uint32_t frame, struct str body, struct err *e)
{
        scoped(grants_free) struct grants *t = NULL;
        int r = open_body(&t, b, frame, body, e);

        if (r == ERR_OK)
                r = check(b, t, e);
        if (r == ERR_OK)
                r = newer(b, t, e);
        if (r != 1)
                return r;
        grants_free(b->table);
        b->table = take(t);
        b->saved = false;
        return 1;
}

void book_done(struct book *b)
{
        b->table = grants_free(b->table);
}
