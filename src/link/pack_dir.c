/* pack_dir.c - see pack_dir.h. */
#include "link/pack_dir.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "sys/files.h"

enum { PATH_ROOM = 4096, FOLDERS_MAX = 4 };

static void closedir_at(DIR **dir)
{
        if (*dir)
                (void)closedir(*dir);
}

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

/* One more folder, below those that are there already. */
static int add_layer(struct pack_layers *l, const char *path, struct err *e)
{
        struct pack_dir *d = NULL;
        int r = pack_dir_read(&d, path, e);

        if (r < 0)
                return r;
        memmove(l->dirs + 1, l->dirs, l->n * sizeof(*l->dirs));
        memmove(l->names + 1, l->names, l->n * sizeof(*l->names));
        l->dirs[0] = d;
        l->n++;
        return ERR_OK;
}

struct pack_layers *pack_layers_free(struct pack_layers *l)
{
        for (size_t i = 0; l && i < l->n; i++)
                (void)pack_dir_free(l->dirs[i]);
        free(l);
        return NULL;
}

static bool has_name(const struct pack_layers *l, const char *name)
{
        for (size_t i = 0; i < l->n; i++)
                if (strcmp(l->names[i], name) == 0)
                        return true;
        return false;
}

/* Where a base stands; false: it is not there. */
static bool base_path(char to[PATH_ROOM], const char *beside, const char *base)
{
        struct stat st;

        return (size_t)snprintf(to, PATH_ROOM, "%s/../%s", beside, base) < PATH_ROOM && lstat(to, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A layer's name is its id; the lowest is no overlay, and named by the folder that the one above it asked for. */
int pack_layers_read(struct pack_layers **out, const char *path, struct err *e)
{
        scoped(pack_layers_free) struct pack_layers *l = calloc(1, sizeof(*l));
        struct pack_overlay_names names = { "", "" };
        char below[PATH_ROOM], where[PACK_ID_MAX + 32];
        int r = l ? add_layer(l, path, e) : err_set(e, ERR_NOMEM, "no memory for '%s'", path);

        while (r == ERR_OK && pack_overlay_peek(&names, l->dirs[0]->files, l->dirs[0]->n)) {
                memcpy(l->names[0], names.id, sizeof(names.id));
                (void)snprintf(where, sizeof(where), "%s/overlay.yaml:1", names.id);
                if (has_name(l, names.base))
                        return err_key(e, ERR_INPUT, "pack.overlay.cycle", "", where, names.base, NULL);
                if (!base_path(below, path, names.base))
                        break;
                if (l->n == PACK_LAYERS_MAX)
                        return err_key(e, ERR_INPUT, "pack.overlay.many", "", where, "8", NULL);
                r = add_layer(l, below, e);
                memcpy(l->names[0], names.base, sizeof(names.base));
        }
        if (r < 0)
                return r;
        *out = take(l);
        return ERR_OK;
}

int pack_layers_load(struct pack **out, const struct pack_layers *l, pack_report_fn *report, void *ctx, struct err *e)
{
        struct pack_layer_files layers[PACK_LAYERS_MAX];

        for (size_t i = 0; i < l->n; i++)
                layers[i] = (struct pack_layer_files){ l->names[i], l->dirs[i]->files, l->dirs[i]->n };
        return pack_load_layers(out, layers, l->n, report, ctx, e);
}

int pack_dir_load(struct pack **out, const char *path, pack_report_fn *report, void *ctx, struct err *e)
{
        scoped(pack_layers_free) struct pack_layers *l = NULL;
        int r = pack_layers_read(&l, path, e);

        return r < 0 ? r : pack_layers_load(out, l, report, ctx, e);
}

/* The kept layer that no other one lies over is the topmost. */
static int topmost(char to[PACK_ID_MAX], const char *path, struct err *e)
{
        struct { char id[PACK_ID_MAX], base[PACK_ID_MAX]; } seen[PACK_LAYERS_MAX];
        scoped(closedir) DIR *dir = opendir(path);
        const struct dirent *entry;
        size_t n = 0, tops = 0;

        if (!dir)
                return err_errno(e, "open '%s'", path);
        while ((entry = readdir(dir))) {
                scoped(buf_done) struct buf bytes = BUF_INIT;
                struct pack_overlay_names names = { "", "" };
                char overlay[PATH_ROOM];
                int r;

                if (entry->d_name[0] == '.')
                        continue;
                if (n == PACK_LAYERS_MAX || !pack_id_ok(str_of(entry->d_name)) ||
                    (size_t)snprintf(overlay, sizeof(overlay), "%s/%s/overlay.yaml", path, entry->d_name) >= sizeof(overlay))
                        return err_set(e, ERR_TAMPERED, "'%.200s' holds what is no layer of a pack", path);
                r = file_read(&bytes, overlay, PACK_FILE_BYTES_MAX, e);
                if (r < 0 && r != ERR_ABSENT)
                        return r;
                (void)pack_overlay_peek(&names, &(struct pack_file){ "overlay.yaml", buf_view(&bytes) }, 1);
                (void)snprintf(seen[n].id, sizeof(seen[n].id), "%.47s", entry->d_name);
                memcpy(seen[n++].base, names.base, sizeof(names.base));
        }
        for (size_t i = 0; i < n; i++) {
                bool below = false;

                for (size_t j = 0; j < n; j++)
                        below |= strcmp(seen[j].base, seen[i].id) == 0;
                if (!below) {
                        memcpy(to, seen[i].id, PACK_ID_MAX);
                        tops++;
                }
        }
        return tops == 1 ? ERR_OK : err_set(e, ERR_TAMPERED, "'%.200s' does not hold one pack", path);
}

int pack_layers_kept(struct pack_layers **out, const char *path, struct err *e)
{
        char top[PACK_ID_MAX], inside[PATH_ROOM];
        int r = topmost(top, path, e);

        if (r < 0)
                return r;
        if ((size_t)snprintf(inside, sizeof(inside), "%s/%s", path, top) >= sizeof(inside))
                return err_set(e, ERR_TOO_BIG, "too long a name below '%.200s'", path);
        return pack_layers_read(out, inside, e);
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

int pack_dir_write(const struct pack_file *files, size_t n, const char *to, struct err *e)
{
        int r = dir_make(to, 0700, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                char path[PATH_ROOM];

                r = make_folders(to, files[i].name, e);
                if (r == ERR_OK && (size_t)snprintf(path, sizeof(path), "%s/%s", to, files[i].name) >= sizeof(path))
                        r = err_set(e, ERR_TOO_BIG, "too long a name below '%.200s'", to);
                if (r == ERR_OK)
                        r = file_create(path, files[i].bytes, 0600, e);      /* syncs the folder that it stands in */
                if (r == ERR_OK && strchr(files[i].name, '/')) {
                        *strrchr(path, '/') = 0;
                        r = dir_sync_of(path, e);
                }
        }
        return r;
}

int pack_layers_keep(const struct pack_layers *l, const struct pack *p, const char *to, struct err *e)
{
        char making[PATH_ROOM], layer[PATH_ROOM + PACK_ID_MAX + 1];
        int r;

        if ((size_t)snprintf(making, sizeof(making), "%s.making", to) >= sizeof(making))
                return err_set(e, ERR_TOO_BIG, "too long a name: '%.200s'", to);
        r = dir_remove_tree(making, e);          /* of one that was killed */
        if (r == ERR_OK)
                r = dir_make(making, 0700, e);
        for (size_t i = 0; r == ERR_OK && i < l->n; i++) {
                (void)snprintf(layer, sizeof(layer), "%s/%s", making, p->layers[i].id);
                r = pack_dir_write(l->dirs[i]->files, l->dirs[i]->n, layer, e);
                if (r == ERR_OK)
                        r = dir_sync_of(layer, e);
        }
        if (r == ERR_OK && rename(making, to) < 0)
                r = err_errno(e, "rename to '%s'", to);
        if (r == ERR_OK)
                r = dir_sync_of(to, e);
        if (r < 0)
                (void)dir_remove_tree(making, NULL);
        return r;
}
