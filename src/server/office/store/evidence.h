/* evidence.h - when did something last happen that shows that a mechanism of the pack works?
 *
 * Does      find the newest entry about an answer, a step, a criterion, a decision, a duty, a register, or of one type.
 * Clause    8.2 趣旨 (運用中の対策を漏れなく): what is only said to work is told apart from what was seen to.
 * Layer     server/office/store.
 * Owns      texts live in the arena.
 * Limits    a case is looked for among the EVIDENCE_CASES newest of its procedure; what happened only before those is not found.
 * Fails     as db.h.
 */
#ifndef OFFICE_STORE_EVIDENCE_H
#define OFFICE_STORE_EVIDENCE_H

#include "server/office/store/db.h"

enum { EVIDENCE_CASES = 300 };

/* CASE: submitted; DECIDED, APPROVED: ended so; then an answer, a step, a criterion with the name `k` in a case of the procedure. */
enum evidence_of { EVIDENCE_CASE, EVIDENCE_DECIDED, EVIDENCE_APPROVED, EVIDENCE_ANSWER, EVIDENCE_STEP, EVIDENCE_CRITERION,
                   EVIDENCE_ENTRY /* k: its type */, EVIDENCE_DUTY /* k: the pack's rule */, EVIDENCE_REGISTER /* k: the register */ };

/* at 0: none. id, number: of the case, empty when it is about none. */
struct evidence { utime_t at; struct str entry, id, number; };

int evidence_find(struct evidence *out, struct db *db, enum evidence_of what, const char *procedure, const char *k, struct arena *a, struct err *e);

#endif
