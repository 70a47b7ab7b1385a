/* letter.h - what stands in a mail: one notice, or those of a day that could wait.
 *
 * Does      subject and body in the reader's language: what to do, the link to the page where it is done, who sent it.
 * Layer     core; pure.
 *
 * Nobody's name stands in it but what the notice itself says (docs/formats/courier.md).
 */
#ifndef CORE_NOTICE_LETTER_H
#define CORE_NOTICE_LETTER_H

#include "core/notice/item.h"

void letter_subject(struct buf *out, const struct notice_item *const *items, size_t n, const char *town, enum lang lang);
void letter_body(struct buf *out, const struct notice_item *const *items, size_t n, const char *town, enum lang lang);
/* Of the notices' contents and the receiver: the same letter to the same person has the same, whenever it is written. Letters, digits, '.'. */
void letter_id(struct buf *out, const struct notice_item *const *items, size_t n, const char *who);

#endif
