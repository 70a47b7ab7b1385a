/* duties.c - see duties.h. */
#include "server/office/command/duties.h"

static int person_now(struct actor *out, struct act *act, const char *person, struct err *e)
{
        int r = query_actor(out, act->db, person, act->now, act->arena, e);

        return r == ERR_ABSENT ? err_key(e, ERR_UNKNOWN, "session.none", "", NULL) : r;
}

int act_close_duty(struct act *act, void *arg, struct err *e)
{
        struct act_close_duty *in = arg;
        struct changes c;
        struct actor who;
        struct duty_facts *f = arena_new(act->arena, struct duty_facts);
        int r = f ? person_now(&who, act, in->person, e) : err_set(e, ERR_NOMEM, "duty");

        if (r == ERR_OK)
                r = facts_of_duty(f, act->db, in->duty, act->arena, e);
        if (r < 0)
                return r;
        changes_init(&c, act->arena, "duty.closed", f->duty.id);
        r = duty_close(&c, f, in->evidence, in->rev, &who, act->now, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                in->rev_after = c.rows[0].rev;
        return r;
}

/* Somebody who is to be named, or is named already. */
static int person_row(struct row *out, struct act *act, const char *person, const char *field, struct err *e)
{
        int r = store_row(out, act->db, TABLE_PERSON, person, NULL, act->arena, e);

        if (r < 0)
                return r;
        return out->rev && row_is(out, PERSON_state, "active") ? ERR_OK : err_key(e, ERR_INPUT, "deputy.person.absent", field, NULL);
}

int act_name_deputy(struct act *act, void *arg, struct err *e)
{
        struct act_name_deputy *in = arg;
        struct row principal, deputy, old;
        struct actor who, whose;
        struct changes c;
        int r = person_now(&who, act, in->person, e);

        if (r == ERR_OK)
                r = person_row(&principal, act, in->principal, "principal", e);
        if (r == ERR_OK)
                r = person_row(&deputy, act, in->deputy, "deputy", e);
        if (r == ERR_OK)
                r = query_actor(&whose, act->db, in->principal, act->now, act->arena, e);
        if (r == ERR_OK)
                r = store_row(&old, act->db, TABLE_DEPUTY, in->principal, in->deputy, act->arena, e);
        if (r < 0)
                return r;
        changes_init(&c, act->arena, "deputy.named", in->principal);
        r = deputy_name(&c, &whose, &deputy, in->role, in->from, in->until, &old, &who, act->now, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                in->rev_after = c.rows[0].rev;
        return r;
}

int act_end_deputy(struct act *act, void *arg, struct err *e)
{
        struct act_end_deputy *in = arg;
        struct changes c;
        struct actor who;
        struct row row;
        int r = person_now(&who, act, in->person, e);

        if (r == ERR_OK)
                r = store_row(&row, act->db, TABLE_DEPUTY, in->principal, in->deputy, act->arena, e);
        if (r < 0)
                return r;
        if (!row.rev)
                return err_key(e, ERR_ABSENT, "deputy.absent", "", NULL);
        changes_init(&c, act->arena, "deputy.ended", in->principal);
        r = deputy_end(&c, &row, in->reason, in->rev, &who, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                in->rev_after = c.rows[0].rev;
        return r;
}
