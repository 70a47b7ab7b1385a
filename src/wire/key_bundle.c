/* key_bundle.c - see key_bundle.h. */
#include "wire/key_bundle.h"

#include "base/cursor.h"

static const char magic[8] = { 'S', 'E', 'K', 'I', 'K', 'E', 'Y', 'B' };

/* A name behind a folder: letters, digits, point, hyphen, underscore; it does not begin with a point. */
static bool path_ok(struct str path)
{
        static const char *const folders[] = { "office/keys.db", "signer/", "tls/", "courier/" };

        for (size_t i = 0; i < countof(folders); i++) {
                size_t n = strlen(folders[i]);
                struct str name = { path.p + n, path.n - n };

                if (path.n > KEY_BUNDLE_PATH || !str_starts(path, folders[i]))
                        continue;
                if (folders[i][n - 1] != '/')
                        return path.n == n;
                for (size_t k = 0; k < name.n; k++)
                        if (!((name.p[k] >= 'a' && name.p[k] <= 'z') || (name.p[k] >= 'A' && name.p[k] <= 'Z') || (name.p[k] >= '0' && name.p[k] <= '9') ||
                              name.p[k] == '-' || name.p[k] == '_' || name.p[k] == '.'))
                                return false;
                return name.n && name.p[0] != '.';
        }
        return false;
}

int key_bundle_add(struct key_bundle *b, struct str path, struct str bytes, struct err *e)
{
        if (!path_ok(path))
                return err_key(e, ERR_INPUT, "backup.keys.format", "", NULL);
        for (size_t i = 0; i < b->n; i++)
                if (str_eq(b->file[i].path, path))
                        return err_key(e, ERR_INPUT, "backup.keys.format", "", NULL);
        if (b->n == KEY_BUNDLE_FILES)
                return err_set(e, ERR_TOO_BIG, "more than %d files with the keys", KEY_BUNDLE_FILES);
        b->file[b->n++] = (struct key_file){ path, bytes };
        return ERR_OK;
}

void key_bundle_encode(struct buf *out, const struct key_bundle *b)
{
        put_run(out, magic, sizeof(magic));
        put_u16(out, KEY_BUNDLE_VERSION);
        put_zeros(out, 2);
        put_u32(out, b->epoch);
        put_run(out, b->install.b, sizeof(b->install.b));
        put_u64(out, b->size);
        put_i64(out, b->made_at);
        put_u32(out, (uint32_t)b->note.n);
        put_u32(out, (uint32_t)b->n);
        buf_str(out, b->note);
        for (size_t i = 0; i < b->n; i++) {
                put_u32(out, (uint32_t)b->file[i].path.n);
                put_u32(out, (uint32_t)b->file[i].bytes.n);
                buf_str(out, b->file[i].path);
                buf_str(out, b->file[i].bytes);
        }
}

static struct str view(struct cursor *c, uint32_t n)
{
        return (struct str){ (const char *)get_run(c, n), n };
}

int key_bundle_decode(struct key_bundle *out, struct str bytes, struct err *e)
{
        struct cursor c = cursor_of(bytes.p, bytes.n);
        uint32_t note, n;
        char got[sizeof(magic)];
        uint16_t version;
        int r = ERR_OK;

        *out = (struct key_bundle){ 0 };
        get_copy(&c, got, sizeof(got));
        version = get_u16(&c);
        if (c.bad || memcmp(got, magic, sizeof(magic)) != 0)
                return err_key(e, ERR_INPUT, "backup.keys.format", "", NULL);
        if (version != KEY_BUNDLE_VERSION)
                return err_key(e, ERR_VERSION, "backup.keys.version", "", NULL);
        get_zeros(&c, 2);
        out->epoch = get_u32(&c);
        get_copy(&c, out->install.b, sizeof(out->install.b));
        out->size = get_u64(&c);
        out->made_at = get_i64(&c);
        note = get_u32(&c);
        n = get_u32(&c);
        if (note <= KEY_BUNDLE_NOTE)
                out->note = view(&c, note);
        for (uint32_t i = 0; r == ERR_OK && !c.bad && i < n && n <= KEY_BUNDLE_FILES; i++) {
                uint32_t path = get_u32(&c), size = get_u32(&c);
                struct str p = view(&c, path), b = view(&c, size);

                if (!c.bad)
                        r = key_bundle_add(out, p, b, e);
        }
        if (r == ERR_OK && (c.bad || c.left || note > KEY_BUNDLE_NOTE || n > KEY_BUNDLE_FILES || out->n != n))
                r = err_key(e, ERR_INPUT, "backup.keys.format", "", NULL);
        return r;
}

const struct key_file *key_bundle_find(const struct key_bundle *b, const char *path)
{
        for (size_t i = 0; i < b->n; i++)
                if (str_is(b->file[i].path, path))
                        return &b->file[i];
        return NULL;
}
