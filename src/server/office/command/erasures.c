/* erasures.c - see erasures.h. */
#include "server/office/command/erasures.h"

#include "base/codec.h"
#include "core/calendar/calendar.h"
#include "server/office/command/notice.h"
#include "server/office/evidence/desk.h"
#include "server/office/seal.h"
#include "server/office/store/erase.h"
#include "server/office/store/files.h"
#include "server/office/store/migrate.h"
#include "server/office/store/query.h"
#include "server/office/store/search.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/log.h"

enum { UNITS_MAX = 1000, RENEWED_AT_ONCE = 100, SEAL_S = 10, RETRY_S = 5 };

/* ---- what is there ---- */

struct gather { struct erasable *list; size_t n; };

static int gather_unit(void *ctx, const struct unit_row *row, struct err *e)
{
        struct gather *g = ctx;
        struct erasable u = { .name = "" };

        if (!row->has_key || strlen(row->unit) >= sizeof(u.name) || !unit_parse(&u.unit, str_of(row->unit), row->made_at))
                return ERR_OK;
        if (g->n == UNITS_MAX)
                return err_set(e, ERR_TOO_BIG, "more than %d retention units", UNITS_MAX);
        memcpy(u.name, row->unit, strlen(row->unit) + 1);
        g->list[g->n++] = u;
        return ERR_OK;
}

static int is_proposed(bool *is, struct db *db, const char *unit, struct arena *a, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, db, ERASURES_OPEN, STR(""), a, e);

        *is = false;
        for (size_t i = 0; i < n; i++)
                *is |= strcmp(rows[i].k, unit) == 0;
        return r;
}

int erasures_units(struct erasable **out, size_t *n, struct office *o, struct db *db, bool due, utime_t now, struct arena *a, struct err *e)
{
        struct gather g = { .list = arena_array(a, UNITS_MAX, sizeof(*g.list)) };
        size_t kept = 0;
        int r = g.list ? db_units_each(db, gather_unit, &g, e) : err_set(e, ERR_NOMEM, "units");

        for (size_t i = 0; r == ERR_OK && i < g.n; i++) {
                struct erasable u = g.list[i];

                u.years = unit_years(o->pack, &u.unit);
                u.due = unit_due(o->pack, &u.unit);
                if (due && u.due > now)
                        continue;
                r = erase_texts(&u.texts, db, u.name, e);
                if (r == ERR_OK && due)
                        r = store_files_of_unit(&u.files, o->store_dir, u.name, false, e);
                if (r == ERR_OK)
                        r = is_proposed(&u.proposed, db, u.name, a, e);
                g.list[kept++] = u;
        }
        if (r < 0)
                return r;
        *out = g.list;
        *n = kept;
        return ERR_OK;
}

/* ---- two people ---- */

static int who_is(struct actor *who, struct act *act, const char *person, struct err *e)
{
        int r = query_actor(who, act->db, person, act->now, act->arena, e);

        return r == ERR_ABSENT ? err_key(e, ERR_UNKNOWN, "session.none", "", NULL) : r;
}

static int pick(struct erasable *out, const struct erasable *units, size_t n, struct str name, struct err *e)
{
        for (size_t i = 0; i < n; i++)
                if (str_is(name, units[i].name)) {
                        *out = units[i];
                        return ERR_OK;
                }
        return err_key(e, ERR_INPUT, "erase.unit.absent", "units", name.p, NULL);
}

/* Who may confirm, but for who asked. */
static int tell_asked(struct act *act, const char *asked_by, size_t units, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        struct person_line *people = NULL;
        size_t n = 0;
        char count[24];
        int r = query_holders(&people, &n, act->db, act->office->pack->settings.records_role, STR(""), act->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (!str_is(people[i].id, asked_by))
                        notice_to_person(&to, people[i].id);
        (void)snprintf(count, sizeof(count), "%zu", units);
        return r < 0 ? r : notice_put(act, &(struct notice){ .key = "notice.erasure-asked", .args = { { .text = str_of(count) } }, .page = "erasures" }, &to, e);
}

int act_ask_erasure(struct act *act, void *arg, struct err *e)
{
        struct act_erasure_ask *in = arg;
        struct erasable *all = NULL, *picked = arena_array(act->arena, ERASURE_UNITS_MAX, sizeof(*picked));
        struct uuid id = entropy_uuid(act->now);
        struct erasure_scene s = { .pack = act->office->pack, .now = act->now };
        struct actor who;
        struct changes c;
        size_t n = 0;
        int r = picked ? who_is(&who, act, in->person, e) : err_set(e, ERR_NOMEM, "units");

        s.who = &who;
        if (r == ERR_OK && !erasure_may_ask(s.pack, s.who))
                r = err_key(e, ERR_FORBIDDEN, "erase.role.ask", "", NULL);
        if (r == ERR_OK && in->units_count > ERASURE_UNITS_MAX)
                r = err_key(e, ERR_INPUT, "erase.units", "units", NULL);
        if (r == ERR_OK)
                r = erasures_units(&all, &n, act->office, act->db, false, act->now, act->arena, e);
        for (size_t i = 0; r == ERR_OK && i < in->units_count; i++) {
                r = pick(&picked[i], all, n, in->units[i], e);
                if (r == ERR_OK)
                        r = store_files_of_unit(&picked[i].files, act->office->store_dir, picked[i].name, false, e);
        }
        if (r < 0)
                return r;
        uuid_text(in->id, id);
        changes_init(&c, act->arena, "erasure.asked", in->id);
        r = erasure_ask(&c, &s, id, picked, in->units_count, in->reason, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        return r < 0 ? r : tell_asked(act, in->person, in->units_count, e);
}

static int rows_of(struct row **rows, size_t *n, struct act *act, struct str id, struct err *e)
{
        struct uuid uuid;

        *n = 0;
        return uuid_parse(id, &uuid) ? query_rows(rows, n, act->db, ERASURES_OF, id, act->arena, e) : ERR_OK;
}

static int decide(struct act *act, struct act_erasure *in, bool confirm, struct err *e)
{
        struct erasure_scene s = { .pack = act->office->pack, .now = act->now };
        struct row *rows = NULL;
        struct actor who;
        struct changes c;
        size_t n = 0;
        int r = who_is(&who, act, in->person, e);

        s.who = &who;
        if (r == ERR_OK)
                r = rows_of(&rows, &n, act, in->id, e);
        if (r < 0)
                return r;
        changes_init(&c, act->arena, confirm ? "erasure.confirmed" : "erasure.refused", n ? rows[0].id : NULL);
        r = confirm ? erasure_confirm(&c, &s, rows, n, e) : erasure_refuse(&c, &s, rows, n, in->reason, e);
        return r < 0 ? r : act_append(&in->receipt, act, &c, e);
}

int act_confirm_erasure(struct act *act, void *arg, struct err *e) { return decide(act, arg, true, e); }
int act_refuse_erasure(struct act *act, void *arg, struct err *e)  { return decide(act, arg, false, e); }

/* ---- what is in use is written anew ---- */

/* Where a walk over all rows of a unit stands. */
struct renewal { const char *unit; enum table table; char id[UUID_TEXT], k[ROW_KEY_MAX]; bool done; uint64_t renewed; };

/* The content of an attachment that stays, sealed under this year's unit: another year's key will open it. ERR_ABSENT: nothing opens it any more. */
static int renew_file(struct act *act, const struct row *attachment, const char *unit, struct err *e)
{
        scoped(store_file_close) struct stored_file *f = NULL;
        scoped(buf_done) struct buf content = BUF_INIT;
        char fresh[UNIT_NAME];
        struct hash name;
        struct str piece;
        uint8_t key[32];
        int r = hex_decode(row_get_text(attachment, ATTACHMENT_hash), name.b, HASH_SIZE) ? ERR_OK : err_set(e, ERR_TAMPERED, "attachment %s", attachment->id);

        if (r == ERR_OK)
                r = store_file_open(&f, act->db, act->office->store_dir, &name, e);
        if (r == ERR_OK && strcmp(store_file_unit(f), unit) != 0)
                return ERR_OK;         /* another unit keeps it */
        while (r == ERR_OK && (r = store_file_read(&piece, f, e)) == ERR_OK && piece.n)
                buf_str(&content, piece);
        if (r == ERR_OK && buf_bad(&content))
                r = err_set(e, ERR_NOMEM, "attachment");
        retention_unit(fresh, RETENTION_FILES, act->now);
        if (r == ERR_OK)
                r = db_unit_key(act->db, fresh, true, act->now, key, e);
        return r < 0 ? r : store_file_put(act->db, act->office->store_dir, fresh, &name, buf_view(&content), e);
}

/* Its texts under the unit forget their commitment: the entry seals them anew. */
static int renew_row(struct changes *c, struct act *act, struct row *row, const char *unit, struct err *e)
{
        const struct table_info *info = &table_infos[row->table];
        int r = row->table == TABLE_ATTACHMENT && row_is(row, ATTACHMENT_state, "kept") ? renew_file(act, row, unit, e) : ERR_OK;

        if (r == ERR_ABSENT)
                return ERR_OK;         /* after a restore: its content is gone, so its name goes, too */
        for (size_t i = 0; r == ERR_OK && i < info->cols_count; i++) {
                bool under = false;

                if (!row->v[i].committed || row->v[i].kind != VALUE_TEXT)
                        continue;
                r = erase_is_under(&under, act->db, &row->v[i].commit, unit, e);
                if (under)
                        row->v[i].committed = false;
        }
        return r < 0 ? r : changes_mark(c, row, e);
}

static void next_table(struct renewal *w)
{
        w->id[0] = w->k[0] = 0;
        if (w->table + 1 == TABLE_COUNT)
                w->done = true;
        else
                w->table = (enum table)(w->table + 1);
}

/* One table's next rows; an entry when some of them are in use. */
static int act_renew(struct act *act, void *arg, struct err *e)
{
        struct renewal *w = arg, at = *w;
        struct row *rows = NULL;
        struct receipt receipt;
        struct changes c;
        size_t n = 0;
        int r = erase_rows(&rows, &n, act->db, at.table, at.unit, at.id, at.k, RENEWED_AT_ONCE, act->arena, e);

        changes_init(&c, act->arena, "unit.renewed", NULL);
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                bool used = false;

                memcpy(at.id, rows[i].id, sizeof(at.id));
                memcpy(at.k, rows[i].k, sizeof(at.k));
                r = erase_in_use(&used, act->db, &rows[i], act->arena, e);
                if (r == ERR_OK && used)
                        r = renew_row(&c, act, &rows[i], at.unit, e);
        }
        if (r == ERR_OK && c.rows_count) {
                changes_note(&c, "unit", str_of(at.unit));
                (void)snprintf(c.ref, sizeof(c.ref), "%s", act->office->install_text);
                r = act_append(&receipt, act, &c, e);
        }
        if (r < 0)
                return r;
        at.renewed += c.rows_count;
        if (n < RENEWED_AT_ONCE)
                next_table(&at);
        *w = at;
        return ERR_OK;
}

/* ---- erase ---- */

struct erasing { const char *unit, *id, *by; uint64_t renewed; };       /* id NULL: after a restore, nobody proposes it again */

static void digest_of(char hex[2 * HASH_SIZE + 1], const char *unit)
{
        scoped(buf_done) struct buf fixed = BUF_INIT;
        struct hash h;

        tombstone_fixed_encode(&fixed, unit);
        h = hash_bytes(buf_view(&fixed));
        hex_text(hex, h.b, HASH_SIZE);
}

static int erasure_row(struct row *row, struct act *act, const struct erasing *in, struct err *e)
{
        if (in->id)
                return store_row(row, act->db, TABLE_ERASURE, in->id, in->unit, act->arena, e);
        *row = row_new(TABLE_ERASURE, entropy_uuid(act->now), in->unit);
        return ERR_OK;
}

static int act_erase(struct act *act, void *arg, struct err *e)
{
        const struct erasing *in = arg;
        char hex[2 * HASH_SIZE + 1];
        struct receipt receipt;
        struct changes c;
        struct row row;
        struct unit u;
        uint64_t n = 0;
        int r = erasure_row(&row, act, in, e);

        if (r == ERR_OK && in->id && !row_is(&row, ERASURE_state, "confirmed"))
                return ERR_OK;         /* done meanwhile */
        if (r == ERR_OK)
                r = erase_texts(&n, act->db, in->unit, e);
        row_int(&row, ERASURE_texts, (int64_t)n);
        if (r == ERR_OK)
                r = store_files_of_unit(&n, act->office->store_dir, in->unit, false, e);
        if (r < 0)
                return r;
        row_int(&row, ERASURE_files, (int64_t)n);
        row_int(&row, ERASURE_renewed, (int64_t)in->renewed);
        digest_of(hex, in->unit);
        changes_init(&c, act->arena, "unit.erased", row.id);
        c.actor = in->by;
        r = erasure_done(&c, &row, in->unit, str_of(hex), act->now, e);
        if (r == ERR_OK)
                r = act_append(&receipt, act, &c, e);
        (void)unit_parse(&u, str_of(in->unit), act->now);
        return r < 0 ? r : erase_clear(act->db, in->unit, calendar_fiscal_start(u.year + 1), !in->id, e);
}

/* What the transaction could not take with it: files, what the index still holds of deleted lines, the copy of before an upgrade,
 * evidence packs that wait to be fetched. */
static int act_erase_rest(struct act *act, void *arg, struct err *e)
{
        uint64_t n = 0;
        int r = store_files_of_unit(&n, act->office->store_dir, arg, true, e);

        if (r == ERR_OK)
                r = store_migrate_forget(act->office->store_dir, e);
        if (r == ERR_OK)
                desk_sweep(act->office);
        return r < 0 ? r : search_forget(act->db, e);
}

static int renew_and_erase(struct office *o, struct erasing *in, struct err *e)
{
        struct renewal w = { .unit = in->unit };
        int r = ERR_OK;

        while (r == ERR_OK && !w.done)
                r = writer_run(o->writer, act_renew, &w, e);
        in->renewed = w.renewed;
        return r < 0 ? r : writer_run(o->writer, act_erase, in, e);
}

/* ---- finish ---- */

static int remember(struct office *o, const char *unit, uint64_t entry, struct err *e)
{
        int r;

        if (!o->sealer)
                return ERR_OK;
        r = sealer_wait(o->sealer, entry, clock_boot() + SEAL_S * UTIME_S, e);
        return r < 0 ? r : sealer_tombstone(o->sealer, entry, unit, e);
}

/* From whichever point it came to: the key is the last to go. */
static int finish(struct office *o, struct db *own, const char *unit, utime_t now, struct err *e)
{
        char name[UNIT_NAME];
        uint64_t entry = 0;
        int r = erase_entry(&entry, own, unit, e);

        if (r == ERR_ABSENT)
                return ERR_OK;
        (void)snprintf(name, sizeof(name), "%s", unit);
        if (r == ERR_OK)
                r = remember(o, unit, entry, e);
        if (r == ERR_OK)
                r = writer_run(o->writer, act_erase_rest, name, e);
        if (r == ERR_OK)
                r = db_unit_destroy(own, unit, now, (int64_t)entry, e);
        if (r == ERR_OK)
                log_say(LOG_NOTICE, "unit %s is erased: entry %llu", unit, (unsigned long long)entry);
        return r;
}

static int finish_all(struct erasure_watch *w, struct office *o, utime_t now, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(db_close) struct db *own = NULL;
        struct erasable *units = NULL;
        size_t n = 0;
        int r = db_open(&own, o->store_dir, DB_WRITE, e);

        if (r == ERR_OK)
                r = erasures_units(&units, &n, o, own, false, now, &a, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = finish(o, own, units[i].name, now, e);
        if (r == ERR_OK)
                r = db_truncate_logs(own, e);
        if (r == ERR_OK) {
                w->looked = true;
                w->more = false;
        }
        return r;
}

int erasures_run(struct erasure_watch *w, struct office *o, struct db *reader, utime_t now, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct row *rows = NULL;
        size_t n = 0;
        int r;

        if (clock_boot() < w->retry_boot)
                return ERR_OK;
        r = query_rows(&rows, &n, reader, ERASURES_OPEN, STR(""), &a, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                struct str by = row_get_text(&rows[i], ERASURE_decided_by);
                struct erasing in = { .unit = rows[i].k, .id = rows[i].id, .by = by.p };

                if (!row_is(&rows[i], ERASURE_state, "confirmed"))
                        continue;
                w->more = true;
                r = renew_and_erase(o, &in, e);
        }
        if (r == ERR_OK && (w->more || !w->looked))
                r = finish_all(w, o, now, e);
        if (r < 0)
                w->retry_boot = clock_boot() + RETRY_S * UTIME_S;
        return r;
}

/* ---- after a restore ---- */

static int again_unit(struct db *db, const char *store_dir, const struct tombstone *t, const char *by, utime_t now, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct office *o = arena_new(&a, struct office);
        struct act act = { .office = o, .db = db, .arena = &a, .now = now };
        struct renewal w = { .unit = t->unit };
        struct erasing in = { .unit = t->unit, .by = by };
        struct row install;
        uint64_t entry = 0;
        char name[UNIT_NAME];
        int r = o ? db_begin(db, e) : err_set(e, ERR_NOMEM, "erasure");

        if (r < 0)
                return r;
        (void)snprintf(o->store_dir, sizeof(o->store_dir), "%s", store_dir);
        r = query_install(&install, db, &a, e);
        if (r == ERR_OK)
                (void)snprintf(o->install_text, sizeof(o->install_text), "%s", install.id);
        while (r == ERR_OK && !w.done)
                r = act_renew(&act, &w, e);
        in.renewed = w.renewed;
        if (r == ERR_OK)
                r = act_erase(&act, &in, e);
        if (r == ERR_OK)
                r = erase_entry(&entry, db, t->unit, e);
        if (r == ERR_OK)
                r = db_commit(db, e);
        if (r < 0) {
                db_rollback(db);
                return r;
        }
        (void)snprintf(name, sizeof(name), "%s", t->unit);
        r = act_erase_rest(&act, name, e);
        return r < 0 ? r : db_unit_destroy(db, t->unit, now, (int64_t)entry, e);
}

int erasures_again(size_t *again, struct db *db, const char *store_dir, const struct tombstone *list, size_t n, const char *by, utime_t now, struct err *e)
{
        int r = ERR_OK;

        *again = 0;
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                uint64_t texts = 0, files = 0;
                uint8_t key[32];
                int has = db_unit_key(db, list[i].unit, false, 0, key, e);

                if (has < 0 && has != ERR_ABSENT)
                        return has;
                r = erase_texts(&texts, db, list[i].unit, e);
                if (r == ERR_OK)
                        r = store_files_of_unit(&files, store_dir, list[i].unit, false, e);
                if (r < 0 || (has == ERR_ABSENT && !texts && !files))
                        continue;
                r = again_unit(db, store_dir, &list[i], by, now, e);
                *again += r == ERR_OK;
        }
        return r < 0 ? r : db_truncate_logs(db, e);
}
