/* practice.c - see practice.h. */
#include "server/practice.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/codec.h"
#include "server/install.h"
#include "server/office/office.h"
#include "server/office/packs.h"
#include "server/office/places.h"
#include "server/office/store/journal.h"
#include "server/office/store/local.h"
#include "server/office/store/query.h"
#include "server/office/store/secret.h"
#include "server/signer/signer.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/files.h"

enum { PATH_ROOM = 2 * OFFICE_PATH_MAX, USER_PORT = 8445, MACHINE_PORT = 8446 };

struct plan {
        struct office office;                          /* the one that is copied */
        const char   *copy, *host;
        uint16_t      user_port, machine_port;
        char          dir[OFFICE_PATH_MAX];            /* copy + ".making" */
        char          store[OFFICE_PATH_MAX + 16];
        struct uuid   install;
        utime_t       now;
};

static int parse_words(struct plan *p, int argc, char *const *argv, struct err *e)
{
        if (!argc)
                return err_key(e, ERR_INPUT, "practice.word.missing", "", NULL);
        p->copy = argv[0];
        for (int i = 1; i < argc; i += 2) {
                bool user = strcmp(argv[i], "--user-port") == 0, machine = strcmp(argv[i], "--machine-port") == 0;
                uint64_t port = 0;

                if (i + 1 == argc || (!user && !machine && strcmp(argv[i], "--host") != 0))
                        return err_key(e, ERR_INPUT, "init.word.bad", "", argv[i], NULL);
                if (!user && !machine)
                        p->host = argv[i + 1];
                else if (!str_u64(str_of(argv[i + 1]), UINT16_MAX, &port) || !port)
                        return err_key(e, ERR_INPUT, "init.port.bad", "", argv[i + 1], NULL);
                else
                        *(user ? &p->user_port : &p->machine_port) = (uint16_t)port;
        }
        if ((size_t)snprintf(p->dir, sizeof(p->dir), "%s.making", p->copy) >= sizeof(p->dir) - 1)
                return err_set(e, ERR_TOO_BIG, "path too long");
        (void)snprintf(p->store, sizeof(p->store), "%s/office", p->dir);
        return ERR_OK;
}

static int make_dirs(const struct plan *p, struct err *e)
{
        static const char *const dirs[] = { "", "/office", "/signer", "/run", "/tls", "/log", "/courier" };
        char path[PATH_ROOM];
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(dirs); i++) {
                (void)snprintf(path, sizeof(path), "%s%s", p->dir, dirs[i]);
                r = dir_make(path, 0700, e);
        }
        return r;
}

/* The folder that the pack in force is kept in stands beside those that it lies over. */
static int copy_pack(const struct plan *p, struct err *e)
{
        const struct pack *from = p->office.pack;
        scoped(pack_free) struct pack *pack = NULL;
        char path[PATH_ROOM], hex[2 * HASH_SIZE + 1];

        hex_text(hex, from->hash.b, HASH_SIZE);
        (void)snprintf(path, sizeof(path), "%s/packs/%s/%s", p->office.store_dir, hex, from->id);
        return packs_take(&pack, p->store, path, NULL, NULL, e);
}

/* One person with the roles, the password and the authenticator of the original; a holder whose role the pack has lost is left out. */
static int copy_person(const struct plan *p, struct db *from, struct db *to, const char *id, struct arena *a, struct err *e)
{
        struct row old, row;
        struct credential cred;
        struct str secret;
        struct receipt receipt;
        struct changes c;
        struct actor who;
        struct uuid uuid;
        int r = store_row(&old, from, TABLE_PERSON, id, NULL, a, e);

        if (r == ERR_OK)
                r = query_actor(&who, from, id, p->now, a, e);
        if (r < 0 || !uuid_parse(str_of(id), &uuid))
                return r < 0 ? r : err_set(e, ERR_TAMPERED, "person id");
        row = row_new(TABLE_PERSON, uuid, NULL);
        row_personal(&row, PERSON_login, row_get_text(&old, PERSON_login));
        row_personal(&row, PERSON_name, row_get_text(&old, PERSON_name));
        row_personal(&row, PERSON_section, row_get_text(&old, PERSON_section));
        row_text(&row, PERSON_state, STR("active"));
        changes_init(&c, a, "person.added", row.id);
        r = changes_add(&c, &row, e);
        for (size_t i = 0; r == ERR_OK && i < who.roles_count; i++) {
                struct row holder = row_new(TABLE_HOLDER, uuid, who.roles[i]);

                if (!pack_find_role(p->office.pack, who.roles[i]))
                        continue;
                row_int(&holder, HOLDER_since_at, p->now);
                row_text(&holder, HOLDER_state, STR("active"));
                r = changes_add(&c, &holder, e);
        }
        if (r == ERR_OK)
                r = journal_append(&receipt, to, &c, p->now, NULL, e);
        if (r == ERR_OK)
                r = credential_find(&cred, from, row_get_text(&old, PERSON_login), a, e);
        if (r == ERR_ABSENT)
                return ERR_OK;                         /* has never had a password */
        if (r == ERR_OK && cred.totp.n) {              /* the copy has keys of its own */
                r = secret_open(&secret, from, cred.login, cred.totp, a, e);
                if (r == ERR_OK)
                        r = secret_seal(&cred.totp, to, cred.login, secret, p->now, a, e);
        }
        cred.fails = 0;
        cred.next_at = 0;
        return r < 0 ? r : credential_put(to, &cred, e);
}

static int copy_entries(const struct plan *p, struct arena *a, struct err *e)
{
        scoped(db_close) struct db *from = NULL;
        scoped(db_close) struct db *to = NULL;
        struct person_line *people = NULL;
        size_t n = 0;
        int r = db_open(&from, p->office.store_dir, DB_READ, e);

        if (r == ERR_OK)
                r = db_open(&to, p->store, DB_WRITE, e);
        if (r == ERR_OK)
                r = db_begin_read(from, e);
        if (r == ERR_OK)
                r = db_begin(to, e);
        if (r == ERR_OK)
                r = install_append(to, &(struct install){ p->install, p->dir, p->office.name, p->office.body, p->office.pack, true }, p->now, a, e);
        if (r == ERR_OK)
                r = query_people(&people, &n, from, STR(""), a, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                const char *id = arena_copy(a, people[i].id.p, people[i].id.n);

                r = id ? copy_person(p, from, to, id, a, e) : err_set(e, ERR_NOMEM, "person");
        }
        db_rollback(from);
        if (r == ERR_OK)
                r = db_commit(to, e);
        if (r == ERR_OK)
                (void)printf("practice\t%s\npeople\t%zu\npack\t%s\n", p->copy, n, p->office.pack->id);
        return r;
}

static int make_all(const struct plan *p, struct arena *a, struct err *e)
{
        const char *names[] = { "localhost", "127.0.0.1", "::1", strcmp(p->host, "localhost") == 0 ? NULL : p->host, NULL };
        int r = make_dirs(p, e);

        if (r == ERR_OK)
                r = signer_init(p->dir, p->install, p->now, e);
        if (r == ERR_OK)
                r = signer_issue_server(p->dir, names, NULL, p->now, e);
        if (r == ERR_OK)
                r = copy_pack(p, e);
        if (r == ERR_OK)
                r = db_create(p->store, e);
        if (r == ERR_OK)
                r = places_store(p->store, p->host, p->user_port, p->machine_port, e);
        return r < 0 ? r : copy_entries(p, a, e);
}

static int make_aside(const struct plan *p, struct arena *a, struct err *e)
{
        int r;

        if (rmdir(p->copy) < 0 && errno != ENOENT)     /* an empty directory is fine */
                return err_key(e, ERR_CONFLICT, "init.dir.taken", "", p->copy, NULL);
        r = dir_remove_tree(p->dir, e);                /* of one that was killed */
        if (r == ERR_OK)
                r = make_all(p, a, e);
        if (r == ERR_OK && rename(p->dir, p->copy) < 0)
                r = err_errno(e, "rename to '%s'", p->copy);
        if (r < 0)
                (void)dir_remove_tree(p->dir, NULL);
        return r;
}

int practice_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct plan *p = calloc(1, sizeof(*p));
        int r = p ? ERR_OK : err_set(e, ERR_NOMEM, "practice");

        if (r < 0)
                return r;
        *p = (struct plan){ .user_port = USER_PORT, .machine_port = MACHINE_PORT, .now = clock_now() };
        p->install = entropy_uuid(p->now);
        r = parse_words(p, argc, argv, e);
        if (r == ERR_OK)
                r = office_load(&p->office, data_dir, e);
        if (r == ERR_OK && !p->host)
                p->host = p->office.machines_host;
        if (r == ERR_OK)
                r = make_aside(p, &a, e);
        office_unload(&p->office);
        free(p);
        return r;
}
