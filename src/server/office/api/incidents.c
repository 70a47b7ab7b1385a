/* incidents.c - reports of anybody, incidents of those who handle them. JSON in, an act on the writer, a receipt out.
 *
 * Who may not see an incident hears that there is none. Whoever reported something sees what became of it, and no more.
 */
#include "server/office/api/incidents.h"

#include "server/office/api/answers.h"
#include "server/office/api/handlers.h"
#include "server/office/command/alarm.h"
#include "server/office/store/query_incident.h"

enum { PAGE = 100, TEXT_BYTES = 4 * 4000, FINDINGS_AT_ONCE = 50 };

static int done(struct reply *out, int64_t rev, const struct receipt *receipt, struct err *e)
{
        out->json = json_pack("{s:I, s:o}", "rev", (json_int_t)rev, "receipt", json_receipt(receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

static struct on_incident on_one(struct request *rq, int64_t rev)
{
        return (struct on_incident){ .person = rq->session.who.person, .incident = rq->param, .rev = rev };
}

/* People's text as forms take it: trimmed, nothing hidden, not too long. */
static int clean(struct str *text, const char *id, bool lines, struct request *rq, struct err *e)
{
        const struct pack_field field = { .id = id, .type = lines ? FIELD_LINES : FIELD_TEXT, .max_chars = lines ? 4000 : 200 };

        return answers_texts(text, &field, text, 1, rq, e);
}

static int load_seen(struct incident_facts **f, struct request *rq, struct err *e)
{
        int r;

        *f = arena_new(rq->arena, struct incident_facts);
        r = *f ? incident_facts_load(*f, rq->db, rq->param, rq->arena, e) : err_set(e, ERR_NOMEM, "incident");
        if (r == ERR_OK && !incident_sees(&(*f)->incident, &rq->session.who))
                r = err_key(e, ERR_ABSENT, "incident.absent", "", NULL);
        return r;
}

/* ---- reports ---- */

int report_incident(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "what", MEMBER_TEXT, TEXT_BYTES, false }, { "when", MEMBER_TEXT, ID_BYTES, true }, { "host", MEMBER_TEXT, 1000, true },
                                                 { "section", MEMBER_TEXT, 1000, true }, { "severity", MEMBER_TEXT, ID_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_finding act = { .person = rq->session.who.person };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = clean(&v[0].text, "what", true, rq, e);
        for (size_t i = 2; r == ERR_OK && i < 4; i++)
                r = clean(&v[i].text, members[i].name, false, rq, e);
        if (r == ERR_OK)
                r = incident_time(&act.in.at, v[1].text, "when", e);
        if (r < 0)
                return r;
        act.in.kind = STR("report");
        act.in.source = STR("person");
        act.in.person = str_of(act.person);
        act.in.text = v[0].text;
        act.in.host = v[2].text;
        act.in.section = v[3].text.n ? v[3].text : rq->session.who.section;
        act.in.severity = v[4].text.n ? v[4].text : STR("middle");
        r = writer_run(rq->office->writer, act_finding, &act, e);
        if (r < 0)
                return r;
        out->status = 201;
        out->json = json_pack("{s:s, s:o}", "id", act.id, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

/* What became of a report, for whoever made it: the number and how far it is, nothing of what was found out. */
static void put_outcome(struct request *rq, json_t *o, const struct row *finding)
{
        struct row i;
        struct str id = row_get_text(finding, FINDING_incident);

        if (o && id.n && store_row(&i, rq->db, TABLE_INCIDENT, word_of(rq, id), NULL, rq->arena, NULL) == ERR_OK && i.rev)
                (void)json_put(o, "outcome", json_pack("{s:o, s:o}", "number", json_of(row_get_text(&i, INCIDENT_number)), "state", json_of(row_get_text(&i, INCIDENT_state))));
}

/* mine: reports of this person. open: whatever waits for a decision, for those who handle it. */
int list_findings(struct request *rq, struct reply *out, struct err *e)
{
        static const char *const kinds[] = { "report", "alert", "unregistered", "drift", "stale", "other" };
        scoped(json_decref) json_t *items = json_array();
        struct str view = STR("mine");
        struct row *rows = NULL;
        size_t n = 0;
        int r = scgi_field(&view, rq->scgi->query, "view", rq->arena, e);
        bool open = str_is(view, "open");

        if (r < 0 && r != ERR_ABSENT)
                return r;
        if (!open && !str_is(view, "mine"))
                return err_key(e, ERR_INPUT, "list.view.bad", "view", NULL);
        if (open && !incident_sees(&(struct row){ .table = TABLE_INCIDENT }, &rq->session.who))
                return err_key(e, ERR_FORBIDDEN, "incident.role", "", NULL);
        r = ERR_OK;
        for (size_t k = 0; r == ERR_OK && k < (open ? countof(kinds) : 1); k++) {
                r = query_incident_rows(&rows, &n, rq->db, open ? FINDINGS_OPEN : FINDINGS_OF_PERSON, open ? str_of(kinds[k]) : str_of(rq->session.who.person), rq->arena, e);
                for (size_t i = 0; r == ERR_OK && i < n; i++) {
                        json_t *o = finding_json(rq, &rows[i], open);

                        put_outcome(rq, o, &rows[i]);
                        (void)json_array_append_new(items, o);
                }
        }
        if (r < 0)
                return r;
        out->json = json_pack("{s:O}", "items", items);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "findings");
}

int close_finding(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_close_finding act = { .person = rq->session.who.person, .finding = rq->param };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        act.rev = v[1].i;
        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[0].text, rq, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_close_finding, &act, e);
        return r < 0 ? r : done(out, act.rev_after, &act.receipt, e);
}

/* ---- incidents ---- */

int list_incidents(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct str view = STR("open"), after = STR("");
        struct row *rows = NULL;
        size_t n = 0;
        int r = scgi_field(&view, rq->scgi->query, "view", rq->arena, e);

        if (r == ERR_OK || r == ERR_ABSENT)
                r = scgi_field(&after, rq->scgi->query, "after", rq->arena, e);
        if (r < 0 && r != ERR_ABSENT)
                return r;
        if (!str_is(view, "open") && !str_is(view, "all"))
                return err_key(e, ERR_INPUT, "list.view.bad", "view", NULL);
        r = query_incidents(&rows, &n, rq->db, after, str_is(view, "all"), PAGE + 1, rq->arena, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < n && i < PAGE; i++) /* who leads one sees that one */
                if (incident_sees(&rows[i], &rq->session.who))
                        (void)json_array_append_new(items, incident_line(rq, &rows[i]));
        out->json = json_pack("{s:O, s:b}", "items", items, "handles", incident_works(NULL, &rq->session.who));
        if (out->json && n > PAGE)
                (void)json_put(out->json, "next", json_string(rows[PAGE - 1].id));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "incidents");
}

int get_incident(struct request *rq, struct reply *out, struct err *e)
{
        struct incident_facts *f;
        int r = load_seen(&f, rq, e);

        if (r < 0)
                return r;
        out->json = incident_detail(rq, f);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "incident");
}

int get_incident_report(struct request *rq, struct reply *out, struct err *e)
{
        struct incident_facts *f;
        int r = load_seen(&f, rq, e);

        if (r < 0)
                return r;
        out->json = incident_report_facts(rq, f);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "report");
}

/* What is said of how bad it is, at opening and later. */
#define GRADE_MEMBERS                                                                                                                     \
        { "severity", MEMBER_TEXT, ID_BYTES, false }, { "leak", MEMBER_TEXT, ID_BYTES, false }, { "people", MEMBER_INT, 0, true },        \
        { "grounds", MEMBER_TEXT, 200, true }, { "known_at", MEMBER_TEXT, ID_BYTES, true }
enum { GRADE_COUNT = 5 };

static int take_grade(struct grade *out, const struct member_value *v, struct err *e)
{
        *out = (struct grade){ .severity = v[0].text, .leak = v[1].text, .people = v[2].i, .counted = v[2].given, .grounds = v[3].text };
        return incident_time(&out->known_at, v[4].text, "known_at", e);
}

static int take_findings(struct act_open_incident *act, json_t *list, struct request *rq, struct err *e)
{
        struct str *ids = arena_array(rq->arena, json_array_size(list) + 1, sizeof(*ids));

        if (!ids)
                return err_set(e, ERR_NOMEM, "findings");
        if (json_array_size(list) > FINDINGS_AT_ONCE)
                return err_key(e, ERR_INPUT, "common.member.long", "findings", "findings", NULL);
        for (size_t i = 0; i < json_array_size(list); i++) {
                const char *id = json_string_value(json_array_get(list, i));
                struct uuid check;

                if (!id || !uuid_parse(str_of(id), &check))
                        return err_key(e, ERR_INPUT, "finding.absent", "findings", NULL);
                ids[i] = str_of(arena_text(rq->arena, id));
        }
        act->findings = ids;
        act->findings_count = json_array_size(list);
        return ERR_OK;
}

int open_incident(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { GRADE_MEMBERS, { "kind", MEMBER_TEXT, ID_BYTES, false }, { "title", MEMBER_TEXT, 1000, false },
                                                 { "text", MEMBER_TEXT, TEXT_BYTES, false }, { "section", MEMBER_TEXT, 1000, true },
                                                 { "service", MEMBER_TEXT, ID_BYTES, true }, { "lead", MEMBER_TEXT, ID_BYTES, true },
                                                 { "found_at", MEMBER_TEXT, ID_BYTES, true }, { "drill", MEMBER_INT, 0, true }, { "findings", MEMBER_ARRAY, 0, true } };
        struct member_value v[countof(members)] = { 0 }, *more = v + GRADE_COUNT;
        scoped(json_decref) json_t *doc = NULL;
        struct act_open_incident act = { .person = rq->session.who.person };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = take_grade(&act.in.grade, v, e);
        if (r == ERR_OK)
                r = clean(&more[1].text, "title", false, rq, e);
        if (r == ERR_OK)
                r = clean(&more[2].text, "text", true, rq, e);
        if (r == ERR_OK)
                r = clean(&more[3].text, "section", false, rq, e);
        if (r == ERR_OK)
                r = incident_time(&act.in.found_at, more[6].text, "found_at", e);
        if (r == ERR_OK)
                r = take_findings(&act, more[8].object, rq, e);
        if (r < 0)
                return r;
        act.in.kind = more[0].text;
        act.in.title = more[1].text;
        act.in.text = more[2].text;
        act.in.section = more[3].text;
        act.in.service = more[4].text;
        act.in.lead = more[5].text;
        act.in.drill = more[7].i != 0;
        r = writer_run(rq->office->writer, act_open_incident, &act, e);
        if (r < 0)
                return r;
        out->status = 201;
        out->json = json_pack("{s:s, s:s, s:o}", "id", act.id, "number", act.number, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

int grade_incident(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { GRADE_MEMBERS, { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_grade act;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        act = (struct act_grade){ .on = on_one(rq, v[GRADE_COUNT + 1].i) };
        if (r == ERR_OK)
                r = take_grade(&act.grade, v, e);
        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[GRADE_COUNT].text, rq, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_grade, &act, e);
        return r < 0 ? r : done(out, act.on.rev_after, &act.on.receipt, e);
}

int log_incident(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "kind", MEMBER_TEXT, ID_BYTES, false }, { "text", MEMBER_TEXT, TEXT_BYTES, false }, { "at", MEMBER_TEXT, ID_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_log act = { .on = on_one(rq, 0) };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = clean(&v[1].text, "text", true, rq, e);
        if (r == ERR_OK)
                r = incident_time(&act.at, v[2].text, "at", e);
        act.kind = v[0].text;
        act.text = v[1].text;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_log, &act, e);
        return r < 0 ? r : done(out, act.on.rev_after, &act.on.receipt, e);
}

int lead_incident(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "lead", MEMBER_TEXT, ID_BYTES, false }, { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_lead act;
        struct uuid id;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        act = (struct act_lead){ .on = on_one(rq, v[2].i), .lead = v[0].text };
        if (r == ERR_OK && !uuid_parse(v[0].text, &id))
                r = err_key(e, ERR_INPUT, "incident.person", "lead", NULL);
        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[1].text, rq, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_lead, &act, e);
        return r < 0 ? r : done(out, act.on.rev_after, &act.on.receipt, e);
}

/* A text and a revision: containment, conclusion. */
static int read_text(struct str *text, int64_t *rev, const char *name, struct request *rq, struct err *e)
{
        const struct member members[] = { { name, MEMBER_TEXT, TEXT_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = clean(&v[0].text, name, true, rq, e);
        *text = v[0].text;
        *rev = v[1].i;
        return r;
}

int contain_incident(struct request *rq, struct reply *out, struct err *e)
{
        struct act_contain act = { .on = on_one(rq, 0) };
        int r = read_text(&act.text, &act.on.rev, "text", rq, e);

        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_contain, &act, e);
        return r < 0 ? r : done(out, act.on.rev_after, &act.on.receipt, e);
}

int close_incident(struct request *rq, struct reply *out, struct err *e)
{
        struct act_conclude act = { .on = on_one(rq, 0) };
        int r = read_text(&act.conclusion, &act.on.rev, "conclusion", rq, e);

        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_conclude, &act, e);
        return r < 0 ? r : done(out, act.on.rev_after, &act.on.receipt, e);
}

int confirm_incident(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "decision", MEMBER_TEXT, ID_BYTES, false }, { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_confirm act;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        act = (struct act_confirm){ .on = on_one(rq, v[2].i), .approve = str_is(v[0].text, "approve") };
        if (r == ERR_OK && !act.approve && !str_is(v[0].text, "return"))
                r = err_key(e, ERR_INPUT, "incident.word", "decision", NULL);
        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[1].text, rq, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_confirm, &act, e);
        return r < 0 ? r : done(out, act.on.rev_after, &act.on.receipt, e);
}

/* ---- the form ---- */

/* The form with nothing demanded yet: it is filled in as things become known. */
static const struct pack_form *relaxed(const struct pack_form *form, struct arena *a)
{
        struct pack_form *copy = arena_copy(a, form, sizeof(*form));
        struct pack_field *fields = arena_array(a, form->fields_count, sizeof(*fields));

        if (!copy || !fields)
                return NULL;
        memcpy(fields, form->fields, form->fields_count * sizeof(*fields));
        for (size_t i = 0; i < form->fields_count; i++)
                fields[i].required = false;
        copy->fields = fields;
        return copy;
}

int fill_incident(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "answers", MEMBER_OBJECT, 0, false }, { "rev", MEMBER_INT, 0, false } };
        const struct pack_form *form = incident_form(rq->office->pack);
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        const struct answer *all;
        struct answer *given;
        struct act_sheet act;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && !form)
                r = err_key(e, ERR_CONFLICT, "incident.pack", "", NULL);
        form = r == ERR_OK ? relaxed(form, rq->arena) : NULL;
        if (r == ERR_OK)
                r = form ? answers_take(&all, rq, &(struct setting){ rq->office->pack, form, NULL }, v[0].object, e) : err_set(e, ERR_NOMEM, "form");
        if (r < 0)
                return r;
        given = arena_array(rq->arena, form->fields_count + 1, sizeof(*given));
        if (!given)
                return err_set(e, ERR_NOMEM, "answers");
        act = (struct act_sheet){ .on = on_one(rq, v[1].i), .answers = given };
        for (size_t i = 0; i < form->fields_count; i++)
                if (json_object_get(v[0].object, form->fields[i].id))
                        given[act.n++] = all[i];
        r = writer_run(rq->office->writer, act_sheet, &act, e);
        return r < 0 ? r : done(out, act.on.rev_after, &act.on.receipt, e);
}

/* ---- clocks ---- */

int report_clock(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "reported_on", MEMBER_TEXT, ID_BYTES, false }, { "receiver", MEMBER_TEXT, 1000, false },
                                                 { "document", MEMBER_TEXT, 1000, false }, { "note", MEMBER_TEXT, REASON_BYTES, true }, { "rev", MEMBER_INT, 0, false } };
        static const struct pack_field fields[] = { { .id = "reported_on", .type = FIELD_DATE }, { .id = "receiver", .type = FIELD_TEXT, .max_chars = 200 },
                                                    { .id = "document", .type = FIELD_TEXT, .max_chars = 200 }, { .id = "note", .type = FIELD_LINES, .max_chars = REASON_CHARS } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_report_clock act = { .person = rq->session.who.person, .duty = rq->param };
        struct str texts[countof(fields)];
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        for (size_t i = 0; i < countof(fields); i++)
                texts[i] = v[i].text;
        if (r == ERR_OK)
                r = answers_texts(texts, fields, texts, countof(fields), rq, e);
        act.evidence = (struct clock_evidence){ texts[0], texts[1], texts[2], texts[3] };
        act.rev = v[4].i;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_report_clock, &act, e);
        return r < 0 ? r : done(out, act.rev_after, &act.receipt, e);
}
