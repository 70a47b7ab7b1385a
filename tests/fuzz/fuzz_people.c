/* fuzz_people.c - lists of people: what is taken has ids, sections and roles of the pack; a refusal says where. */
#include "core/procedure/people.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct pack_role roles[] = { { .id = "staff", .name = { .in = { "職員等", "Staff" } } }, { .id = "boss", .name = { .in = { "課長", "Boss" } } } };
static const struct pack pack = { .roles = roles, .roles_count = countof(roles) };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct people people;
        struct err e = { 0 };
        int r = people_read(&people, &pack, "x.csv", (struct str){ (const char *)data, size }, &a, NULL, NULL, &e);

        if (r < 0 && (r != ERR_INPUT || e.nargs < 1 || strncmp(e.args[0], "x.csv:", 6) != 0))
                __builtin_trap();
        if (r < 0)
                return 0;
        for (size_t i = 0; i < people.n; i++) {
                const struct person *p = &people.rows[i];

                if (!p->id[0] || !p->section.n || p->roles_count > PERMIT_ROLES_MAX || p->deputies_count > PEOPLE_DEPUTIES_MAX)
                        __builtin_trap();
                for (size_t k = 0; k < p->roles_count; k++)
                        if (p->roles[k] != roles[0].id && p->roles[k] != roles[1].id)
                                __builtin_trap();
        }
        return 0;
}
