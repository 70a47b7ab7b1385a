/* keylink.c - see keylink.h; the layouts are described once, in docs/formats/grant-table.md. */
#include "wire/keylink.h"

#include "base/cursor.h"

enum { LINK_VERSION = 1, SIDE_VERSION = 1, SIDE_HEAD = 16 };

static const char link_magic[8] = { 'S', 'E', 'K', 'I', 'K', 'L', 'N', 'K' }, side_magic[8] = { 'S', 'E', 'K', 'I', 'S', 'I', 'D', 'E' };

static const struct { unsigned use; const char *name; } uses[] = {
#define X(id, n, name) { id, name },
        KEYLINK_USES(X)
#undef X
};

const char *keylink_use_name(unsigned use)
{
        for (size_t i = 0; i < countof(uses); i++)
                if (uses[i].use == use)
                        return uses[i].name;
        return "?";
}

bool keylink_use_find(unsigned *out, struct str name)
{
        for (size_t i = 0; i < countof(uses); i++)
                if (str_is(name, uses[i].name)) {
                        *out = uses[i].use;
                        return true;
                }
        return false;
}

void keylink_encode(struct buf *out, const struct keylink *l)
{
        put_run(out, link_magic, sizeof(link_magic));
        put_u16(out, LINK_VERSION);
        put_u16(out, l->use);
        put_u32(out, l->generation);
        put_run(out, l->install.b, sizeof(l->install.b));
        put_run(out, l->current, ED25519_KEY);
        put_run(out, l->next, ED25519_KEY);
}

int keylink_decode(struct keylink *out, struct str body, struct err *e)
{
        struct cursor c = cursor_of(body.p, body.n);
        char got[sizeof(link_magic)];
        struct keylink l;
        uint16_t version;

        get_copy(&c, got, sizeof(got));
        version = get_u16(&c);
        l.use = get_u16(&c);
        l.generation = get_u32(&c);
        get_copy(&c, l.install.b, sizeof(l.install.b));
        get_copy(&c, l.current, ED25519_KEY);
        get_copy(&c, l.next, ED25519_KEY);
        if (c.bad || c.left || memcmp(got, link_magic, sizeof(got)))
                return err_set(e, ERR_INPUT, "not a key link");
        if (version != LINK_VERSION)
                return err_set(e, ERR_VERSION, "key link of version %u", version);
        if (keylink_use_name(l.use)[0] == '?' || l.generation < 2)
                return err_set(e, ERR_INPUT, "key link of use %u, generation %u", l.use, l.generation);
        *out = l;
        return ERR_OK;
}

int keylink_verify(const struct keylink *l, const uint8_t sig[ED25519_SIG], struct err *e)
{
        scoped(buf_done) struct buf body = BUF_INIT;
        int r;

        keylink_encode(&body, l);
        if (buf_bad(&body))
                return err_set(e, ERR_NOMEM, "key link");
        r = ed25519_verify(l->current, buf_view(&body), sig, e);
        return r < 0 ? err_wrap(e, r, "key link %s %u", keylink_use_name(l->use), l->generation) : ERR_OK;
}

void keylinks_begin(struct buf *out, uint32_t count)
{
        put_run(out, side_magic, sizeof(side_magic));
        put_u16(out, SIDE_VERSION);
        put_zeros(out, 2);
        put_u32(out, count);
}

/* The links as one run; *n 0: none. What does not begin with our mark is another's and is not read. */
static int links_of(struct str *links, uint32_t *n, struct str side, struct err *e)
{
        struct cursor c = cursor_of(side.p, side.n);
        char got[sizeof(side_magic)];
        uint16_t version;

        *n = 0;
        *links = STR("");
        get_copy(&c, got, sizeof(got));
        if (c.bad || memcmp(got, side_magic, sizeof(got)))
                return ERR_OK;
        version = get_u16(&c);
        get_zeros(&c, 2);
        *n = get_u32(&c);
        if (!c.bad && version != SIDE_VERSION)
                return err_set(e, ERR_VERSION, "side section of version %u", version);
        if (*n > KEYLINKS_MAX)
                return err_set(e, ERR_TOO_BIG, "%u key links", *n);
        links->p = (const char *)c.p;
        links->n = (size_t)*n * KEYLINK_BYTES;
        return c.bad || c.left != links->n ? err_set(e, ERR_INPUT, "side section of %zu bytes does not hold what it counts", side.n) : ERR_OK;
}

bool key_trust_has_next(const struct key_trust *t)
{
        static const uint8_t none[ED25519_KEY];

        return memcmp(t->key[1], none, sizeof(none)) != 0;
}

static int step(struct key_trust *t, const struct keylink *l, const uint8_t *sig, struct err *e)
{
        int r;

        if (l->generation != t->generation + 1)
                return err_set(e, ERR_CONFLICT, "key link %u follows %u: links between them are missing", l->generation, t->generation);
        if (!key_trust_has_next(t) || memcmp(l->current, t->key[1], ED25519_KEY))
                return err_set(e, ERR_TAMPERED, "key link %u hands over to another key than the one we trust as next", l->generation);
        r = keylink_verify(l, sig, e);
        if (r < 0)
                return r;
        t->generation = l->generation;
        memcpy(t->key[0], l->current, ED25519_KEY);
        memcpy(t->key[1], l->next, ED25519_KEY);
        return ERR_OK;
}

int keylinks_follow(struct key_trust *t, struct uuid install, enum keylink_use use, struct str side, char last[KEYLINK_BYTES], struct err *e)
{
        struct key_trust now = *t;
        const char *newest = NULL;
        struct str links;
        uint32_t n;
        int r = links_of(&links, &n, side, e);

        for (uint32_t i = 0; r == ERR_OK && i < n; i++) {
                const char *at = links.p + (size_t)i * KEYLINK_BYTES;
                struct keylink l;

                r = keylink_decode(&l, (struct str){ at, KEYLINK_BODY }, e);
                if (r < 0 || l.use != use || l.generation <= now.generation)
                        continue;
                if (!uuid_eq(l.install, install))
                        return err_set(e, ERR_TAMPERED, "key link of another install");
                r = step(&now, &l, (const uint8_t *)at + KEYLINK_BODY, e);
                newest = at;
        }
        if (r < 0 || !newest)
                return r;
        if (last)
                memcpy(last, newest, KEYLINK_BYTES);
        *t = now;
        return 1;
}
