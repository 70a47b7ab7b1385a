/* text.c - see text.h. The table comes from texts/compile.py. */
#include "core/text/text.h"

#include "core/text/table.h"

static int row_cmp(const void *key, const void *row)
{
        return strcmp(key, ((const struct text_row *)row)->key);
}

static const struct text_row *row_find(const char *key)
{
        return bsearch(key, text_table, text_table_n, sizeof(text_table[0]), row_cmp);
}

enum lang lang_of(struct str tag)
{
        bool english = tag.n >= 2 && (tag.p[0] | 0x20) == 'e' && (tag.p[1] | 0x20) == 'n';

        return english && (tag.n == 2 || tag.p[2] == '-' || tag.p[2] == '_') ? LANG_EN : LANG_JA;
}

bool text_known(const char *key)
{
        return row_find(key) != NULL;
}

const char *text_get(enum lang lang, const char *key)
{
        const struct text_row *row = row_find(key);

        return row ? row->text[lang] : key;
}

/* A place whose argument was not given stays as it is: a visible {1} is found, a silent gap is not. */
void text_format(struct buf *out, enum lang lang, const char *key, const char *const *args, size_t n)
{
        const char *p = text_get(lang, key);

        while (*p) {
                size_t run = strcspn(p, "{");

                buf_add(out, p, run);
                p += run;
                if (!*p)
                        break;
                if (p[1] >= '0' && p[1] <= '9' && p[2] == '}' && (size_t)(p[1] - '0') < n) {
                        buf_text(out, args[p[1] - '0']);
                        p += 3;
                } else {
                        buf_char(out, *p++);
                }
        }
}

void text_err(struct buf *out, enum lang lang, const struct err *e)
{
        const char *args[ERR_ARGS_MAX] = { 0 };

        if (!e->key[0]) {
                buf_text(out, e->text);
                return;
        }
        for (int i = 0; i < e->nargs; i++)
                args[i] = e->args[i];
        text_format(out, lang, e->key, args, (size_t)e->nargs);
}
