/* pack.c - see pack.h. Lists are short (the schema caps them), so looking up is walking. */
#include "core/pack/pack.h"

/* The first letter between `low` and `low` + 25, then letters of that case, digits and what `marks` holds. */
static bool is_word(struct str s, char low, const char *marks)
{
        if (!s.n || s.n >= PACK_ID_MAX)
                return false;
        for (size_t i = 0; i < s.n; i++) {
                bool letter = s.p[i] >= low && s.p[i] <= low + 25, digit = s.p[i] >= '0' && s.p[i] <= '9';

                if (!letter && (i == 0 || (!digit && (!s.p[i] || !strchr(marks, s.p[i])))))
                        return false;
        }
        return true;
}

bool pack_id_ok(struct str s)
{
        return is_word(s, 'a', "_-");
}

bool pack_code_ok(struct str s)
{
        return is_word(s, 'A', "");
}

/* Takes the letters and digits at the front of `s`; false when there is none. */
static bool take_part(struct str *s, const char *ranges)
{
        size_t n = 0;

        for (; n < s->n; n++) {
                const char *r = ranges;

                while (*r && (s->p[n] < r[0] || s->p[n] > r[1]))
                        r += 2;
                if (!*r)
                        break;
        }
        s->p += n;
        s->n -= n;
        return n > 0;
}

static bool take_point(struct str *s)
{
        bool there = s->n && *s->p == '.';

        s->p += there;
        s->n -= there;
        return there;
}

static bool take_section(struct str *s)
{
        if (!s->n || *s->p < 'A' || *s->p > 'Z')
                return false;
        s->p++;
        s->n--;
        do
                if (!take_part(s, "09"))
                        return false;
        while (take_point(s));
        return true;
}

bool pack_section_ok(struct str s)
{
        return s.n < PACK_ID_MAX && take_section(&s) && !s.n;
}

bool pack_clause_ok(struct str s)
{
        if (s.n >= PACK_ID_MAX || !take_section(&s) || !s.n || *s.p != '-')
                return false;
        s.p++;
        s.n--;
        if (!take_part(&s, "AZaz09"))
                return false;
        while (take_point(&s))
                if (!take_part(&s, "az09"))
                        return false;
        return !s.n;
}

/* Every record of a pack begins with its id; while it is being loaded, one may have lost it to a mistake. No id finds nothing. */
static const void *find(const void *list, size_t n, size_t size, const char *id)
{
        for (const char *p = list; id && n--; p += size) {
                const char *own = *(const char *const *)(const void *)p;

                if (own && strcmp(own, id) == 0)
                        return p;
        }
        return NULL;
}

const struct pack_role *pack_find_role(const struct pack *p, const char *id)
{
        return find(p->roles, p->roles_count, sizeof(*p->roles), id);
}

const struct pack_zone *pack_find_zone(const struct pack *p, const char *id)
{
        return find(p->zones, p->zones_count, sizeof(*p->zones), id);
}

const struct pack_form *pack_find_form(const struct pack *p, const char *id)
{
        return find(p->forms, p->forms_count, sizeof(*p->forms), id);
}

const struct pack_procedure *pack_find_procedure(const struct pack *p, const char *id)
{
        return find(p->procedures, p->procedures_count, sizeof(*p->procedures), id);
}

const struct pack_criteria *pack_find_criteria(const struct pack *p, const char *id)
{
        return find(p->criteria, p->criteria_count, sizeof(*p->criteria), id);
}

const struct pack_criterion *pack_find_criterion(const struct pack *p, const char *id)
{
        const struct pack_criterion *c = NULL;

        for (size_t i = 0; !c && i < p->criteria_count; i++)
                c = find(p->criteria[i].criteria, p->criteria[i].criteria_count, sizeof(*c), id);
        return c;
}

const struct pack_axis *pack_find_axis(const struct pack *p, const char *id)
{
        return find(p->axes, p->axes_count, sizeof(*p->axes), id);
}

const struct pack_step *procedure_find_step(const struct pack_procedure *p, const char *id)
{
        return find(p->steps, p->steps_count, sizeof(*p->steps), id);
}

const struct pack_paper *pack_find_paper(const struct pack *p, const char *id)
{
        return find(p->papers, p->papers_count, sizeof(*p->papers), id);
}

const struct pack_duty *pack_find_duty(const struct pack *p, const char *id)
{
        return find(p->duties, p->duties_count, sizeof(*p->duties), id);
}

const struct pack_duty *pack_duty_about(const struct pack *p, enum trigger trigger)
{
        for (size_t i = 0; i < p->duties_count; i++)
                if (p->duties[i].trigger == trigger)
                        return &p->duties[i];
        return NULL;
}

const struct pack_section *pack_find_section(const struct pack *p, const char *id)
{
        return find(p->sections, p->sections_count, sizeof(*p->sections), id);
}

const struct pack_clause *pack_find_clause(const struct pack *p, const char *id)
{
        return find(p->clauses, p->clauses_count, sizeof(*p->clauses), id);
}

const struct pack_section *pack_section_of(const struct pack *p, const char *clause)
{
        struct str section, rest;

        if (str_cut(str_of(clause), '-', &section, &rest))
                for (size_t i = 0; i < p->sections_count; i++)
                        if (str_is(section, p->sections[i].id))
                                return &p->sections[i];
        return NULL;
}

const struct pack_field *form_find_field(const struct pack_form *f, const char *id)
{
        return find(f->fields, f->fields_count, sizeof(*f->fields), id);
}

struct pack *pack_free(struct pack *p)
{
        if (p) {
                arena_done(&p->arena);
                free(p);
        }
        return NULL;
}
