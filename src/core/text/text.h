/* text.h - the words on every screen, from one source: texts/ja.yaml and texts/en.yaml, compiled in.
 *
 * Does      look a key up; fill {0}..{3} in. Both languages hold the same keys and places (the build checks).
 * Layer     core; pure.
 * Owns      returned texts are static.
 * Fails     an unknown key gives the key itself, so that a screen never shows nothing.
 */
#ifndef CORE_TEXT_TEXT_H
#define CORE_TEXT_TEXT_H

#include "base/err.h"
#include "base/str.h"

enum lang { LANG_JA, LANG_EN, LANG_COUNT };

enum lang   lang_of(struct str tag);                       /* "en", "en-US" ... ; anything else is Japanese */
bool        text_known(const char *key);
const char *text_get(enum lang lang, const char *key);
void        text_format(struct buf *out, enum lang lang, const char *key, const char *const *args, size_t n);
void        text_err(struct buf *out, enum lang lang, const struct err *e);  /* a person's line for an err; its log words if it has no key */

#endif
