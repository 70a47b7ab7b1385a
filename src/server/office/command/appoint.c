/* appoint.c - see appoint.h. */
#include "server/office/command/appoint.h"

#include "server/office/command/notice.h"
#include "server/office/store/query.h"
#include "sys/entropy.h"

enum { ROLES_OF_ONE = 200 };

static const char *word(struct act *act, struct str s)
{
        const char *p = arena_copy(act->arena, s.p ? s.p : "", s.n);

        return p ? p : "";
}

/* ---- what an act looks at ---- */

static int rows_of(struct appoint_rows *out, struct act *act, const char *person, struct err *e)
{
        struct row *holders = NULL, *appointments = NULL;
        int r = store_rows_of(&holders, &out->holders_n, act->db, TABLE_HOLDER, person, ROLES_OF_ONE, act->arena, e);

        if (r == ERR_OK)
                r = query_rows(&appointments, &out->appointments_n, act->db, APPOINTMENTS_OF, str_of(person), act->arena, e);
        out->holders = holders;
        out->appointments = appointments;
        return r;
}

/* who NULL: time acts. */
static int scene_load(struct appoint_scene *s, struct act *act, const char *who, const char *of, const char *replaced, struct err *e)
{
        struct actor *actor = arena_new(act->arena, struct actor);
        struct row *person = arena_new(act->arena, struct row);
        int r = actor && person ? ERR_OK : err_set(e, ERR_NOMEM, "appointment");

        *s = (struct appoint_scene){ .pack = act->office->pack, .person = person, .spare = { entropy_uuid(act->now), entropy_uuid(act->now) }, .now = act->now };
        if (r == ERR_OK && who) {
                r = query_actor(actor, act->db, who, act->now, act->arena, e);
                if (r == ERR_ABSENT)
                        r = err_key(e, ERR_UNKNOWN, "session.none", "", NULL);
                s->who = actor;
        }
        if (r == ERR_OK)
                r = store_row(person, act->db, TABLE_PERSON, of, NULL, act->arena, e);
        if (r == ERR_OK)
                r = rows_of(&s->of, act, of, e);
        return r == ERR_OK && replaced && *replaced ? rows_of(&s->of_replaced, act, replaced, e) : r;
}

/* ---- who is told ---- */

static int tell(struct act *act, const char *key, struct str person, struct str role, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        const struct pack_role *r = pack_find_role(act->office->pack, word(act, role));

        if (!person.n)
                return ERR_OK;
        notice_to_person(&to, person);
        return notice_put(act, &(struct notice){ .key = key, .args = { { .words = r ? &r->name : NULL, .text = r ? STR("") : role } }, .page = "account" }, &to, e);
}

/* Who may confirm, but for the two who may not. */
static int tell_asked(struct act *act, const struct row *a, struct err *e)
{
        static const char *const roles[] = { "secretariat", "system_manager", "ciso", "senior_officer" };
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        const struct pack_role *role = pack_find_role(act->office->pack, word(act, row_get_text(a, APPOINTMENT_role)));
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(roles); i++) {
                struct person_line *people = NULL;
                size_t n = 0;

                r = query_holders(&people, &n, act->db, roles[i], STR(""), act->arena, e);
                for (size_t k = 0; r == ERR_OK && k < n; k++)
                        if (!str_eq(people[k].id, row_get_text(a, APPOINTMENT_asked_by)) && !str_eq(people[k].id, row_get_text(a, APPOINTMENT_person)))
                                notice_to_person(&to, people[k].id);
        }
        return r < 0 ? r : notice_put(act, &(struct notice){ .key = "notice.role-asked", .args = { { .words = role ? &role->name : NULL } }, .page = "people" }, &to, e);
}

/* Whoever holds a role from now on or no longer; rows of the entry say it. */
static int tell_holders(struct act *act, const struct changes *c, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < c->rows_count; i++)
                if (c->rows[i].table == TABLE_HOLDER)
                        r = tell(act, row_is(&c->rows[i], HOLDER_state, "active") ? "notice.role-given" : "notice.role-ended", str_of(c->rows[i].id), str_of(c->rows[i].k), e);
        return r;
}

/* ---- the acts ---- */

static const struct row *row_in(const struct changes *c, enum table t, const char *id)
{
        for (size_t i = 0; i < c->rows_count; i++)
                if (c->rows[i].table == t && strcmp(c->rows[i].id, id) == 0)
                        return &c->rows[i];
        return NULL;
}

/* The entry, whom it tells, and how the appointment stands then. */
static int finish(struct receipt *receipt, char state[16], int64_t *rev, struct act *act, const struct changes *c, const char *id, struct err *e)
{
        int r = act_append(receipt, act, c, e);
        const struct row *a = r == ERR_OK ? row_in(c, TABLE_APPOINTMENT, id) : NULL;
        struct str is = a ? row_get_text(a, APPOINTMENT_state) : STR("");

        if (r == ERR_OK)
                r = tell_holders(act, c, e);
        if (r < 0)
                return r;
        (void)snprintf(state, 16, "%.*s", (int)is.n, is.p ? is.p : "");
        *rev = a ? a->rev : 0;
        return a && row_is(a, APPOINTMENT_state, "asked") ? tell_asked(act, a, e) : ERR_OK;
}

int act_ask_appointment(struct act *act, void *arg, struct err *e)
{
        struct act_appoint *in = arg;
        struct row a = row_new(TABLE_APPOINTMENT, entropy_uuid(act->now), NULL);
        struct appoint_scene s;
        struct changes c;
        int r = scene_load(&s, act, in->person, in->of, in->replaces, e);

        if (r < 0)
                return r;
        row_text(&a, APPOINTMENT_person, str_of(in->of));
        row_text(&a, APPOINTMENT_role, str_of(in->role));
        row_int(&a, APPOINTMENT_from_at, in->from);
        if (in->until)
                row_int(&a, APPOINTMENT_until_at, in->until);
        if (in->replaces)
                row_text(&a, APPOINTMENT_replaces, str_of(in->replaces));
        row_personal(&a, APPOINTMENT_why, in->why);
        changes_init(&c, act->arena, appoint_needs_two(s.pack, in->role) ? "role.asked" : "role.appointed", in->of);
        r = appoint_ask(&c, &s, &a, e);
        if (r == ERR_OK)
                r = finish(&in->receipt, in->state, &in->rev_after, act, &c, a.id, e);
        if (r == ERR_OK)
                memcpy(in->id, a.id, sizeof(in->id));
        return r;
}

static int load(struct row *a, struct appoint_scene *s, struct act *act, const struct act_appointment *in, struct err *e)
{
        struct uuid id;
        int r = uuid_parse(in->id, &id) ? store_row(a, act->db, TABLE_APPOINTMENT, word(act, in->id), NULL, act->arena, e) : ERR_OK;

        if (r == ERR_OK && (!uuid_parse(in->id, &id) || !a->rev))
                r = err_key(e, ERR_ABSENT, "appoint.absent", "", NULL);
        return r < 0 ? r : scene_load(s, act, in->person, word(act, row_get_text(a, APPOINTMENT_person)), word(act, row_get_text(a, APPOINTMENT_replaces)), e);
}

int act_confirm_appointment(struct act *act, void *arg, struct err *e)
{
        struct act_appointment *in = arg;
        struct appoint_scene s;
        struct changes c;
        struct row a;
        int r = load(&a, &s, act, in, e);

        if (r < 0)
                return r;
        changes_init(&c, act->arena, "role.appointed", s.person->id);
        r = appoint_confirm(&c, &s, &a, in->rev, e);
        return r < 0 ? r : finish(&in->receipt, in->state, &in->rev_after, act, &c, a.id, e);
}

int act_refuse_appointment(struct act *act, void *arg, struct err *e)
{
        struct act_appointment *in = arg;
        struct appoint_scene s;
        struct changes c;
        struct row a;
        int r = load(&a, &s, act, in, e);

        if (r < 0)
                return r;
        changes_init(&c, act->arena, "role.refused", s.person->id);
        r = appoint_refuse(&c, &s, &a, in->reason, in->rev, e);
        if (r == ERR_OK)
                r = finish(&in->receipt, in->state, &in->rev_after, act, &c, a.id, e);
        return r < 0 || row_is(&a, APPOINTMENT_asked_by, in->person) ? r : tell(act, "notice.role-refused", row_get_text(&a, APPOINTMENT_asked_by), row_get_text(&a, APPOINTMENT_role), e);
}

int act_end_role(struct act *act, void *arg, struct err *e)
{
        struct act_end_role *in = arg;
        struct appoint_scene s;
        struct changes c;
        int r = scene_load(&s, act, in->person, in->of, NULL, e);

        if (r == ERR_OK)
                r = query_keepers_but(&s.keepers, act->db, in->of, in->role, e);
        if (r < 0)
                return r;
        changes_init(&c, act->arena, in->until ? "role.limited" : "role.ended", in->of);
        r = appoint_end(&c, &s, in->role, in->until, in->reason, in->rev, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r < 0)
                return r;
        in->rev_after = c.rows[0].rev;
        return in->until ? ERR_OK : tell_holders(act, &c, e);
}

/* ---- days that come ---- */

static bool has_come(const struct row *row, int col, utime_t now)
{
        return row->v[col].kind == VALUE_INT && row->v[col].i <= now;
}

/* A last day before a first one: who is appointed anew from the day on which the old order ends holds on. */
static int due_rows(struct row **ending, size_t *n, struct row **open, size_t *m, struct db *db, struct arena *a, struct err *e)
{
        int r = query_rows(ending, n, db, HOLDERS_ENDING, STR(""), a, e);

        return r < 0 ? r : query_rows(open, m, db, APPOINTMENTS_OPEN, STR(""), a, e);
}

static bool begins(const struct row *a, utime_t now)
{
        return row_is(a, APPOINTMENT_state, "coming") && has_come(a, APPOINTMENT_from_at, now);
}

int appointments_are_due(bool *due, struct db *db, utime_t now, struct arena *a, struct err *e)
{
        struct row *ending = NULL, *open = NULL;
        size_t n = 0, m = 0;
        int r = due_rows(&ending, &n, &open, &m, db, a, e);

        *due = false;
        for (size_t i = 0; i < n; i++)
                *due |= has_come(&ending[i], HOLDER_until_at, now);
        for (size_t i = 0; i < m; i++)
                *due |= begins(&open[i], now);
        return r;
}

static int begin_one(struct act *act, const struct row *a, struct err *e)
{
        struct receipt receipt;
        struct appoint_scene s;
        struct changes c;
        char state[16];
        int64_t rev;
        int r = scene_load(&s, act, NULL, word(act, row_get_text(a, APPOINTMENT_person)), word(act, row_get_text(a, APPOINTMENT_replaces)), e);

        if (r < 0)
                return r;
        changes_init(&c, act->arena, "role.began", s.person->id);
        r = appoint_begin(&c, &s, a, e);
        return r < 0 ? r : finish(&receipt, state, &rev, act, &c, a->id, e);
}

static int end_one(struct act *act, const struct row *holder, struct err *e)
{
        struct receipt receipt;
        struct appoint_scene s;
        struct changes c;
        int r = scene_load(&s, act, NULL, holder->id, NULL, e);

        if (r < 0)
                return r;
        changes_init(&c, act->arena, "role.ended", holder->id);
        r = appoint_over(&c, &s, holder, e);
        if (r == ERR_OK)
                r = act_append(&receipt, act, &c, e);
        return r < 0 ? r : tell_holders(act, &c, e);
}

int act_appointments(struct act *act, void *arg, struct err *e)
{
        struct row *ending = NULL, *open = NULL;
        size_t n = 0, m = 0;
        int r = due_rows(&ending, &n, &open, &m, act->db, act->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (has_come(&ending[i], HOLDER_until_at, act->now))
                        r = end_one(act, &ending[i], e);
        for (size_t i = 0; r == ERR_OK && i < m; i++)
                if (begins(&open[i], act->now))
                        r = begin_one(act, &open[i], e);
        return r;
}
