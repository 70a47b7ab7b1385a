/* backup.c - see backup.h. */
#include "server/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "server/office/evidence/log_out.h"
#include "server/office/office.h"
#include "server/office/store/backup.h"
#include "server/office/store/tree.h"
#include "server/recovery.h"
#include "server/words.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/files.h"
#include "wire/backup_list.h"
#include "wire/key_bundle.h"

enum { PATH_ROOM = 2 * OFFICE_PATH_MAX, FILES_MAX = 400000, SMALL_MAX = 1024 * 1024, DEPTH_MAX = 8 };

struct work {
        const struct office *office;
        const char          *to;
        char                 making[OFFICE_PATH_MAX];
        struct arena         arena;
        struct backup_list   list;
        size_t               room;
};

static void show_progress(void *ctx, uint64_t done, uint64_t total)
{
        (void)ctx;
        (void)fprintf(stderr, "\r%llu / %llu%s", (unsigned long long)done, (unsigned long long)total, done >= total ? "\n" : "");
}

/* ---- the folder ---- */

static int list_add(struct work *w, const char *path, uint64_t size, const struct hash *sha, struct err *e)
{
        char *copy = arena_copy(&w->arena, path, strlen(path));

        if (w->list.n == FILES_MAX)
                return err_set(e, ERR_TOO_BIG, "more than %d files", FILES_MAX);
        if (w->list.n == w->room) {
                struct backup_file *more = realloc(w->list.file, (w->room ? 2 * w->room : 256) * sizeof(*more));

                if (!more)
                        return err_set(e, ERR_NOMEM, "backup");
                w->list.file = more;
                w->room = w->room ? 2 * w->room : 256;
        }
        if (!copy)
                return err_set(e, ERR_NOMEM, "backup");
        w->list.file[w->list.n++] = (struct backup_file){ str_of(copy), size, *sha };
        return ERR_OK;
}

static int take_file(struct work *w, const char *path, struct err *e)
{
        char from[PATH_ROOM], to[PATH_ROOM];
        uint64_t size;
        struct hash sha;
        int r;

        (void)snprintf(from, sizeof(from), "%s/%s", w->office->dir, path);
        (void)snprintf(to, sizeof(to), "%s/%s", w->making, path);
        if (file_exists(to))
                return ERR_OK;                         /* the second round of what never changes */
        r = store_file_copy(&size, &sha, from, to, e);
        return r < 0 ? r : list_add(w, path, size, &sha, e);
}

/* What is being written has another name until it is whole; what goes meanwhile was taken back by an act after the snapshot, or before it. */
static int take_tree(struct work *w, const char *path, unsigned depth, struct err *e)
{
        char from[2 * PATH_ROOM], to[PATH_ROOM], at[PATH_ROOM];
        struct dirent *entry;
        struct stat st;
        DIR *d;
        int r;

        (void)snprintf(from, sizeof(from), "%s/%s", w->office->dir, path);
        (void)snprintf(to, sizeof(to), "%s/%s", w->making, path);
        d = opendir(from);
        if (!d)
                return errno == ENOENT ? ERR_OK : err_errno(e, "'%s'", from);
        r = dir_make(to, 0700, e);
        while (r == ERR_OK && (entry = readdir(d))) {
                if ((size_t)snprintf(at, sizeof(at), "%s/%s", path, entry->d_name) >= sizeof(at))
                        continue;
                (void)snprintf(from, sizeof(from), "%s/%s", w->office->dir, at);
                if (!backup_path_ok(str_of(at)) || strstr(entry->d_name, ".new") || lstat(from, &st) < 0)
                        continue;
                if (S_ISDIR(st.st_mode))
                        r = depth < DEPTH_MAX ? take_tree(w, at, depth + 1, e) : err_set(e, ERR_TOO_BIG, "'%s' lies too deep", from);
                else if (S_ISREG(st.st_mode))
                        r = take_file(w, at, e);
                if (r == ERR_ABSENT)
                        r = ERR_OK;
        }
        (void)closedir(d);
        return r == ERR_OK ? dir_sync_of(to, e) : r;
}

/* The snapshot, its root, and that it begins with what the signer signed: a backup of something else is none. */
static int take_database(struct work *w, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        scoped(buf_done) struct buf note = BUF_INIT;
        struct checkpoint head;
        struct hash root, sha;
        char path[PATH_ROOM];
        uint64_t size;
        int r = log_note_stored(&note, w->office, e);   /* before the snapshot: what was signed is in it */

        if (r == ERR_OK)
                r = checkpoint_open(&head, buf_view(&note), &w->office->log_key, e);
        if (r == ERR_OK)
                r = db_open(&db, w->office->store_dir, DB_READ, e);
        if (r == ERR_OK)
                r = db_begin_read(db, e);
        if (r == ERR_OK)
                r = journal_size(&w->list.size, NULL, db, e);
        if (r == ERR_OK)
                r = tree_root(&w->list.root, w->list.size, tree_read_db, db, e);
        if (r == ERR_OK && head.size > w->list.size)
                r = err_key(e, ERR_TAMPERED, "seal.store.behind", "", NULL);
        if (r == ERR_OK && head.size)
                r = tree_root(&root, head.size, tree_read_db, db, e);
        if (r == ERR_OK && head.size && !hash_eq(&root, &head.root))
                r = err_key(e, ERR_TAMPERED, "seal.store.differs", "", NULL);
        (void)snprintf(path, sizeof(path), "%s/office/sekisho.db", w->making);
        if (r == ERR_OK)
                r = store_copy(db, path, show_progress, NULL, e);
        if (r == ERR_OK)
                r = store_file_copy(&size, &sha, path, NULL, e);
        if (r == ERR_OK)
                r = list_add(w, "office/sekisho.db", size, &sha, e);
        (void)snprintf(path, sizeof(path), "%s/checkpoint", w->making);
        if (r == ERR_OK)
                r = file_create(path, buf_view(&note), 0600, e);
        sha = hash_bytes(buf_view(&note));
        return r < 0 ? r : list_add(w, "checkpoint", note.n, &sha, e);
}

static int by_path(const void *a, const void *b)
{
        return str_cmp(((const struct backup_file *)a)->path, ((const struct backup_file *)b)->path);
}

static int write_list(struct work *w, struct err *e)
{
        scoped(buf_done) struct buf text = BUF_INIT;
        char path[PATH_ROOM];

        qsort(w->list.file, w->list.n, sizeof(*w->list.file), by_path);
        backup_list_begin(&text, &w->list);
        for (size_t i = 0; i < w->list.n; i++)
                backup_list_file(&text, &w->list.file[i]);
        backup_list_end(&text);
        (void)snprintf(path, sizeof(path), "%s/list", w->making);
        return buf_bad(&text) ? err_set(e, ERR_NOMEM, "backup") : file_create(path, buf_view(&text), 0600, e);
}

static int take_all(struct work *w, struct err *e)
{
        char path[PATH_ROOM];
        int r = dir_make(w->making, 0700, e);

        (void)snprintf(path, sizeof(path), "%s/office", w->making);
        if (r == ERR_OK)
                r = dir_make(path, 0700, e);
        if (r == ERR_OK)                               /* most of it before the snapshot … */
                r = take_tree(w, "office/files", 0, e);
        if (r == ERR_OK)
                r = take_database(w, e);
        if (r == ERR_OK)                               /* … and what came until then after it */
                r = take_tree(w, "office/files", 0, e);
        if (r == ERR_OK)
                r = take_tree(w, "office/packs", 0, e);
        if (r == ERR_OK)
                r = take_file(w, "office/places.json", e);
        return r < 0 ? r : write_list(w, e);
}

/* ---- when it was done: what the installation says of itself ---- */

static int note_done(const struct office *o, const char *what, utime_t now, uint64_t size, struct err *e)
{
        scoped(buf_done) struct buf old = BUF_INIT, text = BUF_INIT;
        struct str rest, line;
        char path[PATH_ROOM];

        (void)snprintf(path, sizeof(path), "%s/backups", o->store_dir);
        (void)file_read(&old, path, SMALL_MAX, NULL);  /* the first time there is none */
        rest = buf_view(&old);
        while (str_cut(rest, '\n', &line, &rest))
                if (!str_starts(line, what))
                        buf_printf(&text, "%.*s\n", (int)line.n, line.p);
        buf_printf(&text, "%s %lld %llu\n", what, (long long)now, (unsigned long long)size);
        return buf_bad(&text) ? err_set(e, ERR_NOMEM, "backup") : file_replace(path, buf_view(&text), 0644, e);
}

static int only_word(const char **to, int argc, char *const *argv, struct err *e)
{
        if (argc != 1 || argv[0][0] == '-')
                return err_key(e, ERR_INPUT, "backup.word.missing", "", NULL);
        *to = argv[0];
        return file_exists(argv[0]) ? err_key(e, ERR_CONFLICT, "backup.target.exists", "", argv[0], NULL) : ERR_OK;
}

static int backup(struct work *w, struct err *e)
{
        utime_t now = clock_now();
        int r;

        w->list.install = w->office->install;
        w->list.epoch = w->office->epoch;
        w->list.made_at = now;
        w->list.version = store_version();
        r = dir_remove_tree(w->making, e);             /* of one that was killed */
        if (r == ERR_OK)
                r = take_all(w, e);
        if (r == ERR_OK && rename(w->making, w->to) < 0)
                r = err_errno(e, "rename to '%s'", w->to);
        if (r == ERR_OK)
                r = dir_sync_of(w->to, e);
        if (r == ERR_OK)
                r = note_done(w->office, "data", now, w->list.size, e);
        if (r < 0)
                (void)dir_remove_tree(w->making, NULL);
        else
                (void)printf("backup\t%s\nsize\t%llu\nfiles\t%zu\n", w->to, (unsigned long long)w->list.size, w->list.n);
        return r;
}

int backup_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        struct work *w = calloc(1, sizeof(*w));
        struct office o = { .dir = "" };
        int r = w ? only_word(&w->to, argc, argv, e) : err_set(e, ERR_NOMEM, "backup");

        if (r == ERR_OK && (size_t)snprintf(w->making, sizeof(w->making), "%s.making", w->to) >= sizeof(w->making))
                r = err_set(e, ERR_TOO_BIG, "path too long");
        if (r == ERR_OK)
                r = office_load(&o, data_dir, e);
        if (r == ERR_OK) {
                w->office = &o;
                r = backup(w, e);
        }
        office_unload(&o);
        if (w) {
                free(w->list.file);
                arena_done(&w->arena);
        }
        free(w);
        return r;
}

/* ---- keys ---- */

struct key_work { struct key_bundle bundle; struct buf bytes[KEY_BUNDLE_FILES]; char path[KEY_BUNDLE_FILES][KEY_BUNDLE_PATH + 1]; size_t n; };

static struct buf *slot(struct key_work *w, struct err *e)
{
        if (w->n < KEY_BUNDLE_FILES)
                return &w->bytes[w->n];
        (void)err_set(e, ERR_TOO_BIG, "more than %d files with the keys", KEY_BUNDLE_FILES);
        return NULL;
}

static int keep(struct key_work *w, const char *path, struct err *e)
{
        (void)snprintf(w->path[w->n], sizeof(w->path[w->n]), "%s", path);
        w->n++;
        return key_bundle_add(&w->bundle, str_of(w->path[w->n - 1]), buf_view(&w->bytes[w->n - 1]), e);
}

/* What deliveries the courier remembers is not worth a seal: it is of this hour. */
static int take_folder(struct key_work *w, const struct office *o, const char *name, struct err *e)
{
        char folder[PATH_ROOM], from[PATH_ROOM + 260], path[KEY_BUNDLE_PATH + 1];
        struct dirent *entry;
        struct stat st;
        DIR *d;
        int r = ERR_OK;

        (void)snprintf(folder, sizeof(folder), "%s/%s", o->dir, name);
        d = opendir(folder);
        if (!d)
                return errno == ENOENT ? ERR_OK : err_errno(e, "'%s'", folder);
        while (r == ERR_OK && (entry = readdir(d))) {
                size_t n = strlen(entry->d_name);
                struct buf *to = slot(w, e);

                (void)snprintf(from, sizeof(from), "%s/%s", folder, entry->d_name);
                if (lstat(from, &st) < 0 || !S_ISREG(st.st_mode) || entry->d_name[0] == '.' || (n > 5 && strcmp(entry->d_name + n - 5, ".sent") == 0))
                        continue;
                if ((size_t)snprintf(path, sizeof(path), "%s/%s", name, entry->d_name) >= sizeof(path))
                        r = err_set(e, ERR_TOO_BIG, "'%s' has too long a name", from);
                else
                        r = to ? file_read(to, from, SMALL_MAX, e) : ERR_TOO_BIG;
                if (r == ERR_OK)
                        r = keep(w, path, e);
        }
        (void)closedir(d);
        return r;
}

static int take_keys(struct key_work *w, const struct office *o, struct buf *note, struct err *e)
{
        static const char *const folders[] = { "signer", "tls", "courier" };
        scoped(db_close) struct db *db = NULL;
        struct checkpoint head;
        int r = log_note_stored(note, o, e);            /* before the keys: they are as new as this, or newer */

        if (r == ERR_OK)
                r = checkpoint_open(&head, buf_view(note), &o->log_key, e);
        if (r == ERR_OK)
                r = db_open(&db, o->store_dir, DB_READ, e);
        if (r == ERR_OK)
                r = store_keys_image(&w->bytes[0], db, e);
        if (r == ERR_OK)
                r = keep(w, "office/keys.db", e);
        for (size_t i = 0; r == ERR_OK && i < countof(folders); i++)
                r = take_folder(w, o, folders[i], e);
        if (r == ERR_OK) {
                w->bundle.size = head.size;
                w->bundle.note = buf_view(note);
        }
        return r;
}

static void wipe(struct buf *b)
{
        if (b->p)
                explicit_bzero(b->p, b->room);
        buf_done(b);
}

static int seal(const struct key_bundle *b, const struct office *o, const char *to, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct buf plain = BUF_INIT;
        uint8_t public[RECOVERY_PUBLIC], once[32];
        char about[SEALED_ABOUT_MAX + 1];
        int r = recovery_key(public, o->dir, e);

        if (r < 0)
                return r;
        (void)snprintf(about, sizeof(about), "keys %s epoch %u size %llu made %lld", o->install_text, b->epoch, (unsigned long long)b->size, (long long)b->made_at);
        key_bundle_encode(&plain, b);
        entropy_fill(once, sizeof(once));
        r = buf_bad(&plain) ? err_set(e, ERR_NOMEM, "backup of keys") : sealed_make_to(&file, public, str_of(about), buf_view(&plain), once, e);
        explicit_bzero(once, sizeof(once));
        wipe(&plain);
        return r < 0 ? r : file_create(to, buf_view(&file), 0600, e);
}

int backup_keys_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        struct key_work *w = calloc(1, sizeof(*w));
        struct office o = { .dir = "" };
        const char *to = NULL;
        int r = w ? only_word(&to, argc, argv, e) : err_set(e, ERR_NOMEM, "backup of keys");

        if (r == ERR_OK)
                r = office_load(&o, data_dir, e);
        if (r == ERR_OK)
                r = take_keys(w, &o, &note, e);
        if (r == ERR_OK) {
                w->bundle.install = o.install;
                w->bundle.epoch = o.epoch;
                w->bundle.made_at = clock_now();
                r = seal(&w->bundle, &o, to, e);
        }
        if (r == ERR_OK)
                r = note_done(&o, "keys", w->bundle.made_at, w->bundle.size, e);
        if (r == ERR_OK)
                (void)printf("backup\t%s\nsize\t%llu\nfiles\t%zu\n", to, (unsigned long long)w->bundle.size, w->bundle.n);
        for (size_t i = 0; w && i < KEY_BUNDLE_FILES; i++)
                wipe(&w->bytes[i]);
        office_unload(&o);
        free(w);
        return r;
}
