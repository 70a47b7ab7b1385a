/* draft.h - the rules as an officer edits them: one record at a time, and the overlay that says the difference.
 *
 * Does      change a record's keys and words, add one, take one away, in the trees of a loaded pack; write what a pack says otherwise than
 *           the layers below it as the files of an overlay; say whether an overlay came to what was meant.
 * Clause    DESIGN §6 (officers edit in the browser; the YAML is what is stored); docs/formats/pack-drafts.md.
 * Layer     core; pure.
 * Owns      files live in the arena given; nodes that an edit makes live in the pack's arena, which must not be read by anybody else.
 * Trusts    nothing of an edit: what it comes to is found by loading the overlay.
 * Fails     ERR_INPUT with rules.draft.*; {0} is the place.
 */
#ifndef CORE_PACK_DRAFT_H
#define CORE_PACK_DRAFT_H

#include "core/pack/load.h"
#include "core/pack/schema.h"

enum draft_act { DRAFT_SET, DRAFT_ADD, DRAFT_REMOVE };

/* text: as it is spelt in the file, ids of a list that only names things with blanks between; "": not given any more. */
struct draft_value { const char *key, *text; };
struct draft_word  { const char *name, *in[LANG_COUNT]; };     /* both "": taken away */

struct draft_edit {
        enum draft_act            act;
        const char               *where;        /* as in overlay.yaml: procedures.service-use.steps.decide, settings */
        const char               *before;       /* ADD: an id of the list; NULL: at the end */
        const struct draft_value *values;
        size_t                    values_count;
        const struct draft_word  *words;
        size_t                    words_count;
};

int draft_edit(struct pack *p, const struct draft_edit *edit, struct err *e);

struct draft_files { struct pack_file files[PACK_FILES_MAX]; size_t n; };

struct draft_head { const char *id; uint32_t version; const char *base; const char *reason; };   /* reason: of what is not as it was */

/* `prior`, `was`: the draft before the edit, loaded and as files; where `after` is as that, the change keeps its reason. */
int draft_write(struct draft_files *out, const struct draft_head *head, const struct pack *below, const struct pack *after, const struct pack *prior,
                const struct draft_files *was, struct arena *a, struct err *e);

/* Does `made` say what `meant` says? */
int draft_same(const struct pack *made, const struct pack *meant, struct arena *a, struct err *e);

/* A record of a pack as its tree, with the kind it is of and what stands in front of its words' keys. */
struct node;
struct draft_record { const struct schema *schema; enum schema_kind kind; const struct node *node; const char *prefix; };
int draft_find(struct draft_record *out, const struct pack *p, const char *where, struct arena *a, struct err *e);

/* What people call it: the words of the pack, or its id. "": it has none. */
const char *draft_word(const struct pack *p, const struct draft_record *r, const char *name, enum lang lang, struct arena *a);
/* "手続「外部サービスの利用」 › 段階「許可」" */
void        draft_place_text(struct buf *out, const struct pack *p, const char *where, enum lang lang, struct arena *a);
/* What a key is called: its words in texts/, else the key. */
const char *draft_key_text(const char *key, enum lang lang);

/* Each number that the source does not give, and where it stands. */
typedef void draft_number_fn(void *ctx, const char *where, const struct pack_proposal *number);
int draft_numbers(const struct pack *p, draft_number_fn *see, void *ctx, struct arena *a);

#endif
