/* source.c - see source.h. */
#include "core/pack/source.h"

static int by_name(const void *a, const void *b)
{
        return strcmp(((const struct source *)a)->file.name, ((const struct source *)b)->file.name);
}

void sources_sort(struct sources *s)
{
        if (s->n)
                qsort(s->list, s->n, sizeof(*s->list), by_name);
}

struct source *sources_find(const struct sources *s, const char *name)
{
        for (size_t i = 0; i < s->n; i++)
                if (strcmp(s->list[i].file.name, name) == 0)
                        return &s->list[i];
        return NULL;
}
