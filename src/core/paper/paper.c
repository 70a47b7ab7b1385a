/* paper.c - see paper.h. */
#include "core/paper/paper.h"

#define X(id, name, columns) name,
const char *const paper_kind_names[PAPER_KINDS_COUNT] = { PAPER_BLOCKS(X) };
#undef X
#define X(id, name, columns) columns,
static const int row_cells[PAPER_KINDS_COUNT] = { PAPER_BLOCKS(X) };
#undef X

SCOPED(json_decref, json_t *)

enum { PLACE_MAX = 48 };

/* Where the reader is, for words; and how much the document may still hold. */
struct reading { struct paper *p; struct err *e; size_t cells; char at[PLACE_MAX]; };

void paper_done(struct paper *p)
{
        arena_done(&p->arena);
        *p = PAPER_INIT;
}

static int bad(struct reading *r, const char *what)
{
        return err_key(r->e, ERR_INPUT, "paper.json", "", r->at, what, (char *)NULL);
}

static int big(struct reading *r, const char *what)
{
        return err_key(r->e, ERR_TOO_BIG, "paper.big", "", r->at, what, (char *)NULL);
}

static int no_memory(struct reading *r)
{
        return err_set(r->e, ERR_NOMEM, "no memory for a paper");
}

/* An absent text is empty. */
static int text_of(struct str *out, struct reading *r, const json_t *j, const char *what, size_t most)
{
        size_t n = json_string_length(j);
        char *copy;

        *out = STR("");
        if (!j)
                return ERR_OK;
        if (!json_is_string(j) || memchr(json_string_value(j), 0, n))
                return bad(r, what);
        if (n > most)
                return big(r, what);
        copy = arena_copy(&r->p->arena, json_string_value(j), n);
        if (!copy)
                return no_memory(r);
        *out = (struct str){ copy, n };
        return ERR_OK;
}

static int number_of(int *out, struct reading *r, const json_t *j, const char *what, int least, int most)
{
        json_int_t i = json_integer_value(j);

        if (j && (!json_is_integer(j) || i < least || i > most))
                return bad(r, what);
        *out = j ? (int)i : least;
        return ERR_OK;
}

static int align_of(enum paper_align *out, struct reading *r, const json_t *j)
{
        static const char *const names[] = { [PAPER_LEFT] = "left", [PAPER_CENTER] = "center", [PAPER_RIGHT] = "right" };

        *out = PAPER_LEFT;
        for (size_t i = 0; j && json_is_string(j) && i < countof(names); i++)
                if (strcmp(json_string_value(j), names[i]) == 0) {
                        *out = (enum paper_align)i;
                        return ERR_OK;
                }
        return j ? bad(r, "align") : ERR_OK;
}

/* Every member is one of `known`, a list with blanks. */
static int only(struct reading *r, const json_t *j, const char *known)
{
        const char *key;
        json_t *v;

        if (!json_is_object(j))
                return bad(r, "{}");
        json_object_foreach((json_t *)(uintptr_t)j, key, v) {
                struct str rest = str_of(known), word;
                bool found = false;

                while (!found && str_cut(rest, ' ', &word, &rest))
                        found = str_is(word, key);
                if (!found && !str_is(rest, key))
                        return bad(r, key);
        }
        return ERR_OK;
}

/* ---- blocks ---- */

static int column_take(struct paper_column *c, struct reading *r, const json_t *j)
{
        int bad_ = only(r, j, "title width align");

        if (bad_ == ERR_OK)
                bad_ = text_of(&c->title, r, json_object_get(j, "title"), "title", PAPER_LINE_MAX);
        if (bad_ == ERR_OK)
                bad_ = number_of(&c->width, r, json_object_get(j, "width"), "width", 1, 1000);
        return bad_ == ERR_OK ? align_of(&c->align, r, json_object_get(j, "align")) : bad_;
}

static int columns_take(struct paper_block *b, struct reading *r, const json_t *j)
{
        size_t n = json_array_size(j);

        if (!json_is_array(j) || !n || (b->kind == PAPER_PAIRS && n != 2))
                return bad(r, "columns");
        if (n > PAPER_COLUMNS_MAX)
                return big(r, "columns");
        b->columns = arena_array(&r->p->arena, n, sizeof(*b->columns));
        if (!b->columns)
                return no_memory(r);
        for (size_t i = 0; i < n; i++) {
                int bad_ = column_take(&b->columns[i], r, json_array_get(j, i));

                if (bad_ < 0)
                        return bad_;
        }
        b->columns_count = n;
        return ERR_OK;
}

static int row_take(struct str *cells, size_t n, struct reading *r, const json_t *row)
{
        if (!json_is_array(row) || json_array_size(row) != n)
                return bad(r, "rows");
        for (size_t c = 0; c < n; c++) {
                int bad_ = json_is_string(json_array_get(row, c)) ? text_of(&cells[c], r, json_array_get(row, c), "rows", PAPER_TEXT_MAX) : bad(r, "rows");

                if (bad_ < 0)
                        return bad_;
        }
        return ERR_OK;
}

static int rows_take(struct paper_block *b, struct reading *r, const json_t *j)
{
        size_t n = json_array_size(j), wide = row_cells[b->kind] ? (size_t)row_cells[b->kind] : b->columns_count;

        if (!json_is_array(j))
                return bad(r, "rows");
        if (n > (b->kind == PAPER_RECEIPT ? PAPER_HEAD_MAX : PAPER_ROWS_MAX) || n * wide > PAPER_CELLS_MAX - r->cells)
                return big(r, "rows");
        r->cells += n * wide;
        b->cells = arena_array(&r->p->arena, n * wide + 1, sizeof(*b->cells));
        if (!b->cells)
                return no_memory(r);
        for (size_t i = 0; i < n; i++) {
                int bad_ = row_take(b->cells + i * wide, wide, r, json_array_get(j, i));

                if (bad_ < 0)
                        return bad_;
        }
        b->rows_count = n;
        return ERR_OK;
}

static int titles_take(struct paper_block *b, struct reading *r, const json_t *j)
{
        size_t n = json_array_size(j);

        if (!json_is_array(j) || !n)
                return bad(r, "titles");
        if (n > PAPER_SEALS_MAX)
                return big(r, "titles");
        b->titles = arena_array(&r->p->arena, n, sizeof(*b->titles));
        if (!b->titles)
                return no_memory(r);
        for (size_t i = 0; i < n; i++) {
                int bad_ = text_of(&b->titles[i], r, json_array_get(j, i), "titles", PAPER_LINE_MAX);

                if (bad_ < 0)
                        return bad_;
        }
        b->titles_count = n;
        return ERR_OK;
}

static int block_parts(struct paper_block *b, struct reading *r, const json_t *j)
{
        const json_t *columns = json_object_get(j, "columns");
        int bad_ = ERR_OK;

        if (b->kind == PAPER_TABLE || (b->kind == PAPER_PAIRS && columns))
                bad_ = columns_take(b, r, columns);
        if (bad_ == ERR_OK && row_cells[b->kind] >= 0)
                bad_ = rows_take(b, r, json_object_get(j, "rows"));
        if (bad_ == ERR_OK && b->kind == PAPER_SEALS)
                bad_ = titles_take(b, r, json_object_get(j, "titles"));
        return bad_;
}

static int block_take(struct paper_block *b, struct reading *r, const json_t *j)
{
        static const char *const members[PAPER_KINDS_COUNT] = {
                [PAPER_HEADING] = "kind text level", [PAPER_TEXT] = "kind text align indent", [PAPER_NOTE] = "kind text", [PAPER_PAIRS] = "kind columns rows",
                [PAPER_TABLE] = "kind columns rows", [PAPER_CHECKS] = "kind rows", [PAPER_SEALS] = "kind text titles", [PAPER_SIGNATURE] = "kind rows",
                [PAPER_RECEIPT] = "kind text rows", [PAPER_BREAK] = "kind",
        };
        const char *kind = json_string_value(json_object_get(j, "kind"));
        size_t k = 0;
        int bad_;

        while (k < PAPER_KINDS_COUNT && (!kind || strcmp(kind, paper_kind_names[k]) != 0))
                k++;
        if (k == PAPER_KINDS_COUNT)
                return bad(r, "kind");
        b->kind = (enum paper_kind)k;
        bad_ = only(r, j, members[k]);
        if (bad_ == ERR_OK)
                bad_ = text_of(&b->text, r, json_object_get(j, "text"), "text", PAPER_TEXT_MAX);
        if (bad_ == ERR_OK)
                bad_ = number_of(&b->level, r, json_object_get(j, "level"), "level", 1, 3);
        if (bad_ == ERR_OK)
                bad_ = number_of(&b->indent, r, json_object_get(j, "indent"), "indent", 0, 20);
        if (bad_ == ERR_OK)
                bad_ = align_of(&b->align, r, json_object_get(j, "align"));
        return bad_ == ERR_OK ? block_parts(b, r, j) : bad_;
}

static int blocks_take(struct reading *r, const json_t *j)
{
        size_t n = json_array_size(j);

        if (!json_is_array(j))
                return bad(r, "blocks");
        if (n > PAPER_BLOCKS_MAX)
                return big(r, "blocks");
        r->p->blocks = arena_array(&r->p->arena, n + 1, sizeof(*r->p->blocks));
        if (!r->p->blocks)
                return no_memory(r);
        for (size_t i = 0; i < n; i++) {
                int bad_;

                (void)snprintf(r->at, sizeof(r->at), "blocks[%zu]", i);
                bad_ = block_take(&r->p->blocks[i], r, json_array_get(j, i));
                if (bad_ < 0)
                        return bad_;
                r->p->blocks_count++;
        }
        return ERR_OK;
}

/* ---- the document ---- */

static int head_take(struct reading *r, const json_t *j)
{
        size_t n = json_array_size(j);

        if (j && !json_is_array(j))
                return bad(r, "head");
        if (n > PAPER_HEAD_MAX)
                return big(r, "head");
        for (size_t i = 0; i < n; i++) {
                struct str cells[2];
                int bad_ = row_take(cells, 2, r, json_array_get(j, i));

                if (bad_ < 0)
                        return bad_;
                r->p->head[i] = (struct paper_pair){ cells[0], cells[1] };
        }
        r->p->head_count = n;
        return ERR_OK;
}

static int made_take(struct reading *r, const json_t *j)
{
        const char *p = json_string_value(j);
        size_t n = 0;

        while (p && n < 14 && p[n] >= '0' && p[n] <= '9')
                n++;
        if (n != 14 || p[14])
                return bad(r, "made_at");
        memcpy(r->p->made_at, p, 15);
        return ERR_OK;
}

static int document_take(struct reading *r, const json_t *j)
{
        struct { const char *name; struct str *to; } texts[] = { { "title", &r->p->title }, { "lang", &r->p->lang },     { "form_number", &r->p->form_number },
                                                                { "dated", &r->p->dated }, { "footer", &r->p->footer }, { "mark", &r->p->mark } };
        const json_t *landscape = json_object_get(j, "landscape");
        int bad_ = only(r, j, "sekisho-paper title lang form_number dated footer mark landscape made_at head blocks");

        if (bad_ == ERR_OK && json_integer_value(json_object_get(j, "sekisho-paper")) != 1)
                bad_ = bad(r, "sekisho-paper");
        for (size_t i = 0; bad_ == ERR_OK && i < countof(texts); i++)
                bad_ = text_of(texts[i].to, r, json_object_get(j, texts[i].name), texts[i].name, PAPER_LINE_MAX);
        if (bad_ == ERR_OK && (!r->p->title.n || (landscape && !json_is_boolean(landscape)) || (!str_is(r->p->lang, "ja") && !str_is(r->p->lang, "en"))))
                bad_ = bad(r, r->p->title.n ? "landscape, lang" : "title");
        if (bad_ == ERR_OK)
                bad_ = made_take(r, json_object_get(j, "made_at"));
        if (bad_ == ERR_OK)
                bad_ = head_take(r, json_object_get(j, "head"));
        r->p->landscape = json_is_true(landscape);
        return bad_ == ERR_OK ? blocks_take(r, json_object_get(j, "blocks")) : bad_;
}

int paper_take(struct paper *out, const json_t *j, struct err *e)
{
        scoped(paper_done) struct paper p = PAPER_INIT;
        struct reading r = { &p, e, 0, "paper" };
        int bad_ = document_take(&r, j);

        if (bad_ < 0)
                return bad_;
        *out = p;
        p = PAPER_INIT;
        return ERR_OK;
}

int paper_parse(struct paper *out, struct str bytes, struct err *e)
{
        scoped(json_decref) json_t *j = NULL;

        if (bytes.n > PAPER_BYTES_MAX)
                return err_key(e, ERR_TOO_BIG, "paper.big", "", "paper", "16 MiB", (char *)NULL);
        j = json_loadb(bytes.p ? bytes.p : "", bytes.n, JSON_REJECT_DUPLICATES, NULL);
        return j ? paper_take(out, j, e) : err_key(e, ERR_INPUT, "paper.json", "", "paper", "JSON", (char *)NULL);
}
