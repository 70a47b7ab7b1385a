/* recovery.h - the recovery code: 32 secret bytes as a person copies them from a sheet of paper.
 *
 * Does      print them as eight groups of eight letters and digits; read them back and say which group is mistyped.
 * Clause    DESIGN §7 (key backup apart from data backup; the offline root's printed sheet).
 * Source    docs/formats/sealed.md, Recovery code.
 * Layer     core; pure.
 * Trusts    nothing: blanks, hyphens and case do not matter; 0, 1 and 8, which the code never holds, are read as O, I and B.
 * Fails     ERR_INPUT `recovery.length` (how many there are), `recovery.group` (which one).
 *
 * A group is 4 bytes and a check byte in Base32: CRC-8 with the primitive polynomial x^8+x^4+x^3+x^2+1, begun with the number of the
 * group. A wrong character is a burst of at most 5 bits, two changed places are e·(x^5+1) with e of degree 4 at most: neither is
 * divisible by an irreducible polynomial of degree 8, so each such slip of the hand is found, always; so are groups that changed
 * places. What else goes wrong in a group passes once in 256, and then the file does not open.
 */
#ifndef CORE_TEXT_RECOVERY_H
#define CORE_TEXT_RECOVERY_H

#include "base/err.h"
#include "base/str.h"

enum { RECOVERY_BYTES = 32, RECOVERY_GROUPS = 8, RECOVERY_LETTERS = 8 };

void recovery_print(struct buf *out, const uint8_t secret[RECOVERY_BYTES]);     /* ABCDEFGH-… */
int  recovery_parse(uint8_t out[RECOVERY_BYTES], struct str typed, struct err *e);

#endif
