/* check_retention.c - see check.h. Years for something that nothing belongs to. */
#include "core/pack/check.h"
#include "core/register/retention.h"

void check_retention(struct filler *f, const struct pack *p)
{
        for (size_t i = 0; i < p->retention_count; i++)
                if (retention_find(str_of(p->retention[i].id)) == RETENTION_NONE)
                        mistake(f->mistakes, "pack.retention.unknown", fill_place(f, &p->retention[i], "id"), p->retention[i].id, "");
}
