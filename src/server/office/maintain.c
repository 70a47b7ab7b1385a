/* maintain.c - see maintain.h. */
#include "server/office/maintain.h"

#include "base/codec.h"
#include "server/office/office.h"
#include "server/office/store/files.h"
#include "server/office/store/journal.h"
#include "server/office/store/migrate.h"
#include "server/office/store/query.h"
#include "server/office/store/search.h"
#include "server/office/store/tree.h"
#include "sys/clock.h"
#include "sys/files.h"
#include "sys/log.h"
#include "wire/signer_state.h"

enum { PATH_ROOM = OFFICE_PATH_MAX + 64 };

struct progress { const char *what; };

static void show_progress(void *ctx, uint64_t done, uint64_t total)
{
        const struct progress *p = ctx;

        (void)fprintf(stderr, "\r%s %llu / %llu", p->what, (unsigned long long)done, (unsigned long long)total);
        if (done + 1000 >= total)
                (void)fputc('\n', stderr);
}

static int fail(int r, const struct err *e)
{
        scoped(buf_done) struct buf words = BUF_INIT;

        if (*e->key) {
                text_err(&words, LANG_JA, e);
                buf_text(&words, "\n");
                text_err(&words, LANG_EN, e);
        } else {
                buf_text(&words, e->text);
        }
        (void)printf("%s: %s\n", err_name(r), buf_view(&words).p);
        return r == ERR_TAMPERED || r == ERR_INPUT ? CHECK_TAMPERED : CHECK_INCOMPLETE;
}

/* Replays into the projections inside a transaction that the caller ends; `same` = byte-equal dumps. */
static int replay(struct db *db, bool *same, struct err *e)
{
        struct progress p = { "replayed" };
        struct hash before, after;
        int r = store_dump(&before, db, NULL, e);

        if (r == ERR_OK)
                r = journal_rebuild(db, show_progress, &p, e);
        if (r == ERR_OK)
                r = store_dump(&after, db, NULL, e);
        if (r == ERR_OK)
                *same = hash_eq(&before, &after);
        return r;
}

int rebuild_main(const char *data_dir)
{
        scoped(db_close) struct db *db = NULL;
        struct office o;
        struct err e = { 0 };
        bool same = false;
        int r = office_load(&o, data_dir, &e);

        if (r == ERR_OK)
                r = db_open(&db, o.store_dir, DB_WRITE, &e);
        if (r == ERR_OK)
                r = db_begin(db, &e);
        if (r == ERR_OK)
                r = replay(db, &same, &e);
        if (r == ERR_OK)
                r = db_commit(db, &e);
        office_unload(&o);
        if (r < 0)
                return fail(r, &e);
        (void)printf("%s\n", same ? "rebuilt: identical" : "rebuilt: the projections differed and now follow the journal");
        return CHECK_OK;
}

/* The signer's own memory is the anchor: its tree must be the beginning of ours, and we may lead it by a moment only. */
static int check_signer(const struct office *o, struct db *db, uint64_t size, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct signer_state state;
        struct hash root, want;
        char path[PATH_ROOM];
        int r;

        (void)snprintf(path, sizeof(path), "%s/signer/state", o->dir);
        r = file_read(&file, path, 64 * 1024, e);
        if (r == ERR_OK)
                r = signer_state_decode(&state, buf_view(&file), e);
        if (r < 0)
                return ERR_ABSENT;
        if (!uuid_eq(state.install, o->install) || state.epoch != o->epoch)
                return err_key(e, ERR_TAMPERED, "seal.signer.foreign", "", o->install_text, NULL);
        if (state.edge.size > size)
                return err_key(e, ERR_TAMPERED, "seal.store.behind", "", NULL);
        want = edge_root(&state.edge);
        r = state.edge.size ? tree_root(&root, state.edge.size, tree_read_db, db, e) : ERR_OK;
        if (r == ERR_OK && state.edge.size && !hash_eq(&root, &want))
                r = err_key(e, ERR_TAMPERED, "seal.store.differs", "", NULL);
        if (r == ERR_OK)
                (void)printf("signer: %llu of %llu entries under its checkpoint\n", (unsigned long long)state.edge.size, (unsigned long long)size);
        return r;
}

/* Each attachment that is kept lies in its place and is what its name says. Where a row's own words still open, its unit was not erased. */
static int check_files(const struct office *o, struct db *db, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct str *names = NULL;
        size_t n = 0;
        int r = query_kept_files(&names, &n, db, &a, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                scoped(store_file_close) struct stored_file *f = NULL;
                struct hash name;

                if (!hex_decode(names[i], name.b, HASH_SIZE))
                        return err_set(e, ERR_TAMPERED, "an attachment has the hash '%.*s'", (int)names[i].n, names[i].p);
                r = store_file_open(&f, db, o->store_dir, &name, e);
                if (r == ERR_ABSENT)
                        r = err_key(e, ERR_TAMPERED, "file.tampered", "", names[i].p, NULL);
        }
        if (r == ERR_OK && n)
                (void)printf("files: %zu attachments whole\n", n);
        return r;
}

int check_main(const char *data_dir)
{
        scoped(db_close) struct db *db = NULL;
        struct progress p = { "checked" };
        struct office o;
        struct err e = { 0 };
        struct hash root;
        uint64_t size = 0;
        bool same = false;
        char hex[2 * HASH_SIZE + 1];
        int r = office_load(&o, data_dir, &e), anchor = ERR_ABSENT;

        if (r == ERR_OK)
                r = db_open(&db, o.store_dir, DB_WRITE, &e);
        if (r == ERR_OK)
                r = db_check_file(db, &e);
        if (r == ERR_OK)
                r = db_begin(db, &e); /* holds the writer off while we look; rolled back below */
        if (r == ERR_OK)
                r = journal_check(&root, &size, db, show_progress, &p, &e);
        if (r == ERR_OK)
                r = search_check(db, &e);
        if (r == ERR_OK)
                anchor = check_signer(&o, db, size, &e);
        if (r == ERR_OK && anchor < 0 && anchor != ERR_ABSENT)
                r = anchor;
        if (r == ERR_OK)
                r = check_files(&o, db, &e);
        if (r == ERR_OK)
                r = replay(db, &same, &e);
        if (db)
                db_rollback(db);
        if (r == ERR_OK && !same)
                r = err_key(&e, ERR_TAMPERED, "store.projection.differs", "", NULL);
        office_unload(&o);
        if (r < 0)
                return fail(r, &e);
        hex_text(hex, root.b, HASH_SIZE);
        (void)printf("journal: %llu entries, root %s\n", (unsigned long long)size, hex);
        if (anchor == ERR_ABSENT) {
                (void)printf("incomplete: no signer state to compare with\n");
                return CHECK_INCOMPLETE;
        }
        (void)printf("verified\n");
        return CHECK_OK;
}

/* ---- upgrade ---- */

int upgrade_locked(const char *data_dir, struct err *e)
{
        struct progress p = { "upgraded" };
        struct migrated m = { 0, 0 };
        char store[PATH_ROOM];
        bool gone = false;
        int r;

        (void)snprintf(store, sizeof(store), "%.*s/office", OFFICE_PATH_MAX, data_dir);
        r = store_migrate(&m, store, show_progress, &p, e);
        if (r < 0)
                return r;
        if (m.from != m.to) {
                log_say(LOG_NOTICE, "data of version %d is now of version %d; what was before lies in %s/before", m.from, m.to, store);
                return ERR_OK;
        }
        r = store_migrate_sweep(&gone, store, clock_now(), e);
        if (r == ERR_OK && gone)
                log_say(LOG_NOTICE, "the copy from before the last upgrade was removed");
        return r;
}

int upgrade_main(const char *data_dir, struct err *e)
{
        scoped(fd_close) int lock = -1;
        int r = office_lock(&lock, data_dir, e);

        return r < 0 ? r : upgrade_locked(data_dir, e);
}
