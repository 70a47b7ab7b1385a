/* test_may_use.c - 「使っていい？」 says no before it says yes, and yes only to a section that has it; readings name what sounds the same. */
#include "core/register/may_use.h"

#include "core/search/readings.h"
#include "core/search/spelling.h"
#include "unit.h"

#define D(n) ((utime_t)(n) * UTIME_DAY)

enum { NO_USE, USED, USE_ENDED };

static void a_section_is_told_what_the_register_says(void **state)
{
        static const struct { const char *name, *is, *section; utime_t until, apply_by, now; int use; utime_t use_until; enum may_answer want; const char *why; } cases[] = {
                { "the section's own",             "approved",     "税務課", 0,     0,     D(5),  USED,      0,     MAY_YES,   "used" },
                { "it was registered for it",      "approved",     "福祉課", 0,     0,     D(5),  NO_USE,    0,     MAY_YES,   "used" },
                { "another section's",             "approved",     "税務課", 0,     0,     D(5),  NO_USE,    0,     MAY_ADD,   "approved" },
                { "its use has ended",             "approved",     "福祉課", 0,     0,     D(5),  USE_ENDED, 0,     MAY_ADD,   "approved" },
                { "its use is over since now",     "approved",     "税務課", 0,     0,     D(5),  USED,      D(5),  MAY_ADD,   "approved" },
                { "its use has an instant left",   "approved",     "税務課", 0,     0,     D(5),  USED,      D(5) + 1, MAY_YES, "used" },
                { "the approval is over since now", "approved",    "福祉課", D(5),  0,     D(5),  USED,      0,     MAY_NO,    "ended" },
                { "the approval's last instant",   "approved",     "福祉課", D(5) + 1, 0,  D(5),  USED,      0,     MAY_YES,   "used" },
                { "suspended",                     "suspended",    "福祉課", 0,     0,     D(5),  USED,      0,     MAY_NO,    "suspended" },
                { "suspended, and over",           "suspended",    "福祉課", D(1),  0,     D(5),  USED,      0,     MAY_NO,    "suspended" },
                { "closed",                        "closed",       "福祉課", 0,     0,     D(5),  USED,      0,     MAY_NO,    "closed" },
                { "in transition, its own",        "transitional", "福祉課", 0,     D(9),  D(5),  NO_USE,    0,     MAY_YES,   "in-transition" },
                { "in transition, another's",      "transitional", "税務課", 0,     D(9),  D(5),  NO_USE,    0,     MAY_APPLY, "transitional" },
                { "in transition, its day is over", "transitional", "福祉課", 0,    D(5),  D(5),  NO_USE,    0,     MAY_APPLY, "overdue" },
                { "a state that nobody knows",     "strange",      "福祉課", 0,     0,     D(5),  USED,      0,     MAY_NO,    "unknown" },
                { "whoever has no section",        "approved",     "",       0,     0,     D(5),  NO_USE,    0,     MAY_ADD,   "approved" },
        };

        (void)state;
        for (size_t i = 0; i < countof(cases); i++) {
                struct row service = { .table = TABLE_SERVICE }, use = { .table = TABLE_USE };
                struct may got;

                row_personal(&service, SERVICE_section, STR("福祉課"));
                row_text(&service, SERVICE_state, str_of(cases[i].is));
                row_int(&service, SERVICE_until_at, cases[i].until);
                row_int(&service, SERVICE_apply_by_at, cases[i].apply_by);
                row_text(&use, USE_state, cases[i].use == USE_ENDED ? STR("ended") : STR("active"));
                row_int(&use, USE_until_at, cases[i].use_until);
                got = may_use(&service, cases[i].use == NO_USE ? NULL : &use, str_of(cases[i].section), cases[i].now);
                if (got.answer != cases[i].want || strcmp(got.why, cases[i].why) != 0)
                        fail_msg("%s: got %s %s, want %s %s", cases[i].name, may_answer_names[got.answer], got.why, may_answer_names[cases[i].want], cases[i].why);
        }
}

static void a_reading_names_the_letters_and_back(void **state)
{
        static const struct { const char *typed, *want; } cases[] = {
                { "ズーム", "zoom" }, { "ｽﾞｰﾑ", "zoom" }, { "Ｚｏｏｍ", "ずーむ" }, { "ＬＩＮＥ", "らいん" }, { "マイクロソフト", "microsoft" }, { "ずーむらん", "" }, { "", "" },
        };

        (void)state;
        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf folded = BUF_INIT;
                struct str got;

                spelling_fold(&folded, NULL, str_of(cases[i].typed));
                got = reading_other(buf_view(&folded));
                if (!str_is(got, cases[i].want))
                        fail_msg("%s: got %.*s, want %s", cases[i].typed, (int)got.n, got.p, cases[i].want);
        }
}

/* Each name is its own other's other, and folded: else it is never found. */
static void readings_are_folded_and_go_both_ways(void **state)
{
        static const char *const some[] = { "zoom", "teams", "slack", "chatgpt", "github", "box", "webex", "surveymonkey", "microsoft" };

        (void)state;
        for (size_t i = 0; i < countof(some); i++) {
                scoped(buf_done) struct buf folded = BUF_INIT;
                struct str kana = reading_other(str_of(some[i]));

                spelling_fold(&folded, NULL, kana);
                assert_true(kana.n && str_eq(kana, buf_view(&folded)));
                assert_true(str_is(reading_other(kana), some[i]));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_section_is_told_what_the_register_says),
                cmocka_unit_test(a_reading_names_the_letters_and_back),
                cmocka_unit_test(readings_are_folded_and_go_both_ways),
        };

        return unit_run("may_use", tests);
}
