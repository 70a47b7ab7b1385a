/* tile.c - see tile.h. */
#include "core/journal/tile.h"

#include "base/codec.h"

uint64_t tile_hashes(uint64_t size, unsigned level)
{
        return level < TILE_LEVELS ? size >> TILE_BITS * level : 0;
}

static uint64_t things(uint64_t size, int level)
{
        return level == TILE_ENTRIES ? size : tile_hashes(size, (unsigned)level);
}

uint64_t tile_count(uint64_t size, int level)
{
        uint64_t n = things(size, level);

        return n / TILE_WIDTH + (n % TILE_WIDTH ? 1 : 0);
}

struct tile tile_at(uint64_t size, int level, uint64_t n)
{
        uint64_t left = things(size, level) - n * TILE_WIDTH;

        return (struct tile){ level, n, left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH };
}

void tile_path(char to[TILE_PATH], struct tile t)
{
        unsigned group[8];
        size_t n = 0;
        int at;

        do
                group[n++] = (unsigned)(t.n % 1000);
        while (t.n /= 1000);
        at = t.level == TILE_ENTRIES ? snprintf(to, TILE_PATH, "tile/entries") : snprintf(to, TILE_PATH, "tile/%d", t.level);
        while (n-- > 0)
                at += snprintf(to + at, (size_t)(TILE_PATH - at), n ? "/x%03u" : "/%03u", group[n]);
        if (t.width < TILE_WIDTH)
                (void)snprintf(to + at, (size_t)(TILE_PATH - at), ".p/%u", t.width);
}

int bundle_next(struct str *entry, struct bundle *b, struct err *e)
{
        const uint8_t *p = (const uint8_t *)b->rest.p;
        size_t n;

        if (!b->rest.n)
                return ERR_ABSENT;
        if (b->rest.n < 2)
                return err_set(e, ERR_INPUT, "one byte is left behind entry %u of the bundle", b->seen);
        n = (size_t)p[0] << 8 | p[1];
        if (n > b->rest.n - 2)
                return err_set(e, ERR_INPUT, "entry %u of the bundle says %zu bytes, %zu are there", b->seen, n, b->rest.n - 2);
        if (b->seen == TILE_WIDTH)
                return err_set(e, ERR_INPUT, "more than %d entries in the bundle", TILE_WIDTH);
        *entry = (struct str){ b->rest.p + 2, n };
        b->rest = (struct str){ b->rest.p + 2 + n, b->rest.n - 2 - n };
        b->seen++;
        return ERR_OK;
}

int bundle_add(struct buf *out, struct str entry, struct err *e)
{
        if (entry.n > ENTRY_MAX)
                return err_set(e, ERR_TOO_BIG, "an entry of %zu bytes", entry.n);
        buf_char(out, (char)(entry.n >> 8));
        buf_char(out, (char)(entry.n & 0xff));
        buf_str(out, entry);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "bundle") : ERR_OK;
}
