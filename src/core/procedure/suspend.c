/* suspend.c - see suspend.h. */
#include "core/procedure/suspend.h"

#include "core/procedure/inside.h"

static bool is_deciding(const struct row *step)
{
        static const char *const kinds[] = { "approve", "council", "external-decision" };

        for (size_t i = 0; i < countof(kinds); i++)
                if (row_is(step, STEP_kind, kinds[i]))
                        return row_is(step, STEP_state, "approved");
        return false;
}

static const char *authority_of_pack(const struct pack *pack)
{
        for (size_t i = 0; i < pack->procedures_count; i++) {
                const struct pack_procedure *p = &pack->procedures[i];
                bool registers = false;

                for (size_t k = 0; k < p->effects_count; k++)
                        registers |= p->effects[k].kind == EFFECT_REGISTER_SERVICE;
                for (size_t k = p->steps_count; registers && k--;)
                        if (p->steps[k].kind == STEP_APPROVE)
                                return p->steps[k].role;
        }
        return NULL;
}

static const struct pack_procedure *procedure_of(const struct pack *pack, const struct service_facts *f)
{
        for (size_t i = 0; f->application.rev && i < pack->procedures_count; i++)
                if (row_is(&f->application, APPLICATION_procedure, pack->procedures[i].id))
                        return &pack->procedures[i];
        return NULL;
}

/* Where a step stands in the order of the pack in force; one that it no longer has stands first. */
static size_t place_of(const struct pack_procedure *p, const struct row *step)
{
        for (size_t i = 0; p && i < p->steps_count; i++)
                if (strcmp(p->steps[i].id, step->k) == 0)
                        return i + 1;
        return 0;
}

const char *service_authority(const struct pack *pack, const struct service_facts *f, struct arena *a)
{
        const struct pack_procedure *p = procedure_of(pack, f);
        const struct row *last = NULL;
        struct str role;

        for (size_t i = 0; i < f->steps.n; i++) {
                const struct row *s = &f->steps.rows[i];
                utime_t at = row_get_int(s, STEP_decided_at), before = last ? row_get_int(last, STEP_decided_at) : 0;

                if (is_deciding(s) && (!last || at > before || (at == before && place_of(p, s) > place_of(p, last))))
                        last = s;
        }
        if (!last)
                return authority_of_pack(pack);
        role = row_get_text(last, STEP_role);
        return arena_copy(a, role.p, role.n);
}

static bool holds(const struct actor *who, const char *role)
{
        if (actor_has(who, role))
                return true;
        for (size_t i = 0; i < who->deputises_count; i++)
                if (strcmp(who->deputises[i].role, role) == 0)
                        return true;
        return false;
}

static int check(const struct service_facts *f, const char *role, bool resume, const struct actor *who, struct err *e)
{
        const struct row *s = &f->service;

        if (!role || !holds(who, role))
                return err_key(e, ERR_FORBIDDEN, "suspend.role", "", NULL);
        if (resume && (row_is(s, SERVICE_manager, who->person) || row_is(s, SERVICE_deputy, who->person)))
                return err_key(e, ERR_FORBIDDEN, "suspend.own", "", NULL);
        if (resume ? !row_is(s, SERVICE_state, "suspended") : !row_is(s, SERVICE_state, "approved") && !row_is(s, SERVICE_state, "transitional"))
                return err_key(e, ERR_CONFLICT, resume ? "suspend.not" : "suspend.over", "", NULL);
        return ERR_OK;
}

bool service_may_suspend(const struct pack *pack, const struct service_facts *f, bool resume, const struct actor *who, struct arena *a)
{
        return check(f, service_authority(pack, f, a), resume, who, NULL) == ERR_OK;
}

int service_suspend(struct changes *out, const struct pack *pack, const struct service_facts *f, bool resume, struct str reason, int64_t seen_rev,
                    const struct actor *who, utime_t now, struct err *e)
{
        const char *role = service_authority(pack, f, out->arena);
        struct row after = f->service;
        int r = check(f, role, resume, who, e);

        if (r < 0)
                return r;
        if (after.rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);

        out->actor = who->person;
        out->post = role;
        row_text(&after, SERVICE_state, !resume ? STR("suspended") : row_get_text(&after, SERVICE_application).n ? STR("approved") : STR("transitional"));
        row_personal(&after, SERVICE_reason, reason);
        if (resume)
                row_null(&after, SERVICE_suspended_at);
        else
                row_int(&after, SERVICE_suspended_at, now);
        return changes_add(out, &after, e);
}
