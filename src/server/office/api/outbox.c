/* outbox.c - what the courier fetches and reports as settled; its own socket. */
#include "server/office/api/handlers.h"
#include "server/office/api/shape.h"
#include "server/office/store/outbox.h"

enum { AT_ONCE = 100, SINK_MAX = 32, WHO_MAX = 64, WHY_MAX = 300 };

static int read_query(struct str *sink, int64_t *after, struct request *rq, struct err *e)
{
        struct str text = STR("0");
        uint64_t v = 0;
        int r = scgi_field(sink, rq->scgi->query, "sink", rq->arena, e);

        if (r == ERR_OK || r == ERR_ABSENT)
                r = scgi_field(&text, rq->scgi->query, "after", rq->arena, e);
        if (r < 0 && r != ERR_ABSENT)
                return r;
        err_clear(e);
        if (!str_u64(text, INT64_MAX, &v))
                return err_key(e, ERR_INPUT, "common.member.type", "", "after", NULL);
        *after = (int64_t)v;
        return ERR_OK;
}

/* Without a sink: everything that lies there, oldest first. */
int list_outbox(struct request *rq, struct reply *out, struct err *e)
{
        struct outbox_row rows[AT_ONCE];
        scoped(json_decref) json_t *items = json_array();
        struct str sink = STR("");
        int64_t after = 0;
        size_t n = 0;
        int r = read_query(&sink, &after, rq, e);

        if (r == ERR_OK)
                r = sink.n ? outbox_open(rows, countof(rows), &n, rq->db, sink, after, rq->arena, e) : outbox_list(rows, countof(rows), &n, rq->db, after, rq->arena, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < n; i++) {
                json_t *body = json_loadb(rows[i].body.p, rows[i].body.n, JSON_REJECT_DUPLICATES, NULL);

                if (!body || json_array_append_new(items, json_pack("{s:I, s:o, s:b, s:o}", "id", (json_int_t)rows[i].id, "at", json_time(rows[i].made_at),
                                                                    "urgent", rows[i].urgent, "body", body)) < 0)
                        return err_set(e, ERR_TAMPERED, "outbox row %lld", (long long)rows[i].id);
        }
        out->json = json_pack("{s:i, s:b, s:o, s:O}", "v", 1, "practice", rq->office->practice, "now", json_time(rq->now), "items", items);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "outbox");
}

struct settled { struct str sink; json_t *items; };

static const struct member settled_members[] = {
        { "id", MEMBER_INT }, { "who", MEMBER_TEXT, WHO_MAX }, { "state", MEMBER_TEXT, 10 }, { "why", MEMBER_TEXT, WHY_MAX },
};

static int settle_act(struct act *act, void *arg, struct err *e)
{
        const struct settled *in = arg;
        json_t *item;
        size_t i;

        json_array_foreach(in->items, i, item) {
                struct member_value v[countof(settled_members)];
                struct outbox_row row;
                int r = shape_members(v, item, settled_members, countof(settled_members), act->arena, e);

                if (r == ERR_OK && !str_is(v[2].text, "done") && !str_is(v[2].text, "failed"))
                        r = err_key(e, ERR_INPUT, "common.member.type", "", "state", NULL);
                if (r == ERR_OK)
                        r = outbox_get(&row, act->db, v[0].i, act->arena, e);
                if (r == ERR_ABSENT) { /* swept meanwhile */
                        err_clear(e);
                        continue;
                }
                if (r == ERR_OK)
                        r = sent_put(act->db, &(struct sent_row){ row.id, in->sink, v[1].text, v[2].text, v[3].text, act->now }, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

int settle_outbox(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "sink", MEMBER_TEXT, SINK_MAX }, { "items", MEMBER_ARRAY } };
        scoped(json_decref) json_t *doc = NULL;
        struct member_value v[countof(members)];
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && json_array_size(v[1].object) > AT_ONCE)
                r = err_key(e, ERR_TOO_BIG, "common.member.long", "", "items", NULL);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, settle_act, &(struct settled){ v[0].text, v[1].object }, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:i}", "v", 1);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "outbox");
}
