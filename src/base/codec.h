/* codec.h - bytes as text and back: hexadecimal, Base64 (RFC 4648 §4), Base32 (RFC 4648 §6, no padding), PEM (RFC 7468).
 *
 * Does      encode into a buf; decode strictly: one spelling for each value, anything else is refused.
 * Layer     base.
 */
#ifndef BASE_CODEC_H
#define BASE_CODEC_H

#include "base/str.h"

void hex_encode(struct buf *b, const void *p, size_t n);               /* lower case */
void hex_text(char *to, const void *p, size_t n);                      /* 2 n characters and a NUL */
bool hex_decode(struct str s, void *to, size_t n);                     /* exactly n bytes, lower case only */
void base64_encode(struct buf *b, const void *p, size_t n);
bool base64_decode(struct str s, void *to, size_t room, size_t *n);    /* padded, unused bits zero */
/* The bytes of the first block "-----BEGIN label-----"; lines of any length, nothing but Base64 between the two marks. */
bool pem_decode(struct str s, const char *label, void *to, size_t room, size_t *n);
void base32_encode(struct buf *b, const void *p, size_t n);            /* A-Z2-7 */
bool base32_decode(struct str s, void *to, size_t room, size_t *n);    /* upper or lower case, unused bits zero */

#endif
