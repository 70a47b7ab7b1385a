/* grams.c - see grams.h. */
#include "core/search/grams.h"

#include "core/pack/chars.h"
#include "core/search/spelling.h"

enum { PAIR = 2, TRIPLE = 3 };

static bool is_alphabet(uint32_t c)
{
        return c < 0x2e80 || (c >= 0x3041 && c <= 0x3096) || c == 0x30fc;
}

/* The first `letters` letters of a text; all of it when it has fewer. */
static struct str first_letters(struct str s, size_t letters)
{
        struct str rest = s;

        while (letters-- && rest.n)
                (void)char_next(&rest);
        return (struct str){ s.p, s.n - rest.n };
}

static void put_gram(struct buf *out, struct str gram)
{
        buf_str(out, gram);
        buf_char(out, ' ');
}

static void grams_of_run(struct buf *out, struct str run)
{
        while (run.n) {
                struct str pair = first_letters(run, PAIR), triple = first_letters(run, TRIPLE), rest = run;

                if (pair.n > first_letters(run, 1).n)
                        put_gram(out, pair);
                if (triple.n > pair.n && is_alphabet(char_next(&rest)))
                        put_gram(out, triple);
                run = (struct str){ run.p + first_letters(run, 1).n, run.n - first_letters(run, 1).n };
        }
}

/* The next run without blanks; empty at the end. */
static struct str next_run(struct str *s)
{
        struct str run;

        while (s->n && *s->p == ' ') {
                s->p++;
                s->n--;
        }
        if (!str_cut(*s, ' ', &run, s)) {
                run = *s;
                *s = (struct str){ s->p + s->n, 0 };
        }
        return run;
}

void grams_of(struct buf *out, struct str folded)
{
        struct str run;

        while ((run = next_run(&folded)).n)
                grams_of_run(out, run);
}

void grams_of_name(struct buf *out, struct str register_id, struct str folded)
{
        struct str run;

        while ((run = next_run(&folded)).n)
                for (; run.n; run = (struct str){ run.p + first_letters(run, 1).n, run.n - first_letters(run, 1).n }) {
                        buf_printf(out, "=%.*s:", (int)register_id.n, register_id.p);
                        put_gram(out, first_letters(run, 1));
                }
}

/* ---- questions ---- */

static void ask_gram(struct buf *out, struct str gram)
{
        if (out->n)
                buf_text(out, " AND ");
        buf_char(out, '"');
        buf_str(out, gram);
        buf_char(out, '"');
}

/* Triples where they can be had; a pair where none is, or for what no triple before it covers. */
static void ask_term(struct buf *out, struct str term)
{
        size_t covered = 0, at = 0;

        while (at < term.n) {
                struct str rest = { term.p + at, term.n - at }, letter = rest;
                struct str pair = first_letters(rest, PAIR), triple = first_letters(rest, TRIPLE);
                struct str gram = is_alphabet(char_next(&letter)) && chars_count(triple) == TRIPLE ? triple : pair;

                if (chars_count(gram) >= PAIR && at + gram.n > covered) {
                        ask_gram(out, gram);
                        covered = at + gram.n;
                }
                at += rest.n - letter.n;
        }
}

void grams_ask(struct buf *out, struct str register_id, const struct search_terms *t)
{
        for (size_t i = 0; t->letters && i < t->n; i++)
                buf_printf(out, "%s\"=%.*s:%.*s\"", i ? " AND " : "", (int)register_id.n, register_id.p, (int)t->terms[i].n, t->terms[i].p);
        if (!t->letters && register_id.n)
                buf_printf(out, "\"=%.*s\"", (int)register_id.n, register_id.p);
        for (size_t i = 0; !t->letters && i < t->n; i++)
                ask_term(out, t->terms[i]);
}

int search_terms_any(struct search_terms *out, struct str typed, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf folded = BUF_INIT;
        struct search_terms terms = { .letters = true };
        struct str rest, run;

        spelling_fold(&folded, NULL, typed);
        if (buf_bad(&folded))
                return err_set(e, ERR_NOMEM, "search");
        if (chars_count(buf_view(&folded)) > SEARCH_LETTERS_MAX)
                return err_key(e, ERR_INPUT, "search.long", "q", "100", NULL);
        rest = (struct str){ arena_copy(a, folded.p, folded.n), folded.n };
        if (!rest.p)
                return err_set(e, ERR_NOMEM, "search");
        while ((run = next_run(&rest)).n) {
                if (terms.n == SEARCH_TERMS_MAX)
                        return err_key(e, ERR_INPUT, "search.many", "q", "8", NULL);
                terms.letters = terms.letters && chars_count(run) < PAIR;
                terms.terms[terms.n++] = run;
        }
        if (!terms.n)
                return err_key(e, ERR_INPUT, "search.empty", "q", NULL);
        *out = terms;
        return ERR_OK;
}

int search_terms_read(struct search_terms *out, struct str typed, struct arena *a, struct err *e)
{
        struct search_terms terms;
        struct str last;
        int r = search_terms_any(&terms, typed, a, e);

        if (r < 0)
                return r;
        last = terms.terms[terms.n - 1];
        if (terms.letters)
                return err_key(e, ERR_INPUT, "search.short", "q", arena_printf(a, "%.*s", (int)last.n, last.p), NULL);
        *out = terms;
        return ERR_OK;
}

size_t search_find(struct str folded, struct str term)
{
        const char *p = term.n && term.n <= folded.n ? memmem(folded.p, folded.n, term.p, term.n) : NULL;

        return p ? (size_t)(p - folded.p) : SIZE_MAX;
}

bool search_terms_in(const struct search_terms *t, struct str folded)
{
        struct str name, rest;

        if (t->letters && str_cut(folded, '\n', &name, &rest))
                folded = name;
        for (size_t i = 0; i < t->n; i++)
                if (search_find(folded, t->terms[i]) == SIZE_MAX)
                        return false;
        return true;
}
