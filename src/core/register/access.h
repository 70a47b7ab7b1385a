/* access.h - who may look at rows of the registers, and who may write them.
 *
 * Does      answer for one person and one register; whether they look after the service that a row hangs on, the caller says.
 * Clause    8.2(4) (the service manager looks after what is kept of the service), 8.2(2)⑦.
 * Layer     core; pure.
 */
#ifndef CORE_REGISTER_ACCESS_H
#define CORE_REGISTER_ACCESS_H

#include "core/pack/pack.h"
#include "core/register/permit.h"
#include "core/register/registers.h"

/* Whoever keeps an eye on all services: the secretariat, system managers, the CISO, auditors, and who decides for the whole body. */
bool access_inside(const struct pack *pack, const struct actor *who);

/* Manager or deputy of the service. */
bool access_manages(const struct row *service, const struct actor *who);

/* manages: the service that the row hangs on. */
bool access_sees(const struct register_info *r, const struct pack *pack, const struct actor *who, bool manages);
bool access_writes(const struct register_info *r, const struct actor *who, bool manages);
/* Of a row that may be seen. */
bool access_column(const struct register_info *r, const struct register_column *c, const struct actor *who, bool manages);

#endif
