/* scrub.c - see scrub.h: one function a stage; each moves the place on, or ends the stage. */
#include "server/office/store/scrub.h"

#include "base/codec.h"
#include "server/office/store/files.h"
#include "server/office/store/journal.h"
#include "server/office/store/stmt.h"

enum { LINES_AT_ONCE = 50, ROWS_AT_ONCE = 30, DIGITS = 24 };

static const int64_t only_id = 1;

#define PARTS(s) ((const struct str[]){ int_part(&only_id), int_part(&(s)->stage), int_part(&(s)->part), str_of((s)->place), int_part(&(s)->seen), int_part(&(s)->wrong), \
                                        int_part(&(s)->began_at), int_part(&(s)->ended_at) }), 8

/* ---- where it is ---- */

int scrub_load(struct scrub *out, struct db *db, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct stmt s = stmt_of(db, SQL_SCRUB_GET);
        struct scrub got = { 0 };
        struct str place = STR("");
        int r = stmt_row(&s, e);

        if (r == 1) {
                got = (struct scrub){ .stage = col_int(&s, 0), .part = col_int(&s, 1), .seen = col_int(&s, 3), .wrong = col_int(&s, 4), .began_at = col_int(&s, 5), .ended_at = col_int(&s, 6) };
                r = col_text(&place, &s, 2, &a, e);
                (void)snprintf(got.place, sizeof(got.place), "%.*s", (int)place.n, place.p);
                if (r == ERR_OK)
                        r = local_check(db, "scrub", PARTS(&got), &s, 7, e);
        }
        stmt_end(&s);
        if (r < 0)
                return r;
        *out = got;
        return ERR_OK;
}

int scrub_keep(struct db *db, const struct scrub *s, struct err *e)
{
        struct stmt st = stmt_of(db, SQL_SCRUB_PUT);
        struct hash mac;
        int r = local_mac(&mac, db, "scrub", PARTS(s), e);

        if (r < 0)
                return r;
        bind_int(&st, s->stage);
        bind_int(&st, s->part);
        bind_text(&st, str_of(s->place));
        bind_int(&st, s->seen);
        bind_int(&st, s->wrong);
        bind_int(&st, s->began_at);
        bind_int(&st, s->ended_at);
        bind_blob(&st, mac.b, HASH_SIZE);
        return stmt_run(&st, e);
}

void scrub_begin(struct scrub *s, utime_t now)
{
        *s = (struct scrub){ .began_at = now, .ended_at = s->ended_at };
}

static void next_stage(struct scrub *s)
{
        s->stage++;
        s->part = 0;
        *s->place = 0;
}

static void say(const struct inspect *to, const char *key, const char *a, const char *b, int64_t n)
{
        char number[DIGITS];
        struct err bad = { 0 };

        (void)snprintf(number, sizeof(number), "%lld", (long long)n);
        (void)err_key(&bad, ERR_TAMPERED, key, "", a, b, number, NULL);
        to->found(to->ctx, &bad);
}

/* ---- stages ---- */

static int some_lines(struct scrub *s, struct db *db, const char *dir, const struct inspect *to, struct err *e)
{
        uint64_t at = strtoull(s->place, NULL, 10), from = at, size = 0;
        int r = journal_size(&size, NULL, db, e);

        (void)dir;
        while (r == ERR_OK && at < size && at < from + LINES_AT_ONCE) {
                struct err bad = { 0 };
                char index[DIGITS];

                r = journal_check_one(db, at, &bad);
                (void)snprintf(index, sizeof(index), "%llu", (unsigned long long)at);
                if (r == ERR_TAMPERED)
                        say(to, "store.entry.changed", index, bad.text, 0);
                else if (r < 0)
                        return err_set(e, r, "%s", bad.text);
                r = ERR_OK;
                at++;
                s->seen++;
        }
        (void)snprintf(s->place, sizeof(s->place), "%llu", (unsigned long long)at);
        if (r == ERR_OK && at >= size)
                next_stage(s);
        return r;
}

static bool same_value(const struct value *a, const struct value *b)
{
        bool text_a = a->kind == VALUE_TEXT || a->kind == VALUE_ERASED, text_b = b->kind == VALUE_TEXT || b->kind == VALUE_ERASED;

        if (a->committed != b->committed || (a->committed && !hash_eq(&a->commit, &b->commit)))
                return false;
        if (a->committed && text_a && text_b && a->kind != b->kind)
                return true;                    /* erased at this moment: key and row are not in one transaction */
        return a->kind == b->kind && (a->kind != VALUE_INT || a->i == b->i) && (a->kind != VALUE_TEXT || str_eq(a->s, b->s));
}

static bool same_row(const struct row *a, const struct row *b)
{
        bool same = a->rev == b->rev;

        for (size_t i = 0; same && i < table_infos[a->table].cols_count; i++)
                same = same_value(&a->v[i], &b->v[i]);
        return same;
}

static int look_at_row(struct db *db, enum table t, const char *id, const char *k, int64_t entry, const struct inspect *to, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct row row, image;
        struct err bad = { 0 };
        int r = store_row(&row, db, t, id, k, &a, e), x;

        if (r < 0)
                return r;
        x = entry < 0 ? ERR_ABSENT : journal_image(&image, db, (uint64_t)entry, t, id, k, &a, &bad);
        if (x < 0 && x != ERR_ABSENT && x != ERR_TAMPERED)
                return err_set(e, x, "%s", bad.text);
        if (x < 0 || !same_row(&row, &image))
                say(to, x == ERR_ABSENT ? "store.row.foreign" : "store.row.changed", table_infos[t].name, arena_printf(&a, "%s%s%s", id, *k ? " " : "", k), entry);
        return ERR_OK;
}

static int some_rows(struct scrub *s, struct db *db, const char *dir, const struct inspect *to, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf sql = BUF_INIT;
        struct { struct str id, k; int64_t entry; } rows[ROWS_AT_ONCE];
        enum table t = (enum table)s->part;
        struct str id = STR(""), k = STR("");
        struct stmt st;
        size_t n = 0;
        int r = ERR_OK;

        (void)dir;
        if (!str_cut(str_of(s->place), ' ', &id, &k))
                id = str_of(s->place);
        buf_printf(&sql, "SELECT id, k, entry FROM r_%s WHERE (id, k)>(?1, ?2) ORDER BY id, k LIMIT ?3", table_infos[t].name);
        if (buf_bad(&sql))
                return err_set(e, ERR_NOMEM, "scrub");
        st = stmt_text(db, buf_view(&sql));
        bind_text(&st, id);
        bind_text(&st, k);
        bind_int(&st, ROWS_AT_ONCE);
        while (r >= 0 && n < ROWS_AT_ONCE && (r = stmt_row(&st, e)) == 1) {
                r = col_text(&rows[n].id, &st, 0, &a, e);
                if (r == ERR_OK)
                        r = col_text(&rows[n].k, &st, 1, &a, e);
                rows[n++].entry = col_int(&st, 2);
        }
        stmt_end(&st);
        for (size_t i = 0; r >= 0 && i < n; i++) {
                r = look_at_row(db, t, rows[i].id.p, rows[i].k.p, rows[i].entry, to, e);
                (void)snprintf(s->place, sizeof(s->place), "%s %s", rows[i].id.p, rows[i].k.p);
                s->seen++;
        }
        if (r >= 0 && n < ROWS_AT_ONCE) {
                *s->place = 0;
                if (++s->part == TABLE_COUNT)
                        next_stage(s);
        }
        return r < 0 ? r : ERR_OK;
}

static int some_local(struct scrub *s, struct db *db, const char *dir, const struct inspect *to, struct err *e)
{
        uint64_t rows = 0;
        int r = inspect_local_table(db, (size_t)s->part, to, &rows, e);

        (void)dir;
        s->seen += (int64_t)rows;
        if (r == ERR_OK && ++s->part >= (int64_t)inspect_local_tables())
                next_stage(s);
        return r;
}

static int all_keys(struct scrub *s, struct db *db, const char *dir, const struct inspect *to, struct err *e)
{
        uint64_t size = 0;
        int r = journal_size(&size, NULL, db, e);

        (void)dir;
        if (r == ERR_OK)
                r = inspect_units(db, to, size, e);
        if (r == ERR_OK)
                next_stage(s);
        return r;
}

static int one_file(struct scrub *s, struct db *db, const char *dir, const struct inspect *to, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(store_file_close) struct stored_file *f = NULL;
        struct stmt st = stmt_of(db, SQL_FILE_AFTER);
        struct str hex = STR("");
        struct hash name;
        struct err bad = { 0 };
        bool kept = false;
        int r;

        bind_text(&st, str_of(s->place));
        r = stmt_row(&st, e);
        if (r == 1) {
                kept = col_int(&st, 1) != 0;
                r = col_text(&hex, &st, 0, &a, e);
        }
        stmt_end(&st);
        if (r < 0)
                return r;
        if (!hex.n) {
                next_stage(s);
                return ERR_OK;
        }
        (void)snprintf(s->place, sizeof(s->place), "%s", hex.p);
        s->seen++;
        r = hex_decode(hex, name.b, HASH_SIZE) ? store_file_open(&f, db, dir, &name, &bad) : err_key(&bad, ERR_TAMPERED, "file.tampered", "", hex.p, NULL);
        if (r == ERR_TAMPERED && (kept || strcmp(bad.key, "file.lost") != 0)) {
                bad.code = r;
                to->found(to->ctx, &bad);
        }
        return r < 0 && r != ERR_TAMPERED && r != ERR_ABSENT ? err_set(e, r, "%s", bad.text) : ERR_OK;
}

static int (*const stages[SCRUB_END])(struct scrub *s, struct db *db, const char *dir, const struct inspect *to, struct err *e) = {
        [SCRUB_JOURNAL] = some_lines, [SCRUB_REGISTERS] = some_rows, [SCRUB_LOCAL] = some_local, [SCRUB_KEYS] = all_keys, [SCRUB_FILES] = one_file,
};

/* A place of another version, with more tables or stages, begins anew. */
static bool has_place(const struct scrub *s)
{
        return s->stage >= 0 && s->stage < SCRUB_END && s->part >= 0 && (s->stage != SCRUB_REGISTERS || s->part < TABLE_COUNT) &&
               (s->stage != SCRUB_LOCAL || s->part < (int64_t)inspect_local_tables());
}

int scrub_some(struct scrub *s, struct db *db, const char *office_dir, const struct inspect *to, struct err *e)
{
        if (s->stage == SCRUB_END)
                return ERR_OK;
        if (!has_place(s))
                scrub_begin(s, s->began_at);
        return stages[s->stage](s, db, office_dir, to, e);
}
