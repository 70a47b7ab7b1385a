/* recovery.c - see recovery.h. */
#include "core/text/recovery.h"

#include "base/codec.h"

enum { BYTES = RECOVERY_BYTES / RECOVERY_GROUPS, POLYNOMIAL = 0x1d, ALL = RECOVERY_GROUPS * RECOVERY_LETTERS };

/* `number` counts from 1, so that a group of zeros has a check byte that is not zero. */
static uint8_t check_of(const uint8_t *p, size_t number)
{
        unsigned c = (unsigned)number;

        for (size_t i = 0; i < BYTES; i++) {
                c ^= p[i];
                for (unsigned bit = 0; bit < 8; bit++)
                        c = c & 0x80 ? ((c << 1) ^ POLYNOMIAL) & 0xff : c << 1;
        }
        return (uint8_t)c;
}

void recovery_print(struct buf *out, const uint8_t secret[RECOVERY_BYTES])
{
        for (size_t i = 0; i < RECOVERY_GROUPS; i++) {
                uint8_t group[BYTES + 1];

                memcpy(group, secret + i * BYTES, BYTES);
                group[BYTES] = check_of(group, i + 1);
                if (i)
                        buf_char(out, '-');
                base32_encode(out, group, sizeof(group));
        }
}

static bool is_between(char c)
{
        return c == '-' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static char letter_of(char c)
{
        return c == '0' ? 'O' : c == '1' ? 'I' : c == '8' ? 'B' : c;
}

static int mistyped(struct err *e, size_t group)
{
        char number[8];

        (void)snprintf(number, sizeof(number), "%zu", group + 1);
        return err_key(e, ERR_INPUT, "recovery.group", "code", number, NULL);
}

/* The typed letters without what stands between them. Typed in groups, a group that is too long or too short can be named. */
static int gather(char to[ALL], struct str typed, struct err *e)
{
        size_t n = 0, groups = 0, in_group = 0, odd = RECOVERY_GROUPS;
        char count[24];

        for (size_t i = 0; i <= typed.n; i++) {
                if (i < typed.n && !is_between(typed.p[i])) {
                        if (n < ALL)
                                to[n] = letter_of(typed.p[i]);
                        n++;
                        in_group++;
                        continue;
                }
                if (in_group && in_group != RECOVERY_LETTERS && odd == RECOVERY_GROUPS)
                        odd = groups;
                groups += in_group != 0;
                in_group = 0;
        }
        if (n == ALL)
                return ERR_OK;
        if (groups == RECOVERY_GROUPS && odd < RECOVERY_GROUPS)
                return mistyped(e, odd);
        (void)snprintf(count, sizeof(count), "%zu", n);
        return err_key(e, ERR_INPUT, "recovery.length", "code", count, NULL);
}

int recovery_parse(uint8_t out[RECOVERY_BYTES], struct str typed, struct err *e)
{
        uint8_t secret[RECOVERY_BYTES];
        char letters[ALL];
        int r = gather(letters, typed, e);

        for (size_t i = 0; r == ERR_OK && i < RECOVERY_GROUPS; i++) {
                uint8_t group[BYTES + 1];
                size_t n = 0;

                if (!base32_decode((struct str){ letters + i * RECOVERY_LETTERS, RECOVERY_LETTERS }, group, sizeof(group), &n) || n != sizeof(group) ||
                    group[BYTES] != check_of(group, i + 1))
                        return mistyped(e, i);
                memcpy(secret + i * BYTES, group, BYTES);
        }
        if (r == ERR_OK)
                memcpy(out, secret, sizeof(secret));
        explicit_bzero(secret, sizeof(secret));
        return r;
}
