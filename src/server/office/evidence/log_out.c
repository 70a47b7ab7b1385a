/* log_out.c - see log_out.h.
 *
 * Tiles and bundles are written in place under names that the checkpoint before does not ask for, or with the bytes they had: a log
 * only grows. Then everything is flushed at once, then the text files change, `checkpoint` last. So a write that is cut off leaves
 * the directory as it was, and the next one begins at the checkpoint that is there.
 */
#include "server/office/evidence/log_out.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/codec.h"
#include "core/journal/canon.h"
#include "core/journal/tile.h"
#include "server/office/command/witnesses.h"
#include "server/office/store/query.h"
#include "server/office/store/tree.h"
#include "sys/files.h"
#include "wire/signer_state.h"

enum { PATH_ROOM = OFFICE_PATH_MAX + 96, PROGRESS_EVERY = 4 * TILE_WIDTH, SIGNER_FILE_MAX = 64 * 1024 };

struct writing {
        const struct log_moment *m;
        struct db               *db;
        const char              *dir;
        journal_progress_fn     *progress;
        void                    *ctx;
        struct buf               bundle;
        struct hash              leaf[TILE_WIDTH];
        unsigned                 leaves;
        uint64_t                 at;            /* the next entry */
};

static void json_drop(json_t *j)
{
        json_decref(j);
}
SCOPED(json_drop, json_t *)

/* ---- the moment ---- */

int log_note_stored(struct buf *note, const struct office *o, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct checkpoint c = { 0 };
        struct signer_state state;
        char path[PATH_ROOM];
        int r;

        (void)snprintf(path, sizeof(path), "%s/signer/state", o->dir);
        r = file_read(&file, path, SIGNER_FILE_MAX, e);
        if (r == ERR_OK)
                r = signer_state_decode(&state, buf_view(&file), e);
        if (r < 0)
                return r;
        if (!uuid_eq(state.install, o->install) || state.epoch != o->epoch)
                return err_key(e, ERR_TAMPERED, "seal.signer.foreign", "", o->install_text, NULL);
        note_origin(c.origin, state.install, state.epoch);
        c.size = state.edge.size;
        c.root = state.root;
        checkpoint_note(note, &c, &o->log_key, state.sig);
        return buf_bad(note) ? err_set(e, ERR_NOMEM, "checkpoint") : ERR_OK;
}

/* The key that the very first entry puts into the install's row. */
static int first_key(struct vkey *out, struct db *db, struct arena *a, struct err *e)
{
        scoped(json_drop) json_t *entry = NULL;
        struct str bytes;
        const json_t *set;
        int r = journal_entry(&bytes, db, 0, a, e);

        if (r == ERR_OK)
                r = canon_parse(&entry, bytes, e);
        if (r < 0)
                return r;
        set = json_object_get(entry, "set");
        for (size_t i = 0; i < json_array_size(set); i++) {
                const json_t *row = json_array_get(set, i);
                const char *key = json_string_value(json_object_get(json_object_get(row, "c"), "log_key"));

                if (key)
                        return vkey_parse(out, str_of(key), e);
        }
        return err_set(e, ERR_TAMPERED, "the first entry names no key of the log");
}

/* The last known checkpoint of epoch i, from the row that says how the next one began; none known: left empty. */
static int old_note(struct log_moment *m, uint32_t i, const struct row *next, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        struct checkpoint c = { .size = (uint64_t)row_get_int(next, EPOCH_known_size) };
        uint8_t sig[ED25519_SIG];
        struct str text = row_get_text(next, EPOCH_known_sig);
        const char *copy;

        if (!text.n)
                return ERR_OK;
        if (!hex_decode(text, sig, sizeof(sig)) || !hex_decode(row_get_text(next, EPOCH_known_root), c.root.b, HASH_SIZE))
                return err_set(e, ERR_TAMPERED, "the row of epoch %lld", (long long)row_get_int(next, EPOCH_epoch));
        memcpy(c.origin, m->epochs.key[i].name, sizeof(c.origin));
        checkpoint_note(&note, &c, &m->epochs.key[i], sig);
        copy = buf_bad(&note) ? NULL : arena_copy(a, note.p, note.n);
        if (!copy)
                return err_set(e, ERR_NOMEM, "checkpoint");
        m->note[i] = (struct str){ copy, note.n };
        return ERR_OK;
}

/* *begins: the index of the last epoch's first entry. */
static int take_epochs(uint64_t *begins, struct log_moment *m, struct db *db, struct arena *a, struct err *e)
{
        struct log_epochs *l = &m->epochs;
        struct row *rows = NULL;
        size_t n = 0;
        int r = first_key(&l->key[0], db, a, e);

        if (r == ERR_OK)
                r = query_epochs(&rows, &n, db, a, e);
        if (r < 0)
                return r;
        if (n >= LOG_EPOCHS_MAX)
                return err_set(e, ERR_TOO_BIG, "%zu epochs", n);
        l->number[0] = 1;
        l->n = 1;
        for (size_t i = 0; r == ERR_OK && i < n; i++, l->n++) {
                l->number[l->n] = (uint32_t)row_get_int(&rows[i], EPOCH_epoch);
                *begins = (uint64_t)row_get_int(&rows[i], EPOCH_size);
                r = vkey_parse(&l->key[l->n], row_get_text(&rows[i], EPOCH_log_key), e);
                if (r == ERR_OK)
                        r = old_note(m, l->n - 1, &rows[i], a, e);
        }
        return r;
}

/* Of which epoch each signed last; one whose epoch is not known here any more says nothing. */
static int take_witnesses(struct log_moment *m, struct db *db, struct arena *a, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, db, WITNESSES_ACTIVE, STR(""), a, e);

        for (size_t i = 0; r == ERR_OK && i < n && m->witnesses < LOG_WITNESSES_MAX; i++) {
                scoped(buf_done) struct buf note = BUF_INIT;
                struct vkey key;
                size_t k = 0;

                while (k < m->epochs.n && m->epochs.number[k] != (uint64_t)row_get_int(&rows[i], WITNESS_epoch))
                        k++;
                if (k == m->epochs.n || (uint64_t)row_get_int(&rows[i], WITNESS_size) > m->head.size)
                        continue;
                r = witness_note(&note, &rows[i], &m->epochs.key[k], e);
                if (r == ERR_OK)
                        r = witness_key_parse(&key, row_get_text(&rows[i], WITNESS_key), e);
                if (r < 0)
                        break;
                witness_key_id(m->witness[m->witnesses].id, &key);
                m->witness[m->witnesses++].note = (struct str){ arena_copy(a, note.p, note.n), note.n };
        }
        return r == ERR_OK && a->refused ? err_set(e, ERR_NOMEM, "witnesses") : r;
}

int log_moment_take(struct log_moment **out, const struct office *o, struct db *db, struct str note, struct arena *a, struct err *e)
{
        struct log_moment *m = arena_new(a, struct log_moment);
        const char *text = arena_copy(a, note.p, note.n);
        uint64_t begins = 0;
        int r;

        if (!m || !text)
                return err_set(e, ERR_NOMEM, "log");
        memset(m, 0, sizeof(*m));
        m->epochs.install = o->install;
        r = take_epochs(&begins, m, db, a, e);
        if (r < 0)
                return r;
        if (m->epochs.number[m->epochs.n - 1] != o->epoch)
                return err_key(e, ERR_TAMPERED, "seal.store.differs", "", NULL);
        m->note[m->epochs.n - 1] = (struct str){ text, note.n };
        r = checkpoint_open(&m->head, note, &m->epochs.key[m->epochs.n - 1], e);
        if (r == ERR_OK && m->head.size <= begins && m->epochs.n > 1)  /* its own first entry is not signed yet */
                r = err_key(e, ERR_BUSY, "seal.waiting", "", NULL);
        if (r == ERR_OK)
                r = take_witnesses(m, db, a, e);
        if (r == ERR_OK)
                *out = m;
        return r;
}

int log_frame(const struct log_moment *m, log_put_fn *put, void *ctx, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        char path[TILE_PATH];
        int r = ERR_OK;

        for (uint32_t i = 0; r == ERR_OK && i + 1 < m->epochs.n; i++) {
                (void)snprintf(path, sizeof(path), "epochs/%u/checkpoint", m->epochs.number[i]);
                if (m->note[i].n)
                        r = put(ctx, path, m->note[i], e);
        }
        for (size_t i = 0; r == ERR_OK && i < m->witnesses; i++) {
                (void)snprintf(path, sizeof(path), "witnesses/%s/checkpoint", m->witness[i].id);
                r = put(ctx, path, m->witness[i].note, e);
        }
        log_epochs_format(&b, &m->epochs);
        if (r == ERR_OK)
                r = buf_bad(&b) ? err_set(e, ERR_NOMEM, "sekisho-log") : put(ctx, "sekisho-log", buf_view(&b), e);
        return r < 0 ? r : put(ctx, "checkpoint", m->note[m->epochs.n - 1], e);
}

/* ---- files ---- */

/* The directories above DIR/path, DIR itself not. */
static int make_dirs(const char *dir, const char *path, struct err *e)
{
        char full[PATH_ROOM];
        size_t n = strlen(dir) + 1;
        int r = ERR_OK;

        (void)snprintf(full, sizeof(full), "%s/%s", dir, path);
        for (char *p = strchr(full + n, '/'); r == ERR_OK && p; p = strchr(p + 1, '/')) {
                *p = 0;
                r = dir_make(full, 0700, e);
                *p = '/';
        }
        return r;
}

/* Not durable by itself: flush_all() comes before anything that leads to it. */
static int put_tile(const char *dir, struct tile t, struct str bytes, struct err *e)
{
        char path[TILE_PATH], full[PATH_ROOM];
        int r;

        tile_path(path, t);
        (void)snprintf(full, sizeof(full), "%s/%s", dir, path);

        scoped(fd_close) int fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

        if (fd < 0 && errno == ENOENT) {
                r = make_dirs(dir, path, e);
                if (r < 0)
                        return r;
                fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
        }
        if (fd < 0)
                return err_errno(e, "create '%s'", full);
        r = fd_write_all(fd, bytes, e);
        return r < 0 ? err_wrap(e, r, "'%s'", full) : ERR_OK;
}

static int put_text(void *ctx, const char *path, struct str bytes, struct err *e)
{
        const char *dir = ctx;
        char full[PATH_ROOM];
        int r = make_dirs(dir, path, e);

        (void)snprintf(full, sizeof(full), "%s/%s", dir, path);
        return r < 0 ? r : file_replace(full, bytes, 0600, e);
}

static int flush_all(const char *dir, struct err *e)
{
        scoped(fd_close) int fd = open(dir, O_RDONLY | O_CLOEXEC | O_DIRECTORY);

        return fd < 0 || syncfs(fd) < 0 ? err_errno(e, "flush '%s'", dir) : ERR_OK;
}

/* What the tree before had as its last, shorter tiles, and this one does not. */
static void drop_old(const struct writing *w, uint64_t before)
{
        for (int level = TILE_ENTRIES; level < TILE_LEVELS; level++) {
                uint64_t n = tile_count(before, level);
                struct tile t, now;
                char path[TILE_PATH], full[PATH_ROOM];

                if (!n)
                        continue;
                t = tile_at(before, level, n - 1);
                now = tile_at(w->m->head.size, level, n - 1);
                if (t.width == now.width)
                        continue;
                tile_path(path, t);
                (void)snprintf(full, sizeof(full), "%s/%s", w->dir, path);
                (void)unlink(full);                     /* best effort: nobody reads it any more */
                *strrchr(full, '/') = 0;
                (void)rmdir(full);                      /* stays while the new one lies in it */
        }
}

/* ---- what is there already ---- */

static int load(struct buf *out, const char *dir, const char *name, struct err *e)
{
        char path[PATH_ROOM];

        (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
        return file_read(out, path, LOG_INDEX_BYTES, e);
}

static int other(const struct writing *w, const char *key, struct err *e)
{
        return err_key(e, ERR_CONFLICT, key, "", w->dir, NULL);
}

/* Its epochs must be the first of ours. */
static int known_epochs(struct log_epochs *have, const struct writing *w, struct str file, struct err *e)
{
        const struct log_epochs *ours = &w->m->epochs;

        if (log_epochs_parse(have, file, e) < 0)
                return other(w, "log-out.foreign", e);
        if (!uuid_eq(have->install, ours->install) || have->n > ours->n)
                return other(w, "log-out.other", e);
        for (uint32_t i = 0; i < have->n; i++)
                if (have->number[i] != ours->number[i] || memcmp(have->key[i].key, ours->key[i].key, ED25519_KEY) != 0)
                        return other(w, "log-out.other", e);
        return ERR_OK;
}

/* Its checkpoint must be the beginning of our tree; *before is its size. */
static int known_tree(uint64_t *before, const struct writing *w, const struct log_epochs *have, struct str note, struct err *e)
{
        int epoch = log_epoch_of(have, note);
        struct checkpoint c;
        struct hash root;
        int r;

        if (epoch < 0 || checkpoint_open(&c, note, &have->key[epoch], e) < 0)
                return other(w, "log-out.foreign", e);
        if (c.size > w->m->head.size)
                return other(w, "log-out.longer", e);
        r = tree_root(&root, c.size, tree_read_db, w->db, e);
        if (r < 0)
                return r;
        if (!hash_eq(&root, &c.root))
                return other(w, "log-out.other", e);
        *before = c.size;
        return ERR_OK;
}

static int look(uint64_t *before, const struct writing *w, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf index = BUF_INIT, note = BUF_INIT, subset = BUF_INIT;
        struct log_epochs *have = arena_new(a, struct log_epochs);
        struct stat st;
        int r;

        *before = 0;
        if (!have)
                return err_set(e, ERR_NOMEM, "log");
        if (mkdir(w->dir, 0700) == 0)
                return ERR_OK;
        if (errno != EEXIST || stat(w->dir, &st) < 0 || !S_ISDIR(st.st_mode))
                return errno == EEXIST ? other(w, "log-out.foreign", e) : err_errno(e, "make directory '%s'", w->dir);
        r = load(&index, w->dir, "sekisho-log", e);
        if (r == ERR_ABSENT)            /* empty, or left by a first write that was cut off: then there is only `tile` */
                return load(&note, w->dir, "checkpoint", NULL) == ERR_ABSENT ? ERR_OK : other(w, "log-out.foreign", e);
        if (r == ERR_OK && load(&subset, w->dir, "subset", NULL) != ERR_ABSENT)
                r = other(w, "log-out.foreign", e);
        if (r == ERR_OK)
                r = known_epochs(have, w, buf_view(&index), e);
        if (r < 0)
                return r;
        r = load(&note, w->dir, "checkpoint", e);
        if (r == ERR_ABSENT)
                return ERR_OK;
        return r < 0 ? r : known_tree(before, w, have, buf_view(&note), e);
}

/* ---- entries and hashes ---- */

static int differs(uint64_t index, struct err *e)
{
        char number[24];

        (void)snprintf(number, sizeof(number), "%llu", (unsigned long long)index);
        return err_key(e, ERR_TAMPERED, "log-out.tampered", "", number, NULL);
}

/* A whole tile's root is the hash above it. */
static int check_above(struct writing *w, unsigned level, uint64_t n, const struct hash *tile, struct err *e)
{
        struct hash h[TILE_WIDTH], above;
        int r;

        memcpy(h, tile, sizeof(h));
        for (size_t k = TILE_WIDTH; k > 1; k /= 2)
                for (size_t i = 0; i < k / 2; i++)
                        h[i] = hash_node(&h[2 * i], &h[2 * i + 1]);
        r = tree_read_db(w->db, level + 1, n, 1, &above, e);
        if (r < 0)
                return r;
        return hash_eq(&h[0], &above) ? ERR_OK : differs(n << TILE_BITS * (level + 1), e);
}

static int put_hashes(struct writing *w, struct tile t, const struct hash *h, struct err *e)
{
        int r = t.width == TILE_WIDTH ? check_above(w, (unsigned)t.level, t.n, h, e) : ERR_OK;

        return r < 0 ? r : put_tile(w->dir, t, (struct str){ (const char *)h->b, t.width * sizeof(*h) }, e);
}

static int end_bundle(struct writing *w, struct err *e)
{
        struct tile t = { TILE_ENTRIES, (w->at - 1) / TILE_WIDTH, w->leaves };
        int r = put_tile(w->dir, t, buf_view(&w->bundle), e);

        t.level = 0;
        if (r == ERR_OK)
                r = put_hashes(w, t, w->leaf, e);
        buf_clear(&w->bundle);
        w->leaves = 0;
        if (r == ERR_OK && w->progress && (w->at % PROGRESS_EVERY == 0 || w->at == w->m->head.size))
                w->progress(w->ctx, w->at, w->m->head.size);
        return r;
}

static int take_entry(void *ctx, uint64_t index, struct str entry, const struct hash *stored, struct err *e)
{
        struct writing *w = ctx;
        struct hash leaf = hash_leaf(entry);
        int r;

        if (index != w->at || !hash_eq(&leaf, stored))
                return differs(w->at, e);
        r = bundle_add(&w->bundle, entry, e);
        if (r < 0)
                return r;
        w->leaf[w->leaves++] = leaf;
        w->at++;
        return w->leaves == TILE_WIDTH || w->at == w->m->head.size ? end_bundle(w, e) : ERR_OK;
}

/* Tiles of one level above the leaves, from the one that the tree before did not fill. */
static int write_level(struct writing *w, int level, uint64_t before, struct err *e)
{
        uint64_t size = w->m->head.size, n = tile_count(size, level);
        int r = ERR_OK;

        for (uint64_t i = tile_hashes(before, (unsigned)level) / TILE_WIDTH; r == ERR_OK && i < n; i++) {
                struct tile t = tile_at(size, level, i);
                struct hash h[TILE_WIDTH];

                r = tree_read_db(w->db, (unsigned)level, i * TILE_WIDTH, t.width, h, e);
                if (r == ERR_OK)
                        r = put_hashes(w, t, h, e);
        }
        return r;
}

static int write_all(struct writing *w, uint64_t before, struct err *e)
{
        struct hash root;
        int r = tree_root(&root, w->m->head.size, tree_read_db, w->db, e);

        if (r < 0)
                return r;
        if (!hash_eq(&root, &w->m->head.root))
                return err_key(e, ERR_TAMPERED, "seal.store.differs", "", NULL);
        if (before == w->m->head.size)          /* the tiles are there, and are not touched */
                return log_frame(w->m, put_text, (void *)(uintptr_t)w->dir, e);
        w->at = before - before % TILE_WIDTH;
        if (w->at < w->m->head.size)
                r = journal_walk(w->db, w->at, w->m->head.size, take_entry, w, e);
        if (r == ERR_OK && w->at < w->m->head.size)
                r = differs(w->at, e);          /* the database has fewer than were signed */
        for (int level = 1; r == ERR_OK && level < TILE_LEVELS; level++)
                r = write_level(w, level, before, e);
        if (r == ERR_OK)
                r = flush_all(w->dir, e);
        if (r == ERR_OK)
                r = log_frame(w->m, put_text, (void *)(uintptr_t)w->dir, e);
        return r;
}

int log_write(const struct log_moment *m, struct db *db, const char *dir, uint64_t *from, journal_progress_fn *progress, void *ctx, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct writing *w = arena_new(&a, struct writing);
        uint64_t before = 0;
        int r;

        if (!w)
                return err_set(e, ERR_NOMEM, "log");
        if (strlen(dir) >= OFFICE_PATH_MAX)
                return err_set(e, ERR_TOO_BIG, "path too long");
        *w = (struct writing){ .m = m, .db = db, .dir = dir, .progress = progress, .ctx = ctx };
        r = db_begin_read(db, e);
        if (r < 0)
                return r;
        r = look(&before, w, &a, e);
        if (r == ERR_OK)
                r = write_all(w, before, e);
        db_rollback(db);
        buf_done(&w->bundle);
        if (r < 0)
                return r;
        drop_old(w, before);
        if (from)
                *from = before;
        return ERR_OK;
}
