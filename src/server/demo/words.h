/* words.h - what invented people are called.
 *
 * Layer     server.
 */
#ifndef SERVER_DEMO_WORDS_H
#define SERVER_DEMO_WORDS_H

#include "base/defs.h"

struct demo_name { const char *name, *kana; };

extern const struct demo_name demo_surnames[], demo_given[];
extern const size_t           demo_surnames_count, demo_given_count;

#endif
