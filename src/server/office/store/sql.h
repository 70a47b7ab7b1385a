/* sql.h - every SQL statement of the house, one named constant each, all parameters bound.
 *
 * Does      schema and statements; those of the projections come from core/register/rows.h by macro.
 * Layer     server/office/store; nobody outside this folder sees SQL.
 *
 * Table classes (formats: Table classes): truth = journal, payload; projection = r_*, history and tree (rebuilt byte-equal); local = the rest.
 */
#ifndef OFFICE_STORE_SQL_H
#define OFFICE_STORE_SQL_H

#include "core/register/rows.h"

enum { DB_APPLICATION_ID = 0x53454b49, DB_VERSION = 6, KEYS_APPLICATION_ID = 0x53454b4b, KEYS_VERSION = 2 };

#define SQL_DDL_INT(col)       ", " #col " INTEGER"
#define SQL_DDL_TEXT(col)      ", " #col " TEXT, " #col "_c BLOB"   /* _c: commitment of a personal text; text NULL then = erased */
#define SQL_NAMES_INT(col)     ", " #col
#define SQL_NAMES_TEXT(col)    ", " #col ", " #col "_c"
#define SQL_MARKS_INT(col)     ",?"
#define SQL_MARKS_TEXT(col)    ",?,?"
#define SQL_SET_INT(col)       ", " #col "=excluded." #col
#define SQL_SET_TEXT(col)      ", " #col "=excluded." #col ", " #col "_c=excluded." #col "_c"

/* Does a text of the row stand under the retention unit ?1? */
#define SQL_IN_UNIT(col)       "(" #col " IS NOT NULL AND EXISTS (SELECT 1 FROM payload p WHERE p.commitment=" #col "_c AND p.unit=?1))"
#define SQL_UNDER_INT(col)
#define SQL_UNDER_TEXT(col)    " OR " SQL_IN_UNIT(col)
#define SQL_ERASE_INT(col)
#define SQL_ERASE_TEXT(col)    ", " #col "=CASE WHEN " SQL_IN_UNIT(col) " THEN NULL ELSE " #col " END"

#define SQL_DDL(t, col, type, comment)   SQL_DDL_##type(col)
#define SQL_NAMES(t, col, type, comment) SQL_NAMES_##type(col)
#define SQL_MARKS(t, col, type, comment) SQL_MARKS_##type(col)
#define SQL_SET(t, col, type, comment)   SQL_SET_##type(col)
#define SQL_UNDER(t, col, type, comment) SQL_UNDER_##type(col)
#define SQL_ERASE(t, col, type, comment) SQL_ERASE_##type(col)

#define SQL_CREATE_ROWS(id, name)                                                                                       \
        "CREATE TABLE r_" name " (id TEXT NOT NULL, k TEXT NOT NULL, rev INTEGER NOT NULL, entry INTEGER NOT NULL"      \
        COLS_##id(SQL_DDL) ", PRIMARY KEY(id, k)) STRICT, WITHOUT ROWID;"

/* The orders and filters of lists (store/registers.c): by name; in a state by name, by day; of a section; both; on the row it hangs on. */
#define SQL_CREATE_INDEX(table, tag, columns) "CREATE INDEX r_" table "_l_" tag " ON r_" table "(" columns ");"
#define REGISTER_INDEXES(I)                                                                                             \
        I("service", "name", "name") I("service", "state", "state, name") I("service", "section", "section, name")      \
        I("service", "day", "review_at") I("service", "state_day", "state, review_at") I("service", "provider", "provider, name") \
        I("use", "of", "service, section") I("use", "name", "section") I("use", "state", "state, section")              \
        I("use", "day", "until_at") I("use", "state_day", "state, until_at")                                            \
        I("provider", "name", "name") I("subcontractor", "name", "name") I("subcontractor", "of", "service, name")      \
        I("subcontractor", "state", "state, name")                                                                      \
        I("certificate", "of", "service, kind") I("certificate", "provider", "provider, kind") I("certificate", "name", "kind") \
        I("certificate", "state", "state, kind") I("certificate", "day", "until_at") I("certificate", "state_day", "state, until_at") \
        I("contract", "of", "service, name") I("contract", "name", "name") I("contract", "state", "state, name")        \
        I("contract", "day", "until_at") I("contract", "state_day", "state, until_at")                                  \
        I("flow", "of", "service, path") I("flow", "name", "path") I("flow", "state", "state, path")                    \
        I("responsibility", "of", "service, area") I("responsibility", "name", "area") I("responsibility", "state", "state, area") \
        I("account", "of", "service, name") I("account", "name", "name") I("account", "state", "state, name")           \
        I("account", "section", "section, name") I("account", "day", "until_at") I("account", "state_day", "state, until_at") \
        I("account", "person", "person")                                                                                \
        I("attachment", "subject", "subject, name") I("attachment", "name", "name") I("attachment", "state", "state, name") \
        I("attachment", "day", "added_at") I("attachment", "state_day", "state, added_at")                              \
        I("person", "name", "name") I("person", "number", "number") I("person", "state", "state, name")                 \
        I("person", "section", "section, name") I("person", "day", "until_at") I("person", "state_day", "state, until_at") \
        I("section", "name", "name") I("section", "state", "state, name")                                               \
        I("posting", "of", "person, section") I("posting", "name", "section") I("posting", "state", "state, section")   \
        I("posting", "day", "until_at") I("posting", "state_day", "state, until_at")                                    \
        I("contact", "name", "name") I("contact", "state", "state, name") I("contact", "day", "checked_at")             \
        I("finding", "name", "text") I("finding", "state", "state, text") I("finding", "day", "first_at")               \
        I("finding", "state_day", "state, first_at") I("finding", "section", "section, text")                           \
        I("service", "both", "section, state, name") I("account", "both", "section, state, name")                       \
        I("person", "both", "section, state, name") I("finding", "both", "section, state, text")                        \
        I("incident", "name", "title") I("incident", "state", "state, title") I("incident", "day", "found_at")          \
        I("incident", "state_day", "state, found_at")                                                                   \
        I("incident", "section", "section, title") I("incident", "both", "section, state, title")                       \
        I("service", "section_day", "section, review_at") I("use", "section_day", "section, until_at")                  \
        I("account", "section_day", "section, until_at") I("person", "section_day", "section, until_at")                \
        I("finding", "section_day", "section, first_at") I("incident", "section_day", "section, found_at")

static const char sql_schema[] =
        /* truth */
        "CREATE TABLE journal (idx INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, ref TEXT NOT NULL, actor TEXT,"
        " entry BLOB NOT NULL, leaf BLOB NOT NULL) STRICT;"
        "CREATE INDEX journal_ref ON journal(ref, idx);"
        "CREATE TABLE payload (commitment BLOB PRIMARY KEY, unit TEXT NOT NULL, nonce BLOB NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE INDEX payload_unit ON payload(unit);"
        /* projection */
        TABLES(SQL_CREATE_ROWS)
        /* what people look for: one line a row of a register, or a case, and what its list orders and filters by; its grams
         * (core/search/grams.h) stand in an index that keeps no text. The tokenizer "ascii" takes whatever is not ASCII as part of a token,
         * as grams want it. */
        "CREATE TABLE search_doc (rid INTEGER PRIMARY KEY, register TEXT NOT NULL, id TEXT NOT NULL, name TEXT, day INTEGER, state TEXT,"
        " section TEXT, folded TEXT NOT NULL) STRICT;"
        "CREATE UNIQUE INDEX search_doc_row ON search_doc(register, id);"
        "CREATE VIRTUAL TABLE search USING fts5(grams, content='', detail=none, columnsize=0,"
        " tokenize=\"ascii tokenchars '!#$%&()*+,-./:;<=>?@[\\]^_{|}~'\");"
        "CREATE VIRTUAL TABLE search_gram USING fts5vocab(search, instance);"
        "CREATE TABLE tree (level INTEGER NOT NULL, pos INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY(level, pos)) STRICT, WITHOUT ROWID;"
        "CREATE INDEX r_application_applicant ON r_application(applicant, submitted_at, id, state);"
        "CREATE INDEX r_application_section ON r_application(section, submitted_at, id, state);"
        "CREATE INDEX r_application_submitted ON r_application(submitted_at, id, state, section, applicant);"
        "CREATE INDEX r_application_when ON r_application(id, submitted_at, state, applicant, drafter);"
        "CREATE INDEX r_permit_state ON r_permit(state, until_at);"
        "CREATE INDEX r_permit_application ON r_permit(application);"
        "CREATE INDEX r_permit_key ON r_permit(key, from_at);"
        "CREATE INDEX r_gate_cert ON r_gate(cert);"
        "CREATE INDEX r_holder_k ON r_holder(k, id);"
        "CREATE INDEX r_holder_until ON r_holder(until_at) WHERE state='active' AND until_at IS NOT NULL;"
        "CREATE INDEX r_appointment_person ON r_appointment(person, id);"
        "CREATE INDEX r_erasure_k ON r_erasure(k, state);"
        "CREATE INDEX r_erasure_open ON r_erasure(id) WHERE state IN ('asked','confirmed');"
        "CREATE INDEX r_appointment_open ON r_appointment(id) WHERE state IN ('asked','coming');"
        "CREATE INDEX r_rotation_state ON r_rotation(state, id);"
        "CREATE INDEX r_application_drafter ON r_application(drafter, submitted_at, id, state, applicant);"
        "CREATE INDEX r_application_service ON r_application(service, submitted_at);"
        "CREATE INDEX r_application_returned ON r_application(id) WHERE state='returned';"
        "CREATE INDEX r_answersheet_added ON r_answersheet(added_at, id);"
        "CREATE INDEX r_answersheet_provider ON r_answersheet(provider, added_at, id);"
        "CREATE INDEX r_application_open ON r_application(submitted_at, id) WHERE state='submitted';"
        "CREATE INDEX r_application_open_section ON r_application(section, submitted_at, id) WHERE state='submitted';"
        "CREATE INDEX r_step_decider ON r_step(decider, id) WHERE decider IS NOT NULL;"
        "CREATE INDEX r_service_manager ON r_service(manager);"
        "CREATE INDEX r_service_deputy ON r_service(deputy);"
        "CREATE INDEX r_service_apply ON r_service(apply_by_at, section, manager, deputy, state) WHERE state='transitional';"
        "CREATE INDEX r_use_service ON r_use(service, id);"
        "CREATE INDEX r_subcontractor_service ON r_subcontractor(service, id);"
        "CREATE INDEX r_exception_end ON r_exception(until_at) WHERE state='active';"
        "CREATE INDEX r_duty_state ON r_duty(state, due_at, id);"
        "CREATE INDEX r_duty_person ON r_duty(person, state, due_at, id);"
        "CREATE INDEX r_duty_role ON r_duty(role, section, state, due_at, id, person);"
        "CREATE INDEX r_duty_overdue ON r_duty(overdue_role, due_at, id) WHERE state='open';"
        "CREATE INDEX r_duty_application ON r_duty(application);"
        "CREATE INDEX r_duty_service ON r_duty(service, state, due_at, id, person);"
        /* the duty loop: in parts, and what changed since it last looked */
        "CREATE INDEX r_service_live ON r_service(id, state, section, manager, deputy, provider) WHERE state<>'closed';"
        "CREATE INDEX r_service_entry ON r_service(entry);"
        "CREATE INDEX r_certificate_entry ON r_certificate(entry);"
        "CREATE INDEX r_contract_entry ON r_contract(entry);"
        "CREATE INDEX r_duty_entry ON r_duty(entry);"
        "CREATE INDEX r_duty_coming ON r_duty(due_at, kind, service, person, state) WHERE state='open';"
        "CREATE INDEX r_duty_open ON r_duty(id) WHERE state='open';"
        "CREATE INDEX r_duty_derived ON r_duty(service, id) WHERE state='open' AND rule IS NOT NULL;"
        "CREATE INDEX r_duty_done ON r_duty(service, rule, due_at) WHERE state='closed' AND closed_by IS NOT NULL AND kind IN ('account','contact','drill');"
        "CREATE INDEX r_deputy_k ON r_deputy(k, id);"
        /* what an auditor asks: by the day it happened, of a procedure, of a type (evidence.h, audit.h) */
        "CREATE INDEX journal_type ON journal(type, at);"
        "CREATE INDEX r_application_procedure ON r_application(procedure, submitted_at);"
        "CREATE INDEX r_application_ended ON r_application(ended_at, state, applicant, drafter) WHERE ended_at IS NOT NULL;"
        "CREATE INDEX r_service_closed ON r_service(closed_at) WHERE closed_at IS NOT NULL;"
        "CREATE INDEX r_service_application ON r_service(application);"
        "CREATE INDEX r_permit_from ON r_permit(from_at);"
        "CREATE INDEX r_duty_rule ON r_duty(rule, entry);"
        "CREATE INDEX r_duty_closed ON r_duty(closed_at, state, closed_by) WHERE closed_at IS NOT NULL;"
        "CREATE INDEX r_duty_late ON r_duty(closed_at, state, due_at, kind) WHERE closed_at>due_at AND kind<>'review';"
        "CREATE INDEX r_duty_review ON r_duty(due_at, state, closed_at, kind) WHERE kind='review';"
        "CREATE INDEX r_criterion_judged ON r_criterion(judged_at, answer) WHERE judged_at IS NOT NULL;"
        "CREATE INDEX r_exception_from ON r_exception(from_at);"
        "CREATE INDEX r_posting_from ON r_posting(from_at);"
        "CREATE INDEX r_holder_since ON r_holder(since_at);"
        "CREATE INDEX r_step_deputised ON r_step(decided_at) WHERE principal IS NOT NULL;"
        "CREATE INDEX r_section_body ON r_section(body) WHERE body IS NOT NULL;"
        "CREATE INDEX r_rating_set ON r_rating(id) WHERE person IS NOT NULL;"
        /* which entries changed a row that people see in a register; filled by append and replay */
        "CREATE TABLE history (tbl TEXT NOT NULL, id TEXT NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY(tbl, id, idx)) STRICT, WITHOUT ROWID;"
        REGISTER_INDEXES(SQL_CREATE_INDEX)
        "CREATE INDEX r_attachment_hash ON r_attachment(hash);"
        "CREATE INDEX r_attachment_subject ON r_attachment(subject, id);"
        "CREATE INDEX r_duty_subject ON r_duty(subject, due_at, id) WHERE subject IS NOT NULL;"
        "CREATE INDEX r_contact_rank ON r_contact(rank, id) WHERE state='active';"
        "CREATE INDEX r_incidentlog_incident ON r_incidentlog(incident, id);"
        "CREATE INDEX r_reset_person ON r_reset(person, state);"
        "CREATE INDEX r_alert_incident ON r_alert(incident, id);"
        "CREATE INDEX r_alert_due ON r_alert(due_at) WHERE state='sent';"
        "CREATE INDEX r_finding_incident ON r_finding(incident, id) WHERE incident IS NOT NULL;"
        "CREATE INDEX r_finding_person ON r_finding(person, id) WHERE person IS NOT NULL;"
        "CREATE INDEX r_finding_open ON r_finding(kind, id) WHERE state='open';"
        "CREATE INDEX r_finding_service ON r_finding(service) WHERE state='open';"
        /* local: each row under a keyed MAC */
        "CREATE TABLE credential (login TEXT PRIMARY KEY, person TEXT NOT NULL, phc TEXT NOT NULL, fails INTEGER NOT NULL,"
        " next_at INTEGER NOT NULL, until_at INTEGER NOT NULL, must_change INTEGER NOT NULL, totp BLOB NOT NULL, totp_at INTEGER NOT NULL,"
        " totp_step INTEGER NOT NULL, codes TEXT NOT NULL, mac BLOB NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE INDEX credential_person ON credential(person);"
        "CREATE TABLE session (token BLOB PRIMARY KEY, person TEXT NOT NULL, made_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,"
        " stage INTEGER NOT NULL, mac BLOB NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE INDEX session_person ON session(person);"
        "CREATE TABLE enrol_code (secret BLOB PRIMARY KEY, gate TEXT NOT NULL, until_at INTEGER NOT NULL, used_at INTEGER NOT NULL,"
        " mac BLOB NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE TABLE grant_table (epoch INTEGER NOT NULL, seq INTEGER NOT NULL, file BLOB NOT NULL, mac BLOB NOT NULL,"
        " PRIMARY KEY(epoch, seq)) STRICT;"
        "CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, made_at INTEGER NOT NULL, once TEXT UNIQUE, urgent INTEGER NOT NULL,"
        " body TEXT NOT NULL, mac BLOB NOT NULL) STRICT;"
        "CREATE TABLE outbox_sent (id INTEGER NOT NULL, sink TEXT NOT NULL, who TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL,"
        " why TEXT NOT NULL, mac BLOB NOT NULL, PRIMARY KEY(id, sink, who)) STRICT, WITHOUT ROWID;"
        "CREATE TABLE sink (id TEXT PRIMARY KEY, kind TEXT NOT NULL, from_id INTEGER NOT NULL, state TEXT NOT NULL, since_at INTEGER NOT NULL,"
        " seen_at INTEGER NOT NULL, why TEXT NOT NULL, mac BLOB NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE TABLE report_seq (gate TEXT NOT NULL, boot TEXT NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL, mac BLOB NOT NULL,"
        " PRIMARY KEY(gate, boot, stream)) STRICT, WITHOUT ROWID;"
        /* one row: what the office's clock was at, for the next start (office_time.h) */
        "CREATE TABLE house_clock (id INTEGER PRIMARY KEY, boot TEXT NOT NULL, seen_at INTEGER NOT NULL, ahead INTEGER NOT NULL, hold INTEGER NOT NULL,"
        " since_at INTEGER NOT NULL, mac BLOB NOT NULL) STRICT;"
        "CREATE TABLE draft (id TEXT PRIMARY KEY, person TEXT NOT NULL, form TEXT NOT NULL, about TEXT NOT NULL, rev INTEGER NOT NULL,"
        " saved_at INTEGER NOT NULL, nonce BLOB NOT NULL, sealed BLOB NOT NULL, mac BLOB NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE INDEX draft_person ON draft(person, saved_at);"
        /* how far the look through all rows has come (scrub.h); one row */
        "CREATE TABLE scrub (id INTEGER PRIMARY KEY, stage INTEGER NOT NULL, part INTEGER NOT NULL, place TEXT NOT NULL, seen INTEGER NOT NULL,"
        " wrong INTEGER NOT NULL, began_at INTEGER NOT NULL, ended_at INTEGER NOT NULL, mac BLOB NOT NULL) STRICT;";

static const char sql_keys_schema[] =
        /* key NULL: destroyed; the row stays, as a tombstone, and says when and by which entry */
        "CREATE TABLE unit_key (unit TEXT PRIMARY KEY, key BLOB, made_at INTEGER NOT NULL, destroyed_at INTEGER, entry INTEGER,"
        " mac BLOB NOT NULL) STRICT, WITHOUT ROWID;";

/* All columns of a row, for rows_collect(). */
#define SQL_ROW(id, name) "SELECT id, k, rev, entry" COLS_##id(SQL_NAMES) " FROM r_" name

#define SQL_CRED_PARTS "SELECT login, person, phc, fails, next_at, until_at, must_change, totp, totp_at, totp_step, codes"
#define SQL_CRED SQL_CRED_PARTS ", mac FROM credential"

/* Lists of applications, newest first, by enum app_list (query.h). ?1 person, ?2 section, ?3..?5 JSON lists of roles, ?6 and ?7 the
 * last line seen, ?8 how many, ?9 states with blanks around each (empty: all). WAITING names candidates: a step of a role by which this person might act, ?3 anywhere, ?4 in the
 * section, ?5 for services they manage. A step's state does not say whether it is open (core/procedure/flow.h), so core says of each
 * (api/waiting.c). */
#define SQL_STEP_OF(roles) "EXISTS (SELECT 1 FROM r_step s WHERE s.id=a.id AND s.role IN (SELECT value FROM json_each(" roles ")))"
#define SQL_WAITS_IN_SECTION "a.state='submitted' AND a.section=?2 AND " SQL_STEP_OF("?4")
#define SQL_WAITS "a.state='submitted' AND (" SQL_STEP_OF("?3") " OR (a.section=?2 AND " SQL_STEP_OF("?4") ")"          \
                  " OR (a.service IN (SELECT id FROM r_service WHERE manager=?1 UNION SELECT id FROM r_service WHERE deputy=?1)" \
                  " AND " SQL_STEP_OF("?5") "))"
#define APP_LISTS(L)                                                                                                    \
        L(ALL,     "1",            SQL_COUNTED("1"))                                                                    \
        L(SECTION, "a.section=?2", SQL_COUNTED("a.section=?2"))                                                         \
        L(MINE,    "a.applicant=?1", SQL_COUNTED("a.applicant=?1"))                                                     \
        L(DRAFTED, "a.drafter=?1", SQL_COUNTED("a.drafter=?1"))                                                         \
        L(SEEN,    "a.id IN (SELECT id FROM (" SQL_APPS_FIRST(SQL_APPS_APPLIED) ") UNION ALL SELECT id FROM (" SQL_APPS_FIRST(SQL_APPS_DRAFTED_ONLY) ")" \
                   " UNION ALL SELECT id FROM (" SQL_APPS_FIRST(SQL_APPS_DECIDED_ONLY) "))", SQL_SEEN_COUNTED)          \
        L(WAITING_SECTION, SQL_WAITS_IN_SECTION, SQL_COUNTED(SQL_WAITS_IN_SECTION))                                     \
        L(WAITING, SQL_WAITS, SQL_COUNTED(SQL_WAITS))
/* Seen in three ways, no case in two of them: each gives its newest from an index that has all it asks for. */
#define SQL_IN_STATE " AND (?9='' OR instr(?9, ' ' || a.state || ' ')>0)"
#define SQL_BEFORE " AND (a.submitted_at<?6 OR (a.submitted_at=?6 AND a.id<?7)) ORDER BY a.submitted_at DESC, a.id DESC LIMIT ?8"
#define SQL_APPS_APPLIED "r_application a WHERE a.applicant=?1" SQL_IN_STATE
#define SQL_APPS_DRAFTED_ONLY "r_application a WHERE a.drafter=?1 AND a.applicant IS NOT ?1" SQL_IN_STATE
#define SQL_APPS_DECIDED_ONLY "(SELECT DISTINCT id FROM r_step WHERE decider=?1) s CROSS JOIN r_application a INDEXED BY r_application_when ON a.id=s.id" \
                              " WHERE a.applicant IS NOT ?1 AND a.drafter IS NOT ?1" SQL_IN_STATE
#define SQL_APPS_FIRST(from) "SELECT a.id FROM " from SQL_BEFORE
#define SQL_SEEN_COUNTED "SELECT (SELECT count(*) FROM " SQL_APPS_APPLIED ") + (SELECT count(*) FROM " SQL_APPS_DRAFTED_ONLY ")" \
                         " + (SELECT count(*) FROM " SQL_APPS_DECIDED_ONLY ") WHERE ?2=?2 AND ?8>0"
/* The page first, then what is said of each of its lines. */
#define SQL_APPS_LIST(id, cond, counted)                                                                                \
        X(SQL_APPS_##id,        "SELECT a.id, a.number, a.form, a.state, a.rev, a.submitted_at, w.name, p.state, p.until_at," \
                                " (SELECT min(e.at) FROM r_enforcement e WHERE e.id=p.id AND e.seq>=p.table_seq), a.applicant, a.section," \
                                " (SELECT v.value FROM r_answer v WHERE v.id=a.id AND v.k='device_name')"               \
                                " FROM (SELECT a.id FROM r_application a WHERE " cond SQL_IN_STATE SQL_BEFORE ") x CROSS JOIN r_application a ON a.id=x.id" \
                                " LEFT JOIN r_person w ON w.id=a.applicant AND w.k=''"                                  \
                                " LEFT JOIN r_permit p ON p.id=a.permit AND p.k=''"                                     \
                                " ORDER BY a.submitted_at DESC, a.id DESC")
#define SQL_COUNTED(cond) "SELECT count(*) FROM r_application a WHERE " cond SQL_IN_STATE " AND ?8>0"
#define SQL_APPS_COUNTED(id, cond, counted) X(SQL_COUNT_##id, counted)

/* Duties that hang on a rule, and the latest that people closed of each that is repeated. */
#define SQL_LISTED  " IN (SELECT value FROM json_each(?1))"
#define SQL_DERIVED "state='open' AND rule IS NOT NULL AND kind<>'clock'"
#define SQL_DONE    "state='closed' AND closed_by IS NOT NULL AND kind IN ('account','contact','drill')"
#define SQL_LATEST(whose) SQL_ROW(DUTY, "duty") " WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY rule, service, subject" \
                          " ORDER BY due_at DESC, id) AS n FROM r_duty WHERE " SQL_DONE " AND " whose ") WHERE n=1) ORDER BY id"
/* ?1 the first entry that counts, ?2 the last id seen, ?3 how many; what hangs on a row stays with whom it was told of, too. */
#define SQL_PART_OF(ids) "SELECT json_group_array(id), count(*), coalesce(max(id), '') FROM (" ids " ORDER BY 1 LIMIT ?3)"
#define SQL_TOUCHED(table) " UNION SELECT service FROM r_" table " WHERE entry>=?1"                                     \
                           " UNION SELECT d.service FROM r_" table " x JOIN r_duty d ON d.subject=x.id AND d.state='open' WHERE x.entry>=?1"

/* Open duties behind the one seen last, the first ?7 of them: (due_at, id). SQL_DUTIES_OF_ROLES: the first of each role. */
#define SQL_FIRST_DUTIES(from, cond) "SELECT due_at, id FROM (SELECT due_at, id FROM " from " WHERE " cond                \
        " AND (due_at, id)>(?5, ?6) AND due_at<=?8 ORDER BY due_at, id LIMIT ?7)"
#define SQL_DUTIES_OF_ROLES(cond) "SELECT d.due_at, d.id FROM json_each(?2) j CROSS JOIN r_duty d ON d.id IN (SELECT id FROM r_duty WHERE state='open' AND " \
        cond " AND (due_at, id)>(?5, ?6) AND due_at<=?8 ORDER BY due_at, id LIMIT ?7)"
#define SQL_NOBODYS "(person IS NULL OR EXISTS (SELECT 1 FROM r_person p WHERE p.id=person AND p.state<>'active'))"

/* The newest of a form, one way to them. */
#define SQL_OF_FORM(cond) "SELECT id FROM (SELECT id FROM r_application WHERE " cond " AND form=?3 ORDER BY submitted_at DESC, id DESC LIMIT 40)"

/* Hits, newest first: ?1 grams, ?2 below this line, ?3 how many, ?4..?11 terms, each of which the text must hold ('' always is). */
#define SQL_SEARCHED(joins, cond)                                                                                       \
        "SELECT d.register, d.id FROM search s CROSS JOIN search_doc d ON d.rid=s.rowid" joins                          \
        " WHERE s.search MATCH ?1 AND s.rowid<?2 AND instr(d.folded, ?4) AND instr(d.folded, ?5) AND instr(d.folded, ?6)" \
        " AND instr(d.folded, ?7) AND instr(d.folded, ?8) AND instr(d.folded, ?9) AND instr(d.folded, ?10) AND instr(d.folded, ?11)" cond

/* What is wrong (query_home.h): how many, since when, and the oldest one (SQLite takes its columns from the row of the minimum). ?1 now, ?2 1:
 * everywhere; else what hangs on a service ?3 (section; '' none) or ?4 (person) looks after. */
#define SQL_LOOKED_AFTER "(?2 OR (?3<>'' AND s.section=?3) OR s.manager=?4 OR s.deputy=?4)"
#define SQL_WRONGS                                                                                                      \
        X(SQL_WRONG_TRANSITIONAL, "SELECT count(*), min(s.apply_by_at), s.id, NULL FROM r_service s INDEXED BY r_service_apply WHERE s.state='transitional' AND s.apply_by_at<=?1" \
                                " AND " SQL_LOOKED_AFTER)                                                               \
        X(SQL_WRONG_UNREVIEWED, "SELECT count(*), min(coalesce(s.from_at, 0)), s.id, s.name FROM r_service s WHERE s.state='approved' AND s.review_at IS NULL" \
                                " AND ?1>0 AND " SQL_LOOKED_AFTER)                                                      \
        X(SQL_WRONG_CERTIFICATE, "SELECT count(*), min(c.until_at), c.id, coalesce(s.name, p.name) FROM r_certificate c LEFT JOIN r_service s ON s.id=c.service AND s.k=''" \
                                " LEFT JOIN r_provider p ON p.id=c.provider AND p.k='' WHERE c.state='valid' AND c.until_at<=?1 AND (s.id IS NULL OR s.state<>'closed')" \
                                " AND " SQL_LOOKED_AFTER)                                                               \
        X(SQL_WRONG_DUTY,       "SELECT count(*), min(d.due_at), d.id, NULL FROM r_duty d WHERE d.state='open' AND d.due_at<=?1 AND ?2 AND ?3=?3 AND ?4=?4") \
        X(SQL_WRONG_FINDING,    "SELECT count(*), min(f.first_at), f.id, f.text FROM r_finding f WHERE f.state='open' AND ?1>0 AND ?2 AND ?3=?3 AND ?4=?4") \
        X(SQL_WRONG_ALARM,      "SELECT count(*), min(w.at), w.id, w.title FROM (SELECT i.id, i.title, min(a.due_at) AS at FROM r_incident i"            \
                                " JOIN r_alert a ON a.incident=i.id AND (a.state='escalated' OR (a.state='sent' AND a.due_at<=?1))"                      \
                                " WHERE i.state<>'closed' AND ?2 AND ?3=?3 AND ?4=?4 AND a.run=(SELECT max(b.run) FROM r_alert b WHERE b.incident=i.id)" \
                                " AND NOT EXISTS (SELECT 1 FROM r_alert b WHERE b.incident=i.id AND b.run=a.run AND b.state='acknowledged') GROUP BY i.id) w")

/* Somebody holds the step's role and has had no hand in the case. */
#define SQL_FREE_HANDS "SELECT 1 FROM r_holder h CROSS JOIN r_person p ON p.id=h.id AND p.k='' AND p.state='active' WHERE h.k=t.role AND h.state='active'" \
                       " AND h.id<>a.applicant AND h.id IS NOT a.drafter AND NOT EXISTS (SELECT 1 FROM r_step o WHERE o.id=a.id AND o.decider=h.id)"

/* Numbers for charts: two words and how many. First by the number of the day in Japan: a day is named once, not once for each row. */
#define SQL_DAY(at) "(" at "+32400000000)/86400000000"
#define SQL_CHARTS                                                                                                      \
        X(SQL_CHART_CLASS,      "SELECT coalesce(r.level, ''), s.state, count(*) FROM r_service s LEFT JOIN r_rating r ON r.id=s.id AND r.k=?1" \
                                " WHERE s.state<>'closed' AND " SQL_LOOKED_AFTER " GROUP BY 1, 2 ORDER BY 1, 2")         \
        X(SQL_CHART_COUNTRY,    "SELECT coalesce(p.country, ''), s.state, count(*) FROM r_service s LEFT JOIN r_provider p ON p.id=s.provider AND p.k=''" \
                                " WHERE s.state<>'closed' AND ?1=?1 AND " SQL_LOOKED_AFTER " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2") \
        X(SQL_CHART_CASES,      "SELECT strftime('%Y-%m', day*86400, 'unixepoch'), state, sum(n) FROM (SELECT " SQL_DAY("a.submitted_at") " AS day, a.state, count(*) AS n" \
                                " FROM r_application a WHERE a.submitted_at>=?1 AND (?2 OR (?3<>'' AND a.section=?3) OR a.applicant=?4) GROUP BY 1, 2) GROUP BY 1, 2 ORDER BY 1, 2") \
        X(SQL_CHART_DUE,        "SELECT strftime('%Y-%m-%d', day*86400, 'unixepoch'), kind, n FROM (SELECT " SQL_DAY("d.due_at-1") " AS day, d.kind, count(*) AS n" \
                                " FROM r_duty d INDEXED BY r_duty_coming LEFT JOIN r_service s ON s.id=d.service AND s.k='' WHERE d.state='open' AND d.due_at>?1" \
                                " AND d.due_at<=?1+7776000000000 AND (" SQL_LOOKED_AFTER " OR d.person=?4) GROUP BY 1, 2) ORDER BY day, kind")

/* The newest that shows that a mechanism works (evidence.h): when, entry type, case. ?1 procedure, ?2 name, ?3 not before. */
#define SQL_EVIDENCE_IN(joins, cond) " FROM r_application a" joins " WHERE a.procedure=?1 AND a.submitted_at>=?3 AND " cond " ORDER BY a.submitted_at DESC LIMIT 1"
#define SQL_EVIDENCE_ROW(table, cond) "SELECT j.at, j.type, a.id, a.number" SQL_EVIDENCE_IN(" CROSS JOIN " table " v ON v.id=a.id AND v.k=?2 CROSS JOIN journal j ON j.idx=v.entry", cond)
#define SQL_EVIDENCES                                                                                                   \
        X(SQL_EVIDENCE_SINCE,   "SELECT submitted_at FROM r_application WHERE procedure=?1 ORDER BY submitted_at DESC LIMIT 1 OFFSET ?2") \
        X(SQL_EVIDENCE_CASE,    "SELECT a.submitted_at, 'application.submitted', a.id, a.number" SQL_EVIDENCE_IN("", "?2=?2")) \
        X(SQL_EVIDENCE_DECIDED, "SELECT a.ended_at, 'application.decided', a.id, a.number" SQL_EVIDENCE_IN("", "a.state IN ('approved', 'rejected') AND ?2=?2")) \
        X(SQL_EVIDENCE_APPROVED, "SELECT a.ended_at, 'application.decided', a.id, a.number" SQL_EVIDENCE_IN("", "a.state='approved' AND ?2=?2")) \
        X(SQL_EVIDENCE_ANSWER,  SQL_EVIDENCE_ROW("r_answer", "v.value IS NOT NULL"))                                    \
        X(SQL_EVIDENCE_STEP,    SQL_EVIDENCE_ROW("r_step", "v.decided_at IS NOT NULL"))                                 \
        X(SQL_EVIDENCE_CRITERION, SQL_EVIDENCE_ROW("r_criterion", "v.judged_at IS NOT NULL"))                           \
        X(SQL_EVIDENCE_ENTRY,   "SELECT at, type, '', '' FROM journal WHERE type=?2 AND ?1=?1 AND at>=?3 ORDER BY at DESC LIMIT 1") \
        X(SQL_EVIDENCE_DUTY,    "SELECT j.at, j.type, '', '' FROM (SELECT max(entry) AS entry FROM r_duty WHERE rule=?2 AND ?1=?1) d JOIN journal j ON j.idx=d.entry WHERE j.at>=?3") \
        X(SQL_EVIDENCE_REGISTER, "SELECT j.at, j.type, '', '' FROM (SELECT max(idx) AS idx FROM history WHERE tbl=?2 AND ?1=?1) h JOIN journal j ON j.idx=h.idx WHERE j.at>=?3")

/* What an evidence pack is made of (gather.h). ?2, ?3: entries from, before; ?4 body ('' any), ?5 the install's. */
#define SQL_GATHERS                                                                                                     \
        X(SQL_GATHER_AT,        "SELECT at FROM journal WHERE idx=?")                                                   \
        X(SQL_GATHER_CASES,     "SELECT a.id FROM r_application a WHERE (?1='' OR a.procedure=?1)"                       \
                                " AND (?4='' OR coalesce((SELECT b.body FROM r_section b WHERE b.name=a.section AND b.body IS NOT NULL LIMIT 1), ?5)=?4)" \
                                " AND EXISTS (SELECT 1 FROM journal j WHERE j.ref=a.id AND j.idx>=?2 AND j.idx<?3) ORDER BY a.submitted_at, a.id") \
        X(SQL_GATHER_CASES_OF,  "SELECT id FROM r_application WHERE service=?1 AND ?2=?2 AND ?3=?3 AND ?4=?4 AND ?5=?5 ORDER BY submitted_at, id") \
        X(SQL_GATHER_DUTIES_BY, "SELECT d.id FROM r_duty d WHERE d.rule=?1 AND (?4='' OR coalesce((SELECT b.body FROM r_section b WHERE b.name=d.section AND b.body IS NOT NULL" \
                                " LIMIT 1), ?5)=?4) AND EXISTS (SELECT 1 FROM journal j WHERE j.ref=d.id AND j.idx>=?2 AND j.idx<?3) ORDER BY d.due_at, d.id") \
        X(SQL_GATHER_DUTIES_OF, "SELECT id FROM r_duty WHERE service=?1 AND ?2=?2 AND ?3=?3 AND ?4=?4 AND ?5=?5 UNION SELECT id FROM r_duty WHERE subject=?1 ORDER BY 1") \
        X(SQL_GATHER_DUTIES_APP, "SELECT id FROM r_duty WHERE application=?1 AND ?2=?2 AND ?3=?3 AND ?4=?4 AND ?5=?5 ORDER BY due_at, id") \
        /* what a case opened: its permit, and the service that it is about */                                         \
        X(SQL_GATHER_OPENED,    "SELECT id FROM r_permit WHERE application=?1 AND ?2=?2 AND ?3=?3 AND ?4=?4 AND ?5=?5 UNION"  \
                                " SELECT service FROM r_application WHERE id=?1 AND service IS NOT NULL ORDER BY 1") \
        X(SQL_GATHER_REF,       "SELECT idx FROM journal WHERE ref=?1 AND idx>=?2 AND idx<?3")                          \
        X(SQL_GATHER_TYPE,      "SELECT idx FROM journal WHERE type=?1 AND at>=(SELECT at FROM journal WHERE idx=?2) AND idx>=?2 AND idx<?3") \
        X(SQL_GATHER_REGISTER,  "SELECT DISTINCT idx FROM history WHERE tbl=?1 AND idx>=?2 AND idx<?3")                 \
        X(SQL_GATHER_ROW,       "SELECT idx FROM history WHERE tbl=?1 AND id=?4 AND idx>=?2 AND idx<?3")                \
        X(SQL_GATHER_ENTRIES,   "SELECT idx, at, type, ref, actor, leaf, entry FROM journal WHERE idx=?")               \
        X(SQL_GATHER_STATE,     "SELECT state, name IS NULL AND name_c IS NOT NULL FROM r_attachment WHERE hash=? ORDER BY state LIMIT 1")

#define SQL_ROW_GET(id, name)                                                                                           \
        X(SQL_GET_##id, "SELECT id, k, rev, entry" COLS_##id(SQL_NAMES) " FROM r_" name " WHERE id=? AND k=?")
#define SQL_ROW_PUT(id, name)                                                                                           \
        X(SQL_PUT_##id, "INSERT INTO r_" name "(id, k, rev, entry" COLS_##id(SQL_NAMES) ") VALUES(?,?,?,?" COLS_##id(SQL_MARKS) \
          ") ON CONFLICT(id, k) DO UPDATE SET rev=excluded.rev, entry=excluded.entry" COLS_##id(SQL_SET))
#define SQL_ROW_ALL(id, name)                                                                                           \
        X(SQL_ALL_##id, "SELECT id, k, rev, entry" COLS_##id(SQL_NAMES) " FROM r_" name " ORDER BY id, k")
#define SQL_ROW_OF(id, name)                                                                                            \
        X(SQL_OF_##id, "SELECT id, k, rev, entry" COLS_##id(SQL_NAMES) " FROM r_" name " WHERE id=? ORDER BY k")
#define SQL_ROW_CLEAR(id, name)                                                                                         \
        X(SQL_CLEAR_##id, "DELETE FROM r_" name)

#define SQL_ROW_UNDER(id, name)                                                                                         \
        X(SQL_UNDER_##id, "SELECT id, k, rev, entry" COLS_##id(SQL_NAMES) " FROM r_" name " WHERE (0" COLS_##id(SQL_UNDER) \
          ") AND (id, k)>(?2, ?3) ORDER BY id, k LIMIT ?4")
#define SQL_ROW_ERASE(id, name)                                                                                         \
        X(SQL_ERASE_##id, "UPDATE r_" name " SET rev=rev" COLS_##id(SQL_ERASE) " WHERE ?1<>'' AND (0" COLS_##id(SQL_UNDER) ")")

/* Enum order matters for the generated ones: SQL_GET_x + enum table etc. */
#define SQL_STATEMENTS                                                                                                  \
        TABLES(SQL_ROW_GET) TABLES(SQL_ROW_PUT) TABLES(SQL_ROW_ALL) TABLES(SQL_ROW_OF) TABLES(SQL_ROW_CLEAR)            \
        TABLES(SQL_ROW_UNDER) TABLES(SQL_ROW_ERASE)                                                                     \
        X(SQL_BEGIN,            "BEGIN IMMEDIATE")                                                                      \
        X(SQL_BEGIN_READ,       "BEGIN")                                                                                \
        X(SQL_COMMIT,           "COMMIT")                                                                               \
        X(SQL_ROLLBACK,         "ROLLBACK")                                                                             \
        X(SQL_MARK,             "SAVEPOINT act")                                                                        \
        X(SQL_MARK_KEEP,        "RELEASE act")                                                                          \
        X(SQL_MARK_UNDO,        "ROLLBACK TO act")                                                                      \
        X(SQL_JOURNAL_END,      "SELECT idx, at FROM journal ORDER BY idx DESC LIMIT 1")                                \
        X(SQL_JOURNAL_FIRST,    "SELECT at FROM journal ORDER BY idx LIMIT 1")                                          \
        X(SQL_JOURNAL_ADD,      "INSERT INTO journal(idx, at, type, ref, actor, entry, leaf) VALUES(?,?,?,?,?,?,?)")    \
        X(SQL_JOURNAL_GET,      "SELECT entry FROM journal WHERE idx=?")                                                \
        X(SQL_JOURNAL_ALL,      "SELECT idx, at, type, ref, actor, entry, leaf FROM journal WHERE idx>=? ORDER BY idx") \
        X(SQL_JOURNAL_LEAVES,   "SELECT leaf FROM journal WHERE idx>=? ORDER BY idx LIMIT ?")                           \
        X(SQL_JOURNAL_OF,       "SELECT idx, at, type, actor, leaf FROM journal WHERE ref=? ORDER BY idx LIMIT 500")    \
        X(SQL_TREE_ADD,         "INSERT INTO tree(level, pos, hash) VALUES(?,?,?)")                                     \
        X(SQL_TREE_GET,         "SELECT hash FROM tree WHERE level=? AND pos>=? ORDER BY pos LIMIT ?")                  \
        X(SQL_TREE_ALL,         "SELECT level, pos, hash FROM tree ORDER BY level, pos")                                \
        X(SQL_TREE_CLEAR,       "DELETE FROM tree")                                                                     \
        X(SQL_DOC_GET,          "SELECT rid, folded FROM search_doc WHERE register=? AND id=?")                        \
        X(SQL_DOC_ADD,          "INSERT INTO search_doc(register, id, name, day, state, section, folded) VALUES(?,?,?,?,?,?,?) RETURNING rid") \
        X(SQL_DOC_SET,          "UPDATE search_doc SET name=?2, day=?3, state=?4, section=?5, folded=?6 WHERE rid=?1 AND"  \
                                " (name, day, state, section, folded) IS NOT (?2, ?3, ?4, ?5, ?6)")                     \
        X(SQL_DOC_DROP,         "DELETE FROM search_doc WHERE rid=?")                                                   \
        X(SQL_DOC_ALL,          "SELECT register, id, name, day, state, section, folded FROM search_doc ORDER BY register, id") \
        X(SQL_DOC_EACH,         "SELECT rid, register, folded FROM search_doc ORDER BY rid")                            \
        X(SQL_DOC_CLEAR,        "DELETE FROM search_doc")                                                               \
        X(SQL_GRAMS_ADD,        "INSERT INTO search(rowid, grams) VALUES(?,?)")                                         \
        X(SQL_GRAMS_DROP,       "INSERT INTO search(search, rowid, grams) VALUES('delete', ?, ?)")                      \
        X(SQL_GRAMS_CLEAR,      "INSERT INTO search(search) VALUES('delete-all')")                                      \
        X(SQL_GRAMS_MERGE,      "INSERT INTO search(search) VALUES('optimize')")                                        \
        X(SQL_GRAMS_EACH,       "SELECT term, doc FROM search_gram")                                                    \
        X(SQL_WORDS_OF_APP,     "SELECT k, value FROM r_answer WHERE id=? AND value_c IS NOT NULL AND value IS NOT NULL ORDER BY k") \
        X(SQL_SEARCH,           SQL_SEARCHED("", "") " ORDER BY s.rowid DESC LIMIT ?3")                                 \
        X(SQL_HITS,             "SELECT d.id, d.name, d.day, d.state, d.section, d.folded FROM search s CROSS JOIN search_doc d ON d.rid=s.rowid" \
                                " WHERE s.search MATCH ?1")                                                             \
        X(SQL_SEARCH_OWN,       SQL_SEARCHED(" LEFT JOIN r_application a ON d.register='application' AND a.id=d.id AND a.k=''", \
                                " AND (d.register<>'application' OR a.section=?12 OR a.applicant=?13 OR a.drafter=?13"  \
                                " OR a.service IN (SELECT id FROM r_service WHERE manager=?13 UNION SELECT id FROM r_service WHERE deputy=?13)" \
                                " OR EXISTS (SELECT 1 FROM r_step t WHERE t.id=a.id AND (t.decider=?13 OR t.principal=?13 OR t.entered_by=?13"    \
                                " OR t.role IN (SELECT value FROM json_each(?14)))))")                                  \
                                " ORDER BY s.rowid DESC LIMIT ?3")                                                      \
        X(SQL_HISTORY_ADD,      "INSERT INTO history(tbl, id, idx) VALUES(?,?,?) ON CONFLICT DO NOTHING")                \
        X(SQL_HISTORY_OF,       "SELECT h.idx, j.at, j.type, j.actor, j.entry FROM history h JOIN journal j ON j.idx=h.idx" \
                                " WHERE h.tbl=?1 AND h.id=?2 AND h.idx<?3 ORDER BY h.idx DESC LIMIT ?4")                \
        X(SQL_HISTORY_SUMS,     "SELECT tbl || ' ' || id, idx FROM history ORDER BY tbl, id, idx")                      \
        X(SQL_HISTORY_ALL,      "SELECT tbl, id, idx FROM history ORDER BY tbl, id, idx")                               \
        X(SQL_HISTORY_CLEAR,    "DELETE FROM history")                                                                  \
        X(SQL_PAYLOAD_ADD,      "INSERT INTO payload(commitment, unit, nonce, sealed) VALUES(?,?,?,?)")                 \
        X(SQL_PAYLOAD_GET,      "SELECT unit, nonce, sealed FROM payload WHERE commitment=?")                           \
        X(SQL_UNIT_TEXTS,       "SELECT count(*) FROM payload WHERE unit=? AND length(sealed)>0")                       \
        X(SQL_UNIT_HAS,         "SELECT 1 FROM payload WHERE commitment=? AND unit=?")                                  \
        X(SQL_UNIT_BLANK,       "UPDATE payload SET nonce=x'', sealed=x'' WHERE unit=?")                                \
        X(SQL_UNIT_ERASED,      "SELECT max(entry) FROM r_erasure WHERE k=? AND state='erased' HAVING max(entry) IS NOT NULL") \
        X(SQL_UNIT_UNSAID,      "SELECT p.unit FROM payload p WHERE length(p.sealed)=0 AND NOT EXISTS (SELECT 1 FROM r_erasure e WHERE e.k=p.unit AND e.state='erased') LIMIT 1") \
        X(SQL_UNIT_USE_OF,      "SELECT 1 FROM r_use WHERE service=? AND application=? AND state='active' LIMIT 1")     \
        X(SQL_ERASURES_ALL,     SQL_ROW(ERASURE, "erasure") " ORDER BY id DESC, k LIMIT 500")                           \
        X(SQL_ERASURES_OF,      SQL_ROW(ERASURE, "erasure") " WHERE id=? ORDER BY k LIMIT 500")                         \
        X(SQL_ERASURES_OPEN,    SQL_ROW(ERASURE, "erasure") " WHERE state IN ('asked','confirmed') ORDER BY id, k LIMIT 500") \
        X(SQL_OUTBOX_FORGET,    "DELETE FROM outbox WHERE made_at<?")                                                   \
        X(SQL_TRUNCATE,         "PRAGMA wal_checkpoint(TRUNCATE)")                                                      \
        X(SQL_PAYLOAD_ALL,      "SELECT commitment, unit FROM payload ORDER BY commitment")                             \
        X(SQL_ROLES_OF,         "SELECT k FROM r_holder WHERE id=? AND state='active' AND (until_at IS NULL OR until_at>?) ORDER BY k") \
        X(SQL_HOLDERS_OF,       "SELECT p.id, p.name, p.section FROM r_holder h JOIN r_person p ON p.id=h.id AND p.k='' WHERE h.k=?1 AND h.state='active'" \
                                " AND (?2='' OR p.section=?2) AND p.state='active' ORDER BY p.id")                      \
        X(SQL_PERMITS_DUE,      "SELECT id FROM r_permit WHERE (state IN ('active','waiting','suspended') AND until_at<=?1)" \
                                " OR (state='waiting' AND from_at<=?1) ORDER BY id LIMIT 500")                          \
        X(SQL_PERMITS_OPEN,     "SELECT id, subject, kind, key, zone, from_at, until_at, table_seq FROM r_permit"       \
                                " WHERE state IN ('active','waiting') AND until_at>? AND key IS NOT NULL ORDER BY id")  \
        X(SQL_PERMITS_TABLED,   "SELECT p.id FROM r_permit p WHERE p.table_seq<=?1 AND p.zone=?2 AND p.state='active' AND NOT EXISTS" \
                                " (SELECT 1 FROM r_enforcement e WHERE e.id=p.id AND e.k=?3 AND e.seq>=p.table_seq) ORDER BY p.id LIMIT 900") \
        X(SQL_GATE_BY_CERT,     "SELECT id FROM r_gate WHERE cert=? AND state='enrolled'")                              \
        APP_LISTS(SQL_APPS_LIST) APP_LISTS(SQL_APPS_COUNTED)                                                            \
        X(SQL_DEPUTISED,        "SELECT p.id, p.section, h.k FROM r_deputy d JOIN r_person p ON p.id=d.id AND p.k='' AND p.state='active'" \
                                " JOIN r_holder h ON h.id=d.id AND h.state='active' AND (d.role IS NULL OR d.role=h.k)"  \
                                " WHERE d.k=?1 AND d.state='active' AND d.from_at<=?2 AND d.until_at>?2 ORDER BY p.id, h.k") \
        X(SQL_PEOPLE,           "SELECT id, name, section FROM r_person WHERE state='active' ORDER BY section, name, id") \
        X(SQL_PEOPLE_OF_ROLE,   "SELECT p.id, p.name, p.section FROM r_holder h JOIN r_person p ON p.id=h.id AND p.k='' AND p.state='active'" \
                                " WHERE h.k=? AND h.state='active' ORDER BY p.section, p.name, p.id")                   \
        X(SQL_CERTIFICATE_OF,   "SELECT min(until_at) FROM (SELECT until_at FROM r_certificate INDEXED BY r_certificate_l_of WHERE service=?1 AND state='valid'" \
                                " UNION ALL SELECT until_at FROM r_certificate INDEXED BY r_certificate_l_provider WHERE provider=?2 AND service IS NULL" \
                                " AND state='valid')")                                                                  \
        X(SQL_FINDINGS_ABOUT,   "SELECT count(*) FROM r_finding WHERE service=? AND state='open'")                      \
        X(SQL_EPOCHS,           SQL_ROW(EPOCH, "epoch") " ORDER BY epoch")                                              \
        X(SQL_SERVICES_NAMED,   SQL_ROW(SERVICE, "service") " WHERE name=? ORDER BY id LIMIT 50")                          \
        X(SQL_MANAGES,          "SELECT count(*) FROM (SELECT 1 FROM r_service WHERE manager=?1 AND state<>'closed' UNION ALL"   \
                                " SELECT 1 FROM r_service WHERE deputy=?1 AND state<>'closed' LIMIT 1)")                \
        X(SQL_USES_OF_SERVICE,  SQL_ROW(USE, "use") " WHERE service=? ORDER BY id")                                     \
        X(SQL_SUBS_OF_SERVICE,  SQL_ROW(SUBCONTRACTOR, "subcontractor") " WHERE service=? ORDER BY id")                 \
        X(SQL_APPS_OF_SERVICE,  SQL_ROW(APPLICATION, "application") " WHERE service=? ORDER BY submitted_at DESC, id DESC LIMIT 200") \
        X(SQL_PERMITS_KEYED,    SQL_ROW(PERMIT, "permit") " WHERE key=? ORDER BY from_at DESC, id DESC LIMIT 50")          \
        X(SQL_DUTIES_OF_APP,    SQL_ROW(DUTY, "duty") " WHERE application=? ORDER BY due_at, id LIMIT 500")             \
        X(SQL_DUTIES_OF_SERVICE, SQL_ROW(DUTY, "duty") " WHERE service=? ORDER BY state DESC, due_at, id LIMIT 500")    \
        X(SQL_PROVIDERS_NAMED,  SQL_ROW(PROVIDER, "provider") " WHERE name=? ORDER BY id LIMIT 1")                      \
        /* whose it is: duty_is_of(); each way by its own index, so many of each. ?1 person, ?2 roles, ?3 section, ?4 now, ?5 ?6 last seen, ?8 until */ \
        X(SQL_DUTIES_MINE,      SQL_ROW(DUTY, "duty") " WHERE id IN (SELECT id FROM ("                                  \
                                SQL_FIRST_DUTIES("r_duty", "person=?1 AND state='open'") " UNION "                      \
                                SQL_FIRST_DUTIES("(SELECT id AS mine FROM r_service WHERE manager=?1 UNION SELECT id FROM r_service WHERE deputy=?1)" \
                                                 " CROSS JOIN r_duty ON service=mine", "state='open' AND person IS NOT NULL") " UNION " \
                                SQL_DUTIES_OF_ROLES("role=j.value AND section=?3 AND " SQL_NOBODYS) " UNION "           \
                                SQL_DUTIES_OF_ROLES("role=j.value AND section IS NULL AND " SQL_NOBODYS) " UNION "      \
                                SQL_DUTIES_OF_ROLES("overdue_role=j.value AND due_at<=?4")                              \
                                " ORDER BY due_at, id LIMIT ?7)) ORDER BY due_at, id")                                  \
        X(SQL_DUTIES_ALL,       SQL_ROW(DUTY, "duty") " WHERE state=?1 AND (due_at, id)>(?2, ?3) ORDER BY due_at, id LIMIT ?4") \
        X(SQL_DUTIES_UNTOLD, SQL_ROW(DUTY, "duty") " WHERE state='open' AND id>?2 AND (reminded_at IS NULL OR reminded_at<?3) AND ?1>=0 ORDER BY id LIMIT ?4") \
        X(SQL_DUTIES_UNTOLD_SINCE, SQL_ROW(DUTY, "duty") " WHERE entry>=?1 AND +state='open' AND +id>?2 AND (reminded_at IS NULL OR reminded_at<?3)" \
                                " ORDER BY id LIMIT ?4")                                                                \
        /* what derived duties hang on, in parts: duty_world.h; ?1 a JSON list of services */                           \
        X(SQL_WORLD_PART, SQL_PART_OF("SELECT id FROM r_service WHERE state<>'closed' AND id>?2 UNION SELECT service FROM r_duty WHERE state='open' AND rule IS NOT NULL" \
                                " AND service>?2 AND ?1>=0"))                                                           \
        X(SQL_WORLD_PART_SINCE, SQL_PART_OF("SELECT id FROM (SELECT id FROM r_service WHERE entry>=?1 UNION SELECT service FROM r_duty WHERE entry>=?1" \
                                SQL_TOUCHED("certificate") SQL_TOUCHED("contract")                                      \
                                " UNION SELECT s.id FROM r_certificate c JOIN r_service s ON s.provider=c.provider WHERE c.entry>=?1) WHERE id>?2")) \
        X(SQL_WORLD_SERVICES, SQL_ROW(SERVICE, "service") " WHERE id" SQL_LISTED " ORDER BY id")                        \
        X(SQL_WORLD_CERTIFICATES, SQL_ROW(CERTIFICATE, "certificate") " WHERE state='valid' AND id IN (SELECT id FROM r_certificate WHERE service" SQL_LISTED \
                                " UNION SELECT id FROM r_certificate WHERE provider IN (SELECT provider FROM r_service WHERE id" SQL_LISTED ")) ORDER BY id") \
        X(SQL_WORLD_CONTRACTS, SQL_ROW(CONTRACT, "contract") " WHERE state='active' AND service" SQL_LISTED " ORDER BY id") \
        X(SQL_WORLD_OPEN, SQL_ROW(DUTY, "duty") " WHERE " SQL_DERIVED " AND service" SQL_LISTED " ORDER BY id")         \
        X(SQL_WORLD_DONE, SQL_LATEST("service" SQL_LISTED))                                                             \
        X(SQL_WORLD_APPS, SQL_ROW(APPLICATION, "application") " WHERE id IN (SELECT application FROM r_service WHERE id" SQL_LISTED \
                                " UNION SELECT reviewed FROM r_service WHERE id" SQL_LISTED " UNION SELECT ended FROM r_service WHERE id" SQL_LISTED ") ORDER BY id") \
        X(SQL_BODY_OPEN, SQL_ROW(DUTY, "duty") " WHERE " SQL_DERIVED " AND service IS NULL ORDER BY id")                \
        X(SQL_BODY_DONE, SQL_LATEST("service IS NULL"))                                                                 \
        X(SQL_DEPUTIES_ALL,     SQL_ROW(DEPUTY, "deputy") " ORDER BY until_at DESC, id, k LIMIT 2000")                  \
        X(SQL_DEPUTIES_OF,      SQL_ROW(DEPUTY, "deputy") " WHERE id=?1 OR k=?1 ORDER BY until_at DESC, id, k LIMIT 2000") \
        X(SQL_POSTINGS_OF,      SQL_ROW(POSTING, "posting") " WHERE person=? ORDER BY id")                               \
        X(SQL_POSTINGS_DUE,     "SELECT person FROM r_posting WHERE state<>'ended' AND ((state='coming' AND from_at<=?1) OR until_at<=?1)" \
                                " UNION SELECT id FROM r_person WHERE state<>'left' AND ((state='coming' AND from_at<=?1) OR until_at<=?1)" \
                                " ORDER BY 1 LIMIT 200")                                                                \
        X(SQL_EXCEPTIONS_DUE,   SQL_ROW(EXCEPTION, "exception") " WHERE state='active' AND until_at<=? ORDER BY until_at LIMIT 400") \
        X(SQL_EXCEPTIONS_YEAR,  SQL_ROW(EXCEPTION, "exception") " WHERE from_at<?2 AND until_at>?1 ORDER BY from_at, id, k LIMIT 5000") \
        X(SQL_OPEN_PACKS,       "SELECT pack, count(*), group_concat(number, ' ') FROM r_application WHERE state IN ('submitted', 'returned')" \
                                " AND pack IS NOT NULL GROUP BY pack ORDER BY pack")                                    \
        X(SQL_OPEN_CASES,       "SELECT submitted_at, id FROM r_application WHERE state='submitted' AND (submitted_at, id)>(?1, ?2)" \
                                " ORDER BY submitted_at, id LIMIT ?3")                                                  \
        X(SQL_LOG_OF_INCIDENT,  SQL_ROW(INCIDENTLOG, "incidentlog") " WHERE incident=? ORDER BY id LIMIT 5000")         \
        X(SQL_ALERTS_OF_INCIDENT, SQL_ROW(ALERT, "alert") " WHERE incident=? ORDER BY id LIMIT 5000")                   \
        X(SQL_FINDINGS_OF_INCIDENT, SQL_ROW(FINDING, "finding") " WHERE incident=? ORDER BY id LIMIT 500")              \
        X(SQL_CLOCKS_OF_INCIDENT, SQL_ROW(DUTY, "duty") " WHERE subject=? AND kind='clock' ORDER BY due_at, id LIMIT 100") \
        X(SQL_DUTIES_OPEN_OF_KIND, SQL_ROW(DUTY, "duty") " WHERE state='open' AND kind=? ORDER BY due_at, id LIMIT 100")  \
        X(SQL_CONTACTS_ACTIVE,  SQL_ROW(CONTACT, "contact") " INDEXED BY r_contact_rank WHERE state='active' AND ?<>'' ORDER BY rank, id LIMIT 1000") \
        X(SQL_FINDINGS_OPEN,    SQL_ROW(FINDING, "finding") " WHERE state='open' AND kind=? ORDER BY id DESC LIMIT 2000") \
        X(SQL_FINDINGS_OF_PERSON, SQL_ROW(FINDING, "finding") " WHERE person=? ORDER BY id DESC LIMIT 100")             \
        X(SQL_INCIDENTS,        SQL_ROW(INCIDENT, "incident") " WHERE (?1='' OR id<?1) AND (?2='all' OR state<>'closed') ORDER BY id DESC LIMIT ?3") \
        X(SQL_ALERTS_DUE,       "SELECT DISTINCT incident FROM r_alert WHERE state='sent' AND due_at<=? ORDER BY incident LIMIT 50") \
        X(SQL_ALERTS_WAITING,   SQL_ROW(ALERT, "alert") " WHERE state='sent' AND contact IN (SELECT id FROM r_contact WHERE person=?)" \
                                " ORDER BY id DESC LIMIT 100")                                                          \
        X(SQL_CRED_GET,         SQL_CRED " WHERE login=?")                                                              \
        X(SQL_CRED_OF,          SQL_CRED " WHERE person=? ORDER BY login LIMIT 1")                                      \
        X(SQL_CRED_PUT,         "INSERT INTO credential(login, person, phc, fails, next_at, until_at, must_change, totp, totp_at, totp_step, codes, mac)" \
                                " VALUES(?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(login) DO UPDATE SET person=excluded.person, phc=excluded.phc, fails=excluded.fails," \
                                " next_at=excluded.next_at, until_at=excluded.until_at, must_change=excluded.must_change, totp=excluded.totp," \
                                " totp_at=excluded.totp_at, totp_step=excluded.totp_step, codes=excluded.codes, mac=excluded.mac") \
        X(SQL_CRED_DROP,        "DELETE FROM credential WHERE person=?")                                                \
        X(SQL_CODE_CLEAR,       "DELETE FROM enrol_code")                                                               \
        X(SQL_CRED_CLEAR,       "DELETE FROM credential")                                                               \
        X(SQL_TABLE_CLEAR,      "DELETE FROM grant_table")                                                              \
        X(SQL_OUTBOX_CLEAR,     "DELETE FROM outbox")                                                                   \
        X(SQL_SENT_CLEAR,       "DELETE FROM outbox_sent")                                                              \
        X(SQL_SINK_CLEAR,       "DELETE FROM sink")                                                                     \
        X(SQL_REPORT_CLEAR,     "DELETE FROM report_seq")                                                               \
        X(SQL_CLOCK_CLEAR,      "DELETE FROM house_clock")                                                              \
        X(SQL_SCRUB_CLEAR,      "DELETE FROM scrub")                                                                    \
        X(SQL_DRAFT_CLEAR,      "DELETE FROM draft")                                                                    \
        X(SQL_SESSION_GET,      "SELECT person, made_at, seen_at, stage, mac FROM session WHERE token=?")               \
        X(SQL_SESSION_PUT,      "INSERT INTO session(token, person, made_at, seen_at, stage, mac) VALUES(?,?,?,?,?,?) ON CONFLICT(token)" \
                                " DO UPDATE SET seen_at=excluded.seen_at, mac=excluded.mac")                            \
        X(SQL_SESSION_END,      "DELETE FROM session WHERE token=?")                                                    \
        X(SQL_SESSION_END_ALL,  "DELETE FROM session WHERE person=? AND token<>?")                                      \
        X(SQL_CLOCK_GET,        "SELECT boot, seen_at, ahead, hold, since_at, mac FROM house_clock WHERE id=1")         \
        X(SQL_CLOCK_PUT,        "INSERT INTO house_clock(id, boot, seen_at, ahead, hold, since_at, mac) VALUES(1,?,?,?,?,?,?) ON CONFLICT(id)" \
                                " DO UPDATE SET boot=excluded.boot, seen_at=excluded.seen_at, ahead=excluded.ahead, hold=excluded.hold," \
                                " since_at=excluded.since_at, mac=excluded.mac")                                        \
        X(SQL_SESSION_CLEAR,    "DELETE FROM session")                                                                  \
        X(SQL_PERMITS_ENDING,   "SELECT count(*), count(*) FILTER (WHERE until_at<=?2) FROM r_permit WHERE state IN ('active','suspended') AND until_at>?1") \
        X(SQL_SESSION_SWEEP,    "DELETE FROM session WHERE made_at<? OR seen_at<?")                                     \
        X(SQL_CODE_GET,         "SELECT gate, until_at, used_at, mac FROM enrol_code WHERE secret=?")                   \
        X(SQL_CODE_PUT,         "INSERT INTO enrol_code(secret, gate, until_at, used_at, mac) VALUES(?,?,?,?,?) ON CONFLICT(secret)" \
                                " DO UPDATE SET used_at=excluded.used_at, mac=excluded.mac")                            \
        X(SQL_TABLE_PUT,        "INSERT INTO grant_table(epoch, seq, file, mac) VALUES(?,?,?,?)")                       \
        X(SQL_TABLE_LAST,       "SELECT epoch, seq, file, mac FROM grant_table ORDER BY epoch DESC, seq DESC LIMIT ?")  \
        X(SQL_TABLE_SWEEP,      "DELETE FROM grant_table WHERE epoch<?1 OR (epoch=?1 AND seq<=?2)")                     \
        X(SQL_OUTBOX_NEXT,      "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name='outbox'), 0)+1")          \
        X(SQL_OUTBOX_PUT,       "INSERT INTO outbox(id, made_at, once, urgent, body, mac) VALUES(?,?,?,?,?,?) ON CONFLICT(once) DO NOTHING") \
        X(SQL_OUTBOX_HAS,       "SELECT 1 FROM outbox WHERE once=?")                                                    \
        X(SQL_OUTBOX_ALL,       "SELECT id, made_at, once, urgent, body, mac FROM outbox WHERE id>? ORDER BY id LIMIT ?") \
        X(SQL_OUTBOX_GET,       "SELECT id, made_at, once, urgent, body, mac FROM outbox WHERE id=?")                   \
        X(SQL_OUTBOX_OPEN,      "SELECT o.id, o.made_at, o.once, o.urgent, o.body, o.mac FROM outbox o WHERE o.id>max(?2, coalesce((SELECT from_id FROM sink WHERE id=?1), 0))" \
                                " AND NOT EXISTS (SELECT 1 FROM outbox_sent s WHERE s.id=o.id AND s.sink=?1 AND s.who='') ORDER BY o.id LIMIT ?3") \
        X(SQL_OUTBOX_SWEEP,     "DELETE FROM outbox WHERE made_at<?1 AND (once IS NULL OR made_at<?2) AND NOT EXISTS (SELECT 1 FROM sink k WHERE k.state<>'removed' AND" \
                                " outbox.id>k.from_id AND NOT EXISTS (SELECT 1 FROM outbox_sent s WHERE s.id=outbox.id AND s.sink=k.id AND s.who=''))") \
        X(SQL_SENT_SWEEP,       "DELETE FROM outbox_sent WHERE id NOT IN (SELECT id FROM outbox)")                      \
        X(SQL_SENT_PUT,         "INSERT INTO outbox_sent(id, sink, who, state, at, why, mac) VALUES(?,?,?,?,?,?,?) ON CONFLICT(id, sink, who) DO NOTHING") \
        X(SQL_SENT_FAILED,      "SELECT id, sink, who, state, at, why, mac FROM outbox_sent WHERE state='failed' ORDER BY id DESC, sink, who LIMIT ?")  \
        X(SQL_SENT_ALL,         "SELECT id, sink, who, state, at, why, mac FROM outbox_sent WHERE id=? ORDER BY sink, who") \
        X(SQL_SINK_PUT,         "INSERT INTO sink(id, kind, from_id, state, since_at, seen_at, why, mac) VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET" \
                                " kind=excluded.kind, state=excluded.state, since_at=excluded.since_at, seen_at=excluded.seen_at, why=excluded.why, mac=excluded.mac") \
        X(SQL_SINK_ALL,         "SELECT id, kind, from_id, state, since_at, seen_at, why, mac FROM sink ORDER BY id")   \
        X(SQL_SINK_COUNT,       "SELECT count(*), coalesce(min(o.made_at), 0), (SELECT count(*) FROM outbox_sent s WHERE s.sink=?1 AND s.state='failed') FROM outbox o" \
                                " WHERE o.id>coalesce((SELECT from_id FROM sink WHERE id=?1), 0)"                       \
                                " AND NOT EXISTS (SELECT 1 FROM outbox_sent s WHERE s.id=o.id AND s.sink=?1 AND s.who='')") \
        X(SQL_OUTBOX_LAST,      "SELECT coalesce(max(id), 0) FROM outbox")                                              \
        X(SQL_REPORT_GET,       "SELECT seq, mac FROM report_seq WHERE gate=? AND boot=? AND stream=?")                 \
        X(SQL_REPORT_PUT,       "INSERT INTO report_seq(gate, boot, stream, seq, mac) VALUES(?,?,?,?,?) ON CONFLICT(gate, boot, stream)" \
                                " DO UPDATE SET seq=excluded.seq, mac=excluded.mac")                                    \
        X(SQL_DRAFT_GET,        "SELECT id, person, form, about, rev, saved_at, nonce, sealed, mac FROM draft WHERE id=?")         \
        X(SQL_DRAFTS_OF,        "SELECT id, person, form, about, rev, saved_at, nonce, sealed, mac FROM draft WHERE person=?"      \
                                " ORDER BY saved_at DESC, id DESC LIMIT ?")                                             \
        X(SQL_DRAFT_PUT,        "INSERT INTO draft(id, person, form, about, rev, saved_at, nonce, sealed, mac) VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(id)" \
                                " DO UPDATE SET rev=excluded.rev, saved_at=excluded.saved_at, nonce=excluded.nonce, sealed=excluded.sealed, mac=excluded.mac") \
        X(SQL_DRAFT_DROP,       "DELETE FROM draft WHERE id=? AND person=?")                                            \
        X(SQL_DRAFTS_OLD,       "SELECT count(*) FROM draft WHERE saved_at<?")                                          \
        X(SQL_DRAFT_SWEEP,      "DELETE FROM draft WHERE saved_at<?")                                                   \
        X(SQL_APPS_OF_FORM,     SQL_ROW(APPLICATION, "application") " WHERE id IN (" SQL_OF_FORM("applicant=?1") " UNION ALL " SQL_OF_FORM("drafter=?1") \
                                " UNION ALL " SQL_OF_FORM("section=?2") ") ORDER BY submitted_at DESC, id DESC LIMIT 40")                                        \
        X(SQL_SHEETS_OF_PROVIDER, SQL_ROW(ANSWERSHEET, "answersheet") " WHERE provider=?1 ORDER BY added_at DESC, id DESC LIMIT 500") \
        X(SQL_SHEETS_ALL,       SQL_ROW(ANSWERSHEET, "answersheet") " ORDER BY added_at DESC, id DESC LIMIT 500")       \
        X(SQL_WITNESSES_ACTIVE, SQL_ROW(WITNESS, "witness") " WHERE state='active' AND ?1='' ORDER BY id LIMIT 50")       \
        X(SQL_WITNESSES_ALL,    SQL_ROW(WITNESS, "witness") " WHERE ?1='' ORDER BY state, id LIMIT 200")                   \
        X(SQL_PEERS_TRUSTED,    SQL_ROW(PEER, "peer") " WHERE fingerprint=?1 AND state='trusted' ORDER BY id LIMIT 1")   \
        X(SQL_PEERS_ALL,        SQL_ROW(PEER, "peer") " ORDER BY id LIMIT 1000")                                        \
        X(SQL_RESETS_ALL,       SQL_ROW(RESET, "reset") " ORDER BY id DESC LIMIT 200")                                  \
        X(SQL_RESETS_OF,        SQL_ROW(RESET, "reset") " WHERE person=? AND state='asked' ORDER BY id LIMIT 10")       \
        X(SQL_ROTATIONS_ALL,    SQL_ROW(ROTATION, "rotation") " ORDER BY id DESC LIMIT 500")                            \
        X(SQL_ROTATIONS_CONFIRMED, SQL_ROW(ROTATION, "rotation") " WHERE state='confirmed' ORDER BY id LIMIT 10")       \
        X(SQL_ROTATIONS_DONE,   SQL_ROW(ROTATION, "rotation") " WHERE id IN (SELECT id FROM r_rotation WHERE state='done' AND use IN ('table','order')" \
                                " ORDER BY id DESC LIMIT 256) ORDER BY use DESC, generation")                           \
        X(SQL_ROTATION_ENTRY,   "SELECT entry FROM r_rotation WHERE id=? AND k=''")                                     \
        X(SQL_APPOINTMENTS_OF,  SQL_ROW(APPOINTMENT, "appointment") " WHERE person=? ORDER BY id DESC LIMIT 500")        \
        X(SQL_APPOINTMENTS_OPEN, SQL_ROW(APPOINTMENT, "appointment") " WHERE state IN ('asked','coming') ORDER BY id LIMIT 1000") \
        X(SQL_HOLDERS_ENDING,   SQL_ROW(HOLDER, "holder") " WHERE state='active' AND until_at IS NOT NULL ORDER BY until_at LIMIT 1000") \
        /* people who keep the house, but for ?1 in the role ?2 */                                                      \
        X(SQL_KEEPERS_BUT,      "SELECT count(DISTINCT p.id) FROM r_holder h JOIN r_person p ON p.id=h.id AND p.k='' AND p.state='active'" \
                                " WHERE h.k IN ('secretariat','system_manager') AND h.state='active' AND (h.id<>?1 OR h.k<>?2)") \
        X(SQL_FILE_NAMED,       "SELECT 1 FROM r_attachment WHERE hash=? LIMIT 1")                                      \
        X(SQL_ATTACHMENTS_OF,   SQL_ROW(ATTACHMENT, "attachment") " WHERE subject=?1 ORDER BY id LIMIT 500")            \
        X(SQL_PACKS_ALL,        "SELECT DISTINCT pack FROM r_application WHERE pack IS NOT NULL ORDER BY pack")          \
        X(SQL_ATTACHMENTS_KEPT, "SELECT DISTINCT hash FROM r_attachment WHERE state='kept' AND name IS NOT NULL ORDER BY hash") \
        X(SQL_ATTACHMENTS_GONE, "SELECT DISTINCT hash FROM r_attachment WHERE hash NOT IN (SELECT hash FROM r_attachment WHERE state='kept' AND name IS NOT NULL" \
                                " AND hash IS NOT NULL) ORDER BY hash")                                                 \
        SQL_WRONGS SQL_CHARTS SQL_EVIDENCES SQL_GATHERS                                                                                           \
        X(SQL_ROLE_HELD,        "SELECT count(*) FROM (SELECT 1 FROM r_holder h JOIN r_person p ON p.id=h.id AND p.k='' AND p.state='active'" \
                                " WHERE h.k=? AND h.state='active' LIMIT 1)")                                           \
        /* sections in which somebody may apply (?2: roles) and nobody holds the role ?1 */                             \
        X(SQL_ROLE_MISSED,      "SELECT p.section FROM r_person p INDEXED BY r_person_l_both WHERE p.k='' AND p.state='active' AND p.section IS NOT NULL AND EXISTS" \
                                " (SELECT 1 FROM r_holder h WHERE h.id=p.id AND h.k IN (SELECT value FROM json_each(?2)) AND h.state='active') EXCEPT SELECT q.section" \
                                " FROM r_holder m CROSS JOIN r_person q ON q.id=m.id AND q.k='' AND q.state='active' WHERE m.k=?1 AND m.state='active'" \
                                " ORDER BY 1 LIMIT 200")                               \
        /* the oldest cases, of these the ones with a step for which there may be nobody: core says. ?1..?3: roles of the body, of a section, of a service */ \
        X(SQL_STUCK,            "SELECT DISTINCT a.id FROM (SELECT id, applicant, drafter, section, service, submitted_at FROM r_application WHERE state='submitted'" \
                                " ORDER BY submitted_at, id LIMIT 300) a JOIN r_step t ON t.id=a.id AND t.state='waiting' WHERE"     \
                                " (t.role IN (SELECT value FROM json_each(?1)) AND NOT EXISTS (" SQL_FREE_HANDS "))"     \
                                " OR (t.role IN (SELECT value FROM json_each(?2)) AND NOT EXISTS (" SQL_FREE_HANDS " AND p.section=a.section))" \
                                " OR (t.role IN (SELECT value FROM json_each(?3)) AND NOT EXISTS (SELECT 1 FROM r_service s JOIN r_person p"     \
                                " ON p.id IN (s.manager, s.deputy) AND p.k='' AND +p.state='active' WHERE s.id=a.service AND p.id<>a.applicant))"  \
                                " ORDER BY a.submitted_at, a.id LIMIT 40")                                              \
        X(SQL_MY_RETURNED,      "SELECT id, number, form, coalesce(ended_at, submitted_at), '' FROM r_application WHERE applicant=?1 AND state='returned' AND ?2=?2" \
                                " ORDER BY submitted_at, id LIMIT 21")                                                  \
        X(SQL_MY_PERMITS,       "SELECT a.id, a.number, a.form, p.until_at, (SELECT v.value FROM r_answer v WHERE v.id=a.id AND v.k='device_name') FROM r_application a" \
                                " JOIN r_permit p ON p.id=a.permit AND p.k='' WHERE a.applicant=?1 AND p.state IN ('active', 'suspended') AND p.until_at>?2" \
                                " AND p.until_at<=?2+2592000000000 ORDER BY p.until_at, a.id LIMIT 21")                 \
        X(SQL_AUDIT_BODIES,     "SELECT DISTINCT body FROM r_section WHERE body IS NOT NULL AND body<>'' ORDER BY body LIMIT 50") \
        X(SQL_MY_CASES,         "SELECT id, number, form, submitted_at, '' FROM r_application WHERE applicant=?1 AND state IN ('submitted', 'returned') AND ?2=?2" \
                                " ORDER BY submitted_at, id LIMIT 50")                                                  \
        X(SQL_MY_DRAFTED,       "SELECT a.id, a.number, a.form, a.submitted_at, w.name FROM r_application a LEFT JOIN r_person w ON w.id=a.applicant AND w.k=''" \
                                " WHERE a.drafter=?1 AND a.state IN ('submitted', 'returned') AND ?2=?2 ORDER BY a.submitted_at, a.id LIMIT 50") \
        X(SQL_ALL_QUIET,        "SELECT a.id, a.number, a.form, max(t.decided_at), w.name FROM r_application a INDEXED BY r_application_returned JOIN r_step t ON t.id=a.id LEFT JOIN r_person w" \
                                " ON w.id=a.applicant AND w.k='' WHERE a.state='returned' AND ?1=?1 GROUP BY a.id HAVING max(t.decided_at)<=?2 ORDER BY 4, a.id LIMIT 50") \
        X(SQL_ALL_TRANSITIONAL, "SELECT id, '', coalesce(section, ''), apply_by_at, name FROM r_service WHERE state='transitional' AND apply_by_at<=?2 AND ?1=?1" \
                                " ORDER BY apply_by_at, id LIMIT 50")                                                   \
        X(SQL_MY_SERVICES,      "SELECT id, '', 'manager', 0, name FROM r_service WHERE manager=?1 AND state<>'closed' AND ?2=?2 UNION ALL" \
                                " SELECT id, '', 'deputy', 0, name FROM r_service WHERE deputy=?1 AND state<>'closed' LIMIT 200") \
        /* ?1 roles that are no post, ?2 roles of a section, ?3 who leaves by then, ?4 one person. The kinds of roles are walked first (one */ \
        /* step of the index each), so that the many who merely apply are not */                                        \
        X(SQL_POSTS,            "WITH RECURSIVE role(k) AS (SELECT min(k) FROM r_holder UNION ALL SELECT (SELECT min(k) FROM r_holder WHERE k>role.k) FROM role" \
                                " WHERE role.k IS NOT NULL), who(id) AS (SELECT ?4 WHERE ?4<>'' UNION SELECT h.id FROM role CROSS JOIN r_holder h ON h.k=role.k" \
                                " AND h.state='active' WHERE ?4='' AND role.k NOT IN (SELECT value FROM json_each(?1)) UNION SELECT id FROM r_person WHERE ?4=''" \
                                " AND state='active' AND until_at<=?3)"                                                  \
                                " SELECT p.id, p.name, p.section, p.post, h.k, p.until_at, h.since_at, h.until_at, h.rev, EXISTS (SELECT 1 FROM r_holder o JOIN r_person q ON q.id=o.id AND q.k=''" \
                                " AND q.state='active' WHERE o.k=h.k AND o.state='active' AND o.id<>h.id AND (q.section=p.section OR h.k NOT IN (SELECT value FROM json_each(?2))))" \
                                " FROM who CROSS JOIN r_person p ON p.id=who.id AND p.k='' AND p.state='active' LEFT JOIN r_holder h ON h.id=p.id AND h.state='active'" \
                                " AND h.k NOT IN (SELECT value FROM json_each(?1)) ORDER BY p.section, p.name, p.id, h.k LIMIT 2000") \
        X(SQL_INTEGRITY,        "PRAGMA quick_check(20)")                                                               \
        X(SQL_INTEGRITY_ALL,    "PRAGMA integrity_check(20)")                                                           \
        X(SQL_GRAMS_CHECK,      "INSERT INTO search(search) VALUES('integrity-check')")                                 \
        X(SQL_OUTBOX_NUMBERS,   "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name='outbox'), 0), max(coalesce((SELECT max(id) FROM outbox), 0)," \
                                " coalesce((SELECT max(id) FROM outbox_sent), 0))")                                      \
        X(SQL_JOURNAL_IS,       "SELECT 1 FROM journal WHERE idx=? AND type=?")                                         \
        X(SQL_PAYLOAD_UNITS,    "SELECT DISTINCT unit FROM payload")                                                    \
        /* every local row: what its MAC stands over, the MAC, what it is called (store/inspect.c) */                   \
        X(SQL_EACH_CREDENTIAL,  SQL_CRED_PARTS ", mac, login FROM credential ORDER BY login")                           \
        X(SQL_EACH_SESSION,     "SELECT token, person, made_at, seen_at, stage, mac, substr(hex(token), 1, 16) FROM session ORDER BY token") \
        X(SQL_EACH_CODE,        "SELECT secret, gate, until_at, used_at, mac, gate FROM enrol_code ORDER BY secret")    \
        X(SQL_EACH_TABLE,       "SELECT epoch, seq, file, mac, epoch || '/' || seq FROM grant_table ORDER BY epoch, seq") \
        X(SQL_EACH_OUTBOX,      "SELECT id, made_at, once, urgent, body, mac, id FROM outbox ORDER BY id")              \
        X(SQL_EACH_SENT,        "SELECT id, sink, who, state, at, why, mac, id || ' ' || sink FROM outbox_sent ORDER BY id, sink, who") \
        X(SQL_EACH_SINK,        "SELECT id, kind, from_id, state, since_at, seen_at, why, mac, id FROM sink ORDER BY id") \
        X(SQL_EACH_REPORT,      "SELECT gate, boot, stream, seq, mac, gate || ' ' || stream FROM report_seq ORDER BY gate, boot, stream") \
        X(SQL_EACH_SCRUB,       "SELECT id, stage, part, place, seen, wrong, began_at, ended_at, mac, id FROM scrub ORDER BY id") \
        X(SQL_SCRUB_GET,        "SELECT stage, part, place, seen, wrong, began_at, ended_at, mac FROM scrub WHERE id=1") \
        X(SQL_SCRUB_PUT,        "INSERT INTO scrub(id, stage, part, place, seen, wrong, began_at, ended_at, mac) VALUES(1,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET" \
                                " stage=excluded.stage, part=excluded.part, place=excluded.place, seen=excluded.seen, wrong=excluded.wrong, began_at=excluded.began_at," \
                                " ended_at=excluded.ended_at, mac=excluded.mac")                                          \
        X(SQL_FILE_AFTER,       "SELECT hash, max(state='kept' AND name IS NOT NULL) FROM r_attachment WHERE hash>?1 GROUP BY hash ORDER BY hash LIMIT 1") \
        X(SQL_EACH_CLOCK,       "SELECT id, boot, seen_at, ahead, hold, since_at, mac, id FROM house_clock ORDER BY id")    \
        X(SQL_EACH_DRAFT,       "SELECT id, person, form, about, rev, saved_at, nonce, sealed, mac, id FROM draft ORDER BY id")

enum sql {
#define X(id, text) id,
        SQL_STATEMENTS
#undef X
        SQL_COUNT
};

#define KEYS_ROW "SELECT unit, key, made_at, destroyed_at, entry, mac FROM unit_key"
#define SQL_KEYS_STATEMENTS                                                                                             \
        X(KEYS_GET,             KEYS_ROW " WHERE unit=?")                                                               \
        X(KEYS_EACH,            KEYS_ROW " ORDER BY unit")                                                              \
        X(KEYS_ADD,             "INSERT INTO unit_key(unit, key, made_at, destroyed_at, entry, mac) VALUES(?,?,?,?,?,?)") \
        X(KEYS_SET,             "UPDATE unit_key SET key=?2, made_at=?3, destroyed_at=?4, entry=?5, mac=?6 WHERE unit=?1") \
        X(KEYS_UNSIGNED,        "SELECT unit, key, made_at FROM unit_key WHERE length(mac)=0 ORDER BY unit<>'local-mac' LIMIT 1") \
        X(KEYS_IS,              "SELECT 1 FROM unit_key WHERE unit=?")                                                  \
        X(KEYS_INTEGRITY,       "PRAGMA integrity_check(20)")                                                           \
        X(KEYS_TRUNCATE,        "PRAGMA wal_checkpoint(TRUNCATE)")

enum keys_sql {
#define X(id, text) id,
        SQL_KEYS_STATEMENTS
#undef X
        KEYS_COUNT
};

#endif
