/* journal.c (store) - see journal.h. */
#include "server/office/store/journal.h"

#include "base/codec.h"
#include "core/journal/canon.h"
#include "core/journal/tree.h"
#include "core/register/registers.h"
#include "core/register/retention.h"
#include "server/office/store/search.h"
#include "server/office/store/stmt.h"

enum { TILE = 256, TILE_LEVELS_MAX = 5, PROGRESS_EVERY = 1000 };

SCOPED(json_decref, json_t *)

int journal_size(uint64_t *size, utime_t *last_at, struct db *db, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_JOURNAL_END);
        int r = stmt_row(&s, e);

        if (r < 0)
                return r;
        *size = r == 1 ? (uint64_t)col_int(&s, 0) + 1 : 0;
        if (last_at)
                *last_at = r == 1 ? col_int(&s, 1) : 0;
        stmt_end(&s);
        return ERR_OK;
}

int journal_entry(struct str *out, struct db *db, uint64_t index, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_JOURNAL_GET);
        int r;

        bind_int(&s, (int64_t)index);
        r = stmt_row(&s, e);
        if (r == 1)
                r = col_blob(out, &s, 0, a, e);
        else if (r == 0)
                r = err_key(e, ERR_ABSENT, "entry.absent", "", NULL);
        stmt_end(&s);
        return r;
}

int journal_walk(struct db *db, uint64_t from, uint64_t until, journal_entry_fn *see, void *ctx, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_JOURNAL_ALL);
        int r = ERR_OK;

        bind_int(&s, (int64_t)from);
        while (r >= 0 && (r = stmt_row(&s, e)) == 1) {
                struct str entry = { sqlite3_column_blob(s.s, 5), (size_t)sqlite3_column_bytes(s.s, 5) };
                uint64_t index = (uint64_t)col_int(&s, 0);
                struct hash leaf;

                if (index >= until)
                        break;
                r = col_hash(&leaf, &s, 6) ? see(ctx, index, entry, &leaf, e)
                                           : err_set(e, ERR_TAMPERED, "leaf of entry %llu", (unsigned long long)index);
        }
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int journal_lines_of(struct journal_line **out, size_t *n, struct db *db, const char *ref, struct arena *a, struct err *e)
{
        enum { LINES = 500 };
        struct stmt s = stmt_of(db, SQL_JOURNAL_OF);
        struct journal_line *lines = arena_array(a, LINES, sizeof(*lines));
        size_t have = 0;
        int r = lines ? ERR_OK : err_set(e, ERR_NOMEM, "lines");

        bind_text(&s, str_of(ref));
        while (r == ERR_OK && have < LINES && (r = stmt_row(&s, e)) == 1) {
                struct journal_line *l = &lines[have++];

                l->index = (uint64_t)col_int(&s, 0);
                l->at = col_int(&s, 1);
                r = col_text(&l->type, &s, 2, a, e);
                if (r == ERR_OK && !col_null(&s, 3))
                        r = col_text(&l->actor, &s, 3, a, e);
                if (r == ERR_OK && !col_hash(&l->leaf, &s, 4))
                        r = err_set(e, ERR_TAMPERED, "leaf of entry %llu", (unsigned long long)l->index);
        }
        stmt_end(&s);
        if (r < 0)
                return r;
        *out = lines;
        *n = have;
        return ERR_OK;
}

/* ---- append: changes → entry ---- */

static json_t *text_json(struct str s)
{
        return json_stringn(s.p ? s.p : "", s.n);
}

static json_t *value_json(const struct value *v)
{
        char hex[2 * HASH_SIZE + 1];

        if (v->kind == VALUE_INT)
                return json_integer(v->i);
        if (!v->personal)
                return text_json(v->s);
        hex_text(hex, v->commit.b, HASH_SIZE);
        return json_pack("{s:s}", "commit", hex);
}

/* Seals what is new; an unchanged personal text keeps its commitment. */
static int commit_row(struct row *row, struct db *db, const char *type, const char *unit, utime_t now, struct err *e)
{
        const struct table_info *info = &table_infos[row->table];
        char own[UNIT_NAME];

        retention_unit(own, retention_of(row->table, type), now);

        for (size_t i = 0; i < info->cols_count; i++) {
                struct value *v = &row->v[i];
                int r;

                if (!v->personal || v->committed || v->kind != VALUE_TEXT)
                        continue;
                r = store_seal(&v->commit, db, unit ? unit : own, str_of(info->name), str_of(info->cols[i].name), v->s, now, e);
                if (r < 0)
                        return r;
                v->committed = true;
        }
        return ERR_OK;
}

static json_t *row_json(const struct row *row)
{
        const struct table_info *info = &table_infos[row->table];
        scoped(json_decref) json_t *set = json_pack("{s:s, s:s, s:I, s:{}}", "t", info->name, "id", row->id, "rev", (json_int_t)row->rev, "c");
        json_t *c = json_object_get(set, "c");

        if (!set || (*row->k && json_object_set_new(set, "k", json_string(row->k)) < 0))
                return NULL;
        for (size_t i = 0; i < info->cols_count; i++)
                if (row->v[i].kind != VALUE_NULL && json_object_set_new(c, info->cols[i].name, value_json(&row->v[i])) < 0)
                        return NULL;
        return take(set);
}

static bool put_text(json_t *o, const char *key, struct str s)
{
        return !s.n || json_object_set_new(o, key, text_json(s)) == 0;
}

static json_t *entry_json(const struct changes *c, utime_t at)
{
        scoped(json_decref) json_t *o = json_pack("{s:i, s:I, s:s, s:[]}", "v", 1, "at", (json_int_t)at, "type", c->type, "set");
        json_t *set = json_object_get(o, "set");
        bool ok = o && put_text(o, "actor", str_of(c->actor)) && put_text(o, "post", str_of(c->post)) && put_text(o, "ref", str_of(c->ref)) &&
                  put_text(o, "pack", c->pack) && put_text(o, "form", c->form);

        for (size_t i = 0; ok && i < c->rows_count; i++)
                ok = json_array_append_new(set, row_json(&c->rows[i])) == 0;
        if (ok && c->notes_count) {
                json_t *note = json_object();

                ok = json_object_set_new(o, "note", note) == 0;
                for (size_t i = 0; ok && i < c->notes_count; i++)
                        ok = json_object_set_new(note, c->notes[i].key,
                                                 c->notes[i].is_int ? json_integer(c->notes[i].i) : text_json(c->notes[i].text)) == 0;
        }
        return ok ? take(o) : NULL;
}

/* When the leaf at `index` completes a run of 256 (and that one a run of 256 runs …), stores the run's root. */
static int add_tree(struct db *db, uint64_t index, struct err *e)
{
        uint64_t pos = index;

        for (unsigned level = 0; level < TILE_LEVELS_MAX && (pos + 1) % TILE == 0; level++, pos /= TILE) {
                struct hash h[TILE];
                struct stmt s;
                int r = tree_read_db(db, level, pos + 1 - TILE, TILE, h, e);

                if (r < 0)
                        return r;
                for (size_t n = TILE; n > 1; n /= 2)
                        for (size_t i = 0; i < n / 2; i++)
                                h[i] = hash_node(&h[2 * i], &h[2 * i + 1]);
                s = stmt_of(db, SQL_TREE_ADD);
                bind_int(&s, level + 1);
                bind_int(&s, (int64_t)(pos / TILE));
                bind_blob(&s, h[0].b, HASH_SIZE);
                r = stmt_run(&s, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static int insert_entry(struct db *db, uint64_t index, utime_t at, const struct changes *c, struct str entry, const struct hash *leaf, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_JOURNAL_ADD);

        bind_int(&s, (int64_t)index);
        bind_int(&s, at);
        bind_text(&s, str_of(c->type));
        bind_text(&s, str_of(c->ref));
        if (c->actor)
                bind_text(&s, str_of(c->actor));
        else
                bind_null(&s);
        bind_blob(&s, entry.p, entry.n);
        bind_blob(&s, leaf->b, HASH_SIZE);
        return stmt_run(&s, e);
}

/* A row as it stands by now, and that this entry made it so. */
static int put_row(struct db *db, const struct row *row, uint64_t index, struct err *e)
{
        int r = store_put(db, row, index, e);
        struct stmt s;

        if (r < 0 || !register_of_table(row->table))
                return r;
        s = stmt_of(db, SQL_HISTORY_ADD);
        bind_text(&s, str_of(table_infos[row->table].name));
        bind_text(&s, str_of(row->id));
        bind_int(&s, (int64_t)index);
        return stmt_run(&s, e);
}

int journal_append(struct receipt *out, struct db *db, const struct changes *c, utime_t now, const char *unit, struct err *e)
{
        scoped(json_decref) json_t *o = NULL;
        scoped(buf_done) struct buf bytes = BUF_INIT;
        struct receipt receipt;
        utime_t last = 0;
        int r = journal_size(&receipt.index, &last, db, e);

        if (now < last)
                now = last; /* journal time never goes back; a jump is a finding of the duty loop */
        for (size_t i = 0; r == ERR_OK && i < c->rows_count; i++)
                r = commit_row(&c->rows[i], db, c->type, unit, now, e);
        if (r < 0)
                return r;
        o = entry_json(c, now);
        r = o ? canon_encode(&bytes, o, e) : err_set(e, ERR_NOMEM, "entry");
        if (r < 0)
                return r;

        receipt.leaf = hash_leaf(buf_view(&bytes));
        r = insert_entry(db, receipt.index, now, c, buf_view(&bytes), &receipt.leaf, e);
        if (r == ERR_OK)
                r = add_tree(db, receipt.index, e);
        for (size_t i = 0; r == ERR_OK && i < c->rows_count; i++)
                r = put_row(db, &c->rows[i], receipt.index, e);
        if (r == ERR_OK)
                r = search_follow(db, c->rows, c->rows_count, e);
        if (r == ERR_OK)
                *out = receipt;
        return r;
}

/* ---- replay: entry → rows ---- */

static int value_of(struct value *v, struct db *db, const struct table_info *info, size_t col, const json_t *j, struct arena *a, struct err *e)
{
        const json_t *hex = json_object_get(j, "commit");
        bool erased = false;
        int r;

        if (json_is_integer(j) && info->cols[col].type == COLUMN_INT) {
                *v = (struct value){ .kind = VALUE_INT, .i = json_integer_value(j) };
                return ERR_OK;
        }
        if (info->cols[col].type != COLUMN_TEXT)
                return err_set(e, ERR_TAMPERED, "entry: column %s.%s has a wrong type", info->name, info->cols[col].name);
        if (json_is_string(j)) {
                *v = (struct value){ .kind = VALUE_TEXT, .s = { arena_copy(a, json_string_value(j), json_string_length(j)), json_string_length(j) } };
                return v->s.p ? ERR_OK : err_set(e, ERR_NOMEM, "replay");
        }
        *v = (struct value){ .kind = VALUE_TEXT, .personal = true, .committed = true };
        if (!json_is_string(hex) || !hex_decode(str_of(json_string_value(hex)), v->commit.b, HASH_SIZE))
                return err_set(e, ERR_TAMPERED, "entry: column %s.%s is malformed", info->name, info->cols[col].name);
        r = store_unseal(&v->s, &erased, db, &v->commit, str_of(info->name), str_of(info->cols[col].name), a, e);
        if (r == ERR_OK && erased)
                *v = (struct value){ .kind = VALUE_ERASED, .personal = true, .committed = true, .commit = v->commit };
        return r;
}

static int row_of(struct row *row, struct db *db, const json_t *set, struct arena *a, struct err *e)
{
        const json_t *c = json_object_get(set, "c"), *rev = json_object_get(set, "rev");
        const char *t = json_string_value(json_object_get(set, "t")), *id = json_string_value(json_object_get(set, "id"));
        const char *k = json_string_value(json_object_get(set, "k"));
        int table = t ? table_find(str_of(t)) : -1;
        const struct table_info *info;
        size_t used = 0;

        if (table < 0 || !id || strlen(id) >= sizeof(row->id) || (k && strlen(k) >= sizeof(row->k)) || !json_is_object(c) || !json_is_integer(rev))
                return err_set(e, ERR_TAMPERED, "entry: malformed after-image");
        info = &table_infos[table];
        *row = (struct row){ .table = (enum table)table, .rev = json_integer_value(rev) };
        (void)snprintf(row->id, sizeof(row->id), "%s", id);
        (void)snprintf(row->k, sizeof(row->k), "%s", k ? k : "");
        for (size_t i = 0; i < info->cols_count; i++) {
                const json_t *j = json_object_get(c, info->cols[i].name);
                int r = j ? value_of(&row->v[i], db, info, i, j, a, e) : ERR_OK;

                if (r < 0)
                        return r;
                used += j != NULL;
        }
        return used == json_object_size(c) ? ERR_OK : err_set(e, ERR_VERSION, "entry: table %s has a column that this version does not know", t);
}

static int replay_entry(struct db *db, uint64_t index, struct str bytes, struct err *e)
{
        scoped(json_decref) json_t *o = NULL;
        scoped(arena_done) struct arena a = ARENA_INIT;
        const json_t *set, *v;
        size_t i;
        int r = canon_parse(&o, bytes, e);

        if (r < 0)
                return r;
        v = json_object_get(o, "v");
        if (!json_is_integer(v) || json_integer_value(v) != 1)
                return err_set(e, ERR_VERSION, "entry format %lld", (long long)json_integer_value(v));
        json_array_foreach(json_object_get(o, "set"), i, set) {
                struct row row;

                r = row_of(&row, db, set, &a, e);
                if (r == ERR_OK)
                        r = put_row(db, &row, index, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

/* The row's after-image of an entry. */
static int image_of(struct row *row, struct db *db, struct str bytes, enum table t, const char *id, struct arena *a, struct err *e)
{
        scoped(json_decref) json_t *o = NULL;
        const json_t *set, *last = NULL;
        size_t i;
        int r = canon_parse(&o, bytes, e);

        if (r < 0)
                return r;
        json_array_foreach(json_object_get(o, "set"), i, set)
                if (str_is(str_of(json_string_value(json_object_get(set, "t"))), table_infos[t].name) &&
                    str_is(str_of(json_string_value(json_object_get(set, "id"))), id))
                        last = set;
        return last ? row_of(row, db, last, a, e) : err_set(e, ERR_TAMPERED, "an entry does not hold the row that the history says");
}

int journal_history(struct history_line **out, size_t *n, struct db *db, enum table t, const char *id, uint64_t before, size_t limit, struct arena *a, struct err *e)
{
        struct history_line *lines = arena_array(a, limit, sizeof(*lines));
        struct stmt s = stmt_of(db, SQL_HISTORY_OF);
        struct str *entries = arena_array(a, limit, sizeof(*entries));
        size_t have = 0;
        int r = lines && entries ? ERR_OK : err_set(e, ERR_NOMEM, "history");

        bind_text(&s, str_of(table_infos[t].name));
        bind_text(&s, str_of(id));
        bind_int(&s, before > INT64_MAX ? INT64_MAX : (int64_t)before);
        bind_int(&s, (int64_t)limit);
        while (r == ERR_OK && have < limit && (r = stmt_row(&s, e)) == 1) {
                struct history_line *l = &lines[have];

                l->index = (uint64_t)col_int(&s, 0);
                l->at = col_int(&s, 1);
                r = col_text(&l->type, &s, 2, a, e);
                if (r == ERR_OK && !col_null(&s, 3))
                        r = col_text(&l->actor, &s, 3, a, e);
                if (r == ERR_OK)
                        r = col_blob(&entries[have++], &s, 4, a, e);
        }
        stmt_end(&s);
        for (size_t i = 0; r >= 0 && i < have; i++)
                r = image_of(&lines[i].row, db, entries[i], t, id, a, e);
        if (r < 0)
                return r;
        *out = lines;
        *n = have;
        return ERR_OK;
}

int journal_rebuild(struct db *db, journal_progress_fn *progress, void *ctx, struct err *e)
{
        uint64_t size = 0;
        int r = journal_size(&size, NULL, db, e);

        if (r == ERR_OK)
                r = store_clear_projections(db, e);
        for (uint64_t i = 0; r == ERR_OK && i < size; i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct str bytes;

                r = journal_entry(&bytes, db, i, &a, e);
                if (r == ERR_OK)
                        r = replay_entry(db, i, bytes, e);
                if (r == ERR_OK)
                        r = add_tree(db, i, e);
                if (r < 0)
                        return err_wrap(e, r, "entry %llu", (unsigned long long)i);
                if (progress && i % PROGRESS_EVERY == 0)
                        progress(ctx, i, size);
        }
        return r < 0 ? r : search_fill(db, e);
}

/* ---- check ---- */

static bool column_is(const json_t *o, const char *key, struct stmt *s, int col)
{
        const char *want = json_string_value(json_object_get(o, key));
        const char *have = (const char *)sqlite3_column_text(s->s, col);

        return strcmp(want ? want : "", have ? have : "") == 0;
}

static int check_line(struct stmt *s, uint64_t want, struct hash *leaf, struct err *e)
{
        scoped(json_decref) json_t *o = NULL;
        struct str bytes = { sqlite3_column_blob(s->s, 5), (size_t)sqlite3_column_bytes(s->s, 5) };
        struct hash stored;
        int r;

        if ((uint64_t)col_int(s, 0) != want)
                return err_set(e, ERR_TAMPERED, "journal entry %llu is missing", (unsigned long long)want);
        *leaf = hash_leaf(bytes);
        if (!col_hash(&stored, s, 6) || !hash_eq(leaf, &stored))
                return err_set(e, ERR_TAMPERED, "journal entry %llu does not have its leaf hash", (unsigned long long)want);
        r = canon_parse(&o, bytes, e);
        if (r < 0)
                return err_wrap(e, ERR_TAMPERED, "journal entry %llu", (unsigned long long)want);
        if (json_integer_value(json_object_get(o, "at")) != col_int(s, 1) || !column_is(o, "type", s, 2) || !column_is(o, "ref", s, 3) || !column_is(o, "actor", s, 4))
                return err_set(e, ERR_TAMPERED, "journal row %llu has other columns than its entry", (unsigned long long)want);
        return ERR_OK;
}

int journal_check(struct hash *root, uint64_t *size, struct db *db, journal_progress_fn *progress, void *ctx, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_JOURNAL_ALL);
        struct edge edge = { 0 };
        uint64_t total = 0;
        int r = journal_size(&total, NULL, db, e);

        bind_int(&s, 0);
        while (r >= 0 && (r = stmt_row(&s, e)) == 1) {
                struct hash leaf;

                r = check_line(&s, edge.size, &leaf, e);
                if (r == ERR_OK)
                        r = edge_append(&edge, &leaf, e);
                if (r == ERR_OK && progress && edge.size % PROGRESS_EVERY == 0)
                        progress(ctx, edge.size, total);
        }
        stmt_end(&s);
        if (r < 0)
                return r;
        *root = edge_root(&edge);
        *size = edge.size;
        return ERR_OK;
}

int journal_check_one(struct db *db, uint64_t index, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_JOURNAL_ALL);
        struct hash leaf;
        int r;

        bind_int(&s, (int64_t)index);
        r = stmt_row(&s, e);
        if (r == 1)
                r = check_line(&s, index, &leaf, e);
        else if (r == 0)
                r = err_set(e, ERR_TAMPERED, "journal entry %llu is missing", (unsigned long long)index);
        stmt_end(&s);
        return r;
}

int journal_image(struct row *out, struct db *db, uint64_t index, enum table t, const char *id, const char *k, struct arena *a, struct err *e)
{
        scoped(json_decref) json_t *o = NULL;
        const json_t *set, *last = NULL;
        struct str bytes;
        size_t i;
        int r = journal_entry(&bytes, db, index, a, e);

        if (r == ERR_OK)
                r = canon_parse(&o, bytes, e);
        if (r < 0)
                return r == ERR_ABSENT ? r : r == ERR_NOMEM ? r : err_wrap(e, ERR_TAMPERED, "entry %llu", (unsigned long long)index);
        json_array_foreach(json_object_get(o, "set"), i, set)
                if (str_is(str_of(json_string_value(json_object_get(set, "t"))), table_infos[t].name) && str_is(str_of(json_string_value(json_object_get(set, "id"))), id) &&
                    str_is(str_of(json_string_value(json_object_get(set, "k"))), k))
                        last = set;
        return last ? row_of(out, db, last, a, e) : err_set(e, ERR_ABSENT, "entry %llu does not make that row", (unsigned long long)index);
}
