/* certs.h - X.509 as the signer writes it: its own CA, certificates, revocation lists.
 *
 * Does      encode and sign from typed values; nothing of the requester's bytes is copied but the public point and numbers.
 * Source    RFC 5280; docs/formats/signer.md, Certificates.
 * Layer     server/signer; libcrypto.
 * Owns      *out of certs_make_ca is the caller's (X509_free); DER goes to the caller's buf.
 * Units     utime_t in, whole seconds in the certificate (rounded down).
 * Trusts    nothing: the point must lie on P-256, times within the CA's life, reasons within RFC 5280's.
 * Fails     ERR_INPUT, ERR_NOMEM (libcrypto refused).
 */
#ifndef SERVER_SIGNER_CERTS_H
#define SERVER_SIGNER_CERTS_H

#include <openssl/x509.h>

#include "wire/signer.h"

enum { CA_DAYS = 730, ROOT_DAYS = 7305, CERT_DAYS_MAX = 731, SERVER_DAYS = 397, CRL_DAYS_MAX = 31, BACKDATE_MIN = 10, SERVER_NAMES_MAX = 16 };

struct issuer { X509 *cert; EVP_PKEY *key; };

/* The offline root signs itself, for twenty years; an issuing CA is signed by it and signs certificates and lists only. */
int certs_make_root(X509 **out, EVP_PKEY *key, const char *name, utime_t now, struct err *e);
int certs_make_issuing(X509 **out, const struct issuer *root, EVP_PKEY *key, const char *name, utime_t now, struct err *e);
/* A CA that signs itself: where there is no root. */
int certs_make_ca(X509 **out, EVP_PKEY *key, const char *name, utime_t now, struct err *e);

/* A machine's: CN is the subject id, for TLS clients. */
int certs_issue(struct buf *der, const struct issuer *ca, const struct signer_cert *m, struct err *e);
int certs_crl(struct buf *der, const struct issuer *ca, const struct signer_crl *m, struct err *e);

/* nginx's: names are DNS names or addresses, ended by NULL; `crl_url` may be NULL. */
int certs_issue_server(X509 **out, const struct issuer *ca, EVP_PKEY *key, const char *const *names, const char *crl_url,
                       utime_t now, struct err *e);

#endif
