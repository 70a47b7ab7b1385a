/* say.h - lines for a person at a terminal, in the language asked for.
 *
 * Does      one line of the catalogue, places filled in, to standard output or standard error.
 * Layer     cli.
 */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <stdio.h>

#include "core/text/text.h"

/* `key`, then up to 4 strings, then NULL. */
void say(FILE *to, enum lang lang, const char *key, ...) __attribute__((sentinel));

/* "12345" for a place in a text; the array lives as long as the block it stands in. */
#define decimal(v) (decimal_text((char[24]){ 0 }, (v)))
const char *decimal_text(char to[24], uint64_t v);

#endif
