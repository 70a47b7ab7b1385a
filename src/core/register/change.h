/* change.h - people add a row to a register, change it, end it.
 *
 * Does      turn cells as people typed them into one entry, or refuse with what is wrong and where.
 * Clause    8.2(2)⑦ (the register of approved services is kept up to date), 8.2(4): a manager is named, and another after them.
 * Layer     core; pure. Who may see the row was asked before; who may write it is asked here.
 * Owns      changes live in their arena.
 * Fails     ERR_FORBIDDEN, ERR_CONFLICT, ERR_INPUT, ERR_RULE with keys `record.*`, `wareki.*`, `common.*`; the field is the column's id.
 *
 * What decisions and programs set stays theirs: columns with REGISTER_FIXED, approved services, uses, subcontractors. A service is
 * added as transitional only; an approved one ends by its procedure (8.2(6)).
 */
#ifndef CORE_REGISTER_CHANGE_H
#define CORE_REGISTER_CHANGE_H

#include "core/register/access.h"
#include "core/register/record.h"

enum { CHANGE_CELLS_MAX = ROW_COLS_MAX };

struct change_cell { struct str column, text; };

struct change_scene {
        const struct register_info *r;
        const struct record_env    *env;
        const struct actor         *who;
        bool                        manages;        /* the service that the row hangs on */
        bool                        same_name;      /* another row that counts goes by this name there */
        utime_t                     now;
};

/* Sets the cells of a row, which stands as it was when one is refused. `row` new: rev 0, and what it hangs on is set already. */
int change_cells(struct row *row, const struct register_info *r, const struct change_cell *cells, size_t n, const struct record_env *env, struct err *e);

/* `row`: id, and the row that it hangs on, set by the caller; cells by change_cells(). */
int change_add(struct changes *out, const struct change_scene *s, const struct row *row, struct err *e);
/* after: `before` with its cells changed. Nothing changed is ERR_INPUT. */
int change_row(struct changes *out, const struct change_scene *s, const struct row *before, const struct row *after, int64_t seen_rev, struct str reason,
               struct err *e);
int change_end(struct changes *out, const struct change_scene *s, const struct row *row, int64_t seen_rev, struct str reason, struct err *e);

/* Which of them would not be refused for who they are and the state the row is in. */
bool change_may(const struct change_scene *s, const struct row *row);
bool change_may_end(const struct change_scene *s, const struct row *row);

#endif
