/* export_log.h - sekishod export-log DIR OUT: the whole log as files that need no office (docs/formats/log.md).
 *
 * Does      write the log of data directory DIR into folder OUT, or add what is new since; the office may be running.
 *           Prints `log`, `size`, `new`, `fingerprint`, one a line with a tab; progress on standard error.
 * Layer     server.
 * Fails     as office/evidence/log_out.h.
 */
#ifndef SERVER_EXPORT_LOG_H
#define SERVER_EXPORT_LOG_H

#include "base/err.h"

int export_log_main(const char *data_dir, int argc, char *const *argv, struct err *e);

#endif
