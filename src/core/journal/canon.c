/* canon.c - see canon.h. */
#include "core/journal/canon.h"

#include "base/cursor.h"
#include "core/journal/note.h"

enum { CANON_DEPTH_MAX = 16 };

#define CANON_INT_MAX (((json_int_t)1 << 53) - 1)       /* what every JSON reader keeps exactly (RFC 8785 §3.2.2.3) */

static int value_encode(struct buf *out, const json_t *value, int depth, struct err *e);

static int text_encode(struct buf *out, const char *p, size_t n, struct err *e)
{
        buf_char(out, '"');
        for (size_t i = 0; i < n; i++) {
                if (p[i] < 0x20 || p[i] > 0x7e)
                        return err_set(e, ERR_INPUT, "a string holds a character that is not printable ASCII");
                if (p[i] == '"' || p[i] == '\\')
                        buf_char(out, '\\');
                buf_char(out, p[i]);
        }
        buf_char(out, '"');
        return ERR_OK;
}

static int key_cmp(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int object_encode(struct buf *out, const json_t *object, int depth, struct err *e)
{
        size_t n = json_object_size(object), i = 0;
        const char **keys = n ? calloc(n, sizeof(*keys)) : NULL;
        json_t *all = (json_t *)(uintptr_t)object;      /* jansson's iterator wants it writable; it only reads */
        int r = ERR_OK;

        if (n && !keys)
                return err_set(e, ERR_NOMEM, "sorting %zu keys", n);
        for (void *it = json_object_iter(all); it && i < n; it = json_object_iter_next(all, it))
                keys[i++] = json_object_iter_key(it);
        if (n)
                qsort(keys, n, sizeof(*keys), key_cmp);

        buf_char(out, '{');
        for (i = 0; i < n && r == ERR_OK; i++) {
                if (i)
                        buf_char(out, ',');
                r = text_encode(out, keys[i], strlen(keys[i]), e);
                buf_char(out, ':');
                if (r == ERR_OK)
                        r = value_encode(out, json_object_get(object, keys[i]), depth + 1, e);
        }
        buf_char(out, '}');
        free(keys);
        return r;
}

static int array_encode(struct buf *out, const json_t *array, int depth, struct err *e)
{
        buf_char(out, '[');
        for (size_t i = 0; i < json_array_size(array); i++) {
                int r;

                if (i)
                        buf_char(out, ',');
                r = value_encode(out, json_array_get(array, i), depth + 1, e);
                if (r < 0)
                        return r;
        }
        buf_char(out, ']');
        return ERR_OK;
}

static int integer_encode(struct buf *out, json_int_t v, struct err *e)
{
        if (v > CANON_INT_MAX || v < -CANON_INT_MAX)
                return err_set(e, ERR_INPUT, "integer %lld is outside of +-(2^53-1)", (long long)v);
        buf_printf(out, "%lld", (long long)v);
        return ERR_OK;
}

/* Recursion ends at CANON_DEPTH_MAX. */
static int value_encode(struct buf *out, const json_t *value, int depth, struct err *e)
{
        if (depth > CANON_DEPTH_MAX)
                return err_set(e, ERR_INPUT, "nested deeper than %d", CANON_DEPTH_MAX);
        if (out->n > ENTRY_MAX)
                return err_set(e, ERR_TOO_BIG, "larger than %d bytes", ENTRY_MAX);
        switch (value ? (int)json_typeof(value) : -1) {
        case JSON_OBJECT:  return object_encode(out, value, depth, e);
        case JSON_ARRAY:   return array_encode(out, value, depth, e);
        case JSON_INTEGER: return integer_encode(out, json_integer_value(value), e);
        case JSON_STRING:  return text_encode(out, json_string_value(value), json_string_length(value), e);
        default:           return err_set(e, ERR_INPUT, "only objects, lists, integers and strings have a canonical form");
        }
}

int canon_encode(struct buf *out, const json_t *value, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        int r = value_encode(&b, value, 1, e);

        if (r < 0)
                return r;
        if (b.n > ENTRY_MAX)
                return err_set(e, ERR_TOO_BIG, "larger than %d bytes", ENTRY_MAX);
        buf_str(out, buf_view(&b));
        return buf_bad(&b) || buf_bad(out) ? err_set(e, ERR_NOMEM, "encoding an entry") : ERR_OK;
}

static void json_drop(json_t *j)
{
        json_decref(j);
}
SCOPED(json_drop, json_t *)

int canon_parse(json_t **out, struct str bytes, struct err *e)
{
        scoped(buf_done) struct buf again = BUF_INIT;
        json_error_t why;
        int r;

        if (bytes.n > ENTRY_MAX)
                return err_set(e, ERR_TOO_BIG, "larger than %d bytes", ENTRY_MAX);
        for (size_t i = 0; i < bytes.n; i++)
                if (bytes.p[i] < 0x20 || bytes.p[i] > 0x7e)
                        return err_set(e, ERR_INPUT, "byte %zu is not printable ASCII", i);

        scoped(json_drop) json_t *j = json_loadb(bytes.n ? bytes.p : "", bytes.n, JSON_REJECT_DUPLICATES, &why);

        if (!j)
                return err_set(e, ERR_INPUT, "byte %d: %s", why.position, why.text);
        r = canon_encode(&again, j, e);
        if (r < 0)
                return r;
        if (!str_eq(buf_view(&again), bytes))
                return err_set(e, ERR_INPUT, "not the canonical spelling");
        *out = take(j);
        return ERR_OK;
}

/* Nothing is allocated: a text of any length is hashed where it lies. */
struct hash canon_commit(const uint8_t salt[32], struct str table, struct str column, struct str text)
{
        const char lengths[] = { (char)(table.n & 0xff), (char)(table.n >> 8), (char)(column.n & 0xff), (char)(column.n >> 8) };
        const struct str runs[] = { { lengths, 2 }, table, { lengths + 2, 2 }, column, text };

        if (table.n > UINT16_MAX || column.n > UINT16_MAX)
                abort();        /* both are names in our own tables */
        return hash_hmac_runs((struct str){ (const char *)salt, 32 }, runs, countof(runs));
}
