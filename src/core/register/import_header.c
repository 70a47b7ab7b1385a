/* import_header.c - which line is the header, and whose column is what. */
#include "core/register/import_inside.h"
#include "core/register/import_names.h"
#include "core/text/fold.h"

enum { NO_RANK = 1000, KEY_MAX = 160 };

const char *import_cell(const struct grid_sheet *s, size_t line, size_t column)
{
        if (column >= s->columns_count || !line || line > s->rows_count + 1)
                return "";
        return line == 1 ? s->columns[column].id : s->rows[line - 2].cells[column];
}

size_t import_lines(const struct grid_sheet *s)
{
        return s->rows_count + 1;
}

/* Place of a folded word in a list of such, from 1; 0: not there. */
static int place_of(struct str word, const char *words)
{
        struct str rest = str_of(words), one;

        for (int at = 1; rest.n; at++) {
                if (!str_cut(rest, ' ', &one, &rest)) {
                        one = rest;
                        rest = STR("");
                }
                if (str_eq(one, word))
                        return at;
        }
        return 0;
}

static bool is_label(struct str word, const char *key)
{
        bool same = false;

        for (int lang = 0; lang < LANG_COUNT && !same; lang++) {
                scoped(buf_done) struct buf b = BUF_INIT;

                fold_word(&b, str_of(text_get((enum lang)lang, key)));
                same = b.n && str_eq(buf_view(&b), word);
        }
        return same;
}

/* How well a folded header fits a column: 0 is our own word, then the order of the table; NO_RANK: not at all. */
static int rank_of(struct str word, const struct register_info *reg, const char *column)
{
        char key[KEY_MAX];
        int place = 0;

        (void)snprintf(key, sizeof(key), "register.%s.%s", reg->id, column);
        if (str_is(word, column) || (text_known(key) && is_label(word, key)))
                return 0;
        for (size_t i = 0; i < import_names_count && !place; i++)
                if (strcmp(import_names[i].reg, reg->id) == 0 && strcmp(import_names[i].column, column) == 0)
                        place = place_of(word, import_names[i].words);
        return place ? place : NO_RANK;
}

struct target { struct import_column column; const char *id; };

/* What columns may mean: those of the register, its id, and a personnel list's 本務・兼務. */
static bool target_at(struct target *out, const struct register_info *reg, size_t i)
{
        if (i < reg->columns_count)
                *out = (struct target){ { IMPORT_AS_COLUMN, &reg->columns[i] }, reg->columns[i].id };
        else if (i == reg->columns_count)
                *out = (struct target){ { IMPORT_AS_ID, NULL }, "id" };
        else if (i == reg->columns_count + 1 && reg->table == TABLE_PERSON)
                *out = (struct target){ { IMPORT_AS_POSTING, NULL }, "posting" };
        else
                return false;
        return true;
}

static int header_rank(struct str word, const struct register_info *reg, const struct target *t)
{
        if (t->column.as == IMPORT_AS_ID)
                return str_is(word, "id") || is_label(word, "import.id") ? 0 : NO_RANK;
        return rank_of(word, reg, t->id);
}

/* "契約終了日（予定）" without what stands in brackets at its end. */
static struct str bare(struct str word)
{
        for (size_t i = word.n; word.n && word.p[word.n - 1] == ')' && i > 1; i--)
                if (word.p[i - 1] == '(')
                        return (struct str){ word.p, i - 1 };
        return word;
}

/* Each target goes to the cell that fits it best; the first of equals. Returns how many found theirs. */
static size_t match_line(struct import_layout *out, const struct register_info *reg, const struct grid_sheet *s, size_t line)
{
        int best[GRID_COLUMNS_MAX];
        struct target t;
        size_t hits = 0;

        *out = (struct import_layout){ .header = line, .n = s->columns_count };
        for (size_t i = 0; i < s->columns_count; i++)
                best[i] = NO_RANK;
        for (size_t k = 0; target_at(&t, reg, k); k++) {
                size_t at = s->columns_count;
                int least = NO_RANK;

                for (size_t i = 0; i < s->columns_count; i++) {
                        scoped(buf_done) struct buf b = BUF_INIT;
                        int rank;

                        fold_word(&b, str_of(import_cell(s, line, i)));
                        if (!b.n)
                                continue;
                        rank = header_rank(buf_view(&b), reg, &t);
                        if (rank == NO_RANK)
                                rank = header_rank(bare(buf_view(&b)), reg, &t);
                        if (rank < least && rank < best[i]) {
                                least = rank;
                                at = i;
                        }
                }
                if (at == s->columns_count)
                        continue;
                hits += out->columns[at].as == IMPORT_AS_NOTHING;
                out->columns[at] = t.column;
                best[at] = least;
        }
        return hits;
}

static void by_hand(struct import_layout *out, const struct register_info *reg, const struct grid_sheet *s, const char *const *mapping)
{
        struct target t;

        for (size_t i = 0; i < s->columns_count; i++) {
                out->columns[i] = (struct import_column){ IMPORT_AS_NOTHING, NULL };
                for (size_t k = 0; mapping[i] && target_at(&t, reg, k); k++)
                        if (strcmp(mapping[i], t.id) == 0)
                                out->columns[i] = t.column;
        }
        out->n = s->columns_count;
}

bool import_layout(struct import_layout *out, const struct register_info *reg, const struct grid_sheet *s, const char *const *mapping, size_t header)
{
        size_t most = 0;

        *out = (struct import_layout){ .n = s->columns_count };
        for (size_t line = 1; line <= import_lines(s) && line <= IMPORT_HEADER_WITHIN; line++) {
                struct import_layout l;
                size_t hits = header == IMPORT_HEADER_FIND || (line == header && !mapping) ? match_line(&l, reg, s, line) : 0;

                if (!hits)
                        continue;
                if (header == IMPORT_HEADER_FIND ? hits > most : line == header) {
                        most = hits;
                        *out = l;
                }
        }
        if (header != IMPORT_HEADER_FIND)
                out->header = header;
        if (mapping)
                by_hand(out, reg, s, mapping);
        return mapping || most;
}

/* ---- lines that are none ---- */

static const char *const totals[] = { "合計", "小計", "総計", "総合計", "計", "総数", "以上", "以下余白", "total", "subtotal", "sum" };

static bool says_total(struct str word)
{
        bool total = false;

        for (size_t i = 0; i < countof(totals) && !total; i++)
                total = str_is(word, totals[i]);
        return total || str_starts(word, "合計(") || str_starts(word, "合計:") || str_starts(word, "計:");
}

/* A total stands in the first cell that says anything, and the name stays empty or says it too. */
bool import_skips(struct importing *x, size_t line, bool *blank, enum import_why *why)
{
        const struct import_layout *l = &x->out->layout;
        size_t same = 0, first = 0, cells = 0;

        for (size_t i = 0; i < l->n; i++) {
                struct str word = import_folded(x, str_of(import_cell(x->in->sheet, line, i)));

                if (!word.n)
                        continue;
                cells++;
                if (cells == 1)
                        first = i + 1;
                same += l->header && str_eq(word, import_folded(x, str_of(import_cell(x->in->sheet, l->header, i))));
        }
        *blank = !cells;
        *why = cells && same == cells ? IMPORT_SKIPPED_HEADER : IMPORT_SKIPPED_TOTAL;
        return cells && (same == cells || says_total(import_folded(x, str_of(import_cell(x->in->sheet, line, first - 1)))));
}
