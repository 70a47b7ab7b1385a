/* hash.c - see hash.h.
 *
 * The algorithm is fetched once a process and the context made once a thread: fetching and allocating a call costs as much as
 * hashing 300 bytes does. Both are caches behind a pure function, which is why they may be file-scope.
 */
#include "core/journal/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>

enum { HMAC_BLOCK = 64 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t  context_key;
static EVP_MD        *sha256;

static void context_free(void *ctx)
{
        EVP_MD_CTX_free(ctx);
}

static void algorithm_fetch(void)
{
        sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
        if (!sha256 || pthread_key_create(&context_key, context_free))
                abort();
}

static EVP_MD_CTX *context_get(void)
{
        EVP_MD_CTX *ctx;

        if (pthread_once(&once, algorithm_fetch))
                abort();
        ctx = pthread_getspecific(context_key);
        if (ctx)
                return ctx;

        ctx = EVP_MD_CTX_new();
        if (!ctx || pthread_setspecific(context_key, ctx))
                abort();
        return ctx;
}

struct hash hash_runs(const struct str *runs, size_t n)
{
        EVP_MD_CTX *ctx = context_get();
        struct hash h;

        if (EVP_DigestInit_ex2(ctx, sha256, NULL) != 1)
                abort();
        for (size_t i = 0; i < n; i++)
                if (EVP_DigestUpdate(ctx, runs[i].p, runs[i].n) != 1)
                        abort();
        if (EVP_DigestFinal_ex(ctx, h.b, NULL) != 1)
                abort();
        return h;
}

struct hash hash_bytes(struct str s)
{
        return hash_runs(&s, 1);
}

struct hash hash_leaf(struct str entry)
{
        struct str runs[] = { { "\0", 1 }, entry };

        return hash_runs(runs, countof(runs));
}

struct hash hash_node(const struct hash *left, const struct hash *right)
{
        struct str runs[] = { { "\1", 1 }, { (const char *)left->b, HASH_SIZE }, { (const char *)right->b, HASH_SIZE } };

        return hash_runs(runs, countof(runs));
}

/* RFC 2104. */
struct hash hash_hmac(struct str key, struct str message)
{
        uint8_t pad[HMAC_BLOCK] = { 0 };
        struct hash inner, outer, short_key;

        if (key.n > HMAC_BLOCK) {
                short_key = hash_bytes(key);
                key = (struct str){ (const char *)short_key.b, HASH_SIZE };
        }
        if (key.n)
                memcpy(pad, key.p, key.n);
        for (size_t i = 0; i < HMAC_BLOCK; i++)
                pad[i] ^= 0x36;
        inner = hash_runs((struct str[]){ { (const char *)pad, HMAC_BLOCK }, message }, 2);
        for (size_t i = 0; i < HMAC_BLOCK; i++)
                pad[i] ^= 0x36 ^ 0x5c;
        outer = hash_runs((struct str[]){ { (const char *)pad, HMAC_BLOCK }, { (const char *)inner.b, HASH_SIZE } }, 2);
        OPENSSL_cleanse(pad, sizeof(pad));
        return outer;
}

bool hash_eq(const struct hash *a, const struct hash *b)
{
        return CRYPTO_memcmp(a->b, b->b, HASH_SIZE) == 0;
}
