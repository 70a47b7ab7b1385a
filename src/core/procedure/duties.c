/* duties.c - which duties there are to be, and what has to be done about the rows; see duties.h. */
#include "core/procedure/duties.h"

#include <stdlib.h>

#include "core/procedure/effect.h"

/* by_act: words do not close it. renews: when its day moved away and it is not yet time again, the old one was done. of_body: of no service. */
static const struct { const char *kind; bool by_act, renews, of_body; } traits[TRIGGERS_COUNT] = {
        [TRIGGER_REVIEW] = { "review", true, false },           [TRIGGER_CERTIFICATE] = { "certificate", true, true },
        [TRIGGER_CONTRACT] = { "contract", true, true },        [TRIGGER_SERVICE_END] = { "end", true, false },
        [TRIGGER_APPLY_BY] = { "apply", true, false },          [TRIGGER_ACCOUNT_CHECK] = { "account", false, false },
        [TRIGGER_CONTACT_CHECK] = { "contact", false, false, true }, [TRIGGER_DRILL] = { "drill", false, false, true },
        [TRIGGER_HOLIDAYS] = { "holidays", true, true, true },
};

const char *duty_closing_act(const struct row *duty)
{
        static const char *const keys[TRIGGERS_COUNT] = {
                [TRIGGER_REVIEW] = "duty.by-act.review",     [TRIGGER_CERTIFICATE] = "duty.by-act.certificate", [TRIGGER_CONTRACT] = "duty.by-act.contract",
                [TRIGGER_SERVICE_END] = "duty.by-act.end",   [TRIGGER_APPLY_BY] = "duty.by-act.apply",          [TRIGGER_HOLIDAYS] = "duty.by-act.holidays",
        };

        for (int t = 0; t < TRIGGERS_COUNT; t++)
                if (traits[t].by_act && row_is(duty, DUTY_kind, traits[t].kind))
                        return keys[t];
        return NULL;
}

int duty_refuse_words(const struct row *duty, struct err *e)
{
        const char *key = duty_closing_act(duty);

        return key ? err_key(e, ERR_RULE, key, "", NULL) : ERR_OK;
}

/* ---- what is wanted ---- */

struct wanted {
        const struct pack_duty *rule;
        const struct row       *service;         /* NULL: of no service */
        struct str              subject;         /* row it hangs on; empty: none */
        utime_t                 due;
};

struct planner {
        const struct pack       *pack;
        const struct duty_world *world;
        utime_t                  now;
        struct arena            *arena;
        struct wanted           *wanted;
        size_t                   wanted_count, wanted_room;
        const struct row       **open;           /* world->open by key */
        bool                    *kept;           /* open[i] has its cause */
        struct duty_step        *steps;
        size_t                   steps_count, steps_room;
        utime_t                  next;
        bool                     failed;
};

static void *grow(struct planner *p, void *list, size_t n, size_t *room, size_t size)
{
        size_t more = *room ? 2 * *room : 64;
        void *to = n < *room ? list : arena_array(p->arena, more, size);

        if (n < *room)
                return list;
        p->failed |= !to;
        if (to && n)
                memcpy(to, list, n * size);
        if (to)
                *room = more;
        return to;
}

static void want(struct planner *p, struct wanted w)
{
        struct wanted *list = grow(p, p->wanted, p->wanted_count, &p->wanted_room, sizeof(*list));

        if (!list)
                return;
        p->wanted = list;
        list[p->wanted_count++] = w;
}

static const struct row *row_by_id(struct row_list list, struct str id)
{
        for (size_t i = 0; id.n && i < list.n; i++)
                if (str_is(id, list.rows[i].id))
                        return &list.rows[i];
        return NULL;
}

static bool is_live(const struct row *service)
{
        return service && !row_is(service, SERVICE_state, "closed");
}

/* Suspended under 経過措置, it still has to be applied for. */
static bool is_approved(const struct row *service)
{
        return row_is(service, SERVICE_state, "approved") || (row_is(service, SERVICE_state, "suspended") && row_get_text(service, SERVICE_application).n);
}

/* A column of the service itself is the cause. */
static void want_of_services(struct planner *p, const struct pack_duty *rule)
{
        const struct row_list *list = &p->world->services;

        for (size_t i = 0; i < list->n; i++) {
                const struct row *s = &list->rows[i];
                bool review = rule->trigger == TRIGGER_REVIEW, apply = rule->trigger == TRIGGER_APPLY_BY;
                utime_t due = row_get_int(s, review ? SERVICE_review_at : apply ? SERVICE_apply_by_at : SERVICE_until_at);

                if (is_live(s) && due && !(apply && is_approved(s)))
                        want(p, (struct wanted){ rule, s, review ? row_get_text(s, SERVICE_reviewed) : STR(""), due });
        }
}

/* One of the provider's is each of its services'. */
static void want_of_certificates(struct planner *p, const struct pack_duty *rule)
{
        for (size_t i = 0; i < p->world->certificates.n; i++) {
                const struct row *c = &p->world->certificates.rows[i];
                struct str service = row_get_text(c, CERTIFICATE_service), provider = row_get_text(c, CERTIFICATE_provider);

                for (size_t k = 0; row_get_int(c, CERTIFICATE_until_at) && k < p->world->services.n; k++) {
                        const struct row *s = &p->world->services.rows[k];
                        bool meant = service.n ? str_is(service, s->id) : provider.n && str_eq(provider, row_get_text(s, SERVICE_provider));

                        if (meant && is_live(s))
                                want(p, (struct wanted){ rule, s, str_of(c->id), row_get_int(c, CERTIFICATE_until_at) });
                }
        }
}

static void want_of_contracts(struct planner *p, const struct pack_duty *rule)
{
        for (size_t i = 0; i < p->world->contracts.n; i++) {
                const struct row *c = &p->world->contracts.rows[i], *s = row_by_id(p->world->services, row_get_text(c, CONTRACT_service));

                if (is_live(s) && row_get_int(c, CONTRACT_until_at))
                        want(p, (struct wanted){ rule, s, str_of(c->id), row_get_int(c, CONTRACT_until_at) });
        }
}

/* Counted on from the one that was done, so that nobody is early or late for ever; from its beginning when there was none. */
static void want_repeated(struct planner *p, const struct pack_duty *rule, const struct row *service)
{
        utime_t from = service ? row_get_int(service, SERVICE_from_at) : 0, after;
        struct period_day day;

        from = after = from > p->world->since ? from : p->world->since;
        for (size_t i = 0; i < p->world->done.n; i++) {
                const struct row *d = &p->world->done.rows[i];
                utime_t last = row_get_int(d, DUTY_due_at) - 1;

                if (!row_is(d, DUTY_rule, rule->id) || !str_eq(row_get_text(d, DUTY_service), service ? str_of(service->id) : STR("")))
                        continue;
                after = last > after ? last : after;
                after = row_get_int(d, DUTY_closed_at) > after ? row_get_int(d, DUTY_closed_at) : after;
        }
        if (period_next(&day, &rule->period.period, utime_date_jst(from), utime_date_jst(after), &p->pack->holidays))
                want(p, (struct wanted){ rule, service, STR(""), effect_day_end(day.date) });
}

static void want_account_checks(struct planner *p, const struct pack_duty *rule)
{
        for (size_t i = 0; i < p->world->services.n; i++)
                if (is_approved(&p->world->services.rows[i]))
                        want_repeated(p, rule, &p->world->services.rows[i]);
}

static void want_of_body(struct planner *p, const struct pack_duty *rule)
{
        want_repeated(p, rule, NULL);
}

static void want_holidays(struct planner *p, const struct pack_duty *rule)
{
        if (p->pack->years_count)
                want(p, (struct wanted){ rule, NULL, STR(""), effect_day_end(date_from_days(p->pack->holidays.last)) });
}

static void (*const wants[TRIGGERS_COUNT])(struct planner *p, const struct pack_duty *rule) = {
        [TRIGGER_REVIEW] = want_of_services,          [TRIGGER_CERTIFICATE] = want_of_certificates, [TRIGGER_CONTRACT] = want_of_contracts,
        [TRIGGER_SERVICE_END] = want_of_services,     [TRIGGER_APPLY_BY] = want_of_services,        [TRIGGER_ACCOUNT_CHECK] = want_account_checks,
        [TRIGGER_CONTACT_CHECK] = want_of_body,       [TRIGGER_DRILL] = want_of_body,               [TRIGGER_HOLIDAYS] = want_holidays,
};

/* ---- which row is which ---- */

static int compare_text(struct str a, struct str b)
{
        size_t n = a.n < b.n ? a.n : b.n;
        int c = n ? memcmp(a.p, b.p, n) : 0;

        return c ? c : (a.n > b.n) - (a.n < b.n);
}

static int compare_key(const struct row *a, struct str rule, struct str service, struct str subject)
{
        int c = compare_text(row_get_text(a, DUTY_rule), rule);

        if (!c)
                c = compare_text(row_get_text(a, DUTY_service), service);
        return c ? c : compare_text(row_get_text(a, DUTY_subject), subject);
}

static int by_key(const void *x, const void *y)
{
        const struct row *a = *(const struct row *const *)x, *b = *(const struct row *const *)y;
        int c = compare_key(a, row_get_text(b, DUTY_rule), row_get_text(b, DUTY_service), row_get_text(b, DUTY_subject));

        return c ? c : strcmp(a->id, b->id);
}

static int open_sort(struct planner *p, struct err *e)
{
        size_t n = p->world->open.n;

        p->open = arena_array(p->arena, n + 1, sizeof(*p->open));
        p->kept = arena_array(p->arena, n + 1, sizeof(*p->kept));
        if (!p->open || !p->kept)
                return err_set(e, ERR_NOMEM, "duties");
        for (size_t i = 0; i < n; i++)
                p->open[i] = &p->world->open.rows[i];
        qsort(p->open, n, sizeof(*p->open), by_key);
        return ERR_OK;
}

/* The first row with this key; SIZE_MAX: none. */
static size_t open_find(const struct planner *p, const struct wanted *w)
{
        size_t low = 0, high = p->world->open.n;
        struct str service = w->service ? str_of(w->service->id) : STR("");

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (compare_key(p->open[middle], str_of(w->rule->id), service, w->subject) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low < p->world->open.n && compare_key(p->open[low], str_of(w->rule->id), service, w->subject) == 0 ? low : SIZE_MAX;
}

/* ---- what has to be done ---- */

static void step(struct planner *p, enum duty_act act, const struct row *row, const struct pack_duty *rule)
{
        struct duty_step *list = grow(p, p->steps, p->steps_count, &p->steps_room, sizeof(*list));

        if (!list)
                return;
        p->steps = list;
        list[p->steps_count++] = (struct duty_step){ act, *row, rule };
}

static void text_set(struct row *row, int col, struct str s)
{
        if (s.n)
                row_text(row, col, s);
        else
                row_null(row, col);
}

static bool same_text(const struct row *a, const struct row *b, int col)
{
        return str_eq(row_get_text(a, col), row_get_text(b, col));
}

/* Whose it is by now. The deputy named with the manager needs no word here: they have what the manager has (duty_is_of). */
static void address(struct row *duty, const struct wanted *w)
{
        const struct row *s = w->service;
        struct str person = STR("");

        if (w->rule->scope == SCOPE_SERVICE && s)
                person = row_get_text(s, SERVICE_manager).n ? row_get_text(s, SERVICE_manager) : row_get_text(s, SERVICE_deputy);
        text_set(duty, DUTY_person, person);
        row_text(duty, DUTY_role, str_of(w->rule->role));
        if (w->rule->scope != SCOPE_BODY && s)
                row_copy_text(duty, DUTY_section, s, SERVICE_section);
        else
                row_null(duty, DUTY_section);
        text_set(duty, DUTY_overdue_role, str_of(w->rule->overdue_role));
        row_int(duty, DUTY_due_at, w->due);
}

/* From when on it is there; at once when its rule says nothing or the calendar does not know. */
static utime_t opens_at(const struct planner *p, const struct wanted *w)
{
        struct period_day opens;

        if (!w->rule->opens.source || !period_day(&opens, &w->rule->opens.period, utime_date_jst(w->due - 1), &p->pack->holidays))
                return INT64_MIN;
        return utime_from_jst(opens.date) < w->due ? utime_from_jst(opens.date) : w->due;
}

static bool is_time(const struct planner *p, const struct wanted *w)
{
        return opens_at(p, w) <= p->now;
}

static void look_again(struct planner *p, utime_t at)
{
        if (at > p->now && at < p->next)
                p->next = at;
}

static void open_one(struct planner *p, const struct wanted *w)
{
        struct row duty = { .table = TABLE_DUTY };

        row_text(&duty, DUTY_kind, str_of(traits[w->rule->trigger].kind));
        row_text(&duty, DUTY_rule, str_of(w->rule->id));
        if (w->service)
                row_text(&duty, DUTY_service, str_of(w->service->id));
        if (w->subject.n)
                row_text(&duty, DUTY_subject, w->subject);
        address(&duty, w);
        row_personal(&duty, DUTY_text, str_of(w->rule->title.in[LANG_JA]));
        row_text(&duty, DUTY_state, STR("open"));
        row_int(&duty, DUTY_reminded_at, p->now); /* that it is there is the first word of that day */
        step(p, DUTY_OPENED, &duty, w->rule);
}

static struct str day_text(struct arena *a, utime_t due)
{
        struct date d = utime_date_jst(due - 1);
        const char *text = arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day);

        return str_of(text ? text : "");
}

/* The act by its number, or by what became of the row. */
static void close_one(struct planner *p, const struct row *open, const struct pack_duty *rule, const char *key, struct str arg)
{
        scoped(buf_done) struct buf words = BUF_INIT;
        struct row duty = *open;
        const char *args[] = { arena_copy(p->arena, arg.n ? arg.p : "", arg.n) };

        text_format(&words, LANG_JA, key, args, countof(args));
        row_text(&duty, DUTY_state, STR("closed"));
        row_personal(&duty, DUTY_evidence, str_of(arena_copy(p->arena, words.p ? words.p : "", words.n)));
        row_int(&duty, DUTY_closed_at, p->now);
        step(p, DUTY_CLOSED, &duty, rule);
}

static void keep_or_move(struct planner *p, const struct row *open, const struct wanted *w)
{
        static const int cols[] = { DUTY_person, DUTY_role, DUTY_section, DUTY_overdue_role };
        struct row duty = *open;
        bool moved = w->due != row_get_int(open, DUTY_due_at);

        if (traits[w->rule->trigger].renews && w->due > row_get_int(open, DUTY_due_at) && !is_time(p, w)) {
                close_one(p, open, w->rule, "duty.ended.renewed", day_text(p->arena, w->due));
                return;
        }
        address(&duty, w);
        for (size_t i = 0; i < countof(cols); i++)
                moved |= !same_text(&duty, open, cols[i]);
        if (w->due > p->now)
                row_null(&duty, DUTY_overdue_at);
        if (moved)
                step(p, DUTY_MOVED, &duty, w->rule);
}

/* Why there is no cause any more: in the order in which one answers for the other. */
static void close_orphan(struct planner *p, const struct row *open)
{
        const struct pack_duty *rule = duty_rule(p->pack, open);
        const struct row *s = row_by_id(p->world->services, row_get_text(open, DUTY_service)), *app = NULL;
        struct str ended = s ? row_get_text(s, SERVICE_ended) : STR(""), reviewed = s ? row_get_text(s, SERVICE_reviewed) : STR("");
        const char *key = "duty.ended.cause";

        if (!rule) {
                key = "duty.ended.rule";
        } else if (s && !is_live(s)) {
                key = "duty.ended.service";
                app = row_by_id(p->world->applications, ended);
        } else if (s && rule->trigger == TRIGGER_REVIEW && !str_eq(reviewed, row_get_text(open, DUTY_subject))) {
                key = "duty.ended.review";
                app = row_by_id(p->world->applications, reviewed);
        } else if (s && rule->trigger == TRIGGER_APPLY_BY) {
                key = "duty.ended.apply";
                app = row_by_id(p->world->applications, row_get_text(s, SERVICE_application));
        }
        close_one(p, open, rule, key, app ? row_get_text(app, APPLICATION_number) : STR("-"));
}

/* Only where the municipality's pack says so; the base pack leaves it to people. */
static void suspend(struct planner *p, const struct wanted *w)
{
        scoped(buf_done) struct buf words = BUF_INIT;
        struct row service;

        if (!w->rule->suspend || !w->service || w->due > p->now || !row_is(w->service, SERVICE_state, "approved"))
                return;
        for (size_t i = 0; i < p->steps_count; i++)
                if (p->steps[i].act == SERVICE_SUSPENDED && strcmp(p->steps[i].row.id, w->service->id) == 0)
                        return;
        service = *w->service;
        text_format(&words, LANG_JA, "duty.suspended", (const char *const[]){ w->rule->title.in[LANG_JA] }, 1);
        row_text(&service, SERVICE_state, STR("suspended"));
        row_int(&service, SERVICE_suspended_at, p->now);
        row_personal(&service, SERVICE_reason, str_of(arena_copy(p->arena, words.p ? words.p : "", words.n)));
        step(p, SERVICE_SUSPENDED, &service, w->rule);
}

int duties_plan(struct duty_plan *out, const struct pack *pack, const struct duty_world *w, utime_t now, struct arena *a, struct err *e)
{
        struct planner p = { .pack = pack, .world = w, .now = now, .arena = a, .next = INT64_MAX };
        int r = open_sort(&p, e);

        for (size_t i = 0; r == ERR_OK && i < pack->duties_count; i++) {
                enum trigger t = pack->duties[i].trigger;

                if (wants[t] && w->part != (traits[t].of_body ? DUTIES_OF_SERVICES : DUTIES_OF_BODY))
                        wants[t](&p, &pack->duties[i]);
        }
        for (size_t i = 0; r == ERR_OK && i < p.wanted_count; i++) {
                size_t at = open_find(&p, &p.wanted[i]);

                if (at != SIZE_MAX) {
                        p.kept[at] = true;
                        keep_or_move(&p, p.open[at], &p.wanted[i]);
                } else if (is_time(&p, &p.wanted[i])) {
                        open_one(&p, &p.wanted[i]);
                } else {
                        look_again(&p, opens_at(&p, &p.wanted[i]));
                }
                suspend(&p, &p.wanted[i]);
                look_again(&p, p.wanted[i].due);
        }
        for (size_t i = 0; r == ERR_OK && i < w->open.n; i++)
                if (!p.kept[i])
                        close_orphan(&p, p.open[i]);
        if (r < 0 || p.failed)
                return r < 0 ? r : err_set(e, ERR_NOMEM, "duties");
        *out = (struct duty_plan){ p.steps, p.steps_count, p.next };
        return ERR_OK;
}
