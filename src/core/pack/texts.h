/* texts.h - the words of a pack: texts/ja.yaml and texts/en.yaml against each other and against the records.
 *
 * Does      check that both languages hold the same keys; hand out a text by key; name the keys that nothing asked for.
 * Layer     core; inside pack/.
 * Owns      nothing; trees and texts live in the pack's arena.
 */
#ifndef CORE_PACK_TEXTS_H
#define CORE_PACK_TEXTS_H

#include "core/pack/tree.h"

extern const char *const texts_files[LANG_COUNT];

struct texts { struct node *in[LANG_COUNT]; };      /* all or none are there */

void texts_compare(const struct texts *t, struct mistakes *m);
bool texts_find(struct pack_text *out, const struct texts *t, const char *key);   /* false: in no language */
void texts_report_unused(const struct texts *t, struct mistakes *m);

#endif
