/* small_store.h - a store in a folder of its own, the thread pack, and as much of an office as acts need.
 *
 * Does      make and remove it; add people; run a writer when wanted.
 * Used by   tests/unit/test_store_*.c, test_session.c, test_notice.c.
 */
#ifndef TESTS_UNIT_SMALL_STORE_H
#define TESTS_UNIT_SMALL_STORE_H

#include <ftw.h>

#include "server/office/store/local.h"
#include "server/office/writer.h"
#include "sys/entropy.h"
#include "thread_pack.h"

#define STORE_NOW (20544 * UTIME_DAY)              /* 2026-04-01 09:00 JST */

struct small_store { struct office office; struct db *db; struct arena arena; };

static inline void store_die(const char *what, const struct err *e)
{
        printf("Bail out! %s: %s\n", what, e->text);
        exit(1);
}

static inline struct small_store *store_make(void)
{
        struct small_store *s = calloc(1, sizeof(*s));
        struct err e = { 0 };

        if (!s)
                abort();
        (void)snprintf(s->office.store_dir, sizeof(s->office.store_dir), "/tmp/sekisho-store.XXXXXX");
        (void)snprintf(s->office.body, sizeof(s->office.body), "SHI");
        (void)snprintf(s->office.front, sizeof(s->office.front), "SHI");
        if (!mkdtemp(s->office.store_dir))
                abort();
        if (pack_load(&s->office.pack, thread_pack(), THREAD_FILES, NULL, NULL, &e) < 0 || db_create(s->office.store_dir, &e) < 0 ||
            db_open(&s->db, s->office.store_dir, DB_WRITE, &e) < 0)
                store_die("store", &e);
        return s;
}

static inline int store_remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
        return remove(path);
}

static inline void store_end(struct small_store *s)
{
        s->office.writer = writer_stop(s->office.writer);
        s->db = db_close(s->db);
        (void)pack_free(s->office.pack);
        arena_done(&s->arena);
        (void)nftw(s->office.store_dir, store_remove_one, 8, FTW_DEPTH | FTW_PHYS);
        free(s);
}

/* One entry in a transaction of its own. */
static inline int store_append(struct receipt *out, struct small_store *s, const struct changes *c, utime_t now, const char *unit, struct err *e)
{
        int r = db_begin(s->db, e);

        if (r == ERR_OK)
                r = journal_append(out, s->db, c, now, unit, e);
        if (r == ERR_OK)
                return db_commit(s->db, e);
        db_rollback(s->db);
        return r;
}

/* roles: NULL-ended. Returns the id, in the store's arena. */
static inline const char *store_person(struct small_store *s, const char *login, const char *section, const char *const *roles)
{
        struct uuid id = entropy_uuid(STORE_NOW);
        struct row row = row_new(TABLE_PERSON, id, NULL);
        struct receipt receipt;
        struct changes c;
        struct err e = { 0 };
        int r;

        row_personal(&row, PERSON_login, str_of(login));
        row_personal(&row, PERSON_name, str_of(login));
        row_personal(&row, PERSON_section, str_of(section));
        row_text(&row, PERSON_state, STR("active"));
        changes_init(&c, &s->arena, "person.added", row.id);
        r = changes_add(&c, &row, &e);
        for (; r == ERR_OK && *roles; roles++) {
                struct row holder = row_new(TABLE_HOLDER, id, *roles);

                row_int(&holder, HOLDER_since_at, STORE_NOW);
                row_text(&holder, HOLDER_state, STR("active"));
                r = changes_add(&c, &holder, &e);
        }
        if (r == ERR_OK)
                r = store_append(&receipt, s, &c, STORE_NOW, "people", &e);
        if (r < 0)
                store_die("person", &e);
        return arena_text(&s->arena, row.id);
}

#endif
