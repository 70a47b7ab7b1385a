/* small_office.h - as much of an office as a signer needs: entries in memory, proofs, and a signer process to talk to.
 *
 * Does      start and end the real role in a child; append entries through the socket; make evidence.
 * Used by   tests/unit/test_signer.c, tests/foreign/make_log.c.
 */
#ifndef TESTS_SMALL_OFFICE_H
#define TESTS_SMALL_OFFICE_H

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/codec.h"
#include "link/signer.h"
#include "server/signer/signer.h"
#include "sys/clock.h"

enum { OFFICE_ENTRIES = 2048, OFFICE_GROUP = 100 };

struct office {
        char                 dir[64];
        pid_t                pid;
        struct signer_client client;
        struct hash          leaf[OFFICE_ENTRIES];
        char                *entry[OFFICE_ENTRIES];
        uint64_t             n;                 /* entries that are in the signer's tree */
        struct signer_head   head;
};

static inline utime_t office_deadline(void)
{
        return clock_boot() + 10 * UTIME_S;
}

static inline void office_die(const char *what, const struct err *e)
{
        (void)fprintf(stderr, "%s: %s\n", what, e->text);
        abort();
}

/* Answers once the socket listens: the parent's first connect waits for that by trying. */
static inline void office_start(struct office *o)
{
        struct err e = { 0 };
        char path[SIGNER_PATH_MAX];
        utime_t until = office_deadline();
        struct signer_info info;

        (void)snprintf(path, sizeof(path), "%s/run/signer.sock", o->dir);
        (void)unlink(path);
        o->pid = fork();
        if (!o->pid) {
                (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
                if (signer_main(o->dir, &e) < 0) {
                        (void)fprintf(stderr, "signer: %s\n", e.text);
                        _exit(1);
                }
                _exit(0);
        }
        if (signer_client_init(&o->client, path, &e) < 0)
                office_die("client", &e);
        while (signer_info(&o->client, &info, office_deadline(), &e) < 0) {
                if (clock_boot() > until)
                        office_die("the signer does not come up", &e);
                (void)poll(NULL, 0, 5);
        }
}

static inline void office_open(struct office *o)
{
        struct err e = { 0 };

        *o = (struct office){ .pid = -1 };
        (void)snprintf(o->dir, sizeof(o->dir), "/tmp/signer-test.XXXXXX");
        if (!mkdtemp(o->dir))
                abort();
        if (signer_init(o->dir, (struct uuid){ { 1, 0x96, 9 } }, clock_now(), &e) < 0)
                office_die("init", &e);
        office_start(o);
}

/* -1: by kill, as a power cut would; else the exit code. */
static inline int office_stop(struct office *o, int sig)
{
        int status = 0;

        if (o->pid > 0) {
                (void)kill(o->pid, sig);
                (void)waitpid(o->pid, &status, 0);
                o->pid = -1;
        }
        signer_client_done(&o->client);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void office_close(struct office *o)
{
        static const char *const files[] = { "signer/keys", "signer/state", "signer/tombstones", "run/signer.sock", "tls/server.key", "tls/server.pem", "tls/ca.pem" };
        static const char *const dirs[] = { "signer", "run", "tls", "" };
        char path[256];

        (void)office_stop(o, SIGTERM);
        for (size_t i = 0; i < countof(files); i++) {
                (void)snprintf(path, sizeof(path), "%s/%s", o->dir, files[i]);
                (void)unlink(path);
        }
        for (size_t i = 0; i < countof(dirs); i++) {
                (void)snprintf(path, sizeof(path), "%s/%s", o->dir, dirs[i]);
                (void)rmdir(path);
        }
        for (uint64_t i = 0; i < o->n; i++)
                free(o->entry[i]);
}

/* An entry whose note names `fixed`; not signed yet. */
static inline void office_write(struct office *o, uint64_t i, struct str fixed)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct hash h = hash_bytes(fixed);

        buf_printf(&b, "{\"actor\":\"01960000-0000-7000-8000-%012llu\",\"at\":%llu,\"note\":{\"digest\":\"", (unsigned long long)i % 9,
                   1767225600000000ull + i * 1000000);
        hex_encode(&b, h.b, HASH_SIZE);
        buf_printf(&b, "\"},\"post\":\"info-manager\",\"ref\":\"01960000-0000-7000-8000-000000000abc\",\"type\":\"application.decided\",\"v\":1}");
        o->entry[i] = buf_take(&b);
        o->leaf[i] = hash_leaf(str_of(o->entry[i]));
}

static inline void office_append(struct office *o, struct str fixed)
{
        struct err e = { 0 };

        office_write(o, o->n, fixed);
        if (signer_append(&o->client, o->n, &o->leaf[o->n], 1, &o->head, office_deadline(), &e) < 0)
                office_die("append", &e);
        o->n++;
}

static inline void office_grow(struct office *o, uint64_t to)
{
        struct err e = { 0 };

        while (o->n < to) {
                uint32_t n = to - o->n < OFFICE_GROUP ? (uint32_t)(to - o->n) : OFFICE_GROUP;

                for (uint32_t i = 0; i < n; i++)
                        office_write(o, o->n + i, STR("nothing to sign"));
                if (signer_append(&o->client, o->n, &o->leaf[o->n], n, &o->head, office_deadline(), &e) < 0)
                        office_die("append", &e);
                o->n += n;
        }
}

/* Complete subtrees are computed on demand instead of stored. */
static inline int office_read(void *ctx, unsigned level, uint64_t at, size_t n, struct hash *out, struct err *e)
{
        const struct office *o = ctx;

        for (size_t i = 0; i < n; i++) {
                struct edge edge = { 0 };
                uint64_t size = (uint64_t)1 << 8 * level;

                for (uint64_t j = 0; j < size; j++)
                        if (edge_append(&edge, &o->leaf[(at + i) * size + j], e) < 0)
                                abort();
                out[i] = edge_root(&edge);
        }
        return ERR_OK;
}

static inline struct evidence office_evidence(struct office *o, uint64_t index, struct str fixed)
{
        struct evidence ev = { .index = index, .entry = str_of(o->entry[index]) };
        struct err e = { 0 };

        if (tree_prove_inclusion(&ev.proof, index, o->n, office_read, o, &e) < 0 ||
            evidence_digest_find(&ev.digest_at, ev.entry, fixed, &e) < 0)
                office_die("evidence", &e);
        return ev;
}

/* Writes an entry that names `fixed` and proves it: what an honest office does before every signature. */
static inline struct evidence office_name(struct office *o, struct str fixed)
{
        office_append(o, fixed);
        return office_evidence(o, o->n - 1, fixed);
}

#endif
