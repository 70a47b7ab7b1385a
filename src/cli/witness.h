/* witness.h - `sekisho witness`: another municipality, or the auditor's own machine, remembers what our log looked like.
 *
 * Does      init, trust, cosign (over a log directory), serve (add-checkpoint over SCGI, behind nginx), status.
 * Source    docs/formats/witness.md; c2sp.org/tlog-witness, c2sp.org/tlog-cosignature.
 * Layer     cli. Needs no database and no office.
 * Fails     never: the answer is the exit code of enum verdict; 1: what was shown contradicts what was seen before.
 */
#ifndef CLI_WITNESS_H
#define CLI_WITNESS_H

int witness_main(int argc, char **argv);        /* arguments behind the word `witness` */

#endif
