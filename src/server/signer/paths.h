/* paths.h - names of files below the data directory.
 *
 * Does      join directory and name.
 * Layer     server/signer.
 * Fails     ERR_TOO_BIG.
 */
#ifndef SERVER_SIGNER_PATHS_H
#define SERVER_SIGNER_PATHS_H

#include "base/err.h"

struct path { char p[4096]; };

static inline int path_in(struct path *out, const char *dir, const char *name, struct err *e)
{
        int n = snprintf(out->p, sizeof(out->p), "%s/%s", dir, name);

        return n < 0 || (size_t)n >= sizeof(out->p) ? err_set(e, ERR_TOO_BIG, "path too long") : ERR_OK;
}

#endif
