/* hash.c - see hash.h.
 *
 * libcrypto's EVP allocates a context for each digest it begins (3.0 does so even when the context is used again), and then a hash can
 * fail for want of memory, in the middle of an act, where there is no honest answer. The plain SHA256_* calls work on our stack, are
 * the same assembler, cannot fail, and cost half as much for a short run. They are marked deprecated in 3.0, hence the define; should
 * they ever go, this file is where a SHA-256 of our own would stand.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "core/journal/hash.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

enum { HMAC_BLOCK = 64 };

/* `first`, then the runs. */
static struct hash hash_after(struct str first, const struct str *runs, size_t n)
{
        SHA256_CTX ctx;
        struct hash h;

        (void)SHA256_Init(&ctx); /* these answer 1, always */
        (void)SHA256_Update(&ctx, first.p, first.n);
        for (size_t i = 0; i < n; i++)
                (void)SHA256_Update(&ctx, runs[i].p, runs[i].n);
        (void)SHA256_Final(h.b, &ctx);
        OPENSSL_cleanse(&ctx, sizeof(ctx));     /* HMAC keys pass through here */
        return h;
}

struct hash hash_runs(const struct str *runs, size_t n)
{
        return hash_after(STR(""), runs, n);
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
struct hash hash_hmac_runs(struct str key, const struct str *runs, size_t n)
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
        inner = hash_after((struct str){ (const char *)pad, HMAC_BLOCK }, runs, n);
        for (size_t i = 0; i < HMAC_BLOCK; i++)
                pad[i] ^= 0x36 ^ 0x5c;
        outer = hash_after((struct str){ (const char *)pad, HMAC_BLOCK }, &(struct str){ (const char *)inner.b, HASH_SIZE }, 1);
        OPENSSL_cleanse(pad, sizeof(pad));
        return outer;
}

struct hash hash_hmac(struct str key, struct str message)
{
        return hash_hmac_runs(key, &message, 1);
}

bool hash_eq(const struct hash *a, const struct hash *b)
{
        return CRYPTO_memcmp(a->b, b->b, HASH_SIZE) == 0;
}
