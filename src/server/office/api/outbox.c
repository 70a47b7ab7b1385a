/* outbox.c - what the courier fetches and reports as delivered; its own socket. */
#include "server/office/api/handlers.h"
#include "server/office/api/shape.h"
#include "server/office/store/local.h"

enum { AT_ONCE = 50 };

int list_outbox(struct request *rq, struct reply *out, struct err *e)
{
        struct outbox_row rows[AT_ONCE];
        scoped(json_decref) json_t *items = json_array();
        size_t n = 0;
        int r = outbox_next(rows, countof(rows), &n, rq->db, rq->arena, e);

        if (r < 0)
                return r;
        for (size_t i = 0; i < n; i++) {
                json_t *body = json_loadb(rows[i].body.p, rows[i].body.n, JSON_REJECT_DUPLICATES, NULL);

                if (!body || json_array_append_new(items, json_pack("{s:I, s:o, s:o}", "id", (json_int_t)rows[i].id, "at", json_time(rows[i].made_at), "body", body)) < 0)
                        return err_set(e, ERR_TAMPERED, "outbox row %lld", (long long)rows[i].id);
        }
        out->json = json_pack("{s:i, s:b, s:O}", "v", 1, "practice", rq->office->practice, "items", items);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "outbox");
}

static int done_act(struct act *act, void *arg, struct err *e)
{
        return outbox_done(act->db, *(const int64_t *)arg, act->now, e);
}

int outbox_delivered(struct request *rq, struct reply *out, struct err *e)
{
        uint64_t id;
        int64_t row;
        int r;

        if (!str_u64(rq->param, INT64_MAX, &id))
                return err_key(e, ERR_ABSENT, "common.route.absent", "", NULL);
        row = (int64_t)id;
        r = writer_run(rq->office->writer, done_act, &row, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:i}", "v", 1);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "outbox");
}
