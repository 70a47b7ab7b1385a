/* evidence.c - see evidence.h. */
#include "server/office/store/evidence.h"

#include "server/office/store/stmt.h"

static const enum sql sqls[] = {
        [EVIDENCE_CASE] = SQL_EVIDENCE_CASE,       [EVIDENCE_DECIDED] = SQL_EVIDENCE_DECIDED, [EVIDENCE_APPROVED] = SQL_EVIDENCE_APPROVED,
        [EVIDENCE_ANSWER] = SQL_EVIDENCE_ANSWER,   [EVIDENCE_STEP] = SQL_EVIDENCE_STEP,       [EVIDENCE_CRITERION] = SQL_EVIDENCE_CRITERION,
        [EVIDENCE_ENTRY] = SQL_EVIDENCE_ENTRY,     [EVIDENCE_DUTY] = SQL_EVIDENCE_DUTY,       [EVIDENCE_REGISTER] = SQL_EVIDENCE_REGISTER,
};

/* Of the oldest case that is looked at. */
static int oldest_looked_at(int64_t *at, struct db *db, const char *procedure, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_EVIDENCE_SINCE);
        int r;

        bind_text(&s, str_of(procedure));
        bind_int(&s, EVIDENCE_CASES - 1);
        r = stmt_row(&s, e);
        *at = r == 1 ? col_int(&s, 0) : INT64_MIN;
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int evidence_find(struct evidence *out, struct db *db, enum evidence_of what, const char *procedure, const char *k, struct arena *a, struct err *e)
{
        struct evidence found = { 0 };
        int64_t since = INT64_MIN;
        struct stmt s;
        int r = procedure ? oldest_looked_at(&since, db, procedure, e) : ERR_OK;

        if (r < 0)
                return r;
        s = stmt_of(db, sqls[what]);
        bind_text(&s, str_of(procedure ? procedure : ""));
        bind_text(&s, str_of(k ? k : ""));
        bind_int(&s, since);
        r = stmt_row(&s, e);
        if (r == 1) {
                found.at = col_int(&s, 0);
                r = col_text(&found.entry, &s, 1, a, e);
                if (r == ERR_OK)
                        r = col_text(&found.id, &s, 2, a, e);
                if (r == ERR_OK)
                        r = col_text(&found.number, &s, 3, a, e);
        }
        stmt_end(&s);
        if (r == ERR_OK)
                *out = found;
        return r;
}
