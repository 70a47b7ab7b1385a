/* audit.c - see audit.h. Parameters of every statement: ?1 from, ?2 until, ?3 body, ?4 the install's body, ?5 and ?6 id and k of one row,
 * ?7 now, ?8 how many. */
#include "server/office/store/audit.h"

#include "core/pack/pack.h"
#include "server/office/store/stmt.h"

enum { BODIES_MAX = 50 };

#define X(id, name) name,
const char *const basis_names[BASES_COUNT] = { BASES(X) };
#undef X

#define IN(col) col ">=?1 AND " col "<?2"
#define ENDED IN("x.ended_at") " AND x.state IN ('approved', 'rejected')"
#define APPROVED IN("x.ended_at") " AND x.state='approved'"
#define ID_ONLY .id = "x.id", .k = NULL, .key = "x.id=?5 AND ?6=''"
#define ID_AND_K .id = "x.id", .k = "x.k", .key = "x.id=?5 AND x.k=?6"
#define CASE_OF(col) " LEFT JOIN r_application a ON a.id=" col " AND a.k=''"
#define OF_ENTRY .id = "CAST(x.idx AS TEXT)", .k = NULL, .key = "x.idx=CAST(?5 AS INTEGER) AND ?6=''", .at = "x.at", .basis = BASIS_RECORDED, .kind_of = KIND_OF_ENTRY, .kind = "x.type"
#define OF_DUTY .from = "r_duty x", .joins = " LEFT JOIN r_service s ON s.id=x.service AND s.k=''" CASE_OF("x.application"), ID_ONLY,                                                \
        .basis_if = "x.closed_by IS NOT NULL", .basis_then = BASIS_DECLARED, .basis = BASIS_RECORDED, .section = "coalesce(x.section, s.section, a.section)", .kind_of = KIND_OF_DUTY,   \
        .title = "coalesce(s.name, a.number)", .kind = "coalesce(x.rule, x.kind)", .states = "duty", .state = "CASE WHEN x.state='open' AND x.due_at<=?7 THEN 'overdue' ELSE x.state END", .about = "duty",                                 \
        .about_id = "CASE WHEN s.id IS NOT NULL THEN 'service ' || s.id WHEN a.id IS NOT NULL THEN 'application ' || a.id END"
#define OF_APPLICATION .section = "x.section", .title = "x.number", .kind_of = KIND_OF_FORM, .kind = "x.form", .states = "application", .state = "x.state", .about = "application", .about_id = "x.id"
#define OF_CASE .section = "a.section", .title = "a.number", .about = "application", .about_id = "a.id"
#define OF_SERVICE .section = "s.section", .title = "s.name", .about = "service", .about_id = "s.id"
#define DEPUTISED .from = "r_step x", .joins = CASE_OF("x.id"), .where = IN("x.decided_at") " AND x.principal IS NOT NULL", ID_AND_K, .at = "x.decided_at", .basis = BASIS_JUDGED,    \
        OF_CASE, .kind_of = KIND_OF_ROLE, .kind = "x.role", .states = "step", .state = "x.state"
#define EXCEPTED .from = "r_exception x", .joins = CASE_OF("x.id"), .where = IN("x.from_at"), ID_AND_K, .at = "x.from_at", .basis = BASIS_JUDGED, OF_CASE, .kind_of = KIND_OF_RULE,    \
        .kind = "x.k", .states = "exception", .state = "x.state"
#define STOPPED .from = "journal x", .joins = " LEFT JOIN r_service s ON s.id=x.ref AND s.k=''", .where = "x.type IN ('service.suspended', 'service.resumed') AND " IN("x.at"),          \
        OF_ENTRY, OF_SERVICE, .states = "service", .state = "s.state"

const struct audit_set audit_sets[] = {
        /* what there was */
        { .name = "decided", .trigger = -1, .from = "r_application x", .where = ENDED, ID_ONLY, .at = "x.ended_at", .basis = BASIS_JUDGED, OF_APPLICATION },
        { .name = "services-approved", .trigger = -1, .from = "r_application x CROSS JOIN r_service s ON s.application=x.id AND s.k=''", .where = APPROVED,
          .id = "s.id", .key = "s.id=?5 AND ?6=''", .at = "x.ended_at", .basis = BASIS_JUDGED, OF_SERVICE, .kind = "''", .states = "service", .state = "s.state" },
        { .name = "services-ended", .trigger = -1, .from = "r_service x", .where = IN("x.closed_at"), ID_ONLY, .at = "x.closed_at", .basis = BASIS_JUDGED, .section = "x.section",
          .title = "x.name", .kind = "''", .states = "service", .state = "x.state", .about = "service", .about_id = "x.id" },
        { .name = "permits", .trigger = -1, .from = "r_permit x", .joins = CASE_OF("x.application"), .where = IN("x.from_at"), ID_ONLY, .at = "x.from_at",
          .basis_if = "EXISTS (SELECT 1 FROM r_enforcement f WHERE f.id=x.id)", .basis_then = BASIS_MEASURED, .basis = BASIS_RECORDED, OF_CASE, .kind_of = KIND_OF_FORM, .kind = "a.form",
          .states = "permit", .state = "x.state" },
        { .name = "duties-closed", .trigger = -1, OF_DUTY, .where = IN("x.closed_at") " AND +x.state='closed'", .at = "x.closed_at" },
        { .name = "judged-lines", .trigger = -1, .from = "r_criterion x", .joins = CASE_OF("x.id"), .where = IN("x.judged_at"), ID_AND_K, .at = "x.judged_at",
          .basis_if = "x.answer='answered'", .basis_then = BASIS_DECLARED, .basis = BASIS_JUDGED, OF_CASE, .kind_of = KIND_OF_CRITERION, .kind = "x.k", .states = "criterion", .state = "x.result" },
        { .name = "exceptions", .trigger = -1, EXCEPTED },
        { .name = "incidents", .trigger = -1, .from = "r_incident x", .where = IN("x.found_at"), ID_ONLY, .at = "x.found_at", .basis = BASIS_DECLARED, .section = "x.section",
          .title = "x.number", .kind = "''", .states = "incident", .state = "x.state", .about = "incident", .about_id = "x.id" },
        { .name = "postings", .trigger = -1, .from = "r_posting x", .joins = " LEFT JOIN r_person p ON p.id=x.person AND p.k=''", .where = IN("x.from_at"), ID_ONLY, .at = "x.from_at",
          .basis = BASIS_RECORDED, .section = "x.section", .title = "p.name", .kind = "''", .states = "posting", .state = "x.state", .about = "posting", .about_id = "x.id" },
        { .name = "roles-given", .trigger = -1, .from = "r_holder x", .joins = " LEFT JOIN r_person p ON p.id=x.id AND p.k=''", .where = IN("x.since_at"), ID_AND_K, .at = "x.since_at",
          .basis = BASIS_RECORDED, .section = "p.section", .title = "p.name", .kind_of = KIND_OF_ROLE, .kind = "x.k", .states = "use", .state = "x.state", .about = "person", .about_id = "x.id" },
        { .name = "rules-adopted", .trigger = -1, .from = "journal x", .where = "x.type='pack.adopted' AND " IN("x.at"), OF_ENTRY, .section = "''", .title = "''", .states = "", .state = "''",
          .about = "entry", .about_id = "CAST(x.idx AS TEXT)" },
        { .name = "deputised", .trigger = -1, DEPUTISED },
        { .name = "suspensions", .trigger = -1, STOPPED },
        { .name = "corrections", .trigger = -1, .from = "journal x", .joins = CASE_OF("x.ref"), .where = "x.type='application.corrected' AND " IN("x.at"), OF_ENTRY, OF_CASE,
          .states = "application", .state = "a.state" },

        /* what is out of the ordinary in it */
        { .name = "after-use", .exception = true, .trigger = TRIGGER_APPLY_BY, .from = "r_application x CROSS JOIN r_service s ON s.application=x.id AND s.k=''",
          .where = APPROVED " AND (SELECT j.at FROM history h JOIN journal j ON j.idx=h.idx WHERE h.tbl='service' AND h.id=s.id ORDER BY h.idx LIMIT 1)<x.ended_at",
          .id = "s.id", .key = "s.id=?5 AND ?6=''", .at = "x.ended_at", .basis = BASIS_JUDGED, OF_SERVICE, .kind = "''", .states = "service", .state = "s.state" },
        { .name = "transitional-past", .exception = true, .trigger = TRIGGER_APPLY_BY, .from = "r_service s",
          .where = "s.state='transitional' AND s.apply_by_at<=min(?2, ?7) AND ?1=?1", .id = "s.id", .key = "s.id=?5 AND ?6=''", .at = "s.apply_by_at", .basis = BASIS_RECORDED,
          OF_SERVICE, .kind = "''", .states = "service", .state = "s.state" },
        { .name = "late-review", .exception = true, .trigger = TRIGGER_REVIEW, OF_DUTY, .at = "x.due_at",
          .where = "+x.state IN ('open', 'closed') AND " IN("x.due_at") " AND x.kind='review' AND (x.closed_at>x.due_at OR (x.state='open' AND x.due_at<=?7))" },
        { .name = "late-duty", .exception = true, .trigger = -1, OF_DUTY, .at = "x.closed_at",
          .where = IN("x.closed_at") " AND +x.state='closed' AND x.closed_at>x.due_at AND x.kind<>'review'" },
        { .name = "by-deputy", .exception = true, .trigger = -1, DEPUTISED },
        { .name = "two-roles", .exception = true, .trigger = -1, .from = "r_application x", ID_ONLY, .at = "x.ended_at", .basis = BASIS_JUDGED, OF_APPLICATION,
          .where = ENDED " AND EXISTS (SELECT 1 FROM r_step t WHERE t.id=x.id AND (t.decider IN (x.applicant, x.drafter) OR EXISTS (SELECT 1 FROM r_step o"
                   " WHERE o.id=x.id AND o.k<t.k AND o.decider=t.decider AND o.role<>t.role)))" },
        { .name = "overridden", .exception = true, .trigger = -1, EXCEPTED },
        { .name = "after-refusal", .exception = true, .trigger = -1, .from = "r_application x", ID_ONLY, .at = "x.ended_at", .basis = BASIS_JUDGED, OF_APPLICATION,
          .where = APPROVED " AND EXISTS (SELECT 1 FROM r_application o WHERE o.service=x.service AND o.form=x.form AND o.state='rejected' AND o.ended_at<x.ended_at"
                   " AND o.ended_at>x.ended_at-31536000000000)" },
        { .name = "corrected-late", .exception = true, .trigger = -1, .from = "journal x", .joins = CASE_OF("x.ref"),
          .where = "x.type='application.corrected' AND " IN("x.at") " AND EXISTS (SELECT 1 FROM journal p WHERE p.ref=x.ref AND p.idx<x.idx AND p.type IN ('application.decided', 'application.judged'))",
          OF_ENTRY, OF_CASE, .states = "application", .state = "a.state" },
        { .name = "class-changed", .exception = true, .trigger = -1, .from = "r_application x CROSS JOIN r_rating r INDEXED BY r_rating_set ON r.id=x.id AND r.person IS NOT NULL", .where = ENDED,
          .id = "x.id", .k = "r.k", .key = "x.id=?5 AND r.k=?6", .at = "x.ended_at", .basis = BASIS_JUDGED, .section = "x.section", .title = "x.number", .kind_of = KIND_OF_AXIS,
          .kind = "r.k", .states = "", .state = "r.derived || ' ' || r.level", .about = "application", .about_id = "x.id" },
        { .name = "stopped", .exception = true, .trigger = -1, STOPPED },
};
const size_t audit_sets_count = countof(audit_sets);

const struct audit_set *audit_set_find(struct str name)
{
        for (size_t i = 0; i < audit_sets_count; i++)
                if (str_is(name, audit_sets[i].name))
                        return &audit_sets[i];
        return NULL;
}

/* ---- statements ---- */

/* A section that names no body is the install's. told: what hangs on a row is asked for, too. */
static void add_where(struct buf *b, const struct audit_set *set, const struct audit_scope *scope, bool told)
{
        buf_printf(b, " FROM %s%s WHERE %s", set->from, set->joins && (told || scope->body.n) ? set->joins : "", set->where);
        if (scope->body.n)
                buf_printf(b, " AND coalesce((SELECT b.body FROM r_section b WHERE b.name=%s AND b.body IS NOT NULL LIMIT 1), ?4)=?3", set->section);
}

static void add_id(struct buf *b, const struct audit_set *set)
{
        if (set->k)
                buf_printf(b, "%s || ':' || %s", set->id, set->k);
        else
                buf_text(b, set->id);
}

static const char *basis_if(const struct audit_set *set)
{
        return set->basis_if ? set->basis_if : "0";
}

static void add_row(struct buf *b, const struct audit_set *set)
{
        buf_text(b, "SELECT ");
        add_id(b, set);
        buf_printf(b, ", %s, coalesce(%s, 0), %s, %s, %s, %s, %s", set->at, basis_if(set), set->section, set->title, set->kind, set->state, set->about_id);
}

static struct stmt stmt_made(struct db *db, struct buf *b, const struct audit_scope *scope, struct str id, struct str k, size_t max)
{
        struct stmt s = stmt_text(db, buf_bad(b) ? STR("") : buf_view(b));

        bind_int(&s, scope->from);
        bind_int(&s, scope->until);
        bind_text(&s, scope->body);
        bind_text(&s, scope->own);
        bind_text(&s, id);
        bind_text(&s, k);
        bind_int(&s, scope->now);
        bind_int(&s, (int64_t)max);
        return s;
}

/* So that every statement has all eight parameters, used or not. */
static void add_all(struct buf *b)
{
        buf_text(b, " AND ?3=?3 AND ?4=?4 AND ?5=?5 AND ?6=?6 AND ?7=?7 AND ?8=?8");
}

int audit_count(uint64_t counts[BASES_COUNT], struct db *db, const struct audit_set *set, const struct audit_scope *scope, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct stmt s;
        int r;

        memset(counts, 0, BASES_COUNT * sizeof(*counts));
        buf_printf(&b, "SELECT count(*), coalesce(sum(%s), 0)", basis_if(set));
        add_where(&b, set, scope, false);
        add_all(&b);
        s = stmt_made(db, &b, scope, STR(""), STR(""), 0);
        r = stmt_row(&s, e);
        if (r == 1) {
                counts[set->basis] = (uint64_t)(col_int(&s, 0) - col_int(&s, 1));
                if (set->basis_if)
                        counts[set->basis_then] = (uint64_t)col_int(&s, 1);
        }
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int audit_ids(struct str **out, size_t *n, uint64_t counts[BASES_COUNT], struct db *db, const struct audit_set *set, const struct audit_scope *scope, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        uint64_t total = 0;
        struct str *ids;
        struct stmt s;
        size_t have = 0;
        int r = audit_count(counts, db, set, scope, e);

        for (int i = 0; i < BASES_COUNT; i++)
                total += counts[i];
        if (r == ERR_OK && total > AUDIT_IDS_MAX)
                r = err_key(e, ERR_TOO_BIG, "audit.big", "from", NULL);
        if (r < 0)
                return r;
        ids = arena_array(a, total + 1, sizeof(*ids));
        if (!ids)
                return err_set(e, ERR_NOMEM, "ids");
        buf_text(&b, "SELECT ");
        add_id(&b, set);
        add_where(&b, set, scope, false);
        add_all(&b);
        s = stmt_made(db, &b, scope, STR(""), STR(""), 0);
        while (have < total && (r = stmt_row(&s, e)) == 1) {
                r = col_text(&ids[have++], &s, 0, a, e);
                if (r < 0)
                        break;
        }
        stmt_end(&s);
        if (r < 0)
                return r;
        *out = ids;
        *n = have;
        return ERR_OK;
}

static int read_row(struct audit_row *out, struct stmt *s, const struct audit_set *set, struct arena *a, struct err *e)
{
        struct { struct str *to; int col; } texts[] = { { &out->id, 0 }, { &out->section, 3 }, { &out->title, 4 }, { &out->kind, 5 }, { &out->state, 6 }, { &out->about_id, 7 } };
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(texts); i++)
                r = col_text(texts[i].to, s, texts[i].col, a, e);
        if (r < 0)
                return r;
        out->at = col_int(s, 1);
        out->basis = col_int(s, 2) ? set->basis_then : set->basis;
        return ERR_OK;
}

int audit_row(struct audit_row *out, struct db *db, const struct audit_set *set, const struct audit_scope *scope, struct str id, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct str left = id, k = STR("");
        struct audit_row row = { 0 };
        struct stmt s;
        int r;

        if (set->k && !str_cut(id, ':', &left, &k))
                return err_set(e, ERR_ABSENT, "row");
        add_row(&b, set);
        add_where(&b, set, scope, true);
        buf_printf(&b, " AND %s", set->key);
        add_all(&b);
        s = stmt_made(db, &b, scope, left, k, 0);
        r = stmt_row(&s, e);
        if (r == 1)
                r = read_row(&row, &s, set, a, e);
        else if (r == 0)
                r = err_set(e, ERR_ABSENT, "row");
        stmt_end(&s);
        if (r == ERR_OK)
                *out = row;
        return r;
}

int audit_newest(struct audit_row *out, size_t max, size_t *n, struct db *db, const struct audit_set *set, const struct audit_scope *scope, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct stmt s;
        size_t have = 0;
        int r;

        add_row(&b, set);
        add_where(&b, set, scope, true);
        add_all(&b);
        buf_text(&b, " ORDER BY 2 DESC, 1 LIMIT ?8");
        s = stmt_made(db, &b, scope, STR(""), STR(""), max);
        while ((r = stmt_row(&s, e)) == 1 && have < max) {
                r = read_row(&out[have++], &s, set, a, e);
                if (r < 0)
                        break;
        }
        stmt_end(&s);
        if (r < 0)
                return r;
        *n = have;
        return ERR_OK;
}

int audit_bodies(struct str **out, size_t *n, struct db *db, struct arena *a, struct err *e)
{
        struct str *list = arena_array(a, BODIES_MAX, sizeof(*list));
        struct stmt s = stmt_of(db, SQL_AUDIT_BODIES);
        size_t have = 0;
        int r = list ? 1 : err_set(e, ERR_NOMEM, "bodies");

        while (r == 1 && have < BODIES_MAX && (r = stmt_row(&s, e)) == 1) {
                r = col_text(&list[have++], &s, 0, a, e);
                r = r < 0 ? r : 1;
        }
        stmt_end(&s);
        if (r < 0)
                return r;
        *out = list;
        *n = have;
        return ERR_OK;
}
