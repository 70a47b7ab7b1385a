/* adopt.c - see adopt.h. The files of the pack are durable before the entry that names them. Whoever runs this has the server in hand
 * and is asked for no password: that the two persons are such as may decide on rules is looked up, that they did is on paper. */
#include "server/adopt.h"

#include "base/codec.h"
#include "core/pack/load.h"
#include "server/office/command/rules.h"
#include "server/office/office.h"
#include "server/office/packs.h"
#include "server/office/store/journal.h"
#include "server/office/store/local.h"
#include "server/office/store/query.h"
#include "server/words.h"
#include "sys/clock.h"
#include "sys/files.h"

struct plan {
        const char *folder, *by, *second, *reason;
        struct str  persons[2];                        /* ids */
        char        before[2 * HASH_SIZE + 1], after[2 * HASH_SIZE + 1];
};

static int parse_words(struct plan *p, int argc, char *const *argv, struct err *e)
{
        const struct { const char *name; const char **to; } words[] = {
                { "--pack", &p->folder }, { "--by", &p->by }, { "--second", &p->second }, { "--reason", &p->reason },
        };

        for (int i = 0; i < argc; i += 2) {
                bool taken = false;

                for (size_t w = 0; w < countof(words) && i + 1 < argc; w++)
                        if (strcmp(argv[i], words[w].name) == 0) {
                                *words[w].to = argv[i + 1];
                                taken = true;
                        }
                if (!taken)
                        return err_key(e, ERR_INPUT, "init.word.bad", "", argv[i], NULL);
        }
        if (!p->folder || !p->by || !p->second)
                return err_key(e, ERR_INPUT, "adopt.word.missing", "", NULL);
        return !p->reason || utf8_ok(str_of(p->reason)) ? ERR_OK : err_key(e, ERR_INPUT, "init.word.bad", "", "--reason", NULL);
}

static int find_person(struct str *id, struct actor *who, struct db *db, const char *login, utime_t now, struct arena *a, struct err *e)
{
        struct credential c;
        int r = credential_find(&c, db, str_of(login), a, e);

        if (r == ERR_OK)
                r = query_actor(who, db, arena_copy(a, c.person.p, c.person.n), now, a, e);
        if (r == ERR_ABSENT)
                return err_key(e, ERR_RULE, "adopt.person.absent", "", login, NULL);
        *id = c.person;
        return r;
}

/* Whoever decides names two: neither alone puts rules into force. */
static int find_persons(struct plan *p, struct db *db, utime_t now, struct arena *a, struct err *e)
{
        const char *logins[2] = { p->by, p->second };
        struct actor who[2];
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(logins); i++)
                r = find_person(&p->persons[i], &who[i], db, logins[i], now, a, e);
        if (r == ERR_OK && str_eq(p->persons[0], p->persons[1]))
                return err_key(e, ERR_RULE, "adopt.person.same", "", NULL);
        if (r == ERR_OK && !rules_may_keep(&who[0]))
                r = err_key(e, ERR_FORBIDDEN, "adopt.role.by", "", p->by, NULL);
        if (r == ERR_OK && !rules_may_adopt(&who[1]))
                r = err_key(e, ERR_FORBIDDEN, "adopt.role.second", "", p->second, NULL);
        return r;
}

static int append(const struct plan *p, struct db *db, const struct pack *pack, utime_t now, struct arena *a, struct err *e)
{
        struct receipt receipt;
        struct changes c;
        struct row row;
        int r = query_install(&row, db, a, e);

        if (r < 0)
                return r;
        row_text(&row, INSTALL_pack, str_of(p->after));
        row_text(&row, INSTALL_pack_id, str_of(pack->id));
        row_personal(&row, INSTALL_pack_reason, str_of(p->reason ? p->reason : ""));
        changes_init(&c, a, "pack.adopted", row.id);
        c.actor = arena_copy(a, p->persons[0].p, p->persons[0].n);
        c.pack = str_of(p->after);
        changes_note(&c, "before", str_of(p->before));
        changes_note(&c, "after", str_of(p->after));
        changes_note(&c, "second", p->persons[1]);
        changes_note_int(&c, "version", pack->version);
        changes_note_int(&c, "loosened", (int64_t)pack->loosened_count);
        r = changes_add(&c, &row, e);
        return r < 0 ? r : journal_append(&receipt, db, &c, now, NULL, e);
}

static int adopt(struct plan *p, const struct office *o, struct arena *a, struct err *e)
{
        scoped(pack_free) struct pack *pack = NULL;
        scoped(db_close) struct db *db = NULL;
        utime_t now = clock_now();
        int r = db_open(&db, o->store_dir, DB_WRITE, e);

        if (r == ERR_OK)
                r = find_persons(p, db, now, a, e);
        if (r == ERR_OK)
                r = packs_take(&pack, o->store_dir, p->folder, words_print_mistake, NULL, e);
        if (r < 0)
                return r;
        hex_text(p->before, o->pack->hash.b, HASH_SIZE);
        hex_text(p->after, pack->hash.b, HASH_SIZE);
        if (strcmp(p->before, p->after) == 0)
                return err_key(e, ERR_CONFLICT, "adopt.pack.same", "", NULL);
        r = rules_check_zones(o->pack, pack, e);
        if (r == ERR_OK)
                r = db_begin(db, e);
        if (r == ERR_OK)
                r = append(p, db, pack, now, a, e);
        if (r == ERR_OK)
                r = db_commit(db, e);
        if (r == ERR_OK)
                (void)printf("before\t%s\nafter\t%s\npack\t%s\t%u\nloosened\t%zu\n", p->before, p->after, pack->id, pack->version, pack->loosened_count);
        return r;
}

int adopt_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(fd_close) int lock = -1;
        struct plan p = { .folder = NULL };
        struct office o = { .dir = "" };
        int r = parse_words(&p, argc, argv, e);

        if (r == ERR_OK)
                r = office_lock(&lock, data_dir, e);
        if (r == ERR_OK)
                r = office_load(&o, data_dir, e);
        if (r == ERR_OK)
                r = adopt(&p, &o, &a, e);
        office_unload(&o);
        return r;
}
