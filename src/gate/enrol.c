/* enrol.c - see enrol.h. */
#include "gate/enrol.h"

#include "base/codec.h"
#include "core/text/text.h"
#include "gate/server.h"
#include "gate/settings.h"
#include "link/devkey.h"
#include "link/https.h"
#include "sys/log.h"
#include "wire/enrol.h"

#define PATIENCE (30 * UTIME_S)

/* Both languages: whoever stands at the machine may read either, and its locale says little. */
static void say(FILE *to, const struct err *e)
{
        static const enum lang langs[] = { LANG_JA, LANG_EN };

        for (size_t i = 0; i < countof(langs); i++) {
                scoped(buf_done) struct buf line = BUF_INIT;

                text_err(&line, langs[i], e);
                (void)fprintf(to, "%s\n", buf_view(&line).p);
        }
}

static int request_make(struct buf *json, const struct enrol_ticket *t, const struct buf *key, struct err *e)
{
        char secret_hex[2 * ENROL_SECRET + 1], point_hex[2 * ENROL_POINT + 1];
        scoped(buf_done) struct buf message = BUF_INIT;
        scoped(buf_done) struct buf proof = BUF_INIT;
        uint8_t point[ENROL_POINT];
        int r = devkey_point(point, buf_view(key), e);

        if (r < 0)
                return r;
        buf_text(&message, ENROL_PROOF_CONTEXT);
        buf_add(&message, t->secret, sizeof(t->secret));
        buf_add(&message, point, sizeof(point));
        r = devkey_sign(&proof, buf_view(key), buf_view(&message), e);
        if (r < 0)
                return r;
        hex_text(secret_hex, t->secret, sizeof(t->secret));
        hex_text(point_hex, point, sizeof(point));
        buf_printf(json, "{\"v\":1,\"secret\":\"%s\",\"point\":\"%s\",\"proof\":\"", secret_hex, point_hex);
        hex_encode(json, proof.p, proof.n);
        buf_text(json, "\"}");
        return buf_bad(json) || buf_bad(&message) ? err_set(e, ERR_NOMEM, "enrolment") : ERR_OK;
}

static int pem_take(struct buf *to, const json_t *o, const char *field, struct err *e)
{
        const json_t *v = json_object_get(o, field);

        if (!json_is_string(v) || !json_string_length(v))
                return err_set(e, ERR_INPUT, "'%s' is missing", field);
        buf_add(to, json_string_value(v), json_string_length(v));
        return buf_bad(to) ? err_set(e, ERR_NOMEM, "enrolment") : ERR_OK;
}

static int answer_take(struct settings *s, json_t *o, const struct enrol_ticket *t, struct err *e)
{
        int r = json_object_set_new(o, "host", json_string(t->host)) || json_object_set_new(o, "port", json_integer(t->port))
                        ? err_set(e, ERR_NOMEM, "enrolment")
                        : settings_parse(s, o, e);
        struct vkey log;

        if (r == ERR_OK)
                r = vkey_parse(&log, str_of(s->log_key), e);
        if (r == ERR_OK)
                r = pem_take(&s->certificate, o, "certificate", e);
        if (r == ERR_OK)
                r = pem_take(&s->ca, o, "ca", e);
        if (r == ERR_OK)
                r = devkey_fits(buf_view(&s->key), buf_view(&s->certificate), e);
        return r;
}

/* What the server refused with: its own key when we know the words, else what it said. */
static int refusal(int status, const struct buf *answer, struct err *e)
{
        scoped(server_error_done) struct server_error why = server_error_parse(buf_view(answer));

        if (why.key && text_known(why.key))
                return err_key(e, ERR_FORBIDDEN, why.key, "", why.arg, NULL);
        return err_key(e, ERR_FORBIDDEN, "gate.enrol.refused", "", why.key ? why.key : "?", NULL);
}

static int ask(struct settings *s, const struct enrol_ticket *t, const char *server, struct err *e)
{
        scoped(https_close) struct https *h = NULL;
        scoped(buf_done) struct buf request = BUF_INIT;
        scoped(buf_done) struct buf answer = BUF_INIT;
        struct https_setup setup = { .host = t->host, .port = t->port, .pin = t->pin.b };
        char connect_host[SERVER_HOST];
        json_t *o;
        int status = 0, r;

        r = server ? server_parse(connect_host, &setup.connect_port, server, e) : ERR_OK;
        setup.connect_host = server ? connect_host : NULL;
        if (r == ERR_OK)
                r = request_make(&request, t, &s->key, e);
        if (r == ERR_OK)
                r = https_open(&h, &setup, e);
        if (r < 0)
                return r;
        r = https_call(h, "/m/v1/enrol", buf_view(&request), PATIENCE, &status, &answer, e);
        if (r == ERR_TAMPERED)
                return err_key(e, r, "gate.enrol.other-server", "", t->host, NULL);
        if (r < 0) {
                log_say(LOG_INFO, "%s", e->text);
                return err_key(e, r, "gate.enrol.unreachable", "", t->host, NULL);
        }
        if (status != 200)
                return refusal(status, &answer, e);

        o = json_loadb(answer.p, answer.n, JSON_REJECT_DUPLICATES, NULL);
        r = json_is_object(o) ? answer_take(s, o, t, e) : err_set(e, ERR_INPUT, "the answer is not JSON");
        json_decref(o);
        if (r < 0) {
                log_say(LOG_ERROR, "%s", e->text);
                return err_key(e, r, "gate.enrol.answer", "", NULL);
        }
        return ERR_OK;
}

static int enrol(struct settings *s, const char *code, const char *server, struct err *e)
{
        struct enrol_ticket t;
        int r;

        if (settings_exist(s->dir))
                return err_key(e, ERR_CONFLICT, "gate.enrol.already", "", s->dir, NULL);
        r = enrol_ticket_decode(&t, str_of(code), e);
        if (r == ERR_OK)
                r = devkey_make(&s->key, e);
        if (r == ERR_OK)
                r = ask(s, &t, server, e);
        explicit_bzero(&t, sizeof(t));
        return r < 0 ? r : settings_store(s, e);
}

int enrol_run(const char *code, const char *dir, const char *server, struct err *e)
{
        scoped(settings_done) struct settings s = { 0 };
        struct err done = { 0 };
        int r;

        (void)snprintf(s.dir, sizeof(s.dir), "%s", dir);
        r = enrol(&s, code, server, e);
        if (r < 0) {
                say(stderr, e);
                return r;
        }
        (void)err_key(&done, ERR_OK, "gate.enrol.done", "", s.name, s.lan, dir, NULL);
        say(stdout, &done);
        return ERR_OK;
}
