/* grants.c - see grants.h; the layouts are described in full in docs/formats/grant-table.md. */
#include "wire/grants.h"

#include "base/codec.h"
#include "base/cursor.h"

static const char table_magic[8] = { 'S', 'E', 'K', 'I', 'G', 'R', 'N', 'T' };
static const char delta_magic[8] = { 'S', 'E', 'K', 'I', 'D', 'L', 'T', 'A' };

_Static_assert(sizeof(struct grant_key) == 1 + GRANT_KEY_BYTES, "memcmp compares every byte of a key");

struct grants *grants_free(struct grants *t)
{
        if (t) {
                free(t->rows);
                free(t->side);
                free(t);
        }
        return NULL;
}

int grant_key_cmp(const struct grant_key *a, const struct grant_key *b)
{
        return memcmp(a, b, sizeof(*a));
}

bool grant_key_from_mac(struct grant_key *out, struct str mac)
{
        struct grant_key k = { .kind = GRANT_MAC };
        char hex[3 * GRANT_MAC_BYTES];

        if (mac.n != sizeof(hex) - 1)
                return false;
        for (size_t i = 0; i < mac.n; i++)
                hex[i] = mac.p[i] >= 'A' && mac.p[i] <= 'F' ? (char)(mac.p[i] | 0x20) : mac.p[i];
        for (size_t i = 0; i < GRANT_MAC_BYTES; i++)
                if (!hex_decode((struct str){ hex + 3 * i, 2 }, k.key + i, 1) || (i && hex[3 * i - 1] != ':'))
                        return false;
        *out = k;
        return true;
}

/* A key is well formed when its kind is known and what its kind does not use is zero. */
static bool key_ok(const struct grant_key *k)
{
        if (k->kind < GRANT_MAC || k->kind > GRANT_DOMAIN)
                return false;
        for (size_t i = GRANT_MAC_BYTES; k->kind == GRANT_MAC && i < GRANT_KEY_BYTES; i++)
                if (k->key[i])
                        return false;
        return true;
}

static bool grant_ok(const struct grant *g)
{
        return key_ok(&g->key) && g->verdict >= GRANT_ALLOW && g->verdict <= GRANT_DENY && g->class == 0 && g->from < g->until;
}

static void grant_encode(struct buf *out, const struct grant *g)
{
        put_u8(out, g->key.kind);
        put_u8(out, g->verdict);
        put_u8(out, g->class);
        put_u8(out, 0);
        put_u16(out, g->zone);
        put_u16(out, g->reason);
        put_run(out, g->key.key, GRANT_KEY_BYTES);
        put_run(out, g->subject.b, sizeof(g->subject.b));
        put_run(out, g->permit.b, sizeof(g->permit.b));
        put_i64(out, g->from);
        put_i64(out, g->until);
        put_i64(out, g->posture_until);
        put_u64(out, g->generation);
        put_zeros(out, 24);
}

static bool grant_decode(struct grant *out, const uint8_t bytes[GRANT_BYTES])
{
        struct cursor c = cursor_of(bytes, GRANT_BYTES);

        out->key.kind = get_u8(&c);
        out->verdict = get_u8(&c);
        out->class = get_u8(&c);
        get_zeros(&c, 1);
        out->zone = get_u16(&c);
        out->reason = get_u16(&c);
        get_copy(&c, out->key.key, GRANT_KEY_BYTES);
        get_copy(&c, out->subject.b, sizeof(out->subject.b));
        get_copy(&c, out->permit.b, sizeof(out->permit.b));
        out->from = get_i64(&c);
        out->until = get_i64(&c);
        out->posture_until = get_i64(&c);
        out->generation = get_u64(&c);
        get_zeros(&c, 24);
        return !c.bad && grant_ok(out);
}

/* --- header --- */

static void header_put(struct buf *out, const struct grant_header *h)
{
        put_run(out, table_magic, sizeof(table_magic));
        put_u16(out, GRANT_VERSION);
        put_u16(out, 0);
        put_u32(out, h->epoch);
        put_run(out, h->install.b, sizeof(h->install.b));
        put_u64(out, h->seq);
        put_i64(out, h->made_at);
        put_i64(out, h->valid_until);
        put_u32(out, h->count);
        put_u32(out, h->side_bytes);
        put_run(out, h->content.b, HASH_SIZE);
        put_run(out, h->previous.b, HASH_SIZE);
        put_zeros(out, 32);
}

void grant_header_encode(uint8_t to[GRANT_HEADER_BYTES], const struct grant_header *h)
{
        char room[GRANT_HEADER_BYTES + 1];
        struct buf b = { .p = room, .room = sizeof(room) }; /* as large as it gets: it never grows, so nothing can be refused */

        header_put(&b, h);
        memcpy(to, b.p, GRANT_HEADER_BYTES);
}

int grant_header_decode(struct grant_header *out, struct str bytes, struct err *e)
{
        struct cursor c = cursor_of(bytes.p, bytes.n);
        struct grant_header h = { 0 };
        char magic[sizeof(table_magic)];
        uint16_t version;

        get_copy(&c, magic, sizeof(magic));
        version = get_u16(&c);
        if (c.bad || memcmp(magic, table_magic, sizeof(magic)) != 0)
                return err_set(e, ERR_INPUT, "not a grant table");
        if (version != GRANT_VERSION)
                return err_set(e, ERR_VERSION, "grant table of version %u", version);

        get_zeros(&c, 2);
        h.epoch = get_u32(&c);
        get_copy(&c, h.install.b, sizeof(h.install.b));
        h.seq = get_u64(&c);
        h.made_at = get_i64(&c);
        h.valid_until = get_i64(&c);
        h.count = get_u32(&c);
        h.side_bytes = get_u32(&c);
        get_copy(&c, h.content.b, HASH_SIZE);
        get_copy(&c, h.previous.b, HASH_SIZE);
        get_zeros(&c, 32);
        if (c.bad || c.left || !h.epoch || !h.seq)
                return err_set(e, ERR_INPUT, "grant table header malformed");
        if (h.count > GRANT_COUNT_MAX || h.side_bytes > GRANT_SIDE_MAX)
                return err_set(e, ERR_TOO_BIG, "grant table of %u records and %u side bytes", h.count, h.side_bytes);
        *out = h;
        return ERR_OK;
}

struct hash grant_header_hash(const struct grant_header *h)
{
        uint8_t bytes[GRANT_HEADER_BYTES];

        grant_header_encode(bytes, h);
        return hash_bytes((struct str){ (const char *)bytes, sizeof(bytes) });
}

bool grants_newer(const struct grant_header *a, const struct grant_header *b)
{
        return a->epoch != b->epoch ? a->epoch > b->epoch : a->seq > b->seq;
}

/* --- tables --- */

static int table_alloc(struct grants **out, size_t rows, struct str side, struct err *e)
{
        scoped(grants_free) struct grants *t = calloc(1, sizeof(*t));

        if (rows > GRANT_COUNT_MAX || side.n > GRANT_SIDE_MAX)
                return err_set(e, ERR_TOO_BIG, "grant table of %zu records and %zu side bytes", rows, side.n);
        if (t) {
                t->rows = calloc(rows + 1, sizeof(*t->rows)); /* one more: never an allocation of nothing */
                t->side = malloc(side.n + 1);
        }
        if (!t || !t->rows || !t->side)
                return err_set(e, ERR_NOMEM, "grant table");
        if (side.n)
                memcpy(t->side, side.p, side.n);
        t->head.side_bytes = (uint32_t)side.n;
        *out = take(t);
        return ERR_OK;
}

int grants_new(struct grants **out, const struct grant *rows, size_t n, struct str side, struct err *e)
{
        int r = table_alloc(out, n, side, e);

        if (r < 0)
                return r;
        if (n)
                memcpy((*out)->rows, rows, n * sizeof(*rows));
        (*out)->head.count = (uint32_t)n;
        return ERR_OK;
}

static bool rows_sorted(const struct grant *rows, size_t n)
{
        for (size_t i = 1; i < n; i++)
                if (grant_key_cmp(&rows[i - 1].key, &rows[i].key) >= 0)
                        return false;
        return true;
}

/* Records ‖ side section, as they stand in the file; also what the header's content hash covers. */
static void content_put(struct buf *out, const struct grants *t)
{
        for (size_t i = 0; i < t->head.count; i++)
                grant_encode(out, &t->rows[i]);
        put_run(out, t->side, t->head.side_bytes);
}

int grants_seal(struct grants *t, struct err *e)
{
        scoped(buf_done) struct buf content = BUF_INIT;

        if (!rows_sorted(t->rows, t->head.count))
                return err_set(e, ERR_BUG, "grant rows are not sorted or not unique");
        for (size_t i = 0; i < t->head.count; i++)
                if (!grant_ok(&t->rows[i]))
                        return err_set(e, ERR_BUG, "grant row %zu is malformed", i);
        content_put(&content, t);
        if (buf_bad(&content))
                return err_set(e, ERR_NOMEM, "grant table");
        t->head.content = hash_bytes(buf_view(&content));
        return ERR_OK;
}

int grants_encode(struct buf *out, const struct grants *t, struct err *e)
{
        header_put(out, &t->head);
        put_run(out, t->sig, sizeof(t->sig));
        content_put(out, t);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "grant table") : ERR_OK;
}

static int rows_decode(struct grant *rows, size_t n, struct str bytes, struct err *e)
{
        for (size_t i = 0; i < n; i++)
                if (!grant_decode(&rows[i], (const uint8_t *)bytes.p + i * GRANT_BYTES))
                        return err_set(e, ERR_INPUT, "grant record %zu is malformed", i);
        return rows_sorted(rows, n) ? ERR_OK : err_set(e, ERR_INPUT, "grant records are not sorted or not unique");
}

int grants_decode(struct grants **out, struct str file, struct err *e)
{
        scoped(grants_free) struct grants *t = NULL;
        const size_t fixed = GRANT_HEADER_BYTES + ED25519_SIG;
        struct grant_header h;
        struct str content;
        int r;

        if (file.n < fixed)
                return err_set(e, ERR_INPUT, "grant table of %zu bytes", file.n);
        r = grant_header_decode(&h, (struct str){ file.p, GRANT_HEADER_BYTES }, e);
        if (r < 0)
                return r;
        content = (struct str){ file.p + fixed, file.n - fixed };
        if (content.n != (size_t)h.count * GRANT_BYTES + h.side_bytes)
                return err_set(e, ERR_INPUT, "grant table: %zu bytes of content, header says %u records and %u", content.n,
                               h.count, h.side_bytes);

        struct hash got = hash_bytes(content);

        if (!hash_eq(&got, &h.content))
                return err_set(e, ERR_TAMPERED, "grant table %llu: content differs from its header", (unsigned long long)h.seq);
        r = table_alloc(&t, h.count, (struct str){ content.p + (size_t)h.count * GRANT_BYTES, h.side_bytes }, e);
        if (r < 0)
                return r;
        r = rows_decode(t->rows, h.count, content, e);
        if (r < 0)
                return r;
        t->head = h;
        memcpy(t->sig, file.p + GRANT_HEADER_BYTES, ED25519_SIG);
        *out = take(t);
        return ERR_OK;
}

int grant_header_verify(const struct grant_header *h, const uint8_t sig[ED25519_SIG], const uint8_t key[ED25519_KEY], struct err *e)
{
        uint8_t bytes[GRANT_HEADER_BYTES];
        int r;

        grant_header_encode(bytes, h);
        r = ed25519_verify(key, (struct str){ (const char *)bytes, sizeof(bytes) }, sig, e);
        return r < 0 ? err_wrap(e, r, "grant table %u/%llu", h->epoch, (unsigned long long)h->seq) : ERR_OK;
}

int grants_verify(const struct grants *t, const uint8_t key[ED25519_KEY], struct err *e)
{
        return grant_header_verify(&t->head, t->sig, key, e);
}

static int key_vs_row(const void *key, const void *row)
{
        return grant_key_cmp(key, &((const struct grant *)row)->key);
}

const struct grant *grants_find(const struct grants *t, const struct grant_key *key)
{
        return bsearch(key, t->rows, t->head.count, sizeof(*t->rows), key_vs_row);
}

/* --- deltas --- */

static void delete_encode(struct buf *out, const struct grant_key *k)
{
        put_u8(out, k->kind);
        put_zeros(out, 7);
        put_run(out, k->key, GRANT_KEY_BYTES);
}

static bool delete_decode(struct grant_key *out, const char *bytes)
{
        struct cursor c = cursor_of(bytes, GRANT_DELETE_BYTES);

        out->kind = get_u8(&c);
        get_zeros(&c, 7);
        get_copy(&c, out->key, GRANT_KEY_BYTES);
        return !c.bad && key_ok(out);
}

static bool grant_eq(const struct grant *a, const struct grant *b)
{
        return grant_key_cmp(&a->key, &b->key) == 0 && a->verdict == b->verdict && a->class == b->class && a->zone == b->zone &&
               a->reason == b->reason && uuid_eq(a->subject, b->subject) && uuid_eq(a->permit, b->permit) && a->from == b->from &&
               a->until == b->until && a->posture_until == b->posture_until && a->generation == b->generation;
}

/* Walks both sorted tables once. */
static void rows_diff(struct buf *upserts, struct buf *deletes, const struct grants *from, const struct grants *to)
{
        size_t i = 0, k = 0;

        while (i < from->head.count || k < to->head.count) {
                const struct grant *a = i < from->head.count ? &from->rows[i] : NULL;
                const struct grant *b = k < to->head.count ? &to->rows[k] : NULL;
                int order = !a ? 1 : !b ? -1 : grant_key_cmp(&a->key, &b->key);

                if (order < 0)
                        delete_encode(deletes, &a->key);
                else if (order > 0 || !grant_eq(a, b))
                        grant_encode(upserts, b);
                i += order <= 0;
                k += order >= 0;
        }
}

int grants_delta(struct buf *out, const struct grants *from, const struct grants *to, struct err *e)
{
        scoped(buf_done) struct buf upserts = BUF_INIT;
        scoped(buf_done) struct buf deletes = BUF_INIT;

        if (!uuid_eq(from->head.install, to->head.install) || from->head.epoch != to->head.epoch || from->head.seq >= to->head.seq)
                return err_set(e, ERR_CONFLICT, "no delta from %u/%llu to %u/%llu", from->head.epoch,
                               (unsigned long long)from->head.seq, to->head.epoch, (unsigned long long)to->head.seq);
        rows_diff(&upserts, &deletes, from, to);
        if (buf_bad(&upserts) || buf_bad(&deletes))
                return err_set(e, ERR_NOMEM, "delta");
        if (upserts.n + deletes.n + to->head.side_bytes > FRAME_BODY_MAX - 256)
                return err_set(e, ERR_TOO_BIG, "delta larger than a frame");

        put_run(out, delta_magic, sizeof(delta_magic));
        put_u16(out, GRANT_VERSION);
        put_u16(out, 0);
        put_u32(out, (uint32_t)(upserts.n / GRANT_BYTES));
        put_u32(out, (uint32_t)(deletes.n / GRANT_DELETE_BYTES));
        put_u32(out, 0);
        put_u64(out, from->head.seq);
        header_put(out, &to->head);
        put_run(out, to->sig, sizeof(to->sig));
        buf_str(out, buf_view(&upserts));
        buf_str(out, buf_view(&deletes));
        put_run(out, to->side, to->head.side_bytes);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "delta") : ERR_OK;
}

static struct str view_run(struct cursor *c, size_t n)
{
        const uint8_t *p = get_run(c, n);

        return (struct str){ (const char *)p, p ? n : 0 };
}

int grant_delta_decode(struct grant_delta *out, struct str bytes, struct err *e)
{
        struct cursor c = cursor_of(bytes.p, bytes.n);
        struct grant_delta d = { 0 };
        char magic[sizeof(delta_magic)];
        struct str head;
        uint16_t version;
        int r;

        get_copy(&c, magic, sizeof(magic));
        version = get_u16(&c);
        if (c.bad || memcmp(magic, delta_magic, sizeof(magic)) != 0)
                return err_set(e, ERR_INPUT, "not a delta");
        if (version != GRANT_VERSION)
                return err_set(e, ERR_VERSION, "delta of version %u", version);

        get_zeros(&c, 2);
        d.upserts = get_u32(&c);
        d.deletes = get_u32(&c);
        get_zeros(&c, 4);
        d.base_seq = get_u64(&c);
        head = view_run(&c, GRANT_HEADER_BYTES);
        get_copy(&c, d.sig, sizeof(d.sig));
        if (c.bad || d.upserts > GRANT_COUNT_MAX || d.deletes > GRANT_COUNT_MAX)
                return err_set(e, ERR_INPUT, "delta malformed");
        r = grant_header_decode(&d.head, head, e);
        if (r < 0)
                return err_wrap(e, r, "delta");
        d.upsert_bytes = view_run(&c, (size_t)d.upserts * GRANT_BYTES);
        d.delete_bytes = view_run(&c, (size_t)d.deletes * GRANT_DELETE_BYTES);
        d.side = view_run(&c, d.head.side_bytes);
        if (c.bad || c.left)
                return err_set(e, ERR_INPUT, "delta of %zu bytes does not hold what it counts", bytes.n);
        *out = d;
        return ERR_OK;
}

/* Why this delta cannot continue this table; ERR_OK when it can. */
static int delta_fits(const struct grants *base, const struct grant_delta *d, struct err *e)
{
        struct hash before = grant_header_hash(&base->head);

        if (!uuid_eq(base->head.install, d->head.install) || base->head.epoch != d->head.epoch || base->head.seq != d->base_seq)
                return err_set(e, ERR_CONFLICT, "delta continues %u/%llu, ours is %u/%llu", d->head.epoch,
                               (unsigned long long)d->base_seq, base->head.epoch, (unsigned long long)base->head.seq);
        if (d->head.seq <= base->head.seq)
                return err_set(e, ERR_CONFLICT, "delta goes from %llu back to %llu", (unsigned long long)d->base_seq,
                               (unsigned long long)d->head.seq);
        if (d->head.seq == base->head.seq + 1 && !hash_eq(&before, &d->head.previous))
                return err_set(e, ERR_CONFLICT, "delta's chain does not continue our table");
        return ERR_OK;
}

/* Three sorted runs into one: a delete must name a row of the base, an upsert wins over it. */
static int rows_merge(struct grants *t, const struct grants *base, const struct grant_delta *d, struct err *e)
{
        struct grant_key gone, last_gone = { 0 };
        struct grant up, *to = t->rows;
        const struct grant *old = base->rows, *old_end = old + base->head.count, *to_end = to + d->head.count;
        size_t u = 0, g = 0;
        bool have_up = false, have_gone = false;

        for (;;) {
                if (!have_up && u < d->upserts) {
                        if (!grant_decode(&up, (const uint8_t *)d->upsert_bytes.p + u++ * GRANT_BYTES))
                                return err_set(e, ERR_INPUT, "delta: record %zu is malformed", u - 1);
                        have_up = true;
                }
                if (!have_gone && g < d->deletes) {
                        if (!delete_decode(&gone, d->delete_bytes.p + g++ * GRANT_DELETE_BYTES) || grant_key_cmp(&last_gone, &gone) >= 0)
                                return err_set(e, ERR_INPUT, "delta: delete %zu is malformed", g - 1);
                        last_gone = gone;
                        have_gone = true;
                }
                if (have_gone && old < old_end && grant_key_cmp(&gone, &old->key) == 0) {
                        have_gone = false;
                        old++;
                        continue;
                }
                if (old == old_end && !have_up)
                        break;
                if (to == to_end)
                        return err_set(e, ERR_TAMPERED, "delta gives more rows than its header says");

                int order = !have_up ? -1 : old == old_end ? 1 : grant_key_cmp(&old->key, &up.key);

                *to++ = order < 0 ? *old : up;
                old += order <= 0;
                have_up = order < 0 && have_up;
        }
        if (have_gone || to != to_end || !rows_sorted(t->rows, d->head.count))
                return err_set(e, ERR_TAMPERED, "delta does not lead to the table its header names");
        return ERR_OK;
}

int grants_apply(struct grants **out, const struct grants *base, const struct grant_delta *d, const uint8_t key[ED25519_KEY],
                 struct err *e)
{
        scoped(grants_free) struct grants *t = NULL;
        int r = delta_fits(base, d, e);

        if (r < 0)
                return r;
        r = grant_header_verify(&d->head, d->sig, key, e);
        if (r < 0)
                return r;
        r = table_alloc(&t, d->head.count, d->side, e);
        if (r < 0)
                return r;
        r = rows_merge(t, base, d, e);
        if (r < 0)
                return r;

        t->head = d->head;
        memcpy(t->sig, d->sig, sizeof(t->sig));
        r = grants_seal(t, e);
        if (r < 0)
                return r;
        if (!hash_eq(&t->head.content, &d->head.content))
                return err_set(e, ERR_TAMPERED, "delta to %llu: the result's content differs from its header",
                               (unsigned long long)d->head.seq);
        *out = take(t);
        return ERR_OK;
}

/* --- stream --- */

void frame_head(struct buf *out, uint16_t type, utime_t server_time, uint32_t body_bytes)
{
        put_u32(out, body_bytes);
        put_u16(out, type);
        put_u16(out, GRANT_VERSION);
        put_i64(out, server_time);
}

void frame_heartbeat(struct buf *out, utime_t server_time, uint64_t seq)
{
        frame_head(out, FRAME_HEARTBEAT, server_time, 8);
        put_u64(out, seq);
}

int frame_heartbeat_decode(uint64_t *seq, struct str body, struct err *e)
{
        struct cursor c = cursor_of(body.p, body.n);
        uint64_t v = get_u64(&c);

        if (c.bad || c.left)
                return err_set(e, ERR_INPUT, "heartbeat of %zu bytes", body.n);
        *seq = v;
        return ERR_OK;
}

static int frame_decode(struct frame *f, size_t *whole, struct str have, struct err *e)
{
        struct cursor c = cursor_of(have.p, have.n);
        uint32_t length = get_u32(&c);
        uint16_t type = get_u16(&c), version = get_u16(&c);
        utime_t at = get_i64(&c);

        *whole = 0;
        if (c.bad)
                return ERR_OK; /* the rest is still on its way */
        if (version != GRANT_VERSION)
                return err_set(e, ERR_VERSION, "frame of version %u", version);
        if (type < FRAME_SNAPSHOT || type > FRAME_HEARTBEAT || at < 0)
                return err_set(e, ERR_INPUT, "frame of type %u", type);
        if (length > FRAME_BODY_MAX)
                return err_set(e, ERR_TOO_BIG, "frame of %u bytes", length);
        if (c.left < length)
                return ERR_OK;
        *f = (struct frame){ type, at, { (const char *)c.p, length } };
        *whole = FRAME_HEAD_BYTES + length;
        return ERR_OK;
}

int frame_feed(struct frame_reader *r, struct str bytes, frame_fn *hit, void *ctx, struct err *e)
{
        size_t done = 0;

        buf_str(&r->have, bytes);
        if (buf_bad(&r->have))
                return err_set(e, ERR_NOMEM, "stream");
        for (;;) {
                struct frame f;
                size_t whole;
                int ret = frame_decode(&f, &whole, (struct str){ r->have.p + done, r->have.n - done }, e);

                if (ret < 0)
                        return ret;
                if (!whole)
                        break;
                ret = hit(ctx, &f, e);
                if (ret < 0)
                        return ret;
                done += whole;
        }
        if (done) {
                memmove(r->have.p, r->have.p + done, r->have.n - done);
                r->have.n -= done;
        }
        return ERR_OK;
}

void frame_reader_done(struct frame_reader *r)
{
        buf_done(&r->have);
}
