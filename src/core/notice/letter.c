/* letter.c - see letter.h. */
#include "core/notice/letter.h"

#include "base/codec.h"
#include "core/journal/hash.h"

enum { ID_BYTES = 12, NUMBER_ROOM = 24 };

void letter_subject(struct buf *out, const struct notice_item *const *items, size_t n, const char *town, enum lang lang)
{
        scoped(buf_done) struct buf line = BUF_INIT;
        char number[NUMBER_ROOM];
        const char *many[] = { number }, *args[] = { town, NULL };

        (void)snprintf(number, sizeof(number), "%zu", n);
        if (n == 1)
                notice_subject(&line, items[0], lang);
        else
                text_format(&line, lang, "letter.digest.subject", many, countof(many));
        args[1] = buf_view(&line).p;
        text_format(out, lang, "letter.subject", args, countof(args));
        out->bad |= line.bad;
}

void letter_body(struct buf *out, const struct notice_item *const *items, size_t n, const char *town, enum lang lang)
{
        const char *args[] = { town };

        if (n > 1) {
                buf_text(out, text_get(lang, "letter.digest.body"));
                buf_text(out, "\n\n");
        }
        for (size_t i = 0; i < n; i++) {
                if (n > 1) {
                        buf_printf(out, "%zu. ", i + 1);
                        notice_subject(out, items[i], lang);
                } else {
                        notice_body(out, items[i], lang);
                }
                buf_printf(out, "\n%s%s\n\n", n > 1 ? "   " : "\n", items[i]->link);
        }
        buf_text(out, "-- \n");
        text_format(out, lang, "letter.foot", args, countof(args));
        buf_char(out, '\n');
}

void letter_id(struct buf *out, const struct notice_item *const *items, size_t n, const char *who)
{
        scoped(buf_done) struct buf all = BUF_INIT;
        struct hash h;

        for (size_t i = 0; i < n; i++)
                buf_printf(&all, "%lld.%s ", (long long)items[i]->id, items[i]->tag);
        buf_text(&all, who);
        h = hash_bytes(buf_view(&all));
        buf_printf(out, "%lld.", (long long)items[0]->id);
        hex_encode(out, h.b, ID_BYTES);
        out->bad |= all.bad;
}
