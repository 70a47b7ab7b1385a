/* courier.h - the role that talks out, so that nothing that holds the database does.
 *
 * Does      fetches notices from the office's courier socket, delivers each, reports it delivered; tries again for ever.
 *           In this part one sink: RFC 5424 lines appended durably to DIR/log/notices.log. Mail, TLS syslog and webhook are
 *           further rows of its table.
 * Layer     server/courier; speaks SCGI to the office, sees no database.
 * Fails     a sink that fails delays nobody: the row stays open in the office and is fetched again.
 */
#ifndef SERVER_COURIER_COURIER_H
#define SERVER_COURIER_COURIER_H

#include "base/err.h"

int courier_main(const char *data_dir, struct err *e);     /* until SIGTERM */

#endif
