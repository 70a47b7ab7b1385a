/* witnesses.c - witnesses of the log: who they are, what they signed last, and a checkpoint that one of them sends back. */
#include "core/journal/cosign.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/command/witnesses.h"
#include "server/office/store/query.h"
#include "wire/answer_file.h"

static json_t *witness_json(const struct row *w)
{
        scoped(buf_done) struct buf print = BUF_INIT;
        struct vkey key;
        json_t *o;

        if (witness_key_parse(&key, row_get_text(w, WITNESS_key), NULL) == ERR_OK)
                witness_key_fingerprint(&print, &key);
        o = json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o}", "id", w->id, "rev", (json_int_t)w->rev, "name", json_of(row_get_text(w, WITNESS_name)), "key",
                      json_of(row_get_text(w, WITNESS_key)), "fingerprint", json_of(buf_view(&print)), "state", json_of(row_get_text(w, WITNESS_state)), "added_at",
                      json_time(row_get_int(w, WITNESS_added_at)));
        if (o && row_get_int(w, WITNESS_size))
                (void)json_put(o, "last", json_pack("{s:I, s:I, s:o, s:o}", "epoch", (json_int_t)row_get_int(w, WITNESS_epoch), "size",
                                                    (json_int_t)row_get_int(w, WITNESS_size), "root", json_of(row_get_text(w, WITNESS_root)), "at",
                                                    json_time(row_get_int(w, WITNESS_at))));
        return o;
}

int list_witnesses(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        scoped(buf_done) struct buf own = BUF_INIT, key = BUF_INIT;
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, rq->db, WITNESSES_ALL, STR(""), rq->arena, e);

        if (r < 0)
                return r;
        for (size_t i = 0; i < n; i++)
                if (json_array_append_new(items, witness_json(&rows[i])) < 0)
                        return err_set(e, ERR_NOMEM, "witnesses");
        vkey_format(&key, &rq->office->log_key);
        vkey_fingerprint(&own, &rq->office->log_key);
        out->json = json_pack("{s:O, s:I, s:o, s:o}", "items", items, "total", (json_int_t)n, "log_key", json_of(buf_view(&key)), "log_fingerprint", json_of(buf_view(&own)));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "witnesses");
}

/* The key may come by mail; the fingerprint comes from the witness's paper, and the two must agree. */
int add_witness(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "key", MEMBER_TEXT, NOTE_VKEY_MAX, false }, { "fingerprint", MEMBER_TEXT, 2 * FINGERPRINT_TEXT, false } };
        scoped(json_decref) json_t *doc = NULL;
        scoped(buf_done) struct buf print = BUF_INIT;
        struct member_value v[countof(members)] = { 0 };
        struct act_witness act = { .person = rq->session.who.person };
        char is[FINGERPRINT_TEXT], typed[FINGERPRINT_TEXT];
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && witness_key_parse(&act.key, str_trim(v[0].text), NULL) < 0)
                r = err_key(e, ERR_INPUT, "witness.their-key", "key", NULL);
        if (r < 0)
                return r;
        witness_key_fingerprint(&print, &act.key);
        if (!fingerprint_parse(is, buf_view(&print)) || !fingerprint_parse(typed, str_trim(v[1].text)) || strcmp(is, typed) != 0)
                return err_key(e, ERR_INPUT, "witness.their-fingerprint", "fingerprint", NULL);
        r = writer_run(rq->office->writer, act_add_witness, &act, e);
        if (r < 0)
                return r;
        out->status = 201;
        out->json = json_pack("{s:s, s:o}", "id", act.id, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

int end_witness(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_witness_end act = { .person = rq->session.who.person, .id = rq->param };
        struct uuid id;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        act.rev = v[0].i;
        if (r == ERR_OK)
                r = uuid_parse(rq->param, &id) ? writer_run(rq->office->writer, act_end_witness, &act, e) : err_key(e, ERR_ABSENT, "witness.none", "", NULL);
        if (r < 0)
                return r;
        out->json = json_pack("{s:I, s:o}", "rev", (json_int_t)act.rev_after, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

int keep_cosigned(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "note", MEMBER_TEXT, NOTE_MAX, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_cosigned act = { .person = rq->session.who.person };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        act.note = v[0].text;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_keep_cosigned, &act, e);
        if (r < 0)
                return r;
        out->status = 201;
        out->json = json_pack("{s:I, s:I, s:o}", "size", (json_int_t)act.size, "witnesses", (json_int_t)act.signed_by, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}
