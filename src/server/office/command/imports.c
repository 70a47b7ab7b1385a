/* imports.c - see imports.h. */
#include "server/office/command/imports.h"

#include "base/codec.h"
#include "core/register/posting.h"
#include "server/office/command/registers.h"
#include "server/office/store/query.h"
#include "sys/entropy.h"

enum { ROWS_MAX = 30000, IDS_A_LINE = 3 };

/* ---- what the plan looks at ---- */

static int rows_of(struct import_rows *out, enum table t, struct db *db, struct arena *a, struct err *e)
{
        struct row *rows = NULL;
        int r = store_rows_all(&rows, &out->n, db, t, ROWS_MAX, a, e);

        out->rows = rows;
        return r;
}

/* Only those that hang on the row that was said: a sheet of one service names no row of another. */
static void only_of(struct import_rows *rows, const struct register_info *reg, struct str of)
{
        struct row *all = (struct row *)(uintptr_t)rows->rows;
        size_t n = 0;

        for (size_t i = 0; i < rows->n; i++)
                if (str_eq(row_get_text(&all[i], reg->of_col), of)) {
                        if (n != i)
                                all[n] = all[i];
                        n++;
                }
        rows->n = n;
}

static int gather(struct import_in *in, const struct import_ask *ask, struct db *db, struct arena *a, struct err *e)
{
        int r = rows_of(&in->people, TABLE_PERSON, db, a, e);

        if (r == ERR_OK)
                r = rows_of(&in->sections, TABLE_SECTION, db, a, e);
        if (r == ERR_OK)
                r = rows_of(&in->providers, TABLE_PROVIDER, db, a, e);
        if (r == ERR_OK && ask->reg->table == TABLE_PERSON)
                r = rows_of(&in->postings, TABLE_POSTING, db, a, e);
        if (r == ERR_OK && ask->reg->table == TABLE_PERSON)
                r = rows_of(&in->holders, TABLE_HOLDER, db, a, e);
        if (r < 0)
                return r;
        switch (ask->reg->table) {
        case TABLE_PERSON:
                in->rows = in->people;
                break;
        case TABLE_SECTION:
                in->rows = in->sections;
                break;
        case TABLE_PROVIDER:
                in->rows = in->providers;
                break;
        default:
                r = rows_of(&in->rows, ask->reg->table, db, a, e);
                break;
        }
        if (r == ERR_OK && ask->of.n)
                only_of(&in->rows, ask->reg, ask->of);
        return r;
}

static int fresh_ids(struct import_in *in, utime_t now, struct arena *a, struct err *e)
{
        size_t n = IDS_A_LINE * (in->sheet->rows_count + 1) + in->people.n;
        struct uuid *ids = in->sheet->rows_count < IMPORT_LINES_MAX ? arena_array(a, n, sizeof(*ids)) : NULL;

        in->ids = ids;
        in->ids_count = n;
        if (!ids)      /* too many lines: the plan says so before it needs any */
                return in->sheet->rows_count < IMPORT_LINES_MAX ? err_set(e, ERR_NOMEM, "import: ids") : ERR_OK;
        for (size_t i = 0; i < n; i++)
                ids[i] = entropy_uuid(now);
        return ERR_OK;
}

/* ---- who may ---- */

static int may_write(const struct import_ask *ask, const struct actor *who, struct db *db, struct arena *a, struct err *e)
{
        const struct register_info *over = ask->reg->of ? register_find(str_of(ask->reg->of)) : NULL;
        bool manages = false;
        struct row parent;
        char *of;
        int r = ERR_OK;

        if (ask->of.n && !over)
                return err_key(e, ERR_INPUT, "record.of.none", "of", NULL);
        if (ask->of.n) {
                of = arena_copy(a, ask->of.p, ask->of.n);
                r = of ? store_row(&parent, db, over->table, of, NULL, a, e) : err_set(e, ERR_NOMEM, "import");
                if (r == ERR_OK && !parent.rev)
                        r = err_key(e, ERR_ABSENT, "record.absent", "of", NULL);
                if (r == ERR_OK)
                        r = query_looks_after(&manages, db, over, of, who->person, e);
        }
        if (r < 0)
                return r;
        return access_writes(ask->reg, who, manages) ? ERR_OK : err_key(e, ERR_FORBIDDEN, "record.change.role", "", NULL);
}

int import_prepare(struct import_plan *out, struct hash *digest, const struct import_ask *ask, const struct actor *who, struct office *o, struct db *db, utime_t now,
                   struct arena *a, struct err *e)
{
        struct records *names = arena_new(a, struct records);
        struct import_in in = { .reg = ask->reg, .sheet = ask->sheet, .mapping = ask->mapping, .header = ask->header, .now = now, .apply_by = ask->apply_by,
                                .effective = ask->effective, .whole = ask->whole, .percent = o->pack->settings.personnel_percent, .accepted = ask->reason.n > 0,
                                .of = ask->of.n ? arena_copy(a, ask->of.p, ask->of.n) : NULL };
        int r = names ? may_write(ask, who, db, a, e) : err_set(e, ERR_NOMEM, "import");

        if (r == ERR_OK)
                r = records_init(names, o->pack, ask->lang, db, a, e);
        if (r == ERR_OK)
                r = gather(&in, ask, db, a, e);
        if (r == ERR_OK)
                r = fresh_ids(&in, now, a, e);
        if (r < 0)
                return r;
        in.env = &names->env;
        r = import_plan(out, &in, e);
        return r == ERR_OK ? import_digest(digest, out, &in, e) : r;
}

/* ---- the act ---- */

static int refuse_unclean(const struct import_plan *p, uint32_t limit, struct err *e)
{
        char n[24], most[24];

        (void)snprintf(n, sizeof(n), "%zu", p->mistakes_total);
        if (p->mistakes_total)
                return err_key(e, ERR_RULE, "import.mistakes", "", n, (char *)NULL);
        (void)snprintf(n, sizeof(n), "%u", p->percent_changed);
        (void)snprintf(most, sizeof(most), "%u", limit);
        if (p->stopped)
                return err_key(e, ERR_RULE, "import.stopped", "reason", n, most, (char *)NULL);
        return p->entries_n ? ERR_OK : err_key(e, ERR_INPUT, "import.none", "", (char *)NULL);
}

/* One row (and what hangs on it) is one entry. */
static int append_entry(struct act *act, const struct import_ask *ask, const struct import_plan *p, const struct import_entry *n, struct receipt *receipt, struct err *e)
{
        scoped(arena_done) struct arena scratch = ARENA_INIT;
        char type[64];
        struct row before;
        struct changes c;
        bool service = n->reg->table == TABLE_SERVICE;
        int r = ERR_OK;

        (void)snprintf(type, sizeof(type), "%s.%s", n->reg->id, n->verb);
        changes_init(&c, &scratch, type, p->rows[n->first].id);
        c.actor = ask->person;
        for (size_t i = n->first; r == ERR_OK && i < n->first + n->n; i++) {
                struct row row = p->rows[i];

                if (service && row.rev && ask->reason.n)
                        row_personal(&row, SERVICE_reason, ask->reason);
                r = changes_add(&c, &row, e);
        }
        if (r == ERR_OK && service && c.rows[0].rev > 1) {
                r = store_row(&before, act->db, TABLE_SERVICE, c.rows[0].id, NULL, act->arena, e);
                if (r == ERR_OK)
                        r = registers_tell_named(act, &before, &c.rows[0], e);
        }
        return r == ERR_OK ? act_append(receipt, act, &c, e) : r;
}

/* Who brought what in, with which counts, and why in spite of them. */
static int append_whole(struct act *act, struct act_import *in, const struct import_plan *p, struct err *e)
{
        const struct import_counts *n = &p->counts;
        const struct { int col; size_t n; } counts[] = {
                { IMPORT_lines, n->lines },     { IMPORT_fresh, n->fresh },     { IMPORT_changed, n->changed },       { IMPORT_same, n->same },
                { IMPORT_moved, n->moved },     { IMPORT_leaving, n->leaving }, { IMPORT_unreadable, n->unreadable }, { IMPORT_percent, p->percent_changed },
        };
        struct row row = row_new(TABLE_IMPORT, entropy_uuid(act->now), NULL);
        char digest[2 * HASH_SIZE + 1];
        struct changes c;
        int r;

        hex_text(digest, in->shown.b, HASH_SIZE);
        row_text(&row, IMPORT_register, str_of(in->ask.reg->id));
        row_text(&row, IMPORT_person, str_of(in->ask.person));
        row_text(&row, IMPORT_digest, str_of(digest));
        row_int(&row, IMPORT_at, act->now);
        if (in->ask.effective)
                row_int(&row, IMPORT_effective_at, in->ask.effective);
        if (in->ask.reason.n)
                row_personal(&row, IMPORT_reason, in->ask.reason);
        for (size_t i = 0; i < countof(counts); i++)
                row_int(&row, counts[i].col, (int64_t)counts[i].n);
        changes_init(&c, act->arena, "import.done", row.id);
        c.actor = in->ask.person;
        r = changes_add(&c, &row, e);
        return r == ERR_OK ? act_append(&in->receipt, act, &c, e) : r;
}

/* What changes of a service in use is somebody's decision, and says why (change.h). */
static int check_reason(const struct import_ask *ask, const struct import_plan *p, struct err *e)
{
        for (size_t i = 0; ask->reg->table == TABLE_SERVICE && !ask->reason.n && i < p->entries_n; i++)
                if (strcmp(p->entries[i].verb, "changed") == 0)
                        return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        return ERR_OK;
}

int act_import(struct act *act, void *arg, struct err *e)
{
        struct act_import *in = arg;
        struct import_plan *p = arena_new(act->arena, struct import_plan);
        struct receipt receipt;
        struct actor who;
        struct hash digest;
        int r = p ? query_actor(&who, act->db, in->ask.person, act->now, act->arena, e) : err_set(e, ERR_NOMEM, "import");

        if (r == ERR_ABSENT)
                return err_key(e, ERR_UNKNOWN, "session.none", "", NULL);
        if (r == ERR_OK)
                r = import_prepare(p, &digest, &in->ask, &who, act->office, act->db, act->now, act->arena, e);
        if (r == ERR_OK)
                r = refuse_unclean(p, act->office->pack->settings.personnel_percent, e);
        if (r == ERR_OK && !hash_eq(&digest, &in->shown))
                r = err_key(e, ERR_CONFLICT, "import.moved", "", NULL);
        if (r == ERR_OK)
                r = check_reason(&in->ask, p, e);
        for (size_t i = 0; r == ERR_OK && i < p->entries_n; i++)
                r = append_entry(act, &in->ask, p, &p->entries[i], &receipt, e);
        if (r == ERR_OK)
                r = append_whole(act, in, p, e);
        if (r < 0)
                return r;
        in->entries = p->entries_n + 1;
        in->counts = p->counts;
        in->skipped = p->skipped_n;
        return ERR_OK;
}

/* ---- postings come to their day ---- */

int postings_are_due(bool *due, struct db *db, utime_t now, struct arena *a, struct err *e)
{
        struct str *people = NULL;
        size_t n = 0;
        int r = query_postings_due(&people, &n, db, now, a, e);

        *due = n > 0;
        return r;
}

static int tick_person(struct act *act, const char *id, struct err *e)
{
        struct row person, *postings = NULL;
        struct receipt receipt;
        struct changes c;
        size_t n = 0;
        int r = store_row(&person, act->db, TABLE_PERSON, id, NULL, act->arena, e);

        if (r == ERR_OK)
                r = query_rows(&postings, &n, act->db, POSTINGS_OF, str_of(id), act->arena, e);
        if (r < 0 || !person.rev)
                return r;
        changes_init(&c, act->arena, "person.moved", id);
        r = posting_tick(&c, &person, postings, n, act->now, e);
        return r == ERR_OK && c.rows_count ? act_append(&receipt, act, &c, e) : r;
}

int act_postings(struct act *act, void *arg, struct err *e)
{
        struct str *people = NULL;
        size_t n = 0;
        int r = query_postings_due(&people, &n, act->db, act->now, act->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = tick_person(act, people[i].p, e);
        return r;
}
