/* to_mail.c - mail: one message a receiver, several over one connection. */
#include "core/notice/letter.h"
#include "core/notice/mail.h"
#include "link/smtp.h"
#include "server/courier/sink.h"

static void mail_close(void *way)
{
        (void)smtp_close(way);
}

static void *mail_open(struct sink *s, struct err *e)
{
        const struct sink_settings *set = s->set;
        const struct smtp_setup setup = {
                .host = set->server, .port = (uint16_t)set->port, .hello = set->hello, .ca = set->ca, .user = set->user, .password = set->secret.n ? set->secret.p : "",
                .security = strcmp(set->security, "tls") == 0 ? SMTP_TLS : strcmp(set->security, "starttls") == 0 ? SMTP_STARTTLS : SMTP_PLAIN,
                .from = set->from, .patience = s->set->patience_s * UTIME_S, .stop = s->stop,
        };
        struct smtp *out = NULL;

        return smtp_open(&out, &setup, e) < 0 ? NULL : out;
}

static int write_mail(struct buf *out, const struct sink *s, const struct parcel *p, struct err *e)
{
        scoped(buf_done) struct buf subject = BUF_INIT, body = BUF_INIT, id = BUF_INIT;
        struct mail m = { .from = s->set->from, .from_name = s->set->from_name, .to = p->mail, .host = s->host, .at = s->now, .lang = p->lang };

        letter_subject(&subject, p->items, p->items_count, s->town, p->lang);
        letter_body(&body, p->items, p->items_count, s->town, p->lang);
        letter_id(&id, p->items, p->items_count, p->who);
        if (buf_bad(&subject) || buf_bad(&body) || buf_bad(&id))
                return err_set(e, ERR_NOMEM, "mail");
        m.subject = buf_view(&subject);
        m.body = buf_view(&body);
        m.id = buf_view(&id).p;
        return mail_format(out, &m, e);
}

/* An earlier one to the same receiver has to wait: order is kept. */
static bool is_behind(const struct parcel *parcels, size_t i)
{
        for (size_t k = 0; k < i; k++)
                if (parcels[k].state == PARCEL_LATER && strcmp(parcels[k].who, parcels[i].who) == 0)
                        return true;
        return false;
}

static int deliver(struct sink *s, struct parcel *parcels, size_t n, struct err *e)
{
        static const enum parcel_state states[] = { [SMTP_TAKEN] = PARCEL_TAKEN, [SMTP_AWAY] = PARCEL_WAITS, [SMTP_LATER] = PARCEL_LATER, [SMTP_REFUSED] = PARCEL_REFUSED };

        for (size_t i = 0; i < n && !atomic_load(s->stop); i++) {
                struct parcel *p = &parcels[i];
                scoped(buf_done) struct buf message = BUF_INIT;
                enum smtp_said said = SMTP_REFUSED;
                struct err why = { 0 };
                int r;

                if (is_behind(parcels, i))
                        continue;
                r = write_mail(&message, s, p, &why);
                if (r == ERR_OK)
                        r = smtp_send(s->with, p->mail, buf_view(&message), &said, &why);
                if (r == ERR_NOMEM || (r < 0 && said == SMTP_AWAY)) {
                        if (e)
                                *e = why;
                        return r;
                }
                p->state = states[said];
                sink_why(p->why, why.text);
                r = said == SMTP_TAKEN ? sink_taken(s, p, e) : ERR_OK;
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

const struct way way_mail = { mail_open, deliver, mail_close };
