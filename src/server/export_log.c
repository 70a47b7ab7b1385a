/* export_log.c - see export_log.h. */
#include "server/export_log.h"

#include "server/office/evidence/log_out.h"

static void show_progress(void *ctx, uint64_t done, uint64_t total)
{
        (void)fprintf(stderr, "\r%llu / %llu%s", (unsigned long long)done, (unsigned long long)total, done == total ? "\n" : "");
}

static int export(const struct office *o, const char *out, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf note = BUF_INIT, print = BUF_INIT;
        scoped(db_close) struct db *db = NULL;
        struct log_moment *m = NULL;
        uint64_t from = 0;
        int r = log_note_stored(&note, o, e);           /* before the database is looked at: what was signed is in there by then */

        if (r == ERR_OK)
                r = db_open(&db, o->store_dir, DB_READ, e);
        if (r == ERR_OK)
                r = log_moment_take(&m, o, db, buf_view(&note), &a, e);
        if (r == ERR_OK)
                r = log_write(m, db, out, &from, show_progress, NULL, e);
        if (r < 0)
                return r;
        vkey_fingerprint(&print, &o->log_key);
        (void)printf("log\t%s\nsize\t%llu\nnew\t%llu\nfingerprint\t%s\n", m->head.origin, (unsigned long long)m->head.size,
                     (unsigned long long)(m->head.size - from), buf_view(&print).p);
        return ERR_OK;
}

int export_log_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        struct office o = { .dir = "" };
        int r;

        if (!argc)
                return err_key(e, ERR_INPUT, "log-out.word.missing", "", NULL);
        if (argc > 1 || argv[0][0] == '-')
                return err_key(e, ERR_INPUT, "log-out.word.bad", "", argv[argc > 1], NULL);
        r = office_load(&o, data_dir, e);
        if (r == ERR_OK)
                r = export(&o, argv[0], e);
        office_unload(&o);
        return r;
}
