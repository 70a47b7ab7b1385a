/* access.c - see access.h. */
#include "core/register/access.h"

static const char secretariat[] = "secretariat", csirt[] = "csirt";

bool access_inside(const struct pack *pack, const struct actor *who)
{
        static const char *const roles[] = { secretariat, "system_manager", "ciso", "auditor" };

        for (size_t i = 0; i < countof(roles); i++)
                if (actor_has(who, roles[i]))
                        return true;
        for (size_t i = 0; pack && i < pack->procedures_count; i++)
                for (size_t k = 0; k < pack->procedures[i].steps_count; k++) {
                        const struct pack_step *s = &pack->procedures[i].steps[k];

                        if (s->role && s->scope == SCOPE_BODY && actor_has(who, s->role))
                                return true;
                }
        return false;
}

bool access_manages(const struct row *service, const struct actor *who)
{
        return service->rev && (row_is(service, SERVICE_manager, who->person) || row_is(service, SERVICE_deputy, who->person));
}

bool access_sees(const struct register_info *r, const struct pack *pack, const struct actor *who, bool manages)
{
        switch (r->sees) {
        case REGISTER_ALL:
                return true;
        case REGISTER_INSIDE:
                return manages || access_inside(pack, who);
        default:
                return access_writes(&(struct register_info){ .writes = r->sees }, who, manages);
        }
}

bool access_writes(const struct register_info *r, const struct actor *who, bool manages)
{
        switch (r->writes) {
        case REGISTER_MANAGER:
                return manages || actor_has(who, secretariat);
        case REGISTER_SECRETARIAT:
                return actor_has(who, secretariat);
        case REGISTER_CSIRT:
                return actor_has(who, csirt) || actor_has(who, secretariat);
        default:
                return false;
        }
}

bool access_column(const struct register_info *r, const struct register_column *c, const struct actor *who, bool manages)
{
        return !(c->flags & REGISTER_PRIVATE) || access_writes(r, who, manages);
}
