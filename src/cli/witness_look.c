/* witness_look.c - see witness_look.h. */
#include "cli/witness_look.h"

#include <jansson.h>

#include "base/codec.h"
#include "cli/say.h"
#include "cli/verify.h"
#include "cli/witness_judge.h"
#include "core/journal/canon.h"
#include "core/journal/tile.h"
#include "sys/clock.h"
#include "sys/files.h"

SCOPED(json_decref, json_t *)

struct log_dir {
        const char       *path;
        struct checkpoint head;
        struct buf        note;
};

static int load(struct buf *out, const struct log_dir *d, const char *name, size_t max, struct err *e)
{
        char path[WITNESS_PATH];

        if (snprintf(path, sizeof(path), "%s/%s", d->path, name) >= (int)sizeof(path))
                return err_set(e, ERR_TOO_BIG, "path too long");
        buf_clear(out);
        return file_read(out, path, max, e);
}

/* Hashes of one tile after the other. What is read need not be believed: proofs are verified against roots. */
static int read_tiles(void *ctx, unsigned level, uint64_t at, size_t n, struct hash *out, struct err *e)
{
        const struct log_dir *d = ctx;

        while (n) {
                scoped(buf_done) struct buf file = BUF_INIT;
                struct tile t = tile_at(d->head.size, (int)level, at / TILE_WIDTH);
                size_t from = at % TILE_WIDTH, take = t.width > from ? t.width - from : 0;
                char path[TILE_PATH];
                int r;

                if (take > n)
                        take = n;
                tile_path(path, t);
                r = load(&file, d, path, TILE_BYTES, e);
                if (r < 0)
                        return r;
                if (!take || file.n != (size_t)t.width * HASH_SIZE)
                        return err_set(e, ERR_TAMPERED, "'%s' has %zu bytes", path, file.n);
                memcpy(out, file.p + from * HASH_SIZE, take * HASH_SIZE);
                out += take;
                at += take;
                n -= take;
        }
        return ERR_OK;
}

/* ---- the old epoch of a new one ---- */

struct opened { int64_t before, size, known_size; struct hash known_root; };

static bool opened_parse(struct opened *out, struct str entry)
{
        scoped(json_decref) json_t *o = NULL;
        const json_t *note;
        const char *type, *root;
        struct opened p;

        if (!memmem(entry.p, entry.n, "epoch.opened", 12) || canon_parse(&o, entry, NULL) < 0)
                return false;
        type = json_string_value(json_object_get(o, "type"));
        note = json_object_get(o, "note");
        root = json_string_value(json_object_get(note, "known_root"));
        p = (struct opened){ .before = json_integer_value(json_object_get(note, "before")), .size = json_integer_value(json_object_get(note, "size")),
                             .known_size = json_integer_value(json_object_get(note, "known_size")) };
        *out = p;
        return type && strcmp(type, "epoch.opened") == 0 && root && hex_decode(str_of(root), out->known_root.b, HASH_SIZE) && p.size > 0 && p.known_size >= p.size;
}

/* The entry at `index` is under the checkpoint. */
static bool is_in(struct log_dir *d, struct str entry, uint64_t index)
{
        struct hash leaf = hash_leaf(entry);
        struct proof proof;

        return tree_prove_inclusion(&proof, index, d->head.size, read_tiles, d, NULL) == ERR_OK &&
               tree_verify_inclusion(&leaf, index, d->head.size, proof.hash, proof.n, &d->head.root, NULL) == ERR_OK;
}

/* The entry that opened an epoch before which entries up to `size` were lost. *gap: how many of those that were seen. */
static bool owned_up(uint64_t *gap, struct log_dir *d, const struct known *old, uint32_t old_epoch)
{
        for (uint64_t n = 0; n < tile_count(d->head.size, TILE_ENTRIES); n++) {
                scoped(buf_done) struct buf file = BUF_INIT;
                struct bundle b;
                struct str entry;
                struct opened p;
                char path[TILE_PATH];

                tile_path(path, tile_at(d->head.size, TILE_ENTRIES, n));
                if (load(&file, d, path, BUNDLE_BYTES, NULL) < 0)
                        return false;
                b = (struct bundle){ .rest = buf_view(&file) };
                for (uint64_t index = n * TILE_WIDTH; bundle_next(&entry, &b, NULL) == ERR_OK; index++) {
                        if (!opened_parse(&p, entry) || p.before != old_epoch || (uint64_t)p.size != index || !is_in(d, entry, index))
                                continue;
                        if (old->size <= index || old->size > (uint64_t)p.known_size || (old->size == (uint64_t)p.known_size && !hash_eq(&old->root, &p.known_root)))
                                return false;
                        *gap = old->size - index;
                        return true;
                }
        }
        return false;
}

struct older { struct log_dir *dir; struct str install; uint32_t epoch; enum lang lang; int verdict; };

/* "sekisho/<install>/<epoch>" */
static bool origin_cut(struct str origin, struct str *install, uint32_t *epoch)
{
        struct str word, rest, number;
        uint64_t n;

        if (!str_cut(origin, '/', &word, &rest) || !str_is(word, "sekisho") || !str_cut(rest, '/', install, &number) || !str_u64(number, UINT32_MAX, &n))
                return false;
        *epoch = (uint32_t)n;
        return true;
}

static int look_at_older(void *ctx, const struct known *k, struct err *e)
{
        struct older *o = ctx;
        struct log_dir *d = o->dir;
        struct proof proof;
        struct str install;
        uint32_t epoch;
        uint64_t gap = 0;

        (void)e;
        if (!origin_cut(str_of(k->log.name), &install, &epoch) || !str_eq(install, o->install) || epoch >= o->epoch || !k->size)
                return ERR_OK;
        if (k->size <= d->head.size && tree_prove_consistency(&proof, k->size, d->head.size, read_tiles, d, NULL) == ERR_OK &&
            tree_verify_consistency(k->size, &k->root, d->head.size, &d->head.root, proof.hash, proof.n, NULL) == ERR_OK) {
                say(stdout, o->lang, "witness.epoch.follows", decimal(epoch), decimal(k->size), NULL);
                return ERR_OK;
        }
        if (owned_up(&gap, d, k, epoch)) {
                say(stdout, o->lang, "witness.epoch.gap", decimal(epoch), decimal(k->size), decimal(gap), NULL);
                return ERR_OK;
        }
        say(stdout, o->lang, "witness.epoch.fork", decimal(epoch), decimal(k->size), NULL);
        o->verdict = VERDICT_TAMPERED;
        return ERR_OK;
}

/* ---- one directory ---- */

static int ask_of(struct witness_ask *ask, struct log_dir *d, const struct known *k, struct err *e)
{
        *ask = (struct witness_ask){ .old = k->size, .note = buf_view(&d->note) };
        return k->size && k->size < d->head.size ? tree_prove_consistency(&ask->proof, k->size, d->head.size, read_tiles, d, e) : ERR_OK;
}

static int write_out(const struct witness *w, const struct log_dir *d, const struct judged *j, const char *out, struct err *e)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        char path[WITNESS_PATH], id[WITNESS_ID_TEXT], *slash;
        int r = ERR_OK;

        buf_str(&note, buf_view(&d->note));
        buf_str(&note, buf_view(&j->line));
        if (buf_bad(&note))
                return err_set(e, ERR_NOMEM, "cosigned checkpoint");
        if (out)
                return file_replace(out, buf_view(&note), 0644, e);
        witness_key_id(id, &w->me);
        if (snprintf(path, sizeof(path), "%s/witnesses/%s/checkpoint", d->path, id) >= (int)sizeof(path))
                return err_set(e, ERR_TOO_BIG, "path too long");
        for (slash = path + strlen(d->path) + 1; r == ERR_OK && (slash = strchr(slash, '/')); slash++) {
                *slash = 0;
                r = dir_make(path, 0755, e);
                *slash = '/';
        }
        return r < 0 ? r : file_replace(path, buf_view(&note), 0644, e);
}

static int refused(const struct judged *j, enum lang lang)
{
        const char *had = decimal(j->known.size), *has = decimal(j->head.size);

        switch (j->what) {
        case JUDGE_UNKNOWN:
                say(stdout, lang, "witness.untrusted", NULL);
                return VERDICT_INCOMPLETE;
        case JUDGE_CONFLICT:
        case JUDGE_MALFORMED:
                say(stdout, lang, j->head.size < j->known.size ? "witness.shrunk" : "witness.fork", had, has, NULL);
                return VERDICT_TAMPERED;
        case JUDGE_FORK:
                say(stdout, lang, "witness.fork", had, has, NULL);
                return VERDICT_TAMPERED;
        default:
                say(stdout, lang, "witness.forbidden", j->known.log.name, NULL);
                return VERDICT_TAMPERED;
        }
}

static int failed(int r, const struct err *e, const char *what, enum lang lang)
{
        say(stdout, lang, "witness.failed", what, e->text, NULL);
        return r == ERR_TAMPERED || r == ERR_INPUT || r == ERR_TOO_BIG ? VERDICT_TAMPERED : VERDICT_INCOMPLETE;
}

static int judge(struct judged *j, const struct witness *w, struct log_dir *d, const struct known *k, enum lang lang)
{
        struct older older = { d, { 0 }, 0, lang, VERDICT_VERIFIED };
        struct witness_ask ask;
        struct err e = { 0 };
        int r = ask_of(&ask, d, k, &e);

        if (r < 0)
                return failed(r, &e, d->path, lang);
        if (!k->size && origin_cut(str_of(k->log.name), &older.install, &older.epoch))
                r = known_each(w, look_at_older, &older, &e);
        if (r < 0)
                return failed(r, &e, w->dir, lang);
        if (older.verdict != VERDICT_VERIFIED)
                return older.verdict;
        r = witness_judge(j, w, &ask, clock_now(), &e);
        return r < 0 ? failed(r, &e, w->dir, lang) : j->what == JUDGE_SIGNED ? VERDICT_VERIFIED : refused(j, lang);
}

int witness_look(const struct witness *w, const char *log_dir, const char *out, enum lang lang)
{
        struct log_dir d = { .path = log_dir };
        struct judged j = { .what = JUDGE_UNKNOWN };
        struct known k = { 0 };
        struct str origin;
        struct err e = { 0 };
        int r = load(&d.note, &d, "checkpoint", NOTE_MAX, &e), verdict;

        if (r == ERR_OK && !note_origin_of(&origin, buf_view(&d.note)))
                r = err_set(&e, ERR_INPUT, "not a checkpoint");
        if (r == ERR_OK)
                r = known_load(&k, w, origin, &e);
        if (r == ERR_OK)
                r = checkpoint_open(&d.head, buf_view(&d.note), &k.log, &e);
        if (r == ERR_OK && d.head.size < k.size) {
                j = (struct judged){ .what = JUDGE_CONFLICT, .known = k, .head = d.head };
                verdict = refused(&j, lang);
        } else if (r == ERR_OK) {
                verdict = judge(&j, w, &d, &k, lang);
        } else if (r == ERR_ABSENT && d.note.n) {
                verdict = refused(&j, lang);
        } else {
                verdict = failed(r, &e, log_dir, lang);
        }
        if (verdict == VERDICT_VERIFIED) {
                r = write_out(w, &d, &j, out, &e);
                verdict = r < 0 ? failed(r, &e, out ? out : log_dir, lang) : VERDICT_VERIFIED;
                if (r == ERR_OK)
                        say(stdout, lang, "witness.signed", decimal(j.head.size), decimal(k.size), NULL);
        }
        judged_done(&j);
        buf_done(&d.note);
        return verdict;
}
