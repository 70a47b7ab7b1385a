/* keys.c - the signer's keys as people see them, and their rotation by two (command/rotations.h). */
#include "base/codec.h"
#include "server/office/api/answers.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/command/rotations.h"
#include "server/office/gate_key.h"
#include "server/office/seal.h"
#include "server/office/store/query.h"

/* ---- what there is ---- */

static json_t *hex_json(const uint8_t *p, size_t n)
{
        char hex[2 * HASH_SIZE + 1];

        hex_text(hex, p, n);
        return json_string(hex);
}

static json_t *log_json(const struct office *o)
{
        scoped(buf_done) struct buf print = BUF_INIT;

        vkey_fingerprint(&print, &o->log_key);
        return json_pack("{s:s, s:I, s:o}", "use", "log", "generation", (json_int_t)o->epoch, "key", json_of(buf_view(&print)));
}

static json_t *key_json(const char *use, uint32_t generation, const uint8_t key[ED25519_KEY], const uint8_t next[ED25519_KEY])
{
        return json_pack("{s:s, s:I, s:o, s:o}", "use", use, "generation", (json_int_t)generation, "key", hex_json(key, ED25519_KEY), "next", hex_json(next, ED25519_KEY));
}

/* SHA-256 of the certificate and its end; NULL when it cannot be read. */
static json_t *cert_json(struct str der, struct err *e)
{
        scoped(buf_done) struct buf pem = BUF_INIT;
        struct hash h = hash_bytes(der);
        utime_t until = 0;

        if (gate_cert_pem(&pem, der, e) < 0 || gate_ca_until(&until, buf_view(&pem), e) < 0)
                return NULL;
        return json_pack("{s:o, s:o}", "key", hex_json(h.b, HASH_SIZE), "until", json_time(until));
}

static json_t *ca_json(const struct signer_info *k, struct err *e)
{
        json_t *o = cert_json(k->ca, e);

        if (!o || json_object_set_new(o, "use", json_string("ca")) || json_object_set_new(o, "generation", json_integer(k->ca_generation)) ||
            (k->ca_next.n && !json_put(o, "prepared", cert_json(k->ca_next, e))) || (k->root.n && !json_put(o, "root", cert_json(k->root, e)))) {
                json_decref(o);
                return NULL;
        }
        return o;
}

static json_t *rotation_json(struct request *rq, const struct row *r)
{
        const char *me = rq->session.who.person;
        bool late = row_is(r, ROTATION_state, "asked") && rotation_is_late(r, rq->now);
        json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:b}", "id", r->id, "use", json_of(row_get_text(r, ROTATION_use)), "reason",
                              json_of(row_get_text(r, ROTATION_reason)), "asked_by", person_json(rq, row_get_text(r, ROTATION_asked_by)), "asked_at",
                              json_time(row_get_int(r, ROTATION_asked_at)), "state", late ? json_string("late") : json_of(row_get_text(r, ROTATION_state)), "may_confirm",
                              rotation_may_confirm(r, me, rq->now, NULL) == ERR_OK, "may_end", row_is(r, ROTATION_state, "asked"));

        if (o && row_get_text(r, ROTATION_done_by).n)
                (void)(json_put(o, "done_by", person_json(rq, row_get_text(r, ROTATION_done_by))) && put_time(o, "done_at", row_get_int(r, ROTATION_done_at)));
        if (o && row_get_int(r, ROTATION_generation))
                (void)(json_put(o, "generation", json_integer(row_get_int(r, ROTATION_generation))) && put_str(o, "key", row_get_text(r, ROTATION_key)));
        if (o)
                (void)put_time(o, "rotated_at", row_get_int(r, ROTATION_rotated_at));
        return o;
}

int list_keys(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *rotations = json_array();
        scoped(buf_done) struct buf room = BUF_INIT;
        struct signer_info k;
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, rq->db, ROTATIONS_ALL, STR(""), rq->arena, e);

        if (r == ERR_OK)
                r = sealer_info(&k, &room, rq->office->sealer, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < n; i++)
                if (json_array_append_new(rotations, rotation_json(rq, &rows[i])) < 0)
                        return err_set(e, ERR_NOMEM, "rotations");
        out->json = json_pack("{s:[o, o, o, o], s:O}", "items", log_json(rq->office), key_json("table", k.table_generation, k.table_key, k.table_next[0]),
                              key_json("order", k.order_generation, k.order_key, k.order_next[0]), ca_json(&k, e), "rotations", rotations);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "keys");
}

/* ---- acts ---- */

int ask_rotation(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "use", MEMBER_TEXT, ID_BYTES, false }, { "reason", MEMBER_TEXT, REASON_BYTES, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_ask_rotation act = { .person = rq->session.who.person };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[1].text, rq, e);
        act.use = v[0].text;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_ask_rotation, &act, e);
        if (r < 0)
                return r;
        out->status = 201;
        out->json = json_pack("{s:s, s:o}", "id", act.id, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

static int no_members(struct request *rq, struct err *e)
{
        struct member_value none[1];
        scoped(json_decref) json_t *doc = NULL;
        struct uuid id;
        int r = shape_read(&doc, none, rq->scgi->body, NULL, 0, rq->arena, e);

        return r == ERR_OK && !uuid_parse(rq->param, &id) ? err_key(e, ERR_ABSENT, "rotation.absent", "", NULL) : r;
}

static void from_info(struct act_confirm_rotation *act, unsigned use, const struct signer_info *k)
{
        const struct { unsigned use; uint32_t generation; const uint8_t *was, (*next)[ED25519_KEY]; } keys[] = {
                { KEYLINK_LOG, k->epoch, k->log_key, &k->log_next }, { KEYLINK_TABLE, k->table_generation, k->table_key, k->table_next }, { KEYLINK_ORDER, k->order_generation, k->order_key, k->order_next },
        };
        struct hash now = hash_bytes(k->ca), then = hash_bytes(k->ca_next);

        act->link = (struct keylink){ .use = (uint16_t)use, .generation = k->ca_generation + 1, .install = k->install };
        memcpy(act->was, now.b, HASH_SIZE);
        memcpy(act->link.current, then.b, HASH_SIZE);
        for (size_t i = 0; i < countof(keys); i++)
                if (keys[i].use == use) {
                        act->link.generation = keys[i].generation + 1;
                        memcpy(act->was, keys[i].was, ED25519_KEY);
                        memcpy(act->link.current, keys[i].next[0], ED25519_KEY);
                        if (use == KEYLINK_LOG)
                                memset(act->link.next, 0, ED25519_KEY);        /* the next epoch says */
                        else
                                memcpy(act->link.next, keys[i].next[1], ED25519_KEY);
                }
}

/* The signer is asked before the writer, so that the entry names the keys that it has; nothing else turns them meanwhile, since one rotation
 * of a use is open at a time. */
int confirm_rotation(struct request *rq, struct reply *out, struct err *e)
{
        struct act_confirm_rotation act = { .person = rq->session.who.person, .id = rq->param };
        scoped(buf_done) struct buf room = BUF_INIT;
        struct signer_info k;
        struct row rotation;
        unsigned use = 0;
        int r = no_members(rq, e);

        if (r == ERR_OK)
                r = store_row(&rotation, rq->db, TABLE_ROTATION, word_of(rq, rq->param), NULL, rq->arena, e);
        if (r == ERR_OK && (!rotation.rev || !keylink_use_find(&use, row_get_text(&rotation, ROTATION_use))))
                r = err_key(e, ERR_ABSENT, "rotation.absent", "", NULL);
        if (r == ERR_OK)
                r = rotation_may_confirm(&rotation, act.person, rq->now, e);
        if (r == ERR_OK)
                r = sealer_info(&k, &room, rq->office->sealer, e);
        if (r == ERR_OK && use == KEYLINK_CA && !k.ca_next.n)
                r = err_key(e, ERR_RULE, "rotation.ca.none", "", NULL);
        if (r < 0)
                return r;
        from_info(&act, use, &k);
        r = writer_run(rq->office->writer, act_confirm_rotation, &act, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:o}", "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

int end_rotation(struct request *rq, struct reply *out, struct err *e)
{
        struct act_end_rotation act = { .person = rq->session.who.person, .id = rq->param };
        int r = no_members(rq, e);

        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_end_rotation, &act, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:o}", "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}
