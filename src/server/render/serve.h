/* serve.h - sekishod's side of render: it starts the program and knows nothing of what it does.
 *
 * Does      `sekishod render KIND`: become that program; `sekishod render-serve DIR`: listen on DIR/run/render.sock, or
 *           take that socket from systemd, and start it for each connection.
 * Clause    docs/decisions/0005-render.md.
 * Layer     server/render; base and sys only: none of the libraries that render needs is loaded here.
 * Fails     ERR_IO when the program is not beside ours.
 */
#ifndef SERVER_RENDER_SERVE_H
#define SERVER_RENDER_SERVE_H

#include "base/err.h"

enum { RENDER_JOBS_MAX = 2 };

int render_run_main(const char *kind, struct err *e);            /* does not return when all is well */
int render_serve_main(const char *data_dir, struct err *e);      /* until SIGTERM */

#endif
