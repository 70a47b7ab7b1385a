/* make_log.c - make_log DIR: a log as an office and the real signer make it, exported the way an auditor gets it.
 *
 * Writes to DIR (which must exist):
 *      key                           the verifier key
 *      root-S, checkpoint-S          what is printed and what is handed out at size S
 *      proof-I-S                     entry I, proven in the tree of S
 *      consistency-A-B               from A to the checkpoint of B
 *      signer-state                  the signer's own file, at the end
 *      fork-*                        the same for a clone: the signer's files copied at size 300, grown with another history by the
 *                                    very same key. Nothing but an anchor can tell it from the true log.
 */
#include <stdarg.h>

#include "small_office.h"

enum { FORK_AT = 300, END = 700 };

static const uint64_t sizes[] = { 1, 2, 3, 255, 256, 257, FORK_AT, 400, 513, END };

static struct vkey key;

static void store(const char *dir, struct str bytes, const char *fmt, ...) PRINTF(3, 4);

static void store(const char *dir, struct str bytes, const char *fmt, ...)
{
        char name[128], path[512];
        struct err e = { 0 };
        va_list ap;

        va_start(ap, fmt);
        (void)vsnprintf(name, sizeof(name), fmt, ap);
        va_end(ap);
        (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
        if (file_replace(path, bytes, 0644, &e) < 0)
                office_die(path, &e);
}

static void copy(const char *from_dir, const char *to_dir, const char *name, const char *to_name)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        char path[512];
        struct err e = { 0 };

        (void)snprintf(path, sizeof(path), "%s/%s", from_dir, name);
        if (file_read(&b, path, 65536, &e) < 0)
                office_die(path, &e);
        store(to_dir, buf_view(&b), "%s", to_name);
}

static void note_make(struct buf *note, const struct office *o)
{
        struct checkpoint c = { .size = o->head.size, .root = o->head.root };

        memcpy(c.origin, key.name, sizeof(c.origin));
        checkpoint_note(note, &c, &key, o->head.sig);
}

static void export_proof(struct office *o, const char *dir, const char *prefix, struct str note, uint64_t index)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct proof p;
        struct err e = { 0 };

        if (tree_prove_inclusion(&p, index, o->n, office_read, o, &e) < 0)
                office_die("proof", &e);
        proof_format(&file, str_of(o->entry[index]), index, &p, note);
        store(dir, buf_view(&file), "%sproof-%llu-%llu", prefix, (unsigned long long)index, (unsigned long long)o->n);
}

static void export_state(struct office *o, const char *dir, const char *prefix)
{
        scoped(buf_done) struct buf note = BUF_INIT, root = BUF_INIT;
        unsigned long long size = o->n;

        note_make(&note, o);
        store(dir, buf_view(&note), "%scheckpoint-%llu", prefix, size);
        buf_printf(&root, "%llu:", size);
        base64_encode(&root, o->head.root.b, HASH_SIZE);
        store(dir, buf_view(&root), "%sroot-%llu", prefix, size);
        for (size_t i = 0; i < 3; i++) {
                uint64_t index = i == 0 ? 0 : i == 1 ? o->n / 2 : o->n - 1;

                export_proof(o, dir, prefix, buf_view(&note), index);
        }
        for (size_t i = 0; i < countof(sizes) && sizes[i] < o->n; i++) {
                scoped(buf_done) struct buf file = BUF_INIT;
                struct proof p;
                struct err e = { 0 };

                if (tree_prove_consistency(&p, sizes[i], o->n, office_read, o, &e) < 0)
                        office_die("consistency", &e);
                consistency_format(&file, sizes[i], &p, buf_view(&note));
                store(dir, buf_view(&file), "%sconsistency-%llu-%llu", prefix, (unsigned long long)sizes[i], size);
        }
}

static void key_make(struct office *o, const char *dir)
{
        scoped(buf_done) struct buf text = BUF_INIT;
        struct signer_info info;
        struct err e = { 0 };

        if (signer_info(&o->client, &info, office_deadline(), &e) < 0)
                office_die("info", &e);
        note_origin(key.name, info.install, info.epoch);
        memcpy(key.key, info.log_key, ED25519_KEY);
        vkey_format(&text, &key);
        buf_char(&text, '\n');
        store(dir, buf_view(&text), "key");
}

/* Another machine with a copy of the keys and of the state: what a stolen backup is. */
static void clone(struct office *to, const struct office *from)
{
        char path[128];
        struct err e = { 0 };

        *to = (struct office){ .pid = -1, .n = from->n };
        (void)snprintf(to->dir, sizeof(to->dir), "/tmp/signer-test.XXXXXX");
        if (!mkdtemp(to->dir))
                abort();
        (void)snprintf(path, sizeof(path), "%s/signer", to->dir);
        if (dir_make(path, 0700, &e) < 0)
                office_die(path, &e);
        copy(from->dir, to->dir, "signer/keys", "signer/keys");
        copy(from->dir, to->dir, "signer/state", "signer/state");
        for (uint64_t i = 0; i < from->n; i++) {
                to->leaf[i] = from->leaf[i];
                to->entry[i] = strdup(from->entry[i]);
        }
        office_start(to);
        for (uint64_t i = 0; i < 5; i++)
                office_append(to, STR("what never happened"));
}

int main(int argc, char **argv)
{
        static struct office o, fork_office;

        if (argc != 2)
                return 3;
        office_open(&o);
        key_make(&o, argv[1]);
        for (size_t i = 0; i < countof(sizes); i++) {
                office_grow(&o, sizes[i]);
                export_state(&o, argv[1], "");
                if (sizes[i] != FORK_AT)
                        continue;
                clone(&fork_office, &o);
                for (size_t j = i + 1; j < countof(sizes); j++) {
                        office_grow(&fork_office, sizes[j]);
                        export_state(&fork_office, argv[1], "fork-");
                }
                copy(fork_office.dir, argv[1], "signer/state", "fork-signer-state");
                office_close(&fork_office);
        }
        copy(o.dir, argv[1], "signer/state", "signer-state");
        office_close(&o);
        return 0;
}
