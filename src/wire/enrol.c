/* enrol.c - see enrol.h. */
#include "wire/enrol.h"

#include "base/codec.h"
#include "base/cursor.h"

enum { GROUP = 5, RAW_MAX = 1 + 1 + ENROL_HOST_MAX + 2 + ENROL_SECRET + HASH_SIZE + 2 };

void enrol_ticket_encode(struct buf *out, const struct enrol_ticket *t)
{
        scoped(buf_done) struct buf raw = BUF_INIT, text = BUF_INIT;
        struct hash check;

        put_u8(&raw, ENROL_VERSION);
        put_u8(&raw, (uint8_t)strlen(t->host));
        buf_text(&raw, t->host);
        put_u16(&raw, t->port);
        put_run(&raw, t->secret, ENROL_SECRET);
        put_run(&raw, t->pin.b, HASH_SIZE);
        check = hash_bytes(buf_view(&raw));
        put_run(&raw, check.b, 2);
        base32_encode(&text, raw.p, raw.n);
        if (buf_bad(&raw) || buf_bad(&text))
                out->bad = true;
        for (size_t i = 0; i < text.n; i++) {
                if (i && i % GROUP == 0)
                        buf_char(out, '-');
                buf_char(out, text.p[i]);
        }
}

int enrol_ticket_decode(struct enrol_ticket *out, struct str code, struct err *e)
{
        uint8_t raw[RAW_MAX], check[2];
        char letters[ENROL_CODE_MAX];
        size_t n = 0, size = 0;
        struct enrol_ticket t = { 0 };
        struct cursor c;
        struct hash want;
        uint8_t version, host;

        for (size_t i = 0; i < code.n; i++) {
                if (code.p[i] == '-' || code.p[i] == ' ' || code.p[i] == '\n')
                        continue;
                if (n == sizeof(letters))
                        return err_key(e, ERR_INPUT, "gate.code.mistyped", "", NULL);
                letters[n++] = code.p[i];
        }
        if (!base32_decode((struct str){ letters, n }, raw, sizeof(raw), &size) || size < 4)
                return err_key(e, ERR_INPUT, "gate.code.mistyped", "", NULL);
        want = hash_bytes((struct str){ (const char *)raw, size - 2 });
        c = cursor_of(raw, size);
        version = get_u8(&c);
        host = get_u8(&c);
        if (memcmp(want.b, raw + size - 2, 2) != 0)
                return err_key(e, ERR_INPUT, "gate.code.mistyped", "", NULL);
        if (version != ENROL_VERSION)
                return err_key(e, ERR_VERSION, "gate.code.version", "", NULL);
        if (host > ENROL_HOST_MAX || !get_copy(&c, t.host, host))
                return err_key(e, ERR_INPUT, "gate.code.mistyped", "", NULL);
        t.port = get_u16(&c);
        (void)get_copy(&c, t.secret, ENROL_SECRET);
        (void)get_copy(&c, t.pin.b, HASH_SIZE);
        (void)get_copy(&c, check, 2);
        if (c.bad || c.left || !host || !t.port || memchr(t.host, 0, host))
                return err_key(e, ERR_INPUT, "gate.code.mistyped", "", NULL);
        *out = t;
        return ERR_OK;
}
