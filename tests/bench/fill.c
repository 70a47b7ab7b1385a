/* fill.c - a register of as many services as a bench wants, through the store's own append.
 *
 * fill DATA-DIR N        while no office runs on it
 * fill DATA-DIR log N    a journal of N entries over five years from now on (its time never goes back): cases of service-use with their steps and duties, and six times as much besides
 * fill DATA-DIR lines    no services, but the search's lines of whatever rows there are
 *
 * Names, purposes and domains are made of common words; "鰻屋" stands in one of 1,000, "関所" in one of 70, "システム" in most.
 */
#include "server/office/office.h"
#include "server/office/store/journal.h"
#include "server/office/store/search.h"
#include "sys/clock.h"
#include "sys/entropy.h"

enum { AT_ONCE = 50, ROOM = 400 };

static const char *const fields[] = { "福祉", "税務", "防災", "教育", "図書館", "水道", "環境", "観光", "子育て", "道路", "農地", "消防", "健診", "会計", "人事", "広報" };
static const char *const kinds[] = { "予約", "申請", "台帳", "通報", "名簿", "相談", "地図", "統計", "研修", "契約", "案内", "点検" };
static const char *const forms[] = { "システム", "システムクラウド", "システムサービス", "アプリ", "ポータル" };
static const char *const sections[] = { "総務課", "税務課", "市民課", "福祉課", "建設課", "観光課", "学校教育課", "消防総務課" };

static uint32_t dice(uint32_t *state, size_t sides)
{
        *state = *state * 1664525u + 1013904223u;
        return (*state >> 8) % (uint32_t)sides;
}

static void put(struct row *row, struct arena *a, int col, const char *text)
{
        row_personal(row, col, str_of(arena_text(a, text)));
}

static struct row service(struct arena *a, uint32_t *seed, size_t i, utime_t now)
{
        struct row row = row_new(TABLE_SERVICE, entropy_uuid(now), NULL);
        const char *planted = i % 1000 == 7 ? "鰻屋" : i % 70 == 3 ? "関所" : "";
        const char *field = fields[dice(seed, countof(fields))], *kind = kinds[dice(seed, countof(kinds))];
        char text[ROOM];

        (void)snprintf(text, sizeof(text), "%s%s%s %05zu", field, kind, forms[dice(seed, countof(forms))], i);
        put(&row, a, SERVICE_name, text);
        (void)snprintf(text, sizeof(text), "%sの%sを受け付け、%s%sの状況を管理する。", field, kind, planted, kinds[dice(seed, countof(kinds))]);
        put(&row, a, SERVICE_purpose, text);
        (void)snprintf(text, sizeof(text), "s%05zu.example.jp", i);
        put(&row, a, SERVICE_domains, text);
        put(&row, a, SERVICE_section, sections[dice(seed, countof(sections))]);
        row_text(&row, SERVICE_state, i % 5 ? STR("closed") : STR("approved"));
        row_int(&row, SERVICE_from_at, now);
        row_int(&row, SERVICE_review_at, now + (utime_t)dice(seed, 700) * UTIME_DAY);
        return row;
}

static int fill(struct db *db, size_t n, struct err *e)
{
        utime_t now = clock_now();
        uint32_t seed = 1;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < n;) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct receipt receipt;
                struct changes c;

                changes_init(&c, &a, "service.recorded", NULL);
                for (size_t k = 0; r == ERR_OK && k < AT_ONCE && i < n; k++, i++) {
                        struct row row = service(&a, &seed, i, now);

                        r = changes_add(&c, &row, e);
                }
                if (r == ERR_OK)
                        r = journal_append(&receipt, db, &c, now, "SHI-2026", e);
        }
        return r;
}

/* ---- a journal of five years ---- */

enum { CASE_EVERY = 7, STEPS = 4, ANSWERS = 12, COMMIT_EVERY = 20000, YEARS = 5 };

struct story { struct db *db; utime_t at, step; size_t done, wanted; uint32_t seed; };

static int append(struct story *s, struct changes *c, struct err *e)
{
        struct receipt receipt;
        int r = ERR_OK;

        s->at += s->step;
        if (++s->done % COMMIT_EVERY == 0) {
                r = db_commit(s->db, e);
                if (r == ERR_OK)
                        r = db_begin(s->db, e);
        }
        return r < 0 ? r : journal_append(&receipt, s->db, c, s->at, "SHI-2025", e);
}

static void said(struct row *row, struct arena *a, int col, uint32_t *seed)
{
        char text[ROOM];

        (void)snprintf(text, sizeof(text), "%sの%sのため、%sを利用する。", fields[dice(seed, countof(fields))], kinds[dice(seed, countof(kinds))], forms[dice(seed, countof(forms))]);
        put(row, a, col, text);
}

static int submit(struct story *s, struct arena *a, struct row *app, struct row *steps, const char *person, struct err *e)
{
        static const char *const ids[STEPS] = { "usage", "conditions", "select", "decide" };
        struct changes c;
        char k[16];
        int r;

        *app = row_new(TABLE_APPLICATION, entropy_uuid(s->at), NULL);
        changes_init(&c, a, "application.submitted", app->id);
        c.actor = person;
        row_text(app, APPLICATION_number, str_of(arena_printf(a, "SHI-EXT-%zu", s->done)));
        row_text(app, APPLICATION_form, STR("service-use"));
        row_text(app, APPLICATION_procedure, STR("service-use"));
        row_text(app, APPLICATION_state, STR("submitted"));
        row_text(app, APPLICATION_applicant, str_of(person));
        put(app, a, APPLICATION_section, sections[dice(&s->seed, countof(sections))]);
        row_int(app, APPLICATION_submitted_at, s->at);
        r = changes_add(&c, app, e);
        for (int i = 0; r == ERR_OK && i < ANSWERS; i++) {
                struct row row;

                (void)snprintf(k, sizeof(k), "answer_%d", i);
                row = row_new(TABLE_ANSWER, (struct uuid){ { 0 } }, k);
                memcpy(row.id, app->id, sizeof(row.id));
                said(&row, a, ANSWER_value, &s->seed);
                r = changes_add(&c, &row, e);
        }
        for (int i = 0; r == ERR_OK && i < STEPS; i++) {
                steps[i] = row_new(TABLE_STEP, (struct uuid){ { 0 } }, ids[i]);
                memcpy(steps[i].id, app->id, sizeof(steps[i].id));
                row_text(&steps[i], STEP_kind, STR("approve"));
                row_text(&steps[i], STEP_role, STR("section_manager"));
                row_text(&steps[i], STEP_state, STR("waiting"));
                r = changes_add(&c, &steps[i], e);
        }
        return r < 0 ? r : append(s, &c, e);
}

static int decide(struct story *s, struct arena *a, struct row *app, struct row *step, const char *person, bool last, struct err *e)
{
        struct changes c;
        int r;

        changes_init(&c, a, "application.decided", app->id);
        c.actor = person;
        step->rev = 1;
        row_text(step, STEP_state, STR("approved"));
        row_text(step, STEP_decider, str_of(person));
        row_int(step, STEP_decided_at, s->at);
        said(step, a, STEP_reason, &s->seed);
        r = changes_add(&c, step, e);
        app->rev++;
        if (last) {
                row_text(app, APPLICATION_state, STR("approved"));
                row_int(app, APPLICATION_ended_at, s->at);
        }
        if (r == ERR_OK)
                r = changes_add(&c, app, e);
        return r < 0 ? r : append(s, &c, e);
}

static int duty(struct story *s, struct arena *a, const struct row *app, const char *person, struct err *e)
{
        struct row row = row_new(TABLE_DUTY, entropy_uuid(s->at), NULL);
        int r = ERR_OK;

        row_text(&row, DUTY_kind, STR("condition"));
        row_text(&row, DUTY_role, STR("section_manager"));
        row_text(&row, DUTY_application, str_of(app->id));
        said(&row, a, DUTY_text, &s->seed);
        row_int(&row, DUTY_due_at, s->at + 30 * UTIME_DAY);
        for (int closed = 0; r == ERR_OK && closed < 2; closed++) {
                struct changes c;

                changes_init(&c, a, closed ? "duty.closed" : "duty.opened", row.id);
                row_text(&row, DUTY_state, closed ? STR("closed") : STR("open"));
                row.rev = closed;
                if (closed) {
                        row_int(&row, DUTY_closed_at, s->at);
                        row_text(&row, DUTY_closed_by, str_of(person));
                        said(&row, a, DUTY_evidence, &s->seed);
                }
                r = changes_add(&c, &row, e);
                if (r == ERR_OK)
                        r = append(s, &c, e);
        }
        return r;
}

static int one_case(struct story *s, const char *person, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct row *app = arena_array(&a, 1, sizeof(*app)), *steps = arena_array(&a, STEPS, sizeof(*steps));
        int r = app && steps ? submit(s, &a, app, steps, person, e) : err_set(e, ERR_NOMEM, "case");

        if (r == ERR_OK)
                app->rev = 0;
        for (int i = 0; r == ERR_OK && i < STEPS; i++)
                r = decide(s, &a, app, &steps[i], person, i == STEPS - 1, e);
        return r < 0 ? r : duty(s, &a, app, person, e);
}

static int besides(struct story *s, const char *person, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct changes c;

        changes_init(&c, &a, "session.opened", person);
        c.actor = person;
        return append(s, &c, e);
}

static int fill_log(struct db *db, size_t n, struct err *e)
{
        utime_t span = YEARS * 365 * UTIME_DAY;
        struct story s = { .db = db, .at = clock_now(), .step = span / (utime_t)(n + 1), .wanted = n, .seed = 7 };
        char people[16][UUID_TEXT];
        int r = ERR_OK;

        for (size_t i = 0; i < countof(people); i++)
                uuid_text(people[i], entropy_uuid(s.at));
        while (r == ERR_OK && s.done < n) {
                const char *person = people[dice(&s.seed, countof(people))];

                r = dice(&s.seed, CASE_EVERY * 6 + 1) ? besides(&s, person, e) : one_case(&s, person, e);
        }
        return r;
}

int main(int argc, char **argv)
{
        scoped(db_close) struct db *db = NULL;
        char store[OFFICE_PATH_MAX];
        struct err e = { 0 };
        uint64_t n = 0;
        bool lines = argc == 3 && strcmp(argv[2], "lines") == 0, log = argc == 4 && strcmp(argv[2], "log") == 0 && str_u64(str_of(argv[3]), 10000000, &n);
        int r = lines || log || (argc == 3 && str_u64(str_of(argv[2]), 10000000, &n)) ? ERR_OK : ERR_INPUT;

        if (r < 0) {
                (void)fputs("fill DATA-DIR N|log N|lines\n", stderr);
                return 2;
        }
        (void)snprintf(store, sizeof(store), "%s/office", argv[1]);
        r = db_open(&db, store, DB_WRITE, &e);
        if (r == ERR_OK)
                r = db_begin(db, &e);
        if (r == ERR_OK)
                r = lines ? search_fill(db, &e) : log ? fill_log(db, n, &e) : fill(db, n, &e);
        if (r == ERR_OK)
                r = db_commit(db, &e);
        if (r < 0)
                (void)fprintf(stderr, "%s\n", e.text);
        return r < 0;
}
