/* hint.h - what the writer of a condition probably meant.
 *
 * Does      find the nearest of some words; list them when none is near.
 * Layer     core; inside expr/.
 * Owns      nothing: the hint is written into the caller's HINT_MAX bytes.
 */
#ifndef CORE_EXPR_HINT_H
#define CORE_EXPR_HINT_H

#include "core/expr/tree.h"

enum { HINT_MAX = ERR_ARG_MAX };

void hint_name(char to[HINT_MAX], const struct expr_names *names, struct str word);
void hint_choice(char to[HINT_MAX], const struct expr_choices *choices, struct str word);
void hint_functions(char to[HINT_MAX]);
void hint_choices(char to[HINT_MAX], const struct expr_choices *choices);      /* all of them, as many as fit */

void hint_nearest(char to[HINT_MAX], const char *const *words, const char *word);           /* of words ending with NULL */

#endif
