/* record_type.h - what reading and showing share; for src/core/register/record*.c only.
 *
 * Layer     core; pure.
 */
#ifndef CORE_REGISTER_RECORD_TYPE_H
#define CORE_REGISTER_RECORD_TYPE_H

#include "core/register/record.h"

enum { RECORD_KEY_MAX = 160 };

const struct pack_list *record_list(const struct pack *p, const char *id);      /* NULL: the pack has none such */
void record_word_key(char to[RECORD_KEY_MAX], const struct row *row, const struct register_column *c, struct str word);

#endif
