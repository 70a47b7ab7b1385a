/* devkey.c - see devkey.h. */
#include "link/devkey.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

SCOPED(EVP_PKEY_free, EVP_PKEY *)
SCOPED(EVP_MD_CTX_free, EVP_MD_CTX *)
SCOPED(X509_free, X509 *)
SCOPED(BIO_free, BIO *)

int devkey_make(struct buf *pem, struct err *e)
{
        scoped(EVP_PKEY_free) EVP_PKEY *key = EVP_EC_gen("P-256");
        scoped(BIO_free) BIO *bio = BIO_new(BIO_s_secmem());
        char *text = NULL;
        long n;

        if (!key || !bio || PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) != 1)
                return err_set(e, ERR_NOMEM, "making a key");
        n = BIO_get_mem_data(bio, &text);
        buf_add(pem, text, n > 0 ? (size_t)n : 0);
        return buf_bad(pem) ? err_set(e, ERR_NOMEM, "making a key") : ERR_OK;
}

static EVP_PKEY *key_read(struct str pem)
{
        scoped(BIO_free) BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);

        return bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
}

int devkey_point(uint8_t point[DEVKEY_POINT], struct str pem, struct err *e)
{
        scoped(EVP_PKEY_free) EVP_PKEY *key = key_read(pem);
        uint8_t got[DEVKEY_POINT];
        size_t n = 0;

        if (!key || EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, got, sizeof(got), &n) != 1 || n != sizeof(got) || got[0] != 4)
                return err_set(e, ERR_INPUT, "not a P-256 key");
        memcpy(point, got, sizeof(got));
        return ERR_OK;
}

int devkey_sign(struct buf *der, struct str pem, struct str message, struct err *e)
{
        scoped(EVP_PKEY_free) EVP_PKEY *key = key_read(pem);
        scoped(EVP_MD_CTX_free) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        uint8_t sig[128];
        size_t n = sizeof(sig);

        if (!key)
                return err_set(e, ERR_INPUT, "not a private key");
        if (!ctx || EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) != 1 ||
            EVP_DigestSign(ctx, sig, &n, (const uint8_t *)message.p, message.n) != 1)
                return err_set(e, ERR_NOMEM, "signing");
        buf_add(der, sig, n);
        return buf_bad(der) ? err_set(e, ERR_NOMEM, "signing") : ERR_OK;
}

int devkey_fits(struct str pem, struct str certificate_pem, struct err *e)
{
        scoped(EVP_PKEY_free) EVP_PKEY *key = key_read(pem);
        scoped(BIO_free) BIO *bio = BIO_new_mem_buf(certificate_pem.p, (int)certificate_pem.n);
        scoped(X509_free) X509 *x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

        if (!key || !x)
                return err_set(e, ERR_INPUT, "not a certificate");
        return X509_check_private_key(x, key) == 1 ? ERR_OK : err_set(e, ERR_TAMPERED, "the certificate is for another key");
}
