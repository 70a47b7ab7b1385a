/* shape.c - see shape.h. */
#include "server/office/api/shape.h"

#include <uninorm.h>

#include "base/codec.h"

int shape_text(struct str *out, struct str in, const char *field, struct arena *a, struct err *e)
{
        uint8_t *nfc;
        size_t n = 0;
        char *to;

        if (!utf8_ok(in))
                return err_key(e, ERR_INPUT, "common.form.encoding", field, NULL);
        if (!in.n) {
                *out = STR("");
                return ERR_OK;
        }
        nfc = u8_normalize(UNINORM_NFC, (const uint8_t *)in.p, in.n, NULL, &n);
        to = nfc ? arena_copy(a, nfc, n) : NULL;
        free(nfc);
        if (!to)
                return err_set(e, ERR_NOMEM, "text");
        *out = (struct str){ to, n };
        return ERR_OK;
}

static int read_member(struct member_value *out, json_t *v, const struct member *m, struct arena *a, struct err *e)
{
        static const json_type types[] = { [MEMBER_TEXT] = JSON_STRING, [MEMBER_INT] = JSON_INTEGER, [MEMBER_OBJECT] = JSON_OBJECT, [MEMBER_ARRAY] = JSON_ARRAY };

        if (!v)
                return m->optional ? ERR_OK : err_key(e, ERR_INPUT, "common.member.missing", m->name, m->name, NULL);
        if (m->type == MEMBER_BOOL ? !json_is_boolean(v) : json_typeof(v) != types[m->type])
                return err_key(e, ERR_INPUT, "common.member.type", m->name, m->name, NULL);
        out->given = true;
        if (m->type == MEMBER_INT)
                out->i = json_integer_value(v);
        if (m->type == MEMBER_BOOL)
                out->i = json_is_true(v);
        if (m->type == MEMBER_OBJECT || m->type == MEMBER_ARRAY)
                out->object = v;
        if (m->type != MEMBER_TEXT)
                return ERR_OK;
        if (json_string_length(v) > m->max_bytes)
                return err_key(e, ERR_INPUT, "common.member.long", m->name, m->name, NULL);
        return shape_text(&out->text, (struct str){ json_string_value(v), json_string_length(v) }, m->name, a, e);
}

int shape_members(struct member_value *out, json_t *o, const struct member *members, size_t n, struct arena *a, struct err *e)
{
        const char *key;
        json_t *v;

        json_object_foreach(o, key, v) {
                bool known = false;

                for (size_t i = 0; i < n; i++)
                        known |= strcmp(key, members[i].name) == 0;
                if (!known)
                        return err_key(e, ERR_INPUT, "common.member.unknown", "", key, NULL);
        }
        for (size_t i = 0; i < n; i++) {
                int r = read_member(&out[i], json_object_get(o, members[i].name), &members[i], a, e);

                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

int shape_read(json_t **doc, struct member_value *out, struct str body, const struct member *members, size_t n, struct arena *a, struct err *e)
{
        json_error_t why;
        scoped(json_decref) json_t *o = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, &why);
        char line[24];
        int r;

        if (!json_is_object(o)) {
                (void)snprintf(line, sizeof(line), "%d", o ? 1 : why.line);
                return err_key(e, ERR_INPUT, "common.json.bad", "", line, NULL);
        }
        r = shape_members(out, o, members, n, a, e);
        if (r < 0)
                return r;
        *doc = take(o);
        return ERR_OK;
}

json_t *json_of(struct str s)
{
        return json_stringn(s.p ? s.p : "", s.n);
}

json_t *json_time(utime_t t)
{
        char text[UTIME_TEXT];

        utime_text(text, t);
        return json_string(text);
}

json_t *json_text(const struct pack_text *t)
{
        return json_pack("{s:s, s:s}", "ja", t->in[LANG_JA] ? t->in[LANG_JA] : "", "en", t->in[LANG_EN] ? t->in[LANG_EN] : "");
}

json_t *json_receipt(const struct receipt *r)
{
        char hex[2 * HASH_SIZE + 1];

        hex_text(hex, r->leaf.b, HASH_SIZE);
        return json_pack("{s:I, s:s}", "index", (json_int_t)r->index, "leaf", hex);
}

/* err.h cuts what does not fit, perhaps in the middle of a character: the part that is text. */
static json_t *json_cut(const char *text)
{
        struct str s = str_of(text);

        while (s.n && !utf8_ok(s))
                s.n--;
        return json_of(s);
}

json_t *json_err(const struct err *e, int code)
{
        scoped(json_decref) json_t *args = json_array();
        json_t *out;

        for (int i = 0; i < e->nargs; i++)
                (void)json_array_append_new(args, json_cut(e->args[i]));
        out = json_pack("{s:{s:s, s:s, s:O}}", "error", "kind", err_name(code), "key", *e->key ? e->key : "common.internal", "args", args);
        if (out && *e->field)
                (void)json_object_set_new(json_object_get(out, "error"), "field", json_cut(e->field));
        return out;
}

bool json_put(json_t *o, const char *key, json_t *value)
{
        return json_object_set_new(o, key, value) == 0;
}
