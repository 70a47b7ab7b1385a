/* recovery.h - the recovery code of a data directory: made once, printed, and never kept.
 *
 * Does      make a code and leave its public key in DIR/signer/recovery; read that key; ask a person for the code; say whether a typed
 *           one is the right one (`sekishod recovery DIR check`), or make another (`… new`).
 * Clause    DESIGN §7 (printed recovery sheet; key backup apart from data backup).
 * Source    docs/formats/sealed.md.
 * Layer     server.
 * Trusts    DIR/signer as it trusts the keys there.
 * Fails     ERR_ABSENT `recovery.none` (made by an older version: `sekishod recovery DIR new`), ERR_INPUT `recovery.*`.
 */
#ifndef SERVER_RECOVERY_H
#define SERVER_RECOVERY_H

#include "wire/sealed.h"

/* The caller wipes `code`. An older public key is replaced: what was sealed to it still opens with its own code only. */
int recovery_make(uint8_t code[RECOVERY_BYTES], const char *data_dir, struct err *e);
void recovery_say(struct buf *out, const uint8_t code[RECOVERY_BYTES]);             /* "recovery\tABCDEFGH-…\n" */
int recovery_key(uint8_t out[RECOVERY_PUBLIC], const char *data_dir, struct err *e);

/* From standard input: one line. `what`: said on standard error when a person sits there. */
int recovery_ask(uint8_t code[RECOVERY_BYTES], struct err *e);

/* `sekishod issue-ca DIR`: asks for the code and prepares the next issuing CA (signer/root.h). */
int issue_ca_main(const char *data_dir, int argc, char *const *argv, struct err *e);
int recovery_main(const char *data_dir, int argc, char *const *argv, struct err *e);

#endif
