/* pack_dir.c - see pack_dir.h. */
#include "link/pack_dir.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "sys/files.h"

enum { PATH_ROOM = 4096, FOLDERS_MAX = 4 };

SCOPED(closedir, DIR *)

static bool ends(const char *name, const char *tail)
{
        size_t n = strlen(name), t = strlen(tail);

        return n > t && strcmp(name + n - t, tail) == 0;
}

static int add_file(struct pack_dir *d, const char *path, const char *name, struct err *e)
{
        scoped(buf_done) struct buf bytes = BUF_INIT;
        struct pack_file *f = &d->files[d->n];
        int r;

        if (d->n == PACK_FILES_MAX)
                return err_set(e, ERR_TOO_BIG, "more than %d files", PACK_FILES_MAX);
        r = file_read(&bytes, path, PACK_FILE_BYTES_MAX, e);
        if (r < 0)
                return r;
        f->name = arena_text(&d->arena, name);
        f->bytes = (struct str){ arena_copy(&d->arena, bytes.p, bytes.n), bytes.n };
        if (!f->name || !f->bytes.p)
                return err_set(e, ERR_NOMEM, "no memory for '%s'", path);
        d->n++;
        return ERR_OK;
}

static int add_folder(struct pack_dir *d, const char *folder, const char *prefix, unsigned deep, struct err *e)
{
        scoped(closedir) DIR *dir = opendir(folder);
        const struct dirent *entry;

        if (!dir)
                return err_errno(e, "open '%s'", folder);
        while ((entry = readdir(dir))) {
                char path[PATH_ROOM], name[PATH_ROOM], inside[PATH_ROOM + 1];
                struct stat st;
                int r = ERR_OK;

                if (entry->d_name[0] == '.')
                        continue;
                if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) >= sizeof(path) ||
                    (size_t)snprintf(name, sizeof(name), "%s%s", prefix, entry->d_name) >= sizeof(name))
                        return err_set(e, ERR_TOO_BIG, "too long a name in '%.200s'", folder);
                if (lstat(path, &st) < 0)
                        return err_errno(e, "look at '%s'", path);
                if (S_ISDIR(st.st_mode)) {
                        if (deep == FOLDERS_MAX)
                                return err_set(e, ERR_TOO_BIG, "too many folders in each other: '%.200s'", path);
                        (void)snprintf(inside, sizeof(inside), "%s/", name);
                        r = add_folder(d, path, inside, deep + 1, e);
                } else if (ends(name, ".yaml") || ends(name, ".yml")) {
                        r = add_file(d, path, name, e);       /* a link fails here, by name */
                }
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

struct pack_dir *pack_dir_free(struct pack_dir *d)
{
        if (d)
                arena_done(&d->arena);
        free(d);
        return NULL;
}

int pack_dir_read(struct pack_dir **out, const char *path, struct err *e)
{
        scoped(pack_dir_free) struct pack_dir *d = calloc(1, sizeof(*d));
        int r = d ? add_folder(d, path, "", 0, e) : err_set(e, ERR_NOMEM, "no memory for '%s'", path);

        if (r < 0)
                return r;
        *out = take(d);
        return ERR_OK;
}

int pack_dir_load(struct pack **out, const char *path, pack_report_fn *report, void *ctx, struct err *e)
{
        scoped(pack_dir_free) struct pack_dir *d = NULL;
        int r = pack_dir_read(&d, path, e);

        return r < 0 ? r : pack_load(out, d->files, d->n, report, ctx, e);
}

/* The folders that stand before a file's name, outermost first. */
static int make_folders(const char *to, const char *name, struct err *e)
{
        char path[PATH_ROOM];
        int r = ERR_OK;

        for (const char *slash = strchr(name, '/'); slash && r == ERR_OK; slash = strchr(slash + 1, '/')) {
                if ((size_t)snprintf(path, sizeof(path), "%s/%.*s", to, (int)(slash - name), name) >= sizeof(path))
                        return err_set(e, ERR_TOO_BIG, "too long a name below '%.200s'", to);
                r = dir_make(path, 0700, e);
        }
        return r;
}

int pack_dir_copy(const char *from, const char *to, struct err *e)
{
        scoped(pack_dir_free) struct pack_dir *d = NULL;
        int r = pack_dir_read(&d, from, e);

        if (r == ERR_OK)
                r = dir_make(to, 0700, e);
        for (size_t i = 0; r == ERR_OK && i < d->n; i++) {
                char path[PATH_ROOM];

                r = make_folders(to, d->files[i].name, e);
                if (r == ERR_OK && (size_t)snprintf(path, sizeof(path), "%s/%s", to, d->files[i].name) >= sizeof(path))
                        r = err_set(e, ERR_TOO_BIG, "too long a name below '%.200s'", to);
                if (r == ERR_OK)
                        r = file_create(path, d->files[i].bytes, 0600, e);
        }
        return r;
}
