/* witness_look.h - a witness without a network: a log directory on a disc or a stick.
 *
 * Does      read the checkpoint and the tiles of DIR, prove that it goes on from what the witness knows, sign, write the cosigned checkpoint.
 *           A new epoch of a log that is known must hold what was seen of the old one, or own up to the gap.
 * Source    docs/formats/log.md, docs/formats/witness.md.
 * Layer     cli.
 * Returns   enum verdict; words are said.
 */
#ifndef CLI_WITNESS_LOOK_H
#define CLI_WITNESS_LOOK_H

#include "cli/witness_state.h"
#include "core/text/text.h"

/* out: file for the cosigned checkpoint; NULL: DIR/witnesses/<key id>/checkpoint. */
int witness_look(const struct witness *w, const char *log_dir, const char *out, enum lang lang);

#endif
