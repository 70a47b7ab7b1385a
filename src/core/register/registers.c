/* registers.c - see registers.h. The order of the columns is the order in which people see them. */
#include "core/register/registers.h"

#include <assert.h>

#define NAMED    (REGISTER_NAME | REGISTER_KEY | REGISTER_REQUIRED | REGISTER_LISTED | REGISTER_SEARCHED)
#define KEY      (REGISTER_KEY | REGISTER_REQUIRED | REGISTER_LISTED)
#define MUST     REGISTER_REQUIRED
#define FIXED    REGISTER_FIXED
#define LISTED   REGISTER_LISTED
#define SEARCHED REGISTER_SEARCHED
#define PRIVATE  REGISTER_PRIVATE
#define DECIDED  REGISTER_DECIDED
#define C(table, column, type, words, flags) { table##_##column, #column, REGISTER_##type, words, flags }
#define STATE(table, words)                  C(table, state, WORD, words, FIXED | LISTED)

static const struct register_column service[] = {
        C(SERVICE, name,         TEXT,     NULL,       NAMED | DECIDED),
        C(SERVICE, provider,     ROW,      "provider", MUST | LISTED | DECIDED),
        C(SERVICE, kind,         LIST,     "service-types", 0),
        C(SERVICE, section,      SECTION,  NULL,       MUST | LISTED),
        C(SERVICE, manager,      ROW,      "person",   MUST | LISTED),
        C(SERVICE, deputy,       ROW,      "person",   0),
        C(SERVICE, conf2plus,    YES_NO,   NULL,       LISTED | DECIDED),
        C(SERVICE, purpose,      LINES,    NULL,       SEARCHED),
        C(SERVICE, domains,      LINES,    NULL,       SEARCHED | DECIDED),
        C(SERVICE, contact,      LINES,    NULL,       0),
        STATE(SERVICE, "approved transitional suspended closed"),
        C(SERVICE, from_at,      DAY,      NULL,       DECIDED),
        C(SERVICE, until_at,     LAST_DAY, NULL,       LISTED | DECIDED),
        C(SERVICE, review_at,    LAST_DAY, NULL,       FIXED | LISTED),
        C(SERVICE, apply_by_at,  LAST_DAY, NULL,       LISTED | DECIDED),
        C(SERVICE, suspended_at, MOMENT,   NULL,       FIXED),
        C(SERVICE, reason,       LINES,    NULL,       FIXED),
        C(SERVICE, successor,    ROW,      "service",  FIXED),
        C(SERVICE, closed_at,    MOMENT,   NULL,       FIXED),
};
static const struct register_column use[] = {
        C(USE, section,     SECTION,  NULL, NAMED),
        C(USE, purpose,     LINES,    NULL, SEARCHED),
        C(USE, conf2plus,   YES_NO,   NULL, LISTED),
        C(USE, from_at,     DAY,      NULL, LISTED),
        C(USE, until_at,    LAST_DAY, NULL, LISTED),
        STATE(USE, "active ended"),
};
static const struct register_column provider[] = {
        C(PROVIDER, name,             TEXT,    NULL, NAMED),
        C(PROVIDER, corporate_number, TEXT,    NULL, LISTED | SEARCHED),
        C(PROVIDER, country,          COUNTRY, NULL, LISTED),
        C(PROVIDER, contact,          LINES,   NULL, SEARCHED),
        C(PROVIDER, address,          LINES,   NULL, 0),
        C(PROVIDER, note,             LINES,   NULL, SEARCHED),
};
static const struct register_column subcontractor[] = {
        C(SUBCONTRACTOR, name,    TEXT,    NULL,            NAMED),
        C(SUBCONTRACTOR, parent,  ROW,     "subcontractor", LISTED),
        C(SUBCONTRACTOR, country, COUNTRY, NULL,            LISTED),
        C(SUBCONTRACTOR, work,    LINES,   NULL,            SEARCHED),
        C(SUBCONTRACTOR, from_at, DAY,     NULL,            LISTED),
        STATE(SUBCONTRACTOR, "approved ended"),
};
static const struct register_column certificate[] = {
        C(CERTIFICATE, kind,       LIST,     "certificate-kinds", REGISTER_NAME | KEY),
        C(CERTIFICATE, number,     TEXT,     NULL,                REGISTER_KEY | LISTED | SEARCHED),
        C(CERTIFICATE, provider,   ROW,      "provider",          LISTED),
        C(CERTIFICATE, scope,      LINES,    NULL,                SEARCHED),
        C(CERTIFICATE, issuer,     TEXT,     NULL,                0),
        C(CERTIFICATE, from_at,    DAY,      NULL,                0),
        C(CERTIFICATE, until_at,   LAST_DAY, NULL,                MUST | LISTED),
        C(CERTIFICATE, checked_at, DAY,      NULL,                LISTED),
        STATE(CERTIFICATE, "valid replaced withdrawn"),
        C(CERTIFICATE, reason,     LINES,    NULL,                FIXED),
};
static const struct register_column contract[] = {
        C(CONTRACT, name,            TEXT,     NULL,               NAMED),
        C(CONTRACT, number,          TEXT,     NULL,               LISTED | SEARCHED),
        C(CONTRACT, kind,            LIST,     "contract-kinds",   0),
        C(CONTRACT, from_at,         DAY,      NULL,               MUST | LISTED),
        C(CONTRACT, until_at,        LAST_DAY, NULL,               LISTED),
        C(CONTRACT, law,             COUNTRY,  NULL,               LISTED),
        C(CONTRACT, court_kind,      LIST,     "court-kinds",      LISTED),
        C(CONTRACT, court_article,   TEXT,     NULL,               0),
        C(CONTRACT, uptime,          LIST,     "uptimes",          0),
        C(CONTRACT, rto_hours,       INTEGER,  NULL,               0),
        C(CONTRACT, rpo_hours,       INTEGER,  NULL,               0),
        C(CONTRACT, notice_days,     INTEGER,  NULL,               0),
        C(CONTRACT, incident_hours,  INTEGER,  NULL,               0),
        C(CONTRACT, backup_level,    LIST,     "backup-levels",    0),
        C(CONTRACT, damages,         LINES,    NULL,               SEARCHED),
        C(CONTRACT, return_format,   TEXT,     NULL,               0),
        C(CONTRACT, deletion_method, LIST,     "deletion-methods", 0),
        STATE(CONTRACT, "active ended"),
        C(CONTRACT, reason,          LINES,    NULL,               FIXED),
};
static const struct register_column flow[] = {
        C(FLOW, path,      TEXT, NULL,         NAMED),
        C(FLOW, from_zone, LIST, "flow-zones", KEY),
        C(FLOW, to_zone,   LIST, "flow-zones", KEY),
        C(FLOW, place,     TEXT, NULL,         LISTED),
        C(FLOW, keeper,    LIST, "keepers",    MUST | LISTED),
        C(FLOW, measure,   TEXT, NULL,         LISTED),
        STATE(FLOW, "active ended"),
};
static const struct register_column responsibility[] = {
        C(RESPONSIBILITY, area,  LIST,  "control-areas", REGISTER_NAME | KEY),
        C(RESPONSIBILITY, owner, LIST,  "keepers",       KEY),
        C(RESPONSIBILITY, task,  LINES, NULL,            LISTED | SEARCHED),
        STATE(RESPONSIBILITY, "active ended"),
};
static const struct register_column account[] = {
        C(ACCOUNT, name,       TEXT,     NULL,       NAMED),
        C(ACCOUNT, kind,       WORD,     "user administrator special", MUST | LISTED),
        C(ACCOUNT, person,     ROW,      "person",   LISTED),
        C(ACCOUNT, holder,     TEXT,     NULL,       SEARCHED),
        C(ACCOUNT, section,    SECTION,  NULL,       LISTED),
        C(ACCOUNT, purpose,    LINES,    NULL,       SEARCHED),
        C(ACCOUNT, from_at,    DAY,      NULL,       0),
        C(ACCOUNT, until_at,   LAST_DAY, NULL,       LISTED),
        C(ACCOUNT, checked_at, DAY,      NULL,       LISTED),
        STATE(ACCOUNT, "active ended"),
        C(ACCOUNT, reason,     LINES,    NULL,       FIXED),
};
static const struct register_column attachment[] = {
        C(ATTACHMENT, name,     TEXT,    NULL,     NAMED | FIXED),
        C(ATTACHMENT, type,     TEXT,    NULL,     FIXED | LISTED),
        C(ATTACHMENT, size,     INTEGER, NULL,     FIXED | LISTED),
        C(ATTACHMENT, note,     LINES,   NULL,     SEARCHED),
        C(ATTACHMENT, dated_on, DATE,    NULL,     LISTED),
        C(ATTACHMENT, person,   ROW,     "person", FIXED),
        C(ATTACHMENT, added_at, MOMENT,  NULL,     FIXED | LISTED),
        C(ATTACHMENT, hash,     TEXT,    NULL,     FIXED),
        STATE(ATTACHMENT, "kept removed"),
        C(ATTACHMENT, reason,   LINES,   NULL,     FIXED),
};
static const struct register_column person[] = {
        C(PERSON, name,     TEXT,     NULL, REGISTER_NAME | MUST | LISTED | SEARCHED),
        C(PERSON, kana,     TEXT,     NULL, SEARCHED),
        C(PERSON, number,   TEXT,     NULL, REGISTER_KEY | LISTED | PRIVATE),
        C(PERSON, section,  SECTION,  NULL, MUST | LISTED),
        C(PERSON, post,     TEXT,     NULL, LISTED),
        C(PERSON, kind,     WORD,     "regular fiscal-year dispatched contractor special", LISTED),
        C(PERSON, login,    TEXT,     NULL, PRIVATE),
        C(PERSON, mail,     TEXT,     NULL, PRIVATE),
        C(PERSON, lang,     WORD,     "ja en", PRIVATE),
        C(PERSON, from_at,  DAY,      NULL, PRIVATE),
        C(PERSON, until_at, LAST_DAY, NULL, PRIVATE),
        STATE(PERSON, "active coming left"),
};
static const struct register_column section[] = {
        C(SECTION, name,     TEXT,     NULL, NAMED),
        C(SECTION, code,     TEXT,     NULL, LISTED),
        C(SECTION, body,     TEXT,     NULL, LISTED),
        C(SECTION, parent,   TEXT,     NULL, LISTED),
        C(SECTION, phone,    TEXT,     NULL, LISTED),
        C(SECTION, from_at,  DAY,      NULL, 0),
        C(SECTION, until_at, LAST_DAY, NULL, 0),
        STATE(SECTION, "active ended"),
};
static const struct register_column posting[] = {
        C(POSTING, section,  SECTION,  NULL,     REGISTER_NAME | KEY),
        C(POSTING, person,   ROW,      "person", KEY),
        C(POSTING, post,     TEXT,     NULL,     LISTED),
        C(POSTING, kind,     WORD,     "main concurrent", MUST | LISTED),
        C(POSTING, from_at,  DAY,      NULL,     LISTED),
        C(POSTING, until_at, LAST_DAY, NULL,     LISTED),
        STATE(POSTING, "coming active ended"),
};
static const struct register_column contact[] = {
        C(CONTACT, name,         TEXT,    NULL,      NAMED),
        C(CONTACT, organisation, TEXT,    NULL,      LISTED | SEARCHED),
        C(CONTACT, kind,         WORD,    "staff csirt ciso prefecture soc vendor police other", MUST | LISTED),
        C(CONTACT, hours,        WORD,    "always weekday night holiday", KEY),
        C(CONTACT, rank,         INTEGER, NULL,      MUST | LISTED),
        C(CONTACT, phone,        TEXT,    NULL,      PRIVATE | LISTED),
        C(CONTACT, mail,         TEXT,    NULL,      PRIVATE),
        C(CONTACT, person,       ROW,     "person",  0),
        C(CONTACT, substitute,   ROW,     "contact", 0),
        C(CONTACT, checked_at,   DAY,     NULL,      FIXED | LISTED),
        C(CONTACT, checked_by,   ROW,     "person",  FIXED),
        C(CONTACT, checked_how,  LINES,   NULL,      FIXED),
        STATE(CONTACT, "active ended"),
        C(CONTACT, reason,       LINES,   NULL,      FIXED),
};
static const struct register_column finding[] = {
        C(FINDING, text,     LINES,  NULL,       REGISTER_NAME | MUST | LISTED | SEARCHED),
        C(FINDING, kind,     WORD,   "report alert unregistered drift stale other", LISTED),
        C(FINDING, source,   WORD,   "person gate agent import check", FIXED | LISTED),
        C(FINDING, severity, WORD,   "low middle high", MUST | LISTED),
        C(FINDING, host,     TEXT,   NULL,       SEARCHED),
        C(FINDING, address,  TEXT,   NULL,       SEARCHED),
        C(FINDING, section,  SECTION, NULL,      LISTED),
        C(FINDING, service,  ROW,    "service",  0),
        C(FINDING, first_at, MOMENT, NULL,       FIXED | LISTED),
        C(FINDING, last_at,  MOMENT, NULL,       FIXED),
        C(FINDING, times,    INTEGER, NULL,      FIXED),
        C(FINDING, incident, ROW,    "incident", FIXED),
        STATE(FINDING, "open incident closed"),
        C(FINDING, reason,   LINES,  NULL,       FIXED),
};
static const struct register_column incident[] = {
        C(INCIDENT, number,     TEXT,   NULL,             FIXED | LISTED | SEARCHED),
        C(INCIDENT, title,      TEXT,   NULL,             REGISTER_NAME | FIXED | LISTED | SEARCHED),
        C(INCIDENT, kind,       LIST,   "incident-kinds", FIXED | LISTED),
        C(INCIDENT, severity,   WORD,   "low middle high", FIXED | LISTED),
        C(INCIDENT, leak,       WORD,   "none possible certain", FIXED | LISTED),
        C(INCIDENT, people,     INTEGER, NULL,            FIXED),
        C(INCIDENT, text,       LINES,  NULL,             FIXED | SEARCHED),
        C(INCIDENT, section,    SECTION, NULL,            FIXED | LISTED),
        C(INCIDENT, service,    ROW,    "service",        FIXED),
        C(INCIDENT, reporter,   ROW,    "person",         FIXED),
        C(INCIDENT, lead,       ROW,    "person",         FIXED | LISTED),
        C(INCIDENT, found_at,   MOMENT, NULL,             FIXED | LISTED),
        C(INCIDENT, leak_at,    MOMENT, NULL,             FIXED),
        C(INCIDENT, grounds,    TEXT,   NULL,             FIXED),
        C(INCIDENT, drill,      YES_NO, NULL,             FIXED | LISTED),
        C(INCIDENT, contained_at, MOMENT, NULL,           FIXED),
        C(INCIDENT, closed_at,  MOMENT, NULL,             FIXED),
        C(INCIDENT, conclusion, LINES,  NULL,             FIXED | SEARCHED),
        STATE(INCIDENT, "open contained concluded closed"),
};

#define R(id_, table_, of_, of_col_, state_, live_, sees_, writes_, adds_)                                                            \
        { .id = #id_, .table = TABLE_##table_, .of = of_, .of_col = of_col_, .state_col = state_, .live = live_,                      \
          .sees = REGISTER_##sees_, .writes = REGISTER_##writes_, .adds = adds_, .columns = id_, .columns_count = countof(id_) }

const struct register_info registers[] = {
        R(service,        SERVICE,        NULL,       -1,                     SERVICE_state,        "approved", ALL,         SECRETARIAT, true),   /* added: as transitional only */
        R(use,            USE,            "service",  USE_service,            USE_state,            "active",   ALL,         NOBODY,      false),
        R(provider,       PROVIDER,       NULL,       -1,                     -1,                   NULL,       INSIDE,      MANAGER,     true),
        R(subcontractor,  SUBCONTRACTOR,  "service",  SUBCONTRACTOR_service,  SUBCONTRACTOR_state,  "approved", INSIDE,      NOBODY,      false),
        R(certificate,    CERTIFICATE,    "service",  CERTIFICATE_service,    CERTIFICATE_state,    "valid",    INSIDE,      MANAGER,     true),
        R(contract,       CONTRACT,       "service",  CONTRACT_service,       CONTRACT_state,       "active",   INSIDE,      MANAGER,     true),
        R(flow,           FLOW,           "service",  FLOW_service,           FLOW_state,           "active",   INSIDE,      MANAGER,     true),
        R(responsibility, RESPONSIBILITY, "service",  RESPONSIBILITY_service, RESPONSIBILITY_state, "active",   INSIDE,      MANAGER,     true),
        R(account,        ACCOUNT,        "service",  ACCOUNT_service,        ACCOUNT_state,        "active",   INSIDE,      MANAGER,     true),
        R(attachment,     ATTACHMENT,     NULL,       -1,                     ATTACHMENT_state,     "kept",     INSIDE,      MANAGER,     false),  /* added as files */
        R(person,         PERSON,         NULL,       -1,                     PERSON_state,         "active",   ALL,         SECRETARIAT, true),
        R(section,        SECTION,        NULL,       -1,                     SECTION_state,        "active",   ALL,         SECRETARIAT, true),
        R(posting,        POSTING,        "person",   POSTING_person,         POSTING_state,        "active",   ALL,         SECRETARIAT, true),
        R(contact,        CONTACT,        NULL,       -1,                     CONTACT_state,        "active",   ALL,         CSIRT,       true),
        R(finding,        FINDING,        NULL,       -1,                     FINDING_state,        "open",     CSIRT,       CSIRT,       true),
        R(incident,       INCIDENT,       NULL,       -1,                     INCIDENT_state,       "open",     CSIRT,       NOBODY,      false),
};
const size_t registers_count = countof(registers);

const struct register_info *register_find(struct str id)
{
        for (size_t i = 0; i < registers_count; i++)
                if (str_is(id, registers[i].id))
                        return &registers[i];
        return NULL;
}

const struct register_info *register_of_table(enum table t)
{
        for (size_t i = 0; i < registers_count; i++)
                if (registers[i].table == t)
                        return &registers[i];
        return NULL;
}

const struct register_column *register_column_find(const struct register_info *r, struct str id)
{
        for (size_t i = 0; i < r->columns_count; i++)
                if (str_is(id, r->columns[i].id))
                        return &r->columns[i];
        return NULL;
}

const struct register_column *register_name_column(const struct register_info *r)
{
        for (size_t i = 0; i < r->columns_count; i++)
                if (r->columns[i].flags & REGISTER_NAME)
                        return &r->columns[i];
        assert(!"each register names its rows"); /* test_registers walks the table */
        return &r->columns[0];
}

bool register_is_over(struct str state)
{
        static const char *const over[] = { "ended", "closed", "left", "withdrawn", "replaced", "removed" };

        for (size_t i = 0; i < countof(over); i++)
                if (str_is(state, over[i]))
                        return true;
        return false;
}

struct str register_end_state(const struct register_info *r)
{
        const struct register_column *c = r->state_col >= 0 ? register_column_find(r, STR("state")) : NULL;
        const char *last = c ? strrchr(c->words, ' ') : NULL;

        return last ? str_of(last + 1) : STR("");
}
