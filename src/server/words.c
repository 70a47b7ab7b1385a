/* words.c - see words.h. */
#include "server/words.h"

#include <stdio.h>

#include "core/text/text.h"

void words_print_mistake(void *ctx, const struct err *mistake)
{
        scoped(buf_done) struct buf line = BUF_INIT;

        text_err(&line, LANG_JA, mistake);
        buf_text(&line, "\n  ");
        text_err(&line, LANG_EN, mistake);
        (void)fprintf(stderr, "%s\n", buf_view(&line).p);
}
