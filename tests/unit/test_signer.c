/* test_signer.c - the signer as a process, asked by an honest office, by a compromised one, and with a failing disk. */
#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "server/signer/verbs.h"
#include "wire/grants.h"

#include "small_office.h"
#include "unit.h"

#define T0 (INT64_C(1767225600) * UTIME_S)

static struct office office;

static int office_setup(void **state)
{
        office_open(&office);
        return 0;
}

static int office_teardown(void **state)
{
        office_close(&office);
        return 0;
}

static void read_file(struct buf *b, const char *name)
{
        char path[256];
        struct err e = { 0 };

        (void)snprintf(path, sizeof(path), "%s/%s", office.dir, name);
        assert_ok(file_read(b, path, 65536, &e), e);
}

static struct signer_info info_get(void)
{
        struct signer_info info;
        struct err e = { 0 };

        assert_ok(signer_info(&office.client, &info, office_deadline(), &e), e);
        return info;
}

/* Believed by the same code that outsiders use. */
static void assert_head(const struct signer_head *head, uint64_t size)
{
        struct signer_info info = info_get();
        struct checkpoint c = { .size = head->size, .root = head->root }, got;
        scoped(buf_done) struct buf note = BUF_INIT;
        struct vkey k;
        struct hash root;
        struct err e = { 0 };

        assert_int_equal(head->size, size);
        assert_int_equal(tree_root(&root, size, office_read, &office, NULL), ERR_OK);
        assert_memory_equal(head->root.b, root.b, HASH_SIZE);
        note_origin(k.name, info.install, info.epoch);
        memcpy(k.key, info.log_key, ED25519_KEY);
        memcpy(c.origin, k.name, sizeof(c.origin));
        checkpoint_note(&note, &c, &k, head->sig);
        assert_ok(checkpoint_open(&got, buf_view(&note), &k, &e), e);
}

static X509 *ca_get(void)
{
        struct signer_info info = info_get();
        const uint8_t *p = (const uint8_t *)info.ca.p;
        X509 *ca = d2i_X509(NULL, &p, (long)info.ca.n);

        assert_non_null(ca);
        return ca;
}

/* --- the honest office --- */

static void init_makes_files_nobody_else_reads_and_only_once(void **state)
{
        static const char *const names[] = { "signer/keys", "signer/state" };
        struct err e = { 0 };

        for (size_t i = 0; i < countof(names); i++) {
                char path[256];
                struct stat st;

                (void)snprintf(path, sizeof(path), "%s/%s", office.dir, names[i]);
                assert_int_equal(stat(path, &st), 0);
                assert_int_equal(st.st_mode & 0777, 0600);
        }
        assert_int_equal(signer_init(office.dir, (struct uuid){ { 1 } }, clock_now(), &e), ERR_CONFLICT);
}

static void an_empty_log_is_signed_too(void **state)
{
        struct signer_info info = info_get();

        assert_head(&info.head, 0);
        assert_int_equal(info.epoch, 1);
        assert_int_equal(info.table_seq, 0);
        assert_memory_not_equal(info.log_key, info.table_key, ED25519_KEY);
        assert_memory_not_equal(info.log_key, info.order_key, ED25519_KEY);
        assert_memory_not_equal(info.table_key, info.order_key, ED25519_KEY);
}

static void every_group_is_signed_and_survives_kills(void **state)
{
        for (uint64_t size = 1; size < 700; size += size < 5 ? 1 : 139) {
                struct signer_info info;

                office_grow(&office, size);
                assert_head(&office.head, size);
                assert_int_equal(office_stop(&office, SIGKILL), -1);
                office_start(&office);
                info = info_get();
                assert_head(&info.head, size);
                assert_memory_equal(info.head.sig, office.head.sig, ED25519_SIG);
        }
}

static void cert_fixed(struct buf *fixed, struct signer_cert *m)
{
        EVP_PKEY *key = EVP_EC_gen("P-256");
        size_t n;

        assert_int_equal(EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", m->point, POINT_BYTES, &n), 1);
        assert_int_equal(n, POINT_BYTES);
        EVP_PKEY_free(key);
        m->serial[0] = 0x11;
        m->serial[19] = 0x22;
        m->subject = (struct uuid){ { 1, 0x96, 0, 0, 0, 0, 0x70 } };
        m->from = clock_now() - UTIME_MIN;
        m->until = m->from + 365 * UTIME_DAY;
        signer_cert_encode(fixed, m);
}

static void a_certificate_says_who_and_is_for_clients_only(void **state)
{
        scoped(buf_done) struct buf fixed = BUF_INIT;
        struct signer_cert m = { 0 };
        struct evidence ev;
        struct str der;
        struct err e = { 0 };
        X509 *ca = ca_get(), *x;
        const uint8_t *p;
        char cn[64];

        cert_fixed(&fixed, &m);
        ev = office_name(&office, buf_view(&fixed));
        assert_ok(signer_cert(&office.client, &ev, &m, &der, office_deadline(), &e), e);
        p = (const uint8_t *)der.p;
        x = d2i_X509(NULL, &p, (long)der.n);
        assert_non_null(x);
        assert_int_equal(X509_verify(x, X509_get0_pubkey(ca)), 1);
        assert_int_equal(X509_check_issued(ca, x), X509_V_OK);
        assert_int_equal(X509_check_purpose(ca, X509_PURPOSE_SSL_CLIENT, 1), 1);
        assert_int_equal(X509_check_purpose(x, X509_PURPOSE_SSL_CLIENT, 0), 1);
        assert_int_equal(X509_check_purpose(x, X509_PURPOSE_SSL_SERVER, 0), 0);
        assert_int_equal(X509_check_ca(x), 0);
        assert_true(X509_NAME_get_text_by_NID(X509_get_subject_name(x), NID_commonName, cn, sizeof(cn)) > 0);
        assert_text(cn, "01960000-0000-7000-0000-000000000000");
        X509_free(x);
        X509_free(ca);
}

static void a_revocation_list_has_its_rows_and_its_number(void **state)
{
        struct revoked rows[2] = { { .serial = { 0x11, [19] = 0x22 }, .at = T0, .reason = 1 }, { .serial = { 3 }, .at = T0, .reason = 0 } };
        struct err e = { 0 };
        X509 *ca = ca_get();

        for (uint64_t number = 3; number < 12; number += 4) {
                scoped(buf_done) struct buf fixed = BUF_INIT;
                struct evidence ev;
                struct str der;
                X509_CRL *crl;
                const uint8_t *p;
                ASN1_INTEGER *n;

                signer_crl_encode(&fixed, number, T0, T0 + 31 * UTIME_DAY, rows, 2);
                ev = office_name(&office, buf_view(&fixed));
                assert_ok(signer_crl(&office.client, &ev, buf_view(&fixed), &der, office_deadline(), &e), e);
                p = (const uint8_t *)der.p;
                crl = d2i_X509_CRL(NULL, &p, (long)der.n);
                assert_non_null(crl);
                assert_int_equal(X509_CRL_verify(crl, X509_get0_pubkey(ca)), 1);
                assert_int_equal(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl)), 2);
                n = X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL);
                assert_int_equal(ASN1_INTEGER_get(n), number);
                ASN1_INTEGER_free(n);
                X509_CRL_free(crl);
                assert_int_equal(info_get().crl_number, number);
                assert_int_equal(signer_crl(&office.client, &ev, buf_view(&fixed), &der, office_deadline(), &e), ERR_CONFLICT);
        }
        X509_free(ca);
}

static void header_make(uint8_t to[GRANT_HEADER_BYTES], uint64_t seq)
{
        struct grant_header h = { .epoch = 1, .install = { { 1, 0x96, 9 } }, .seq = seq, .made_at = T0, .valid_until = T0 + UTIME_DAY };

        grant_header_encode(to, &h);
}

static void a_table_is_signed_once_for_each_sequence_number(void **state)
{
        struct err e = { 0 };

        for (uint64_t seq = 1; seq < 20; seq += 6) {
                uint8_t header[GRANT_HEADER_BYTES], sig[ED25519_SIG];
                struct str fixed = { (char *)header, sizeof(header) };
                struct evidence ev;

                header_make(header, seq);
                ev = office_name(&office, fixed);
                assert_ok(signer_table(&office.client, &ev, header, sig, office_deadline(), &e), e);
                assert_ok(ed25519_verify(info_get().table_key, fixed, sig, &e), e);
                assert_int_equal(signer_table(&office.client, &ev, header, sig, office_deadline(), &e), ERR_CONFLICT);
                assert_int_equal(info_get().table_seq, seq);
        }
}

static void an_order_names_host_kind_end_and_its_entry(void **state)
{
        scoped(buf_done) struct buf fixed = BUF_INIT;
        struct signer_order m = { .host = { { 1, 0x96, 1 } }, .kind = 2, .until = T0 };
        uint8_t sig[ED25519_SIG];
        struct evidence ev;
        struct order o;
        struct str bytes;
        struct err e = { 0 };

        signer_order_encode(&fixed, &m);
        ev = office_name(&office, buf_view(&fixed));
        assert_ok(signer_order(&office.client, &ev, &m, &bytes, sig, office_deadline(), &e), e);
        assert_ok(order_decode(&o, bytes, &e), e);
        assert_int_equal(o.kind, 2);
        assert_int_equal(o.until, T0);
        assert_int_equal(o.index, ev.index);
        assert_true(uuid_eq(o.host, m.host));
        {
                char copy[ORDER_BYTES];

                memcpy(copy, bytes.p, sizeof(copy));    /* the next call overwrites the view */
                assert_ok(ed25519_verify(info_get().order_key, (struct str){ copy, sizeof(copy) }, sig, &e), e);
        }
}

/* --- rotation --- */

static struct keylink link_of(const struct signer_info *i, enum keylink_use use)
{
        struct keylink l = { .use = (uint16_t)use, .generation = (use == KEYLINK_TABLE ? i->table_generation : i->order_generation) + 1, .install = i->install };

        memcpy(l.current, use == KEYLINK_TABLE ? i->table_next[0] : i->order_next[0], ED25519_KEY);
        memcpy(l.next, use == KEYLINK_TABLE ? i->table_next[1] : i->order_next[1], ED25519_KEY);
        return l;
}

static int rotate(const struct keylink *l, uint8_t sig[ED25519_SIG])
{
        scoped(buf_done) struct buf fixed = BUF_INIT;
        struct evidence ev;
        struct err e = { 0 };

        keylink_encode(&fixed, l);
        ev = office_name(&office, buf_view(&fixed));
        return signer_rotate(&office.client, &ev, l, sig, office_deadline(), &e);
}

static void the_next_key_takes_over_and_says_who_follows(void **state)
{
        static const enum keylink_use uses[] = { KEYLINK_TABLE, KEYLINK_ORDER, KEYLINK_TABLE };

        for (size_t i = 0; i < countof(uses); i++) {
                struct signer_info before = info_get(), after;
                struct keylink l = link_of(&before, uses[i]), skipped = l;
                uint8_t sig[ED25519_SIG], again[ED25519_SIG];
                struct err e = { 0 };

                skipped.generation++;
                assert_int_equal(rotate(&skipped, sig), ERR_CONFLICT);
                skipped = l;
                skipped.next[0] ^= 1;
                assert_int_equal(rotate(&skipped, sig), ERR_CONFLICT);
                assert_int_equal(rotate(&l, sig), ERR_OK);
                assert_ok(keylink_verify(&l, sig, &e), e);
                assert_int_equal(rotate(&l, again), ERR_OK);            /* the answer was lost */
                assert_memory_equal(sig, again, sizeof(sig));
                if (i)
                        assert_int_equal(office_stop(&office, SIGKILL), -1);
                if (i)
                        office_start(&office);
                after = info_get();
                assert_memory_equal(uses[i] == KEYLINK_TABLE ? after.table_key : after.order_key, l.current, ED25519_KEY);
                assert_memory_equal(uses[i] == KEYLINK_TABLE ? after.table_next[0] : after.order_next[0], l.next, ED25519_KEY);
                assert_memory_equal(after.log_key, before.log_key, ED25519_KEY);
                assert_head(&after.head, office.n);
        }
        assert_int_equal(info_get().table_generation, 3);
        assert_int_equal(info_get().order_generation, 2);
}

static void what_is_not_rotated_here_is_refused(void **state)
{
        struct signer_info info = info_get();
        struct keylink l = link_of(&info, KEYLINK_TABLE);
        uint8_t sig[ED25519_SIG];

        l.use = KEYLINK_LOG;
        assert_int_equal(rotate(&l, sig), ERR_INPUT);
        l.use = KEYLINK_CA;
        assert_int_equal(rotate(&l, sig), ERR_CONFLICT);        /* none is prepared */
        l = link_of(&info, KEYLINK_TABLE);
        l.install.b[0] ^= 1;
        assert_int_equal(rotate(&l, sig), ERR_CONFLICT);
        assert_int_equal(info_get().table_generation, info.table_generation);
}

static int bury(const char *unit)
{
        scoped(buf_done) struct buf fixed = BUF_INIT;
        struct evidence ev;
        struct err e = { 0 };

        tombstone_fixed_encode(&fixed, unit);
        ev = office_name(&office, buf_view(&fixed));
        return signer_tombstone(&office.client, &ev, unit, office_deadline(), &e);
}

static size_t tombs_now(struct tombstone list[8])
{
        scoped(buf_done) struct buf file = BUF_INIT;
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct tombstone *all = NULL;
        size_t n = 0, torn = 0;
        struct err e = { 0 };

        read_file(&file, "signer/tombstones");
        assert_ok(tombstones_decode(&all, &n, &torn, buf_view(&file), &a, &e), e);
        assert_true(n <= 8 && !torn);
        memcpy(list, all, n * sizeof(*all));
        return n;
}

/* Once a unit, in the order of asking; kept over a kill; what was not answered for is cut off; what is gone stops the signer. */
static void what_was_erased_is_remembered(void **state)
{
        struct tombstone list[8];
        scoped(buf_done) struct buf file = BUF_INIT;
        char path[256];
        int fd;

        assert_int_equal(bury("cases-2019"), ERR_OK);
        assert_int_equal(bury("people-2019"), ERR_OK);
        assert_int_equal(bury("cases-2019"), ERR_OK);
        assert_int_equal(tombs_now(list), 2);
        assert_string_equal(list[0].unit, "cases-2019");
        assert_string_equal(list[1].unit, "people-2019");
        assert_true(list[0].entry < list[1].entry);
        assert_int_equal(office_stop(&office, SIGKILL), -1);

        (void)snprintf(path, sizeof(path), "%s/signer/tombstones", office.dir);
        fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
        assert_int_equal(write(fd, "cases-2020 half a record, and then the power went", 49), 49);
        office_start(&office);
        assert_int_equal(tombs_now(list), 2);
        assert_int_equal(bury("cases-2020"), ERR_OK);
        assert_int_equal(tombs_now(list), 3);
        assert_int_equal(office_stop(&office, SIGKILL), -1);

        read_file(&file, "signer/tombstones");
        assert_int_equal(ftruncate(fd, TOMBSTONES_HEAD + 2 * TOMBSTONE_BYTES), 0);
        (void)close(fd);
        {
                struct signer s;
                struct err e = { 0 };

                assert_int_equal(signer_open(&s, office.dir, &e), ERR_TAMPERED);
        }
        fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
        assert_int_equal(write(fd, file.p, file.n), (ssize_t)file.n);
        (void)close(fd);
        office_start(&office);
}

static void nginx_gets_a_key_and_a_certificate_for_its_names(void **state)
{
        static const char *const names[] = { "sekisho.city.example", "localhost", "127.0.0.1", "::1", NULL };
        static const char *const bad[] = { "", "a b", "Upper.example", "x,DNS:evil", "*.example", "-a", ".a" };
        scoped(buf_done) struct buf pem = BUF_INIT;
        struct err e = { 0 };
        X509 *ca = ca_get(), *x;
        BIO *bio;

        assert_ok(signer_issue_server(office.dir, names, "http://sekisho.city.example/crl", clock_now(), &e), e);
        read_file(&pem, "tls/server.pem");
        bio = BIO_new_mem_buf(pem.p, (int)pem.n);
        x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        assert_non_null(x);
        assert_int_equal(X509_verify(x, X509_get0_pubkey(ca)), 1);
        assert_int_equal(X509_check_purpose(x, X509_PURPOSE_SSL_SERVER, 0), 1);
        assert_int_equal(X509_check_purpose(x, X509_PURPOSE_SSL_CLIENT, 0), 0);
        assert_int_equal(X509_check_host(x, "sekisho.city.example", 0, 0, NULL), 1);
        assert_int_equal(X509_check_host(x, "localhost", 0, 0, NULL), 1);
        assert_int_equal(X509_check_host(x, "other.example", 0, 0, NULL), 0);
        assert_int_equal(X509_check_ip_asc(x, "127.0.0.1", 0), 1);
        assert_int_equal(X509_check_ip_asc(x, "::1", 0), 1);
        assert_true(X509_get_ext_by_NID(x, NID_crl_distribution_points, -1) >= 0);
        X509_free(x);
        x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        assert_int_equal(X509_cmp(x, ca), 0);
        X509_free(x);
        X509_free(ca);
        BIO_free(bio);
        for (size_t i = 0; i < countof(bad); i++)
                assert_int_equal(signer_issue_server(office.dir, (const char *const[]){ bad[i], NULL }, NULL, clock_now(), NULL), ERR_INPUT);
        assert_int_equal(signer_issue_server(office.dir, (const char *const[]){ NULL }, NULL, clock_now(), NULL), ERR_INPUT);
        assert_int_equal(signer_issue_server(office.dir, names, "http://a/b,URI:http://c", clock_now(), NULL), ERR_INPUT);
}

/* --- the compromised office: every row is refused and leaves the state as it was --- */

/* What a row may spoil before it is sent. */
struct ask {
        uint16_t        verb;
        struct evidence ev;
        struct buf      fixed;
        uint64_t        first;          /* APPEND */
        char            entry[1024];
};

static void spoil_smaller(struct ask *a)       { a->first--; }
static void spoil_gap(struct ask *a)           { a->first++; }
static void spoil_fork(struct ask *a)          { a->first = 0; }
static void spoil_beyond(struct ask *a)        { a->ev.index = office.n; }
static void spoil_far(struct ask *a)           { a->ev.index = UINT64_MAX; }
static void spoil_other_leaf(struct ask *a)    { a->ev.index--; }
static void spoil_hash(struct ask *a)          { a->ev.proof.hash[1].b[7] ^= 1; }
static void spoil_short(struct ask *a)         { a->ev.proof.n--; }
static void spoil_long(struct ask *a)          { a->ev.proof.n++; }
static void spoil_digest_at(struct ask *a)     { a->ev.digest_at++; }
static void spoil_digest_out(struct ask *a)    { a->ev.digest_at = (uint32_t)a->ev.entry.n - DIGEST_TEXT + 1; }
static void spoil_fixed(struct ask *a)         { a->fixed.p[a->fixed.n - 40] ^= 1; }
static void spoil_cut(struct ask *a)           { a->fixed.n--; }
static void spoil_more(struct ask *a)          { buf_char(&a->fixed, 0); }

/* The entry is changed so that it names the request: but then it is no leaf of the log. */
static void spoil_unjournalled(struct ask *a)
{
        struct hash h;
        char text[DIGEST_TEXT + 1];

        a->fixed.p[a->fixed.n - 40] ^= 1;
        h = hash_bytes(buf_view(&a->fixed));
        hex_text(text, h.b, HASH_SIZE);
        memcpy(a->entry, a->ev.entry.p, a->ev.entry.n);
        memcpy(a->entry + a->ev.digest_at, text, DIGEST_TEXT);
        a->ev.entry.p = a->entry;
}

/* An honest entry of another matter, with its honest proof: it does not name the request. */
static void spoil_other_matter(struct ask *a)
{
        a->ev = office_evidence(&office, 3, STR("nothing to sign"));
}

static const struct { const char *name; uint16_t verb; void (*spoil)(struct ask *a); int want; } attacks[] = {
        { "append at a smaller size", SIGNER_APPEND, spoil_smaller, ERR_CONFLICT },
        { "append behind a gap", SIGNER_APPEND, spoil_gap, ERR_CONFLICT },
        { "fork from the beginning", SIGNER_APPEND, spoil_fork, ERR_CONFLICT },
        { "table: leaf beyond the tree", SIGNER_TABLE, spoil_beyond, ERR_TAMPERED },
        { "table: leaf far beyond", SIGNER_TABLE, spoil_far, ERR_TAMPERED },
        { "table: proof of another leaf", SIGNER_TABLE, spoil_other_leaf, ERR_TAMPERED },
        { "table: hash of the proof changed", SIGNER_TABLE, spoil_hash, ERR_TAMPERED },
        { "table: proof too short", SIGNER_TABLE, spoil_short, ERR_TAMPERED },
        { "table: proof too long", SIGNER_TABLE, spoil_long, ERR_TAMPERED },
        { "table: digest elsewhere in the entry", SIGNER_TABLE, spoil_digest_at, ERR_TAMPERED },
        { "table: digest outside the entry", SIGNER_TABLE, spoil_digest_out, ERR_INPUT },
        { "table: header that no entry names", SIGNER_TABLE, spoil_fixed, ERR_TAMPERED },
        { "table: entry made up for the header", SIGNER_TABLE, spoil_unjournalled, ERR_TAMPERED },
        { "table: entry of another matter", SIGNER_TABLE, spoil_other_matter, ERR_TAMPERED },
        { "table: header cut", SIGNER_TABLE, spoil_cut, ERR_TAMPERED },
        { "table: header with a tail", SIGNER_TABLE, spoil_more, ERR_TAMPERED },
        { "certificate that no entry names", SIGNER_CERT, spoil_fixed, ERR_TAMPERED },
        { "certificate: entry made up for it", SIGNER_CERT, spoil_unjournalled, ERR_TAMPERED },
        { "certificate: entry of another matter", SIGNER_CERT, spoil_other_matter, ERR_TAMPERED },
        { "certificate: proof of another leaf", SIGNER_CERT, spoil_other_leaf, ERR_TAMPERED },
        { "list that no entry names", SIGNER_CRL, spoil_more, ERR_TAMPERED },
        { "list: entry made up for it", SIGNER_CRL, spoil_unjournalled, ERR_TAMPERED },
        { "order that no entry names", SIGNER_ORDER, spoil_more, ERR_TAMPERED },
        { "order: entry of another matter", SIGNER_ORDER, spoil_other_matter, ERR_TAMPERED },
        { "a table's bytes for a certificate", SIGNER_CERT, NULL, ERR_INPUT },
        { "an order's bytes for a list", SIGNER_CRL, NULL, ERR_INPUT },
        { "an order's bytes for a table", SIGNER_TABLE, NULL, ERR_INPUT },
        { "a table's bytes for an order", SIGNER_ORDER, NULL, ERR_INPUT },
        { "rotation that no entry names", SIGNER_ROTATE, spoil_fixed, ERR_TAMPERED },
        { "rotation: entry made up for it", SIGNER_ROTATE, spoil_unjournalled, ERR_TAMPERED },
        { "rotation: entry of another matter", SIGNER_ROTATE, spoil_other_matter, ERR_TAMPERED },
        { "an order's bytes for a rotation", SIGNER_ROTATE, NULL, ERR_INPUT },
        { "tombstone that no entry names", SIGNER_TOMBSTONE, spoil_fixed, ERR_TAMPERED },
        { "tombstone: entry made up for it", SIGNER_TOMBSTONE, spoil_unjournalled, ERR_TAMPERED },
        { "tombstone: entry of another matter", SIGNER_TOMBSTONE, spoil_other_matter, ERR_TAMPERED },
        { "a table's bytes for a tombstone", SIGNER_TOMBSTONE, NULL, ERR_INPUT },
        { "a verb that is none", 99, NULL, ERR_INPUT },
        { "verb 0", 0, NULL, ERR_INPUT },
};

/* The fixed part an honest request of that verb would have; without `spoil` that of another verb. */
static void ask_fixed(struct ask *a, bool own)
{
        struct signer_cert cert = { 0 };
        uint8_t header[GRANT_HEADER_BYTES];

        if (a->verb == SIGNER_TABLE ? own : a->verb != SIGNER_CRL && a->verb != SIGNER_ROTATE && !own) {
                header_make(header, 1000);
                buf_add(&a->fixed, header, sizeof(header));
        } else if (a->verb == SIGNER_CERT) {
                cert_fixed(&a->fixed, &cert);
        } else if (a->verb == SIGNER_TOMBSTONE) {
                tombstone_fixed_encode(&a->fixed, "cases-2020");
        } else if (a->verb == SIGNER_CRL && own) {
                signer_crl_encode(&a->fixed, 1000, T0, T0 + UTIME_DAY, (const struct revoked[2]){ { .at = T0 }, { .at = T0 } }, 2);
        } else if (a->verb == SIGNER_ROTATE && own) {
                keylink_encode(&a->fixed, &(struct keylink){ .use = KEYLINK_TABLE, .generation = 2, .install = { { 1, 0x96, 9 } } });
        } else {
                signer_order_encode(&a->fixed, &(struct signer_order){ .host = { { 1 } }, .kind = 1, .until = T0 });
                if (a->verb == SIGNER_ORDER)
                        put_zeros(&a->fixed, 40);       /* room to spoil; refused for its length if it ever got that far */
        }
}

/* Sends bytes as they are, honest or not. */
static int ask_raw(uint16_t verb, struct str body)
{
        scoped(fd_close) int fd = -1;
        scoped(buf_done) struct buf frame = BUF_INIT;
        uint8_t head[SIGNER_HEAD_BYTES];
        struct signer_frame f;
        struct err e = { 0 };

        signer_frame_encode(&frame, verb, 0, body);
        assert_ok(sock_connect(&fd, office.client.path, &e), e);
        assert_ok(sock_write(fd, buf_view(&frame), office_deadline(), &e), e);
        assert_ok(sock_read(fd, head, sizeof(head), office_deadline(), &e), e);
        assert_ok(signer_frame_decode(&f, (struct str){ (char *)head, sizeof(head) }, &e), e);
        assert_int_equal(f.verb, verb);
        return f.status;
}

static void a_compromised_office_is_refused_and_changes_nothing(void **state)
{
        office_grow(&office, office.n + 5);
        for (size_t i = 0; i < countof(attacks); i++) {
                struct ask a = { .verb = attacks[i].verb };
                scoped(buf_done) struct buf body = BUF_INIT, before = BUF_INIT, after = BUF_INIT;
                int got;

                if (a.verb == SIGNER_APPEND) {
                        struct hash h = hash_bytes(STR("another history"));

                        a.first = office.n;
                        attacks[i].spoil(&a);
                        signer_append_encode(&body, a.first, &h, 1);
                } else {
                        ask_fixed(&a, attacks[i].spoil != NULL);
                        a.ev = office_name(&office, buf_view(&a.fixed));
                        office_grow(&office, office.n + 2);
                        a.ev = office_evidence(&office, a.ev.index, buf_view(&a.fixed));
                        if (attacks[i].spoil)
                                attacks[i].spoil(&a);
                        evidence_encode(&body, &a.ev);
                        buf_str(&body, buf_view(&a.fixed));
                }
                read_file(&before, "signer/state");
                got = ask_raw(a.verb, buf_view(&body));
                read_file(&after, "signer/state");
                if (got != attacks[i].want)
                        fail_msg("%s: %s, wanted %s", attacks[i].name, err_name(got), err_name(attacks[i].want));
                assert_true(str_eq(buf_view(&before), buf_view(&after)));
                buf_done(&a.fixed);
        }
        assert_int_equal(info_get().head.size, office.n);
        assert_head(&office.head, office.n);
}

/* Recorded in the log, so evidence holds; refused by what the signer itself knows. */
static void limits_hold_for_recorded_requests_too(void **state)
{
        static const struct { const char *name; struct grant_header h; int want; } tables[] = {
                { "another install", { .epoch = 1, .install = { { 2 } }, .seq = 2000, .made_at = T0, .valid_until = T0 + 1 }, ERR_CONFLICT },
                { "another epoch", { .epoch = 2, .install = { { 1, 0x96, 9 } }, .seq = 2000, .made_at = T0, .valid_until = T0 + 1 }, ERR_CONFLICT },
                { "sequence not higher", { .epoch = 1, .install = { { 1, 0x96, 9 } }, .seq = 19, .made_at = T0, .valid_until = T0 + 1 }, ERR_CONFLICT },
                { "over before it began", { .epoch = 1, .install = { { 1, 0x96, 9 } }, .seq = 2000, .made_at = T0, .valid_until = T0 }, ERR_INPUT },
                { "longer than 31 days", { .epoch = 1, .install = { { 1, 0x96, 9 } }, .seq = 2000, .made_at = T0, .valid_until = T0 + 31 * UTIME_DAY + 1 }, ERR_INPUT },
        };
        static const struct { const char *name; utime_t from, until; uint8_t serial, point; } certs[] = {
                { "empty period", 0, 0, 1, 0 },
                { "longer than two years", 0, 732 * UTIME_DAY, 1, 0 },
                { "beyond the CA's end", 700 * UTIME_DAY, 731 * UTIME_DAY, 1, 0 },
                { "negative serial", 0, UTIME_DAY, 0x80, 0 },
                { "serial zero", 0, UTIME_DAY, 0, 0 },
                { "point not on the curve", 0, UTIME_DAY, 1, 1 },
                { "compressed point", 0, UTIME_DAY, 1, 2 },
        };
        struct err e = { 0 };

        if (info_get().table_seq < 19)
                fail_msg("run behind a_table_is_signed_once_for_each_sequence_number");
        for (size_t i = 0; i < countof(tables); i++) {
                uint8_t header[GRANT_HEADER_BYTES], sig[ED25519_SIG];
                struct evidence ev;

                grant_header_encode(header, &tables[i].h);
                ev = office_name(&office, (struct str){ (char *)header, sizeof(header) });
                if (signer_table(&office.client, &ev, header, sig, office_deadline(), &e) != tables[i].want)
                        fail_msg("%s: %s", tables[i].name, e.text);
        }
        for (size_t i = 0; i < countof(certs); i++) {
                scoped(buf_done) struct buf fixed = BUF_INIT, again = BUF_INIT;
                struct signer_cert m = { 0 };
                struct evidence ev;
                struct str der;

                cert_fixed(&fixed, &m);
                m.until = m.from + certs[i].until;
                m.from += certs[i].from;
                memset(m.serial, 0, sizeof(m.serial));
                m.serial[0] = certs[i].serial;
                if (certs[i].point == 1)
                        m.point[64] ^= 1;
                else if (certs[i].point)
                        m.point[0] = 2;
                signer_cert_encode(&again, &m);
                ev = office_name(&office, buf_view(&again));
                if (signer_cert(&office.client, &ev, &m, &der, office_deadline(), &e) != ERR_INPUT)
                        fail_msg("%s: not refused", certs[i].name);
        }
}

/* Behind the door nothing of the machine is left but what is open: a filter on calls, no way to more rights. */
static void the_process_has_locked_itself_up(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        char path[64];
        struct err e = { 0 };

        (void)snprintf(path, sizeof(path), "/proc/%d/status", (int)office.pid);
        assert_ok(file_read(&b, path, 65536, &e), e);
        assert_non_null(strstr(b.p, "\nSeccomp:\t2\n"));
        assert_non_null(strstr(b.p, "\nNoNewPrivs:\t1\n"));
        assert_non_null(strstr(b.p, "\nCapEff:\t0000000000000000\n"));
}

/* --- peers that do not behave --- */

static void a_peer_that_stalls_or_babbles_does_not_hold_up_others(void **state)
{
        scoped(fd_close) int half = -1, noise = -1;
        struct err e = { 0 };
        char c;
        size_t got;

        assert_ok(sock_connect(&half, office.client.path, &e), e);
        assert_ok(sock_write(half, STR("SKSG\x01"), office_deadline(), &e), e);
        assert_ok(sock_connect(&noise, office.client.path, &e), e);
        assert_ok(sock_write(noise, STR("GET / HTTP/1.1\r\n"), office_deadline(), &e), e);
        office_grow(&office, office.n + 1);
        assert_ok(sock_read_some(noise, &c, 1, office_deadline(), &got, &e), e);
        assert_int_equal(got, 0);               /* hung up on */
        office_grow(&office, office.n + 1);
        assert_head(&office.head, office.n);
}

static void the_client_finds_the_signer_again_after_a_restart(void **state)
{
        struct signer_client kept;
        struct signer_info info;
        struct err e = { 0 };

        assert_ok(signer_client_init(&kept, office.client.path, &e), e);
        assert_ok(signer_info(&kept, &info, office_deadline(), &e), e);
        assert_int_equal(office_stop(&office, SIGTERM), 0);
        assert_true(signer_info(&kept, &info, office_deadline(), &e) < 0);
        office_start(&office);
        assert_ok(signer_info(&kept, &info, office_deadline(), &e), e);
        assert_int_equal(info.head.size, office.n);
        signer_client_done(&kept);
}

/* --- a failing disk, in this process --- */

static struct signer opened(int want)
{
        struct signer s = { .fd = -1 };
        struct err e = { 0 };
        int r = signer_open(&s, office.dir, &e);

        if (r != want)
                fail_msg("open: %s (%d), wanted %d", e.text, r, want);
        return s;
}

/* Files may not grow beyond `bytes` while one request is answered: a disk that is full, or fails in the middle of a slot. */
static int answer_with_limit(struct signer *s, uint16_t verb, struct str body, rlim_t bytes, struct buf *out)
{
        struct rlimit old, now;
        struct err e = { 0 };
        int r;

        assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
        now = old;
        now.rlim_cur = bytes;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
        r = signer_answer(s, verb, body, out, &e);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        return r;
}

/* Requests that advance the state, each made to fail in turn: as the n-th write, at each place of the slot. */
static void a_write_that_fails_is_never_answered_and_forgets_nothing(void **state)
{
        /* The last cut leaves half of the hash away: of a single byte, one in 256 is by chance what stood there before. */
        static const rlim_t cuts[] = { 0, 1, 512, SIGNER_SLOT_BYTES - HASH_SIZE / 2 };

        assert_int_equal(office_stop(&office, SIGTERM), 0);
        (void)signal(SIGXFSZ, SIG_IGN);
        for (size_t cut = 0; cut < countof(cuts); cut++)
                for (uint64_t fail_at = 1; fail_at <= 6; fail_at++) {
                        struct signer s = opened(ERR_OK);
                        uint64_t acked = s.state.edge.size;
                        scoped(buf_done) struct buf out = BUF_INIT, later = BUF_INIT, body = BUF_INIT;
                        struct signer_head head;

                        for (uint64_t n = 1; n <= fail_at; n++) {
                                struct hash h = hash_bytes(STR("leaf"));
                                bool second = !((s.state.counter + 1) & 1);
                                rlim_t limit = n < fail_at ? RLIM_INFINITY : (second ? SIGNER_SLOT_BYTES : 0) + cuts[cut];
                                int r;

                                buf_clear(&body);
                                buf_clear(&out);
                                signer_append_encode(&body, s.state.edge.size, &h, 1);
                                r = answer_with_limit(&s, SIGNER_APPEND, buf_view(&body), limit, &out);
                                assert_int_equal(r, n < fail_at ? ERR_OK : ERR_IO);
                                acked += n < fail_at;
                        }
                        /* reads go on and tell what was acknowledged; nothing else does, even with the disk well again */
                        assert_int_equal(signer_answer(&s, SIGNER_INFO, STR(""), &later, NULL), ERR_OK);
                        assert_int_equal(s.state.edge.size, acked);
                        buf_clear(&later);
                        for (uint16_t verb = SIGNER_APPEND; verb <= SIGNER_ORDER; verb++)
                                assert_int_equal(signer_answer(&s, verb, buf_view(&body), &later, NULL), ERR_IO);
                        signer_close(&s);
                        /* a restart has at least what was acknowledged, and goes on */
                        s = opened(ERR_OK);
                        assert_int_equal(s.state.edge.size, acked);
                        buf_clear(&out);
                        assert_int_equal(signer_answer(&s, SIGNER_APPEND, buf_view(&body), &out, NULL), ERR_OK);
                        assert_int_equal(signer_head_decode(&head, buf_view(&out), NULL), ERR_OK);
                        assert_int_equal(head.size, acked + 1);
                        signer_close(&s);
                }
}

static void spoil_file(const char *name, off_t at)
{
        char path[256], byte;
        scoped(fd_close) int fd = -1;

        (void)snprintf(path, sizeof(path), "%s/%s", office.dir, name);
        fd = open(path, O_RDWR | O_CLOEXEC);
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        byte ^= 1;
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

/* Runs behind the failing disk: the signer is not running. */
static void damaged_files_stop_the_signer_with_words(void **state)
{
        scoped(buf_done) struct buf keys = BUF_INIT;
        struct err e = { 0 };
        struct signer s;

        read_file(&keys, "signer/keys");
        for (size_t at = 0; at < keys.n; at += 7) {
                spoil_file("signer/keys", (off_t)at);
                assert_true(signer_open(&s, office.dir, &e) < 0);
                spoil_file("signer/keys", (off_t)at);
        }
        for (off_t at = 0; at < 2 * SIGNER_SLOT_BYTES; at += 61) {       /* one slot: the other still serves */
                spoil_file("signer/state", at);
                s = opened(ERR_OK);
                signer_close(&s);
                spoil_file("signer/state", at);
        }
        spoil_file("signer/state", 50);
        spoil_file("signer/state", SIGNER_SLOT_BYTES + 50);
        assert_int_equal(signer_open(&s, office.dir, &e), ERR_TAMPERED);
        assert_non_null(strstr(e.text, "new epoch"));
        spoil_file("signer/state", 50);
        spoil_file("signer/state", SIGNER_SLOT_BYTES + 50);
        s = opened(ERR_OK);
        signer_close(&s);
}

/* The state of another signer, whole in itself, beside our keys: a clone or a mix-up. */
static void state_and_keys_must_belong_together(void **state)
{
        struct signer s = opened(ERR_OK);
        struct signer_state other;
        scoped(buf_done) struct buf slot = BUF_INIT;
        char path[256];
        scoped(fd_close) int fd = -1;
        struct err e = { 0 };

        signer_close(&s);
        (void)snprintf(path, sizeof(path), "%s/signer/state", office.dir);
        fd = open(path, O_RDWR | O_CLOEXEC);
        for (int i = 0; i < 2; i++) {
                other = s.state;
                other.counter += 2 * (uint64_t)(i + 1);
                if (i)
                        other.install.b[0] ^= 1;
                else
                        other.sig[5] ^= 1;
                buf_clear(&slot);
                signer_state_encode(&slot, &other);
                assert_ok(file_write_at(fd, other.counter & 1 ? 0 : SIGNER_SLOT_BYTES, buf_view(&slot), &e), e);
                assert_int_equal(signer_open(&s, office.dir, &e), ERR_CONFLICT);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {     /* one log grows through all of them */
                cmocka_unit_test(init_makes_files_nobody_else_reads_and_only_once),
                cmocka_unit_test(an_empty_log_is_signed_too),
                cmocka_unit_test(every_group_is_signed_and_survives_kills),
                cmocka_unit_test(a_certificate_says_who_and_is_for_clients_only),
                cmocka_unit_test(a_revocation_list_has_its_rows_and_its_number),
                cmocka_unit_test(a_table_is_signed_once_for_each_sequence_number),
                cmocka_unit_test(an_order_names_host_kind_end_and_its_entry),
                cmocka_unit_test(the_next_key_takes_over_and_says_who_follows),
                cmocka_unit_test(what_is_not_rotated_here_is_refused),
                cmocka_unit_test(what_was_erased_is_remembered),
                cmocka_unit_test(nginx_gets_a_key_and_a_certificate_for_its_names),
                cmocka_unit_test(a_compromised_office_is_refused_and_changes_nothing),
                cmocka_unit_test(limits_hold_for_recorded_requests_too),
                cmocka_unit_test(the_process_has_locked_itself_up),
                cmocka_unit_test(a_peer_that_stalls_or_babbles_does_not_hold_up_others),
                cmocka_unit_test(the_client_finds_the_signer_again_after_a_restart),
                cmocka_unit_test(a_write_that_fails_is_never_answered_and_forgets_nothing),
                cmocka_unit_test(damaged_files_stop_the_signer_with_words),
                cmocka_unit_test(state_and_keys_must_belong_together),
        };

        (void)setvbuf(stdout, NULL, _IOLBF, 0);
        cmocka_set_message_output(CM_OUTPUT_TAP);
        return cmocka_run_group_tests_name("signer", tests, office_setup, office_teardown);
}
