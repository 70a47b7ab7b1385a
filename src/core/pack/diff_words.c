/* diff_words.c - pack_change_text(): each change as a sentence. See diff.h. */
#include "core/pack/diff.h"
#include "core/pack/draft.h"
#include "core/period/period.h"

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

/* As people say it: a period in words, yes and no, a record by its name. What has no other words is told as it is spelt. */
static void value_words(struct buf *b, const struct change *c, const char *value, const struct pack_text *name, enum lang lang)
{
        enum schema_type type = c->of ? c->of->type : SCHEMA_ID;
        struct period period;
        char key[ERR_ARG_MAX + ERR_KEY_MAX];

        if (!value || !*value) {
                buf_text(b, text_get(lang, "pack.diff.none"));
        } else if (type == SCHEMA_PERIOD && period_parse(&period, str_of(value), ~0u, NULL) == 0) {
                (void)snprintf(key, sizeof(key), "pack.day.%s", period.name);
                period_print(b, &period, *period.name && text_known(key) ? text_get(lang, key) : NULL, lang);
        } else if (type == SCHEMA_BOOL) {
                buf_text(b, *value == 't' ? text_get(lang, "pack.diff.yes") : text_get(lang, "pack.diff.no"));
        } else if (name && name->key) {
                buf_text(b, name->in[lang]);
        } else {
                (void)snprintf(key, sizeof(key), "pack.option.%s.%s", c->key, value);
                for (char *p = key; *p; p++)
                        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 'a' - 'A' : *p);
                buf_text(b, type == SCHEMA_ENUM && text_known(key) ? text_get(lang, key) : value);
        }
}

static const char *const sentences[] = {
        [CHANGE_ADDED] = "pack.diff.added", [CHANGE_REMOVED] = "pack.diff.removed", [CHANGE_VALUE] = "pack.diff.value",
        [CHANGE_TEXT] = "pack.diff.value",  [CHANGE_ORDER] = "pack.diff.order",
};

void pack_change_text(struct buf *out, const struct change *c, enum lang lang)
{
        scoped(buf_done) struct buf path = BUF_INIT, key = BUF_INIT, before = BUF_INIT, after = BUF_INIT;
        const char *word = draft_key_text(c->key, lang);

        path_text(&path, c, lang);
        if (*c->key && strcmp(word, c->key) == 0)
                buf_text(&key, word);
        else if (*c->key)
                buf_printf(&key, lang == LANG_JA ? "%s（%s）" : "%s (%s)", word, c->key);
        if (c->kind == CHANGE_TEXT && c->lang == LANG_EN)
                buf_text(&key, text_get(lang, "pack.diff.english"));
        value_words(&before, c, c->before, c->before_name, lang);
        value_words(&after, c, c->after, c->after_name, lang);
        text_format(out, lang, sentences[c->kind], (const char *const[]){ buf_view(&path).p, buf_view(&key).p, buf_view(&before).p, buf_view(&after).p }, 4);
}
