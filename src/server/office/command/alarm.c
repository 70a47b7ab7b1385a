/* alarm.c - see alarm.h. */
#include "server/office/command/alarm.h"

#include "server/office/command/incidents.h"
#include "server/office/command/notice.h"
#include "server/office/store/query_incident.h"
#include "sys/entropy.h"

void fresh_ids_fill(struct fresh_ids *ids, utime_t now)
{
        ids->used = 0;
        for (size_t i = 0; i < INCIDENT_IDS; i++)
                ids->ids[i] = entropy_uuid(now);
}

const char *drill_key(const struct row *incident, const char *real, const char *drill)
{
        return row_get_int(incident, INCIDENT_drill) ? drill : real;
}

/* ---- facts ---- */

static int rows(struct row_list *out, struct act *act, enum incident_rows by, const char *id, struct err *e)
{
        struct row *list = NULL;
        size_t n = 0;
        int r = query_incident_rows(&list, &n, act->db, by, str_of(id), act->arena, e);

        if (r == ERR_OK)
                *out = (struct row_list){ list, n };
        return r;
}

static int load(struct alarm_facts *out, struct act *act, const char *incident, struct err *e)
{
        int r = store_row(&out->incident, act->db, TABLE_INCIDENT, incident, NULL, act->arena, e);

        if (r == ERR_OK)
                r = rows(&out->alerts, act, ALERTS_OF_INCIDENT, incident, e);
        return r == ERR_OK ? rows(&out->contacts, act, CONTACTS_ACTIVE, "", e) : r;
}

/* ---- who is told ---- */

static const struct row *contact_of(const struct alarm_facts *f, const struct row *alert)
{
        for (size_t i = 0; i < f->contacts.n; i++)
                if (row_is(alert, ALERT_contact, f->contacts.rows[i].id))
                        return &f->contacts.rows[i];
        return NULL;
}

static bool is_reachable(const struct row *contact)
{
        return row_get_text(contact, CONTACT_person).n || row_get_text(contact, CONTACT_mail).n;
}

static void add_contact(struct notice_to *to, const struct row *contact)
{
        if (row_get_text(contact, CONTACT_person).n)
                notice_to_person(to, row_get_text(contact, CONTACT_person));
        if (row_get_text(contact, CONTACT_mail).n)
                notice_to_contact(to, str_of(contact->id));
}

/* Somebody must lift the telephone: the next one of the ladder whom a message reaches, else whoever holds the roles. */
static int add_caller(struct notice_to *to, struct act *act, const struct alarm_facts *f, const struct row *contact, struct err *e)
{
        struct rung rungs[LADDER_MAX];
        size_t n = ladder_build(rungs, &f->contacts, ladder_watch(act->office->pack, act->now)), at = 0;

        for (size_t i = 0; i < n; i++)
                if (rungs[i].contact == contact)
                        at = i + 1;
        for (size_t i = 0; i < n; i++) {
                const struct rung *next = &rungs[(at + i) % n];

                if (next->alarmed && next->contact != contact && is_reachable(next->contact)) {
                        add_contact(to, next->contact);
                        return ERR_OK;
                }
        }
        return incident_tell_roles(to, act, e);
}

static int tell_call(struct act *act, const struct alarm_facts *f, const struct row *alert, struct err *e)
{
        const struct row *contact = contact_of(f, alert), *incident = &f->incident;
        bool phone = contact && !is_reachable(contact);
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        char once[16 + UUID_TEXT], until[UTIME_TEXT];
        int r = ERR_OK;

        if (!contact)
                r = incident_tell_roles(&to, act, e);
        else if (phone)
                r = add_caller(&to, act, f, contact, e);
        else
                add_contact(&to, contact);
        (void)snprintf(once, sizeof(once), "alert:%s", alert->id);
        incident_moment(until, row_get_int(alert, ALERT_due_at));
        return r < 0 ? r : notice_put(act, &(struct notice){ .key = phone ? drill_key(incident, "notice.alert-phone", "notice.alert-phone-drill")
                                                                          : drill_key(incident, "notice.alert", "notice.alert-drill"),
                                                             .args = { { row_get_text(incident, INCIDENT_number) }, { str_of(until) } },
                                                             .page = "incidents", .ref = incident->id, .once = once, .urgent = true }, &to, e);
}

static int tell_calls(struct act *act, const struct alarm_facts *f, const struct changes *c, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < c->rows_count; i++)
                if (c->rows[i].table == TABLE_ALERT && c->rows[i].rev == 1)
                        r = tell_call(act, f, &c->rows[i], e);
        return r;
}

/* ---- begin, go on ---- */

typedef int alarm_fn(struct changes *out, const struct pack *pack, const struct alarm_facts *f, struct fresh_ids *ids, utime_t now, struct err *e);

static int sound(struct act *act, alarm_fn *fn, const char *type, const char *incident, struct err *e)
{
        struct alarm_facts *f = arena_new(act->arena, struct alarm_facts);
        struct fresh_ids *ids = arena_new(act->arena, struct fresh_ids);
        struct receipt receipt;
        struct changes c;
        int r = f && ids ? load(f, act, incident, e) : err_set(e, ERR_NOMEM, "alarm");

        if (r < 0)
                return r;
        fresh_ids_fill(ids, act->now);
        changes_init(&c, act->arena, type, incident);
        r = fn(&c, act->office->pack, f, ids, act->now, e);
        if (r == ERR_OK && c.rows_count)
                r = act_append(&receipt, act, &c, e);
        return r == ERR_OK ? tell_calls(act, f, &c, e) : r;
}

/* Somebody is called when it is new or has become worse, and the pack calls people for that severity. */
int alarm_raise(struct act *act, const struct row *before, const struct row *incident, struct err *e)
{
        int was = before ? severity_of(row_get_text(before, INCIDENT_severity)) : -1;

        if (severity_of(row_get_text(incident, INCIDENT_severity)) <= was || !alarm_for(act->office->pack, incident))
                return ERR_OK;
        return sound(act, alarm_begin, "alert.sent", incident->id, e);
}

int alarm_due(bool *due, struct ticks *t, utime_t now, struct arena *a, struct err *e)
{
        char ids[ALARMS_AT_ONCE][UUID_TEXT];
        size_t n = 0;
        int r = query_alarms_due(ids, &n, t->db, now, a, e);

        *due = n;
        return r;
}

int act_alarms(struct act *act, void *arg, struct err *e)
{
        char ids[ALARMS_AT_ONCE][UUID_TEXT];
        size_t n = 0;
        int r = query_alarms_due(ids, &n, act->db, act->now, act->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = sound(act, alarm_tick, "alert.escalated", ids[i], e);
        return r;
}

/* ---- an answer ---- */

/* Whoever was called, and whoever handles incidents: they write down that somebody was reached by telephone. */
static bool may_answer(const struct alarm_facts *f, const struct row *alert, const struct actor *who)
{
        const struct row *contact = contact_of(f, alert);

        return incident_works(&f->incident, who) || (contact && row_is(contact, CONTACT_person, who->person));
}

/* Who was called before hears that somebody has it. */
static int tell_answered(struct act *act, const struct alarm_facts *f, const struct row *alert, const struct actor *who, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        char once[16 + UUID_TEXT];

        for (size_t i = 0; i < f->alerts.n; i++) {
                const struct row *contact = contact_of(f, &f->alerts.rows[i]);

                if (contact && row_get_int(&f->alerts.rows[i], ALERT_run) == row_get_int(alert, ALERT_run) && !row_is(contact, CONTACT_person, who->person))
                        add_contact(&to, contact);
        }
        (void)snprintf(once, sizeof(once), "answer:%s", alert->id);
        return notice_put(act, &(struct notice){ .key = drill_key(&f->incident, "notice.alert-answered", "notice.alert-answered-drill"),
                                                 .args = { { row_get_text(&f->incident, INCIDENT_number) } }, .page = "incidents", .ref = f->incident.id,
                                                 .once = once, .urgent = true }, &to, e);
}

int act_acknowledge(struct act *act, void *arg, struct err *e)
{
        struct act_acknowledge *in = arg;
        struct alarm_facts *f = arena_new(act->arena, struct alarm_facts);
        struct changes c;
        struct actor who;
        struct row alert;
        int r = f ? incident_actor(&who, act, in->person, e) : err_set(e, ERR_NOMEM, "alert");

        if (r == ERR_OK)
                r = store_row(&alert, act->db, TABLE_ALERT, arena_copy(act->arena, in->alert.p, in->alert.n), NULL, act->arena, e);
        if (r == ERR_OK && !alert.rev)
                r = err_key(e, ERR_ABSENT, "alert.absent", "", NULL);
        if (r == ERR_OK)
                r = load(f, act, arena_copy(act->arena, row_get_text(&alert, ALERT_incident).p, row_get_text(&alert, ALERT_incident).n), e);
        if (r == ERR_OK && !may_answer(f, &alert, &who))
                r = err_key(e, ERR_ABSENT, "alert.absent", "", NULL);
        if (r < 0)
                return r;
        changes_init(&c, act->arena, "alert.acknowledged", f->incident.id);
        r = alarm_answer(&c, f, &alert, in->how, &who, act->now, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        memcpy(in->incident, f->incident.id, sizeof(in->incident));
        return r == ERR_OK ? tell_answered(act, f, &alert, &who, e) : r;
}
