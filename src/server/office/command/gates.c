/* gates.c - see gates.h. */
#include "server/office/command/gates.h"

#include "base/codec.h"
#include "core/form/form.h"
#include "server/office/grants/issue.h"
#include "server/office/store/local.h"
#include "server/office/store/query.h"
#include "sys/entropy.h"

enum { NAME_CHARS = 60, LAN_MAX = 15, CERT_DAYS = 365, BACKDATE_MIN = 5, SEQ_GAP_MAX = 1000000,
       ENFORCED_AT_ONCE = 250 };   /* an entry has at most 65,535 bytes; such an after-image about 170 */

/* ---- register ---- */

/* Linux: at most 15 bytes, no slash, no white space; we also want no surprises. */
static bool lan_ok(struct str s)
{
        for (size_t i = 0; i < s.n; i++) {
                char c = s.p[i];

                if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (i && (c == '-' || c == '_' || c == '.'))))
                        return false;
        }
        return s.n && s.n <= LAN_MAX;
}

static int check_name(struct str *out, struct str in, struct arena *a, struct err *e)
{
        static const struct pack_field field = { .id = "name", .type = FIELD_TEXT, .required = true, .max_chars = NAME_CHARS };
        static const struct pack_form form = { .id = "gate", .fields = &field, .fields_count = 1 };
        struct given given = { .field = STR("name"), .value = in };
        struct answer answer = { 0 };
        int r = form_check(&answer, &form, &given, 1, NULL, a, e);

        if (r == ERR_OK)
                *out = answer.value;
        return r;
}

static int make_code(struct act *act, struct buf *out, const char *gate, struct err *e)
{
        struct enrol_ticket t = { .port = act->office->machines_port, .pin = act->office->machines_pin };
        struct enrol_code row = { .gate = str_of(gate), .until_at = act->now + act->office->pack->settings.enrol_code_hours * UTIME_HOUR };

        if ((size_t)snprintf(t.host, sizeof(t.host), "%s", act->office->machines_host) >= sizeof(t.host))
                return err_set(e, ERR_BUG, "host name of the machines' port is too long");
        entropy_fill(t.secret, sizeof(t.secret));
        row.secret = hash_bytes((struct str){ (const char *)t.secret, sizeof(t.secret) });
        enrol_ticket_encode(out, &t);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "code") : enrol_code_put(act->db, &row, e);
}

int act_add_gate(struct act *act, void *arg, struct err *e)
{
        struct act_add_gate *in = arg;
        const struct pack_zone *zone = pack_find_zone(act->office->pack, arena_copy(act->arena, in->zone.p, in->zone.n));
        struct row gate = row_new(TABLE_GATE, entropy_uuid(act->now), NULL);
        struct changes c;
        struct str name;
        int r = check_name(&name, in->name, act->arena, e);

        if (r < 0)
                return r;
        if (act->office->practice)
                return err_key(e, ERR_RULE, "practice.gate", "", NULL);
        if (!zone)
                return err_key(e, ERR_INPUT, "gate.zone.unknown", "zone", NULL);
        if (!lan_ok(in->lan))
                return err_key(e, ERR_INPUT, "gate.lan.bad", "lan", NULL);
        row_personal(&gate, GATE_name, name);
        row_int(&gate, GATE_zone, zone->number);
        row_text(&gate, GATE_zone_id, str_of(zone->id));
        row_text(&gate, GATE_lan, in->lan);
        row_text(&gate, GATE_state, STR("waiting"));
        changes_init(&c, act->arena, "gate.added", gate.id);
        c.actor = in->person;
        r = changes_add(&c, &gate, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                r = make_code(act, in->code, gate.id, e);
        if (r == ERR_OK)
                memcpy(in->id, gate.id, sizeof(in->id));
        return r;
}

/* ---- enrol ---- */

static int open_code(struct enrol_code *code, struct row *gate, struct act *act, const uint8_t *secret, struct err *e)
{
        struct hash h = hash_bytes((struct str){ (const char *)secret, ENROL_SECRET });
        int r = enrol_code_find(code, act->db, &h, act->arena, e);

        if (r == ERR_ABSENT)
                return err_key(e, ERR_FORBIDDEN, "gate.code.unknown", "", NULL);
        if (r < 0)
                return r;
        if (code->used_at)
                return err_key(e, ERR_FORBIDDEN, "gate.code.used", "", NULL);
        if (act->now >= code->until_at)
                return err_key(e, ERR_FORBIDDEN, "gate.code.over", "", NULL);
        r = store_row(gate, act->db, TABLE_GATE, code->gate.p, NULL, act->arena, e);
        if (r == ERR_OK && (!gate->rev || row_is(gate, GATE_state, "revoked")))
                r = err_key(e, ERR_FORBIDDEN, "gate.code.unknown", "", NULL);
        return r;
}

int act_request_cert(struct act *act, void *arg, struct err *e)
{
        struct act_request_cert *in = arg;
        scoped(buf_done) struct buf fixed = BUF_INIT;
        struct enrol_code code;
        struct changes c;
        struct row gate;
        struct hash digest;
        char hex[2 * HASH_SIZE + 1];
        int r = open_code(&code, &gate, act, in->secret, e);

        if (r < 0)
                return r;
        memcpy(in->cert.point, in->point, sizeof(in->cert.point));
        entropy_fill(in->cert.serial, sizeof(in->cert.serial));
        in->cert.serial[0] = (uint8_t)((in->cert.serial[0] & 0x7f) | 0x40); /* RFC 5280 §4.1.2.2: positive, 20 octets */
        if (!uuid_parse(str_of(gate.id), &in->cert.subject))
                return err_set(e, ERR_BUG, "gate id");
        in->cert.from = act->now - BACKDATE_MIN * UTIME_MIN; /* a gate's clock may be late */
        in->cert.until = act->now + CERT_DAYS * UTIME_DAY < in->ca_until ? act->now + CERT_DAYS * UTIME_DAY : in->ca_until;
        signer_cert_encode(&fixed, &in->cert);
        if (buf_bad(&fixed))
                return err_set(e, ERR_NOMEM, "certificate request");
        digest = hash_bytes(buf_view(&fixed));
        hex_text(hex, digest.b, HASH_SIZE);
        changes_init(&c, act->arena, "gate.certificate", gate.id);
        changes_note(&c, "digest", str_of(hex));
        changes_note_int(&c, "until", in->cert.until);
        return act_append(&in->receipt, act, &c, e);
}

int act_enrol(struct act *act, void *arg, struct err *e)
{
        struct act_enrol *in = arg;
        struct enrol_code code;
        struct changes c;
        char *cert = arena_alloc(act->arena, 2 * HASH_SIZE + 1), *serial = arena_alloc(act->arena, 2 * SERIAL_BYTES + 1);
        int r = cert && serial ? open_code(&code, &in->gate, act, in->secret, e) : err_set(e, ERR_NOMEM, "enrol");

        if (r < 0)
                return r;
        code.used_at = act->now;
        r = enrol_code_put(act->db, &code, e);
        if (r < 0)
                return r;
        hex_text(cert, in->cert.b, HASH_SIZE);
        hex_text(serial, in->serial, SERIAL_BYTES);
        row_text(&in->gate, GATE_state, STR("enrolled"));
        row_text(&in->gate, GATE_cert, str_of(cert));
        row_text(&in->gate, GATE_serial, str_of(serial));
        row_int(&in->gate, GATE_enrolled_at, act->now);
        changes_init(&c, act->arena, "gate.enrolled", in->gate.id);
        r = changes_add(&c, &in->gate, e);
        return r < 0 ? r : act_append(&in->receipt, act, &c, e);
}

/* ---- reports ---- */

/* As many as one entry holds; *more when there are others. */
static int mark_enforced(struct changes *c, bool *more, struct act *act, const struct row *gate, const struct act_applied *in, struct err *e)
{
        struct str *permits = NULL;
        size_t n = 0;
        int r = query_permits_tabled(&permits, &n, act->db, in->table, (uint16_t)row_get_int(gate, GATE_zone), gate->id, act->arena, e);

        *more = n > ENFORCED_AT_ONCE;
        for (size_t i = 0; r == ERR_OK && i < n && i < ENFORCED_AT_ONCE; i++) {
                struct row row;

                r = store_row(&row, act->db, TABLE_ENFORCEMENT, permits[i].p, gate->id, act->arena, e);
                if (r < 0)
                        break;
                row_int(&row, ENFORCEMENT_seq, (int64_t)in->table);
                row_int(&row, ENFORCEMENT_at, in->at);
                r = changes_add(c, &row, e);
        }
        return r;
}

/* One report, and as many entries as its permits need: the gate's row stands in each. */
static int append_applied(struct act *act, struct row *gate, const struct act_applied *in, struct err *e)
{
        bool more = true;
        int r = ERR_OK;

        row_int(gate, GATE_applied_epoch, in->epoch);
        row_int(gate, GATE_applied_seq, (int64_t)in->table);
        row_int(gate, GATE_applied_at, in->at);
        while (r == ERR_OK && more) {
                struct receipt receipt;
                struct changes c;

                changes_init(&c, act->arena, "grants.applied", gate->id);
                changes_note_int(&c, "seq", (int64_t)in->table);
                changes_note_int(&c, "count", in->count);
                r = changes_add(&c, gate, e);
                if (r == ERR_OK)
                        r = mark_enforced(&c, &more, act, gate, in, e);
                if (r == ERR_OK)
                        r = act_append(&receipt, act, &c, e);
                gate->rev++;
        }
        return r;
}

int act_applied(struct act *act, void *arg, struct err *e)
{
        struct act_applied *in = arg;
        struct row gate;
        struct hash ours;
        uint64_t last = 0;
        int r = report_seq_find(&last, act->db, in->gate, in->boot, in->stream, e);

        if (r < 0)
                return r;
        in->ack = last;
        if (in->seq <= last)
                return ERR_OK; /* told before: acknowledged again */
        if (in->seq - last > SEQ_GAP_MAX)
                return err_key(e, ERR_INPUT, "gate.report.seq", "seq", NULL);
        if (in->epoch != act->office->epoch || !issuer_header_hash(act->office->issuer, in->table, &ours) || !hash_eq(&ours, &in->hash))
                return err_key(e, ERR_CONFLICT, "gate.table.differs", "", NULL);
        r = store_row(&gate, act->db, TABLE_GATE, in->gate, NULL, act->arena, e);
        if (r < 0)
                return r;
        r = append_applied(act, &gate, in, e);
        if (r == ERR_OK)
                r = report_seq_put(act->db, in->gate, in->boot, in->stream, in->seq, e);
        if (r == ERR_OK)
                in->ack = in->seq;
        return r;
}
