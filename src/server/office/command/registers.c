/* registers.c - see registers.h. */
#include "server/office/command/registers.h"

#include "server/office/command/notice.h"
#include "server/office/store/query.h"
#include "sys/entropy.h"

static int person_now(struct actor *out, struct act *act, const char *person, struct err *e)
{
        int r = query_actor(out, act->db, person, act->now, act->arena, e);

        return r == ERR_ABSENT ? err_key(e, ERR_UNKNOWN, "session.none", "", NULL) : r;
}

int scene_of(struct change_scene *out, const struct row *row, struct db *db, const struct register_info *r, const struct actor *who, const struct record_env *env,
             utime_t now, struct err *e)
{
        struct change_scene s = { .r = r, .env = env, .who = who, .now = now };
        const struct register_info *over = r->of ? register_find(str_of(r->of)) : NULL;
        char of[UUID_TEXT] = "";
        int x = ERR_OK;

        if (over)
                (void)snprintf(of, sizeof(of), "%.*s", (int)row_get_text(row, r->of_col).n, row_get_text(row, r->of_col).n ? row_get_text(row, r->of_col).p : "");
        if (row->rev)
                x = query_looks_after(&s.manages, db, r, row->id, who->person, e);
        else if (over && *of)
                x = query_looks_after(&s.manages, db, over, of, who->person, e);
        else if (r->writes == REGISTER_MANAGER)                    /* hangs on no service yet */
                x = query_manages(&s.manages, db, who->person, e);
        if (x == ERR_OK)
                *out = s;
        return x;
}

/* A register whose rows are told apart by their name alone. */
static bool by_name_alone(const struct register_info *r)
{
        for (size_t i = 0; i < r->columns_count; i++)
                if ((r->columns[i].flags & REGISTER_KEY) && !(r->columns[i].flags & REGISTER_NAME))
                        return false;
        return register_name_column(r)->flags & REGISTER_KEY;
}

/* Two services may go by one name when two companies offer them. */
static int twin_service(bool *out, struct act *act, const struct row *row, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, act->db, SERVICES_NAMED, row_get_text(row, SERVICE_name), act->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                *out |= strcmp(rows[i].id, row->id) != 0 && !row_is(&rows[i], SERVICE_state, "closed") &&
                        str_eq(row_get_text(&rows[i], SERVICE_provider), row_get_text(row, SERVICE_provider));
        return r;
}

static int same_name(bool *out, struct act *act, const struct register_info *r, const struct row *row, struct err *e)
{
        int col = r->table == TABLE_PERSON ? PERSON_number : register_name_column(r)->col;
        struct record_found found = { 0 };
        int x;

        *out = false;
        if (r->table == TABLE_SERVICE)
                return twin_service(out, act, row, e);
        if ((r->table != TABLE_PERSON && !by_name_alone(r)) || !row_get_text(row, col).n)
                return ERR_OK;
        x = query_named(&found, act->db, r, r->of_col >= 0 ? row_get_text(row, r->of_col) : STR(""), row_get_text(row, col), act->arena, e);
        if (x == ERR_OK)
                *out = !found.ended && (found.n > 1 || (found.n == 1 && !str_is(found.id, row->id)));
        return x;
}

/* The actor, the words, and the row when there is one. */
struct stage { struct actor who; struct records records; struct change_scene scene; struct row row; struct changes c; };

static int stage_init(struct stage **out, struct act *act, const struct act_row *in, struct err *e)
{
        struct stage *x = arena_new(act->arena, struct stage);
        int r = x ? person_now(&x->who, act, in->person, e) : err_set(e, ERR_NOMEM, "row");

        if (r == ERR_OK)
                r = records_init(&x->records, act->office->pack, in->lang, act->db, act->arena, e);
        if (r == ERR_OK)
                *out = x;
        return r;
}

/* "service.changed": docs/formats/journal.md. */
static int append(struct act *act, struct act_row *in, struct stage *x, struct err *e)
{
        int r = act_append(&in->receipt, act, &x->c, e);

        if (r < 0)
                return r;
        (void)snprintf(in->row, sizeof(in->row), "%s", x->c.rows[0].id);
        in->rev_after = x->c.rows[0].rev;
        return ERR_OK;
}

static int begin(struct stage *x, struct act *act, const struct act_row *in, const char *what, struct err *e)
{
        const char *type = arena_printf(act->arena, "%s.%s", in->r->id, what);

        if (!type)
                return err_set(e, ERR_NOMEM, "row");
        changes_init(&x->c, act->arena, type, x->row.id);
        return ERR_OK;
}

/* ---- adding ---- */

static int set_of(struct row *row, struct act *act, const struct act_row *in, struct err *e)
{
        const struct register_info *over = in->r->of ? register_find(str_of(in->r->of)) : NULL;
        struct row parent;
        int r;

        if (!over)
                return in->id.n ? err_key(e, ERR_INPUT, "record.of.none", "of", NULL) : ERR_OK;
        if (!in->id.n)
                return err_key(e, ERR_INPUT, "record.of.missing", "of", NULL);
        r = store_row(&parent, act->db, over->table, arena_copy(act->arena, in->id.p, in->id.n), NULL, act->arena, e);
        if (r == ERR_OK && !parent.rev)
                r = err_key(e, ERR_ABSENT, "record.absent", "", NULL);
        if (r == ERR_OK && over->state_col >= 0 && register_is_over(row_get_text(&parent, over->state_col)))
                r = err_key(e, ERR_CONFLICT, "record.over", "", NULL);
        if (r == ERR_OK)
                row_text(row, in->r->of_col, in->id);
        return r;
}

int act_add_row(struct act *act, void *arg, struct err *e)
{
        struct act_row *in = arg;
        struct stage *x;
        int r = stage_init(&x, act, in, e);

        if (r < 0)
                return r;
        x->row = row_new(in->r->table, entropy_uuid(act->now), NULL);
        r = set_of(&x->row, act, in, e);
        if (r == ERR_OK)
                r = scene_of(&x->scene, &x->row, act->db, in->r, &x->who, &x->records.env, act->now, e);
        if (r == ERR_OK)
                r = change_cells(&x->row, in->r, in->cells, in->n, &x->records.env, e);
        if (r == ERR_OK)
                r = same_name(&x->scene.same_name, act, in->r, &x->row, e);
        if (r == ERR_OK)
                r = begin(x, act, in, "recorded", e);
        if (r == ERR_OK)
                r = change_add(&x->c, &x->scene, &x->row, e);
        return r < 0 ? r : append(act, in, x, e);
}

/* ---- changing, ending ---- */

int registers_tell_named(struct act *act, const struct row *before, const struct row *after, struct err *e)
{
        static const int cols[] = { SERVICE_manager, SERVICE_deputy };
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        struct notice n = { .key = "notice.manager", .args = { { .text = row_get_text(after, SERVICE_name) } }, .page = "services", .ref = after->id };
        bool any = false;

        for (size_t i = 0; i < countof(cols); i++) {
                struct str person = row_get_text(after, cols[i]);

                if (!person.n || str_eq(person, row_get_text(before, cols[i])))
                        continue;
                notice_to_person(&to, person);
                any = true;
        }
        return any ? notice_put(act, &n, &to, e) : ERR_OK;
}

static int load(struct stage *x, struct act *act, const struct act_row *in, struct err *e)
{
        int r = store_row(&x->row, act->db, in->r->table, arena_copy(act->arena, in->id.p, in->id.n), NULL, act->arena, e);

        if (r == ERR_OK && !x->row.rev)
                r = err_key(e, ERR_ABSENT, "record.absent", "", NULL);
        return r < 0 ? r : scene_of(&x->scene, &x->row, act->db, in->r, &x->who, &x->records.env, act->now, e);
}

int act_change_row(struct act *act, void *arg, struct err *e)
{
        struct act_row *in = arg;
        struct stage *x;
        struct row after;
        int r = stage_init(&x, act, in, e);

        if (r == ERR_OK)
                r = load(x, act, in, e);
        if (r < 0)
                return r;
        if (!change_may(&x->scene, &x->row) && x->row.rev == in->rev)      /* who may not is told so, not which cell is wrong */
                return change_row(&x->c, &x->scene, &x->row, &x->row, in->rev, in->reason, e);
        after = x->row;
        r = change_cells(&after, in->r, in->cells, in->n, &x->records.env, e);
        if (r == ERR_OK)
                r = same_name(&x->scene.same_name, act, in->r, &after, e);
        if (r == ERR_OK)
                r = begin(x, act, in, "changed", e);
        if (r == ERR_OK)
                r = change_row(&x->c, &x->scene, &x->row, &after, in->rev, in->reason, e);
        if (r == ERR_OK)
                r = append(act, in, x, e);
        if (r == ERR_OK && in->r->table == TABLE_SERVICE)
                r = registers_tell_named(act, &x->row, &after, e);
        return r;
}

int act_end_row(struct act *act, void *arg, struct err *e)
{
        struct act_row *in = arg;
        struct stage *x;
        int r = stage_init(&x, act, in, e);

        if (r == ERR_OK)
                r = load(x, act, in, e);
        if (r == ERR_OK)
                r = begin(x, act, in, "ended", e);
        if (r == ERR_OK)
                r = change_end(&x->c, &x->scene, &x->row, in->rev, in->reason, e);
        return r < 0 ? r : append(act, in, x, e);
}
