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

/* Every record of a pack begins with its id. */
static const void *find(const void *list, size_t n, size_t size, const char *id)
{
        for (const char *p = list; n--; p += size)
                if (strcmp(*(const char *const *)(const void *)p, id) == 0)
                        return p;
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
