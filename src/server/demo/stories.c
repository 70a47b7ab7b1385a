/* stories.c - see demo.h. One story a service; whoever's next moment is the earliest acts, until the day that all is made for. */
#include "server/demo/demo.h"

#include "core/calendar/calendar.h"
#include "server/office/command/ticks.h"

enum { ACTS_MAX = 20000, PATH_ROOM = 160, ROUNDS = 3 };

struct story {
        const struct demo_service *s;
        const struct demo_op      *op;
        utime_t                    next;
        char                       main[UUID_TEXT], at[UUID_TEXT], service[UUID_TEXT];   /* the case that it is about; the one that is being carried */
        const char                *successor;
        const struct demo_person  *applicant, *manager, *deputy, *filer;
        char                       iso[16];
        bool                       filed;           /* of an op that files and then carries */
};

/* ---- time ---- */

static bool is_weekend(utime_t t)
{
        int64_t day = date_days(utime_date_jst(t));

        return (day + 4) % 7 == 0 || (day + 4) % 7 == 6;        /* 1970-01-01 was a Thursday */
}

/* From a quarter to nine until five, on a working day. */
static utime_t office_hours(struct demo *d, utime_t t)
{
        utime_t day = utime_from_jst(utime_date_jst(t));

        while (is_weekend(day))
                day += UTIME_DAY;
        return day + 8 * UTIME_HOUR + 45 * UTIME_MIN + (utime_t)demo_dice(d, 495) * UTIME_MIN + (utime_t)demo_dice(d, 60) * UTIME_S;
}

static utime_t days_later(struct demo *d, utime_t days)
{
        utime_t t = office_hours(d, d->now + days * UTIME_DAY);

        return t > d->now ? t : d->now + 10 * UTIME_MIN;
}

static utime_t soon(struct demo *d)
{
        return d->now + (utime_t)(8 + demo_dice(d, 40)) * UTIME_MIN;
}

/* ---- answers ---- */

struct filling { struct demo *d; const struct story *y; const char *items; };

static bool is_foreign(const struct demo_service *s)
{
        return strcmp(demo_providers[s->provider].country, "JP") != 0 || s->abroad;
}

/* The last day of the period: March 31, `years` fiscal years after the one that the demonstration ends in. */
static struct date last_day(const struct demo *d, int years)
{
        return date_from_days(date_days(utime_date_jst(calendar_fiscal_start(calendar_fiscal_year(d->end) + 1 + years))) - 1);
}

static void put_day(struct buf *out, struct date day)
{
        buf_printf(out, "%04d-%02d-%02d", day.year, day.month, day.day);
}

/* "@day+3", "@end-20". */
static void put_moment(struct buf *out, utime_t base, struct str offset)
{
        uint64_t n = 0;

        if (offset.n)
                (void)str_u64((struct str){ offset.p + 1, offset.n - 1 }, 10000, &n);
        put_day(out, date_from_days(date_days(utime_date_jst(base)) + (offset.n && *offset.p == '-' ? -(int64_t)n : (int64_t)n)));
}

static bool put_word(struct buf *out, const struct filling *f, struct str word, struct str offset)
{
        const struct demo_service *s = f->y->s;
        const struct demo_provider *p = &demo_providers[s->provider];
        const struct { const char *word, *text; } words[] = {
                { "name", s->name }, { "provider", p->name }, { "address", p->address }, { "contact", p->contact }, { "strength", p->strength },
                { "country", p->country }, { "domains", s->domains }, { "type", s->type }, { "business", s->business }, { "users", s->users }, { "info", s->info },
                { "outage", s->outage }, { "effect", s->effect }, { "keep", s->keep }, { "manager", f->y->manager->id }, { "deputy", f->y->deputy->id },
                { "service", f->y->service }, { "application", f->y->main }, { "successor", f->y->successor }, { "items", f->items }, { "iso", f->y->iso },
                { "places", s->abroad ? "JP US" : "JP" },
        };

        for (size_t i = 0; i < countof(words); i++)
                if (str_is(word, words[i].word) && words[i].text) {
                        buf_text(out, words[i].text);
                        return true;
                }
        if (str_is(word, "day") || str_is(word, "end"))
                put_moment(out, str_is(word, "day") ? f->d->now : f->d->end, offset);
        else if (str_is(word, "until"))
                put_day(out, last_day(f->d, s->until_years));
        else if (str_is(word, "certificate"))
                put_day(out, date_from_days(date_days(utime_date_jst(f->d->end)) + s->certificate_days));
        else
                return false;
        return true;
}

static size_t run_of(const char *p, const char *set)
{
        return strspn(p, set);
}

static void fill_text(struct buf *out, const struct filling *f, const char *p)
{
        while (*p) {
                size_t n = *p == '@' ? run_of(p + 1, "abcdefghijklmnopqrstuvwxyz") : 0;
                size_t m = n && (p[n + 1] == '+' || p[n + 1] == '-') ? run_of(p + n + 2, "0123456789") : 0;

                m += m != 0;
                if (n && put_word(out, f, (struct str){ p + 1, n }, (struct str){ p + n + 1, m })) {
                        p += n + 1 + m;
                        continue;
                }
                buf_char(out, *p++);
        }
}

/* What a case asks besides, where something in it is not in Japan, or must be kept most strictly. */
static const struct demo_pair abroad_pairs[] = {
        { "law_countries", "US" }, { "law_risk", "mid-risk" }, { "law_measures", "保存する情報を暗号化し、鍵は本市が管理する。契約は日本法による。" },
        { "law_assessment", "提供者に開示を求める法令があり得る。暗号化と鍵の管理で影響を抑えられると判断した。" },
};
static const struct demo_pair strict_pairs[] = { { "requirement_set", "strict" }, { "importance", "high-importance" } };

static int put_pairs(json_t *o, const struct filling *f, const struct demo_pair *pairs, size_t n, struct err *e)
{
        for (size_t i = 0; i < n; i++) {
                scoped(buf_done) struct buf text = BUF_INIT;

                fill_text(&text, f, pairs[i].value);
                if (buf_bad(&text) || json_object_set_new(o, pairs[i].field, demo_text(buf_view(&text))) < 0)
                        return err_set(e, ERR_NOMEM, "answers");
        }
        return ERR_OK;
}

static int answers_of(json_t **out, const struct filling *f, const char *form, struct err *e)
{
        const struct demo_form *known = demo_form(form);
        scoped(json_decref) json_t *o = json_object();
        int r = known ? put_pairs(o, f, known->pairs, known->pairs_count, e) : err_set(e, ERR_INPUT, "no such form: %s", form);

        if (r == ERR_OK && strcmp(form, "service-secretariat") == 0 && is_foreign(f->y->s))
                r = put_pairs(o, f, abroad_pairs, countof(abroad_pairs), e);
        if (r == ERR_OK && strcmp(form, "service-secretariat") == 0 && strstr(f->y->s->info, "resident"))
                r = put_pairs(o, f, strict_pairs, countof(strict_pairs), e);
        if (r == ERR_OK)
                *out = json_incref(o);
        return r;
}

/* ---- a case ---- */

static const char *member(const json_t *o, const char *key)
{
        const char *text = json_string_value(json_object_get(o, key));

        return text ? text : "";
}

static int see(json_t **out, struct demo *d, const char *application, struct err *e)
{
        char path[PATH_ROOM];

        (void)snprintf(path, sizeof(path), "/api/v1/applications/%s", application);
        return demo_call(out, d, demo_person(d, "kato")->id, path, NULL, e);
}

static int act_on(struct demo *d, const char *by, const json_t *app, const char *verb, json_t *body, struct err *e)
{
        char path[PATH_ROOM];

        (void)snprintf(path, sizeof(path), "/api/v1/applications/%s/%s", member(app, "id"), verb);
        (void)json_object_set(body, "rev", json_object_get(app, "rev"));
        return demo_call(NULL, d, by, path, body, e);
}

static const json_t *active_step(const json_t *app)
{
        const json_t *step;
        size_t i;

        json_array_foreach(json_object_get(app, "steps"), i, step)
                if (json_is_true(json_object_get(step, "active")))
                        return step;
        return NULL;
}

/* Whose turn it usually is. */
static const char *usual(struct demo *d, const struct story *y, const char *role)
{
        static const struct { const char *role, *login; } holders[] = {
                { "secretariat", "kato" }, { "dept_officer", "watanabe" }, { "senior_officer", "kobayashi" }, { "ciso", "fukuda" }, { "approving_authority", "hayashi" },
        };

        for (size_t i = 0; i < countof(holders); i++)
                if (strcmp(role, holders[i].role) == 0)
                        return demo_person(d, holders[i].login)->id;
        if (strcmp(role, "section_manager") == 0)
                return demo_leader(d, y->filer->section)->id;
        return y->manager->id;
}

static int fill_sheet_of(struct demo *d, struct story *y, const json_t *app, const json_t *sheet, struct err *e)
{
        const struct filling f = { d, y, "" };
        json_t *answers = NULL;
        int r = answers_of(&answers, &f, member(sheet, "id"), e);

        return r < 0 ? r : act_on(d, usual(d, y, member(sheet, "role")), app, "fill", json_pack("{s:s, s:o}", "sheet", member(sheet, "id"), "answers", answers), e);
}

/* What no registration can be had for is advised only: unmet, with what makes up for it. */
static json_t *line_of(struct demo *d, const char *criterion)
{
        static const char *const lacking[] = { "trust-ismap", "trust-jasa" };
        char day[16];
        struct date on = utime_date_jst(d->now - 2 * UTIME_DAY);

        for (size_t i = 0; i < countof(lacking); i++)
                if (strcmp(criterion, lacking[i]) == 0)
                        return json_pack("{s:s, s:s, s:s}", "criterion", criterion, "result", "unmet", "reason", "登録がない。ISO/IEC 27017 の認証と監査の報告で補う。");
        (void)snprintf(day, sizeof(day), "%04d-%02d-%02d", on.year, on.month, on.day);
        return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "criterion", criterion, "result", "met", "article", "仕様書 第5条", "document", "事業者回答シート 添付1",
                         "answer", "answered", "said", "回答シートのとおり。", "said_on", day);
}

/* The lines that are this person's to judge; *n of them. */
static int judge_lines(size_t *n, struct demo *d, const char *by, const char *application, struct err *e)
{
        scoped(json_decref) json_t *app = NULL;
        json_t *lines = json_array();
        const json_t *c;
        char path[PATH_ROOM];
        size_t i;
        int r;

        (void)snprintf(path, sizeof(path), "/api/v1/applications/%s", application);
        r = demo_call(&app, d, by, path, NULL, e);
        json_array_foreach(json_object_get(app, "criteria"), i, c)
                if (json_is_true(json_object_get(c, "mine")) && !json_object_get(c, "result"))
                        (void)json_array_append_new(lines, line_of(d, member(c, "id")));
        *n = json_array_size(lines);
        if (r < 0 || !*n) {
                json_decref(lines);
                return r;
        }
        return act_on(d, by, app, "judge", json_pack("{s:o}", "lines", lines), e);
}

static json_t *approval(struct demo *d, const json_t *step, const char *reason)
{
        json_t *body = json_pack("{s:s, s:s, s:s}", "decision", "approve", "reason", reason, "step", member(step, "id"));
        struct date today = utime_date_jst(d->now);
        char day[16], number[48];

        if (strcmp(member(step, "kind"), "council") != 0 || strcmp(member(step, "state"), "entered") == 0)
                return body;
        (void)snprintf(day, sizeof(day), "%04d-%02d-%02d", today.year, today.month, today.day);
        (void)snprintf(number, sizeof(number), "情政第%llu号", (unsigned long long)(100 + demo_dice(d, 400)));
        (void)json_object_set_new(body, "document", json_string(number));
        (void)json_object_set_new(body, "decided_on", json_string(day));
        (void)json_object_set_new(body, "division", json_string("final"));
        (void)json_object_set_new(body, "authority", json_string("情報セキュリティ委員会"));
        return body;
}

/* One act of the active step: a sheet, the lines, or the decision. */
static int pass_step(struct demo *d, struct story *y, const json_t *app, const json_t *step, struct err *e)
{
        const char *by = usual(d, y, member(step, "role"));
        const json_t *sheet;
        size_t i, n = 0;
        int r = ERR_OK;

        if (strcmp(member(step, "state"), "entered") == 0) {
                y->next = days_later(d, 1);
                return act_on(d, demo_person(d, "kobayashi")->id, app, "decide", approval(d, step, ""), e);
        }
        y->next = soon(d);
        json_array_foreach(json_object_get(app, "sheets"), i, sheet)
                if (strcmp(member(sheet, "step"), member(step, "id")) == 0 && !json_is_true(json_object_get(sheet, "filled")))
                        return fill_sheet_of(d, y, app, sheet, e);
        if (strcmp(member(step, "kind"), "judge") == 0)
                r = judge_lines(&n, d, by, member(app, "id"), e);
        if (r < 0 || n)
                return r;
        y->next = days_later(d, 1 + (utime_t)demo_dice(d, 2));
        return act_on(d, by, app, "decide", approval(d, step, ""), e);
}

/* *arrived: at the step, or at the end of the case. */
static int carry(bool *arrived, struct demo *d, struct story *y, const char *until, struct err *e)
{
        scoped(json_decref) json_t *app = NULL;
        const json_t *step;
        int r = see(&app, d, y->at, e);

        if (r < 0)
                return r;
        step = active_step(app);
        *arrived = strcmp(member(app, "state"), "submitted") != 0 || (until && step && strcmp(member(step, "id"), until) == 0);
        if (*arrived && json_object_get(app, "service") && strcmp(y->at, y->main) == 0)
                (void)snprintf(y->service, sizeof(y->service), "%s", member(json_object_get(app, "service"), "id"));
        if (*arrived)
                return ERR_OK;
        return step ? pass_step(d, y, app, step, e) : err_set(e, ERR_CONFLICT, "no step is active");
}

static int file_form(struct demo *d, struct story *y, const struct demo_person *by, const char *form, const char *items, struct err *e)
{
        static const char *const about_service[] = { "service-review", "service-end", "service-renewal", "service-subcontract", "service-change-notice" };
        const struct filling f = { d, y, items };
        scoped(json_decref) json_t *reply = NULL;
        json_t *answers = NULL;
        struct str id = str_of(form), rest;
        int r = answers_of(&answers, &f, form, e);

        (void)str_cut(id, '/', &id, &rest);                         /* "service-review/found": another filling of the same form */
        for (size_t i = 0; i < countof(about_service); i++)
                if (str_is(id, about_service[i]))
                        by = y->manager;
        y->filer = by;
        if (r == ERR_OK)
                r = demo_call(&reply, d, by->id, "/api/v1/applications", json_pack("{s:o, s:o}", "form", demo_text(id), "answers", answers), e);
        if (r == ERR_OK)
                (void)snprintf(y->at, sizeof(y->at), "%s", member(reply, "id"));
        if (r == ERR_OK && !*y->main)
                memcpy(y->main, y->at, sizeof(y->main));
        y->next = days_later(d, 1);
        return r;
}

/* ---- what a story does next: each answers whether the op is over ---- */

typedef int verb_fn(bool *over, struct demo *d, struct story *y, struct err *e);

static int do_file(bool *over, struct demo *d, struct story *y, struct err *e)
{
        return file_form(d, y, y->applicant, y->op->a, "", e);
}

static int do_carry(bool *over, struct demo *d, struct story *y, struct err *e)
{
        return carry(over, d, y, y->op->a, e);
}

static int do_decide(bool *over, struct demo *d, struct story *y, struct err *e)
{
        scoped(json_decref) json_t *app = NULL;
        const json_t *step;
        int r = see(&app, d, y->at, e);

        step = active_step(app);
        if (r < 0 || !step)
                return r < 0 ? r : err_set(e, ERR_CONFLICT, "no step is active");
        y->next = days_later(d, 3);
        return act_on(d, usual(d, y, member(step, "role")), app, "decide",
                      json_pack("{s:s, s:s, s:s}", "decision", y->op->a, "reason", y->op->b, "step", member(step, "id")), e);
}

static int do_condition(bool *over, struct demo *d, struct story *y, struct err *e)
{
        scoped(json_decref) json_t *app = NULL;
        struct date due = utime_date_jst(d->now + y->op->n * UTIME_DAY);
        const json_t *step;
        json_t *body;
        char day[16];
        int r = see(&app, d, y->at, e);

        step = active_step(app);
        if (r < 0 || !step)
                return r < 0 ? r : err_set(e, ERR_CONFLICT, "no step is active");
        (void)snprintf(day, sizeof(day), "%04d-%02d-%02d", due.year, due.month, due.day);
        body = approval(d, step, "");
        (void)json_object_set_new(body, "condition", json_string(y->op->b));
        (void)json_object_set_new(body, "condition_due", json_string(day));
        return act_on(d, usual(d, y, member(step, "role")), app, "decide", body, e);
}

static int do_mend(bool *over, struct demo *d, struct story *y, struct err *e)
{
        const struct filling f = { d, y, "" };
        scoped(json_decref) json_t *app = NULL;
        json_t *answers = NULL;
        int r = see(&app, d, y->at, e);

        if (r == ERR_OK)
                r = answers_of(&answers, &f, member(app, "form"), e);
        y->next = days_later(d, 1);
        return r < 0 ? r : act_on(d, y->filer->id, app, "resubmit", json_pack("{s:o}", "answers", answers), e);
}

static int do_withdraw(bool *over, struct demo *d, struct story *y, struct err *e)
{
        scoped(json_decref) json_t *app = NULL;
        int r = see(&app, d, y->at, e);

        return r < 0 ? r : act_on(d, y->filer->id, app, "withdraw", json_pack("{s:s}", "reason", y->op->b), e);
}

/* Another case, filed and carried to its end; then back to the one before. */
static int aside(bool *over, struct demo *d, struct story *y, const struct demo_person *by, const char *form, const char *items, struct err *e)
{
        const struct demo_person *filer = y->applicant;
        int r;

        if (!y->filed) {
                *over = false;
                y->filed = true;
                return file_form(d, y, by, form, items, e);
        }
        r = carry(over, d, y, NULL, e);
        if (r == ERR_OK && *over) {
                memcpy(y->at, y->main, sizeof(y->at));
                y->filer = filer;
                y->filed = false;
                y->next = days_later(d, 1);
        }
        return r;
}

static int do_exception(bool *over, struct demo *d, struct story *y, struct err *e)
{
        return aside(over, d, y, y->applicant, "exception", y->op->a, e);
}

static int do_addition(bool *over, struct demo *d, struct story *y, struct err *e)
{
        return aside(over, d, y, demo_staff(d, y->op->a, 2), "service-addition", "", e);
}

static int do_wait(bool *over, struct demo *d, struct story *y, struct err *e)
{
        y->next = days_later(d, y->op->n);
        return ERR_OK;
}

static int do_until(bool *over, struct demo *d, struct story *y, struct err *e)
{
        utime_t t = office_hours(d, d->end - y->op->n * UTIME_DAY);

        y->next = t > d->now ? t : d->now + UTIME_MIN;
        return ERR_OK;
}

static int close_one(struct demo *d, struct story *y, const json_t *duty, struct err *e)
{
        char path[PATH_ROOM];

        (void)snprintf(path, sizeof(path), "/api/v1/duties/%s/close", member(duty, "id"));
        return demo_call(NULL, d, y->manager->id, path, json_pack("{s:s, s:O}", "evidence", y->op->b, "rev", json_object_get(duty, "rev")), e);
}

static int do_close(bool *over, struct demo *d, struct story *y, struct err *e)
{
        scoped(json_decref) json_t *page = NULL;
        const json_t *duty;
        size_t i;
        int r = demo_call(&page, d, y->manager->id, "/api/v1/duties", NULL, e);

        json_array_foreach(json_object_get(page, "items"), i, duty) {
                const char *kind = member(duty, "kind");

                if (r == ERR_OK && strcmp(member(json_object_get(duty, "service"), "id"), y->service) == 0 && (strcmp(kind, "task") == 0 || strcmp(kind, "condition") == 0))
                        r = close_one(d, y, duty, e);
        }
        y->next = soon(d);
        return r;
}

static verb_fn *const verbs[DEMO_OVER] = {
        [DEMO_FILE] = do_file,         [DEMO_CARRY] = do_carry, [DEMO_DECIDE] = do_decide, [DEMO_CONDITION] = do_condition, [DEMO_MEND] = do_mend,
        [DEMO_WITHDRAW] = do_withdraw, [DEMO_EXCEPTION] = do_exception, [DEMO_WAIT] = do_wait, [DEMO_UNTIL] = do_until,     [DEMO_CLOSE] = do_close,
        [DEMO_ADDITION] = do_addition,
};

/* ---- all stories ---- */

static int begin(struct story *y, struct demo *d, const struct demo_service *s, size_t n, struct err *e)
{
        bool named = strcmp(s->section, "産業振興課") == 0;         /* the sections of those who can sign in */

        *y = (struct story){ .s = s, .op = s->story };
        y->applicant = named ? demo_person(d, "sato") : demo_staff(d, s->section, 2 + n % 5);
        y->manager = named ? demo_person(d, "yamada") : demo_staff(d, s->section, 1);
        y->deputy = demo_staff(d, s->section, named ? 4 : 3);
        if (!y->applicant || !y->manager || !y->deputy || !demo_leader(d, s->section))
                return err_set(e, ERR_INPUT, "%s: nobody is there", s->section);
        y->filer = y->applicant;
        (void)snprintf(y->iso, sizeof(y->iso), "IC%05llu", (unsigned long long)demo_dice(d, 100000));
        d->now = d->end - s->days_ago * UTIME_DAY;
        y->next = office_hours(d, d->now);
        return ERR_OK;
}

static struct story *earliest(struct story *all, size_t n, utime_t before)
{
        struct story *first = NULL;

        for (size_t i = 0; i < n; i++)
                if (all[i].op->verb != DEMO_OVER && all[i].next < before && (!first || all[i].next < first->next))
                        first = &all[i];
        return first;
}

static bool is_may_25th(utime_t t)
{
        struct date day = utime_date_jst(t);

        return day.month == 5 && day.day == 25;
}

/* Each morning until then what is due by itself is done: opened in one round, told of in the next. */
static int mornings(struct demo *d, struct ticks *t, utime_t until, utime_t *morning, struct err *e)
{
        int r = ERR_OK;

        for (; r == ERR_OK && *morning <= until; *morning += UTIME_DAY) {
                d->now = *morning;
                t->duties = (struct duty_watch){ .asked = 0 };
                for (int round = 0; r == ERR_OK && (round < ROUNDS || duty_walk_goes_on(&t->duties)); round++)
                        r = ticks_run(t, d->now, e);
                if (r == ERR_OK && is_may_25th(d->now))
                        r = demo_look_at_accounts(d, e);
        }
        return r;
}

static int deeds_until(struct demo *d, struct ticks *t, utime_t until, utime_t *morning, struct err *e)
{
        int r = ERR_OK;

        while (r == ERR_OK && demo_deed_at(d) < until) {
                r = mornings(d, t, demo_deed_at(d), morning, e);
                if (r == ERR_OK)
                        r = demo_deed(d, e);
        }
        return r;
}

static const char *service_named(const struct story *all, size_t n, const char *name)
{
        for (size_t i = 0; i < n; i++)
                if (strcmp(all[i].s->name, name) == 0 && *all[i].service)
                        return all[i].service;
        return NULL;
}

static int next_act(struct demo *d, struct story *y, struct err *e)
{
        bool over = true;
        int r;

        d->now = y->next;
        r = verbs[y->op->verb](&over, d, y, e);
        if (r == ERR_OK && over)
                y->op++;
        if (r == ERR_OK && y->next <= d->now)
                y->next = soon(d);
        return r < 0 ? err_wrap(e, r, "%s", y->s->name) : ERR_OK;
}

int demo_stories(struct demo *d, struct err *e)
{
        struct story *all = arena_array(d->arena, demo_services_count, sizeof(*all)), *y;
        utime_t morning = d->begin + UTIME_DAY + 7 * UTIME_HOUR;
        struct ticks ticks;
        int r = all ? ERR_OK : err_set(e, ERR_NOMEM, "stories");

        ticks_init(&ticks, d->office, d->db);
        for (size_t i = 0; r == ERR_OK && i < demo_services_count; i++)
                r = begin(&all[i], d, &demo_services[i], i, e);
        for (int acts = 0; r == ERR_OK && acts < ACTS_MAX && (y = earliest(all, demo_services_count, d->end)); acts++) {
                r = deeds_until(d, &ticks, y->next, &morning, e);
                if (r == ERR_OK)
                        r = mornings(d, &ticks, y->next, &morning, e);
                if (r == ERR_OK && y->s->successor)
                        y->successor = service_named(all, demo_services_count, y->s->successor);
                if (r == ERR_OK)
                        r = next_act(d, y, e);
        }
        if (r == ERR_OK)
                r = deeds_until(d, &ticks, d->end, &morning, e);
        return r < 0 ? r : mornings(d, &ticks, d->end - 1, &morning, e);
}
