/* uuid.c - see uuid.h. */
#include "base/uuid.h"

#include "base/codec.h"

static const uint8_t group_ends[] = { 8, 12, 16, 20 }; /* hexadecimal digits before each hyphen */

struct uuid uuid_make(utime_t now, const uint8_t fresh[UUID_RANDOM])
{
        struct uuid id;
        uint64_t ms = (uint64_t)(now / UTIME_MS);

        for (int i = 0; i < 6; i++)
                id.b[i] = (uint8_t)(ms >> (40 - 8 * i));
        memcpy(id.b + 6, fresh, UUID_RANDOM);
        id.b[6] = (uint8_t)(0x70 | (id.b[6] & 0x0f));
        id.b[8] = (uint8_t)(0x80 | (id.b[8] & 0x3f));
        return id;
}

void uuid_text(char to[UUID_TEXT], struct uuid id)
{
        char hex[33];
        size_t out = 0;

        hex_text(hex, id.b, sizeof(id.b));
        for (size_t i = 0; i < 32; i++) {
                if (memchr(group_ends, (int)i, sizeof(group_ends)))
                        to[out++] = '-';
                to[out++] = hex[i];
        }
        to[out] = 0;
}

bool uuid_parse(struct str s, struct uuid *out)
{
        char hex[32];
        size_t n = 0;
        struct uuid id;

        if (s.n != UUID_TEXT - 1)
                return false;
        for (size_t i = 0; i < s.n; i++) {
                bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;

                if (hyphen != (s.p[i] == '-'))
                        return false;
                if (!hyphen)
                        hex[n++] = s.p[i];
        }
        if (!hex_decode((struct str){ hex, 32 }, id.b, sizeof(id.b)))
                return false;
        *out = id;
        return true;
}

bool uuid_is_zero(struct uuid id)
{
        static const struct uuid zero;

        return memcmp(&id, &zero, sizeof(id)) == 0;
}

bool uuid_eq(struct uuid a, struct uuid b)
{
        return memcmp(a.b, b.b, sizeof(a.b)) == 0;
}
