/* rating.h - classes and restrictions that follow from plain answers.
 *
 * Does      for each axis the highest level whose derivation is not false (unknown counts: the safe side), and which one it was.
 * Clause    8.2(2)①: 格付 and 取扱制限; practice.md: plain questions derive them, the applicant sees why.
 * Layer     core; pure.
 */
#ifndef CORE_FORM_RATING_H
#define CORE_FORM_RATING_H

#include "core/pack/pack.h"

enum { RATING_AXES_MAX = 20 };

struct rating { const struct pack_axis *axis; const struct pack_level *level; const struct pack_derivation *because; };   /* NULL: the lowest, by none */

/* `out` gets pack->axes_count ratings. `env` answers the questions of classes.yaml. Of several derivations that lead to the same level
 * the reason is the first that is true, else the first that is unknown. */
void rating_derive(struct rating *out, const struct pack *pack, const struct expr_env *env);

/* Does any class axis stand at a level that counts as 機密性２以上? levels: id per axis, NULL unknown (counts as the highest). */
bool rating_conf2plus(const struct pack *pack, const char *const *levels);

/* The same for conditions: unknown when it hangs on an axis that nobody knows. */
enum truth rating_conf2plus_truth(const struct pack *pack, const char *const *levels);

#endif
