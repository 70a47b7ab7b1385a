/* root.h - the offline root of the CA: it signs issuing CAs, and its key lies sealed under the printed recovery code.
 *
 * Does      make the root once, at init, and the first issuing CA under it; with the code, later issuing CAs.
 * Clause    DESIGN §7 (CA root offline, issuing CA two years); docs/decisions/0009-keys.md.
 * Source    docs/formats/signer.md, Certificates, Root.
 * Layer     server/signer. In the process of `sekishod init` or `issue-ca`, never of the running signer.
 * Trusts    DIR/signer as the signer does; of root.sealed nothing: it is authenticated by the code.
 * Fails     ERR_ABSENT `ca.root.none` (an installation from before the root); ERR_CONFLICT `ca.signer.runs`; ERR_FORBIDDEN another code;
 *           ERR_TAMPERED; ERR_IO.
 */
#ifndef SERVER_SIGNER_ROOT_H
#define SERVER_SIGNER_ROOT_H

#include "base/utime.h"
#include "wire/sealed.h"

/* Takes the place of the CA that signer_init() made and nobody has seen yet: before signer_issue_server(). */
int root_make(const char *data_dir, const uint8_t recovery[RECOVERY_PUBLIC], utime_t now, struct err *e);

/* Prepares the next issuing CA in the key file; a rotation (two persons) makes it the current one. One that was prepared before is replaced. */
int root_issue(const char *data_dir, const uint8_t code[RECOVERY_BYTES], utime_t now, struct err *e);

#endif
