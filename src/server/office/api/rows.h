/* rows.h - which rows of a register somebody asks for.
 *
 * Does      read a register's id and a list's filters from a request; the list, and the sheet of the list.
 * Layer     server/office/api.
 * Fails     ERR_ABSENT `record.register.absent`; ERR_INPUT `list.*`, `record.sort`.
 */
#ifndef OFFICE_API_ROWS_H
#define OFFICE_API_ROWS_H

#include "server/office/api/route.h"
#include "server/office/store/registers.h"

int rows_register(const struct register_info **out, struct str id, struct err *e);
int rows_filter(struct register_filter *f, struct request *rq, const struct register_info *reg, struct err *e);

#endif
