/* coverage.c - see coverage.h. */
#include "core/pack/coverage.h"

bool mechanism_serves(const struct pack_mechanism *m, const char *clause)
{
        for (size_t i = 0; i < m->clauses_count; i++)
                if (strcmp(m->clauses[i].id, clause) == 0)
                        return true;
        return false;
}

/* What one mechanism is worth to a clause of this strength. */
static enum cover worth(const struct pack_mechanism *m, enum strength s)
{
        if (m->state == MECHANISM_PLANNED)
                return COVER_PLANNED;
        if (m->kind == MECHANISM_TEXT && s != STRENGTH_INFORMATION && s != STRENGTH_NONE)
                return COVER_TEXT;
        return m->proven_count ? COVER_PROVEN : COVER_BOUND;
}

enum cover coverage_of(const struct pack *p, const struct pack_clause *c)
{
        enum cover best = COVER_NOTHING;

        for (size_t i = 0; i < p->mechanisms_count; i++)
                if (mechanism_serves(&p->mechanisms[i], c->id)) {
                        enum cover one = worth(&p->mechanisms[i], c->strength);

                        best = one > best ? one : best;
                }
        return best;
}

#define X(id, name) name,
const char *cover_name(enum cover c)
{
        static const char *const names[] = { COVERS(X) };

        return names[c];
}

const char *strength_name(enum strength s)
{
        static const char *const names[] = { STRENGTHS(X) };

        return names[s];
}

const char *mechanism_kind_name(enum mechanism_kind k)
{
        static const char *const names[] = { MECHANISM_KINDS(X) };

        return names[k];
}

const char *mechanism_state_name(enum mechanism_state s)
{
        static const char *const names[] = { MECHANISM_STATES(X) };

        return names[s];
}

const char *carrier_name(enum carrier c)
{
        static const char *const names[] = { CARRIERS(X) };

        return names[c];
}
#undef X
