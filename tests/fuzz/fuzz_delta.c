/* fuzz_delta.c - deltas against a table of two rows; the result's header is signed anew, so that the merge is reached. */
#include <openssl/evp.h>

#include "wire/grants.h"

static const uint8_t seed[32] = "a test key, never a real one....";

static void sign(uint8_t sig[ED25519_SIG], uint8_t key[ED25519_KEY], const uint8_t *head)
{
        EVP_PKEY *k = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof(seed));
        EVP_MD_CTX *c = EVP_MD_CTX_new();
        size_t n = ED25519_SIG, m = ED25519_KEY;

        if (EVP_DigestSignInit(c, NULL, NULL, NULL, k) != 1 || EVP_DigestSign(c, sig, &n, head, GRANT_HEADER_BYTES) != 1 ||
            EVP_PKEY_get_raw_public_key(k, key, &m) != 1)
                __builtin_trap();
        EVP_MD_CTX_free(c);
        EVP_PKEY_free(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct grant rows[2] = { { .key = { GRANT_MAC, { 2, 1 } }, .verdict = GRANT_ALLOW, .until = 9 }, { .key = { GRANT_MAC, { 2, 2 } }, .verdict = GRANT_ALLOW, .until = 9 } };
        scoped(grants_free) struct grants *base = NULL, *out = NULL;
        uint8_t head[GRANT_HEADER_BYTES], key[ED25519_KEY];
        struct grant_delta d;

        if (grants_new(&base, rows, 2, STR(""), NULL) < 0 || grant_delta_decode(&d, (struct str){ (const char *)data, n }, NULL) < 0)
                return 0;
        base->head.epoch = d.head.epoch;
        base->head.install = d.head.install;
        base->head.seq = d.base_seq;
        if (d.head.seq == d.base_seq + 1)
                d.head.previous = grant_header_hash(&base->head);
        grant_header_encode(head, &d.head);
        sign(d.sig, key, head);
        if (grants_apply(&out, base, &d, key, NULL) == ERR_OK && grants_verify(out, key, NULL) < 0)
                __builtin_trap();
        return 0;
}
