/* tablemaker.c - makes signed grant tables for the tests, by a key that is in this file and nowhere else.
 *
 *     row MAC ZONE VERDICT FROM UNTIL         add a record (times in microseconds; rows in any order)
 *     clear                                   forget all records
 *     table EPOCH SEQ MADE-AT VALID-UNTIL INSTALL   seal and sign: prints the file in hexadecimal
 *     delta                                   from the table before to the newest, in hexadecimal
 *     hash                                    of the newest table's header
 *     key                                     the public key
 *
 * One line in, one line out.
 */
#include <inttypes.h>
#include <openssl/evp.h>

#include "base/codec.h"
#include "wire/grants.h"

static const uint8_t seed[32] = "a test key, never a real one....";

enum { ROWS_MAX = 50000, LINE_MAX_BYTES = 256 };

static struct grant   rows[ROWS_MAX];
static size_t         rows_n;
static struct grants *newest, *before;

static int row_cmp(const void *a, const void *b)
{
        return grant_key_cmp(&((const struct grant *)a)->key, &((const struct grant *)b)->key);
}

static void answer(const void *p, size_t n)
{
        struct buf out = BUF_INIT;

        hex_encode(&out, p, n);
        puts(buf_view(&out).p);
        buf_done(&out);
}

static int row(const char *line)
{
        char mac[32];
        unsigned zone, verdict;
        struct grant *g = &rows[rows_n];

        *g = (struct grant){ .posture_until = GRANT_NO_POSTURE };
        if (rows_n == ROWS_MAX || sscanf(line, "row %31s %u %u %" SCNd64 " %" SCNd64, mac, &zone, &verdict, &g->from, &g->until) != 5 ||
            !grant_key_from_mac(&g->key, str_of(mac)))
                return -1;
        g->zone = (uint16_t)zone;
        g->verdict = (uint8_t)verdict;
        rows_n++;
        puts("ok");
        return 0;
}

static EVP_PKEY *private_key(void)
{
        return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof(seed));
}

static int table(const char *line)
{
        struct grant_header h = { 0 };
        struct buf out = BUF_INIT;
        uint8_t head[GRANT_HEADER_BYTES];
        size_t n = ED25519_SIG;
        char install[64];
        struct err e = { 0 };
        EVP_MD_CTX *c = EVP_MD_CTX_new();
        EVP_PKEY *key = private_key();

        if (sscanf(line, "table %" SCNu32 " %" SCNu64 " %" SCNd64 " %" SCNd64 " %63s", &h.epoch, &h.seq, &h.made_at, &h.valid_until, install) != 5 ||
            !uuid_parse(str_of(install), &h.install))
                return -1;
        qsort(rows, rows_n, sizeof(rows[0]), row_cmp);
        grants_free(before);
        before = newest;
        if (grants_new(&newest, rows, rows_n, STR(""), &e) < 0)
                return -1;
        h.count = newest->head.count;
        newest->head = h;
        if (before)
                newest->head.previous = grant_header_hash(&before->head);
        if (grants_seal(newest, &e) < 0)
                return -1;
        grant_header_encode(head, &newest->head);
        if (EVP_DigestSignInit(c, NULL, NULL, NULL, key) != 1 || EVP_DigestSign(c, newest->sig, &n, head, sizeof(head)) != 1 ||
            grants_encode(&out, newest, &e) < 0)
                return -1;
        answer(out.p, out.n);
        EVP_MD_CTX_free(c);
        EVP_PKEY_free(key);
        buf_done(&out);
        return 0;
}

static int delta(void)
{
        struct buf out = BUF_INIT;
        struct err e = { 0 };

        if (!before || grants_delta(&out, before, newest, &e) < 0)
                return -1;
        answer(out.p, out.n);
        buf_done(&out);
        return 0;
}

static int hash(void)
{
        struct hash h;

        if (!newest)
                return -1;
        h = grant_header_hash(&newest->head);
        answer(h.b, sizeof(h.b));
        return 0;
}

static int key_say(void)
{
        uint8_t public[ED25519_KEY];
        size_t n = sizeof(public);
        EVP_PKEY *k = private_key();
        int r = EVP_PKEY_get_raw_public_key(k, public, &n) == 1 ? 0 : -1;

        EVP_PKEY_free(k);
        answer(public, sizeof(public));
        return r;
}

int main(void)
{
        char line[LINE_MAX_BYTES];

        while (fgets(line, sizeof(line), stdin)) {
                int r = -1;

                if (strncmp(line, "row ", 4) == 0)
                        r = row(line);
                else if (strncmp(line, "table ", 6) == 0)
                        r = table(line);
                else if (strcmp(line, "delta\n") == 0)
                        r = delta();
                else if (strcmp(line, "hash\n") == 0)
                        r = hash();
                else if (strcmp(line, "key\n") == 0)
                        r = key_say();
                else if (strcmp(line, "clear\n") == 0)
                        r = (int)(rows_n = 0) + (puts("ok") < 0);
                if (r < 0)
                        puts("error");
                (void)fflush(stdout);
        }
        return 0;
}
