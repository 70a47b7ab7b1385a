/* Lists of cases: what somebody applied for, drafted or decided at is, page by page and counted, what a plain walk over all of them says. */
#include "server/office/store/query.h"
#include "small_store.h"

#include "unit.h"

enum { CASES = 1500, PAGE = 40, STEPS = 3 };

static const char *const people[] = { "sato", "mori", "kudo", "hara" };
static const char *const states[] = { "submitted", "returned", "approved", "rejected" };

static struct one { char id[UUID_TEXT]; int64_t at; const char *applicant, *drafter, *deciders[STEPS], *state; } cases[CASES];

static uint32_t dice(uint32_t *state, uint32_t sides)
{
        *state = *state * 1664525u + 1013904223u;
        return (*state >> 8) % sides;
}

/* Of whom hara has little to do, and others decide often at what they drafted, or twice at one case. */
static const char *somebody(uint32_t *seed)
{
        return dice(seed, 60) ? people[dice(seed, 3)] : "hara";
}

static struct uuid numbered(uint32_t *seed, size_t i)
{
        struct uuid id = { { (uint8_t)dice(seed, 256), 0x96, 0, 0, 0, 0, 0x70, 0, 0x80 } };        /* not in the order of time */

        id.b[14] = (uint8_t)(i >> 8);
        id.b[15] = (uint8_t)i;
        return id;
}

static void put(struct small_store *s, const struct row *row)
{
        struct err e = { 0 };

        assert_ok(store_put(s->db, row, 1, &e), e);
}

static void make(struct small_store *s, size_t i, uint32_t *seed)
{
        struct uuid id = numbered(seed, i);
        struct row app = row_new(TABLE_APPLICATION, id, NULL);
        struct one *c = &cases[i];

        *c = (struct one){ .at = 1 + dice(seed, 700), .applicant = dice(seed, 9) ? somebody(seed) : NULL, .drafter = dice(seed, 3) ? NULL : somebody(seed),
                           .state = states[dice(seed, countof(states))] };
        uuid_text(c->id, id);
        row_int(&app, APPLICATION_submitted_at, c->at);
        row_text(&app, APPLICATION_state, str_of(c->state));
        if (c->applicant)
                row_text(&app, APPLICATION_applicant, str_of(c->applicant));
        if (c->drafter)
                row_text(&app, APPLICATION_drafter, str_of(c->drafter));
        put(s, &app);
        for (size_t k = 0; k < STEPS; k++) {
                static const char *const names[STEPS] = { "first", "second", "third" };
                struct row step = row_new(TABLE_STEP, id, names[k]);

                c->deciders[k] = dice(seed, 4) ? NULL : somebody(seed);
                if (c->deciders[k])
                        row_text(&step, STEP_decider, str_of(c->deciders[k]));
                put(s, &step);
        }
}

static bool is(const char *who, const char *person)
{
        return who && strcmp(who, person) == 0;
}

static bool is_seen(const struct one *c, const char *person, const char *asked)
{
        return (!*asked || (strcmp(c->state, "submitted") != 0 && strcmp(c->state, "returned") != 0)) &&
               (is(c->applicant, person) || is(c->drafter, person) || is(c->deciders[0], person) || is(c->deciders[1], person) || is(c->deciders[2], person));
}

static int newest_first(const void *a, const void *b)
{
        const struct one *x = *(const struct one *const *)a, *y = *(const struct one *const *)b;

        return x->at != y->at ? (x->at < y->at) - (x->at > y->at) : strcmp(y->id, x->id);
}

static void compare(struct small_store *s, const char *person, const char *asked)
{
        static const struct one *want[CASES];
        struct app_filter f = { .list = APPS_SEEN, .person = str_of(person), .states = str_of(asked), .before_at = INT64_MAX, .limit = PAGE };
        struct err e = { 0 };
        uint64_t total = 0;
        size_t all = 0, seen = 0, n = PAGE;

        for (size_t i = 0; i < CASES; i++)
                if (is_seen(&cases[i], person, asked))
                        want[all++] = &cases[i];
        qsort(want, all, sizeof(*want), newest_first);
        assert_ok(query_applications_count(&total, s->db, &f, &e), e);
        assert_int_equal(total, all);
        while (n == PAGE) {
                struct app_line *lines = NULL;

                assert_ok(query_applications(&lines, &n, s->db, &f, &s->arena, &e), e);
                assert_true(seen + n <= all);
                for (size_t i = 0; i < n; i++)
                        if (!str_is(lines[i].id, want[seen + i]->id))
                                fail_msg("%s, '%s': line %zu is another", person, asked, seen + i);
                seen += n;
                if (n)
                        f.before_at = lines[n - 1].submitted_at;
                if (n)
                        f.before_id = lines[n - 1].id;
        }
        assert_int_equal(seen, all);
}

static void what_somebody_has_seen_is_what_a_plain_walk_says(void **state)
{
        struct small_store *s = store_make();
        uint32_t seed = 20260401;
        struct err e = { 0 };

        assert_ok(db_begin(s->db, &e), e);
        for (size_t i = 0; i < CASES; i++)
                make(s, i, &seed);
        assert_ok(db_commit(s->db, &e), e);
        for (size_t i = 0; i < countof(people); i++) {
                compare(s, people[i], "");
                compare(s, people[i], " approved rejected withdrawn ");
        }
        compare(s, "nobody", "");
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_somebody_has_seen_is_what_a_plain_walk_says),
        };

        return unit_run("store-cases", tests);
}
