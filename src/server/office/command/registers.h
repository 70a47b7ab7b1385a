/* registers.h - people keep the registers: a row added, changed, ended.
 *
 * Clause    8.2(2)⑦, 8.2(4): a service's manager changes by the secretariat's hand, with a reason, and whoever is named is told.
 * Layer     server/office/command.
 * Fails     ERR_ABSENT `record.absent`; core's refusals (core/register/change.h); the store's errors.
 */
#ifndef OFFICE_COMMAND_REGISTERS_H
#define OFFICE_COMMAND_REGISTERS_H

#include "core/register/change.h"
#include "server/office/command/records.h"
#include "server/office/writer.h"

/* id: of the row; add: of the row that it hangs on, empty when it stands alone. */
struct act_row {
        const char                 *person;
        const struct register_info *r;
        struct str                  id, reason;
        const struct change_cell   *cells;
        size_t                      n;
        int64_t                     rev;
        enum lang                   lang;
        struct receipt              receipt;
        char                        row[UUID_TEXT];      /* out */
        int64_t                     rev_after;           /* out */
};
act_fn act_add_row, act_change_row, act_end_row;

/* Whoever is named to look after a service is told; who was before knows from whoever took over. */
int registers_tell_named(struct act *act, const struct row *before, const struct row *after, struct err *e);

/* Who asks, and what they are to the row (or to the row that a new one hangs on), for core. ERR_ABSENT: no such row. */
int scene_of(struct change_scene *out, const struct row *row, struct db *db, const struct register_info *r, const struct actor *who, const struct record_env *env,
             utime_t now, struct err *e);

#endif
