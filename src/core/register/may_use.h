/* may_use.h - "may I use this service?", answered for one section.
 *
 * Does      say yes, add (another section has it: one more use is asked for), apply (nobody may use it yet) or no, and why.
 * Clause    8.2(4) (use needs permission), 8.2(6) (what ended), 経過措置 (in use before the register was).
 * Layer     core; pure.
 */
#ifndef CORE_REGISTER_MAY_USE_H
#define CORE_REGISTER_MAY_USE_H

#include "core/register/rows.h"

#define MAY_ANSWERS(X) X(MAY_YES, "yes") X(MAY_ADD, "add") X(MAY_APPLY, "apply") X(MAY_NO, "no")

enum may_answer {
#define X(id, name) id,
        MAY_ANSWERS(X)
#undef X
        MAY_ANSWERS_COUNT
};
extern const char *const may_answer_names[MAY_ANSWERS_COUNT];

struct may { enum may_answer answer; const char *why; };      /* why: words may.why.<why> */

/* `use`: the section's own row about this service, the active one when there are several; NULL: it has none. */
struct may may_use(const struct row *service, const struct row *use, struct str section, utime_t now);

#endif
