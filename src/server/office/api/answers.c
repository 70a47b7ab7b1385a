/* answers.c - see answers.h. */
#include "server/office/api/answers.h"

#include "server/office/api/caller.h"
#include "server/office/api/words.h"

enum { TEXTS_MAX = 8 };

/* ---- read ---- */

/* A table is written anew without escapes, so that its texts come into NFC like all others; what is no JSON core refuses. */
static int read_value(struct str *out, json_t *v, const struct pack_form *form, const char *key, struct arena *a, struct err *e)
{
        const struct pack_field *field = form_find_field(form, key);
        bool table = field && field->type == FIELD_TABLE;
        scoped(json_decref) json_t *rows = json_is_array(v) && table ? json_incref(v) : NULL;
        char *text;
        int r;

        if (!rows && !json_is_string(v))
                return err_key(e, ERR_INPUT, "common.member.type", key, key, NULL);
        if (table && !rows)
                rows = json_loadb(json_string_value(v), json_string_length(v), JSON_REJECT_DUPLICATES, NULL);
        if (!rows)
                return shape_text(out, (struct str){ json_string_value(v), json_string_length(v) }, key, a, e);
        text = json_dumps(rows, JSON_COMPACT);
        r = text ? shape_text(out, str_of(text), key, a, e) : err_set(e, ERR_NOMEM, "table");
        free(text);
        return r;
}

int answers_read(struct given **out, size_t *n, json_t *o, const struct pack_form *form, struct arena *a, struct err *e)
{
        struct given *given;
        const char *key;
        json_t *v;
        size_t have = 0;

        if (json_object_size(o) > FORM_ANSWERS_MAX)
                return err_key(e, ERR_INPUT, "form.too-many", "", NULL);
        given = arena_array(a, json_object_size(o) + 1, sizeof(*given));
        if (!given)
                return err_set(e, ERR_NOMEM, "answers");
        json_object_foreach(o, key, v) {
                int r;

                given[have].field = str_of(arena_text(a, key));
                r = read_value(&given[have].value, v, form, key, a, e);
                if (r < 0)
                        return r;
                have++;
        }
        *out = given;
        *n = have;
        return ERR_OK;
}

/* ---- check ---- */

static int look_up_row(struct request *rq, enum table t, struct str id, int col, const char *bad, struct err *e)
{
        struct row row;
        int r = store_row(&row, rq->db, t, word_of(rq, id), NULL, rq->arena, e);

        if (r < 0)
                return r;
        return row.rev && !row_is(&row, col, bad) ? ERR_OK : err_set(e, ERR_ABSENT, "not in the register");
}

static int look_up_application(struct request *rq, struct str id, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct case_facts *f = arena_new(&a, struct case_facts);
        const struct pack *pack;
        int r = f ? facts_load(f, &pack, rq->office, rq->db, id, rq->now, &a, e) : err_set(e, ERR_NOMEM, "case");

        if (r == ERR_OK && !caller_sees_case(rq, pack, f))
                r = err_set(e, ERR_ABSENT, "not theirs to see");
        return r;
}

/* People who have left and services that are closed are no answer any more. */
static int look_up(void *ctx, const struct pack_field *field, struct str id, struct err *e)
{
        struct request *rq = ctx;

        switch (field->type) {
        case FIELD_PERSON:
                return look_up_row(rq, TABLE_PERSON, id, PERSON_state, "left", e);
        case FIELD_SERVICE:
                return look_up_row(rq, TABLE_SERVICE, id, SERVICE_state, "closed", e);
        default:
                return look_up_application(rq, id, e);
        }
}

/* What is given as answers, unchecked: enough to find the service that conditions speak of. */
static int load_service(struct case_facts *f, struct request *rq, const struct setting *s, const struct pack_procedure *p, const struct given *given, size_t n,
                        struct err *e)
{
        struct answer *answers = arena_array(rq->arena, n + 1, sizeof(*answers));
        struct subject subject = { 0 };
        size_t have = 0;
        int r;

        if (!answers)
                return err_set(e, ERR_NOMEM, "answers");
        for (size_t i = 0; i < n; i++) {
                answers[have].field = form_find_field(s->form, given[i].field.p);
                answers[have].value = str_trim(given[i].value);
                have += answers[have].field != NULL;
        }
        r = facts_subject(&subject, rq->db, p, s->form, answers, have, rq->arena, e);
        f->service = subject.service;
        f->service_ratings = subject.service_ratings;
        f->subcontractors = subject.subcontractors;
        return r;
}

int answers_context(struct answers_context *out, struct request *rq, const struct setting *s, const struct given *given, size_t n, struct err *e)
{
        const struct pack_procedure *p = s->facts ? facts_procedure(s->pack, &s->facts->application) : NULL;
        int r = ERR_OK;

        out->today = utime_date_jst(rq->now);
        out->form = (struct form_context){ .pack = s->pack, .today = &out->today, .lookup = look_up, .lookup_ctx = rq };
        if (!s->form->sheet)
                p = pack_find_procedure(s->pack, s->form->procedure);
        if (!p)
                return ERR_OK;
        out->facts = s->facts ? *s->facts : (struct case_facts){ .application.table = TABLE_APPLICATION };
        if (!s->form->sheet)
                r = load_service(&out->facts, rq, s, p, given, n, e);
        facts_env_init(&out->env, &out->outer, s->pack, p, &out->facts, rq->now);
        out->form.outer = &out->outer;
        return r;
}

int answers_take(const struct answer **out, struct request *rq, const struct setting *s, json_t *o, struct err *e)
{
        struct answers_context *ctx = arena_new(rq->arena, struct answers_context);
        struct answer *answers = arena_array(rq->arena, s->form->fields_count + 1, sizeof(*answers));
        struct given *given = NULL;
        size_t n = 0;
        int r = ctx && answers ? answers_read(&given, &n, o, s->form, rq->arena, e) : err_set(e, ERR_NOMEM, "answers");

        if (r == ERR_OK)
                r = answers_context(ctx, rq, s, given, n, e);
        if (r == ERR_OK)
                r = form_check(answers, s->form, given, n, &ctx->form, rq->arena, e);
        if (r == ERR_OK)
                *out = answers;
        return r;
}

/* ---- texts of acts ---- */

int answers_texts(struct str *out, const struct pack_field *fields, const struct str *in, size_t n, struct request *rq, struct err *e)
{
        const struct pack_form form = { .id = "act", .fields = fields, .fields_count = n };
        struct date today = utime_date_jst(rq->now);
        const struct form_context ctx = { .pack = rq->office->pack, .today = &today };
        struct given given[TEXTS_MAX];
        struct answer answers[TEXTS_MAX];
        int r;

        for (size_t i = 0; i < n; i++)
                given[i] = (struct given){ str_of(fields[i].id), in[i] };
        r = form_check(answers, &form, given, n, &ctx, rq->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                out[i] = answers[i].value;
        return r;
}

/* A reason is a text of several lines like a form's: no control or invisible characters, not too long. */
int answers_reason(struct str *out, struct str in, struct request *rq, struct err *e)
{
        static const struct pack_field field = { .id = "reason", .type = FIELD_LINES, .max_chars = REASON_CHARS };

        return answers_texts(out, &field, &in, 1, rq, e);
}
