/* answer_files.c - answer sheets on their way: out with the proof that our journal names them, in when another's does. */
#include "server/office/api/answer_sheets.h"

#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/command/answer_sheets.h"
#include "server/office/seal.h"
#include "server/office/store/tree.h"
#include "sys/clock.h"

enum { SEAL_WAIT_S = 10 };

/* ---- out ---- */

static int content_of(struct buf *out, struct request *rq, const struct row *sheet, const struct given *given, size_t n, struct err *e)
{
        struct answer_file f = { .install = str_of(rq->office->name), .subject = row_get_text(sheet, ANSWERSHEET_subject), .form = row_get_text(sheet, ANSWERSHEET_form),
                                 .form_hash = row_get_text(sheet, ANSWERSHEET_form_hash), .answered_on = row_get_text(sheet, ANSWERSHEET_answered_on) };
        struct row provider;
        int r = store_row(&provider, rq->db, TABLE_PROVIDER, word_of(rq, row_get_text(sheet, ANSWERSHEET_provider)), NULL, rq->arena, e);

        f.answers = arena_array(rq->arena, n + 1, sizeof(*f.answers));
        if (r < 0 || !f.answers)
                return r < 0 ? r : err_set(e, ERR_NOMEM, "answers");
        for (size_t i = 0; i < n; i++)
                if (given[i].value.n)      /* erased ones stay behind */
                        f.answers[f.n++] = (struct answer_line){ given[i].field, given[i].value };
        f.provider = row_get_text(&provider, PROVIDER_name);
        f.corporate_number = row_get_text(&provider, PROVIDER_corporate_number);
        f.country = row_get_text(&provider, PROVIDER_country);
        f.post = actor_has(&rq->session.who, "secretariat") ? STR("secretariat") : STR("system_manager");
        if (!f.n || !f.provider.n || !f.subject.n || !f.answered_on.n)
                return err_key(e, ERR_CONFLICT, "answer-sheet.empty", "", NULL);
        return answer_content_encode(out, &f, rq->office->log_key.name, e);
}

static int proof_of(struct buf *out, struct request *rq, uint64_t index, struct err *e)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        struct proof *p = arena_new(rq->arena, struct proof);
        struct checkpoint c;
        struct str entry;
        int r = p ? sealer_wait(rq->office->sealer, index, clock_boot() + SEAL_WAIT_S * UTIME_S, e) : err_set(e, ERR_NOMEM, "proof");

        if (r == ERR_OK)
                r = sealer_checkpoint(&c, &note, rq->office->sealer, e);
        if (r == ERR_OK)
                r = journal_entry(&entry, rq->db, index, rq->arena, e);
        if (r == ERR_OK)
                r = tree_prove_inclusion(p, index, c.size, tree_read_db, rq->db, e);
        if (r == ERR_OK)
                proof_format(out, entry, index, p, buf_view(&note));
        return r;
}

int export_answer_sheet(struct request *rq, struct reply *out, struct err *e)
{
        scoped(buf_done) struct buf content = BUF_INIT, proof = BUF_INIT;
        struct act_export act = { .person = rq->session.who.person, .sheet = rq->param };
        struct given *given = NULL;
        struct row sheet;
        size_t n = 0;
        int r = sheet_load(&sheet, &given, &n, rq, rq->param, e);

        if (r == ERR_OK)
                r = content_of(&content, rq, &sheet, given, n, e);
        act.digest = hash_bytes(buf_view(&content));
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_export_sheet, &act, e);
        if (r == ERR_OK)
                r = proof_of(&proof, rq, act.receipt.index, e);
        if (r < 0)
                return r;
        answer_file_format(&out->text, &rq->office->log_key, buf_view(&content), buf_view(&proof));
        if (out->text.n > ANSWER_FILE_MAX)
                return err_key(e, ERR_TOO_BIG, "common.body.big", "", NULL);
        out->type = "application/octet-stream";
        buf_printf(&out->headers, "Content-Disposition: attachment; filename=\"answers-%.8s.sekisho\"\r\n", sheet.id);
        return ERR_OK;
}

/* ---- in ---- */

/* Each text as people's text has to be: NFC, nothing hidden. What the form makes of an answer is asked when it is used. */
static int clean(struct answer_file *f, struct request *rq, struct err *e)
{
        static const struct pack_field one = { .id = "file", .type = FIELD_TEXT }, lines = { .id = "file", .type = FIELD_LINES };
        struct str *heads[] = { &f->install, &f->provider, &f->corporate_number, &f->subject };
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(heads); i++) {
                r = shape_text(heads[i], *heads[i], "file", rq->arena, e);
                if (r == ERR_OK)
                        r = answers_texts(heads[i], &one, heads[i], 1, rq, e);
        }
        for (size_t i = 0; r == ERR_OK && i < f->n; i++) {
                struct str *v = &f->answers[i].value;

                r = shape_text(v, *v, "file", rq->arena, e);
                if (r == ERR_OK && !str_starts(*v, "[{"))      /* a table is looked at as one */
                        r = answers_texts(v, &lines, v, 1, rq, e);
        }
        return r;
}

int receive_answer_sheet(struct request *rq, struct reply *out, struct err *e)
{
        struct answer_file *f = arena_new(rq->arena, struct answer_file);
        struct act_sheet act = { .person = rq->session.who.person };
        int r = f ? sheet_check_rights(rq, true, e) : err_set(e, ERR_NOMEM, "file");

        if (r == ERR_OK)
                r = answer_file_open(f, rq->scgi->body, rq->arena, e);
        if (r == ERR_OK)
                r = clean(f, rq, e);
        if (r < 0)
                return r;
        act.from = f;
        act.file = hash_bytes(rq->scgi->body);
        act.form = word_of(rq, f->form);
        act.form_hash = f->form_hash;
        act.subject = f->subject;
        act.answered_on = f->answered_on;
        act.answers = f->answers;
        act.n = f->n;
        r = writer_run(rq->office->writer, act_keep_sheet, &act, e);
        if (r < 0)
                return r;
        out->status = 201;
        out->json = json_pack("{s:s, s:o, s:b}", "id", act.id, "receipt", json_receipt(&act.receipt), "form_known", form_in(rq->office->pack, f->form) != NULL);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}
