/* diff_words.c - pack_change_text(): each change as a sentence. See diff.h. */
#include "core/pack/diff.h"

/* "様式 network-connection「ネットワーク接続申請書」 › 欄 mac「MACアドレス」" */
static void path_text(struct buf *b, const struct change *c, enum lang lang)
{
        char key[ERR_KEY_MAX];

        for (size_t i = 0; i < c->depth; i++) {
                const struct change_step *s = &c->path[i];
                const char *name = s->name && s->name->key ? s->name->in[lang] : NULL;

                (void)snprintf(key, sizeof(key), "pack.kind.%s", s->word);
                if (i)
                        buf_text(b, " › ");
                text_format(b, lang, name ? "pack.diff.named" : "pack.diff.plain", (const char *const[]){ text_get(lang, key), s->id, name }, name ? 3 : 2);
        }
        if (!c->depth)
                buf_text(b, text_get(lang, "pack.kind.pack"));
}

static const char *const sentences[] = {
        [CHANGE_ADDED] = "pack.diff.added", [CHANGE_REMOVED] = "pack.diff.removed", [CHANGE_VALUE] = "pack.diff.value",
        [CHANGE_TEXT] = "pack.diff.value",  [CHANGE_ORDER] = "pack.diff.order",
};

void pack_change_text(struct buf *out, const struct change *c, enum lang lang)
{
        scoped(buf_done) struct buf path = BUF_INIT;
        const char *none = text_get(lang, "pack.diff.none");
        char key[ERR_ARG_MAX];

        path_text(&path, c, lang);
        (void)snprintf(key, sizeof(key), c->kind == CHANGE_TEXT ? "%s (%s)" : "%s", c->key, c->lang == LANG_JA ? "ja" : "en");
        text_format(out, lang, sentences[c->kind],
                    (const char *const[]){ buf_view(&path).p, key, c->before && *c->before ? c->before : none, c->after && *c->after ? c->after : none }, 4);
}
