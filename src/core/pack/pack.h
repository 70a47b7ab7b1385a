/* pack.h - the policy as data: what a loaded pack holds.
 *
 * Does      describe roles, zones, classes, forms, criteria, procedures, settings, clauses and mechanisms after the loader has
 *           checked them (pack/load.h).
 * Clause    the pack keys its rows to requirement ids; this header knows none.
 * Layer     core; pure.
 * Owns      everything lives in the pack's arena: pack_free(). A loaded pack never changes; readers share it.
 * Units     ages and periods carry their unit in the name.
 */
#ifndef CORE_PACK_PACK_H
#define CORE_PACK_PACK_H

#include "base/arena.h"
#include "core/expr/expr.h"
#include "core/journal/hash.h"
#include "core/period/period.h"
#include "core/text/text.h"

enum { PACK_ID_MAX = 48 };

/* A text in every language; keys live in the pack's texts/{ja,en}.yaml. */
struct pack_text { const char *key; const char *in[LANG_COUNT]; };

/* A condition or a period of the pack, as written and as read; source NULL: not given. */
struct pack_condition { const char *source; const struct expr *tree; };
struct pack_period { const char *source; struct period period; };

struct pack_link { const char *id; };      /* a record of a list that only names something */

struct pack_role {
        const char             *id;
        struct pack_text        name;
        const struct pack_link *apart;               /* roles that nobody may hold beside it */
        size_t                  apart_count;
};
struct pack_zone { const char *id; uint16_t number; struct pack_text name; };   /* number: what gates compare; 1..65535 */
struct pack_era  { const char *id; int first_year; struct pack_text name; };    /* 令和: id "R", first_year 2019; by fiscal year */

/* Field types: a closed list (docs/formats; a new one = one row here and one in the schema). */
#define FIELD_TYPES(X)                                                             \
        X(FIELD_TEXT,   "text")    /* one line */                                  \
        X(FIELD_LINES,  "lines")   /* several lines */                             \
        X(FIELD_MAC,    "mac")     /* six octets; any usual spelling */            \
        X(FIELD_MOMENT, "moment")  /* inclusive JST date, or RFC 3339 */           \
        X(FIELD_CHOICE, "choice")  /* one of the ids listed */                     \
        X(FIELD_CHOICES, "choices") /* any number of them */                       \
        X(FIELD_YES_NO, "yes-no")                                                  \
        X(FIELD_PLEDGE, "pledge")  /* must be yes */                               \
        X(FIELD_INTEGER, "integer") /* low..high */                                \
        X(FIELD_DATE,   "date")    /* a day in Japan; 令和8年4月1日, R8.4.1, 20260401 too */ \
        X(FIELD_COUNTRY, "country") /* one of the pack's countries */              \
        X(FIELD_COUNTRIES, "countries")                                            \
        X(FIELD_PERSON, "person")  /* somebody with an account here */             \
        X(FIELD_DOMAINS, "domains") /* names of hosts, one a line */               \
        X(FIELD_SERVICE, "service") /* a row of the register of services */        \
        X(FIELD_APPLICATION, "application") /* another application of this install */ \
        X(FIELD_TABLE,  "table")   /* rows of columns, each a field of a plain type */

enum field_type {
#define X(id, name) id,
        FIELD_TYPES(X)
#undef X
        FIELD_TYPES_COUNT
};

struct pack_choice { const char *id; struct pack_text label; };

/* Choices that several fields share. ordered: the first row is the lowest, and conditions may ask for more and less. */
struct pack_list { const char *id; bool ordered; const struct pack_choice *choices; size_t choices_count; const struct expr_choices *options; };

struct pack_country { const char *id; bool domestic; struct pack_text name; };  /* ISO 3166 code; domestic: Japanese law holds */

struct pack_field {
        const char        *id;
        enum field_type    type;
        bool               required;
        bool               personal;       /* free or personal text: stored as a payload, never in the entry */
        bool               opinion;        /* what a hand thinks of it (所見): shown to whoever decides before anything else is */
        size_t             max_chars;      /* characters, not bytes; 0 = the type's own limit */
        struct pack_text   label, help, sample, rule;     /* help, sample, rule: key NULL when absent */
        const struct pack_choice *choices;         /* choice, choices: its own, or those of `list` (the loader copies them) */
        size_t             choices_count;
        const char        *list;                   /* NULL: own choices */
        const struct expr_choices *options;        /* what a condition may compare it with: those of its list, of the countries; else NULL */
        uint32_t           low, high;              /* integer; table: least and most rows */
        const char        *under;                  /* topic of its form; NULL when that has none. Questions of classes.yaml stand in the first */
        const struct pack_field *columns;          /* table: plain types only */
        size_t             columns_count;
        struct pack_condition visible_when, required_when;  /* unknown shows, and demands; a hidden field is not stored */
};

struct pack_topic { const char *id; struct pack_text title; };    /* what is asked on one page of a form */

/* sheet: filled in by another hand within a procedure (pack_sheet); it has no number and nobody files it. */
struct pack_form {
        const char              *id;
        const char              *number_code;       /* in the 受付番号: "NET"; NULL: a sheet */
        const char              *procedure;         /* NULL: a sheet */
        bool                     sheet;
        bool                     classified;        /* the questions of classes.yaml come first; the loader puts them into fields */
        struct pack_text         title, intro;
        const struct pack_topic *topics;             /* in the order of the pages; none: one page */
        size_t                   topics_count;
        const struct pack_field *fields;
        size_t                   fields_count;
        struct hash              hash;               /* of the form's own source bytes; stands in entries */
};

/* ---- classes (格付): axes, the plain questions, and what follows from the answers ---- */

#define AXIS_KINDS(X)                  \
        X(AXIS_CLASS, "class")         \
        X(AXIS_RESTRICTION, "restriction")   /* 取扱制限 */

enum axis_kind {
#define X(id, name) id,
        AXIS_KINDS(X)
#undef X
        AXIS_KINDS_COUNT
};

struct pack_level { const char *id; bool conf2plus; struct pack_text name; };   /* conf2plus: counts as 機密性２以上 */

struct pack_axis {
        const char              *id;
        enum axis_kind           kind;
        const struct pack_level *levels;             /* lowest first */
        size_t                   levels_count;
        const struct expr_choices *options;          /* the levels, as a condition sees them */
        struct pack_text         name;
};

/* If `when` is not false (unknown counts as true), the axis is at least at `level`. An axis without any such is at its lowest. */
struct pack_derivation {
        const char           *id;
        const char           *axis, *level;
        struct pack_condition when;
        struct pack_text      because;               /* shown to the applicant */
};

/* ---- criteria ---- */

/* How strongly a clause binds. Never summed: a missing "must" is not made up for by three kept recommendations. */
#define STRENGTHS(X)                                                                        \
        X(STRENGTH_NONE, "none")   /* the source leaves it out: keeps its id, demands nothing */ \
        X(STRENGTH_MUST, "M")                                                               \
        X(STRENGTH_NECESSARY, "N")                                                          \
        X(STRENGTH_RECOMMENDED, "R")                                                        \
        X(STRENGTH_AS_NEEDED, "C")                                                          \
        X(STRENGTH_INFORMATION, "I")

enum strength {
#define X(id, name) id,
        STRENGTHS(X)
#undef X
        STRENGTHS_COUNT
};

/* Who knows the answer; the judge judges it in any case. */
#define HANDS(X)                   \
        X(HAND_SECTION, "section") \
        X(HAND_PROVIDER, "provider") \
        X(HAND_SECRETARIAT, "secretariat")

enum hand {
#define X(id, name) id,
        HANDS(X)
#undef X
        HANDS_COUNT
};

/* One line that a judge judges: met, substitute, exception, not-applicable (with a reason) or unmet. */
struct pack_criterion {
        const char             *id;                  /* unique in the pack */
        enum strength           strength;            /* M, N: an approval needs it settled; R, C: judged, and unmet needs a reason; I: may stay open */
        enum hand               asked;
        struct pack_condition   when;                /* false: not asked; unknown: asked */
        bool                    article;             /* the place in the specification or the terms must be named (選定条件) */
        bool                    document;            /* so must be a document that shows it */
        bool                    always;              /* "not applicable" is no answer */
        bool                    exception;           /* may be passed by an exception that was permitted */
        const struct pack_link *clauses;
        size_t                  clauses_count;
        struct pack_text        text, ask, help, specification;  /* demanded; asked of the provider; 仕様書条項案. Only text is required */
};

struct pack_criteria {
        const char                  *id;
        struct pack_text             title;
        const struct pack_criterion *criteria;
        size_t                       criteria_count;
};

/* ---- procedures ---- */

#define STEP_KINDS(X)                                                                                   \
        X(STEP_APPROVE,  "approve")            /* decides; several: the last one's decision ends it */  \
        X(STEP_JUDGE,    "judge")              /* judges criteria line by line, then says so */         \
        X(STEP_CONCUR,   "concur")             /* 合議: agrees or sends back */                         \
        X(STEP_CONFIRM,  "confirm")            /* a second person confirms what stands there */         \
        X(STEP_COUNCIL,  "council")            /* a meeting decided: entered by one, confirmed by another */ \
        X(STEP_EXTERNAL, "external-decision")  /* 外部決裁: decided on paper or in 電子決裁; likewise */ \
        X(STEP_MACHINE,  "machine")            /* done by itself as soon as `demand` holds */

enum step_kind {
#define X(id, name) id,
        STEP_KINDS(X)
#undef X
        STEP_KINDS_COUNT
};

/* Where the holder of a role is looked for. */
#define SCOPES(X)                                                       \
        X(SCOPE_SECTION, "section")  /* in the applicant's section */   \
        X(SCOPE_BODY,    "body")     /* anywhere */                     \
        X(SCOPE_SERVICE, "service")  /* the service's own manager, or the deputy named with them */

enum scope {
#define X(id, name) id,
        SCOPES(X)
#undef X
        SCOPES_COUNT
};

struct pack_step {
        const char             *id;
        enum step_kind          kind;
        const char             *role;                /* NULL: machine */
        enum scope              scope;
        const char             *substitute;          /* role (of the body) that acts when the applicant or drafter holds `role` here; NULL */
        const char             *confirm_role;        /* council, external-decision: who confirms; NULL: `role`, another person */
        const struct pack_link *after;               /* steps; "start": none. Not given: the loader puts the step before */
        size_t                  after_count;
        struct pack_condition   when;                /* false: not needed. Unknown: needed */
        const struct pack_link *not_same_as;         /* steps whose decider may not decide here; applicant and drafter never may */
        size_t                  not_same_as_count;
        const char             *criteria;            /* judge: → criteria */
        struct pack_condition   demand;              /* machine */
        struct pack_period      due;                 /* "10 working-days after reached"; NULL: none */
        bool                    conditional;         /* may approve under conditions; each becomes a duty */
        bool                    no_deputy;
        struct pack_text        title, help;
};

/* A form that another hand fills in while `step` is active; it must be filled in before that step is done. */
struct pack_sheet { const char *id; const char *role; enum scope scope; const char *step; enum hand hand; };   /* id → form */

/* What must hold before `at` is done, and at every step after it. */
struct pack_rule {
        const char             *id;                  /* unique in the pack, criteria included: exceptions name it */
        const char             *at;                  /* a step; NULL: at submission already */
        struct pack_condition   demand;              /* anything but true stands in the way */
        bool                    exception;           /* may be passed by an exception that was permitted */
        const struct pack_link *clauses;
        size_t                  clauses_count;
        struct pack_text        message, mend;       /* what is wrong; what to do (may be absent) */
};

#define EFFECT_KINDS(X)                                                                    \
        X(EFFECT_OPEN_PERMIT,      "open-permit")                                          \
        X(EFFECT_REGISTER_SERVICE, "register-service")  /* 承認済み外部サービス, and its manager is appointed */ \
        X(EFFECT_REGISTER_USE,     "register-use")      /* one more section uses it */     \
        X(EFFECT_REGISTER_SUB,     "register-subcontractor")                               \
        X(EFFECT_REVIEWED,         "service-reviewed")  /* sets the next review */         \
        X(EFFECT_END_SERVICE,      "end-service")                                          \
        X(EFFECT_EXCEPTION,        "grant-exception")                                      \
        X(EFFECT_DUTY,             "open-duty")                                            \
        X(EFFECT_ROWS,             "register-rows")     /* answers become rows of a register about the service */

enum effect_kind {
#define X(id, name) id,
        EFFECT_KINDS(X)
#undef X
        EFFECT_KINDS_COUNT
};

/* Registers that answers may fill: what hangs on a service, and the service and its provider themselves. */
#define EFFECT_REGISTERS(X)                                                                \
        X(FILLED_CERTIFICATE, "certificate") X(FILLED_CONTRACT, "contract") X(FILLED_FLOW, "flow") X(FILLED_RESPONSIBILITY, "responsibility") \
        X(FILLED_SUBCONTRACTOR, "subcontractor") X(FILLED_PROVIDER, "provider") X(FILLED_SERVICE, "service")

enum effect_register {
#define X(id, name) id,
        EFFECT_REGISTERS(X)
#undef X
        EFFECT_REGISTERS_COUNT
};
extern const char *const effect_register_names[EFFECT_REGISTERS_COUNT + 1];     /* ends with NULL */

enum { EFFECT_ROWS_MAX = 200 };                      /* that one approval may add, all its tables together */

/* A column of the register, and the field or the table's column that fills it. */
struct pack_filled { const char *id, *field; };

/* Which answers become what. A *_field is the id of a field of the form or of a sheet; NULL where the kind has no use for it. */
struct pack_effect {
        const char        *id;
        enum effect_kind   kind;
        const char        *key_field, *until_field, *zone;                     /* open-permit; until_field: exception too, service may */
        const char        *name_field, *provider_field, *manager_field, *deputy_field, *domains_field;   /* register-service; sub: name */
        const char        *service_field, *country_field, *work_field, *successor_field;
        const char        *parent_field;                                       /* sub: the name of the one it works for */
        const char        *application_field, *items_field;                    /* grant-exception: of which application, which rules and criteria */
        struct pack_period until;                                              /* register-service, when there is no until_field */
        struct pack_period review;                                             /* register-service, service-reviewed */
        const char        *role;                                               /* open-duty: who has it */
        struct pack_period due;                                                /* open-duty: after approval, when there is no due_field */
        const char        *due_field;                                          /* open-duty: the day that was answered */
        struct pack_condition when;                                            /* false: this effect is left out; unknown: it is not */
        struct pack_text   title;                                              /* open-duty: what is to be done */
        enum effect_register reg;                                              /* register-rows */
        const char        *table_field;                                        /* register-rows: one row a line of it; NULL: one row */
        const struct pack_filled *columns;                                     /* register-rows */
        size_t             columns_count;
};

struct pack_procedure {
        const char               *id;
        struct pack_text          title;
        const char               *apply_role;         /* who may file it */
        enum scope                apply_scope;        /* service: its manager or deputy; else anybody with the role */
        const char               *draft_role;         /* who may draft it in another's name; NULL: nobody */
        const struct pack_step   *steps;
        size_t                    steps_count;
        const struct pack_sheet  *sheets;
        size_t                    sheets_count;
        const struct pack_rule   *rules;
        size_t                    rules_count;
        const struct pack_effect *effects;            /* when every step that is needed has approved */
        size_t                    effects_count;
        uint32_t                  max_days;           /* longest period a permit may run; 0 = no limit */
        struct expr_names         names;              /* what its conditions may speak of (pack/names.h) */
};

/* ---- duties: what falls due of itself ---- */

/* What a duty hangs on, and the word that DUTY.kind has for it. A rule for condition, exception, task or step opens nothing: it says
 * how people are reminded of those. core/procedure/duties.h says what each of the others wants. */
#define TRIGGERS(X)                                                                                             \
        X(TRIGGER_REVIEW,         "review",         "review")       /* a service's next review */               \
        X(TRIGGER_CERTIFICATE,    "certificate",    "certificate")  /* the end of a certificate */              \
        X(TRIGGER_CONTRACT,       "contract",       "contract")     /* the end of a contract */                 \
        X(TRIGGER_SERVICE_END,    "service-end",    "end")          /* a service's last day */                  \
        X(TRIGGER_APPLY_BY,       "apply-by",       "apply")        /* 経過措置: by when it must be applied for */ \
        X(TRIGGER_ACCOUNT_CHECK,  "account-check",  "account")      /* repeated, a service each */              \
        X(TRIGGER_CONDITION,      "condition",      "condition")    /* of an approval */                        \
        X(TRIGGER_EXCEPTION,      "exception",      "exception")    /* one has ended */                         \
        X(TRIGGER_TASK,           "task",           "task")         /* effect open-duty */                      \
        X(TRIGGER_STEP,           "step",           "step")         /* a case waits: the step's own `due` */    \
        X(TRIGGER_CONTACT_CHECK,  "contact-check",  "contact")      /* repeated, one for the body */            \
        X(TRIGGER_DRILL,          "drill",          "drill")        /* likewise */                              \
        X(TRIGGER_INCIDENT_CLOCK, "incident-clock", "clock")        /* from when an incident was noticed */     \
        X(TRIGGER_HOLIDAYS,       "holidays",       "holidays")     /* the last day that holidays.yaml knows */

enum trigger {
#define X(id, name, kind) id,
        TRIGGERS(X)
#undef X
        TRIGGERS_COUNT
};

/* Of an incident: at least so bad. */
#define LEAKS(X)                       \
        X(LEAK_POSSIBLE, "possible")   \
        X(LEAK_CERTAIN,  "certain")

enum leak {
        LEAK_ANY,                                    /* the clock runs for each incident */
#define X(id, name) id,
        LEAKS(X)
#undef X
        LEAKS_COUNT
};

/* Of an incident: whether somebody meant harm gives a clock more time. */
#define MALICES(X)                     \
        X(MALICE_ONLY,    "only")      \
        X(MALICE_WITHOUT, "without")

enum malice {
        MALICE_ANY,
#define X(id, name) id,
        MALICES(X)
#undef X
        MALICES_COUNT
};

struct pack_remind { const char *id; struct pack_period at; };      /* "30 days before due" */

struct pack_duty {
        const char               *id;
        enum trigger              trigger;
        const char               *role;              /* who has it. NULL: the duty that it reminds of says */
        enum scope                scope;             /* service: its manager, then the deputy; the role, in its section, when both have left */
        struct pack_period        opens;             /* "60 days before due"; source NULL: at once */
        const struct pack_remind *remind;
        size_t                    remind_count;
        const char               *overdue_role;      /* sees it, and is told, once it is overdue; NULL: nobody else */
        struct pack_period        overdue_every;     /* "every 7 days": how often people are told from then on; NULL: once */
        bool                      suspend;           /* overdue, the service is suspended by itself */
        struct pack_period        period;            /* of a repeated one */
        uint32_t                  hours, days;       /* incident-clock: one of them */
        enum leak                 leak;
        bool                      reportable;        /* incident-clock: not for a leak that was judged not to need a report */
        enum malice               malice;            /* incident-clock: only when harm was meant, or only when not */
        struct pack_text          title;             /* key NULL when absent */
};

/* ---- days off ---- */

struct pack_holiday { const char *id; struct pack_text name; };                 /* what a day is called */
struct pack_day_off { const char *id; const char *name; };                      /* "2026-01-01", or "12-29" of each year; name → pack_holiday */
struct pack_year { const char *id; const struct pack_day_off *days; size_t days_count; };      /* "2026": whole, all of its national holidays */

/* ---- papers: what is printed, and how ---- */

/* What a paper is about; a bit each for the parts below. */
#define PAPER_ABOUTS(X)                  \
        X(ABOUT_APPLICATION, "application") \
        X(ABOUT_SERVICE,  "service")     \
        X(ABOUT_REGISTER, "register")    /* a list: any register, whole or of one row */ \
        X(ABOUT_INCIDENT, "incident")    \
        X(ABOUT_YEAR,     "year")        /* a fiscal year */ \
        X(ABOUT_HANDOVER, "handover")    /* what whoever asks leaves behind */ \
        X(ABOUT_POLICY,   "policy")      /* the pack itself */ \
        X(ABOUT_LOG,      "log")         /* the journal: what is fixed on paper each month */

enum paper_about {
#define X(id, name) id,
        PAPER_ABOUTS(X)
#undef X
        PAPER_ABOUTS_COUNT
};

/* When it is offered. */
#define PAPER_OFFERS(X)                                                                     \
        X(OFFER_ALWAYS,   "always")                                                         \
        X(OFFER_OPEN,     "open")         /* the case is under way */                       \
        X(OFFER_EXTERNAL, "external")     /* a step decided on paper or by a meeting waits */ \
        X(OFFER_RETURNED, "returned")                                                       \
        X(OFFER_DECIDED,  "decided")      /* approved or rejected */                        \
        X(OFFER_APPROVED, "approved")

enum paper_offer {
#define X(id, name) id,
        PAPER_OFFERS(X)
#undef X
        PAPER_OFFERS_COUNT
};

/* A piece of a paper, and what it may be about: a bit of enum paper_about each. */
#define ABOUT_ANY  ((1u << PAPER_ABOUTS_COUNT) - 1)
#define ABOUT_CASE (1u << ABOUT_APPLICATION)
#define PAPER_PARTS(X)                                                                                        \
        X(PART_TEXT,       "text",       ABOUT_ANY)                                                           \
        X(PART_NOTE,       "note",       ABOUT_ANY)                                                           \
        X(PART_ADDRESSEE,  "addressee",  ABOUT_ANY)                  /* to whom: at the left */               \
        X(PART_SENDER,     "sender",     ABOUT_ANY)                  /* from whom: at the right */            \
        X(PART_CLOSING,    "closing",    ABOUT_ANY)                  /* text at the right: 担当, 連絡先 */    \
        X(PART_SEALS,      "seals",      ABOUT_ANY)                  /* where the layout's seal columns stand */ \
        X(PART_SIGNATURE,  "signature",  ABOUT_ANY)                  /* lines to sign on; a line of text each */ \
        X(PART_CHECKS,     "checks",     ABOUT_ANY)                  /* boxes to tick; a line of text each */ \
        X(PART_BREAK,      "break",      ABOUT_ANY)                                                           \
        X(PART_RECEIPT,    "receipt",    ABOUT_CASE | 1u << ABOUT_SERVICE | 1u << ABOUT_INCIDENT)             \
        X(PART_SUBJECT,    "subject",    ABOUT_CASE | 1u << ABOUT_SERVICE | 1u << ABOUT_INCIDENT) /* what is known of it at one look */ \
        X(PART_ANSWERS,    "answers",    ABOUT_CASE)                 /* of the form, or of `form`; `fields`: only these */ \
        X(PART_RATINGS,    "ratings",    ABOUT_CASE | 1u << ABOUT_SERVICE)                                    \
        X(PART_STEPS,      "steps",      ABOUT_CASE)                 /* who decided what, when */             \
        X(PART_OUTCOME,    "outcome",    ABOUT_CASE)                                                          \
        X(PART_CONDITIONS, "conditions", ABOUT_CASE)                                                          \
        X(PART_CRITERIA,   "criteria",   ABOUT_CASE)                 /* as judged: result, place, reason */   \
        X(PART_CLAUSES,    "clauses",    ABOUT_CASE)                 /* 仕様書条項案: each names the rule it serves */ \
        X(PART_CHECKLIST,  "checklist",  ABOUT_CASE)                 /* the same as a table with a place for the article */ \
        X(PART_DECISION,   "decision",   ABOUT_CASE)                 /* 文書番号, 決裁日, 決裁区分, 決裁者: to be written in */ \
        X(PART_DUTIES,     "duties",     ABOUT_CASE | 1u << ABOUT_SERVICE | 1u << ABOUT_INCIDENT)             \
        X(PART_ROWS,       "rows",       1u << ABOUT_SERVICE | 1u << ABOUT_REGISTER | 1u << ABOUT_HANDOVER) /* of `register` */ \
        X(PART_TASKS,      "tasks",      1u << ABOUT_HANDOVER)                                                \
        X(PART_EXPIRIES,   "expiries",   1u << ABOUT_HANDOVER | 1u << ABOUT_YEAR)     /* within `days` */     \
        X(PART_NUMBERS,    "numbers",    1u << ABOUT_YEAR)                                                    \
        X(PART_LATE,       "late",       1u << ABOUT_YEAR | 1u << ABOUT_HANDOVER)     /* duties that are overdue */ \
        X(PART_EXCEPTIONS, "exceptions", ABOUT_CASE | 1u << ABOUT_SERVICE | 1u << ABOUT_YEAR)                 \
        X(PART_INCIDENTS,  "incidents",  1u << ABOUT_YEAR)                                                    \
        X(PART_LOG,        "log",        1u << ABOUT_INCIDENT)                                                \
        X(PART_RULES,      "rules",      1u << ABOUT_POLICY)         /* clauses by section */                 \
        X(PART_DEMANDS,    "demands",    1u << ABOUT_POLICY)         /* lists of criteria */                  \
        X(PART_CLASSES,    "classes",    1u << ABOUT_POLICY)                                                  \
        X(PART_PROCEDURES, "procedures", 1u << ABOUT_POLICY)         /* who decides what, within which time */ \
        X(PART_PERIODS,    "periods",    1u << ABOUT_POLICY)                                                  \
        X(PART_CHECKPOINT, "checkpoint", 1u << ABOUT_LOG)            /* fingerprint, size and root: what an auditor types in */ \
        X(PART_WITNESSES,  "witnesses",  1u << ABOUT_LOG)

enum paper_part {
#define X(id, name, about) id,
        PAPER_PARTS(X)
#undef X
        PAPER_PARTS_COUNT
};

struct pack_seal { const char *id; struct pack_text title; };        /* a post that puts its seal */

struct pack_part {
        const char             *id;
        enum paper_part         kind;
        const char             *form;                /* answers: of this sheet; NULL: the application's own form */
        const struct pack_link *fields;              /* answers: only these, in this order */
        size_t                  fields_count;
        const char             *criteria;            /* criteria, clauses, checklist, demands; NULL: all */
        const char             *of;                  /* rows: register; NULL: the one asked for */
        uint32_t                days;                /* expiries */
        struct pack_text        title, text;         /* text: with {words} of paper_word_known() */
};

struct pack_paper {
        const char             *id;
        enum paper_about        about;
        enum paper_offer        offered;
        bool                    landscape, numbered;  /* numbered: a place for a document number */
        bool                    undated;              /* the day is written by hand */
        bool                    plain;                /* also as text, to paste */
        const struct pack_link *forms;                /* only for applications of these; none: any */
        size_t                  forms_count;
        const struct pack_link *roles;                /* who may print it; none: whoever sees what it is about */
        size_t                  roles_count;
        const struct pack_seal *seals;
        size_t                  seals_count;
        const struct pack_part *parts;
        size_t                  parts_count;
        struct pack_text        title, form_number;
};

/* ---- ready phrases ---- */

/* What is being written when they are offered. */
#define PHRASE_USES(X)                                                          \
        X(PHRASE_APPROVE,        "approve")                                     \
        X(PHRASE_CONDITION,      "condition")       /* of a conditional approval */ \
        X(PHRASE_RETURN,         "return")                                      \
        X(PHRASE_REJECT,         "reject")                                      \
        X(PHRASE_SUBSTITUTE,     "substitute")      /* the result of a criterion: 代替措置 */ \
        X(PHRASE_NOT_APPLICABLE, "not-applicable")  /* 該当なし */              \
        X(PHRASE_UNMET,          "unmet")

enum phrase_use {
#define X(id, name) id,
        PHRASE_USES(X)
#undef X
        PHRASE_USES_COUNT
};
extern const char *const phrase_use_names[PHRASE_USES_COUNT + 1];               /* ends with NULL */

/* A sentence that whoever decides may take instead of writing one. */
struct pack_phrase {
        const char     *id;
        enum phrase_use use;
        unsigned        kind;                        /* 1 + kind of the step; 0: of any */
        const char     *procedure;                   /* NULL: in any */
        struct pack_text text;
};

/* ---- clauses ---- */

/* A part of the guideline: "S8.2". The part of a clause's id before the hyphen. */
struct pack_section { const char *id; struct pack_text title; };

struct pack_clause {
        const char             *id;
        enum strength           strength, also;      /* also: of a part of it; NONE when absent */
        const char             *slide;               /* where the source shows it: "1-5/11"; NULL when absent */
        const char             *derives_from;        /* the clause whose demand this one repeats; NULL when absent */
        const struct pack_link *actors;              /* roles; the first answers for it */
        size_t                  actors_count;
        struct pack_text        text, note;          /* note: key NULL when absent */
};

#define MECHANISM_KINDS(X)                                                                  \
        X(MECHANISM_ENFORCED, "enforced")   /* nobody can do otherwise */                   \
        X(MECHANISM_DETECTED, "detected")   /* done otherwise, it is seen */                \
        X(MECHANISM_RECORDED, "recorded")   /* that it was done stands in the journal */    \
        X(MECHANISM_TEXT,     "text")       /* it is said where it is needed */

enum mechanism_kind {
#define X(id, name) id,
        MECHANISM_KINDS(X)
#undef X
        MECHANISM_KINDS_COUNT
};

#define MECHANISM_STATES(X)            \
        X(MECHANISM_PLANNED, "planned") \
        X(MECHANISM_BUILT,   "built")

enum mechanism_state {
#define X(id, name) id,
        MECHANISM_STATES(X)
#undef X
        MECHANISM_STATES_COUNT
};

/* What carries it. The first eight stand in this pack: a built one must be there (resolve.c). */
#define CARRIERS(X)                                                      \
        X(CARRIER_FORM,      "form")         /* <form> */                \
        X(CARRIER_FIELD,     "field")        /* <form>.<field> */        \
        X(CARRIER_PROCEDURE, "procedure")    /* <procedure> */           \
        X(CARRIER_STEP,      "step")         /* <procedure>.<step> */    \
        X(CARRIER_EFFECT,    "effect")       /* <procedure>.<effect> */  \
        X(CARRIER_TEXT,      "text")         /* a key of texts/ */       \
        X(CARRIER_CRITERION, "criterion")    /* <criterion> */           \
        X(CARRIER_RULE,      "rule")         /* <procedure>.<rule> */    \
        X(CARRIER_REGISTER,  "register")                                 \
        X(CARRIER_DUTY,      "duty")         /* <duty> */                \
        X(CARRIER_COMMAND,   "command")      /* an act of the office; its journal verb */ \
        X(CARRIER_GATE,      "gate")         /* a part of the gate */    \
        X(CARRIER_AGENT,     "agent")        /* a part of the agent */   \
        X(CARRIER_IMPORT,    "import")       /* what other tools say */  \
        X(CARRIER_REPORT,    "report")

enum carrier {
#define X(id, name) id,
        CARRIERS(X)
#undef X
        CARRIERS_COUNT
};

/* What serves a clause, and how. Planned: it does not exist yet, and binds nothing. */
struct pack_mechanism {
        const char             *id;
        enum mechanism_kind     kind;
        enum mechanism_state    state;
        enum carrier            carrier;
        const char             *where;
        const struct pack_link *clauses;
        size_t                  clauses_count;
        const struct pack_link *proven;              /* tests that turn red without it: suite, or unit.function */
        size_t                  proven_count;
        struct pack_text        name;
};

struct pack_settings {
        uint32_t grant_valid_hours;      /* how long a grant table may be obeyed without the office */
        uint32_t session_idle_minutes;
        uint32_t session_hours;
        uint32_t enrol_code_hours;
        uint32_t retention_years;        /* counted from April 1 of the next fiscal year */
        uint32_t personnel_percent;      /* more new, moved and leaving people than these stop a personnel list; 0: never */
        uint32_t mass_end_percent;       /* per cent of the permits: when more ended while the server was off, they wait for a person; 0: never */
        uint32_t mass_end_from;          /* … and no fewer than so many; 0: any */
        uint32_t draft_days;             /* a draft that nobody touched for so long goes; 0: it stays */
        uint32_t transitional_days;      /* proposed when services are brought in that were there before; 0: none */
        uint32_t password_min_chars;     /* 0: PASSWORD_MIN_CHARS of server/office/session/password.h */
        const struct pack_link *totp_roles;      /* whose holders sign in with a code besides */
        size_t   totp_roles_count;
        const char *records_role;        /* 文書主管課: confirms that records are erased; NULL: nobody may */
};

/* How long what belongs to `id` (core/register/retention.h: cases, people …) is kept; what has no record here: settings.retention_years. */
struct pack_retention { const char *id; uint32_t years; };

/* ---- incidents ---- */

/* An incident of severity `id` (low, middle, high) calls people. How long an answer is awaited before the next one is called;
 * night_minutes 0: until the next morning. repeat_minutes: after the last, how often everybody is called again. */
struct pack_alarm { const char *id; uint32_t day_minutes, night_minutes, repeat_minutes; };

/* A number that the source does not give: ours, until the municipality decides. In the order of the files. */
struct pack_proposal {
        const struct pack_proposal *next;
        const char                 *file;
        uint32_t                    line;
        const char                 *record, *key, *value;      /* "procedure.service-use.step.review", "due", "10 working-days after reached" */
};

/* ---- layers ---- */

#define OVERLAY_ACTS(X)                \
        X(OVERLAY_ADD,     "add")      \
        X(OVERLAY_REPLACE, "replace")  \
        X(OVERLAY_REMOVE,  "remove")

enum overlay_act {
#define X(id, name) id,
        OVERLAY_ACTS(X)
#undef X
        OVERLAY_ACTS_COUNT
};

/* One folder that the pack is made of; hash: as if it were a pack of its own. */
struct pack_layer { const char *id; uint32_t version; struct hash hash; };

/* What a layer says that it does to the ones below. */
struct pack_change {
        const char      *id;
        enum overlay_act act;
        const char      *where, *reason;
        const char      *before;                     /* add: stands in front of this record; NULL: at the end */
        const char      *layer;
};

/* A layer took away or weakened what serves a clause that must or has to be kept: found by comparing, whatever the change says. */
struct pack_loosened {
        const char          *layer;
        const char          *clause;                 /* one that it serves; NULL: the class of information itself is derived otherwise */
        const struct change *change;                 /* pack/diff.h */
};

struct sources;

struct pack {
        struct arena                 arena;
        const struct sources        *sources;         /* the trees it was made from, all layers laid over each other (pack/source.h) */
        const char                  *id;
        uint32_t                     version;
        struct pack_text             title;
        struct hash                  hash;            /* SHA-256 over the sorted list of "name NUL length NUL bytes" of all files */
        const struct pack_layer     *layers;          /* lowest first; one when nothing was laid over it */
        size_t                       layers_count;
        const struct pack_change    *changes;         /* of all layers, lowest first */
        size_t                       changes_count;
        const struct pack_loosened  *loosened;
        size_t                       loosened_count;
        const struct pack_role      *roles;
        size_t                       roles_count;
        const struct pack_zone      *zones;
        size_t                       zones_count;
        const struct pack_era       *eras;            /* oldest first */
        size_t                       eras_count;
        const struct pack_form      *forms;
        size_t                       forms_count;
        const struct pack_procedure *procedures;
        size_t                       procedures_count;
        const struct pack_section   *sections;
        size_t                       sections_count;
        const struct pack_clause    *clauses;
        size_t                       clauses_count;
        const struct pack_mechanism *mechanisms;
        size_t                       mechanisms_count;
        const struct pack_list      *lists;
        size_t                       lists_count;
        const struct pack_country   *countries;
        size_t                       countries_count;
        const struct pack_field     *questions;       /* of classes.yaml */
        size_t                       questions_count;
        const struct pack_axis      *axes;
        size_t                       axes_count;
        const struct pack_derivation *derivations;
        size_t                       derivations_count;
        const struct pack_criteria  *criteria;
        size_t                       criteria_count;
        const struct pack_duty      *duties;
        size_t                       duties_count;
        const struct pack_holiday   *holiday_names;   /* of holidays.yaml */
        size_t                       holiday_names_count;
        const struct pack_year      *years;           /* one after the other */
        size_t                       years_count;
        const struct pack_day_off   *closing_days;    /* of every year */
        size_t                       closing_days_count;
        struct holidays              holidays;        /* both together, as days are counted; without holidays.yaml the weekend only */
        const char                  *incident_code;   /* of incidents.yaml: in their numbers. NULL: the pack has no incidents */
        const char                  *incident_form;   /* → form (a sheet) that is filled in while one is handled; NULL */
        uint32_t                     incident_day_from, incident_day_until;   /* 830, 1715: the hours that "weekday" means */
        uint32_t                     incident_many;   /* so many people make a leak reportable by themselves; 0: the pack does not say */
        const struct pack_alarm     *alarms;
        size_t                       alarms_count;
        const struct pack_paper     *papers;
        size_t                       papers_count;
        const struct pack_phrase    *phrases;
        size_t                       phrases_count;
        struct pack_settings         settings;
        const struct pack_retention *retention;
        size_t                       retention_count;
        const struct pack_proposal  *proposals;
};

/* ids: [a-z][a-z0-9_-]*, codes (eras, number_code): [A-Z][A-Z0-9]*; shorter than PACK_ID_MAX, so that a char[PACK_ID_MAX] holds one. */
bool pack_id_ok(struct str s);
bool pack_code_ok(struct str s);
bool pack_section_ok(struct str s);         /* S8.2: a capital, then numbers with points between */
bool pack_clause_ok(struct str s);          /* S8.2-R2.2.ki: a section, a hyphen, then words with points between */

const struct pack_role      *pack_find_role(const struct pack *p, const char *id);            /* NULL when absent */
const struct pack_zone      *pack_find_zone(const struct pack *p, const char *id);
const struct pack_form      *pack_find_form(const struct pack *p, const char *id);
const struct pack_procedure *pack_find_procedure(const struct pack *p, const char *id);
const struct pack_criteria  *pack_find_criteria(const struct pack *p, const char *id);
const struct pack_criterion *pack_find_criterion(const struct pack *p, const char *id);        /* in any of its lists */
const struct pack_axis      *pack_find_axis(const struct pack *p, const char *id);
const struct pack_step      *procedure_find_step(const struct pack_procedure *p, const char *id);
const struct pack_paper     *pack_find_paper(const struct pack *p, const char *id);
bool                         paper_word_known(struct str word);                              /* may stand in { } in a paper's text */
const struct pack_duty      *pack_find_duty(const struct pack *p, const char *id);
const struct pack_duty      *pack_duty_about(const struct pack *p, enum trigger trigger);     /* the first with it */
const struct pack_text      *pack_day_name(const struct pack *p, struct date d);              /* NULL: no day off but for the weekend */
const struct pack_section   *pack_find_section(const struct pack *p, const char *id);
const struct pack_clause    *pack_find_clause(const struct pack *p, const char *id);
const struct pack_section   *pack_section_of(const struct pack *p, const char *clause);       /* by the part before the hyphen */
const struct pack_field     *form_find_field(const struct pack_form *f, const char *id);
struct pack                 *pack_free(struct pack *p);
SCOPED(pack_free, struct pack *)

#endif
