/* pack_source.c - see pack_source.h. */
#include "cli/pack_source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <minizip/unzip.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "sys/files.h"

enum { PATH_ROOM = 4096, FIRST = 256, PIECE = 64 * 1024, DEPTH_MOST = 8, NESTED = 2, ENCRYPTED = 1 };

/* A file may be read while another pours: each depth has a handle and a room of its own. */
struct pack_source { unzFile zip[NESTED]; char dir[PATH_ROOM], piece[NESTED][PIECE]; struct pack_entry *list; size_t n, room; unsigned depth; };

struct pack_source *pack_source_close(struct pack_source *s)
{
        if (!s)
                return NULL;
        for (size_t i = 0; i < s->n; i++)
                free(s->list[i].name);
        free(s->list);
        for (size_t i = 0; i < NESTED; i++)
                if (s->zip[i])
                        (void)unzClose(s->zip[i]);
        free(s);
        return NULL;
}

/* Folders apart by '/', none of them empty, "." or "..". */
static bool name_ok(const char *name)
{
        struct str rest = str_of(name), part;
        bool more = true;

        if (!rest.n || rest.n >= PACK_NAME_MOST || !utf8_ok(rest) || strpbrk(name, "\\:"))
                return false;
        for (size_t i = 0; i < rest.n; i++)
                if ((unsigned char)name[i] < 0x20)
                        return false;
        while (more) {
                more = str_cut(rest, '/', &part, &rest);
                if (!more)
                        part = rest;
                if (!part.n || str_is(part, ".") || str_is(part, ".."))
                        return false;
        }
        return true;
}

static int add(struct pack_source *s, const char *name, uint64_t size, uint64_t a, uint64_t b, struct err *e)
{
        if (!name_ok(name))
                return err_set(e, ERR_INPUT, "a file has a name that may not be: '%.80s'", name);
        if (s->n == PACK_FILES_MOST)
                return err_set(e, ERR_TOO_BIG, "more than %d files", PACK_FILES_MOST);
        if (s->n == s->room) {
                size_t room = s->room ? s->room * 2 : FIRST;
                struct pack_entry *more = reallocarray(s->list, room, sizeof(*more));

                if (!more)
                        return err_set(e, ERR_NOMEM, "files");
                s->list = more;
                s->room = room;
        }
        s->list[s->n] = (struct pack_entry){ .name = strdup(name), .size = size, .at = { a, b } };
        if (!s->list[s->n].name)
                return err_set(e, ERR_NOMEM, "files");
        s->n++;
        return ERR_OK;
}

/* ---- a zip ---- */

static int no_zip(struct err *e, int code)
{
        return err_set(e, ERR_INPUT, "no whole zip (%d)", code);
}

static int list_zip(struct pack_source *s, struct err *e)
{
        int code = unzGoToFirstFile(s->zip[0]), r = ERR_OK;

        for (; code == UNZ_OK && r == ERR_OK; code = r < 0 ? code : unzGoToNextFile(s->zip[0])) {
                char name[PACK_NAME_MOST + 1] = "";
                unz_file_info64 info;
                unz64_file_pos at;

                if (unzGetCurrentFileInfo64(s->zip[0], &info, name, sizeof(name) - 1, NULL, 0, NULL, 0) != UNZ_OK || unzGetFilePos64(s->zip[0], &at) != UNZ_OK)
                        return no_zip(e, UNZ_BADZIPFILE);
                if (info.size_filename >= PACK_NAME_MOST || (info.flag & ENCRYPTED))
                        return err_set(e, ERR_INPUT, "a member is encrypted or has too long a name");
                r = add(s, name, info.uncompressed_size, at.pos_in_zip_directory, at.num_of_file, e);
        }
        return r < 0 ? r : code == UNZ_END_OF_LIST_OF_FILE ? ERR_OK : no_zip(e, code);
}

static int hand_on(struct pack_source *s, size_t n, pack_piece_fn *fn, void *ctx, struct err *e)
{
        int r;

        s->depth++;
        r = fn(ctx, (struct str){ s->piece[s->depth - 1], n }, e);
        s->depth--;
        return r;
}

static int pour_zip(struct pack_source *s, const struct pack_entry *f, pack_piece_fn *fn, void *ctx, struct err *e)
{
        unz64_file_pos at = { .pos_in_zip_directory = f->at[0], .num_of_file = f->at[1] };
        unzFile zip = s->zip[s->depth];
        int n = 0, r = ERR_OK, code = unzGoToFilePos64(zip, &at);
        uint64_t got = 0;

        if (code == UNZ_OK)
                code = unzOpenCurrentFile(zip);
        if (code != UNZ_OK)
                return no_zip(e, code);
        while (r == ERR_OK && got <= f->size && (n = unzReadCurrentFile(zip, s->piece[s->depth], PIECE)) > 0) {
                got += (uint64_t)n;
                r = hand_on(s, (size_t)n, fn, ctx, e);
        }
        code = unzCloseCurrentFile(zip);
        if (r == ERR_OK && (n != 0 || got != f->size || code != UNZ_OK))
                r = err_set(e, ERR_INPUT, "its bytes in the zip are damaged (%d)", n < 0 ? n : code);
        return r;
}

/* ---- a folder ---- */

static int list_dir(struct pack_source *s, const char *below, int depth, struct err *e)
{
        char path[2 * PATH_ROOM], name[PATH_ROOM];
        const struct dirent *d;
        DIR *dir;
        int r = depth > DEPTH_MOST ? err_set(e, ERR_INPUT, "folders in folders in '%s'", below) : ERR_OK;

        if (r < 0)
                return r;
        (void)snprintf(path, sizeof(path), "%s/%s", s->dir, below);
        dir = opendir(path);
        if (!dir)
                return err_errno(e, "'%s'", path);
        while (r == ERR_OK && (d = readdir(dir))) {
                struct stat st;

                if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
                        continue;
                (void)snprintf(name, sizeof(name), "%s%s%s", below, *below ? "/" : "", d->d_name);
                (void)snprintf(path, sizeof(path), "%s/%s", s->dir, name);
                if (lstat(path, &st) < 0)
                        r = err_errno(e, "'%s'", path);
                else if (S_ISDIR(st.st_mode))
                        r = list_dir(s, name, depth + 1, e);
                else
                        r = S_ISREG(st.st_mode) ? add(s, name, (uint64_t)st.st_size, 0, 0, e) : err_set(e, ERR_INPUT, "'%s' is no file", name);
        }
        (void)closedir(dir);
        return r;
}

static int pour_file(struct pack_source *s, const struct pack_entry *f, pack_piece_fn *fn, void *ctx, struct err *e)
{
        char path[2 * PATH_ROOM];
        ssize_t n;
        int r = ERR_OK;

        (void)snprintf(path, sizeof(path), "%s/%s", s->dir, f->name);

        scoped(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

        if (fd < 0)
                return err_errno(e, "'%s'", path);
        while (r == ERR_OK && (n = read(fd, s->piece[s->depth], PIECE)) != 0)
                r = n < 0 ? err_errno(e, "'%s'", path) : hand_on(s, (size_t)n, fn, ctx, e);
        return r;
}

/* ---- either ---- */

static int by_name(const void *a, const void *b)
{
        return strcmp(((const struct pack_entry *)a)->name, ((const struct pack_entry *)b)->name);
}

static int settle(struct pack_source *s, struct err *e)
{
        if (s->n)
                qsort(s->list, s->n, sizeof(*s->list), by_name);
        for (size_t i = 1; i < s->n; i++)
                if (!by_name(&s->list[i - 1], &s->list[i]))
                        return err_set(e, ERR_INPUT, "two files are called '%s'", s->list[i].name);
        return ERR_OK;
}

int pack_source_open(struct pack_source **out, const char *path, struct err *e)
{
        struct pack_source *s = calloc(1, sizeof(*s));
        struct stat st;
        int r = s ? ERR_OK : err_set(e, ERR_NOMEM, "pack");

        if (r == ERR_OK && (stat(path, &st) < 0 || strlen(path) >= PATH_ROOM))
                r = err_errno(e, "'%s'", path);
        if (r == ERR_OK && S_ISDIR(st.st_mode)) {
                (void)snprintf(s->dir, sizeof(s->dir), "%s", path);
                r = list_dir(s, "", 0, e);
        } else if (r == ERR_OK) {
                for (size_t i = 0; i < NESTED; i++)
                        s->zip[i] = unzOpen64(path);
                r = s->zip[0] && s->zip[1] ? list_zip(s, e) : no_zip(e, UNZ_BADZIPFILE);
        }
        if (r == ERR_OK)
                r = settle(s, e);
        if (r < 0) {
                (void)pack_source_close(s);
                return r;
        }
        *out = s;
        return ERR_OK;
}

struct pack_entry *pack_source_list(struct pack_source *s, size_t *n)
{
        *n = s->n;
        return s->list;
}

struct pack_entry *pack_source_find(struct pack_source *s, struct str name)
{
        size_t low = 0, high = s->n;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int d = str_cmp(name, str_of(s->list[middle].name));

                if (!d)
                        return &s->list[middle];
                low = d > 0 ? middle + 1 : low;
                high = d > 0 ? high : middle;
        }
        return NULL;
}

int pack_source_pour(struct pack_source *s, const struct pack_entry *f, pack_piece_fn *fn, void *ctx, struct err *e)
{
        if (s->depth >= NESTED)
                return err_set(e, ERR_BUG, "files in files in files");
        return s->zip[0] ? pour_zip(s, f, fn, ctx, e) : pour_file(s, f, fn, ctx, e);
}

static int keep(void *ctx, struct str piece, struct err *e)
{
        struct buf *b = ctx;

        buf_str(b, piece);
        return buf_bad(b) ? err_set(e, ERR_NOMEM, "file") : ERR_OK;
}

int pack_source_read(struct buf *out, struct pack_source *s, const struct pack_entry *f, struct err *e)
{
        if (f->size > PACK_FILE_MOST)
                return err_set(e, ERR_TOO_BIG, "more than %d bytes", PACK_FILE_MOST);
        return pack_source_pour(s, f, keep, out, e);
}

int pack_source_take(struct buf *out, struct pack_source *s, const char *name, struct err *e)
{
        const struct pack_entry *f = pack_source_find(s, str_of(name));

        return f ? pack_source_read(out, s, f, e) : err_set(e, ERR_ABSENT, "it is not there");
}
