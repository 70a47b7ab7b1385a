/* tombstones.c - see tombstones.h. */
#include "wire/tombstones.h"

#include "base/codec.h"

enum { FILE_VERSION = 1 };

static const char magic[8] = { 'S', 'E', 'K', 'I', 'T', 'O', 'M', 'B' };

static void put_unit(struct buf *out, const char *unit)
{
        size_t n = strlen(unit);

        if (n >= TOMBSTONE_UNIT) {
                out->bad = true;
                return;
        }
        put_run(out, unit, n);
        put_zeros(out, TOMBSTONE_UNIT - n);
}

/* A name of printable ASCII, then zeros to the end. */
static bool get_unit(struct cursor *c, char unit[TOMBSTONE_UNIT])
{
        size_t n;

        get_copy(c, unit, TOMBSTONE_UNIT);
        if (c->bad || unit[TOMBSTONE_UNIT - 1])
                return false;
        n = strlen(unit);
        for (size_t i = 0; i < TOMBSTONE_UNIT; i++)
                if (i < n ? unit[i] <= ' ' || unit[i] > '~' : unit[i] != 0)
                        return false;
        return n > 0;
}

void tombstone_fixed_encode(struct buf *out, const char *unit)
{
        put_run(out, magic, sizeof(magic));
        put_unit(out, unit);
}

int tombstone_fixed_decode(char unit[TOMBSTONE_UNIT], struct str fixed, struct err *e)
{
        struct cursor c = cursor_of(fixed.p, fixed.n);
        char got[sizeof(magic)], name[TOMBSTONE_UNIT];

        get_copy(&c, got, sizeof(got));
        if (c.bad || memcmp(got, magic, sizeof(magic)) || !get_unit(&c, name) || c.left)
                return err_set(e, ERR_INPUT, "malformed tombstone request");
        memcpy(unit, name, TOMBSTONE_UNIT);
        return ERR_OK;
}

void tombstones_head_encode(struct buf *out)
{
        put_run(out, magic, sizeof(magic));
        put_u16(out, FILE_VERSION);
        put_zeros(out, TOMBSTONES_HEAD - sizeof(magic) - 2);
}

void tombstone_encode(struct buf *out, const struct tombstone *t)
{
        put_unit(out, t->unit);
        put_u64(out, t->entry);
}

struct hash tombstone_chain(const struct hash *before, const struct tombstone *t)
{
        scoped(buf_done) struct buf record = BUF_INIT;
        struct str runs[2] = { { (const char *)before->b, HASH_SIZE }, { 0 } };

        tombstone_encode(&record, t);
        runs[1] = buf_view(&record);
        return hash_runs(runs, countof(runs));
}

int tombstones_decode(struct tombstone **out, size_t *n, size_t *torn, struct str file, struct arena *a, struct err *e)
{
        struct cursor c = cursor_of(file.p, file.n);
        char got[sizeof(magic)];
        struct tombstone *list;
        uint16_t version;
        size_t count;

        get_copy(&c, got, sizeof(got));
        version = get_u16(&c);
        get_zeros(&c, TOMBSTONES_HEAD - sizeof(magic) - 2);
        if (c.bad || memcmp(got, magic, sizeof(magic)))
                return err_set(e, ERR_INPUT, "not a file of tombstones");
        if (version != FILE_VERSION)
                return err_set(e, ERR_VERSION, "tombstones of version %u; %d is read here", version, FILE_VERSION);
        count = c.left / TOMBSTONE_BYTES;
        if (count > TOMBSTONES_MAX)
                return err_set(e, ERR_TOO_BIG, "%zu tombstones", count);
        list = arena_array(a, count ? count : 1, sizeof(*list));
        if (!list)
                return err_set(e, ERR_NOMEM, "tombstones");
        for (size_t i = 0; i < count; i++) {
                if (!get_unit(&c, list[i].unit))
                        return err_set(e, ERR_INPUT, "tombstone %zu is malformed", i);
                list[i].entry = get_u64(&c);
        }
        *torn = c.left;
        *out = list;
        *n = count;
        return ERR_OK;
}
