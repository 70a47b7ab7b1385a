/* Lists of a register, searched, filtered and ordered: each page is what a plain walk over all rows says it is. */
#include "server/office/store/registers.h"

#include "core/search/grams.h"
#include "core/search/spelling.h"
#include "server/office/store/search.h"
#include "small_store.h"

#include "unit.h"

enum { ROWS = 6000, PAGE = 40, PAGES = 4, TEXT_ROOM = 200 };

/* 1 of 200; 1 of 3; most; only in the largest section. */
static const char *const words[] = { "", "鰻屋", "関所", "台帳", "封筒", "関所 台帳", "所台", "税", "麒麟", "名", "関", "ﾑ", "Ｅ", "9", "屋", "関 9" };
static const char *const states[] = { "", "approved", "closed", "suspended" };
static const char *const sections[] = { "", "税務課", "市民課", "消防総務課", "無い課" };
static const char *const sorts[] = { NULL, "review_at" };

struct entry { bool has_name; char name[TEXT_ROOM], text[TEXT_ROOM], id[UUID_TEXT]; const char *state, *section; int64_t day; };

static struct entry *entries;

static struct uuid numbered(uint32_t n)
{
        struct uuid id = { { 0x01, 0x96, 0, 0, 0, 0, 0x70, 0, 0x80 } };

        for (int i = 0; i < 4; i++)
                id.b[12 + i] = (uint8_t)(n >> (24 - 8 * i));
        return id;
}

static uint32_t dice(uint32_t *state, uint32_t sides)
{
        *state = *state * 1664525u + 1013904223u;
        return (*state >> 8) % sides;
}

/* Names repeat, some are gone; one section is rare; some have no day. */
static void make(struct entry *x, size_t i, uint32_t *seed)
{
        uint32_t d = dice(seed, 100);

        *x = (struct entry){ .has_name = dice(seed, 50) != 0, .state = dice(seed, 4) ? "closed" : dice(seed, 20) ? "approved" : "suspended",
                             .section = d < 2 ? "消防総務課" : d < 85 ? "税務課" : "市民課", .day = dice(seed, 10) ? 1 + dice(seed, 400) : 0 };
        (void)snprintf(x->name, sizeof(x->name), "%s%s%u", dice(seed, 2) ? "システム" : "名簿", dice(seed, 3) ? "" : "関所", dice(seed, 900));
        (void)snprintf(x->text, sizeof(x->text), "%sの%s%s", i % 200 == 7 ? "鰻屋" : "", dice(seed, 8) ? "台帳" : "地図", str_is(str_of(x->section), "税務課") ? "封筒" : "");
        uuid_text(x->id, numbered((uint32_t)i));
}

static void put(struct small_store *s, size_t i, int64_t rev)
{
        struct entry *x = &entries[i];
        struct row r = row_new(TABLE_SERVICE, numbered((uint32_t)i), NULL);
        struct err e = { 0 };

        r.rev = rev;
        if (x->has_name)
                row_personal(&r, SERVICE_name, str_of(x->name));
        row_personal(&r, SERVICE_purpose, str_of(x->text));
        row_personal(&r, SERVICE_section, str_of(x->section));
        row_text(&r, SERVICE_state, str_of(x->state));
        if (x->day)
                row_int(&r, SERVICE_review_at, x->day);
        assert_ok(store_put(s->db, &r, (uint64_t)rev, &e), e);
        assert_ok(search_follow(s->db, &r, 1, &e), e);
}

/* ---- the plain walk ---- */

static bool by_day;

static int cmp_entry(const void *a, const void *b)
{
        const struct entry *x = *(const struct entry *const *)a, *y = *(const struct entry *const *)b;
        int r = by_day ? (x->day > y->day) - (x->day < y->day) : !x->has_name || !y->has_name ? x->has_name - y->has_name : strcmp(x->name, y->name);

        return r ? r : strcmp(x->id, y->id);
}

static bool holds(const struct entry *x, const char *typed)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf folded = BUF_INIT;
        struct search_terms t;

        if (!*typed)
                return true;
        assert_int_equal(search_terms_any(&t, str_of(typed), &a, NULL), ERR_OK);
        if (x->has_name)
                spelling_fold(&folded, NULL, str_of(x->name));
        buf_char(&folded, '\n');
        spelling_fold(&folded, NULL, str_of(x->text));
        return search_terms_in(&t, buf_view(&folded));
}

static size_t plain(const struct entry **out, const struct register_filter *f, const bool *held)
{
        size_t n = 0;

        for (size_t i = 0; i < ROWS; i++)
                if (held[i] && (!f->state.n || str_is(f->state, entries[i].state)) && (!f->section.n || str_is(f->section, entries[i].section)) && (!f->sort || entries[i].day))
                        out[n++] = &entries[i];
        by_day = f->sort;
        qsort(out, n, sizeof(*out), cmp_entry);
        return n;
}

static void compare(struct small_store *s, struct register_filter f, const bool *held, size_t *exact)
{
        static const struct entry *want[ROWS];
        size_t all = plain(want, &f, held), from = 0;

        for (size_t page = 0; page < PAGES && from <= all; page++, from += PAGE) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct row *rows = NULL;
                struct err e = { 0 };
                uint64_t total = 0;
                bool at_least = false;
                size_t n = 0, wanted = all - from < PAGE ? all - from : PAGE;

                f.after = from ? str_of(want[from - 1]->id) : STR("");
                assert_ok(query_register_counted(&rows, &n, &total, &at_least, s->db, register_of_table(TABLE_SERVICE), &f, &a, &e), e);
                if (n != wanted || (at_least ? total > all || total < n : total != all))
                        fail_msg("'%.*s' in '%.*s' of '%.*s': %zu of %zu, in all %llu of %zu", (int)f.q.n, f.q.p, (int)f.state.n, f.state.p, (int)f.section.n, f.section.p, n, wanted,
                                 (unsigned long long)total, all);
                for (size_t i = 0; i < n; i++)
                        if (strcmp(rows[i].id, want[from + i]->id) != 0)
                                fail_msg("'%.*s' in '%.*s' of '%.*s': line %zu is another", (int)f.q.n, f.q.p, (int)f.state.n, f.state.p, (int)f.section.n, f.section.p, from + i);
                *exact += !at_least;
        }
}

static void each_page_is_what_a_plain_walk_says(struct small_store *s)
{
        bool *held = calloc(ROWS, sizeof(*held));
        size_t exact = 0;

        if (!held)
                abort();
        for (size_t w = 0; w < countof(words); w++) {
                for (size_t i = 0; i < ROWS; i++)
                        held[i] = holds(&entries[i], words[w]);
                for (size_t i = 0; i < countof(states) * countof(sections) * countof(sorts); i++)
                        compare(s, (struct register_filter){ .q = str_of(words[w]), .state = str_of(states[i % countof(states)]),
                                                             .section = str_of(sections[i / countof(states) % countof(sections)]),
                                                             .sort = sorts[i / countof(states) / countof(sections)], .limit = PAGE }, held, &exact);
        }
        printf("# %zu pages counted exactly\n", exact);
        free(held);
}

static void pages_are_right_and_follow_what_changes(void **state)
{
        struct small_store *s = store_make();
        uint32_t seed = 20260401;
        struct err e = { 0 };

        entries = calloc(ROWS, sizeof(*entries));
        if (!entries)
                abort();
        assert_ok(db_begin(s->db, &e), e);
        for (size_t i = 0; i < ROWS; i++) {
                make(&entries[i], i, &seed);
                put(s, i, 1);
        }
        assert_ok(db_commit(s->db, &e), e);
        each_page_is_what_a_plain_walk_says(s);

        assert_ok(db_begin(s->db, &e), e);
        for (size_t i = 0; i < ROWS; i += 7) {                    /* another state, section, day or name, the text as it was */
                struct entry was = entries[i];

                make(&entries[i], i, &seed);
                if (i % 2)
                        (void)snprintf(entries[i].text, TEXT_ROOM, "%s", was.text);
                if (i % 3)
                        (void)snprintf(entries[i].name, TEXT_ROOM, "%s", was.name);
                put(s, i, 2);
        }
        assert_ok(db_commit(s->db, &e), e);
        each_page_is_what_a_plain_walk_says(s);
        assert_ok(search_check(s->db, &e), e);
        free(entries);
        store_end(s);
}

/* Of a long list it is said that there are at least so many. */
static void a_long_list_is_counted_so_far(void **state)
{
        enum { LONG = 10100 };
        struct small_store *s = store_make();
        struct register_filter f = { .limit = PAGE };
        struct row *rows = NULL;
        struct err e = { 0 };
        uint64_t total = 0;
        bool at_least = false;
        size_t n = 0;

        assert_ok(db_begin(s->db, &e), e);
        for (uint32_t i = 0; i < LONG; i++) {
                struct row r = row_new(TABLE_USE, numbered(i), NULL);

                r.rev = 1;
                row_text(&r, USE_state, i < 10000 ? STR("approved") : STR("ended"));
                assert_ok(store_put(s->db, &r, 1, &e), e);
        }
        assert_ok(db_commit(s->db, &e), e);
        assert_ok(query_register_counted(&rows, &n, &total, &at_least, s->db, register_of_table(TABLE_USE), &f, &s->arena, &e), e);
        assert_int_equal(total, 10000);
        assert_true(at_least);
        f.state = STR("approved");
        assert_ok(query_register_counted(&rows, &n, &total, &at_least, s->db, register_of_table(TABLE_USE), &f, &s->arena, &e), e);
        assert_int_equal(total, 10000);
        assert_false(at_least);
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(pages_are_right_and_follow_what_changes),
                cmocka_unit_test(a_long_list_is_counted_so_far),
        };

        return unit_run("store-registers", tests);
}
