/* people_now.c - see people_now.h. */
#include "server/office/api/people_now.h"

#include "server/office/store/query.h"

int people_now(struct people *out, const struct pack *p, struct request *rq, struct err *e)
{
        struct person_line *lines = NULL;
        struct person *people;
        size_t n = 0;
        int r = query_people(&lines, &n, rq->db, STR(""), rq->arena, e);

        if (r == ERR_OK && n > PEOPLE_MAX)
                r = err_set(e, ERR_TOO_BIG, "people");
        people = arena_array(rq->arena, n ? n : 1, sizeof(*people));
        if (r == ERR_OK && !people)
                r = err_set(e, ERR_NOMEM, "people");
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                struct person *to = &people[i];
                struct actor who;

                *to = (struct person){ .id = arena_copy(rq->arena, lines[i].id.p, lines[i].id.n), .name = arena_copy(rq->arena, lines[i].name.p, lines[i].name.n), .section = lines[i].section };
                r = query_actor(&who, rq->db, to->id, rq->now, rq->arena, e);
                for (size_t k = 0; r == ERR_OK && k < who.roles_count && to->roles_count < PERMIT_ROLES_MAX; k++) {
                        const struct pack_role *role = pack_find_role(p, who.roles[k]);

                        if (role)
                                to->roles[to->roles_count++] = role->id;
                }
        }
        *out = (struct people){ people, n };
        return r;
}
