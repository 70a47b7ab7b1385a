/* permit.c - see permit.h. */
#include "core/register/permit.h"

bool actor_has(const struct actor *a, const char *role)
{
        for (size_t i = 0; i < a->roles_count; i++)
                if (strcmp(a->roles[i], role) == 0)
                        return true;
        return false;
}

bool permit_is_open(const struct row *permit)
{
        return row_is(permit, PERMIT_state, "waiting") || row_is(permit, PERMIT_state, "active") || row_is(permit, PERMIT_state, "suspended");
}

int permit_check_period(utime_t from, utime_t until, utime_t now, uint32_t max_days, const char *field, struct err *e)
{
        char days[16];

        if (until <= now || until <= from)
                return err_key(e, ERR_RULE, "permit.period.past", field, NULL);
        (void)snprintf(days, sizeof(days), "%u", max_days);
        /* One day of grace: an inclusive end date becomes 00:00 of the day after. */
        if (max_days && until - from > (utime_t)(max_days + 1) * UTIME_DAY)
                return err_key(e, ERR_RULE, "permit.period.long", field, days, NULL);
        return ERR_OK;
}

int permit_may_change(const struct row *permit, const struct row *application, const char *role, const struct actor *who, struct err *e)
{
        if (!actor_has(who, role) || !str_eq(row_get_text(application, APPLICATION_section), who->section))
                return err_key(e, ERR_FORBIDDEN, "permit.change.role", "", NULL);
        if (row_is(application, APPLICATION_applicant, who->person))
                return err_key(e, ERR_FORBIDDEN, "decide.self", "", NULL);
        if (!permit_is_open(permit))
                return err_key(e, ERR_CONFLICT, "permit.change.over", "", NULL);
        return ERR_OK;
}

static int check_seen(const struct row *permit, int64_t seen_rev, struct str reason, struct err *e)
{
        if (permit->rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!permit_is_open(permit))
                return err_key(e, ERR_CONFLICT, "permit.change.over", "", NULL);
        if (!reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        return ERR_OK;
}

int permit_revoke(struct changes *out, const struct row *permit, int64_t seen_rev, struct str reason, struct err *e)
{
        struct row after = *permit;
        int r = check_seen(permit, seen_rev, reason, e);

        if (r < 0)
                return r;

        row_text(&after, PERMIT_state, STR("revoked"));
        row_personal(&after, PERMIT_reason, reason);
        after.v[PERMIT_table_seq] = (struct value){ .kind = VALUE_NULL };
        return changes_add(out, &after, e);
}

int permit_change_until(struct changes *out, const struct row *permit, int64_t seen_rev, utime_t until, utime_t now, uint32_t max_days,
                        struct str reason, struct err *e)
{
        struct row after = *permit;
        int r = check_seen(permit, seen_rev, reason, e);

        if (r == ERR_OK)
                r = permit_check_period(row_get_int(permit, PERMIT_from_at), until, now, max_days, "until", e);
        if (r < 0)
                return r;

        row_int(&after, PERMIT_until_at, until);
        row_personal(&after, PERMIT_reason, reason);
        after.v[PERMIT_table_seq] = (struct value){ .kind = VALUE_NULL };
        return changes_add(out, &after, e);
}

bool permit_tick(struct row *after, const struct row *permit, utime_t now)
{
        bool open = permit_is_open(permit);

        *after = *permit;
        if (open && now >= row_get_int(permit, PERMIT_until_at))
                row_text(after, PERMIT_state, STR("expired"));
        else if (row_is(permit, PERMIT_state, "waiting") && now >= row_get_int(permit, PERMIT_from_at))
                row_text(after, PERMIT_state, STR("active"));
        else
                return false;
        return true;
}
