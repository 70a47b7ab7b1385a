/* incident_parts.c - see incidents.h. */
#include "server/office/api/incidents.h"

#include "core/incident/ladder.h"

/* ---- words ---- */

static json_t *moment_of(const struct row *r, int col)
{
        return row_get_int(r, col) ? json_time(row_get_int(r, col)) : json_null();
}

static void put_person(struct request *rq, json_t *o, const char *key, struct str id)
{
        if (id.n)
                (void)json_put(o, key, person_json(rq, id));
}

static const struct pack_text *kind_words(const struct pack *pack, struct str kind)
{
        for (size_t i = 0; i < pack->lists_count; i++)
                for (size_t k = 0; strcmp(pack->lists[i].id, "incident-kinds") == 0 && k < pack->lists[i].choices_count; k++)
                        if (str_is(kind, pack->lists[i].choices[k].id))
                                return &pack->lists[i].choices[k].label;
        return NULL;
}

static json_t *catalogue(const char *key)
{
        return json_pack("{s:s, s:s}", "ja", text_get(LANG_JA, key), "en", text_get(LANG_EN, key));
}

int incident_time(utime_t *out, struct str text, const char *field, struct err *e)
{
        struct str day, clock, hour, minute;
        struct date date;
        uint64_t h, m;

        *out = 0;
        text = str_trim(text);
        if (!text.n || utime_parse(text, out))
                return ERR_OK;
        if (str_cut(text, 'T', &day, &clock) && date_parse(day, &date) && str_cut(clock, ':', &hour, &minute) && hour.n == 2 && minute.n == 2 &&
            str_u64(hour.p[0] == '0' ? (struct str){ hour.p + 1, 1 } : hour, 23, &h) && str_u64(minute.p[0] == '0' ? (struct str){ minute.p + 1, 1 } : minute, 59, &m)) {
                *out = utime_from_jst(date) + (utime_t)h * UTIME_HOUR + (utime_t)m * UTIME_MIN;
                return ERR_OK;
        }
        return err_key(e, ERR_INPUT, "form.moment", field, NULL);
}

/* ---- lines ---- */

json_t *incident_line(struct request *rq, const struct row *i)
{
        json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:I}", "id", i->id, "number", json_of(row_get_text(i, INCIDENT_number)), "kind",
                              json_of(row_get_text(i, INCIDENT_kind)), "title", json_of(row_get_text(i, INCIDENT_title)), "severity",
                              json_of(row_get_text(i, INCIDENT_severity)), "leak", json_of(row_get_text(i, INCIDENT_leak)), "state",
                              json_of(row_get_text(i, INCIDENT_state)), "drill", row_get_int(i, INCIDENT_drill) != 0, "found_at", moment_of(i, INCIDENT_found_at),
                              "rev", (json_int_t)i->rev);
        const struct pack_text *kind = kind_words(rq->office->pack, row_get_text(i, INCIDENT_kind));

        if (!o)
                return NULL;
        if (kind)
                (void)json_put(o, "kind_text", json_text(kind));
        put_person(rq, o, "lead", row_get_text(i, INCIDENT_lead));
        (void)put_str(o, "section", row_get_text(i, INCIDENT_section));
        return o;
}

json_t *finding_json(struct request *rq, const struct row *f, bool whole)
{
        json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:I}", "id", f->id, "kind", json_of(row_get_text(f, FINDING_kind)), "source",
                              json_of(row_get_text(f, FINDING_source)), "severity", json_of(row_get_text(f, FINDING_severity)), "text",
                              json_of(row_get_text(f, FINDING_text)), "first_at", moment_of(f, FINDING_first_at), "last_at", moment_of(f, FINDING_last_at),
                              "times", (json_int_t)row_get_int(f, FINDING_times), "state", json_of(row_get_text(f, FINDING_state)), "rev", (json_int_t)f->rev);

        if (!o)
                return NULL;
        (void)(put_str(o, "section", row_get_text(f, FINDING_section)) && put_str(o, "host", row_get_text(f, FINDING_host)));
        if (!whole)
                return o;
        (void)(put_str(o, "address", row_get_text(f, FINDING_address)) && put_str(o, "service", row_get_text(f, FINDING_service)) &&
               put_str(o, "incident", row_get_text(f, FINDING_incident)) && put_str(o, "reason", row_get_text(f, FINDING_reason)));
        put_person(rq, o, "person", row_get_text(f, FINDING_person));
        return o;
}

json_t *contact_json(struct request *rq, const struct row *c)
{
        json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:I, s:I}", "id", c->id, "name", json_of(row_get_text(c, CONTACT_name)), "kind",
                              json_of(row_get_text(c, CONTACT_kind)), "hours", json_of(row_get_text(c, CONTACT_hours)), "rank", (json_int_t)row_get_int(c, CONTACT_rank),
                              "rev", (json_int_t)c->rev);

        if (!o)
                return NULL;
        (void)(put_str(o, "organisation", row_get_text(c, CONTACT_organisation)) && put_time(o, "checked_at", row_get_int(c, CONTACT_checked_at)));
        if (incident_works(NULL, &rq->session.who)) /* telephone numbers are for those who call */
                (void)(put_str(o, "phone", row_get_text(c, CONTACT_phone)) && put_str(o, "mail", row_get_text(c, CONTACT_mail)) &&
                       put_str(o, "checked_how", row_get_text(c, CONTACT_checked_how)));
        put_person(rq, o, "person", row_get_text(c, CONTACT_person));
        return o;
}

json_t *alert_json(struct request *rq, const struct row *a)
{
        json_t *o = json_pack("{s:s, s:o, s:I, s:I, s:o, s:o, s:o}", "id", a->id, "incident", json_of(row_get_text(a, ALERT_incident)), "run",
                              (json_int_t)row_get_int(a, ALERT_run), "rank", (json_int_t)row_get_int(a, ALERT_rank), "sent_at", moment_of(a, ALERT_sent_at),
                              "due_at", moment_of(a, ALERT_due_at), "state", json_of(row_get_text(a, ALERT_state)));
        struct str contact = row_get_text(a, ALERT_contact);
        struct row c;

        if (!o)
                return NULL;
        if (contact.n && store_row(&c, rq->db, TABLE_CONTACT, word_of(rq, contact), NULL, rq->arena, NULL) == ERR_OK && c.rev)
                (void)json_put(o, "contact", contact_json(rq, &c));
        (void)(put_time(o, "acked_at", row_get_int(a, ALERT_acked_at)) && put_str(o, "how", row_get_text(a, ALERT_how)));
        put_person(rq, o, "acked_by", row_get_text(a, ALERT_acked_by));
        return o;
}

static json_t *line_json(struct request *rq, const struct row *l)
{
        json_t *o = json_pack("{s:s, s:o, s:o, s:o}", "id", l->id, "at", moment_of(l, INCIDENTLOG_at), "kind", json_of(row_get_text(l, INCIDENTLOG_kind)), "text",
                              json_of(row_get_text(l, INCIDENTLOG_text)));

        if (o)
                put_person(rq, o, "person", row_get_text(l, INCIDENTLOG_person));
        return o;
}

static json_t *clock_json(struct request *rq, const struct row *d)
{
        bool open = row_is(d, DUTY_state, "open");
        json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:b, s:b, s:I}", "id", d->id, "rule", json_of(row_get_text(d, DUTY_rule)), "due_at", moment_of(d, DUTY_due_at),
                              "state", json_of(row_get_text(d, DUTY_state)), "overdue", open && rq->now >= row_get_int(d, DUTY_due_at), "reported",
                              clock_is_reported(d), "rev", (json_int_t)d->rev);
        const struct pack_duty *rule = pack_find_duty(rq->office->pack, word_of(rq, row_get_text(d, DUTY_rule)));

        if (!o)
                return NULL;
        if (rule)
                (void)json_put(o, "title", json_text(&rule->title));
        (void)(put_str(o, "evidence", row_get_text(d, DUTY_evidence)) && put_time(o, "closed_at", row_get_int(d, DUTY_closed_at)));
        put_person(rq, o, "closed_by", row_get_text(d, DUTY_closed_by));
        return o;
}

/* ---- the form ---- */

static struct str answer_of(const struct incident_facts *f, const char *field)
{
        for (size_t i = 0; i < f->sheet.n; i++)
                if (strcmp(f->sheet.rows[i].k, field) == 0)
                        return row_get_text(&f->sheet.rows[i], ANSWER_value);
        return STR("");
}

static json_t *sheet_json(struct request *rq, const struct incident_facts *f)
{
        const struct pack_form *form = incident_form(rq->office->pack);
        json_t *o = form ? json_pack("{s:s}", "form", form->id) : json_null(), *answers = json_object();

        for (size_t i = 0; form && i < form->fields_count; i++)
                (void)put_str(answers, form->fields[i].id, answer_of(f, form->fields[i].id));
        if (!form || json_object_set(o, "answers", answers) < 0) {
                json_decref(answers);
                return o;
        }
        json_decref(answers);
        return o;
}

/* ---- one ---- */

typedef json_t *row_json_fn(struct request *rq, const struct row *row);

static json_t *list_of(struct request *rq, const struct row_list *rows, row_json_fn *fn)
{
        json_t *list = json_array();

        for (size_t i = 0; i < rows->n; i++)
                (void)json_array_append_new(list, fn(rq, &rows->rows[i]));
        return list;
}

static json_t *whole_finding(struct request *rq, const struct row *f)
{
        return finding_json(rq, f, true);
}

static json_t *may_json(const struct row *incident, const struct actor *who)
{
        static const struct { unsigned bit; const char *word; } words[] = {
                { INCIDENT_MAY_LOG, "log" },           { INCIDENT_MAY_GRADE, "grade" },     { INCIDENT_MAY_CONTAIN, "contain" },
                { INCIDENT_MAY_CONCLUDE, "conclude" }, { INCIDENT_MAY_CONFIRM, "confirm" },
        };
        unsigned may = incident_may(incident, who);
        json_t *list = json_array();

        for (size_t i = 0; i < countof(words); i++)
                if (may & words[i].bit)
                        (void)json_array_append_new(list, json_string(words[i].word));
        return list;
}

json_t *incident_detail(struct request *rq, const struct incident_facts *f)
{
        const struct row *i = &f->incident;
        json_t *o = incident_line(rq, i);

        if (!o)
                return NULL;
        (void)(json_put(o, "text", json_of(row_get_text(i, INCIDENT_text))) && put_str(o, "grounds", row_get_text(i, INCIDENT_grounds)) &&
               put_str(o, "conclusion", row_get_text(i, INCIDENT_conclusion)) && put_time(o, "leak_at", row_get_int(i, INCIDENT_leak_at)) &&
               put_time(o, "contained_at", row_get_int(i, INCIDENT_contained_at)) && put_time(o, "concluded_at", row_get_int(i, INCIDENT_concluded_at)) &&
               put_time(o, "closed_at", row_get_int(i, INCIDENT_closed_at)) && json_put(o, "may", may_json(i, &rq->session.who)) &&
               json_put(o, "log", list_of(rq, &f->log, line_json)) && json_put(o, "alerts", list_of(rq, &f->alerts, alert_json)) &&
               json_put(o, "clocks", list_of(rq, &f->duties, clock_json)) && json_put(o, "findings", list_of(rq, &f->findings, whole_finding)) &&
               json_put(o, "sheet", sheet_json(rq, f)));
        if (i->v[INCIDENT_people].kind == VALUE_INT)
                (void)json_put(o, "people", json_integer(row_get_int(i, INCIDENT_people)));
        if (row_get_text(i, INCIDENT_service).n)
                (void)json_put(o, "service", json_pack("{s:o, s:o}", "id", json_of(row_get_text(i, INCIDENT_service)), "name", service_name(rq, row_get_text(i, INCIDENT_service))));
        put_person(rq, o, "reporter", row_get_text(i, INCIDENT_reporter));
        put_person(rq, o, "concluded_by", row_get_text(i, INCIDENT_concluded_by));
        put_person(rq, o, "closed_by", row_get_text(i, INCIDENT_closed_by));
        return o;
}

/* ---- the draft of a report ---- */

static void add_item(json_t *items, const char *id, json_t *label, struct str value)
{
        (void)json_array_append_new(items, json_pack("{s:s, s:o, s:o, s:b}", "id", id, "label", label, "value", json_of(value), "blank", !value.n));
}

static struct str day_text(struct request *rq, utime_t t)
{
        struct date d = utime_date_jst(t);
        const char *text = t ? arena_printf(rq->arena, "%04d-%02d-%02d", d.year, d.month, d.day) : NULL;

        return str_of(text);
}

static struct str number_text(struct request *rq, const struct row *i, int col)
{
        const char *text = i->v[col].kind == VALUE_INT ? arena_printf(rq->arena, "%lld", (long long)row_get_int(i, col)) : NULL;

        return str_of(text);
}

/* A choice is shown by its label, everything else as it was written. */
static struct str shown(struct request *rq, const struct pack_field *field, struct str value)
{
        for (size_t i = 0; value.n && i < field->choices_count; i++)
                if (str_is(value, field->choices[i].id))
                        return str_of(field->choices[i].label.in[rq->lang]);
        return value;
}

json_t *incident_report_facts(struct request *rq, const struct incident_facts *f)
{
        const struct row *i = &f->incident;
        const struct pack_form *form = incident_form(rq->office->pack);
        const struct { const char *id, *label; struct str value; } items_of_row[] = {
                { "summary", "register.incident.text", row_get_text(i, INCIDENT_text) },
                { "found_on", "register.incident.found_at", day_text(rq, row_get_int(i, INCIDENT_found_at)) },
                { "leak_on", "register.incident.leak_at", day_text(rq, row_get_int(i, INCIDENT_leak_at)) },
                { "people", "register.incident.people", number_text(rq, i, INCIDENT_people) },
        };
        json_t *items = json_array();

        for (size_t k = 0; k < countof(items_of_row); k++)
                add_item(items, items_of_row[k].id, catalogue(items_of_row[k].label), items_of_row[k].value);
        for (size_t k = 0; form && k < form->fields_count; k++)
                add_item(items, form->fields[k].id, json_text(&form->fields[k].label), shown(rq, &form->fields[k], answer_of(f, form->fields[k].id)));
        return json_pack("{s:s, s:o, s:s, s:b, s:o, s:o, s:o}", "incident", i->id, "number", json_of(row_get_text(i, INCIDENT_number)), "body", rq->office->name, "drill",
                         row_get_int(i, INCIDENT_drill) != 0, "leak", json_of(row_get_text(i, INCIDENT_leak)), "grounds", json_of(row_get_text(i, INCIDENT_grounds)),
                         "items", items);
}
