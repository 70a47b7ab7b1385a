/* incidents.c - see incidents.h. */
#include "server/office/command/incidents.h"

#include "core/calendar/calendar.h"
#include "server/office/command/alarm.h"
#include "server/office/store/query_incident.h"
#include "sys/entropy.h"

int incident_actor(struct actor *out, struct act *act, const char *person, struct err *e)
{
        int r = query_actor(out, act->db, person, act->now, act->arena, e);

        return r == ERR_ABSENT ? err_key(e, ERR_UNKNOWN, "session.none", "", NULL) : r;
}

void incident_moment(char to[UTIME_TEXT], utime_t t)
{
        struct date day = utime_date_jst(t);
        int64_t minutes = (t - utime_from_jst(day)) / UTIME_MIN;

        (void)snprintf(to, UTIME_TEXT, "%04d-%02d-%02d %02d:%02d", day.year, day.month, day.day, (int)(minutes / 60), (int)(minutes % 60));
}

/* ---- who is told ---- */

int incident_tell_roles(struct notice_to *to, struct act *act, struct err *e)
{
        int r = notice_to_role(to, act, "csirt", STR(""), e);

        return r < 0 ? r : notice_to_role(to, act, "secretariat", STR(""), e);
}

static int tell(struct act *act, const struct row *incident, const char *key, const struct notice_to *to, struct err *e)
{
        return notice_put(act, &(struct notice){ .key = key, .args = { { row_get_text(incident, INCIDENT_number) } }, .page = "incidents", .ref = incident->id }, to, e);
}

static int tell_person(struct act *act, const struct row *incident, const char *key, struct str person, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;

        notice_to_person(&to, person);
        return tell(act, incident, key, &to, e);
}

/* ---- findings ---- */

static char *text_of(struct act *act, struct str s)
{
        return arena_copy(act->arena, s.p ? s.p : "", s.n);
}

/* A report is urgent: whoever handles incidents decides at once whether it is one. */
static int tell_finding(struct act *act, const struct row *finding, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        char once[16 + UUID_TEXT];
        int r = incident_tell_roles(&to, act, e);

        (void)snprintf(once, sizeof(once), "finding:%s", finding->id);
        return r < 0 ? r : notice_put(act, &(struct notice){ .key = "notice.finding", .args = { { row_get_text(finding, FINDING_section) } },
                                                             .page = "incidents", .once = once, .urgent = true }, &to, e);
}

int act_finding(struct act *act, void *arg, struct err *e)
{
        struct act_finding *in = arg;
        struct row *open = NULL;
        size_t n = 0;
        struct changes c;
        struct actor who;
        int r = in->person ? incident_actor(&who, act, in->person, e) : ERR_OK;

        if (r == ERR_OK && !in->person)
                r = query_incident_rows(&open, &n, act->db, FINDINGS_OPEN, in->in.kind, act->arena, e);
        if (r < 0)
                return r;
        changes_init(&c, act->arena, "finding.recorded", NULL);
        c.actor = in->person;
        r = finding_put(&c, (struct row_list){ open, n }, &in->in, entropy_uuid(act->now), act->now, e);
        if (r < 0)
                return r;
        memcpy(c.ref, c.rows[0].id, sizeof(c.ref));
        memcpy(in->id, c.rows[0].id, sizeof(in->id));
        r = act_append(&in->receipt, act, &c, e);
        return r == ERR_OK && c.rows[0].rev == 1 ? tell_finding(act, &c.rows[0], e) : r;
}

int act_close_finding(struct act *act, void *arg, struct err *e)
{
        struct act_close_finding *in = arg;
        struct row finding;
        struct changes c;
        struct actor who;
        int r = incident_actor(&who, act, in->person, e);

        if (r == ERR_OK)
                r = store_row(&finding, act->db, TABLE_FINDING, text_of(act, in->finding), NULL, act->arena, e);
        if (r == ERR_OK && (!finding.rev || !(incident_works(NULL, &who) || row_is(&finding, FINDING_person, who.person))))
                r = err_key(e, ERR_ABSENT, "finding.absent", "", NULL);
        if (r < 0)
                return r;
        changes_init(&c, act->arena, "finding.closed", finding.id);
        r = finding_close(&c, &finding, in->reason, in->rev, &who, act->now, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                in->rev_after = c.rows[0].rev;
        return r;
}

/* ---- opening ---- */

static int load_counter(struct row *out, struct act *act, struct err *e)
{
        char k[ROW_KEY_MAX];

        if (!act->office->pack->incident_code)
                return ERR_OK; /* core says so */
        (void)snprintf(k, sizeof(k), "%s-%s-%d", act->office->body, act->office->pack->incident_code, calendar_fiscal_year(act->now));
        return store_row(out, act->db, TABLE_COUNTER, act->office->install_text, k, act->arena, e);
}

static int load_findings(struct row_list *out, struct act *act, const struct act_open_incident *in, struct err *e)
{
        struct row *rows = arena_array(act->arena, in->findings_count + 1, sizeof(*rows));
        int r = rows ? ERR_OK : err_set(e, ERR_NOMEM, "findings");

        for (size_t i = 0; r == ERR_OK && i < in->findings_count; i++) {
                r = store_row(&rows[i], act->db, TABLE_FINDING, text_of(act, in->findings[i]), NULL, act->arena, e);
                if (r == ERR_OK && !rows[i].rev)
                        r = err_key(e, ERR_INPUT, "finding.absent", "findings", NULL);
        }
        *out = (struct row_list){ rows, in->findings_count };
        return r;
}

static int check_names(struct act *act, const struct incident_in *in, struct err *e)
{
        struct row row;
        int r = ERR_OK;

        if (in->lead.n) {
                r = store_row(&row, act->db, TABLE_PERSON, text_of(act, in->lead), NULL, act->arena, e);
                if (r == ERR_OK && (!row.rev || !row_is(&row, PERSON_state, "active")))
                        r = err_key(e, ERR_INPUT, "incident.person", "lead", NULL);
        }
        if (r == ERR_OK && in->service.n) {
                r = store_row(&row, act->db, TABLE_SERVICE, text_of(act, in->service), NULL, act->arena, e);
                if (r == ERR_OK && !row.rev)
                        r = err_key(e, ERR_INPUT, "incident.service", "service", NULL);
        }
        return r;
}

/* Those who handle incidents, who leads it, and who reported what it came from. */
static int tell_opened(struct act *act, const struct row *incident, const char *by, const struct row_list *findings, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        int r = incident_tell_roles(&to, act, e);

        if (r == ERR_OK)
                r = tell(act, incident, drill_key(incident, "notice.incident", "notice.incident-drill"), &to, e);
        if (r == ERR_OK && !row_is(incident, INCIDENT_lead, by))
                r = tell_person(act, incident, drill_key(incident, "notice.incident-lead", "notice.incident-lead-drill"), row_get_text(incident, INCIDENT_lead), e);
        for (size_t i = 0; r == ERR_OK && i < findings->n; i++)
                if (row_get_text(&findings->rows[i], FINDING_person).n)
                        r = tell_person(act, incident, "notice.finding-incident", row_get_text(&findings->rows[i], FINDING_person), e);
        return r;
}

int act_open_incident(struct act *act, void *arg, struct err *e)
{
        struct act_open_incident *in = arg;
        struct fresh_ids *ids = arena_new(act->arena, struct fresh_ids);
        struct changes c;
        struct actor who;
        int r = ids ? incident_actor(&who, act, in->person, e) : err_set(e, ERR_NOMEM, "incident");

        if (r == ERR_OK)
                r = load_counter(&in->in.counter, act, e);
        if (r == ERR_OK)
                r = load_findings(&in->in.findings, act, in, e);
        if (r == ERR_OK)
                r = check_names(act, &in->in, e);
        if (r < 0)
                return r;
        fresh_ids_fill(ids, act->now);
        in->in.id = entropy_uuid(act->now);
        in->in.body = act->office->front;
        uuid_text(in->id, in->in.id);
        changes_init(&c, act->arena, "incident.opened", in->id);
        r = incident_open(&c, act->office->pack, &in->in, ids, &who, act->now, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                r = alarm_raise(act, NULL, &c.rows[0], e);
        if (r == ERR_OK)
                r = tell_opened(act, &c.rows[0], who.person, &in->in.findings, e);
        if (r == ERR_OK)
                (void)snprintf(in->number, sizeof(in->number), "%s", row_get_text(&c.rows[0], INCIDENT_number).p);
        return r;
}

/* ---- acts on one ---- */

static int rows(struct row_list *out, struct db *db, enum incident_rows by, const char *id, struct arena *a, struct err *e)
{
        struct row *list = NULL;
        size_t n = 0;
        int r = query_incident_rows(&list, &n, db, by, str_of(id), a, e);

        if (r == ERR_OK)
                *out = (struct row_list){ list, n };
        return r;
}

int incident_facts_load(struct incident_facts *out, struct db *db, struct str incident, struct arena *a, struct err *e)
{
        const char *id = arena_copy(a, incident.p ? incident.p : "", incident.n);
        struct row *sheet = NULL;
        size_t n = 0;
        int r = id ? store_row(&out->incident, db, TABLE_INCIDENT, id, NULL, a, e) : err_set(e, ERR_NOMEM, "incident");

        if (r == ERR_OK && !out->incident.rev)
                r = err_key(e, ERR_ABSENT, "incident.absent", "", NULL);
        if (r == ERR_OK)
                r = rows(&out->log, db, LOG_OF_INCIDENT, id, a, e);
        if (r == ERR_OK)
                r = rows(&out->alerts, db, ALERTS_OF_INCIDENT, id, a, e);
        if (r == ERR_OK)
                r = rows(&out->findings, db, FINDINGS_OF_INCIDENT, id, a, e);
        if (r == ERR_OK)
                r = rows(&out->duties, db, CLOCKS_OF_INCIDENT, id, a, e);
        if (r == ERR_OK && row_get_int(&out->incident, INCIDENT_drill))
                r = rows(&out->drills, db, DUTIES_OPEN_OF_KIND, "drill", a, e);
        if (r == ERR_OK)
                r = store_rows_of(&sheet, &n, db, TABLE_ANSWER, id, 1000, a, e);
        if (r == ERR_OK)
                out->sheet = (struct row_list){ sheet, n };
        return r;
}

/* What an act says, when who asks, the incident and its entry are there. */
struct scene { struct changes c; struct incident_facts f; struct fresh_ids ids; struct actor who; struct act *act; };
typedef int say_fn(struct scene *x, const void *in, struct err *e);

static int run(struct scene **scene, struct act *act, struct on_incident *on, const char *type, say_fn *say, const void *in, struct err *e)
{
        struct scene *x = arena_new(act->arena, struct scene);
        struct row after;
        int r = x ? incident_actor(&x->who, act, on->person, e) : err_set(e, ERR_NOMEM, "act");

        if (r == ERR_OK)
                r = incident_facts_load(&x->f, act->db, on->incident, act->arena, e);
        if (r == ERR_OK && !incident_sees(&x->f.incident, &x->who))
                r = err_key(e, ERR_ABSENT, "incident.absent", "", NULL);
        if (r < 0)
                return r;
        x->act = act;
        fresh_ids_fill(&x->ids, act->now);
        changes_init(&x->c, act->arena, type, x->f.incident.id);
        r = say(x, in, e);
        if (r == ERR_OK)
                r = act_append(&on->receipt, act, &x->c, e);
        if (r == ERR_OK)
                r = store_row(&after, act->db, TABLE_INCIDENT, x->f.incident.id, NULL, act->arena, e);
        if (r < 0)
                return r;
        on->rev_after = after.rev;
        *scene = x;
        return ERR_OK;
}

/* The incident as the act left it. */
static const struct row *changed(const struct scene *x)
{
        for (size_t i = 0; i < x->c.rows_count; i++)
                if (x->c.rows[i].table == TABLE_INCIDENT)
                        return &x->c.rows[i];
        return &x->f.incident;
}

static int say_log(struct scene *x, const void *arg, struct err *e)
{
        const struct act_log *in = arg;

        return incident_log(&x->c, &x->f.incident, in->kind, in->text, in->at ? in->at : x->act->now, &x->ids, &x->who, x->act->now, e);
}

int act_log(struct act *act, void *arg, struct err *e)
{
        struct act_log *in = arg;
        struct scene *x;

        return run(&x, act, &in->on, "incident.logged", say_log, in, e);
}

static int say_grade(struct scene *x, const void *arg, struct err *e)
{
        const struct act_grade *in = arg;

        return incident_grade(&x->c, x->act->office->pack, &x->f, &in->grade, in->reason, in->on.rev, &x->ids, &x->who, x->act->now, e);
}

int act_grade(struct act *act, void *arg, struct err *e)
{
        struct act_grade *in = arg;
        struct scene *x;
        int r = run(&x, act, &in->on, "incident.graded", say_grade, in, e);

        return r < 0 ? r : alarm_raise(act, &x->f.incident, changed(x), e);
}

static int say_lead(struct scene *x, const void *arg, struct err *e)
{
        const struct act_lead *in = arg;
        struct row person;
        int r = store_row(&person, x->act->db, TABLE_PERSON, text_of(x->act, in->lead), NULL, x->act->arena, e);

        return r < 0 ? r : incident_lead(&x->c, &x->f, &person, in->reason, in->on.rev, &x->ids, &x->who, x->act->now, e);
}

int act_lead(struct act *act, void *arg, struct err *e)
{
        struct act_lead *in = arg;
        struct scene *x;
        int r = run(&x, act, &in->on, "incident.led", say_lead, in, e);

        return r < 0 ? r : tell_person(act, changed(x), drill_key(changed(x), "notice.incident-lead", "notice.incident-lead-drill"), in->lead, e);
}

static int say_contain(struct scene *x, const void *arg, struct err *e)
{
        const struct act_contain *in = arg;

        return incident_contain(&x->c, &x->f.incident, in->text, in->on.rev, &x->ids, &x->who, x->act->now, e);
}

int act_contain(struct act *act, void *arg, struct err *e)
{
        struct act_contain *in = arg;
        struct scene *x;

        return run(&x, act, &in->on, "incident.contained", say_contain, in, e);
}

static int say_sheet(struct scene *x, const void *arg, struct err *e)
{
        const struct act_sheet *in = arg;

        return incident_fill(&x->c, &x->f, in->answers, in->n, in->on.rev, &x->who, e);
}

int act_sheet(struct act *act, void *arg, struct err *e)
{
        struct act_sheet *in = arg;
        struct scene *x;

        return run(&x, act, &in->on, "incident.filled", say_sheet, in, e);
}

static int say_conclude(struct scene *x, const void *arg, struct err *e)
{
        const struct act_conclude *in = arg;

        return incident_conclude(&x->c, x->act->office->pack, &x->f, in->conclusion, in->on.rev, &x->ids, &x->who, x->act->now, e);
}

/* Those who may confirm it; whoever wrote it is told nothing new. */
static int tell_concluded(struct act *act, const struct row *incident, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        int r = notice_to_role(&to, act, "ciso", STR(""), e);

        if (r == ERR_OK)
                r = notice_to_role(&to, act, "senior_officer", STR(""), e);
        return r < 0 ? r : tell(act, incident, drill_key(incident, "notice.conclusion", "notice.conclusion-drill"), &to, e);
}

int act_conclude(struct act *act, void *arg, struct err *e)
{
        struct act_conclude *in = arg;
        struct scene *x;
        int r = run(&x, act, &in->on, "incident.concluded", say_conclude, in, e);

        return r < 0 ? r : tell_concluded(act, changed(x), e);
}

static int say_confirm(struct scene *x, const void *arg, struct err *e)
{
        const struct act_confirm *in = arg;

        return incident_confirm(&x->c, &x->f, in->approve, in->reason, in->on.rev, &x->ids, &x->who, x->act->now, e);
}

static int tell_confirmed(struct act *act, const struct row *incident, bool approve, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        int r = approve ? incident_tell_roles(&to, act, e) : ERR_OK;

        notice_to_person(&to, row_get_text(incident, INCIDENT_lead));
        if (r < 0)
                return r;
        return tell(act, incident, approve ? drill_key(incident, "notice.incident-closed", "notice.incident-closed-drill")
                                           : drill_key(incident, "notice.conclusion-returned", "notice.conclusion-returned-drill"), &to, e);
}

int act_confirm(struct act *act, void *arg, struct err *e)
{
        struct act_confirm *in = arg;
        struct scene *x;
        int r = in->approve ? run(&x, act, &in->on, "incident.closed", say_confirm, in, e) : run(&x, act, &in->on, "incident.returned", say_confirm, in, e);

        return r < 0 ? r : tell_confirmed(act, changed(x), in->approve, e);
}

/* ---- clocks and contacts ---- */

int act_report_clock(struct act *act, void *arg, struct err *e)
{
        struct act_report_clock *in = arg;
        struct row duty, incident;
        struct changes c;
        struct actor who;
        int r = incident_actor(&who, act, in->person, e);

        if (r == ERR_OK)
                r = store_row(&duty, act->db, TABLE_DUTY, text_of(act, in->duty), NULL, act->arena, e);
        if (r == ERR_OK && (!duty.rev || !row_is(&duty, DUTY_kind, "clock")))
                r = err_key(e, ERR_ABSENT, "clock.absent", "", NULL);
        if (r == ERR_OK)
                r = store_row(&incident, act->db, TABLE_INCIDENT, text_of(act, row_get_text(&duty, DUTY_subject)), NULL, act->arena, e);
        if (r == ERR_OK && !incident_sees(&incident, &who))
                r = err_key(e, ERR_ABSENT, "clock.absent", "", NULL);
        if (r < 0)
                return r;
        changes_init(&c, act->arena, "clock.reported", incident.id);
        r = clock_close(&c, &incident, &duty, &in->evidence, in->rev, &who, act->now, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                in->rev_after = c.rows[0].rev;
        return r;
}

int act_check_contact(struct act *act, void *arg, struct err *e)
{
        struct act_check_contact *in = arg;
        struct row contact;
        struct changes c;
        struct actor who;
        int r = incident_actor(&who, act, in->person, e);

        if (r == ERR_OK)
                r = store_row(&contact, act->db, TABLE_CONTACT, text_of(act, in->contact), NULL, act->arena, e);
        if (r == ERR_OK && (!contact.rev || !row_is(&contact, CONTACT_state, "active")))
                r = err_key(e, ERR_ABSENT, "contact.absent", "", NULL);
        if (r < 0)
                return r;
        changes_init(&c, act->arena, "contact.checked", contact.id);
        r = contact_check(&c, &contact, in->how, in->rev, &who, act->now, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                in->rev_after = c.rows[0].rev;
        return r;
}
