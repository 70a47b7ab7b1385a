/* uuid.h - object ids: UUIDv7 (RFC 9562 §5.7), 16 bytes on the wire, canonical text in JSON.
 *
 * Does      make one from a time and ten random bytes that are passed in; parse and format.
 * Layer     base.
 * Units     milliseconds of UTC stand in the first 48 bits, so ids sort by birth.
 */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include "base/utime.h"

struct uuid { uint8_t b[16]; };

enum { UUID_TEXT = 37, UUID_RANDOM = 10 };

struct uuid uuid_make(utime_t now, const uint8_t fresh[UUID_RANDOM]);
void        uuid_text(char to[UUID_TEXT], struct uuid id);
bool        uuid_parse(struct str s, struct uuid *out);          /* canonical lower case only */
bool        uuid_is_zero(struct uuid id);
bool        uuid_eq(struct uuid a, struct uuid b);

#endif
