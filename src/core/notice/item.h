/* item.h - one notice as the office hands it to the courier, and its words.
 *
 * Does      read it from JSON; say its line and what to do, in a reader's language.
 * Layer     core; pure.
 * Owns      everything lives in the arena given.
 * Trusts    nothing of the JSON: what is missing or of another kind is refused.
 * Fails     ERR_INPUT, ERR_NOMEM.
 */
#ifndef CORE_NOTICE_ITEM_H
#define CORE_NOTICE_ITEM_H

#include <jansson.h>

#include "base/arena.h"
#include "base/utime.h"
#include "core/text/text.h"

enum { NOTICE_TEXTS_MAX = 4, NOTICE_TAG = 16, NOTICE_WHO_MAX = 64 };

struct notice_receiver { const char *who, *mail; enum lang lang; };     /* mail "": none is known */

struct notice_item {
        int64_t                 id;
        char                    tag[NOTICE_TAG + 1];    /* of its content: after a restore an id may come again with another */
        utime_t                 at;
        bool                    urgent, daily;
        const char             *key, *ref, *link;       /* link: a whole address */
        const char             *args[NOTICE_TEXTS_MAX][LANG_COUNT];
        size_t                  args_count;
        struct notice_receiver *to;                     /* only sinks that write to people are given any */
        size_t                  to_count;
};

int  notice_item_read(struct notice_item *out, const json_t *o, struct arena *a, struct err *e);
void notice_subject(struct buf *out, const struct notice_item *n, enum lang lang);
void notice_body(struct buf *out, const struct notice_item *n, enum lang lang);

#endif
