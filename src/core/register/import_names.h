/* import_names.h - what people write over their columns, and in them, instead of our words.
 *
 * Layer     core; pure. For import*.c and its test.
 *
 * Both tables hold words as fold_word() spells them, apart by blanks.
 */
#ifndef CORE_REGISTER_IMPORT_NAMES_H
#define CORE_REGISTER_IMPORT_NAMES_H

#include "core/register/import.h"

struct import_name { const char *reg, *column, *words; };             /* a column's other headers; column "posting" is IMPORT_AS_POSTING */
struct import_word { const char *reg, *column, *id, *words; };        /* other words for one of a WORD column */

extern const struct import_name import_names[];
extern const struct import_word import_words[];
extern const size_t import_names_count, import_words_count;

#endif
