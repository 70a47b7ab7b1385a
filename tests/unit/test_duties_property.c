/* Three years of a town in which people are late, leave and forget: nothing runs out unseen (requirements: 7; 8.2 趣旨, 8.2(6)).
 *
 * Services, certificates and contracts come and go at random; managers leave, reviews are filed late or never, the clock is set back, the
 * office is down for weeks. Each time the office is up it does what duties_plan() and duty_say() say, and an oracle that knows neither
 * reads the rows alone: what is past its date stands, overdue, in the manager's and the approver's list; a last day goes only with the end
 * that a second person confirmed; nobody is told of a duty twice a day. The services are planned in parts, as the office does: that must be
 * what planning them all at once is, and nothing may come before the plan said that it would look again. SEKISHO_SEED plays one run again. */
#include "core/procedure/duties.h"
#include "world.h"

#include "mic_r4_pack.h"

#include "unit.h"

enum { TOWNS = 12, DAYS = 3 * 365, SERVICES = 6, NOTICES_MAX = 20000 };
enum { SEEN_AT_LEAST = 400, ENDED_AT_LEAST = 6, REVIEWED_AT_LEAST = 20, GONE_AT_LEAST = 6 };

#define START (20544 * UTIME_DAY)                  /* 2026-04-01 09:00 JST */

static struct pack *pack;
static struct world world;

static const struct resident people[] = {
        { "sato", "sangyo", { "staff" } },     { "yamada", "sangyo", { "staff" } }, { "mori", "zei", { "staff" } },
        { "ito", "zei", { "staff" } },         { "suzuki", "sangyo", { "section_manager" } }, { "hara", "zei", { "section_manager" } },
        { "abe", "joho", { "approving_authority" } }, { "kato", "joho", { "secretariat" } },
};
enum { MANAGERS = 4, SUZUKI = 4, HARA = 5, ABE = 6, KATO = 7 };

struct notice { char duty[UUID_TEXT]; int64_t day; };
static struct notice notices[NOTICES_MAX];
static size_t notices_count;
static struct { size_t seen, ended, reviewed, gone, told, closed, whole; } sums;

/* ---- chance ---- */

static uint64_t seed;

static uint32_t chance(uint32_t n)
{
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (uint32_t)(seed >> 33) % n;
}

static bool one_in(uint32_t n)
{
        return chance(n) == 0;
}

/* ---- rows that acts would leave ---- */

static struct row changed(const struct row *row)
{
        struct row after = *row;

        after.rev++;
        return after;
}

static utime_t day_end(utime_t t)
{
        return utime_from_jst(utime_date_jst(t)) + UTIME_DAY;
}

/* An application that was approved, as the acts leave it: who confirmed its end, and who judged the evidence. */
static const char *application(const char *procedure, const char *service, bool second)
{
        struct row app = row_new(TABLE_APPLICATION, world_id(&world), ""), step;
        static const char *const steps[] = { "evidence", "confirm" };
        struct uuid id;

        app.rev = 1;
        row_text(&app, APPLICATION_number, STR("SHI-END-R8-0001"));
        row_text(&app, APPLICATION_procedure, str_of(procedure));
        row_text(&app, APPLICATION_service, str_of(service));
        row_text(&app, APPLICATION_state, STR("approved"));
        world_put(&world, &app);
        (void)uuid_parse(str_of(app.id), &id);
        for (size_t i = 0; second && i < countof(steps); i++) {
                step = row_new(TABLE_STEP, id, steps[i]);
                step.rev = 1;
                row_text(&step, STEP_state, STR("approved"));
                row_text(&step, STEP_decider, str_of(world.person[i ? SUZUKI : KATO]));
                world_put(&world, &step);
        }
        return arena_text(&world.arena, app.id);
}

static void add_certificate(const char *service, struct str provider)
{
        struct row c = row_new(TABLE_CERTIFICATE, world_id(&world), "");

        c.rev = 1;
        if (one_in(3))
                row_text(&c, CERTIFICATE_provider, provider);
        else
                row_text(&c, CERTIFICATE_service, str_of(service));
        row_int(&c, CERTIFICATE_until_at, day_end(world.now + (utime_t)(20 + chance(500)) * UTIME_DAY));
        row_text(&c, CERTIFICATE_state, STR("valid"));
        world_put(&world, &c);
}

static void add_service(void)
{
        struct row s = row_new(TABLE_SERVICE, world_id(&world), "");
        uint32_t manager = chance(MANAGERS);
        bool transitional = one_in(4);

        s.rev = 1;
        row_personal(&s, SERVICE_name, STR("会議"));
        row_text(&s, SERVICE_provider, str_of(world.person[chance(2)]));      /* any id will do */
        row_text(&s, SERVICE_manager, str_of(world.person[manager]));
        if (one_in(2))
                row_text(&s, SERVICE_deputy, str_of(world.person[(manager + 1) % MANAGERS]));
        row_personal(&s, SERVICE_section, str_of(people[manager].section));
        row_text(&s, SERVICE_state, transitional ? STR("transitional") : STR("approved"));
        row_int(&s, SERVICE_from_at, world.now);
        row_int(&s, SERVICE_review_at, day_end(world.now + (utime_t)(30 + chance(400)) * UTIME_DAY));
        if (one_in(2))
                row_int(&s, SERVICE_until_at, day_end(world.now + (utime_t)(60 + chance(700)) * UTIME_DAY));
        if (transitional)
                row_int(&s, SERVICE_apply_by_at, day_end(world.now + (utime_t)chance(300) * UTIME_DAY));
        else
                row_text(&s, SERVICE_application, str_of(application("service-use", s.id, false)));
        world_put(&world, &s);
        for (uint32_t i = chance(3); i; i--)
                add_certificate(s.id, row_get_text(&s, SERVICE_provider));
}

/* ---- what people do, or do not ---- */

static struct row *any_of(enum table t, int state, const char *not_this)
{
        struct row *found = NULL;
        uint32_t n = 0;

        for (size_t i = 0; i < world.n; i++)
                if (world.rows[i].table == t && !row_is(&world.rows[i], state, not_this) && one_in(++n))
                        found = &world.rows[i];
        return found;
}

static void review(struct row *service)
{
        struct row s = changed(service);

        row_int(&s, SERVICE_review_at, day_end(world.now + (utime_t)(100 + chance(300)) * UTIME_DAY));
        row_text(&s, SERVICE_reviewed, str_of(application("service-review", s.id, false)));
        world_put(&world, &s);
        sums.reviewed++;
}

static void end(struct row *service)
{
        struct row s = changed(service);

        row_text(&s, SERVICE_state, STR("closed"));
        row_text(&s, SERVICE_ended, str_of(application("service-end", s.id, true)));
        world_put(&world, &s);
        sums.ended++;
}

static void renew(struct row *certificate)
{
        struct row c = changed(certificate);

        if (one_in(3))
                row_text(&c, CERTIFICATE_state, one_in(2) ? STR("replaced") : STR("withdrawn"));
        else
                row_int(&c, CERTIFICATE_until_at, day_end(world.now + (utime_t)(chance(600)) * UTIME_DAY));
        world_put(&world, &c);
}

/* Somebody tries to be rid of a duty with words. */
static void close_by_words(struct arena *a)
{
        struct row *duty = any_of(TABLE_DUTY, DUTY_state, "closed");
        struct duty_facts f = { .duty = duty ? *duty : (struct row){ 0 } };
        struct changes c;

        for (size_t i = 0; duty && i < countof(people); i++) {
                struct actor who = world_actor(&world, i, a);
                struct row *service = world_find(&world, TABLE_SERVICE, world_text(a, duty, DUTY_service), "");
                struct row *person = world_find(&world, TABLE_PERSON, world_text(a, duty, DUTY_person), "");

                f.service = service ? *service : (struct row){ 0 };
                f.person = person ? *person : (struct row){ 0 };
                changes_init(&c, a, "duty.closed", duty->id);
                if (who.person && duty_close(&c, &f, STR("済み"), duty->rev, &who, world.now, NULL) == ERR_OK) {
                        world_apply(&world, &c);
                        sums.closed++;
                        return;
                }
        }
}

static void something(struct arena *a)
{
        struct row *service = any_of(TABLE_SERVICE, SERVICE_state, "closed"), *certificate = any_of(TABLE_CERTIFICATE, CERTIFICATE_state, "withdrawn"), s;
        uint32_t who;

        switch (chance(40)) {
        case 0:
                if (service)
                        review(service);
                break;
        case 1:
                if (service && one_in(6))
                        end(service);
                break;
        case 2:
                if (certificate && row_is(certificate, CERTIFICATE_state, "valid"))
                        renew(certificate);
                break;
        case 3:
        case 4:
                close_by_words(a);
                break;
        case 5:
                who = chance(MANAGERS);
                if (one_in(12) && !world.left[who]) {
                        world_leave(&world, who);
                        sums.gone++;
                }
                break;
        case 6:
                if (service && one_in(3)) {      /* another manages it */
                        s = changed(service);
                        row_text(&s, SERVICE_manager, str_of(world.person[chance(MANAGERS)]));
                        world_put(&world, &s);
                }
                break;
        case 7:
                if (service && one_in(4) && row_is(service, SERVICE_state, "transitional")) {
                        s = changed(service);
                        row_text(&s, SERVICE_state, STR("approved"));
                        row_text(&s, SERVICE_application, str_of(application("service-use", s.id, false)));
                        world_put(&world, &s);
                }
                break;
        case 8:
                if (one_in(20))
                        world.now -= (utime_t)chance(72) * UTIME_HOUR;
                break;
        default:
                break;
        }
}

/* ---- the office ---- */

static struct row_list where(struct arena *a, enum table t, int col, const char *is, bool not)
{
        struct row_list all = world_rows(&world, a, t, "", WORLD_ALL);
        struct row *some = arena_array(a, all.n + 1, sizeof(*some));
        size_t n = 0;

        for (size_t i = 0; i < all.n; i++)
                if (row_is(&all.rows[i], col, is) != not)
                        some[n++] = all.rows[i];
        return (struct row_list){ some, n };
}

static struct duty_world duty_rows(struct arena *a)
{
        struct row_list closed = where(a, TABLE_DUTY, DUTY_state, "closed", false);
        struct row *done = arena_array(a, closed.n + 1, sizeof(*done));
        size_t n = 0;

        for (size_t i = 0; i < closed.n; i++)
                if (row_get_text(&closed.rows[i], DUTY_closed_by).n)
                        done[n++] = closed.rows[i];
        return (struct duty_world){ .services = world_rows(&world, a, TABLE_SERVICE, "", WORLD_ALL), .certificates = where(a, TABLE_CERTIFICATE, CERTIFICATE_state, "valid", false),
                                    .contracts = where(a, TABLE_CONTRACT, CONTRACT_state, "active", false), .open = where(a, TABLE_DUTY, DUTY_state, "open", false),
                                    .done = { done, n }, .applications = world_rows(&world, a, TABLE_APPLICATION, "", WORLD_ALL), .since = START };
}

static void told(const char *duty)
{
        if (notices_count == NOTICES_MAX)
                fail_msg("more than %d notices", NOTICES_MAX);
        (void)snprintf(notices[notices_count].duty, UUID_TEXT, "%s", duty);
        notices[notices_count++].day = date_days(utime_date_jst(world.now));
        sums.told++;
}

static bool has_part(enum duty_part part, const struct row *service, const char *pivot, bool low)
{
        return part == DUTIES_OF_SERVICES && service && (strcmp(service->id, pivot) < 0) == low;
}

/* Those of `list` whose service is in the part; of services: themselves; of a provider's certificate: one of the provider's is. */
static struct row_list in_part(struct arena *a, struct row_list list, int col, int provider, enum duty_part part, const char *pivot, bool low)
{
        struct row *some = arena_array(a, list.n + 1, sizeof(*some));
        size_t n = 0;

        for (size_t i = 0; i < list.n; i++) {
                const struct row *row = &list.rows[i], *s = col < 0 ? row : world_find(&world, TABLE_SERVICE, world_text(a, row, col), "");
                bool in = s ? has_part(part, s, pivot, low) : provider < 0 && part == DUTIES_OF_BODY;

                for (size_t k = 0; !s && provider >= 0 && !in && k < world.n; k++)
                        in = world.rows[k].table == TABLE_SERVICE && str_eq(row_get_text(row, provider), row_get_text(&world.rows[k], SERVICE_provider)) &&
                             has_part(part, &world.rows[k], pivot, low);
                if (in)
                        some[n++] = *row;
        }
        return (struct row_list){ some, n };
}

static struct duty_world part_of(struct arena *a, const struct duty_world *w, enum duty_part part, const char *pivot, bool low)
{
        struct duty_world p = *w;

        p.part = part;
        p.services = in_part(a, w->services, -1, -1, part, pivot, low);
        p.certificates = in_part(a, w->certificates, CERTIFICATE_service, CERTIFICATE_provider, part, pivot, low);
        p.contracts = in_part(a, w->contracts, CONTRACT_service, -1, part, pivot, low);
        p.open = in_part(a, w->open, DUTY_service, -1, part, pivot, low);
        p.done = in_part(a, w->done, DUTY_service, -1, part, pivot, low);
        return p;
}

static bool same_step(const struct duty_step *x, const struct duty_step *y)
{
        bool same = x->act == y->act && x->rule == y->rule && strcmp(x->row.id, y->row.id) == 0;

        for (int c = 0; same && x->row.table == TABLE_DUTY && c < DUTY_COLS; c++)
                same = x->row.v[c].kind == y->row.v[c].kind && x->row.v[c].i == y->row.v[c].i && str_eq(x->row.v[c].s, y->row.v[c].s);
        return same;
}

/* All that the parts say, which must be what the whole says. */
static struct duty_plan plan_in_parts(struct arena *a, utime_t now)
{
        struct duty_world w = duty_rows(a);
        const char *pivot = w.services.n ? w.services.rows[chance((uint32_t)w.services.n)].id : "";
        const struct duty_world parts[] = { part_of(a, &w, DUTIES_OF_BODY, pivot, false), part_of(a, &w, DUTIES_OF_SERVICES, pivot, true),
                                            part_of(a, &w, DUTIES_OF_SERVICES, pivot, false) };
        struct duty_plan whole, sum = { .next = INT64_MAX };
        struct err e = { 0 };

        assert_ok(duties_plan(&whole, pack, &w, now, a, &e), e);
        sum.steps = arena_array(a, whole.n + 1, sizeof(*sum.steps));
        for (size_t i = 0; i < countof(parts); i++) {
                struct duty_plan part;

                assert_ok(duties_plan(&part, pack, &parts[i], now, a, &e), e);
                for (size_t k = 0; k < part.n; k++) {
                        bool found = false;

                        for (size_t m = 0; m < whole.n; m++)
                                found |= same_step(&part.steps[k], &whole.steps[m]);
                        if (!found || sum.n == whole.n)
                                fail_msg("duty of %s is planned otherwise in parts", part.steps[k].rule ? part.steps[k].rule->id : "no rule");
                        sum.steps[sum.n++] = part.steps[k];
                }
                sum.next = part.next < sum.next ? part.next : sum.next;
        }
        if (sum.n != whole.n || sum.next != whole.next)
                fail_msg("a duty is planned otherwise in parts: %zu, %zu as a whole", sum.n, whole.n);
        return sum;
}

static size_t plan(struct arena *a)
{
        struct duty_plan p = plan_in_parts(a, world.now), later;
        utime_t before = p.next < world.now + 400 * UTIME_DAY ? p.next - 1 : world.now + 400 * UTIME_DAY;

        for (size_t i = 0; i < p.n; i++) {
                struct row row = p.steps[i].row;

                if (p.steps[i].act == DUTY_OPENED) {
                        uuid_text(row.id, world_id(&world));
                        told(row.id);
                }
                row.rev++;
                world_put(&world, &row);
        }
        if (p.n)
                return p.n;
        later = plan_in_parts(a, before);
        if (later.n)
                fail_msg("a duty of %s came before it was looked for", later.steps[0].rule ? later.steps[0].rule->id : "no rule");
        return 0;
}

/* Again and again, as the tick does; killed between two looks, it goes on where it was. */
static void office(struct arena *a)
{
        struct row_list open;

        for (int round = 0; plan(a); round++)
                if (round > 3)
                        fail_msg("the duties never come to rest");
        open = where(a, TABLE_DUTY, DUTY_state, "open", false);
        for (size_t i = 0; i < open.n; i++) {
                enum duty_word word = duty_say(pack, &open.rows[i], world.now);
                struct row after;

                if (word == DUTY_SAY_NOTHING)
                        continue;
                after = duty_said(&open.rows[i], word, world.now);
                after.rev++;
                world_put(&world, &after);
                told(after.id);
        }
        /* a second look on the same day has nothing to say: what is told of goes by days alone */
        open = where(a, TABLE_DUTY, DUTY_state, "open", false);
        for (size_t i = 0; i < open.n; i++)
                if (duty_say(pack, &open.rows[i], day_end(world.now) - 1) != DUTY_SAY_NOTHING)
                        fail_msg("duty %s was told of twice on one day", open.rows[i].id);
}

/* ---- the oracle: rows only ---- */

/* In whose list is it? Asked as the list of duties asks, in words of its own. */
static bool stands_with(struct arena *a, const struct row *duty, size_t who)
{
        const char *me = world.person[who], *named = world_text(a, duty, DUTY_person), *section = world_text(a, duty, DUTY_section);
        const struct row *service = world_find(&world, TABLE_SERVICE, world_text(a, duty, DUTY_service), "");
        int of = world_person(&world, named);
        bool role = false, overdue_role = false;

        if (world.left[who])
                return false;
        for (size_t r = 0; r < 4 && people[who].roles[r]; r++) {
                role |= row_is(duty, DUTY_role, people[who].roles[r]) && (!*section || strcmp(section, people[who].section) == 0);
                overdue_role |= row_is(duty, DUTY_overdue_role, people[who].roles[r]) && row_get_int(duty, DUTY_due_at) <= world.now;
        }
        return strcmp(named, me) == 0 || (*named && service && (row_is(service, SERVICE_manager, me) || row_is(service, SERVICE_deputy, me))) ||
               ((!*named || (of >= 0 && world.left[of])) && role) || overdue_role;
}

/* Who has to do it by the register: the manager, the deputy when they have left, the head of the section when both have. */
static size_t responsible(struct arena *a, const struct row *service)
{
        int manager = world_person(&world, world_text(a, service, SERVICE_manager)), deputy = world_person(&world, world_text(a, service, SERVICE_deputy));

        if (manager >= 0 && !world.left[manager])
                return (size_t)manager;
        if (deputy >= 0 && !world.left[deputy])
                return (size_t)deputy;
        return strcmp(world_text(a, service, SERVICE_section), "sangyo") == 0 ? SUZUKI : HARA;
}

static void is_seen(struct arena *a, const struct row *service, const char *kind, const char *subject, utime_t due)
{
        bool manager = false, approver = false;
        size_t has = responsible(a, service);

        if (due > world.now)
                return;
        for (size_t i = 0; i < world.n; i++) {
                const struct row *d = &world.rows[i];

                if (d->table != TABLE_DUTY || !row_is(d, DUTY_state, "open") || !row_is(d, DUTY_kind, kind) || !row_is(d, DUTY_service, service->id) ||
                    (subject && !row_is(d, DUTY_subject, subject)) || row_get_int(d, DUTY_due_at) > world.now)
                        continue;
                manager |= stands_with(a, d, has);
                approver |= stands_with(a, d, ABE);
        }
        if (!manager || !approver)
                fail_msg("service %s is past its %s and %s does not see it", service->id, kind, manager ? "the approver" : people[has].name);
        sums.seen++;
}

static void nothing_runs_out_unseen(struct arena *a)
{
        for (size_t i = 0; i < world.n; i++) {
                const struct row *s = &world.rows[i];

                if (s->table != TABLE_SERVICE || row_is(s, SERVICE_state, "closed"))
                        continue;
                is_seen(a, s, "review", NULL, row_get_int(s, SERVICE_review_at));
                if (row_get_int(s, SERVICE_until_at))
                        is_seen(a, s, "end", NULL, row_get_int(s, SERVICE_until_at));
                if (row_is(s, SERVICE_state, "transitional"))
                        is_seen(a, s, "apply", NULL, row_get_int(s, SERVICE_apply_by_at));
                for (size_t k = 0; k < world.n; k++) {
                        const struct row *c = &world.rows[k];
                        bool of = c->table == TABLE_CERTIFICATE && row_is(c, CERTIFICATE_state, "valid") &&
                                  (row_is(c, CERTIFICATE_service, s->id) || str_eq(row_get_text(c, CERTIFICATE_provider), row_get_text(s, SERVICE_provider)));

                        if (of)
                                is_seen(a, s, "certificate", c->id, row_get_int(c, CERTIFICATE_until_at));
                }
        }
}

/* A last day goes with the service, and the service with a case whose evidence one judged and another confirmed. */
static void ends_are_ends(struct arena *a)
{
        for (size_t i = 0; i < world.n; i++) {
                const struct row *d = &world.rows[i], *s, *evidence, *confirm;
                const char *app;

                if (d->table != TABLE_DUTY || !row_is(d, DUTY_state, "closed"))
                        continue;
                if (row_get_text(d, DUTY_closed_by).n && (row_is(d, DUTY_kind, "end") || row_is(d, DUTY_kind, "review") || row_is(d, DUTY_kind, "certificate") ||
                                                         row_is(d, DUTY_kind, "apply")))
                        fail_msg("a duty of kind %s was closed by words", world_text(a, d, DUTY_kind));
                if (!row_get_text(d, DUTY_evidence).n)
                        fail_msg("a duty was closed without a word why");
                if (!row_is(d, DUTY_kind, "end"))
                        continue;
                s = world_get(&world, TABLE_SERVICE, world_text(a, d, DUTY_service), "");
                app = world_text(a, s, SERVICE_ended);
                evidence = world_find(&world, TABLE_STEP, app, "evidence");
                confirm = world_find(&world, TABLE_STEP, app, "confirm");
                if (!row_is(s, SERVICE_state, "closed") || !evidence || !confirm || str_eq(row_get_text(evidence, STEP_decider), row_get_text(confirm, STEP_decider)))
                        fail_msg("a last day is closed and the service was not ended by two");
        }
}

static void nobody_is_told_twice(void)
{
        for (size_t i = 1; i < notices_count; i++)
                for (size_t k = i; k-- && k + 200 > i;)
                        if (notices[i].day == notices[k].day && strcmp(notices[i].duty, notices[k].duty) == 0)
                                fail_msg("duty %s was told of twice on day %lld", notices[i].duty, (long long)notices[i].day);
}

/* ---- three years ---- */

static void play_town(void)
{
        world_init(&world, pack, people, countof(people), START);
        notices_count = 0;
        for (int i = 0; i < SERVICES; i++)
                add_service();
        while (world.now < START + (utime_t)DAYS * UTIME_DAY && world.n + 200 < WORLD_ROWS) {
                scoped(arena_done) struct arena a = ARENA_INIT;

                world.now += one_in(30) ? (utime_t)chance(40) * UTIME_DAY : (utime_t)(4 + chance(40)) * UTIME_HOUR;      /* weeks off now and then */
                for (uint32_t i = chance(4); i; i--)
                        something(&a);
                if (one_in(150))
                        add_service();
                office(&a);
                nothing_runs_out_unseen(&a);
        }
        {
                scoped(arena_done) struct arena a = ARENA_INIT;

                ends_are_ends(&a);
        }
        sums.whole += world.now >= START + (utime_t)DAYS * UTIME_DAY;
        nobody_is_told_twice();
        arena_done(&world.arena);
}

static void for_three_years_nothing_runs_out_unseen(void **state)
{
        const char *given = getenv("SEKISHO_SEED");
        uint64_t first = given ? strtoull(given, NULL, 10) : 20261123;

        seed = first;
        print_message("# seed %llu\n", (unsigned long long)first);
        for (int i = 0; i < TOWNS; i++)
                play_town();
        print_message("# %d towns: %zu times past a date and seen, %zu reviews, %zu ends, %zu people left, %zu notices, %zu closed by people\n", TOWNS, sums.seen, sums.reviewed,
                      sums.ended, sums.gone, sums.told, sums.closed);
        assert_int_equal(sums.whole, TOWNS);
        assert_true(sums.seen >= SEEN_AT_LEAST);
        assert_true(sums.reviewed >= REVIEWED_AT_LEAST);
        assert_true(sums.ended >= ENDED_AT_LEAST);
        assert_true(sums.gone >= GONE_AT_LEAST);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(for_three_years_nothing_runs_out_unseen) };
        struct err e = { 0 };
        size_t n;
        const struct pack_file *files = mic_r4_pack(&n);
        int r;

        if (pack_load(&pack, files, n, NULL, NULL, &e) < 0) {
                printf("Bail out! %s", e.text);
                return 1;
        }
        r = unit_run("duties_property", tests);
        pack_free(pack);
        return r;
}
