/* gate_key.c - see gate_key.h. */
#include "server/office/gate_key.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

SCOPED(EVP_PKEY_free, EVP_PKEY *)
SCOPED(EVP_PKEY_CTX_free, EVP_PKEY_CTX *)
SCOPED(EVP_MD_CTX_free, EVP_MD_CTX *)
SCOPED(X509_free, X509 *)
SCOPED(BIO_free, BIO *)

static EVP_PKEY *key_of(const uint8_t point[ENROL_POINT])
{
        scoped(EVP_PKEY_CTX_free) EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
        uint8_t copy[ENROL_POINT];
        char group[] = "P-256";
        OSSL_PARAM params[3];
        EVP_PKEY *key = NULL;

        memcpy(copy, point, sizeof(copy));
        params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
        params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy, sizeof(copy));
        params[2] = OSSL_PARAM_construct_end();
        if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 || EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
                return NULL; /* also a point that is not on the curve */
        return key;
}

int gate_key_check(const uint8_t secret[ENROL_SECRET], const uint8_t point[ENROL_POINT], struct str proof, struct err *e)
{
        scoped(EVP_PKEY_free) EVP_PKEY *key = point[0] == 4 ? key_of(point) : NULL;
        scoped(EVP_MD_CTX_free) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        bool ok = key && ctx && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
                  EVP_DigestVerifyUpdate(ctx, ENROL_PROOF_CONTEXT, strlen(ENROL_PROOF_CONTEXT)) == 1 &&
                  EVP_DigestVerifyUpdate(ctx, secret, ENROL_SECRET) == 1 && EVP_DigestVerifyUpdate(ctx, point, ENROL_POINT) == 1 &&
                  EVP_DigestVerifyFinal(ctx, (const unsigned char *)proof.p, proof.n) == 1;

        return ok ? ERR_OK : err_key(e, ERR_FORBIDDEN, "gate.enrol.proof", "", NULL);
}

int gate_cert_pem(struct buf *out, struct str der, struct err *e)
{
        const unsigned char *p = (const unsigned char *)der.p;
        scoped(X509_free) X509 *x = d2i_X509(NULL, &p, (long)der.n);
        scoped(BIO_free) BIO *bio = BIO_new(BIO_s_mem());
        char *text = NULL;
        long n;

        if (!x || !bio || PEM_write_bio_X509(bio, x) != 1)
                return err_set(e, ERR_NOMEM, "certificate to PEM");
        n = BIO_get_mem_data(bio, &text);
        buf_add(out, text, n > 0 ? (size_t)n : 0);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "certificate to PEM") : ERR_OK;
}

static X509 *first_cert(struct str pem)
{
        scoped(BIO_free) BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);

        return bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
}

int gate_ca_until(utime_t *out, struct str ca_pem, struct err *e)
{
        scoped(X509_free) X509 *x = first_cert(ca_pem);
        struct tm tm;

        if (!x || ASN1_TIME_to_tm(X509_get0_notAfter(x), &tm) != 1)
                return err_set(e, ERR_INPUT, "CA certificate cannot be read");
        *out = date_days((struct date){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday }) * UTIME_DAY +
               (tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) * UTIME_S;
        return ERR_OK;
}

int gate_spki_hash(struct hash *out, struct str pem, struct err *e)
{
        scoped(X509_free) X509 *x = first_cert(pem);
        unsigned char *der = NULL;
        int n = x ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der) : -1;

        if (n <= 0)
                return err_set(e, ERR_INPUT, "certificate cannot be read");
        *out = hash_bytes((struct str){ (const char *)der, (size_t)n });
        OPENSSL_free(der);
        return ERR_OK;
}
