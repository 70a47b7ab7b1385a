/* readings.h - how well-known services are read: ズーム is Zoom.
 *
 * Does      say the other spelling of a name, so that who types kana finds what the register has in letters, and the other way round.
 *           Only names whose spelling cannot be told from their sound by folding (spelling.h); a name in neither table is asked as typed.
 * Layer     core; pure.
 */
#ifndef CORE_SEARCH_READINGS_H
#define CORE_SEARCH_READINGS_H

#include "base/str.h"

/* `folded`: one term. Empty: none is known. */
struct str reading_other(struct str folded);

#endif
