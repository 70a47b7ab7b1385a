/* query.c - see query.h. */
#include "server/office/store/query.h"

#include <assert.h>

#include "server/office/store/stmt.h"

enum { LIST_FIRST = 64, LIST_MAX = 1000000 };

static_assert((int)SQL_APPS_WAITING - (int)SQL_APPS_ALL == (int)APPS_WAITING && (int)SQL_COUNT_WAITING - (int)SQL_COUNT_ALL == (int)APPS_WAITING,
              "generated statements stand in the order of enum app_list");

/* An array in the arena that doubles; old halves stay until the arena goes. */
struct list { void *items; size_t n, room, size; struct arena *a; };

static void *list_add(struct list *l, struct err *e)
{
        if (l->n == l->room) {
                size_t room = l->room ? l->room * 2 : LIST_FIRST;
                void *items = room > LIST_MAX ? NULL : arena_array(l->a, room, l->size);

                if (!items) {
                        (void)err_set(e, ERR_NOMEM, "list of %zu", room);
                        return NULL;
                }
                if (l->n)
                        memcpy(items, l->items, l->n * l->size);
                l->items = items;
                l->room = room;
        }
        return (char *)l->items + l->n++ * l->size;
}

static int ids_of(struct str **ids, size_t *n, struct stmt *s, struct arena *a, struct err *e)
{
        struct list l = { .size = sizeof(struct str), .a = a };
        int r;

        while ((r = stmt_row(s, e)) == 1) {
                struct str *at = list_add(&l, e);

                r = at ? col_text(at, s, 0, a, e) : ERR_NOMEM;
                if (r < 0)
                        break;
        }
        stmt_end(s);
        if (r < 0)
                return r;
        *ids = l.items;
        *n = l.n;
        return ERR_OK;
}

int query_install(struct row *out, struct db *db, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_ALL_INSTALL);
        struct str *ids = NULL;
        size_t n = 0;
        int r = ids_of(&ids, &n, &s, a, e);

        if (r < 0)
                return r;
        return n == 1 ? store_row(out, db, TABLE_INSTALL, ids[0].p, NULL, a, e) : err_set(e, ERR_ABSENT, "%zu install rows", n);
}

/* Whose place `who` may take now: one line a role. */
static int read_principals(struct actor *who, struct db *db, utime_t now, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_DEPUTISED);
        struct list l = { .size = sizeof(struct principal), .a = a };
        int r;

        bind_text(&s, str_of(who->person));
        bind_int(&s, now);
        while ((r = stmt_row(&s, e)) == 1) {
                struct principal *p = list_add(&l, e);
                struct str id, role;

                r = p ? col_text(&id, &s, 0, a, e) : ERR_NOMEM;
                if (r == ERR_OK)
                        r = col_text(&p->section, &s, 1, a, e);
                if (r == ERR_OK)
                        r = col_text(&role, &s, 2, a, e);
                if (r < 0)
                        break;
                p->person = id.p;
                p->role = role.p;
        }
        stmt_end(&s);
        who->deputises = l.items;
        who->deputises_count = l.n;
        return r;
}

int query_actor(struct actor *out, struct db *db, const char *person, utime_t now, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_ROLES_OF);
        struct actor who = { .person = arena_text(a, person) };
        struct str *roles = NULL;
        size_t n = 0;
        struct row row;
        int r = store_row(&row, db, TABLE_PERSON, person, NULL, a, e);

        if (r < 0)
                return r;
        if (!row.rev || !row_is(&row, PERSON_state, "active") || !who.person)
                return err_set(e, ERR_ABSENT, "no active person %s", person);
        who.section = row_get_text(&row, PERSON_section);
        bind_text(&s, str_of(person));
        bind_int(&s, now);
        r = ids_of(&roles, &n, &s, a, e);
        if (r == ERR_OK)
                r = read_principals(&who, db, now, a, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < n && i < PERMIT_ROLES_MAX; i++)
                who.roles[who.roles_count++] = roles[i].p;
        *out = who;
        return ERR_OK;
}

static int read_people(struct person_line **out, size_t *n, struct stmt *s, struct arena *a, struct err *e)
{
        struct list l = { .size = sizeof(struct person_line), .a = a };
        int r;

        while ((r = stmt_row(s, e)) == 1) {
                struct person_line *p = list_add(&l, e);

                r = p ? col_text(&p->id, s, 0, a, e) : ERR_NOMEM;
                if (r == ERR_OK)
                        r = col_text(&p->name, s, 1, a, e);
                if (r == ERR_OK)
                        r = col_text(&p->section, s, 2, a, e);
                if (r < 0)
                        break;
        }
        stmt_end(s);
        if (r < 0)
                return r;
        *out = l.items;
        *n = l.n;
        return ERR_OK;
}

int query_holders(struct person_line **out, size_t *n, struct db *db, const char *role, struct str section, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_HOLDERS_OF);

        bind_text(&s, str_of(role));
        bind_text(&s, section);
        return read_people(out, n, &s, a, e);
}

int query_people(struct person_line **out, size_t *n, struct db *db, struct str role, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, role.n ? SQL_PEOPLE_OF_ROLE : SQL_PEOPLE);

        if (role.n)
                bind_text(&s, role);
        return read_people(out, n, &s, a, e);
}

static int read_app(struct app_line *l, struct stmt *s, struct arena *a, struct err *e)
{
        static const struct { int col; size_t at; } texts[] = {
                { 0, offsetof(struct app_line, id) },             { 1, offsetof(struct app_line, number) },
                { 2, offsetof(struct app_line, form) },           { 3, offsetof(struct app_line, state) },
                { 6, offsetof(struct app_line, applicant_name) }, { 7, offsetof(struct app_line, permit_state) },
                { 10, offsetof(struct app_line, applicant) },     { 11, offsetof(struct app_line, section) },
                { 12, offsetof(struct app_line, device) },
        };

        l->rev = col_int(s, 4);
        l->submitted_at = col_int(s, 5);
        l->until_at = col_int(s, 8);
        l->enforced_at = col_int(s, 9);
        for (size_t i = 0; i < countof(texts); i++) {
                int r = col_text((struct str *)(void *)((char *)l + texts[i].at), s, texts[i].col, a, e);

                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static struct stmt app_stmt(struct db *db, enum sql first, const struct app_filter *f)
{
        struct stmt s = stmt_of(db, (enum sql)((int)first + (int)f->list));
        const struct str roles[] = { f->anywhere, f->in_section, f->of_service };

        bind_text(&s, f->person);
        bind_text(&s, f->section);
        for (size_t i = 0; i < countof(roles); i++)
                bind_text(&s, roles[i].n ? roles[i] : STR("[]"));
        bind_int(&s, f->before_at);
        bind_text(&s, f->before_id);
        bind_int(&s, (int64_t)f->limit);
        bind_text(&s, f->states);
        return s;
}

int query_applications(struct app_line **out, size_t *n, struct db *db, const struct app_filter *f, struct arena *a, struct err *e)
{
        struct stmt s = app_stmt(db, SQL_APPS_ALL, f);
        struct list l = { .size = sizeof(struct app_line), .a = a };
        int r;

        while ((r = stmt_row(&s, e)) == 1) {
                struct app_line *line = list_add(&l, e);

                r = line ? read_app(line, &s, a, e) : ERR_NOMEM;
                if (r < 0)
                        break;
        }
        stmt_end(&s);
        if (r < 0)
                return r;
        *out = l.items;
        *n = l.n;
        return ERR_OK;
}

static int read_count(uint64_t *total, struct stmt *s, struct err *e)
{
        int r = stmt_row(s, e);

        if (r == 1)
                *total = (uint64_t)col_int(s, 0);
        stmt_end(s);
        return r < 0 ? r : ERR_OK;
}

int query_applications_count(uint64_t *total, struct db *db, const struct app_filter *f, struct err *e)
{
        struct stmt s = app_stmt(db, SQL_COUNT_ALL, f);

        return read_count(total, &s, e);
}

int query_rows(struct row **out, size_t *n, struct db *db, enum rows_by by, struct str id, struct arena *a, struct err *e)
{
        static const struct { enum sql sql; enum table table; } lists[] = {
                [USES_OF_SERVICE] = { SQL_USES_OF_SERVICE, TABLE_USE },     [SUBS_OF_SERVICE] = { SQL_SUBS_OF_SERVICE, TABLE_SUBCONTRACTOR },
                [APPS_OF_SERVICE] = { SQL_APPS_OF_SERVICE, TABLE_APPLICATION }, [DUTIES_OF_APP] = { SQL_DUTIES_OF_APP, TABLE_DUTY },
                [DUTIES_OF_SERVICE] = { SQL_DUTIES_OF_SERVICE, TABLE_DUTY },    [DEPUTIES_OF] = { SQL_DEPUTIES_OF, TABLE_DEPUTY },
                [DEPUTIES_ALL] = { SQL_DEPUTIES_ALL, TABLE_DEPUTY },            [PROVIDERS_NAMED] = { SQL_PROVIDERS_NAMED, TABLE_PROVIDER },
                [SERVICES_NAMED] = { SQL_SERVICES_NAMED, TABLE_SERVICE },       [PERMITS_KEYED] = { SQL_PERMITS_KEYED, TABLE_PERMIT },
                [POSTINGS_OF] = { SQL_POSTINGS_OF, TABLE_POSTING },
                [ATTACHMENTS_OF] = { SQL_ATTACHMENTS_OF, TABLE_ATTACHMENT },    [SHEETS_OF_PROVIDER] = { SQL_SHEETS_OF_PROVIDER, TABLE_ANSWERSHEET },
                [SHEETS_ALL] = { SQL_SHEETS_ALL, TABLE_ANSWERSHEET },           [PEERS_TRUSTED] = { SQL_PEERS_TRUSTED, TABLE_PEER },
                [WITNESSES_ACTIVE] = { SQL_WITNESSES_ACTIVE, TABLE_WITNESS },   [WITNESSES_ALL] = { SQL_WITNESSES_ALL, TABLE_WITNESS },
                [PEERS_ALL] = { SQL_PEERS_ALL, TABLE_PEER },           [RESETS_ALL] = { SQL_RESETS_ALL, TABLE_RESET },
                [RESETS_OF] = { SQL_RESETS_OF, TABLE_RESET },          [APPOINTMENTS_OF] = { SQL_APPOINTMENTS_OF, TABLE_APPOINTMENT },
                [APPOINTMENTS_OPEN] = { SQL_APPOINTMENTS_OPEN, TABLE_APPOINTMENT }, [HOLDERS_ENDING] = { SQL_HOLDERS_ENDING, TABLE_HOLDER },
                [ERASURES_ALL] = { SQL_ERASURES_ALL, TABLE_ERASURE }, [ERASURES_OF] = { SQL_ERASURES_OF, TABLE_ERASURE }, [ERASURES_OPEN] = { SQL_ERASURES_OPEN, TABLE_ERASURE },
                [ROTATIONS_ALL] = { SQL_ROTATIONS_ALL, TABLE_ROTATION },        [ROTATIONS_CONFIRMED] = { SQL_ROTATIONS_CONFIRMED, TABLE_ROTATION },
                [ROTATIONS_DONE] = { SQL_ROTATIONS_DONE, TABLE_ROTATION },
        };
        struct stmt s = stmt_of(db, lists[by].sql);

        if (by != DEPUTIES_ALL && by != SHEETS_ALL && by != PEERS_ALL && by != RESETS_ALL && by != APPOINTMENTS_OPEN && by != HOLDERS_ENDING && by != ROTATIONS_ALL &&
            by != ERASURES_ALL && by != ERASURES_OPEN && by != ROTATIONS_CONFIRMED && by != ROTATIONS_DONE)
                bind_text(&s, id);
        return rows_collect(out, n, &s, lists[by].table, LIST_MAX, a, e);
}

int query_rotation_entry(uint64_t *index, struct db *db, const char *id, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_ROTATION_ENTRY);
        int r;

        bind_text(&s, str_of(id));
        r = stmt_row(&s, e);
        if (r == 1)
                *index = (uint64_t)col_int(&s, 0);
        stmt_end(&s);
        return r < 0 ? r : r == 1 ? ERR_OK : err_set(e, ERR_ABSENT, "no rotation %s", id);
}

int query_apps_of_form(struct row **out, size_t *n, struct db *db, struct str person, struct str section, struct str form, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_APPS_OF_FORM);

        bind_text(&s, person);
        bind_text(&s, section);
        bind_text(&s, form);
        return rows_collect(out, n, &s, TABLE_APPLICATION, 40, a, e);
}

int query_kept_files(struct str **hashes, size_t *n, struct db *db, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_ATTACHMENTS_KEPT);

        return ids_of(hashes, n, &s, a, e);
}

int query_gone_files(struct str **hashes, size_t *n, struct db *db, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_ATTACHMENTS_GONE);

        return ids_of(hashes, n, &s, a, e);
}

int query_packs(struct str **hashes, size_t *n, struct db *db, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_PACKS_ALL);

        return ids_of(hashes, n, &s, a, e);
}

int query_keepers_but(uint64_t *n, struct db *db, const char *person, const char *role, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_KEEPERS_BUT);

        bind_text(&s, str_of(person));
        bind_text(&s, str_of(role));
        return read_count(n, &s, e);
}

int query_manages(bool *out, struct db *db, const char *person, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_MANAGES);
        uint64_t n = 0;
        int r;

        bind_text(&s, str_of(person));
        r = read_count(&n, &s, e);
        if (r == ERR_OK)
                *out = n > 0;
        return r;
}

int query_service_mark(struct service_mark *out, struct db *db, const struct row *service, struct err *e)
{
        struct stmt until = stmt_of(db, SQL_CERTIFICATE_OF), count = stmt_of(db, SQL_FINDINGS_ABOUT);
        struct service_mark m = { 0 };
        int r;

        bind_text(&until, str_of(service->id));
        bind_text(&until, row_get_text(service, SERVICE_provider));
        r = stmt_row(&until, e);
        if (r == 1 && !col_null(&until, 0))
                m.certificate_until = col_int(&until, 0);
        stmt_end(&until);
        bind_text(&count, str_of(service->id));
        if (r >= 0)
                r = read_count(&m.findings, &count, e);
        else
                stmt_end(&count);
        if (r == ERR_OK)
                *out = m;
        return r;
}

int query_duties(struct row **out, size_t *n, struct db *db, const struct duty_filter *f, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, f->person.n ? SQL_DUTIES_MINE : SQL_DUTIES_ALL);

        if (f->person.n) {
                bind_text(&s, f->person);
                bind_text(&s, f->roles);
                bind_text(&s, f->section);
                bind_int(&s, f->now);
        } else {
                bind_text(&s, f->state);
        }
        bind_int(&s, f->after_at);
        bind_text(&s, f->after_id);
        bind_int(&s, (int64_t)f->limit);
        if (f->person.n)
                bind_int(&s, f->until ? f->until : INT64_MAX);
        return rows_collect(out, n, &s, TABLE_DUTY, f->limit, a, e);
}

int query_epochs(struct row **out, size_t *n, struct db *db, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_EPOCHS);

        return rows_collect(out, n, &s, TABLE_EPOCH, LIST_MAX, a, e);
}

int query_exceptions_of_year(struct row **out, size_t *n, struct db *db, utime_t from, utime_t until, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_EXCEPTIONS_YEAR);

        bind_int(&s, from);
        bind_int(&s, until);
        return rows_collect(out, n, &s, TABLE_EXCEPTION, LIST_MAX, a, e);
}

int query_exceptions_due(struct row **out, size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_EXCEPTIONS_DUE);

        bind_int(&s, now);
        return rows_collect(out, n, &s, TABLE_EXCEPTION, LIST_MAX, a, e);
}

int query_open_packs(struct open_pack **out, size_t *n, struct db *db, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_OPEN_PACKS);
        struct list l = { .size = sizeof(struct open_pack), .a = a };
        int r;

        while ((r = stmt_row(&s, e)) == 1) {
                struct open_pack *p = list_add(&l, e);

                r = p ? col_text(&p->hash, &s, 0, a, e) : ERR_NOMEM;
                if (r == ERR_OK)
                        r = col_text(&p->numbers, &s, 2, a, e);
                if (r < 0)
                        break;
                p->count = (uint64_t)col_int(&s, 1);
        }
        stmt_end(&s);
        if (r < 0)
                return r;
        *out = l.items;
        *n = l.n;
        return ERR_OK;
}

int query_open_cases(struct open_case **out, size_t *n, struct db *db, const struct open_case *after, size_t limit, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_OPEN_CASES);
        struct list l = { .size = sizeof(struct open_case), .a = a };
        int r;

        bind_int(&s, after->at);
        bind_text(&s, str_of(after->id));
        bind_int(&s, (int64_t)limit);
        while ((r = stmt_row(&s, e)) == 1) {
                struct open_case *c = list_add(&l, e);
                struct str id;

                r = c ? col_text(&id, &s, 1, a, e) : ERR_NOMEM;
                if (r < 0)
                        break;
                c->at = col_int(&s, 0);
                (void)snprintf(c->id, sizeof(c->id), "%s", id.p);
        }
        stmt_end(&s);
        if (r < 0)
                return r;
        *out = l.items;
        *n = l.n;
        return ERR_OK;
}

int query_postings_due(struct str **people, size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_POSTINGS_DUE);

        bind_int(&s, now);
        return ids_of(people, n, &s, a, e);
}

int query_permits_due(struct str **ids, size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_PERMITS_DUE);

        bind_int(&s, now);
        return ids_of(ids, n, &s, a, e);
}

int query_permits_ending(uint64_t *all, uint64_t *ending, struct db *db, utime_t from, utime_t to, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_PERMITS_ENDING);
        int r;

        bind_int(&s, from);
        bind_int(&s, to);
        r = stmt_row(&s, e);
        if (r == 1) {
                *all = (uint64_t)col_int(&s, 0);
                *ending = (uint64_t)col_int(&s, 1);
        }
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int query_permits_tabled(struct str **ids, size_t *n, struct db *db, uint64_t seq, uint16_t zone, const char *gate, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_PERMITS_TABLED);

        bind_int(&s, (int64_t)seq);
        bind_int(&s, zone);
        bind_text(&s, str_of(gate));
        return ids_of(ids, n, &s, a, e);
}

int query_permits_open(struct permit_line **out, size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_PERMITS_OPEN);
        struct list l = { .size = sizeof(struct permit_line), .a = a };
        int r;

        bind_int(&s, now);
        while ((r = stmt_row(&s, e)) == 1) {
                struct permit_line *p = list_add(&l, e);

                r = p ? col_text(&p->id, &s, 0, a, e) : ERR_NOMEM;
                if (r == ERR_OK)
                        r = col_text(&p->subject, &s, 1, a, e);
                if (r == ERR_OK)
                        r = col_text(&p->key, &s, 3, a, e);
                if (r < 0)
                        break;
                p->kind = (int)col_int(&s, 2);
                p->zone = (uint16_t)col_int(&s, 4);
                p->from = col_int(&s, 5);
                p->until = col_int(&s, 6);
                p->tabled = !col_null(&s, 7);
        }
        stmt_end(&s);
        if (r < 0)
                return r;
        *out = l.items;
        *n = l.n;
        return ERR_OK;
}

int query_gate_by_cert(struct str *id, struct db *db, struct str cert_hex, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_GATE_BY_CERT);
        struct str *ids = NULL;
        size_t n = 0;
        int r;

        bind_text(&s, cert_hex);
        r = ids_of(&ids, &n, &s, a, e);
        if (r < 0)
                return r;
        if (n != 1)
                return err_set(e, ERR_ABSENT, "no enrolled gate has this certificate");
        *id = ids[0];
        return ERR_OK;
}

int query_gates(struct row **out, size_t *n, struct db *db, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_ALL_GATE);
        struct list l = { .size = sizeof(struct row), .a = a };
        struct str *ids = NULL;
        size_t have = 0;
        int r = ids_of(&ids, &have, &s, a, e);

        for (size_t i = 0; r == ERR_OK && i < have; i++) {
                struct row *row = list_add(&l, e);

                r = row ? store_row(row, db, TABLE_GATE, ids[i].p, NULL, a, e) : ERR_NOMEM;
        }
        if (r < 0)
                return r;
        *out = l.items;
        *n = l.n;
        return ERR_OK;
}
