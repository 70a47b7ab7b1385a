/* packs.c - see packs.h. */
#include "server/office/packs.h"

#include <pthread.h>

#include "base/codec.h"
#include "sys/fault.h"
#include "sys/files.h"

enum { PATH_ROOM = 4096, HEX_ROOM = 2 * HASH_SIZE + 1 };

struct kept { struct kept *next; char hash[HEX_ROOM]; struct pack *pack; };

struct packs {
        pthread_mutex_t lock;
        struct kept    *first;
        struct pack    *in_force;        /* atomic: set with release, read with acquire; what it points to never changes */
        char            dir[PATH_ROOM];
};

static bool is_hash(struct str s)
{
        for (size_t i = 0; i < s.n; i++)
                if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
                        return false;
        return s.n == 2 * HASH_SIZE;
}

int packs_open(struct packs **out, const char *store_dir, struct err *e)
{
        struct packs *p = calloc(1, sizeof(*p));

        if (!p)
                return err_set(e, ERR_NOMEM, "no memory for packs");
        if ((size_t)snprintf(p->dir, sizeof(p->dir), "%s/packs", store_dir) >= sizeof(p->dir) - HEX_ROOM) {
                free(p);
                return err_set(e, ERR_TOO_BIG, "path too long");
        }
        (void)pthread_mutex_init(&p->lock, NULL);
        *out = p;
        return ERR_OK;
}

struct packs *packs_close(struct packs *p)
{
        if (!p)
                return NULL;
        while (p->first) {
                struct kept *k = p->first;

                p->first = k->next;
                (void)pack_free(k->pack);
                free(k);
        }
        (void)pthread_mutex_destroy(&p->lock);
        free(p);
        return NULL;
}

/* The journal says which pack was adopted; another one on disk is not policy. */
static int load_kept(struct pack **out, const char *path, struct str hash, struct err *e)
{
        scoped(pack_layers_free) struct pack_layers *l = NULL;
        scoped(pack_free) struct pack *p = NULL;
        char hex[HEX_ROOM];
        int r = pack_layers_kept(&l, path, e);

        if (r == ERR_OK)
                r = pack_layers_load(&p, l, NULL, NULL, e);
        if (r == ERR_INPUT)
                return err_key(e, ERR_TAMPERED, "pack.not-adopted", e ? e->text : "", path, NULL);
        if (r < 0)
                return r;
        hex_text(hex, p->hash.b, HASH_SIZE);
        if (!str_is(hash, hex))
                return err_key(e, ERR_TAMPERED, "pack.not-adopted", "", path, NULL);
        *out = take(p);
        return ERR_OK;
}

static struct kept *find(const struct packs *p, struct str hash)
{
        struct kept *k = p->first;

        while (k && !str_is(hash, k->hash))
                k = k->next;
        return k;
}

static int get_locked(struct pack **out, struct packs *p, struct str hash, struct err *e)
{
        struct kept *k = find(p, hash);
        char path[PATH_ROOM + HEX_ROOM + 1];
        int r;

        if (k) {
                *out = k->pack;
                return ERR_OK;
        }
        k = calloc(1, sizeof(*k));
        if (!k)
                return err_set(e, ERR_NOMEM, "no memory for a pack");
        memcpy(k->hash, hash.p, hash.n);
        (void)snprintf(path, sizeof(path), "%s/%s", p->dir, k->hash);
        r = load_kept(&k->pack, path, hash, e);
        if (r < 0) {
                free(k);
                return r;
        }
        k->next = p->first;
        p->first = k;
        *out = k->pack;
        return ERR_OK;
}

int packs_get(struct pack **out, struct packs *p, struct str hash, struct err *e)
{
        int r;

        if (!is_hash(hash))
                return err_set(e, ERR_ABSENT, "no pack is called '%.*s'", (int)hash.n, hash.p);
        (void)pthread_mutex_lock(&p->lock);
        r = get_locked(out, p, hash, e);
        (void)pthread_mutex_unlock(&p->lock);
        return r;
}

struct pack *packs_in_force(const struct packs *p)
{
        return __atomic_load_n(&p->in_force, __ATOMIC_ACQUIRE);
}

void packs_put_in_force(struct packs *p, struct pack *pack)
{
        __atomic_store_n(&p->in_force, pack, __ATOMIC_RELEASE);
}

int packs_layers(struct pack_layers **out, const struct packs *p, const struct hash *hash, struct err *e)
{
        char path[PATH_ROOM + HEX_ROOM + 1], hex[HEX_ROOM];

        hex_text(hex, hash->b, HASH_SIZE);
        (void)snprintf(path, sizeof(path), "%s/%s", p->dir, hex);
        return pack_layers_kept(out, path, e);
}

int packs_keep(struct pack **out, struct packs *p, const struct pack_layers *l, struct err *e)
{
        scoped(pack_free) struct pack *pack = NULL;
        char path[PATH_ROOM + HEX_ROOM + 1], hex[HEX_ROOM];
        int r = pack_layers_load(&pack, l, NULL, NULL, e);

        if (r < 0)
                return r;
        hex_text(hex, pack->hash.b, HASH_SIZE);
        (void)snprintf(path, sizeof(path), "%s/%s", p->dir, hex);
        (void)pthread_mutex_lock(&p->lock);       /* two who adopt the same do not write one folder */
        if (!file_exists(path))
                r = pack_layers_keep(l, pack, path, e);
        if (r == ERR_OK)
                r = get_locked(out, p, str_of(hex), e);
        (void)pthread_mutex_unlock(&p->lock);
        FAULT_POINT("office.pack-kept");
        return r;
}

int packs_take(struct pack **out, const char *store_dir, const char *folder, pack_report_fn *report, void *ctx, struct err *e)
{
        scoped(pack_layers_free) struct pack_layers *l = NULL;
        scoped(pack_free) struct pack *p = NULL;
        scoped(pack_free) struct pack *there = NULL;
        char to[PATH_ROOM], hex[HEX_ROOM];
        int r = pack_layers_read(&l, folder, e);

        if (r == ERR_INPUT && report)
                report(ctx, e);
        if (r == ERR_OK)
                r = pack_layers_load(&p, l, report, ctx, e);
        if (r < 0)
                return r;
        hex_text(hex, p->hash.b, HASH_SIZE);
        if ((size_t)snprintf(to, sizeof(to), "%s/packs", store_dir) >= sizeof(to) - HEX_ROOM)
                return err_set(e, ERR_TOO_BIG, "path too long");
        r = dir_make(to, 0700, e);
        if (r == ERR_OK)
                r = dir_sync_of(to, e);
        (void)snprintf(to + strlen(to), HEX_ROOM + 1, "/%s", hex);
        if (r == ERR_OK && file_exists(to))
                r = load_kept(&there, to, str_of(hex), e);      /* it was in force before */
        else if (r == ERR_OK)
                r = pack_layers_keep(l, p, to, e);
        if (r < 0)
                return r;
        *out = take(p);
        return ERR_OK;
}
