/* chars.h - one character at a time, and the ones that deceive the eye.
 *
 * Does      decode UTF-8; name the classes that a pack or an answer must not hold, and the full-width twins of ASCII.
 * Layer     core; pure.
 * Trusts    nothing: bytes that are not UTF-8 come out as CHAR_BROKEN, one byte at a time.
 */
#ifndef CORE_PACK_CHARS_H
#define CORE_PACK_CHARS_H

#include "base/str.h"

enum { CHAR_BROKEN = 0x7fffffff };

/* Takes the first character off `s`; `s` must not be empty. */
uint32_t char_next(struct str *s);

/* Control characters, line and paragraph separators, bidirectional overrides, zero-width and filler characters. LF counts.
 * Not: variation selectors (they tell 邉 from 邉󠄀) and private use (外字; shown as 〓, never refused). */
bool char_is_hidden(uint32_t c);

bool char_is_wide_space(uint32_t c);     /* U+3000, no-break and other blanks that are not U+0020 */
bool char_is_wide_quote(uint32_t c);     /* “ ” „ ‟ ＂ 〝 〞 〟 */
bool char_is_wide_hyphen(uint32_t c);    /* － ー − – — ‐ ‑ ― ｰ */
bool char_is_wide_digit(uint32_t c);     /* ０ … ９ */
bool char_is_wide_ascii(uint32_t c);     /* ！ … ～: any of ASCII's twins */

size_t chars_count(struct str s);
struct str chars_trim(struct str s);     /* blanks of ASCII and ideographic spaces at both ends */

#endif
