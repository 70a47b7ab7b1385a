/* query_incident.c - see query_incident.h. */
#include "server/office/store/query_incident.h"

#include "server/office/store/stmt.h"

enum { ROWS_MAX = 5000 };

int query_incident_rows(struct row **out, size_t *n, struct db *db, enum incident_rows by, struct str id, struct arena *a, struct err *e)
{
        static const struct { enum sql sql; enum table table; } lists[] = {
                [LOG_OF_INCIDENT] = { SQL_LOG_OF_INCIDENT, TABLE_INCIDENTLOG },     [ALERTS_OF_INCIDENT] = { SQL_ALERTS_OF_INCIDENT, TABLE_ALERT },
                [FINDINGS_OF_INCIDENT] = { SQL_FINDINGS_OF_INCIDENT, TABLE_FINDING }, [CLOCKS_OF_INCIDENT] = { SQL_CLOCKS_OF_INCIDENT, TABLE_DUTY },
                [CONTACTS_ACTIVE] = { SQL_CONTACTS_ACTIVE, TABLE_CONTACT },         [FINDINGS_OPEN] = { SQL_FINDINGS_OPEN, TABLE_FINDING },
                [FINDINGS_OF_PERSON] = { SQL_FINDINGS_OF_PERSON, TABLE_FINDING },   [DUTIES_OPEN_OF_KIND] = { SQL_DUTIES_OPEN_OF_KIND, TABLE_DUTY },
                [ALERTS_WAITING] = { SQL_ALERTS_WAITING, TABLE_ALERT },
        };
        struct stmt s = stmt_of(db, lists[by].sql);

        bind_text(&s, by == CONTACTS_ACTIVE ? STR("all") : id);
        return rows_collect(out, n, &s, lists[by].table, ROWS_MAX, a, e);
}

int query_incidents(struct row **out, size_t *n, struct db *db, struct str after, bool all, size_t limit, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_INCIDENTS);

        bind_text(&s, after);
        bind_text(&s, all ? STR("all") : STR("open"));
        bind_int(&s, (int64_t)limit);
        return rows_collect(out, n, &s, TABLE_INCIDENT, limit, a, e);
}

int query_alarms_due(char out[ALARMS_AT_ONCE][UUID_TEXT], size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_ALERTS_DUE);
        size_t have = 0;
        int r;

        bind_int(&s, now);
        while ((r = stmt_row(&s, e)) == 1 && have < ALARMS_AT_ONCE) {
                struct str id;

                r = col_text(&id, &s, 0, a, e);
                if (r < 0)
                        break;
                (void)snprintf(out[have++], UUID_TEXT, "%s", id.p);
        }
        stmt_end(&s);
        if (r < 0)
                return r;
        *n = have;
        return ERR_OK;
}
