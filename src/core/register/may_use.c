/* may_use.c - see may_use.h. */
#include "core/register/may_use.h"

const char *const may_answer_names[MAY_ANSWERS_COUNT] = {
#define X(id, name) name,
        MAY_ANSWERS(X)
#undef X
};

struct asked { const struct row *service, *use; struct str section; utime_t now; };

static bool is_over(const struct row *row, int until, utime_t now)
{
        return row_get_int(row, until) && now >= row_get_int(row, until);
}

static bool closed(const struct asked *a)       { return row_is(a->service, SERVICE_state, "closed"); }
static bool suspended(const struct asked *a)    { return row_is(a->service, SERVICE_state, "suspended"); }
static bool ended(const struct asked *a)        { return is_over(a->service, SERVICE_until_at, a->now); }
static bool transitional(const struct asked *a) { return row_is(a->service, SERVICE_state, "transitional"); }
static bool overdue(const struct asked *a)      { return transitional(a) && is_over(a->service, SERVICE_apply_by_at, a->now); }
static bool approved(const struct asked *a)     { return row_is(a->service, SERVICE_state, "approved"); }

/* A row of its own counts, whatever it says; without one, the section that the service was registered for has it. */
static bool own(const struct asked *a)
{
        if (a->use)
                return row_is(a->use, USE_state, "active") && !is_over(a->use, USE_until_at, a->now);
        return a->section.n && str_eq(row_get_text(a->service, SERVICE_section), a->section);
}

static bool in_transition(const struct asked *a) { return transitional(a) && own(a); }
static bool used(const struct asked *a)          { return approved(a) && own(a); }

static const struct rule { bool (*hit)(const struct asked *a); struct may may; } rules[] = {      /* first match wins: what forbids stands before what permits */
        { closed,        { MAY_NO,    "closed" } },
        { suspended,     { MAY_NO,    "suspended" } },
        { ended,         { MAY_NO,    "ended" } },
        { overdue,       { MAY_APPLY, "overdue" } },
        { in_transition, { MAY_YES,   "in-transition" } },
        { transitional,  { MAY_APPLY, "transitional" } },        /* another section's: not approved, so there is nothing to join */
        { used,          { MAY_YES,   "used" } },
        { approved,      { MAY_ADD,   "approved" } },
};

struct may may_use(const struct row *service, const struct row *use, struct str section, utime_t now)
{
        const struct asked a = { service, use, section, now };

        for (size_t i = 0; i < countof(rules); i++)
                if (rules[i].hit(&a))
                        return rules[i].may;
        return (struct may){ MAY_NO, "unknown" };                /* a state that nobody knows permits nothing */
}
