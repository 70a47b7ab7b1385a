/* pack_dir.c - see pack_dir.h. */
#include "server/office/pack_dir.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "sys/files.h"

enum { PATH_ROOM = 2048, NAME_MAX_BYTES = 200 };

struct bundle { struct pack_file files[PACK_FILES_MAX]; size_t n; struct arena arena; };

SCOPED(closedir, DIR *)

static bool name_ok(const char *name)
{
        size_t n = strlen(name);

        for (size_t i = 0; i < n; i++)
                if (!((name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') || name[i] == '-' || name[i] == '_' || (i && name[i] == '.')))
                        return false;
        return n > 0 && n < NAME_MAX_BYTES;
}

static int add_file(struct bundle *b, const char *path, const char *name, struct err *e)
{
        scoped(buf_done) struct buf bytes = BUF_INIT;
        struct pack_file *f = &b->files[b->n];
        int r;

        if (b->n == PACK_FILES_MAX)
                return err_set(e, ERR_TOO_BIG, "a pack has at most %d files", PACK_FILES_MAX);
        r = file_read(&bytes, path, PACK_FILE_BYTES_MAX, e);
        if (r < 0)
                return r;
        f->name = arena_text(&b->arena, name);
        f->bytes = (struct str){ arena_copy(&b->arena, bytes.p, bytes.n), bytes.n };
        if (!f->name || !f->bytes.p)
                return err_set(e, ERR_NOMEM, "pack");
        b->n++;
        return ERR_OK;
}

static int add_dir(struct bundle *b, const char *dir, const char *prefix, struct err *e)
{
        scoped(closedir) DIR *d = opendir(dir);
        const struct dirent *entry;

        if (!d)
                return err_errno(e, "open pack directory '%s'", dir);
        while ((entry = readdir(d))) {
                char path[PATH_ROOM], name[PATH_ROOM];
                size_t n = strlen(entry->d_name);
                struct stat st;
                int r = ERR_OK;

                if (entry->d_name[0] == '.')
                        continue;
                if (!name_ok(entry->d_name) || (size_t)snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name) >= sizeof(path))
                        return err_set(e, ERR_INPUT, "pack file name '%.100s': only a-z, 0-9, - _ . are used", entry->d_name);
                (void)snprintf(name, sizeof(name), "%s%s", prefix, entry->d_name);
                if (lstat(path, &st) < 0)
                        return err_errno(e, "look at '%s'", path);
                if (S_ISDIR(st.st_mode) && !*prefix) {
                        (void)snprintf(name, sizeof(name), "%s/", entry->d_name);
                        r = add_dir(b, path, name, e);
                } else if (S_ISREG(st.st_mode) && n > 5 && strcmp(entry->d_name + n - 5, ".yaml") == 0) {
                        r = add_file(b, path, name, e);
                }
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static struct bundle *bundle_free(struct bundle *b)
{
        if (b)
                arena_done(&b->arena);
        free(b);
        return NULL;
}
SCOPED(bundle_free, struct bundle *)

static int bundle_read(struct bundle **out, const char *dir, struct err *e)
{
        struct bundle *b = calloc(1, sizeof(*b));
        int r = b ? add_dir(b, dir, "", e) : err_set(e, ERR_NOMEM, "pack");

        if (r < 0) {
                (void)bundle_free(b);
                return r;
        }
        *out = b;
        return ERR_OK;
}

int pack_dir_load(struct pack **out, const char *dir, pack_report_fn *report, void *ctx, struct err *e)
{
        scoped(bundle_free) struct bundle *b = NULL;
        int r = bundle_read(&b, dir, e);

        return r < 0 ? r : pack_load(out, b->files, b->n, report, ctx, e);
}

int pack_dir_copy(const char *from, const char *to, struct err *e)
{
        scoped(bundle_free) struct bundle *b = NULL;
        int r = bundle_read(&b, from, e);

        if (r == ERR_OK)
                r = dir_make(to, 0700, e);
        for (size_t i = 0; r == ERR_OK && i < b->n; i++) {
                char path[PATH_ROOM];
                const char *slash = strchr(b->files[i].name, '/');

                if (slash) {
                        (void)snprintf(path, sizeof(path), "%s/%.*s", to, (int)(slash - b->files[i].name), b->files[i].name);
                        r = dir_make(path, 0700, e);
                }
                (void)snprintf(path, sizeof(path), "%s/%s", to, b->files[i].name);
                if (r == ERR_OK)
                        r = file_create(path, b->files[i].bytes, 0600, e);
        }
        return r;
}
