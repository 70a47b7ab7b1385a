/* people.c - see people.h: every procedure, every kind of applicant, everybody there and each one absent. */
#include "core/procedure/people_play.h"

static const char *const names[] = {
#define X(id, name) name,
        PEOPLE_WHYS(X)
#undef X
};

const char *people_why_name(enum people_why why)
{
        return names[why];
}

struct survey { struct people_finding *rows; size_t n, room, stuck; struct arena *arena; };

/* The same thing said of others too: where the section makes no difference, neither does who applies. */
static bool is_alike(const struct people_finding *a, const struct people_finding *b)
{
        return a->procedure == b->procedure && a->step == b->step && a->why == b->why && a->role == b->role && a->absent == b->absent &&
               a->sheet == b->sheet && !a->drafter == !b->drafter &&
               (a->applicant == b->applicant ||
                (a->why != PEOPLE_SELF && ((a->sheet ? a->sheet->scope : a->step->scope) != SCOPE_SECTION || str_eq(a->applicant->section, b->applicant->section))));
}

static int finding_add(struct survey *s, const struct people_finding *f, struct err *e)
{
        for (size_t i = 0; i < s->n; i++)
                if (f->step && s->rows[i].step && is_alike(&s->rows[i], f)) {
                        s->rows[i].alike += f->alike;
                        return ERR_OK;
                }
        if (s->n == s->room) {
                size_t room = s->room ? 2 * s->room : 64;
                struct people_finding *rows = arena_array(s->arena, room, sizeof(*rows));

                if (!rows)
                        return err_set(e, ERR_NOMEM, "findings");
                if (s->n)
                        memcpy(rows, s->rows, s->n * sizeof(*rows));
                s->rows = rows;
                s->room = room;
        }
        s->stuck += f->step && !f->absent && !f->drafter;
        s->rows[s->n++] = *f;
        return ERR_OK;
}

/* Plays the case; what stops it is told and passed over, until the rest can be done. */
static int case_play(struct trial *t, struct survey *s, const struct person *applicant, size_t alike, const struct person *drafter, struct err *e)
{
        bool done = false;
        int r = ERR_OK;

        for (size_t round = 0; round <= t->procedure->steps_count; round++) {
                r = trial_play(&done, t, applicant, drafter, e);
                if (r < 0 || done)
                        return r;
                t->stop.alike = alike;
                r = finding_add(s, &t->stop, e);
                if (r < 0)
                        return r;
                t->skip[t->stop.step - t->procedure->steps] = true;
        }
        return r;
}

/* Somebody who had no part in a case is not missed in it. */
static int without_each(struct trial *t, struct survey *s, const struct person *applicant, size_t alike, struct err *e)
{
        bool skip[PROCEDURE_STEPS_MAX];
        size_t used[2 * PROCEDURE_STEPS_MAX], n = 0;
        int r = ERR_OK;

        memcpy(skip, t->skip, sizeof(skip));
        for (size_t i = 0; i < t->procedure->steps_count; i++) {
                if (t->entered[i] < t->people->n)
                        used[n++] = t->entered[i];
                if (t->decided[i] < t->people->n)
                        used[n++] = t->decided[i];
        }
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                bool again = false;

                for (size_t j = 0; j < i; j++)
                        again = again || used[j] == used[i];
                if (again)
                        continue;
                trial_absent(t, &t->people->rows[used[i]]);
                r = case_play(t, s, applicant, alike, NULL, e);
                memcpy(t->skip, skip, sizeof(skip));
        }
        trial_absent(t, NULL);
        return r;
}

/* The first of their kind among those who hold the role, `but` aside; *alike: how many of them there are. */
static bool is_first(const struct trial *t, size_t i, const char *role, const struct person *but, size_t *alike)
{
        const struct people *people = t->people;

        *alike = 0;
        if (!person_holds(&people->rows[i], role) || &people->rows[i] == but)
                return false;
        for (size_t j = t->kinds[i]; j < people->n; j++) {
                if (t->kinds[j] != t->kinds[i] || &people->rows[j] == but)
                        continue;
                if (j < i)
                        return false;
                ++*alike;
        }
        return true;
}

static int drafted_by_each(struct trial *t, struct survey *s, const struct person *applicant, size_t alike, struct err *e)
{
        bool skip[PROCEDURE_STEPS_MAX];
        size_t twins;
        int r = ERR_OK;

        memcpy(skip, t->skip, sizeof(skip));
        for (size_t i = 0; t->procedure->draft_role && r == ERR_OK && i < t->people->n; i++)
                if (is_first(t, i, t->procedure->draft_role, applicant, &twins)) {
                        r = case_play(t, s, applicant, alike, &t->people->rows[i], e);
                        memcpy(t->skip, skip, sizeof(skip));
                }
        return r;
}

static int procedure_check(struct trial *t, struct survey *s, struct err *e)
{
        const struct people_finding none = { .procedure = t->procedure, .why = PEOPLE_NOBODY, .role = t->procedure->apply_role };
        const char *role = t->procedure->apply_scope == SCOPE_SERVICE ? NULL : t->procedure->apply_role;    /* anybody may manage a service */
        bool any = false;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < t->people->n; i++) {
                const struct person *applicant = &t->people->rows[i];
                size_t alike;

                if (!is_first(t, i, role, NULL, &alike))
                        continue;
                any = true;
                memset(t->skip, 0, sizeof(t->skip));
                r = case_play(t, s, applicant, alike, NULL, e);
                if (r == ERR_OK)
                        r = without_each(t, s, applicant, alike, e);
                if (r == ERR_OK)
                        r = drafted_by_each(t, s, applicant, alike, e);
        }
        return r == ERR_OK && !any ? finding_add(s, &none, e) : r;
}

/* The same section and the same roles: what one of them can do, the others can. */
static bool is_twin(const struct person *a, const struct person *b)
{
        if (a->roles_count != b->roles_count || !str_eq(a->section, b->section))
                return false;
        for (size_t i = 0; i < a->roles_count; i++)
                if (!person_holds(b, a->roles[i]))
                        return false;
        return true;
}

static const size_t *kinds_of(const struct people *people, struct arena *a)
{
        size_t *kinds = arena_array(a, people->n, sizeof(*kinds));

        for (size_t i = 0; kinds && i < people->n; i++) {
                kinds[i] = 0;
                while (!is_twin(&people->rows[kinds[i]], &people->rows[i]))
                        kinds[i]++;
        }
        return kinds;
}

int people_check(struct people_report *out, const struct pack *pack, const struct people *people, struct arena *a, struct err *e)
{
        const size_t *kinds = kinds_of(people, a);
        struct survey s = { .arena = a };
        int r = ERR_OK;

        if (!kinds)
                return err_set(e, ERR_NOMEM, "people");
        for (size_t i = 0; r == ERR_OK && i < pack->procedures_count; i++) {
                struct trial *t = trial_new(pack, &pack->procedures[i], people, kinds, a);

                if (!t)
                        return err_set(e, ERR_NOMEM, "people");
                r = procedure_check(t, &s, e);
        }
        if (r == ERR_OK)
                *out = (struct people_report){ s.rows, s.n, s.stuck };
        return r;
}
