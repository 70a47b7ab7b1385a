/* Whose a duty is: the list that people see and the rule that lets them close it say the same; and a provider is known by its name. */
#include "core/procedure/duties.h"
#include "server/office/command/facts.h"
#include "server/office/store/query.h"

#include "small_store.h"

#include "unit.h"

static const char *const staff[] = { "staff", NULL }, *const chief[] = { "section_manager", NULL }, *const both[] = { "staff", "section_manager", NULL };
enum { SATO, KATO, FAR, BOSS, HEIR, GONE, PEOPLE };
static const struct { const char *login, *section; const char *const *roles; } residents[PEOPLE] = {
        [SATO] = { "sato", "sangyo", staff }, [KATO] = { "kato", "sangyo", both }, [FAR] = { "far", "zei", staff },
        [BOSS] = { "boss", "joho", chief },   [HEIR] = { "heir", "zei", chief },   [GONE] = { "gone", "sangyo", staff },
};

struct town { struct small_store *s; const char *person[PEOPLE]; char service[UUID_TEXT], application[UUID_TEXT]; };

static void put(struct small_store *s, const struct row *row)
{
        struct receipt receipt;
        struct changes c;
        struct err e = { 0 };

        changes_init(&c, &s->arena, "application.changed", row->id);
        assert_ok(changes_add(&c, row, &e), e);
        assert_ok(store_append(&receipt, s, &c, STORE_NOW, "town", &e), e);
}

/* BOSS managed the service, HEIR manages it now with KATO as deputy; GONE has left; FAR decided. */
static struct town town_make(void)
{
        struct town t = { .s = store_make() };
        struct row service = row_new(TABLE_SERVICE, entropy_uuid(STORE_NOW), ""), gone, step;
        struct err e = { 0 };

        for (size_t i = 0; i < PEOPLE; i++)
                t.person[i] = store_person(t.s, residents[i].login, residents[i].section, residents[i].roles);
        assert_ok(store_row(&gone, t.s->db, TABLE_PERSON, t.person[GONE], NULL, &t.s->arena, &e), e);
        row_text(&gone, PERSON_state, STR("left"));
        put(t.s, &gone);
        row_text(&service, SERVICE_manager, str_of(t.person[HEIR]));
        row_text(&service, SERVICE_deputy, str_of(t.person[KATO]));
        row_text(&service, SERVICE_state, STR("approved"));
        put(t.s, &service);
        step = row_new(TABLE_STEP, entropy_uuid(STORE_NOW), "decide");
        row_text(&step, STEP_decider, str_of(t.person[FAR]));
        put(t.s, &step);
        memcpy(t.service, service.id, sizeof(t.service));
        memcpy(t.application, step.id, sizeof(t.application));
        return t;
}

struct owed { const char *kind, *role, *section; int person; bool of_service; };

static const char *owe(struct town *t, const struct owed *o)
{
        struct row duty = row_new(TABLE_DUTY, entropy_uuid(STORE_NOW), "");

        row_text(&duty, DUTY_kind, str_of(o->kind));
        row_text(&duty, DUTY_role, str_of(o->role));
        row_text(&duty, DUTY_application, str_of(t->application));
        row_text(&duty, DUTY_what, STR("decide"));
        row_text(&duty, DUTY_state, STR("open"));
        row_int(&duty, DUTY_due_at, STORE_NOW);
        if (o->person >= 0)
                row_text(&duty, DUTY_person, str_of(t->person[o->person]));
        if (o->section)
                row_personal(&duty, DUTY_section, str_of(o->section));
        if (o->of_service)
                row_text(&duty, DUTY_service, str_of(t->service));
        put(t->s, &duty);
        return arena_text(&t->s->arena, duty.id);
}

static bool is_listed(struct town *t, const char *duty, const struct actor *who)
{
        struct buf roles = BUF_INIT;
        struct duty_filter f = { .person = str_of(who->person), .section = who->section, .state = STR("open"), .after_at = INT64_MIN, .limit = 100 };
        struct row *rows = NULL;
        size_t n = 0;
        bool found = false;
        struct err e = { 0 };

        for (size_t i = 0; i < who->roles_count; i++)
                buf_printf(&roles, "%s\"%s\"", i ? "," : "[", who->roles[i]);
        buf_char(&roles, ']');
        f.roles = buf_view(&roles);
        assert_ok(query_duties(&rows, &n, t->s->db, &f, &t->s->arena, &e), e);
        for (size_t i = 0; i < n; i++)
                found |= strcmp(rows[i].id, duty) == 0;
        buf_done(&roles);
        return found;
}

#define BIT(who) (1u << (who))

static void the_list_and_the_rule_agree(void **state)
{
        static const struct { const char *name; struct owed owed; unsigned whose; } cases[] = {
                { "a role's in a section",       { "task", "staff", "sangyo", -1, false },       BIT(SATO) | BIT(KATO) },
                { "a role's anywhere",           { "task", "staff", NULL, -1, false },           BIT(SATO) | BIT(KATO) | BIT(FAR) },
                { "a person's own",              { "task", "staff", "sangyo", SATO, false },     BIT(SATO) },
                { "of who has left",             { "task", "staff", "sangyo", GONE, false },     BIT(SATO) | BIT(KATO) },
                { "a condition of who has left", { "condition", "staff", "sangyo", GONE, false }, BIT(SATO) | BIT(KATO) },
                { "of the manager before",       { "task", "service_manager", NULL, BOSS, true }, BIT(BOSS) | BIT(HEIR) | BIT(KATO) },
                { "of a manager who has left",   { "condition", "service_manager", NULL, GONE, true }, BIT(HEIR) | BIT(KATO) },
                { "of no service",               { "task", "service_manager", NULL, BOSS, false }, BIT(BOSS) },
        };
        struct town t = town_make();

        for (size_t i = 0; i < countof(cases); i++) {
                const char *duty = owe(&t, &cases[i].owed);

                for (size_t p = 0; p < PEOPLE; p++) {
                        struct duty_facts f;
                        struct actor who;
                        struct err e = { 0 };
                        bool want = cases[i].whose >> p & 1;

                        if (p == GONE)
                                continue; /* has no session any more */
                        assert_ok(query_actor(&who, t.s->db, t.person[p], STORE_NOW, &t.s->arena, &e), e);
                        assert_ok(facts_of_duty(&f, t.s->db, str_of(duty), &t.s->arena, &e), e);
                        if (duty_is_of(&f, &who) != want || is_listed(&t, duty, &who) != want)
                                fail_msg("%s: %s: rule %d, list %d, want %d", cases[i].name, residents[p].login, duty_is_of(&f, &who), is_listed(&t, duty, &who), want);
                }
        }
        store_end(t.s);
}

/* ---- pages ---- */

static uint64_t seed = 20261123;

static uint32_t chance(uint32_t n)
{
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (uint32_t)(seed >> 33) % n;
}

enum { MANY = 240 };

static const char *owe_any(struct town *t)
{
        static const char *const roles[] = { "staff", "section_manager", "service_manager" }, *const sections[] = { NULL, "sangyo", "zei" };
        struct row duty = row_new(TABLE_DUTY, entropy_uuid(STORE_NOW), "");
        const char *section = sections[chance(3)];
        int person = (int)chance(2 * PEOPLE) - PEOPLE;

        row_text(&duty, DUTY_kind, STR("task"));
        row_text(&duty, DUTY_role, str_of(roles[chance(3)]));
        row_text(&duty, DUTY_overdue_role, str_of(roles[chance(3)]));
        row_text(&duty, DUTY_state, chance(6) ? STR("open") : STR("closed"));
        row_int(&duty, DUTY_due_at, STORE_NOW + ((utime_t)chance(9) - 4) * UTIME_DAY);
        if (person >= 0)
                row_text(&duty, DUTY_person, str_of(t->person[person]));
        if (section)
                row_personal(&duty, DUTY_section, str_of(section));
        if (!chance(3))
                row_text(&duty, DUTY_service, str_of(t->service));
        put(t->s, &duty);
        return arena_text(&t->s->arena, duty.id);
}

static bool is_theirs(struct town *t, const char *id, const struct actor *who, utime_t until)
{
        struct duty_facts f;
        struct err e = { 0 };

        assert_ok(facts_of_duty(&f, t->s->db, str_of(id), &t->s->arena, &e), e);
        return row_is(&f.duty, DUTY_state, "open") && (!until || row_get_int(&f.duty, DUTY_due_at) <= until) &&
               (duty_is_of(&f, who) || duty_overdue_for(&f.duty, who, STORE_NOW));
}

/* All pages of so many, one after the other; each duty once, in order. */
static size_t read_pages(struct town *t, struct duty_filter f, const struct actor *who, utime_t until)
{
        struct row *rows = NULL;
        size_t all = 0, n = f.limit;
        struct err e = { 0 };

        for (f.until = until; n == f.limit; all += n) {
                assert_ok(query_duties(&rows, &n, t->s->db, &f, &t->s->arena, &e), e);
                for (size_t i = 0; i < n; i++) {
                        utime_t due = row_get_int(&rows[i], DUTY_due_at);

                        if (due < f.after_at || (due == f.after_at && strcmp(rows[i].id, arena_copy(&t->s->arena, f.after_id.p, f.after_id.n)) <= 0))
                                fail_msg("a duty stands twice or out of order");
                        if (!is_theirs(t, rows[i].id, who, until))
                                fail_msg("a duty is listed that is another's");
                        f.after_at = due;
                        f.after_id = str_of(arena_text(&t->s->arena, rows[i].id));
                }
        }
        return all;
}

static void page_by_page_it_is_what_the_rule_says(void **state)
{
        struct town t = town_make();
        const char *duty[MANY];

        for (size_t i = 0; i < MANY; i++)
                duty[i] = owe_any(&t);
        for (size_t p = 0; p < PEOPLE; p++) {
                scoped(buf_done) struct buf roles = BUF_INIT;
                struct duty_filter f = { .now = STORE_NOW, .after_at = INT64_MIN, .after_id = STR(""), .state = STR("open") };
                struct actor who;
                struct err e = { 0 };

                if (p == GONE)
                        continue;
                assert_ok(query_actor(&who, t.s->db, t.person[p], STORE_NOW, &t.s->arena, &e), e);
                for (size_t i = 0; i < who.roles_count; i++)
                        buf_printf(&roles, "%s\"%s\"", i ? "," : "[", who.roles[i]);
                buf_char(&roles, ']');
                f.person = str_of(who.person);
                f.section = who.section;
                f.roles = buf_view(&roles);
                for (int until = 0; until < 3; until++) {
                        utime_t by = until ? STORE_NOW + (until - 2) * UTIME_DAY : 0;
                        size_t want = 0, got;

                        for (size_t i = 0; i < MANY; i++)
                                want += is_theirs(&t, duty[i], &who, by);
                        f.limit = 1 + chance(30);
                        got = read_pages(&t, f, &who, by);
                        if (got != want || (!until && got < 5))
                                fail_msg("%s: %zu duties page by page, %zu by the rule", residents[p].login, got, want);
                }
        }
        store_end(t.s);
}

static void who_set_a_condition_does_not_take_the_place_of_who_is_bound(void **state)
{
        static const struct owed condition = { "condition", "staff", NULL, GONE, false };
        struct town t = town_make();
        const char *duty = owe(&t, &condition);
        struct duty_facts f;
        struct actor who;
        struct err e = { 0 };

        assert_ok(facts_of_duty(&f, t.s->db, str_of(duty), &t.s->arena, &e), e);
        assert_ok(query_actor(&who, t.s->db, t.person[FAR], STORE_NOW, &t.s->arena, &e), e);
        assert_false(duty_is_of(&f, &who));
        store_end(t.s);
}

static void a_provider_is_found_by_its_name(void **state)
{
        struct small_store *s = store_make();
        struct row provider = row_new(TABLE_PROVIDER, entropy_uuid(STORE_NOW), ""), *rows = NULL;
        struct err e = { 0 };
        size_t n = 0;

        row_personal(&provider, PROVIDER_name, STR("甲社"));
        put(s, &provider);
        assert_ok(query_rows(&rows, &n, s->db, PROVIDERS_NAMED, STR("甲社"), &s->arena, &e), e);
        assert_true(n == 1 && strcmp(rows[0].id, provider.id) == 0);
        assert_ok(query_rows(&rows, &n, s->db, PROVIDERS_NAMED, STR("甲"), &s->arena, &e), e);
        assert_int_equal(n, 0);
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_list_and_the_rule_agree),
                cmocka_unit_test(page_by_page_it_is_what_the_rule_says),
                cmocka_unit_test(who_set_a_condition_does_not_take_the_place_of_who_is_bound),
                cmocka_unit_test(a_provider_is_found_by_its_name),
        };

        return unit_run("duties", tests);
}
