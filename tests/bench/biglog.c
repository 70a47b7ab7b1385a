/* biglog.c - a log directory (docs/formats/log.md) of as many entries as a bench wants.
 *
 * biglog DIR N BYTES     DIR must not be there. Prints `key`, `root`, one a line with a tab: what `sekisho verify --log` is to be told.
 *
 * Each entry has at least BYTES (and 500), by as many rows as it takes, and is dated a tenth of a second after the one before. The key
 * is made of nothing and thrown away.
 */
#include <openssl/evp.h>
#include <sys/stat.h>

#include "base/codec.h"
#include "core/journal/logdir.h"
#include "core/journal/tile.h"
#include "sys/files.h"

enum { PATH_ROOM = 1024, ENTRY_ROOM = 8192, ENTRY_MOST = ENTRY_ROOM - 1024 };

static const char *dir;
static struct hash *level[TILE_LEVELS];         /* level[0]: of the present bundle only */

static void die(const char *what)
{
        perror(what);
        exit(1);
}

static void put(const char *path, struct str bytes)
{
        char full[PATH_ROOM];
        FILE *f;

        (void)snprintf(full, sizeof(full), "%s/%s", dir, path);
        for (char *p = strchr(full + strlen(dir) + 1, '/'); p; p = strchr(p + 1, '/')) {
                *p = 0;
                (void)mkdir(full, 0755);
                *p = '/';
        }
        f = fopen(full, "wb");
        if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0)
                die(full);
}

static void put_tile(struct tile t, struct str bytes)
{
        char path[TILE_PATH];

        tile_path(path, t);
        put(path, bytes);
}

static struct hash fold(const struct hash *tile)
{
        struct hash h[TILE_WIDTH];

        memcpy(h, tile, sizeof(h));
        for (size_t n = TILE_WIDTH; n > 1; n /= 2)
                for (size_t i = 0; i < n / 2; i++)
                        h[i] = hash_node(&h[2 * i], &h[2 * i + 1]);
        return h[0];
}

#define ROW "{\"c\":{\"decided_at\":%llu,\"decision\":\"approve\",\"reason\":{\"commit\":\"4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce\"}}," \
            "\"id\":\"01960000-0000-7000-8000-%012llx\",\"rev\":1,\"t\":\"step\"}"

static struct str entry(char to[ENTRY_ROOM], uint64_t index, size_t bytes)
{
        unsigned long long i = index, at = 1767225600000000ULL + i * 100000ULL;
        size_t n = (size_t)snprintf(to, ENTRY_ROOM,
                                    "{\"actor\":\"01960000-0000-7000-8000-%012llx\",\"at\":%llu,\"form\":\"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b\","
                                    "\"pack\":\"d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35\",\"post\":\"section_manager\",\"ref\":\"01960000-0000-7000-8000-%012llx\","
                                    "\"set\":[" ROW, i % 900, at, i, at, i);

        while (n < bytes - 40)
                n += (size_t)snprintf(to + n, ENTRY_ROOM - n, "," ROW, at, i);
        n += (size_t)snprintf(to + n, ENTRY_ROOM - n, "],\"type\":\"application.decided\",\"v\":1}");
        return (struct str){ to, n };
}

static void entries(uint64_t size, size_t bytes)
{
        struct buf bundle = BUF_INIT;
        char room[ENTRY_ROOM];

        for (uint64_t i = 0; i < size; i++) {
                struct str e = entry(room, i, bytes);

                if (bundle_add(&bundle, e, NULL) < 0)
                        die("bundle");
                level[0][i % TILE_WIDTH] = hash_leaf(e);
                if (i % TILE_WIDTH != TILE_WIDTH - 1 && i + 1 != size)
                        continue;
                put_tile(tile_at(size, TILE_ENTRIES, i / TILE_WIDTH), buf_view(&bundle));
                put_tile(tile_at(size, 0, i / TILE_WIDTH), (struct str){ (const char *)level[0], (i % TILE_WIDTH + 1) * sizeof(struct hash) });
                if (i % TILE_WIDTH == TILE_WIDTH - 1)
                        level[1][i / TILE_WIDTH] = fold(level[0]);
                buf_clear(&bundle);
        }
        buf_done(&bundle);
}

static void levels(uint64_t size)
{
        for (unsigned l = 1; l < TILE_LEVELS; l++) {
                for (uint64_t i = 0; l > 1 && i < tile_hashes(size, l); i++)
                        level[l][i] = fold(level[l - 1] + i * TILE_WIDTH);
                for (uint64_t i = 0; i < tile_count(size, (int)l); i++) {
                        struct tile t = tile_at(size, (int)l, i);

                        put_tile(t, (struct str){ (const char *)(level[l] + i * TILE_WIDTH), t.width * sizeof(struct hash) });
                }
        }
}

static int read_hashes(void *ctx, unsigned l, uint64_t at, size_t n, struct hash *out, struct err *e)
{
        memcpy(out, l ? level[l] + at : level[0] + at % TILE_WIDTH, n * sizeof(*out));    /* of the leaves only the last bundle's are asked for */
        return ERR_OK;
}

static void sign(struct buf *note, const struct checkpoint *c, struct vkey *k)
{
        EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        struct buf text = BUF_INIT;
        uint8_t sig[ED25519_SIG];
        size_t n = ED25519_KEY, m = sizeof(sig);

        checkpoint_text(&text, c);
        if (EVP_PKEY_get_raw_public_key(key, k->key, &n) != 1 || EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) != 1 ||
            EVP_DigestSign(ctx, sig, &m, (const uint8_t *)text.p, text.n) != 1)
                die("sign");
        checkpoint_note(note, c, k, sig);
        buf_done(&text);
        EVP_MD_CTX_free(ctx);
        EVP_PKEY_free(key);
}

int main(int argc, char **argv)
{
        static struct log_epochs l = { .install = { { 1, 0x96, 7 } }, .n = 1, .number = { 1 } };
        struct checkpoint c = { 0 };
        struct buf note = BUF_INIT, index = BUF_INIT, print = BUF_INIT, hex = BUF_INIT;

        uint64_t bytes;

        if (argc != 4 || !str_u64(str_of(argv[2]), TREE_SIZE_MAX, &c.size) || !str_u64(str_of(argv[3]), ENTRY_MOST, &bytes) || bytes < 500)
                return 3;
        dir = argv[1];
        if (mkdir(dir, 0755) < 0)
                die(dir);
        for (unsigned i = 0; i < TILE_LEVELS; i++)
                level[i] = calloc(i ? tile_hashes(c.size, i) + 1 : TILE_WIDTH, sizeof(struct hash));
        entries(c.size, bytes);
        levels(c.size);
        note_origin(c.origin, l.install, 1);
        memcpy(l.key[0].name, c.origin, sizeof(c.origin));
        if (tree_root(&c.root, c.size, read_hashes, NULL, NULL) < 0)
                die("root");
        sign(&note, &c, &l.key[0]);
        log_epochs_format(&index, &l);
        put("sekisho-log", buf_view(&index));
        put("checkpoint", buf_view(&note));
        vkey_format(&print, &l.key[0]);
        hex_encode(&hex, c.root.b, HASH_SIZE);
        (void)printf("key\t%s\nroot\t%llu:%s\n", buf_view(&print).p, (unsigned long long)c.size, buf_view(&hex).p);
        buf_done(&note);
        buf_done(&index);
        buf_done(&print);
        buf_done(&hex);
        for (unsigned i = 0; i < TILE_LEVELS; i++)
                free(level[i]);
        return 0;
}
