/* erasure.h - the end of what was kept: proposed by one, confirmed by another from the records section.
 *
 * Does      propose units that are due, confirm or refuse a proposal, as changes to ERASURE rows; what follows of itself: the entries that
 *           renew what is in use and erase a unit.
 * Clause    文書管理規程 (廃棄: 文書主管課の確認); DESIGN §5.
 * Layer     core; pure.
 * Fails     ERR_FORBIDDEN, ERR_CONFLICT, ERR_INPUT, ERR_RULE with keys `erase.*`, `common.*`.
 *
 * A proposal is ERASURE rows of one id, a row a unit. Whoever keeps the house or the records proposes; only who holds the pack's records_role
 * confirms, and never who proposed. From then on time does the rest; nothing takes it back.
 */
#ifndef CORE_REGISTER_ERASURE_H
#define CORE_REGISTER_ERASURE_H

#include "core/register/permit.h"
#include "core/register/retention.h"

enum { ERASURE_UNITS_MAX = 100 };

/* A unit that may be proposed: what it is, and what stands under it. */
struct erasable { char name[UNIT_NAME]; struct unit unit; uint32_t years; utime_t due; uint64_t texts, files; bool proposed; };

bool erasure_may_see(const struct pack *pack, const struct actor *who);
bool erasure_may_ask(const struct pack *pack, const struct actor *who);
bool erasure_may_confirm(const struct pack *pack, const struct actor *who);

struct erasure_scene { const struct pack *pack; const struct actor *who; utime_t now; };

int erasure_ask(struct changes *out, const struct erasure_scene *s, struct uuid id, const struct erasable *units, size_t n, struct str reason, struct err *e);
/* rows: all of the proposal. */
int erasure_confirm(struct changes *out, const struct erasure_scene *s, const struct row *rows, size_t n, struct err *e);
int erasure_refuse(struct changes *out, const struct erasure_scene *s, const struct row *rows, size_t n, struct str answer, struct err *e);

/* The entry that erases: row as it stands, digest of what the signer is to remember. */
int erasure_done(struct changes *out, const struct row *row, const char *unit, struct str digest, utime_t now, struct err *e);

#endif
