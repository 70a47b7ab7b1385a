/* query.c - see query.h. */
#include "server/office/store/query.h"

#include "server/office/store/stmt.h"

enum { LIST_FIRST = 64, LIST_MAX = 1000000 };

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

int query_actor(struct actor *out, struct db *db, const char *person, struct arena *a, struct err *e)
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
        r = ids_of(&roles, &n, &s, a, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < n && i < PERMIT_ROLES_MAX; i++)
                who.roles[who.roles_count++] = roles[i].p;
        *out = who;
        return ERR_OK;
}

int query_holders(struct person_line **out, size_t *n, struct db *db, const char *role, struct str section, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_HOLDERS_OF);
        struct list l = { .size = sizeof(struct person_line), .a = a };
        int r;

        bind_text(&s, str_of(role));
        bind_text(&s, section);
        while ((r = stmt_row(&s, e)) == 1) {
                struct person_line *p = list_add(&l, e);

                r = p ? col_text(&p->id, &s, 0, a, e) : ERR_NOMEM;
                if (r == ERR_OK)
                        r = col_text(&p->name, &s, 1, a, e);
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

int query_applications(struct app_line **out, size_t *n, uint64_t *total, struct db *db, const struct app_filter *f, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_APPS), count = stmt_of(db, SQL_APPS_COUNT);
        struct list l = { .size = sizeof(struct app_line), .a = a };
        const struct str filters[] = { f->applicant, f->section, f->state, f->not_applicant };
        int r;

        for (size_t i = 0; i < countof(filters); i++) {
                bind_text(&s, filters[i]);
                bind_text(&count, filters[i]);
        }
        bind_int(&s, f->before_at);
        bind_text(&s, f->before_id);
        bind_int(&s, (int64_t)f->limit);
        while ((r = stmt_row(&s, e)) == 1) {
                struct app_line *line = list_add(&l, e);

                r = line ? read_app(line, &s, a, e) : ERR_NOMEM;
                if (r < 0)
                        break;
        }
        stmt_end(&s);
        if (r == 0) {
                r = stmt_row(&count, e);
                if (r == 1)
                        *total = (uint64_t)col_int(&count, 0);
        }
        stmt_end(&count);
        if (r < 0)
                return r;
        *out = l.items;
        *n = l.n;
        return ERR_OK;
}

int query_permits_due(struct str **ids, size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_PERMITS_DUE);

        bind_int(&s, now);
        return ids_of(ids, n, &s, a, e);
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
