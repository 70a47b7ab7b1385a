/* fill.c - a register of as many services as a bench wants, through the store's own append.
 *
 * fill DATA-DIR N        while no office runs on it
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

int main(int argc, char **argv)
{
        scoped(db_close) struct db *db = NULL;
        char store[OFFICE_PATH_MAX];
        struct err e = { 0 };
        uint64_t n = 0;
        bool lines = argc == 3 && strcmp(argv[2], "lines") == 0;
        int r = lines || (argc == 3 && str_u64(str_of(argv[2]), 10000000, &n)) ? ERR_OK : ERR_INPUT;

        if (r < 0) {
                (void)fputs("fill DATA-DIR N|lines\n", stderr);
                return 2;
        }
        (void)snprintf(store, sizeof(store), "%s/office", argv[1]);
        r = db_open(&db, store, DB_WRITE, &e);
        if (r == ERR_OK)
                r = db_begin(db, &e);
        if (r == ERR_OK)
                r = lines ? search_fill(db, &e) : fill(db, n, &e);
        if (r == ERR_OK)
                r = db_commit(db, &e);
        if (r < 0)
                (void)fprintf(stderr, "%s\n", e.text);
        return r < 0;
}
