/* form_sheet.c - a form as a sheet to fill in outside of the office, and such a sheet as answers. Nothing is stored: who takes the answers
 * keeps them (answer_sheets.c) or fills them in (acts.c).
 */
#include "server/office/api/answer_sheets.h"
#include "server/office/api/handlers.h"
#include "server/office/api/sheets.h"
#include "server/office/api/words.h"

#include "core/form/form_sheet.h"

/* ---- out ---- */

/* The answers of a sheet that is kept here, for whoever may see it, to be confirmed or brought up to date. */
static int kept_answers(struct given **given, size_t *n, struct request *rq, const struct pack_form *form, struct err *e)
{
        struct str id = STR("");
        struct row sheet;
        int r = scgi_field(&id, rq->scgi->query, "answer_sheet", rq->arena, e);

        if (r == ERR_ABSENT || (r == ERR_OK && !id.n))
                return ERR_OK;
        if (r == ERR_OK)
                r = sheet_load(&sheet, given, n, rq, id, e);
        if (r == ERR_OK && !str_is(row_get_text(&sheet, ANSWERSHEET_form), form->id))
                r = err_key(e, ERR_INPUT, "answer-sheet.form.other", "answer_sheet", NULL);
        return r;
}

int get_form_sheet(struct request *rq, struct reply *out, struct err *e)
{
        const struct pack_form *form = form_in(rq->office->pack, rq->param);
        scoped(grid_done) struct grid g = GRID_INIT;
        scoped(json_decref) json_t *grid = NULL;
        struct str format = STR("grid");
        struct given *given = NULL;
        char ending[16];
        size_t n = 0;
        int r;

        if (!form)
                return err_key(e, ERR_ABSENT, "form.absent", "", NULL);
        r = scgi_field(&format, rq->scgi->query, "format", rq->arena, e);
        if (r == ERR_OK || r == ERR_ABSENT)
                r = kept_answers(&given, &n, rq, form, e);
        if (r == ERR_OK)
                r = form_sheet_write(&g, form, given, n, rq->office->pack, rq->lang, e);
        if (r < 0)
                return r;
        grid = grid_json(&g);
        if (!grid)
                return err_set(e, ERR_NOMEM, "sheet");
        (void)snprintf(ending, sizeof(ending), ".%.*s", format.n < 8 ? (int)format.n : 0, format.p);
        if (!str_is(format, "grid"))
                return sheets_send(rq, out, grid, form->id, str_of(ending), e);
        out->json = take(grid);
        return ERR_OK;
}

/* ---- in ---- */

static json_t *slips_json(const struct form_slips *slips)
{
        json_t *list = json_array();

        for (size_t i = 0; i < slips->n; i++) {
                const struct form_slip *s = &slips->at[i];
                scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;
                json_t *args = json_array();

                for (int k = 0; k < s->what.nargs; k++)
                        (void)json_array_append_new(args, json_string(s->what.args[k]));
                text_err(&ja, LANG_JA, &s->what);
                text_err(&en, LANG_EN, &s->what);
                (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o, s:{s:o, s:o}}", "cell", s->cell, "field", s->field ? s->field->id : "", "key", s->what.key,
                                                            "args", args, "message", "ja", json_of(buf_view(&ja)), "en", json_of(buf_view(&en))));
        }
        return list;
}

static json_t *read_json(const struct form_sheet *x)
{
        json_t *answers = json_object();

        for (size_t i = 0; i < x->answers_n; i++)
                (void)json_put(answers, x->answers[i].field->id, json_of(x->answers[i].value));
        return json_pack("{s:s, s:o, s:o, s:I, s:o, s:b}", "form", x->form->id, "answers", answers, "mistakes", slips_json(&x->slips), "mistakes_total",
                         (json_int_t)x->slips.total, "unasked", slips_json(&x->unasked), "ok", x->slips.total == 0);
}

int read_form_sheet(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "grid", MEMBER_OBJECT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        struct answers_context *ctx = arena_new(rq->arena, struct answers_context);
        struct form_sheet *x = arena_new(rq->arena, struct form_sheet);
        struct setting s = { .pack = rq->office->pack, .form = form_in(rq->office->pack, rq->param) };
        scoped(json_decref) json_t *doc = NULL;
        scoped(grid_done) struct grid g = GRID_INIT;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && !s.form)
                r = err_key(e, ERR_ABSENT, "form.absent", "", NULL);
        if (r == ERR_OK && (!ctx || !x))
                r = err_set(e, ERR_NOMEM, "sheet");
        if (r == ERR_OK)
                r = grid_take(&g, v[0].object, e);
        for (size_t i = 0; r == ERR_OK && i < g.n; i++)
                r = sheets_tidy(&g.sheets[i], rq, e);
        if (r == ERR_OK)
                r = form_sheet_read(x, &g, s.form, s.pack, rq->lang, rq->arena, e);
        if (r == ERR_OK)
                r = answers_context(ctx, rq, &s, x->given, x->n, e);
        if (r == ERR_OK)
                r = form_sheet_check(x, &ctx->form, rq->arena, e);
        if (r < 0)
                return r;
        out->json = read_json(x);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "sheet");
}
