/* maintain.c - see maintain.h. */
#include "server/office/maintain.h"

#include "server/office/office.h"
#include "server/office/store/journal.h"
#include "server/office/store/migrate.h"
#include "sys/clock.h"
#include "sys/files.h"
#include "sys/log.h"

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
