/* restore.c - see restore.h. */
#include "server/restore.h"

#include <errno.h>
#include <sys/stat.h>

#include "server/epoch.h"
#include "server/office/command/erasures.h"
#include "server/office/office.h"
#include "server/office/store/backup.h"
#include "server/office/store/migrate.h"
#include "server/office/store/query.h"
#include "server/recovery.h"
#include "server/signer/keys.h"
#include "sys/clock.h"
#include "sys/files.h"
#include "wire/backup_list.h"
#include "wire/key_bundle.h"
#include "wire/tombstones.h"

enum { PATH_ROOM = 2 * OFFICE_PATH_MAX, KEYS_FILE_MAX = SEALED_MAX + 4096, VKEYS = 2 };

struct plan {
        const char        *from, *keys, *to, *tombs_file, *erased;
        bool               without_keys;
        const char        *known[EPOCH_KNOWN_MAX];
        size_t             known_count;
        char               making[OFFICE_PATH_MAX], store[OFFICE_PATH_MAX + 16];
        struct arena       arena;
        struct buf         text, plain;                /* of the list; of the keys */
        struct backup_list list;
        struct key_bundle  bundle;
        struct vkey        vkey[VKEYS];                /* who may have signed what is known: of the database, of the keys */
        size_t             vkeys;
        struct epoch_plan  epoch;
        struct tombstone  *tombs;
        size_t             tombs_count;
        uint64_t           tombs_size;                 /* how new the list is */
        size_t             erased_again;
        utime_t            now;
};

static void show_progress(void *ctx, uint64_t done, uint64_t total)
{
        (void)ctx;
        (void)fprintf(stderr, "\r%llu / %llu%s", (unsigned long long)done, (unsigned long long)total, done >= total ? "\n" : "");
}

static void path_in(char to[PATH_ROOM], const char *dir, struct str name)
{
        (void)snprintf(to, PATH_ROOM, "%s/%.*s", dir, (int)name.n, name.p);
}

/* ---- words ---- */

static int parse_words(struct plan *p, int argc, char *const *argv, struct err *e)
{
        const struct { const char *name; const char **to; } texts[] = {
                { "--by", &p->epoch.by }, { "--second", &p->epoch.second }, { "--why", &p->epoch.why }, { "--tombstones", &p->tombs_file }, { "--erased", &p->erased },
        };
        int at = 0;

        while (at < argc && argv[at][0] != '-' && at < 2)
                at++;
        p->keys = at == 2 ? argv[0] : NULL;
        p->to = at ? argv[at - 1] : NULL;
        for (int i = at; i < argc; i++) {
                const char *value = i + 1 < argc ? argv[i + 1] : NULL;
                bool taken = false;

                if (strcmp(argv[i], "--without-keys") == 0) {
                        p->without_keys = true;
                        continue;
                }
                for (size_t t = 0; t < countof(texts) && value; t++)
                        if (strcmp(argv[i], texts[t].name) == 0) {
                                *texts[t].to = value;
                                taken = true;
                        }
                if (value && strcmp(argv[i], "--known") == 0 && p->known_count < EPOCH_KNOWN_MAX) {
                        p->known[p->known_count++] = value;
                        taken = true;
                }
                if (!taken)
                        return err_key(e, ERR_INPUT, "init.word.bad", "", argv[i], NULL);
                i++;
        }
        if (!p->to || !p->epoch.by || !p->epoch.why || !utf8_ok(str_of(p->epoch.why)))
                return err_key(e, ERR_INPUT, "restore.word.missing", "", NULL);
        if (!p->keys == !p->without_keys)
                return err_key(e, ERR_INPUT, "restore.keys.missing", "", NULL);
        if ((size_t)snprintf(p->making, sizeof(p->making), "%s.making", p->to) >= sizeof(p->making))
                return err_set(e, ERR_TOO_BIG, "path too long");
        (void)snprintf(p->store, sizeof(p->store), "%s/office", p->making);
        return rmdir(p->to) < 0 && errno != ENOENT ? err_key(e, ERR_CONFLICT, "init.dir.taken", "", p->to, NULL) : ERR_OK;
}

/* ---- files ---- */

static int read_list(struct plan *p, struct err *e)
{
        char path[PATH_ROOM];
        int r;

        path_in(path, p->from, STR("list"));
        r = file_read(&p->text, path, BACKUP_LIST_MAX, e);
        if (r == ERR_ABSENT)
                return err_key(e, ERR_INPUT, "backup.list.format", "", NULL);
        return r < 0 ? r : backup_list_read(&p->list, buf_view(&p->text), &p->arena, e);
}

/* Makes the folders above a file, below `making`. */
static int make_above(const struct plan *p, struct str path, struct err *e)
{
        char dir[PATH_ROOM];
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < path.n; i++)
                if (path.p[i] == '/') {
                        path_in(dir, p->making, (struct str){ path.p, i });
                        r = dir_make(dir, 0700, e);
                }
        return r;
}

static int take_files(struct plan *p, struct err *e)
{
        char from[PATH_ROOM], to[PATH_ROOM], name[BACKUP_PATH_MAX + 1];
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < p->list.n; i++) {
                const struct backup_file *f = &p->list.file[i];
                struct hash sha;
                uint64_t size = 0;

                path_in(from, p->from, f->path);
                path_in(to, p->making, f->path);
                (void)snprintf(name, sizeof(name), "%.*s", (int)f->path.n, f->path.p);
                r = make_above(p, f->path, e);
                if (r == ERR_OK)
                        r = store_file_copy(&size, &sha, from, to, e);
                if (r == ERR_ABSENT)
                        r = err_key(e, ERR_TAMPERED, "restore.file.missing", "", name, NULL);
                if (r == ERR_OK && (size != f->size || !hash_eq(&sha, &f->sha)))
                        r = err_key(e, ERR_TAMPERED, "restore.file.changed", "", name, NULL);
        }
        return r;
}

static int open_keys(struct plan *p, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        uint8_t code[RECOVERY_BYTES];
        int r = file_read(&file, p->keys, KEYS_FILE_MAX, e);

        if (r == ERR_OK)
                r = recovery_ask(code, e);
        if (r == ERR_OK)
                r = sealed_open(&p->plain, code, buf_view(&file), e);
        explicit_bzero(code, sizeof(code));
        if (r == ERR_OK)
                r = key_bundle_decode(&p->bundle, buf_view(&p->plain), e);
        return r == ERR_OK && !uuid_eq(p->bundle.install, p->list.install) ? err_key(e, ERR_CONFLICT, "restore.keys.foreign", "", NULL) : r;
}

static int take_keys(struct plan *p, struct err *e)
{
        int r = p->keys ? open_keys(p, e) : db_create_keys(p->store, e);

        for (size_t i = 0; r == ERR_OK && i < p->bundle.n; i++) {
                const struct key_file *f = &p->bundle.file[i];
                char path[PATH_ROOM];

                path_in(path, p->making, f->path);
                r = make_above(p, f->path, e);
                if (r == ERR_OK)
                        r = file_create(path, f->bytes, 0600, e);
        }
        return r == ERR_OK && p->keys && !key_bundle_find(&p->bundle, "office/keys.db") ? err_key(e, ERR_INPUT, "backup.keys.format", "", NULL) : r;
}

static int make_dirs(const struct plan *p, struct err *e)
{
        static const char *const dirs[] = { "", "signer", "run", "tls", "log", "courier" };
        char path[PATH_ROOM];
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(dirs); i++) {
                path_in(path, p->making, str_of(dirs[i]));
                r = dir_make(path, 0700, e);
        }
        return r;
}

/* ---- what is true ---- */

/* Every entry, the tree, the root of the list. The database's own log key, and that of the keys when these are of a later epoch. */
static int check_journal(struct plan *p, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        scoped(keys_free) struct keys *k = NULL;
        struct migrated m;
        struct hash root;
        struct row install;
        uint64_t size = 0;
        char path[PATH_ROOM];
        int r = store_migrate(&m, p->store, show_progress, NULL, e);

        if (r == ERR_OK)
                r = store_migrate_forget(p->store, e);
        if (r == ERR_OK)
                r = db_open(&db, p->store, DB_WRITE, e);
        if (r == ERR_OK)
                r = db_check_file(db, e);
        if (r == ERR_OK)
                r = journal_check(&root, &size, db, show_progress, NULL, e);
        if (r == ERR_OK && (size != p->list.size || !hash_eq(&root, &p->list.root)))
                r = err_key(e, ERR_TAMPERED, "restore.root", "", NULL);
        if (r == ERR_OK)
                r = query_install(&install, db, &p->arena, e);
        if (r == ERR_OK)
                r = vkey_parse(&p->vkey[p->vkeys++], row_get_text(&install, INSTALL_log_key), e);
        path_in(path, p->making, STR("signer/keys"));
        if (r == ERR_OK && file_exists(path)) {
                r = keys_load(&k, path, e);
                if (r == ERR_OK)
                        p->vkey[p->vkeys++] = k->log;
        }
        return r;
}

static int know_all(struct plan *p, struct err *e)
{
        char path[PATH_ROOM];
        bool there;
        int r;

        path_in(path, p->making, STR("checkpoint"));
        r = epoch_know(&p->epoch, path, p->vkey, p->vkeys, e);
        if (r == ERR_OK && unlink(path) < 0)
                r = err_errno(e, "'%s'", path);
        path_in(path, p->making, STR("signer/state"));
        for (size_t i = 0; r == ERR_OK && i < p->vkeys; i++)
                r = epoch_know_state(&p->epoch, path, &p->vkey[i], &there, e);
        for (size_t i = 0; r == ERR_OK && i < p->known_count; i++)
                r = epoch_know(&p->epoch, p->known[i], p->vkey, p->vkeys, e);
        return r;
}

static uint64_t largest_known(const struct plan *p)
{
        uint64_t most = p->list.size;

        for (size_t i = 0; i < p->epoch.known_count; i++)
                if (p->epoch.known[i].size > most)
                        most = p->epoch.known[i].size;
        return most;
}

/* ---- what was erased ---- */

static int tombs_add(struct plan *p, const struct tombstone *t, size_t n, struct err *e)
{
        struct tombstone *all = arena_array(&p->arena, p->tombs_count + n + 1, sizeof(*all));

        if (!all)
                return err_set(e, ERR_NOMEM, "tombstones");
        if (p->tombs_count)
                memcpy(all, p->tombs, p->tombs_count * sizeof(*all));
        for (size_t i = 0; i < n; i++) {
                bool known = false;

                for (size_t k = 0; k < p->tombs_count && !known; k++)
                        known = strcmp(all[k].unit, t[i].unit) == 0;
                if (!known)
                        all[p->tombs_count++] = t[i];
        }
        p->tombs = all;
        return ERR_OK;
}

static int tombs_take(struct plan *p, struct str file, struct err *e)
{
        struct tombstone *list = NULL;
        size_t n = 0, torn = 0;
        int r = tombstones_decode(&list, &n, &torn, file, &p->arena, e);

        return r < 0 ? r : tombs_add(p, list, n, e);
}

/* A list from a signer's disk that is still there is as new as the state that lies beside it; without one it says what was erased, but not
 * until when. */
static int tombs_from_disk(struct plan *p, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        const char *slash = strrchr(p->tombs_file, '/');
        struct epoch_plan *state = calloc(1, sizeof(*state));
        char path[PATH_ROOM];
        bool there = false;
        int r = state ? file_read(&file, p->tombs_file, TOMBSTONES_HEAD + TOMBSTONES_MAX * TOMBSTONE_BYTES, e) : err_set(e, ERR_NOMEM, "tombstones");

        if (r == ERR_OK)
                r = tombs_take(p, buf_view(&file), e);
        (void)snprintf(path, sizeof(path), "%.*sstate", slash ? (int)(slash - p->tombs_file + 1) : 0, p->tombs_file);
        for (size_t i = 0; r == ERR_OK && i < p->vkeys; i++) {
                r = epoch_know_state(state, path, &p->vkey[i], &there, e);
                if (there && state->known_count && state->known[0].size > p->tombs_size)
                        p->tombs_size = state->known[0].size;
        }
        free(state);
        return r;
}

static int tombs_typed(struct plan *p, struct err *e)
{
        struct str rest = str_of(p->erased), one;
        bool more = strcmp(p->erased, "none") != 0;

        while (more) {
                struct tombstone t = { .entry = p->list.size };
                int r;

                more = str_cut(rest, ',', &one, &rest);
                if (!more)
                        one = rest;
                if (!one.n || one.n >= sizeof(t.unit))
                        return err_key(e, ERR_INPUT, "restore.erased.bad", "", p->erased, NULL);
                memcpy(t.unit, one.p, one.n);
                r = tombs_add(p, &t, 1, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

/* Somebody may have had texts erased between the list and the newest checkpoint that is known: what the backup brings back would be
 * unlawful. So either a newer list, or a person's word. */
static int tombs_gather(struct plan *p, struct err *e)
{
        const struct key_file *f = key_bundle_find(&p->bundle, "signer/tombstones");
        char have[24], want[24];
        int r = f ? tombs_take(p, f->bytes, e) : ERR_OK;

        p->tombs_size = p->bundle.size;
        if (r == ERR_OK && p->tombs_file)
                r = tombs_from_disk(p, e);
        if (r == ERR_OK && p->erased)
                return tombs_typed(p, e);
        (void)snprintf(have, sizeof(have), "%llu", (unsigned long long)p->tombs_size);
        (void)snprintf(want, sizeof(want), "%llu", (unsigned long long)largest_known(p));
        return r == ERR_OK && p->tombs_size < largest_known(p) && !p->without_keys ? err_key(e, ERR_CONFLICT, "restore.tombstones.old", "", have, want, NULL) : r;
}

static int erase_again(struct plan *p, const struct epoch_opened *opened, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        int r = db_open(&db, p->store, DB_WRITE, e);

        return r < 0 ? r : erasures_again(&p->erased_again, db, p->store, p->tombs, p->tombs_count, opened->person, p->now, e);
}

static int end_local(struct plan *p, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        int r = db_open(&db, p->store, DB_WRITE, e);

        if (r == ERR_OK)
                r = db_begin(db, e);
        if (r == ERR_OK)
                r = store_local_end(db, p->without_keys, e);
        return r < 0 ? r : db_commit(db, e);
}

/* ---- all of it ---- */

static int open_epoch(struct plan *p, struct epoch_opened *out, struct err *e)
{
        char keys[PATH_ROOM], old[PATH_ROOM], tls[PATH_ROOM];
        bool kept;
        int r;

        path_in(keys, p->making, STR("signer/keys"));
        path_in(old, p->making, STR("signer/state"));
        path_in(tls, p->making, STR("tls/server.pem"));
        kept = file_exists(keys);
        p->epoch.dir = p->making;
        p->epoch.reason = "restore";
        p->epoch.keys = kept ? keys : NULL;
        p->epoch.tombs = p->tombs;
        p->epoch.tombs_count = p->tombs_count;
        r = epoch_open(out, &p->epoch, p->now, e);
        return r == ERR_OK && (!kept || !file_exists(tls)) ? tls_renew(p->making, p->now, e) : r;
}

static int restore(struct plan *p, struct epoch_opened *out, struct err *e)
{
        int r = dir_remove_tree(p->making, e);         /* of one that was killed */

        if (r == ERR_OK)
                r = read_list(p, e);
        if (r == ERR_OK)
                r = make_dirs(p, e);
        if (r == ERR_OK)
                r = take_files(p, e);
        if (r == ERR_OK)
                r = take_keys(p, e);
        if (r == ERR_OK)
                r = check_journal(p, e);
        if (r == ERR_OK)
                r = know_all(p, e);
        if (r == ERR_OK)
                r = tombs_gather(p, e);
        if (r == ERR_OK)
                r = open_epoch(p, out, e);
        if (r == ERR_OK)
                r = end_local(p, e);
        if (r == ERR_OK)
                r = erase_again(p, out, e);
        if (r == ERR_OK && rename(p->making, p->to) < 0)
                r = err_errno(e, "rename to '%s'", p->to);
        if (r == ERR_OK)
                r = dir_sync_of(p->to, e);
        if (r < 0)
                (void)dir_remove_tree(p->making, NULL);
        return r;
}

int restore_main(const char *from, int argc, char *const *argv, struct err *e)
{
        struct plan *p = calloc(1, sizeof(*p));
        struct epoch_opened done;
        int r = p ? ERR_OK : err_set(e, ERR_NOMEM, "restore");

        if (r < 0)
                return r;
        p->from = from;
        p->now = clock_now();
        r = parse_words(p, argc, argv, e);
        if (r == ERR_OK)
                r = restore(p, &done, e);
        if (r == ERR_OK) {
                epoch_print(&done);
                (void)printf("restored\t%s\nerased\t%zu\n", p->to, p->erased_again);
        }
        if (p->plain.p)
                explicit_bzero(p->plain.p, p->plain.room);
        buf_done(&p->plain);
        buf_done(&p->text);
        arena_done(&p->arena);
        free(p);
        return r;
}
