/* incident.c - see incident.h. */
#include "core/incident/clock.h"

#include "core/calendar/calendar.h"

/* ---- words ---- */

static int index_of(const char *const *words, size_t n, struct str word)
{
        for (size_t i = 0; i < n; i++)
                if (str_is(word, words[i]))
                        return (int)i;
        return -1;
}

int severity_of(struct str word)
{
        static const char *const words[] = { "low", "middle", "high" };

        return index_of(words, countof(words), word);
}

int leak_of(struct str word)
{
        static const char *const words[] = { "none", "possible", "certain" };

        return index_of(words, countof(words), word);
}

/* "none", or some of the four, each once. */
static bool grounds_ok(struct str s)
{
        static const char *const words[] = { "sensitive", "property", "malicious", "many" };
        unsigned seen = 0;

        if (str_is(s, "none"))
                return true;
        while (s.n) {
                struct str word = s, rest = STR("");
                int i = (str_cut(s, ' ', &word, &rest), index_of(words, countof(words), word));

                if (i < 0 || seen >> i & 1)
                        return false;
                seen |= 1u << i;
                s = rest;
        }
        return seen;
}

static void clear(struct row *r, int col)
{
        r->v[col] = (struct value){ .kind = VALUE_NULL };
}

int fresh_incident_row(struct row *out, struct fresh_ids *ids, enum table t, struct err *e)
{
        if (ids->used == INCIDENT_IDS)
                return err_set(e, ERR_BUG, "an act on an incident needs more than %d ids", INCIDENT_IDS);
        *out = row_new(t, ids->ids[ids->used++], "");
        return ERR_OK;
}

/* ---- who ---- */

static bool has_one(const struct actor *who, const char *const *roles, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (actor_has(who, roles[i]))
                        return true;
        return false;
}

bool incident_works(const struct row *incident, const struct actor *who)
{
        static const char *const roles[] = { "csirt", "secretariat", "ciso", "senior_officer" };

        return has_one(who, roles, countof(roles)) || (incident && row_is(incident, INCIDENT_lead, who->person));
}

bool incident_sees(const struct row *incident, const struct actor *who)
{
        return incident_works(incident, who) || actor_has(who, "auditor");
}

static bool may_confirm(const struct row *incident, const struct actor *who)
{
        static const char *const roles[] = { "ciso", "senior_officer" };

        return has_one(who, roles, countof(roles)) && !row_is(incident, INCIDENT_lead, who->person) && !row_is(incident, INCIDENT_concluded_by, who->person);
}

static bool is_at_work(const struct row *incident)
{
        return row_is(incident, INCIDENT_state, "open") || row_is(incident, INCIDENT_state, "contained");
}

unsigned incident_may(const struct row *incident, const struct actor *who)
{
        bool works = incident_works(incident, who), work = is_at_work(incident);
        unsigned may = 0;

        if (works && !row_is(incident, INCIDENT_state, "closed"))
                may |= INCIDENT_MAY_LOG;
        if (works && work)
                may |= INCIDENT_MAY_GRADE;
        if (works && row_is(incident, INCIDENT_state, "open"))
                may |= INCIDENT_MAY_CONTAIN;
        if (row_is(incident, INCIDENT_state, "contained") && row_is(incident, INCIDENT_lead, who->person))
                may |= INCIDENT_MAY_CONCLUDE;
        if (row_is(incident, INCIDENT_state, "concluded") && may_confirm(incident, who))
                may |= INCIDENT_MAY_CONFIRM;
        return may;
}

static int check_may(const struct row *incident, unsigned what, int64_t seen_rev, const struct actor *who, struct err *e)
{
        if (!incident_works(incident, who))
                return err_key(e, ERR_FORBIDDEN, "incident.role", "", NULL);
        if (seen_rev && incident->rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        return incident_may(incident, who) & what ? ERR_OK : err_key(e, ERR_CONFLICT, "incident.state", "", NULL);
}

/* Rows borrow ids from the arena, not from a row on the stack. */
struct str incident_id_kept(struct changes *out, const char *id)
{
        return str_of(arena_text(out->arena, id));
}

/* ---- log lines ---- */

static int add_line(struct changes *out, const char *incident, const char *kind, struct str text, utime_t at, struct fresh_ids *ids, const struct actor *who, struct err *e)
{
        struct row line;
        int r = fresh_incident_row(&line, ids, TABLE_INCIDENTLOG, e);

        if (r < 0)
                return r;
        row_text(&line, INCIDENTLOG_incident, incident_id_kept(out, incident));
        row_text(&line, INCIDENTLOG_person, str_of(who->person));
        row_int(&line, INCIDENTLOG_at, at);
        row_text(&line, INCIDENTLOG_kind, str_of(kind));
        row_personal(&line, INCIDENTLOG_text, text);
        return changes_add(out, &line, e);
}

int incident_log(struct changes *out, const struct row *incident, struct str kind, struct str text, utime_t at, struct fresh_ids *ids,
                 const struct actor *who, utime_t now, struct err *e)
{
        static const char *const kinds[] = { "seen", "done", "told", "decided" };
        int i = index_of(kinds, countof(kinds), kind), r = check_may(incident, INCIDENT_MAY_LOG, 0, who, e);

        if (r < 0)
                return r;
        if (i < 0)
                return err_key(e, ERR_INPUT, "incident.word", "kind", NULL);
        if (!text.n)
                return err_key(e, ERR_INPUT, "incident.text", "text", NULL);
        if (at > now)
                return err_key(e, ERR_INPUT, "incident.later", "at", NULL);
        out->actor = who->person;
        return add_line(out, incident->id, kinds[i], text, at, ids, who, e);
}

/* ---- grades ---- */

static int check_grade(const struct pack *pack, const struct grade *g, utime_t now, struct err *e)
{
        bool leaks = leak_of(g->leak) > 0;

        if (severity_of(g->severity) < 0)
                return err_key(e, ERR_INPUT, "incident.word", "severity", NULL);
        if (leak_of(g->leak) < 0)
                return err_key(e, ERR_INPUT, "incident.word", "leak", NULL);
        if (g->grounds.n && !grounds_ok(g->grounds))
                return err_key(e, ERR_INPUT, "incident.grounds", "grounds", NULL);
        if (g->counted && (g->people < 0 || g->people > 2000000000))
                return err_key(e, ERR_INPUT, "incident.people", "people", NULL);
        if (!leaks && (g->grounds.n || (g->counted && g->people)))
                return err_key(e, ERR_RULE, "incident.no-leak", g->grounds.n ? "grounds" : "people", NULL);
        if (g->known_at > now)
                return err_key(e, ERR_INPUT, "incident.later", "known_at", NULL);
        /* The law's number is a ground by itself: it cannot be judged away. */
        if (g->counted && pack->incident_many && g->people >= (int64_t)pack->incident_many && str_is(g->grounds, "none"))
                return err_key(e, ERR_RULE, "incident.many", "grounds", NULL);
        return ERR_OK;
}

static void put_grade(struct row *row, const struct pack *pack, const struct grade *g, utime_t now)
{
        bool leaks = leak_of(g->leak) > 0, known = row_get_int(row, INCIDENT_leak_at);

        row_text(row, INCIDENT_severity, g->severity);
        row_text(row, INCIDENT_leak, g->leak);
        clear(row, INCIDENT_people);
        clear(row, INCIDENT_grounds);
        if (g->counted)
                row_int(row, INCIDENT_people, g->people);
        if (g->grounds.n)
                row_text(row, INCIDENT_grounds, g->grounds);
        else if (g->counted && pack->incident_many && g->people >= (int64_t)pack->incident_many)
                row_text(row, INCIDENT_grounds, STR("many"));
        if (!leaks)
                clear(row, INCIDENT_leak_at);
        else if (g->known_at || !known)
                row_int(row, INCIDENT_leak_at, g->known_at ? g->known_at : now);
}

int incident_grade(struct changes *out, const struct pack *pack, const struct incident_facts *f, const struct grade *g, struct str reason, int64_t seen_rev,
                   struct fresh_ids *ids, const struct actor *who, utime_t now, struct err *e)
{
        struct row row = f->incident;
        int r = check_may(&f->incident, INCIDENT_MAY_GRADE, seen_rev, who, e);

        if (r == ERR_OK)
                r = check_grade(pack, g, now, e);
        if (r == ERR_OK && !reason.n)
                r = err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        if (r < 0)
                return r;
        out->actor = who->person;
        put_grade(&row, pack, g, now);
        r = changes_add(out, &row, e);
        if (r == ERR_OK)
                r = add_line(out, row.id, "decided", reason, now, ids, who, e);
        return r < 0 ? r : clock_derive(out, pack, &row, &f->duties, reason, ids, now, e);
}

/* ---- opening ---- */

static bool kind_known(const struct pack *pack, struct str kind)
{
        for (size_t i = 0; i < pack->lists_count; i++)
                for (size_t k = 0; strcmp(pack->lists[i].id, "incident-kinds") == 0 && k < pack->lists[i].choices_count; k++)
                        if (str_is(kind, pack->lists[i].choices[k].id))
                                return true;
        return false;
}

static int check_in(const struct pack *pack, const struct incident_in *in, const struct actor *who, utime_t now, struct err *e)
{
        if (!incident_works(NULL, who))
                return err_key(e, ERR_FORBIDDEN, "incident.role", "", NULL);
        if (!pack->incident_code)
                return err_key(e, ERR_CONFLICT, "incident.pack", "", NULL);
        if (!kind_known(pack, in->kind))
                return err_key(e, ERR_INPUT, "incident.word", "kind", NULL);
        if (!in->title.n || !in->text.n)
                return err_key(e, ERR_INPUT, "incident.text", in->title.n ? "text" : "title", NULL);
        if (in->found_at > now)
                return err_key(e, ERR_INPUT, "incident.later", "found_at", NULL);
        for (size_t i = 0; i < in->findings.n; i++)
                if (!row_is(&in->findings.rows[i], FINDING_state, "open"))
                        return err_key(e, ERR_CONFLICT, "finding.over", "findings", NULL);
        return check_grade(pack, &in->grade, now, e);
}

static struct str number_next(struct row *counter, const struct pack *pack, const struct incident_in *in, struct arena *a, utime_t now)
{
        scoped(buf_done) struct buf number = BUF_INIT;
        const char *text;

        *counter = in->counter;
        row_int(counter, COUNTER_value, row_get_int(counter, COUNTER_value) + 1);
        calendar_number(&number, in->body, pack->incident_code, pack, calendar_fiscal_year(now), (uint64_t)row_get_int(counter, COUNTER_value));
        text = buf_bad(&number) ? NULL : arena_text(a, number.p);
        return str_of(text);
}

/* A part of the body knew it when the first of its people did. */
static utime_t found_at(const struct incident_in *in, utime_t now)
{
        utime_t first = now;

        for (size_t i = 0; i < in->findings.n; i++)
                if (row_get_int(&in->findings.rows[i], FINDING_first_at) < first)
                        first = row_get_int(&in->findings.rows[i], FINDING_first_at);
        return in->found_at ? in->found_at : first;
}

static struct str reporter_of(const struct incident_in *in, const struct actor *who)
{
        struct str first = in->findings.n ? row_get_text(&in->findings.rows[0], FINDING_person) : STR("");

        return in->reporter.n ? in->reporter : first.n ? first : str_of(who->person);
}

static int add_incident(struct row *out, struct row *counter, struct changes *c, const struct pack *pack, const struct incident_in *in, const struct actor *who,
                        utime_t now, struct err *e)
{
        struct row row = row_new(TABLE_INCIDENT, in->id, "");
        struct str number = number_next(counter, pack, in, c->arena, now);

        if (!number.n)
                return err_set(e, ERR_NOMEM, "number");
        row_text(&row, INCIDENT_number, number);
        row_text(&row, INCIDENT_kind, in->kind);
        row_personal(&row, INCIDENT_title, in->title);
        row_personal(&row, INCIDENT_text, in->text);
        row_personal(&row, INCIDENT_section, in->section);
        if (in->service.n)
                row_text(&row, INCIDENT_service, in->service);
        row_text(&row, INCIDENT_reporter, reporter_of(in, who));
        row_text(&row, INCIDENT_lead, in->lead.n ? in->lead : str_of(who->person));
        row_int(&row, INCIDENT_found_at, found_at(in, now));
        row_int(&row, INCIDENT_drill, in->drill);
        row_text(&row, INCIDENT_state, STR("open"));
        /* A leak that is known from the first hour was known when it was found. */
        put_grade(&row, pack, &in->grade, row_get_int(&row, INCIDENT_found_at));
        *out = row;
        return changes_add(c, &row, e);
}

int incident_open(struct changes *out, const struct pack *pack, const struct incident_in *in, struct fresh_ids *ids, const struct actor *who,
                  utime_t now, struct err *e)
{
        struct row row, counter;
        int r = check_in(pack, in, who, now, e);

        if (r < 0)
                return r;
        out->actor = who->person;
        r = add_incident(&row, &counter, out, pack, in, who, now, e);
        if (r == ERR_OK)
                r = changes_add(out, &counter, e);
        if (r == ERR_OK)
                r = add_line(out, row.id, "seen", in->text, row_get_int(&row, INCIDENT_found_at), ids, who, e);
        for (size_t i = 0; r == ERR_OK && i < in->findings.n; i++) {
                struct row finding = in->findings.rows[i];

                row_text(&finding, FINDING_state, STR("incident"));
                row_text(&finding, FINDING_incident, incident_id_kept(out, row.id));
                r = changes_add(out, &finding, e);
        }
        return r < 0 ? r : clock_derive(out, pack, &row, &(struct row_list){ 0 }, STR(""), ids, now, e);
}

/* ---- on the way ---- */

int incident_lead(struct changes *out, const struct incident_facts *f, const struct row *person, struct str reason, int64_t seen_rev, struct fresh_ids *ids,
                  const struct actor *who, utime_t now, struct err *e)
{
        struct row row = f->incident;
        struct str lead = incident_id_kept(out, person->id);
        int r = check_may(&f->incident, INCIDENT_MAY_GRADE, seen_rev, who, e);

        if (r < 0)
                return r;
        if (!person->rev || !row_is(person, PERSON_state, "active"))
                return err_key(e, ERR_INPUT, "incident.person", "lead", NULL);
        if (!reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        out->actor = who->person;
        row_text(&row, INCIDENT_lead, lead);
        r = changes_add(out, &row, e);
        for (size_t i = 0; r == ERR_OK && i < f->duties.n; i++) {
                struct row duty = f->duties.rows[i];

                row_text(&duty, DUTY_person, lead);
                if (row_is(&duty, DUTY_state, "open"))
                        r = changes_add(out, &duty, e);
        }
        return r < 0 ? r : add_line(out, row.id, "decided", reason, now, ids, who, e);
}

int incident_contain(struct changes *out, const struct row *incident, struct str text, int64_t seen_rev, struct fresh_ids *ids, const struct actor *who,
                     utime_t now, struct err *e)
{
        struct row row = *incident;
        int r = check_may(incident, INCIDENT_MAY_CONTAIN, seen_rev, who, e);

        if (r < 0)
                return r;
        if (!text.n)
                return err_key(e, ERR_INPUT, "incident.text", "text", NULL);
        out->actor = who->person;
        row_text(&row, INCIDENT_state, STR("contained"));
        row_int(&row, INCIDENT_contained_at, now);
        r = changes_add(out, &row, e);
        return r < 0 ? r : add_line(out, row.id, "done", text, now, ids, who, e);
}

const struct pack_form *incident_form(const struct pack *pack)
{
        return pack->incident_form ? pack_find_form(pack, pack->incident_form) : NULL;
}

static const struct row *sheet_row(const struct row_list *sheet, const char *field)
{
        for (size_t i = 0; i < sheet->n; i++)
                if (strcmp(sheet->rows[i].k, field) == 0)
                        return &sheet->rows[i];
        return NULL;
}

/* What people wrote is a payload, whatever the type: entries hold ASCII only. */
int incident_fill(struct changes *out, const struct incident_facts *f, const struct answer *answers, size_t n, int64_t seen_rev, const struct actor *who,
                  struct err *e)
{
        struct row row = f->incident;
        struct uuid id;
        int r = check_may(&f->incident, INCIDENT_MAY_GRADE, seen_rev, who, e);

        if (r == ERR_OK && !uuid_parse(str_of(f->incident.id), &id))
                r = err_set(e, ERR_BUG, "incident id");
        if (r < 0)
                return r;
        out->actor = who->person;
        r = changes_add(out, &row, e); /* whoever looked at it before must look again */
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                const struct row *old = sheet_row(&f->sheet, answers[i].field->id);
                struct row answer = old ? *old : row_new(TABLE_ANSWER, id, answers[i].field->id);

                if (str_eq(row_get_text(&answer, ANSWER_value), answers[i].value))
                        continue;
                row_personal(&answer, ANSWER_value, answers[i].value);
                r = changes_add(out, &answer, e);
        }
        return r;
}

/* ---- the end ---- */

/* What the form demands must be there, and every clock that runs must have been answered. */
static int check_complete(const struct pack *pack, const struct incident_facts *f, struct err *e)
{
        const struct pack_form *form = incident_form(pack);

        for (size_t i = 0; form && i < form->fields_count; i++) {
                const struct row *answer = sheet_row(&f->sheet, form->fields[i].id);

                if (form->fields[i].required && !(answer && row_get_text(answer, ANSWER_value).n))
                        return err_key(e, ERR_RULE, "incident.sheet", form->fields[i].id, form->fields[i].label.in[LANG_JA], NULL);
        }
        for (size_t i = 0; i < f->duties.n; i++)
                if (row_is(&f->duties.rows[i], DUTY_state, "open"))
                        return err_key(e, ERR_RULE, "incident.clock", "", NULL);
        return ERR_OK;
}

int incident_conclude(struct changes *out, const struct pack *pack, const struct incident_facts *f, struct str conclusion, int64_t seen_rev,
                      struct fresh_ids *ids, const struct actor *who, utime_t now, struct err *e)
{
        struct row row = f->incident;
        int r = check_may(&f->incident, INCIDENT_MAY_GRADE, seen_rev, who, e);

        if (r < 0)
                return r;
        if (!row_is(&row, INCIDENT_lead, who->person))
                return err_key(e, ERR_FORBIDDEN, "incident.lead", "", NULL);
        if (!row_is(&row, INCIDENT_state, "contained"))
                return err_key(e, ERR_CONFLICT, "incident.not-contained", "", NULL);
        if (!conclusion.n)
                return err_key(e, ERR_INPUT, "incident.text", "conclusion", NULL);
        r = check_complete(pack, f, e);
        if (r < 0)
                return r;
        out->actor = who->person;
        row_text(&row, INCIDENT_state, STR("concluded"));
        row_text(&row, INCIDENT_concluded_by, str_of(who->person));
        row_int(&row, INCIDENT_concluded_at, now);
        row_personal(&row, INCIDENT_conclusion, conclusion);
        r = changes_add(out, &row, e);
        return r < 0 ? r : add_line(out, row.id, "decided", conclusion, now, ids, who, e);
}

static int close_findings(struct changes *out, const struct incident_facts *f, utime_t now, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < f->findings.n; i++) {
                struct row finding = f->findings.rows[i];

                row_text(&finding, FINDING_state, STR("closed"));
                row_int(&finding, FINDING_closed_at, now);
                row_personal(&finding, FINDING_reason, row_get_text(&f->incident, INCIDENT_number));
                r = changes_add(out, &finding, e);
        }
        return r;
}

/* A drill that was held is the evidence of the duty to hold one. */
static int close_drills(struct changes *out, const struct incident_facts *f, const struct actor *who, utime_t now, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && row_get_int(&f->incident, INCIDENT_drill) && i < f->drills.n; i++) {
                struct row duty = f->drills.rows[i];

                row_text(&duty, DUTY_state, STR("closed"));
                row_text(&duty, DUTY_closed_by, str_of(who->person));
                row_int(&duty, DUTY_closed_at, now);
                row_personal(&duty, DUTY_evidence, row_get_text(&f->incident, INCIDENT_number));
                r = changes_add(out, &duty, e);
        }
        return r;
}

int incident_confirm(struct changes *out, const struct incident_facts *f, bool approve, struct str reason, int64_t seen_rev, struct fresh_ids *ids,
                     const struct actor *who, utime_t now, struct err *e)
{
        struct row row = f->incident;
        int r = ERR_OK;

        if (!incident_works(&row, who))
                return err_key(e, ERR_FORBIDDEN, "incident.role", "", NULL);
        if (row.rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!row_is(&row, INCIDENT_state, "concluded"))
                return err_key(e, ERR_CONFLICT, "incident.state", "", NULL);
        if (!may_confirm(&row, who))
                return err_key(e, ERR_FORBIDDEN, "incident.confirm", "", NULL);
        if (!approve && !reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        out->actor = who->person;
        if (approve) {
                row_text(&row, INCIDENT_state, STR("closed"));
                row_text(&row, INCIDENT_closed_by, str_of(who->person));
                row_int(&row, INCIDENT_closed_at, now);
                r = close_findings(out, f, now, e);
                if (r == ERR_OK)
                        r = close_drills(out, f, who, now, e);
        } else {
                row_text(&row, INCIDENT_state, STR("contained"));
                clear(&row, INCIDENT_concluded_by);
                clear(&row, INCIDENT_concluded_at);
        }
        if (r == ERR_OK)
                r = changes_add(out, &row, e);
        return r == ERR_OK && reason.n ? add_line(out, row.id, "decided", reason, now, ids, who, e) : r;
}
