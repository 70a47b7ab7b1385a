/* verify_pack_files.c - the manifest: every file is as it lists them, no other is there, and it is of the same moment as the log. */
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/codec.h"
#include "cli/verify_pack.h"

static const char *const unlisted[] = { "index.html", "manifest.json", "verify.html" };

static bool may_be_unlisted(const char *name)
{
        for (size_t i = 0; i < countof(unlisted); i++)
                if (!strcmp(name, unlisted[i]))
                        return true;
        return false;
}

static bool load(struct pack_check *c)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        json_error_t why;
        struct err e = { 0 };

        if (pack_source_take(&file, c->source, "manifest.json", &e) < 0) {
                pack_fail(c, "verify.file.bad", "manifest.json", e.text);
                return false;
        }
        c->manifest = json_loadb(file.p, file.n, JSON_REJECT_DUPLICATES, &why);
        if (!json_is_object(c->manifest) || json_integer_value(json_object_get(c->manifest, "v")) != 1 || !json_is_array(json_object_get(c->manifest, "files"))) {
                pack_fail(c, "verify.file.bad", "manifest.json", c->manifest ? "it is no manifest of version 1" : why.text);
                return false;
        }
        return true;
}

static int feed(void *ctx, struct str piece, struct err *e)
{
        return EVP_DigestUpdate(ctx, piece.p, piece.n) == 1 ? ERR_OK : err_set(e, ERR_NOMEM, "digest");
}

static void check_one(struct pack_check *c, EVP_MD_CTX *digest, const json_t *line)
{
        const char *path = json_string_value(json_object_get(line, "path")), *hex = json_string_value(json_object_get(line, "sha256"));
        struct pack_entry *f = path ? pack_source_find(c->source, str_of(path)) : NULL;
        uint8_t want[HASH_SIZE], have[EVP_MAX_MD_SIZE];
        struct err e = { 0 };

        if (!path || !hex || !hex_decode(str_of(hex), want, HASH_SIZE)) {
                pack_fail(c, "verify.file.bad", "manifest.json", "a line of its list");
        } else if (!f) {
                pack_fail(c, "verify.pack.missing", path, NULL);
        } else if (f->listed || may_be_unlisted(path)) {
                pack_fail(c, "verify.file.bad", "manifest.json", path);
        } else {
                f->listed = true;
                if (EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1 || pack_source_pour(c->source, f, feed, digest, &e) < 0)
                        pack_fail(c, "verify.file.bad", path, e.text);
                else if (EVP_DigestFinal_ex(digest, have, NULL) != 1 || memcmp(have, want, HASH_SIZE) != 0 ||
                         (uint64_t)json_integer_value(json_object_get(line, "size")) != f->size)
                        pack_fail(c, "verify.pack.differs", path, NULL);
                else
                        c->files++;
        }
}

void pack_check_files(struct pack_check *c)
{
        EVP_MD_CTX *digest = EVP_MD_CTX_new();
        struct pack_entry *list;
        json_t *line;
        size_t n, i;

        if (digest && load(c)) {
                json_array_foreach(json_object_get(c->manifest, "files"), i, line)
                        check_one(c, digest, line);
                list = pack_source_list(c->source, &n);
                for (i = 0; i < n; i++)
                        if (!list[i].listed && !may_be_unlisted(list[i].name))
                                pack_fail(c, "verify.pack.unlisted", list[i].name, NULL);
        }
        EVP_MD_CTX_free(digest);
}

/* ---- the log ---- */

void pack_check_head(struct pack_check *c, const struct log_view *v)
{
        const json_t *log = json_object_get(c->manifest, "log");
        const char *root = json_string_value(json_object_get(log, "root")), *install = json_string_value(json_object_get(c->manifest, "install"));
        char hex[2 * HASH_SIZE + 1], have[UUID_TEXT];

        if (!c->manifest)
                return;      /* was said */
        uuid_text(have, v->epochs.install);
        hex_text(hex, v->head.root.b, HASH_SIZE);
        if (!install || strcmp(install, have) != 0)
                pack_fail(c, "verify.pack.install", have, NULL);
        if (!root || strcmp(root, hex) != 0 || (uint64_t)json_integer_value(json_object_get(log, "size")) != v->head.size ||
            (uint64_t)json_integer_value(json_object_get(log, "epoch")) != v->epochs.number[v->epochs.n - 1])
                pack_fail(c, "verify.pack.head", NULL, NULL);
}

static bool read_subset(struct pack_check *c)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct subset s;
        uint64_t lines = 0;

        if (pack_source_take(&file, c->source, "log/subset", NULL) < 0 || subset_open(&s, buf_view(&file), NULL) < 0)
                return false;      /* was said */
        for (size_t i = 0; i < file.n; i++)
                lines += file.p[i] == '\n';
        c->index = calloc(lines + 1, sizeof(*c->index));
        while (c->index && c->entries < lines && subset_next(&c->index[c->entries], &s, NULL) == ERR_OK)
                c->entries++;
        return c->index;
}

/* Every proven entry is listed, and nothing stands beside them. */
void pack_check_subset(struct pack_check *c)
{
        static const struct { const char *folder, *ending; } folders[] = { { "log/entries/", ".json" }, { "log/proofs/", ".tlog-proof" } };
        size_t n;
        const struct pack_entry *list = pack_source_list(c->source, &n);

        if (!read_subset(c))
                return;
        for (size_t i = 0; i < n; i++)
                for (size_t k = 0; k < countof(folders); k++) {
                        struct str name = str_of(list[i].name);
                        size_t head = strlen(folders[k].folder), tail = strlen(folders[k].ending);
                        uint64_t index;

                        if (!str_starts(name, folders[k].folder))
                                continue;
                        if (name.n <= head + tail || strcmp(name.p + name.n - tail, folders[k].ending) != 0 ||
                            !str_u64((struct str){ name.p + head, name.n - head - tail }, TREE_SIZE_MAX, &index) || !pack_has(c, index))
                                pack_fail(c, "verify.pack.unlisted", list[i].name, NULL);
                }
}
