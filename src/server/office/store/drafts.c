/* drafts.c - see drafts.h. */
#include "server/office/store/drafts.h"

#include "server/office/store/stmt.h"
#include "sys/entropy.h"

#define UNIT "local-drafts"                    /* its key in keys.db */

#define PARTS(d, nonce, sealed)                                                                                         \
        ((const struct str[]){ (d)->id, (d)->person, (d)->form, (d)->about, int_part(&(d)->rev), int_part(&(d)->saved_at), nonce, sealed }), 8

/* One draft's words cannot stand in another's row, nor in another person's. */
static struct hash aad_of(const struct draft *d)
{
        return hash_runs((const struct str[]){ d->id, { "", 1 }, d->person }, 3);
}

int draft_put(struct db *db, const struct draft *d, struct err *e)
{
        uint8_t key[32], nonce[PAYLOAD_NONCE];
        scoped(buf_done) struct buf sealed = BUF_INIT;
        struct str nonce_part = { (const char *)nonce, sizeof(nonce) };
        struct hash aad = aad_of(d), mac;
        struct stmt s;
        int r;

        if (d->body.n > DRAFT_BYTES_MAX)
                return err_key(e, ERR_TOO_BIG, "draft.big", "", NULL);
        r = db_unit_key(db, UNIT, true, d->saved_at, key, e);
        if (r < 0)
                return r;
        entropy_fill(nonce, sizeof(nonce));
        buf_str(&sealed, d->body);
        buf_add(&sealed, (const uint8_t[PAYLOAD_TAG]){ 0 }, PAYLOAD_TAG);
        if (buf_bad(&sealed) || !payload_seal((uint8_t *)sealed.p, key, nonce, &aad, (const uint8_t *)d->body.p, (int)d->body.n))
                return err_set(e, ERR_NOMEM, "draft");
        r = local_mac(&mac, db, "draft", PARTS(d, nonce_part, buf_view(&sealed)), e);
        if (r < 0)
                return r;
        s = stmt_of(db, SQL_DRAFT_PUT);
        bind_text(&s, d->id);
        bind_text(&s, d->person);
        bind_text(&s, d->form);
        bind_text(&s, d->about);
        bind_int(&s, d->rev);
        bind_int(&s, d->saved_at);
        bind_blob(&s, nonce, sizeof(nonce));
        bind_blob(&s, sealed.p, sealed.n);
        bind_blob(&s, mac.b, HASH_SIZE);
        return stmt_run(&s, e);
}

static int open_body(struct draft *d, struct db *db, struct str nonce, struct str sealed, struct arena *a, struct err *e)
{
        struct hash aad = aad_of(d);
        uint8_t key[32], *plain;
        int r = db_unit_key(db, UNIT, false, 0, key, e);

        if (r < 0)
                return r;
        if (nonce.n != PAYLOAD_NONCE || sealed.n < PAYLOAD_TAG || sealed.n > DRAFT_BYTES_MAX + PAYLOAD_TAG)
                return err_set(e, ERR_TAMPERED, "draft is malformed");
        plain = arena_alloc(a, sealed.n);
        if (!plain)
                return err_set(e, ERR_NOMEM, "draft");
        if (!payload_unseal(plain, key, (const uint8_t *)nonce.p, &aad, (const uint8_t *)sealed.p, (int)(sealed.n - PAYLOAD_TAG)))
                return err_set(e, ERR_TAMPERED, "draft does not open");
        d->body = (struct str){ (const char *)plain, sealed.n - PAYLOAD_TAG };
        return ERR_OK;
}

static int take_row(struct draft *out, struct stmt *s, struct db *db, struct arena *a, struct err *e)
{
        struct draft d = { .rev = col_int(s, 4), .saved_at = col_int(s, 5) };
        struct str *const texts[] = { &d.id, &d.person, &d.form, &d.about };
        struct str nonce = { 0 }, sealed = { 0 };
        int r = ERR_OK;

        for (int i = 0; r == ERR_OK && i < (int)countof(texts); i++)
                r = col_text(texts[i], s, i, a, e);
        if (r == ERR_OK)
                r = col_blob(&nonce, s, 6, a, e);
        if (r == ERR_OK)
                r = col_blob(&sealed, s, 7, a, e);
        if (r == ERR_OK)
                r = local_check(db, "draft", PARTS(&d, nonce, sealed), s, 8, e);
        if (r == ERR_OK)
                r = open_body(&d, db, nonce, sealed, a, e);
        if (r == ERR_OK)
                *out = d;
        return r;
}

int draft_get(struct draft *out, struct db *db, struct str id, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_DRAFT_GET);
        int r;

        bind_text(&s, id);
        r = stmt_row(&s, e);
        if (r == 1) {
                int x = take_row(out, &s, db, a, e);

                r = x < 0 ? x : 1;
        }
        stmt_end(&s);
        return r == 0 ? err_set(e, ERR_ABSENT, "no such draft") : r < 0 ? r : ERR_OK;
}

int draft_list(struct draft out[DRAFTS_MAX], size_t *n, struct db *db, struct str person, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_DRAFTS_OF);
        size_t have = 0;
        int r;

        bind_text(&s, person);
        bind_int(&s, DRAFTS_MAX);
        while ((r = stmt_row(&s, e)) == 1) {
                int x = take_row(&out[have++], &s, db, a, e);

                if (x < 0) {
                        stmt_end(&s);
                        return x;
                }
        }
        if (r < 0)
                return r;
        *n = have;
        return ERR_OK;
}

int draft_drop(struct db *db, struct str id, struct str person, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_DRAFT_DROP);

        bind_text(&s, id);
        bind_text(&s, person);
        return stmt_run(&s, e);
}

int drafts_old(bool *out, struct db *db, utime_t saved_before, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_DRAFTS_OLD);
        int r;

        bind_int(&s, saved_before);
        r = stmt_row(&s, e);
        if (r == 1)
                *out = col_int(&s, 0) > 0;
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int drafts_sweep(struct db *db, utime_t saved_before, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_DRAFT_SWEEP);

        bind_int(&s, saved_before);
        return stmt_run(&s, e);
}
