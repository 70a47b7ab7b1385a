/* inside.c - see inside.h. */
#include "core/procedure/inside.h"

#include "base/codec.h"

int fresh_row(struct row *out, struct fresh *ids, enum table t, struct err *e)
{
        if (ids->used == ids->n)
                return err_set(e, ERR_BUG, "an act needs more than %zu new ids", ids->n);
        *out = row_new(t, ids->ids[ids->used++], NULL);
        return ERR_OK;
}

struct str hash_hex(struct arena *a, const struct hash *h)
{
        char *to = arena_alloc(a, 2 * HASH_SIZE + 1);

        if (!to)
                return STR("");
        hex_text(to, h->b, HASH_SIZE);
        return (struct str){ to, 2 * HASH_SIZE };
}

void entry_begin(struct changes *out, const struct pack *pack, const struct row *application, const struct actor *who, const char *post)
{
        out->actor = who ? who->person : NULL;
        out->post = post;
        out->pack = hash_hex(out->arena, &pack->hash);
        out->form = row_get_text(application, APPLICATION_form_hash);
}

void row_null(struct row *r, int col)
{
        r->v[col] = (struct value){ .kind = VALUE_NULL };
}

void row_copy_text(struct row *to, int col, const struct row *from, int from_col)
{
        struct value v = from->v[from_col];

        if (v.kind != VALUE_TEXT)
                row_null(to, col);
        else
                (v.personal ? row_personal : row_text)(to, col, v.s);
}

/* ---- answers ---- */

/* What people write themselves is a payload whatever the pack says: entries hold ASCII only, and text can hold anything. */
void answer_put(struct row *row, const struct answer *a)
{
        static const bool written[FIELD_TYPES_COUNT] = { [FIELD_TEXT] = true, [FIELD_LINES] = true, [FIELD_DOMAINS] = true, [FIELD_TABLE] = true };

        (a->field->personal || written[a->field->type] ? row_personal : row_text)(row, ANSWER_value, a->value);
}

struct row answer_stored(const struct case_facts *f, const char *k)
{
        struct uuid id = { { 0 } };

        for (size_t i = 0; i < f->answer_rows_count; i++)
                if (strcmp(f->answer_rows[i].k, k) == 0)
                        return f->answer_rows[i];
        (void)uuid_parse(str_of(f->application.id), &id);
        return row_new(TABLE_ANSWER, id, k);
}

/* Only what differs becomes an after-image: an unchanged text keeps its commitment. */
int answers_mend(struct changes *out, const struct case_facts *f, const struct pack_form *form, const struct answer *answers, size_t *changed, struct err *e)
{
        for (size_t i = 0; i < form->fields_count; i++) {
                struct row row = answer_stored(f, answers[i].field->id);
                int r;

                if (str_eq(row_get_text(&row, ANSWER_value), answers[i].value) && row.v[ANSWER_value].kind != VALUE_ERASED)
                        continue;
                if (!answers[i].value.n)
                        row_null(&row, ANSWER_value);
                else
                        answer_put(&row, &answers[i]);
                r = changes_add(out, &row, e);
                if (r < 0)
                        return r;
                (*changed)++;
        }
        return ERR_OK;
}

/* ---- steps ---- */

void step_clear(struct row *step)
{
        for (int col = STEP_decider; col < STEP_COLS; col++)
                row_null(step, col);
}

int steps_reopen(struct changes *out, const struct case_facts *f, uint32_t which, struct err *e)
{
        for (size_t i = 0; i < f->steps_count; i++) {
                struct row step = f->steps[i];
                int r;

                if (!(which >> i & 1) || row_is(&step, STEP_state, "waiting"))
                        continue;
                row_text(&step, STEP_state, STR("waiting"));
                step_clear(&step);
                r = changes_add(out, &step, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

int steps_reopen_beside(struct changes *out, const struct flow *w, size_t i, struct err *e)
{
        return steps_reopen(out, w->facts, ~(w->before[i] | UINT32_C(1) << i), e);
}

/* ---- the application ---- */

int application_seen(const struct case_facts *f, int64_t seen_rev, struct err *e)
{
        return f->application.rev == seen_rev ? ERR_OK : err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
}

int application_touch(struct changes *out, const struct case_facts *f, struct err *e)
{
        return changes_add(out, &f->application, e);
}
