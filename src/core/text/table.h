/* table.h - the shape of the compiled catalogue.
 *
 * Does      one row a key; texts/compile.py writes the rows, sorted bytewise by key.
 * Layer     core; pure. Included by text.c and the generated table only.
 */
#ifndef CORE_TEXT_TABLE_H
#define CORE_TEXT_TABLE_H

#include "core/text/text.h"

struct text_row {
        const char *key;
        const char *text[LANG_COUNT];
};

extern const struct text_row text_table[];
extern const size_t          text_table_n;

#endif
