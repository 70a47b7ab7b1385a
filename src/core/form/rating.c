/* rating.c - see rating.h. */
#include "core/form/rating.h"

static const struct pack_level *level_find(const struct pack_axis *axis, const char *id)
{
        for (size_t i = 0; id && i < axis->levels_count; i++)
                if (strcmp(axis->levels[i].id, id) == 0)
                        return &axis->levels[i];
        return NULL;
}

/* A level's place in its axis; levels stand in one array, the lowest first. */
static struct rating axis_derive(const struct pack *pack, const struct pack_axis *axis, const struct expr_env *env)
{
        struct rating best = { axis, axis->levels, NULL };
        bool sure = false;

        for (size_t i = 0; i < pack->derivations_count; i++) {
                const struct pack_derivation *d = &pack->derivations[i];
                const struct pack_level *level = strcmp(d->axis, axis->id) == 0 ? level_find(axis, d->level) : NULL;
                enum truth t = level && level >= best.level ? expr_eval(d->when.tree, env) : TRUTH_FALSE;

                if (t == TRUTH_FALSE || (level == best.level && best.because && (sure || t != TRUTH_TRUE)))
                        continue;
                best = (struct rating){ axis, level, d };
                sure = t == TRUTH_TRUE;
        }
        return best;
}

void rating_derive(struct rating *out, const struct pack *pack, const struct expr_env *env)
{
        for (size_t i = 0; i < pack->axes_count; i++)
                out[i] = axis_derive(pack, &pack->axes[i], env);
}

enum truth rating_conf2plus_truth(const struct pack *pack, const char *const *levels)
{
        enum truth t = TRUTH_FALSE;

        for (size_t i = 0; i < pack->axes_count; i++) {
                const struct pack_axis *axis = &pack->axes[i];
                const struct pack_level *level = level_find(axis, levels[i]);

                if (axis->kind != AXIS_CLASS || !axis->levels_count)
                        continue;
                if (level && level->conf2plus)
                        return TRUTH_TRUE;
                if (!level && axis->levels[axis->levels_count - 1].conf2plus)
                        t = TRUTH_UNKNOWN;
        }
        return t;
}

bool rating_conf2plus(const struct pack *pack, const char *const *levels)
{
        return rating_conf2plus_truth(pack, levels) != TRUTH_FALSE;
}
