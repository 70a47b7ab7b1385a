/* When the duty loop looks at what: every service in parts, once a day; between that, only what changed; and when it cannot, it says so
 * once and tries again later (8.2 趣旨, 8.2(6)). The parts are small, but there are more services than one holds. */
#include "server/office/command/duty_walk.h"
#include "server/office/store/duty_world.h"
#include "server/office/store/query.h"
#include "sys/clock.h"

#include "mic_r4_pack.h"
#include "small_store.h"

#include "unit.h"

enum { SERVICES = 2 * DUTY_PART + 40, LATE = 37, ROUNDS_MAX = 400 };

static utime_t boot = UTIME_HOUR;
static int loads, broken;

utime_t __wrap_clock_boot(void);
utime_t __wrap_clock_boot(void)
{
        return boot;
}

int __real_duty_world_load(struct duty_world *out, struct db *db, const char *services, struct arena *a, struct err *e);
int __wrap_duty_world_load(struct duty_world *out, struct db *db, const char *services, struct arena *a, struct err *e);
int __wrap_duty_world_load(struct duty_world *out, struct db *db, const char *services, struct arena *a, struct err *e)
{
        loads++;
        return broken ? err_set(e, ERR_NOMEM, "no room for the rows") : __real_duty_world_load(out, db, services, a, e);
}

struct town { struct small_store *s; struct duty_watch watch; utime_t now; char service[SERVICES][UUID_TEXT]; const char *person, *provider; };

static void put(struct town *t, const struct row *row)
{
        struct receipt receipt;
        struct changes c;
        struct err e = { 0 };

        changes_init(&c, &t->s->arena, "record.changed", row->id);
        assert_ok(changes_add(&c, row, &e), e);
        assert_ok(journal_append(&receipt, t->s->db, &c, t->now, "town", &e), e);
}

static struct row service_of(struct town *t, size_t i)
{
        struct row row;
        struct err e = { 0 };

        assert_ok(store_row(&row, t->s->db, TABLE_SERVICE, t->service[i], "", &t->s->arena, &e), e);
        return row;
}

static void set_review(struct town *t, size_t i, utime_t at)
{
        struct row row = service_of(t, i);

        row_int(&row, SERVICE_review_at, at);
        put(t, &row);
}

static struct row certificate_of(struct town *t, const char *service)
{
        struct row row = row_new(TABLE_CERTIFICATE, entropy_uuid(t->now), "");

        if (service)
                row_text(&row, CERTIFICATE_service, str_of(service));
        else
                row_text(&row, CERTIFICATE_provider, str_of(t->provider));
        row_text(&row, CERTIFICATE_state, STR("valid"));
        row_int(&row, CERTIFICATE_until_at, t->now - UTIME_DAY);
        put(t, &row);
        return row;
}

/* Transitional ones, so that no account is to be checked; each LATE-th is past its review. */
static void town_make(struct town *t)
{
        struct err e = { 0 };
        size_t n;
        const struct pack_file *files = mic_r4_pack(&n);

        *t = (struct town){ .s = store_make(), .now = STORE_NOW };
        (void)pack_free(t->s->office.pack);
        t->s->office.pack = NULL;
        assert_ok(pack_load(&t->s->office.pack, files, n, NULL, NULL, &e), e);
        t->person = store_person(t->s, "sato", "sangyo", (const char *const[]){ "staff", NULL });
        t->provider = arena_text(&t->s->arena, row_new(TABLE_PROVIDER, entropy_uuid(STORE_NOW), "").id);
        assert_ok(writer_start_inside(&t->s->office.writer, &t->s->office, t->s->db, &t->now, &e), e);
        assert_ok(db_begin(t->s->db, &e), e);
        for (size_t i = 0; i < SERVICES; i++) {
                struct row row = row_new(TABLE_SERVICE, entropy_uuid(STORE_NOW), "");

                row_text(&row, SERVICE_state, STR("transitional"));
                row_text(&row, SERVICE_manager, str_of(t->person));
                if (i % 2)
                        row_text(&row, SERVICE_provider, str_of(t->provider));
                row_int(&row, SERVICE_review_at, i % LATE ? STORE_NOW + 300 * UTIME_DAY : STORE_NOW - UTIME_DAY);
                memcpy(t->service[i], row.id, UUID_TEXT);
                put(t, &row);
        }
}

static void town_end(struct town *t)
{
        db_rollback(t->s->db);
        store_end(t->s);
}

static void look_once(struct town *t)
{
        struct err e = { 0 };

        assert_ok(duty_walk(&t->watch, &t->s->office, t->s->db, t->now, &e), e);
}

static void look_until_quiet(struct town *t)
{
        look_once(t);
        for (int round = 0; duty_walk_goes_on(&t->watch) || round < 1; round++) {
                assert_true(round < ROUNDS_MAX);
                look_once(t);
        }
}

static size_t open_of(struct town *t, size_t i, const char *kind)
{
        struct row *rows = NULL;
        size_t n = 0, found = 0;
        struct err e = { 0 };

        assert_ok(query_rows(&rows, &n, t->s->db, DUTIES_OF_SERVICE, str_of(t->service[i]), &t->s->arena, &e), e);
        for (size_t k = 0; k < n; k++)
                found += row_is(&rows[k], DUTY_kind, kind) && row_is(&rows[k], DUTY_state, "open");
        return found;
}

static void every_service_is_reached(void **state)
{
        struct town t;

        town_make(&t);
        look_until_quiet(&t);
        for (size_t i = 0; i < SERVICES; i++)
                if (open_of(&t, i, "review") != (i % LATE == 0))
                        fail_msg("service %zu of %d: %zu duties to review it", i, SERVICES, open_of(&t, i, "review"));
        town_end(&t);
}

static void what_changed_is_looked_at_and_nothing_else(void **state)
{
        struct town t;
        struct row c;

        town_make(&t);
        look_until_quiet(&t);
        loads = 0;
        look_once(&t);
        assert_int_equal(loads, 0);                                   /* nothing came, nothing is read */

        set_review(&t, 5, t.now - UTIME_DAY);
        look_once(&t);
        assert_int_equal(open_of(&t, 5, "review"), 1);
        look_until_quiet(&t);
        assert_true(loads < 10);                                      /* not the whole town again */

        c = certificate_of(&t, t.service[8]);
        look_until_quiet(&t);
        assert_int_equal(open_of(&t, 8, "certificate"), 1);
        row_text(&c, CERTIFICATE_service, str_of(t.service[10]));     /* it was written to the wrong one */
        c.rev = 1;
        put(&t, &c);
        look_until_quiet(&t);
        assert_int_equal(open_of(&t, 8, "certificate"), 0);
        assert_int_equal(open_of(&t, 10, "certificate"), 1);

        (void)certificate_of(&t, NULL);                                /* the provider's: each service of theirs has it */
        look_until_quiet(&t);
        for (size_t i = 0; i < SERVICES; i++)
                assert_int_equal(open_of(&t, i, "certificate"), (i % 2 == 1) + (i == 10));
        town_end(&t);
}

static void time_alone_is_enough(void **state)
{
        struct town t;

        town_make(&t);
        set_review(&t, 1, STORE_NOW + 2 * UTIME_HOUR);
        look_until_quiet(&t);
        assert_int_equal(open_of(&t, 2, "review"), 0);
        loads = 0;
        t.now = STORE_NOW + UTIME_HOUR;
        look_once(&t);
        assert_int_equal(loads, 0);
        t.now = STORE_NOW + 2 * UTIME_HOUR;                           /* a day that ends in the midst of one */
        look_once(&t);
        assert_true(loads > 0);
        look_until_quiet(&t);
        t.now = STORE_NOW + 300 * UTIME_DAY;                          /* the office was down for long */
        look_until_quiet(&t);
        for (size_t i = 0; i < SERVICES; i++)
                assert_int_equal(open_of(&t, i, "review"), 1);
        t.now = STORE_NOW;                                            /* a clock that was set back: all is looked at again */
        loads = 0;
        look_until_quiet(&t);
        assert_true(loads >= SERVICES / DUTY_PART);
        town_end(&t);
}

static void what_cannot_be_read_is_told_once_and_tried_again(void **state)
{
        struct town t;
        struct err e = { 0 };
        int before;

        town_make(&t);
        broken = 1;
        assert_int_equal(duty_walk(&t.watch, &t.s->office, t.s->db, t.now, &e), ERR_NOMEM);
        before = loads;
        look_once(&t);                                                /* too soon: silent, and nothing is read */
        assert_int_equal(loads, before);
        for (int minute = 0; minute < 10; minute++) {
                boot += UTIME_MIN;
                look_once(&t);
        }
        assert_int_equal(loads, before + 10);
        broken = 0;
        boot += UTIME_MIN;
        look_until_quiet(&t);
        assert_int_equal(open_of(&t, 0, "review"), 1);
        town_end(&t);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_service_is_reached),
                cmocka_unit_test(what_changed_is_looked_at_and_nothing_else),
                cmocka_unit_test(time_alone_is_enough),
                cmocka_unit_test(what_cannot_be_read_is_told_once_and_tried_again),
        };

        return unit_run("duty_walk", tests);
}
