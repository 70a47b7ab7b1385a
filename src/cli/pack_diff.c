/* pack_diff.c - `sekisho pack diff`: each change as a sentence. */
#include <stdio.h>

#include "cli/pack.h"
#include "cli/say.h"
#include "core/pack/diff.h"

struct printer { enum lang lang; unsigned changes; };

static void print_change(void *ctx, const struct change *c)
{
        scoped(buf_done) struct buf line = BUF_INIT;
        struct printer *p = ctx;

        p->changes++;
        pack_change_text(&line, c, p->lang);
        (void)printf("%s\n", buf_view(&line).p);
}

int pack_diff_print(const struct pack *before, const struct pack *after, enum lang lang)
{
        struct printer p = { lang, 0 };

        pack_diff(before, after, print_change, &p);
        if (after->layers_count > 1)
                pack_layers_print(after, lang);
        if (p.changes)
                return PACK_FOUND;
        say(stdout, lang, hash_eq(&before->hash, &after->hash) ? "pack.diff.same" : "pack.diff.same-words", NULL);
        return PACK_GOOD;
}
