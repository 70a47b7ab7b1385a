/* facts.c - loading a case; see facts.h. */
#include "server/office/command/facts.h"

static char *id_text(struct str s, struct arena *a)
{
        struct uuid id;

        return uuid_parse(s, &id) ? arena_copy(a, s.p, s.n) : NULL;
}

static const struct pack_form *form_of(const struct pack *pack, const struct row *app)
{
        for (size_t i = 0; i < pack->forms_count; i++)
                if (row_is(app, APPLICATION_form, pack->forms[i].id))
                        return &pack->forms[i];
        return NULL;
}

static int load_answers(struct case_facts *f, struct db *db, const struct pack *pack, const char *id, struct arena *a, struct err *e)
{
        const struct pack_form *form = form_of(pack, &f->application);
        struct answer *answers;
        struct row *rows = NULL;
        size_t n = 0;
        int r;

        if (!form)
                return ERR_OK; /* the pack in force no longer has it: nothing can be decided, everything can be read */
        answers = arena_array(a, form->fields_count, sizeof(*answers));
        r = answers ? store_rows_of(&rows, &n, db, TABLE_ANSWER, id, FORM_ANSWERS_MAX, a, e) : err_set(e, ERR_NOMEM, "answers");
        if (r < 0)
                return r;
        for (size_t i = 0; i < form->fields_count; i++) {
                answers[i].field = &form->fields[i];
                answers[i].value = STR("");
                for (size_t k = 0; k < n; k++)
                        if (strcmp(rows[k].k, form->fields[i].id) == 0)
                                answers[i].value = row_get_text(&rows[k], ANSWER_value);
        }
        f->answers = answers;
        f->answer_rows = rows;
        f->answer_rows_count = n;
        f->answers_count = form->fields_count;
        return ERR_OK;
}

/* Steps in the pack's order; a step the pack no longer has comes last. */
static int load_steps(struct case_facts *f, struct db *db, const struct pack *pack, const char *id, struct arena *a, struct err *e)
{
        const struct pack_procedure *p = NULL;
        struct row *rows = NULL;
        size_t n = 0;
        int r = store_rows_of(&rows, &n, db, TABLE_STEP, id, PROCEDURE_STEPS_MAX, a, e);

        if (r < 0)
                return r;
        for (size_t i = 0; i < pack->procedures_count; i++)
                if (row_is(&f->application, APPLICATION_procedure, pack->procedures[i].id))
                        p = &pack->procedures[i];
        for (size_t s = 0; p && s < p->steps_count; s++)
                for (size_t i = 0; i < n; i++)
                        if (rows[i].rev && strcmp(rows[i].k, p->steps[s].id) == 0) {
                                f->steps[f->steps_count++] = rows[i];
                                rows[i].rev = 0; /* taken */
                        }
        for (size_t i = 0; i < n; i++)
                if (rows[i].rev)
                        f->steps[f->steps_count++] = rows[i];
        return ERR_OK;
}

int facts_load(struct case_facts *out, struct db *db, const struct pack *pack, struct str application, struct arena *a, struct err *e)
{
        struct case_facts *f = arena_new(a, struct case_facts);
        const char *id = id_text(application, a);
        struct str permit;
        int r;

        if (!id || !f)
                return err_key(e, ERR_ABSENT, "application.absent", "", NULL);
        r = store_row(&f->application, db, TABLE_APPLICATION, id, NULL, a, e);
        if (r < 0)
                return r;
        if (!f->application.rev)
                return err_key(e, ERR_ABSENT, "application.absent", "", NULL);
        permit = row_get_text(&f->application, APPLICATION_permit);
        r = load_steps(f, db, pack, id, a, e);
        if (r == ERR_OK)
                r = load_answers(f, db, pack, id, a, e);
        if (r == ERR_OK && permit.n)
                r = store_row(&f->permit, db, TABLE_PERMIT, arena_copy(a, permit.p, permit.n), NULL, a, e);
        if (r == ERR_OK)
                *out = *f;
        return r;
}

int facts_of_permit(struct case_facts *out, struct db *db, const struct pack *pack, struct str permit, struct arena *a, struct err *e)
{
        const char *id = id_text(permit, a);
        struct row row;
        int r;

        if (!id)
                return err_key(e, ERR_ABSENT, "permit.absent", "", NULL);
        r = store_row(&row, db, TABLE_PERMIT, id, NULL, a, e);
        if (r < 0)
                return r;
        return row.rev ? facts_load(out, db, pack, row_get_text(&row, PERMIT_application), a, e) : err_key(e, ERR_ABSENT, "permit.absent", "", NULL);
}
