/* dossier.c - see dossier.h: the order of things, attachments, manifest. */
#include "server/office/evidence/dossier.h"

#include <stdlib.h>

#include "base/codec.h"
#include "server/office/store/files.h"
#include "server/office/store/tree.h"

enum { NAME_BYTES = 100, ENDING_MAX = 12 };

SCOPED(json_decref, json_t *)

const char *const dossier_phase_names[PHASES_COUNT] = {
#define X(id, name) name,
        DOSSIER_PHASES(X)
#undef X
};

int dossier_step(const struct dossier *d, enum dossier_phase phase, uint64_t done, uint64_t total, struct err *e)
{
        if (!d->job->progress || d->job->progress(d->job->progress_ctx, phase, done, total))
                return ERR_OK;
        return err_key(e, ERR_BUSY, "evidence.stopped", "", NULL);
}

int dossier_gap(struct dossier *d, const char *kind, const char *about, uint64_t count, struct err *e)
{
        if (!count)
                return ERR_OK;
        return json_array_append_new(d->gaps, json_pack("{s:s, s:s, s:I}", "kind", kind, "about", about, "count", (json_int_t)count)) == 0 ? ERR_OK : err_set(e, ERR_NOMEM, "gaps");
}

/* ---- attachments ---- */

/* Nothing that some system's file names may not hold; cut on a character's border, the ending kept. */
static void put_name(struct buf *b, struct str name)
{
        const char *dot = name.n ? memrchr(name.p, '.', name.n) : NULL;
        size_t ending = dot && (size_t)(name.p + name.n - dot) <= ENDING_MAX ? (size_t)(name.p + name.n - dot) : 0, keep = name.n;

        if (name.n > NAME_BYTES) {
                keep = NAME_BYTES - ending;
                while (keep && ((unsigned char)name.p[keep] & 0xc0) == 0x80)
                        keep--;
        }
        for (size_t i = 0; i < name.n; i++) {
                unsigned char c = (unsigned char)name.p[i];

                if (i >= keep && i < name.n - ending)
                        continue;
                buf_char(b, c < 0x20 || c == 0x7f || strchr("/\\:*?\"<>|", c) ? '_' : (char)c);
        }
}

static int pour_file(struct dossier *d, struct stored_file *f, const char *name, struct err *e)
{
        struct str piece = STR("x");
        int r = zip_out_begin(d->zip, name, true, false, e);

        while (r == ERR_OK && piece.n) {
                r = store_file_read(&piece, f, e);
                if (r == ERR_OK)
                        r = zip_out_add(d->zip, piece, e);
        }
        return r < 0 ? r : zip_out_end(d->zip, e);
}

/* ERR_ABSENT: nobody has it any more, and the gap says why. */
static int put_file(struct dossier *d, const struct dossier_file *file, struct err *e)
{
        scoped(store_file_close) struct stored_file *f = NULL;
        scoped(buf_done) struct buf name = BUF_INIT;
        bool kept = false, erased = false;
        struct err why = { 0 };
        struct hash hash;
        int r = gather_attached(&kept, &erased, d->job->db, file->hash, e);

        if (r < 0 && r != ERR_ABSENT)
                return r;
        if (!hex_decode(file->hash, hash.b, HASH_SIZE))
                return err_set(e, ERR_TAMPERED, "an attachment has the hash '%.*s'", (int)file->hash.n, file->hash.p);
        r = d->job->withhold || !kept || erased ? ERR_ABSENT : store_file_open(&f, d->job->db, d->job->office->store_dir, &hash, &why);
        if (r == ERR_ABSENT || r == ERR_TAMPERED) {
                d->made.left_attachments++;
                return dossier_gap(d, d->job->withhold ? "file-withheld" : erased ? "file-erased" : !kept ? "file-removed" : r == ERR_TAMPERED ? "file-broken" : "file-lost",
                                   file->hash.p, 1, e);
        }
        if (r < 0) {
                if (e)
                        *e = why;
                return r;
        }
        buf_text(&name, "attachments/");
        buf_str(&name, file->hash);
        buf_text(&name, file->name.n ? "-" : "");
        put_name(&name, file->name);
        r = buf_bad(&name) ? err_set(e, ERR_NOMEM, "attachment") : pour_file(d, f, buf_view(&name).p, e);
        d->made.attachments += r == ERR_OK;
        return r;
}

int dossier_put_files(struct dossier *d, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < d->files_count; i++) {
                r = put_file(d, &d->files[i], e);
                if (r == ERR_OK)
                        r = dossier_step(d, PHASE_FILES, i + 1, d->files_count, e);
        }
        return r;
}

/* ---- manifest ---- */

static void put_number(struct buf *b, const char *member, uint64_t n, bool more)
{
        buf_printf(b, "\"%s\":%llu%s", member, (unsigned long long)n, more ? "," : "");
}

/* A path has no character that JSON would want escaped but for what people's file names hold. */
static void put_path(struct buf *b, const char *path)
{
        for (; *path; path++)
                buf_char(b, *path);
}

static void put_files_list(struct buf *b, const struct zip_out *zip)
{
        size_t n;
        const struct zip_member *m = zip_out_members(zip, &n);
        bool any = false;

        buf_text(b, " \"files\":[\n");
        for (size_t i = 0; i < n; i++) {
                if (!m[i].listed)
                        continue;
                buf_text(b, any ? ",\n{\"path\":\"" : "{\"path\":\"");
                put_path(b, m[i].path);
                buf_printf(b, "\",\"size\":%llu,\"sha256\":\"", (unsigned long long)m[i].size);
                hex_encode(b, m[i].sha256.b, HASH_SIZE);
                buf_text(b, "\"}");
                any = true;
        }
        buf_text(b, "\n]}\n");
}

static int put_manifest(struct dossier *d, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        const struct dossier_job *j = d->job;
        const struct dossier_made *m = &d->made;

        buf_printf(&b, "{\"v\":1,\"install\":\"%s\",\"made_at\":%lld,\n \"scope\":{\"kind\":\"%s\",\"id\":\"%s\",\"body\":\"%s\",\"from\":%lld,\"until\":%lld},\n", j->office->install_text,
                   (long long)j->now, scope_kind_names[j->scope.kind], j->scope.id, j->scope.body, (long long)j->scope.from, (long long)j->scope.until);
        buf_printf(&b, " \"options\":{\"names\":\"%s\",\"withhold\":%s},\n \"counts\":{", j->posts ? "post" : "person", j->withhold ? "true" : "false");
        put_number(&b, "entries", m->entries, true);
        put_number(&b, "cases", m->cases, true);
        put_number(&b, "duties", m->duties, true);
        put_number(&b, "attachments", m->attachments, true);
        put_number(&b, "texts", m->texts, false);
        buf_text(&b, "},\n \"left_out\":{");
        put_number(&b, "names", m->left_names, true);
        put_number(&b, "withheld", m->left_withheld, true);
        put_number(&b, "erased", m->left_erased, true);
        put_number(&b, "attachments", m->left_attachments, false);
        buf_printf(&b, "},\n \"log\":{\"size\":%llu,\"root\":\"", (unsigned long long)j->head.size);
        hex_encode(&b, j->head.root.b, HASH_SIZE);
        buf_printf(&b, "\",\"epoch\":%u},\n", j->office->epoch);
        put_files_list(&b, d->zip);
        if (buf_bad(&b))
                return err_key(e, ERR_TOO_BIG, "evidence.big", "", NULL);
        d->made.manifest = hash_bytes(buf_view(&b));
        return zip_out_file(d->zip, "manifest.json", buf_view(&b), false, e);
}

/* ---- all of it ---- */

static int check_tree(const struct dossier_job *j, struct err *e)
{
        struct hash root;
        int r = tree_root(&root, j->head.size, tree_read_db, j->db, e);

        if (r < 0)
                return r;
        return hash_eq(&root, &j->head.root) ? ERR_OK : err_key(e, ERR_TAMPERED, "seal.store.differs", "", NULL);
}

int dossier_gather(struct dossier *d, struct err *e)
{
        const struct dossier_job *j = d->job;
        int r = scope_gather(&d->gathered, j->db, &j->scope, j->office->pack, j->office->body, j->head.size, d->arena, e);

        if (r < 0)
                return r;
        d->made.entries = d->gathered.entries.n;
        d->made.cases = d->gathered.cases.n;
        d->made.duties = d->gathered.duties.n;
        d->made.size = j->head.size;
        return dossier_find_gaps(d, e);
}

int dossier_gaps_of_texts(struct dossier *d, struct err *e)
{
        int r = dossier_gap(d, "erased", "", d->made.left_erased, e);

        if (r == ERR_OK)
                r = dossier_gap(d, "withheld", "", d->made.left_withheld, e);
        return r < 0 ? r : dossier_gap(d, "names", "", d->made.left_names, e);
}

static int write_all(struct dossier *d, struct err *e)
{
        int r = dossier_step(d, PHASE_GATHER, 0, 1, e);

        if (r == ERR_OK)
                r = check_tree(d->job, e);
        if (r == ERR_OK)
                r = dossier_gather(d, e);
        if (r == ERR_OK)
                r = dossier_put_words(d, e);
        if (r == ERR_OK)
                r = dossier_put_texts(d, e);
        if (r == ERR_OK)
                r = dossier_put_files(d, e);
        if (r == ERR_OK)
                r = dossier_gaps_of_texts(d, e);
        if (r == ERR_OK)
                r = dossier_put_papers(d, e);
        if (r == ERR_OK)
                r = dossier_put_tables(d, e);
        if (r == ERR_OK)
                r = dossier_put_log(d, e);
        if (r == ERR_OK)
                r = dossier_step(d, PHASE_WRITE, 0, 1, e);
        if (r == ERR_OK)
                r = put_manifest(d, e);
        return r < 0 ? r : dossier_put_cover(d, e);
}

int dossier_make(struct dossier_made *out, const struct dossier_job *job, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(json_decref) json_t *gaps = json_array();
        struct dossier d = { .job = job, .arena = &a, .gaps = gaps };
        int r = gaps ? scope_check(&job->scope, job->office->pack, e) : err_set(e, ERR_NOMEM, "gaps");

        if (r == ERR_OK)
                r = zip_out_open(&d.zip, job->path, job->now, e);
        if (r < 0)
                return r;
        r = db_begin_read(job->db, e);
        if (r == ERR_OK) {
                r = write_all(&d, e);
                db_rollback(job->db);
        }
        gathered_done(&d.gathered);
        d.made.bytes = zip_out_bytes(d.zip);
        if (r < 0) {
                zip_out_drop(d.zip);
                return r;
        }
        r = zip_out_close(d.zip, e);
        if (r == ERR_OK)
                *out = d.made;
        return r;
}
