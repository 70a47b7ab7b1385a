/* backup_list.c - see backup_list.h. */
#include "wire/backup_list.h"

#include <inttypes.h>

#include "base/codec.h"

#define FIRST "sekisho-backup@v1"

/* office/…, and `checkpoint`: parts of letters, digits, point, hyphen, underscore that do not begin with a point. */
bool backup_path_ok(struct str path)
{
        bool begins = true;

        if (path.n > BACKUP_PATH_MAX || !(str_is(path, "checkpoint") || str_starts(path, "office/")))
                return false;
        for (size_t i = 0; i < path.n; i++) {
                char c = path.p[i];

                if (c == '/' ? begins : c == '.' ? begins : !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
                        return false;
                begins = c == '/';
        }
        return !begins;
}

void backup_list_begin(struct buf *out, const struct backup_list *l)
{
        char install[UUID_TEXT];

        uuid_text(install, l->install);
        buf_printf(out, FIRST "\ninstall %s\nepoch %" PRIu32 "\nmade %" PRId64 "\nversion %" PRIu32 "\nsize %" PRIu64 "\nroot ", install, l->epoch, l->made_at, l->version, l->size);
        hex_encode(out, l->root.b, HASH_SIZE);
        buf_char(out, '\n');
}

void backup_list_file(struct buf *out, const struct backup_file *f)
{
        buf_text(out, "file ");
        hex_encode(out, f->sha.b, HASH_SIZE);
        buf_printf(out, " %" PRIu64 " %.*s\n", f->size, (int)f->path.n, f->path.p);
}

void backup_list_end(struct buf *out)
{
        struct hash sum = hash_bytes(buf_view(out));

        buf_text(out, "end ");
        hex_encode(out, sum.b, HASH_SIZE);
        buf_char(out, '\n');
}

/* The rest of the next line behind `word` and a blank. */
static bool value_of(struct str *rest, const char *word, struct str *value)
{
        struct str line, w;

        return str_cut(*rest, '\n', &line, rest) && str_cut(line, ' ', &w, value) && str_is(w, word);
}

static bool number_of(struct str *rest, const char *word, uint64_t max, uint64_t *out)
{
        struct str v;

        return value_of(rest, word, &v) && str_u64(v, max, out);
}

static bool hash_of(struct str hex, struct hash *out)
{
        return hex.n == 2 * HASH_SIZE && hex_decode(hex, out->b, HASH_SIZE);
}

static bool head_read(struct backup_list *l, struct str *rest)
{
        struct str v;
        uint64_t epoch, made, version;

        if (!value_of(rest, "install", &v) || !uuid_parse(v, &l->install) || !number_of(rest, "epoch", UINT32_MAX, &epoch) || !number_of(rest, "made", INT64_MAX, &made) ||
            !number_of(rest, "version", UINT32_MAX, &version) || !number_of(rest, "size", (uint64_t)1 << 40, &l->size) || !value_of(rest, "root", &v))
                return false;
        l->epoch = (uint32_t)epoch;
        l->made_at = (utime_t)made;
        l->version = (uint32_t)version;
        return hash_of(v, &l->root);
}

static bool file_read_line(struct backup_file *f, struct str *rest)
{
        struct str v, hex, size;

        return value_of(rest, "file", &v) && str_cut(v, ' ', &hex, &v) && hash_of(hex, &f->sha) && str_cut(v, ' ', &size, &f->path) &&
               str_u64(size, INT64_MAX, &f->size) && backup_path_ok(f->path);
}

static size_t lines_of(struct str text)
{
        size_t n = 0;

        for (size_t i = 0; i < text.n; i++)
                n += text.p[i] == '\n';
        return n;
}

int backup_list_read(struct backup_list *out, struct str text, struct arena *a, struct err *e)
{
        struct backup_list l = { .n = 0 };
        struct str rest = text, line, v;
        struct hash want, have;

        if (!str_cut(rest, '\n', &line, &rest) || !str_starts(line, "sekisho-backup@"))
                return err_key(e, ERR_INPUT, "backup.list.format", "", NULL);
        if (!str_is(line, FIRST))
                return err_key(e, ERR_VERSION, "backup.list.version", "", NULL);
        if (!head_read(&l, &rest))
                return err_key(e, ERR_INPUT, "backup.list.format", "", NULL);
        l.file = arena_array(a, lines_of(rest) + 1, sizeof(*l.file));
        if (!l.file)
                return err_set(e, ERR_NOMEM, "list of a backup");
        while (str_starts(rest, "file ")) {
                if (!file_read_line(&l.file[l.n], &rest) || (l.n && str_cmp(l.file[l.n - 1].path, l.file[l.n].path) >= 0))
                        return err_key(e, ERR_INPUT, "backup.list.format", "", NULL);
                l.n++;
        }
        have = hash_bytes((struct str){ text.p, (size_t)(rest.p - text.p) });
        if (!value_of(&rest, "end", &v) || !hash_of(v, &want) || rest.n)
                return err_key(e, ERR_INPUT, "backup.list.format", "", NULL);
        if (!hash_eq(&have, &want))
                return err_key(e, ERR_TAMPERED, "backup.list.changed", "", NULL);
        *out = l;
        return ERR_OK;
}
