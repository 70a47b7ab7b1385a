/* answer_file.c - see answer_file.h. First what is written, then the reader, which believes one line after the other. */
#include "wire/answer_file.h"

#include <jansson.h>

#include "base/codec.h"
#include "core/journal/canon.h"
#include "core/journal/lines.h"

#define FIRST "sekisho-answer-sheet@v1"
#define KEY "key "
#define CONTENT "content "

static void json_drop(json_t *j)
{
        json_decref(j);
}
SCOPED(json_drop, json_t *)

/* Texts of the content: at the top, of `from`, of `provider`. */
static const struct text { const char *in, *name; size_t at, max; bool must; } texts[] = {
        { NULL,       "answered_on",      offsetof(struct answer_file, answered_on),      10,                   true },
        { NULL,       "form",             offsetof(struct answer_file, form),             64,                   true },
        { NULL,       "form_hash",        offsetof(struct answer_file, form_hash),        2 * HASH_SIZE,        true },
        { NULL,       "subject",          offsetof(struct answer_file, subject),          ANSWER_FILE_TEXT_MAX, true },
        { "from",     "name",             offsetof(struct answer_file, install),          ANSWER_FILE_TEXT_MAX, true },
        { "from",     "post",             offsetof(struct answer_file, post),             64,                   false },
        { "provider", "name",             offsetof(struct answer_file, provider),         ANSWER_FILE_TEXT_MAX, true },
        { "provider", "corporate_number", offsetof(struct answer_file, corporate_number), 64,                   false },
        { "provider", "country",          offsetof(struct answer_file, country),          64,                   false },
};
static const char *const members[] = { "answered_on", "answers", "form", "form_hash", "from", "origin", "provider", "subject", "v" };

static struct str *text_at(struct answer_file *f, const struct text *t)
{
        return (struct str *)(void *)((char *)f + t->at);
}

/* ---- out ---- */

static char *dump(const json_t *o)
{
        return o ? json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
}

int answer_content_encode(struct buf *out, const struct answer_file *f, const char *origin, struct err *e)
{
        scoped(json_drop) json_t *o = json_pack("{s:i, s:s, s:{}, s:{}, s:{}}", "v", 1, "origin", origin, "answers", "from", "provider");
        struct answer_file copy = *f;
        bool ok = o != NULL;
        char *text;

        for (size_t i = 0; ok && i < countof(texts); i++) {
                struct str s = *text_at(&copy, &texts[i]);
                json_t *in = texts[i].in ? json_object_get(o, texts[i].in) : o;

                ok = !s.n || json_object_set_new(in, texts[i].name, json_stringn(s.p, s.n)) == 0;
        }
        for (size_t i = 0; ok && i < f->n; i++) {
                char field[72];

                (void)snprintf(field, sizeof(field), "%.*s", (int)f->answers[i].field.n, f->answers[i].field.p);
                ok = json_object_set_new(json_object_get(o, "answers"), field, json_stringn(f->answers[i].value.p, f->answers[i].value.n)) == 0;
        }
        text = ok ? dump(o) : NULL;
        if (!text)
                return err_set(e, ERR_NOMEM, "answer file");
        buf_text(out, text);
        free(text);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "answer file") : ERR_OK;
}

void answer_file_format(struct buf *out, const struct vkey *k, struct str content, struct str proof)
{
        buf_text(out, FIRST "\n" KEY);
        vkey_format(out, k);
        buf_text(out, "\n" CONTENT);
        base64_encode(out, content.p, content.n);
        buf_text(out, "\n\n");
        buf_str(out, proof);
}

/* ---- in ---- */

static int refuse(struct err *e, const char *what)
{
        return err_key(e, ERR_INPUT, "answer-file.format", "", what, (char *)NULL);
}

/* A text of the content, into the arena. */
static int text_take(struct answer_file *out, const struct text *t, const json_t *o, struct arena *a, struct err *e)
{
        const json_t *v = json_object_get(t->in ? json_object_get(o, t->in) : o, t->name);
        struct str s = { json_string_value(v), json_string_length(v) };

        if (!v && !t->must) {
                *text_at(out, t) = STR("");
                return ERR_OK;
        }
        if (!s.p || !s.n || s.n > t->max)
                return refuse(e, t->name);
        s.p = arena_copy(a, s.p, s.n);
        *text_at(out, t) = s;
        return s.p ? ERR_OK : err_set(e, ERR_NOMEM, "answer file");
}

static int answers_take(struct answer_file *out, json_t *o, struct arena *a, struct err *e)
{
        size_t n = json_object_size(o);
        const char *field;
        json_t *v;

        if (!json_is_object(o) || !n || n > ANSWER_FILE_ANSWERS_MAX)
                return refuse(e, "answers");
        out->answers = arena_array(a, n, sizeof(*out->answers));
        if (!out->answers)
                return err_set(e, ERR_NOMEM, "answer file");
        json_object_foreach(o, field, v) {
                struct answer_line *to = &out->answers[out->n++];

                if (!json_is_string(v) || !json_string_length(v) || json_string_length(v) > ANSWER_FILE_VALUE_MAX || !*field || strlen(field) > 64)
                        return refuse(e, "answers");
                to->field = str_of(arena_text(a, field));
                to->value = (struct str){ arena_copy(a, json_string_value(v), json_string_length(v)), json_string_length(v) };
                if (!to->field.p || !to->value.p)
                        return err_set(e, ERR_NOMEM, "answer file");
        }
        return ERR_OK;
}

/* Only what we know, in its one spelling. */
static int content_take(struct answer_file *out, struct str content, struct arena *a, struct err *e)
{
        scoped(json_drop) json_t *o = json_loadb(content.p ? content.p : "", content.n, JSON_REJECT_DUPLICATES, NULL);
        char *again = dump(o);
        bool same = again && str_is(content, again);
        size_t known = 0;
        int r = ERR_OK;

        free(again);
        if (!json_is_object(o) || !same)
                return refuse(e, "JSON");
        if (json_integer_value(json_object_get(o, "v")) != 1)
                return err_key(e, ERR_INPUT, "answer-file.version", "", (char *)NULL);
        for (size_t i = 0; i < countof(members); i++)
                known += json_object_get(o, members[i]) != NULL;
        if (known != json_object_size(o) || json_object_size(json_object_get(o, "from")) > 2 || json_object_size(json_object_get(o, "provider")) > 3)
                return refuse(e, "JSON");
        if (!str_is(str_of(json_string_value(json_object_get(o, "origin"))), out->key.name))
                return err_key(e, ERR_INPUT, "answer-file.origin", "", (char *)NULL);
        for (size_t i = 0; r == ERR_OK && i < countof(texts); i++)
                r = text_take(out, &texts[i], o, a, e);
        return r < 0 ? r : answers_take(out, json_object_get(o, "answers"), a, e);
}

/* The entry is of that type and names this content. */
static int entry_check(struct str entry, const struct hash *digest, struct err *e)
{
        scoped(json_drop) json_t *o = NULL;
        char hex[2 * HASH_SIZE + 1];
        const char *said;
        int r = canon_parse(&o, entry, e);

        if (r < 0)
                return r == ERR_NOMEM ? r : refuse(e, "extra");
        hex_text(hex, digest->b, HASH_SIZE);
        said = json_string_value(json_object_get(json_object_get(o, "note"), "digest"));
        if (!str_is(str_of(json_string_value(json_object_get(o, "type"))), ANSWER_FILE_ENTRY) || !said || strcmp(said, hex) != 0)
                return err_key(e, ERR_INPUT, "answer-file.content", "", (char *)NULL);
        return ERR_OK;
}

static int proof_check(struct answer_file *out, struct str file, struct err *e)
{
        scoped(buf_done) struct buf room = BUF_INIT;
        struct entry_proof p = { 0 };
        struct checkpoint head;
        struct hash leaf;
        int r = proof_parse(&p, file, &room, e);

        if (r < 0 || !p.entry.n)
                return r == ERR_NOMEM ? r : refuse(e, "tlog-proof");
        r = entry_check(p.entry, &out->digest, e);
        if (r < 0)
                return r;
        r = checkpoint_open(&head, p.checkpoint, &out->key, e);
        if (r < 0)
                return r == ERR_NOMEM ? r : err_key(e, ERR_INPUT, "answer-file.signature", "", (char *)NULL);
        leaf = hash_leaf(p.entry);
        if (tree_verify_inclusion(&leaf, p.index, head.size, p.proof.hash, p.proof.n, &head.root, e) < 0)
                return err_key(e, ERR_INPUT, "answer-file.inclusion", "", (char *)NULL);
        out->index = p.index;
        return ERR_OK;
}

/* "word value" of the next line. */
static bool line_value(struct str *rest, const char *word, struct str *value)
{
        struct str line;

        if (!line_next(rest, &line) || !str_starts(line, word))
                return false;
        *value = (struct str){ line.p + strlen(word), line.n - strlen(word) };
        return true;
}

int answer_file_open(struct answer_file *out, struct str file, struct arena *a, struct err *e)
{
        struct answer_file f = { 0 };
        struct str rest = file, line, key, content;
        size_t n = 0;
        char *bytes;
        int r;

        if (file.n > ANSWER_FILE_MAX)
                return err_key(e, ERR_INPUT, "answer-file.format", "", "900 KB", (char *)NULL);
        if (!line_next(&rest, &line) || !str_starts(line, "sekisho-answer-sheet@"))
                return refuse(e, FIRST);
        if (!str_is(line, FIRST))
                return err_key(e, ERR_INPUT, "answer-file.version", "", (char *)NULL);
        if (!line_value(&rest, KEY, &key) || vkey_parse(&f.key, key, e) < 0)
                return refuse(e, "key");
        if (!line_value(&rest, CONTENT, &content) || !line_next(&rest, &line) || line.n)
                return refuse(e, "content");
        bytes = arena_alloc(a, content.n + 1);
        if (!bytes)
                return err_set(e, ERR_NOMEM, "answer file");
        if (!base64_decode(content, bytes, content.n, &n))
                return refuse(e, "content");
        f.digest = hash_bytes((struct str){ bytes, n });
        r = proof_check(&f, rest, e);
        if (r == ERR_OK)
                r = content_take(&f, (struct str){ bytes, n }, a, e);
        if (r == ERR_OK)
                *out = f;
        return r;
}

bool fingerprint_parse(char to[FINGERPRINT_TEXT], struct str s)
{
        char text[FINGERPRINT_TEXT];
        size_t n = 0;

        for (size_t i = 0; i < s.n; i++) {
                char c = s.p[i] >= 'A' && s.p[i] <= 'F' ? (char)(s.p[i] + 32) : s.p[i];

                if (c == ' ' || c == ':' || c == '-')
                        continue;
                if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) || n == FINGERPRINT_TEXT - 1)
                        return false;
                if (n % 5 == 4)
                        text[n++] = ' ';
                text[n++] = c;
        }
        if (n != FINGERPRINT_TEXT - 1)
                return false;
        text[n] = 0;
        memcpy(to, text, sizeof(text));
        return true;
}
