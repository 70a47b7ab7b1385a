/* desk.c - see desk.h. */
#include "server/office/evidence/desk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/codec.h"
#include "link/render_call.h"
#include "server/office/writer.h"
#include "sys/clock.h"
#include "sys/files.h"
#include "sys/log.h"
#include "sys/spawn.h"

enum { PATH_ROOM = OFFICE_PATH_MAX + 128, PAGE_MAX = 8 * 1024 * 1024, NOTE_BYTES_MAX = 4096, NOTES_AT_ONCE = 50, RENDER_WAIT_S = 25, PIECE = 64 * 1024 };

SCOPED(json_decref, json_t *)

/* ---- render ---- */

int desk_render(struct buf *out, void *ctx, const char *kind, struct str in, struct err *e)
{
        const struct office *o = ctx;
        char socket[PATH_ROOM];
        struct err why = { 0 };
        int r;

        (void)snprintf(socket, sizeof(socket), "%s/run/render.sock", o->dir);
        r = render_call(out, socket, kind, in, clock_boot() + RENDER_WAIT_S * UTIME_S, &why);
        if (r == ERR_ABSENT || r == ERR_IO || r == ERR_TIMEOUT)
                return err_key(e, ERR_BUSY, "grid.render.absent", "", NULL);
        if (r < 0 && e)
                *e = why;
        return r;
}

/* It lies beside us. */
static int program_path(char to[PATH_ROOM], struct err *e)
{
        static const char name[] = "sekisho-render";
        ssize_t n = readlink("/proc/self/exe", to, PATH_ROOM - sizeof(name) - 1);
        char *slash;

        if (n < 0)
                return err_errno(e, "our own path");
        to[n] = 0;
        slash = strrchr(to, '/');
        if (!slash)
                return err_set(e, ERR_IO, "our own path has no folder");
        memcpy(slash + 1, name, sizeof(name));
        return ERR_OK;
}

static int take_all(struct buf *out, int fd, struct err *e)
{
        char room[PIECE];
        ssize_t n;

        if (lseek(fd, 0, SEEK_SET) < 0)
                return err_errno(e, "memory");
        while ((n = read(fd, room, sizeof(room))) > 0)
                buf_add(out, room, (size_t)n);
        return n < 0 ? err_errno(e, "memory") : buf_bad(out) ? err_set(e, ERR_NOMEM, "no memory for what render answers") : ERR_OK;
}

static int start_render(struct buf *out, const char *kind, struct str in, struct err *e)
{
        scoped(fd_close) int from = memfd_create("job", MFD_CLOEXEC), to = memfd_create("answer", MFD_CLOEXEC);
        char path[PATH_ROOM];
        const char *const argv[] = { path, kind, NULL };
        struct spawn s = { .argv = argv, .in = from, .out = to, .errfd = -1, .die_with_parent = true };
        pid_t pid;
        int status = 0, r = from < 0 || to < 0 ? err_errno(e, "memory") : program_path(path, e);

        if (r == ERR_OK)
                r = fd_write_all(from, in, e);
        if (r == ERR_OK && lseek(from, 0, SEEK_SET) < 0)
                r = err_errno(e, "memory");
        if (r == ERR_OK)
                r = spawn_start(&pid, &s, e);
        if (r == ERR_OK)
                r = spawn_wait(pid, clock_boot() + RENDER_WAIT_S * UTIME_S, &status, e);
        if (r < 0)
                return r;
        return status ? err_key(e, ERR_INPUT, "grid.render.died", "", NULL) : take_all(out, to, e);
}

int desk_render_here(struct buf *out, void *ctx, const char *kind, struct str in, struct err *e)
{
        struct err why = { 0 };
        int r = desk_render(out, ctx, kind, in, &why);

        if (r == ERR_BUSY) {
                buf_clear(out);
                return start_render(out, kind, in, e);
        }
        if (r < 0 && e)
                *e = why;
        return r;
}

/* ---- the checking page ---- */

int desk_verify_page(struct buf *out, struct err *e)
{
        const char *web = getenv("SEKISHO_WEB");
        char path[PATH_ROOM];
        int r;

        if ((size_t)snprintf(path, sizeof(path), "%s/verify.html", web && *web ? web : "/usr/share/sekisho/web") >= sizeof(path))
                return err_set(e, ERR_TOO_BIG, "SEKISHO_WEB is too long");
        r = file_read(out, path, PAGE_MAX, e);
        return r == ERR_ABSENT ? ERR_OK : r;
}

/* ---- the folder ---- */

int desk_folder(char *to, size_t room, const struct office *o, struct err *e)
{
        if ((size_t)snprintf(to, room, "%s/evidence", o->store_dir) >= room)
                return err_set(e, ERR_TOO_BIG, "data directory path too long");
        return dir_make(to, 0700, e);
}

static bool ends(const char *name, const char *with)
{
        size_t n = strlen(name), m = strlen(with);

        return n > m && strcmp(name + n - m, with) == 0;
}

typedef int each_fn(void *ctx, const char *path, const char *name, struct err *e);

static int each_file(const struct office *o, const char *ending, each_fn *fn, void *ctx, struct err *e)
{
        char folder[PATH_ROOM], path[PATH_ROOM + NAME_MAX + 2];
        const struct dirent *d;
        DIR *dir;
        int r = ERR_OK;

        (void)snprintf(folder, sizeof(folder), "%s/evidence", o->store_dir);
        dir = opendir(folder);
        if (!dir)
                return errno == ENOENT ? ERR_OK : err_errno(e, "'%s'", folder);      /* nothing was made yet */
        while (r == ERR_OK && (d = readdir(dir)))
                if (ends(d->d_name, ending)) {
                        (void)snprintf(path, sizeof(path), "%s/%s", folder, d->d_name);
                        r = fn(ctx, path, d->d_name, e);
                }
        (void)closedir(dir);
        return r;
}

static int remove_one(void *ctx, const char *path, const char *name, struct err *e)
{
        (void)unlink(path);
        return ERR_OK;
}

void desk_sweep(const struct office *o)
{
        struct err e = { 0 };

        if (each_file(o, ".zip", remove_one, NULL, &e) < 0)
                log_err(&e, "evidence packs that were kept");
}

/* ---- notes ---- */

static json_t *note_json(const char *pack, const char *by, const struct dossier_job *job, const struct dossier_made *made)
{
        const struct dossier_scope *s = &job->scope;
        char hex[2 * HASH_SIZE + 1];

        hex_text(hex, made->manifest.b, HASH_SIZE);
        return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:s, s:i}", "v", 1, "pack", pack, "by", by ? by : "", "digest", hex, "kind", scope_kind_names[s->kind], "id", s->id,
                         "body", s->body, "from", (json_int_t)s->from, "until", (json_int_t)s->until, "entries", (json_int_t)made->entries, "size", (json_int_t)made->size,
                         "names", job->posts ? "post" : "person", "withhold", job->withhold);
}

int desk_note(const struct office *o, const char *pack, const char *by, const struct dossier_job *job, const struct dossier_made *made, struct err *e)
{
        scoped(json_decref) json_t *note = note_json(pack, by, job, made);
        char *text = note ? json_dumps(note, JSON_COMPACT | JSON_SORT_KEYS) : NULL, folder[PATH_ROOM], path[PATH_ROOM + UUID_TEXT + 8];
        int r = text ? desk_folder(folder, sizeof(folder), o, e) : err_set(e, ERR_NOMEM, "note");

        if (r == ERR_OK) {
                (void)snprintf(path, sizeof(path), "%s/%s.made", folder, pack);
                r = file_replace(path, str_of(text), 0600, e);
        }
        free(text);
        return r;
}

struct reading { struct act *act; struct db *db; bool *due; size_t n; };

static int journalled(bool *there, struct db *db, const char *pack, struct arena *a, struct err *e)
{
        struct journal_line *lines = NULL;
        size_t n = 0;
        int r = journal_lines_of(&lines, &n, db, pack, a, e);

        *there = n > 0;
        return r;
}

/* One that stands in the journal has served: only then it goes. */
static int look_at_note(void *ctx, const char *path, const char *name, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct reading *x = ctx;
        struct uuid u;
        char *pack = arena_copy(&a, name, strlen(name) - strlen(".made"));
        bool there = false;
        int r;

        if (!pack)
                return err_set(e, ERR_NOMEM, "note");
        if (!uuid_parse(str_of(pack), &u))
                return ERR_OK;
        r = journalled(&there, x->db, pack, &a, e);
        if (r == ERR_OK && there)
                (void)unlink(path);
        else
                *x->due = true;
        return r;
}

int desk_notes_due(bool *due, const struct office *o, struct db *db, struct err *e)
{
        struct reading x = { .db = db, .due = due };

        *due = false;
        return each_file(o, ".made", look_at_note, &x, e);
}

static int append(struct act *act, const char *pack, const json_t *note, struct err *e)
{
        static const char *const texts[] = { "digest", "kind", "id", "body", "names" };
        static const char *const numbers[] = { "from", "until", "entries", "size", "withhold" };
        const char *by = json_string_value(json_object_get(note, "by"));
        struct receipt receipt;
        struct changes c;

        changes_init(&c, act->arena, "evidence.made", pack);
        c.actor = by && *by ? arena_text(act->arena, by) : NULL;
        for (size_t i = 0; i < countof(texts); i++)
                changes_note(&c, texts[i], str_of(arena_text(act->arena, json_string_value(json_object_get(note, texts[i])))));
        for (size_t i = 0; i < countof(numbers); i++)
                changes_note_int(&c, numbers[i], json_integer_value(json_object_get(note, numbers[i])));
        return act->arena->refused ? err_set(e, ERR_NOMEM, "note") : act_append(&receipt, act, &c, e);
}

static int take_note(void *ctx, const char *path, const char *name, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        scoped(json_decref) json_t *note = NULL;
        struct reading *x = ctx;
        struct uuid u;
        char *pack = arena_copy(x->act->arena, name, strlen(name) - strlen(".made"));
        bool there = false;
        int r;

        if (!pack)
                return err_set(e, ERR_NOMEM, "note");
        if (!uuid_parse(str_of(pack), &u) || x->n >= NOTES_AT_ONCE)
                return ERR_OK;
        r = journalled(&there, x->act->db, pack, x->act->arena, e);      /* not knowing is no reason to write it twice */
        if (r < 0 || there)
                return r;
        r = file_read(&file, path, NOTE_BYTES_MAX, e);
        if (r < 0)
                return r == ERR_ABSENT ? ERR_OK : r;
        note = json_loadb(file.p, file.n, JSON_REJECT_DUPLICATES, NULL);
        if (json_integer_value(json_object_get(note, "v")) != 1 || !json_is_string(json_object_get(note, "digest")))      /* or no memory: jansson does not always say */
                return err_set(e, ERR_INPUT, "'%s' is no note of an evidence pack", path);
        x->n++;
        return append(x->act, pack, note, e);
}

int act_evidence_made(struct act *act, void *arg, struct err *e)
{
        struct reading x = { .act = act };

        return each_file(act->office, ".made", take_note, &x, e);
}
