/* certs.c - see certs.h. */
#include "server/signer/certs.h"

#include <arpa/inet.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509v3.h>

#include "sys/entropy.h"

enum { NAME_MAX_BYTES = 64, DNS_MAX = 253, URL_MAX = 255, VERSION_3 = 2, CRL_VERSION_2 = 1 };

#define TIME_LAST (INT64_C(253402300799) * UTIME_S)      /* 9999-12-31T23:59:59Z, the last that X.509 can say */

/* Constant extensions of each kind of certificate, in the order they are written. */
struct ext { int nid; const char *value; };

static const struct ext ca_exts[] = {
        { NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
        { NID_key_usage, "critical,keyCertSign,cRLSign" },
        { NID_subject_key_identifier, "hash" },
        { NID_authority_key_identifier, "keyid:always" },
        { 0, NULL },
};
static const struct ext root_exts[] = {
        { NID_basic_constraints, "critical,CA:TRUE,pathlen:1" },
        { NID_key_usage, "critical,keyCertSign,cRLSign" },
        { NID_subject_key_identifier, "hash" },
        { NID_authority_key_identifier, "keyid:always" },
        { 0, NULL },
};
static const struct ext machine_exts[] = {
        { NID_basic_constraints, "critical,CA:FALSE" },
        { NID_key_usage, "critical,digitalSignature" },
        { NID_ext_key_usage, "clientAuth" },
        { NID_subject_key_identifier, "hash" },
        { NID_authority_key_identifier, "keyid:always" },
        { 0, NULL },
};
static const struct ext server_exts[] = {
        { NID_basic_constraints, "critical,CA:FALSE" },
        { NID_key_usage, "critical,digitalSignature" },
        { NID_ext_key_usage, "serverAuth" },
        { NID_subject_key_identifier, "hash" },
        { NID_authority_key_identifier, "keyid:always" },
        { 0, NULL },
};

static inline void x509_drop(X509 *x)                   { X509_free(x); }
static inline void crl_drop(X509_CRL *x)                { X509_CRL_free(x); }
static inline void pkey_drop(EVP_PKEY *x)               { EVP_PKEY_free(x); }
static inline void time_drop(ASN1_TIME *x)              { ASN1_TIME_free(x); }
static inline void integer_drop(ASN1_INTEGER *x)        { ASN1_INTEGER_free(x); }
static inline void names_drop(GENERAL_NAMES *x)         { GENERAL_NAMES_free(x); }
SCOPED(x509_drop, X509 *)
SCOPED(crl_drop, X509_CRL *)
SCOPED(pkey_drop, EVP_PKEY *)
SCOPED(time_drop, ASN1_TIME *)
SCOPED(integer_drop, ASN1_INTEGER *)
SCOPED(names_drop, GENERAL_NAMES *)

static int refused(struct err *e, const char *what)
{
        return err_set(e, ERR_NOMEM, "libcrypto did not make %s", what);
}

static ASN1_TIME *time_of(utime_t t)
{
        return t < 0 || t > TIME_LAST ? NULL : ASN1_TIME_set(NULL, (time_t)(t / UTIME_S));
}

static ASN1_INTEGER *integer_of(const uint8_t *be, size_t n)
{
        BIGNUM *bn = BN_bin2bn(be, (int)n, NULL);
        ASN1_INTEGER *i = bn ? BN_to_ASN1_INTEGER(bn, NULL) : NULL;

        BN_free(bn);
        return i;
}

static bool period_set(X509 *x, utime_t from, utime_t until)
{
        scoped(time_drop) ASN1_TIME *a = time_of(from), *b = time_of(until);

        return a && b && X509_set1_notBefore(x, a) == 1 && X509_set1_notAfter(x, b) == 1;
}

static bool serial_set(X509 *x, const uint8_t serial[SERIAL_BYTES])
{
        scoped(integer_drop) ASN1_INTEGER *i = integer_of(serial, SERIAL_BYTES);

        return i && X509_set_serialNumber(x, i) == 1;
}

static bool name_set(X509_NAME *name, const char *cn)
{
        return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0) == 1;
}

static bool exts_add(X509 *x, X509 *issuer, const struct ext *exts)
{
        X509V3_CTX ctx;

        X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
        for (; exts->nid; exts++) {
                X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, exts->nid, exts->value);
                bool ok = ext && X509_add_ext(x, ext, -1) == 1;

                X509_EXTENSION_free(ext);
                if (!ok)
                        return false;
        }
        return true;
}

/* 159 random bits behind a zero one: positive, and never of another length class than the office's (RFC 5280 §4.1.2.2). */
static void serial_make(uint8_t serial[SERIAL_BYTES])
{
        entropy_fill(serial, SERIAL_BYTES);
        serial[0] = (serial[0] & 0x7f) | 0x40;
}

/* issuer NULL: signed by itself. */
static int ca_make(X509 **out, const struct issuer *issuer, EVP_PKEY *key, const char *name, const struct ext *exts, int days, utime_t now, struct err *e)
{
        scoped(x509_drop) X509 *x = X509_new();
        X509 *by = issuer ? issuer->cert : x;
        uint8_t serial[SERIAL_BYTES];

        serial_make(serial);
        if (!x || X509_set_version(x, VERSION_3) != 1 || !serial_set(x, serial) || !name_set(X509_get_subject_name(x), name) ||
            X509_set_issuer_name(x, X509_get_subject_name(by)) != 1 ||
            !period_set(x, now - BACKDATE_MIN * UTIME_MIN, now + days * UTIME_DAY) || X509_set_pubkey(x, key) != 1 ||
            !exts_add(x, by, exts) || !X509_sign(x, issuer ? issuer->key : key, EVP_sha256()))
                return refused(e, "the CA's certificate");
        *out = take(x);
        return ERR_OK;
}

int certs_make_ca(X509 **out, EVP_PKEY *key, const char *name, utime_t now, struct err *e)
{
        return ca_make(out, NULL, key, name, ca_exts, CA_DAYS, now, e);
}

int certs_make_root(X509 **out, EVP_PKEY *key, const char *name, utime_t now, struct err *e)
{
        return ca_make(out, NULL, key, name, root_exts, ROOT_DAYS, now, e);
}

int certs_make_issuing(X509 **out, const struct issuer *root, EVP_PKEY *key, const char *name, utime_t now, struct err *e)
{
        return ca_make(out, root, key, name, ca_exts, CA_DAYS, now, e);
}

/* The whole public key is the point: curve and algorithm are ours. */
static EVP_PKEY *key_of_point(const uint8_t point[POINT_BYTES])
{
        EVP_PKEY_CTX *make = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL), *look;
        char curve[] = "P-256";
        uint8_t copy[POINT_BYTES];
        EVP_PKEY *key = NULL;
        OSSL_PARAM params[] = {
                OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
                OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy, sizeof(copy)),
                OSSL_PARAM_construct_end(),
        };

        memcpy(copy, point, sizeof(copy));
        if (make && copy[0] == POINT_CONVERSION_UNCOMPRESSED && EVP_PKEY_fromdata_init(make) == 1)
                (void)EVP_PKEY_fromdata(make, &key, EVP_PKEY_PUBLIC_KEY, params);      /* key stays NULL when refused */
        EVP_PKEY_CTX_free(make);
        look = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
        if (!look || EVP_PKEY_public_check(look) != 1) {
                EVP_PKEY_free(key);
                key = NULL;
        }
        EVP_PKEY_CTX_free(look);
        return key;
}

static bool is_after(const ASN1_TIME *end, utime_t t)
{
        scoped(time_drop) ASN1_TIME *a = time_of(t);

        return !a || ASN1_TIME_compare(a, end) > 0;
}

static int cert_check(const struct issuer *ca, const struct signer_cert *m, struct err *e)
{
        static const uint8_t zero[SERIAL_BYTES];

        if (m->serial[0] & 0x80 || !memcmp(m->serial, zero, sizeof(zero)))
                return err_set(e, ERR_INPUT, "the serial number must be positive and within 159 bits");
        if (uuid_is_zero(m->subject))
                return err_set(e, ERR_INPUT, "no subject id");
        if (m->from < 0 || m->until > TIME_LAST || m->from >= m->until || m->until - m->from > CERT_DAYS_MAX * UTIME_DAY)
                return err_set(e, ERR_INPUT, "the period is empty or longer than two years");
        if (is_after(X509_get0_notAfter(ca->cert), m->until))
                return err_set(e, ERR_INPUT, "the certificate would outlive its CA");
        return ERR_OK;
}

static bool der_add(struct buf *out, uint8_t *der, int n)
{
        if (n > 0)
                buf_add(out, der, (size_t)n);
        OPENSSL_free(der);
        return n > 0 && !buf_bad(out);
}

int certs_issue(struct buf *der, const struct issuer *ca, const struct signer_cert *m, struct err *e)
{
        scoped(x509_drop) X509 *x = X509_new();
        scoped(pkey_drop) EVP_PKEY *key = NULL;
        char cn[UUID_TEXT];
        uint8_t *bytes = NULL;
        int r = cert_check(ca, m, e);

        if (r < 0)
                return r;
        key = key_of_point(m->point);
        if (!key)
                return err_set(e, ERR_INPUT, "the public key is no point of P-256");
        uuid_text(cn, m->subject);
        if (!x || X509_set_version(x, VERSION_3) != 1 || !serial_set(x, m->serial) || !name_set(X509_get_subject_name(x), cn) ||
            X509_set_issuer_name(x, X509_get_subject_name(ca->cert)) != 1 || !period_set(x, m->from, m->until) ||
            X509_set_pubkey(x, key) != 1 || !exts_add(x, ca->cert, machine_exts) || !X509_sign(x, ca->key, EVP_sha256()))
                return refused(e, "a certificate");
        r = i2d_X509(x, &bytes);
        return der_add(der, bytes, r) ? ERR_OK : refused(e, "a certificate");
}

/* RFC 5280 §5.3.1: 7 is not used, 8 belongs to delta lists; 0 is said by saying nothing. */
static bool reason_ok(uint8_t reason)
{
        return reason <= 10 && reason != 7 && reason != 8;
}

static bool row_reason(X509_REVOKED *row, uint8_t reason)
{
        ASN1_ENUMERATED *v;
        bool ok;

        if (!reason)
                return true;
        v = ASN1_ENUMERATED_new();
        ok = v && ASN1_ENUMERATED_set(v, reason) == 1 && X509_REVOKED_add1_ext_i2d(row, NID_crl_reason, v, 0, 0) == 1;
        ASN1_ENUMERATED_free(v);
        return ok;
}

static int crl_row(X509_CRL *crl, const struct revoked *m, struct err *e)
{
        scoped(time_drop) ASN1_TIME *at = time_of(m->at);
        scoped(integer_drop) ASN1_INTEGER *serial = integer_of(m->serial, SERIAL_BYTES);
        X509_REVOKED *row;

        if (!reason_ok(m->reason) || !at)
                return err_set(e, ERR_INPUT, "a revocation with reason %u at %lld", m->reason, (long long)m->at);
        row = X509_REVOKED_new();
        if (!row || !serial || X509_REVOKED_set_serialNumber(row, serial) != 1 || X509_REVOKED_set_revocationDate(row, at) != 1 ||
            !row_reason(row, m->reason) || X509_CRL_add0_revoked(crl, row) != 1) {
                X509_REVOKED_free(row);
                return refused(e, "a revocation list");
        }
        return ERR_OK;
}

static bool crl_head(X509_CRL *crl, const struct issuer *ca, const struct signer_crl *m)
{
        scoped(time_drop) ASN1_TIME *from = time_of(m->this_update), *until = time_of(m->next_update);
        scoped(integer_drop) ASN1_INTEGER *number = ASN1_INTEGER_new();
        X509_EXTENSION *aki;
        X509V3_CTX ctx;
        bool ok;

        X509V3_set_ctx(&ctx, ca->cert, NULL, NULL, crl, 0);
        aki = X509V3_EXT_conf_nid(NULL, &ctx, NID_authority_key_identifier, "keyid:always");
        ok = from && until && number && aki && X509_CRL_set_version(crl, CRL_VERSION_2) == 1 &&
             X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca->cert)) == 1 && X509_CRL_set1_lastUpdate(crl, from) == 1 &&
             X509_CRL_set1_nextUpdate(crl, until) == 1 && X509_CRL_add_ext(crl, aki, -1) == 1 &&
             ASN1_INTEGER_set_uint64(number, m->number) == 1 && X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) == 1;
        X509_EXTENSION_free(aki);
        return ok;
}

int certs_crl(struct buf *der, const struct issuer *ca, const struct signer_crl *m, struct err *e)
{
        scoped(crl_drop) X509_CRL *crl = X509_CRL_new();
        uint8_t *bytes = NULL;
        int r;

        if (m->this_update < 0 || m->next_update > TIME_LAST || m->this_update >= m->next_update ||
            m->next_update - m->this_update > CRL_DAYS_MAX * UTIME_DAY)
                return err_set(e, ERR_INPUT, "the list's period is empty or longer than %d days", CRL_DAYS_MAX);
        if (!crl || !crl_head(crl, ca, m))
                return refused(e, "a revocation list");
        for (uint32_t i = 0; i < m->n; i++) {
                struct revoked row = signer_crl_row(m, i);

                r = crl_row(crl, &row, e);
                if (r < 0)
                        return r;
        }
        if (X509_CRL_sort(crl) != 1 || !X509_CRL_sign(crl, ca->key, EVP_sha256()))
                return refused(e, "a revocation list");
        r = i2d_X509_CRL(crl, &bytes);
        return der_add(der, bytes, r) ? ERR_OK : refused(e, "a revocation list");
}

/* --- nginx's certificate --- */

static bool dns_ok(const char *s)
{
        size_t n = strlen(s);

        return n && n <= DNS_MAX && n == strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.-") && s[0] != '.' && s[0] != '-';
}

/* An address when it reads as one, else a DNS name. */
static int name_add(GENERAL_NAMES *to, const char *name, struct err *e)
{
        uint8_t bytes[16];
        size_t n = inet_pton(AF_INET, name, bytes) == 1 ? 4 : inet_pton(AF_INET6, name, bytes) == 1 ? 16 : 0;
        GENERAL_NAME *g;
        ASN1_STRING *s;

        if (!n && !dns_ok(name))
                return err_set(e, ERR_INPUT, "'%.100s' is neither an address nor a DNS name in lower case", name);
        g = GENERAL_NAME_new();
        s = n ? (ASN1_STRING *)ASN1_OCTET_STRING_new() : (ASN1_STRING *)ASN1_IA5STRING_new();
        if (!g || !s || ASN1_STRING_set(s, n ? (const void *)bytes : name, n ? (int)n : -1) != 1 ||
            sk_GENERAL_NAME_push(to, g) <= 0) {
                ASN1_STRING_free(s);
                GENERAL_NAME_free(g);
                return refused(e, "a subject name");
        }
        GENERAL_NAME_set0_value(g, n ? GEN_IPADD : GEN_DNS, s);
        return ERR_OK;
}

static int san_add(X509 *x, const char *const *names, struct err *e)
{
        scoped(names_drop) GENERAL_NAMES *list = GENERAL_NAMES_new();
        size_t n = 0;

        if (!list)
                return refused(e, "subject names");
        for (; names[n]; n++) {
                int r = n < SERVER_NAMES_MAX ? name_add(list, names[n], e) : err_set(e, ERR_TOO_BIG, "more than %d names", SERVER_NAMES_MAX);

                if (r < 0)
                        return r;
        }
        if (!n)
                return err_set(e, ERR_INPUT, "a server certificate without a name");
        return X509_add1_ext_i2d(x, NID_subject_alt_name, list, 0, 0) == 1 ? ERR_OK : refused(e, "subject names");
}

static int crl_url_add(X509 *x, const char *url, struct err *e)
{
        char value[URL_MAX + sizeof("URI:")];
        const struct ext exts[] = { { NID_crl_distribution_points, value }, { 0, NULL } };

        if (!url)
                return ERR_OK;
        /* The value is read by libcrypto's configuration parser: nothing that it could take for syntax may stand in it. */
        if (strlen(url) > URL_MAX || strncmp(url, "http://", 7) ||
            strlen(url + 7) != strspn(url + 7, "abcdefghijklmnopqrstuvwxyz0123456789.-/:"))
                return err_set(e, ERR_INPUT, "'%.100s' is no plain http URL", url);
        (void)snprintf(value, sizeof(value), "URI:%s", url);
        return exts_add(x, NULL, exts) ? ERR_OK : refused(e, "a CRL distribution point");
}

int certs_issue_server(X509 **out, const struct issuer *ca, EVP_PKEY *key, const char *const *names, const char *crl_url,
                       utime_t now, struct err *e)
{
        scoped(x509_drop) X509 *x = X509_new();
        uint8_t serial[SERIAL_BYTES];
        int r;

        serial_make(serial);
        if (!x || X509_set_version(x, VERSION_3) != 1 || !serial_set(x, serial) ||
            X509_set_issuer_name(x, X509_get_subject_name(ca->cert)) != 1 ||
            !period_set(x, now - BACKDATE_MIN * UTIME_MIN, now + SERVER_DAYS * UTIME_DAY) || X509_set_pubkey(x, key) != 1 ||
            !exts_add(x, ca->cert, server_exts))
                return refused(e, "a server certificate");
        r = san_add(x, names, e);
        if (r < 0)
                return r;
        r = crl_url_add(x, crl_url, e);
        if (r < 0)
                return r;
        if (strlen(names[0]) <= NAME_MAX_BYTES && !name_set(X509_get_subject_name(x), names[0]))
                return refused(e, "a server certificate");
        if (!X509_sign(x, ca->key, EVP_sha256()))
                return refused(e, "a server certificate");
        *out = take(x);
        return ERR_OK;
}
