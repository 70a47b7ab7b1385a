/* appoint.c - see appoint.h. */
#include "core/register/appoint.h"

/* Roles that mean something to the program or see everything, whatever the pack's steps say of them. */
static const char *const of_the_house[] = { "secretariat", "system_manager", "ciso", "senior_officer", "approving_authority", "auditor", "platform_operator" },
                  *const keepers[] = { "secretariat", "system_manager" }, *const answer_for_it[] = { "ciso", "senior_officer" };
/* Given by a service's row, as effects.c and flow.c take it: not by an appointment. */
static const char by_a_service[] = "service_manager", answers_calls[] = "csirt";

static bool among(const char *word, const char *const *list, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (strcmp(word, list[i]) == 0)
                        return true;
        return false;
}

static bool is(const char *role, const char *of)
{
        return of && strcmp(role, of) == 0;
}

static bool acts_at_step(const struct pack *pack, const char *role)
{
        for (size_t i = 0; i < pack->procedures_count; i++)
                for (size_t k = 0; k < pack->procedures[i].steps_count; k++) {
                        const struct pack_step *t = &pack->procedures[i].steps[k];

                        if ((is(role, t->role) && t->scope != SCOPE_SERVICE) || is(role, t->substitute) || is(role, t->confirm_role))
                                return true;
                }
        return false;
}

static bool applies(const struct pack *pack, const char *role)
{
        for (size_t i = 0; i < pack->procedures_count; i++)
                if (is(role, pack->procedures[i].apply_role) || is(role, pack->procedures[i].draft_role))
                        return true;
        return false;
}

bool appoint_needs_two(const struct pack *pack, const char *role)
{
        return pack_find_role(pack, role) && (is(role, pack->settings.records_role) || among(role, of_the_house, countof(of_the_house)) || acts_at_step(pack, role));
}

bool appoint_is_post(const struct pack *pack, const char *role)
{
        return pack_find_role(pack, role) && strcmp(role, by_a_service) != 0 && (appoint_needs_two(pack, role) || applies(pack, role) || strcmp(role, answers_calls) == 0);
}

static bool has_one(const struct actor *who, const char *const *roles, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (actor_has(who, roles[i]))
                        return true;
        return false;
}

bool appoint_may_ask(const struct actor *who)
{
        return has_one(who, keepers, countof(keepers));
}

bool appoint_may_confirm(const struct actor *who)
{
        return appoint_may_ask(who) || has_one(who, answer_for_it, countof(answer_for_it));
}

/* ---- what stands there ---- */

static const struct row *held(const struct appoint_rows *of, const char *role)
{
        for (size_t i = 0; i < of->holders_n; i++)
                if (strcmp(of->holders[i].k, role) == 0 && row_is(&of->holders[i], HOLDER_state, "active"))
                        return &of->holders[i];
        return NULL;
}

static bool is_open(const struct row *appointment)
{
        return row_is(appointment, APPOINTMENT_state, "asked") || row_is(appointment, APPOINTMENT_state, "coming");
}

static const struct row *find(const struct appoint_rows *of, struct str role, const char *state, const char *but)
{
        for (size_t i = 0; i < of->appointments_n; i++) {
                const struct row *a = &of->appointments[i];

                if (str_eq(row_get_text(a, APPOINTMENT_role), role) && strcmp(a->id, but) != 0 && (state ? row_is(a, APPOINTMENT_state, state) : is_open(a)))
                        return a;
        }
        return NULL;
}

/* ---- two roles that one person does not hold ---- */

static bool says_apart(const struct pack_role *r, const char *other)
{
        for (size_t i = 0; i < r->apart_count; i++)
                if (strcmp(r->apart[i].id, other) == 0)
                        return true;
        return false;
}

static int refuse_apart(const struct pack *pack, const char *role, const char *other, struct err *e)
{
        const struct pack_role *a = pack_find_role(pack, role), *b = pack_find_role(pack, other);

        if (!a || !b || !(says_apart(a, other) || says_apart(b, role)))
                return ERR_OK;
        return err_key(e, ERR_RULE, "appoint.apart", "role", a->name.in[LANG_JA], b->name.in[LANG_JA], NULL);
}

static int check_apart(const struct appoint_scene *s, const char *role, const char *but, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < s->of.holders_n; i++)
                if (row_is(&s->of.holders[i], HOLDER_state, "active"))
                        r = refuse_apart(s->pack, role, s->of.holders[i].k, e);
        for (size_t i = 0; r == ERR_OK && i < s->of.appointments_n; i++) {
                const struct row *a = &s->of.appointments[i];
                struct str other = row_get_text(a, APPOINTMENT_role);

                for (size_t k = 0; r == ERR_OK && is_open(a) && strcmp(a->id, but) != 0 && k < s->pack->roles_count; k++)
                        if (str_is(other, s->pack->roles[k].id))
                                r = refuse_apart(s->pack, role, s->pack->roles[k].id, e);
        }
        return r;
}

/* ---- what comes of it ---- */

/* The appointment under which it was held ends with it; what init gave without one gets its row now, so that the past can be read. */
static int close_told(struct changes *out, const struct appoint_scene *s, const struct appoint_rows *of, const struct row *holder, struct uuid spare, const char *by, struct str reason,
                      struct err *e)
{
        const struct row *told = find(of, str_of(holder->k), "active", "");
        struct row row = told ? *told : row_new(TABLE_APPOINTMENT, spare, NULL);

        if (!told) {
                row_text(&row, APPOINTMENT_person, str_of(holder->id));
                row_text(&row, APPOINTMENT_role, str_of(holder->k));
                row_int(&row, APPOINTMENT_from_at, row_get_int(holder, HOLDER_since_at));
        }
        row_text(&row, APPOINTMENT_state, STR("ended"));
        row_int(&row, APPOINTMENT_until_at, s->now);
        row_int(&row, APPOINTMENT_ended_at, s->now);
        if (by)
                row_text(&row, APPOINTMENT_ended_by, str_of(by));
        row_personal(&row, APPOINTMENT_reason, reason);
        return changes_add(out, &row, e);
}

static int end_holder(struct changes *out, const struct appoint_scene *s, const struct appoint_rows *of, const struct row *holder, struct uuid spare, const char *by, struct str reason,
                      struct err *e)
{
        struct row row = *holder;
        int r;

        row_text(&row, HOLDER_state, STR("ended"));
        row_int(&row, HOLDER_until_at, s->now);
        r = changes_add(out, &row, e);
        return r < 0 ? r : close_told(out, s, of, holder, spare, by, reason, e);
}

/* Who makes way ends in the same entry: the role is never empty between two. */
static int take_effect(struct changes *out, const struct appoint_scene *s, struct row *a, const char *role, struct err *e)
{
        const struct row *now = held(&s->of, role), *before = held(&s->of_replaced, role), *told = now ? find(&s->of, str_of(role), "active", a->id) : NULL;
        struct uuid person = { { 0 } };
        struct row row, old;
        int r = ERR_OK;

        (void)uuid_parse(row_get_text(a, APPOINTMENT_person), &person);
        row = row_new(TABLE_HOLDER, person, role);
        for (size_t i = 0; i < s->of.holders_n; i++)
                if (strcmp(s->of.holders[i].k, role) == 0)
                        row = s->of.holders[i];
        if (!now)
                row_int(&row, HOLDER_since_at, s->now > row_get_int(a, APPOINTMENT_from_at) ? s->now : row_get_int(a, APPOINTMENT_from_at));
        row.v[HOLDER_until_at] = a->v[APPOINTMENT_until_at];
        row_personal(&row, HOLDER_why, row_get_text(a, APPOINTMENT_why));
        row_text(&row, HOLDER_state, STR("active"));
        r = changes_add(out, &row, e);
        if (r == ERR_OK && told) {             /* held on under a new order */
                old = *told;
                row_text(&old, APPOINTMENT_state, STR("ended"));
                row_int(&old, APPOINTMENT_ended_at, s->now);
                r = changes_add(out, &old, e);
        }
        if (r == ERR_OK && before)
                r = end_holder(out, s, &s->of_replaced, before, s->spare[0], s->who ? s->who->person : NULL, STR(""), e);
        row_text(a, APPOINTMENT_state, STR("active"));
        return r;
}

static const char *role_of(const struct pack *pack, const struct row *a)
{
        for (size_t i = 0; i < pack->roles_count; i++)
                if (row_is(a, APPOINTMENT_role, pack->roles[i].id))
                        return pack->roles[i].id;
        return NULL;
}

/* Nothing more stands between it and its day. */
static int grant(struct changes *out, const struct appoint_scene *s, struct row *a, const char *role, struct err *e)
{
        int r = ERR_OK;

        if (row_get_int(a, APPOINTMENT_from_at) > s->now)
                row_text(a, APPOINTMENT_state, STR("coming"));
        else
                r = take_effect(out, s, a, role, e);
        return r < 0 ? r : changes_add(out, a, e);
}

static bool is_over(const struct row *a, utime_t now)
{
        return a->v[APPOINTMENT_until_at].kind == VALUE_INT && a->v[APPOINTMENT_until_at].i <= now;
}

/* Held already, a new order means a later end. */
static int check_held(const struct appoint_scene *s, const struct row *a, const char *role, struct err *e)
{
        const struct row *now = held(&s->of, role);

        if (now && now->v[HOLDER_until_at].kind != VALUE_INT)
                return err_key(e, ERR_CONFLICT, "appoint.held", "person", NULL);
        if (now && a->v[APPOINTMENT_until_at].kind == VALUE_INT && a->v[APPOINTMENT_until_at].i <= now->v[HOLDER_until_at].i)
                return err_key(e, ERR_RULE, "appoint.longer", "until", NULL);
        return ERR_OK;
}

static int check_replaced(const struct appoint_scene *s, const struct row *a, const char *role, struct err *e)
{
        struct str replaces = row_get_text(a, APPOINTMENT_replaces);

        if (!replaces.n)
                return ERR_OK;
        return !held(&s->of_replaced, role) || str_is(replaces, s->person->id) ? err_key(e, ERR_CONFLICT, "appoint.replaced", "replaces", NULL) : ERR_OK;
}

int appoint_ask(struct changes *out, const struct appoint_scene *s, const struct row *appointment, struct err *e)
{
        const char *role = role_of(s->pack, appointment);
        utime_t from = row_get_int(appointment, APPOINTMENT_from_at), today = utime_from_jst(utime_date_jst(s->now));
        struct row a = *appointment;
        int r;

        if (!appoint_may_ask(s->who))
                return err_key(e, ERR_FORBIDDEN, "appoint.role", "", NULL);
        if (!role || !appoint_is_post(s->pack, role))
                return err_key(e, ERR_INPUT, "appoint.post", "role", NULL);
        if (!s->person->rev || !row_is(s->person, PERSON_state, "active"))
                return err_key(e, ERR_INPUT, "appoint.person", "person", NULL);
        if (strcmp(s->person->id, s->who->person) == 0)
                return err_key(e, ERR_FORBIDDEN, "appoint.self", "person", NULL);
        if (from < today)
                return err_key(e, ERR_RULE, "appoint.past", "from", NULL);
        if (is_over(&a, from > s->now ? from : s->now))
                return err_key(e, ERR_RULE, "appoint.period", "until", NULL);
        if (find(&s->of, str_of(role), NULL, a.id))
                return err_key(e, ERR_CONFLICT, "appoint.open", "person", NULL);
        r = check_held(s, &a, role, e);
        if (r == ERR_OK)
                r = check_replaced(s, &a, role, e);
        if (r == ERR_OK)
                r = check_apart(s, role, a.id, e);
        if (r < 0)
                return r;
        out->actor = s->who->person;
        changes_note(out, "role", str_of(role));
        row_text(&a, APPOINTMENT_asked_by, str_of(s->who->person));
        row_int(&a, APPOINTMENT_asked_at, s->now);
        row_text(&a, APPOINTMENT_state, STR("asked"));
        return appoint_needs_two(s->pack, role) ? changes_add(out, &a, e) : grant(out, s, &a, role, e);
}

int appoint_confirm(struct changes *out, const struct appoint_scene *s, const struct row *appointment, int64_t seen_rev, struct err *e)
{
        const char *role = role_of(s->pack, appointment);
        struct row a = *appointment;
        int r;

        if (!appoint_may_confirm(s->who))
                return err_key(e, ERR_FORBIDDEN, "appoint.role.confirm", "", NULL);
        if (row_is(&a, APPOINTMENT_asked_by, s->who->person))
                return err_key(e, ERR_FORBIDDEN, "appoint.same", "", NULL);
        if (row_is(&a, APPOINTMENT_person, s->who->person))
                return err_key(e, ERR_FORBIDDEN, "appoint.self", "", NULL);
        if (a.rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!row_is(&a, APPOINTMENT_state, "asked") || is_over(&a, s->now))
                return err_key(e, ERR_CONFLICT, "appoint.over", "", NULL);
        if (!role || !appoint_is_post(s->pack, role))
                return err_key(e, ERR_RULE, "appoint.post", "", NULL);
        if (!s->person->rev || !row_is(s->person, PERSON_state, "active"))
                return err_key(e, ERR_RULE, "appoint.person", "", NULL);
        r = check_held(s, &a, role, e);
        if (r == ERR_OK)
                r = check_apart(s, role, a.id, e);
        if (r < 0)
                return r;
        out->actor = s->who->person;
        changes_note(out, "role", str_of(role));
        row_text(&a, APPOINTMENT_confirmed_by, str_of(s->who->person));
        row_int(&a, APPOINTMENT_confirmed_at, s->now);
        return grant(out, s, &a, role, e);
}

int appoint_refuse(struct changes *out, const struct appoint_scene *s, const struct row *appointment, struct str reason, int64_t seen_rev, struct err *e)
{
        struct row a = *appointment;

        if (!appoint_may_confirm(s->who))
                return err_key(e, ERR_FORBIDDEN, "appoint.role.confirm", "", NULL);
        if (a.rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!is_open(&a))
                return err_key(e, ERR_CONFLICT, "appoint.over", "", NULL);
        if (!reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        out->actor = s->who->person;
        row_text(&a, APPOINTMENT_state, STR("refused"));
        row_text(&a, APPOINTMENT_ended_by, str_of(s->who->person));
        row_int(&a, APPOINTMENT_ended_at, s->now);
        row_personal(&a, APPOINTMENT_reason, reason);
        return changes_add(out, &a, e);
}

int appoint_end(struct changes *out, const struct appoint_scene *s, const char *role, utime_t until, struct str reason, int64_t seen_rev, struct err *e)
{
        const struct row *holder = held(&s->of, role);
        struct row row;

        if (!appoint_may_ask(s->who))
                return err_key(e, ERR_FORBIDDEN, "appoint.role", "", NULL);
        if (!holder)
                return err_key(e, ERR_CONFLICT, "appoint.over", "role", NULL);
        if (holder->rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        if (until && (until <= s->now || (holder->v[HOLDER_until_at].kind == VALUE_INT && until > holder->v[HOLDER_until_at].i)))
                return err_key(e, ERR_RULE, "appoint.earlier", "until", NULL);
        if (among(role, keepers, countof(keepers)) && !s->keepers)
                return err_key(e, ERR_RULE, "appoint.last", "role", NULL);
        out->actor = s->who->person;
        changes_note(out, "role", str_of(role));
        if (!until)
                return end_holder(out, s, &s->of, holder, s->spare[0], s->who->person, reason, e);
        row = *holder;
        row_int(&row, HOLDER_until_at, until);
        row_personal(&row, HOLDER_why, reason);
        return changes_add(out, &row, e);
}

int appoint_begin(struct changes *out, const struct appoint_scene *s, const struct row *appointment, struct err *e)
{
        const char *role = role_of(s->pack, appointment);
        bool here = s->person->rev && row_is(s->person, PERSON_state, "active"), lapses = !role || !here || is_over(appointment, s->now);
        struct row a = *appointment;
        int r = ERR_OK;

        if (lapses) {
                row_text(&a, APPOINTMENT_state, STR("lapsed"));
                row_int(&a, APPOINTMENT_ended_at, s->now);
        } else {
                r = take_effect(out, s, &a, role, e);
        }
        if (role)
                changes_note(out, "role", str_of(role));
        return r < 0 ? r : changes_add(out, &a, e);
}

int appoint_over(struct changes *out, const struct appoint_scene *s, const struct row *holder, struct err *e)
{
        changes_note(out, "role", str_of(holder->k));
        return end_holder(out, s, &s->of, holder, s->spare[0], NULL, STR(""), e);
}
