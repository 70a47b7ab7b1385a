/* texts.c - see texts.h. */
#include "core/pack/texts.h"

const char *const texts_files[LANG_COUNT] = { [LANG_JA] = "texts/ja.yaml", [LANG_EN] = "texts/en.yaml" };

static bool is_format(const struct node *n)
{
        return strcmp(n->key, "sekisho-pack") == 0;
}

/* A difference is reported where the key stands; the text says in which file it is missing. */
void texts_compare(const struct texts *t, struct mistakes *m)
{
        for (int lang = 0; lang < LANG_COUNT; lang++)
                for (struct node *n = t->in[lang]->first; n; n = n->next) {
                        struct place at = { n->file, n->line };

                        if (is_format(n))
                                continue;
                        if (n->kind != NODE_TEXT)
                                mistake(m, "pack.text.plain", at, n->key, "");
                        else if (!*n->text)
                                mistake(m, "pack.text.empty", at, n->key, "");
                        for (int other = 0; other < LANG_COUNT; other++)
                                if (!tree_find(t->in[other], n->key))
                                        mistake(m, "pack.text.other-language", at, n->key, texts_files[other]);
                }
}

bool texts_find(struct pack_text *out, const struct texts *t, const char *key)
{
        struct pack_text found = { .key = NULL };

        for (int lang = 0; lang < LANG_COUNT; lang++) {
                struct node *n = tree_find(t->in[lang], key);

                if (!n || is_format(n))
                        continue;
                n->used = true;
                found.key = n->key;
                found.in[lang] = n->text;
        }
        if (!found.key)
                return false;
        *out = found;
        return true;
}

void texts_report_unused(const struct texts *t, struct mistakes *m)
{
        for (int lang = 0; lang < LANG_COUNT; lang++)
                for (struct node *n = t->in[lang]->first; n; n = n->next)
                        if (!n->used && !n->inherited && !is_format(n))
                                mistake(m, "pack.text.unused", (struct place){ n->file, n->line }, n->key, "");
}
