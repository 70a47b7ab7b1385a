/* rows.h - the registers as rows: every table that the journal's after-images may name, and its columns.
 *
 * Does      one list of tables and columns from which come the SQL (store/), the entry's "c" object and the accessors here;
 *           a row is a plain value that pure code reads and changes.
 * Layer     core; pure.
 * Owns      texts in a row are borrowed from the arena they were read into.
 * Units     *_at columns are utime_t (UTC microseconds).
 *
 * A column is added at the end of its table and never removed or reused: ten-year-old entries replay by name.
 */
#ifndef CORE_REGISTER_ROWS_H
#define CORE_REGISTER_ROWS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/utime.h"
#include "base/uuid.h"
#include "core/journal/hash.h"

/* C(TABLE, column, TYPE, comment): the comment stands in the SQL schema. */
#define COLS_INSTALL(C)                                                                       \
        C(INSTALL, name,       TEXT, "the municipality's name")                               \
        C(INSTALL, body,       TEXT, "code of the executive body in numbers: SHI")            \
        C(INSTALL, epoch,      INT,  "epoch of the log")                                      \
        C(INSTALL, log_key,    TEXT, "C2SP verifier key of this epoch")                       \
        C(INSTALL, pack,       TEXT, "SHA-256 of the pack in force")                          \
        C(INSTALL, pack_id,    TEXT, "its id")                                                \
        C(INSTALL, table_seq,  INT,  "newest grant table")                                    \
        C(INSTALL, table_hash, TEXT, "SHA-256 of its header")                                 \
        C(INSTALL, pack_reason, TEXT, "why that pack was adopted, free text")                 \
        C(INSTALL, practice,   INT,  "1: for practice, nothing here takes effect")
#define COLS_PERSON(C)                                                                        \
        C(PERSON, login,       TEXT, "sign-in name")                                          \
        C(PERSON, name,        TEXT, "name, personal")                                        \
        C(PERSON, section,     TEXT, "section")                                               \
        C(PERSON, state,       TEXT, "active | left")                                         \
        C(PERSON, number,      TEXT, "staff number, as text: leading zeros count")            \
        C(PERSON, kana,        TEXT, "reading of the name, personal")                         \
        C(PERSON, mail,        TEXT, "mail address, personal")                                \
        C(PERSON, post,        TEXT, "what the post is called, personal")                     \
        C(PERSON, kind,        TEXT, "regular | fiscal-year | dispatched | contractor | special") \
        C(PERSON, from_at,     INT,  "works here from, inclusive; null: since before the list") \
        C(PERSON, until_at,    INT,  "exclusive")                                             \
        C(PERSON, unreadable,  INT,  "1: a character of the name could not be read (外字) and stands as 〓") \
        C(PERSON, lang,        TEXT, "ja | en: of the mail that is sent to them; null: ja")
#define COLS_HOLDER(C)                                                                        \
        C(HOLDER, since_at,    INT,  "person (id) holds role (k) since")                      \
        C(HOLDER, state,       TEXT, "active | ended")                                        \
        C(HOLDER, until_at,    INT,  "exclusive; null: until ended")                          \
        C(HOLDER, why,         TEXT, "order of appointment, free text")
#define COLS_APPLICATION(C)                                                                   \
        C(APPLICATION, number,       TEXT, "number people see")                               \
        C(APPLICATION, form,         TEXT, "form id")                                         \
        C(APPLICATION, form_hash,    TEXT, "SHA-256 of the form answered")                    \
        C(APPLICATION, procedure,    TEXT, "procedure id")                                    \
        C(APPLICATION, state,        TEXT, "submitted | returned | approved | rejected | withdrawn") \
        C(APPLICATION, applicant,    TEXT, "person id")                                       \
        C(APPLICATION, section,      TEXT, "applicant's section at submission")               \
        C(APPLICATION, submitted_at, INT,  "")                                                \
        C(APPLICATION, ended_at,     INT,  "decided or withdrawn")                            \
        C(APPLICATION, permit,       TEXT, "permit it opened")                                \
        C(APPLICATION, reason,       TEXT, "why it was withdrawn or corrected, free text")                 \
        C(APPLICATION, pack,         TEXT, "SHA-256 of the pack it lives under")              \
        C(APPLICATION, drafter,      TEXT, "person id, when another drafted it for the applicant") \
        C(APPLICATION, service,      TEXT, "service it is about, or that it registered")      \
        C(APPLICATION, target,       TEXT, "application it is about")
#define COLS_ANSWER(C)                                                                        \
        C(ANSWER, value,       TEXT, "answer to field k of application id")
#define COLS_STEP(C)                                                                          \
        C(STEP, kind,          TEXT, "step kind of the pack")                                 \
        C(STEP, role,          TEXT, "role that decides")                                     \
        C(STEP, state,         TEXT, "waiting | entered | approved | rejected | returned | skipped") \
        C(STEP, decider,       TEXT, "person id")                                             \
        C(STEP, decided_at,    INT,  "")                                                      \
        C(STEP, reason,        TEXT, "reason, free text")                                     \
        C(STEP, principal,     TEXT, "person id, when the decider was that person's deputy")  \
        C(STEP, condition,     TEXT, "condition of the approval, free text")                  \
        C(STEP, entered_by,    TEXT, "person id who entered what was decided elsewhere")      \
        C(STEP, entered_at,    INT,  "")                                                      \
        C(STEP, outcome,       TEXT, "what was decided elsewhere: approved | rejected | returned") \
        C(STEP, document,      TEXT, "its document number, free text")                        \
        C(STEP, decided_on,    TEXT, "its date: 2026-04-01")                                  \
        C(STEP, division,      TEXT, "final | delegated | deputised (決裁・専決・代決)")      \
        C(STEP, authority,     TEXT, "who decided it there, free text")                       \
        C(STEP, entered_for,   TEXT, "person id, when it was entered as that person's deputy") \
        C(STEP, condition_due, TEXT, "day by which the condition is met: 2026-04-01")
#define COLS_PERMIT(C)                                                                        \
        C(PERMIT, application, TEXT, "application that opened it")                            \
        C(PERMIT, subject,     TEXT, "device id")                                             \
        C(PERMIT, kind,        INT,  "grant kind: 1 MAC")                                     \
        C(PERMIT, key,         TEXT, "MAC address")                                           \
        C(PERMIT, zone,        INT,  "zone number")                                           \
        C(PERMIT, zone_id,     TEXT, "zone id")                                               \
        C(PERMIT, from_at,     INT,  "inclusive")                                             \
        C(PERMIT, until_at,    INT,  "exclusive")                                             \
        C(PERMIT, state,       TEXT, "waiting | active | suspended | expired | revoked | closed") \
        C(PERMIT, reason,      TEXT, "why it was last changed, free text")                    \
        C(PERMIT, table_seq,   INT,  "first grant table that carries this revision")
#define COLS_GATE(C)                                                                          \
        C(GATE, name,          TEXT, "")                                                      \
        C(GATE, zone,          INT,  "zone number")                                           \
        C(GATE, zone_id,       TEXT, "")                                                      \
        C(GATE, lan,           TEXT, "interface towards the hosts")                           \
        C(GATE, state,         TEXT, "waiting | enrolled | revoked")                          \
        C(GATE, cert,          TEXT, "SHA-256 of its certificate")                            \
        C(GATE, serial,        TEXT, "certificate serial, hexadecimal")                       \
        C(GATE, enrolled_at,   INT,  "")                                                      \
        C(GATE, applied_epoch, INT,  "")                                                      \
        C(GATE, applied_seq,   INT,  "newest table its kernel holds")                         \
        C(GATE, applied_at,    INT,  "since")
#define COLS_WITNESS(C)                                                                       \
        C(WITNESS, name,       TEXT, "of its key")                                            \
        C(WITNESS, key,        TEXT, "C2SP verifier key, type 4")                             \
        C(WITNESS, state,      TEXT, "active | ended")                                        \
        C(WITNESS, added_at,   INT,  "")                                                      \
        C(WITNESS, epoch,      INT,  "of what it signed last; null: nothing yet")             \
        C(WITNESS, size,       INT,  "entries")                                               \
        C(WITNESS, root,       TEXT, "64 hexadecimal digits")                                 \
        C(WITNESS, at,         INT,  "when, as it said")                                      \
        C(WITNESS, sig,        TEXT, "Base64: its signature")                                 \
        C(WITNESS, own,        TEXT, "Base64: the log's own signature of that checkpoint")
#define COLS_ENFORCEMENT(C)                                                                   \
        C(ENFORCEMENT, seq,    INT,  "table in which gate k first held permit id")            \
        C(ENFORCEMENT, at,     INT,  "when its kernel held the rule")
#define COLS_COUNTER(C)                                                                       \
        C(COUNTER, value,      INT,  "last number given for k = body-code-year")

#define COLS_RATING(C)                                                                        \
        C(RATING, level,       TEXT, "level of axis k of application or service id")          \
        C(RATING, derived,     TEXT, "level that follows from the answers")                   \
        C(RATING, rule,        TEXT, "derivation that made it so")                            \
        C(RATING, person,      TEXT, "who set another level")                                 \
        C(RATING, reason,      TEXT, "why, free text")
#define COLS_CRITERION(C)                                                                     \
        C(CRITERION, result,   TEXT, "criterion k of application id: met | substitute | exception | not-applicable | unmet") \
        C(CRITERION, reason,   TEXT, "why, free text")                                        \
        C(CRITERION, article,  TEXT, "clause of the specification or terms, free text")       \
        C(CRITERION, answer,   TEXT, "provider's answer: answered | public | none")           \
        C(CRITERION, said,     TEXT, "what the provider said, free text")                     \
        C(CRITERION, said_on,  TEXT, "date of that answer")                                   \
        C(CRITERION, document, TEXT, "document that shows it, free text")                     \
        C(CRITERION, person,   TEXT, "who judged")                                            \
        C(CRITERION, judged_at, INT, "")
#define COLS_PROVIDER(C)                                                                      \
        C(PROVIDER, name,      TEXT, "")                                                      \
        C(PROVIDER, country,   TEXT, "of its head office")                                    \
        C(PROVIDER, corporate_number, TEXT, "法人番号")                                           \
        C(PROVIDER, contact,     TEXT, "whom to call or write to, free text")                 \
        C(PROVIDER, address,     TEXT, "free text")                                           \
        C(PROVIDER, note,        TEXT, "free text")                                           \
        C(PROVIDER, state,       TEXT, "active | ended; null: active")
#define COLS_SERVICE(C)                                                                       \
        C(SERVICE, name,       TEXT, "")                                                      \
        C(SERVICE, provider,   TEXT, "provider id")                                           \
        C(SERVICE, application, TEXT, "application that registered it")                       \
        C(SERVICE, section,    TEXT, "section that applied")                                  \
        C(SERVICE, manager,    TEXT, "person id of the service manager")                      \
        C(SERVICE, deputy,     TEXT, "person id")                                             \
        C(SERVICE, conf2plus,  INT,  "1: may handle information of confidentiality 2 or higher") \
        C(SERVICE, domains,    TEXT, "one a line")                                            \
        C(SERVICE, state,      TEXT, "approved | transitional | suspended | closed; transitional: in use before the register was")                         \
        C(SERVICE, from_at,    INT,  "inclusive")                                             \
        C(SERVICE, until_at,   INT,  "exclusive")                                             \
        C(SERVICE, review_at,  INT,  "by when the next review is due, exclusive")             \
        C(SERVICE, successor,  TEXT, "service that replaces it")                              \
        C(SERVICE, closed_at,  INT,  "")                                                      \
        C(SERVICE, kind,        TEXT, "kind of service: list service-types")                  \
        C(SERVICE, apply_by_at, INT,  "transitional: by when it must be applied for, exclusive") \
        C(SERVICE, suspended_at, INT,  "since when it may not be used")                       \
        C(SERVICE, reason,      TEXT, "why it was suspended or recorded so, free text")       \
        C(SERVICE, purpose,     TEXT, "what it is used for, free text")                       \
        C(SERVICE, contact,     TEXT, "the provider's contact for this service, free text")   \
        C(SERVICE, reviewed,    TEXT, "application that reviewed it last")                    \
        C(SERVICE, ended,       TEXT, "application that ended it")
#define COLS_USE(C)                                                                           \
        C(USE, service,        TEXT, "service id")                                            \
        C(USE, section,        TEXT, "")                                                      \
        C(USE, application,    TEXT, "application that allowed it")                           \
        C(USE, state,          TEXT, "active | ended")                                        \
        C(USE, from_at,        INT,  "")                                                      \
        C(USE, until_at,       INT,  "")                                                      \
        C(USE, purpose,     TEXT, "free text")                                                \
        C(USE, conf2plus,   INT,  "1: this section may put information of confidentiality 2 or higher there")
#define COLS_SUBCONTRACTOR(C)                                                                 \
        C(SUBCONTRACTOR, service, TEXT, "service id")                                         \
        C(SUBCONTRACTOR, parent, TEXT, "subcontractor it works for; null: the provider")      \
        C(SUBCONTRACTOR, name, TEXT, "")                                                      \
        C(SUBCONTRACTOR, country, TEXT, "")                                                   \
        C(SUBCONTRACTOR, work, TEXT, "what it does, free text")                               \
        C(SUBCONTRACTOR, application, TEXT, "application that approved it")                   \
        C(SUBCONTRACTOR, state, TEXT, "approved | ended")                                     \
        C(SUBCONTRACTOR, from_at,     INT,  "")
#define COLS_EXCEPTION(C)                                                                     \
        C(EXCEPTION, application, TEXT, "application that permitted exception k of application id: k is a rule or criterion") \
        C(EXCEPTION, from_at,  INT,  "")                                                      \
        C(EXCEPTION, until_at, INT,  "exclusive")                                             \
        C(EXCEPTION, state,    TEXT, "active | expired")
#define COLS_DUTY(C)                                                                          \
        C(DUTY, kind,          TEXT, "condition | review | exception | task | certificate | contract | end | apply | contact | drill | account | clock | holidays")                 \
        C(DUTY, role,          TEXT, "who has it")                                            \
        C(DUTY, person,        TEXT, "person id; null: whoever holds the role")               \
        C(DUTY, section,       TEXT, "section of that role; null: the body's")                \
        C(DUTY, application,   TEXT, "application it comes from")                             \
        C(DUTY, service,       TEXT, "service it is about")                                   \
        C(DUTY, what,          TEXT, "rule, criterion or effect it comes from")               \
        C(DUTY, text,          TEXT, "what is to be done, free text")                         \
        C(DUTY, due_at,        INT,  "exclusive")                                             \
        C(DUTY, state,         TEXT, "open | closed")                                         \
        C(DUTY, evidence,      TEXT, "how it was done, free text")                            \
        C(DUTY, closed_by,     TEXT, "person id")                                             \
        C(DUTY, closed_at,     INT,  "")                                                      \
        C(DUTY, rule,        TEXT, "duty of the pack it comes from")                          \
        C(DUTY, subject,     TEXT, "row it is about, besides the service: certificate, contract, contact, incident") \
        C(DUTY, overdue_role, TEXT, "who sees it too once it is overdue")                     \
        C(DUTY, reminded_at, INT,  "when it was last told of")                                \
        C(DUTY, overdue_at,  INT,  "when it was first told to overdue_role")
#define COLS_DEPUTY(C)                                                                        \
        C(DEPUTY, role,        TEXT, "person k decides for person id in this role; null: in each") \
        C(DEPUTY, from_at,     INT,  "")                                                      \
        C(DEPUTY, until_at,    INT,  "exclusive")                                             \
        C(DEPUTY, named_by,    TEXT, "person id")                                             \
        C(DEPUTY, state,       TEXT, "active | ended")                                        \
        C(DEPUTY, reason,      TEXT, "why it ended early, free text")

/* ---- registers of Part 3 ---- */

#define COLS_SECTION(C)                                                                       \
        C(SECTION, name,       TEXT, "its name; people and applications name it so")          \
        C(SECTION, code,       TEXT, "code of the organisation, as text")                     \
        C(SECTION, body,       TEXT, "code of its executive body: SHI, KYO; null: the install's") \
        C(SECTION, parent,     TEXT, "name of the department it belongs to, free text")       \
        C(SECTION, phone,      TEXT, "extension, free text")                                  \
        C(SECTION, from_at,    INT,  "")                                                      \
        C(SECTION, until_at,   INT,  "exclusive")                                             \
        C(SECTION, state,      TEXT, "active | ended")
#define COLS_POSTING(C)                                                                       \
        C(POSTING, person,     TEXT, "person id")                                             \
        C(POSTING, section,    TEXT, "section, personal")                                     \
        C(POSTING, post,       TEXT, "what the post is called, personal")                     \
        C(POSTING, kind,       TEXT, "main | concurrent")                                     \
        C(POSTING, from_at,    INT,  "inclusive")                                             \
        C(POSTING, until_at,   INT,  "exclusive")                                             \
        C(POSTING, state,      TEXT, "coming | active | ended")
#define COLS_CERTIFICATE(C)                                                                   \
        C(CERTIFICATE, provider,   TEXT, "provider id")                                       \
        C(CERTIFICATE, service,    TEXT, "service id; null: all of the provider's")           \
        C(CERTIFICATE, kind,       TEXT, "list certificate-kinds")                            \
        C(CERTIFICATE, number,     TEXT, "free text")                                         \
        C(CERTIFICATE, scope,      TEXT, "what it covers, free text")                         \
        C(CERTIFICATE, issuer,     TEXT, "free text")                                         \
        C(CERTIFICATE, from_at,    INT,  "")                                                  \
        C(CERTIFICATE, until_at,   INT,  "exclusive")                                         \
        C(CERTIFICATE, checked_at, INT,  "when somebody last looked at it")                   \
        C(CERTIFICATE, application, TEXT, "application it comes from")                        \
        C(CERTIFICATE, state,      TEXT, "valid | replaced | withdrawn")                      \
        C(CERTIFICATE, reason,     TEXT, "free text")
#define COLS_CONTRACT(C)                                                                      \
        C(CONTRACT, service,    TEXT, "service id")                                           \
        C(CONTRACT, name,       TEXT, "free text")                                            \
        C(CONTRACT, number,     TEXT, "document number, free text")                           \
        C(CONTRACT, kind,       TEXT, "list contract-kinds")                                  \
        C(CONTRACT, from_at,    INT,  "")                                                     \
        C(CONTRACT, until_at,   INT,  "exclusive")                                            \
        C(CONTRACT, law,        TEXT, "country whose law governs it")                         \
        C(CONTRACT, court_kind, TEXT, "list court-kinds")                                     \
        C(CONTRACT, court_article, TEXT, "free text")                                         \
        C(CONTRACT, uptime,     TEXT, "list uptimes")                                         \
        C(CONTRACT, rto_hours,  INT,  "recovery time")                                        \
        C(CONTRACT, rpo_hours,  INT,  "recovery point")                                       \
        C(CONTRACT, notice_days, INT,  "notice before change or end")                         \
        C(CONTRACT, backup_level, TEXT, "list backup-levels")                                 \
        C(CONTRACT, damages,    TEXT, "free text")                                            \
        C(CONTRACT, return_format, TEXT, "how data comes back, free text")                    \
        C(CONTRACT, deletion_method, TEXT, "list deletion-methods")                           \
        C(CONTRACT, incident_hours, INT,  "within how long the provider reports")             \
        C(CONTRACT, application, TEXT, "application it comes from")                           \
        C(CONTRACT, state,      TEXT, "active | ended")                                       \
        C(CONTRACT, reason,     TEXT, "free text")
#define COLS_FLOW(C)                                                                          \
        C(FLOW, service,    TEXT, "service id")                                               \
        C(FLOW, from_zone,  TEXT, "list flow-zones")                                          \
        C(FLOW, to_zone,    TEXT, "list flow-zones")                                          \
        C(FLOW, path,       TEXT, "free text")                                                \
        C(FLOW, place,      TEXT, "free text")                                                \
        C(FLOW, keeper,     TEXT, "list keepers")                                             \
        C(FLOW, measure,    TEXT, "free text")                                                \
        C(FLOW, application, TEXT, "application it comes from")                               \
        C(FLOW, state,      TEXT, "active | ended")
#define COLS_RESPONSIBILITY(C)                                                                \
        C(RESPONSIBILITY, service,    TEXT, "service id")                                     \
        C(RESPONSIBILITY, area,       TEXT, "list control-areas")                             \
        C(RESPONSIBILITY, owner,      TEXT, "list keepers")                                   \
        C(RESPONSIBILITY, task,       TEXT, "free text")                                      \
        C(RESPONSIBILITY, application, TEXT, "application it comes from")                     \
        C(RESPONSIBILITY, state,      TEXT, "active | ended")
#define COLS_ACCOUNT(C)                                                                       \
        C(ACCOUNT, service,    TEXT, "service id")                                            \
        C(ACCOUNT, kind,       TEXT, "user | administrator | special")                        \
        C(ACCOUNT, name,       TEXT, "name of the account, personal")                         \
        C(ACCOUNT, person,     TEXT, "person id of who uses it; null: several, or a program") \
        C(ACCOUNT, holder,     TEXT, "who uses it, when that is no person of the register, personal") \
        C(ACCOUNT, section,    TEXT, "section, personal")                                     \
        C(ACCOUNT, purpose,    TEXT, "free text")                                             \
        C(ACCOUNT, from_at,    INT,  "")                                                      \
        C(ACCOUNT, until_at,   INT,  "exclusive; when it was deleted or returned")            \
        C(ACCOUNT, checked_at, INT,  "")                                                      \
        C(ACCOUNT, state,      TEXT, "active | ended")                                        \
        C(ACCOUNT, reason,     TEXT, "free text")
#define COLS_ATTACHMENT(C)                                                                    \
        C(ATTACHMENT, hash,       TEXT, "SHA-256 of the content: the file's name in office/files") \
        C(ATTACHMENT, name,       TEXT, "what who brought it called it, personal")            \
        C(ATTACHMENT, type,       TEXT, "what render found it to be: pdf, png ...")           \
        C(ATTACHMENT, size,       INT,  "bytes")                                              \
        C(ATTACHMENT, about,      TEXT, "register of the row it belongs to: service, certificate, application ...") \
        C(ATTACHMENT, subject,    TEXT, "id of that row")                                     \
        C(ATTACHMENT, note,       TEXT, "what it shows, free text")                           \
        C(ATTACHMENT, dated_on,   TEXT, "date of the evidence: 2026-04-01; null: not said")   \
        C(ATTACHMENT, person,     TEXT, "person id who brought it")                           \
        C(ATTACHMENT, added_at,   INT,  "")                                                   \
        C(ATTACHMENT, state,      TEXT, "kept | removed")                                     \
        C(ATTACHMENT, reason,     TEXT, "why it was removed, free text")
#define COLS_ANSWERSHEET(C)                                                                   \
        C(ANSWERSHEET, provider,   TEXT, "provider id")                                       \
        C(ANSWERSHEET, subject,    TEXT, "what it answers about: name of the service, free text") \
        C(ANSWERSHEET, form,       TEXT, "form id; the answers are ANSWER rows under this id") \
        C(ANSWERSHEET, form_hash,  TEXT, "SHA-256 of the form answered")                      \
        C(ANSWERSHEET, answered_on, TEXT, "2026-04-01")                                       \
        C(ANSWERSHEET, source,     TEXT, "own | received")                                    \
        C(ANSWERSHEET, peer,       TEXT, "peer id it came from")                              \
        C(ANSWERSHEET, file_hash,  TEXT, "SHA-256 of the exchanged file")                     \
        C(ANSWERSHEET, person,     TEXT, "person id who put it here")                         \
        C(ANSWERSHEET, added_at,   INT,  "")                                                  \
        C(ANSWERSHEET, state,      TEXT, "current | replaced")
#define COLS_PEER(C)                                                                          \
        C(PEER, name,       TEXT, "municipality, personal")                                   \
        C(PEER, log_key,    TEXT, "its C2SP verifier key")                                    \
        C(PEER, person,     TEXT, "person id who typed the fingerprint")                      \
        C(PEER, added_at,   INT,  "")                                                         \
        C(PEER, state,      TEXT, "trusted | ended")                                          \
        C(PEER, fingerprint, TEXT, "of its log key, as typed from its paper: log_key may come later")
#define COLS_CONTACT(C)                                                                       \
        C(CONTACT, name,       TEXT, "personal")                                              \
        C(CONTACT, organisation, TEXT, "free text")                                           \
        C(CONTACT, kind,       TEXT, "staff | csirt | ciso | prefecture | soc | vendor | police | other") \
        C(CONTACT, hours,      TEXT, "always | weekday | night | holiday")                    \
        C(CONTACT, rank,       INT,  "who is called first: 1")                                \
        C(CONTACT, phone,      TEXT, "personal")                                              \
        C(CONTACT, mail,       TEXT, "personal")                                              \
        C(CONTACT, person,     TEXT, "person id, when it is one of ours")                     \
        C(CONTACT, substitute, TEXT, "contact id who is called when this one is away")        \
        C(CONTACT, checked_at, INT,  "when somebody last reached them")                       \
        C(CONTACT, state,      TEXT, "active | ended")                                        \
        C(CONTACT, reason,     TEXT, "free text")                                             \
        C(CONTACT, checked_by, TEXT, "person id")                                             \
        C(CONTACT, checked_how, TEXT, "how they were reached, free text")
#define COLS_FINDING(C)                                                                       \
        C(FINDING, kind,       TEXT, "key finding.<kind>.*")                                  \
        C(FINDING, source,     TEXT, "person | gate | agent | import | check")                \
        C(FINDING, subject,    TEXT, "row it is about")                                       \
        C(FINDING, service,    TEXT, "service id")                                            \
        C(FINDING, section,    TEXT, "section, personal")                                     \
        C(FINDING, host,       TEXT, "host name, personal")                                   \
        C(FINDING, address,    TEXT, "IP or MAC address, personal")                           \
        C(FINDING, text,       TEXT, "what was seen, free text")                              \
        C(FINDING, severity,   TEXT, "low | middle | high")                                   \
        C(FINDING, first_at,   INT,  "")                                                      \
        C(FINDING, last_at,    INT,  "")                                                      \
        C(FINDING, times,      INT,  "how often it was seen")                                 \
        C(FINDING, incident,   TEXT, "incident id it became part of")                         \
        C(FINDING, person,     TEXT, "person id who reported or closed it")                   \
        C(FINDING, closed_at,  INT,  "")                                                      \
        C(FINDING, state,      TEXT, "open | incident | closed")                              \
        C(FINDING, reason,     TEXT, "why it was closed, free text")
#define COLS_INCIDENT(C)                                                                      \
        C(INCIDENT, number,     TEXT, "number people see")                                    \
        C(INCIDENT, kind,       TEXT, "list incident-kinds")                                  \
        C(INCIDENT, title,      TEXT, "personal")                                             \
        C(INCIDENT, text,       TEXT, "what happened, free text")                             \
        C(INCIDENT, application, TEXT, "application that opened it")                          \
        C(INCIDENT, section,    TEXT, "section, personal")                                    \
        C(INCIDENT, service,    TEXT, "service id")                                           \
        C(INCIDENT, reporter,   TEXT, "person id")                                            \
        C(INCIDENT, found_at,   INT,  "when it was noticed")                                  \
        C(INCIDENT, severity,   TEXT, "low | middle | high")                                  \
        C(INCIDENT, leak,       TEXT, "none | possible | certain")                            \
        C(INCIDENT, people,     INT,  "how many people's data")                               \
        C(INCIDENT, lead,       TEXT, "person id who commands")                               \
        C(INCIDENT, drill,      INT,  "1: an exercise")                                       \
        C(INCIDENT, closed_at,  INT,  "")                                                     \
        C(INCIDENT, closed_by,  TEXT, "person id")                                            \
        C(INCIDENT, conclusion, TEXT, "cause, what was done, what changes; free text")        \
        C(INCIDENT, state,      TEXT, "open | contained | concluded (waits for a second person) | closed") \
        C(INCIDENT, contained_at, INT, "")                                                    \
        C(INCIDENT, leak_at,    INT,  "when it was known that data may have leaked: the reporting clocks run from here; null: no leak") \
        C(INCIDENT, grounds,    TEXT, "why it must be reported: sensitive property malicious many, blanks between, or none; null: not judged yet") \
        C(INCIDENT, concluded_by, TEXT, "person id who wrote the conclusion; closed_by confirmed it") \
        C(INCIDENT, concluded_at, INT, "")
#define COLS_INCIDENTLOG(C)                                                                   \
        C(INCIDENTLOG, incident,   TEXT, "incident id")                                       \
        C(INCIDENTLOG, person,     TEXT, "person id who wrote it")                            \
        C(INCIDENTLOG, at,         INT,  "when it happened")                                  \
        C(INCIDENTLOG, kind,       TEXT, "seen | done | told | decided")                      \
        C(INCIDENTLOG, text,       TEXT, "free text")
#define COLS_ALERT(C)                                                                         \
        C(ALERT, incident,   TEXT, "incident id")                                             \
        C(ALERT, contact,    TEXT, "contact id that was told; null: whoever holds the roles, since the list had nobody") \
        C(ALERT, rank,       INT,  "step of the ladder, from 1; 0: one of all")               \
        C(ALERT, sent_at,    INT,  "")                                                        \
        C(ALERT, due_at,     INT,  "until when an answer is awaited, exclusive")              \
        C(ALERT, acked_at,   INT,  "")                                                        \
        C(ALERT, acked_by,   TEXT, "person id who acknowledged or noted that they were reached") \
        C(ALERT, how,        TEXT, "free text")                                               \
        C(ALERT, state,      TEXT, "sent | acknowledged | escalated")                         \
        C(ALERT, run,        INT,  "which alarm of its incident: 1 is the first")

#define COLS_IMPORT(C)                                                                        \
        C(IMPORT, register,  TEXT, "register that a sheet was brought into")                  \
        C(IMPORT, person,    TEXT, "person id who brought it")                                \
        C(IMPORT, at,        INT,  "")                                                        \
        C(IMPORT, effective_at, INT, "from when a personnel list holds; null: at once")       \
        C(IMPORT, lines,     INT,  "that said something")                                     \
        C(IMPORT, fresh,     INT,  "new rows")                                                \
        C(IMPORT, changed,   INT,  "")                                                        \
        C(IMPORT, same,      INT,  "")                                                        \
        C(IMPORT, moved,     INT,  "people")                                                  \
        C(IMPORT, leaving,   INT,  "people")                                                  \
        C(IMPORT, unreadable, INT, "names with a character that could not be read")           \
        C(IMPORT, percent,   INT,  "of the people: new, moved and leaving")                   \
        C(IMPORT, reason,    TEXT, "why, free text")                                          \
        C(IMPORT, digest,    TEXT, "SHA-256 of the plan that was shown")

#define COLS_RULEDRAFT(C)                                                                     \
        C(RULEDRAFT, state,      TEXT, "draft | proposed | returned | adopted | dropped")     \
        C(RULEDRAFT, base,       TEXT, "SHA-256 of the pack in force when it was made")       \
        C(RULEDRAFT, title,      TEXT, "what it is about, free text")                         \
        C(RULEDRAFT, author,     TEXT, "person id who made it")                               \
        C(RULEDRAFT, made_at,    INT,  "")                                                    \
        C(RULEDRAFT, editor,     TEXT, "person id who changed it last")                       \
        C(RULEDRAFT, changed_at, INT,  "")                                                    \
        C(RULEDRAFT, files,      TEXT, "the overlay: JSON object from a file's name to its text; people write it") \
        C(RULEDRAFT, edits,      TEXT, "what was done for which reason: JSON array; people write it") \
        C(RULEDRAFT, todo,       TEXT, "what the wizard leaves to be done by hand: JSON array; people write it") \
        C(RULEDRAFT, pack,       TEXT, "SHA-256 of the pack it comes to, as it was proposed") \
        C(RULEDRAFT, loosened,   INT,  "how much of M and N it loosens, as it was proposed")  \
        C(RULEDRAFT, proposer,   TEXT, "person id")                                           \
        C(RULEDRAFT, proposed_at, INT, "")                                                    \
        C(RULEDRAFT, decider,    TEXT, "person id who adopted or returned it")                \
        C(RULEDRAFT, decided_at, INT,  "")                                                    \
        C(RULEDRAFT, reason,     TEXT, "why it was adopted or returned, free text")
#define COLS_RESET(C)                                                                         \
        C(RESET, person,     TEXT, "person id whose password is to be set anew")              \
        C(RESET, reason,     TEXT, "free text")                                               \
        C(RESET, asked_by,   TEXT, "person id")                                               \
        C(RESET, asked_at,   INT,  "")                                                        \
        C(RESET, state,      TEXT, "asked | confirmed | ended")                               \
        C(RESET, done_by,    TEXT, "person id who confirmed or ended it: another than asked_by, if confirmed") \
        C(RESET, done_at,    INT,  "")                                                        \
        C(RESET, until_at,   INT,  "until when the code that was given holds, exclusive")

#define COLS_APPOINTMENT(C)                                                                   \
        C(APPOINTMENT, person,   TEXT, "person id who is to hold the role")                   \
        C(APPOINTMENT, role,     TEXT, "role of the pack")                                    \
        C(APPOINTMENT, from_at,  INT,  "from when it is to hold, inclusive")                  \
        C(APPOINTMENT, until_at, INT,  "exclusive; null: until ended")                        \
        C(APPOINTMENT, replaces, TEXT, "person id who makes way when it begins; null: nobody") \
        C(APPOINTMENT, why,      TEXT, "order of appointment, free text")                     \
        C(APPOINTMENT, state,    TEXT, "asked | coming | active | ended | refused | lapsed")  \
        C(APPOINTMENT, asked_by, TEXT, "person id; null: held since before there were appointments") \
        C(APPOINTMENT, asked_at, INT,  "")                                                    \
        C(APPOINTMENT, confirmed_by, TEXT, "person id: another than asked_by and person; null: the role needs none") \
        C(APPOINTMENT, confirmed_at, INT, "")                                                 \
        C(APPOINTMENT, ended_by, TEXT, "person id who ended or refused it; null: its day came") \
        C(APPOINTMENT, ended_at, INT,  "")                                                    \
        C(APPOINTMENT, reason,   TEXT, "why it was ended or refused, free text")
#define COLS_ROTATION(C)                                                                      \
        C(ROTATION, use,        TEXT, "log | table | order | ca")                             \
        C(ROTATION, reason,     TEXT, "free text")                                            \
        C(ROTATION, asked_by,   TEXT, "person id")                                            \
        C(ROTATION, asked_at,   INT,  "")                                                     \
        C(ROTATION, state,      TEXT, "asked | confirmed | done | ended")                     \
        C(ROTATION, done_by,    TEXT, "person id who confirmed or ended it: another than asked_by, if confirmed") \
        C(ROTATION, done_at,    INT,  "")                                                     \
        C(ROTATION, generation, INT,  "the one it leads to")                                  \
        C(ROTATION, was,        TEXT, "public key that it leaves, hexadecimal; of a CA SHA-256 of its certificate") \
        C(ROTATION, key,        TEXT, "public key from now on")                               \
        C(ROTATION, next,       TEXT, "public key after that; of a CA zeros")                 \
        C(ROTATION, link,       TEXT, "signature of the key link (grant-table.md)")           \
        C(ROTATION, rotated_at, INT,  "when the signer had done it")

#define COLS_EPOCH(C)                                                                         \
        C(EPOCH, epoch,      INT,  "number of the new epoch of the log")                      \
        C(EPOCH, opened_at,  INT,  "")                                                        \
        C(EPOCH, size,       INT,  "entries before it")                                       \
        C(EPOCH, known_size, INT,  "largest size of the old epoch that anybody could show")   \
        C(EPOCH, gap,        INT,  "entries of the old epoch that are lost: known_size - size") \
        C(EPOCH, reason,     TEXT, "restore | clone | key-lost | rotation")                   \
        C(EPOCH, why,        TEXT, "what happened, free text")                                \
        C(EPOCH, person,     TEXT, "person id who opened it")                                 \
        C(EPOCH, second,     TEXT, "person id who agreed; null: one person did")              \
        C(EPOCH, log_key,    TEXT, "C2SP verifier key of the new epoch")                      \
        C(EPOCH, known_root, TEXT, "root of known_size, 64 hexadecimal digits")               \
        C(EPOCH, known_sig,  TEXT, "what the old epoch's key signed it with, 128 hexadecimal digits; null: nobody could show it")

#define COLS_ERASURE(C)                                                                       \
        C(ERASURE, state,      TEXT, "unit k of proposal id: asked | confirmed | erased | refused") \
        C(ERASURE, years,      INT,  "for how many years it was kept")                        \
        C(ERASURE, due_at,     INT,  "from when it may be erased")                            \
        C(ERASURE, texts,      INT,  "how many texts stood under it")                         \
        C(ERASURE, files,      INT,  "how many attachments")                                  \
        C(ERASURE, asked_by,   TEXT, "person id")                                             \
        C(ERASURE, asked_at,   INT,  "")                                                      \
        C(ERASURE, reason,     TEXT, "why now, free text")                                    \
        C(ERASURE, decided_by, TEXT, "person id who confirmed or refused: another than asked_by, if confirmed") \
        C(ERASURE, decided_at, INT,  "")                                                      \
        C(ERASURE, answer,     TEXT, "why it was refused, free text")                         \
        C(ERASURE, erased_at,  INT,  "")                                                      \
        C(ERASURE, renewed,    INT,  "how many rows were still in use and were written anew")

/* T(TABLE, "name"): order is the order of `dump` and of creation. */
#define TABLES(T)                                                                             \
        T(INSTALL, "install") T(PERSON, "person") T(HOLDER, "holder")                         \
        T(APPLICATION, "application") T(ANSWER, "answer") T(STEP, "step") T(PERMIT, "permit") \
        T(GATE, "gate") T(ENFORCEMENT, "enforcement") T(COUNTER, "counter")   \
        T(RATING, "rating") T(CRITERION, "criterion") T(PROVIDER, "provider") T(SERVICE, "service") T(USE, "use") \
        T(SUBCONTRACTOR, "subcontractor") T(EXCEPTION, "exception") T(DUTY, "duty") T(DEPUTY, "deputy")                    \
        T(SECTION, "section") T(POSTING, "posting") T(CERTIFICATE, "certificate") T(CONTRACT, "contract") \
        T(FLOW, "flow") T(RESPONSIBILITY, "responsibility") T(ACCOUNT, "account") T(ATTACHMENT, "attachment") \
        T(ANSWERSHEET, "answersheet") T(PEER, "peer") T(CONTACT, "contact") T(FINDING, "finding") \
        T(INCIDENT, "incident") T(INCIDENTLOG, "incidentlog") T(ALERT, "alert") \
        T(IMPORT, "import") T(RULEDRAFT, "ruledraft") T(RESET, "reset") T(APPOINTMENT, "appointment") T(EPOCH, "epoch") \
        T(ERASURE, "erasure") T(ROTATION, "rotation") T(WITNESS, "witness")

enum table {
#define X(id, name) TABLE_##id,
        TABLES(X)
#undef X
        TABLE_COUNT
};

#define X(table, col, type, comment) table##_##col,
enum { COLS_INSTALL(X) INSTALL_COLS };
enum { COLS_PERSON(X) PERSON_COLS };
enum { COLS_HOLDER(X) HOLDER_COLS };
enum { COLS_APPLICATION(X) APPLICATION_COLS };
enum { COLS_ANSWER(X) ANSWER_COLS };
enum { COLS_STEP(X) STEP_COLS };
enum { COLS_PERMIT(X) PERMIT_COLS };
enum { COLS_GATE(X) GATE_COLS };
enum { COLS_WITNESS(X) WITNESS_COLS };
enum { COLS_ENFORCEMENT(X) ENFORCEMENT_COLS };
enum { COLS_COUNTER(X) COUNTER_COLS };
enum { COLS_RATING(X) RATING_COLS };
enum { COLS_CRITERION(X) CRITERION_COLS };
enum { COLS_PROVIDER(X) PROVIDER_COLS };
enum { COLS_SERVICE(X) SERVICE_COLS };
enum { COLS_USE(X) USE_COLS };
enum { COLS_SUBCONTRACTOR(X) SUBCONTRACTOR_COLS };
enum { COLS_EXCEPTION(X) EXCEPTION_COLS };
enum { COLS_DUTY(X) DUTY_COLS };
enum { COLS_DEPUTY(X) DEPUTY_COLS };
enum { COLS_SECTION(X) SECTION_COLS };
enum { COLS_POSTING(X) POSTING_COLS };
enum { COLS_CERTIFICATE(X) CERTIFICATE_COLS };
enum { COLS_CONTRACT(X) CONTRACT_COLS };
enum { COLS_FLOW(X) FLOW_COLS };
enum { COLS_RESPONSIBILITY(X) RESPONSIBILITY_COLS };
enum { COLS_ACCOUNT(X) ACCOUNT_COLS };
enum { COLS_ATTACHMENT(X) ATTACHMENT_COLS };
enum { COLS_ANSWERSHEET(X) ANSWERSHEET_COLS };
enum { COLS_PEER(X) PEER_COLS };
enum { COLS_CONTACT(X) CONTACT_COLS };
enum { COLS_FINDING(X) FINDING_COLS };
enum { COLS_INCIDENT(X) INCIDENT_COLS };
enum { COLS_INCIDENTLOG(X) INCIDENTLOG_COLS };
enum { COLS_ALERT(X) ALERT_COLS };
enum { COLS_IMPORT(X) IMPORT_COLS };
enum { COLS_RULEDRAFT(X) RULEDRAFT_COLS };
enum { COLS_RESET(X) RESET_COLS };
enum { COLS_APPOINTMENT(X) APPOINTMENT_COLS };
enum { COLS_EPOCH(X) EPOCH_COLS };
enum { COLS_ERASURE(X) ERASURE_COLS };
enum { COLS_ROTATION(X) ROTATION_COLS };
#undef X
enum { ROW_COLS_MAX = 24, ROW_KEY_MAX = 64 };

enum column_type { COLUMN_INT, COLUMN_TEXT };
struct column { const char *name; enum column_type type; };
struct table_info { const char *name; const struct column *cols; size_t cols_count; };

extern const struct table_info table_infos[TABLE_COUNT];
int table_find(struct str name);                              /* enum table, or -1 */

enum value_kind { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_ERASED };

/* personal: the entry holds a commitment and the text is a payload. committed: `commit` is that of an entry already written, so
 * an unchanged text is not stored twice. VALUE_ERASED has its commit only. */
struct value { enum value_kind kind; int64_t i; struct str s; bool personal, committed; struct hash commit; };

struct row {
        enum table   table;
        char         id[UUID_TEXT];
        char         k[ROW_KEY_MAX];
        int64_t      rev;                                     /* 0: not stored yet */
        struct value v[ROW_COLS_MAX];
};

struct row  row_new(enum table t, struct uuid id, const char *k);
void        row_int(struct row *r, int col, int64_t i);
void        row_text(struct row *r, int col, struct str s);       /* open text: ids, states, codes; printable ASCII */
void        row_personal(struct row *r, int col, struct str s);   /* text of people; empty becomes null */
int64_t     row_get_int(const struct row *r, int col);            /* 0 when null */
struct str  row_get_text(const struct row *r, int col);           /* empty when null or erased */
bool        row_is(const struct row *r, int col, const char *text);

/* What one act changes: becomes one journal entry. */
enum { CHANGES_MAX = 1024, NOTES_MAX = 12 };
struct note_item { const char *key; struct str text; int64_t i; bool is_int; };
struct changes {
        const char      *type;                                /* entry type */
        const char      *actor, *post;                        /* NULL: a program acted */
        char             ref[UUID_TEXT];
        struct str       pack, form;                          /* hexadecimal hashes, empty when not meant */
        struct row      *rows;
        size_t           rows_count, rows_room;
        struct note_item notes[NOTES_MAX];
        size_t           notes_count;
        struct arena    *arena;
};

void changes_init(struct changes *c, struct arena *a, const char *type, const char *ref);
int  changes_add(struct changes *c, const struct row *after, struct err *e);      /* takes rev + 1 */
/* Bookkeeping of a program: keeps the revision, so that nobody who is looking at the row is told that it has moved. */
int  changes_mark(struct changes *c, const struct row *after, struct err *e);
void changes_note(struct changes *c, const char *key, struct str text);
void changes_note_int(struct changes *c, const char *key, int64_t i);

#endif
