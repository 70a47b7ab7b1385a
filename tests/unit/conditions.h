/* conditions.h - for tests that build parts of a pack by hand: a condition read against names. */
#ifndef TESTS_UNIT_CONDITIONS_H
#define TESTS_UNIT_CONDITIONS_H

#include "core/pack/pack.h"

#include "unit.h"

static inline struct pack_condition condition(const char *source, const struct expr_names *names, struct arena *a)
{
        struct expr *tree = NULL;
        struct err e = { 0 };

        if (!source)
                return (struct pack_condition){ NULL, NULL };
        if (expr_parse(&tree, str_of(source), names, a, &e) < 0)
                fail_msg("%s: %s", source, e.text);
        return (struct pack_condition){ source, tree };
}

#endif
