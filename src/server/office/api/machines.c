/* machines.c - the machines' API (docs/formats/machines.md): enrol, stream of grants, report. */
#include "server/office/api/handlers.h"
#include "server/office/api/shape.h"
#include "server/office/command/gates.h"
#include "server/office/gate_key.h"
#include "server/office/grants/issue.h"
#include "server/office/seal.h"

#include "base/codec.h"
#include "sys/clock.h"
#include "sys/log.h"

enum { TEXT_BYTES = 1024, SIGN_MS = 5000, PROOF_MAX = 80, AHEAD_S = 60 };

static int check_version(struct request *rq, int64_t v, struct err *e)
{
        return str_is(rq->scgi->wire_version, "1") && v == 1 ? ERR_OK : err_key(e, ERR_INPUT, "gate.wire.version", "", "1", NULL);
}

static int enrol_answer(struct reply *out, struct request *rq, const struct row *gate, struct str der, struct err *e)
{
        scoped(buf_done) struct buf pem = BUF_INIT, vkey = BUF_INIT;
        scoped(buf_done) struct buf room = BUF_INIT;
        char table_key[2 * ED25519_KEY + 1], table_next[2 * ED25519_KEY + 1];
        struct signer_info keys;
        int r = sealer_info(&keys, &room, rq->office->sealer, e);

        if (r == ERR_OK)
                r = gate_cert_pem(&pem, der, e);
        if (r == ERR_OK && keys.root.n) /* the gate shows it with its own: whoever trusts the root can follow */
                r = gate_cert_pem(&pem, keys.ca, e);
        if (r < 0)
                return r;
        vkey_format(&vkey, &rq->office->log_key);
        hex_text(table_key, keys.table_key, ED25519_KEY);
        hex_text(table_next, keys.table_next[0], ED25519_KEY);
        out->json = json_pack("{s:i, s:s, s:I, s:s, s:o, s:I, s:o, s:o, s:o, s:o, s:s, s:s, s:I, s:I}", "v", 1, "install", rq->office->install_text,
                              "epoch", (json_int_t)rq->office->epoch, "gate", gate->id, "name", json_of(row_get_text(gate, GATE_name)),
                              "zone", (json_int_t)row_get_int(gate, GATE_zone), "lan", json_of(row_get_text(gate, GATE_lan)),
                              "certificate", json_of(buf_view(&pem)), "ca", json_of(buf_view(&rq->office->ca_pem)), "log_key", json_of(buf_view(&vkey)),
                              "table_key", table_key, "table_next", table_next, "table_generation", (json_int_t)keys.table_generation, "now", (json_int_t)office_now(rq->office));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "enrolment");
}

/* Until when the issuing CA holds: no certificate outlives it. */
static int ca_until(utime_t *out, const struct office *o, struct err *e)
{
        scoped(buf_done) struct buf room = BUF_INIT, pem = BUF_INIT;
        struct signer_info keys;
        int r = sealer_info(&keys, &room, o->sealer, e);

        if (r == ERR_OK)
                r = gate_cert_pem(&pem, keys.ca, e);
        return r < 0 ? r : gate_ca_until(out, buf_view(&pem), e);
}

int enrol_gate(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "v", MEMBER_INT, 0 }, { "secret", MEMBER_TEXT, 64 }, { "point", MEMBER_TEXT, 256 }, { "proof", MEMBER_TEXT, 256 } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        scoped(buf_done) struct buf der = BUF_INIT;
        uint8_t secret[ENROL_SECRET], proof[PROOF_MAX];
        struct act_request_cert first = { .secret = secret };
        struct act_enrol second = { .secret = secret };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = check_version(rq, v[0].i, e);
        if (r < 0)
                return r;
        if (!hex_decode(v[1].text, secret, sizeof(secret)) || !hex_decode(v[2].text, first.point, sizeof(first.point)) || v[3].text.n > 2 * sizeof(proof) ||
            !hex_decode(v[3].text, proof, v[3].text.n / 2))
                return err_key(e, ERR_INPUT, "gate.enrol.malformed", "", NULL);
        r = gate_key_check(secret, first.point, (struct str){ (const char *)proof, v[3].text.n / 2 }, e);
        if (r == ERR_OK)
                r = ca_until(&first.ca_until, rq->office, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_request_cert, &first, e);
        if (r == ERR_OK)
                r = sealer_wait(rq->office->sealer, first.receipt.index, clock_boot() + SIGN_MS * UTIME_MS, e);
        if (r == ERR_OK)
                r = sealer_sign_cert(&der, rq->office->sealer, first.receipt.index, &first.cert, e);
        if (r < 0)
                return r;
        second.cert = hash_bytes(buf_view(&der));
        second.serial = first.cert.serial;
        r = writer_run(rq->office->writer, act_enrol, &second, e);
        if (r < 0)
                return r;
        r = store_row(&second.gate, rq->db, TABLE_GATE, second.gate.id, NULL, rq->arena, e); /* the act's arena is gone */
        return r < 0 ? r : enrol_answer(out, rq, &second.gate, buf_view(&der), e);
}

int stream_grants(struct request *rq, struct reply *out, struct err *e)
{
        static const struct str head = STR("Status: 200 OK\r\nContent-Type: application/octet-stream\r\nCache-Control: no-store\r\n"
                                   "X-Accel-Buffering: no\r\nSekisho-Version: 1\r\n\r\n");
        struct str epoch_text, seq_text;
        uint64_t epoch, seq;
        int r = scgi_field(&epoch_text, rq->scgi->query, "epoch", rq->arena, e);

        if (r == ERR_OK)
                r = scgi_field(&seq_text, rq->scgi->query, "seq", rq->arena, e);
        if (r < 0 || !str_u64(epoch_text, UINT32_MAX, &epoch) || !str_u64(seq_text, INT64_MAX, &seq))
                return err_key(e, ERR_INPUT, "gate.stream.place", "", NULL);
        r = sock_write(rq->fd, head, clock_boot() + SIGN_MS * UTIME_MS, e);
        if (r == ERR_OK)
                r = issuer_serve(rq->office->issuer, rq->fd, rq->gate.id, (uint32_t)epoch, seq, e);
        if (r < 0) { /* the head is out: all that is left is to close */
                log_err(e, "stream of gate %s", rq->gate.id);
                (void)close(rq->fd);
        }
        out->streamed = true;
        return ERR_OK;
}

int report_applied(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "v", MEMBER_INT, 0 }, { "boot", MEMBER_TEXT, 64 }, { "stream", MEMBER_TEXT, 32 },
                                                 { "seq", MEMBER_INT, 0 }, { "applied", MEMBER_OBJECT, 0 } };
        static const struct { const char *name; int64_t max; } numbers[] = {       /* none of them is ever negative */
                { "epoch", UINT32_MAX }, { "table", INT64_MAX }, { "at", INT64_MAX }, { "count", GRANT_COUNT_MAX },
        };
        int64_t number[countof(numbers)];
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_applied act = { .gate = rq->gate.id };
        struct uuid boot;
        json_t *hash;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = check_version(rq, v[0].i, e);
        if (r < 0)
                return r;
        hash = json_object_get(v[4].object, "hash");
        for (size_t i = 0; i < countof(numbers); i++) {
                json_t *o = json_object_get(v[4].object, numbers[i].name);

                if (!json_is_integer(o))
                        return err_key(e, ERR_INPUT, "common.member.type", "", numbers[i].name, NULL);
                number[i] = json_integer_value(o);
                if (number[i] < 0 || number[i] > numbers[i].max)
                        return err_key(e, ERR_INPUT, "gate.report.malformed", "", NULL);
        }
        if (!uuid_parse(v[1].text, &boot) || !str_is(v[2].text, "applied") || v[3].i < 1 || json_object_size(v[4].object) != countof(numbers) + 1 ||
            !json_is_string(hash) || !hex_decode(str_of(json_string_value(hash)), act.hash.b, HASH_SIZE))
                return err_key(e, ERR_INPUT, "gate.report.malformed", "", NULL);
        act.boot = v[1].text;
        act.stream = v[2].text;
        act.seq = (uint64_t)v[3].i;
        act.epoch = (uint32_t)number[0];
        act.table = (uint64_t)number[1];
        act.at = number[2];
        act.count = number[3];
        if (act.at > rq->now + AHEAD_S * UTIME_S)
                return err_key(e, ERR_INPUT, "gate.report.future", "at", NULL);
        r = writer_run(rq->office->writer, act_applied, &act, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:i, s:I, s:i}", "v", 1, "ack", (json_int_t)act.ack, "retry_after_ms", 0);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "report");
}
