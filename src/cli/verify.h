/* verify.h - `sekisho verify`: does this exported evidence hold, for somebody who does not trust the office?
 *
 * Does      verify one entry's proof, that a newer checkpoint continues an older one, or a whole log (verify_log.h); say the answer in Japanese or English.
 * Source    docs/formats/journal.md. Needs no network, no database and no office.
 * Layer     cli.
 * Fails     never: the answer is the exit code, see enum verdict.
 */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

enum verdict { VERDICT_VERIFIED = 0, VERDICT_TAMPERED = 1, VERDICT_INCOMPLETE = 2, VERDICT_USAGE = 3 };

int verify_main(int argc, char **argv);         /* arguments behind the word `verify` */

#endif
