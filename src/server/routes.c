/* routes.c - see routes.h. */
#include "server/routes.h"

#include "server/office/api/route.h"

int routes_main(const char *unused)
{
        (void)unused;
        (void)printf("port,method,path,who,owner,journal,body_max,query\n");
        for (size_t i = 0; i < routes_count; i++)
                (void)printf("%s,%s,%s,%s,%s,%s,%zu,%s\n", port_names[routes[i].port], method_name(routes[i].method), routes[i].path,
                             auth_name(routes[i].auth), routes[i].owner, routes[i].journal, routes[i].body_max, routes[i].query);
        return 0;
}
