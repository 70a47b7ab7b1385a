/* gates.c - the system manager's view of gates, and new ones. */
#include "server/office/api/handlers.h"
#include "server/office/api/shape.h"
#include "server/office/command/gates.h"
#include "server/office/grants/issue.h"

enum { NAME_BYTES = 400, ID_BYTES = 64 };

static json_t *gate_json(struct request *rq, const struct row *g)
{
        json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:o, s:b}", "id", g->id, "name", json_of(row_get_text(g, GATE_name)),
                              "zone", json_of(row_get_text(g, GATE_zone_id)), "lan", json_of(row_get_text(g, GATE_lan)),
                              "state", json_of(row_get_text(g, GATE_state)), "connected", issuer_is_connected(rq->office->issuer, g->id));

        if (o && row_get_int(g, GATE_applied_seq)) {
                (void)json_put(o, "applied_seq", json_integer(row_get_int(g, GATE_applied_seq)));
                (void)json_put(o, "applied_at", json_time(row_get_int(g, GATE_applied_at)));
        }
        return o;
}

int list_gates(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_gates(&rows, &n, rq->db, rq->arena, e);

        if (r < 0)
                return r;
        for (size_t i = 0; i < n; i++)
                if (json_array_append_new(items, gate_json(rq, &rows[i])) < 0)
                        return err_set(e, ERR_NOMEM, "gates");
        out->json = json_pack("{s:O, s:I}", "items", items, "table_seq", (json_int_t)issuer_seq(rq->office->issuer));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "gates");
}

int add_gate(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "name", MEMBER_TEXT, NAME_BYTES }, { "zone", MEMBER_TEXT, ID_BYTES }, { "lan", MEMBER_TEXT, ID_BYTES } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        scoped(buf_done) struct buf code = BUF_INIT;
        struct act_add_gate act = { .person = rq->session.who.person };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r < 0)
                return r;
        act.name = str_trim(v[0].text);
        act.zone = v[1].text;
        act.lan = v[2].text;
        act.code = &code;
        r = writer_run(rq->office->writer, act_add_gate, &act, e);
        if (r < 0)
                return r;
        out->status = 201;
        out->json = json_pack("{s:s, s:o, s:o}", "id", act.id, "code", json_of(buf_view(&code)), "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "gate");
}
