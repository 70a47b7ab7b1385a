/* acts.c - what people do to a case, and what time does; see acts.h. */
#include "server/office/command/acts.h"

#include "base/codec.h"
#include "core/calendar/calendar.h"
#include "core/journal/canon.h"
#include "server/office/command/notice.h"
#include "sys/entropy.h"

enum { TICK_MAX = 400 };

static int actor_now(struct actor *who, struct act *act, const char *person, struct err *e)
{
        int r = query_actor(who, act->db, person, act->now, act->arena, e);

        return r == ERR_ABSENT ? err_key(e, ERR_UNKNOWN, "session.none", "", NULL) : r;
}

/* What every act on a case begins with: who asks, as of now; the case; an entry about it. */
static int begin(struct changes *c, struct case_facts *f, const struct pack **pack, struct actor *who, struct act *act, const char *type, const char *person, struct str application,
                 struct err *e)
{
        int r = actor_now(who, act, person, e);

        if (r == ERR_OK)
                r = facts_load(f, pack, act->office, act->db, application, act->now, act->arena, e);
        if (r == ERR_OK)
                changes_init(c, act->arena, type, f->application.id);
        return r;
}

/* The counter of body-code-year, as a row keyed by the install. */
static int load_counter(struct row *out, struct act *act, const struct pack_form *form, struct err *e)
{
        char k[ROW_KEY_MAX];

        (void)snprintf(k, sizeof(k), "%s-%s-%d", act->office->body, form->number_code, calendar_fiscal_year(act->now));
        return store_row(out, act->db, TABLE_COUNTER, act->office->install_text, k, act->arena, e);
}

int act_submit(struct act *act, void *arg, struct err *e)
{
        struct act_submit *in = arg;
        struct submission s = { .form = in->form, .answers = in->answers, .body = act->office->front, .id = entropy_uuid(act->now) };
        struct changes c;
        struct actor who;
        char id[UUID_TEXT];
        int r = actor_now(&who, act, in->person, e);

        if (r == ERR_OK)
                r = load_counter(&s.counter, act, in->form, e);
        if (r < 0)
                return r;
        uuid_text(id, s.id);
        changes_init(&c, act->arena, "application.submitted", id);
        r = procedure_submit(&c, act->office->pack, &s, &who, act->now, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                r = notice_waiting(act, &c.rows[0], e);
        if (r < 0)
                return r;
        memcpy(in->id, id, sizeof(in->id));
        (void)snprintf(in->number, sizeof(in->number), "%s", row_get_text(&c.rows[0], APPLICATION_number).p);
        return ERR_OK;
}

int act_resubmit(struct act *act, void *arg, struct err *e)
{
        struct act_resubmit *in = arg;
        struct case_facts f;
        const struct pack *pack;
        struct changes c;
        struct actor who;
        int r = begin(&c, &f, &pack, &who, act, "application.resubmitted", in->person, in->application, e);

        if (r < 0)
                return r;
        r = procedure_resubmit(&c, pack, &f, in->form, in->answers, in->rev, STR(""), &who, act->now, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                r = notice_waiting(act, &c.rows[c.rows_count - 1], e);
        if (r == ERR_OK)
                in->rev_after = c.rows[c.rows_count - 1].rev;
        return r;
}

int act_decide(struct act *act, void *arg, struct err *e)
{
        struct act_decide *in = arg;
        struct verdict_in v = { .decision = in->decision, .reason = in->reason, .seen_rev = in->rev };
        struct case_facts f;
        const struct pack *pack;
        struct changes c;
        struct actor who;
        int r = begin(&c, &f, &pack, &who, act, "application.decided", in->person, in->application, e);

        if (r < 0)
                return r;
        for (size_t i = 0; i < countof(v.ids); i++)
                v.ids[i] = entropy_uuid(act->now);
        r = procedure_decide(&c, pack, &f, &v, &who, act->now, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                r = notice_decided(act, &c.rows[c.rows_count - 1], e);
        if (r < 0)
                return r;
        act->permits_changed = true;
        in->rev_after = c.rows[c.rows_count - 1].rev; /* the application comes last */
        return ERR_OK;
}

int act_withdraw(struct act *act, void *arg, struct err *e)
{
        struct act_withdraw *in = arg;
        struct case_facts f;
        const struct pack *pack;
        struct changes c;
        struct actor who;
        int r = begin(&c, &f, &pack, &who, act, "application.withdrawn", in->person, in->application, e);

        if (r < 0)
                return r;
        r = procedure_withdraw(&c, &f, in->reason, in->rev, &who, act->now, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                in->rev_after = c.rows[c.rows_count - 1].rev;
        return r;
}

/* The role that decided last answers for the permit. */
static char *deciding_role(const struct case_facts *f, struct arena *a)
{
        struct str role = f->steps_count ? row_get_text(&f->steps[f->steps_count - 1], STEP_role) : STR("");

        return arena_copy(a, role.p, role.n);
}

static uint32_t max_days_of(const struct pack *pack, const struct case_facts *f)
{
        for (size_t i = 0; i < pack->procedures_count; i++)
                if (row_is(&f->application, APPLICATION_procedure, pack->procedures[i].id))
                        return pack->procedures[i].max_days;
        return 0;
}

int act_permit(struct act *act, void *arg, struct err *e)
{
        struct act_permit *in = arg;
        struct case_facts f;
        const struct pack *pack;
        struct changes c;
        struct actor who;
        char *role;
        int r = actor_now(&who, act, in->person, e);

        if (r == ERR_OK)
                r = facts_of_permit(&f, &pack, act->office, act->db, in->permit, act->now, act->arena, e);
        if (r < 0)
                return r;
        role = deciding_role(&f, act->arena);
        r = role ? permit_may_change(&f.permit, &f.application, role, &who, e) : err_set(e, ERR_NOMEM, "role");
        if (r < 0)
                return r;
        changes_init(&c, act->arena, in->revoke ? "permit.revoked" : "permit.changed", f.permit.id);
        c.actor = who.person;
        c.post = role;
        r = in->revoke ? permit_revoke(&c, &f.permit, in->rev, in->reason, e)
                       : permit_change_until(&c, &f.permit, in->rev, in->until, act->now, max_days_of(pack, &f), in->reason, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r < 0)
                return r;
        act->permits_changed = true;
        in->rev_after = c.rows[0].rev;
        return ERR_OK;
}

/* ---- time ---- */

int act_tick(struct act *act, void *arg, struct err *e)
{
        struct str *ids = NULL;
        size_t n = 0;
        int r = query_permits_due(&ids, &n, act->db, act->now, act->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n && i < TICK_MAX; i++) {
                struct row permit, after;
                struct receipt receipt;
                struct changes c;

                r = store_row(&permit, act->db, TABLE_PERMIT, ids[i].p, NULL, act->arena, e);
                if (r < 0 || !permit_tick(&after, &permit, act->now))
                        continue;
                changes_init(&c, act->arena, row_is(&after, PERMIT_state, "expired") ? "permit.expired" : "permit.started", permit.id);
                r = changes_add(&c, &after, e);
                if (r == ERR_OK)
                        r = act_append(&receipt, act, &c, e);
                act->permits_changed = true;
        }
        return r;
}
