/* verify_pack_texts.c - what people wrote is what the entries committed to; attachments are what their names say. */
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/codec.h"
#include "cli/verify_pack.h"
#include "core/journal/canon.h"

enum { LINE_MAX_BYTES = 1024 * 1024, FIRST = 1024 };

SCOPED(json_decref, json_t *)

struct texts { struct pack_check *c; struct buf line; uint64_t lines; json_t *entry; uint64_t entry_index; struct hash *seen; size_t room; bool began, ended; };

/* ---- the commitment that an entry holds ---- */

static bool same(const json_t *row, const char *member, const char *want)
{
        const char *have = json_string_value(json_object_get(row, member));

        return want ? have && !strcmp(have, want) : !have;
}

/* The entry at hand: lines of one entry stand together. */
static json_t *entry_of(struct texts *t, uint64_t index)
{
        if (t->entry && t->entry_index == index)
                return t->entry;
        json_decref(t->entry);
        t->entry = pack_has(t->c, index) ? pack_entry_json(t->c, index) : NULL;
        t->entry_index = index;
        return t->entry;
}

static bool commits(struct texts *t, const json_t *line, const struct hash *commit)
{
        const char *table = json_string_value(json_object_get(line, "table")), *id = json_string_value(json_object_get(line, "id"));
        const char *column = json_string_value(json_object_get(line, "column")), *k = json_string_value(json_object_get(line, "k"));
        json_t *entry = entry_of(t, (uint64_t)json_integer_value(json_object_get(line, "index"))), *row;
        char hex[2 * HASH_SIZE + 1];
        size_t i;

        hex_text(hex, commit->b, HASH_SIZE);
        json_array_foreach(json_object_get(entry, "set"), i, row)
                if (same(row, "t", table) && same(row, "id", id) && same(row, "k", k) && same(json_object_get(json_object_get(row, "c"), column), "commit", hex))
                        return true;
        return false;
}

static bool remember(struct texts *t, const struct hash *commit)
{
        if (t->c->texts == t->room) {
                size_t room = t->room ? t->room * 2 : FIRST;
                struct hash *more = reallocarray(t->seen, room, sizeof(*more));

                if (!more)
                        return false;
                t->seen = more;
                t->room = room;
        }
        t->seen[t->c->texts++] = *commit;
        return true;
}

static const char *check_line(struct texts *t, struct str line)
{
        scoped(json_decref) json_t *o = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, NULL);
        const char *table = json_string_value(json_object_get(o, "table")), *column = json_string_value(json_object_get(o, "column"));
        const json_t *text = json_object_get(o, "text"), *index = json_object_get(o, "index");
        uint8_t salt[32];
        struct hash commit;

        if (!table || !column || !json_is_string(text) || !json_is_integer(index) || json_integer_value(index) < 0 ||
            !hex_decode(str_of(json_string_value(json_object_get(o, "salt"))), salt, sizeof(salt)))
                return "it is no line of opened text";
        commit = canon_commit(salt, str_of(table), str_of(column), (struct str){ json_string_value(text), json_string_length(text) });
        if (!commits(t, o, &commit))
                return "the entry did not commit to this text";
        return remember(t, &commit) ? NULL : "no memory";
}

/* ---- the list, line by line ---- */

static void take_line(struct texts *t)
{
        struct str line = buf_view(&t->line);
        char number[24];
        const char *why = NULL;

        t->lines++;
        if (!t->began) {
                t->began = true;
                why = str_is(line, "[") ? NULL : "it does not begin as a list";
        } else if (t->ended) {
                why = "something stands behind its end";
        } else if (str_is(line, "]")) {
                t->ended = true;
        } else {
                line.n -= line.n && line.p[line.n - 1] == ',';
                why = check_line(t, line);
        }
        if (why)
                pack_fail(t->c, "verify.pack.text", decimal_text(number, t->lines), why);
        buf_clear(&t->line);
}

static int take_piece(void *ctx, struct str piece, struct err *e)
{
        struct texts *t = ctx;
        struct str left;

        while (str_cut(piece, '\n', &left, &piece)) {
                buf_str(&t->line, left);
                take_line(t);
        }
        buf_str(&t->line, piece);
        return t->line.n > LINE_MAX_BYTES || buf_bad(&t->line) ? err_set(e, ERR_TOO_BIG, "a line is too long") : ERR_OK;
}

static int by_bytes(const void *a, const void *b)
{
        return memcmp(a, b, HASH_SIZE);
}

void pack_check_texts(struct pack_check *c)
{
        const struct pack_entry *f = pack_source_find(c->source, STR("texts.json"));
        struct texts t = { .c = c };
        struct err e = { 0 };

        if (!f) {
                pack_fail(c, "verify.pack.missing", "texts.json", NULL);
                return;
        }
        if (pack_source_pour(c->source, f, take_piece, &t, &e) < 0)
                pack_fail(c, "verify.file.bad", "texts.json", e.text);
        else if (t.line.n || !t.ended)
                pack_fail(c, "verify.file.bad", "texts.json", "it does not end as a list");
        if (c->texts)
                qsort(t.seen, c->texts, sizeof(*t.seen), by_bytes);
        for (size_t i = 1; i < c->texts; i++)
                if (!by_bytes(&t.seen[i - 1], &t.seen[i])) {
                        pack_fail(c, "verify.file.bad", "texts.json", "a text stands there twice");
                        break;
                }
        free(t.seen);
        json_decref(t.entry);
        buf_done(&t.line);
}

/* ---- attachments ---- */

struct named { struct hash *list; size_t n, room; };

static bool add_named(struct named *x, const struct hash *h)
{
        if (x->n == x->room) {
                size_t room = x->room ? x->room * 2 : FIRST;
                struct hash *more = reallocarray(x->list, room, sizeof(*more));

                if (!more)
                        return false;
                x->list = more;
                x->room = room;
        }
        x->list[x->n++] = *h;
        return true;
}

/* Contents that the entries of the pack name. */
static void read_named(struct pack_check *c, struct named *x)
{
        for (uint64_t i = 0; i < c->entries; i++) {
                scoped(json_decref) json_t *entry = pack_entry_json(c, c->index[i]);
                json_t *row;
                size_t k;

                json_array_foreach(json_object_get(entry, "set"), k, row) {
                        const char *hex = json_string_value(json_object_get(json_object_get(row, "c"), "hash"));
                        struct hash h;

                        if (same(row, "t", "attachment") && hex && hex_decode(str_of(hex), h.b, HASH_SIZE))
                                (void)add_named(x, &h);      /* what does not fit is not named, and the attachment is refused */
                }
        }
        if (x->n)
                qsort(x->list, x->n, sizeof(*x->list), by_bytes);
}

static int feed(void *ctx, struct str piece, struct err *e)
{
        return EVP_DigestUpdate(ctx, piece.p, piece.n) == 1 ? ERR_OK : err_set(e, ERR_NOMEM, "digest");
}

static void check_attachment(struct pack_check *c, const struct pack_entry *f, const struct named *named, EVP_MD_CTX *digest)
{
        struct str name = { f->name + strlen("attachments/"), strlen(f->name) - strlen("attachments/") };
        uint8_t have[EVP_MAX_MD_SIZE];
        struct hash want;

        if (name.n < 2 * HASH_SIZE || !hex_decode((struct str){ name.p, 2 * HASH_SIZE }, want.b, HASH_SIZE))
                pack_fail(c, "verify.pack.unlisted", f->name, NULL);
        else if (!named->n || !bsearch(&want, named->list, named->n, sizeof(want), by_bytes))
                pack_fail(c, "verify.pack.attachment", f->name, NULL);
        else if (EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1 || pack_source_pour(c->source, f, feed, digest, NULL) < 0 || EVP_DigestFinal_ex(digest, have, NULL) != 1 ||
                 memcmp(have, want.b, HASH_SIZE) != 0)
                pack_fail(c, "verify.pack.differs", f->name, NULL);
        else
                c->attachments++;
}

void pack_check_attachments(struct pack_check *c)
{
        EVP_MD_CTX *digest = EVP_MD_CTX_new();
        struct named named = { 0 };
        size_t n;
        const struct pack_entry *list = pack_source_list(c->source, &n);
        bool read = false;

        for (size_t i = 0; digest && i < n; i++) {
                if (!str_starts(str_of(list[i].name), "attachments/"))
                        continue;
                if (!read)
                        read_named(c, &named);
                read = true;
                check_attachment(c, &list[i], &named, digest);
        }
        free(named.list);
        EVP_MD_CTX_free(digest);
}
