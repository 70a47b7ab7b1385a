/* fold.h - what people type so differently and mean the same.
 *
 * Does      bring a word into one spelling for comparing (never for keeping): width, case, blanks, half-width katakana; tidy a cell as it
 *           was pasted; put 〓 where a character cannot be read.
 * Layer     core; pure.
 * Trusts    nothing; what is no UTF-8 comes out as 〓.
 */
#ifndef CORE_TEXT_FOLD_H
#define CORE_TEXT_FOLD_H

#include "base/str.h"

#define FOLD_UNREAD "\xe3\x80\x93"      /* 〓: here stood a character that nobody but its maker can read (外字) */

/* ＡＢＣ　ｻｰﾋﾞｽ名 -> abcサービス名: no blanks at all, no marks at either end that forms put there (※ * ● ■ ◎ ○ 【 】). */
void fold_word(struct buf *out, struct str s);

/* A cell of the clipboard: no-break and other odd blanks become blanks, CR LF becomes LF, invisible characters go, both ends are trimmed. */
void fold_cell(struct buf *out, struct str s);

/* Private use and replacement characters become 〓. */
void fold_unread(struct buf *out, struct str s);
bool fold_has_unread(struct str s);

/* Large and small letters of ASCII, and its full-width twins, are the same; all else is as it stands. */
bool fold_same(struct str a, struct str b);

/* はい, yes, 1, 有, あり, ○ ... and their opposites. False: neither. */
bool fold_yes_no(bool *out, struct str s);

#endif
