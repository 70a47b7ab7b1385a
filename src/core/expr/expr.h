/* expr.h - conditions of the pack: "info_class >= conf2 and provider_country != JP".
 *
 * Does      read a condition against a table of typed names; say whether it is true, false or unknown; write it out again,
 *           as source and in plain words. The language is described in docs/formats/expressions.md.
 * Layer     core; pure.
 * Owns      a condition lives in the arena given and points into the names and choices it was read against.
 * Units     integers are int64_t; dates are days since 1970-01-01 (date_days); columns count characters from 1.
 * Trusts    nothing: EXPR_BYTES_MAX, EXPR_DEPTH_MAX, EXPR_ITEMS_MAX.
 * Fails     ERR_INPUT with a catalogue key `expr.*`: {0} is the column, {1} and {2} what the key says. Whoever knows the file
 *           puts "file:line:" in front of {0}. ERR_NOMEM. Evaluation cannot fail and allocates nothing.
 *
 * Three values (Kleene): what is not answered is unknown, and so is what depends on it. A condition never takes unknown for
 * yes or no; whoever asks says what it means there: a question is shown, an answer demanded, a gate stays shut.
 * To learn more never turns yes into no: true and false stay when an open value becomes known.
 */
#ifndef CORE_EXPR_EXPR_H
#define CORE_EXPR_EXPR_H

#include "base/arena.h"
#include "base/utime.h"
#include "core/text/text.h"

enum { EXPR_BYTES_MAX = 2000, EXPR_DEPTH_MAX = 16, EXPR_ITEMS_MAX = 64 };
#define EXPR_INT_MAX INT64_C(1000000000000000)      /* literals lie within +- this */

enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };

enum expr_type { EXPR_BOOL, EXPR_INT, EXPR_TEXT, EXPR_DATE, EXPR_CHOICE, EXPR_TYPES_COUNT };

/* The ids that a choice may have. Countries are a list like any other, with capital codes (IN and NO are no keywords). */
enum expr_order { EXPR_UNORDERED, EXPR_LOWEST_FIRST, EXPR_HIGHEST_FIRST };
struct expr_choice { const char *id; const char *label[LANG_COUNT]; };               /* label NULL: the id is shown */
struct expr_choices { const struct expr_choice *rows; size_t n; enum expr_order order; };

struct expr_name {
        const char                *id;                       /* "info_class", "service.provider_country" */
        enum expr_type             type;
        bool                       is_list;
        const struct expr_choices *choices;                  /* EXPR_CHOICE; the same list is the same type */
        const char                *label[LANG_COUNT];
};

struct expr_names { const struct expr_name *rows; size_t n; };

/* OPEN: nobody was asked, or has not answered yet. BLANK: asked, and left empty for good; answered() is then false, count() 0,
 * anything else unknown. A form's empty list is OPEN or BLANK; only a register that knows of no rows says KNOWN with n 0. */
enum expr_state { EXPR_OPEN, EXPR_BLANK, EXPR_KNOWN };

struct expr_value {
        enum expr_state          state;
        int64_t                  number;                     /* bool (0, 1), int, date */
        struct str               text;                       /* text; choice: its id. An id that the list lacks is unknown */
        const struct expr_value *items;                      /* lists */
        size_t                   n;
};

struct expr_env {
        struct expr_value (*get)(const void *ctx, const struct expr_name *name);
        const void         *ctx;
        const struct date  *today;                           /* in Japan; NULL: days_until() is unknown */
};

struct expr;

int        expr_parse(struct expr **out, struct str text, const struct expr_names *names, struct arena *a, struct err *e);
enum truth expr_eval(const struct expr *x, const struct expr_env *env);
bool       expr_equal(const struct expr *a, const struct expr *b);          /* the same condition, spelling aside */

/* The names it depends on, each once, in the order of the text. */
const struct expr_name *const *expr_names_used(const struct expr *x, size_t *n);

void expr_format(struct buf *out, const struct expr *x);                     /* the one canonical spelling; reads back as equal */
void expr_print(struct buf *out, const struct expr *x, enum lang lang);      /* in words: 「格付が機密性２以上 かつ 国が日本以外」 */

/* Words that no name and no choice of the pack may have: and or not in any all true false. */
bool expr_word_reserved(struct str word);

#endif
