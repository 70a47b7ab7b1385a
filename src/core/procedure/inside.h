/* inside.h - what the acts on a case share; for src/core/procedure only.
 *
 * Does      begin an entry, write answers and steps, count out fresh ids, end a case with its effects.
 * Layer     core; pure.
 */
#ifndef CORE_PROCEDURE_INSIDE_H
#define CORE_PROCEDURE_INSIDE_H

#include "core/procedure/procedure.h"

/* Fresh ids in order; ERR_BUG when an act needs more than it was given. */
struct fresh { const struct uuid *ids; size_t n, used; };
int fresh_row(struct row *out, struct fresh *ids, enum table t, struct err *e);

/* Of the entry: who, in which post, under which pack and form. */
void entry_begin(struct changes *out, const struct pack *pack, const struct row *application, const struct actor *who, const char *post);
struct str hash_hex(struct arena *a, const struct hash *h);

void row_null(struct row *r, int col);
/* The same text in another row: a commitment of an entry already written is not carried along. */
void row_copy_text(struct row *to, int col, const struct row *from, int from_col);

void answer_put(struct row *row, const struct answer *a);
/* The stored row of an answer, or a new one of this application. */
struct row answer_stored(const struct case_facts *f, const char *k);
int  answers_mend(struct changes *out, const struct case_facts *f, const struct pack_form *form, const struct answer *answers, size_t *changed, struct err *e);

/* Steps of `which` go back to waiting; what was decided stays in the journal. */
int steps_reopen(struct changes *out, const struct case_facts *f, uint32_t which, struct err *e);
/* Facts that others decided on have changed while step `i` was active: decisions beside it are taken anew. */
int steps_reopen_beside(struct changes *out, const struct flow *w, size_t i, struct err *e);
/* Fields of the row that say what was decided. */
void step_clear(struct row *step);

int application_seen(const struct case_facts *f, int64_t seen_rev, struct err *e);
/* The application, one revision on: whoever looked at it before must look again. */
int application_touch(struct changes *out, const struct case_facts *f, struct err *e);

/* The checks that procedure_may() asks as well. */
int applying_side(const struct case_facts *f, const struct pack_procedure *p, const struct actor *who, struct err *e);
const struct pack_sheet *sheet_for(size_t *step, const struct flow *w, const char *form, const struct actor *who, struct err *e);
int rating_may(const struct flow *w, const struct actor *who);

/* Effects of an approval, into `app` too. A refusal says what cannot be done any more. */
int effects_check(const struct pack_procedure *p, const struct answer *answers, size_t n, utime_t now, struct err *e);
int effects_run(struct changes *out, const struct flow *w, struct row *app, struct fresh *ids, struct err *e);
/* A duty for each step that approved under a condition. `last`: the row just written, not yet in the facts. */
int duties_of_conditions(struct changes *out, const struct flow *w, const struct row *last, const struct row *app, struct fresh *ids, struct err *e);

/* Exceptions of this case that have ended; one of a service in use leaves a duty to whoever approved it. */
int exceptions_tick(struct changes *out, const struct pack *pack, const struct case_facts *f, struct fresh *ids, utime_t now, struct err *e);

#endif
