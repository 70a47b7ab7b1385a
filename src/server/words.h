/* words.h - what the commands of sekishod say at a terminal: in Japanese and in English.
 *
 * Does      print one mistake of a pack to standard error.
 * Layer     server.
 */
#ifndef SERVER_WORDS_H
#define SERVER_WORDS_H

#include "base/err.h"

void words_print_mistake(void *ctx, const struct err *mistake);      /* a pack_report_fn; ctx is not used */

#endif
