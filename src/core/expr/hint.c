/* hint.c - see hint.h. */
#include "core/expr/hint.h"

enum { WORD_MAX = 64, SLIPS_MAX = 2 };

typedef const char *word_fn(const void *ctx, size_t i);

/* Letters to change, add, drop or swap with their neighbour until `a` is `b`; three rows of the usual table. */
static size_t slips_between(struct str a, struct str b)
{
        size_t rows[3][WORD_MAX + 1] = { { 0 } };

        if (a.n > WORD_MAX || b.n > WORD_MAX)
                return SIZE_MAX;
        for (size_t j = 0; j <= b.n; j++)
                rows[0][j] = j;
        for (size_t i = 1; i <= a.n; i++) {
                size_t *row = rows[i % 3], *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];

                row[0] = i;
                for (size_t j = 1; j <= b.n; j++) {
                        size_t best = up[j - 1] + (a.p[i - 1] != b.p[j - 1]);

                        if (up[j] + 1 < best)
                                best = up[j] + 1;
                        if (row[j - 1] + 1 < best)
                                best = row[j - 1] + 1;
                        if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] && up2[j - 2] + 1 < best)
                                best = up2[j - 2] + 1;
                        row[j] = best;
                }
        }
        return rows[a.n % 3][b.n];
}

static void list(char to[HINT_MAX], size_t n, word_fn *word, const void *ctx)
{
        static const char more[] = ", ...";
        size_t used = 0;

        to[0] = 0;
        for (size_t i = 0; i < n; i++) {
                const char *w = word(ctx, i), *between = i ? ", " : "";

                if (used + strlen(between) + strlen(w) + sizeof(more) > HINT_MAX) {
                        (void)snprintf(to + used, HINT_MAX - used, "%s", more);
                        return;
                }
                used += (size_t)snprintf(to + used, HINT_MAX - used, "%s%s", between, w);
        }
}

static void nearest(char to[HINT_MAX], size_t n, word_fn *word, const void *ctx, struct str given)
{
        size_t best = SLIPS_MAX + 1, at = 0;

        for (size_t i = 0; i < n; i++) {
                size_t slips = slips_between(given, str_of(word(ctx, i)));

                if (slips < best && slips < given.n) {                       /* not when every letter is another */
                        best = slips;
                        at = i;
                }
        }
        if (best > SLIPS_MAX)
                list(to, n, word, ctx);
        else
                (void)snprintf(to, HINT_MAX, "%s", word(ctx, at));
}

static const char *name_word(const void *ctx, size_t i)
{
        return ((const struct expr_names *)ctx)->rows[i].id;
}

static const char *choice_word(const void *ctx, size_t i)
{
        return ((const struct expr_choices *)ctx)->rows[i].id;
}

void hint_name(char to[HINT_MAX], const struct expr_names *names, struct str word)
{
        nearest(to, names->n, name_word, names, word);
}

void hint_choice(char to[HINT_MAX], const struct expr_choices *choices, struct str word)
{
        nearest(to, choices->n, choice_word, choices, word);
}

void hint_choices(char to[HINT_MAX], const struct expr_choices *choices)
{
        list(to, choices->n, choice_word, choices);
}

static const char *function_word(const void *ctx, size_t i)
{
        return expr_function_word(i);
}

void hint_functions(char to[HINT_MAX])
{
        size_t n = 0;

        while (expr_function_word(n))
                n++;
        list(to, n, function_word, NULL);
}

static const char *plain_word(const void *ctx, size_t i)
{
        return ((const char *const *)ctx)[i];
}

void hint_nearest(char to[HINT_MAX], const char *const *words, const char *word)
{
        size_t n = 0;

        while (words[n])
                n++;
        nearest(to, n, plain_word, words, str_of(word));
}
