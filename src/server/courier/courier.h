/* courier.h - the role that talks out, so that nothing that holds the database does.
 *
 * Does      one thread a sink (sink.h): a log in DIR/log/notices.log, mail, syslog over TLS, webhook, as DIR/courier/settings.yaml says;
 *           tells the office which sinks there are and how they are.
 * Layer     server/courier; speaks SCGI to the office (docs/formats/courier.md), sees no database.
 * Trusts    the office's socket. Receivers by certificate; their words are shown, never obeyed.
 * Fails     a sink that fails delays nobody: its notices stay open in the office. Bad settings: it does not start, and says where.
 *
 * In practice (練習) only the log is written; nothing leaves the house.
 */
#ifndef SERVER_COURIER_COURIER_H
#define SERVER_COURIER_COURIER_H

#include "base/err.h"

int courier_main(const char *data_dir, struct err *e);     /* until SIGTERM */

/* sekishod courier-test DIR SINK [ADDRESS]: sends one notice by that sink, now, and says what came of it, in Japanese and English. */
int courier_test_main(const char *data_dir, int argc, char *const *argv, struct err *e);

#endif
