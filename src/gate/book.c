/* book.c - see book.h. */
#include "gate/book.h"

static int path_of(char to[SETTINGS_PATH], const struct book *b, struct err *e)
{
        return settings_path(to, b->set->dir, "table", e);
}

/* --- whom we trust --- */

static int trust_load(struct book *b, struct err *e)
{
        scoped(buf_done) struct buf link = BUF_INIT;
        char path[SETTINGS_PATH];
        struct keylink l;
        int r = settings_path(path, b->set->dir, "trust", e);

        if (r == ERR_OK)
                r = file_read(&link, path, KEYLINK_BYTES, e);
        if (r == ERR_ABSENT)
                return ERR_OK;
        if (r < 0)
                return r;
        if (link.n != KEYLINK_BYTES)
                return err_set(e, ERR_TAMPERED, "'%s' has %zu bytes", path, link.n);
        r = keylink_decode(&l, (struct str){ link.p, KEYLINK_BODY }, e);
        if (r == ERR_OK)
                r = keylink_verify(&l, (const uint8_t *)link.p + KEYLINK_BODY, e);
        if (r < 0 || l.use != KEYLINK_TABLE || !uuid_eq(l.install, b->set->install))
                return err_wrap(e, ERR_TAMPERED, "'%s'", path);
        if (l.generation <= b->trust.generation)
                return ERR_OK;          /* enrolled anew since */
        b->trust.generation = l.generation;
        memcpy(b->trust.key[0], l.current, ED25519_KEY);
        memcpy(b->trust.key[1], l.next, ED25519_KEY);
        return ERR_OK;
}

int book_open(struct book *b, const struct settings *set, struct err *e)
{
        *b = (struct book){ .set = set, .trust = set->table };
        return trust_load(b, e);
}

/* On disk after the table that brought it, never before: the table on disk must stay one whose key we trust. */
static int trust_save(struct book *b, struct err *e)
{
        char path[SETTINGS_PATH];
        int r = b->moved ? settings_path(path, b->set->dir, "trust", e) : ERR_OK;

        if (r == ERR_OK && b->moved)
                r = file_replace(path, (struct str){ b->link, KEYLINK_BYTES }, 0600, e);
        b->moved = b->moved && r < 0;
        return r;
}

/* The trusted key that signed it; when none did, the current one: its refusal has the words. */
static const uint8_t *signer_of(const struct key_trust *t, const struct grant_header *h, const uint8_t sig[ED25519_SIG])
{
        return key_trust_has_next(t) && grant_header_verify(h, sig, t->key[1], NULL) == ERR_OK ? t->key[1] : t->key[0];
}

static int check(const struct book *b, const struct key_trust *trust, const struct grants *t, struct err *e)
{
        int r = grants_verify(t, signer_of(trust, &t->head, t->sig), e);

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
        struct key_trust trust = b->trust;
        char path[SETTINGS_PATH];
        int r = path_of(path, b, e);

        if (r == ERR_OK)
                r = file_read(&bytes, path, GRANT_TABLE_MAX, e);
        if (r == ERR_OK)
                r = grants_decode(&t, buf_view(&bytes), e);
        if (r == ERR_OK)
                r = keylinks_follow(&trust, b->set->install, KEYLINK_TABLE, (struct str){ t->side, t->head.side_bytes }, NULL, e);
        if (r >= 0)
                r = check(b, &trust, t, e);
        if (r < 0)
                return r;
        b->trust = trust;
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
        if (r == ERR_OK)
                r = trust_save(b, e);
        b->saved = r == ERR_OK;
        return r;
}

/* Links are followed before the signature is looked at: they may lead to its key. */
static int follow(struct key_trust *t, const struct book *b, struct str side, char link[KEYLINK_BYTES], struct err *e)
{
        *t = b->trust;
        return keylinks_follow(t, b->set->install, KEYLINK_TABLE, side, link, e);
}

/* 1: with *trust moved by *link. */
static int open_body(struct grants **out, struct key_trust *trust, char link[KEYLINK_BYTES], const struct book *b, uint32_t frame, struct str body, struct err *e)
{
        struct grant_delta d;
        int r, moved;

        if (frame == FRAME_SNAPSHOT) {
                r = grants_decode(out, body, e);
                return r < 0 ? r : follow(trust, b, (struct str){ (*out)->side, (*out)->head.side_bytes }, link, e);
        }
        if (frame != FRAME_DELTA)
                return err_set(e, ERR_INPUT, "body of frame type %u", frame);
        if (!b->table)
                return err_set(e, ERR_CONFLICT, "a delta, and we have no table");
        r = grant_delta_decode(&d, body, e);
        if (r < 0)
                return r;
        moved = follow(trust, b, d.side, link, e);
        if (moved < 0)
                return moved;
        r = grants_apply(out, b->table, &d, signer_of(trust, &d.head, d.sig), e);
        return r < 0 ? r : moved;
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
        char link[KEYLINK_BYTES];
        struct key_trust trust;
        int moved = open_body(&t, &trust, link, b, frame, body, e), r = moved < 0 ? moved : check(b, &trust, t, e);

        if (r == ERR_OK)
                r = newer(b, t, e);
        if (r != 1)
                return r;
        if (moved) {
                b->trust = trust;
                b->moved = true;
                memcpy(b->link, link, sizeof(b->link));
        }
        grants_free(b->table);
        b->table = take(t);
        b->saved = false;
        return 1;
}

void book_done(struct book *b)
{
        b->table = grants_free(b->table);
}
