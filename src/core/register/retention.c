/* retention.c - see retention.h. */
#include "core/register/retention.h"

#include "core/calendar/calendar.h"

enum { NO_COL = -1, BY_ID = -2, ENDS = 4 };

static const char *const words[RETENTION_COUNT] = {
        [RETENTION_NONE] = "none",
#define X(id, word) [id] = word,
        RETENTIONS(X)
#undef X
};

/* Each table of rows.h: to what it belongs; in which states it is over; on which row it hangs (TABLE_COUNT: of any table). A state that
 * does not stand here is in use. */
static const struct rule {
        enum retention retention;
        int            state_col;
        const char    *over[ENDS];
        int            owner_col;
        enum table     owner;
} rules[TABLE_COUNT] = {
        [TABLE_INSTALL]     = { RETENTION_HOUSE, NO_COL, { NULL }, NO_COL, 0 },
        [TABLE_GATE]        = { RETENTION_HOUSE, GATE_state, { "revoked" }, NO_COL, 0 },
        [TABLE_ENFORCEMENT] = { RETENTION_HOUSE, NO_COL, { NULL }, NO_COL, 0 },
        [TABLE_COUNTER]     = { RETENTION_HOUSE, NO_COL, { NULL }, NO_COL, 0 },

        [TABLE_PERSON]      = { RETENTION_PEOPLE, PERSON_state, { "left" }, NO_COL, 0 },
        [TABLE_HOLDER]      = { RETENTION_PEOPLE, HOLDER_state, { "ended" }, NO_COL, 0 },
        [TABLE_DEPUTY]      = { RETENTION_PEOPLE, DEPUTY_state, { "ended" }, NO_COL, 0 },
        [TABLE_SECTION]     = { RETENTION_PEOPLE, SECTION_state, { "ended" }, NO_COL, 0 },
        [TABLE_POSTING]     = { RETENTION_PEOPLE, POSTING_state, { "ended" }, NO_COL, 0 },
        [TABLE_CONTACT]     = { RETENTION_PEOPLE, CONTACT_state, { "ended" }, NO_COL, 0 },
        [TABLE_IMPORT]      = { RETENTION_PEOPLE, BY_ID, { NULL }, NO_COL, 0 },
        [TABLE_RESET]       = { RETENTION_PEOPLE, RESET_state, { "confirmed", "ended" }, NO_COL, 0 },
        [TABLE_APPOINTMENT] = { RETENTION_PEOPLE, APPOINTMENT_state, { "ended", "refused", "lapsed" }, NO_COL, 0 },

        [TABLE_ROTATION]    = { RETENTION_HOUSE, ROTATION_state, { "done", "ended" }, NO_COL, 0 },
        [TABLE_APPLICATION] = { RETENTION_CASES, APPLICATION_state, { "approved", "rejected", "withdrawn" }, NO_COL, 0 },
        [TABLE_ANSWER]      = { RETENTION_CASES, NO_COL, { NULL }, BY_ID, TABLE_COUNT },
        [TABLE_STEP]        = { RETENTION_CASES, NO_COL, { NULL }, BY_ID, TABLE_APPLICATION },
        [TABLE_RATING]      = { RETENTION_CASES, NO_COL, { NULL }, BY_ID, TABLE_COUNT },
        [TABLE_CRITERION]   = { RETENTION_CASES, NO_COL, { NULL }, BY_ID, TABLE_APPLICATION },
        [TABLE_PERMIT]      = { RETENTION_CASES, PERMIT_state, { "expired", "revoked", "closed" }, NO_COL, 0 },
        [TABLE_EXCEPTION]   = { RETENTION_CASES, EXCEPTION_state, { "expired" }, NO_COL, 0 },
        [TABLE_DUTY]        = { RETENTION_CASES, DUTY_state, { "closed" }, NO_COL, 0 },

        [TABLE_PROVIDER]    = { RETENTION_REGISTERS, PROVIDER_state, { "ended" }, NO_COL, 0 },
        [TABLE_SERVICE]     = { RETENTION_REGISTERS, SERVICE_state, { "closed" }, NO_COL, 0 },
        [TABLE_USE]         = { RETENTION_REGISTERS, USE_state, { "ended" }, USE_service, TABLE_SERVICE },
        [TABLE_SUBCONTRACTOR] = { RETENTION_REGISTERS, SUBCONTRACTOR_state, { "ended" }, SUBCONTRACTOR_service, TABLE_SERVICE },
        [TABLE_CERTIFICATE] = { RETENTION_REGISTERS, CERTIFICATE_state, { "replaced", "withdrawn" }, CERTIFICATE_service, TABLE_SERVICE },
        [TABLE_CONTRACT]    = { RETENTION_REGISTERS, CONTRACT_state, { "ended" }, CONTRACT_service, TABLE_SERVICE },
        [TABLE_FLOW]        = { RETENTION_REGISTERS, FLOW_state, { "ended" }, FLOW_service, TABLE_SERVICE },
        [TABLE_RESPONSIBILITY] = { RETENTION_REGISTERS, RESPONSIBILITY_state, { "ended" }, RESPONSIBILITY_service, TABLE_SERVICE },
        [TABLE_ACCOUNT]     = { RETENTION_REGISTERS, ACCOUNT_state, { "ended" }, ACCOUNT_service, TABLE_SERVICE },
        [TABLE_ANSWERSHEET] = { RETENTION_REGISTERS, ANSWERSHEET_state, { "replaced" }, NO_COL, 0 },
        [TABLE_WITNESS]     = { RETENTION_REGISTERS, WITNESS_state, { "ended" }, NO_COL, 0 },
        [TABLE_PEER]        = { RETENTION_REGISTERS, PEER_state, { "ended" }, NO_COL, 0 },

        [TABLE_FINDING]     = { RETENTION_INCIDENTS, FINDING_state, { "closed" }, FINDING_incident, TABLE_INCIDENT },
        [TABLE_INCIDENT]    = { RETENTION_INCIDENTS, INCIDENT_state, { "closed" }, NO_COL, 0 },
        [TABLE_INCIDENTLOG] = { RETENTION_INCIDENTS, NO_COL, { NULL }, INCIDENTLOG_incident, TABLE_INCIDENT },
        [TABLE_ALERT]       = { RETENTION_INCIDENTS, NO_COL, { NULL }, ALERT_incident, TABLE_INCIDENT },

        [TABLE_ATTACHMENT]  = { RETENTION_FILES, ATTACHMENT_state, { "removed" }, ATTACHMENT_subject, TABLE_COUNT },
        [TABLE_EPOCH]       = { RETENTION_HOUSE, NO_COL, { NULL }, NO_COL, 0 },
        [TABLE_ERASURE]     = { RETENTION_HOUSE, ERASURE_state, { "erased", "refused" }, NO_COL, 0 },
        [TABLE_RULEDRAFT]   = { RETENTION_RULES, RULEDRAFT_state, { "adopted", "dropped" }, NO_COL, 0 },
};

/* Answers stand in one table, whatever they answer. */
static const struct { const char *begins; enum retention retention; } by_type[] = {
        { "incident.", RETENTION_INCIDENTS },
        { "answer-sheet.", RETENTION_REGISTERS },
};

const char *retention_word(enum retention r)
{
        return words[r];
}

enum retention retention_find(struct str word)
{
        for (int i = RETENTION_NONE + 1; i < RETENTION_COUNT; i++)
                if (str_is(word, words[i]))
                        return (enum retention)i;
        return RETENTION_NONE;
}

enum retention retention_of(enum table t, const char *entry_type)
{
        if (t == TABLE_ANSWER)
                for (size_t i = 0; i < countof(by_type); i++)
                        if (strncmp(entry_type, by_type[i].begins, strlen(by_type[i].begins)) == 0)
                                return by_type[i].retention;
        return rules[t].retention;
}

void retention_unit(char to[UNIT_NAME], enum retention r, utime_t at)
{
        (void)snprintf(to, UNIT_NAME, "%s-%d", words[r == RETENTION_NONE ? RETENTION_HOUSE : r], calendar_fiscal_year(at));
}

bool unit_parse(struct unit *out, struct str name, utime_t made_at)
{
        struct str head, year, rest = name;
        uint64_t n = 0;

        if (name.n >= 6 && memcmp(name.p, "local-", 6) == 0)
                return false;
        head = name;
        while (str_cut(rest, '-', &year, &rest))
                ;
        if (rest.n < name.n)
                head.n = name.n - rest.n - 1;
        *out = (struct unit){ RETENTION_NONE, calendar_fiscal_year(made_at) };
        if (rest.n == 4 && str_u64(rest, 9999, &n)) {
                out->year = (int)n;
                out->retention = retention_find(head);
        }
        return true;
}

static uint32_t years_of(const struct pack *p, enum retention r)
{
        for (size_t i = 0; i < p->retention_count; i++)
                if (strcmp(p->retention[i].id, words[r]) == 0)
                        return p->retention[i].years;
        return p->settings.retention_years;
}

uint32_t unit_years(const struct pack *p, const struct unit *u)
{
        uint32_t most = 0;

        if (u->retention != RETENTION_NONE)
                return years_of(p, u->retention);
        for (int i = RETENTION_NONE + 1; i < RETENTION_COUNT; i++)
                if (years_of(p, (enum retention)i) > most)
                        most = years_of(p, (enum retention)i);
        return most;
}

utime_t unit_due(const struct pack *p, const struct unit *u)
{
        return calendar_retention_end(calendar_fiscal_start(u->year), unit_years(p, u));
}

/* ---- still in use? ---- */

static bool is_over(const struct rule *rule, const struct row *row)
{
        for (size_t i = 0; rule->state_col >= 0 && i < ENDS && rule->over[i]; i++)
                if (row_is(row, rule->state_col, rule->over[i]))
                        return true;
        return rule->state_col == BY_ID;
}

enum in_use retention_use(const char **owner, enum table *table, const struct row *row)
{
        const struct rule *rule = &rules[row->table];
        struct str on = rule->owner_col >= 0 ? row_get_text(row, rule->owner_col) : STR("");

        if (is_over(rule, row))
                return row->table == TABLE_APPLICATION && row_is(row, APPLICATION_state, "approved") ? USE_CASE : USE_OVER;
        *owner = rule->owner_col == BY_ID ? row->id : on.p;
        *table = rule->owner;
        if (row->table == TABLE_ATTACHMENT && table_find(row_get_text(row, ATTACHMENT_about)) >= 0)
                *table = (enum table)table_find(row_get_text(row, ATTACHMENT_about));
        return rule->owner_col == BY_ID || on.n ? USE_AS_OWNER : USE_NOW;
}
