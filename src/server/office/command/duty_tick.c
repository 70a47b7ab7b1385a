/* duty_tick.c - see duty_tick.h. */
#include "server/office/command/duty_tick.h"

#include "server/office/command/notice.h"
#include "server/office/command/suspend.h"
#include "server/office/store/duty_world.h"
#include "server/office/store/outbox.h"
#include "sys/entropy.h"

enum { STEPS_AT_ONCE = 100, ONCE_MAX = 160 };

/* ---- who is told ---- */

static int is_here(bool *out, struct act *act, struct str person, struct err *e)
{
        struct row row = { .rev = 0 };
        int r = person.n ? store_row(&row, act->db, TABLE_PERSON, arena_copy(act->arena, person.p, person.n), NULL, act->arena, e) : ERR_OK;

        *out = row.rev && row_is(&row, PERSON_state, "active");
        return r;
}

/* The person named, or who manages the service by now; the deputy when they have left; else the role. */
static int to_holder(struct notice_to *to, struct act *act, const struct row *duty, const struct row *service, struct err *e)
{
        struct str role = row_get_text(duty, DUTY_role);
        const struct str people[] = { row_get_text(service, SERVICE_manager), row_get_text(duty, DUTY_person), row_get_text(service, SERVICE_deputy) };
        bool named = row_get_text(duty, DUTY_person).n, here = false;
        int r = ERR_OK;

        for (size_t i = 0; named && r == ERR_OK && !here && i < countof(people); i++) {
                r = is_here(&here, act, people[i], e);
                if (r == ERR_OK && here)
                        notice_to_person(to, people[i]);
        }
        if (r < 0 || here || !role.n)
                return r;
        return notice_to_role(to, act, arena_copy(act->arena, role.p, role.n), row_get_text(duty, DUTY_section), e);
}

static void day_text(char to[24], utime_t due)
{
        struct date d = utime_date_jst(due - 1);

        (void)snprintf(to, 24, "%04d-%02d-%02d", d.year, d.month, d.day);
}

/* What it is, in words that are nobody's: the pack's title; a task's is the pack's too. */
static struct notice_arg title_of(struct act *act, const struct row *duty)
{
        const struct pack_duty *rule = duty_rule(act->office->pack, duty);
        struct str kind = row_get_text(duty, DUTY_kind);

        if (rule && rule->title.key)
                return (struct notice_arg){ .words = &rule->title };
        if (row_is(duty, DUTY_kind, "task"))
                return (struct notice_arg){ .text = row_get_text(duty, DUTY_text) };
        return (struct notice_arg){ .text = str_of(arena_printf(act->arena, "@duty.kind.%.*s", (int)kind.n, kind.p)) };
}

/* Of what: the service, the incident, the case, else the whole body. */
static int about(struct str *out, struct act *act, const struct row *duty, const struct row *service, struct err *e)
{
        bool clock = row_is(duty, DUTY_kind, "clock");
        struct str id = row_get_text(duty, clock ? DUTY_subject : DUTY_application);
        struct row row = { .rev = 0 };
        int r = !service->rev && id.n ? store_row(&row, act->db, clock ? TABLE_INCIDENT : TABLE_APPLICATION, arena_copy(act->arena, id.p, id.n), NULL, act->arena, e) : ERR_OK;

        *out = service->rev ? row_get_text(service, SERVICE_name) : row.rev ? row_get_text(&row, clock ? INCIDENT_number : APPLICATION_number) : STR("@notice.of-body");
        return r;
}

int duty_tell(struct act *act, const struct row *duty, const char *key, bool overdue, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        struct str of = row_get_text(duty, DUTY_service), role = row_get_text(duty, DUTY_overdue_role), what;
        struct row service = { .rev = 0 };
        char once[ONCE_MAX], today[24], due[24];
        int r = of.n ? store_row(&service, act->db, TABLE_SERVICE, arena_copy(act->arena, of.p, of.n), NULL, act->arena, e) : ERR_OK;

        if (r == ERR_OK)
                r = to_holder(&to, act, duty, &service, e);
        if (r == ERR_OK && overdue && role.n)
                r = notice_to_role(&to, act, arena_copy(act->arena, role.p, role.n), STR(""), e);
        if (r == ERR_OK)
                r = about(&what, act, duty, &service, e);
        if (r < 0)
                return r;
        day_text(today, act->now + 1);
        day_text(due, row_get_int(duty, DUTY_due_at));
        (void)snprintf(once, sizeof(once), "duty:%s:%s", duty->id, today);
        return notice_put(act, &(struct notice){ .key = key, .args = { title_of(act, duty), { .text = what }, { .text = str_of(due) } }, .page = "duties", .once = once,
                                                 .daily = !overdue }, &to, e);
}

/* ---- the plan, done ---- */

static const char *const types[] = { [DUTY_OPENED] = "duty.opened", [DUTY_MOVED] = "duty.moved", [DUTY_CLOSED] = "duty.closed", [SERVICE_SUSPENDED] = "service.suspended" };

static int do_step(struct act *act, struct duty_step *s, struct err *e)
{
        struct receipt receipt;
        struct changes c;
        int r;

        if (s->act == DUTY_OPENED)
                uuid_text(s->row.id, entropy_uuid(act->now));
        changes_init(&c, act->arena, types[s->act], s->row.id);
        r = changes_add(&c, &s->row, e);
        if (r == ERR_OK)
                r = act_append(&receipt, act, &c, e);
        if (r == ERR_OK && s->act == DUTY_OPENED)
                r = duty_tell(act, &s->row, "notice.duty-opened", row_get_int(&s->row, DUTY_due_at) <= act->now, e);
        return r == ERR_OK && s->act == SERVICE_SUSPENDED ? suspend_tell(act, &s->row, e) : r;
}

static int remind(struct act *act, const struct row *duty, enum duty_word word, struct err *e)
{
        struct row after = duty_said(duty, word, act->now);
        bool overdue = word == DUTY_SAY_OVERDUE, first = overdue && !row_get_int(duty, DUTY_overdue_at);
        struct receipt receipt;
        struct changes c;
        int r;

        changes_init(&c, act->arena, first ? "duty.overdue" : "duty.reminded", duty->id);
        r = changes_mark(&c, &after, e);
        if (r == ERR_OK)
                r = act_append(&receipt, act, &c, e);
        return r < 0 ? r : duty_tell(act, &after, overdue ? "notice.duty-overdue" : "notice.duty-soon", overdue, e);
}

/* arg: a JSON list of services, as duty_world_load() takes it. What the reader saw is planned anew on the writer. */
int act_duties(struct act *act, void *arg, struct err *e)
{
        struct duty_world w;
        struct duty_plan plan = { .n = 0 };
        int r = duty_world_load(&w, act->db, arg, act->arena, e);

        if (r == ERR_OK)
                r = duties_plan(&plan, act->office->pack, &w, act->now, act->arena, e);
        for (size_t i = 0; r == ERR_OK && i < plan.n && i < STEPS_AT_ONCE; i++)
                r = do_step(act, &plan.steps[i], e);
        return r;
}

int act_duty_words(struct act *act, void *arg, struct err *e)
{
        const struct row_list *list = arg;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < list->n && i < STEPS_AT_ONCE; i++) {
                struct row duty;
                enum duty_word word;

                r = store_row(&duty, act->db, TABLE_DUTY, list->rows[i].id, NULL, act->arena, e);
                word = r == ERR_OK ? duty_say(act->office->pack, &duty, act->now) : DUTY_SAY_NOTHING;
                if (word != DUTY_SAY_NOTHING)
                        r = remind(act, &duty, word, e);
        }
        return r;
}

/* ---- steps that wait ---- */

static void step_once(char to[ONCE_MAX], const struct flow *w, size_t step, struct date day)
{
        (void)snprintf(to, ONCE_MAX, "step:%s:%s:%04d-%02d-%02d", w->facts->application.id, w->procedure->steps[step].id, day.year, day.month, day.day);
}

static int load_flow(struct flow **out, struct office *o, struct db *db, const char *application, utime_t now, struct arena *a, struct err *e)
{
        struct case_facts *f = arena_new(a, struct case_facts);
        struct flow *w = arena_new(a, struct flow);
        const struct pack *pack;
        int r = f && w ? facts_load(f, &pack, o, db, str_of(application), now, a, e) : err_set(e, ERR_NOMEM, "case");

        *out = NULL;
        if (r < 0 || !facts_pack(o, &f->application))
                return r;
        r = flow_init(w, pack, f, now, e);
        if (r == ERR_OK)
                *out = w;
        return r == ERR_CONFLICT ? ERR_OK : r; /* a procedure that is gone waits for nobody */
}

int steps_are_due(bool *due, struct ticks *t, const char *application, utime_t now, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct flow *w;
        int r = load_flow(&w, t->office, t->db, application, now, &a, e);

        for (size_t i = 0; r == ERR_OK && w && !*due && i < w->procedure->steps_count; i++) {
                struct step_word say = step_say(w, i, now);
                char once[ONCE_MAX];
                bool put = false;

                if (say.word == DUTY_SAY_NOTHING)
                        continue;
                step_once(once, w, i, say.day);
                r = outbox_has(&put, t->db, str_of(once), e);
                *due |= !put;
        }
        return r;
}

static int tell_step(struct act *act, const struct flow *w, size_t step, struct step_word say, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        const struct pack_duty *rule = pack_duty_about(w->pack, TRIGGER_STEP);
        bool overdue = say.word == DUTY_SAY_OVERDUE;
        char once[ONCE_MAX], due[24];
        int r = notice_to_step(&to, act, w, step, e);

        if (r == ERR_OK && overdue && rule->overdue_role)
                r = notice_to_role(&to, act, rule->overdue_role, STR(""), e);
        step_once(once, w, step, say.day);
        (void)snprintf(due, sizeof(due), "%04d-%02d-%02d", say.due.year, say.due.month, say.due.day);
        return r < 0 ? r : notice_put(act, &(struct notice){ .key = overdue ? "notice.step-overdue" : "notice.step-soon",
                                                             .args = { { .words = &w->procedure->steps[step].title },
                                                                       { .text = row_get_text(&w->facts->application, APPLICATION_number) }, { .text = str_of(due) } },
                                                             .page = notice_step_page(&w->procedure->steps[step]), .ref = w->facts->application.id,
                                                             .once = once, .daily = !overdue }, &to, e);
}

int act_remind_steps(struct act *act, void *arg, struct err *e)
{
        struct flow *w;
        int r = load_flow(&w, act->office, act->db, arg, act->now, act->arena, e);

        for (size_t i = 0; r == ERR_OK && w && i < w->procedure->steps_count; i++) {
                struct step_word say = step_say(w, i, act->now);

                if (say.word != DUTY_SAY_NOTHING)
                        r = tell_step(act, w, i, say, e);
        }
        return r;
}
